"""One patient assessed by one definition: verdict, bounds, every line, what would settle it."""

from __future__ import annotations

from dataclasses import dataclass

from openhlh.content.logic import Definition
from openhlh.definitions.book import Book, Bound
from openhlh.rules import tree
from openhlh.rules.facts import Facts, Moment
from openhlh.rules.plain import Judged, Plain
from openhlh.rules.settle import Settling, settle, under_policies
from openhlh.rules.verdicts import Verdict


@dataclass(frozen=True)
class LevelJudged:
    """One level of a graded definition, judged."""

    id: str
    judged: Judged


@dataclass(frozen=True)
class Assessment:
    """A definition applied to a patient on a day.

    `level`: the level reached (graded definitions), None while it is open; then `possible` lists what it
    may be, from the best (gravest) down. `count` is the judged rule that counts, if there is exactly one.
    """

    bound: Bound
    moment: Moment
    verdict: Verdict
    judged: Judged | None
    levels: tuple[LevelJudged, ...] = ()
    level: str | None = None
    possible: tuple[str, ...] = ()
    settled_by: tuple[Settling, ...] = ()
    policies: dict[str, Verdict] | None = None

    @property
    def page(self) -> Definition:
        """The page of the definition."""
        return self.bound.page

    @property
    def count(self) -> Judged | None:
        """The judged rule that counts, where there is exactly one beside the lines."""
        counting = _counting(self.judged) if self.judged else []
        return counting[0] if len(counting) == 1 else None

    @property
    def lines(self) -> tuple[Judged, ...]:
        """The criteria in the order of the page."""
        roots = [self.judged] if self.judged else [one.judged for one in self.levels]
        return tuple(line for root in roots if root for line in lines_of(root))


def assess(book: Book, bound: Bound, facts: Facts, on: Moment, *, settled: bool = True) -> Assessment:
    """Return what a definition says of a patient; `on` gives the day and the baseline."""
    moment = bound.moment(on)
    engine = Plain(book.analytes, facts, moment)
    if bound.rule is not None:
        judged = engine.judge(bound.rule)
        return Assessment(
            bound,
            moment,
            judged.verdict,
            judged,
            settled_by=settle(judged) if settled else (),
            policies=under_policies(judged),
        )
    levels = tuple(LevelJudged(level.id, engine.judge(rule)) for level, rule in bound.levels)
    return _graded(bound, moment, levels, settled=settled)


def _graded(bound: Bound, moment: Moment, levels: tuple[LevelJudged, ...], *, settled: bool) -> Assessment:
    logic = bound.page.logic
    lowest = (logic.else_level if logic else None) or "none"
    possible: list[str] = []
    for one in levels:
        if one.judged.verdict is Verdict.UNKNOWN:
            possible.append(one.id)
        elif one.judged.verdict is Verdict.MET:
            possible.append(one.id)
            break
    else:
        possible.append(lowest)
    verdicts = {one.judged.verdict for one in levels}
    first_open = next((one.judged for one in levels if one.judged.verdict is Verdict.UNKNOWN), None)
    sets = settle(first_open) if settled and first_open and len(possible) > 1 else ()
    if verdicts == {Verdict.NOT_APPLICABLE}:
        return Assessment(bound, moment, Verdict.NOT_APPLICABLE, None, levels)
    if len(possible) > 1:
        return Assessment(bound, moment, Verdict.UNKNOWN, None, levels, None, tuple(possible), sets)
    reached = possible[0]
    verdict = Verdict.NOT_MET if reached == lowest else Verdict.MET
    return Assessment(bound, moment, verdict, None, levels, reached, (reached,))


def lines_of(judged: Judged) -> list[Judged]:
    """Return the topmost named lines inside a judged rule, and the unnamed ones that hold a fact."""
    found: list[Judged] = []
    for child in judged.inside:
        scored = isinstance(child.rule, tree.ScoreItem)
        found += [child] if scored or child.rule.id or child.is_line else lines_of(child)
    return found or [judged]


def _counting(judged: Judged) -> list[Judged]:
    if isinstance(judged.rule, tree.AtLeast | tree.Score):
        return [judged]
    return [
        one
        for child in judged.inside
        if child.rule.id is None or isinstance(child.rule, tree.AtLeast | tree.Score)
        for one in _counting(child)
    ]
