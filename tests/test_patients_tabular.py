"""Plain tables, long and wide, as CSV and Parquet: read in full, or an error with its row."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openhlh.content.shelves import read_fact_names
from openhlh.errors import WrongInput
from openhlh.patients import tables
from openhlh.patients.days import today
from openhlh.patients.naming import Dictionary
from openhlh.patients.reading import read_patients
from openhlh.patients.site_file import read_site

NAMES = Dictionary(read_fact_names())
LONG = "patient,test,value,unit,date\n"


def read(text, **options):
    return read_patients(text, NAMES, **options)


def message(text, **options):
    with pytest.raises(WrongInput) as error:
        read(text, **options)
    return str(error.value)


def test_a_long_table_gives_each_patient_every_fact_with_its_day_and_row():
    found = read(
        LONG
        + "P1,ferritin,>40000,ug/L,2024-01-02\n"
        + "P2,fever,yes,,2024-01-03\n"
        + "P1,etoposide,given,,2024-01-04\n"
        + "P1,Na,138,mmol/L,2.1.2024\n"
    )
    first, second = found.patients
    ferritin = first.measured("ferritin")[0]
    assert (ferritin.value, ferritin.comparator, ferritin.on) == (40000, ">", date(2024, 1, 2))
    assert ferritin.row == "input, row 2"
    assert first.given(("etoposide",))[0].start == date(2024, 1, 4)
    assert first.measured("sodium")[0].on == date(2024, 1, 2)
    assert (second.person.id, second.seen(("fever",))[0].present) == ("P2", True)
    assert found.omitted == ()


def test_a_long_table_reads_limits_comparator_flag_and_status_from_their_columns():
    found = read(
        "patient;code;value;unit;comparator;low;high;cutoff;flag;status;end\n"
        "P1;76039-7;7000;pg/mL;>;;1891;6400;H;final;\n"
        "P1;2276-4;;;;;;;;pending;\n"
        "P1;1742-6;30;U/L;;;;;;entered-in-error;\n"
    )
    scd25 = found.patients[0].measured("scd25")[0]
    assert (scd25.comparator, scd25.high, scd25.cutoff, scd25.flag) == (">", 1891, 6400, "H")
    assert found.patients[0].measured("ferritin")[0].status == "pending"
    assert found.patients[0].measured("alt") == []
    assert found.notes == ("1 rows of input are entered in error or cancelled and do not count",)


def test_a_wide_table_reads_units_from_headers_and_leaves_empty_cells_unrecorded():
    found = read(
        "subject,date,sex,age [a],ferritin [ug/L],Hb (g/dL),scd25,scd25_unit,scd25_cutoff,fever,splenomegaly,dex\n"
        "A,2024-01-31,F,37,500,9.0,7000,pg/mL,6400,yes,-,given\n"
        "B,2024-01-31,m,5,—,NA,,,,no,pending,ND\n"
    )
    one, two = found.patients
    assert one.measured("hemoglobin")[0].value == Decimal("9.0")
    assert one.measured("hemoglobin")[0].unit == "g/dL"
    assert (one.measured("scd25")[0].unit, one.measured("scd25")[0].cutoff) == ("pg/mL", 6400)
    assert (one.person.sex, one.person.born_earliest) == ("female", date(1986, 2, 1))
    assert one.seen(("splenomegaly",)) == []
    assert one.given(("corticosteroid",))[0].start == date(2024, 1, 31)
    assert two.measurements == ()
    assert two.exposures == ()
    assert [(seen.finding, seen.present) for seen in two.findings] == [
        ("fever", False),
        ("splenomegaly", None),
    ]


def test_a_wide_table_without_a_patient_column_has_one_patient_per_row():
    found = read("ferritin [ug/L],fever\n500,yes\n500,yes\n")
    assert [one.person.id for one in found.patients] == ["row 1", "row 2"]
    assert found.patients[1].measured("ferritin")[0].row == "input, row 3, column ferritin"


def test_a_patient_can_have_several_days_in_a_wide_table_but_not_two_rows_without_days():
    found = read("patient,date,ferritin [ug/L]\nA,2024-01-01,900\nA,2024-01-09,500\n")
    assert [one.value for one in found.patients[0].measured("ferritin")] == [900, 500]
    assert "row 3" in message("patient,ferritin [ug/L]\nA,900\nA,500\n")


def test_exact_repetitions_count_once_and_are_told():
    found = read(LONG + "P1,ferritin,500,ug/L,2024-01-02\n" * 3)
    assert len(found.patients[0].measured("ferritin")) == 1
    assert found.notes == ("2 rows of input repeat another one exactly and count once",)


TOMORROW = (today() + timedelta(days=2)).isoformat()
BAD_ROWS = [
    ('P1,ferritin,"9876,5",ug/L,2024-01-02', "comma"),
    ("P1,ferritin,98765,mg/L,2024-01-02", "almost surely"),
    ("P1,ferritin,98765,,2024-01-02", "has no unit"),
    ("P1,hemoglobin,9.87654,g/L,2024-01-02", "did you mean g/dL"),
    ("P1,platelets,-98765,10*9/L,2024-01-02", "negative"),
    ("P1,ferritin,NaN98765,ug/L,2024-01-02", "no number"),
    ("P1,ferritin,98765,ug/L,01/02/2024", "slashes"),
    ("P1,ferritin,98765,ug/L,2024-02-30", "no day"),
    ("P1,ferritin,98765,ug/L,2024-02", "a year or a month is given"),
    (f"P1,ferritin,98765,ug/L,{TOMORROW}", "future"),
    ("P1,ferritin,98765,ug/L,", "no day"),
    (",ferritin,98765,ug/L,2024-01-02", "names no patient"),
    ("P1,feritin,98765,ug/L,2024-01-02", "did you mean `ferritin`"),
    ("P1,ferritin,98765,ug/L", "has 4 cells"),
    ("P1,ferritin,98765,ug/L,2024-01-02,x", "has 6 cells"),
    ("P1,fever,98765,,2024-01-02", "neither present nor absent"),
]


@pytest.mark.parametrize(("row", "says"), BAD_ROWS)
def test_a_bad_row_is_an_error_with_its_row_and_without_its_value(row, says):
    told = message(LONG + "P0,fever,yes,,2024-01-02\n" + row + "\n")
    assert says in told
    assert "input, row 3" in told
    assert "98765" not in told
    assert "P1" not in told


def test_an_unknown_name_in_a_row_is_not_repeated_for_it_may_be_anything():
    told = message(LONG + "P1,Roe,5,ug/L,2024-01-02\n")
    assert "this name is no known test, finding or drug" in told
    assert "input, row 2" in told
    assert "Roe" not in told


@pytest.mark.parametrize("row", [row for row, _ in BAD_ROWS])
def test_a_lenient_reader_lists_every_bad_row_and_reads_the_others(row):
    found = read(LONG + "P0,fever,yes,,2024-01-02\n" + row + "\n", lenient=True)
    assert found.patients[0].seen(("fever",))[0].present
    assert len(found.omitted) == 1
    assert found.omitted[0].where.startswith("input, row 3")
    assert "98765" not in "".join((found.omitted[0].what, found.omitted[0].why))


@pytest.mark.parametrize(
    ("value", "unit", "status", "kept"),
    [('"9,5"', "g/dL", "implausible", None), ("9.2", "g/L", "implausible", None), ("9.2", "", "unit_unknown", Decimal("9.2")),
     ("9.2", "stone", "unit_unknown", Decimal("9.2"))],
)  # fmt: skip
def test_a_lenient_reader_keeps_a_doubtful_result_so_that_it_stays_unknown(value, unit, status, kept):
    found = read(LONG + f"P1,hb,{value},{unit},2024-01-02\n", lenient=True)
    row = found.patients[0].measured("hemoglobin")[0]
    assert (row.status, row.value, row.unit) == (status, kept, None)


def test_an_unknown_column_is_an_error_and_for_a_lenient_reader_one_omission():
    text = "patient,ferritin [ug/L],feritin_2\nA,500,3\nB,600,4\n"
    assert "did you mean `ferritin`" in message(text)
    found = read(text, lenient=True)
    assert [one.where for one in found.omitted] == ["input, column 3"]
    assert [len(one.measurements) for one in found.patients] == [1, 1]


def test_a_table_without_its_header_does_not_show_its_first_patient():
    told = message("Jane Roe,1980-01-02,98765\nJohn Doe,1981-01-02,98765\n")
    assert "header is missing" in told
    assert "Jane" not in told
    assert "98765" not in told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        LONG,
        "patient,ferritin [ug/L]\n",
        "patient,fever,fever\nA,yes,yes\n",
        'patient,fever\n"A,yes\n',
    ],
)
def test_a_table_without_rows_or_with_a_broken_form_is_an_error(text):
    assert message(text)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_dialect_of_csv_gives_the_same_patients(delimiter, mark, end, tmp_path):
    text = (LONG + "P1,ferritin,500.5,ug/L,2024-01-02T23:59:00Z\n").replace(",", delimiter).replace("\n", end)
    path = tmp_path / "labs.csv"
    path.write_bytes((mark + text).encode())
    row = read(path).patients[0].measured("ferritin")[0]
    assert (row.value, row.on, row.row) == (Decimal("500.5"), date(2024, 1, 2), "labs.csv, row 2")


def test_a_file_that_is_not_utf8_is_an_error_with_its_name(tmp_path):
    path = tmp_path / "labs.csv"
    path.write_bytes((LONG + "Müller,ferritin,500,ug/L,2024-01-02\n").encode("latin-1"))
    assert "labs.csv" in message(path)
    assert "UTF-8" in message(path)


def test_a_csv_file_beyond_the_limit_is_refused_with_what_to_do(tmp_path, monkeypatch):
    path = tmp_path / "labs.csv"
    path.write_text(LONG + "P1,ferritin,500,ug/L,2024-01-02\n")
    monkeypatch.setattr(tables, "LARGEST_CSV", path.stat().st_size)
    assert read(path).patients
    monkeypatch.setattr(tables, "LARGEST_CSV", path.stat().st_size - 1)
    assert "hlh screen" in message(path)


def test_parquet_gives_the_same_facts_as_csv(tmp_path):
    path = tmp_path / "labs.parquet"
    pq.write_table(
        pa.table(
            {
                "patient": pa.array(["P1", "P1"]).dictionary_encode(),
                "test": ["hemoglobin", "ferritin"],
                "value": pa.array([9.2, None], pa.float32()),
                "unit": ["g/dL", None],
                "date": pa.array([date(2024, 1, 2), date(2024, 1, 3)]),
            }
        ),
        path,
    )
    hemoglobin, ferritin = read(path).patients[0].measurements
    assert (hemoglobin.value, hemoglobin.on) == (Decimal("9.2"), date(2024, 1, 2))
    assert (ferritin.value, ferritin.status) == (None, "not_done")


def test_a_parquet_file_that_is_cut_off_is_an_error(tmp_path):
    path = tmp_path / "labs.parquet"
    pq.write_table(pa.table({"patient": ["P1"], "fever": ["yes"]}), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "labs.parquet" in message(path)


def test_a_parquet_file_with_a_number_that_is_none_is_an_error(tmp_path):
    path = tmp_path / "labs.parquet"
    pq.write_table(pa.table({"patient": ["P1"], "ferritin [ug/L]": [float("nan")]}), path)
    assert "row 1" in message(path)


def test_a_missing_unit_comes_from_the_site_file_and_the_result_says_so():
    site = read_site("analyte,unit\nferritin,ng/mL\n", NAMES)
    found = read("patient,ferritin\nA,500\nB,600\n", site=site)
    assert found.patients[0].measured("ferritin")[0].unit == "ng/mL"
    assert found.notes == ("unit of ferritin taken from the site file: ng/mL",)


def test_an_age_without_a_day_is_taken_as_of_the_day_asked_for():
    found = read("patient,age,fever\nA,27 d,yes\n", on=date(2024, 1, 31))
    assert found.patients[0].person.born_latest == date(2024, 1, 4)
    assert found.notes == ("ages without a day are taken as of 2024-01-31",)


def test_two_birthdays_of_one_patient_are_an_error():
    text = "patient,date,birth_date,fever\nA,2024-01-01,2000-01-01,yes\nA,2024-01-02,2000-01-02,yes\n"
    assert "contradicts" in message(text)


def test_a_file_that_does_not_exist_is_an_error(tmp_path):
    assert "cannot be read" in message(tmp_path / "nowhere.csv")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=300).map(str.encode)
    | st.lists(st.lists(st.sampled_from(["P1", "ferritin", "500", "ug/L", "2024-01-02", "9,5", "", "fever", "patient",
        "test", "value", "unit", "date", "age", '"', "\x00", "ferritin [ug/L]"]), max_size=6), max_size=6)
    .map(lambda rows: "\n".join(",".join(row) for row in rows).encode()),
    st.sampled_from([".csv", ".parquet", ".json", ".ndjson", ".txt"]),
    st.booleans(),
)  # fmt: skip
def test_no_file_whatever_it_holds_raises_anything_but_a_wrong_input(tmp_path, content, suffix, lenient):
    path = tmp_path / f"file{suffix}"
    path.write_bytes(content)
    with suppress(WrongInput):
        assert read(path, lenient=lenient).patients
