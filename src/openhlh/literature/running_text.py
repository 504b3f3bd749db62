"""Writing one readable text out of a marked-up document, with the offset of every piece.

What is raised (a superscript) is written with a leading "^": "10^9", "years.^1,2". So a reference
number never runs into the number or the word before it. Every raised stretch, its "^" included, is
kept in `raised`. Signs that belong to a word ("CD4+", "2nd", "®") are written without it.
White space of every kind becomes one space, soft hyphens and joiners of no width go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from openhlh.literature.document import Part

_INVISIBLE = {ord(sign): None for sign in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}
_PART_OF_A_WORD = frozenset({"+", "-", "−", "–", "®", "™", "©", "st", "nd", "rd", "th", "o", "°"})
_GAPS = ("", " ", "\n", "\n\n")
_NOTE = re.compile(
    r"(?:[a-z]{1,2}|[*†‡§¶#‖]{1,4}|\d{1,2})(?:,(?:[a-z]{1,2}|[*†‡§¶#‖]{1,4}|\d{1,2})){0,6}", re.IGNORECASE
)
_UNIT = re.compile(r"(?:^|[\s/(·×\d])(?:[µμcdkmn]?m|s|h|l|min|[mkµμ]?g|mol|R|r|χ)$", re.IGNORECASE)
_TEN = re.compile(r"(?<![\d.,])10$")


@dataclass(frozen=True, slots=True)
class _Mark:
    """An open part: its name, its heading and where it began."""

    name: str
    heading: str
    start: int


class RunningText:
    """A text that grows; `raised` and `parts` hold offsets into it."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        self.raised: list[tuple[int, int]] = []
        self.parts: list[Part] = []
        self.in_line = False
        self._pieces: list[str] = []
        self._length = 0
        self._gap = 0
        self._settled = len(_GAPS)

    @property
    def length(self) -> int:
        """Return the number of characters written so far."""
        return self._length

    @property
    def gapped(self) -> bool:
        """True where white space will stand before the next words."""
        return self._gap > 0

    def text(self) -> str:
        """Return all that was written."""
        joined = "".join(self._pieces)
        self._pieces = [joined]
        return joined

    def put(self, text: str) -> None:
        """Write the text as it is."""
        self._pieces.append(text)
        self._length += len(text)
        self._settled = 0

    def separate(self, sign: str) -> None:
        """Write a tab or a line end after which no space follows."""
        self._gap = 0
        self.put(sign)
        self._settled = 1

    def here(self) -> int:
        """Return the offset at which the next words will stand."""
        if self._gap:
            gap, self._gap = self._gap, 0
            if self._length:
                self.put(_GAPS[gap])
            self._settled = gap
        return self._length

    def say(self, text: str | None) -> None:
        """Write running words with their white space made plain; nothing where there are none."""
        if not text:
            return
        words = text.split()
        if text[0].isspace():
            self.space()
        if not words:
            return
        piece = " ".join(words)
        if not piece.isascii():
            piece = piece.translate(_INVISIBLE)
        self.here()
        self.put(piece)
        if text[-1].isspace():
            self._gap = 1

    def lift(self, text: str) -> None:
        """Write a superscript: with "^" and kept as raised, unless it is a sign that belongs to a word."""
        mark = "".join(text.split()).translate(_INVISIBLE)
        if not mark:
            return
        follows = bool(self.raised) and self.raised[-1][1] == self._length and self._gap <= 1
        if not follows and mark in _PART_OF_A_WORD:
            self.say(mark)
            return
        if follows:
            start, self._gap = self.raised.pop()[0], 0
        else:
            start, mark = self.here(), f"^{mark}"
        self.put(mark)
        self.raised.append((start, self._length))

    def line(self) -> None:
        """Begin a new line (a space within a cell or another single line)."""
        self._want(1 if self.in_line else 2)

    def block(self) -> None:
        """Begin a new block after a blank line (a space within a cell)."""
        self._want(1 if self.in_line else 3)

    def space(self) -> None:
        """Leave at least a space."""
        self._want(1)

    def _want(self, gap: int) -> None:
        if self._settled < gap:
            self._gap = max(self._gap, gap if self._settled < 2 else 2)

    def drop_gap(self) -> None:
        """Forget the white space that would stand before the next words."""
        self._gap = 0

    def tail(self, count: int) -> str:
        """Return at most the last `count` characters that were written."""
        taken, have = [], 0
        for piece in reversed(self._pieces):
            taken.append(piece)
            have += len(piece)
            if have >= count:
                break
        return "".join(reversed(taken))[-count:]

    def between(self, start: int, end: int) -> str:
        """Return what was written from `start` (not far back) to `end`."""
        return self.tail(self._length - start)[: end - start] if self._length > start else ""

    def begin(self, name: str, heading: str = "") -> _Mark:
        """Open a part at the next words."""
        return _Mark(name, heading, self.here())

    def finish(self, mark: _Mark) -> None:
        """Close a part; a part without words is none."""
        if self._length > mark.start:
            self.parts.append(Part(mark.name, mark.heading, mark.start, self._length))

    def without_marks(self, start: int) -> tuple[int, int, tuple[str, ...]]:
        """Return the stretch from `start` to here without footnote marks at its end, and all its marks."""
        end, notes, inside = self._length, [], []
        for raised in reversed(self.raised):
            if raised[0] < start:
                break
            inside.append(raised)
        for first, last in inside:
            mark = self.between(first, last)[1:]
            if not _NOTE.fullmatch(mark) or _is_power(self.between(start, first), mark):
                continue
            notes.append(tuple(mark.split(",")))
            if last == end:
                end = first
        while end > start and self.between(end - 1, end) == " ":
            end -= 1
        return start, end, tuple(one for marks in reversed(notes) for one in marks)


def _is_power(before: str, mark: str) -> bool:
    return mark[0].isdigit() and bool(_TEN.search(before) or (mark in {"2", "3"} and _UNIT.search(before)))
