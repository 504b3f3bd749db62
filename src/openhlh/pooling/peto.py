"""Peto's one-step odds ratio (Yusuf et al.: Prog Cardiovasc Dis 1985;27:335), as metafor's rma.peto."""

from __future__ import annotations

from math import sqrt

import numpy as np

from openhlh.pooling.fit import Fit, Limits
from openhlh.pooling.scales import scale_of
from openhlh.pooling.series import Comparison, Effects
from openhlh.pooling.two_by_two import (
    COMMON_EFFECT,
    COMMON_EFFECT_NOTE,
    cells_of,
    chi_squared_test,
    percents,
    q_inconsistency,
    silent_note,
    wald,
)


def peto(comparison: Comparison, level: float = 0.95) -> Fit:
    """Return Peto's fit: observed minus expected events over their hypergeometric variance, both summed.

    Finite as soon as one study has information; without any, the estimate is None and a note says so.
    """
    cells = cells_of(comparison)
    events, others = cells.a + cells.c, cells.b + cells.d
    share = cells.arm_1 / cells.total
    gap = cells.a - share * events
    variance = share * (cells.arm_2 / cells.total) * events * (others / (cells.total - 1))
    information = float(variance.sum())
    if information == 0:
        return _nothing(comparison, level)
    on_scale, se = float(gap.sum()) / information, 1 / sqrt(information)
    tells = variance > 0
    own = float((gap[tells] ** 2 / variance[tells]).sum())
    q, df = max(0.0, own - float(gap.sum()) ** 2 / information), int(np.count_nonzero(tells)) - 1
    return Fit(
        model="peto",
        measure="OR",
        k=comparison.k,
        estimate=scale_of("OR").natural_of(on_scale),
        scale_estimate=on_scale,
        se=se,
        interval=wald(level, "OR", on_scale, se),
        spread=COMMON_EFFECT,
        weights=percents(variance),
        inconsistency=q_inconsistency(q, df),
        tests=(chi_squared_test("Q", "Q of observed minus expected events (Peto)", q, df),),
        notes=(*silent_note(comparison), COMMON_EFFECT_NOTE),
    )


def peto_effects(comparison: Comparison) -> Effects | None:
    """Return each study's own log odds ratio as Peto has it, (O - E) / V with variance 1 / V.

    None where a study has no information: it has no own effect, and the fit says so in a note.
    """
    cells = cells_of(comparison)
    events, share = cells.a + cells.c, cells.arm_1 / cells.total
    variance = share * (cells.arm_2 / cells.total) * events * ((cells.b + cells.d) / (cells.total - 1))
    if not variance.all():
        return None
    values = (cells.a - share * events) / variance
    return Effects(comparison.labels, tuple(values.tolist()), tuple((1 / variance).tolist()), "OR")


def _nothing(comparison: Comparison, level: float) -> Fit:
    return Fit(
        model="peto",
        measure="OR",
        k=comparison.k,
        estimate=None,
        scale_estimate=None,
        se=None,
        interval=Limits("wald", "without information, so open on both sides", level, 0.0, None),
        spread=COMMON_EFFECT,
        weights=percents(np.zeros(comparison.k)),
        notes=("no study has information on the odds ratio", COMMON_EFFECT_NOTE),
    )
