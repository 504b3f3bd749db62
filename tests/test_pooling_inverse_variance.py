"""The inverse-variance fit against metafor 3.8-1 (R 4.2.2), by hand, and on data that break others."""

from dataclasses import fields, is_dataclass
from math import exp, isfinite, log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhlh.errors import WrongInput
from openhlh.pooling.effects import SINGLE_ARM, single_arm_effects
from openhlh.pooling.heterogeneity import higgins_inconsistency
from openhlh.pooling.inverse_variance import IV_INTERVALS, PREDICTIONS, SPREADS, inverse_variance
from openhlh.pooling.natural import FREEMAN_TUKEY, FREEMAN_TUKEY_WARNING
from openhlh.pooling.series import Effects, Series

COUNTS = Series(tuple("abcdefgh"), (17, 5, 0, 9, 3, 22, 8, 1), (22, 9, 4, 9, 11, 63, 17, 7))
MIXED = single_arm_effects(COUNTS, "PLO")
# rma(yi, vi, method): beta, se, I2 with confint limits, logLik
METAFOR = {
    "DL": (-0.1523998498162, 0.393826896144, 66.18892955961, 24.0346683878, 96.53580772576, -13.3032312649),
    "HE": (-0.1633123433875, 0.5674132810516, 84.3880881763, 24.0346683878, 96.53580772576, -14.08664520302),
    "HS": (-0.1493182484245, 0.3439526762654, 55.81169909352, 24.0346683878, 96.53580772576, -13.26046192466),
    "SJ": (-0.1622488328644, 0.5407653949359, 82.68308099475, 24.0346683878, 96.53580772576, -13.93411485627),
    "PM": (-0.1594819421121, 0.4881806115061, 78.43336581331, 24.0346683878, 96.53580772576, -13.65692486715),
    "EB": (-0.1594819421121, 0.4881806115061, 78.43336581331, 24.0346683878, 96.53580772576, -13.65692486715),
    "ML": (-0.1497173923883, 0.3542411681037, 58.24958986848, 24.0346683878, 96.53580772576, -13.2567053157),
    "REML": (-0.1529641332782, 0.4008524411614, 67.38747315402, 24.0346683878, 96.53580772576, -12.27521647672),
}  # fmt: skip
# test = z, t, knha, adhoc: se and limits; predict(): limits
REML = {
    "wald": (0.4008524411614, -0.9386204810695, 0.6326922145131),
    "t": (0.4008524411614, -1.100829536959, 0.7949012704022),
    "hk": (0.4576398077749, -1.235110321237, 0.9291820546807),
    "hk-adhoc": (0.4576398077749, -1.235110321237, 0.9291820546807),
}
REML_PREDICTIONS = {
    "hts": (-2.457832266869, 2.151904000313),  # predict(test = "z", pi.type = "riley")
    "t-k-1": (-2.380321478768, 2.074393212211),
    "normal": (-1.999151820358, 1.693223553801),
    "hk": (-2.440694950732, 2.134766684175),
    "hk-adhoc": (-2.440694950732, 2.134766684175),
}
EQUAL_EFFECTS = {
    "wald": (0.1869809838508, -0.6270720675547, 0.1058799207283),
    "t": (0.1869809838508, -0.7027358424136, 0.1815436955872),
    "hk": (0.3215644131963, -1.020975083306, 0.4997829364799),
    "hk-adhoc": (0.3215644131963, -1.020975083306, 0.4997829364799),
}
WEIGHTS = (16.30617043189, 13.65667934043, 5.449070492814, 5.674124152811, 13.56063433049, 20.17532853494, 16.69087323301, 8.487119483621)  # fmt: skip


def series(events, totals):
    return Series(tuple(f"study {at}" for at in range(len(events))), tuple(events), tuple(totals))


def plo(events, totals):
    return single_arm_effects(series(events, totals), "PLO")


def intervals(fit):
    return {limits.name: limits for limits in (fit.interval, *fit.other_intervals)}


def numbers(thing):
    """Every leaf of a result: plain floats that are finite, and nothing of numpy."""
    if is_dataclass(thing):
        for field in fields(thing):
            numbers(getattr(thing, field.name))
    elif isinstance(thing, tuple | list):
        for one in thing:
            numbers(one)
    elif isinstance(thing, dict):
        numbers(list(thing.values()))
    else:
        assert thing is None or type(thing) in {str, bool, int, float}
        assert type(thing) is not float or isfinite(thing)


