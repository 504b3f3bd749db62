"""Times told in two units, signs of comparison in the wrong place, powers of ten without their height.

"4 weeks (28 days)" is one time in two units. "1.70 < mmol/L" has its sign behind the number. "102–106
copies" are mostly 10² to 10⁶.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from openhlh.claims import Claim, Conversion, Oddity
from openhlh.literature.document import Document
from openhlh.literature.subjects import about
from openhlh.literature.tokens import Sentence, Token

_NAMES = ("second", "minute", "hour", "day", "week", "month", "year")
UNITS = {name + end: name for name in _NAMES for end in ("", "s")} | {
    "h": "hour", "hr": "hour", "hrs": "hour", "min": "minute", "yr": "year", "yrs": "year", "wk": "week",
    "wks": "week", "d": "day", "mo": "month", "mos": "month",
}  # fmt: skip
_UNIT_WORDS = "sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|h|days?|d|weeks?|wks?|months?|mos?|years?|yrs?"
# The words that say of two times that they are one; those of _LOOSE leave room.
_EQUAL = (
    r"=|≙|≡|i\.?\s?e\.?|viz\.?|that is(?: to say)?|that means|meaning|namely|in other words|"
    r"which (?:is|are|was|were|equals?|makes?|means|amounts? to|corresponds? to|comes? to)|"
    r"(?:is|are|was|were|being)? ?(?:equal|equivalent) to|equal(?:s|led|ling)?|"
    r"(?:the )?equivalents? (?:to|of)|(?:is|are|being) the same as|correspond(?:s|ed|ing)? to|"
    r"amount(?:s|ed|ing)?(?: in all)? to|mak(?:es?|ing)|made(?: up)?|"
    r"in (?:days|weeks|months|years|hours|minutes)[,:]?|thus|hence|therefore|so|this being|being|"
    r"the same as|(?:this|that|it|and this) (?:is|was|equals?|makes?|made|comes to|amounts to)|"
    r"altogether|in all|in total|a total of"
)
_LOOSE = r"≈|~|≅|≃|about|approximately|approx\.?|circa|ca\.?|around|roughly|nearly|almost|some"
_SAID = r"(?:exactly|precisely|just|only|a total of|a period of|after|for|an?|the|full)"
_TWICE = re.compile(
    rf"\b(?P<unit>{_UNIT_WORDS})\b"
    r"(?P<noun>['’]?(?:[ -](?!(?:or|and|to|that|which|i|about|so)\b)[a-z]+){0,5}?)"
    rf"(?P<open>\s?[,;:–—-]?\s?[(\[]?)\s?(?P<or>or\b)?,?\s?(?:(?P<equal>{_EQUAL})[,:]?\s?)?"
    rf"(?:(?P<loose>{_LOOSE})\s?)?(?:{_SAID}\s){{0,2}}"
    r"(?=(?P<second>\d[\d.,]*[\s-]?|[a-z]+(?:-[a-z]+)?[\s-])"
    rf"(?:(?:full|whole|calendar|complete|entire)\s)?(?:{_UNIT_WORDS})\b)",
    re.IGNORECASE,
)
_NO_CONVERSION = {
    "longer", "shorter", "more", "less", "later", "earlier", "before", "after", "older", "younger", "prior",
    "beyond", "past", "apart", "than", "old", "each", "ago", "into", "sooner", "since", "post",
}  # fmt: skip
# After these a second time may be that of something else: "4 weeks after the last dose (30 days)".
_APART = re.compile(
    r"\b(?:after|before|post|prior|per|every|each|until|within|from|since|at|for|over|in|by|with|than|then|"
    r"between|during|later|earlier|or|and|to|versus|vs|old|ago|range|median|mean)\b"
)
_IN_LENGTH = re.compile(r"^ in (?:all|total|length|duration)$")
_TAILS = (("in", "all"), ("in", "total"), ("in", "length"), ("altogether",), ("each",))
_SPREAD = {"median", "mean", "average", "range", "ranging", "iqr", "±", "versus", "vs"}
_BESIDE = {"-", "–", "full", "whole", "calendar", "complete", "entire", "consecutive"}
_RANGE = {"to", "-", "–", "±", "/", "and", "or"}
_TURNED = re.compile(r"([<>≤≥])\s?((?:[munpµμ]?g|m?mol|[munpµμ]mol|[IU]U?|mm)/(?:dL|L|ml|mL|l|dl)\b)")
_NUMBER_BEFORE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?$")
_POWERS = re.compile(
    r"10(?<![\w.,]10)([1-9])\s?[–-]\s?10([1-9])\s"
    r"(?=(?:viral |EBV |DNA |genome )*(?:cop(?:ies|y)|CFU|cells|PFU|IU)\b)"
)


def time_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield times told in two units, turned signs, and ranges of powers that lost their height."""
    text = document.text
    twice = {found.start("unit"): found for found in _TWICE.finditer(text)}
    for sentence in sentences if twice else ():
        if any(sentence.start <= start < sentence.end for start in twice):
            yield from _told_twice(document, sentence, twice)
    for found in _TURNED.finditer(text):
        number = _NUMBER_BEFORE.search(text, max(0, found.start() - 12), found.start())
        if number:
            likely = f"{found[1]} {number[1]} {found[2]}"
            start, end = number.start(), found.end()
            yield Oddity(start, end, text[start:end], document.where(start), "", "sign", likely)
    for found in _POWERS.finditer(text):
        likely = f"10^{found[1]} to 10^{found[2]}"
        yield Oddity(
            found.start(), found.end(), found[0].strip(), document.where(found.start()), "", "powers", likely
        )


