"""`hlh ask --patient`: what holds for one invented patient, study by study, and nothing that names the person."""

import json
import os
import pty
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.answers import answer as answer_module
from openhlh.definitions.applicability import Beside, cards
from openhlh.errors import WrongInput
from openhlh.journeys.ask import ask
from openhlh.journeys.ask_patient import FOR_THE_TEAM, beside_patient, read_one
from openhlh.renderings.markdown import as_markdown
from openhlh.renderings.page import as_page
from openhlh.rules.facts import Facts, Person

HLH = [str(Path(sys.executable).parent / "hlh")]
SCHEMA = json.loads((Path(answer_module.__file__).parent / "answer.schema.json").read_text())
NAME = "Quentin-Zz77"
DEP = "DEP in refractory HLH"
RU_D = "Ru-D in newly diagnosed HLH"
HEAD = "patient,test,value,unit,date"
ON = "2024-03-01"


def file_of(folder, *facts, name="patient.csv", person=NAME):
    """Write a table; a fact is `test=value`, `test=value unit` or `test=value@day`."""
    rows = [HEAD, f"{person},hepatomegaly,present,,{ON}"]  # the day of judgement is the last day recorded
    for fact in facts:
        test, _, rest = fact.partition("=")
        value, _, day = rest.partition("@")
        number, _, unit = value.partition(" ") if value[:1].isdigit() and test != "age" else (value, "", "")
        rows.append(f"{person},{test},{number},{unit},{day or ON}")
    path = folder / name
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture
def part_of(tmp_path):
    def made(question, *facts, audience="clinician"):
        asked = beside_patient(ask(question, audience), read_one(file_of(tmp_path, *facts)))
        contract = asked.answer.contract()
        jsonschema.validate(contract, SCHEMA)
        return contract["patient"]

    return made


def card(part, study, item):
    found = next(one for one in part["studies"] if one["study"] == study)
    return next(one for one in found["cards"] if one["item"] == item)


def compared(part, study, item):
    return card(part, study, item)["comparison"]


def refractory(part, key):
    return next(one["verdict"] for one in part["refractory"] if one["id"] == key)


