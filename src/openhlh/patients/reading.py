"""The door of the room: files of patients to facts, whatever their format."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import BinaryIO

from openhlh.content.vocabulary_of_facts import FactNames
from openhlh.errors import WrongInput
from openhlh.patients.cdisc import is_cdisc, read_dataset
from openhlh.patients.days import today
from openhlh.patients.fhir import read_fhir
from openhlh.patients.naming import Dictionary, dictionary
from openhlh.patients.rows import Gathering, How, ReadPatients
from openhlh.patients.sites import Site
from openhlh.patients.tables import LARGEST_CSV, LIMIT_OF_TEXT, Table, read_csv, read_parquet, too_large
from openhlh.patients.tabular import is_long, read_long, roles_of
from openhlh.patients.wide import read_wide

_TEXT_NAME = "input"
_TABLES = {".csv", ".tsv", ".txt", ".parquet"}
_FHIR = {".json", ".ndjson", ".jsonl"}


def read_patients(
    source: Path | str,
    names: FactNames | Dictionary,
    *,
    site: Site | None = None,
    lenient: bool = False,
    on: date | None = None,
) -> ReadPatients:
    """Return the patients of a file or folder (a path) or of text that was already read.

    Read are CSV, Parquet, CDISC datasets, FHIR R4 bundles and JSON lines, told by their content. `lenient`
    lists what cannot be used instead of stopping. `on` is the day for which ages without a day are meant
    (today). WrongInput with file and row, without the values, for everything that cannot be used.
    """
    into = Gathering(How(dictionary(names), site, lenient, on or today()))
    try:
        _read(source, into)
    except OSError as error:
        raise WrongInput(
            "the file cannot be read",
            where=str(source) if isinstance(source, Path) else _TEXT_NAME,
            why=str(error.strerror or "the system refused"),
            remedy="name a file or folder that exists and that you may read",
        ) from None
    found = into.result()
    if not found.patients:
        raise WrongInput("no patient was found", where=_name(source), remedy="give a file with patients")
    return found


def _name(source: Path | str) -> str:
    return source.name if isinstance(source, Path) else _TEXT_NAME


def _read(source: Path | str, into: Gathering) -> None:
    if isinstance(source, str):
        _read_text(source, into)
    elif source.is_dir():
        _read_folder(source, into)
    elif source.exists() and not source.is_file():  # a pipe can be read only once
        with source.open("rb") as stream:
            _read_text(text_of(stream), into)
    elif source.suffix.casefold() == ".parquet" or _starts_with(source, b"PAR1"):
        _read_one_table(read_parquet(source, source.name), into)
    elif source.suffix.casefold() in _FHIR or _starts_with(source, b"{", b"["):
        read_fhir(_texts([source]), into)
    else:
        _read_one_table(read_csv(source, source.name), into)


def _read_text(source: str, into: Gathering) -> None:
    if source.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        read_fhir([(_TEXT_NAME, source.removeprefix("\ufeff"))], into)
    else:
        _read_one_table(read_csv(source, _TEXT_NAME), into)


def text_of(stream: BinaryIO) -> str:
    """Return what a pipe brings as text; WrongInput for what is no UTF-8 or too large."""
    raw = stream.read(LARGEST_CSV + 1)
    if len(raw) > LARGEST_CSV:
        raise too_large(_TEXT_NAME, LIMIT_OF_TEXT)
    return _decoded(raw, _TEXT_NAME)


def _decoded(raw: bytes, name: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongInput("this is not UTF-8 text", where=name, remedy="save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _starts_with(path: Path, *signs: bytes) -> bool:
    with path.open("rb") as file:
        head = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(signs)


def _read_one_table(table: Table, into: Gathering) -> None:
    if is_cdisc(table):
        read_dataset(table, into)
        return
    roles = roles_of(table)
    if is_long(roles):
        read_long(table, roles, into)
    else:
        read_wide(table, roles, into)


def _read_folder(folder: Path, into: Gathering) -> None:
    """Read a folder of FHIR files or of CDISC datasets, in the order of their names."""
    files = sorted(one for one in folder.iterdir() if one.is_file() and not one.name.startswith("."))
    fhir = [one for one in files if one.suffix.casefold() in _FHIR]
    tables = [one for one in files if one.suffix.casefold() in _TABLES]
    if bool(fhir) == bool(tables):
        raise WrongInput(
            "the folder holds two kinds of files" if fhir else "the folder holds no file that is read",
            where=folder.name,
            remedy="give a folder of FHIR files (.json, .ndjson) or of CDISC datasets (.csv, .parquet)",
        )
    for one in files:
        if one not in fhir and one not in tables:
            into.omit(one.name, "the file", "its kind is not read")
    if fhir:
        read_fhir(_texts(fhir), into)
    for one in tables:
        is_parquet = one.suffix.casefold() == ".parquet"
        table = read_parquet(one, one.name) if is_parquet else read_csv(one, one.name)
        if not table.has("USUBJID"):
            raise WrongInput(
                "this table has no column USUBJID",
                where=one.name,
                why="tables of a folder are joined by it",
                remedy="give plain tables one at a time",
            )
        read_dataset(table, into)


def _texts(paths: Iterable[Path]) -> list[tuple[str, str]]:
    """Return name and text of files; WrongInput for what is no UTF-8 or too large."""
    found, size = [], 0
    for path in paths:
        size += path.stat().st_size
        if size > LARGEST_CSV:
            raise too_large(path.name, LIMIT_OF_TEXT)
        found.append((path.name, _decoded(path.read_bytes(), path.name)))
    return found
