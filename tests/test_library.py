"""The library: what is added is wholly there, once, found by any words, whoever else adds or is killed."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.errors import WrongInput
from openhlh.literature.document import Cell, Document, Part, Table
from openhlh.literature.library import APPLICATION, VERSION, opened
from openhlh.literature.library_items import Record, item_of_document, item_of_record
from openhlh.literature.library_passages import LONGEST, passages_of
from openhlh.literature.library_search import search
from tests.shell import hlh

TALE = "The heron tale of an invented marsh"
WORDS = (
    "Soluble sCD25 and the IL-2R were measured in herons. Herons with IFN-γ above 5 slept, and ferritin was "
    "treated as a colour. Nothing of this happened."
)


def document(text=WORDS, **known):
    return Document(known.pop("name", "tale.txt"), "text", text, **known)


def add(place, *items, together=True):
    with opened(place, writing=True) as library:
        return library.add(list(items), together=together)


def add_document(place, text=WORDS, **known):
    return add(place, item_of_document(document(text, **known)), together=False)[0]


def add_record(place, **known):
    return add(place, item_of_record(Record(**known), "refs.ris", "ris"))[0]


def found(place, words):
    with opened(place) as library:
        return search(library, words)


def entries(place):
    with opened(place) as library:
        return list(library.entries())


def sound(place):
    """Check that the file is whole and that every document has its words, all of them indexed."""
    connection = sqlite3.connect(place)
    try:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        connection.execute("insert into words(words, rank) values ('integrity-check', 1)")
        rows = connection.execute("select id, text from documents").fetchall()
        for number, text in rows:
            cut = connection.execute("select text from passages where document = ? order by start", (number,))
            assert squeezed("".join(piece for (piece,) in cut)) == squeezed(text)
        strays = "select count(*) from passages where document not in (select id from documents)"
        assert connection.execute(strays).fetchone() == (0,)
        return len(rows)
    finally:
        connection.close()


def squeezed(text):
    return "".join(text.split())


@pytest.fixture
def place(tmp_path):
    return tmp_path / "library.sqlite"


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "heron.txt").write_text(f"{TALE}\n\nDOI: 10.1000/Heron.1\n\nAbstract\n\n{WORDS}\n")
    (folder / "otter.md").write_text(
        "# An otter report\n\nOtters of the marsh were counted twice by nobody.\n"
    )
    return folder


# passages


@given(
    text=st.text(st.sampled_from("ab.A \n\t1γ"), max_size=3000),
    edges=st.lists(st.integers(0, 3000), max_size=6),
)
def test_passages_hold_every_sign_once_and_never_cross_a_part(text, edges):
    ends = sorted({min(edge, len(text)) for edge in edges})
    parts = tuple(Part("results", "", a, b) for a, b in pairwise(ends) if a < b)
    cut = passages_of(Document("a", "text", text, parts))
    assert squeezed("".join(text[one.start : one.end] for one in cut)) == squeezed(text)
    assert all(one.end <= two.start for one, two in pairwise(cut))
    for one in cut:
        assert 0 < one.end - one.start <= LONGEST
        assert all(one.end <= edge or edge <= one.start for part in parts for edge in (part.start, part.end))


def test_a_long_table_is_cut_between_its_rows():
    rows = [f"heron {number}\t{'x' * 200}" for number in range(12)]
    text = "Before.\n" + "\n".join(rows) + "\nAfter."
    starts = [text.index(row) for row in rows]
    cells = tuple(Cell(n, 0, f"heron {n}", start, start + 7) for n, start in enumerate(starts))
    table = Table("table 2", "", cells, start=starts[0], end=starts[-1] + len(rows[-1]))
    cut = passages_of(Document("a", "text", text, tables=(table,)))
    assert [one.part for one in cut] == ["", "table 2", "table 2", "table 2", ""]
    assert {one.start for one in cut[1:-1]} <= set(starts)


def test_a_text_without_any_space_is_cut_too():
    cut = passages_of(Document("a", "text", "7" * 5_000_000))
    assert len(cut) == 5_000_000 / LONGEST


# what is the same


def test_a_doi_in_another_form_is_already_there(place):
    first = add_document(place, doi="10.1000/Heron.1")
    again = add_document(place, "Another text altogether.", doi="https://doi.org/10.1000/HERON.1")
    assert (first.outcome, again.outcome, again.why) == ("stored", "already_there", "same DOI")
    assert again.key == first.key
    assert len(entries(place)) == 1


def test_a_pubmed_number_or_the_same_words_are_already_there(place):
    add_document(place, pmid="00123")
    assert add_record(place, title="Other", pmid="123").why == "same PMID"
    assert add_document(place, WORDS.upper().replace(" ", "\n")).why == "same text"
    assert len(entries(place)) == 1


def test_equal_titles_with_other_numbers_or_authors_are_two(place):
    add_record(place, title="Reply", doi="10.1000/a")
    assert add_record(place, title="Reply", doi="10.1000/b").outcome == "stored"
    assert add_record(place, title="Answer", authors=("Doe",)).outcome == "stored"
    assert add_record(place, title="Answer", authors=("Roe",)).outcome == "stored"
    assert add_record(place, title="Answer", authors=("Roe",)).outcome == "already_there"
    assert len({one.key for one in entries(place)}) == 4


def test_a_record_gives_way_to_its_document_and_keeps_its_key_and_numbers(place):
    bare = add_record(place, title=TALE, doi="10.1000/h", pmid="7", year=2001, authors=("Doe",))
    abstract = add_record(place, title=TALE, doi="10.1000/h", abstract="Herons slept.")
    whole = add_document(place, doi="10.1000/H")
    assert [one.outcome for one in (bare, abstract, whole)] == ["stored", "completed", "completed"]
    assert bare.key == abstract.key == whole.key
    (one,) = entries(place)
    assert (one.kind, one.pmid, one.year, one.authors) == ("document", "7", 2001, ("Doe",))
    assert add_record(place, title=TALE, doi="10.1000/h", abstract="Late.").outcome == "already_there"
    assert found(place, "ferritin").count == 1
    assert sound(place) == 1


def test_a_second_record_adds_the_number_that_the_first_lacks(place):
    add_record(place, title=TALE, doi="10.1000/h", abstract="Herons slept.")
    add_record(place, title=TALE, doi="10.1000/h", pmid="9", abstract="Herons slept.")
    (one,) = entries(place)
    assert one.pmid == "9"


def test_numbers_that_contradict_each_other_are_told_and_change_nothing(place):
    add_record(place, title="A", doi="10.1000/a", pmid="1")
    add_record(place, title="B", doi="10.1000/b", pmid="2")
    crossed = add_record(place, title="C", doi="10.1000/a", pmid="2")
    other = add_record(place, title="D", doi="10.1000/a", pmid="3")
    assert crossed.outcome == other.outcome == "failed"
    assert "PMID that of" in crossed.why
    assert "another PMID" in other.why
    with pytest.raises(WrongInput, match="another PMID"):
        add_document(place, doi="10.1000/a", pmid="3")
    assert len(entries(place)) == 2


def test_the_key_is_the_same_in_whatever_order_things_are_added(tmp_path):
    titles = ["Reply", "Reply", "The heron of the marsh in winter: a tale"]
    keys = []
    for order in (1, -1):
        place = tmp_path / f"{order}.sqlite"
        keys.append(
            [add_record(place, title=t, doi=f"10.1/{n}") for n, t in list(enumerate(titles))[::order]]
        )
    assert {one.key for one in keys[0]} == {one.key for one in keys[1]}
    assert any(one.key.startswith("heron-marsh-winter-tale-") for one in keys[0])


# search


@given(typed=st.text(max_size=60))
def test_nothing_that_can_be_typed_is_a_syntax_error(tmp_path_factory, typed):
    place = tmp_path_factory.getbasetemp() / "typed.sqlite"
    if not place.exists():
        add_document(place)
    if not any(map(str.isalnum, typed.replace("\x00", " "))):
        with pytest.raises(WrongInput, match="no word"):
            found(place, typed)
    else:
        assert found(place, typed).count >= 0


@pytest.mark.parametrize(
    "typed",
    [
        '"sCD25',
        "sCD25 AND",
        "NEAR( sCD25",
        "text : sCD25",
        "sCD25*",
        "-sCD25",
        "^sCD25",
        "(sCD25",
        "sCD25 --",
        "sCD25;",
    ],
)
def test_signs_of_the_query_language_are_only_signs(place, typed):
    add_document(place)
    hits = found(place, typed)
    assert hits.count == 1


@pytest.mark.parametrize(
    "typed", ["IL-2R", "il-2r", "IFN-γ", "IFN-gamma", "ifn-Γ", "treating", "HERON sleep slept"]
)
def test_hyphens_greek_letters_case_and_endings_find_the_words(place, typed):
    add_document(place)
    assert found(place, typed).count == 1


def test_hits_are_marked_where_they_stand(place):
    text = f"Nothing here.\n\n{WORDS}"
    add_document(place, text)
    (hit,) = found(place, "ferritin colour").hits
    assert [text[start:end] for start, end in hit.hits] == ["ferritin", "colour"]
    assert text[hit.start : hit.end] == hit.text


def test_without_a_passage_of_all_words_those_with_some_are_shown(place):
    add_document(place)
    some = found(place, "ferritin zebra")
    assert (some.count, some.every_word) == (1, False)
    assert found(place, "zebra").count == 0


def test_signs_that_a_database_cannot_hold_do_not_shift_the_offsets(place):
    text = "A\x00heron\x02slept\x03in \ud800 ferritin."
    add_document(place, text)
    (hit,) = found(place, "ferritin").hits
    assert [text[start:end] for start, end in hit.hits] == ["ferritin"]


def test_sixty_four_words_are_enough_and_more_are_refused(place):
    add_document(place)
    assert found(place, " ".join(f"w{n}" for n in range(63)) + " heron").count == 1
    with pytest.raises(WrongInput, match="65 words"):
        found(place, " ".join(f"w{n}" for n in range(65)))


# taking out


@pytest.mark.parametrize("name", ["key", "doi:10.1000/HERON.1", "PMID 77"])
def test_a_key_a_doi_or_a_pubmed_number_takes_out(place, name):
    key = add_document(place, doi="10.1000/heron.1", pmid="77").key
    add_document(place, "A second one about herons.")
    with opened(place, writing=True) as library:
        assert library.remove(key if name == "key" else name.removeprefix("doi:")).key == key
        with pytest.raises(WrongInput, match="nothing in the library"):
            library.remove("heron")
    assert found(place, "ferritin").count == 0
    assert sound(place) == 1


# files that are no library


def test_a_foreign_a_damaged_and_a_newer_file_are_refused(tmp_path):
    foreign, words, damaged, newer = (tmp_path / name for name in ("f.db", "w.db", "d.db", "n.db"))
    connection = sqlite3.connect(foreign)
    connection.execute("create table other(a)")
    connection.close()
    words.write_text("these are words and no database at all, and quite a lot of them " * 30)
    for place in (damaged, newer):
        add_document(place)
        sqlite3.connect(place).close()
    raw = bytearray(damaged.read_bytes())
    raw[4096:] = b"\x7f" * (len(raw) - 4096)
    damaged.write_bytes(bytes(raw))
    connection = sqlite3.connect(newer)
    connection.execute(f"pragma user_version = {VERSION + 1}")
    connection.close()
    before = foreign.read_bytes()
    for place, what in (
        (foreign, "another program"),
        (words, "no library"),
        (damaged, "damaged"),
        (newer, f"version {VERSION + 1}"),
    ):
        for act in (
            lambda place=place: found(place, "heron"),
            lambda place=place: add_document(place, doi="10.1/x"),
        ):
            with pytest.raises(WrongInput, match=what):
                act()
    assert foreign.read_bytes() == before


def test_reading_makes_no_file(place):
    with pytest.raises(WrongInput, match="there is no library"):
        found(place, "heron")
    assert not place.exists()


def test_a_library_in_a_folder_that_may_not_be_written_is_read(place, monkeypatch):
    add_document(place)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with opened(place) as library:
        assert search(library, "ferritin").count == 1
        assert [one.name for one in place.parent.iterdir()] == [place.name]


def test_a_new_file_bears_our_mark(place):
    add_document(place)
    connection = sqlite3.connect(place)
    assert connection.execute("pragma application_id").fetchone() == (APPLICATION,)
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    connection.close()


# several at once, and killed

WORKER = """
import sys
from pathlib import Path
from openhlh.literature.document import Document
from openhlh.literature.library import opened
from openhlh.literature.library_items import item_of_document
place, first, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for number in range(first, last):
    text = "\\n\\n".join(f"Paragraph {part} of tale {number}. " + "Herons slept. " * 60 for part in range(20))
    with opened(place, writing=True) as library:
        library.add([item_of_document(Document(f"{number}", "text", text, doi=f"10.1000/t{number}"))], together=False)
    print(number, flush=True)
