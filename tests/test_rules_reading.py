"""What one reported value says of one limit: every sign, comparator and side, by hand."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhlh.rules.facts import Measurement
from openhlh.rules.reading import LimitToHold, age_holds, age_range, holds, says
from openhlh.rules.verdicts import MET, NOT_MET, Reason, unknown
from openhlh.units import quantity
from tests.conftest import analytes_of_shelves

#              limit 10, the printed number is 9, 10 or 11: yes, no, or not known
HOLDS = """
>=   exact  no   yes  yes
>=   >      ?    yes  yes
>=   >=     ?    yes  yes
>=   <      no   no   ?
>=   <=     no   ?    ?
>    exact  no   no   yes
>    >      ?    yes  yes
>    >=     ?    ?    yes
>    <      no   no   ?
>    <=     no   no   ?
<=   exact  yes  yes  no
<=   >      ?    no   no
<=   >=     ?    ?    no
<=   <      yes  yes  ?
<=   <=     yes  yes  ?
<    exact  yes  no   no
<    >      ?    no   no
<    >=     ?    no   no
<    <      yes  yes  ?
<    <=     yes  ?    ?
"""
SAID = {"yes": True, "no": False, "?": None}
CELLS = [
    (sign, comparator.replace("exact", ""), number, SAID[said])
    for sign, comparator, *row in map(str.split, HOLDS.strip().splitlines())
    for number, said in zip((9, 10, 11), row, strict=True)
]


@pytest.mark.parametrize(("sign", "comparator", "number", "expected"), CELLS)
def test_a_number_or_a_bound_below_at_and_above_a_limit(sign, comparator, number, expected):
    assert holds(sign, Decimal(number), comparator, Fraction(10)) is expected


@given(
    st.sampled_from([">=", ">", "<=", "<"]),
    st.sampled_from(["", "<", "<=", ">", ">="]),
    st.integers(-6, 6),
    st.integers(-6, 6),
)
@settings(derandomize=True, max_examples=400)
def test_a_bound_decides_exactly_when_every_value_behind_it_agrees(sign, comparator, number, limit):
    on_side = {
        ">=": lambda x, y: x >= y,
        ">": lambda x, y: x > y,
        "<=": lambda x, y: x <= y,
        "<": lambda x, y: x < y,
        "": lambda x, y: x == y,
    }
    values = [Fraction(one, 2) for one in range(-40, 41)]  # halves see what lies strictly between
    answers = {on_side[sign](one, limit) for one in values if on_side[comparator](one, number)}
    expected = answers.pop() if len(answers) == 1 else None
    assert holds(sign, Fraction(number), comparator, Fraction(limit)) is expected


def said(analyte, limit, value=None, unit=None, *, sign=">=", printed=(), cutoffs=False, **more):
    number = None if value is None else Decimal(value)
    row = Measurement(analyte, number, unit, **more)
    ready = LimitToHold(sign, tuple(map(quantity, (limit, *printed))), cutoffs)
    return says(row, analytes_of_shelves()[analyte], ready)


@pytest.mark.parametrize(
    ("analyte", "limit", "unit", "values"),
    [
        ("hemoglobin", "< 90 g/L", "g/dL", ("8.99", "9.0", "9.01")),
        ("hemoglobin", "< 90 g/L", "g/L", ("89.9", "90", "90.1")),
        ("hemoglobin", "<= 92 g/L", "mmol/L", ("5.71", None, "5.72")),  # 92/16.1 = 5.714...
        ("platelets", "< 100 10*9/L", "/uL", ("99999", "100000", "100001")),
        ("platelets", "< 100 10*9/L", "10*3/uL", ("99.9", "100", "100.1")),
        ("platelets", "< 100 10*9/L", "10*6/mL", ("99.9", "100.0", "100.1")),
        ("neutrophils", "< 1.0 10*9/L", "/uL", ("999", "1000", "1001")),
        ("fibrinogen", "<= 1.5 g/L", "mg/dL", ("149", "150", "151")),
        ("fibrinogen", "<= 3.6 g/L", "umol/L", ("10.58", None, "10.59")),  # 3.6/0.34 = 10.588...
        ("ferritin", ">= 500 ug/L", "ng/mL", ("499.9", "500", "500.1")),
        ("ferritin", ">= 500 ug/L", "pmol/L", ("1123.59", None, "1123.60")),  # 500/0.445 = 1123.595...
        ("temperature", ">= 38.5 Cel", "[degF]", ("101.29", "101.3", "101.31")),
        ("scd25", ">= 2400 U/mL", "kU/L", ("2399", "2400", "2401")),
        ("scd25", ">= 2400 U/mL", "U/L", ("2399999", "2400000", "2400001")),
        ("triglycerides", ">= 3.0 mmol/L", "mg/dL", ("265.70", "265.71", "265.72")),  # 3 * 88.57
        ("ast", "> 48 U/L", "ukat/L", ("0.79", "0.8", "0.81")),
    ],
)
def test_a_limit_is_exact_in_every_unit(analyte, limit, unit, values):
    """The values lie one printed step below, at (None: no number is exactly there) and above the limit."""
    sign, limit = limit.split(maxsplit=1)
    upward, at_limit = sign[0] == ">", MET if "=" in sign else NOT_MET
    expected = (NOT_MET, at_limit, MET) if upward else (MET, at_limit, NOT_MET)
    for value, ruling in zip(values, expected, strict=True):
        assert value is None or said(analyte, limit, value, unit, sign=sign) == ruling


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("264.99", "mg/dL", NOT_MET),
        ("265", "mg/dL", MET),  # 2.992 mmol/L: as printed, not as converted
        ("265.01", "mg/dL", MET),
        ("2.99", "mmol/L", NOT_MET),
        ("2.995", "mmol/L", NOT_MET),
        ("3.0", "mmol/L", MET),
        ("3.01", "mmol/L", MET),
    ],
)
def test_a_limit_that_is_printed_twice_is_held_in_the_unit_of_the_value(value, unit, expected):
    assert said("triglycerides", "3.0 mmol/L", value, unit, printed=("265 mg/dL",)) == expected


STATUS = [
    ({"status": "pending"}, Reason.PENDING),
    ({"status": "not_done"}, Reason.NOT_MEASURED),
    ({}, Reason.NOT_MEASURED),
    ({"value": "600", "unit": "ug/L", "status": "implausible"}, Reason.IMPLAUSIBLE),
    ({"value": "600", "status": "unit_unknown"}, Reason.UNIT_NOT_COMPARABLE),
    ({"value": "600"}, Reason.UNIT_NOT_COMPARABLE),
    ({"value": "600", "unit": "mg"}, Reason.UNIT_NOT_COMPARABLE),
    ({"value": "600", "unit": "ug/L", "status": "unit_unknown"}, Reason.UNIT_NOT_COMPARABLE),
    ({"value": "400", "unit": "ug/L", "comparator": ">"}, Reason.CENSORED),
    ({"value": "600", "unit": "ug/L", "comparator": "<"}, Reason.CENSORED),
    ({"status": "pending", "value": "600", "unit": "ug/L"}, Reason.PENDING),
    ({"status": "not_done", "value": "600", "unit": "ug/L"}, Reason.NOT_MEASURED),
]


@pytest.mark.parametrize(("row", "reason"), STATUS)
def test_a_row_that_says_nothing_says_why(row, reason):
    assert said("ferritin", "500 ug/L", **row) == unknown(reason)


@pytest.mark.parametrize(
    ("value", "comparator", "expected"), [("40000", ">", MET), ("500", "<", NOT_MET), ("500", ">=", MET)]
)
def test_a_bound_that_decides_is_no_unknown(value, comparator, expected):
    assert said("ferritin", "500 ug/L", value, "ug/L", comparator=comparator) == expected


CUTOFF = "2400 U/mL"


@pytest.mark.parametrize(
    ("sign", "value", "cutoff", "expected"),
    [
        (">=", "6400", "6400", NOT_MET),  # normal up to 6400: only above it is it high
        (">=", "6401", "6400", MET),
        (">", "6401", "6400", MET),
        (">", "6400", "6400", NOT_MET),
        ("<", "6399", "6400", MET),
        ("<=", "6400", "6400", NOT_MET),
        (">=", "20000", None, unknown(Reason.UNIT_NOT_COMPARABLE)),
    ],
)
def test_a_unit_without_factor_is_held_against_its_laboratory_only(sign, value, cutoff, expected):
    given_cutoff = None if cutoff is None else Decimal(cutoff)
    got = said("scd25", CUTOFF, value, "pg/mL", sign=sign, cutoffs=True, cutoff=given_cutoff)
    assert got == expected


def test_the_laboratorys_cut_off_counts_only_where_the_page_says_so():
    got = said("scd25", CUTOFF, "6401", "pg/mL", cutoff=Decimal(6400))
    assert got == unknown(Reason.UNIT_NOT_COMPARABLE)


def test_the_cut_off_says_nothing_of_a_value_that_converts():
    assert said("scd25", CUTOFF, "2399", "U/mL", cutoffs=True, cutoff=Decimal(100)) == NOT_MET


def test_a_bound_beside_the_laboratorys_cut_off_is_censored_where_it_may_lie_on_either_side():
    more = {"cutoffs": True, "cutoff": Decimal(6400)}
    assert said("scd25", CUTOFF, "6400", "pg/mL", comparator=">", **more) == MET
    assert said("scd25", CUTOFF, "6399", "pg/mL", comparator=">", **more) == unknown(Reason.CENSORED)


@pytest.mark.parametrize(
    ("sign", "limit", "value", "expected"),
    [
        (">", "3 ULN", "120", NOT_MET),
        (">", "3 ULN", "120.1", MET),
        (">=", "3 ULN", "119.9", NOT_MET),
        (">=", "3 ULN", "120", MET),
        ("<=", "1 ULN", "40", MET),
        ("<=", "1 ULN", "40.1", NOT_MET),
        ("<", "1 LLN", "9.9", MET),
        ("<", "1 LLN", "10", NOT_MET),
        (">=", "0.75 LLN", "7.5", MET),
        (">=", "0.75 LLN", "7.4", NOT_MET),
    ],
)
def test_a_multiple_of_the_laboratorys_limit_needs_no_conversion(sign, limit, value, expected):
    more = {"low": Decimal(10), "high": Decimal(40)}
    for unit in ("U/L", "ukat/L", "anything"):
        assert said("ast", limit, value, unit, sign=sign, **more) == expected


#             limit is 1 ULN or 1 LLN, only the laboratory's flag is known: L, N or H
FLAGS = """
>    ULN  no   no   yes
<=   ULN  yes  yes  no
>=   ULN  ?    ?    ?
<    ULN  ?    ?    ?
<    LLN  yes  no   no
>=   LLN  no   yes  yes
>    LLN  ?    ?    ?
<=   LLN  ?    ?    ?
"""
RULINGS = {"yes": MET, "no": NOT_MET, "?": unknown(Reason.NO_LABORATORY_LIMIT)}


@pytest.mark.parametrize(
    ("sign", "limit", "flag", "expected"),
    [
        (sign, limit, flag, RULINGS[answer])
        for sign, limit, *row in map(str.split, FLAGS.strip().splitlines())
        for flag, answer in zip("LNH", row, strict=True)
    ],
)
def test_a_flag_stands_for_the_limit_that_is_not_told(sign, limit, flag, expected):
    assert said("ast", f"1 {limit}", sign=sign, flag=flag) == expected
    assert said("ast", f"1 {limit}", "60", "U/L", sign=sign, flag=flag) == expected


def test_a_flag_says_nothing_of_a_multiple():
    assert said("ast", "3 ULN", sign=">", flag="H") == unknown(Reason.NO_LABORATORY_LIMIT)


def test_the_number_goes_before_the_flag():
    assert said("ast", "1 ULN", "41", "U/L", sign=">", flag="N", high=Decimal(40)) == MET


def test_without_limit_and_flag_nothing_can_be_said_of_a_laboratory_limit():
    assert said("ast", "1 ULN", "4000", "U/L", sign=">") == unknown(Reason.NO_LABORATORY_LIMIT)
    low_only = said("ast", "1 ULN", "4000", "U/L", sign=">", low=Decimal(10))
    assert low_only == unknown(Reason.NO_LABORATORY_LIMIT)


BORN = date(2024, 1, 31)
AGES = [  # born, on, unit, completed
    (BORN, date(2024, 2, 27), "d", 27),
    (BORN, date(2024, 2, 28), "d", 28),
    (BORN, date(2024, 2, 27), "wk", 3),
    (BORN, date(2024, 2, 28), "wk", 4),
    (BORN, BORN, "d", 0),
    (BORN, date(2024, 2, 29), "mo", 0),  # there is no 31 February: the month is complete on 1 March
    (BORN, date(2024, 3, 1), "mo", 1),
    (BORN, date(2024, 3, 30), "mo", 1),
    (BORN, date(2024, 3, 31), "mo", 2),
    (date(2024, 2, 29), date(2025, 2, 28), "a", 0),
    (date(2024, 2, 29), date(2025, 3, 1), "a", 1),
    (date(2024, 2, 29), date(2028, 2, 28), "a", 3),
    (date(2024, 2, 29), date(2028, 2, 29), "a", 4),
    (date(2006, 5, 17), date(2024, 5, 16), "a", 17),
    (date(2006, 5, 17), date(2024, 5, 17), "a", 18),
    (date(2006, 5, 17), date(2024, 5, 16), "mo", 215),
    (date(2006, 5, 17), date(2024, 5, 17), "mo", 216),
    (date(2023, 12, 31), date(2024, 1, 1), "a", 0),
]


@pytest.mark.parametrize(("born", "on", "unit", "completed"), AGES)
def test_an_age_is_what_has_been_completed(born, on, unit, completed):
    assert age_range(born, on, unit) == completed


@given(
    st.dates(date(1900, 1, 1), date(2030, 1, 1)).filter(lambda day: (day.month, day.day) != (2, 29)),
    st.integers(0, 20000),
)
@settings(derandomize=True)
def test_years_are_the_birthdays_that_have_passed(born, days):
    on = born + timedelta(days=days)
    birthdays = [born.replace(year=year) for year in range(born.year + 1, on.year + 1)]
    assert age_range(born, on, "a") == sum(day <= on for day in birthdays)


@pytest.mark.parametrize(
    ("sign", "answers"),
    [
        (">=", (False, True, True)),
        (">", (False, False, True)),
        ("<=", (True, True, False)),
        ("<", (True, False, False)),
    ],
)
def test_an_age_limit_counts_completed_units(sign, answers):
    assert tuple(age_holds(sign, completed, 18) for completed in (17, 18, 19)) == answers
