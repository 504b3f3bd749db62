"""Doses that are told twice, by their factors and by what they make: "15 mg twice daily (30 mg/day)".

Three forms are read: dose per kilogram with a weight, dose with its times a day, dose with its number
of days, weeks or doses; each only beside the amount that they are said to make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from openhlh.claims import Claim, Printed, Product
from openhlh.literature.document import Document
from openhlh.literature.tokens import Sentence, Token

_MASS = {"mg", "g", "µg", "μg", "ug", "mcg", "iu", "u", "units", "unit", "ml"}
_A_DAY = re.compile(r"/(?:day|d)$")
_TIMES = {"once": 1, "twice": 2, "thrice": 3, "bid": 2, "tid": 3, "qid": 4, "bd": 2, "tds": 3, "qds": 4}
_EVERY_HOURS = {24: 1, 12: 2, 8: 3, 6: 4, 4: 6}
_PERIOD = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "day": "day",
    "week": "week",
    "month": "month",
}
_REPEATS = {
    "days": "day",
    "weeks": "week",
    "months": "month",
    "doses": "dose",
    "cycles": "dose",
    "infusions": "dose",
}
_TOTALS = frozenset(
    {
        "total", "totalling", "totaling", "cumulative", "cumulatively", "amounting", "altogether", "ie",
        "equals", "equivalent", "corresponding", "corresponds", "receives", "received", "giving",
        "gives",
    }
)  # fmt: skip
_LIMITS = frozenset(
    {
        "maximum", "max", "maximal", "up", "capped", "cap", "exceed", "exceeding", "minimum", "range",
        "or", "increased", "then", "followed", "tapered", "escalated", "reduced", "titrated", "until",
        "least", "median", "mean", "loading", "alternate", "other", "alternating", "first",
    }
)  # fmt: skip
_SPAN = 24


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
        if sum(token.number is not None for token in tokens) < 2:
            continue
        amounts = list(_amounts(tokens))
        for first, second in zip(amounts, amounts[1:], strict=False):
            if second.at - first.at <= _SPAN and first.unit == second.unit:
                yield from _product(document, tokens, first, second)


def _amounts(tokens: Sequence[Token]) -> Iterator[Amount]:
    for at, token in enumerate(tokens[:-1]):
        if token.number is None or token.number.bound or tokens[at - 1 if at else 0].text in {"-", "–", "±"}:
            continue
        unit, _, per = tokens[at + 1].low.partition("/")
        if unit in _MASS:
            per = per or _per_words(tokens, at + 2)
            yield Amount(at, token.number, unit, per)


def _per_words(tokens: Sequence[Token], at: int) -> str:
    words = [token.low for token in tokens[at : at + 2]]
    if words[:1] in (["per"], ["a"]) and len(words) == 2:
        return words[1] if words[1] in {"day", "kg", "week"} else ""
    return "daily" if words[:1] == ["daily"] else ""


def _product(document: Document, tokens: Sequence[Token], first: Amount, second: Amount) -> Iterator[Product]:
    between = [token.low for token in tokens[first.at + 2 : second.at]]
    behind = [token.low for token in tokens[second.at + 2 : second.at + 8]]
    joins = {"(", "=", "[", ";", ","} & set(between[-4:]) or _TOTALS & set(between[-5:])
    if not joins or _LIMITS & set(between) or "±" in between:
        return
    factors: tuple[Printed, ...] = ()
    if first.per == "kg" and second.per != "kg":
        factors = _weight(tokens, first, second)
    elif first.per not in {"kg", "day", "d"} and (
        second.per in {"day", "d", "daily"} or "daily" in between[-4:]
    ):
        factors = _times_a_day(tokens, first, second)
    elif first.per in {"", "day", "d", "daily"} and _TOTALS & set([*between[-5:], *behind[:3]]):
        factors = _courses(tokens, first, second)
    if factors:
        start, end = tokens[first.at].start, tokens[second.at + 1].end
        text = document.text[start:end]
        words = " ".join(word for word in between if word.isalpha())
        yield Product(
            start,
            end,
            text,
            document.where(start),
            words,
            (first.number, *factors),
            second.number,
            second.unit,
        )


def _weight(tokens: Sequence[Token], first: Amount, second: Amount) -> tuple[Printed, ...]:
    """Return the one weight in kilograms near a dose per kilogram."""
    near = range(max(0, first.at - 12), min(len(tokens) - 1, second.at + 10))
    found = []
    for at in near:
        ahead = at + 2 if tokens[at + 1].text in {"-", "‐", "‑"} else at + 1
        number = tokens[at].number
        if number is not None and ahead < len(tokens) and tokens[ahead].low == "kg":
            found.append(number)
    one_a_dose = not _A_DAY.search(tokens[first.at + 1].low) or second.per in {"day", "d", "daily"}
    return (found[0],) if len(found) == 1 and one_a_dose else ()


def _times_a_day(tokens: Sequence[Token], first: Amount, second: Amount) -> tuple[Printed, ...]:
    found = []
    for at in range(first.at + 2, second.at):
        token, after = tokens[at], tokens[at + 1].low
        if token.low.replace(".", "") in _TIMES:
            found.append(_spoken(token, _TIMES[token.low.replace(".", "")]))
        elif token.number is not None and after == "times":
            found.append(token.number)
        elif token.number is not None and after in {"h", "hours", "hourly"} and tokens[at - 1].low == "every":
            times = _EVERY_HOURS.get(int(token.number.value), 0)
            found.append(_spoken(token, times))
    return tuple(found) if len(found) == 1 and found[0].value > 0 else ()


def _courses(tokens: Sequence[Token], first: Amount, second: Amount) -> tuple[Printed, ...]:
    """Return how often a dose is given: "daily for 5 days", "weekly for 4 weeks", "for 6 doses", "4 doses of"."""
    lead = tokens[max(0, first.at - 3) : first.at]
    if len(lead) == 3 and lead[0].number and lead[1].low in _REPEATS and lead[2].low == "of":
        return (lead[0].number,)
    words = [token.low for token in tokens[first.at + 2 : second.at]]
    period = first.per or next((_PERIOD[word] for word in words if word in _PERIOD), "")
    period = (
        _PERIOD.get(period, period).replace("d", "day") if period in {"d"} else _PERIOD.get(period, period)
    )
    found = [
        token.number
        for at, token in enumerate(tokens[first.at + 2 : second.at], start=first.at + 2)
        if token.number is not None and _REPEATS.get(tokens[at + 1].low) in {period, "dose"}
    ]
    several = any(_TIMES.get(word, 1) > 1 for word in words) or any(
        token.number for token in tokens[first.at + 2 : second.at] if token.number not in found
    )
    return (found[0],) if len(found) == 1 and found[0] is not None and not several else ()


def _spoken(token: Token, value: int) -> Printed:
    return Printed(token.text, Fraction(value), 0, token.start, token.end)
