"""Facts about one patient: what was measured, seen and given, each with its day and its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeVar

from openhlh.units import Comparator

MeasurementStatus = Literal["measured", "pending", "not_done", "implausible", "unit_unknown"]
Flag = Literal["", "L", "N", "H"]
Row = TypeVar("Row", "Measurement", "Seen", "Given")


@dataclass(frozen=True)
class Measurement:
    """A value with comparator and unit as reported; `low`, `high` are the laboratory's limits of normal.

    `cutoff`: the laboratory's own cut-off for this disease, in the reported unit. `flag`: its verdict
    (L below, N within, H above normal). Without a day it counts for the day of judgement.
    """

    analyte: str
    value: Decimal | Fraction | None
    unit: str | None
    on: date | None = None
    comparator: Comparator = ""
    low: Decimal | None = None
    high: Decimal | None = None
    cutoff: Decimal | None = None
    flag: Flag = ""
    status: MeasurementStatus = "measured"
    row: str = ""

    @property
    def name(self) -> str:
        """What the row is about."""
        return self.analyte


@dataclass(frozen=True)
class Seen:
    """A finding: present, absent, or neither yet (`present` None: pending or not evaluable)."""

    finding: str
    present: bool | None
    on: date | None = None
    row: str = ""

    @property
    def name(self) -> str:
        """What the row is about."""
        return self.finding


@dataclass(frozen=True)
class Given:
    """A drug, class or regimen given from `start` to `end` (None: one day, or still going on).

    `given` False: it is recorded that it was not given.
    """

    exposure: str
    start: date | None = None
    end: date | None = None
    given: bool = True
    row: str = ""

    @property
    def name(self) -> str:
        """What the row is about."""
        return self.exposure


@dataclass(frozen=True)
class Person:
    """Who: born between two days (the same where the birthday is known); None where nothing is known."""

    id: str
    born_earliest: date | None = None
    born_latest: date | None = None
    sex: Literal["female", "male", ""] = ""


@dataclass(frozen=True)
class Facts:
    """All facts about one patient; `implied` maps a finding or drug to the wider ones that it implies."""

    person: Person
    measurements: tuple[Measurement, ...] = ()
    findings: tuple[Seen, ...] = ()
    exposures: tuple[Given, ...] = ()
    notes: tuple[str, ...] = ()
    _index: dict[str, dict[str, list[Any]]] = field(default_factory=dict, compare=False, repr=False)

    def _of(self, table: str, rows: Iterable[Row], name: str) -> list[Row]:
        if table not in self._index:
            index: dict[str, list[Row]] = defaultdict(list)
            for one in rows:
                index[one.name].append(one)
            self._index[table] = index
        return self._index[table].get(name, [])

    def measured(self, analyte: str) -> list[Measurement]:
        """Return every row of an analyte, in the order of the source."""
        return self._of("measurements", self.measurements, analyte)

    def seen(self, names: tuple[str, ...]) -> list[Seen]:
        """Return every row of some findings."""
        return [one for name in names for one in self._of("findings", self.findings, name)]

    def given(self, names: tuple[str, ...]) -> list[Given]:
        """Return every row of some drugs, classes or regimens."""
        return [one for name in names for one in self._of("exposures", self.exposures, name)]

    @property
    def days(self) -> list[date]:
        """Every day on which something was recorded, in order."""
        dated = [one.on for one in self.measurements] + [one.on for one in self.findings]
        dated += [one.end or one.start for one in self.exposures]
        return sorted({day for day in dated if day})


@dataclass(frozen=True)
class Moment:
    """The day of judgement, the baseline, and the windows (days around each; None is open).

    `dated`: facts without a day do not count (they count for the day of judgement, not for the baseline).
    """

    on: date
    baseline: date | None = None
    window: tuple[int | None, int | None] = (None, None)
    baseline_window: tuple[int | None, int | None] = (None, 0)
    dated: bool = False
