"""PDF: text page by page, joined words, per-patient tables as not certain, and boxes in the right place."""

import pytest
from fpdf import FPDF

from openhlh.literature.pdf import boxes
from openhlh.literature.reading import read_document, read_text

POINTS_PER_MM = 72 / 25.4
FIRST = """Blue light for tired clerks

Abstract

Of 34 clerks, 12 (35.3%) respon-
ded. The range was 10-
20 and the drug anti-
CD25.

Results

Table 1. Clerks
Feature Clerk 1
Feature Patient 1 Patient 2 Patient 3
Age (years) 12 34 56
Sex F M F
Fever Yes No Yes
References
1. Able A. One thing. J Sleep. 2011;1:2-3.
2. Baker B. Two things that are
longer. J Sleep. 2012;1:2."""
PAGES = [FIRST, "Behind the page 7 of 9 (77.8%) are seen."]


@pytest.fixture
def made(tmp_path):
    pdf = FPDF(format="A4")
    pdf.set_font("Helvetica", size=11)
    for words in PAGES:
        pdf.add_page()
        pdf.multi_cell(0, 6, words)
    pdf.add_page()
    pdf.set_xy(100, 50)
    pdf.cell(40, 10, "apart 99")
    path = tmp_path / "paper.pdf"
    path.write_bytes(bytes(pdf.output()))
    return path, read_document(path)


def test_words_broken_at_line_ends_are_joined_and_numbers_never(made):
    _, document = made
    assert "12 (35.3%) responded." in document.text
    assert "10-\n20" in document.text
    assert "anti-CD25" in document.text


def test_a_pdf_has_parts_references_and_pages(made):
    _, document = made
    assert document.where(document.text.index("12 (35")) == "abstract"
    assert [(one.number, one.year) for one in document.references] == [(1, 2011), (2, 2012)]
    assert len(document.pages) == 3
    assert document.page(document.text.index("7 of 9")) == 2
    assert document.page(document.text.index("apart")) == 3
    assert document.page(0) == 1


def test_a_table_of_a_pdf_is_never_certain(made):
    _, document = made
    (table,) = document.tables
    assert not table.certain
    assert [cell.text for cell in table.cells if cell.row == 1] == ["Age (years)", "12", "34", "56"]


def test_boxes_lie_where_the_words_were_set(made):
    path, document = made
    start = document.text.index("apart")
    (place,) = boxes(path, document, start, start + len("apart 99"))
    assert place.page == 3
    ((left, bottom, right, top),) = place.boxes
    height = 297 * POINTS_PER_MM
    # The cell begins 100 mm from the left and 50 mm from the top and is 40 mm wide and 10 mm high.
    assert 100 * POINTS_PER_MM <= left < right <= 140 * POINTS_PER_MM
    assert height - 60 * POINTS_PER_MM <= bottom < top <= height - 50 * POINTS_PER_MM


def test_boxes_of_a_word_that_was_joined_lie_on_both_lines(made):
    path, document = made
    start = document.text.index("responded")
    (place,) = boxes(path, document, start, start + len("responded"))
    assert place.page == 1
    assert len(place.boxes) == 2
    assert place.boxes[0][1] > place.boxes[1][1]


def test_a_stretch_over_two_pages_has_two_places(made):
    path, document = made
    start = document.text.index("longer")
    places = boxes(path, document, start, document.text.index("7 of 9") + 6)
    assert [place.page for place in places] == [1, 2]


def test_what_has_no_pages_has_no_boxes(tmp_path):
    assert boxes(tmp_path / "paper.txt", read_text("12 of 34"), 0, 8) == ()
