"""Weighted least squares at many values of tau squared at once: what every inverse-variance model stands on.

Study i has an effect y_i with variance v_i + tau squared and the mean X_i b. All functions take B values of
tau squared (B,) and return one row for each. Notation as in Viechtbauer (J Stat Softw 2010;36(3)).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from openhlh.errors import WrongInput

Array = NDArray[np.float64]

_LARGEST = 1e50  # squares and products of effects and weights stay far inside the doubles
_STRAIGHT = 1e-7  # relative length of a step whose chord misses the root by less than its square
_ROWS = 512  # of a k by k matrix that are held at once
_PER_DECADE = 24  # the likelihood bends on the scale of one e-fold of tau squared: ten points each


class Problem(NamedTuple):
    """Effects (k,) less their `centre`, variances (k,), and the columns of the design (k, p)."""

    y: Array
    v: Array
    design: Array
    centre: float

    @property
    def k(self) -> int:
        """The number of studies."""
        return len(self.y)

    @property
    def p(self) -> int:
        """The number of coefficients."""
        return int(self.design.shape[1])


class Fitted(NamedTuple):
    """Weights (B, k), inverse information (B, p, p), coefficients (B, p) and residuals (B, k)."""

    weights: Array
    inverse: Array
    beta: Array
    residuals: Array


def problem_of(values: Sequence[float], variances: Sequence[float], design: Array | None = None) -> Problem:
    """Return the problem as arrays, with an intercept alone where no design (k, p) is given.

    Effects are centred, which loses no digits where all lie far from 0: a design has to hold the intercept.
    """
    y, v = np.asarray(values, dtype=float), np.asarray(variances, dtype=float)
    if np.abs(y).max() > _LARGEST or v.max() > _LARGEST or v.min() < 1 / _LARGEST:
        raise WrongInput(
            "an effect or a variance is too large or too small to compute with",
            why=f"effects lie within {_LARGEST:g} of 0, variances between {1 / _LARGEST:g} and {_LARGEST:g}",
            remedy="correct the row or change the unit",
        )
    centre = float(y.mean())
    return Problem(y - centre, v, np.ones((len(y), 1)) if design is None else design, centre)


def fit_at(problem: Problem, tau2s: Array) -> Fitted:
    """Return the weighted fit at each tau squared."""
    weights = 1 / (problem.v + tau2s[:, None])
    weighted = problem.design.T * weights[:, None, :]
    information = weighted @ problem.design
    inverse = 1 / information if problem.p == 1 else np.asarray(np.linalg.inv(information), dtype=float)
    beta = (inverse @ (weighted @ problem.y)[:, :, None])[:, :, 0]
    return Fitted(weights, inverse, beta, problem.y - beta @ problem.design.T)


def generalised_q(problem: Problem, tau2s: Array) -> Array:
    """Return the weighted residual sum of squares, which falls as tau squared grows."""
    at = fit_at(problem, tau2s)
    return np.asarray((at.weights * at.residuals**2).sum(axis=1))


def log_likelihoods(problem: Problem, tau2s: Array, restricted: bool) -> Array:
    """Return the log likelihood (restricted or full) with the coefficients at their best.

    The restricted one counts half the log determinant of X'X, as metafor does, so that it does not depend on
    how the design is written.
    """
    at = fit_at(problem, tau2s)
    k, p = problem.k, problem.p
    inner = np.log(at.weights).sum(axis=1) - (at.weights * at.residuals**2).sum(axis=1)
    if not restricted:
        return np.asarray(0.5 * (inner - k * np.log(2 * np.pi)))
    gram = np.linalg.slogdet(problem.design.T @ problem.design)[1]
    return np.asarray(0.5 * (inner + np.linalg.slogdet(at.inverse)[1] + gram - (k - p) * np.log(2 * np.pi)))


def traces(problem: Problem, at: Fitted) -> Array:
    """Return the trace of P = W - WX(X'WX)^-1 X'W at each tau squared (B,)."""
    return np.asarray((at.weights * _not_leverage(problem, at)).sum(axis=1))


def trace_of_square(problem: Problem, at: Fitted, first: Array, second: Array) -> float:
    """Return tr(P A P B) for diagonal A and B, given as (k,), at the first tau squared of the fit."""
    weighted = problem.design * at.weights[0][:, None]
    diagonal = at.weights[0] * _not_leverage(problem, at)[0]
    total = float((diagonal**2 * first * second).sum())
    for rows in np.array_split(np.arange(problem.k), problem.k // _ROWS + 1):
        block = weighted[rows] @ at.inverse[0] @ weighted.T
        block[np.arange(len(rows)), rows] = 0
        total += float(second[rows] @ block**2 @ first)
    return total


def _not_leverage(problem: Problem, at: Fitted) -> Array:
    """Return 1 less the leverage (B, k): the share of all others in the fit at a study.

    With an intercept alone it is summed over the others, because 1 - leverage has no digits left where one
    study outweighs all others by far.
    """
    if problem.p > 1:
        x = problem.design
        return np.asarray(1 - at.weights * np.einsum("kp,bpq,kq->bk", x, at.inverse, x))
    others = np.zeros_like(at.weights)
    others[:, 1:] += np.cumsum(at.weights[:, :-1], axis=1)
    others[:, :-1] += np.cumsum(at.weights[:, :0:-1], axis=1)[:, ::-1]
    return np.asarray(others / (others + at.weights))


def ladder(problem: Problem, *also: float) -> Array:
    """Return 0 and a log grid of tau squared that holds every maximum of either likelihood, ascending.

    Beyond the top both scores are negative; below the first rung they are as at 0.
    """
    spread = float(np.ptp(problem.y)) ** 2
    bottom = 1e-3 * float(problem.v.min())
    top = 4 * problem.k * (spread + float(problem.v.max()))
    count = int(_PER_DECADE * np.log10(top / bottom)) + 2
    return np.sort(np.concatenate(([0.0], np.geomspace(bottom, top, count), np.array(also, dtype=float))))


def crossing(function: Callable[[Array], Array], low: float, high: float) -> float:
    """Return where a smooth function changes its sign between two points at which the signs differ.

    Each round evaluates 64 points at once and keeps the first step that holds the change; a step too short to
    bend is cut by its chord. No starting value and no failure.
    """
    while True:
        points = np.linspace(low, high, 64)
        values = function(points)
        at = int(np.argmax((values > 0) != (values[0] > 0)))
        if at == 0:  # the signs at the ends differed by rounding alone
            return low
        low, high = float(points[at - 1]), float(points[at])
        if high - low <= _STRAIGHT * high:
            left, right = float(values[at - 1]), float(values[at])
            return low + (high - low) * left / (left - right)
