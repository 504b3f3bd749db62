"""R05 and R08: does a mean or median lie inside what is printed of its spread, and can the SD be so large?

Exact fractions; every printed number stands for the closed interval of half a unit to either side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import sqrt

from openhlh.claims import Centre, Claim, Finding, Printed, finding

_CHANGES = {"change", "changes", "difference", "differences", "reduction", "increase", "decrease", "decline"}


def centre_inside_its_spread(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R08: a median lies inside its range, quartiles or interval, and a mean inside its range."""
    for claim in claims:
        if not isinstance(claim, Centre) or claim.centre is None:
            continue
        if claim.low is None or claim.high is None:
            if claim.sd is None and claim.n is None:
                why = "A mean or median alone, without its spread, leaves nothing to compare."
                yield finding("R08", claim, "NOT_TESTABLE", why, stated=claim.centre.text)
            continue
        yield _contained(claim, claim.centre, (claim.low, claim.high))


def quartiles_inside_the_range(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R08: the quartiles printed with a range lie inside it."""
    spreads: dict[tuple[int, str], Centre] = {}
    for claim in claims:
        if isinstance(claim, Centre) and claim.centre is not None and claim.low and claim.high:
            spreads[claim.centre.start, claim.spread] = claim
    for (start, spread), quartiles in spreads.items():
        whole = spreads.get((start, "range"))
        if spread == "iqr" and whole is not None:
            yield from _nested(quartiles, whole)


def deviation_within_its_bound(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R05: the squared SD is at most n/(n-1) * (max - mean) * (mean - min)."""
    for claim in claims:
        if not isinstance(claim, Centre) or claim.sd is None:
            continue
        complete = claim.centre and claim.low and claim.high and claim.spread == "range"
        if not complete or claim.measure != "mean":
            continue
        yield _bounded(claim)


def least(number: Printed) -> Fraction:
    """Return the least value that is printed as the number."""
    return number.value - number.step / 2


def greatest(number: Printed) -> Fraction:
    """Return the greatest value that is printed as the number."""
    return number.value + number.step / 2


def _contained(claim: Centre, centre: Printed, bounds: tuple[Printed, Printed]) -> Finding:
    low, high = bounds
    name = {"range": "range", "iqr": "interquartile range", "ci": "interval"}.get(claim.spread, "limits")
    stated = f"{claim.measure} {centre.text}, {name} {low.text} to {high.text}"
    if least(low) > greatest(high):
        return _in_wrong_order(claim, stated, bounds)
    if greatest(centre) >= least(low) and least(centre) <= greatest(high):
        return finding(
            "R08", claim, "CONSISTENT", f"The {claim.measure} lies inside its {name}.", stated=stated
        )
    beyond = low if centre.value < low.value else high
    side = "below the lower" if beyond is low else "above the upper"
    more = {"stated": stated, "difference": _plain(abs(centre.value - beyond.value))}
    if claim.measure == "mean" and claim.spread != "range":
        why = f"The mean lies {side} limit; a mean can lie outside quartiles, but seldom does."
        return finding("R08", claim, "TENSION", why, **more)
    if low.bound or high.bound or centre.bound or _another_scale(centre, bounds):
        why = f"The {claim.measure} lies {side} limit unless the numbers are in different units."
        return finding("R08", claim, "TENSION", why, **more)
    why = f"The {claim.measure} lies {side} end of its own {name}, which cannot be. Please check."
    return finding("R08", claim, "IMPOSSIBLE", why, **more)


def _nested(quartiles: Centre, whole: Centre) -> Iterator[Finding]:
    if quartiles.low is None or quartiles.high is None or whole.low is None or whole.high is None:
        return
    if quartiles.low.value > quartiles.high.value or whole.low.value > whole.high.value:
        return
    inner, outer = (
        f"{one.low.text} to {one.high.text}" for one in (quartiles, whole) if one.low and one.high
    )
    stated = f"quartiles {inner}, range {outer}"
    if least(whole.low) <= greatest(quartiles.low) and least(quartiles.high) <= greatest(whole.high):
        yield finding("R08", quartiles, "CONSISTENT", "The quartiles lie inside the range.", stated=stated)
    else:
        why = "A quartile lies outside the range of the same values, which cannot be. Please check."
        yield finding("R08", quartiles, "IMPOSSIBLE", why, stated=stated)


def _in_wrong_order(claim: Centre, stated: str, bounds: tuple[Printed, Printed]) -> Finding:
    why = "The first limit is larger than the second: the order, a sign or a digit is not right."
    also = tuple((one.start, one.end) for one in bounds)
    return finding("R08", claim, "TENSION", why, stated=stated, also=also)


def _another_scale(centre: Printed, bounds: tuple[Printed, Printed]) -> bool:
    """True where a lost sign, or a decimal point at another place, would bring the centre inside."""
    low, high = bounds
    if centre.value < 0 or low.value < 0:
        return low.value <= -centre.value <= high.value or low.value <= centre.value <= -high.value
    far = centre.value > _FAR * high.value or _FAR * centre.value < low.value
    return far and any(low.value <= centre.value * factor <= high.value for factor in _FACTORS)


_FACTORS = (Fraction(100), Fraction(1, 100), Fraction(1000), Fraction(1, 1000))
_FAR = 20


def _bounded(claim: Centre) -> Finding:
    assert claim.centre is not None  # noqa: S101 - the caller has looked
    assert claim.sd is not None  # noqa: S101
    assert claim.low is not None  # noqa: S101
    assert claim.high is not None  # noqa: S101
    first, last = least(claim.low), greatest(claim.high)
    middle = min(max((first + last) / 2, least(claim.centre)), greatest(claim.centre))
    n = claim.n.value if claim.n is not None and claim.n.value >= 2 else Fraction(2)
    bound = n / (n - 1) * max(Fraction(0), (last - middle) * (middle - first))
    stated = f"mean {claim.centre.text}, SD {claim.sd.text}, range {claim.low.text} to {claim.high.text}"
    smallest = least(claim.sd)
    limit = f"at most {sqrt(bound):.{claim.sd.places + 1}f}"
    if smallest <= 0 or smallest * smallest <= bound:
        why = "A standard deviation of this size fits the mean and the range."
        return finding("R05", claim, "CONSISTENT", why, stated=stated, computed=limit)
    why = "No values inside this range with this mean have so large a standard deviation. Please check."
    return finding("R05", claim, "IMPOSSIBLE", why, stated=stated, computed=limit)


def _plain(value: Fraction) -> str:
    return f"{float(value):.6g}"
