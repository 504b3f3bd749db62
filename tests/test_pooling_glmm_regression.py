"""Meta-regression on counts agrees with lme4, keeps its digits, and refuses what has no finite answer."""

from math import log, sqrt

import pytest

from openhlh.errors import Refusal, WrongInput
from openhlh.pooling.glmm import glmm
from openhlh.pooling.glmm_regression import glmm_regression
from openhlh.pooling.series import Series

EVENTS = (7, 22, 12, 14, 8, 3, 9, 17, 5, 4, 8, 11, 9, 6, 1, 0, 12, 30, 2, 5)
TOTALS = (12, 34, 15, 22, 9, 8, 14, 27, 5, 11, 9, 13, 17, 10, 9, 7, 20, 33, 13, 6)
YEARS = (
    1999, 2001, 2003, 2004, 2005, 2007, 2008, 2009, 2010, 2011, 2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019,
    2020, 2021,
)  # fmt: skip
AGES = (3, 12, 8.5, 40, 1.2, 5, 33, 60, 2, 7, 9, 11, 4, 45, 52, 30, 18, 6, 27, 3.3)
SINCE = [year - 2010 for year in YEARS]


def series_of(events, totals):
    return Series(tuple(f"study {at}" for at in range(len(events))), tuple(events), tuple(totals))


TWENTY = series_of(EVENTS, TOTALS)
# R 4.2.2, lme4 1.1-31: glmer(cbind(x, n - x) ~ since + age + (1 | study), binomial, nAGQ = 100), bobyqa with
# rhoend 1e-12; lme4's parameters stop at about 3e-7 from the top, its likelihoods agree to 1e-9
BOTH = {
    "intercept": (1.0979649098564, 0.3974930578783),
    "since": (-0.0311487255287, 0.0412405533286),
    "age": (-0.0289806220920, 0.0149709865452),
}


def test_two_covariates_are_fitted_as_by_lme4():
    fit = glmm_regression(TWENTY, {"since": SINCE, "age": AGES})
    assert [one.name for one in fit.coefficients] == list(BOTH)
    for one in fit.coefficients:
        assert (one.estimate, one.se) == pytest.approx(BOTH[one.name], abs=1e-6)
    assert fit.spread.value == pytest.approx(0.9388652188620, abs=1e-6)
    assert (fit.k, fit.needed, fit.level, fit.notes) == (20, 20, 0.95, ())


def test_each_likelihood_ratio_is_that_of_lme4():
    fit = glmm_regression(TWENTY, {"since": SINCE, "age": AGES})
    intercept, since, age = fit.coefficients
    assert intercept.lr_statistic is intercept.lr_p is None
    assert since.lr_statistic == pytest.approx(0.564977238022, abs=1e-8)
    assert age.lr_statistic == pytest.approx(3.802734964982, abs=1e-8)
    assert age.lr_p == pytest.approx(0.0511689, abs=1e-6)  # 1 - pchisq(3.802734964982, 1)
    assert fit.moderation.statistic == pytest.approx(4.667729013748, abs=1e-8)
    assert (fit.moderation.df, fit.moderation.p) == (2, pytest.approx(0.0969205, abs=1e-6))


def test_one_covariate_is_fitted_as_by_lme4():
    fit = glmm_regression(TWENTY, {"age": AGES})
    assert fit.coefficients[1].estimate == pytest.approx(-0.0304373663406, abs=1e-6)
    assert fit.spread.value == pytest.approx(0.9813865442458, abs=2e-6)
    # against the model without covariates: lme4's log likelihoods are -23.3513669757603 and -25.402742863623
    assert fit.log_likelihood - glmm(TWENTY).log_likelihood == pytest.approx(2.0513758878627, abs=1e-8)
    assert fit.moderation.statistic == pytest.approx(fit.coefficients[1].lr_statistic)


