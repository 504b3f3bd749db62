"""Entries of a JATS reference list, written as they would be printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openhlh.literature.document import Reference
from openhlh.literature.running_text import RunningText
from openhlh.literature.xml_door import local, plain_words

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_NUMBER = re.compile(r"\D{0,3}(\d{1,4})\D{0,2}")
_CLOSER = re.compile(r"(?:(?<=[(\[–]) | (?=[,.;:)\]–]))")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


def read_reference(out: RunningText, node: Element, order: int) -> Reference:
    """Write one entry after its number and return it; without a printed number it has its place's."""
    label = next((plain_words(one) for one in node if local(one) == "label"), "")
    numbered = _NUMBER.fullmatch(label)
    number = int(numbered[1]) if numbered else order if not label else None
    words = " ".join(_entry(one) for one in node if local(one) not in {"label", "note"})
    start = out.here()
    out.say(f"{number}. {words}" if number else f"{label} {words}")
    return Reference(number, words, start, out.length, _year(node, words))


def _entry(node: Element) -> str:
    if local(node) == "citation-alternatives":
        return _entry(node[0]) if len(node) else ""
    if (node.text and node.text.strip()) or any(one.tail and one.tail.strip() for one in node):
        return _CLOSER.sub("", " ".join(" ".join(node.itertext()).split()))
    return " ".join(filter(None, (_field(one) for one in node)))


def _field(node: Element) -> str:
    tag = local(node)
    if tag in {"person-group", "collab-group"}:
        return " ".join(filter(None, (_field(one) for one in node)))
    if tag == "name":
        return ", ".join([" ".join(plain_words(one) for one in node)]) + ","
    words = plain_words(node)
    if tag == "pub-id":
        return f"{node.get('pub-id-type')}:{words}." if words else ""
    return f"{words}." if tag in {"article-title", "source"} and not words.endswith(".") else words


def _year(node: Element, words: str) -> int | None:
    printed = next((plain_words(one) for one in node.iter("{*}year")), words)
    found = _YEAR.findall(printed)
    return int(found[0] if printed is not words else found[-1]) if found else None
