"""Meta-regression against metafor 3.8-1 (R 4.2.2) on the 13 BCG trials (Colditz: JAMA 1994;271:698)."""

from math import log

import numpy as np
import pytest

from openhlh.errors import Refusal, WrongInput
from openhlh.pooling.inverse_variance import SPREADS, inverse_variance
from openhlh.pooling.iv_regression import meta_regression
from openhlh.pooling.series import Effects

# log risk ratios of dat.bcg as escalc computes them
BCG = Effects(
    tuple("abcdefghijklm"),
    (-0.8893113339202, -1.585388657201, -1.3480731483, -1.441551190021, -0.2175473222113, -0.7861155858189, -1.620898223598, 0.01195233352384, -0.4694176487381, -1.371344803473, -0.3393588283384, 0.4459134005714, -0.01731394821688),
    (0.325584765004, 0.1945811213981, 0.415367965368, 0.02001003190225, 0.05121017216963, 0.006905618455909, 0.2230172475723, 0.003961579297818, 0.05643421046325, 0.07302479361303, 0.01241221397156, 0.5325058452002, 0.07140465968399),
    "RR",
)  # fmt: skip
LATITUDE = (44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33)
YEAR = (1948, 1949, 1960, 1977, 1973, 1953, 1973, 1980, 1968, 1961, 1974, 1969, 1976)
# beta, se, ci.lb, ci.ub, pval (two each), tau2, se.tau2, QM, QMp, QE, QEp, I2, R2, logLik
BY_LATITUDE = (  # rma(yi, vi, mods = ~ablat, test = "knha")
    0.2514682100073, -0.02910172501165, 0.2839252837434, 0.008201417411038, -0.3734471260867, -0.04715292302506,
    0.8763835461014, -0.01105052699824, 0.3947370724467, 0.004565051541544, 0.07634796395526, 0.05904722890447,
    12.59098288442, 0.004565051541544, 30.73309001075, 0.00121429098742, 68.3912248382, 75.6266218116, -8.087320058276,
)  # fmt: skip
BY_YEAR = (  # rma(yi, vi, mods = ~year, method = "DL")
    -53.32513859303, 0.02674035593175, 33.63800403561, 0.01709662190887, -119.2544150146, -0.006768407266943,
    12.60413782857, 0.06024911913044, 0.1129062178347, 0.117800546569, 0.3032617176988, 0.2232552590323,
    2.44632274156, 0.117800546569, 100.1782494221, 1.646429857491e-16, 89.01957254848, 1.780846120756, -11.45342982705,
)  # fmt: skip


def flat(fit):
    columns = [
        [getattr(one, name) for one in fit.coefficients] for name in ("estimate", "se", "low", "high", "p")
    ]
    return [
        *(value for column in columns for value in column),
        fit.spread.value, fit.spread.se, fit.moderation.statistic, fit.moderation.p,
        fit.residual.statistic, fit.residual.p, fit.inconsistency.i2, fit.r2, fit.log_likelihood,
    ]  # fmt: skip


def test_a_regression_with_hartung_knapp_errors_is_that_of_metafor():
    fit = meta_regression(BCG, {"latitude": LATITUDE})
    assert flat(fit) == pytest.approx(BY_LATITUDE, rel=1e-8)
    assert [one.name for one in fit.coefficients] == ["intercept", "latitude"]
    assert (fit.moderation.df, fit.moderation.residual_df, fit.residual.df, fit.needed) == (1, 11, 11, 10)


def test_a_regression_on_the_year_keeps_its_digits():
    fit = meta_regression(BCG, {"year": YEAR}, "DL", "wald")
    assert flat(fit) == pytest.approx(BY_YEAR, rel=1e-8)
    assert (fit.moderation.df, fit.moderation.residual_df) == (1, None)


