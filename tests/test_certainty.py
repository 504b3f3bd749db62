"""The certainty table: five domains, facts from the result, judgements left to the reviewer."""

import pytest

from openhlh.renderings.certainty import TO_JUDGE, certainty_table, certainty_text
from tests.test_pooled_methods import result, study


def facts(domain, **more):
    return next(one.facts for one in certainty_table(result(**more)) if one.name == domain)


def test_the_domains_are_those_of_grade_and_no_judgement_is_ours():
    table = certainty_table(result())

    assert [one.name for one in table] == [
        "risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias"
    ]  # fmt: skip
    assert {one.judgement for one in table} == {TO_JUDGE}
    for word in ("serious", "downgrade", "moderate", "high certainty"):
        assert word not in certainty_text(result())


def test_bias_is_told_by_designs_and_doubts():
    assert facts("risk of bias") == (
        "3 studies without a control group",
        "designs: 1 case series, 1 retrospective, 1 single arm trial",
        "1 case report or case series among them",
        "doubts about printed numbers: 1 of 3 studies, 1 of them hard",
    )


def test_prospective_is_told_only_where_it_is_recorded():
    studies = [study("A", 1, 9, prospective=True), study("B", 1, 9, prospective=False), study("C", 1, 9)]

    assert "prospective: 1 of 2 whose direction is recorded" in facts("risk of bias", studies=studies)
    assert not any("prospective" in fact for fact in facts("risk of bias"))


def test_inconsistency_holds_spread_and_prediction():
    assert facts("inconsistency") == (
        "proportions of the studies: 35.3 % to 100.0 %",
        "tau squared 0.714 (ML; profile interval 0 to no upper bound)",
        "I squared 46 % (typical)",
        "prediction interval for a new study: 5.0 % to 99.0 % (hts)",
    )


def test_indirectness_counts_definitions_lines_and_causes():
    found = facts("indirectness")

    assert "definitions of the outcome: 2 response a, 1 response b" in found
    assert "lines of treatment: 3 refractory" in found
    assert "ages: 1 adult" in found
    assert "regimens: not recorded" in found
    assert "causes (studies that include them): 1 ebv" in found


def test_imprecision_holds_counts_and_the_width_of_the_interval():
    assert facts("imprecision") == (
        "57 events in 83 patients, k = 3",
        "95 % interval 31.0 % to 91.2 % (profile), 60.2 percentage points wide",
    )


def test_a_small_study_check_is_refused_below_ten_studies():
    assert "small-study check: refused, 3 of at least 10 studies" in facts("publication bias")
    assert "second-hand counts: 1 pooled, 1 left out" in facts("publication bias")
    assert "reports of up to 3 patients: 1 of 3 studies" in facts("publication bias")


def test_a_small_study_check_that_was_made_comes_with_its_caution():
    check = {"name": "peters", "slope": {"p": 0.9315}, "caution": "It means little."}

    assert "small-study check (peters): p = 0.93. It means little." in facts(
        "publication bias", k=12, small_study=check
    )


def test_the_starting_level_is_told_with_its_source():
    text = certainty_text(result())

    assert "GRADE starts observational evidence at low (Balshem H" in text
    assert "Without a control group the table is about the proportion itself" in text


def test_two_arms_are_not_said_to_have_no_control():
    arms = [{"label": "A", "events_1": 1, "total_1": 5, "events_2": 2, "total_2": 6, "doubts": []}]
    told = certainty_text(result(studies=arms))

    assert "1 study with two arms" in told
    assert "Without a control group" not in told


@pytest.mark.parametrize("empty", [{}, {"k": 0, "studies": [], "interval": None}])
def test_nothing_pooled_means_nothing_to_rate(empty):
    told = certainty_text(empty)

    assert told.count("no study was pooled: there is no body of evidence to rate") == 5
