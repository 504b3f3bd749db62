"""Where the studies of a pooling come from when a reader brings a table of any of four kinds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from openhlh.errors import WrongInput
from openhlh.evidence.own_table import OwnTable, read_table
from openhlh.journeys.pool_prepared import Prepared, StudyLine
from openhlh.pooling.scales import scale_of
from openhlh.pooling.series import Comparison, Effects, Series

if TYPE_CHECKING:
    from openhlh.evidence.own_columns import Kind
    from openhlh.pooling.models import Data

_OUTCOMES = {
    "counts": "events of total",
    "comparison": "treated arm against control arm",
    "effects": "effects with their variances",
    "survival": "survival at one time",
}


def from_table(path: Path, measure: str = "", kind: Kind | None = None) -> Prepared:
    """Return what a reader's table pools; WrongInput names file, row and column of what can't be used."""
    table = read_table(path, kind)
    return Prepared(
        title=path.name,
        question="",
        outcome=_OUTCOMES[table.kind],
        data=_data(table, measure.upper()),
        lines=tuple(StudyLine(label, label) for label in table.labels),
        extra=table.extras,
        notes=table.notes,
    )


def _data(table: OwnTable, measure: str) -> Data:
    if table.kind == "counts":
        return Series(table.labels, table.events, table.totals)
    if table.kind == "comparison":
        return Comparison(table.labels, table.events_1, table.totals_1, table.events_2, table.totals_2)
    if table.kind == "effects":
        scale_of(measure or "GEN")
        return Effects(table.labels, table.values, table.variances, measure or "GEN")
    return _survival(table, measure or "CLL")


def _survival(table: OwnTable, measure: str) -> Effects:
    from openhlh.pooling.survival_fractions import survival_effects, survival_effects_from_intervals

    if measure not in {"CLL", "PLO"}:
        raise WrongInput(
            f"survival fractions are not pooled on {measure}", where="--measure", remedy="use CLL or PLO"
        )
    if table.at_risk:
        return survival_effects(table.labels, table.survival, table.at_risk, measure)
    return survival_effects_from_intervals(
        table.labels, table.survival, table.lower, table.upper, measure=measure
    )
