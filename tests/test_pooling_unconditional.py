"""The binomial-normal two-arm model against metafor, lme4, brute-force integration, and its ends."""

from math import exp, isfinite, lgamma, log, pi

import numpy as np
import pytest
from hypothesis import given, settings

from openhlh.pooling.hypergeometric import conditional_glmm
from openhlh.pooling.noncentral import tables_of
from openhlh.pooling.series import Comparison
from openhlh.pooling.two_arm_maximum import settled_nodes
from openhlh.pooling.unconditional import Unconditional, unconditional_glmm
from tests.two_arm_sets import NIELWEISE, SPARSE, SPREAD, comparisons


def log_binomial(x, n, logit):
    constant = lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1)
    return constant - x * np.logaddexp(0, -logit) - (n - x) * np.logaddexp(0, logit)


def brute_force(comparison, mean, tau):
    """Return the log likelihood by a fine trapezoid, each intercept maximised by scipy's bounded search."""
    from scipy.optimize import minimize_scalar

    z = np.linspace(-10, 10, 8001)
    theta, log_density = mean + tau * z, -0.5 * z**2 - 0.5 * log(2 * pi) + log(z[1] - z[0])
    total = 0.0
    columns = (comparison.events_1, comparison.totals_1, comparison.events_2, comparison.totals_2)
    for a, n1, c, n2 in zip(*columns, strict=True):
        if a + c in {0, n1 + n2}:
            continue

        def minus(alpha, a=a, n1=n1, c=c, n2=n2):
            terms = (
                log_binomial(a, n1, alpha + theta / 2) + log_binomial(c, n2, alpha - theta / 2) + log_density
            )
            return -(terms.max() + log(np.exp(terms - terms.max()).sum()))

        total -= minimize_scalar(minus, bounds=(-12, 12), method="bounded", options={"xatol": 1e-8}).fun
    return total


@pytest.mark.parametrize("point", [(0.0, 0.3), (-1.0, 1.4), (2.0, 3.0)])
@pytest.mark.parametrize("comparison", [SPARSE, SPREAD], ids=["sparse", "spread"])
def test_the_likelihood_is_that_of_brute_force_integration(comparison, point):
    like = Unconditional(comparison, tables_of(comparison))
    found = like.surface(*point, settled_nodes(like, *point)).value
    assert found == pytest.approx(brute_force(comparison, *point), abs=1e-8)


@pytest.mark.parametrize("point", [(0.1, 0.4), (-0.8, 2.0)])
def test_gradient_and_hessian_are_those_of_finite_differences(point):
    like, step = Unconditional(SPREAD, tables_of(SPREAD)), 1e-5
    here = like.surface(*point, 100)
    for at, (mean, tau) in enumerate(((step, 0), (0, step))):
        above = like.surface(point[0] + mean, point[1] + tau, 100)
        below = like.surface(point[0] - mean, point[1] - tau, 100)
        assert here.slope[at] == pytest.approx((above.value - below.value) / (2 * step), abs=1e-6)
        assert here.bend[at] == pytest.approx((above.slope - below.slope) / (2 * step), abs=1e-6)


def test_the_curvature_in_tau_at_no_spread_is_the_limit_from_above():
    like = Unconditional(SPREAD, tables_of(SPREAD))
    assert like.surface(0.3, 0.0, 25).bend[1, 1] == pytest.approx(
        like.surface(0.3, 1e-4, 25).bend[1, 1], rel=1e-5
    )


def test_the_fit_is_that_of_lme4_with_a_hundred_nodes():
    # R 4.2.2, lme4 1.1-31: glmer(cbind(y, n - y) ~ 0 + s + g + (0 + g | s), nAGQ = 100, tolerances 1e-12), g = -+ 1/2
    fit = unconditional_glmm(SPREAD)
    assert (fit.scale_estimate, fit.spread.value) == pytest.approx((0.3361430262, 1.6007712925), abs=5e-5)
    assert fit.se == pytest.approx(0.5840602595, abs=1e-5)


