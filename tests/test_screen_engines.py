"""One warehouse in four engines: DuckDB over Parquet and in a file, PostgreSQL and Spark give the same rows."""

from functools import partial

import duckdb
import psycopg
import pyarrow.parquet as pq
import pytest

from tests.conftest import on_spark
from tests.engines import postgres
from tests.shell import hlh as run_hlh
from tests.small_warehouse import DEFAULT, TABLES, WITH_UNIT, table, write_folder

pytestmark = [  # Ibis calls DuckDB and pandas in ways that these no longer like
    pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string':DeprecationWarning"),
]
WAYS = {
    "whole": (),
    "unit": ("--unit", "ferritin=ng/mL"),
    "first days": ("--first-days", 3),
    "trailing": ("--trailing", 14),
    "parts": ("--part-size", 5),
}
TYPES = {"int64": "bigint", "double": "double precision", "date32[day]": "date"}


@pytest.fixture
def hlh(monkeypatch):
    return partial(run_hlh, monkeypatch)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("warehouse") / "cdm")


@pytest.fixture(scope="module")
def duckdb_file(folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("duckdb") / "cdm.duckdb"
    with duckdb.connect(str(path)) as base:
        for name in TABLES:
            base.execute(f"CREATE TABLE {name} AS FROM '{folder}/{name}.parquet'")
    return path


@pytest.fixture(scope="module")
def postgres_url(tmp_path_factory):
    with postgres(tmp_path_factory.mktemp("postgres")) as url:
        with psycopg.connect(url, autocommit=True) as base:
            base.execute("DROP SCHEMA IF EXISTS hlh_cdm CASCADE")
            base.execute("CREATE SCHEMA hlh_cdm")
            for name in TABLES:
                _load(base, name)
        yield f"{url}?schema=hlh_cdm"


def _load(base, name):
    made = table(name)
    columns = ", ".join(f"{field.name} {TYPES[str(field.type)]}" for field in made.schema)
    base.execute(f"CREATE TABLE hlh_cdm.{name} ({columns})")
    with base.cursor() as cursor, cursor.copy(f"COPY hlh_cdm.{name} FROM STDIN") as copy:
        for row in made.to_pylist():
            copy.write_row(tuple(row.values()))


def rows_of(hlh, source, out, *options):
    done = hlh("screen", source, "--out", out, "--evidence", *options)
    assert done.code == 0, done.err
    rows = [row for part in sorted(out.glob("part-*.parquet")) for row in pq.read_table(part).to_pylist()]
    return sorted(rows, key=lambda row: row["subject"])


def verdicts_of(rows):
    return {
        row["subject"]: (row["verdict"], row["lower"], row["upper"], row["first_day_met"]) for row in rows
    }


@pytest.fixture(scope="module")
def expected(folder, tmp_path_factory):
    """Return the rows of DuckDB over the Parquet folder, for each way of screening."""
    with pytest.MonkeyPatch.context() as patch:
        out = tmp_path_factory.mktemp("expected")
        rows = {
            name: rows_of(partial(run_hlh, patch), folder, out / name, *ways) for name, ways in WAYS.items()
        }
    assert verdicts_of(rows["whole"]) == verdicts_of(rows["parts"]) == DEFAULT
    assert verdicts_of(rows["unit"]) == WITH_UNIT
    return rows


@pytest.mark.parametrize("way", WAYS)
def test_a_duckdb_file_gives_the_rows_of_the_parquet_folder(hlh, expected, duckdb_file, tmp_path, way):
    assert rows_of(hlh, duckdb_file, tmp_path / "out", *WAYS[way]) == expected[way]


@pytest.mark.parametrize("way", WAYS)
def test_postgresql_gives_the_rows_of_the_parquet_folder(hlh, expected, postgres_url, tmp_path, way):
    assert rows_of(hlh, postgres_url, tmp_path / "out", *WAYS[way]) == expected[way]


@on_spark
@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize("way", ["unit", "trailing", "first days"])
def test_spark_gives_the_rows_of_the_parquet_folder(hlh, folder, expected, tmp_path, way):
    assert rows_of(hlh, f"spark:{folder}", tmp_path / "out", *WAYS[way]) == expected[way]


@pytest.mark.parametrize("scheme", ["postgres://", "postgresql://"])
def test_both_spellings_of_the_address_work_and_nothing_of_it_is_shown(hlh, postgres_url, scheme):
    url = scheme + postgres_url.split("://", maxsplit=1)[1]

    done = hlh("screen", url)

    assert done.code == 0
    assert "  met                      3\n" in done.out
    assert "opening postgres" in done.err
    assert "127.0.0.1" not in done.out + done.err


def test_a_schema_without_the_tables_of_the_cdm_is_an_error(hlh, postgres_url):
    done = hlh("screen", postgres_url.partition("?")[0] + "?schema=public")

    assert done.code == 2
    assert "the warehouse has no table person, visit_occurrence, measurement" in done.err


def test_a_database_or_schema_that_is_not_there_is_a_missing_part(hlh, postgres_url):
    address = postgres_url.partition("?")[0]

    assert hlh("screen", address.rpartition("/")[0] + "/nowhere").code == 4
    assert hlh("screen", address + "?schema=nowhere").code in (2, 4)


def test_postgresql_columns_of_text_are_an_error_without_their_values(hlh, postgres_url):
    with psycopg.connect(postgres_url.partition("?")[0], autocommit=True) as base:
        base.execute("DROP SCHEMA IF EXISTS hlh_text CASCADE")
        base.execute("CREATE SCHEMA hlh_text")
        for name in TABLES:
            base.execute(f"CREATE TABLE hlh_text.{name} AS SELECT * FROM hlh_cdm.{name}")  # noqa: S608 - our own names
        base.execute("ALTER TABLE hlh_text.measurement ALTER value_as_number TYPE text USING 'SECRET'")

    done = hlh("screen", postgres_url.replace("hlh_cdm", "hlh_text"))

    assert done.code == 2
    assert "measurement.value_as_number holds no numbers" in done.err
    assert "SECRET" not in done.err


@on_spark
@pytest.mark.usefixtures("spark")
def test_spark_names_a_broken_file_and_forgets_the_tables_of_another_folder(hlh, folder, tmp_path):
    assert hlh("screen", f"spark:{folder}").code == 0
    minimal = write_folder(
        tmp_path / "minimal",
        {name: list(TABLES[name][0]) for name in ("person", "visit_occurrence", "measurement")},
    )

    fewer = hlh("screen", f"spark:{minimal}")
    (minimal / "measurement.parquet").write_bytes(b"PAR1 half a file")
    broken = hlh("screen", f"spark:{minimal}")

    assert fewer.code == 0
    assert "there is no table drug_exposure" in fewer.err
    assert broken.code == 2
    assert "measurement.parquet: this Parquet file cannot be read" in broken.err
