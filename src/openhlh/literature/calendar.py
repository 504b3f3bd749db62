"""Dates as papers print them, and periods between two of them, over the tokens of a sentence.

"April 1, 2021", "1st of April 2021", "2021-04-01", "April 2021", "2021"; "from April 1 to May 31, 2021",
"Jan-Aug 2025", "between March and December 2020", "2011–2015". A month counts from its first day to its
last, a year likewise. "30.4.2021" and "2021/04/30" are read, dates with two readings (4/1/2021) are not.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from openhlh.literature.tokens import Token

_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
MONTHS |= {name[:3]: number for number, name in enumerate(_NAMES, 1)} | {"sept": 9}
_TO = {"to", "until", "till", "through", "thru", "-", "–", "—", "−"}
_ORDINALS = {"st", "nd", "rd", "th"}
EARLIEST, LATEST = 1900, 2060


class Written(NamedTuple):
    """A date as printed at tokens first..last: year, month and day, as far as they are printed."""

    first: int
    last: int
    year: int | None
    month: int | None
    day: int | None

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day that it may be; its month, for a day that no month has."""
        year = self.year or EARLIEST
        if self.month is None:
            return date(year, 1, 1), date(year, 12, 31)
        length = monthrange(year, self.month)[1]
        if self.day is None or self.day > length:
            return date(year, self.month, 1), date(year, self.month, length)
        return date(year, self.month, self.day), date(year, self.month, self.day)

    @property
    def exists(self) -> bool:
        """False for a day such as 30 February."""
        if self.month is None or self.day is None:
            return True
        return self.day <= monthrange(self.year or 2000, self.month)[1]


class Period(NamedTuple):
    """Two dates that a sentence joins into a period."""

    since: Written
    until: Written


def dates_of(tokens: Sequence[Token]) -> list[Written | Period]:
    """Return the dates and periods of a sentence in their order; a lone year is no date by itself."""
    found: list[Written | Period] = []
    at = 0
    while at < len(tokens):
        if tokens[at].kind in {"mark", "percent"} or tokens[at].text[0].islower():
            at += 1  # nothing that begins a date
            continue
        read = _joined_months(tokens, at) or _period(tokens, at) or _lone(tokens, at)
        if read is None:
            at += 1
            continue
        found.append(read)
        at = (read.until.last if isinstance(read, Period) else read.last) + 1
    return found


def _lone(tokens: Sequence[Token], at: int) -> Written | None:
    read = date_at(tokens, at)
    return read if read and read.year and read.month else None


def _period(tokens: Sequence[Token], at: int) -> Period | None:
    """Return "A to B", "between A and B", "A–B" from token `at` on."""
    since = date_at(tokens, at) or _bare_day(tokens, at)
    if since is None:
        return None
    joiner = since.last + (2 if _is(tokens, since.last + 1, ",") else 1)
    if joiner + 1 >= len(tokens) or not _joins(tokens, since, joiner):
        return None
    at_second = joiner + 1
    while _is(tokens, at_second, "to", "the", "end", "of", "on", "beginning", "middle"):
        at_second += 1
    until = _day_range_end(tokens, since, at_second) or date_at(tokens, at_second)
    return _completed(since, until) if until else None


def _joins(tokens: Sequence[Token], since: Written, joiner: int) -> bool:
    word = tokens[joiner].low
    before = [token.low for token in tokens[max(0, since.first - 3) : since.first]]
    if word == "and":
        return "between" in before or ("from" in before and since.month is not None)
    if word == "up":
        return joiner + 1 < len(tokens) and tokens[joiner + 1].low == "to"
    if word not in _TO:
        return False
    # "to" joins two bare years only where the words before them say a period: "2015 to 2019" may count things
    return (
        since.month is not None
        or word in {"-", "–", "—", "−"}
        or bool({"from", "between", "during"} & {*before})
    )


def _day_range_end(tokens: Sequence[Token], since: Written, at: int) -> Written | None:
    """Return the second day of "May 1–15, 2021"."""
    if since.month is None or since.day is None or since.year or since.first == since.last:
        return None
    day = _number(tokens, at)
    if day is None or not 1 <= day <= 31:
        return None
    if _month(tokens, at + 1) or (at + 1 < len(tokens) and tokens[at + 1].low in {"of", *_ORDINALS}):
        return None
    year_at = at + 2 if at + 1 < len(tokens) and tokens[at + 1].text == "," else at + 1
    year = _year(tokens, year_at)
    return Written(at, year_at, year, since.month, day) if year else None


def _completed(since: Written, until: Written) -> Period | None:
    """Return the period with the year, and the month, that one of the two dates lends to the other."""
    if since.month is None and since.day is not None:  # "between 1 and 31 May 2021"
        if until.day is None or since.day > until.day:
            return None
        since = since._replace(month=until.month)
    if (since.month is None) != (until.month is None):
        return None
    if since.year is None and until.year is None:
        return None
    if since.year is None and until.year:
        wraps = (since.month or 0, since.day or 0) > (until.month or 0, until.day or 99)
        since = since._replace(year=until.year - (1 if wraps else 0))
    elif until.year is None and since.year:
        wraps = (until.month or 0) < (since.month or 0)
        until = until._replace(year=since.year + (1 if wraps else 0))
    return Period(since, until)


