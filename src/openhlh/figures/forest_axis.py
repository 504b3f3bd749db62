"""The axis of a forest plot: from values to points on the sheet, and its ticks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log, log10

from openhlh.figures.forest_values import Forest, Scale

_WIDEST_RATIO = 1000.0  # what lies beyond is drawn as an arrow
_ROOM = 1.2  # between the outermost mark and the end of a log axis, as a factor
_MOST_TICKS = 7


@dataclass(frozen=True)
class Axis:
    """An axis from `low` to `high` (values) between `left` and `right` (points)."""

    scale: Scale
    low: float
    high: float
    left: float
    right: float

    def x(self, value: float) -> float:
        """Return where a value stands, at the end of the axis where it lies beyond it."""
        low, high = self._straight(self.low), self._straight(self.high)
        share = (self._straight(min(max(value, self.low), self.high)) - low) / (high - low)
        return self.left + share * (self.right - self.left)

    def reaches(self, value: float | None) -> bool:
        """True where a value is known and lies on the axis."""
        return value is not None and self.low <= value <= self.high

    def _straight(self, value: float) -> float:
        return log(value) if self.scale == "ratio" else value

    @property
    def neutral(self) -> float | None:
        """The value that means no difference, where the scale has one."""
        return {"proportion": None, "ratio": 1.0, "difference": 0.0}[self.scale]

    def ticks(self) -> list[tuple[float, str]]:
        """Return the points and words of the ticks."""
        if self.scale == "proportion":
            return [(self.x(tenth / 10), f"{10 * tenth} %") for tenth in range(0, 11, 2)]
        values = _log_ticks(self.low, self.high) if self.scale == "ratio" else _ticks(self.low, self.high)
        return [(self.x(value), f"{value:g}".replace("-", "−")) for value in values]


def axis_of(forest: Forest, left: float, right: float) -> Axis:
    """Return the axis on which everything of the figure can be drawn."""
    if forest.scale == "proportion":
        return Axis("proportion", 0.0, 1.0, left, right)
    values = [value for value in _values(forest) if value is not None]
    if forest.scale == "ratio":
        inside = [value for value in values if 1 / _WIDEST_RATIO <= value <= _WIDEST_RATIO]
        return Axis("ratio", min([0.5, *inside]) / _ROOM, max([2.0, *inside]) * _ROOM, left, right)
    low, high = min([0.0, *values]), max([0.0, *values])
    room = 0.05 * (high - low) or 1.0
    return Axis("difference", low - room, high + room, left, right)


def _values(forest: Forest) -> Iterable[float | None]:
    for row in forest.rows:
        yield from (row.estimate, row.low, row.high)
    for one in forest.summaries:
        yield from (one.estimate, one.low, one.high, one.prediction_low, one.prediction_high)


def _log_ticks(low: float, high: float) -> list[float]:
    decades = range(floor(log10(low)), ceil(log10(high)) + 1)
    for steps in ((1, 2, 5), (1,)):
        found = [step * 10.0**decade for decade in decades for step in steps]
        inside = [value for value in found if low * 0.999 <= value <= high * 1.001]
        if len(inside) <= _MOST_TICKS:
            break
    return inside


def _ticks(low: float, high: float) -> list[float]:
    raw = (high - low) / (_MOST_TICKS - 1)
    unit = 10.0 ** floor(log10(raw))
    step = next(factor * unit for factor in (1, 2, 5, 10) if factor * unit >= raw)
    return [round(number * step, 12) for number in range(ceil(low / step), floor(high / step) + 1)]


def shown(value: float, scale: Scale) -> str:
    """Return a value as it is printed in the figure: a proportion in percent without its sign.

    >>> shown(0.727, "proportion"), shown(1.25, "ratio"), shown(-0.1, "difference")
    ('72.7', '1.25', '−0.10')
    """
    if scale == "proportion":
        return f"{100 * value:.1f}"
    if scale == "ratio" and (value >= 1e6 or 0 < value < 0.005):
        return f"{value:.1e}"
    if scale == "ratio" and value >= 1000:
        return f"{value:.0f}"
    return f"{value:.2f}".replace("-", "−")


def interval_text(low: float | None, high: float | None, scale: Scale) -> str:
    """Return an interval in brackets; an end that the data leave open is named as such, "" without both.

    >>> interval_text(0.5, 0.75, "proportion"), interval_text(1.5, None, "ratio")
    ('[50.0–75.0]', '[1.50–∞]')
    """
    if low is None and high is None:
        return ""
    ends = ("0", "∞") if scale == "ratio" else ("open", "open")
    first, last = (
        end if value is None else shown(value, scale) for value, end in zip((low, high), ends, strict=True)
    )
    return f"[{first} to {last}]" if scale == "difference" else f"[{first}–{last}]"
