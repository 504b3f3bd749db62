"""The hypergeometric-normal model against metafor, brute-force integration, and its ends."""

from itertools import pairwise
from math import exp, isfinite, lgamma, log, pi

import numpy as np
import pytest
from hypothesis import given, settings

from openhlh.pooling.hypergeometric import Conditional, conditional_glmm
from openhlh.pooling.noncentral import tables_of
from openhlh.pooling.series import Comparison
from openhlh.pooling.two_arm_maximum import settled_nodes
from tests.two_arm_sets import BCG, NIELWEISE, SPARSE, SPREAD, comparisons

DISCORDANT = Comparison(("up", "down"), (30, 2), (40, 50), (1, 45), (50, 50))
ONE_END = Comparison(tuple("abcd"), (3, 9, 12, 0), (9, 9, 13, 7), (2, 3, 1, 0), (8, 9, 12, 9))


def log_choose(n, x):
    return lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1)


def brute_force(comparison, mean, tau):
    """Return the log likelihood by scipy.integrate.quad over pieces of z for each study, weights by lgamma."""
    from scipy.integrate import quad

    total = 0.0
    columns = (comparison.events_1, comparison.totals_1, comparison.events_2, comparison.totals_2)
    for a, n1, c, n2 in zip(*columns, strict=True):
        cells = np.arange(max(0, a + c - n2), min(n1, a + c) + 1)
        weights = np.array([log_choose(n1, x) + log_choose(n2, a + c - x) for x in cells])

        def height(z, a=a, cells=cells, weights=weights):
            terms = weights + (cells - a) * (mean + tau * z)
            return float(weights[cells == a][0] - np.logaddexp.reduce(terms)) - z * z / 2

        grid = np.linspace(-12, 12, 481)
        heights = np.array([height(z) for z in grid])
        kept = grid[heights > heights.max() - 42]
        edges = np.linspace(kept[0] - 0.05, kept[-1] + 0.05, 7)
        top = heights.max()
        parts = [
            quad(lambda z, height=height, top=top: exp(height(z) - top), *ends, epsabs=0, epsrel=1e-11)[0]
            for ends in pairwise(edges)
        ]
        total += top + log(sum(parts)) - 0.5 * log(2 * pi)
    return total


@pytest.mark.parametrize("point", [(0.0, 0.3), (-1.0, 1.4), (2.0, 4.0)])
@pytest.mark.parametrize(
    "comparison", [SPARSE, SPREAD, DISCORDANT, ONE_END], ids=["sparse", "spread", "torn", "end"]
)
def test_the_likelihood_is_that_of_brute_force_integration(comparison, point):
    like = Conditional(tables_of(comparison))
    found = like.surface(*point, settled_nodes(like, *point)).value
    assert found == pytest.approx(brute_force(comparison, *point), abs=1e-8)


@pytest.mark.parametrize("point", [(0.1, 0.4), (-0.8, 2.0)])
def test_gradient_and_hessian_are_those_of_finite_differences(point):
    like, step = Conditional(tables_of(SPREAD)), 1e-5
    here = like.surface(*point, 100)
    for at, (mean, tau) in enumerate(((step, 0), (0, step))):
        above = like.surface(point[0] + mean, point[1] + tau, 100)
        below = like.surface(point[0] - mean, point[1] - tau, 100)
        assert here.slope[at] == pytest.approx((above.value - below.value) / (2 * step), abs=1e-6)
        assert here.bend[at] == pytest.approx((above.slope - below.slope) / (2 * step), abs=1e-6)


