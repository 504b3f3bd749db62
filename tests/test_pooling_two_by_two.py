"""Cells, the studies that say nothing, and the limits that the two-arm models share."""

import pytest

from openhlh.errors import WrongInput
from openhlh.pooling.series import Comparison
from openhlh.pooling.two_by_two import cells_of, exact_arms, silent_note, wald
from openhlh.proportions import clopper_pearson

EMPTY = Comparison(("both none", "both all", "one"), (0, 5, 0), (5, 5, 5), (0, 4, 2), (7, 4, 6))


def test_studies_without_events_or_with_nothing_else_are_named_as_silent():
    assert "both none, both all" in silent_note(EMPTY)[0]
    assert silent_note(Comparison(("a",), (1,), (2,), (0,), (2,))) == ()


def test_half_a_patient_goes_to_all_four_cells_of_studies_with_an_empty_one():
    comparison = Comparison(("empty", "full"), (0, 2), (5, 5), (3, 3), (7, 7))
    cells = cells_of(comparison, "only0")
    assert [list(cell) for cell in cells] == [[0.5, 2], [5.5, 3], [3.5, 3], [4.5, 4]]
    assert [list(cell) for cell in cells_of(comparison, "all")] == [
        [0.5, 2.5],
        [5.5, 3.5],
        [3.5, 3.5],
        [4.5, 4.5],
    ]


def test_an_unknown_correction_is_refused():
    with pytest.raises(WrongInput, match="only0, all, none"):
        cells_of(EMPTY, "treatment-arm")


def test_wald_limits_of_a_risk_difference_stay_on_its_scale():
    found = wald(0.95, "RD", 0.9, 0.2)
    assert (found.low, found.high) == (pytest.approx(0.9 - 1.959964 * 0.2, abs=1e-6), 1.0)


def test_the_limits_of_two_arms_combine_their_clopper_pearson_limits():
    comparison = Comparison(("a",), (5,), (5,), (0,), (4,))
    (low, _), (_, high) = clopper_pearson(5, 5), clopper_pearson(0, 4)
    assert exact_arms(comparison, 0.95, "RD").low == pytest.approx(low - high)
    ratio = exact_arms(comparison, 0.95, "RR")
    assert (ratio.low, ratio.high) == (pytest.approx(low / high), None)


def test_studies_of_unlike_kind_are_not_added_up_to_a_difference_that_none_of_them_has():
    # all against all and none against none: no study differs, although the summed arms do (5 of 10, 5 of 4005)
    comparison = Comparison(("all", "none"), (5, 0), (5, 5), (5, 0), (5, 4000))
    for measure, none in (("RR", 1.0), ("RD", 0.0)):
        found = exact_arms(comparison, 0.95, measure)
        assert found.low < none < found.high
