"""The variance between studies: eight estimators and two intervals, each by the name that R users know.

Estimators as in metafor (Viechtbauer: J Educ Behav Stat 2005;30:261; Veroniki: Res Synth Methods 2016;7:55),
all cut off at 0. Where an equation has to be solved, its sign is looked up on a grid that holds every root
and each change is narrowed to the resolution of a double: nothing can fail to converge, and of several maxima
of a likelihood the highest is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np

from openhlh.pooling.effects import named
from openhlh.pooling.least_squares import (
    Array,
    Problem,
    crossing,
    fit_at,
    generalised_q,
    ladder,
    log_likelihoods,
    problem_of,
    trace_of_square,
    traces,
)
from openhlh.pooling.quantiles import chi2_quantile, require_level

TAU2_METHODS = {
    "DL": "DerSimonian and Laird: from Cochran's Q",
    "HE": "Hedges and Olkin: from the unweighted variance of the effects",
    "HS": "Hunter and Schmidt: from Cochran's Q with k in place of k - 1 and the plain sum of the weights",
    "SJ": "Sidik and Jonkman: started at the unweighted variance; never 0 unless all effects are equal",
    "PM": "Paule and Mandel: where the generalised Q equals its degrees of freedom",
    "EB": "empirical Bayes (Morris): solves the same equation as PM",
    "ML": "maximum likelihood of the normal-normal model",
    "REML": "restricted maximum likelihood of the normal-normal model",
}
TAU2_INTERVALS = {
    "q-profile": "Q-profile (Viechtbauer): where the generalised Q equals its chi-squared quantiles",
    "profile": "profile likelihood (ML and REML): where it is half a chi-squared quantile below its top",
}


class Tau2(NamedTuple):
    """An estimate of tau squared with its standard error as metafor gives it.

    `maxima` holds every local maximum of the likelihood for ML and REML, ascending; empty for the others.
    """

    method: str
    value: float
    se: float
    maxima: tuple[float, ...] = ()


def estimate_tau2(values: Sequence[float], variances: Sequence[float], method: str) -> Tau2:
    """Return tau squared of at least two effects (k,) with their variances (k,) by a named estimator."""
    return tau2_of(problem_of(values, variances), method)


def tau2_of(problem: Problem, method: str) -> Tau2:
    """Return tau squared of a problem with more studies than coefficients; WrongInput for unknown names."""
    name = named(TAU2_METHODS, method, "--tau2")
    if name in {"ML", "REML"}:
        maxima = _maxima(problem, restricted=name == "REML")
        heights = log_likelihoods(problem, np.array(maxima), name == "REML")
        value = maxima[int(np.argmax(heights))]
        return Tau2(name, value, _se_of_root(problem, value, name), maxima)
    if name in {"PM", "EB"}:
        value = _where_q_is(problem, float(problem.k - problem.p))
        return Tau2(name, value, _se_of_root(problem, value, name))
    closed = {"DL": _der_simonian_laird, "HE": _hedges, "HS": _hunter_schmidt, "SJ": _sidik_jonkman}
    value, se = closed[name](problem)
    return Tau2(name, value, se)


def q_profile(problem: Problem, level: float) -> tuple[float, float]:
    """Return the Q-profile limits of tau squared (Viechtbauer: Stat Med 2007;26:37).

    Both are 0 where the studies differ less than chance lets them: no tau squared is then compatible.
    """
    require_level(level)
    df = problem.k - problem.p
    tails = ((1 - level) / 2, (1 + level) / 2)
    low, high = (_where_q_is(problem, chi2_quantile(tail, df)) for tail in tails)
    return low, high


def profile_likelihood(problem: Problem, estimate: Tau2, level: float) -> tuple[float, float]:
    """Return the profile-likelihood limits of tau squared around an ML or REML estimate.

    The outermost crossings are taken, so that no compatible value lies outside.
    """
    require_level(level)
    restricted = estimate.method == "REML"
    top = float(log_likelihoods(problem, np.array([estimate.value]), restricted)[0])
    cut = top - chi2_quantile(1 - level, 1) / 2

    def above(tau2s: Array) -> Array:
        return log_likelihoods(problem, tau2s, restricted) - cut

    rungs = ladder(problem, estimate.value)
    while above(rungs[-1:])[0] > 0:
        rungs = np.append(rungs, 4 * rungs[-1])
    inside = np.flatnonzero(above(rungs) > 0)
    first, last = int(inside[0]), int(inside[-1])
    low = 0.0 if first == 0 else crossing(above, float(rungs[first - 1]), float(rungs[first]))
    return low, crossing(above, float(rungs[last]), float(rungs[last + 1]))


def _where_q_is(problem: Problem, target: float) -> float:
    """Return where the generalised Q falls to the target, 0 where it starts below."""
    if generalised_q(problem, np.zeros(1))[0] <= target:
        return 0.0
    high = float(ladder(problem)[-1])
    while generalised_q(problem, np.array([high]))[0] > target:
        high *= 16
    return crossing(lambda tau2s: generalised_q(problem, tau2s) - target, 0.0, high)


def _score(problem: Problem, tau2s: Array, restricted: bool) -> Array:
    """Return twice the derivative of the log likelihood by tau squared."""
    at = fit_at(problem, tau2s)
    pull = ((at.weights * at.residuals) ** 2).sum(axis=1)
    return np.asarray(pull - (traces(problem, at) if restricted else at.weights.sum(axis=1)))


def _maxima(problem: Problem, restricted: bool) -> tuple[float, ...]:
    rungs = ladder(problem)
    rises = _score(problem, rungs, restricted) > 0
    found = [] if rises[0] else [0.0]
    for at in np.flatnonzero(rises[:-1] & ~rises[1:]):
        ends = float(rungs[at]), float(rungs[at + 1])
        found.append(crossing(lambda tau2s: _score(problem, tau2s, restricted), *ends))
    return tuple(found)


def _se_of_root(problem: Problem, value: float, method: str) -> float:
    at, k = fit_at(problem, np.array([value])), problem.k
    ones = np.ones(k)
    if method == "REML":
        return sqrt(2 / trace_of_square(problem, at, ones, ones))
    weights = at.weights[0]
    if method == "ML":
        return sqrt(2 / float((weights**2).sum()))
    return sqrt(2 * k * k / (k - problem.p)) / float(weights.sum())


def _der_simonian_laird(problem: Problem) -> tuple[float, float]:
    at, df = fit_at(problem, np.zeros(1)), problem.k - problem.p
    trace, ones = float(traces(problem, at)[0]), np.ones(problem.k)
    value = max(0.0, (float(generalised_q(problem, np.zeros(1))[0]) - df) / trace)
    square = trace_of_square(problem, at, ones, ones)
    return value, sqrt(2 * df + 4 * value * trace + 2 * value**2 * square) / trace


def _hunter_schmidt(problem: Problem) -> tuple[float, float]:
    at, ones = fit_at(problem, np.zeros(1)), np.ones(problem.k)
    total, trace = float(at.weights.sum()), float(traces(problem, at)[0])
    value = max(0.0, (float(generalised_q(problem, np.zeros(1))[0]) - problem.k) / total)
    square = trace_of_square(problem, at, ones, ones)
    df = problem.k - problem.p
    return value, sqrt(2 * df + 4 * value * trace + 2 * value**2 * square) / total


def _hedges(problem: Problem) -> tuple[float, float]:
    level = fit_at(problem._replace(v=np.ones(problem.k)), np.zeros(1))  # unweighted
    df, v = problem.k - problem.p, problem.v
    leverage = np.einsum("kp,pq,kq->k", problem.design, level.inverse[0], problem.design)
    trace = float(v.sum() - (leverage * v).sum())
    value = max(0.0, (float((level.residuals[0] ** 2).sum()) - trace) / df)
    square = trace_of_square(problem, level, v, v)
    return value, sqrt(2 * square + 4 * value * trace + 2 * value**2 * df) / df


def _sidik_jonkman(problem: Problem) -> tuple[float, float]:
    start = float((problem.y**2).mean())  # the effects are centred
    at, v, ones = fit_at(problem, np.array([start])), problem.v, np.ones(problem.k)
    df = problem.k - problem.p
    value = start * float(generalised_q(problem, np.array([start]))[0]) / df
    parts = (
        2 * trace_of_square(problem, at, v, v)
        + 4 * value * trace_of_square(problem, at, v, ones)
        + 2 * value**2 * trace_of_square(problem, at, ones, ones)
    )
    return value, start / df * sqrt(parts)
