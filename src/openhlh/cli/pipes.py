"""A reader that closes the pipe early (`hlh ask ... | head`) has seen enough: that is no error."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any

from openhlh.errors import WrongInput


class _StdoutFailed(Exception):
    """What stdout refused; kept apart from files and connections that fail in the same way."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


class _Stdout:
    """Stdout that says which failures are its own; else it is the stream inside."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - a test's stream too
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return int(self._stream.write(text))
        except OSError as error:
            raise _StdoutFailed(error) from None

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            raise _StdoutFailed(error) from None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a stream has
        return getattr(self._stream, name)


@contextmanager
def readers_may_leave() -> Iterator[None]:
    """End quietly with exit code 0 when stdout is closed by its reader; WrongInput where a file fails."""
    stdout = sys.stdout
    if stdout is None:
        raise WrongInput("there is nowhere to write the answer", where="stdout", remedy="leave stdout open")
    if isinstance(stdout, TextIOWrapper):
        stdout.reconfigure(errors="replace")  # an ASCII terminal shows "?" and not a traceback
    sys.stdout = _Stdout(stdout)
    try:
        yield
        sys.stdout.flush()
    except _StdoutFailed as failed:
        # what Python would flush at exit goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        if failed.error.errno == errno.EPIPE:
            raise SystemExit(0) from None
        raise WrongInput(
            "the answer cannot be written",
            where="stdout",
            why=str(failed.error.strerror),
            remedy="free some space",
        ) from None
    except OSError as error:
        raise WrongInput(
            "the system refused to read or write",
            where=str(error.filename or "a file or connection"),
            why=str(error.strerror or type(error).__name__),
            remedy="check that it exists, may be used and has space left",
        ) from None
    finally:
        sys.stdout = stdout
