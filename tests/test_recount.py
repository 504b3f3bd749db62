"""Printed counts of HLH-2004 against the values of the same table, by the definition of `hlh assess`."""

from pathlib import Path

import pytest

from openhlh.claims import PatientRow
from openhlh.journeys.recount import counts_follow_rows
from openhlh.literature.document import Document, Table
from openhlh.literature.patient_rows import patient_row_claims
from openhlh.literature.reading import read_document

SOURCES = Path(__file__).parents[1].parent / "shared" / "sources"
HEADS = (
    "fever", "splenomegaly", "absolute neutrophil count (×109/l)", "hemoglobin (g/dl)", "platelet count (×10^9/l)",
    "triglyceride concentration (mmol/l)", "fibrinogen (g/l)", "serum ferritin (ng/ml)", "hemophagocytosis in bone marrow",
    "nk cell activity (%)", "soluble cd25 (pg/ml)", "hlh-2004 criteria",
)  # fmt: skip
NOTE = "Normal range: NK cell activity ≥ 15 %, soluble CD25 ≤ 6400 pg/mL."
# A marrow without hemophagocytosis leaves spleen and nodes open. By hand: fever, spleen, two of three lineages, triglycerides, marrow, natural killer cells, ferritin, sCD25.
FULL = ("Yes", "Yes", "0.5", "8.1", "40", "3.4", "1.0", "9000", "Yes", "10", "58 240", "8/8")
FIVE = ("Yes", "No", "4.0", "12.1", "240", "1.4", "3.0", "19 000", "Yes", "10", "20 917", "5/8")
OPEN = ("Yes", "Yes", "0.5", "8.1", "40", "1.4", "3.0", "9000", "No", "—", "—", "4/8a")


def judged(*printed, note=NOTE):
    rows = [
        PatientRow(
            at,
            at + 1,
            f"Patient {at}",
            "table 1",
            "",
            str(at),
            tuple((head, cell, at, at + 3) for head, cell in zip(HEADS, cells, strict=True)),
        )
        for at, cells in enumerate(printed, 1)
    ]
    text = "x" * 50 + note
    document = Document("invented", "text", text, tables=(Table("table 1", "", (), start=0, end=len(text)),))
    return list(counts_follow_rows(document, rows))


def counted(cells, printed):
    return (*cells[:-1], printed)


def test_counts_that_the_values_give_hold():
    assert [(one.word, one.computed) for one in judged(FULL, FIVE, OPEN)] == [
        ("CONSISTENT", "8 of 8"), ("CONSISTENT", "5 of 8"), ("CONSISTENT", "4 to 7 of 8"),
    ]  # fmt: skip


def test_a_count_outside_the_bounds_does_not_hold_where_the_others_agree():
    found = judged(FULL, counted(FIVE, "6/8"), OPEN)
    assert [one.word for one in found] == ["CONSISTENT", "INCONSISTENT", "CONSISTENT"]
    assert (found[1].stated, found[1].computed, found[1].fix) == ("6 of 8", "5 of 8", "5/8")


def test_where_most_counts_differ_values_and_counts_may_be_of_other_days():
    found = judged(counted(FULL, "5/8"), counted(FIVE, "7/8"), counted(OPEN, "8/8"))
    assert [one.word for one in found] == ["TENSION"] * 3


def test_a_count_that_hangs_on_an_untested_item_is_not_judged_and_names_it():
    (_, _, one) = judged(FULL, FIVE, counted(OPEN, "5/8"))
    assert one.word == "NOT_TESTABLE"
    assert "nk activity" in one.why
    assert "scd25" in one.why


def test_without_the_laboratorys_limit_a_mass_unit_decides_nothing():
    (one, _, _) = judged(FULL, FIVE, OPEN, note="No limits are told.")
    assert one.computed == "6 to 8 of 8"


@pytest.mark.parametrize("cell", ["?", "not done", "1,5x", "-3"])
def test_a_value_that_cannot_be_read_leaves_its_item_unknown(cell):
    (one, _, _) = judged((*FULL[:7], cell, *FULL[8:]), FIVE, OPEN)
    assert one.computed == "7 to 8 of 8"


def test_a_table_without_a_printed_count_gives_nothing():
    assert judged(counted(FULL, "—")) == []


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the source documents are not here")
def test_of_the_table_in_the_sources_only_patient_2_does_not_hold():
    document = read_document(next(SOURCES.glob("003*")))
    found = list(counts_follow_rows(document, list(patient_row_claims(document, []))))
    assert [(one.stated, one.computed) for one in found if one.verdict == "does_not_hold"] == [
        ("6 of 8", "5 of 8")
    ]
    assert [one.word for one in found if one.verdict != "does_not_hold"] == ["CONSISTENT"] * 7
