"""Check many files: in parallel, in order, one bad file never stopping the others."""

from __future__ import annotations

import gc
import os
import re
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread, current_thread, main_thread
from typing import TYPE_CHECKING, Any, NoReturn

from openhlh.errors import OpenHLHError, WrongInput

if TYPE_CHECKING:
    from openhlh.journeys.check import CheckedDocument

MOST_SECONDS = 60  # of work on one file; a paper takes a tenth of one
MOST_CHARACTERS, MOST_NUMBERS = 4 * 1024 * 1024, 250_000  # a book of 1,000 pages holds fewer
_NUMBER = re.compile(r"\d+")
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
    with ProcessPoolExecutor(workers, initializer=_ready) as pool:
        for path in queue:
            undone.append(path)
            waiting.append(pool.submit(_outcome, path, brief))
            if len(waiting) >= workers * _AHEAD:
                yield _next(waiting, undone)
        while waiting:
            yield _next(waiting, undone)


def _ready() -> None:
    """Make a worker ready: it ends with its parent, however that ends, and seldom looks for garbage."""
    Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(200_000, 20, 100)  # a document is many small tuples and no circle


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _next(waiting: deque[Future[Outcome]], undone: deque[Path]) -> Outcome:
    outcome = waiting[0].result()
    waiting.popleft()
    undone.popleft()
    return outcome


def _alone(path: Path, brief: bool) -> Outcome:
    try:
        with ProcessPoolExecutor(1, initializer=_ready) as pool:
            return pool.submit(_outcome, path, brief).result()
    except BrokenProcessPool:
        return Outcome(path, None, f"{path}: reading this file ended the process. To do: leave it out.")


def check_one(path: Path) -> CheckedDocument:
    """Return a file's findings; WrongInput where no paper is that long or nothing comes of it in time."""
    from openhlh.journeys.check import check_document
    from openhlh.literature.reading import read_document

    document = read_document(path)
    if len(document.text) > MOST_CHARACTERS:
        raise _endless(path, f"its {len(document.text):,} characters are more than can be checked at once")
    if any(count > MOST_NUMBERS for count, _ in enumerate(_NUMBER.finditer(document.text), 1)):
        raise _endless(path, f"it holds more than {MOST_NUMBERS:,} numbers, too many to be checked at once")
    return check_document(document)


@contextmanager
def patience(path: Path) -> Iterator[None]:
    """Give up a file after a minute of work on it, with WrongInput; only where the system has such clocks."""
    if not hasattr(signal, "setitimer") or current_thread() is not main_thread():
        yield
        return

    def give_up(*_: object) -> NoReturn:
        raise _endless(path, f"nothing came of it in {MOST_SECONDS} seconds of work")

    before = signal.signal(signal.SIGPROF, give_up)
    # it counts work and not waiting, and rings again in case a library swallowed the first
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _endless(path: Path, what: str) -> WrongInput:
    return WrongInput(
        what,
        where=f"file {path}",
        why="no paper is that long or takes that long",
        remedy="split it into its articles, or check where it comes from",
    )


def _outcome(path: Path, brief: bool) -> Outcome:
    from openhlh.journeys.check import as_contract

    try:
        with patience(path):
            checked = as_contract(check_one(path), None if brief else path)
    except OpenHLHError as error:
        return Outcome(path, None, str(error))
    except (MemoryError, RecursionError):
        return Outcome(path, None, f"{path}: this file is too large or too deep to be read.")
    except Exception as error:  # a mistake of ours in one file stops no other
        if os.environ.get("HLH_DEBUG"):
            raise
        return Outcome(path, None, f"{path}: a mistake of OpenHLH itself ({type(error).__name__}).")
    if brief:
        checked["claims"] = [
            one for one in checked["claims"] if one["verdict"] in {"does_not_hold", "tension"}
        ]
    return Outcome(path, checked)
