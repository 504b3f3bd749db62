"""Numbers, names and years of references against the list."""

from datetime import date
from pathlib import Path

import pytest

from openhlh.claims import Day
from openhlh.evidence import references
from openhlh.literature.citations import citation_claims
from openhlh.literature.document import Document, Reference
from openhlh.literature.reading import read_document
from openhlh.literature.tokens import sentences

SOURCES = Path(__file__).parents[1].parent / "shared" / "sources"
LIST = (
    "Moss AB, Fern C. On ponds: an open-label trial. J Ponds. 2001;1:2-3.",
    "Oak D, Elm E. On trees. J Trees. 2002;1:2-3.",
    "Müller-Reed F, et al. On reeds. J Reeds. 2003;1:2-3.",
    "The Pond Study Group. Ponds again. J Ponds. 2004;1:2-3.",
)
CHECKS = (
    references.references_exist, references.names_stand_in_entries, references.kinds_of_study_agree,
    references.second_reports_are_those_introduced, references.entries_are_not_later,
)  # fmt: skip


def found(text, *more, entries=LIST):
    listed = tuple(
        Reference(n, words, len(text) + n, len(text) + n + 1, 2000 + n) for n, words in enumerate(entries, 1)
    )
    document = Document("invented", "text", text, references=listed)
    return of(document, *more)


def of(document, *more):
    claims = [*more, *citation_claims(document, list(sentences(document.text)))]
    return [one for check in CHECKS for one in check(claims) if one.verdict != "holds"]


def test_a_number_beyond_the_list_does_not_hold():
    (one,) = found("Ponds are deep.1,2 Trees are high.5 Reeds bend.3")
    assert (one.word, one.stated, one.computed) == ("INCONSISTENT", "cites 5", "4 entries")


def test_a_number_far_beyond_a_list_is_hardly_a_reference():
    assert [one.word for one in found("Ponds are deep.1,2 Trees are high.155 Reeds bend.3")] == [
        "NOT_TESTABLE"
    ]


def test_where_few_entries_are_cited_the_list_is_not_trusted():
    assert [one.word for one in found("Trees are high.5")] == ["NOT_TESTABLE"]


def test_a_name_that_is_not_in_the_cited_entry_does_not_hold_and_names_the_right_one():
    (one,) = found("As Oak et al.^1 wrote, it is so.")
    assert (one.word, one.fix) == ("INCONSISTENT", "2")
    (other,) = found("As Birch et al.^1 wrote, it is so.")
    assert (other.word, other.fix) == ("INCONSISTENT", "")


@pytest.mark.parametrize(
    "text",
    [
        "As Fern et al.^1 wrote.",
        "As Muller-Reed et al.^3 wrote.",
        "As Mos et al.^1 wrote.",
        "Oak et al.^{1,2} wrote.",
    ],
)
def test_a_coauthor_an_accent_or_a_slip_of_one_letter_agrees(text):
    assert found(text) == []


def test_an_entry_without_clear_authors_is_not_judged():
    assert [one.word for one in found("As Birch et al.^4 wrote.")] == ["NOT_TESTABLE"]


def test_a_retrospective_study_cited_with_a_trial_is_a_tension():
    assert [one.word for one in found("In a large retrospective series the median was 3 months.1")] == [
        "TENSION"
    ]
    assert found("In a large retrospective series the median was 3 months.2") == []


def test_a_second_report_that_is_none_of_the_two_introduced_is_a_tension():
    text = "Two reports tell of ponds.^{1,2} The first was deep.^1 In the second report all was dry."
    (one,) = found(f"{text}^3")
    assert (one.word, one.fix) == ("TENSION", "2")
    assert found(f"{text}^2") == []


def test_an_entry_of_a_year_after_the_publication_is_a_tension():
    published = Day(0, 0, "2001", role="published", first=date(2001, 1, 1), last=date(2001, 12, 31))
    assert [one.computed for one in found("Deep.1,2 High.3", published)] == ["at most 2001"]
    assert found("Deep.1,2", published) == []


def test_an_empty_list_that_is_cited_does_not_hold():
    text = "Ponds are deep 1.\n\n• Trees are high 2\n• Reeds are thin 3\n• They bend 3\n\nReferences\n\nAbout us\nWe write."
    (one,) = of(Document("invented", "text", text))
    assert (one.word, one.stated) == ("INCONSISTENT", "cites 1 to 3")


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the source documents are not here")
def test_of_the_sources_only_the_known_references_are_marked():
    told = {
        path.name[:3]: [(one.word, one.fix) for one in of(read_document(path))]
        for path in sorted(SOURCES.glob("*.txt"))
    }
    assert told == {
        "000": [], "001": [], "002": [("INCONSISTENT", "")],
        "003": [("INCONSISTENT", ""), ("TENSION", "")], "004": [("TENSION", "18")],
    }  # fmt: skip


def test_a_long_run_of_numbers_beyond_the_list_is_a_range_of_values():
    text = "Ponds are deep.1,2 Trees are high.3 They say it rained"
    assert [one.word for one in found(text + ".^{3-6}")] == ["INCONSISTENT"]
    assert [one.word for one in found(text + ".^{3-9}")] == ["NOT_TESTABLE"]
