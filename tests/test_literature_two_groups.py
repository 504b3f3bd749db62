"""The counts of two groups are found wherever their totals stand, and only where they are set side by side."""

import pytest

from openhlh.literature.part_of_whole import fraction_at, pair_of
from openhlh.literature.tokens import printed, sentences
from openhlh.literature.two_groups import two_groups

GROUPS = [(12, 50), (20, 48)]


def tokens_of(text):
    return next(iter(sentences(text))).tokens


def told(text):
    tokens = tokens_of(text)
    return [(int(one.part.value), int(one.whole.value)) for one in two_groups(tokens, 0, len(tokens))]


SIDE_BY_SIDE = [
    "Fever: lamps 12/50 (24%), candles 20/48 (41.7%)",
    "Beside candles (20/48, 42%), lamps (12/50, 24%) had fewer fevers",
    "Fever came up in 24% [12 of 50] under lamps, as opposed to 42% [20 of 48] under candles",
    "Of the 50 under lamps, 12 had fever; of the 48 under candles, 20 had fever",
    "24% of the 50 women under lamps (n = 12) and 42% of the 48 under candles (n = 20) had fever",
    "Of 50 women under lamps 12 (24.0%) had fever against 20 (41.7%) of the 48 under candles",
    "12 women (24%) under lamps (n = 50) and 20 women (42%) under candles (n = 48) had fever",
    "Fever was told by 12 (24%) and 20 (42%) of the 50 and 48 women under lamps and candles",
    "12 of the 50 under lamps (24%; 95% CI 13 to 38) and 20 of the 48 under candles (42%; 95% CI 28 to 57)",
    "24.0% (12) of 50 under lamps and 41.7% (20) of 48 under candles had fever",
]


@pytest.mark.parametrize("text", SIDE_BY_SIDE)
def test_two_groups_are_read_in_any_order_of_their_numbers(text):
    assert sorted(told(text)) == GROUPS


def test_equal_totals_may_stand_in_a_pair():
    text = "Fever was told by 5 (33.3%) and 6 (40.0%) of the 15 and 15 women under lamps and candles"
    assert told(text) == [(5, 15), (6, 15)]


@pytest.mark.parametrize(
    "text",
    [
        "Of 50 women 20 of 50 (40%) had fever, of whom 5 of 20 (25%) had a rash",
        "It was rare in women (4/28), and was seen only in those who smoked (4/8)",
        "Fever 12/50 (24%), rash 20/50 (40%)",  # two things that one group had
        "It was 1/9, 2/9 and 3/9",
        "The volume was 252 ml +/- 98 in the first and 136 ml +/- 51 in the second",
        "Of 50 women, 12 (24%) had fever and 20 (40%) had a rash",
        "no numbers at all",
    ],
)
def test_what_is_no_pair_of_groups_is_left_alone(text):
    assert told(text) == []


def test_one_group_twice_needs_a_word_that_compares():
    assert told("With lamps fever was less common than with candles (12/50, 20/50)") == [(12, 50), (20, 50)]


@pytest.mark.parametrize(
    "text",
    [
        "12/50",
        "12 of 50",
        "12 out of the 50",
        "12 of a total of 50",
        "12 (24%) of 50",
        "12 women (24%) out of 50",
        "12 (24%; 95% CI 13 to 38) of our 50",
    ],
)
def test_a_count_is_read_with_its_total(text):
    found = fraction_at(tokens_of(text), 0)
    assert found is not None
    assert (found.part.value, found.whole.value) == (12, 50)


@pytest.mark.parametrize("text", ["50 of 12", "12", "12 women", "12/50/3", "1.5 of 50"])
def test_what_is_no_part_of_a_whole_is_not_read(text):
    assert fraction_at(tokens_of(text), 0) is None


def test_a_percent_tells_which_two_numbers_it_is_made_of():
    numbers = [printed(text, place) for place, text in enumerate(["50", "12", "7"])]
    pair = pair_of(printed("24.0", 9), numbers, numbers)
    assert pair is not None
    assert [one.text for one in pair] == ["12", "50"]
    assert pair_of(printed("58.3", 9), numbers, numbers) is not None  # 7 of 12
    assert pair_of(printed("30.0", 9), numbers, numbers) is None


def test_a_percent_that_two_pairs_make_settles_nothing():
    numbers = [printed(text, place) for place, text in enumerate(["50", "12", "100", "24"])]
    assert pair_of(printed("24", 9), numbers, numbers) is None
