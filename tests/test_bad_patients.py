"""Bad input for `hlh assess`: a clear error with its place or a typed unknown, never a value in a message."""

import json
from datetime import date, timedelta
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openhlh.content.shelves import read
from openhlh.errors import OpenHLHError
from openhlh.patients.naming import dictionary
from openhlh.patients.reading import read_patients
from tests.shell import hlh as run_hlh

HEAD = "patient,date,test,value,unit\n"
ROW = "SECRET1,2024-03-01,ferritin,9876,ug/L\n"
NAMES = dictionary(read().fact_names)


@pytest.fixture
def hlh(monkeypatch):
    return partial(run_hlh, monkeypatch)


@pytest.fixture
def refused(hlh, tmp_path):
    """Assess a file of some content, expect exit code 2 and return what was said."""

    def run(content, name="ward.csv", *options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        done = hlh("assess", path, *options)
        assert done.code == 2, done.out
        assert done.out == ""
        assert done.err.startswith(f"hlh: {name}"), done.err
        assert "To do:" in done.err
        for secret in ("SECRET", "987"):
            assert secret not in done.err
        return done.err

    return run


@pytest.fixture
def judged(hlh):
    """Assess text by HLH-2004, lenient or not, and return the object and its lines by id."""

    def run(text, *options):
        done = hlh("assess", "--definition", "hlh_2004", "--json", *options, stdin=text)
        assert done.code == 0, done.err
        one = json.loads(done.out)
        found = {}

        def collect(criteria):
            for line in criteria:
                found[line["id"]] = line
                collect(line["inside"])

        collect(one["definitions"][0]["criteria"])
        return one, found

    return run


# ---- values and units


@pytest.mark.parametrize(
    "value",
    [
        "NaN", "inf", "-inf", "Infinity", "∞", "1e400", "1e-400", "hemolysed", "0x1F", "1_000", "١٢٣",
        "9876 9876", "1..2", "--5", "=1+1", "12abc", "9876-9877", "9" * 4000, "9" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_number_is_an_error_with_its_row(refused, value):
    assert "ward.csv, row 3: " in refused(HEAD + ROW + ROW.replace("9876", value))


@pytest.mark.parametrize("value", ["9,876", "9.876,5", "9,8", "987,654,321"])
def test_a_comma_in_a_number_is_an_error_whatever_the_delimiter(refused, value):
    quoted = HEAD + ROW.replace("9876", f'"{value}"')
    semicolons = quoted.replace(",", ";").replace(f'"{value.replace(",", ";")}"', value)

    assert "the number has a comma" in refused(quoted)
    assert "the number has a comma" in refused(semicolons)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("SECRET1,2024-03-01,ferritin,9876,\n", "ferritin has no unit"),
        ("SECRET1,2024-03-01,ferritin,9876,mg/L\n", "this unit is almost surely an error"),
        ("SECRET1,2024-03-01,ferritin,9876,furlong\n", "known units: ug/L, ng/mL, pmol/L"),
        ("SECRET1,2024-03-01,ferritin,9876 ng/mL,pmol/L\n", "ferritin has two units"),
        ("SECRET1,2024-03-01,scd25,9876,\n", "scd25 has no unit"),
        ("SECRET1,2024-03-01,hemoglobin,9.2,g/L\n", "did you mean g/dL or mmol/L?"),
        ("SECRET1,2024-03-01,platelets,-98,10*9/L\n", "platelets is negative"),
        ("SECRET1,2024-03-01,platelets,−98,10*9/L\n", "platelets is negative"),
        ("SECRET1,2024-03-01,temperature,101.3,Cel\n", "did you mean [degF]?"),
        ("SECRET1,2024-03-01,fever,9876,\n", "fever is neither present nor absent here"),
    ],
)
def test_a_wrong_unit_or_an_impossible_value_is_an_error_with_row_and_way_out(refused, row, said):
    told = refused(HEAD + row)

    assert "ward.csv, row 2" in told
    assert said.casefold() in told.casefold()


@pytest.mark.parametrize(
    ("value", "unit", "reason"),
    [
        ("9876", "mg/L", "unit_not_comparable"),
        ("9876", "", "unit_not_comparable"),
        ("NaN", "ug/L", "implausible"),
        ("-5", "ug/L", "implausible"),
        ('"9,876"', "ug/L", "implausible"),
        ("hemolysed", "ug/L", "implausible"),
        ("pending", "ug/L", "pending"),
        ("not done", "", "not_measured"),
        ("-", "", "not_measured"),
        ("<9876", "ug/L", "censored"),
    ],
)
def test_a_lenient_reading_keeps_the_criterion_unknown_and_says_why(judged, value, unit, reason):
    one, lines = judged(f"{HEAD}SECRET1,2024-03-01,ferritin,{value},{unit}\n", "--lenient")

    assert lines["ferritin"]["verdict"] == "unknown"
    assert lines["ferritin"]["reason"] == reason
    listed = reason in ("unit_not_comparable", "implausible")
    assert [omission["where"] for omission in one["omitted"]] == ["input, row 2"] * listed
    assert "987" not in json.dumps(one["omitted"])


# ---- days


def test_three_forms_of_dates_are_read_or_refused_and_never_guessed(judged, refused):
    good = "SECRET1,2024-03-01,ferritin,9876,ug/L\nSECRET1,01.03.2024,platelets,45,10*9/L\n"

    one, lines = judged(HEAD + good)

    assert one["on"] == lines["ferritin"]["date"] == lines["platelets"]["date"] == "2024-03-01"
    slashes = refused(HEAD + good + "SECRET1,03/01/2024,fever,yes,\n")
    assert "row 4, date: this is no day. With slashes, month and day cannot be told apart" in slashes


@pytest.mark.parametrize(
    "day",
    ["2024-02-30", "2024-13-01", "31.02.2024", "2024", "2024-03", "1.3.24", "20240301", "45352", "today",
     "0000-00-00", "0001-01-01", "9999-12-31"],
)  # fmt: skip
def test_what_is_no_day_of_a_patient_is_an_error_with_its_row(refused, day):
    assert "ward.csv, row 2, date: this" in refused(HEAD + ROW.replace("2024-03-01", day))


def test_tomorrow_is_an_error_and_today_is_not(hlh, refused):
    from openhlh.patients.days import today

    tomorrow = (today() + timedelta(days=1)).isoformat()

    assert "lies in the future" in refused(HEAD + ROW.replace("2024-03-01", tomorrow))
    assert hlh("assess", stdin=HEAD + ROW.replace("2024-03-01", today().isoformat())).code == 0


def test_a_row_without_day_or_patient_is_an_error(refused):
    assert "row 2: the row has no day" in refused(HEAD + ROW.replace("2024-03-01", ""))
    assert "row 2: the row names no patient" in refused(HEAD + ROW.replace("SECRET1", ""))


@pytest.mark.parametrize("age", ["age [years]", "age [months]", "age [weeks]", "age [days]"])
def test_an_age_on_a_day_before_the_calendar_is_an_error(refused, age):
    told = refused(f"patient,date,{age},ferritin [ug/L]\nSECRET1,0001-01-05,50,9876\n")

    assert "row 2, date: this day lies longer ago than any life" in told


def test_contradicting_ages_are_an_error(refused):
    rows = "SECRET1,2024-03-01,5,9876\nSECRET1,2024-03-02,7,9876\n"

    assert "row 3" in refused("patient,date,age [years],ferritin [ug/L]\n" + rows)


# ---- duplicates


def test_exact_repetitions_count_once_and_are_told_and_differing_values_of_a_day_all_count(judged):
    twice, _ = judged(HEAD + ROW + ROW)
    _, lines = judged(HEAD + ROW.replace("9876", "100") + ROW)

    assert twice["input_notes"] == ["1 rows of input repeat another one exactly and count once"]
    assert lines["ferritin"]["verdict"] == "met"  # 9876 is at its limit or above, whichever row comes first
    assert lines["ferritin"]["value"] == "9876 ug/L"


@pytest.mark.parametrize(
    "header",
    ["patient,date,ferritin [ug/L],ferritin [ug/L]", "patient,date,ferritin [ug/L],FERRITIN [UG/L]"],
)
def test_two_columns_of_one_name_are_an_error(refused, header):
    assert "columns 3 and 4 have the same name" in refused(f"{header}\nSECRET1,2024-03-01,9876,9875\n")


def test_a_second_column_for_the_patient_or_the_value_is_an_error(refused):
    assert "column 2" in refused("patient,subject_id,date,ferritin [ug/L]\nSECRET1,S2,2024-03-01,9876\n")
    assert "column 5" in refused(HEAD.replace("unit", "result,unit") + ROW.replace(",ug", ",9,ug"))


def test_a_patient_in_two_rows_without_days_is_an_error(refused):
    told = refused("patient,ferritin [ug/L]\nSECRET1,9876\nSECRET1,9875\n")

    assert "row 3: this patient stands in an earlier row too" in told


# ---- broken tables


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("\n \n\n", "the file is empty"),
        (";;\n", "the file is empty"),
        ("\ufeff", "the file is empty"),
        (HEAD, "the table has no rows"),
        (HEAD + "SECRET1,2024-03-01,ferritin\n", "row 2: the row has 3 cells and the header 5"),
        (HEAD + ROW.strip() + ",987,x\n", "row 2: the row has 7 cells and the header 5"),
        (HEAD + 'SECRET1,2024-03-01,"ferritin,9876,ug/L\n' + ROW, "cannot be split into cells"),
        (HEAD + ROW.replace("SECRET1", "SEC\0RET"), "this is not text"),
        (HEAD + ROW.replace("9876", "9" * 200_000), "row 2: this row cannot be split into cells"),
        ((HEAD + ROW).encode("utf-16"), "not UTF-8 text"),
        ((HEAD + ROW.replace("ug/L", "µg/L")).encode("latin-1"), "not UTF-8 text"),
        (bytes(range(256)) * 64, "not UTF-8 text"),
        ("foo,bar\n1,2\n", "no column of the first line is known"),
        (HEAD.replace("unit", "unit,comment") + ROW.strip() + ",SECRET\n", "`comment` is no known column"),
    ],
)
def test_a_broken_table_is_an_error_with_its_place(refused, content, said):
    assert said in refused(content)


