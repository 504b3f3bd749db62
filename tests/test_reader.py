"""The strict reader: nothing guessed, every error with file, line, what, why and what to do."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from openhlh.content.logic import Logic
from openhlh.content.reader import read_page, read_tree
from openhlh.content.shelves import FOLDERS
from openhlh.errors import WrongPage

BAD = sorted((Path(__file__).parent / "bad_pages").glob("*.yaml"))


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


def headers(path):
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()[:2]
    return dict(line.removeprefix("# ").split(": ", 1) for line in lines)


def complaint(path):
    model = FOLDERS[headers(path)["kind"]]
    with pytest.raises(WrongPage) as caught:
        read_page(path, model, f"bad_pages/{path.name}")
    return str(caught.value)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_wrong_page_produces_its_message(path):
    assert complaint(path) == headers(path)["message"]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_message_says_where_and_what_to_do(path):
    said = complaint(path)

    assert said.startswith(f"bad_pages/{path.name}")
    assert "To do: " in said


def test_scalars_stay_text_and_keep_their_line(tmp_path):
    page = tmp_path / "page.yaml"
    page.write_text("yes: no\nversion: 1.10\nday: 2020-01-02\nlist:\n  - 007\n")

    tree, lines = read_tree(page)

    assert tree == {"yes": "no", "version": "1.10", "day": "2020-01-02", "list": ["007"]}
    assert lines[("version",)] == 2
    assert lines[("list", 0)] == 5


def test_blocks_that_are_not_asked_for_are_not_read_and_leave_the_lines_as_they_are(tmp_path):
    page = tmp_path / "page.yaml"
    page.write_text("first: 1\nlogic:\n  a: [\n# aside\n- b\nlogical: 2\ncases:\n  - c\nlast:\n  - 3\n")

    tree, lines = read_tree(page, without=("logic", "cases"))

    assert tree == {"first": "1", "logical": "2", "last": ["3"]}
    assert (lines[("logical",)], lines[("last", 0)]) == (6, 10)


@pytest.mark.parametrize("value", ["&a b", "[&a b]", "{c: &a b}", "\n  - &a b", "*a", "[b,*a]"])
def test_anchors_and_aliases_are_refused_wherever_they_stand(tmp_path, value):
    page = tmp_path / "page.yaml"
    page.write_text(f"first: &a b\nlast: {value}\n" if "*" in value else f"last: {value}\n")

    with pytest.raises(WrongPage, match="anchors and aliases"):
        read_tree(page)


@pytest.mark.parametrize("value", ["10*9/L", "a & b", "'&a'", '"*a"', "2 * 3", "R&D"])
def test_a_star_or_ampersand_within_a_text_is_no_anchor(tmp_path, value):
    page = tmp_path / "page.yaml"
    page.write_text(f"unit: {value}\n")

    assert read_tree(page)[0] == {"unit": value.strip("'\"")}


def test_a_file_that_holds_two_documents_is_refused(tmp_path):
    page = tmp_path / "page.yaml"
    page.write_text("a: b\n---\nc: d\n")

    with pytest.raises(WrongPage, match="line"):
        read_page(page, Anything)


def test_a_deep_alias_bomb_is_refused_at_once(tmp_path):
    page = tmp_path / "page.yaml"
    rows = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    page.write_text("\n".join(rows))

    with pytest.raises(WrongPage, match="anchors"):
        read_page(page, Anything)


RULE = """
id: mine
logic:
  rule:
    at_least: 2
    of:
      - finding: fever
      - id: ferritin
        measure: ferritin
        {first}
      - any:
          - finding: splenomegaly
          - age:
              {second}
"""


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ("at_least: many", "below: 1 a", 9),
        ("at_least: 500 ug/L", "below: young", 13),
        ("misspelt: 500 ug/L", "below: 1 a", 9),
        ("at_least: 500 ug/L", "misspelt: 1 a", 13),
        ("pick: worst", "below: 1 a", 8),  # no limit at all: the line that starts the measure
    ],
)
def test_an_error_inside_a_rule_names_the_line_of_its_own_key(tmp_path, first, second, line):
    class WithLogic(BaseModel):
        model_config = ConfigDict(extra="allow")
        logic: Logic

    page = tmp_path / "page.yaml"
    page.write_text(RULE.format(first=first, second=second).lstrip())

    with pytest.raises(WrongPage) as caught:
        read_page(page, WithLogic)
    assert caught.value.where == f"{page}, line {line}"
