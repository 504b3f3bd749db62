"""Change from baseline over a warehouse: the value of one day held against another, as exact integers.

Values become whole hundred-thousandths of the canonical unit, so that a limit such as "half of 0.3" is
not moved by binary fractions.
"""

from __future__ import annotations

from fractions import Fraction

import ibis
from ibis import ir

from openhlh.rules import tree
from openhlh.rules.cohort_leaves import Leaf, canonical, nearness
from openhlh.rules.cohort_rows import MET, NOT_MET, NOTHING, RANK, unit_is
from openhlh.rules.tables import Column, Tables, in_window, one_of
from openhlh.rules.verdicts import Reason
from openhlh.units import Analyte, quantity

STEPS = 100_000
OPEN = 10**12 - 1
FINE = 0
UNIT = RANK[Reason.UNIT_NOT_COMPARABLE]


def reading(
    t: ir.Table, leaf: Leaf, tables: Tables, analyte: Analyte, *, hidden: Column = None
) -> dict[str, Column]:
    """Return the aggregates of the value nearest to the leaf's day: its bounds, and what is wrong with it.

    `hidden`: says which rows cannot be read because of a drug.
    """
    rule = leaf.rule
    if not isinstance(rule, tree.Change):
        raise TypeError("a change is needed")
    window = leaf.within(rule.baseline_window if leaf.anchor == "baseline" else rule.window)
    mine = one_of(t.code, tables.codes.analytes.get(rule.change, ()))
    if "status" in t.columns:
        mine = mine & (t.status.isnull() | (t.status != "not_done"))
    inside = in_window(t, "day", window, leaf.anchor)
    used = mine if inside is None else mine & inside
    own_unit = _own_unit(t, analyte, tables)
    value = canonical(t, analyte, tables)
    if analyte.incomparable:
        value = (own_unit > 0).ifelse(t.value, value)
    unbelieved: Column = None
    if tables.believes_ranges:  # NaN is nowhere inside, and no engine makes a whole number of it
        outside = ~value.between(float(analyte.low), float(analyte.high))
        unbelieved = ((own_unit == 0) & outside) | value.isnan()
        value = unbelieved.ifelse(0.0, value)
    number = (value * STEPS).round().clip(0, OPEN).cast("int64")
    low, high, censored = _bounds(t, number)
    wrong = _wrong(t, number, hidden, unbelieved)
    place = nearness(t, leaf.anchor, "nearest")
    span = OPEN + 1
    return {
        f"{leaf.name}_low": used.ifelse(place * span + (OPEN - low.fill_null(0)), None).max(),
        f"{leaf.name}_high": used.ifelse(place * span + high.fill_null(0), None).max(),
        f"{leaf.name}_wrong": used.ifelse(place * 100 + wrong, None).max(),
        f"{leaf.name}_bound": used.ifelse(place * 10 + censored, None).max(),
        f"{leaf.name}_unit": used.ifelse(place * 100 + own_unit, None).max(),
        f"{leaf.name}_unit_too": used.ifelse(place * 100 + (99 - own_unit), None).max(),
        f"{leaf.name}_any": mine.ifelse(1, None).max(),
    }


def _own_unit(t: ir.Table, analyte: Analyte, tables: Tables) -> Column:
    """Return 0 for rows in a unit that converts, else the number of their unit: ratios stay within it."""
    branches = [
        (unit_is(t, analyte, [unit], tables), number)
        for number, unit in enumerate(analyte.incomparable, start=1)
    ]
    return ibis.cases(*branches, else_=0) if branches else ibis.literal(0)


def _bounds(t: ir.Table, number: Column) -> tuple[Column, Column, Column]:
    if "comparator" not in t.columns:
        return number, number, ibis.literal(0)
    upward, downward = t.comparator.isin((">", ">=")), t.comparator.isin(("<", "<="))
    low = downward.fill_null(False).ifelse(0, number)
    high = upward.fill_null(False).ifelse(OPEN, number)
    return low, high, (upward | downward).fill_null(False).ifelse(1, 0)


def _wrong(t: ir.Table, number: Column, hidden: Column, unbelieved: Column) -> Column:
    branches: list[tuple[Column, Column]] = []
    if "status" in t.columns:
        branches += [
            (t.status == "pending", RANK[Reason.PENDING]),
            (t.status == "implausible", RANK[Reason.IMPLAUSIBLE]),
        ]
        branches.append((t.status == "unit_unknown", UNIT))
    branches.append((number.isnull(), UNIT))
    if unbelieved is not None:
        branches.append((unbelieved, RANK[Reason.IMPLAUSIBLE]))
    if hidden is not None:
        branches.append((hidden, RANK[Reason.CONFOUNDED]))
    return ibis.cases(*branches, else_=FINE)


