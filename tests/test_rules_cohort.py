"""The cohort engine held against the plain engine: every line, its reason and its bounds, in three databases.

Values whose change is judged are first moved onto the grid of the cohort engine (whole hundred-thousandths of the
canonical unit): finer differences are beyond any laboratory, and the plain engine would see them.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

import pytest

from openhlh.patients.as_tables import tables_of
from openhlh.rules import tree
from openhlh.rules.cohort import Cohort
from openhlh.rules.cohort_change import STEPS
from openhlh.rules.facts import Facts, Given, Measurement, Moment, Person, Seen
from openhlh.rules.plain import Plain
from openhlh.rules.screening import Plan, said, screened
from openhlh.rules.verdicts import BY_RANK, UNSEEN, Reason, Verdict
from openhlh.units import quantity
from tests import rule_vectors
from tests.conftest import on_spark
from tests.rule_vectors import ANALYTES, vectors

LEAVES = tree.Measure | tree.Finding | tree.Exposure | tree.Change
ON = date(2024, 3, 15)
THEN = ON - timedelta(days=14)


def inside_and_itself(rule):
    return [rule, *(one for child in tree.inside(rule) for one in inside_and_itself(child))]


# ---- vectors


def on_grid(facts, rule):
    """Return the facts with the values of every analyte whose change is judged on the grid, or on a limit."""
    changes = [one for one in inside_and_itself(rule) if isinstance(one, tree.Change)]

    def moved(row):
        scale = ANALYTES[row.analyte].scales.get(row.unit)
        if scale is None or row.value is None or row.analyte not in {one.change for one in changes}:
            return row
        analyte = ANALYTES[row.analyte]
        step = round(analyte.canonical(Fraction(row.value), row.unit) * STEPS)
        bands = [
            band
            for one in changes
            if one.change == row.analyte
            for band in (one.baseline, one.and_value)
            if band
        ]
        limits = [getattr(band, name) for band in bands for name in tree.SIGNS]
        exact = [analyte.in_unit(quantity(limit), analyte.unit) for limit in limits if limit]
        value = next((one for one in exact if round(one * STEPS) == step), Fraction(step, STEPS))
        return replace(row, value=value / scale.factor + scale.offset)

    return replace(facts, measurements=tuple(map(moved, facts.measurements)), _index={})


def groups(seed, rules, patients):
    """Return (rule, patients) of random rules; the patients share the windows of the rule."""
    made = groupby(vectors(seed, rules * patients), key=lambda one: id(one[0]))
    for _, group in made:
        several = list(group)
        rule = several[0][0]
        yield rule, [(on_grid(facts, rule), moment) for _, facts, moment in several]


def lines(judged, moment, anchor="on"):
    """Yield every judged line with the day around which it was judged."""
    yield judged, anchor
    for number, one in enumerate(judged.inside):
        then = isinstance(judged.rule, tree.AtBaseline) or (
            isinstance(judged.rule, tree.Normalised) and number == 0
        )
        if not then or moment.baseline:
            yield from lines(one, moment, "baseline" if then else anchor)


def over_cohort(backend, rule, patients):
    """Return for each patient a mapping from (id of the rule, anchor) to what the cohort engine says of it."""
    moment = patients[0][1]
    cohort = Cohort(ANALYTES, tables_of(patients, ANALYTES), moment.window, moment.baseline_window)
    t = cohort.ranks((rule,))
    trees, leaves = cohort.trees(t, (rule,)), cohort.leaves((rule,))
    columns = {}

    def look(one, anchor):
        name, triple = f"{one.id}|{anchor}", trees.triple(one, anchor)
        columns[f"{name}|verdict"] = said(triple)
        if isinstance(one, tree.AtLeast | tree.Score):
            columns[f"{name}|lower"], columns[f"{name}|upper"] = triple.lower, triple.upper
        if isinstance(one, LEAVES):
            columns[f"{name}|rank"] = t[f"{leaves[one, anchor].name}_rank"]
        for child in tree.inside(one):
            if isinstance(one, tree.Normalised):
                look(child, "baseline")
            look(child, "baseline" if isinstance(one, tree.AtBaseline) else anchor)

    look(rule, "on")
    rows = backend.to_pyarrow(t.select("subject", **columns)).to_pylist()
    return sorted(rows, key=lambda row: row["subject"])


def differences(judged, moment, row):
    """Yield the lines of which the cohort engine says something else."""
    for line, anchor in lines(judged, moment):
        if isinstance(line.rule, tree.ScoreItem):
            continue
        name = f"{line.rule.id}|{anchor}"
        pairs = [(line.verdict.value, row[f"{name}|verdict"])]
        if isinstance(line.rule, tree.AtLeast | tree.Score):
            pairs += [(line.lower, row[f"{name}|lower"]), (line.upper, row[f"{name}|upper"])]
        if isinstance(line.rule, LEAVES) and line.verdict is not Verdict.NOT_APPLICABLE:
            pairs.append((line.ruling.reason, told_alike(line, BY_RANK[row[f"{name}|rank"]].reason)))
        yield from ((name, expected, got) for expected, got in pairs if expected != got)


def told_alike(line, reason):
    """A value that is hidden by a drug and also pending, say, may be told by either reason where it changed."""
    unusable = {Reason.CONFOUNDED, Reason.PENDING, Reason.IMPLAUSIBLE, Reason.UNIT_NOT_COMPARABLE}
    either = isinstance(line.rule, tree.Change) and {reason, line.ruling.reason} <= unusable
    return line.ruling.reason if either else reason


def compare(backend, made):
    """Hold both engines against each other; return how often each kind, verdict and reason was seen."""
    seen = Counter()
    for rule, patients in made:
        rows = over_cohort(backend, rule, patients)
        for (facts, moment), row in zip(patients, rows, strict=True):
            judged = Plain(ANALYTES, facts, moment).judge(rule)
            found = list(differences(judged, moment, row))
            assert not found, f"{found}\n{tree.as_tree(rule)}\n{facts}\n{moment}"
            for line, _ in lines(judged, moment):
                seen[type(line.rule).__name__, line.verdict] += 1
                seen[line.ruling.reason] += 1
            seen["judged"] += 1
    return seen


def richest(seed, among, wanted, patients):
    """Return the rules with the most different kinds inside: few queries that ask for much."""
    made = list(groups(seed, among, patients))
    made.sort(key=lambda one: -len({type(line).__name__ for line in inside_and_itself(one[0])}))
    return made[:wanted]


@pytest.fixture(autouse=True)
def many_patients_share_a_rule(monkeypatch):
    monkeypatch.setattr(rule_vectors, "PATIENTS_PER_RULE", 50)


def test_both_engines_agree_on_every_line_in_duckdb(duckdb):
    seen = compare(duckdb, groups(2026, 60, 50))
    assert seen["judged"] == 3000
    for kind in tree.KINDS.values():
        for verdict in (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN):
            assert kind is tree.Reference or seen[kind.__name__, verdict], (kind, verdict)
    assert all(seen[reason] for reason in Reason)


def test_both_engines_agree_on_every_line_in_postgresql(postgresql):
    seen = compare(postgresql, richest(2027, 40, 8, 50))
    assert seen["judged"] == 400


@on_spark
def test_both_engines_agree_on_every_line_in_spark(spark):
    seen = compare(spark, richest(2027, 40, 3, 50))  # 5 to 10 seconds each
    assert seen["judged"] == 150


def test_the_grid_moves_values_by_less_than_a_step():
    for rule, patients in groups(2026, 20, 50):
        for facts, _ in patients:
            again = on_grid(facts, rule)
            assert again == facts


# ---- what random patients seldom have


def verdicts(backend, node, *patients, analytes=ANALYTES, tables=None, **moment):
    """Return the cohort engine's verdict on each patient, each a list of facts; the plain engine must agree."""
    rule = tree.RULE.validate_python(node)
    at = Moment(ON, **({"baseline": THEN} | moment))
    several = [(facts_of(rows), at) for rows in patients]
    built = tables_of(several, analytes)
    cohort = Cohort(analytes, tables(built) if tables else built, at.window, at.baseline_window)
    rows = backend.to_pyarrow(
        screened(cohort, Plan((("met", rule),))).select("subject", "verdict")
    ).to_pylist()
    told = {row["subject"]: row["verdict"] for row in rows}
    return [told[number] for number in range(len(several))]


