"""The beta-binomial model agrees with scipy's distribution, with glmmTMB, and answers at every edge."""

import time
from math import isfinite, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from openhlh.pooling.beta_binomial import beta_binomial, factors_of, surface
from openhlh.pooling.boundary import at_the_boundary
from openhlh.pooling.scales import expit, logit
from openhlh.pooling.series import Series
from openhlh.proportions import clopper_pearson


def series_of(events, totals):
    return Series(tuple(f"study {at}" for at in range(len(events))), tuple(events), tuple(totals))


FIVE = series_of((7, 14, 3, 9, 2), (12, 22, 9, 14, 11))
WIDE = series_of(
    (0, 30, 12, 3, 9, 0, 9, 5, 5, 1, 9, 11, 17, 6), (12, 34, 15, 22, 9, 8, 14, 27, 5, 11, 9, 13, 17, 10)
)
LARGER = series_of((3, 40, 1, 0, 88), (30, 55, 60, 21, 300))
COUNTS = st.lists(
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=6
).map(lambda pairs: series_of(*zip(*pairs, strict=True)))


def brute_log_likelihood(series, u, theta):
    m = expit(u)
    return sum(
        stats.betabinom.logpmf(x, n, m / theta, (1 - m) / theta)
        for x, n in zip(series.events, series.totals, strict=True)
    )


def value_at(series, u, theta):
    return float(surface(factors_of(series), np.array([u]), np.array([theta])).value[0])


@pytest.mark.parametrize("series", [FIVE, WIDE, LARGER, series_of((1000, 30, 5), (4000, 1200, 900))])
@pytest.mark.parametrize(("u", "theta"), [(-2.0, 0.05), (0.3, 1.0), (4.0, 20.0)])
def test_the_log_likelihood_is_that_of_the_distribution(series, u, theta):
    assert value_at(series, u, theta) == pytest.approx(brute_log_likelihood(series, u, theta), rel=1e-9)


def test_without_spread_it_is_the_binomial_likelihood_and_nothing_breaks_next_to_it():
    binomial = sum(
        stats.binom.logpmf(x, n, expit(0.4)) for x, n in zip(FIVE.events, FIVE.totals, strict=True)
    )
    for theta in (0.0, 1e-300, 1e-15, 1e-12):
        assert value_at(FIVE, 0.4, theta) == pytest.approx(binomial, abs=1e-9)


@pytest.mark.parametrize(("u", "theta"), [(-3.0, 1e-3), (0.5, 0.3), (2.0, 7.0), (0.1, 0.0)])
def test_every_derivative_is_that_of_the_value(u, theta):
    factors, step = factors_of(LARGER), 1e-5

    def at(du, dt):
        return surface(factors, np.array([u + du * step]), np.array([theta + dt * step]))

    here, right, left, up = at(0, 0), at(1, 0), at(-1, 0), at(0, 1)
    assert here.d_u[0] == pytest.approx((right.value[0] - left.value[0]) / 2 / step, rel=1e-5, abs=1e-4)
    assert here.h_u[0] == pytest.approx((right.d_u[0] - left.d_u[0]) / 2 / step, rel=1e-5, abs=1e-4)
    assert here.h_cross[0] == pytest.approx(
        (right.d_theta[0] - left.d_theta[0]) / 2 / step, rel=1e-5, abs=1e-3
    )
    mid = at(0, 0.5)
    assert mid.d_theta[0] == pytest.approx((up.value[0] - here.value[0]) / step, rel=1e-4, abs=1e-3)
    assert mid.h_theta[0] == pytest.approx((up.d_theta[0] - here.d_theta[0]) / step, rel=1e-4, abs=1e-3)