@pytest.mark.parametrize(
    "first_line",
    ["SECRET1,2024-03-01,ferritin,9876,ug/L", "SECRET1,ferritin,9876", "SECRET1,01.03.2024,fever"],
)
def test_a_table_without_header_does_not_show_its_first_patient(refused, first_line):
    told = refused(f"{first_line}\n{first_line}\n")

    assert "the first line is no header" in told or "no column of the first line is known" in told


def test_an_unknown_test_is_an_error_and_never_a_silent_drop(refused, judged):
    table = HEAD + ROW + ROW.replace("ferritin", "feritine")

    one, _ = judged(table, "--lenient")

    assert "row 3" in refused(table)
    assert [omission["where"] for omission in one["omitted"]] == ["input, row 3"]


def test_windows_line_ends_a_byte_order_mark_and_old_mac_line_ends_change_nothing(judged):
    _, plain = judged(HEAD + ROW)
    for text in (
        "\ufeff" + HEAD + ROW,
        (HEAD + ROW).replace("\n", "\r\n"),
        (HEAD + ROW).replace("\n", "\r"),
        (HEAD + ROW).replace(",", "\t"),
        (HEAD + ROW).replace(",", ";"),
    ):
        _, lines = judged(text)
        assert lines == plain


# ---- large files


def sparse(path, size, head=b""):
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)


