"""The dead, the living and the total of a sentence: "83 of the 396 patients died and 342 survived".

A sentence counts only where it tells one number of each, no group and no time: those who lived at one
year may have died later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openhlh.claims import Claim, Printed, VitalStatus
from openhlh.literature.document import Document
from openhlh.literature.subjects import PEOPLE, about
from openhlh.literature.tokens import Sentence, Token

_DEAD = frozenset("died dead death deaths deceased expired perished fatalities".split())
_ALIVE = frozenset("alive survived survivors survive living lived lives live".split())
_TRIGGER = re.compile(
    r"\b(?:died|dead|deaths?|deceased|expired|perished|fatalit\w+)\b.*\b(?:alive|surviv\w+|living|lived?)\b"
    r"|\b(?:alive|surviv\w+|living|lived?)\b.*\b(?:died|dead|deaths?|deceased|expired|perished|fatalit\w+)\b",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_TIME = re.compile(
    r"\b(?:groups?|arms?|cohorts|later|subsequently|thereafter|initially|afterwards?|discharged?|until|beyond|"
    r"within|longer|respectively|versus|vs|compared|surviv\w+ (?:to|the|for|more|less|of)|donors?|mice|rats|"
    r"\d+[\s-]?(?:day|week|month|year)s?|(?:day|week|month|year)s? \d+|of whom|of these|of them|"
    r"of the (?:survivors|remaining)|mothers?|infants?|bab(?:y|ies)|years?|months?|weeks?|controls?)\b",
    re.IGNORECASE,
)
_FILLERS = PEOPLE | frozenset(
    "were was are is had has have been still remained remain stayed others other known to be in the of "
    "who all reported recorded as and counted being already our these a total occurred".split()
)
_CLOSE = 8


def vital_status_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield the dead and the living with the total that a sentence tells of them."""
    for sentence in sentences:
        words = document.text[sentence.start : sentence.end]
        if not _TRIGGER.search(words) or _OTHER_TIME.search(words):
            continue
        tokens = sentence.tokens
        dead, alive, totals = _told(tokens)
        if len(dead) == len(alive) == 1 and len({one.value for one in totals}) == 1:
            numbers = sorted((dead[0], alive[0], totals[0]), key=lambda one: one.start)
            start, end = numbers[0].start, numbers[-1].end
            first = next(at for at, token in enumerate(tokens) if token.start == start)
            last = next(at for at, token in enumerate(tokens) if token.end == end)
            yield VitalStatus(
                start, end, document.text[start:end], document.where(start), about(tokens, first, last),
                dead[0], alive[0], totals[0],
            )  # fmt: skip


def _told(tokens: Sequence[Token]) -> tuple[list[Printed], list[Printed], list[Printed]]:
    """Return the numbers of the dead, of the living, and of everybody."""
    dead: list[Printed] = []
    alive: list[Printed] = []
    totals: list[Printed] = []
    for at, token in enumerate(tokens):
        if token.number is None or not token.number.whole or _in_bracket(tokens, at):
            continue
        status = _status(tokens, at)
        if _is_total(tokens, at):
            totals.append(token.number)
        elif status in _DEAD:
            dead.append(token.number)
        elif status in _ALIVE:
            alive.append(token.number)
        elif status == "people":
            totals.append(token.number)
    return dead, alive, totals


def _status(tokens: Sequence[Token], at: int) -> str:
    """Return the status word that a number counts, "people" where it counts people of no status."""
    before = [token.low for token in tokens[max(0, at - 3) : at]]
    if {"death", "deaths", "dead", "alive", "survivors"} & {*before[-2:]} and before[-1] in {
        ":",
        "=",
        "recorded",
        "were",
    }:
        return next(word for word in before[::-1] if word in _DEAD | _ALIVE)
    here, people = at + 1, False
    while here < min(len(tokens), at + 1 + _CLOSE * 2):
        word = tokens[here].low
        if word in {"(", "["}:
            here = _closing(tokens, here)
        elif word in _DEAD | _ALIVE:
            return word
        elif word == "/" or tokens[here].number is not None:
            if word != "/" and not _is_total(tokens, here):
                break
        elif word not in _FILLERS or (word == "and" and people):
            break
        people = people or word in PEOPLE
        here += 1
    return "people" if people else ""


def _is_total(tokens: Sequence[Token], at: int) -> bool:
    """True for the 396 of "of the 396 patients", "83/396", "among 396 cases", "n = 396"."""
    before = at - 1
    if before > 0 and tokens[before].text == "/":
        return tokens[before - 1].number is not None
    if before > 0 and tokens[before].text == "=":
        return tokens[before - 1].low == "n"
    while before > 0 and tokens[before].low in {"the", "all", "our", "these", "a", "total", "cohort"}:
        before -= 1
    return before >= 0 and tokens[before].low in {"of", "among", "in", "amongst", "from"}


def _in_bracket(tokens: Sequence[Token], at: int) -> bool:
    """True for a number in brackets, but for "(n = 396)"."""
    open_at = next(
        (here for here in range(at - 1, max(-1, at - _CLOSE), -1) if tokens[here].text in "([])"), None
    )
    inside = open_at is not None and tokens[open_at].text in "(["
    return inside and not (tokens[at - 1].text == "=" and tokens[at - 2].low == "n")


def _closing(tokens: Sequence[Token], at: int) -> int:
    last = min(len(tokens), at + 20)
    return next((here for here in range(at + 1, last) if tokens[here].text in ")]"), at)
