"""R16: a quantity that a document tells twice is told alike, to the coarser of the two roundings.

What is the same quantity is a matter of words, so only three kinds are compared: the study's own number
of people, a centre of one named measure, and a share with the same count. A number that stands in the
abstract is held against the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from openhlh.claims import Centre, Claim, Finding, Printed, Proportion, Quantity, Told, Word, finding

_FIRM = {"people enrolled", "people screened", "people randomised", "people included"}
_LEAST_SHARED, _LEAST_GRADED, _LEAST_ALIKE = 3, 2, 0.5
_MOST_COMPARED, _APART = 400, 300  # what is told again stands in another paragraph


def people_told_alike(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R16: the number of people enrolled (screened, randomised) is the same in abstract and text."""
    told: dict[tuple[str, ...], list[tuple[Claim, Printed]]] = defaultdict(list)
    for claim in claims:
        if isinstance(claim, Told) and claim.number is not None and claim.what in _FIRM:
            told[claim.what, claim.about].append((claim, claim.number))
    for (unit, _), places in told.items():
        yield from _alike(places, unit)


def centres_told_alike(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R16: a median or mean that the abstract gives stands in the text as well, where both give one only."""
    told: dict[tuple[str, ...], list[tuple[Claim, Printed]]] = defaultdict(list)
    for claim in claims:
        if isinstance(claim, Centre) and claim.centre is not None and claim.quantity in {"age", "follow-up"}:
            told[claim.measure, claim.quantity, claim.unit].append((claim, claim.centre))
    for (measure, quantity, _), places in told.items():
        yield from _alike(places, f"{measure} {quantity}")


def _alike(places: Sequence[tuple[Claim, Printed]], what: str) -> Iterator[Finding]:
    """Compare what the abstract tells with what the rest tells."""
    abstract = [place for place in places if place[0].where == "abstract"]
    body = [place for place in places if place[0].where not in {"abstract", "title", ""}]
    for claim, number in abstract[:1]:
        if len({other.value for _, other in abstract}) > 1 or not body:
            continue
        also = tuple((other.start, other.end) for other, _ in body)
        shown = {"stated": number.text, "computed": ", ".join(sorted({other.text for _, other in body}))}
        if any(_same(number, other) for _, other in body):
            why = f"The {what} is told alike in abstract and text."
            yield finding("R16", claim, "CONSISTENT", why, also=also, **shown)
            continue
        word: Word = "INCONSISTENT" if len({other.value for _, other in body}) == 1 else "TENSION"
        why = f"The abstract gives {number.text} ({what}), the text {shown['computed']}."
        yield finding("R16", claim, word, _asking(why, word), also=also, **shown)
        if word == "INCONSISTENT":
            yield finding(
                "R16", body[0][0], word, _asking(why, word), also=((claim.start, claim.end),), **shown
            )


def shares_told_alike(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R16: the same count of the same thing has the same percent wherever it is told."""
    told = [one for one in claims if isinstance(one, Proportion) and one.count and one.percent]
    groups = _groups(claims)
    by_count: dict[Fraction, list[Proportion]] = defaultdict(list)
    for one in told[:_MOST_COMPARED]:
        if one.count is not None:
            by_count[one.count.value].append(one)
    for alike in by_count.values():
        for first, second in combinations(alike, 2):
            if second.start - first.end >= _APART and _alike_words(first, second):
                yield from _shares(first, second, groups)


def outcomes_told_alike(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R16: an outcome has one count of one total, in abstract, text and tables."""
    told: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for claim in claims:
        if isinstance(claim, Told) and claim.what.startswith("of ") and claim.number is not None:
            told[claim.about, claim.what].append(claim)
    for places in told.values():
        if len(places) > 1:
            yield from _one_count(places)


def _one_count(places: Sequence[Told]) -> Iterator[Finding]:
    """Hold every telling against the first; more than two different ones are more than one quantity."""
    first, rest = places[0], places[1:]
    differ = [not _same_share(first, claim) for claim in rest]
    odd = [claim for claim, other in zip(rest, differ, strict=True) if other]
    alone = all(_same_share(odd[0], claim) for claim in odd[1:])
    for claim, other in zip(rest, differ, strict=True):
        shown = {"stated": claim.text, "computed": first.text}
        also = ((first.start, first.end),)
        if not other:
            why = "The outcome is told alike both times."
            yield finding("R16", claim, "CONSISTENT", why, also=also, **shown)
            continue
        word: Word = "INCONSISTENT" if alone else "TENSION"
        why = f"The same is told once with {first.text} and once with {claim.text}."
        yield finding("R16", claim, word, _asking(why, word), also=also, **shown)


def _same_share(one: Told, two: Told) -> bool:
    """True where two tellings have one count, or percents of it that round to each other."""
    if one.number is None or two.number is None:
        return False
    if one.unit == two.unit:
        return one.number.value == two.number.value if one.unit == "count" else _same(one.number, two.number)
    count, percent = (one.number, two.number) if one.unit == "count" else (two.number, one.number)
    return abs(100 * count.value / Fraction(one.what[3:]) - percent.value) <= percent.step


def _groups(claims: Sequence[Claim]) -> set[Fraction]:
    """Return every group that the document counts: totals of shares, and counts with a noun in the plural."""
    told = {one.total.value for one in claims if isinstance(one, Proportion) and one.total}
    named = (
        one for one in claims if isinstance(one, Quantity) and one.number and one.text[-1:] in {"s", "n"}
    )
    return told | {one.number.value for one in named if one.number and " " in one.text}


def _shares(first: Proportion, second: Proportion, groups: set[Fraction]) -> Iterator[Finding]:
    shown = {"stated": f"{first.text.strip('(')} and {second.text.strip('(')}"}
    if first.percent is None or second.percent is None or _same(first.percent, second.percent):
        yield finding("R16", second, "CONSISTENT", "The same count has the same percent both times.", **shown)
        return
    if first.total and second.total and first.total.value != second.total.value:
        return
    fit = [any(_is_share(one, group) for group in groups) for one in (first, second)]
    word: Word = "INCONSISTENT" if sorted(fit) == [False, True] else "TENSION"
    why = f"The same count is told of the same with {first.percent.text} % and with {second.percent.text} %."
    wrong, other = (second, first) if fit[0] else (first, second)
    yield finding("R16", wrong, word, _asking(why, word), also=((other.start, other.end),), **shown)


def _is_share(claim: Proportion, group: Fraction) -> bool:
    if claim.count is None or claim.percent is None or group <= 0:
        return False
    return abs(100 * claim.count.value / group - claim.percent.value) <= claim.percent.step


def _alike_words(first: Proportion, second: Proportion) -> bool:
    one, two = set(first.about.split()), set(second.about.split())
    shared = one & two
    if "grade" in shared and len(shared) >= _LEAST_GRADED:
        return True
    return len(shared) >= _LEAST_SHARED and len(shared) >= _LEAST_ALIKE * min(len(one), len(two))


def _same(first: Printed, second: Printed) -> bool:
    return (
        abs(first.value - second.value) <= max(first.step, second.step) / 2 + min(first.step, second.step) / 2
    )


def _asking(why: str, word: Word) -> str:
    return f"{why} Please check." if word == "INCONSISTENT" else why


CHECKS: tuple[Callable[[Sequence[Claim]], Iterator[Finding]], ...] = (
    people_told_alike,
    centres_told_alike,
    shares_told_alike,
    outcomes_told_alike,
)
