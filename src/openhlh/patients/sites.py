"""What a site declares once for all its files: the unit and the laboratory's limits of an analyte."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class SiteLine:
    """The unit in which a site reports an analyte, and its cut-off and limits of normal in that unit."""

    unit: str
    cutoff: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Site:
    """What a site declares, by the id of the analyte."""

    lines: dict[str, SiteLine] = field(default_factory=dict)
