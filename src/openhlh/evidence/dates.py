"""Dates of a study in their order, and follow-up inside the time that the dates leave (R09, R09b).

A month or a year is a stretch of days: only dates whose stretches cannot be put in order contradict each
other. Where a paper tells several enrolment periods, a date is judged against the one beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from openhlh.claims import Centre, Claim, Day, Finding, Followed, Printed, Word, finding
from openhlh.evidence.histories import runs_backwards

DAYS_OF = {"day": Fraction(1), "week": Fraction(7), "month": Fraction(30), "year": Fraction(365)}
_BESIDE = 250
_ELSEWHERE = {"discussion", "introduction", "background", "references"}
_SLACK = Fraction(103, 100)


class Window(NamedTuple):
    """The two ends of a period as printed."""

    since: Day
    until: Day


def days_exist(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Every printed day stands in the calendar."""
    for claim in _days(claims):
        if claim.role == "no_such_day":
            yield finding(
                "R09", claim, "IMPOSSIBLE",
                f"The calendar has no {claim.text}: this month is shorter. Please check.",
                stated=claim.text, computed=f"the month ends on {claim.last.isoformat()}",
            )  # fmt: skip


def periods_run_forward(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A period begins before it ends."""
    for since, until in windows(claims):
        if since.first > until.last and since.role == "from" and (since.last - since.first).days > 31:
            yield finding(
                "R09", until, "NOT_TESTABLE", "Two years told backwards may be compared and be no period.",
                stated=f"{since.text}, {until.text}", also=((since.start, since.end),),
            )  # fmt: skip
        elif since.first > until.last:
            yield finding(
                "R09", until, "IMPOSSIBLE",
                f"The period from {since.text} to {until.text} ends before it begins. Please check.",
                stated=f"{since.text} to {until.text}", difference=_gap(until.last, since.first),
                also=((since.start, since.end),),
            )  # fmt: skip
        else:
            yield finding(
                "R09", until, "CONSISTENT", "The period ends after it begins.",
                stated=f"{since.text} to {until.text}", also=((since.start, since.end),),
            )  # fmt: skip


def dates_in_order(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Enrolment ends before the data are closed and before the end of follow-up."""
    enrolled = windows(claims, "enrolled")
    lone_starts = [one for one in _days(claims) if one.role == "enrolled_to"]
    for role, name in (("cutoff", "data cut-off"), ("followed_to", "end of follow-up")):
        closed = [one for one in _days(claims) if one.role == role]
        for end in closed:
            until = _belonging(end, enrolled, lone_starts)
            if until is not None:
                sure = len({(one.first, one.last) for one in lone_starts}) == 1 or _beside(until, end)
                latest = max(one.last for one in closed) == end.last or _beside(until, end)
                yield _ordered(until, end, name, sure=sure and latest)


def published_last(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A paper appears after its patients came, and after its data were closed."""
    published = [one for one in _days(claims) if one.role == "published" and not runs_backwards(one, claims)]
    if not published:
        return
    last = max(published, key=lambda one: one.last)
    for claim in _days(claims):
        if claim.role in {"enrolled_to", "cutoff", "followed_to"} and claim.where not in _ELSEWHERE:
            word: Word = "IMPOSSIBLE"
        elif claim.role == "approved" and not claim.series:
            word = "TENSION"
        else:
            continue
        if last.last < claim.first:
            yield finding(
                "R09", claim, word,
                f"{claim.text} lies after the day of publication ({last.text}). Please check.",
                stated=claim.text, computed=f"published {last.text}",
                difference=_gap(last.last, claim.first), also=((last.start, last.end),),
            )  # fmt: skip
        else:
            yield finding(
                "R09",
                claim,
                "CONSISTENT",
                f"It lies before the publication ({last.text}).",
                stated=claim.text,
            )


def one_day_of_publication(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Two printed days of publication agree; a year's first day may only stand for the year."""
    told = [one for one in _days(claims) if one.role == "published" and one.first == one.last and one.end]
    for earlier, later in pairwise(told):
        low, high = sorted((earlier, later), key=lambda one: one.first)
        if low.first != high.first and (low.first.month, low.first.day) == (1, 1):
            yield finding(
                "R09", low, "TENSION",
                f"Two days of publication are printed: {low.text} and {high.text}; "
                "the first of January may only stand for the year. Please check.",
                stated=low.text, computed=high.text, difference=_gap(low.first, high.first),
                also=((high.start, high.end),),
            )  # fmt: skip


def follow_up_fits(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A follow-up is not longer than the time from the first enrolment to the end of the data."""
    since = _first_enrolment(claims)
    ends = [one for one in _days(claims) if one.role in {"cutoff", "followed_to"}]
    ends = ends or [one for one in _days(claims) if one.role == "published"]
    end = max(ends, key=lambda one: one.last, default=None)
    if since is None or end is None or end.last < _last_enrolment(claims, since):
        return  # an end before the last patient came is of an interim look, or wrong itself
    for claim in claims:
        if isinstance(claim, Followed) and claim.where not in _ELSEWHERE:
            yield from _follow_up(claim, since, end)


def _first_enrolment(claims: Sequence[Claim]) -> Day | None:
    """Return the day on which the only enrolment that is told began."""
    enrolled = windows(claims, "enrolled")
    alone = [one for one in _days(claims) if one.role == "enrolled_from"]
    if len({(one.since.first, one.until.last) for one in enrolled}) > 1:
        return None
    starts = [one.since for one in enrolled] or alone
    return starts[0] if len({one.first for one in starts}) == 1 else None


def _last_enrolment(claims: Sequence[Claim], since: Day) -> date:
    """Return the first day on which the last patient may have come, that of the first where none is told."""
    return max((one.first for one in _days(claims) if one.role == "enrolled_to"), default=since.first)


def follow_ups(claims: Sequence[Claim]) -> list[Centre]:
    """Return the medians and means that are those of a time of follow-up."""
    told = [one for one in claims if isinstance(one, Followed)]
    return [
        one
        for one in claims
        if isinstance(one, Centre)
        and ("follow" in one.quantity.lower() or any(_overlap(one, other) for other in told))
    ]


def _overlap(one: Claim, other: Claim) -> bool:
    return one.start < other.end and other.start < one.end


def unit_of_time(claim: Centre) -> str:
    """Return the unit of a printed time ("month"), nothing where it is no time.

    Where a range stands between the number and its unit, the unit is among the words around.
    """
    words = (claim.unit or claim.about).lower().split()
    return next((unit for unit in DAYS_OF for word in words if word.rstrip("s") == unit), "")


def in_days(number: Printed, unit: str) -> Fraction | None:
    """Return the least number of days that a printed time may mean, None for a unit that is no time."""
    length = DAYS_OF.get(unit)
    return None if length is None else (number.value - number.step / 2) * length


def windows(claims: Sequence[Claim], role: str = "") -> list[Window]:
    """Return the periods of the document in its order, all or those of one role."""
    days = _days(claims)
    return [
        Window(since, until)
        for since, until in pairwise(days)
        if since.role.endswith("from")
        and until.role == since.role.removesuffix("from") + "to"
        and until.start - since.end < _BESIDE
        and (not role or since.role == f"{role}_from")
    ]


def _follow_up(claim: Followed, since: Day, end: Day) -> Iterator[Finding]:
    span = (end.last - since.first).days
    longest, unit = claim.longest, claim.unit
    least = in_days(longest, unit) if longest else None
    if longest is None or least is None:
        return
    stated = f"{longest.text} {unit}s"
    also = ((since.start, since.end), (end.start, end.end))
    if least > span * _SLACK + 1:
        yield finding(
            "R09b", claim, "INCONSISTENT",
            f"A follow-up of {stated} is longer than the {span} days from {since.text} to {end.text}. "
            "Please check.",
            stated=stated, computed=f"at most {span} days",
            difference=f"at least {int(least) - span} days", also=also,
        )  # fmt: skip
    else:
        yield finding(
            "R09b", claim, "CONSISTENT", f"It fits into the {span} days from {since.text} to {end.text}.",
            stated=stated, computed=f"at most {span} days", also=also,
        )  # fmt: skip


def _belonging(end: Day, enrolled: list[Window], lone: list[Day]) -> Day | None:
    """Return the end of enrolment that a closing date belongs to: the one beside it, else the only one."""
    if end.where in _ELSEWHERE:
        return None
    known = [one for one in ([window.until for window in enrolled] or lone) if one.where not in _ELSEWHERE]
    beside = [one for one in known if _beside(one, end)]
    return min(beside or known, key=lambda one: abs(one.start - end.start), default=None)


def _beside(one: Day, other: Day) -> bool:
    return abs(one.start - other.start) < _BESIDE


def _ordered(until: Day, end: Day, name: str, *, sure: bool) -> Finding:
    also = ((until.start, until.end),)
    if end.last >= until.first:
        return finding(
            "R09", end, "CONSISTENT", f"The {name} does not lie before the end of enrolment ({until.text}).",
            stated=end.text, computed=until.text, also=also,
        )  # fmt: skip
    word: Word = "IMPOSSIBLE" if sure and "interim" not in end.about else "TENSION"
    return finding(
        "R09", end, word,
        f"The {name} ({end.text}) lies before the end of enrolment ({until.text}). Please check.",
        stated=end.text, computed=f"enrolment until {until.text}",
        difference=_gap(end.last, until.first), also=also,
    )  # fmt: skip


def _gap(earlier: date, later: date) -> str:
    return f"{(later - earlier).days} days"


def _days(claims: Sequence[Claim]) -> list[Day]:
    return [claim for claim in claims if isinstance(claim, Day)]
