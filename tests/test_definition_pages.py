"""The worked cases of every shipped page: in both engines, in three databases, and at every limit.

The last part turns each comparison of each page (at least / above, at most / below), moves each limit by one of its
last printed digit, and demands that some case of the page notices.
"""

import os
from copy import deepcopy
from decimal import Decimal
from fnmatch import fnmatch
from functools import cache, partial, reduce
from operator import getitem

import pytest

from openhlh.content.logic import Logic
from openhlh.definitions.assessing import assess
from openhlh.definitions.book import Book, every_rule
from openhlh.journeys.define import open_definitions
from openhlh.journeys.prove import cases_of, prove, prove_over_cohort
from openhlh.rules import tree
from tests.conftest import on_spark

OPENED = open_definitions(())
KEYS = sorted(OPENED.book.pages)


def page_of(key):
    return OPENED.book.page(key)


# ---- both engines


def test_every_page_that_ships_logic_has_cases():
    assert len(KEYS) >= 40
    assert all(len(page_of(key).cases) >= 5 for key in KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_the_plain_engine_confirms_every_case(key):
    assert prove(page_of(key), OPENED.book, OPENED.shelves.fact_names) == []


@pytest.mark.parametrize("key", KEYS)
def test_the_cohort_engine_confirms_every_case_in_duckdb(key, duckdb):
    assert prove_over_cohort([page_of(key)], OPENED.book, OPENED.shelves.fact_names, duckdb) == []


@pytest.mark.parametrize("key", KEYS)
def test_the_cohort_engine_confirms_every_case_in_postgresql(key, postgresql):
    assert prove_over_cohort([page_of(key)], OPENED.book, OPENED.shelves.fact_names, postgresql) == []


def asks(key):
    """Return what the rules of a page ask an engine for: the kinds, and the keys that change their meaning."""
    rules = [one for rule in OPENED.book.bound(key).rules() for one in every_rule(rule)]
    return {type(one).__name__ for one in rules} | {
        f"{type(one).__name__}.{name}"
        for one in rules
        for name in one.model_fields_set - {"id", "text", "at", "source"}
    }


def a_third_with_every_kind(keys):
    """Return a third of the pages: first, few that ask for all that any page asks for; then others, evenly."""
    chosen, wanted = [], set().union(*map(asks, keys))
    while wanted:
        best = max(keys, key=lambda key: (len(asks(key) & wanted), -len(page_of(key).cases)))
        chosen.append(best)
        wanted -= asks(best)
    others = [key for key in keys if key not in chosen]
    still = len(keys) // 3 - len(chosen)
    return sorted([*chosen, *others[:: len(others) // still][:still]])


# Spark plans every query anew: all pages take it six minutes on two cores. A third of them asks for every kind of rule
# and every key that any page uses; HLH_ALL_ON_SPARK=1 runs them all.
ON_SPARK = KEYS if os.environ.get("HLH_ALL_ON_SPARK") == "1" else a_third_with_every_kind(KEYS)


@on_spark
@pytest.mark.parametrize("key", ON_SPARK)
def test_the_cohort_engine_confirms_every_case_in_spark(key, spark):
    assert prove_over_cohort([page_of(key)], OPENED.book, OPENED.shelves.fact_names, spark) == []


def test_the_pages_on_spark_ask_for_every_kind_that_any_page_has():
    asked = {kind.__name__ for kind in tree.KINDS.values()} & set().union(*map(asks, KEYS))
    assert asked <= set().union(*map(asks, ON_SPARK))


# ---- every limit has a case on it and one to either side

OTHER = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}
OTHER |= {f"{name}_times": f"{other}_times" for name, other in OTHER.items()}
TURNED, LOWER, HIGHER = "turned", "a step lower", "a step higher"
LOOKS_AT_FACTS = {"measure", "finding", "exposure", "age", "change"}


def limits(node, place=()):
    """Yield the place of every limit of a page's logic; counts and scores compare whole numbers and are left."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        if (key in OTHER and not isinstance(value, int)) or (key == "default" and place[0] == "parameters"):
            yield (*place, key)
        yield from limits(value, (*place, key))


def mutants(logic):
    """Yield (place, how, logic): each comparison turned, and each limit moved by one of its last printed digit."""
    for place in limits(logic):
        *path, key = place
        value = _at(logic, place)
        if key in OTHER:
            changed = deepcopy(logic)
            _at(changed, path)[OTHER[key]] = _at(changed, path).pop(key)
            yield place, TURNED, changed
        moved = ((LOWER, -1), (HIGHER, 1)) if isinstance(value, str) and "/" not in value.split()[0] else ()
        for how, by in moved:
            changed = deepcopy(logic)
            _at(changed, path)[key] = stepped(value, by)
            yield place, how, changed


def _at(node, place):
    return reduce(getitem, place, node)


def stepped(text, by):
    """Move a printed number by one of its last digit: 1.5 g/L becomes 1.6 g/L."""
    number, _, unit = text.partition(" ")
    step = Decimal(1).scaleb(Decimal(number).as_tuple().exponent)
    return f"{Decimal(number) + by * step} {unit}".strip()


@cache
def written(key):
    logic = page_of(key).model_dump(mode="json", by_alias=True, exclude_unset=True)["logic"]
    return {name: logic[name] for name in ("parameters", "rule", "levels") if name in logic}


@cache
def cases_with_facts(key):
    return list(cases_of(page_of(key), OPENED.book, OPENED.shelves.fact_names))


def unnamed(node):
    """Return logic without the ids of lines that look at facts: a changed one is refused beside its namesake."""
    if isinstance(node, list):
        return [unnamed(one) for one in node]
    if not isinstance(node, dict):
        return node
    named = LOOKS_AT_FACTS.isdisjoint(node)
    return {key: unnamed(value) for key, value in node.items() if key != "id" or named}


def noticed(key, logic):
    """Say whether some case of a page fails once its limits are others."""
    page = page_of(key)
    whole = page.model_dump(mode="json", by_alias=True, exclude_unset=True)["logic"]
    other = page.model_copy(update={"logic": Logic.model_validate(unnamed(whole | logic))})
    book = Book(OPENED.book.pages | {key: other}, OPENED.book.analytes)
    return any(not holds(book, case) for case in cases_with_facts(key))


def holds(book, case):
    bound = book.bound(case.page.id, case.worked.set)
    one = assess(book, bound, case.facts, case.moment, settled=False)
    told = [(case.worked.verdict, one.verdict.value), (case.worked.level, one.level or "unknown")]
    if one.count:
        told += [(case.worked.met, one.count.lower), (case.worked.possible, one.count.upper)]
    return all(expected is None or expected == got for expected, got in told)


# What no patient could show: page, place, how; the reason stands above each group.
START, CRITERIA = "any.0.not.at_baseline", "rule.all.1.of"
EQUIVALENT = [
    # exactly at the limit a multiple of the start is that multiple of the limit (of a laboratory that keeps its limit);
    # a lower (for fibrinogen a higher) start asks for less than "value now" asks already
    ("ctcae_v5_alt", f"levels.?.rule.all.1.{START}.above", (TURNED, LOWER)),
    ("ctcae_v5_ast", f"levels.?.rule.all.1.{START}.above", (TURNED, LOWER)),
    ("ctcae_v5_bilirubin", f"levels.?.rule.all.1.{START}.above", (TURNED, LOWER)),
    ("ctcae_v5_fibrinogen", f"levels.0.rule.any.1.all.1.{START}.below", (TURNED, HIGHER)),
    ("ctcae_v5_fibrinogen", f"levels.?.rule.all.1.{START}.below", (TURNED, HIGHER)),
    # where two bands meet or overlap, the other one says met as well wherever this one does
    ("escalation_emapalumab", f"{CRITERIA}.1.any.0.applies_if.at_baseline.below", (TURNED, HIGHER)),
    ("escalation_emapalumab", f"{CRITERIA}.1.any.2.baseline.above", (TURNED, LOWER)),
    ("escalation_emapalumab", f"{CRITERIA}.2.any.1.baseline.at_least", (LOWER,)),
    ("escalation_emapalumab", f"{CRITERIA}.2.any.1.baseline.at_most", (TURNED, LOWER, HIGHER)),
    ("escalation_emapalumab", f"{CRITERIA}.3.any.1.baseline.below", (TURNED, HIGHER)),
    ("escalation_emapalumab", f"{CRITERIA}.5.beside.all.2.any.1.baseline.above", (TURNED, LOWER)),
    ("response_marsh_2013", "levels.1.rule.of.3.any.1.baseline.at_least", (LOWER,)),
    ("response_wang_2015", "levels.1.rule.all.0.of.3.any.1.baseline.at_least", (LOWER,)),
    # the band of the baseline and the limit of the value now lie to either side: any such value has fallen (risen)
    ("escalation_emapalumab", f"{CRITERIA}.1.any.2.below_times", (TURNED, HIGHER)),
    ("escalation_emapalumab", f"{CRITERIA}.2.any.?.below_times", (TURNED, HIGHER)),
    ("escalation_emapalumab", f"{CRITERIA}.3.any.1.above_times", (TURNED, LOWER)),
    ("escalation_emapalumab", f"{CRITERIA}.5.beside.all.2.any.1.below_times", (TURNED, HIGHER)),
]

# What a patient could show and no case of the page does yet: a case more takes the line out.
LISTED = [(page, place, how) for page, place, ways in EQUIVALENT for how in ways]


@pytest.mark.parametrize("key", KEYS)
def test_every_limit_of_a_page_has_a_case_on_it_and_to_either_side(key):
    assert not noticed(key, written(key))
    listed = [(place, how) for page, place, how in LISTED if page == key]
    unnoticed = [
        (".".join(map(str, at)), how) for at, how, logic in mutants(written(key)) if not noticed(key, logic)
    ]
    unlisted = [one for one in unnoticed if not any(map(partial(matches, one), listed))]
    unused = [row for row in listed if not any(matches(one, row) for one in unnoticed)]
    assert (unlisted, unused) == ([], [])


def matches(one, row):
    return fnmatch(one[0], row[0]) and one[1] == row[1]
