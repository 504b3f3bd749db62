"""A profile limit is where the likelihood, maximised over the other parameter by brute force, has fallen enough."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats

from openhlh.pooling.likelihood import counts_of
from openhlh.pooling.maximum import maximise
from openhlh.pooling.profile import mean_limits, over_mean, over_tau, tau_limits
from openhlh.pooling.series import Series

CRITICAL = stats.chi2.ppf(0.95, 1)
POINTS = np.linspace(-14, 14, 6001)
SETS = {
    "five": ((7, 14, 3, 9, 2), (12, 22, 9, 14, 11)),
    "wide": ((0, 30, 12, 3, 9, 0, 9, 5, 5), (12, 34, 15, 22, 9, 8, 14, 27, 5)),
    "nearly full": ((3, 5, 9, 7), (3, 5, 9, 8)),
    "rare": ((0, 1, 0, 2, 0, 0, 1), (20, 41, 8, 63, 5, 17, 30)),
    "two discordant": ((2, 19), (20, 21)),
    "equal": ((4, 4, 4), (8, 8, 8)),
}


def series_of(events, totals):
    return Series(tuple(f"study {at}" for at in range(len(events))), tuple(events), tuple(totals))


def brute(series, mean, tau):
    """The log likelihood by the plainest sum: 6001 points of z for each study."""
    eta = mean + tau * POINTS
    prior = stats.norm.logpdf(POINTS) + np.log(POINTS[1] - POINTS[0])
    return sum(
        special.logsumexp(stats.binom.logpmf(x, n, special.expit(eta)) + prior)
        for x, n in zip(series.events, series.totals, strict=True)
    )


def best(objective, bounds):
    """The highest value on a grid of 40, refined around the best point."""
    grid = np.linspace(*bounds, 40)
    at = int(np.argmax([objective(one) for one in grid]))
    around = grid[max(at - 1, 0)], grid[min(at + 1, 39)]
    found = optimize.minimize_scalar(
        lambda one: -objective(one), bounds=around, method="bounded", options={"xatol": 1e-9}
    )
    return max(-found.fun, objective(grid[at]))


def fitted(series):
    counts = counts_of(series)
    return counts, maximise(counts, np.ones((series.k, 1)))


def test_a_second_hill_of_the_profile_is_not_left_out_of_the_interval():
    # one huge study holds the mean at logit(0.3); the two small ones make a wide tau about 0 almost as likely.
    # By hand on a grid of 0.25: 2.725 below the top at 0, 4.866 at -1.5, 3.502 at -0.75 and at 0.75
    counts = counts_of(Series(("a", "b", "c"), (300_000, 5, 7), (10**6, 10, 9)))
    best = maximise(counts, np.ones((3, 1)))

    narrow, wide = mean_limits(counts, best, 5.3), mean_limits(counts, best, 7.0)

    assert narrow[1] == pytest.approx(-0.826, abs=0.001)
    assert 0.75 < wide[1] < 1


@pytest.mark.parametrize("name", SETS)
def test_at_the_limits_of_the_mean_the_likelihood_has_fallen_by_half_the_critical_value(name):
    series = series_of(*SETS[name])
    counts, top = fitted(series)
    for end in mean_limits(counts, top, CRITICAL):
        height = best(lambda tau, mean=end: brute(series, mean, tau), (0, 12))
        assert top.log_likelihood - height == pytest.approx(CRITICAL / 2, abs=1e-7)


@pytest.mark.parametrize("name", SETS)
def test_at_the_limits_of_tau_the_likelihood_has_fallen_by_half_the_critical_value(name):
    series = series_of(*SETS[name])
    counts, top = fitted(series)
    low, high = tau_limits(counts, top, CRITICAL)
    assert 0 <= low <= top.tau < high
    for end in (low, high):
        height = best(lambda mean, tau=end: brute(series, mean, tau), (-12, 12))
        if end > 0:
            assert top.log_likelihood - height == pytest.approx(CRITICAL / 2, abs=1e-7)
        else:
            assert top.log_likelihood - height <= CRITICAL / 2


@pytest.mark.parametrize("at", [-2.0, 0.2, 3.0])
def test_the_slope_of_a_profile_is_the_slope_of_the_likelihood_at_its_inner_maximum(at):
    counts, _ = fitted(series_of(*SETS["wide"]))
    step = 1e-4
    along = [over_tau(counts, at + shift, 200).value for shift in (-step, step)]
    assert over_tau(counts, at, 200).slope == pytest.approx(
        (along[1] - along[0]) / 2 / step, rel=1e-5, abs=1e-6
    )
    tau = abs(at) + 0.5
    along = [over_mean(counts, tau + shift, 200, 0.0).value for shift in (-step, step)]
    assert over_mean(counts, tau, 200, 0.0).slope == pytest.approx(
        (along[1] - along[0]) / 2 / step, rel=1e-5, abs=1e-6
    )


@pytest.mark.parametrize("mean", [-3.0, -0.5, 0.7, 4.0])
def test_the_inner_maximum_over_tau_is_the_highest(mean):
    series = series_of(*SETS["two discordant"])
    counts, _ = fitted(series)
    assert over_tau(counts, mean, 200).value == pytest.approx(
        best(lambda tau: brute(series, mean, tau), (0, 12)), abs=1e-8
    )


def test_a_higher_level_is_wider():
    counts, top = fitted(series_of(*SETS["five"]))
    narrow, wide = mean_limits(counts, top, 1.0), mean_limits(counts, top, 6.6)
    assert wide[0] < narrow[0] < top.coefficients[0] < narrow[1] < wide[1]
    assert tau_limits(counts, top, 1.0)[1] < tau_limits(counts, top, 6.6)[1]


def test_a_limit_far_out_is_found_with_nodes_that_hold_there():
    # tau so large that 200 Gauss-Hermite nodes are wrong: the sum of 60001 points gives -5.713917 at 53.12
    for events, totals in (((4, 0), (6, 16)), ((16, 2), (16, 6))):
        counts, top = fitted(series_of(events, totals))
        high = tau_limits(counts, top, CRITICAL)[1]
        assert high is None or high == pytest.approx(53.12244, abs=1e-4)  # None: beyond where it is followed


@given(
    st.lists(
        st.integers(1, 25).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=5
    ).filter(lambda studies: any(0 < x < n for x, n in studies))
)
@settings(max_examples=12, deadline=None)
def test_mirrored_events_in_another_order_mirror_the_limits(studies):
    counts, top = fitted(series_of(*zip(*studies, strict=True)))
    other_counts, other = fitted(series_of(*zip(*[(n - x, n) for x, n in studies[::-1]], strict=True)))
    low, high = mean_limits(counts, top, CRITICAL)
    other_low, other_high = (
        None if end is None else -end for end in mean_limits(other_counts, other, CRITICAL)
    )
    ends = (low, high, *tau_limits(counts, top, CRITICAL))
    mirrored = (other_high, other_low, *tau_limits(other_counts, other, CRITICAL))
    for one, opposite in zip(ends, mirrored, strict=True):
        assert (one is None) == (opposite is None)
        assert one is None or one == pytest.approx(opposite, abs=1e-4, rel=1e-4)
    assert low is None or low < top.coefficients[0]
    assert high is None or high > top.coefficients[0]
