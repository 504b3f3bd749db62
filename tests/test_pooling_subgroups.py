"""Subgroups: every study is in one, and the test compares what can be compared."""

from math import log

import pytest
from scipy import stats

from openhlh.errors import WrongInput
from openhlh.pooling.beta_binomial import beta_binomial
from openhlh.pooling.effects import single_arm_effects
from openhlh.pooling.glmm import glmm
from openhlh.pooling.glmm_point import glmm_point
from openhlh.pooling.inverse_variance import inverse_variance
from openhlh.pooling.series import Series
from openhlh.pooling.subgroups import by_group

EVENTS = (7, 22, 12, 14, 8, 3, 9, 17, 5, 4, 8, 11, 9, 6, 1, 0, 12, 30, 2, 5)
TOTALS = (12, 34, 15, 22, 9, 8, 14, 27, 5, 11, 9, 13, 17, 10, 9, 7, 20, 33, 13, 6)


def series_of(events, totals):
    return Series(tuple(f"study {at}" for at in range(len(events))), tuple(events), tuple(totals))


TWENTY = series_of(EVENTS, TOTALS)
ABC = ("a", "b", "c") * 6 + ("a", "b")


def equal_effects(effects):
    return inverse_variance(effects, "EE")


def test_each_group_is_fitted_alone():
    found = by_group(TWENTY, ABC, glmm)
    assert [(group.name, group.k) for group in found.groups] == [("a", 7), ("b", 7), ("c", 6)]
    assert found.groups[2].fit == glmm(TWENTY.only(range(2, 20, 3)))
    assert found.groups[2].labels == TWENTY.labels[2::3]


def test_the_likelihood_ratio_of_the_groups_is_that_of_lme4():
    # R 4.2.2, lme4 1.1-31: glmer(cbind(x, n - x) ~ group + (1 | study), nAGQ = 100) against ~ 1
    test = by_group(TWENTY, ABC, glmm_point).test
    assert (test.name, test.df) == ("lr-groups", 2)
    assert test.statistic == pytest.approx(5.77173584869, abs=1e-8)
    assert test.p == pytest.approx(stats.chi2.sf(5.77173584869, 2), abs=1e-9)


def test_q_between_two_groups_by_hand():
    # each group is one study: logits 0 and log 3, variances 1/2 and 2/3
    effects = single_arm_effects(series_of((4, 6), (8, 8)), "PLO")
    test = by_group(effects, ("x", "y"), equal_effects).test
    assert test.name == "q-between"
    assert test.statistic == pytest.approx(log(3) ** 2 / (1 / 2 + 2 / 3))
    assert test.df == 1


def test_q_between_is_that_of_metafor():
    # R 4.2.2, metafor 3.8-1: rma of the three rma(..., method = "REML", subset = g)'s estimates, method = "FE": QE
    effects = single_arm_effects(TWENTY, "PLO")
    test = by_group(effects, ABC, lambda data: inverse_variance(data, "REML", "wald")).test
    assert test.statistic == pytest.approx(4.56164637751, abs=1e-8)


def test_studies_without_a_group_are_shown_and_not_tested():
    names = (None, "", "  ", *ABC[3:])
    found = by_group(TWENTY, names, glmm_point)
    assert [(group.name, group.k) for group in found.groups] == [
        ("a", 6),
        ("b", 6),
        ("c", 5),
        ("not stated", 3),
    ]
    assert found.groups[-1].labels == TWENTY.labels[:3]
    assert found.tested == ("a", "b", "c")
    assert found.test.statistic == by_group(TWENTY.only(range(3, 20)), ABC[3:], glmm_point).test.statistic
    assert "3 of the studies do not state their group" in found.notes[0]


def test_a_group_at_the_boundary_is_said_and_not_tested():
    series = series_of((3, 5, 2, 4, 1, 6), (3, 5, 6, 9, 8, 9))
    found = by_group(series, ("full", "full", "x", "x", "y", "y"), glmm_point)
    assert found.tested == ("x", "y")
    assert found.notes == ("full is not tested: it has no finite estimate with an error.",)
    assert found.test.df == 1
    by_q = by_group(series, ("full", "full", "x", "x", "y", "y"), beta_binomial)
    assert (by_q.tested, by_q.test.name) == (("x", "y"), "q-between")


@pytest.mark.parametrize(
    ("events", "totals", "groups"),
    [
        ((3, 4), (5, 6), ("x", "y")),  # one study per group
        ((3, 4, 5), (5, 6, 7), ("x", "x", "x")),  # one group
        ((3, 4, 5), (5, 6, 7), (None, "", None)),  # no group
        ((0, 4, 5, 0), (5, 4, 5, 7), ("x", "x", "y", "y")),  # all or nothing
        ((3, 4, 0, 0), (5, 6, 7, 9), ("x", "x", "y", "y")),  # one group that can be tested
    ],
)
def test_where_nothing_can_be_compared_there_is_no_test(events, totals, groups):
    found = by_group(series_of(events, totals), groups, glmm_point)
    assert found.test is None
    assert found.tested == ()
    assert sum(group.k for group in found.groups) == len(events)


def test_the_test_does_not_depend_on_the_order_and_is_null_for_equal_groups():
    one = by_group(TWENTY, ABC, glmm_point).test.statistic
    other = by_group(TWENTY.only(range(19, -1, -1)), ABC[::-1], glmm_point).test.statistic
    assert one == pytest.approx(other, abs=1e-9)
    twice = series_of(EVENTS * 2, TOTALS * 2)
    assert by_group(twice, ("x",) * 20 + ("y",) * 20, glmm_point).test.statistic == pytest.approx(0, abs=1e-9)


def test_each_study_needs_one_group():
    with pytest.raises(WrongInput, match="2 groups for 20 studies"):
        by_group(TWENTY, ("a", "b"), glmm_point)
