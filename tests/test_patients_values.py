"""The small language of one fact: numbers, units, ages, drugs, and what they imply."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.content.shelves import read_fact_names
from openhlh.errors import WrongInput
from openhlh.patients.days import born_between
from openhlh.patients.naming import Dictionary, folded_name
from openhlh.patients.site_file import read_site
from openhlh.patients.values import Context, facts_of, parse_fact
from openhlh.rules.facts import Given, Seen
from openhlh.rules.reading import age_range

NAMES = Dictionary(read_fact_names())
ON = date(2024, 1, 31)


def fact(name, said, site=None):
    return parse_fact(name, said, Context(NAMES, site, ON), "the fact")


def message(name, said):
    with pytest.raises(WrongInput) as error:
        fact(name, said)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "text", "number", "unit", "comparator"),
    [
        ("ferritin", "500 ug/L", "500", "ug/L", ""),
        ("SF", "9000ug/L", "9000", "ug/L", ""),
        ("2276-4", ">40000 µg/L", "40000", "ug/L", ">"),
        ("Ferritin", "> 40 000 ng/mL", "40000", "ng/mL", ">"),
        ("FERRITIN", "40\u2009000 ug/L", "40000", "ug/L", ""),
        ("plt", "45 ×10⁹/L", "45", "10*9/L", ""),
        ("PLT", "45 10*9/L", "45", "10*9/L", ""),
        ("platelets", "45000/uL", "45000", "/uL", ""),
        ("temp", "101.3 °F", "101.3", "[degF]", ""),
        ("triglycerides", "≥ 3.0 mmol/L", "3.0", "mmol/L", ">="),
        ("INR", "1.2", "1.2", "{INR}", ""),
        ("NEUT", "0.4 G/L", "0.4", "10*9/L", ""),
        ("neut%", "40 %", "40", "%", ""),
    ],
)
def test_a_result_keeps_its_number_unit_and_comparator(name, text, number, unit, comparator):
    found = fact(name, text)
    assert (found.value, found.unit, found.comparator) == (Decimal(number), unit, comparator)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("ferritin", "9,000 ug/L", "the number has a comma"),
        ("ferritin", "1.234,5 ug/L", "the number has a comma"),
        ("platelets", "45", "has no unit"),
        ("temperature", "38.9", "Cel, [degF]"),
        ("ferritin", "5 mg/L", "almost surely an error"),
        ("ferritin", "5 furlongs", "known units: ug/L, ng/mL, pmol/L"),
        ("hemoglobin", "9.2 g/L", "did you mean g/dL"),
        ("temperature", "101 Cel", "did you mean [degF]"),
        ("ferritin", "-1 ug/L", "negative"),
        ("ferritin", "NaN ug/L", "no number"),
        ("ferritin", "inf ug/L", "no number"),
        ("ferritin", "1e999999 ug/L", "no number"),
        ("ferritin", "5 00 ug/L", "no number"),
        ("ferritin", "500-600 ug/L", "no number"),
        ("ferritin", "high-ish", "no number"),
        ("feritin", "500 ug/L", "did you mean `ferritin`"),
        ("fever", "maybe", "present, absent, pending"),
        ("etoposide", "150 mg", "given 2024-01-02 to 2024-01-09"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_an_error_that_says_what_to_do(name, text, says):
    assert says in message(name, text)
    assert "the fact" in message(name, text)


@pytest.mark.parametrize("text", ["987654321 ug/L", "98,7654 ug/L", "9876.5 g/L", "-98765 ug/L"])
def test_an_error_never_repeats_the_value(text):
    assert "987" not in message("ferritin", text)


@pytest.mark.parametrize(
    ("number", "fits"), [("14.9", False), ("15", True), ("250", True), ("250.1", False)]
)  # 15 to 250 g/L is what the page of haemoglobin believes
def test_the_plausible_range_includes_its_ends(number, fits):
    if fits:
        assert fact("hemoglobin", f"{number} g/L").value == Decimal(number)
    else:
        assert "implausibly" in message("hemoglobin", f"{number} g/L")


def test_a_result_in_parts_keeps_limits_cutoff_and_flag():
    found = fact("nk_activity", {"value": "16.44 %", "low": "15.11 %", "flag": "N"})
    assert (found.value, found.low, found.flag) == (Decimal("16.44"), Decimal("15.11"), "N")
    assert fact("scd25", {"value": "7000 pg/mL", "cutoff": "6400 pg/mL"}).cutoff == 6400


def test_a_limit_in_another_unit_than_its_value_is_an_error():
    assert "unit of its value" in message("scd25", {"value": "7000 pg/mL", "cutoff": "2400 U/mL"})


def test_the_laboratory_verdict_alone_is_a_result_without_a_number():
    found = fact("nk_activity", "low")
    assert (found.value, found.flag, found.status) == (None, "L", "measured")


@pytest.mark.parametrize(
    ("text", "status"), [("pending", "pending"), ("not done", "not_done"), ("ND", "not_done")]
)
def test_what_is_not_measured_yet_has_a_status_and_no_number(text, status):
    found = fact("ferritin", text)
    assert (found.value, found.status) == (None, status)


@pytest.mark.parametrize(
    ("text", "present"),
    [("present", True), ("Yes", True), ("absent", False), ("negative", False), ("pending", None)],
)
def test_a_finding_is_present_absent_or_neither(text, present):
    assert fact("fever", text) == Seen("fever", present, ON, "the fact")


def test_a_finding_that_was_not_looked_for_is_no_fact():
    assert fact("fever", "not done") is None


@pytest.mark.parametrize(
    ("text", "start", "end", "was_given"),
    [
        ("given", None, None, True),
        ("not given", None, None, False),
        ("given since 14 d", date(2024, 1, 17), ON, True),
        ("since 2 wk", date(2024, 1, 17), ON, True),
        ("given 2024-01-02 to 2024-01-09", date(2024, 1, 2), date(2024, 1, 9), True),
        ("given 2024-01-02", date(2024, 1, 2), None, True),
    ],
)
def test_a_drug_is_given_on_its_days(text, start, end, was_given):
    assert fact("VP-16", text) == Given("etoposide", start, end, was_given, "the fact")


def test_a_present_finding_proves_the_wider_one_and_an_absent_one_does_not():
    yes = facts_of({"hemophagocytosis_marrow": "present"}, NAMES, on=ON)
    no = facts_of({"hemophagocytosis_marrow": "absent"}, NAMES, on=ON)
    assert [one.present for one in yes.seen(("hemophagocytosis",))] == [True]
    assert no.seen(("hemophagocytosis",)) == []


def test_a_given_drug_is_in_every_class_and_one_not_given_in_none():
    yes, no = (facts_of({"etoposide": said}, NAMES, on=ON) for said in ("given", "not given"))
    assert {"etoposide", "chemotherapy", "conventional_therapy"} <= {one.exposure for one in yes.exposures}
    assert {one.exposure for one in no.exposures} == {"etoposide"}


def test_facts_of_the_baseline_stand_on_its_day():
    before = date(2024, 1, 1)
    found = facts_of({"ferritin": "500 ug/L"}, NAMES, on=ON, baseline=({"ferritin": "900 ug/L"}, before))
    assert {one.on: one.value for one in found.measured("ferritin")} == {ON: 500, before: 900}


def test_an_unusual_value_is_kept_with_a_note_and_without_its_number():
    found = facts_of({"ferritin": "100001 ug/L"}, NAMES, on=ON)
    assert found.measured("ferritin")[0].value == 100001
    assert "unusually high" in found.notes[0]
    assert "100001" not in found.notes[0]
    assert facts_of({"ferritin": "100000 ug/L"}, NAMES, on=ON).notes == ()


def test_a_site_declares_a_unit_once_and_its_limits_hold_in_that_unit_only():
    site = read_site("analyte,unit,cutoff,low\nsIL-2R,pg/mL,6400,\nhb,g/dL,,12\n", NAMES)
    assert fact("scd25", "7000", site).cutoff == 6400
    assert fact("scd25", "7000 U/mL", site).cutoff is None
    assert (fact("hb", "9.2", site).unit, fact("hb", "9.2", site).low) == ("g/dL", 12)


@pytest.mark.parametrize(
    "text",
    ["", "a,b\n1,2\n", "analyte,unit\nfever,Cel\n", "analyte,unit\nhb,stone\n", "analyte,unit\nhb,g/L\nHGB,g/L\n",
     "analyte,unit,low\nhb,g/L,12 g/L\n"],
)  # fmt: skip
def test_a_wrong_site_file_is_an_error(text):
    with pytest.raises(WrongInput):
        read_site(text, NAMES)


def test_an_age_in_days_is_one_birthday_and_one_in_years_the_span_of_a_year():
    assert born_between("27 d", ON, "") == (date(2024, 1, 4), date(2024, 1, 4))
    assert born_between("37 years", ON, "") == (date(1986, 2, 1), date(1987, 1, 31))
    assert facts_of({"age": "5 a", "sex": "F"}, NAMES, on=ON).person.sex == "female"


@given(
    st.dates(date(2000, 1, 1), date(2024, 12, 31)),
    st.integers(0, 100),
    st.sampled_from(["d", "wk", "mo", "a"]),
)
def test_every_birthday_in_the_span_gives_the_stated_age_and_no_other_does(on, count, unit):
    first, last = born_between(f"{count} {unit}", on, "")
    assert age_range(first, on, unit) == age_range(last, on, unit) == count
    assert age_range(first - timedelta(days=1), on, unit) == count + 1
    assert age_range(last + timedelta(days=1), on, unit) == count - 1


@given(st.text(max_size=30), st.sampled_from(["ferritin", "fever", "etoposide", "age", "sex", "scd25"]))
def test_any_text_is_a_fact_or_a_wrong_input(text, name):
    with suppress(WrongInput):
        assert facts_of({name: text}, NAMES, on=ON).person.id == "patient"


@pytest.mark.parametrize("kind", ["analytes", "findings", "exposures"])
def test_every_id_name_and_code_of_our_pages_means_its_entry(kind):
    for entry in getattr(read_fact_names(), kind):
        assert NAMES.find(entry.id).id == entry.id
        codes = [one for codes in entry.codes.values() for one in codes]
        for name in (entry.name, *entry.names, *codes):
            found = NAMES.find(name).id  # an id wins over another entry's name
            assert found == entry.id or folded_name(name) == folded_name(found), name
