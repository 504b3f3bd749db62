"""`hlh screen` at the shell over a small warehouse whose truth was worked out by hand."""

import json
import sys
from datetime import date
from functools import partial

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openhlh.patients.omop_checks import rows_without_admission
from tests.shell import hlh as run_hlh
from tests.small_warehouse import DEFAULT, EVIDENCE, TABLES, WITH_UNIT, write_folder

pytestmark = [  # Ibis calls DuckDB and pandas in ways that these no longer like
    pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string':DeprecationWarning"),
]
MINIMAL = {
    "person": ["person_id", "year_of_birth"],
    "visit_occurrence": ["visit_occurrence_id", "person_id", "visit_start_date"],
    "measurement": [
        "visit_occurrence_id", "measurement_concept_id", "measurement_date", "value_as_number", "unit_concept_id",
    ],
}  # fmt: skip


@pytest.fixture
def hlh(monkeypatch):
    return partial(run_hlh, monkeypatch)


@pytest.fixture
def cdm(tmp_path):
    return write_folder(tmp_path / "cdm")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def rows_of(folder):
    parts = sorted(folder.glob("part-*.parquet"))
    rows = [row for part in parts for row in pq.read_table(part).to_pylist()]
    return {row["subject"]: row for row in rows}


def verdicts_of(folder):
    return {
        subject: (row["verdict"], row["lower"], row["upper"], row["first_day_met"])
        for subject, row in rows_of(folder).items()
    }


def screened(hlh, *arguments):
    done = hlh("screen", *arguments)
    assert done.code == 0, done.err
    return done


# ---- verdicts by hand


def test_every_admission_has_the_verdict_bounds_and_first_day_worked_out_by_hand(hlh, cdm, out):
    done = screened(hlh, cdm, "--out", out, "--json")

    assert verdicts_of(out) == DEFAULT
    found = json.loads(done.out)
    assert found["admissions"] == len(DEFAULT)
    assert found["verdicts"] == {"met": 3, "not_met": 3, "unknown": 8}
    assert found["parameters"] == {"fever_threshold": "38.5 Cel"}


def test_without_a_folder_only_the_counts_are_printed(hlh, cdm):
    done = screened(hlh, cdm)

    assert done.out.splitlines() == [
        "hlh_2004: 14 admissions",
        "  met                      3",
        "  not met                  3",
        "  unknown                  8",
    ]
    assert "done" in done.err


def test_a_declared_unit_makes_rows_without_unit_count_and_is_told(hlh, cdm, out):
    done = screened(hlh, cdm, "--out", out, "--unit", "ferritin=ng/mL")

    assert verdicts_of(out) == WITH_UNIT
    assert "note: unit of ferritin taken as declared where it is empty: ng/mL" in done.err


def test_each_line_has_its_own_column_and_what_was_never_recorded_is_unknown(hlh, cdm, out):
    screened(hlh, cdm, "--out", out)
    rows = rows_of(out)

    assert {name for name in rows[1] if name.startswith("c_")} == {
        "c_molecular", "c_fever", "c_splenomegaly", "c_cytopenia", "c_triglycerides_or_fibrinogen",
        "c_hemophagocytosis", "c_nk_activity", "c_ferritin", "c_scd25",
    }  # fmt: skip
    assert {row["c_molecular"] for row in rows.values()} == {"unknown"}
    assert (rows[8]["c_fever"], rows[9]["c_fever"]) == (
        "unknown",
        "not_met",
    )  # dexamethasone until the day before
    assert (rows[11]["c_cytopenia"], rows[12]["c_cytopenia"]) == ("met", "unknown")  # 27 and 28 days old
    assert (rows[5]["c_ferritin"], rows[6]["c_ferritin"]) == (
        "unknown",
        "not_met",
    )  # unknown bound, at most 400
    assert rows[7]["c_ferritin"] == rows[7]["c_cytopenia"] == "unknown"  # NaN and not believable


def test_rows_that_name_no_admission_are_counted_in_a_note(hlh, cdm):
    err = screened(hlh, cdm).err

    assert "note: 2 measurement rows name no admission and count for none" in err
    assert "note: 1 condition_occurrence rows name no admission and count for none" in err
    assert "note: 1 drug_exposure rows name no admission and count for none" in err


