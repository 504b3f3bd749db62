"""Pooling: what is asked becomes counts, the counts one fit, and beside it how far it can be trusted.

Rooms meet here: the shelves and the choice of studies (evidence) know no statistics, the models (pooling)
know no studies. What was left out, overridden or doubted travels with the result to every door.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openhlh.errors import WrongInput
from openhlh.journeys.pool_again import again
from openhlh.journeys.pool_prepared import Prepared, values_of
from openhlh.pooling.models import Choice, Data, effects_of, pool, settled
from openhlh.pooling.sensitivity import Influence, Step, cumulative, influence, leave_one_out
from openhlh.pooling.series import Series

if TYPE_CHECKING:
    from openhlh.pooling.fit import Fit
    from openhlh.pooling.glmm_regression import GlmmRegression
    from openhlh.pooling.iv_influence import Influence as InfluenceOnMean
    from openhlh.pooling.iv_regression import Regression
    from openhlh.pooling.subgroups import Subgroups


_MOST = 400  # studies that are left out one by one; fewer for models that take long for one fit
_MOST_OF = {"glmm-conditional": 25, "glmm-unconditional": 25, "beta-binomial": 60, "bayes": 60}


@dataclass(frozen=True)
class Wanted:
    """What is wanted beside the pooled result: a column for groups, covariates, the order of a cumulation."""

    subgroup: str = ""
    covariates: tuple[str, ...] = ()
    order: str = ""
    every_model: bool = False


@dataclass(frozen=True)
class Pooled:
    """The result with all that a reader needs to judge it; `fit` is None where nothing could be pooled."""

    prepared: Prepared
    choice: Choice
    fit: Fit | None
    left_one_out: tuple[tuple[str, Fit], ...] = ()
    influence: tuple[Influence | InfluenceOnMean, ...] = ()
    cumulative: tuple[Step, ...] = ()
    subgroups: Subgroups | None = None
    regression: Regression | GlmmRegression | None = None
    sensitivity: tuple[Mapping[str, Any], ...] = ()
    small_study: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()


def pooled(prepared: Prepared, choice: Choice, wanted: Wanted) -> Pooled:
    """Fit the chosen model and everything beside it; the refusals of `prepared` stand as they are."""
    from openhlh.journeys.pool_sensitivity import other_answers, small_study

    data = prepared.data
    if data is None:
        return Pooled(prepared, choice, None, notes=prepared.notes)
    choice = settled(data, choice)
    fit = pool(data, choice)
    most = _MOST_OF.get(choice.model, _MOST)
    without = leave_one_out(data, lambda rest: _point(rest, choice)) if data.k <= most else ()
    unsaid = f"leaving one out is not done above {most} studies with {choice.model}: it would take minutes"
    return Pooled(
        prepared,
        choice,
        fit,
        left_one_out=without,
        influence=_influence(data, choice, fit, without),
        cumulative=_cumulative(prepared, data, choice, wanted),
        subgroups=_subgroups(prepared, data, choice, wanted),
        regression=_regression(prepared, data, choice, wanted),
        sensitivity=other_answers(prepared, data, choice, every_model=wanted.every_model),
        small_study=small_study(data, choice),
        notes=(*prepared.notes, *([unsaid] if data.k > most else [])),
    )


def fitted(prepared: Prepared, choice: Choice) -> Pooled:
    """Fit the chosen model and nothing beside it, for an answer that tells the pooled number alone."""
    if prepared.data is None:
        return Pooled(prepared, choice, None, notes=prepared.notes)
    choice = settled(prepared.data, choice)
    return Pooled(prepared, choice, pool(prepared.data, choice), notes=prepared.notes)


def _point(data: Data, choice: Choice) -> Fit:
    """Return the same model by the dozen: of the GLMM its estimate with a Wald interval."""
    if choice.model == "glmm" and isinstance(data, Series):
        from openhlh.pooling.glmm_point import glmm_point

        return glmm_point(data, choice.level)
    return pool(data, choice)


def _influence(
    data: Data, choice: Choice, fit: Fit, without: tuple[tuple[str, Fit], ...]
) -> tuple[Influence | InfluenceOnMean, ...]:
    """Return the influence of each study; for inverse variance the full set that metafor gives."""
    if choice.model != "iv":
        return influence(fit, without)
    from openhlh.pooling.iv_influence import influence as influence_on_mean

    return influence_on_mean(effects_of(data, choice), choice.tau2 or "REML", fit.interval.name)


def _cumulative(prepared: Prepared, data: Data, choice: Choice, wanted: Wanted) -> tuple[Step, ...]:
    if not wanted.order:
        return ()
    order = values_of(prepared, wanted.order, "--cumulative")
    return cumulative(data, order, lambda part: again(part, choice))


def _subgroups(prepared: Prepared, data: Data, choice: Choice, wanted: Wanted) -> Subgroups | None:
    if not wanted.subgroup:
        return None
    from openhlh.pooling.subgroups import by_group

    groups = [_words(value) for value in values_of(prepared, wanted.subgroup, "--subgroup")]
    return by_group(data, groups, lambda part: again(part, choice))


def _words(value: object) -> str:
    if isinstance(value, str | None):
        return value or ""
    return ", ".join(map(str, value)) if isinstance(value, Collection) else str(value)


def _regression(
    prepared: Prepared, data: Data, choice: Choice, wanted: Wanted
) -> Regression | GlmmRegression | None:
    if not wanted.covariates:
        return None
    covariates = {name: _numbers(prepared, name) for name in wanted.covariates}
    if isinstance(data, Series) and choice.model == "glmm":
        from openhlh.pooling.glmm_regression import glmm_regression

        return glmm_regression(data, covariates, choice.level)
    from openhlh.pooling.iv_regression import meta_regression

    return meta_regression(
        effects_of(data, choice), covariates, choice.tau2 or "REML", choice.interval or "hk", choice.level
    )


def _numbers(prepared: Prepared, column: str) -> list[float]:
    found = []
    for line, value in zip(prepared.lines, values_of(prepared, column, "--covariate"), strict=True):
        try:
            found.append(float(str(value)))
        except ValueError:
            raise WrongInput(
                f"`{value}` is no number",
                where=f"column {column}, {line.label}",
                why="a covariate is a number for every study",
                remedy="complete the column, or use --subgroup for words",
            ) from None
    return found
