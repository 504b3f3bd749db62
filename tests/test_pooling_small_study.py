"""Small-study checks against metafor::regtest(model = "lm") (R 4.2.2, metafor 3.8-1) and what they refuse."""

from math import exp

import pytest

from openhlh.errors import Refusal
from openhlh.pooling.effects import single_arm_effects
from openhlh.pooling.series import Effects, Series
from openhlh.pooling.small_study import CAUTION, egger, peters_type

SERIES = Series(
    tuple(f"study {at}" for at in range(20)),
    (10, 20, 15, 33, 8, 41, 12, 60, 5, 77, 21, 14, 0, 9, 30, 6, 2, 17, 19, 25),
    (34, 50, 42, 63, 25, 55, 40, 113, 18, 140, 30, 61, 7, 9, 41, 22, 15, 17, 36, 47),
)
# slope: estimate, se, t, p; limit: estimate, se, low, high
PETERS = (-14.167983196263, 10.9896644499593, -1.28920980806794, 0.213646858501163, 0.225933085561178, 0.269825197108629, -0.340948618056723, 0.792814789179079)  # fmt: skip
EGGER = (-0.725430793682435, 1.13077704563906, -0.641533002885158, 0.529261746210596, 0.154132111087978, 0.368395902083435, -0.619838959133589, 0.928103181309546)  # fmt: skip


def flat(test):
    slope, limit = test.slope, test.limit
    return (
        slope.estimate,
        slope.se,
        slope.statistic,
        slope.p,
        limit.estimate,
        limit.se,
        limit.low,
        limit.high,
    )


def test_the_peters_type_regression_is_that_of_metafor():
    test = peters_type(SERIES)  # regtest(yi, vi, ni = ni, predictor = "ninv", model = "lm")
    assert flat(test) == pytest.approx(PETERS, rel=1e-9)
    assert (test.name, test.k, test.df, test.measure) == ("peters", 20, 18, "PLO")


def test_eggers_regression_is_that_of_metafor():
    test = egger(single_arm_effects(SERIES, "PLO"))  # regtest(yi, vi, model = "lm")
    assert flat(test) == pytest.approx(EGGER, rel=1e-9)


def test_the_limit_is_shown_on_the_natural_scale():
    test = peters_type(SERIES)
    assert test.limit_estimate == pytest.approx(1 / (1 + exp(-PETERS[4])))
    assert test.limit_interval.low == pytest.approx(1 / (1 + exp(-PETERS[6])))
    assert test.limit_interval.high == pytest.approx(1 / (1 + exp(-PETERS[7])))


def test_every_result_carries_the_caution_and_names_corrected_studies():
    test = peters_type(SERIES)
    assert test.caution == CAUTION
    assert "by construction" in CAUTION
    assert test.notes == ("Half a patient was added to both cells of: study 12, study 13, study 17.",)


@pytest.mark.parametrize("k", [1, 2, 9])
def test_below_ten_studies_both_are_refused(k):
    few = SERIES.only(range(k))
    with pytest.raises(Refusal, match=f"{k} studies are too few .* 10 are needed"):
        peters_type(few)
    with pytest.raises(Refusal, match=f"{k} studies are too few .* 10 are needed"):
        egger(single_arm_effects(few, "PLO"))


def test_ten_studies_are_enough():
    assert peters_type(SERIES.only(range(10))).df == 8


def test_studies_of_one_size_are_refused():
    with pytest.raises(Refusal, match="same size"):
        peters_type(Series(tuple("abcdefghij"), tuple(range(10)), (10,) * 10))
    with pytest.raises(Refusal, match="same size"):
        egger(Effects(tuple("abcdefghij"), tuple(map(float, range(10))), (0.5,) * 10, "GEN"))


def test_studies_on_a_line_have_no_error_and_no_p():
    variances = tuple((at + 1) ** 2 / 100 for at in range(10))
    values = tuple(1 + 2 * (at + 1) / 10 for at in range(10))
    test = egger(Effects(tuple("abcdefghij"), values, variances, "GEN"))
    assert test.slope.estimate == pytest.approx(2)
    assert (test.slope.se, test.slope.statistic, test.slope.p) == (0.0, None, None)
    assert any("exactly on a line" in note for note in test.notes)
