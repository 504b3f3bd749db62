"""The default model: random-intercept logistic regression on the binomial likelihood, by maximum likelihood.

logit(p_i) = mu + tau z_i, x_i ~ Bin(n_i, p_i): no continuity correction, no transformation, studies with 0 %
or 100 % as they are. Where the likelihood has no finite maximum the exact binomial interval answers.
"""

from __future__ import annotations

from math import log, sqrt

import numpy as np

from openhlh.pooling.boundary import (
    BY_STUDY,
    EXACT,
    LR_SATURATED,
    NO_SPREAD,
    ONE_SIDED,
    WIDEST,
    at_the_boundary,
    exact_limits,
    saturated_statistic,
    saturated_tests,
)
from openhlh.pooling.fit import Fit, HeterogeneityTest, Inconsistency, Limits, Spread
from openhlh.pooling.likelihood import Counts, counts_of, pieces
from openhlh.pooling.maximum import Maximum, maximise
from openhlh.pooling.profile import mean_limits, tau_limits
from openhlh.pooling.scales import expit
from openhlh.pooling.series import Series
from openhlh.tails import normal_quantile, normal_two_sided, t_quantile

INTERVALS = {
    "profile-corrected": "profile likelihood, critical value chi-squared times 1 + 0.75 / (k - 1); "
    "at tau² = 0 not narrower than exact",
    "profile": "profile likelihood, critical value chi-squared with 1 degree of freedom",
    "wald": "Wald on the logit, standard error from the joint information of mean and tau",
    "wald-t": "Wald on the logit with Student's t, k - 1 degrees of freedom",
    "exact": EXACT,
    "exact-studies": BY_STUDY,
    "exact-widest": WIDEST,
    "profile-one-sided": ONE_SIDED,
}
PREDICTIONS = {
    "profile-tau": "Student's t, k - 1 degrees of freedom, tau at the upper end of its 60 % profile interval",
    "t-k-1": "mean and tau as estimated on the logit, Student's t with k - 1 degrees of freedom",
    "hts": "mean and tau as estimated on the logit, Student's t with k - 2 degrees of freedom (Higgins 2009)",
    "normal": "mean and tau as estimated on the logit, normal quantile",
}
TESTS = {
    "lr-saturated": LR_SATURATED,
    "lr-tau": "likelihood ratio of tau² = 0; p from half a chi-squared, since tau² can't be negative",
}
INCONSISTENCY = {
    "typical": "tau² beside the typical sampling variance of the logits (Higgins and Thompson 2002)",
    "higgins-lr": "(Q - df) / Q with Q the likelihood ratio against one proportion per study",
}
DEFAULT_INTERVAL = "profile-corrected"
_FEW_STUDIES = 0.75
_TAU_SHARE = 0.60  # the profile interval of tau whose upper end a prediction takes


def glmm(series: Series, level: float = 0.95) -> Fit:
    """Fit the binomial-normal model by maximum likelihood, with every interval of INTERVALS.

    The estimate is expit(mu), the proportion of the median study. At a boundary (all events, no events, one
    study, all studies all-or-nothing) the exact interval takes over; at tau = 0 the default interval is the
    wider of profile and exact one at either end, since the exact one alone covers too rarely there.
    """
    boundary = at_the_boundary(series, level)
    if boundary is not None:
        return boundary
    counts = counts_of(series)
    return _described(series, counts, maximise(counts, np.ones((series.k, 1))), level)


def _described(series: Series, counts: Counts, best: Maximum, level: float) -> Fit:
    mu = float(best.coefficients[0])
    se = standard_errors(best)[0]
    spread = _spread(counts, best, level)
    intervals = _intervals(series, counts, best, level)
    return Fit(
        model="glmm",
        measure="PLO",
        k=series.k,
        estimate=expit(mu),
        scale_estimate=mu,
        se=se,
        interval=intervals[0],
        other_intervals=intervals[1:],
        spread=spread,
        weights=weights_of(counts, mu, best.tau),
        predictions=_predictions(counts, best, level),
        inconsistency=_inconsistency(series, counts, spread),
        tests=_tests(series, counts, best.log_likelihood),
        log_likelihood=best.log_likelihood,
        nodes=best.nodes,
        extra={"few_studies": _FEW_STUDIES, "tau_share": _TAU_SHARE},
        notes=() if best.tau else (NO_SPREAD,),
    )


def _intervals(series: Series, counts: Counts, best: Maximum, level: float) -> tuple[Limits, ...]:
    mu, se = float(best.coefficients[0]), standard_errors(best)[0]
    z, t = normal_quantile(level), t_quantile(level, series.k - 1)
    return (
        _corrected(series, counts, best, level),
        logit_limits("profile", INTERVALS["profile"], level, mean_limits(counts, best, z * z)),
        logit_limits("wald", INTERVALS["wald"], level, (mu - z * se, mu + z * se)),
        logit_limits("wald-t", INTERVALS["wald-t"], level, (mu - t * se, mu + t * se)),
        exact_limits(series, level),
    )


