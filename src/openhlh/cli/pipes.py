"""A reader that closes the pipe early (`hlh ask ... | head`) has seen enough: that is no error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def readers_may_leave() -> Iterator[None]:
    """End quietly with exit code 0 when stdout is closed by its reader."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # nothing is left to say, not even what Python flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
