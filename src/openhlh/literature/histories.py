"""Days told in a row: of a manuscript (received, accepted, published) and of a drug (approved, withdrawn).

Each day gets its event from the words before it, or from those behind it where the row is told that way
("3 May 2014 (received)"). Only words that such rows are made of may stand between two days: another word
may name another manuscript, another drug or another country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from openhlh.literature.calendar import Period, Written, date_at, dates_of
from openhlh.literature.tokens import Sentence, Token

_PAPER_TRIGGER = re.compile(
    r"\b(?:receiv|re-?submi|submi|accept|publi|available online|e-?pub|appear)", re.IGNORECASE
)
_DRUG_TRIGGER = re.compile(
    r"\b(?:approv|authori[sz]|licen[sc]|launch|market|introduc|registration|withdr)", re.IGNORECASE
)
# In the order in which they decide where several stand before one day: "received in revised form".
_PAPER = (
    ("revised", re.compile(r"re-?vis(?:ed|ions?)|re-?submi\w+")),
    ("accepted", re.compile(r"accept(?:ed|ance)")),
    ("received", re.compile(r"received|receipt|submi(?:tted|ssion)|arrived|reached")),
    ("published", re.compile(r"e?-?pub(?:lished|lication)?|online|appear(?:ed|ance)|released|printed")),
)
_PAPER_WORDS = frozenset(
    "history article manuscript paper it its this the our a was were is has been had have in on at of for "
    "and then later finally subsequently first initial initially original final revised form version date "
    "dates day print ahead by journal editors editor editorial office peer review reviewed after before to "
    "as available advance access early view record full text issue work report study reached came went "
    "formally officially electronically publicly following until from draft text us st nd rd th with "
    "that sent back arrived being".split()
)
_DRUG = (
    (
        "withdrawn",
        re.compile(
            r"withdr(?:awn|ew|awal)|revo(?:ked|cation)|discontinu(?:ed|ation)|recall(?:ed)?|suspen(?:ded|sion)|"
            r"pulled|left|removed|removal|taken"
        ),
    ),
    (
        "approved",
        re.compile(
            r"approv(?:ed|al|als)|authori[sz](?:ed|ation)|licen[sc](?:ed|e|ure|ing)|launch(?:ed)?|marketed|market|"
            r"introduced|introduction|registration"
        ),
    ),
)
_DRUG_WORDS = frozenset(
    "it its the this that was were is has been then and but later subsequently by market sale in on of drug "
    "product agent medicine compound marketing voluntarily finally lost lose only manufacturer maker company "
    "sponsor from since as dates dated followed date being got off sale which already soon however yet came "
    "with to eventually happened occurred year years month months granted received given sales had having "
    "after following globally worldwide altogether completely official formal came first".split()
)
_AGAIN = re.compile(r"\b(?:re-?(?:approv|licen|authori|introduc|launch|market)|again|until|except|outside)")
_EARLIER = re.compile(
    r"\b(?:after|following)\b(?! (?:that|this|which|it)\b)|\bha(?:d|ving) been\b|"
    r"\bsince (?:its |the |first )?\w+al\b|\bfollowed (?:its|the|an)\b"
)
_PRONOUNS = {"it", "its", "the", "this", "that", "withdrawal", "later"}
_GAP, _NEAR, _REACH = 10, 60, 12


class Told(NamedTuple):
    """A day with its event, the words that name it, the number of the row that it stands in, and its end."""

    written: Written
    role: str
    words: str
    series: int = 0
    end: int = 0


def paper_rows(text: str, sentences: Sequence[Sentence]) -> dict[int, Told]:
    """Return the days of a manuscript by the offset of their first character."""
    found: dict[int, Told] = {}
    series, end = 0, -_NEAR - 1
    for sentence in sentences:
        if not _PAPER_TRIGGER.search(text, sentence.start, sentence.end):
            continue
        row = _paper_row(sentence.tokens)
        if not row:
            continue
        starts = [sentence.tokens[one.written.first].start for one in row]
        series += starts[0] - end > _NEAR
        for start, one in zip(starts, row, strict=True):
            end = sentence.tokens[one.written.last].end
            found[start] = one._replace(series=series, end=end)
    return found


def _paper_row(tokens: Sequence[Token]) -> list[Told]:
    """Return the days of a sentence that tells a manuscript's way, from its beginning or at its end."""
    days = dates_of(tokens)
    if not days or any(isinstance(one, Period) for one in days):
        return []
    written = [one for one in days if isinstance(one, Written)]
    starts, ends = [one.first for one in written], [one.last + 1 for one in written]
    between = [tokens[a:b] for a, b in zip(ends, starts[1:], strict=False)]
    if not all(_made_of(gap, _PAPER_WORDS, _PAPER) for gap in between):
        return []
    lead = _tail(tokens[: starts[0]])
    told = [lead, *between]
    if not _event(lead, _PAPER):
        told = [*between, _head(tokens[ends[-1] :])]
    row = [
        Told(day, role, _joined(gap))
        for day, gap in zip(written, told, strict=True)
        if (role := _event(gap, _PAPER))
    ]
    roles = {one.role for one in row}
    whole = len(lead) == starts[0] and len(row) == len(days) == 1
    return row if whole or (len(roles) > 1 and roles & {"accepted", "received"}) else []