def facts_of(rows):
    kinds = (Measurement, Seen, Given)
    return Facts(Person("p"), *(tuple(one for one in rows if isinstance(one, kind)) for kind in kinds))


def plainly(node, *patients, **moment):
    rule = tree.RULE.validate_python(node)
    at = Moment(ON, **({"baseline": THEN} | moment))
    return [Plain(ANALYTES, facts_of(rows), at).judge(rule).verdict.value for rows in patients]


def day(distance):
    return None if distance is None else ON + timedelta(days=distance)


def value(analyte, number, unit, at=0, **more):
    return Measurement(analyte, Decimal(number), unit, day(at), **more)


def course(drug, start, end=None):
    return Given(drug, day(start), day(end))


UNDER = {"confounded_by": [{"exposure": "dexamethasone", "days": 1, "hides": "both"}]}
LINES = {
    "finding": ({"finding": "fever"} | UNDER, [Seen("fever", True, ON)]),
    "value": ({"measure": "ferritin", "at_least": "500 ug/L"} | UNDER, [value("ferritin", "600", "ug/L")]),
    "latest": (
        {"measure": "ferritin", "at_least": "500 ug/L", "pick": "latest"} | UNDER,
        [value("ferritin", "600", "ug/L")],
    ),
    "change": (
        {"change": "ferritin", "at_most_times": "0.5", "window": {"from": 0}} | UNDER,
        [value("ferritin", "600", "ug/L"), value("ferritin", "1200", "ug/L", -14)],
    ),
}
COURSES = {
    "none": [],
    "on the day": [course("dexamethasone", -1, 0)],
    "the day before": [course("dexamethasone", -9, -1)],
    "long ago": [course("dexamethasone", -9, -2)],
    "on the day and long ago": [course("dexamethasone", -1, 0), course("dexamethasone", -9, -2)],
    "twice on the day": [course("dexamethasone", -1, 0), course("dexamethasone", -3, 3)],
    "on an unknown day and long ago": [course("dexamethasone", None), course("dexamethasone", -9, -2)],
}
HIDDEN = ["met", "unknown", "unknown", "met", "unknown", "unknown", "unknown"]


