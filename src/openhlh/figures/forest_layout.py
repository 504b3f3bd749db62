"""The columns of a forest plot: what stands in each, how wide it is, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from openhlh.figures.canvas import text_width, wrapped
from openhlh.figures.forest_axis import Axis, axis_of, interval_text, shown
from openhlh.figures.forest_values import Forest, ForestRow, ForestSummary, Scale

MARGIN, GAP, SIZE, LEADING = 14.0, 14.0, 9.0, 11.0
_PLOT, _INSET = 250.0, 9.0  # the inset keeps a square at 0 % or 100 % on the plot
_MOST_LINES = 3
_HEADS = {"proportion": "% [interval]", "ratio": "Ratio [interval]", "difference": "Difference [interval]"}
DOUBT_SIGN = "▲"

Cells = dict[str, str]


@dataclass(frozen=True)
class Column:
    """A column of text between `x` and `x + width`, in points."""

    head: str
    x: float
    width: float
    side: Literal["left", "right"]

    @property
    def anchor(self) -> float:
        """Where a line of its text is anchored."""
        return self.x if self.side == "left" else self.x + self.width


@dataclass(frozen=True)
class Layout:
    """Where everything stands across the sheet."""

    columns: dict[str, Column]
    axis: Axis
    plot_left: float
    plot_right: float
    width: float

    def lines(self, cells: Cells, *, bold: bool = False) -> dict[str, list[str]]:
        """Return the lines of each cell, wrapped to its column."""
        return {
            name: wrapped(cells[name], column.width + 0.5, _MOST_LINES, SIZE, bold=bold)
            for name, column in self.columns.items()
            if cells.get(name)
        }


def row_cells(row: ForestRow, numbers: dict[str, int], scale: Scale) -> Cells:
    """Return what stands in each column of a study; `numbers` are those of the doubts."""
    marked = ", ".join(str(numbers[doubt]) for doubt in row.doubts)
    return {
        "study": row.label,
        "doubt": f"{DOUBT_SIGN} {marked}" if marked else "",
        "counts": _fraction(row.events, row.total),
        "control": _fraction(row.control_events, row.control_total),
        "estimate": estimate_text(row.estimate, row.low, row.high, scale),
        "weight": "" if row.weight is None else f"{row.weight:.1f} %",
        "definition": row.definition,
        "line": row.line,
    }


def summary_cells(one: ForestSummary, scale: Scale) -> Cells:
    """Return what stands in the columns of a pooled result."""
    return {"study": one.label, "estimate": estimate_text(one.estimate, one.low, one.high, scale)}


def prediction_cells(one: ForestSummary, scale: Scale) -> Cells:
    """Return what stands in the columns of a prediction interval."""
    found = interval_text(one.prediction_low, one.prediction_high, scale)
    return {"study": one.prediction_label, "estimate": found}


def estimate_text(value: float | None, low: float | None, high: float | None, scale: Scale) -> str:
    """Return an estimate with its interval, as one cell."""
    interval = interval_text(low, high, scale)
    return interval if value is None else f"{shown(value, scale)} {interval}".rstrip()


def row_words(row: ForestRow, scale: Scale) -> str:
    """Return a study as a sentence: every cell in full, for who hears the figure or points at it."""
    unit = " %" if scale == "proportion" else ""
    found = estimate_text(row.estimate, row.low, row.high, scale)
    parts = [
        _words_of("", row.events, row.total),
        _words_of("control ", row.control_events, row.control_total),
        f"{found}{unit}" if found else "not estimated",
        "" if row.weight is None else f"weight {row.weight:.1f} %",
        f"definition: {row.definition}" if row.definition else "",
        f"line: {row.line}" if row.line else "",
        "left out" if row.left_out else "",
        f"doubts: {'; '.join(row.doubts)}" if row.doubts else "",
    ]
    return f"{row.label.strip()}: {', '.join(part for part in parts if part)}"


def _fraction(count: int | None, total: int | None) -> str:
    return "" if count is None or total is None else f"{count}/{total}"


def _words_of(arm: str, count: int | None, total: int | None) -> str:
    return "" if count is None or total is None else f"{arm}{count} of {total}"


def layout_of(forest: Forest, numbers: dict[str, int]) -> Layout:
    """Return the layout: columns without any entry are left out, the others as wide as they need to be."""
    rows = [row_cells(row, numbers, forest.scale) for row in forest.rows]
    sums = [summary_cells(one, forest.scale) for one in forest.summaries]
    rows += [prediction_cells(one, forest.scale) for one in forest.summaries if one.predicts]
    columns: dict[str, Column] = {}
    at = MARGIN
    for name, head, cap, side in _kinds(forest.scale):
        if name == "plot":
            left, at = at, at + _PLOT + GAP
            continue
        width = _needed(name, rows, sums)
        if width:
            width = min(cap, max(width, text_width(head, SIZE, bold=True)))
            columns[name] = Column(head, at, width, side)
            at += width + GAP
    axis = axis_of(forest, left + _INSET, left + _PLOT - _INSET)
    return Layout(columns, axis, left, left + _PLOT, at - GAP + MARGIN)


def _kinds(scale: Scale) -> Iterable[tuple[str, str, float, Literal["left", "right"]]]:
    """Yield the columns from left to right: name, head, the width that it may take, its side."""
    yield "study", "Study", 210.0, "left"
    yield "doubt", "Doubt", 56.0, "left"
    yield "counts", "n/N", 110.0, "right"
    yield "control", "Control n/N", 110.0, "right"
    yield "plot", "", _PLOT, "left"
    yield "estimate", _HEADS[scale], 170.0, "left"
    yield "weight", "Weight", 60.0, "right"
    yield "definition", "Definition", 130.0, "left"
    yield "line", "Line", 90.0, "left"


def _needed(name: str, rows: list[Cells], sums: list[Cells]) -> float:
    plain = [text_width(cells.get(name, ""), SIZE) for cells in rows if cells.get(name)]
    heavy = [text_width(cells.get(name, ""), SIZE, bold=True) for cells in sums if cells.get(name)]
    return max([*plain, *heavy], default=0.0)
