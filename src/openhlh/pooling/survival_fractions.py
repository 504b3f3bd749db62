"""Survival fractions at one time as effects: from the number at risk then, or from a printed interval.

Scales: CLL is log(-log S), which falls as survival rises (its upper end is the lower survival); PLO is the
logit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log, log1p

from openhlh.errors import WrongInput
from openhlh.pooling.effects import named
from openhlh.pooling.series import Effects
from openhlh.tails import normal_quantile

SURVIVAL_MEASURES = {
    "CLL": "log(-log S) of a survival fraction S (the default); higher means fewer survivors",
    "PLO": "logit of a survival fraction",
}

_PETO = (
    "the variance of a survival S with n at risk at that time is Peto's, S² (1 - S) / n; the number at the "
    "start in place of those still at risk would make it too small"
)


def survival_effects(
    labels: Sequence[str], survival: Sequence[float], at_risk: Sequence[int], measure: str = "CLL"
) -> Effects:
    """Return log(-log S) or the logit of survival fractions, from the number still at risk at that time.

    The variance of S is Peto's, S^2 (1 - S) / r with r at risk at the time (Peto and others: Br J Cancer
    1977;35:1), which is the binomial variance with r / S patients; the delta method takes it to the scale. A
    fraction of 1 is taken as r + 1/2 of r + 1 patients, one of 0 as 1/2 of r + 1, and a note names the study.
    WrongInput for fractions outside 0..1 and for less than one patient at risk.
    """
    measure = named(SURVIVAL_MEASURES, measure, "--measure")
    values, variances, moved = [], [], []
    _require_same_length(labels, survival, at_risk)
    for label, stated, number in zip(labels, survival, at_risk, strict=True):
        _require(label, 0 <= stated <= 1, f"{stated} is no survival fraction", "it lies between 0 and 1")
        _require(label, number >= 1, f"{number} patients at risk", "a fraction needs at least one patient")
        fraction, alive = stated, float(number)
        if stated in {0, 1}:
            moved.append(label)
            alive = stated * number + 0.5
            fraction = alive / (number + 1)
        values.append(_SCALE[measure](fraction))
        variances.append(_VARIANCE[measure](fraction) / alive)
    return Effects(
        tuple(labels), tuple(values), tuple(variances), measure, notes=(_PETO, *_moved_note(moved))
    )


def survival_effects_from_intervals(
    labels: Sequence[str],
    survival: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    level: float = 0.95,
    measure: str = "CLL",
) -> Effects:
    """Return effects from printed intervals: their width on the scale is 2 z standard errors.

    Where one limit is 0 or 1 the other side alone gives the standard error, and a note names the study.
    WrongInput for a fraction of 0 or 1, one outside its limits, and limits that are both 0 or 1, or equal.
    """
    measure = named(SURVIVAL_MEASURES, measure, "--measure")
    values, variances, one_sided = [], [], []
    _require_same_length(labels, survival, lows, highs)
    for label, fraction, low, high in zip(labels, survival, lows, highs, strict=True):
        inside = 0 <= low <= fraction <= high <= 1 and low < high
        _require(
            label, inside, f"{fraction} with limits {low} to {high}", "a fraction lies between its limits"
        )
        _require(label, 0 < fraction < 1, f"a fraction of {fraction}", "it has no finite place on the scale")
        ends = [_SCALE[measure](end) for end in (low, high) if 0 < end < 1]
        _require(label, bool(ends), f"limits {low} to {high}", "neither has a finite place on the scale")
        value = _SCALE[measure](fraction)
        halves = 2.0
        if len(ends) == 1:
            one_sided.append(label)
            ends, halves = [value, *ends], 1.0
        width = abs(ends[1] - ends[0])
        _require(label, width > 0, f"limits {low} to {high}", "the side that is finite has no width")
        values.append(value)
        variances.append((width / (halves * normal_quantile(level))) ** 2)
    return Effects(tuple(labels), tuple(values), tuple(variances), measure, notes=_one_sided_note(one_sided))


def _require_same_length(*columns: Sequence[object]) -> None:
    if len({len(column) for column in columns}) != 1:
        raise WrongInput(
            "the columns have unequal lengths",
            why="each study has one value in each",
            remedy="complete the rows",
        )


def _require(label: str, holds: bool, what: str, why: str) -> None:
    if not holds:
        raise WrongInput(what, where=label, why=why, remedy="correct the row, or leave the study out")


def _log_minus_log(fraction: float) -> float:
    return log(-log(fraction))


def _logit(fraction: float) -> float:
    return log(fraction) - log1p(-fraction)


_SCALE: dict[str, Callable[[float], float]] = {"CLL": _log_minus_log, "PLO": _logit}
# S^2 (1 - S) by the squared slope of the scale at S
_VARIANCE: dict[str, Callable[[float], float]] = {
    "CLL": lambda fraction: (1 - fraction) / log(fraction) ** 2,
    "PLO": lambda fraction: 1 / (1 - fraction),
}


def _moved_note(labels: list[str]) -> tuple[str, ...]:
    words = "survival of 0 or 1 has no place on the scale: half a patient added to the dead and the living of"
    return (f"{words} {', '.join(labels)}",) if labels else ()


def _one_sided_note(labels: list[str]) -> tuple[str, ...]:
    words = "a limit is 0 or 1, so that the standard error comes from the other limit alone:"
    return (f"{words} {', '.join(labels)}",) if labels else ()
