"""FHIR R4 as bundles and JSON lines, in the shape of the official examples, invented."""

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openhlh.content.shelves import read_fact_names
from openhlh.errors import WrongInput
from openhlh.patients.naming import Dictionary
from openhlh.patients.reading import read_patients

NAMES = Dictionary(read_fact_names())
PATIENT = {"resourceType": "Patient", "id": "secret-id", "birthDate": "2015-03", "gender": "male"}
LOINC, SNOMED, RXNORM = (
    "http://loinc.org",
    "http://snomed.info/sct",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
)


def coded(system, code):
    return {"coding": [{"system": system, "code": code}]}


def observation(code="2276-4", **more):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": coded(LOINC, code),
        "subject": {"reference": "Patient/secret-id"},
        "effectiveDateTime": "2024-01-31T09:30:10+01:00",
        **more,
    }


def quantity(value, unit, **more):
    return {
        "valueQuantity": {
            "value": value,
            "unit": unit,
            "system": "http://unitsofmeasure.org",
            "code": unit,
            **more,
        }
    }


def condition(verified="confirmed", code="16294009", **more):
    return {
        "resourceType": "Condition",
        "verificationStatus": coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", verified),
        "code": coded(SNOMED, code),
        "subject": {"reference": "Patient/secret-id"},
        "onsetDateTime": "2024-01-20",
        **more,
    }


def drug(kind="MedicationAdministration", status="completed", **more):
    return {
        "resourceType": kind,
        "status": status,
        "medicationCodeableConcept": coded(RXNORM, "4179"),
        "subject": {"reference": "Patient/secret-id"},
        **more,
    }


def bundle(*resources):
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
    )


def read(*resources, **options):
    return read_patients(bundle(PATIENT, *resources), NAMES, **options)


def only(*resources):
    found = read(*resources)
    assert len(found.patients) == 1
    return found.patients[0]


def message(*resources):
    with pytest.raises(WrongInput) as error:
        read(*resources)
    assert "secret-id" not in str(error.value)
    return str(error.value)


def test_a_result_keeps_comparator_unit_limits_flag_and_day():
    row = only(
        observation(
            **quantity(40000, "ug/L", comparator=">"),
            referenceRange=[{"low": {"value": 30, "unit": "ug/L"}, "high": {"value": 400, "unit": "ug/L"}}],
            interpretation=[coded("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "H")],
        )
    ).measurements[0]
    assert (row.value, row.comparator, row.unit, row.low, row.high, row.flag) == (
        40000,
        ">",
        "ug/L",
        30,
        400,
        "H",
    )
    assert (row.on, row.row) == (date(2024, 1, 31), "input, entry 2")


def test_decimals_stay_exact():
    text = bundle(PATIENT, observation("718-7", **quantity("NUMBER", "g/dL"))).replace('"NUMBER"', "9.10")
    assert str(read_patients(text, NAMES).patients[0].measurements[0].value) == "9.10"


def test_a_birthday_known_to_the_month_is_a_span():
    person = only(observation(**quantity(500, "ug/L"))).person
    assert (person.born_earliest, person.born_latest, person.sex) == (
        date(2015, 3, 1),
        date(2015, 3, 31),
        "male",
    )


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_a_withdrawn_observation_does_not_count_and_is_told(status):
    found = read(observation(**{**quantity(500, "ug/L"), "status": status}))
    assert found.patients[0].measurements == ()
    assert found.notes == ("1 observations are entered in error or cancelled and do not count",)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"status": "registered"}, "pending"),
        ({"status": "preliminary"}, "pending"),
        ({"dataAbsentReason": coded("x", "temp-unknown")}, "pending"),
        ({"dataAbsentReason": coded("x", "not-performed")}, "not_done"),
        ({"dataAbsentReason": coded("x", "unknown")}, "not_done"),
    ],
)
def test_an_observation_without_a_value_is_pending_or_not_done(more, status):
    row = only(observation(**more)).measurements[0]
    assert (row.value, row.status) == (None, status)


