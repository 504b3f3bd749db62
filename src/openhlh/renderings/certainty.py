"""A table in the manner of GRADE for single-arm evidence: the facts are filled in, the judgements are not.

What a reviewer has to judge is left to the reviewer in so many words. Where a body of evidence starts comes
from GRADE: observational studies at low (Balshem et al., J Clin Epidemiol 2011;64:401), case series and case
reports at very low (Cochrane Handbook 5.1, Table 12.2.a).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openhlh.renderings.pooled_words import counted, interval_words, natural_name, plural, shown

TO_JUDGE = "to be judged by the reviewer"
STARTING_LEVEL = (
    "GRADE starts observational evidence at low (Balshem H, et al. GRADE guidelines: 3. J Clin Epidemiol "
    "2011;64:401-406, doi:10.1016/j.jclinepi.2010.07.015) and case series and case reports at very low "
    "(Cochrane Handbook 5.1, Table 12.2.a)."
)
NO_CONTROL = (
    "Without a control group the table is about the proportion itself, never about an effect against another "
    "treatment."
)
DOMAINS = ("risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias")
FEWEST_FOR_SMALL_STUDY = 10
_SMALL_SERIES = {"case_report", "case_series"}


@dataclass(frozen=True)
class Domain:
    """One row: the domain, what is known about it, and the judgement, which is never ours."""

    name: str
    facts: tuple[str, ...]
    judgement: str = TO_JUDGE


def certainty_table(result: Mapping[str, Any]) -> tuple[Domain, ...]:
    """Return the five domains with their facts, from the contract object of a pooled result."""
    if not _studies(result):
        none = ("no study was pooled: there is no body of evidence to rate",)
        return tuple(Domain(name, none) for name in DOMAINS)
    known = (_risk_of_bias, _inconsistency, _indirectness, _imprecision, _publication_bias)
    return tuple(Domain(name, tuple(facts(result))) for name, facts in zip(DOMAINS, known, strict=True))


def certainty_text(result: Mapping[str, Any]) -> str:
    """Return the table as lines of text for a terminal."""
    lines = [f"Certainty of the evidence: {_title(result)}", _start(result), ""]
    for domain in certainty_table(result):
        lines.append(f"{domain.name}: {domain.judgement}")
        lines += [f"  - {fact}" for fact in domain.facts]
    return "\n".join([*lines, f"overall certainty: {TO_JUDGE}"])


def _title(result: Mapping[str, Any]) -> str:
    analysis = result.get("analysis") or {}
    return str(analysis.get("outcome") or analysis.get("title") or "pooled result")


def _start(result: Mapping[str, Any]) -> str:
    return f"Starting level: {STARTING_LEVEL}" + ("" if _has_controls(result) else f" {NO_CONTROL}")


def _has_controls(result: Mapping[str, Any]) -> bool:
    return any(one.get("events_2") is not None for one in _studies(result))


def _studies(result: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return result.get("studies") or ()


def _values(result: Mapping[str, Any], name: str) -> list[str]:
    return [str(one[name]) for one in _studies(result) if one.get(name)]


def _risk_of_bias(result: Mapping[str, Any]) -> Iterator[str]:
    studies = _studies(result)
    designs = _values(result, "design")
    with_or_without = "with two arms" if _has_controls(result) else "without a control group"
    yield f"{plural(len(studies), 'study', 'studies')} {with_or_without}"
    yield f"designs: {counted(designs)}" if designs else "designs: not recorded"
    known = [one["prospective"] for one in studies if one.get("prospective") is not None]
    if known:
        yield f"prospective: {sum(map(bool, known))} of {len(known)} whose direction is recorded"
    small = sum(design in _SMALL_SERIES for design in designs)
    if small:
        yield f"{plural(small, 'case report or case series', 'case reports or case series')} among them"
    doubted = [one for one in studies if one.get("doubts")]
    hard = [one for one in doubted if any(doubt.get("severity") == "high" for doubt in one["doubts"])]
    yield f"doubts about printed numbers: {len(doubted)} of {len(studies)} studies, {len(hard)} of them hard"
    if result.get("overrides"):
        yield f"rules set aside: {'; '.join(map(str, result['overrides']))}"


def _inconsistency(result: Mapping[str, Any]) -> Iterator[str]:
    tau2, natural = result.get("tau2") or {}, natural_name(result)
    shares = [one["proportion"] for one in _studies(result) if one.get("proportion") is not None]
    if shares:
        yield f"proportions of the studies: {shown(min(shares), natural)} to {shown(max(shares), natural)}"
    if tau2.get("value") is None:
        yield "tau squared: not determined by these data"
    else:
        bounds = f"; {tau2['interval_name']} interval {_bounds(tau2)}" if tau2.get("interval_name") else ""
        yield f"tau squared {tau2['value']:.3g} ({tau2.get('estimator')}{bounds})"
    yield from (f"I squared {one['i2']:.0f} % ({one['name']})" for one in result.get("i2") or ())
    if result.get("prediction"):
        one = result["prediction"]
        yield f"prediction interval for a new study: {interval_words(one, natural)} ({one['name']})"


def _bounds(tau2: Mapping[str, Any]) -> str:
    high = "no upper bound" if tau2.get("high") is None else f"{tau2['high']:.3g}"
    return f"{tau2.get('low') or 0:.3g} to {high}"


def _indirectness(result: Mapping[str, Any]) -> Iterator[str]:
    for name, words in (
        ("definition", "definitions of the outcome"),
        ("line", "lines of treatment"),
        ("age", "ages"),
        ("regimen", "regimens"),
    ):
        found = _values(result, name)
        yield f"{words}: {counted(found)}" if found else f"{words}: not recorded"
    causes = [str(one["etiology"]) for one in _studies(result) if isinstance(one.get("etiology"), str)]
    causes += [cause for one in _studies(result) for cause in _listed(one.get("etiology"))]
    if causes:
        yield f"causes (studies that include them): {counted(causes)}"


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _imprecision(result: Mapping[str, Any]) -> Iterator[str]:
    natural, interval = natural_name(result), result.get("interval")
    total = result.get("total")
    if total is not None:
        yield f"{result.get('events')} events in {plural(total, 'patient')}, k = {result.get('k')}"
    if not interval:
        yield "nothing was pooled: there is no interval of a mean"
        return
    yield (
        f"{100 * interval['level']:g} % interval {interval_words(interval, natural)} ({interval['name']})"
        f"{_width(interval, natural)}"
    )


def _width(interval: Mapping[str, Any], natural: str) -> str:
    low, high = interval.get("low"), interval.get("high")
    if natural != "proportion" or low is None or high is None:
        return ""
    return f", {100 * (high - low):.1f} percentage points wide"


def _publication_bias(result: Mapping[str, Any]) -> Iterator[str]:
    k = int(result.get("k") or 0)
    check = result.get("small_study") or {}
    slope = check.get("slope") or {}
    if slope.get("p") is not None:
        found = f"small-study check ({check.get('name')}): p = {slope['p']:.2g}. {check.get('caution', '')}"
        yield found.strip()
    else:
        few = k < FEWEST_FOR_SMALL_STUDY
        why = f"refused, {k} of at least {FEWEST_FOR_SMALL_STUDY} studies" if few else "not made"
        yield f"small-study check: {why}"
    seen = _values(result, "seen")
    yield f"what was seen of the studies: {counted(seen)}" if seen else "what was seen: not recorded"
    left = [one for one in result.get("left_out") or () if one.get("rule") == "second_hand"]
    second = sum(word == "second_hand" for word in seen)
    yield f"second-hand counts: {second} pooled, {len(left)} left out"
    few_patients = [one for one in _studies(result) if (one.get("total") or 99) <= 3]
    if few_patients:
        yield f"reports of up to 3 patients: {len(few_patients)} of {len(_studies(result))} studies"
