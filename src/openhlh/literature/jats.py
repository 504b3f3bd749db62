"""JATS XML: an article's title, abstract, sections, tables, figures and references as one text.

Permissions, author lists, graphics and TeX twins of formulas are left out. Footnote marks and
reference numbers that are raised are written as `running_text` says. Nothing is fetched, and a file
that declares entities of its own is refused: an article needs none, an attack does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from openhlh.errors import WrongInput
from openhlh.literature.document import Document, Reference, Table
from openhlh.literature.grid import Box, lay, span
from openhlh.literature.headings import role_of
from openhlh.literature.jats_facts import facts_of, history_of
from openhlh.literature.jats_references import read_reference
from openhlh.literature.running_text import RunningText
from openhlh.literature.xml_door import local, parse_xml, plain_words

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LEFT_OUT = frozenset({
    "permissions", "tex-math", "graphic", "inline-graphic", "media", "object-id", "alt-text",
    "long-desc", "contrib-group", "aff", "author-notes", "article-categories", "counts", "self-uri",
    "custom-meta-group", "processing-meta", "email", "annotation-xml", "related-article",
    "related-object", "colgroup", "col", "question-preamble", "private-char",
})  # fmt: skip
_BLOCKS = frozenset({
    "p", "list", "disp-quote", "disp-formula", "disp-formula-group", "boxed-text", "def-list",
    "statement", "verse-group", "preformat", "supplementary-material", "app", "glossary", "notes",
    "speech", "caption", "attrib", "array",
})  # fmt: skip
_LINES = frozenset({"list-item", "def-item", "term", "def", "verse-line", "break"})
_NEST = "the file is nested too deeply to be an article"


def read_jats(data: bytes, path: Path) -> Document:
    """Return an article in JATS XML as a document; WrongInput where it is none or not well formed."""
    root = parse_xml(data, path)
    articles = [root] if local(root) == "article" else [one for one in root.iter() if local(one) == "article"]
    if not articles:
        raise WrongInput(
            f"this XML holds no article (its root is <{local(root)}>)",
            where=f"file {path}",
            why="only JATS (the XML of PubMed Central and of publishers) is read",
            remedy="give the article as JATS, HTML, PDF, Word or plain text",
        )
    reader = _Article(articles[0])
    try:
        reader.read()
    except RecursionError:
        raise WrongInput(_NEST, where=f"file {path}", remedy="check where the file comes from") from None
    notes = [] if len(articles) == 1 else [f"{len(articles) - 1} more articles in this file were not read"]
    return reader.document(path.name, notes)


class _Article:
    """One article on its way into a document."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.out = RunningText()
        self.tables: list[Table] = []
        self.references: list[Reference] = []
        self._depth: list[str] = []
        self._special: dict[str, Callable[[Element], None]] = {
            "sec": self._section,
            "abstract": self._abstract,
            "trans-abstract": self._abstract,
            "title": self._heading,
            "table-wrap": self._table,
            "fig": self._figure,
            "sup": lambda node: self.out.lift(plain_words(node)),
            "xref": self._pointer,
            "ref-list": self._references,
            "alternatives": self._one_of,
            "math": lambda node: self.out.say(_math(node)),
            "inline-formula": self._formula,
            "fn": self._footnote,
            "ack": lambda node: self._part(node, "acknowledgements"),
            "funding-statement": lambda node: self._part(node, "funding"),
            "kwd-group": self._keywords,
        }

    def read(self) -> None:
        """Write the whole article."""
        front = next((one for one in self.root if local(one) == "front"), None)
        meta = None if front is None else next((one for one in front if local(one) == "article-meta"), None)
        if meta is not None:
            self._front(meta)
        for part in self.root:
            if local(part) in {"body", "back", "floats-group", "front-stub"}:
                self._inside(part)
        for node in self.root:
            if local(node) in {"sub-article", "response"}:
                self._inside(node)

    def document(self, name: str, notes: list[str]) -> Document:
        """Return what was read as a document."""
        out, facts = self.out, facts_of(self.root)
        return Document(
            name,
            "jats",
            out.text(),
            tuple(sorted(out.parts, key=lambda part: (part.start, -part.end))),
            tuple(self.tables),
            tuple(self.references),
            tuple(out.raised),
            facts.title,
            facts.doi,
            facts.pmid,
            facts.year,
            facts.published,
            tuple(notes),
        )

    def _front(self, meta: Element) -> None:
        for node in meta.iter("{*}article-title"):
            self._part(node, "title")
            break
        history = history_of(meta)
        if history:
            self.out.block()
            mark = self.out.begin("dates")
            self.out.say(history)
            self.out.finish(mark)
        for node in meta:
            if local(node) in {"abstract", "trans-abstract", "kwd-group", "funding-group"}:
                self._walk(node)

    def _inside(self, node: Element) -> None:
        self.out.say(node.text)
        for child in node:
            self._walk(child)
            self.out.say(child.tail)

    def _walk(self, node: Element) -> None:
        tag = local(node)
        special = self._special.get(tag)
        if special:
            special(node)
        elif tag in _BLOCKS:
            self.out.block()
            self._inside(node)
            self.out.block()
        elif tag in _LINES:
            self.out.line()
            self._inside(node)
            self.out.line()
        elif not tag:
            self.out.say(unescape(node.text or ""))
        elif tag not in _LEFT_OUT:
            self._inside(node)

    def _part(self, node: Element, name: str, heading: str = "") -> None:
        """Write an element as a part; a heading that does not stand in it is written first."""
        self.out.block()
        mark = self.out.begin(name, heading)
        self._headed(node, heading)
        self._inside(node)
        self.out.finish(mark)
        self.out.block()

    def _headed(self, node: Element, heading: str) -> None:
        if heading and not any(local(one) == "title" for one in node):
            self.out.say(heading)
            self.out.block()

    def _section(self, node: Element) -> None:
        heading = next((plain_words(one) for one in node if local(one) == "title"), "")
        outer = next((name for name in reversed(self._depth) if name), "")
        name = outer if outer == "abstract" else "" if outer else _role(node, heading)
        self._depth.append(name)
        self._part(node, name, heading)
        self._depth.pop()

    def _abstract(self, node: Element) -> None:
        self._depth.append("abstract")
        self._part(node, "abstract", "Abstract")
        self._depth.pop()

    def _heading(self, node: Element) -> None:
        self.out.block()
        self._inside(node)
        self.out.line()

    def _keywords(self, node: Element) -> None:
        self.out.block()
        mark = self.out.begin("keywords", "Keywords")
        self.out.say("Keywords: " + "; ".join(plain_words(one) for one in node if local(one) == "kwd"))
        self.out.finish(mark)
        self.out.block()

    def _pointer(self, node: Element) -> None:
        words = plain_words(node)
        kind = node.get("ref-type")
        cited = kind == "bibr" and _is_glued(self.out, words)
        if cited or (kind in {"table-fn", "fn"} and 0 < len(words) <= 3):
            self.out.lift(words)
        else:
            self._inside(node)

    def _one_of(self, node: Element) -> None:
        told = [one for one in node if local(one) not in _LEFT_OUT]
        for one in sorted(told, key=lambda child: local(child) != "math")[:1]:
            self._walk(one)

    def _formula(self, node: Element) -> None:
        before = self.out.length
        self._inside(node)
        if self.out.length == before:
            self.out.say(" [formula] ")

    def _footnote(self, node: Element) -> None:
        self.out.line()
        for child in node:
            if local(child) == "label":
                self.out.lift(plain_words(child))
                self.out.space()
            else:
                self._inside(child)
                self.out.space()
        self.out.line()

    def _figure(self, node: Element) -> None:
        label = next((plain_words(one) for one in node if local(one) == "label"), "")
        self.out.block()
        mark = self.out.begin("figure", label)
        self._labelled(node, label)
        self.out.finish(mark)
        self.out.block()

    def _labelled(self, node: Element, label: str) -> str:
        self.out.say(label)
        self.out.space()
        start = self.out.here()
        caption = next((one for one in node if local(one) == "caption"), None)
        if caption is not None:
            self.out.in_line = True
            self._inside(caption)
            self.out.in_line = False
        return self.out.between(start, self.out.length).strip()

    def _table(self, node: Element) -> None:
        out = self.out
        label = next((plain_words(one) for one in node if local(one) == "label"), "").strip(" .:")
        out.block()
        start = out.here()
        caption = self._labelled(node, f"{label}." if label else "Table.")
        cells = tuple(cell for one in node.iter("{*}table") for cell in lay(out, _rows(one), self._inside))
        footnotes = tuple(self._table_foot(node))
        name = label.lower() if label else "table"
        self.tables.append(Table(name, caption, cells, footnotes, start, out.length))
        out.block()

    def _table_foot(self, node: Element) -> Iterable[tuple[str, str]]:
        for foot in node.iter("{*}table-wrap-foot"):
            for note in foot.iter("{*}fn", "{*}p", "{*}attrib"):
                if local(note.getparent()) in {"fn", "p"}:
                    continue
                self.out.line()
                start, seen = self.out.here(), len(self.out.raised)
                self._footnote(note) if local(note) == "fn" else self._inside(note)
                text = self.out.between(start, self.out.length)
                raised = self.out.raised[seen] if len(self.out.raised) > seen else (-1, -1)
                signs = raised[1] - start if raised[0] == start else len(text) - len(text.lstrip("*†‡§¶#"))
                yield text[:signs].lstrip("^"), text[signs:].strip()

    def _references(self, node: Element) -> None:
        self.out.block()
        mark = self.out.begin("references", "References")
        self._headed(node, "References")
        for child in node:
            if local(child) == "ref":
                self.out.line()
                self.references.append(read_reference(self.out, child, len(self.references) + 1))
            else:
                self._walk(child)
        self.out.finish(mark)
        self.out.block()


