"""The way of a manuscript into print and of a drug onto the market, each in its order (R09)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from openhlh.claims import Claim, Day, Finding, Word, finding

_PAPER = ("received", "accepted", "published")
_SIDEWAY = ("received", "revised")
_DRUG = ("approved", "withdrawn")
# What a journal's metadata call "published" may be the nominal day of an issue.
_METADATA = "dates"


def history_runs_forward(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A manuscript is received before it is revised and accepted, and accepted before it appears."""
    judged: set[tuple[int, int]] = set()
    for row in _rows(claims):
        for way in (_PAPER, _SIDEWAY):
            for earlier, later in pairwise(_steps(row, way)):
                if (earlier.start, later.start) not in judged:
                    judged.add((earlier.start, later.start))
                    yield _judged(earlier, later, _how_sure(later))


def approval_runs_forward(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A drug is approved before it is withdrawn."""
    for row in _rows(claims):
        for earlier, later in pairwise(_steps(row, _DRUG)):
            yield _judged(earlier, later, "INCONSISTENT")


def runs_backwards(day: Day, claims: Sequence[Claim]) -> bool:
    """Say whether a day of publication lies before another day of the same manuscript."""
    return any(
        day.last < one.first
        for one in claims
        if isinstance(one, Day) and one.series == day.series > 0 and one is not day
    )


def _rows(claims: Sequence[Claim]) -> list[list[Day]]:
    rows: dict[int, list[Day]] = {}
    for one in claims:
        if isinstance(one, Day) and one.series:
            rows.setdefault(one.series, []).append(one)
    return [rows[number] for number in sorted(rows)]


def _steps(row: Sequence[Day], way: Sequence[str]) -> list[Day]:
    """Return the days of a row in the order of their events; of several days of one event, one."""
    told = [[one for one in row if one.role == role] for role in way]
    return [max(days, key=lambda one: one.last) if days[0].role == "published" else days[0]
            for days in told if days]  # fmt: skip


def _how_sure(later: Day) -> Word:
    """Return what it means that two steps stand in the wrong order: an issue may be dated back."""
    if later.role != "published" or {"online", "epub", "e-pub"} & {*later.about.split()}:
        return "INCONSISTENT"
    exact = later.first == later.last and later.first.day > 1
    return "INCONSISTENT" if exact and later.where != _METADATA else "TENSION"


def _judged(earlier: Day, later: Day, word: Word) -> Finding:
    also = ((earlier.start, earlier.end),)
    said = f"{earlier.role} {earlier.text}, {later.role} {later.text}"
    if earlier.first <= later.last:
        why = f"The days of being {earlier.role} and {later.role} stand in their order."
        return finding("R09", later, "CONSISTENT", why, stated=said, also=also)
    return finding(
        "R09", later, word,
        f"{later.role.capitalize()} {later.text}, but {earlier.role} {earlier.text}. Please check.",
        stated=said, computed=f"not before {earlier.text}",
        difference=f"{(earlier.first - later.last).days} days", also=also,
    )  # fmt: skip
