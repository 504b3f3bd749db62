"""HTML: the words of a page as one text, its tables cell by cell, its superscripts marked.

Scripts, styles, forms and navigation are left out. Items of a numbered list get the numbers that a
browser shows. Parts and references are told by the words of the headings, as in plain text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openhlh.errors import WrongInput
from openhlh.literature.decoding import decode
from openhlh.literature.document import Document, Table
from openhlh.literature.grid import Box, lay, span
from openhlh.literature.plain import structured
from openhlh.literature.running_text import RunningText
from openhlh.literature.text_tables import labelled
from openhlh.literature.xml_door import local, plain_words

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LEFT_OUT = frozenset({
    "script", "style", "noscript", "template", "svg", "nav", "head", "button", "select", "option",
    "input", "textarea", "iframe", "object", "canvas", "audio", "video", "map", "annotation",
})  # fmt: skip
_BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "header", "footer", "aside", "ul", "ol", "dl", "table",
    "figure", "figcaption", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "address",
    "details", "form", "hr", "fieldset",
})  # fmt: skip
_LINES = frozenset({"br", "li", "dt", "dd", "tr", "summary", "caption", "legend"})
_DECLARED = re.compile(rb"""charset\s*=\s*["']?([\w-]{3,20})""", re.IGNORECASE)
_META = {"citation_title": "title", "citation_doi": "doi", "citation_pmid": "pmid", "dc.title": "title"}
_DATE = re.compile(r"((?:19|20)\d\d)(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?")


def read_html(data: bytes, path: Path) -> Document:
    """Return a page as a document; WrongInput where no words are in it."""
    from lxml import etree

    text, notes = _decoded(data, path)
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    if any(one.level_name == "FATAL" for one in parser.error_log):
        raise _unusable(path, "the page is nested too deeply to be an article")
    page = _Page()
    try:
        if root is not None:
            page.walk(root)
    except RecursionError:
        raise _unusable(path, "the page is nested too deeply to be an article") from None
    words = page.out.text()
    if not words.strip():
        raise _unusable(path, "no words are in this page")
    told = _told(root)
    bare = Document(
        path.name, "html", words, (), tuple(page.tables), (), tuple(page.out.raised), notes=notes, **told
    )
    return structured(bare)


class _Page:
    """A page on its way into a document."""

    def __init__(self) -> None:
        self.out = RunningText()
        self.tables: list[Table] = []
        self._numbers: list[int] = []

    def walk(self, node: Element) -> None:
        """Write an element with all that is in it."""
        tag = local(node)
        if not tag or tag in _LEFT_OUT or node.get("hidden") is not None or _is_twin(node):
            return
        if tag == "sup":
            self.out.lift(plain_words(node))
        elif tag == "table" and not self.out.in_line and node.find(".//table") is None:
            self._table(node)
        elif tag == "ol":
            self._numbered(node)
        elif tag in _BLOCKS:
            self.out.block()
            self._inside(node)
            self.out.block()
        elif tag in _LINES:
            self.out.line()
            self._inside(node)
            self.out.line()
        else:
            self._inside(node)

    def _inside(self, node: Element) -> None:
        self.out.say(node.text)
        for child in node:
            self.walk(child)
            self.out.say(child.tail)

    def _numbered(self, node: Element) -> None:
        number = span(node.get("start"))
        self.out.block()
        for child in node:
            if local(child) == "li":
                self.out.line()
                words = plain_words(child)
                if not words[:4].lstrip("[(").startswith(str(number)):
                    self.out.say(f"{number}. ")
                number += 1
                self._inside(child)
            else:
                self.walk(child)
        self.out.block()

    def _table(self, node: Element) -> None:
        out = self.out
        heading = node.find("caption")
        before = out.tail(400).rstrip().rpartition("\n")[2] if heading is None else ""
        label, caption = labelled(plain_words(heading) if heading is not None else before)
        out.block()
        start = out.here()
        if heading is not None:
            out.in_line = True
            self._inside(heading)
            out.in_line = False
        cells = lay(out, _rows(node), self._inside)
        self.tables.append(Table(label, caption, cells, (), start, out.length))
        out.block()


def _rows(table: Element) -> list[list[Box]]:
    rows = []
    for line in table.iter("tr"):
        head = local(line.getparent()) == "thead"
        boxes = [one for one in line if local(one) in {"td", "th"}]
        rows.append(
            [
                Box(one, head or local(one) == "th", span(one.get("rowspan")), span(one.get("colspan")))
                for one in boxes
            ]
        )
    return [row for row in rows if row]


def _is_twin(node: Element) -> bool:
    """True for the second form of a formula that a page keeps for screens or readers."""
    return "MathJax_Preview" in (node.get("class") or "") or node.get("aria-hidden") == "true"


def _decoded(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the text: as UTF-8 where it is, else in the encoding that the page declares."""
    declared = _DECLARED.search(data[:4096])
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if declared and declared[1].lower() not in {b"utf-8", b"utf8"}:
            try:
                return data.decode(declared[1].decode()), ()
            except (LookupError, UnicodeDecodeError):
                pass
    return decode(data, path)


def _told(root: Element) -> dict[str, Any]:
    """Return what a page's own description says of the article."""
    told: dict[str, Any] = {}
    for node in root.iter("meta"):
        name, content = (node.get("name") or "").lower(), " ".join((node.get("content") or "").split())
        if name in _META and content:
            told.setdefault(_META[name], content)
        elif name in {"citation_publication_date", "citation_online_date"}:
            found = _DATE.fullmatch(content)
            if found:
                told["published"] = tuple(int(part) for part in found.groups() if part)
                told["year"] = told["published"][0]
    return told


def _unusable(path: Path, what: str) -> WrongInput:
    return WrongInput(what, where=f"file {path}", remedy="save the whole page again, or give it as a PDF")
