"""What the documents say is so: the screen of the README, its commands, its counts."""

import re
import subprocess
import sys
from pathlib import Path

from openhlh.content.shelves import read

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
HLH = str(Path(sys.executable).parent / "hlh")


def flat(text):
    return re.sub(r"\s+", " ", text)


def test_the_screen_of_the_readme_is_real_output():
    question, screen = re.search(
        r'hlh ask "([^"]+)"` \(wrapped.*?```text\n(.*?)```', README, re.DOTALL
    ).groups()
    printed = flat(subprocess.run([HLH, "ask", question], capture_output=True, text=True, check=True).stdout)

    for part in screen.split("  ...\n"):
        assert flat(part).strip() in printed


COMMANDS = re.findall(r"^\.venv/bin/(hlh .*?)(?:\s+#.*)?$", README, re.MULTILINE)


def test_every_command_of_the_readme_runs_in_the_order_of_the_page(tmp_path):
    import shlex

    for name in ("docs/example-paper.md", "examples/series.csv"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for command in COMMANDS:
        words = shlex.split(command)
        done = subprocess.run(
            [HLH, *words[1:]], capture_output=True, text=True, cwd=tmp_path, input="What is HLH?", check=False
        )
        wrong_paper = words[1] == "check" and "--text" not in words
        assert done.returncode == (1 if wrong_paper else 0), (command, done.stderr)
        assert done.stdout or done.stderr, command
    assert len(COMMANDS) > 20


def test_the_assessment_of_the_readme_is_real_output():
    command, screen = re.search(
        r"`\.venv/bin/(hlh assess [^`]+)` \(on a terminal.*?```text\n(.*?)```", README, re.DOTALL
    ).groups()
    import shlex

    printed = subprocess.run([HLH, *shlex.split(command)[1:]], capture_output=True, text=True, check=True)
    assert flat(screen).strip() in flat(printed.stdout)


def test_the_counts_of_the_readme_are_those_of_the_shelves():
    shelves = read()

    assert f"{len(shelves.studies)} publications" in README
    assert len({arm.row for _, arm in shelves.arms() if arm.row}) == 102


def test_every_word_of_the_word_lists_is_in_the_glossary():
    glossary = (ROOT / "GLOSSARY.md").read_text().lower()

    for word in ("arm", "doubt", "overlap", "frame", "item", "claim", "refusal", "gap", "caution", "facet"):
        assert f"| {word}" in glossary


def test_the_page_in_contributing_loads_as_it_stands(tmp_path):
    from openhlh.content.reader import read_page
    from openhlh.content.study import Study

    block = re.search(r"```yaml\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)[1]
    page = tmp_path / "surname_2031.yaml"
    page.write_text(
        "\n".join(line[3:] for line in block.splitlines()).replace(
            "doubts: []                   # leave out, or record both numbers of what does not add up",
            "doubts: []",
        )
    )

    assert read_page(page, Study).arms[0].evaluable == 10
