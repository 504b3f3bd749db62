"""Numbers in text: where they stand, and whether a printed number agrees with its counts.

Names that carry digits (HLH-94, CD25, NI-0501, NCT02400463) are not numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from openhlh.proportions import fits, rounded_otherwise

_UNIT_POWER = re.compile(r"10[*^]9/L|10[*^]6/L")
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])(?<![A-Za-z]-)(?:10\^\d+|\d+(?:[.,]\d+)*(?:e\d+)?)(?![A-Za-z0-9_])")
_FRACTION = re.compile(
    r"(?<![\d/.-])(\d{1,6})\s*(?:/|of|out of|in|from|among)\s*(?:the\s+|all\s+)?(\d{1,6})(?!\d|/\d|\.\d)"
)
_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:[.,]\d+)?)\s*(?:%|percent|per cent|pct)")

Agreement = Literal["agrees", "truncated", "disagrees"]


@dataclass(frozen=True)
class Numeral:
    """A number as printed, with its character offsets."""

    text: str
    start: int
    end: int


def numerals(text: str) -> tuple[Numeral, ...]:
    """Return every number of a text in order; unit powers and names are passed over.

    >>> [n.text for n in numerals("HLH-94: 34 of 106 (32 %), 2-28 weeks, 1.0 x 10*9/L")]
    ['34', '106', '32', '2', '28', '1.0']
    """
    masked = _UNIT_POWER.sub(lambda found: " " * len(found.group()), text)
    return tuple(Numeral(found.group(), found.start(), found.end()) for found in _NUMBER.finditer(masked))


def fractions(text: str) -> tuple[tuple[int, int], ...]:
    """Return every count with its total that a text states.

    >>> fractions("33 of 38 patients, 15/17 and 8 out of 9")
    ((33, 38), (15, 17), (8, 9))
    """
    return tuple((int(found[1]), int(found[2])) for found in _FRACTION.finditer(text))


def percents(text: str) -> tuple[str, ...]:
    """Return every percent that a text states, as printed.

    >>> percents("87% or 53.0 percent")
    ('87', '53.0')
    """
    return tuple(found[1].replace(",", ".") for found in _PERCENT.finditer(text))


def agreement(printed: str, count: int, total: int) -> Agreement:
    """Say whether a printed percent follows from a count and a total at its printed precision.

    Exact fractions throughout; a tie agrees with either neighbour.

    >>> agreement("35.3", 6, 17), agreement("47.0", 8, 17), agreement("25", 1, 8)
    ('agrees', 'truncated', 'disagrees')
    """
    value, step = Fraction(printed), Fraction(1, 10 ** len(printed.partition(".")[2]))
    if fits(value, step, count, total):
        return "agrees"
    return "truncated" if rounded_otherwise(value, step, count, total) == "truncated" else "disagrees"
