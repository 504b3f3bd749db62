"""Lines that look at facts, written as CQL: what a reported value, a finding, a dose or an age says.

What one row says is a rank, as in `rules.verdicts`: 0 nothing seen, 1 not met, 2 seen but not to be said,
3 met. The highest rank of a line's rows speaks, and is its three-valued answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from openhlh.rules import tree
from openhlh.rules.reading import LimitToHold
from openhlh.units import Analyte, quantity

_STEP = Fraction(1, 10**8)  # CQL decimals have eight places
Defines = list[tuple[str, str]]
Ends = tuple[int | None, int | None]
BASELINE = '"Moment".baseline'


@dataclass(frozen=True)
class Place:
    """The day (as CQL) and the window of the page with which a line is judged; `suffix` ends its names.

    `dated`: facts without a day do not count; they count for the day of judgement, not for the baseline.
    """

    on: str
    window: Ends
    suffix: str = ""
    dated: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows to query: their source, the condition on them, what a row is called and what it says."""

    source: str
    where: str
    row: str
    says: str


def text_of(value: str) -> str:
    """Return a CQL string."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def one_of(values: str | tuple[str, ...]) -> str:
    """Return the CQL condition that follows a field: equal to one value, or in a list of them."""
    several = tree.names_of(values)
    if len(several) == 1:
        return f"= {text_of(several[0])}"
    return f"in {{ {', '.join(map(text_of, several))} }}"


def ends_in_time(number: Fraction) -> bool:
    """Say whether a number can be written as a CQL decimal exactly."""
    return (number / _STEP).denominator == 1


def decimal(number: Fraction) -> str:
    """Return a number with at most eight places as a CQL decimal.

    >>> decimal(Fraction(500)), decimal(Fraction(-1013, 10))
    ('500.0', '-101.3')
    """
    whole, places = divmod(abs(int(number / _STEP)), 10**8)
    shown = f"{whole}.{places:08d}".rstrip("0")
    return ("-" if number < 0 else "") + (f"{shown}0" if shown.endswith(".") else shown)


def cases_of(cases: list[str], otherwise: str) -> str:
    """Return a CQL case of `when ... then ...` parts."""
    shown = "".join(f"\n        {one}" for one in (*cases, f"else {otherwise}"))
    return f"case{shown}\n      end"


def less_offset(row: str, offset: Fraction) -> str:
    """Return a row's value, less where its unit begins (32 for degrees Fahrenheit)."""
    return f"({row}.value - {decimal(offset)})" if offset else f"{row}.value"


def window_of(own: tree.Window | None, page: Ends) -> str:
    """Return both ends of the window of a rule, else of the page, as CQL arguments."""
    ends = (own.start, own.end) if own else page
    return ", ".join("null" if end is None else str(end) for end in ends)


def confounders(rule: tree.Measure | tree.Finding | tree.Change, name: str) -> Defines:
    """Return one define for the doses of each confounder of a line."""
    return [
        (f"{name} confounder {number}", f'"Exposures" E where E.exposure {one_of(one.exposure)} and E.given')
        for number, one in enumerate(rule.confounded_by, 1)
    ]


def covered(rule: tree.Measure | tree.Finding | tree.Change, name: str, dated: str) -> list[str]:
    """Return for each confounder the CQL that says whether a day lies under it."""
    return [
        f'"Covered"({dated}, "{name} confounder {number}", {one.days})'
        for number, one in enumerate(rule.confounded_by, 1)
    ]


def measure(rule: tree.Measure, name: str, place: Place, analytes: Mapping[str, Analyte]) -> Defines:
    """Return the defines of a value held against a limit; the last one is the line."""
    analyte = analytes[rule.measure]
    printed = tuple(quantity(str(one)) for one in (rule.limit, *rule.printed_also))
    limit = LimitToHold(rule.sign, printed, rule.laboratory_cutoff)
    rows = [Rows('"Measurements" M', f"M.analyte {one_of(rule.measure)}", "M", _says(limit, analyte))]
    if rule.or_derived:
        rows.append(_derived(rule.or_derived, limit, analyte, analytes))
    found = confounders(rule, name)
    if not rule.or_finding:
        return [*found, *_picked(rule, rows, name, place, "rank"), _answer(name)]
    seen = (f"{name} finding", _says_finding(rule.or_finding, rule, name, place))
    rank = (f"{name} rank", f'Max({{ "{name} value", "{name} finding" }})')
    return [*found, *_picked(rule, rows, name, place, "value"), seen, rank, _answer(name)]


def _answer(name: str) -> tuple[str, str]:
    return name, f'"Answer"("{name} rank")'


