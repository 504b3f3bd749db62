"""The non-central hypergeometric distribution against exact integers, and the exact limits against R."""

from fractions import Fraction
from math import comb, exp, log

import numpy as np
import pytest

from openhlh.errors import WrongInput
from openhlh.pooling import noncentral
from openhlh.pooling.noncentral import LARGEST_SUPPORT, exact_common_limits, moments, tables_of
from openhlh.pooling.series import Comparison


def exact(a, n1, c, n2, odds_ratio):
    """Return probability, mean and variance of the first cell in exact rationals."""
    low, high = max(0, a + c - n2), min(n1, a + c)
    weights = {x: comb(n1, x) * comb(n2, a + c - x) * odds_ratio**x for x in range(low, high + 1)}
    total = sum(weights.values())
    mean = sum(x * weight for x, weight in weights.items()) / total
    square = sum(x * x * weight for x, weight in weights.items()) / total
    return weights[a] / total, mean, square - mean * mean


@pytest.mark.parametrize("odds_ratio", [Fraction(1, 400), Fraction(1), Fraction(7, 2), Fraction(900)])
@pytest.mark.parametrize("table", [(7, 9, 4, 11), (0, 9, 4, 11), (30, 60, 2, 400), (1, 1, 0, 1)])
def test_moments_are_those_of_the_exact_sum(table, odds_ratio):
    a, n1, c, n2 = table
    tables = tables_of(Comparison(("one",), (a,), (n1,), (c,), (n2,)))
    value, residual, variance = (float(one[0, 0]) for one in moments(tables, np.array([[log(odds_ratio)]])))
    probability, mean, spread = exact(*table, odds_ratio)
    assert value == pytest.approx(log(probability), abs=1e-12)
    assert residual == pytest.approx(float(a - mean), abs=1e-11)
    assert variance == pytest.approx(float(spread), rel=1e-9)


def test_studies_of_unlike_size_are_summed_together():
    comparison = Comparison(("s", "m", "l"), (1, 30, 700), (2, 60, 1500), (0, 9, 800), (3, 40, 1400))
    value = moments(tables_of(comparison), np.full((3, 1), 0.4))[0][:, 0]
    for at in range(3):
        alone = moments(tables_of(comparison.only([at])), np.full((1, 1), 0.4))[0]
        assert value[at] == pytest.approx(float(alone[0, 0]), abs=1e-12)


@pytest.mark.parametrize("away", [-30.0, -2.0, 0.0, 0.7, 12.0])
def test_the_thinned_sum_of_a_large_study_is_the_full_sum(away):
    tables = tables_of(Comparison(("large",), (4000,), (9000,), (2500,), (8000,)))
    log_odds = tables.start[:, None] + away
    thinned = moments(tables, log_odds)
    full = noncentral._bin_moments(tables.bins[0]._replace(falls=None), log_odds)
    for one, other in zip(thinned, full, strict=True):
        assert float(one[0, 0]) == pytest.approx(float(other[0, 0]), rel=1e-7, abs=1e-8)
    assert float(thinned[0][0, 0]) == pytest.approx(float(full[0][0, 0]), rel=1e-13)


def test_a_million_patients_overflow_nothing():
    comparison = Comparison(("m",), (400_000,), (1_000_000,), (300_000,), (900_000,))
    tables = tables_of(comparison)
    value, residual, variance = moments(tables, tables.start[:, None])
    # the maximum of the likelihood is near the log odds ratio of the cells, its curvature near 1 / variance
    assert abs(float(residual[0, 0])) < 1
    assert float(variance[0, 0]) == pytest.approx(1 / float(tables.start_variance[0]), rel=1e-3)
    # Stirling: log probability at the mode is -log(2 pi V) / 2
    assert float(value[0, 0]) == pytest.approx(-0.5 * log(2 * np.pi * float(variance[0, 0])), abs=1e-3)


def test_more_tables_than_can_be_summed_are_refused_by_name():
    half = 2 * LARGEST_SUPPORT
    with pytest.raises(WrongInput, match=r"huge: .* tables have the margins"):
        tables_of(Comparison(("huge",), (half,), (2 * half,), (half,), (2 * half,)))


def test_studies_that_allow_one_table_only_are_left_out():
    tables = tables_of(Comparison(("none", "some", "all"), (0, 1, 3), (4, 2, 3), (0, 2, 4), (5, 5, 4)))
    assert tables.places == [1]


def test_limits_of_one_study_leave_exactly_half_of_the_rest_in_each_tail():
    found = exact_common_limits(Comparison(("one",), (7,), (9,), (4,), (11,)), 0.95)
    at_least = sum(exact(x, 9, 11 - x, 11, Fraction(found.low))[0] for x in range(7, 10))
    at_most = sum(exact(x, 9, 11 - x, 11, Fraction(found.high))[0] for x in range(8))
    assert (float(at_least), float(at_most)) == pytest.approx((0.025, 0.025), rel=1e-9)


@pytest.mark.parametrize(
    ("comparison", "low"),
    [
        # R 4.2.2: fisher.test, and mantelhaen.test(exact = TRUE) for two tables
        (Comparison(("a",), (3,), (3,), (1,), (5,)), 0.53286608937594),
        (Comparison(("a", "b"), (3, 5), (3, 5), (1, 2), (5, 5)), 1.70003554244784),
    ],
)
def test_limits_at_the_end_of_the_support_are_those_of_r(comparison, low):
    found = exact_common_limits(comparison, 0.95)
    assert (found.low, found.high) == (pytest.approx(low, rel=1e-4), None)


def test_limits_turn_round_with_the_arms():
    found = exact_common_limits(Comparison(("a", "b"), (3, 5), (3, 5), (1, 2), (5, 5)), 0.9)
    turned = exact_common_limits(Comparison(("a", "b"), (1, 2), (5, 5), (3, 5), (3, 5)), 0.9)
    assert turned.low == 0
    assert turned.high == pytest.approx(1 / found.low)
    assert turned.scale_high == pytest.approx(-log(found.low))
    assert exp(turned.scale_high) == pytest.approx(turned.high)


def test_limits_are_refused_where_they_would_need_a_convolution():
    with pytest.raises(WrongInput, match="one informative study"):
        exact_common_limits(Comparison(("a", "b"), (2, 1), (5, 5), (1, 3), (5, 5)), 0.95)
