"""The Bayesian normal-normal hierarchical model of effects with known variances, by quadrature over tau.

y_i ~ N(theta_i, v_i), theta_i ~ N(mu, tau^2). Given tau all posteriors are normal and known in closed form
(Röver, J Stat Softw 2020;93(6), the model of bayesmeta), so that one integral is left. The prior of mu is
normal or flat.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from openhlh.pooling.fit import Fit, Limits, Posterior, Shrunken, Spread
from openhlh.pooling.natural import Back, way_back
from openhlh.pooling.posterior_shape import Array, TauGrid, log_prior_of_tau, normal_cdf, solve, tau_grid
from openhlh.pooling.priors import FLAT_MEAN, HALF_CAUCHY, NO_MEAN, Prior
from openhlh.pooling.series import Effects

BEYOND = 40.0  # standard deviations from the outermost centre within which every quantile lies


@dataclass(frozen=True)
class _Rows:
    """Mixtures of normals over tau: rows mu, the studies, a new study; all of shape (T, R), masses (T,)."""

    centres: Array
    deviations: Array
    masses: Array

    def cdf(self, points: Array) -> tuple[Array, Array]:
        """Return probability up to points (Q, R) and density there."""
        deviates = (points[:, None, :] - self.centres) / self.deviations
        density = np.exp(-(deviates**2) / 2) / (self.deviations * (2 * np.pi) ** 0.5)
        return (
            (normal_cdf(deviates) * self.masses[:, None]).sum(axis=1),
            (density * self.masses[:, None]).sum(axis=1),
        )

    def quantiles(self, levels: tuple[float, ...]) -> Array:
        """Return the quantiles of every row, of shape (levels, R)."""
        means = self.masses @ self.centres
        deviations = self.masses @ self.deviations
        deviates = np.array([NormalDist().inv_cdf(level) for level in levels])[:, None]
        start = means + deviates * deviations
        wanted = np.broadcast_to(np.array(levels)[:, None], start.shape)
        low = np.broadcast_to((self.centres - BEYOND * self.deviations).min(axis=0), start.shape)
        high = np.broadcast_to((self.centres + BEYOND * self.deviations).max(axis=0), start.shape)
        return solve(self.cdf, wanted, (low, high), start)


def bayes_normal(
    effects: Effects, prior: Prior = FLAT_MEAN, level: float = 0.95, thresholds: tuple[float, ...] = ()
) -> Fit:
    """Return the posterior of the mean effect, of a new study's and of each study's own.

    `estimate` is the posterior median, the interval equal-tailed ("credible"), the prediction ("predictive")
    that of a new study's true effect; `log_likelihood` is the log marginal likelihood (with a flat mean that
    of density 1 everywhere, comparable only among the same). `extra` holds new_exceeds_T, the probability
    that a new study's true effect exceeds threshold T of the natural scale. Weights are the posterior means
    of the share (v_i + tau^2)^-1 / sum.
    """
    grid, masses, evidence = _posterior_of_tau(effects, prior)
    rows = _rows(effects, prior, grid.nodes.ravel(), masses.ravel())
    tails = (1 - level) / 2
    levels = (tails, 0.5, 1 - tails)
    found, tau = rows.quantiles(levels), [float(value) for value in grid.quantiles(masses, levels)]
    back = way_back(effects)
    mean, new = ((tuple(float(value) for value in found[:, row]), back) for row in (0, -1))
    sd, tau_mean, notes = _moments(effects, prior, (grid, masses, rows), found[1, 0])
    above, new_above = (_exceeds(rows, back, thresholds, row) for row in (0, -1))
    return Fit(
        model="bayes-normal",
        measure=effects.measure,
        k=effects.k,
        estimate=back(mean[0][1]),
        scale_estimate=mean[0][1],
        se=sd,
        interval=_limits("credible", "equal-tailed credible interval", level, mean),
        spread=Spread("posterior median", tau[1] ** 2, None, "credible", tau[0] ** 2, tau[2] ** 2),
        weights=_weights(effects, grid, masses),
        predictions=(_limits("predictive", "posterior predictive, true effect of a new study", level, new),),
        log_likelihood=evidence,
        nodes=grid.nodes.size,
        posterior=Posterior(
            prior.words,
            tau[1] if tau_mean is None else tau_mean,
            tau[1],
            tau[0],
            tau[2],
            float(masses.ravel() @ rows.centres[:, 0]),
            _half_central(rows) if sd is None else sd,
            tuple(_shrunken(*one, back) for one in zip(effects.labels, found[:, 1:-1].T, strict=True)),
            above,
        ),
        extra={f"new_exceeds_{limit:g}": chance for limit, chance in new_above},
        notes=(prior.words, *effects.notes, *notes),
    )


def _posterior_of_tau(effects: Effects, prior: Prior) -> tuple[TauGrid, Array, float]:
    """Return the panels of tau, the probability at each of their nodes and the log evidence."""
    values, variances = np.array(effects.values), np.array(effects.variances)

    def log_posterior(tau: Array) -> Array:
        return _log_marginal(values, variances, tau, prior) + log_prior_of_tau(prior, tau)

    smallest = min(float(variances.min()) ** 0.5 / 2, prior.scale / 4)
    reach = [float(np.ptp(values)), float(variances.max()) ** 0.5, prior.scale]
    if prior.mean is not None:
        reach += [prior.mean_sd, float(np.abs(values - prior.mean).max())]
    grid = tau_grid(log_posterior, smallest, 16 * max(reach))
    heights = log_posterior(grid.nodes.ravel()) + np.log(grid.weights.ravel())
    masses = np.exp(heights - heights.max())
    evidence = float(heights.max() + np.log(masses.sum()))
    return grid, (masses / masses.sum()).reshape(grid.nodes.shape), evidence


def _mean_given_tau(values: Array, variances: Array, tau: Array, prior: Prior) -> tuple[Array, Array]:
    """Return mean and precision of mu at each tau."""
    weights = 1 / (variances + tau[:, None] ** 2)
    precision, total = weights.sum(axis=1), weights @ values
    if prior.mean is not None:
        precision, total = precision + prior.mean_sd**-2, total + prior.mean * prior.mean_sd**-2
    return total / precision, precision


def _log_marginal(values: Array, variances: Array, tau: Array, prior: Prior) -> Array:
    """Return the log density of the effects at each tau, mu integrated out."""
    spread = variances + tau[:, None] ** 2
    centre, precision = _mean_given_tau(values, variances, tau, prior)
    squares = ((values - centre[:, None]) ** 2 / spread).sum(axis=1)
    constant = (1 - len(values)) * np.log(2 * np.pi)
    if prior.mean is not None:
        squares = squares + ((centre - prior.mean) / prior.mean_sd) ** 2
        constant = constant - np.log(2 * np.pi) - 2 * np.log(prior.mean_sd)
    found: Array = (constant - squares - np.log(spread).sum(axis=1) - np.log(precision)) / 2
    return found


def _rows(effects: Effects, prior: Prior, tau: Array, masses: Array) -> _Rows:
    values, variances = np.array(effects.values), np.array(effects.variances)
    centre, precision = (one[:, None] for one in _mean_given_tau(values, variances, tau, prior))
    square = tau[:, None] ** 2
    kept = variances / (variances + square)  # how much of the mean a study's own estimate takes on
    own = kept * centre + (1 - kept) * values
    own_deviation = np.sqrt(kept * square + kept**2 / precision)
    deviations = [precision**-0.5, own_deviation, np.sqrt(1 / precision + square)]
    return _Rows(np.hstack([centre, own, centre]), np.hstack(deviations), masses)


def _moments(
    effects: Effects, prior: Prior, found: tuple[TauGrid, Array, _Rows], median: float
) -> tuple[float | None, float | None, tuple[str, ...]]:
    """Return the standard deviation of mu and the mean of tau, None (and a note) where they do not exist."""
    grid, masses, rows = found
    spread = rows.deviations[:, 0] ** 2 + (rows.centres[:, 0] - median) ** 2
    away = float(rows.masses @ rows.centres[:, 0]) - median
    sd: float | None = float(rows.masses @ spread - away**2) ** 0.5
    tau_mean: float | None = float((masses * grid.nodes).sum())
    notes: tuple[str, ...] = ()
    # under a flat mean k studies leave tau a tail of power 1 - k times that of its prior, power -2
    heavy = prior.spread == HALF_CAUCHY and prior.mean is None
    if heavy and effects.k < 3:
        sd, notes = (
            None,
            ("too few studies for the variance of the mean to exist: half the central 68 % instead",),
        )
    if heavy and effects.k < 2:
        tau_mean, notes = None, (*notes, NO_MEAN)
    return sd, tau_mean, notes


def _half_central(rows: _Rows) -> float:
    low, high = rows.quantiles((NormalDist().cdf(-1), NormalDist().cdf(1)))[:, 0]
    return float(high - low) / 2


def _weights(effects: Effects, grid: TauGrid, masses: Array) -> tuple[float, ...]:
    weights = 1 / (np.array(effects.variances) + grid.nodes.ravel()[:, None] ** 2)
    shares = masses.ravel() @ (weights / weights.sum(axis=1, keepdims=True))
    return tuple(float(share) for share in 100 * shares / shares.sum())


def _limits(name: str, method: str, level: float, found: tuple[tuple[float, ...], Back]) -> Limits:
    quantiles, back = found
    low, high = sorted((back(quantiles[0]), back(quantiles[-1])))
    return Limits(name, method, level, low, high, quantiles[0], quantiles[-1])


def _shrunken(label: str, quantiles: Array, back: Back) -> Shrunken:
    low, middle, high = sorted(back(float(value)) for value in quantiles)
    return Shrunken(label, middle, low, high)


def _exceeds(
    rows: _Rows, back: Back, thresholds: tuple[float, ...], row: int
) -> tuple[tuple[float, float], ...]:
    """Return each threshold with the probability that a row exceeds it on the natural scale."""
    found = []
    for threshold in thresholds:
        low = float((rows.centres[:, row] - BEYOND * rows.deviations[:, row]).min())
        high = float((rows.centres[:, row] + BEYOND * rows.deviations[:, row]).max())
        rising = back(high) >= back(low)  # survival falls as its cloglog rises
        for _ in range(100):  # the scales know the way back only: where it passes the threshold is bisected
            middle = (low + high) / 2
            low, high = (low, middle) if (back(middle) > threshold) == rising else (middle, high)
        below = float(rows.cdf(np.full((1, rows.centres.shape[1]), low))[0][0, row])
        found.append((threshold, min(1.0, max(0.0, 1 - below if rising else below))))
    return tuple(found)
