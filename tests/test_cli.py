"""The shell door: exit codes, one JSON object, plain when piped, a dialogue, no heavy imports."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from openhlh.answers import answer as answer_module
from openhlh.cli.pipes import readers_may_leave
from openhlh.errors import WrongInput

HLH = [str(Path(sys.executable).parent / "hlh")]
SCHEMA = json.loads((Path(answer_module.__file__).parent / "answer.schema.json").read_text())
HEAVY = {
    "rich",
    "pydantic",
    "yaml",
    "rapidfuzz",
    "jinja2",
    "Stemmer",
    "rispy",
    "bibtexparser",
    "numpy",
    "scipy",
}


def hlh(*arguments, stdin="", code=0):
    done = subprocess.run(
        [*HLH, *arguments], input=stdin, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_json_is_exactly_one_object_that_keeps_the_contract():
    answer = json.loads(hlh("ask", "--json", "What are the treatment options for refractory HLH?").stdout)

    jsonschema.validate(answer, SCHEMA)


@pytest.mark.parametrize(
    "question",
    ["he is having a seizure", "best treatment of gout?", "HLH-2004 criteria", "is colchicine used in HLH"],
)
def test_every_kind_of_answer_keeps_the_contract(question):
    done = subprocess.run(
        [*HLH, "ask", "--json", question], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode in {0, 3}
    jsonschema.validate(json.loads(done.stdout), SCHEMA)


def test_the_same_question_gives_byte_identical_output():
    runs = {hlh("ask", "--json", "harms of alemtuzumab").stdout for _ in range(2)}
    pages = {hlh("ask", "--markdown", "harms of alemtuzumab").stdout for _ in range(2)}

    assert len(runs) == len(pages) == 1


def test_a_refusal_exits_with_three_and_says_what_was_looked_at():
    assert "Looked at" in hlh("ask", "best treatment of gout?", code=3).stdout


def test_a_question_can_be_piped_in():
    assert "Which" not in hlh("ask", stdin="Which gene causes FHL3?\n").stderr
    assert "UNC13D" in hlh("ask", stdin="Which gene causes FHL3?\n").stdout


def test_piped_output_is_plain_text():
    assert "\x1b[" not in hlh("ask", "harms of alemtuzumab").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask", "--json", "--markdown", "x"), "choose one"),
        (("ask", ""), "the question is empty"),
        (("ask", "--follow", "and children?"), "no conversation to follow"),
        (("ask", "--references", "refs.docx", "DEP response"), ".bib"),
        (("ask", "--html", "/nowhere/at/all.html", "DEP response"), "cannot be written"),
        (("source", "wang_2016"), "did you mean"),
        (("content", "check", "/nowhere"), "no shelves here"),
    ],
)
def test_wrong_input_is_prose_with_a_remedy(arguments, said):
    done = subprocess.run(
        [*HLH, *arguments], input="", capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode in {2, 4}
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_follow_continues_the_last_conversation():
    hlh("ask", "Write out the Ru-D regimen from the Zhejiang pilot.")

    assert (
        "4.7 months"
        in hlh(
            "ask", "--follow", "And how did it do in the lymphoma patients compared with the others?"
        ).stdout
    )


def test_the_conversation_file_holds_ids_and_no_words():
    hlh("ask", "My son Peter, 14 kg: response to emapalumab?")

    kept = (Path(os.environ["HLH_STATE"]) / "conversation.json").read_text()

    assert "Peter" not in kept
    assert "14" not in kept
    assert "emapalumab" in kept


def test_without_a_question_on_a_terminal_a_dialogue_opens():
    door, inside = pty.openpty()
    with subprocess.Popen(
        [*HLH, "ask"], stdin=inside, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as talk:
        os.close(inside)
        os.write(door, b"Write out the Ru-D regimen\nhow many were alive at 12 months?\n\n")
        said, _ = talk.communicate(timeout=60)
    os.close(door)

    assert talk.returncode == 0
    assert "15 mg" in said
    assert "3 of 8 alive at 12 months" in said


def test_explain_shows_the_frame_on_stderr():
    done = hlh("ask", "--explain", "--json", "dacluzimab response?")

    assert json.loads(done.stderr)["drugs"] == ["daclizumab"]
    json.loads(done.stdout)


@pytest.mark.parametrize(
    ("ending", "mark"),
    [(".bib", "@article{wang_2015"), (".ris", "ID  - wang_2015"), (".json", '"id": "wang_2015"')],
)
def test_references_are_written_for_other_programs(tmp_path, ending, mark):
    hlh("ask", "--references", str(tmp_path / f"refs{ending}"), "DEP response")

    assert mark in (tmp_path / f"refs{ending}").read_text()


def test_source_shows_studies_overlaps_and_doubts():
    shown = hlh("source", "wang_2015").stdout

    assert "63 enrolled" in shown
    assert "overlap: probable ldep_ash_2016" in shown
    assert "doubt (high)" in shown
    assert json.loads(hlh("source", "--json", "wang_2015").stdout)["source"]["year"] == 2015


def test_content_check_passes_on_what_ships_and_exits_one_on_what_does_not_hold(copy_of_shelves):
    assert "0 findings" in hlh("content", "check").stdout
    page = copy_of_shelves / "studies" / "wang_2015.yaml"
    page.write_text(page.read_text().replace("complete: 17", "complete: 19", 1))

    assert "add up to 65" in hlh("content", "check", str(copy_of_shelves), code=1).stdout


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv=['hlh','--help']\nfrom openhlh.cli.main import run\n"
        "try: run()\nexcept SystemExit: pass\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert "Usage" in done.stdout
    assert {name.split(".")[0] for name in done.stderr.split()} & (HEAVY - {"rich", "pydantic"}) == set()


def test_a_reader_that_closes_the_pipe_is_no_error():
    line = f"{HLH[0]} ask 'What are the treatment options for refractory HLH?' | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.split("\n")[1] == "0"
    assert done.stderr == ""


def test_a_state_folder_that_cannot_be_written_does_not_cost_the_answer():
    done = subprocess.run(
        [*HLH, "ask", "DEP response"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "HLH_STATE": "/proc/nowhere"},
    )

    assert "48 of 63" in done.stdout
    assert "cannot be continued" in done.stderr


def test_a_broken_conversation_file_is_prose(tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "conversation.json").write_text("{broken")

    assert "no conversation to follow" in hlh("ask", "--follow", "and children?", code=2).stderr


def test_closed_stdin_is_an_empty_question():
    done = subprocess.run(
        ["bash", "-c", f"{HLH[0]} ask <&-"], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 2
    assert "the question is empty" in done.stderr


def test_a_narrow_terminal_wraps_with_a_hanging_indent():
    door, inside = pty.openpty()
    with subprocess.Popen(
        [*HLH, "ask", "DEP response"],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env={**os.environ, "COLUMNS": "60", "TERM": "xterm", "NO_COLOR": "1"},
    ) as asking:
        os.close(inside)
        said = b""
        try:
            while chunk := os.read(door, 4096):
                said += chunk
        except OSError:
            pass
    os.close(door)

    lines = re.sub(r"\x1b\[[0-9;]*m|\r", "", said.decode()).splitlines()
    assert asking.returncode == 0
    assert max(len(line) for line in lines) <= 60
    assert any(line.startswith("    ") for line in lines)


def test_version_is_told():
    assert hlh("--version").stdout.startswith("hlh 0.")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("question", ["DEP response", "What are the treatment options for refractory HLH?"])
def test_a_full_disk_under_stdout_is_prose(question):
    line = f"{HLH[0]} ask --json '{question}' > /dev/full"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert done.stderr.startswith("hlh: stdout: the answer cannot be written")


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied", "there.csv"), BrokenPipeError(32, "Broken pipe")]
)
def test_what_fails_elsewhere_is_not_said_of_stdout(error, capsys):
    def fail_after_half():
        with readers_may_leave():
            sys.stdout.write("half\n")
            raise error

    before = sys.stdout
    with pytest.raises(WrongInput) as caught:
        fail_after_half()

    assert caught.value.where == (error.filename or "a file or connection")
    assert caught.value.why == error.strerror
    assert sys.stdout is before
    assert capsys.readouterr().out == "half\n"
