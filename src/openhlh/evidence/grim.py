"""R03, R04 and R06: can whole numbers have this mean, this median, this standard deviation?

The mean of n whole numbers is a whole number divided by n (GRIM, Brown and Heathers 2017), and the sum of
their squares is a whole number of the same parity as their sum (GRIMMER, Anaya 2016). Only quantities that
are counted are judged; ages, days and scores may have been recorded more finely and can only be in tension.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor

from openhlh.claims import Centre, Claim, Finding, Printed, Proportion, Word, finding
from openhlh.evidence.spread import greatest, least

_COUNTED = re.compile(r"\b(?:numbers?|counts?) of \w+")
_PER_PERSON = re.compile(r"\bper (?:person|patient|participant|child|subject|woman|man|adult|case|pupil)\b")
_NOT_WHOLE = re.compile(
    r"\b(?:per|rates?|ratio|percent\w*|log|index|normali[sz]ed|adjusted|weighted|annual\w*|daily|weekly|monthly"
    r"|hourly|copies|density|reads|volume|time|difference|change|model|predicted|expected|sum|hours|weeks"
    r"|months|years|equivalents?|least|imputed|steps|estimated"
    r"|(?:blood|cells?|platelets?|leu[ck]ocytes?)"
    r"(?! (?:transfusion|unit|sample|test|draw|culture|donation|product|bag)))\b"
)
_PERHAPS = re.compile(r"\b(?:age|ages|aged|scores?|points|days|stay)\b")
_MOST_SUMS = 20_000
_MANY = 1_000  # medians of larger groups are often taken from classes and interpolated


def mean_of_whole_numbers(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R03: the mean of n counted things is a whole number divided by n."""
    for claim in claims:
        if not _is_judged(claim, "mean"):
            continue
        centre, n = claim.centre, int(claim.n.value)  # type: ignore[attr-defined]
        sure = _is_counted(claim)
        stated = f"mean {centre.text}, n = {n}"
        if n >= 10**centre.places:
            why = f"With {n} values every mean of {centre.places} decimals can occur, so this proves nothing."
            yield finding("R03", claim, "NOT_TESTABLE", why, stated=stated)
        elif _whole_between(n * least(centre), n * greatest(centre)):
            why = f"Whole numbers of {n} can have this mean."
            yield finding("R03", claim, "CONSISTENT", why, stated=stated)
        else:
            yield _no_such_mean(claim, centre, n, sure=sure)


