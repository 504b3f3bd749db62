"""The Bayesian binomial-normal hierarchical model of single-arm studies, by quadrature.

x_i ~ Bin(n_i, expit(theta_i)), theta_i ~ N(mu, tau^2), mu ~ normal, tau ~ half-normal or half-Cauchy.
The integral over tau runs over panels (`posterior_shape`), that over mu over Gauss-Legendre nodes of a window
that follows the posterior of mu at each tau, and that over theta_i likewise where tau is wide against the
posterior of mu, else over nodes about mu. The study to come is one more row: a study without
patients. Nothing is sampled, so that the same data give the same digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import lgamma, log, pi

import numpy as np

from openhlh.errors import WrongInput
from openhlh.pooling.fit import Fit, Limits, Posterior, Shrunken, Spread
from openhlh.pooling.posterior_shape import (
    Array,
    Mixture,
    TauGrid,
    Windows,
    gauss_legendre,
    interpolation,
    log_prior_of_tau,
    normal_rule,
    solve,
    tau_grid,
)
from openhlh.pooling.priors import DEFAULT, HALF_CAUCHY, NO_MEAN, Prior
from openhlh.pooling.scales import expit, logit
from openhlh.pooling.series import Series

NODES = 64  # per window, of mu and of theta
NARROW = 0.5  # tau below this share of the posterior sd of mu: nodes about mu are the better rule
VAGUEST = 50.0  # logits: wider than any double can tell from 0 or 1
DROP = 36.0  # a window ends where the density has fallen by exp(-36)
REACH = (2 * DROP) ** 0.5  # the same in standard deviations of a normal
ROUGH = 1e-6  # where windows lie need not be known better
POLE = 0.3  # nodes wider apart than this miss the turn of the logistic (its poles lie pi off the real line)
TURN = 3.2  # then they crowd within this reach of the turn
_Quantiles = tuple[Array, tuple[float, ...]]  # of mu, the studies and a new one (levels, R), and of tau


@dataclass(frozen=True)
class _Counts:
    """Events and non-events as float rows of shape (R,), the last row the study to come: 0 of 0."""

    events: Array
    others: Array

    def log_likelihood(self, theta: Array) -> Array:
        """Return log p^x q^(n-x) at logits (broadcast against rows), without overflow or cancellation."""
        tail = np.log1p(np.exp(-np.abs(theta)))
        away = self.events * (np.maximum(-theta, 0) + tail)
        found: Array = -(away + self.others * (np.maximum(theta, 0) + tail))
        return found

    def slopes(self, theta: Array) -> tuple[Array, Array]:
        """Return the first derivative and minus the second of the log likelihood."""
        small = np.exp(-np.abs(theta))
        near, far = 1 / (1 + small), small / (1 + small)
        share, rest = np.where(theta >= 0, near, far), np.where(theta >= 0, far, near)
        return self.events * rest - self.others * share, (self.events + self.others) * share * rest

    def column(self) -> _Counts:
        """Return the same with rows along the first of two axes."""
        return _Counts(self.events[:, None], self.others[:, None])


@dataclass(frozen=True)
class _Found:
    """The tau panels, the probability at each of their nodes, the log evidence, the rows mu, studies, new."""

    grid: TauGrid
    masses: Array
    evidence: float
    mixture: Mixture


@dataclass(frozen=True)
class _Slice:
    """The posterior at one tau: its log mass, and of every row (mu first) the values per local x."""

    log_mass: float
    mu: Array
    theta: Array


@lru_cache(maxsize=8)  # the same posterior stands beside the default model and among its neighbours
def bayes_binomial(
    series: Series, prior: Prior = DEFAULT, level: float = 0.95, thresholds: tuple[float, ...] = ()
) -> Fit:
    """Return the posterior of the mean proportion, of a new study's and of each study's own.

    `estimate` is the posterior median, the interval equal-tailed ("credible"), the prediction ("predictive")
    that of a new study's true proportion, `log_likelihood` the log marginal likelihood. `extra` holds
    new_exceeds_T, the probability that a new study's true proportion exceeds threshold T. A study's weight
    is its share of the information on the mean at the posterior median proportion p, the posterior mean of
    n p q / (1 + tau^2 n p q). WrongInput for a flat prior of the mean:
    without any event the posterior would not exist; and for thresholds that are no proportion.
    """
    _require(prior, thresholds)
    found = _integrated(series, prior)
    tails = (1 - level) / 2
    rows = found.mixture.quantiles((tails, 0.5, 1 - tails))
    means, new = (tuple(float(value) for value in rows[:, row]) for row in (0, -1))
    tau = tuple(float(value) for value in found.grid.quantiles(found.masses, (tails, 0.5, 1 - tails)))
    above = [(limit, *found.mixture.exceeds(logit(limit))) for limit in thresholds]
    posterior = _posterior(
        series, prior, found, (rows, tau), tuple((limit, mean) for limit, mean, _ in above)
    )
    return Fit(
        model="bayes",
        measure="PLO",
        k=series.k,
        estimate=expit(means[1]),
        scale_estimate=means[1],
        se=posterior.sd_of_scale,
        interval=_limits("credible", "equal-tailed credible interval", level, means),
        spread=Spread("posterior median", tau[1] ** 2, None, "credible", tau[0] ** 2, tau[2] ** 2),
        weights=_weights(series, found, expit(means[1])),
        predictions=(
            _limits("predictive", "posterior predictive, true proportion of a new study", level, new),
        ),
        log_likelihood=found.evidence,
        nodes=NODES,
        posterior=posterior,
        extra={f"new_exceeds_{limit:g}": chance for limit, _, chance in above},
        notes=(prior.words, *((NO_MEAN,) if _endless(series, prior) else ())),
    )


def _require(prior: Prior, thresholds: tuple[float, ...]) -> None:
    if prior.mean is None or prior.mean_sd > VAGUEST:
        raise WrongInput(
            f"a flat prior of the mean, or one with a standard deviation above {VAGUEST:g} logits",
            where="--prior",
            why="with all events or none such a prior leaves the mean without a posterior",
            remedy="give the mean a normal prior, for example normal(0, 1.5)",
        )
    if not all(0 < limit < 1 for limit in thresholds):
        raise WrongInput(
            f"thresholds {', '.join(map(str, thresholds))}",
            where="--threshold",
            why="a threshold is a proportion between 0 and 1",
            remedy="for 40 percent write 0.4",
        )


def _endless(series: Series, prior: Prior) -> bool:
    """Tell whether the posterior of tau has no mean: no study has both events and non-events to bound it."""
    one_sided = all(count in {0, total} for count, total in zip(series.events, series.totals, strict=True))
    return prior.spread == HALF_CAUCHY and one_sided


def _posterior(
    series: Series,
    prior: Prior,
    found: _Found,
    quantiles: _Quantiles,
    exceeds: tuple[tuple[float, float], ...],
) -> Posterior:
    rows, tau = quantiles
    middle, sd = found.mixture.moments(0)
    proportions = [tuple(expit(float(value)) for value in row) for row in rows[:, 1:-1].T]
    return Posterior(
        prior=prior.words,
        tau_mean=tau[1] if _endless(series, prior) else float((found.grid.nodes * found.masses).sum()),
        tau_median=tau[1],
        tau_low=tau[0],
        tau_high=tau[2],
        mean_of_scale=middle,
        sd_of_scale=sd,
        shrunken=tuple(
            Shrunken(label, median, low, high)
            for label, (low, median, high) in zip(series.labels, proportions, strict=True)
        ),
        exceeds=exceeds,
    )


def _integrated(series: Series, prior: Prior) -> _Found:
    """Return the tau panels, the probability per node, the log evidence and the rows mu, new, studies."""
    events = np.array((*series.events, 0), dtype=float)
    counts = _Counts(events, np.array((*series.totals, 0), dtype=float) - events)
    smallest = min(1 / max(series.totals) ** 0.5, prior.scale / 4)
    largest = 16 * max(4.0, prior.scale, prior.mean_sd)

    def approximate(tau: Array) -> Array:
        return _centred(counts, tau, prior)[2] + log_prior_of_tau(prior, tau)

    grid = tau_grid(approximate, smallest, largest)
    tau = grid.nodes.ravel()
    mu, theta, slices = _slices(counts, tau, prior)
    heights = np.array([one.log_mass for one in slices]) + log_prior_of_tau(prior, tau)
    heights += np.log(grid.weights.ravel())
    masses = np.exp(heights - heights.max())
    evidence = float(heights.max() + np.log(masses.sum()))
    evidence += sum(map(_log_choices, series.events, series.totals))
    masses /= masses.sum()
    return _Found(grid, masses.reshape(grid.nodes.shape), evidence, _mixed(masses, mu, theta, slices))


def _slices(counts: _Counts, tau: Array, prior: Prior) -> tuple[Windows, Windows, list[_Slice]]:
    """Return the windows of mu (T,) and theta (T, R) and the posterior at every tau."""
    middle, sd, _ = _centred(counts, tau, prior)
    low, high = _mean_window(counts, tau, prior, (middle, sd))
    narrow = tau < NARROW * (high - low) / (2 * REACH)
    mu = _mean_windows(counts, low, high)
    same = mu.across(len(counts.events))
    theta = _theta_windows(counts, tau, (low, middle, high)).where(same, narrow[:, None])
    nodes = gauss_legendre(NODES)[0]
    (points, widths), (thetas, slopes) = mu.at(nodes), theta.at(nodes)
    slices = [
        _narrow(counts, tau[at], prior, mu.one(at))
        if narrow[at]
        else _wide(counts, tau[at], prior, (points[at], widths[at], thetas[at], slopes[at]))
        for at in range(len(tau))
    ]
    return mu, theta, slices


def _mixed(masses: Array, mu: Windows, theta: Windows, slices: list[_Slice]) -> Mixture:
    """Return the densities of mu, of every study's theta and of a new study's, each a sum over tau."""
    values = np.array([np.vstack([one.mu, one.theta]) for one in slices])
    totals = values @ gauss_legendre(NODES)[1]
    return Mixture(mu.across(1).beside(theta), values * (masses[:, None] / totals)[:, :, None])


def _log_choices(count: int, total: int) -> float:
    return lgamma(total + 1) - lgamma(count + 1) - lgamma(total - count + 1)


def _modes(counts: _Counts, mu: Array, tau: Array) -> Array:
    """Return the mode of theta given mu and tau, of shape (T, R) for mu and tau of shape (T,)."""
    mean, variance = mu[:, None], tau[:, None] ** 2
    start = counts.slopes(np.broadcast_to(mean, (len(mu), len(counts.events))))[0]
    # theta - mu = tau^2 slope(theta), and a slope is at most n exp(-|theta|) where it pulls away from 0
    total = counts.events + counts.others
    far = 1 + np.log1p(total * variance)
    low = np.where(start < 0, np.maximum(mean + variance * start, np.minimum(mean, 0) - far), mean)
    high = np.where(start > 0, np.minimum(mean + variance * start, np.maximum(mean, 0) + far), mean)

    def rise(theta: Array) -> tuple[Array, Array]:
        slope, curvature = counts.slopes(theta)
        return theta - mean - variance * slope, 1 + variance * curvature

    pull = np.log(counts.events + 0.5) - np.log(counts.others + 0.5)
    share = variance / (variance + 1 / (counts.events + 0.5) + 1 / (counts.others + 0.5))
    return solve(rise, np.zeros_like(low), (low, high), mean + share * (pull - mean), ROUGH)


def _profile(counts: _Counts, mu: Array, tau: Array, prior: Prior) -> tuple[Array, Array, Array]:
    """Return Laplace's log density of mu (T,) at each tau, its slope and minus its second derivative."""
    theta = _modes(counts, mu, tau)
    slope, curvature = counts.slopes(theta)
    spread = 1 + tau[:, None] ** 2 * curvature
    away = (mu - _mean(prior)) / prior.mean_sd
    height = counts.log_likelihood(theta) - (tau[:, None] * slope) ** 2 / 2 - np.log(spread) / 2
    value = height.sum(axis=1) - away**2 / 2 - log(prior.mean_sd) - log(2 * pi) / 2
    information = (curvature / spread).sum(axis=1) + prior.mean_sd**-2
    return value, slope.sum(axis=1) - away / prior.mean_sd, information


