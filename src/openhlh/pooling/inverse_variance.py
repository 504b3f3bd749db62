"""The inverse-variance model: effects weighted by 1 / (variance + tau squared), as metafor::rma.uni does it.

Every interval, prediction and estimator has one documented name; the chosen interval stands in the fit, the
others beside it. Two-step pooling of logits covers badly in tiny series: the model is here to compare and to
reproduce, and because effects of other kinds (odds ratios, survival at a time) have no counts to go back to.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np

from openhlh.pooling.effects import named
from openhlh.pooling.fit import Fit, HeterogeneityTest, Inconsistency, Limits, Spread
from openhlh.pooling.heterogeneity import (
    cochran_q,
    higgins_inconsistency,
    likelihood_ratio,
    metafor_inconsistency,
)
from openhlh.pooling.least_squares import Problem, fit_at, log_likelihoods, problem_of
from openhlh.pooling.natural import (
    FREEMAN_TUKEY_WARNING,
    Back,
    freeman_tukey_variants,
    limits_around,
    way_back,
)
from openhlh.pooling.quantiles import critical, require_level, two_sided_p
from openhlh.pooling.scales import scale_of
from openhlh.pooling.series import Effects
from openhlh.pooling.tau2 import TAU2_METHODS, Tau2, profile_likelihood, q_profile, tau2_of

MODEL = "iv"
EQUAL_EFFECTS = "EE"
SPREADS = TAU2_METHODS | {EQUAL_EFFECTS: "equal (common) effects: tau2 is taken to be 0"}
IV_INTERVALS = {
    "wald": "normal quantile times the standard error",
    "t": "t quantile with k - 1 degrees of freedom times the standard error",
    "hk": "Hartung-Knapp: t quantile with k - 1 times the error scaled by q, the weighted residual variance",
    "hk-adhoc": "Hartung-Knapp with q not below 1 (the ad hoc floor), so that it is never shorter than t",
}
PREDICTIONS = {
    "hts": "Higgins, Thompson and Spiegelhalter: t with k - 2 and sqrt(tau2 + se2), from three studies on",
    "t-k-1": "t with k - 1 and sqrt(tau2 + se2)",
    "normal": "normal quantile and sqrt(tau2 + se2)",
    "hk": "t with k - 1 and sqrt(tau2 + Hartung-Knapp se2)",
    "hk-adhoc": "t with k - 1 and sqrt(tau2 + Hartung-Knapp se2 with the ad hoc floor)",
}
_NO_WIDTH = (
    "The effects are equal: the plain Hartung-Knapp interval has no width and says nothing; with the ad hoc "
    "floor it is the t interval."
)
_NO_SPREAD = "Equal effects: the studies are taken to share one true value, so there is no prediction."
_NOT_MEANT = "Hartung-Knapp is not meant for equal effects; it was computed because it was asked for."
_EMPTY_Q_PROFILE = (
    "The studies differ less than chance alone makes them differ: the Q-profile interval of tau squared is "
    "empty and given as 0."
)
_ONE_STUDY = (
    "One study stands for itself with its Wald interval and cannot show a spread between studies: there is "
    "no tau squared, no prediction and no Hartung-Knapp interval."
)
ZERO_RESIDUALS = float(np.finfo(float).eps)  # metafor's limit below which q is taken to be 0


@dataclass(frozen=True)
class Mean:
    """The weighted mean on the scale: value, standard error, weights in percent and Hartung-Knapp's q."""

    value: float
    se: float
    weights: tuple[float, ...]
    q: float

    def error(self, interval: str) -> float:
        """Return the standard error that a named interval uses."""
        return self.se * sqrt({"hk": self.q, "hk-adhoc": max(1.0, self.q)}.get(interval, 1.0))


