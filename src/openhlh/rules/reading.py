"""What one reported value says of one limit: the ground on which both engines stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from openhlh.rules.facts import Measurement
from openhlh.rules.verdicts import MET, NOT_MET, Reason, Ruling, unknown
from openhlh.units import Analyte, Comparator, Quantity

_OPPOSITE = {">=": "<", "<": ">=", ">": "<=", "<=": ">"}


def holds(sign: str, value: Fraction | Decimal, comparator: Comparator, limit: Fraction) -> bool | None:
    """Say whether a value, perhaps only known to lie beyond a bound, is on the limit's side.

    >>> holds(">=", Fraction(40000), ">", Fraction(500)), holds(">=", Fraction(400), ">", Fraction(500))
    (True, None)
    """
    if sign in ("<", "<="):
        above = holds(_OPPOSITE[sign], value, comparator, limit)
        return None if above is None else not above
    strict = sign == ">"
    if comparator in (">", ">="):
        reaches = value > limit if strict and comparator == ">=" else value >= limit
        return True if reaches else None
    if comparator in ("<", "<="):
        stays_below = value <= limit if strict or comparator == "<" else value < limit
        return False if stays_below else None
    return value > limit if strict else value >= limit


@dataclass(frozen=True)
class LimitToHold:
    """A limit ready to be held against values: its sign, its printings, and who may replace it."""

    sign: str
    printed: tuple[Quantity, ...]
    laboratory_cutoff: bool = False

    def in_unit(self, analyte: Analyte, unit: str) -> Fraction | None:
        """Return the limit in a reported unit: as printed in it, else converted; None without factor."""
        for one in self.printed:
            if one.unit == unit:
                return one.number
        return analyte.in_unit(self.printed[0], unit)


def says(row: Measurement, analyte: Analyte, limit: LimitToHold) -> Ruling:
    """Return what one row says of a limit."""
    if row.status == "pending":
        return unknown(Reason.PENDING)
    if row.status == "not_done":
        return unknown(Reason.NOT_MEASURED)
    if limit.printed[0].is_laboratory_limit:
        return _against_normal(row, limit)
    if row.status == "implausible":
        return unknown(Reason.IMPLAUSIBLE)
    if row.value is None or row.unit is None or row.status == "unit_unknown":
        return unknown(Reason.UNIT_NOT_COMPARABLE if row.value is not None else Reason.NOT_MEASURED)
    number = limit.in_unit(analyte, row.unit)
    if number is None:
        return _against_cutoff(row, limit)
    return _ruling(holds(limit.sign, row.value, row.comparator, number))


def _against_normal(row: Measurement, limit: LimitToHold) -> Ruling:
    """Hold a value against a multiple of its laboratory's limit of normal, or take the laboratory's flag."""
    wanted = limit.printed[0]
    bound = row.low if wanted.unit == "LLN" else row.high
    if row.value is not None and bound is not None and row.status == "measured":
        return _ruling(holds(limit.sign, row.value, row.comparator, wanted.number * Fraction(bound)))
    outside = {"LLN": "L", "ULN": "H"}[wanted.unit]
    asks_outside = limit.sign == {"LLN": "<", "ULN": ">"}[wanted.unit]
    asks_inside = limit.sign == {"LLN": ">=", "ULN": "<="}[wanted.unit]
    if row.flag and wanted.number == 1 and (asks_outside or asks_inside):
        return MET if (row.flag == outside) == asks_outside else NOT_MET
    return unknown(Reason.NO_LABORATORY_LIMIT)


def _against_cutoff(row: Measurement, limit: LimitToHold) -> Ruling:
    """A unit without conversion: only its own laboratory's cut-off can be held against the value."""
    if not (limit.laboratory_cutoff and row.cutoff is not None and row.value is not None):
        return unknown(Reason.UNIT_NOT_COMPARABLE)
    sign = ">" if limit.sign in (">", ">=") else "<"
    return _ruling(holds(sign, row.value, row.comparator, Fraction(row.cutoff)))


def _ruling(answer: bool | None) -> Ruling:
    return unknown(Reason.CENSORED) if answer is None else MET if answer else NOT_MET


def age_range(born: date, on: date, unit: str) -> int:
    """Return the completed days, weeks, months or years between two days.

    >>> [age_range(date(2020, 2, 29), date(2021, *day), "a") for day in ((2, 28), (3, 1))]
    [0, 1]
    """
    if unit == "a":
        return (
            on.year * 10000 + on.month * 100 + on.day - born.year * 10000 - born.month * 100 - born.day
        ) // 10000
    if unit == "mo":
        return (
            (on.year * 12 + on.month) * 100 + on.day - (born.year * 12 + born.month) * 100 - born.day
        ) // 100
    days = (on - born).days
    return days // 7 if unit == "wk" else days


def age_holds(sign: str, completed: int, limit: int) -> bool:
    """Say whether a completed age is on the limit's side ("above 18 years" begins with the 19th birthday)."""
    return {
        ">=": completed >= limit,
        ">": completed > limit,
        "<=": completed <= limit,
        "<": completed < limit,
    }[sign]
