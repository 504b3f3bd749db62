"""Opening a warehouse: a folder of Parquet, a DuckDB file, PostgreSQL, or a Spark session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openhlh.errors import MissingPart, WrongInput


@dataclass(frozen=True)
class Warehouse:
    """An Ibis backend and the tables that it shows, by lower-case name; `kind` names the engine."""

    backend: Any
    tables: dict[str, Any]
    kind: str
    shown: str


def open_warehouse(source: Any) -> Warehouse:  # noqa: ANN401 - text, a path, or a Spark session
    """Open a source; MissingPart names the extra that is not installed or the server that is not reached."""
    if not isinstance(source, str | Path):
        return _spark(source, "Spark session")
    text = str(source)
    if text.startswith(("postgres://", "postgresql://")):
        return _postgres(text)
    if text.startswith("spark:"):
        return _spark_folder(Path(text.removeprefix("spark:")))
    path = Path(text)
    if path.is_dir():
        return _folder(path)
    if path.is_file():
        return _duckdb_file(path)
    raise WrongInput(
        "there is no such source",
        where=text if ":" not in text else text.split(":", maxsplit=1)[0],
        remedy="name a folder of Parquet files, a DuckDB file, postgres://…, or spark:FOLDER",
    )


def in_memory() -> Any:  # noqa: ANN401 - an Ibis backend
    """Return an empty engine in memory: DuckDB."""
    import ibis

    return ibis.duckdb.connect()


def _parquet_tables(folder: Path) -> dict[str, str]:
    found = {path.stem.lower(): str(path) for path in sorted(folder.glob("*.parquet")) if path.is_file()}
    for child in sorted(folder.iterdir()):
        if child.is_dir() and any(child.glob("*.parquet")):
            found[child.name.removesuffix(".parquet").lower()] = str(child / "*.parquet")
    if not found:
        raise WrongInput(
            "there is no Parquet file in this folder",
            where=str(folder),
            remedy="name the folder that holds measurement.parquet, person.parquet and so on",
        )
    return found


def _folder(folder: Path) -> Warehouse:
    import ibis

    backend = ibis.duckdb.connect()
    backend.raw_sql("SET preserve_insertion_order = false")  # rows may come in any order, in less memory
    tables = {}
    for name, path in _parquet_tables(folder).items():
        try:
            tables[name] = backend.read_parquet(path, table_name=f"cdm_{name}")
        except Exception as error:  # DuckDB's errors have no common base that it documents
            raise WrongInput(
                "this Parquet file cannot be read",
                where=f"{folder.name}/{name}.parquet",
                why=_first_line(error),
                remedy="write the file anew; it may be truncated",
            ) from None
    return Warehouse(backend, tables, "duckdb", str(folder))


def _duckdb_file(path: Path) -> Warehouse:
    import ibis

    try:
        backend = ibis.duckdb.connect(path, read_only=True)
        names = backend.list_tables()
    except Exception as error:
        raise WrongInput(
            "this is no DuckDB database that can be opened",
            where=str(path),
            why=_first_line(error),
            remedy="name a folder of Parquet files or a DuckDB file that no other process is writing",
        ) from None
    return Warehouse(backend, {name.lower(): backend.table(name) for name in names}, "duckdb", str(path))


def _postgres(url: str) -> Warehouse:
    import ibis

    try:
        import psycopg  # noqa: F401 - Ibis needs it; the extra brings it
    except ImportError:
        raise _no_extra("postgres") from None
    address, _, schema = url.partition("?schema=")
    try:
        backend = ibis.connect(address)
        names = backend.list_tables(database=schema or None)
        tables = {name.lower(): backend.table(name, database=schema or None) for name in names}
    except Exception:  # the driver's message may hold the password
        raise MissingPart(
            "PostgreSQL cannot be reached or opened",
            where="postgres://…",
            remedy="check host, port, database, user and password, and that the server runs",
        ) from None
    return Warehouse(backend, tables, "postgres", "postgres://…")


def _spark_folder(folder: Path) -> Warehouse:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _no_extra("spark") from None
    if not folder.is_dir():
        raise WrongInput(
            "there is no such folder", where=f"spark:{folder}", remedy="name a folder of Parquet"
        )
    builder = SparkSession.builder.appName("openhlh").config("spark.ui.enabled", "false")
    session = (
        builder.config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "8")
        .getOrCreate()
    )
    for name, path in _parquet_tables(folder).items():
        session.read.parquet(path).createOrReplaceTempView(f"cdm_{name}")
    return _spark(session, str(folder), prefix="cdm_")


def _spark(session: Any, shown: str, prefix: str = "") -> Warehouse:  # noqa: ANN401 - pyspark is an extra
    import ibis

    try:
        backend = ibis.pyspark.connect(session)
    except ImportError:
        raise _no_extra("spark") from None
    names = [name for name in backend.list_tables() if name.startswith(prefix)]
    tables = {name.removeprefix(prefix).lower(): backend.table(name) for name in names}
    return Warehouse(backend, tables, "spark", shown)


def _no_extra(name: str) -> MissingPart:
    return MissingPart(
        f"the extra openhlh[{name}] is not installed",
        where="hlh screen",
        remedy=f'install it: pip install "openhlh[{name}]"',
    )


def _first_line(error: Exception) -> str:
    """Return what kind of error it was; the message itself may hold values."""
    text = str(error).splitlines()[0] if str(error) else ""
    return text[:120] if "arquet" in text and "magic" in text else type(error).__name__
