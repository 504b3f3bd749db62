"""Meta-regression in the binomial-normal model: study covariates in the exact likelihood of the counts.

logit(p_i) = intercept + covariates b + tau z_i. No study is corrected or left out for 0 % or 100 %. Ten
studies for each covariate are needed, as in `iv_regression`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from openhlh.errors import Refusal
from openhlh.pooling.coefficients import Coefficient, covaried
from openhlh.pooling.effects import single_arm_effects
from openhlh.pooling.fit import Spread
from openhlh.pooling.iv_regression import Moderation, require_enough
from openhlh.pooling.likelihood import Array, Counts, counts_of
from openhlh.pooling.maximum import Maximum, maximise
from openhlh.pooling.series import Series
from openhlh.tails import chi2_upper, normal_quantile, normal_two_sided

_NOT_ZERO = 1e-9
_NO_SPREAD = "tau² is estimated 0: the covariates leave no more spread than chance makes"


@dataclass(frozen=True)
class GlmmCoefficient(Coefficient):
    """A coefficient on the logit scale with Wald's interval and p, and the likelihood ratio without it.

    The intercept has no likelihood ratio: that it is 0 (a proportion of one half) is no question.
    """

    lr_statistic: float | None
    lr_p: float | None


@dataclass(frozen=True)
class GlmmRegression:
    """A meta-regression of counts; `spread` is the tau squared that the covariates leave.

    `moderation` is the likelihood ratio of all covariates together; `needed` the number of studies that this
    many covariates need. Coefficients are per unit of the covariates as given.
    """

    k: int
    needed: int
    level: float
    coefficients: tuple[GlmmCoefficient, ...]
    spread: Spread
    moderation: Moderation
    log_likelihood: float
    nodes: int
    notes: tuple[str, ...] = ()


def glmm_regression(
    series: Series, covariates: Mapping[str, Sequence[float]], level: float = 0.95
) -> GlmmRegression:
    """Return the maximum likelihood fit of the counts on covariates, each with one number per study.

    Refusal with fewer than ten studies for each covariate, and where the counts have no finite maximum since
    the covariates separate studies without events from those with nothing else. WrongInput for a covariate
    that is constant, follows from others, or has not one number per study.
    """
    needed = require_enough(series.k, len(covariates))
    counts = counts_of(series)
    best, back, names = _fitted(series, counts, covariates)
    values, covariance = _on_the_given_scale(best, back)
    others = [{one: covariates[one] for one in covariates if one != name} for name in covariates]
    ratios = [_ratio(best, _fitted(series, counts, rest)[0]) for rest in others]
    together = _ratio(best, _fitted(series, counts, {})[0])
    errors = [sqrt(float(variance)) for variance in np.diag(covariance)]
    return GlmmRegression(
        k=series.k,
        needed=needed,
        level=level,
        coefficients=tuple(
            _coefficient(name, (float(value), error), ratio, level)
            for name, value, error, ratio in zip(names, values, errors, [None, *ratios], strict=True)
        ),
        spread=Spread("ML", best.tau**2),
        moderation=Moderation(together, len(covariates), None, chi2_upper(together, len(covariates))),
        log_likelihood=best.log_likelihood,
        nodes=best.nodes,
        notes=() if best.tau > 0 else (_NO_SPREAD,),
    )


def _fitted(
    series: Series, counts: Counts, covariates: Mapping[str, Sequence[float]]
) -> tuple[Maximum, Array, tuple[str, ...]]:
    """Return the maximum on an orthogonal design, the way back to the covariates (p, p), and the names.

    Orthogonal columns centre every covariate, so that a year has the digits of its differences.
    """
    about = covaried(single_arm_effects(series, "PLO"), covariates)
    size = sqrt(series.k)  # columns of ones, not of 1 / sqrt(k): steps are then steps on the logit
    design = about.problem.design * size
    _require_finite_maximum(counts, design)
    back = np.asarray(np.linalg.inv(about.triangle) * size, dtype=float)
    return maximise(counts, design), back, about.names


def _require_finite_maximum(counts: Counts, design: Array) -> None:
    """Raise Refusal where some direction of the coefficients never lowers the likelihood (Albert, Anderson).

    Along it the mean of every study with only events rises or stays, of every study without events falls or
    stays, and of all others stays (Biometrika 1984;71:1): a linear programme looks for it.
    """
    mixed = (counts.events > 0) & (counts.events < counts.totals)
    if not mixed.any():
        raise _no_maximum("in every study all patients or none had the event")
    _, singular, rows = np.linalg.svd(design[mixed])
    free = rows[int((singular > _NOT_ZERO * singular[0]).sum()) :].T
    if free.size == 0 or mixed.all():
        return
    from scipy.optimize import linprog

    signs = np.where(counts.events > 0, 1.0, -1.0)[~mixed]
    rising = signs[:, None] * (design[~mixed] @ free)
    found = linprog(-rising.sum(axis=0), A_ub=-rising, b_ub=np.zeros(len(signs)), bounds=(-1, 1))
    if -found.fun > _NOT_ZERO:
        raise _no_maximum(
            "the covariates tell studies with nothing but events, or without any, from the others"
        )


def _no_maximum(what: str) -> Refusal:
    return Refusal(
        f"the regression has no finite answer: {what}",
        why="the likelihood rises without end as a coefficient grows",
        remedy="look at the studies one by one",
    )


def _on_the_given_scale(best: Maximum, back: Array) -> tuple[Array, Array]:
    """Return the coefficients (p,) and their covariance (p, p); at tau = 0 tau has no slope to share."""
    covariance = (
        np.linalg.inv(best.information[:-1, :-1])
        if best.tau == 0
        else np.linalg.inv(best.information)[:-1, :-1]
    )
    return back @ best.coefficients, back @ covariance @ back.T


def _ratio(best: Maximum, smaller: Maximum) -> float:
    return max(0.0, 2 * (best.log_likelihood - smaller.log_likelihood))


def _coefficient(name: str, found: tuple[float, float], ratio: float | None, level: float) -> GlmmCoefficient:
    estimate, error = found
    reach = normal_quantile(level) * error
    return GlmmCoefficient(
        name,
        estimate,
        error,
        estimate - reach,
        estimate + reach,
        estimate / error,
        normal_two_sided(estimate / error),
        ratio,
        None if ratio is None else chi2_upper(ratio, 1),
    )
