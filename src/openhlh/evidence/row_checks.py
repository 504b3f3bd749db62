"""Patients of a table against themselves and the dates (R09b, R15, R15b)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from openhlh.claims import Claim, Day, Finding, Survival, Word, finding
from openhlh.evidence.dates import windows
from openhlh.evidence.patient_rows import tables_of_patients
from openhlh.evidence.recomputed import MONTHS, days


def responses_end_before_survival(claims: Sequence[Claim]) -> Iterator[Finding]:
    """No response of a patient lasts longer than the patient was followed."""
    for rows in tables_of_patients(claims):
        for one in rows.patients:
            if (
                one.duration is None
                or one.survival is None
                or not (rows.duration_unit and rows.survival_unit)
            ):
                continue
            month = MONTHS["30 days"]
            lasted = days(one.duration, rows.duration_unit, month)
            lived = days(one.survival, rows.survival_unit, month)
            stated = (
                f"response {one.duration} {rows.duration_unit}s, "
                f"survival {one.survival} {rows.survival_unit}s"
            )
            longer = lasted > lived * (1 if rows.duration_unit == rows.survival_unit else Fraction(21, 20))
            yield finding(
                "R15", one.claim, "INCONSISTENT" if longer else "CONSISTENT",
                f"Patient {one.claim.patient}: "
                + ("a response cannot last longer than the patient lived. Please check."
                   if longer else "the response ends within the survival."),
                stated=stated,
            )  # fmt: skip


def responses_end_with_follow_up(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Responses of survivors who did not relapse last to the end of follow-up, from the same start."""
    for rows in tables_of_patients(claims):
        if not rows.duration_unit or rows.duration_unit != rows.survival_unit:
            continue
        alive = [
            one
            for one in rows.patients
            if one.alive and one.duration is not None and one.survival is not None
        ]
        gaps = {(one.survival or 0) - (one.duration or 0) for one in alive}
        if len(alive) < 2 or len(gaps) != 1 or min(gaps) <= 0:
            continue
        gap, unit = min(gaps), rows.duration_unit
        none_returned = next(
            (c for c in claims if isinstance(c, Survival) and c.endpoint == "no recurrence"), None
        )
        ends = {
            (c.first, c.last) for c in claims if isinstance(c, Day) and c.role in {"followed_to", "cutoff"}
        }
        sure = none_returned is not None and len(ends) == 1 and len(alive) > 2
        yield finding(
            "R15b", alive[0].claim, "INCONSISTENT" if sure else "CONVENTION",
            f"For all {len(alive)} survivors the response ends {gap} {unit}s before the stated follow-up"
            + (", although no recurrence is reported. Please check." if sure
               else ": responses and survival were closed on different days."),
            stated="; ".join(f"{one.claim.patient}: {one.duration} of {one.survival}" for one in alive),
            difference=f"{gap} {unit}s for each",
            convention="" if sure else "an earlier closing day for responses",
            also=tuple((one.claim.start, one.claim.end) for one in alive[1:]),
        )  # fmt: skip


def remissions_last_as_told(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Where a remission is said to last longer than a time, a response of the rows is that long."""
    for rows in tables_of_patients(claims):
        lasting = [one.duration for one in rows.patients if one.duration is not None]
        if not lasting or not rows.duration_unit:
            continue
        for claim in claims:
            if not isinstance(claim, Survival) or claim.endpoint != "remission" or claim.time is None:
                continue
            least = days(claim.time.value, claim.unit, MONTHS["28 days"])
            longest = days(max(lasting), rows.duration_unit, MONTHS["30.44 days"])
            short = longest < least
            yield finding(
                "R15b", claim, "INCONSISTENT" if short else "CONSISTENT",
                f"A remission longer than {claim.text} is told, no response of the table is. Please check."
                if short else "A response is that long.",
                stated=claim.text, computed=f"at most {max(lasting)} {rows.duration_unit}s",
            )  # fmt: skip


def survivors_fit_dates(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Survivors were followed from a day of the enrolment to the end of follow-up (R09b)."""
    enrolled = windows(claims, "enrolled")
    ends = [one for one in claims if isinstance(one, Day) and one.role in {"followed_to", "cutoff"}]
    if len({(w.since.first, w.until.last) for w in enrolled}) != 1 or len({one.last for one in ends}) != 1:
        return
    since, until, end = enrolled[0].since, enrolled[0].until, ends[0]
    low, high = (end.first - until.last).days, (end.last - since.first).days
    for rows in tables_of_patients(claims):
        for one in rows.patients:
            if not one.alive or one.survival is None or rows.survival_unit != "day" or high < 0:
                continue
            inside = low - 1 <= one.survival <= high + 1
            word: Word = (
                "CONSISTENT"
                if inside
                else "INCONSISTENT"
                if one.survival > high * Fraction(11, 10)
                else "TENSION"
            )
            why = (
                f"Patient {one.claim.patient}: followed {one.survival} days, the dates leave {low} to {high}."
            )
            yield finding(
                "R09b", one.claim, word, why + ("" if inside else " Please check."),
                stated=f"{one.survival} days", computed=f"{low} to {high} days",
                also=((since.start, until.end), (end.start, end.end)),
            )  # fmt: skip
