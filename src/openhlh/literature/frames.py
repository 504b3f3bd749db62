"""A sentence read into items, with the one before it: what the readers of partitions look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from openhlh.claims import Partition, Printed
from openhlh.literature.document import Document
from openhlh.literature.listed import Item, items, noun
from openhlh.literature.subjects import PEOPLE
from openhlh.literature.tokens import Sentence, Token

VAGUE = frozenset(
    {
        "half", "third", "thirds", "quarter", "quarters", "most", "majority", "another", "both",
        "single", "pair", "none", "neither", "all", "except", "many", "few", "couple", "twice",
        "double", "vs", "versus", "each", "respectively", "hundred", "thousand", "excluded", "withdrew",
        "lost",
    }
)  # fmt: skip
ENROLLED = frozenset(
    {
        "enrolled", "included", "recruited", "studied", "analysed", "analyzed", "evaluated",
        "randomized", "randomised", "treated", "registered", "identified", "reviewed", "entered",
        "participated", "examined", "assessed", "screened", "investigated",
    }
)  # fmt: skip
_HEADINGS = frozenset(
    {"results", "conclusions", "conclusion", "methods", "findings", "discussion", "patients"}
)
_HEADING_MARKS = frozenset({"*", ":", ".", "_", "#"})
_COHORTS = frozenset({"cohort", "sample", "population", "series"})


class Frame(NamedTuple):
    """A sentence with its items and its words in lower case, and the one before it."""

    document: Document
    tokens: tuple[Token, ...]
    lows: tuple[str, ...]
    items: tuple[Item, ...]
    before: Frame | None = None


class Parts(NamedTuple):
    """What is said of a list of numbers: their unit, their whole, and how far both can be trusted."""

    numbers: tuple[Printed, ...]
    whole: Printed | None = None
    relation: Literal["parts", "sum", "rest", "subgroup"] = "parts"
    unit: Literal["count", "percent"] = "count"
    closed: bool = False
    exclusive: bool = True
    sure: bool = True
    others: tuple[Printed, ...] = ()


def frames(document: Document, sentences: Sequence[Sentence]) -> Iterator[Frame]:
    """Yield every sentence that holds a number, read into items."""
    before: Frame | None = None
    for sentence in sentences:
        tokens = _without_heading(sentence.tokens)
        found: tuple[Item, ...] = ()
        if any(token.number is not None for token in tokens):
            found = tuple(items(tokens))
        frame = Frame(document, tokens, tuple(token.text.lower() for token in tokens), found, before)
        if found or "+" in frame.lows:
            yield frame
        before = frame._replace(before=None)


def _without_heading(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return a sentence without the heading in front of it: "RESULTS Of 34 patients"."""
    at = 0
    while at < len(tokens) and tokens[at].text in _HEADING_MARKS:
        at += 1
    if at < len(tokens) and tokens[at].low in _HEADINGS and tokens[at].text[0].isupper():
        at += 1
        while at < len(tokens) and tokens[at].text in _HEADING_MARKS:
            at += 1
        if at < len(tokens) and (tokens[at].number is not None or tokens[at].text[0].isupper()):
            return tokens[at:]
    return tokens


def claim(frame: Frame, first: int, last: int, parts: Parts) -> Partition:
    """Return the partition that tokens first to last state, stretched to its numbers where those reach on."""
    printed = [*parts.numbers, *([parts.whole] if parts.whole else [])]
    start = min([frame.tokens[first].start, *(number.start for number in printed)])
    end = max([frame.tokens[last].end, *(number.end for number in printed)])
    words = " ".join(word for word in frame.lows[first : last + 1] if word.isalpha())
    return Partition(
        start, end, frame.document.text[start:end], frame.document.where(start), words[:120],
        parts.numbers, parts.whole, parts.unit, parts.closed, parts.relation, parts.exclusive, parts.sure,
        parts.others,
    )  # fmt: skip


def counts_people(frame: Frame, item: Item) -> bool:
    """True where an item is a number of people: "34 adult patients", "n = 34", "our cohort of 34"."""
    if item.number is None:
        return False
    counted = noun(frame.tokens, item)
    ahead = frame.lows[max(0, item.first - 2) : item.first]
    return (
        item.tagged or counted in PEOPLE or (not counted and ahead[-1:] == ("of",) and ahead[0] in _COHORTS)
    )