@pytest.mark.parametrize("more", [{}, {"dataAbsentReason": coded("x", "masked")}])
def test_an_observation_without_a_value_and_a_reason_that_is_understood_is_listed(more):
    found = read(observation(**more))
    assert found.patients[0].measurements == ()
    assert [one.what for one in found.omitted] == ["observations without a value"]


def test_unknown_codes_are_listed_with_their_count_and_are_no_error():
    found = read(*(observation("1234-5", **quantity(value, "g/L")) for value in (1, 2)))
    assert [(one.where, one.what) for one in found.omitted] == [
        ("2 times, first in input, entry 2", "Observation with the code 1234-5")
    ]


def test_an_unknown_or_missing_unit_of_a_known_test_is_an_error_with_its_position():
    assert "entry 2: the unit of ferritin is not known" in message(observation(**quantity(500, "mg/L")))
    assert "entry 2: ferritin has no unit" in message(observation(valueQuantity={"value": 500}))


def test_code_and_unit_of_a_quantity_have_to_agree():
    assert "two units" in message(
        observation("718-7", valueQuantity={"value": 92, "unit": "g/dL", "code": "g/L"})
    )
    row = only(observation("777-3", **quantity(92, "K/uL", code="10*3/uL"))).measurements[0]
    assert row.unit == "10*3/uL"


def test_components_are_results_of_their_own():
    vitals = observation("85353-1", component=[{"code": coded(LOINC, "8310-5"), **quantity(39.1, "Cel")}])
    row = only(vitals).measurements[0]
    assert (row.analyte, row.value) == ("temperature", Decimal("39.1"))


def test_an_observation_without_a_day_is_an_error_and_issued_is_a_day():
    bare = {
        key: value
        for key, value in observation(**quantity(500, "ug/L")).items()
        if key != "effectiveDateTime"
    }
    assert "no day" in message(bare)
    assert only({**bare, "issued": "2024-01-30T10:00:00Z"}).measurements[0].on == date(2024, 1, 30)


@pytest.mark.parametrize(
    ("verified", "present"),
    [
        ("confirmed", True),
        ("provisional", True),
        ("refuted", False),
        ("unconfirmed", None),
        ("differential", None),
    ],
)
def test_a_condition_is_present_absent_or_neither(verified, present):
    assert [(one.finding, one.present) for one in only(condition(verified)).findings] == [
        ("splenomegaly", present)
    ]


def test_no_condition_is_no_finding_and_one_entered_in_error_neither():
    found = read(condition("entered-in-error"))
    assert found.patients[0].findings == ()
    assert "entered in error" in found.notes[0]


def test_a_resolved_condition_is_present_at_onset_and_absent_from_its_end():
    facts = only(condition(clinicalStatus=coded("x", "resolved"), abatementDateTime="2024-01-28"))
    assert [(one.present, one.on) for one in facts.findings] == [
        (True, date(2024, 1, 20)),
        (False, date(2024, 1, 28)),
    ]


@pytest.mark.parametrize(
    ("one", "start", "end", "was_given"),
    [
        (
            drug(effectivePeriod={"start": "2024-01-02", "end": "2024-01-09"}),
            date(2024, 1, 2),
            date(2024, 1, 9),
            True,
        ),
        (drug(effectiveDateTime="2024-01-02"), date(2024, 1, 2), None, True),
        (drug(status="not-done", effectiveDateTime="2024-01-02"), date(2024, 1, 2), None, False),
        (
            drug("MedicationStatement", "active", effectivePeriod={"start": "2024-01-02"}),
            date(2024, 1, 2),
            date(2024, 1, 31),
            True,
        ),
        (
            drug("MedicationStatement", "not-taken", effectiveDateTime="2024-01-02"),
            date(2024, 1, 2),
            None,
            False,
        ),
        (
            drug("MedicationRequest", "active", intent="order", authoredOn="2024-01-02"),
            date(2024, 1, 2),
            None,
            True,
        ),
    ],
)
def test_a_drug_is_given_or_not_on_its_days(one, start, end, was_given):
    row = read(one, on=date(2024, 1, 31)).patients[0].given(("etoposide",))[0]
    assert (row.start, row.end, row.given) == (start, end, was_given)


