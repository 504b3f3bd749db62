"""Invented patients and warehouses: the same for the same seed, odd enough, and truly what was planted."""

import importlib.util
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from openhlh.content.shelves import Shelves
from openhlh.content.vocabulary_of_facts import as_analytes
from openhlh.definitions.assessing import assess
from openhlh.definitions.book import Book
from openhlh.errors import WrongInput
from openhlh.patients.invent import LINES, patients, warehouse
from openhlh.patients.invent_cdm import CDM
from openhlh.patients.invent_limits import limits, rungs_around

TABLES = {
    "person", "observation_period", "visit_occurrence", "condition_occurrence", "drug_exposure", "measurement",
    "observation", "death", "concept", "cdm_source",
}  # fmt: skip
# OMOP CDM 5.4, field level: names in their order and DuckDB types; NUMERIC is DOUBLE here, for NaN
MEASUREMENT = [
    ("measurement_id", "INTEGER"), ("person_id", "INTEGER"), ("measurement_concept_id", "INTEGER"),
    ("measurement_date", "DATE"), ("measurement_datetime", "TIMESTAMP"), ("measurement_time", "VARCHAR"),
    ("measurement_type_concept_id", "INTEGER"), ("operator_concept_id", "INTEGER"),
    ("value_as_number", "DOUBLE"), ("value_as_concept_id", "INTEGER"), ("unit_concept_id", "INTEGER"),
    ("range_low", "DOUBLE"), ("range_high", "DOUBLE"), ("provider_id", "INTEGER"),
    ("visit_occurrence_id", "INTEGER"), ("visit_detail_id", "INTEGER"), ("measurement_source_value", "VARCHAR"),
    ("measurement_source_concept_id", "INTEGER"), ("unit_source_value", "VARCHAR"),
    ("unit_source_concept_id", "INTEGER"), ("value_source_value", "VARCHAR"), ("measurement_event_id", "INTEGER"),
    ("meas_event_field_concept_id", "INTEGER"),
]  # fmt: skip
REQUIRED = {  # columns that the CDM wants filled in every row
    "person": ["person_id", "gender_concept_id", "year_of_birth", "race_concept_id", "ethnicity_concept_id"],
    "visit_occurrence": ["visit_occurrence_id", "person_id", "visit_concept_id", "visit_start_date", "visit_end_date", "visit_type_concept_id"],
    "measurement": ["measurement_id", "person_id", "measurement_concept_id", "measurement_date", "measurement_type_concept_id"],
    "condition_occurrence": ["condition_occurrence_id", "person_id", "condition_concept_id", "condition_start_date", "condition_type_concept_id"],
    "drug_exposure": ["drug_exposure_id", "person_id", "drug_concept_id", "drug_exposure_start_date", "drug_exposure_end_date", "drug_type_concept_id"],
    "observation": ["observation_id", "person_id", "observation_concept_id", "observation_date", "observation_type_concept_id"],
    "death": ["person_id", "death_date"],
    "concept": ["concept_id", "concept_name", "domain_id", "vocabulary_id", "concept_class_id", "concept_code", "valid_start_date", "valid_end_date"],
    "cdm_source": ["cdm_source_name", "cdm_version", "cdm_version_concept_id", "vocabulary_version"],
}  # fmt: skip
PLANTED = 3000  # admissions of which about 18 are planted


