"""Coefficients of a weighted regression of effects on covariates, with errors, limits and p values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np

from openhlh.errors import WrongInput
from openhlh.pooling.inverse_variance import ZERO_RESIDUALS
from openhlh.pooling.least_squares import Array, Problem, fit_at, problem_of
from openhlh.pooling.quantiles import critical, two_sided_p
from openhlh.pooling.series import Effects

INTERCEPT = "intercept"
_INDEPENDENT = 1e-7  # a covariate whose own part is a smaller share of it follows from the others
_WIDEST = 1e10  # ratio of variances beyond which weighted sums over several columns lose their digits


@dataclass(frozen=True)
class Coefficient:
    """One coefficient on the scale of the model; `statistic` and `p` are None where the error is 0."""

    name: str
    estimate: float
    se: float
    low: float
    high: float
    statistic: float | None
    p: float | None


@dataclass(frozen=True)
class Covaried:
    """A problem whose design is orthonormal, and the triangle (p, p) that turns covariates into it."""

    problem: Problem
    triangle: Array
    names: tuple[str, ...]


@dataclass(frozen=True)
class Solved:
    """Coefficients (p,) of intercept and covariates, and their covariance (p, p) as the interval scales it.

    `df` are the degrees of freedom of t, None for the normal.
    """

    names: tuple[str, ...]
    values: Array
    covariance: Array
    df: int | None

    def table(self, level: float) -> tuple[Coefficient, ...]:
        """Return the coefficients with their limits and p values."""
        reach, found = critical(level, self.df), []
        for name, value, variance in zip(self.names, self.values, np.diag(self.covariance), strict=True):
            estimate, se = float(value), sqrt(float(variance))
            statistic = estimate / se if se > 0 else None
            p = None if statistic is None else two_sided_p(statistic, self.df)
            ends = estimate - reach * se, estimate + reach * se
            found.append(Coefficient(name, estimate, se, *ends, statistic, p))
        return tuple(found)


def covaried(effects: Effects, covariates: Mapping[str, Sequence[float]]) -> Covaried:
    """Return the problem with an intercept and these covariates, one number for each study.

    The design is made orthonormal, which keeps the digits of a covariate such as the year. WrongInput for a
    wrong length, a value that is no number, and a covariate that is constant or follows from those before it.
    """
    if max(effects.variances) / min(effects.variances) > _WIDEST:
        raise WrongInput(
            "the variances of the studies differ too much for a regression",
            why=f"the largest is more than {_WIDEST:g} times the smallest",
            remedy="check the variances",
        )
    columns = [np.ones(effects.k)]
    for name, values in covariates.items():
        _require_numbers(name, values, effects.k)
        columns.append(np.asarray(values, dtype=float))
        own = np.abs(np.diag(np.linalg.qr(np.column_stack(columns))[1]))[-1]
        if own <= _INDEPENDENT * float(np.linalg.norm(columns[-1])):
            raise _no_covariate(name, constant=len(set(values)) == 1)
    basis, triangle = np.linalg.qr(np.column_stack(columns))
    problem = problem_of(effects.values, effects.variances, basis)
    return Covaried(problem, triangle, (INTERCEPT, *covariates))


def solve(about: Covaried, tau2: float, interval: str) -> Solved:
    """Return the coefficients at a tau squared, with the covariance that a name of IV_INTERVALS asks for."""
    problem, back = about.problem, np.linalg.inv(about.triangle)
    at = fit_at(problem, np.array([tau2]))
    values = back @ at.beta[0]
    values[0] += problem.centre
    rss = float((at.weights[0] * at.residuals[0] ** 2).sum())
    q = 0.0 if rss <= ZERO_RESIDUALS else rss / (problem.k - problem.p)
    scale = {"hk": q, "hk-adhoc": max(1.0, q)}.get(interval, 1.0)
    df = None if interval == "wald" else problem.k - problem.p
    return Solved(about.names, values, scale * (back @ at.inverse[0] @ back.T), df)


def _require_numbers(name: str, values: Sequence[float], k: int) -> None:
    if len(values) != k or not all(isfinite(value) for value in values):
        raise WrongInput(
            f"the covariate `{name}` has not one number for each of the {k} studies",
            why="a study without it cannot take part in the regression",
            remedy="complete the column, or leave the studies out",
        )


def _no_covariate(name: str, constant: bool) -> WrongInput:
    return WrongInput(
        f"the covariate `{name}` {'is the same in every study' if constant else 'follows from the others'}",
        why="its part cannot be told from that of the others",
        remedy="leave it out",
    )
