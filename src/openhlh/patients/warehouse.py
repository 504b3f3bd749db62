"""Opening a warehouse: a folder of Parquet, a DuckDB file, PostgreSQL, or a Spark session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openhlh.errors import MissingPart, OpenHLHError, WrongInput

_ENGINES = {"duckdb", "_duckdb", "psycopg", "pyspark", "py4j", "pyarrow"}
_ABOUT_DATA = {  # the classes of DB-API and their like in the other engines; mistakes of ours have others
    "DataError",
    "OperationalError",
    "InvalidInputException",
    "ArrowException",
    "SparkRuntimeException",
    "ArithmeticException",
    "DateTimeException",
    "NumberFormatException",
    "UnknownException",
    "Py4JJavaError",
}


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
    path, is_folder, is_file = Path(text), False, False
    with suppress(OSError):  # too long for the name of a file
        is_folder, is_file = path.is_dir(), path.is_file()
    if text and is_folder:
        return _folder(path)
    if is_file:
        return _duckdb_file(path)
    raise WrongInput(
        "there is no such source",
        where=shown(source),
        remedy="name a folder of Parquet files, a DuckDB file, postgres://…, or spark:FOLDER",
    )


def shown(source: Any) -> str:  # noqa: ANN401 - text, a path, or a Spark session
    """Return a source as it may be shown: an address may hold a password."""
    if not isinstance(source, str | Path):
        return "Spark session"
    scheme, address, _ = str(source).partition("://")
    return f"{scheme}://…" if address else str(source)


@contextmanager
def at_work(warehouse: Warehouse) -> Iterator[None]:
    """Use a warehouse and close it; what an engine cannot read is said in prose.

    Its own message may hold values. A Spark session is left running: it may be the caller's.
    """
    try:
        yield
    except OpenHLHError:
        raise
    except Exception as error:
        kinds = {one.__name__ for one in type(error).__mro__}
        if not kinds & _ABOUT_DATA or type(error).__module__.split(".")[0] not in _ENGINES:
            raise
        raise WrongInput(
            "the engine cannot read some rows, or has no room for its work",
            where=warehouse.shown,
            why=f"it says {type(error).__name__}",
            remedy="check the types and files of the tables, free memory and disk",
        ) from None
    finally:
        if warehouse.kind != "spark":
            warehouse.backend.disconnect()


def in_memory() -> Any:  # noqa: ANN401 - an Ibis backend
    """Return an empty engine in memory: DuckDB."""
    import ibis

    return ibis.duckdb.connect()


def _parquet_tables(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in sorted(folder.iterdir()):
        is_folder = child.is_dir() and any(child.glob("*.parquet"))
        if not (is_folder or (child.is_file() and child.suffix.lower() == ".parquet")):
            continue
        name = child.name.lower().removesuffix(".parquet")
        if name in found:
            raise WrongInput(
                f"the table {name} stands there twice", where=str(folder), remedy="keep one of the two"
            )
        found[name] = str(child / "*.parquet") if is_folder else str(child)
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
            raise _unreadable(folder, name, error) from None
    return Warehouse(backend, tables, "duckdb", str(folder))


def _unreadable(folder: Path, name: str, error: Exception) -> WrongInput:
    return WrongInput(
        "this Parquet file cannot be read",
        where=f"{folder.name}/{name}.parquet",
        why=_first_line(error),
        remedy="write the file anew; it may be truncated",
    )


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
    backend = None
    try:
        backend = ibis.connect(address)
        names = backend.list_tables(database=schema or None)
        tables = {name.lower(): backend.table(name, database=schema or None) for name in names}
    except Exception:  # the driver's message may hold the password
        if backend is not None:
            backend.disconnect()
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
    files = _parquet_tables(folder)
    session = _session(SparkSession)
    for name, path in files.items():
        try:
            session.read.parquet(path).createOrReplaceTempView(f"cdm_{name}")
        except Exception as error:
            raise _unreadable(folder, name, error) from None
    return _spark(session, str(folder), {name: f"cdm_{name}" for name in files})


def _session(maker: Any) -> Any:  # noqa: ANN401 - pyspark is an extra
    """Return a Spark session of this process, the one that runs or a new one."""
    builder = maker.builder.appName("openhlh").config("spark.ui.enabled", "false")
    try:
        return (
            builder.config("spark.sql.session.timeZone", "UTC")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "8")
            .getOrCreate()
        )
    except Exception:  # what Spark says then is a page of Java
        raise MissingPart(
            "Spark cannot be started",
            where="spark:FOLDER",
            remedy="install Java 17 or later and let JAVA_HOME name it",
        ) from None


def _spark(session: Any, name: str, views: dict[str, str] | None = None) -> Warehouse:  # noqa: ANN401 - pyspark is an extra
    import ibis

    try:
        backend = ibis.pyspark.connect(session)
    except ImportError:
        raise _no_extra("spark") from None
    views = views or {name.lower(): name for name in backend.list_tables()}
    return Warehouse(backend, {name: backend.table(view) for name, view in views.items()}, "spark", name)


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