def _corrected(series: Series, counts: Counts, best: Maximum, level: float) -> Limits:
    """Return the profile interval with a critical value for few studies, as Bartlett's correction has one.

    For a normal mean with unknown variance the factor is about 1 + 3 / (2 k); with counts it is less. The
    0.75 was chosen by the simulation of validation/pooling (docs/decisions/0013).
    """
    critical = normal_quantile(level) ** 2 * (1 + _FEW_STUDIES / (series.k - 1))
    low, high = mean_limits(counts, best, critical)
    if best.tau == 0:
        exact = exact_limits(series, level)
        low, high = _lower(low, exact.scale_low), _upper(high, exact.scale_high)
    return logit_limits(DEFAULT_INTERVAL, INTERVALS[DEFAULT_INTERVAL], level, (low, high))


def _lower(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else min(one, other)


def _upper(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else max(one, other)


def logit_limits(name: str, method: str, level: float, ends: tuple[float | None, float | None]) -> Limits:
    """Return an interval from its ends on the logit; an open end is 0 or 1."""
    low, high = ends
    return Limits(
        name,
        method,
        level,
        0.0 if low is None else expit(low),
        1.0 if high is None else expit(high),
        low,
        high,
    )


def _predictions(counts: Counts, best: Maximum, level: float) -> tuple[Limits, ...]:
    """Return every prediction interval; the default takes tau larger than estimated, as it often is."""
    k, mu, se = counts.events.size, float(best.coefficients[0]), standard_errors(best)[0]
    wide = tau_limits(counts, best, normal_quantile(_TAU_SHARE) ** 2)[1]
    sd = sqrt(best.tau**2 + se**2)
    reach = {
        "profile-tau": None if wide is None else t_quantile(level, k - 1) * sqrt(wide**2 + se**2),
        "t-k-1": t_quantile(level, k - 1) * sd,
        **({"hts": t_quantile(level, k - 2) * sd} if k > 2 else {}),
        "normal": normal_quantile(level) * sd,
    }
    return tuple(
        logit_limits(name, PREDICTIONS[name], level, (None, None) if half is None else (mu - half, mu + half))
        for name, half in reach.items()
    )


def standard_errors(best: Maximum) -> tuple[float, float | None]:
    """Return the errors of mu and tau; at tau = 0 the binomial one and none, since tau has no slope there."""
    if best.tau == 0:
        return 1 / sqrt(float(best.information[0, 0])), None
    inverse = np.linalg.inv(best.information)
    return sqrt(float(inverse[0, 0])), sqrt(float(inverse[-1, -1]))


def _spread(counts: Counts, best: Maximum, level: float) -> Spread:
    low, high = tau_limits(counts, best, normal_quantile(level) ** 2)
    error = standard_errors(best)[1]
    return Spread(
        "ML",
        best.tau**2,
        None if error is None else 2 * best.tau * error,
        "profile",
        low**2,
        None if high is None else high**2,
    )


def weights_of(counts: Counts, mu: float, tau: float) -> tuple[float, ...]:
    """Return each study's share of 1 / (tau² + 1 / (n p q)) at the mean: the model itself has no weights."""
    spread = expit(mu) * expit(-mu)
    raw = 1 / (tau**2 + 1 / (counts.totals * spread))
    return tuple(float(one) for one in 100 * raw / raw.sum())


def _tests(series: Series, counts: Counts, log_likelihood: float) -> tuple[HeterogeneityTest, ...]:
    statistic = max(0.0, 2 * (log_likelihood - _common_log_likelihood(counts)))
    p = 0.5 * normal_two_sided(sqrt(statistic)) if statistic > 0 else 1.0
    return (*saturated_tests(series), HeterogeneityTest("lr-tau", TESTS["lr-tau"], statistic, 1, p))


def _common_log_likelihood(counts: Counts) -> float:
    mean = log(counts.events.sum() / (counts.totals - counts.events).sum())
    at_zero = pieces(counts, np.array([[mean]]), np.zeros(1), 1)
    return float(at_zero.value.sum())


def _inconsistency(series: Series, counts: Counts, spread: Spread) -> tuple[Inconsistency, ...]:
    typical = _typical_variance(counts)
    tau2, low, high = spread.value or 0.0, spread.low or 0.0, spread.high
    h2 = saturated_statistic(series) / (series.k - 1)
    return (
        Inconsistency(
            "typical",
            INCONSISTENCY["typical"],
            100 * tau2 / (tau2 + typical),
            1 + tau2 / typical,
            100 * low / (low + typical),
            100.0 if high is None else 100 * high / (high + typical),
            1 + low / typical,
            None if high is None else 1 + high / typical,
        ),
        Inconsistency(
            "higgins-lr",
            INCONSISTENCY["higgins-lr"],
            100 * max(0.0, 1 - 1 / h2) if h2 > 0 else 0.0,
            max(1.0, h2),
        ),
    )


def _typical_variance(counts: Counts) -> float:
    """Return the typical variance of the logits; 1/2 is added where a cell is 0, as in metafor's escalc."""
    bare = (counts.events == 0) | (counts.events == counts.totals)
    x, n = counts.events + 0.5 * bare, counts.totals + bare
    weights = 1 / (1 / x + 1 / (n - x))
    return float((x.size - 1) / (weights.sum() - (weights**2).sum() / weights.sum()))