def _told_twice(
    document: Document, sentence: Sentence, twice: Mapping[int, re.Match[str]]
) -> Iterator[Conversion]:
    tokens = sentence.tokens
    for at, token in enumerate(tokens):
        found = twice.get(token.start) if token.low in UNITS else None
        first = _before(document.text, tokens, at) if found else None
        again = next((n for n, t in enumerate(tokens) if found and t.start == found.end()), None)
        if found is None or first is None or again is None or not tokens[again].number:
            continue
        last = again + (2 if tokens[again + 1].low in _BESIDE else 1)
        link = _link(tokens, found, first, last)
        if link is None or last >= len(tokens) or tokens[last].low not in UNITS:
            continue
        start, end = tokens[first].start, tokens[last].end
        yield Conversion(
            start, end, document.text[start:end], document.where(start), about(tokens, first, last),
            tokens[first].number, UNITS[token.low], tokens[again].number, UNITS[tokens[last].low], link,
        )  # fmt: skip


def _before(text: str, tokens: Sequence[Token], at: int) -> int | None:
    """Return the token of the number that a unit belongs to, None where something else stands before it."""
    number = at - 1 - (at > 1 and tokens[at - 1].low in _BESIDE)
    if number < 0 or tokens[number].number is None:
        return None
    apart = text[tokens[number].end : tokens[at].start].strip(" \u00a0\u2009\n-–")
    apart = "" if tokens[at - 1].low in _BESIDE else apart
    if apart or (number > 1 and tokens[number - 1].low in _RANGE and _is_timelike(tokens[number - 2])):
        return None
    return number


def _is_timelike(token: Token) -> bool:
    return token.number is not None or token.low in UNITS


def _link(
    tokens: Sequence[Token], found: re.Match[str], first: int, last: int
) -> Literal["equal", "bracket", "about", "or"] | None:
    """Return how two times are joined; None where they may be two things."""
    if _APART.search(found["noun"]) and not _IN_LENGTH.match(found["noun"]):
        return None
    tail = next((len(words) for words in _TAILS if _lows(tokens, last, len(words)) == words), 0)
    after = "".join(_lows(tokens, last + tail, 1))
    opened = found["open"].strip()[-1:] in {"(", "["}
    if after in _NO_CONVERSION or (opened and after not in {")", "]", ",", ";"}):
        return None
    if found["equal"] or (tail and not opened and found["open"].strip() == ","):
        return "about" if found["loose"] else "equal"
    before = {token.low for token in tokens[max(0, first - 6) : first]}
    if before & _SPREAD or (opened and after not in {")", "]"}):
        return None
    if opened or found["loose"] in {"≈", "~", "≅", "≃"}:
        return "about" if found["loose"] else "bracket"
    if found["open"].strip() in {"–", "—", "-"} and after in {"–", "—", "-"}:
        return "bracket"
    return "or" if found["or"] and found["open"].strip() and after in {",", ".", ")", ";"} else None


def _lows(tokens: Sequence[Token], last: int, count: int) -> tuple[str, ...]:
    """Return the words of the tokens behind one."""
    return tuple(token.low for token in tokens[last + 1 : last + 1 + count])
