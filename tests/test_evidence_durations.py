"""Times in two units, signs behind numbers, powers of ten without their height."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.evidence import durations
from openhlh.literature.document import Document
from openhlh.literature.times import time_claims
from openhlh.literature.tokens import sentences

CHECKS = (durations.units_agree, durations.signs_stand_right, durations.powers_keep_height)


def found(text):
    claims = list(time_claims(Document("invented", "text", text), list(sentences(text))))
    return [one for check in CHECKS for one in check(claims)]


def words(text):
    return [one.word for one in found(text)]


@pytest.mark.parametrize(
    "text",
    [
        "4 weeks (28 days)",
        "1 month (30 days)",
        "1 month (4 weeks)",
        "2 days (48 h)",
        "half of 1 year (12 months)",
        "6 weeks (1.5 months)",
        "4 weeks (30 days)",
    ],
)
def test_the_same_time_in_two_units_is_consistent(text):
    assert words(f"It was given for {text}.") == ["CONSISTENT"]


@pytest.mark.parametrize(
    "text",
    [
        "4 weeks (38 days)",
        "6 weeks (52 days)",
        "3 weeks (24 days)",
        "2 days (36 hours)",
        "10-day (3 weeks)",
        "2 months (45 days)",
    ],
)
def test_two_times_that_differ_do_not_hold(text):
    found_words = words(f"It was given for {text}.")
    assert found_words == (["TENSION"] if "month" in text else ["INCONSISTENT"])  # 45 days are 1.5 months


def test_months_rounded_to_years_agree_in_one_direction_and_are_a_tension_in_the_other():
    assert words("It lasted 18 months (2 years).") == ["CONSISTENT"]
    assert words("It lasted 2 years (19 months).") == ["TENSION"]
    assert words("It lasted 2 years (30 months).") == ["TENSION"]
    assert words("It lasted 2 years (34 months).") == ["INCONSISTENT"]


def test_hours_in_days_far_apart_may_be_two_things():
    assert words("It was given for 205 hours (18 days).") == ["TENSION"]
    assert words("It was given for 205 days (18 weeks).") == ["INCONSISTENT"]


@pytest.mark.parametrize(
    "joined",
    [
        "{}, that is, {}.", "{} (i.e., {}).", "{} [= {}].", "{}, equal to {}, in all.", "{} (or {}).",
        "{}, which is {}.", "{} long ({}).", "{}, {} in all.".replace(", {}", ", in all {}").replace(" in all.", "."),
        "{} of rest ({}).", "{}; that makes {}.", "{}, or {}, without a break.", "{} – {} – of rest.",
    ],
)  # fmt: skip
def test_however_two_times_are_joined_they_are_compared(joined):
    assert words("The pause took " + joined.format("84 days", "12 weeks")) == ["CONSISTENT"]
    assert words("The pause took " + joined.format("84 days", "30 weeks")) == ["INCONSISTENT"]


@pytest.mark.parametrize(
    "text",
    [
        "It took 84 days, which is 2 weeks longer than planned.",
        "They came 4 weeks after the last dose (30 days).",
        "It took 5 days (3 weeks on, 1 week off).",
        "It took 1½ years (18 months).",
        "Checks were at 2 weeks or 3 months.",
    ],
)
def test_two_times_of_two_things_are_no_conversion(text):
    assert words(text) == []


def test_a_rough_conversion_may_be_a_quarter_off():
    assert words("It took 90 days (about 14 weeks).") == ["CONSISTENT"]
    assert words("It took 90 days (about 16 weeks).") == ["TENSION"]
    assert words("It took 90 days (about 26 weeks).") == ["INCONSISTENT"]


@pytest.mark.parametrize(
    "text",
    [
        "the median was 4 weeks (38 days)",
        "2 to 4 weeks (60 days)",
        "4 weeks (range 3 days)",
        "4 weeks (9 patients)",
    ],
)
def test_spreads_and_ranges_are_no_conversions(text):
    assert words(text) == []


def test_a_sign_behind_its_number_does_not_hold_and_is_put_right():
    (one,) = found("Normal range: water 1.20 < mmol/L, salt < 3 g/L")
    assert (one.word, one.fix) == ("INCONSISTENT", "< 1.20 mmol/L")


def test_powers_that_lost_their_height_are_named():
    (one,) = found("There were 102–106 copies/mL in the pond.")
    assert (one.word, one.fix, one.severity) == ("TENSION", "10^2 to 10^6", "info")
    assert words("There were 102–106 patients.") == []


@given(st.integers(1, 60))
def test_weeks_in_days_always_agree(weeks):
    assert words(f"It took {weeks} weeks ({7 * weeks} days).") == ["CONSISTENT"]
