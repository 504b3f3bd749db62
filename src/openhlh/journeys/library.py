"""The library on disk: documents and records added, listed, taken out and searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from openhlh.errors import WrongInput
from openhlh.journeys.ask_library import library_file
from openhlh.literature.document import Document
from openhlh.literature.library import Added, Entry, Library, Outcome, opened
from openhlh.literature.library_items import ABSTRACT, TITLE_ONLY, item_of_document, item_of_record
from openhlh.literature.library_search import search as search_words

OUTCOMES: tuple[Outcome, ...] = ("stored", "completed", "already_there", "failed")
_EXTENTS = {TITLE_ONLY: "title", ABSTRACT: "abstract"}

Say = Callable[[str], None]
ReadDocument = Callable[[Path], Document]


@dataclass
class Report:
    """What became of every file: `records` counts the records of a file of records, None for a document."""

    library: str
    added: list[Added] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many documents and records had each outcome."""
        found = Counter(one.outcome for one in self.added)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    def contract(self) -> dict[str, Any]:
        """Return the JSON object that `hlh library add --json` prints."""
        return {
            "library": self.library,
            "counts": self.counts,
            "files": self.files,
            "added": [asdict(one) for one in self.added],
            "skipped": self.skipped,
        }


def add(paths: Iterable[Path], place: Path | None, say: Say, read: ReadDocument | None = None) -> Report:
    """Add files and folders; one that cannot be read is told and the others go on."""
    place = place or library_file()
    report = Report(str(place))
    files = _files(paths, report)
    with opened(place, writing=True) as library:
        for number, path in enumerate(files, start=1):
            say(f"{number} of {len(files)}: {path.name}")
            added, records = _add_file(library, path, read or _reader())
            report.added += added
            outcomes = Counter(one.outcome for one in added)
            told: dict[str, int] = {outcome: outcomes[outcome] for outcome in OUTCOMES}
            report.files.append({"file": str(path), "records": records, **told})
    return report


def listed(place: Path | None) -> list[dict[str, Any]]:
    """Return every entry of the library by key."""
    with opened(place or library_file()) as library:
        return [_shown(entry) for entry in library.entries()]


def remove(name: str, place: Path | None) -> dict[str, Any]:
    """Take out what a key, DOI or PubMed number names and return it."""
    place = place or library_file()
    if not place.is_file():
        raise WrongInput("there is no library", where=f"file {place}", remedy="hlh library add FILES")
    with opened(place, writing=True) as library:
        return _shown(library.remove(name))


def search(words: str, place: Path | None) -> dict[str, Any]:
    """Return the best passages for words typed in any way, with where each hit stands."""
    with opened(place or library_file()) as library:
        found = search_words(library, words)
    hits = [asdict(hit) | {"hits": [list(one) for one in hit.hits]} for hit in found.hits]
    return {"query": words, "every_word": found.every_word, "count": found.count, "passages": hits}


def _files(paths: Iterable[Path], report: Report) -> list[Path]:
    """Return the files to add, each once; what is passed over in a folder stands in the report."""
    from openhlh.literature.reading import documents_in
    from openhlh.literature.records_in import form_of

    files: dict[Path, None] = {}
    for path in paths:
        try:
            found = documents_in([path])
        except WrongInput as error:
            report.added.append(Added("failed", str(path), why=_why(error)))
            continue
        records = [one for one, _ in found.passed_over if form_of(one)]
        files |= dict.fromkeys(sorted([*found.files, *records]))
        report.skipped += [
            {"file": str(one), "why": why} for one, why in found.passed_over if one not in records
        ]
    return list(files)


def _add_file(library: Library, path: Path, read: ReadDocument) -> tuple[list[Added], int | None]:
    from openhlh.literature.records_in import form_of

    try:
        form = form_of(path)
        if form:
            return _add_records(library, path, form)
        return library.add([item_of_document(read(path))], together=False), None
    except WrongInput as error:
        return [Added("failed", str(path), why=_why(error))], None
    except OSError as error:
        return [Added("failed", str(path), why=f"cannot be read: {error.strerror}")], None


def _add_records(library: Library, path: Path, form: str) -> tuple[list[Added], int]:
    """Add every record of a file in one transaction; those that cannot be read are told beside them."""
    from openhlh.literature.records_in import read_records

    found = read_records(path, form)
    items = [item_of_record(record, path.name, form) for record in found.records]
    added = [
        replace(one, name=f"{path.name}, {record.at}", why=record.remark or one.why)
        for one, record in zip(library.add(items, together=True), found.records, strict=True)
    ]
    unread = [Added("failed", f"{path.name}, {one.at}", why=one.why) for one in found.unread]
    return added + unread, found.count


def _reader() -> ReadDocument:
    from openhlh.literature.reading import read_document

    return read_document


def _why(error: WrongInput) -> str:
    return f"{error.what}: {error.why}" if error.why else error.what


def _shown(entry: Entry) -> dict[str, Any]:
    shown = asdict(entry) | {"extent": _EXTENTS.get(entry.extent, "whole")}
    del shown["id"]
    return shown
