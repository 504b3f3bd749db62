"""Where no finite maximum exists the exact answer stands, and where one exists nothing stands in its way."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from openhlh.pooling.boundary import at_the_boundary, common, exact_limits
from openhlh.pooling.series import Series
from openhlh.proportions import clopper_pearson


def series_of(events, totals):
    return Series(tuple(f"study {at}" for at in range(len(events))), tuple(events), tuple(totals))


STUDIES = st.lists(
    st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=5
)


def test_all_events_get_the_exact_interval_of_all_patients():
    fit = at_the_boundary(series_of((3, 5, 9), (3, 5, 9)), 0.95)
    assert (fit.estimate, fit.scale_estimate, fit.se, fit.spread.value) == (1, None, None, None)
    # with 17 of 17 the lower Clopper-Pearson limit is 0.025^(1/17)
    assert fit.interval.low == pytest.approx(0.025 ** (1 / 17))
    assert (fit.interval.high, fit.interval.scale_high, fit.interval.name) == (1, None, "exact")
    assert fit.interval.scale_low == pytest.approx(log(fit.interval.low / (1 - fit.interval.low)))
    assert "every patient in every study" in fit.notes[0]


def test_the_one_sided_profile_bound_is_where_the_likelihood_has_fallen_by_half_the_critical_value():
    (bound,) = at_the_boundary(series_of((3, 5, 9), (3, 5, 9)), 0.95).other_intervals
    # log likelihood of 17 of 17 at p is 17 log p
    assert -17 * log(bound.low) == pytest.approx(stats.chi2.ppf(0.95, 1) / 2)
    assert bound.low == pytest.approx(exp(-1.9207294 / 17))
    assert bound.high == 1


def test_no_events_are_the_mirror_of_all_events():
    none = at_the_boundary(series_of((0, 0, 0), (3, 5, 9)), 0.95)
    full = at_the_boundary(series_of((3, 5, 9), (3, 5, 9)), 0.95)
    assert none.estimate == 0
    for one, other in zip(
        (none.interval, *none.other_intervals), (full.interval, *full.other_intervals), strict=True
    ):
        assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low))
    assert none.weights == full.weights == pytest.approx((300 / 17, 500 / 17, 900 / 17))
    assert "no patient in every study" in none.notes[0]


def test_one_study_is_its_own_exact_interval():
    fit = at_the_boundary(series_of((15,), (17,)), 0.95)
    assert (fit.interval.low, fit.interval.high) == clopper_pearson(15, 17)
    assert fit.scale_estimate == pytest.approx(log(15 / 2))
    assert fit.se == pytest.approx((1 / 15 + 1 / 2) ** 0.5)
    assert fit.weights == (100,)


def test_one_patient_per_study_is_one_binomial_sample():
    fit = at_the_boundary(series_of((1, 0, 1, 1), (1, 1, 1, 1)), 0.95)
    assert (fit.estimate, fit.spread.value) == (0.75, None)
    assert (fit.interval.low, fit.interval.high) == clopper_pearson(3, 4)


def test_studies_that_are_all_or_nothing_get_the_wider_of_patients_and_studies_as_observations():
    fit = at_the_boundary(series_of((5, 0, 9), (5, 7, 9)), 0.95)
    assert fit.estimate == pytest.approx(14 / 21)
    assert (fit.interval.low, fit.interval.high) == clopper_pearson(2, 3)
    assert fit.interval.name == "exact-widest"
    assert [(one.name, one.low, one.high) for one in fit.other_intervals] == [
        ("exact", *clopper_pearson(14, 21)),
        ("exact-studies", *clopper_pearson(2, 3)),
    ]
    assert fit.scale_estimate is fit.se is fit.spread.value is None


def test_one_large_study_without_events_beside_tiny_ones_with_all_does_not_make_two_of_three():
    fit = at_the_boundary(series_of((0, 1, 2), (9, 1, 2)), 0.95)
    assert fit.estimate == 0.25
    assert fit.interval.low == clopper_pearson(3, 12)[0]
    assert fit.interval.high == clopper_pearson(2, 3)[1]


def test_the_level_is_that_of_every_interval():
    fit = at_the_boundary(series_of((3, 5), (3, 5)), 0.9)
    assert {one.level for one in (fit.interval, *fit.other_intervals)} == {0.9}
    assert fit.interval.low == pytest.approx(0.05 ** (1 / 8))


def test_all_patients_as_one_proportion():
    series = series_of((4, 6), (8, 9))
    fit = common(series, 0.95)
    assert (fit.model, fit.estimate, fit.spread.value) == ("common", 10 / 17, 0)
    assert fit.interval == exact_limits(series, 0.95)
    assert (fit.interval.low, fit.interval.high) == clopper_pearson(10, 17)


@given(STUDIES)
def test_a_boundary_is_exactly_where_no_study_is_mixed_or_one_stands_alone(studies):
    series = series_of(*zip(*studies, strict=True))
    mixed = any(0 < x < n for x, n in studies)
    assert (at_the_boundary(series, 0.95) is None) == (mixed and series.k > 1)


@given(STUDIES.filter(lambda studies: len(studies) == 1 or not any(0 < x < n for x, n in studies)))
def test_every_boundary_answer_holds_together(studies):
    series = series_of(*zip(*studies, strict=True))
    fit = at_the_boundary(series, 0.95)
    assert sum(fit.weights) == pytest.approx(100)
    assert fit.notes
    for one in (fit.interval, *fit.other_intervals):
        assert 0 <= one.low <= one.high <= 1
    assert fit.interval.low <= fit.estimate <= fit.interval.high
