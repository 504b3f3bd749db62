"""Posterior densities on grids: where tau is integrated, and quantiles of what a density says.

Every density is held at Gauss-Legendre nodes of windows that follow it, so that its integral up to any point
is a polynomial and a quantile is found to rounding error, without sampling and without a common grid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, erfc, exp, log, pi

import numpy as np
from numpy.polynomial import chebyshev, hermite_e, legendre
from numpy.typing import NDArray

from openhlh.pooling.priors import HALF_NORMAL, Prior

Array = NDArray[np.floating]
NEGLIGIBLE = 27.0  # what lies this much (natural logarithm) below the highest is left out: 2e-12
STEEP = 16.0  # fall of the log density of tau within a panel above which the panel is halved
HERMITE_NODES, STEADY = 20, 0.75  # the nodes suffice up to this tau: the logistic's poles are 4 z away
TAU_NODES = 10  # per panel; a panel spans at most a factor of two, so that the density is smooth within it


@lru_cache
def gauss_legendre(count: int) -> tuple[Array, Array]:
    """Return nodes and weights on [-1, 1], each of shape (count,)."""
    nodes, weights = legendre.leggauss(count)
    return nodes, weights


@lru_cache
def _gauss_hermite() -> tuple[Array, Array]:
    nodes, weights = hermite_e.hermegauss(HERMITE_NODES)
    return nodes, weights / weights.sum()


def normal_rule(tau: float) -> tuple[Array, Array]:
    """Return nodes z and weights of the mean of a logistic likelihood at mu + tau z over a standard normal.

    Gauss-Hermite where tau is small, evenly spaced where tau z crosses the whole turn of the logistic.
    """
    if tau <= STEADY:
        return _gauss_hermite()
    step = min(0.4, 0.6 / tau)
    z = (np.arange(-ceil(8.5 / step), ceil(8.5 / step)) + 0.5) * step
    weights = np.exp(-(z**2) / 2)
    return z, weights / weights.sum()


def interpolation(points: Array, count: int) -> Array:
    """Return the matrix (points, count) of barycentric interpolation from the Gauss-Legendre nodes."""
    nodes, weights = gauss_legendre(count)
    signs = np.where(np.arange(count) % 2, -1.0, 1.0)
    gaps = points[:, None] - nodes
    parts: Array = signs * np.sqrt((1 - nodes**2) * weights) / np.where(gaps == 0, 1e-300, gaps)
    parts /= parts.sum(axis=1, keepdims=True)
    return parts


@lru_cache
def _to_series(count: int) -> tuple[Array, Array]:
    """Return the matrices from values at the nodes to Legendre series of the density and its integral."""
    nodes, weights = gauss_legendre(count)
    orders = np.arange(count)
    density = (legendre.legvander(nodes, count - 1) * weights[:, None]) * (orders + 0.5)
    integral = np.zeros((count, count + 1))
    integral[orders, orders + 1] = 1 / (2 * orders + 1)
    integral[orders[1:], orders[1:] - 1] = -1 / (2 * orders[1:] + 1)
    integral[0, 0] = 1.0
    return np.hstack([density, np.zeros((count, 1))]), density @ integral


@dataclass(frozen=True)
class Windows:
    """Windows of the real line, each centre + stretch sinh(middle + half x) for x in [-1, 1]; any shape.

    A large stretch makes the nodes even; a small one crowds them at the centre and lets them reach far out.
    """

    centre: Array
    stretch: Array
    middle: Array
    half: Array

    @classmethod
    def even(cls, low: Array, high: Array) -> Windows:
        """Return windows from low to high with an (all but) linear map."""
        centre, stretch = (low + high) / 2, 1e4 * (high - low)
        return cls(centre, stretch, np.zeros_like(low), np.arcsinh((high - centre) / stretch))

    @classmethod
    def crowded(cls, low: Array, high: Array, centre: Array, stretch: float) -> Windows:
        """Return windows from low to high whose nodes crowd within `stretch` of the centre."""
        ends = np.arcsinh((low - centre) / stretch), np.arcsinh((high - centre) / stretch)
        return cls(centre, np.full_like(low, stretch), (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2)

    def where(self, other: Windows, chosen: NDArray[np.bool_]) -> Windows:
        """Return these windows, and the other's where chosen."""
        pairs = zip(self._fields(), other._fields(), strict=True)
        return Windows(*(np.where(chosen, theirs, mine) for mine, theirs in pairs))

    def across(self, rows: int) -> Windows:
        """Return windows of shape (C,) repeated for every row, of shape (C, rows)."""
        return Windows(*(np.repeat(part[:, None], rows, axis=1) for part in self._fields()))

    def one(self, index: int) -> Windows:
        """Return one window of those of shape (C,), of shape ()."""
        return Windows(*(part[index] for part in self._fields()))

    def beside(self, other: Windows) -> Windows:
        """Return these windows and the other's, side by side along the last axis."""
        pairs = zip(self._fields(), other._fields(), strict=True)
        return Windows(*(np.concatenate(pair, axis=-1) for pair in pairs))

    def at(self, x: Array) -> tuple[Array, Array]:
        """Return points and slopes at local x, of shape (*windows, len(x))."""
        local = self.middle[..., None] + self.half[..., None] * x
        stretch = self.stretch[..., None]
        return self.centre[..., None] + stretch * np.sinh(local), stretch * np.cosh(local) * self.half[
            ..., None
        ]

    def local(self, points: Array) -> tuple[Array, Array]:
        """Return x of points (broadcast against the windows), kept in [-1, 1], and dx/dpoint."""
        scaled = (points - self.centre) / self.stretch
        x = (np.arcsinh(scaled) - self.middle) / self.half
        return np.clip(x, -1, 1), 1 / (self.half * self.stretch * np.hypot(1, scaled))

    def _fields(self) -> tuple[Array, Array, Array, Array]:
        return self.centre, self.stretch, self.middle, self.half


