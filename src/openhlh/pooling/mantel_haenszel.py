"""Mantel and Haenszel's common odds ratio, risk ratio and risk difference, as metafor's rma.mh.

Variances: Robins, Breslow, Greenland (Biometrics 1986;42:311) for the odds ratio, Greenland, Robins
(Biometrics 1985;41:55) for the risk ratio, Sato, Greenland, Robins (Biometrics 1989;45:1323) for the risk
difference.
"""

from __future__ import annotations

from math import log, sqrt
from typing import NamedTuple

import numpy as np

from openhlh.pooling.comparison_effects import comparison_effects
from openhlh.pooling.fit import Fit, HeterogeneityTest, Limits
from openhlh.pooling.noncentral import exact_common_limits
from openhlh.pooling.series import Comparison
from openhlh.pooling.two_by_two import (
    COMMON_EFFECT,
    COMMON_EFFECT_NOTE,
    Array,
    Cells,
    cells_of,
    chi_squared_test,
    exact_arms,
    percents,
    q_inconsistency,
    silent_note,
    two_arm_measure,
    wald,
)
from openhlh.tails import chi2_upper

_NOTHING = 1e-12  # a variance this small beside its own terms is 0 told with noise


class _Common(NamedTuple):
    """The common effect: natural, on the scale of the model, and its variance there; None: not finite."""

    natural: float | None
    on_scale: float | None
    variance: float | None


def mantel_haenszel(
    comparison: Comparison, measure: str, level: float = 0.95, continuity: str = "none"
) -> Fit:
    """Return the Mantel-Haenszel fit; `continuity` (of effects.CONTINUITY) changes the cells that are pooled.

    A ratio that is 0 or infinite, or an effect whose normal approximation has no width, gets an exact
    interval and a note that says so. The Q test is on the studies' own effects, with 1/2 added where a cell
    is empty and without the studies that have no events or nothing but events, as in metafor. `extra` holds
    the Cochran-Mantel-Haenszel test of an odds ratio of 1 (with 1/2 off, as in metafor, and uncorrected).
    """
    measure = two_arm_measure(measure)
    cells = cells_of(comparison, continuity)
    common = _COMMON[measure](cells)
    tests: tuple[HeterogeneityTest, ...] = ()
    if common.on_scale is not None and common.variance is not None:
        interval = wald(level, measure, common.on_scale, sqrt(common.variance))
        notes = silent_note(comparison) if measure == "OR" else ()
        tests = _heterogeneity(comparison, cells, measure, common.on_scale)
    else:
        interval, notes = _at_an_end(comparison, measure, level, common)
    return Fit(
        model="mantel-haenszel",
        measure=measure,
        k=comparison.k,
        estimate=common.natural,
        scale_estimate=common.on_scale,
        se=None if common.variance is None else sqrt(common.variance),
        interval=interval,
        spread=COMMON_EFFECT,
        weights=percents(_WEIGHTS[measure](cells)),
        inconsistency=q_inconsistency(tests[0].statistic, tests[0].df) if tests else (),
        tests=tests,
        extra=_cochran(cells) if measure == "OR" else {},
        notes=(*notes, COMMON_EFFECT_NOTE),
    )


def _odds_ratio(cells: Cells) -> _Common:
    a, b, c, d = cells
    n = cells.total
    agree, cross = a / n * d, b / n * c
    above, below = float(agree.sum()), float(cross.sum())
    if above == 0 or below == 0:
        return _ratio(above, below, 0.0)
    share, other = a / n + d / n, b / n + c / n
    parts = (
        float((share * agree).sum()) / above**2,
        float((share * cross + other * agree).sum()) / (above * below),
        float((other * cross).sum()) / below**2,
    )
    return _ratio(above, below, sum(parts) / 2)


def _risk_ratio(cells: Cells) -> _Common:
    share_1, share_2 = cells.arm_1 / cells.total, cells.arm_2 / cells.total
    above, below = float((cells.a * share_2).sum()), float((cells.c * share_1).sum())
    if above == 0 or below == 0:
        return _ratio(above, below, 0.0)
    # n1 n2 (a + c) / N^2 - a c / N, written as a sum of terms that are not negative
    spread = share_1 * cells.a * (cells.d / cells.total) + share_2 * cells.c * (cells.b / cells.total)
    return _ratio(above, below, float(spread.sum()) / (above * below))


def _ratio(above: float, below: float, variance: float) -> _Common:
    if above == 0 or below == 0:
        return _Common(0.0 if below > 0 else None, None, None)
    return _Common(above / below, log(above / below), variance if variance > 0 else None)


def _risk_difference(cells: Cells) -> _Common:
    a, b, c, d = cells
    n, share_1, share_2 = cells.total, cells.arm_1 / cells.total, cells.arm_2 / cells.total
    size = float((cells.arm_1 * share_2).sum())
    value = float((a * share_2 - c * share_1).sum()) / size
    first = float(
        (c * share_1**2 - a * share_2**2 + share_1 * share_2 * (cells.arm_2 - cells.arm_1) / 2).sum()
    )
    second = float((a * d / n + c * b / n).sum()) / 2
    variance = (value * first + second) / size**2
    noise = _NOTHING * (abs(value * first) + second) / size**2
    return _Common(value, value, variance if variance > noise else None)


