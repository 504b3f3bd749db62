"""A count out of a total: its percent and its exact interval.

Every room that shows "x of n" (answers, checks, trials, pooling) takes both numbers from here.
The interval is Clopper and Pearson's (Biometrika 1934;26:404), by the quantiles of the beta distribution.
scipy gives the same limits (the tests say so) but costs every `hlh ask` 0.2 s of import.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from math import asin, ceil, exp, floor, log, pi, sin, sqrt

from openhlh.errors import WrongInput
from openhlh.tails import beta_part, beta_quantile, normal_quantile

EXACT = "Clopper-Pearson"
_HALVINGS = 60  # 2**-60 is below the resolution of a double near 1


def percent(count: int, total: int, places: int = 1) -> str:
    """Return count/total in percent, rounded half up from the exact fraction.

    >>> percent(8, 17), percent(0, 8), percent(3, 8, places=0)
    ('47.1', '0.0', '38')
    """
    _require_counts(count, total)
    share = Fraction(100 * count, total)
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def fits(printed: Fraction, step: Fraction, count: int | Fraction, total: int | Fraction) -> bool:
    """True where a printed percent is count/total at its precision (`step`), a tie going either way.

    >>> fits(Fraction("35.3"), Fraction(1, 10), 6, 17), fits(Fraction("12.5"), Fraction(1, 10), 1, 8)
    (True, True)
    """
    return total > 0 and abs(Fraction(100 * count) / Fraction(total) - printed) <= step / 2


def rounded_otherwise(printed: Fraction, step: Fraction, count: int | Fraction, total: int | Fraction) -> str:
    """Return the other rounding (truncated, rounded up, rounded twice) that gives the percent, or "".

    >>> rounded_otherwise(Fraction("47.0"), Fraction(1, 10), 8, 17)
    'truncated'
    """
    if total <= 0:
        return ""
    scaled, wanted = Fraction(100 * count) / Fraction(total) / step, printed / step
    if floor(scaled) == wanted:
        return "truncated"
    if ceil(scaled) == wanted:
        return "rounded up"
    twice = Fraction(floor(scaled * 10 + Fraction(1, 2)), 10)
    return "rounded twice" if floor(twice + Fraction(1, 2)) == wanted else ""


@lru_cache(maxsize=4096)
def clopper_pearson(count: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact binomial interval of count/total as two fractions of 1.

    >>> [round(limit, 4) for limit in clopper_pearson(15, 17)]
    [0.6356, 0.9854]
    """
    _require_counts(count, total)
    tail = (1 - level) / 2
    lower = 0.0 if count == 0 else beta_quantile(tail, count, total - count + 1)
    upper = 1.0 if count == total else beta_quantile(1 - tail, count + 1, total - count)
    return lower, upper


@lru_cache(maxsize=4096)
def binomial_intervals(count: int, total: int, level: float = 0.95) -> dict[str, tuple[float, float]]:
    """Return the limits of count/total, as fractions of 1, by each method in use.

    >>> {name: round(low, 3) for name, (low, _) in binomial_intervals(15, 17).items()}["Wilson"]
    0.657
    """
    _require_counts(count, total)
    z, share, rest = normal_quantile(level), count / total, total - count
    return {
        EXACT: clopper_pearson(count, total, level),
        "Wilson": _wilson(share, total, z, 0.0),
        "Wald": _around(share, z * sqrt(share * (1 - share) / total)),
        "Jeffreys": _beta_limits((count, rest), 0.5, level),
        "Agresti-Coull": _agresti(count, total, z),
        "Wilson with continuity correction": _wilson(share, total, z, 1 / (2 * total)),
        "Wald with continuity correction": _around(
            share, z * sqrt(share * (1 - share) / total) + 1 / (2 * total)
        ),
        "uniform prior": _beta_limits((count, rest), 1.0, level),
        "logit": _logit(count, total, z),
        "arcsine": _arcsine(share, total, z),
        "mid-P": _mid_p(count, total, level),
    }


def _around(middle: float, half: float) -> tuple[float, float]:
    return max(0.0, middle - half), min(1.0, middle + half)


def _wilson(share: float, total: int, z: float, correction: float) -> tuple[float, float]:
    """Return Wilson's limits; the correction moves the share away from either limit (Newcombe 1998)."""

    def limit(p: float, sign: int) -> float:
        square = z * z / total
        root = sqrt(max(0.0, p * (1 - p) * square + square * square / 4))
        return (p + square / 2 + sign * root) / (1 + square)

    low = 0.0 if share - correction <= 0 else limit(share - correction, -1)
    high = 1.0 if share + correction >= 1 else limit(share + correction, 1)
    return low, high


def _agresti(count: int, total: int, z: float) -> tuple[float, float]:
    size = total + z * z
    middle = (count + z * z / 2) / size
    return _around(middle, z * sqrt(middle * (1 - middle) / size))


def _beta_limits(counts: tuple[int, int], prior: float, level: float) -> tuple[float, float]:
    yes, no = counts
    tail = (1 - level) / 2
    to_the_end = prior < 1  # by convention Jeffreys' interval ends at 0 or 1 where the count does
    low = beta_quantile(tail, yes + prior, no + prior) if yes or not to_the_end else 0.0
    high = beta_quantile(1 - tail, yes + prior, no + prior) if no or not to_the_end else 1.0
    return low, high


def _logit(count: int, total: int, z: float) -> tuple[float, float]:
    if count in {0, total}:
        return 0.0, 1.0
    middle, half = log(count / (total - count)), z * sqrt(total / (count * (total - count)))
    return 1 / (1 + exp(half - middle)), 1 / (1 + exp(-half - middle))


def _arcsine(share: float, total: int, z: float) -> tuple[float, float]:
    middle, half = asin(sqrt(share)), z / (2 * sqrt(total))
    return sin(max(0.0, middle - half)) ** 2, sin(min(pi / 2, middle + half)) ** 2


def _mid_p(count: int, total: int, level: float) -> tuple[float, float]:
    """Return the limits where half of the count's own probability and the tail beyond make up the level."""
    tail = (1 - level) / 2

    def at_least(p: float) -> float:
        beyond = beta_part(count + 1, total - count, p) if count < total else 0.0
        here = beta_part(count, total - count + 1, p) if count else 1.0
        return (beyond + here) / 2

    low = 0.0 if count == 0 else _solve(at_least, tail)
    high = 1.0 if count == total else _solve(at_least, 1 - tail)
    return low, high


def _solve(rising: Callable[[float], float], target: float) -> float:
    """Return where a function that rises on [0, 1] reaches the target."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2


def interval_percent(count: int, total: int) -> tuple[str, str]:
    """Return the exact 95 % limits of count/total in percent, one decimal."""
    low, high = clopper_pearson(count, total)
    return f"{100 * low:.1f}", f"{100 * high:.1f}"


def _require_counts(count: int, total: int) -> None:
    if total < 1 or not 0 <= count <= total:
        raise WrongInput(
            f"{count} of {total} is not a proportion",
            why="a count lies between 0 and its total, and the total is at least 1",
            remedy="correct the count or the total",
        )
