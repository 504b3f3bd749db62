"""The binomial-normal model finds the highest point of the exact likelihood, on every kind of series."""

import time
from math import exp, isfinite, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats

from openhlh.pooling.glmm import DEFAULT_INTERVAL, INTERVALS, PREDICTIONS, glmm
from openhlh.pooling.likelihood import counts_of
from openhlh.pooling.maximum import maximise
from openhlh.pooling.series import Series
from openhlh.proportions import clopper_pearson

POINTS = np.linspace(-12, 12, 2001)
SETS = {
    "five": ((7, 14, 3, 9, 2), (12, 22, 9, 14, 11)),
    "wide": (
        (0, 30, 12, 3, 9, 0, 9, 5, 5, 1, 9, 11, 17, 6),
        (12, 34, 15, 22, 9, 8, 14, 27, 5, 11, 9, 13, 17, 10),
    ),
    "twenty": (
        (7, 22, 12, 14, 8, 3, 9, 17, 5, 4, 8, 11, 9, 6, 1, 0, 12, 30, 2, 5),
        (12, 34, 15, 22, 9, 8, 14, 27, 5, 11, 9, 13, 17, 10, 9, 7, 20, 33, 13, 6),
    ),
    "rare": ((0, 1, 0, 2, 0, 0, 1), (20, 41, 8, 63, 5, 17, 30)),
    "two": ((2, 19), (20, 21)),
    "nearly full": ((3, 5, 9, 7), (3, 5, 9, 8)),
}
# R 4.2.2, lme4 1.1-31: glmer(cbind(x, n - x) ~ 1 + (1 | study), binomial, nAGQ = 100), bobyqa with rhoend 1e-13:
# mu, its error, tau squared. Its own optimiser leaves up to 1e-5 of tau squared.
LME4 = {
    "five": (-0.016362519992, 0.346717359817, 0.249419409373),
    "wide": (0.724282518101, 0.941964607322, 10.195261893244),
    "twenty": (0.503356687277, 0.290185194304, 1.219855924108),
    "two": (0.02841101208, 1.70670916243, 5.27623192684),
    "rare": (-3.806662557588, 0.505524880996, 0.0),
}
# R 4.2.2, metafor 3.8-1: rma.glmm(measure = "PLO", nAGQ = 100): QE.LRT, I2, H2
METAFOR = {
    "five": (8.9298444780326, 41.5420099924782, 1.7106301463176),
    "wide": (149.142349929961, 94.277902112134, 17.476107882052),
    "twenty": (73.984288654398, 76.225489463561, 4.206185437413),
    "two": (30.6016847537326, 90.4964020089505, 10.5223306051224),
    "rare": (2.6345243152092, 0, 1),
}


def series_of(events, totals):
    return Series(tuple(f"study {at}" for at in range(len(events))), tuple(events), tuple(totals))


STUDIES = st.lists(
    st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=6
)


def brute(series, mean, tau):
    """The log likelihood by the plainest sum: 2001 points of z for each study."""
    eta = mean + tau * POINTS
    prior = stats.norm.logpdf(POINTS) + np.log(POINTS[1] - POINTS[0])
    return sum(
        special.logsumexp(stats.binom.logpmf(x, n, special.expit(eta)) + prior)
        for x, n in zip(series.events, series.totals, strict=True)
    )


@pytest.mark.parametrize("name", SETS)
def test_no_point_of_a_brute_search_is_higher(name):
    series = series_of(*SETS[name])
    fit = glmm(series)
    tau = sqrt(fit.spread.value)
    assert fit.log_likelihood == pytest.approx(brute(series, fit.scale_estimate, tau), abs=1e-9)
    starts = [(0.0, 0.5), (fit.scale_estimate + 0.3, tau + 0.3), (fit.scale_estimate, 4.0)]
    options = {"xatol": 1e-7, "fatol": 1e-11}
    for start in starts:
        found = optimize.minimize(
            lambda at: -brute(series, at[0], abs(at[1])), start, method="Nelder-Mead", options=options
        )
        assert -found.fun <= fit.log_likelihood + 1e-9


