"""The worked cases of a definition, judged by both engines: the proof that its page carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from openhlh.content.logic import Definition, WorkedCase
from openhlh.content.vocabulary_of_facts import FactNames
from openhlh.definitions.assessing import Assessment, assess
from openhlh.definitions.book import Book, Bound
from openhlh.errors import OpenHLHError
from openhlh.patients.as_tables import tables_of
from openhlh.patients.values import facts_of
from openhlh.rules.cohort import Cohort
from openhlh.rules.facts import Facts, Moment
from openhlh.rules.screening import Plan, screened

# any two days do: cases speak of days before and after them only
ON, BASELINE = date(2024, 3, 15), date(2024, 3, 1)


@dataclass(frozen=True)
class CaseFailure:
    """A worked case that does not come out as its page says."""

    page: str
    case: str
    what: str


@dataclass(frozen=True)
class Case:
    """A worked case ready to be judged."""

    page: Definition
    worked: WorkedCase
    bound: Bound
    facts: Facts
    moment: Moment


def cases_of(page: Definition, book: Book, names: FactNames) -> Iterator[Case]:
    """Yield the cases of a page with their facts; WrongInput names the case that cannot be read."""
    for worked in page.cases:
        before = (worked.baseline, BASELINE) if worked.baseline is not None else None
        try:
            facts = facts_of(worked.facts, names, on=ON, baseline=before)
            bound = book.bound(page.id, worked.set)
        except OpenHLHError as error:
            error.where = f"content/definitions/{page.id}.yaml, case {worked.name!r}: {error.where}".rstrip(
                ": "
            )
            raise
        moment = Moment(ON, BASELINE if before else None)
        yield Case(page, worked, bound, facts, moment)


def prove(page: Definition, book: Book, names: FactNames) -> list[CaseFailure]:
    """Return the cases of a page that the plain engine does not confirm."""
    found = []
    for case in cases_of(page, book, names):
        wrong = _wrong(case.worked, assess(book, case.bound, case.facts, case.moment))
        found += [CaseFailure(page.id, case.worked.name, what) for what in wrong]
    return found


def _wrong(worked: WorkedCase, one: Assessment) -> list[str]:
    said: list[tuple[str, object, object]] = [
        ("verdict", worked.verdict, one.verdict.value),
        ("level", worked.level, one.level or "unknown"),
    ]
    if one.count:
        said += [("met", worked.met, one.count.lower), ("possible", worked.possible, one.count.upper)]
    wrong = [
        f"{name} is {got}, the page says {expected}"
        for name, expected, got in said
        if expected is not None and str(got) != str(expected)
    ]
    if worked.settled_by is not None:
        got = sorted({fact for way in one.settled_by if way.verdict == "met" for fact in way.facts})
        if got != sorted(worked.settled_by):
            wrong.append(
                f"settled by {', '.join(got) or 'nothing'}, the page says {', '.join(worked.settled_by)}"
            )
    return wrong


def prove_over_cohort(
    pages: list[Definition],
    book: Book,
    names: FactNames,
    backend: Any,  # noqa: ANN401 - any Ibis backend
) -> list[CaseFailure]:
    """Return the cases that the cohort engine, run in a backend, does not confirm."""
    found: list[CaseFailure] = []
    for page in pages:
        groups: dict[tuple[tuple[str, str], ...], list[Case]] = {}
        for case in cases_of(page, book, names):
            groups.setdefault(tuple(sorted(case.worked.set.items())), []).append(case)
        for cases in groups.values():
            found += _over_cohort(cases, book, backend)
    return found


def _over_cohort(cases: list[Case], book: Book, backend: Any) -> list[CaseFailure]:  # noqa: ANN401 - any Ibis backend
    analytes = book.analytes
    tables = tables_of([(case.facts, case.moment) for case in cases], analytes)
    bound = cases[0].bound
    moment = bound.moment(cases[0].moment)
    table = screened(Cohort(analytes, tables, moment.window, moment.baseline_window), plan_of(bound))
    rows = backend.to_pyarrow(table.select("subject", "verdict")).to_pylist()
    got = {row["subject"]: row["verdict"] for row in rows}
    found = []
    for number, case in enumerate(cases):
        expected = case.worked.level or case.worked.verdict
        if got[number] != expected:
            what = f"over the cohort {got[number]}, the page says {expected}"
            found.append(CaseFailure(case.page.id, case.worked.name, what))
    return found


def plan_of(bound: Bound, *, evidence: bool = False) -> Plan:
    """Return what is screened for: the rule, or the levels from the best down."""
    if bound.rule is not None:
        return Plan((("met", bound.rule),), evidence=evidence)
    logic = bound.page.logic
    levels = tuple((level.id, rule) for level, rule in bound.levels)
    return Plan(levels, (logic.else_level if logic else None) or "none", evidence)
