"""Tables in plain text and Markdown: rows with tabs, and rows with pipes under a line of dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from openhlh.literature.document import Cell, Table

_WIDEST = 100
_MOST_CELLS = 200_000
_LABEL = re.compile(r"[\s*#_]{0,8}(table\s?[A-Z]?\d{1,3})\b[\s.:|*_]{0,6}(.*)", re.IGNORECASE)
_MARK = re.compile(
    r"\s?(?:\^\{([^{}]{1,12})\}|\^([\w*†‡§,]{1,5})\^?|<sup>([^<]{1,12})</sup>|(?<=[\w)%])([*†‡§]{1,3}))$"
)
_FOOT = re.compile(
    r"\s{0,3}(?:\^\{?([a-z*†‡§]{1,3})\}?\^?|<sup>([^<]{1,12})</sup>|([*†‡§]{1,3})"
    r"|([a-z])(?:[.):]|(?= [A-Z])))\s{0,2}"
)
_ABBREVIATIONS = re.compile(
    r"\s{0,3}(?:[\w/-]{2,12}, [a-z][^;.]{3,80}[;.]|abbreviations|notes?[:.])", re.IGNORECASE
)

Row = list[tuple[int, int]]


def find_tables(text: str) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """Return the tables whose columns are marked by tabs or pipes, and a note where there are too many."""
    if "\t" not in text and "|" not in text:
        return (), ()
    lines = _lines(text)
    tables: list[Table] = []
    free, cells = 0, 0
    for first, last in _blocks(text, lines):
        rows = [_row(text, *lines[number]) for number in range(first, last)]
        cells += sum(map(len, rows))
        if cells > _MOST_CELLS:
            return tuple(tables), ("tables of more than 200,000 cells were not read",)
        label, caption, top = _caption(text, lines, first, free)
        notes, free = _footnotes(text, lines, last)
        kept = [row for row in rows if not _is_rule(text, row)]
        tables.append(
            Table(label, caption, _cells(text, kept), notes, lines[top][0], lines[free - 1][1], certain=True)
        )
    return tuple(tables), ()


def with_footnotes(text: str, table: Table) -> Table:
    """Return a table with the notes that stand right below it."""
    below = _lines(text[table.end : table.end + 3_000])
    notes, free = _footnotes(text[table.end : table.end + 3_000], below, 1)
    return replace(table, footnotes=notes, end=table.end + below[free - 1][1]) if notes else table


def labelled(words: str) -> tuple[str, str]:
    """Return label and caption from "Table 2. Responses": ("table 2", "Responses")."""
    found = _LABEL.match(words[:2_000])
    return (" ".join(found[1].lower().split()), found[2].strip(" *_")) if found else ("table", "")


def _lines(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for line in text.split("\n"):
        found.append((at, at + len(line)))
        at += len(line) + 1
    return found


def _blocks(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield (first line, line after the last) of runs of table rows."""
    first, sign = 0, ""
    for number, (start, end) in enumerate([*lines, (len(text), len(text))]):
        found = _separator(text, start, end) if number < len(lines) else ""
        if found == sign:
            continue
        if sign and _is_table(text, lines[first:number], sign):
            yield first, number
        first, sign = number, found


def _separator(text: str, start: int, end: int) -> str:
    if 1 <= text.count("\t", start, end) <= _WIDEST:
        return "\t"
    return "|" if 2 <= text.count("|", start, end) <= _WIDEST else ""


def _is_table(text: str, lines: list[tuple[int, int]], sign: str) -> bool:
    if sign == "\t":
        return len(lines) > 1
    return len(lines) > 2 and _is_rule(text, _row(text, *lines[1]))


def _is_rule(text: str, row: Row) -> bool:
    return bool(row) and all(text[start:end] and set(text[start:end]) <= set("-: ") for start, end in row)


def _row(text: str, start: int, end: int) -> Row:
    sign = _separator(text, start, end)
    line = text[start:end]
    if sign == "|":
        line = line.rstrip().removesuffix("|")
        inner = line.lstrip().removeprefix("|")
        start += len(line) - len(inner)
        line = inner
    row = []
    for piece in line.split(sign):
        bare = piece.strip()
        begin = start + (piece.find(bare) if bare else 0)
        row.append((begin, begin + len(bare)))
        start += len(piece) + 1
    return row


def _cells(text: str, rows: list[Row]) -> tuple[Cell, ...]:
    cells = []
    for number, row in enumerate(rows):
        for column, (start, end) in enumerate(row):
            stop, notes = _without_marks(text, start, end)
            words = text[start:stop]
            header = number == 0 or (column == 0 and any(sign.isalpha() for sign in words))
            cells.append(Cell(number, column, words, start, stop, header, notes))
    return tuple(cells)


def _without_marks(text: str, start: int, end: int) -> tuple[int, tuple[str, ...]]:
    """Return where a cell ends without its footnote marks, and the marks; a raised digit is no mark."""
    notes: tuple[str, ...] = ()
    while found := _MARK.search(text, start, end):
        mark = next(one for one in found.groups() if one)
        if mark.isdigit():
            break
        notes, end = (*mark.split(","), *notes), found.start()
    return end, notes


def _caption(text: str, lines: list[tuple[int, int]], first: int, free: int) -> tuple[str, str, int]:
    """Return label, caption and first line of a table: "TABLE 2 ..." within the lines right above it."""
    told = 0
    for number in range(first - 1, max(free, first - 14) - 1, -1):
        start, end = lines[number]
        if not text[start:end].strip():
            continue
        found = _LABEL.match(text, start, min(end, start + 600))
        if found or (found := _label_within(text, start, end)):
            caption = found[2].strip(" *_") or _next_words(text, lines[number + 1 : first])
            return " ".join(found[1].lower().split()), caption, number
        told += 1
        if told > 4 or end - start > 400:
            break
    return "table", "", first


def _label_within(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return a label behind a running head, as in "12 | JOURNAL TABLE 1 Causes"."""
    at = text.find("TABLE ", start, min(end, start + 60))
    return _LABEL.match(text, at, min(end, at + 600)) if at >= 0 else None


def _next_words(text: str, lines: list[tuple[int, int]]) -> str:
    return next((text[start:end].strip() for start, end in lines if text[start:end].strip()), "")


def _footnotes(text: str, lines: list[tuple[int, int]], last: int) -> tuple[tuple[tuple[str, str], ...], int]:
    """Return the notes under a table and the number of the line behind them."""
    notes: list[tuple[str, str]] = []
    free = number = last
    while number < min(len(lines), free + 3):
        start, end = lines[number]
        line = text[start : min(end, start + 2_000)]
        number += 1
        if not line.strip():
            continue
        found = _FOOT.match(line)
        if not found and not _ABBREVIATIONS.match(line):
            break
        mark = next((one for one in found.groups() if one), "") if found else ""
        notes.append((mark, line[found.end() if found else 0 :].strip()))
        free = number
    return tuple(notes), free