def hlh(*arguments, stdin="", code=0):
    done = subprocess.run(
        [*HLH, *arguments], input=stdin, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


# --- age: the DEP study prints "median 34 years, range 18-78", the Ru-D pilot "range 23-77" ---


@pytest.mark.parametrize(
    ("age", "said"),
    [("17 a", "different"), ("18 a", "same"), ("45 a", "same"), ("78 a", "same"), ("79 a", "different")],
)
def test_an_age_is_held_against_the_printed_range_ends_included(part_of, age, said):
    assert compared(part_of(DEP, f"age={age}"), "wang_2015", "age") == said


def test_an_age_that_may_lie_on_either_side_of_a_limit_is_unknown(part_of):
    part = part_of(DEP, "birthdate=2006")  # 17 or 18 on 1 March 2024

    assert card(part, "wang_2015", "age") == {
        "item": "age",
        "this_patient": "17 to 18 years",
        "study": "adults: median 34 years, range 18-78",
        "comparison": "unknown",
    }


def test_an_age_that_nobody_recorded_is_unknown(part_of):
    found = card(part_of(DEP, "fever=present"), "wang_2015", "age")

    assert (found["this_patient"], found["comparison"]) == ("not recorded", "unknown")


def test_a_study_without_ages_is_not_reported(part_of):
    assert compared(part_of(DEP, "age=45 a"), "dep_unknown_2021", "age") == "not_reported"


@pytest.mark.parametrize(
    ("arm_age", "months", "said"),
    [
        ({"group": "child", "text": "median 1.7 years, range 9 months to 5.0 years"}, 8, "different"),
        ({"group": "child", "text": "median 1.7 years, range 9 months to 5.0 years"}, 9, "same"),
        ({"group": "child", "text": "median 1.7 years, range 9 months to 5.0 years"}, 62, "different"),
        ({"group": "mixed", "text": "3 months to 25 years (planned)"}, 3, "same"),
        ({"group": "mixed", "text": "3 months to 25 years (planned)"}, 2, "different"),
        ({"group": "child", "text": "under 18 years"}, 12 * 18 - 1, "same"),
        ({"group": "child", "text": "under 18 years"}, 12 * 18, "different"),
        ({"group": "child", "text": "18 years or younger"}, 12 * 18 + 11, "same"),
        ({"group": "child", "text": "18 years or younger"}, 12 * 19, "different"),
        ({"group": "child", "text": "up to 15 years"}, 12 * 16, "different"),
        ({"group": "adult", "text": "18 years and older"}, 12 * 18 - 1, "different"),
        ({"group": "adult"}, 12 * 18, "same"),
        ({"group": "child"}, 12 * 18, "different"),
        ({"group": "mixed"}, 12 * 50, "same"),
        ({"group": "mixed", "text": "children and young adults"}, 12 * 50, "unknown"),
        ({"group": "mixed", "text": "median 41.65 years, interquartile range 21.25"}, 600, "unknown"),
        ({"group": "child", "text": "recorded as paediatric; 2 years and older apart"}, 12, "same"),
        ({"group": "not_stated", "text": "median 37.6 years as printed"}, 12 * 37, "not_reported"),
    ],
)
def test_ages_as_pages_print_them(shelves, arm_age, months, said):
    on = date(2024, 3, 1)
    born = date(2024 - months // 12, 3, 1)
    back = months % 12
    born = born.replace(month=3 - back) if back < 3 else born.replace(year=born.year - 1, month=15 - back)
    study = shelves.studies["wang_2015"]
    arm = study.arms[0].model_copy(update={"age": type(study.arms[0].age)(**arm_age)})
    patient = Beside(Facts(Person("p", born, born)), on, {}, {})

    assert cards(study.model_copy(update={"arms": (arm,)}), patient, None)[0].comparison == said


# --- trigger: the Ru-D pilot has lymphoma, EBV and infection; DEP of unknown cause only unknown causes ---


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (("ebv_hlh=present",), "same"),
        (("hematologic_malignancy=present",), "same"),
        (("ebv_hlh=present", "malignancy=present"), "same"),
        (("primary_hlh=present",), "unknown"),  # EBV or lymphoma may have set it off
        (("sjia=present", "ebv_hlh=present"), "not_reported"),
        (("ebv_hlh=absent", "malignancy=absent"), "unknown"),
        (("fever=present",), "unknown"),
        (("ebv_hlh=pending",), "unknown"),
        (
            (
                "primary_hlh=present",
                "ebv_hlh=absent",
                "malignancy=absent",
                "transient_infection_only=absent",
                "uncontrolled_infection=absent",
            ),
            "different",
        ),
        (
            (
                "ebv_hlh=absent",
                "malignancy=absent",
                "transient_infection_only=absent",
                "uncontrolled_infection=present",  # a cause or a complication: nobody said
            ),
            "unknown",
        ),
        (("transient_infection_only=present",), "same"),
    ],
)
def test_the_trigger_is_held_against_the_causes_of_the_study(part_of, facts, said):
    assert compared(part_of(RU_D, *facts), "zhou_2023", "trigger") == said


def test_a_known_trigger_differs_from_a_cohort_of_unknown_cause(part_of):
    assert compared(part_of(DEP, "ebv_hlh=present"), "dep_unknown_2021", "trigger") == "different"


def test_a_cause_is_never_ruled_out_by_silence(part_of):
    found = card(part_of("emapalumab in primary HLH", "ebv_hlh=present"), "locatelli_2020", "trigger")

    assert found["comparison"] == "unknown"
    assert found["this_patient"] == "EBV; primary HLH not recorded"


def test_mixed_causes_without_names_are_not_reported(part_of):
    part = part_of("etoposide in adults: response", "ebv_hlh=present")

    assert compared(part, "etoposide_adults_2020", "trigger") == "not_reported"


# --- line, earlier treatment, central nervous system, exclusions ---


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (("conventional_therapy=not given",), "same"),
        (("chemotherapy=not given",), "same"),
        (("conventional_therapy=not given@2024-02-28", "etoposide=given"), "same"),  # it begins on the day
        (("etoposide=not given",), "unknown"),
        (("etoposide=given",), "unknown"),
        (("etoposide=given@2024-02-01",), "different"),
        (("conventional_therapy=not given", "anakinra=given@2024-02-01"), "unknown"),
        (("dexamethasone=given@2024-02-01",), "unknown"),
        (("antipyretic=given@2024-02-01", "conventional_therapy=not given"), "same"),
        (("fever=present",), "unknown"),
    ],
)
def test_the_line_of_a_study_of_first_treatment(part_of, facts, said):
    assert compared(part_of(RU_D, *facts), "zhou_2023", "line") == said


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (("etoposide=given@2024-02-16", "no_response=present"), "same"),  # 14 days
        (("etoposide=given@2024-02-17", "no_response=present"), "different"),  # 13 days
        (("etoposide=given@2024-02-16", "partial_response_or_better=present"), "different"),
        (("etoposide=given@2024-02-16",), "unknown"),
        (("conventional_therapy=not given",), "different"),
    ],
)
def test_the_line_of_a_refractory_study_follows_its_own_definition(part_of, facts, said):
    assert compared(part_of(DEP, *facts), "wang_2015", "line") == said


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (("etoposide=given@2024-02-28", "relapse=present"), "same"),
        (("etoposide=given@2024-02-28", "no_response=absent"), "unknown"),
        (
            ("etoposide=given@2024-02-28", "no_response=absent", "progression=absent", "relapse=absent"),
            "different",
        ),
    ],
)
def test_without_a_definition_of_its_own_the_recorded_judgement_counts(part_of, facts, said):
    part = part_of("nivolumab in relapsed EBV-HLH", *facts)

    assert compared(part, "liu_2020", "line") == said


