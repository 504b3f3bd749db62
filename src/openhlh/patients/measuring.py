"""From the text of a result to a measurement: number, comparator, unit, limits, and whether to believe it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import cast

from openhlh.errors import WrongInput
from openhlh.patients.sites import Site
from openhlh.rules.facts import Flag, Measurement, MeasurementStatus
from openhlh.units import Analyte, Comparator

_BLANK = "\u00a0\u2009\u202f "
_GROUPED = rf"[0-9]{{1,3}}(?:[{_BLANK}][0-9]{{3}})+(?![0-9])(?:\.[0-9]+)?"
_NUMBER = rf"(?:{_GROUPED}|[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{{1,3}})?|[0-9]+\.)"
_RESULT = re.compile(rf"^(?P<sign><=|>=|<|>|≤|≥|=)?\s*(?P<number>[-−+]?{_NUMBER})\s*(?P<unit>.*)$", re.DOTALL)
_SIGNS = {"≤": "<=", "≥": ">=", "=": ""}
_COMMA = re.compile(r"[0-9],[0-9]")
_LARGEST = 30  # powers of ten: beyond it there is no result, only a broken file

NOTHING = {"", "-", "–", "—", "na", "n/a", "nd", "null", "none", "."}
NOT_DONE = {"not done", "not measured", "not performed", "not tested", "not_done"}
PENDING = {"pending", "to follow", "registered"}
DONE = {"", "measured", "done", "final", "preliminary", "amended", "corrected"}
VOID = {"entered in error", "cancelled", "canceled"}
FLAGS: dict[str, Flag] = {
    **dict.fromkeys(("l", "ll", "low", "low low", "below"), "L"),
    **dict.fromkeys(("h", "hh", "high", "high high", "above"), "H"),
    **dict.fromkeys(("n", "normal", "within"), "N"),
}  # fmt: skip


class Doubtful(WrongInput):
    """A result that cannot be used as it is, and the status that keeps its criterion unknown."""

    def __init__(self, what: str, status: MeasurementStatus, **parts: str) -> None:
        """Keep the status that a lenient reader gives to the row."""
        super().__init__(what, **parts)
        self.status = status


@dataclass(frozen=True)
class Said:
    """One result as its source writes it, all of it text; empty where the source says nothing."""

    value: str = ""
    unit: str = ""
    comparator: str = ""
    low: str = ""
    high: str = ""
    cutoff: str = ""
    flag: str = ""
    status: str = ""


@dataclass(frozen=True)
class Result:
    """A number with its comparator and with the unit that was written behind it."""

    number: Decimal
    comparator: Comparator
    unit: str


def is_nothing(text: str) -> bool:
    """Say whether a cell holds nothing: empty, a dash, NA, ND."""
    return text.strip().casefold() in NOTHING


def parse_result(text: str, where: str) -> Result:
    """Read comparator, number and unit; Doubtful (implausible) for text, commas, NaN and infinity.

    >>> parse_result(">40 000 ug/L", "")
    Result(number=Decimal('40000'), comparator='>', unit='ug/L')
    """
    plain = text.strip()
    if _COMMA.search(plain):
        raise Doubtful(
            "the number has a comma",
            "implausible",
            where=where,
            why="it may separate decimals or thousands, a factor of a thousand apart",
            remedy="write 9000 or 9.0, without a comma",
        )
    found = _RESULT.match(plain)
    if found is None:
        raise Doubtful("this is no number", "implausible", where=where, remedy="write it like 1234.5")
    number = Decimal(re.sub(f"[{_BLANK}]", "", found["number"]).replace("−", "-"))
    unit = found["unit"].strip()
    if abs(number.adjusted()) > _LARGEST or _starts_like_a_number(unit):
        raise Doubtful("this is no number", "implausible", where=where, remedy="write it like 1234.5")
    sign = found["sign"] or ""
    return Result(number, cast("Comparator", _SIGNS.get(sign, sign)), unit)


def _starts_like_a_number(unit: str) -> bool:
    """Powers of ten begin units of counts; any other digit is the rest of a number not understood."""
    return bool(re.match(r"[0-9.,\-−–]", unit)) and not re.match(r"(10[*^⁹³⁶0-9]|1$)", unit)


def measured(analyte: Analyte, said: Said, on: date | None, where: str, site: Site | None) -> Measurement:
    """Return the measurement that a source states; Doubtful where number or unit cannot be believed."""
    status, flag = _status(said, where), flag_of(said.flag, where)
    if status != "measured":
        return Measurement(analyte.id, None, None, on, status=status, row=where)
    word = said.value.strip().casefold()
    if word in FLAGS or (not word and flag):
        return Measurement(analyte.id, None, None, on, flag=FLAGS.get(word, flag), row=where)
    result = parse_result(said.value, where)
    unit = _unit(analyte, said.unit.strip() or result.unit, where, site)
    if said.unit.strip() and result.unit and analyte.known_unit(result.unit) != unit:
        raise Doubtful(
            f"{analyte.id} has two units", "unit_unknown", where=where, remedy="name the unit once"
        )
    _believable(analyte, result.number, unit, where)
    line = site.lines.get(analyte.id) if site else None
    line = line if line and line.unit == unit else None
    low, high, cutoff = (
        _limit(analyte, getattr(said, name), unit, f"{where}, {name}")
        if getattr(said, name).strip()
        else getattr(line, name, None)
        for name in ("low", "high", "cutoff")
    )
    if low is not None and high is not None and low > high:
        raise Doubtful(
            "the lower limit of normal is above the upper", "implausible", where=where, remedy="swap them"
        )
    sign = _comparator(said.comparator, result.comparator, where)
    return Measurement(analyte.id, result.number, unit, on, sign, low, high, cutoff, flag, "measured", where)


def status_word(text: str) -> str:
    """Return a status as our sets of words hold it."""
    return re.sub(r"[_\-\s]+", " ", text.strip().casefold())


def _status(said: Said, where: str) -> MeasurementStatus:
    status, value = status_word(said.status), status_word(said.value)
    if status in PENDING or value in PENDING:
        return "pending"
    if status in NOT_DONE or value in NOT_DONE:
        return "not_done"
    if status not in DONE and not is_nothing(said.status):
        raise WrongInput(
            "the status is not known", where=where, remedy="write final, pending, not done or cancelled"
        )
    return "not_done" if is_nothing(said.value) and not said.flag.strip() else "measured"


def flag_of(text: str, where: str) -> Flag:
    """Return the laboratory's verdict: L, N, H or nothing; WrongInput for another word."""
    if is_nothing(text):
        return ""
    found = FLAGS.get(text.strip().casefold())
    if found is None:
        raise WrongInput("the flag is not known", where=where, remedy="write L, N, H or leave it empty")
    return found


