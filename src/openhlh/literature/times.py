"""Times told in two units, signs of comparison in the wrong place, powers of ten without their height.

"4 weeks (28 days)" is one time in two units. "1.70 < mmol/L" has its sign behind the number. "102–106
copies" are mostly 10² to 10⁶.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openhlh.claims import Claim, Conversion, Oddity
from openhlh.literature.document import Document
from openhlh.literature.subjects import about
from openhlh.literature.tokens import Sentence, Token

_NAMES = ("second", "minute", "hour", "day", "week", "month", "year")
UNITS = {name + end: name for name in _NAMES for end in ("", "s")} | {
    "h": "hour", "hr": "hour", "hrs": "hour", "min": "minute", "yr": "year", "yrs": "year", "wk": "week",
    "wks": "week",
}  # fmt: skip
# These begin with a sign that is rare in a text: a search over the whole text stays cheap.
_TWICE = re.compile(
    r"\(\s?(?:[~≈=]|i\.e\.,?|or|about)?\s?\d[\d.]*[\s-]?(?:sec|min|h|day|week|wk|month|year|yr)[a-z]{0,4}\s?\)",
    re.IGNORECASE,
)
_TURNED = re.compile(r"([<>≤≥])\s?((?:[munpµμ]?g|m?mol|[munpµμ]mol|[IU]U?|mm)/(?:dL|L|ml|mL|l|dl)\b)")
_NUMBER_BEFORE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?$")
_POWERS = re.compile(
    r"10(?<![\w.,]10)([1-9])\s?[–-]\s?10([1-9])\s"
    r"(?=(?:viral |EBV |DNA |genome )*(?:cop(?:ies|y)|CFU|cells|PFU|IU)\b)"
)


def time_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield times told in two units, turned signs, and ranges of powers that lost their height."""
    text = document.text
    twice = [found.start() for found in _TWICE.finditer(text)]
    for sentence in sentences if twice else ():
        if any(sentence.start <= start < sentence.end for start in twice):
            yield from _told_twice(document, sentence)
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


def _told_twice(document: Document, sentence: Sentence) -> Iterator[Claim]:
    tokens = sentence.tokens
    for at in range(len(tokens) - 1):
        first = _time(tokens, at)
        if first is None or at + first >= len(tokens) or tokens[at + first].text != "(":
            continue
        inner = at + first + 1
        while inner < len(tokens) and tokens[inner].text in {
            "~",
            "≈",
            "=",
            "i.e",
            "i.e.",
            ".",
            ",",
            "or",
            "about",
        }:
            inner += 1
        second = _time(tokens, inner)
        close = inner + (second or 0)
        if second is None or close >= len(tokens) or tokens[close].text != ")" or _in_list(tokens, at):
            continue
        start, end = tokens[at].start, tokens[close].end
        yield Conversion(
            start, end, document.text[start:end], document.where(start), about(tokens, at, close),
            tokens[at].number, UNITS[tokens[at + first - 1].low],
            tokens[inner].number, UNITS[tokens[close - 1].low],
        )  # fmt: skip


def _time(tokens: Sequence[Token], at: int) -> int | None:
    """Return how many tokens a number with its unit of time takes, None where there is none."""
    if at >= len(tokens) or tokens[at].number is None:
        return None
    here = at + 1
    if here < len(tokens) and tokens[here].text in {"-", "–"}:
        here += 1
    return here - at + 1 if here < len(tokens) and tokens[here].low in UNITS else None


def _in_list(tokens: Sequence[Token], at: int) -> bool:
    """True where a range, a sum or a median stands before the number: then the bracket is no conversion."""
    before = [token.low for token in tokens[max(0, at - 6) : at]]
    return bool({"median", "mean", "average", "to", "±", "range", "versus", "vs"} & {*before}) or before[
        -1:
    ] in (["-"], ["–"], ["and"])
