"""What a screening found, as Parquet in a folder: part by part, each whole or absent, so that it resumes."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openhlh.errors import WrongInput
from openhlh.files import write_atomically

_DAY_SUFFIX = "_day"


@dataclass(frozen=True)
class Part:
    """A range of subjects, both ends included; None is open."""

    number: int
    first: int | None
    last: int | None


class ScreenFolder:
    """The folder of one screening; `fingerprint` says which definition, source and options it is of."""

    def __init__(self, folder: Path, fingerprint: dict[str, Any]) -> None:
        """Open the folder; WrongInput where it holds the parts of another screening."""
        self.folder, self.fingerprint = folder, fingerprint
        try:
            folder.mkdir(parents=True, exist_ok=True)
            kept = json.loads(self._manifest.read_text())["of"] if self._manifest.exists() else None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WrongInput(
                "the folder for the output cannot be used",
                where=str(folder),
                why=type(error).__name__,
                remedy="name a new folder",
            ) from None
        if kept is None and any(folder.iterdir()):
            raise WrongInput(
                "the folder is not empty", where=str(folder), remedy="name a new folder or empty this one"
            )
        if kept is not None and kept != fingerprint:
            raise WrongInput(
                "the folder holds parts of another screening",
                where=str(folder),
                why="its definition, source or options differ from those now asked for",
                remedy="name another folder, or empty this one",
            )
        write_atomically(self._manifest, json.dumps({"of": fingerprint, "complete": False}, indent=1) + "\n")

    @property
    def _manifest(self) -> Path:
        return self.folder / "manifest.json"

    def path(self, part: Part) -> Path:
        """Return the file of a part."""
        return self.folder / f"part-{part.number:05d}.parquet"

    def write(self, part: Part, batches: Iterable[pa.RecordBatch]) -> None:
        """Write a part at once, or leave nothing of it."""
        half = self.folder / f".{part.number:05d}.{os.getpid()}.half"
        try:
            _write(half, batches)
            half.replace(self.path(part))
        except OSError as error:
            raise self._full(error) from None
        finally:
            with suppress(OSError):
                half.unlink(missing_ok=True)

    def _full(self, error: OSError) -> WrongInput:
        return WrongInput(
            "the output cannot be written",
            where=str(self.folder),
            why=str(error.strerror or "the system refused"),
            remedy="make room or name another folder",
        )

    def finish(self) -> None:
        """Say in the manifest that every part is there; halves of a run that was killed go."""
        for half in self.folder.glob(".*.half"):
            with suppress(OSError):
                half.unlink()
        write_atomically(
            self._manifest, json.dumps({"of": self.fingerprint, "complete": True}, indent=1) + "\n"
        )

    def counts(self) -> Counter[str]:
        """Return how many subjects have each verdict, over all parts."""
        found: Counter[str] = Counter()
        for path in sorted(self.folder.glob("part-*.parquet")):
            found += verdict_counts(_read(path, ["verdict"]))
        return found

    def write_cohort(self, cohort_id: int) -> int:
        """Write the OMOP cohort table of those who met the definition and return its rows."""
        tables = []
        for path in sorted(self.folder.glob("part-*.parquet")):
            t = _read(path)
            t = t.filter(pc.equal(t["verdict"], "met"))
            start = pc.coalesce(t["first_day_met"], t["on"]) if "first_day_met" in t.column_names else t["on"]
            columns = {
                "cohort_definition_id": pa.array([cohort_id] * t.num_rows, pa.int32()),
                "subject_id": t["person"].cast(pa.int64()),
                "cohort_start_date": start.cast(pa.date32()),
                "cohort_end_date": pc.max_element_wise(start, t["until"]).cast(pa.date32()),
            }
            tables.append(pa.table(columns))
        whole = pa.concat_tables(tables)
        half = self.folder / f".cohort.{os.getpid()}.half"
        try:
            pq.write_table(whole, half, compression="zstd")
            half.replace(self.folder / "cohort.parquet")
        except OSError as error:
            raise self._full(error) from None
        return int(whole.num_rows)


def _read(path: Path, columns: list[str] | None = None) -> pa.Table:
    try:
        return pq.read_table(path, columns=columns)
    except (pa.ArrowException, OSError):
        raise WrongInput(
            "this part cannot be read",
            where=str(path),
            why="it is cut off or damaged",
            remedy="delete it and run the same command again",
        ) from None


def verdict_counts(table: pa.Table) -> Counter[str]:
    """Return how many rows have each verdict."""
    counted = pc.value_counts(table["verdict"].combine_chunks()).to_pylist()
    return Counter({row["values"]: row["counts"] for row in counted})


def with_dates(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch whose day numbers (days since 1970) are dates."""
    columns, fields = [], []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        is_day = (name == "first_day_met" or name.endswith(_DAY_SUFFIX)) and not pa.types.is_date(column.type)
        made = column.cast(pa.int32()).cast(pa.date32()) if is_day else column
        columns.append(made)
        fields.append(pa.field(name, made.type))
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))


def _write(path: Path, batches: Iterable[pa.RecordBatch]) -> None:
    writer: pq.ParquetWriter | None = None
    try:
        for batch in _dated(batches):
            writer = writer or pq.ParquetWriter(path, batch.schema, compression="zstd")
            writer.write_batch(batch)
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        raise WrongInput(
            "there is no admission in the source",
            where="hlh screen",
            remedy="check the table visit_occurrence",
        )


def _dated(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield with_dates(batch)
