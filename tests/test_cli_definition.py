"""`hlh definition` at the shell, and a user's own page: validated, run and used like a shipped one."""

import json
from functools import partial

import pytest

from tests.shell import hlh as run_hlh

PAGE = """id: ward_rule
title: Rule of our ward
status: accepted
kind: diagnostic
names:
  - ward rule
source: openhlh_editors
confidence: confirmed
rule: Two of three signs
logic:
  window: {from: -3, to: 0}
  parameters:
    - {id: ferritin_limit, text: Ours, default: 2000 ug/L, source: openhlh_editors, at: ward manual}
  rule:
    at_least: 2
    of:
      - {id: ferritin, text: Ferritin high, measure: ferritin, at_least: {parameter: ferritin_limit}, at: ward manual}
      - {id: platelets, text: Platelets low, measure: platelets, below: 100 10*9/L, at: ward manual}
      - {id: fever, text: Fever, finding: fever, at: ward manual}
cases:
  - {name: two at their limits, verdict: met, met: 2, possible: 3, facts: {ferritin: 2000 ug/L, platelets: 99 10*9/L}}
  - {name: only one, verdict: not_met, met: 1, possible: 1, facts: {ferritin: 2000 ug/L, platelets: 100 10*9/L, fever: absent}}
"""
PATIENTS = """patient,date,test,value,unit
A,2024-03-01,ferritin,600,ug/L
A,2024-03-01,platelets,45,10*9/L
A,2024-03-01,fever,absent,
B,2024-03-01,ferritin,2000,ug/L
B,2024-03-01,platelets,45,10*9/L
C,2024-03-01,ferritin,100,ug/L
"""


@pytest.fixture
def hlh(monkeypatch):
    return partial(run_hlh, monkeypatch)


@pytest.fixture
def own(tmp_path):
    """Write a user's own page, changed as a test needs it, and return its file."""

    def write(*changes, name="ward.yaml"):
        text = PAGE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


# ---- what ships


def test_the_list_has_every_executable_definition_with_its_status(hlh):
    rows = {row["id"]: row for row in json.loads(hlh("definition", "list", "--json").out)["definitions"]}
    said = hlh("definition", "list").out

    assert rows["hlh_2004"]["kind"] == "diagnostic"
    assert rows["hlh_2024"]["status"] == "unverified"
    assert rows["hlh_2004"]["parameters"] == ["fever_threshold"]
    assert all(name in said for name in rows)


def test_a_page_is_told_as_prose_with_limits_parameters_window_and_doubts(hlh):
    said = hlh("definition", "show", "hlh_2004").out

    assert "Ferritin high: ferritin ≥ 500 ug/L" in said
    assert "Parameter fever_threshold = 38.5 Cel" in said
    assert "38.3 Cel [nacho_2020]" in said
    assert "Window: 7 days before to 7 days after around the day of judgement" in said
    assert "! Doubt: One published copy prints the ferritin limit" in said


def test_an_unverified_page_is_labelled_where_it_is_told(hlh):
    assert "[unverified: rests on memory, off by default]" in hlh("definition", "show", "hlh_2024").out


def test_the_rule_is_shown_as_json_with_its_parameters_filled_in(hlh):
    shown = json.loads(hlh("definition", "show", "hlh_2004", "--json").out)

    assert shown["rule"]["beside"]["of"][0]["at_least"] == "38.5 Cel"


def test_the_worked_cases_of_a_page_hold_in_both_engines(hlh):
    done = hlh("definition", "check", "hlh_2004", "hscore", "response_wang_2015")

    assert done.code == 0
    assert done.out.startswith("3 definitions, ")
    assert done.out.endswith("cases in two engines, 0 do not hold\n")


def test_a_definition_is_exported_as_cql_to_stdout_and_to_a_file(hlh, tmp_path):
    to_stdout = hlh("definition", "export", "hlh_2004", "--cql").out
    to_file = hlh("definition", "export", "hlh_2004", "--cql", "--out", tmp_path / "hlh.cql")

    assert to_stdout.startswith("library hlh_2004 ")
    assert (tmp_path / "hlh.cql").read_text() == to_stdout
    assert to_file.out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "hlh_2005"), "no executable definition `hlh_2005`"),
        (("show", "nowhere.yaml"), "the page cannot be read"),
        (("show", "x" * 300), "no executable definition"),
        (("check", "hlh_2005"), "no executable definition"),
        (("export", "hlh_2004"), "add --cql"),
        (("export", "hlh_2004", "--cql", "--set", "nothing=1 g/L"), "has no parameter `nothing`"),
        (("diff", "hlh_2004", "hlh_2004", "nowhere.csv"), "two different definitions"),
        (("diff", "hlh_2004", "hscore", "nowhere.csv"), "No such file"),
        (("diff", "hlh_2004", "hscore", "nowhere.csv", "--on", "soon"), "--on: this is no day"),
    ],
)
def test_a_wrong_call_says_what_to_do_and_exits_with_two(hlh, arguments, said):
    done = hlh("definition", *arguments)

    assert done.code == 2
    assert said in done.err
    assert done.out == ""


