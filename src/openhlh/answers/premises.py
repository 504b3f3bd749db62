"""Claims of a question: its counts and percents, held against the outcomes of the arms it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from openhlh.answers.phrases import LEVEL, LINE, SALVAGE_LINES, listed
from openhlh.answers.reading import stems
from openhlh.numerals import agreement, fractions, percents
from openhlh.proportions import percent

if TYPE_CHECKING:
    from openhlh.answers.choosing import Chosen
    from openhlh.answers.frame import Frame
    from openhlh.answers.items import Item

Ruling = Literal["holds", "one_arm", "other_outcome", "elsewhere", "does_not_hold"]
_WORST_FIRST: tuple[Ruling, ...] = ("does_not_hold", "other_outcome", "elsewhere", "one_arm", "holds")
_LEVEL_STEMS = {
    "complete": {"complet", "cr", "crs", "cure"},
    "partial": {"partial", "pr", "prs"},
    "none": {"nonrespons", "nonrespond", "nr"},
    "deaths": {"die", "death", "dead", "mortal"},
    "alive": {"surviv", "aliv", "os", "survivor", "live"},
    "responders": {"respond", "orr", "respons", "effect", "efficaci", "effic", "work", "success"},
    "adverse": {"toxic", "grade", "safe", "advers", "infect", "harm"},
}


@dataclass(frozen=True, eq=False)
class Outcome:
    """A count out of a total that an arm reports: what it counts, and when."""

    chosen: Chosen
    level: str
    count: int
    total: int
    time: str = ""
    event: str = ""

    @property
    def said(self) -> str:
        """The outcome in words: count, total, percent, what, when, in whom and in which line."""
        names = dict(self.chosen.arm.response.names) if self.chosen.arm.response else {}
        what = {
            **LEVEL,
            "responders": "response",
            "alive": "alive",
            "deaths": "died",
            "adverse": "adverse event",
        }
        name = self.event or names.get(self.level, what[self.level])  # type: ignore[call-overload]
        when = f" at {self.time}" if self.time else ""
        unit = self.chosen.arm.unit
        share = percent(self.count, self.total)
        return (
            f"{name}{when} in {self.count} of {self.total} {unit} ({share} %), "
            f"{self.chosen.arm.label} ({LINE[self.chosen.arm.line]}) [{self.chosen.study.source}]"
        )


@dataclass(frozen=True)
class Verdict:
    """What was found about the figures of a question, and the outcomes that decide it."""

    ruling: Ruling
    outcomes: tuple[Outcome, ...] = ()
    other_line: bool = False


def outcomes(chosen: Chosen) -> tuple[Outcome, ...]:
    """Return every count out of a total that an arm reports in its fields."""
    arm = chosen.arm
    known = []
    if arm.response and arm.evaluable:
        for level in ("responders", "complete", "partial", "improvement", "none"):
            count = getattr(arm.response, level)
            if count is not None:
                known.append(Outcome(chosen, level, count, arm.evaluable))
    known += [
        Outcome(chosen, "alive", one.alive, one.of, one.time)
        for one in arm.survival
        if one.alive is not None and one.of
    ]
    if arm.deaths and (total := arm.deaths.of or arm.enrolled):
        known.append(Outcome(chosen, "deaths", arm.deaths.n, total))
    known += [
        Outcome(chosen, "adverse", one.n, one.of, event=one.event)
        for one in arm.adverse_events
        if one.n is not None and one.of
    ]
    return tuple(known)


def asked_levels(frame: Frame) -> frozenset[str]:
    """Return the outcomes that the question's words name."""
    named = frozenset(level for level, stems in _LEVEL_STEMS.items() if frame.said & stems)
    if not named:
        return frozenset({"responders", "complete"})
    finer = named & {"complete", "partial", "none"}
    return named - {"responders"} if finer and "orr" not in frame.said else named


def rule_on_numbers(frame: Frame, chosen: tuple[Chosen, ...], items: tuple[Item, ...]) -> Verdict | None:
    """Say whether the figures of a question stand on the pages it is about; None where it states none."""
    if not (frame.fractions or frame.percents):
        return None
    fitting = of_patients_asked(frame, chosen)
    known = [outcome for one in fitting for outcome in outcomes(one)]
    others = [outcome for one in chosen if one not in fitting for outcome in outcomes(one)]
    unmeant = [one for one in known if one.event and not frame.said & set(stems(one.event))]
    known, others = [one for one in known if one not in unmeant], [*others, *unmeant]
    levels = asked_levels(frame)
    verdicts = [_of_fraction(pair, (known, others), levels, items) for pair in frame.fractions]
    stated = [pair for pair in frame.fractions if pair[1]]
    for printed in frame.percents:
        if stated:
            follows = any(agreement(printed, count, total) != "disagrees" for count, total in stated)
            verdicts.append(Verdict("holds") if follows else Verdict("does_not_hold"))
        else:
            verdicts.append(_of_percent(printed, frame, (known, others), levels, items))
    worst = min(verdicts, key=lambda verdict: _WORST_FIRST.index(verdict.ruling))
    found = tuple(dict.fromkeys(outcome for verdict in verdicts for outcome in verdict.outcomes))
    lines = {outcome.chosen.arm.line for outcome in found}
    return Verdict(worst.ruling, found, frame.asks_salvage and bool(lines) and not lines & SALVAGE_LINES)