@pytest.mark.parametrize("method", METAFOR)
def test_estimate_error_i2_and_likelihood_are_those_of_metafor(method):
    fit = inverse_variance(MIXED, method, "wald")
    i2 = fit.inconsistency[0]
    found = (fit.scale_estimate, fit.se, i2.i2, i2.i2_low, i2.i2_high, fit.log_likelihood)
    assert found == pytest.approx(METAFOR[method], rel=1e-10)
    assert (fit.model, fit.measure, fit.k, fit.spread.estimator) == ("iv", "PLO", 8, method)
    assert (i2.name, i2.h2) == ("metafor", pytest.approx(100 / (100 - i2.i2)))


@pytest.mark.parametrize("name", IV_INTERVALS)
def test_each_interval_is_that_of_metafor_and_the_others_stand_beside_it(name):
    fit = inverse_variance(MIXED, "REML", name)
    assert (fit.se, fit.interval.scale_low, fit.interval.scale_high) == pytest.approx(REML[name], rel=1e-10)
    assert fit.interval.name == name
    assert set(intervals(fit)) == set(IV_INTERVALS)
    for other in fit.other_intervals:
        assert (other.scale_low, other.scale_high) == pytest.approx(REML[other.name][1:], rel=1e-10)
        assert fit.extra[f"se_{other.name}"] == pytest.approx(REML[other.name][0], rel=1e-10)


def test_predictions_are_those_of_metafor_with_the_default_first():
    fit = inverse_variance(MIXED)
    assert [limits.name for limits in fit.predictions] == list(PREDICTIONS)
    assert fit.prediction.name == "hts"
    for limits in fit.predictions:
        assert (limits.scale_low, limits.scale_high) == pytest.approx(
            REML_PREDICTIONS[limits.name], rel=1e-10
        )


def test_weights_spread_and_tests_are_those_of_metafor():
    fit = inverse_variance(MIXED)
    assert fit.weights == pytest.approx(WEIGHTS, rel=1e-10)
    assert fit.spread.interval_name == "q-profile"
    assert (fit.spread.low, fit.spread.high) == pytest.approx((0.1112539522197, 9.79894223332), rel=1e-10)
    assert (fit.extra["tau2_profile_low"], fit.extra["tau2_profile_high"]) == pytest.approx(
        (0.02777034878056, 5.360487584866), rel=1e-9
    )
    q, ratio = fit.tests
    assert (q.name, q.statistic, q.df, q.p) == (
        "Q", pytest.approx(20.70327827196, rel=1e-11), 7, pytest.approx(0.004235054546165, rel=1e-10)
    )  # fmt: skip
    assert (ratio.name, ratio.statistic, ratio.p) == (
        "LRT", pytest.approx(4.953931183042, rel=1e-9), pytest.approx(0.02603141157624, rel=1e-9)
    )  # fmt: skip


@pytest.mark.parametrize("name", IV_INTERVALS)
def test_equal_effects_are_those_of_metafor(name):
    fit = inverse_variance(MIXED, "EE", name)
    assert (fit.se, fit.interval.scale_low, fit.interval.scale_high) == pytest.approx(
        EQUAL_EFFECTS[name], rel=1e-10
    )
    assert fit.scale_estimate == pytest.approx(-0.2605960734132, rel=1e-11)
    assert fit.log_likelihood == pytest.approx(-15.03409301435, rel=1e-11)
    (i2,) = fit.inconsistency
    assert (i2.name, i2.i2, i2.h2) == (
        "higgins",
        pytest.approx(66.18892955962),
        pytest.approx(2.957611181708),
    )
    assert (fit.predictions, fit.spread.value, fit.spread.estimator) == ((), 0.0, "EE")
    assert any("not meant" in note for note in fit.notes) == name.startswith("hk")


def test_the_default_interval_is_hk_with_the_floor_and_wald_for_equal_effects():
    assert inverse_variance(MIXED).interval.name == "hk-adhoc"
    assert inverse_variance(MIXED, "EE").interval.name == "wald"


def test_the_natural_scale_is_that_of_the_measure():
    fit = inverse_variance(MIXED)
    assert fit.estimate == pytest.approx(1 / (1 + exp(-fit.scale_estimate)))
    assert fit.interval.low == pytest.approx(1 / (1 + exp(-fit.interval.scale_low)))
    assert fit.prediction.high == pytest.approx(1 / (1 + exp(-fit.prediction.scale_high)))


def test_raw_limits_stay_within_zero_and_one_and_the_scale_keeps_its_own():
    fit = inverse_variance(single_arm_effects(series((9, 12), (10, 13)), "PR"), "REML", "hk-adhoc")
    assert fit.interval.high == 1.0
    assert fit.interval.scale_high > 1


