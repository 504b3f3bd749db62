"""Patients of a table as values that can be counted: times in days, alive or dead, responses.

Which columns hold what is told by their names. A cell that cannot be read is None, and a count that
needs it is not made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from openhlh.claims import Claim, PatientRow

_UNIT = re.compile(
    r"\b(days?|d|weeks?|wks?|months?|mo|years?|yrs?)\b\.?\)?$|[(,\[]\s*(days?|d|weeks?|wks?|months?|mo|years?|yrs?)\s*[)\]]?"
)
_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}
_NUMBER = re.compile(r"^[>≥+]?\s*(\d+(?:\.\d+)?)\s*(\+)?$")
_SURVIVAL_TIME = re.compile(r"\b(?:overall survival|survival time|os|time to death|survival)\b")
_FOLLOW_UP = re.compile(r"\bfollow[- ]?up\b")
_DURATION = re.compile(
    r"\b(?:duration of (?:the )?(?:response|remission)|(?:response|remission) duration|dor)\b"
)
_STATUS = re.compile(r"\b(?:survival|alive|status|outcome|vital|dead|died|death|deceased|survived)\b")
_NOT_STATUS = re.compile(
    r"\b(?:reason|cause|performance|ecog|time|date|mutation|ebv|disease status|days?|months?)\b"
)
_RESPONSE = re.compile(r"\b(?:response|remission|efficacy)\b")
_NOT_RESPONSE = re.compile(r"\b(?:duration|time|days?|date|to)\b")
_CAUSE = re.compile(r"\b(?:a?etiology|diagnosis|underlying|trigger|cause of hlh|disease)\b")
_LEVELS = (
    ("CR", re.compile(r"^(?:s?cr|complete (?:response|remission|resolution)|complete)\b", re.IGNORECASE)),
    ("PR", re.compile(r"^(?:v?gpr|pr|partial (?:response|remission)|partial)\b", re.IGNORECASE)),
    ("improvement", re.compile(r"^(?:hi|mr|improve\w*|(?:hlh )?improvement)\b", re.IGNORECASE)),
    ("NR", re.compile(r"^(?:nr|no response|non-?respon\w+|none|sd|pd|stable|progress\w+)\b", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient: times as printed with their unit, whether alive, the best response, the cause."""

    claim: PatientRow
    survival: Fraction | None = None
    duration: Fraction | None = None
    follow_up: Fraction | None = None
    alive: bool | None = None
    level: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The patients of one table, and the unit ("day", "month", ...) of each column of times."""

    patients: tuple[Patient, ...]
    survival_unit: str = ""
    duration_unit: str = ""
    follow_up_unit: str = ""

    @property
    def whole(self) -> bool:
        """True where the table's shape is certain and its patients are numbered from 1 without a gap."""
        numbers = [one.claim.patient for one in self.patients]
        certain = all(one.claim.certain for one in self.patients)
        return certain and numbers == [str(number) for number in range(1, len(numbers) + 1)]

    def times(self, *, follow_up: bool) -> tuple[list[Fraction], str]:
        """Return every patient's time and its unit: the follow-up where asked and told, else the survival."""
        own = follow_up and bool(self.follow_up_unit)
        told = [one.follow_up if own else one.survival for one in self.patients]
        known = [time for time in told if time is not None]
        unit = self.follow_up_unit if own else self.survival_unit
        return (known, unit) if unit and len(known) == len(told) else ([], "")

    @property
    def deaths_known(self) -> bool:
        """True where every patient is told to be alive or dead."""
        return all(one.alive is not None for one in self.patients)


def tables_of_patients(claims: Sequence[Claim]) -> list[Rows]:
    """Return the tables of at least three patients, each as values."""
    rows = [one for one in claims if isinstance(one, PatientRow)]
    tables = [list(group) for _, group in groupby(rows, key=lambda one: (one.where, one.about))]
    return [_read(table) for table in tables if len(table) >= 3]


def _read(table: list[PatientRow]) -> Rows:
    names = [cell[0] for cell in table[0].cells]
    survival = _column(names, _SURVIVAL_TIME, timed=True)
    duration = _column(names, _DURATION, timed=True)
    follow_up = _column(names, _FOLLOW_UP, timed=True)
    status = next(
        (n for n in names if _STATUS.search(n) and not _NOT_STATUS.search(n) and not _unit(n)), None
    )
    response = next((n for n in names if _RESPONSE.search(n) and not _NOT_RESPONSE.search(n)), None)
    cause = next((n for n in names if _CAUSE.search(n)), None)
    patients = tuple(
        Patient(
            row, _number(row, survival), _number(row, duration), _number(row, follow_up),
            _alive(status, _cell(row, status)), _level(_cell(row, response)), _cell(row, cause).lower(),
        )
        for row in table
    )  # fmt: skip
    return Rows(patients, _unit(survival), _unit(duration), _unit(follow_up))


def _column(names: list[str], wanted: re.Pattern[str], *, timed: bool) -> str | None:
    found = [name for name in names if wanted.search(name) and (not timed or _unit(name))]
    if wanted is _SURVIVAL_TIME:
        found = [name for name in found if not re.search(r"free|prior|before|diagnosis to", name)]
    return found[0] if len(found) == 1 else None


def _unit(name: str | None) -> str:
    """Return the unit of time that a column's name ends with, or nothing."""
    found = _UNIT.search(name) if name else None
    return _UNITS[(found[1] or found[2])[0]] if found else ""


def _cell(row: PatientRow, name: str | None) -> str:
    return next((text for column, text, _, _ in row.cells if column == name), "") if name else ""


def _number(row: PatientRow, name: str | None) -> Fraction | None:
    found = _NUMBER.match(_cell(row, name).replace("\u00a0", " ").strip())
    return Fraction(found[1]) if found else None


def _alive(column: str | None, cell: str) -> bool | None:
    word = cell.lower().strip(" .*")
    if word.startswith(("alive", "survived", "living")):
        return True
    if word.startswith(("dead", "died", "death", "deceased", "expired")):
        return False
    if column and word in {"yes", "y", "no", "n"}:
        negative = bool(re.search(r"\b(?:dead|died|death|deceased)\b", column))
        return (word[0] == "y") != negative
    return None


def _level(cell: str) -> str:
    return next((name for name, rule in _LEVELS if rule.match(cell.strip())), "")