@pytest.mark.parametrize(
    ("name", "head"),
    [("huge.csv", b""), ("huge.json", b"{"), ("huge.ndjson", b""), ("huge.parquet", b"PAR1"), ("huge", b"[")],
)
def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(hlh, tmp_path, name, head):
    sparse(tmp_path / name, 2 * 1024**3, head)

    done = hlh("assess", tmp_path / name)

    assert done.code == 2
    assert "too large to be read at once" in done.err or "this Parquet file cannot be read" in done.err


def test_a_parquet_file_of_more_rows_than_fit_is_refused_by_its_row_count(hlh, tmp_path):
    path = tmp_path / "many.parquet"
    one = pa.array(["x"]).take(pa.array([0] * 5_000_001))
    pq.write_table(pa.table({"patient": one}), path)

    done = hlh("assess", path)

    assert done.code == 2
    assert "the limit is 5 million rows" in done.err.casefold()


# ---- Parquet


def parquet(**columns):
    table = {
        "patient": ["SECRET1"], "date": ["2024-03-01"], "test": ["ferritin"], "value": [9876.5], "unit": ["ug/L"],
    }  # fmt: skip
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(table | columns), sink)
    return sink.getvalue().to_pybytes()


def test_parquet_cut_off_anywhere_or_damaged_is_an_error(refused):
    whole = parquet()
    cuts = [whole[:-1], whole[: len(whole) // 2], whole[4:], whole[:4], b"PAR1PAR1"]
    damaged = whole[:40] + bytes(byte ^ 255 for byte in whole[40:80]) + whole[80:]

    for content in (*cuts, damaged, bytes(range(256))):
        assert "this Parquet file cannot be read" in refused(content, "ward.parquet")


def test_nan_and_nested_columns_in_parquet_are_errors(refused):
    assert "row 1: this is no number" in refused(parquet(value=[float("nan")]), "ward.parquet")
    assert "no plain values" in refused(parquet(value=[["9876"]]), "ward.parquet")


def test_typed_parquet_columns_are_read_as_they_print(hlh, tmp_path):
    path = tmp_path / "ward.parquet"
    path.write_bytes(parquet(date=[date(2024, 3, 1)], value=pa.array(["9876.50"]).cast(pa.decimal128(8, 2))))

    one = json.loads(hlh("assess", path, "--definition", "hlh_2004", "--json").out)

    assert '"value": "9876.5 ug/L"' in json.dumps(one)


# ---- JSON and FHIR


def observation(**changes):
    return {
        "resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/SECRET1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "2276-4"}]},
        "effectiveDateTime": "2024-03-01T08:00:00Z", "valueQuantity": {"value": 9876, "unit": "ug/L"},
    } | changes  # fmt: skip


def bundle(*resources):
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"resourceType": "Bundle", "entry": [', "line 1, column"),
        ("[" * 200_000, "nested too deeply"),
        ('{"a":' * 200_000, "nested too deeply"),
        ('{"resourceType":"Bundle","entry":' + "[" * 3000 + "]" * 3000 + "}", "nested too deeply"),
        ('{"resourceType":"Observation","valueQuantity":{"value":NaN}}', "NaN"),
        ("3", "no FHIR resource"),
        ("null", "no FHIR resource"),
        ("[]", "no FHIR resource"),
        ('["SECRET1"]', "no FHIR resource"),
        ('{"resourceType": "Bundle"}', "no patient was found"),
        ('{"resourceType": "Bundle", "entry": {"SECRET1": 5}}', "the entries are no list"),
        ('{"resourceType": "Bundle", "entry": [5]}', "entry 1: this is no FHIR resource"),
        ('{"resourceType": "Bundle", "entry": [{"resource": null}]}', "entry 1: this is no FHIR resource"),
        (b'{"resourceType": "\xff"}', "not UTF-8 text"),
        (bytes(range(256)), "not UTF-8 text"),
        ("", "this is no JSON"),
    ],
)
def test_broken_json_is_an_error_with_its_place(refused, content, said):
    assert said in refused(content, "ward.json")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"valueQuantity": {"value": 9876, "unit": "mg/L"}}, "unit of ferritin is not known"),
        ({"valueQuantity": {"value": 9876}}, "ferritin has no unit"),
        ({"valueQuantity": {"value": -987, "unit": "ug/L"}}, "ferritin is negative"),
        ({"valueQuantity": {"value": 10**4000, "unit": "ug/L"}}, "this is no number"),
        ({"valueQuantity": [9876]}, "this is no number"),
        ({"valueQuantity": {"value": 9876, "unit": "ug/L", "comparator": "~"}}, "comparator is not known"),
        ({"effectiveDateTime": None}, "has no day"),
        ({"effectiveDateTime": {"SECRET": 1}}, "has no day"),
        ({"effectiveDateTime": "9876-54-32"}, "this is no day"),
        ({"effectiveDateTime": "2034-03-01"}, "lies in the future"),
        ({"subject": {"reference": 5}}, "not said which patient"),
        ({"subject": "SECRET1"}, "not said which patient"),
    ],
)
def test_a_bad_resource_is_an_error_with_its_entry(refused, changes, said):
    text = json.dumps(bundle(observation(), observation(**changes)))
    told = refused(text, "ward.json")

    assert "ward.json, entry 2" in told
    assert said in told


