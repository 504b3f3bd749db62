"""Centres outside their own spread, and standard deviations that no sample can have."""

from dataclasses import replace
from fractions import Fraction
from statistics import mean, stdev

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openhlh.claims import Centre
from openhlh.evidence import spread
from openhlh.literature.tokens import printed


def centre(value, low=None, high=None, *, sd=None, n=None, kind="range", measure="median"):
    at = iter(range(0, 500, 50))
    one = {
        name: printed(text, next(at)) if text else None
        for name, text in (("centre", value), ("low", low), ("high", high), ("sd", sd), ("n", n))
    }
    return Centre(0, 10, value, measure=measure, spread=kind, **one)


def words(rule, *claims):
    return [found.word for found in rule(claims)]


CONTAINED = [
    (("48", "16", "75"), "CONSISTENT"),
    (("16", "16", "75"), "CONSISTENT"),
    (("8", "8.4", "9"), "CONSISTENT"),  # 8 may be 8.4 rounded: 8.5 is as far as it goes
    (("119", "15", "115"), "IMPOSSIBLE"),
    (("6", "8", "9"), "IMPOSSIBLE"),
    (("0.30", "20", "40"), "TENSION"),  # a share beside percents
    (("53", "-100", "-30"), "TENSION"),  # a lost minus
    (("30", "75", "16"), "TENSION"),  # limits in the other order
]


@pytest.mark.parametrize(("numbers", "word"), CONTAINED)
def test_a_median_lies_inside_its_range(numbers, word):
    assert words(spread.centre_inside_its_spread, centre(*numbers)) == [word]


def test_a_mean_may_lie_outside_quartiles_but_not_outside_the_range():
    assert words(spread.centre_inside_its_spread, centre("10", "2", "8", kind="iqr", measure="mean")) == [
        "TENSION"
    ]
    assert words(spread.centre_inside_its_spread, centre("10", "2", "8", measure="mean")) == ["IMPOSSIBLE"]


def test_a_limit_that_is_only_a_bound_accuses_nobody():
    claim = centre("10", "2", "8")
    assert words(spread.centre_inside_its_spread, replace(claim, high=replace(claim.high, bound=">"))) == [
        "TENSION"
    ]


def test_a_centre_alone_cannot_be_judged():
    assert words(spread.centre_inside_its_spread, centre("10")) == ["NOT_TESTABLE"]


def test_quartiles_lie_inside_the_range_of_the_same_median():
    whole = centre("9", "1", "40")
    assert words(spread.quartiles_inside_the_range, centre("9", "5", "12", kind="iqr"), whole) == [
        "CONSISTENT"
    ]
    assert words(spread.quartiles_inside_the_range, centre("9", "5", "43", kind="iqr"), whole) == [
        "IMPOSSIBLE"
    ]
    elsewhere = replace(centre("9", "5", "43", kind="iqr"), centre=printed("9", 400))
    assert words(spread.quartiles_inside_the_range, elsewhere, whole) == []


def test_no_ten_values_from_one_to_five_with_mean_three_have_an_sd_of_two_and_a_half():
    # 10/9 * (5 - 3) * (3 - 1) = 4.44, whose root is 2.11; rounding moves each end by half a unit
    claim = centre("3", "1", "5", sd="2.5", n="10", measure="mean")
    wide = replace(claim, centre=printed("3.0", 0), low=printed("1.0", 50), high=printed("5.0", 100))
    assert words(spread.deviation_within_its_bound, wide) == ["IMPOSSIBLE"]
    assert words(spread.deviation_within_its_bound, replace(wide, sd=printed("2.1", 0))) == ["CONSISTENT"]
    assert words(spread.deviation_within_its_bound, replace(wide, n=None)) == ["CONSISTENT"]


@given(st.lists(st.integers(0, 60), min_size=2, max_size=30), st.integers(0, 2))
def test_no_true_sample_is_ever_accused(values, places):
    assume(len(set(values)) > 1)
    shown = centre(
        f"{mean(values):.{places}f}", str(min(values)), str(max(values)),
        sd=f"{stdev(values):.{places}f}", n=str(len(values)), measure="mean",
    )  # fmt: skip
    found = [*spread.deviation_within_its_bound([shown]), *spread.centre_inside_its_spread([shown])]
    assert {one.word for one in found} == {"CONSISTENT"}


def test_a_number_stands_for_half_a_unit_to_either_side():
    assert (spread.least(printed("1.5", 0)), spread.greatest(printed("1.5", 0))) == (
        Fraction(29, 20),
        Fraction(31, 20),
    )
