"""Random bound rules with patients that lie on their edges: at a limit, one step below, one above, and worse.

Deterministic: the same seed gives the same vectors. Every rule carries its own id, so that each line of it can
be compared. `vectors(seed, count)` yields (rule, facts, moment); PATIENTS_PER_RULE patients share one rule.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from random import Random
from typing import Any

from openhlh.rules import tree
from openhlh.rules.facts import Facts, Given, Measurement, Moment, Person, Seen
from openhlh.units import Analyte, Quantity, Scale, quantity

PATIENTS_PER_RULE = 8


def _analyte(
    key: str, scales: dict[str, str | tuple[str, int]], incomparable: tuple[str, ...] = ()
) -> Analyte:
    known = {
        unit: Scale(Fraction(one)) if isinstance(one, str) else Scale(Fraction(one[0]), Fraction(one[1]))
        for unit, one in scales.items()
    }
    return Analyte(key, key, next(iter(scales)), known, incomparable, Fraction(0), Fraction(10**9))


ANALYTES = {
    one.id: one
    for one in (
        _analyte("ferritin", {"ug/L": "1", "ng/mL": "1", "pmol/L": "0.445"}),
        _analyte("triglycerides", {"mmol/L": "1", "mg/dL": "100/8857"}),
        _analyte("temperature", {"Cel": "1", "[degF]": ("5/9", 32)}),
        _analyte("platelets", {"10*9/L": "1", "/uL": "0.001"}),
        _analyte("scd25", {"U/mL": "1", "U/L": "0.001"}, ("pg/mL",)),
        _analyte("leukocytes", {"10*9/L": "1", "/uL": "0.001"}),
        _analyte("neutrophil_percent", {"%": "1"}),
        _analyte("neutrophils", {"10*9/L": "1", "/uL": "0.001"}),
        _analyte("ast", {"U/L": "1", "ukat/L": "60"}),
    )
}
LIMITS = {
    "ferritin": ["500 ug/L", "10000 ng/mL", "684 pmol/L", "2000 ug/L"],
    "triglycerides": ["3.0 mmol/L", "1.5 mmol/L", "265 mg/dL"],
    "temperature": ["38.5 Cel", "101.3 [degF]", "38.2 Cel"],
    "platelets": ["100 10*9/L", "181 10*9/L", "20000 /uL"],
    "scd25": ["2400 U/mL", "5000 U/mL"],
    "neutrophils": ["1.0 10*9/L", "500 /uL", "0.3 10*9/L"],
    "ast": ["30 U/L", "0.5 ukat/L", "1 ULN", "3 ULN", "1.5 ULN", "1 LLN", "0.9 LLN"],
}
FINDINGS = ("fever", "splenomegaly", "hemophagocytosis", "nk_activity_low", "hlh_variant")
EXPOSURES = ("etoposide", "dexamethasone", "transfusion_platelets")
SIGNS = ("at_least", "above", "at_most", "below")
WINDOWS = ((None, None), (-7, 0), (-14, 2), (-30, None), (None, 0))
DAYS = (date(2024, 2, 29), date(2023, 3, 1), date(2024, 12, 31), date(2025, 7, 15))


def vectors(seed: int, count: int) -> Iterator[tuple[tree.Rule, Facts, Moment]]:
    """Yield `count` triples of a bound rule, a patient's facts and a moment."""
    dice = Random(seed)  # noqa: S311 - test data, not secrets
    made = 0
    while made < count:
        rule = _Rules(dice).rule(dice.choice((0, 1, 1, 2, 2, 3)))
        windows = dice.choice(WINDOWS), dice.choice(WINDOWS)
        for _ in range(min(PATIENTS_PER_RULE, count - made)):
            on = dice.choice(DAYS)
            baseline = on - timedelta(days=dice.choice((0, 7, 20, 45))) if dice.random() < 0.8 else None
            made += 1
            moment = Moment(on, baseline, *windows)
            yield rule, _Patient(dice, moment).facts(f"p{made:06d}", rule), moment