# ---- a user's own page


def test_an_own_page_is_shown_checked_and_exported_like_a_shipped_one(hlh, own):
    page = own()

    assert "Ferritin high: ferritin ≥ 2000 ug/L" in hlh("definition", "show", page).out
    assert hlh("definition", "check", page).out == "1 definitions, 2 cases in two engines, 0 do not hold\n"
    assert hlh("definition", "export", page, "--cql").out.startswith("library ward_rule ")


def test_an_own_page_judges_patients_with_its_window_and_its_parameter(hlh, own):
    page = own()
    command = ("assess", "ferritin=1999 ug/L", "platelets=99", "--definition", page, "--json")

    before = json.loads(hlh(*command).out)["definitions"][0]
    after = json.loads(hlh(*command, "--set", "ferritin_limit=1999 ug/L").out)["definitions"][0]

    assert (before["id"], before["verdict"], before["met"], before["possible"]) == (
        "ward_rule",
        "unknown",
        1,
        2,
    )
    assert (after["verdict"], after["met"]) == ("met", 2)
    shown = hlh(
        "assess", "--definition", page, "--definition", "hlh_2004", "--on", "2024-03-05", stdin=PATIENTS
    )
    assert "Rule of our ward" in shown.out
    assert "HLH-2004 diagnostic criteria" in shown.out


def test_a_folder_of_pages_is_used_whole_by_assess_and_refused_where_one_is_needed(hlh, own, tmp_path):
    (tmp_path / "pages").mkdir()
    own(name="pages/a.yaml")
    own(("id: ward_rule", "id: ward_rule_b"), name="pages/b.yaml")

    both = json.loads(hlh("assess", "ferritin=9000", "--definition", tmp_path / "pages", "--json").out)
    one = hlh("definition", "show", tmp_path / "pages")

    assert [definition["id"] for definition in both["definitions"]] == ["ward_rule", "ward_rule_b"]
    assert hlh("definition", "check", tmp_path / "pages").out.startswith("2 definitions, 4 cases")
    assert one.code == 2
    assert "several pages in this folder" in one.err


