"""A reader's own table: what is read, and what is refused with file, row and column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.errors import WrongInput
from openhlh.evidence.own_table import read_table


@pytest.fixture
def table(tmp_path):
    def written(text, kind=None, encoding="utf-8"):
        path = tmp_path / "mine.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_table(path, kind)

    return written


def refused(table, text, **given):
    with pytest.raises(WrongInput) as said:
        table(text, **given)
    return str(said.value)


def test_counts_are_read_and_other_columns_are_kept(table):
    found = table("study,responders,N,year,group\nWang,48,63,2015,DEP\nMarsh,14,22,2013,other\n")

    assert found.kind == "counts"
    assert (found.labels, found.events, found.totals) == (("Wang", "Marsh"), (48, 14), (63, 22))
    assert found.extras == {"year": ("2015", "2013"), "group": ("DEP", "other")}
    assert found.lines == (2, 3)


@pytest.mark.parametrize(
    "header", ["label,events,total", "slab,xi,ni", "studlab,event,n", "Author,x,N", "trial,cases,size"]
)
def test_the_names_of_other_tools_are_understood(table, header):
    found = table(f"{header}\nA,1,2\nB,0,5\n")

    assert (found.kind, found.labels, found.events, found.totals) == ("counts", ("A", "B"), (1, 0), (2, 5))


@pytest.mark.parametrize(
    "header",
    [
        "study,ai,n1i,ci,n2i",
        "study,event.e,n.e,event.c,n.c",
        "study,events_1,total_1,events_2,total_2",
        "study,events_t,total_t,events_c,total_c",
        "study,xTi,nTi,xCi,nCi",
    ],
)
def test_two_arms_are_read_under_every_name(table, header):
    found = table(f"{header}\nA,4,123,11,139\n")

    assert found.kind == "comparison"
    assert (found.events_1, found.totals_1, found.events_2, found.totals_2) == ((4,), (123,), (11,), (139,))


@pytest.mark.parametrize("header", ["trial,tpos,tneg,cpos,cneg", "trial,ai,bi,ci,di"])
def test_patients_without_the_event_make_totals(table, header):
    found = table(f"{header}\nA,4,119,11,128\n")

    assert (found.totals_1, found.totals_2) == ((123,), (139,))


def test_standard_errors_are_squared(table):
    found = table("study,TE,seTE\nA,0.5,0.2\nB,-1e-1,.5\n")

    assert found.kind == "effects"
    assert found.values == (0.5, -0.1)
    assert found.variances == pytest.approx((0.04, 0.25))


def test_survival_is_read_with_numbers_at_risk_or_with_limits(table):
    risk = table("study,survival,at_risk\nA,0.75,8\n")
    limits = table("study,survival,lower,upper\nA,0.75,0.5,0.9\n")

    assert (risk.kind, risk.survival, risk.at_risk) == ("survival", (0.75,), (8,))
    assert (limits.lower, limits.upper) == ((0.5,), (0.9,))


@pytest.mark.parametrize(
    "text",
    [
        "label;events;total\nA;1;2\n",
        "label\tevents\ttotal\nA\t1\t2\n",
        '\ufefflabel,events,total\r\n"A",1,2\r\n',
        "sep=;\nlabel;events;total\nA;1;2\n",
        "\n\nlabel,events,total\n\nA,1,2\n , ,\n\n",
        "label,events,total\rA,1,2\r",
        "label,events,total,,\nA, 1 ,2.0,,\n",
        '"label","events","total"\n"A","1","2"',
    ],
)
def test_separators_marks_and_blank_lines_do_not_matter(table, text):
    found = table(text)

    assert (found.labels, found.events, found.totals) == (("A",), (1,), (2,))


def test_a_quoted_label_may_hold_the_separator_and_a_line_break(table):
    found = table('label,events,total\n"Wang, Y\n(2015)",1,2\nB,9,3\n'.replace("9,3", "2,3"))

    assert found.labels == ("Wang, Y\n(2015)", "B")
    assert found.lines == (3, 4)


def test_other_encodings_are_read_and_a_guess_is_told(table):
    text = "label,events,total\nMüller,1,2\n"

    assert table(text, encoding="utf-16").labels == ("Müller",)
    assert table(text, encoding="latin-1").labels == ("Müller",)
    assert "Latin-1" in table(text, encoding="latin-1").notes[0]
    assert table(text).notes == ()


def test_a_label_that_stands_twice_is_kept_apart_and_told(table):
    found = table("label,events,total\nA,1,2\nA,2,3\n")

    assert found.labels == ("A", "A (2)")
    assert "more than once" in found.notes[0]


def test_studies_without_names_are_numbered(table):
    found = table("events,total\n1,2\n0,4\n")

    assert found.labels == ("row 1", "row 2")
    assert "numbered" in found.notes[0]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", "the value is missing"),
        ("NA", "the value is missing"),
        ("nan", "the value is missing"),
        ("-", "the value is missing"),
        ("3.5", "a count is a whole number"),
        ("-1", "-1 is below 0"),
        ("8", "8 events are more than the 7"),
        ("three", "this is no number"),
        ("3 of 7", "this is no number"),
        ("43%", "this is no number"),
        ("1.5e0", "a count is a whole number"),
        ("inf", "this is no number"),
        ("99999999999999999999", "is no number|are no patients"),
        ("9999999999", "are no patients"),
        ("٣", "this is no number"),
    ],
)
def test_a_cell_that_is_no_count_is_refused_with_row_and_column(table, cell, said):
    message = refused(table, f"label,events,total\nA,1,2\n\nB,{cell},7\n")

    assert any(one in message for one in said.split("|"))
    assert "mine.csv, row 4, column `events`" in message


@pytest.mark.parametrize(
    "text",
    [
        "label;yi;vi\nA;0,45;0.1\n",
        'label,yi,vi\nA,"0,45",0.1\n',
        "label;events;total\nA;1,5;2\n",
        'label,events,total\nA,"1,234",5000\n',
    ],
)
def test_a_decimal_comma_is_refused_with_the_remedy(table, text):
    assert "write decimals with a point" in refused(table, text)


def test_a_row_that_is_too_long_is_refused(table):
    assert "row 2" in refused(table, "label,yi,vi\nA,0,45,0,1\n")


def test_a_row_that_is_too_short_lacks_a_value(table):
    assert "row 2, column `total`: the value is missing" in refused(table, "label,events,total\nA,1\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("\n \n", "the file is empty"),
        ("label,events,total\n", "the table has no rows"),
        ("A,1,2\nB,3,4\n", "the first row holds numbers"),
        ("label,deaths,followed\nA,1,2\n", "has label, deaths, followed"),
        ("label,events,Events,total\nA,1,1,2\n", "`events` stands twice"),
        ("label,events,n,total\nA,1,2,3\n", "total and n can both be the totals"),
        ("label,events,total,yi,vi\nA,1,2,0,1\n", "can be read as counts or as effects"),
        ("label,events,total\nA,0,0\n", "at least one patient"),
        ("label,yi,vi\nA,1,0\n", "above 0"),
        ("label,yi,sei\nA,1,-0.1\n", "above 0"),
        ("label,survival,at_risk\nA,75,8\n", "divide percents by 100"),
        ("label,survival,at_risk\nA,0.5,0\n", "nobody is at risk"),
        ("label,survival,lower,upper\nA,0.5,0.6,0.7\n", "outside its own limits"),
        ("study,ai,bi,ci,di\nA,0,0,1,1\n", "the arm has no patients"),
        ("study,ai,n1i,ci,n2i\nA,4,3,1,2\n", "4 events are more than the 3"),
        ('label,events,total\n"A,1,2\n', "broken"),
        ("label,events,total\nA,1,2\nB,2,3\nTotal,3,5\n", "adds up the rows above"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        ("label,events,total\nA,1,2\n".encode("utf-16-le"), "not a text file"),
    ],
)
def test_what_cannot_be_read_is_refused_and_says_why(table, text, said):
    message = refused(table, text)

    assert said in message
    assert "mine.csv" in message
    assert "To do:" in message


def test_the_kind_settles_an_ambiguous_table(table):
    text = "label,xi,ni,yi,vi\nA,1,2,0,1\n"

    assert table(text, kind="effects").values == (0.0,)
    assert table(text, kind="counts").events == (1,)
    assert "not those of survival" in refused(table, text, kind="survival")


def test_a_weaker_name_gives_way_to_a_stronger_one(table):
    found = table("study,xi,ni,patients\nA,1,2,children\n")

    assert (found.events, found.totals, found.extras["patients"]) == ((1,), (2,), ("children",))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(WrongInput, match=r"nothing\.csv"):
        read_table(tmp_path / "nothing.csv")
    with pytest.raises(WrongInput, match="cannot be read"):
        read_table(tmp_path)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_file_ends_in_anything_but_a_table_or_a_refusal(tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(raw)

    try:
        found = read_table(path)
    except WrongInput:
        return
    assert found.k >= 1


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(1, 500)).map(lambda one: (min(one), max(one))),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(",;\t"),
)
def test_what_is_written_is_what_is_read(tmp_path_factory, rows, mark):
    path = tmp_path_factory.getbasetemp() / "round.csv"
    lines = [mark.join(["label", "events", "total"])]
    lines += [mark.join([f"S{at}", str(x), str(n)]) for at, (x, n) in enumerate(rows)]
    path.write_text("\n".join(lines))

    found = read_table(path)

    assert list(zip(found.events, found.totals, strict=True)) == rows


def test_whole_numbers_as_r_writes_them_are_counts(table):
    found = table("label,events,total\nA,3e+05,1e+06\nB,2.0,7\n")

    assert (found.events, found.totals) == ((300_000, 2), (1_000_000, 7))
