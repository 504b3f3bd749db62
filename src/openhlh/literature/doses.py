"""Doses that are told twice, by their factors and by what they make: "15 mg twice daily (30 mg/day)".

Three forms are read: dose per kilogram with a weight, dose with its times a day, dose with its number
of days, weeks or doses; each only beside the amount that they are said to make.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from openhlh.claims import Claim, Printed, Product
from openhlh.literature.document import Document
from openhlh.literature.tokens import Sentence, Token

_GRAMS = {"mg": Fraction(1, 1000), "g": Fraction(1), "µg": Fraction(1, 10**6), "μg": Fraction(1, 10**6)}
_GRAMS |= {"ug": Fraction(1, 10**6), "mcg": Fraction(1, 10**6)}
_OTHER_UNITS = {"iu", "u", "units", "unit", "ml"}
_A_DAY = {"day", "d", "daily"}
_TIMES = {"once": 1, "twice": 2, "thrice": 3, "bid": 2, "tid": 3, "qid": 4, "bd": 2, "tds": 3, "qds": 4}
_EVERY_HOURS = {24: 1, 12: 2, 8: 3, 6: 4, 4: 6}
_PERIODS = {"daily": "day", "weekly": "week", "monthly": "month", "day": "day", "d": "day", "week": "week"}
_REPEATS = {"days": "day", "weeks": "week", "months": "month"}
_GIVEN = frozenset({"doses", "cycles", "infusions", "injections", "courses", "administrations"})
_TOTALS = frozenset(
    {
        "total", "totalling", "totaling", "cumulative", "cumulatively", "amounting", "altogether", "ie",
        "equals", "equivalent", "corresponding", "corresponds", "receives", "received", "giving",
        "gives", "came", "comes", "makes", "made", "amounts", "means",
    }
)  # fmt: skip
_LIMITS = frozenset(
    {
        "maximum", "max", "maximal", "up", "capped", "cap", "exceed", "exceeding", "minimum", "range",
        "or", "increased", "then", "followed", "tapered", "escalated", "reduced", "titrated", "until",
        "least", "median", "mean", "loading", "alternate", "other", "alternating", "first",
    }
)  # fmt: skip
_SPAN, _LEAD, _FEWEST = 24, 9, 2


class Amount(NamedTuple):
    """A number with a unit of mass: its place among the tokens, its unit and whether it is per day."""

    at: int
    number: Printed
    unit: str
    per: str


def dose_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield every dose that stands beside the amount its factors are said to make."""
    for sentence in sentences:
        tokens = sentence.tokens
        if sum(token.number is not None for token in tokens) < _FEWEST:
            continue
        for first, second in pairwise(_amounts(tokens)):
            scale = _scale(first.unit, second.unit)
            if scale is None or second.at - first.at > _SPAN:
                continue
            turned = second.per == "kg" != first.per
            dose, told = (second, first) if turned else (first, second)
            factors = _weight(tokens, first, second) if turned else _factors(tokens, first, second)
            if factors:
                start, end = tokens[first.at].start, tokens[second.at + 1].end
                yield Product(
                    start, end, document.text[start:end], document.where(start), dose.per,
                    (dose.number, *factors), told.number, told.unit, 1 / scale if turned else scale,
                )  # fmt: skip


def _amounts(tokens: Sequence[Token]) -> Iterator[Amount]:
    for at, token in enumerate(tokens[:-1]):
        if token.number is None or token.number.bound or (at and tokens[at - 1].text in {"-", "–", "±"}):
            continue
        unit, _, per = tokens[at + 1].low.partition("/")
        if unit in _GRAMS or unit in _OTHER_UNITS:
            yield Amount(at, token.number, unit, per or _per_words(tokens, at + 2))


def _per_words(tokens: Sequence[Token], at: int) -> str:
    words = [token.low for token in tokens[at : at + 2]]
    if words[:1] in (["per"], ["a"]) and len(words) == _FEWEST:
        return words[1] if words[1] in {"day", "kg", "week"} else ""
    return "daily" if words[:1] == ["daily"] else ""


def _scale(first: str, second: str) -> Fraction | None:
    """Return what turns the first unit into the second; nothing where they measure different things."""
    if first in _GRAMS and second in _GRAMS:
        return _GRAMS[first] / _GRAMS[second]
    return Fraction(1) if first == second else None


