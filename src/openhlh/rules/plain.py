"""The plain engine: one patient, every line with the fact that decided it. Kept short to be obviously right.

Rules come bound (no parameters, no references: see `rules.binding`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from openhlh.rules import tree
from openhlh.rules.changing import judge_change
from openhlh.rules.combining import Outcome, combined
from openhlh.rules.facts import Facts, Given, Measurement, Moment, Seen
from openhlh.rules.reading import LimitToHold, age_holds, age_range, says
from openhlh.rules.verdicts import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    Reason,
    Ruling,
    Verdict,
    loudest,
    unknown,
)
from openhlh.units import Analyte, quantity

Fact = Measurement | Seen | Given


@dataclass(frozen=True)
class Judged:
    """One line judged: its ruling, bounds where it counts, the fact that decided, and the lines inside."""

    rule: tree.Rule | tree.ScoreItem
    ruling: Ruling
    fact: Fact | None = None
    lower: int | None = None
    upper: int | None = None
    inside: tuple[Judged, ...] = ()
    baseline: Measurement | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict alone."""
        return self.ruling.verdict

    @property
    def is_line(self) -> bool:
        """Whether it is a line of its own: it looks at facts, or at the baseline beside today."""
        return isinstance(self.rule, tree.Normalised | tree.AtBaseline) or not self.inside