@dataclass(frozen=True)
class _Pooled:
    """What the parts of a fit are made from; `found` is None for equal effects."""

    effects: Effects
    problem: Problem
    back: Back
    found: Tau2 | None
    interval: str
    level: float

    @property
    def tau2(self) -> float:
        return self.found.value if self.found else 0.0

    @cached_property
    def mean(self) -> Mean:
        return weighted_mean(self.problem, self.tau2)

    @cached_property
    def tau2_limits(self) -> tuple[float, float]:
        return q_profile(self.problem, self.level)

    @property
    def likely(self) -> Tau2 | None:
        """The estimate where it is a maximum of a likelihood."""
        return self.found if self.found and self.found.method in {"ML", "REML"} else None


def inverse_variance(
    effects: Effects, tau2: str = "REML", interval: str | None = None, level: float = 0.95
) -> Fit:
    """Return the inverse-variance fit of effects with tau squared by a name of SPREADS.

    `interval` is a name of IV_INTERVALS; without one it is hk-adhoc, and wald with EE. `se` is the error that
    the interval uses, as in metafor. One study is its own answer. WrongInput for an unknown name or level.
    """
    name = named(SPREADS, tau2, "--tau2")
    chosen = named(IV_INTERVALS, interval or ("wald" if name == EQUAL_EFFECTS else "hk-adhoc"), "--interval")
    require_level(level)
    problem, back = problem_of(effects.values, effects.variances), way_back(effects)
    if effects.k == 1:
        return _one_study(effects, name, back, level)
    found = None if name == EQUAL_EFFECTS else tau2_of(problem, name)
    pooled = _Pooled(effects, problem, back, found, chosen, level)
    intervals = _intervals(pooled)
    return Fit(
        model=MODEL,
        measure=effects.measure,
        k=effects.k,
        estimate=back(pooled.mean.value),
        scale_estimate=pooled.mean.value,
        se=pooled.mean.error(chosen),
        interval=intervals.pop(chosen),
        spread=_spread(pooled),
        weights=pooled.mean.weights,
        predictions=_predictions(pooled),
        inconsistency=_inconsistency(pooled),
        tests=_tests(pooled),
        other_intervals=tuple(intervals.values()),
        log_likelihood=_log_likelihood(pooled),
        extra=_extra(pooled),
        notes=_notes(pooled),
    )


def weighted_mean(problem: Problem, tau2: float) -> Mean:
    """Return the weighted mean at a value of tau squared; for one effect q is 1, as in metafor."""
    at = fit_at(problem, np.array([tau2]))
    weights, residuals = at.weights[0], at.residuals[0]
    rss = float((weights * residuals**2).sum())
    rescaled = 0.0 if rss <= ZERO_RESIDUALS else rss / max(problem.k - 1, 1)
    return Mean(
        problem.centre + float(at.beta[0, 0]),
        sqrt(float(at.inverse[0, 0, 0])),
        tuple((100 * weights / weights.sum()).tolist()),
        1.0 if problem.k == 1 else rescaled,
    )


def _one_study(effects: Effects, name: str, back: Back, level: float) -> Fit:
    value, se = effects.values[0], sqrt(effects.variances[0])
    about = ("wald", IV_INTERVALS["wald"], level)
    warning = (FREEMAN_TUKEY_WARNING,) if effects.measure.upper() == "PFT" else ()
    return Fit(
        model=MODEL,
        measure=effects.measure,
        k=1,
        estimate=back(value),
        scale_estimate=value,
        se=se,
        interval=limits_around(back, value, critical(level) * se, about),
        spread=Spread(name, None),
        weights=(100.0,),
        notes=(*effects.notes, *warning, _ONE_STUDY),
    )


def _intervals(pooled: _Pooled) -> dict[str, Limits]:
    df = pooled.effects.k - 1
    found = {}
    for name, words in IV_INTERVALS.items():
        quantile = critical(pooled.level, None if name == "wald" else df)
        reach = quantile * pooled.mean.error(name)
        found[name] = limits_around(pooled.back, pooled.mean.value, reach, (name, words, pooled.level))
    return found


