"""`hlh invent`: patients and a warehouse that never were, for trying, teaching and measuring."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from openhlh.errors import WrongInput
from openhlh.files import write_atomically
from openhlh.patients.invent import patients, warehouse
from openhlh.patients.invent_file import as_csv


def invent_patients(path: Path, count: int, seed: int) -> None:
    """Write invented patients as one CSV file; some of the count have no row that a file could hold."""
    if not 1 <= count <= 100_000:
        raise WrongInput("so many patients are not invented", where="--patients", remedy="give 1 to 100000")
    write_atomically(path, as_csv(patients(count, seed)))


def invent_warehouse(folder: Path, admissions: int, seed: int, say: Callable[[str], None]) -> None:
    """Write an invented OMOP warehouse as a folder of Parquet."""
    if folder.exists() and any(folder.iterdir()):
        raise WrongInput("the folder is not empty", where=str(folder), remedy="name a new folder")
    warehouse(folder, admissions, seed, say=say)
