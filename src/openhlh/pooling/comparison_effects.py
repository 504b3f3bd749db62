"""Effects of two-arm studies, one per study, for the inverse-variance models.

The formulas are those of metafor's escalc: log odds ratio with Woolf's variance, log risk ratio and risk
difference with the large-sample variance. As there by default, no study is dropped.
"""

from __future__ import annotations

import numpy as np

from openhlh.errors import WrongInput
from openhlh.pooling.effects import CONTINUITY, named
from openhlh.pooling.series import Comparison, Effects
from openhlh.pooling.two_by_two import Array, Cells, cells_of, listed, two_arm_measure


def comparison_effects(comparison: Comparison, measure: str, continuity: str = "only0") -> Effects:
    """Return the log odds ratio, log risk ratio or risk difference of each study, with its variance.

    `continuity` is a key of effects.CONTINUITY. With "none", WrongInput names the studies whose effect or
    variance is then not a finite number above 0.
    """
    measure = two_arm_measure(measure)
    continuity = named(CONTINUITY, continuity, "--continuity")
    cells = cells_of(comparison, continuity)
    if continuity == "none":
        _refuse_empty(comparison, cells, measure)
    values, variances = _EFFECTS[measure](cells)
    return Effects(
        comparison.labels,
        tuple(float(one) for one in values),
        tuple(float(one) for one in variances),
        measure,
        tuple(one + two for one, two in zip(comparison.totals_1, comparison.totals_2, strict=True)),
        _notes(comparison, measure, continuity),
    )


def _odds_ratio(cells: Cells) -> tuple[Array, Array]:
    a, b, c, d = cells
    return np.log(a) - np.log(b) - np.log(c) + np.log(d), 1 / a + 1 / b + 1 / c + 1 / d


def _risk_ratio(cells: Cells) -> tuple[Array, Array]:
    a, b, c, d = cells
    value = np.log(a) - np.log(cells.arm_1) - np.log(c) + np.log(cells.arm_2)
    # b / (a n) is 1/a - 1/n without the loss of digits in large arms
    return value, b / (a * cells.arm_1) + d / (c * cells.arm_2)


def _risk_difference(cells: Cells) -> tuple[Array, Array]:
    a, b, c, d = cells
    variance = a * b / cells.arm_1**3 + c * d / cells.arm_2**3
    return (a * d - b * c) / (cells.arm_1 * cells.arm_2), variance


_EFFECTS = {"OR": _odds_ratio, "RR": _risk_ratio, "RD": _risk_difference}


def _refuse_empty(comparison: Comparison, cells: Cells, measure: str) -> None:
    a, b, c, d = cells
    without = {
        "OR": cells.has_empty,
        "RR": (a == 0) | (c == 0) | ((b == 0) & (d == 0)),
        "RD": ((a == 0) | (b == 0)) & ((c == 0) | (d == 0)),
    }[measure]
    if names := listed(comparison.labels, without):
        raise WrongInput(
            "an empty cell leaves the effect or its variance without a finite value above 0",
            where=names,
            why="an inverse-variance model weights each study by one over its variance",
            remedy="use glmm-conditional or mantel-haenszel, which need no correction, or continuity `only0`",
        )


def _notes(comparison: Comparison, measure: str, continuity: str) -> tuple[str, ...]:
    cells = cells_of(comparison)
    notes = []
    corrected = cells.has_empty if continuity == "only0" else np.full(comparison.k, continuity == "all")
    if corrected.any():
        notes.append(f"1/2 added to each of the four cells of {listed(comparison.labels, corrected)}")
    if continuity != "none" and measure != "RD" and cells.is_silent.any():
        names = listed(comparison.labels, cells.is_silent)
        notes.append(
            f"no events, or nothing but events, in both arms of {names}: kept with the correction (metafor's "
            "drop00 = FALSE), although all that such a study says on a ratio comes from the correction"
        )
    return tuple(notes)
