"""Reading the site file: one line per analyte, `analyte,unit[,cutoff][,low][,high]`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from openhlh.content.vocabulary_of_facts import FactNames
from openhlh.errors import WrongInput
from openhlh.patients.measuring import is_nothing, known_units, parse_result
from openhlh.patients.naming import Dictionary, dictionary
from openhlh.patients.sites import Site, SiteLine
from openhlh.patients.tables import cells_of, read_csv

_COLUMNS = ("analyte", "unit", "cutoff", "low", "high")


def read_site(source: Path | str, names: FactNames | Dictionary) -> Site:
    """Return what a site file (a path) or its text declares; WrongInput with the row that cannot be used."""
    known = dictionary(names)
    name = source.name if isinstance(source, Path) else "site file"
    try:
        table = read_csv(source, name)
    except OSError:
        raise WrongInput("the file cannot be read", where=name, remedy="name a file that exists") from None
    unknown = [one for one in table.header if one.casefold() not in _COLUMNS]
    if unknown or not table.has("analyte", "unit"):
        raise WrongInput(
            "these are not the columns of a site file", where=name, remedy=f"use {', '.join(_COLUMNS)}"
        )
    lines: dict[str, SiteLine] = {}
    for where, cells in table.rows():
        row = dict(zip((one.casefold() for one in table.header), cells_of(table, where, cells), strict=True))
        analyte, line = _line(row, known, where)
        if analyte in lines:
            raise WrongInput(f"{analyte} is declared twice", where=where, remedy="keep one line")
        lines[analyte] = line
    return Site(lines)


def _line(row: dict[str, str], known: Dictionary, where: str) -> tuple[str, SiteLine]:
    named = known.resolve(row["analyte"], where)
    if named.kind != "analyte":
        raise WrongInput(f"{named.id} has no unit", where=where, remedy="list only measured quantities")
    analyte = known.analytes[named.id]
    unit = analyte.known_unit(row["unit"].strip())
    if unit is None:
        raise WrongInput(
            f"the unit of {named.id} is not known",
            where=where,
            remedy=f"known units: {known_units(analyte)}",
        )
    limits = [_number(row.get(column, ""), f"{where}, {column}") for column in ("cutoff", "low", "high")]
    return named.id, SiteLine(unit, *limits)


def _number(text: str, where: str) -> Decimal | None:
    if is_nothing(text):
        return None
    result = parse_result(text, where)
    if result.unit or result.comparator:
        raise WrongInput("this is no plain number", where=where, remedy="write it like 1234.5")
    return result.number
