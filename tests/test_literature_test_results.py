"""P values are read with the counts of two groups or with the test statistic beside them."""

import pytest

from openhlh.literature import test_results as reader
from openhlh.literature.document import Document
from openhlh.literature.tokens import sentences


def read(text):
    return list(reader.p_value_claims(Document("invented", "text", text), list(sentences(text))))


def told(claim):
    groups = tuple((int(one.value), int(other.value)) for one, other in claim.groups)
    return claim.p.bound + claim.p.text, groups


GROUPS = ((12, 50), (20, 48))
WITH_COUNTS = [
    "Fever: 12/50 (24%) vs 20/48 (41.7%); p = 0.04.",
    "Fever was seen in 12 of 50 and 20 of 48 (Fisher p = 0.04).",
    "Fever was seen in 24% (12/50) versus 41.7% (20/48), P=0.04.",
    "Fever was seen in 12 (24%) of 50 and in 20 (42%) of 48 (p = 0.04).",
    "Fever was told by 12 (24%) and 20 (42%) of the 50 and 48 men on A and B; p-value = 0.04.",
    "Among the 50 on A, 12 (24%) had fever, while among the 48 on B, 20 (42%) did so, P value 0.04.",
    "On A (n = 50), 12 (24 per cent) had fever, compared with 20 (42 per cent) on B (n = 48), p=0.04.",
]


@pytest.mark.parametrize("text", WITH_COUNTS)
def test_two_counts_with_totals_belong_to_the_p_value_behind_them(text):
    assert [told(one)[1] for one in read(text)] == [GROUPS]


def test_three_counts_or_people_and_things_are_no_two_groups():
    assert [told(one)[1] for one in read("It was 1/9, 2/9 and 3/9 (p = 0.4).")] == [()]
    text = "All eight had low levels (21 of 31 samples) while six of eight patients had not (p < 0.01)."
    assert [told(one)[1] for one in read(text)] == [()]


def test_visual_acuity_is_no_count():
    assert [told(one)[1] for one in read("Snellen acuity was 20/30 vs 20/35 (p = 0.01).")] == [()]


STATISTICS = [
    ("t(38)=2.1, p=.04", ("t", "2.1", ["38"])),
    ("F(1, 28) = 4.2, p < .05", ("F", "4.2", ["1", "28"])),
    ("χ2(1, N=90)=3.2, p=.07", ("chi2", "3.2", ["1"])),
    ("z = 2.0, p=.046", ("z", "2.0", [])),
    ("r(58)=-.31, p=.02", ("r", "-.31", ["58"])),
]


@pytest.mark.parametrize(("text", "wanted"), STATISTICS)
def test_a_test_statistic_is_read_with_its_degrees_of_freedom(text, wanted):
    (found,) = read(f"The groups differed ({text}).")
    assert (found.test, found.statistic.text, [one.text for one in found.df]) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "It was significant (P = 4.98 × 10-3).",
        "It was significant (P = 10(-5)).",
        "It was significant (P < 10-5).",
        "It peaked at -log 10 P = 9.72.",
        "The DNA (p = 1.692 g/cm3) was dense.",
        "Es war deutlich (p = 0,025).",
        "t(8;14)(q24;q32) was seen.",
        "p",
        "p =",
    ],
)
def test_what_is_no_plain_p_value_is_left_alone(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("P less than 0.05", "<0.05"), ("p<.001", "<.001"), ("p = 0.3", "0.3"), ("P ≤ 0.01", "≤0.01")],
)
def test_the_sign_of_a_p_value_is_kept(text, wanted):
    assert [told(one)[0] for one in read(f"They differed ({text}).")] == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "Fever was rarer on A (p = 0.04; 12/50 vs 20/48).",
        "Fever was rarer on A than on B (P value below 0.04): 12 of 50 and 20 of 48.",
        "P = 0.04 for fever in 12/50 versus 20/48.",
        "Fever was seen in 12/50 on A (p = 0.04) compared with 20/48 on B.",
    ],
)
def test_the_counts_may_follow_their_p_value(text):
    assert [told(one)[1] for one in read(text)] == [GROUPS]


def test_counts_of_something_else_behind_a_p_value_are_not_its_groups():
    text = "Levels rose (p < 0.001) in six of the seven studies of A and three of the four studies of B."
    assert [told(one)[1] for one in read(text)] == [()]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("p 0.04", "0.04"), ("a p value of 0.04", "0.04"), ("p below 0.001", "<0.001"), ("p equal to .03", ".03"),
        ("p-value above 0.05", ">0.05"), ("P was 0.2", "0.2"), ("p lower than 0.01", "<0.01"),
    ],
)  # fmt: skip
def test_a_p_value_may_be_told_in_words(text, wanted):
    assert [told(one)[0] for one in read(f"They differed ({text}).")] == [wanted]