def _inside(dated: str, own: tree.Window | None, place: Place) -> str:
    with_day = f"{dated} is not null and " if place.dated else ""
    return f'{with_day}"In window"("Distance"({dated}, {place.on}), {window_of(own, place.window)})'


def _unless_confounded(says: str, dated: str, rule: tree.Measure | tree.Finding, name: str) -> str:
    hidden = {"met": "{ 3 }", "not_met": "{ 1 }", "both": "{ 1, 3 }"}
    for one, under in zip(rule.confounded_by, covered(rule, name, dated), strict=True):
        says = f'"Hidden"({says}, {hidden[one.hides]}, {under})'
    return says


def _picked(rule: tree.Measure, sources: list[Rows], name: str, place: Place, made: str) -> Defines:
    """Return the rank of the rows in the window: of all of them, or of those of one day."""
    if rule.pick == "worst":
        ranks = [f"Max({_in_window(rule, rows, name, place)})" for rows in sources]
        return [(f"{name} {made}", f"Max({{ {', '.join(ranks)} }})" if ranks[1:] else ranks[0])]
    rank = f'"Of one day"("{name} day" R return all R.says)'
    if rule.valid_for is not None:
        rank = f'if Abs(First("{name} day").distance) > {rule.valid_for} then 0\n  else {rank}'
    return [
        (f"{name} rows", "\n  union ".join(f"({_in_window(rule, rows, name, place)})" for rows in sources)),
        (f"{name} place", f'Min("{name} rows" R return all R.place)'),
        (f"{name} day", f'"{name} rows" R where R.place = "{name} place" return all R'),
        (f"{name} {made}", rank),
    ]


def _in_window(rule: tree.Measure, rows: Rows, name: str, place: Place) -> str:
    """Return the query of the rows that count; for one day, with the key that puts the wanted day first."""
    dated = f"{rows.row}.dated"
    distance = f'"Distance"({dated}, {place.on})'
    says = _unless_confounded(rows.says, dated, rule, name)
    where = f"where {rows.where}\n      and {_inside(dated, rule.window, place)}"
    if rule.pick == "worst":
        return f"{rows.source}\n    {where}\n    return all {says}"
    order = {"first": distance, "latest": f"-{distance}"}.get(rule.pick, f'"Nearness"({distance})')
    record = f"{{ distance: {distance}, place: {order}, says: says }}"
    return f"{rows.source}\n    let says: {says}\n    {where} and says > 0\n    return all {record}"


def _held(sign: str, value: str, comparator: str, limit: Fraction) -> str:
    """Return the comparison of a reported value with a limit.

    A limit that eight places cannot hold is given as its two neighbours: no CQL decimal lies between them,
    so that the comparison stays exact.
    """
    if ends_in_time(limit):
        return _beside(sign, value, comparator, decimal(limit))
    under = floor(limit / _STEP) * _STEP
    asked = f'"Beyond"({value}, {comparator}, {decimal(under)}, {decimal(under + _STEP)})'
    return asked if sign in (">", ">=") else f"not {asked}"


def _beside(sign: str, value: str, comparator: str, limit: str) -> str:
    name = "At least" if sign in (">=", "<") else "Above"
    asked = f'"{name}"({value}, {comparator}, {limit})'
    return asked if sign in (">", ">=") else f"not {asked}"


def _says(limit: LimitToHold, analyte: Analyte) -> str:
    """Return what one row M says of a limit."""
    if limit.printed[0].is_laboratory_limit:
        return _against_normal(limit)
    units: dict[Fraction, list[str]] = {}
    for unit in dict.fromkeys([*(one.unit for one in limit.printed), *analyte.scales]):
        number = limit.in_unit(analyte, unit)
        if number is not None:
            units.setdefault(number, []).append(unit)
    unread = '"Unread"(M.status, M.value, M.unit)'
    cases = [f"when {unread} is not null then {unread}"]
    for number, names in units.items():
        held = _held(limit.sign, "M.value", "M.comparator", number)
        cases.append(f'when M.unit {one_of(tuple(names))} then "Rank"({held})')
    if limit.laboratory_cutoff:
        sign = ">" if limit.sign in (">", ">=") else "<"
        held = _beside(sign, "M.value", "M.comparator", "M.cutoff")
        cases.append(f'when M.cutoff is not null then "Rank"({held})')
    return cases_of(cases, "2")


