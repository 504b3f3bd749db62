"""What is to be pooled, before any statistics: counts with what is told about each study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openhlh.errors import WrongInput

if TYPE_CHECKING:
    from openhlh.evidence.selection import Selection
    from openhlh.pooling.models import Data


@dataclass(frozen=True)
class StudyLine:
    """One study as it is shown: its own numbers stand in `Prepared.data` at the same place.

    `facts` are the words about it (definition, line, design, ...); `doubts` are (severity, text).
    """

    key: str
    label: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    doubts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Prepared:
    """What is to be pooled, before any statistics: `data` is None where nothing may be pooled."""

    title: str
    question: str
    outcome: str
    data: Data | None
    lines: tuple[StudyLine, ...]
    analysis: str | None = None
    selection: Selection | None = None
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def values_of(prepared: Prepared, column: str, option: str) -> Sequence[Any]:
    """Return a column of the table, or a fact of the shelves, one value per study; WrongInput if unknown."""
    if column in prepared.extra:
        return prepared.extra[column]
    known = sorted({*prepared.extra, *(name for line in prepared.lines for name in line.facts)})
    if column not in known:
        raise WrongInput(
            f"there is no column `{column}`",
            where=option,
            remedy=f"use one of {', '.join(known)}" if known else "add the column to the table",
        )
    return [line.facts.get(column) for line in prepared.lines]
