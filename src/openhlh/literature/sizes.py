"""How many values stand behind a mean or median: "(n = 20)", "in 20 patients the mean was ..."."""

from __future__ import annotations

from collections.abc import Sequence

from openhlh.claims import Printed
from openhlh.literature.limits import OPENERS, at, number_at
from openhlh.literature.subjects import PEOPLE
from openhlh.literature.tokens import Token

_LEADING = {
    "in", "among", "for", "of", "all", "the", "from", "with", "across", "these", "our", "those", "other",
    "by",
}  # fmt: skip
_ENDS = {
    ".", ":", "median", "mean", "average", "vs", "versus", "compared", "whereas", "while", "than", "but",
    "which", "who", "p",
}  # fmt: skip
_FARTHEST = 9
_FAR = 80  # tokens: longer sentences are lists or tables in which no size governs what follows


def n_at(tokens: Sequence[Token], index: int) -> Printed | None:
    """Return the number of "n = 20" at an index, None where there is none."""
    if at(tokens, index) == "n" and at(tokens, index + 1) in {"=", ":"}:
        return _size(tokens, index + 2)
    return None


def people_at(tokens: Sequence[Token], index: int) -> Printed | None:
    """Return the number of "20 patients" or "20 adult patients" at an index, None where there is none."""
    found = _size(tokens, index)
    return found if found and {at(tokens, index + 1), at(tokens, index + 2)} & PEOPLE else None


def n_behind(tokens: Sequence[Token], index: int) -> Printed | None:
    """Return the size that follows a value at once: "(n = 20)", "per person among 20 patients"."""
    for here in range(index, index + _FARTHEST):
        led = at(tokens, here - 1) in _LEADING | OPENERS
        found = n_at(tokens, here) or (people_at(tokens, here) if led else None)
        if found is not None:
            return found
        if here >= len(tokens) or number_at(tokens, here) is not None or at(tokens, here) in _ENDS:
            return None
    return None


def n_of_sentence(tokens: Sequence[Token], place: int) -> Printed | None:
    """Return the one number of people that stands before a value, as in "In 20 patients the mean was 3.4".

    Two numbers of people in one sentence are two groups: none of them is taken.
    """
    found = [
        index
        for index in range(max(0, place - _FAR), place)
        if people_at(tokens, index) or n_at(tokens, index)
    ]
    if len(found) != 1:
        return None
    index = found[0]
    return n_at(tokens, index) or (people_at(tokens, index) if at(tokens, index - 1) in _LEADING else None)


def _size(tokens: Sequence[Token], index: int) -> Printed | None:
    found = number_at(tokens, index)
    return found if found is not None and found.whole and found.value > 0 and not found.bound else None