@dataclass(frozen=True)
class Plain:
    """Judges rules about one patient's facts at one moment."""

    analytes: Mapping[str, Analyte]
    facts: Facts
    moment: Moment

    def judge(self, rule: tree.Rule) -> Judged:
        """Return a rule judged, with everything inside it."""
        match rule:
            case tree.Measure():
                return self._measure(rule)
            case tree.Finding():
                return self._finding(rule)
            case tree.Exposure():
                return self._exposure(rule)
            case tree.Age():
                return Judged(rule, self._age(rule))
            case tree.Change():
                return self._change(rule)
            case tree.Normalised():
                return self._normalised(rule)
            case tree.AtBaseline():
                if self.moment.baseline is None:
                    return Judged(rule, unknown(Reason.NO_BASELINE))
                child = self._then().judge(rule.at_baseline)
                return Judged(rule, child.ruling, child.fact, inside=(child,))
            case tree.Score():
                return _combined(rule, tuple(self._item(item) for item in rule.score))
        return _combined(rule, tuple(self.judge(child) for child in tree.inside(rule)))

    def _then(self) -> Plain:
        """Return the same patient on the day of the baseline."""
        on, window = self.moment.baseline or self.moment.on, self.moment.baseline_window
        return replace(self, moment=Moment(on, on, window, window, dated=True))

    def _inside(self, day: date | None, window: tree.Window | None) -> bool:
        start, end = (window.start, window.end) if window else self.moment.window
        if day is None:
            return not self.moment.dated
        distance = (day - self.moment.on).days
        return (start is None or distance >= start) and (end is None or distance <= end)

    def _measure(self, rule: tree.Measure) -> Judged:
        analyte = self.analytes[rule.measure]
        printed = tuple(quantity(str(one)) for one in (rule.limit, *rule.printed_also))
        limit = LimitToHold(rule.sign, printed, rule.laboratory_cutoff)
        rows = self.facts.measured(rule.measure)
        ways = [self._pick(rule, [(row, says(row, analyte, limit)) for row in rows], analyte)]
        if rule.or_derived:
            measured_on = {row.on for row in rows if row.value is not None}
            derived = [row for row in self._derived(rule.or_derived, analyte) if row.on not in measured_on]
            ways.append(self._pick(rule, [(row, says(row, analyte, limit)) for row in derived], analyte))
        if rule.or_finding:
            ways.append(self._picked_finding(tree.names_of(rule.or_finding), rule))
        fact, ruling = max(ways, key=lambda way: way[1].rank)
        return Judged(rule, ruling, fact)

    def _derived(self, recipe: tree.Derived, analyte: Analyte) -> list[Measurement]:
        """Return the products of two analytes of the same day, in the canonical unit."""
        first, second = (self.facts.measured(name) for name in recipe.product)
        made = []
        for one in first:
            for other in second:
                if one.on != other.on or one.comparator or other.comparator:
                    continue
                numbers = [_canonical(row, self.analytes[row.analyte]) for row in (one, other)]
                if None not in numbers:
                    product = numbers[0] * numbers[1] * Fraction(recipe.times)  # type: ignore[operator]
                    made.append(
                        replace(
                            one,
                            analyte=analyte.id,
                            value=product,
                            unit=analyte.unit,
                            low=None,
                            high=None,
                            flag="",
                        )
                    )
        return made

    def _pick(
        self, rule: tree.Measure, rows: list[tuple[Measurement, Ruling]], analyte: Analyte
    ) -> tuple[Fact | None, Ruling]:
        """Return the fact that decides among the rows in the window, and what it says."""
        rows = [(row, ruling) for row, ruling in rows if ruling.reason is not Reason.NOT_MEASURED]
        seen = [
            (row, self._unless_confounded(row.on, ruling, rule))
            for row, ruling in rows
            if self._inside(row.on, rule.window)
        ]
        if not seen:
            return None, unknown(Reason.OUT_OF_WINDOW if rows else Reason.NOT_MEASURED)
        if rule.pick != "worst":
            seen = _of_one_day(seen, rule.pick, self.moment.on)
            if rule.valid_for is not None and seen[0][0].on is not None:
                age = abs((self.moment.on - seen[0][0].on).days)
                if age > rule.valid_for:
                    return seen[0][0], unknown(Reason.OUT_OF_WINDOW)
            if {MET, NOT_MET} <= {ruling for _, ruling in seen}:
                return seen[0][0], unknown(Reason.CONFLICTING)
        ruling = loudest(ruling for _, ruling in seen)
        deciding = [row for row, one in seen if one == ruling]
        return _most_extreme(deciding, rule.sign, analyte), ruling

    def _unless_confounded(
        self, day: date | None, ruling: Ruling, rule: tree.Measure | tree.Finding
    ) -> Ruling:
        for one in rule.confounded_by:
            hidden = one.hides in (ruling.verdict, "both") and ruling.verdict is not Verdict.UNKNOWN
            if hidden and self._covered(day, one):
                return unknown(Reason.CONFOUNDED)
        return ruling

    def _covered(self, day: date | None, by: tree.Confounder) -> bool:
        """Say whether a day lies within a course of the drug, or up to `days` after it."""
        doses = [one for one in self.facts.given(tree.names_of(by.exposure)) if one.given]
        if not doses:
            return False
        if day is None or any(one.start is None for one in doses):
            return True
        return any(
            one.start <= day <= (one.end or one.start) + timedelta(days=by.days)  # type: ignore[operator]
            for one in doses
        )

    def _finding(self, rule: tree.Finding) -> Judged:
        fact, ruling = self._picked_finding(tree.names_of(rule.finding), rule)
        return Judged(rule, ruling, fact)

    def _picked_finding(
        self, names: tuple[str, ...], rule: tree.Finding | tree.Measure
    ) -> tuple[Fact | None, Ruling]:
        rows = self.facts.seen(names)
        inside = [
            (row, self._unless_confounded(row.on, _says_finding(row), rule))
            for row in rows
            if self._inside(row.on, rule.window)
        ]
        if not inside:
            return None, unknown(Reason.OUT_OF_WINDOW if rows else Reason.NOT_MEASURED)
        ruling = loudest(ruling for _, ruling in inside)
        return next(row for row, one in inside if one == ruling), ruling

    def _exposure(self, rule: tree.Exposure) -> Judged:
        rows = self.facts.given(tree.names_of(rule.exposure))
        inside = [(row, self._says_exposure(row, rule)) for row in rows if self._overlaps(row, rule.window)]
        if not inside:
            return Judged(rule, unknown(Reason.OUT_OF_WINDOW if rows else Reason.NOT_MEASURED))
        ruling = loudest(ruling for _, ruling in inside)
        return Judged(rule, ruling, next(row for row, one in inside if one == ruling))

    def _overlaps(self, row: Given, window: tree.Window | None) -> bool:
        start, end = (window.start, window.end) if window else self.moment.window
        if row.start is None:
            return not self.moment.dated
        first, last = (((day - self.moment.on).days) for day in (row.start, row.end or row.start))
        return (start is None or last >= start) and (end is None or first <= end)

    def _says_exposure(self, row: Given, rule: tree.Exposure) -> Ruling:
        if not row.given:
            return NOT_MET
        if rule.started_at_least is None and rule.lasted_at_least is None:
            return MET
        if row.start is None:
            return unknown(Reason.OUT_OF_WINDOW)
        since = (self.moment.on - row.start).days
        lasted = (min(row.end or row.start, self.moment.on) - row.start).days + 1
        enough = since >= (rule.started_at_least or 0) and lasted >= (rule.lasted_at_least or 0)
        return MET if enough else NOT_MET

    def _age(self, rule: tree.Age) -> Ruling:
        person = self.facts.person
        if person.born_earliest is None or person.born_latest is None:
            return unknown(Reason.NOT_MEASURED)
        sign, text = rule.age.sign_and_limit
        limit, unit = text.split()
        ends = {
            age_holds(sign, age_range(born, self.moment.on, unit), int(limit))
            for born in (person.born_earliest, person.born_latest)
        }
        return unknown(Reason.AGE_UNCLEAR) if len(ends) == 2 else MET if ends == {True} else NOT_MET

    def _change(self, rule: tree.Change) -> Judged:
        def hidden(day: date | None) -> bool:
            return any(self._covered(day, one) for one in rule.confounded_by)

        ruling, before, now = judge_change(rule, self.analytes[rule.change], self.facts, self.moment, hidden)
        return Judged(rule, ruling, now, baseline=before)

    def _normalised(self, rule: tree.Normalised) -> Judged:
        before, now = self._then().judge(rule.normalised), self.judge(rule.normalised)
        ruling = now.ruling
        if self.moment.baseline is None:
            ruling = unknown(Reason.NO_BASELINE)
        elif before.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE):
            ruling = NOT_APPLICABLE
        elif before.verdict is Verdict.UNKNOWN:  # it might have been normal: then the line does not apply
            ruling = before.ruling
        return Judged(rule, ruling, now.fact, inside=(before, now))

    def _item(self, item: tree.ScoreItem) -> Judged:
        steps = tuple(self.judge(step.when) for step in item.steps)
        fact = next((one.fact for one in reversed(steps) if one.fact), None)
        return _combined(item, steps, fact)


