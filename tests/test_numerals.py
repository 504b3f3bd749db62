"""Numbers in text: which stand there, and whether a printed one agrees with its counts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.numerals import agreement, fractions, numerals, percents


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("15 of 17 (88.2 %)", ["15", "17", "88.2"]),
        ("HLH-94, HLH-2004, CD25, sCD25, NI-0501, IL-2, PD-1, NCT02400463, FHL2", []),
        ("platelets below 100 x10*9/L", ["100"]),
        ("30-day mortality, an 8-week course, a 1.5-fold fall", ["30", "8", "1.5"]),
        ("range 2-28 weeks", ["2", "28"]),
        ("4,756 to 1,500", ["4,756", "1,500"]),
        ("10^2 to 10^6 copies", ["10^2", "10^6"]),
        ("age 16-75, 10 F/7 M", ["16", "75", "10", "7"]),
        ("", []),
    ],
)
def test_numbers_are_found_and_names_are_not(text, found):
    assert [one.text for one in numerals(text)] == found


@given(st.text(max_size=300))
def test_every_number_stands_at_its_offsets(text):
    assert all(text[one.start : one.end] == one.text for one in numerals(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("33 of 38 patients", ((33, 38),)),
        ("15/17 and 8 out of 9", ((15, 17), (8, 9))),
        ("3 in 10 of the 20", ((3, 10),)),
        ("on 2025/07/01", ()),
        ("dose 15 mg", ()),
    ],
)
def test_counts_with_totals_are_found(text, found):
    assert fractions(text) == found


def test_percents_are_found_as_printed():
    assert percents("87%, 53.0 percent and 12,5 per cent of 100") == ("87", "53.0", "12.5")


@pytest.mark.parametrize(
    ("printed", "count", "total", "verdict"),
    [
        ("35.3", 6, 17, "agrees"),
        ("47.1", 8, 17, "agrees"),
        ("47.0", 8, 17, "truncated"),  # printed by the anti-CD25 abstract
        ("25", 1, 8, "disagrees"),  # printed by the Ru-D letter
        ("12.5", 1, 8, "agrees"),
        ("12", 1, 8, "agrees"),  # 12.5 is a tie: either neighbour
        ("13", 1, 8, "agrees"),
        ("14", 1, 8, "disagrees"),
        ("82.4", 32, 39, "disagrees"),  # printed for the pooled emapalumab trials
    ],
)
def test_a_printed_percent_is_held_against_its_counts(printed, count, total, verdict):
    assert agreement(printed, count, total) == verdict


@given(
    st.integers(1, 300).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))),
    st.integers(0, 3),
)
def test_a_nearest_rounding_never_raises_a_flag(pair, places):
    count, total = pair
    step = Fraction(1, 10**places)
    exact = Fraction(100 * count, total)
    nearest = round(exact / step) * step

    assert agreement(f"{float(nearest):.{places}f}", count, total) == "agrees"
