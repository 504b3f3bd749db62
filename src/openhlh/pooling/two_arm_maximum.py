"""The highest point of a two-arm likelihood in (mean, tau) of the log odds ratio, and its profiles.

Both two-arm models have studies whose log odds ratio is mean + tau z with z standard normal. The integral
over z is taken by Gauss-Hermite quadrature centred at the mode of each study's integrand, nodes doubled
until nothing moves, beyond 200 nodes in panels as fine as the integrand. What a study's likelihood is, a
`Likelihood` knows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from math import inf, log, pi, sqrt
from typing import NamedTuple, Protocol

import numpy as np

from openhlh.pooling.two_by_two import Array

LADDER = (25, 50, 100, 200, 0)  # numbers of nodes to try in turn; 0 means panels
_SETTLED = 1e-10  # a log likelihood that moves less than this has the nodes that it needs
_EDGE = 10.5  # the normal density beyond is below 1e-24
_TAUS = (0.1, 0.25, 0.5, 0.8, 1.2, 1.8, 2.7, 4.0, 6.0, 9.0, 13.0)
_FURTHEST = 60.0  # a profile still open at a log odds ratio or a tau of 60 has no end that means anything
_STEPS = 80


class Surface(NamedTuple):
    """The log likelihood at (mean, tau) with its gradient (2,) and Hessian (2, 2)."""

    value: float
    slope: Array
    bend: Array


class Likelihood(Protocol):
    """A two-arm likelihood: its number of informative studies, a first guess of the mean, its surface.

    The surface has derivatives that are exact for the sum over the nodes; at tau = 0 its slope in tau is 0.
    """

    @property
    def k(self) -> int:
        """The number of informative studies."""
        ...

    @property
    def guess(self) -> float:
        """A mean to start from."""
        ...

    def surface(self, mean: float, tau: float, nodes: int) -> Surface:
        """Return the log likelihood with its derivatives by mean and tau."""
        ...


class Top(NamedTuple):
    """The highest point: mean, tau >= 0, the surface there, nodes; and the best log likelihood at tau = 0."""

    mean: float
    tau: float
    surface: Surface
    nodes: int
    level_value: float


def quadrature(
    study: Callable[[Array], tuple[Array, Array, Array]], mean: float, tau: float, nodes: int, start: Array
) -> tuple[Array, Array]:
    """Return points z and log weights (k, Q) for integrals against the standard normal density.

    `study` gives value and first derivative by the log odds ratio, and minus the second, each (k, Q), all of
    them log-concave; `start` (k, 1) is a guess of the modes in z.
    """
    centre, width = _modes(study, mean, tau, start)
    if not nodes:
        return _panels(study, mean, tau, (centre, width))
    offsets, log_weights = _gauss_hermite(nodes)
    # the weights are against exp(-offset^2 / 2), the integral against exp(-z^2 / 2)
    points = centre + width * offsets
    return points, log_weights + np.log(width) - 0.5 * points**2


def _panels(
    study: Callable[[Array], tuple[Array, Array, Array]], mean: float, tau: float, peak: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Return points and log weights of Gauss-Legendre panels, each two local widths of the integrand long.

    A grid of one unit of the log odds ratio, and finer around the mode, finds for each study the stretch
    where the integrand is above e**-45 of its peak (one stretch: it is log-concave) and the widths along it.
    """
    centre, width = peak
    even = np.tile(np.linspace(-_EDGE, _EDGE, int(2 * _EDGE * tau) + 64), (centre.shape[0], 1))
    grid = np.sort(np.concatenate([even, centre + width * np.linspace(-10, 10, 81)], axis=1), axis=1)
    value, _, variance = study(mean + tau * grid)
    heights, sharpness = value - 0.5 * grid**2, np.sqrt(1 + tau**2 * variance)
    gone = np.cumsum(0.5 * (sharpness[:, 1:] + sharpness[:, :-1]) * np.diff(grid), axis=1)
    gone = np.concatenate([np.zeros_like(centre), gone], axis=1)
    kept = [np.flatnonzero(row > row.max() - 45)[[0, -1]] for row in heights]
    ends = [(max(low - 1, 0), min(high + 1, grid.shape[1] - 1)) for low, high in kept]
    number = max(int((gone[at, high] - gone[at, low]) / 2) for at, (low, high) in enumerate(ends)) + 1
    edges = np.array(
        [
            np.interp(np.linspace(gone[at, low], gone[at, high], number + 1), gone[at], grid[at])
            for at, (low, high) in enumerate(ends)
        ]
    )
    nodes, weights = np.polynomial.legendre.leggauss(16)
    half = np.diff(edges, axis=1)[..., None] / 2
    points = (edges[:, :-1, None] + half * (1 + nodes)).reshape(centre.shape[0], -1)
    log_weights = np.log(half * weights).reshape(centre.shape[0], -1)
    return points, log_weights - 0.5 * log(2 * pi) - 0.5 * points**2


