"""Lists of words that are written as running text."""

from __future__ import annotations


def entries(text: str, mark: str | None = None) -> tuple[str, ...]:
    """Return the entries of a text: its words, or what stands between the marks."""
    return tuple(one.strip() for one in text.split(mark))
