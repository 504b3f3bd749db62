"""How much each study moves an inverse-variance fit, as metafor::influence.rma.uni says it.

Each study is left out in turn and the model fitted again, tau squared included (Viechtbauer, Cheung: Res
Synth Methods 2010;1:112). A diagnostic that the remaining studies do not determine is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np

from openhlh.pooling.effects import named
from openhlh.pooling.inverse_variance import EQUAL_EFFECTS, IV_INTERVALS, SPREADS, Mean, weighted_mean
from openhlh.pooling.least_squares import Problem, generalised_q, problem_of
from openhlh.pooling.series import Effects
from openhlh.pooling.tau2 import tau2_of
from openhlh.tails import chi2_upper

INFLUENCE = {
    "rstudent": "externally standardised residual: the study against the prediction of all others",
    "dffits": "by how many standard errors the mean moves at this study",
    "cook_d": "Cook's distance: squared move of the mean over its variance",
    "cov_r": "variance of the mean without the study over that with it (below 1: the study adds noise)",
    "tau2_del": "tau squared without the study",
    "qe_del": "Cochran's Q without the study",
    "hat": "leverage: the share of the weight",
    "weight": "weight in percent",
    "dfbs": "by how many standard errors, at the tau squared without it, the mean moves",
    "flagged": "metafor's rule: large dffits, Cook's distance, leverage or dfbs",
}
_ROUNDING = 100 * float(np.finfo(float).eps)  # metafor's limit below which a residual is 0


@dataclass(frozen=True)
class Influence:
    """The influence of one study; the fields are explained by INFLUENCE."""

    label: str
    rstudent: float | None
    dffits: float | None
    cook_d: float | None
    cov_r: float | None
    tau2_del: float | None
    qe_del: float | None
    hat: float
    weight: float
    dfbs: float | None
    flagged: bool


def influence(effects: Effects, tau2: str = "REML", interval: str = "wald") -> tuple[Influence, ...]:
    """Return the influence of each study on the fit with this tau squared (a name of SPREADS).

    `interval` is a name of IV_INTERVALS: with hk the errors are scaled as Hartung and Knapp do, as metafor
    does after test="knha". One study has no influence to measure: its diagnostics are None.
    """
    name, chosen = named(SPREADS, tau2, "--tau2"), named(IV_INTERVALS, interval, "--interval")
    if effects.k == 1:
        nothing = (None,) * 6
        return (Influence(effects.labels[0], *nothing, 1.0, 100.0, None, False),)
    full = weighted_mean(*_fitted(effects, name))
    return tuple(_of_one(effects, at, full, (name, chosen)) for at in range(effects.k))


def _fitted(effects: Effects, name: str) -> tuple[Problem, float]:
    problem = problem_of(effects.values, effects.variances)
    if name == EQUAL_EFFECTS or effects.k == 1:
        return problem, 0.0  # one study left: metafor takes tau squared as 0
    return problem, tau2_of(problem, name).value


def _of_one(effects: Effects, at: int, full: Mean, how: tuple[str, str]) -> Influence:
    """Return the influence of the study at an index; `how` is the estimator and the interval."""
    name, chosen = how
    problem, tau2 = _fitted(effects.only([one for one in range(effects.k) if one != at]), name)
    rest = weighted_mean(problem, tau2)
    scale = (rest.error(chosen) / rest.se) ** 2
    hat, variance = full.weights[at] / 100, effects.variances[at] + tau2
    residual, move = effects.values[at] - rest.value, full.value - rest.value
    if abs(residual) < _ROUNDING:
        residual = 0.0
    total = 1 / (1 / rest.se**2 + 1 / variance)  # variance of the mean of all at this tau squared
    found = {
        "rstudent": _over(residual, sqrt(variance * scale + rest.error(chosen) ** 2)),
        "dffits": _over(move, sqrt(scale * hat * variance)),
        "cook_d": _over(move**2, full.error(chosen) ** 2),
        "cov_r": _over(rest.error(chosen) ** 2, full.error(chosen) ** 2),
        "dfbs": _over(move, sqrt(scale * total)),
    }
    return Influence(
        effects.labels[at],
        tau2_del=tau2,
        qe_del=float(generalised_q(problem, np.zeros(1))[0]),
        hat=hat,
        weight=full.weights[at],
        flagged=_flagged(found, hat, effects.k),
        **found,
    )


def _over(value: float, by: float) -> float | None:
    """Return the quotient, None where the divisor is 0 and the diagnostic therefore not determined."""
    quotient = value / by if by > 0 else None
    return quotient if quotient is not None and isfinite(quotient) else None


def _flagged(found: dict[str, float | None], hat: float, k: int) -> bool:
    dffits, cook_d, dfbs = (found[name] or 0.0 for name in ("dffits", "cook_d", "dfbs"))
    return abs(dffits) > 3 * sqrt(1 / (k - 1)) or chi2_upper(cook_d, 1) < 0.5 or hat > 3 / k or abs(dfbs) > 1
