"""Trailing windows: the plain engine asked for every window of every patient is the oracle."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from openhlh.errors import WrongInput
from openhlh.patients.as_tables import tables_of
from openhlh.rules import tree
from openhlh.rules.cohort import Cohort
from openhlh.rules.facts import Facts, Given, Measurement, Moment, Person, Seen
from openhlh.rules.plain import Plain
from openhlh.rules.screening import Plan
from openhlh.rules.trailing import screened_trailing
from openhlh.rules.verdicts import Verdict
from tests.conftest import analytes_of_shelves

START = date(2024, 2, 20)  # the stays run over 29 February
SMALL = {
    "at_least": 2,
    "of": [
        {"id": "fever", "measure": "temperature", "at_least": "38.5 Cel", "or_finding": "fever"},
        {"id": "ferritin", "measure": "ferritin", "at_least": "500 ug/L", "window": {}},
        {
            "id": "either",
            "any": [{"finding": "splenomegaly"}, {"measure": "fibrinogen", "at_most": "1.5 g/L"}],
        },
        {"id": "newborn", "all": [{"age": {"below": "28 d"}}, {"measure": "hemoglobin", "below": "100 g/L"}]},
    ],
}
AROUND = {  # values on both sides of the limits of HLH-2004
    "temperature": ("38.4", "38.5", "37.0", "36.8"),
    "ferritin": ("499", "500", "90", "120"),
    "platelets": ("99", "100", "150", "210"),
    "hemoglobin": ("89", "90", "99", "120"),
    "neutrophils": ("0.9", "1.0", "2.4"),
    "leukocytes": ("3.0", "6.0"),
    "neutrophil_percent": ("30", "50"),
    "fibrinogen": ("1.5", "1.6", "3.0"),
    "triglycerides": ("3.0", "2.9", "1.1"),
    "scd25": ("2400", "2399", "700"),
}
SIGNS = ("fever", "splenomegaly", "hemophagocytosis", "nk_activity_low")


def stay(dice, number):
    """Return a patient with some facts a day over three weeks, some pending, some under drugs."""
    days = [START + timedelta(days=one) for one in sorted(dice.sample(range(21), dice.randint(2, 9)))]
    units = {name: analyte.unit for name, analyte in analytes_of_shelves().items()}
    measured = [
        Measurement(
            name,
            Decimal(dice.choice(AROUND[name])),
            units[name],
            on,
            comparator=dice.choice(("", "", "", ">", "<")),
        )
        for on in days
        for name in dice.sample(sorted(AROUND), dice.randint(1, 6))
    ]
    seen = [
        Seen(sign, dice.choice((True, False, None)), on)
        for on in days
        for sign in SIGNS
        if dice.random() < 0.4
    ]
    given = [
        Given(drug, on, on + timedelta(days=dice.randint(0, 4)))
        for drug in ("corticosteroid", "anti_cd25")
        for on in dice.sample(days, dice.choice((0, 0, 1, 2)))
    ]
    born = START - timedelta(days=dice.choice((20, 27, 4000)))
    return Facts(Person(f"p{number}", born, born), tuple(measured), tuple(seen), tuple(given))


def patients(seed, count):
    dice = Random(seed)  # noqa: S311 - test data, not secrets
    return [stay(dice, number) for number in range(count)]


def expected(rule, facts, days):
    """Return the verdict and first day by judging every window, and by judging all days together."""
    for on in sorted({one.on for one in (*facts.measurements, *facts.findings) if one.on}):
        if (
            Plain(analytes_of_shelves(), facts, Moment(on, window=(1 - days, 0))).judge(rule).verdict
            is Verdict.MET
        ):
            return "met", on
    whole = Plain(analytes_of_shelves(), facts, Moment(START)).judge(rule).verdict
    return ("not_met" if whole is Verdict.NOT_MET else "unknown"), None


def trailing(backend, rule, several, days):
    """Return verdict and first day of each patient, the stay beginning at START."""
    tables = tables_of([(facts, Moment(START)) for facts in several], analytes_of_shelves())
    table = screened_trailing(Cohort(analytes_of_shelves(), tables), Plan((("met", rule),)), days)
    rows = backend.to_pyarrow(table.select("subject", "verdict", "first_day_met")).to_pylist()
    told = {row["subject"]: (row["verdict"], as_day(row["first_day_met"])) for row in rows}
    return [told[number] for number in range(len(several))]


def as_day(number):
    return None if number is None else date(1970, 1, 1) + timedelta(days=number)


@pytest.mark.parametrize("days", [1, 3, 7, 30])
def test_a_small_rule_is_met_where_some_window_meets_it_and_from_its_first_day(duckdb, days):
    rule, several = tree.RULE.validate_python(SMALL), patients(5, 120)
    wanted = [expected(rule, facts, days) for facts in several]
    assert trailing(duckdb, rule, several, days) == wanted
    assert {verdict for verdict, _ in wanted} == {"met", "not_met", "unknown"}


@pytest.mark.parametrize("days", [2, 7])
def test_hlh_2004_is_met_where_some_window_meets_it_and_from_its_first_day(duckdb, opened, days):
    rule, several = opened.book.bound("hlh_2004").rule, patients(6, 150)
    wanted = [expected(rule, facts, days) for facts in several]
    assert trailing(duckdb, rule, several, days) == wanted
    assert {verdict for verdict, _ in wanted} == {"met", "not_met", "unknown"}


def seen(finding, after, present=True):
    return Seen(finding, present, None if after is None else START + timedelta(days=after))


TWO = tree.RULE.validate_python({"all": [{"finding": "fever"}, {"finding": "splenomegaly"}]})


@pytest.mark.parametrize(
    ("apart", "days", "verdict"),
    [(0, 1, "met"), (1, 1, "unknown"), (6, 7, "met"), (7, 7, "unknown"), (7, 8, "met")],
)
def test_the_ends_of_a_window_belong_to_it(duckdb, apart, days, verdict):
    facts = Facts(Person("p"), findings=(seen("fever", 2), seen("splenomegaly", 2 + apart)))
    first = START + timedelta(days=2 + apart) if verdict == "met" else None
    assert trailing(duckdb, TWO, [facts], days) == [(verdict, first)]


def test_what_is_met_only_by_days_too_far_apart_is_unknown_and_never_not_met(duckdb):
    far = Facts(Person("p"), findings=(seen("fever", 0), seen("splenomegaly", 14)))
    absent = Facts(Person("p"), findings=(seen("fever", 0), seen("splenomegaly", 14, present=False)))
    nothing = Facts(Person("p"))
    assert trailing(duckdb, TWO, [far, absent, nothing], 7) == [
        ("unknown", None),
        ("not_met", None),
        ("unknown", None),
    ]


def test_a_fact_without_a_day_lies_in_no_window(duckdb):
    facts = Facts(Person("p"), findings=(seen("fever", 0), seen("splenomegaly", None)))
    assert trailing(duckdb, TWO, [facts], 7) == [("unknown", None)]


def test_an_age_is_that_of_the_day(duckdb):
    rule = tree.RULE.validate_python({"all": [{"age": {"below": "28 d"}}, {"finding": "fever"}]})
    born = START - timedelta(days=26)
    several = [Facts(Person("p", born, born), findings=(seen("fever", after),)) for after in (0, 1, 2)]
    told = trailing(duckdb, rule, several, 1)
    assert [verdict for verdict, _ in told] == ["met", "met", "unknown"]


def test_an_age_that_is_reached_during_the_stay_counts(duckdb):
    rule = tree.RULE.validate_python({"all": [{"age": {"at_least": "28 d"}}, {"finding": "fever"}]})
    born = START - timedelta(days=27)
    facts = Facts(Person("p", born, born), findings=(seen("fever", 3),))
    assert trailing(duckdb, rule, [facts], 1) == [("met", START + timedelta(days=3))]


FEVER = {"finding": "fever"}


@pytest.mark.parametrize(
    "node",
    [
        {"not": FEVER},
        {"exposure": "etoposide"},
        {"change": "ferritin", "at_most_times": "0.5"},
        {"at_baseline": FEVER},
        {"normalised": FEVER},
        {"applies_if": FEVER, "then": FEVER},
        {"measure": "ferritin", "at_least": "500 ug/L", "pick": "latest"},
        {"at_least": 1, "of": [FEVER, {"all": [FEVER, {"not": FEVER}]}]},
    ],
)
def test_a_rule_that_more_facts_can_undo_has_no_trailing_windows(node):
    rule = tree.RULE.validate_python(node)
    cohort = Cohort(analytes_of_shelves(), tables_of([], analytes_of_shelves()))
    with pytest.raises(WrongInput, match="this definition cannot be judged in trailing windows"):
        screened_trailing(cohort, Plan((("met", rule),)), 7)


def test_levels_have_no_trailing_windows():
    rule = tree.RULE.validate_python(FEVER)
    cohort = Cohort(analytes_of_shelves(), tables_of([], analytes_of_shelves()))
    with pytest.raises(WrongInput, match="--trailing"):
        screened_trailing(cohort, Plan((("G4", rule), ("G3", rule)), "G0"), 7)
