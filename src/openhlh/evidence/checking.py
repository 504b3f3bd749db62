"""All checks on the claims of a document, in one list: each takes every claim and yields findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from openhlh.claims import Claim, Finding
from openhlh.evidence import (
    dates,
    doses,
    durations,
    flow,
    grim,
    histories,
    intervals,
    names,
    p_values,
    percents,
    ratios,
    references,
    row_checks,
    row_text,
    spread,
    sums,
    survival,
    twice,
    vital_status,
)

Check = Callable[[Sequence[Claim]], Iterator[Finding]]
CHECKS: tuple[Check, ...] = (
    percents.percents_follow,
    grim.mean_of_whole_numbers,
    grim.median_of_whole_numbers,
    grim.deviation_of_whole_numbers,
    spread.centre_inside_its_spread,
    spread.deviation_within_its_bound,
    spread.quartiles_inside_the_range,
    sums.parts_make_the_whole,
    sums.percents_make_a_hundred,
    sums.rest_is_what_is_left,
    sums.subgroup_fits_its_group,
    sums.table_totals,
    intervals.estimate_inside_interval,
    intervals.ratio_in_the_middle,
    intervals.p_value_agrees_with_interval,
    intervals.interval_of_counts,
    ratios.ratio_of_counts,
    p_values.p_of_counts,
    p_values.p_of_statistic,
    p_values.p_is_a_probability,
    dates.days_exist,
    dates.periods_run_forward,
    dates.dates_in_order,
    dates.published_last,
    dates.one_day_of_publication,
    dates.follow_up_fits,
    histories.history_runs_forward,
    histories.approval_runs_forward,
    references.references_exist,
    references.names_stand_in_entries,
    references.kinds_of_study_agree,
    references.entries_are_not_later,
    references.second_reports_are_those_introduced,
    survival.survival_falls,
    vital_status.nobody_is_dead_and_alive,
    row_text.rows_agree_with_text,
    row_checks.responses_end_before_survival,
    row_checks.responses_end_with_follow_up,
    row_checks.remissions_last_as_told,
    row_checks.survivors_fit_dates,
    durations.units_agree,
    durations.signs_stand_right,
    durations.powers_keep_height,
    names.spellings_agree,
    names.drugs_are_told_once,
    names.sentences_stand_once,
    names.review_is_told_once,
    *flow.CHECKS,
    *twice.CHECKS,
    *doses.CHECKS,
)


def judge(claims: Sequence[Claim]) -> list[Finding]:
    """Return what every check says of the claims, in the order of the text."""
    found = [one for check in CHECKS for one in check(claims)]
    return sorted(found, key=lambda one: (one.claim.start, one.claim.end, one.rule))
