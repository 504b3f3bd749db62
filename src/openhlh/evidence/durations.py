"""A time told in two units, a sign behind its number, powers of ten without their height (R10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from openhlh.claims import Claim, Conversion, Finding, Oddity, Printed, Word, finding

# The shortest and the longest that a unit is in use: a month of 4 weeks to 31 days, a year of 360 to 366.
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_DAY = 86_400
_LIMITS = {unit: (Fraction(length), Fraction(length)) for unit, length in _SECONDS.items()} | {
    "month": (Fraction(28 * _DAY), Fraction(31 * _DAY)),
    "year": (Fraction(336 * _DAY), Fraction(366 * _DAY)),
}
_SLACK, _ABOUT = Fraction(1, 10), Fraction(1, 4)
# Hours that are spread over days, and minutes over weeks, stand in one bracket without being the same.
_SHORT = {"second", "minute", "hour"}


def units_agree(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A time and its conversion in brackets are the same, within rounding and a tenth."""
    for claim in claims:
        if not isinstance(claim, Conversion) or not claim.number or not claim.again:
            continue
        if claim.unit == claim.again_unit:
            continue
        if _is_same(claim, claim.number, claim.again):
            yield finding("R10", claim, "CONSISTENT", "Both are the same time.", stated=claim.text)
        else:
            yield _apart(claim, claim.number, claim.again)


def signs_stand_right(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A sign of comparison stands before its number."""
    for claim in claims:
        if isinstance(claim, Oddity) and claim.sort == "sign":
            yield finding(
                "R10", claim, "INCONSISTENT",
                f"The sign stands behind the number: {claim.likely} is likely meant. Please check.",
                stated=claim.text, fix=claim.likely,
            )  # fmt: skip


def powers_keep_height(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A range such as 102–106 copies is read as powers of ten."""
    for claim in claims:
        if isinstance(claim, Oddity) and claim.sort == "powers":
            yield finding(
                "R10", claim, "TENSION",
                f"This is likely {claim.likely}: the powers of ten lost their raised digits. Please check.",
                stated=claim.text, fix=claim.likely, severity="info",
            )  # fmt: skip


def _exact(number: Printed, unit: str) -> tuple[Fraction, Fraction]:
    low, high = _LIMITS[unit]
    return number.value * low, number.value * high


def _rounded(number: Printed, unit: str) -> tuple[Fraction, Fraction]:
    low, high = _LIMITS[unit]
    half = number.step / 2
    return max(Fraction(0), number.value - half) * low, (number.value + half) * high


def _meet(
    first: tuple[Fraction, Fraction], second: tuple[Fraction, Fraction], slack: Fraction = _SLACK
) -> bool:
    return first[0] * (1 - slack) <= second[1] and second[0] * (1 - slack) <= first[1]


def _is_same(claim: Conversion, number: Printed, again: Printed) -> bool:
    """True for two times within a tenth; days and weeks, which convert exactly, agree when rounded too."""
    near = _meet(_exact(number, claim.unit), _rounded(again, claim.again_unit))
    measured = {"month", "year"} & {claim.unit, claim.again_unit}
    return near and bool(measured or claim.link == "about" or _round_alike(claim, number, again))


def _round_alike(claim: Conversion, number: Printed, again: Printed) -> bool:
    first, second = _rounded(number, claim.unit), _rounded(again, claim.again_unit)
    return first[0] <= second[1] and second[0] <= first[1]


def _apart(claim: Conversion, number: Printed, again: Printed) -> Finding:
    first = _exact(number, claim.unit)
    unit = sum(_LIMITS[claim.again_unit]) / 2
    computed = f"{float(first[0] / unit):.4g} to {float(first[1] / unit):.4g} {claim.again_unit}s"
    return finding(
        "R10", claim, _word(claim, number, again),
        f"{number.text} {claim.unit}s are not {again.text} {claim.again_unit}s. Please check.",
        stated=claim.text, computed=computed,
    )  # fmt: skip


def _word(claim: Conversion, number: Printed, again: Printed) -> Word:
    """Return how sure it is that two times told as one are not the same."""
    first, second = _exact(number, claim.unit), _rounded(again, claim.again_unit)
    measured = {"month", "year"} & {claim.unit, claim.again_unit}
    if measured and _round_alike(claim, number, again):
        return "TENSION"  # 2 years may stand for 19 months
    far = first[0] > 2 * second[1] or 2 * first[1] < second[0]
    mixed = len({claim.unit, claim.again_unit} & _SHORT) == 1
    if claim.link in {"or", "bracket"} and far and mixed:
        return "TENSION"
    loose = claim.link == "about" and _meet(first, second, _ABOUT)
    return "TENSION" if loose or (claim.link == "bracket" and _meet(first, second)) else "INCONSISTENT"
