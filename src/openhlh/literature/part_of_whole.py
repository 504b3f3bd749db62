"""A count with its total, as one expression (12/50, 12 (24%) of the 50) or told apart by a percent.

Where the count and the total of a percent stand apart, as in "Of the 50 patients, 12 had fever, a rate of
24%", the words seldom say which number is which, but the percent does: only one pair of whole numbers near
it makes it up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from openhlh.claims import Printed
from openhlh.literature.interval_labels import is_label, is_percent
from openhlh.literature.limits import CLOSERS, DASHES, OPENERS, at, number_at
from openhlh.literature.subjects import UNITS_COUNTED
from openhlh.literature.tokens import Token

_TIMES = {
    "day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "h", "d", "min",
    "minutes", "y", "yr", "yrs", "mo", "cycle", "phase", "grade", "stage", "type", "level", "age", "aged",
    "group", "groups", "arm", "arms", "class", "version", "mg", "kg", "ml", "times", "fold", "points", "%",
    "point", "score",
}  # fmt: skip
_LONGEST_BRACKET = 14
_TOTAL_AFTER = {"of", "among", "in", "for", "=", "from", "the", "all", "our", "these", "with", "/"}


class PartOfWhole(NamedTuple):
    """A count with its total and the indices of the first token and of the token behind."""

    part: Printed
    whole: Printed
    first: int
    after: int


def fractions(tokens: Sequence[Token], first: int, last: int) -> Iterator[PartOfWhole]:
    """Yield 12/50, 12 of 50, 12 out of 50 and 12 (24%) of 50 between two indices."""
    index = first
    while index < last:
        found = fraction_at(tokens, index)
        if found is not None and found.after <= last:
            yield found
            index = found.after
        else:
            index += 1


def fraction_at(tokens: Sequence[Token], index: int) -> PartOfWhole | None:
    """Return the count and total printed from an index on, None where there are none."""
    count = number_at(tokens, index)
    if count is None or not count.whole or count.value < 0:
        return None
    here = behind_percent_bracket(tokens, index + 1)
    bracketed = here > index + 1
    if at(tokens, here) == "out" and at(tokens, here + 1) == "of":
        here += 2
    elif at(tokens, here) == "of" or (at(tokens, here) == "/" and not bracketed):
        here += 1
    else:
        return None
    while at(tokens, here) in {"the", "all", "our", "these", "a", "total", "of"}:
        here += 1
    total = number_at(tokens, here)
    if (
        total is None
        or not total.whole
        or total.value < max(count.value, Fraction(1))
        or at(tokens, here + 1) in {"/", "%"}
    ):
        return None
    return PartOfWhole(count, total, index, here + 1)


def pair_of(
    percent: Printed, counts: Sequence[Printed], totals: Sequence[Printed]
) -> tuple[Printed, Printed] | None:
    """Return the only count and total whose percent is printed as this one, None where it is not settled."""
    found = pairs_of(percent, counts, totals)
    return found[0] if len({(count.value, total.value) for count, total in found}) == 1 else None


def pairs_of(
    percent: Printed, counts: Sequence[Printed], totals: Sequence[Printed]
) -> list[tuple[Printed, Printed]]:
    """Return every count with a total whose percent is printed as this one."""
    slack = percent.step / 2
    return [
        (count, total)
        for total in totals
        for count in counts
        if count is not total and abs(100 * count.value - percent.value * total.value) <= slack * total.value
    ]


def whole_numbers(tokens: Sequence[Token], first: int, last: int) -> list[int]:
    """Return the places of the numbers between two indices that may count people or things.

    Percents, times, doses, grades and what stands behind the label of an interval are none of them.
    """
    found = []
    index = max(0, first)
    while index < min(last, len(tokens)):
        if is_label(tokens, index):
            while index < last and at(tokens, index) not in CLOSERS | {";"}:
                index += 1
        elif _may_count(tokens, index):
            found.append(index)
        index += 1
    return found


def is_total(tokens: Sequence[Token], index: int) -> bool:
    """Say whether the words at a number make it a total: "among the 50", "n = 50", "50 patients"."""
    named = {at(tokens, index + 1), at(tokens, index + 2)} & UNITS_COUNTED
    return at(tokens, index - 1) in _TOTAL_AFTER or bool(named)


def _may_count(tokens: Sequence[Token], index: int) -> bool:
    number = number_at(tokens, index)
    if number is None or not number.whole or number.value < 0 or number.bound:
        return False
    before, behind = at(tokens, index - 1), at(tokens, index + 1)
    if behind in DASHES and (number_at(tokens, index + 2) is not None or at(tokens, index + 2) in _TIMES):
        return False
    if before in _TIMES | DASHES | {"±"} or (before == "/" and number_at(tokens, index - 2) is None):
        return False
    return not is_percent(tokens, index + 1) and behind not in _TIMES


def behind_percent_bracket(tokens: Sequence[Token], index: int) -> int:
    """Return the index behind "(24%; 95% CI 13 to 38)", also with a noun before it, else the index."""
    opening = index + (at(tokens, index) in UNITS_COUNTED)
    if at(tokens, opening) not in OPENERS or not is_percent(tokens, opening + 2):
        return index
    for here in range(opening + 3, min(len(tokens), opening + _LONGEST_BRACKET)):
        if at(tokens, here) in CLOSERS:
            return here + 1
    return index
