"""The guard: cautions that come first, and questions that are declined."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openhlh.answers.draft import Draft

_ORDER = ("emergency", "personal_dose", "stopping", "self_treatment", "vaccine", "pregnancy")


def write_cautions(draft: Draft) -> bool:
    """Write every caution that the question calls for, the gravest first; return True for an emergency."""
    named = [draft.shelves.cautions[caution] for caution in draft.frame.cautions]
    for caution in sorted(named, key=lambda one: _ORDER.index(one.kind)):
        draft.warn("first", caution.plain if draft.audience == "patient" else caution.text, caution.sources)
    return any(caution.kind == "emergency" for caution in named)


def declined(draft: Draft) -> bool:
    """Refuse what is out of scope or has no subject; return True where nothing is to be answered."""
    frame = draft.frame
    for ailment in frame.elsewhere if not frame.in_scope else ():
        pointer = next(
            term.answer for page in draft.shelves.vocabularies for term in page.terms if term.id == ailment
        )
        draft.refuse("Outside of what OpenHLH covers", f"{pointer}. {covers(draft)}")
        return True
    if "review_status" in frame.intents and not frame.names_a_subject:
        draft.refuse("No question about HLH: how far the pages themselves are reviewed", reviewed(draft))
        return True
    if frame.foreign:
        draft.refuse("The question does not seem to be in English", "Only English questions are understood")
        if not (frame.drugs or frame.regimens or frame.studies):
            return True
    for name in frame.unknown:
        draft.refuse(f"Nothing on the shelves mentions {name!r}", looked_at(draft))
    if frame.unknown and not (frame.names_a_subject or frame.settings):
        return True
    if frame.in_scope:
        return False
    draft.refuse("No question about HLH was recognised", covers(draft))
    return True


def note_missing_studies(draft: Draft) -> None:
    """Say where a named drug or regimen has no study on the shelves."""
    frame = draft.frame
    if draft.chosen or not (frame.drugs or frame.regimens):
        return
    names = [draft.shelves.drugs[drug].title for drug in frame.drugs]
    names += [draft.shelves.regimens[regimen].title for regimen in frame.regimens]
    draft.refuse(f"No study of {', '.join(names)} in HLH is on the shelves", looked_at(draft))


def reviewed(draft: Draft) -> str:
    """Return how many pages stand at each review status, counted."""
    counts = Counter(page.review.status for page in draft.shelves.pages())
    stated = ", ".join(f"{counts[status]} {status.replace('_', ' ')}" for status in sorted(counts))
    return f"Of {sum(counts.values())} pages: {stated}"


def covers(draft: Draft) -> str:
    """Return what OpenHLH covers, in one sentence."""
    return (
        "The shelves cover hemophagocytic lymphohistiocytosis (HLH) and macrophage activation "
        f"syndrome (MAS): their treatment, definitions, genes and studies. {looked_at(draft)}"
    )


def looked_at(draft: Draft) -> str:
    """Return what was looked at, in numbers counted from the shelves."""
    shelves = draft.shelves
    arms = sum(1 for _ in shelves.arms())
    return (
        f"Looked at: {len(shelves.studies)} publications with {arms} arms, {len(shelves.drugs)} drugs, "
        f"{len(shelves.regimens)} regimens, {len(shelves.definitions)} definitions, "
        f"{len(shelves.recommendations)} recommendations and considerations"
    )
