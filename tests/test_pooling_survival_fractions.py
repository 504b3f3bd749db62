"""Survival fractions as effects: Peto's variance, printed intervals, and which way the scale runs."""

from math import isfinite, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.errors import WrongInput
from openhlh.pooling.scales import scale_of
from openhlh.pooling.survival_fractions import survival_effects, survival_effects_from_intervals


@pytest.mark.parametrize("measure", ["CLL", "PLO"])
def test_the_scale_leads_back_to_the_fraction(measure):
    found = survival_effects(("a", "b"), (0.25, 0.9), (10, 30), measure)
    assert [scale_of(measure).natural_of(value) for value in found.values] == pytest.approx([0.25, 0.9])


def test_log_minus_log_falls_as_survival_rises():
    found = survival_effects(("worse", "better"), (0.25, 0.9), (10, 30))
    assert found.measure == "CLL"
    assert found.values[0] > found.values[1]


def test_without_censoring_the_variance_is_the_binomial_one():
    # 12 of 20 alive and at risk: var(logit) = 1 / 12 + 1 / 8; var(log(-log S)) = (1 - S) / (n S log(S)^2)
    logit = survival_effects(("a",), (0.6,), (12,), "PLO")
    assert logit.variances[0] == pytest.approx(1 / 12 + 1 / 8)
    cloglog = survival_effects(("a",), (0.6,), (12,), "CLL")
    assert cloglog.variances[0] == pytest.approx(0.4 / (20 * 0.6 * log(0.6) ** 2))


def test_the_variance_is_that_of_survfit_s_peto_limit():
    # R 4.2.2, survival: survfit(conf.lower = "peto") takes sqrt((1 - S) / r) as the error of log S
    survival, at_risk = 0.45, 7
    error_of_log = sqrt((1 - survival) / at_risk)
    slope = 1 / log(survival)  # of log(-log S) by log S
    found = survival_effects(("a",), (survival,), (at_risk,))
    assert sqrt(found.variances[0]) == pytest.approx(abs(slope) * error_of_log)


@pytest.mark.parametrize(("stated", "taken"), [(1.0, 8.5 / 9), (0.0, 0.5 / 9)])
def test_nobody_dead_or_nobody_alive_gets_half_a_patient_and_a_note(stated, taken):
    found = survival_effects(("kept", "moved"), (0.5, stated), (8, 8), "PLO")
    assert found.values[1] == pytest.approx(log(taken / (1 - taken)))
    assert found.variances[1] == pytest.approx(1 / 0.5 + 1 / 8.5)
    assert "at risk at that time" in found.notes[0]
    assert "moved" in found.notes[1]
    assert "kept" not in found.notes[1]


def test_a_printed_interval_gives_its_own_standard_error():
    low, high = 0.4, 0.8
    found = survival_effects_from_intervals(("a",), (0.63,), (low,), (high,), 0.9)
    width = log(-log(low)) - log(-log(high))
    assert sqrt(found.variances[0]) == pytest.approx(width / (2 * 1.6448536269514722))
    assert found.values[0] == pytest.approx(log(-log(0.63)))
    assert found.notes == ()


def test_a_limit_of_one_leaves_the_other_side_to_speak():
    found = survival_effects_from_intervals(("open",), (0.9,), (0.7,), (1.0,), 0.95, "PLO")
    width = log(0.9 / 0.1) - log(0.7 / 0.3)
    assert sqrt(found.variances[0]) == pytest.approx(width / 1.959963984540054)
    assert "open" in found.notes[0]


def test_an_interval_gives_back_the_variance_that_made_it():
    direct = survival_effects(("a",), (0.7,), (20,), "PLO")
    reach = 1.959963984540054 * sqrt(direct.variances[0])
    ends = [scale_of("PLO").natural_of(direct.values[0] + side * reach) for side in (-1, 1)]
    again = survival_effects_from_intervals(("a",), (0.7,), ends[:1], ends[1:], 0.95, "PLO")
    assert again.variances[0] == pytest.approx(direct.variances[0], rel=1e-9)


@pytest.mark.parametrize(
    ("survival", "at_risk", "what"),
    [
        ((1.2,), (4,), "no survival fraction"),
        ((0.5,), (0,), "patients at risk"),
        ((0.5, 0.4), (3,), "unequal"),
    ],
)
def test_what_is_no_fraction_or_has_nobody_at_risk_is_refused(survival, at_risk, what):
    with pytest.raises(WrongInput, match=what):
        survival_effects(("a",) * len(survival), survival, at_risk)


@pytest.mark.parametrize(
    ("survival", "low", "high"),
    [(0.9, 0.2, 0.5), (0.5, 0.5, 0.5), (1.0, 0.7, 1.0), (0.5, 0.0, 1.0), (0.5, 0.5, 1.0)],
)
def test_limits_that_give_no_standard_error_are_refused_by_name(survival, low, high):
    with pytest.raises(WrongInput, match="named"):
        survival_effects_from_intervals(("named",), (survival,), (low,), (high,))


def test_another_measure_is_refused():
    with pytest.raises(WrongInput, match="CLL, PLO"):
        survival_effects(("a",), (0.5,), (4,), "PFT")


@given(st.floats(0, 1), st.integers(1, 10**6), st.sampled_from(["CLL", "PLO"]))
def test_every_fraction_has_a_finite_effect_with_a_variance(survival, at_risk, measure):
    found = survival_effects(("a",), (survival,), (at_risk,), measure)
    assert isfinite(found.values[0])
    assert found.variances[0] > 0