class Mixture:
    """R densities, each a sum over C windows: `windows` of shape (C, R), `values` (C, R, nodes).

    A value is the density per local x; the masses of one row may add up to anything and are made one.
    """

    def __init__(self, windows: Windows, values: Array) -> None:
        """Prepare the series of densities and integrals and the moments of every row."""
        count = values.shape[-1]
        nodes, weights = gauss_legendre(count)
        masses = values * weights
        values = values / masses.sum(axis=(0, 2))[:, None]
        self._masses = masses / masses.sum(axis=(0, 2))[:, None]
        to_density, to_integral = _to_series(count)
        self._windows = windows
        self._density = np.moveaxis(values @ to_density, -1, 0)
        self._integral = np.moveaxis(values @ to_integral, -1, 0)
        self._points = windows.at(nodes)[0]

    def moments(self, row: int) -> tuple[float, float]:
        """Return mean and standard deviation of one row."""
        points, masses = self._points[:, row], self._masses[:, row]
        mean = float((points * masses).sum())
        return mean, float(((points - mean) ** 2 * masses).sum()) ** 0.5

    def cdf(self, points: Array) -> tuple[Array, Array]:
        """Return probability up to the points and density there; points and answers of shape (Q, R)."""
        x, slope = self._windows.local(points[:, None, :])
        inside = (x > -1) & (x < 1)
        below = legendre.legval(x, self._integral, tensor=False).sum(axis=1)
        density = (legendre.legval(x, self._density, tensor=False) * slope * inside).sum(axis=1)
        return below, density

    def exceeds(self, point: float) -> tuple[float, float]:
        """Return the probability that the first and that the last row exceed a point."""
        below = self.cdf(np.full((1, self._points.shape[1]), point))[0][0]
        return float(np.clip(1 - below[0], 0, 1)), float(np.clip(1 - below[-1], 0, 1))

    def quantiles(self, levels: tuple[float, ...]) -> Array:
        """Return the quantiles of every row, of shape (levels, R)."""
        wanted = np.array(levels)[:, None]
        rows = self._points.shape[1]
        starts = np.empty((len(levels), rows))
        low, high = np.empty(rows), np.empty(rows)
        for row in range(rows):
            points, masses = self._points[:, row].ravel(), self._masses[:, row].ravel()
            order = np.argsort(points)
            reached = np.cumsum(masses[order]) - masses[order] / 2
            starts[:, row] = np.interp(levels, reached, points[order])
            low[row], high[row] = points[order[0]], points[order[-1]]
        bounds = np.broadcast_to(low, starts.shape), np.broadcast_to(high, starts.shape)
        return solve(self.cdf, np.broadcast_to(wanted, starts.shape), bounds, starts)