_COMMON = {"OR": _odds_ratio, "RR": _risk_ratio, "RD": _risk_difference}
_WEIGHTS = {
    "OR": lambda cells: cells.b / cells.total * cells.c,
    "RR": lambda cells: cells.c / cells.total * cells.arm_1,
    "RD": lambda cells: cells.arm_1 / cells.total * cells.arm_2,
}


def _at_an_end(
    comparison: Comparison, measure: str, level: float, common: _Common
) -> tuple[Limits, tuple[str, ...]]:
    """Return an exact interval where the normal approximation has none, and the reason."""
    if common.on_scale is not None:
        reason = "each arm has no events or nothing but events, so the normal approximation has no width"
    elif common.natural is not None:
        reason = f"the estimate of the {_WORDS[measure]} is 0, the end of its scale"
    elif cells_of(comparison).is_silent.all():
        reason = f"no study has information on the {_WORDS[measure]}"
    else:
        reason = f"the {_WORDS[measure]} has no finite estimate (it is infinite)"
    if measure != "OR":
        return exact_arms(comparison, level, measure), (
            f"{reason}; the exact limits of the two arms take over",
        )
    silent = () if cells_of(comparison).is_silent.all() else silent_note(comparison)
    return exact_common_limits(comparison, level), (
        f"{reason}; the exact conditional limits take over",
        *silent,
    )


_WORDS = {"OR": "odds ratio", "RR": "risk ratio", "RD": "risk difference"}


def _heterogeneity(
    comparison: Comparison, cells: Cells, measure: str, on_scale: float
) -> tuple[HeterogeneityTest, ...]:
    speaking = [at for at, silent in enumerate(cells_of(comparison).is_silent) if not silent]
    statistic = 0.0
    if speaking:
        effects = comparison_effects(comparison.only(speaking), measure)
        gaps = np.array(effects.values) - on_scale
        statistic = float((gaps**2 / np.array(effects.variances)).sum())
    definition = "Q of the studies' own effects about the Mantel-Haenszel estimate"
    q = chi_squared_test("Q", definition, statistic, max(len(speaking) - 1, 0))
    return (q, *_breslow_day(cells, on_scale)) if measure == "OR" else (q,)


def _breslow_day(cells: Cells, log_odds: float) -> tuple[HeterogeneityTest, HeterogeneityTest]:
    """Return the tests of Breslow and Day and of Tarone (Biometrika 1985;72:91), his with the correction."""
    telling = ~cells.is_silent
    a, b, c, d = (cell[telling] for cell in cells)
    expected = _expected(Cells(a, b, c, d), float(np.exp(log_odds)))
    fitted = np.array([expected, a + b - expected, a + c - expected, d - a + expected])
    # a difference of large numbers may round to 0 where the odds ratio is extreme
    variance = 1 / (1 / np.maximum(fitted, 1e-12)).sum(axis=0)
    gap = a - expected
    plain = float((gap**2 / variance).sum())
    corrected = max(0.0, plain - float(gap.sum()) ** 2 / float(variance.sum()))
    df = a.size - 1
    return (
        chi_squared_test("Breslow-Day", "odds ratios equal, expected cells at the common one", plain, df),
        chi_squared_test("Tarone", "Breslow-Day with Tarone's correction", corrected, df),
    )


def _expected(cells: Cells, odds_ratio: float) -> Array:
    """Return the first cell that has this odds ratio with the margins of each study (a quadratic's root)."""
    n1, events = cells.arm_1, cells.a + cells.c
    if odds_ratio == 1:
        return n1 / cells.total * events
    middle = odds_ratio * (n1 + events) + (cells.arm_2 - events)
    root = np.sqrt(middle**2 - 4 * odds_ratio * (odds_ratio - 1) * n1 * events)
    # twice the product over the sum: the other form loses its digits as the odds ratio comes near 1
    return np.asarray(2 * odds_ratio * n1 * events / (middle + root))


def _cochran(cells: Cells) -> dict[str, float]:
    """Return the Cochran-Mantel-Haenszel test (variance with N - 1), with 1/2 off the sum and without."""
    events, others = cells.a + cells.c, cells.b + cells.d
    gap = abs(float((cells.a - cells.arm_1 / cells.total * events).sum()))
    share = cells.arm_1 / cells.total * (cells.arm_2 / cells.total)
    variance = float((share * events * others / (cells.total - 1)).sum())
    if variance == 0:
        return {}
    corrected, plain = (gap - 0.5) ** 2 / variance, gap**2 / variance
    return {
        "cmh": corrected,
        "cmh_p": chi2_upper(corrected, 1),
        "cmh_uncorrected": plain,
        "cmh_uncorrected_p": chi2_upper(plain, 1),
    }
