"""Rows of a table without lines: the reading of a run of words that makes the most whole rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

_GROUP = re.compile(r"\d{3}")
_LEADS_GROUP = re.compile(r"[<>≤≥~≈]?\d{1,3}")
_LONGEST_NAME = 4
_LONGEST_PHRASE = 9
_STOP, _SKIP = 0.0, -2.0


@dataclass(frozen=True, slots=True)
class Item:
    """A word or a phrase of so many words at [start, end).

    An atom is a cell by itself; its `word` may be a group of digits that joins with the next.
    """

    start: int
    end: int
    atom: bool
    word: str = ""
    words: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the place of its name and of each of its cells, and whether all cells are phrases."""

    name: tuple[int, int]
    cells: tuple[tuple[int, int], ...]
    phrases: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    """What is done at an item: the worth from here on, the row read (or none), and where to go on."""

    worth: float
    row: Row | None
    then: int


def best_rows(items: list[Item], columns: int) -> list[Row]:
    """Return the rows of the reading with the most and surest whole rows; rows of phrases between others."""
    steps: list[_Step] = [_Step(_STOP, None, len(items))] * (len(items) + 1)
    for at in range(len(items) - 1, -1, -1):
        best = _Step(_STOP, None, len(items))
        skipped = _SKIP + steps[at + 1].worth
        if skipped > best.worth:
            best = _Step(skipped, None, at + 1)
        for row, worth, then in _rows_at(items, at, columns):
            if worth + steps[then].worth > best.worth:
                best = _Step(worth + steps[then].worth, row, then)
        steps[at] = best
    return _chosen(steps)


def _chosen(steps: list[_Step]) -> list[Row]:
    rows: list[Row] = []
    waiting: list[Row] = []
    at, broken = 0, False
    while at < len(steps) - 1:
        step = steps[at]
        if step.row is None:
            broken = broken or step.then == at + 1
        elif step.row.phrases:
            waiting.append(step.row)
        else:
            rows += [*([] if broken else waiting), step.row]
            waiting, broken = [], False
        at = step.then
    return rows


def _rows_at(items: list[Item], at: int, columns: int) -> list[tuple[Row, float, int]]:
    """Return the rows that may begin at an item, each with its worth and the item behind it."""
    found = []
    for names in range(1, _LONGEST_NAME + 1):
        first = at + names
        if first >= len(items) or items[first - 1].atom:
            break
        read = _cells(items, first, columns)
        if read is None:
            continue
        cells, then = read
        phrases = sum(not one.atom for one in items[first:then])
        if (phrases == columns and names > 1) or any(one.words > _LONGEST_PHRASE for one in items[at:then]):
            continue
        worth = 10.0 if not phrases else 3.0 if phrases == columns else 7.0 - 0.2 * phrases
        row = Row((items[at].start, items[first - 1].end), cells, phrases == columns)
        found.append((row, worth - (names - 1), then))
    return found


def _cells(items: list[Item], first: int, columns: int) -> tuple[tuple[tuple[int, int], ...], int] | None:
    """Return the cells of a row from an item on: as many as columns, none left over, or None.

    Groups of a number such as "58 240" are joined only where there is one way to do so; a group that
    begins with 0 is never a number of its own.
    """
    end = first + columns
    while end < len(items) and items[end].atom:
        end += 1
        if end - first > 3 * columns:
            return None
    if end > len(items):
        return None
    surplus = end - first - columns
    taken = items[first:end]
    if not surplus:
        return tuple((one.start, one.end) for one in taken), end
    joins = [number for number in range(1, len(taken)) if _may_join(taken, number)]
    forced = [number for number in joins if taken[number].word.startswith("0")]
    if surplus not in {len(joins), len(forced)}:
        return None
    joins = forced if len(forced) == surplus else joins
    cells = [(one.start, one.end) for one in taken]
    for number in reversed(joins):
        cells[number - 1 : number + 1] = [(cells[number - 1][0], cells[number][1])]
    return tuple(cells), end


def _may_join(taken: list[Item], number: int) -> bool:
    """True where the word is a group of three digits behind digits that lead a group."""
    if not _GROUP.fullmatch(taken[number].word):
        return False
    return bool(_LEADS_GROUP.fullmatch(taken[number - 1].word))
