"""`hlh content check`: every page read, every id followed, every number held against its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from openhlh.content.analysis import Analysis
from openhlh.content.shelves import FOLDERS, HERE, Everything, Shelves, read
from openhlh.content.study import Study
from openhlh.content.vocabulary_of_facts import as_analytes
from openhlh.content.words import Page
from openhlh.definitions.book import Book
from openhlh.evidence.analysis_checks import check_analysis
from openhlh.evidence.checks import Finding, check_study
from openhlh.journeys.prove import prove
from openhlh.journeys.prove_pooled import pooled_case
from openhlh.journeys.published import unexplained

_CASE = "A page's cases are its own proof"
_MEND = "correct the rule or the case, whichever is wrong by its source"


def check_content(folder: Path | None = None) -> dict[str, Any]:
    """Return the findings about the shelves below a folder; a page that cannot be read raises WrongPage."""
    shelves = read(folder.resolve() if folder else HERE)
    findings = [finding for study in shelves.studies.values() for finding in check_study(study)]
    findings += unknown_ids(shelves) + unknown_ids_of_files(shelves) + named_twice(shelves)
    findings += unproved(shelves) + unproved_analyses(shelves)
    return {
        "pages": {name: len(getattr(shelves, name)) for name in ("sources", *FOLDERS)},
        "doubts": sum(len(getattr(page, "doubts", ())) for page in shelves.pages()),
        "findings": [vars(finding) for finding in findings],
        "content_version": shelves.version,
    }


def unproved(shelves: Everything) -> list[Finding]:
    """Return a finding for every worked case that fails, and for printed counts that do not follow."""
    book = Book(shelves.definitions, as_analytes(shelves.fact_names.analytes))
    found = [
        Finding(f"content/definitions/{one.page}.yaml", f"case {one.case!r}: {one.what}", _CASE, _MEND)
        for page in book.pages.values()
        for one in prove(page, book, shelves.fact_names)
    ]
    return found + [
        Finding(
            f"content/studies/{study.id}.yaml",
            f"patient {one.patient}: {one.printed} is printed, the printed values give {one.bounds[0]}",
            "A printed number that does not follow has to be shown with its doubt",
            f"correct the row, or add a doubt about patient {one.patient}",
        )
        for study in shelves.studies.values()
        for one in unexplained(study, book, shelves.fact_names)
    ]


def unproved_analyses(shelves: Shelves) -> list[Finding]:
    """Return a finding for every analysis whose studies or pooled number are not as its page says."""
    return [
        finding
        for page in shelves.analyses.values()
        for finding in check_analysis(page, shelves, pooled_case)
    ]


def unknown_ids(shelves: Shelves) -> list[Finding]:
    """Return a finding for every id that a page names and no shelf has."""
    shelf_of: dict[str, Container[str]] = {
        "source": shelves.sources,
        "drug": shelves.drugs,
        "regimen": shelves.regimens,
        "definition": shelves.definitions,
        "study": shelves.studies,
    }
    return [
        _unknown(f"content/{name}/{page.id}.yaml", kind, named)
        for name in FOLDERS
        for page in getattr(shelves, name).values()
        for kind, named in _named(page)
        if named not in shelf_of[kind]
    ]


def unknown_ids_of_files(shelves: Shelves) -> list[Finding]:
    """Return a finding for every id in the files of genes and gaps that no shelf has."""
    named: list[tuple[str, str, str, Container[str]]] = [
        ("genes.yaml", "source", gene.source, shelves.sources) for gene in shelves.genes.genes
    ]
    named += [
        ("genes.yaml", "source", fact.source, shelves.sources) for fact in shelves.genes.facts if fact.source
    ]
    named += [("gaps.yaml", "drug", drug, shelves.drugs) for gap in shelves.gaps for drug in gap.drugs]
    return [_unknown(f"content/{name}", kind, one) for name, kind, one, shelf in named if one not in shelf]


def named_twice(shelves: Shelves) -> list[Finding]:
    """Return a finding for a row, an arm or a doubt that stands twice, and for doubts about no arm."""
    findings = []
    rows = Counter(arm.row for _, arm in shelves.arms() if arm.row)
    for study in shelves.studies.values():
        arms = Counter(arm.id for arm in study.arms)
        doubts = Counter(doubt.id for doubt in study.doubts)
        twice = [f"arm `{one}`" for one, count in arms.items() if count > 1]
        twice += [f"doubt `{one}`" for one, count in doubts.items() if count > 1]
        twice += [f"row `{arm.row}`" for arm in study.arms if arm.row and rows[arm.row] > 1]
        page = f"content/studies/{study.id}.yaml"
        findings += [
            Finding(page, f"{one} stands twice", "Evidence would count double", "keep one of the two")
            for one in twice
        ]
        findings += [
            _unknown(page, "arm", arm) for doubt in study.doubts for arm in doubt.arms if arm not in arms
        ]
    return findings


def _unknown(page: str, kind: str, named: str) -> Finding:
    return Finding(
        page,
        f"it names the {kind} `{named}`",
        f"There is no {kind} of this id on the shelves",
        f"correct the id or add the {kind}",
    )


def _named(page: Page) -> Iterator[tuple[str, str]]:
    for field in ("facts", "eligibility", "rules", "cautions", "boxed_warnings", "approvals", "components"):
        for one in getattr(page, field, ()):
            if getattr(one, "source", None):
                yield "source", one.source
            if field == "components":
                yield "drug", one.drug
    if source := getattr(page, "source", None):
        yield "source", source
    for source in getattr(page, "sources", ()):
        yield "source", source
    if isinstance(page, Study):
        yield from _named_by_study(page)
        return
    if isinstance(page, Analysis):
        yield from _named_by_analysis(page)
        return
    for drug in getattr(page, "drugs", ()):
        yield "drug", drug
    for regimen in getattr(page, "regimens", ()):
        yield "regimen", regimen


def _named_by_analysis(page: Analysis) -> Iterator[tuple[str, str]]:
    for arm in (*page.of.arms, *(one.arm for one in (*page.taken, *page.left))):
        yield "study", arm.partition(":")[0]
    for kind, ids in (
        ("drug", page.of.drugs),
        ("regimen", page.of.regimens),
        ("definition", page.of.definitions),
    ):
        for one in ids:
            yield kind, one


def _named_by_study(study: Study) -> Iterator[tuple[str, str]]:
    for overlap in study.overlaps:
        yield "study", overlap.study
    for seen in (study.seen, *(arm.seen for arm in study.arms)):
        if seen and seen.through:
            yield "source", seen.through
    for arm in study.arms:
        for drug in arm.drugs:
            yield "drug", drug
        if arm.regimen:
            yield "regimen", arm.regimen
        if arm.response:
            yield "definition", arm.response.definition
        for fact in arm.facts:
            if fact.source:
                yield "source", fact.source