def test_being_treated_is_not_the_same_as_being_refractory(part_of):
    found = card(part_of(DEP, "etoposide=given@2024-02-01"), "wang_2015", "line")

    assert found["comparison"] == "unknown"
    assert found["this_patient"].endswith("not known whether refractory by the study's own definition")


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("cns_involvement=present", "different"),
        ("cns_involvement=absent", "same"),
        ("cns_involvement=pending", "unknown"),
        ("fever=present", "unknown"),
    ],
)
def test_an_exclusion_of_cns_disease_is_held_against_the_finding(part_of, fact, said):
    assert compared(part_of(RU_D, fact), "zhou_2023", "cns") == said


def test_a_study_that_is_silent_on_the_nervous_system_is_not_reported(part_of):
    assert compared(part_of(DEP, "cns_involvement=present"), "wang_2015", "cns") == "not_reported"


def test_what_a_page_says_only_in_words_is_shown_and_stays_unknown(part_of):
    found = card(part_of("daclizumab in refractory HLH", "cns_involvement=present"), "anti_cd25_2025", "cns")

    assert found["comparison"] == "unknown"
    assert found["study"].startswith("in words only: 1 of the 17 patients")


def test_earlier_treatment_is_held_against_the_entry_criteria(part_of):
    treated = part_of(RU_D, "etoposide=given@2024-02-01")

    assert card(treated, "zhou_2023", "prior_therapy") == {
        "item": "prior_therapy",
        "this_patient": "given: Etoposide",
        "study": "No earlier chemotherapy for HLH",
        "comparison": "different",
    }
    assert compared(part_of(RU_D, "age=45 a"), "zhou_2023", "prior_therapy") == "unknown"


def test_exclusions_name_what_does_not_hold_and_what_is_open(part_of):
    part = part_of(RU_D, "age=45 a", "hiv=present", "malignancy=absent", "chemotherapy=not given")
    found = card(part, "zhou_2023", "exclusions")
    entry = next(one["eligibility"] for one in part["studies"] if one["study"] == "zhou_2023")

    assert found["comparison"] == "different"
    assert found["this_patient"] == (
        "does not hold: No HIV infection; not recorded: No involvement of the central nervous system, "
        "Not pregnant"
    )
    assert (entry["id"], entry["verdict"]) == ("eligibility_zhou_2023", "not_met")
    assert entry["failed"] == ["No HIV infection"]
    assert entry["open"] == [
        "At least 5 of the 8 HLH-2004 items",
        "Informed consent",
        "No involvement of the central nervous system",
        "Not pregnant",
    ]


def test_a_study_without_a_page_of_eligibility_has_none(part_of):
    part = part_of(DEP, "age=45 a")

    assert next(one["eligibility"] for one in part["studies"] if one["study"] == "ldep_ash_2016") is None


def test_of_a_patient_of_whom_nothing_is_known_no_study_is_called_the_same_or_different(shelves):
    nobody = Beside(Facts(Person("p")), date(2024, 3, 1), {}, {})
    said = {one.comparison for study in shelves.studies.values() for one in cards(study, nobody, None)}

    assert said == {"unknown", "not_reported"}


@given(st.lists(st.sampled_from(["same", "different", "not_reported", "unknown"]), min_size=1))
def test_several_groups_differ_only_where_every_one_of_them_does(answers):
    from openhlh.definitions.applicability import _among

    said = _among(answers)

    assert (said == "different") == (set(answers) == {"different"})
    assert (said == "same") == ("same" in answers)


