"""What is chosen for pooling: the rows with their counts, what was left out by which rule, and overrides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openhlh.content.analysis import Outcome
    from openhlh.content.words import Severity


@dataclass(frozen=True)
class Where:
    """One condition on an arm: a field and the values of which one has to fit."""

    field: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        """Return the condition as it is written: `etiology=ebv`, several values joined by commas."""
        return f"{self.field}={','.join(self.values)}"


@dataclass(frozen=True)
class Asked:
    """What is to be pooled: by an analysis page or ad hoc.

    `lines` empty means not said: salvage if any arm is, else first line. `arms` names studies or `study:arm`
    (empty: every arm with response counts); `where` has to hold for each; `out` gives arms (`study:arm`) that
    a page leaves out by hand with the reason; `allow` holds the rules that are set aside, `rule` or
    `rule:study`.
    """

    name: str
    outcome: Outcome
    lines: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    where: tuple[Where, ...] = ()
    out: tuple[tuple[str, str], ...] = ()
    allow: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """One arm as it is pooled: `events` of `total` patients, with what a reader needs to judge it.

    `label` is unique within a selection; `seen` is what was read of the publication (full_text, abstract,
    second_hand, ...) and `through` the source behind a second-hand count; `derived` says that a count was
    calculated and not printed; `doubts` are those about efficacy or its definition, gravest first.
    """

    study: str
    arm: str
    label: str
    words: str
    treatment: str
    events: int
    total: int
    enrolled: int | None
    definition: str
    line: str
    age: str
    etiologies: tuple[str, ...]
    regimen: str | None
    drugs: tuple[str, ...]
    design: str
    year: int | None
    seen: str
    through: str | None
    source: str
    at: str
    derived: bool = False
    doubts: tuple[tuple[Severity, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The arm as it is named on pages and in `--studies`: `study:arm`."""
        return f"{self.study}:{self.arm}"


@dataclass(frozen=True)
class LeftOut:
    """An arm that is not pooled: the first rule against it, the reason, and the other rules against it.

    `events` and `total` are its own counts, if it has any, so that it can still stand in a table.
    """

    study: str
    arm: str
    label: str
    rule: str
    reason: str
    also: tuple[str, ...] = ()
    events: int | None = None
    total: int | None = None

    @property
    def id(self) -> str:
        """The arm as it is named on pages and in `--studies`: `study:arm`."""
        return f"{self.study}:{self.arm}"


@dataclass(frozen=True)
class Override:
    """A rule that was set aside (`rule` or `rule:study`), and the arms that are pooled because of it."""

    name: str
    words: str
    arms: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """Rules that, set aside together, would give more: the arms and patients that they would add."""

    names: tuple[str, ...]
    arms: tuple[str, ...]
    patients: int


@dataclass(frozen=True)
class Selection:
    """What is pooled and what is not, decided before any statistics."""

    asked: Asked
    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
    overrides: tuple[Override, ...] = ()
    offers: tuple[Offer, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def k(self) -> int:
        """The number of arms that are pooled."""
        return len(self.rows)

    @property
    def events(self) -> int:
        """The events of all rows together."""
        return sum(row.events for row in self.rows)

    @property
    def total(self) -> int:
        """The patients of all rows together."""
        return sum(row.total for row in self.rows)
