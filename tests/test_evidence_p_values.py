"""P values against the counts and the statistics they are printed with."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from openhlh import claims
from openhlh.evidence import p_values
from openhlh.evidence.p_values import TwoByTwo
from openhlh.literature.tokens import printed


def p_of(text):
    return printed(text.lstrip("<>"), 90, text[0] if text[0] in "<>" else "")


def counted(p, first, second, about=""):
    groups = tuple((printed(str(yes), 0), printed(str(total), 5)) for yes, total in (first, second))
    return claims.TestResult(0, 99, "", about=about, p=p_of(p), groups=groups)


def reported(p, test, statistic, *df, about=""):
    return claims.TestResult(
        0, 99, "", about=about, p=p_of(p), test=test, statistic=printed(statistic, 0),
        df=tuple(printed(one, 10) for one in df),
    )  # fmt: skip


def words(rule, *found):
    return [one.word for one in rule(found)]


COUNTS = [
    ("0.143", (3, 3), (1, 5), "CONVENTION"),  # Fisher 1/7; chi-squared 0.028: the side of 0.05 depends
    ("0.028", (3, 3), (1, 5), "CONVENTION"),
    ("0.085", (12, 50), (20, 48), "CONSISTENT"),  # Fisher; the next test has them all
    (">0.05", (12, 50), (20, 48), "CONSISTENT"),
    ("0.004", (12, 50), (20, 48), "INCONSISTENT"),
    ("0.70", (12, 50), (20, 48), "INCONSISTENT"),
    ("<0.001", (12, 50), (20, 48), "INCONSISTENT"),
    ("0.34", (19, 75), (32, 75), "INCONSISTENT"),
    ("0.5", (0, 0), (1, 5), "NOT_TESTABLE"),
]


def test_the_worked_values_of_the_counts_are_scipys():
    table = [[12, 38], [20, 28]]
    assert round(stats.fisher_exact(table).pvalue, 4) == 0.0849
    assert round(stats.chi2_contingency(table, correction=False).pvalue, 4) == 0.0623
    assert round(stats.chi2_contingency(table, correction=True).pvalue, 4) == 0.0992


@pytest.mark.parametrize(("p", "first", "second", "word"), COUNTS)
def test_a_p_value_follows_from_the_counts_by_some_test(p, first, second, word):
    assert words(p_values.p_of_counts, counted(p, first, second)) == [word]


@pytest.mark.parametrize("about", ["adjusted", "log-rank survival", "mcnemar paired", "logistic regression"])
def test_another_test_is_only_in_tension(about):
    assert words(p_values.p_of_counts, counted("0.70", (12, 50), (20, 48), about)) == ["TENSION"]


def test_a_yates_corrected_test_is_not_another_test():
    found = words(p_values.p_of_counts, counted("0.70", (12, 50), (20, 48), "yates-corrected test"))
    assert found == ["INCONSISTENT"]


def test_fishers_one_sided_value_is_a_convention():
    one_sided = f"{float(p_values.fisher_one_sided(TwoByTwo(7, 8, 8, 20))):.3f}"
    assert words(p_values.p_of_counts, counted(one_sided, (7, 8), (8, 20))) == ["CONVENTION"]


def test_three_of_three_against_one_of_five_is_exactly_one_in_seven():
    assert p_values.fisher_two_sided(TwoByTwo(3, 3, 1, 5)) == Fraction(1, 7)


TABLES = st.tuples(*[st.integers(0, 40)] * 4)


@given(TABLES)
@settings(max_examples=200, deadline=None)
def test_fisher_and_chi_squared_are_scipys(cells):
    yes, no, other_yes, other_no = cells
    if not (yes + no and other_yes + other_no):
        return
    table = TwoByTwo(yes, yes + no, other_yes, other_yes + other_no)
    square = [[yes, no], [other_yes, other_no]]
    found = p_values.p_values_of_counts(table)
    assert found["Fisher's exact test"] == pytest.approx(stats.fisher_exact(square).pvalue, rel=1e-6)
    if yes + other_yes and no + other_no:
        for name, correction in (
            ("chi-squared test", False),
            ("chi-squared test with Yates' correction", True),
        ):
            wanted = stats.chi2_contingency(square, correction=correction).pvalue
            assert found[name] == pytest.approx(wanted, rel=1e-7, abs=1e-12)


@given(TABLES, st.integers(2, 4))
@settings(max_examples=150, deadline=None)
def test_no_true_p_value_is_ever_accused(cells, places):
    yes, no, other_yes, other_no = cells
    if not (yes + no and other_yes + other_no):
        return
    p = stats.fisher_exact([[yes, no], [other_yes, other_no]]).pvalue
    shown = counted(f"{p:.{places}f}", (yes, yes + no), (other_yes, other_yes + other_no))
    assert {one.verdict for one in p_values.p_of_counts([shown])} == {"holds"}


# R: 2*pt(-2.1, 38) = 0.0424; pf(4.2, 1, 28, lower=F) = 0.0499; pchisq(3.9, 1, lower=F) = 0.0483;
# 2*pnorm(-2) = 0.0455; r = 0.31 with 58 degrees gives t = 2.483 and p = 0.0159
STATISTICS = [
    (reported("0.042", "t", "2.10", "38"), "CONSISTENT"),
    (reported("0.021", "t", "2.10", "38"), "CONVENTION"),
    (reported("0.004", "t", "2.10", "38"), "INCONSISTENT"),
    (reported("0.40", "t", "2.10", "38"), "INCONSISTENT"),
    (reported("0.05", "F", "4.20", "1", "28"), "CONSISTENT"),
    (reported("<0.05", "chi2", "3.90", "1"), "CONSISTENT"),
    (reported("0.045", "z", "2.00"), "CONSISTENT"),  # 0.0455 cut off
    (reported("0.02", "r", ".31", "58"), "CONSISTENT"),
    (reported("0.02", "t", "3.53", "33"), "TENSION"),  # larger and still below 0.05: perhaps corrected
    (reported("0.4", "t", "2.10", "38", about="bonferroni corrected"), "TENSION"),
    (reported("0.04", "chi2", "3.90"), "NOT_TESTABLE"),
    (reported("0.04", "F", "3.90", "1"), "NOT_TESTABLE"),
]


@pytest.mark.parametrize(("claim", "word"), STATISTICS)
def test_a_p_value_follows_from_its_statistic(claim, word):
    assert words(p_values.p_of_statistic, claim) == [word]


def test_a_coarsely_printed_statistic_is_given_its_whole_interval():
    # t between 2.05 and 2.15 with 38 degrees of freedom: p between 0.038 and 0.047
    for p in ("0.038", "0.047"):
        assert words(p_values.p_of_statistic, reported(p, "t", "2.1", "38")) == ["CONSISTENT"]


@pytest.mark.parametrize("p", ["4.84", "0038", "-0.593"])
def test_a_p_value_is_a_probability(p):
    claim = claims.TestResult(0, 9, "", p=printed(p, 0))
    assert words(p_values.p_is_a_probability, claim) == ["IMPOSSIBLE"]


def test_a_p_value_alone_cannot_be_judged_and_one_with_its_interval_is_told_there():
    alone = claims.TestResult(0, 9, "", p=printed("0.04", 90))
    assert words(p_values.p_is_a_probability, alone) == ["NOT_TESTABLE"]
    with_interval = claims.Estimate(0, 99, "", p=printed("0.04", 90))
    assert words(p_values.p_is_a_probability, alone, with_interval) == []
