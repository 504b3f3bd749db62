"""The pooled cases of analysis pages, computed: what `hlh content check` holds against the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from openhlh.evidence.analysis_checks import Answer
from openhlh.journeys.pool_again import again
from openhlh.journeys.pool_from_shelves import series_of
from openhlh.pooling.models import Choice, settled

if TYPE_CHECKING:
    from openhlh.content.analysis import Analysis
    from openhlh.evidence.selection import Row


def pooled_case(page: Analysis, rows: Sequence[Row]) -> Answer:
    """Return what the page's model says of the rows, with every interval that it offers."""
    series = series_of(rows)
    assert series is not None  # noqa: S101 - a case with a pooled number has rows
    fit = again(series, settled(series, Choice(model=page.model)))
    limits = {one.name: (one.low, one.high) for one in (fit.interval, *fit.other_intervals)}
    return Answer(fit.estimate, limits, fit.spread.value)
