"""Days and ages as they are written: ISO days, "27 d", "37 a", and the interval in which someone was born."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta

from openhlh.errors import WrongInput
from openhlh.rules.facts import Facts, Person

ISO = re.compile(r"^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.,Z+\- ]{2,})?$")
DAY = re.compile(r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4})(?:[T ].*)?$")
_GERMAN = re.compile(r"^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})$")
_PARTIAL = re.compile(r"^[0-9]{4}(-[0-9]{2})?$")
_DURATION = re.compile(r"^([0-9]{1,6})(?:\.0+)?\s*([a-z]+)$")
_UNITS = {
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("wk", "w", "week", "weeks"), "wk"),
    **dict.fromkeys(("mo", "month", "months"), "mo"),
    **dict.fromkeys(("a", "y", "yr", "yrs", "year", "years"), "a"),
}
_OLDEST = {"d": 47500, "wk": 6785, "mo": 1560, "a": 130}  # nobody has lived longer; not a clinical limit


def today() -> date:
    """Return the current day where the program runs."""
    return datetime.now().astimezone().date()


def day_of_judgement(facts: Facts, on: date | None = None) -> date:
    """Return the day that was asked for, else the last day recorded of the patient, else today."""
    return on or (facts.days[-1] if facts.days else today())


def parse_day(text: str, where: str) -> date:
    """Return a day written as ISO (a time of day is passed over) or dd.mm.yyyy; WrongInput for anything else.

    >>> parse_day("2024-01-31T08:00:00Z", ""), parse_day("31.1.2024", "")
    (datetime.date(2024, 1, 31), datetime.date(2024, 1, 31))
    """
    plain = text.strip()
    iso, german = ISO.match(plain), _GERMAN.match(plain)
    parts = iso.groups() if iso else german.groups()[::-1] if german else None
    try:
        day = date(*(int(one) for one in parts)) if parts else None
    except ValueError:
        day = None
    if day is None:
        raise WrongInput("this is no day", where=where, why=_why(plain), remedy="write it as 2024-01-31")
    return _within_a_life(day, where)


def _within_a_life(day: date, where: str) -> date:
    """Return a day on which something can have been recorded of someone alive; WrongInput for another."""
    if day > today():
        raise WrongInput("this day lies in the future", where=where, remedy="correct the day")
    if day.year < today().year - _OLDEST["a"]:
        raise WrongInput("this day lies longer ago than any life", where=where, remedy="correct the day")
    return day


def _why(text: str) -> str:
    if "/" in text:
        return "with slashes, month and day cannot be told apart"
    if _PARTIAL.match(text):
        return "only a year or a month is given"
    return "no such day exists or it is written in another way"


def parse_birth(text: str, where: str) -> tuple[date, date]:
    """Return the first and the last day on which someone was born whose birthday, month or year is given."""
    plain = text.strip()
    if not _PARTIAL.match(plain):
        day = parse_day(plain, where)
        return day, day
    year, _, month = plain.partition("-")
    try:
        first = date(int(year), int(month or 1), 1)
        last = date(int(year), int(month or 12), monthrange(int(year), int(month or 12))[1])
    except ValueError:
        raise WrongInput("this is no day", where=where, remedy="write it as 2024-01-31") from None
    return _within_a_life(first, where), min(last, today())


def duration(text: str, where: str) -> tuple[int, str]:
    """Return a whole number and its unit of time: d, wk, mo or a; WrongInput for anything else."""
    found = _DURATION.match(text.strip().casefold())
    unit = _UNITS.get(found[2]) if found else None
    if found is None or unit is None:
        raise WrongInput(
            "this is no age or length of time",
            where=where,
            why="a whole number and a unit of time are needed: d, wk, mo or a (years)",
            remedy="write it like 27 d, 5 mo or 37 a, or name the column age [years]",
        )
    if int(found[1]) > _OLDEST[unit]:
        raise WrongInput("this is longer than any life", where=where, remedy="check the unit of time")
    return int(found[1]), unit


def born_between(text: str, on: date, where: str) -> tuple[date, date]:
    """Return the first and the last birthday of someone who has completed an age on a day.

    >>> born_between("27 d", date(2024, 1, 31), ""), born_between("1 a", date(2024, 1, 31), "")[0].isoformat()
    ((datetime.date(2024, 1, 4), datetime.date(2024, 1, 4)), '2022-02-01')
    """
    count, unit = duration(text, where)
    if unit == "d":
        return on - timedelta(days=count), on - timedelta(days=count)
    if unit == "wk":
        return on - timedelta(days=7 * count + 6), on - timedelta(days=7 * count)
    months = count * (12 if unit == "a" else 1)
    step = 12 if unit == "a" else 1
    return _months_before(on, months + step) + timedelta(days=1), _months_before(on, months)


def _months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def born(person: Person, span: tuple[date, date], where: str) -> Person:
    """Return a person with what another row says of the birthday; WrongInput where the rows contradict."""
    earliest = max(span[0], person.born_earliest or span[0])
    latest = min(span[1], person.born_latest or span[1])
    if earliest > latest:
        raise WrongInput(
            "the age or birthday contradicts another row of the same patient",
            where=where,
            remedy="correct one of the two",
        )
    return replace(person, born_earliest=earliest, born_latest=latest)


def with_sex(person: Person, text: str, where: str) -> Person:
    """Return a person with the sex as written; WrongInput where it is unknown or contradicts another row."""
    word = text.strip().casefold()
    if word in ("u", "unknown", "other", "undifferentiated", "un"):
        return person
    if word in ("f", "female"):
        return _of_sex(replace(person, sex="female"), person, where)
    if word in ("m", "male"):
        return _of_sex(replace(person, sex="male"), person, where)
    raise WrongInput("this is no sex", where=where, remedy="write female, male or leave it empty")


def _of_sex(now: Person, before: Person, where: str) -> Person:
    if before.sex and before.sex != now.sex:
        raise WrongInput(
            "the sex contradicts another row of the same patient",
            where=where,
            remedy="correct one of the two",
        )
    return now
