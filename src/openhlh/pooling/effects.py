"""Single-arm counts turned into effects with variances, as R's metafor::escalc does it.

The logit, log and raw proportion of a study without events (or with nothing but events) have no finite value
or no variance; the usual repair adds half a patient to both cells. It is named in the notes of the effects,
because it moves small studies far: the exact likelihood needs no such repair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import asin, log, sqrt

from openhlh.errors import WrongInput
from openhlh.pooling.series import Effects, Series

CONTINUITY = {
    "only0": "half a patient is added to both cells of studies with no events or nothing but events",
    "all": "half a patient is added to both cells of every study",
    "none": "nothing is added",
}
SINGLE_ARM = ("PLO", "PLN", "PR", "PAS", "PFT")
_UNCORRECTED = {"PAS", "PFT"}  # defined for every count, as in escalc, which adds nothing to them


def single_arm_effects(series: Series, measure: str, continuity: str = "only0") -> Effects:
    """Return the effects of a series on the scale of a measure (PLO, PLN, PR, PAS or PFT).

    WrongInput for an unknown measure or continuity, and for `none` where a study has no finite effect or no
    variance. The notes name the studies whose counts were corrected.
    """
    name = measure.upper()
    if name not in SINGLE_ARM:
        raise WrongInput(
            f"`{measure}` is no measure of a single arm",
            where="--measure",
            remedy=f"use one of {', '.join(SINGLE_ARM)}",
        )
    rule = "none" if name in _UNCORRECTED else named(CONTINUITY, continuity, "--continuity")
    corrected = [_is_corrected(rule, x, n) for x, n in zip(series.events, series.totals, strict=True)]
    pairs = []
    for label, x, n, half in zip(series.labels, series.events, series.totals, corrected, strict=True):
        if rule == "none" and name not in _UNCORRECTED and x in {0, n}:
            raise _no_effect(label, x, n, name)
        pairs.append(_MEASURES[name](x + half / 2, n - x + half / 2))
    return Effects(
        series.labels,
        tuple(value for value, _ in pairs),
        tuple(variance for _, variance in pairs),
        name,
        series.totals,
        _notes(series, rule, corrected),
    )


def named(table: Mapping[str, str], name: str, where: str) -> str:
    """Return the name as the table of documented names writes it; WrongInput lists the names.

    >>> named(CONTINUITY, "ONLY0", "--continuity")
    'only0'
    """
    found = next((known for known in table if known.casefold() == name.casefold()), None)
    if found is None:
        raise WrongInput(f"`{name}` is not known", where=where, remedy=f"use one of {', '.join(table)}")
    return found


def _is_corrected(rule: str, events: int, total: int) -> bool:
    return rule == "all" or (rule == "only0" and events in {0, total})


def _no_effect(label: str, events: int, total: int, measure: str) -> WrongInput:
    return WrongInput(
        f"{events} of {total} has no finite {measure} with a variance above 0",
        where=label,
        why="without a continuity correction a study needs both events and patients without",
        remedy="use --continuity only0, or a model on the counts themselves, which needs no correction",
    )


def _notes(series: Series, rule: str, corrected: list[bool]) -> tuple[str, ...]:
    if rule == "all":
        return ("Half a patient was added to both cells of every study.",)
    names = [label for label, half in zip(series.labels, corrected, strict=True) if half]
    return (f"Half a patient was added to both cells of: {', '.join(names)}.",) if names else ()


def _logit(x: float, m: float) -> tuple[float, float]:
    return log(x) - log(m), 1 / x + 1 / m


def _log(x: float, m: float) -> tuple[float, float]:
    # m/(x n) is 1/x - 1/n without its cancellation
    return log(x) - log(x + m), m / (x * (x + m))


def _raw(x: float, m: float) -> tuple[float, float]:
    n = x + m
    return x / n, (x / n) * (m / n) / n


def _arcsine(x: float, m: float) -> tuple[float, float]:
    return asin(sqrt(x / (x + m))), 1 / (4 * (x + m))


def _freeman_tukey(x: float, m: float) -> tuple[float, float]:
    n = x + m
    return (asin(sqrt(x / (n + 1))) + asin(sqrt((x + 1) / (n + 1)))) / 2, 1 / (4 * n + 2)


_MEASURES: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "PLO": _logit,
    "PLN": _log,
    "PR": _raw,
    "PAS": _arcsine,
    "PFT": _freeman_tukey,
}
