"""R16 and the flow of people: what a document of our own tells twice, and in steps."""

from __future__ import annotations

import pytest

from openhlh.claims import Centre, Proportion
from openhlh.evidence import flow, twice
from openhlh.literature.document import Cell, Document, Part, Table
from openhlh.literature.partitions import partition_claims
from openhlh.literature.tokens import printed, sentences

FILLER = " The sites kept their usual care all along, and the forms were checked by two nurses at each site."


def judged(abstract, body):
    text = f"{abstract}\n\n{body}"
    cut = len(abstract) + 1
    parts = (Part("abstract", "Abstract", 0, cut), Part("results", "Results", cut, len(text)))
    document = Document("invented", "text", text, parts)
    claims = list(partition_claims(document, tuple(sentences(text))))
    return [one for check in (*twice.CHECKS, *flow.CHECKS) for one in check(claims)]


def words(abstract, body):
    return {one.word for one in judged(abstract, body)}


@pytest.mark.parametrize(
    ("abstract", "body"),
    [
        ("We enrolled 120 adults.", "A total of 118 adults were enrolled."),
        ("Rash occurred in 12 of 34 patients.", FILLER + " Rash was seen in 14/34 patients (41.2%)."),
        (
            "The rate of rash was 35.3% (12/34).",
            FILLER + " With 14 cases among 34 patients, rash came to 41%.",
        ),
        ("Rash struck 12 of 34 patients.", FILLER + " Of the 34 patients, 14 (41%) had a rash."),
        ("A rash broke out in 12 of 34.", FILLER + " Signs of rash existed for 14 of 34, i.e. 41%."),
        (
            "Rash was rare at first sight but was found in 12 (35%) of the 34 patients.",
            FILLER + " We met rash at a rate of 41% [14 of 34].",
        ),
        (
            "During the study, anaemia was noted in 35% of cases (n/N = 12/34).",
            FILLER + " Anemia occurred in 14 of our 34 patients.",
        ),
        (
            "Low mood score (LMS) was seen in 12 of 34 patients.",
            FILLER + " An LMS was present in 14 of 34 patients (41%; 95% CI 25 to 59).",
        ),
        (
            "Rash occurred in 12 of 34 patients and fever in 9 of 34 patients.",
            FILLER + " Fever was seen in 8/34 patients.",
        ),
        ("Rash occurred in 12 of 34 patients.", FILLER + " Rash was seen in 14 patients (41.2%)."),
        ("Rash occurred in 12 of 34 patients.", FILLER + " Rash was found in 41.2% of the 34 patients."),
        ("Twelve of 34 patients vomited.", FILLER + " Vomiting was seen in 14 of 34 patients."),
    ],
)
def test_a_count_told_twice_and_differently_does_not_hold(abstract, body):
    assert "INCONSISTENT" in words(abstract, body)


@pytest.mark.parametrize(
    ("abstract", "body"),
    [
        ("We enrolled 120 adults.", "A total of 120 adults were enrolled."),
        ("Rash occurred in 12 of 34 patients.", FILLER + " Rash was seen in 12/34 patients (35.3%)."),
        ("Rash occurred in 12 of 34 patients.", FILLER + " Rash was found in 35% of the 34 patients."),
    ],
)
def test_a_count_told_alike_holds(abstract, body):
    assert words(abstract, body) == {"CONSISTENT"}


@pytest.mark.parametrize(
    ("abstract", "body"),
    [
        ("We enrolled 120 adults.", "A total of 118 adults were treated."),
        ("We enrolled 120 adults.", "In the yoga group 60 adults were enrolled."),
        ("Rash occurred in 12 of 34 patients.", FILLER + " Rash was seen in 14/30 patients."),
        ("Rash occurred in 12 of 34 patients.", FILLER + " At week 4 rash was seen in 14/34 patients."),
        ("Rash occurred in 12 of 34 patients.", FILLER + " Severe rash was seen in 4/34 patients."),
        ("Rash occurred in 12 of 34 women.", FILLER + " Rash was seen in 14 of 34 men."),
        ("Rash occurred in 12 of 34 patients.", FILLER + " Rash resolved in 10 of 34 patients."),
        ("Rash occurred in 12 of 34 patients.", FILLER + " Rash due to drugs was seen in 4/34 patients."),
        ("Rash occurred in 12 of 34 patients.", FILLER + " Rash was seen in 14 patients (47%)."),
        (
            "We randomised 68 patients to two arms. Rash occurred in 12 of 34 patients.",
            FILLER + " Rash was seen in 14 of 34 patients.",
        ),
        (
            "Delay was seen in 2 of 8 fed and 2 of 7 starved adults.",
            FILLER + " Slowness was found in 3 of 8 fed and 3 of 7 starved adults.",
        ),
    ],
)
def test_another_step_group_time_or_total_is_another_quantity(abstract, body):
    assert words(abstract, body) <= {"CONSISTENT"}


