"""How the verdicts inside a rule make its verdict and its bounds; the plain engine and what-if share it."""

from __future__ import annotations

from dataclasses import dataclass

from openhlh.rules import tree
from openhlh.rules.verdicts import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNSEEN,
    Ruling,
    Verdict,
    between,
    denied,
    every,
    some,
)


@dataclass(frozen=True)
class Outcome:
    """A ruling, with its lower and upper bound where the rule counts."""

    ruling: Ruling
    lower: int | None = None
    upper: int | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict alone."""
        return self.ruling.verdict


def combined(rule: tree.Rule | tree.ScoreItem, inside: list[Outcome]) -> Outcome:
    """Return the outcome of a rule from those inside it."""
    rulings = [one.ruling for one in inside]
    match rule:
        case tree.All():
            return Outcome(every(rulings))
        case tree.Any_():
            return Outcome(some(rulings))
        case tree.Alternative():
            return Outcome(_beside(*rulings))
        case tree.Not():
            return Outcome(denied(rulings[0]))
        case tree.AtLeast():
            lower = sum(one.verdict is Verdict.MET for one in inside)
            upper = lower + sum(one.verdict is Verdict.UNKNOWN for one in inside)
            settled = any(one in (MET, NOT_MET) for one in rulings)
            # where none is, every rule may still turn out not to apply, and then neither does this
            ruling = between(lower, upper, rule.at_least, rulings) if settled else some(rulings)
            return Outcome(ruling, lower, upper)
        case tree.Score():
            lower, upper = sum(one.lower or 0 for one in inside), sum(one.upper or 0 for one in inside)
            return Outcome(between(lower, upper, rule.at_least, rulings), lower, upper)
        case tree.ScoreItem():
            return _points(rule, inside)
        case tree.AppliesIf():
            return _applying(*inside)
    raise TypeError(f"{type(rule).__name__} does not combine verdicts")


def _beside(route: Ruling, main: Ruling) -> Ruling:
    """A route that nobody tried is sufficient, not necessary: then the main rule alone decides."""
    return some([NOT_MET if route.reason in UNSEEN else route, main])


def _points(item: tree.ScoreItem, steps: list[Outcome]) -> Outcome:
    pairs = list(zip(item.steps, steps, strict=True))
    lower = max([step.points for step, one in pairs if one.verdict is Verdict.MET], default=0)
    open_steps = [(step, one) for step, one in pairs if one.verdict is Verdict.UNKNOWN]
    upper = max([step.points for step, _ in open_steps], default=0)
    if upper <= lower:
        return Outcome(MET if lower else NOT_MET, lower, lower)
    return Outcome(open_steps[0][1].ruling, lower, upper)


def _applying(condition: Outcome, then: Outcome) -> Outcome:
    if condition.verdict in (Verdict.NOT_MET, Verdict.NOT_APPLICABLE):
        return Outcome(NOT_APPLICABLE)
    if condition.verdict is Verdict.UNKNOWN:
        return Outcome(condition.ruling, then.lower, then.upper)
    return then