def _role(node: Element, heading: str) -> str:
    kinds = (node.get("sec-type") or "").replace("|", " and ").replace("-", " ")
    return role_of(heading) or role_of(kinds)


def _is_glued(out: RunningText, words: str) -> bool:
    """True for a reference number right behind a word or a stop, outside of brackets."""
    before = out.tail(60)
    within = max(before.rfind("["), before.rfind("(")) > max(before.rfind("]"), before.rfind(")"))
    return words[:1].isdigit() and bool(before) and not (before[-1].isspace() or within or out.gapped)


def _rows(table: Element) -> list[list[Box]]:
    rows = []
    for line in table.iter("{*}tr"):
        head = local(line.getparent()) == "thead"
        rows.append(
            [
                Box(one, head or local(one) == "th", span(one.get("rowspan")), span(one.get("colspan")))
                for one in line
                if local(one) in {"td", "th"}
            ]
        )
    return rows


def _math(node: Element) -> str:
    tag = local(node)
    if tag in {"annotation", "annotation-xml"}:
        return ""
    inner = [_math(child) for child in node]
    if tag == "mfrac" and len(inner) == 2:
        return f"{inner[0]}/{inner[1]}"
    if tag in {"msup", "mover"} and len(inner) == 2:
        return f"{inner[0]}^{inner[1]}"
    return (node.text or "").strip() + "".join(inner)
