"""Leave-one-out, influence, cumulative and worst/best case say what refits say, and nothing where they can't."""

from math import log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhlh.errors import Refusal, WrongInput
from openhlh.pooling.effects import single_arm_effects
from openhlh.pooling.glmm import glmm
from openhlh.pooling.glmm_point import glmm_point
from openhlh.pooling.inverse_variance import inverse_variance
from openhlh.pooling.sensitivity import cumulative, influence, leave_one_out, worst_and_best_case
from openhlh.pooling.series import Comparison, Series

FIVE = Series(tuple("abcde"), (7, 14, 3, 9, 2), (12, 22, 9, 14, 11))


def equal_effects(series):
    return inverse_variance(single_arm_effects(series, "PLO"), "EE")


def test_each_study_is_left_out_once_and_the_others_are_fitted():
    found = leave_one_out(FIVE, glmm_point)
    assert [label for label, _ in found] == list("abcde")
    for at, (_, fit) in enumerate(found):
        assert fit == glmm_point(FIVE.only([other for other in range(FIVE.k) if other != at]))


def test_one_study_cannot_be_left_out():
    one = FIVE.only([0])
    assert leave_one_out(one, glmm_point) == ()
    assert influence(glmm_point(one), ()) == ()


def test_a_comparison_and_effects_can_be_left_out_too():
    two_arms = Comparison(("a", "b"), (1, 2), (5, 6), (3, 4), (7, 8))
    seen = leave_one_out(two_arms, lambda data: glmm_point(Series(data.labels, data.events_1, data.totals_1)))
    assert [(label, fit.estimate) for label, fit in seen] == [("a", 2 / 6), ("b", 1 / 5)]
    effects = single_arm_effects(FIVE, "PLO")
    assert leave_one_out(effects, inverse_variance)[0][1] == inverse_variance(effects.only([1, 2, 3, 4]))


def test_influence_by_hand_for_two_studies_of_equal_weight():
    # logits of 4/8 and 6/8: 0 and log 3, variances 1/2 and 2/3; weights 2 and 1.5, mean 1.5 log 3 / 3.5
    whole_estimate, whole_variance = 1.5 * log(3) / 3.5, 1 / 3.5
    series = Series(("a", "b"), (4, 6), (8, 8))
    first, second = influence(equal_effects(series), leave_one_out(series, equal_effects))
    assert first.scale_shift == pytest.approx(whole_estimate - log(3))
    assert second.scale_shift == pytest.approx(whole_estimate)
    assert second.shift == pytest.approx(1 / (1 + 3 ** (-1.5 / 3.5)) - 0.5)
    assert first.standardised_shift == pytest.approx((whole_estimate - log(3)) / sqrt(2 / 3))
    assert first.cook_distance == pytest.approx((whole_estimate - log(3)) ** 2 / whole_variance)
    assert second.covariance_ratio == pytest.approx(0.5 / whole_variance)
    assert first.note == second.note == ""


def test_cook_distance_covariance_ratio_and_tau2_are_those_of_metafor():
    # R 4.2.2, metafor 3.8-1: influence(rma(measure="PLO", xi=x, ni=n, control=list(threshold=1e-14)))
    cook = [0.1444864324, 0.3708469495, 0.1556112854, 0.2898008184, 0.7518193076]
    ratio = [1.7938124311, 1.6314129376, 1.1733316320, 1.6098268848, 0.5809613819]
    tau2 = [0.5568281614, 0.4247548216, 0.2774655533, 0.4553373187, 0]

    def reml(series):
        return inverse_variance(single_arm_effects(series, "PLO"), "REML", "wald")

    found = influence(reml(FIVE), leave_one_out(FIVE, reml))
    assert [one.cook_distance for one in found] == pytest.approx(cook, abs=1e-6)
    assert [one.covariance_ratio for one in found] == pytest.approx(ratio, abs=1e-6)
    assert [one.tau2_without for one in found] == pytest.approx(tau2, abs=1e-6)


