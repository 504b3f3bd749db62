"""An invented OMOP CDM 5.4 warehouse: every row is an expression over its number, computed inside DuckDB.

The same seed gives the same rows (with the same DuckDB, whose hash function it is). Some admissions are
planted: `truth.parquet` holds the bounds of their count of HLH-2004 items, known from how they were made.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from openhlh.errors import WrongInput
from openhlh.patients.invent_cdm import as_cdm
from openhlh.patients.invent_limits import Limits, Rungs, limits, rungs_around
from openhlh.patients.invent_tables import TABLES, TRUTH, VISITS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Say = Callable[[str], None]
PANEL = 14  # rows of one blood draw
VARIANTS = 4  # units in which a hospital may report an analyte
LARGEST_ID = 2**31 - 1  # the CDM's ids are 32-bit integers
PERCENT_CODE = 8554
HALF = 50  # per cent neutrophils at which leukocytes of twice the limit stand exactly at the limit
# rows of a draw in their order; later ones stand in for tests that a patient does not get
MEASURED = (
    "hemoglobin",
    "platelets",
    "leukocytes",
    "neutrophils",
    "temperature",
    "ferritin",
    "triglycerides",
    "fibrinogen",
)
NEUTROPHIL_PERCENT = PANEL
# other tests: name, concept, unit concept, unit, a usual value
OTHERS = (
    ("creatinine", 3016723, 8840, "mg/dL", 90),
    ("albumin", 3024561, 8713, "g/dL", 38),
    ("crp", 3020460, 8840, "mg/dL", 400),
    ("bilirubin", 3024128, 8840, "mg/dL", 80),
    ("ldh", 3016436, 8645, "U/L", 2400),
    ("ast", 3013721, 8645, "U/L", 300),
)


def warehouse(
    folder: Path, admissions: int, seed: int, rows_per_admission: int = 42, say: Say = lambda _: None
) -> None:
    """Write one Parquet file for each table, measurements in the order of their admissions.

    `rows_per_admission`: measurements on average, in whole draws of 14 rows. `say` hears of each table.
    """
    draws = max(1, round(rows_per_admission / PANEL))
    longest = 2 * draws - 1
    if admissions < 1 or admissions * longest * PANEL > LARGEST_ID:
        raise WrongInput(
            "so many admissions cannot be invented",
            where="admissions",
            why="the ids of the CDM are 32-bit integers",
            remedy="ask for at least 1, and for fewer admissions or rows",
        )
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '3GB'")
        connection.execute("SET temp_directory = $1", [str(folder / ".spill")])
        connection.execute(f"CREATE MACRO draw(of_what, of_row) AS hash(of_row, of_what, {int(seed)})")
        connection.execute("CREATE MACRO bits(number, start) AS CAST((number >> start) & 65535 AS INTEGER)")
        _rungs_table(connection, limits())
        say(f"{admissions} admissions")
        connection.execute(VISITS, {"admissions": admissions, "longest": longest})
        for table, query in TABLES.items():
            filled = [row[0] for row in connection.execute(f"DESCRIBE {query}").fetchall()]
            made = _write(connection, as_cdm(table, query, filled), folder / f"{table}.parquet")
            say(f"{table}: {made} rows")
        _write(connection, TRUTH, folder / "truth.parquet")


def _write(connection: DuckDBPyConnection, query: str, path: Path) -> int:
    copied = connection.execute(
        f"COPY ({query}) TO '{_quoted(path)}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 1000000)"
    ).fetchone()
    return int(copied[0]) if copied else 0


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _rungs_table(connection: DuckDBPyConnection, known: Limits) -> None:
    """Make the table from which values are drawn: for each test four units, and values around its limit."""
    connection.execute(
        "CREATE TABLE rungs (slot INTEGER, variant INTEGER, test VARCHAR, concept INTEGER, unit INTEGER, "
        "unit_text VARCHAR, scale DOUBLE, met BIGINT, not_met BIGINT, upward INTEGER, spread_met BIGINT, "
        "spread_not_met BIGINT, lowest BIGINT, highest BIGINT)"
    )
    rows = [row for slot, name in enumerate(MEASURED) for row in _measured_rows(slot, name, known)]
    percent = _concept("neutrophil_percent", known), PERCENT_CODE
    for variant in range(VARIANTS):
        rows.append(
            (NEUTROPHIL_PERCENT, variant, "neutrophil_percent", *percent, "%", 1.0,
             HALF, HALF, -1, HALF - 1, HALF - 5, 0, 100)
        )  # fmt: skip
        for slot, (name, concept, unit, text, usual) in enumerate(OTHERS, start=len(MEASURED)):
            rows.append(
                (slot, variant, name, concept, unit, text, 10.0,
                 usual + 1, usual, 1, usual, usual - 1, 1, usual * 3)
            )  # fmt: skip
    connection.executemany("INSERT INTO rungs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _measured_rows(slot: int, name: str, known: Limits) -> list[tuple[object, ...]]:
    """Return the four variants of a test: the units that have a code in the CDM, in turn."""
    coded = [one for one in _rungs_of(name, known) if one.codes]
    pairs = [(one, code) for one in coded for code in one.codes]
    made: list[tuple[object, ...]] = []
    for variant in range(VARIANTS):
        one, code = pairs[variant % len(pairs)]
        made.append(
            (slot, variant, name, _concept(name, known), int(code), one.unit, 10.0**one.decimals,
             one.met, one.not_met, one.upward, one.spread(met=True), one.spread(met=False),
             one.lowest, one.highest)
        )  # fmt: skip
    return made


def _concept(name: str, known: Limits) -> int:
    return int(known.analytes[name].codes["omop"][0])


def _rungs_of(name: str, known: Limits) -> tuple[Rungs, ...]:
    """Return the rungs of a test; half of the leukocytes at their limit are neutrophils at theirs."""
    if name != "leukocytes":
        return known.rungs[name]
    analyte = known.analytes[name]
    neutrophils = known.rungs["neutrophils"][0]
    limit = Fraction(neutrophils.value(neutrophils.not_met)) * 100 / HALF
    scale = analyte.scales
    return tuple(
        rungs_around(analyte, unit, limit * scale[neutrophils.unit].factor / scale[unit].factor, "<")
        for unit in scale
    )