def _comparator(column: str, in_value: Comparator, where: str) -> Comparator:
    plain = _SIGNS.get(column.strip(), column.strip())
    if plain not in ("", "<", "<=", ">", ">="):
        raise WrongInput("the comparator is not known", where=where, remedy="write <, <=, > or >=")
    if plain and in_value and plain != in_value:
        raise WrongInput(
            "value and comparator contradict each other", where=where, remedy="name the comparator once"
        )
    return cast("Comparator", plain or in_value)


def _unit(analyte: Analyte, spelling: str, where: str, site: Site | None) -> str:
    """Return our spelling of the unit; of a missing one the site's."""
    if spelling:
        unit = analyte.known_unit(spelling)
        if unit is None:
            raise Doubtful(
                f"the unit of {analyte.id} is not known",
                "unit_unknown",
                where=where,
                why=_why_not(analyte, spelling),
                remedy=f"known units: {known_units(analyte)}",
            )
        return unit
    if site and analyte.id in site.lines:
        return site.lines[analyte.id].unit
    if set(analyte.scales) == {analyte.unit} and analyte.unit.startswith("{"):  # a pure number, such as INR
        return analyte.unit
    raise Doubtful(
        f"{analyte.id} has no unit",
        "unit_unknown",
        where=where,
        why="the same number means different things in different units",
        remedy=f"add the unit ({known_units(analyte)}), or declare it once in a site file",
    )


def _why_not(analyte: Analyte, spelling: str) -> str:
    """Say what is likely behind an unknown unit: milligrams where micrograms are reported are a slip."""
    if spelling.strip().casefold() in ("mg/l", "g/l") and "ug/L" in analyte.scales:
        return "this unit is almost surely an error: it would make the value a thousand times larger or more"
    return "without a known unit the number cannot be held against a limit"


def known_units(analyte: Analyte) -> str:
    """Return the units of an analyte as a list for a message."""
    return ", ".join((*analyte.scales, *analyte.incomparable))


def _limit(analyte: Analyte, text: str, unit: str, where: str) -> Decimal | None:
    """Return a limit of normal or a cut-off, which has to stand in the unit of the value."""
    if is_nothing(text):
        return None
    result = parse_result(text, where)
    if result.comparator or (result.unit and analyte.known_unit(result.unit) != unit):
        raise WrongInput(
            "this limit does not stand in the unit of its value", where=where, remedy=f"write it in {unit}"
        )
    return result.number


def _believable(analyte: Analyte, value: Decimal, unit: str, where: str) -> None:
    if value < 0:
        raise Doubtful(f"{analyte.id} is negative", "implausible", where=where, remedy="correct the value")
    number = analyte.canonical(Fraction(value), unit)
    if number is None or analyte.low <= number <= analyte.high:
        return
    side = "low" if number < analyte.low else "high"
    raise Doubtful(
        f"{analyte.id} is implausibly {side} in {unit}",
        "implausible",
        where=where,
        why=f"what is believed lies from {_plain(analyte.low)} to {_plain(analyte.high)} {analyte.unit}",
        remedy=_slip(analyte, value),
    )


def _plain(number: Fraction) -> str:
    return f"{float(number):,.10g}".replace(",", " ")


def _slip(analyte: Analyte, value: Decimal) -> str:
    """Return the units in which the number would be plausible, as a question."""
    fitting = [
        unit
        for unit in analyte.scales
        if (number := analyte.canonical(Fraction(value), unit)) is not None
        and analyte.low <= number <= analyte.high
    ]
    return f"did you mean {' or '.join(fitting)}?" if fitting else "correct the value or its unit"


def unlikely(analyte: Analyte, row: Measurement) -> str | None:
    """Return a note on a value that is kept although it is very unusual, or None."""
    if row.value is None or row.unit is None or row.status != "measured":
        return None
    number = analyte.canonical(Fraction(row.value), row.unit)
    if number is None:
        return None
    if analyte.unlikely_above is not None and number > analyte.unlikely_above:
        return f"{row.row}: {analyte.id} is unusually high and was kept; check its unit"
    if analyte.unlikely_below is not None and number < analyte.unlikely_below:
        return f"{row.row}: {analyte.id} is unusually low and was kept; check its unit"
    return None
