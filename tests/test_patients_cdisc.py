"""CDISC datasets in the column names of ADaM and SDTM, invented rows."""

from datetime import date
from decimal import Decimal

import pytest

from openhlh.content.shelves import read_fact_names
from openhlh.errors import WrongInput
from openhlh.patients.naming import Dictionary
from openhlh.patients.reading import read_patients

NAMES = Dictionary(read_fact_names())
ADSL = """STUDYID,USUBJID,AGE,AGEU,SEX,BRTHDT,TRTSDT,ARM,WEIGHTBL
HLH1,HLH1-01,37,YEARS,F,,2024-01-31,A,61
HLH1,HLH1-02,,,M,2023-11-05,2024-02-01,A,4
"""
ADLB = """STUDYID,USUBJID,PARAMCD,PARAM,AVAL,AVALC,ADT,ANRLO,ANRHI,ANRIND,DTYPE
HLH1,HLH1-01,FERRITIN,Ferritin (ug/L),40000,>40000,2024-02-01,30,400,HIGH,
HLH1,HLH1-01,HGB,Hemoglobin (g/dL),8.9,,2024-02-01,12,16,LOW,
HLH1,HLH1-01,HGB,Hemoglobin (g/dL),8.95,,2024-02-02,12,16,LOW,AVERAGE
HLH1,HLH1-01,ALKPH,Alkaline Phosphatase (U/L),80,,2024-02-01,,,,
HLH1,HLH1-02,PLAT,Platelets (10^9/L),.,,2024-02-01,,,ABNORMAL,
"""
LB = """STUDYID,DOMAIN,USUBJID,LBTESTCD,LBORRES,LBORRESU,LBSTRESC,LBSTRESN,LBSTRESU,LBSTNRLO,LBSTNRHI,LBSTAT,LBDTC
HLH1,LB,HLH1-01,FERRITIN,>40000,ng/mL,>40000,40000,ug/L,30,400,,2024-02-01T08:00
HLH1,LB,HLH1-01,TRIG,,,,,,,,NOT DONE,2024-02-01
HLH1,LB,HLH1-01,FIBRINO,1.5,g/L,,,,,,,2024-02-01
HLH1,LB,HLH1-01,CA,2.2,mmol/L,2.2,2.2,mmol/L,,,,2024-02-01
"""
VS = "STUDYID,DOMAIN,USUBJID,VSTESTCD,VSSTRESN,VSSTRESU,VSDTC\nHLH1,VS,HLH1-01,TEMP,38.9,C,2024-02-01\n"
EX = """STUDYID,DOMAIN,USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC
HLH1,EX,HLH1-01,ETOPOSIDE,150,2024-02-01,2024-02-15
HLH1,EX,HLH1-01,RUXOLITINIB,0,2024-02-01,2024-02-15
HLH1,EX,HLH1-01,VITAMIN K,1,2024-02-01,
"""
ADRS = """STUDYID,USUBJID,PARAMCD,PARAM,AVALC,ADT
HLH1,HLH1-01,OVR,Overall response,PR,2024-02-15
HLH1,HLH1-02,OVR,Overall response,NR,2024-02-15
HLH1,HLH1-01,BOR,Best overall response,CR,2024-03-15
HLH1,HLH1-01,OVR,Overall response,NE,2024-03-01
"""


def read(text, **options):
    return read_patients(text, NAMES, **options)


def test_analysis_values_take_unit_from_param_comparator_from_avalc_and_the_limits():
    first, second = read(ADLB).patients
    ferritin, hemoglobin = first.measurements
    assert (ferritin.comparator, ferritin.value, ferritin.unit) == (">", 40000, "ug/L")
    assert (ferritin.low, ferritin.high, ferritin.flag, ferritin.on) == (30, 400, "H", date(2024, 2, 1))
    assert (hemoglobin.value, hemoglobin.unit, hemoglobin.flag) == (Decimal("8.9"), "g/dL", "L")
    assert [one.status for one in second.measurements] == ["not_done"]


def test_derived_rows_and_unknown_codes_are_listed_and_do_not_count():
    told = {one.what for one in read(ADLB).omitted}
    assert told == {"derived rows of hemoglobin", "rows with PARAMCD `ALKPH`", "indicators in ANRIND"}