def _factors(tokens: Sequence[Token], first: Amount, second: Amount) -> tuple[Printed, ...]:
    """Return what the first amount is multiplied by to make the second; nothing where that is not said."""
    between = [token.low for token in tokens[first.at + 2 : second.at]]
    ahead = {token.low for token in tokens[max(0, first.at - _LEAD) : first.at]}
    behind = {token.low for token in tokens[second.at + 2 : second.at + 5]}
    totalled = bool(_TOTALS & {*between[-5:], *ahead, *behind})
    joined = {"(", "=", "[", ";", ","} & set(between[-4:]) or totalled
    if not joined or _LIMITS & set(between) or "±" in between:
        return ()
    if first.per == "kg":
        return _weight(tokens, first, second) if second.per != "kg" else ()
    if first.per not in _A_DAY and (second.per in _A_DAY or "daily" in between[-4:]):
        return _times_a_day(tokens, first, second)
    return _courses(tokens, first, second) if totalled and first.per in {"", "week", *_A_DAY} else ()


def _weight(tokens: Sequence[Token], first: Amount, second: Amount) -> tuple[Printed, ...]:
    """Return the one weight in kilograms near a dose per kilogram."""
    found = []
    for at in range(max(0, first.at - 12), min(len(tokens) - 2, second.at + 10)):
        ahead = at + 2 if tokens[at + 1].text in {"-", "‐", "‑"} else at + 1
        number = tokens[at].number
        if number is not None and tokens[ahead].low == "kg":
            found.append(number)
    return (found[0],) if len(found) == 1 else ()


def _times_a_day(tokens: Sequence[Token], first: Amount, second: Amount) -> tuple[Printed, ...]:
    found = [_times(tokens, at) for at in range(first.at + 2, second.at)]
    told = [times for times in found if times is not None]
    return (told[0],) if len(told) == 1 and told[0].value > 0 else ()


def _times(tokens: Sequence[Token], at: int) -> Printed | None:
    """Return how often "twice", "bid", "three times" and "every 12 hours" are."""
    token, after = tokens[at], tokens[at + 1].low
    spoken = _TIMES.get(token.low.replace(".", ""))
    if spoken is not None:
        return _spoken(token, spoken)
    if token.number is not None and after == "times":
        return token.number
    if token.number is not None and after in {"h", "hours", "hourly"} and tokens[at - 1].low == "every":
        return _spoken(token, _EVERY_HOURS.get(int(token.number.value), 0))
    return None


def _courses(tokens: Sequence[Token], first: Amount, second: Amount) -> tuple[Printed, ...]:
    """Return how often a dose is given: "daily for 5 days", "twice weekly for 2 weeks", "4 doses of"."""
    lead = tokens[max(0, first.at - 4) : first.at]
    if lead and lead[-1].low == "of" and _GIVEN & {token.low for token in lead}:
        numbers = [token.number for token in lead if token.number is not None]
        return (numbers[0],) if len(numbers) == 1 else ()
    stretch = range(first.at + 2, second.at)
    numbered = [at for at in stretch if tokens[at].number is not None]
    repeats = [at for at in numbered if tokens[at + 1].low in _GIVEN or tokens[at + 1].low in _REPEATS]
    often = [at for at in stretch if _TIMES.get(tokens[at].low, 1) > 1]
    if len(repeats) != 1 or len(numbered) != 1 or len(often) > 1:
        return ()
    times = tokens[repeats[0]].number
    if times is None:
        return ()
    length = _REPEATS.get(tokens[repeats[0] + 1].low, "")
    words = [tokens[at].low for at in stretch]
    period = _PERIODS.get(first.per) or next((_PERIODS[word] for word in words if word in _PERIODS), "")
    more = tuple(_spoken(tokens[at], _TIMES[tokens[at].low]) for at in often)
    if not length or length == period:
        return (times, *more)
    if (period, length) == ("day", "week"):
        return (times, _spoken(tokens[repeats[0] + 1], 7), *more)
    return ()


def _spoken(token: Token, value: int) -> Printed:
    return Printed(str(value), Fraction(value), 0, token.start, token.end)