def test_a_scale_that_runs_backwards_keeps_low_below_high():
    fit = inverse_variance(Effects(tuple("abc"), (-0.5, 0.1, 0.4), (0.1, 0.2, 0.1), "CLL"))
    assert fit.interval.low < fit.estimate < fit.interval.high
    assert fit.interval.high == pytest.approx(exp(-exp(fit.interval.scale_low)))


def test_a_ratio_carries_its_p_value():
    # two equal studies of log 2 with variance 0.2: se = sqrt(0.1), z = 2.1919
    fit = inverse_variance(Effects(("a", "b"), (log(2), log(2)), (0.2, 0.2), "OR"), "EE")
    assert fit.extra["statistic"] == pytest.approx(log(2) / sqrt(0.1))
    assert fit.extra["p"] == pytest.approx(0.028389, abs=1e-5)
    assert fit.estimate == pytest.approx(2)


def test_freeman_tukey_goes_back_at_each_size_as_metafor_does_with_its_warning():
    fit = inverse_variance(single_arm_effects(COUNTS, "PFT"), "DL", "wald")
    expected = {  # transf.ipft(c(beta, ci.lb, ci.ub), ni)
        "harmonic": (0.4740094311493, 0.2522411018972, 0.7004660326597),
        "geometric": (0.4745124266541, 0.2569338378177, 0.6966357364024),
        "arithmetic": (0.4750406579991, 0.2618902070465, 0.6925996616907),
        "inverse_variance": (0.4752692405162, 0.2640439036602, 0.6908488179044),
    }
    assert set(expected) == set(FREEMAN_TUKEY)
    for name, values in expected.items():
        found = [fit.extra[f"freeman_tukey_{name}{end}"] for end in ("", "_low", "_high")]
        assert found == pytest.approx(values, rel=1e-10)
    assert (fit.estimate, fit.interval.low, fit.interval.high) == pytest.approx(expected["harmonic"])
    assert FREEMAN_TUKEY_WARNING in fit.notes


def test_freeman_tukey_without_sizes_is_wrong_input():
    with pytest.raises(WrongInput, match="sizes are not known"):
        inverse_variance(Effects(("a", "b"), (0.5, 0.6), (0.1, 0.1), "PFT"))


def test_higgins_limits_are_the_published_formula():
    # Q = 20, k = 8: H = sqrt(20/7), se = 0.5 (ln 20 - ln 7)/(sqrt 40 - sqrt 13)
    found = higgins_inconsistency(20.0, 7, 0.95)
    h, se = sqrt(20 / 7), 0.5 * (log(20) - log(7)) / (sqrt(40) - sqrt(13))
    low, high = h * exp(-1.959963984540054 * se), h * exp(1.959963984540054 * se)
    assert (found.h2_low, found.h2_high) == pytest.approx((low**2, high**2))
    assert (found.i2, found.i2_low) == pytest.approx((100 * 13 / 20, 100 * (1 - 1 / low**2)))


def test_higgins_limits_where_q_is_small_and_where_they_do_not_exist():
    small = higgins_inconsistency(3.0, 7, 0.95)
    se = sqrt(1 / 12 * (1 - 1 / 108))
    assert (small.i2, small.i2_low, small.h2) == (0.0, 0.0, 1.0)
    assert small.h2_high == pytest.approx((sqrt(3 / 7) * exp(1.959963984540054 * se)) ** 2)
    assert higgins_inconsistency(1.0, 1, 0.95).i2_high is None


def test_higgins_limits_change_their_formula_where_q_passes_k_not_its_degrees_of_freedom():
    found = higgins_inconsistency(7.5, 7, 0.95)  # k = 8
    assert found.h2_high == pytest.approx(7.5 / 7 * exp(2 * 1.959963984540054 * sqrt(1 / 12 * (1 - 1 / 108))))


def test_one_study_is_its_own_answer():
    fit = inverse_variance(plo((3,), (12,)), "REML", "hk")
    assert fit.estimate == pytest.approx(0.25)
    assert fit.interval.name == "wald"
    assert fit.interval.scale_high == pytest.approx(log(1 / 3) + 1.959963984540054 * sqrt(1 / 3 + 1 / 9))
    assert (fit.spread.value, fit.predictions, fit.weights, fit.tests) == (None, (), (100.0,), ())
    assert "One study" in fit.notes[-1]


