"""The non-central hypergeometric distribution: a 2x2 table given its margins, at a log odds ratio.

All weights are logarithms relative to the observed table, summed outward from it, so that nothing overflows
and the logarithm of the observed table's probability needs no factorial. Shapes: m studies, Q log odds
ratios.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from math import log
from typing import NamedTuple

import numpy as np

from openhlh.errors import WrongInput
from openhlh.pooling.fit import Limits
from openhlh.pooling.series import Comparison
from openhlh.pooling.two_by_two import Array, odds_ratio_limits

LARGEST_SUPPORT = 3_000_000  # tables with the same margins; their weights fill 50 MB
_ALONE = 250  # a study with more tables is summed by itself, over the stretch that matters
_MOST = (
    1_000_000  # terms summed at a time: half the log odds ratios need far less than half of a long stretch
)
_FURTHEST = 700.0  # beyond this log odds ratio the natural value leaves the doubles


class Bin(NamedTuple):
    """Informative studies with about as many possible tables each: `rows` are their places among these.

    `shift` (m, S) is the first cell minus the observed one, `weight` (m, S) the log weight of that table
    relative to the observed one at an odds ratio of 1, minus infinity where a shorter support is filled up.
    A bin of one long support also has the steps by which its weights fall, which rise along the support.
    """

    rows: list[int]
    shift: Array
    weight: Array
    falls: Array | None


class Tables(NamedTuple):
    """The informative studies: `places` in the comparison, which lie at an end of their support, the bins.

    `end` is +1 where the first cell is as large as the margins allow, -1 where it is as small, else 0.
    `start` and `start_variance` are log odds ratio and variance with 1/2 added to each cell.
    """

    places: list[int]
    end: Array
    start: Array
    start_variance: Array
    bins: list[Bin]

    @property
    def k(self) -> int:
        """The number of informative studies."""
        return len(self.places)

    @property
    def guess(self) -> float:
        """The inverse-variance mean of `start`."""
        return float(np.average(self.start, weights=1 / self.start_variance))


def tables_of(comparison: Comparison) -> Tables:
    """Return the studies whose margins allow several tables; WrongInput for more than LARGEST_SUPPORT."""
    places, ends, starts, variances, supports = [], [], [], [], []
    for at, label in enumerate(comparison.labels):
        a, n1 = comparison.events_1[at], comparison.totals_1[at]
        c, n2 = comparison.events_2[at], comparison.totals_2[at]
        low, high = max(0, a + c - n2), min(n1, a + c)
        if low == high:
            continue
        _require_support(label, high - low + 1)
        places.append(at)
        ends.append((a == high) - (a == low))
        cells = (a + 0.5, n1 - a + 0.5, c + 0.5, n2 - c + 0.5)
        starts.append(log(cells[0] / cells[1] * cells[3] / cells[2]))
        variances.append(sum(1 / cell for cell in cells))
        supports.append(_support((a, n1, c, n2), low, high))
    return Tables(places, np.array(ends, float), np.array(starts), np.array(variances), _bins(supports))


def _require_support(label: str, size: int) -> None:
    if size > LARGEST_SUPPORT:
        raise WrongInput(
            f"{size} tables have the margins of this study",
            where=label,
            why=f"the exact conditional likelihood sums over all of them, up to {LARGEST_SUPPORT}",
            remedy="use mantel-haenszel or an inverse-variance model: with so many patients they agree",
        )


def _support(counts: tuple[int, int, int, int], low: int, high: int) -> tuple[Array, Array]:
    a, n1, c, n2 = counts
    first = np.arange(low, high, dtype=float)
    steps = np.log((n1 - first) / (first + 1)) + np.log((a + c - first) / (n2 - a - c + first + 1))
    right = np.cumsum(steps[a - low :])
    left = -np.cumsum(steps[: a - low][::-1])[::-1]
    return np.arange(low - a, high - a + 1, dtype=float), np.concatenate([left, [0.0], right])


def _bins(supports: list[tuple[Array, Array]]) -> list[Bin]:
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, (shift, _) in enumerate(supports):
        size = shift.size
        groups[(size.bit_length() // 2, row if size > _ALONE else -1)].append(row)
    found = []
    for rows in groups.values():
        longest = max(supports[row][0].size for row in rows)
        shift, weight = np.zeros((len(rows), longest)), np.full((len(rows), longest), -np.inf)
        for at, row in enumerate(rows):
            shift[at, : supports[row][0].size], weight[at, : supports[row][1].size] = supports[row]
        falls = weight[0, :-1] - weight[0, 1:] if longest > _ALONE else None
        found.append(Bin(rows, shift, weight, falls))
    return found


def moments(tables: Tables, log_odds: Array) -> tuple[Array, Array, Array]:
    """Return log probability of the observed tables, observed minus expected first cell, and its variance.

    `log_odds` and the three results have the shape (k, Q).
    """
    value, residual, variance = (np.empty_like(log_odds) for _ in range(3))
    for one in tables.bins:
        value[one.rows], residual[one.rows], variance[one.rows] = _bin_moments(one, log_odds[one.rows])
    return value, residual, variance


def _bin_moments(one: Bin, log_odds: Array) -> tuple[Array, Array, Array]:
    stretch = slice(None) if one.falls is None else _stretch(one.falls, log_odds)
    shift, weight = one.shift[:, stretch], one.weight[:, stretch]
    columns = log_odds.shape[1]
    if shift.size * columns > _MOST and columns > 1:
        halves = [_bin_moments(one, half) for half in np.array_split(log_odds, 2, axis=1)]
        value, residual, variance = (np.concatenate(pair, axis=1) for pair in zip(*halves, strict=True))
        return value, residual, variance
    terms = weight[:, None, :] + shift[:, None, :] * log_odds[..., None]
    top = terms.max(axis=-1)
    np.exp(terms - top[..., None], out=terms)
    total = terms.sum(axis=-1)
    # moments about the middle of the stretch, so that squares keep their digits far from the observed table
    middle = shift[:, :1] + np.round((shift[:, -1:] - shift[:, :1]) / 2)
    away = shift - middle
    mean = np.matmul(terms, away[..., None])[..., 0] / total
    square = np.matmul(terms, (away**2)[..., None])[..., 0] / total
    total *= stretch.step or 1
    return -top - np.log(total), -(mean + middle), np.maximum(square - mean**2, 0.0)


def _stretch(falls: Array, log_odds: Array) -> slice:
    """Return the tables of a long support that are enough at these log odds ratios: every n-th of a stretch.

    The first cell is a sum of independent Bernoulli variables (its generating polynomial has real roots
    only). So Bernstein's bound holds: less than e**-45 lies beyond 12 standard deviations and 40 tables.
    And its characteristic function at t is below exp(-2 t^2 V / pi^2): by Poisson's summation, every n-th
    table summed and multiplied by n errs by exp(-8 V / n^2), which is below e**-70 for n up to a third of
    the deviation.
    """
    ends, spreads = [], []
    for value, side in ((log_odds.min(), -1), (log_odds.max(), 1)):
        mode = int(np.searchsorted(falls, value))
        inside = min(max(mode, 1), falls.size - 1)
        spreads.append(1 / (falls[inside] - falls[inside - 1]))
        ends.append(mode + side * int(12 * spreads[-1] ** 0.5 + 40))
    step = max(1, int(min(spreads) ** 0.5 / 3))
    return slice(max(ends[0], 0), min(ends[1], falls.size) + 1, step)


def exact_common_limits(comparison: Comparison, level: float) -> Limits:
    """Return exact conditional limits of an odds ratio common to all studies (Fisher 1935).

    Each tail holds (1 - level) / 2 of the sum of first cells given all margins. Offered where one study is
    informative (then these are Fisher's limits) and where all of them lie at the same end of their support;
    without an informative study both ends are open. WrongInput elsewhere.
    """
    tables = tables_of(comparison)
    tail = (1 - level) / 2
    low = None if not tables.k or (tables.end < 0).all() else _solve(lambda at: _tail(tables, at, 1), tail, 1)
    high = (
        None if not tables.k or (tables.end > 0).all() else _solve(lambda at: _tail(tables, at, -1), tail, -1)
    )
    words = "exact conditional limits of an odds ratio common to all studies, the margins fixed"
    return odds_ratio_limits("exact-conditional", words, level, (low, high))


def _tail(tables: Tables, log_odds: float, side: int) -> float:
    """Return log P(sum of first cells is as observed or further to this side) at a log odds ratio."""
    if (tables.end == side).all():
        return float(moments(tables, np.full((tables.k, 1), log_odds))[0].sum())
    if tables.k != 1:
        raise WrongInput("exact limits need one informative study, or all at the same end of their support")
    shift, weight = tables.bins[0].shift[0], tables.bins[0].weight[0]
    terms = weight + shift * log_odds
    top = float(terms.max())
    held = np.exp(terms - top)
    part = float(held[side * shift >= 0].sum())
    return log(part / float(held.sum())) if part > 0 else -np.inf


def _solve(rising: Callable[[float], float], tail: float, side: int) -> float:
    """Return the log odds ratio where a tail, which rises to this side, holds the given probability."""
    low, high = -_FURTHEST, _FURTHEST
    for _ in range(70):
        middle = (low + high) / 2
        if (rising(middle) < log(tail)) == (side > 0):
            low = middle
        else:
            high = middle
    return (low + high) / 2
