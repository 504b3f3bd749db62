"""Estimates are read with their intervals, levels, counts and p values, and never from between two groups."""

import pytest

from openhlh.literature.document import Document
from openhlh.literature.estimates import estimate_claims
from openhlh.literature.tokens import sentences


def read(text):
    return list(estimate_claims(Document("invented", "text", text), list(sentences(text))))


def told(claim):
    numbers = (claim.estimate, claim.low, claim.high, claim.count, claim.total, claim.p)
    return (claim.measure, int(claim.level), *(one.bound + one.text if one else None for one in numbers))


ONE = [
    ("HR 0.75 (95% CI, 0.60 to 0.93; p=0.01).", ("hr", 95, "0.75", "0.60", "0.93", None, None, "0.01")),
    ("The odds ratio, 2.1; 95 % confidence interval 1.2–3.6.", ("or", 95, "2.1", "1.2", "3.6", None, None, None)),
    ("It doubled (aOR 1.5 [1.1, 2.0]).", ("or", 95, "1.5", "1.1", "2.0", None, None, None)),
    ("Response was 83% (95% CI 59-96) (15/18).", ("percent", 95, "83", "59", "96", "15", "18", None)),
    ("15 of 18 patients (83%, 95% CI 59-96) answered.", ("percent", 95, "83", "59", "96", "15", "18", None)),
    ("Sensitivity was 92.3% (12/13; 95% CI 64.0–99.8).", ("percent", 95, "92.3", "64.0", "99.8", "12", "13", None)),
    ("44% (11/25) went home early (95% CI 24-65).", ("percent", 95, "44", "24", "65", "11", "25", None)),
    ("8 of 144 children felt pain (5.6 %; 95% CI 2.4 to 10.7).", ("percent", 95, "5.6", "2.4", "10.7", "8", "144", None)),
    ("60% (95% CI 45 to 74) slept badly, that is, 28 of 46.", ("percent", 95, "60", "45", "74", "28", "46", None)),
    ("It was 83.3% (90% CI, 62.3-95.3).", ("percent", 90, "83.3", "62.3", "95.3", None, None, None)),
    ("Risk difference -5.2 percentage points (95% CI -9.1 to -1.3).", ("difference", 95, "-5.2", "-9.1", "-1.3", None, None, None)),
    ("Mean difference −3.0, 95% CI: −3.4, −2.7.", ("difference", 95, "−3.0", "−3.4", "−2.7", None, None, None)),
    ("The hazard ratio [HR] = 1.28; 95% CrI 1.01 - 1.63.", ("hr", 95, "1.28", "1.01", "1.63", None, None, None)),
    ("Survival was 12.1 months (99 per cent confidence limits, 7.5 to 14.3).", ("", 99, "12.1", "7.5", "14.3", None, None, None)),
    ("A risk ratio of 1.2 for death, with a 95% confidence interval from 0.9 to 1.6.", ("rr", 95, "1.2", "0.9", "1.6", None, None, None)),
    ("A risk ratio of 1.2 (0.9-1.6, 95% CI) was found.", ("rr", 95, "1.2", "0.9", "1.6", None, None, None)),
    ("It was 4.1 (confidence interval of 95%: [2.3; 7.1]).", ("", 95, "4.1", "2.3", "7.1", None, None, None)),
    ("RR 1.04, 95% confidence interval (95% CI) 0.97-1.11.", ("rr", 95, "1.04", "0.97", "1.11", None, None, None)),
    ("Incidence was 14.1 per 100 000 (95% CI, 13.3-15.0).", ("", 95, "14.1", "13.3", "15.0", None, None, None)),
    ("Survival was 61.2 ± 3.3, 95% CI 54.6-67.7.", ("", 95, "61.2", "54.6", "67.7", None, None, None)),
    ("The slope was B = 0.41, SE = 0.13, p < .01, 95%CI = 0.16, 0.66.", ("difference", 95, "0.41", "0.16", "0.66", None, None, "<.01")),
    ("It was seen in 9% (SD = 0.29; 95% CI: 8.3-10).", ("percent", 95, "9", "8.3", "10", None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ONE)
def test_an_estimate_is_read_with_all_its_numbers(text, wanted):
    assert [told(one) for one in read(text)] == [wanted]


def test_a_label_in_the_head_serves_every_value_behind_it():
    found = read("The HR (95% CI) was 2.8 (1.2-6.4), 1.2 (0.9-1.6) and 0.7 (0.4-1.1).")
    assert [told(one)[:5] for one in found] == [
        ("hr", 95, "2.8", "1.2", "6.4"),
        ("hr", 95, "1.2", "0.9", "1.6"),
        ("hr", 95, "0.7", "0.4", "1.1"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It rose from 45% to 60% (95% CI 5 to 25).",
        "It was 45% vs 60% (95% CI 5 to 25).",
        "Survival was shorter with a ratio ≥3.65 (95% CI 3.9-9.4).",
        "Odds fell at 24 hours (95% CI 0.1-3.5).",
        "The odds ratio was 4.,38; 95% CI 1.91-10.04.",
    ],
)
def test_an_interval_that_may_be_of_something_else_has_no_estimate(text):
    (found,) = read(text)
    assert found.estimate is None


def test_each_of_two_groups_with_its_own_interval_has_its_estimate():
    found = read("It was 18.5 (95% CI 11.8-21.3) compared to 11.3 (95% CI 9.9-15.5) months.")
    assert [one.estimate.text for one in found] == ["18.5", "11.3"]


def test_the_word_or_is_no_odds_ratio():
    assert read("Either 3 or 2 (1-4) of them came.") == []


@pytest.mark.parametrize("text", ["CI", "95% CI (", "(95% CI", "HR (", "confidence interval of", "OR 2 ("])
def test_a_sentence_that_breaks_off_gives_nothing(text):
    assert read(text) == []


APART = [
    "Of the 50 women, 12 had fever (24%; 95% CI 22 to 26).",
    "12 (24%; 95% CI 22 to 26) of 50 women had fever.",
    "Among 50 women, 12 had fever, a rate of 24% (95% CI, 22 to 26).",
    "Twelve of the 50 women had fever, which makes 24% (95% CI 22 to 26).",
    "With 12 fevers in 50 women the rate was 24% (22-26, 95% CI).",
    "24% of the 50 women (n = 12; 95% CI 22-26) had fever.",
    "12 women (24%, 95% CI: 22, 26) out of 50 had fever.",
    "Fever was seen in 12 of 50 women (24%), with a 95% confidence interval of 22% to 26%.",
    "Fever (12/50) had a frequency of 24% [22%, 26%; 95% CI].",
    "The 95% CI for the fever rate of 24% (12/50) was 22% to 26%.",
]


@pytest.mark.parametrize("text", APART)
def test_a_percent_finds_the_counts_that_stand_apart_from_it(text):
    assert [told(one)[2:7] for one in read(text)] == [
        ("24", "22", "26", "Twelve" if "Twelve" in text else "12", "50")
    ]


def test_counts_of_another_percent_are_not_taken():
    (found,) = read("Of 50 women 12 (24%) had fever, and the rate of rash was 58% (95% CI 40 to 76).")
    assert (found.count, found.total) == (None, None)


AHEAD = [
    "With a 95% CI of 0.44 to 0.68, the odds ratio was 0.76.",
    "The risk ratio for fever stood at 0.76 (95% CI between 0.44 and 0.68).",
    "The hazard ratio was put at 0.76, with a 95% CI ranging from 0.44 to 0.68.",
    "The odds ratio came out as 0.76 (95% CI, lower limit 0.44, upper limit 0.68).",
    "We found an odds ratio of 0.76 [0.44, 0.68].",
    "Fever was rarer (HR 0.76; 0.44 to 0.68).",
    "The relative risk was estimated at 0.76 (0.44, 0.68).",
]


@pytest.mark.parametrize("text", AHEAD)
def test_a_ratio_is_read_whatever_verb_or_mark_joins_it_to_its_limits(text):
    assert [told(one)[2:5] for one in read(text)] == [("0.76", "0.44", "0.68")]


@pytest.mark.parametrize(
    "text",
    [
        "The HR were 1.2, 1.5, 2.1 (in order).",
        "The risk was seen at 12 (10-14) weeks.",
        "Its ratio was 3 (1-5).",
    ],
)
def test_numbers_in_a_row_are_no_ratio_with_limits(text):
    assert read(text) == []


def test_a_minus_that_is_set_apart_belongs_to_its_number():
    (found,) = read("It helped (SMD, - 0.18 [95% CI -0.25 to -0.11]).")
    assert found.estimate.value < 0


def test_a_ratio_is_told_with_the_counts_of_its_two_groups():
    (found,) = read("Fever was seen in 12/50 vs 6/50 (odds ratio 2.3, 95% CI 0.8 to 6.8).")
    assert [(one.text, other.text) for one, other in found.groups] == [("12", "50"), ("6", "50")]
