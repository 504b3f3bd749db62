"""Survival at times as printed: it never rises again (R11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby, pairwise

from openhlh.claims import Claim, Finding, Survival, finding

_DAYS = {"day": Fraction(1), "week": Fraction(7), "month": Fraction(487, 16), "year": Fraction(1461, 4)}


def survival_falls(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Of one group, the share that survives does not rise from one time to a later one."""
    told = [one for one in claims if isinstance(one, Survival) and one.percent and one.time]
    for _, group in groupby(
        sorted(told, key=lambda one: one.series), key=lambda one: (one.series, one.endpoint)
    ):
        yield from _falls(sorted(group, key=_when))


def _when(one: Survival) -> Fraction:
    return one.time.value * _DAYS[one.unit] if one.time else Fraction(0)


def _falls(group: list[Survival]) -> Iterator[Finding]:
    for earlier, later in pairwise(group):
        if earlier.percent is None or later.percent is None or earlier.time is None or later.time is None:
            continue
        if _when(earlier) == _when(later) or earlier.percent.bound or later.percent.bound:
            continue
        stated = (
            f"{earlier.percent.text} % at {earlier.time.text} {earlier.unit}, "
            f"{later.percent.text} % at {later.time.text} {later.unit}"
        )
        slack = (earlier.percent.step + later.percent.step) / 2
        if later.percent.value > earlier.percent.value + slack:
            yield finding(
                "R11", later, "INCONSISTENT",
                "Survival of one group cannot be higher at a later time. Please check.",
                stated=stated, computed=f"at most {earlier.percent.text} %",
                difference=f"{float(later.percent.value - earlier.percent.value):g} points",
                also=((earlier.start, earlier.end),),
            )  # fmt: skip
        else:
            yield finding("R11", later, "CONSISTENT", "Survival does not rise with time.", stated=stated)
