"""Screening a cohort: verdict, bounds, first day, a column for each line, levels, and the evidence."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import ibis
import pytest

from openhlh.patients.as_tables import tables_of
from openhlh.rules import tree
from openhlh.rules.cohort import Cohort
from openhlh.rules.facts import Facts, Given, Measurement, Moment, Person, Seen
from openhlh.rules.plain import Plain
from openhlh.rules.screening import Plan, is_monotone, screened
from openhlh.rules.verdicts import Verdict
from tests.conftest import analytes_of_shelves
from tests.test_rules_trailing import START, as_day, patients

FEVER = {"id": "fever", "finding": "fever"}
SPLEEN = {"id": "splenomegaly", "finding": "splenomegaly"}
FERRITIN = {"id": "ferritin", "measure": "ferritin", "at_least": "500 ug/L"}


def rule(node):
    return tree.RULE.validate_python(node)


def plan_of(node, **more):
    return Plan((("met", rule(node)),), **more)


def rows_of(backend, plan, *several, window=(None, None)):
    """Return the screened rows of patients, each a list of facts, by patient."""
    kinds = (Measurement, Seen, Given)
    facts = [
        Facts(Person("p"), *(tuple(one for one in rows if isinstance(one, kind)) for kind in kinds))
        for rows in several
    ]
    tables = tables_of([(one, Moment(START)) for one in facts], analytes_of_shelves())
    table = screened(Cohort(analytes_of_shelves(), tables, window), plan)
    rows = backend.to_pyarrow(table).to_pylist()
    return sorted(rows, key=lambda row: row["subject"])


def seen(finding, after=0, present=True):
    return Seen(finding, present, None if after is None else START + timedelta(days=after))


def value(analyte, number, unit, after=0, **more):
    return Measurement(analyte, Decimal(number), unit, START + timedelta(days=after), **more)


def test_each_patient_has_one_row_with_verdict_bounds_and_lines(duckdb):
    plan = plan_of({"at_least": 2, "of": [FEVER, SPLEEN, FERRITIN]})
    first, second, third = rows_of(
        duckdb,
        plan,
        [seen("fever"), seen("splenomegaly", 3), value("ferritin", "400", "ug/L")],
        [seen("fever", present=None), seen("splenomegaly")],
        [],
    )
    assert (first["verdict"], first["lower"], first["upper"]) == ("met", 2, 2)
    assert [first[f"c_{name}"] for name in ("fever", "splenomegaly", "ferritin")] == ["met", "met", "not_met"]
    assert as_day(first["first_day_met"]) == START + timedelta(days=3)
    assert (second["verdict"], second["lower"], second["upper"]) == ("unknown", 1, 3)
    assert (third["verdict"], third["lower"], third["upper"]) == ("unknown", 0, 3)
    assert [third[f"c_{name}"] for name in ("fever", "splenomegaly", "ferritin")] == ["unknown"] * 3
    assert third["first_day_met"] is None


def test_the_count_below_a_route_gives_the_bounds(duckdb):
    node = {
        "alternative": {"id": "genes", "finding": "hlh_variant"},
        "beside": {"at_least": 2, "of": [FEVER, SPLEEN]},
    }
    (row,) = rows_of(duckdb, plan_of(node), [seen("hlh_variant"), seen("fever")])
    assert (row["verdict"], row["lower"], row["upper"], row["c_genes"]) == ("met", 1, 2, "met")


def test_a_rule_that_counts_nothing_has_no_bounds(duckdb):
    (row,) = rows_of(duckdb, plan_of({"any": [FEVER, SPLEEN]}), [seen("fever")])
    assert set(row) == {"subject", "on", "verdict", "first_day_met", "c_fever", "c_splenomegaly"}


def test_lines_without_a_name_are_numbered_and_a_name_stands_once():
    unnamed = {"finding": "hiv"}
    plan = plan_of({"all": [FEVER, unnamed, {"any": [FEVER, SPLEEN]}]})
    assert list(plan.lines) == ["fever", "line_2", "splenomegaly"]


def test_a_patient_outside_the_window_is_unknown(duckdb):
    several = [[seen("fever", after)] for after in (-1, 0, 6, 7, None)]
    told = [row["verdict"] for row in rows_of(duckdb, plan_of(FEVER), *several, window=(0, 6))]
    assert told == ["unknown", "met", "met", "unknown", "met"]


# ---- the first day


def first_day(node, facts):
    """Return the earliest day up to which the recorded facts meet a rule."""
    for on in sorted({one.on for one in (*facts.measurements, *facts.findings)}):
        until = Facts(
            facts.person,
            tuple(one for one in facts.measurements if one.on <= on),
            tuple(one for one in facts.findings if one.on <= on),
            facts.exposures,
        )
        if Plain(analytes_of_shelves(), until, Moment(START)).judge(node).verdict is Verdict.MET:
            return on
    return None


def test_the_first_day_is_that_by_which_the_facts_sufficed(duckdb, opened):
    several = patients(21, 100)
    tables = tables_of([(facts, Moment(START)) for facts in several], analytes_of_shelves())
    for key in ("hlh_2004", "hlh_2004_count"):
        node = opened.book.bound(key).rule
        table = screened(Cohort(analytes_of_shelves(), tables), Plan((("met", node),)))
        rows = duckdb.to_pyarrow(table.select("subject", "first_day_met")).to_pylist()
        got = {row["subject"]: as_day(row["first_day_met"]) for row in rows}
        expected = [first_day(node, facts) for facts in several]
        assert [got[number] for number in range(len(several))] == expected
        assert len(set(expected)) > 10


@pytest.mark.parametrize("node", [FEVER, {"any": [{"age": {"at_least": "0 d"}}, FEVER]}])
def test_where_no_day_is_known_there_is_no_first_day(duckdb, node):
    facts = Facts(Person("p", START, START), findings=(seen("fever", None),))
    tables = tables_of([(facts, Moment(START))], analytes_of_shelves())
    table = screened(Cohort(analytes_of_shelves(), tables), plan_of(node))
    (row,) = duckdb.to_pyarrow(table.select("verdict", "first_day_met")).to_pylist()
    assert (row["verdict"], as_day(row["first_day_met"])) == ("met", None)


def test_a_rule_that_facts_can_undo_has_no_first_day(duckdb):
    (row,) = rows_of(duckdb, plan_of({"not": SPLEEN}), [seen("splenomegaly", present=False)])
    assert row["verdict"] == "met"
    assert "first_day_met" not in row


WORST = {"measure": "ferritin", "at_least": "500 ug/L"}
MONOTONE = [
    (FEVER, True),
    (WORST, True),
    ({"age": {"below": "28 d"}}, True),
    ({"any": [FEVER, {"all": [FEVER, WORST]}]}, True),
    ({"at_least": 1, "of": [FEVER]}, True),
    ({"alternative": FEVER, "beside": WORST}, True),
    ({"score": [{"id": "a", "steps": [{"points": 1, "when": FEVER}]}], "at_least": 1}, True),
    (WORST | {"confounded_by": [{"exposure": "etoposide"}]}, True),
    (WORST | {"pick": "first"}, False),
    (WORST | {"pick": "latest"}, False),
    (WORST | {"pick": "nearest"}, False),
    ({"not": FEVER}, False),
    ({"exposure": "etoposide"}, False),
    ({"change": "ferritin", "at_least_times": "2"}, False),
    ({"normalised": WORST}, False),
    ({"at_baseline": FEVER}, False),
    ({"applies_if": FEVER, "then": WORST}, False),
    ({"all": [FEVER, {"any": [FEVER, {"not": FEVER}]}]}, False),
    (
        {"measure": "neutrophils", "below": "1 10*9/L", "or_derived": {"product": ["leukocytes", "neutrophil_percent"], "times": "0.01"}, "confounded_by": [{"exposure": "g_csf"}]},
        False,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("node", "expected"), MONOTONE)
def test_monotone_is_what_more_facts_cannot_undo(node, expected):
    assert is_monotone(rule(node)) is expected


# ---- levels

LEVELS = Plan((("CR", rule(FEVER)), ("PR", rule(SPLEEN))), "NR")


@pytest.mark.parametrize(
    ("fever", "spleen", "expected"),
    [
        (True, None, "CR"),
        (True, False, "CR"),
        (False, True, "PR"),
        (False, False, "NR"),
        (None, True, "unknown"),
        (None, False, "unknown"),
        (False, None, "unknown"),
    ],
)
def test_the_best_level_counts_once_every_better_one_is_ruled_out(duckdb, fever, spleen, expected):
    facts = [seen("fever", present=fever), seen("splenomegaly", present=spleen)]
    (row,) = rows_of(duckdb, LEVELS, facts)
    assert row["verdict"] == expected
    assert set(row) == {"subject", "on", "verdict", "c_fever", "c_splenomegaly"}


# ---- evidence


def test_the_evidence_is_the_worst_believable_value_in_the_canonical_unit_and_its_first_day(duckdb):
    low = {"measure": "platelets", "below": "100 10*9/L"}
    plan = plan_of({"all": [FERRITIN, low]}, evidence=True)
    one, none = rows_of(
        duckdb,
        plan,
        [
            value("ferritin", "600", "ng/mL", 5),
            value("ferritin", "600", "ug/L", 2),
            value("ferritin", "1000", "pmol/L", 0),  # 445 ug/L
            value("ferritin", "9000000", "ug/L", 1),  # no body has that
            value("platelets", "90", "10*9/L", 1),
            value("platelets", "80000", "/uL", 4),
        ],
        [value("platelets", "80000", "/L", 4)],
    )
    assert (one["ferritin_value"], as_day(one["ferritin_day"])) == (600, START + timedelta(days=2))
    assert (one["platelets_value"], as_day(one["platelets_day"])) == (80, START + timedelta(days=4))
    assert [none[f"{name}_{what}"] for name in ("ferritin", "platelets") for what in ("value", "day")] == [
        None
    ] * 4


def test_the_evidence_comes_from_the_window(duckdb):
    plan = plan_of(FERRITIN, evidence=True)
    facts = [
        value("ferritin", "9000", "ug/L", -1),
        value("ferritin", "600", "ug/L", 0),
        value("ferritin", "700", "ug/L", 7),
    ]
    (row,) = rows_of(duckdb, plan, facts, window=(0, 6))
    assert (row["ferritin_value"], as_day(row["ferritin_day"])) == (600, START)


def test_levels_that_all_do_not_apply_leave_no_level(duckdb):
    conditional = rule({"applies_if": FEVER, "then": SPLEEN})
    (row,) = rows_of(
        duckdb, Plan((("CR", conditional), ("PR", conditional)), "NR"), [seen("fever", present=False)]
    )
    assert row["verdict"] == "not_applicable"


def test_levels_that_call_their_lines_alike_keep_a_column_for_each(duckdb):
    grades = [("grave", "1000 ug/L"), ("mild", "500 ug/L")]
    unnamed = {"measure": "ferritin"}
    levels = [
        (name, rule({"all": [{**FERRITIN, "at_least": limit}, {**unnamed, "at_least": limit}, FEVER]}))
        for name, limit in grades
    ]
    (row,) = rows_of(duckdb, Plan(tuple(levels)), [value("ferritin", "600", "ug/L"), seen("fever")])
    assert row["verdict"] == "mild"
    assert {name: said for name, said in row.items() if name.startswith("c_")} == {
        "c_ferritin": "not_met",
        "c_ferritin_level_2": "met",
        "c_line_2": "not_met",
        "c_line_2_level_2": "met",
        "c_fever": "met",
    }


def test_what_the_source_tells_of_a_subject_stands_in_its_row_whatever_it_is_called(duckdb):
    tables = tables_of([(Facts(Person("p")), Moment(START))], analytes_of_shelves())
    tables = replace(tables, subjects=tables.subjects.mutate(length=ibis.literal(7)))
    table = screened(Cohort(analytes_of_shelves(), tables), plan_of(FEVER))
    assert duckdb.to_pyarrow(table).to_pylist()[0]["length"] == 7
