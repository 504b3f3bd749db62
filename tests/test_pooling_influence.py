"""Influence against metafor::influence.rma.uni (R 4.2.2, metafor 3.8-1, threshold 1e-13)."""

from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhlh.errors import WrongInput
from openhlh.pooling.effects import single_arm_effects
from openhlh.pooling.inverse_variance import SPREADS, inverse_variance
from openhlh.pooling.iv_influence import INFLUENCE, influence
from openhlh.pooling.series import Effects, Series

MIXED = single_arm_effects(
    Series(tuple("abcdefgh"), (17, 5, 0, 9, 3, 22, 8, 1), (22, 9, 4, 9, 11, 63, 17, 7)), "PLO"
)
BOTH = {
    "tau2_del": (3.05010366833e-14, 1.040387794736, 0.6924424778654, 0.5433690470803, 0.8390254096839, 1.045873106608, 1.145965467596, 0.6537189221249),
    "qe_del": (10.8607757591, 20.13946493061, 18.98856242214, 15.74156094162, 19.47802834283, 16.94797457184, 20.60188308151, 18.63165907449),
    "hat": (0.1630617043189, 0.1365667934043, 0.05449070492814, 0.05674124152811, 0.1356063433049, 0.2017532853494, 0.1669087323301, 0.08487119483621),
    "weight": (16.30617043189, 13.65667934043, 5.449070492814, 5.674124152811, 13.56063433049, 20.17532853494, 16.69087323301, 8.487119483621),
    "flagged": (1, 0, 0, 0, 0, 0, 0, 0),
}  # fmt: skip
WALD = {  # influence(rma(yi, vi))
    "rstudent": (3.137276288894, 0.335438518075, -1.231033754614, 1.951420484946, -0.7805825765516, -0.4879404261641, 0.03752856043035, -1.268826262359),
    "dffits": (1.652361794833, 0.1438762075276, -0.29081299, 0.4170377216937, -0.3071927842158, -0.213412532715, 0.02692995953411, -0.377398747865),
    "cook_d": (0.7171284571501, 0.02622124420865, 0.08359293333602, 0.1626679908738, 0.1033220567743, 0.06380368892414, 0.001041150476216, 0.1369479543426),
    "cov_r": (0.2515648086341, 1.482290604939, 1.023653690196, 0.8751134946409, 1.274794928973, 1.573518566795, 1.628691731878, 1.017380277809),
    "dfbs": (1.815455342702, 0.1432363804533, -0.2937171084562, 0.442437145539, -0.3063441892623, -0.2230185043138, 0.02757356898956, -0.3830099360761),
}  # fmt: skip
HARTUNG_KNAPP = {  # influence(rma(yi, vi, test = "knha"))
    "rstudent": (2.331835817521, 0.2971530504094, -1.080060890103, 1.8826641556, -0.6776350535726, -0.4364121691865, 0.03379562003757, -1.104129552142),
    "dffits": (1.228146985439, 0.1274548140551, -0.255147948345, 0.4023438188861, -0.2666785104387, -0.1908754047414, 0.02425125476718, -0.3284114798228),
    "cook_d": (0.5501972724114, 0.02011753528812, 0.06413440082565, 0.1248025845231, 0.079271033314, 0.04895164215817, 0.0007987943393853, 0.1050695871714),
    "cov_r": (0.3493662599821, 1.449173247949, 1.020276714871, 0.721343077892, 1.297800038462, 1.509152912338, 1.540860569445, 1.030787257823),
    "dfbs": (1.349369135325, 0.1268880140109, -0.2576959083444, 0.4268483196923, -0.2659418328545, -0.1994669513274, 0.02483084482764, -0.3332943222656),
}  # fmt: skip


@pytest.mark.parametrize(("interval", "pinned"), [("wald", WALD), ("hk", HARTUNG_KNAPP)])
def test_every_diagnostic_is_that_of_metafor(interval, pinned):
    found = influence(MIXED, "REML", interval)
    assert [one.label for one in found] == list("abcdefgh")
    for name, values in (pinned | BOTH).items():
        assert [getattr(one, name) for one in found] == pytest.approx(values, rel=1e-8, abs=1e-12), name


def test_every_diagnostic_is_explained():
    assert set(INFLUENCE) == set(vars(influence(MIXED)[0])) - {"label"}


def test_what_is_left_out_is_the_fit_of_the_others():
    without = inverse_variance(MIXED.only([0, 1, 2, 3, 4, 5, 6]), "PM")
    last = influence(MIXED, "PM")[-1]
    assert last.tau2_del == pytest.approx(without.spread.value)
    assert last.qe_del == pytest.approx(without.tests[0].statistic)


def test_one_study_has_no_influence_to_measure():
    (only,) = influence(MIXED.only([0]))
    assert (only.weight, only.hat, only.rstudent, only.cook_d, only.flagged) == (
        100.0,
        1.0,
        None,
        None,
        False,
    )


def test_of_two_studies_the_other_stands_alone_with_tau_squared_zero():
    first, second = influence(Effects(("a", "b"), (0.0, 1.0), (0.5, 0.25), "GEN"), "EE")
    # without a: mean 1, variance 0.25, so that the residual of a is -1 with variance 0.75
    assert first.rstudent == pytest.approx(-1 / 0.75**0.5)
    assert second.rstudent == pytest.approx(1 / 0.75**0.5)
    assert (first.tau2_del, first.qe_del) == (0.0, 0.0)


def test_equal_studies_under_plain_hk_leave_diagnostics_open():
    equal = Effects(tuple("abc"), (0.5, 0.5, 0.5), (0.1, 0.2, 0.3), "GEN")
    for one in influence(equal, "REML", "hk"):
        assert (one.dffits, one.cook_d, one.cov_r, one.flagged) == (None, None, None, False)
    for one in influence(equal, "REML", "wald"):
        assert (one.rstudent, one.dffits) == (0.0, 0.0)


def test_unknown_names_are_wrong_input():
    with pytest.raises(WrongInput, match="wald, t, hk"):
        influence(MIXED, "DL", "profile")
    with pytest.raises(WrongInput, match="DL, HE"):
        influence(MIXED, "XX")


counts = st.lists(
    st.sampled_from([1, 2, 5, 17, 63, 10**6]).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=40)
@given(counts, st.sampled_from(list(SPREADS)), st.sampled_from(["wald", "hk", "hk-adhoc"]))
def test_any_counts_give_finite_diagnostics_or_none(rows, method, interval):
    events, totals = zip(*rows, strict=True)
    series = Series(tuple(map(str, range(len(rows)))), events, totals)
    for one in influence(single_arm_effects(series, "PLO"), method, interval):
        for name in INFLUENCE:
            value = getattr(one, name)
            assert value is None or (type(value) in {float, bool} and isfinite(value))
