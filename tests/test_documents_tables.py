"""Tables: tabs, pipes, and per-patient tables that lost their lines."""

from pathlib import Path

import pytest

from openhlh.literature.reading import read_document, read_text

SOURCES = Path(__file__).parents[1].parent / "shared" / "sources"


def rows(table):
    """Return the words of a table by row; a cell that spans stands at each of its places."""
    found = {}
    for cell in table.cells:
        found.setdefault(cell.row, {})[cell.column] = cell.text
    return [[row[column] for column in sorted(row)] for _, row in sorted(found.items())]


def only_table(text):
    document = read_text(text)
    (table,) = document.tables
    assert all(text[cell.start : cell.end] == cell.text for cell in table.cells)
    return table


def test_lines_with_tabs_are_a_table_with_label_caption_and_notes():
    text = (
        "Words before.\n\nTABLE 2 Sleep by room\n\nRoom\tN\tSlept\nNorth\t113\t56 (53%)\nSouth\t38 ^a\t33 (73%)\n\n"
        "CR, complete rest; NR, no rest.\n\n^aOne clerk left.\n\nWords behind.\n"
    )
    table = only_table(text)
    assert (table.label, table.caption, table.certain) == ("table 2", "Sleep by room", True)
    assert rows(table) == [["Room", "N", "Slept"], ["North", "113", "56 (53%)"], ["South", "38", "33 (73%)"]]
    assert table.footnotes == (("", "CR, complete rest; NR, no rest."), ("a", "One clerk left."))
    assert [cell.notes for cell in table.cells if cell.notes] == [("a",)]
    assert [cell.text for cell in table.cells if cell.header] == ["Room", "N", "Slept", "North", "South"]
    assert read_text(text).where(text.index("113")) == "table 2"
    assert read_text(text).where(text.index("Words behind")) == ""


def test_empty_cells_keep_their_place():
    table = only_table("Room\tN\tSlept\tLeft\nNorth\t\t5\t\nSouth\t3\t\t1\n")
    assert rows(table) == [["Room", "N", "Slept", "Left"], ["North", "", "5", ""], ["South", "3", "", "1"]]


def test_pipes_over_a_line_of_dashes_are_a_table():
    text = "**Table 3.** Rooms\n\n| Room | N |\n|:-----|--:|\n| North | 5/8<sup>a</sup> |\n| South | 7 |\n\nEnd.\n"
    table = only_table(text)
    assert (table.label, table.caption) == ("table 3", "Rooms")
    assert rows(table) == [["Room", "N"], ["North", "5/8"], ["South", "7"]]
    assert next(cell for cell in table.cells if cell.text == "5/8").notes == ("a",)


def test_pipes_without_outer_bars_are_a_table_too():
    assert rows(only_table("a | b | c\n--|---|--\n1 | 2 | 3\n")) == [["a", "b", "c"], ["1", "2", "3"]]


@pytest.mark.parametrize(
    "text", ["a | b | c\nd | e | f\n", "one\ttab only\n", "P(a|b|c) = 1\nP(d|e|f) = 2\n"]
)
def test_lone_signs_are_no_table(text):
    assert read_text(text).tables == ()


FLAT = (
    "The clerks slept. TABLE 1. Clerks and their nights. Features Clerk name {head} Age (years) 37 39 54 69 "
    "Sex Female Male Male F Naps taken before — 1 2 3 Sheep count (×109/L) 58 240 20 917 — 1 403 "
    "Best sleep Deep Light Deep and long CR Score 7/8 6/8a 5/8 8/8 Load (copies/mL) 3.29 × 106 Negative "
    "9.20 × 102 1.5 × 10^3 Ferritin >40 000 500 12.5 <3 Reason for death Fall of a shelf — — Old age "
    "Note: a One was away. Words go on."
)


@pytest.mark.parametrize(
    "head",
    [
        "Patient 1 Patient 2 Patient 3 Patient 4",
        "Case 1 Case 2 Case 3 Case 4",
        "P1 P2 P3 P4",
        "Patient 1 2 3 4",
    ],
)
def test_a_per_patient_table_without_lines_is_found_row_by_row(head):
    text = FLAT.replace("Features Clerk name {head}", f"Features {head}")
    table = only_table(text)
    assert (table.label, table.caption, table.certain) == ("table 1", "Clerks and their nights", False)
    assert [one[1:] for one in rows(table)[1:]] == [
        ["37", "39", "54", "69"],
        ["Female", "Male", "Male", "F"],
        ["—", "1", "2", "3"],
        ["58 240", "20 917", "—", "1 403"],
        ["Deep", "Light", "Deep and long", "CR"],
        ["7/8", "6/8", "5/8", "8/8"],
        ["3.29 × 106", "Negative", "9.20 × 102", "1.5 × 10^3"],
        [">40 000", "500", "12.5", "<3"],
        ["Fall of a shelf", "—", "—", "Old age"],
    ]
    assert [one[0] for one in rows(table)[1:]] == [
        "Age (years)", "Sex", "Naps taken before", "Sheep count (×109/L)", "Best sleep", "Score",
        "Load (copies/mL)", "Ferritin", "Reason for death",
    ]  # fmt: skip
    assert table.footnotes == (("a", "One was away."),)


