"""Facts of some patients as the tables of the cohort engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import pyarrow as pa

from openhlh.rules.facts import Facts, Moment
from openhlh.rules.tables import Codes, Tables
from openhlh.units import Analyte

SCHEMAS = {
    "subjects": pa.schema(
        [
            ("subject", pa.int64()),
            ("on", pa.date32()),
            ("baseline", pa.date32()),
            ("born_earliest", pa.date32()),
            ("born_latest", pa.date32()),
        ]
    ),
    "measurements": pa.schema(
        [
            ("subject", pa.int64()),
            ("code", pa.string()),
            ("unit", pa.string()),
            ("value", pa.float64()),
            ("day", pa.date32()),
            ("comparator", pa.string()),
            ("low", pa.float64()),
            ("high", pa.float64()),
            ("cutoff", pa.float64()),
            ("flag", pa.string()),
            ("status", pa.string()),
        ]
    ),
    "findings": pa.schema(
        [("subject", pa.int64()), ("code", pa.string()), ("present", pa.bool_()), ("day", pa.date32())]
    ),
    "exposures": pa.schema(
        [
            ("subject", pa.int64()),
            ("code", pa.string()),
            ("start", pa.date32()),
            ("end", pa.date32()),
            ("given", pa.bool_()),
        ]
    ),
}


def codes_of(analytes: Mapping[str, Analyte], facts: list[Facts]) -> Codes:
    """Return the codes of canonical tables: every name stands for itself."""
    findings = {one.finding for patient in facts for one in patient.findings}
    exposures = {one.exposure for patient in facts for one in patient.exposures}
    return Codes(
        analytes={name: (name,) for name in analytes},
        units={
            (name, unit): (unit,)
            for name, analyte in analytes.items()
            for unit in (*analyte.scales, *analyte.incomparable)
        },
        findings={name: (name,) for name in findings},
        exposures={name: (name,) for name in exposures},
    )


def tables_of(patients: list[tuple[Facts, Moment]], analytes: Mapping[str, Analyte]) -> Tables:
    """Return the facts as tables in memory, which any backend can take; subject n is the n-th patient."""
    rows = _rows(patients)
    made = {}
    for name, schema in SCHEMAS.items():
        table = pa.Table.from_pylist(rows[name], schema=schema)
        stored = ibis.memtable(table)
        made[name] = stored.mutate(**{column: _null_for_nan(stored[column]) for column in _floats(schema)})
    codes = codes_of(analytes, [facts for facts, _ in patients])
    return Tables(made["subjects"], made["measurements"], made["findings"], made["exposures"], codes)


def _rows(patients: list[tuple[Facts, Moment]]) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for number, (facts, moment) in enumerate(patients):
        person = facts.person
        rows["subjects"].append(
            {
                "subject": number,
                "on": moment.on,
                "baseline": moment.baseline,
                "born_earliest": person.born_earliest,
                "born_latest": person.born_latest,
            }
        )
        rows["measurements"] += [
            {
                "subject": number,
                "code": one.analyte,
                "unit": one.unit,
                "value": _float(one.value),
                "day": one.on,
                "comparator": one.comparator,
                "low": _float(one.low),
                "high": _float(one.high),
                "cutoff": _float(one.cutoff),
                "flag": one.flag,
                "status": one.status,
            }
            for one in facts.measurements
        ]
        rows["findings"] += [
            {"subject": number, "code": one.finding, "present": one.present, "day": one.on}
            for one in facts.findings
        ]
        rows["exposures"] += [
            {"subject": number, "code": one.exposure, "start": one.start, "end": one.end, "given": one.given}
            for one in facts.exposures
        ]
    return rows


def _floats(schema: pa.Schema) -> list[str]:
    return [field.name for field in schema if pa.types.is_floating(field.type)]


def _null_for_nan(column: Any) -> Any:  # noqa: ANN401 - Ibis types its columns loosely
    """Spark takes tables over pandas, which turns a missing number into NaN."""
    return column.isnan().ifelse(None, column)


def _float(value: Any) -> float | None:  # noqa: ANN401 - Decimal or Fraction
    return None if value is None else float(value)
