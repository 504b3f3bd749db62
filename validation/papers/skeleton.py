"""Finding a stretch of an invented paper in a text that was read from it: by letters and digits only.

A reader may drop markup, change blanks and put marks between cells; letters and digits it keeps.
"""

from __future__ import annotations

from dataclasses import dataclass


def skeleton(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(filter(str.isalnum, text))


@dataclass(frozen=True)
class Bones:
    """The letters and digits of a text with the offset of each in the text."""

    letters: str
    offsets: tuple[int, ...]

    def place(self, stretch: tuple[str, int, int]) -> tuple[int, int] | None:
        """Return the offsets in the text of a stretch of a sentence, or nothing where it is not there."""
        sentence, start, end = stretch
        at = self.letters.find(sentence)
        if at < 0 or end <= start:
            return None
        return self.offsets[at + start], self.offsets[at + end - 1] + 1


def bones_of(text: str) -> Bones:
    """Return the letters and digits of a text with their offsets."""
    offsets = tuple(at for at, mark in enumerate(text) if mark.isalnum())
    return Bones("".join(text[at] for at in offsets), offsets)
