"""Shares of named outcomes in tables: a row "Rash | 12 (35.3)" under a head that counts everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from openhlh.claims import Printed
from openhlh.literature.document import Cell, Table
from openhlh.literature.outcome_words import outcome
from openhlh.literature.tokens import printed

_SHARE = re.compile(r"\s*(\d[\d,]*)\s*(?:/\s*\d[\d,]*\s*)?[(\[]\s*(\d+(?:[.·]\d+)?)\s*%?\s*[)\]]\s*$")
_HEAD_COUNT = re.compile(r"\b[nN]\s*=\s*(\d[\d,]*)\b")


class Share(NamedTuple):
    """A count of a table's cell, the words of the cell and the offset of their end."""

    number: Printed
    text: str
    end: int


def shares_in_tables(tables: Sequence[Table], words: frozenset[str], total: int) -> list[Share]:
    """Return the cells that tell an outcome (by the stems of its words) as a share of the total."""
    return [share for table in tables if table.certain for share in _shares(table, words, total)]


def _shares(table: Table, words: frozenset[str], total: int) -> Iterator[Share]:
    rows = {cell.row for cell in table.cells if cell.column == 0 and _outcome(cell) == words}
    if not rows:
        return
    columns = {cell.column for cell in table.cells}
    heads = {cell.column: _HEAD_COUNT.search(cell.text) for cell in table.cells if cell.row == 0}
    sizes = {column: int(head[1].replace(",", "")) for column, head in heads.items() if head}
    everybody = {column for column, size in sizes.items() if size == total} or (
        {1} if columns == {0, 1} else set()
    )
    if len(everybody) > 1:
        return
    for cell in table.cells:
        found = _SHARE.match(cell.text) if cell.row in rows and cell.column in everybody else None
        if found:
            count = printed(found[1], cell.start + found.start(1))
            percent = printed(found[2], 0)
            if abs(100 * count.value / total - percent.value) <= percent.step:
                yield Share(count, found[0].strip(), cell.start + found.end(2))


def _outcome(cell: Cell) -> frozenset[str]:
    return outcome(re.findall(r"[a-z][\w-]*", cell.text.lower()), {})
