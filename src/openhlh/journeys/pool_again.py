"""The chosen model once more, on other studies, and the effects that its studies are shown with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhlh.pooling.models import OF_EFFECTS, Choice, Data, effects_of, pool, with_interval
from openhlh.pooling.series import Comparison, Effects, Series

if TYPE_CHECKING:
    from openhlh.pooling.fit import Fit


def again(data: Data, choice: Choice) -> Fit:
    """Return the same model on other studies, without what only the whole set is asked for."""
    if choice.model == "glmm" and isinstance(data, Series):
        from openhlh.pooling.glmm import glmm

        return with_interval(glmm(data, choice.level), choice.interval)
    return pool(data, choice)


def own_effects(data: Data | None, choice: Choice) -> Effects | None:
    """Return the studies' own effects as they are shown: those that the model averages, where it does."""
    if isinstance(data, Comparison) and choice.model == "peto":
        from openhlh.pooling.peto import peto_effects

        return peto_effects(data)
    if isinstance(data, Comparison) or (isinstance(data, Series) and choice.model in OF_EFFECTS):
        return effects_of(data, choice)
    return None
