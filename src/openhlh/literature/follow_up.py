"""Times of follow-up: "followed for a median of 40.2 months (range, 6.6 to 52.2)", "for up to 6 years".

A time is one of follow-up where the last thing named before it, or "of follow-up" behind it, says so. A
time from diagnosis or birth begins before the study and is left out, and so is a follow-up that is planned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from openhlh.claims import Claim, Followed, Printed
from openhlh.literature.calendar import MONTHS
from openhlh.literature.document import Document
from openhlh.literature.subjects import about
from openhlh.literature.times import UNITS
from openhlh.literature.tokens import Sentence, Token

_TRIGGER = re.compile(r"follow|observ|surveil|monitor", re.IGNORECASE)
_FOLLOW = re.compile(
    r"follow(?:ed|ups?)?|follow[-‐‑]up\S*|observation(?:al)?|surveillance|monitored|monitoring"
)
# The words that may stand between the follow-up and its time; any other may be what the time is of.
_BETWEEN = frozenset(
    "was were is of for the a an in at to and with from until till through by on time times duration "
    "period lasted length came reached amounted equalled being had has been have up all entire whole "
    "total overall patients participants people subjects children adults women men infants cases "
    "survivors surviving living alive among cohort group groups both them its their it which that then "
    "after during closed ended stopped completed complete clinical long-term prospective regular "
    "regularly clinically further subsequently postoperative enrolment enrollment inclusion entry "
    "randomization randomisation transplantation transplant surgery operation treatment therapy data "
    "cutoff cut-off last date day end study range ranged ranging median mean average averaged averaging "
    "maximum maximal longest max least minimum approximately about potential actual extended only some "
    "over between years months weeks days once these those this our ongoing as covered spanned table "
    "figure shown listed described see remained kept stayed took ran went stood measured spanning "
    "extending extends amounting totalled totaled equal estimated calculated reverse kaplan-meier method "
    "using under whom who each observation survivor survivors' person individual continued lasting frozen "
    "locked lock database censored".split()
) | frozenset(MONTHS)
_SPANS = {
    "range", "ranging", "ranged", "iqr", "interquartile", "quartile", "quartiles", "median", "max", "maximum",
}  # fmt: skip
_MEASURES = _SPANS | {"mean", "average", "averaging", "averaged", "maximal", "longest", "minimum"}
_ELSEWHEN = re.compile(
    r"\b(?:will|would|shall|should|planned|scheduled|intended|historical|literature|et al|earlier|elsewhere|"
    r"another|(?:previous|prior|other|published|recent) (?:stud|report|trial|series|cohort|work|group)\w*|"
    r"(?:from|since|after|between) (?:the )?(?:first |initial )?"
    r"(?:diagnosis|birth|onset|symptoms?|infancy|childhood))\b",
    re.IGNORECASE,
)
DAYS = {"day": Fraction(1), "week": Fraction(7), "month": Fraction(30), "year": Fraction(365)}
_TO = {"to", "-", "–", "—", "−"}
_NO_SPAN = {"ci", "confidence", "sd", "se", "sem", "deviation", "error", "±"}
_BACK, _AHEAD = 18, 14


class _Time(NamedTuple):
    """Numbers with their units at tokens first..last; `spread` is true where a range is among them.

    `unit` is the token of the first number's unit.
    """

    numbers: tuple[tuple[Printed, str], ...]
    first: int
    unit: int
    last: int
    spread: bool


def follow_up_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield every median, mean, range or limit of a time of follow-up with its longest value."""
    for sentence in sentences:
        if not _TRIGGER.search(document.text, sentence.start, sentence.end):
            continue
        if _ELSEWHEN.search(document.text, sentence.start, sentence.end):
            continue
        tokens = sentence.tokens
        for one in _times(tokens):
            if _is_of_follow_up(tokens, one):
                longest, unit = max(one.numbers, key=_in_days)
                start, end = tokens[one.first].start, tokens[one.last].end
                words = about(tokens, one.first, one.last)
                text = document.text[start:end]
                yield Followed(start, end, text, document.where(start), words, longest, unit)


def _in_days(told: tuple[Printed, str]) -> Fraction:
    return told[0].value * DAYS[told[1]]


def _times(tokens: Sequence[Token]) -> Iterator[_Time]:
    """Yield the times of a sentence with the spread that is printed with them."""
    at = 0
    while at < len(tokens):
        read = _time(tokens, at) if tokens[at].number else None
        if read:
            yield read
        at = read.last + 1 if read else at + 1


