"""What a paper says of its patients against its own table of patients (R10, R11, R11b, R15).

Tables whose shape was guessed can be read wrongly: where a statement does not follow from their rows, it is
told as a contradiction only if another statement does follow from them. Where a paper has several tables of
patients, a statement may follow from any of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from openhlh.claims import Centre, Claim, Finding, Printed, Proportion, Survival, Word, finding
from openhlh.evidence.dates import follow_ups, unit_of_time
from openhlh.evidence.patient_rows import Rows, tables_of_patients
from openhlh.evidence.recomputed import MONTHS, alive_at, days, fits, median_survival, plain_median

_COUNTED = {"CR", "PR", "NR", "improvement"}
_WHOLE = {"os", "overall survival", "survival"}
_USUAL = ("30.44 days", "30 days")  # what follows with both needs no convention
_FULL = r"(?:(?:metabolic|molecular|haematologic\w*|hematologic\w*|clinical) )?(?:respon\w+|remission)"
_SAID = r"(?:responses?|remissions?)"
_LABELS = {
    label: re.compile(rf"\b(?:{words})\b")
    for label, words in {
        "CR": rf"crs?|(?:complete(?:ly)?|full) {_FULL}|responded completely|{_SAID} complete",
        "PR": rf"prs?|partial(?:ly)? {_FULL}|responded partially|{_SAID} partial",
        "NR": r"nr|non-?respon\w+|no respon\w+|not respon\w+",
        "improvement": "improvement",
        "ORR": rf"orr|(?:overall|objective|any|a) {_FULL}|responded|responders|response rate",
        "dead": "mortality|died|deaths?",
        "alive": "alive|survived|survivors?",
    }.items()
}
# "complete or partial response", "at least a partial response": the words lost their "or" and "at".
_BOTH = re.compile(r"\bcomplete partial|\bpartial complete|\bleast partial|\bpartial better|\bpr better")
# A response told at a time, or of a part, is another one than the best of everybody.
_AT_A_TIME = re.compile(
    r"\b(?:weeks?|months?|days?|initial\w*|first|early|interim|cycles?|second|later?|eventually|maintained|"
    r"sustained|ongoing)\b"
)
_PART = re.compile(r"\b(?:surviv\w+|alive|living|responders?|deceased|died|treated|remaining|other)\b")


class Judged(NamedTuple):
    """One comparison with the rows: does it follow, under which months, what the rows give.

    `doubtful` is true where the words may tell of other patients or of another time.
    """

    claim: Claim
    rule: str
    follows: bool
    stated: str
    computed: str
    months: tuple[str, ...] = ()
    reading: str = ""
    doubtful: bool = False


def rows_agree_with_text(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Survival, medians and counts of the text follow from the rows, with one length of a month."""
    told: dict[int, tuple[Judged, str, bool]] = {}
    everybody = _everybody(claims)
    for rows in tables_of_patients(claims):
        judged = [
            *_shares(claims, rows), *_medians(claims, rows),
            *_subgroup_medians(claims, rows), *_counts(claims, rows),
        ]  # fmt: skip
        common = _common_month(judged)
        trusted = sum(one.follows for one in judged)
        whole = rows.whole and len(rows.patients) == everybody
        for one in judged:
            known = told.get(id(one.claim))
            if known is None or (one.follows and not known[0].follows):
                told[id(one.claim)] = (one, common, whole or trusted > one.follows)
    for one, common, sure in told.values():
        yield _told(one, common, sure=sure)


def _everybody(claims: Sequence[Claim]) -> int:
    """Return the total that most printed shares have: the number of all patients, 0 where none is printed."""
    totals = Counter(
        int(one.total.value)
        for one in claims
        if isinstance(one, Proportion) and one.total and one.total.whole
    )
    return max(totals, key=lambda total: totals[total], default=0)


def _told(one: Judged, common: str, *, sure: bool) -> Finding:
    if not one.follows:
        word: Word = "INCONSISTENT" if sure and not one.doubtful else "TENSION"
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
    followed = {id(one) for one in follow_ups(claims)}
    for claim, unit in _times_told(claims):
        follow_up = id(claim) in followed
        times, own = rows.times(follow_up=follow_up)
        if not times or claim.centre is None or not (follow_up or _is_whole_survival(claim)):
            continue
        low_high = [(claim.low, min(times)), (claim.high, max(times))] if claim.spread == "range" else []
        if not follow_up and not low_high:
            continue  # a median survival alone may be that of a part of the patients
        middles = (
            [plain_median(times)] if follow_up else [*median_survival(rows.patients), plain_median(times)]
        )
        good = _months_that_fit(claim.centre, middles, low_high, unit, own)
        named = bool(rows.follow_up_unit)
        if follow_up and not good and not named and not _same_range(low_high, unit, own):
            continue  # followed from another day, or of survivors only: nothing to compare with
        other = claim.n is not None and claim.n.value != len(rows.patients)
        stated, shown = f"{claim.centre.text} {unit}s", _shown(middles, own)
        doubtful = other or bool(follow_up and named and _PART.search(claim.about))
        yield Judged(
            claim, "R10" if follow_up else "R11b", bool(good), stated, shown, good, doubtful=doubtful
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
    for claim in claims:
        if (
            not isinstance(claim, Proportion)
            or claim.count is None
            or not _is_of_all(claim, len(rows.patients))
        ):
            continue
        if claim.where == rows.patients[0].claim.where:
            continue
        possible = _countable(claim.about.lower(), rows)
        if possible:
            follows = claim.count.value in possible.values()
            if follows or len(possible) == 1 or {"responders", "deaths"} & {*possible}:
                yield Judged(
                    claim, "R15", follows, f"{claim.count.text} of {len(rows.patients)}",
                    ", ".join(f"{number} {label}" for label, number in possible.items()),
                    doubtful=bool(_AT_A_TIME.search(claim.about)),
                )  # fmt: skip


def _is_of_all(claim: Proportion, patients: int) -> bool:
    """True where the total is the number of the rows, as printed or as the percent shows."""
    if claim.total is not None:
        return claim.total.value == patients
    if claim.count is None or claim.percent is None:
        return False
    return fits(100 * claim.count.value / patients, claim.percent)


def _countable(about: str, rows: Rows) -> dict[str, int]:
    """Return what the rows count of what the words name: responses, deaths, patients alive."""
    labels = [label for label, words in _LABELS.items() if words.search(about)]
    levels = [one.level for one in rows.patients]
    if _BOTH.search(about) and all(levels):
        labels = ["ORR"]
    counted = {label for label in _COUNTED if label != "improvement" or label in levels}
    possible = {label: levels.count(label) for label in labels if all(levels) and label in counted}
    if "ORR" in labels and all(levels):
        possible |= {
            "CR + PR": levels.count("CR") + levels.count("PR"),
            "responders": len(levels) - levels.count("NR"),
        }
    if rows.deaths_known and not re.search(r"\b(?:directly|related|due|caused)\b", about):
        dead = sum(one.alive is False for one in rows.patients)
        if {"dead", "alive"} & {*labels}:  # the words lose their "not": both may be told with either word
            possible |= {"deaths": dead, "alive": len(rows.patients) - dead}
    return possible


def _times_told(claims: Sequence[Claim]) -> Iterator[tuple[Centre, str]]:
    for claim in claims:
        if not isinstance(claim, Centre) or claim.measure != "median" or not (claim.unit or claim.spread):
            continue
        unit = unit_of_time(claim)
        if unit:
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
