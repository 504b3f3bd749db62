"""The library: the user's documents and reference records in one SQLite file, each wholly there or not.

Every document, and every file of records, is one transaction in write-ahead mode, so that several
processes may add at once and one that is killed leaves nothing half done.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from openhlh.errors import WrongInput
from openhlh.literature.library_items import Item, plain_doi, plain_pmid

APPLICATION, VERSION = 0x484C484C, 1
BUSY_SECONDS = 120.0
_SCHEMA = """
create table documents(
  id integer primary key, key text not null unique, kind text not null, name text not null,
  format text not null, title text not null, authors text not null, journal text not null,
  doi text unique, pmid text unique, year integer, text text not null, digest text not null,
  shape text not null, extent integer not null);
create index documents_by_digest on documents(digest);
create table passages(
  id integer primary key, document integer not null references documents(id) on delete cascade,
  part text not null, start integer not null, stop integer not null, text text not null);
create index passages_by_document on passages(document, start);
create virtual table words using fts5(
  text, content='passages', content_rowid='id', tokenize='porter unicode61');
create trigger passage_in after insert on passages begin
  insert into words(rowid, text) values (new.id, new.text); end;
create trigger passage_out after delete on passages begin
  insert into words(words, rowid, text) values ('delete', old.id, old.text); end;
