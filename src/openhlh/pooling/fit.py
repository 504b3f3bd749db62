"""What every model returns: the estimate on both scales, its spread, and how sure each of them is.

The scale of a model is where it is linear (logit of a proportion, log of an odds ratio); the natural scale is
what readers are shown (a proportion between 0 and 1, an odds ratio, a risk difference). A number that is not
finite, or that the data do not determine, is None and `notes` says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Limits:
    """An interval: `low` and `high` on the natural scale, the same on the scale of the model.

    `name` is the documented short name (profile, exact, wald, hk, ...), `method` says it in words. A limit
    that the data leave open is the end of the natural scale (0, 1, infinity as None), None on the model's.
    """

    name: str
    method: str
    level: float
    low: float | None
    high: float | None
    scale_low: float | None = None
    scale_high: float | None = None


@dataclass(frozen=True)
class Spread:
    """The variance between studies (tau squared) on the scale of the model, with its interval if any.

    `low` and `high` bound tau squared; `high` None with `interval_name` given means without bound. `value`
    None means that the data do not determine it; `estimator` is the documented name (ML, REML, DL, ...).
    """

    estimator: str
    value: float | None
    se: float | None = None
    interval_name: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Inconsistency:
    """I squared (percent) and H squared with limits, and the definition that they follow."""

    name: str
    definition: str
    i2: float
    h2: float
    i2_low: float | None = None
    i2_high: float | None = None
    h2_low: float | None = None
    h2_high: float | None = None


@dataclass(frozen=True)
class HeterogeneityTest:
    """A test of tau squared = 0: the statistic, its degrees of freedom and p; `definition` says which."""

    name: str
    definition: str
    statistic: float
    df: int
    p: float | None


@dataclass(frozen=True)
class Shrunken:
    """One study's own proportion (or effect) as the model sees it: pulled towards the mean."""

    label: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Posterior:
    """What only a Bayesian fit says: the prior in words, tau, shrunken studies, the chance to exceed."""

    prior: str
    tau_mean: float
    tau_median: float
    tau_low: float
    tau_high: float
    mean_of_scale: float
    sd_of_scale: float
    shrunken: tuple[Shrunken, ...]
    exceeds: tuple[tuple[float, float], ...] = ()  # (threshold on the natural scale, probability)


@dataclass(frozen=True)
class Fit:
    """One model fitted to one set of studies.

    `estimate` and `interval` are on the natural scale; `scale_estimate` and `se` on the scale of the model.
    `weights` are percents that add up to 100, one per study in the order given. `predictions` holds every
    prediction interval that the model offers, the default first.
    """

    model: str
    measure: str
    k: int
    estimate: float | None
    scale_estimate: float | None
    se: float | None
    interval: Limits
    spread: Spread
    weights: tuple[float, ...]
    predictions: tuple[Limits, ...] = ()
    inconsistency: tuple[Inconsistency, ...] = ()
    tests: tuple[HeterogeneityTest, ...] = ()
    other_intervals: tuple[Limits, ...] = ()
    log_likelihood: float | None = None
    nodes: int | None = None
    posterior: Posterior | None = None
    extra: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def prediction(self) -> Limits | None:
        """The default prediction interval, or None where the model has none."""
        return self.predictions[0] if self.predictions else None
