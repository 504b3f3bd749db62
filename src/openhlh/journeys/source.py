"""One key of the bibliography: its entry, its studies and arms, its overlaps and its doubts."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from openhlh.answers.answering import pages_of, reference
from openhlh.content.shelves import read
from openhlh.content.study import Study
from openhlh.errors import WrongInput

if TYPE_CHECKING:
    from openhlh.content.shelves import Shelves
    from openhlh.content.words import Page


def source(key: str) -> dict[str, Any]:
    """Return what the shelves know of a source, as one JSON object."""
    shelves = read()
    if key not in shelves.sources:
        raise _unknown(key, shelves)
    entry = shelves.sources[key]
    pages = pages_of(shelves, key)
    return {
        "source": reference(shelves, key).__dict__
        | {"type": entry.type, "registration": entry.registration, "note": entry.note},
        "pages": [_page(page) for page in pages],
        "cited_by": sorted(_citing(shelves, key) - {page.id for page in pages}),
    }


def _page(page: Page) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": page.id,
        "kind": type(page).__name__.lower(),
        "title": page.title,
        "status": page.status,
        "review": page.review.status,
    }
    if isinstance(page, Study):
        shown["arms"] = [
            {
                "id": arm.id,
                "row": arm.row,
                "label": arm.label,
                "line": arm.line,
                "enrolled": arm.enrolled,
                "evaluable": arm.evaluable,
                "unit": arm.unit,
            }
            for arm in page.arms
        ]
        shown["overlaps"] = [overlap.model_dump() for overlap in page.overlaps]
    shown["doubts"] = [doubt.model_dump() for doubt in getattr(page, "doubts", ())]
    return shown


def _citing(shelves: Shelves, key: str) -> set[str]:
    citing = set()
    for page in shelves.pages():
        facts = (
            *getattr(page, "facts", ()),
            *getattr(page, "eligibility", ()),
            *getattr(page, "cautions", ()),
        )
        through = [getattr(page, "seen", None), *(arm.seen for arm in getattr(page, "arms", ()))]
        if any(fact.source == key for fact in facts) or any(seen and seen.through == key for seen in through):
            citing.add(page.id)
    return citing


def _unknown(key: str, shelves: Shelves) -> WrongInput:
    near = get_close_matches(key, list(shelves.sources), n=3)
    remedy = f"did you mean {', '.join(near)}?" if near else "keys stand behind each statement of an answer"
    return WrongInput("there is no source of this key", where=f"hlh source {key[:60]}", remedy=remedy)
