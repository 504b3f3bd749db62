"""What would settle an open verdict, and what other policies for missing data would make of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from openhlh.rules import tree
from openhlh.rules.combining import Outcome, combined
from openhlh.rules.plain import Judged
from openhlh.rules.verdicts import MET, NOT_MET, UNSEEN, Ruling, Verdict

LARGEST_SET = 3  # nobody orders four tests to settle one question; then "too much is missing" is said
MOST_FACTS = 9


@dataclass(frozen=True)
class Settling:
    """A smallest set of missing facts that decides: the verdict, if every one of them speaks for it.

    `given`: conditions among them that have to hold, whichever way the others speak.
    """

    verdict: Verdict
    facts: tuple[str, ...]
    given: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Open:
    line: Judged
    helps: Ruling  # what brings the whole nearer to met
    condition: bool = False  # a condition has to hold before its rule can decide either way

    def ruling_for(self, wanted: Verdict) -> Ruling:
        return self.helps if wanted is Verdict.MET or self.condition else _other(self.helps)


def settle(judged: Judged) -> tuple[Settling, ...]:
    """Return the smallest sets of missing facts that would decide, for each verdict still possible."""
    if judged.verdict is not Verdict.UNKNOWN:
        return ()
    judged = _pruned(judged)
    groups: dict[str, list[_Open]] = {}
    for one in _open_lines(judged, helps=MET):
        groups.setdefault(fact_of(one.line), []).append(one)
    if len(groups) > MOST_FACTS:
        return ()
    return (*_smallest(judged, groups, Verdict.MET), *_smallest(judged, groups, Verdict.NOT_MET))


def under_policies(judged: Judged) -> dict[str, Verdict]:
    """Return the verdict under each named policy for missing data; the strict one is the verdict.

    `untested_as_not_met`: every open line is not met. `worst_case`: every open line is what the rule looks
    for. What is met under the strict policy is met under all: Kleene's "met" holds for every completion.
    """
    lines = list(_open_lines(judged, helps=MET))
    worst = {id(one.line): one.helps for one in lines}
    return {
        "strict": judged.verdict,
        "untested_as_not_met": reconsidered(judged, {id(one.line): NOT_MET for one in lines}).verdict,
        "worst_case": reconsidered(judged, worst).verdict,
    }


def reconsidered(judged: Judged, assumed: Mapping[int, Ruling]) -> Outcome:
    """Return the outcome if some lines (by `id` of their Judged) had other rulings; no fact is read again."""
    return _Reconsidering(judged).outcome(assumed)


class _Reconsidering:
    """Answers many what-ifs about one judged tree: only branches that an assumption touches are redone."""

    def __init__(self, judged: Judged) -> None:
        self.root = judged
        self.lines_below: dict[int, frozenset[int]] = {}
        self._note(judged)

    def _note(self, judged: Judged) -> frozenset[int]:
        own = {id(judged)}
        below = own if judged.is_line else own.union(*(self._note(child) for child in judged.inside))
        self.lines_below[id(judged)] = frozenset(below)
        return self.lines_below[id(judged)]

    def outcome(self, assumed: Mapping[int, Ruling]) -> Outcome:
        """Return the outcome of the whole under assumptions."""
        return self._of(self.root, assumed)

    def _of(self, judged: Judged, assumed: Mapping[int, Ruling]) -> Outcome:
        if self.lines_below[id(judged)].isdisjoint(assumed):
            return Outcome(judged.ruling, judged.lower, judged.upper)
        if id(judged) in assumed:
            return Outcome(assumed[id(judged)])
        return combined(judged.rule, [self._of(child, assumed) for child in judged.inside])


def fact_of(judged: Judged) -> str:
    """Return the name of the fact that a line needs."""
    rule = judged.rule
    match rule:
        case tree.Measure():
            return rule.measure
        case tree.Finding():
            return tree.names_of(rule.finding)[0]
        case tree.Exposure():
            return tree.names_of(rule.exposure)[0]
        case tree.Change():
            return rule.change
        case tree.Age():
            return "age"
        case tree.ScoreItem():
            return rule.id
    return fact_of(judged.inside[0]) if judged.inside else rule.id or "baseline"


def _pruned(judged: Judged) -> Judged:
    """Return the judged tree with every decided part as one line: hundreds of what-ifs walk it."""
    inside = tuple(_pruned(child) for child in judged.inside)
    if judged.is_line or not any(child.inside or child.verdict is Verdict.UNKNOWN for child in inside):
        return replace(judged, inside=()) if judged.verdict is not Verdict.UNKNOWN else judged
    return replace(judged, inside=inside)


def _open_lines(judged: Judged, helps: Ruling, *, condition: bool = False) -> list[_Open]:
    if judged.is_line:
        return [_Open(judged, helps, condition)] if judged.verdict is Verdict.UNKNOWN else []
    if isinstance(judged.rule, tree.Not):
        helps = NOT_MET if helps == MET else MET
    inside = judged.inside
    if isinstance(judged.rule, tree.AppliesIf):
        held = _open_lines(inside[0], MET, condition=True)
        return [*held, *_open_lines(inside[1], helps, condition=condition)]
    if isinstance(judged.rule, tree.Alternative) and inside[0].ruling.reason in UNSEEN:
        inside = inside[1:]  # a route that nobody tried is shown, and is no test that the count waits for
    return [one for child in inside for one in _open_lines(child, helps, condition=condition)]


def _smallest(judged: Judged, groups: Mapping[str, list[_Open]], wanted: Verdict) -> list[Settling]:
    tree_of = _Reconsidering(judged)

    def decides(names: Iterable[str]) -> bool:
        lines = [one for name in names for one in groups[name]]
        return tree_of.outcome({id(one.line): one.ruling_for(wanted) for one in lines}).verdict is wanted

    if _out_of_reach(judged, groups, wanted) or not decides(groups):
        return []
    # a fact without which not even all others decide stands in every set that does
    needed = [name for name in groups if not decides(other for other in groups if other != name)]
    others = [name for name in groups if name not in needed]
    for size in range(LARGEST_SET - len(needed) + 1):
        sets = [(*needed, *more) for more in combinations(others, size)]
        found = [names for names in sets if decides(names)]
        if found:
            return [_settling(wanted, [name for name in groups if name in names], groups) for names in found]
    return []


def _settling(wanted: Verdict, names: list[str], groups: Mapping[str, list[_Open]]) -> Settling:
    given = [name for name in names if all(one.condition for one in groups[name])]
    return Settling(wanted, tuple(name for name in names if name not in given), tuple(given))


def _out_of_reach(judged: Judged, groups: Mapping[str, list[_Open]], wanted: Verdict) -> bool:
    """Say whether a count or score is too far away for any set: saves trying hundreds of them.

    A fact can move the bound by no more than all that is open in the items which it touches.
    """
    while isinstance(judged.rule, tree.Alternative | tree.AppliesIf):
        first = judged.inside[0].ruling
        if first.verdict is Verdict.UNKNOWN and first.reason not in UNSEEN:
            return False  # a pending route may decide by itself
        judged = judged.inside[1]
    if not isinstance(judged.rule, tree.Score | tree.AtLeast) or judged.lower is None or judged.upper is None:
        return False
    needed = judged.rule.at_least
    gap = needed - judged.lower if wanted is Verdict.MET else judged.upper - needed + 1
    reach = dict.fromkeys(groups, 0)
    for item in judged.inside:
        open_in_item = (item.upper or 0) - (item.lower or 0) if isinstance(judged.rule, tree.Score) else 1
        for name in {fact_of(one.line) for one in _open_lines(item, MET)}:
            reach[name] = reach.get(name, 0) + open_in_item
    return sum(sorted(reach.values())[-LARGEST_SET:]) < gap


def _other(ruling: Ruling) -> Ruling:
    return NOT_MET if ruling == MET else MET