@pytest.mark.parametrize("line", LINES)
def test_one_course_that_covers_the_day_hides_it_whatever_the_others_do(duckdb, line):
    node, rows = LINES[line]
    patients = [[*rows, *courses] for courses in COURSES.values()]
    assert plainly(node, *patients) == HIDDEN
    assert verdicts(duckdb, node, *patients) == HIDDEN


def test_two_drugs_that_hide_different_verdicts_hide_each_its_own(duckdb):
    by = [{"exposure": "etoposide", "hides": "not_met"}, {"exposure": "dexamethasone", "hides": "met"}]
    node = {"finding": "fever", "confounded_by": by}
    both = [course("etoposide", 0), course("dexamethasone", 0)]
    patients = [
        [Seen("fever", present, ON), *courses]
        for present in (True, False)
        for courses in (both, both[:1], both[1:])
    ]
    expected = ["unknown", "met", "unknown", "unknown", "unknown", "not_met"]
    assert plainly(node, *patients) == expected
    assert verdicts(duckdb, node, *patients) == expected


def test_a_covered_day_does_not_hide_another_patients(duckdb):
    node, rows = LINES["finding"]
    patients = [[*rows, *COURSES["on the day"]], rows, [*rows, *COURSES["long ago"]]]
    assert verdicts(duckdb, node, *patients) == ["unknown", "met", "met"]


def test_soluble_cd25_in_mass_units_changes_only_within_its_unit(duckdb):
    node = {"change": "scd25", "at_most_times": "0.5", "window": {"from": 0}}
    patients = [
        [value("scd25", "20000", "pg/mL", -14), value("scd25", number, unit)]
        for number, unit in (("10000", "pg/mL"), ("10001", "pg/mL"), ("10", "U/mL"))
    ]
    assert verdicts(duckdb, node, *patients) == plainly(node, *patients) == ["met", "not_met", "unknown"]