def _modes(
    study: Callable[[Array], tuple[Array, Array, Array]], mean: float, tau: float, start: Array
) -> tuple[Array, Array]:
    """Return mode and width (k, 1) of each study's integrand; it is log-concave, so Newton finds it."""
    z, furthest = start, 2 / max(tau, 0.1)  # a longer step leaves the region where the curvature is known
    for _ in range(_STEPS):
        _, residual, variance = study(mean + tau * z)
        bend = 1 + tau**2 * variance
        step = (tau * residual - z) / bend
        z = z + np.clip(step, -furthest, furthest)
        if (step**2 * bend).max() < 1e-2:  # a tenth of a width: the nodes reach far beyond it
            break
    return z, 1 / np.sqrt(bend)


@lru_cache(maxsize=8)
def _gauss_hermite(nodes: int) -> tuple[Array, Array]:
    """Return offsets in widths, log weights against the standard normal density without its exponential."""
    from numpy.polynomial.hermite import hermgauss

    points, weights = hermgauss(nodes)
    return sqrt(2) * points, np.log(weights) + points**2 - 0.5 * log(pi)


def settled_nodes(like: Likelihood, mean: float, tau: float, at_least: int = LADDER[0]) -> int:
    """Return the first rung of LADDER whose log likelihood here the next rung repeats."""
    if tau == 0:
        return at_least
    rungs = LADDER[LADDER.index(at_least) :]
    here = like.surface(mean, tau, rungs[0]).value
    for rung, following in pairwise(rungs):
        beyond = like.surface(mean, tau, following).value
        # the weights of a million tables carry their own rounding, which more nodes can't remove
        if abs(beyond - here) < _SETTLED + 1e-13 * abs(here):
            return rung
        here = beyond
    return rungs[-1]


def top_of(like: Likelihood) -> Top:
    """Return the highest maximum; one has to exist (a study inside its support)."""
    level = best_mean(like, 0.0, LADDER[0], like.guess)
    flat = like.surface(level, 0.0, LADDER[0])
    best = Top(level, 0.0, flat, LADDER[0], flat.value)
    for start in _starts(like, level, flat) if like.k > 1 else []:
        mean, tau, nodes = _polish(like, start)
        here = like.surface(mean, tau, nodes)
        # a maximum that is no higher than tau = 0 is tau = 0 told with noise
        if here.value > best.surface.value + 1e-12 * (1 + abs(here.value)):
            best = Top(mean, tau, here, nodes, flat.value)
    return best


def _starts(like: Likelihood, level: float, flat: Surface) -> list[tuple[float, float]]:
    """Return (mean, tau) at every peak along a grid of tau, and near 0 where the likelihood rises from it."""
    path, heights = [(level, 0.0)], [flat.value]
    for tau in _TAUS:
        path.append((best_mean(like, tau, LADDER[0], path[-1][0], 3), tau))
        heights.append(like.surface(*path[-1], LADDER[0]).value)
    beyond = [*heights, -np.inf]
    peaks = [at for at in range(1, len(path)) if beyond[at - 1] <= beyond[at] > beyond[at + 1]]
    if not peaks and flat.bend[1, 1] > 0:
        peaks = [1]
    return [path[at] for at in peaks]


def best_mean(like: Likelihood, tau: float, nodes: int, start: float, most: int = _STEPS) -> float:
    """Return the mean that is best for a tau: log-concave in the mean, so that Newton's steps arrive."""
    mean = start
    for _ in range(most):
        here = like.surface(mean, tau, nodes)
        step = float(here.slope[0] / max(-here.bend[0, 0], 1e-12))
        mean += min(max(step, -1 - tau), 1 + tau)
        if abs(step) < 1e-10 * (1 + abs(mean)):
            break
    return mean


def _polish(like: Likelihood, start: tuple[float, float]) -> tuple[float, float, int]:
    """Climb to the maximum; the nodes are doubled until neither likelihood nor parameters move."""
    nodes, at = settled_nodes(like, *start), np.array(start)
    while True:
        at = _climb(like, at, nodes)
        mean, tau = float(at[0]), abs(float(at[1]))
        settled = settled_nodes(like, mean, tau, nodes)
        if settled == nodes:
            return mean, tau, nodes
        nodes = settled


def _climb(like: Likelihood, at: Array, nodes: int) -> Array:
    here = like.surface(float(at[0]), float(at[1]), nodes)
    for _ in range(_STEPS):
        step = _uphill(here)
        for _ in range(30):
            there = like.surface(float(at[0] + step[0]), float(at[1] + step[1]), nodes)
            if there.value >= here.value - 1e-13 * abs(here.value):
                break
            step = step / 2
        at, here = at + step, there
        if np.abs(step).max() < 1e-9 * (1 + np.abs(at).max()):
            break
    return at


def _uphill(here: Surface) -> Array:
    """Return a Newton step, on a curvature made negative definite where it is not, no longer than 2."""
    values, vectors = np.linalg.eigh(-here.bend)
    floor = 1e-8 * max(1.0, float(np.abs(values).max()))
    step = vectors @ (vectors.T @ here.slope / np.maximum(np.abs(values), floor))
    return np.asarray(step * min(1.0, 2 / max(float(np.abs(step).max()), 1e-300)))


