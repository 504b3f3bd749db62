"""Counts and percents in tables: "12 (35)" in a column headed "Drug A (n = 34)" or in a row with a column N.

A cell is read as count and percent only where a percent sign stands in it, in its row's name, in its
column's head or in the caption: "45 (12.3)" is as often a mean with its deviation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from openhlh.claims import Claim, Printed, Proportion
from openhlh.literature.document import Cell, Document, Table
from openhlh.literature.tokens import printed

_NUMBER = r"\d{1,3}(?:[,\u2009\u202f ]\d{3})+|\d+"
_SHARE = re.compile(
    rf"\s*({_NUMBER})\s*[(\[]\s*(\d+(?:[.·,]\d+)?)\s*(%|per\s?cent|)\s*[)\]]\s*[*†‡§a-f]?\s*$"
)
_TURNED = re.compile(rf"\s*(\d+(?:[.·,]\d+)?)\s*(%|per\s?cent)\s*[(\[]\s*({_NUMBER})\s*[)\]]\s*$")
_HEAD_TOTAL = re.compile(rf"\b[nN]\s?[=:]\s?({_NUMBER})\b")
_PERCENT = re.compile(r"%|per\s?cent")
_AVERAGED = re.compile(
    r"\b(?:means?|medians?|averages?|sd|s\.d|se|sem|iqr)\b|±",
    re.IGNORECASE,
)
_WHOLE = re.compile(rf"\s*({_NUMBER})(?:\s*\(.*\))?\s*$")
_TOTAL_NAMES = re.compile(
    r"^\W*(?:n|no\.?|number|total|total n|n total|all|no\.? of (?:patients|participants|subjects|cases)|"
    r"number of (?:patients|participants|subjects|cases)|patients|participants|sample size)\W*(?:\(n\))?\W*$",
    re.IGNORECASE,
)


def table_count_claims(document: Document) -> Iterator[Claim]:
    """Yield the shares that tables tell, with the total of their column or row."""
    for table in document.tables:
        yield from _of_table(document, table)


def _of_table(document: Document, table: Table) -> Iterator[Proportion]:
    by_place = {(cell.row, cell.column): cell for cell in table.cells}
    heads = _heads(table)
    columns = {column: _column_total(table, heads[column]) for column in heads}
    rows = {cell.row: cell for cell in table.cells if cell.column == 0}
    totals = _row_totals(table, heads)
    seen: set[int] = set()
    for place, cell in sorted(by_place.items()):
        if cell.header or cell.start in seen:
            continue
        seen.add(cell.start)
        name = rows[cell.row].text if cell.row in rows else ""
        head = " ".join(one.text for one in heads[place[1]])
        told = bool(_PERCENT.search(name)) or (
            not _AVERAGED.search(name) and bool(_PERCENT.search(f"{head} {table.caption}"))
        )
        share = _share(cell, told)
        if share is None:
            continue
        count, percent = share
        total, origin = totals.get(cell.row), "row"
        if total is None:
            total, origin = columns.get(place[1]), "column"
        words = re.sub(r"[^a-z ]+", " ", f"{name} {head}".lower()).split()
        yield Proportion(
            count.start, cell.end, document.text[count.start : cell.end], table.label or "table",
            " ".join(words[:12]), count, total, percent, origin if total else "", False,
        )  # fmt: skip


def _heads(table: Table) -> dict[int, list[Cell]]:
    """Return the head cells of each column; the first row where none is marked."""
    heads: dict[int, list[Cell]] = defaultdict(list)
    first = min((cell.row for cell in table.cells), default=0)
    for cell in table.cells:
        if (cell.header and cell.column > 0) or cell.row == first:
            heads[cell.column].append(cell)
        else:
            heads[cell.column] += []
    return heads


def _column_total(table: Table, heads: list[Cell]) -> Printed | None:
    """Return the total of a column: "(n = 34)" in its head, or a row named N above the counts."""
    for cell in reversed(heads):
        if found := _HEAD_TOTAL.search(cell.text):
            return _at(cell, found, 1)
    if not heads:
        return None
    for cell in table.cells:
        if cell.column == heads[0].column and not cell.header and cell.row <= heads[-1].row + 2:
            name = next((one.text for one in table.cells if one.row == cell.row and one.column == 0), "")
            if _TOTAL_NAMES.match(name) and (found := _WHOLE.match(cell.text)):
                return _at(cell, found, 1)
    return None


def _row_totals(table: Table, heads: dict[int, list[Cell]]) -> dict[int, Printed]:
    """Return the total of each row where one column, headed N, holds it."""
    named = [
        column
        for column, cells in heads.items()
        if column > 0
        and cells
        and _TOTAL_NAMES.match(cells[-1].text)
        and not _HEAD_TOTAL.search(cells[-1].text)
    ]
    if len(named) != 1:
        return {}
    return {
        cell.row: _at(cell, found, 1)
        for cell in table.cells
        if cell.column == named[0] and not cell.header and (found := _WHOLE.match(cell.text))
    }


def _share(cell: Cell, percent_told: bool) -> tuple[Printed, Printed] | None:
    if found := _SHARE.match(cell.text):
        if not (percent_told or found[3]):
            return None
        return _at(cell, found, 1), _at(cell, found, 2)
    if found := _TURNED.match(cell.text):
        return _at(cell, found, 3), _at(cell, found, 1)
    return None


def _at(cell: Cell, found: re.Match[str], group: int) -> Printed:
    return printed(found[group], cell.start + found.start(group))
