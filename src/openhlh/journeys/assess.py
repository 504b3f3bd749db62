"""`hlh assess`: patients from a file, from text or from values, judged by definitions side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from openhlh.content.described import HERE, read_described
from openhlh.content.logic import Definition
from openhlh.definitions.assessing import assess as judge
from openhlh.definitions.book import Bound
from openhlh.definitions.contract import as_contract
from openhlh.errors import WrongInput
from openhlh.journeys.define import Opened, open_proved
from openhlh.journeys.published import as_rows
from openhlh.patients.days import day_of_judgement, today
from openhlh.patients.naming import Dictionary, dictionary
from openhlh.patients.reading import read_patients
from openhlh.patients.rows import Omission
from openhlh.patients.site_file import read_site
from openhlh.patients.sites import Site
from openhlh.patients.values import facts_of
from openhlh.rules.facts import Facts, Moment

_BARE = re.compile(r"^[<>]?=? ?\d+(\.\d+)?$")
SIDE_BY_SIDE = ("diagnostic", "score")


@dataclass(frozen=True)
class Wish:
    """What is asked of the patients; without definitions, all diagnostic ones and scores."""

    definitions: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    on: date | None = None
    baseline: date | None = None
    response_on: tuple[date, ...] = ()
    site: Path | None = None
    lenient: bool = False


@dataclass(frozen=True)
class Subjects:
    """The patients that were read, with what was left out and what has to be said."""

    facts: tuple[Facts, ...]
    omitted: tuple[Omission, ...] = ()
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=4)
def book(own: tuple[str, ...] = ()) -> Opened:
    """Return the shelves and their executable definitions, with a user's own pages among those named."""
    return open_proved(own)


def subjects_of(source: Path | str, wish: Wish) -> Subjects:
    """Read patients from a path or from text."""
    shelves = book().shelves
    site = read_site(wish.site, shelves.fact_names) if wish.site else None
    found = read_patients(source, shelves.fact_names, site=site, lenient=wish.lenient, on=wish.on)
    return Subjects(found.patients, found.omitted, found.notes)


def subject_of_values(values: Mapping[str, str], wish: Wish) -> Subjects:
    """Read one patient from named values, as they stand on the command line."""
    shelves = book().shelves
    site = read_site(wish.site, shelves.fact_names) if wish.site else None
    named, notes = with_units(values, dictionary(shelves.fact_names), site)
    facts = facts_of(named, shelves.fact_names, on=wish.on or today(), site=site)
    return Subjects((facts,), notes=(*notes, *facts.notes))


def with_units(
    values: Mapping[str, str], names: Dictionary, site: Site | None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return values typed by hand with the usual unit where none was typed, and a note on each.

    Only where every unit of the analyte converts: soluble CD25 or D-dimer without a unit stay an error. The
    range of plausible values then catches a value that was meant in another unit.
    """
    named, notes = dict(values), []
    for name, value in values.items():
        if not _BARE.match(value):
            continue
        try:
            found = names.resolve(name, name)
        except WrongInput:
            continue  # the reader says it better, with the nearest name
        analyte = names.analytes.get(found.id) if found.kind == "analyte" else None
        if analyte and not analyte.incomparable and not (site and found.id in site.lines):
            named[name] = f"{value} {analyte.unit}"
            notes.append(f"unit of {found.id.replace('_', ' ')} taken as {analyte.unit}: none was given")
    return named, tuple(notes)


def has_patients(study: str) -> bool:
    """Say whether a name is that of a study whose page has rows of patients."""
    found = read_described(HERE).studies.get(study)
    return found is not None and any(arm.patients for arm in found.arms)


def published(study: str) -> list[dict[str, Any]]:
    """Return the published patients of a study: printed, recomputed, whether they agree."""
    opened = book()
    return as_rows(read_described(HERE).studies[study], opened.book, opened.shelves.fact_names)


def chosen(wish: Wish, *, kinds: tuple[str, ...] = SIDE_BY_SIDE) -> tuple[str, ...]:
    """Return the ids of the definitions to use: those named, else the accepted ones of some kinds."""
    opened = book(wish.definitions)
    if wish.definitions:
        return opened.keys
    return tuple(key for key, page in opened.book.pages.items() if page.kind in kinds and is_on(page))


def is_on(page: Definition) -> bool:
    """Say whether a definition is used without being named: accepted, and its logic not from memory."""
    return page.status == "accepted" and page.logic is not None and page.logic.status == "accepted"


def assessed(facts: Facts, wish: Wish) -> dict[str, Any]:
    """Return the contract object of one patient."""
    opened = book(wish.definitions)
    on = day_of_judgement(facts, wish.on)
    kinds = (*SIDE_BY_SIDE, "refractory") if facts.exposures else SIDE_BY_SIDE
    return {
        "subject": facts.person.id,
        "on": on.isoformat(),
        "definitions": [
            as_contract(judge(opened.book, bound, facts, Moment(on, wish.baseline)))
            for bound in _bounds(opened, chosen(wish, kinds=kinds), wish)
        ],
        "notes": list(facts.notes),
    }


def responded(facts: Facts, wish: Wish) -> dict[str, Any]:
    """Return the response of one patient on each day by each definition, and where they disagree."""
    opened = book(wish.definitions)
    if wish.baseline is None or not wish.response_on:
        raise WrongInput(
            "a response needs a baseline and at least one later day",
            where="--respond",
            remedy="write: hlh assess FILE --respond 2024-01-01 2024-01-08 2024-01-15",
        )
    for day in wish.response_on:
        if day < wish.baseline:
            raise WrongInput(
                "a day of response lies before the baseline", where="--respond", remedy="swap them"
            )
    bounds = _bounds(opened, chosen(wish, kinds=("response",)), wish)
    days = [
        {
            "on": day.isoformat(),
            "definitions": [
                as_contract(judge(opened.book, bound, facts, Moment(day, wish.baseline))) for bound in bounds
            ],
        }
        for day in wish.response_on
    ]
    return {
        "subject": facts.person.id,
        "baseline": wish.baseline.isoformat(),
        "responses": days,
        "disagreements": [one for day in days if (one := _disagreement(day))],
    }


def _bounds(opened: Opened, keys: tuple[str, ...], wish: Wish) -> list[Bound]:
    """Return definitions bound to those parameters that each has; one that none has is an error."""
    pages = [opened.book.page(key) for key in keys]
    own = {page.id: {one.id for one in page.logic.parameters} for page in pages if page.logic}
    everywhere = set().union(*own.values())
    stray = sorted(set(wish.parameters) - everywhere)
    if stray:
        raise WrongInput(
            f"no definition in use has a parameter `{stray[0]}`",
            where="--set",
            remedy=f"choose one of {', '.join(sorted(everywhere)) or 'none'}",
        )
    return [
        opened.book.bound(key, {name: value for name, value in wish.parameters.items() if name in own[key]})
        for key in keys
    ]


def _disagreement(day: dict[str, Any]) -> dict[str, Any] | None:
    levels = {one["id"]: one.get("level") or "unknown" for one in day["definitions"]}
    known = {level for level in levels.values() if level != "unknown"}
    return {"on": day["on"], "levels": levels} if len(known) > 1 else None