# --- refractory, criteria ---


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (("etoposide=given@2024-02-16", "no_response=present"), "met"),
        (("etoposide=given@2024-02-17", "no_response=present"), "not_met"),
        (("etoposide=given@2024-02-16",), "unknown"),
        (("fever=present",), "unknown"),
    ],
)
def test_refractory_or_not_by_the_definition_of_the_dep_study(part_of, facts, verdict):
    assert refractory(part_of(DEP, *facts), "refractory_wang_2015") == verdict


def test_the_baseline_is_the_first_day_of_conventional_treatment(part_of):
    markers = ("scd25={} U/mL", "ferritin={} ug/L", "triglycerides={} mmol/L")
    before = [f"{one.format(value)}@2024-02-01" for one, value in zip(markers, (9000, 10000, 4), strict=True)]
    now = [one.format(value) for one, value in zip(markers, (3000, 5000, 2), strict=True)]
    part = part_of(DEP, "etoposide=given@2024-02-01", "fever=absent", *before, *now)

    assert refractory(part, "refractory_wang_2015") == "not_met"  # three markers better by half or more


def test_every_accepted_definition_of_refractory_disease_is_shown(part_of, shelves):
    wanted = {
        key
        for key, page in shelves.definitions.items()
        if page.kind == "refractory" and page.logic and "accepted" == page.status == page.logic.status
    }

    assert {one["id"] for one in part_of(DEP, "age=45 a")["refractory"]} == wanted


def test_criteria_are_counted_with_what_is_not_recorded(part_of):
    part = part_of(DEP, "ferritin=12000 ug/L", "fever=present", "splenomegaly=absent")
    hlh_2004 = next(one for one in part["definitions"] if one["id"] == "hlh_2004")

    assert hlh_2004["verdict"] == "unknown"
    assert hlh_2004["summary"] == "2 to 7 of 8, 5 needed"
    assert all(one["summary"] for one in part["definitions"] if one["verdict"] != "not_applicable")


# --- which studies, which patient, and what never leaves ---


def test_the_studies_are_those_that_the_answer_cites_in_their_order(tmp_path, shelves):
    asked = beside_patient(ask(DEP), read_one(file_of(tmp_path, "age=45 a")))
    cited = [one.key for one in asked.answer.references if one.key in shelves.studies]
    part = asked.answer.patient

    assert [one["study"] for one in part["studies"]] == [key for key in cited if shelves.studies[key].arms]
    assert "marsh_2017 reports no group of patients to compare with" in part["notes"]


def test_without_a_patient_the_contract_is_as_it_was():
    assert "patient" not in ask(DEP).answer.contract()


def test_two_patients_in_a_file_are_an_error_with_their_count(tmp_path):
    path = tmp_path / "two.csv"
    path.write_text(f"{HEAD}\n{NAME},fever,present,,{ON}\nOther-Person,fever,present,,{ON}\n")

    with pytest.raises(WrongInput, match="the file holds 2 patients") as wrong:
        read_one(path)

    assert NAME not in str(wrong.value)
    assert "Other-Person" not in str(wrong.value)


@pytest.mark.parametrize("how", [[], ["--json"], ["--markdown"]])
def test_neither_id_nor_file_name_appears_in_the_answer(tmp_path, how):
    path = file_of(tmp_path, "age=45 a", "ferritin=12000 ug/L", "ferritin=12000 ug/L", name=f"{NAME}.csv")
    done = hlh("ask", DEP, "--patient", str(path), *how)

    assert NAME not in done.stdout + done.stderr
    assert "rows of the file repeat" in done.stdout


def test_the_conversation_keeps_nothing_of_the_patient(tmp_path):
    state = Path(os.environ["HLH_STATE"]) / "conversation.json"
    hlh("ask", DEP)
    without = state.read_bytes()
    hlh("ask", DEP, "--patient", str(file_of(tmp_path, "age=45 a", "ferritin=12345 ug/L", "sjia=present")))

    assert state.read_bytes() == without
    assert [one.name for one in state.parent.iterdir()] == ["conversation.json"]


def test_references_hold_nothing_of_the_patient(tmp_path):
    path = file_of(tmp_path, "age=45 a", "ferritin=12345 ug/L")
    hlh("ask", DEP, "--references", str(tmp_path / "without.bib"))
    hlh("ask", DEP, "--references", str(tmp_path / "with.bib"), "--patient", str(path))

    assert (tmp_path / "with.bib").read_bytes() == (tmp_path / "without.bib").read_bytes()


