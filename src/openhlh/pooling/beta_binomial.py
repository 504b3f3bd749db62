"""The beta-binomial model: the studies' proportions follow a beta distribution, by maximum likelihood.

Parameters are the mean m of the studies' proportions and theta = rho / (1 - rho) >= 0 with the intra-class
correlation rho. The likelihood is a product of rising factorials m (m + theta) (m + 2 theta) ... (Griffiths:
Biometrics 1973;29:637), whose logarithms are summed factor by factor, so that theta = 0, the binomial model,
is exact and nothing cancels next to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from openhlh.pooling.boundary import at_the_boundary, exact_limits
from openhlh.pooling.fit import Fit, HeterogeneityTest, Limits, Spread
from openhlh.pooling.likelihood import counts_of
from openhlh.pooling.scales import expit, logit
from openhlh.pooling.series import Series
from openhlh.tails import normal_quantile, normal_two_sided

Array = NDArray[np.float64]

MODEL = "beta-binomial"
INTERVALS = {
    "profile": "profile likelihood of the mean, chi-squared with 1 degree of freedom",
    "wald": "Wald on the logit of the mean, standard error from the joint information of mean and theta",
    "exact": "Clopper-Pearson interval of all events in all patients (all studies one proportion)",
}
PREDICTIONS = {
    "beta": "central interval of the fitted beta distribution; that mean and rho are estimates is not in it",
    "exact": "no spread was found between the studies: the exact interval of all patients together",
}
_IS_A_MEAN = (
    "the estimate is the mean of the studies' proportions, not the proportion of the median study as in the "
    "logistic model; tau² is the variance of the proportions, m (1 - m) rho, on the natural scale"
)
_NO_SPREAD = (
    "rho is estimated 0: the model is then the binomial one, and the exact interval of all patients together "
    "takes over; few small studies cannot show that there is no spread"
)
_GRID = np.concatenate(([0.0], 10.0 ** np.arange(-10, 6.2, 0.25)))  # theta where the slope is looked at
_FURTHEST = 60.0  # logit of a mean that no count can support
_STEPS = 100
_DIRECT = 64  # factors below are summed one by one, further ones in blocks
_BLOCK_NODES = 12


class Factors(NamedTuple):
    """Points j (J,), how many studies have that factor for events, non-events, totals; log coefficients."""

    j: Array
    events: Array
    others: Array
    totals: Array
    constant: float


class Surface(NamedTuple):
    """Log likelihood at B points with its derivatives by the logit u of the mean and by theta, each (B,)."""

    value: Array
    d_u: Array
    d_theta: Array
    h_u: Array
    h_cross: Array
    h_theta: Array


class _Best(NamedTuple):
    u: float
    theta: float
    value: float


def beta_binomial(series: Series, level: float = 0.95) -> Fit:
    """Fit the beta-binomial model by maximum likelihood; the intervals are those of INTERVALS, profile first.

    The estimate is the mean of the distribution of the studies' proportions, not their median. `extra` holds
    rho with its profile limits; the spread is the variance of the proportions, m (1 - m) rho. The weights are
    shares of n / (1 + (n - 1) rho), the inverse variances of the observed proportions.

    Where the likelihood has no finite maximum, or rho is 0, the exact binomial interval answers and says so.
    """
    boundary = at_the_boundary(series, level)
    if boundary is not None:
        return replace(boundary, model=MODEL)
    factors = factors_of(series)
    best = _maximum(factors)
    mean, rho = expit(best.u), best.theta / (1 + best.theta)
    se = _standard_error(factors, best)
    chosen, *others = _intervals(series, factors, best, level)
    return Fit(
        model=MODEL,
        measure="PLO",
        k=series.k,
        estimate=mean,
        scale_estimate=best.u,
        se=se,
        interval=chosen,
        other_intervals=tuple(others),
        spread=Spread("ML", mean * expit(-best.u) * rho),
        weights=_weights(series, rho),
        predictions=(_prediction(series, best, level),),
        tests=(_test(factors, best),),
        log_likelihood=best.value,
        extra={"rho": rho, **_rho_limits(factors, best, level)},
        notes=(_IS_A_MEAN,) if rho > 0 else (_IS_A_MEAN, _NO_SPREAD),
    )


def factors_of(series: Series) -> Factors:
    """Return the factors of all rising factorials together: studies share those that they have in common."""
    others = [n - x for x, n in zip(series.events, series.totals, strict=True)]
    kinds = np.array([series.events, others, series.totals])
    points, numbers = [], []
    for start, end in pairwise(sorted({0, *kinds.ravel().tolist()})):
        have = (kinds > start).sum(axis=1)
        for at, weights in _blocks(start, end):
            points.append(at)
            numbers.append(have[:, None] * weights)
    constant = float(counts_of(series).constant.sum())
    events, failures, totals = np.concatenate(numbers, axis=1)
    return Factors(np.concatenate(points), events, failures, totals, constant)


def surface(factors: Factors, u: Array, theta: Array) -> Surface:
    """Return the log likelihood and its derivatives at logits of the mean u (B,) and theta (B,)."""
    m, q = np.array([expit(one) for one in u.tolist()]), np.array([expit(-one) for one in u.tolist()])
    j, spread = factors.j, m * q
    grown = theta[:, None] * j
    a, b, c = factors.events / (m[:, None] + grown), factors.others / (q[:, None] + grown), j / (1 + grown)
    value = (
        np.log(m[:, None] + grown) @ factors.events
        + np.log(q[:, None] + grown) @ factors.others
        - np.log1p(grown) @ factors.totals
        + factors.constant
    )
    d_m = a.sum(axis=1) - b.sum(axis=1)
    bend_a, bend_b = a / (m[:, None] + grown), b / (q[:, None] + grown)
    return Surface(
        value,
        d_m * spread,
        (a + b) @ j - c @ factors.totals,
        -(bend_a + bend_b).sum(axis=1) * spread**2 + d_m * spread * (q - m),
        (bend_b - bend_a) @ j * spread,
        -(bend_a + bend_b) @ j**2 + c**2 @ factors.totals,
    )


def _blocks(start: int, end: int) -> list[tuple[Array, Array]]:
    """Return points and weights whose weighted sum of a smooth function is its sum over start..end - 1.

    A block begins at least its own length away from 0, and all functions here are analytic right of 0: twelve
    Gauss nodes for the sum over a block err by less than 1e-17 of it.
    """
    found = []
    while start < end:
        length = min(end - start, max(start, _DIRECT))
        if start < _DIRECT or length <= 2 * _BLOCK_NODES:
            length = min(length, _DIRECT)
            found.append((start + np.arange(length, dtype=float), np.ones(length)))
        else:
            offsets, weights = _gauss_for_sums(length)
            found.append((start + offsets, weights))
        start += length
    return found


@lru_cache(maxsize=256)
def _gauss_for_sums(length: int) -> tuple[Array, Array]:
    """Return Gauss nodes and weights for sums over 0..length - 1 (from Gram's polynomials)."""
    n = np.arange(1, _BLOCK_NODES)
    off = n / 2 * np.sqrt((float(length) ** 2 - n**2) / (4 * n**2 - 1))
    nodes, vectors = np.linalg.eigh(np.diag(off, 1) + np.diag(off, -1))
    return nodes + (length - 1) / 2, length * vectors[0] ** 2


def _maximum(factors: Factors) -> _Best:
    """Return the highest maximum over the mean and theta: every fall of the slope on the grid is a peak."""
    return _highest(factors, lambda thetas: _best_means(factors, thetas))


def _at_mean(factors: Factors, u: float) -> _Best:
    """Return the highest maximum over theta at one mean."""
    return _highest(factors, lambda thetas: np.full(thetas.size, u))


def _highest(factors: Factors, means: Callable[[Array], Array]) -> _Best:
    from scipy.optimize import brentq

    def slope(theta: float) -> float:
        at = np.array([theta])
        return float(surface(factors, means(at), at).d_theta[0])

    slopes = surface(factors, means(_GRID), _GRID).d_theta
    peaks = [0.0] if slopes[0] <= 0 else []
    peaks += [
        brentq(slope, _GRID[at], _GRID[at + 1], xtol=1e-18, rtol=1e-14)
        for at in np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0)).tolist()
    ]
    thetas = np.array(peaks or [_GRID[-1]])
    u = means(thetas)
    values = surface(factors, u, thetas).value
    top = int(np.argmax(values))
    return _Best(float(u[top]), float(thetas[top]), float(values[top]))


