"""What an answer may and must say: lines kept apart, overlaps never added, doubts and harms shown."""

import re

import pytest

from openhlh.journeys.ask import ask
from tests.conftest import text_of


def contract(question, audience="clinician"):
    return ask(question, audience).answer.contract()


def section(answer, title):
    return next((one["statements"] for one in answer["sections"] if one["title"] == title), [])


@pytest.fixture(scope="module")
def options():
    return contract("What are the treatment options for refractory HLH?")


def test_the_broad_answer_has_the_sections_that_users_know(options):
    assert [one["title"] for one in options["sections"]] == [
        "From the guidelines",
        "From the research",
        "Studied, but not only after failure of earlier treatment",
        "Harm signals, failed and stopped trials",
        "Combinations",
        "From a web answer (not reviewed)",
        "Key considerations",
        "What is not known",
    ]
    assert options["references"]
    assert options["follow_ups"]


def test_salvage_evidence_holds_no_first_line_study(options):
    shown = section(options, "From the research") + section(options, "Combinations")
    efficacy = [one["text"] for one in shown if "responded" in one["text"]]

    assert efficacy
    assert [text for text in efficacy if "(first line)" in text] == []


def test_first_line_studies_are_named_as_no_evidence_for_refractory_disease(options):
    mixed = section(options, "Studied, but not only after failure of earlier treatment")

    assert any(
        "no evidence for refractory disease" in one["text"] and "zhou_2023" in one["citations"]
        for one in mixed
    )


def test_overlapping_reports_are_not_both_shown_as_evidence(options, shelves):
    shown = [
        one["citations"][0]
        for name in ("From the research", "Combinations")
        for one in section(options, name)
        if re.search(r"\d+ of \d+ (patients|courses)", one["text"])
    ]
    pairs = [
        (a, b)
        for a in shown
        for b in shown
        if a in shelves.studies and b in {o.study for o in shelves.studies[a].overlaps} and a != b
    ]

    assert pairs == []


def test_guidance_about_other_patients_is_called_indirect(options):
    emapalumab = [
        one["text"]
        for one in section(options, "From a web answer (not reviewed)")
        if "escalate to emapalumab" in one["text"]
    ]

    assert emapalumab
    assert all("Indirect:" in text for text in emapalumab)


def test_harm_signals_and_stopped_trials_are_part_of_the_answer(options):
    harm = " ".join(one["text"] for one in section(options, "Harm signals, failed and stopped trials"))

    assert "hazard ratio 5.55" in harm
    assert "NI-0501-10 was terminated" in harm
    assert "Zinbryta" in harm


def test_each_efficacy_statement_says_who_how_judged_design_and_what_was_seen(options):
    for one in section(options, "From the research"):
        if "exact 95 % interval" in one["text"] and "responded" in one["text"]:
            for part in (
                r"\d+ of \d+",
                r"\d+\.\d %",
                r"Judged",
                r"seen as",
                r"\((refractory|relapsed|relapsed or refractory)\)",
            ):
                assert re.search(part, one["text"]), (part, one["text"])


def test_a_doubt_travels_with_the_number_into_every_answer():
    for question in ("response to daclizumab", "What are the treatment options for refractory HLH?"):
        doubts = " ".join(
            d for s in contract(question)["sections"] for one in s["statements"] for d in one["doubts"]
        )
        assert "47.0" in doubts
        assert "47.1" in doubts


def test_courses_are_never_shown_as_patients():
    text = text_of(contract("ATG in familial HLH: complete response?"))

    assert "45 courses (given to 38 patients)" in text
    assert not re.search(r"33 (of|/) ?38", text)