def test_an_order_is_told_and_a_plan_does_not_count():
    assert (
        "orders"
        in read(drug("MedicationRequest", "active", intent="order", authoredOn="2024-01-02")).notes[0]
    )
    found = read(drug("MedicationRequest", "active", intent="plan", authoredOn="2024-01-02"))
    assert found.patients[0].exposures == ()
    assert "not an order" in found.omitted[0].why


def test_a_drug_can_be_named_by_reference():
    medication = {"resourceType": "Medication", "id": "m1", "code": coded(RXNORM, "3264")}
    given_by_reference = drug(
        effectiveDateTime="2024-01-02", medicationReference={"reference": "Medication/m1"}
    )
    del given_by_reference["medicationCodeableConcept"]
    facts = only(medication, given_by_reference)
    assert {one.exposure for one in facts.exposures} >= {"dexamethasone", "corticosteroid"}


def test_a_report_without_a_known_conclusion_is_listed():
    report = {"resourceType": "DiagnosticReport", "status": "final", "subject": {"reference": "Patient/secret-id"},
              "effectiveDateTime": "2024-01-02", "conclusion": "text"}  # fmt: skip
    assert "coded finding" in read(report).omitted[0].what
    facts = only({**report, "conclusionCode": [coded(SNOMED, "16294009")]})
    assert [one.present for one in facts.seen(("splenomegaly",))] == [True]


def test_references_by_full_address_find_their_patient():
    one = observation(**quantity(500, "ug/L"), subject={"reference": "urn:uuid:abc"})
    text = json.dumps({"resourceType": "Bundle", "entry": [
        {"fullUrl": "urn:uuid:abc", "resource": PATIENT}, {"resource": one}]})  # fmt: skip
    found = read_patients(text, NAMES).patients
    assert [(patient.person.sex, len(patient.measurements)) for patient in found] == [("male", 1)]


def test_two_patients_and_no_subject_is_an_error():
    bare = {key: value for key, value in observation(**quantity(500, "ug/L")).items() if key != "subject"}
    assert only(bare).measurements
    assert "which patient" in message({**PATIENT, "id": "other"}, bare)


def test_a_repeated_resource_counts_once_and_two_versions_are_an_error():
    one = observation(**quantity(500, "ug/L"), id="o1")
    found = read(one, one)
    assert len(found.patients[0].measurements) == 1
    assert found.notes == ("1 resources repeat another one exactly and count once",)
    assert "id of another one" in message(one, observation(**quantity(600, "ug/L"), id="o1"))


def test_json_lines_and_a_folder_of_them_give_the_same_facts(tmp_path):
    one = observation(**quantity(500, "ug/L"))
    (tmp_path / "Patient.ndjson").write_text(json.dumps(PATIENT) + "\n")
    (tmp_path / "Observation.ndjson").write_text(json.dumps(one) + "\n" + json.dumps(condition()) + "\n")
    lines = "\n".join(json.dumps(each) for each in (PATIENT, one, condition()))
    folder, text = read_patients(tmp_path, NAMES).patients[0], read_patients(lines, NAMES).patients[0]
    assert folder.person == text.person
    assert [one.value for one in folder.measurements] == [one.value for one in text.measurements] == [500]
    assert text.measurements[0].row == "input, line 2"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"resourceType": "Bundle",\n "entry": [}', "line 2, column 12"),
        ('{"resourceType": "Bundle", "entry": [{"resource": NaN}]}', "NaN"),
        ("[" * 100000, "nested too deeply"),
        ('{"resourceType": "Bundle", "entry": []}', "no patient"),
        ('{"a": 1}', "no FHIR resource"),
        ('{"resourceType": "Bundle", "entry": [{}]}', "entry 1"),
        ('{"resourceType": "Patient", "id": "1", "birthDate": "2015-13"}', "birthDate"),
    ],
)
def test_json_that_cannot_be_used_is_an_error_with_its_place(text, says):
    with pytest.raises(WrongInput) as error:
        read_patients(text, NAMES)
    assert says in str(error.value)


