"""Means, medians and deviations of whole numbers: which of them can occur."""

from dataclasses import replace
from statistics import mean, median, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.claims import Centre, Proportion
from openhlh.evidence import grim
from openhlh.literature.tokens import printed


def centre(value, n=None, *, sd=None, quantity="number of relapses", measure="mean", unit=""):
    return Centre(
        0, 5, value, measure=measure, centre=printed(value, 0), n=printed(n, 20) if n else None,
        sd=printed(sd, 30) if sd else None, sd_named=sd is not None, quantity=quantity, unit=unit,
    )  # fmt: skip


def words(rule, *claims):
    return [found.word for found in rule(claims)]


MEANS = [
    ("3.48", "20", "INCONSISTENT"),  # 69/20 = 3.45, 70/20 = 3.50
    ("3.45", "20", "CONSISTENT"),
    ("5.18", "40", "CONSISTENT"),  # 207/40 = 5.175, which goes either way
    ("5.17", "40", "CONSISTENT"),
    ("5.27", "43", "ALT_ROUNDING"),  # 227/43 = 5.279, cut off
    ("3.48", "100", "NOT_TESTABLE"),
    ("3.4", "20", "NOT_TESTABLE"),
]


@pytest.mark.parametrize(("value", "n", "word"), MEANS)
def test_the_mean_of_whole_numbers_is_a_whole_number_over_n(value, n, word):
    assert words(grim.mean_of_whole_numbers, centre(value, n)) == [word]


@pytest.mark.parametrize("quantity", ["age", "pain score", "hospital days"])
def test_what_may_have_finer_values_is_only_in_tension(quantity):
    assert words(grim.mean_of_whole_numbers, centre("3.48", "20", quantity=quantity)) == ["TENSION"]


@pytest.mark.parametrize(
    "quantity", ["weight", "number of relapses per year", "number of cells", "time to relapse", "age ratio"]
)
def test_what_is_measured_or_a_rate_is_not_judged(quantity):
    assert words(grim.mean_of_whole_numbers, centre("3.48", "20", quantity=quantity)) == []


def test_a_number_of_things_per_person_is_a_count():
    assert words(
        grim.mean_of_whole_numbers, centre("3.48", "20", quantity="number of falls per patient")
    ) == ["INCONSISTENT"]


MEDIANS = [
    ("3", "7", "number of visits", []),
    ("3.5", "8", "number of visits", ["CONSISTENT"]),
    ("3.5", "7", "number of visits", ["TENSION"]),
    ("3.3", "8", "number of visits", ["INCONSISTENT"]),
    ("3.3", None, "number of visits", ["TENSION"]),
    ("37.6", "18", "age", ["CONVENTION"]),
    ("37.5", "18", "age", ["CONSISTENT"]),
    ("37.6", "18", "weight", []),
]


@pytest.mark.parametrize(("value", "n", "quantity", "wanted"), MEDIANS)
def test_the_median_of_whole_numbers_is_whole_or_a_half(value, n, quantity, wanted):
    assert (
        words(grim.median_of_whole_numbers, centre(value, n, quantity=quantity, measure="median")) == wanted
    )


def test_a_decimal_median_age_may_be_a_mean_and_says_of_how_many():
    share = Proportion(0, 5, "15/18", count=printed("15", 0), total=printed("18", 3))
    (found,) = grim.median_of_whole_numbers([centre("37.6", quantity="age", measure="median"), share])
    assert (found.computed, found.convention) == ("677/18 = 37.6 would be a mean", "ages with decimals")


def test_an_age_in_months_is_not_judged():
    assert (
        words(
            grim.median_of_whole_numbers, centre("7.3", "9", quantity="age", measure="median", unit="months")
        )
        == []
    )


DEVIATIONS = [
    ("2.50", "1.35", "INCONSISTENT"),
    ("2.50", "1.29", "CONSISTENT"),
    ("2.50", "1.12", "CONVENTION"),
]


@pytest.mark.parametrize(("value", "sd", "word"), DEVIATIONS)
def test_four_whole_numbers_with_mean_two_and_a_half(value, sd, word):
    # 1, 2, 3, 4 have SD 1.291 (1.118 when divided by 4); no sum of squares gives 1.35
    assert words(grim.deviation_of_whole_numbers, centre(value, "4", sd=sd)) == [word]


def test_a_bare_plus_minus_is_not_judged_as_a_deviation():
    assert (
        words(grim.deviation_of_whole_numbers, replace(centre("2.50", "4", sd="1.35"), sd_named=False)) == []
    )


@given(st.lists(st.integers(0, 40), min_size=2, max_size=40), st.integers(1, 3))
def test_no_true_sample_is_ever_accused(values, places):
    shown = centre(f"{mean(values):.{places}f}", str(len(values)), sd=f"{stdev(values):.{places}f}")
    found = [*grim.mean_of_whole_numbers([shown]), *grim.deviation_of_whole_numbers([shown])]
    assert all(one.verdict in {"holds", "cannot_check"} for one in found)
    middle = centre(f"{median(values):.1f}", str(len(values)), measure="median")
    assert words(grim.median_of_whole_numbers, middle) == ["CONSISTENT"]


@pytest.mark.parametrize(
    ("quantity", "word"),
    [
        ("number of platelet transfusions", ["INCONSISTENT"]),
        ("number of red cell units", ["INCONSISTENT"]),
        ("number of blood platelets", []),
        ("number of cells", []),
    ],
)
def test_transfusions_are_counted_and_blood_cells_are_measured(quantity, word):
    assert words(grim.mean_of_whole_numbers, centre("3.48", "20", quantity=quantity)) == word