def test_sums_in_blocks_are_the_sums_factor_by_factor():
    # 70 000 factors: the blocks are Gauss sums, here they are added one by one
    series, m, theta = series_of((20_000, 7), (70_000, 9)), 0.3, 0.02
    j = np.arange(70_000)
    direct = sum(
        np.log(m + theta * j[:x]).sum()
        + np.log(1 - m + theta * j[: n - x]).sum()
        - np.log1p(theta * j[:n]).sum()
        for x, n in ((20_000, 7 * 10_000), (7, 9))
    )
    factors = factors_of(series)
    assert factors.j.size < 400
    assert value_at(series, logit(m), theta) - factors.constant == pytest.approx(direct, rel=1e-13)


@pytest.mark.parametrize(
    ("series", "mean", "se", "rho", "log_likelihood"),
    [
        # R 4.2.2, glmmTMB 1.1.5: glmmTMB(cbind(x, n - x) ~ 1, family = betabinomial()); rho = 1 / (1 + sigma).
        # Its optimiser stops up to 1.4e-5 from the top, as its own log likelihood (2e-11 lower) shows.
        (FIVE, -0.01794365027, 0.32732213677, 0.05524213564, -11.30667652343),
        (WIDE, 0.3147157359, 0.4048064650, 0.5593791304, -34.0772456064),
        (LARGER, -1.2183906134, 0.6191375900, 0.3493301783, -17.5072462153),
    ],
)
def test_the_fit_is_that_of_glmmtmb(series, mean, se, rho, log_likelihood):
    fit = beta_binomial(series)
    assert fit.scale_estimate == pytest.approx(mean, abs=2e-5)
    assert fit.se == pytest.approx(se, abs=2e-5)
    assert fit.extra["rho"] == pytest.approx(rho, abs=2e-5)
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=1e-9)
    m = fit.estimate
    assert fit.spread.value == pytest.approx(m * (1 - m) * rho, abs=1e-6)


@pytest.mark.parametrize("series", [FIVE, WIDE, LARGER])
def test_no_point_of_a_fine_search_is_higher_and_the_limits_are_where_it_has_fallen(series):
    fit = beta_binomial(series)
    theta = fit.extra["rho"] / (1 - fit.extra["rho"])
    rough = optimize.minimize(
        lambda at: -brute_log_likelihood(series, at[0], np.exp(at[1])),
        (fit.scale_estimate + 0.1, log(theta) + 0.2),
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12},
    )
    assert -rough.fun == pytest.approx(fit.log_likelihood, abs=1e-9)
    fall = stats.chi2.ppf(0.95, 1) / 2
    for end in (fit.interval.scale_low, fit.interval.scale_high):
        inner = optimize.minimize_scalar(
            lambda logarithm, u=end: -brute_log_likelihood(series, u, np.exp(logarithm)),
            bounds=(-9, 5),
            method="bounded",
            options={"xatol": 1e-8},
        )
        assert fit.log_likelihood + inner.fun == pytest.approx(fall, abs=1e-7)
    for rho in (fit.extra["rho_low"], fit.extra["rho_high"]):
        if rho > 0:
            inner = optimize.minimize_scalar(
                lambda u, at=rho: -brute_log_likelihood(series, u, at / (1 - at)),
                bounds=(-9, 9),
                method="bounded",
                options={"xatol": 1e-8},
            )
            assert fit.log_likelihood + inner.fun == pytest.approx(fall, abs=1e-7)


def test_the_prediction_is_the_central_interval_of_the_fitted_beta_distribution():
    fit = beta_binomial(WIDE)
    theta = fit.extra["rho"] / (1 - fit.extra["rho"])
    a, b = fit.estimate / theta, (1 - fit.estimate) / theta
    assert fit.prediction.name == "beta"
    assert fit.prediction.low == pytest.approx(stats.beta.ppf(0.025, a, b), rel=1e-8)
    assert fit.prediction.high == pytest.approx(stats.beta.ppf(0.975, a, b), rel=1e-8)


def test_the_mean_of_the_beta_distribution_is_told_from_the_median_of_the_logistic_model():
    assert "mean of the studies' proportions" in beta_binomial(WIDE).notes[0]


