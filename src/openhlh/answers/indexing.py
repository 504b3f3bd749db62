"""Building the index: every item of every shelf, in the order of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from openhlh.answers import page_items, study_items
from openhlh.answers.items import Index, Item
from openhlh.answers.reading import stems

if TYPE_CHECKING:
    from openhlh.content.shelves import Shelves
    from openhlh.content.study import Study


def build(shelves: Shelves) -> Index:
    """Return the index of these shelves."""
    described = {study.id: _description(study) for study in shelves.studies.values()}
    return Index(tuple(_all(shelves)), described)


def _all(shelves: Shelves) -> Iterator[Item]:
    for study in shelves.studies.values():
        yield from study_items.of_study(study, shelves)
    for drug in shelves.drugs.values():
        yield from page_items.of_drug(drug)
    for regimen in shelves.regimens.values():
        yield from page_items.of_regimen(regimen, shelves.drugs)
    for definition in shelves.definitions.values():
        yield from page_items.of_definition(definition)
    yield from map(page_items.of_recommendation, shelves.recommendations.values())
    yield from page_items.of_genes(shelves.genes)
    yield from map(page_items.of_gap, shelves.gaps)


def _description(study: Study) -> frozenset[str]:
    arms = " ".join(f"{arm.label} {arm.etiology.text} {arm.age.text}" for arm in study.arms)
    return frozenset(
        stems(f"{study.title} {' '.join(study.known_as)} {study.country} {study.setting} {arms}")
    )