def test_two_covariates_agree_with_the_normal_equations_written_out():
    double = Effects(
        tuple(f"study {at}" for at in range(26)),
        BCG.values + tuple(value / 2 for value in BCG.values),
        BCG.variances * 2,
        "RR",
    )
    latitude, year = LATITUDE * 2, YEAR + tuple(year + at for at, year in enumerate(YEAR))
    fit = meta_regression(double, {"latitude": latitude, "year": year}, "EE", "hk")
    x = np.column_stack([np.ones(26), latitude, np.array(year) - 1960.0])
    w = np.diag(1 / np.array(double.variances))
    y = np.array(double.values)
    covariance = np.linalg.inv(x.T @ w @ x)
    beta = covariance @ x.T @ w @ y
    residual = y - x @ beta
    q = residual @ w @ residual / 23
    assert [one.estimate for one in fit.coefficients[1:]] == pytest.approx(beta[1:], rel=1e-9)
    assert [one.se for one in fit.coefficients[1:]] == pytest.approx(
        np.sqrt(q * np.diag(covariance))[1:], rel=1e-9
    )
    expected = beta[1:] @ np.linalg.inv(q * covariance[1:, 1:]) @ beta[1:] / 2
    assert fit.moderation.statistic == pytest.approx(expected, rel=1e-9)
    assert fit.residual.statistic == pytest.approx(23 * q)
    assert (fit.needed, fit.r2, fit.spread.estimator) == (20, None, "EE")
    assert any("R squared" in note for note in fit.notes)


def test_a_covariate_that_says_nothing_leaves_tau_squared_and_explains_nothing():
    noise = (1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)
    fit = meta_regression(BCG, {"noise": noise}, "PM")
    assert fit.r2 == 0
    assert fit.spread.value == pytest.approx(inverse_variance(BCG, "PM").spread.value, rel=0.3)


@pytest.mark.parametrize("method", SPREADS)
def test_covariates_that_explain_everything_leave_nothing_to_test(method):
    exact = Effects(BCG.labels, tuple(0.5 + 0.01 * one for one in LATITUDE), BCG.variances, "RR")
    fit = meta_regression(exact, {"latitude": LATITUDE}, method, "hk")
    assert fit.coefficients[1].estimate == pytest.approx(0.01)
    assert (fit.coefficients[1].se, fit.coefficients[1].p, fit.moderation.p) == (0.0, None, None)
    assert any("explain the effects exactly" in note for note in fit.notes)
    floored = meta_regression(exact, {"latitude": LATITUDE}, method, "hk-adhoc")
    assert floored.coefficients[1].se > 0


def test_too_few_studies_are_refused_with_how_many_are_needed():
    with pytest.raises(Refusal, match=r"13 studies are too few .* on 2 covariates: 20 are needed"):
        meta_regression(BCG, {"latitude": LATITUDE, "year": YEAR})
    with pytest.raises(Refusal, match=r"9 studies .* on 1 covariate: 10 are needed"):
        meta_regression(BCG.only(range(9)), {"year": YEAR[:9]})
    assert meta_regression(BCG.only(range(10)), {"year": YEAR[:10]}).k == 10


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((2.0,) * 13, "`x` is the same in every study"),
        ((1.0,) * 12, "not one number for each of the 13 studies"),
        ((1.0,) * 12 + (float("nan"),), "not one number for each of the 13 studies"),
    ],
)
def test_a_covariate_that_cannot_be_used_is_wrong_input(values, words):
    with pytest.raises(WrongInput, match=words):
        meta_regression(BCG, {"x": values})


def test_a_covariate_that_follows_from_another_is_wrong_input():
    double = BCG.only([*range(13), *range(13)])
    years = {"year": YEAR * 2, "age of the trial": tuple(2026 - year for year in YEAR * 2)}
    with pytest.raises(WrongInput, match="`age of the trial` follows from the others"):
        meta_regression(double, years)


def test_no_covariate_and_variances_that_differ_beyond_computing_are_wrong_input():
    with pytest.raises(WrongInput, match="no covariate"):
        meta_regression(BCG, {})
    wide = Effects(BCG.labels, BCG.values, (1e-12, *BCG.variances[1:]), "RR")
    with pytest.raises(WrongInput, match="differ too much"):
        meta_regression(wide, {"year": YEAR})


def test_a_common_slope_is_found_on_the_log_scale():
    values = tuple(log(2) * one / 10 for one in LATITUDE)
    fit = meta_regression(
        Effects(BCG.labels, values, BCG.variances, "RR"), {"latitude": LATITUDE}, "REML", "wald"
    )
    assert fit.coefficients[1].estimate == pytest.approx(log(2) / 10)
    assert fit.spread.value == 0
