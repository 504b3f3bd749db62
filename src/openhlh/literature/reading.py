"""The one door for documents: a file is read for what it holds, whatever its name says."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from openhlh.errors import WrongInput
from openhlh.literature.document import Document, Format

_SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".xml": "jats",
    ".nxml": "jats",
    ".jats": "jats",
    ".pdf": "pdf",
    ".docx": "docx",
}
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "an old Word or Office file",
    b"{\\rtf": "an RTF file",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\x00": "a picture",
    b"SQLite format 3": "a database",
}
_MIB = 1024 * 1024
LARGEST_TEXT, LARGEST_FILE = 60 * _MIB, 500 * _MIB
_NO_FILE = "a pipe, device or socket, not a file"
_MARKS = b"\xef\xbb\xbf\xff\xfe"  # byte order marks


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, and those that were passed over, each with the reason."""

    files: tuple[Path, ...]
    passed_over: tuple[tuple[Path, str], ...] = ()


def read_document(path: Path) -> Document:
    """Return the document in a file; WrongInput, naming the file, for what cannot be read whole."""
    data = bytes_of(path)
    if not data.strip().strip(_MARKS):
        raise WrongInput("the file is empty", where=f"file {path}", remedy="fetch or save it again")
    kind = format_of(data[:2048], path)
    if kind == "pdf":
        from openhlh.literature.pdf import read_pdf

        return read_pdf(data, path)
    if kind == "docx":
        from openhlh.literature.word import read_word

        return read_word(data, path)
    if len(data) > LARGEST_TEXT:
        raise _too_large(path, LARGEST_TEXT)
    if kind == "jats":
        from openhlh.literature.jats import read_jats

        return read_jats(data, path)
    if kind == "html":
        from openhlh.literature.html import read_html

        return read_html(data, path)
    from openhlh.literature.plain import read_plain

    return read_plain(data, path, kind)


def read_text(text: str, name: str = "text") -> Document:
    """Return a text that is at hand as a document, with its parts, tables and references."""
    from openhlh.literature.plain import structured

    return structured(Document(name, "text", text))


def bytes_of(path: Path) -> bytes:
    """Return what a file holds; WrongInput where it is none, too large or may not be read."""
    if path.is_dir():
        raise WrongInput("this is a folder", where=f"file {path}", remedy="name the files in it")
    try:
        if not path.is_file() and path.exists():
            raise WrongInput(f"this is {_NO_FILE}", where=f"file {path}", remedy="save its content in a file")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST_FILE:
                raise _too_large(path, LARGEST_FILE)
            data = file.read(size + 1)
    except OSError as error:
        raise WrongInput(
            "the file cannot be read",
            where=f"file {path}",
            why=str(error.strerror or "the system refused"),
            remedy="check its name and whether you may read it",
        ) from None
    if len(data) != size:
        raise WrongInput(
            "the file changed while it was read", where=f"file {path}", remedy="wait until it is written"
        )
    return data


def documents_in(paths: Iterable[Path]) -> Found:
    """Return the files that are named or lie in the named folders, sorted, each once.

    In folders hidden files are skipped, and files of other kinds are passed over with a reason.
    WrongInput for a path that does not exist.
    """
    files: dict[Path, None] = {}
    passed: list[tuple[Path, str]] = []
    for path in paths:
        if not path.is_dir():
            if not os.path.lexists(path):
                raise WrongInput("there is no such file", where=f"file {path}", remedy="check its name")
            files[path] = None
            continue
        for one, refused in _below(path):
            reason = refused or _why_not(one)
            if reason:
                passed.append((one, reason))
            else:
                files[one] = None
    return Found(tuple(files), tuple(passed))


def format_of(head: bytes, path: Path) -> Format:
    """Return the format by the first bytes, then by the suffix; WrongInput for a format that is not read."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    foreign = next((name for magic, name in _FOREIGN.items() if head.startswith(magic)), None)
    if foreign:
        raise WrongInput(
            f"this is {foreign}",
            where=f"file {path}",
            why="it is not among the formats that are read",
            remedy="save it as text, Markdown, HTML, JATS XML, PDF or Word (.docx)",
        )
    marked = _marked_up(
        start if not head.startswith((b"\xff\xfe", b"\xfe\xff")) else start.replace(b"\0", b"")
    )
    if marked:
        return marked
    named = _SUFFIXES.get(path.suffix.lower())
    return "markdown" if named == "markdown" else "text"


def _marked_up(start: bytes) -> Format | None:
    low = start.lower().removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if low.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in low[:1500]:
        return "html"
    if low.startswith((b"<?xml", b"<!doctype", b"<article", b"<pmc-articleset")):
        return "jats"
    if low.startswith((b"<div", b"<p>", b"<h1", b"<table", b"<!--", b"<section", b"<main", b"<meta")):
        return "html"
    return None


def _too_large(path: Path, most: int) -> WrongInput:
    return WrongInput(
        f"the file is larger than {most // _MIB} MiB",
        where=f"file {path}",
        why="no paper is that long, and reading it would take the memory of other work",
        remedy="split it into its articles, or leave the pictures out of it",
    )


def _below(folder: Path) -> list[tuple[Path, str]]:
    """Return what lies in a folder, sorted, with the reason where it is a folder that was not entered."""
    found: list[tuple[Path, str]] = []

    def refuse(error: OSError) -> None:
        found.append((Path(error.filename), f"cannot be read: {error.strerror or 'the system refused'}"))

    for here, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [Path(here, name) for name in folders if Path(here, name).is_symlink()]
        found += [(one, "a link to a folder, which may lead in a circle") for one in links]
        found += [(Path(here, name), "") for name in names if not name.startswith(".")]
    return sorted(found)


def _why_not(path: Path) -> str:
    if not path.is_file() and path.exists():
        return _NO_FILE
    if path.suffix.lower() in _SUFFIXES:
        return ""
    try:
        with path.open("rb") as file:
            head = file.read(2048)
        kind = format_of(head, path)
    except OSError as error:
        return f"cannot be read: {error.strerror or 'the system refused'}"
    except WrongInput as error:
        return error.what
    return "" if kind != "text" else f"not a kind of document that is read ({path.suffix or 'no suffix'})"