def test_a_lenient_reader_keeps_an_unknown_unit_as_unknown():
    found = read(observation(**quantity(500, "mg/L")), lenient=True)
    assert found.patients[0].measurements[0].status == "unit_unknown"
    assert found.omitted[0].where == "input, entry 2"


def spoiled(node):
    """Return a strategy of trees in which any part may be replaced by something else."""
    odd = st.sampled_from(
        [None, True, 0, -1.5, 1e300, "", "x", [], {}, [[]], {"value": []}, "2024-13-01", "\ud800"]
    )
    if isinstance(node, dict):
        return odd | st.fixed_dictionaries({}, optional={key: spoiled(value) for key, value in node.items()})
    if isinstance(node, list):
        return odd | st.tuples(*(spoiled(one) for one in node)).map(list)
    return st.just(node) | st.just(node) | odd


WHOLE = {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:1", "resource": one} for one in (
    PATIENT, observation(**quantity(500, "ug/L"), referenceRange=[{"low": {"value": 1}}], interpretation=[coded("x", "H")]),
    condition(), drug(effectivePeriod={"start": "2024-01-02"}))]}  # fmt: skip


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(spoiled(WHOLE), st.booleans())
def test_a_spoiled_bundle_raises_nothing_but_a_wrong_input(node, lenient):
    with suppress(WrongInput):
        assert read_patients(json.dumps(node), NAMES, lenient=lenient).patients


@pytest.mark.parametrize(
    ("value", "present"),
    [
        ({"valueBoolean": True}, True),
        ({"valueBoolean": False}, False),
        (
            {
                "valueCodeableConcept": {
                    "coding": [{"system": SNOMED, "code": "2667000", "display": "Absent"}]
                }
            },
            False,
        ),
        ({"valueString": "present"}, True),
        ({"dataAbsentReason": coded("x", "temp-unknown")}, None),
    ],
)
def test_a_finding_can_be_an_observation(value, present):
    one = observation(**value) | {"code": coded(SNOMED, "386661006")}
    assert [(seen.finding, seen.present) for seen in only(one).findings] == [("fever", present)]


def test_a_finding_whose_word_says_neither_is_an_error():
    assert "neither present nor absent" in message(
        observation(valueString="see note") | {"code": coded(SNOMED, "386661006")}
    )


def test_a_result_as_text_is_read_like_any_other_and_a_comment_is_an_error():
    assert only(observation(valueString=">40000 ug/L")).measurements[0].comparator == ">"
    assert "no number" in message(observation(valueString="hemolysed"))


def test_of_several_reference_ranges_only_the_normal_one_counts():
    ranges = [
        {"type": coded("x", "treatment"), "high": {"value": 90}},
        {"type": coded("x", "normal"), "high": {"value": 50}},
    ]
    assert (
        only(observation("1742-6", **quantity(60, "U/L"), referenceRange=ranges)).measurements[0].high == 50
    )
    unclear = read(observation("1742-6", **quantity(60, "U/L"), referenceRange=ranges[:1] * 2))
    assert unclear.patients[0].measurements[0].high is None
    assert unclear.omitted[0].what == "reference ranges"


def test_a_bundle_that_is_one_page_of_several_is_told():
    links = [
        {"relation": "self", "url": "https://example.org/1"},
        {"relation": "next", "url": "https://example.org/2"},
    ]
    whole = json.loads(bundle(PATIENT))
    assert "further pages" not in "".join(
        read_patients(json.dumps({**whole, "link": links[:1]}), NAMES).notes
    )
    notes = read_patients(json.dumps({**whole, "link": links}), NAMES).notes
    assert [note for note in notes if "further pages" in note]
    assert "example.org" not in "".join(notes)
