"""Which outcome a sentence of our own tells, however it is worded, and where it tells none."""

from __future__ import annotations

import pytest

from openhlh.claims import Partition, Told
from openhlh.evidence.sums import subgroup_fits_its_group
from openhlh.literature.document import Document
from openhlh.literature.outcome_words import outcome, stem
from openhlh.literature.partitions import partition_claims
from openhlh.literature.tokens import sentences

FIRST = "Rash occurred in 12 of 34 patients. The forms were then checked by two nurses and kept for good. "


def told(text):
    claims = partition_claims(Document("invented", "text", text), tuple(sentences(text)))
    return [one for one in claims if isinstance(one, Told) and one.what == "of 34"]


@pytest.mark.parametrize(
    "again",
    [
        "Rash (14 of 34; 41%) was the leading toxicity.",
        "Fourteen out of thirty-four patients came down with a rash.",
        "It emerged that 14 of 34 patients had had a rash.",
        "Rash affected 41% (14 of 34).",
        "For rash, the figure was 14 of 34 (41%).",
        "As many as 14 of 34 patients turned out to have a rash.",
        "There were 14 patients with rash among the 34.",
        "Among the 34 patients, 14 had a rash.",
        "Of 34 patients, rash occurred in 12 (35%, 95% CI 20-53).",
        "14 rashes were seen in 34 patients.",
        "At any time during follow-up, rash was observed in 14 of 34.",
        "Rash in 14 of 34 patients (41%) was the most common adverse event.",
        "At least one rash was recorded for 14/34 participants, i.e. 41%.",
        "RESULTS Rash was not uncommon (14/34, 41%).",
        "Cough was seen in 9 of 34, rash in 14 of 34 and fever in 8 of 34 patients.",
    ],
)
def test_one_outcome_is_told_in_many_ways(again):
    assert len(told(FIRST + again)) == 2


@pytest.mark.parametrize(
    "other",
    [
        "After a year rash was seen in 14 of 34 patients.",
        "In the yoga group rash was seen in 14 of 34 patients.",
        "A second rash was seen in 14 of 34 patients.",
        "Rash led to a stop in 14 of 34 patients.",
        "Rash with fever was seen in 14 of 34 patients.",
        "Rash of grade 3 was seen in 14 of 34 patients.",
        "No rash was seen in 22 of 34 patients.",
        "Rash was treated in 14 of 34 patients.",
    ],
)
def test_another_word_makes_another_outcome(other):
    assert told(FIRST + other) == []


def test_spellings_and_endings_do_not_make_another_outcome():
    assert stem("Oedema") == stem("edemas")
    assert outcome(["tumours"], {}) == outcome(["tumor"], {}) != frozenset()
    assert outcome(["vomited"], {}) == outcome(["vomiting"], {}) != outcome(["vertigo"], {})


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The ORR was 44% (15/34). A complete response was reached in 20 of 34 patients.", "IMPOSSIBLE"),
        ("Rash was seen in 15 of 34 patients. A severe rash was seen in 12 of 34.", "CONSISTENT"),
    ],
)
def test_a_narrower_outcome_is_no_more_frequent(text, word):
    claims = list(partition_claims(Document("invented", "text", text), tuple(sentences(text))))
    parts = [one for one in claims if isinstance(one, Partition)]
    assert [one.word for one in subgroup_fits_its_group(parts)] == [word]


def test_a_narrower_outcome_of_another_total_is_left_alone():
    text = "A response was seen in 15 of 34 patients. A complete response was seen in 20 of 60 patients."
    assert told(text) == []
    claims = partition_claims(Document("invented", "text", text), tuple(sentences(text)))
    assert not [one for one in claims if isinstance(one, Partition)]
