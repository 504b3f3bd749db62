"""Plain text and Markdown: decoding, parts, references, printed facts and raised stretches."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.literature.reading import read_document, read_text

SOURCES = Path(__file__).parents[1].parent / "shared" / "sources"
ARTICLE = """Blue light for tired clerks: a small trial
DOI: 10.5555/made.up.1
First published: 3 March 2021

Abstract

Of 34 clerks, 12 (35.3%) slept better.

1 | INTRODUCTION

Clerks are tired.¹,²

2 | METHODS

2.1 | Statistical analysis

We counted 10^9 sheep.

3 | RESULTS

Twelve of 34 slept.

FIGURE 1. Sheep by night.

4 DISCUSSION

It went well.

REFERENCES

1. Able A. Sheep. J Sleep. 2011;12:3-9.
2. Baker B, Cole C. More sheep (2015). J Sleep. 3:4-5.
"""


def part(document, name):
    return next(one for one in document.parts if one.name == name)


def inside(document, name):
    found = part(document, name)
    return document.text[found.start : found.end]


def read(tmp_path, data, name="paper.txt"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_document(path)


def test_the_text_of_a_file_is_kept_as_it_stands(tmp_path):
    assert read(tmp_path, ARTICLE).text == ARTICLE


def test_parts_are_told_by_the_words_of_their_headings():
    document = read_text(ARTICLE)
    assert [one.name for one in document.parts] == [
        "title", "abstract", "background", "methods", "methods", "results", "figure", "discussion", "references",
    ]  # fmt: skip
    assert document.title == "Blue light for tired clerks: a small trial"
    assert document.where(ARTICLE.index("12 (35")) == "abstract"
    assert document.where(ARTICLE.index("10^9")) == "methods"
    assert document.where(ARTICLE.index("Twelve")) == "results"
    assert document.where(ARTICLE.index("Sheep by")) == "figure"


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Results", "results"),
        ("RESULTS:", "results"),
        ("3. Results", "results"),
        ("III. RESULTS", "results"),
        ("## Results", "results"),
        ("**Results**", "results"),
        ("Patients and Methods", "methods"),
        ("MATERIALS AND METHODS", "methods"),
        ("Methods/Principal Findings", "methods"),
        ("Model and Results", "results"),
        ("Conclusions & Relevance", "conclusions"),
        ("Literature cited", "references"),
    ],
)
def test_a_heading_has_its_role_in_every_dress(heading, role):
    document = read_text(f"A line of title words\n\n{heading}\n\nSome words follow here.\n")
    assert document.where(document.text.index("Some words")) == role


@pytest.mark.parametrize(
    "line", ["results of the trial were", "these methods", "Results were good in 12 of 34"]
)
def test_a_line_of_prose_is_no_heading(line):
    document = read_text(f"A line of title words\n\nBefore it we saw\n{line}\nand so on.\n")
    assert [one for one in document.parts if one.name != "title"] == []


def test_labels_in_one_paragraph_are_the_parts_of_an_abstract_alone():
    document = read_text(
        "AIMS: To count sheep. METHODS: We counted. RESULTS: 12 of 34 slept. CONCLUSIONS: Good."
    )
    assert [(one.name, one.heading) for one in document.parts] == [
        ("background", "AIMS"), ("methods", "METHODS"), ("results", "RESULTS"), ("conclusions", "CONCLUSIONS"),
    ]  # fmt: skip


def test_labels_within_an_abstract_stay_in_the_abstract():
    text = "Abstract\nMethods: We counted.\nResults: 12 of 34 slept.\n\nIntroduction\n\nSheep.\n\nResults\n\n13 of 34.\n"
    document = read_text(text)
    assert document.where(text.index("12 of")) == "abstract"
    assert document.where(text.index("13 of")) == "results"
    assert [one.heading for one in document.parts if one.name == "abstract"] == [
        "Abstract",
        "Methods",
        "Results",
    ]


def test_an_abstract_with_headings_on_lines_of_their_own_is_one_abstract():
    text = (
        "Abstract\n\nMethods\n\nWe counted.\n\nResults\n\n12 of 34.\n\nIntroduction\n\nSheep.\n\n"
        "Methods\n\nCounting.\n\nResults\n\n13 of 34.\n"
    )
    document = read_text(text)
    assert document.where(text.index("12 of")) == "abstract"
    assert document.where(text.index("Counting")) == "methods"
    assert document.where(text.index("13 of")) == "results"


def test_labels_in_front_of_full_sections_are_an_abstract():
    text = "METHODS: We counted. RESULTS: 12 of 34 slept.\n\nMethods\n\nCounting.\n\nResults\n\n13 of 34.\n"
    document = read_text(text)
    assert document.where(text.index("12 of")) == "abstract"
    assert document.where(text.index("13 of")) == "results"


def test_what_calls_itself_an_abstract_but_is_a_whole_paper_is_none():
    text = "Abstract: " + "Sheep were counted by many clerks. " * 300
    assert read_text(text).where(5_000) == ""


def test_references_have_numbers_years_and_their_words():
    first, second = read_text(ARTICLE).references
    assert (first.number, first.year, second.number, second.year) == (1, 2011, 2, 2015)
    assert ARTICLE[first.start : first.end] == "Able A. Sheep. J Sleep. 2011;12:3-9."


def test_numbers_glued_to_authors_part_the_references():
    text = (
        "Words of the letter. REFERENCES 1Able A. Sheep. J Sleep. 2011; 6(12):e630-e637. 2Baker B. Goats. "
        "J Sleep. 2012; 3: 4- 5. 3de Cole C. Cows. J Sleep. 2013; 1: 2- 9. Volume9, Issue5May 2023Pages 1-9"
    )
    found = read_text(text).references
    assert [(one.number, one.year) for one in found] == [(1, 2011), (2, 2012), (3, 2013)]
    assert found[2].text.endswith("2- 9.")


def test_bullets_are_numbered_by_their_order_where_every_printed_number_agrees():
    lines = ["- Able A. One. 2001;1:2.", "- Baker B. Two. 2002;1:2.", "- 3. Cole C. Three. 2003;1:2."]
    agreeing = read_text("References\n\n" + "\n".join(lines) + "\n").references
    assert [one.number for one in agreeing] == [1, 2, 3]
    against = read_text("References\n\n" + "\n".join([lines[0], lines[2], lines[1]]) + "\n").references
    assert [one.number for one in against] == [None, 3, None]


def test_a_broken_line_belongs_to_the_entry_before_it():
    text = "References\n1. Able A. A long title that goes\n2 lines on. J Sleep. 2011;1:2.\n2. Baker B. Two. 2012;1:2.\n"
    first, second = read_text(text).references
    assert first.text == "Able A. A long title that goes 2 lines on. J Sleep. 2011;1:2."
    assert (second.number, second.year) == (2, 2012)


def test_entries_by_author_and_year_have_no_numbers():
    text = (
        "References\nAble A. A long story about the counting of sheep. J Sleep 2011.\n"
        "Baker B. Another long story about goats and their sleep. J Sleep 2012.\n"
    )
    assert [(one.number, one.year) for one in read_text(text).references] == [(None, 2011), (None, 2012)]


def test_an_empty_list_of_references_is_a_part_without_entries():
    document = read_text(
        "What helps tired clerks at night?\n\nSheep help 1.\n\nReferences\n\nA disclaimer of ours.\n"
    )
    assert part(document, "references")
    assert document.references == ()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("First published: 15 February 2023", (2023, 2, 15)),
        ("Published online March 3, 2020", (2020, 3, 3)),
        ("Epub 2019 Jan", ()),
        ("2021-05-04", (2021, 5, 4)),
        ("Published: May 2018", (2018, 5)),
    ],
)
def test_the_day_of_publication_is_read_as_far_as_it_is_printed(said, day):
    assert read_text(f"A title about tired clerks\n{said}\nWords follow.\n").published == day


def test_a_published_day_within_the_references_is_not_that_of_the_article():
    text = "A title about tired clerks\n\nReferences\n1. Able A. Published 3 May 2001.\n2. Baker B. doi:10.5555/other\n"
    document = read_text(text)
    assert (document.published, document.doi) == ((), "")


def test_doi_and_pmid_are_read_near_the_top():
    document = read_text(
        "A title about tired clerks\nhttps://doi.org/10.5555/abc.(1)2.\nPMID: 12345678\n\nWords.\n"
    )
    assert (document.doi, document.pmid) == ("10.5555/abc.(1)2", "12345678")


def test_raised_stretches_are_those_that_are_marked():
    text = "Clerks¹⁷,¹⁸ slept^{13,14} with 10^9 sheep^a and m² and ^12^ but 10 9 stays."
    document = read_text(text)
    assert [text[start:end] for start, end in document.raised] == [
        "¹⁷,¹⁸",
        "^{13,14}",
        "^9",
        "^a",
        "²",
        "^12^",
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Zwölf of 34".encode(), "Zwölf of 34"),
        (b"\xef\xbb\xbf12 of 34", "12 of 34"),
        ("Zwölf of 34".encode("utf-16"), "Zwölf of 34"),
        ("Zwölf of 34".encode("utf-16-be", "strict").join([b"\xfe\xff", b""]), "Zwölf of 34"),
        ("5 µg – zwölf".encode("cp1252"), "5 µg – zwölf"),
        (b"a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_text_is_decoded_by_what_it_is(tmp_path, data, text):
    assert read(tmp_path, data).text == text


def test_bytes_that_cannot_be_told_are_shown_and_counted(tmp_path):
    document = read(tmp_path, "Müller ".encode() + b"\xff\xfe 12 of 34")
    assert "12 of 34" in document.text
    assert document.notes == ("2 bytes were not UTF-8 and are shown as \ufffd",)


def test_windows_text_is_read_and_told(tmp_path):
    document = read(tmp_path, "Müller’s 12 of 34 – 5 µg in the long night".encode("cp1252"))
    assert document.text.startswith("Müller’s")
    assert "Windows-1252" in document.notes[0]


def test_markdown_is_known_by_its_suffix(tmp_path):
    assert read(tmp_path, "# A title about clerks\n", "paper.md").format == "markdown"


@given(st.text(max_size=600))
def test_any_text_is_read_with_offsets_that_hold(text):
    document = read_text(text)
    assert document.text == text
    for one in (*document.parts, *document.tables, *document.references):
        assert 0 <= one.start <= one.end <= len(text)
    assert all(text[cell.start : cell.end] == cell.text for table in document.tables for cell in table.cells)


WORDS = st.sampled_from(
    [
        "Abstract\n", "Methods: ", "\nResults\n", "REFERENCES ", "1. Able A 2011;", "\n", "TABLE 1 x\n", "a\tb\n", "|--|\n",
        "| a | b |\n", "Patient 1 Patient 2 Patient 3 ", "Age 1 2 3 ", "Fever Yes No — ", "58 240 ", "KEYWORDS\n", ". ",
    ]
)  # fmt: skip


@given(st.lists(WORDS, max_size=40))
def test_any_mixture_of_shapes_is_read_with_offsets_that_hold(pieces):
    text = "".join(pieces)
    document = read_text(text)
    for one in (*document.parts, *document.references):
        assert 0 <= one.start <= one.end <= len(text)
    for table in document.tables:
        assert 0 <= table.start <= table.end <= len(text)
        assert all(text[cell.start : cell.end] == cell.text for cell in table.cells)


@pytest.mark.skipif(not SOURCES.exists(), reason="the source documents are not beside this checkout")
class TestTheFiveSources:
    def source(self, number):
        return read_document(next(SOURCES.glob(f"{number:03d}_*.txt")))

    def test_the_abstracts_are_abstracts(self):
        for number in (0, 1):
            document = self.source(number)
            assert document.where(len(document.text) // 2) == "abstract"

    def test_the_web_answer_has_an_empty_list_of_references(self):
        document = self.source(2)
        assert part(document, "references")
        assert document.references == ()

    def test_the_letter_has_its_six_references_date_and_doi(self):
        document = self.source(3)
        assert [(one.number, one.year) for one in document.references] == [
            (1, 2016), (2, 2002), (3, 2019), (4, 2020), (5, 2020), (6, 2018),
        ]  # fmt: skip
        assert (document.doi, document.published) == ("10.1002/ajh.26877", (2023, 2, 15))

    def test_the_review_has_its_references_sections_and_four_tables(self):
        document = self.source(4)
        assert [one.number for one in document.references] == list(range(1, 24))
        assert document.references[14].text.startswith("Marsh RA")
        assert [table.label for table in document.tables] == ["table 1", "table 2", "table 3", "table 4"]
        assert {"abstract", "background", "methods", "results", "discussion"} <= {
            one.name for one in document.parts
        }
