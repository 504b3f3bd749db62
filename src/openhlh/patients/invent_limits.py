"""Values around the limits of HLH-2004, counted in steps of the last reported digit.

The limits come from the definition's page. How far invented values spread is our choice and says nothing of
real patients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from openhlh.content.shelves import HERE, read
from openhlh.content.vocabulary_of_facts import FactNames, as_analytes
from openhlh.rules import tree
from openhlh.rules.binding import bind, leaves
from openhlh.units import Analyte, quantity

DEFINITION = "hlh_2004"
# share of the limit within which invented values lie: (on the side that meets it, on the other side)
SPREAD = {
    "ferritin": (40.0, 0.95),
    "scd25": (8.0, 0.8),
    "triglycerides": (3.0, 0.8),
    "fibrinogen": (0.8, 3.0),
    "hemoglobin": (0.4, 0.7),
    "platelets": (0.95, 3.0),
    "neutrophils": (0.95, 8.0),
    "leukocytes": (0.9, 8.0),
    "temperature": (0.05, 0.06),
}


@dataclass(frozen=True)
class Rungs:
    """The values of an analyte in one unit: `met` and `not_met` are the nearest ones on each side of a limit.

    All are whole steps of 10 to the minus `decimals`; `lowest` and `highest` bound what is plausible.
    """

    analyte: str
    unit: str
    codes: tuple[str, ...]
    decimals: int
    met: int
    not_met: int
    lowest: int
    highest: int

    @property
    def upward(self) -> int:
        """1 where higher values meet the limit, -1 where lower ones do."""
        return 1 if self.met > self.not_met else -1

    def spread(self, *, met: bool) -> int:
        """Return how many steps from the limit values may lie on one side."""
        share = SPREAD[self.analyte][0 if met else 1]
        return max(1, int(share * max(self.met, self.not_met)))

    def away(self, distance: int, *, met: bool) -> int:
        """Return the value some steps beyond the nearest one of a side, kept plausible."""
        steps = self.met + self.upward * distance if met else self.not_met - self.upward * distance
        return min(max(steps, self.lowest), self.highest)

    def value(self, steps: int) -> Decimal:
        """Return steps as the number that a laboratory prints."""
        return Decimal(steps).scaleb(-self.decimals)


@dataclass(frozen=True)
class Limits:
    """The measured lines of HLH-2004 as rungs by analyte, each in every unit that converts.

    `newborn` holds the haemoglobin of infants younger than `newborn_days`; `window` is that of the page.
    """

    names: FactNames
    analytes: Mapping[str, Analyte]
    rungs: Mapping[str, tuple[Rungs, ...]]
    newborn: tuple[Rungs, ...]
    newborn_days: int
    window: tuple[int, int]


@lru_cache(maxsize=1)
def limits() -> Limits:
    """Read the limits of HLH-2004 with its default parameters."""
    shelves = read(HERE)
    logic = shelves.definitions[DEFINITION].logic
    if logic is None or logic.rule is None or logic.window.start is None or logic.window.end is None:
        raise TypeError(f"{DEFINITION} has no executable rule with a window")
    analytes = as_analytes(shelves.fact_names.analytes)
    lines = leaves(bind(logic.rule, {one.id: one.default for one in logic.parameters}))
    found: dict[str, list[tuple[Rungs, ...]]] = {}
    for line in lines:
        if isinstance(line, tree.Measure) and not quantity(str(line.limit)).is_laboratory_limit:
            found.setdefault(line.measure, []).append(_rungs(line, analytes[line.measure]))
    ages = [line.age.sign_and_limit[1] for line in lines if isinstance(line, tree.Age)]
    window = (logic.window.start, logic.window.end)
    rungs = {name: some[0] for name, some in found.items()}
    newborn = found["hemoglobin"][-1]
    return Limits(shelves.fact_names, analytes, rungs, newborn, int(ages[0].split()[0]), window)


def _rungs(line: tree.Measure, analyte: Analyte) -> tuple[Rungs, ...]:
    printed = [quantity(str(one)) for one in (line.limit, *line.printed_also)]
    own = {one.unit: one.number for one in printed}
    made = []
    for unit in analyte.scales:
        number = own.get(unit, analyte.in_unit(printed[0], unit))
        if number is not None:
            made.append(rungs_around(analyte, unit, number, line.sign))
    return tuple(made)


def rungs_around(analyte: Analyte, unit: str, limit: Fraction, sign: str) -> Rungs:
    """Return the rungs around a limit that stands in this unit."""
    decimals = _decimals(limit)
    scaled = limit * 10**decimals
    if sign in (">=", "<"):
        above = ceil(scaled)
        met, not_met = (above, above - 1) if sign == ">=" else (above - 1, above)
    else:
        below = floor(scaled)
        met, not_met = (below, below + 1) if sign == "<=" else (below + 1, below)
    scale = analyte.scales[unit]
    low, high = (bound / scale.factor + scale.offset for bound in (analyte.low, analyte.high))
    lowest, highest = ceil(low * 10**decimals), floor(high * 10**decimals)
    codes = tuple(code for code in analyte.unit_codes.get(unit, ()) if code.isdigit())
    return Rungs(analyte.id, unit, codes, decimals, met, not_met, lowest, highest)


def _decimals(limit: Fraction) -> int:
    """Return how many decimals a laboratory would print: those of the limit, more for small numbers."""
    usual = 0 if limit >= 100 else 1 if limit >= 5 else 2
    return next((many for many in range(usual, 3) if (limit * 10**many).denominator == 1), usual)
