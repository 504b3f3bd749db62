"""Times of follow-up in sentences, with the longest that is told."""

import pytest

from openhlh.literature.document import Document
from openhlh.literature.follow_up import follow_up_claims
from openhlh.literature.tokens import sentences


def told(text):
    document = Document("invented", "text", text)
    return [(one.longest.text, one.unit) for one in follow_up_claims(document, list(sentences(text)))]


@pytest.mark.parametrize(
    "text",
    [
        "The median follow-up was 60 months (range, 5 to 70).",
        "Everyone was followed for a median of 60 months (range 5-70).",
        "Those enrolled in May 2001 were followed through July 2009, for a median of 60 months (range, 5 to 70).",
        "With a median of 60 months of follow-up (range, 5 to 70), twelve moved.",
        "Follow-up lasted a median of 60 months (range: 5–70).",
        "Follow-up ranged from 5 to 70 months (median 60).",
        "Follow-up: median 60 months, range 5-70.",
        "The median observation time was 60 (range 5-70) months.",
        "They were followed for up to 70 months.",
        "The longest follow-up was 70 months.",
    ],
)
def test_the_longest_time_of_a_follow_up_is_read(text):
    assert told(text) == [("70", "month")]


def test_the_longest_may_stand_in_another_unit():
    assert told("The median follow-up was 3 years (range 5 to 90 months).") == [("90", "month")]


@pytest.mark.parametrize(
    "text",
    [
        "Median age was 60 months, and everyone was followed.",
        "All were followed, and relapse came at a median of 13 months (range 5-70).",
        "Pain, followed by sleep, lasted a median of 5 days.",
        "The median follow-up from diagnosis was 60 months.",
        "Patients will be followed for a median of 60 months.",
        "In an earlier series the median follow-up was 60 months.",
        "The median survival was 60 months (range 5-70).",
        "Patients were followed for 5 years.",
        "The median age and follow-up were 67 years (59-75) and 25 months, respectively.",
    ],
)
def test_other_times_are_no_follow_up(text):
    assert told(text) in ([], [("25", "month")])


def test_a_confidence_interval_is_no_time_that_anybody_was_followed():
    assert told("The median follow-up was 60 months (95% CI, 50 to 70).") == [("60", "month")]
