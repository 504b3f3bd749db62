"""An assessment as the JSON object that every door shows (`assess` in the design)."""

from __future__ import annotations

from typing import Any

from openhlh.definitions.assessing import Assessment, lines_of
from openhlh.definitions.wording import day_of, limit_of, name_of, value_of, why
from openhlh.rules import tree
from openhlh.rules.facts import Measurement
from openhlh.rules.plain import Fact, Judged
from openhlh.rules.verdicts import UNSEEN, Verdict


def as_contract(one: Assessment) -> dict[str, Any]:
    """Return the object of one definition: verdict, bounds, criteria, what settles it, doubts, notes."""
    count = one.count
    logic = one.page.logic
    shown: dict[str, Any] = {
        "id": one.page.id,
        "title": one.page.title,
        "kind": one.page.kind,
        "status": logic.status if logic else one.page.status,
        "source": one.page.source,
        "verdict": one.verdict.value,
        "met": count.lower if count else None,
        "unknown": (count.upper or 0) - (count.lower or 0) if count else None,
        "possible": count.upper if count else None,
        "needed": _needed(count),
        "counts": _unit(count),
        "criteria": _criteria(one),
        "settled_by": [
            {"verdict": s.verdict.value, "facts": list(s.facts), "given": list(s.given)}
            for s in one.settled_by
        ],
        "policies": {name: verdict.value for name, verdict in (one.policies or {}).items()},
        "parameters": one.bound.parameters,
        "doubts": [{"id": doubt.id, "text": doubt.text} for doubt in one.page.doubts],
        "notes": _notes(one),
    }
    if one.levels:
        shown |= {"level": one.level, "possible_levels": list(one.possible)}
    if logic and logic.bands and count:
        shown["band"] = _bands(one, count)
    return shown


def _needed(count: Judged | None) -> int | None:
    return count.rule.at_least if count and isinstance(count.rule, tree.AtLeast | tree.Score) else None


def _unit(count: Judged | None) -> str | None:
    if count is None:
        return None
    return "points" if isinstance(count.rule, tree.Score) else f"of {len(count.inside)}"


def counted(shown: dict[str, Any]) -> str:
    """Return the count of an object of `as_contract` with its bounds and what is needed; "" without one."""
    if shown["met"] is None:
        return ""
    count = f"{shown['met']} to {shown['possible']}" if shown["unknown"] else str(shown["met"])
    return f"{count} {shown['counts']}, {shown['needed']} needed"


def _criteria(one: Assessment) -> list[dict[str, Any]]:
    if one.judged is not None:
        return [_line(line, one.page.source) for line in lines_of(one.judged)]
    return [
        {
            **_line(level.judged, one.page.source),
            "id": level.id,
            "text": text.text,
            "inside": [_line(line, one.page.source) for line in lines_of(level.judged)],
        }
        for level, (text, _) in zip(one.levels, one.bound.levels, strict=True)
    ]


def _line(judged: Judged, source: str) -> dict[str, Any]:
    rule, fact = judged.rule, judged.fact or _deciding(judged)
    measured = fact if isinstance(fact, Measurement) else None
    inside = [_line(line, source) for line in named_inside(judged)]
    return {
        "id": rule.id,
        "text": name_of(rule),
        "verdict": judged.verdict.value,
        "value": value_of(fact),
        "unit": measured.unit if measured else None,
        "date": day_of(fact),
        "limit": limit_of(rule),
        "source": rule.source or source,
        "at": rule.at,
        "reason": judged.ruling.reason.value if judged.ruling.reason else None,
        "why": why(judged),
        "lower": judged.lower,
        "upper": judged.upper,
        "inside": inside,
    }


def named_inside(judged: Judged) -> list[Judged]:
    """Return the lines inside a line that have a name of their own; the others only make its verdict."""
    if isinstance(judged.rule, tree.Normalised | tree.ScoreItem):
        return []
    return [line for line in lines_of(judged) if line is not judged and line.rule.id]


def _deciding(judged: Judged) -> Fact | None:
    """Return the fact that made the verdict of a line without named lines inside."""
    if named_inside(judged):
        return None
    same = (child for child in judged.inside if child.ruling == judged.ruling)
    return next((fact for child in same if (fact := child.fact or _deciding(child))), None)


def _bands(one: Assessment, count: Judged) -> list[dict[str, str]]:
    """Return the published bands that the score may lie in, with how well each is confirmed."""
    logic = one.page.logic
    low, high = count.lower or 0, count.upper or 0
    return [
        {"text": band.text, "status": band.status, "source": band.source}
        for band in (logic.bands if logic else ())
        if (band.up_to is None or low <= band.up_to) and (band.above is None or high > band.above)
    ]


def _notes(one: Assessment) -> list[str]:
    logic = one.page.logic
    notes = [*one.bound.warnings]
    if logic and logic.qualitative:
        notes.append("the source gives no numbers: the level is recorded by the treating team, not computed")
    if one.judged is not None and isinstance(one.judged.rule, tree.Alternative):
        route = one.judged.inside[0]
        if route.ruling.reason in UNSEEN and one.verdict is not Verdict.MET:
            notes.append(
                f"{name_of(route.rule).lower()}: not tested; a positive result would meet it by itself"
            )
    days = sorted({day for line in one.lines for day in _days(line)})
    if len(days) > 1:
        notes.append(f"facts from {days[0]} to {days[-1]}")
    if logic and logic.window_note:
        notes.append(logic.window_note)
    return notes


def _days(judged: Judged) -> list[str]:
    own = [day_of(judged.fact)] if judged.fact else []
    return [day for day in (*own, *(one for child in judged.inside for one in _days(child))) if day]
