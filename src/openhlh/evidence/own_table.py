"""A reader's own data from a file of separated values: counts, two arms, effects or survival.

Nothing is guessed and nothing is dropped: a cell that cannot be used is refused with file, row and column.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from pathlib import Path

from openhlh.errors import WrongInput
from openhlh.evidence.own_columns import Columns, Kind, columns_of

_LARGEST_FILE = 20_000_000  # bytes; a table of studies is a few kilobytes
_LARGEST_COUNT = 10**9
_NUMBER = re.compile(r"^[+-]?(\d{1,15}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,2})?$", re.ASCII)
_DECIMAL_COMMA = re.compile(r"^[+-]?\d+,\d+$", re.ASCII)
_MISSING = {"", "na", "n/a", "nan", "nr", "null", "none", ".", "-", "?"}
_SUMS = {"total", "sum", "overall", "all", "pooled", "all studies", "combined"}


@dataclass(frozen=True)
class OwnTable:
    """One table of studies, one entry per row in every field that its `kind` uses; the others are empty.

    counts: `events` of `totals`. comparison: `events_1` of `totals_1` against `events_2` of `totals_2`.
    effects: `values` with `variances` (a column of standard errors is squared). survival: fractions in
    `survival` with `at_risk`, or `lower` and `upper` limits, or both. `extras` holds every other column as
    text; `columns` says which column gave which field.
    """

    path: str
    kind: Kind
    labels: tuple[str, ...]
    columns: Mapping[str, str]
    events: tuple[int, ...] = ()
    totals: tuple[int, ...] = ()
    events_1: tuple[int, ...] = ()
    totals_1: tuple[int, ...] = ()
    events_2: tuple[int, ...] = ()
    totals_2: tuple[int, ...] = ()
    values: tuple[float, ...] = ()
    variances: tuple[float, ...] = ()
    survival: tuple[float, ...] = ()
    at_risk: tuple[int, ...] = ()
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def k(self) -> int:
        """The number of rows."""
        return len(self.labels)


@dataclass(frozen=True)
class _Place:
    path: str
    line: int
    column: str


@dataclass(frozen=True)
class _Grid:
    """The rows of a file as text, each with its line number."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def read_table(path: str | Path, kind: Kind | None = None) -> OwnTable:
    """Read a table of studies from a file of comma-, semicolon- or tab-separated values.

    `kind` settles what is meant where the columns fit more than one kind. UTF-8, UTF-16 with a byte order
    mark and, with a note, Latin-1 are read. WrongInput names file, row and column of what cannot be used.
    """
    shown = str(path)
    text, notes = _text(Path(path), shown)
    grid = _grid(text, shown)
    columns = columns_of(grid.header, shown, kind)
    labels, label_notes = _labels(grid, columns)
    found = {role: _column(role, grid, columns, shown) for role in columns.roles if role != "label"}
    fields = _fields(found, grid, columns, shown)
    _refuse_sum_row(labels, fields, grid, shown)
    return OwnTable(
        path=shown,
        kind=columns.kind,
        labels=_distinct(labels),
        columns=dict(columns.roles),
        extras={name: tuple(row[name] for _, row in grid.rows) for name in columns.extras},
        lines=tuple(line for line, _ in grid.rows),
        notes=(*notes, *label_notes),
        **fields,  # type: ignore[arg-type]
    )


