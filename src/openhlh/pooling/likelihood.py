"""The exact likelihood of the binomial-normal model: each study's counts, integrated over its own logit.

Study i has x_i of n_i events with logit(p_i) = mean_i + tau z_i and z_i standard normal, so that its
likelihood is an integral over z (Stijnen, Hamza, Ozdemir: Stat Med 2010;29:3046). It is computed by adaptive
Gauss-Hermite quadrature, centred at the mode of each study's integrand, with every sum in logarithms; where
200 nodes do not settle it, by a trapezoid around the mode, whose error falls exponentially with the step.

Everything takes B points (means, tau) at once. Shapes: means (B, k) or (B, 1), taus (B,), results (B, k).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import lgamma, log, pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from openhlh.pooling.series import Series

Array = NDArray[np.float64]

LADDER = (25, 50, 100, 200, 0)  # numbers of nodes to try in turn; 0 is the trapezoid
SETTLED = 1e-10  # two rungs that differ by less than this in log likelihood are the same
_EDGE = 10.5  # from the mode; beyond, every integrand is below 1e-24 of its top, as a normal density is
_MODE_STEPS = 40


class Counts(NamedTuple):
    """The counts as arrays (k,), with the logarithm of each binomial coefficient."""

    events: Array
    totals: Array
    constant: Array


class Pieces(NamedTuple):
    """Per point and study (B, k): log likelihood, its first and second derivatives by mean and tau."""

    value: Array
    d_mean: Array
    d_tau: Array
    h_mean: Array
    h_cross: Array
    h_tau: Array


def counts_of(series: Series) -> Counts:
    """Return the counts of a series as arrays."""
    constant = [
        lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1)
        for x, n in zip(series.events, series.totals, strict=True)
    ]
    return Counts(
        np.array(series.events, dtype=float), np.array(series.totals, dtype=float), np.array(constant)
    )


def log_likelihood(counts: Counts, means: Array, taus: Array, nodes: int) -> Array:
    """Return the log likelihood of all studies together at each point, shape (B,)."""
    return np.asarray(_integrand(counts, means, taus, nodes)[0].sum(axis=1))


def pieces(counts: Counts, means: Array, taus: Array, nodes: int) -> Pieces:
    """Return every study's log likelihood with derivatives, exact for the integral that the nodes give."""
    value, weights, points, eta, tail = _integrand(counts, means, taus, nodes)
    x, n = counts.events[:, None], counts.totals[:, None]
    p = np.where(eta >= 0, 1.0, tail) / (1 + tail)
    residual = x - n * p
    curved = residual**2 - n * tail / (1 + tail) ** 2
    leaning = points * residual
    d_mean, d_tau = (weights * residual).sum(-1), (weights * leaning).sum(-1)
    bent = points * curved
    h_mean = (weights * curved).sum(-1) - d_mean**2
    h_cross = (weights * bent).sum(-1) - d_mean * d_tau
    h_tau = (weights * points * bent).sum(-1) - d_tau**2
    return Pieces(value, d_mean, d_tau, h_mean, h_cross, h_tau)


def settled_nodes(counts: Counts, means: Array, taus: Array, at_least: int = LADDER[0]) -> int:
    """Return the first rung of LADDER whose log likelihood at these points the next rung repeats."""
    rungs = LADDER[LADDER.index(at_least) :]
    here = log_likelihood(counts, means, taus, rungs[0])
    for rung, following in pairwise(rungs):
        beyond = log_likelihood(counts, means, taus, following)
        # a sum of a million terms carries its own rounding, which more nodes can't remove
        if np.all(np.abs(beyond - here) < SETTLED + 1e-15 * float(counts.totals.sum())):
            return rung
        here = beyond
    return rungs[-1]


def _integrand(
    counts: Counts, means: Array, taus: Array, nodes: int
) -> tuple[Array, Array, Array, Array, Array]:
    """Return value (B, k), then per node (B, k, q): posterior weight, z, eta and exp(-|eta|)."""
    tau = taus[:, None]
    means = np.broadcast_to(means, (taus.size, counts.events.size))
    centre, width = _modes(counts, means, tau)
    if nodes:
        offsets, log_weights = _gauss_hermite(nodes)
        points = centre[..., None] + width[..., None] * offsets
        log_width = np.log(width)
    else:
        offsets, log_weights = _trapezoid(float(width.min()), float(taus.max()))
        points = centre[..., None] + offsets
        log_width = np.zeros(means.shape)
    eta = means[..., None] + tau[..., None] * points
    tail = np.exp(-np.abs(eta))
    log_tail = np.log1p(tail)
    x, n = counts.events[:, None], counts.totals[:, None]
    terms = x * np.minimum(eta, 0) - (n - x) * np.maximum(eta, 0) - n * log_tail
    terms += log_weights - 0.5 * points**2
    top = terms.max(axis=-1)
    weights = np.exp(terms - top[..., None])
    total = weights.sum(axis=-1)
    value = top + np.log(total) + log_width + counts.constant
    return value, weights / total[..., None], points, eta, tail


def _modes(counts: Counts, means: Array, tau: Array) -> tuple[Array, Array]:
    """Return mode and width (B, k) of each study's integrand; it is log-concave, so Newton finds it."""
    x, n = counts.events, counts.totals
    share = (x + 0.5) / (n + 1)
    reach = 1 / ((n + 1) * share * (1 - share))
    z = tau * (np.log(share / (1 - share)) - means) / (tau**2 + reach)
    furthest = 2 / np.maximum(tau, 0.1)  # a longer step leaves the region where the curvature is known
    for _ in range(_MODE_STEPS):
        p, spread = _share_and_spread(means + tau * z)
        bend = 1 + tau**2 * n * spread
        step = (tau * (x - n * p) - z) / bend
        z = z + np.minimum(np.maximum(step, -furthest), furthest)
        if (step**2 * bend).max() < 1e-2:  # a tenth of a width: the nodes reach far beyond it
            break
    spread = _share_and_spread(means + tau * z)[1]
    return z, 1 / np.sqrt(1 + tau**2 * n * spread)


def _share_and_spread(eta: Array) -> tuple[Array, Array]:
    tail = np.exp(-np.abs(eta))
    return np.where(eta >= 0, 1.0, tail) / (1 + tail), tail / (1 + tail) ** 2


@lru_cache(maxsize=8)
def _gauss_hermite(nodes: int) -> tuple[Array, Array]:
    """Return offsets in widths and log weights for a density relative to the standard normal."""
    from numpy.polynomial.hermite import hermgauss

    points, weights = hermgauss(nodes)
    return sqrt(2) * points, np.log(weights) + points**2 + 0.5 * log(2) - 0.5 * log(2 * pi)


def _trapezoid(width: float, tau: float) -> tuple[Array, Array]:
    """Return offsets from the mode and log weights.

    The step resolves the narrowest peak, and the strip |Im z| < pi / tau where the proportion has no pole.
    """
    step = min(0.12, 0.25 / max(tau, 1.0), width / 2)
    points = np.linspace(-_EDGE, _EDGE, 2 * int(_EDGE / step) + 1)
    return points, np.full(points.size, log(points[1] - points[0]) - 0.5 * log(2 * pi))