def _joined_months(tokens: Sequence[Token], at: int) -> Period | None:
    """Return "Jan-Aug 2025", where the two months are one word."""
    names = (
        tokens[at].text.replace("‐", "-").replace("‑", "-").split("-") if tokens[at].kind == "word" else []
    )
    if len(names) != 2 or not all(one[:1].isupper() and one.lower() in MONTHS for one in names):
        return None
    year = _year(tokens, at + 1)
    if year is None:
        return None
    first, second = (MONTHS[one.lower()] for one in names)
    return Period(
        Written(at, at, year - (first > second), first, None), Written(at, at + 1, year, second, None)
    )


def date_at(tokens: Sequence[Token], at: int) -> Written | None:
    """Return the date that begins at a token; its year may be missing where a month stands."""
    if at >= len(tokens):
        return None
    if tokens[at].kind in {"day", "section"}:
        return _in_figures(tokens, at)
    if month := _month(tokens, at):
        return _month_first(tokens, at, month)
    day = _number(tokens, at)
    if day is not None and 1 <= day <= 31:
        return _day_first(tokens, at, day) or _with_strokes(tokens, at)
    year = _year(tokens, at)
    return _with_strokes(tokens, at) or Written(at, at, year, None, None) if year else None


def _in_figures(tokens: Sequence[Token], at: int) -> Written | None:
    """Return the date of 2021-04-30 or 30.4.2021."""
    parts = [int(part) for part in re.split(r"[-.]", tokens[at].text)]
    if tokens[at].kind == "section":
        parts.reverse()
    if (
        len(parts) != 3
        or not EARLIEST <= parts[0] < LATEST
        or not 1 <= parts[1] <= 12
        or not 1 <= parts[2] <= 31
    ):
        return None
    return Written(at, at, parts[0], parts[1], parts[2])


def _with_strokes(tokens: Sequence[Token], at: int) -> Written | None:
    """Return the date of 2021/04/30, 30/04/2021 or 04/2021; 4/5/2021 has two readings and is none."""
    if _is(tokens, at + 1, "/") and not _is(tokens, at + 3, "/"):
        month, year = _number(tokens, at), _year(tokens, at + 2)
        return Written(at, at + 2, year, month, None) if year and month and month <= 12 else None
    if not (_is(tokens, at + 1, "/") and _is(tokens, at + 3, "/")) or at + 4 >= len(tokens):
        return None
    figures = [tokens[at + step].text for step in (0, 2, 4)]
    if not all(one.isdecimal() for one in figures) or _is(tokens, at + 5, "/"):
        return None
    first, middle, last = (int(one) for one in figures)
    if len(figures[0]) == 4:
        year, month, day = first, middle, last
    else:
        year, month, day = (last, middle, first) if first > 12 else (last, first, middle)
        if first <= 12 and middle <= 12 and first != middle:
            return None
    if not EARLIEST <= year < LATEST or not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    return Written(at, at + 4, year, month, day)


def _month_first(tokens: Sequence[Token], at: int, month: int) -> Written:
    last = at + 1 if _is(tokens, at + 1, ".") else at
    day = _number(tokens, last + 1)
    found_day = None
    if day is not None and 1 <= day <= 31:
        found_day, last = day, last + 1
        if _is(tokens, last + 1, *_ORDINALS):
            last += 1
    after = last + 2 if _is(tokens, last + 1, ",", "of") else last + 1
    year = _year(tokens, after)
    return Written(at, after if year else last, year, month, found_day)


def _day_first(tokens: Sequence[Token], at: int, day: int) -> Written | None:
    month_at = at + 1
    while _is(tokens, month_at, "of", *_ORDINALS):
        month_at += 1
    month = _month(tokens, month_at)
    if month is None:
        return None
    after = month_at + 2 if _is(tokens, month_at + 1, ",", ".", "of") else month_at + 1
    year = _year(tokens, after)
    return Written(at, after if year else month_at, year, month, day)


def _bare_day(tokens: Sequence[Token], at: int) -> Written | None:
    """Return the "1" of "between 1 and 31 May 2021"."""
    day = _number(tokens, at)
    if day is None or not 1 <= day <= 31 or at == 0 or tokens[at - 1].low not in {"from", "between"}:
        return None
    return Written(at, at, None, None, day)


def _month(tokens: Sequence[Token], at: int) -> int | None:
    if at >= len(tokens) or tokens[at].kind != "word" or not tokens[at].text[0].isupper():
        return None
    return MONTHS.get(tokens[at].low)


def _number(tokens: Sequence[Token], at: int) -> int | None:
    """Return a whole number in digits; "1st" is a word to the lexer, and its digits count too."""
    if at >= len(tokens) or not tokens[at].text.isdecimal() or len(tokens[at].text) > 2:
        return None
    return int(tokens[at].text)


def _year(tokens: Sequence[Token], at: int) -> int | None:
    if at >= len(tokens) or len(tokens[at].text) != 4 or not tokens[at].text.isdecimal():
        return None
    year = int(tokens[at].text)
    return year if EARLIEST <= year < LATEST else None


def _is(tokens: Sequence[Token], at: int, *words: str) -> bool:
    return at < len(tokens) and tokens[at].low in words


def in_order(read: Sequence[Written | Period]) -> Iterator[tuple[Written, str]]:
    """Yield every date with its side of a period: "from", "to" or nothing."""
    for one in read:
        if isinstance(one, Period):
            yield one.since, "from"
            yield one.until, "to"
        else:
            yield one, ""
