"""Which arms may share patients, and which of them is kept: decided before any statistics."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from openhlh.content.words import OVERLAP_IN_WORDS

if TYPE_CHECKING:
    from openhlh.content.study import Arm
    from openhlh.evidence.candidates import Candidate

_BACKWARDS = {
    "contains": "part_of",
    "part_of": "contains",
    "earlier_report": "later_report",
    "later_report": "earlier_report",
}


def shared(one: Candidate, other: Candidate) -> str:
    """Return why two arms may share patients, said of `one`, or "" where nothing says so."""
    if one.study.id == other.study.id:
        return _within_study(one, other)
    for overlap in one.study.overlaps:
        if overlap.study == other.study.id and overlap.arm in {None, other.arm.id}:
            return f"it {OVERLAP_IN_WORDS[overlap.kind]} {other.label} ({overlap.reason})"
    for overlap in other.study.overlaps:
        if overlap.study == one.study.id and overlap.arm in {None, one.arm.id}:
            kind = _BACKWARDS.get(overlap.kind, overlap.kind)
            return f"it {OVERLAP_IN_WORDS[kind]} {other.label} ({overlap.reason})"
    return ""


def _within_study(one: Candidate, other: Candidate) -> str:
    arms = {arm.id: arm for arm in one.study.arms}
    above, above_other = _above(one.arm, arms), _above(other.arm, arms)
    if other.arm.id in above:
        return f"it is part of {other.label}"
    if one.arm.id in above_other:
        return f"it contains {other.label}"
    if any(arms[whole].unit == "courses" for whole in set(above) & set(above_other)):
        return f"it may share patients with {other.label}: both are parts of a series counted in courses"
    return ""


def _above(arm: Arm, arms: dict[str, Arm]) -> list[str]:
    """Return the arms that contain this one, from the nearest to the whole."""
    found: list[str] = []
    while arm.part_of in arms and arm.part_of not in found:
        found.append(arm.part_of)
        arm = arms[arm.part_of]
    return found


def kept(
    rows: Sequence[Candidate], free: Collection[str] = (), first: Collection[str] = ()
) -> list[Candidate]:
    """Return rows of which no two may share patients, those of the studies in `free` aside.

    Rows are taken in turn, each unless it may share patients with one taken before: the ids in `first`, then
    printed counts before calculated ones, the larger (so the whole before its parts), first-hand before
    second-hand, by id.
    """
    chosen: list[Candidate] = []
    for row in sorted(rows, key=lambda row: (row.id not in first, _rank(row))):
        if row.study.id in free or not any(
            shared(row, taken) for taken in chosen if taken.study.id not in free
        ):
            chosen.append(row)
    return chosen


def _rank(row: Candidate) -> tuple[bool, int, bool, str]:
    return row.is_derived, -row.total, row.is_second_hand, row.id


def why_kept(kept_row: Candidate, left: Candidate) -> str:
    """Return in words why one of two arms that may share patients was kept."""
    if kept_row.is_derived != left.is_derived:
        return "its counts are printed, not calculated"
    if kept_row.total != left.total:
        return f"it has more patients ({kept_row.total} against {left.total})"
    if kept_row.is_second_hand != left.is_second_hand:
        return "its counts were seen first-hand"
    return "the two are alike, and its id comes first"
