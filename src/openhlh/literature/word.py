"""Word files (.docx): the words as they stand with all changes accepted, tables, superscripts and notes.

Before anything is unpacked the archive's own list is looked at, so that a bomb is never opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as BadStream

from openhlh.errors import WrongInput
from openhlh.literature.document import Document, Table
from openhlh.literature.grid import Box, lay, span
from openhlh.literature.plain import structured
from openhlh.literature.running_text import RunningText
from openhlh.literature.text_tables import labelled
from openhlh.literature.xml_door import local, parse_xml

if TYPE_CHECKING:
    from docx.opc.part import Part as Package
    from lxml.etree import _Element as Element

_MIB = 1024 * 1024
_LARGEST_XML, _LARGEST_WHOLE, _MOST_MEMBERS = 100 * _MIB, 600 * _MIB, 10_000
_DENSEST = 200
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OTHERS = {
    "xl/workbook.xml": "an Excel workbook",
    "ppt/presentation.xml": "a PowerPoint file",
    "content.xml": "an OpenDocument file",
    "META-INF/container.xml": "an EPUB book",
}
_LEFT_OUT = frozenset(
    {"del", "moveFrom", "pPr", "rPr", "sectPr", "tblPr", "instrText", "Fallback", "drawing"}
)


def read_word(data: bytes, path: Path) -> Document:
    """Return a Word file as a document; WrongInput where it is another archive, broken or a bomb."""
    _look_before_opening(data, path)
    from docx import Document as open_word
    from docx.opc.exceptions import OpcError

    try:
        word = open_word(BytesIO(data))
        body = word.element.body
        declared = word.element.getroottree().docinfo.internalDTD
    except (OpcError, BadZipFile, BadStream, KeyError, ValueError, SyntaxError, AttributeError, OSError):
        raise _unusable(path, "the Word file is broken", "open it in Word and save it again") from None
    if declared is not None:
        raise _own_entities(path)
    if body is None:
        raise _unusable(path, "no words are in this Word file", "check that it is the right one")
    file = _File()
    try:
        file.walk(body)
        file.notes_of(word.part)
    except RecursionError:
        raise _unusable(path, "the Word file is nested too deeply", "save it again") from None
    text = file.out.text()
    if not text.strip():
        raise _unusable(path, "no words are in this Word file", "check that it is the right one")
    title = " ".join((word.core_properties.title or "").split())
    return structured(
        Document(path.name, "docx", text, (), tuple(file.tables), (), tuple(file.out.raised), title)
    )


class _File:
    """A Word file on its way into a document."""

    def __init__(self) -> None:
        self.out = RunningText()
        self.tables: list[Table] = []

    def walk(self, node: Element) -> None:
        """Write an element with all that is in it."""
        tag = local(node)
        if tag == "p":
            self.out.block()
            self._inside(node)
            self.out.block()
        elif tag == "r":
            self._run(node)
        elif tag == "tbl":
            self._table(node)
        elif tag not in _LEFT_OUT:
            self._inside(node)

    def notes_of(self, part: Package) -> None:
        """Write the footnotes and endnotes behind the text, each with its number."""
        for relation in part.rels.values():
            if relation.is_external or not relation.reltype.endswith(("/footnotes", "/endnotes")):
                continue
            for note in parse_xml(relation.target_part.blob, Path(relation.target_ref)):
                if note.get(f"{_W}type") is None and local(note) in {"footnote", "endnote"}:
                    self.out.block()
                    self.out.lift(note.get(f"{_W}id") or "")
                    self.out.space()
                    self._inside(note)

    def _inside(self, node: Element) -> None:
        for child in node:
            self.walk(child)

    def _run(self, run: Element) -> None:
        raised = run.find(f"{_W}rPr/{_W}vertAlign")
        lifted = raised is not None and raised.get(f"{_W}val") == "superscript"
        for piece in run:
            tag = local(piece)
            if tag == "t":
                self.out.lift(piece.text or "") if lifted else self.out.say(piece.text)
            elif tag in {"footnoteReference", "endnoteReference"}:
                self.out.lift(piece.get(f"{_W}id") or "")
            elif tag == "noBreakHyphen":
                self.out.say("-")
            elif tag == "tab":
                self.out.space() if self.out.in_line else self.out.separate("\t")
            elif tag in {"br", "cr"}:
                self.out.line()
            elif tag not in _LEFT_OUT:
                self._inside(piece)

    def _table(self, table: Element) -> None:
        if self.out.in_line:
            self._inside(table)
            return
        label, caption = labelled(self.out.tail(400).rstrip().rpartition("\n")[2])
        self.out.block()
        start = self.out.here()
        cells = lay(self.out, _rows(table), self._inside)
        self.tables.append(Table(label, caption, cells, (), start, self.out.length))
        self.out.block()


def _rows(table: Element) -> list[list[Box]]:
    """Return the rows with merged cells as one box that reaches across and down."""
    grid = [list(_placed(line)) for line in table.iterchildren(f"{_W}tr")]
    starts = [{column: kind for column, _, _, kind in row} for row in grid]
    rows = []
    for number, row in enumerate(grid):
        boxes = []
        for column, cell, across, kind in row:
            if kind == "continue" and number:
                continue
            down = 1
            while number + down < len(grid) and starts[number + down].get(column) == "continue":
                down += 1
            boxes.append(Box(cell, number == 0, down if kind else 1, across))
        rows.append(boxes)
    return rows


def _placed(line: Element) -> Iterator[tuple[int, Element, int, str]]:
    column = 0
    for cell in line.iter(f"{_W}tc"):
        if next(one for one in cell.iterancestors(f"{_W}tr")) is not line:
            continue
        wide = cell.find(f"{_W}tcPr/{_W}gridSpan")
        across = span(wide.get(f"{_W}val")) if wide is not None else 1
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        kind = "" if merged is None else merged.get(f"{_W}val") or "continue"
        yield column, cell, across, kind
        column += across


def _look_before_opening(data: bytes, path: Path) -> None:
    """Refuse an archive that is no Word file, or that would unpack into more than a manuscript can hold."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            names = {one.filename for one in members}
            large = [one for one in members if one.filename.endswith((".xml", ".rels"))]
            if "word/document.xml" in names and not _is_bomb(members):
                for one in large:
                    _without_entities(archive, one.filename, path)
    except (BadZipFile, BadStream, LZMAError, NotImplementedError, RuntimeError, OSError, EOFError):
        raise _unusable(path, "the Word file is broken, cut short or locked", "save it again") from None
    if "word/document.xml" not in names:
        other = next((told for name, told in _OTHERS.items() if name in names), "an archive (zip)")
        raise _unusable(path, f"this is {other}, not a Word file", "save it as .docx, PDF, HTML or text")
    if _is_bomb(members):
        raise _unusable(
            path,
            "the Word file would unpack into far more than a manuscript holds",
            "check where it comes from; save the manuscript again without its pictures",
        )


def _is_bomb(members: list[ZipInfo]) -> bool:
    xml = [one for one in members if one.filename.endswith((".xml", ".rels"))]
    dense = any(one.file_size > 10 * _MIB and one.file_size > _DENSEST * one.compress_size for one in members)
    too_much = sum(one.file_size for one in xml) > _LARGEST_XML
    return (
        dense
        or too_much
        or len(members) > _MOST_MEMBERS
        or sum(one.file_size for one in members) > _LARGEST_WHOLE
    )


def _without_entities(archive: ZipFile, name: str, path: Path) -> None:
    with archive.open(name) as member:
        head = member.read(4096).replace(b"\0", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise _own_entities(path)


def _own_entities(path: Path) -> WrongInput:
    return _unusable(
        path, "the Word file declares entities of its own", "check where it comes from; save it again"
    )


def _unusable(path: Path, what: str, remedy: str) -> WrongInput:
    return WrongInput(what, where=f"file {path}", why="its text cannot be read safely", remedy=remedy)
