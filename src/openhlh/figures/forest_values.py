"""What a forest plot shows: numbers and words that somebody else computed and chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scale = Literal["proportion", "ratio", "difference"]


@dataclass(frozen=True)
class ForestRow:
    """One study. `estimate`, `low` and `high` are on the natural scale (a proportion as 0 to 1).

    A limit that is None is open and drawn as an arrow; an estimate that is None is not drawn. `weight` is a
    percent. `doubts` are short texts that become numbered notes; of a row that was left out, `left_out` is
    true and its doubts say why. A two-arm study gives the treated arm first and the control arm last.
    """

    label: str
    events: int | None
    total: int | None
    estimate: float | None
    low: float | None
    high: float | None
    weight: float | None = None
    definition: str = ""
    line: str = ""
    doubts: tuple[str, ...] = ()
    left_out: bool = False
    control_events: int | None = None
    control_total: int | None = None


@dataclass(frozen=True)
class ForestSummary:
    """A pooled result: drawn as a diamond, with the prediction interval as a bar of its own below it.

    `estimate` None means that nothing was pooled: the label is shown, no diamond is drawn. `tau2` is a ready
    line of text about the differences between studies.
    """

    label: str
    estimate: float | None
    low: float | None
    high: float | None
    prediction_low: float | None = None
    prediction_high: float | None = None
    tau2: str = ""
    prediction_label: str = "Prediction interval (a new study)"

    @property
    def predicts(self) -> bool:
        """True where at least one prediction limit is known."""
        return self.prediction_low is not None or self.prediction_high is not None


@dataclass(frozen=True)
class ForestPanel:
    """Studies that stand together, under a title, with their own summary if they have one."""

    title: str
    rows: tuple[ForestRow, ...]
    summary: ForestSummary | None = None


@dataclass(frozen=True)
class Forest:
    """A whole figure: `notes` stand under the plot, `footnotes` below the numbered doubts."""

    title: str
    panels: tuple[ForestPanel, ...]
    summary: ForestSummary | None
    axis_label: str
    scale: Scale = "proportion"
    notes: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[ForestRow, ...]:
        """Every study of every panel, in order."""
        return tuple(row for panel in self.panels for row in panel.rows)

    @property
    def summaries(self) -> tuple[ForestSummary, ...]:
        """Every summary, those of the panels first."""
        found = [panel.summary for panel in self.panels] + [self.summary]
        return tuple(one for one in found if one is not None)
