"""OMOP CDM 5.4 as the tables of the cohort engine: one subject for each admission (visit_occurrence)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis
from ibis import ir

from openhlh.content.vocabulary_of_facts import FactNames, as_analytes, classes_of
from openhlh.patients.omop_checks import WANTED, checked_tables, declared_units, rows_without_admission
from openhlh.patients.warehouse import Warehouse
from openhlh.rules.tables import Codes, Tables

# operator_concept_id: 4172703 "=" (CDM field notes) and 4171754 "<=" are confirmed; any other is a bound of
# unknown direction, and a value known by it is censored
_EQUAL, _AT_MOST = 4172703, 4171754
_UNKNOWN_BOUND = "?"
EMPTY = {
    "condition_occurrence": {"subject": "int64", "code": "int64", "present": "boolean", "day": "date"},
    "drug_exposure": {
        "subject": "int64",
        "code": "int64",
        "start": "date",
        "end": "date",
        "given": "boolean",
    },
}


@dataclass(frozen=True)
class Admissions:
    """The cohort engine's tables over a warehouse, and what has to be said about them."""

    tables: Tables
    notes: tuple[str, ...]


def read_admissions(
    warehouse: Warehouse, names: FactNames, units: Mapping[str, str] | None = None
) -> Admissions:
    """Return the tables of all admissions; WrongInput lists what the schema lacks.

    `units` declares, for each analyte, the unit of rows whose unit column is empty (or 0).
    """
    t = checked_tables(warehouse)
    declared = declared_units(units or {}, names)
    codes = replace(_codes(t, names), declared=declared)
    notes = [
        f"there is no table {name}: what it would hold counts as not recorded"
        for name in WANTED
        if name not in t
    ]
    notes += [
        f"unit of {name} taken as declared where it is empty: {unit}" for name, unit in declared.items()
    ]
    notes += rows_without_admission(
        t,
        {
            "measurement": _all(codes.analytes),
            "condition_occurrence": _all(codes.findings),
            "drug_exposure": _all(codes.exposures),
        },
    )
    tables = Tables(
        subjects=_subjects(t["visit_occurrence"], t["person"]),
        measurements=_measurements(t["measurement"]),
        findings=_findings(t.get("condition_occurrence")),
        exposures=_exposures(t.get("drug_exposure")),
        codes=codes,
        believes_ranges=True,
        days=_days(t["visit_occurrence"]),
    )
    return Admissions(tables, tuple(notes))


def _all(codes: Mapping[str, tuple[Any, ...]]) -> tuple[int, ...]:
    return tuple(sorted({code for some in codes.values() for code in some}))


def _codes(tables: Mapping[str, ir.Table], names: FactNames) -> Codes:
    analytes = as_analytes(names.analytes)
    exposures = {entry.id: entry for entry in names.exposures}
    drugs: dict[str, list[int]] = {}
    for entry in names.exposures:
        for wider in classes_of(entry.id, exposures):
            drugs.setdefault(wider, []).extend(int(code) for code in entry.codes.get("omop", ()))
    findings: dict[str, list[int]] = {}
    for finding in names.findings:
        for wider_name in (finding.id, *finding.implies):
            findings.setdefault(wider_name, []).extend(int(code) for code in finding.codes.get("omop", ()))
    below = _descendants(
        tables, {code for found in (drugs, findings) for some in found.values() for code in some}
    )
    units = {
        (entry.id, unit.unit): tuple(int(code) for code in unit.omop)
        for entry in names.analytes
        for unit in entry.units
    }
    return Codes(
        analytes={name: tuple(int(c) for c in one.codes.get("omop", ())) for name, one in analytes.items()},
        units=units,
        findings={name: _expanded(codes, below) for name, codes in findings.items()},
        exposures={name: _expanded(codes, below) for name, codes in drugs.items()},
    )


def _descendants(tables: Mapping[str, ir.Table], codes: set[int]) -> dict[int, list[int]]:
    """Return the descendants of concepts, if concept_ancestor is there: drugs are coded by product."""
    t = tables.get("concept_ancestor")
    if t is None or not codes:
        return {}
    rows = t.filter(t.ancestor_concept_id.isin(sorted(codes)))
    found: dict[int, list[int]] = {}
    for row in rows.select("ancestor_concept_id", "descendant_concept_id").to_pyarrow().to_pylist():
        found.setdefault(row["ancestor_concept_id"], []).append(row["descendant_concept_id"])
    return found


