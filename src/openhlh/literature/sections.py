"""The parts of a plain text, told by the words of its headings and labels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, zip_longest

from openhlh.literature.document import Part, Table
from openhlh.literature.headings import (
    LONGEST_HEADING,
    begins_like_one,
    is_numbered,
    may_be_heading,
    role_of,
)

_LINE = re.compile(r"^[^\n]{3,100}$", re.MULTILINE)
_CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z]{6,}(?: (?:[A-Z]{2,}|&))*(?=\s[A-Z0-9\"“(])")
_BEFORE_LABEL = re.compile(r"(?:\n|[.!?;)\]]\s|\A)[\s*_#]*([A-Z][^.!?;:\n]*)$")
_FIGURE = re.compile(r"^[ *#]*(fig(?:ure|\.)?\s?S?\d{1,3})\b[.:| ][^\n]*", re.IGNORECASE | re.MULTILINE)
_CORE = frozenset({"background", "methods", "results", "discussion", "conclusions"})
_IN_ABSTRACT = _CORE | {"registration", "cases", "funding"}
_LONGEST_ABSTRACT = 6_000
_MOST_HEADS = 1_000


@dataclass(frozen=True, slots=True)
class _Head:
    """A heading: where it stands, its role and its kind ("line", "label" or "capitals")."""

    start: int
    end: int
    role: str
    kind: str
    numbered: bool = False


def find_parts(text: str, tables: Iterable[Table]) -> tuple[Part, ...]:
    """Return the parts whose headings are told by their words, and the captions of figures.

    A text with thousands of headings is a list of something, not an article: it has no parts.
    """
    heads = _heads(text, [(table.start, table.end) for table in tables])
    if len(heads) > _MOST_HEADS:
        return ()
    parts = _parts(text, heads)
    for found in islice(_FIGURE.finditer(text), _MOST_HEADS):
        parts.append(Part("figure", found[1], *found.span()))
    return tuple(parts)


def _heads(text: str, tables: list[tuple[int, int]]) -> list[_Head]:
    found = [*_line_heads(text), *_capital_heads(text)]
    taken = {head.start for head in found}
    first = min((head.start for head in found if head.role in _CORE), default=len(text))
    abstract = next((head.start for head in found if head.role == "abstract"), None)
    labels = [
        head
        for head in _labels(text)
        if head.start not in taken and (head.start < first or head.role == "abstract" or abstract is not None)
    ]
    inside = [head for head in found + labels if not any(start < head.start < end for start, end in tables)]
    return sorted(inside, key=lambda head: head.start)


def _line_heads(text: str) -> Iterable[_Head]:
    for found in _LINE.finditer(text):
        line = found.group()
        if may_be_heading(line) and begins_like_one(line) and (role := role_of(line)):
            start = found.start() + len(line) - len(line.lstrip())
            if role != "supplement" or start > len(text) // 2:
                yield _Head(start, found.end(), role, "line", is_numbered(line))


def _capital_heads(text: str) -> Iterable[_Head]:
    for found in _CAPITALS.finditer(text):
        role = role_of(found.group())
        line = text.rfind("\n", 0, found.start()) + 1
        alone = found.start() - line < 8 and text.find("\n", found.end()) == found.end()
        if role and not alone:
            yield _Head(found.start(), found.end(), role, "capitals")


def _labels(text: str) -> Iterable[_Head]:
    at = text.find(":")
    while at >= 0:
        before = text[max(0, at - LONGEST_HEADING) : at]
        if may_be_heading(before) and (found := _BEFORE_LABEL.search(before)) and (role := role_of(found[1])):
            yield _Head(at - len(found[1]), at, role, "label")
        at = text.find(":", at + 1)


def _parts(text: str, heads: list[_Head]) -> list[Part]:
    main, inner = _sorted_out(text, heads)
    parts: list[Part] = []
    for head, after in zip_longest(main, main[1:]):
        parts += _part(text, head, after.start if after else len(text), parts)
    for head, after in zip_longest(inner, inner[1:]):
        outer = next(part for part in parts if part.start <= head.start < part.end)
        end = min(after.start if after else len(text), outer.end)
        parts.append(Part(outer.name, _words(text, head), head.start, end))
    return parts


def _part(text: str, head: _Head, end: int, before: list[Part]) -> list[Part]:
    """Return the part of a heading; behind key words the section that they interrupted goes on."""
    name = head.role
    if name == "abstract" and end - head.start > _LONGEST_ABSTRACT:
        name = ""
    if name != "keywords":
        return [Part(name, _words(text, head), head.start, end)]
    block = text.find("\n\n", min(head.end + 2, end), end)
    stop = block if block > 0 else end
    parts = [Part(name, _words(text, head), head.start, stop)]
    if len(before) > 1 and before[-1].name == "abstract" and stop < end:
        parts.append(Part(before[-2].name, before[-2].heading, stop, end))
    return parts


def _words(text: str, head: _Head) -> str:
    return text[head.start : head.end].strip(" #*_:")


def _sorted_out(text: str, heads: list[_Head]) -> tuple[list[_Head], list[_Head]]:
    """Return the headings of main parts, and those that stand inside an abstract."""
    main: list[_Head] = []
    inner: list[_Head] = []
    abstract: _Head | None = None
    for number, head in enumerate(heads):
        if head.role == "abstract":
            abstract = head
            main.append(head)
            inner = inner or []
            continue
        seen = [one.role for one in inner if abstract and one.start > abstract.start]
        if abstract and _stands_inside(text, head, abstract, heads[number + 1 :], seen):
            inner.append(head)
            continue
        if head.kind == "label" and any(one.kind != "label" and one.role in _CORE for one in main):
            continue
        abstract = None
        main.append(head)
    return _named_as_abstract(main), inner


def _stands_inside(text: str, head: _Head, abstract: _Head, later: list[_Head], seen: list[str]) -> bool:
    if head.role not in _IN_ABSTRACT or head.numbered:
        return False
    if head.kind == "label":
        return True
    again = any(one.role == head.role and one.kind != "label" for one in later)
    bare = not text[abstract.end : head.start].strip(" \n:*_#")
    return bare or (again and head.role not in seen) or (bool(seen) and head.role not in seen and again)


def _named_as_abstract(main: list[_Head]) -> list[_Head]:
    """Return the headings with labels in front of full sections told to be what they are: an abstract."""
    sections = sum(head.kind != "label" and head.role in _CORE for head in main)
    if sections < 2:
        return main
    return [
        _Head(head.start, head.end, "abstract", head.kind)
        if head.kind == "label" and head.role in _CORE
        else head
        for head in main
    ]
