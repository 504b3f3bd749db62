"""Tables of text: CSV in its dialects and Parquet, both row by row, every cell as it was written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from openhlh.errors import WrongInput
from openhlh.patients.naming import folded_name

DELIMITERS = (",", ";", "\t")
LARGEST_CSV = 200_000_000  # bytes; what is larger belongs into a warehouse
LIMIT_OF_TEXT = f"{LARGEST_CSV // 1_000_000} MB"
LARGEST_PARQUET = 5_000_000  # rows: about as many as the largest CSV has
_ASIDE = "save it as UTF-8 text with one header line"


@dataclass(frozen=True)
class Table:
    """A table: its file, its header, and its rows with their number; the header's row is not among them.

    Rows can be walked over as often as needed.
    """

    source: str
    header: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[str, list[str]]]]

    def place(self, column: str) -> int | None:
        """Return the position of a column by its name, or None."""
        wanted = folded_name(column)
        return next((at for at, name in enumerate(self.header) if folded_name(name) == wanted), None)

    def has(self, *columns: str) -> bool:
        """Say whether the table has all these columns."""
        return all(self.place(one) is not None for one in columns)


def read_csv(source: Path | str, name: str) -> Table:
    """Return a CSV file (a path) or CSV text as a table; WrongInput where it is none."""
    if isinstance(source, Path) and source.stat().st_size > LARGEST_CSV:
        raise too_large(name, LIMIT_OF_TEXT)
    if isinstance(source, Path) and not source.is_file():
        raise WrongInput("this is no file", where=name, remedy="name a file")

    def opened() -> TextIO:
        if isinstance(source, Path):
            return source.open(encoding="utf-8-sig", newline="")
        return io.StringIO(source.removeprefix("\ufeff"), newline="")

    first = next(_lines(opened(), name, ","), None)
    if first is None:
        raise WrongInput("the file is empty", where=name, remedy="give a table with a header line")
    with opened() as file:
        line = next(line for line in file if line.strip())
    delimiter = max(DELIMITERS, key=line.count)
    header = next((cells for _, cells in _lines(opened(), name, delimiter)), [])
    if not header:
        raise WrongInput("the file is empty", where=name, remedy="give a table with a header line")
    _check_header(header, name)

    def rows() -> Iterator[tuple[str, list[str]]]:
        lines = _lines(opened(), name, delimiter)
        next(lines)
        for number, cells in lines:
            yield f"{name}, row {number}", cells

    return Table(name, tuple(one.strip() for one in header), rows)


def _lines(file: TextIO, name: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank with their line number; WrongInput for broken text."""
    with file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if any("\0" in one for one in cells):
                    raise WrongInput("this is not text", where=name, remedy=_ASIDE)
                if any(one.strip() for one in cells):
                    yield reader.line_num, cells
        except UnicodeDecodeError:
            raise WrongInput(
                "this is not UTF-8 text", where=f"{name}, after row {reader.line_num}", remedy=_ASIDE
            ) from None
        except csv.Error:
            raise WrongInput(
                "this row cannot be split into cells",
                where=f"{name}, row {reader.line_num}",
                why="a quotation mark or a cell does not end",
                remedy=_ASIDE,
            ) from None


def read_parquet(path: Path, name: str) -> Table:
    """Return a Parquet file as a table of text; WrongInput where it is broken, cut off or nested."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            header, count = list(file.schema_arrow.names), file.metadata.num_rows
    except (pa.ArrowException, OSError):
        raise _broken(name) from None
    _check_header(header, name)
    if count > LARGEST_PARQUET:
        raise too_large(name, f"{LARGEST_PARQUET // 1_000_000} million rows")
    if not count:
        raise WrongInput("the table has no rows", where=name, remedy="give a table with rows")

    def rows() -> Iterator[tuple[str, list[str]]]:
        number = 0
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches():
                    columns = [one.cast(pa.string()).to_pylist() for one in batch.columns]
                    for cells in zip(*columns, strict=True):
                        number += 1
                        yield f"{name}, row {number}", ["" if one is None else one for one in cells]
        except (pa.ArrowException, OSError, UnicodeDecodeError):
            raise _broken(name) from None

    return Table(name, tuple(one.strip() for one in header), rows)


def too_large(name: str, limit: str) -> WrongInput:
    """Return the error for what does not fit into memory."""
    return WrongInput(
        "this is too large to be read at once",
        where=name,
        why=f"the limit is {limit}",
        remedy="split it, or load it into a warehouse and use `hlh screen`",
    )


def _broken(name: str) -> WrongInput:
    return WrongInput(
        "this Parquet file cannot be read",
        where=name,
        why="it is cut off, damaged, or holds columns that are no plain values",
        remedy="write the file again, with plain columns only",
    )


def _check_header(header: list[str], name: str) -> None:
    seen: dict[str, int] = {}
    for at, one in enumerate(header, start=1):
        key = one.strip().casefold()
        if key and key in seen:
            raise WrongInput(
                f"columns {seen[key]} and {at} have the same name", where=name, remedy="rename one of them"
            )
        seen[key] = at


def cells_of(table: Table, where: str, cells: list[str]) -> list[str]:
    """Return a row's cells, one for each column; WrongInput for a row that is too long or too short."""
    wanted = len(table.header)
    if len(cells) > wanted and not any(one.strip() for one in cells[wanted:]):
        return cells[:wanted]
    if len(cells) != wanted:
        raise WrongInput(
            f"the row has {len(cells)} cells and the header {wanted}",
            where=where,
            why="it is not known which cell belongs to which column",
            remedy="correct the row; a cell that holds a delimiter needs quotation marks",
        )
    return cells
