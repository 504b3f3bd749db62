"""R07, R07b, R17 and R23: parts make up their whole, the rest is what is left, a subgroup fits its group.

Exact arithmetic. Only classes that exclude each other are held to add up, and a whole that the words
do not name beyond doubt never makes a list wrong.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from openhlh.claims import Claim, Finding, Partition, Printed, Word, finding

_MOST_LISTED = 12  # subsets of 12 are quickly tried; longer lists are not judged
_FAR = 5  # an uncertain whole that is off by more than a fifth is likely another one
_LEAST_TOLD, _MOST_OVER = 80, 50  # beyond these, percents are more likely rates within each class

_RESPONDED = re.compile(r"complete|partial|\bCR\b|\bPR\b", re.IGNORECASE)
_NO_RESPONSE = re.compile(
    r"\bno(?:t|n)?\b|non-?respon|\bNR\b|stable|progress|\b[SP]D\b|fail|died|death|refractory|\+",
    re.IGNORECASE,
)


def parts_make_the_whole(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R07: counts of classes that exclude each other add up to their whole; fewer are told as incomplete."""
    for claim in _partitions(claims, "count", "parts", "sum"):
        if claim.whole is not None:
            yield _sum(claim, claim.whole)


def percents_make_a_hundred(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R07b: percents of a whole list lie within half a unit each of 100, or of their printed sum."""
    for claim in _partitions(claims, "percent", "parts", "sum"):
        yield _percent_sum(claim)


def rest_is_what_is_left(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R17: "the other 24" is the whole without those told before, whichever of them are meant."""
    for unit in ("count", "percent"):
        for claim in _partitions(claims, unit, "rest"):
            yield _rest(claim)


def subgroup_fits_its_group(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R17: those "of whom" something is told are no more than all of them."""
    for claim in _partitions(claims, "count", "subgroup"):
        part, whole = claim.parts[0], claim.whole
        if whole is None:
            continue
        shown = {"stated": f"{part.text} of {whole.text}", "computed": f"at most {whole.text}"}
        if part.value <= whole.value:
            yield finding("R17", claim, "CONSISTENT", "The subgroup is no larger than its group.", **shown)
        else:
            word: Word = "IMPOSSIBLE" if claim.sure else "TENSION"
            why = f"A subgroup of {part.text} is larger than the group of {whole.text} it is taken from."
            yield finding("R17", claim, word, _asking(why, word), **shown)


def table_totals(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R23: a table's total is the sum of its cells, where its other totals show that they are to add up."""
    by_table: dict[tuple[str, str], list[Partition]] = defaultdict(list)
    for claim in claims:
        if isinstance(claim, Partition) and claim.relation in {"column", "row"} and claim.whole is not None:
            by_table[claim.where, claim.relation].append(claim)
    for group in by_table.values():
        good = sum(_total(claim.parts) == _value(claim) for claim in group)
        for claim in group:
            yield _table_total(claim, good, len(group))


def _partitions(claims: Sequence[Claim], unit: str, *relations: str) -> Iterator[Partition]:
    for claim in claims:
        if isinstance(claim, Partition) and claim.relation in relations and claim.unit == unit:
            yield claim


def _total(parts: Sequence[Printed]) -> Fraction:
    return sum((part.value for part in parts), Fraction(0))


def _value(claim: Partition) -> Fraction:
    return claim.whole.value if claim.whole is not None else Fraction(100)


def _asking(why: str, word: Word) -> str:
    return f"{why} Please check." if word in {"INCONSISTENT", "IMPOSSIBLE"} else why


def _sum(claim: Partition, whole: Printed) -> Finding:
    total = _total(claim.parts)
    off = total - whole.value
    shown = {
        "stated": f"{' + '.join(part.text for part in claim.parts)} of {whole.text}",
        "computed": f"{' + '.join(str(part.value) for part in claim.parts)} = {total}",
    }
    if off == 0:
        return finding("R07", claim, "CONSISTENT", "The parts add up to the whole.", **shown)
    if off < 0 and _told_beside(claim, -off):
        why = f"The parts add up to the whole with the {-off} told beside them."
        return finding("R07", claim, "CONSISTENT", why, **shown)
    shown["difference"] = f"{float(off):+g}"
    if not claim.exclusive:
        why = f"The parts add up to {total} of {whole.text}, unless some of them are counted twice."
        return finding("R07", claim, "TENSION" if claim.sure else "NOT_TESTABLE", why, **shown)
    if off < 0 and _only_responders(claim):
        why = f"The {-off} who are not told need not have responded."
        return finding("R07", claim, "NOT_TESTABLE", why, **shown)
    if off < 0 and not _declared(claim):
        why = f"The parts add up to {total} of {whole.text}; {-off} are not accounted for."
        return finding("R07", claim, "INCOMPLETE" if claim.sure else "NOT_TESTABLE", why, **shown)
    if not claim.sure and off * _FAR > whole.value:
        return finding("R07", claim, "NOT_TESTABLE", "Another whole is nearby that may be meant.", **shown)
    word: Word = "INCONSISTENT" if claim.sure else "TENSION"
    why = f"The parts add up to {total}, but the whole is given as {whole.text}."
    return finding("R07", claim, word, _asking(why, word), fix=f"a whole of {total}", **shown)


def _told_beside(claim: Partition, missing: Fraction, slack: Fraction = Fraction(0)) -> bool:
    """True where one or two other numbers of the sentence are what the list leaves out."""
    told = [other.value for other in claim.others[:_MOST_LISTED]]
    sums = (sum(chosen) for size in (1, 2) for chosen in combinations(told, size))
    return any(abs(value - missing) <= slack for value in sums)


def _only_responders(claim: Partition) -> bool:
    """True for complete, partial and lesser responses without the class of those who did not respond."""
    return bool(_RESPONDED.search(claim.text)) and not _NO_RESPONSE.search(claim.text)


def _declared(claim: Partition) -> bool:
    """True where the words themselves add the parts up."""
    return claim.relation == "sum"


def _percent_sum(claim: Partition) -> Finding:
    total = _total(claim.parts)
    slack = sum((part.step for part in claim.parts), Fraction(0)) / 2
    if claim.whole is not None:
        slack += claim.whole.step / 2
    off = total - _value(claim)
    shown = {
        "stated": " + ".join(f"{part.text} %" for part in claim.parts),
        "computed": f"{_decimal(total)} %",
    }
    if abs(off) <= slack:
        return finding("R07b", claim, "CONSISTENT", "The percents add up, within rounding.", **shown)
    if off < 0 and _told_beside(claim, -off, slack + 1):
        why = "The percents add up to 100 with those told beside them."
        return finding("R07b", claim, "CONSISTENT", why, **shown)
    shown["difference"] = f"{_decimal(off)} percentage points"
    if off < 0 and _only_responders(claim):
        why = f"The {-off} who are not told need not have responded."
        return finding("R07", claim, "NOT_TESTABLE", why, **shown)
    if off < 0 and not _declared(claim):
        least: Word = "INCOMPLETE" if claim.closed and total >= _LEAST_TOLD else "NOT_TESTABLE"
        why = f"The percents add up to {_decimal(total)}; the rest is not told."
        return finding("R07b", claim, least, why, **shown)
    if off > _MOST_OVER:
        why = "The percents are far above 100, as shares of different groups are."
        return finding("R07b", claim, "NOT_TESTABLE", why, **shown)
    word: Word = "INCONSISTENT" if claim.sure and claim.closed and off > 2 * slack else "TENSION"
    why = f"The classes exclude each other, but their percents add up to {_decimal(total)}"
    why += f", not {_decimal(_value(claim))}."
    return finding("R07b", claim, word, _asking(why, word), **shown)


def _rest(claim: Partition) -> Finding:
    *listed, rest = claim.parts
    slack = sum((part.step for part in claim.parts), Fraction(0)) / 2 if claim.unit == "percent" else 0
    whole, sign = _value(claim), " %" if claim.unit == "percent" else ""
    rule = "R17"
    shown = {"stated": f"{' + '.join(part.text for part in listed)}, then the other {rest.text}{sign}"}
    if len(listed) + len(claim.others) > _MOST_LISTED:
        return finding(
            rule,
            claim,
            "NOT_TESTABLE",
            "Too many numbers stand before the rest to tell which it leaves out.",
            **shown,
        )
    if any(abs(value - rest.value) <= slack for value in _leftovers(claim, whole, listed)):
        return finding(rule, claim, "CONSISTENT", "The rest is what is left of the whole.", **shown)
    told = whole - _total(listed)
    shown["computed"] = (
        f"{_decimal(whole)} - {' - '.join(_decimal(part.value) for part in listed)} = {_decimal(told)}"
    )
    shown["difference"] = f"{_decimal(rest.value - told)}"
    word: Word = "INCONSISTENT" if claim.sure else "TENSION"
    why = f"Of {_decimal(whole)}{sign}, {_decimal(told)}{sign} are left, but the rest is {rest.text}{sign}."
    return finding(rule, claim, word, _asking(why, word), fix=_decimal(told) if told > 0 else "", **shown)


def _leftovers(claim: Partition, whole: Fraction, listed: Sequence[Printed]) -> Iterator[Fraction]:
    """Yield what any group near leaves when any of the numbers told before it are taken away."""
    told = [part.value for part in (*listed, *claim.others)]
    sums = {sum(chosen, Fraction(0)) for size in range(1, 5) for chosen in combinations(told, size)}
    sums.add(_total(listed))
    for group in {whole, *told}:
        yield from (group - taken for taken in sums)


def _table_total(claim: Partition, good: int, of: int) -> Finding:
    total, whole = _total(claim.parts), _value(claim)
    shown = {
        "stated": claim.whole.text if claim.whole else "",
        "computed": f"{' + '.join(str(part.value) for part in claim.parts)} = {total}",
    }
    if total == whole:
        return finding("R23", claim, "CONSISTENT", f"The {claim.relation} adds up to its total.", **shown)
    shown["difference"] = f"{float(whole - total):+g}"
    if good == 0:
        why = f"No {claim.relation} of this table adds up to its total, so they may not be meant to."
        return finding("R23", claim, "NOT_TESTABLE", why, **shown)
    word: Word = "INCONSISTENT" if 2 * good >= of and claim.sure else "TENSION"
    why = f"The {claim.relation} adds up to {total}, but its total is printed as {shown['stated']}."
    return finding("R23", claim, word, _asking(why, word), fix=str(total), **shown)


def _decimal(value: Fraction) -> str:
    """Return a number with a finite decimal expansion as it would be printed."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.6f}".rstrip("0").rstrip(".")
