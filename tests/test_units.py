"""Quantities and conversions: exact, held against UCUM and against molar masses, never guessed."""

import warnings
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhlh.content.shelves import read
from openhlh.errors import WrongInput
from openhlh.units import Analyte, Quantity, Scale, folded, number, quantity
from tests.conftest import analytes_of_shelves

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from ucumvert import PintUcumRegistry

# ---- reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500 ug/L", Quantity(Fraction(500), "ug/L")),
        ("38.5 Cel", Quantity(Fraction(77, 2), "Cel")),
        ("100 10*9/L", Quantity(Fraction(100), "10*9/L")),
        ("0.5 10*9/L", Quantity(Fraction(1, 2), "10*9/L")),
        ("3 ULN", Quantity(Fraction(3), "ULN")),
        ("16.44%", Quantity(Fraction(1644, 100), "%")),
        ("-3 [degF]", Quantity(Fraction(-3), "[degF]")),
        ("  265 mg/dL ", Quantity(Fraction(265), "mg/dL")),
        ("2400 [arb'U]/mL", Quantity(Fraction(2400), "[arb'U]/mL")),
    ],
)
def test_a_quantity_is_a_number_with_its_unit(text, expected):
    assert quantity(text) == expected


@pytest.mark.parametrize("text", ["", "ug/L", "about 5 g/L", "> 5 g/L", "NaN g/L", "5", ".5 g/L"])
def test_what_is_no_quantity_is_refused_with_an_example(text):
    with pytest.raises(WrongInput, match='To do: write number and unit: "500 ug/L"'):
        quantity(text)


@pytest.mark.parametrize("text", ["500", "38.5", "1,5 g/L", "1.500,5 g/L"])
def test_a_number_without_unit_and_a_decimal_comma_are_no_quantities(text):
    with pytest.raises(WrongInput):
        quantity(text)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("LLN", True), ("ULN", True), ("uln", False), ("g/L", False)],
)
def test_the_laboratorys_limits_are_units(unit, expected):
    assert Quantity(Fraction(1), unit).is_laboratory_limit is expected


@pytest.mark.parametrize("text", ["1234.5", " 1234.5 ", "-3", "0", "007"])
def test_a_decimal_number_is_read_exactly(text):
    assert number(text) == Decimal(text.strip())


@pytest.mark.parametrize(
    ("text", "why"),
    [("1,5", "decimals or thousands"), ("1.234,5", "decimals or thousands"), ("", "Only digits"), ("five", "Only digits"), ("NaN", "Only digits"), ("Infinity", "Only digits"), ("1_000", "Only digits"), ("1 000", "Only digits")],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_its_reason(text, why):
    with pytest.raises(WrongInput, match=why) as error:
        number(text)
    assert "To do: write it like 1234.5" in str(error.value)


@pytest.mark.parametrize(
    "spelling",
    ["10*9/L", "10^9/L", "x10^9/L", "×10⁹/L", "x10*9/l", " 10 ^ 9 / L ", "X10^9/L"],
)
def test_spellings_of_one_unit_fold_to_one(spelling):
    assert folded(spelling) == "10*9/l"


@pytest.mark.parametrize(
    ("first", "second"), [("µg/L", "ug/L"), ("μg/L", "UG/L"), ("°C", "C"), ("º C", "c"), ("mg/m²", "mg/m2")]
)
def test_typographic_signs_fold_to_letters(first, second):
    assert folded(first) == folded(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [("mg/dL", "mg/L"), ("10*3/uL", "10*6/uL"), ("U/mL", "U/L"), ("ug/L", "mg/L"), ("x", "10")],
)
def test_different_units_stay_different(first, second):
    assert folded(first) != folded(second)


# ---- conversions that ship

SHIPPED = [(analyte, unit) for analyte in analytes_of_shelves().values() for unit in analyte.scales]
BY_DEFINITION = [
    (entry.id, unit.unit)
    for entry in read().fact_names.analytes
    for unit in entry.units
    if unit.factor and unit.why == "definition of the units" and unit.unit != "mEq/L"
]
REGISTRY = PintUcumRegistry()


@pytest.mark.parametrize(("analyte", "unit"), BY_DEFINITION)
def test_a_factor_by_definition_is_that_of_ucum(analyte, unit):
    known = analytes_of_shelves()[analyte]
    plain = [one.partition("{")[0] or "1" for one in (unit, known.unit)]
    there, here = (REGISTRY.from_ucum(one) for one in plain)
    for value in (1, 40):  # two points fix factor and offset
        expected = REGISTRY.Quantity(value, there.units).to(here.units).magnitude * (
            there.magnitude / here.magnitude
        )
        assert float(known.canonical(Fraction(value), unit)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("analyte", "unit", "grams_per_mole", "per"),
    [
        ("triglycerides", "mg/dL", "885.7", Fraction(10)),  # mg/dL to mmol/L: 10 / molar mass
        ("bilirubin", "mg/dL", "584.66", Fraction(10_000)),  # to umol/L
        ("creatinine", "mg/dL", "113.12", Fraction(10_000)),
    ],
)
def test_a_mass_becomes_an_amount_by_the_molar_mass(analyte, unit, grams_per_mole, per):
    expected = per / Fraction(grams_per_mole)
    assert float(analytes_of_shelves()[analyte].canonical(Fraction(1), unit)) == pytest.approx(
        float(expected), rel=1e-3
    )


@pytest.mark.parametrize(
    ("analyte", "unit", "grams_per_mole", "per"),
    [
        ("ferritin", "pmol/L", 445_000, Fraction(1, 10**6)),  # pmol/L to ug/L
        ("fibrinogen", "umol/L", 340_000, Fraction(1, 10**6)),  # umol/L to g/L
        ("hemoglobin", "mmol/L", 16_114, Fraction(1, 10**3)),  # monomer, mmol/L to g/L
    ],
)
def test_an_amount_becomes_a_mass_by_the_molar_mass(analyte, unit, grams_per_mole, per):
    got = analytes_of_shelves()[analyte].canonical(Fraction(1), unit)
    assert float(got) == pytest.approx(float(grams_per_mole * per), rel=1e-3)


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected"),
    [
        ("triglycerides", "265", "mg/dL", Fraction(26500, 8857)),  # 2.992 mmol/L, below 3.0
        ("hemoglobin", "9.0", "g/dL", Fraction(90)),
        ("temperature", "101.3", "[degF]", Fraction(77, 2)),
        ("sodium", "130", "mEq/L", Fraction(130)),
        ("ast", "0.8", "ukat/L", Fraction(48)),
    ],
)
def test_a_value_converts_exactly(analyte, value, unit, expected):
    assert analytes_of_shelves()[analyte].canonical(Fraction(value), unit) == expected


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [("scd25", "pg/mL"), ("scd25", "ng/mL"), ("d_dimer", "ng/mL"), ("d_dimer", "ug/L{DDU}"), ("nk_activity", "{LU}"), ("ebv_dna", "{copies}/mL")],
)  # fmt: skip
def test_what_depends_on_the_assay_never_converts(analyte, unit):
    known = analytes_of_shelves()[analyte]
    assert known.known_unit(unit) == unit
    assert known.canonical(Fraction(1), unit) is None
    assert known.in_unit(Quantity(Fraction(1), known.unit), unit) is None
    assert known.in_unit(Quantity(Fraction(1), unit), known.unit) is None


