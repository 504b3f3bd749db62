"""A definition in any trailing window of some days: exact by day, and only where a whole stay is met.

Met: some window of that many days meets it. Not met: not even all days together can. Unknown: else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import ibis
from ibis import ir

from openhlh.errors import WrongInput
from openhlh.rules import tree
from openhlh.rules.cohort import Cohort, age_triple, ways_of
from openhlh.rules.cohort_leaves import NEVER, Leaf, day_number, number_in
from openhlh.rules.cohort_rows import NOTHING
from openhlh.rules.cohort_tree import Triple, as_column, both, either
from openhlh.rules.screening import Plan, as_date, is_monotone, screened
from openhlh.rules.tables import EPOCH, Column


@dataclass(frozen=True)
class _Windows:
    """The facts of each day, and what the last `days` of them say together."""

    cohort: Cohort
    plan: Plan
    days: int

    def met(self, whole: ir.Table) -> ir.Table:
        """Return subject and first day of the subjects that meet the rule in some window."""
        leaves = self.cohort.leaves(self.plan.rules)
        ways = [way for leaf in leaves.values() for way in ways_of(leaf)]
        candidates = whole.filter(whole.hopeful).select("subject")
        days = _of_candidates(self.cohort, candidates).passes(list(leaves.values()), by=("subject", "day"))
        days = self._by_day(ways, days)
        rolled = self._rolled(days, ways).join(self.cohort.tables.subjects.drop("on"), "subject")

        def rank(rule: tree.Rule, anchor: str) -> Column:
            ranks = [rolled[way.name] for way in ways_of(leaves[rule, anchor])]
            return ranks[0] if len(ranks) == 1 else ibis.greatest(*ranks)

        triple = self.cohort.trees(rolled, self.plan.rules, rank=rank).triple(self.plan.rules[0])
        hits = rolled.filter(triple.met)
        return hits.group_by("subject").agg(window_day=hits.number.min())

    def _by_day(self, ways: list[Leaf], passes: list[ir.Table]) -> ir.Table:
        """Return one row for each subject and day, with the loudest rank of each way on it."""
        parts = []
        for passed in passes:
            part = passed.filter(passed.day.notnull())
            columns = {
                way.name: number_in(part[way.name]) if way.name in part.columns else ibis.null("int64")
                for way in ways
            }
            parts.append(part.select("subject", number=day_number(part.day), **columns))
        t = ibis.union(*parts) if len(parts) > 1 else parts[0]
        return t.group_by("subject", "number").agg(**{way.name: t[way.name].max() for way in ways})

    def _rolled(self, t: ir.Table, ways: list[Leaf]) -> ir.Table:
        """Return, for each day, the loudest rank of the last days; a line with its own window sees all."""
        near = ibis.window(group_by=t.subject, order_by=t.number, range=(-(self.days - 1), 0))
        ever = ibis.window(group_by=t.subject)
        made = {
            way.name: t[way.name].max().over(ever if _has_own_window(way) else near).fill_null(NOTHING)
            for way in ways
        }
        return t.mutate(on=EPOCH + t.number.as_interval("D"), **made)


def _of_candidates(cohort: Cohort, candidates: ir.Table) -> Cohort:
    """Return the cohort with the facts of some subjects only: the others cannot be met in any window."""
    t = cohort.tables
    kept = replace(
        t,
        measurements=t.measurements.semi_join(candidates, "subject"),
        findings=t.findings.semi_join(candidates, "subject"),
    )
    return replace(cohort, tables=kept)


def _has_own_window(way: Leaf) -> bool:
    return getattr(way.rule, "window", None) is not None


def _age_never_held(t: ir.Table, rule: tree.Age) -> Triple:
    ends = [age_triple(t, rule, day) for day in ("on", "until") if day in t.columns]
    return Triple(either(*(one.met for one in ends)), both(*(one.not_met for one in ends)), False)


def _hopeful(cohort: Cohort, plan: Plan) -> ir.Table:
    """Return the whole-stay table with whether a stay may hold a window that is met, and whether none can.

    Ages change within a stay: for the one they are taken as they help, for the other as they are on its
    first and on its last day.
    """
    rule = plan.rules[0]

    def marks(t: ir.Table) -> dict[str, Column]:
        helped = cohort.trees(t, plan.rules, age=lambda *_: Triple(True, False, False))
        unhelped = cohort.trees(t, plan.rules, age=lambda rule, _: _age_never_held(t, rule))
        return {
            "hopeful": as_column(helped.triple(rule).met),
            "hopeless": as_column(unhelped.triple(rule).not_met),
        }

    return screened(cohort, plan, marks)


def screened_trailing(
    cohort: Cohort, plan: Plan, days: int, keep: Callable[[ir.Table], ir.Table] = lambda table: table
) -> ir.Table:
    """Return the whole-stay table with the verdict and first day of any trailing window of some days.

    `keep` may hold the whole-stay table ready (a temporary table), for it is looked at twice.
    """
    if len(plan.rules) != 1 or not all(is_monotone(rule) for rule in plan.rules):
        raise WrongInput(
            "this definition cannot be judged in trailing windows",
            where="--trailing",
            why="with a change, a denial, an exposure or levels, more facts may take away what was met",
            remedy="screen whole stays or the first days",
        )
    wide = replace(cohort, window=(None, None))
    whole = keep(_hopeful(wide, plan))
    hits = _Windows(wide, plan, days).met(whole)
    joined = whole.left_join(hits, "subject").drop("subject_right")
    verdict = ibis.cases((joined.window_day.notnull(), "met"), (joined.hopeless, "not_met"), else_="unknown")
    return joined.mutate(verdict=verdict, first_day_met=as_date(joined.window_day.fill_null(NEVER))).drop(
        "window_day"
    )
