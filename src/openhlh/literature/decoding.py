"""Bytes as text: UTF-8, UTF-16 with its mark, Windows-1252 where that is certain; nothing lost unsaid."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from openhlh.errors import WrongInput

_HIGH = re.compile(rb"[\x80-\xff]+")
_UNDEFINED = frozenset(b"\x81\x8d\x8f\x90\x9d")
_CONTROLS = bytes(range(9)) + b"\x0b" + bytes(range(14, 27)) + bytes(range(28, 32))


def decode(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the text with "\\n" for every line end, and what is to be noted; WrongInput for binary data."""
    text, notes = _decoded(data, path)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, notes


def _decoded(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
        if "\0" in text:
            raise _no_text(path)
        lost = text.count("\ufffd")
        return text, ((f"{lost} characters were not UTF-16",) if lost else ())
    if b"\x00" in data or len(data.translate(None, _CONTROLS)) < 0.98 * len(data):
        raise _no_text(path)
    data = data.removeprefix(BOM_UTF8)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _mixed(data)


def _no_text(path: Path) -> WrongInput:
    return WrongInput(
        "this is not text",
        where=f"file {path}",
        why="it holds bytes that no text has",
        remedy="give a text, Markdown, HTML, JATS XML, PDF or Word (.docx) file; text as UTF-8",
    )


def _mixed(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Read as Windows-1252 where all high bytes speak for it, else mark what is not UTF-8."""
    runs = _HIGH.findall(data)
    high = sum(map(len, runs))
    western = all(len(run) <= 2 and not _UNDEFINED.intersection(run) for run in runs)
    if western and not any(_is_utf8(run) for run in runs) and high <= 0.3 * len(data):
        return data.decode("cp1252"), (f"read as Windows-1252: {high} bytes were not UTF-8",)
    text = data.decode("utf-8", errors="replace")
    wrong = sum(len(run) for run in runs if not _is_utf8(run))
    return text, (f"{wrong} bytes were not UTF-8 and are shown as \ufffd",)


def _is_utf8(run: bytes) -> bool:
    try:
        run.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
