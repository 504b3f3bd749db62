"""A document cut into passages: stretches of paragraph size that search and answers show word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from openhlh.literature.document import Document

LONGEST, SHORTEST = 1000, 200
_ATOM_END = re.compile(r"\n\s*\n\s*|\n|(?:(?<=[.!?])|(?<=[.!?][\"')\]]))\s+(?=[A-Z0-9(])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document's text with its offsets in characters and the part that it stands in."""

    start: int
    end: int
    part: str


def passages_of(document: Document) -> tuple[Passage, ...]:
    """Return the passages of a document in order.

    Together they hold every sign that is no white space, once; none reaches over the edge of a part or
    of a table, and none is longer than LONGEST characters.
    """
    found: list[Passage] = []
    edges = sorted(_edges(document))
    for start, end in pairwise(edges):
        part = document.where(start)
        rows = _rows(document, start, end)
        found += [Passage(first, last, part) for first, last in _grouped(document.text, start, end, rows)]
    return tuple(found)


def _edges(document: Document) -> set[int]:
    edges = {0, len(document.text)}
    edges.update(edge for one in document.parts for edge in (one.start, one.end))
    edges.update(edge for one in document.tables for edge in (one.start, one.end))
    edges.update(edge for one in document.references for edge in (one.start, one.end))
    return {edge for edge in edges if 0 <= edge <= len(document.text)}


def _rows(document: Document, start: int, end: int) -> list[int]:
    """Return where the rows of the table at this stretch begin; nothing outside of a table."""
    for table in document.tables:
        if table.start <= start and end <= table.end:
            firsts: dict[int, int] = {}
            for cell in table.cells:
                firsts[cell.row] = min(cell.start, firsts.get(cell.row, cell.start))
            return sorted({first for first in firsts.values() if start < first < end})
    return []


def _grouped(text: str, start: int, end: int, rows: list[int]) -> Iterator[tuple[int, int]]:
    """Yield stretches made of whole sentences or rows, each as near to a paragraph as LONGEST allows."""
    first = last = None
    for one, stop, closes in _atoms(text, start, end, rows):
        if first is not None and last is not None and stop - first > LONGEST:
            yield first, last
            first = None
        first, last = (one if first is None else first), stop
        if closes and stop - first >= SHORTEST:
            yield first, stop
            first = None
    if first is not None and last is not None:
        yield first, last


def _atoms(text: str, start: int, end: int, rows: list[int]) -> Iterator[tuple[int, int, bool]]:
    """Yield sentences, lines or rows without the white space around; True where a paragraph ends there."""
    if rows:
        breaks = [(row, row, False) for row in rows]
    else:
        found = _ATOM_END.finditer(text, start, end)
        breaks = [(one.start(), one.end(), one.group().count("\n") > 1) for one in found]
    here = start
    for stop, following, closes in [*breaks, (end, end, True)]:
        pieces = list(_pieces(text, here, stop))
        for number, (first, last) in enumerate(pieces, start=1):
            yield first, last, closes and number == len(pieces)
        here = following


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a trimmed stretch, cut at white space where it is longer than a passage may be."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = max(text.rfind(" ", start, start + LONGEST), text.rfind("\t", start, start + LONGEST))
        stop = cut if cut > start else start + LONGEST
        yield start, stop
        start = stop
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end