def test_equal_studies_give_plain_hk_no_width_and_say_so_and_the_floor_keeps_the_t_interval():
    fit = inverse_variance(plo((4,) * 4, (8,) * 4))
    found = intervals(fit)
    assert found["hk"].low == found["hk"].high == 0.5
    assert (found["hk-adhoc"].low, found["hk-adhoc"].high) == (found["t"].low, found["t"].high)
    assert found["hk-adhoc"].low < 0.4
    assert any("no width" in note for note in fit.notes)


def test_two_discordant_studies_have_no_prediction_with_no_degrees_of_freedom():
    fit = inverse_variance(plo((1, 39), (40, 40)))
    assert [limits.name for limits in fit.predictions] == ["t-k-1", "normal", "hk", "hk-adhoc"]
    assert any("Two studies" in note for note in fit.notes)
    assert fit.estimate == pytest.approx(0.5)


def test_an_estimate_of_zero_is_no_proof_of_zero():
    fit = inverse_variance(plo((4, 8, 12, 16), (8, 17, 24, 33)))
    assert fit.spread.value == 0
    assert any("does not show that it is 0" in note for note in fit.notes)
    assert any("Q-profile interval of tau squared is empty" in note for note in fit.notes)


def test_several_maxima_are_told():
    effects = Effects(tuple("abc"), (0.8, -1.2, -0.7), (0.5, 0.02, 4.0), "GEN")
    fit = inverse_variance(effects, "ML")
    assert any("several maxima in tau squared (0, 0.579)" in note for note in fit.notes)
    # metafor 3.8-1 stays at tau2 = 0 with mean -1.12105263158 and logLik -5.01579873981
    assert fit.log_likelihood > -4.4959
    assert fit.scale_estimate == pytest.approx(-0.50264713)


def test_unknown_names_and_levels_are_wrong_input():
    with pytest.raises(WrongInput, match="REML, EE"):
        inverse_variance(MIXED, "FE2")
    with pytest.raises(WrongInput, match="wald, t, hk, hk-adhoc"):
        inverse_variance(MIXED, "DL", "profile")
    with pytest.raises(WrongInput, match="95 is no level"):
        inverse_variance(MIXED, "DL", "wald", 95)


def test_the_level_moves_every_interval():
    narrow, wide = inverse_variance(MIXED, level=0.5), inverse_variance(MIXED, level=0.99)
    for ours, theirs in zip(
        (narrow.interval, *narrow.predictions), (wide.interval, *wide.predictions), strict=True
    ):
        assert theirs.low < ours.low < ours.high < theirs.high
    assert wide.spread.low <= narrow.spread.low < narrow.spread.high < wide.spread.high


EDGES = [
    ((3, 5, 9), (3, 5, 9)),
    ((0, 0, 0), (3, 5, 9)),
    ((0,), (1,)),
    ((1, 0, 1, 1), (1, 1, 1, 1)),
    ((4, 4, 4, 4), (8, 8, 8, 8)),
    ((1, 39), (40, 40)),
    ((0, 10**6), (10**6, 10**6)),
    ((500000, 2, 1), (10**6, 3, 1)),
    ((0, 10**9, 1), (10**9, 10**9, 1)),
    ((1,) * 40, (1,) * 40),
]


@pytest.mark.parametrize(("events", "totals"), EDGES)
def test_edge_data_give_plain_finite_numbers_with_every_name(events, totals):
    for measure in SINGLE_ARM:
        effects = single_arm_effects(series(events, totals), measure)
        for method in SPREADS:
            fit = inverse_variance(effects, method)
            numbers(fit)
            assert fit.interval.low <= fit.estimate <= fit.interval.high
            assert sum(fit.weights) == pytest.approx(100)


counts = st.lists(
    st.sampled_from([1, 2, 5, 17, 63, 10**6]).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(
    counts, st.sampled_from(SINGLE_ARM), st.sampled_from(list(SPREADS)), st.sampled_from([0.5, 0.95, 0.999])
)
def test_any_counts_give_plain_finite_numbers(rows, measure, method, level):
    effects = single_arm_effects(series(*zip(*rows, strict=True)), measure)
    fit = inverse_variance(effects, method, level=level)
    numbers(fit)
    assert 0 <= fit.interval.low <= fit.estimate <= fit.interval.high <= 1
    found = intervals(fit)
    if fit.k > 1:
        assert found["hk-adhoc"].low <= found["hk"].low
        assert found["hk-adhoc"].high >= found["t"].high
        assert fit.spread.estimator == "EE" or fit.spread.low <= fit.spread.high