def test_a_bundle_of_a_hundred_thousand_entries_is_read_whole(hlh, tmp_path):
    many = [
        observation(
            effectiveDateTime=f"2024-03-{n % 28 + 1:02d}", valueQuantity={"value": n % 400, "unit": "ug/L"}
        )
        for n in range(100_000)
    ]
    many[77_777]["valueQuantity"]["value"] = 9876
    path = tmp_path / "ward.json"
    path.write_text(json.dumps(bundle(*many)))

    done = hlh("assess", path, "--definition", "hlh_2004", "--json")

    assert '"value": "9876 ug/L"' in done.out


# ---- ids that would do something to a terminal or a spreadsheet


@pytest.mark.parametrize(
    "name",
    [
        "\x1b[31mEVIL\x1b[0m",
        "\x1b]0;title\x07",
        "A\x08\x08B",
        "\x9b31mC1",
        "\u202eABC\u2066",
        "A\u200bB",
        "\x7f",
    ],
)
def test_control_characters_of_an_id_never_reach_the_terminal(hlh, name):
    table = HEAD + ROW.replace("SECRET1", name) + ROW.replace("SECRET1", "plain")
    respond = ("--respond", "2024-03-01", "2024-03-01")
    for arguments in ((), ("--brief",), ("--json",), respond, (*respond, "--json"), ("--lenient",)):
        done = hlh("assess", *arguments, stdin=table)

        assert done.code == 0, done.err
        assert [sign for sign in done.out + done.err if not sign.isprintable() and sign != "\n"] == []
    shown = json.loads(hlh("assess", "--json", stdin=table).out)
    assert [one["subject"] for one in shown["patients"]] == [name, "plain"]


