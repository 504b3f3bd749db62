"""Premises: what a question takes for granted, held against the shelves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from openhlh.answers.phrases import listed
from openhlh.numerals import agreement, fractions, percents

if TYPE_CHECKING:
    from openhlh.answers.choosing import Chosen
    from openhlh.answers.frame import Frame
    from openhlh.answers.items import Item
    from openhlh.content.study import Arm

Ruling = Literal["holds", "other_outcome", "does_not_hold", "nothing_claimed"]
_LEVEL_STEMS = {
    "complete": {"complet", "cr", "crs"},
    "partial": {"partial", "pr", "prs"},
    "none": {"nonrespons", "nonrespond", "nr"},
    "deaths": {"die", "death", "dead", "mortal"},
    "alive": {"surviv", "aliv", "os", "survivor"},
    "responders": {"respond", "orr", "overal", "respons"},
}


@dataclass(frozen=True)
class Outcome:
    """A count out of a total that an arm reports, by the name of what it counts."""

    level: str
    count: int
    total: int


def outcomes(arm: Arm) -> tuple[Outcome, ...]:
    """Return every count out of a total that an arm reports in its fields."""
    known = []
    if arm.response and arm.evaluable:
        for level in ("complete", "partial", "improvement", "none", "responders"):
            count = getattr(arm.response, level)
            if count is not None:
                known.append(Outcome(level, count, arm.evaluable))
    known += [Outcome("alive", one.alive, one.of) for one in arm.survival if one.alive is not None and one.of]
    if arm.deaths and (total := arm.deaths.of or arm.enrolled):
        known.append(Outcome("deaths", arm.deaths.n, total))
    known += [Outcome("adverse", one.n, one.of) for one in arm.adverse_events if one.n is not None and one.of]
    return tuple(known)


def rule_on_numbers(frame: Frame, chosen: tuple[Chosen, ...], items: tuple[Item, ...]) -> Ruling:
    """Say whether the counts and percents that a question states stand on the pages it is about."""
    if not (frame.fractions or frame.percents):
        return "nothing_claimed"
    known = [outcome for one in chosen for outcome in outcomes(one.arm)]
    asked = asked_level(frame)
    rulings = [_fraction_ruling(pair, known, asked, items) for pair in frame.fractions]
    if not frame.fractions:
        rulings += [_percent_ruling(printed, known, asked, items) for printed in frame.percents]
    elif "does_not_hold" not in rulings:
        rulings += [
            "holds"
            if any(agreement(p, n, total) != "disagrees" for n, total in frame.fractions if total)
            else "does_not_hold"
            for p in frame.percents
        ]
    worst: tuple[Ruling, ...] = ("does_not_hold", "other_outcome")
    for verdict in worst:
        if verdict in rulings:
            return verdict
    return "holds"


def asked_level(frame: Frame) -> str | None:
    """Return the outcome that the question's words name, if they name one."""
    for level, stems in _LEVEL_STEMS.items():
        if frame.said & stems:
            return level
    return None


def _fraction_ruling(
    pair: tuple[int, int], known: list[Outcome], asked: str | None, items: tuple[Item, ...]
) -> Ruling:
    same = [one for one in known if (one.count, one.total) == pair]
    if same:
        return "holds" if asked is None or any(one.level == asked for one in same) else "other_outcome"
    return "holds" if any(pair in fractions(item.text) for item in items) else "does_not_hold"


def _percent_ruling(printed: str, known: list[Outcome], asked: str | None, items: tuple[Item, ...]) -> Ruling:
    same = [one for one in known if agreement(printed, one.count, one.total) != "disagrees"]
    if same:
        return "holds" if asked is None or any(one.level == asked for one in same) else "other_outcome"
    stated = {value for item in items for value in percents(item.text)}
    near = any(value == printed or value.split(".")[0] == printed for value in stated)
    return "holds" if near else "does_not_hold"


def comparability(chosen: list[Chosen], titles: dict[str, str], lines: dict[str, str]) -> str | None:
    """Return what makes the chosen results not comparable, or None where fewer than two are shown."""
    arms = [one.arm for one in chosen if one.arm.response]
    if len({one.study.id for one in chosen if one.arm.response}) < 2:
        return None
    definitions = sorted(
        {titles.get(arm.response.definition, arm.response.definition) for arm in arms if arm.response}
    )
    populations = sorted({lines[arm.line] for arm in arms})
    units = sorted({arm.unit for arm in arms})
    parts = []
    if len(definitions) > 1:
        parts.append(f"response was judged by different definitions ({'; '.join(definitions)})")
    if len(populations) > 1:
        parts.append(f"lines of therapy differ ({'; '.join(populations)})")
    if len(units) > 1:
        parts.append("some count courses and some patients")
    parts.append("patients and times of assessment differ")
    return (
        f"Do not rank these results: {listed(parts)}; no study compared them head-to-head, "
        "so that none can be called best"
    )
