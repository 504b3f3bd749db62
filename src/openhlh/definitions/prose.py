"""A definition as prose for a clinician: what is asked, line by line, with limits, windows and gaps."""

from __future__ import annotations

from collections.abc import Iterator

from openhlh.definitions.book import Bound
from openhlh.definitions.wording import limit_of, name_of
from openhlh.rules import tree

Line = tuple[int, str]  # how deep it stands, and the words


def as_prose(bound: Bound) -> list[Line]:
    """Return the rule or the levels of a definition as lines with their depth."""
    if bound.rule is not None:
        return list(_told(bound.rule, 0))
    lines: list[Line] = []
    for level, rule in bound.levels:
        lines += [(0, f"{level.id}: {level.text}"), *_told(rule, 1)]
    logic = bound.page.logic
    if logic and logic.else_level:
        lines.append((0, f"{logic.else_level}: none of these"))
    return lines


def _told(rule: tree.Rule | tree.ScoreItem, depth: int) -> Iterator[Line]:
    inside = _inside(rule)
    head = _head(rule)
    place = f" [{rule.at}]" if rule.at and depth == 0 else ""
    if not inside:
        yield depth, f"{head}{_limit(rule)}{_conditions(rule)}{place}"
        return
    yield depth, f"{head}{_joined(rule)}{place}"
    for one in inside:
        yield from _told(one, depth + 1)


def _inside(rule: tree.Rule | tree.ScoreItem) -> tuple[tree.Rule | tree.ScoreItem, ...]:
    if isinstance(rule, tree.ScoreItem):
        return ()
    return rule.score if isinstance(rule, tree.Score) else tree.inside(rule)


def _head(rule: tree.Rule | tree.ScoreItem) -> str:
    if rule.text or rule.id or not _inside(rule):
        return name_of(rule)
    return ""


def _joined(rule: tree.Rule | tree.ScoreItem) -> str:
    words = {
        tree.All: "all of",
        tree.Any_: "any of",
        tree.Not: "not",
        tree.Normalised: "abnormal at baseline and normal now",
        tree.AtBaseline: "at baseline",
        tree.AppliesIf: "where the first holds, the second (else not applicable)",
        tree.Alternative: "the first alone is enough; otherwise the second",
    }
    said = words.get(type(rule))
    if isinstance(rule, tree.AtLeast):
        said = f"at least {rule.at_least} of these {len(rule.of)}"
    if isinstance(rule, tree.Score):
        said = f"points of these {len(rule.score)} items, {rule.at_least} or more"
    return f": {said}" if _head(rule) else (said or "").capitalize()


def _limit(rule: tree.Rule | tree.ScoreItem) -> str:
    if isinstance(rule, tree.ScoreItem):
        steps = [f"{step.points} if {_step(step.when)}" for step in rule.steps]
        return f": {'; '.join(steps)}; else 0"
    limit = limit_of(rule)
    if isinstance(rule, tree.Measure) and limit and rule.text:
        return f": {rule.measure.replace('_', ' ')} {limit}"
    return f" {limit}" if limit else ""


def _step(rule: tree.Rule) -> str:
    if isinstance(rule, tree.AtLeast):
        return f"{rule.at_least} or more of {', '.join(_step(one) for one in rule.of)}"
    if isinstance(rule, tree.All | tree.Any_):
        word = " and " if isinstance(rule, tree.All) else " or "
        return word.join(_step(one) for one in tree.inside(rule))
    return f"{name_of(rule)} {limit_of(rule) or ''}".strip()


def _conditions(rule: tree.Rule | tree.ScoreItem) -> str:
    said = []
    if isinstance(rule, tree.Measure):
        if rule.pick != "worst":
            said.append(f"the {rule.pick} value")
        if rule.valid_for is not None:
            said.append(f"not older than {rule.valid_for} days")
        if rule.or_finding:
            names = " or ".join(name.replace("_", " ") for name in tree.names_of(rule.or_finding))
            said.append(f"or recorded as {names}")
        if rule.or_derived:
            said.append(f"or {' × '.join(one.replace('_', ' ') for one in rule.or_derived.product)}")
        if rule.laboratory_cutoff:
            said.append("in another unit only by the laboratory's own cut-off")
    if isinstance(rule, tree.Exposure):
        if rule.started_at_least is not None:
            said.append(f"begun at least {rule.started_at_least} days before")
        if rule.lasted_at_least is not None:
            said.append(f"for at least {rule.lasted_at_least} days")
    for one in getattr(rule, "confounded_by", ()):
        drugs = " or ".join(name.replace("_", " ") for name in tree.names_of(one.exposure))
        hidden = {"met": "positive is", "not_met": "negative is", "both": "it is"}[one.hides]
        said.append(f"{hidden} unknown under {drugs}" + (f" and {one.days} days after" if one.days else ""))
    return f" ({'; '.join(said)})" if said else ""
