"""The hypergeometric-normal model of the odds ratio: exact within studies, normal between them.

Given its margins, the first cell of study i is non-central hypergeometric at the log odds ratio mean + tau
z_i (Stijnen, Hamza, Ozdemir: Stat Med 2010;29:3046, section 3; model CM.EL of metafor's rma.glmm). Nothing
is added to empty cells, and the rates of the control arms need no model.
"""

from __future__ import annotations

import numpy as np

from openhlh.pooling.fit import Fit
from openhlh.pooling.noncentral import Tables, moments, tables_of
from openhlh.pooling.series import Comparison
from openhlh.pooling.two_arm_glmm import TwoArm, two_arm_fit
from openhlh.pooling.two_arm_maximum import Surface, quadrature
from openhlh.pooling.two_by_two import Array


def conditional_glmm(comparison: Comparison, level: float = 0.95) -> Fit:
    """Return the maximum-likelihood fit with the profile-likelihood interval, Wald's beside it.

    Where no finite maximum exists, or a single study is informative, the exact conditional interval answers
    and a note says so. WrongInput for a study with more than noncentral.LARGEST_SUPPORT tables.
    """
    tables = tables_of(comparison)
    return two_arm_fit(
        TwoArm("glmm-conditional", comparison, tables, Conditional(tables), _best_of_each(tables)), level
    )


class Conditional:
    """The conditional likelihood of the informative studies (see two_arm_maximum.Likelihood)."""

    def __init__(self, tables: Tables) -> None:
        """Keep the tables."""
        self._tables = tables

    @property
    def k(self) -> int:
        """The number of informative studies."""
        return self._tables.k

    @property
    def guess(self) -> float:
        """The inverse-variance mean of the corrected log odds ratios."""
        return self._tables.guess

    def surface(self, mean: float, tau: float, nodes: int) -> Surface:
        """Return the log likelihood with its derivatives by mean and tau."""
        if tau == 0:
            return self._flat(mean)
        tables = self._tables
        start = (tau * (tables.start - mean) / (tau**2 + tables.start_variance))[:, None]
        points, log_weights = quadrature(lambda at: moments(tables, at), mean, tau, nodes, start)
        value, residual, variance = moments(tables, mean + tau * points)
        terms = value + log_weights
        top = terms.max(axis=1, keepdims=True)
        held = np.exp(terms - top)
        total = held.sum(axis=1, keepdims=True)
        held /= total
        curved = residual**2 - variance
        d_mean, d_tau = (held * residual).sum(1), (held * points * residual).sum(1)
        h_mean = (held * curved).sum(1) - d_mean**2
        h_tau = (held * points**2 * curved).sum(1) - d_tau**2
        cross = float(((held * points * curved).sum(1) - d_mean * d_tau).sum())
        return Surface(
            float((top + np.log(total)).sum()),
            np.array([d_mean.sum(), d_tau.sum()]),
            np.array([[h_mean.sum(), cross], [cross, h_tau.sum()]]),
        )

    def _flat(self, mean: float) -> Surface:
        value, residual, variance = moments(self._tables, np.full((self.k, 1), mean))
        rise = float((residual**2 - variance).sum())
        bend = np.array([[-float(variance.sum()), 0.0], [0.0, rise]])
        return Surface(float(value.sum()), np.array([float(residual.sum()), 0.0]), bend)


def _best_of_each(tables: Tables) -> float:
    """Return the sum of each study's highest log probability; at an end of the support that is log 1."""
    at: Array = tables.start[:, None].copy()
    inside = tables.end == 0
    for _ in range(60):
        value, residual, variance = moments(tables, at)
        step = np.where(inside[:, None], residual / np.maximum(variance, 1e-12), 0.0)
        at = at + np.clip(step, -1, 1)
        if np.abs(step).max(initial=0.0) < 1e-9:
            break
    return float(value[inside].sum()) if tables.k else 0.0
