"""Tables in shapes that the other sets do not have: the same numbers, set otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from . import tables
from .study import Study
from .tables import Grid, Row
from .wording import Pen, Said

Made = tuple[Grid, list[Said]] | None
CELL = re.compile(r"(?P<count>[^(]+?) \((?P<percent>[^)]+)\)")
COLUMN = re.compile(r"(?P<name>.+) \(n\s*=\s*(?P<size>[^)]+)\).*")
CLASSES = (("Light", "Middling", "Heavy", "Extreme"), ("North", "East", "South", "West"))
ALL = ("All", "Sum", "Overall", "All classes")
CAUSES = {"viral": "Virus", "bacterial": "Bacterium", "lymphoma": "Neoplasm", "unknown": "Not known"}


def by_group(pen: Pen, study: Study, number: int, kind: str = "") -> Made:
    """Return counts and percents per group as n/N (%), percent first, or in two columns; or one is wrong."""
    made = tables.by_group(pen, study, number, kind)
    if made is None:
        return None
    grid, told = made
    shape = pen.chance.choice((_with_totals, _percent_first, _two_columns))
    return _with_headings(pen, shape(grid)), told


def _columns(grid: Grid) -> list[tuple[str, str]]:
    """Return name and size of each group of the head."""
    found = [COLUMN.fullmatch(one) for one in grid.head[1:]]
    return [(one["name"], one["size"]) for one in found if one]


def _shares(row: Row) -> list[tuple[str, str]]:
    """Return count and percent of each cell of a row."""
    found = [CELL.fullmatch(one) for one in row.cells[1:]]
    return [(one["count"], one["percent"]) for one in found if one]


def _with_totals(grid: Grid) -> Grid:
    """Return the table with n/N (%) in each cell."""
    columns = _columns(grid)
    rows = tuple(
        replace(
            row,
            cells=(
                row.cells[0],
                *(f"{n}/{size} ({p})" for (n, p), (_, size) in zip(_shares(row), columns, strict=True)),
            ),
        )
        for row in grid.rows
    )
    return replace(grid, head=(grid.head[0], *(f"{name}, n/N (%)" for name, _ in columns)), rows=rows)


def _percent_first(grid: Grid) -> Grid:
    """Return the table with the percent before the count, as the head says."""
    head = (grid.head[0], *(f"{name} (N = {size}), % (No.)" for name, size in _columns(grid)))
    rows = tuple(
        replace(row, cells=(row.cells[0], *(f"{p} ({n})" for n, p in _shares(row)))) for row in grid.rows
    )
    return replace(grid, head=head, rows=rows)


def _two_columns(grid: Grid) -> Grid:
    """Return the table with counts and percents in columns of their own."""
    head = [grid.head[0]]
    for name, size in _columns(grid):
        head += [f"{name} (N = {size}), No.", f"{name}, %"]
    rows = []
    for row in grid.rows:
        cells = [row.cells[0], *(part for share in _shares(row) for part in share)]
        plants = tuple(replace(one, start=2 * one.start - 1, end=2 * one.end) for one in row.plants)
        rows.append(Row(tuple(cells), plants))
    return replace(grid, head=tuple(head), rows=tuple(rows))


def _with_headings(pen: Pen, grid: Grid) -> Grid:
    """Return the table with two rows that are headings and have no values."""
    if pen.maybe(0.5):
        return grid
    empty = ("",) * (len(grid.head) - 1)
    middle = len(grid.rows) // 2
    first, second = Row(("On arrival", *empty)), Row(("Later", *empty))
    return replace(grid, rows=(first, *grid.rows[:middle], second, *grid.rows[middle:]))


def with_totals(pen: Pen, study: Study, number: int, kind: str = "") -> Made:
    """Return counts of classes whose sum stands above or below them; or one count is wrong."""
    made = tables.with_totals(pen, study, number, kind)
    if made is None:
        return None
    names = pen.chance.choice(CLASSES)
    rows = [
        replace(row, cells=(name, *row.cells[1:]))
        for row, name in zip(made[0].rows, (*names, pen.chance.choice(ALL)), strict=True)
    ]
    if pen.maybe(0.5):
        rows.insert(0, rows.pop())
    head = (pen.chance.choice(("Burden", "")), *(f"{one}, No." for one in made[0].head[1:]))
    caption = f"How the {study.people} were spread over the classes"
    return replace(made[0], caption=caption, head=head, rows=tuple(rows)), made[1]


def by_patient(pen: Pen, study: Study, number: int, kind: str = "") -> Made:
    """Return the single patients in columns of another order; or a sentence about them is wrong."""
    made = tables.by_patient(pen, study, number, kind)
    if made is None:
        return None
    rows = []
    for row in made[0].rows:
        one, who, cause, response, days, status = row.cells
        age, sex = who.split("/")
        rows.append(Row((one, sex, age, days, status.capitalize(), response, CAUSES[cause])))
    head = ("Case no.", "Sex", "Age, y", "Follow-up, d", "Vital status", "Response", "Cause")
    caption = f"Summary of the {len(rows)} {study.people}"
    return replace(made[0], caption=caption, head=head, rows=tuple(rows)), made[1]


GRIDS: dict[str, Callable[[Pen, Study, int, str], Made]] = {
    "table_percent_wrong": by_group,
    "table_total_wrong": with_totals,
    "text_and_table": tables.text_and_table,
    "rows_responders": by_patient,
    "rows_median": by_patient,
}