def test_rows_that_name_an_absent_admission_are_counted_in_a_note_of_their_own():
    tables = {
        "visit_occurrence": ibis.memtable({"visit_occurrence_id": [1, 2]}),
        "measurement": ibis.memtable(
            {"visit_occurrence_id": [1, 2, 3, None, 4], "measurement_concept_id": [10, 10, 10, 10, 11]}
        ),
    }
    assert rows_without_admission(tables, {"measurement": (10,), "drug_exposure": (5,)}) == (
        "1 measurement rows name no admission and count for none",
        "1 measurement rows name an admission that is not there, and count for none",
    )
    assert rows_without_admission(tables, {"measurement": (12,)}) == ()


def test_evidence_has_the_worst_believable_value_and_its_first_day(hlh, cdm, out):
    screened(hlh, cdm, "--out", out, "--evidence")

    rows = rows_of(out)
    for subject, evidence in EVIDENCE.items():
        got = {name: rows[subject][name] for name in evidence}
        assert got == evidence, subject


# ---- windows


@pytest.mark.parametrize(("days", "verdict"), [(3, "unknown"), (4, "met")])
def test_the_first_days_end_where_they_say(hlh, cdm, out, days, verdict):
    screened(hlh, cdm, "--out", out, "--first-days", days)

    assert rows_of(out)[1]["verdict"] == verdict  # its triglycerides come on the fourth day


@pytest.mark.parametrize(
    ("days", "verdict", "first"), [(15, "unknown", None), (16, "met", date(2024, 1, 16))]
)
def test_a_trailing_window_reaches_back_so_many_days(hlh, cdm, out, days, verdict, first):
    screened(hlh, cdm, "--out", out, "--trailing", days)
    row = rows_of(out)[14]  # four items on the first three days, ferritin on the sixteenth

    assert (row["verdict"], row["first_day_met"]) == (verdict, first)


# ---- the folder of the output


def test_parts_together_are_the_same_as_one(hlh, cdm, out, tmp_path):
    screened(hlh, cdm, "--out", out)
    screened(hlh, cdm, "--out", tmp_path / "small", "--part-size", 4)

    assert [part.name for part in sorted((tmp_path / "small").glob("part-*"))] == [
        f"part-0000{number}.parquet" for number in (1, 2, 3, 4)
    ]
    assert rows_of(tmp_path / "small") == rows_of(out)


def test_an_interrupted_screening_goes_on_where_it_stopped(hlh, cdm, out):
    command = (cdm, "--out", out, "--part-size", 4, "--json")
    whole = screened(hlh, *command)
    before = rows_of(out)
    kept = (out / "part-00001.parquet").stat().st_mtime_ns
    (out / "part-00003.parquet").unlink()
    (out / ".00003.4711.half").write_bytes(b"PAR1 half a part")

    again = screened(hlh, *command)

    assert rows_of(out) == before
    assert json.loads(again.out) == json.loads(whole.out)
    assert (out / "part-00001.parquet").stat().st_mtime_ns == kept
    assert "part 1 of 4 is there already" in again.err
    assert "part 3 of 4\n" in again.err
    assert json.loads((out / "manifest.json").read_text())["complete"] is True
    assert not list(out.glob(".*.half"))


def test_a_failure_in_the_middle_leaves_no_half_part_and_no_complete_manifest(hlh, cdm, out, monkeypatch):
    from openhlh.patients import screen_output

    real, calls = screen_output.with_dates, []

    def fails_in_the_third(batch):
        calls.append(batch)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(batch)

    with monkeypatch.context() as patch:
        patch.setattr(screen_output, "with_dates", fails_in_the_third)
        assert hlh("screen", cdm, "--out", out, "--part-size", 4).code == 130
    assert [path.name for path in sorted(out.iterdir())] == [
        "manifest.json", "part-00001.parquet", "part-00002.parquet",
    ]  # fmt: skip
    assert json.loads((out / "manifest.json").read_text())["complete"] is False
    screened(hlh, cdm, "--out", out, "--part-size", 4)
    assert verdicts_of(out) == DEFAULT