def test_the_fit_is_that_of_rma_glmm():
    # R 4.2.2, metafor 3.8-1: rma.glmm(model = "CM.EL", nlminb, dnoncenhypergeom, rel.tol = 1e-10), dat.nielweise2007
    fit = conditional_glmm(NIELWEISE)
    assert fit.scale_estimate == pytest.approx(-1.35315828268, abs=1e-6)
    assert fit.spread.value == pytest.approx(0.693459265363, abs=1e-5)
    assert fit.log_likelihood == pytest.approx(-24.9444576108, abs=2e-6)
    assert fit.log_likelihood == pytest.approx(
        brute_force(NIELWEISE, fit.scale_estimate, fit.spread.value**0.5), abs=1e-8
    )
    assert fit.tests[0].statistic == pytest.approx(28.6092677144, abs=1e-6)
    assert fit.tests[0].df == 16
    assert fit.inconsistency[0].i2 == pytest.approx(41.1330785297, abs=1e-3)
    assert fit.inconsistency[0].h2 == pytest.approx(1.69874689388, abs=1e-4)
    # its errors come from a numerical Hessian of a numerical integral
    assert (fit.se, fit.spread.se) == pytest.approx((0.350934512073, 0.638930095516), rel=2e-3)


def test_a_second_fit_of_rma_glmm():
    fit = conditional_glmm(SPREAD)  # R and settings as above
    found = (fit.scale_estimate, fit.spread.value, fit.log_likelihood)
    assert found == pytest.approx((0.325591920218, 1.58715486544, -15.6756469485), abs=2e-8)


@pytest.mark.parametrize("comparison", [SPREAD, DISCORDANT, ONE_END], ids=["spread", "torn", "end"])
def test_no_point_around_is_higher_by_brute_force(comparison):
    fit = conditional_glmm(comparison)
    mean, tau = fit.scale_estimate, fit.spread.value**0.5
    best = brute_force(comparison, mean, tau)
    assert fit.log_likelihood == pytest.approx(best, abs=1e-8)
    around = [(mean + move, tau) for move in (-0.01, 0.01)] + [
        (mean, abs(tau + move)) for move in (-0.01, 0.01)
    ]
    around += [(mean, 0.0), (mean, 0.5), (mean, 3.0), (mean + 1, tau + 1), (mean - 1, tau + 1)]
    assert all(brute_force(comparison, *point) <= best + 1e-9 for point in around)


def test_at_the_limits_the_profile_has_fallen_by_half_the_critical_value():
    from scipy.optimize import minimize_scalar

    fit = conditional_glmm(SPREAD)
    target = fit.log_likelihood - 0.5 * 1.959963984540054**2
    for mean in (fit.interval.scale_low, fit.interval.scale_high):
        profile = minimize_scalar(
            lambda tau, mean=mean: -brute_force(SPREAD, mean, tau), bounds=(0.1, 6), method="bounded"
        )
        assert -profile.fun == pytest.approx(target, abs=1e-6)
    for tau2 in (fit.spread.low, fit.spread.high):
        profile = minimize_scalar(
            lambda mean, tau2=tau2: -brute_force(SPREAD, mean, tau2**0.5), bounds=(-3, 4), method="bounded"
        )
        assert -profile.fun == pytest.approx(target, abs=1e-6)


def test_without_spread_the_estimate_is_the_common_conditional_one():
    # at tau = 0 the expected first cells add up to the observed ones
    fit = conditional_glmm(SPARSE)
    assert (fit.spread.value, fit.spread.low) == (0.0, 0.0)
    assert fit.spread.high > 1
    assert "tau² is estimated 0" in fit.notes[0]
    assert "v" in fit.notes[1]
    assert float(
        Conditional(tables_of(SPARSE)).surface(fit.scale_estimate, 0.0, 25).slope[0]
    ) == pytest.approx(0, abs=1e-9)


def test_wald_stands_beside_the_profile():
    fit = conditional_glmm(SPREAD)
    assert fit.interval.name == "profile"
    wald = fit.other_intervals[0]
    assert (wald.name, wald.scale_high) == (
        "wald",
        pytest.approx(fit.scale_estimate + 1.959964 * fit.se, abs=1e-5),
    )


def test_the_predictions_widen_with_fewer_degrees_of_freedom():
    found = {one.name: one.scale_high for one in conditional_glmm(SPREAD).predictions}
    assert found["normal"] < found["t-k-1"] < found["hts"]


def test_two_studies_have_no_prediction_with_k_minus_two():
    assert {one.name for one in conditional_glmm(DISCORDANT).predictions} == {"t-k-1", "normal"}


