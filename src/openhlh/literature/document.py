"""A document as it is read: one text with offsets, its parts, its tables, and where each piece lies."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

Format = Literal["text", "markdown", "html", "jats", "pdf", "docx"]


@dataclass(frozen=True, slots=True)
class Part:
    """A named stretch of the text: "title", "abstract", "methods", "results", "discussion", "references", ...

    `name` is the role in lower case where it could be told ("" otherwise), `heading` as printed.
    """

    name: str
    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table at (row, column), spans expanded: the same cell may stand at several places.

    `text` is text[start:end] of the document; `header` is true for head cells and row names;
    `notes` are the footnote marks that hang on it ("a", "b", "*").
    """

    row: int
    column: int
    text: str
    start: int
    end: int
    header: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its label ("table 2"), caption, cells in reading order, footnotes and how sure its shape is.

    `certain` is false where the shape was guessed from layout (a PDF, flattened text): numbers from
    there are marked as such.
    """

    label: str
    caption: str
    cells: tuple[Cell, ...]
    footnotes: tuple[tuple[str, str], ...] = ()
    start: int = 0
    end: int = 0
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of text lies in the original: a page (from 1) with boxes in points, or a line."""

    page: int | None = None
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of the reference list: its number where it has one, its words, and the year printed in it."""

    number: int | None
    text: str
    start: int
    end: int
    year: int | None = None


@dataclass(frozen=True)
class Document:
    """A document: `text` is what every offset counts in (and what `hlh check --text` prints).

    `raised` are the stretches that were set as superscripts (reference numbers, powers of ten);
    `published` is the publication date as (year, month, day) with as many parts as are printed.
    """

    name: str
    format: Format
    text: str
    parts: tuple[Part, ...] = ()
    tables: tuple[Table, ...] = ()
    references: tuple[Reference, ...] = ()
    raised: tuple[tuple[int, int], ...] = ()
    title: str = ""
    doi: str = ""
    pmid: str = ""
    year: int | None = None
    published: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    pages: tuple[int, ...] = field(default=())

    def where(self, offset: int) -> str:
        """Return the innermost part (or table) that holds the offset, "" where none does."""
        for table in self.tables:
            if table.start <= offset < table.end:
                return table.label
        inner = [part for part in self.parts if part.start <= offset < part.end and part.name]
        return min(inner, key=lambda part: part.end - part.start).name if inner else ""

    def page(self, offset: int) -> int | None:
        """Return the page (from 1) of an offset where the document has pages; `pages` are their starts."""
        return bisect_right(self.pages, offset) if self.pages else None
