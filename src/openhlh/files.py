"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from openhlh.errors import WrongInput


def write_atomically(path: Path, text: str | bytes) -> None:
    """Write text (as UTF-8) or bytes to a file at once, or leave what stood there.

    WrongInput where it cannot be written.
    """
    if not path.name:
        raise WrongInput(
            "this names no file", where=str(path) or "''", remedy="name a file, such as answer.html"
        )
    path = path.resolve()  # a link keeps its place, and what it points to is written
    if path.exists() and not path.is_file():
        raise WrongInput(
            "this is no file that can be written", where=str(path), remedy="name a file, such as answer.html"
        )
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if isinstance(text, bytes):
            part.write_bytes(text)
        else:
            part.write_text(text, encoding="utf-8", errors="replace")
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise WrongInput(
            "the file cannot be written",
            where=str(path),
            why=str(error.strerror or "the system refused"),
            remedy="name a file in a folder that exists and that you may write to",
        ) from None
