"""Priors of the Bayesian models: how much studies may differ (tau) and where their mean may lie.

The defaults are half-normal(1) on tau and normal(0, 1.5) on the mean logit: weakly informative for
proportions (Röver et al., Res Synth Methods 2021;12:448, on tau). Both are on the scale of the model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite

from openhlh.errors import WrongInput

_LEAST, _MOST = 1e-9, 1e4  # scales beyond say nothing that a reader could mean
HALF_NORMAL, HALF_CAUCHY = "half-normal", "half-cauchy"
PRIORS = {
    "half-normal(S)": "tau is half-normal with scale S: above 2 S in one of 22 sets of studies",
    "half-cauchy(S)": "tau is half-Cauchy with scale S: above S in one of two, with a heavy tail",
    "normal(M, SD)": "the mean is normal about M with standard deviation SD, on the scale of the model",
    "flat": "every mean is as likely as any other (normal-normal model only)",
}
NO_MEAN = "the posterior of tau has no mean (half-Cauchy prior, too little data): its median instead"


@dataclass(frozen=True)
class Prior:
    """The prior of tau (`spread`, `scale`) and of the mean; `mean` None is flat (normal-normal only)."""

    spread: str = HALF_NORMAL
    scale: float = 1.0
    mean: float | None = 0.0
    mean_sd: float = 1.5

    def __post_init__(self) -> None:
        """Refuse another distribution, and scales that are not between 1e-9 and 1e4."""
        if self.spread not in {HALF_NORMAL, HALF_CAUCHY}:
            raise _no_prior(self.spread)
        for number in (self.scale, self.mean_sd):
            if not isfinite(number) or not _LEAST <= number <= _MOST:
                raise _no_prior(f"a scale or standard deviation of {number:g}")
        if self.mean is not None and not isfinite(self.mean):
            raise _no_prior(f"normal about {self.mean}")

    @property
    def words(self) -> str:
        """The prior in words, for every output that shows the fit."""
        mean = "flat" if self.mean is None else f"normal({self.mean:g}, {self.mean_sd:g})"
        return f"tau ~ {self.spread}({self.scale:g}), mean ~ {mean}, on the scale of the model"


DEFAULT = Prior()
FLAT_MEAN = Prior(mean=None)


def parse_prior(spread: str, mean: str = "normal(0, 1.5)") -> Prior:
    """Return the prior of `half-normal(1)` or `half-cauchy(0.5)` with `normal(M, SD)` or `flat` mean.

    >>> parse_prior("half-cauchy(0.5)").words
    'tau ~ half-cauchy(0.5), mean ~ normal(0, 1.5), on the scale of the model'
    """
    family, scale = _call(spread, 1)
    if mean.strip().lower() == "flat":
        return Prior(family, scale[0], None)
    name, numbers = _call(mean, 2)
    if name != "normal":
        raise _no_prior(mean)
    return Prior(family, scale[0], numbers[0], numbers[1])


def _call(text: str, count: int) -> tuple[str, list[float]]:
    found = re.fullmatch(r"\s*([a-z-]+)\s*\(([^()]*)\)\s*", text.lower())
    if found is None:
        raise _no_prior(text)
    try:
        numbers = [float(part) for part in found[2].split(",")]
    except ValueError:
        raise _no_prior(text) from None
    if len(numbers) != count:
        raise _no_prior(text)
    return found[1], numbers


def _no_prior(text: str) -> WrongInput:
    return WrongInput(
        f"`{text}` is no prior",
        where="--prior",
        why="scales and standard deviations are between 1e-9 and 1e4",
        remedy=f"use one of {', '.join(PRIORS)}, for example half-normal(1)",
    )
