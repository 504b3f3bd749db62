"""Where the number stands that an interval belongs to, seen from the label or the bracket behind it.

Times, cut-offs, standard errors, and the second of two numbers that are compared are no estimates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from openhlh.claims import Printed
from openhlh.literature.interval_labels import LEVELS, RATIOS, is_label, is_percent, measure_of
from openhlh.literature.limits import CLOSERS, DASHES, LINKS, OPENERS, at, number_at, unit
from openhlh.literature.tokens import Token

_COMPARES = {"vs", "versus", "to", "than", "with", "against", "and", "or", "v", "minus", "/"}
_VERBS = {
    "estimated", "at", "calculated", "put", "stood", "amounted", "to", "reached", "came", "out", "as",
    "equal", "found", "be", "about", "computed", "approximately",
}  # fmt: skip
_ERRORS = {"se", "sd", "sem", "error", "deviation"}
_BEFORE_TIMES = {
    "at",
    "after",
    "within",
    "over",
    "every",
    "day",
    "week",
    "month",
    "year",
    "age",
    "aged",
    "than",
    "least",
}
_UNIT = re.compile(
    r"(?:months?|mos?|years?|yrs?|y|weeks?|wks?|days?|d|hours?|hrs?|h|minutes?|min|s|sec|seconds?|points?|times|"
    r"[munµμ]?[lLgmM]|kg|cm|km|mmhg|units?|percentage|per|old|of|age|kcal|cases|deaths|events|score|"
    r"\S+/\S+|%-points?|sd|sds|fold|[\d,]+|person-years|diopters?|degrees?|dB|bpm|kPa|°c)\Z",
    re.IGNORECASE,
)


_TIME = re.compile(r"(?:months?|years?|weeks?|days?|hours?|minutes?|y|yrs?|h|hrs?|min|mo)\b")


def number_ending(tokens: Sequence[Token], index: int) -> int | None:
    """Return where the number stands that ends at an index: "5 mg", "(16%)", "16% of (the 28) women"."""
    index -= at(tokens, index) in CLOSERS
    for back in range(4):
        if number_at(tokens, index - back) is not None:
            return index - back
        if index - back < 0 or not (
            is_percent(tokens, index - back) or _UNIT.match(at(tokens, index - back))
        ):
            break
    for back in range(1, 7):
        if number_at(tokens, index - back) is not None and at(tokens, index - back - 1) in {"of", "the"}:
            continue
        if is_percent(tokens, index - back):
            return index - back - 1 if number_at(tokens, index - back - 1) is not None else None
        if index - back < 0 or tokens[index - back].kind != "word" or at(tokens, index - back) in _COMPARES:
            return None
    return None


def is_no_estimate(tokens: Sequence[Token], place: int, label: int) -> bool:
    """True for a cut-off (>= 3.65), a time (at 24 hours), and a level set apart (95 %; CI 1.1 to 2.0)."""
    number = number_at(tokens, place)
    if number is None or number.bound or _is_a_time(tokens, place) or _is_total_or_upper(tokens, place):
        return True
    behind = place + 1 + is_percent(tokens, place + 1)
    return number.value in LEVELS and label - behind <= 3 and at(tokens, behind) not in OPENERS


def is_its_error(tokens: Sequence[Token], place: int) -> bool:
    """True for the standard error or deviation behind an estimate, and for the base of a rate."""
    before = place - 1 - (at(tokens, place - 1) in {"=", ":", "of"})
    return at(tokens, place - 1) in {"±", "per"} or at(tokens, before) in _ERRORS


def error_begins(tokens: Sequence[Token], place: int) -> int:
    """Return the index before "SE = 0.1", "± 0.1" or ", deaths per 100,000"."""
    here = place - 1
    while at(tokens, here) in _ERRORS | {
        "=",
        ":",
        "of",
        "±",
        "standard",
        "per",
        "deaths",
        "cases",
        "events",
        ",",
    }:
        here -= 1
    return here


def opening_of(tokens: Sequence[Token], closing: int) -> int | None:
    """Return the index of the bracket that is closed at an index, None where it is far."""
    for index in range(closing - 1, max(-1, closing - 20), -1):
        if at(tokens, index) in OPENERS:
            return index
    return None


def with_its_sign(tokens: Sequence[Token], place: int) -> Printed | None:
    """Return the number at an index, below zero where its minus is set apart, as in "SMD, - 0.18"."""
    number = number_at(tokens, place)
    apart = at(tokens, place - 1) in DASHES - {"~"} and at(tokens, place - 2) in LINKS | OPENERS
    if number is None or not apart or number.value < 0:
        return number
    return replace(number, text=f"-{number.text}", value=-number.value)


def ratio_before(tokens: Sequence[Token], place: int) -> str:
    """Return the ratio that is named before a number with nothing but a verb between, "" where none is."""
    here = place - 1
    while at(tokens, here) in LINKS | CLOSERS | _VERBS:
        here -= 1
    if here >= 0 and tokens[here].text in RATIOS:
        return RATIOS[tokens[here].text]
    number = number_at(tokens, place)
    named = at(tokens, here) in {"ratio", "ratios", "risk"} and number is not None and number.places > 0
    return measure_of(tokens, place) if named else ""


def is_compared(tokens: Sequence[Token], place: int) -> bool:
    """True for the second of two bare numbers that are set against each other."""
    if at(tokens, place - 1) not in _COMPARES:
        return False
    for index in range(place - 2, max(-1, place - 8), -1):
        if at(tokens, index) in CLOSERS:
            opening = opening_of(tokens, index)
            return not any(is_label(tokens, inner) for inner in range(opening or index, index))
        if number_at(tokens, index) is not None:
            return True
    return False


def _is_a_time(tokens: Sequence[Token], place: int) -> bool:
    """True for "at 24 hours" and "at 12", not for what "stood at 0.76" or "was put at 35%"."""
    if at(tokens, place - 1) != "at":
        return at(tokens, place - 1) in _BEFORE_TIMES
    words = unit(tokens, place + 1)[1]
    return bool(_TIME.match(words)) or (words != "%" and number_at(tokens, place).whole)  # type: ignore[union-attr]


def _is_total_or_upper(tokens: Sequence[Token], place: int) -> bool:
    """True for a total ("96 % of 330; 95 % CI ...") and the upper of two limits ("[20-34 %, 95 % CI]")."""
    before = at(tokens, place - 1)
    if before in {"of", "among"} and not is_percent(tokens, place + 1):
        return any(is_percent(tokens, index) for index in range(place - 5, place - 1))
    behind = place - 2 - is_percent(tokens, place - 2)
    return before in {"-", "–", "−", "—", "to"} and behind >= 0 and tokens[behind].kind == "number"