def of_patients_asked(frame: Frame, chosen: tuple[Chosen, ...]) -> list[Chosen]:
    """Return the arms of the age and cause asked about; all of them where none fits exactly."""
    of_age = [one for one in chosen if one.arm.age.group in frame.ages] or list(chosen)
    asked = set(frame.etiologies)
    return [one for one in of_age if asked & set(one.arm.etiology.groups)] or of_age


def nearest(frame: Frame, chosen: tuple[Chosen, ...]) -> tuple[Outcome, ...]:
    """Return the outcomes that the question means, those that share a number with its claim first."""
    levels = asked_levels(frame)
    fitting = of_patients_asked(frame, chosen)
    known = [outcome for one in fitting for outcome in outcomes(one) if outcome.level in levels]
    known = [one for one in known if not one.event or frame.said & set(stems(one.event))]
    stated = {number for pair in frame.fractions for number in pair}
    known.sort(
        key=lambda one: (-len({one.count, one.total} & stated), not _time_asked(one, frame), -one.total)
    )
    return tuple(known[:2])


Known = tuple[list[Outcome], list[Outcome]]  # of the patients asked about, and of others


def _of_fraction(
    pair: tuple[int, int], known: Known, levels: frozenset[str], items: tuple[Item, ...]
) -> Verdict:
    same, other = (tuple(one for one in part if (one.count, one.total) == pair) for part in known)
    if not same and other:
        return Verdict("other_outcome", other[:2])
    return _judged(same, levels, stands_in_text=any(pair in fractions(item.text) for item in items))


def _of_percent(
    printed: str, frame: Frame, known: Known, levels: frozenset[str], items: tuple[Item, ...]
) -> Verdict:
    same, other = (
        tuple(one for one in part if agreement(printed, one.count, one.total) != "disagrees")
        for part in known
    )
    timed = tuple(one for one in same if _time_asked(one, frame))
    if not timed and (same or other):
        return Verdict("other_outcome", (*same, *other)[:2])
    stated = {value for item in items for value in percents(item.text)}
    verdict = _judged(timed, levels, stands_in_text=printed in stated or f"{printed}.0" in stated)
    return _of_one_arm(verdict, known[0]) if verdict.ruling == "holds" else verdict


def _of_one_arm(verdict: Verdict, known: list[Outcome]) -> Verdict:
    """A percent of a smaller arm is no result at large where the largest arm has another."""
    levels = {one.level for one in verdict.outcomes}
    largest = max(one.total for one in known if one.level in levels)
    if any(one.total == largest for one in verdict.outcomes):
        return verdict
    return Verdict("one_arm", verdict.outcomes)


def _judged(same: tuple[Outcome, ...], levels: frozenset[str], *, stands_in_text: bool) -> Verdict:
    if same:
        fitting = tuple(one for one in same if not levels or one.level in levels)
        return Verdict("holds", fitting[:2]) if fitting else Verdict("other_outcome", same[:2])
    return Verdict("elsewhere") if stands_in_text else Verdict("does_not_hold")


def _time_asked(outcome: Outcome, frame: Frame) -> bool:
    """True where the question names no time, or the time of this outcome."""
    if not outcome.time or not frame.times:
        return True
    return any(time in outcome.time for time in frame.times)


def comparability(chosen: list[Chosen], titles: dict[str, str]) -> str | None:
    """Return what makes the chosen results not comparable, or None where fewer than two are shown."""
    arms = [one.arm for one in chosen if one.arm.response]
    if len({one.study.id for one in chosen if one.arm.response}) < 2:
        return None
    definitions = sorted({titles[arm.response.definition] for arm in arms if arm.response})
    populations = sorted({LINE[arm.line] for arm in arms})
    parts = []
    if len(definitions) > 1:
        parts.append(f"response was judged by different definitions ({'; '.join(definitions)})")
    if len(populations) > 1:
        parts.append(f"lines of therapy differ ({'; '.join(populations)})")
    if len({arm.unit for arm in arms}) > 1:
        parts.append("some count courses and some patients")
    parts.append("patients and times of assessment differ")
    return (
        f"Do not rank these results: {listed(parts)}; no study compared them head-to-head, "
        "so that none can be called best"
    )