def test_a_file_of_the_name_of_a_shipped_definition_does_not_hide_it(hlh, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hlh_2004").mkdir()

    assert hlh("definition", "show", "hlh_2004").code == 0


def test_a_case_that_does_not_hold_is_named_and_exits_with_one(hlh, own):
    page = own(("name: two at their limits, verdict: met", "name: two at their limits, verdict: not_met"))

    done = hlh("definition", "check", page)
    as_json = hlh("definition", "check", page, "--json")

    assert done.code == as_json.code == 1
    assert "ward_rule, case 'two at their limits': verdict is met, the page says not_met" in done.out
    assert "over the cohort met, the page says not_met" in done.out
    assert {one["case"] for one in json.loads(as_json.out)["failures"]} == {"two at their limits"}


def test_a_page_whose_cases_do_not_hold_judges_nobody(hlh, own):
    page = own(("met: 2, possible: 3", "met: 2, possible: 2"))

    done = hlh("assess", "ferritin=9000", "--definition", page)

    assert done.code == 2
    assert f"{page}: case 'two at their limits' does not hold: possible is 3, the page says 2" in done.err


BROKEN = [
    ("window:", "windows:", "line 11: `logic.windows`: this key is not known here"),
    ("finding: fever", "findng: fever", "`logic.rule.of.of.2`: a rule has exactly one of the keys"),
    ("below: 100 10*9/L", "below: 5", "`5` is no quantity"),
    ("below: 100 10*9/L", "below: 100 mg/dL", "a limit of platelets stands in `mg/dL`"),
    ("default: 2000 ug/L", "default: 2000 mmol/L", "a limit of ferritin stands in `mmol/L`"),
    (
        "below: 100 10*9/L",
        "below: 100 10*9/L, at_most: 9 10*9/L",
        "exactly one of at_least, above, at_most, below is needed",
    ),
    ("measure: platelets", "measure: plateletz", "line 18: `plateletz` is none of the analytes"),
    ("finding: fever", "finding: fevver", "line 19: `fevver` is none of the findings"),
    ("finding: fever", "finding: [fever, fevver]", "line 19: `fevver` is none of the findings"),
    ("finding: fever", "exposure: steroidz", "line 19: `steroidz` is none of the exposures"),
    (
        "finding: fever",
        "finding: fever, confounded_by: [{exposure: steroidz}]",
        "line 19: `steroidz` is none of the exposures",
    ),
    ("finding: fever", "definition: ward_rule", "references go in a circle: ward_rule → ward_rule"),
    ("finding: fever", "definition: nowhere", "no executable definition `nowhere`"),
    ("finding: fever", "definition: response_wang_2015", "which one has to be reached is not said"),
    ("parameter: ferritin_limit", "parameter: limit", "the parameter `limit` is used and not listed"),
    ("at_least: 2\n", "at_least: 4\n", "`logic.rule.of`: at least 4 of 3 can never be met"),
    ("at_least: 2\n", "at_least: 0\n", "`logic.rule.of.at_least`: the number is too small"),
    ("at_least: 2\n", "at_least: some\n", "`logic.rule.of.at_least`: a whole number is needed"),
    ("{from: -3, to: 0}", "{from: 3, to: 0}", "line 11: `logic.window`: the window ends before it starts"),
    ("id: ward_rule", "id: hlh_2004", "the id `hlh_2004` is taken by another page"),
    ("id: ward_rule", "id: ../../etc", "line 1: `id`: the text does not have its form"),
    ("title: Rule", 'title: "Rule', "this is not YAML"),
    ("title: Rule", "title: &a Rule", "line 2: anchors and aliases are not used"),
    ("title: Rule of our ward", "title:", "line 2: `title` has no value"),
    ("confidence:", "title: Again\nconfidence:", "line 8: `title` stands twice"),
    ("platelets: 99 10*9/L", "platelets: 99", "case 'two at their limits': platelets: platelets has no unit"),
    ("platelets: 99 10*9/L", "platlets: 99 10*9/L", "did you mean `platelets`?"),
    ("name: only one,", "name: only one, set: {nothing: 1 g/L},", "has no parameter `nothing`"),
    (PAGE[PAGE.index("cases:") :], "", "line 1: `the page`: logic and cases belong together"),
    (PAGE[PAGE.index("logic:") :], "", "the page has no `logic`"),
    (PAGE, "", "the page is empty"),
    (PAGE, "- a\n- b\n", "line 1: `the page`"),
    (PAGE, "a: " + "[" * 5000, "this is not YAML"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN)
def test_a_broken_page_is_an_error_with_its_file_and_line(hlh, own, old, new, said):
    page = own((old, new))

    for arguments in (("definition", "check", page), ("assess", "ferritin=9000", "--definition", page)):
        done = hlh(*arguments)
        assert done.code == 2, done.out
        assert said in done.err
        if "definition: " not in new or "ward_rule" in new:  # a reference tells of the other page
            assert str(page) in done.err


def test_a_page_that_is_no_text_is_an_error(hlh, tmp_path):
    (tmp_path / "page.yaml").write_bytes(bytes(range(256)))

    assert "not UTF-8 text" in hlh("definition", "check", tmp_path / "page.yaml").err


def test_a_folder_without_pages_is_an_error(hlh, tmp_path):
    assert "there is no page in this folder" in hlh("definition", "check", tmp_path).err


# ---- whom two definitions separate


def test_diff_lists_whom_two_versions_of_a_page_separate_and_by_which_line(hlh, own, tmp_path):
    first = own(name="first.yaml")
    second = own(("id: ward_rule", "id: ward_rule_2"), ("2000 ug/L", "500 ug/L"), name="second.yaml")
    (tmp_path / "patients.csv").write_text(PATIENTS)

    said = hlh("definition", "diff", first, second, tmp_path / "patients.csv").out
    found = json.loads(hlh("definition", "diff", first, second, tmp_path / "patients.csv", "--json").out)

    # A: ferritin 600 counts only in the second; B is met by both; C has one finding less in neither
    assert found["patients"] == 3
    assert found["separated"] == [
        {
            "subject": "A",
            "verdicts": {"ward_rule": "not_met", "ward_rule_2": "met"},
            "why": ["Ferritin high: not met against met (600 ug/L)"],
        }
    ]
    assert said.splitlines()[0] == "A: ward_rule not met, ward_rule_2 met"
    assert said.splitlines()[-1] == "1 of 3 patients are judged differently"


def test_diff_names_a_line_that_only_one_definition_has_and_another_count(hlh, own, tmp_path):
    stricter = own(("id: ward_rule", "id: ward_rule_3"), ("at_least: 2\n", "at_least: 3\n"),
                   ("met: 2, possible: 3", "met: 2, possible: 3"), ("verdict: met", "verdict: unknown"),
                   name="three.yaml")  # fmt: skip
    (tmp_path / "patients.csv").write_text(PATIENTS)

    found = json.loads(hlh("definition", "diff", own(), stricter, tmp_path / "patients.csv", "--json").out)[
        "separated"
    ]

    # B: 2 of 3 are met, one is open; C: ferritin is not met and two are open, so that 3 are out of reach
    assert {one["subject"]: one["why"] for one in found} == {
        "B": ["needed: 2 against 3"],
        "C": ["needed: 2 against 3"],
    }


def test_diff_tells_what_was_left_out_and_hides_control_characters(hlh, own, tmp_path):
    (tmp_path / "patients.csv").write_text(PATIENTS.replace("A,", "\x1b[31mA,") + PATIENTS.splitlines()[1] + "\n" * 2
                                           + "B,2024-03-01,ferritin,2000,ug/L\n")  # fmt: skip
    second = own(("id: ward_rule", "id: ward_rule_2"), ("2000 ug/L", "500 ug/L"), name="second.yaml")

    done = hlh("definition", "diff", own(), second, tmp_path / "patients.csv")

    assert "\x1b" not in done.out + done.err
    assert "repeat another one exactly" in done.err