def _text(path: Path, shown: str) -> tuple[str, list[str]]:
    """Return the text of a file and a note where its encoding had to be guessed."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(_LARGEST_FILE + 1)  # a device or a pipe has no size and may have no end
    except OSError as error:
        raise WrongInput(
            "the file cannot be read",
            where=shown,
            why=str(error.strerror or "the system refused"),
            remedy="name a file of comma-separated values",
        ) from None
    if len(raw) > _LARGEST_FILE:
        raise WrongInput("the file is too large for a table of studies", where=shown, remedy="name the table")
    encoding = "utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    notes = []
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
        notes.append("the file is not UTF-8 and was read as Latin-1; look at names with accents")
    if "\0" in text:
        raise WrongInput(
            "this is not a text file",
            where=shown,
            why="it holds bytes that no text has, as a spreadsheet file does",
            remedy="save it as CSV (UTF-8)",
        )
    return text, notes


def _grid(text: str, shown: str) -> _Grid:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=(mark := _delimiter(text)), strict=True)
    header: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        for cells in lines:
            stripped = [cell.strip() for cell in cells]
            if not any(stripped) or (not header and stripped[0].lower() == "sep="):
                continue
            if not header:
                header = _header(stripped, shown)
            else:
                rows.append((lines.line_num, _row(header, stripped, _Place(shown, lines.line_num, mark))))
    except csv.Error as error:
        raise WrongInput(
            f"the table is broken ({error})",
            where=f"{shown}, row {lines.line_num}",
            why="a quotation mark is open, or a cell is far too long",
            remedy="close the quotation mark, or write the table without quotation marks",
        ) from None
    if not rows:
        raise WrongInput(
            "the table has no rows" if header else "the file is empty",
            where=shown,
            remedy="write a line of column names and one line for each study",
        )
    return _Grid(header, tuple(rows))


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if re.fullmatch(r"sep=[,;\t]", first.strip("\r\n ").lower()):
        return first.strip("\r\n ")[-1]
    bare = re.sub(r'"[^"]*"', "", first)
    return max(";\t,", key=bare.count) if any(mark in bare for mark in ";\t,") else ","


def _header(cells: Sequence[str], shown: str) -> tuple[str, ...]:
    names = list(cells)
    while names and not names[-1]:
        names.pop()
    twice = [name for name, count in Counter(name.lower() for name in names).items() if count > 1 and name]
    if twice:
        raise WrongInput(
            f"the column `{twice[0]}` stands twice",
            where=f"{shown}, first row",
            why="one of the two would silently be used",
            remedy="rename or remove one",
        )
    if any(_NUMBER.match(name) for name in names):
        raise WrongInput(
            "the first row holds numbers",
            where=f"{shown}, first row",
            why="the first row names the columns",
            remedy="write a first row such as label,events,total",
        )
    return tuple(name or f"column {at}" for at, name in enumerate(names, start=1))


def _row(header: Sequence[str], cells: Sequence[str], place: _Place) -> dict[str, str]:
    """Return one row by column; a row that is too long is refused, a short one has empty cells."""
    if any(cells[len(header) :]):
        raise _wrong(
            place.path,
            place.line,
            "",
            f"it has {len(cells)} cells, the first row {len(header)}",
            "quote cells that hold the separator; decimals are written with a point: 0.45",
        )
    filled = [*cells[: len(header)], *[""] * (len(header) - len(cells))]
    return dict(zip(header, filled, strict=True))


def _labels(grid: _Grid, columns: Columns) -> tuple[list[str], list[str]]:
    name = columns.roles.get("label")
    if name is None:
        return [f"row {at}" for at in range(1, len(grid.rows) + 1)], [
            "no column names the studies; they are numbered"
        ]
    labels = [row[name] or f"row {at}" for at, (_, row) in enumerate(grid.rows, start=1)]
    twice = [label for label, count in Counter(labels).items() if count > 1]
    notes = [
        f"`{label}` stands more than once; make sure that no patients are counted twice" for label in twice
    ]
    return labels, notes


def _distinct(labels: Sequence[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    found = []
    for label in labels:
        seen[label] += 1
        found.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return tuple(found)


def _column(role: str, grid: _Grid, columns: Columns, shown: str) -> list[float]:
    """Return the cells of a role as numbers: whole ones for counts."""
    name = columns.roles[role]
    read = _number if role in _FRACTIONAL else _count
    return [read(row[name], _Place(shown, line, name)) for line, row in grid.rows]


_FRACTIONAL = {"values", "variances", "errors", "survival", "lower", "upper"}


def _count(cell: str, place: _Place) -> int:
    _refuse_empty(cell, place)
    value = Decimal(cell) if _NUMBER.match(cell) else None  # R writes 1000000 as 1e+06
    if value is None or value != value.to_integral_value():
        why = "this is no number" if value is None else "a count is a whole number"
        raise _wrong(place.path, place.line, place.column, f"`{_short(cell)}`: {why}", "write digits only")
    count = int(value)
    if count < 0:
        raise _wrong(place.path, place.line, place.column, f"{count} is below 0", "correct the count")
    if count > _LARGEST_COUNT:
        raise _wrong(place.path, place.line, place.column, f"{count} are no patients", "correct the count")
    return count


def _number(cell: str, place: _Place) -> float:
    _refuse_empty(cell, place)
    value = float(cell) if _NUMBER.match(cell) else float("nan")
    if not isfinite(value):
        raise _wrong(
            place.path,
            place.line,
            place.column,
            f"`{_short(cell)}` is no number",
            "write it with a point: 0.45",
        )
    return value + 0.0  # -0.0 is 0


def _refuse_empty(cell: str, place: _Place) -> None:
    if cell.lower() in _MISSING:
        raise _wrong(
            place.path,
            place.line,
            place.column,
            f"the value is missing (`{cell}`)" if cell else "the value is missing",
            "fill it, or leave the row out and say so: nothing is dropped silently",
        )
    if _DECIMAL_COMMA.match(cell):
        raise _wrong(
            place.path,
            place.line,
            place.column,
            f"`{cell}` has a comma",
            "write decimals with a point (0.45) and thousands without a sign (1234); spreadsheets do it when"
            " their decimal sign is set to the point before saving",
        )


def _fields(
    found: dict[str, list[float]], grid: _Grid, columns: Columns, shown: str
) -> dict[str, tuple[float, ...]]:
    """Return the fields of the table from its columns, checked row by row against each other."""
    for at, (line, _) in enumerate(grid.rows):
        row = {role: cells[at] for role, cells in found.items()}
        _check_row(row, columns, shown, line)
    fields = {role: tuple(cells) for role, cells in found.items()}
    for arm in ("1", "2"):
        if others := fields.pop(f"others_{arm}", None):
            events = fields[f"events_{arm}"]
            fields[f"totals_{arm}"] = tuple(one + other for one, other in zip(events, others, strict=True))
    if errors := fields.pop("errors", None):
        fields["variances"] = tuple(error * error for error in errors)
    return fields


def _check_row(row: Mapping[str, float], columns: Columns, shown: str, line: int) -> None:
    named = columns.roles
    for events, totals in (("events", "totals"), ("events_1", "totals_1"), ("events_2", "totals_2")):
        if totals in row and row[totals] < 1:
            raise _wrong(shown, line, named[totals], "a study has at least one patient", "leave the row out")
        if totals in row and row[events] > row[totals]:
            raise _wrong(
                shown,
                line,
                named[events],
                f"{row[events]:.0f} events are more than the {row[totals]:.0f} of `{named[totals]}`",
                "correct one of the two, or name the columns the other way round",
            )
    for arm in ("1", "2"):
        if f"others_{arm}" in row and row[f"events_{arm}"] + row[f"others_{arm}"] < 1:
            raise _wrong(shown, line, named[f"events_{arm}"], "the arm has no patients", "leave the row out")
    for role in ("variances", "errors"):
        if role in row and row[role] <= 0:
            raise _wrong(shown, line, named[role], "it has to be above 0", "correct it, or leave the row out")
    _check_survival(row, named, shown, line)


def _check_survival(row: Mapping[str, float], named: Mapping[str, str], shown: str, line: int) -> None:
    for role in ("survival", "lower", "upper"):
        if role in row and not 0 <= row[role] <= 1:
            remedy = "divide percents by 100" if 1 < row[role] <= 100 else "correct it"
            raise _wrong(shown, line, named[role], f"{row[role]:g} is no fraction between 0 and 1", remedy)
    if "lower" in row and not row["lower"] <= row["survival"] <= row["upper"]:
        raise _wrong(
            shown, line, named["survival"], "it lies outside its own limits", "correct one of the three"
        )
    if "at_risk" in row and row["at_risk"] < 1:
        raise _wrong(shown, line, named["at_risk"], "nobody is at risk", "leave the row out")


def _refuse_sum_row(
    labels: Sequence[str], fields: Mapping[str, tuple[float, ...]], grid: _Grid, shown: str
) -> None:
    """Refuse a last row that adds up the rows above it: its patients would count twice."""
    totals = fields.get("totals") or fields.get("totals_1") or ()
    if len(totals) > 2 and labels[-1].lower() in _SUMS and totals[-1] == sum(totals[:-1]):
        raise _wrong(
            shown, grid.rows[-1][0], "", f"`{labels[-1]}` adds up the rows above it", "remove the row of sums"
        )


def _wrong(path: str, line: int, column: str, what: str, remedy: str) -> WrongInput:
    where = f"{path}, row {line}" + (f", column `{column}`" if column else "")
    return WrongInput(what, where=where, remedy=remedy)


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else cell[:37] + "..."
