"""The answer: what every door shows, as frozen values and as the contract's plain dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Audience = Literal["clinician", "researcher", "patient"]


@dataclass(frozen=True)
class Number:
    """A number of a statement with its source and place; `recomputed` says from what, if computed."""

    text: str
    source: str
    locator: str
    recomputed: str | None = None


@dataclass(frozen=True)
class Statement:
    """One sentence or two with the keys, numbers and doubts that belong to it; `at` is its place there."""

    text: str
    citations: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()
    doubts: tuple[str, ...] = ()
    at: str = ""


@dataclass(frozen=True)
class Section:
    """A titled part of an answer."""

    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Reference:
    """A reference as listed below an answer, with the review status of the pages behind it."""

    key: str
    title: str
    authors: tuple[str, ...]
    journal: str | None
    year: int | None
    volume: str | None
    pages: str | None
    doi: str | None
    pmid: str | None
    status: str


@dataclass(frozen=True)
class Passage:
    """A stretch of a document of the user's library, word for word, with its characters in that document.

    A quotation stands behind the statements of `key`; an unreviewed passage stands in for an answer and
    has no key. `document` is the key in the library.
    """

    key: str
    title: str
    part: str
    text: str
    start: int
    end: int
    document: str
    status: Literal["quotation", "unreviewed"]


@dataclass(frozen=True)
class Refusal:
    """What is not answered, and why."""

    text: str
    reason: str


@dataclass(frozen=True)
class ReviewState:
    """The weakest review status of all pages that an answer uses."""

    status: str
    by: str | None = None
    on: str | None = None
    stale: bool = False


@dataclass(frozen=True)
class Answer:
    """A whole answer; `answered` is false where nothing on the shelves answers."""

    question: str
    audience: Audience
    answered: bool
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    refusals: tuple[Refusal, ...]
    follow_ups: tuple[str, ...]
    review: ReviewState
    notice: str
    content_version: str
    patient: dict[str, Any] | None = None
    passages: tuple[Passage, ...] | None = None

    def contract(self) -> dict[str, Any]:
        """Return the JSON object that `hlh ask --json` prints (schema: answer.schema.json).

        What holds for one patient stands in it only where a patient was given, and passages only where
        there is a library.
        """
        shown: dict[str, Any] = {
            "question": self.question,
            "audience": self.audience,
            "answered": self.answered,
            "sections": [_section(section) for section in self.sections],
            "references": [_reference(reference) for reference in self.references],
            "refusals": [vars(refusal).copy() for refusal in self.refusals],
            "follow_ups": list(self.follow_ups),
            "review": vars(self.review).copy(),
            "notice": self.notice,
            "content_version": self.content_version,
        }
        if self.passages is not None:
            shown["passages"] = [vars(passage).copy() for passage in self.passages]
        return shown if self.patient is None else shown | {"patient": self.patient}


def _section(section: Section) -> dict[str, Any]:
    return {"title": section.title, "statements": [_statement(one) for one in section.statements]}


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "citations": list(statement.citations),
        "numbers": [vars(number).copy() for number in statement.numbers],
        "doubts": list(statement.doubts),
    }


def _reference(reference: Reference) -> dict[str, Any]:
    return vars(reference) | {"authors": list(reference.authors)}
