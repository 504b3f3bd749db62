"""R24: is the odds ratio or risk ratio the one that the counts of the two groups beside it give?

A paper may have adjusted its ratio without saying so beside the counts; only a ratio that is called
unadjusted, and is far from every ratio of the counts, does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from openhlh.claims import Claim, Estimate, Finding, Printed, Word, finding
from openhlh.evidence.spread import greatest, least

_NAMES = {"or": "odds ratio", "rr": "risk ratio"}
_PLAIN = re.compile(r"\b(?:unadjusted|crude|univaria\w*|uncorrected)\b")
_ADJUSTED = re.compile(
    r"(?<!un)\b(?:adjust\w*|multivaria\w*|logistic|regression|model\w*|match\w*|weight\w*|pooled|meta\S*|incidence"
    r"|prevalence|rate|rates|propensity|cluster\w*|gee|mantel\S*|stratif\w*|aor|arr|irr|per)\b"
)
_FAR = Fraction(3, 2)


def ratio_of_counts(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R24: an odds or risk ratio beside the counts of two groups is theirs, one way round or the other."""
    for claim in claims:
        if not isinstance(claim, Estimate) or claim.measure not in _NAMES or len(claim.groups) != 2:
            continue
        if claim.estimate is not None and claim.estimate.value > 0:
            yield _judged(claim, claim.estimate)


def ratios_of(counts: tuple[int, int], totals: tuple[int, int]) -> dict[str, Fraction]:
    """Return the odds ratio and the risk ratio of two groups; with an empty cell each has half a person more.

    >>> ratios_of((12, 6), (50, 50))["rr"]
    Fraction(2, 1)
    """
    cells = (*counts, totals[0] - counts[0], totals[1] - counts[1])
    half = Fraction(1, 2) if 0 in cells else Fraction(0)
    yes, other = (count + half for count in counts)
    no, other_no = (total - count + half for count, total in zip(counts, totals, strict=True))
    return {"or": (yes * other_no) / (no * other), "rr": (yes * (other + other_no)) / (other * (yes + no))}


def _judged(claim: Estimate, estimate: Printed) -> Finding:
    counts = (int(claim.groups[0][0].value), int(claim.groups[1][0].value))
    totals = (int(claim.groups[0][1].value), int(claim.groups[1][1].value))
    stated = f"{counts[0]}/{totals[0]} and {counts[1]}/{totals[1]}, {_NAMES[claim.measure]} {estimate.text}"
    if counts in {(0, 0), totals}:
        why = "Without any event, or with nothing but events, the counts give no ratio."
        return finding("R24", claim, "NOT_TESTABLE", why, stated=stated)
    found = ratios_of(counts, totals)
    shown = {
        "stated": stated,
        "computed": f"{_NAMES[claim.measure]} {float(found[claim.measure]):.{max(estimate.places, 1)}f}",
    }
    for name in (claim.measure, *(set(found) - {claim.measure})):
        for ratio, turned in ((found[name], ""), (1 / found[name], ", the groups the other way round")):
            if least(estimate) <= ratio <= greatest(estimate):
                return _agrees(claim, name, turned, shown)
    return _differs(claim, estimate, list(found.values()), shown)


def _agrees(claim: Estimate, name: str, turned: str, shown: dict[str, str]) -> Finding:
    convention = f"{_NAMES[name]}{turned}"
    if name != claim.measure:
        why = f"The counts give this number as their {_NAMES[name]}, not as their {_NAMES[claim.measure]}."
        return finding("R24", claim, "TENSION", why, convention=convention, **shown)
    word: Word = "CONVENTION" if turned else "CONSISTENT"
    why = f"It is the {_NAMES[name]} of the counts{turned}."
    return finding("R24", claim, word, why, convention=convention if turned else "", **shown)


def _differs(claim: Estimate, estimate: Printed, ratios: list[Fraction], shown: dict[str, str]) -> Finding:
    near = any(
        ratio / _FAR <= value <= ratio * _FAR
        for ratio in (one for each in ratios for one in (each, 1 / each))
        for value in (least(estimate), greatest(estimate))
    )
    if not near and _PLAIN.search(claim.about) and not _ADJUSTED.search(claim.about):
        why = f"The counts of the two groups give another {_NAMES[claim.measure]}. Please check."
        return finding("R24", claim, "INCONSISTENT", why, **shown)
    why = (
        f"The counts give another {_NAMES[claim.measure]}; it may have been adjusted, or be of other counts."
    )
    return finding("R24", claim, "TENSION", why, **shown)
