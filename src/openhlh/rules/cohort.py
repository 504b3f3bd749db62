"""The cohort engine: a rule as one Ibis expression over a warehouse, one pass over each fact table.

It means the same as `rules.plain`; generated rules and patients hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import ibis
from ibis import ir

from openhlh.rules import tree
from openhlh.rules.cohort_change import Spans, change_rank, reading
from openhlh.rules.cohort_leaves import (
    Leaf,
    Way,
    Window,
    covered,
    day_in,
    derived,
    exposed,
    number_in,
    picked,
    rank_of_picked,
    ranked,
    under_courses,
    unless_confounded,
    worst,
)
from openhlh.rules.cohort_rows import MET, NOT_MET, NOTHING, RANK
from openhlh.rules.cohort_tree import NEVER_MET, Trees, Triple
from openhlh.rules.tables import Column, Tables, days_between, in_window, one_of
from openhlh.rules.verdicts import Reason
from openhlh.units import Analyte

Aggregates = dict[str, Column]
Rank = Callable[[tree.Rule, str], Column]


@dataclass(frozen=True)
class Cohort:
    """Judges rules about all subjects; windows are days around `on` and around `baseline`."""

    analytes: Mapping[str, Analyte]
    tables: Tables
    window: Window = (None, None)
    baseline_window: Window = (None, 0)

    def leaves(self, rules: tuple[tree.Rule, ...]) -> dict[tuple[tree.Rule, str], Leaf]:
        """Return every line that looks at facts, once for each phase in which it is judged."""
        found: dict[tuple[tree.Rule, str], Leaf] = {}

        def walk(rule: tree.Rule, anchor: str) -> None:
            if isinstance(rule, tree.Measure | tree.Finding | tree.Exposure):
                window = self.window if anchor == "on" else self.baseline_window
                found.setdefault((rule, anchor), Leaf(f"l{len(found)}", rule, anchor, window))
            elif isinstance(rule, tree.Change):
                now = Leaf(f"l{len(found)}", rule, "on", self.window)
                found.setdefault((rule, "on"), now)
                before = Leaf(f"l{len(found)}", rule, "baseline", self.baseline_window)
                found.setdefault((rule, "baseline"), before)
            for child in tree.inside(rule):
                if isinstance(rule, tree.Normalised):
                    walk(child, "baseline")
                walk(child, "baseline" if isinstance(rule, tree.AtBaseline) else anchor)

        for rule in rules:
            walk(rule, "on")
        return found

    def ranks(self, rules: tuple[tree.Rule, ...]) -> ir.Table:
        """Return subjects with one rank column (`NAME_rank`) and first day (`NAME_day`) for every line."""
        leaves = list(self.leaves(rules).values())
        t = self.tables.subjects
        for part in self.passes(leaves):
            t = t.left_join(part, "subject").drop("subject_right")
        changes = {
            leaf.rule: leaf
            for leaf in leaves
            if isinstance(leaf.rule, tree.Change) and leaf.anchor == "baseline"
        }
        made: Aggregates = {}
        for leaf in leaves:
            if isinstance(leaf.rule, tree.Change):
                if leaf.anchor == "on":
                    spans = Spans(t, changes[leaf.rule].name), Spans(t, leaf.name)
                    has = t.baseline.notnull()
                    made[f"{leaf.name}_rank"] = change_rank(
                        leaf.rule, *spans, has, self.analytes[leaf.rule.change]
                    )
                    made[f"{leaf.name}_day"] = ibis.literal(NEVER_MET)
            else:
                made |= self._rank_and_day(t, leaf)
        return t.mutate(**made).select(*self.tables.subjects.columns, *made)

    def trees(
        self,
        t: ir.Table,
        rules: tuple[tree.Rule, ...],
        *,
        rank: Rank | None = None,
        age: Callable[[tree.Age, str], Triple] | None = None,
    ) -> Trees:
        """Return what builds the triples of the rules from `ranks`, or from other ranks or ages."""
        leaves = self.leaves(rules)

        def kept_rank(rule: tree.Rule, anchor: str) -> Column:
            return t[f"{leaves[rule, anchor].name}_rank"]

        def day(rule: tree.Rule, anchor: str) -> Column:
            return t[f"{leaves[rule, anchor].name}_day"] if rank is None else NEVER_MET

        def known_age(rule: tree.Age, anchor: str) -> Triple:
            return age_triple(t, rule, anchor)

        return Trees(rank or kept_rank, day, age or known_age, t.baseline.notnull())

    def passes(self, leaves: list[Leaf], by: tuple[str, ...] = ("subject",)) -> list[ir.Table]:
        """Return the aggregates: one pass over each fact table, and one for each line under drugs."""
        facts = self.tables
        measured = self._dated(_of_analytes(facts.measurements, leaves, facts), leaves)
        seen, given = self._dated(facts.findings, leaves), self._dated(facts.exposures, leaves)
        passes: list[tuple[ir.Table, Aggregates]] = []
        shared: dict[str, Aggregates] = {"measured": {}, "seen": {}, "given": {}}
        for leaf in leaves:
            if isinstance(leaf.rule, tree.Exposure):
                shared["given"] |= exposed(given, leaf, facts)
            elif isinstance(leaf.rule, tree.Change):
                passes += self._change(leaf, measured, leaves, shared["measured"])
            else:
                for way in ways_of(leaf):
                    if way.way is Way.DERIVED:
                        rows = self._dated(_of_product(facts.measurements, way, facts), leaves)
                        made = derived(way, facts, dict(self.analytes), rows)
                        passes += self._line(way, made, leaves, None)
                    elif way.under_drugs:
                        passes.append(self._hidden(way, leaves))
                    elif way.is_seen:
                        passes += self._line(way, seen, leaves, shared["seen"])
                    else:
                        passes += self._line(way, measured, leaves, shared["measured"])
        tables = {"measured": measured, "seen": seen, "given": given}
        passes += [(tables[name], made) for name, made in shared.items() if made]
        return [table.group_by(*by).agg(**made) for table, made in passes]

    def _dated(self, t: ir.Table, leaves: list[Leaf]) -> ir.Table:
        """Return fact rows beside their subject's days, where any window is bounded or one day is picked.

        The rows come filtered: a join that several passes share would be kept whole in memory.
        """
        if all(_looks_everywhere(leaf) for leaf in leaves):
            return t
        anchors = sorted({leaf.anchor for leaf in leaves}, reverse=True)
        dated = t.join(self.tables.anchors.select("subject", *anchors), "subject")
        if "value" in t.columns and (window := self._one_window(leaves)):
            return dated.filter(in_window(dated, "day", window, "on"))
        return dated

    def _one_window(self, leaves: list[Leaf]) -> Window | None:
        """Return the window that all measured lines share, if rows outside it can be left unread.

        Over a raw warehouse nobody is told whether a value was never taken or taken outside the window.
        """
        measured = [leaf for leaf in leaves if isinstance(leaf.rule, tree.Measure)]
        alike = all(
            leaf.rule.window is None and leaf.rule.pick == "worst" and leaf.anchor == "on"  # type: ignore[attr-defined]
            for leaf in measured
        )
        changes = any(isinstance(leaf.rule, tree.Change) for leaf in leaves)
        bounded = self.window != (None, None)
        return self.window if self.tables.believes_ranges and bounded and alike and not changes else None

    def _line(
        self, leaf: Leaf, t: ir.Table, leaves: list[Leaf], shared: Aggregates | None
    ) -> list[tuple[ir.Table, Aggregates]]:
        """Add a line's aggregates to the shared pass, or return a pass of its own."""
        rule = leaf.rule
        confounded = bool(getattr(rule, "confounded_by", ())) and not drugs_hide_only_absence(rule)
        if confounded:
            t = covered(t if shared is None else self._own_rows(leaf, leaves), leaf, self.tables)
        mine, rank = ranked(t, leaf, self.tables, self._analyte(leaf))
        if confounded:
            rank = unless_confounded(t, rank)
        pick = getattr(rule, "pick", "worst")
        if leaf.is_seen or pick == "worst":
            made = self._worst(t, leaf, leaves, mine, rank)
        else:
            made = picked(t, leaf, mine, rank, pick)
        if shared is None or confounded:
            return [(t, made)]
        shared |= made
        return []

    def _hidden(self, way: Leaf, leaves: list[Leaf]) -> tuple[ir.Table, Aggregates]:
        """Return the pass over the rows of a line that stand under a drug."""
        t = under_courses(self._own_rows(way, leaves), way, self.tables)
        mine, rank = ranked(t, way, self.tables, self._analyte(way))
        rank = (rank == NOT_MET).ifelse(RANK[Reason.CONFOUNDED], rank)
        return t, self._worst(t, way, leaves, mine, rank)

    def _analyte(self, leaf: Leaf) -> Analyte | None:
        measured = isinstance(leaf.rule, tree.Measure) and not leaf.is_seen
        return self.analytes[leaf.rule.measure] if measured else None  # type: ignore[attr-defined]

    def _own_rows(self, leaf: Leaf, leaves: list[Leaf]) -> ir.Table:
        """Return the rows of one line alone, for a join with the courses of its drugs."""
        whole = self.tables.findings if leaf.is_seen else self.tables.measurements
        mine, _ = ranked(whole, leaf, self.tables, self._analyte(leaf))
        return self._dated(whole.filter(mine), leaves)

    def _worst(self, t: ir.Table, leaf: Leaf, leaves: list[Leaf], mine: Column, rank: Column) -> Aggregates:
        if not leaf.is_seen and self._one_window(leaves):
            leaf = replace(leaf, window=(None, None))  # the rows are those of the window
        return worst(t, leaf, mine, rank, raw=self.tables.believes_ranges)

    def _change(
        self, leaf: Leaf, t: ir.Table, leaves: list[Leaf], shared: Aggregates
    ) -> list[tuple[ir.Table, Aggregates]]:
        rule = leaf.rule
        if not isinstance(rule, tree.Change):
            raise TypeError("a change is needed")
        analyte = self.analytes[rule.change]
        if not rule.confounded_by:
            shared |= reading(t, leaf, self.tables, analyte)
            return []
        whole = self.tables.measurements
        mine = one_of(whole.code, self.tables.codes.analytes.get(rule.change, ()))
        t = covered(self._dated(whole.filter(mine), leaves), leaf, self.tables)
        return [(t, reading(t, leaf, self.tables, analyte, hidden=t.is_covered))]

    def _rank_and_day(self, t: ir.Table, leaf: Leaf) -> Aggregates:
        """Return the rank and first day of a line: the loudest of its ways speaks."""
        ways = [self._way(t, one) for one in ways_of(leaf)]
        rank = ways[0][0] if len(ways) == 1 else ibis.greatest(*(rank for rank, _ in ways))
        met_days = [(one == MET).ifelse(day, NEVER_MET) for one, day in ways]
        day = met_days[0] if len(met_days) == 1 else ibis.least(*met_days)
        return {f"{leaf.name}_rank": rank, f"{leaf.name}_day": day}

    def _way(self, t: ir.Table, leaf: Leaf) -> tuple[Column, Column]:
        if f"{leaf.name}_high" in t.columns:
            return rank_of_picked(t, leaf), ibis.literal(NEVER_MET)
        keys = t[leaf.name]
        return number_in(keys).fill_null(NOTHING), day_in(keys).fill_null(NEVER_MET)


