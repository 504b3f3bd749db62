"""How much a pooled answer hangs on single studies, on time, and on patients who could not be judged.

Everything is generic: the data are a Series, a Comparison or Effects, and the model is any function that fits
them. What a refit cannot say (it may end at a boundary) is None with the reason in `note`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Protocol, Self, TypeVar

from openhlh.errors import Refusal, WrongInput
from openhlh.pooling.fit import Fit
from openhlh.pooling.series import Series

INFLUENCE = {
    "shift": "estimate of all studies minus the estimate without this one, on the natural scale",
    "scale_shift": "the same on the scale of the model",
    "standardised_shift": "shift on the scale over the standard error without the study",
    "cook_distance": "squared shift on the scale over the squared standard error of all studies",
    "covariance_ratio": "squared standard error without the study over that of all (below 1: it adds noise)",
    "tau2_without": "tau squared without the study",
}


class Studies(Protocol):
    """Data of several studies from which some can be taken: a Series, a Comparison or Effects."""

    @property
    def k(self) -> int:
        """The number of studies."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the studies."""

    def only(self, indices: Sequence[int]) -> Self:
        """Return the studies at these indices."""


Data = TypeVar("Data", bound=Studies)


@dataclass(frozen=True)
class Influence:
    """How far one study moves the fit; the fields are explained by INFLUENCE.

    None where the fit of all studies, or the fit without this one, does not determine it; `note` says why.
    """

    label: str
    shift: float | None
    scale_shift: float | None
    standardised_shift: float | None
    cook_distance: float | None
    covariance_ratio: float | None
    tau2_without: float | None
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a cumulative analysis: the studies `added` at `at`, and the fit of all up to it."""

    at: str
    added: tuple[str, ...]
    fit: Fit


def leave_one_out(data: Data, pooler: Callable[[Data], Fit]) -> tuple[tuple[str, Fit], ...]:
    """Return each study's label with the fit of all others, in the order given; nothing for one study."""
    if data.k < 2:
        return ()
    return tuple(
        (label, pooler(data.only([other for other in range(data.k) if other != at])))
        for at, label in enumerate(data.labels)
    )


def influence(whole: Fit, left_out: Sequence[tuple[str, Fit]]) -> tuple[Influence, ...]:
    """Return how far each study moves the fit of all; `left_out` is what `leave_one_out` gave.

    The two poolers must be the same model; Cook's distance and the covariance ratio are metafor's.
    """
    return tuple(_of_one(label, whole, without) for label, without in left_out)


def cumulative(
    data: Data, order: Sequence[float | str | None], pooler: Callable[[Data], Fit]
) -> tuple[Step, ...]:
    """Return the fit after each step of `order` (one value per study, mostly the year), earliest first.

    Studies with the same value enter together: which of two papers of one year came first is not known, and
    an invented order would show a path that nobody walked. Numbers in text are ordered as numbers. Refusal
    where a study has no value, with the labels; WrongInput for another number of values.
    """
    ranks = _ranks(data, order)
    steps = []
    for rank in range(max(ranks) + 1):
        now = [at for at in range(data.k) if ranks[at] == rank]
        until = [at for at in range(data.k) if ranks[at] <= rank]
        steps.append(Step(str(order[now[0]]), tuple(data.labels[at] for at in now), pooler(data.only(until))))
    return tuple(steps)


def worst_and_best_case(series: Series, not_evaluable: Sequence[int]) -> tuple[Series, Series]:
    """Return the series with all patients not evaluable added: as failures, and as successes.

    `not_evaluable` has one count per study, of patients who are not in its total.
    """
    if len(not_evaluable) != series.k:
        raise _wrong_length(series.k, len(not_evaluable), "counts of patients not evaluable")
    for label, count in zip(series.labels, not_evaluable, strict=True):
        if count < 0:
            raise WrongInput(
                f"{count} patients not evaluable",
                where=label,
                why="a count is not negative",
                remedy="correct it",
            )
    totals = tuple(n + lost for n, lost in zip(series.totals, not_evaluable, strict=True))
    successes = tuple(x + lost for x, lost in zip(series.events, not_evaluable, strict=True))
    return Series(series.labels, series.events, totals), Series(series.labels, successes, totals)


def _of_one(label: str, whole: Fit, without: Fit) -> Influence:
    shift = _difference(whole.estimate, without.estimate)
    scale_shift = _difference(whole.scale_estimate, without.scale_estimate)
    missing = [
        f"{name}: {' '.join(fit.notes) or 'no standard error'}"
        for name, fit in (("all studies", whole), (f"without {label}", without))
        if fit.scale_estimate is None or not fit.se
    ]
    return Influence(
        label,
        shift,
        scale_shift,
        _over(scale_shift, without.se),
        _squared(_over(scale_shift, whole.se)),
        _squared(_over(without.se, whole.se)),
        without.spread.value,
        "; ".join(missing),
    )


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _over(value: float | None, by: float | None) -> float | None:
    """Return the quotient; None where it is not finite or there is nothing to divide (by)."""
    quotient = value / by if value is not None and by else None
    return quotient if quotient is not None and isfinite(quotient) else None


def _squared(value: float | None) -> float | None:
    return None if value is None or abs(value) > 1e150 else value * value


def _ranks(data: Studies, order: Sequence[float | str | None]) -> list[int]:
    """Return the place of each study, from 0, the same for equal values."""
    if len(order) != data.k:
        raise _wrong_length(data.k, len(order), "values to order by")
    missing = [label for label, value in zip(data.labels, order, strict=True) if _is_missing(value)]
    if missing:
        raise Refusal(
            f"no year or other order is given for {', '.join(missing)}",
            where="cumulative analysis",
            why="a study without its place in time cannot be put anywhere without inventing it",
            remedy="give the value or leave the study out",
        )
    try:
        numbers = [float(value) for value in order if value is not None]
    except ValueError:
        texts = [str(value) for value in order]
        return [sorted(set(texts)).index(text) for text in texts]
    return [sorted(set(numbers)).index(number) for number in numbers]


def _is_missing(value: float | str | None) -> bool:
    if isinstance(value, str):
        return not value.strip() or value.strip().casefold() == "nan"
    return value is None or not isfinite(value)


def _wrong_length(k: int, given: int, what: str) -> WrongInput:
    return WrongInput(
        f"{given} {what} for {k} studies", why="each study has one", remedy="give one value per study"
    )
