"""The binomial-normal posterior against brute force on dense grids, closed limits, and data at the edge."""

import math
import time
from dataclasses import asdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.fft import irfft, rfft, rfftfreq
from scipy.integrate import quad
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq
from scipy.special import expit, gammaln, ndtr

from openhlh.errors import WrongInput
from openhlh.pooling.bayes_binomial import bayes_binomial
from openhlh.pooling.bayes_normal import bayes_normal
from openhlh.pooling.priors import Prior
from openhlh.pooling.series import Effects, Series

LEVELS = (0.025, 0.5, 0.975)
SETS = {
    "all responders": [(3, 3), (5, 5), (9, 9)],
    "four equal halves": [(4, 8)] * 4,
    "two discordant": [(0, 10), (10, 10)],
    "one study": [(7, 12)],
    "one patient each": [(1, 1), (0, 1), (1, 1)],
    "no responders": [(0, 3), (0, 1), (0, 63)],
    "fourteen": [(17, 27), (3, 3), (0, 4), (15, 17), (6, 17), (22, 34), (41, 63), (1, 1), (2, 2), (5, 9), (8, 17), (3, 11), (10, 12), (4, 15)],
}  # fmt: skip
PRIORS = [Prior(), Prior("half-normal", 2.0), Prior("half-cauchy", 0.5)]


def series(pairs):
    return Series(
        tuple(f"study {at}" for at in range(len(pairs))),
        tuple(count for count, _ in pairs),
        tuple(total for _, total in pairs),
    )


class BruteForce:
    """Every density on one lattice of logits, tau on a log grid, the normal of theta by convolution.

    A likelihood that does not vanish at one end (all events, none) is a normal distribution function, whose
    convolution is known, and a rest that vanishes at both.
    """

    step, half, top = 0.04, 2**12, {"half-normal": 16.0, "half-cauchy": 1e8}

    def __init__(self, pairs, prior):
        self.lattice = (np.arange(2 * self.half) - self.half) * self.step
        self.inside = np.abs(self.lattice) < 14
        self.log_tau = np.linspace(math.log(1e-9), math.log(self.top[prior.spread]), 260)
        self.events, totals = (np.array(column, dtype=float)[:, None] for column in zip(*pairs, strict=True))
        self.others = totals - self.events
        likelihood = np.exp(
            -self.events * np.logaddexp(0, -self.lattice) - self.others * np.logaddexp(0, self.lattice)
        )
        self.rest = likelihood - self.base(self.lattice, 2.0)
        mean = np.exp(-((self.lattice - prior.mean) ** 2) / 2 / prior.mean_sd**2)
        mean /= prior.mean_sd * math.sqrt(2 * math.pi)
        self.mu, self.new, self.theta, self.tau = 0.0, 0.0, np.zeros_like(likelihood), []
        for tau in np.exp(self.log_tau):
            smooth = np.where(self.inside, np.maximum(self.smoothed(tau), 1e-300), 1)
            density = self.density(prior, tau) * tau * (self.log_tau[1] - self.log_tau[0])
            joint = np.where(self.inside, mean * smooth.prod(axis=0), 0) * density
            self.mu = self.mu + joint
            self.tau.append(joint.sum() * self.step)
            if prior.spread == "half-normal":  # else the lattice ends before a prediction does
                self.new = self.new + self.convolved(joint, tau)
                self.theta += likelihood * self.convolved(joint / smooth, tau)
        choices = gammaln(totals + 1) - gammaln(self.events + 1) - gammaln(self.others + 1)
        self.evidence = math.log(sum(self.tau)) + float(choices.sum())

    def base(self, points, deviation):
        return (self.others == 0) * ndtr(points / deviation) + (self.events == 0) * ndtr(-points / deviation)

    def smoothed(self, tau):
        base = self.base(self.lattice, math.hypot(2, tau))
        if tau < 12:
            return base + self.convolved(self.rest, tau)
        near = np.flatnonzero(np.abs(self.lattice) < 60)[::8]  # the rest is smooth: every eighth point does
        gaps = self.lattice[self.inside][:, None] - self.lattice[near]
        kernel = np.exp(-((gaps / tau) ** 2) / 2) / tau / math.sqrt(2 * math.pi)
        base[:, self.inside] += self.rest[:, near] @ kernel.T * 8 * self.step
        return base

    def convolved(self, values, tau):
        kernel = np.exp(-((2 * np.pi * rfftfreq(2 * self.half, self.step) * tau) ** 2) / 2)
        return irfft(rfft(values) * kernel, 2 * self.half)

    @staticmethod
    def density(prior, tau):
        scaled = tau / prior.scale
        if prior.spread == "half-cauchy":
            return 2 / math.pi / prior.scale / (1 + scaled**2)
        return math.sqrt(2 / math.pi) / prior.scale * math.exp(-(scaled**2) / 2)

    def quantiles(self, density):
        return self.inverted(self.lattice, density)

    def tau_quantiles(self):
        return [math.exp(value) for value in self.inverted(self.log_tau, np.array(self.tau))]

    @staticmethod
    def inverted(points, density):
        rise = CubicSpline(points, density).antiderivative()
        total = rise(points[-1])
        return [
            brentq(lambda at, level=level: rise(at) / total - level, points[0], points[-1], xtol=1e-13)
            for level in LEVELS
        ]