def _tail(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the last tokens that a row is made of."""
    first = len(tokens)
    while (
        first and first > len(tokens) - _REACH and _made_of(tokens[first - 1 : first], _PAPER_WORDS, _PAPER)
    ):
        first -= 1
    return tokens[first:]


def _head(tokens: Sequence[Token]) -> Sequence[Token]:
    after = 0
    while after < min(len(tokens), 4) and _made_of(tokens[after : after + 1], _PAPER_WORDS, _PAPER):
        after += 1
    return tokens[:after]


_Events = Sequence[tuple[str, re.Pattern[str]]]


def _made_of(tokens: Sequence[Token], words: frozenset[str], events: _Events) -> bool:
    return len(tokens) <= _REACH and all(
        token.kind in {"mark", "break"}
        or token.low in words
        or any(rule.fullmatch(token.low) for _, rule in events)
        for token in tokens
    )


def _event(tokens: Sequence[Token], events: _Events) -> str:
    """Return the event that the words name, nothing where they name none."""
    return next((role for role, rule in events if any(rule.fullmatch(token.low) for token in tokens)), "")


def _joined(tokens: Sequence[Token]) -> str:
    return " ".join(token.low for token in tokens if token.kind == "word")


def drug_rows(text: str, sentences: Sequence[Sentence]) -> dict[int, Told]:
    """Return the days of approval and withdrawal of one drug by the offset of their first character."""
    found: dict[int, Told] = {}
    for number, sentence in enumerate(sentences):
        if not _DRUG_TRIGGER.search(text, sentence.start, sentence.end):
            continue
        tokens = [*sentence.tokens]
        for after in sentences[number + 1 : number + 2]:
            if after.tokens[0].low in _PRONOUNS:
                tokens += after.tokens
        for pair in _drug_pairs(tokens):
            for told in pair:
                start, end = tokens[told.written.first].start, tokens[told.written.last].end
                found.setdefault(start, told._replace(series=-number - 1, end=end))
    return found


def _drug_pairs(tokens: Sequence[Token]) -> Iterator[tuple[Told, Told]]:
    """Yield an approval with the withdrawal told next, or a withdrawal with the approval before it."""
    events = [(at, role) for at in range(len(tokens)) if (role := _drug_event(tokens, at))]
    for at, role in events:
        first = _day_behind(tokens, at, events)
        other = "withdrawn" if role == "approved" else "approved"
        after = next(
            (place for place, kind in events if first and place > first.last and kind == other), None
        )
        second = _day_behind(tokens, after, events) if after else None
        if first is None or after is None or second is None:
            continue
        between, behind = tokens[first.last + 1 : after], tokens[after + 1 : second.first]
        if _names_drug(between) and _drug_words(tokens[:at]):
            between = [token for token in between if token is not between[1]]
        told = _joined(tokens[at : second.last + 1])
        if not _drug_words(between) or not _drug_words(behind) or _AGAIN.search(told):
            continue
        looks_back = bool(_EARLIER.search(_joined(tokens[first.last + 1 : after + 1])))
        if looks_back == (role == "withdrawn"):
            yield Told(first, role, role), Told(second, other, other)


def _drug_event(tokens: Sequence[Token], at: int) -> str:
    before = {token.low for token in tokens[max(0, at - 3) : at]}
    if tokens[at].low == "market" and before & {"from", "off", "left", "its"}:
        return ""  # it was taken off the market
    return _event(tokens[at : at + 1], _DRUG)


def _names_drug(between: Sequence[Token]) -> bool:
    """True for ", mabrafine was": the drug is named only behind its first day."""
    return len(between) > 2 and between[0].text == "," and between[2].low in {"was", "had", "has"}


def _drug_words(tokens: Sequence[Token]) -> bool:
    return _made_of([token for token in tokens if token.number is None], _DRUG_WORDS, _DRUG)


def _day_behind(tokens: Sequence[Token], event: int, events: Sequence[tuple[int, str]]) -> Written | None:
    """Return the day told next after an event, before another event is told."""
    for at in range(event + 1, min(len(tokens), event + 1 + _GAP)):
        read = date_at(tokens, at)
        if read and read.year and not _counts_things(tokens, read):
            return read
        if any(place == at for place, kind in events if kind != dict(events)[event]):
            return None
    return None


def _counts_things(tokens: Sequence[Token], read: Written) -> bool:
    """True for a bare year with a noun behind it: that number may count something."""
    if read.month is not None or read.last + 1 >= len(tokens):
        return False
    after = tokens[read.last + 1]
    return after.kind == "word" and after.low not in _DRUG_WORDS | {"because", "due", "for", "when"}
