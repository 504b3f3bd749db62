"""Plain tables with one row per patient, or per patient and day, and one column per fact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from openhlh.errors import WrongInput
from openhlh.patients.measuring import Said, is_nothing
from openhlh.patients.naming import Named, folded_name
from openhlh.patients.rows import Gathering, day_of
from openhlh.patients.tables import Table
from openhlh.patients.tabular import add_fact, refuse_columns, unique_rows
from openhlh.patients.values import BIRTHDAY, SEX

_BRACKETED = re.compile(r"^(?P<name>.*\S)\s*(?:\[(?P<square>[^\[\]].*)\]|\((?P<round>[^()].*)\))$")
_AGE = re.compile(r"^age[\s_]*[\[(]?(d|days|wk|weeks|mo|months|a|y|years)[\])]?$")


@dataclass(frozen=True)
class Column:
    """A column of a wide table: what it is about, the unit in its header, which part of a result it is."""

    at: int
    header: str
    named: Named
    unit: str = ""
    part: str = "value"


_SUFFIXES = {
    "unit": "unit", "units": "unit", "low": "low", "lln": "low", "high": "high", "uln": "high",
    "cutoff": "cutoff", "flag": "flag", "status": "status",
}  # fmt: skip


@dataclass(frozen=True)
class _Layout:
    """Where a wide table has what: position, kind and unit of ages, birthdays and sexes, and its columns."""

    person: int | None
    day: int | None
    about: tuple[tuple[int, str, str], ...]
    columns: tuple[Column, ...]


def read_wide(table: Table, roles: dict[str, int], into: Gathering) -> None:
    """Read a table with one row per patient, or per patient and day; WrongInput with row and column."""
    layout = _layout(table, roles, into)
    seen: set[str] = set()
    rows = unique_rows(table, into, collapse=layout.person is not None)
    for number, (where, cells) in enumerate(rows, start=1):
        with into.row(where):
            person = f"row {number}" if layout.person is None else cells[layout.person]
            _check_person(person, seen, layout.day is not None, where)
            on = None if layout.day is None else day_of(cells[layout.day], f"{where}, date")
            if layout.day is not None and on is None:
                raise WrongInput("the row has no day", where=where, remedy="fill in the day")
            for at, kind, unit in layout.about:
                cell = f"{where}, column {table.header[at]}"
                with into.row(cell):
                    text = "" if is_nothing(cells[at]) else f"{cells[at]} {unit}"
                    into.about(person, kind, text, on, cell)
            _wide_row(layout.columns, cells, (person, on, where), into)


def _layout(table: Table, roles: dict[str, int], into: Gathering) -> _Layout:
    person, day = roles.get("person"), roles.get("date")
    others = [(at, name) for at, name in enumerate(table.header) if at not in (person, day)]
    about = tuple((at, *found) for at, name in others if (found := _about_person(name)))
    columns = tuple(column for at, name in others if (column := fact_column(at, name, into)))
    if not columns and not about:
        raise WrongInput(
            "no column of the first line is known",
            where=table.source,
            why="the header is missing, or the columns have other names",
            remedy="name the columns in the first line: patient, date, ferritin [ug/L], fever and so on",
        )
    known = {at for at, _, _ in about} | {one.at for one in columns}
    refuse_columns(table, {at for at, _ in others} - known, into)
    return _Layout(person, day, about, columns)


def _check_person(person: str, seen: set[str], has_date: bool, where: str) -> None:
    if is_nothing(person):
        raise WrongInput("the row names no patient", where=where, remedy="fill in the patient")
    if person in seen and not has_date:
        raise WrongInput(
            "this patient stands in an earlier row too",
            where=where,
            why="without a column of days it is not known which row is the later one",
            remedy="add a column `date`",
        )
    seen.add(person)


def _wide_row(
    columns: tuple[Column, ...], cells: list[str], row: tuple[str, date | None, str], into: Gathering
) -> None:
    person, on, where = row
    into.patient(person)
    parts: dict[Named, dict[str, str]] = {}
    for one in columns:
        if one.part != "value":
            parts.setdefault(one.named, {})[one.part] = cells[one.at]
    for one in columns:
        cell = f"{where}, column {one.header}"
        others = parts.get(one.named, {})
        if one.part != "value" or (is_nothing(cells[one.at]) and is_nothing(others.get("flag", ""))):
            continue
        with into.row(cell):
            said = Said(cells[one.at], **{"unit": one.unit, **others})
            add_fact(one.named, person, said, (on, ""), cell, into)


def _about_person(header: str) -> tuple[str, str] | None:
    """Return what a column says of the person and the unit of an age: `sex`, `age [a]`, `age_days`."""
    key = folded_name(header)
    if key in {"age", *BIRTHDAY, *SEX}:
        return key, ""
    found = _AGE.match(header.strip().casefold())
    return ("age", found[1]) if found else None


def fact_column(at: int, header: str, into: Gathering) -> Column | None:
    """Return what a header means: `ferritin [ug/L]`, `fever`, `scd25_cutoff`."""
    names = into.how.names
    if _about_person(header):
        return None
    if named := names.find(header):
        return Column(at, header, named)
    found = _BRACKETED.match(header.strip())
    if found and (named := names.find(found["name"])):
        return Column(at, found["name"], named, found["square"] or found["round"])
    stem, _, suffix = header.strip().replace(" ", "_").rpartition("_")
    part = _SUFFIXES.get(suffix.casefold())
    if part and (named := names.find(stem)) and named.kind == "analyte":
        return Column(at, header, named, part=part)
    return None
