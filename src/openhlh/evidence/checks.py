"""Checks on the numbers of a study page; a recorded doubt that names the number excuses a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openhlh.numerals import agreement, numerals

if TYPE_CHECKING:
    from openhlh.content.study import Arm, Study


@dataclass(frozen=True)
class Finding:
    """Something on a page that does not hold, with why and what to do."""

    page: str
    what: str
    why: str
    remedy: str


Check = Callable[["Study"], Iterator[Finding]]
_LEVELS = ("complete", "partial", "improvement", "none")
_RECORD = "correct the number, or record both numbers under `doubts`"


def check_study(study: Study) -> list[Finding]:
    """Return every finding about a study page."""
    return [finding for check in CHECKS for finding in check(study)]


def levels_add_up(study: Study) -> Iterator[Finding]:
    """Complete, partial, improvement and none add up to the evaluable patients or courses."""
    for arm in study.arms:
        levels = _levels(arm)
        if arm.evaluable is None or not {"complete", "partial", "none"} <= set(levels):
            continue
        total = sum(levels.values())
        if total != arm.evaluable and not _doubted(study, arm, "efficacy", total):
            yield _finding(
                study, arm, f"the response levels add up to {total}, evaluable are {arm.evaluable}"
            )


def responders_follow(study: Study) -> Iterator[Finding]:
    """Responders are complete + partial, and improvement where the source counts it."""
    for arm in study.arms:
        response = arm.response
        levels = _levels(arm)
        if response is None or response.responders is None or not {"complete", "partial"} <= set(levels):
            continue
        counted = (
            ("complete", "partial", "improvement") if response.improvement_counts else ("complete", "partial")
        )
        total = sum(levels.get(level, 0) for level in counted)
        if total != response.responders and not _doubted(study, arm, "efficacy", total):
            yield _finding(study, arm, f"{response.responders} responders, but the levels give {total}")


def percents_follow(study: Study) -> Iterator[Finding]:
    """Every printed percent follows from its count and total at its printed precision."""
    for arm in study.arms:
        for what, printed, count, total, about in _printed(arm):
            if (
                total == 0
                or agreement(printed, count, total) == "agrees"
                or _doubted(study, arm, about, printed)
            ):
                continue
            yield _finding(study, arm, f"{what}: printed {printed} %, but the counts are {count} of {total}")


def counts_fit(study: Study) -> Iterator[Finding]:
    """No count is larger than its total, no evaluable number larger than the enrolled."""
    for arm in study.arms:
        if arm.unit == "patients" and (arm.evaluable or 0) > (
            arm.enrolled if arm.enrolled is not None else 10**9
        ):
            yield _finding(study, arm, f"{arm.evaluable} evaluable of {arm.enrolled} enrolled")
        for what, count, total in _counted(arm):
            if count > total:
                yield _finding(study, arm, f"{what}: {count} of {total}")
        if (
            arm.deaths
            and arm.deaths.causes
            and not _doubted(study, arm, "deaths", sum(one.n for one in arm.deaths.causes))
        ):
            causes = sum(cause.n for cause in arm.deaths.causes)
            if causes > arm.deaths.n:
                yield _finding(study, arm, f"{causes} deaths by cause, {arm.deaths.n} deaths")


def subsets_fit(study: Study) -> Iterator[Finding]:
    """A subset is not larger than its parent, in size or at any response level."""
    arms = {arm.id: arm for arm in study.arms}
    for arm in study.arms:
        if arm.part_of is None:
            continue
        parent = arms.get(arm.part_of)
        if parent is None:
            yield _finding(study, arm, f"it is part of `{arm.part_of}`, which is no arm of this page")
        elif arm.unit == parent.unit:
            yield from _larger_than(study, arm, parent)


def patients_agree(study: Study) -> Iterator[Finding]:
    """The published patient rows give the arm's own size, response levels and deaths."""
    for arm in study.arms:
        if not arm.patients:
            continue
        rows = {level: sum(row.best_response == level for row in arm.patients) for level in _LEVELS}
        for level, count in _levels(arm).items():
            if rows[level] != count:
                yield _finding(study, arm, f"{count} {level} stated, {rows[level]} in the patient rows")
        dead = sum(not row.alive for row in arm.patients)
        if arm.deaths and arm.deaths.n != dead:
            yield _finding(study, arm, f"{arm.deaths.n} deaths stated, {dead} in the patient rows")
        if arm.enrolled is not None and arm.enrolled != len(arm.patients):
            yield _finding(study, arm, f"{arm.enrolled} enrolled, {len(arm.patients)} patient rows")


CHECKS: tuple[Check, ...] = (
    levels_add_up,
    responders_follow,
    percents_follow,
    counts_fit,
    subsets_fit,
    patients_agree,
)


def _levels(arm: Arm) -> dict[str, int]:
    if arm.response is None:
        return {}
    found = {level: getattr(arm.response, level) for level in _LEVELS}
    return {level: count for level, count in found.items() if count is not None}


def _printed(arm: Arm) -> Iterator[tuple[str, str, int, int, str]]:
    if arm.response and arm.evaluable is not None:
        for level, printed in arm.response.printed.items():
            count = getattr(arm.response, level)
            if count is not None:
                yield level, printed, count, arm.evaluable, "efficacy"
    for one in arm.survival:
        if one.percent and one.alive is not None and one.of:
            yield f"alive at {one.time}", one.percent, one.alive, one.of, "survival"
    for event in arm.adverse_events:
        if event.percent and event.n is not None and event.of:
            yield event.event, event.percent, event.n, event.of, "safety"


def _counted(arm: Arm) -> Iterator[tuple[str, int, int]]:
    if arm.evaluable is not None:
        for level, count in _levels(arm).items():
            yield level, count, arm.evaluable
    for one in arm.survival:
        if one.alive is not None and one.of is not None:
            yield f"alive at {one.time}", one.alive, one.of
    for event in arm.adverse_events:
        if event.n is not None and event.of is not None:
            yield event.event, event.n, event.of
    total = arm.deaths.of if arm.deaths and arm.deaths.of is not None else arm.enrolled
    if arm.deaths and total is not None:
        yield "deaths", arm.deaths.n, total


def _larger_than(study: Study, arm: Arm, parent: Arm) -> Iterator[Finding]:
    if (arm.enrolled or 0) > (parent.enrolled if parent.enrolled is not None else 10**9):
        yield _finding(
            study, arm, f"{arm.enrolled} enrolled, more than the {parent.enrolled} of `{parent.id}`"
        )
    of_parent = _levels(parent)
    for level, count in _levels(arm).items():
        if level in of_parent and count > of_parent[level] and not _doubted(study, arm, "efficacy", count):
            yield _finding(study, arm, f"{count} {level}, more than the {of_parent[level]} of `{parent.id}`")


def _doubted(study: Study, arm: Arm, about: str, *found: object) -> bool:
    """True where a doubt about this facet (and arm) names one of the numbers that do not hold."""
    sought = {str(number) for number in found}
    return any(
        about in doubt.about
        and (not doubt.arms or arm.id in doubt.arms)
        and sought & {one.text for one in numerals(f"{doubt.text} {doubt.printed} {doubt.computed}")}
        for doubt in study.doubts
    )


def _finding(study: Study, arm: Arm, what: str) -> Finding:
    return Finding(
        f"content/studies/{study.id}.yaml",
        f"arm `{arm.id}`: {what}",
        "A number that does not follow from its own page would travel into answers",
        _RECORD,
    )
