"""Changes from baseline, written as CQL: both values as spans, on one scale so that nothing is rounded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from openhlh.errors import WrongInput
from openhlh.rules import tree
from openhlh.rules.cql_facts import (
    Defines,
    Place,
    cases_of,
    confounders,
    covered,
    decimal,
    ends_in_time,
    less_offset,
    one_of,
    window_of,
)
from openhlh.units import Analyte, quantity


@dataclass(frozen=True)
class _Around:
    """A day and its window as CQL; `dated`: values without a day do not count."""

    on: str
    window: str
    dated: bool = False


def change(rule: tree.Change, name: str, places: tuple[Place, Place], analyte: Analyte) -> Defines:
    """Return the defines of a change; "in band" says whether the baseline lies in its band.

    `places`: that of the baseline and that of the line.
    """
    then, here = places
    scale = _common_scale(rule, analyte)
    before, now = f"{name} before", f"{name} now"
    value = _scaled(rule, name, analyte, scale)
    around_before = _Around(then.on, window_of(rule.baseline_window, then.window), dated=True)
    around_now = _Around(here.on, window_of(rule.window, here.window))
    asked = _against(*rule.sign_and_factor, before, now)
    if analyte.incomparable:
        asked = f'(if "{before}".unit = "{now}".unit then {asked} else null)'
    for limit in _bands(rule.and_value, now, analyte, scale):
        asked += f"\n    and {limit}"
    known = f'"{before}" is not null and "{now}" is not null'
    bands = _bands(rule.baseline, before, analyte, scale)
    if bands:
        known += f' and "{name} in band" is true'
    return [
        *confounders(rule, name),
        *_span(before, analyte, value, around_before),
        *_span(now, analyte, value, around_now),
        *([(f"{name} in band", "\n    and ".join(bands))] if bands else []),
        (name, f"if {known}\n    then {asked}\n    else null"),
    ]


def _common_scale(rule: tree.Change, analyte: Analyte) -> int:
    """Return a whole number by which every conversion and every limit of a change becomes a CQL decimal."""
    numbers = [one.factor for one in analyte.scales.values()]
    numbers += [
        _canonical(limit, analyte) for band in (rule.baseline, rule.and_value) for _, limit in _limits(band)
    ]
    return lcm(*(one.denominator for one in numbers if not ends_in_time(one)))


def _limits(band: tree.Band | None) -> list[tuple[str, str]]:
    limits = ((sign, getattr(band, key, None)) for key, sign in tree.SIGNS.items())
    return [(sign, str(limit)) for sign, limit in limits if limit is not None]


def _canonical(limit: str, analyte: Analyte) -> Fraction:
    number = analyte.in_unit(quantity(limit), analyte.unit)
    if number is None:
        raise WrongInput(
            f"a change of {analyte.id} within a band in `{quantity(limit).unit}` cannot be exported to CQL",
            why="a change is judged in the unit of the analyte",
            remedy=f"write the limit in {', '.join(analyte.scales)}",
        )
    return number


def _scaled(rule: tree.Change, name: str, analyte: Analyte, scale: int) -> str:
    """Return a row's value in the unit of the analyte times the scale, null where it cannot be read."""
    cases = ["when M.status != 'measured' then null"]
    cases += [f"when {under} then null" for under in covered(rule, name, "M.dated")]
    for unit, one in analyte.scales.items():
        value, factor = less_offset("M", one.offset), one.factor * scale
        shown = value if factor == 1 else f"Round({value} * {decimal(factor)}, 8)"
        cases.append(f"when M.unit {one_of(unit)} then {shown}")
    if analyte.incomparable:
        cases.append(f"when M.unit {one_of(analyte.incomparable)} then M.value")
    return cases_of(cases, "null")


def _span(name: str, analyte: Analyte, value: str, around: _Around) -> Defines:
    """Return the defines of the value of the day nearest to a day: between `low` and `high` (null: open).

    `unit` names a unit that converts into no other (else ''): only a ratio within it means something.
    """
    kept, unlike, unit = "", "", ""
    if analyte.incomparable:
        kept = f",\n      unit: if M.unit {one_of(analyte.incomparable)} then M.unit else ''"
        unlike = f'\n    or exists ("{name} day" R where R.unit != First("{name} day").unit)'
        unit = f', unit: First("{name} day").unit'
    distance = f'"Distance"(M.dated, {around.on})'
    inside = f'"In window"({distance}, {around.window}){" and M.dated is not null" if around.dated else ""}'
    rows = (
        f'"Measurements" M\n    let value: {value}\n'
        f"    where M.analyte {one_of(analyte.id)} and M.status != 'not_done'\n      and {inside}\n"
        f'    return all {{ place: "Nearness"({distance}), value: value,\n'
        "      low: if M.comparator in { '<', '<=' } then 0.0 else value,\n"
        f"      high: if M.comparator in {{ '>', '>=' }} then null else value{kept} }}"
    )
    span = (
        f'if not exists "{name} day" or exists ("{name} day" R where R.value is null){unlike} then null\n'
        f'  else Tuple {{ low: Min("{name} day" R return all R.low),\n'
        f'    high: if exists ("{name} day" R where R.high is null) then null\n'
        f'      else Max("{name} day" R return all R.high){unit} }}'
    )
    return [
        (f"{name} rows", rows),
        (f"{name} place", f'Min("{name} rows" R return all R.place)'),
        (f"{name} day", f'"{name} rows" R where R.place = "{name} place" return all R'),
        (name, span),
    ]


def _against(sign: str, factor: str, before: str, now: str) -> str:
    """Return now held against factor times before; a factor such as 2/3 is taken to both sides."""
    times = Fraction(factor)
    here, there = (Fraction(1), times)
    if not ends_in_time(times):
        here, there = Fraction(times.denominator), Fraction(times.numerator)
    return _sure(sign, _ends(now, here), _ends(before, there))


def _ends(span: str, factor: Fraction) -> tuple[str, str]:
    low, high = f'"{span}".low', f'"{span}".high'
    if factor == 1:
        return low, high
    return f"Round({decimal(factor)} * {low}, 8)", f"Round({decimal(factor)} * {high}, 8)"


def _bands(band: tree.Band | None, span: str, analyte: Analyte, scale: int) -> list[str]:
    asked = []
    for sign, limit in _limits(band):
        held = decimal(_canonical(limit, analyte) * scale)
        inside = _sure(sign, _ends(span, Fraction(1)), (held, held))
        asked.append(f"(if \"{span}\".unit = '' then {inside} else null)" if analyte.incomparable else inside)
    return asked


def _sure(sign: str, span: tuple[str, str], bound: tuple[str, str]) -> str:
    name = "Surely at least" if sign in (">=", "<") else "Surely above"
    asked = f'"{name}"({", ".join((*span, *bound))})'
    return asked if sign in (">", ">=") else f"not {asked}"
