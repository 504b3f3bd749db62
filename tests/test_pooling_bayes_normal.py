"""The normal-normal posterior against brute force over tau, closed limits, and effects at the edge."""

import math
import time
from dataclasses import asdict

import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.special import ndtri as normal_quantile

from openhlh.pooling.bayes_normal import bayes_normal
from openhlh.pooling.posterior_shape import normal_cdf
from openhlh.pooling.priors import FLAT_MEAN, Prior
from openhlh.pooling.series import Effects

LEVELS = (0.025, 0.5, 0.975)
FOURTEEN = (
    (0.52, -0.71, 1.30, 0.11, 0.94, -0.25, 2.10, 0.33, -1.40, 0.87, 0.05, 0.61, 1.72, -0.48),
    (0.21, 0.90, 0.37, 0.08, 1.10, 0.15, 0.66, 0.44, 0.73, 0.12, 0.29, 0.51, 0.95, 0.18),
)
SETS = {
    "fourteen": FOURTEEN,
    "one study": ((0.5,), (0.2,)),
    "two discordant": ((-3.0, 3.0), (0.01, 0.02)),
    "equal": ((1.0, 1.0, 1.0), (0.1, 0.1, 0.1)),
    "precise": ((0.2, 0.3, 0.1), (1e-8, 1e-8, 1e-6)),
    "vague": ((1.0, 5.0), (1e4, 1e5)),
}
PRIORS = [FLAT_MEAN, Prior(), Prior("half-cauchy", 0.5, None), Prior("half-cauchy", 0.5)]


def effects(values, variances, measure="GEN"):
    return Effects(
        tuple(f"study {at}" for at in range(len(values))), tuple(values), tuple(variances), measure
    )


def brute_force(values, variances, prior):
    """Return quantiles of mu and of a new effect: tau on a fine log grid, the marginal from its covariance."""
    y, v = np.array(values), np.array(variances)
    log_tau = np.linspace(-25, 30, 3001)
    tau = np.exp(log_tau)[:, None]
    weights = 1 / (v + tau**2)
    if prior.mean is not None:  # the prior of mu is one more study, known to lie at the prior mean
        y, weights = np.append(y, prior.mean), np.hstack([weights, np.full_like(tau, prior.mean_sd**-2)])
    precision = weights.sum(axis=1)
    centre = weights @ y / precision
    log_marginal = (
        np.log(weights).sum(axis=1) - np.log(precision) - (weights * (y - centre[:, None]) ** 2).sum(axis=1)
    ) / 2
    scaled = tau[:, 0] / prior.scale
    log_prior = -(scaled**2) / 2 if prior.spread == "half-normal" else -2 * np.log(np.hypot(1, scaled))
    mass = np.exp((height := log_marginal + log_prior + log_tau) - height.max())
    mass /= mass.sum()

    def quantiles(deviation):
        return [
            brentq(
                lambda at, level=level: mass @ ndtr((at - centre) / deviation) - level, -1e7, 1e7, xtol=1e-12
            )
            for level in LEVELS
        ]

    return (
        quantiles(precision**-0.5),
        quantiles(np.sqrt(1 / precision + tau[:, 0] ** 2)),
        np.cumsum(mass) - mass / 2,
        tau[:, 0],
    )


@pytest.mark.parametrize("prior", PRIORS, ids=lambda prior: prior.words[:36])
@pytest.mark.parametrize("name", SETS)
def test_quantiles_agree_with_brute_force(name, prior):
    mean, new, reached, tau = brute_force(*SETS[name], prior)
    fit = bayes_normal(effects(*SETS[name]), prior)

    found = [fit.interval.scale_low, fit.scale_estimate, fit.interval.scale_high]
    assert found == pytest.approx(mean, abs=1e-7)
    assert [fit.prediction.scale_low, fit.prediction.scale_high] == pytest.approx(
        [new[0], new[2]], rel=1e-7, abs=1e-7
    )
    assert fit.posterior.tau_median == pytest.approx(float(np.interp(0.5, reached, tau)), rel=2e-3)


def test_evidence_and_moments_agree_with_a_double_integral():
    values, variances = (0.3, 1.4), (0.2, 0.5)

    def joint(tau, mu):
        likelihood = math.prod(
            math.exp(-((y - mu) ** 2) / 2 / (v + tau**2)) / math.sqrt(2 * math.pi * (v + tau**2))
            for y, v in zip(values, variances, strict=True)
        )
        return (
            likelihood
            * math.exp(-(mu**2) / 4.5)
            / 1.5
            / math.sqrt(2 * math.pi)
            * math.sqrt(2 / math.pi)
            * math.exp(-(tau**2) / 2)
        )

    def integral(weight):
        return dblquad(
            lambda tau, mu: joint(tau, mu) * weight(mu, tau), -14, 14, 0, 9, epsabs=1e-9, epsrel=1e-9
        )[0]

    total = integral(lambda _mu, _tau: 1)
    fit = bayes_normal(effects(values, variances), Prior())
    mean = integral(lambda mu, _tau: mu) / total
    assert fit.log_likelihood == pytest.approx(math.log(total), abs=1e-7)
    assert fit.posterior.mean_of_scale == pytest.approx(mean, abs=1e-7)
    assert fit.se**2 == pytest.approx(integral(lambda mu, _tau: (mu - mean) ** 2) / total, abs=1e-7)
    assert fit.posterior.tau_mean == pytest.approx(integral(lambda _mu, tau: tau) / total, abs=1e-7)


