"""Where the studies of a pooling come from when they stand on the shelves: an analysis page, or a choice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from openhlh.content.described import Shelves, read_described
from openhlh.errors import WrongInput
from openhlh.evidence.asked import asked_ad_hoc, asked_by, conditions
from openhlh.evidence.poolable import poolable
from openhlh.journeys.pool_prepared import Prepared, StudyLine
from openhlh.pooling.series import Series

if TYPE_CHECKING:
    from openhlh.content.analysis import Analysis, Outcome
    from openhlh.evidence.selection import Row, Selection

OUTCOMES: dict[Outcome, str] = {
    "complete": "complete response",
    "complete_or_partial": "complete or partial response",
    "with_improvement": "response of any kind, improvement included",
}


def from_analysis(name: str, allow: Collection[str] = ()) -> Prepared:
    """Return what an analysis page pools; WrongInput names the nearest pages."""
    shelves = read_described()
    page = analysis_page(name, shelves)
    found = poolable(asked_by(page), shelves, allow)
    return prepared_from(page.title, page.question, found, page.id, shelves)


def analysis_page(name: str, shelves: Shelves) -> Analysis:
    """Return an analysis page; WrongInput names the nearest ones."""
    page = shelves.analyses.get(name)
    if page is None:
        near = get_close_matches(name, shelves.analyses, n=3, cutoff=0.4)
        raise WrongInput(
            f"there is no analysis `{name}`",
            where="hlh pool",
            remedy=f"use {' or '.join(near)}" if near else "see `hlh pool` for the list",
        )
    return page


def from_choice(
    outcome: Outcome, studies: Sequence[str], where: Iterable[str], allow: Collection[str] = ()
) -> Prepared:
    """Return what `--studies` and `--where` choose from the shelves."""
    shelves = read_described()
    asked = asked_ad_hoc(outcome, studies, [conditions(one) for one in where], shelves)
    found = poolable(asked, shelves, allow)
    told = "; ".join(
        filter(None, [", ".join(asked.arms), *map(str, asked.where), ", ".join(found.asked.lines)])
    )
    return prepared_from(f"{OUTCOMES[outcome]} ({told or 'all arms'})", "", found, None, shelves)


def prepared_from(
    title: str, question: str, found: Selection, analysis: str | None, shelves: Shelves
) -> Prepared:
    """Return a choice of arms as it is pooled."""
    return Prepared(
        title=title,
        question=question,
        outcome=OUTCOMES[found.asked.outcome],
        data=series_of(found.rows),
        lines=tuple(_line(row, shelves) for row in found.rows),
        analysis=analysis,
        selection=found,
        notes=found.notes,
    )


def series_of(rows: Sequence[Row]) -> Series | None:
    """Return the counts of the chosen rows, or None where none was chosen."""
    if not rows:
        return None
    return Series(
        tuple(row.label for row in rows), tuple(row.events for row in rows), tuple(row.total for row in rows)
    )


def _line(row: Row, shelves: Shelves) -> StudyLine:
    regimen = shelves.regimens.get(row.regimen or "")
    facts = {
        "arm": row.id,
        "treatment": row.treatment,
        "definition": row.definition,
        "definition_title": shelves.definitions[row.definition].title,
        "regimen_title": regimen.title if regimen else "",
        "line": row.line,
        "age": row.age,
        "etiology": row.etiologies,
        "regimen": row.regimen,
        "design": row.design,
        "year": row.year,
        "seen": row.seen,
        "through": row.through,
        "enrolled": row.enrolled,
        "at": row.at,
        "derived": row.derived,
        "notes": row.notes,
    }
    return StudyLine(row.source, row.label, facts, (*row.doubts, *_of_counts(row)))


def _of_counts(row: Row) -> Iterator[tuple[str, str]]:
    """Yield what must be known of the counts themselves: second-hand ones, and calculated ones."""
    for note in row.notes:
        if "second-hand" in note:
            yield "medium", note
    if row.derived:
        yield "low", "a count was calculated and is not printed"


def analyses() -> tuple[Analysis, ...]:
    """Return every analysis page, in the order of their names."""
    return tuple(read_described().analyses.values())