def _expanded(codes: list[int], below: Mapping[int, list[int]]) -> tuple[int, ...]:
    return tuple(sorted({one for code in codes for one in (code, *below.get(code, ()))}))


def _subjects(visits: ir.Table, people: ir.Table) -> ir.Table:
    month = people.month_of_birth if "month_of_birth" in people.columns else ibis.null("int64")
    day = people.day_of_birth if "day_of_birth" in people.columns else ibis.null("int64")
    year = people.year_of_birth.cast("int32")
    month, day = month.cast("int32"), day.cast("int32")
    last = _days_of_month(year, month.fill_null(12))
    born = people.select(
        born_person=people.person_id,
        born_earliest=ibis.date(year, month.fill_null(1), day.fill_null(1)),
        born_latest=ibis.date(year, month.fill_null(12), day.fill_null(last).cast("int32")),
    )
    end = visits.visit_end_date if "visit_end_date" in visits.columns else visits.visit_start_date
    # every computed column before the join: Ibis takes later joins into it, where computed keys get lost
    admitted = visits.select(
        subject=visits.visit_occurrence_id.cast("int64"),
        person=visits.person_id,
        on=visits.visit_start_date.cast("date"),
        until=end.cast("date"),
    )
    t = admitted.left_join(born, admitted.person == born.born_person)
    return t.select(
        "subject",
        "person",
        "on",
        "until",
        "born_earliest",
        "born_latest",
        baseline=ibis.null("date"),
    )


def _days(visits: ir.Table) -> ir.Table:
    return visits.select(
        subject=visits.visit_occurrence_id.cast("int64"),
        on=visits.visit_start_date.cast("date"),
        baseline=ibis.null("date"),
    )


def _days_of_month(year: Any, month: Any) -> Any:  # noqa: ANN401 - Ibis types its columns loosely
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return ibis.cases((month == 2, leap.ifelse(29, 28)), (month.isin((4, 6, 9, 11)), 30), else_=31).cast(
        "int32"
    )


def _measurements(t: ir.Table) -> ir.Table:
    t = t.filter(t.visit_occurrence_id.notnull() & t.value_as_number.notnull())
    made = {
        "subject": t.visit_occurrence_id.cast("int64"),
        "code": t.measurement_concept_id,
        "unit": t.unit_concept_id.nullif(0),
        "value": t.value_as_number.cast("float64"),
        "day": t.measurement_date.cast("date"),
    }
    if "operator_concept_id" in t.columns:
        operator = t.operator_concept_id
        made["comparator"] = ibis.cases(
            (operator.isnull() | operator.isin((0, _EQUAL)), ibis.null("string")),
            (operator == _AT_MOST, "<="),
            else_=_UNKNOWN_BOUND,
        )
    for column, name in (("range_low", "low"), ("range_high", "high")):
        if column in t.columns:
            made[name] = t[column].cast("float64")
    return t.select(**made)


def _findings(t: ir.Table | None) -> ir.Table:
    if t is None:
        return _nothing("condition_occurrence")
    return t.filter(t.visit_occurrence_id.notnull()).select(
        subject=t.visit_occurrence_id.cast("int64"),
        code=t.condition_concept_id,
        present=ibis.literal(True),
        day=t.condition_start_date.cast("date"),
    )


def _exposures(t: ir.Table | None) -> ir.Table:
    if t is None:
        return _nothing("drug_exposure")
    end = (
        t.drug_exposure_end_date.cast("date") if "drug_exposure_end_date" in t.columns else ibis.null("date")
    )
    return t.filter(t.visit_occurrence_id.notnull()).select(
        subject=t.visit_occurrence_id.cast("int64"),
        code=t.drug_concept_id,
        start=t.drug_exposure_start_date.cast("date"),
        end=end,
        given=ibis.literal(True),
    )


def _nothing(name: str) -> ir.Table:
    """Return an empty table: one impossible row, filtered out, which every engine can compile."""
    columns = {column: ibis.null(kind).name(column) for column, kind in EMPTY[name].items()}
    row = ibis.memtable({"one": [1]}).mutate(**columns).drop("one")
    return row.filter(ibis.literal(False))
