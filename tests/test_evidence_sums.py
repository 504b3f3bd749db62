"""R07, R07b, R17 and R23 on sentences of our own: every sum is checked by hand beside it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhlh.claims import Partition
from openhlh.evidence import sums
from openhlh.literature.document import Document
from openhlh.literature.partitions import partition_claims
from openhlh.literature.tokens import printed, sentences

CHECKS = (
    sums.parts_make_the_whole,
    sums.percents_make_a_hundred,
    sums.rest_is_what_is_left,
    sums.subgroup_fits_its_group,
    sums.table_totals,
)


def judged(text):
    document = Document("invented", "text", text)
    claims = list(partition_claims(document, tuple(sentences(text))))
    return [one for check in CHECKS for one in check(claims)]


def verdicts(text):
    return {one.verdict for one in judged(text)}


@pytest.mark.parametrize(
    "text",
    [
        "We saw 52 adults (30 men and 25 women).",  # 55
        "Of the 52 adults, 30 were men and 25 were women.",
        "We enrolled 52 adults. There were 30 men and 25 women.",
        "CR was seen in 9, PR in 11 and no response in 10 of 27 patients.",  # 30
        "Of 27 patients, 9, 11 and 10 had complete, partial and no response, respectively.",
        "The ORR was 74% (20/27): 9 CR and 13 PR.",  # 22 > 20
        "The overall response rate was 74% (complete response 33%, partial response 51%).",  # 84
        "We randomised 90 adults to yoga (n = 44) or rest (n = 49).",  # 93
        "19 patients died: 12 of infection and 9 of bleeding.",  # 21
        "The classes of the 40 women were rural in 18, urban in 12 and coastal in 14.",  # 44
        "Disease was mild in 45%, moderate in 40% and severe in 33% of patients.",  # 118
        "In terms of class, 45% were rural, 40% urban and the remaining 33% coastal.",
        "In all, 3 + 4 + 5 = 13 limbs were treated.",
        "At one year, 31 of the 40 children were alive and 12 were dead.",  # 43
        "Of the 40 children, 31 walked; the other 12 did not.",  # 9 are left
        "31 of 40 children walked. The remaining 12 children did not.",
        "Of 40 children asked, 3 were excluded, leaving 36 for analysis.",
        "31 of 40 children walked and 12 did not.",
        "There were 40 children, of whom 43 walked.",
        "There were 40 children. Of these, 43 walked.",
        "40 children were treated; 43 of these walked.",
        "In the 40 children who had a cast, 43 also had a splint.",
        "Within the group of 40 children, 43 fell.",
        "RESULTS Among 40 children, 43 walked.",
        "2012 of 4900 patients fell, of whom 2113 broke a hip.",  # numbers that look like years
        "In all, 40 children fell, including 43 who cried.",
        "Of 50 children, 40 walked and 43 of the walked children fell.",
        "Of the 40 patients with a cast, pain was seen in 43.",
        "There were 9 men and 2 women among the 8 adults.",  # 11, and more men than adults
        "Of our 13 children, 3 fell. The other 13 did not.",  # 10 are left
        "Each of the 40 women was given one class only (rural 18, urban 12, coastal 14).",  # 44
        "Every patient (n = 40) had exactly one main complaint: pain 18, cough 12, fever 14.",  # 44
        "The main complaint was pain in 18, cough in 12 and fever in 14 of the 40 patients.",  # 44
        "There were 40 women: 18 with viral, 12 with bacterial and 14 with unexplained fever.",  # 44
        "45%, 40% and 33% of all women were mild, moderate and severe, respectively.",  # 118
        "45%, 20%, 30% and 23% were blood group O, blood group A, blood group B and blood group AB, respectively.",  # 118
        "45%, 40% and 33% of the women were viral, bacterial and unexplained, respectively.",  # 118
        "Never, former and current smokers made up 45%, 40% and 33%, respectively.",  # 118
    ],
)
def test_a_plain_contradiction_does_not_hold(text):
    wrong = [one for one in judged(text) if one.verdict == "does_not_hold"]
    assert wrong
    assert all(one.why.endswith("Please check.") for one in wrong)
    assert all(one.severity == "major" for one in wrong)


@pytest.mark.parametrize(
    "text",
    [
        "We saw 52 adults (30 men and 22 women).",
        "CR was seen in 9, PR in 11 and no response in 7 of 27 patients.",
        "The ORR was 74% (20/27): 9 CR (33.3%) and 11 PR (40.7%).",
        "We randomised 90 adults to yoga (n = 44) or rest (n = 46).",
        "19 patients died: 12 of infection and 7 of bleeding.",
        "Disease was mild in 45.5%, moderate in 36.4% and severe in 18.2% of patients.",  # 100.1
        "Of the 40 children, 31 walked; the other 9 did not.",
        "Of the 40 children, 31 walked, 20 of them alone; the other 9 did not.",
        "There were 40 children, of whom 40 walked.",
        "Ten adults (three men, six women and one non-binary person) took part.",  # told beside
    ],
)
def test_what_adds_up_holds(text):
    assert verdicts(text) == {"holds"}


@pytest.mark.parametrize(
    "text",
    [
        "We randomised 90 adults to yoga (n = 44) or rest (n = 42).",  # 4 left
        "Of those who died (n = 19), 12 died of infection and 6 of bleeding.",  # 1 left
        "We saw 52 adults (30 men and 20 women).",  # 2 left
    ],
)
def test_a_list_that_leaves_some_out_is_incomplete_not_wrong(text):
    found = [one for one in judged(text) if one.verdict != "holds"]
    assert {one.word for one in found} <= {"INCOMPLETE", "NOT_TESTABLE"}
    assert "INCOMPLETE" in {one.word for one in found}


@pytest.mark.parametrize(
    "text",
    [
        "Of 40 children, 31 had a rash and 22 had a cough.",
        "We saw 40 children: 31 with rash and 22 with cough.",
        "Of 40 children, half walked, 12 crawled and the other 9 did not.",
        "Of the 96 adults screened, 60 were allocated to yoga (n = 30) or rest (n = 30).",
        "There were 40 families, of whom 70 children were seen.",
        "Pain was mild in 60% of men versus 70% severe in women.",
        "28.5% agreed, while other 28.1% did not know.",
        "The rate was low (75%), intermediate (85%) and high (95%).",
        "Of these 43 children, 31 walked.",
        "Four of whom left early and 9 of whom were called by telephone.",
        "Data were there for 60 men (missing: 4), of whom 20 smoked.",
    ],
)
def test_another_reading_is_never_accused(text):
    assert "does_not_hold" not in verdicts(text)


def test_a_part_whose_whole_is_uncertain_is_a_tension():
    part, whole = printed("12", 0), printed("10", 3)
    claim = Partition(0, 5, "", parts=(part,), whole=whole, relation="subgroup", sure=False)
    (one,) = sums.subgroup_fits_its_group([claim])
    assert one.verdict == "tension"


def partition(parts, whole, **more):
    return Partition(
        0, 9, "", "table 1", "", tuple(printed(str(p), 0) for p in parts), printed(str(whole), 0), **more
    )


def test_a_total_is_only_held_where_other_totals_show_that_columns_add_up():
    good = [partition((12, 8), 20, relation="column"), partition((5, 7), 12, relation="column")]
    bad = partition((9, 11), 25, relation="column")
    assert [one.word for one in sums.table_totals([*good, bad])] == [
        "CONSISTENT",
        "CONSISTENT",
        "INCONSISTENT",
    ]
    assert [one.word for one in sums.table_totals([bad])] == ["NOT_TESTABLE"]


def test_a_hundred_percents_are_not_searched_for_a_rest():
    claim = partition(range(1, 40), 1000, relation="rest")
    (one,) = sums.rest_is_what_is_left([claim])
    assert one.verdict == "cannot_check"


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(1, 500), min_size=2, max_size=7), st.integers(-60, 60))
def test_a_sum_holds_only_where_it_is_the_whole(counts, off):
    whole = sum(counts) + off
    (one,) = sums.parts_make_the_whole([partition(counts, max(whole, 1), exclusive=True)])
    expected = {0: "CONSISTENT"}.get(sum(counts) - max(whole, 1))
    assert (one.word == "CONSISTENT") == (expected == "CONSISTENT")
    assert (one.word == "INCONSISTENT") == (sum(counts) > max(whole, 1))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=2, max_size=6), st.integers(0, 2))
def test_rounded_shares_of_one_whole_always_hold(counts, places):
    total = sum(counts)
    scale = 10**places
    rounded = [
        Fraction(int(Fraction(100 * count * scale, total) + Fraction(1, 2)), scale) for count in counts
    ]
    parts = tuple(printed(f"{float(share):.{places}f}", 0) for share in rounded)
    claim = Partition(0, 9, "", parts=parts, unit="percent", closed=True, exclusive=True)
    (one,) = sums.percents_make_a_hundred([claim])
    assert one.verdict == "holds"


@pytest.mark.parametrize(
    "text",
    [
        "In the 40 children with a cast, 43 limbs were swollen.",  # limbs, not children
        "Relapse was seen in 45%, 40% and 33% of mild, moderate and severe cases, respectively.",
        "Relapse rates in never, former and current smokers were 45%, 40% and 33%, respectively.",
        "45%, 40% and 33% of the women were obese, diabetic and anaemic, respectively.",
        "Of all 27 newborns, seven had colic, nine had jaundice, eight had reflux, and two each had a rash.",
        "Samples were taken from liver (n = 76), kidney (n = 51), bone (n = 37) and muscle (n = 24).",
    ],
)
def test_rates_and_what_may_overlap_are_not_added_up(text):
    assert "does_not_hold" not in verdicts(text)
