"""Plain tables with one row per fact: patient, test, value, unit, day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from openhlh.errors import WrongInput
from openhlh.patients.days import DAY, parse_day
from openhlh.patients.measuring import NOT_DONE, PENDING, VOID, Said, is_nothing, status_word
from openhlh.patients.naming import Named, folded_name, shown
from openhlh.patients.rows import Gathering, day_of
from openhlh.patients.tables import Table, cells_of
from openhlh.patients.values import BIRTHDAY, SEX, course, parse_given, parse_seen
from openhlh.rules.facts import Given

_COLUMNS = {
    "person": ("person", "personid", "subject", "subjectid", "patient", "patientid", "usubjid", "id"),
    "code": ("code",),
    "test": ("test", "testname", "analyte", "parameter", "item", "fact"),
    "name": ("name",),
    "value": ("value", "result"),
    "unit": ("unit", "units"),
    "comparator": ("comparator", "operator"),
    "date": ("date", "day", "on", "datetime", "start", "startdate"),
    "end": ("end", "enddate", "stop", "stopdate"),
    "low": ("low", "lln"),
    "high": ("high", "uln"),
    "cutoff": ("cutoff",),
    "flag": ("flag",),
    "status": ("status",),
}
_NAMING = ("code", "test", "name")
_PARTS = ("unit", "comparator", "low", "high", "cutoff", "flag", "status")
_ONE_PATIENT = "patient"
_NUMBER = re.compile(r"^[<>=]{0,2}\s*[-+]?[0-9][0-9.,]*(?:\s*\S*/\S*)?$")


def roles_of(table: Table) -> dict[str, int]:
    """Return the position of every column that has a role of its own."""
    by_name = {name: role for role, names in _COLUMNS.items() for name in names}
    roles: dict[str, int] = {}
    for at, header in enumerate(table.header):
        role = by_name.get(folded_name(header))
        if role and role not in roles:
            roles[role] = at
    return roles


def unique_rows(table: Table, into: Gathering, *, collapse: bool) -> Iterator[tuple[str, list[str]]]:
    """Yield the rows, exact repetitions only once where they say nothing new; WrongInput for no rows."""
    seen: set[int] = set()
    empty = True
    for where, cells in table.rows():
        empty = False
        with into.row(where):
            whole = [one.strip() for one in cells_of(table, where, cells)]
            key = hash(tuple(whole))
            if collapse and key in seen:
                into.tally(f"rows of {table.source} repeat another one exactly and count once")
                continue
            seen.add(key)
            yield where, whole
    if empty:
        raise WrongInput("the table has no rows", where=table.source, remedy="give a table with rows")


def is_long(roles: dict[str, int]) -> bool:
    """Say whether these are the columns of a table with one row per fact."""
    return "value" in roles and any(one in roles for one in _NAMING)


def read_long(table: Table, roles: dict[str, int], into: Gathering) -> None:
    """Read a table with one row per fact; WrongInput with the row that cannot be used."""
    refuse_columns(table, {at for at in range(len(table.header)) if at not in roles.values()}, into)
    for where, cells in unique_rows(table, into, collapse=True):
        with into.row(where):
            row = {role: cells[at] for role, at in roles.items()}
            person = row.get("person", _ONE_PATIENT)
            if is_nothing(person):
                raise WrongInput("the row names no patient", where=where, remedy="fill in the patient")
            if status_word(row.get("status", "")) in VOID:
                into.tally(f"rows of {table.source} are entered in error or cancelled and do not count")
                into.patient(person)
                continue
            _long_row(row, person, where, into)


def _long_row(row: dict[str, str], person: str, where: str, into: Gathering) -> None:
    names = [row[one] for one in _NAMING if row.get(one, "")]  # "Na" is sodium here and not a gap
    if "date" in row and is_nothing(row["date"]) and not _is_about_person(names):
        raise WrongInput(
            "the row has no day",
            where=where,
            why="the table has a column of days, and a fact without its day could count on any",
            remedy="fill in the day",
        )
    on = day_of(row.get("date", ""), f"{where}, date")
    if any(into.about(person, one, row["value"], on, where) for one in names):
        return
    named = next((found for one in names if (found := into.how.names.find(one))), None)
    if named is None:
        named = into.how.names.resolve(names[0] if names else "", where, of_data=True)
    said = Said(row["value"], **{one: row.get(one, "") for one in _PARTS})
    add_fact(named, person, said, (on, row.get("end", "")), where, into)


def _is_about_person(names: list[str]) -> bool:
    return any(folded_name(one) in {*BIRTHDAY, *SEX} for one in names)


def add_fact(
    named: Named, person: str, said: Said, days: tuple[date | None, str], where: str, into: Gathering
) -> None:
    """Add one fact of a known name."""
    on, end = days
    word = said.status if status_word(said.status) in PENDING | NOT_DONE else said.value
    if named.kind == "analyte":
        into.measurement(person, named.id, said, on, where)
    elif named.kind == "finding":
        into.fact(person, parse_seen(named.id, word, on, where))
    else:
        given = parse_given(named.id, word, on or into.how.on, where)
        if given and given.given and given.start is None and on:
            until = None if is_nothing(end) else parse_day(end, f"{where}, end")
            given = course(named.id, on, until, where)
        elif given and not given.given:
            given = Given(named.id, on, on, given=False, row=where)
        into.fact(person, given)


def refuse_data_as_header(table: Table, into: Gathering) -> None:
    """Raise where the first line holds a day or a number: its cells are a patient's, and are not shown."""
    for header in table.header:
        if DAY.match(header) or (_NUMBER.match(header) and into.how.names.find(header) is None):
            raise WrongInput(
                "the first line is no header",
                where=table.source,
                why="it holds a day or a number, as a row of data does",
                remedy="name the columns in the first line: patient, date, ferritin [ug/L], fever and so on",
            )


def refuse_columns(table: Table, left: set[int], into: Gathering) -> None:
    """Raise for the first of some columns that nobody reads; a lenient reader lists each once."""
    refuse_data_as_header(table, into)
    for at in sorted(left):
        header = table.header[at]
        where = f"{table.source}, column {at + 1}"
        with into.row(where):
            raise WrongInput(
                f"{shown(header)} is no known column" if header else "the column has no name",
                where=where,
                why="a column that nobody reads could hold a test under another name",
                remedy=into.how.names.advice(header),
            )
