"""Profile-likelihood intervals of the mean and of tau in the binomial-normal model.

A limit is where the likelihood, maximised over the other parameter, has fallen by half the critical value. By
the envelope theorem the slope of that profile is the slope of the likelihood at the inner maximum, so that
Newton's method finds the limit, kept inside a bracket. An end that the data leave open is None.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

import numpy as np

from openhlh.pooling.likelihood import LADDER, Counts, log_likelihood, pieces, settled_nodes
from openhlh.pooling.maximum import GRID, Maximum, best_means

_FURTHEST_LOGIT, _FURTHEST_TAU = 60.0, 200.0
_STEPS = 100
_HILLS = 24  # means at which another hill is looked for


class Height(NamedTuple):
    """The profile at one value: log likelihood, its slope, and the other parameter's best value."""

    value: float
    slope: float
    other: float


class _Along(NamedTuple):
    """A profile along one parameter: its height with a number of nodes, and how far it is followed."""

    height: Callable[[float, int], Height]
    mean_and_tau: Callable[[float, Height], tuple[float, float]]
    furthest: float


def mean_limits(counts: Counts, best: Maximum, critical: float) -> tuple[float | None, float | None]:
    """Return the limits of the mean logit for a fall of critical / 2; `best` has no covariates.

    The profile may have a second hill (one huge study: tau near 0, or a wide tau about the other studies);
    the limits are then the outermost ones, so that no mean that the data support is left out.
    """
    along = _Along(
        lambda mean, nodes: over_tau(counts, mean, nodes), lambda at, here: (at, here.other), _FURTHEST_LOGIT
    )
    target = best.log_likelihood - critical / 2
    centre = float(best.coefficients[0])
    step = 1 / sqrt(max(float(best.information[0, 0]), 1e-12))
    supported = [*_supported(counts, target), centre]
    return (
        _limit(along, counts, (min(supported), -step), target, best.nodes),
        _limit(along, counts, (max(supported), step), target, best.nodes),
    )


def _supported(counts: Counts, target: float) -> list[float]:
    """Return the means on a coarse grid about the studies' own logits with a likelihood above the target."""
    own = np.log((counts.events + 0.5) / (counts.totals - counts.events + 0.5))
    means = np.repeat(np.linspace(own.min() - 1, own.max() + 1, _HILLS), GRID.size)[:, None]
    heights = log_likelihood(counts, means, np.tile(GRID, _HILLS), LADDER[0]).reshape(_HILLS, GRID.size)
    return [float(one) for one in means[:: GRID.size, 0][heights.max(axis=1) > target]]


def tau_limits(counts: Counts, best: Maximum, critical: float) -> tuple[float, float | None]:
    """Return the limits of tau for a fall of critical / 2; a lower limit at the edge is 0."""
    start = float(best.coefficients[0])
    along = _Along(
        lambda tau, nodes: over_mean(counts, tau, nodes, start),
        lambda at, here: (here.other, at),
        _FURTHEST_TAU,
    )
    target = best.log_likelihood - critical / 2
    upper = _limit(along, counts, (best.tau, max(0.3, best.tau / 2)), target, best.nodes)
    if best.tau == 0 or along.height(0.0, best.nodes).value >= target:
        return 0.0, upper
    return _cross(lambda at: along.height(at, best.nodes), best.tau, 0.0, target), upper


def over_tau(counts: Counts, mean: float, nodes: int) -> Height:
    """Return the likelihood at a mean logit, maximised over tau: a grid first, it may have two peaks."""
    means = np.full((GRID.size, 1), mean)
    values = log_likelihood(counts, means, GRID, LADDER[0])  # finds the hill; exact at tau = 0
    at = int(np.argmax(values))
    low, high = GRID[max(at - 1, 0)], GRID[at + 1] if at + 1 < GRID.size else _FURTHEST_TAU
    tau = float(GRID[at]) if at else 0.5 * float(high)
    for _ in range(_STEPS):
        here = pieces(counts, means[:1], np.array([tau]), nodes)
        slope, bend = float(here.d_tau.sum()), float(here.h_tau.sum())
        low, high = (tau, high) if slope > 0 else (low, tau)
        further = tau - slope / bend if bend < 0 else -1.0
        further = further if low < further < high else 0.5 * (low + high)
        if abs(further - tau) < 1e-9 * (1 + tau):
            break
        tau = float(further)
    inner = pieces(counts, means[:1], np.array([tau]), nodes)
    value = float(inner.value.sum())
    if values[0] >= value:
        level = pieces(counts, means[:1], GRID[:1], nodes)
        return Height(float(values[0]), float(level.d_mean.sum()), 0.0)
    return Height(value, float(inner.d_mean.sum()), tau)


def over_mean(counts: Counts, tau: float, nodes: int, start: float) -> Height:
    """Return the likelihood at a tau, maximised over the mean logit."""
    ones, taus = np.ones((counts.events.size, 1)), np.array([tau])
    mean, _ = best_means(counts, ones, taus, nodes, np.array([[start]]))
    here = pieces(counts, mean, taus, nodes)
    return Height(float(here.value.sum()), float(here.d_tau.sum()), float(mean[0, 0]))


def _limit(
    along: _Along, counts: Counts, from_and_step: tuple[float, float], target: float, nodes: int
) -> float | None:
    """Step out until the profile is below the target, settle the nodes there, then find the crossing."""
    inside, step = from_and_step
    outside = inside + 2 * step
    while True:
        there = along.height(outside, nodes)
        mean, tau = along.mean_and_tau(outside, there)
        settled = settled_nodes(counts, np.array([[mean]]), np.array([tau]), nodes)
        if settled != nodes:
            nodes = settled  # the same point again: with too few nodes it may only seem to be outside
        elif there.value <= target:
            break
        elif abs(outside) > along.furthest:
            return None
        else:
            inside, step = outside, 1.6 * step
            outside += step
    return _cross(lambda at: along.height(at, nodes), inside, outside, target)


def _cross(profile: Callable[[float], Height], inside: float, outside: float, target: float) -> float:
    """Return where the profile falls to the target: above it at `inside`, below it at `outside`."""
    at = 0.5 * (inside + outside)
    for _ in range(_STEPS):
        here = profile(at)
        gap = here.value - target
        if gap > 0:
            inside = at
        else:
            outside = at
        further = at - gap / here.slope if here.slope else at
        low, high = min(inside, outside), max(inside, outside)
        further = further if low < further < high else 0.5 * (low + high)
        if abs(further - at) < 1e-10 * (1 + abs(at)):
            return float(further)
        at = further
    return float(at)
