"""PDF: the text of every page, in the order of its lines, and the boxes of any stretch of it.

A word that is broken at a line end is joined again, unless a digit stands beside the break.
Tables in a PDF are only as sure as the layout: what is found is marked as not certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from openhlh.errors import WrongInput
from openhlh.literature.document import Document, Place
from openhlh.literature.plain import structured

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_TEXT = 60 * 1024 * 1024
_BETWEEN = "\n\n"
# What the pages' text has beside its words: a break within a word, line ends, signs of no width.
_ODD = re.compile(
    r"[\x02\ufffe-]\r?\n|[\x02\ufffe\u00ad]|\r\n?|[\u200b\ufeff]|[\x00\x01\x03-\x08\x0b\x0e-\x1f]"
)


def read_pdf(data: bytes, path: Path) -> Document:
    """Return a PDF as a document; WrongInput for one that is locked, broken or holds only pictures."""
    texts: list[str] = []
    starts: list[int] = []
    length, empty = 0, []
    with closing(_opened(data, path)) as pdf:
        for number, (text, _) in enumerate(_pages(pdf, path), 1):
            starts.append(length)
            texts.append(text)
            length += len(text) + len(_BETWEEN)
            if not text.strip():
                empty.append(number)
            if length > _MOST_TEXT:
                raise _unusable(path, "the PDF holds more text than any paper", "split it into its articles")
    if len(empty) == len(texts):
        raise _unusable(
            path,
            "the PDF holds no text, only pictures of pages",
            "run text recognition (OCR) on it first, or fetch the article as text, HTML or XML",
        )
    notes = (f"no text on page {_listed(empty)}",) if empty else ()
    bare = Document(path.name, "pdf", _BETWEEN.join(texts), notes=notes, pages=tuple(starts))
    found = structured(bare)
    return replace(found, tables=tuple(replace(table, certain=False) for table in found.tables))


def boxes(path: Path, document: Document, start: int, end: int) -> tuple[Place, ...]:
    """Return the pages (from 1) on which text[start:end] lies, with its boxes in points.

    A box is (left, bottom, right, top), one for each run of characters on a line.
    A document without pages has none.
    """
    if document.page(start) is None:
        return ()
    try:
        return tuple(_places(path, document, start, end))
    except (OSError, IndexError):
        raise _unusable(path, "the PDF changed or went away while it was read", "check it again") from None


def _places(path: Path, document: Document, start: int, end: int) -> Iterator[Place]:
    first = document.page(start) or 1
    with closing(_opened(path.read_bytes(), path)) as pdf:
        for number in range(first, (document.page(max(start, end - 1)) or first) + 1):
            begin = document.pages[number - 1]
            text, origin = _page(pdf, number - 1)
            inside = range(max(start - begin, 0), min(end - begin, len(text)))
            indexes = [origin[place] for place in inside]
            if indexes:
                yield Place(number, tuple(_rectangles(pdf, number - 1, indexes)))


def _pages(pdf: PdfDocument, path: Path) -> Iterator[tuple[str, list[int]]]:
    import pypdfium2

    for number in range(len(pdf)):
        try:
            yield _page(pdf, number, mapped=False)
        except pypdfium2.PdfiumError:
            raise _unusable(path, f"page {number + 1} of the PDF is broken", "fetch it again") from None


def _page(pdf: PdfDocument, number: int, *, mapped: bool = True) -> tuple[str, list[int]]:
    """Return a page's text and, where asked for, the index of the page's character behind each sign."""
    with closing(pdf[number]) as page, closing(page.get_textpage()) as words:
        raw = words.get_text_range()
    if not mapped:
        return _ODD.sub(_plain, raw), []
    pieces, origin, at = [], [], 0
    for odd in _ODD.finditer(raw):
        kept = _plain(odd)
        pieces += [raw[at : odd.start()], kept]
        origin += [*range(at, odd.start()), *[odd.start()] * len(kept)]
        at = odd.end()
    return "".join([*pieces, raw[at:]]), [*origin, *range(at, len(raw))]


def _plain(odd: re.Match[str]) -> str:
    """Return what is kept of an odd stretch: a line end, a hyphen beside a digit or capital, or nothing."""
    found = odd.group()
    if found in {"\r", "\r\n"}:
        return "\n"
    if found[-1] != "\n" and found not in {"\x02", "\ufffe"}:
        return ""
    before, after = odd.string[odd.start() - 1 : odd.start()], odd.string[odd.end() : odd.end() + 1]
    broken = before.islower() and after.islower()
    if found[0] == "-":
        return "" if broken and _is_broken_word(odd) else found.replace("\r", "")
    return "" if broken else "-"


def _is_broken_word(odd: re.Match[str]) -> bool:
    """True where the line ends within a word of letters only: no hyphen, digit or sign around the break."""
    before = odd.string[max(0, odd.start() - 12) : odd.start()].split()
    return bool(before) and before[-1].isalpha()


def _rectangles(
    pdf: PdfDocument, number: int, indexes: list[int]
) -> Iterator[tuple[float, float, float, float]]:
    with closing(pdf[number]) as page, closing(page.get_textpage()) as words:
        low, count = indexes[0], indexes[-1] - indexes[0] + 1
        for rectangle in range(words.count_rects(low, count)):
            yield words.get_rect(rectangle)


def _opened(data: bytes, path: Path) -> PdfDocument:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise _unusable(
                path, "the PDF is locked with a password", "save it without the password and give that file"
            ) from None
        raise _unusable(path, "the PDF is broken or cut short", "fetch it again") from None


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown} and {len(numbers) - 10} more"


def _unusable(path: Path, what: str, remedy: str) -> WrongInput:
    return WrongInput(what, where=f"file {path}", why="its numbers cannot be read", remedy=remedy)
