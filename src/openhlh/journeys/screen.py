"""`hlh screen`: one definition over every admission of a warehouse, in the warehouse's own engine."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from openhlh.definitions.book import Bound
from openhlh.errors import WrongInput
from openhlh.journeys.define import open_one
from openhlh.journeys.prove import plan_of
from openhlh.patients.omop import read_admissions
from openhlh.patients.screen_output import Part, ScreenFolder
from openhlh.patients.warehouse import Warehouse, at_work, open_warehouse, shown
from openhlh.rules.cohort import Cohort
from openhlh.rules.screening import screened
from openhlh.rules.tables import Tables
from openhlh.rules.trailing import screened_trailing
from openhlh.rules.tree import as_tree

Say = Callable[[str], None]
_LONGEST = 36500  # days: nobody stays longer


@dataclass(frozen=True)
class Wish:
    """How a screening is wanted: `first_days` of each stay, any `trailing` days, or the whole stay."""

    definition: str
    parameters: dict[str, str] = field(default_factory=dict)
    first_days: int | None = None
    trailing: int | None = None
    evidence: bool = False
    units: dict[str, str] = field(default_factory=dict)
    out: Path | None = None
    part_size: int = 1_000_000
    cohort_id: int | None = None


@dataclass(frozen=True)
class Screened:
    """How many admissions have each verdict, and what has to be said about it."""

    counts: Counter[str]
    notes: tuple[str, ...]
    content_version: str
    parameters: dict[str, str]


def screen(source: Any, wish: Wish, say: Say = lambda _: None) -> Screened:  # noqa: ANN401 - text, path or session
    """Screen every admission of a source; with `wish.out` the rows go there, part by part."""
    _check(wish)
    opened, key = open_one(wish.definition)
    shelves, analytes = opened.shelves, opened.book.analytes
    bound = opened.book.bound(key, wish.parameters)
    _check_definition(bound, wish)
    plan = plan_of(bound, evidence=wish.evidence)
    say(f"opening {shown(source)}")
    warehouse = open_warehouse(source)
    with at_work(warehouse), _holding() as kept:
        admissions = read_admissions(warehouse, shelves.fact_names, wish.units)
        _check_admissions(warehouse, admissions.tables)

        def expression(tables: Tables) -> Any:  # noqa: ANN401 - Ibis types its tables loosely
            window = (0, wish.first_days - 1) if wish.first_days else (None, None)
            cohort = Cohort(analytes, tables, window)
            if wish.trailing:
                return screened_trailing(cohort, plan, wish.trailing, kept)
            return screened(cohort, plan)

        if wish.out is None:
            counts = _counted(expression(admissions.tables), warehouse)
        else:
            folder = ScreenFolder(wish.out, _fingerprint(str(source), wish, bound, shelves.version))
            counts = _written(folder, warehouse, admissions.tables, expression, wish, say)
    notes = (*bound.warnings, *admissions.notes)
    return Screened(counts, notes, shelves.version, bound.parameters)


@contextmanager
def _holding() -> Iterator[Callable[[Any], Any]]:
    """Hold tables ready in the engine as long as the screening goes on, and let them go before it closes."""
    held: list[Any] = []

    def kept(table: Any) -> Any:  # noqa: ANN401 - Ibis types its tables loosely
        held.append(table.cache())
        return held[-1]

    try:
        yield kept
    finally:
        held.clear()


def _check_admissions(warehouse: Warehouse, tables: Tables) -> None:
    if not warehouse.backend.to_pyarrow(tables.subjects.count()).as_py():
        raise WrongInput(
            "there is no admission in the source",
            where="hlh screen",
            remedy="check the table visit_occurrence",
        )


def _check_definition(bound: Bound, wish: Wish) -> None:
    logic = bound.page.logic
    if logic is None or logic.needs_baseline:
        raise WrongInput(
            f"{bound.page.id} compares with a baseline, which an admission does not have",
            where="--definition",
            remedy="choose a definition that looks at one time; `hlh assess --respond` judges response",
        )
    if wish.cohort_id is not None and bound.rule is None:
        raise WrongInput(
            f"{bound.page.id} has levels, and nobody is just met by it",
            where="--cohort-id",
            remedy="leave --cohort-id out and choose the levels from the rows",
        )


def _check(wish: Wish) -> None:
    if wish.first_days is not None and wish.trailing is not None:
        raise WrongInput(
            "--first-days and --trailing exclude each other", where="hlh screen", remedy="choose one"
        )
    for name, days in (("--first-days", wish.first_days), ("--trailing", wish.trailing)):
        if days is not None and not 1 <= days <= _LONGEST:
            raise WrongInput(
                f"a window has at least one day and at most {_LONGEST}", where=name, remedy="give the days"
            )
    if wish.part_size < 1:
        raise WrongInput("a part has at least one admission", where="--part-size", remedy="give 1 or more")
    if wish.cohort_id is not None and wish.out is None:
        raise WrongInput("the cohort table needs a folder", where="--cohort-id", remedy="add --out FOLDER")
    if wish.cohort_id is not None and not 0 <= wish.cohort_id < 2**31:
        raise WrongInput(
            "this is no id of a cohort", where="--cohort-id", remedy="give a whole number below 2147483648"
        )


def _counted(expression: Any, warehouse: Warehouse) -> Counter[str]:  # noqa: ANN401 - Ibis types its tables loosely
    counted = expression.group_by("verdict").agg(n=expression.count())
    return Counter({row["verdict"]: row["n"] for row in warehouse.backend.to_pyarrow(counted).to_pylist()})


def _written(
    folder: ScreenFolder,
    warehouse: Warehouse,
    tables: Tables,
    expression: Callable[[Tables], Any],
    wish: Wish,
    say: Say,
) -> Counter[str]:
    parts = list(_parts(warehouse, tables, wish.part_size))
    for part in parts:
        if folder.path(part).exists():
            say(f"part {part.number} of {len(parts)} is there already")
            continue
        say(f"part {part.number} of {len(parts)}")
        table = expression(_only(tables, part))
        folder.write(part, warehouse.backend.to_pyarrow_batches(table, chunk_size=100_000))
    folder.finish()
    if wish.cohort_id is not None:
        say(f"cohort table: {folder.write_cohort(wish.cohort_id)} rows")
    return folder.counts()


def _parts(warehouse: Warehouse, tables: Tables, size: int) -> Iterator[Part]:
    t = tables.subjects
    total = int(warehouse.backend.to_pyarrow(t.count()).as_py())
    if total <= size:
        yield Part(1, None, None)
        return
    ids = sorted(warehouse.backend.to_pyarrow(t.select("subject")).column("subject").to_pylist())
    starts = ids[::size]
    for number, first in enumerate(starts, start=1):
        last = starts[number] - 1 if number < len(starts) else None
        yield Part(number, first, last)


def _only(tables: Tables, part: Part) -> Tables:
    if part.first is None and part.last is None:
        return tables

    def some(t: Any) -> Any:  # noqa: ANN401 - Ibis types its tables loosely
        kept = t if part.first is None else t.filter(t.subject >= part.first)
        return kept if part.last is None else kept.filter(kept.subject <= part.last)

    return replace(
        tables,
        subjects=some(tables.subjects),
        measurements=some(tables.measurements),
        findings=some(tables.findings),
        exposures=some(tables.exposures),
        days=some(tables.anchors),
    )


def _fingerprint(source: str, wish: Wish, bound: Bound, version: str) -> dict[str, Any]:
    """Return what the rows depend on; the rule itself too, for a page of one's own may change."""
    told: Mapping[str, Any] = {
        "definition": wish.definition,
        "parameters": wish.parameters,
        "first_days": wish.first_days,
        "trailing": wish.trailing,
        "evidence": wish.evidence,
        "units": wish.units,
        "part_size": wish.part_size,
        "content_version": version,
    }
    rules = [as_tree(rule) for rule in bound.rules()]
    digest = hashlib.sha256(json.dumps([source, told, rules], sort_keys=True).encode()).hexdigest()[:16]
    return {**told, "fingerprint": digest}
