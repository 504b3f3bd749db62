"""The integrated likelihood of a study agrees with adaptive integration, and its derivatives with differences."""

from itertools import pairwise
from math import exp, lgamma, log1p, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from openhlh.pooling.likelihood import LADDER, counts_of, log_likelihood, pieces, settled_nodes
from openhlh.pooling.series import Series


def series_of(events, totals):
    return Series(tuple(f"study {at}" for at in range(len(events))), tuple(events), tuple(totals))


def brute(x, n, mean, tau):
    """The log of one study's integral by scipy's adaptive quadrature, cut where the integrand bends."""

    def log_integrand(z):
        eta = mean + tau * z
        log_p = -np.logaddexp(0, -eta)
        log_q = -np.logaddexp(0, eta)
        return x * log_p + (n - x) * log_q - z * z / 2 - 0.5 * np.log(2 * np.pi)

    top = optimize.minimize_scalar(
        lambda z: -log_integrand(z), bounds=(-40, 40), method="bounded", options={"xatol": 1e-10}
    )
    height, at = -top.fun, float(top.x)
    p = 1 / (1 + exp(-max(min(mean + tau * at, 500), -500)))
    width = 1 / sqrt(1 + tau**2 * n * p * (1 - p))
    # right and left of the mode the integrand falls faster than a standard normal density does
    cuts = [at + max(-14.0, min(14.0, step * width)) for step in (-1e9, -30, -10, -4, 0, 4, 10, 30, 1e9)]
    total = sum(
        integrate.quad(
            lambda z: exp(log_integrand(z) - height), low, high, epsabs=1e-13, epsrel=1e-12, limit=200
        )[0]
        for low, high in pairwise(cuts)
        if low < high
    )
    return height + np.log(total) + lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1)


def settled(series, mean, tau):
    counts, means, taus = counts_of(series), np.array([[mean]]), np.array([tau])
    return float(log_likelihood(counts, means, taus, settled_nodes(counts, means, taus))[0])


@pytest.mark.parametrize("tau", [0.01, 0.3, 1.0, 2.5, 6.0, 13.0])
@pytest.mark.parametrize("mean", [-6.0, -0.7, 3.0])
@pytest.mark.parametrize(("x", "n"), [(0, 1), (1, 1), (0, 63), (63, 63), (7, 12), (1, 40)])
def test_one_study_is_the_integral_that_adaptive_quadrature_finds(x, n, mean, tau):
    assert settled(series_of([x], [n]), mean, tau) == pytest.approx(brute(x, n, mean, tau), abs=2e-9)


@pytest.mark.parametrize(("x", "tau"), [(0, 0.5), (1, 2.0), (300_000, 0.02), (300_000, 3.0), (10**6, 1.0)])
def test_a_million_patients_are_integrated_too(x, tau):
    # lgamma(10^6) itself is known to about 1e-9
    assert settled(series_of([x], [10**6]), -0.5, tau) == pytest.approx(brute(x, 10**6, -0.5, tau), abs=1e-7)


def test_without_spread_it_is_the_binomial_likelihood_whatever_the_nodes():
    series = series_of([0, 3, 9], [4, 7, 9])
    p = 1 / (1 + exp(-0.6))
    expected = sum(stats.binom.logpmf(x, n, p) for x, n in zip(series.events, series.totals, strict=True))
    for nodes in (1, *LADDER):
        found = log_likelihood(counts_of(series), np.array([[0.6]]), np.zeros(1), nodes)
        assert found[0] == pytest.approx(expected, abs=1e-9)


def test_points_together_are_the_points_one_by_one_and_studies_add_up():
    series = series_of([2, 0, 9, 5], [5, 8, 9, 40])
    counts, means, taus = counts_of(series), np.array([[-1.0], [0.4], [2.0]]), np.array([0.2, 1.0, 4.0])
    together = log_likelihood(counts, means, taus, 100)
    apart = [log_likelihood(counts, means[at : at + 1], taus[at : at + 1], 100)[0] for at in range(3)]
    single = [
        sum(
            log_likelihood(counts_of(series.only([one])), means[at : at + 1], taus[at : at + 1], 100)[0]
            for one in range(4)
        )
        for at in range(3)
    ]
    assert together == pytest.approx(apart, abs=1e-9)
    assert together == pytest.approx(single, abs=1e-9)


def test_each_study_may_have_its_own_mean():
    series = series_of([2, 9], [5, 9])
    found = log_likelihood(counts_of(series), np.array([[-1.0, 2.0]]), np.array([0.7]), 100)[0]
    assert found == pytest.approx(brute(2, 5, -1.0, 0.7) + brute(9, 9, 2.0, 0.7), abs=1e-9)


@pytest.mark.parametrize("nodes", [100, 0])
@pytest.mark.parametrize(("mean", "tau"), [(-2.0, 0.3), (0.5, 1.2), (3.0, 3.0), (0.2, 0.0)])
def test_every_derivative_is_that_of_the_value(mean, tau, nodes):
    counts, step = counts_of(series_of([2, 0, 9, 5, 1], [5, 8, 9, 40, 1])), 1e-4

    def at(d_mean, d_tau):
        return pieces(counts, np.array([[mean + d_mean * step]]), np.array([tau + d_tau * step]), nodes)

    here, right, left, up, down = at(0, 0), at(1, 0), at(-1, 0), at(0, 1), at(0, -1)
    close = {"rel": 1e-5, "abs": 1e-5}
    assert here.d_mean[0] == pytest.approx((right.value - left.value)[0] / 2 / step, **close)
    assert here.d_tau[0] == pytest.approx((up.value - down.value)[0] / 2 / step, **close)
    assert here.h_mean[0] == pytest.approx((right.d_mean - left.d_mean)[0] / 2 / step, **close)
    assert here.h_cross[0] == pytest.approx((up.d_mean - down.d_mean)[0] / 2 / step, **close)
    assert here.h_tau[0] == pytest.approx((up.d_tau - down.d_tau)[0] / 2 / step, **close)


@given(
    st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.floats(-9, 9),
    st.floats(0, 13),
)
@settings(max_examples=60, deadline=None)
def test_any_study_anywhere_is_integrated_and_mirrored(study, mean, tau):
    x, n = study
    found = settled(series_of([x], [n]), mean, tau)
    assert found == pytest.approx(brute(x, n, mean, tau), abs=1e-8)
    assert found == pytest.approx(settled(series_of([n - x], [n]), -mean, tau), abs=1e-8)
    assert found <= 1e-12


def test_all_counts_of_one_study_together_are_certain():
    total = sum(exp(settled(series_of([x], [6]), 0.8, 1.7)) for x in range(7))
    assert log1p(total - 1) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("x", "n", "mean", "tau"), [(0, 40, 14, 0.5), (40, 40, -12, 1.5), (1, 40, 4, 0.5), (1, 10**6, 3, 9.0)]
)
def test_the_trapezoid_looks_where_the_integrand_is(x, n, mean, tau):
    found = log_likelihood(counts_of(series_of([x], [n])), np.array([[float(mean)]]), np.array([tau]), 0)[0]
    assert found == pytest.approx(brute(x, n, mean, tau), abs=1e-8)
