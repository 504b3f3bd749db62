"""The binomial-normal model of the odds ratio with one intercept for each study.

The arms of study i are binomial with logits alpha_i + theta_i / 2 and alpha_i - theta_i / 2, and theta_i =
mean + tau z_i (model UM.FS of metafor's rma.glmm; Turner and others: Stat Med 2000;19:3417). Every
intercept is maximised out, so that the likelihood is one of mean and tau. With many small studies the
intercepts cost: the conditional model does without them.
"""

from __future__ import annotations

from math import lgamma
from typing import NamedTuple

import numpy as np

from openhlh.pooling.fit import Fit
from openhlh.pooling.noncentral import Tables, tables_of
from openhlh.pooling.series import Comparison
from openhlh.pooling.two_arm_glmm import TwoArm, two_arm_fit
from openhlh.pooling.two_arm_maximum import Surface, quadrature
from openhlh.pooling.two_by_two import Array, Cells, cells_of

_STEPS = 100


def unconditional_glmm(comparison: Comparison, level: float = 0.95) -> Fit:
    """Return the maximum-likelihood fit with the profile-likelihood interval, Wald's beside it.

    Where no finite maximum exists, or a single study is informative, the exact conditional interval answers
    and a note says so.
    """
    tables = tables_of(comparison)
    like = Unconditional(comparison, tables)
    return two_arm_fit(TwoArm("glmm-unconditional", comparison, tables, like, like.saturated), level)


class _Arms(NamedTuple):
    """Per study and node: log likelihood, scores by alpha and theta, minus their second derivatives."""

    value: Array
    by_alpha: Array
    by_theta: Array
    information: Array  # by alpha twice; by theta twice it is a quarter of this
    cross: Array  # by alpha and theta


class Unconditional:
    """The likelihood of both arms, its intercepts maximised out (see two_arm_maximum.Likelihood)."""

    def __init__(self, comparison: Comparison, tables: Tables) -> None:
        """Keep the cells of the informative studies."""
        self._tables = tables
        self._cells = Cells(*(cell[tables.places][:, None] for cell in cells_of(comparison)))
        a, b, c, d = self._cells
        self._constant = _log_binomials(self._cells)
        self._alpha = 0.5 * (np.log((a + 0.5) / (b + 0.5)) + np.log((c + 0.5) / (d + 0.5)))

    @property
    def k(self) -> int:
        """The number of informative studies."""
        return self._tables.k

    @property
    def guess(self) -> float:
        """The inverse-variance mean of the corrected log odds ratios."""
        return self._tables.guess

    @property
    def saturated(self) -> float:
        """The log likelihood with one proportion for each arm."""
        a, b, c, d = self._cells
        arms = ((a, a + b), (b, a + b), (c, c + d), (d, c + d))
        return float(sum((x * np.log(np.maximum(x, 1) / n)).sum() for x, n in arms) + self._constant.sum())

    def surface(self, mean: float, tau: float, nodes: int) -> Surface:
        """Return the log likelihood with its derivatives by mean and tau, each intercept at its best."""
        alpha = self._alpha
        for _ in range(_STEPS):
            arms, held, points, value = self._posterior(alpha, mean, tau, nodes)
            score = _mean(held, arms.by_alpha)
            bend = score**2 - _mean(held, arms.by_alpha**2 - arms.information)
            step = (score / bend)[:, None]
            if np.abs(step).max() < 1e-9:
                break
            alpha = alpha + np.clip(step, -2, 2)
        return self._derivatives(arms, held, points, value, flat=tau == 0)

    def _posterior(
        self, alpha: Array, mean: float, tau: float, nodes: int
    ) -> tuple[_Arms, Array, Array, float]:
        if tau == 0:
            points, log_weights = np.zeros_like(alpha), np.zeros_like(alpha)
        else:
            start = tau * (self._tables.start - mean) / (tau**2 + self._tables.start_variance)
            points, log_weights = quadrature(
                lambda theta: self._of_theta(alpha, theta), mean, tau, nodes, start[:, None]
            )
        arms = self._arms(alpha, mean + tau * points)
        terms = arms.value + log_weights
        top = terms.max(axis=1, keepdims=True)
        held = np.exp(terms - top)
        total = held.sum(axis=1, keepdims=True)
        return arms, held / total, points, float((top + np.log(total) + self._constant).sum())

    def _of_theta(self, alpha: Array, theta: Array) -> tuple[Array, Array, Array]:
        arms = self._arms(alpha, theta)
        return arms.value, arms.by_theta, arms.information / 4

    def _arms(self, alpha: Array, theta: Array) -> _Arms:
        value_1, residual_1, variance_1 = _binomial(self._cells.a, self._cells.b, alpha + theta / 2)
        value_2, residual_2, variance_2 = _binomial(self._cells.c, self._cells.d, alpha - theta / 2)
        return _Arms(
            value_1 + value_2,
            residual_1 + residual_2,
            (residual_1 - residual_2) / 2,
            variance_1 + variance_2,
            (variance_1 - variance_2) / 2,
        )

    @staticmethod
    def _derivatives(arms: _Arms, held: Array, points: Array, value: float, *, flat: bool) -> Surface:
        """Return the surface; the curvature given up with each intercept is taken off (Schur complement)."""
        leaning = points * arms.by_theta
        d_alpha, d_mean, d_tau = _mean(held, arms.by_alpha), _mean(held, arms.by_theta), _mean(held, leaning)
        curved = arms.by_theta**2 - arms.information / 4
        mixed = arms.by_alpha * arms.by_theta - arms.cross
        h_alpha = _mean(held, arms.by_alpha**2 - arms.information) - d_alpha**2
        to_mean = _mean(held, mixed) - d_alpha * d_mean
        to_tau = _mean(held, points * mixed) - d_alpha * d_tau
        h_mean = _mean(held, curved) - d_mean**2 - to_mean**2 / h_alpha
        # at tau = 0 the one node stands for all z, whose square has the mean 1
        square = np.ones_like(points) if flat else points**2
        h_tau = _mean(held, square * curved) - d_tau**2 - to_tau**2 / h_alpha
        cross = float((_mean(held, points * curved) - d_mean * d_tau - to_mean * to_tau / h_alpha).sum())
        bend = np.array([[h_mean.sum(), cross], [cross, h_tau.sum()]])
        return Surface(value, np.array([d_mean.sum(), d_tau.sum()]), bend)


def _mean(held: Array, of: Array) -> Array:
    return np.asarray((held * of).sum(axis=1))


def _binomial(events: Array, others: Array, logit: Array) -> tuple[Array, Array, Array]:
    """Return log likelihood without its constant, score and information by the logit."""
    tail = np.exp(-np.abs(logit))
    share = np.where(logit >= 0, 1.0, tail) / (1 + tail)
    total = events + others
    value = events * np.minimum(logit, 0) - others * np.maximum(logit, 0) - total * np.log1p(tail)
    return value, events - total * share, total * tail / (1 + tail) ** 2


def _log_binomials(cells: Cells) -> Array:
    pairs = ((cells.a, cells.b), (cells.c, cells.d))
    found = [
        [
            lgamma(x + m + 1) - lgamma(x + 1) - lgamma(m + 1)
            for x, m in zip(one[:, 0], other[:, 0], strict=True)
        ]
        for one, other in pairs
    ]
    return np.asarray(np.array(found).sum(axis=0)[:, None])