def ways_of(leaf: Leaf) -> list[Leaf]:
    """Return the ways in which a line can be known, each with columns of its own name.

    Where drugs hide only what is not met, that is a way of its own: the few rows under a drug say
    "confounded", which is louder than "not met".
    """
    rule = leaf.rule
    ways = [Way.OWN]
    if isinstance(rule, tree.Measure):
        ways += [Way.DERIVED] if rule.or_derived else []
        ways += [Way.FINDING] if rule.or_finding else []
    if drugs_hide_only_absence(rule):
        ways += [Way.OWN_UNDER_DRUGS] + ([Way.FINDING_UNDER_DRUGS] if Way.FINDING in ways else [])
    return [replace(leaf, name=f"{leaf.name}{way.value}", way=way) for way in ways]


def drugs_hide_only_absence(rule: tree.Rule) -> bool:
    """Say whether the drugs of a line hide only its "not met", on any day, and nothing of it is derived."""
    confounders = getattr(rule, "confounded_by", ())
    plain = getattr(rule, "pick", "worst") == "worst" and not getattr(rule, "or_derived", None)
    return bool(confounders) and plain and all(one.hides == "not_met" for one in confounders)


def _of_analytes(t: ir.Table, leaves: list[Leaf], tables: Tables) -> ir.Table:
    """Return the rows of the analytes that some line measures: the others would pass every aggregate."""
    names = {getattr(leaf.rule, "measure", None) or getattr(leaf.rule, "change", None) for leaf in leaves}
    codes = {code for name in names if name for code in tables.codes.analytes.get(name, ())}
    return t.filter(one_of(t.code, tuple(sorted(codes, key=str))))