def _combined(
    rule: tree.Rule | tree.ScoreItem, inside: tuple[Judged, ...], fact: Fact | None = None
) -> Judged:
    outcome = combined(rule, [Outcome(one.ruling, one.lower, one.upper) for one in inside])
    return Judged(rule, outcome.ruling, fact, outcome.lower, outcome.upper, inside)


def _says_finding(row: Seen) -> Ruling:
    return unknown(Reason.PENDING) if row.present is None else MET if row.present else NOT_MET


def _canonical(row: Measurement, analyte: Analyte) -> Fraction | None:
    if row.status != "measured" or row.value is None or row.unit is None:
        return None
    return analyte.canonical(Fraction(row.value), row.unit)


def _of_one_day(
    seen: list[tuple[Measurement, Ruling]], pick: str, on: date
) -> list[tuple[Measurement, Ruling]]:
    """Return the rows of the first, the latest or the nearest day (the earlier of two equally near)."""

    def place(row: Measurement) -> tuple[int, int]:
        distance = (row.on - on).days if row.on else 0
        return {"first": (distance, 0), "latest": (-distance, 0)}.get(pick, (abs(distance), distance))

    nearest = min(place(row) for row, _ in seen)
    return [(row, ruling) for row, ruling in seen if place(row) == nearest]


def _most_extreme(rows: list[Measurement], sign: str, analyte: Analyte) -> Measurement:
    """Return the row that lies farthest on the limit's side; the earliest of equals."""
    direction = 1 if sign in (">", ">=") else -1

    def place(row: Measurement) -> tuple[Fraction, int]:
        number = _canonical(row, analyte)
        value = Fraction(-(10**12)) if number is None else direction * number
        return value, -(row.on.toordinal() if row.on else 0)

    return max(rows, key=place)
