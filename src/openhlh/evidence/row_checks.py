"""What a paper says of its patients against its own table of patients (R10, R11, R11b, R15, R15b, R09b).

Tables whose shape was guessed can be read wrongly: where a statement does not follow from the rows, it is
told as a contradiction only if another statement does follow from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from openhlh.claims import Centre, Claim, Day, Finding, Printed, Proportion, Survival, Word, finding
from openhlh.evidence.dates import unit_of_time, windows
from openhlh.evidence.patient_rows import Rows, tables_of_patients
from openhlh.evidence.recomputed import MONTHS, alive_at, days, fits, median_survival, plain_median

_WHOLE = {"os", "overall survival", "survival"}
_USUAL = ("30.44 days", "30 days")  # what follows with both needs no convention
_LABELS = {
    "CR": {"cr", "complete"}, "PR": {"pr", "partial"}, "NR": {"nr", "non-response", "nonresponse"},
    "improvement": {"improvement"}, "ORR": {"orr"}, "dead": {"mortality", "died", "deaths", "death"},
    "alive": {"alive", "survived"},
}  # fmt: skip


class Judged(NamedTuple):
    """One comparison with the rows: does it follow, under which months, what the rows give."""

    claim: Claim
    rule: str
    follows: bool
    stated: str
    computed: str
    months: tuple[str, ...] = ()
    reading: str = ""


def rows_agree_with_text(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Survival, medians and counts of the text follow from the rows, with one length of a month."""
    for rows in tables_of_patients(claims):
        judged = [
            *_shares(claims, rows), *_medians(claims, rows),
            *_subgroup_medians(claims, rows), *_counts(claims, rows),
        ]  # fmt: skip
        common = _common_month(judged)
        trusted = sum(one.follows for one in judged)
        for one in judged:
            yield _told(one, common, trusted - one.follows)


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


def _told(one: Judged, common: str, others: int) -> Finding:
    if not one.follows:
        word: Word = "INCONSISTENT" if others else "TENSION"
        why = f"The table of patients gives {one.computed}, the text {one.stated}. Please check."
        return finding(one.rule, one.claim, word, why, stated=one.stated, computed=one.computed)
    conventions = [one.reading] if one.reading else []
    if one.months and not set(_USUAL) <= set(one.months):
        conventions.append(f"months of {common if common in one.months else one.months[0]}")
    if not conventions:
        return finding(
            one.rule, one.claim, "CONSISTENT", "It follows from the table of patients.",
            stated=one.stated, computed=one.computed,
        )  # fmt: skip
    how = " and ".join(conventions)
    return finding(
        one.rule, one.claim, "CONVENTION", f"It follows from the table of patients with {how}.",
        stated=one.stated, computed=one.computed, convention=how,
    )  # fmt: skip


def _common_month(judged: Sequence[Judged]) -> str:
    """Return the length of a month under which most comparisons follow: a paper uses one."""
    return max(MONTHS, key=lambda name: sum(name in one.months for one in judged))


def _shares(claims: Sequence[Claim], rows: Rows) -> Iterator[Judged]:
    """Compare survival at times of the whole cohort: the series that names the number of the rows."""
    if not rows.survival_unit or not rows.deaths_known:
        return
    told = [
        one
        for one in claims
        if isinstance(one, Survival) and one.percent and one.time and one.endpoint in _WHOLE
    ]
    whole = {one.series for one in told if one.total and one.total.value == len(rows.patients)}
    for one in told:
        if one.series not in whole or one.percent is None or one.time is None:
            continue
        found = {
            name: alive_at(
                rows.patients, _in_unit(days(one.time.value, one.unit, month), rows.survival_unit, month)
            )
            for name, month in MONTHS.items()
        }
        good = tuple(
            name for name, share in found.items() if share is not None and fits(100 * share, one.percent)
        )
        shares = sorted({share for share in found.values() if share is not None})
        stated = f"{one.percent.text} % at {one.time.text} {one.unit}s"
        yield Judged(one, "R11", bool(good), stated, " or ".join(_percent(share) for share in shares), good)


def _medians(claims: Sequence[Claim], rows: Rows) -> Iterator[Judged]:
    """Compare the median follow-up or survival of everybody, with its range where one is printed."""
    if not rows.survival_unit or any(one.survival is None for one in rows.patients):
        return
    times = [one.survival for one in rows.patients if one.survival is not None]
    for claim, unit in _times_told(claims):
        quantity = claim.quantity.lower()
        follow_up = "follow" in quantity
        if claim.centre is None or not (follow_up or _is_whole_survival(claim)):
            continue
        low_high = [(claim.low, min(times)), (claim.high, max(times))] if claim.spread == "range" else []
        if not follow_up and not low_high:
            continue  # a median survival alone may be that of a part of the patients
        middles = (
            [plain_median(times)] if follow_up else [*median_survival(rows.patients), plain_median(times)]
        )
        good = _months_that_fit(claim.centre, middles, low_high, unit, rows.survival_unit)
        if follow_up and not good and not _same_range(low_high, unit, rows.survival_unit):
            continue  # followed from another day, or of survivors only: nothing to compare with
        stated = f"{claim.centre.text} {unit}s"
        yield Judged(
            claim,
            "R10" if follow_up else "R11b",
            bool(good),
            stated,
            _shown(middles, rows.survival_unit),
            good,
        )


