"""What a warehouse has to hold before it is screened: tables, columns, their kinds, ids that stand once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from openhlh.content.vocabulary_of_facts import FactNames
from openhlh.errors import WrongInput
from openhlh.patients.measuring import known_units
from openhlh.patients.naming import dictionary
from openhlh.patients.warehouse import Warehouse

if TYPE_CHECKING:
    from ibis import ir

NEEDED = {
    "person": ("person_id", "year_of_birth"),
    "visit_occurrence": ("visit_occurrence_id", "person_id", "visit_start_date"),
    "measurement": (
        "visit_occurrence_id",
        "measurement_concept_id",
        "measurement_date",
        "value_as_number",
        "unit_concept_id",
    ),
}
WANTED = {
    "condition_occurrence": ("visit_occurrence_id", "condition_concept_id", "condition_start_date"),
    "drug_exposure": ("visit_occurrence_id", "drug_concept_id", "drug_exposure_start_date"),
}
_HELPING = {"concept_ancestor": ("ancestor_concept_id", "descendant_concept_id")}
_OPTIONAL = {
    "person": ("month_of_birth", "day_of_birth"),
    "visit_occurrence": ("visit_end_date",),
    "measurement": ("operator_concept_id", "range_low", "range_high"),
    "drug_exposure": ("drug_exposure_end_date",),
}


def checked_tables(warehouse: Warehouse) -> dict[str, ir.Table]:
    """Return the tables with lower-case columns; WrongInput names what is missing or of another kind."""
    missing = [name for name in NEEDED if name not in warehouse.tables]
    if missing:
        raise WrongInput(
            f"the warehouse has no table {', '.join(missing)}",
            where=warehouse.shown,
            why="person, visit_occurrence and measurement of OMOP CDM 5.4 are needed",
            remedy="name the folder, database or schema that holds the CDM tables",
        )
    columns = {**NEEDED, **WANTED, **_HELPING}
    tables = {name: _lower(warehouse.tables[name]) for name in columns if name in warehouse.tables}
    for name, t in tables.items():
        absent = sorted(set(columns[name]) - set(t.columns))
        if absent:
            raise WrongInput(
                f"the table {name} has no column {', '.join(absent)}",
                where=warehouse.shown,
                why="OMOP CDM 5.4 names it so",
                remedy="give the table the names of the CDM",
            )
        for column in (*columns[name], *_OPTIONAL.get(name, ())):
            if column in t.columns:
                _check_kind(t, name, column)
    _check_ids(tables["visit_occurrence"], "visit_occurrence")
    _check_ids(tables["person"], "person")
    return tables


def _lower(t: ir.Table) -> ir.Table:
    return t.rename({column.lower(): column for column in t.columns if column != column.lower()})


def _check_kind(t: ir.Table, name: str, column: str) -> None:
    kind = t.schema()[column]
    is_day = column.endswith("_date")
    if (kind.is_date() or kind.is_timestamp()) if is_day else kind.is_numeric():
        return
    raise WrongInput(
        f"{name}.{column} holds no {'dates' if is_day else 'numbers'}",
        where="the warehouse",
        why=f"its type is {type(kind).__name__.lower()}, and OMOP CDM 5.4 gives it another",
        remedy="write the table with the types of the CDM",
    )


def _check_ids(t: ir.Table, name: str) -> None:
    """Two rows of one id would each count as an admission or a person."""
    ids = t[f"{name}_id"]
    counted: dict[str, Any] = t.aggregate(rows=t.count(), known=ids.nunique()).to_pyarrow().to_pylist()[0]
    if counted["rows"] != counted["known"]:
        raise WrongInput(
            f"{name}.{name}_id is empty or stands twice in some rows",
            where="the warehouse",
            why=f"there are {counted['rows']} rows and {counted['known']} ids",
            remedy="keep one row for each id",
        )


def rows_without_admission(
    tables: Mapping[str, ir.Table], codes: Mapping[str, tuple[int, ...]]
) -> tuple[str, ...]:
    """Return notes on rows of our codes that name no admission or an absent one, and so count for none."""
    notes = []
    visits = tables["visit_occurrence"]
    admitted = visits.select(admitted=visits.visit_occurrence_id.cast("int64"))
    for name, mine in codes.items():
        if name not in tables:
            continue
        t = tables[name]
        concept = t[next(column for column in {**NEEDED, **WANTED}[name] if "_concept_id" in column)]
        rows = t.filter(concept.isin(mine)).select(named=t.visit_occurrence_id.cast("int64"))
        beside = rows.left_join(admitted, rows.named == admitted.admitted)
        counted = beside.aggregate(
            none=beside.named.isnull().sum(),
            absent=(beside.named.notnull() & beside.admitted.isnull()).sum(),
        )
        found: dict[str, Any] = counted.to_pyarrow().to_pylist()[0]
        if found["none"]:
            notes.append(f"{found['none']} {name} rows name no admission and count for none")
        if found["absent"]:
            notes.append(
                f"{found['absent']} {name} rows name an admission that is not there, and count for none"
            )
    return tuple(notes)


def declared_units(units: Mapping[str, str], names: FactNames) -> dict[str, str]:
    """Return the declared units in our spelling by the id of their analyte; WrongInput for unknown ones."""
    known = dictionary(names)
    found: dict[str, str] = {}
    for name, spelling in units.items():
        named = known.resolve(name, "--unit")
        if named.kind != "analyte":
            raise WrongInput(f"{named.id} has no unit", where="--unit", remedy="name a measured quantity")
        analyte = known.analytes[named.id]
        unit = analyte.known_unit(spelling)
        if unit is None:
            raise WrongInput(
                f"the unit of {named.id} is not known",
                where="--unit",
                remedy=f"known units: {known_units(analyte)}",
            )
        found[named.id] = unit
    return found