@pytest.mark.parametrize(("analyte", "unit"), [(one.id, unit) for one, unit in SHIPPED])
@given(value=st.fractions(min_value=0, max_value=10**6))
@settings(derandomize=True, max_examples=20)
def test_a_limit_in_another_unit_means_the_same(analyte, unit, value):
    known = analytes_of_shelves()[analyte]
    there = known.in_unit(Quantity(value, known.unit), unit)
    assert known.canonical(there, unit) == value
    assert known.in_unit(Quantity(there, unit), known.unit) == value


def test_every_analyte_has_its_own_unit_as_the_measure_of_the_others():
    for analyte in analytes_of_shelves().values():
        assert analyte.scales[analyte.unit] == Scale(Fraction(1))
        assert not set(analyte.scales) & set(analyte.incomparable)
        assert analyte.low < analyte.high


def test_no_spelling_means_two_units_of_one_analyte():
    for entry in read().fact_names.analytes:
        spellings = [
            folded(one) for unit in entry.units for one in {folded(unit.unit), *map(folded, unit.spellings)}
        ]
        assert len(spellings) == len(set(spellings)), entry.id


@pytest.mark.parametrize(
    ("analyte", "spelling", "unit"),
    [
        ("platelets", "K/uL", "10*3/uL"),
        ("platelets", "×10⁹/L", "10*9/L"),
        ("platelets", "/mm³", None),  # ⁰ to ⁹ are folded where units print them: 10³, 10⁶, 10⁹
        ("platelets", "/mm3", "/uL"),
        ("ferritin", "µg/l", "ug/L"),
        ("ferritin", "mg/L", None),
        ("temperature", "°F", "[degF]"),
        ("scd25", "IU/mL", "U/mL"),
        ("platelets", "10*3/mL", None),
    ],
)
def test_a_unit_is_known_by_its_spellings_only(analyte, spelling, unit):
    assert analytes_of_shelves()[analyte].known_unit(spelling) == unit


def test_a_limit_stays_as_printed_in_its_own_unit_even_without_factor():
    analyte = Analyte("a", "A", "U/mL", {"U/mL": Scale(Fraction(1))}, ("pg/mL",), Fraction(0), Fraction(9))
    assert analyte.in_unit(Quantity(Fraction(6400), "pg/mL"), "pg/mL") == 6400
    assert analyte.in_unit(Quantity(Fraction(6400), "pg/mL"), "unheard of") is None
