"""`hlh ask` beside a library: quotations where the document is there, unreviewed text where nothing answers."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from openhlh.journeys.ask import ask
from openhlh.journeys.ask_library import beside_library
from openhlh.literature.document import Document, Part
from openhlh.literature.library import opened
from openhlh.literature.library_items import Record, item_of_document, item_of_record
from openhlh.renderings.markdown import as_markdown
from openhlh.renderings.page import as_page
from tests.shell import hlh

SCHEMA = json.loads((Path(__file__).parents[1] / "src/openhlh/answers/answer.schema.json").read_text())
FILLER = "\n\n".join(
    f"Filler paragraph {number} on invented matters: colours, weather of week {number}, and names of "
    f"boats in the {number * 7} harbours that nobody visited, told at length so that it makes a passage by itself, "
    "with nothing about medicine in it whatsoever and no end in sight until here."
    for number in range(11, 24)
)
RESULT = (
    "Among our eight invented adults given Ru-D for newly diagnosed secondary HLH, 87.5% (7 of 8) responded: "
    "complete response in 50.0%, partial response in 25.0%, and improvement without partial response in 12.5%."
)
EXCLUDED = (
    "We left out anybody with involvement of the central nervous system, with a malignancy known at entry, with HIV "
    "infection, or with a pregnancy."
)
RARE = "Quokka serum was given against glimmering lagoon murrain in eleven voyages of the schooner Albatross."
ABOUT_RU_D = "How effective is ruxolitinib plus dexamethasone in newly diagnosed adults (Zhou 2023)?"


@pytest.fixture
def place(tmp_path):
    """Return a library with an invented paper under a DOI of the bibliography, and a record about quokkas."""
    text = f"{FILLER}\n\n{EXCLUDED}\n\n{RESULT}"
    parts = (
        Part("methods", "Methods", 0, text.index(RESULT)),
        Part("results", "Results", text.index(RESULT), len(text)),
    )
    paper = Document("z.txt", "text", text, parts, title="Invented letter", doi="10.1002/ajh.26877")
    path = tmp_path / "library.sqlite"
    with opened(path, writing=True) as library:
        library.add([item_of_document(paper)], together=False)
        library.add(
            [item_of_record(Record("A tale of quokkas", abstract=RARE), "q.ris", "ris")], together=True
        )
    return path


def passages(question, place, audience="clinician"):
    asked = beside_library(ask(question, audience), place)
    contract = asked.answer.contract()
    jsonschema.validate(contract, SCHEMA)
    return contract.get("passages")


def test_the_passage_behind_a_statement_is_quoted_word_for_word(place):
    found = passages(ABOUT_RU_D, place)
    assert [one["text"] for one in found if "87.5" in one["text"]] == [RESULT]
    assert {EXCLUDED} <= {one["text"] for one in found}
    assert {(one["key"], one["status"], one["title"]) for one in found} == {
        ("zhou_2023", "quotation", "Invented letter")
    }
    assert {one["part"] for one in found} == {"methods", "results"}


def test_a_quotation_lies_where_it_says(place):
    with opened(place) as library:
        entry = library.entry("10.1002/ajh.26877")
        (text,) = library.connection.execute(
            "select text from documents where id = ?", (entry.id,)
        ).fetchone()
    for one in passages(ABOUT_RU_D, place):
        assert text[one["start"] : one["end"]] == one["text"]
        assert one["document"] == entry.key


def test_a_document_that_says_nothing_of_it_is_not_quoted(tmp_path):
    path = tmp_path / "other.sqlite"
    paper = Document("z.txt", "text", FILLER, title="Boats", doi="10.1002/ajh.26877")
    with opened(path, writing=True) as library:
        library.add([item_of_document(paper)], together=False)
    assert passages(ABOUT_RU_D, path) == []


def test_a_record_that_has_only_its_title_is_not_quoted(tmp_path):
    path = tmp_path / "title.sqlite"
    record = Record(
        "Ruxolitinib with dexamethasone in newly diagnosed adults with HLH", doi="10.1002/ajh.26877"
    )
    with opened(path, writing=True) as library:
        library.add([item_of_record(record, "a.ris", "ris")], together=True)
    assert passages(ABOUT_RU_D, path) == []


@pytest.mark.parametrize(
    "question",
    [
        "Does quokka serum help in glimmering lagoon murrain?",
        "quokka serums for the glimmering murrain of lagoons",
    ],
)
def test_what_the_shelves_do_not_know_gets_unreviewed_passages(place, question):
    (one,) = passages(question, place)
    assert (one["text"], one["status"], one["key"], one["part"]) == (RARE, "unreviewed", "", "abstract")
    assert not ask(question).answer.answered


@pytest.mark.parametrize(
    "question",
    [
        "Does wombat serum help in glimmering lagoon murrain?",  # the rarest words: one is missing among three
        "Which quokka lives in Bolivia, Peru and Ecuador?",
        "What is the capital of France?",
        "serum",
    ],
)
def test_a_passage_that_lacks_rare_words_of_the_question_is_not_shown(place, question):
    if not ask(question).answer.answered:
        assert passages(question, place) == []


@pytest.mark.parametrize(
    "question",
    [
        "How much quokka serum should I give my son who weighs 20 kg for glimmering lagoon murrain?",
        "How much ruxolitinib should I give my daughter who weighs 20 kg?",
        "My child has HLH and is unconscious and not breathing, does quokka serum help?",
        "Can I stop my dexamethasone and take quokka serum?",
    ],
)
def test_a_question_that_calls_for_a_caution_gets_no_passage(place, question):
    assert ask(question).frame.cautions
    assert passages(question, place) is None


@pytest.mark.parametrize(
    "question", ["¿Cuál es la dosis del suero quokka lagoon glimmering murrain?", "How is asthma treated?"]
)
def test_a_question_out_of_scope_or_in_another_language_stays_refused(place, question):
    asked = ask(question)
    assert asked.frame.foreign or asked.frame.elsewhere
    assert passages(question, place) == []


def test_patients_and_families_get_no_text_of_papers(place):
    assert passages(ABOUT_RU_D, place, "patient") is None
    assert passages("Does quokka serum help in glimmering lagoon murrain?", place, "patient") is None


def test_every_rendering_marks_the_passages_for_what_they_are(place):
    quoted = beside_library(ask(ABOUT_RU_D), place).answer.contract()
    unreviewed = beside_library(
        ask("Does quokka serum help in glimmering lagoon murrain?"), place
    ).answer.contract()
    for made in (as_markdown(quoted), as_page(quoted)):
        assert "Word for word, from your library" in made
        assert "87.5% (7 of 8) responded" in made
        assert "not checked" not in made
    for made in (as_markdown(unreviewed), as_page(unreviewed)):
        assert "Unreviewed text from your library, not checked" in made
        assert RARE in made
        assert "Not answered" in made


def test_text_of_a_document_cannot_write_html_or_markdown(tmp_path):
    path = tmp_path / "sly.sqlite"
    sly = "Quokka serum <script>alert(1)</script> **bold** [link](http://x) against glimmering lagoon murrain \x1b[2J."
    with opened(path, writing=True) as library:
        library.add([item_of_record(Record("<b>Tale</b>", abstract=sly), "q.ris", "ris")], together=True)
    answer = beside_library(
        ask("Does quokka serum help in glimmering lagoon murrain?"), path
    ).answer.contract()
    assert "<script>" not in as_page(answer)
    assert "<b>Tale" not in as_page(answer)
    assert "<script>" not in as_markdown(answer)
    assert "**bold**" not in as_markdown(answer)


def test_the_command_shows_passages_and_keeps_its_exit_code(monkeypatch, place):
    quoted = hlh(monkeypatch, "ask", ABOUT_RU_D, "--library", place)
    assert quoted.code == 0
    assert "Word for word, from your library" in quoted.out
    assert "[zhou_2023], results" in quoted.out
    unreviewed = hlh(
        monkeypatch, "ask", "Does quokka serum help in glimmering lagoon murrain?", "--library", place
    )
    assert unreviewed.code == 3
    assert "Unreviewed text from your library, not checked" in unreviewed.out


def test_the_usual_library_is_used_without_being_named(monkeypatch, place):
    monkeypatch.setenv("HLH_DATA", str(place.parent))
    answer = json.loads(hlh(monkeypatch, "ask", ABOUT_RU_D, "--json").out)
    assert answer["passages"]


def test_without_a_library_the_answer_is_as_before(monkeypatch, tmp_path):
    monkeypatch.setenv("HLH_DATA", str(tmp_path / "none"))
    answer = json.loads(hlh(monkeypatch, "ask", ABOUT_RU_D, "--json").out)
    assert answer == ask(ABOUT_RU_D).answer.contract()
    assert "passages" not in answer
    assert hlh(monkeypatch, "ask", ABOUT_RU_D, "--library", tmp_path / "absent.sqlite").code == 2


def test_a_damaged_usual_library_costs_no_answer_and_a_damaged_named_one_does(monkeypatch, tmp_path):
    (tmp_path / "library.sqlite").write_text("no database, only words " * 50)
    monkeypatch.setenv("HLH_DATA", str(tmp_path))
    done = hlh(monkeypatch, "ask", ABOUT_RU_D)
    assert done.code == 0
    assert "answered without your library" in done.err
    assert hlh(monkeypatch, "ask", ABOUT_RU_D, "--library", tmp_path / "library.sqlite").code == 2


def test_without_a_library_neither_sqlite_nor_lxml_is_loaded(tmp_path):
    script = (
        "import sys; sys.argv = ['hlh', 'ask', 'anakinra']\nfrom openhlh.cli.main import run\n"
        "try:\n    run()\nexcept SystemExit:\n    pass\n"
        "bad = {'sqlite3', 'lxml', 'openhlh.literature.library'} & set(sys.modules)\n"
        "sys.stderr.write(f'loaded: {sorted(bad)}')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"HLH_DATA": str(tmp_path), "HLH_STATE": str(tmp_path), "PATH": ""},
    )
    assert done.stderr.endswith("loaded: []")


def test_no_word_of_a_question_is_left_in_the_library(monkeypatch, place):
    before = place.read_bytes()
    hlh(
        monkeypatch,
        "ask",
        "Does the xylographic quokka serum help in glimmering lagoon murrain?",
        "--library",
        place,
    )
    assert place.read_bytes() == before
    assert not [
        one for one in place.parent.rglob("*") if one.is_file() and b"xylographic" in one.read_bytes()
    ]


def test_the_documents_of_the_user_are_quoted_at_the_place_of_the_statement(tmp_path, shared):
    from openhlh.journeys.library import add

    path = tmp_path / "library.sqlite"
    add([shared / "sources"], path, lambda _: None)
    found = passages("What does Marsh 2017 say on salvage with alemtuzumab?", path)
    assert {one["key"] for one in found} == {"marsh_2017"}
    assert "table 4" in {one["part"] for one in found}
    assert any("64%" in one["text"] and "22 patients" in one["text"] for one in found)
    rate = [one for one in passages(ABOUT_RU_D, path) if "87.5%" in one["text"]]
    assert {one["key"] for one in rate} == {"zhou_2023"}