def test_a_value_that_cannot_be_read_stops_before_the_answer_and_is_not_repeated(tmp_path):
    done = hlh("ask", DEP, "--patient", str(file_of(tmp_path, "ferritin=98,7654321 ug/L")), code=2)

    assert done.stdout == ""
    assert "row 3" in done.stderr
    assert "7654321" not in done.stderr
    assert NAME not in done.stderr


def test_a_file_that_is_not_there_is_prose(tmp_path):
    assert "cannot be read" in hlh("ask", DEP, "--patient", str(tmp_path / "no.csv"), code=2).stderr


# --- how it is shown ---


def test_the_terminal_shows_verdicts_and_one_line_for_each_study(tmp_path):
    shown = hlh("ask", DEP, "--patient", str(file_of(tmp_path, "age=45 a", "ebv_hlh=present"))).stdout
    after = shown.split("\nFor this patient, judged on 2024-03-01\n")[1].split("\nReferences\n")[0]

    assert re.search(
        r"^\? unknown +HLH-2004 diagnostic criteria +0 to 8 of 8, 5 needed$", after, re.MULTILINE
    )
    assert len(re.findall(r"^  • \[wang_2015\] .*: age same; trigger same; ", after, re.MULTILINE)) == 1
    assert shown.index("Key considerations") < shown.index("For this patient")


def test_json_keeps_the_contract(tmp_path):
    path = file_of(tmp_path, "age=45 a", "ebv_hlh=present", "etoposide=given@2024-02-01")
    answer = json.loads(hlh("ask", DEP, "--json", "--patient", str(path)).stdout)

    jsonschema.validate(answer, SCHEMA)
    assert answer["patient"]["subject"] is None
    assert answer["patient"]["on"] == ON


def test_a_refusal_still_says_what_holds_for_the_patient(tmp_path):
    path = str(file_of(tmp_path, "age=45 a"))
    answer = json.loads(hlh("ask", "best treatment of gout?", "--json", "--patient", path, code=3).stdout)

    jsonschema.validate(answer, SCHEMA)
    assert answer["patient"]["studies"] == []
    assert answer["patient"]["definitions"]


def test_markdown_and_html_show_the_same_verdicts_and_cards(tmp_path):
    patient = read_one(file_of(tmp_path, "age=17 a", "ebv_hlh=present"))
    contract = beside_patient(ask(DEP), patient).answer.contract()
    markdown, page = as_markdown(contract), as_page(contract)

    assert "| unknown | HLH-2004 diagnostic criteria | 0 to 8 of 8, 5 needed |" in markdown
    assert "age different (patient: 17 years; study: adults: median 34 years, range 18-78)" in markdown
    assert (
        '<tr><th scope="row">age</th><td class="word">different</td><td>17 years</td>'
        "<td>adults: median 34 years, range 18-78</td></tr>" in page
    )
    assert page.count('<h2 id="patient">For this patient, judged on 2024-03-01</h2>') == 1
    assert "For this patient" not in as_page(ask(DEP).answer.contract())


def test_for_families_one_sentence_stands_in_place_of_verdicts(tmp_path):
    path = str(file_of(tmp_path, "age=45 a", "ferritin=12000 ug/L", "fever=present"))
    answer = json.loads(hlh("ask", DEP, "--for", "patient", "--json", "--patient", path).stdout)
    shown = hlh("ask", DEP, "--for", "patient", "--patient", path).stdout

    jsonschema.validate(answer, SCHEMA)
    assert answer["patient"]["notes"] == [FOR_THE_TEAM]
    assert not any(answer["patient"][name] for name in ("definitions", "refractory", "studies", "omitted"))
    assert f"For this person\n  • {FOR_THE_TEAM}\n" in shown
    assert "HLH-2004 diagnostic criteria" not in shown


def test_in_a_dialogue_every_answer_is_held_against_the_patient(tmp_path):
    path = str(file_of(tmp_path, "age=45 a"))
    door, inside = pty.openpty()
    with subprocess.Popen(
        [*HLH, "ask", "--patient", path],
        stdin=inside,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as talk:
        os.close(inside)
        os.write(door, b"DEP in refractory HLH\nand in children?\n\n")
        said, _ = talk.communicate(timeout=60)
    os.close(door)

    assert talk.returncode == 0
    assert said.count("For this patient, judged on") == 2


def test_the_same_patient_gives_the_same_bytes(tmp_path):
    path = str(file_of(tmp_path, "age=45 a", "ebv_hlh=present"))

    assert len({hlh("ask", DEP, "--json", "--patient", path).stdout for _ in range(2)}) == 1
