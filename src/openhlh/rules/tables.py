"""The tables that the cohort engine reads, and what a warehouse calls the things in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis
from ibis import ir

Code = str | int
Column = Any  # Ibis types its columns too loosely to be of use
EPOCH = ibis.date("1900-01-01")


@dataclass(frozen=True)
class Codes:
    """What a warehouse calls each analyte, unit, finding and exposure.

    `units` is keyed by analyte and unit; `declared` names the unit of rows that carry none.
    """

    analytes: Mapping[str, tuple[Code, ...]]
    units: Mapping[tuple[str, str], tuple[Code, ...]]
    findings: Mapping[str, tuple[Code, ...]]
    exposures: Mapping[str, tuple[Code, ...]]
    declared: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tables:
    """Facts as Ibis tables, each row with the `subject` that it belongs to.

    subjects: subject, on, baseline (dates), born_earliest, born_latest (dates or null)
    measurements: subject, code, unit, value, day; where the source has them also comparator (as text),
    low, high, cutoff, flag, status
    findings: subject, code, present, day      exposures: subject, code, start, end, given
    `believes_ranges`: raw warehouse rows, none without a value, each to be held against the plausible range
    of its analyte. `days`: subject, on and baseline without the joins that the whole of `subjects` may need.
    """

    subjects: ir.Table
    measurements: ir.Table
    findings: ir.Table
    exposures: ir.Table
    codes: Codes
    believes_ranges: bool = False
    days: ir.Table | None = None

    @property
    def anchors(self) -> ir.Table:
        """The days alone, for joining to facts."""
        return self.subjects if self.days is None else self.days


def one_of(column: ir.Column, codes: tuple[Code, ...]) -> ir.BooleanValue:
    """Say whether a column holds one of some codes; null where the column is null, as in SQL."""
    if not codes:
        return column.notnull() & ibis.literal(False)  # a column, so that it can be aggregated
    return column == codes[0] if len(codes) == 1 else column.isin(codes)


def days_between(later: ir.DateValue, earlier: ir.DateValue) -> ir.IntegerValue:
    """Return the whole days from one date to another."""
    return later.delta(earlier, unit="day").cast("int64")


def in_window(t: ir.Table, day: str, window: tuple[int | None, int | None], anchor: str) -> Column:
    """Say whether a row lies in a window around the anchor column; None where every row does.

    A row without a day counts for the day of judgement, not for the baseline.
    """
    start, end = window
    dated = anchor == "baseline"
    if start is None and end is None:
        return t[day].notnull() if dated else None
    distance = days_between(t[day], t[anchor])
    inside = distance.between(-100000 if start is None else start, 100000 if end is None else end)
    return inside.fill_null(False) if dated else t[day].isnull() | inside.fill_null(False)