def test_a_covariate_far_from_zero_loses_no_digits():
    near = glmm_regression(TWENTY, {"since": SINCE, "age": AGES})
    far = glmm_regression(TWENTY, {"year": YEARS, "age": [1e6 + age for age in AGES]})
    for one, other in zip(near.coefficients[1:], far.coefficients[1:], strict=True):
        assert (one.estimate, one.se) == pytest.approx((other.estimate, other.se), rel=1e-7)
    assert near.log_likelihood == pytest.approx(far.log_likelihood, abs=1e-10)


def test_wald_limits_and_p_follow_from_estimate_and_error():
    age = glmm_regression(TWENTY, {"age": AGES}, level=0.9).coefficients[1]
    assert age.high - age.estimate == pytest.approx(1.6448536 * age.se, rel=1e-6)
    assert age.statistic == pytest.approx(age.estimate / age.se)
    assert age.low < age.estimate < age.high


def test_the_order_of_the_studies_does_not_matter_and_mirrored_events_mirror_the_coefficients():
    fit = glmm_regression(TWENTY, {"age": AGES})
    failures = [n - x for x, n in zip(EVENTS, TOTALS, strict=True)]
    mirrored = glmm_regression(series_of(failures[::-1], TOTALS[::-1]), {"age": AGES[::-1]})
    for one, other in zip(fit.coefficients, mirrored.coefficients, strict=True):
        assert one.estimate == pytest.approx(-other.estimate, abs=1e-8)
        assert one.se == pytest.approx(other.se, abs=1e-8)


def test_without_spread_the_errors_are_those_of_a_binomial_regression():
    # ten studies of 4/8 and ten of 6/8: logits 0 and log 3; variances 1/20 and 1/15 per ten studies of 8
    series = series_of([4] * 10 + [6] * 10, [8] * 20)
    fit = glmm_regression(series, {"group": [0] * 10 + [1] * 10})
    assert fit.spread.value == 0
    assert fit.notes
    assert fit.coefficients[1].estimate == pytest.approx(log(3))
    assert fit.coefficients[1].se == pytest.approx(sqrt(1 / 20 + 1 / 15))


def test_too_few_studies_are_refused_with_both_numbers():
    with pytest.raises(Refusal, match=r"19 studies are too few .* 2 covariates: 20 are needed"):
        glmm_regression(
            TWENTY.only([at for at in range(TWENTY.k) if at != 3]), {"since": SINCE[1:], "age": AGES[1:]}
        )


@pytest.mark.parametrize(
    ("covariates", "said"),
    [
        ({"flat": [2.0] * 20}, "`flat` is the same"),
        ({"age": AGES, "months": [12 * age for age in AGES]}, "`months` follows from the others"),
        ({"age": AGES[:19]}, "`age` has not one number"),
        ({"age": [*AGES[:19], float("nan")]}, "`age` has not one number"),
        ({}, "no covariate"),
    ],
)
def test_a_covariate_that_cannot_be_fitted_is_named(covariates, said):
    with pytest.raises(WrongInput, match=said):
        glmm_regression(TWENTY, covariates)


def test_a_covariate_that_separates_the_studies_is_refused():
    # all patients respond where the covariate is 1: its coefficient has no finite best value
    series = series_of([3, 1, 2, 4, 3, 8, 9, 5, 4, 2], [5, 4, 3, 9, 4, 8, 9, 5, 4, 2])
    with pytest.raises(Refusal, match="no finite answer: the covariates tell"):
        glmm_regression(series, {"drug": [0] * 5 + [1] * 5})


def test_full_studies_on_both_sides_of_a_covariate_are_no_separation():
    series = series_of([3, 4, 2, 4, 3, 8, 9, 5, 3, 0], [5, 4, 3, 9, 4, 8, 9, 5, 4, 2])
    assert glmm_regression(series, {"drug": [0] * 5 + [1] * 5}).coefficients[1].se < 3


@pytest.mark.parametrize("events", [[0] * 10, [5] * 10, [0, 5] * 5])
def test_studies_that_are_all_or_nothing_have_no_regression(events):
    with pytest.raises(Refusal, match="in every study all patients or none"):
        glmm_regression(series_of(events, [5] * 10), {"age": AGES[:10]})
