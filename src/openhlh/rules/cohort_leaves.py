"""The lines of a rule as aggregates: one pass over each fact table, one integer per line and subject.

The integer is `rank * 100000 + (99999 - day)`: its maximum is the loudest verdict (see `verdicts.loudest`)
and, among equals, the earliest day on which it was given. Lines that pick one day carry the nearness of
that day in front instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

import ibis
from ibis import ir

from openhlh.rules import tree
from openhlh.rules.cohort_rows import MET, NOT_MET, NOTHING, RANK, measure_rank, reported_units, unit_is
from openhlh.rules.reading import LimitToHold
from openhlh.rules.tables import EPOCH, Column, Tables, days_between, in_window, one_of
from openhlh.rules.verdicts import Reason
from openhlh.units import Analyte, quantity

DAYS = 100_000
NEVER = DAYS - 1
OUT_OF_WINDOW = RANK[Reason.OUT_OF_WINDOW]
Window = tuple[int | None, int | None]


class Way(Enum):
    """A way in which a line can be known; its value ends the name of its columns."""

    OWN = ""
    DERIVED = "d"
    FINDING = "f"
    OWN_UNDER_DRUGS = "h"
    FINDING_UNDER_DRUGS = "g"


@dataclass(frozen=True)
class Leaf:
    """A line that looks at facts, in one phase: `anchor` is the column `on` or `baseline` of its day."""

    name: str
    rule: tree.Rule
    anchor: str
    window: Window
    way: Way = Way.OWN

    @property
    def is_seen(self) -> bool:
        """Whether findings make it known, and not measurements."""
        by_finding = self.way in (Way.FINDING, Way.FINDING_UNDER_DRUGS)
        return by_finding or isinstance(self.rule, tree.Finding)

    @property
    def under_drugs(self) -> bool:
        """Whether only rows under a drug make it known."""
        return self.way in (Way.OWN_UNDER_DRUGS, Way.FINDING_UNDER_DRUGS)

    def within(self, own: tree.Window | None) -> Window:
        """Return the window of the line, or that of the page."""
        return (own.start, own.end) if own else self.window


def day_number(day: Column) -> Column:
    """Return days since 1900 between 0 and 99999; 0 for a row without a day."""
    return ibis.least(ibis.greatest(days_between(day, EPOCH).fill_null(0), 0), NEVER)


def key(rank: Column, day: Column) -> Column:
    """Return rank (or another number) and day as one integer."""
    return rank.cast("int64") * DAYS + (NEVER - day_number(day))


def number_in(keys: Column) -> Column:
    """Return the rank, or the other number, that stands in front of such integers."""
    return ((keys - keys % DAYS) / DAYS).round().cast("int64")


def day_in(keys: Column) -> Column:
    """Return the day that stands at the end of such integers, as `day_number` counts it."""
    return NEVER - keys % DAYS


def limit_of(rule: tree.Measure) -> LimitToHold:
    """Return the limit of a line, ready to be held against values."""
    printed = tuple(quantity(str(one)) for one in (rule.limit, *rule.printed_also))
    return LimitToHold(rule.sign, printed, rule.laboratory_cutoff)


def ranked(t: ir.Table, leaf: Leaf, tables: Tables, analyte: Analyte | None) -> tuple[Column, Column]:
    """Return, for a fact table, which of its rows a leaf is about and the rank of each."""
    rule = leaf.rule
    if isinstance(rule, tree.Measure) and analyte is not None:
        mine = one_of(t.code, tables.codes.analytes.get(rule.measure, ()))
        return mine, measure_rank(t, analyte, limit_of(rule), tables)
    names = tree.names_of(rule.finding if isinstance(rule, tree.Finding) else rule.or_finding or ())  # type: ignore[attr-defined]
    mine = one_of(t.code, tuple(code for name in names for code in tables.codes.findings.get(name, ())))
    seen = ibis.cases((t.present, MET), (~t.present, NOT_MET), else_=RANK[Reason.PENDING])
    return mine, seen


def worst(t: ir.Table, leaf: Leaf, mine: Column, rank: Column, *, raw: bool = False) -> dict[str, Column]:
    """Return the aggregate of a line on which any day may decide.

    `raw`: every row has a value, so that one outside the window need not be read to be called so.
    """
    inside = in_window(t, "day", leaf.within(leaf.rule.window), leaf.anchor)  # type: ignore[attr-defined]
    outside = ibis.literal(OUT_OF_WINDOW) if raw else ibis.least(rank, OUT_OF_WINDOW)
    said = rank if inside is None else inside.ifelse(rank, outside)
    return {leaf.name: mine.ifelse(key(said, t.day), None).max()}


def picked(t: ir.Table, leaf: Leaf, mine: Column, rank: Column, pick: str) -> dict[str, Column]:
    """Return the aggregates of a line on which the first, latest or nearest day decides."""
    inside = in_window(t, "day", leaf.within(leaf.rule.window), leaf.anchor)  # type: ignore[attr-defined]
    here = mine & (rank >= NOT_MET)
    used = here if inside is None else here & inside
    place = nearness(t, leaf.anchor, pick)
    return {
        f"{leaf.name}_high": used.ifelse(place * 100 + rank, None).max(),
        f"{leaf.name}_low": used.ifelse(place * 100 + (99 - rank), None).max(),
        f"{leaf.name}_any": mine.ifelse(ibis.least(rank, OUT_OF_WINDOW), None).max(),
    }


def nearness(t: ir.Table, anchor: str, pick: str) -> Column:
    """Return an integer that is highest for the first, latest or nearest day (the earlier of two)."""
    distance = days_between(t.day, t[anchor]).fill_null(0)
    far = {"first": distance + DAYS, "latest": DAYS - distance}.get(
        pick, distance.abs() * 2 + (distance > 0).ifelse(1, 0)
    )
    return (2 * DAYS - far).cast("int64")


def rank_of_picked(t: ir.Table, leaf: Leaf) -> Column:
    """Return the rank of a line that picks one day, from its three aggregates."""
    rule = leaf.rule
    high, low = t[f"{leaf.name}_high"], t[f"{leaf.name}_low"]
    loud, quiet = high % 100, 99 - low % 100
    said: Column = ((loud == MET) & (quiet == NOT_MET)).ifelse(RANK[Reason.CONFLICTING], loud)
    valid_for = getattr(rule, "valid_for", None)
    if valid_for is not None:
        far = 2 * DAYS - (high - loud) / 100
        distance: Column = {"first": far - DAYS, "latest": DAYS - far}.get(rule.pick, far / 2)  # type: ignore[attr-defined]
        said = (distance.abs() > valid_for + 0.5).ifelse(OUT_OF_WINDOW, said)
    return high.isnull().ifelse(t[f"{leaf.name}_any"].fill_null(NOTHING), said)


def exposed(t: ir.Table, leaf: Leaf, tables: Tables) -> dict[str, Column]:
    """Return the aggregate of an exposure."""
    rule = leaf.rule
    if not isinstance(rule, tree.Exposure):
        raise TypeError("an exposure is needed")
    codes = tuple(c for name in tree.names_of(rule.exposure) for c in tables.codes.exposures.get(name, ()))
    mine = one_of(t.code, codes)
    anchor, end = t[leaf.anchor], t.end.fill_null(t.start)
    since, until = days_between(t.start, anchor), days_between(end, anchor)
    low, high = leaf.within(rule.window)
    inside = ibis.literal(True)
    if low is not None:
        inside = inside & (until >= low)
    if high is not None:
        inside = inside & (since <= high)
    dated = t.start.notnull()
    inside = (
        dated & inside.fill_null(False) if leaf.anchor == "baseline" else ~dated | inside.fill_null(False)
    )
    rank: Column = ibis.literal(MET)
    if rule.started_at_least is not None or rule.lasted_at_least is not None:
        lasted = ibis.least(until, 0) - since + 1
        enough = (-since >= (rule.started_at_least or 0)) & (lasted >= (rule.lasted_at_least or 0))
        rank = ibis.cases((t.start.isnull(), OUT_OF_WINDOW), (enough, MET), else_=NOT_MET)
    said = t.given.ifelse(rank, NOT_MET)
    return {leaf.name: mine.ifelse(key(inside.ifelse(said, OUT_OF_WINDOW), t.start), None).max()}


def courses(leaf: Leaf, tables: Tables) -> ir.Table:
    """Return the courses of the drugs under which a line cannot be read, with what each hides."""
    parts = []
    for one in leaf.rule.confounded_by:  # type: ignore[attr-defined]
        names = tree.names_of(one.exposure)
        codes = tuple(code for name in names for code in tables.codes.exposures.get(name, ()))
        t = tables.exposures.filter(one_of(tables.exposures.code, codes), tables.exposures.given)
        parts.append(
            t.select(
                course_of=t.subject,
                since=days_between(t.start, EPOCH),
                until=days_between(t.end.fill_null(t.start), EPOCH) + one.days,
                hides_met=ibis.literal(one.hides != "not_met"),
                hides_not_met=ibis.literal(one.hides != "met"),
            )
        )
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def covered(t: ir.Table, leaf: Leaf, tables: Tables) -> ir.Table:
    """Return fact rows with `is_covered` and what the courses of their day hide, all courses together.

    Days and courses are joined by subject alone: a condition on days within the join would compare every
    row with every course. Each row stays once, for a course that does not cover its day says nothing.
    """
    by = courses(leaf, tables)
    days = t.select("subject", "day").distinct()
    both = days.join(by, days.subject == by.course_of)
    number = days_between(both.day, EPOCH)
    within = both.day.isnull() | both.since.isnull() | ((number >= both.since) & (number <= both.until))
    both = both.filter(within).mutate(its_day=day_number(both.day))
    hidden = both.group_by("course_of", "its_day").agg(
        hides_met=both.hides_met.any(), hides_not_met=both.hides_not_met.any()
    )
    numbered = t.mutate(its_number=day_number(t.day))
    beside = numbered.left_join(
        hidden, [numbered.subject == hidden.course_of, numbered.its_number == hidden.its_day]
    )
    return beside.mutate(is_covered=beside.course_of.notnull())


def under_courses(t: ir.Table, leaf: Leaf, tables: Tables) -> ir.Table:
    """Return the fact rows that a course of a drug covers; a row may stand several times."""
    by = courses(leaf, tables)
    both = t.join(by, t.subject == by.course_of)
    number = days_between(both.day, EPOCH)
    within = (number >= both.since) & (number <= both.until)
    return both.filter(both.day.isnull() | both.since.isnull() | within)


def unless_confounded(t: ir.Table, rank: Column) -> Column:
    """Return the rank, or "confounded" where a course hides it; `t` comes from `covered`."""
    hidden = ((rank == MET) & t.hides_met) | ((rank == NOT_MET) & t.hides_not_met)
    return (t.is_covered & hidden).ifelse(RANK[Reason.CONFOUNDED], rank)


def derived(leaf: Leaf, tables: Tables, analytes: dict[str, Analyte], t: ir.Table) -> ir.Table:
    """Return, for each day without a measured value, the product of two analytes in the canonical unit.

    `t` holds the rows of the two and of the analyte itself.

    Of several values of a day the smallest (for an upper limit: the largest) decide, for they make the
    product that comes nearest to being met; that is why only `pick: worst` may be derived.
    """
    rule = leaf.rule
    if not isinstance(rule, tree.Measure) or rule.or_derived is None:
        raise TypeError("a derived measure is needed")
    codes = tables.codes.analytes
    rows, sides = t, []
    for name in rule.or_derived.product:
        number = _usable(rows, name, analytes[name], tables)
        sides.append(number.max() if rule.sign in (">", ">=") else number.min())
    measured = (one_of(rows.code, codes.get(rule.measure, ())) & rows.value.notnull()).ifelse(1, 0).max()
    keys = [name for name in ("subject", "day", "on", "baseline") if name in rows.columns]
    days = rows.group_by(keys).agg(first=sides[0], second=sides[1], measured=measured)
    days = days.filter(days.first.notnull(), days.second.notnull(), days.measured == 0)
    code, unit = codes[rule.measure][0], tables.codes.units[rule.measure, analytes[rule.measure].unit][0]
    return days.select(
        *keys,
        code=ibis.literal(code),
        unit=ibis.literal(unit),
        value=(days.first * days.second * float(Fraction(rule.or_derived.times))).round(9),
    )


def _usable(rows: ir.Table, name: str, analyte: Analyte, tables: Tables) -> Column:
    """Return the exact, believable values of an analyte in its canonical unit; null for every other row."""
    number = canonical(rows, analyte, tables)
    fine = one_of(rows.code, tables.codes.analytes.get(name, ()))
    if "comparator" in rows.columns:
        fine = fine & (rows.comparator.isnull() | (rows.comparator == ""))
    if "status" in rows.columns:
        fine = fine & (rows.status.isnull() | (rows.status == "measured"))
    if tables.believes_ranges:
        fine = fine & number.between(float(analyte.low), float(analyte.high))
    return fine.ifelse(number, None)


def canonical(t: ir.Table, analyte: Analyte, tables: Tables) -> Column:
    """Return the values of an analyte in its canonical unit; null where no factor is known."""
    branches = [
        (
            unit_is(t, analyte, [unit], tables),
            (t.value - float(scale.offset)) * float(scale.factor)
            if scale.offset
            else t.value * float(scale.factor),
        )
        for unit in reported_units(analyte, tables)
        if (scale := analyte.scales.get(unit))
    ]
    return ibis.cases(*branches, else_=None) if branches else ibis.null("float64")
