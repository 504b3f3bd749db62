"""The tree over the lines' ranks: for every rule three columns that are never null, and its first day.

`met`, `not_met` and `not_applicable` exclude each other; a row with none of them is unknown. Python's True
and False stand for what is the same in every row and keep the expression small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import ibis

from openhlh.rules import tree
from openhlh.rules.cohort_rows import MET, NOT_MET, RANK
from openhlh.rules.tables import Column
from openhlh.rules.verdicts import UNSEEN

Truth = Column  # bool or an Ibis boolean
NEVER_MET = 99_999
_UNSEEN_RANKS = tuple(RANK[reason] for reason in UNSEEN)


def both(*parts: Truth) -> Truth:
    """Return the "and" of truths."""
    if any(part is False for part in parts):
        return False
    return _chained([part for part in parts if part is not True], lambda a, b: a & b, empty=True)


def either(*parts: Truth) -> Truth:
    """Return the "or" of truths."""
    if any(part is True for part in parts):
        return True
    return _chained([part for part in parts if part is not False], lambda a, b: a | b, empty=False)


def negated(part: Truth) -> Truth:
    """Return the "not" of a truth."""
    return (not part) if isinstance(part, bool) else ~part


def as_column(part: Truth) -> Column:
    """Return a truth as a column."""
    return ibis.literal(part) if isinstance(part, bool) else part


def counted(parts: Iterable[Truth]) -> Column:
    """Return how many of the truths hold."""
    total: Column = 0
    for part in parts:
        total = total + (int(part) if isinstance(part, bool) else part.ifelse(1, 0))
    return total


def _chained(parts: list[Truth], join: Callable[[Column, Column], Column], *, empty: bool) -> Truth:
    if not parts:
        return empty
    whole = parts[0]
    for part in parts[1:]:
        whole = join(whole, part)
    return whole


@dataclass(frozen=True)
class Triple:
    """A rule over all subjects; `lower` and `upper` bound it where it counts, `day` is the first day met."""

    met: Truth
    not_met: Truth
    not_applicable: Truth
    lower: Column = None
    upper: Column = None
    day: Column = NEVER_MET

    @property
    def unreachable(self) -> Truth:
        """Whether the rule cannot become met any more."""
        return either(self.not_met, self.not_applicable)


class Trees:
    """Builds the triples of a rule; `rank` and `day` give a leaf's columns, `has_baseline` that day's."""

    def __init__(
        self,
        rank: Callable[[tree.Rule, str], Column],
        day: Callable[[tree.Rule, str], Column],
        age: Callable[[tree.Age, str], Triple],
        has_baseline: Truth,
    ) -> None:
        """Keep where the columns come from; every triple is built once."""
        self._rank, self._day, self._age, self._has_baseline = rank, day, age, has_baseline

    def triple(self, rule: tree.Rule, anchor: str = "on") -> Triple:
        """Return the triple of a rule judged around an anchor column."""
        match rule:
            case tree.Measure() | tree.Finding() | tree.Exposure() | tree.Change():
                rank = self._rank(rule, anchor)
                negative = rank == -1 if isinstance(rule, tree.Change) else False
                return Triple(rank == MET, rank == NOT_MET, negative, day=self._day(rule, anchor))
            case tree.Age():
                return self._age(rule, anchor)
            case tree.AtBaseline():
                inner = self.triple(rule.at_baseline, "baseline")
                return Triple(
                    *(
                        both(self._has_baseline, one)
                        for one in (inner.met, inner.not_met, inner.not_applicable)
                    )
                )
            case tree.Normalised():
                return self._normalised(rule)
            case tree.Score():
                return self._score(rule, anchor)
        return self._combined(rule, [self.triple(child, anchor) for child in tree.inside(rule)], anchor)

    def _combined(self, rule: tree.Rule, inside: list[Triple], anchor: str) -> Triple:
        nowhere = both(*(one.not_applicable for one in inside))
        match rule:
            case tree.All():
                met = both(*(either(one.met, one.not_applicable) for one in inside), negated(nowhere))
                counting = [one for one in inside if one.lower is not None]
                lower, upper = (counting[0].lower, counting[0].upper) if len(counting) == 1 else (None, None)
                fails = either(*(one.not_met for one in inside))
                return Triple(met, fails, nowhere, lower, upper, _latest(inside))
            case tree.Any_():
                none = both(*(one.unreachable for one in inside), negated(nowhere))
                return Triple(either(*(one.met for one in inside)), none, nowhere, day=_earliest(inside))
            case tree.Not():
                return Triple(inside[0].not_met, inside[0].met, inside[0].not_applicable)
            case tree.AtLeast():
                lower = counted(one.met for one in inside)
                upper = len(inside) - counted(one.unreachable for one in inside)
                settled = either(*(either(one.met, one.not_met) for one in inside))
                fails = both(upper < rule.at_least, settled)
                return Triple(
                    lower >= rule.at_least, fails, nowhere, lower, upper, _kth(inside, rule.at_least)
                )
            case tree.AppliesIf():
                condition, then = inside
                return Triple(
                    both(condition.met, then.met),
                    both(condition.met, then.not_met),
                    either(condition.unreachable, both(condition.met, then.not_applicable)),
                    then.lower,
                    then.upper,
                )
            case tree.Alternative():
                return self._beside(rule, inside, anchor)
        raise TypeError(f"{type(rule).__name__} has no meaning over a cohort")

    def _beside(self, rule: tree.Alternative, inside: list[Triple], anchor: str) -> Triple:
        """A route that nobody tried is sufficient, not necessary: then the main rule alone decides."""
        route, main = inside
        lines = rule.alternative.some if isinstance(rule.alternative, tree.Any_) else (rule.alternative,)
        idle = [self._rank(line, anchor).isin((*_UNSEEN_RANKS, NOT_MET)) for line in lines]
        closed = both(*idle, negated(route.met))
        met = either(route.met, main.met)
        return Triple(
            met, both(closed, main.unreachable), False, main.lower, main.upper, _earliest([route, main])
        )

    def _normalised(self, rule: tree.Normalised) -> Triple:
        before, now = self.triple(rule.normalised, "baseline"), self.triple(rule.normalised, "on")
        was_normal = either(before.met, before.not_applicable)
        return Triple(
            both(self._has_baseline, before.not_met, now.met),
            both(self._has_baseline, before.not_met, now.not_met),
            both(self._has_baseline, either(was_normal, both(before.not_met, now.not_applicable))),
        )

    def _score(self, rule: tree.Score, anchor: str) -> Triple:
        lower: Column = 0
        upper: Column = 0
        for item in rule.score:
            least, most = self._points(item, anchor)
            lower, upper = lower + least, upper + most
        return Triple(lower >= rule.at_least, upper < rule.at_least, False, lower, upper)

    def _points(self, item: tree.ScoreItem, anchor: str) -> tuple[Column, Column]:
        least, most = [], []
        for step in item.steps:
            one = self.triple(step.when, anchor)
            least.append(_if(one.met, step.points))
            most.append(_if(negated(one.unreachable), step.points))
        return (
            least[0] if len(least) == 1 else ibis.greatest(*least),
            most[0] if len(most) == 1 else ibis.greatest(*most),
        )


def _if(truth: Truth, points: int) -> Column:
    return ibis.literal(points if truth else 0) if isinstance(truth, bool) else truth.ifelse(points, 0)


def _earliest(inside: list[Triple]) -> Column:
    return ibis.least(*(ibis.literal(one.day) if isinstance(one.day, int) else one.day for one in inside))


def _latest(inside: list[Triple]) -> Column:
    return ibis.greatest(*(ibis.literal(one.day) if isinstance(one.day, int) else one.day for one in inside))


def _kth(inside: list[Triple], k: int) -> Column:
    """Return the day on which the k-th of the rules was first met."""
    days = [ibis.literal(one.day, "int64") if isinstance(one.day, int) else one.day for one in inside]
    return days[0] if len(days) == 1 else ibis.array(days).sort()[k - 1]
