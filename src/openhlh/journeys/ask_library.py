"""`hlh ask` beside the user's library: the passage behind a statement, or what the library says instead.

For clinicians and researchers. Where the document that a statement cites is in the library, the passage that
its place points to is quoted word for word. A question that the shelves do not answer gets the passages that
hold its rare words, marked as unreviewed; one that is declined for another reason gets none. Patients and
families get neither, nor does a question that calls for a caution (a dose for one person, an emergency):
words of papers, doses among them, are no answer to those.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from openhlh.answers.answer import Passage
from openhlh.journeys.ask import Asked, answerer

if TYPE_CHECKING:
    from openhlh.answers.frame import Frame
    from openhlh.literature.library import Library

MOST_QUOTED, MOST_UNREVIEWED = 8, 4
ENOUGH = 0.75  # of the weight of a question's words must stand in one passage
_FEWEST_WORDS = 2


def library_file() -> Path:
    """Return where the library is kept where no other file is named (HLH_DATA overrides the folder)."""
    import platformdirs

    folder = os.environ.get("HLH_DATA") or platformdirs.user_data_dir("openhlh")
    return Path(folder) / "library.sqlite"


def beside_library(asked: Asked, place: Path | None) -> Asked:
    """Return the answer with passages of the library; as it was where there is no usual library."""
    if asked.answer.audience == "patient" or asked.frame.cautions:
        return asked
    if place is None:
        place = library_file()
        if not place.is_file():
            return asked
    from openhlh.literature.library import opened

    with opened(place) as library:
        found = _quotations(asked, library) if asked.answer.answered else _unreviewed(asked, library)
        return replace(asked, answer=replace(asked.answer, passages=tuple(found)))


def _quotations(asked: Asked, library: Library) -> list[Passage]:
    """Return the passage behind each statement whose document is there, each once, in their order."""
    from openhlh.journeys.quoting import Quoter

    quoter = Quoter(library, answerer())
    found: dict[tuple[str, int], Passage] = {}
    for section in asked.answer.sections:
        for statement in section.statements:
            passage = quoter.behind(statement)
            if passage:
                found.setdefault((passage.document, passage.start), passage)
    return list(found.values())[:MOST_QUOTED]


def _unreviewed(asked: Asked, library: Library) -> Iterator[Passage]:
    from openhlh.literature.library_search import best_passages

    weights = _weights(asked.answer.question, asked.frame)
    if _declined(asked.frame) or len(weights) < _FEWEST_WORDS:
        return
    for hit in best_passages(library, weights, ENOUGH, MOST_UNREVIEWED):
        yield Passage("", hit.title, hit.part, hit.text, hit.start, hit.end, hit.key, "unreviewed")


def _declined(frame: Frame) -> bool:
    """True where a question was not declined for lack of evidence: for its scope or language."""
    out_of_scope = bool(frame.elsewhere) and not frame.in_scope
    return frame.foreign or out_of_scope or "review_status" in frame.intents


def _weights(question: str, frame: Frame) -> dict[str, float]:
    """Return the words that say what is asked, each with how rare it is on the shelves."""
    from openhlh.answers.reading import stem, words

    asker = answerer()
    rarest = max(asker.index.rarity.values())
    mended = dict(frame.corrected)
    asked = dict.fromkeys(mended.get(word, word) for word in words(question))
    return {
        word: asker.index.rarity.get(stem(word), rarest)
        for word in asked
        if word not in asker.shelves.everyday
    }
