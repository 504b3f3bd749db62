"""Slips of names, one drug as two items of a list, a sentence printed twice, reviewed and awaiting review."""

import pytest

from openhlh.evidence import names
from openhlh.literature.document import Document
from openhlh.literature.names import name_claims
from openhlh.literature.tokens import sentences

CHECKS = (
    names.spellings_agree,
    names.drugs_are_told_once,
    names.sentences_stand_once,
    names.review_is_told_once,
)


def found(text):
    claims = list(name_claims(Document("invented", "text", text), list(sentences(text))))
    return [(one.word, one.stated, one.fix) for check in CHECKS for one in check(claims)]


OFTEN = "The Po-D regimen was used. " + "Then the Po-D regimen went on for weeks. " * 5


def test_a_regimen_told_once_with_another_letter_is_probably_a_misprint():
    assert ("TENSION", "Po-F", "Po-D") in found(f"{OFTEN} Overall the Po-F regimen was safe.")
    assert all(
        one[1] != "Po-F" for one in found(f"{OFTEN} The Po-F regimen is another. The Po-F regimen differs.")
    )


def test_two_letters_that_changed_places_are_probably_a_misprint():
    text = "EBV-HLH is one. There was EBV before. EBV was seen. Two had EVB-HLH here."
    assert found(text) == [("TENSION", "EVB", "EBV")]
    assert found(text.replace("EVB", "CMV")) == []


@pytest.mark.parametrize("other", ["R-CHOP", "DEP", "VRd"])
def test_other_regimens_of_the_same_paper_are_no_misprints(other):
    assert [one for one in found(f"{OFTEN} The {other} regimen was used once.") if one[1] == other] == []


LISTED = "Ways to treat:\n• Novel ways such as NI-0501, now being tested\n• Steroids\n• New drugs such as emapalumab\n"


def test_one_drug_as_two_items_of_a_list_does_not_hold():
    assert found(LISTED) == [("INCONSISTENT", "NI-0501", "emapalumab")]


@pytest.mark.parametrize(
    "text",
    [
        LISTED + "Emapalumab (NI-0501) is an antibody.",
        "NI-0501 is being tested. "
        + "A sentence in between that fills the place well. " * 3
        + "Emapalumab helps.",
        LISTED.replace("emapalumab", "anakinra"),
    ],
)
def test_where_the_text_says_that_both_are_one_or_lists_nothing_there_is_no_finding(text):
    assert [one for one in found(text) if one[1] == "NI-0501"] == []


def test_a_sentence_printed_twice_in_a_row_is_a_tension():
    once = "For ponds with a depth of less than two metres the water was taken as shallow by all readers. "
    assert [one[0] for one in found(once * 2)] == ["TENSION"]
    assert found(once + "Then it rained for a day. " + once) == []
    assert found("Search for more papers by this author here. " * 2) == []


def test_reviewed_and_awaiting_review_at_once_is_a_tension():
    text = "All articles are reviewed for accuracy by our board. This content is pending human review."
    assert [one[0] for one in found(text)] == ["TENSION"]
    assert found(text.replace("reviewed for accuracy", "reviewed if written in English")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Unlike NI-0501, the drug emapalumab is a different compound.",
        "NI-0501 is being tested; another new drug, emapalumab, was proposed.",
        "NI-0501 is being tested. Another agent is emapalumab.",
        "Two different antibodies, NI-0501 and emapalumab, were on the shelf.",
        "Two pupils were switched from INCB018424 to ruxolitinib.",
        "Fennadine, formerly ABC-1234, was tasted. Unlike ABC-1234, fennadine is bitter.",
    ],
)
def test_one_drug_that_a_sentence_tells_as_two_does_not_hold(text):
    assert [one[0] for one in found(text)] == ["INCONSISTENT"]


@pytest.mark.parametrize(
    "text",
    [
        "Unlike anakinra, emapalumab (NI-0501) is an antibody.",
        "Emapalumab (NI-0501) and another antibody, siltuximab (CNTO 328), were on the shelf.",
        "Pupils got baricitinib, earlier LY3009104, and a second drug.",
        "The search terms were NI-0501 and emapalumab, two different names.",
        "NI-0501, whose present name is emapalumab, was compared with salt; emapalumab is the same drug.",
        "The code NI-0501 stands for the antibody that became a new drug, emapalumab.",
        "LY3009104 should be told from ruxolitinib; baricitinib is its later name.",
    ],
)
def test_two_names_told_as_one_drug_are_not_accused(text):
    assert found(text) == []
