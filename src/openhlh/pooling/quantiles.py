"""Critical values of the inverse-variance family, on top of the tails that every room shares."""

from __future__ import annotations

from functools import lru_cache

from openhlh.errors import WrongInput
from openhlh.tails import chi2_upper, normal_quantile, normal_two_sided, t_quantile, t_two_sided


def critical(level: float, df: int | None = None) -> float:
    """Return the two-sided critical value of t with `df` degrees of freedom, of the normal without.

    >>> round(critical(0.95), 6), round(critical(0.95, 1), 4)
    (1.959964, 12.7062)
    """
    return normal_quantile(level) if df is None else t_quantile(level, df)


def two_sided_p(statistic: float, df: int | None = None) -> float:
    """Return the two-sided p of a t (with `df`) or normal statistic."""
    return normal_two_sided(statistic) if df is None else t_two_sided(statistic, df)


@lru_cache(maxsize=256)
def chi2_quantile(upper: float, df: int) -> float:
    """Return the value that chi-squared with df degrees of freedom exceeds with the probability `upper`.

    >>> round(chi2_quantile(0.05, 1), 4)
    3.8415
    """
    low, high = 0.0, float(df)
    while chi2_upper(high, df) > upper:
        high *= 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if chi2_upper(middle, df) > upper else (low, middle)
    return middle


def require_level(level: float) -> None:
    """Raise WrongInput unless the level of confidence lies strictly between 0 and 1."""
    if not 0 < level < 1:
        raise WrongInput(
            f"{level} is no level of confidence",
            where="--level",
            why="it lies strictly between 0 and 1",
            remedy="use 0.95 for 95 %",
        )
