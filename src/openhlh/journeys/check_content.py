"""`hlh content check`: every page read, every id followed, every number held against its counts."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from openhlh.content.shelves import FOLDERS, HERE, Shelves, read
from openhlh.content.study import Study
from openhlh.content.words import Page
from openhlh.evidence.checks import Finding, check_study


def check_content(folder: Path | None = None) -> dict[str, Any]:
    """Return the findings about the shelves below a folder; a page that cannot be read raises WrongPage."""
    shelves = read(folder.resolve() if folder else HERE)
    findings = [finding for study in shelves.studies.values() for finding in check_study(study)]
    findings += unknown_ids(shelves)
    return {
        "pages": {name: len(getattr(shelves, name)) for name in ("sources", *FOLDERS)},
        "doubts": sum(len(getattr(page, "doubts", ())) for page in shelves.pages()),
        "findings": [vars(finding) for finding in findings],
        "content_version": shelves.version,
    }


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
        Finding(
            f"content/{name}/{page.id}.yaml",
            f"it names the {kind} `{named}`",
            f"There is no {kind} of this id on the shelves",
            f"correct the id or add the {kind}",
        )
        for name in FOLDERS
        for page in getattr(shelves, name).values()
        for kind, named in _named(page)
        if named not in shelf_of[kind]
    ]


def _named(page: Page) -> Iterator[tuple[str, str]]:
    for field in ("facts", "eligibility", "rules", "cautions", "boxed_warnings", "approvals", "components"):
        for one in getattr(page, field, ()):
            if getattr(one, "source", None):
                yield "source", one.source
            if field == "components":
                yield "drug", one.drug
    if source := getattr(page, "source", None):
        yield "source", source
    if isinstance(page, Study):
        yield from _named_by_study(page)
        return
    for drug in getattr(page, "drugs", ()):
        yield "drug", drug
    for regimen in getattr(page, "regimens", ()):
        yield "regimen", regimen


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
