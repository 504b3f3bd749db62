"""Tau squared against metafor 3.8-1 (R 4.2.2, threshold 1e-13, tol 1e-14) and against brute force."""

from fractions import Fraction
from math import isfinite, log, pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhlh.errors import WrongInput
from openhlh.pooling.effects import single_arm_effects
from openhlh.pooling.least_squares import problem_of
from openhlh.pooling.series import Series
from openhlh.pooling.tau2 import TAU2_METHODS, estimate_tau2, profile_likelihood, q_profile

MIXED = single_arm_effects(
    Series(tuple("abcdefgh"), (17, 5, 0, 9, 3, 22, 8, 1), (22, 9, 4, 9, 11, 63, 17, 7)), "PLO"
)
METAFOR = {  # rma(yi, vi, method): tau2, se.tau2
    "DL": (0.6883656467675, 0.657590700489),
    "HE": (1.900718534988, 1.534318835389),
    "HS": (0.4441305962652, 0.335443242987),
    "SJ": (1.678953921074, 0.9908952840814),
    "PM": (1.278825336069, 1.019100510027),
    "EB": (1.278825336069, 1.019100510027),
    "ML": (0.4905969877049, 0.452979307998),
    "REML": (0.726586749821, 0.6549221387112),
}
# two likelihoods in which metafor 3.8-1 stays at 0, the lower of two maxima, without a warning
SEVERAL_MAXIMA = [
    ((0.8, -1.2, -0.7), (0.5, 0.02, 4.0)),
    ((-0.5, -0.1, 0.7, -0.9, 0.4, -2.2), (4.0, 2.0, 0.5, 4.0, 4.0, 0.01)),
]


def ml(values, variances, tau2):
    """The normal-normal log likelihood written out: mean at its best for this tau squared."""
    weights = [1 / (v + tau2) for v in variances]
    mean = sum(w * y for w, y in zip(weights, values, strict=True)) / sum(weights)
    return -0.5 * sum(log(2 * pi / w) + w * (y - mean) ** 2 for w, y in zip(weights, values, strict=True))


def reml(values, variances, tau2):
    k, total = len(values), sum(1 / (v + tau2) for v in variances)
    return ml(values, variances, tau2) + 0.5 * log(2 * pi) - 0.5 * log(total) + 0.5 * log(k)


@pytest.mark.parametrize("method", TAU2_METHODS)
def test_every_estimator_is_that_of_metafor(method):
    found = estimate_tau2(MIXED.values, MIXED.variances, method)
    assert (found.value, found.se) == pytest.approx(METAFOR[method], rel=1e-10)
    assert found.method == method


def test_dersimonian_laird_is_its_textbook_formula():
    values, variances = (0.0, 1.0, 3.0), (0.5, 0.25, 0.2)
    # weights 2, 4, 5; mean 19/11; Q = 49 - 361/11; C = 11 - 45/11
    assert estimate_tau2(values, variances, "dl").value == pytest.approx((49 - 361 / 11 - 2) / (11 - 45 / 11))


def test_one_study_of_a_thousand_million_patients_costs_no_digits():
    values, variances = (
        (Fraction(1, 2), Fraction(-1), Fraction(2)),
        (Fraction(1, 10**9), Fraction(1), Fraction(3)),
    )
    weights = [1 / v for v in variances]
    total = sum(weights)
    mean = sum(w * y for w, y in zip(weights, values, strict=True)) / total
    q = sum(w * (y - mean) ** 2 for w, y in zip(weights, values, strict=True))
    exact = (q - 2) / (total - sum(w * w for w in weights) / total)
    found = estimate_tau2([float(y) for y in values], [float(v) for v in variances], "DL")
    assert found.value == pytest.approx(float(exact), rel=1e-13)


def test_the_error_of_many_studies_is_that_of_the_whole_matrix():
    values = [((37 * at) % 101) / 25 for at in range(700)]
    variances = [0.1 + ((13 * at) % 17) / 10 for at in range(700)]
    found = estimate_tau2(values, variances, "REML")
    w = 1 / (np.array(variances) + found.value)
    p = np.diag(w) - np.outer(w, w) / w.sum()
    assert found.se == pytest.approx(np.sqrt(2 / (p * p).sum()), rel=1e-12)


@pytest.mark.parametrize("method", TAU2_METHODS)
def test_studies_closer_than_chance_give_zero_and_never_less(method):
    found = estimate_tau2((0.10, 0.11, 0.12, 0.10), (0.3, 0.4, 0.5, 0.2), method)
    assert found.value == 0 if method != "SJ" else 0 < found.value < 1e-4