"""


def worker(place, first, last):
    command = [sys.executable, "-c", textwrap.dedent(WORKER), str(place), str(first), str(last)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_five_processes_that_add_the_same_at_once_store_each_once(place):
    running = [worker(place, 0, 25) for _ in range(5)]
    said = [one.communicate(timeout=240) for one in running]
    assert [one.returncode for one in running] == [0] * 5, [error[-300:] for _, error in said]
    assert sound(place) == 25


@pytest.mark.parametrize("wait", [0.0, 0.03, 0.11])
def test_a_process_that_is_killed_leaves_whole_documents_only(place, wait):
    other, victim = worker(place, 1000, 1008), worker(place, 0, 100_000)
    assert victim.stdout.readline() == "0\n"
    time.sleep(wait)
    victim.send_signal(signal.SIGKILL)
    told, _ = victim.communicate(timeout=60)
    other.communicate(timeout=120)
    assert other.returncode == 0
    finished = 1 + len(told.split())
    assert sound(place) in {8 + finished, 8 + finished + 1}
    assert add_document(place, "The library goes on after that.").outcome == "stored"


def test_a_file_of_records_that_is_killed_midway_leaves_none_of_them(place):
    add_document(place)
    script = """
    import os, signal, sys
    from pathlib import Path
    from openhlh.literature.library import opened
    from openhlh.literature.library_items import Record, item_of_record
    def items():
        for number in range(500):
            if number == 400:
                os.kill(os.getpid(), signal.SIGKILL)
            yield item_of_record(Record(f"Tale {number}", abstract="Herons. " * 200), "a.ris", "ris")
    with opened(Path(sys.argv[1]), writing=True) as library:
        library.add(items(), together=True)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(place)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert sound(place) == 1


