"""The user's five documents: what is known not to hold is found, what is known to hold is not accused.

The documents are read where they lie; without them these tests say so and everything else still runs.
"""

from pathlib import Path

import pytest

from openhlh.journeys.check import check_file

SOURCES = Path(__file__).parents[1].parent / "shared" / "sources"
pytestmark = pytest.mark.skipif(not SOURCES.is_dir(), reason="the user's documents are not here")

# (document, rule, words of the claim, least verdict): what does not hold inside one document
FOUND = [
    ("000", "R01", "47.0% (8/17", "tension"),  # truncated; rounded it is 47.1
    ("001", "R09", "April 2025", "does_not_hold"),  # cut-off before the end of enrolment
    ("002", "R19", "1", "does_not_hold"),  # six citations, no list
    ("002", "R20", "NI-0501", "does_not_hold"),  # one drug as two
    ("002", "R20", "pending human review", "tension"),
    ("003", "R14", "6/8", "does_not_hold"),  # five of eight by the table
    ("003", "R15b", "Patient 2", "does_not_hold"),  # responses end 181 days before the follow-up
    ("003", "R15b", "one year", "does_not_hold"),  # at most 269 days by the table
    ("003", "R16", "1 patient (25%", "does_not_hold"),  # 12.5 % elsewhere
    ("003", "R10", "1.70 < mmol/L", "does_not_hold"),  # the sign behind the number
    ("003", "R19", "al5", "does_not_hold"),  # entry 5 is by another author
    ("003", "R19", ".3", "tension"),  # a retrospective study cited as a trial
    ("003", "R20", "Ru-P", "tension"),
    ("003", "R20", "EVB", "tension"),
    ("003", "R09", "2023-01-01", "tension"),
    ("004", "R01", "56 (53%)", "tension"),  # of 106, not of 113
    ("004", "R07", "25), 20", "tension"),  # 20 + 4 deaths of 25
    ("004", "R19", "¹⁵", "tension"),  # the second report is 18
    ("004", "R20", "0.5-2.0", "tension"),  # a sentence printed twice
]
WEIGHT = {"holds": 0, "cannot_check": 0, "tension": 1, "does_not_hold": 2}


@pytest.fixture(scope="module")
def checked():
    return {path.name[:3]: check_file(path) for path in sorted(SOURCES.iterdir())}


@pytest.mark.parametrize(("name", "rule", "words", "least"), FOUND)
def test_what_does_not_hold_is_found(checked, name, rule, words, least):
    found = [one for one in checked[name].findings if one.rule == rule and words in one.claim.text]

    assert found
    assert max(WEIGHT[one.verdict] for one in found) >= WEIGHT[least]


def test_nothing_else_is_accused(checked):
    known = {(name, rule) for name, rule, _, least in FOUND if least == "does_not_hold"}
    accused = {
        (name, one.rule): one.claim.text
        for name, document in checked.items()
        for one in document.findings
        if one.verdict == "does_not_hold"
    }

    assert set(accused) <= known, accused


# What the list of known inconsistencies marks as holding; a tension there would be a false alarm too.
SOUND = [
    ("000", ["88.2% (15/17", "35.3% (6/17", "5.9% (1/17", "11.8% (2/17", "10 females and 7 males"]),
    ("001", ["83.3% (15/18", "14 patients (77.8%", "13 patients (72.2%"]),
    (
        "003",
        ["87.5% (7/8", "50% (4/8", "25.0% (2/8", "12.5% (1/8", "75% (6/8", "62.5% (5/8", "48 years", "8.5"],
    ),
    ("004", ["14 of 22", "Twelve of 34", "14 patients achieved"]),
]


@pytest.mark.parametrize(("name", "claims"), SOUND)
def test_what_holds_is_not_doubted(checked, name, claims):
    doubted = [
        (words, one.rule, one.claim.text)
        for words in claims
        for one in checked[name].findings
        if one.claim.text.startswith(words) and one.verdict in {"does_not_hold", "tension"}
    ]

    assert doubted == []


def test_seven_of_eight_diagnostic_counts_follow_from_their_rows(checked):
    counts = [one for one in checked["003"].findings if one.rule == "R14"]

    assert [one.verdict for one in counts].count("holds") == 7
    assert len(counts) == 8