def test_a_formula_as_an_id_is_text(hlh):
    table = HEAD + ROW.replace("SECRET1", "=cmd|' /C calc'!A0")

    assert json.loads(hlh("assess", "--json", stdin=table).out)["subject"] == "=cmd|' /C calc'!A0"


def test_control_characters_of_a_test_name_are_not_repeated(hlh):
    done = hlh("assess", stdin=HEAD + ROW.replace("ferritin", "ferr\x1b[31mitin2"))

    assert done.code == 2
    assert "\x1b" not in done.err


# ---- anything


def outcome(text, lenient):
    """Read text and return the error as prose; nothing where patients were found."""
    try:
        assert read_patients(text, NAMES, lenient=lenient, on=date(2024, 3, 15)).patients
    except OpenHLHError as error:
        return str(error)
    return ""


CELLS = st.one_of(
    st.sampled_from(
        [
            "", "-", "NA", "SECRET9", "2024-03-01", "2024-03-01T10:00:00", "01.02.2024", "2024", "2024-13-45",
            "ferritin", "platelets", "fever", "etoposide", "age", "sex", "birth_date", "9876", ">40000", "< 5",
            "1e5", "1e-30", "1E30", "-1", "5,0", "NaN", "inf", "ug/L", "10*9/L", "%", "present", "pending",
            "given since 14 d", "since 9999 d", "given since 999999 a", "2024-01-01 to 2023-01-01", "0 d",
            "130 a", "27 d", "male", "x", "L", "H", "final", "entered in error", '"', "\x1b[31m", "=1+1",
            "9999999999999999999999999", "0.000000000000000000001", "1 000", "1\u00a0000", "١٢",
        ]
    ),
    st.text(max_size=8),
)  # fmt: skip
HEADS = st.one_of(
    st.sampled_from(
        [
            "patient", "date", "test", "value", "unit", "comparator", "low", "high", "cutoff", "flag", "status",
            "code", "name", "end", "age", "age [d]", "age_years", "sex", "birth_date", "ferritin",
            "ferritin [ug/L]", "ferritin_unit", "ferritin_low", "scd25 (pg/mL)", "scd25_cutoff", "fever",
            "etoposide", "2276-4", "USUBJID", "PARAMCD", "AVAL", "ADT", "AVALU", "STUDYID", "AGE", "AGEU",
            "LBTESTCD", "LBORRES", "LBSTRESN", "LBDTC", "DOMAIN", "EXTRT", "EXSTDTC", "BRTHDTC", "RSORRES",
            "AVALC", "TRTSDT", "temperature [F]", "[", "()", "ferritin []",
        ]
    ),
    st.text(max_size=6),
)  # fmt: skip


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    head=st.lists(HEADS, min_size=1, max_size=7),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=7), max_size=4),
    delimiter=st.sampled_from(",;\t"),
    lenient=st.booleans(),
    padded=st.booleans(),
)
def test_any_table_gives_patients_or_an_error_in_prose(head, rows, delimiter, lenient, padded):
    if padded:
        rows = [(row + [""] * len(head))[: len(head)] for row in rows]
    said = outcome("\n".join(delimiter.join(row) for row in [head, *rows]), lenient)

    assert "SECRET9" not in said
    assert "9876" not in said


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
        max_leaves=6,
    ),
    key=st.sampled_from(
        ["status", "subject", "code", "effectiveDateTime", "valueQuantity", "referenceRange", "component",
         "interpretation", "dataAbsentReason", "resourceType", "id"]
    ),
    lenient=st.booleans(),
)  # fmt: skip
def test_any_json_in_any_field_gives_patients_or_an_error_in_prose(data, key, lenient):
    said = outcome(json.dumps(bundle(observation(id="a"), observation(**{key: data}))), lenient)

    assert "SECRET1" not in said
    assert "9876" not in said