@pytest.mark.parametrize("name", LME4)
def test_the_fit_is_that_of_lme4_with_100_nodes(name):
    fit = glmm(series_of(*SETS[name]))
    mu, se, tau2 = LME4[name]
    assert fit.scale_estimate == pytest.approx(mu, abs=1e-5)
    assert fit.estimate == pytest.approx(1 / (1 + exp(-mu)), abs=1e-5)
    assert fit.se == pytest.approx(se, abs=1e-5)
    assert fit.spread.value == pytest.approx(tau2, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("name", METAFOR)
def test_heterogeneity_is_that_of_metafor(name):
    fit = glmm(series_of(*SETS[name]))
    statistic, i2, h2 = METAFOR[name]
    test, inconsistency = fit.tests[0], fit.inconsistency[0]
    assert (test.name, test.df, inconsistency.name) == ("lr-saturated", fit.k - 1, "typical")
    assert test.statistic == pytest.approx(statistic, abs=1e-7)
    assert test.p == pytest.approx(stats.chi2.sf(statistic, fit.k - 1), rel=1e-6)
    assert (inconsistency.i2, inconsistency.h2) == pytest.approx((i2, h2), rel=2e-5)


def test_the_likelihood_ratio_of_no_spread_is_by_hand_from_the_binomial_fit():
    # R: logLik(glm(cbind(x, n - x) ~ 1, binomial)) = -11.71462166934 on the first set
    fit = glmm(series_of(*SETS["five"]))
    test = fit.tests[1]
    assert test.statistic == pytest.approx(2 * (fit.log_likelihood + 11.71462166934), abs=1e-9)
    assert test.p == pytest.approx(stats.chi2.sf(test.statistic, 1) / 2, abs=1e-9)


@pytest.mark.parametrize("name", ["five", "wide", "nearly full"])
def test_the_standard_error_is_from_the_curvature_of_the_likelihood(name):
    series = series_of(*SETS[name])
    fit = glmm(series)
    at, step = np.array([fit.scale_estimate, sqrt(fit.spread.value)]), 1e-3
    shifts = np.eye(2) * step

    def value(shift):
        return brute(series, *(at + shift))

    bend = [
        [
            (value(one + two) - value(one - two) - value(two - one) + value(-one - two)) / 4 / step**2
            for two in shifts
        ]
        for one in shifts
    ]
    assert fit.se == pytest.approx(sqrt(np.linalg.inv(-np.array(bend))[0, 0]), rel=1e-3)


def test_intervals_and_predictions_are_those_that_their_names_say():
    fit = glmm(series_of(*SETS["five"]))
    named = {one.name: one for one in (fit.interval, *fit.other_intervals)}
    assert set(INTERVALS) - set(named) == {"exact-studies", "exact-widest", "profile-one-sided"}
    assert fit.interval.name == DEFAULT_INTERVAL
    mu, se, tau2 = fit.scale_estimate, fit.se, fit.spread.value
    assert named["wald"].scale_high == pytest.approx(mu + stats.norm.ppf(0.975) * se)
    assert named["wald-t"].scale_low == pytest.approx(mu - stats.t.ppf(0.975, 4) * se)
    assert (named["exact"].low, named["exact"].high) == clopper_pearson(35, 68)
    corrected, profile = named[DEFAULT_INTERVAL], named["profile"]
    assert corrected.low < profile.low < profile.high < corrected.high
    assert named["profile"].low == pytest.approx(1 / (1 + exp(-named["profile"].scale_low)))
    predicted = {one.name: one for one in fit.predictions}
    assert set(predicted) == set(PREDICTIONS)
    for name, quantile in (
        ("t-k-1", stats.t.ppf(0.975, 4)),
        ("hts", stats.t.ppf(0.975, 3)),
        ("normal", 1.959964),
    ):
        assert predicted[name].scale_high == pytest.approx(mu + quantile * sqrt(tau2 + se**2), rel=1e-6)


def test_weights_by_hand():
    fit = glmm(series_of(*SETS["five"]))
    p = fit.estimate
    raw = [1 / (fit.spread.value + 1 / (n * p * (1 - p))) for n in SETS["five"][1]]
    assert fit.weights == pytest.approx([100 * one / sum(raw) for one in raw])


def test_equal_studies_have_no_spread_and_an_interval_with_width():
    fit = glmm(series_of((4, 4, 4, 4), (8, 8, 8, 8)))
    assert (fit.estimate, fit.spread.value, fit.spread.low) == (0.5, 0, 0)
    assert fit.spread.high > 0
    assert fit.se == pytest.approx(sqrt(1 / 16 + 1 / 16))
    assert fit.interval.low <= clopper_pearson(16, 32)[0]
    assert "tau² is estimated 0" in fit.notes[0]


def test_a_million_patients():
    began = time.perf_counter()
    fit = glmm(series_of((300_000, 310_000, 299_000), (10**6,) * 3))
    assert time.perf_counter() - began < 5
    # so large that the logits are seen as they are: their mean and their variance over 3 studies
    logits = [log(p / (1 - p)) for p in (0.30, 0.31, 0.299)]
    assert fit.scale_estimate == pytest.approx(np.mean(logits), abs=1e-5)
    assert fit.spread.value == pytest.approx(np.var(logits), rel=0.02)


@pytest.mark.parametrize(
    ("events", "totals"),
    [((1, 999_999), (10**6, 10**6)), ((0, 1), (10**6, 10**6)), ((1, 0, 3), (2, 1, 3)), ((0, 1), (1, 2))],
)
def test_discordant_and_extreme_studies_have_finite_answers(events, totals):
    fit = glmm(series_of(events, totals))
    assert 0 < fit.estimate < 1
    assert 0 <= fit.interval.low < fit.estimate < fit.interval.high <= 1


def test_of_two_peaks_the_higher_is_taken():
    # many studies all or nothing and one mixed: an interior peak far from tau = 0
    series = series_of((5, 6, 0, 0, 4), (5, 6, 5, 7, 8))
    best = maximise(counts_of(series), np.ones((5, 1)))
    assert best.tau > 1
    heights = [brute(series, float(best.coefficients[0]), tau) for tau in np.linspace(0, 14, 50)]
    assert best.log_likelihood >= max(heights) - 1e-9


@given(STUDIES)
@settings(max_examples=15, deadline=None)
def test_every_series_has_an_answer_of_plain_finite_numbers(studies):
    series = series_of(*zip(*studies, strict=True))
    fit = glmm(series)
    assert 0 <= fit.interval.low <= fit.estimate <= fit.interval.high <= 1
    assert sum(fit.weights) == pytest.approx(100)
    numbers = [
        fit.estimate,
        fit.scale_estimate,
        fit.se,
        fit.spread.value,
        fit.spread.high,
        fit.log_likelihood,
        *fit.weights,
    ]
    for limits in (fit.interval, *fit.other_intervals, *fit.predictions):
        numbers += [limits.low, limits.high, limits.scale_low, limits.scale_high]
        assert 0 <= limits.low <= limits.high <= 1
    assert all(number is None or (type(number) in {float, int} and isfinite(number)) for number in numbers)


@given(STUDIES)
@settings(max_examples=40, deadline=None)
def test_no_series_hides_a_higher_peak_and_mirrored_events_mirror_the_maximum(studies):
    series = series_of(*zip(*studies, strict=True))
    if not any(0 < x < n for x, n in studies) or series.k == 1:
        return
    ones = np.ones((series.k, 1))
    best = maximise(counts_of(series), ones)
    for mean in np.linspace(-4, 4, 5):
        for tau in (0.0, 0.4, 1.5, 5.0):
            assert brute(series, mean, tau) <= best.log_likelihood + 1e-8
    assert best.log_likelihood == pytest.approx(
        brute(series, float(best.coefficients[0]), best.tau), abs=1e-7
    )
    failures = series_of(*zip(*[(n - x, n) for x, n in studies[::-1]], strict=True))
    mirrored = maximise(counts_of(failures), ones)
    assert mirrored.log_likelihood == pytest.approx(best.log_likelihood, abs=1e-8)
    assert mirrored.coefficients[0] == pytest.approx(-best.coefficients[0], abs=1e-4, rel=1e-4)
    assert mirrored.tau == pytest.approx(best.tau, abs=1e-3, rel=1e-4)
