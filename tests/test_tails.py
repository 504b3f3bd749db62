"""The tails of the usual distributions agree with scipy's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from openhlh import tails

SIZES = st.floats(0.4, 3000)
VALUES = st.floats(1e-3, 400)


@given(SIZES, SIZES, st.floats(0, 1))
@settings(max_examples=300, deadline=None)
def test_the_incomplete_beta_function_is_scipys(a, b, x):
    assert tails.beta_part(a, b, x) == pytest.approx(special.betainc(a, b, x), rel=1e-8, abs=1e-12)


@given(VALUES, st.integers(1, 400), st.integers(1, 400))
@settings(max_examples=300, deadline=None)
def test_every_tail_is_scipys(value, df, other):
    assert tails.chi2_upper(value, df) == pytest.approx(stats.chi2.sf(value, df), rel=1e-8, abs=1e-12)
    assert tails.t_two_sided(value, df) == pytest.approx(2 * stats.t.sf(value, df), rel=1e-8, abs=1e-12)
    assert tails.f_upper(value, df, other) == pytest.approx(stats.f.sf(value, df, other), rel=1e-8, abs=1e-12)
    assert tails.normal_two_sided(value) == pytest.approx(2 * stats.norm.sf(value), rel=1e-8, abs=1e-300)


@given(st.floats(1e-4, 1 - 1e-4), st.floats(0.5, 500), st.floats(0.5, 500))
@settings(max_examples=150, deadline=None)
def test_the_quantile_of_a_beta_distribution_is_scipys(share, a, b):
    assert tails.beta_quantile(share, a, b) == pytest.approx(stats.beta.ppf(share, a, b), rel=1e-6, abs=1e-9)


def test_the_known_normal_quantiles():
    assert [round(tails.normal_quantile(level), 4) for level in (0.9, 0.95, 0.99)] == [1.6449, 1.96, 2.5758]


def test_nothing_lies_above_zero_but_all_of_it():
    assert tails.chi2_upper(0, 3) == tails.f_upper(0, 1, 2) == 1
    assert tails.beta_part(2, 3, 0) == 0
    assert tails.beta_part(2, 3, 1) == 1
