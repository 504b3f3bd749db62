"""From a two-arm likelihood to the fit: intervals, spread, tests, and the answer where no maximum exists."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from openhlh.pooling.boundary import NO_SPREAD
from openhlh.pooling.comparison_effects import comparison_effects
from openhlh.pooling.fit import Fit, HeterogeneityTest, Inconsistency, Limits, Spread
from openhlh.pooling.noncentral import Tables, exact_common_limits, moments
from openhlh.pooling.scales import scale_of
from openhlh.pooling.series import Comparison
from openhlh.pooling.two_arm_maximum import Likelihood, Top, mean_limits, tau_limits, top_of
from openhlh.pooling.two_by_two import chi_squared_test, odds_ratio_limits, percents, silent_note
from openhlh.tails import normal_quantile, normal_two_sided, t_quantile

TWO_ARM_INTERVALS = {
    "profile": "profile likelihood of the mean log odds ratio, chi-squared with 1 degree of freedom",
    "wald": "normal quantile times the standard error from the joint information of mean and tau",
    "exact-conditional": "exact conditional limits, where one study is informative or no maximum is finite",
}
TWO_ARM_PREDICTIONS = {
    "t-k-1": "mean and tau as estimated on the log odds ratio, Student's t with k - 1 degrees of freedom",
    "hts": "mean and tau as estimated on the log odds ratio, Student's t with k - 2 degrees of freedom",
    "normal": "mean and tau as estimated on the log odds ratio, normal quantile",
}
_ONE = "one study has information on the odds ratio: the exact conditional limits (Fisher's) take over"
_NONE = "no study has information on the odds ratio"
_AT_END = {
    1: "the odds ratio has no finite estimate (it is infinite): the exact conditional limits take over",
    -1: "the estimate of the odds ratio is 0, the end of its scale: the exact conditional limits take over",
}
_TORN = (
    "every informative study lies at an end of its scale, and not at the same one: the likelihood rises "
    "with tau without end, so that neither mean nor tau has an estimate"
)
_OPEN = (
    "a profile interval is open where the likelihood has not fallen far enough at a log odds ratio or a tau "
    "of 60: the data do not bound it"
)
_UNKNOWN_SPREAD = Spread("ML", None)


class TwoArm(NamedTuple):
    """A model and its data; `best_of_each` is the log likelihood with one odds ratio for each study."""

    model: str
    comparison: Comparison
    tables: Tables
    like: Likelihood
    best_of_each: float


def two_arm_fit(what: TwoArm, level: float) -> Fit:
    """Return the fit of a two-arm likelihood, or what is known where it has no finite maximum."""
    end = what.tables.end
    if not what.like.k:
        return _without_maximum(what, level, None, _NONE)
    for side in (1, -1):
        if (end == side).all():
            return _without_maximum(what, level, None if side > 0 else 0.0, _AT_END[side])
    if what.like.k > 1 and (end != 0).all():
        return _torn(what, level)
    top = top_of(what.like)
    return _regular(what, top, level) if what.like.k > 1 else _single(what, top, level)


def _without_maximum(what: TwoArm, level: float, estimate: float | None, reason: str) -> Fit:
    return Fit(
        model=what.model,
        measure="OR",
        k=what.comparison.k,
        estimate=estimate,
        scale_estimate=None,
        se=None,
        interval=exact_common_limits(what.comparison, level),
        spread=_UNKNOWN_SPREAD,
        weights=_weights(what, 0.0, 0.0),
        notes=(reason, *(silent_note(what.comparison) if what.like.k else ())),
    )


def _torn(what: TwoArm, level: float) -> Fit:
    return Fit(
        model=what.model,
        measure="OR",
        k=what.comparison.k,
        estimate=None,
        scale_estimate=None,
        se=None,
        interval=odds_ratio_limits("profile", TWO_ARM_INTERVALS["profile"], level, (None, None)),
        spread=_UNKNOWN_SPREAD,
        weights=_weights(what, 0.0, 0.0),
        notes=(_TORN, *silent_note(what.comparison)),
    )


def _single(what: TwoArm, top: Top, level: float) -> Fit:
    exact = exact_common_limits(what.comparison, level)
    se = 1 / sqrt(-float(top.surface.bend[0, 0]))
    return Fit(
        model=what.model,
        measure="OR",
        k=what.comparison.k,
        estimate=scale_of("OR").natural_of(top.mean),
        scale_estimate=top.mean,
        se=se,
        interval=exact,
        spread=_UNKNOWN_SPREAD,
        weights=_weights(what, top.mean, 0.0),
        other_intervals=(_wald(top.mean, se, level),),
        log_likelihood=top.surface.value,
        notes=(_ONE, *silent_note(what.comparison)),
    )


def _regular(what: TwoArm, top: Top, level: float) -> Fit:
    fall = normal_quantile(level) ** 2 / 2
    se, tau_se = _standard_errors(top)
    low, high = tau_limits(what.like, top, fall)
    spread = Spread(
        "ML",
        top.tau**2,
        None if tau_se is None else 2 * top.tau * tau_se,
        "profile",
        low**2,
        None if high is None else high**2,
    )
    profile = mean_limits(what.like, top, fall)
    return Fit(
        model=what.model,
        measure="OR",
        k=what.comparison.k,
        estimate=scale_of("OR").natural_of(top.mean),
        scale_estimate=top.mean,
        se=se,
        interval=odds_ratio_limits("profile", TWO_ARM_INTERVALS["profile"], level, profile),
        spread=spread,
        weights=_weights(what, top.mean, top.tau),
        predictions=_predictions(what.like.k, top, se, level),
        inconsistency=_inconsistency(what, top),
        tests=_tests(what, top),
        other_intervals=(_wald(top.mean, se, level),),
        log_likelihood=top.surface.value,
        nodes=top.nodes,
        notes=_notes(what, top, None in profile or high is None),
    )


def _standard_errors(top: Top) -> tuple[float, float | None]:
    """Return the errors of mean and tau; at tau = 0 that of a common odds ratio and none."""
    information = -top.surface.bend
    if top.tau == 0:
        return 1 / sqrt(float(information[0, 0])), None
    inverse = np.linalg.inv(information)
    return sqrt(float(inverse[0, 0])), sqrt(float(inverse[1, 1]))


def _wald(mean: float, se: float, level: float) -> Limits:
    reach = normal_quantile(level) * se
    return odds_ratio_limits("wald", TWO_ARM_INTERVALS["wald"], level, (mean - reach, mean + reach))


def _predictions(k: int, top: Top, se: float, level: float) -> tuple[Limits, ...]:
    error = sqrt(top.tau**2 + se**2)
    quantiles = {"t-k-1": t_quantile(level, k - 1), "normal": normal_quantile(level)}
    if k > 2:
        quantiles["hts"] = t_quantile(level, k - 2)
    return tuple(
        odds_ratio_limits(
            name, TWO_ARM_PREDICTIONS[name], level, (top.mean - quantile * error, top.mean + quantile * error)
        )
        for name, quantile in quantiles.items()
    )


def _weights(what: TwoArm, mean: float, tau: float) -> tuple[float, ...]:
    """Return each study's share of 1 / (tau² + 1 / V), V the conditional variance of its events at the mean.

    The model itself has no weights; studies without information get 0.
    """
    raw = np.zeros(what.comparison.k)
    if what.like.k:
        variance = moments(what.tables, np.full((what.tables.k, 1), mean))[2][:, 0]
        raw[what.tables.places] = variance / (1 + tau**2 * variance)
    return percents(raw)


def _tests(what: TwoArm, top: Top) -> tuple[HeterogeneityTest, ...]:
    boundary = max(0.0, 2 * (top.surface.value - top.level_value))
    return (
        chi_squared_test(
            "lr-saturated",
            "likelihood ratio of one odds ratio per study against one for all (metafor: QE.LRT)",
            max(0.0, 2 * (what.best_of_each - top.level_value)),
            what.like.k - 1,
        ),
        HeterogeneityTest(
            "lr-tau",
            "likelihood ratio of tau² = 0; p from half a chi-squared, since tau² can't be negative",
            boundary,
            1,
            0.5 * normal_two_sided(sqrt(boundary)) if boundary > 0 else 1.0,
        ),
    )


def _inconsistency(what: TwoArm, top: Top) -> tuple[Inconsistency, ...]:
    """Return I squared and H squared beside the typical variance of the informative studies, as metafor."""
    effects = comparison_effects(what.comparison.only(what.tables.places), "OR")
    weights = 1 / np.array(effects.variances)
    typical = float((effects.k - 1) / (weights.sum() - (weights**2).sum() / weights.sum()))
    return (
        Inconsistency(
            "typical",
            "tau² beside the typical sampling variance of the log odds ratios (1/2 added to empty cells)",
            100 * top.tau**2 / (top.tau**2 + typical),
            1 + top.tau**2 / typical,
        ),
    )


def _notes(what: TwoArm, top: Top, is_open: bool) -> tuple[str, ...]:
    notes = [] if top.tau > 0 else [NO_SPREAD]
    if is_open:
        notes.append(_OPEN)
    return (*notes, *silent_note(what.comparison))