def test_two_thirds_of_a_baseline_are_exact(duckdb):
    node = {"change": "ferritin", "at_most_times": "2/3", "window": {"from": 0}}
    patients = [
        [value("ferritin", "0.3", "ug/L", -14), value("ferritin", now, "ug/L")] for now in ("0.2", "0.20001")
    ]
    assert verdicts(duckdb, node, *patients) == plainly(node, *patients) == ["met", "not_met"]


@pytest.mark.parametrize(
    ("analyte", "limit", "unit", "at", "beside"),
    [
        ("temperature", "38.5 Cel", "[degF]", "101.3", "101.2999"),  # 38.5 as a product would be 38.49999...
        ("triglycerides", "3.0 mmol/L", "mg/dL", "265.71", "265.7099"),
        ("ast", "0.5 ukat/L", "U/L", "30", "29.9999"),
        ("neutrophils", "0.3 10*9/L", "/uL", "300", "299.9999"),
    ],
)
def test_no_binary_fraction_moves_a_limit(duckdb, analyte, limit, unit, at, beside):
    node = {"measure": analyte, "at_least": limit}
    patients = [[value(analyte, at, unit)], [value(analyte, beside, unit)]]
    assert verdicts(duckdb, node, *patients) == plainly(node, *patients) == ["met", "not_met"]


def test_patients_without_any_facts_are_judged_too(duckdb):
    for node, _ in LINES.values():
        assert verdicts(duckdb, node, [], []) == ["unknown", "unknown"]


def test_no_patient_gives_an_empty_table(duckdb):
    assert verdicts(duckdb, {"finding": "fever"}) == []


def test_columns_that_a_source_does_not_have_are_not_needed(duckdb):
    optional = ("comparator", "low", "high", "cutoff", "flag", "status")

    def without(tables):
        return replace(tables, measurements=tables.measurements.drop(*optional))

    whole = {
        "all": [node for node, _ in LINES.values()]
        + [{"measure": "scd25", "above": "2400 U/mL", "laboratory_cutoff": "yes"}]
    }
    patient = [*LINES["change"][1], Seen("fever", True, ON), value("scd25", "3000", "U/mL")]
    assert verdicts(duckdb, whole, patient, tables=without) == plainly(whole, patient) == ["met"]
    normal = {"measure": "ast", "above": "1 ULN"}
    assert verdicts(duckdb, normal, [value("ast", "900", "U/L")], tables=without) == ["unknown"]


def test_a_value_that_no_body_has_says_nothing_in_raw_rows(duckdb):
    analyte = replace(ANALYTES["ferritin"], low=Fraction(1), high=Fraction(10**6))
    node = {"measure": "ferritin", "at_least": "500 ug/L"}
    numbers = ("0.9", "1", "499", "500", "1000000", "1000001", "1e9")
    patients = [[value("ferritin", number, "ug/L")] for number in numbers]
    told = verdicts(
        duckdb,
        node,
        *patients,
        analytes=ANALYTES | {"ferritin": analyte},
        tables=lambda made: replace(made, believes_ranges=True),
    )
    assert told == ["unknown", "not_met", "not_met", "met", "met", "unknown", "unknown"]


def test_an_analyte_without_a_code_in_the_warehouse_is_not_measured(duckdb):
    def without(tables):
        return replace(tables, codes=replace(tables.codes, analytes={}))

    node = {"measure": "ferritin", "at_least": "500 ug/L"}
    assert verdicts(duckdb, node, [value("ferritin", "600", "ug/L")], tables=without) == ["unknown"]


def test_a_declared_unit_stands_for_a_missing_one(duckdb):
    def declared(tables):
        return replace(tables, codes=replace(tables.codes, declared={"ferritin": "pmol/L"}))

    node = {"measure": "ferritin", "at_least": "500 ug/L"}  # 1123.6 pmol/L
    patients = [
        [value("ferritin", number, unit)]
        for number, unit in (("1124", None), ("1123", None), ("1123", "ug/L"))
    ]
    assert verdicts(duckdb, node, *patients, tables=declared) == ["met", "not_met", "met"]
    assert verdicts(duckdb, node, patients[0]) == ["unknown"]


def test_unseen_reasons_rank_below_what_was_seen():
    assert {BY_RANK[rank].reason for rank in range(len(UNSEEN))} == set(UNSEEN)
