"""What is pooled: single-arm counts, two-arm counts, or effects with their variances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openhlh.errors import WrongInput

_LARGEST_EFFECT, _LARGEST_VARIANCE = 1e12, 1e24  # beyond, squares leave what doubles can add up
LARGEST_TOTAL = 10**9  # counts above this are no patients; doubles hold them exactly far beyond


@dataclass(frozen=True)
class Series:
    """Single-arm studies: `events` out of `totals`, one entry per study, at least one study."""

    labels: tuple[str, ...]
    events: tuple[int, ...]
    totals: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse an empty series, fields of unequal length and counts outside 0..total."""
        _same_length(self.labels, self.events, self.totals)
        for label, count, total in zip(self.labels, self.events, self.totals, strict=True):
            require_count(label, count, total)

    @property
    def k(self) -> int:
        """The number of studies."""
        return len(self.labels)

    def only(self, indices: Sequence[int]) -> Series:
        """Return the studies at these indices, in this order."""
        return Series(
            tuple(self.labels[at] for at in indices),
            tuple(self.events[at] for at in indices),
            tuple(self.totals[at] for at in indices),
        )


@dataclass(frozen=True)
class Comparison:
    """Two-arm studies: events and totals of the treated (1) and of the control (2) arm."""

    labels: tuple[str, ...]
    events_1: tuple[int, ...]
    totals_1: tuple[int, ...]
    events_2: tuple[int, ...]
    totals_2: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse an empty comparison, fields of unequal length and counts outside 0..total."""
        _same_length(self.labels, self.events_1, self.totals_1, self.events_2, self.totals_2)
        for at, label in enumerate(self.labels):
            require_count(label, self.events_1[at], self.totals_1[at])
            require_count(label, self.events_2[at], self.totals_2[at])

    @property
    def k(self) -> int:
        """The number of studies."""
        return len(self.labels)

    def only(self, indices: Sequence[int]) -> Comparison:
        """Return the studies at these indices, in this order."""
        fields = (self.labels, self.events_1, self.totals_1, self.events_2, self.totals_2)
        return Comparison(*(tuple(field[at] for at in indices) for field in fields))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Effects:
    """Effects on the scale of a measure with their sampling variances (finite, above 0).

    `measure` is a name of `scales.SCALES`; `totals` are the patients behind each effect (empty where not
    known), which the Freeman-Tukey back-transformation and the checks on study size need.
    """

    labels: tuple[str, ...]
    values: tuple[float, ...]
    variances: tuple[float, ...]
    measure: str
    totals: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an empty set, fields of unequal length, and values or variances that are no numbers."""
        _same_length(self.labels, self.values, self.variances)
        for label, value, variance in zip(self.labels, self.values, self.variances, strict=True):
            if (
                not abs(value) <= _LARGEST_EFFECT
                or not 1 / _LARGEST_VARIANCE <= variance <= _LARGEST_VARIANCE
            ):
                raise WrongInput(
                    f"effect {value} with variance {variance}",
                    where=label,
                    why=f"effects lie within {_LARGEST_EFFECT:g}, variances between 1e-24 and 1e24",
                    remedy="correct the row, or change the unit",
                )

    @property
    def k(self) -> int:
        """The number of studies."""
        return len(self.labels)

    def only(self, indices: Sequence[int]) -> Effects:
        """Return the studies at these indices, in this order."""
        return Effects(
            tuple(self.labels[at] for at in indices),
            tuple(self.values[at] for at in indices),
            tuple(self.variances[at] for at in indices),
            self.measure,
            tuple(self.totals[at] for at in indices) if self.totals else (),
            self.notes,
        )


def require_count(label: str, count: int, total: int) -> None:
    """Raise WrongInput unless 0 <= count <= total and 1 <= total <= LARGEST_TOTAL."""
    if not (1 <= total <= LARGEST_TOTAL and 0 <= count <= total):
        raise WrongInput(
            f"{count} of {total} is not a proportion",
            where=label,
            why=f"a count lies between 0 and its total, and a total between 1 and {LARGEST_TOTAL}",
            remedy="correct the count or the total",
        )


def _same_length(*fields: Sequence[object]) -> None:
    if not fields[0]:
        raise WrongInput("there is no study", why="pooling needs at least one", remedy="name a study")
    if len({len(field) for field in fields}) != 1:
        raise WrongInput(
            "the columns have unequal lengths",
            why="each study has one value in each",
            remedy="complete the rows",
        )
