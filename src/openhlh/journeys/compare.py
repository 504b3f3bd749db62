"""Hold a study page against a document: which numbers of the page does the document not state?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from openhlh.errors import WrongInput
from openhlh.literature.document import Document
from openhlh.literature.tokens import tokens
from openhlh.numerals import numerals

_NAMES = frozenset({"id", "at", "row", "definition", "part_of", "note", "notes", "registration", "line"})


@dataclass(frozen=True)
class PageNumber:
    """A number of a study page: its path there, as written, its place in the paper, and is it stated."""

    path: str
    value: str
    at: str
    stated: bool


def compared(document: Document, study: str) -> list[PageNumber]:
    """Return every number of a study page's arms; WrongInput where there is no such page."""
    from openhlh.content.shelves import HERE, read

    pages = read(HERE).studies
    if study not in pages:
        raise WrongInput(
            f"there is no study page `{study}`",
            where="--against",
            remedy="name one, such as zhou_2023; `hlh source KEY` shows what a key holds",
        )
    arms = pages[study].model_dump(mode="json")["arms"]
    stated = _stated(document)
    found = [
        PageNumber(path, value, at, Fraction(value) in stated)
        for arm in arms
        for path, value, at in _numbers(arm, arm["id"], "")
        if Fraction(value) != 0  # that something did not happen is mostly told without a number
    ]
    return list(dict.fromkeys(found))


def _stated(document: Document) -> set[Fraction]:
    """Return every number that the text prints, its tables cell by cell, powers of ten multiplied out."""
    found: set[Fraction] = set()
    for text in (document.text, *(cell.text for table in document.tables for cell in table.cells)):
        last: Fraction | None = None
        for token in tokens(text):
            if token.kind == "power" and last is not None:
                exponent = "".join(sign for sign in token.text if sign.isdigit())[2:]
                found.add(last * 10 ** min(int(exponent or 0), 30))
            last = token.number.value if token.number is not None else None
            if last is not None:
                found.add(last)
    return found


def _numbers(node: Any, path: str, at: str) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - plain data
    """Yield (path, number as a plain decimal, locator) of every number below a node of a page."""
    if isinstance(node, dict):
        at = str(node.get("at") or at)
        for name, value in node.items():
            if name not in _NAMES:
                yield from _numbers(value, f"{path}.{name}", at)
    elif isinstance(node, list):
        for place, value in enumerate(node, start=1):
            yield from _numbers(value, f"{path}[{place}]", at)
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield path, str(node), at
    elif isinstance(node, str):
        for one in numerals(node):
            plain = one.text.replace(",", "")
            if plain.replace(".", "", 1).isdigit():
                yield path, plain, at