def _centred(counts: _Counts, tau: Array, prior: Prior) -> tuple[Array, Array, Array]:
    """Return mode and standard deviation of mu at each tau and the log mass there, all by Laplace's rule."""

    def rise(mu: Array) -> tuple[Array, Array]:
        _, slope, information = _profile(counts, mu, tau, prior)
        return -slope, information

    mean = np.full_like(tau, _mean(prior))
    reach = 60 + 2 * np.log(1 + prior.mean_sd)  # no count below 10^9 pulls a logit further
    bounds = np.minimum(mean, 0) - reach, np.maximum(mean, 0) + reach
    mu = solve(rise, np.zeros_like(tau), bounds, mean, ROUGH)
    value, _, information = _profile(counts, mu, tau, prior)
    return mu, information**-0.5, value + 0.5 * np.log(2 * pi / information)


def _mean_window(
    counts: _Counts, tau: Array, prior: Prior, centre: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Return the ends between which the density of mu is above exp(-DROP) of its mode, at each tau."""
    mode, sd = centre
    highest = _profile(counts, mode, tau, prior)[0]
    ends = []
    for side in (-1, 1):
        at = mode + side * REACH * sd
        for _ in range(4):  # Newton on a concave function: from its first step on it closes in from outside
            value, slope, _ = _profile(counts, at, tau, prior)
            at = at - (value - highest + DROP) / np.where(slope * side < 0, slope, -side / sd)
        ends.append(at)
    return ends[0], ends[1]


def _mean_windows(counts: _Counts, low: Array, high: Array) -> Windows:
    """Return the windows of mu; where they are wide (a vague prior) the nodes crowd at the pooled logit."""
    turn = log(counts.events.sum() + 0.5) - log(counts.others.sum() + 0.5)
    return _turning(low, high, np.full_like(low, turn))


def _turning(low: Array, high: Array, turn: Array) -> Windows:
    """Return windows with even nodes, or crowded at the logistic's turn where even ones would miss it."""
    crowded = Windows.crowded(low, high, turn, TURN)
    return Windows.even(low, high).where(crowded, (high - low) * pi / 2 / NODES > POLE)


def _theta_windows(counts: _Counts, tau: Array, mean: tuple[Array, Array, Array]) -> Windows:
    """Return the windows of theta, shape (T, R): where both the mean and the study let it be."""
    low, middle, high = mean
    modes, wide = _modes(counts, middle, tau), tau[:, None]
    highest = counts.log_likelihood(modes) - ((modes - middle[:, None]) / wide) ** 2 / 2
    found = []
    for side, end in ((-1, low), (1, high)):
        at = modes + side * REACH / np.sqrt(counts.slopes(modes)[1] + wide**-2)
        for _ in range(5):
            value = counts.log_likelihood(at) - ((at - middle[:, None]) / wide) ** 2 / 2 - highest + DROP
            at = at - value / (counts.slopes(at)[0] - (at - middle[:, None]) / wide**2)
        found.append(modes + side * np.hypot(at - modes, _modes(counts, end, tau) - modes))
    first, last = found
    turn = np.broadcast_to(np.log(counts.events + 0.5) - np.log(counts.others + 0.5), modes.shape)
    return _turning(first, last, turn)


def _log_joint(means: Array, likelihood: Array, prior: Prior) -> Array:
    """Return the log density of mu (nodes,) with the data, from the log likelihoods (R, nodes)."""
    away = (means - _mean(prior)) / prior.mean_sd
    found: Array = likelihood.sum(axis=0) - away**2 / 2 - log(prior.mean_sd) - log(2 * pi) / 2
    return found


def _wide(counts: _Counts, tau: float, prior: Prior, at: tuple[Array, Array, Array, Array]) -> _Slice:
    """Return the posterior at a tau that is wide against the posterior of mu: theta on its own nodes."""
    means, widths, thetas, slopes = at
    weights = gauss_legendre(NODES)[1]
    unit = tau * 2**0.5
    kernel = (thetas / unit)[
        :, :, None
    ] - means / unit  # shape (R, theta, mu), one array for all that follows
    kernel *= kernel
    np.subtract(counts.column().log_likelihood(thetas)[:, :, None], kernel, out=kernel)
    shift = kernel.max(axis=1)
    kernel -= shift[:, None, :]
    np.exp(kernel, out=kernel)
    measure = slopes * weights
    sums = (measure[:, None, :] @ kernel)[:, 0]
    joint = _log_joint(means, np.log(sums) + shift - log(tau) - log(2 * pi) / 2, prior)
    highest = joint.max()
    density = np.exp(joint - highest) * widths
    theta = (kernel @ (density * weights / sums)[:, :, None])[:, :, 0] * slopes
    return _Slice(float(highest + np.log(density @ weights)), density, theta)


def _narrow(counts: _Counts, tau: float, prior: Prior, window: Windows) -> _Slice:
    """Return the posterior at a tau that is narrow: theta = mu + tau z, z on the nodes of `normal_rule`.

    The density of theta_i is its likelihood times the smoothed posterior of mu without study i, which is
    known at the nodes of mu and interpolated between them.
    """
    z, weights = normal_rule(tau)
    means, widths = window.at(gauss_legendre(NODES)[0])
    heights = counts.log_likelihood((means[:, None] + tau * z)[:, :, None])  # shape (mu, z, R)
    shift = heights.max(axis=1)
    likelihood = (np.log(weights @ np.exp(heights - shift[:, None, :])) + shift).T
    joint = _log_joint(means, likelihood, prior)
    highest = joint.max()
    points = window.local(means[:, None] - tau * z)[0]  # of mu, at each theta and z
    # one small product per theta: a large one would start threads, which cost more than they save
    between = interpolation(points.ravel(), NODES).reshape(*points.shape, NODES)
    exponents = between @ (joint - likelihood).T + counts.log_likelihood(means[:, None])[:, None, :]
    exponents = np.where(np.abs(points)[:, :, None] < 1, exponents, -np.inf)  # shape (theta, z, R)
    theta = (weights @ np.exp(exponents - exponents.max(axis=(0, 1)))).T * widths
    density = np.exp(joint - highest) * widths
    mass = highest + np.log(density @ gauss_legendre(NODES)[1])
    return _Slice(float(mass), density, theta)


def _mean(prior: Prior) -> float:
    return 0.0 if prior.mean is None else prior.mean


def _limits(name: str, method: str, level: float, quantiles: tuple[float, ...]) -> Limits:
    low, high = quantiles[0], quantiles[-1]
    return Limits(name, method, level, expit(low), expit(high), low, high)


def _weights(series: Series, found: _Found, share: float) -> tuple[float, ...]:
    """Return percents: each study's share of the information on mu, averaged over the posterior of tau."""
    information = np.array(series.totals)[:, None] * max(share * (1 - share), 1e-300)
    each = (information / (1 + found.grid.nodes.ravel() ** 2 * information)) @ found.masses.ravel()
    return tuple(float(value) for value in 100 * each / each.sum())
