"""The counts and percents of a sentence as items: "12 (35.3 %)", "35.3 % (6/17)", "n = 12", "8 of 34".

What carries a unit, ends a range or hangs on a name ("grade 3", "week 9", "10 mg", "2-5") is no item.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from openhlh.claims import Printed
from openhlh.literature.subjects import UNITS_COUNTED
from openhlh.literature.tokens import Token

_NAMES = frozenset(
    {
        "grade", "grades", "week", "weeks", "day", "days", "month", "months", "year", "years", "stage",
        "stages", "type", "types", "table", "tables", "figure", "fig", "phase", "phases", "cycle",
        "cycles", "score", "scores", "level", "class", "group", "groups", "arm", "cohort", "step",
        "version", "part", "visit", "age", "aged", "median", "mean", "p", "r", "t", "f", "z", "hr",
        "or", "rr", "ci", "reference", "no", "grade.", "dose", "factor", "category", "categories",
        "score.", "experiment", "study", "trial", "hour", "hours", "minute", "question", "item",
        "chapter", "stratum", "time", "quartile", "tertile", "protocol", "generation", "january",
        "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct",
        "nov", "dec", "under", "over", "below", "above", "about", "approximately", "around", "nearly",
        "almost", "exceeding", "hundred", "thousand", "million", "than", "every", "ratio", "q", "i2",
        "least", "most", "chromosome", "exon", "trisomy", "day.", "pages", "aged.", "isolate",
        "patient", "area", "areas", "era", "period",
    }
)  # fmt: skip
_UNITS = frozenset(
    {
        "mg", "g", "kg", "µg", "μg", "ug", "ng", "pg", "ml", "l", "dl", "mm", "cm", "m", "km", "nm",
        "mmhg", "mmol", "mol", "µmol", "μmol", "nmol", "iu", "u", "units", "unit", "day", "days",
        "week", "weeks", "month", "months", "year", "years", "yr", "yrs", "y", "h", "hr", "hrs", "hour",
        "hours", "minute", "minutes", "min", "second", "seconds", "s", "ms", "hz", "khz", "degrees",
        "°c", "c", "k", "kcal", "kj", "mbq", "gy", "cgy", "fold", "times", "x", "percentage", "points",
        "point", "hundred", "thousand", "million", "billion", "dozen", "mg/kg", "mg/m", "kg/m", "cm/s",
        "rpm", "ppm", "ppb", "kb", "bp", "mb", "kda", "da", "mci", "mv", "v", "w", "watts", "bpm",
        "cells", "copies", "log", "log10", "mm2", "cm2", "ha", "db", "dpi", "ma", "ph", "am", "pm",
        "wk", "wks", "mo", "mos", "d", "th", "gestation", "inches", "feet", "ft", "lb", "lbs", "mg/d",
        "mg/day", "dollars", "euros", "usd",
    }
)  # fmt: skip
_JOINS = frozenset({"-", "–", "—", "±", "×", ":", "^", "*", "·"})
_TIMES = frozenset(
    {
        "in", "since", "from", "until", "to", "and", "between", "during", "by", "before", "after",
        "through",
    }
)  # fmt: skip
_ENDS = frozenset(
    {
        "of", "with", "to", "and", "or", "were", "was", "had", "have", "in", "the", "for", "who",
        "whom", "at", "from", "by", "on", "a", "an", "did", "also", "that", "which", "their",
    }
)  # fmt: skip
_ARTICLES = frozenset({"the", "these", "those", "all", "our", "a", "total", "them"})


class Item(NamedTuple):
    """A count, a percent or both, with the total beside them; `first` and `last` are token places."""

    first: int
    last: int
    number: Printed | None = None
    percent: Printed | None = None
    total: Printed | None = None
    tagged: bool = False


def items(tokens: Sequence[Token]) -> list[Item]:
    """Return the items of a sentence in order."""
    found: list[Item] = []
    at = 0
    while at < len(tokens):
        item = _item(tokens, at) if tokens[at].number is not None else None
        if item is None:
            at += 1
            continue
        at = item.last
        if found and (merged := _merged(tokens, found[-1], item)):
            found[-1] = merged
        else:
            found.append(item)
    return found


def noun(tokens: Sequence[Token], item: Item) -> str:
    """Return what an item counts ("34 adult HLH patients" counts patients), "" for what is not counted."""
    for token in tokens[item.last : item.last + 6]:
        if token.low in UNITS_COUNTED:
            return token.low
        if (token.kind != "word" and token.text != "-") or token.low in _ENDS:
            return ""
    return ""


def _item(tokens: Sequence[Token], at: int) -> Item | None:
    number = tokens[at].number
    if number is None or number.bound or number.value < 0 or not _is_free(tokens, at):
        return None
    if _text(tokens, at + 1) == "%" or _kind(tokens, at + 1) == "percent":
        interval = _text(tokens, at + 2).lower() in {"ci", "confidence", "credible", "cis", "prediction"}
        ranged = _text(tokens, at + 2) in _JOINS and _number(tokens, at + 3) is not None
        ranged = ranged or (_text(tokens, at + 2).lower() == "to" and _number(tokens, at + 3) is not None)
        return None if interval or ranged else Item(at, at + 2, percent=number)
    if not number.whole:
        return None
    total, last = _total(tokens, at)
    if total is None and _is_year(tokens, at):
        return None
    if total is None and (_is_unit(_text(tokens, at + 1)) or _text(tokens, at + 1) in {"°", "/"}):
        return None
    return Item(at, last, number=number, total=total, tagged=_is_tagged(tokens, at))


def _total(tokens: Sequence[Token], at: int) -> tuple[Printed | None, int]:
    """Return the total behind a count ("6/17", "12 of the 34") and the place after it."""
    after = at + 1
    if _text(tokens, after) == "/":
        number = _number(tokens, after + 1)
        glued = number is not None and tokens[after + 1].start - tokens[at].end <= 3
        return (
            (number, after + 2) if glued and number and number.whole and number.value > 0 else (None, after)
        )
    if _text(tokens, after).lower() != "of" and not (
        _text(tokens, after).lower() == "out" and _text(tokens, after + 1).lower() == "of"
    ):
        return None, after
    place = after + (2 if _text(tokens, after).lower() == "out" else 1)
    while _text(tokens, place).lower() in _ARTICLES:
        place += 1
    number = _number(tokens, place)
    if number is None or not number.whole or _kind(tokens, place + 1) == "percent" or _is_year(tokens, place):
        return None, at + 1
    if _is_unit(_text(tokens, place + 1)):
        return None, at + 1
    return number, place + 1


def _merged(tokens: Sequence[Token], before: Item, item: Item) -> Item | None:
    """Return two items as one where the second stands in brackets behind the first: "12 men (35 %)"."""
    gap = tokens[before.last : item.first]
    if not gap or len(gap) > 4 or gap[-1].text not in {"(", "[", ",", ";", "="}:
        return None
    start = next((place for place, token in enumerate(gap) if token.text in {"(", "["}), None)
    if start is None or any(token.kind != "word" for token in gap[:start]):
        return None
    if [token.low for token in gap[start + 1 :]] not in ([], ["n", "="]):
        return None
    if before.percent is None and item.percent is not None and item.number is None:
        return before._replace(percent=item.percent)
    if before.number is None and item.percent is None and item.number is not None:
        return before._replace(number=item.number, total=item.total)
    return None


def _is_free(tokens: Sequence[Token], at: int) -> bool:
    before, after = _text(tokens, at - 1), _text(tokens, at + 1)
    if (
        before.lower() in _NAMES
        or before in _JOINS - {"—", ":"}
        or before in {"+", "/", "<", ">", "≥", "≤", "~", "≈"}
    ):
        return False
    if before == "=":
        return _text(tokens, at - 2).lower() in {"n", "n/n"}
    if after in _JOINS - {"—", ":"} or after == "+":
        return tokens[at + 1].end < _start(tokens, at + 2) and after not in {"±", "×", "+"}
    if after.lower() == "to" and _number(tokens, at + 2) is not None:
        return False
    if before.lower() == "to" and _kind(tokens, at - 2) == "percent":
        return False
    if before.lower() in {"to", "and"} and _number(tokens, at - 2) is not None:
        return before.lower() == "and" and _text(tokens, at - 3).lower() not in {"between", "both", "and"}
    return True


def _is_tagged(tokens: Sequence[Token], at: int) -> bool:
    return _text(tokens, at - 1) == "=" and _text(tokens, at - 2).lower() == "n"


def _is_unit(text: str) -> bool:
    return text not in {"M", "F"} and bool(text) and re.split(r"[/-]", text.lower())[0] in _UNITS


def _is_year(tokens: Sequence[Token], at: int) -> bool:
    """True for "2019", not for "1999 women" where no word of time stands before it."""
    text = tokens[at].text
    if len(text) != 4 or not text.isdigit() or not 1850 <= int(text) <= 2100:
        return False
    counted = _text(tokens, at + 1).lower() in UNITS_COUNTED
    return not counted or _text(tokens, at - 1).lower() in _TIMES


def _text(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def _kind(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].kind if 0 <= at < len(tokens) else ""


def _number(tokens: Sequence[Token], at: int) -> Printed | None:
    return tokens[at].number if 0 <= at < len(tokens) else None


def _start(tokens: Sequence[Token], at: int) -> int:
    return tokens[at].start if 0 <= at < len(tokens) else 1 << 60
