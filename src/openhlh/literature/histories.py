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

_PAPER_TRIGGER = re.compile(r"\b(?:receiv|re-?submi|submi|accept|publish|available online|e-?pub)", re.IGNORECASE)
_DRUG_TRIGGER = re.compile(
    r"\b(?:approv|authori[sz]|licen[sc]|launch|market).*\b(?:withdr|revok|revoc|market|discontinu|recall|suspen|remov)"
    r"|\bwithdr.*\bapprov",
    re.IGNORECASE | re.DOTALL,
)
# In the order in which they decide where several stand before one day: "received in revised form".
_PAPER = (
    ("revised", re.compile(r"re-?vis(?:ed|ions?)|re-?submi\w+")),
    ("accepted", re.compile(r"accept(?:ed|ance)")),
    ("received", re.compile(r"received|receipt|submi(?:tted|ssion)|arrived")),
    ("published", re.compile(r"e?-?pub(?:lished|lication)?|online|appear(?:ed|ance)|released|printed")),
)
_PAPER_WORDS = frozenset(
    "history article manuscript paper it its this the our a was were is has been had have in on at of for and "
    "then later finally subsequently first initial initially original final revised form version date dates "
    "day print ahead by journal editors editor editorial office peer review reviewed after before to "
    "as available advance access early view record full text issue work report study reached came went "
    "formally officially electronically publicly following until from draft text us st nd rd th with "
    "that sent back arrived being".split()
)
_DRUG = (
    ("withdrawn", re.compile(r"withdr(?:awn|ew|awal)|revo(?:ked|cation)|discontinued|recalled|suspended|pulled")),
    ("approved", re.compile(r"approv(?:ed|al)|authori[sz](?:ed|ation)|licen[sc](?:ed|e|ure|ing)|launched|marketed")),
)
_DRUG_WORDS = frozenset(
    "it its the this that was were is has been then and but later subsequently by market sale in on of drug "
    "product agent medicine compound approval authorisation authorization license licence licensure marketing "
    "from since as voluntarily finally lost lose only again manufacturer maker company sponsor dates dated "
    "followed withdrawal date being got taken off left which already soon however yet came with so to "
    "eventually happened occurred year month granted received given after use sales".split()
)
_AGAIN = re.compile(r"re-?(?:approv|licen|authori|introduc|launch|market)|again|until|except|outside")
_EARLIER = re.compile(r"\b(?:after|following|since|had been|having been|has been)\b")
_GAP, _NEAR = 14, 40


class Told(NamedTuple):
    """A day with its event, the words that name it, and the number of the row that it stands in."""

    written: Written
    role: str
    words: str
    series: int


def paper_rows(text: str, sentences: Sequence[Sentence]) -> dict[int, Told]:
    """Return the days of a manuscript by the offset of their first character."""
    found: dict[int, Told] = {}
    series, end = 0, -1
    for sentence in sentences:
        if not _PAPER_TRIGGER.search(text, sentence.start, sentence.end):
            continue
        row = _paper_row(sentence.tokens)
        if not row:
            continue
        begins = sentence.tokens[row[0].written.first].start
        if end < 0 or begins - end > _NEAR or "\n\n\n" in text[end:begins]:
            series = series + 1
        for one in row:
            found[sentence.tokens[one.written.first].start] = one._replace(series=series)
        end = sentence.tokens[row[-1].written.last].end
    return found


def _paper_row(tokens: Sequence[Token]) -> list[Told]:
    """Return the days of a sentence that tells nothing but a manuscript's way, or ends with it."""
    days = [one for one in dates_of(tokens) if isinstance(one, Written)]
    if not days or len(days) != sum(not isinstance(one, Period) for one in dates_of(tokens)):
        return []
    gaps = [tokens[a:b] for a, b in _gaps(tokens, days)]
    strict, lead = _words_of_row(gaps[0])
    before = [lead, *(_joined(gap) for gap in gaps[1:-1])]
    if not all(_made_of(gap) for gap in gaps[1:-1]):
        return []
    told = before if _role(lead, _PAPER) else [_joined(gap) for gap in gaps[1:]]
    row = [
        Told(day, role, words, 0)
        for day, words in zip(days, told, strict=True)
        if (role := _role(words, _PAPER))
    ]
    if len({one.role for one in row}) > 1 and {"accepted", "received", "revised"} & {one.role for one in row}:
        return row
    return row if strict and len(row) == len(days) == 1 else []
