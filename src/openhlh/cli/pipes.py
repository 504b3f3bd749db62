"""A reader that closes the pipe early (`hlh ask ... | head`) has seen enough: that is no error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper

from openhlh.errors import WrongInput


@contextmanager
def readers_may_leave() -> Iterator[None]:
    """End quietly with exit code 0 when stdout is closed by its reader."""
    if sys.stdout is None:
        raise WrongInput("there is nowhere to write the answer", where="stdout", remedy="leave stdout open")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an ASCII terminal shows "?" and not a traceback
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _say_nothing_more()
        raise SystemExit(0) from None
    except OSError as error:
        _say_nothing_more()
        raise WrongInput(
            "the answer cannot be written", where="stdout", why=str(error.strerror), remedy="free some space"
        ) from None


def _say_nothing_more() -> None:
    """Send to nowhere what Python would flush at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