@pytest.mark.parametrize(
    ("name", "prior"),
    [(name, PRIORS[0]) for name in SETS]
    + [(name, prior) for name in ("all responders", "one patient each", "fourteen") for prior in PRIORS[1:]],
)
def test_every_quantile_agrees_with_brute_force(name, prior):
    brute, fit = BruteForce(SETS[name], prior), bayes_binomial(series(SETS[name]), prior)
    interval, prediction = fit.interval, fit.prediction

    mean = [interval.low, fit.estimate, interval.high]
    assert mean == pytest.approx(expit(brute.quantiles(brute.mu)), abs=1e-6)
    assert fit.log_likelihood == pytest.approx(brute.evidence, abs=2e-6)
    if prior.spread == "half-normal":
        new = expit(brute.quantiles(brute.new))
        assert [prediction.low, prediction.high] == pytest.approx([new[0], new[2]], abs=1e-6)
        tau = [math.sqrt(value) for value in (fit.spread.low, fit.spread.value, fit.spread.high)]
        assert tau == pytest.approx(brute.tau_quantiles(), abs=5e-5)
        for study, density in zip(fit.posterior.shrunken, brute.theta, strict=True):
            assert [study.low, study.value, study.high] == pytest.approx(
                expit(brute.quantiles(density)), abs=3e-6
            )


@pytest.mark.parametrize("pair", [(7, 12), (3, 3), (0, 63), (600_000, 10**6)])
def test_with_next_to_no_spread_one_study_is_a_logit_normal_prior_times_a_binomial(pair):
    (count, total), centre = pair, math.log(pair[0] + 0.5) - math.log(pair[1] - pair[0] + 0.5)

    def height(logit):
        return (
            count * (logit - centre)
            - total * (np.logaddexp(0, logit) - np.logaddexp(0, centre))
            - logit**2 / 4.5
        )

    width = min(1.5, 1 / math.sqrt(total * expit(centre) * expit(-centre)))
    edges = np.linspace(centre - 14 * width, centre + 14 * width, 29)
    parts = [
        quad(lambda at: math.exp(height(at)), low, high, epsabs=0, epsrel=1e-12)[0]
        for low, high in pairwise(edges)
    ]
    fit = bayes_binomial(series([pair]), Prior("half-normal", 1e-9))

    for level, limit in zip(
        LEVELS, (fit.interval.scale_low, fit.scale_estimate, fit.interval.scale_high), strict=True
    ):
        at = int(np.searchsorted(edges, limit)) - 1
        reached = (
            sum(parts[:at]) + quad(lambda x: math.exp(height(x)), edges[at], limit, epsabs=0, epsrel=1e-12)[0]
        )
        assert reached / sum(parts) == pytest.approx(level, abs=1e-7)


def test_with_a_million_patients_each_it_is_the_normal_model_of_the_logits():
    counts = [600_000, 610_000, 605_000, 580_000]
    logits = tuple(math.log(count / (10**6 - count)) for count in counts)
    variances = tuple(1 / count + 1 / (10**6 - count) for count in counts)
    normal = bayes_normal(Effects(("a", "b", "c", "d"), logits, variances, "PLO"), Prior())
    exact = bayes_binomial(series([(count, 10**6) for count in counts]))

    assert exact.estimate == pytest.approx(normal.estimate, abs=1e-6)
    assert exact.interval.low == pytest.approx(normal.interval.low, abs=1e-6)
    assert exact.prediction.high == pytest.approx(normal.prediction.high, abs=1e-6)
    assert exact.spread.high == pytest.approx(normal.spread.high, rel=1e-4)
    shrunken = [[study.value for study in fit.posterior.shrunken] for fit in (exact, normal)]
    assert shrunken[0] == pytest.approx(shrunken[1], abs=1e-6)