def solve(
    rise: Callable[[Array], tuple[Array, Array]],
    wanted: Array,
    bounds: tuple[Array, Array],
    start: Array,
    tolerance: float = 1e-13,
) -> Array:
    """Return where a rising function (value, slope) reaches the wanted values: Newton kept in its bracket."""
    low, high = bounds
    at = np.clip(start, low, high)
    for _ in range(100):
        value, slope = rise(at)
        low, high = np.where(value < wanted, at, low), np.where(value < wanted, high, at)
        # a slope of nothing gives a step out of the bracket, which halves it instead
        step = at - (value - wanted) / np.maximum(slope, 1e-300)
        close = np.minimum(np.abs(step - at), high - low) <= tolerance * (1 + np.abs(at))
        at = np.where(close, at, np.where((step > low) & (step < high), step, (low + high) / 2))
        if close.all():
            break
    return at


@dataclass(frozen=True)
class TauGrid:
    """Panels in tau: `nodes` and integration `weights` of shape (panels, TAU_NODES).

    The last panel may be open (`open_from` is its start): there the nodes are even in 1 / tau.
    """

    edges: Array
    nodes: Array
    weights: Array
    open_from: float | None

    def quantiles(self, masses: Array, levels: tuple[float, ...]) -> Array:
        """Return quantiles of tau from the probability per node (panels, TAU_NODES), which adds up to one."""
        values = masses / gauss_legendre(TAU_NODES)[1]
        to_density, to_integral = _to_series(TAU_NODES)
        reached = np.concatenate([[0.0], np.cumsum(masses.sum(axis=1))])
        wanted = np.array(levels)
        panel = np.clip(np.searchsorted(reached, wanted) - 1, 0, len(masses) - 1)
        density, integral = (values @ to_density)[panel].T, (values @ to_integral)[panel].T

        def rise(x: Array) -> tuple[Array, Array]:
            return legendre.legval(x, integral, tensor=False), legendre.legval(x, density, tensor=False)

        ones = np.ones_like(wanted)
        x = solve(rise, wanted - reached[panel], (-ones, ones), 0 * ones)
        return self._tau_of(panel, x)

    def _tau_of(self, panel: NDArray[np.intp], x: Array) -> Array:
        low, high = self.edges[panel, 0], self.edges[panel, 1]
        closed: Array = (low + high) / 2 + (high - low) / 2 * x
        if self.open_from is None:
            return closed
        is_open = panel == len(self.edges) - 1
        return np.where(is_open, self.open_from * 2 / np.maximum(1 - x, 1e-300), closed)


def log_prior_of_tau(prior: Prior, tau: Array) -> Array:
    """Return the log density of tau >= 0 under its prior."""
    scaled = tau / prior.scale
    constant = log(2 / pi) - log(prior.scale)
    shape: Array = constant - 2 * np.log(np.hypot(1, scaled))
    if prior.spread == HALF_NORMAL:
        shape = constant - log(2 / pi) / 2 - scaled**2 / 2
    return shape


