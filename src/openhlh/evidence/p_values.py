"""R13 and R13b: does a p value follow from the 2x2 counts, or from the test statistic, it is printed with?

Fisher's test is exact, in whole numbers; the other tails come from tails.py. A paper seldom says which test
it used, so a p value is accepted from each of them, and only one that is far from all does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, sqrt

from openhlh.claims import Claim, Estimate, Finding, Printed, TestResult, Word, finding
from openhlh.evidence.spread import greatest, least
from openhlh.tails import chi2_upper, f_upper, normal_two_sided, t_two_sided

_OTHER_TEST = re.compile(
    r"\b(?:adjust\w*|log-?rank|trend|logistic|mcnemar\S*|paired|matched|non-?inferiority|equivalence|one-sided"
    r"|one-tailed|interaction|cox|regression|multivaria\w*|stratif\w*|mantel\S*|cmh|cluster\w*|weight\w*|anova"
    r"|heterogeneity|pooled|meta\S*|survival|superiority|propensity|gee|mixed|wilcoxon|mann-whitney|kruskal\S*"
    r"|median|hazard|three|four|univaria\w*|(?<![-\w])corrected)\b"
)
_CORRECTED = re.compile(
    r"\b(?:adjust\w*|correct\w*|bonferroni|fdr|tukey\S*|holm\S*|greenhouse\S*|huynh\S*|one-sided|one-tailed"
    r"|permutation\w*|bootstrap\w*|fwe\w*|family-?wise|cluster\w*|monte|simulat\w*|uncorrected|post-hoc|posthoc)\b"
)
_LARGEST_EXACT = 3_000  # people in the table; beyond, Fisher and chi-squared agree and the sums grow long


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """Two groups with their counts: yes of total in the first, yes of total in the second."""

    yes: int
    total: int
    other_yes: int
    other_total: int


def p_of_counts(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R13: the p value beside two counts with totals is one that Fisher's or the chi-squared test gives."""
    for claim in claims:
        if not isinstance(claim, TestResult) or claim.p is None or len(claim.groups) != 2:
            continue
        (yes, total), (other_yes, other_total) = claim.groups
        table = TwoByTwo(int(yes.value), int(total.value), int(other_yes.value), int(other_total.value))
        yield _judged_by_counts(claim, claim.p, table)


