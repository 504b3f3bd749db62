"""A definition over a warehouse as one table: verdict, bounds, first day, every line, and the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis
from ibis import ir

from openhlh.rules import tree
from openhlh.rules.cohort import Cohort
from openhlh.rules.cohort_leaves import NEVER, Leaf, canonical, day_in, key, number_in
from openhlh.rules.cohort_tree import Triple, as_column, both
from openhlh.rules.tables import Column, in_window, one_of

STEPS = 10_000
LARGEST = 10**13
FROM_1900_TO_1970 = 25567  # days
_NOT_SHOWN = ("baseline", "born_earliest", "born_latest")


@dataclass(frozen=True)
class Plan:
    """What is screened for: levels from the best down (a plain rule is one level), and the lines to show."""

    levels: tuple[tuple[str, tree.Rule], ...]
    else_level: str = "not_met"
    evidence: bool = False

    @property
    def rules(self) -> tuple[tree.Rule, ...]:
        """The rules of all levels."""
        return tuple(rule for _, rule in self.levels)

    @property
    def lines(self) -> dict[str, tree.Rule]:
        """The named lines of all levels, by the name of their column; levels may call lines alike."""
        found: dict[str, tree.Rule] = {}
        for level, (_, rule) in enumerate(self.levels, start=1):
            for name, line in tree.names_of_lines(rule):
                if found.setdefault(name, line) != line:
                    found[f"{name}_level_{level}"] = line
        return found


def is_monotone(rule: tree.Rule) -> bool:
    """Say whether more facts can only add to what is met: then a whole stay bounds each of its windows."""
    if isinstance(
        rule, tree.Not | tree.Change | tree.Normalised | tree.AtBaseline | tree.AppliesIf | tree.Exposure
    ):
        return False
    if isinstance(rule, tree.Measure) and (rule.pick != "worst" or (rule.or_derived and rule.confounded_by)):
        return False
    return all(is_monotone(child) for child in tree.inside(rule))


def screened(
    cohort: Cohort, plan: Plan, more: Callable[[ir.Table], Mapping[str, Column]] = lambda _: {}
) -> ir.Table:
    """Return one row for each subject: verdict, lower, upper, first_day_met, a column for each line.

    `more` makes further columns from the table of ranks.
    """
    t = cohort.ranks(plan.rules)
    trees = cohort.trees(t, plan.rules)
    triples = [trees.triple(rule) for rule in plan.rules]
    made = _result(plan, triples)
    known = len(triples) == 1 and not isinstance(triples[0].day, int)
    if known and all(is_monotone(rule) for rule in plan.rules):
        one = triples[0]  # the days are sorted only where there is one to find
        made["first_day_met"] = as_date(as_column(one.met).ifelse(one.day, NEVER))
    for name, line in plan.lines.items():
        made[f"c_{name}"] = said(trees.triple(line))
    kept = [name for name in cohort.tables.subjects.columns if name not in _NOT_SHOWN]
    result = t.select(*kept, **made, **more(t))
    return _with_evidence(cohort, plan, result) if plan.evidence else result


def said(triple: Triple) -> Column:
    """Return the verdict of a triple as its word."""
    branches = [
        (truth, word)
        for truth, word in (
            (triple.met, "met"),
            (triple.not_met, "not_met"),
            (triple.not_applicable, "not_applicable"),
        )
        if truth is not False
    ]
    return ibis.cases(
        *((ibis.literal(True) if truth is True else truth, word) for truth, word in branches), else_="unknown"
    )


def _result(plan: Plan, triples: list[Triple]) -> dict[str, Column]:
    if len(triples) == 1:
        one = triples[0]
        made: dict[str, Column] = {"verdict": said(one)}
        if one.lower is not None:
            made |= {"lower": one.lower, "upper": one.upper}
        return made
    nowhere = both(*(one.not_applicable for one in triples))
    branches: list[tuple[Column, Column]] = [] if nowhere is False else [(nowhere, "not_applicable")]
    excluded: Column = ibis.literal(True)
    for (name, _), one in zip(plan.levels, triples, strict=True):
        branches.append((excluded & one.met, name))
        excluded = excluded & one.unreachable
    branches.append((excluded, plan.else_level))
    return {"verdict": ibis.cases(*branches, else_="unknown")}


def as_date(number: Column) -> Column:
    """Return days since 1970, which the writer turns into dates; null for no day, and for no known day."""
    known = (number > 0) & (number < NEVER)
    return known.ifelse(number - FROM_1900_TO_1970, None).cast("int32")


def _with_evidence(cohort: Cohort, plan: Plan, result: ir.Table) -> ir.Table:
    """Add, for each analyte that decides, its worst value (canonical unit) and the first day of it."""
    leaves: dict[str, Leaf] = {}
    for leaf in cohort.leaves(plan.rules).values():
        if isinstance(leaf.rule, tree.Measure) and leaf.anchor == "on":
            leaves.setdefault(leaf.rule.measure, leaf)
    t = cohort.tables.measurements
    if any(leaf.within(leaf.rule.window) != (None, None) for leaf in leaves.values()):  # type: ignore[attr-defined]
        t = t.join(cohort.tables.anchors.select("subject", "on", "baseline"), "subject")
    found = t.group_by("subject").agg(
        **{name: _worst_value(cohort, t, leaf) for name, leaf in leaves.items()}
    )
    both = result.left_join(found, "subject").drop("subject_right")
    made: dict[str, Column] = {}
    for name, leaf in leaves.items():
        number = number_in(both[name])
        upward = leaf.rule.sign in (">", ">=")  # type: ignore[attr-defined]
        made[f"{name}_value"] = (number if upward else LARGEST - number) / STEPS
        made[f"{name}_day"] = as_date(day_in(both[name]))
    return both.mutate(**made).drop(*leaves)


def _worst_value(cohort: Cohort, t: ir.Table, leaf: Leaf) -> Column:
    """Return one integer that holds the worst value and, among equals, the earliest day."""
    rule = leaf.rule
    if not isinstance(rule, tree.Measure):
        raise TypeError("a measure is needed")
    analyte = cohort.analytes[rule.measure]
    mine = one_of(t.code, cohort.tables.codes.analytes.get(rule.measure, ()))
    inside = in_window(t, "day", leaf.within(rule.window), leaf.anchor)
    number = canonical(t, analyte, cohort.tables)
    believed = number.between(float(analyte.low), float(analyte.high))
    steps = (number * STEPS).round().clip(0, LARGEST).cast("int64")
    upward = rule.sign in (">", ">=")
    worst = key(steps if upward else LARGEST - steps, t.day)
    used = mine & believed if inside is None else mine & believed & inside
    return used.ifelse(worst, None).max()