class _Rules:
    """Makes random rules; each has an id of its own."""

    def __init__(self, dice: Random) -> None:
        self.dice, self.made = dice, 0

    def rule(self, depth: int) -> tree.Rule:
        return tree.RULE.validate_python(self._node(depth))

    def _id(self) -> str:
        self.made += 1
        return f"line_{self.made}"

    def _node(self, depth: int) -> dict[str, Any]:
        if depth == 0:
            return self._leaf()
        kinds = ("all", "any", "not", "of", "score", "applies_if", "alternative", "normalised", "at_baseline")
        kind = self.dice.choices(kinds, (5, 5, 2, 6, 3, 8, 2, 4, 2))[0]
        node: dict[str, Any] = {"id": self._id()}
        if kind in ("all", "any", "of"):
            inside = self._deeper if self.dice.random() < 0.75 else self._conditional
            node[kind] = [
                inside(depth) for _ in range(self.dice.randint(1, 4 if inside == self._deeper else 2))
            ]
            if kind == "of":
                node["at_least"] = self.dice.randint(1, len(node["of"]))
        elif kind == "score":
            node["score"] = [self._item(depth) for _ in range(self.dice.randint(1, 3))]
            node["at_least"] = self.dice.randint(1, 8)
        elif kind == "applies_if":
            node |= self._conditional(depth)
        elif kind == "alternative":
            node |= {"alternative": self._route(), "beside": self._deeper(depth)}
        else:
            inside = self._deeper if self.dice.random() < 0.6 else self._conditional
            node[kind] = inside(depth)
            while "'change'" in str(node[kind]):  # a change has no meaning on the day of the baseline
                node[kind] = inside(depth)
        return node

    def _deeper(self, depth: int) -> dict[str, Any]:
        return self._node(self.dice.randint(0, depth - 1))

    def _conditional(self, depth: int) -> dict[str, Any]:
        return {"id": self._id(), "applies_if": self._deeper(depth), "then": self._deeper(depth)}

    def _item(self, depth: int) -> dict[str, Any]:
        steps = [
            {"points": self.dice.randint(1, 5), "when": self._deeper(depth)}
            for _ in range(self.dice.randint(1, 3))
        ]
        return {"id": self._id(), "steps": steps}

    def _route(self) -> dict[str, Any]:
        lines = [self.dice.choice((self._measure, self._finding))() for _ in range(self.dice.randint(1, 2))]
        return lines[0] if len(lines) == 1 else {"id": self._id(), "any": lines}

    def _leaf(self) -> dict[str, Any]:
        kinds = (self._measure, self._finding, self._exposure, self._age, self._change)
        return self.dice.choices(kinds, (8, 3, 2, 2, 3))[0]()

    def _window(self) -> dict[str, Any]:
        if self.dice.random() < 0.6:
            return {}
        ends = zip(("from", "to"), self.dice.choice(WINDOWS), strict=True)
        return {"window": {key: end for key, end in ends if end is not None}}

    def _confounded(self) -> dict[str, Any]:
        if self.dice.random() < 0.75:
            return {}
        by = [
            {
                "exposure": name,
                "days": self.dice.choice((0, 3)),
                "hides": self.dice.choice(("met", "not_met", "both")),
            }
            for name in self.dice.sample(EXPOSURES, self.dice.choice((1, 1, 2)))
        ]
        return {"confounded_by": by}

    def _measure(self) -> dict[str, Any]:
        dice, analyte = self.dice, self.dice.choice(tuple(LIMITS))
        node = {"id": self._id(), "measure": analyte, dice.choice(SIGNS): dice.choice(LIMITS[analyte])}
        node |= self._window() | self._confounded()
        node["pick"] = dice.choice(("worst", "worst", "first", "latest", "nearest"))
        if node["pick"] != "worst" and dice.random() < 0.4:
            node["valid_for"] = dice.choice((0, 7, 14))
        if analyte == "triglycerides" and "3.0 mmol/L" in node.values():
            node["printed_also"] = ["265 mg/dL"]
        if analyte == "scd25":
            node["laboratory_cutoff"] = dice.choice(("yes", "no"))
        if analyte == "neutrophils" and node["pick"] == "worst":  # other picks: see tests/test_rules_cql.py
            node["or_derived"] = {"product": ["leukocytes", "neutrophil_percent"], "times": "0.01"}
        if dice.random() < 0.25:
            node["or_finding"] = dice.choice(FINDINGS)
        return node

    def _finding(self) -> dict[str, Any]:
        names = self.dice.sample(FINDINGS, self.dice.choice((1, 1, 2)))
        node = {"id": self._id(), "finding": names[0] if len(names) == 1 else names}
        return node | self._window() | self._confounded()

    def _exposure(self) -> dict[str, Any]:
        node: dict[str, Any] = {"id": self._id(), "exposure": self.dice.choice(EXPOSURES)} | self._window()
        if self.dice.random() < 0.4:
            node["started_at_least"] = self.dice.choice((0, 7, 14))
        if self.dice.random() < 0.4:
            node["lasted_at_least"] = self.dice.choice((1, 3, 7))
        return node

    def _age(self) -> dict[str, Any]:
        limit = self.dice.choice(("18 a", "2 a", "6 mo", "12 wk", "28 d"))
        return {"id": self._id(), "age": {self.dice.choice(SIGNS): limit}}

    def _change(self) -> dict[str, Any]:
        dice, analyte = self.dice, self.dice.choice(tuple(LIMITS))
        factor = dice.choice(("0.75", "1.25", "2/3", "0.5", "2", "1"))
        node = {"id": self._id(), "change": analyte, f"{dice.choice(SIGNS)}_times": factor}
        for band in ("baseline", "and_value"):
            if dice.random() < 0.4:
                limit = dice.choice([one for one in LIMITS[analyte] if not quantity(one).is_laboratory_limit])
                node[band] = {dice.choice(SIGNS): limit}
        if dice.random() < 0.2:
            node["baseline_window"] = {"from": -3, "to": 3}
        return node | self._window() | self._confounded()