def test_a_row_that_cannot_be_told_is_left_out_and_shifts_no_other():
    text = (
        "Features Patient 1 Patient 2 Patient 3 Age 37 39 54 Drug Able baker. Cole Dog Elk Fox Gnu Sex F M F "
        "Count 120 450 300 200 Fever Yes No Yes Score 1 2 3"
    )
    found = {row[0]: row[1:] for row in rows(only_table(text))}
    assert found["Age"] == ["37", "39", "54"]
    assert found["Fever"] == ["Yes", "No", "Yes"]
    assert found["Score"] == ["1", "2", "3"]
    assert [row for row in found if "Count" in row] == []


def test_groups_of_digits_are_joined_only_in_one_way():
    # Four words, three cells: "1 200" or "2 300" may both be one number, so the row is left out.
    doubtful = "Features Patient 1 Patient 2 Patient 3 Age 37 39 54 Sum 1 200 300 7 Sex F M F Fever Yes No No"
    assert "Sum" not in [row[0] for row in rows(only_table(doubtful))]
    clear = "Features Patient 1 Patient 2 Patient 3 Age 37 39 54 Sum 1 200 30 7 Sex F M F Fever Yes No No"
    assert ["Sum", "1 200", "30", "7"] in rows(only_table(clear))


def test_a_table_on_lines_ends_where_its_lines_end():
    text = (
        "Table 4. Clerks\nFeature Case 1 Case 2 Case 3\nAge (years) 12 34 56\nSex F M F\nFever Yes No Yes\n"
        "References\n1. Able A. One thing. J Sleep. 2011;1:2-3.\n2. Baker B. Two. J Sleep. 2012;1:2.\n"
    )
    document = read_text(text)
    assert [row[0] for row in rows(document.tables[0])] == ["Feature", "Age (years)", "Sex", "Fever"]
    assert len(document.references) == 2


def test_prose_that_counts_patients_is_no_table():
    assert (
        read_text("We met patient 1 patient 2 patient 3 and they were well. All Was Good In Them.").tables
        == ()
    )


def test_many_columns_are_read():
    head = " ".join(f"Patient {number}" for number in range(1, 41))
    body = " ".join(
        f"{name} " + " ".join(str(number) for number in range(40)) for name in ("Age", "Days", "Score")
    )
    table = only_table(f"Features {head} {body} Notes: none.")
    assert [len(row) for row in rows(table)] == [41, 41, 41, 41]


@pytest.mark.skipif(not SOURCES.exists(), reason="the source documents are not beside this checkout")
class TestTheSources:
    def test_the_letters_table_has_its_rows_of_eight(self):
        document = read_document(next(SOURCES.glob("003_*.txt")))
        (table,) = document.tables
        found = {row[0].lower(): row[1:] for row in rows(table)}
        assert all(len(row) == 8 for row in found.values())
        assert len(found) == 26
        assert found["survival time (days)"] == ["175", "450", "141", "332", "425", "20", "415", "2"]
        assert found["duration of response (days)"] == ["26", "269", "141", "52", "244", "20", "234", "—"]
        assert found["hlh-2004 criteria"] == ["7/8", "6/8", "5/8", "5/8", "5/8", "5/8", "7/8", "8/8"]
        assert found["soluble cd25 (pg/ml)"] == [
            "58 240",
            "20 917",
            "78 770",
            "—",
            "—",
            "—",
            "13 437",
            "43 403",
        ]
        assert found["ebv-dna (copies/ml)"][0] == "3.29 × 106"
        assert found["ferritin concentration (μg/l)"][7] == ">40 000"
        assert found["etiology"][3] == "PTCL"
        assert [cell.column for cell in table.cells if cell.notes == ("a",)] == [4, 5, 6]

    def test_the_reviews_second_table_has_its_numbers(self):
        document = read_document(next(SOURCES.glob("004_*.txt")))
        second = next(table for table in document.tables if table.label == "table 2")
        assert rows(second)[1][2:] == ["113", "56 (53%)", "34 (32%)", "4 (4%)", "12 (11%)", "7"]
        assert document.where(second.cells[-1].start) == "table 2"
