"""Outcomes that a document tells more than once, each with its count and its total: "rash in 12 of 34 patients".

A sentence is read only where it holds one fraction and no other number, and no word of time: what is
counted at another time is another quantity. Two sentences tell the same outcome where they share all
their words but those of telling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from openhlh.claims import Claim, Quantity
from openhlh.literature.document import Document
from openhlh.literature.frames import Frame, frames
from openhlh.literature.listed import Item
from openhlh.literature.subjects import PEOPLE
from openhlh.literature.tokens import Sentence

_TELLING = frozenset(
    {
        "a", "an", "the", "of", "in", "on", "at", "to", "for", "with", "and", "or", "by", "from", "as", "that",
        "this", "those", "these", "were", "was", "is", "are", "be", "been", "had", "has", "have", "who", "which",
        "our", "we", "it", "not", "out", "overall", "total", "altogether", "among", "out", "all", "also", "only",
        "showed", "reported", "observed", "found", "occurred", "developed", "recorded", "noted", "seen",
        "diagnosed", "documented", "confirmed", "detected", "present", "told", "rate", "proportion", "share",
        "percentage", "frequency", "incidence", "cases", "came", "most", "common", "frequent", "debated",
        "finding", "rare", "study", "trial", "end", "results", "conclusions", "conclusion", "discussion", "affected",
        "experienced", "suffered", "became", "number", "amounted", "reached", "equal", "corresponding", "there",
        "methods", "background", "objective", "findings", "interpretation", "been", "did", "do", "does", "i.e",
    }
)  # fmt: skip
_QUALIFIERS = frozenset(
    {
        "baseline", "after", "before", "during", "within", "week", "weeks", "month", "months", "day", "days",
        "year", "years", "initial", "initially", "final", "follow-up", "first", "second", "third", "later",
        "remaining", "other", "another", "group", "arm", "cohort", "previously", "et", "vs", "versus", "each",
        "these", "those", "whom", "subgroup", "compared", "than", "respectively", "and/or", "either",
    }
)  # fmt: skip
_APART, _MOST_WORDS = 60, 30


def outcome_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield counts of outcomes that are told at least twice of the same total; `unit` is "of 34"."""
    told: dict[tuple[str, str], list[Quantity]] = defaultdict(list)
    for frame in frames(document, sentences):
        if len(frame.items) == 1 and frame.items[0].total is not None and len(frame.tokens) <= _MOST_WORDS:
            found = _outcome(frame, frame.items[0])
            if found is not None:
                told[found.about, found.unit].append(found)
    for again in told.values():
        if again[-1].start - again[0].end >= _APART:
            yield from again


def _outcome(frame: Frame, item: Item) -> Quantity | None:
    numbers = sum(token.number is not None for token in frame.tokens)
    printed = sum(number is not None for number in (item.number, item.total, item.percent))
    words = {low for low in frame.lows if low[0].isalpha()} - _TELLING - PEOPLE
    if numbers != printed or not words or words & _QUALIFIERS or item.number is None or item.total is None:
        return None
    start, end = item.number.start, item.total.end
    text, where = frame.document.text[start:end], frame.document.where(start)
    return Quantity(start, end, text, where, " ".join(sorted(words)), item.number, f"of {item.total.value}")
