"""What patient rows give, exactly: Kaplan–Meier shares and medians, under several lengths of a month."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import median

from openhlh.claims import Printed
from openhlh.evidence.patient_rows import Patient

# The days of a month that papers divide by, the mean calendar month first.
MONTHS = {
    "30.44 days": Fraction(487, 16),
    "30 days": Fraction(30),
    "30.4 days": Fraction(152, 5),
    "28 days": Fraction(28),
}


def days(value: Fraction, unit: str, month: Fraction) -> Fraction:
    """Return a time in days; `month` is the length of a month, a year is twelve of these or 365.25 days."""
    lengths = {"day": Fraction(1), "week": Fraction(7), "month": month}
    return value * (
        lengths[unit]
        if unit in lengths
        else (12 * month if month != MONTHS["30.44 days"] else Fraction(1461, 4))
    )


def alive_at(patients: Sequence[Patient], time: Fraction) -> Fraction | None:
    """Return the Kaplan–Meier share alive just after a time (unit of the rows), None if rows lack it."""
    share = Fraction(1)
    told = [(one.survival, one.alive) for one in patients]
    if any(when is None or alive is None for when, alive in told):
        return None
    for moment in sorted({when for when, alive in told if when is not None and not alive and when <= time}):
        at_risk = sum(1 for when, _ in told if when is not None and when >= moment)
        died = sum(1 for when, alive in told if when == moment and not alive)
        share *= 1 - Fraction(died, at_risk)
    return share


def median_survival(patients: Sequence[Patient]) -> list[Fraction]:
    """Return the times that may be called the median: one, or start, middle and end where S is just 1/2."""
    moments = sorted({one.survival for one in patients if one.survival is not None and one.alive is False})
    for number, moment in enumerate(moments):
        share = alive_at(patients, moment)
        if share is None:
            return []
        if share < Fraction(1, 2):
            return [moment]
        if share == Fraction(1, 2):
            if number + 1 == len(moments):
                return [moment]
            return [moment, (moment + moments[number + 1]) / 2, moments[number + 1]]
    return []


def plain_median(values: Sequence[Fraction]) -> Fraction:
    """Return the middle value, or the mean of the two middle ones."""
    return Fraction(median(values))


def fits(value: Fraction, printed: Printed) -> bool:
    """Say whether a value rounds to the printed number; a tie agrees with either neighbour."""
    return abs(value - printed.value) <= printed.step / 2