def hand_sql():
    path = Path(__file__).parent.parent / "benchmarks" / "hand_sql.py"
    spec = importlib.util.spec_from_file_location("hand_sql", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(folder, query):
    tables = {name: f"read_parquet('{folder}/{name}.parquet')" for name in (*TABLES, "truth")}
    with duckdb.connect() as connection:
        return connection.execute(query.format(**tables)).fetchall()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    warehouse(folder, 200, seed=1)
    return folder


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    warehouse(folder, PLANTED, seed=1, rows_per_admission=28)
    return folder


# patients


def test_the_same_seed_invents_the_same_patients_whatever_their_number():
    assert list(patients(30, seed=4))[:10] == list(patients(10, seed=4))
    assert list(patients(10, seed=5)) != list(patients(10, seed=4))


def test_invented_patients_are_named_so():
    assert [one.facts.person.id for one in patients(2, seed=1)] == ["invented-000001", "invented-000002"]
    assert all(one.facts.notes == ("invented",) for one in patients(20, seed=1))


def test_the_truth_counts_what_was_planted():
    for one in patients(50, seed=1):
        assert tuple(one.lines) == LINES
        assert one.truth == {
            state: list(one.lines.values()).count(state) for state in ("met", "not_met", "untested")
        }
        assert sum(one.truth.values()) == 8


def by_hand(row, limit, per_unit):
    """Judge a ferritin row by hand: True, False, or None where nothing follows."""
    if row.status != "measured" or row.value is None:
        return None
    value, bound = row.value * per_unit[row.unit], Decimal(limit)
    if row.comparator in ("<", "<="):
        return False if value < bound else None
    if row.comparator in (">", ">="):
        return True if value >= bound else None
    return value >= bound


def test_planted_ferritin_is_what_a_count_by_hand_finds():
    per_unit = {"ug/L": 1, "ng/mL": 1, "pmol/L": Decimal("0.445")}
    found = Counter()
    for one in patients(200, seed=2):
        seen = [
            by_hand(row, "500", per_unit)
            for row in one.facts.measurements
            if row.analyte == "ferritin"
            and row.status != "not_done"
            and abs((row.on - one.moment.on).days) <= 7
        ]
        said = "met" if True in seen else "untested" if None in seen or not seen else "not_met"
        assert said == one.lines["ferritin"]
        found[said] += 1
    assert min(found.values()) > 10
    assert len(found) == 3


def test_the_plain_engine_finds_the_planted_bounds(shelves: Shelves):
    book = Book(shelves.definitions, as_analytes(shelves.fact_names.analytes))
    bound = book.bound("hlh_2004")
    verdicts = Counter()
    for one in patients(200, seed=3):
        count = assess(book, bound, one.facts, one.moment, settled=False).count
        assert (count.lower, count.upper) == (one.truth["met"], one.truth["met"] + one.truth["untested"])
        verdicts[count.verdict] += 1
    assert len(verdicts) == 3


def test_invented_values_stand_at_limits_in_other_units_censored_and_pending():
    some = [row for one in patients(300, seed=1) for row in one.facts.measurements]
    platelets = {(str(row.value), row.unit) for row in some if row.analyte == "platelets"}
    assert {("99", "10*9/L"), ("100", "10*9/L"), ("100000", "/uL")} <= platelets
    assert {"pending", "not_done", "implausible", "unit_unknown"} <= {row.status for row in some}
    assert {"<", "<=", ">", ">="} <= {row.comparator for row in some}
    assert {"neutrophil_percent", "leukocytes", "scd25", "nk_activity"} <= {row.analyte for row in some}
    assert {"pg/mL", "U/mL", "kU/L"} <= {row.unit for row in some if row.analyte == "scd25"}


@pytest.mark.parametrize(
    ("analyte", "unit", "limit", "sign", "met", "not_met"),
    [
        ("ferritin", "ug/L", "500", ">=", "500", "499"),
        ("ferritin", "pmol/L", "100000/89", ">=", "1124", "1123"),  # 500 / 0.445 = 1123.6
        ("hemoglobin", "g/dL", "9", "<", "8.9", "9.0"),
        ("fibrinogen", "g/L", "3/2", "<=", "1.50", "1.51"),
        ("temperature", "[degF]", "1013/10", ">=", "101.3", "101.2"),
        ("ferritin", "ug/L", "500", ">", "501", "500"),
    ],
)
def test_the_nearest_values_on_both_sides_of_a_limit(analyte, unit, limit, sign, met, not_met):
    rungs = rungs_around(limits().analytes[analyte], unit, Fraction(limit), sign)
    assert (rungs.value(rungs.met), rungs.value(rungs.not_met)) == (Decimal(met), Decimal(not_met))


# the warehouse


def test_the_warehouse_has_the_tables_of_the_cdm(small):
    assert {path.stem for path in small.glob("*.parquet")} == TABLES | {"truth"}
    assert set(CDM) == TABLES


def test_measurement_has_the_columns_and_types_of_cdm_5_4(small):
    described = rows(small, "DESCRIBE SELECT * FROM {measurement}")
    assert [(row[0], row[1]) for row in described] == MEASUREMENT


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_table_has_its_columns_and_fills_the_required_ones(small, table):
    described = rows(small, f"DESCRIBE SELECT * FROM {{{table}}}")  # noqa: S608
    assert {row[0]: row[1] for row in described} == CDM[table]
    for column in REQUIRED.get(table, []):
        assert rows(small, f"SELECT count(*) FROM {{{table}}} WHERE {column} IS NULL") == [(0,)]  # noqa: S608


def test_the_same_seed_makes_the_same_warehouse(small, tmp_path):
    warehouse(tmp_path / "again", 200, seed=1)
    warehouse(tmp_path / "other", 200, seed=2)
    query = "SELECT * FROM {measurement} ORDER BY measurement_id"
    shown = [str(rows(folder, query)) for folder in (small, tmp_path / "again", tmp_path / "other")]
    assert shown[0] == shown[1]
    assert shown[0] != shown[2]


def test_rows_stand_in_the_order_of_their_admissions(planted):
    assert rows(
        planted, "SELECT count(*) FROM (SELECT measurement_id - lag(measurement_id) OVER () AS step, visit_occurrence_id"
        " - lag(visit_occurrence_id) OVER () AS visit_step FROM {measurement}) WHERE step <= 0 OR visit_step < 0"
    ) == [(0,)]  # fmt: skip


def test_ids_are_unique_and_every_row_belongs_to_its_person(small):
    assert rows(small, "SELECT count(*) - count(DISTINCT measurement_id) FROM {measurement}") == [(0,)]
    for table in ("measurement", "condition_occurrence", "drug_exposure"):
        query = "SELECT count(*) FROM {%s} t LEFT JOIN {visit_occurrence} v USING (visit_occurrence_id) WHERE t.visit_occurrence_id IS NOT NULL AND t.person_id IS DISTINCT FROM v.person_id"
        assert rows(small, query % table) == [(0,)]
    assert rows(
        small,
        "SELECT count(*) FROM {visit_occurrence} WHERE person_id NOT IN (SELECT person_id FROM {person})",
    ) == [(0,)]


def test_stays_last_from_1_to_40_days_and_those_of_one_person_do_not_overlap(planted):
    query = "SELECT min(d), max(d) FROM (SELECT visit_end_date - visit_start_date + 1 AS d FROM {visit_occurrence})"
    assert rows(planted, query) == [(1, 40)]
    query = "SELECT count(*) FROM {visit_occurrence} a JOIN {visit_occurrence} b USING (person_id) WHERE a.visit_occurrence_id < b.visit_occurrence_id AND b.visit_start_date <= a.visit_end_date"
    assert rows(planted, query) == [(0,)]
    query = "SELECT count(*) FROM {measurement} m JOIN {visit_occurrence} v USING (visit_occurrence_id) WHERE measurement_date NOT BETWEEN visit_start_date AND visit_end_date"
    assert rows(planted, query) == [(0,)]


def test_values_are_reported_in_several_units_and_some_rows_are_odd(planted):
    units = rows(
        planted, "SELECT measurement_concept_id, count(DISTINCT unit_concept_id) FROM {measurement} WHERE unit_concept_id > 0 GROUP BY 1"
    )  # fmt: skip
    several = {3001122: 2, 3000963: 2, 3024929: 4, 3013650: 4, 3022192: 2, 3020891: 2}
    assert {concept: many for concept, many in units if concept in several} == several
    [(many, no_unit, operators, nan, nothing, no_visit)] = rows(
        planted, "SELECT count(*), count(*) FILTER (coalesce(unit_concept_id, 0) = 0), count(operator_concept_id),"
        " count(*) FILTER (isnan(value_as_number)), count(*) FILTER (value_as_number IS NULL),"
        " count(*) FILTER (visit_occurrence_id IS NULL) FROM {measurement}"
    )  # fmt: skip
    assert 0.005 < no_unit / many < 0.02
    assert 0.002 < operators / many < 0.01
    assert min(nan, nothing, no_visit) > 0


def test_four_rows_in_ten_are_hlh_analytes(planted):
    mine = "3001122, 3022192, 3016407, 3000963, 3024929, 3013650, 3008342, 3000905, 3020891"
    [(share,)] = rows(planted, f"SELECT avg((measurement_concept_id IN ({mine}))::INT) FROM {{measurement}}")  # noqa: S608
    assert 0.38 < share < 0.44


def test_some_neutrophils_come_only_as_a_percentage_beside_leukocytes_of_the_same_day(planted):
    query = "SELECT count(*) FROM {measurement} p JOIN {measurement} w USING (visit_occurrence_id, measurement_date) WHERE p.measurement_concept_id = 3008342 AND w.measurement_concept_id = 3000905 AND visit_occurrence_id NOT IN (SELECT visit_occurrence_id FROM {measurement} WHERE measurement_concept_id = 3013650 AND visit_occurrence_id IS NOT NULL)"
    assert rows(planted, query)[0][0] > PLANTED / 4


def test_there_are_newborns_and_people_of_whom_only_the_year_of_birth_is_known(planted):
    query = "SELECT count(*) FROM {visit_occurrence} JOIN {person} USING (person_id) WHERE visit_start_date - make_date(year_of_birth, month_of_birth, day_of_birth) < 28"
    assert rows(planted, query)[0][0] > 5
    assert rows(planted, "SELECT count(*) FROM {person} WHERE month_of_birth IS NULL")[0][0] > 50


def test_planted_admissions_are_rare_and_their_bounds_follow_from_their_lines(planted):
    told = rows(
        planted, "SELECT lower, upper, fever, splenomegaly, cytopenia, triglycerides_or_fibrinogen, ferritin FROM {truth}"
    )  # fmt: skip
    assert 0.003 < len(told) / PLANTED < 0.01
    for lower, upper, *states in told:
        assert (lower, upper) == (states.count("met"), 8 - states.count("not_met"))


def test_planted_ferritin_and_splenomegaly_are_what_a_count_by_hand_finds(planted):
    values = dict(
        rows(
            planted,
            "SELECT visit_occurrence_id, max(value_as_number) FROM {measurement} WHERE measurement_concept_id = 3001122 GROUP BY 1",
        )
    )
    query = (
        "SELECT DISTINCT visit_occurrence_id FROM {condition_occurrence} WHERE condition_concept_id = 200527"
    )
    spleens = {visit for (visit,) in rows(planted, query)}
    said = set()
    for visit, ferritin_state, spleen in rows(planted, "SELECT visit_occurrence_id, ferritin, splenomegaly FROM {truth}"):  # fmt: skip
        highest = values.get(visit)
        assert ferritin_state == ("untested" if highest is None else "met" if highest >= 500 else "not_met")
        assert spleen == ("met" if visit in spleens else "untested")
        said.add(ferritin_state)
    assert "met" in said


@pytest.mark.parametrize("days", [None, 7])
def test_the_sql_written_by_hand_finds_the_planted_bounds(planted, days):
    sql = hand_sql().whole_stay(planted) if days is None else hand_sql().first_days(planted, days)
    with duckdb.connect() as connection:
        found = {row[0]: row[1:] for row in connection.execute(sql).fetchall()}
    told = rows(planted, "SELECT visit_occurrence_id, lower, upper FROM {truth}")
    assert len(found) == PLANTED
    for visit, lower, upper in told:
        verdict = "met" if lower >= 5 else "not_met" if upper < 5 else "unknown"
        assert found[visit] == (verdict, lower, upper)
    assert {verdict for verdict, _, _ in found.values()} == {"met", "not_met", "unknown"}


def test_too_many_admissions_for_the_ids_of_the_cdm_are_refused(tmp_path):
    for admissions in (0, 2**31):
        with pytest.raises(WrongInput, match="so many admissions cannot be invented"):
            warehouse(tmp_path, admissions, seed=1)


def test_progress_names_every_table(tmp_path):
    heard = []
    warehouse(tmp_path, 10, seed=1, say=heard.append)
    assert heard[0] == "10 admissions"
    assert {line.split(":")[0] for line in heard[1:]} == TABLES
    assert rows(tmp_path, "SELECT vocabulary_version, cdm_release_date FROM {cdm_source}") == [
        ("invented", date(2026, 1, 1))
    ]
