"""Statements about a cohort against the table of its patients."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.claims import Centre, Day, PatientRow, Printed, Proportion, Survival
from openhlh.evidence import row_checks, row_text
from openhlh.evidence.patient_rows import Patient, tables_of_patients
from openhlh.evidence.recomputed import alive_at, median_survival
from openhlh.literature.dates import day_claims
from openhlh.literature.patient_rows import patient_row_claims
from openhlh.literature.reading import read_document
from openhlh.literature.survival import survival_claims
from openhlh.literature.tokens import sentences

SOURCES = Path(__file__).parents[1].parent / "shared" / "sources"
# Eight invented patients: survival in days, alive, best response, duration of response in days.
ROWS = [
    (100, "No", "PR", 60), (400, "Yes", "CR", 380), (90, "No", "PR", 90), (200, "No", "CR", 150),
    (390, "Yes", "CR", 370), (30, "No", "NR", None), (410, "Yes", "CR", 390), (60, "No", "NR", None),
]  # fmt: skip


def rows(changes=None):
    found = []
    for number, row in enumerate(ROWS, 1):
        days, alive, level, lasted = (changes or {}).get(number, row)
        cells = [
            ("survival time (days)", str(days)), ("survival", alive), ("best response", level),
            ("duration of response (days)", "—" if lasted is None else str(lasted)), ("etiology", "pond" if number % 2 else "lake"),
        ]  # fmt: skip
        found.append(
            PatientRow(
                number,
                number,
                f"Patient {number}",
                "table 1",
                "",
                str(number),
                tuple((*cell, 0, 0) for cell in cells),
            )
        )
    return found


def number(text, at=900):
    return Printed(text, Fraction(text), len(text.partition(".")[2]), at, at + len(text))


def survival(percent, time, series=1, total=None):
    return Survival(
        900,
        901,
        percent,
        endpoint="os",
        percent=number(percent),
        time=number(time),
        unit="month",
        total=total,
        series=series,
    )


def words(check, *claims, changes=None):
    return [one.word for one in check([*rows(changes), *claims])]


def test_kaplan_meier_agrees_with_counting_by_hand_where_nobody_is_censored_early():
    (table,) = tables_of_patients(rows())
    # deaths at 30, 60, 90, 100, 200; survivors beyond: 7/8, 6/8, 5/8, 4/8, 3/8
    assert [alive_at(table.patients, Fraction(day)) for day in (29, 30, 60, 95, 100, 200, 420)] == [
        Fraction(1), Fraction(7, 8), Fraction(6, 8), Fraction(5, 8), Fraction(1, 2), Fraction(3, 8), Fraction(3, 8),
    ]  # fmt: skip
    assert median_survival(table.patients) == [100, 150, 200]


def test_a_censored_patient_leaves_the_number_at_risk():
    # R: survfit(Surv(c(1,2,3,4), c(1,0,1,0)) ~ 1) gives 0.75 at 1 and 0.375 at 3
    told = [
        Patient(rows()[0], Fraction(t), alive=alive)
        for t, alive in ((1, False), (2, True), (3, False), (4, True))
    ]
    assert [alive_at(told, Fraction(t)) for t in (1, 2, 3, 4)] == [
        Fraction(3, 4),
        Fraction(3, 4),
        Fraction(3, 8),
        Fraction(3, 8),
    ]
    assert median_survival(told) == [3]


@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), min_size=1, max_size=12), st.integers(0, 60))
def test_survival_from_rows_lies_between_nothing_and_all_and_falls(told, time):
    patients = [Patient(rows()[0], Fraction(when), alive=alive) for when, alive in told]
    now, later = alive_at(patients, Fraction(time)), alive_at(patients, Fraction(time + 5))
    assert 0 <= later <= now <= 1


def test_survival_of_the_whole_cohort_follows_or_does_not():
    good = survival("75", "2", total=number("8"))  # 60 days: 6 of 8
    assert words(row_text.rows_agree_with_text, good, survival("37.5", "12")) == [
        "CONSISTENT",
        "CONSISTENT",
    ]
    found = list(row_text.rows_agree_with_text([*rows(), good, survival("47.5", "12")]))
    assert [one.word for one in found][-1] == "INCONSISTENT"
    assert found[-1].computed == "37.5 %"


def test_without_the_number_of_patients_a_series_is_not_compared():
    assert words(row_text.rows_agree_with_text, survival("11", "12")) == []


def follow_up(text, low, high):
    return Centre(
        950,
        951,
        text,
        measure="median",
        centre=number(text),
        low=number(low),
        high=number(high),
        spread="range",
        quantity="follow-up time",
        unit="months",
    )


def test_a_median_follow_up_names_the_days_of_a_month_that_it_holds_with():
    # (100 + 200) / 2 = 150 days: 5.0 months of 30 days, 4.9 of 30.44; 30 days = 1.0; 410 days = 13.7 or 13.5
    (found,) = row_text.rows_agree_with_text([*rows(), follow_up("5.0", "1.0", "13.7")])
    assert (found.word, found.convention) == ("CONVENTION", "months of 30 days")
    (other,) = row_text.rows_agree_with_text([*rows(), follow_up("4.9", "1.0", "13.5")])
    assert other.convention in {"months of 30.44 days", "months of 30.4 days"}


def test_a_wrong_median_beside_the_right_range_does_not_follow():
    right = Proportion(960, 961, "4 (50%)", about="cr", count=number("4"), total=number("8"))
    found = list(row_text.rows_agree_with_text([*rows(), follow_up("7.0", "1.0", "13.7"), right]))
    assert [one.word for one in found] == ["INCONSISTENT", "CONSISTENT"]
    assert [
        one.word for one in row_text.rows_agree_with_text([*rows(), follow_up("7.0", "1.0", "13.7")])
    ] == ["TENSION"]


def test_counts_of_responses_and_deaths_are_compared_with_the_rows():
    # by hand: CR 2, 4, 5, 7; PR 1, 3; NR 6, 8; dead 1, 3, 4, 6, 8
    claims = [
        told("3", "showing cr"),
        told("5", "overall mortality rate"),
        told("6", "orr"),
        told("4", "complete response"),
    ]
    found = {
        (one.claim.about, one.word, one.computed) for one in row_text.rows_agree_with_text([*rows(), *claims])
    }
    assert found == {
        ("showing cr", "INCONSISTENT", "4 CR"), ("overall mortality rate", "CONSISTENT", "5 deaths, 3 alive"),
        ("orr", "CONSISTENT", "6 CR + PR, 6 responders"), ("complete response", "CONSISTENT", "4 CR"),
    }  # fmt: skip


def told(count, about, total="8"):
    return Proportion(970, 971, count, about=about, count=number(count), total=number(total))


def test_one_statement_alone_does_not_hold_where_the_table_is_of_everybody_and_its_shape_is_certain():
    wrong = told("3", "complete response seen")
    guessed = [replace(one, certain=False) for one in rows()]
    assert [one.word for one in row_text.rows_agree_with_text([*rows(), wrong])] == ["INCONSISTENT"]
    assert [one.word for one in row_text.rows_agree_with_text([*guessed, wrong])] == ["TENSION"]
    larger = [told("9", "rain", "30"), told("8", "snow", "30")]
    assert [one.word for one in row_text.rows_agree_with_text([*rows(), wrong, *larger])] == ["TENSION"]


@pytest.mark.parametrize(
    ("count", "about"),
    [
        ("6", "complete partial response seen"),  # complete or partial: 4 + 2
        ("6", "least partial response"),
        ("6", "responded"),
        ("3", "died"),  # "did not die": words lose their "not", and 3 are alive
        ("3", "survived"),
        ("4", "remission complete"),
    ],
)
def test_words_that_can_be_meant_so_follow(count, about):
    assert [one.word for one in row_text.rows_agree_with_text([*rows(), told(count, about)])] == [
        "CONSISTENT"
    ]


def test_a_response_at_a_time_is_only_doubted():
    found = row_text.rows_agree_with_text([*rows(), told("3", "complete response first week")])
    assert [one.word for one in found] == ["TENSION"]


def test_of_two_tables_of_patients_either_may_be_meant():
    other = [replace(one, where="table 2", start=one.start + 100) for one in rows({1: (100, "No", "CR", 60)})]
    for count, word in (("4", "CONSISTENT"), ("5", "CONSISTENT"), ("6", "INCONSISTENT")):
        claims = [*rows(), *other, told(count, "complete response")]
        assert [one.word for one in row_text.rows_agree_with_text(claims)] == [word]


def test_a_column_of_follow_up_gives_the_median_follow_up():
    def row(n, days):
        cells = (("follow-up (days)", str(days), 0, 0), ("status", "alive", 0, 0))
        return PatientRow(n, n, f"{n}", "table 1", "", f"{n}", cells)

    table = [row(n, days) for n, days in enumerate((10, 20, 60, 90), 1)]  # the middle is 40
    for value, word in (("40", "CONSISTENT"), ("50", "INCONSISTENT")):
        centre = Centre(
            900, 910, value, measure="median", centre=number(value), quantity="follow-up", unit="days"
        )
        found = row_text.rows_agree_with_text([*table, centre, told("1", "rain", "4")])
        assert [one.word for one in found] == [word]


def test_a_response_longer_than_the_life_does_not_hold():
    found = words(row_checks.responses_end_before_survival, changes={1: (100, "No", "PR", 101)})
    assert found.count("INCONSISTENT") == 1
    assert words(row_checks.responses_end_before_survival).count("INCONSISTENT") == 0


def test_responses_that_all_end_equally_early_point_to_two_closing_days():
    no_return = Survival(980, 981, "no relapse", endpoint="no recurrence")
    closed = Day(990, 991, "x", role="followed_to", first=date(2020, 1, 1), last=date(2020, 1, 1))
    assert words(row_checks.responses_end_with_follow_up) == ["CONVENTION"]
    assert words(row_checks.responses_end_with_follow_up, no_return, closed) == ["INCONSISTENT"]
    assert (
        words(
            row_checks.responses_end_with_follow_up, no_return, closed, changes={2: (400, "Yes", "CR", 381)}
        )
        == []
    )


def test_a_remission_told_longer_than_any_response_does_not_hold():
    told = Survival(985, 986, "one year", endpoint="remission", time=number("1"), unit="year")
    assert words(row_checks.remissions_last_as_told, told) == ["CONSISTENT"]
    shorter = {2: (400, "Yes", "CR", 200), 5: (390, "Yes", "CR", 200), 7: (410, "Yes", "CR", 210)}
    assert words(row_checks.remissions_last_as_told, told, changes=shorter) == ["INCONSISTENT"]


def test_survivors_are_followed_from_the_enrolment_to_the_closing_day():
    def dated(until):
        return [
            Day(1000, 1001, "a", role="enrolled_from", first=date(2020, 1, 1), last=date(2020, 1, 1)),
            Day(1002, 1003, "b", role="enrolled_to", first=date(2020, 2, 1), last=date(2020, 2, 1)),
            Day(1004, 1005, "c", role="cutoff", first=until, last=until),
        ]

    assert (
        words(row_checks.survivors_fit_dates, *dated(date(2021, 2, 14))) == ["CONSISTENT"] * 3
    )  # 379 to 410 days
    assert (
        words(row_checks.survivors_fit_dates, *dated(date(2020, 7, 1))) == ["INCONSISTENT"] * 3
    )  # at most 182 days


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the source documents are not here")
def test_of_the_table_in_the_sources_only_the_known_statements_do_not_hold():
    document = read_document(next(SOURCES.glob("003*")))
    read = list(sentences(document.text))
    claims = sorted(
        [*patient_row_claims(document, read), *survival_claims(document, read), *day_claims(document, read)],
        key=lambda one: one.start,
    )
    checks = (
        row_text.rows_agree_with_text, row_checks.responses_end_before_survival, row_checks.responses_end_with_follow_up,
        row_checks.remissions_last_as_told, row_checks.survivors_fit_dates,
    )  # fmt: skip
    found = [one for check in checks for one in check(claims)]
    assert [(one.rule, one.difference) for one in found if one.verdict == "does_not_hold"] == [
        ("R15b", "181 days for each"),
        ("R15b", ""),
    ]
    assert [one.stated for one in found if one.rule == "R11"] == [
        "75 % at 2 months",
        "50 % at 6 months",
        "37.5 % at 12 months",
    ]
    assert {one.word for one in found if one.rule in {"R11", "R09b", "R15"}} == {"CONSISTENT"}
