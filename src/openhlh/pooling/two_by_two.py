"""What the two-arm models share: the four cells, the studies that say nothing, limits and tests.

Cells are a (events, arm 1), b (no event, arm 1), c (events, arm 2), d (no event, arm 2), as in metafor.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from openhlh.pooling.effects import CONTINUITY, named
from openhlh.pooling.fit import HeterogeneityTest, Inconsistency, Limits, Spread
from openhlh.pooling.natural import limits_around
from openhlh.pooling.scales import scale_of
from openhlh.pooling.series import Comparison
from openhlh.proportions import clopper_pearson
from openhlh.tails import chi2_upper, normal_quantile

Array = NDArray[np.float64]

TWO_ARM_MEASURES = {
    "OR": "odds ratio, pooled on the log scale",
    "RR": "risk ratio, pooled on the log scale",
    "RD": "risk difference",
}
COMMON_EFFECT = Spread("common effect", 0.0)
COMMON_EFFECT_NOTE = "a common-effect model: the variance between studies is taken to be 0, not estimated"


class Cells(NamedTuple):
    """The four cells of each study, each (k,)."""

    a: Array
    b: Array
    c: Array
    d: Array

    @property
    def arm_1(self) -> Array:
        """Patients in the first arm."""
        return self.a + self.b

    @property
    def arm_2(self) -> Array:
        """Patients in the second arm."""
        return self.c + self.d

    @property
    def total(self) -> Array:
        """Patients in both arms."""
        return self.arm_1 + self.arm_2

    @property
    def has_empty(self) -> NDArray[np.bool_]:
        """True for studies with an empty cell."""
        return np.asarray(np.minimum(np.minimum(self.a, self.b), np.minimum(self.c, self.d)) == 0)

    @property
    def is_silent(self) -> NDArray[np.bool_]:
        """True for studies with no events, or nothing but events, in both arms: no word on the odds ratio."""
        return np.asarray((self.a + self.c == 0) | (self.b + self.d == 0))


def cells_of(comparison: Comparison, continuity: str = "none") -> Cells:
    """Return the cells, 1/2 added to all four where `continuity` (a key of effects.CONTINUITY) says so.

    `only0` means the studies with any empty cell. WrongInput for a name that is not in the table.
    """
    rule = named(CONTINUITY, continuity, "--continuity")
    events_1, totals_1 = np.array(comparison.events_1, float), np.array(comparison.totals_1, float)
    events_2, totals_2 = np.array(comparison.events_2, float), np.array(comparison.totals_2, float)
    cells = Cells(events_1, totals_1 - events_1, events_2, totals_2 - events_2)
    if rule == "none":
        return cells
    added = 0.5 * (cells.has_empty if rule == "only0" else np.ones(comparison.k))
    return Cells(*(cell + added for cell in cells))


def two_arm_measure(measure: str) -> str:
    """Return the measure as OR, RR or RD; WrongInput names the three."""
    return named(TWO_ARM_MEASURES, measure, "--measure")


def listed(labels: Iterable[str], among: Iterable[object]) -> str:
    """Return the labels of the studies that are true in `among`, separated by commas."""
    return ", ".join(label for label, is_in in zip(labels, among, strict=True) if is_in)


def silent_note(comparison: Comparison) -> tuple[str, ...]:
    """Return a note that names the studies without information on the odds ratio, if there are any."""
    names = listed(comparison.labels, cells_of(comparison).is_silent)
    words = "no events, or nothing but events, in both arms, so no word on the odds ratio and no weight:"
    return (f"{words} {names}",) if names else ()


def odds_ratio_limits(
    name: str, method: str, level: float, ends: tuple[float | None, float | None]
) -> Limits:
    """Return limits of the odds ratio from ends on the log scale; an open low end is 0, a high one None."""
    back = scale_of("OR").natural_of
    low, high = ends
    return Limits(
        name,
        method,
        level,
        0.0 if low is None else back(low),
        None if high is None else back(high),
        low,
        high,
    )


def wald(level: float, measure: str, estimate: float, se: float) -> Limits:
    """Return estimate -+ z se as limits."""
    about = ("wald", "normal quantile times the standard error", level)
    return limits_around(scale_of(measure).natural_of, estimate, normal_quantile(level) * se, about)


def exact_arms(comparison: Comparison, level: float, measure: str) -> Limits:
    """Return limits of RR or RD from the Clopper-Pearson limits of the two arms, each summed over studies.

    Conservative (either arm may miss on one side), and with a width where the normal approximation has none.
    Studies without any event say nothing on a risk ratio and are left out; studies where all have the event
    are not added to others, since arms of unlike size would then differ by the mix of studies alone: each
    kind gives limits at a shared level, and their common part is returned.
    """
    a, b, c, d = cells_of(comparison)
    counts = (a + c > 0) | (measure == "RD") | ((a + c).sum() == 0)
    is_full = b + d == 0
    kinds = [np.flatnonzero(kind & counts).tolist() for kind in (is_full, ~is_full)]
    kinds = [kind for kind in kinds if kind]
    shared = 1 - (1 - level) / len(kinds)
    ends = [_combined_arms(comparison.only(kind), shared, measure) for kind in kinds]
    low, highs = max(low for low, _ in ends), [high for _, high in ends if high is not None]
    high = min(highs) if highs else None
    words = "Clopper-Pearson limits of the two arms summed over studies, combined (conservative)"
    if measure == "RD":
        return Limits("exact-arms", words, level, low, high, low, high)
    return Limits("exact-arms", words, level, low, high, _log(low), _log(high))


def _combined_arms(comparison: Comparison, level: float, measure: str) -> tuple[float, float | None]:
    low_1, high_1 = clopper_pearson(sum(comparison.events_1), sum(comparison.totals_1), level)
    low_2, high_2 = clopper_pearson(sum(comparison.events_2), sum(comparison.totals_2), level)
    if measure == "RD":
        return low_1 - high_2, high_1 - low_2
    return low_1 / high_2, high_1 / low_2 if low_2 > 0 else None


def _log(value: float | None) -> float | None:
    return float(np.log(value)) if value else None


def chi_squared_test(name: str, definition: str, statistic: float, df: int) -> HeterogeneityTest:
    """Return a test with its chi-squared p; without degrees of freedom there is no p."""
    return HeterogeneityTest(name, definition, statistic, df, chi2_upper(statistic, df) if df else None)


def q_inconsistency(statistic: float, df: int) -> tuple[Inconsistency, ...]:
    """Return I squared and H squared of a Q statistic, cut off at 0 percent; none without df."""
    if df < 1:
        return ()
    i2 = max(0.0, 100 * (statistic - df) / statistic) if statistic > 0 else 0.0
    return (Inconsistency("q", "100 (Q - df) / Q from the Q test of this model", i2, statistic / df),)


def percents(weights: Array) -> tuple[float, ...]:
    """Return weights as percents of their sum; all 0 where the sum is 0."""
    total = float(weights.sum())
    return tuple(float(one) for one in (100 * weights / total if total > 0 else np.zeros(weights.size)))
