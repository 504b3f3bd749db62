"""Planting one line of HLH-2004 in an invented patient: facts that meet it, do not, or leave it open."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from openhlh.content.vocabulary_of_facts import classes_of, widened
from openhlh.patients.invent_limits import Limits, Rungs, limits
from openhlh.rules.facts import Given, Measurement, Seen
from openhlh.units import Comparator

State = Literal["met", "not_met", "untested"]
MET: State = "met"
NOT_MET: State = "not_met"
UNTESTED: State = "untested"
OPEN_WAYS = ("nothing", "pending", "not_done", "censored", "implausible", "unit_unknown")
# what can be said of the two parts of "triglycerides or fibrinogen"
EITHER: dict[State, list[tuple[State, State]]] = {
    MET: [(MET, MET), (MET, NOT_MET), (NOT_MET, MET), (MET, UNTESTED), (UNTESTED, MET)],
    NOT_MET: [(NOT_MET, NOT_MET)],
    UNTESTED: [(NOT_MET, UNTESTED), (UNTESTED, NOT_MET), (UNTESTED, UNTESTED)],
}
# what can be said of three cell lines of which two have to be low, in any order
TWO_OF_THREE: dict[State, list[tuple[State, State, State]]] = {
    MET: [(MET, MET, MET), (MET, MET, NOT_MET), (MET, MET, UNTESTED)],
    NOT_MET: [(NOT_MET, NOT_MET, NOT_MET), (NOT_MET, NOT_MET, MET), (NOT_MET, NOT_MET, UNTESTED)],
    UNTESTED: [(UNTESTED, UNTESTED, UNTESTED), (MET, UNTESTED, UNTESTED), (MET, NOT_MET, UNTESTED)],
}
# what invented laboratories call the lower limit of natural killer cell activity, and the cut-off of CD25
LOWEST_NK = (Decimal("5.00"), Decimal("12.50"))
CUTOFF = Decimal(7000)
PERCENT = 100


@dataclass
class Planting:
    """The facts of one patient, line by line; `newborn` chooses the haemoglobin limit."""

    chance: random.Random
    on: date
    limits: Limits = field(default_factory=limits)
    newborn: bool = False
    measurements: list[Measurement] = field(default_factory=list)
    findings: list[Seen] = field(default_factory=list)
    exposures: list[Given] = field(default_factory=list)

    def plant(self, line: str, state: State) -> None:
        """Add facts that make a line met, not met or untested."""
        ways: dict[str, Callable[[State], None]] = {
            "fever": self._fever,
            "splenomegaly": self._splenomegaly,
            "cytopenia": self._cytopenia,
            "triglycerides_or_fibrinogen": self._either,
            "hemophagocytosis": self._hemophagocytosis,
            "nk_activity": self._nk_activity,
            "ferritin": lambda asked: self._measured("ferritin", asked),
            "scd25": self._scd25,
        }
        ways[line](state)

    def add_course(self, *, fever_not_met: bool) -> None:
        """Add drugs that change no line: a temperature below the limit must not be hidden by them."""
        if self.chance.random() < 0.3:
            self._given("etoposide", self._day(), 0)
        if self.chance.random() < 0.3 and not fever_not_met:
            self._given("dexamethasone", self._day(), self.chance.randrange(10))

    # days and rows

    def _day(self) -> date:
        return self.on + timedelta(days=self.chance.randint(*self.limits.window))

    def _day_outside(self) -> date:
        return self.on + timedelta(days=self.limits.window[0] - self.chance.choice((1, 2, 30)))

    def _add(self, analyte: str, value: Decimal | None, unit: str | None, **more: Any) -> None:  # noqa: ANN401
        on = more.pop("on", None) or self._day()
        self.measurements.append(Measurement(analyte, value, unit, on, row="invented", **more))

    def _seen(self, finding: str, present: bool | None, on: date | None = None) -> None:
        """Add a finding; what is present also proves the wider ones."""
        names = {entry.id: entry for entry in self.limits.names.findings}
        on = on or self._day()
        for name in widened(finding, names) if present else (finding,):
            self.findings.append(Seen(name, present, on, "invented"))

    def _given(self, exposure: str, start: date, days: int) -> None:
        """Add a course of some days after its first, under its own name and that of its classes."""
        names = {entry.id: entry for entry in self.limits.names.exposures}
        for name in classes_of(exposure, names):
            self.exposures.append(Given(name, start, start + timedelta(days=days), row="invented"))

    # laboratory values

    def _rungs(self, analyte: str) -> Rungs:
        if analyte == "hemoglobin" and self.newborn:
            return self.chance.choice(self.limits.newborn)
        return self.chance.choice(self.limits.rungs[analyte])

    def _distance(self, most: int) -> int:
        """Return 0 or 1 step often: at limits engines go wrong."""
        kind = self.chance.random()
        return 0 if kind < 0.25 else 1 if kind < 0.35 else int(most * self.chance.random() ** 2)

    def _value(self, analyte: str, *, met: bool, on: date | None = None) -> None:
        """Add a value on one side of the limit, now and then known only as a bound that lies beyond it."""
        rungs = self._rungs(analyte)
        steps = rungs.away(self._distance(rungs.spread(met=met)), met=met)
        higher = (rungs.upward == 1) == met
        sign: Comparator = self.chance.choice((">", ">=") if higher else ("<", "<="))
        comparator: Comparator = sign if steps > 0 and self.chance.random() < 0.15 else ""
        self._add(analyte, rungs.value(steps), rungs.unit, comparator=comparator, on=on)

    def _measured(self, analyte: str, state: State) -> None:
        if state == MET:
            self._value(analyte, met=True)
            for _ in range(self.chance.randrange(3)):
                self._value(analyte, met=self.chance.random() < 0.5)
        elif state == NOT_MET:
            for _ in range(self.chance.randint(1, 3)):
                self._value(analyte, met=False)
            if self.chance.random() < 0.1:
                self._add(analyte, None, None, status="not_done")
        else:
            self._open(analyte)
        if self.chance.random() < 0.1:
            self._value(analyte, met=self.chance.random() < 0.5, on=self._day_outside())

    def _open(self, analyte: str) -> None:
        """Leave a line open: not measured, or measured so that nothing follows from it."""
        way = self.chance.choice(OPEN_WAYS)
        rungs = self._rungs(analyte)
        value = rungs.value(rungs.away(self._distance(rungs.spread(met=True)), met=True))
        if way == "pending":
            self._add(analyte, None, None, status="pending")
        elif way == "not_done":
            self._add(analyte, None, None, status="not_done")
        elif way == "implausible":
            self._add(analyte, -value, rungs.unit, status="implausible")
        elif way == "unit_unknown":
            self._add(analyte, value, None, status="unit_unknown")
        elif way == "censored":
            above = self.chance.random() < 0.5
            steps = rungs.away(2 + self._distance(rungs.spread(met=above)), met=(rungs.upward == 1) == above)
            self._add(analyte, rungs.value(steps), rungs.unit, comparator="<" if above else ">")
        if way not in ("nothing", "not_done") and self.chance.random() < 0.3:
            self._value(analyte, met=False)

    # the lines that are more than one value

    def _fever(self, state: State) -> None:
        if state == UNTESTED and self.chance.random() < 0.4:  # no fever was seen, but a steroid may hide it
            self._value("temperature", met=False, on=self.on)
            self._given("dexamethasone", self.on - timedelta(days=3), self.chance.choice((2, 3, 5)))
            return
        if state == UNTESTED:
            self._open("temperature")
        elif self.chance.random() < 0.25:
            self._seen("fever", state == MET)
        else:
            self._measured("temperature", state)

    def _splenomegaly(self, state: State) -> None:
        if state != UNTESTED:
            self._seen("splenomegaly", state == MET)
        elif self.chance.random() < 0.2:
            self._given("splenectomy", self.on - timedelta(days=400), 0)
            self._seen("splenomegaly", present=False)
        elif self.chance.random() < 0.2:
            self._seen("splenomegaly", present=None)
        elif self.chance.random() < 0.2:
            self._seen("splenomegaly", present=True, on=self._day_outside())

    def _cytopenia(self, state: State) -> None:
        states = list(self.chance.choice(TWO_OF_THREE[state]))
        self.chance.shuffle(states)
        for analyte, one in zip(("hemoglobin", "platelets"), states, strict=False):
            self._measured(analyte, one)
        if states[2] != UNTESTED and self.chance.random() < 0.4:
            self._neutrophils_by_percent(met=states[2] == MET)
        else:
            self._measured("neutrophils", states[2])

    def _neutrophils_by_percent(self, *, met: bool) -> None:
        """Add leukocytes and the percentage of neutrophils among them, whose product lies on one side."""
        rungs = self.limits.rungs["neutrophils"][0]  # in the canonical unit
        steps = rungs.away(self._distance(rungs.spread(met=met)), met=met)
        percent = self.chance.choice((10, 25, 50, 80))
        on = self._day()
        leukocytes = rungs.value(steps) * PERCENT / percent
        self._add("leukocytes", leukocytes, rungs.unit, on=on)
        self._add("neutrophil_percent", Decimal(percent), "%", on=on)

    def _either(self, state: State) -> None:
        for analyte, one in zip(
            ("triglycerides", "fibrinogen"), self.chance.choice(EITHER[state]), strict=True
        ):
            self._measured(analyte, one)

    def _hemophagocytosis(self, state: State) -> None:
        if state == MET:
            self._seen(self.chance.choice(("hemophagocytosis", "hemophagocytosis_marrow")), present=True)
        elif state == NOT_MET:
            self._seen("hemophagocytosis", present=False)
        elif self.chance.random() < 0.3:
            self._seen("hemophagocytosis", present=None)

    def _nk_activity(self, state: State) -> None:
        """Add natural killer cell activity with its laboratory's limit, or the laboratory's word for it."""
        low = self.chance.choice(LOWEST_NK)
        step = Decimal("0.01") * self._distance(300)
        if state == UNTESTED:
            way = self.chance.choice(("nothing", "pending", "no_limit"))
            if way == "pending":
                self._add("nk_activity", None, None, status="pending")
            elif way == "no_limit":
                self._add("nk_activity", low, "%")
        elif self.chance.random() < 0.3:
            self._seen("nk_activity_low", state == MET)
        elif self.chance.random() < 0.3:
            self._add("nk_activity", None, None, flag="L" if state == MET else "N")
        else:
            value = low - Decimal("0.01") - step if state == MET else low + step
            self._add("nk_activity", value, "%", low=low)

    def _scd25(self, state: State) -> None:
        """Add soluble CD25; mass units count only against the cut-off of their own laboratory."""
        kind = self.chance.random()
        if state == UNTESTED and kind < 0.2:
            self._add("scd25", CUTOFF * self.chance.randint(1, 9), "pg/mL")
        elif state == UNTESTED and kind < 0.4:
            self._value("scd25", met=self.chance.random() < 0.5, on=self.on)
            self._given("basiliximab", self.on - timedelta(days=20), 0)
        elif state != UNTESTED and kind < 0.2:
            value = CUTOFF + 1 + self._distance(9000) if state == MET else CUTOFF - self._distance(5000)
            self._add("scd25", value, "pg/mL", cutoff=CUTOFF)
        else:
            self._measured("scd25", state)