def test_a_fit_at_the_boundary_gives_no_influence_on_the_scale_and_says_why():
    series = Series(("all", "all too", "some"), (3, 5, 2), (3, 5, 6))
    last = influence(glmm(series), leave_one_out(series, glmm_point))[2]
    assert last.scale_shift is None
    assert last.standardised_shift is last.cook_distance is last.covariance_ratio is last.tau2_without is None
    assert last.shift == pytest.approx(glmm(series).estimate - 1)
    assert "without some: every patient in every study" in last.note


def test_the_light_fit_is_the_whole_fit_without_its_profiles():
    whole, light = glmm(FIVE), glmm_point(FIVE)
    for name in ("estimate", "scale_estimate", "se", "weights", "log_likelihood", "k", "nodes"):
        assert getattr(light, name) == getattr(whole, name)
    assert light.spread.value == whole.spread.value
    assert light.interval in whole.other_intervals


def test_without_spread_the_light_fit_has_the_exact_interval():
    equal = Series(("a", "b", "c"), (4, 4, 4), (8, 8, 8))
    assert glmm_point(equal).spread.value == 0
    assert glmm_point(equal).interval.name == "exact"
    assert glmm_point(equal).interval in glmm(equal).other_intervals
    assert glmm_point(equal.only([0])) == glmm(equal.only([0]))


def test_a_cumulative_analysis_adds_the_studies_of_one_year_together():
    steps = cumulative(FIVE, [2010, "2004", 2010, 1999.0, 2021], glmm_point)
    assert [(step.at, step.added, step.fit.k) for step in steps] == [
        ("1999.0", ("d",), 1),
        ("2004", ("b",), 2),
        ("2010", ("a", "c"), 4),
        ("2021", ("e",), 5),
    ]
    assert steps[-1].fit == glmm_point(FIVE)
    assert steps[1].fit == glmm_point(FIVE.only([1, 3]))


def test_numbers_in_text_are_ordered_as_numbers_and_words_as_words():
    assert [s.added for s in cumulative(FIVE.only([0, 1]), ["10", "9"], glmm_point)] == [("b",), ("a",)]
    assert [s.at for s in cumulative(FIVE.only([0, 1]), ["late", "early"], glmm_point)] == ["early", "late"]


@pytest.mark.parametrize("missing", [None, "", "  ", float("nan"), "NaN"])
def test_a_study_without_a_year_is_refused_by_name(missing):
    with pytest.raises(Refusal, match="given for b, d"):
        cumulative(FIVE, [1, missing, 2, missing, 3], glmm_point)


def test_the_number_of_years_must_be_that_of_the_studies():
    with pytest.raises(WrongInput, match="4 values to order by for 5 studies"):
        cumulative(FIVE, [1, 2, 3, 4], glmm_point)


def test_patients_not_evaluable_are_failures_at_worst_and_successes_at_best():
    worst, best = worst_and_best_case(FIVE, [0, 1, 2, 0, 3])
    assert (worst.events, worst.totals) == ((7, 14, 3, 9, 2), (12, 23, 11, 14, 14))
    assert (best.events, best.totals) == ((7, 15, 5, 9, 5), (12, 23, 11, 14, 14))


def test_counts_of_patients_not_evaluable_are_checked():
    with pytest.raises(WrongInput, match="c: -1 patients"):
        worst_and_best_case(FIVE, [0, 0, -1, 0, 0])
    with pytest.raises(WrongInput, match="2 counts"):
        worst_and_best_case(FIVE, [0, 1])


@given(
    st.lists(
        st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=5
    ),
)
@settings(max_examples=40, deadline=None)
def test_every_series_has_an_influence_or_a_reason(studies):
    series = Series(tuple(map(str, range(len(studies)))), *zip(*studies, strict=True))
    for one in influence(glmm_point(series), leave_one_out(series, glmm_point)):
        numbers = (one.scale_shift, one.standardised_shift, one.cook_distance, one.covariance_ratio)
        assert (None in numbers) == bool(one.note)
        assert one.shift is not None
        assert -1 <= one.shift <= 1