@pytest.mark.parametrize(
    "rows",
    [
        (("Finding", "All (n = 34)"), ("Rash", "14 (41.2)")),
        (
            ("Finding", "Yoga (n = 20)", "Rest (n = 14)", "All (n = 34)"),
            ("Rash", "8 (40)", "6 (43)", "14 (41.2)"),
        ),
    ],
)
def test_the_text_is_held_against_its_table(rows):
    sentence = "Rash occurred in 12 of 34 patients. "
    text, cells = sentence, []
    for row, texts in enumerate(rows):
        for column, cell in enumerate(texts):
            cells.append(Cell(row, column, cell, len(text), len(text) + len(cell)))
            text += cell + "\t"
    table = Table("table 1", "", tuple(cells), start=len(sentence), end=len(text))
    document = Document("invented", "text", text, tables=(table,))
    claims = list(partition_claims(document, tuple(sentences(text, 0, len(sentence)))))
    (one,) = twice.outcomes_told_alike(claims)
    assert one.word == "INCONSISTENT"
    assert document.text[one.claim.start : one.claim.end] == "14 (41.2"


def test_three_different_tellings_are_more_than_one_quantity():
    body = FILLER + " Rash was seen in 14 of 34 patients." + FILLER + " Rash was noted in 9 of 34 patients."
    assert words("Rash occurred in 12 of 34 patients.", body) == {"TENSION"}


def test_more_treated_than_enrolled_does_not_hold():
    found = judged("", "We enrolled 80 adults. In all 84 adults were treated.")
    assert [one.word for one in found if one.rule == "R17"] == ["INCONSISTENT"]


def test_fewer_from_step_to_step_holds():
    found = judged("", "We screened 90 adults. We enrolled 80 adults. All 78 adults were treated.")
    assert [one.word for one in found] == ["CONSISTENT", "CONSISTENT"]


def centre(where, value, measure="median"):
    return Centre(
        0, 4, value, where, "", measure=measure, centre=printed(value, 0), quantity="age", unit="years"
    )


def test_a_coarser_rounding_is_the_same_median():
    (one,) = twice.centres_told_alike([centre("abstract", "48"), centre("results", "48.3")])
    assert one.word == "CONSISTENT"


def test_two_medians_of_one_quantity_do_not_hold():
    found = list(twice.centres_told_alike([centre("abstract", "48"), centre("results", "46")]))
    assert {one.word for one in found} == {"INCONSISTENT"}


def test_two_medians_in_the_text_are_groups_and_only_a_tension():
    claims = [centre("abstract", "48"), centre("results", "46"), centre("results", "51")]
    (one,) = twice.centres_told_alike(claims)
    assert one.word == "TENSION"


def share(start, count, percent, about, total=None):
    return Proportion(
        start, start + 20, f"{count} patient ({percent}%)", "", about, printed(count, start),
        printed(total, start) if total else None, printed(percent, start),
    )  # fmt: skip


def test_one_count_of_one_thing_has_one_percent():
    base = share(0, "3", "37.5", "swelling hand", "8")
    first = share(2000, "2", "25", "grade iii rash drug")
    second = share(9000, "2", "40", "grade iii rash skin")
    (one,) = twice.shares_told_alike([base, first, second])
    assert one.word == "INCONSISTENT"
    assert one.claim is second
    (again,) = twice.shares_told_alike([base, first, share(9000, "2", "25.0", "grade iii rash skin")])
    assert again.word == "CONSISTENT"


def test_shares_of_two_totals_are_not_compared():
    first = share(0, "2", "25", "grade iii rash", "8")
    second = share(9000, "2", "40", "grade iii rash", "5")
    assert list(twice.shares_told_alike([first, second])) == []