@pytest.mark.parametrize(
    "options",
    [
        ("--definition", "o_hlh_2004"), ("--trailing", 14), ("--first-days", 3), ("--evidence",),
        ("--set", "fever_threshold=38 Cel"), ("--unit", "ferritin=ug/L"), ("--part-size", 4),
    ],
)  # fmt: skip
def test_a_folder_of_another_screening_is_refused(hlh, cdm, out, options):
    screened(hlh, cdm, "--out", out)

    done = hlh("screen", cdm, "--out", out, *options)

    assert done.code == 2
    assert "the folder holds parts of another screening" in done.err
    assert verdicts_of(out) == DEFAULT


def test_a_changed_page_of_ones_own_is_another_screening(hlh, cdm, out, tmp_path):
    from tests.test_cli_definition import PAGE

    page = tmp_path / "ward.yaml"
    page.write_text(PAGE)
    screened(hlh, cdm, "--out", out, "--definition", page)
    page.write_text(PAGE.replace("2000 ug/L", "500 ug/L"))

    done = hlh("screen", cdm, "--out", out, "--definition", page)

    assert done.code == 2
    assert "parts of another screening" in done.err


@pytest.mark.parametrize("manifest", ["", "{", "{}", "[]", "null", '{"of": 5}'])
def test_a_broken_manifest_is_an_error(hlh, cdm, out, manifest):
    out.mkdir()
    (out / "manifest.json").write_text(manifest)

    done = hlh("screen", cdm, "--out", out)

    assert done.code == 2
    assert str(out) in done.err


def test_a_folder_with_other_files_a_file_and_the_source_itself_are_refused(hlh, cdm, out):
    out.mkdir()
    (out / "letter.txt").write_text("mine")

    assert "the folder is not empty" in hlh("screen", cdm, "--out", out).err
    assert "cannot be used" in hlh("screen", cdm, "--out", out / "letter.txt").err
    assert "the folder is not empty" in hlh("screen", cdm, "--out", cdm).err
    assert (out / "letter.txt").read_text() == "mine"


def test_a_broken_part_is_named_and_not_counted(hlh, cdm, out):
    screened(hlh, cdm, "--out", out, "--part-size", 4)
    (out / "part-00002.parquet").write_bytes(b"PAR1 half a part")

    done = hlh("screen", cdm, "--out", out, "--part-size", 4)

    assert done.code == 2
    assert "part-00002.parquet" in done.err


def test_the_cohort_table_has_the_columns_of_omop_and_those_met_only(hlh, cdm, out):
    screened(hlh, cdm, "--out", out, "--cohort-id", 77)
    table = pq.read_table(out / "cohort.parquet")

    assert table.schema == pa.schema(
        [
            ("cohort_definition_id", pa.int32()),
            ("subject_id", pa.int64()),
            ("cohort_start_date", pa.date32()),
            ("cohort_end_date", pa.date32()),
        ]
    )
    # persons 101, 110 and 114 are met on the day of their fifth item and leave with their admission
    assert sorted(tuple(row.values()) for row in table.to_pylist()) == [
        (77, 101, date(2024, 1, 4), date(2024, 1, 20)),
        (77, 110, date(2024, 1, 2), date(2024, 1, 20)),
        (77, 114, date(2024, 1, 16), date(2024, 1, 20)),
    ]


def test_a_cohort_table_that_cannot_be_written_is_an_error_of_the_folder(hlh, cdm, out):
    out.mkdir()
    screened(hlh, cdm, "--out", out)
    (out / "cohort.parquet").mkdir()

    done = hlh("screen", cdm, "--out", out, "--cohort-id", 77)

    assert done.code == 2
    assert f"{out}: the output cannot be written" in done.err


# ---- sources


def test_a_duckdb_file_gives_the_same_rows(hlh, cdm, out, tmp_path):
    path = tmp_path / "cdm.duckdb"
    with duckdb.connect(str(path)) as base:
        for name in TABLES:
            base.execute(f"CREATE TABLE {name} AS FROM '{cdm}/{name}.parquet'")

    screened(hlh, path, "--out", out)

    assert verdicts_of(out) == DEFAULT


def test_a_table_may_be_a_folder_of_parquet_files(hlh, cdm, out):
    whole = pq.read_table(cdm / "measurement.parquet")
    (cdm / "measurement.parquet").unlink()
    (cdm / "measurement").mkdir()
    pq.write_table(whole.slice(0, 20), cdm / "measurement" / "a.parquet")
    pq.write_table(whole.slice(20), cdm / "measurement" / "b.parquet")

    screened(hlh, cdm, "--out", out)

    assert verdicts_of(out) == DEFAULT


