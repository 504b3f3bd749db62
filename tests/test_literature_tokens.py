"""Tokens: numbers as they are printed, and what only looks like one."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhlh.literature.tokens import sentences, spelled, tokens


def numbers(text):
    return [(one.text, one.number.value) for one in tokens(text) if one.number is not None]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12 of 34", ["12", "34"]),
        ("1,234 of 12,345,678", ["1234", "12345678"]),
        ("58\u2009240 and 1\u202f234\u202f567", ["58240", "1234567"]),
        ("with 58 240 in all", ["58240"]),
        ("82 89 124 81 92", ["82", "89", "124", "81", "92"]),
        ("35·3 and 35.30", ["35.3", "35.30"]),
        ("35,3 % of them", ["35.3"]),
        ("a change of −1.5 or -2", ["-1.5", "-2"]),
        ("3-8 days, 3–8 days", ["3", "8", "3", "8"]),
        ("p<.001", ["0.001"]),
        ("10mg, 5y", ["10", "5"]),
    ],
)
def test_a_number_is_read_as_it_is_printed(text, values):
    assert [value for _, value in numbers(text)] == [Fraction(value) for value in values]


@pytest.mark.parametrize(
    "text",
    [
        "HLH-94, HLH-2004, CD25, IL-2 and COVID-19",
        "in children.1,2 as told",
        "told before [12,13] and ^4,5 and ¹²",
        "at 10:30, in a ratio of 1:2",
        "on 2022-06-30",
        "x 10^9/L, ×109/L",
        "doi:10.1000/1234 and https://example.org/12",
        "the 1st, 2nd and 3D",
        "version 5.0.1",
        "a two-fold rise, two thirds, a three-way design",
    ],
)
def test_what_only_looks_like_a_number_is_none(text):
    assert numbers(text) == []


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Twelve", 12),
        ("Twenty-two", 22),
        ("one hundred ten", 110),
        ("two hundred", 200),
        ("one thousand two hundred and three", 1203),
    ],
)
def test_number_words_have_their_value(words, value):
    assert [found for _, found in numbers(f"{words} (35%) of all")] == [value, 35]
    assert spelled(words) == value


def test_a_comma_after_hundred_ends_the_number():
    assert [value for _, value in numbers("two hundred, five men")] == [200, 5]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("A first one. A second.", 2),
        ("Told by Smith et al. Then vs. now. End.", 2),
        ("A value of 3.5 mg. Next.", 2),
        ("One line\ngoes on. Next", 2),
        ("A heading\n\nA sentence", 2),
        ("cell\tcell\tcell", 3),
        ("as known.12 Then more.", 2),
    ],
)
def test_a_text_is_cut_into_sentences(text, count):
    assert len(list(sentences(text))) == count


@given(st.text(max_size=200))
def test_every_token_stands_at_its_offsets_and_in_order(text):
    found = list(tokens(text))

    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(st.integers(0, 10**9))
def test_thousands_marks_do_not_change_a_number(value):
    assert [found for _, found in numbers(f"in {value:,} people")] == [value]


def test_what_has_no_full_stop_in_a_thousand_tokens_is_cut():
    found = list(sentences("12 of " * 2000))

    assert [len(one.tokens) for one in found] == [1000] * 4


@pytest.mark.parametrize("piece", ["n=", "&a;", "a-", "1,", "(1", "1/", "a@"])
def test_a_long_run_without_spaces_takes_time_in_proportion(piece):
    import time

    def seconds(length):
        start = time.process_time()
        list(sentences(piece * length))
        return time.process_time() - start

    seconds(1000)
    assert seconds(40_000) < 30 * max(seconds(4000), 0.01)
