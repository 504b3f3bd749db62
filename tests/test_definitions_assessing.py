"""One patient assessed: levels and what they may be, counts with bounds, lines, and what settles."""

from datetime import date

import pytest

from openhlh.definitions.assessing import assess, lines_of
from openhlh.rules.facts import Facts, Moment, Person, Seen
from openhlh.rules.verdicts import Verdict
from tests.test_definitions_book import book, page

ON = date(2024, 3, 15)


def finding(name):
    return {"id": name, "finding": name}


def level(name, rule):
    return {"id": name, "text": f"{name} in words", "at": "Table 1", "rule": rule}


GRADED = page("graded", levels=[level("CR", finding("cr")), level("PR", finding("pr")), level("HI", finding("hi"))], else_level="NR")  # fmt: skip


def assessed(own, others=(), **states):
    """Assess a page about findings, each with its state: True, False, None (pending); others were not looked for."""
    pages = book(own, *others)
    facts = Facts(Person("p"), findings=tuple(Seen(name, state, ON) for name, state in states.items()))
    return assess(pages, pages.bound(own.id), facts, Moment(ON))


LEVELS = [  # cr, pr, hi: level, possible, verdict
    (True, True, True, "CR", ("CR",), Verdict.MET),
    (True, None, None, "CR", ("CR",), Verdict.MET),
    (False, True, None, "PR", ("PR",), Verdict.MET),
    (False, False, True, "HI", ("HI",), Verdict.MET),
    (False, False, False, "NR", ("NR",), Verdict.NOT_MET),
    (None, True, False, None, ("CR", "PR"), Verdict.UNKNOWN),
    (None, False, False, None, ("CR", "NR"), Verdict.UNKNOWN),
    (None, None, True, None, ("CR", "PR", "HI"), Verdict.UNKNOWN),
    (False, None, True, None, ("PR", "HI"), Verdict.UNKNOWN),
    (False, False, None, None, ("HI", "NR"), Verdict.UNKNOWN),
    (None, None, None, None, ("CR", "PR", "HI", "NR"), Verdict.UNKNOWN),
]


@pytest.mark.parametrize(("states", "expected"), [(row[:3], row[3:]) for row in LEVELS])
def test_the_level_is_the_best_that_is_certain_and_else_those_still_possible(states, expected):
    one = assessed(GRADED, **dict(zip(("cr", "pr", "hi"), states, strict=True)))
    assert (one.level, one.possible, one.verdict) == expected
    assert one.judged is None
    assert one.count is None


def test_an_open_level_is_settled_by_what_the_best_open_one_needs():
    one = assessed(GRADED, cr=False, pr=None, hi=None)
    assert {(way.verdict, way.facts) for way in one.settled_by} == {
        (Verdict.MET, ("pr",)),
        (Verdict.NOT_MET, ("pr",)),
    }
    assert assessed(GRADED, cr=True).settled_by == ()


def test_levels_that_all_do_not_apply_leave_no_level():
    conditional = [
        level(name, {"applies_if": finding("treated"), "then": finding(name.lower())})
        for name in ("CR", "PR")
    ]
    one = assessed(page("conditional", levels=conditional, else_level="NR"), treated=False, cr=True)
    assert (one.level, one.possible, one.verdict) == (None, (), Verdict.NOT_APPLICABLE)


def test_a_level_that_does_not_apply_is_passed_over():
    mixed = [
        level("CR", {"applies_if": finding("treated"), "then": finding("cr")}),
        level("PR", finding("pr")),
    ]
    one = assessed(page("mixed", levels=mixed, else_level="NR"), treated=False, pr=True)
    assert (one.level, one.verdict) == ("PR", Verdict.MET)
    one = assessed(page("mixed", levels=mixed, else_level="NR"), treated=False, pr=False)
    assert (one.level, one.verdict) == ("NR", Verdict.NOT_MET)


COUNT = {"at_least": 2, "of": [finding("a"), finding("b"), finding("c")]}


@pytest.mark.parametrize(
    ("states", "bounds"),
    [
        ({"a": True, "b": False}, (1, 2)),
        ({"a": True, "b": True}, (2, 3)),
        ({}, (0, 3)),
        ({"a": False, "b": False, "c": False}, (0, 0)),
    ],
)
def test_the_count_has_the_bounds_that_the_facts_leave(states, bounds):
    for rule in (
        COUNT,
        {"alternative": finding("genes"), "beside": COUNT},
        {"all": [finding("fever"), COUNT]},
    ):
        one = assessed(page("one", rule), **states)
        assert (one.count.lower, one.count.upper) == bounds


def test_two_counts_are_no_count_and_one_inside_a_line_is_its_own():
    assert assessed(page("two", {"all": [COUNT, COUNT]})).count is None
    assert assessed(page("none", {"all": [finding("a")]})).count is None
    inside = {"all": [{"id": "cytopenia", "any": [COUNT]}, finding("a")]}
    assert assessed(page("inside", inside)).count is None


def test_a_score_is_a_count_of_points():
    items = [{"id": name, "steps": [{"points": 18, "when": finding(name)}]} for name in ("a", "b")]
    one = assessed(page("score", {"score": items, "at_least": 20}), a=True)
    assert (one.count.lower, one.count.upper, one.verdict) == (18, 36, Verdict.UNKNOWN)
    assert [line.rule.id for line in one.lines] == ["a", "b"]


def test_what_would_settle_and_the_policies_come_with_an_open_verdict():
    one = assessed(page("one", COUNT), a=True, b=False)
    assert {(way.verdict, way.facts) for way in one.settled_by} == {
        (Verdict.MET, ("c",)),
        (Verdict.NOT_MET, ("c",)),
    }
    assert one.policies == {"strict": "unknown", "untested_as_not_met": "not_met", "worst_case": "met"}


def test_settling_is_left_out_where_nobody_asks():
    own = page("one", COUNT)
    pages = book(own)
    one = assess(pages, pages.bound("one"), Facts(Person("p")), Moment(ON), settled=False)
    assert (one.verdict, one.settled_by) == (Verdict.UNKNOWN, ())


def test_the_window_is_that_of_the_page_that_was_asked():
    narrow = page("narrow", {"definition": "wide"}, window={"from": 0, "to": 0})
    wide = page("wide", finding("a"), window={"from": -30})
    facts = Facts(Person("p"), findings=(Seen("a", True, date(2024, 3, 1)),))
    pages = book(narrow, wide)
    told = {key: assess(pages, pages.bound(key), facts, Moment(ON)).verdict for key in ("narrow", "wide")}
    assert told == {"narrow": Verdict.UNKNOWN, "wide": Verdict.MET}


def test_the_lines_are_the_topmost_with_a_name_and_those_that_look_at_facts():
    unnamed = {"finding": "d"}
    rule = {
        "alternative": finding("genes"),
        "beside": {"all": [{"id": "two", **COUNT}, {"any": [unnamed, finding("e")]}]},
    }
    one = assessed(page("one", rule))
    assert [line.rule.id for line in one.lines] == ["genes", "two", None, "e"]
    assert lines_of(one.lines[0]) == [one.lines[0]]


def test_every_shipped_definition_is_open_for_a_patient_of_whom_nothing_is_known(
    opened,
):
    """A page that would call such a patient met or not met takes silence for an answer."""
    for key in opened.book.pages:
        bound = opened.book.bound(key)
        one = assess(opened.book, bound, Facts(Person("p")), Moment(ON))
        assert one.verdict is Verdict.UNKNOWN, key
        assert one.level is None
