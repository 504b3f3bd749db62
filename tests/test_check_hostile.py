"""Hostile input to `hlh check` and `hlh library`: a clear word about that file, and the others go on."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path

import jsonschema
import pytest
from docx import Document as NewWord

from openhlh import evidence
from openhlh.errors import WrongInput
from openhlh.journeys import check_many as many
from openhlh.journeys.check import check_text
from openhlh.literature.reading import documents_in, read_document
from tests.shell import hlh

SCHEMA = json.loads((Path(evidence.__file__).parent / "check.schema.json").read_text())
SOUND = "We treated 17 patients. A response was seen in 6 of 17 (35.3%).\n"
DECLARED = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LONG_COMMENT = b"<!--" + b"x" * 300_000 + b"-->"
START = [sys.executable, "-c", "from openhlh.cli.main import run; run()"]
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


def put(folder, name, data=SOUND):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    return path


def checked(monkeypatch, *paths):
    """Return how `hlh check --json` ended and its object, which holds its contract."""
    done = hlh(monkeypatch, "check", *paths, "--json")
    found = json.loads(done.out)
    jsonschema.validate(found, SCHEMA)
    return done, found


def refused(monkeypatch, path):
    done = hlh(monkeypatch, "check", path, "--json")
    assert (done.code, done.out) == (2, "")
    assert path.name in done.err
    return done.err


def word(change, **names):
    """Return a Word file of which every member was changed by a function of its name and bytes."""
    made, changed = BytesIO(), BytesIO()
    document = NewWord()
    document.add_paragraph(SOUND)
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED, **names) as new:
        for member in old.namelist():
            new.writestr(member, change(member, old.read(member)))
    return changed.getvalue()


def of_document(change):
    return lambda name, data: change(data) if name == "word/document.xml" else data


@needs_pipes
def test_a_pipe_a_device_and_a_socket_in_a_folder_are_passed_over_at_once(monkeypatch, tmp_path):
    for name in ("pipe.txt", "pipe", "pipe.ris"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "endless.txt").symlink_to("/dev/zero")
    monkeypatch.chdir(tmp_path)  # a socket's name has to be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.txt")
        put(tmp_path, "paper.txt")
        done, found = checked(monkeypatch, tmp_path)

    assert [one["document"]["name"] for one in found["documents"]] == ["paper.txt"]
    told = {Path(one["file"]).name for one in found["errors"]}
    assert told == {"pipe.txt", "pipe", "pipe.ris", "endless.txt", "socket.txt"}
    assert all("pipe, device or socket" in one["error"] for one in found["errors"])
    assert done.code == 0


@needs_pipes
def test_a_pipe_that_is_named_is_refused_and_not_waited_for(monkeypatch, tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert "pipe" in refused(monkeypatch, tmp_path / "pipe.txt")
    done = hlh(monkeypatch, "library", "add", tmp_path / "pipe.txt", "--library", tmp_path / "library.sqlite")
    assert done.code == 2
    assert "a pipe" in done.out


def test_a_folder_that_is_not_entered_is_told(monkeypatch, tmp_path):
    put(tmp_path, "paper.txt")
    (tmp_path / "circle").symlink_to(tmp_path)
    (tmp_path / "shut").mkdir()
    listed = os.scandir

    def scandir(folder):
        if Path(folder).name == "shut":
            raise PermissionError(13, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    found = documents_in([tmp_path])

    assert [path.name for path in found.files] == ["paper.txt"]
    assert [path.name for path, _ in found.passed_over] == ["circle", "shut"]
    assert ["link" in found.passed_over[0][1], "Permission" in found.passed_over[1][1]] == [True, True]


def test_a_byte_order_mark_alone_is_an_empty_file(monkeypatch, tmp_path):
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf\n"):
        assert "empty" in refused(monkeypatch, put(tmp_path, "mark.txt", mark))


@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_an_encoding_that_is_not_read_is_refused_and_not_misread(monkeypatch, tmp_path, coding):
    assert "not text" in refused(monkeypatch, put(tmp_path, "paper.txt", SOUND.encode(coding)))


@pytest.mark.parametrize(
    "damage",
    [
        of_document(lambda data: data.replace(b"?>\n", b"?>\n" + LONG_COMMENT + DECLARED, 1)),
        of_document(lambda _: b'<?xml version="1.0"?><a>12 of 34</a>'),
        of_document(
            lambda _: b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
        ),
        of_document(lambda _: b""),
    ],
    ids=["entities behind a long comment", "another root", "no body", "an empty member"],
)
def test_a_word_file_that_is_not_whole_is_refused(monkeypatch, tmp_path, damage):
    assert "Word file" in refused(monkeypatch, put(tmp_path, "paper.docx", word(damage)))


def test_a_word_file_with_damaged_bytes_is_refused_wherever_they_lie(monkeypatch, tmp_path):
    whole = word(lambda _, data: data)
    for place in range(60, 1500, 90):
        damaged = whole[:place] + bytes(255 - one for one in whole[place : place + 8]) + whole[place + 8 :]
        done = hlh(monkeypatch, "check", put(tmp_path, "paper.docx", damaged), "--json")
        assert done.code in {0, 2}  # 0 where only a member was hit that holds no words


def test_entities_behind_a_long_comment_are_refused_in_xml_too(monkeypatch, tmp_path):
    xml = b'<?xml version="1.0"?>' + LONG_COMMENT + DECLARED + b"<article><body><p>&x;</p></body></article>"
    assert "entities" in refused(monkeypatch, put(tmp_path, "paper.xml", xml))


@pytest.mark.parametrize(
    ("text", "said"),
    [("9" * (many.MOST_CHARACTERS + 1), "characters"), ("1/2 (50%) " * 100_000, "250,000 numbers")],
    ids=["too many digits", "too many numbers"],
)
def test_a_text_without_end_is_refused_at_once(monkeypatch, tmp_path, text, said):
    before = time.monotonic()
    assert said in refused(monkeypatch, put(tmp_path, "endless.txt", text))
    assert time.monotonic() - before < 10


def _never_ends(_path):
    while True:
        pass


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no clock of work")
def test_a_file_of_which_nothing_comes_is_given_up_and_the_others_go_on(monkeypatch, tmp_path):
    first = put(tmp_path, "endless.txt")
    monkeypatch.setattr(many, "MOST_SECONDS", 1)
    read = many.check_one
    monkeypatch.setattr(many, "check_one", lambda path: (_never_ends if path == first else read)(path))
    found = list(many.check_many([first, put(tmp_path, "paper.txt")]))

    assert "in 1 seconds of work" in found[0].error
    assert found[1].checked["summary"]["holds"] == 1
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_a_mistake_of_ours_in_one_file_stops_no_other(monkeypatch, tmp_path):
    first, second = put(tmp_path, "odd.txt"), put(tmp_path, "paper.txt")
    read = many.check_one
    monkeypatch.setattr(many, "check_one", lambda path: 1 // 0 if path == first else read(path))
    monkeypatch.delenv("HLH_DEBUG", raising=False)
    found = list(many.check_many([first, second]))

    assert "mistake of OpenHLH itself (ZeroDivisionError)" in found[0].error
    assert found[1].checked["summary"]["holds"] == 1


@pytest.mark.parametrize(
    "number", ["9" * 10_000, "0." + "0" * 10_000 + "1", "1" + "0" * 30, "-5", "NaN", "inf"]
)
def test_odd_numbers_in_any_place_are_no_crash(number):
    told = (
        f"n = {number}; 3/{number} ({number}%), {number}/10 ({number}%), 0/0 (0%), 1/0 (50%); mean {number} "
        f"(SD {number}), median {number} (range {number}-{number}) months; HR {number} (95% CI {number}-{number};"
        f" p = {number}); {number} May {number}; [{number}]; 10^{number} copies; {number} + {number} of {number}."
    )
    found = check_text(told, "odd.txt")
    assert all(one.claim.text == told[one.claim.start : one.claim.end] for one in found.findings)


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f600 12/34 (35.3%) \U0001d518n \u2028 3/10 (30%)\u2029 4/10\x0c(50%) \x85 5/10 (50%)",
        "\u202e%3.53(43/21\u202c 12/34\u0301 (35.3\u0308%) ١٢/٣٤ (٣٥٫٣٪) 5/10 (50%)",
        "Line one\r\n7/10 (70%)\r8/10 (85%)\n\r\n\ufeff9/10 (91%) \ud800 1/10 (10%)",
        "Table 1. \U0001f9ea (n = 10)\nName\tn\t%\n\U0001f600a\t3\t30\nb\t7\t71\n",
        "\x1b]0;name\x07\x1b[31m 3/10 (31.7%) \x1b[0m" + SOUND * 5,
    ],
    ids=["astral", "right to left", "line ends", "table", "terminal"],
)
def test_offsets_count_the_signs_of_the_printed_text(monkeypatch, tmp_path, text):
    path = put(tmp_path, "paper.txt", text)
    _, found = checked(monkeypatch, path)
    printed = read_document(path).text
    assert found["claims"]
    assert all(printed[one["start"] : one["end"]] == one["text"] for one in found["claims"])


def test_names_that_no_terminal_should_see_are_spelled_out(monkeypatch, tmp_path):
    for name in (b"new\nline.txt", b"colour\x1b[31m.txt", b"lone\xff.txt", b"n" * 250 + b".txt"):
        try:
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(SOUND)
        except OSError:
            pytest.skip("this file system takes no such names")
    done, found = checked(monkeypatch, tmp_path)
    assert (done.code, len(found["documents"])) == (0, 4)
    assert "\x1b" not in hlh(monkeypatch, "check", tmp_path).out


@pytest.mark.parametrize("by", [-1, 1], ids=["shorter", "longer"])
def test_a_file_that_changes_while_it_is_read_is_refused(monkeypatch, tmp_path, by):
    path = put(tmp_path, "paper.txt")
    told = os.stat_result((*path.stat()[:6], path.stat().st_size - by, *path.stat()[7:]))
    monkeypatch.setattr(os, "fstat", lambda _: told)
    with pytest.raises(WrongInput, match="changed while it was read"):
        read_document(path)


def test_a_pdf_that_goes_away_while_it_is_read_is_told(tmp_path):
    from fpdf import FPDF

    from openhlh.literature.pdf import boxes

    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica")
    pdf.cell(text="A response was seen in 6 of 17 (53.3%).")
    path = put(tmp_path, "paper.pdf", bytes(pdf.output()))
    document = read_document(path)
    path.unlink()
    with pytest.raises(WrongInput, match="went away"):
        boxes(path, document, 0, 5)


def test_a_library_without_a_name_and_one_with_damaged_tables_are_refused(monkeypatch, tmp_path):
    paper, place = put(tmp_path, "paper.txt"), tmp_path / "library.sqlite"
    assert "names no file" in hlh(monkeypatch, "library", "add", paper, "--library", "").err
    assert hlh(monkeypatch, "library", "add", paper, "--library", place).code == 0
    whole = place.read_bytes()
    place.write_bytes(whole.replace(b"key text not null", b"((\xff\xfe not null", 1))
    done = hlh(monkeypatch, "library", "list", "--library", place)
    assert (done.code, "damaged" in done.err) == (2, True)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted in /proc")
@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGKILL, -9)]
)
def test_a_folder_check_that_is_ended_leaves_no_workers_and_no_traceback(tmp_path, sent, code):
    for number in range(300):
        put(tmp_path, f"{number:03}.txt", SOUND * 200)
    with subprocess.Popen(
        [*START, "check", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a background job ignores it
    ) as running:
        workers = _workers(running.pid)
        running.send_signal(sent)
        _, err = running.communicate(timeout=20)
    until = time.monotonic() + 10
    while any(map(_lives, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert (running.returncode, "Traceback" in err, [one for one in workers if _lives(one)]) == (
        code,
        False,
        [],
    )


def _workers(parent):
    """Return the processes that a command started, once there are as many as it will start."""
    until = time.monotonic() + 10
    found = []
    while len(found) < min(2, os.cpu_count() or 1) and time.monotonic() < until:
        time.sleep(0.05)
        everyone = [int(one.name) for one in Path("/proc").glob("[0-9]*")]
        found = [one for one in everyone if _stat(one)[1:2] == [str(parent)]]
    return found


def _stat(process):
    """Return the state and the parent of a process; nothing where it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return []


def _lives(process):
    return _stat(process)[:1] not in ([], ["Z"])
