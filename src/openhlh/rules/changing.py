"""Change from baseline: the value of one day against the value of another, each perhaps only a bound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from openhlh.rules import tree
from openhlh.rules.facts import Facts, Measurement, Moment
from openhlh.rules.verdicts import MET, NOT_APPLICABLE, NOT_MET, Reason, Ruling, Verdict, every, unknown
from openhlh.units import Analyte, quantity


@dataclass(frozen=True)
class Span:
    """What is known of a value in the canonical unit: it lies between `low` and `high` (None: open)."""

    low: Fraction
    high: Fraction | None
    row: Measurement


def judge_change(
    rule: tree.Change, analyte: Analyte, facts: Facts, moment: Moment
) -> tuple[Ruling, Measurement | None, Measurement | None]:
    """Return the ruling, the baseline row and the row that was held against it."""
    if moment.baseline is None:
        return unknown(Reason.NO_BASELINE), None, None
    rows = facts.measured(rule.change)
    before = _nearest(rows, analyte, moment.baseline, _window(rule.baseline_window, moment.baseline_window))
    now = _nearest(rows, analyte, moment.on, _window(rule.window, moment.window))
    shown = tuple(one.row if isinstance(one, Span) else None for one in (before, now))
    if isinstance(before, Ruling):
        return before, *shown  # type: ignore[return-value]
    band = _in_band(before, rule.baseline, analyte)
    if band.verdict is not Verdict.MET:
        return (NOT_APPLICABLE if band == NOT_MET else band), *shown  # type: ignore[return-value]
    if isinstance(now, Ruling):
        return now, *shown  # type: ignore[return-value]
    sign, factor = rule.sign_and_factor
    answer = every([_times(sign, now, before, Fraction(factor)), _in_band(now, rule.and_value, analyte)])
    return answer, *shown  # type: ignore[return-value]


def _window(own: tree.Window | None, page: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
    return (own.start, own.end) if own else page


def _nearest(
    rows: list[Measurement], analyte: Analyte, day: date, window: tuple[int | None, int | None]
) -> Span | Ruling:
    """Return the value of the day nearest to a day (the earlier of two), or why there is none."""
    start, end = window
    near: list[tuple[tuple[int, int], Measurement]] = []
    for row in rows:
        distance = (row.on - day).days if row.on else 0
        if (
            row.status != "not_done"
            and (start is None or distance >= start)
            and (end is None or distance <= end)
        ):
            near.append(((abs(distance), distance), row))
    if not near:
        return unknown(Reason.OUT_OF_WINDOW if rows else Reason.NOT_MEASURED)
    place = min(place for place, _ in near)
    spans = [_span(row, analyte) for at, row in near if at == place]
    wrong = [one for one in spans if isinstance(one, Ruling)]
    if wrong:
        return max(wrong, key=lambda one: one.rank)
    good = [one for one in spans if isinstance(one, Span)]
    highs = [one.high for one in good]
    high = None if None in highs else max(one for one in highs if one is not None)
    return Span(min(one.low for one in good), high, good[0].row)


def _span(row: Measurement, analyte: Analyte) -> Span | Ruling:
    if row.status == "pending":
        return unknown(Reason.PENDING)
    if row.status == "implausible":
        return unknown(Reason.IMPLAUSIBLE)
    number = (
        None if row.value is None or row.unit is None else analyte.canonical(Fraction(row.value), row.unit)
    )
    if number is None:
        return unknown(Reason.UNIT_NOT_COMPARABLE)
    if row.comparator in (">", ">="):
        return Span(number, None, row)
    return Span(Fraction(0) if row.comparator else number, number, row)


def _times(sign: str, now: Span, before: Span, factor: Fraction) -> Ruling:
    """Hold now against factor times before for every value that both may have."""
    if sign in (">", ">="):
        surely = before.high is not None and _compare(sign, now.low, factor * before.high)
        never = now.high is not None and not _compare(sign, now.high, factor * before.low)
    else:
        surely = now.high is not None and _compare(sign, now.high, factor * before.low)
        never = before.high is not None and not _compare(sign, now.low, factor * before.high)
    return MET if surely else NOT_MET if never else _unsure(now, before)


def _in_band(span: Span, band: tree.Band | None, analyte: Analyte) -> Ruling:
    """Say whether a value lies in a band."""
    rulings = []
    for name, sign in tree.SIGNS.items():
        limit = getattr(band, name) if band else None
        if limit is None:
            continue
        number = analyte.in_unit(quantity(str(limit)), analyte.unit)
        if number is None:
            return unknown(Reason.UNIT_NOT_COMPARABLE)
        ends = [_compare(sign, span.low, number), span.high is not None and _compare(sign, span.high, number)]
        if span.high is None and sign in (">", ">="):
            ends[1] = True
        rulings.append(MET if all(ends) else NOT_MET if not any(ends) else _unsure(span))
    return every(rulings) if rulings else MET


def _unsure(*spans: Span) -> Ruling:
    censored = any(one.row.comparator for one in spans)
    return unknown(Reason.CENSORED if censored else Reason.CONFLICTING)


def _compare(sign: str, left: Fraction, right: Fraction) -> bool:
    return {">=": left >= right, ">": left > right, "<=": left <= right, "<": left < right}[sign]
