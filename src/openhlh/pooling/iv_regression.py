"""Meta-regression: effects explained by study covariates, as metafor::rma(mods = ...) does it.

With few studies a covariate explains anything. Ten studies for each are needed (Cochrane Handbook 10.11.4);
below, the answer is a refusal that says how many there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from openhlh.errors import Refusal, WrongInput
from openhlh.pooling.coefficients import Coefficient, Covaried, Solved, covaried, solve
from openhlh.pooling.effects import named
from openhlh.pooling.fit import HeterogeneityTest, Inconsistency, Spread
from openhlh.pooling.heterogeneity import cochran_q, higgins_inconsistency, metafor_inconsistency
from openhlh.pooling.inverse_variance import EQUAL_EFFECTS, IV_INTERVALS, SPREADS
from openhlh.pooling.least_squares import log_likelihoods, problem_of
from openhlh.pooling.quantiles import require_level
from openhlh.pooling.series import Effects
from openhlh.pooling.tau2 import Tau2, q_profile, tau2_of
from openhlh.tails import chi2_upper, f_upper

STUDIES_PER_COVARIATE = 10
_NOTHING_LEFT = "The covariates explain the effects exactly: the Hartung-Knapp error is 0, nothing is tested."
_NO_R2 = "Equal effects have no tau squared of which the covariates could explain a part (R squared)."


@dataclass(frozen=True)
class Moderation:
    """QM, the joint test of all covariates: F with both degrees of freedom, or chi-squared with the first."""

    statistic: float | None
    df: int
    residual_df: int | None
    p: float | None


@dataclass(frozen=True)
class Regression:
    """A meta-regression; `spread` is the tau squared that the covariates leave, `r2` the percent explained.

    `interval` names how errors and quantiles are made (IV_INTERVALS, with k less the number of coefficients
    as degrees of freedom); `needed` is the number of studies that this many covariates need.
    """

    measure: str
    k: int
    needed: int
    interval: str
    level: float
    coefficients: tuple[Coefficient, ...]
    spread: Spread
    moderation: Moderation
    residual: HeterogeneityTest
    inconsistency: Inconsistency
    r2: float | None
    log_likelihood: float
    notes: tuple[str, ...] = ()


def meta_regression(
    effects: Effects,
    covariates: Mapping[str, Sequence[float]],
    tau2: str = "REML",
    interval: str = "hk",
    level: float = 0.95,
) -> Regression:
    """Return the regression of the effects on covariates, each with one number per study.

    `tau2` is a name of SPREADS, `interval` of IV_INTERVALS. Refusal with fewer than ten studies for each
    covariate; WrongInput for a covariate that is constant, follows from others, or has the wrong length.
    """
    name, chosen = named(SPREADS, tau2, "--tau2"), named(IV_INTERVALS, interval, "--interval")
    require_level(level)
    needed = require_enough(effects.k, len(covariates))
    about = covaried(effects, covariates)
    found = None if name == EQUAL_EFFECTS else tau2_of(about.problem, name)
    value = found.value if found else 0.0
    solved = solve(about, value, chosen)
    spread, inconsistency = _left_over(about, found, level)
    return Regression(
        measure=effects.measure,
        k=effects.k,
        needed=needed,
        interval=chosen,
        level=level,
        coefficients=solved.table(level),
        spread=spread,
        moderation=_moderation(solved),
        residual=cochran_q(about.problem),
        inconsistency=inconsistency,
        r2=_r2(effects, found) if found else None,
        log_likelihood=float(log_likelihoods(about.problem, np.array([value]), name == "REML")[0]),
        notes=(
            *effects.notes,
            *((_NO_R2,) if found is None else ()),
            *(() if solved.covariance.any() else (_NOTHING_LEFT,)),
        ),
    )


def require_enough(k: int, covariates: int) -> int:
    """Return how many studies these covariates need; Refusal where there are fewer, saying how many."""
    if covariates == 0:
        raise WrongInput("no covariate is named", where="--covariate", remedy="name at least one")
    needed = STUDIES_PER_COVARIATE * covariates
    if k < needed:
        raise Refusal(
            f"{k} studies are too few for a meta-regression on {covariates} covariate"
            f"{'' if covariates == 1 else 's'}: {needed} are needed",
            why=f"with fewer than {STUDIES_PER_COVARIATE} studies for each, a covariate explains anything",
            remedy="look at the studies one by one, or at subgroups that were named beforehand",
        )
    return needed


def _left_over(about: Covaried, found: Tau2 | None, level: float) -> tuple[Spread, Inconsistency]:
    """Return tau squared and I squared as far as the covariates leave them."""
    if found is None:
        q = cochran_q(about.problem)
        return Spread(EQUAL_EFFECTS, 0.0), higgins_inconsistency(q.statistic, q.df, level)
    limits = q_profile(about.problem, level)
    spread = Spread(found.method, found.value, found.se, "q-profile", *limits)
    return spread, metafor_inconsistency(about.problem, found.value, limits)


def _moderation(solved: Solved) -> Moderation:
    df, values = len(solved.values) - 1, solved.values[1:]
    if not solved.covariance.any():
        return Moderation(None, df, solved.df, None)
    q = float(values @ np.linalg.solve(solved.covariance[1:, 1:], values))
    if solved.df is None:
        return Moderation(q, df, None, chi2_upper(q, df))
    return Moderation(q / df, df, solved.df, f_upper(q / df, df, solved.df))


def _r2(effects: Effects, found: Tau2) -> float:
    """Return the percent of tau squared that the covariates explain, 0 where there is none to explain."""
    without = tau2_of(problem_of(effects.values, effects.variances), found.method).value
    return 100 * max(0.0, 1 - found.value / without) if without > 0 else 0.0
