"""Check many files: in parallel, in order, one bad file never stopping the others."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openhlh.errors import OpenHLHError

_AHEAD = 8  # files in work for each worker: enough to keep it busy, few enough to keep memory flat


@dataclass(frozen=True)
class Outcome:
    """One file: its contract object, or why it could not be checked."""

    path: Path
    checked: dict[str, Any] | None
    error: str = ""


def files_of(paths: Sequence[Path]) -> tuple[list[Path], list[Outcome]]:
    """Return the files that paths and folders name, and what was passed over with the reason."""
    from openhlh.literature.reading import documents_in

    found = documents_in(paths)
    return list(found.files), [Outcome(path, None, f"passed over: {why}") for path, why in found.passed_over]


def check_many(files: Sequence[Path], *, brief: bool = False) -> Iterator[Outcome]:
    """Yield the outcome of each file in order; `brief` keeps only what a reader must see of each.

    Where a file ends its process, it is named and the others go on.
    """
    workers = min(len(files), os.cpu_count() or 1)
    if workers < 2:
        for path in files:
            yield _outcome(path, brief)
        return
    queue = iter(files)
    undone: deque[Path] = deque()
    while True:
        try:
            yield from _in_parallel(queue, undone, workers, brief)
            return
        except BrokenProcessPool:
            while undone:
                yield _alone(undone[0], brief)
                undone.popleft()


def _in_parallel(queue: Iterator[Path], undone: deque[Path], workers: int, brief: bool) -> Iterator[Outcome]:
    """Yield outcomes in order while `undone` holds the files handed out and not yet told."""
    waiting: deque[Future[Outcome]] = deque()
    with ProcessPoolExecutor(workers, initializer=_collect_rarely) as pool:
        for path in queue:
            undone.append(path)
            waiting.append(pool.submit(_outcome, path, brief))
            if len(waiting) >= workers * _AHEAD:
                yield _next(waiting, undone)
        while waiting:
            yield _next(waiting, undone)


def _collect_rarely() -> None:
    """Look for garbage in circles rarely: a document is many small tuples and no circle."""
    gc.set_threshold(200_000, 20, 100)


def _next(waiting: deque[Future[Outcome]], undone: deque[Path]) -> Outcome:
    outcome = waiting[0].result()
    waiting.popleft()
    undone.popleft()
    return outcome


def _alone(path: Path, brief: bool) -> Outcome:
    try:
        with ProcessPoolExecutor(1) as pool:
            return pool.submit(_outcome, path, brief).result()
    except BrokenProcessPool:
        return Outcome(path, None, f"{path}: reading this file ended the process. To do: leave it out.")


def _outcome(path: Path, brief: bool) -> Outcome:
    from openhlh.journeys.check import as_contract, check_file

    try:
        checked = as_contract(check_file(path), path)
    except OpenHLHError as error:
        return Outcome(path, None, str(error))
    except (MemoryError, RecursionError):
        return Outcome(path, None, f"{path}: this file is too large or too deep to be read.")
    if brief:
        checked["claims"] = [
            one for one in checked["claims"] if one["verdict"] in {"does_not_hold", "tension"}
        ]
    return Outcome(path, checked)