def median_of_whole_numbers(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R04: the median of whole numbers is whole, or lies half way between two where their number is even."""
    for claim in claims:
        if not isinstance(claim, Centre) or claim.measure != "median" or claim.centre is None:
            continue
        counted, age = _is_counted(claim), _is_age(claim)
        if not counted and not age:
            continue
        n = claim.n or (_only_total(claims) if age else None)
        twice = 2 * claim.centre.value
        odd = n is not None and n.value % 2 == 1
        if claim.centre.places == 0 or claim.unit in {"%", "months", "weeks", "days"}:
            continue
        if twice.denominator == 1 and not (odd and claim.centre.value.denominator != 1):
            why = "Whole numbers can have this median."
            yield finding("R04", claim, "CONSISTENT", why, stated=f"median {claim.centre.text}")
        elif counted:
            yield _no_such_median(claim, n)
        else:
            yield _decimal_age(claim, n)


def deviation_of_whole_numbers(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R06: some sum and sum of squares of n whole numbers gives the printed mean and SD."""
    for claim in claims:
        if not _is_judged(claim, "mean") or claim.sd is None or not claim.sd_named:  # type: ignore[attr-defined]
            continue
        yield _grimmer(claim)  # type: ignore[arg-type]


def squares_fit(mean: Printed, sd: Printed, n: int, *, sample: bool = True) -> bool:
    """Say whether n whole numbers have the printed mean and SD (of a sample, or of a whole population)."""
    lowest, highest = max(Fraction(0), least(sd)) ** 2, greatest(sd) ** 2
    divisor = n - 1 if sample else n
    for total in range(ceil(n * least(mean)), floor(n * greatest(mean)) + 1):
        base = Fraction(total * total, n)
        first, last = ceil(divisor * lowest + base), floor(divisor * highest + base)
        first += (first - total) % 2
        if first <= last:
            return True
    return False


def _grimmer(claim: Centre) -> Finding:
    assert claim.centre is not None  # noqa: S101 - the caller has looked
    assert claim.sd is not None  # noqa: S101
    n = int(claim.n.value) if claim.n is not None else 0
    stated = f"mean {claim.centre.text}, SD {claim.sd.text}, n = {n}"
    if n < 2 or n * claim.centre.step > _MOST_SUMS or n >= 10**claim.centre.places:
        return finding(
            "R06", claim, "NOT_TESTABLE", "There are too many values for this test.", stated=stated
        )
    if not _whole_between(n * least(claim.centre), n * greatest(claim.centre)):
        why = "The mean itself is in question, so its standard deviation was not judged."
        return finding("R06", claim, "NOT_TESTABLE", why, stated=stated)
    if squares_fit(claim.centre, claim.sd, n):
        why = f"Whole numbers of {n} can have this mean and standard deviation."
        return finding("R06", claim, "CONSISTENT", why, stated=stated)
    if squares_fit(claim.centre, claim.sd, n, sample=False):
        why = "Whole numbers can have this standard deviation if it was divided by n, not by n - 1."
        convention = "SD of a population (divided by n)"
        return finding("R06", claim, "CONVENTION", why, stated=stated, convention=convention)
    word: Word = "INCONSISTENT" if _is_counted(claim) else "TENSION"
    why = f"No {n} whole numbers with this mean have this standard deviation. Please check."
    return finding("R06", claim, word, why, stated=stated)


def _is_judged(claim: Claim, measure: str) -> bool:
    """True for a centre with its n whose values are whole numbers, surely or perhaps."""
    if not isinstance(claim, Centre) or claim.measure != measure or claim.centre is None or claim.n is None:
        return False
    if claim.unit == "%" or claim.centre.places == 0 or claim.centre.bound:
        return False
    return _is_counted(claim) or bool(
        _PERHAPS.search(claim.quantity) and not _NOT_WHOLE.search(claim.quantity)
    )


def _is_counted(claim: Claim) -> bool:
    """True for a number of things, which is whole for each person; not for a rate or a measured number."""
    quantity = _PER_PERSON.sub("", getattr(claim, "quantity", ""))
    return bool(_COUNTED.search(quantity)) and not _NOT_WHOLE.search(quantity)


def _is_age(claim: Centre) -> bool:
    words = claim.quantity.split()
    return words[:1] in (["age"], ["ages"]) and claim.unit[:1] in {"", "y"}


def _only_total(claims: Sequence[Claim]) -> Printed | None:
    """Return the one total that the document's proportions have, None where they have several."""
    totals = {
        claim.total.value: claim.total
        for claim in claims
        if isinstance(claim, Proportion) and claim.total is not None
    }
    return next(iter(totals.values())) if len(totals) == 1 else None


def _whole_between(low: Fraction, high: Fraction) -> bool:
    return ceil(low) <= floor(high)


def _no_such_mean(claim: Claim, centre: Printed, n: int, *, sure: bool) -> Finding:
    near = Fraction(round(centre.value * n), n)
    fix = f"{float(near):.{centre.places}f}"
    more = {"stated": f"mean {centre.text}, n = {n}", "computed": fix, "fix": fix}
    if ceil(n * centre.value) < n * (centre.value + centre.step):
        why = f"The mean of {n} whole numbers is {centre.text} only if it was cut off, not rounded."
        return finding("R03", claim, "ALT_ROUNDING", why, **more)
    if sure:
        why = f"No {n} whole numbers have this mean; {fix} would be the nearest. Please check."
        return finding("R03", claim, "INCONSISTENT", why, **more)
    why = f"No {n} whole numbers have this mean; it holds if finer values were recorded or some are missing."
    return finding("R03", claim, "TENSION", why, **more)


def _no_such_median(claim: Centre, n: Printed | None) -> Finding:
    assert claim.centre is not None  # noqa: S101 - the caller has looked
    stated = f"median {claim.centre.text}" + (f", n = {n.text}" if n else "")
    if (2 * claim.centre.value).denominator == 1:
        why = "The median of an odd number of whole numbers is whole; some values may be missing."
        return finding("R04", claim, "TENSION", why, stated=stated)
    if n is None or n.value >= _MANY:
        why = "A median of whole numbers is whole or ends in a half; it may be a mean or interpolated."
        return finding("R04", claim, "TENSION", why, stated=stated)
    why = "A median of whole numbers is whole or ends in a half. Please check."
    return finding("R04", claim, "INCONSISTENT", why, stated=stated)


def _decimal_age(claim: Centre, n: Printed | None) -> Finding:
    assert claim.centre is not None  # noqa: S101 - the caller has looked
    stated = f"median {claim.centre.text}" + (f", n = {n.text}" if n else "")
    computed = ""
    if n is not None and _whole_between(n.value * least(claim.centre), n.value * greatest(claim.centre)):
        total = round(claim.centre.value * n.value)
        computed = f"{total}/{n.text} = {claim.centre.text} would be a mean"
    why = "Whole years cannot have this median: ages were recorded with decimals, or this is a mean."
    convention = "ages with decimals"
    return finding("R04", claim, "CONVENTION", why, stated=stated, computed=computed, convention=convention)
