"""The JSON form of a fit: estimate on both scales, intervals, spread, heterogeneity, every name told."""

from __future__ import annotations

from dataclasses import asdict
from math import sqrt
from typing import Any

from numpy import __version__ as NUMPY_VERSION

from openhlh.pooling.fit import Fit, Limits
from openhlh.pooling.models import MODELS
from openhlh.pooling.scales import scale_of


def fit_contract(fit: Fit, words: str = "") -> dict[str, Any]:
    """Return a fit as the plain values of the `pool` contract; keys without a value hold None."""
    scale = scale_of(fit.measure)
    return {
        "model": {"name": fit.model, "words": words or MODELS.get(fit.model, ""), "measure": fit.measure},
        "k": fit.k,
        "estimate": {
            "natural": fit.estimate,
            "natural_name": scale.natural,
            "scale": fit.scale_estimate,
            "scale_name": scale.words,
            "se": fit.se,
        },
        "interval": limits_contract(fit.interval),
        "other_intervals": [limits_contract(one) for one in fit.other_intervals],
        "prediction": limits_contract(fit.prediction) if fit.prediction else None,
        "predictions": [limits_contract(one) for one in fit.predictions],
        "tau2": _spread(fit),
        "i2": [asdict(one) for one in fit.inconsistency],
        "q": [asdict(one) for one in fit.tests],
        "weights": list(fit.weights),
        "log_likelihood": fit.log_likelihood,
        "quadrature_nodes": fit.nodes,
        "posterior": _posterior(fit),
        "extra": fit.extra,
        "notes": list(fit.notes),
    }


def limits_contract(limits: Limits) -> dict[str, Any]:
    """Return an interval with its name, its method in words and its ends on both scales."""
    return asdict(limits)


def _spread(fit: Fit) -> dict[str, Any]:
    spread = fit.spread
    return {**asdict(spread), "tau": None if spread.value is None else sqrt(max(0.0, spread.value))}


def _posterior(fit: Fit) -> dict[str, Any] | None:
    if fit.posterior is None:
        return None
    found = asdict(fit.posterior)
    found["exceeds"] = [{"threshold": at, "probability": chance} for at, chance in fit.posterior.exceeds]
    return found


__all__ = ["NUMPY_VERSION", "fit_contract", "limits_contract"]
