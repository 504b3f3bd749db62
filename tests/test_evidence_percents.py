"""R01 and R02: percents against their counts, with the worked examples of the rule book and of arithmetic."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.claims import Printed, Proportion, Quantity
from openhlh.evidence.percents import percents_follow


def number(text, at=0):
    plain = text.replace(",", "")
    return Printed(text, Fraction(plain), len(plain.partition(".")[2]), at, at + len(text))


def share(count, total, percent, at=0, **more):
    numbers = [None if one is None else number(str(one), at) for one in (count, total, percent)]
    text = f"{count} of {total} ({percent}%)"
    return Proportion(at, at + 20, text, "", more.pop("about", ""), *numbers, **more)


def people(count, at=0, about="enrolled"):
    return Quantity(at, at + 3, f"{count} patients", "", about, number(str(count), at), "people")


def judged(*claims):
    return [(one.rule, one.word) for one in percents_follow(claims)]


@pytest.mark.parametrize(
    ("count", "total", "percent", "word"),
    [
        (6, 17, "35.3", "CONSISTENT"),  # 35.294
        (15, 17, "88.2", "CONSISTENT"),
        (8, 17, "47.1", "CONSISTENT"),  # 47.059
        (8, 17, "47.0", "ALT_ROUNDING"),  # cut, not rounded
        (8, 17, "47.2", "INCONSISTENT"),
        (1, 8, "12.5", "CONSISTENT"),
        (1, 8, "12", "CONSISTENT"),  # a tie, half to even
        (1, 8, "13", "CONSISTENT"),  # a tie, half up
        (1, 8, "25", "INCONSISTENT"),
        (5, 8, "62.5", "CONSISTENT"),
        (29, 200, "14", "CONSISTENT"),  # 14.5, a tie
        (1, 3, "34", "ALT_ROUNDING"),  # 33.33 rounded up
        (749, 1000, "75.0", "INCONSISTENT"),
        (0, 9, "0", "CONSISTENT"),
        (9, 9, "100", "CONSISTENT"),
        (9, 9, "100.1", "INCONSISTENT"),
    ],
)
def test_a_percent_is_held_against_its_own_counts(count, total, percent, word):
    assert judged(share(count, total, percent)) == [("R01", word)]


def test_more_than_all_is_impossible():
    assert judged(share(12, 9, "75.5")) == [("R01", "IMPOSSIBLE")]


def test_two_groups_written_as_a_ratio_hold_for_both_together():
    assert judged(share(12, 34, "26")) == [("R01", "CONVENTION")]  # 12 / 46


def test_the_percent_of_the_others_is_a_tension():
    assert judged(share(27, 73, "63")) == [("R01", "TENSION")]  # 46 of 73


def test_one_other_total_that_explains_a_block_comes_before_roundings():
    counts = [(56, "53"), (34, "32"), (4, "4"), (12, "11")]  # of 106, their sum; printed is 113
    claims = [share(count, 113, percent, 30 * place) for place, (count, percent) in enumerate(counts)]

    assert [word for _, word in judged(*claims)] == [
        "ALT_DENOMINATOR",
        "ALT_DENOMINATOR",
        "CONSISTENT",  # 4/113 = 3.54
        "CONSISTENT",  # 12/113 = 10.6
    ]
    assert "106" in next(percents_follow(claims)).why


def test_another_total_of_the_document_explains_a_percent():
    assert judged(people(45), share(33, 38, "73.3", 40)) == [("R01", "ALT_DENOMINATOR")]
    assert judged(people(44), share(33, 38, "73.3", 40)) == [("R01", "INCONSISTENT")]


def test_a_number_that_is_no_total_of_people_explains_nothing():
    stray = Quantity(0, 3, "45", "", "", number("45"), "")

    assert judged(stray, share(33, 38, "73.3", 40))[0] == ("R01", "INCONSISTENT")


@pytest.mark.parametrize("loose", [{"tight": False}])
def test_what_may_belong_to_other_things_is_a_tension(loose):
    assert judged(share(1, 8, "25", **loose)) == [("R01", "TENSION")]


@pytest.mark.parametrize(
    ("origin", "word"),
    [("opening", "INCONSISTENT"), ("list", "INCONSISTENT"), ("sentence", "TENSION")],
)
def test_a_total_from_the_sentence_weighs_by_how_sure_it_is(origin, word):
    assert judged(share(12, 34, "45.1", total_from=origin)) == [("R01", word)]
    assert judged(share(12, 34, "35.3", total_from=origin)) == [("R01", "CONSISTENT")]


def test_a_count_without_total_holds_of_any_total_of_the_document():
    claim = Proportion(50, 60, "9 (45 %)", "", "", number("9", 50), None, number("45", 53), "", False)

    assert judged(people(20), claim) == [("R01", "CONSISTENT")]
    assert judged(people(31), claim) == [("R01", "TENSION")]
    assert judged(people(31), people(14), claim) == [("R01", "NOT_TESTABLE")]
    assert judged(claim) == [("R01", "NOT_TESTABLE")]


@pytest.mark.parametrize(
    ("percent", "total", "word"),
    [
        *((percent, 22, "CONSISTENT") for percent in ("23", "36", "9", "14", "32", "77")),
        ("30", 22, "INCONSISTENT"),  # 6/22 = 27.3, 7/22 = 31.8
        ("37", 120, "NOT_TESTABLE"),
        ("37.1", 120, "INCONSISTENT"),  # 44/120 = 36.7, 45/120 = 37.5
        ("36.7", 120, "CONSISTENT"),
    ],
)
def test_a_percent_alone_is_some_whole_number_of_its_total(percent, total, word):
    assert judged(share(None, total, percent)) == [("R02", word)]


def test_a_finding_tells_the_nearest_numbers_that_hold_and_whether_a_pool_moves():
    one = next(percents_follow([share(1, 8, "25", about="patients response")]))

    assert one.computed == "13 %"
    assert one.fix == "13 % or 2 of 8"
    assert one.moves_pool
    assert one.difference == "12.50 percentage points"
    assert one.verdict == "does_not_hold"


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 2))
def test_no_nearest_rounding_raises_a_flag(pair, places):
    count, total = pair
    exact = Fraction(100 * count, total)
    nearest = round(exact * 10**places)
    text = str(nearest) if not places else f"{nearest // 10**places}.{nearest % 10**places:0{places}d}"

    assert judged(share(count, total, text)) == [("R01", "CONSISTENT")]


@given(st.integers(2, 90).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(2, 9))
def test_a_percent_off_by_two_units_and_more_never_holds(pair, units):
    count, total = pair
    wrong = Fraction(1000 * count, total).__floor__() + 1 + units
    if wrong <= 1000:
        text = f"{wrong // 10}.{wrong % 10}"

        assert judged(share(count, total, text))[0][1] != "CONSISTENT"


def cells(*entries, total=40, origin="column"):
    claims = []
    for place, (count, percent) in enumerate(entries):
        claims.append(
            Proportion(
                100 * place, 100 * place + 8, f"{count} ({percent})", "table 1", "", number(str(count), 100 * place),
                number(str(total), 7), number(percent, 100 * place), origin, False,
            )
        )  # fmt: skip
    return claims


def test_a_cell_is_held_against_the_total_of_its_column():
    sound = [(10, "25.0"), (20, "50.0"), (30, "75.0")]

    assert judged(*cells(*sound, (12, "30.0"))) == [("R01", "CONSISTENT")] * 4
    assert judged(*cells(*sound, (12, "21.0")))[3] == ("R01", "INCONSISTENT")  # of 57, more than all 40
    assert judged(*cells(*sound, (13, "33.3")))[3] == ("R01", "TENSION")  # of 39: one value missing
    assert judged(*cells((12, "21.0"), (10, "26.1")))[0] == ("R01", "TENSION")  # nothing else in it holds


def test_a_fraction_with_a_slash_over_one_is_impossible_only_where_it_is_turned_round():
    dose = Proportion(0, 14, "400/100 (35%)", "", "", number("400"), number("100"), number("35"))
    turned = Proportion(0, 14, "34/12 (35.3%)", "", "", number("34"), number("12"), number("35.3"))

    assert judged(dose) == [("R01", "TENSION")]
    assert judged(turned) == [("R01", "IMPOSSIBLE")]  # 12/34 = 35.29
    assert judged(share(40, 10, "35")) == [("R01", "IMPOSSIBLE")]