def _best_means(factors: Factors, thetas: Array) -> Array:
    """Return the logit (B,) of the best mean at each theta: Newton's steps, kept inside a bracket."""
    low, high = np.full(thetas.size, -_FURTHEST), np.full(thetas.size, _FURTHEST)
    u = np.full(thetas.size, logit(factors.events.sum() / factors.totals.sum()))
    for _ in range(_STEPS):
        here = surface(factors, u, thetas)
        low, high = np.where(here.d_u > 0, u, low), np.where(here.d_u > 0, high, u)
        further = u - here.d_u / np.minimum(here.h_u, -1e-300)
        further = np.where((further >= low) & (further <= high), further, 0.5 * (low + high))
        moved = np.abs(further - u).max()
        u = further
        if moved < 1e-10:  # Newton's steps square their error
            break
    return u


def _standard_error(factors: Factors, best: _Best) -> float:
    """Return the error of the mean's logit from the joint information; at theta = 0 the binomial one."""
    here = surface(factors, np.array([best.u]), np.array([best.theta]))
    own, cross, other = -float(here.h_u[0]), -float(here.h_cross[0]), -float(here.h_theta[0])
    return 1 / sqrt(own - cross**2 / other if best.theta > 0 else own)


def _intervals(series: Series, factors: Factors, best: _Best, level: float) -> tuple[Limits, ...]:
    reach = normal_quantile(level) * _standard_error(factors, best)
    target = best.value - normal_quantile(level) ** 2 / 2

    def above(u: float) -> float:
        return _at_mean(factors, u).value - target

    ends = [_crossing(above, best.u, side * reach) for side in (-1, 1)]
    profile, wald = (
        Limits(name, INTERVALS[name], level, expit(low), expit(high), low, high)
        for name, (low, high) in (("profile", ends), ("wald", (best.u - reach, best.u + reach)))
    )
    exact = exact_limits(series, level)
    return (profile, wald, exact) if best.theta > 0 else (exact, profile, wald)


