"""`hlh assess` at the shell: files, stdin and values; verdicts by hand; the JSON contract; exit codes."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import jsonschema
import pytest

from openhlh.definitions import assessing
from tests.shell import hlh as run_hlh

SCHEMA = json.loads((Path(assessing.__file__).parent / "assess.schema.json").read_text())
HLH = str(Path(sys.executable).parent / "hlh")

LONG = """patient,date,test,value,unit
SECRET-1,2024-03-01,ferritin,9876,ug/L
SECRET-1,2024-03-01,platelets,45,10*9/L
SECRET-1,2024-03-02,hemoglobin,81,g/L
SECRET-1,2024-03-02,fever,present,
SECRET-1,2024-03-02,splenomegaly,absent,
"""
# Table 1 of Zhou 2023: the values as printed; - is "not tested"
RU_D = """patient,age [years],sex,neutrophils [10*9/L],hemoglobin [g/L],platelets [10*9/L],triglycerides [mmol/L],fibrinogen [g/L],ferritin [ug/L],nk_activity,scd25,fever,splenomegaly,hemophagocytosis
1,37,female,1.3,77,32,3.14,1.05,1151.8,21.05,58240,yes,yes,yes
2,39,male,12.07,113,282,1.94,3.67,19176.6,6.95,20917,yes,no,yes
3,54,male,4.76,121,81,2.03,6.78,4222.6,14.84,78770,yes,yes,no
4,69,female,0.8,82,89,1.06,0.96,2299.4,-,-,yes,yes,no
5,76,female,1.7,89,67,1.25,1.48,32847.2,-,-,yes,no,yes
6,77,female,0.5,124,23,3.38,1.8,20241.4,-,-,yes,no,yes
7,42,female,0.9,81,31,2.31,0.5,5156.3,16.44,13437,yes,yes,yes
8,23,male,0.6,92,3,4.43,1.28,>40000,14.48,43403,yes,yes,yes
"""
RU_D_SITE = "analyte,unit,cutoff,low\nnk_activity,%,,15.11\nscd25,pg/mL,6400,\n"
MET, POSSIBLE = [7, 5, 5, 5, 5, 5, 7, 8], [7, 5, 5, 7, 7, 7, 7, 8]


@pytest.fixture
def hlh(monkeypatch):
    return partial(run_hlh, monkeypatch)


@pytest.fixture
def patient(tmp_path):
    path = tmp_path / "patient.csv"
    path.write_text(LONG)
    return path


def assessed(done):
    assert done.code == 0, done.err
    return json.loads(done.out)


def by_id(one):
    return {definition["id"]: definition for definition in one["definitions"]}


def lines(criteria):
    return {line["id"]: line for line in criteria if line["id"]} | {
        key: line for one in criteria for key, line in lines(one["inside"]).items()
    }


# ---- three doors, one result


def test_a_file_stdin_and_a_folder_of_one_cdisc_table_say_the_same(hlh, patient, tmp_path):
    from_file = hlh("assess", patient, "--json")
    from_stdin = hlh("assess", "--json", stdin=LONG)
    from_dash = hlh("assess", "-", "--json", stdin=LONG)
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "adlb.csv").write_text(
        "STUDYID,USUBJID,PARAMCD,AVAL,AVALU,ADT\n"
        "S,SECRET-1,FERRITIN,9876,ug/L,2024-03-01\nS,SECRET-1,PLAT,45,10^9/L,2024-03-01\n"
    )
    from_folder = hlh("assess", tmp_path / "study", "--json", "--on", "2024-03-02")

    assert from_file.out == from_stdin.out.replace("input, row", "patient.csv, row") == from_dash.out
    assert lines(by_id(assessed(from_folder))["hlh_2004"]["criteria"])["ferritin"]["value"] == "9876 ug/L"


def test_values_on_the_command_line_are_judged_today_and_their_units_are_told(hlh):
    done = hlh("assess", "ferritin=9000ug/L", "platelets=45", "hemoglobin=<70 g/L", "fever=present", "--json")
    one = assessed(done)
    criteria = lines(by_id(one)["hlh_2004"]["criteria"])

    assert by_id(one)["hlh_2004"]["met"] == 3  # fever, cytopenia of two lineages, ferritin
    assert criteria["platelets"]["value"] == "45 10*9/L"
    assert criteria["hemoglobin"]["value"] == "<70 g/L"
    assert one["input_notes"] == ["unit of platelets taken as 10*9/L: none was given"]


@pytest.mark.parametrize("value", ["scd25=3000", "d_dimer=900"])
def test_no_unit_is_assumed_where_units_do_not_convert(hlh, value):
    done = hlh("assess", value)

    assert done.code == 2
    assert "has no unit" in done.err
    assert "3000" not in done.err
    assert "900" not in done.err


def test_a_value_meant_in_another_unit_is_named_and_not_judged(hlh):
    done = hlh("assess", "hemoglobin=9.2")

    assert done.code == 2
    assert "did you mean g/dL or mmol/L?" in done.err


def test_values_without_unit_take_that_of_the_site(hlh, tmp_path):
    site = tmp_path / "site.csv"
    site.write_text(RU_D_SITE)

    one = assessed(hlh("assess", "scd25=6401", "--site", site, "--json", "--definition", "hlh_2004"))

    assert lines(one["definitions"][0]["criteria"])["scd25"]["verdict"] == "met"


# ---- verdicts


def test_the_eight_patients_of_the_ru_d_trial_count_as_their_values_say(hlh, tmp_path):
    (tmp_path / "site.csv").write_text(RU_D_SITE)
    (tmp_path / "table1.csv").write_text(RU_D)
    command = ("assess", tmp_path / "table1.csv", "--site", tmp_path / "site.csv", "--definition", "hlh_2004")

    found = assessed(hlh(*command, "--on", "2022-06-30", "--json"))["patients"]

    assert [one["definitions"][0]["met"] for one in found] == MET
    assert [one["definitions"][0]["possible"] for one in found] == POSSIBLE
    assert {one["definitions"][0]["verdict"] for one in found} == {"met"}
    untested = lines(found[3]["definitions"][0]["criteria"])
    assert untested["nk_activity"]["reason"] == untested["scd25"]["reason"] == "not_measured"


def test_the_published_patients_show_that_six_of_eight_does_not_follow(hlh):
    said = hlh("assess", "zhou_2023").out
    rows = assessed(hlh("assess", "zhou_2023", "--json"))["patients"]

    assert [line for line in said.splitlines() if "does not agree" in line] == [
        next(line for line in said.splitlines() if line.startswith("2 ") and "6/8" in line)
    ]
    assert [row["met"] for row in rows] == MET
    assert [row["agrees"] for row in rows] == [True, False, *[True] * 6]


def test_each_criterion_shows_value_date_limit_verdict_and_why(hlh, patient):
    said = hlh("assess", patient, "--definition", "hlh_2004").out.splitlines()

    row = next(line for line in said if "Ferritin high" in line)
    assert row.split() == ["✓", "met", "Ferritin", "high", "9876", "ug/L", "2024-03-01", "≥", "500", "ug/L"]
    spleen = next(line for line in said if "Enlarged spleen" in line)
    assert spleen.split() == ["✗", "not", "met", "Enlarged", "spleen", "absent", "2024-03-02"]
    marrow = next(line for line in said if line.endswith("not recorded") and "Hemophagocytosis" in line)
    assert marrow.startswith("? unknown")
    # fever, two lineages, ferritin; triglycerides/fibrinogen, marrow, NK and sCD25 are open
    assert "? unknown: 3 to 7 of 8, 5 needed" in said


def test_what_would_settle_it_is_said_in_both_directions(hlh):
    table = (
        LONG + "SECRET-1,2024-03-02,hemophagocytosis,present,\nSECRET-1,2024-03-02,nk_activity_low,absent,\n"
    )
    table += "SECRET-1,2024-03-02,fibrinogen,3.0,g/L\n"

    said = hlh("assess", "--definition", "hlh_2004", stdin=table).out

    # 4 are met; sCD25 or triglycerides would be the fifth; without both it can no longer be met
    assert "would be met with positive any one of triglycerides; scd25" in said
    assert "could no longer be met with negative triglycerides and scd25" in said


def test_so_many_ways_to_settle_it_are_counted_and_not_listed(hlh):
    values = ("ferritin=9000", "fever=present", "platelets=45")

    said = hlh("assess", *values, "--definition", "hlh_2004").out

    line = next(line for line in said.splitlines() if "would be met with" in line)
    assert "combinations; --json lists them)" in line
    assert len(line) < 250


def test_where_too_much_is_missing_it_is_not_claimed_that_nothing_settles_it(hlh):
    said = hlh("assess", "ferritin=9000", "fever=present", "--definition", "hlh_2004").out

    # 2 are met: spleen, triglycerides and sCD25 would make 5
    assert "too much is missing to list what would settle it" in said
    assert "no set" not in said


def test_the_day_of_judgement_moves_the_window(hlh, patient):
    late = assessed(hlh("assess", patient, "--definition", "hlh_2004", "--on", "2024-03-08", "--json"))
    later = assessed(hlh("assess", patient, "--definition", "hlh_2004", "--on", "2024-03-09", "--json"))

    assert late["on"] == "2024-03-08"
    assert lines(late["definitions"][0]["criteria"])["ferritin"]["verdict"] == "met"  # 7 days before
    assert lines(later["definitions"][0]["criteria"])["ferritin"]["reason"] == "out_of_window"  # 8 days


def test_a_parameter_moves_the_limit_and_is_told(hlh):
    values = ("assess", "temperature=38.4 Cel", "--definition", "hlh_2004", "--json")

    before = assessed(hlh(*values))["definitions"][0]
    after = assessed(hlh(*values, "--set", "fever_threshold=38.3 Cel"))["definitions"][0]

    assert lines(before["criteria"])["fever"]["verdict"] == "not_met"
    assert lines(after["criteria"])["fever"]["verdict"] == "met"
    assert after["parameters"] == {"fever_threshold": "38.3 Cel"}


# ---- several definitions, several patients


def test_without_a_name_all_accepted_diagnostic_definitions_stand_side_by_side(hlh, patient):
    one = assessed(hlh("assess", patient, "--json"))

    assert set(by_id(one)) == {"hlh_2004", "hscore", "mas_sjia_2016", "o_hlh_2004", "ohi"}
    assert {definition["status"] for definition in one["definitions"]} == {"accepted"}


def test_an_unverified_definition_is_off_until_named_and_labelled_then(hlh, patient):
    without = hlh("assess", patient).out
    named = hlh("assess", patient, "--definition", "hlh_2024")
    one = assessed(hlh("assess", patient, "--definition", "hlh_2024", "--json"))

    assert "HLH-2024" not in without
    assert "[unverified]" in named.out
    assert "unverified: this definition rests on memory and is not to be relied on" in named.out
    assert one["definitions"][0]["status"] == "unverified"


def test_several_definitions_keep_the_order_in_which_they_were_named(hlh, patient):
    one = assessed(hlh("assess", patient, "--definition", "ohi", "--definition", "hlh_2004", "--json"))

    assert [definition["id"] for definition in one["definitions"]] == ["ohi", "hlh_2004"]


def test_brief_shows_the_verdicts_and_no_criteria(hlh, patient):
    said = hlh("assess", patient, "--brief").out

    assert "HLH-2004 diagnostic criteria" in said
    assert "Ferritin high" not in said


def test_several_patients_are_judged_one_by_one_each_on_its_own_last_day(hlh):
    table = LONG + "SECRET-2,2024-05-05,ferritin,100,ug/L\n"

    found = assessed(hlh("assess", "--json", stdin=table))
    said = hlh("assess", stdin=table).out

    assert [(one["subject"], one["on"]) for one in found["patients"]] == [
        ("SECRET-1", "2024-03-02"),
        ("SECRET-2", "2024-05-05"),
    ]
    assert "Patient SECRET-1" in said
    assert "Patient SECRET-2" in said


def test_refractory_definitions_join_in_where_drugs_are_recorded(hlh):
    table = LONG + "SECRET-1,2024-02-10,etoposide,given,\n"

    kinds = {one["kind"] for one in assessed(hlh("assess", "--json", stdin=table))["definitions"]}

    assert "refractory" in kinds


# ---- the contract


@pytest.mark.parametrize(
    "arguments",
    [
        ("ferritin=9000", "platelets=45"),
        ("ferritin=>40000 ug/L", "scd25=pending", "age=27 d", "sex=female", "etoposide=given since 14 d"),
        ("ferritin=500", "--definition", "hlh_2024", "--definition", "ctcae_v5_platelets"),
        ("platelets=20", "--definition", "refractory_wang_2015", "--definition", "escalation_emapalumab"),
        ("temperature=39.5 Cel", "--definition", "hscore", "--definition", "eligibility_zhou_2023"),
    ],
)
def test_json_of_one_patient_keeps_the_contract(hlh, arguments):
    jsonschema.validate(assessed(hlh("assess", *arguments, "--json")), SCHEMA)


def test_json_of_every_accepted_definition_keeps_the_contract(hlh, patient):
    named = [row["id"] for row in assessed(hlh("definition", "list", "--json"))["definitions"]]
    options = [part for name in named for part in ("--definition", name)]

    one = assessed(hlh("assess", patient, *options, "--json"))

    assert len(one["definitions"]) == len(named)
    jsonschema.validate(one, SCHEMA)


def test_the_contract_refuses_an_unknown_verdict_without_its_reason(hlh):
    one = assessed(hlh("assess", "ferritin=9000", "--definition", "hlh_2004", "--json"))
    one["definitions"][0]["criteria"][0]["reason"] = None

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(one, SCHEMA)


def test_a_lenient_reading_lists_what_it_left_out_in_the_same_object(hlh):
    table = LONG + 'SECRET-1,2024-03-02,triglycerides,"3,5",mmol/L\nSECRET-1,2024-03-02,scd25,5000,\n'

    strict, lenient = hlh("assess", stdin=table), hlh("assess", "--lenient", "--json", stdin=table)
    one = assessed(lenient)
    criteria = lines(by_id(one)["hlh_2004"]["criteria"])

    assert strict.code == 2
    assert [omission["where"] for omission in one["omitted"]] == ["input, row 7", "input, row 8"]
    assert criteria["triglycerides"]["reason"] == "implausible"
    assert criteria["scd25"]["reason"] == "unit_not_comparable"
    jsonschema.validate(one, SCHEMA)


def test_notes_go_to_stderr_so_that_stdout_is_one_object(hlh):
    table = LONG + LONG.splitlines()[1] + "\n"

    piped = hlh("assess", stdin=table)

    assert "1 rows of input repeat another one exactly and count once" in piped.err
    assert "repeat" not in piped.out
    assert json.loads(hlh("assess", "--json", stdin=table).out)["input_notes"]


def test_the_same_input_gives_the_same_bytes(hlh, patient):
    assert len({hlh("assess", patient, "--json").out for _ in range(2)}) == 1


# ---- response

RESPONSE = """patient,date,ferritin [ug/L],triglycerides [mmol/L],fever,scd25 [U/mL],neutrophils [10*9/L],alt [U/L]
SECRET-1,2024-03-01,1000,4.0,present,3000,3.0,30
SECRET-1,2024-03-15,500,2.0,present,3000,3.0,30
"""


def test_response_is_judged_on_each_day_by_each_definition_and_disagreements_are_named(hlh, tmp_path):
    path = tmp_path / "course.csv"
    path.write_text(RESPONSE)
    command = ("assess", path, "--respond", "2024-03-01", "2024-03-01", "2024-03-15")

    one = assessed(hlh(*command, "--json"))
    said = hlh(*command).out

    first, second = one["responses"]
    levels = {definition["id"]: definition.get("level") for definition in second["definitions"]}
    assert (first["on"], second["on"]) == ("2024-03-01", "2024-03-15")
    # ferritin and triglycerides fell by half: two markers. Marsh asks no more, Wang also for no fever;
    # ferritin of 500 is not normal, so that neither is complete
    assert levels["response_marsh_2013"] == "PR"
    assert levels["response_wang_2015"] == "NR"
    assert one["disagreements"][-1]["on"] == "2024-03-15"
    assert one["disagreements"][-1]["levels"]["response_marsh_2013"] == "PR"
    assert "definitions disagree on 2024-03-15" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--respond", "2024-03-01"), "needs a baseline and at least one later day"),
        (("--respond", "2024-03-15", "2024-03-01"), "lies before the baseline"),
        (("--respond", "yesterday", "2024-03-15"), "--respond: this is no day"),
        (("--respond", "2024-03-01", "2034-03-01"), "lies in the future"),
    ],
)
def test_a_response_without_a_sensible_pair_of_days_is_an_error(hlh, tmp_path, arguments, said):
    path = tmp_path / "course.csv"
    path.write_text(RESPONSE)

    done = hlh("assess", path, *arguments)

    assert done.code == 2
    assert said in done.err


# ---- wrong calls


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("",), "one file or folder is needed"),
        (("ferritin=9000", "patient.csv"), "one file or folder is needed"),
        (("nowhere.csv",), "No such file or directory"),
        (("x" * 300,), "the file cannot be read"),
        (("ferritin=" + "9" * 300,), "this is no number"),
        (("ferritin=",), "no pair of name and value"),
        (("ferritin=1 ug/L", "ferritin=2 ug/L"), "`ferritin` is given twice"),
        (("feritin=9000",), "did you mean `ferritin`?"),
        (("ferritin=9000", "--definition", "hlh_2005"), "no executable definition `hlh_2005`"),
        (("ferritin=9000", "--on", "1.4.24"), "--on: this is no day"),
        (("ferritin=9000", "--on", "2024-W10-5"), "--on: this is no day"),
        (("ferritin=9000", "--on", "9999-12-31"), "--on: this day lies in the future"),
        (("ferritin=9000", "--on", "0001-01-01"), "--on: this day lies longer ago than any life"),
        (("ferritin=9000", "--set", "fever"), "no pair of name and value"),
        (("ferritin=9000", "--set", "nothing=1 g/L"), "no definition in use has a parameter `nothing`"),
        (("ferritin=9000", "--set", "fever_threshold=38 g/L"), "a limit of temperature stands in `g/L`"),
        (("ferritin=9000", "--site", "nowhere.csv"), "the file cannot be read"),
        (("ferritin=9000", "--site", "/dev/zero"), "this is no file"),
    ],
)
def test_a_wrong_call_says_what_to_do_and_exits_with_two(hlh, arguments, said):
    done = hlh("assess", *arguments)

    assert done.code == 2
    assert said in done.err
    assert "To do:" in done.err
    assert done.out == ""


def test_nothing_on_stdin_is_an_error(hlh):
    assert "the file is empty" in hlh("assess", stdin="").err


def test_no_value_and_no_name_of_a_patient_stands_in_an_error(hlh, tmp_path):
    path = tmp_path / "patient.csv"
    path.write_text(LONG.replace("9876,ug/L", "9876,mg/L"))

    for arguments in ((path,), (path, "--json"), (path, "--on", "2024-03-01")):
        done = hlh("assess", *arguments)
        assert done.code == 2
        assert "patient.csv, row 2" in done.err
        assert "SECRET" not in done.err
        assert "987" not in done.err


# ---- as a real process


def test_a_pipe_and_process_substitution_lose_nothing(patient):
    line = f"{HLH} assess <(cat {patient}) --json; cat {patient} | {HLH} assess /dev/stdin --json"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=True)
    first, _, second = done.stdout.partition("\n}\n")

    assert json.loads(first + "\n}") == json.loads(second)
    assert by_id(json.loads(second))["hlh_2004"]["met"] == 3


def test_piped_output_is_plain_text(patient):
    done = subprocess.run([HLH, "assess", patient], capture_output=True, text=True, timeout=60, check=True)

    assert "\x1b" not in done.stdout + done.stderr
    assert not [line for line in done.stdout.splitlines() if line != line.rstrip()]


def test_an_endless_device_is_refused_and_not_read_for_ever():
    done = subprocess.run(
        [HLH, "assess", "/dev/zero"], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ},
    )  # fmt: skip

    assert done.returncode == 2
    assert "too large to be read at once" in done.stderr
