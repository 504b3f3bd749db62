"""A printed percent beside a count and a total: does it fit, under another rounding, and what would."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil, floor

from openhlh import proportions
from openhlh.claims import Printed, Proportion, Word

_OUTCOME = re.compile(r"respon|remission|surviv|death|died|mortality|relapse|\b(?:cr|pr|orr|nr)\b|alive")
_MOST_TELLING = 200  # whole percents of more people than this fit many totals by chance


def fits(percent: Printed, count: int | Fraction, total: int | Fraction) -> bool:
    """True where the percent is count/total at its printed precision, a tie going either way."""
    return proportions.fits(percent.value, percent.step, count, total)


def reachable(percent: Printed, total: int) -> bool:
    """True where some whole number of the total gives the percent."""
    near = percent.value * total / 100
    return any(fits(percent, count, total) for count in (floor(near), ceil(near)))


def rounded_otherwise(percent: Printed, count: int | Fraction, total: int | Fraction) -> str:
    """Return the other rounding (truncated, rounded up, rounded twice) that gives the percent, or ""."""
    return proportions.rounded_otherwise(percent.value, percent.step, count, total)


def shown(count: int | Fraction, total: int | Fraction, like: Printed) -> str:
    """Return count/total in percent with the decimals of the printed percent, rounded half up."""
    places = like.places
    units = floor(Fraction(100 * count) / Fraction(total) / like.step + Fraction(1, 2))
    return f"{units // 10**places}.{units % 10**places:0{places}d}" if places else str(units)


def printed_pair(share: Proportion) -> tuple[Printed, Printed]:
    """Return percent and count of a share that has both; ValueError for one that has not."""
    if share.percent is None or share.count is None:
        raise ValueError("a share without percent or count")
    return share.percent, share.count


def counted(share: Proportion) -> tuple[Printed, Printed, Printed]:
    """Return percent, count and total of a share that has all three; ValueError for one that has not."""
    if share.percent is None or share.count is None or share.total is None:
        raise ValueError("a share without percent, count or total")
    return share.percent, share.count, share.total


def holds(share: Proportion, total: int) -> bool:
    """True where the share's percent is its count out of another total."""
    return (
        share.percent is not None
        and share.count is not None
        and fits(share.percent, share.count.value, total)
    )


def telling(percent: Printed, total: int) -> bool:
    """True where a fit says something: few whole percents are possible with a small total by chance."""
    return percent.places > 0 or total <= _MOST_TELLING


def difference(percent: Printed, count: Fraction, total: Fraction) -> str:
    """Return how far printed and computed percent are apart, in percentage points."""
    apart = abs(Fraction(100 * count) / total - percent.value)
    return f"{float(apart):.2f} percentage points"


def fix(percent: Printed, x: Fraction, n: Fraction) -> str:
    """Return the nearest numbers that would hold: another percent, or another count."""
    fixes = [f"{shown(x, n, percent)} %"] if x <= n else []
    near = percent.value * n / 100
    fixes += [
        f"{count} of {n}"
        for count in {floor(near), ceil(near)}
        if 0 <= count <= n and fits(percent, count, n)
    ]
    return " or ".join(fixes)


def pool_of(share: Proportion, word: Word) -> dict[str, object]:
    """Say whether a pooled number would move: another total of an outcome weighs as a contradiction does."""
    moves = word in {"INCONSISTENT", "IMPOSSIBLE", "ALT_DENOMINATOR"} and bool(_OUTCOME.search(share.about))
    return {"moves_pool": moves, **({"severity": "major"} if moves else {})}
