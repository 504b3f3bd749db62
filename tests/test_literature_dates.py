"""Dates and periods in the wording of papers, and the part that each has in the study."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.literature.calendar import Period, dates_of
from openhlh.literature.dates import day_claims
from openhlh.literature.document import Document, Part
from openhlh.literature.tokens import sentences


def read(text, **more):
    document = Document("invented", "text", text, **more)
    return sorted(day_claims(document, list(sentences(text))), key=lambda one: (one.start, one.end))


def periods(text):
    found = [one for sentence in sentences(text) for one in dates_of(sentence.tokens)]
    return [(one.since.days[0], one.until.days[1]) for one in found if isinstance(one, Period)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("from April 1, 2021 to May 31, 2021", date(2021, 4, 1), date(2021, 5, 31)),
        ("between 3 March 2018 and 5th of June 2020", date(2018, 3, 3), date(2020, 6, 5)),
        ("Between March 18 and May 18, 2020", date(2020, 3, 18), date(2020, 5, 18)),
        ("from March to December 2020", date(2020, 3, 1), date(2020, 12, 31)),
        ("from November to February 2020", date(2019, 11, 1), date(2020, 2, 29)),
        ("Jan-Aug 2025", date(2025, 1, 1), date(2025, 8, 31)),
        ("Oct–Feb 2020, Oct-Feb 2020", date(2019, 10, 1), date(2020, 2, 29)),
        ("in the years 2011–2015", date(2011, 1, 1), date(2015, 12, 31)),
        ("between 1 and 31 May 2021", date(2021, 5, 1), date(2021, 5, 31)),
        ("May 1–15, 2021", date(2021, 5, 1), date(2021, 5, 15)),
        ("2021-04-01 to 2021-05-31", date(2021, 4, 1), date(2021, 5, 31)),
        ("from September 1, 2018, to the end of November 2020", date(2018, 9, 1), date(2020, 11, 30)),
    ],
)
def test_a_period_is_read_in_every_usual_wording(text, first, last):
    assert periods(text)[0] == (first, last)


@pytest.mark.parametrize(
    "text",
    ["doses of 2000 to 3000 units", "it may 2020 be so", "pages 1957 to 1959 hold", "4/1/2021 to 5/1/2021"],
)
def test_numbers_that_are_no_dates_are_not_read(text):
    assert periods(text) == []


@given(
    st.dates(date(1950, 1, 1), date(2049, 12, 31)),
    st.sampled_from(["%B %d, %Y", "%d %B %Y", "%Y-%m-%d", "%d %b %Y"]),
)
def test_a_day_is_read_as_it_was_written(day, style):
    (read_day,) = dates_of(next(sentences(f"on {day.strftime(style)} it began")).tokens)
    assert read_day.days == (day, day)


def test_a_month_counts_from_its_first_to_its_last_day():
    (one,) = read("The data cut-off was February 2020.")
    assert (one.role, one.first, one.last) == ("cutoff", date(2020, 2, 1), date(2020, 2, 29))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("We enrolled 20 patients from May 2018 to June 2020 (data cutoff: July 2020).", ["enrolled_from", "enrolled_to", "cutoff"]),
        ("At the cutoff date of 1 July 2025 six children were alive.", ["cutoff"]),
        ("15 March 2020 was the data cut-off.", ["cutoff"]),
        ("The database was locked on 3 May 2020.", ["cutoff"]),
        ("Everybody was followed up until June 30, 2022 or until death.", ["followed_to"]),
        ("Follow-up ended on 15 January 2020.", ["followed_to"]),
        ("The first patient was enrolled on 3 March 2018 and the last patient on 5 June 2020.", ["enrolled_from", "enrolled_to"]),
        ("Recruitment began in March 2018 and ended in June 2020.", ["enrolled_from", "enrolled_to"]),
        ("First published: 15 February 2023", ["published"]),
        ("Received: 5 May 2021. Accepted: 3 June 2021.", ["received", "accepted"]),
        ("The drug was approved by the FDA in November 2018.", ["approved"]),
        ("It was withdrawn in the European Union in March 2018.", ["withdrawn"]),
        ("The trial was registered on 29 May 2008.", ["registered"]),
        ("PubMed was searched for articles published from May 2001 to June 2020.", ["from", "to"]),
        ("Patients were followed from May 2001 to June 2020.", ["followed_from", "followed_to"]),
    ],
)  # fmt: skip
def test_a_date_gets_the_part_that_its_sentence_gives_it(text, roles):
    assert [one.role for one in read(text)] == roles


def test_a_day_that_the_calendar_lacks_is_kept_as_such():
    assert [one.role for one in read("Patients came until June 31, 2020.")] == ["no_such_day"]


def test_a_cohort_told_in_the_discussion_is_not_the_studys_own():
    text = "Discussion\nWe treated 205 patients between January 2011 and December 2015."
    assert [one.role for one in read(text, parts=(Part("discussion", "Discussion", 0, len(text)),))] == [
        "from",
        "to",
    ]


def test_page_ranges_of_references_are_no_periods():
    text = "References\nDoe J. A title. Journal. 2001;4:1957–1959."
    assert read(text, parts=(Part("references", "References", 0, len(text)),)) == []


def test_the_publication_date_of_the_documents_data_is_a_claim_where_the_text_has_none():
    (one,) = read("Nothing is told here.", published=(2023, 2))
    assert (one.role, one.first, one.last) == ("published", date(2023, 2, 1), date(2023, 2, 28))


def test_a_line_that_holds_only_a_day_at_the_front_is_a_publication_date():
    assert [one.role for one in read("A title\n2023-01-01\nA journal\n")] == ["published"]