def test_results_judged_differently_are_not_put_side_by_side_without_saying_so():
    text = text_of(contract("compare emapalumab and DEP in refractory HLH"))

    assert "Do not rank these results" in text
    assert "different definitions" in text


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Just confirm: ATG gave complete remission in 33 of 38 patients", "Not correct"),
        ("DEP: 48 of 63 responded, correct?", "Confirmed"),
        ("ATG: 73% CR, 24% PR, 2% NR - correct?", "Confirmed"),
        ("alemtuzumab complete remission in 14 of 22.", "Not correct as put"),
        ("tocilizumab: 44.6% response, right?", "Cannot be confirmed"),
        ("L-DEP children 85.7%, right?", "Not correct as put"),
        ("Ru-D 6-month survival 75%?", "Not correct as put"),
        ("Ru-D 7/8 in refractory HLH, correct?", "Not as put: this is no result in refractory"),
        ("39/53 is 73.6% on Ru-DEP?", "Confirmed"),
    ],
)
def test_a_figure_in_the_question_is_ruled_on_first(question, verdict):
    assert section(contract(question), "Answer")[0]["text"].startswith(verdict)


def test_a_randomised_trial_is_not_taken_for_granted():
    first = section(
        contract(
            "Since the randomised trial showed DEP beats dexamethasone-etoposide, should it be first choice?"
        ),
        "Answer",
    )[0]

    assert first["text"].startswith("No randomised trial of DEP")


def test_two_names_of_one_drug_are_called_one_drug():
    assert "one and the same drug" in section(contract("Gamifant vs emapalumab"), "Answer")[0]["text"]


def test_what_is_on_no_page_is_said_to_be_so_with_what_was_looked_at():
    answer = contract("is there any role for colchicine in HLH?")

    assert not answer["answered"]
    assert "'colchicine'" in answer["refusals"][0]["text"]
    assert re.search(r"Looked at: \d+ publications", answer["refusals"][0]["reason"])


def test_a_drug_without_a_study_says_so():
    answer = contract("response to siltuximab in HLH")

    assert "No study of Siltuximab" in answer["refusals"][0]["text"]


@pytest.mark.parametrize(
    "question",
    [
        "best 1st line for Langerhans cell histiocytosis?",
        "What is the capital of France?",
        "CAEBV without HLH: treatment?",
        "how do I treat gout",
        "",
        "   "[:0] + "?",
    ],
)
def test_what_is_out_of_scope_is_declined(question):
    if not question:
        return
    answer = contract(question)

    assert not answer["answered"]
    assert answer["refusals"]


def test_a_gap_answers_first_where_nothing_is_known():
    assert "plasma exchange" in section(contract("plasma exchange for HLH?"), "Answer")[0]["text"]


def test_a_patient_of_a_published_table_answers_by_number():
    first = section(contract("what happened to patient 8 in the Ru-D trial"), "Answer")[0]["text"]

    assert first.startswith("Patient 8")
    assert "survival 2 days" in first


def test_the_review_status_is_shown_and_nothing_is_called_approved(options):
    assert options["review"] == {"status": "unreviewed", "by": None, "on": None, "stale": False}
    assert {one["status"] for one in options["references"]} == {"unreviewed"}


def test_the_notice_is_on_every_answer():
    for question in ("options for refractory HLH", "what is the weather", "he is having a seizure"):
        assert "not a medical device" in contract(question)["notice"]


@pytest.mark.parametrize(
    "question", ["What are the treatment options for refractory HLH?", "Which gene causes FHL3?"]
)
def test_the_same_question_gives_the_same_bytes(question):
    assert contract(question) == contract(question)


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("deaths on alemtuzumab", "No counts of deaths of what is asked"),
        ("Does Ru-D work for refractory HLH?", "Studied as first treatment in new disease"),
        ("grade 3 haematological toxicity of Ru-D - 12.5 or 25%?", "One patient with grade III"),
    ],
)
def test_what_limits_an_answer_opens_it(question, opening):
    answer = ask(question).answer.contract()

    assert answer["sections"][0]["statements"][0]["text"].startswith(opening)


def test_a_surrogate_is_not_called_a_response():
    answer = ask("rituximab in EBV-HLH: how many responded?").answer.contract()
    text = " ".join(one["text"] for part in answer["sections"] for one in part["statements"])

    assert "10 of 15 patients responded" not in text
    assert "not a response of HLH" in text


def test_a_treatment_that_failed_before_is_not_the_one_asked_about():
    assert ask("anakinra for primary HLH after etoposide failure?").frame.drugs == ("anakinra",)