def test_laboratory_rows_take_the_standard_result_and_else_the_original_one():
    ferritin, triglycerides, fibrinogen = read(LB).patients[0].measurements
    assert (ferritin.comparator, ferritin.unit, ferritin.high) == (">", "ug/L", 400)
    assert triglycerides.status == "not_done"
    assert (fibrinogen.value, fibrinogen.unit) == (Decimal("1.5"), "g/L")
    assert ["CA" in one.what for one in read(LB).omitted] == [True]


def test_vital_signs_are_measurements_and_treatment_is_given_on_its_days():
    assert read(VS).patients[0].measured("temperature")[0].unit == "Cel"
    facts = read(EX).patients[0]
    etoposide = facts.given(("etoposide",))[0]
    assert (etoposide.start, etoposide.end, etoposide.given) == (date(2024, 2, 1), date(2024, 2, 15), True)
    assert facts.given(("ruxolitinib",))[0].given is False
    assert facts.given(("conventional_therapy",))[0].given
    assert [one.what for one in read(EX).omitted] == ["rows of EX"]


def test_subjects_have_age_at_treatment_birthday_and_sex():
    first, second = read(ADSL).patients
    assert (first.person.born_earliest, first.person.born_latest) == (date(1986, 2, 1), date(1987, 1, 31))
    assert (first.person.sex, second.person.sex) == ("female", "male")
    assert second.person.born_earliest == second.person.born_latest == date(2023, 11, 5)
    assert first.notes == ("treatment in the study began on 2024-01-31",)


def test_recorded_responses_are_findings_of_their_day_and_the_best_one_is_not():
    found = read(ADRS)
    first, second = found.patients
    assert [(one.finding, one.present) for one in first.findings] == [
        ("partial_response_or_better", True),
        ("no_response", False),
    ]
    assert [one.present for one in second.seen(("no_response",))] == [True]
    assert {one.what for one in found.omitted} == {"responses in `BOR`", "responses in `OVR`"}


def test_a_folder_of_datasets_is_joined_by_subject(tmp_path):
    for name, text in {"adsl": ADSL, "adlb": ADLB, "adrs": ADRS, "ex": EX}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    (tmp_path / "adtte.csv").write_text("USUBJID,CNSR\nHLH1-01,0\n")
    found = read(tmp_path)
    assert [one.person.id for one in found.patients] == ["HLH1-01", "HLH1-02"]
    first = found.patients[0]
    assert first.person.sex == "female"
    assert first.measured("ferritin")
    assert first.given(("etoposide",))
    assert first.seen(("no_response",))
    assert "adtte.csv" in [one.where for one in found.omitted]


def test_an_unknown_unit_of_a_known_test_is_an_error_with_its_row():
    with pytest.raises(WrongInput, match=r"row 2.*unit of ferritin is not known"):
        read(ADLB.replace("(ug/L)", "(mg/L)"))


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [(ADLB, "2024-02-01", ""), (ADLB, "2024-02-01", "23407"), (LB, "2024-02-01", "2024-02"), (ADSL, "YEARS", "DECADES"),
     (ADRS, "2024-02-15", ""), (EX, "2024-02-15", "2024-01-15"), (VS, "38.9", "102"), (VS, "HLH1-01", "")],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_an_error_and_for_a_lenient_reader_an_omission(text, old, new):
    with pytest.raises(WrongInput, match="row"):
        read(text.replace(old, new))
    if new or old != "HLH1-01":  # without any subject there is no patient left
        assert read(text.replace(old, new), lenient=True).omitted


def test_a_plain_table_with_ages_is_not_taken_for_a_list_of_subjects():
    facts = read("USUBJID,AGE,ferritin [ug/L]\nA,37 a,500\n").patients[0]
    assert facts.measured("ferritin")[0].value == 500


def test_a_cell_that_is_no_code_is_counted_and_not_repeated():
    told = [one.what for one in read(ADLB.replace("ALKPH", "seen by Dr Roe")).omitted]
    assert "rows with PARAMCD a cell that is no code" in told
    assert "Roe" not in "".join(told)