def mean_limits(like: Likelihood, top: Top, fall: float) -> tuple[float | None, float | None]:
    """Return the means where the likelihood, maximised over tau, has fallen this far; None: it never does."""
    return _mean_limit(like, top, fall, -1), _mean_limit(like, top, fall, 1)


def _mean_limit(like: Likelihood, top: Top, fall: float, side: int) -> float | None:
    """Follow the best tau from the maximum outward; where a far one proves to be better, search them all."""
    step = side * 1.5 / sqrt(max(-float(top.surface.bend[0, 0]), 1e-6))
    target, near = top.surface.value - fall, top.tau

    def followed(mean: float) -> tuple[float, float]:
        nonlocal near
        near, value, slope = _over_tau(like, mean, top.nodes, near)
        # with tau at its furthest the profile is cut off, so that its fall is not the likelihood's
        return (value if near < 0.999 * _FURTHEST else inf), slope

    def searched(mean: float) -> tuple[float, float]:
        grid = np.array([0.0, *_TAUS])
        heights = [like.surface(mean, float(tau), top.nodes).value for tau in grid]
        return _over_tau(like, mean, top.nodes, float(grid[int(np.argmax(heights))]))[1:]

    found = _crossing(followed, top.mean, step, target)
    if found is not None and searched(found)[0] > target + 1e-7:
        return _crossing(searched, top.mean, step, target)
    return found


def tau_limits(like: Likelihood, top: Top, fall: float) -> tuple[float, float | None]:
    """Return the taus where the likelihood, maximised over the mean, has fallen this far (from 0 on)."""
    target, mean = top.surface.value - fall, top.mean

    def height(tau: float) -> tuple[float, float]:
        nonlocal mean
        nodes = settled_nodes(like, mean, tau, top.nodes)
        mean = best_mean(like, tau, nodes, mean)
        here = like.surface(mean, tau, nodes)
        return here.value, float(here.slope[1])

    high = _crossing(height, top.tau, max(0.3, top.tau / 2), target)
    if top.level_value >= target:
        return 0.0, high
    return _between(height, (top.tau, 0.0), target), high


def _over_tau(like: Likelihood, mean: float, nodes: int, near: float) -> tuple[float, float, float]:
    """Return the best tau near this one, the log likelihood there, its slope in the mean (envelope theorem).

    tau = 0 always competes; from 0 itself the way leads up only where the likelihood rises in tau squared.
    """
    flat = like.surface(mean, 0.0, nodes)
    if near == 0 and flat.bend[1, 1] <= 0:
        return 0.0, flat.value, float(flat.slope[0])
    tau = near or _TAUS[0]
    settled = settled_nodes(like, mean, tau, nodes)  # with too few nodes the climb would find no rest
    while True:
        tau, here = _best_tau(like, mean, settled, tau)
        nodes, settled = settled, settled_nodes(like, mean, tau, settled)
        if settled == nodes:
            break
    if flat.value >= here.value:
        return 0.0, flat.value, float(flat.slope[0])
    return tau, here.value, float(here.slope[0])


def _best_tau(like: Likelihood, mean: float, nodes: int, tau: float) -> tuple[float, Surface]:
    """Climb in tau alone from a tau above 0: Newton's steps inside a bracket that shrinks."""
    low, high = 0.0, _FURTHEST
    for _ in range(_STEPS):
        here = like.surface(mean, tau, nodes)
        slope, bend = float(here.slope[1]), float(here.bend[1, 1])
        low, high = (tau, high) if slope > 0 else (low, tau)
        further = tau - slope / bend if bend < 0 else (2 * tau if slope > 0 else tau / 2)
        if min(abs(further - tau), high - low) < 1e-8 * (1 + tau):
            break
        tau = further if low < further < high else (low + high) / 2
    return tau, here


def _crossing(
    height: Callable[[float], tuple[float, float]], inside: float, step: float, target: float
) -> float | None:
    """Step out from inside until the height is below the target, then find where it crosses."""
    while abs(inside) < _FURTHEST:
        outside = max(-_FURTHEST, min(inside + step, _FURTHEST))
        if height(outside)[0] <= target:
            return _between(height, (inside, outside), target)
        inside, step = outside, 1.6 * step
    return None


def _between(
    height: Callable[[float], tuple[float, float]], ends: tuple[float, float], target: float
) -> float:
    """Return where the height crosses the target, above it at the first end: Newton inside a bracket."""
    inside, outside = ends
    at = (inside + outside) / 2
    for _ in range(_STEPS):
        value, slope = height(at)
        inside, outside = (at, outside) if value > target else (inside, at)
        further = at - (value - target) / slope if slope else inside
        if abs(further - at) < 1e-10 * (1 + abs(at)):
            return further
        if not min(inside, outside) < further < max(inside, outside):
            further = (inside + outside) / 2
        at = further
    return at