# the command


def run(monkeypatch, place, *arguments):
    return hlh(monkeypatch, "library", *arguments, "--library", place)


def test_a_folder_goes_on_after_a_bad_file_and_says_so(monkeypatch, place, papers):
    (papers / "bad.docx").write_bytes(b"PK\x03\x04 this is no Word file")
    (papers / "empty.txt").write_text("")
    (papers / "picture.png").write_bytes(b"\x89PNG")
    (papers / "refs.ris").write_text(
        "TY  - JOUR\nTI  - A tale\nDO  - 10.1000/HERON.1\nER  - \nTY  - JOUR\nTI  - Other\nER  - \nTY  - JOUR\nTI  - Cut"
    )
    (papers / "lost.csv").write_text("nothing,known\n1,2\n")
    done = run(monkeypatch, place, "add", papers, papers / "absent.pdf", "--json")
    assert done.code == 2
    report = json.loads(done.out)
    assert report["counts"] == {"stored": 3, "completed": 0, "already_there": 1, "failed": 5}
    failed = {Path(one["name"]).name: one["why"] for one in report["added"] if one["outcome"] == "failed"}
    assert set(failed) == {"bad.docx", "empty.txt", "lost.csv", "refs.ris, line 8", "absent.pdf"}
    assert all(failed.values())
    assert [Path(one["file"]).name for one in report["skipped"]] == ["picture.png"]
    (refs,) = [one for one in report["files"] if one["file"].endswith("refs.ris")]
    assert refs["records"] == refs["stored"] + refs["already_there"] + refs["failed"] == 3
    assert "of 6: heron.txt" in done.err
    assert sound(place) == 3


