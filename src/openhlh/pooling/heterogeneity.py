"""Heterogeneity of effects: Cochran's Q, the likelihood-ratio test, and I squared by its two definitions.

I squared is not one number (Higgins, Thompson: Stat Med 2002;21:1539; Viechtbauer: J Stat Softw 2010;36(3)),
so each carries the name and the words of its definition.
"""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np

from openhlh.pooling.fit import HeterogeneityTest, Inconsistency
from openhlh.pooling.least_squares import Problem, fit_at, generalised_q, log_likelihoods, traces
from openhlh.pooling.quantiles import critical
from openhlh.pooling.tau2 import Tau2
from openhlh.tails import chi2_upper

INCONSISTENCY = {
    "metafor": "100 tau2 / (tau2 + typical sampling variance), limits from the Q-profile limits of tau2",
    "higgins": "100 (Q - df) / Q, not below 0, with the test-based limits of Higgins and Thompson",
}
HETEROGENEITY_TESTS = {
    "Q": "Cochran's Q: weighted squared distances from the equal-effects mean, chi-squared with k - 1",
    "LRT": "likelihood ratio against tau2 = 0 (ML or REML, as fitted), chi-squared with 1, p not halved",
}


def cochran_q(problem: Problem) -> HeterogeneityTest:
    """Return Cochran's Q (QE where there are covariates) with its degrees of freedom and p."""
    q, df = float(generalised_q(problem, np.zeros(1))[0]), problem.k - problem.p
    return HeterogeneityTest("Q", HETEROGENEITY_TESTS["Q"], q, df, chi2_upper(q, df))


def likelihood_ratio(problem: Problem, estimate: Tau2) -> HeterogeneityTest:
    """Return the likelihood-ratio test of tau squared = 0 for an ML or REML estimate."""
    here, none = log_likelihoods(problem, np.array([estimate.value, 0.0]), estimate.method == "REML")
    statistic = max(0.0, 2 * float(here - none))
    return HeterogeneityTest("LRT", HETEROGENEITY_TESTS["LRT"], statistic, 1, chi2_upper(statistic, 1))


def typical_variance(problem: Problem) -> float:
    """Return the typical sampling variance: the degrees of freedom over the trace of P at tau squared 0."""
    return (problem.k - problem.p) / float(traces(problem, fit_at(problem, np.zeros(1)))[0])


def metafor_inconsistency(problem: Problem, tau2: float, limits: tuple[float, float]) -> Inconsistency:
    """Return I squared and H squared from tau squared and the typical variance, with limits."""
    typical = typical_variance(problem)
    i2, low, high = (100 * value / (value + typical) for value in (tau2, *limits))
    h2, h2_low, h2_high = (value / typical + 1 for value in (tau2, *limits))
    return Inconsistency("metafor", INCONSISTENCY["metafor"], i2, h2, low, high, h2_low, h2_high)


def higgins_inconsistency(q: float, df: int, level: float) -> Inconsistency:
    """Return I squared from Q with test-based limits, which two studies with Q up to 2 do not have."""
    h = max(1.0, sqrt(q / df))
    words = INCONSISTENCY["higgins"]
    error = _error_of_log_h(q, df)
    if error is None:
        return Inconsistency("higgins", words, _i2(h), h * h)
    reach = exp(min(critical(level) * error, 300.0))
    raw = sqrt(q / df)
    low, high = max(1.0, raw / reach), max(1.0, raw * reach)
    return Inconsistency("higgins", words, _i2(h), h * h, _i2(low), _i2(high), low * low, high * high)


def _i2(h: float) -> float:
    return 100 * (1 - 1 / (h * h))


def _error_of_log_h(q: float, df: int) -> float | None:
    k = df + 1
    if q > k:
        return 0.5 * (log(q) - log(df)) / (sqrt(2 * q) - sqrt(2 * k - 3))
    return sqrt(1 / (2 * (k - 2)) * (1 - 1 / (3 * (k - 2) ** 2))) if k > 2 else None