def test_the_columns_that_the_cdm_leaves_optional_may_be_absent(hlh, tmp_path, out):
    cdm = write_folder(tmp_path / "minimal", MINIMAL)

    err = screened(hlh, cdm, "--out", out).err
    rows = rows_of(out)

    assert "there is no table condition_occurrence: what it would hold counts as not recorded" in err
    assert "there is no table drug_exposure" in err
    # without the spleen admission 1 has four; whenever in 2024 it was born, the newborn is below 28 days
    assert (rows[1]["verdict"], rows[1]["lower"], rows[1]["upper"]) == ("unknown", 4, 8)
    assert rows[11]["c_cytopenia"] == "met"
    assert rows[9]["c_fever"] == rows[8]["c_fever"] == "not_met"  # no drug is known
    assert rows[5]["c_ferritin"] == "met"  # no operator is known


def test_upper_case_names_numbers_as_floats_and_datetimes_are_read_alike(hlh, cdm, out, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for name in TABLES:
        t = pq.read_table(cdm / f"{name}.parquet")
        columns = [
            one.cast(pa.float64()) if pa.types.is_integer(one.type)
            else one.cast(pa.timestamp("us")) if pa.types.is_date(one.type) else one
            for one in t.columns
        ]  # fmt: skip
        pq.write_table(pa.table(columns, names=[name.upper() for name in t.column_names]),
                       other / f"{name.upper()}.parquet")  # fmt: skip

    screened(hlh, other, "--out", out)

    assert verdicts_of(out) == DEFAULT


def test_a_drug_is_known_by_its_product_where_concept_ancestor_is_there(hlh, cdm, out):
    drugs = pq.read_table(cdm / "drug_exposure.parquet").to_pylist()
    for row in drugs:
        row["drug_concept_id"] = 19076145  # a tablet of it
    pq.write_table(pa.Table.from_pylist(drugs), cdm / "drug_exposure.parquet")
    pq.write_table(
        pa.table({"ancestor_concept_id": [1518254], "descendant_concept_id": [19076145]}),
        cdm / "concept_ancestor.parquet",
    )

    screened(hlh, cdm, "--out", out)

    assert verdicts_of(out) == DEFAULT


# ---- definitions


def test_an_own_page_screens_like_a_shipped_one(hlh, cdm, out, tmp_path):
    from tests.test_cli_definition import PAGE

    (tmp_path / "ward.yaml").write_text(PAGE.replace("finding: fever", "finding: splenomegaly").replace(
        "fever: absent", "splenomegaly: absent"))  # fmt: skip

    screened(
        hlh, cdm, "--out", out, "--definition", tmp_path / "ward.yaml", "--set", "ferritin_limit=500 ug/L"
    )
    rows = rows_of(out)

    assert (rows[1]["verdict"], rows[1]["lower"]) == ("met", 3)  # ferritin 500, platelets 99, spleen
    assert (rows[3]["verdict"], rows[3]["upper"]) == ("not_met", 1)
    assert set(rows[1]) >= {"c_ferritin", "c_platelets", "c_fever"}


def test_an_unverified_definition_is_labelled(hlh, cdm):
    done = screened(hlh, cdm, "--definition", "hlh_2024")

    assert "unverified: this definition rests on memory and is not to be relied on" in done.err


def test_levels_are_counted_by_name_and_make_no_cohort(hlh, cdm, out):
    found = json.loads(screened(hlh, cdm, "--definition", "ctcae_v5_platelets", "--json").out)
    done = hlh("screen", cdm, "--definition", "ctcae_v5_platelets", "--out", out, "--cohort-id", 1)

    assert sum(found["verdicts"].values()) == 14
    assert done.code == 2
    assert "levels" in done.err


# ---- wrong calls


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--first-days", 3, "--trailing", 14), "--first-days and --trailing exclude each other"),
        (("--first-days", 0), "--first-days: a window has at least one day"),
        (("--trailing", -1), "--trailing: a window has at least one day"),
        (("--trailing", 10**9), "--trailing: "),
        (("--first-days", 10**9), "--first-days: "),
        (("--part-size", 0), "--part-size: "),
        (("--part-size", -5), "--part-size: "),
        (("--cohort-id", 5), "the cohort table needs a folder"),
        (("--cohort-id", 2**31, "--out", "new"), "--cohort-id: "),
        (("--unit", "ferritin"), "no pair of name and value"),
        (("--unit", "feritin=ug/L"), "did you mean `ferritin`?"),
        (("--unit", "fever=Cel"), "--unit: "),
        (("--unit", "ferritin=furlong"), "known units: ug/L, ng/mL, pmol/L"),
        (("--set", "nothing=1 g/L"), "has no parameter `nothing`"),
        (("--set", "fever_threshold=38 g/L"), "stands in `g/L`"),
        (("--definition", "hlh_2005"), "no executable definition"),
        (("--definition", "response_wang_2015"), "compares with a baseline"),
        (("--definition", "refractory_wang_2015"), ""),
        (("--definition", "hscore", "--trailing", 14), ""),
        (("--definition", "refractory_wang_2015", "--trailing", 14), "cannot be judged in trailing windows"),
    ],
)
def test_a_wrong_option_says_what_to_do_and_exits_with_two(hlh, cdm, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)

    done = hlh("screen", cdm, *arguments)

    assert done.code == (2 if said else 0), done.err
    assert said in done.err
    assert not (tmp_path / "new").exists()