def test_added_listed_searched_and_removed(monkeypatch, place, papers):
    assert "2 stored" in run(monkeypatch, place, "add", papers).out
    again = run(monkeypatch, place, "add", papers / "heron.txt")
    assert (again.code, "already there" in again.out) == (0, True)
    listed = json.loads(run(monkeypatch, place, "list", "--json").out)["entries"]
    assert {one["title"] for one in listed} == {TALE, "An otter report"}
    hit = run(monkeypatch, place, "search", "IFN-γ", "-ferritin").out
    assert "**IFN-γ**" in hit
    assert "**ferritin**" in hit
    heron = next(one for one in listed if one["doi"])
    assert heron["doi"] == "10.1000/heron.1"
    out = run(monkeypatch, place, "remove", "https://doi.org/10.1000/heron.1").out
    assert out.startswith(f"removed: {heron['key']}")
    assert run(monkeypatch, place, "search", "ferritin").out.startswith("no passage")
    assert run(monkeypatch, place, "remove", "absent").code == 2


def test_the_json_of_a_search_gives_offsets_of_the_document(monkeypatch, place, papers):
    run(monkeypatch, place, "add", papers)
    shown = json.loads(run(monkeypatch, place, "search", "colour", "--json").out)
    (passage,) = shown["passages"]
    (start, end) = passage["hits"][0]
    assert passage["text"][start - passage["start"] : end - passage["start"]] == "colour"
    assert (shown["count"], shown["every_word"], passage["part"]) == (1, True, "abstract")


