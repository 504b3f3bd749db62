"""`hlh ask --patient`: what holds for one patient, and how the patients of each cited study compare.

For clinicians and researchers: the verdicts of all accepted diagnostic definitions, scores and definitions
of refractory disease, and a card for each study that the answer cites. For patients and families nothing is
judged: a table of verdicts without the treating team would be read as a diagnosis, so that one sentence says
whom to ask. Name and id of the patient, and the file's name, never leave this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from openhlh.content.described import HERE, read_described
from openhlh.content.study import Study
from openhlh.definitions.applicability import Beside, cards, entry_lines, said_of
from openhlh.definitions.assessing import Assessment
from openhlh.definitions.assessing import assess as judge
from openhlh.definitions.contract import as_contract, counted
from openhlh.definitions.wording import name_of, why
from openhlh.errors import WrongInput
from openhlh.journeys.ask import Asked
from openhlh.journeys.assess import Wish, book, chosen, is_on, subjects_of
from openhlh.patients.days import day_of_judgement
from openhlh.rules.facts import Facts, Moment
from openhlh.rules.verdicts import Verdict

FOR_THE_TEAM = "What this means for one person is a question for the treating team"
_START = "conventional_therapy"


@dataclass(frozen=True)
class OnePatient:
    """The only patient of a file, with what was left out and what has to be said of the file."""

    facts: Facts
    omitted: tuple[dict[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def moment(self) -> Moment:
        """The last day recorded, and the first day of conventional treatment as baseline."""
        starts = [one.start for one in self.facts.given((_START,)) if one.given and one.start]
        return Moment(day_of_judgement(self.facts), _first(starts))

    def judged(self, key: str) -> Assessment:
        """Return what a definition says of the patient."""
        pages = book().book
        return judge(pages, pages.bound(key), self.facts, self.moment, settled=False)


def _first(days: list[date]) -> date | None:
    return min(days, default=None)


def read_one(path: Path) -> OnePatient:
    """Read a file with exactly one patient; WrongInput names the count where there are more."""
    found = subjects_of(path, Wish())
    if len(found.facts) != 1:
        raise WrongInput(
            f"the file holds {len(found.facts)} patients",
            where="hlh ask --patient",
            why="an answer is held against one patient at a time",
            remedy="give a file with one patient; `hlh assess` judges several",
        )
    facts = found.facts[0]
    omitted = tuple({key: _unnamed(text, path) for key, text in vars(one).items()} for one in found.omitted)
    return OnePatient(facts, omitted, tuple(_unnamed(one, path) for one in (*found.notes, *facts.notes)))


def _unnamed(text: str, path: Path) -> str:
    """Return a text without names of files: people name files after patients."""
    inside = sorted(path.iterdir()) if path.is_dir() else []
    for name in (*(one.name for one in inside), path.name):
        text = text.replace(name, "the file") if name else text
    return text


def beside_patient(asked: Asked, patient: OnePatient) -> Asked:
    """Return the answer with what holds for the patient; the frame, which is remembered, stays as it was."""
    answer = asked.answer
    plain = answer.audience == "patient"
    part = _plain(patient) if plain else _judged(patient, (one.key for one in answer.references))
    return replace(asked, answer=replace(answer, patient=part))


def _plain(patient: OnePatient) -> dict[str, Any]:
    return {
        "subject": None,
        "on": patient.moment.on.isoformat(),
        "definitions": [],
        "refractory": [],
        "studies": [],
        "omitted": [],
        "notes": [FOR_THE_TEAM],
    }


def _judged(patient: OnePatient, cited: Iterable[str]) -> dict[str, Any]:
    """Return the contract's part on the patient; `cited` are the keys of the answer's references."""
    known = read_described(HERE).studies
    studies = [known[key] for key in cited if key in known]
    compared = [one for one in studies if one.arms]
    refractory = [patient.judged(key) for key in chosen(Wish(), kinds=("refractory",))]
    verdicts = {one.page.source: one.verdict for one in refractory}
    names = {one.id: one.name for one in book().shelves.fact_names.exposures}
    beside = Beside(patient.facts, patient.moment.on, verdicts, names)
    return {
        "subject": None,
        "on": patient.moment.on.isoformat(),
        "definitions": [_definition(patient.judged(key)) for key in chosen(Wish())],
        "refractory": [_refractory(one) for one in refractory],
        "studies": [_study(study, beside, patient) for study in compared],
        "omitted": list(patient.omitted),
        "notes": [
            *patient.notes,
            *(f"{one.id} reports no group of patients to compare with" for one in studies if not one.arms),
        ],
    }


def _definition(one: Assessment) -> dict[str, Any]:
    shown = as_contract(one)
    keys = ("id", "title", "source", "verdict", "met", "unknown", "possible", "needed", "counts")
    return {**{key: shown[key] for key in keys}, "summary": counted(shown) or _because(one)}


def _because(one: Assessment) -> str:
    """Return the lines that made the verdict, each with its reason."""
    deciding = [line for line in one.lines if line.verdict is one.verdict]
    return "; ".join(f"{name_of(line.rule)}: {why(line)}" for line in deciding)


def _refractory(one: Assessment) -> dict[str, Any]:
    return {
        "id": one.page.id,
        "title": one.page.title,
        "verdict": one.verdict.value,
        "why": _because(one),
    }


def _study(study: Study, beside: Beside, patient: OnePatient) -> dict[str, Any]:
    key = _page_of_eligibility(study)
    entry = patient.judged(key) if key else None
    return {
        "study": study.id,
        "title": study.title,
        "cards": [vars(card).copy() for card in cards(study, beside, entry)],
        "eligibility": _eligibility(entry) if entry else None,
    }


def _page_of_eligibility(study: Study) -> str | None:
    """Return the accepted page that judges who could enter a study."""
    pages = book().book
    return next(
        (
            key
            for key, page in pages.pages.items()
            if page.kind == "eligibility" and is_on(page) and page.source == study.source
        ),
        None,
    )


def _eligibility(entry: Assessment) -> dict[str, Any]:
    lines = entry_lines(entry)
    return {
        "id": entry.page.id,
        "verdict": entry.verdict.value,
        "open": said_of(lines, Verdict.UNKNOWN),
        "failed": said_of(lines, Verdict.NOT_MET),
    }