def test_with_next_to_no_spread_it_is_the_common_effect_of_inverse_variances():
    fit = bayes_normal(effects(*FOURTEEN), Prior("half-normal", 1e-6, None))
    weights = 1 / np.array(FOURTEEN[1])
    mean, error = float(weights @ np.array(FOURTEEN[0]) / weights.sum()), float(weights.sum()) ** -0.5
    half = float(normal_quantile(0.975)) * error

    assert fit.scale_estimate == pytest.approx(mean, abs=1e-9)
    assert [fit.interval.scale_low, fit.interval.scale_high] == pytest.approx(
        [mean - half, mean + half], abs=1e-9
    )
    assert fit.weights == pytest.approx(100 * weights / weights.sum(), abs=1e-6)
    assert all(study.value == pytest.approx(mean, abs=1e-6) for study in fit.posterior.shrunken)


def test_studies_without_sampling_error_keep_their_own_effect():
    fit = bayes_normal(effects((0.0, 2.0, 5.0), (1e-12, 1e-12, 1e-12)), FLAT_MEAN)
    assert [study.value for study in fit.posterior.shrunken] == pytest.approx([0.0, 2.0, 5.0], abs=1e-9)
    assert fit.weights == pytest.approx([100 / 3] * 3)


def test_moving_and_stretching_the_effects_moves_and_stretches_the_posterior():
    moved = effects([3 + 2 * value for value in FOURTEEN[0]], [4 * variance for variance in FOURTEEN[1]])
    there, back = (
        bayes_normal(effects(*FOURTEEN), FLAT_MEAN),
        bayes_normal(moved, Prior("half-normal", 2.0, None)),
    )

    assert back.scale_estimate == pytest.approx(3 + 2 * there.scale_estimate, abs=1e-9)
    assert back.prediction.scale_high == pytest.approx(3 + 2 * there.prediction.scale_high, abs=1e-9)
    assert back.spread.value == pytest.approx(4 * there.spread.value, rel=1e-7)


def test_what_is_shown_is_on_the_natural_scale():
    fit = bayes_normal(effects((0.5, 1.0), (0.1, 0.2), "OR"), thresholds=(1.0,))
    assert fit.estimate == pytest.approx(math.exp(fit.scale_estimate))
    assert fit.interval.low == pytest.approx(math.exp(fit.interval.scale_low))
    below = bayes_normal(effects((0.5, 1.0), (0.1, 0.2)), thresholds=(0.0,))
    assert fit.posterior.exceeds[0][1] == pytest.approx(below.posterior.exceeds[0][1], abs=1e-9)


def test_on_a_scale_that_runs_backwards_limits_and_chances_are_the_right_way_round():
    fit = bayes_normal(effects((-0.5, -1.0, -0.2), (0.1, 0.2, 0.1), "CLL"), thresholds=(0.5,))
    assert fit.interval.low < fit.estimate < fit.interval.high
    again = bayes_normal(effects((-0.5, -1.0, -0.2), (0.1, 0.2, 0.1), "CLL"), thresholds=(fit.interval.low,))
    assert again.posterior.exceeds[0][1] == pytest.approx(0.975, abs=1e-9)
    assert again.extra[f"new_exceeds_{fit.interval.low:g}"] < 0.975


def test_the_chance_to_exceed_the_end_of_a_prediction_is_its_level():
    fit = bayes_normal(effects(*FOURTEEN))
    again = bayes_normal(effects(*FOURTEEN), thresholds=(fit.prediction.high,))
    assert again.extra[f"new_exceeds_{fit.prediction.high:g}"] == pytest.approx(0.025, abs=1e-9)


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize(
    ("values", "variances"),
    [
        ((0.0,), (1e-12,)),
        ((1000.0, -1000.0), (1.0, 1.0)),
        ((-14.0, 14.0), (1e-6, 1e-6)),
        ((0.0,) * 40, (1.0,) * 40),
        ((1.0, 1.0), (1e-9, 1e9)),
    ],
)
def test_effects_at_the_edge_give_finite_ordered_numbers(values, variances, prior):
    fit = bayes_normal(effects(values, variances), prior, thresholds=(0.0,))
    plain(asdict(fit))
    assert fit.interval.low < fit.estimate < fit.interval.high
    assert fit.prediction.low < fit.interval.low < fit.interval.high < fit.prediction.high
    assert 0 <= fit.spread.low < fit.spread.value < fit.spread.high
    assert sum(fit.weights) == pytest.approx(100)


def plain(value):
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple):
        for part in value:
            plain(part)
        return
    assert type(value) in {float, int, str, bool, type(None)}, value
    assert not isinstance(value, float) or math.isfinite(value)


def test_moments_that_do_not_exist_are_replaced_and_named():
    single = bayes_normal(effects((0.5,), (0.2,)), Prior("half-cauchy", 0.5, None))
    pair = bayes_normal(effects((0.5, 1), (0.2, 0.1)), Prior("half-cauchy", 0.5, None))
    triple = bayes_normal(effects((0.5, 1, 2), (0.2, 0.1, 0.3)), Prior("half-cauchy", 0.5, None))

    assert single.se is None
    assert pair.se is None
    assert triple.se is not None
    assert single.posterior.tau_mean == single.posterior.tau_median
    assert (len(single.notes), len(pair.notes), len(triple.notes)) == (3, 2, 1)


def test_the_normal_distribution_function_is_that_of_scipy():
    deviates = np.concatenate([np.linspace(-39, 39, 4001), [-8.0, 0.0, 8.0]])
    assert normal_cdf(deviates) == pytest.approx(ndtr(deviates), rel=1e-12, abs=1e-250)


def test_the_same_data_give_the_same_digits_quickly():
    data = effects(*FOURTEEN)
    first, times = bayes_normal(data), []
    for _ in range(5):
        start = time.process_time()
        assert bayes_normal(data) == first
        times.append(time.process_time() - start)
    assert min(times) < 0.02  # 2.5 ms where measured
