"""The arms that a pooled question is about, each with the count that the outcome takes from it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from openhlh.errors import WrongInput

if TYPE_CHECKING:
    from openhlh.content.analysis import Outcome
    from openhlh.content.described import Shelves
    from openhlh.content.shelf_pages import Source
    from openhlh.content.study import Arm, Response, Study
    from openhlh.evidence.selection import Asked, Where


@dataclass(frozen=True)
class Counted:
    """The events that an outcome takes from a response, or the rule against them with its reason.

    `levels` are the response levels that went into the count.
    """

    events: int | None
    levels: tuple[str, ...] = ()
    rule: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Candidate:
    """An arm that the question is about, before any rule has been asked."""

    study: Study
    arm: Arm
    label: str
    year: int | None
    drugs: tuple[str, ...]
    counted: Counted
    measures: str

    @property
    def id(self) -> str:
        """The arm as it is named on pages and in `--studies`: `study:arm`."""
        return f"{self.study.id}:{self.arm.id}"

    @property
    def total(self) -> int:
        """The patients (or courses) in whom response was judged; 0 where not known."""
        return self.arm.evaluable or 0

    @property
    def seen(self) -> str:
        """What was read of the publication for this arm."""
        return (self.arm.seen or self.study.seen).what

    @property
    def is_second_hand(self) -> bool:
        """True where a count that is used stands only in a publication by others."""
        used = self.arm.response.second_hand if self.arm.response else ()
        return self.seen in {"second_hand", "news"} or bool(set(used) & set(self.counted.levels))

    @property
    def is_derived(self) -> bool:
        """True where a count that is used was calculated and not printed."""
        return bool(self.arm.response and set(self.arm.response.derived) & set(self.counted.levels))


def counted(response: Response | None, outcome: Outcome) -> Counted:
    """Return the events of an outcome: complete, complete + partial, or these with improvement."""
    if response is None:
        return Counted(None, rule="no_count", reason="no response counts were printed")
    if outcome == "complete":
        if response.complete is None:
            return Counted(
                None, rule="no_count", reason="the number of complete responses was not seen in print"
            )
        return Counted(response.complete, ("complete",))
    levels = ("complete", "partial") if outcome == "complete_or_partial" else _ALL
    counts = [getattr(response, level) for level in levels]
    if None not in counts:
        return Counted(sum(counts), levels)
    if response.responders is None:
        return Counted(None, rule="no_count", reason="no number of responders was seen in print")
    return _of_responders(response, outcome)


_ALL = ("complete", "partial", "improvement")


def _of_responders(response: Response, outcome: Outcome) -> Counted:
    """Judge responders without levels: what the source counts has to be what the outcome counts."""
    total, levels = response.responders, ("responders",)
    wants_improvement = outcome == "with_improvement"
    if response.improvement_counts != wants_improvement:
        said = (
            "improvement short of partial response is counted among the responders and not printed apart"
            if response.improvement_counts
            else "improvement short of partial response does not count as response there"
        )
        return Counted(total, levels, "improvement", said)
    if word := response.names.get("responders"):
        return Counted(total, levels, "level_unknown", f"no response levels are printed, only: {word}")
    return Counted(total, levels)


def candidates(asked: Asked, shelves: Shelves) -> tuple[Candidate, ...]:
    """Return every arm that the question is about, in the order of the pages; WrongInput for unknown ids."""
    named = [_named(one, shelves) for one in asked.arms]
    found: list[tuple[Study, Arm]] = []
    for study, arm in shelves.arms():
        if named and not any(study.id == of and part in {None, arm.id} for of, part in named):
            continue
        if arm.response is None and (study.id, arm.id) not in named:
            continue
        if all(touches(one, study, arm, shelves) for one in asked.where):
            found.append((study, arm))
    labels = _labels(found, shelves)
    return tuple(
        Candidate(
            study,
            arm,
            label,
            year_of(study, shelves),
            drugs_of(arm, shelves),
            counted(arm.response, asked.outcome),
            _measures(arm, shelves),
        )
        for (study, arm), label in zip(found, labels, strict=True)
    )


def _named(name: str, shelves: Shelves) -> tuple[str, str | None]:
    """Return the ids of a study and perhaps an arm as they were typed: `Wang 2015` is wang_2015."""
    study, colon, arm = (re.sub(r"[^a-z0-9:]+", "_", part.lower()).strip("_") for part in name.partition(":"))
    if study not in shelves.studies:
        near = get_close_matches(study, shelves.studies, n=3)
        raise WrongInput(
            f"there is no study `{study}`",
            where="--studies",
            why="studies are named by their id, an arm as study:arm",
            remedy=f"use {' or '.join(near)}"
            if near
            else "use the name of a study's page, such as wang_2015",
        )
    arms = [one.id for one in shelves.studies[study].arms]
    if colon and arm not in arms:
        raise WrongInput(
            f"`{study}` has no arm `{arm}`",
            where="--studies",
            remedy=f"use one of {', '.join(arms) or 'no arms: this page has none'}",
        )
    return study, arm or None


def touches(one: Where, study: Study, arm: Arm, shelves: Shelves) -> bool:
    """True where the arm fits a condition in whole or in part (an etiology or age group among others)."""
    values = set(one.values)
    match one.field:
        case "etiology":
            return bool(values & set(arm.etiology.groups)) or "mixed" in arm.etiology.groups
        case "age":
            return arm.age.group in values | {"mixed", "not_stated"}
        case "line":
            return True  # another line is told as left out
        case "year":
            return _year_fits(year_of(study, shelves), values)
        case "family":
            return bool(values & _families(arm, shelves))
        case "drug":
            return bool(values & set(drugs_of(arm, shelves)))
    single = {
        "definition": arm.response.definition if arm.response else None,
        "regimen": arm.regimen,
        "design": study.design,
    }
    return single[one.field] in values


def year_of(study: Study, shelves: Shelves) -> int | None:
    """Return the year of publication, or None where it was not seen."""
    source = shelves.sources.get(study.source)
    return source.year if source else None


def _measures(arm: Arm, shelves: Shelves) -> str:
    definition = shelves.definitions.get(arm.response.definition) if arm.response else None
    return definition.measures if definition else "hlh"


def drugs_of(arm: Arm, shelves: Shelves) -> tuple[str, ...]:
    """Return the drugs of an arm, with those of its regimen."""
    regimen = shelves.regimens.get(arm.regimen) if arm.regimen else None
    return tuple(dict.fromkeys([*arm.drugs, *(regimen.drugs if regimen else ())]))


def _families(arm: Arm, shelves: Shelves) -> set[str]:
    """Return the families of regimens to which an arm belongs, by its regimen or by all its drugs."""
    drugs = set(drugs_of(arm, shelves))
    return {
        regimen.family
        for regimen in shelves.regimens.values()
        if regimen.family
        and (arm.regimen == regimen.id or (not arm.regimen and drugs and set(regimen.drugs) <= drugs))
    }


def _year_fits(year: int | None, values: set[str]) -> bool:
    if year is None:
        return False
    for value in values:
        first, dash, last = value.partition("-")
        low, high = int(first or 0), int(last or 9999) if dash else int(first)
        if low <= year <= high:
            return True
    return False


def _labels(found: list[tuple[Study, Arm]], shelves: Shelves) -> list[str]:
    """Return a short name for each arm, unique among them: author and year, the arm where needed."""
    studies = {study.id: study for study, _ in found}
    plain = {one.id: short_name(one, shelves.sources.get(one.source)) for one in studies.values()}
    shared = Counter(plain.values())
    return [
        plain[study.id]
        + (f" [{study.id}]" if shared[plain[study.id]] > 1 else "")
        + ("" if _is_whole(study, arm) else f", {arm.id.replace('_', ' ')}")
        for study, arm in found
    ]


def _is_whole(study: Study, arm: Arm) -> bool:
    return arm.part_of is None and sum(one.part_of is None for one in study.arms) == 1


def short_name(study: Study, source: Source | None) -> str:
    """Return how a figure names a study: first author and year, or what readers call it."""
    year = str(source.year) if source and source.year else "(year not seen)"
    if source and source.authors:
        words = source.authors[0].split()
        surname = " ".join(words[:-1] if len(words) > 1 and words[-1].isupper() else words)
        return f"{surname} {year}"
    name = study.known_as[0] if study.known_as else study.title
    name = name[:1].upper() + name[1:]
    return name if year in name else f"{name} {year}"
