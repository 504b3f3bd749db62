"""Do the engines agree? Generated patients, HLH-2004: the plain engine, DuckDB, PostgreSQL and Spark.

One command: `make agree` (100,000 patients; the first argument says how many). Patients are invented with
values at the limits, one step to either side, missing, pending, censored and in other units. Verdict and
both bounds must be the same everywhere; the plain engine's bounds must also be those that were planted.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import ibis
from tests.engines import postgres, spark_session

from openhlh.definitions.assessing import assess
from openhlh.journeys.define import open_definitions
from openhlh.journeys.prove import plan_of
from openhlh.patients.as_tables import tables_of
from openhlh.patients.invent import Invented, patients
from openhlh.rules.cohort import Cohort
from openhlh.rules.screening import screened

COUNT, SEED, CHUNK = 100_000, 20, 20_000
Answer = tuple[str, int, int]


def backends(folder: Path) -> Iterator[tuple[str, Any]]:
    """Yield the engines of warehouses by name."""
    yield "DuckDB", ibis.duckdb.connect()
    with postgres(folder) as url:
        yield "PostgreSQL", ibis.connect(url)
    yield "Spark", ibis.pyspark.connect(spark_session())


def main() -> int:
    """Judge every patient everywhere and return 1 where anything differs."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    opened = open_definitions(("hlh_2004",))
    bound = opened.book.bound("hlh_2004")
    people = list(patients(count, SEED))
    start = time.perf_counter()
    plain: list[Answer] = []
    planted_wrong = 0
    for one in people:
        found = assess(opened.book, bound, one.facts, one.moment, settled=False)
        bounds = (found.count.lower or 0, found.count.upper or 0)
        plain.append((found.verdict.value, *bounds))
        planted_wrong += bounds != (one.truth["met"], one.truth["met"] + one.truth["untested"])
    print(
        f"plain engine: {count} patients in {time.perf_counter() - start:.0f} s, {dict(Counter(v for v, *_ in plain))}"
    )
    print(f"bounds that differ from what was planted: {planted_wrong}")
    wrong = planted_wrong
    with tempfile.TemporaryDirectory() as folder:
        for name, backend in backends(Path(folder)):
            start, different = time.perf_counter(), 0
            for first in range(0, count, CHUNK):
                got = over(backend, people[first : first + CHUNK], opened, bound)
                different += sum(a != b for a, b in zip(got, plain[first : first + CHUNK], strict=True))
            print(
                f"{name}: {different} of {count} differ from the plain engine ({time.perf_counter() - start:.0f} s)",
                flush=True,
            )
            wrong += different
    return 1 if wrong else 0


def over(backend: Any, people: list[Invented], opened: Any, bound: Any) -> list[Answer]:
    """Return verdict and bounds of each patient from a warehouse engine."""
    analytes = opened.book.analytes
    tables = tables_of([(one.facts, one.moment) for one in people], analytes)
    moment = bound.moment(people[0].moment)
    table = screened(Cohort(analytes, tables, moment.window, moment.baseline_window), plan_of(bound))
    rows = backend.to_pyarrow(table.select("subject", "verdict", "lower", "upper")).to_pylist()
    by_subject = {row["subject"]: (row["verdict"], row["lower"], row["upper"]) for row in rows}
    return [by_subject[number] for number in range(len(people))]


if __name__ == "__main__":
    raise SystemExit(main())
