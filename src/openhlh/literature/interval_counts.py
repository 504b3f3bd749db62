"""The count and the total behind a percent with an interval, where they do not stand right beside it.

"Of the 50 patients, 12 had fever (24%; 95% CI ...)", "12 (24%; 95% CI ...) of 50", "24% (95% CI ...), that is
12 of 50": among the whole numbers nearest to the percent only one pair makes it up.
"""

from __future__ import annotations

from collections.abc import Sequence

from openhlh.claims import Printed
from openhlh.literature.interval_labels import is_percent
from openhlh.literature.limits import CLOSERS, at, number_at
from openhlh.literature.part_of_whole import PartOfWhole, fraction_at, is_total, pair_of, whole_numbers
from openhlh.literature.tokens import Token

_FARTHEST = 12
_REACH = 40  # tokens on either side in which the two numbers are looked for
_NEAREST = 2  # numbers on either side


def fraction_ending(tokens: Sequence[Token], index: int) -> PartOfWhole | None:
    """Return the count and total whose last token, or whose people, stand at an index."""
    index -= at(tokens, index) in {"patients", "participants", "cases", "subjects", "women", "men"}
    for first in range(index - 2, max(-1, index - 5), -1):
        found = fraction_at(tokens, first)
        if found is not None and found.after == index + 1:
            return found
    return None


def fraction_before_words(tokens: Sequence[Token], index: int) -> PartOfWhole | None:
    """Return the counts of "8 of 144 children felt pain (5.6%; 95% CI ...", nearest before an index."""
    for here in range(index, max(-1, index - _FARTHEST), -1):
        if at(tokens, here) in CLOSERS | {".", ";"}:
            return None
        if number_at(tokens, here) is not None:
            return fraction_ending(tokens, here)
    return None


def fraction_behind(tokens: Sequence[Token], index: int) -> PartOfWhole | None:
    """Return the counts of "60% (95% CI 45-73) were obese, that is, 28 of 46", nearest from an index on."""
    for place in range(index, index + _FARTHEST):
        fraction = fraction_at(tokens, place)
        if fraction is not None or number_at(tokens, place) is not None or at(tokens, place) in {".", ";"}:
            return fraction
    return None


def counts_around(tokens: Sequence[Token], place: int, last: int) -> tuple[Printed, Printed] | None:
    """Return the count and total near the percent at `place`, whose interval ends at `last`, None if unsaid.

    One of the two must be told as a total; no other percent may stand between the percent and its counts,
    for it may be theirs.
    """
    percent = number_at(tokens, place)
    if percent is None or percent.value <= 0 or percent.bound:
        return None
    first = next(
        (index + 1 for index in range(place - 1, max(-1, place - _REACH), -1) if _ends(tokens, index)),
        max(0, place - _REACH),
    )
    stop = next(
        (index for index in range(last + 1, min(len(tokens), last + _REACH)) if _ends(tokens, index)),
        min(len(tokens), last + _REACH),
    )
    near = whole_numbers(tokens, first, place)[-_NEAREST:] + whole_numbers(tokens, place + 1, last)
    near += whole_numbers(tokens, last + 1, stop)[:_NEAREST]
    numbers = [number for index in near if (number := number_at(tokens, index)) is not None]
    totals = [number for index in near if (number := number_at(tokens, index)) and is_total(tokens, index)]
    return pair_of(percent, numbers, totals)


def _ends(tokens: Sequence[Token], index: int) -> bool:
    return at(tokens, index) == ";" or (
        is_percent(tokens, index) and number_at(tokens, index - 1) is not None
    )