def test_equal_studies_have_no_spread_and_get_the_exact_interval():
    fit = beta_binomial(series_of((4, 4, 4), (8, 8, 8)))
    assert (fit.estimate, fit.extra["rho"], fit.spread.value) == (0.5, 0, 0)
    assert (fit.interval.low, fit.interval.high) == pytest.approx(clopper_pearson(12, 24))
    assert fit.se == pytest.approx(sqrt(1 / 6))
    assert fit.tests[0].p == 1
    assert "rho is estimated 0" in fit.notes[1]
    assert (fit.prediction.low, fit.prediction.high) == (fit.interval.low, fit.interval.high)


def test_weights_are_inverse_variances_of_proportions():
    fit = beta_binomial(WIDE)
    rho = fit.extra["rho"]
    raw = [1 / (rho + (1 - rho) / n) for n in WIDE.totals]
    assert fit.weights == pytest.approx([100 * one / sum(raw) for one in raw])


@pytest.mark.parametrize(
    ("events", "totals"),
    [((3, 5, 9), (3, 5, 9)), ((0, 0), (4, 6)), ((5,), (9,)), ((1, 0, 1), (1, 1, 1)), ((5, 0), (5, 7))],
)
def test_at_a_boundary_the_exact_answer_takes_over(events, totals):
    series = series_of(events, totals)
    fit, boundary = beta_binomial(series), at_the_boundary(series, 0.95)
    assert fit.model == "beta-binomial"
    assert (fit.estimate, fit.interval, fit.notes) == (boundary.estimate, boundary.interval, boundary.notes)


def test_a_million_patients_take_less_than_three_seconds():
    began = time.perf_counter()
    fit = beta_binomial(series_of((300_000, 310_000, 299_000), (10**6,) * 3))
    assert time.perf_counter() - began < 3
    # so large that the proportions are seen as they are: their mean and their variance over 3 studies
    assert fit.estimate == pytest.approx(0.303, abs=1e-5)
    assert sqrt(fit.spread.value) == pytest.approx(stats.tstd([0.30, 0.31, 0.299]) * sqrt(2 / 3), rel=0.01)


def test_two_discordant_millions_still_have_finite_limits():
    fit = beta_binomial(series_of((1, 999_999), (10**6, 10**6)))
    assert fit.estimate == pytest.approx(0.5)
    assert 0 < fit.interval.low < 0.2
    assert 0.8 < fit.interval.high < 1


@given(COUNTS)
@settings(max_examples=40, deadline=None)
def test_every_series_has_an_answer_of_finite_numbers_that_hangs_together(series):
    fit = beta_binomial(series)
    numbers = [fit.estimate, fit.interval.low, fit.interval.high, *fit.extra.values(), *fit.weights]
    assert all(isinstance(one, float) and isfinite(one) for one in numbers)
    assert 0 <= fit.interval.low <= fit.estimate <= fit.interval.high <= 1
    assert sum(fit.weights) == pytest.approx(100)
    for one in (*fit.predictions, *fit.other_intervals):
        assert 0 <= one.low <= one.high <= 1
    if fit.extra:
        assert 0 <= fit.extra["rho_low"] <= fit.extra["rho"] <= fit.extra["rho_high"] < 1


@given(COUNTS)
@settings(max_examples=25, deadline=None)
def test_mirrored_events_and_another_order_give_the_mirrored_and_the_same_answer(series):
    fit = beta_binomial(series)
    others = [n - x for x, n in zip(series.events, series.totals, strict=True)]
    mirrored = beta_binomial(series_of(others[::-1], series.totals[::-1]))
    assert mirrored.estimate == pytest.approx(1 - fit.estimate, abs=1e-7)
    assert mirrored.interval.low == pytest.approx(1 - fit.interval.high, abs=1e-6)
    assert mirrored.interval.high == pytest.approx(1 - fit.interval.low, abs=1e-6)
    assert mirrored.extra.get("rho") == pytest.approx(fit.extra.get("rho"), abs=1e-6)
