"""Survival that would rise with time."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.evidence.survival import survival_falls
from openhlh.literature.document import Document
from openhlh.literature.survival import survival_claims
from openhlh.literature.tokens import sentences


def words(text):
    claims = list(survival_claims(Document("invented", "text", text), list(sentences(text))))
    return [one.word for one in survival_falls(claims)]


@pytest.mark.parametrize(
    "text",
    [
        "The 1- and 3-year OS rates were 70% and 75%, respectively.",
        "Overall survival was 62% at 1 year and 71% at 2 years.",
        "The 6-month and 1-year overall survival rates were 80% and 85%.",
        "1-year overall survival was 62% and 3-year overall survival was 71%.",
        "The probability of survival was 62% at 100 days, and 71% at 1 year.",
    ],
)
def test_survival_that_rises_does_not_hold(text):
    assert words(text) == ["INCONSISTENT"]


@pytest.mark.parametrize(
    "text",
    [
        "The 1- and 3-year OS rates were 70% and 70%, respectively.",
        "Overall survival was 71% at 2 years and 82% at 1 year.",
        "Overall survival was 70.4% at 1 year and 70% at 2 years.",
    ],
)
def test_survival_that_stays_or_falls_is_consistent_in_any_order_of_telling(text):
    assert words(text) == ["CONSISTENT"]


def test_rounding_alone_is_no_rise():
    assert words("Survival was 70% at 1 year and 70.4% at 2 years.") == ["CONSISTENT"]


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3))
def test_exactly_the_lists_that_rise_are_found(shares):
    text = f"The 1-, 2- and 3-year OS rates were {shares[0]}%, {shares[1]}% and {shares[2]}%, respectively."
    rises = any(later > earlier + 1 for earlier, later in pairwise(shares))
    slight = any(later == earlier + 1 for earlier, later in pairwise(shares))
    if not slight:  # 70 and 71 may both be 70.5
        assert ("INCONSISTENT" in words(text)) == rises
