"""The order of dates, and follow-up within them."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.claims import Day, Followed, Printed
from openhlh.evidence import dates, histories
from openhlh.literature.dates import day_claims
from openhlh.literature.document import Document
from openhlh.literature.tokens import sentences

SOURCES = Path(__file__).parents[1].parent / "shared" / "sources"
CHECKS = (
    dates.days_exist, dates.periods_run_forward, dates.dates_in_order, dates.published_last,
    dates.one_day_of_publication, dates.follow_up_fits, histories.history_runs_forward,
    histories.approval_runs_forward,
)  # fmt: skip


def words(text, *more):
    document = Document("invented", "text", text)
    claims = sorted([*day_claims(document, list(sentences(text))), *more], key=lambda one: one.start)
    return [one.word for check in CHECKS for one in check(claims) if one.verdict != "holds"]


ENROLLED = "Between 1 March 2018 and 30 June 2020, 34 patients were recruited. "


@pytest.mark.parametrize(
    "text",
    [
        "The data cut-off was December 2019.",
        "The cut-off date for this analysis was January 15, 2020.",
        "As of the data cutoff date of January 15, 2020, 12 had died.",
        "At data cutoff (January 15, 2020), 12 had died.",
        "Data were cut off on 15 January 2020.",
        "The database was locked on 15 January 2020.",
        "Patients were followed up until 15 January 2020.",
        "All were followed until death or 15 January 2020.",
        "Follow-up ended on 15 January 2020.",
        "The last follow-up was in January 2020.",
        "Follow-up was censored on 15 January 2020.",
        "Published online: 15 January 2020.",
    ],
)
def test_data_closed_before_the_end_of_enrolment_are_impossible(text):
    assert words(ENROLLED + text) == ["IMPOSSIBLE"]
    assert words(ENROLLED + text.replace("2020", "2022").replace("2019", "2022")) == []


def test_a_cut_off_within_the_last_month_of_enrolment_is_no_contradiction():
    assert words("We enrolled 9 patients from May 2018 to June 2020 (data cutoff: 1 June 2020).") == []


def test_an_interim_cut_off_during_enrolment_is_only_a_tension():
    assert words(ENROLLED + "The data cutoff for the interim analysis was 15 January 2020.") == ["TENSION"]


def test_with_two_enrolments_a_distant_cut_off_is_only_a_tension():
    later = "x " * 200 + ". Forty patients were enrolled between May 2021 and May 2022. " + "x " * 200
    assert words(ENROLLED + later + ". The data cut-off was December 2020.") == ["TENSION"]


@pytest.mark.parametrize(
    "text",
    [
        "Twenty patients treated from June 2020 to March 2018 were reviewed.",
        "The registry ran from 3 May 2020 to 2 May 2020.",
        "Patients were enrolled until 31 June 2020.",
    ],
)
def test_a_period_that_runs_backwards_and_a_day_that_is_none_are_impossible(text):
    assert words(text) == ["IMPOSSIBLE"]


def test_two_years_told_backwards_may_be_compared():
    assert words("The share did not change between 2018 and 2008.") == ["NOT_TESTABLE"]


@pytest.mark.parametrize(
    "text",
    [
        "Received: 5 May 2021. Accepted: 3 March 2021.",
        "Submitted May 5, 2021; accepted for publication March 3, 2021",
        "The manuscript was received on 2021-05-05 and accepted on 2021-03-03.",
        "5 May 2021 (received), 3 March 2021 (accepted)",
        "Received 15.05.2021, accepted 03.03.2021",
        "Received 25/05/2021, accepted 23/03/2021",
        "Accepted 3 March 2021 • Received 5 May 2021",
        "Received 5 May 2021, received in revised form 3 March 2021",
    ],
)
def test_acceptance_before_receipt_does_not_hold(text):
    assert words(text) == ["INCONSISTENT"]


@pytest.mark.parametrize(
    ("published", "word"),
    [
        ("published online 3 May 2021", ["INCONSISTENT"]),
        ("published 3 May 2021", ["INCONSISTENT"]),
        ("published online May 2021", ["INCONSISTENT"]),
        ("published May 2021", ["TENSION"]),  # an issue may bear an earlier date
        ("published 1 May 2021", ["TENSION"]),
        ("published 3 August 2021", []),
    ],
)
def test_a_paper_that_appears_before_it_is_accepted_is_told_as_far_as_it_is_sure(published, word):
    assert words(f"Received 7 January 2021, accepted 8 July 2021, {published}.") == word


@pytest.mark.parametrize(
    "text",
    [
        "Patients received the drug in May 2021 and were accepted in April 2021.",
        "Received 5 May 2021 by post. The next note was accepted 3 March 2021 by another office of ours.",
    ],
)
def test_other_things_that_are_received_and_accepted_are_no_history(text):
    assert words(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Fennadine was approved in 2015 and withdrawn in 2013.",
        "Fennadine, licensed in May 2015, was taken off the market in March 2013.",
        "One salt (approval 2015, withdrawal 2013) was left out.",
        "The office approved fennadine in June 2015. It was withdrawn in July 2013.",
        "Fennadine was withdrawn in 2013, two years after its approval in 2015.",
        "Launched in 2015, fennadine was discontinued in 2013.",
    ],
)
def test_a_drug_withdrawn_before_its_approval_does_not_hold(text):
    assert words(text) == ["INCONSISTENT"]
    assert words(text.replace("2013", "2017")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Fennadine was withdrawn in 1961 and approved in 1998.",
        "Approved for gout in 2015, fennadine had been withdrawn in Norway in 2013.",
        "Fennadine was approved in 2015, mallorine was withdrawn in 2013.",
        "Fennadine was approved again in 2015 and withdrawn in 2013.",
        "The board approved the plan in 2015; consent was withdrawn by two people in 2013.",
    ],
)
def test_approvals_after_a_withdrawal_and_of_other_drugs_are_not_accused(text):
    assert words(text) == []


def test_an_approval_after_the_day_of_publication_is_a_tension():
    assert words("Last updated: March 3, 2025. The drug was approved by the FDA in June 2025.") == ["TENSION"]


def test_a_first_of_january_beside_another_day_of_publication_is_a_tension():
    assert words("A title\n2023-01-01\nFirst published: 15 February 2023") == ["TENSION"]
    assert words("A title\n2023-02-11\nFirst published: 15 February 2023") == []


def follow_up(value, unit):
    number = Printed(value, Fraction(value), len(value.partition(".")[2]), 900, 904)
    return Followed(900, 904, value, longest=number, unit=unit)


def test_a_follow_up_longer_than_the_dates_leave_does_not_hold():
    text = (
        ENROLLED + "The data cut-off was 31 August 2020."
    )  # 914 days from the first day: 30.5 months of 30 days
    assert words(text, follow_up("30.4", "month")) == []
    assert words(text, follow_up("34", "month")) == ["INCONSISTENT"]
    assert words(text, follow_up("4", "year")) == ["INCONSISTENT"]
    assert words(text, follow_up("900", "cell")) == []


def test_a_follow_up_is_not_held_against_an_end_before_the_last_patient_came():
    text = ENROLLED + "The data cutoff for the interim analysis was 15 January 2020."
    assert words(text, follow_up("40", "month")) == ["TENSION"]  # the cut-off, not the follow-up


def test_one_lone_beginning_of_enrolment_is_enough_to_judge_a_follow_up():
    text = "The first patient was enrolled in March 2018. Data were frozen in August 2020."
    assert words(text, follow_up("34", "month")) == ["INCONSISTENT"]


@given(st.dates(date(2001, 1, 1), date(2030, 1, 1)), st.integers(0, 900), st.integers(-400, 400))
def test_only_a_closing_day_before_the_last_enrolment_is_impossible(start, length, gap):
    until = start + timedelta(days=length)
    closed = until + timedelta(days=gap)
    claims = [
        Day(0, 1, "a", role="enrolled_from", first=start, last=start),
        Day(2, 3, "b", role="enrolled_to", first=until, last=until),
        Day(4, 5, "c", role="cutoff", first=closed, last=closed),
    ]
    (found,) = dates.dates_in_order(claims)
    assert found.word == ("IMPOSSIBLE" if gap < 0 else "CONSISTENT")
    assert found.why.endswith("Please check.") == (gap < 0)


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the source documents are not here")
def test_of_the_sources_only_the_known_cut_off_is_impossible():
    found = {path.name[:3]: words(path.read_text()) for path in sorted(SOURCES.glob("*.txt"))}
    assert found == {"000": [], "001": ["IMPOSSIBLE"], "002": [], "003": ["TENSION"], "004": []}
