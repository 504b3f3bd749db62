"""What each row of a warehouse says of a limit, as the rank that `rules.verdicts` gives it."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import ibis
from ibis import ir

from openhlh.rules.reading import LimitToHold
from openhlh.rules.tables import Column, Tables, one_of
from openhlh.rules.verdicts import MET as MET_RULING
from openhlh.rules.verdicts import NOT_MET as NOT_MET_RULING
from openhlh.rules.verdicts import Reason, unknown
from openhlh.units import Analyte

MET, NOT_MET = MET_RULING.rank, NOT_MET_RULING.rank
RANK = {reason: unknown(reason).rank for reason in Reason}
NOTHING = RANK[Reason.NOT_MEASURED]


def measure_rank(t: ir.Table, analyte: Analyte, limit: LimitToHold, tables: Tables) -> ir.IntegerValue:
    """Return the rank of each row of an analyte."""
    if limit.printed[0].is_laboratory_limit:
        said = _against_normal(t, limit)
        if tables.believes_ranges:
            said = _believable(t, analyte, tables).ifelse(said, RANK[Reason.IMPLAUSIBLE])
        return _with_status(t, said, believed=False)
    alike: dict[tuple[Fraction | None, Fraction, Fraction], list[str]] = defaultdict(list)
    for unit in reported_units(analyte, tables):
        alike[limit.in_unit(analyte, unit), *_range_in(analyte, unit)].append(unit)
    branches = []
    for (number, low, high), units in alike.items():
        said = _against_cutoff(t, limit) if number is None else _held(t, limit.sign, float(number))
        if number is not None and tables.believes_ranges:
            # NaN lies outside every range, for it sorts above all numbers
            said = t.value.between(float(low), float(high)).ifelse(said, RANK[Reason.IMPLAUSIBLE])
        branches.append((unit_is(t, analyte, units, tables), said))
    unknown_unit = RANK[Reason.UNIT_NOT_COMPARABLE]
    said = ibis.cases(*branches, else_=unknown_unit) if branches else ibis.literal(unknown_unit)
    return _with_status(t, said, values_may_miss=not tables.believes_ranges)


def _believable(t: ir.Table, analyte: Analyte, tables: Tables) -> Column:
    """Say whether a value lies in the plausible range of its unit; in an unknown unit, whether it is one."""
    branches = []
    for unit in reported_units(analyte, tables):
        low, high = _range_in(analyte, unit)
        branches.append((unit_is(t, analyte, [unit], tables), t.value.between(float(low), float(high))))
    number = ~t.value.isnan()
    return ibis.cases(*branches, else_=number) if branches else number


def _range_in(analyte: Analyte, unit: str) -> tuple[Fraction, Fraction]:
    """Return the plausible range of an analyte in one of its units."""
    scale = analyte.scales.get(unit)
    if scale is None:
        return analyte.low, analyte.high
    return analyte.low / scale.factor + scale.offset, analyte.high / scale.factor + scale.offset


def reported_units(analyte: Analyte, tables: Tables) -> list[str]:
    """Return the units of an analyte for which the warehouse has a code, or which are declared."""
    return [
        unit
        for unit in (*analyte.scales, *analyte.incomparable)
        if tables.codes.units.get((analyte.id, unit)) or tables.codes.declared.get(analyte.id) == unit
    ]


def unit_is(t: ir.Table, analyte: Analyte, units: list[str], tables: Tables) -> ir.BooleanValue:
    """Say whether a row stands in one of some units, declared ones included."""
    codes = tuple(code for unit in units for code in tables.codes.units.get((analyte.id, unit), ()))
    found = one_of(t.unit, codes)
    return found | t.unit.isnull() if tables.codes.declared.get(analyte.id) in units else found


def _with_status(
    t: ir.Table, said: ir.IntegerValue, *, believed: bool = True, values_may_miss: bool = True
) -> ir.IntegerValue:
    """Put what the row's status says before what its value says."""
    branches: list[tuple[Column, Column]] = []
    if "status" in t.columns:
        branches += [(t.status == "pending", RANK[Reason.PENDING]), (t.status == "not_done", NOTHING)]
        if believed:
            branches.append((t.status == "implausible", RANK[Reason.IMPLAUSIBLE]))
    if believed:
        if values_may_miss:
            branches.append((t.value.isnull(), NOTHING))
        if "status" in t.columns:
            branches.append((t.status == "unit_unknown", RANK[Reason.UNIT_NOT_COMPARABLE]))
    return ibis.cases(*branches, else_=said) if branches else said


def _held(t: ir.Table, sign: str, bound: Column) -> Column:
    """The same as `reading.holds`: an exact value is compared, a bound decides or is censored."""
    exact = _exact(sign, t.value, bound).ifelse(MET, NOT_MET)
    if "comparator" not in t.columns:
        return exact
    upward, strict = sign in (">=", ">"), sign in (">", "<=")  # "at most" is "not above"
    good, bad = (MET, NOT_MET) if upward else (NOT_MET, MET)
    at_or_above, at_or_below = t.value >= bound, t.value <= bound
    reaches = ibis.cases((t.comparator == ">", at_or_above), else_=t.value > bound if strict else at_or_above)
    stays = ibis.cases((t.comparator == "<", at_or_below), else_=at_or_below if strict else t.value < bound)
    censored = RANK[Reason.CENSORED]
    return ibis.cases(
        (t.comparator.isnull() | (t.comparator == ""), exact),
        (t.comparator.isin((">", ">=")), reaches.ifelse(good, censored)),
        (t.comparator.isin(("<", "<=")), stays.ifelse(bad, censored)),
        else_=censored,
    )


def _exact(sign: str, value: Column, number: Column) -> Column:
    return {">=": value >= number, ">": value > number, "<=": value <= number, "<": value < number}[sign]


def _against_cutoff(t: ir.Table, limit: LimitToHold) -> ir.IntegerValue:
    if not limit.laboratory_cutoff or "cutoff" not in t.columns:
        return ibis.literal(RANK[Reason.UNIT_NOT_COMPARABLE])
    sign = ">" if limit.sign in (">", ">=") else "<"
    return t.cutoff.isnull().ifelse(RANK[Reason.UNIT_NOT_COMPARABLE], _held(t, sign, t.cutoff))


def _against_normal(t: ir.Table, limit: LimitToHold) -> ir.IntegerValue:
    """Hold a value against a multiple of its laboratory's limit, or take the laboratory's own flag."""
    wanted = limit.printed[0]
    column = "low" if wanted.unit == "LLN" else "high"
    silent = RANK[Reason.NO_LABORATORY_LIMIT]
    branches: list[tuple[Column, Column]] = []
    if column in t.columns:
        bound = (t[column] * float(wanted.number)).round(9)
        usable = t.value.notnull() & t[column].notnull()
        if "status" in t.columns:
            usable = usable & (t.status.isnull() | (t.status == "measured"))
        branches.append((usable, _held(t, limit.sign, bound)))
    outside = {"LLN": "L", "ULN": "H"}[wanted.unit]
    asks_outside = limit.sign == {"LLN": "<", "ULN": ">"}[wanted.unit]
    asks_inside = limit.sign == {"LLN": ">=", "ULN": "<="}[wanted.unit]
    if "flag" in t.columns and wanted.number == 1 and (asks_outside or asks_inside):
        good, bad = (MET, NOT_MET) if asks_outside else (NOT_MET, MET)
        branches.append((t.flag == outside, good))
        branches.append((t.flag.isin(("L", "N", "H")), bad))
    return ibis.cases(*branches, else_=silent) if branches else ibis.literal(silent)
