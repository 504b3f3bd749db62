"""The items of a study page: its outcomes said in words, its facts, its doubts and its overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from openhlh.answers import results
from openhlh.answers.items import Item, doubts_about, drugs_of
from openhlh.answers.phrases import sentence
from openhlh.content.words import OVERLAP_IN_WORDS

if TYPE_CHECKING:
    from openhlh.answers.results import Said
    from openhlh.content.shelves import Shelves
    from openhlh.content.study import Arm, Study
    from openhlh.content.words import Fact


def of_study(study: Study, shelves: Shelves) -> Iterator[Item]:
    """Yield every item of a study page."""
    whole = _blank(study, None, shelves)
    for number, fact in enumerate((*study.eligibility, *study.facts)):
        yield _fact(whole, f"fact{number}", fact)
    for arm in study.arms:
        blank = _blank(study, arm, shelves)
        yield from _outcomes(blank, study, arm, shelves)
        for number, fact in enumerate(arm.facts):
            yield _fact(blank, f"{arm.id}.fact{number}", fact)
        for patient in arm.patients:
            text = results.patient_said(study, patient)
            about = ("population", "efficacy", "survival", "deaths", "markers")
            yield replace(
                blank, kind="patient", id=f"patient {patient.id}", about=about, text=text, at=arm.at
            )
    for doubt in study.doubts:
        text = f"{sentence(doubt.text)} Printed: {doubt.printed}; computed: {doubt.computed}"
        yield replace(
            whole, kind="doubt", id=doubt.id, about=("doubts", *doubt.about), text=text, at=doubt.at
        )
    for overlap in study.overlaps:
        other = shelves.studies.get(overlap.study)
        named = f"{other.title} [{other.source}]" if other else overlap.study
        text = f"{study.title} {OVERLAP_IN_WORDS[overlap.kind]} {named}: {overlap.reason}; never add the two"
        yield replace(whole, kind="overlap", id=overlap.study, about=("pooling",), text=text, at="page")


def _blank(study: Study, arm: Arm | None, shelves: Shelves) -> Item:
    """Return an item without words that belongs to the arm, or to the study as a whole."""
    arms = (arm,) if arm else study.arms
    return Item(
        kind="",
        id="",
        about=(),
        text="",
        key=study.source,
        at="",
        page=study,
        study=study,
        arm=arm,
        drugs=frozenset(drug for one in arms for drug in drugs_of(one, shelves)),
        regimens=frozenset(one.regimen for one in arms if one.regimen),
        etiologies=frozenset(group for one in arms for group in one.etiology.groups),
        ages=frozenset(one.age.group for one in arms),
    )


def _fact(blank: Item, name: str, fact: Fact) -> Item:
    doubts = doubts_about(blank.study.doubts, fact.about, fact.text, blank.arm) if blank.study else ()
    return replace(
        blank,
        kind="fact",
        id=name,
        about=fact.about,
        text=fact.text,
        at=fact.at,
        plain=fact.plain,
        key=fact.source or blank.key,
        doubts=doubts,
    )


def _outcomes(blank: Item, study: Study, arm: Arm, shelves: Shelves) -> Iterator[Item]:
    response = results.response_said(study, arm, shelves)
    if response and arm.response:
        yield _result(
            blank, ("efficacy",), response, "response", arm.response.at, results.response_plain(arm, shelves)
        )
    for one in arm.survival:
        said = results.survival_said(arm, one)
        yield _result(
            blank,
            ("survival",),
            said,
            f"survival {one.time}",
            one.at,
            results.survival_plain(arm, one, shelves),
        )
    for about in ("speed", "durability", "survival", "steroids"):
        times = results.spans_said(arm, about)
        if times:
            at = next(span.at for span in arm.spans if span.about == about)
            yield _result(blank, (about,), times, about, at)
    deaths = results.deaths_said(arm)
    if deaths and arm.deaths:
        yield _result(blank, ("deaths",), deaths, "deaths", arm.deaths.at)
    adverse = results.adverse_said(arm)
    if adverse:
        yield _result(blank, ("safety",), adverse, "adverse", arm.adverse_events[0].at)
    people = results.population_said(study, arm)
    yield _result(blank, ("population", "design"), people, "population", arm.at)


def _result(
    blank: Item, about: tuple[str, ...], said: Said, name: str, at: str, plain: Said | None = None
) -> Item:
    return replace(
        blank,
        kind="result",
        id=name,
        about=about,
        text=said.text,
        at=at,
        computed=said.computed,
        plain=plain.text if plain else None,
        plain_computed=plain.computed if plain else {},
        doubts=doubts_about(blank.study.doubts, about, said.text, blank.arm) if blank.study else (),
    )
