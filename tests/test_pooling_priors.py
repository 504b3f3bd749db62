"""Priors: what can be written, what it is in words, and that its density is a density."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from openhlh.errors import WrongInput
from openhlh.pooling.posterior_shape import log_prior_of_tau
from openhlh.pooling.priors import DEFAULT, PRIORS, Prior, parse_prior


def test_the_default_is_half_normal_on_tau_and_normal_on_the_mean():
    assert parse_prior("half-normal(1)") == DEFAULT == Prior("half-normal", 1.0, 0.0, 1.5)
    assert DEFAULT.words == "tau ~ half-normal(1), mean ~ normal(0, 1.5), on the scale of the model"


@pytest.mark.parametrize(
    ("spread", "mean", "expected"),
    [
        ("half-cauchy(0.5)", "normal(0, 1.5)", Prior("half-cauchy", 0.5, 0.0, 1.5)),
        (" Half-Normal ( 2e-1 ) ", "normal(-1, 2)", Prior("half-normal", 0.2, -1.0, 2.0)),
        ("half-normal(1)", " Flat ", Prior("half-normal", 1.0, None)),
    ],
)
def test_a_prior_is_read_from_its_name_and_numbers(spread, mean, expected):
    assert parse_prior(spread, mean) == expected


@pytest.mark.parametrize(
    ("spread", "mean"),
    [
        ("uniform(4)", "flat"),
        ("half-normal", "flat"),
        ("half-normal()", "flat"),
        ("half-normal(1, 2)", "flat"),
        ("half-normal(-1)", "flat"),
        ("half-normal(0)", "flat"),
        ("half-normal(inf)", "flat"),
        ("half-normal(nan)", "flat"),
        ("half-normal(one)", "flat"),
        ("half-normal(1)", "cauchy(0, 1)"),
        ("half-normal(1)", "normal(0)"),
        ("half-normal(1)", "normal(0, 0)"),
        ("half-normal(1)", "normal(nan, 1)"),
    ],
)
def test_anything_else_is_refused_with_what_can_be_written(spread, mean):
    with pytest.raises(WrongInput, match="half-normal"):
        parse_prior(spread, mean)


@given(st.text(max_size=30))
def test_no_text_gives_a_traceback(text):
    with suppress(WrongInput):
        parse_prior(text)


def test_a_flat_mean_is_named_flat():
    assert "mean ~ flat" in Prior(mean=None).words


@pytest.mark.parametrize("spread", ["half-normal", "half-cauchy"])
@pytest.mark.parametrize("scale", [0.25, 1.0, 4.0])
def test_the_density_of_tau_integrates_to_one(spread, scale):
    prior = Prior(spread, scale)
    total, _ = quad(lambda tau: float(np.exp(log_prior_of_tau(prior, np.array(tau)))), 0, np.inf)
    assert total == pytest.approx(1, abs=1e-8)


def test_the_help_names_every_prior_that_can_be_written():
    assert [name.split("(")[0] for name in PRIORS] == ["half-normal", "half-cauchy", "normal", "flat"]