def test_the_statistics_are_those_of_rma_glmm():
    # R 4.2.2, metafor 3.8-1: rma.glmm(model = "UM.FS", nAGQ = 100): its log likelihood lacks constants, its tests do not
    fit = unconditional_glmm(SPREAD)
    assert fit.tests[0].statistic == pytest.approx(28.413918672, abs=1e-6)
    assert fit.inconsistency[0].i2 == pytest.approx(78.5873444272, abs=1e-3)
    without = unconditional_glmm(SPARSE)
    assert without.scale_estimate == pytest.approx(-0.982225383128, abs=1e-7)
    assert without.se == pytest.approx(0.40151071356, abs=1e-7)
    assert without.log_likelihood == pytest.approx(-15.8356360455, abs=1e-8)
    assert without.tests[0].statistic == pytest.approx(8.55481995661, abs=1e-7)
    many = unconditional_glmm(NIELWEISE)
    assert (many.scale_estimate, many.spread.value) == pytest.approx(
        (-1.23682256643, 0.319556275118), abs=2e-3
    )
    assert many.tests[0].statistic == pytest.approx(28.7359061, abs=1e-5)


@pytest.mark.parametrize("comparison", [SPREAD, NIELWEISE], ids=["spread", "many"])
def test_no_point_around_is_higher_by_brute_force(comparison):
    fit = unconditional_glmm(comparison)
    mean, tau = fit.scale_estimate, fit.spread.value**0.5
    best = brute_force(comparison, mean, tau)
    assert fit.log_likelihood == pytest.approx(best, abs=1e-8)
    around = [(mean + move, tau) for move in (-0.01, 0.01)] + [(mean, tau + move) for move in (-0.01, 0.01)]
    assert all(
        brute_force(comparison, *point) <= best + 1e-9 for point in [*around, (mean, 0.0), (mean, 2.5)]
    )


def test_at_the_limits_the_profile_has_fallen_by_half_the_critical_value():
    from scipy.optimize import minimize_scalar

    fit = unconditional_glmm(SPREAD)
    target = fit.log_likelihood - 0.5 * 1.959963984540054**2
    profile = minimize_scalar(
        lambda tau: -brute_force(SPREAD, fit.interval.scale_low, tau), bounds=(0.5, 4), method="bounded"
    )
    assert -profile.fun == pytest.approx(target, abs=1e-6)


def test_with_large_studies_both_two_arm_models_agree():
    comparison = Comparison(
        ("a", "b", "c"), (400, 900, 150), (1000, 2000, 900), (300, 700, 190), (1000, 2000, 950)
    )
    one, other = conditional_glmm(comparison), unconditional_glmm(comparison)
    assert one.scale_estimate == pytest.approx(other.scale_estimate, abs=2e-3)
    assert one.spread.value == pytest.approx(other.spread.value, abs=2e-3)


def test_one_study_has_the_odds_ratio_of_its_cells_and_the_exact_interval():
    fit = unconditional_glmm(Comparison(("a",), (7,), (9,), (4,), (11,)))
    assert fit.estimate == pytest.approx(7 * 7 / (2 * 4))
    assert exp(fit.scale_estimate) == pytest.approx(fit.estimate)
    assert fit.interval.name == "exact-conditional"


@pytest.mark.parametrize(
    ("first", "second"), [((3, 5), (0, 0)), ((0, 0), (2, 3)), ((3, 0), (0, 2)), ((0, 0), (0, 0))]
)
def test_without_a_finite_maximum_a_note_says_why(first, second):
    fit = unconditional_glmm(Comparison(("a", "b"), first, (4, 6), second, (5, 5)))
    assert (fit.scale_estimate, fit.se) == (None, None)
    assert fit.notes


@settings(max_examples=20, deadline=None)
@given(comparisons(most=12))
def test_every_comparison_has_an_answer_in_plain_numbers(comparison):
    fit = unconditional_glmm(comparison)
    numbers = [fit.estimate, fit.scale_estimate, fit.se, fit.spread.value, fit.spread.low, fit.spread.high]
    for limits in (fit.interval, *fit.other_intervals, *fit.predictions):
        numbers += [limits.low, limits.high, limits.scale_low, limits.scale_high]
    assert all(one is None or (type(one) is float and isfinite(one)) for one in [*numbers, *fit.weights])
