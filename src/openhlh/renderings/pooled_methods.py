"""A pooled result as a methods paragraph: what was done, with which model, references and versions.

The text is plain and safe in Markdown: the words of others are escaped, references stand as author and year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from openhlh.renderings.markdown import escaped
from openhlh.renderings.pooled_references import (
    OF_INTERVAL,
    OF_MODEL,
    OF_PREDICTION,
    OF_TAU2,
    OF_VARIANCE,
    REFERENCES,
)
from openhlh.renderings.pooled_words import interval_words, natural_name, plural, shown

_EXACT = {"exact", "exact-widest"}


def methods_paragraph(result: Mapping[str, Any]) -> str:
    """Return the paragraph and its references for the contract object of a pooled result."""
    cited: list[str] = []
    parts = [_studies(result), _left_out(result), _overrides(result)]
    if _is_pooled(result):
        parts += [_model(result, cited), _estimate(result, cited), _spread(result, cited)]
        parts.append(_prediction(result, cited))
    parts += [_doubts(result), _software(result)]
    text = " ".join(part for part in parts if part)
    listed = [f"- {key}: {escaped(REFERENCES[key])}" for key in sorted(set(cited))]
    return "\n".join([text, *(["", "References", "", *listed] if listed else [])])


def _is_pooled(result: Mapping[str, Any]) -> bool:
    return bool(result.get("interval")) and (result.get("estimate") or {}).get("natural") is not None


def _cite(cited: list[str], keys: tuple[str, ...]) -> str:
    """Return the keys in brackets, "" without any, and remember them."""
    cited += keys
    return f" ({'; '.join(keys)})" if keys else ""


def _studies(result: Mapping[str, Any]) -> str:
    analysis, k = result.get("analysis") or {}, int(result.get("k") or 0)
    outcome = escaped(str(analysis.get("outcome") or "the outcome"))
    asked = f"Question: {escaped(str(analysis['question']))} " if analysis.get("question") else ""
    if not k:
        return f"{asked}No study could be pooled for {outcome}; the studies stand with their own counts."
    events, total = result.get("events"), result.get("total")
    counts = f", {events} with the event of {plural(total, 'patient')}" if total else ""
    return f"{asked}The outcome was {outcome}: {plural(k, 'study', 'studies')}{counts}."


def _left_out(result: Mapping[str, Any]) -> str:
    rules = Counter(str(one.get("rule") or "other") for one in result.get("left_out") or ())
    if not rules:
        return ""
    told = ", ".join(f"{count} for {escaped(rule.replace('_', ' '))}" for rule, count in rules.most_common())
    return (
        f"{plural(rules.total(), 'arm or study', 'arms or studies')} left out before any statistics: {told}."
    )


def _overrides(result: Mapping[str, Any]) -> str:
    told = [escaped(str(one)) for one in result.get("overrides") or ()]
    return f"Set aside by the user: {'; '.join(told)}." if told else ""


def _model(result: Mapping[str, Any], cited: list[str]) -> str:
    model = result.get("model") or {}
    name, measure = str(model.get("name") or ""), str(model.get("measure") or "")
    interval = result["interval"]
    if name == "glmm" and interval["name"] in _EXACT and (result.get("tau2") or {}).get("value") is None:
        if result.get("k") == 1:
            return "One study was left, so that nothing was pooled: its own exact interval is given."
        why = "; ".join(escaped(str(note)) for note in result.get("notes") or ())
        return f"The binomial-normal model has no finite maximum here ({why})."
    keys = OF_MODEL.get(name, ())
    if name == "mantel-haenszel":
        keys += OF_VARIANCE.get(measure, ())
    if measure == "PFT":
        keys += ("Freeman 1950", "Miller 1978", "Schwarzer 2019")
    words = str(model.get("words") or name).removesuffix(" (default)")
    said = f"Model: {name} ({words}){_cite(cited, keys)}"
    if name != "iv":
        return f"{said}; no continuity correction was made."
    options = model.get("options") or {}
    rule = {"only0": "to studies with an empty cell", "all": "to every study"}.get(
        options.get("continuity", "")
    )
    added = (
        f"; half a patient was added to the cells {rule}" if rule and measure not in {"PAS", "PFT"} else ""
    )
    return f"{said} on the scale {measure}{added}."


def _estimate(result: Mapping[str, Any], cited: list[str]) -> str:
    natural, interval = natural_name(result), result["interval"]
    others = [one["name"] for one in result.get("other_intervals") or ()]
    said = (
        f"The pooled {natural} is {shown(result['estimate']['natural'], natural)}, "
        f"{100 * interval['level']:g} % interval {interval_words(interval, natural)} "
        f"({interval['name']}: {interval['method']}){_cite(cited, OF_INTERVAL.get(interval['name'], ()))}"
    )
    return f"{said}; computed beside it: {', '.join(others)}." if others else f"{said}."


def _spread(result: Mapping[str, Any], cited: list[str]) -> str:
    tau2, keys = result.get("tau2") or {}, OF_TAU2
    if tau2.get("value") is None:
        return "The variance between studies is not determined by these data."
    name, estimator = (result.get("model") or {}).get("name"), str(tau2.get("estimator"))
    cite = _cite(cited, keys.get(estimator, ())) if name == "iv" else ""
    said = f"The variance between studies (tau squared, {estimator}{cite}) is {tau2['value']:.3g}"
    if tau2.get("interval_name"):
        high = "without upper bound" if tau2.get("high") is None else f"to {tau2['high']:.3g}"
        found = _cite(cited, ("Viechtbauer 2007",)) if "q-profile" in tau2["interval_name"].lower() else ""
        said += f" ({tau2['interval_name']} interval {tau2.get('low') or 0:.3g} {high}){found}"
    told = [f"I squared ({one['name']}) {one['i2']:.0f} %" for one in result.get("i2") or ()]
    return f"{said}; {', '.join(told)}{_cite(cited, ('Higgins 2002',))}." if told else f"{said}."


def _prediction(result: Mapping[str, Any], cited: list[str]) -> str:
    one, natural = result.get("prediction"), natural_name(result)
    if not one:
        return "There is no prediction interval for a new study."
    prior = (result.get("posterior") or {}).get("prior")
    told = (
        f" Prior of the Bayesian results: {prior}{_cite(cited, ('Röver 2020', 'Röver 2021'))}."
        if prior
        else ""
    )
    method = f"{one['name']}: {one['method']}"
    found = _cite(cited, OF_PREDICTION.get(one["name"], ()))
    return f"Prediction interval for a new study: {interval_words(one, natural)} ({method}){found}.{told}"


def _doubts(result: Mapping[str, Any]) -> str:
    doubted = [one for one in result.get("studies") or () if one.get("doubts")]
    said = plural(len(doubted), "study carries", "studies carry")
    return f"{said} doubts about printed numbers." if doubted else ""


def _software(result: Mapping[str, Any]) -> str:
    return f"Computed with {', '.join(_versions(result))}." if result.get("versions") else ""


def _versions(result: Mapping[str, Any]) -> Iterator[str]:
    names = {"openhlh": "OpenHLH", "numpy": "NumPy", "content": "content version"}
    for name, version in result["versions"].items():
        yield f"{names.get(name, name)} {escaped(str(version))}"