@pytest.mark.parametrize("method", TAU2_METHODS)
def test_equal_effects_give_zero(method):
    found = estimate_tau2((0.5, 0.5, 0.5), (0.3, 0.4, 0.5), method)
    assert found.value == 0
    assert isfinite(found.se)


@pytest.mark.parametrize(("values", "variances"), SEVERAL_MAXIMA)
def test_of_several_maxima_the_highest_is_taken(values, variances):
    found = estimate_tau2(values, variances, "ML")
    grid = np.linspace(0, 5, 50001)
    best = grid[np.argmax([ml(values, variances, tau2) for tau2 in grid])]
    assert found.value == pytest.approx(best, abs=1e-4)
    assert found.maxima == (0.0, found.value)
    assert ml(values, variances, found.value) > ml(values, variances, 0.0) + 0.5


def test_a_false_maximum_apart_from_zero_is_left_too():
    found = estimate_tau2((3.3, -0.5, -0.7, 0.6, -0.7, -0.9), (1, 0.1, 0.05, 2, 0.02, 0.02), "REML")
    assert len(found.maxima) == 2
    assert found.maxima[0] == pytest.approx(0.005451282649, rel=1e-8)
    assert found.value == pytest.approx(1.31456397977, rel=1e-10)  # metafor, which starts high


def test_q_profile_limits_are_those_of_metafor():
    assert q_profile(problem_of(MIXED.values, MIXED.variances), 0.95) == pytest.approx(
        (0.1112539522197, 9.79894223332), rel=1e-10
    )


@pytest.mark.parametrize(
    ("method", "low", "high"),
    [("ML", 0.0, 3.66757055321), ("REML", 0.02777034878056, 5.360487584866)],
)
def test_profile_likelihood_limits_are_those_of_metafor(method, low, high):
    problem = problem_of(MIXED.values, MIXED.variances)
    found = profile_likelihood(problem, estimate_tau2(MIXED.values, MIXED.variances, method), 0.95)
    assert found == pytest.approx((low, high), rel=1e-9)


def test_q_profile_of_studies_closer_than_chance_is_empty_and_given_as_zero():
    problem = problem_of((0.1, 0.1, 0.1, 0.1001), (0.3, 0.4, 0.5, 0.2))
    assert q_profile(problem, 0.95) == (0.0, 0.0)


def test_an_unknown_estimator_lists_what_there_is():
    with pytest.raises(WrongInput, match="DL, HE, HS, SJ, PM, EB, ML, REML"):
        estimate_tau2((0.0, 1.0), (1.0, 1.0), "moments")


def test_a_level_outside_zero_and_one_is_wrong_input():
    with pytest.raises(WrongInput, match="level"):
        q_profile(problem_of((0.0, 1.0), (1.0, 1.0)), 95)


def test_effects_beyond_computing_are_wrong_input():
    with pytest.raises(WrongInput, match="too large or too small"):
        estimate_tau2((0.0, 1.0), (1e-300, 1.0), "DL")


studies = st.integers(2, 7).flatmap(
    lambda k: st.tuples(
        st.lists(st.floats(-20, 20), min_size=k, max_size=k),
        st.lists(st.floats(-9, 3).map(lambda power: 10**power), min_size=k, max_size=k),
    )
)


@settings(deadline=None, max_examples=60)
@given(studies)
def test_no_point_of_a_grid_lies_higher_than_the_estimate(study):
    values, variances = study
    for method, height in (("ML", ml), ("REML", reml)):
        found = estimate_tau2(values, variances, method)
        best = height(values, variances, found.value)
        for tau2 in [0.0, *(10 ** (power / 4) for power in range(-44, 16))]:
            assert height(values, variances, tau2) <= best + 1e-7 * max(1, abs(best))


@settings(deadline=None, max_examples=60)
@given(studies)
def test_paule_mandel_solves_its_own_equation(study):
    values, variances = study
    found = estimate_tau2(values, variances, "PM").value

    def q(tau2):
        weights = [1 / (v + tau2) for v in variances]
        mean = sum(w * y for w, y in zip(weights, values, strict=True)) / sum(weights)
        return sum(w * (y - mean) ** 2 for w, y in zip(weights, values, strict=True))

    df = len(values) - 1
    assert found >= 0
    if found == 0:
        assert q(0.0) <= df * (1 + 1e-9)
    else:
        assert q(found) == pytest.approx(df, rel=1e-6)


@settings(deadline=None, max_examples=40)
@given(studies, st.sampled_from(list(TAU2_METHODS)))
def test_every_estimate_is_finite_and_not_negative(study, method):
    found = estimate_tau2(*study, method)
    assert found.value >= 0
    assert isfinite(found.value)
    assert found.se >= 0
    assert isfinite(found.se)
    assert type(found.value) is float
