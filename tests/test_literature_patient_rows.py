"""Tables whose rows or columns are patients."""

import pytest

from openhlh.literature.document import Cell, Document, Table
from openhlh.literature.patient_rows import patient_row_claims


def table(lines, **more):
    """Return a document with one table of the given lines of cells; offsets count the text as it is joined."""
    text, cells = "", []
    for row, line in enumerate(lines):
        for column, words in enumerate(line):
            cells.append(
                Cell(row, column, words, len(text), len(text) + len(words), header=row == 0 or column == 0)
            )
            text += words + "\t"
        text += "\n"
    return Document(
        "invented",
        "text",
        text,
        tables=(Table("table 1", "Ponds", tuple(cells), start=0, end=len(text), **more),),
    )


def read(lines):
    return [(one.patient, [cell[:2] for cell in one.cells]) for one in patient_row_claims(table(lines), [])]


def test_columns_that_are_patients_become_rows():
    lines = [["Feature", "Patient 1", "Patient 2"], ["Age (years)", "30", "41"], ["Fever", "Yes", "No"]]
    assert read(lines) == [
        ("1", [("age (years)", "30"), ("fever", "Yes")]),
        ("2", [("age (years)", "41"), ("fever", "No")]),
    ]


@pytest.mark.parametrize("names", [["1", "2", "3"], ["P1", "P2", "P3"], ["Case 1", "Case 2", "Case 3"]])
def test_rows_that_are_patients_are_read_by_their_number(names):
    lines = [["Patient", "Age", "Outcome"], *([name, "30", "Alive"] for name in names)]
    assert [patient for patient, _ in read(lines)] == ["1", "2", "3"]
    assert read(lines)[0][1] == [("age", "30"), ("outcome", "Alive")]


@pytest.mark.parametrize(
    "lines",
    [
        [["Week", "1", "2", "3"], ["Ferritin", "9", "8", "7"]],
        [["Grade", "n"], ["1", "4"], ["2", "5"], ["3", "6"]],
        [["Feature", "Patients", "Controls"], ["Age", "3", "4"]],
        [["Patient", "Age"], ["1", "30"], ["1", "31"]],
        [],
    ],
)
def test_tables_of_other_things_give_no_patients(lines):
    assert read(lines) == []


def test_a_cell_keeps_its_place_in_the_text():
    document = table([["Patient", "Age"], ["1", "30"], ["2", "41"]])
    cells = [cell for one in patient_row_claims(document, []) for cell in one.cells]
    assert [document.text[start:end] for _, _, start, end in cells] == ["30", "41"]
