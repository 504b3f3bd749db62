"""From the scale of a model back to what readers are shown, the Freeman-Tukey scale with its warning."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log

from openhlh.errors import WrongInput
from openhlh.pooling.fit import Limits
from openhlh.pooling.scales import freeman_tukey_back, scale_of
from openhlh.pooling.series import Effects

Back = Callable[[float], float]

FREEMAN_TUKEY = {
    "harmonic": "Miller's inverse at the harmonic mean of the study sizes (the default)",
    "geometric": "Miller's inverse at the geometric mean of the study sizes",
    "arithmetic": "Miller's inverse at the arithmetic mean of the study sizes",
    "inverse_variance": "Miller's inverse at the size 1 / (4 se2) (Barendregt and Doi)",
}
FREEMAN_TUKEY_WARNING = (
    "The Freeman-Tukey scale serves to reproduce others only: its way back needs one study size where the "
    "studies have several, and the answer depends on which is taken."
)


def way_back(effects: Effects) -> Back:
    """Return the function from the scale of the effects to the natural scale.

    Freeman-Tukey goes back at the harmonic mean of the sizes; WrongInput where they are not known.
    """
    if effects.measure.upper() != "PFT":
        return scale_of(effects.measure).natural_of
    size = _sizes(effects)["harmonic"]
    return lambda value: freeman_tukey_back(value, size)


def freeman_tukey_variants(effects: Effects, value: float, error: float, reach: float) -> dict[str, float]:
    """Return estimate and limits of a Freeman-Tukey mean at every size of FREEMAN_TUKEY.

    `error` is the Wald standard error, `reach` half the width of the chosen interval. The names are
    freeman_tukey_NAME, with _low and _high for the limits.
    """
    found = {}
    for name, size in (_sizes(effects) | {"inverse_variance": 1 / (4 * error**2)}).items():
        found[f"freeman_tukey_{name}"] = freeman_tukey_back(value, size)
        found[f"freeman_tukey_{name}_low"] = freeman_tukey_back(value - reach, size)
        found[f"freeman_tukey_{name}_high"] = freeman_tukey_back(value + reach, size)
    return found


def limits_around(back: Back, value: float, reach: float, about: tuple[str, str, float]) -> Limits:
    """Return value ± reach with both scales; `about` is the name, the method in words and the level."""
    low, high = value - reach, value + reach
    ends = sorted((back(low), back(high)))  # a scale may run backwards: survival falls as its cloglog rises
    return Limits(*about, ends[0], ends[1], low, high)


def _sizes(effects: Effects) -> dict[str, float]:
    totals, k = effects.totals, len(effects.totals)
    if not totals:
        raise WrongInput(
            "the study sizes are not known",
            where="measure PFT",
            why="the Freeman-Tukey scale cannot be taken back without them",
            remedy="give the totals, or use PLO",
        )
    return {
        "harmonic": k / sum(1 / total for total in totals),
        "geometric": exp(sum(log(total) for total in totals) / k),
        "arithmetic": sum(totals) / k,
    }