def test_a_text_cannot_command_the_terminal(monkeypatch, place, tmp_path):
    paper = tmp_path / "sly.txt"
    paper.write_text("Herons \x1b[2J slept \u202e backwards in the marsh of tales.\n")
    run(monkeypatch, place, "add", paper)
    shown = run(monkeypatch, place, "search", "backwards").out + run(monkeypatch, place, "list").out
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_the_usual_library_lies_in_the_data_directory(monkeypatch, papers, tmp_path):
    monkeypatch.setenv("HLH_DATA", str(tmp_path / "data"))
    assert hlh(monkeypatch, "library", "list").code == 2
    assert hlh(monkeypatch, "library", "add", papers).code == 0
    assert (tmp_path / "data" / "library.sqlite").is_file()
    assert "2 in the library" in hlh(monkeypatch, "library", "list").out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_a_plain_error(monkeypatch, tmp_path, papers):
    tmp_path.chmod(0o500)
    assert run(monkeypatch, tmp_path / "no.sqlite", "add", papers).code == 2


def test_the_five_documents_of_the_user_are_read_and_found(monkeypatch, place, shared):
    done = run(monkeypatch, place, "add", shared / "sources", "--json")
    assert json.loads(done.out)["counts"]["stored"] == 5
    assert {one.doi for one in entries(place)} == {"", "10.1002/ajh.26877", "10.1002/pbc.26308"}
    assert found(place, "sCD25").count
    assert sound(place) == 5