class _Patient:
    """Makes the facts of one patient around the edges of a rule."""

    def __init__(self, dice: Random, moment: Moment) -> None:
        self.dice, self.moment = dice, moment
        self.measurements: list[Measurement] = []
        self.findings: list[Seen] = []
        self.exposures: list[Given] = []
        self.born: tuple[date | None, date | None] = (date(1990, 1, 1), date(1990, 1, 1))

    def facts(self, key: str, rule: tree.Rule) -> Facts:
        for line in _every_rule(rule):
            self._look_at(line)
        tables = (self.measurements, self.findings, self.exposures)
        for table in tables:
            self.dice.shuffle(table)
        numbered = [tuple(replace(row, row=str(at)) for at, row in enumerate(table)) for table in tables]
        return Facts(Person(key, *self.born), *numbered)

    def _look_at(self, line: tree.Rule) -> None:
        match line:
            case tree.Measure():
                for _ in range(self.dice.choice((0, 1, 1, 1, 2, 3))):
                    self._measured(line)
                self._seen(tree.names_of(line.or_finding or ()), 0.3)
            case tree.Change():
                self._changed(line)
            case tree.Normalised():
                self._normalised(line)
            case tree.Finding():
                self._seen(tree.names_of(line.finding), 0.8)
            case tree.Exposure():
                self._given(tree.names_of(line.exposure), 0.8)
            case tree.Age():
                self.born = self._birthdays(line)
        for one in getattr(line, "confounded_by", ()):
            self._given(tree.names_of(one.exposure), 0.5)

    def _day(self) -> date | None:
        around = self.moment.on
        if self.moment.baseline and self.dice.random() < 0.4:
            around = self.moment.baseline
        if self.dice.random() < 0.06:
            return None
        return around + timedelta(
            days=self.dice.choice((0, 0, 0, -1, 1, -3, 2, 3, -7, -8, -14, -15, -31, 40))
        )

    def _at_edge(self, number: Fraction) -> Decimal:
        """Return a number, or what lies one step beside it; cut where it does not end."""
        cut = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(
            Decimal("0.0001"), ROUND_FLOOR
        )
        step = self.dice.choice((Decimal("0.0001"), Decimal("0.1"), Decimal(1)))
        return max(cut + self.dice.choice((-1, 0, 0, 1)) * step, Decimal(0)).normalize()

    def _disturbed(self, row: Measurement) -> Measurement:
        """Return the row, now and then censored, pending, without unit or implausible."""
        chance = self.dice.random()
        if chance < 0.15:
            return replace(row, comparator=self.dice.choice(("<", "<=", ">", ">=")))
        if chance < 0.19:
            return replace(row, value=None, unit=None, status="pending")
        if chance < 0.23:
            return replace(row, value=None, unit=None, status="not_done")
        if chance < 0.26:
            return replace(row, status="implausible")
        if chance < 0.29:
            return replace(row, unit=None, status="unit_unknown")
        if chance < 0.31:
            return replace(row, value=None)
        return row

    def _measured(self, line: tree.Measure) -> None:
        limit, analyte, day = quantity(str(line.limit)), ANALYTES[line.measure], self._day()
        if limit.is_laboratory_limit:
            self.measurements.append(self._disturbed(self._with_normal(line.measure, limit, day)))
            return
        if line.or_derived and self.dice.random() < 0.6:
            self._product(analyte.in_unit(limit, analyte.unit) or Fraction(0), day)
            return
        if analyte.incomparable and self.dice.random() < 0.4:
            cutoff = self.dice.choice((Decimal(900), None))
            value = self._at_edge(Fraction(900))
            row = Measurement(analyte.id, value, analyte.incomparable[0], day, cutoff=cutoff)
        else:
            unit = self.dice.choice(tuple(analyte.scales))
            number = analyte.in_unit(self.dice.choice((limit, *map(quantity, line.printed_also))), unit)
            row = Measurement(analyte.id, self._at_edge(number or Fraction(0)), unit, day)
        self.measurements.append(self._disturbed(row))

    def _with_normal(self, analyte: str, limit: Quantity, day: date | None) -> Measurement:
        bound = self.dice.choice((Decimal(40), Decimal("40.1"), Decimal("12.7")))
        known = self.dice.random() < 0.7
        return Measurement(
            analyte,
            self._at_edge(limit.number * Fraction(bound)),
            self.dice.choice(("U/L", "ukat/L")),
            day,
            low=bound if known else None,
            high=bound if known else None,
            flag=self.dice.choice(("", "L", "N", "H")),
        )

    def _product(self, wanted: Fraction, day: date | None) -> None:
        percent = self.dice.choice((Decimal(40), Decimal(25), Decimal("12.5"), Decimal(60)))
        value = self._at_edge(wanted * 100 / Fraction(percent))
        unit, value = self.dice.choice((("10*9/L", value), ("/uL", value * 1000)))
        other = day if self.dice.random() < 0.8 else self._day()
        self.measurements.append(self._disturbed(Measurement("leukocytes", value, unit, day)))
        self.measurements.append(self._disturbed(Measurement("neutrophil_percent", percent, "%", other)))

    def _changed(self, line: tree.Change) -> None:
        analyte = ANALYTES[line.change]
        bands = [getattr(band, key) for band in (line.baseline, line.and_value) if band for key in tree.SIGNS]
        limits = [number for one in bands if one and (number := analyte.in_unit(quantity(one), analyte.unit))]
        before = Fraction(
            self._at_edge(self.dice.choice([*limits, Fraction(12), Fraction(100), Fraction(3, 10)]))
        )
        now = before * Fraction(line.sign_and_factor[1])
        if limits and self.dice.random() < 0.3:
            now = self.dice.choice(limits)
        days = [self.moment.baseline or self.moment.on, self.moment.on]
        units = (*analyte.scales, *analyte.incomparable)
        for number, day in zip((before, now), days, strict=True):
            for _ in range(self.dice.choice((0, 1, 1, 1, 1, 2))):
                unit = self.dice.choice(units)
                at = analyte.in_unit(Quantity(number, analyte.unit), unit)
                shift = timedelta(days=self.dice.choice((0, 0, 0, -1, 1, -7, -8, 3)))
                at_day = self._day() if self.dice.random() < 0.15 else day + shift
                self.measurements.append(
                    self._disturbed(
                        Measurement(analyte.id, self._at_edge(number if at is None else at), unit, at_day)
                    )
                )

    def _normalised(self, line: tree.Normalised) -> None:
        """Now and then, each line inside is not met on the day of the baseline and met on that of judgement."""
        days = (self.moment.baseline, self.moment.on)
        if days[0] is None or self.dice.random() < 0.4:
            return
        for inside in _every_rule(line):
            if isinstance(inside, tree.Finding):
                for day, present in zip(days, (False, True), strict=True):
                    self.findings += [Seen(name, present, day) for name in tree.names_of(inside.finding)]
            if (
                isinstance(inside, tree.Measure)
                and not (limit := quantity(str(inside.limit))).is_laboratory_limit
            ):
                good = 1 if inside.sign in (">", ">=") else -1
                for day, side in zip(days, (-good, good), strict=True):
                    value = max(limit.number + Fraction(side, 5), Fraction(0))
                    row = Measurement(
                        inside.measure, Decimal(float(value)).quantize(Decimal("0.1")), limit.unit, day
                    )
                    self.measurements.append(row)

    def _seen(self, names: tuple[str, ...], chance: float) -> None:
        for name in names:
            while self.dice.random() < chance:
                self.findings.append(Seen(name, self.dice.choice((True, False, False, None)), self._day()))
                chance /= 2

    def _given(self, names: tuple[str, ...], chance: float) -> None:
        for name in names:
            while self.dice.random() < chance:
                start = self._day()
                lasted = self.dice.choice((None, 0, 2, 6, 7, 20))
                end = start + timedelta(days=lasted) if start and lasted is not None else None
                self.exposures.append(Given(name, start, end, self.dice.random() < 0.85))
                chance /= 2

    def _birthdays(self, line: tree.Age) -> tuple[date | None, date | None]:
        if self.dice.random() < 0.1:
            return None, None
        number, unit = line.age.sign_and_limit[1].split()
        on = self.dice.choice((self.moment.on, self.moment.baseline or self.moment.on))
        born = _before(on, int(number) + self.dice.choice((0, 0, 1)), unit)
        born += timedelta(days=self.dice.choice((-1, 0, 0, 1, 400)))
        born = min(born, self.moment.baseline or self.moment.on)
        return born - timedelta(days=self.dice.choice((0, 0, 1, 200))), born


def _before(on: date, number: int, unit: str) -> date:
    if unit in ("d", "wk"):
        return on - timedelta(days=number * (7 if unit == "wk" else 1))
    months = on.year * 12 + on.month - 1 - number * (12 if unit == "a" else 1)
    return date(months // 12, months % 12 + 1, min(on.day, 28))


def _every_rule(rule: tree.Rule) -> list[tree.Rule]:
    return [rule, *(one for inside in tree.inside(rule) for one in _every_rule(inside))]
