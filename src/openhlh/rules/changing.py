"""Change from baseline: the value of one day against the value of another, each perhaps only a bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from openhlh.rules import tree
from openhlh.rules.facts import Facts, Measurement, Moment
from openhlh.rules.verdicts import MET, NOT_APPLICABLE, NOT_MET, Reason, Ruling, Verdict, every, unknown
from openhlh.units import Analyte, quantity

Hidden = Callable[[date | None], bool]


@dataclass(frozen=True)
class Span:
    """What is known of a value: it lies between `low` and `high` (None: open).

    It stands in the canonical unit (`own_unit` empty), or in a unit that converts into no other: then only
    its ratio to a value in that same unit means something.
    """

    low: Fraction
    high: Fraction | None
    row: Measurement
    censored: bool
    own_unit: str = ""


def judge_change(
    rule: tree.Change, analyte: Analyte, facts: Facts, moment: Moment, hidden: Hidden
) -> tuple[Ruling, Measurement | None, Measurement | None]:
    """Return the ruling, the baseline row and the row held against it; `hidden` rows cannot be read."""
    if moment.baseline is None:
        return unknown(Reason.NO_BASELINE), None, None
    spans = [
        (row, unknown(Reason.CONFOUNDED) if hidden(row.on) else _span(row, analyte))
        for row in facts.measured(rule.change)
        if row.status != "not_done"
    ]
    before = _nearest(
        spans, moment.baseline, _window(rule.baseline_window, moment.baseline_window), dated=True
    )
    now = _nearest(spans, moment.on, _window(rule.window, moment.window), dated=False)
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
    rows: list[tuple[Measurement, Span | Ruling]],
    day: date,
    window: tuple[int | None, int | None],
    *,
    dated: bool,
) -> Span | Ruling:
    """Return the value of the day nearest to a day (the earlier of two), or why there is none.

    A value without a day counts for the day of judgement, not for the baseline (`dated`).
    """
    start, end = window
    near: list[tuple[tuple[int, int], Span | Ruling]] = []
    for row, span in rows:
        distance = (row.on - day).days if row.on else 0
        inside = (start is None or distance >= start) and (end is None or distance <= end)
        if inside if row.on else not dated:
            near.append(((abs(distance), distance), span))
    if not near:
        return unknown(Reason.OUT_OF_WINDOW if rows else Reason.NOT_MEASURED)
    place = min(place for place, _ in near)
    spans = [span for at, span in near if at == place]
    wrong = [one for one in spans if isinstance(one, Ruling)]
    if wrong:
        return max(wrong, key=lambda one: one.rank)
    good = [one for one in spans if isinstance(one, Span)]
    if len({one.own_unit for one in good}) > 1:
        return unknown(Reason.UNIT_NOT_COMPARABLE)
    highs = [one.high for one in good]
    high = None if None in highs else max(one for one in highs if one is not None)
    censored = any(one.censored for one in good)
    return Span(min(one.low for one in good), high, good[0].row, censored, good[0].own_unit)


def _span(row: Measurement, analyte: Analyte) -> Span | Ruling:
    if row.status == "pending":
        return unknown(Reason.PENDING)
    if row.status == "implausible":
        return unknown(Reason.IMPLAUSIBLE)
    if row.value is None or row.unit is None or row.status == "unit_unknown":
        return unknown(Reason.UNIT_NOT_COMPARABLE)
    number, own_unit = analyte.canonical(Fraction(row.value), row.unit), ""
    if number is None and row.unit in analyte.incomparable:
        number, own_unit = Fraction(row.value), row.unit
    if number is None:
        return unknown(Reason.UNIT_NOT_COMPARABLE)
    if row.comparator in (">", ">="):
        return Span(number, None, row, True, own_unit)
    return Span(Fraction(0) if row.comparator else number, number, row, bool(row.comparator), own_unit)


def _times(sign: str, now: Span, before: Span, factor: Fraction) -> Ruling:
    """Hold now against factor times before for every value that both may have."""
    if now.own_unit != before.own_unit:
        return unknown(Reason.UNIT_NOT_COMPARABLE)
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
        if number is None or span.own_unit:
            return unknown(Reason.UNIT_NOT_COMPARABLE)
        ends = [_compare(sign, span.low, number), span.high is not None and _compare(sign, span.high, number)]
        if span.high is None and sign in (">", ">="):
            ends[1] = True
        rulings.append(MET if all(ends) else NOT_MET if not any(ends) else _unsure(span))
    return every(rulings) if rulings else MET


def _unsure(*spans: Span) -> Ruling:
    return unknown(Reason.CENSORED if any(one.censored for one in spans) else Reason.CONFLICTING)


def _compare(sign: str, left: Fraction, right: Fraction) -> bool:
    return {">=": left >= right, ">": left > right, "<=": left <= right, "<": left < right}[sign]
