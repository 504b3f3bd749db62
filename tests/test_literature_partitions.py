"""What is read as parts of a whole, in our own invented sentences."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhlh.claims import Partition, Told
from openhlh.literature.document import Cell, Document, Part, Table
from openhlh.literature.listed import items
from openhlh.literature.partitions import partition_claims
from openhlh.literature.tokens import sentences


def claims_in(text, relations=("parts", "sum"), unit="count"):
    document = Document("invented", "text", text)
    found = partition_claims(document, tuple(sentences(text)))
    return [
        one for one in found if isinstance(one, Partition) and one.relation in relations and one.unit == unit
    ]


def numbers_in(text, **kind):
    return [
        ([int(part.value) for part in one.parts], None if one.whole is None else int(one.whole.value))
        for one in claims_in(text, **kind)
    ]


@pytest.mark.parametrize(
    ("text", "parts", "whole"),
    [
        ("We saw 52 adults (30 men and 22 women).", [30, 22], 52),
        ("Fifty-two adults, thirty male and twenty-two female, took part.", [30, 22], 52),
        ("Of 52 adults, 30 (57.7%) were male and 22 (42.3%) female.", [30, 22], 52),
        ("There were 30 males and 22 females among the 52 patients.", [30, 22], 52),
        ("We enrolled 52 adults. There were 30 men and 22 women.", [30, 22], 52),
        ("52 adults (M/F: 30/22) took part.", [30, 22], 52),
        ("CR was seen in 9, PR in 11 and no response in 7 of 27 patients.", [9, 11, 7], 27),
        ("Of 27 patients, 9, 11 and 7 had complete, partial and no response, respectively.", [9, 11, 7], 27),
        ("The ORR was 74% (20/27): 9 CR and 11 PR.", [9, 11], 20),
        ("We randomised 90 adults to yoga (n = 44) or rest (n = 46).", [44, 46], 90),
        ("90 adults were randomised (44 to yoga, 46 to rest).", [44, 46], 90),
        ("19 patients died: 12 of infection and 7 of bleeding.", [12, 7], 19),
        ("Of those who died (n = 19), 12 died of infection and 7 of bleeding.", [12, 7], 19),
        ("The classes of the 40 women were rural in 18, urban in 12 and coastal in 10.", [18, 12, 10], 40),
        ("In all, 3 + 4 + 5 = 12 limbs were treated.", [3, 4, 5], 12),
        ("At one year, 31 of the 40 children were alive and 9 were dead.", [31, 9], 40),
        ("31 of 40 children walked and 9 did not.", [31, 9], 40),
    ],
)
def test_parts_and_their_whole_are_read(text, parts, whole):
    assert (parts, whole) in numbers_in(text)


@pytest.mark.parametrize(
    ("text", "parts", "whole"),
    [
        ("Of the 40 children, 31 walked; the other 9 did not.", [31, 9], 40),
        ("31 of 40 children walked. The remaining 9 children did not.", [31, 9], 40),
        ("Of 40 children asked, 3 were excluded, leaving 37 for analysis.", [3, 37], 40),
    ],
)
def test_a_rest_is_read_with_what_it_leaves_out(text, parts, whole):
    assert (parts, whole) in numbers_in(text, relations=("rest",))


@pytest.mark.parametrize(
    "text",
    [
        "There were 40 children, of whom 31 walked.",
        "There were 40 children. Of these, 31 walked.",
        "Of the 40 children, 31 walked.",
        "We treated 40 children, 31 of whom walked.",
    ],
)
def test_a_subgroup_is_read_with_its_group(text):
    assert numbers_in(text, relations=("subgroup",)) == [([31], 40)]


@pytest.mark.parametrize(
    "text",
    [
        "Pain was 45% in men and 62% in women.",
        "Of 40 children, 31 had a rash and 22 had a cough.",
        "Grade 3 events and 2 of grade 4 were seen.",
        "Doses of 10 mg and 20 mg were given to men and women.",
        "Men had 12 visits versus 14 in women.",
        "The response was 45% in mild, 60% in moderate and 75% in severe disease.",
    ],
)
def test_shares_within_classes_and_overlapping_findings_are_no_parts(text):
    assert numbers_in(text) == []
    assert claims_in(text, unit="percent") == []


def test_a_number_with_a_unit_or_a_name_is_no_item():
    (sentence,) = sentences("In week 9, 12 men with stage 3 took 10 mg for 2-5 days in 2019.")
    assert [item.number.text for item in items(sentence.tokens)] == ["12"]


def test_a_count_its_percent_and_its_total_are_one_item():
    (sentence,) = sentences("35.3% (6/17) of the men and 8 women (20%) came.")
    first, second = items(sentence.tokens)
    assert [n.text for n in (first.number, first.total, first.percent)] == ["6", "17", "35.3"]
    assert [n.text for n in (second.number, second.percent)] == ["8", "20"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=3, max_size=6))
def test_offsets_point_at_the_printed_numbers(counts):
    names = ["rural", "urban", "coastal", "alpine", "island", "desert"]
    listed = ", ".join(f"{name} in {count}" for name, count in zip(names, counts, strict=False))
    text = f"The classes of the {sum(counts)} women were {listed}."
    (claim,) = [one for one in claims_in(text) if len(one.parts) == len(counts)]
    assert [text[part.start : part.end] for part in claim.parts] == [str(count) for count in counts]
    assert text[claim.start : claim.end] == claim.text


def table_of(rows):
    text, cells = "", []
    for row, texts in enumerate(rows):
        for column, cell in enumerate(texts):
            cells.append(Cell(row, column, cell, len(text), len(text) + len(cell), row == 0 or column == 0))
            text += cell + "\t"
        text += "\n"
    return Document("invented", "html", text, tables=(Table("table 1", "", tuple(cells), end=len(text)),))


def tabled(rows):
    found = partition_claims(table_of(rows), ())
    return [(one.relation, [int(p.value) for p in one.parts], int(one.whole.value)) for one in found]


def test_columns_above_a_total_row_are_read():
    rows = [("Site", "Drug", "Rest"), ("North", "12", "9"), ("South", "8", "11 (55)"), ("Total", "20", "20")]
    assert tabled(rows) == [("column", [12, 8], 20), ("column", [9, 11], 20)]


def test_rows_before_a_total_column_are_read():
    rows = [("Site", "Drug", "Rest", "Total"), ("North", "12", "9", "21"), ("South", "8", "11", "19")]
    assert tabled(rows) == [("row", [12, 9], 21), ("row", [8, 11], 19)]


def test_exclusive_rows_are_held_against_the_head():
    rows = [("", "All (n = 34)"), ("Sex", ""), ("Male", "20 (59)"), ("Female", "14 (41)")]
    assert ("parts", [20, 14], 34) in tabled(rows)


def test_response_columns_are_held_against_the_number_of_patients():
    rows = [("Study", "N", "CR", "PR", "NR"), ("Ours", "27", "9 (33%)", "11 (41%)", "7 (26%)")]
    assert tabled(rows) == [("parts", [9, 11, 7], 27)]


def test_a_column_with_a_mean_has_no_total():
    rows = [("", "Drug"), ("Age", "48.2"), ("Men", "12"), ("Total", "20")]
    assert tabled(rows) == []


def test_the_study_counts_its_people_in_steps():
    text = "A total of 90 adults were screened.\n\nWe enrolled 80 adults."
    found = partition_claims(Document("invented", "text", text), tuple(sentences(text)))
    assert [(one.what, one.number.text) for one in found if isinstance(one, Told)] == [
        ("people screened", "90"),
        ("people enrolled", "80"),
    ]


def test_another_studys_people_are_not_its_own():
    text = "A total of 90 adults were screened. In the control group, 80 adults were enrolled."
    document = Document("invented", "text", text, parts=(Part("results", "", 0, len(text)),))
    found = partition_claims(document, tuple(sentences(text)))
    assert [one for one in found if isinstance(one, Told)] == []
