"""Tails of the normal, t, F, chi-squared and beta distributions, with nothing but the standard library.

A check or a pooled answer needs a few values: scipy would cost every start of the command line its import.
The regularised beta and gamma functions are Lentz's continued fractions (Press and others, Numerical
Recipes, 6.2 and 6.4); the tests hold them against scipy to nine digits.
"""

from __future__ import annotations

from functools import lru_cache
from math import erfc, exp, lgamma, log, log1p, sqrt

_TINY = 1e-300
_CLOSE = 1e-15
_STEPS = 10_000
_HALVINGS = 60


def normal_two_sided(z: float) -> float:
    """Return P(|Z| >= |z|) of a standard normal."""
    return erfc(abs(z) / sqrt(2))


@lru_cache(maxsize=64)
def normal_quantile(level: float) -> float:
    """Return z so that |Z| < z has the probability `level` (a fraction of 1)."""
    low, high = 0.0, 40.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if normal_two_sided(middle) > 1 - level else (low, middle)
    return (low + high) / 2


def t_two_sided(t: float, df: float) -> float:
    """Return P(|T| >= |t|) of Student's t with df degrees of freedom."""
    return beta_part(df / 2, 0.5, df / (df + t * t))


@lru_cache(maxsize=256)
def t_quantile(level: float, df: float) -> float:
    """Return t so that |T| < t has the probability `level` (a fraction of 1), with df degrees of freedom.

    >>> round(t_quantile(0.95, 1), 4), round(t_quantile(0.95, 10), 4)
    (12.7062, 2.2281)
    """
    share = beta_quantile(1 - level, df / 2, 0.5)
    return sqrt(df * (1 - share) / share)


def f_upper(value: float, df1: float, df2: float) -> float:
    """Return P(F >= value) with df1 and df2 degrees of freedom."""
    return beta_part(df2 / 2, df1 / 2, df2 / (df2 + df1 * value)) if value > 0 else 1.0


def chi2_upper(value: float, df: float) -> float:
    """Return P(X >= value) of a chi-squared variable with df degrees of freedom."""
    return _gamma_upper(df / 2, value / 2) if value > 0 else 1.0


def beta_part(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def beta_quantile(share: float, a: float, b: float) -> float:
    """Return x with I_x(a, b) = share: Newton's steps, halved where they leave the bracket."""
    low, high, at = 0.0, 1.0, a / (a + b)
    front = lgamma(a + b) - lgamma(a) - lgamma(b)
    for _ in range(_HALVINGS):
        gap = beta_part(a, b, at) - share
        low, high = (at, high) if gap < 0 else (low, at)
        density = exp(front + (a - 1) * log(at) + (b - 1) * log1p(-at))
        further = at - gap / density if density > _TINY else low
        if not low < further < high:
            further = (low + high) / 2
        if abs(further - at) <= 1e-15 * further:
            return further
        at = further
    return at


def _beta_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    product = d
    for m in range(1, _STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            product *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return product


def _gamma_upper(a: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function Q(a, x)."""
    front = exp(-x + a * log(x) - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for step in range(1, _STEPS):
            term *= x / (a + step)
            total += term
            if term < total * _CLOSE:
                break
        return 1 - front * total
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    product = d
    for step in range(1, _STEPS):
        factor = -step * (step - a)
        b += 2
        d = 1 / _away_from_zero(factor * d + b)
        c = _away_from_zero(b + factor / c)
        product *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return front * product


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
