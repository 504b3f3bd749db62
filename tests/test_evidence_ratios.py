"""R24: an odds ratio or risk ratio is held against the counts of the two groups beside it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.claims import Estimate
from openhlh.evidence.ratios import ratio_of_counts, ratios_of
from openhlh.literature.tokens import printed


def estimate(value, groups, measure="or", about=""):
    read = tuple((printed(str(one), 0), printed(str(other), 5)) for one, other in groups)
    return Estimate(0, 9, value, about=about, measure=measure, estimate=printed(value, 20), groups=read)


def judged(*args, **more):
    return [(one.word, one.convention) for one in ratio_of_counts([estimate(*args, **more)])]


GROUPS = ((12, 50), (6, 50))  # odds 12/38 and 6/44: 2.3158; risks 0.24 and 0.12: 2


@pytest.mark.parametrize(
    ("value", "measure", "wanted"),
    [
        ("2.32", "or", ("CONSISTENT", "")),
        ("2.0", "rr", ("CONSISTENT", "")),
        ("0.43", "or", ("CONVENTION", "odds ratio, the groups the other way round")),
        ("2.0", "or", ("TENSION", "risk ratio")),
        ("2.32", "rr", ("TENSION", "odds ratio")),
        ("2.9", "or", ("TENSION", "")),
        ("9.5", "or", ("TENSION", "")),
    ],
)
def test_the_ratio_is_recomputed_from_the_counts(value, measure, wanted):
    assert judged(value, GROUPS, measure) == [wanted]


def test_only_a_ratio_called_unadjusted_and_far_off_does_not_hold():
    assert judged("9.5", GROUPS, about="crude odds ratio")[0][0] == "INCONSISTENT"
    assert judged("2.9", GROUPS, about="crude odds ratio")[0][0] == "TENSION"
    assert judged("9.5", GROUPS, about="unadjusted adjusted odds ratio")[0][0] == "TENSION"


def test_an_empty_cell_is_met_with_half_a_person():
    # (0.5 / 50.5) / (6.5 / 44.5) = 0.0678 by hand
    assert judged("0.07", ((0, 50), (6, 50))) == [("CONSISTENT", "")]


@pytest.mark.parametrize("groups", [((0, 50), (0, 48)), ((50, 50), (48, 48))])
def test_counts_without_any_contrast_give_no_ratio(groups):
    assert judged("1.0", groups)[0][0] == "NOT_TESTABLE"


def test_other_measures_and_ratios_without_counts_are_not_judged():
    assert judged("2.32", GROUPS, "hr") == []
    assert judged("2.32", ()) == []


@given(st.integers(1, 40), st.integers(1, 40), st.integers(41, 90), st.integers(41, 90))
def test_turning_the_groups_round_inverts_both_ratios(one, other, first, second):
    there, back = ratios_of((one, other), (first, second)), ratios_of((other, one), (second, first))
    assert there == {name: 1 / ratio for name, ratio in back.items()}
    assert there["rr"] == Fraction(one * second, other * first)
