"""R01 in tables: a cell "12 (35)" against the total of its row or column."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from openhlh.claims import Finding, Proportion, Word, finding
from openhlh.evidence.shares import counted, fits, fix, holds, pool_of, rounded_otherwise, shown, telling
from openhlh.evidence.totals import Totals, block_key


def in_table(share: Proportion, told: Totals, together: int | None, shares: Sequence[Proportion]) -> Finding:
    """Return the finding about a cell "12 (35)" whose total stands in the head of its column or row."""
    percent, count, total = counted(share)
    x, own = count.value, int(total.value)
    facts = {"stated": f"{count.text} ({percent.text} %), total {total.text}"}
    if own > 0:
        facts["computed"] = f"{shown(x, own, percent)} %"
    if holds(share, own):
        return finding("R01", share, "CONSISTENT", f"{x}/{own}, the total of its {share.total_from}", **facts)
    word, why, convention = _cell_otherwise(share, told, together)
    if (
        word == "INCONSISTENT"
        and sum(holds(one, own) for one in shares if block_key(one) == block_key(share)) < 3
    ):
        word, why = (
            "TENSION",
            f"{why} Few cells of this {share.total_from} hold, so that its total is unsure.",
        )
    nearest = fix(percent, x, Fraction(own)) if own > 0 else ""
    return finding(
        "R01", share, word, why, **facts, convention=convention, fix=nearest, **pool_of(share, word)
    )


def _cell_otherwise(share: Proportion, told: Totals, together: int | None) -> tuple[Word, str, str]:
    """Return the reading of a cell that does not fit its total: another total, missing values, or none."""
    percent, count, total = counted(share)
    x, own = count.value, int(total.value)
    if together:
        return (
            "ALT_DENOMINATOR",
            f"of {together} every percent of this row holds, of {own} not",
            f"of {together}",
        )
    if habit := rounded_otherwise(percent, x, own):
        return "ALT_ROUNDING", f"it holds only {habit}", habit
    if other := next(
        (one for one in told.others(share, own) if holds(share, one) and telling(percent, one)), None
    ):
        return "ALT_DENOMINATOR", f"it holds of {other}, which is stated too, but not of {own}", f"of {other}"
    if x <= own and fits(percent, own - x, own):
        return "TENSION", f"it is the percent of the other {own - x}", "of those not counted"
    least = 100 * x / (percent.value + percent.step / 2)
    most = (
        100 * x / (percent.value - percent.step / 2) if percent.value > percent.step / 2 else Fraction(10**12)
    )
    if ceil(least) > floor(most):
        return "INCONSISTENT", f"{x} is {percent.text} % of no whole number. Please check.", ""
    if x <= own and least < own:
        return "TENSION", f"it holds of {ceil(least)} to {floor(most)}, as where values are missing", ""
    return "INCONSISTENT", f"{x} of {own} is not {percent.text} %. Please check.", ""
