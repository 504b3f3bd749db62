"""The counts of two groups that are set against each other, wherever their totals and percents stand.

Read are two fractions ("12/50 (24%) vs 20/48 (41.7%)"), counts and totals in a known order ("among the 50
on A, 12 (24%) ..., among the 48 on B, 20 (42%)"), and any order that the two percents settle. Three groups,
people against things, and parts of one another are left alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from openhlh.claims import Printed
from openhlh.literature.interval_labels import is_percent
from openhlh.literature.limits import at, number_at
from openhlh.literature.part_of_whole import (
    PartOfWhole,
    behind_percent_bracket,
    fractions,
    pairs_of,
    whole_numbers,
)
from openhlh.literature.subjects import PEOPLE
from openhlh.literature.tokens import Token

_BETWEEN = {"vs", "versus", "and", "than", "compared", "against", "v", "while", "whereas", "but", "it", ";"}
_COMPARES = {
    "vs", "versus", "than", "compared", "comparison", "against", "whereas", "contrast", "opposed", "unlike",
    "relative", "respectively", "v", "groups", "arms", "while",
}  # fmt: skip
_LONGEST_TAIL = 24  # tokens from the second group to what is said of both: beyond, it may be of others
_MOST_NUMBERS = 8
_OF_GROUPS = {"groups", "arms", "treatments", "cohorts", "sites", "centres", "centers", "trials", "studies"}


def two_groups(tokens: Sequence[Token], first: int, last: int) -> list[PartOfWhole]:
    """Return the two counts with totals that stand between two indices, nothing where they are not two."""
    found = list(fractions(tokens, first, last))
    if len(found) == 2:
        return found if _are_compared(tokens, found, (first, last)) else []
    if len(found) > 2:
        return []
    return _in_known_order(tokens, first, last) or _by_percents(tokens, first, last)


def _are_compared(tokens: Sequence[Token], found: Sequence[PartOfWhole], span: tuple[int, int]) -> bool:
    """Say whether two counts are of two groups of people, not of people and things or one of the other."""
    one, other = found
    between = {at(tokens, index) for index in range(one.after, other.first)}
    if "only" in between or "whom" in between:
        return False
    nouns = {at(tokens, each.after) in PEOPLE for each in found if at(tokens, each.after).endswith("s")}
    if len(nouns) > 1:
        return False
    if between & _BETWEEN:
        return True
    nested = other.whole.value == one.part.value or one.whole.value == other.part.value
    if nested or span[1] - other.after > _LONGEST_TAIL:
        return False
    around = {at(tokens, index) for index in range(*span)}
    return one.whole.value != other.whole.value or bool(around & _COMPARES)


def _in_known_order(tokens: Sequence[Token], first: int, last: int) -> list[PartOfWhole]:
    """Read "among the 47 on A, 32 (68%) ..., among the 43 on B, 28 (65%)" and the like.

    Any other number between the indices leaves it unread; counts without percents are read in one order only.
    """
    read = _counts_and_totals(tokens, first, last)
    order = "".join(sort for sort, _, _ in read)
    bare = order == "N?N?" and len(whole_numbers(tokens, first, last)) == len(order)
    if order not in {"NkNk", "kkNN", "NkkN", "kNkN", "NNkk"} and not bare:
        return []
    totals = [number for sort, _, number in read if sort == "N"]
    counts = [(place, number) for sort, place, number in read if sort != "N"]
    return [
        PartOfWhole(part, whole, min(place, counts[0][0]), place + 1)
        for (place, part), whole in zip(counts, totals, strict=True)
        if 0 < part.value <= whole.value
    ]


def _counts_and_totals(tokens: Sequence[Token], first: int, last: int) -> list[tuple[str, int, Printed]]:
    """Return the numbers between two indices: a count with its percent (k), a total (N) or unsaid (?)."""
    found: list[tuple[str, int, Printed]] = []
    index = first
    while index < last:
        number = number_at(tokens, index)
        if number is not None and not (tokens[index].text.isalpha() and at(tokens, index + 1) in _OF_GROUPS):
            behind = behind_percent_bracket(tokens, index + 1)
            share = behind > index + 1
            sort = "k" if share else "N" if _is_marked_total(tokens, index) else "?"
            found.append((sort if number.whole else "x", index, number))
            index = behind - 1 if share else index
        index += 1
    return found


def _is_marked_total(tokens: Sequence[Token], index: int) -> bool:
    """True after "among the", "of the", "n =" and, for the second of two totals, "and"."""
    if at(tokens, index - 1) in {"=", ":"} and at(tokens, index - 2) == "n":
        return True
    before = index - 1 - (at(tokens, index - 1) == "the")
    return at(tokens, before) in {"among", "of", "and"}


def _by_percents(tokens: Sequence[Token], first: int, last: int) -> list[PartOfWhole]:
    """Read any order of two counts and two totals in which the two percents tell which belong together."""
    places = [index for index in range(first, last) if is_percent(tokens, index + 1)]
    percents = [number for index in places if (number := number_at(tokens, index)) is not None]
    numbers = {index: tokens[index].number for index in whole_numbers(tokens, first, last)}
    wholes = [number for number in numbers.values() if number is not None]
    if len(percents) != 2 or not 4 <= len(wholes) <= _MOST_NUMBERS:
        return []
    pairs = _settled(percents, wholes)
    if pairs is None:
        return []
    place = {number.start: index for index, number in numbers.items() if number is not None}
    found = [
        PartOfWhole(part, whole, place[part.start], max(place[part.start], place[whole.start]) + 1)
        for part, whole in pairs
    ]
    return found if _are_compared(tokens, found, (first, last)) else []


def _settled(percents: Sequence[Printed], wholes: Sequence[Printed]) -> list[tuple[Printed, Printed]] | None:
    """Return the count and total of each of two percents where they are told, None where two ways fit."""
    fits = [
        [one, other]
        for one in pairs_of(percents[0], wholes, wholes)
        for other in pairs_of(percents[1], wholes, wholes)
        if len({number.start for number in one + other}) == 4
    ]
    values = {tuple(number.value for pair in fit for number in pair) for fit in fits}
    return fits[0] if len(values) == 1 else None
