"""Mantel-Haenszel against metafor's rma.mh, and the ends where it has no interval of its own."""

from math import isfinite

import pytest
from hypothesis import given, settings

from openhlh.pooling.mantel_haenszel import mantel_haenszel
from openhlh.pooling.series import Comparison
from openhlh.proportions import clopper_pearson
from tests.two_arm_sets import BCG, FULL, SPARSE, comparisons

# R 4.2.2, metafor 3.8-1, rma.mh: estimate, se, limits, Q, p of Q, I2, H2
METAFOR = {
    ("BCG", "OR"): (-0.473410988389, 0.0410077784042, -0.553784757147, -0.39303721963, 163.942579569, 8.249452551e-29, 92.6803640448, 13.6618816308),
    ("BCG", "RR"): (-0.453709604684, 0.0393373668713, -0.530809426998, -0.376609782369, 152.567553587, 1.70758753152e-26, 92.1346316973, 12.7139627989),
    ("BCG", "RD"): (-0.00328818183261, 0.000286656748527, -0.00385001873565, -0.00272634492957, 386.775941837, 2.38206256506e-75, 96.8974285363, 32.2313284864),
    ("SPARSE", "OR"): (-0.944072737379, 0.393473883579, -1.71526737805, -0.172878096708, 4.33063134591, 0.363105125889, 7.63471465251, 1.08265783648),
    ("SPARSE", "RR"): (-0.792364723365, 0.335700678162, -1.45032596215, -0.134403484583, 3.71982192552, 0.445249504213, 0, 0.929955481381),
    ("SPARSE", "RD"): (-0.13029109986, 0.0526058910185, -0.233396751631, -0.027185448089, 6.95451604086, 0.138311455852, 42.483416869, 1.73862901022),
    ("FULL", "OR"): (3.06805293513, 1.14912022218, 0.815818685758, 5.32028718451, 0.121422467675, 0.727496800348, 0, 0.121422467675),
    ("FULL", "RR"): (0.629677606611, 0.217042798819, 0.204281537822, 1.0550736754, 1.12804839205, 0.288192003501, 11.3513208253, 1.12804839205),
    ("FULL", "RD"): (0.439678284182, 0.12229761179, 0.199979369678, 0.679377198687, 0.814905311363, 0.366673956533, 0, 0.814905311363),
}  # fmt: skip
# MH, its p, BD, its p, TA, its p
TESTS = {
    "BCG": (
        135.688943724,
        2.33369633183e-31,
        171.765366579,
        2.07825081362e-30,
        171.756672994,
        2.08678239454e-30,
    ),
    "SPARSE": (5.20266010372, 0.0225523501783, 7.7234352366, 0.102250885554, 7.71440526397, 0.102618202478),
    "FULL": (7.25546154818, 0.00706857019613, 0.621023388593, 0.430667242463, 0.612071802471, 0.434008804636),
}
ONLY0 = {  # add = 1/2, to = "only0" for the pooled estimate as well
    ("SPARSE", "OR"): (-0.874253983681, 0.374650361221),
    ("SPARSE", "RR"): (-0.729980223614, 0.317514179087),
    ("SPARSE", "RD"): (-0.12741882816, 0.0531265152883),
}
WEIGHTS = {
    "OR": (15.80852193, 0, 24.84196304, 13.83245669, 0, 45.51705834),
    "RR": (15.7327167, 0, 25.28472327, 12.3895144, 0, 46.59304562),
    "RD": (10.30109819, 10.1138055, 24.08048928, 7.866293165, 9.315347169, 38.3229667),
}
SETS = {"BCG": BCG, "SPARSE": SPARSE, "FULL": FULL}