def test_the_unit_may_be_spelt_as_in_a_file(hlh, cdm, out):
    screened(hlh, cdm, "--out", out, "--unit", "Ferritin=µg/l")

    assert verdicts_of(out) == WITH_UNIT


# ---- broken warehouses


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nowhere", "there is no such source"),
        ("", "there is no such source"),
        ("x" * 300, "there is no such source"),
        ("mysql://user:SECRET@host/db", "there is no such source"),
        ("spark:nowhere", "there is no such folder"),
    ],
)
def test_a_source_that_is_not_there_is_an_error(hlh, tmp_path, monkeypatch, source, said):
    monkeypatch.chdir(tmp_path)

    done = hlh("screen", source)

    assert done.code == 2
    assert said in done.err
    assert "SECRET" not in done.err


@pytest.mark.parametrize(
    "url",
    [
        "postgres://hlh:SECRET@127.0.0.1:1/db",
        "postgresql://hlh:SECRET@127.0.0.1:1/db?schema=cdm",
        "postgres://",
    ],
)
def test_a_server_that_is_not_reached_is_a_missing_part_and_its_password_is_never_shown(hlh, url):
    done = hlh("screen", url)

    assert done.code == 4
    assert "PostgreSQL cannot be reached or opened" in done.err
    assert "SECRET" not in done.err


@pytest.mark.parametrize(("source", "extra"), [("postgres://x/y", "postgres"), ("spark:.", "spark")])
def test_an_extra_that_is_not_installed_is_a_missing_part(hlh, monkeypatch, source, extra):
    monkeypatch.setitem(sys.modules, {"postgres": "psycopg", "spark": "pyspark.sql"}[extra], None)

    done = hlh("screen", source)

    assert done.code == 4
    assert f"the extra openhlh[{extra}] is not installed" in done.err
    assert f'pip install "openhlh[{extra}]"' in done.err


@pytest.mark.parametrize("name", ["person", "visit_occurrence", "measurement"])
def test_a_missing_table_is_named(hlh, cdm, name):
    (cdm / f"{name}.parquet").unlink()

    done = hlh("screen", cdm)

    assert done.code == 2
    assert f"the warehouse has no table {name}" in done.err


@pytest.mark.parametrize(
    ("name", "column"), [(name, column) for name, columns in MINIMAL.items() for column in columns]
)
def test_a_missing_column_is_named_with_its_table(hlh, cdm, name, column):
    path = cdm / f"{name}.parquet"
    pq.write_table(pq.read_table(path).drop_columns([column]), path)

    done = hlh("screen", cdm)

    assert done.code == 2
    assert f"the table {name} has no column {column}" in done.err