"""
_COLUMNS = "id, key, kind, name, format, title, authors, journal, doi, pmid, year, extent"
Outcome = Literal["stored", "completed", "already_there", "failed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A document or record as it stands in the library; `extent` says how much of it is there."""

    id: int
    key: str
    kind: str
    name: str
    format: str
    title: str
    authors: tuple[str, ...]
    journal: str
    doi: str
    pmid: str
    year: int | None
    extent: int


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one document or record: its outcome, its key and title, and why."""

    outcome: Outcome
    name: str
    key: str = ""
    title: str = ""
    why: str = ""


@dataclass(frozen=True)
class Library:
    """An open library; every method may raise WrongInput."""

    path: Path
    connection: sqlite3.Connection

    def add(self, items: Iterable[Item], *, together: bool) -> list[Added]:
        """Add items in one transaction; a contradictory one is told as failed, or raises if not `together`.

        What is there already is not added again; a record gives way to its document, a title alone to
        its abstract, and keeps its key.
        """
        with self._transaction():
            return [self._told(item) if together else self._add(item) for item in items]

    def entries(self) -> Iterator[Entry]:
        """Yield everything that is in the library, by key."""
        for row in self.connection.execute(f"select {_COLUMNS} from documents order by key"):  # noqa: S608
            yield _entry(row)

    def entry(self, name: str) -> Entry | None:
        """Return the entry of a key, a DOI or a PubMed number."""
        return next(filter(None, (self._where("key", name), *self._by_number(name))), None)

    def remove(self, name: str) -> Entry:
        """Take out what a key, DOI or PubMed number names; WrongInput where there is no such thing."""
        with self._transaction():
            entry = self.entry(name)
            if entry is None:
                raise WrongInput(
                    "nothing in the library is called so",
                    where=name[:80],
                    remedy="`hlh library list` shows every key, DOI and PubMed number",
                )
            self._take_out(entry.id)
        return entry

    def shape(self, entry: Entry) -> dict[str, Any]:
        """Return where the parts, tables and references of a document lie in its text."""
        (found,) = self.connection.execute("select shape from documents where id = ?", (entry.id,)).fetchone()
        shape: dict[str, Any] = json.loads(found)
        return shape

    def _by_number(self, name: str) -> Iterator[Entry | None]:
        yield self._where("doi", plain_doi(name))
        yield self._where("pmid", plain_pmid(name))

    def _where(self, column: str, value: str) -> Entry | None:
        if not value:
            return None
        asked = f"select {_COLUMNS} from documents where {column} = ?"  # noqa: S608 - our own column names
        row = self.connection.execute(asked, (_writable(value),)).fetchone()
        return _entry(row) if row else None

    def _told(self, item: Item) -> Added:
        try:
            return self._add(item)
        except WrongInput as error:
            return Added("failed", item.name, title=item.title, why=error.what)

    def _add(self, item: Item) -> Added:
        twin, why = self._twin(item)
        if twin is None:
            key = self._free_key(item)
            self._put_in(None, key, item)
            return Added("stored", item.name, key, item.title)
        if item.extent > twin.extent:
            self._take_out(twin.id)
            self._put_in(twin, twin.key, item)
            return Added("completed", item.name, twin.key, item.title, why)
        self._complete_numbers(twin, item)
        return Added("already_there", item.name, twin.key, twin.title, why)

    def _twin(self, item: Item) -> tuple[Entry | None, str]:
        """Return what is the same publication, and by what; WrongInput where the numbers contradict."""
        doi, pmid = self._where("doi", item.doi), self._where("pmid", item.pmid)
        found = doi or pmid
        if doi and pmid and doi.id != pmid.id:
            raise WrongInput(f"its DOI is that of {doi.key} and its PMID that of {pmid.key}", where=item.name)
        if found and _contradict(found, item):
            same = "DOI" if doi else "PMID"
            raise WrongInput(
                f"it has the {same} of {found.key} and another {'PMID' if doi else 'DOI'}", where=item.name
            )
        if found:
            return found, "same DOI" if doi else "same PMID"
        asked = f"select {_COLUMNS} from documents where digest = ? order by id"  # noqa: S608
        alike = map(_entry, self.connection.execute(asked, (item.digest,)).fetchall())
        return next((one for one in alike if not _contradict(one, item)), None), "same text"

    def _free_key(self, item: Item) -> str:
        keys = (f"{item.key}-{item.mark[:length]}" for length in range(6, len(item.mark) + 1))
        return next(key for key in keys if self._where("key", key) is None)

    def _put_in(self, twin: Entry | None, key: str, item: Item) -> None:
        """Write an item with its passages; what a twin knew and the item does not is kept."""
        known = (twin.doi, twin.pmid, twin.year, twin.journal) if twin else ("", "", None, "")
        authors = item.authors or (twin.authors if twin else ())
        row = (
            *(key, item.kind, item.name, item.format, item.title, json.dumps(authors)),
            *(item.journal or known[3], item.doi or known[0] or None, item.pmid or known[1] or None),
            *(item.year or known[2], item.text, item.digest, item.shape, item.extent),
        )
        written = self.connection.execute(
            "insert into documents(key, kind, name, format, title, authors, journal, doi, pmid, year, text,"
            " digest, shape, extent) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            tuple(_writable(one) if isinstance(one, str) else one for one in row),
        )
        self.connection.executemany(
            "insert into passages(document, part, start, stop, text) values (?, ?, ?, ?, ?)",
            (
                (written.lastrowid, _writable(one.part), one.start, one.end, item.text[one.start : one.end])
                for one in item.passages
            ),
        )

    def _take_out(self, number: int) -> None:
        self.connection.execute("delete from documents where id = ?", (number,))

    def _complete_numbers(self, twin: Entry, item: Item) -> None:
        """Add the DOI, PubMed number and year that the one in the library lacks."""
        self.connection.execute(
            "update documents set doi = coalesce(doi, ?), pmid = coalesce(pmid, ?),"
            " year = coalesce(year, ?) where id = ?",
            (item.doi or None, item.pmid or None, item.year, twin.id),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("begin immediate")
        try:
            yield
            self.connection.execute("commit")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("rollback")
            raise


@contextmanager
def opened(path: Path, *, writing: bool = False) -> Iterator[Library]:
    """Open the library of a file, made anew where one is to be written; WrongInput where that fails."""
    connection = None
    try:
        if not path.name:
            raise WrongInput("this names no file", where=f"file {path}", remedy="name one with --library")
        if writing:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.is_file():
            raise WrongInput(
                "there is no library", where=f"file {path}", remedy="make one: hlh library add FILES"
            )
        connection = _connected(path, writing)
        yield Library(path, connection)
    except (sqlite3.Error, OSError) as error:
        raise _unusable(path, error) from None
    finally:
        if connection is not None:
            connection.close()


def _connected(path: Path, writing: bool) -> sqlite3.Connection:
    address = f"{path.resolve().as_uri()}?mode={'rwc' if writing else 'ro'}{_if_fixed(path, writing)}"
    connection = sqlite3.connect(address, timeout=BUSY_SECONDS, isolation_level=None, uri=True)
    try:
        connection.execute("pragma foreign_keys = on")
        if _version(path, connection) is None:
            if writing:
                _make(connection)
            if _version(path, connection) is None:
                raise WrongInput("the library is empty", where=f"file {path}", remedy="hlh library add FILES")
        return connection
    except UnicodeDecodeError:  # from SQLite, where its message cites damaged bytes
        connection.close()
        raise sqlite3.DatabaseError("its tables hold bytes that are no text") from None
    except BaseException:
        connection.close()
        raise


def _if_fixed(path: Path, writing: bool) -> str:
    """Say to SQLite that nobody writes: where the folder is read-only it could not make its lock files."""
    in_use = path.with_name(f"{path.name}-wal").exists()
    return "" if writing or in_use or os.access(path.parent, os.W_OK) else "&immutable=1"


def _version(path: Path, connection: sqlite3.Connection) -> int | None:
    """Return the version of a library, None for a new file; WrongInput for what is not ours to read."""
    # in one statement: another process may be making the library between two of them
    application, version, tables = connection.execute(
        "select (select application_id from pragma_application_id), "
        "(select user_version from pragma_user_version), (select count(*) from sqlite_master)"
    ).fetchone()
    if not application and not version and not tables:
        return None
    if application != APPLICATION:
        raise WrongInput(
            "this is another program's database, not a library of OpenHLH",
            where=f"file {path}",
            remedy="name another file with --library",
        )
    if version != VERSION:
        raise WrongInput(
            f"the library has version {version}, this OpenHLH reads version {VERSION}",
            where=f"file {path}",
            remedy="use the OpenHLH that wrote it, or add the documents to a new file",
        )
    return int(version)


def _make(connection: sqlite3.Connection) -> None:
    """Write the tables in one transaction; whoever comes second finds them."""
    _patiently(connection, "pragma journal_mode = wal")
    connection.execute("begin immediate")
    try:
        (tables,) = connection.execute("select count(*) from sqlite_master").fetchone()
        if not tables:
            for statement in _statements(_SCHEMA):
                connection.execute(statement)
            connection.execute(f"pragma application_id = {APPLICATION}")
            connection.execute(f"pragma user_version = {VERSION}")
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Run a change of the journal, for which SQLite does not wait by itself while others do the same."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for piece in script.split(";"):
        statement += f"{piece};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _unusable(path: Path, error: sqlite3.Error | OSError) -> WrongInput:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    said = {
        sqlite3.SQLITE_NOTADB: "this is no library, or a damaged one",
        sqlite3.SQLITE_CORRUPT: "the library is damaged",
        sqlite3.SQLITE_BUSY: "the library is in use by others for too long",
        sqlite3.SQLITE_FULL: "there is no space left for the library",
        sqlite3.SQLITE_READONLY: "the library cannot be written",
    }
    remedy = {
        sqlite3.SQLITE_NOTADB: "name another file with --library, or add the documents to a new one",
        sqlite3.SQLITE_CORRUPT: "restore a copy, or add the documents to a new file with --library",
        sqlite3.SQLITE_BUSY: "wait until the others are done and try again",
    }
    return WrongInput(
        said.get(code, "the library cannot be used"),
        where=f"file {path}",
        why=str(getattr(error, "strerror", None) or error),
        remedy=remedy.get(code, "name a file that you may read and write with --library"),
    )


def _contradict(entry: Entry, item: Item) -> bool:
    pairs = ((entry.doi, item.doi), (entry.pmid, item.pmid))
    return any(one and other and one != other for one, other in pairs)


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _entry(row: tuple[Any, ...]) -> Entry:
    known = list(row)
    known[6] = tuple(json.loads(known[6]))
    known[8], known[9] = known[8] or "", known[9] or ""
    return Entry(*known)