def test_events_and_non_events_mirror_each_other():
    there = bayes_binomial(series(SETS["fourteen"]), thresholds=(0.4,))
    back = bayes_binomial(
        series([(total - count, total) for count, total in SETS["fourteen"]]), thresholds=(0.6,)
    )

    assert back.estimate == pytest.approx(1 - there.estimate, abs=1e-9)
    assert back.interval.low == pytest.approx(1 - there.interval.high, abs=1e-9)
    assert back.weights == pytest.approx(there.weights)
    assert back.log_likelihood == pytest.approx(there.log_likelihood)
    assert back.posterior.exceeds[0][1] == pytest.approx(1 - there.posterior.exceeds[0][1], abs=1e-9)
    assert back.extra["new_exceeds_0.6"] == pytest.approx(1 - there.extra["new_exceeds_0.4"], abs=1e-9)


def test_the_chance_to_exceed_a_quantile_is_its_level():
    fit = bayes_binomial(series(SETS["all responders"]))
    again = bayes_binomial(series(SETS["all responders"]), thresholds=(fit.interval.low, fit.estimate))
    assert [chance for _, chance in again.posterior.exceeds] == pytest.approx([0.975, 0.5], abs=1e-9)
    assert [limit for limit, _ in again.posterior.exceeds] == [fit.interval.low, fit.estimate]


@pytest.mark.parametrize("prior", [*PRIORS, Prior(mean_sd=20.0), Prior("half-cauchy", 1, 0, 10.0)])
def test_the_evidences_of_one_study_add_up_to_one(prior):
    total = sum(math.exp(bayes_binomial(series([(count, 6)]), prior).log_likelihood) for count in range(7))
    assert total == pytest.approx(1, abs=1e-9)


def test_small_studies_are_pulled_to_the_mean_more_than_large_ones():
    fit = bayes_binomial(series([(2, 2), (40, 40), (10, 30), (12, 30)]))
    small, large = fit.posterior.shrunken[:2]
    assert fit.estimate < small.value < large.value < 1
    assert large.high - large.low < small.high - small.low
    assert fit.weights[0] == min(fit.weights)


@pytest.mark.parametrize(
    "pairs",
    [
        [(10**6, 10**6)],
        [(0, 10**6), (10**6, 10**6)],
        [(600_000, 10**6)] * 3,
        [(300_000, 10**6), (1, 3), (63, 63)],
        [(5 * 10**8, 10**9), (3, 10**9)],
        [(1, 1)] * 12,
        [(0, 1)],
    ],
)
@pytest.mark.parametrize(
    "prior", [Prior(), Prior("half-cauchy", 0.5), Prior("half-normal", 0.01), Prior(mean_sd=20.0)]
)
def test_data_at_the_edge_give_finite_ordered_numbers(pairs, prior):
    orderly(bayes_binomial(series(pairs), prior, thresholds=(0.001, 0.5)))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.one_of(st.integers(1, 63), st.sampled_from([10**3, 10**6])).flatmap(
            lambda total: st.tuples(st.integers(0, total), st.just(total))
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(PRIORS),
)
def test_any_series_gives_finite_ordered_numbers(pairs, prior):
    orderly(bayes_binomial(series(pairs), prior))


def orderly(fit):
    """Assert that a fit is made of plain finite numbers in their order."""
    plain(asdict(fit))
    interval, prediction, spread = fit.interval, fit.prediction, fit.spread
    assert 0 <= interval.low < fit.estimate < interval.high <= 1
    assert prediction.scale_low < interval.scale_low < interval.scale_high < prediction.scale_high
    assert 0 <= spread.low < spread.value < spread.high
    assert sum(fit.weights) == pytest.approx(100)
    assert all(0 <= study.low <= study.value <= study.high <= 1 for study in fit.posterior.shrunken)
    assert all(
        0 <= chance <= 1 for chance in [*fit.extra.values(), *(chance for _, chance in fit.posterior.exceeds)]
    )


def plain(value):
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple):
        for part in value:
            plain(part)
        return
    assert type(value) in {float, int, str, bool, type(None)}, value
    assert not isinstance(value, float) or math.isfinite(value)


def test_without_a_finite_mean_of_tau_the_median_stands_in_and_a_note_says_so():
    fit = bayes_binomial(series(SETS["all responders"]), Prior("half-cauchy", 0.5))
    assert fit.posterior.tau_mean == fit.posterior.tau_median
    assert any("no mean" in note for note in fit.notes)
    assert not any("no mean" in note for note in bayes_binomial(series(SETS["all responders"])).notes)


def test_a_flat_mean_and_impossible_thresholds_are_refused():
    for prior in (Prior(mean=None), Prior(mean_sd=51.0)):
        with pytest.raises(WrongInput, match="flat"):
            bayes_binomial(series([(1, 2)]), prior)
    with pytest.raises(WrongInput, match="threshold"):
        bayes_binomial(series([(1, 2)]), thresholds=(40,))


def test_the_same_data_give_the_same_digits_quickly():
    data = series(SETS["fourteen"])
    first, start = bayes_binomial(data), time.process_time()
    assert bayes_binomial(data) == first
    assert time.process_time() - start < 0.3