def test_turning_the_arms_round_turns_the_sign():
    turned = Comparison(BCG.labels, BCG.events_2, BCG.totals_2, BCG.events_1, BCG.totals_1)
    fit, other = conditional_glmm(BCG), conditional_glmm(turned)
    assert other.scale_estimate == pytest.approx(-fit.scale_estimate, abs=1e-8)
    assert other.spread.value == pytest.approx(fit.spread.value, abs=1e-8)
    assert other.interval.scale_low == pytest.approx(-fit.interval.scale_high, abs=1e-7)


def test_a_million_patients_agree_with_the_normal_model():
    # with so many patients each log odds ratio is normal, its variance small beside tau squared
    comparison = Comparison(
        ("l", "m"), (30_000, 400_000), (10**6, 10**6), (20_000, 300_000), (10**6, 900_000)
    )
    values = [log(30_000 / 970_000 * 980_000 / 20_000), log(400_000 / 600_000 * 600_000 / 300_000)]
    variances = [1 / 30_000 + 1 / 970_000 + 1 / 20_000 + 1 / 980_000, 1 / 400_000 + 2 / 600_000 + 1 / 300_000]
    fit = conditional_glmm(comparison)
    weights = [1 / (fit.spread.value + one) for one in variances]
    mean = (weights[0] * values[0] + weights[1] * values[1]) / sum(weights)
    assert fit.scale_estimate == pytest.approx(mean, abs=1e-5)
    assert fit.spread.value == pytest.approx((values[0] - values[1]) ** 2 / 4 - sum(variances) / 2, rel=1e-3)


def test_one_study_answers_with_the_exact_interval():
    fit = conditional_glmm(Comparison(("a",), (7,), (9,), (4,), (11,)))
    # R 4.2.2: fisher.test; its limits are solved to about 1e-4 of their reciprocals
    assert (fit.interval.name, fit.spread.value) == ("exact-conditional", None)
    assert fit.interval.low == pytest.approx(0.622476363472412, rel=1e-4)
    assert "one study" in fit.notes[0]


@pytest.mark.parametrize(
    ("first", "second", "estimate"), [((3, 5, 2), (0, 2, 0), None), ((0, 0, 1), (2, 3, 8), 0.0)]
)
def test_an_odds_ratio_at_an_end_answers_with_the_exact_interval(first, second, estimate):
    fit = conditional_glmm(Comparison(tuple("abc"), first, (4, 5, 9), second, (5, 5, 8)))
    assert (fit.estimate, fit.scale_estimate, fit.interval.name) == (estimate, None, "exact-conditional")
    assert (fit.interval.high is None) == (estimate is None)


def test_studies_at_opposite_ends_leave_everything_open():
    fit = conditional_glmm(Comparison(("a", "b"), (3, 0), (4, 5), (0, 2), (5, 5)))
    assert (fit.estimate, fit.interval.low, fit.interval.high, fit.spread.value) == (None, 0.0, None, None)
    assert "rises with tau without end" in fit.notes[0]


def test_without_information_there_is_no_estimate_and_a_reason():
    fit = conditional_glmm(Comparison(("a", "b"), (0, 3), (9, 3), (0, 4), (11, 4)))
    assert (fit.estimate, fit.weights) == (None, (0.0, 0.0))
    assert "no study has information" in fit.notes[0]


@settings(max_examples=30, deadline=None)
@given(comparisons(most=12))
def test_every_comparison_has_an_answer_in_plain_numbers(comparison):
    fit = conditional_glmm(comparison)
    numbers = [fit.estimate, fit.scale_estimate, fit.se, fit.spread.value, fit.spread.low, fit.spread.high]
    for limits in (fit.interval, *fit.other_intervals, *fit.predictions):
        numbers += [limits.low, limits.high, limits.scale_low, limits.scale_high]
    assert all(one is None or (type(one) is float and isfinite(one)) for one in [*numbers, *fit.weights])
    if (
        fit.scale_estimate is not None
        and fit.interval.scale_low is not None
        and fit.interval.scale_high is not None
    ):
        assert fit.interval.scale_low < fit.scale_estimate < fit.interval.scale_high
