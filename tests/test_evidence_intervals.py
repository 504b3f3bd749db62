"""Intervals against their estimate, their counts and their p value."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from openhlh.claims import Estimate
from openhlh.evidence import intervals
from openhlh.literature.tokens import printed


def estimate(value, low, high, *, measure="hr", count=None, total=None, p=None, level=95, about=""):
    one = {
        name: printed(text, at) if text else None
        for name, text, at in (
            ("low", low, 10),
            ("high", high, 20),
            ("count", count, 30),
            ("total", total, 40),
        )
    }
    return Estimate(
        0, 50, value, about=about, measure=measure, estimate=printed(value, 0) if value else None,
        p=printed(p.lstrip("<>"), 60, p[0] if p[0] in "<>" else "") if p else None, level=Fraction(level), **one,
    )  # fmt: skip


def words(rule, *claims):
    return [found.word for found in rule(claims)]


INSIDE = [
    (("0.75", "0.60", "0.93"), "hr", "CONSISTENT"),
    (("0.6", "0.62", "0.93"), "hr", "CONSISTENT"),  # 0.6 may be 0.64
    (("1.24", "0.38", "1.06"), "hr", "IMPOSSIBLE"),
    (("0.75", "0.93", "0.60"), "hr", "INCONSISTENT"),
    (("-3.7", "-1.4", "-5.9"), "difference", "TENSION"),
    (("7.2", "7.3", "7.1"), "", "TENSION"),  # a decrease, told without its sign
    (("4.6", "-7.6", "-1.6"), "difference", "IMPOSSIBLE"),  # nothing says that it is a decrease
    (("-4.6", "1.6", "7.6"), "difference", "IMPOSSIBLE"),
    (("20.9", "-0.340", "-0.061"), "percent", "TENSION"),
    (("17", "0.76", "0.90"), "percent", "TENSION"),
    (("29.5", "-13.4", "2.5"), "difference", "IMPOSSIBLE"),
    ((None, "5", "25"), "", "NOT_TESTABLE"),
]


@pytest.mark.parametrize(("numbers", "measure", "word"), INSIDE)
def test_an_estimate_lies_inside_its_interval(numbers, measure, word):
    assert words(intervals.estimate_inside_interval, estimate(*numbers, measure=measure)) == [word]


def test_a_decrease_may_be_told_with_a_sign_that_its_limits_lack():
    claim = estimate("-4.6", "1.6", "7.6", measure="difference", about="stay was shortened")
    assert words(intervals.estimate_inside_interval, claim) == ["TENSION"]


def test_a_decrease_may_be_told_without_the_sign_that_its_limits_have():
    claim = estimate("4.6", "-7.6", "-1.6", measure="difference", about="stay was shortened")
    assert words(intervals.estimate_inside_interval, claim) == ["TENSION"]


def test_limits_around_zero_are_no_sign_of_another_scale():
    claim = estimate("53.6", "-15.6", "0.5", measure="difference")
    assert words(intervals.estimate_inside_interval, claim) == ["IMPOSSIBLE"]


def test_a_ratio_lies_in_the_middle_of_its_interval_on_the_log_scale():
    # the root of 0.60 * 0.93 is 0.747
    assert words(intervals.ratio_in_the_middle, estimate("0.75", "0.60", "0.93")) == ["CONSISTENT"]
    assert words(intervals.ratio_in_the_middle, estimate("0.90", "0.60", "0.93")) == ["TENSION"]
    assert words(intervals.ratio_in_the_middle, estimate("0.1", "0.0", "0.9")) == []
    assert words(intervals.ratio_in_the_middle, estimate("5.2", "1.1", "9.3", measure="difference")) == []


P_VALUES = [
    (("0.75", "0.60", "0.93"), "hr", "0.01", "CONSISTENT"),
    (("0.75", "0.60", "0.93"), "hr", "0.31", "TENSION"),
    (("0.75", "0.50", "1.23"), "hr", "<0.01", "TENSION"),
    (("0.75", "0.50", "1.23"), "hr", ">0.05", "CONSISTENT"),
    (("0.75", "0.60", "0.99"), "hr", "0.06", "NOT_TESTABLE"),
    (("2.0", "-1.0", "5.0"), "difference", "0.19", "CONSISTENT"),
]


@pytest.mark.parametrize(("numbers", "measure", "p", "word"), P_VALUES)
def test_a_p_value_is_on_the_side_that_the_interval_says(numbers, measure, p, word):
    assert words(intervals.p_value_agrees_with_interval, estimate(*numbers, measure=measure, p=p)) == [word]


# 15/17 by hand and by R's binom package: exact 63.6-98.5, Wilson 65.7-96.7, Wald 72.9-100
COUNTS = [
    (("63.6", "98.5"), "CONSISTENT", ""),
    (("65.7", "96.7"), "CONVENTION", "Wilson"),
    (("72.9", "100"), "CONVENTION", "Wald"),
    (("63.6", "98.6"), "ALT_ROUNDING", "Clopper-Pearson"),
    (("84.0", "92.0"), "INCONSISTENT", ""),
    (("90.0", "98.0"), "IMPOSSIBLE", ""),
]


@pytest.mark.parametrize(("limits", "word", "convention"), COUNTS)
def test_fifteen_of_seventeen_has_the_interval_of_some_method(limits, word, convention):
    claim = estimate("88.2", *limits, measure="percent", count="15", total="17")
    (found,) = intervals.interval_of_counts([claim])
    assert (found.word, found.convention) == (word, convention)


def test_the_interval_of_another_level_is_a_tension():
    low, high = (
        f"{100 * limit:.1f}" for limit in intervals.binomial_intervals(15, 17, 0.90)["Clopper-Pearson"]
    )
    claim = estimate("88.2", low, high, measure="percent", count="15", total="17")
    assert words(intervals.interval_of_counts, claim) == ["TENSION"]
    assert words(intervals.interval_of_counts, replace(claim, level=Fraction(90))) == ["CONSISTENT"]


def test_an_adjusted_or_clustered_interval_is_only_in_tension():
    claim = estimate(
        "88.2", "84.0", "92.0", measure="percent", count="15", total="17", about="cluster adjusted rate"
    )
    assert words(intervals.interval_of_counts, claim) == ["TENSION"]


def test_counts_of_something_else_are_not_compared():
    claim = estimate("45", "30", "60", measure="percent", count="15", total="17")
    assert words(intervals.interval_of_counts, claim) == ["NOT_TESTABLE"]


def test_limits_told_as_shares_are_compared_as_shares():
    claim = estimate("0.88", "0.64", "0.99", measure="", count="15", total="17")
    assert words(intervals.interval_of_counts, claim) == ["CONSISTENT"]


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.9, 0.95, 0.99]))
@settings(max_examples=60, deadline=None)
def test_the_exact_and_the_wilson_interval_are_scipys(yes, no, level):
    if yes + no == 0:
        return
    found = intervals.binomial_intervals(yes, yes + no, level)
    for name, method in (
        ("Clopper-Pearson", "exact"), ("Wilson", "wilson"), ("Wilson with continuity correction", "wilsoncc")
    ):  # fmt: skip
        wanted = stats.binomtest(yes, yes + no).proportion_ci(level, method)
        assert found[name] == pytest.approx((wanted.low, wanted.high), abs=1e-7)


@pytest.mark.parametrize(("count", "total"), [(0, 1), (1, 1), (0, 900), (900, 900), (450, 900), (3, 20_000)])
def test_every_method_gives_ordered_shares_at_the_edges(count, total):
    for low, high in intervals.binomial_intervals(count, total).values():
        assert 0 <= low <= high <= 1
    wanted = stats.binomtest(count, total).proportion_ci(0.95, "exact")
    assert intervals.binomial_intervals(count, total)["Clopper-Pearson"] == pytest.approx(
        (wanted.low, wanted.high), abs=1e-7
    )


@given(st.integers(0, 80), st.integers(1, 80), st.sampled_from(["exact", "wilson"]), st.integers(0, 1))
@settings(max_examples=100, deadline=None)
def test_no_true_interval_is_ever_accused(count, total, method, places):
    count = min(count, total)
    limits = stats.binomtest(count, total).proportion_ci(0.95, method)
    low, high = (f"{100 * limit:.{places}f}" for limit in (limits.low, limits.high))
    claim = estimate(
        f"{100 * count / total:.{places}f}", low, high, measure="percent", count=str(count), total=str(total)
    )
    found = [*intervals.interval_of_counts([claim]), *intervals.estimate_inside_interval([claim])]
    assert {one.verdict for one in found} == {"holds"}
