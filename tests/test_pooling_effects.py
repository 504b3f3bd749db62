"""Single-arm effects against metafor::escalc (R 4.2.2, metafor 3.8-1)."""

from math import asin, isfinite, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.errors import WrongInput
from openhlh.pooling.effects import CONTINUITY, SINGLE_ARM, single_arm_effects
from openhlh.pooling.series import Series

LABELS = tuple("abcdefgh")
MIXED = Series(LABELS, (17, 5, 0, 9, 3, 22, 8, 1), (22, 9, 4, 9, 11, 63, 17, 7))
# values and variances of escalc with its defaults
ESCALC = {
    "PLO": (
        (1.223775431622, 0.2231435513142, -2.197224577336, 2.944438979166, -0.9808292530117, -0.622529613346, -0.1177830356564, -1.791759469228),
        (0.2588235294118, 0.45, 2.222222222222, 2.105263157895, 0.4583333333333, 0.06984478935698, 0.2361111111111, 1.166666666667),
    ),
    "PLN": (
        (-0.2578291093021, -0.5877866649021, -2.302585092994, -0.05129329438755, -1.29928298413, -1.052092273033, -0.7537718023764, -1.945910149055),
        (0.01336898395722, 0.08888888888889, 1.8, 0.005263157894737, 0.2424242424242, 0.02958152958153, 0.06617647058824, 0.8571428571429),
    ),
    "PR": (
        (0.7727272727273, 0.5555555555556, 0.1, 0.95, 0.2727272727273, 0.3492063492063, 0.4705882352941, 0.1428571428571),
        (0.007982719759579, 0.02743484224966, 0.018, 0.00475, 0.01803155522164, 0.003607321823497, 0.01465499694688, 0.01749271137026),
    ),
    "PAS": (
        (1.073863836016, 0.8410686705679, 0, 1.570796326795, 0.5494672447576, 0.632219646119, 0.7559694104239, 0.3875966866552),
        (0.01136363636364, 0.02777777777778, 0.0625, 0.02777777777778, 0.02272727272727, 0.003968253968254, 0.01470588235294, 0.03571428571429),
    ),
    "PFT": (
        (1.060240688397, 0.835737643595, 0.2318238045004, 1.409921049597, 0.5695392421343, 0.6346681273523, 0.7575629098122, 0.4424829497525),
        (0.01111111111111, 0.02631578947368, 0.05555555555556, 0.02631578947368, 0.02173913043478, 0.003937007874016, 0.01428571428571, 0.03333333333333),
    ),
}  # fmt: skip
PLO_ALL = (
    (1.157452788691, 0.2006706954622, -2.197224577336, 2.944438979166, -0.8873031950009, -0.6121781180263, -0.1112256351102, -1.466337068793),
    (0.238961038961, 0.404040404040, 2.222222222222, 2.105263157895, 0.4033613445378, 0.06854082998661, 0.2229102167183, 0.8205128205128),
)  # fmt: skip


@pytest.mark.parametrize("measure", SINGLE_ARM)
def test_effects_are_those_of_escalc(measure):
    effects = single_arm_effects(MIXED, measure)
    assert effects.values == pytest.approx(ESCALC[measure][0], rel=1e-11, abs=1e-12)
    assert effects.variances == pytest.approx(ESCALC[measure][1], rel=1e-11)
    assert effects.totals == MIXED.totals
    assert effects.measure == measure


def test_half_a_patient_goes_to_every_study_when_asked():
    effects = single_arm_effects(MIXED, "plo", "ALL")
    assert effects.values == pytest.approx(PLO_ALL[0], rel=1e-11)
    assert effects.variances == pytest.approx(PLO_ALL[1], rel=1e-11)
    assert effects.notes == ("Half a patient was added to both cells of every study.",)


def test_the_corrected_studies_are_named():
    assert single_arm_effects(MIXED, "PLO").notes == ("Half a patient was added to both cells of: c, d.",)


def test_no_note_where_nothing_was_corrected():
    assert single_arm_effects(MIXED, "PAS").notes == ()
    assert single_arm_effects(MIXED.only([0, 1]), "PLO").notes == ()


@pytest.mark.parametrize("measure", ["PLO", "PLN", "PR"])
@pytest.mark.parametrize(("events", "total"), [(0, 4), (4, 4)])
def test_without_correction_an_extreme_study_is_wrong_input_that_names_it(measure, events, total):
    with pytest.raises(WrongInput, match=f"Zhou: {events} of {total}"):
        single_arm_effects(Series(("Zhou",), (events,), (total,)), measure, "none")


def test_without_correction_ordinary_counts_are_as_they_are():
    effects = single_arm_effects(Series(("a",), (3,), (12,)), "PLO", "none")
    assert effects.values == pytest.approx((log(3 / 9),))
    assert effects.variances == pytest.approx((1 / 3 + 1 / 9,))


def test_the_arcsine_scales_ignore_the_correction():
    series = Series(("a",), (0,), (4,))
    for rule in CONTINUITY:
        assert single_arm_effects(series, "PAS", rule).values == (0.0,)
        assert single_arm_effects(series, "PFT", rule).values == pytest.approx((asin(sqrt(1 / 5)) / 2,))


def test_an_unknown_measure_or_continuity_lists_what_there_is():
    with pytest.raises(WrongInput, match="PLO, PLN, PR, PAS, PFT"):
        single_arm_effects(MIXED, "OR")
    with pytest.raises(WrongInput, match="only0, all, none"):
        single_arm_effects(MIXED, "PLO", "treatment arm")


def test_the_variance_of_a_log_proportion_near_one_keeps_its_digits():
    effects = single_arm_effects(Series(("a",), (10**9 - 1,), (10**9,)), "PLN")
    assert effects.variances[0] == pytest.approx(1 / ((10**9 - 1) * 10**9), rel=1e-12)


@given(st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_every_count_has_an_effect_on_every_scale(count):
    for measure in SINGLE_ARM:
        effects = single_arm_effects(Series(("a",), count[:1], count[1:]), measure)
        assert isfinite(effects.values[0])
        assert effects.variances[0] > 0
