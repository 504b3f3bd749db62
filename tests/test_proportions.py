"""Percent and exact interval of a count: hand arithmetic, printed values of papers, and scipy as oracle."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from openhlh.errors import WrongInput
from openhlh.proportions import clopper_pearson, interval_percent, percent


@pytest.mark.parametrize(
    ("count", "total", "printed"),
    [
        (15, 17, "88.2"),
        (8, 17, "47.1"),
        (1, 8, "12.5"),
        (0, 8, "0.0"),
        (8, 8, "100.0"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
    ],
)
def test_percent_is_that_of_hand_arithmetic(count, total, printed):
    assert percent(count, total) == printed


def test_a_tie_is_rounded_up_from_the_exact_fraction():
    assert percent(1, 16, places=1) == "6.3"  # 6.25 exactly; binary floats may fall on either side
    assert percent(1, 8, places=0) == "13"


@given(st.integers(1, 5000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_percent_is_within_half_a_step_of_the_fraction(pair):
    count, total = pair

    assert abs(Fraction(Decimal(percent(count, total))) - Fraction(100 * count, total)) <= Fraction(1, 20)


@pytest.mark.parametrize(
    ("count", "total", "limits"),
    [
        (17, 27, ("42.4", "80.6")),  # the emapalumab label prints 42-81
        (15, 17, ("63.6", "98.5")),
        (0, 8, ("0.0", "36.9")),  # 1 - 0.025 ** (1/8) = 0.3694
        (8, 8, ("63.1", "100.0")),  # 0.025 ** (1/8) = 0.6306
        (0, 1, ("0.0", "97.5")),
        (1, 1, ("2.5", "100.0")),
    ],
)
def test_interval_is_that_of_tables(count, total, limits):
    assert interval_percent(count, total) == limits


@given(
    st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))),
    st.sampled_from([0.9, 0.95, 0.99]),
)
def test_interval_agrees_with_the_beta_quantiles_of_scipy(pair, level):
    count, total = pair
    tail = (1 - level) / 2

    low, high = clopper_pearson(count, total, level)

    assert low == pytest.approx(beta.ppf(tail, count, total - count + 1) if count else 0.0, abs=1e-9)
    assert high == pytest.approx(
        beta.ppf(1 - tail, count + 1, total - count) if count < total else 1.0, abs=1e-9
    )


@pytest.mark.parametrize(("count", "total"), [(-1, 8), (9, 8), (0, 0), (1, 0), (1, -1)])
def test_what_is_no_proportion_is_refused_with_a_remedy(count, total):
    with pytest.raises(WrongInput, match="To do"):
        percent(count, total)
    with pytest.raises(WrongInput, match="To do"):
        clopper_pearson(count, total)
