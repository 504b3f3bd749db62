"""`hlh ask` for a pooled number: what the pooling says, what it leaves out, and silence where none is asked."""

import json

import jsonschema
import pytest

from openhlh.journeys.ask import ask
from tests.shell import hlh


def section(answer, title="Pooled result"):
    return next((one for one in answer.sections if one.title == title), None)


def test_the_pooled_response_to_dep_comes_with_k_interval_prediction_and_what_was_left_out():
    answer = ask("what is the pooled response to DEP in refractory HLH?").answer
    text = " ".join(one.text for one in section(answer).statements)

    assert answer.sections[0].title == "Pooled result"
    # 48 + 24 + 39 + 16 of 63 + 28 + 53 + 26
    assert "74.7 %" in text
    assert "k = 4 studies, 127 of 170 patients" in text
    assert "95 % prediction interval" in text
    assert "Left out (arms that share patients" in text
    assert "Wang 2015, without lymphoma 26 of 34" in text


def test_the_sources_of_pooled_and_of_left_out_studies_are_cited_and_listed():
    answer = ask("pooled response rate of ruxolitinib in relapsed HLH").answer
    keys = {key for one in section(answer).statements for key in one.citations}

    assert "wei_2020" in keys
    assert keys <= {one.key for one in answer.references} | {"openhlh_editors"}


@pytest.mark.parametrize(
    "question",
    [
        "What are the treatment options for refractory HLH?",
        "How many of the 27 previously treated children responded to emapalumab?",
        "What is the response to DEP in refractory HLH?",
    ],
)
def test_no_pooled_number_stands_where_none_was_asked(question):
    assert section(ask(question).answer) is None


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("pooled survival after DEP", "survival"),
        ("pooled infection rate with emapalumab", "harms"),
        ("pooled rate of transplantation after emapalumab", "transplantation"),
        ("pooled mortality in refractory HLH", "deaths"),
    ],
)
def test_what_is_not_a_response_is_not_pooled_and_it_is_said(question, what):
    answer = ask(question).answer

    assert section(answer) is None
    assert any(what in one.text and "pooled" in one.text for one in answer.refusals)


def test_a_regimen_that_is_named_is_not_answered_by_its_family():
    text = section(ask("pooled response to L-DEP").answer).statements[0].text

    # 24 of 28 and 16 of 26
    assert "40 of 54 patients" in text
    assert "only regimen L-DEP" in text


def test_a_drug_that_only_goes_with_others_has_no_pooled_response_of_its_own():
    assert section(ask("pooled response to methylprednisolone").answer) is None


def test_a_complete_response_of_nobody_does_not_say_to_patients_that_nobody_got_better():
    answer = ask("pooled complete response to alemtuzumab", "patient").answer
    text = " ".join(one.text for one in section(answer).statements)

    assert "all signs of HLH went away in 0 of 22 people" in text
    assert "better in part" in text


def test_a_complete_response_is_pooled_where_that_is_asked():
    answer = ask("meta-analysis of complete response to salvage treatment in refractory HLH").answer

    assert "Complete response to salvage treatment" in section(answer).statements[0].text


def test_where_no_study_may_be_pooled_the_answer_says_so_with_the_reason():
    texts = [
        one.text for one in section(ask("pooled response to tocilizumab in refractory HLH").answer).statements
    ]

    assert "no study may be pooled" in texts[0]
    assert any("Tocilizumab cohort 2022" in text and "0 of 8" in text for text in texts)


def test_patients_are_told_in_plain_words():
    answer = ask("what is the pooled response to DEP in refractory HLH?", "patient").answer
    text = " ".join(one.text for one in section(answer).statements)

    assert "127 of 170 people got better" in text
    assert "logit" not in text


def test_the_contract_of_ask_holds_with_a_pooled_section(monkeypatch):
    from tests.test_cli import SCHEMA

    done = hlh(monkeypatch, "ask", "pooled response to DEP in refractory HLH", "--json")
    found = json.loads(done.out)

    jsonschema.validate(found, SCHEMA)
    numbers = found["sections"][0]["statements"][0]["numbers"]
    assert {"74.7", "127", "170"} <= {one["text"] for one in numbers}
    assert all("hlh pool salvage_response_dep_family" in one["recomputed"] for one in numbers)