def _rho_limits(factors: Factors, best: _Best, level: float) -> dict[str, float]:
    """Return the profile limits of rho; a lower limit at the edge is 0."""
    from scipy.optimize import brentq

    target = best.value - normal_quantile(level) ** 2 / 2

    def above(theta: float) -> float:
        at = np.array([theta])
        return float(surface(factors, _best_means(factors, at), at).value[0]) - target

    high = _crossing(above, best.theta, max(best.theta, 1 / float(factors.j[-1] + 1)))
    low = 0.0 if above(0.0) >= 0 else brentq(above, 0.0, best.theta, xtol=1e-18, rtol=1e-12)
    return {"rho_low": low / (1 + low), "rho_high": high / (1 + high)}


def _crossing(above: Callable[[float], float], inside: float, step: float) -> float:
    """Return where a profile falls through 0, in the direction of the step.

    It always does: some study has both events and others, which no end of either parameter explains.
    """
    from scipy.optimize import brentq

    outside = inside + step
    while above(outside) > 0:
        inside, step = outside, 2 * step
        outside += step
    return float(brentq(above, inside, outside, xtol=1e-18, rtol=1e-12))


def _prediction(series: Series, best: _Best, level: float) -> Limits:
    from scipy.special import betaincinv

    if best.theta == 0:
        return replace(exact_limits(series, level), method=PREDICTIONS["exact"])
    a, b = expit(best.u) / best.theta, expit(-best.u) / best.theta
    low, high = (float(betaincinv(a, b, share)) for share in ((1 - level) / 2, (1 + level) / 2))
    ends = [logit(end) if 0 < end < 1 else None for end in (low, high)]
    return Limits("beta", PREDICTIONS["beta"], level, low, high, *ends)


def _weights(series: Series, rho: float) -> tuple[float, ...]:
    raw = [n / (1 + (n - 1) * rho) for n in series.totals]
    return tuple(100 * one / sum(raw) for one in raw)


def _test(factors: Factors, best: _Best) -> HeterogeneityTest:
    none = np.zeros(1)
    binomial = float(surface(factors, _best_means(factors, none), none).value[0])
    statistic = max(0.0, 2 * (best.value - binomial)) if best.theta > 0 else 0.0
    return HeterogeneityTest(
        "lr-rho",
        "likelihood ratio of rho = 0; p from half a chi-squared, since theta is not below 0",
        statistic,
        1,
        0.5 * normal_two_sided(sqrt(statistic)) if statistic > 0 else 1.0,
    )
