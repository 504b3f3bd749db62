"""Means and medians are read with their spread, their unit and the number of values behind them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhlh.literature import test_results
from openhlh.literature.centres import centre_claims
from openhlh.literature.document import Document
from openhlh.literature.estimates import estimate_claims
from openhlh.literature.tokens import sentences


def read(text):
    return list(centre_claims(Document("invented", "text", text), list(sentences(text))))


def told(claim):
    numbers = (claim.centre, claim.sd, claim.low, claim.high, claim.n)
    return (claim.measure, claim.spread, *(one.text if one else None for one in numbers))


ONE = [
    ("The median age was 48 years (range, 16 to 75 years).", ("median", "range", "48", None, "16", "75", None)),
    ("Mean (SD) age was 37.6 (12.1) years.", ("mean", "", "37.6", "12.1", None, None, None)),
    ("Body weight was 37.6 ± 12.1 kg in the group.", ("mean", "", "37.6", "12.1", None, None, None)),
    ("Body weight was 37.6 +/- 12.1 kg.", ("mean", "", "37.6", "12.1", None, None, None)),
    ("It took a median 3 days [IQR 2–5].", ("median", "iqr", "3", None, "2", "5", None)),
    ("It took a median of 3 days (IQR [2-5]).", ("median", "iqr", "3", None, "2", "5", None)),
    ("Median follow-up time was 8.5 (range, 0.1–15.0) months.", ("median", "range", "8.5", None, "0.1", "15.0", None)),
    ("Boys aged 3 to 17 years (median 8) took part.", ("median", "range", "8", None, "3", "17", None)),
    ("It lasted a median 8 days (range 4 - 15).", ("median", "range", "8", None, "4", "15", None)),
    ("Retention was 4.6 +/- 4.0 % (range 0.7--15.6%).", ("mean", "range", "4.6", "4.0", "0.7", "15.6", None)),
    ("The mean score was 3.48 (n = 20).", ("mean", "", "3.48", None, None, None, "20")),
    ("In 20 patients the mean number of courses was 3.48.", ("mean", "", "3.48", None, None, None, "20")),
    ("The mean number of courses was 3.48 in the 20 patients.", ("mean", "", "3.48", None, None, None, "20")),
    ("The mean stay of the 12 patients was 7 days (SD 2).", ("mean", "", "7", "2", None, None, "12")),
    ("With a range from 4 to 9, the median stay was 6 days.", ("median", "range", "6", None, "4", "9", None)),
    ("Weight ranged from 40 to 95 kg, with a mean of 61.", ("mean", "range", "61", None, "40", "95", None)),
    ("Age averaged 61 years (range 40-95).", ("mean", "range", "61", None, "40", "95", None)),
    ("Stay was 6 days in the median (interquartile range, 4 to 9).", ("median", "iqr", "6", None, "4", "9", None)),
    ("Mean temperature was 38 °C (range: 36–41 °C).", ("mean", "range", "38", None, "36", "41", None)),
    ("The median [IQR] weight was 3,010 [2,182 – 2,759] g.", ("median", "iqr", "3,010", None, "2,182", "2,759", None)),
    ("The mean (SD) mean arterial pressure was 64.2 (11.0) mmHg.", ("mean", "", "64.2", "11.0", None, None, None)),
]  # fmt: skip


NAMED_LIMITS = [
    ("The median stay was 6 days (min to max, 4 to 9).", ("range", "4", "9")),
    ("The median stay was 6 days (minimum 4, maximum 9).", ("range", "4", "9")),
    ("The median stay was 6 days (lowest 4; highest 9).", ("range", "4", "9")),
    ("The median (min, max) stay was 6 (4, 9) days.", ("range", "4", "9")),
    ("The median stay was 6 days, the extremes being 4 and 9.", ("range", "4", "9")),
    ("The median stay was 6 days, with values between 4 and 9.", ("range", "4", "9")),
    ("A median stay of 6 days was found (range 4 to 9).", ("range", "4", "9")),
    ("The median stay came to 6 days (range: from 4 up to 9).", ("range", "4", "9")),
    ("The stay (range 4 to 9 days) had a median of 6 days.", ("range", "4", "9")),
    ("Stay was 6 days (median; range 4–9).", ("range", "4", "9")),
    ("A stay of 6 days was the median (range 4-9).", ("range", "4", "9")),
    ("Stays went from 4 to 9 days, the median being 6.", ("range", "4", "9")),
    ("Stay was 36 min in the median (interquartile range 20 to 40).", ("iqr", "20", "40")),
    ("Mean arterial pressure was 57 mmHg in the median (IQR 50 to 69).", ("iqr", "50", "69")),
    ("The median stay was 6 days (25th to 75th percentile: 4 to 9).", ("iqr", "4", "9")),
    ("The median stay was 6 days (Q1 4, Q3 9).", ("iqr", "4", "9")),
    ("The median stay was 6 days (lower quartile 4, upper quartile 9).", ("iqr", "4", "9")),
]


@pytest.mark.parametrize(("text", "wanted"), NAMED_LIMITS)
def test_limits_are_known_by_many_names(text, wanted):
    assert [told(one)[1:2] + told(one)[4:6] for one in read(text)] == [wanted]


def test_limits_behind_a_verb_keep_their_kind():
    found = read("A median age of 71 months was found (range 51 to 107, interquartile range 55 to 95).")
    assert [(one.spread, one.low.text) for one in found] == [("range", "51"), ("iqr", "55")]


COUNTED = [
    ("The number of visits had a median of 6.1 per person among 7 patients.", "number of visits", "7"),
    ("The number of visits per child (n = 9) had a median value of 3.3.", "number of visits", "9"),
    ("The 13 patients had a mean number of platelet transfusions of 6.87.", "number of platelet", "13"),
    ("The 10 patients made a mean of 5.82 visits.", "number of visits", "10"),
    ("The 10 patients made 5.82 visits on average.", "number of visits", "10"),
    ("Visits per patient: mean 5.82 (10 patients).", "number of visits", "10"),
    ("An average of 3.31 doses was given to each of the 7 children.", "number of doses", "7"),
    ("Seizures averaged 3.31 per child in 7 children.", "number of seizures", "7"),
    ("The 9 children had a median of 3.3 seizures each.", "number of seizures", "9"),
]


@pytest.mark.parametrize(("text", "quantity", "size"), COUNTED)
def test_things_that_people_have_are_counted_things(text, quantity, size):
    (found,) = read(text)
    assert found.quantity.startswith(quantity)
    assert found.n.text == size


@pytest.mark.parametrize(
    "text",
    [
        "The 10 patients lost a mean of 5.82 kg.",
        "A mean of 5.82 visits per week was recorded in 10 patients.",
        "The 10 patients had a mean score of 5.82.",
        "Costs averaged 3.31 per child in 7 children.",
    ],
)
def test_what_is_measured_is_not_counted(text):
    assert not any(one.quantity.startswith("number") for one in read(text))


@pytest.mark.parametrize(("text", "wanted"), ONE)
def test_a_centre_is_read_with_all_its_numbers(text, wanted):
    assert [told(one) for one in read(text)] == [wanted]


def test_values_in_the_same_form_share_the_head():
    found = read("The median (interquartile range) scores were 5 (2-10), 24 (14-34), and 2 (1-6).")
    assert [told(one)[1:5] for one in found] == [
        ("iqr", "5", None, "2"),
        ("iqr", "24", None, "14"),
        ("iqr", "2", None, "1"),
    ]


def test_quartiles_and_range_of_one_median_are_two_claims():
    found = read("The median delay was 9 days (IQR 5 to 12; range 1 to 40).")
    assert [(one.spread, one.low.text, one.high.text) for one in found] == [
        ("iqr", "5", "12"),
        ("range", "1", "40"),
    ]


def test_limits_in_another_unit_are_not_read():
    assert read("The median delay was 2 years (range 3–40 months).")[0].low is None


def test_years_of_recruitment_are_not_the_range_of_an_age():
    assert read("We enrolled adults between 1989 and 1993 (mean age 73).")[0].low is None


def test_the_limits_of_another_quantity_are_not_taken():
    assert read("Most drivers were aged 45-54 years, mean experience 13.3 years.")[0].low is None


def test_a_standard_deviation_is_told_from_a_bare_plus_minus():
    assert read("Mean (SD) age was 37.6 (12.1) years.")[0].sd_named
    assert not read("Age was 37.6 ± 12.1 years.")[0].sd_named


def test_a_standard_error_is_not_a_standard_deviation():
    assert read("The mean delay was 4.2 days (SE 0.3).")[0].sd is None


def test_the_time_of_measurement_is_not_the_value():
    assert read("The mean score at 12 months was 3.4 (SD 1.2).")[0].centre.text == "3.4"


def test_two_groups_in_a_sentence_give_no_size():
    assert read("Of 20 patients and 30 controls the mean number of visits was 3.4.")[0].n is None


def test_things_counted_for_each_person_are_told_as_their_number():
    assert (
        read("On average, each of the 9 children had 6.28 nose bleeds.")[0].quantity
        == "number of nose bleeds"
    )
    assert (
        read("In 9 adults, missing teeth numbered 3.6 on average.")[0].quantity == "number of missing teeth"
    )


def test_the_place_of_a_claim_is_its_stretch_of_the_text():
    text = "Of note, the median age was 48 years (range, 16 to 75)."
    (found,) = read(text)
    assert text[found.start : found.end] == found.text == "48 years (range, 16 to 75"


@pytest.mark.parametrize(
    "text", ["The median nerve was cut.", "", "We mean well.", "±", "mean (", "median (1"]
)
def test_words_without_a_value_give_nothing(text):
    assert read(text) == []


READERS = (centre_claims, estimate_claims, test_results.p_value_claims)
PIECES = [
    "median ", "mean ", "(", ")", "[", "]", "3", "4.5 ", " - ", "–", ", ", "95% ", "CI ", "confidence interval ", "± ",
    "+/-", "IQR ", "range ", "SD ", "HR ", "p ", "= ", "<", "n=", " of ", "/", "vs ", "patients ", "t(3)", ". ", "; ", "%",
    "with a ", "the ", "per person ", "on average", "in the median", "°", "10^9/L ", "[2-5] ", "1:2 ", "SE ", "value ", "−",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(max_examples=400, deadline=None)
def test_no_order_of_words_breaks_a_reader_or_moves_a_claim(pieces):
    text = "".join(pieces)
    for reader in READERS:
        for claim in reader(Document("invented", "text", text), list(sentences(text))):
            assert text[claim.start : claim.end] == claim.text != ""


@pytest.mark.parametrize(
    "piece", ["median 3 (range 1-2) ", "3 ± 4 ", "HR 2 (95% CI 1-3), ", "confidence interval (", "p = 0.04 "]
)
def test_a_sentence_without_an_end_takes_no_longer_than_its_length(piece):
    text = piece * 3000
    whole = list(sentences(text))
    start = time.process_time()
    for reader in READERS:
        list(reader(Document("invented", "text", text), whole))
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "text",
    [
        "Children aged 18-36 months showed a mean value of 5.1 for warmth.",
        "Boys aged 4 to 9 years had a median of 2 colds.",
    ],
)
def test_the_ages_of_those_measured_are_not_the_range_of_what_is_measured(text):
    assert [told(one)[4:6] for one in read(text)] == [(None, None)]
