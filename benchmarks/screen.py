"""How fast `hlh screen` and `hlh assess` are, beside SQL written by hand for the same answer.

One command (`make bench`), both sides in the same run, on an invented OMOP warehouse: 1 M admissions with
about 42 M measurement rows, or as many as the first argument says. Every figure is the wall time of a
process of its own (imports included where said) and its highest memory; ratios move less with the machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ADMISSIONS, SEED, ROUNDS = 1_000_000, 1, 3
HERE = Path(__file__).parent


def run_one(kind: str, folder: Path) -> None:
    """Judge every admission in one way and print seconds, peak memory and a checksum of the verdicts."""
    import resource

    sys.path.insert(0, str(HERE))
    import ibis

    import hand_sql
    from openhlh.journeys.define import open_definitions
    from openhlh.journeys.prove import plan_of
    from openhlh.patients.omop import read_admissions
    from openhlh.patients.warehouse import open_warehouse
    from openhlh.rules.cohort import Cohort
    from openhlh.rules.screening import screened
    from openhlh.rules.trailing import screened_trailing

    start = time.perf_counter()
    if kind.startswith("hand"):
        connection = ibis.duckdb.connect().con
        connection.execute("SET preserve_insertion_order = false")
        query = hand_sql.first_days(folder, 7) if kind == "hand 7 days" else hand_sql.whole_stay(folder)
    else:
        opened = open_definitions(("hlh_2004",))
        warehouse = open_warehouse(str(folder))
        tables = read_admissions(warehouse, opened.shelves.fact_names).tables
        window = (0, 6) if kind == "ours 7 days" else (None, None)
        cohort = Cohort(opened.book.analytes, tables, window)
        plan = plan_of(opened.book.bound("hlh_2004"), evidence=kind == "ours evidence")
        trailing = kind == "ours trailing 14 days"
        held = []
        keep = lambda one: held.append(one.cache()) or held[-1]  # noqa: E731 - as the journey does
        table = screened_trailing(cohort, plan, 14, keep) if trailing else screened(cohort, plan)
        query, connection = warehouse.backend.compile(table), warehouse.backend.con
    prepared = time.perf_counter() - start
    counts: dict[str, int] = {}
    for batch in connection.execute(query).to_arrow_reader(100_000):
        for entry in batch.column("verdict").value_counts().to_pylist():
            counts[entry["values"]] = counts.get(entry["values"], 0) + entry["counts"]
    taken = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        json.dumps(
            {
                "seconds": taken,
                "prepared": prepared,
                "peak_mb": peak,
                "verdicts": dict(sorted(counts.items())),
            }
        )
    )


def best(kind: str, folder: Path, rounds: int = ROUNDS) -> dict[str, object]:
    """Return the fastest of some processes: the machine's other work only ever adds."""
    runs = []
    for _ in range(rounds):
        command = [sys.executable, __file__, "--one", kind, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout))
    return min(runs, key=lambda run: run["seconds"])


def screening(folder: Path) -> None:
    """Print each way of screening beside its reference."""
    results = {}
    ways = ("whole stay", "7 days")
    pairs = [f"{who} {way}" for way in ways for who in ("hand", "ours")]
    for kind in (*pairs, "ours evidence", "ours trailing 14 days"):
        results[kind] = best(kind, folder)
        one = results[kind]
        until = f"of which {one['prepared']:.1f} s until the query"
        print(f"{kind:<22} {one['seconds']:6.1f} s ({until}) peak {one['peak_mb']:>5} MB  {one['verdicts']}")
    for window in ways:
        ours, hand = results[f"ours {window}"], results[f"hand {window}"]
        same = "same verdicts" if ours["verdicts"] == hand["verdicts"] else "VERDICTS DIFFER"
        query = (ours["seconds"] - ours["prepared"]) / (hand["seconds"] - hand["prepared"])
        whole = ours["seconds"] / hand["seconds"]
        print(
            f"ours / hand-written SQL, {window}: query {query:.2f}, with reading pages {whole:.2f} ({same})"
        )


def one_patient() -> None:
    """Print the time of one patient by every definition with explanations, after import."""
    from openhlh.journeys.assess import Wish, assessed, book, subject_of_values

    values = {"ferritin": "9000 ug/L", "platelets": "45 10*9/L", "hemoglobin": "82 g/L", "fever": "present",
              "splenomegaly": "present", "triglycerides": "2.0 mmol/L", "age": "30 a"}  # fmt: skip
    facts = subject_of_values(values, Wish()).facts[0]
    every = Wish(definitions=tuple(book().book.pages))
    for name, wish in (("diagnostic definitions and scores", Wish()), ("all definitions", every)):
        assessed(facts, wish)
        times = []
        for _ in range(30):
            start = time.perf_counter()
            found = assessed(facts, wish)
            times.append(time.perf_counter() - start)
        count = len(found["definitions"])
        print(f"one patient, {count} {name}: {1000 * sorted(times)[15]:.1f} ms (median of 30)")


def main() -> None:
    """Invent the warehouse where no folder is given, and measure."""
    one_patient()
    given = sys.argv[1] if len(sys.argv) > 1 else str(ADMISSIONS)
    if not given.isdigit():
        screening(Path(given))
        return
    from openhlh.patients.invent import warehouse

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        warehouse(Path(folder), int(given), SEED)
        print(f"invented {int(given):,} admissions in {time.perf_counter() - start:.0f} s")
        screening(Path(folder))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        run_one(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