def _predictions(pooled: _Pooled) -> tuple[Limits, ...]:
    """Return every prediction interval; equal effects have none, because nothing varies."""
    if pooled.found is None:
        return ()
    k = pooled.effects.k
    degrees: dict[str, int | None] = {
        "hts": k - 2,
        "t-k-1": k - 1,
        "normal": None,
        "hk": k - 1,
        "hk-adhoc": k - 1,
    }
    found = []
    for name, words in PREDICTIONS.items():
        if name == "hts" and k < 3:
            continue
        reach = critical(pooled.level, degrees[name]) * sqrt(pooled.tau2 + pooled.mean.error(name) ** 2)
        found.append(limits_around(pooled.back, pooled.mean.value, reach, (name, words, pooled.level)))
    return tuple(found)


def _spread(pooled: _Pooled) -> Spread:
    if pooled.found is None:
        return Spread(EQUAL_EFFECTS, 0.0)
    return Spread(pooled.found.method, pooled.tau2, pooled.found.se, "q-profile", *pooled.tau2_limits)


def _tests(pooled: _Pooled) -> tuple[HeterogeneityTest, ...]:
    q = cochran_q(pooled.problem)
    return (q, likelihood_ratio(pooled.problem, pooled.likely)) if pooled.likely else (q,)


def _inconsistency(pooled: _Pooled) -> tuple[Inconsistency, ...]:
    q = cochran_q(pooled.problem)
    higgins = higgins_inconsistency(q.statistic, q.df, pooled.level)
    if pooled.found is None:
        return (higgins,)
    return metafor_inconsistency(pooled.problem, pooled.tau2, pooled.tau2_limits), higgins


def _log_likelihood(pooled: _Pooled) -> float:
    """Return the restricted log likelihood for REML and the full one for every other, as metafor does."""
    restricted = pooled.likely is not None and pooled.likely.method == "REML"
    return float(log_likelihoods(pooled.problem, np.array([pooled.tau2]), restricted)[0])


def _extra(pooled: _Pooled) -> dict[str, float]:
    """Return the errors of all intervals, the profile limits of tau squared, and what a scale adds."""
    mean, chosen, df = pooled.mean, pooled.interval, pooled.effects.k - 1
    found = {f"se_{name}": mean.error(name) for name in IV_INTERVALS} | {"hk_q": mean.q}
    if pooled.likely:
        low, high = profile_likelihood(pooled.problem, pooled.likely, pooled.level)
        found |= {"tau2_profile_low": low, "tau2_profile_high": high}
    degrees = None if chosen == "wald" else df
    error = mean.error(chosen)
    if pooled.effects.measure.upper() == "PFT":
        reach = critical(pooled.level, degrees) * error
        found |= freeman_tukey_variants(pooled.effects, mean.value, mean.se, reach)
    if scale_of(pooled.effects.measure).natural != "proportion" and error > 0:
        found |= {"statistic": mean.value / error, "p": two_sided_p(mean.value / error, degrees)}
    return found


def _notes(pooled: _Pooled) -> tuple[str, ...]:
    said = [
        (pooled.effects.measure.upper() == "PFT", FREEMAN_TUKEY_WARNING),
        (pooled.mean.q == 0, _NO_WIDTH),
        (pooled.found is None, _NO_SPREAD),
        (pooled.found is None and pooled.interval.startswith("hk"), _NOT_MEANT),
    ]
    notes = pooled.effects.notes + tuple(words for holds, words in said if holds)
    return notes if pooled.found is None else notes + _notes_on_tau2(pooled, pooled.found)


def _notes_on_tau2(pooled: _Pooled, found: Tau2) -> tuple[str, ...]:
    maxima = ", ".join(f"{one:.4g}" for one in found.maxima)
    several = f"The likelihood has several maxima in tau squared ({maxima}); the highest is taken."
    said = [
        (found.value == 0, "Tau squared is estimated as 0, which does not show that it is 0."),
        (pooled.tau2_limits[1] == 0, _EMPTY_Q_PROFILE),
        (len(found.maxima) > 1, several),
        (pooled.effects.k == 2, "Two studies: there is no prediction with k - 2 degrees of freedom."),
    ]
    return tuple(words for holds, words in said if holds)