def _of_product(t: ir.Table, leaf: Leaf, tables: Tables) -> ir.Table:
    """Return the rows that a derived line looks at: its two factors, and its own measured values."""
    recipe = getattr(leaf.rule, "or_derived", None)
    names = (*recipe.product, leaf.rule.measure) if recipe else ()  # type: ignore[attr-defined]
    codes = tuple(code for name in names for code in tables.codes.analytes.get(name, ()))
    return t.filter(one_of(t.code, codes))


def _looks_everywhere(leaf: Leaf) -> bool:
    rule = leaf.rule
    if isinstance(rule, tree.Exposure | tree.Change) or getattr(rule, "pick", "worst") != "worst":
        return False
    return leaf.within(rule.window) == (None, None)  # type: ignore[attr-defined]


def age_triple(t: ir.Table, rule: tree.Age, anchor: str) -> Triple:
    """Return whether an age holds for both ends of what is known of the birthday."""
    sign, text = rule.age.sign_and_limit
    limit, unit = int(text.split()[0]), text.split()[1]
    holds = []
    for born in (t.born_earliest, t.born_latest):
        completed = _completed(born, t[anchor], unit)
        test = {
            ">=": completed >= limit,
            ">": completed > limit,
            "<=": completed <= limit,
            "<": completed < limit,
        }[sign]
        holds.append(test)
    known = t.born_earliest.notnull() & t.born_latest.notnull() & t[anchor].notnull()
    met = (known & holds[0] & holds[1]).fill_null(False)
    not_met = (known & ~holds[0] & ~holds[1]).fill_null(False)
    day = met.ifelse(0, NEVER_MET)
    return Triple(met, not_met, False, day=day)


def _completed(born: Column, on: Column, unit: str) -> Column:
    """Return the completed days, weeks, months or years, by the same integers as `reading.age_range`."""
    if unit in ("d", "wk"):
        days = days_between(on, born)
        return days if unit == "d" else (days / 7).floor()

    def number(day: Column, years: int) -> Column:
        months = day.year().cast("int64") * 12 + day.month().cast("int64")
        if unit == "mo":
            return months * 100 + day.day().cast("int64")
        return day.year().cast("int64") * years + day.month().cast("int64") * 100 + day.day().cast("int64")

    difference = number(on, 10_000) - number(born, 10_000)
    return (difference / (100 if unit == "mo" else 10_000)).floor()
