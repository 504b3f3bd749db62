"""Tables of patients: one row (or one column) of a table for each, as the table numbers them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openhlh.claims import Claim, PatientRow
from openhlh.literature.document import Cell, Document, Table
from openhlh.literature.tokens import Sentence

_NUMBERED = re.compile(
    r"^(?:patient|pt|case|subject|participant|p|uid|no|id)?[\s.#:_-]*(?:no\.?\s*)?(\d{1,3})$", re.IGNORECASE
)
_NAMED = re.compile(r"\b(?:patients?|pts?|cases?|subjects?|participants?)\b", re.IGNORECASE)
_NAMED_SHORT = re.compile(r"^(?:p|pt|uid|patient|case)[\s.#-]*\d", re.IGNORECASE)
_FEWEST = 2


def patient_row_claims(document: Document, _sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield the patients of every table whose columns or rows are numbered patients."""
    for table in document.tables:
        grid: dict[tuple[int, int], Cell] = {(cell.row, cell.column): cell for cell in table.cells}
        if grid:
            yield from _across(table, grid) or _down(table, grid)


def _across(table: Table, grid: dict[tuple[int, int], Cell]) -> list[PatientRow]:
    """Return the patients of a table whose first row numbers them from left to right."""
    rows, columns = _size(grid)
    head = {column: grid[0, column] for column in range(1, columns) if (0, column) in grid}
    corner = grid[0, 0].text if (0, 0) in grid else ""
    if not _numbers_patients(list(head.values()), corner):
        return []
    return [
        _row(table, one, _pairs(grid, [((row, 0), (row, column)) for row in range(1, rows)]))
        for column, one in head.items()
        if _NUMBERED.match(one.text.strip())
    ]


def _down(table: Table, grid: dict[tuple[int, int], Cell]) -> list[PatientRow]:
    """Return the patients of a table whose first column numbers them from top to bottom."""
    rows, columns = _size(grid)
    heads = [
        row
        for row in range(rows)
        if (row, 0) in grid and grid[row, 0].header and _is_head(grid, row, columns)
    ]
    first = heads[-1] + 1 if heads else 1
    names = {row: grid[row, 0] for row in range(first, rows) if (row, 0) in grid}
    corner = grid[first - 1, 0].text if (first - 1, 0) in grid else ""
    if not _numbers_patients(list(names.values()), corner):
        return []
    return [
        _row(table, one, _pairs(grid, [((first - 1, column), (row, column)) for column in range(1, columns)]))
        for row, one in names.items()
        if _NUMBERED.match(one.text.strip())
    ]


def _pairs(
    grid: dict[tuple[int, int], Cell], places: list[tuple[tuple[int, int], tuple[int, int]]]
) -> list[tuple[Cell, Cell]]:
    """Return the heads with their cells, where the table has both."""
    return [(grid[head], grid[cell]) for head, cell in places if head in grid and cell in grid]


def _numbers_patients(names: list[Cell], corner: str) -> bool:
    """True where nearly all names are different numbers, and a word says that they are patients."""
    found = [one.text.strip() for one in names if _NUMBERED.match(one.text.strip())]
    if len(found) < _FEWEST or len(set(found)) != len(found) or len(found) * 5 < len(names) * 4:
        return False
    said = all(_NAMED.search(one) or _NAMED_SHORT.match(one) for one in found) or bool(_NAMED.search(corner))
    return said and int(re.sub(r"\D", "", found[0])) <= int(re.sub(r"\D", "", found[-1]))


def _is_head(grid: dict[tuple[int, int], Cell], row: int, columns: int) -> bool:
    return all(grid[row, column].header for column in range(columns) if (row, column) in grid)


def _size(grid: dict[tuple[int, int], Cell]) -> tuple[int, int]:
    return max(row for row, _ in grid) + 1, max(column for _, column in grid) + 1


def _row(table: Table, name: Cell, cells: list[tuple[Cell, Cell]]) -> PatientRow:
    number = _NUMBERED.match(name.text.strip())
    return PatientRow(
        name.start, name.end, name.text, table.label, table.caption.lower()[:80],
        number[1] if number else name.text,
        tuple((head.text.lower().strip(), cell.text.strip(), cell.start, cell.end) for head, cell in cells),
        table.certain,
    )  # fmt: skip
