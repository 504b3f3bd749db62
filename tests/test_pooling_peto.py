"""Peto's odds ratio against metafor's rma.peto and against its arithmetic."""

from math import isfinite, sqrt

import pytest
from hypothesis import given, settings

from openhlh.pooling.peto import peto
from openhlh.pooling.series import Comparison
from tests.two_arm_sets import BCG, FULL, SPARSE, comparisons

# R 4.2.2, metafor 3.8-1, rma.peto: estimate, se, limits, Q, p of Q, I2, H2
METAFOR = [
    (BCG, (-0.474446310941, 0.0406590807446, -0.554136644845, -0.394755977037, 167.730167511, 1.38975434718e-29, 92.8456519313, 13.9775139593)),
    (SPARSE, (-0.918707710261, 0.372380022433, -1.64855914279, -0.188856277731, 6.1827938148, 0.185906679646, 35.3043281109, 1.5456984537)),
    (FULL, (2.2953234836, 0.748221221298, 0.828836837392, 3.76181012982, 0.194897622944, 0.658871248964, 0, 0.194897622944)),
]  # fmt: skip


@pytest.mark.parametrize(("comparison", "expected"), METAFOR)
def test_the_fit_is_that_of_rma_peto(comparison, expected):
    fit = peto(comparison)
    found = (fit.scale_estimate, fit.se, fit.interval.scale_low, fit.interval.scale_high)
    found += (fit.tests[0].statistic, fit.tests[0].p, fit.inconsistency[0].i2, fit.inconsistency[0].h2)
    assert found == pytest.approx(expected, rel=1e-8, abs=1e-12)


def test_the_weights_are_those_of_rma_peto():
    assert peto(FULL).weights == pytest.approx((29.9911605, 70.0088395, 0), abs=1e-6)


def test_one_study_by_hand():
    # 3 of 4 against 1 of 4: expected 4 * 4 / 8 = 2, variance 4 * 4 * 4 * 4 / (8^2 * 7) = 4 / 7
    fit = peto(Comparison(("a",), (3,), (4,), (1,), (4,)))
    assert fit.scale_estimate == pytest.approx((3 - 2) / (4 / 7))
    assert fit.se == pytest.approx(1 / sqrt(4 / 7))
    assert (fit.tests[0].df, fit.tests[0].p) == (0, None)


def test_all_against_none_stays_finite():
    assert isfinite(peto(Comparison(("a",), (9,), (9,), (0,), (9,))).estimate)


def test_without_information_there_is_no_estimate_and_a_reason():
    fit = peto(Comparison(("a", "b"), (0, 5), (4, 5), (0, 3), (4, 3)))
    assert (fit.estimate, fit.interval.low, fit.interval.high) == (None, 0.0, None)
    assert "information" in fit.notes[0]


@settings(max_examples=60, deadline=None)
@given(comparisons())
def test_every_comparison_has_an_answer_in_plain_numbers(comparison):
    fit = peto(comparison)
    numbers = [fit.estimate, fit.scale_estimate, fit.se, fit.interval.low, fit.interval.high, *fit.weights]
    assert all(one is None or (type(one) is float and isfinite(one)) for one in numbers)