def _against_normal(limit: LimitToHold) -> str:
    """Return what one row M says of a multiple of its laboratory's limit, or by the laboratory's flag."""
    wanted = limit.printed[0]
    low = wanted.unit == "LLN"
    bound, outside = ("M.low", "L") if low else ("M.high", "H")
    held = _beside(limit.sign, "M.value", "M.comparator", f"Round({decimal(wanted.number)} * {bound}, 8)")
    readable = f"M.status = 'measured' and M.value is not null and {bound} is not null"
    cases = [
        "when M.status = 'pending' then 2",
        "when M.status = 'not_done' then 0",
        f'when {readable} then "Rank"({held})',
    ]
    asks_outside = limit.sign == ("<" if low else ">")
    asks_inside = limit.sign == (">=" if low else "<=")
    if wanted.number == 1 and (asks_outside or asks_inside):
        others = tuple(flag for flag in "LNH" if flag != outside)
        cases.append(f"when M.flag = '{outside}' then {3 if asks_outside else 1}")
        cases.append(f"when M.flag {one_of(others)} then {1 if asks_outside else 3}")
    return cases_of(cases, "2")


def _derived(
    recipe: tree.Derived, limit: LimitToHold, analyte: Analyte, analytes: Mapping[str, Analyte]
) -> Rows:
    """Return the products on days without a measured value; the factors divide the limit, exactly."""
    pair = [analytes[name] for name in recipe.product]
    number = None if limit.printed[0].is_laboratory_limit else limit.in_unit(analyte, analyte.unit)
    cases = []
    for one, here in pair[0].scales.items():
        for other, there in pair[1].scales.items() if number is not None else ():
            asked = (number or 0) / (here.factor * there.factor * Fraction(recipe.times))
            product = f"Round({less_offset('A', here.offset)} * {less_offset('B', there.offset)}, 8)"
            units = f"A.unit {one_of(one)} and B.unit {one_of(other)}"
            held = _held(limit.sign, product, "''", asked)
            cases.append(f'when {units} then "Rank"({held})')
    sources = [
        f'("Measurements" M where M.analyte {one_of(made.id)} and M.unit {one_of(tuple(made.scales))}\n'
        "        and M.status = 'measured' and M.value is not null and Coalesce(M.comparator, '') = '')"
        for made in pair
    ]
    source = f"from {sources[0]} A,\n      {sources[1]} B"
    measured = f'"Measurements" M\n        where M.analyte {one_of(analyte.id)} and M.value is not null'
    where = f"A.dated ~ B.dated and not exists ({measured} and M.dated ~ A.dated)"
    return Rows(source, where, "A", cases_of(cases, "2") if cases else "2")


def finding(rule: tree.Finding, name: str, place: Place) -> Defines:
    """Return the defines of a finding; the last one is the line."""
    rank = _says_finding(rule.finding, rule, name, place)
    return [*confounders(rule, name), (f"{name} rank", rank), _answer(name)]


def _says_finding(
    names: str | tuple[str, ...], rule: tree.Finding | tree.Measure, name: str, place: Place
) -> str:
    says = _unless_confounded('"Rank"(F.present)', "F.dated", rule, name)
    inside = _inside("F.dated", rule.window, place)
    return (
        f'Max("Findings" F\n    where F.finding {one_of(names)}\n      and {inside}\n    return all {says})'
    )


def exposure(rule: tree.Exposure, name: str, place: Place) -> Defines:
    """Return the defines of a drug, class or regimen that was given; the last one is the line."""
    says, enough = '"Rank"(E.given)', []
    if rule.started_at_least is not None:
        enough.append(f'"Days since"(E.started, {place.on}) >= {rule.started_at_least}')
    if rule.lasted_at_least is not None:
        enough.append(f'"Days given"(E.started, E.ended, {place.on}) >= {rule.lasted_at_least}')
    if enough:
        cases = [
            'when E.given is not true then "Rank"(E.given)',
            "when E.started is null then 0",
            f"when {' and '.join(enough)} then 3",
        ]
        says = cases_of(cases, "1")
    with_day = "E.started is not null and " if place.dated else ""
    overlaps = f'{with_day}"Overlaps"(E.started, E.ended, {place.on}, {window_of(rule.window, place.window)})'
    chosen = f'"Exposures" E\n    where E.exposure {one_of(rule.exposure)}\n      and {overlaps}'
    return [(f"{name} rank", f"Max({chosen}\n    return all {says})"), _answer(name)]


def age(rule: tree.Age, name: str, place: Place) -> Defines:
    """Return the define of an age: both ends of the possible birthdays have to agree."""
    sign, text = rule.age.sign_and_limit
    number, unit = text.split()
    function = {"a": "Has years", "mo": "Has months", "wk": "Has weeks", "d": "Has days"}[unit]
    needed = int(number) + (sign in (">", "<="))
    ends = [f'"{function}"("Person".{born}, {place.on}, {needed})' for born in ("bornEarliest", "bornLatest")]
    agreed = f'"If both agree"({ends[0]},\n    {ends[1]})'
    return [(name, agreed if sign in (">", ">=") else f"not {agreed}")]