@pytest.mark.parametrize(("name", "measure"), METAFOR)
def test_the_fit_is_that_of_rma_mh(name, measure):
    fit = mantel_haenszel(SETS[name], measure)
    found = (
        fit.scale_estimate,
        fit.se,
        fit.interval.scale_low,
        fit.interval.scale_high,
        fit.tests[0].statistic,
        fit.tests[0].p,
        fit.inconsistency[0].i2,
        fit.inconsistency[0].h2,
    )
    assert found == pytest.approx(METAFOR[name, measure], rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("name", TESTS)
def test_the_tests_of_the_odds_ratio_are_those_of_rma_mh(name):
    fit = mantel_haenszel(SETS[name], "OR")
    _, breslow_day, tarone = fit.tests
    found = (fit.extra["cmh"], fit.extra["cmh_p"])
    found += (breslow_day.statistic, breslow_day.p, tarone.statistic, tarone.p)
    assert found == pytest.approx(TESTS[name], rel=1e-8)


@pytest.mark.parametrize(("name", "measure"), ONLY0)
def test_a_correction_can_be_asked_for(name, measure):
    fit = mantel_haenszel(SETS[name], measure, continuity="only0")
    assert (fit.scale_estimate, fit.se) == pytest.approx(ONLY0[name, measure], rel=1e-10)


@pytest.mark.parametrize("measure", WEIGHTS)
def test_weights_are_those_of_rma_mh(measure):
    assert mantel_haenszel(SPARSE, measure).weights == pytest.approx(WEIGHTS[measure], abs=1e-7)


def test_an_infinite_odds_ratio_gets_the_exact_conditional_interval():
    # R 4.2.2: mantelhaen.test(exact = TRUE) of the tables 3/0 against 1/4 and 5/0 against 2/3
    fit = mantel_haenszel(Comparison(("a", "b"), (3, 5), (3, 5), (1, 2), (5, 5)), "OR")
    assert (fit.estimate, fit.se, fit.interval.high) == (None, None, None)
    assert fit.interval.low == pytest.approx(1.70003554, rel=1e-4)
    assert "infinite" in fit.notes[0]


def test_an_odds_ratio_of_zero_is_the_end_of_the_scale():
    fit = mantel_haenszel(Comparison(("a", "b"), (0, 0), (3, 5), (4, 2), (5, 5)), "OR")
    assert (fit.estimate, fit.scale_estimate, fit.interval.low) == (0.0, None, 0.0)
    assert fit.interval.high < 1


@pytest.mark.parametrize("measure", ["OR", "RR"])
def test_without_any_event_nothing_is_known_of_a_ratio(measure):
    fit = mantel_haenszel(Comparison(("a", "b"), (0, 0), (3, 5), (0, 0), (5, 5)), measure)
    assert (fit.estimate, fit.interval.low, fit.interval.high) == (None, 0.0, None)
    assert "information" in fit.notes[0]


def test_without_any_event_the_risk_difference_has_an_interval_with_a_width():
    fit = mantel_haenszel(Comparison(("a", "b"), (0, 0), (3, 5), (0, 0), (5, 5)), "RD")
    high_1, high_2 = clopper_pearson(0, 8)[1], clopper_pearson(0, 10)[1]
    assert (fit.estimate, fit.interval.low, fit.interval.high) == (
        0.0,
        pytest.approx(-high_2),
        pytest.approx(high_1),
    )


def test_all_against_none_leaves_a_risk_difference_of_one_with_a_lower_limit():
    fit = mantel_haenszel(Comparison(("a",), (7,), (7,), (0,), (9,)), "RD")
    assert (fit.estimate, fit.interval.high) == (1.0, 1.0)
    assert fit.interval.low == pytest.approx(clopper_pearson(7, 7)[0] - clopper_pearson(0, 9)[1])


@settings(max_examples=60, deadline=None)
@given(comparisons(most=2000))
def test_every_comparison_has_an_answer_in_plain_numbers(comparison):
    for measure in ("OR", "RR", "RD"):
        fit = mantel_haenszel(comparison, measure)
        numbers = [fit.estimate, fit.scale_estimate, fit.se, fit.interval.low, fit.interval.high]
        numbers += [*fit.weights, *fit.extra.values(), *(one.statistic for one in fit.tests)]
        assert all(one is None or (type(one) is float and isfinite(one)) for one in numbers)
        if fit.estimate is not None and fit.interval.high is not None:
            assert fit.interval.low - 1e-9 <= fit.estimate <= fit.interval.high + 1e-9
            assert fit.interval.low < fit.interval.high