@pytest.mark.parametrize(
    ("name", "column", "values"),
    [
        ("measurement", "measurement_date", "SECRET"),
        ("measurement", "value_as_number", "SECRET"),
        ("measurement", "measurement_concept_id", "3001122"),
        ("measurement", "unit_concept_id", "ug/L"),
        ("measurement", "visit_occurrence_id", "SECRET"),
        ("visit_occurrence", "visit_occurrence_id", "SECRET"),
        ("visit_occurrence", "visit_start_date", "2024-01-01"),
        ("person", "year_of_birth", "SECRET"),
        ("drug_exposure", "drug_exposure_start_date", "SECRET"),
        ("condition_occurrence", "condition_concept_id", "SECRET"),
    ],
)
def test_a_column_of_text_where_numbers_or_days_belong_is_an_error_without_its_values(
    hlh, cdm, name, column, values
):
    path = cdm / f"{name}.parquet"
    t = pq.read_table(path)
    text = pa.array([values] * t.num_rows)
    pq.write_table(t.set_column(t.column_names.index(column), column, text), path)

    done = hlh("screen", cdm)

    assert done.code == 2
    assert f"{name}.{column}" in done.err
    assert "SECRET" not in done.err


@pytest.mark.parametrize("name", ["visit_occurrence", "person"])
def test_an_id_that_stands_twice_is_an_error(hlh, cdm, name):
    path = cdm / f"{name}.parquet"
    t = pq.read_table(path)
    pq.write_table(pa.concat_tables([t, t.slice(0, 1)]), path)

    done = hlh("screen", cdm)

    assert done.code == 2
    assert f"{name}_id" in done.err
    assert "twice" in done.err


def test_truncated_parquet_an_empty_folder_and_no_admission_are_errors(hlh, cdm, tmp_path, out):
    visits = cdm / "visit_occurrence.parquet"
    whole = visits.read_bytes()
    pq.write_table(pq.read_table(visits).slice(0, 0), visits)
    none = [hlh("screen", cdm), hlh("screen", cdm, "--out", out)]
    visits.write_bytes(whole[: len(whole) // 2])
    cut = hlh("screen", cdm)
    visits.write_bytes(b"")
    empty_file = hlh("screen", cdm)
    (tmp_path / "empty").mkdir()
    empty = hlh("screen", tmp_path / "empty")

    assert {one.code for one in (*none, cut, empty_file, empty)} == {2}
    assert all("there is no admission in the source" in one.err for one in none)
    assert "cdm/visit_occurrence.parquet: this Parquet file cannot be read" in cut.err
    assert "cdm/visit_occurrence.parquet: this Parquet file cannot be read" in empty_file.err
    assert "there is no Parquet file in this folder" in empty.err


def test_a_damaged_page_inside_a_parquet_file_is_an_error(hlh, cdm):
    path = cdm / "measurement.parquet"
    whole = bytearray(path.read_bytes())
    for place in range(4, len(whole) * 2 // 3):
        whole[place] ^= 255
    path.write_bytes(bytes(whole))

    done = hlh("screen", cdm)

    assert done.code == 2
    assert "To do:" in done.err


def test_a_table_that_stands_there_twice_is_an_error(hlh, cdm):
    (cdm / "measurement").mkdir()
    pq.write_table(pq.read_table(cdm / "measurement.parquet").slice(0, 1), cdm / "measurement" / "a.parquet")

    done = hlh("screen", cdm)

    assert done.code == 2
    assert "measurement" in done.err
    assert "twice" in done.err


@pytest.mark.parametrize("content", [b"", b"not a database", bytes(range(256)) * 100])
def test_a_file_that_is_no_duckdb_database_is_an_error(hlh, tmp_path, content):
    path = tmp_path / "cdm.duckdb"
    path.write_bytes(content)

    done = hlh("screen", path)

    assert done.code == 2
    assert "To do:" in done.err


def test_every_definition_that_needs_no_baseline_screens_a_warehouse(hlh, cdm):
    rows = json.loads(hlh("definition", "list", "--json").out)["definitions"]
    codes = {}
    for row in rows:
        done = hlh("screen", cdm, "--definition", row["id"], "--json")
        codes[row["id"]] = done.code
        if done.code == 0:
            assert json.loads(done.out)["admissions"] == 14
        else:
            assert "compares with a baseline" in done.err
    assert {name for name, code in codes.items() if code == 2} <= {
        row["id"] for row in rows if row["kind"] in ("response", "severity", "escalation", "eligibility")
    }
    assert codes["hscore"] == codes["refractory_wang_2015"] == codes["eligibility_zhou_2023"] == 0
