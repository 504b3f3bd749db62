"""Tables with spans, written row by row with tabs between the cells and kept cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from openhlh.literature.document import Cell
from openhlh.literature.running_text import RunningText

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MOST_CELLS = 200_000
_WIDEST = 1_000


@dataclass(frozen=True, slots=True)
class Box:
    """A cell as it is marked up: what it holds, whether it is a head, how far it reaches down and across."""

    node: Element
    header: bool
    down: int = 1
    across: int = 1


def span(printed: str | None) -> int:
    """Return a rowspan or colspan as a number from 1 to a thousand; 1 where it is no number."""
    return min(max(int(printed), 1), _WIDEST) if printed and printed.isascii() and printed.isdigit() else 1


def lay(out: RunningText, rows: Iterable[list[Box]], write: Callable[[Element], None]) -> tuple[Cell, ...]:
    """Write the rows and return their cells with spans expanded; `write` writes what one box holds."""
    cells: list[Cell] = []
    reaching: dict[tuple[int, int], Cell] = {}
    out.line()
    out.in_line = True
    for row, boxes in enumerate(rows):
        out.separate("\n") if row else out.here()
        _lay_row(out, (row, boxes), write, cells, reaching)
    out.in_line = False
    return tuple(cells)


def _lay_row(
    out: RunningText,
    numbered: tuple[int, list[Box]],
    write: Callable[[Element], None],
    cells: list[Cell],
    reaching: dict[tuple[int, int], Cell],
) -> None:
    row, boxes = numbered
    column = _from_above(out, (row, 0), cells, reaching)
    for box in boxes:
        if column:
            out.separate("\t")
        one = _fill(out, box, write, (row, column))
        for across in range(box.across if len(cells) < _MOST_CELLS else 1):
            if across:
                out.separate("\t")
            cells.append(one if not across else replace(one, column=column + across))
            for down in range(1, box.down if len(cells) + len(reaching) < _MOST_CELLS else 1):
                reaching[row + down, column + across] = replace(one, row=row + down, column=column + across)
        column = _from_above(out, (row, column + box.across), cells, reaching)


def _from_above(
    out: RunningText, at: tuple[int, int], cells: list[Cell], reaching: dict[tuple[int, int], Cell]
) -> int:
    row, column = at
    while (row, column) in reaching:
        if column:
            out.separate("\t")
        cells.append(reaching.pop((row, column)))
        column += 1
    return column


def _fill(out: RunningText, box: Box, write: Callable[[Element], None], at: tuple[int, int]) -> Cell:
    start = out.here()
    write(box.node)
    out.drop_gap()
    start, end, notes = out.without_marks(start)
    text = out.between(start, end)
    header = box.header or (at[1] == 0 and any(sign.isalpha() for sign in text))
    return Cell(at[0], at[1], text, start, end, header, notes)
