"""Effects of two-arm studies against metafor's escalc and against arithmetic written out here."""

from math import isfinite, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhlh.errors import WrongInput
from openhlh.pooling.comparison_effects import comparison_effects
from openhlh.pooling.series import Comparison
from tests.two_arm_sets import SPARSE, comparisons

# R 4.2.2, metafor 3.8-1: escalc(measure, ai=a, n1i=n1, ci=c, n2i=n2), add = 1/2, to = "only0"
METAFOR = {
    "OR": (
        (-1.6376087894, -0.274436845702, -0.893817876022, -2.38122822031, 1.94591014906, -1.04796855585),
        (1.50396825397, 4.18526315789, 0.60101010101, 2.58517952636, 2.62857142857, 0.356517556518),
    ),
    "RR": (
        (-1.29098418132, -0.262364264467, -0.73396917508, -1.94591014906, 1.70474809224, -0.839750654752),
        (1.05909090909, 3.82307692308, 0.418333333333, 2.06349206349, 2.20909090909, 0.239593301435),
    ),
    "RD": (
        (-0.263636363636, -0.0115384615385, -0.13, -0.333333333333, 0.204545454545, -0.164473684211),
        (0.0300368144252, 0.00759478834775, 0.0120365, 0.0322359396433, 0.0226944027047, 0.00814697158842),
    ),
}
METAFOR_ALL = {  # the first study with to = "all"
    "OR": (-1.33500106673, 1.12748538012),
    "RR": (-1.01160091168, 0.714646464646),
    "RD": (-0.238636363636, 0.0302374859128),
}


@pytest.mark.parametrize("measure", METAFOR)
def test_effects_are_those_of_escalc(measure):
    found = comparison_effects(SPARSE, measure)
    values, variances = METAFOR[measure]
    assert found.values == pytest.approx(values, rel=1e-10)
    assert found.variances == pytest.approx(variances, rel=1e-10)
    assert found.totals == (21, 21, 49, 16, 19, 78)


@pytest.mark.parametrize("measure", METAFOR_ALL)
def test_half_a_patient_is_added_to_every_study_on_request(measure):
    found = comparison_effects(SPARSE, measure, "all")
    assert (found.values[0], found.variances[0]) == pytest.approx(METAFOR_ALL[measure], rel=1e-10)


def test_corrected_studies_and_those_without_events_are_named():
    notes = comparison_effects(SPARSE, "OR").notes
    assert "v, x, y" in notes[0]
    assert "of v: kept" in notes[1]


def test_without_correction_the_odds_ratio_is_that_of_the_cells():
    found = comparison_effects(Comparison(("a",), (7,), (9,), (4,), (11,)), "OR", "none")
    assert found.values[0] == pytest.approx(log(7 * 7 / (2 * 4)))
    assert found.variances[0] == pytest.approx(1 / 7 + 1 / 2 + 1 / 4 + 1 / 7)
    assert found.notes == ()


@pytest.mark.parametrize(
    ("measure", "events"),
    [("OR", ((0, 2), (1, 3))), ("RR", ((0, 2), (1, 3))), ("RR", ((9, 2), (9, 3))), ("RD", ((9, 2), (0, 3)))],
)
def test_without_correction_an_effect_that_is_not_finite_is_refused_by_name(measure, events):
    with pytest.raises(WrongInput, match=r"first: an empty cell"):
        comparison_effects(
            Comparison(("first", "second"), events[0], (9, 9), events[1], (9, 9)), measure, "none"
        )


def test_a_measure_of_one_arm_is_refused():
    with pytest.raises(WrongInput, match="OR, RR, RD"):
        comparison_effects(SPARSE, "PLO")


@settings(max_examples=60, deadline=None)
@given(comparisons(), st.sampled_from(["OR", "RR", "RD"]))
def test_no_table_gives_anything_but_a_finite_effect_with_a_variance(comparison, measure):
    found = comparison_effects(comparison, measure)
    assert all(isfinite(one) for one in found.values)
    assert all(type(one) is float and one > 0 for one in found.variances)
