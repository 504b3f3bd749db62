"""The marks of a forest plot: squares, intervals, diamonds, bars; told apart without colour."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin, sqrt

from openhlh.figures.canvas import INK, PAPER, Point, Sheet
from openhlh.figures.forest_axis import Axis
from openhlh.figures.forest_values import ForestRow, ForestSummary

STUDY, DOUBT, LEFT_OUT, BAR = "#1f4e79", "#a63c00", "#767676", "#c4ccd4"
HATCH = "//////"
_LARGEST, _SMALLEST, _UNWEIGHTED = 6.5, 2.0, 3.6  # half the side of a square, in points
_DIAMOND, _BAR, _ARROW = 5.5, 2.6, 4.5
_CORNERS = 24


@dataclass(frozen=True)
class Pen:
    """What draws marks: the sheet and the axis on which they stand."""

    sheet: Sheet
    axis: Axis

    def study(self, row: ForestRow, y: float, heaviest: float, gid: str) -> None:
        """Draw a study: its interval, and a square whose area is its weight, hatched where doubted."""
        colour = LEFT_OUT if row.left_out else DOUBT if row.doubts else STUDY
        dashes = (0, (2.5, 1.8)) if row.left_out else "-"
        self._interval((row.low, row.high), y, gid, color=colour, linestyle=dashes, linewidth=1.2)
        if row.estimate is None:
            return
        if not self.axis.reaches(row.estimate):
            self._arrow(row.estimate < self.axis.low, y, f"{gid}-estimate", colour)
            return
        at = (self.axis.x(row.estimate), y)
        if row.left_out:
            self.ring(at, f"{gid}-estimate")
        else:
            self.square(at, _half(row.weight, heaviest), f"{gid}-estimate", hatched=bool(row.doubts))

    def square(self, at: Point, half: float, gid: str, *, hatched: bool = False) -> None:
        """Draw a study's square, filled or hatched."""
        x, y = at
        corners = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
        style = {"facecolor": STUDY, "edgecolor": STUDY}
        if hatched:
            style = {"facecolor": PAPER, "edgecolor": DOUBT, "hatch": HATCH}
        self.sheet.shape(corners, gid, **style)

    def ring(self, at: Point, gid: str) -> None:
        """Draw the mark of a study that was left out."""
        x, y = at
        turns = [2 * pi * step / _CORNERS for step in range(_CORNERS)]
        points = [(x + 3.2 * cos(turn), y + 3.2 * sin(turn)) for turn in turns]
        self.sheet.shape(points, gid, facecolor=PAPER, edgecolor=LEFT_OUT, linewidth=1.2)

    def diamond(self, one: ForestSummary, y: float, gid: str) -> None:
        """Draw a pooled estimate: its width is the interval."""
        if one.estimate is None or not self.axis.reaches(one.estimate):
            self._interval((one.low, one.high), y, gid)
            return
        x, known = self.axis.x(one.estimate), one.low is not None or one.high is not None
        left, right = self._ends((one.low, one.high)) if known else (x - _DIAMOND, x + _DIAMOND)
        points = [(left, y), (x, y - _DIAMOND), (right, y), (x, y + _DIAMOND)]
        self.sheet.shape(points, f"{gid}-diamond", facecolor=INK)
        if known:
            self._arrows((one.low, one.high), y, gid, INK)

    def bar(self, limits: tuple[float | None, float | None], y: float, gid: str) -> None:
        """Draw a prediction interval: a bar with upright ends."""
        left, right = self._ends(limits)
        points = [(left, y - _BAR), (right, y - _BAR), (right, y + _BAR), (left, y + _BAR)]
        self.sheet.shape(points, f"{gid}-prediction", facecolor=BAR)
        for end, x in (("low", left), ("high", right)):
            self.sheet.line([(x, y - 2 * _BAR), (x, y + 2 * _BAR)], f"{gid}-prediction-{end}")
        self._arrows(limits, y, f"{gid}-prediction", INK)

    def _interval(
        self, limits: tuple[float | None, float | None], y: float, gid: str, **style: object
    ) -> None:
        if limits == (None, None):
            return
        left, right = self._ends(limits)
        self.sheet.line([(left, y), (right, y)], f"{gid}-interval", **style)
        self._arrows(limits, y, f"{gid}-interval", str(style.get("color", INK)))

    def _ends(self, limits: tuple[float | None, float | None]) -> tuple[float, float]:
        low, high = limits
        return (
            self.axis.left if low is None else self.axis.x(low),
            self.axis.right if high is None else self.axis.x(high),
        )

    def _arrows(self, limits: tuple[float | None, float | None], y: float, gid: str, colour: str) -> None:
        """Draw a head at each end that is open or lies beyond the axis."""
        for limit, leftwards in zip(limits, (True, False), strict=True):
            if not self.axis.reaches(limit):
                self._arrow(leftwards, y, f"{gid}-{'low' if leftwards else 'high'}-open", colour)

    def _arrow(self, leftwards: bool, y: float, gid: str, colour: str) -> None:
        base, step = (self.axis.left, -_ARROW) if leftwards else (self.axis.right, _ARROW)
        points = [(base + step, y), (base, y - 0.7 * _ARROW), (base, y + 0.7 * _ARROW)]
        self.sheet.shape(points, gid, facecolor=colour, edgecolor=colour)


def _half(weight: float | None, heaviest: float) -> float:
    if weight is None or heaviest <= 0:
        return _UNWEIGHTED
    return max(_SMALLEST, _LARGEST * sqrt(max(0.0, weight) / heaviest))