class Spans:
    """The two values of a change, from their aggregates."""

    def __init__(self, t: ir.Table, name: str) -> None:
        """Decode the aggregates of one reading."""
        span = OPEN + 1
        self.missing = t[f"{name}_wrong"].isnull()
        self.seen = t[f"{name}_any"].notnull()
        self.own_unit = t[f"{name}_unit"] % 100
        mixed = self.own_unit != 99 - t[f"{name}_unit_too"] % 100
        wrong = (t[f"{name}_wrong"] % 100).fill_null(FINE)
        self.wrong = ((wrong == FINE) & mixed.fill_null(False)).ifelse(UNIT, wrong)
        self.low = OPEN - t[f"{name}_low"] % span
        self.high = t[f"{name}_high"] % span
        self.open = self.high == OPEN
        self.bound = t[f"{name}_bound"] % 10 == 1

    def why_none(self) -> Column:
        """Return the rank of a missing reading."""
        return self.seen.ifelse(RANK[Reason.OUT_OF_WINDOW], NOTHING)


def change_rank(
    rule: tree.Change, before: Spans, now: Spans, has_baseline: Column, analyte: Analyte
) -> Column:
    """Return the rank of a change; -1 where it does not apply."""
    sign, factor = rule.sign_and_factor
    times = _times(sign, now, before, Fraction(factor))
    floor = _in_band(now, rule.and_value, analyte)
    both = _every([times, *floor])
    band = _in_band(before, rule.baseline, analyte)
    branches: list[tuple[Column, Column]] = [
        (~has_baseline, RANK[Reason.NO_BASELINE]),
        (before.missing, before.why_none()),
        (before.wrong != FINE, before.wrong),
    ]
    if band:
        whole = _every(band)
        branches += [(whole == NOT_MET, -1), (whole != MET, whole)]
    branches += [(now.missing, now.why_none()), (now.wrong != FINE, now.wrong)]
    return ibis.cases(*branches, else_=both)


def _times(sign: str, now: Spans, before: Spans, factor: Fraction) -> Column:
    up, down = factor.numerator, factor.denominator

    def compare(left: Column, right: Column) -> Column:
        a, b = left * down, right * up
        return {">=": a >= b, ">": a > b, "<=": a <= b, "<": a < b}[sign]

    if sign in (">", ">="):
        surely = ~before.open & compare(now.low, before.high)
        never = ~now.open & ~compare(now.high, before.low)
    else:
        surely = ~now.open & compare(now.high, before.low)
        never = ~before.open & ~compare(now.low, before.high)
    unsure = (now.bound | before.bound).ifelse(RANK[Reason.CENSORED], RANK[Reason.CONFLICTING])
    apart = now.own_unit != before.own_unit
    return ibis.cases((apart, UNIT), (surely, MET), (never, NOT_MET), else_=unsure)


def _in_band(span: Spans, band: tree.Band | None, analyte: Analyte) -> list[Column]:
    ranks = []
    for name, sign in tree.SIGNS.items():
        limit = getattr(band, name) if band else None
        if limit is None:
            continue
        number = analyte.in_unit(quantity(str(limit)), analyte.unit)
        if number is None:
            return [ibis.literal(RANK[Reason.UNIT_NOT_COMPARABLE])]
        at = round(number * STEPS)
        low, high = _held(sign, span.low, at), _held(sign, span.high, at)
        unsure = span.bound.ifelse(RANK[Reason.CENSORED], RANK[Reason.CONFLICTING])
        ranks.append(
            ibis.cases((span.own_unit > 0, UNIT), (low & high, MET), (~low & ~high, NOT_MET), else_=unsure)
        )
    return ranks


def _held(sign: str, value: Column, limit: int) -> Column:
    return {">=": value >= limit, ">": value > limit, "<=": value <= limit, "<": value < limit}[sign]


def _every(ranks: list[Column]) -> Column:
    """Kleene's "and" over ranks of rules that apply."""
    if len(ranks) == 1:
        return ranks[0]
    fails = [rank == NOT_MET for rank in ranks]
    failed = fails[0]
    for one in fails[1:]:
        failed = failed | one
    unknowns = ibis.greatest(*[(rank == MET).ifelse(-1, rank) for rank in ranks])
    return ibis.cases((failed, NOT_MET), (unknowns == -1, MET), else_=unknowns)