def _subgroup_medians(claims: Sequence[Claim], rows: Rows) -> Iterator[Judged]:
    """Compare a median survival that is told of the patients with a cause by the name it has in the table."""
    if not rows.survival_unit or not rows.deaths_known:
        return
    for claim, unit in _times_told(claims):
        named = {one.cause for one in rows.patients if one.cause and one.cause in claim.about.lower().split()}
        if not named or not _is_whole_survival(claim) or claim.centre is None or claim.spread:
            continue
        middles = median_survival([one for one in rows.patients if one.cause in named])
        good = _months_that_fit(claim.centre, middles, [], unit, rows.survival_unit)
        if good:
            reading = f"the patients with {', '.join(sorted(named))}"
            shown = _shown(middles, rows.survival_unit)
            yield Judged(claim, "R11b", True, f"{claim.centre.text} {unit}s", shown, good, reading)


def _counts(claims: Sequence[Claim], rows: Rows) -> Iterator[Judged]:
    """Compare counts of responses and deaths whose total is the number of the rows."""
    have = {
        level: sum(one.level == level for one in rows.patients) for level in ("CR", "PR", "NR", "improvement")
    }
    leveled = all(one.level for one in rows.patients)
    for claim in claims:
        if not isinstance(claim, Proportion) or claim.count is None or claim.total is None:
            continue
        if claim.total.value != len(rows.patients) or claim.where == rows.patients[0].claim.where:
            continue
        words = set(claim.about.lower().split())
        labels = [label for label, told in _LABELS.items() if words & told]
        possible: dict[str, int] = {label: have[label] for label in labels if leveled and label in have}
        if "ORR" in labels and leveled:
            possible |= {"CR + PR": have["CR"] + have["PR"], "responders": len(rows.patients) - have["NR"]}
        if (
            {"dead", "alive"} & {*labels}
            and rows.deaths_known
            and not {"directly", "related", "due", "caused"} & words
        ):
            dead = sum(one.alive is False for one in rows.patients)
            possible |= {"deaths": dead} if "dead" in labels else {"alive": len(rows.patients) - dead}
        if possible:
            follows = claim.count.value in possible.values()
            if follows or len(possible) == 1 or "ORR" in labels:
                yield Judged(
                    claim, "R15", follows, f"{claim.count.text} of {claim.total.text}",
                    ", ".join(f"{number} {label}" for label, number in possible.items()),
                )  # fmt: skip


def _times_told(claims: Sequence[Claim]) -> Iterator[tuple[Centre, str]]:
    for claim in claims:
        if isinstance(claim, Centre) and claim.measure == "median" and (unit := unit_of_time(claim)):
            yield claim, unit


def _is_whole_survival(claim: Centre) -> bool:
    quantity = f" {claim.quantity.lower()} "
    return any(f" {word} " in quantity for word in _WHOLE) and "free" not in quantity


def _months_that_fit(
    centre: Printed,
    middles: Sequence[Fraction],
    ends: Sequence[tuple[Printed | None, Fraction]],
    unit: str,
    own: str,
) -> tuple[str, ...]:
    """Return the lengths of a month under which the middle, and the ends of the range, are as printed."""
    return tuple(
        name
        for name, month in MONTHS.items()
        if any(fits(_converted(middle, own, unit, month), centre) for middle in middles)
        and all(
            printed is None or fits(_converted(value, own, unit, month), printed) for printed, value in ends
        )
    )


def _same_range(ends: Sequence[tuple[Printed | None, Fraction]], unit: str, own: str) -> bool:
    """True where the printed range is the one of the rows: then the median is of the same times."""
    return bool(ends) and any(
        all(
            printed is not None and fits(_converted(value, own, unit, month), printed)
            for printed, value in ends
        )
        for month in MONTHS.values()
    )


def _converted(value: Fraction, own: str, unit: str, month: Fraction) -> Fraction:
    return _in_unit(days(value, own, month), unit, month)


def _in_unit(length: Fraction, unit: str, month: Fraction) -> Fraction:
    return length / days(Fraction(1), unit, month)


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.1f} %"


def _shown(middles: Sequence[Fraction], unit: str) -> str:
    return " or ".join(f"{float(one):g}" for one in middles) + f" {unit}s"
