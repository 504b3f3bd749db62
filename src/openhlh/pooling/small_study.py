"""Small-study checks: do small studies say something else than large ones?

Both are regressions weighted by 1 / variance whose error is scaled by the residuals (Egger: BMJ 1997;315:629;
Peters: JAMA 2006;295:676), as metafor::regtest(model = "lm") does them. For proportions neither says much:
the error of a logit is made from the proportion itself, so the two go together without any bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from openhlh.errors import Refusal
from openhlh.pooling.coefficients import Coefficient, covaried, solve
from openhlh.pooling.effects import single_arm_effects
from openhlh.pooling.fit import Limits
from openhlh.pooling.natural import limits_around, way_back
from openhlh.pooling.quantiles import require_level
from openhlh.pooling.series import Effects, Series

FEWEST = 10
SMALL_STUDY = {
    "peters": "logit of the proportion on 1 / study size, weighted by the inverse of its variance",
    "egger": "effect on its standard error, weighted by the inverse of its variance",
}
CAUTION = (
    "For proportions the effect and its error are linked by construction: asymmetry then means little, and "
    "its absence does not show that nothing is missing."
)


@dataclass(frozen=True)
class SmallStudyTest:
    """A regression on study size: `slope` is what is tested, `limit` the effect of an infinitely large study.

    Both are on the scale of `measure`, with t on `df` degrees of freedom; `limit_estimate` and
    `limit_interval` are the limit as readers are shown it. `caution` holds for every result.
    """

    name: str
    definition: str
    measure: str
    k: int
    df: int
    slope: Coefficient
    limit: Coefficient
    limit_estimate: float
    limit_interval: Limits
    caution: str
    notes: tuple[str, ...]


def peters_type(series: Series, level: float = 0.95) -> SmallStudyTest:
    """Return the Peters-type regression of logits on 1 / n; Refusal below ten studies or with one size.

    Studies without events, or with nothing but events, take part with half a patient added to both cells.
    """
    _require_enough(series.k)
    effects = single_arm_effects(series, "PLO")
    return _regressed("peters", effects, [1 / total for total in series.totals], level)


def egger(effects: Effects, level: float = 0.95) -> SmallStudyTest:
    """Return Egger's regression of the effects on their errors; Refusal below ten studies."""
    _require_enough(effects.k)
    return _regressed("egger", effects, [sqrt(variance) for variance in effects.variances], level)


def _regressed(name: str, effects: Effects, sizes: Sequence[float], level: float) -> SmallStudyTest:
    require_level(level)
    if len(set(sizes)) == 1:
        raise Refusal(
            "all studies have the same size",
            why="small studies cannot be told from large ones",
            remedy="no check of this kind is possible",
        )
    solved = solve(covaried(effects, {name: sizes}), 0.0, "hk")
    limit, slope = solved.table(level)
    back, reach = way_back(effects), (limit.high - limit.low) / 2
    flat = ("The studies lie exactly on a line: there is no error and nothing is tested.",)
    return SmallStudyTest(
        name=name,
        definition=SMALL_STUDY[name],
        measure=effects.measure,
        k=effects.k,
        df=effects.k - 2,
        slope=slope,
        limit=limit,
        limit_estimate=back(limit.estimate),
        limit_interval=limits_around(
            back, limit.estimate, reach, ("t", "t quantile with k - 2 times the error", level)
        ),
        caution=CAUTION,
        notes=effects.notes + (flat if slope.statistic is None else ()),
    )


def _require_enough(k: int) -> None:
    if k < FEWEST:
        raise Refusal(
            f"{k} studies are too few for a small-study check: {FEWEST} are needed",
            why="with fewer, chance alone makes such a picture, and its absence shows nothing",
            remedy="say that the check was not possible",
        )
