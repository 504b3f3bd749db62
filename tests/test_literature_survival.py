"""Survival at times: which percent belongs to which time, and where no reading is safe."""

import pytest

from openhlh.literature.document import Document
from openhlh.literature.survival import survival_claims
from openhlh.literature.tokens import sentences


def read(text):
    found = survival_claims(Document("invented", "text", text), list(sentences(text)))
    return [(one.percent.text, f"{one.time.text} {one.unit}") for one in found if one.percent]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("The OS was 75% (6/8) at 2 months, 50% (4/8) at 6 months and 37.5% at 12 months.", [("75", "2 month"), ("50", "6 month"), ("37.5", "12 month")]),
        ("The 1-, 3- and 5-year OS rates were 90%, 70% and 60%, respectively.", [("90", "1 year"), ("70", "3 year"), ("60", "5 year")]),
        ("Overall survival at 1, 3 and 5 years was 90, 70 and 60%.", [("90", "1 year"), ("70", "3 year"), ("60", "5 year")]),
        ("The 6-month and 2-year event-free survival was 80% (95% CI 60-90) and 55% (95% CI 40-70).", [("80", "6 month"), ("55", "2 year")]),
        ("Survival at day 30, day 60 and day 90 was 80%, 75% and 70%.", [("80", "30 day"), ("75", "60 day"), ("70", "90 day")]),
        ("The 12-month OS was 62%.", [("62", "12 month")]),
    ],
)  # fmt: skip
def test_each_percent_is_paired_with_its_time(text, pairs):
    assert read(text) == pairs


@pytest.mark.parametrize(
    "text",
    [
        "The 1- and 3-year mortality was 10% and 30%, and survival was good.",
        "The 1-, 3- and 5-year relative survival was 90%, 92% and 91%.",
        "The AUC of 1- and 3-year survival was 70% and 80%.",
        "The 5-year OS was 49% and 59% in the two groups.",
        "At 3 years survival was 57.1 ± 16.4%.",
        "Cells at 2 days showed 40% survival of cells and 60% death.",
        "Children of 3 years had 40% more fever.",
    ],
)
def test_where_the_words_leave_two_readings_nothing_is_paired(text):
    assert read(text) == []


def test_counts_beside_a_percent_and_the_endpoint_are_kept():
    text = "Event-free survival was 75% (6/8) at 2 months."
    (one,) = survival_claims(Document("invented", "text", text), list(sentences(text)))
    assert (one.endpoint, one.count.text, one.total.text) == ("event-free survival", "6", "8")


def test_times_of_two_groups_are_two_series():
    text = "The 1-year OS was 62% in the young and the 2-year OS was 70% in patients of the other group."
    series = [
        one.series for one in survival_claims(Document("invented", "text", text), list(sentences(text)))
    ]
    assert len(set(series)) == 2


def test_lasting_remission_and_no_recurrence_are_statements():
    text = "No relapse has occurred so far. All five are alive with a CR status for more than two years."
    found = list(survival_claims(Document("invented", "text", text), list(sentences(text))))
    assert [(one.endpoint, one.unit) for one in found] == [("no recurrence", ""), ("remission", "year")]
    assert found[1].time.value == 2


def test_a_plan_for_patients_without_recurrence_is_no_statement():
    text = "After 8 weeks, if no recurrence was found, treatment was stopped."
    assert list(survival_claims(Document("invented", "text", text), list(sentences(text)))) == []
