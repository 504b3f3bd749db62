"""Gathering: facts row by row into patients, with a list of everything that was left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from openhlh.errors import WrongInput
from openhlh.patients.days import parse_day, today
from openhlh.patients.measuring import Doubtful, Said, is_nothing, measured, parse_result, unlikely
from openhlh.patients.naming import Dictionary, folded_name
from openhlh.patients.sites import Site
from openhlh.patients.values import Fact, about_person, gathered
from openhlh.rules.facts import Facts, Measurement, Person


@dataclass(frozen=True)
class Omission:
    """What was left out, where, and why."""

    where: str
    what: str
    why: str


@dataclass(frozen=True)
class ReadPatients:
    """Patients as read, everything that was left out, and what a reader of the results should know."""

    patients: tuple[Facts, ...]
    omitted: tuple[Omission, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class How:
    """How files are read: the names, the site, whether bad rows are left out instead of stopping.

    `on` is the day for which ages and facts without a day are meant.
    """

    names: Dictionary
    site: Site | None = None
    lenient: bool = False
    on: date = field(default_factory=today)


class Gathering:
    """Collects facts by patient; a strict one raises at the first bad row, a lenient one lists it."""

    def __init__(self, how: How) -> None:
        """Start with no patient."""
        self.how = how
        self._people: dict[str, Person] = {}
        self._facts: dict[str, list[Fact]] = {}
        self._of_patient: dict[str, list[str]] = {}
        self._omitted: list[Omission] = []
        self._counted: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], str] = {}
        self._notes: dict[str, None] = {}
        self._tally: Counter[str] = Counter()

    def patient(self, person: str) -> None:
        """Make a patient known, even one about whom nothing else is recorded."""
        if person not in self._people:
            self._people[person] = Person(person)
            self._facts[person] = []

    def fact(self, person: str, fact: Fact | None) -> None:
        """Add a fact about a patient; None adds nothing but the patient."""
        self.patient(person)
        if fact is not None:
            self._facts[person].append(fact)

    def measurement(self, person: str, analyte: str, said: Said, on: date | None, where: str) -> None:
        """Add a result; a lenient reader keeps a bad one without its number, so that it stays unknown."""
        known, site = self.how.names.analytes[analyte], self.how.site
        try:
            row = measured(known, said, on, where, site)
        except WrongInput as wrong:
            if not self.how.lenient:
                raise
            self.omit(wrong.where or where, wrong.what, wrong.why)
            status = wrong.status if isinstance(wrong, Doubtful) else "implausible"
            value = _number(said.value) if status == "unit_unknown" else None
            row = Measurement(analyte, value, None, on, status=status, row=where)
        self.fact(person, row)
        if note := unlikely(known, row):
            self.note(note)
        if site and row.unit and not said.unit.strip() and not parse_result(said.value, where).unit:
            self.note(f"unit of {analyte} taken from the site file: {row.unit}")

    def about(self, person: str, name: str, text: str, on: date | None, where: str) -> bool:
        """Add an age, a birthday or a sex; say whether the name was one of these."""
        self.patient(person)
        told = about_person(self._people[person], name, text, on or self.how.on, where)
        if told is None:
            return False
        if on is None and folded_name(name) == "age" and not is_nothing(text):
            self.note(f"ages without a day are taken as of {self.how.on.isoformat()}")
        self._people[person] = told
        return True

    def told(self, person: str, note: str) -> None:
        """Add a note to one patient."""
        self.patient(person)
        self._of_patient.setdefault(person, []).append(note)

    @contextmanager
    def row(self, where: str) -> Iterator[None]:
        """Do one row: a lenient reader lists what is wrong with it and goes on."""
        try:
            yield
        except WrongInput as wrong:
            if not self.how.lenient:
                raise
            self.omit(wrong.where or where, wrong.what, wrong.why)

    def omit(self, where: str, what: str, why: str) -> None:
        """List something that was left out."""
        self._omitted.append(Omission(where, what, why))

    def omit_counted(self, where: str, what: str, why: str) -> None:
        """List something that is left out often: once, with its first place and how often."""
        self._counted[what, why] += 1
        self._first.setdefault((what, why), where)

    def note(self, text: str) -> None:
        """Add a note for the reader of the results, once."""
        self._notes[text] = None

    def tally(self, text: str) -> None:
        """Count something that is told with its number at the end."""
        self._tally[text] += 1

    def result(self) -> ReadPatients:
        """Return the patients in the order of the source."""
        counted = [
            Omission(f"{count} times, first in {self._first[what, why]}", what, why)
            for (what, why), count in self._counted.items()
        ]
        notes = [f"{count} {text}" for text, count in self._tally.items()]
        return ReadPatients(
            tuple(
                gathered(person, self._facts[name], tuple(self._of_patient.get(name, ())), self.how.names)
                for name, person in self._people.items()
            ),
            (*self._omitted, *counted),
            (*self._notes, *notes),
        )


def day_of(text: str, where: str) -> date | None:
    """Return the day that a cell holds; None for an empty cell."""
    return None if is_nothing(text) else parse_day(text, where)


def _number(text: str) -> Decimal | None:
    try:
        return parse_result(text, "").number
    except WrongInput:
        return None