def p_of_statistic(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R13b: the p value beside t, F, r, z or chi-squared is the one that the statistic gives."""
    for claim in claims:
        if isinstance(claim, TestResult) and claim.p is not None and claim.statistic is not None:
            yield _judged_by_statistic(claim, claim.p, claim.statistic)


def p_is_a_probability(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R13: a p value lies between 0 and 1; one without counts or statistic cannot be judged further."""
    told = {claim.p.start for claim in claims if isinstance(claim, Estimate) and claim.p is not None}
    for claim in claims:
        if not isinstance(claim, TestResult) or claim.p is None:
            continue
        if not 0 <= claim.p.value <= 1:
            why = "A p value lies between 0 and 1. Please check."
            yield finding("R13", claim, "IMPOSSIBLE", why, stated=claim.p.text)
        elif not claim.groups and claim.statistic is None and claim.p.start not in told:
            why = "Neither the counts of two groups nor a test statistic stands beside this p value."
            yield finding("R13", claim, "NOT_TESTABLE", why, stated=claim.p.text)


def fisher_two_sided(table: TwoByTwo) -> Fraction:
    """Return Fisher's two-sided p: the weight of all tables that are no more likely than this one.

    >>> fisher_two_sided(TwoByTwo(3, 3, 1, 5))
    Fraction(1, 7)
    """
    weights, own = _weights(table)
    return Fraction(sum(weight for weight in weights.values() if weight <= own), sum(weights.values()))


def fisher_one_sided(table: TwoByTwo) -> Fraction:
    """Return the smaller of Fisher's two one-sided p values."""
    weights, _ = _weights(table)
    whole = sum(weights.values())
    less = sum(weight for yes, weight in weights.items() if yes <= table.yes)
    more = sum(weight for yes, weight in weights.items() if yes >= table.yes)
    return Fraction(min(less, more), whole)


def chi_squared(table: TwoByTwo, *, yates: bool = False) -> Fraction | None:
    """Return Pearson's statistic with 1 degree of freedom, None where a row or column is empty."""
    no, other_no = table.total - table.yes, table.other_total - table.other_yes
    margins = (table.total, table.other_total, table.yes + table.other_yes, no + other_no)
    if not all(margins):
        return None
    size = Fraction(table.total + table.other_total)
    apart = abs(Fraction(table.yes * other_no - no * table.other_yes))
    if yates:
        apart = max(Fraction(0), apart - size / 2)
    return size * apart * apart / (margins[0] * margins[1] * margins[2] * margins[3])


def p_values_of_counts(table: TwoByTwo) -> dict[str, float]:
    """Return the p values of the tests in use for two counts, the exact one first where it is in reach."""
    found: dict[str, float] = {}
    if table.total + table.other_total <= _LARGEST_EXACT:
        found["Fisher's exact test"] = float(fisher_two_sided(table))
    plain, corrected = chi_squared(table), chi_squared(table, yates=True)
    if plain is not None and corrected is not None:
        found["chi-squared test"] = chi2_upper(float(plain), 1)
        found["chi-squared test with Yates' correction"] = chi2_upper(float(corrected), 1)
        shares = table.yes / table.total, table.other_yes / table.other_total
        variance = sum(
            share * (1 - share) / size
            for share, size in zip(shares, (table.total, table.other_total), strict=True)
        )
        if variance > 0:
            found["z test, not pooled"] = normal_two_sided((shares[0] - shares[1]) / sqrt(variance))
    return found


def _weights(table: TwoByTwo) -> tuple[dict[int, int], int]:
    """Return how many ways each possible first count has, and the ways of the one observed."""
    events = table.yes + table.other_yes
    lowest, highest = max(0, events - table.other_total), min(events, table.total)
    weight = comb(table.total, lowest) * comb(table.other_total, events - lowest)
    weights = {}
    for yes in range(lowest, highest + 1):
        weights[yes] = weight
        step_up = (table.total - yes) * (events - yes)
        weight = weight * step_up // ((yes + 1) * (table.other_total - events + yes + 1))
    return weights, weights[table.yes]


def _judged_by_counts(claim: TestResult, p: Printed, table: TwoByTwo) -> Finding:
    stated = (
        f"{table.yes}/{table.total} vs {table.other_yes}/{table.other_total}, p {p.bound or '='} {p.text}"
    )
    found = p_values_of_counts(table) if table.total and table.other_total else {}
    computed = "; ".join(f"{name} {_rounded(value)}" for name, value in found.items())
    more: dict[str, object] = {"stated": stated, "computed": computed}
    if not found:
        why = "An empty row of the 2x2 table leaves no test to compute."
        return finding("R13", claim, "NOT_TESTABLE", why, **more)
    sides = {value < 0.05 for value in found.values()}
    for name, value in found.items():
        if _agrees(p, value):
            word: Word = "CONVENTION" if len(sides) > 1 or name.startswith("z") else "CONSISTENT"
            why = f"{name} gives this p value." if word == "CONSISTENT" else _depends(name, sides)
            return finding("R13", claim, word, why, convention=name, **more)
    if "Fisher's exact test" in found and _agrees(p, float(fisher_one_sided(table))):
        why = "Fisher's test gives this p value only one-sided."
        return finding("R13", claim, "CONVENTION", why, convention="Fisher, one-sided", **more)
    if _OTHER_TEST.search(claim.about) or not _far(p, found):
        why = "No usual test of these counts gives exactly this p value; another test may."
        return finding("R13", claim, "TENSION", why, **more)
    why = "No test of these two counts gives a p value near the one printed. Please check."
    return finding("R13", claim, "INCONSISTENT", why, **more)


def _depends(name: str, sides: set[bool]) -> str:
    if len(sides) > 1:
        return f"{name} gives this p value; whether it is below 0.05 depends on the test."
    return f"{name} gives this p value."


def _agrees(p: Printed, value: float) -> bool:
    """True where the value rounds to, or lies on the printed side of, the p value."""
    if p.bound in {"<", "≤"}:
        return value <= float(greatest(p))
    if p.bound in {">", "≥"}:
        return value >= float(least(p))
    return float(least(p)) - 1e-9 <= value <= float(greatest(p)) + 1e-9


def _far(p: Printed, found: dict[str, float]) -> bool:
    """True where p is off every test's by a factor of three, or of 1.5 on the other side of 0.05."""
    lowest, highest = min(found.values()), max(found.values())
    printed = float(p.value)
    if p.bound in {"<", "≤"}:
        return lowest > 2 * printed
    if p.bound in {">", "≥"}:
        return highest < printed / 2
    other_side = highest < 0.05 <= printed or printed < 0.05 <= lowest
    factor = 1.5 if other_side else 3
    return not lowest / factor - float(p.step) <= printed <= factor * highest + float(p.step)


def _judged_by_statistic(claim: TestResult, p: Printed, value: Printed) -> Finding:
    degrees = [float(one.value) for one in claim.df]
    stated = f"{claim.test}{tuple(one.text for one in claim.df)} = {value.text}, p {p.bound or '='} {p.text}"
    stated = stated.replace("'", "").replace(",)", ")")
    if not _has_degrees(claim.test, degrees) or value.bound:
        why = "Without its degrees of freedom the statistic gives no p value."
        return finding("R13b", claim, "NOT_TESTABLE", why, stated=stated)
    ends = (least(value), greatest(value)) if value.value >= 0 else (greatest(value), least(value))
    highest, lowest = (_tail(claim.test, float(end), degrees) for end in ends)
    computed = _rounded(_tail(claim.test, float(value.value), degrees))
    more: dict[str, object] = {"stated": stated, "computed": f"p {computed}"}
    if _meets(p, lowest, highest):
        why = "The statistic and its degrees of freedom give this p value."
        return finding("R13b", claim, "CONSISTENT", why, **more)
    if claim.test in {"t", "z", "r"} and _meets(p, lowest / 2, highest / 2):
        why = "The statistic gives this p value only one-sided."
        return finding("R13b", claim, "CONVENTION", why, convention="one-sided", **more)
    if _CORRECTED.search(claim.about) or _may_be_corrected(p, lowest, highest):
        why = "The statistic gives another p value; a correction or rounding may explain it."
        return finding("R13b", claim, "TENSION", why, **more)
    why = f"The statistic gives p = {computed}, not the p value printed. Please check."
    return finding("R13b", claim, "INCONSISTENT", why, **more)


def _may_be_corrected(p: Printed, lowest: float, highest: float) -> bool:
    """True where p lies on the same side of 0.05 and is near, or larger as a correction makes it."""
    if p.bound:
        return False
    same_side = (highest < 0.05) == (p.value < Fraction(1, 20))
    near = lowest / 1.25 <= float(greatest(p)) and float(least(p)) <= highest * 1.25
    return same_side and (near or float(p.value) > highest)


def _has_degrees(test: str, degrees: list[float]) -> bool:
    needed = {"t": 1, "r": 1, "chi2": 1, "F": 2, "z": 0}[test]
    return len(degrees) >= needed and all(one > 0 for one in degrees[:needed])


def _tail(test: str, value: float, degrees: list[float]) -> float:
    if test == "z":
        return normal_two_sided(value)
    if test == "t":
        return t_two_sided(value, degrees[0])
    if test == "r":
        value = max(-1.0, min(1.0, value))
        return t_two_sided(value * sqrt(degrees[0] / max(1e-12, 1 - value * value)), degrees[0])
    if test == "chi2":
        return chi2_upper(value, degrees[0])
    return f_upper(value, degrees[0], degrees[1])


def _meets(p: Printed, lowest: float, highest: float) -> bool:
    """True where some value between two p values is printed as p, rounded or cut off."""
    if p.bound in {"<", "≤"}:
        return lowest <= float(greatest(p))
    if p.bound in {">", "≥"}:
        return highest >= float(least(p))
    return lowest <= float(p.value + p.step) + 1e-9 and float(least(p)) - 1e-9 <= highest


def _rounded(value: float) -> str:
    return f"{value:.3f}" if value >= 0.0095 else f"{value:.2g}"