def _time(tokens: Sequence[Token], at: int) -> _Time | None:
    """Return "60 months (range, 5 to 70)", "60 (range 5-70) months", "5 to 70 months (median 60)"."""
    numbers = [tokens[at].number]
    here = at + 1
    if _low(tokens, here) in _TO and _number(tokens, here + 1):
        numbers.append(_number(tokens, here + 1))
        here += 2
    spread = len(numbers) > 1
    inner: list[Printed] = []
    if _low(tokens, here) in {"(", "["}:
        close = _closing(tokens, here)
        inner = _spread(tokens[here + 1 : close])
        here = close + 1
    here += _low(tokens, here) in {"-", "–"}
    unit = UNITS.get(_low(tokens, here), "")
    if unit not in DAYS:
        return None
    told = [(one, unit) for one in [*numbers, *inner] if one]
    more, last = _behind(tokens, here, unit)
    return _Time((*told, *more), at, here, last, spread or bool(inner or more))


def _behind(tokens: Sequence[Token], at: int, unit: str) -> tuple[list[tuple[Printed, str]], int]:
    """Return the spread that follows a unit, in brackets or as ", range 5 to 70", and its last token."""
    here = at + 1
    while _low(tokens, here) in {",", ";", "with", "a", "of", "follow-up"} and here < at + 4:
        here += 1
    if _low(tokens, here) in {"(", "["}:
        last = _closing(tokens, here)
        inside = tokens[here + 1 : last]
    elif _low(tokens, here) in _SPANS:
        ends = range(here + 2, min(len(tokens), here + 8))
        last = next((end for end in ends if tokens[end].number and tokens[end - 1].low in _TO), here)
        inside = tokens[here : last + 1]
    else:
        return [], at
    own = next((UNITS[t.low] for t in inside if t.low in UNITS), unit)
    found = _spread(inside)
    return ([(one, own) for one in found], last) if found and own in DAYS else ([], at)


def _spread(inside: Sequence[Token]) -> list[Printed]:
    """Return the numbers of a range as it stands in brackets, none where it is another kind of spread."""
    words = {token.low for token in inside}
    numbers = [token.number for token in inside if token.number]
    told = words & _SPANS or (len(numbers) == 2 and words & _TO)
    return numbers if told and not words & _NO_SPAN and len(numbers) <= 3 else []


def _is_of_follow_up(tokens: Sequence[Token], one: _Time) -> bool:
    """True where the words before a time, or "of follow-up" behind it, say what it is of."""
    near = {token.low for token in tokens[max(0, one.first - 7) : one.first]}
    limit = any(
        (tokens[at - 1].low, tokens[at].low) in {("up", "to"), ("at", "least")}
        for at in range(max(1, one.first - 3), one.first)
    )
    if not (near & _MEASURES or one.spread or limit):
        return False
    for last in (one.unit, one.last):
        words = [at for at in range(last + 1, min(len(tokens), last + 4)) if tokens[at].kind == "word"]
        if words and tokens[words[0]].low in {"of", "follow-up", "observation"}:
            return any(_names_follow_up(tokens, at) for at in words)
    for at in range(one.first - 1, max(-1, one.first - 1 - _BACK), -1):
        if _names_follow_up(tokens, at):
            # "median age and follow-up were 67 years and 25 months, respectively"
            return _low(tokens, at - 1) != "and" or all(t.low != "respectively" for t in tokens)
        if tokens[at].kind == "word" and tokens[at].low not in _BETWEEN:
            return False
    return False


def _names_follow_up(tokens: Sequence[Token], at: int) -> bool:
    low, after = tokens[at].low, _low(tokens, at + 1)
    if low == "observed":
        return after in {"for", "over", "until", "through", "up"}
    if low == "follow":
        return after == "up"
    return bool(_FOLLOW.fullmatch(low)) and after != "by"


def _closing(tokens: Sequence[Token], at: int) -> int:
    """Return the closing bracket of an opening one, or the last token that it may hold."""
    close = {"(": ")", "[": "]"}[tokens[at].low]
    last = min(len(tokens), at + _AHEAD)
    return next((here for here in range(at + 1, last) if tokens[here].low == close), last - 1)


def _low(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].low if at < len(tokens) else ""


def _number(tokens: Sequence[Token], at: int) -> Printed | None:
    return tokens[at].number if at < len(tokens) else None
