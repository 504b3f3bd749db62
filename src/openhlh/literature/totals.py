"""Totals of tables: the cells above a "Total" row, the cells before a "Total" column, classes that fill n.

Only cells that begin with a whole number are read ("12", "12 (35.3)"); a column or row with a cell that
is none of these, not even a dash, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openhlh.claims import Partition, Printed
from openhlh.literature.classes import FAMILIES, member
from openhlh.literature.document import Cell, Table
from openhlh.literature.tokens import printed

_TOTAL = re.compile(
    r"^\s*(?:grand |sub)?(?:total|all|overall|sum)(?: patients| cases| participants)?\W*$", re.IGNORECASE
)
_COUNT = re.compile(r"^\s*(\d{1,3}(?:[,\s]\d{3})+(?!\d)|\d+)(?![.\d·])(?!\s*[-–±/:])")
_EMPTY = re.compile(r"^\s*(?:[-–—]|0|nil|none)?\s*$", re.IGNORECASE)
_HEAD_COUNT = re.compile(r"\b[nN]\s*=\s*(\d+)\b")
_SIZES = {"n", "no.", "patients", "no. of patients", "number of patients", "total", "evaluable"}
_UNTOLD = re.compile(r"\b(?:died|dead|deaths|not evaluable|unknown|missing)\b", re.IGNORECASE)
_FEWEST = 2


def table_totals(table: Table) -> Iterator[Partition]:
    """Yield columns and rows of a table with their totals, and exclusive classes under a head "n = 34"."""
    grid = {(cell.row, cell.column): cell for cell in table.cells}
    rows = sorted({row for row, _ in grid})
    columns = sorted({column for _, column in grid})
    names = {row: grid[row, columns[0]].text for row in rows if (row, columns[0]) in grid}
    heads = {column: grid[rows[0], column].text for column in columns if (rows[0], column) in grid}
    yield from _columns(table, grid, (rows, columns), names)
    yield from _rows(table, grid, (rows, columns), heads)
    yield from _classes(table, grid, (rows, columns), names)
    yield from _levels(table, grid, (rows, columns), heads)


def _columns(
    table: Table, grid: dict[tuple[int, int], Cell], shape: tuple[list[int], list[int]], names: dict[int, str]
) -> Iterator[Partition]:
    rows, columns = shape
    totals = [row for row in rows if _TOTAL.match(names.get(row, ""))]
    if len(totals) != 1 or totals[0] != rows[-1] or len(rows) < _FEWEST + 2:
        return
    body = [row for row in rows[1:-1] if not all(_is_header(grid.get((row, column))) for column in columns)]
    for column in columns[1:]:
        cells = [grid.get((row, column)) for row in body]
        yield from _claim(table, cells, grid.get((totals[0], column)), "column")


def _rows(
    table: Table, grid: dict[tuple[int, int], Cell], shape: tuple[list[int], list[int]], heads: dict[int, str]
) -> Iterator[Partition]:
    rows, columns = shape
    totals = [
        column
        for column in columns
        if _TOTAL.match(_HEAD_COUNT.sub("", heads.get(column, "")).replace("()", ""))
    ]
    if len(totals) != 1 or len(columns) < _FEWEST + 2 or totals[0] not in {columns[1], columns[-1]}:
        return
    others = [column for column in columns[1:] if column != totals[0]]
    if any(re.search(r"\bp\b|value", heads.get(column, ""), re.IGNORECASE) for column in others):
        others = [c for c in others if not re.search(r"\bp\b|value", heads.get(c, ""), re.IGNORECASE)]
    for row in rows[1:]:
        yield from _claim(
            table, [grid.get((row, column)) for column in others], grid.get((row, totals[0])), "row"
        )


def _classes(
    table: Table, grid: dict[tuple[int, int], Cell], shape: tuple[list[int], list[int]], names: dict[int, str]
) -> Iterator[Partition]:
    """Read neighbouring rows of one family ("Male", "Female") under a head that tells n."""
    rows, columns = shape
    for family in FAMILIES:
        run = [row for row in rows[1:] if member(re.findall(r"[a-z-]+", names.get(row, "").lower()), family)]
        kinds = [member(re.findall(r"[a-z-]+", names.get(row, "").lower()), family) for row in run]
        if (
            len(run) < _FEWEST
            or len(set(kinds)) < len(kinds)
            or run != list(range(run[0], run[0] + len(run)))
        ):
            continue
        for column in columns[1:]:
            head = grid.get((rows[0], column))
            whole = _head_count(head) if head is not None else None
            counts = [_count(grid.get((row, column))) for row in run]
            if whole is None or any(count is None for count in counts):
                continue
            told = tuple(count for count in counts if count is not None)
            start, end = min(told[0].start, whole.start), max(told[-1].end, whole.end)
            yield Partition(
                told[0].start, told[-1].end, " + ".join(count.text for count in told), table.label,
                f"{family} {start}-{end}", told, whole, exclusive=family != "response", sure=table.certain,
            )  # fmt: skip


def _levels(
    table: Table, grid: dict[tuple[int, int], Cell], shape: tuple[list[int], list[int]], heads: dict[int, str]
) -> Iterator[Partition]:
    """Read rows of a table with a column "N" and columns "CR", "PR", "NR"."""
    rows, columns = shape
    sizes = [column for column in columns if heads.get(column, "").strip().lower() in _SIZES]
    words = {column: re.findall(r"[a-z-]+", heads.get(column, "").lower()) for column in columns}
    kinds = {
        column: member(words[column], "response") if len(words[column]) <= 2 else "" for column in columns
    }
    levels = [column for column in columns if kinds[column] or _UNTOLD.search(heads.get(column, ""))]
    named = [kinds[column] for column in levels if kinds[column]]
    if len(sizes) != 1 or not {"complete", "partial", "none"} <= set(named) or len(set(named)) < len(named):
        return
    for row in rows[1:]:
        size = grid.get((row, sizes[0]))
        counts = [count for column in levels if (count := _count(grid.get((row, column)))) is not None]
        wholes = (
            [_printed(size, found) for found in re.finditer(r"\d+", size.text)] if size is not None else []
        )
        if not wholes or len(counts) < len(named):
            continue
        total = sum(count.value for count in counts)
        whole = next((one for one in wholes if one.value == total), wholes[0])
        yield Partition(
            counts[0].start, counts[-1].end, " + ".join(count.text for count in counts), table.label,
            "response levels", tuple(counts), whole, closed=True, exclusive=True,
            sure=table.certain and len(wholes) == 1,
        )  # fmt: skip


def _printed(cell: Cell, found: re.Match[str]) -> Printed:
    return printed(found[0], cell.start + found.start())


def _head_count(cell: Cell) -> Printed | None:
    found = _HEAD_COUNT.search(cell.text)
    return printed(found[1], cell.start + found.start(1)) if found else None


def _claim(
    table: Table, cells: Sequence[Cell | None], total: Cell | None, relation: str
) -> Iterator[Partition]:
    whole = _count(total)
    filled = [cell for cell in cells if cell is not None and not _EMPTY.match(cell.text)]
    counts = [_count(cell) for cell in filled]
    if whole is None or total is None or len(filled) < _FEWEST or any(count is None for count in counts):
        return
    told = tuple(count for count in counts if count is not None)
    yield Partition(
        total.start, total.end, total.text, table.label, "total", told, whole,
        closed=True, relation=relation, exclusive=True, sure=table.certain,  # type: ignore[arg-type]
    )  # fmt: skip


def _count(cell: Cell | None) -> Printed | None:
    found = _COUNT.match(cell.text) if cell is not None and "%" not in cell.text.split("(")[0] else None
    return printed(found[1], cell.start + found.start(1)) if found and cell is not None else None


def _is_header(cell: Cell | None) -> bool:
    return cell is None or cell.header or not cell.text.strip()
