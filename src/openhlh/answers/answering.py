"""From a frame to a whole answer: guard, plan, references, follow-up questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openhlh.answers import guard, indexing, items, lexicon, narrow, options
from openhlh.answers.answer import Answer, Audience, Reference, ReviewState
from openhlh.answers.choosing import choose_arms
from openhlh.answers.draft import Draft
from openhlh.answers.facets import is_guarded
from openhlh.answers.follow_ups import follow_ups
from openhlh.answers.frame import Frame
from openhlh.answers.reading import LONGEST_QUESTION
from openhlh.answers.team import write_questions_for_the_team
from openhlh.answers.understanding import follow, understand

if TYPE_CHECKING:
    from openhlh.content.shelf_pages import Source
    from openhlh.content.shelves import Shelves
    from openhlh.content.words import Page

_NARROW_INTENTS = {
    "definition",
    "gene",
    "diagnosis",
    "doubts",
    "regulatory",
    "gap",
    "mechanism",
    "trial_status",
}
_TOO_LONG = "The question is too long"
_RANKS = {"unreviewed": 0, "under_review": 1, "approved": 2}


@dataclass(frozen=True)
class Answerer:
    """Shelves with their lexicon and index, built once, asked many times."""

    shelves: Shelves
    lexicon: lexicon.Lexicon
    index: items.Index

    @classmethod
    def of(cls, shelves: Shelves) -> Answerer:
        """Return the answerer of these shelves."""
        index = indexing.build(shelves)
        return cls(shelves, lexicon.build(shelves, index.rarity), index)

    def frame(self, question: str, before: Frame | None = None) -> Frame:
        """Return what a question asks, with what it leaves unsaid taken from the one before."""
        return follow(understand(question, self.lexicon, self.shelves), before)

    def answer(self, question: str, frame: Frame, audience: Audience = "clinician") -> Answer:
        """Return the answer to a framed question."""
        draft = Draft(frame, self.shelves, self.index, audience)
        if len(question) > LONGEST_QUESTION:
            draft.refuse(_TOO_LONG, f"Only its first {LONGEST_QUESTION} characters were read")
            question = f"{question[:LONGEST_QUESTION]} ..."
        emergency = guard.write_cautions(draft)
        if not (emergency and not frame.about) and not guard.declined(draft):
            draft.chosen = choose_arms(frame, self.shelves, self.index)
            guard.note_missing_studies(draft)
            (options if _is_broad(frame) else narrow).write(draft)
        if audience == "patient" and not emergency:
            write_questions_for_the_team(draft)
        return _finished(question, draft, emergency)


def _is_broad(frame: Frame) -> bool:
    """True for a question for treatment options that names no drug, study, definition or gene."""
    if frame.names_a_subject or frame.fractions or set(frame.intents) & _NARROW_INTENTS:
        return False
    if (
        "randomised" in frame.references
        or "prognosis" in frame.intents
        or frame.settings
        or is_guarded(frame)
    ):
        return False
    if set(frame.topics) - {"hlh"} or frame.patients or frame.foreign or "what_is" in frame.intents:
        return False
    asks_options = "options" in frame.intents or "recommendation" in frame.intents
    return (
        asks_options
        or (not frame.about and bool(frame.lines))
        or (frame.about[:1] == ("efficacy",) and bool(frame.lines))
    )


def _finished(question: str, draft: Draft, emergency: bool) -> Answer:
    sections = draft.sections()
    answered = draft.evidence > 0 or emergency
    if not answered and not any(one.text != _TOO_LONG for one in draft.refusals):
        draft.refuse("Not in the evidence on the shelves", guard.looked_at(draft))
    keys = sorted({key for part in sections for one in part.statements for key in one.citations})
    notice = next(iter(draft.shelves.notices.values()))
    return Answer(
        question=question,
        audience=draft.audience,
        answered=answered,
        sections=sections,
        references=tuple(reference(draft.shelves, key) for key in keys if key in draft.shelves.sources),
        refusals=tuple(draft.refusals),
        follow_ups=follow_ups(draft) if answered and not emergency else (),
        review=_review(draft.shelves, keys),
        notice=notice.plain if draft.audience == "patient" else notice.text,
        content_version=draft.shelves.version,
    )


def reference(shelves: Shelves, key: str) -> Reference:
    """Return the bibliography entry of a key with the review status of its pages."""
    source: Source = shelves.sources[key]
    return Reference(
        key=key,
        title=source.title,
        authors=source.authors,
        journal=source.journal,
        year=source.year,
        volume=source.volume,
        pages=source.pages,
        doi=source.doi,
        pmid=source.pmid,
        status=_weakest([page.review.status for page in pages_of(shelves, key)]),
    )


def pages_of(shelves: Shelves, key: str) -> list[Page]:
    """Return the pages whose source is this key."""
    return [page for page in shelves.pages() if getattr(page, "source", None) == key]


def _review(shelves: Shelves, keys: list[str]) -> ReviewState:
    pages = [page for key in keys for page in pages_of(shelves, key)]
    status = _weakest([page.review.status for page in pages])
    if status != "approved":
        return ReviewState(status)
    last = max(pages, key=lambda page: page.review.on or "")
    return ReviewState(status, last.review.by, last.review.on)


def _weakest(statuses: list[str]) -> str:
    return min(statuses, key=_RANKS.__getitem__, default="unreviewed")
