"""Quantities with a comparator and a unit, and exact conversions: the numbers come from pages.

A limit is carried into the unit of the value, never the value into the unit of the limit: a reported
9.0 g/dL is held against exactly 9 g/dL, and no rounding of a product can move a verdict.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Literal

from openhlh.errors import WrongInput

Comparator = Literal["", "<", "<=", ">", ">="]
LABORATORY_LIMITS = ("LLN", "ULN")
_QUANTITY = re.compile(r"^(?P<number>-?\d+(?:\.\d+)?)(?P<unit> \S.*|[^\d\s.,].*)$")
_SPELLING = str.maketrans({"µ": "u", "μ": "u", "×": "", " ": "", "º": "", "°": "", "^": "*", "²": "2"})


@dataclass(frozen=True)
class Quantity:
    """A number with its unit; `LLN` and `ULN` are units too: multiples of the laboratory's own limit."""

    number: Fraction
    unit: str

    @property
    def is_laboratory_limit(self) -> bool:
        """Whether the reporting laboratory's own limit of normal is meant."""
        return self.unit in LABORATORY_LIMITS


@lru_cache(maxsize=4096)
def quantity(text: str) -> Quantity:
    """Read a quantity of a page; WrongInput where it has no number or no unit.

    >>> quantity("38.5 Cel")
    Quantity(number=Fraction(77, 2), unit='Cel')
    """
    found = _QUANTITY.match(text.strip())
    if not found:
        raise WrongInput(f"`{text}` is no quantity", remedy='write number and unit: "500 ug/L"')
    return Quantity(Fraction(found["number"]), found["unit"].strip())


def folded(unit: str) -> str:
    """Return a unit's spelling without case, blanks and typographic signs.

    >>> folded("×10⁹/L"), folded("µg/L"), folded("10^9/L"), folded("K/uL")
    ('10*9/l', 'ug/l', '10*9/l', 'k/ul')
    """
    plain = unit.translate(_SPELLING).replace("⁹", "*9").replace("³", "*3").replace("⁶", "*6").lower()
    return re.sub(r"^x10", "10", plain)


def number(text: str) -> Decimal:
    """Read a finite decimal number; WrongInput for anything else (a decimal comma among them)."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or "_" in text:
        why = "a comma may separate decimals or thousands" if "," in text else "only digits and a point count"
        raise WrongInput("this is no number", why=why, remedy="write it like 1234.5")
    return value


@dataclass(frozen=True)
class Scale:
    """How a unit reads in the canonical unit: canonical = (value - offset) * factor."""

    factor: Fraction
    offset: Fraction = Fraction(0)


@dataclass(frozen=True)
class Analyte:
    """A measured quantity: its canonical unit, the units that convert exactly, and what is plausible.

    `scales` has the spelling of each unit as its page gives it; `incomparable` are units in which the
    analyte is reported but that have no factor (soluble CD25 in pg/mL). `codes` and `unit_codes` are
    what a warehouse calls them. `low`, `high` and `unlikely_above` stand in the canonical unit.
    """

    id: str
    name: str
    unit: str
    scales: dict[str, Scale]
    incomparable: tuple[str, ...]
    low: Fraction
    high: Fraction
    unlikely_above: Fraction | None = None
    unlikely_below: Fraction | None = None
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unit_codes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def _by_spelling(self) -> dict[str, str]:
        known = {folded(unit): unit for unit in (*self.scales, *self.incomparable)}
        for unit, spellings in self.unit_codes.items():
            known |= {folded(one): unit for one in spellings}
        return known

    def known_unit(self, spelling: str) -> str | None:
        """Return the unit that a spelling means, or None."""
        return self._by_spelling.get(folded(spelling))

    def in_unit(self, limit: Quantity, unit: str) -> Fraction | None:
        """Return a limit as a number in another unit, exactly; None where no factor is known."""
        there, here = self.scales.get(limit.unit), self.scales.get(unit)
        if limit.unit == unit:
            return limit.number
        if there is None or here is None:
            return None
        return (limit.number - there.offset) * there.factor / here.factor + here.offset

    def canonical(self, value: Fraction, unit: str) -> Fraction | None:
        """Return a value in the canonical unit, exactly; None where no factor is known."""
        scale = self.scales.get(unit)
        return None if scale is None else (value - scale.offset) * scale.factor
