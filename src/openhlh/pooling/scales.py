"""The scales on which effects are pooled, by the names that R users know, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import asin, exp, log, log1p, sin, sqrt

from openhlh.errors import WrongInput


@dataclass(frozen=True)
class Scale:
    """A scale: `back` gives the natural value, `low` and `high` end the natural scale (None: no end)."""

    name: str
    words: str
    natural: str
    back: Callable[[float], float]
    low: float | None
    high: float | None

    def natural_of(self, value: float) -> float:
        """Return the natural value, kept inside the ends of the natural scale."""
        found = self.back(value)
        if self.low is not None:
            found = max(self.low, found)
        return found if self.high is None else min(self.high, found)


def expit(value: float) -> float:
    """Return the proportion of a logit, exact in both tails.

    >>> expit(0.0), expit(-800.0)
    (0.5, 0.0)
    """
    if value >= 0:
        return 1 / (1 + exp(-value))
    raised = exp(value) if value > -745 else 0.0
    return raised / (1 + raised)


def logit(proportion: float) -> float:
    """Return the logit of a proportion strictly between 0 and 1.

    >>> round(logit(0.75), 6)
    1.098612
    """
    return log(proportion) - log1p(-proportion)


def _exp(value: float) -> float:
    return exp(min(value, 700.0))


def _sine_squared(value: float) -> float:
    bounded = min(max(value, 0.0), asin(1.0))
    return sin(bounded) ** 2


SCALES: dict[str, Scale] = {
    scale.name: scale
    for scale in (
        Scale("PLO", "logit of a proportion", "proportion", expit, 0.0, 1.0),
        Scale("PLN", "log of a proportion", "proportion", _exp, 0.0, 1.0),
        Scale("PR", "raw proportion", "proportion", lambda value: value, 0.0, 1.0),
        Scale("PAS", "arcsine of the square root of a proportion", "proportion", _sine_squared, 0.0, 1.0),
        Scale("PFT", "Freeman-Tukey double arcsine", "proportion", _sine_squared, 0.0, 1.0),
        Scale(
            "CLL",
            "log of minus log of survival",
            "proportion",
            lambda v: exp(-_exp(v)),
            0.0,
            1.0,
        ),
        Scale("OR", "log odds ratio", "odds ratio", _exp, 0.0, None),
        Scale("RR", "log risk ratio", "risk ratio", _exp, 0.0, None),
        Scale("RD", "risk difference", "risk difference", lambda value: value, -1.0, 1.0),
        Scale("GEN", "effect as given", "effect", lambda value: value, None, None),
        Scale("GENLOG", "log of a ratio, as given", "ratio", _exp, 0.0, None),
    )
}


def scale_of(measure: str) -> Scale:
    """Return the scale of a measure; WrongInput names the measures that exist."""
    found = SCALES.get(measure.upper())
    if found is None:
        raise WrongInput(
            f"`{measure}` is no measure", where="--measure", remedy=f"use one of {', '.join(SCALES)}"
        )
    return found


def freeman_tukey_back(value: float, total: float) -> float:
    """Return the proportion of a Freeman-Tukey double arcsine (average form) at one study size.

    Miller's inverse (Am Stat 1978;32:138). It needs one size; with unequal sizes no size is right, which is
    why this scale is offered to reproduce others only.
    """
    double = 2 * value
    lowest, highest = asin(sqrt(1 / (total + 1))), asin(sqrt(total / (total + 1))) + asin(1.0)
    if double <= lowest:
        return 0.0
    if double >= highest:
        return 1.0
    inner = sin(double) + (sin(double) - 1 / sin(double)) / total
    root = sqrt(max(0.0, 1 - inner * inner))
    sign = 1.0 if double < asin(1.0) else -1.0
    return 0.5 * (1 - sign * root)