def tau_grid(log_posterior: Callable[[Array], Array], smallest: float, largest: float) -> TauGrid:
    """Return panels that hold all but a negligible part of the posterior of tau.

    `log_posterior` may be approximate: it says only where the panels lie. They span a factor of two from
    `smallest` (below which the likelihood knows no difference in tau) to `largest` (above which all depends
    on 1 / tau), and are halved where the density is steep.
    """
    count = int(np.ceil(np.log2(largest / smallest)))
    rungs = smallest * 2.0 ** np.arange(count + 1)
    heights = log_posterior(rungs) + np.log(rungs)
    enough = heights > heights.max() - NEGLIGIBLE
    kept = enough[1:] | enough[:-1]
    edges = np.column_stack([rungs[:-1], rungs[1:]])[kept]
    if enough[0]:
        edges = np.vstack([[0.0, rungs[0]], edges])
    return _panels(_halved(edges, log_posterior), float(rungs[-1]) if enough[-1] else None)


def _halved(edges: Array, log_posterior: Callable[[Array], Array]) -> Array:
    """Return the panels (low, high), those halved in which the log density bends or falls too much."""
    for _ in range(12):
        middle = edges.mean(axis=1)
        points = np.column_stack([np.maximum(edges[:, 0], edges[:, 1] * 1e-3), middle, edges[:, 1]])
        low, mid, high = log_posterior(points.ravel()).reshape(points.shape).T
        highest = np.maximum(np.maximum(low, high), mid)
        bent = (np.abs(low - high) > STEEP) | (np.abs((low + high) / 2 - mid) > STEEP / 4)
        steep = bent & (highest > highest.max() - NEGLIGIBLE)
        if not steep.any():
            break
        halves = [
            np.column_stack([edges[:, 0], middle])[steep],
            np.column_stack([middle, edges[:, 1]])[steep],
        ]
        edges = np.vstack([edges[~steep], *halves])
    weight = highest + np.log(edges[:, 1]) if not steep.any() else np.zeros(len(edges))
    edges = edges[weight > weight.max() - NEGLIGIBLE]
    return edges[np.argsort(edges[:, 0])]


def _panels(ends: Array, open_from: float | None) -> TauGrid:
    x, weights = gauss_legendre(TAU_NODES)
    half = (ends[:, 1:] - ends[:, :1]) / 2
    nodes, factors = ends[:, :1] + half * (1 + x), half * weights
    if open_from is not None:  # tau = 2 open_from / (1 - x)
        ends = np.vstack([ends, [open_from, open_from]])
        far = 2 * open_from / (1 - x)
        nodes, factors = np.vstack([nodes, far]), np.vstack([factors, weights * far**2 / (2 * open_from)])
    return TauGrid(ends, nodes, factors, open_from)


def normal_cdf(deviates: Array) -> Array:
    """Return the standard normal distribution function, to 1e-15, without the cost of importing scipy."""
    z = np.minimum(np.abs(deviates) / 2**0.5, _FARTHEST)
    upper: Array = np.exp(-(z**2)) * chebyshev.chebval(_scaled(2 / (2 + z)), _erfcx_series()) / 2
    found: Array = np.where(deviates > 0, 1 - upper, upper)
    return found


_FARTHEST = 25.0  # erfc is 1e-273 there


def _scaled(t: Array) -> Array:
    low = 2 / (2 + _FARTHEST)
    return (2 * t - low - 1) / (1 - low)


@lru_cache
def _erfcx_series() -> Array:
    """Return the Chebyshev series of exp(z^2) erfc(z) in 2 / (2 + z), in which it is smooth."""
    low = 2 / (2 + _FARTHEST)

    x = chebyshev.chebpts1(37)
    z = 2 / (low + (x + 1) / 2 * (1 - low)) - 2
    values = np.array([exp(one * one) * erfc(one) for one in z])
    series: Array = chebyshev.chebfit(x, values, 36)
    return series
