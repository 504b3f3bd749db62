"""`hlh check`: one paper, many papers, a page of findings, a study page held against a document."""

import json
import os
from pathlib import Path

import jsonschema
import pytest
from fpdf import FPDF

from openhlh import evidence
from openhlh.journeys import check_many as many
from tests.shell import hlh

SCHEMA = json.loads((Path(evidence.__file__).parent / "check.schema.json").read_text())
SOURCES = Path(__file__).parents[1].parent / "shared" / "sources"
SOUND = "We treated 17 patients. A response was seen in 6 of 17 (35.3%).\n"
WRONG = "We treated 17 patients. A response was seen in 6 of 17 (53.3%).\n"


def paper(folder, text=WRONG, name="paper.txt"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def checked(monkeypatch, *arguments):
    done = hlh(monkeypatch, "check", *arguments, "--json")
    found = json.loads(done.out)
    jsonschema.validate(found, SCHEMA)
    return done, found


def test_a_paper_whose_numbers_hold_ends_with_zero(monkeypatch, tmp_path):
    done = hlh(monkeypatch, "check", paper(tmp_path, SOUND))

    assert done.code == 0
    assert "0 does not hold" in done.out


def test_a_number_that_does_not_hold_is_shown_in_its_context_and_ends_with_one(monkeypatch, tmp_path):
    done = hlh(monkeypatch, "check", paper(tmp_path))

    assert done.code == 1
    assert "⟦6 of 17 (53.3%⟧" in done.out
    assert "computed: 35.3 %" in done.out
    assert "Please check." in done.out
    assert not {"fraud", "fabricat", "manipulat", "misconduct"} & set(done.out.lower().split())


def test_offsets_count_in_the_text_that_is_printed(monkeypatch, tmp_path):
    path = paper(tmp_path, "<p>A response in 6&nbsp;of <b>17</b> (53.3%)</p>", "paper.html")
    text = hlh(monkeypatch, "check", "--text", path).out
    _, found = checked(monkeypatch, path)

    assert found["claims"]
    assert all(text[one["start"] : one["end"]] == one["text"] for one in found["claims"])


def test_json_holds_its_contract_and_counts_what_it_lists(monkeypatch, tmp_path):
    done, found = checked(monkeypatch, paper(tmp_path))

    assert done.code == 1
    one = next(one for one in found["claims"] if one["verdict"] == "does_not_hold")
    assert (one["rule"], one["kind"], one["finding"]) == ("R01", "percent", "INCONSISTENT")
    assert one["fix"].startswith("35.3 %")
    for verdict, count in found["summary"].items():
        assert count == sum(one["verdict"] == verdict for one in found["claims"])


def test_a_folder_becomes_a_table_in_the_order_of_its_names(monkeypatch, tmp_path):
    for number in range(5):
        paper(tmp_path, WRONG if number == 3 else SOUND, f"{number}.txt")
    done = hlh(monkeypatch, "check", tmp_path)

    assert done.code == 1
    rows = [line.split()[0] for line in done.out.splitlines() if line[:1].isdigit()]
    assert rows[:5] == [f"{number}.txt" for number in range(5)]
    assert "5 documents, 0 not read: 1 does not hold" in done.out
    assert "5 of 5 documents" in done.err


def test_a_bad_file_is_named_and_the_others_go_on(monkeypatch, tmp_path):
    paper(tmp_path, SOUND, "a.txt")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 cut short")
    (tmp_path / "c.xml").write_text('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')
    (tmp_path / "d.txt").write_bytes(b"\x00\x01\x02" * 50)
    paper(tmp_path, WRONG, "e.txt")
    done, found = checked(monkeypatch, tmp_path)

    assert done.code == 2
    assert [one["document"]["name"] for one in found["documents"]] == ["a.txt", "e.txt"]
    assert sorted(Path(one["file"]).name for one in found["errors"]) == ["b.pdf", "c.xml", "d.txt"]
    assert found["summary"]["does_not_hold"] == 1


def _dies(path, brief):  # noqa: ARG001 - called as the real one is
    if path.name == "deadly.txt":
        os._exit(9)
    return many.Outcome(path, {"claims": [], "summary": {}})


def test_a_file_that_ends_its_process_is_named_and_the_others_go_on(monkeypatch, tmp_path):
    names = ["a.txt", "b.txt", "deadly.txt", "y.txt", "z.txt"]
    paths = [paper(tmp_path, SOUND, name) for name in names]
    monkeypatch.setattr(many, "_outcome", _dies)
    found = list(many.check_many(paths))

    assert [one.path.name for one in found] == names
    assert ["ended the process" in one.error for one in found] == [name == "deadly.txt" for name in names]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.txt"], "missing.txt"),
        (["paper.txt", "--against", "nobody_1999"], "no study page"),
        (["paper.txt", "paper.txt", "--html", "out.html"], "one document at a time"),
        (["paper.txt", "--html", "nowhere/out.html"], "cannot be written"),
    ],
)
def test_wrong_input_is_told_without_a_traceback(monkeypatch, tmp_path, arguments, words):
    monkeypatch.chdir(tmp_path)
    paper(tmp_path)
    done = hlh(monkeypatch, "check", *arguments)

    assert done.code == 2
    assert words in done.err


def test_a_pdf_tells_page_and_boxes(monkeypatch, tmp_path):
    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    for text in ("The first page.", "A response was seen in 6 of 17 patients (53.3%)."):
        pdf.add_page()
        pdf.cell(text=text)
    path = tmp_path / "paper.pdf"
    pdf.output(str(path))
    _, found = checked(monkeypatch, path)

    one = next(one for one in found["claims"] if one["verdict"] == "does_not_hold")
    assert one["page"] == 2
    left, bottom, right, top = one["boxes"][0]
    assert 0 < left < right < 600
    assert 0 < bottom < top < 850


def test_signs_that_do_not_print_are_spelled_out(monkeypatch, tmp_path):
    done = hlh(monkeypatch, "check", paper(tmp_path, "\x1b[31mIt was \u202e6 of 17 (53.3%).\n"))

    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


def test_a_page_number_that_the_document_does_not_state_is_listed(monkeypatch, tmp_path):
    text = "Of 8 patients, 7 (87.5%) responded: 4 CR, 2 PR, 1 improvement; 1 did not.\n"
    done = hlh(monkeypatch, "check", "--against", "zhou_2023", paper(tmp_path, text))

    assert done.code == 1
    assert "survival_days" in done.out
    assert not any(line.split()[0].endswith("response.partial") for line in done.out.splitlines()[:-1])


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the user's documents are not here")
def test_the_study_page_of_the_pilot_trial_states_only_what_the_paper_prints(monkeypatch):
    done = hlh(monkeypatch, "check", "--against", "zhou_2023", next(SOURCES.glob("003*")))

    assert done.code == 0
    assert "0 of them not in" in done.out
