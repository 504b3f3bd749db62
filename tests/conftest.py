"""Shared fixtures: the shelves that ship, an answerer over them, and a state folder of its own per test."""

import shutil
from functools import cache
from pathlib import Path

import ibis
import pytest

from openhlh.answers.answering import Answerer
from openhlh.content.shelves import Shelves, read
from openhlh.content.vocabulary_of_facts import as_analytes
from openhlh.journeys.ask import answerer as build_answerer
from openhlh.journeys.define import Opened, open_definitions
from openhlh.units import Analyte
from tests.engines import postgres, spark_session

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shelves() -> Shelves:
    return read()


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    return build_answerer()


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("HLH_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("HLH_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "sources").is_dir():
        pytest.skip("needs the user's documents in ../shared, which are not part of the repository")
    return SHARED


def text_of(contract: dict) -> str:
    """Return all statements, doubts and refusals of an answer as one text."""
    parts = [one["text"] for section in contract["sections"] for one in section["statements"]]
    parts += [
        doubt for section in contract["sections"] for one in section["statements"] for doubt in one["doubts"]
    ]
    return "\n".join([*parts, *(f"{one['text']}. {one['reason']}" for one in contract["refusals"])])


@pytest.fixture
def copy_of_shelves(tmp_path) -> Path:
    """Return a copy of the shelves that a test may spoil."""
    from openhlh.content.shelves import HERE

    copy = tmp_path / "content"
    shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__", "schemas"))
    return copy


@cache
def analytes_of_shelves() -> dict[str, Analyte]:
    """Return the analytes that ship."""
    return as_analytes(read().fact_names.analytes)


@pytest.fixture(scope="session")
def opened() -> Opened:
    """Return every executable definition that ships."""
    return open_definitions(())


@pytest.fixture(scope="session")
def duckdb():
    """Return an empty database in memory."""
    return ibis.duckdb.connect()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    """Return a PostgreSQL server, HLH_TEST_PG or one of our own; without any the test fails."""
    with postgres(tmp_path_factory.mktemp("postgres")) as url:
        backend = ibis.connect(url)
        yield backend
        backend.disconnect()


@pytest.fixture(scope="session")
def spark():
    """Return a local Spark, which ends with this process; without Java the test fails."""
    return ibis.pyspark.connect(spark_session())


def on_spark(test):
    """Mark a test that needs Spark: one worker starts it, once, and PySpark uses what pandas will drop."""
    for warning in ("DeprecationWarning", "ResourceWarning", "pytest.PytestUnraisableExceptionWarning"):
        test = pytest.mark.filterwarnings(f"ignore::{warning}")(test)
    return pytest.mark.xdist_group("spark")(test)
