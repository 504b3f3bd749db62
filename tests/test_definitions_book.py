"""Executable pages together: parameters, references, circles, and limits that no unit fits."""

from datetime import date

import pytest

from openhlh.content.logic import Definition
from openhlh.definitions.book import Book, every_rule, unknown_parameters
from openhlh.errors import WrongInput, WrongPage
from openhlh.rules import tree
from openhlh.rules.facts import Moment
from tests.conftest import analytes_of_shelves

START, BEFORE = date(2024, 3, 15), date(2024, 3, 1)
FEVER = {"id": "fever", "finding": "fever"}
FERRITIN = {"id": "ferritin", "measure": "ferritin", "at_least": {"parameter": "limit"}}
LIMIT = {"id": "limit", "text": "Ferritin", "default": "500 ug/L", "source": "henter_2007", "at": "Table 2"}
LEVELS = [
    {"id": "CR", "text": "Complete", "at": "Table 1", "rule": FEVER},
    {"id": "PR", "text": "Partial", "at": "Table 1", "rule": {"id": "spleen", "finding": "splenomegaly"}},
    {"id": "HI", "text": "Improvement", "at": "Table 1", "rule": {"id": "liver", "finding": "hepatomegaly"}},
]


def page(key, rule=None, **logic):
    case = {"name": "a case", "facts": {"fever": "present"}, "verdict": "met"}
    return Definition.model_validate(
        {
            "id": key,
            "title": key,
            "status": "accepted",
            "kind": "diagnostic",
            "names": [key],
            "source": "henter_2007",
            "confidence": "confirmed",
            "rule": "In words",
            "logic": logic | ({"rule": rule} if rule else {}),
            "cases": [case],
        }
    )


def book(*pages):
    return Book({one.id: one for one in pages}, analytes_of_shelves())


def written(bound):
    return tree.as_tree(bound.rule)


# ---- parameters


def test_a_definition_is_bound_to_its_defaults_and_says_so():
    bound = book(page("one", FERRITIN, parameters=[LIMIT])).bound("one")
    assert written(bound)["at_least"] == "500 ug/L"
    assert bound.parameters == {"limit": "500 ug/L"}


def test_another_value_replaces_the_default_for_this_one_binding():
    pages = book(page("one", FERRITIN, parameters=[LIMIT]))
    assert written(pages.bound("one", {"limit": "3000 ng/mL"}))["at_least"] == "3000 ng/mL"
    assert written(pages.bound("one"))["at_least"] == "500 ug/L"


def test_a_parameter_that_the_page_does_not_have_is_an_error_with_those_it_has():
    pages = book(page("one", FERRITIN, parameters=[LIMIT]), page("none", FEVER))
    with pytest.raises(WrongInput, match=r"one has no parameter `limits`.*To do: its parameters are: limit"):
        pages.bound("one", {"limits": "3000 ug/L"})
    with pytest.raises(WrongInput, match="its parameters are: none"):
        pages.bound("none", {"limit": "3000 ug/L"})


@pytest.mark.parametrize("value", ["", "high", "> 500 ug/L"])
def test_a_parameters_value_is_a_quantity(value):
    with pytest.raises(WrongInput, match="is no quantity"):
        book(page("one", FERRITIN, parameters=[LIMIT])).bound("one", {"limit": value})


@pytest.mark.parametrize("value", ["500 pg", "500 U/mL"])
def test_a_parameters_value_stands_in_a_unit_of_its_analyte(value):
    with pytest.raises(WrongInput, match="a limit of ferritin stands in"):
        book(page("one", FERRITIN, parameters=[LIMIT])).bound("one", {"limit": value})


def test_a_parameter_that_is_used_and_not_listed_is_found():
    assert unknown_parameters(page("one", {"all": [FERRITIN, {"not": FERRITIN}]})) == {"limit"}
    assert unknown_parameters(page("one", FERRITIN, parameters=[LIMIT])) == set()
    graded = [level | {"rule": FERRITIN} for level in LEVELS]
    assert unknown_parameters(page("one", levels=graded)) == {"limit"}
    with pytest.raises(WrongInput, match="the parameter `limit` has no value"):
        book(page("one", FERRITIN)).bound("one")


# ---- references


def test_a_reference_brings_the_other_rule_with_its_own_defaults():
    other = page("other", FERRITIN, parameters=[LIMIT])
    bound = book(other, page("one", {"all": [FEVER, {"definition": "other"}]})).bound("one")
    assert written(bound) == {"all": [FEVER, FERRITIN | {"at_least": "500 ug/L"}]}
    assert bound.parameters == {}


def test_references_are_followed_through_several_pages():
    pages = book(
        page("a", {"not": {"definition": "b"}}), page("b", {"any": [{"definition": "c"}]}), page("c", FEVER)
    )
    assert written(pages.bound("a")) == {"not": {"any": [FEVER]}}


@pytest.mark.parametrize(
    ("reaches", "names"),
    [("cr", ["fever"]), ("pr", ["fever", "spleen"]), ("hi", ["fever", "spleen", "liver"])],
)
def test_a_level_is_reached_by_itself_or_a_better_one(reaches, names):
    graded = page("graded", levels=LEVELS, else_level="NR")
    bound = book(graded, page("one", {"not": {"definition": "graded", "reaches": reaches}})).bound("one")
    assert [one["id"] for one in written(bound)["not"]["any"]] == names


@pytest.mark.parametrize("node", [{"definition": "graded"}, {"definition": "graded", "reaches": "nr"}])
def test_a_reference_to_levels_names_one_of_them(node):
    pages = book(page("graded", levels=LEVELS, else_level="NR"), page("one", {"not": node}))
    with pytest.raises(WrongPage, match="write `reaches:` with one of cr, pr, hi"):
        pages.bound("one")


@pytest.mark.parametrize(
    ("rules", "circle"),
    [
        ({"a": {"definition": "a"}}, "a → a"),
        ({"a": {"not": {"definition": "b"}}, "b": {"definition": "a"}}, "a → b → a"),
        ({"a": {"all": [FEVER, {"definition": "b"}]}, "b": {"definition": "c"}, "c": {"any": [{"definition": "b"}]}}, "a → b → c → b"),
    ],
)  # fmt: skip
def test_references_in_a_circle_are_refused_with_the_file_and_the_way_round(rules, circle):
    pages = book(*(page(key, rule) for key, rule in rules.items()))
    with pytest.raises(WrongPage) as error:
        pages.bound("a")
    assert error.value.where == f"content/definitions/{circle[-1]}.yaml"
    assert circle in str(error.value)


def test_the_same_page_twice_is_no_circle():
    twice = page("one", {"all": [{"definition": "b"}, {"not": {"definition": "b"}}]})
    assert written(book(twice, page("b", FEVER)).bound("one")) == {"all": [FEVER, {"not": FEVER}]}


def test_a_definition_that_is_not_there_is_an_error():
    with pytest.raises(WrongInput, match="there is no executable definition `hlh_1991`"):
        book(page("one", FEVER)).bound("hlh_1991")
    with pytest.raises(WrongInput, match="there is no executable definition `two`"):
        book(page("one", {"definition": "two"})).bound("one")


def test_a_page_without_logic_is_not_executable():
    described = page("one", FEVER).model_copy(update={"logic": None, "cases": ()})
    assert book(described).pages == {}


# ---- analytes and units


@pytest.mark.parametrize(
    "rule",
    [
        {"measure": "ferritin", "at_least": "500 mg/L"},
        {"measure": "ferritin", "at_least": "500 ug/L", "printed_also": ["500 U/mL"]},
        {"measure": "scd25", "at_least": "6400 pg/mL"},
        {"any": [{"change": "ferritin", "at_least_times": "2", "and_value": {"above": "500 mg/L"}}]},
        {"any": [{"change": "ferritin", "at_least_times": "2", "baseline": {"below": "500 mg/L"}}]},
        {"score": [{"id": "a", "steps": [{"points": 1, "when": {"measure": "ferritin", "above": "5 g"}}]}], "at_least": 1},
    ],
)  # fmt: skip
def test_a_limit_in_a_unit_that_does_not_convert_is_refused_with_the_file(rule):
    with pytest.raises(WrongPage, match="No factor leads from it to the unit of the analyte") as error:
        book(page("one", rule)).bound("one")
    assert error.value.where == "content/definitions/one.yaml"


@pytest.mark.parametrize(
    "rule",
    [{"measure": "feritin", "at_least": "500 ug/L"}, {"not": {"change": "feritin", "at_least_times": "2"}}],
)
def test_an_analyte_that_no_shelf_knows_is_refused_with_the_file(rule):
    with pytest.raises(WrongPage, match="it measures `feritin`, which no shelf knows") as error:
        book(page("one", rule)).bound("one")
    assert error.value.where == "content/definitions/one.yaml"


def test_the_levels_are_looked_at_too():
    wrong = [LEVELS[0], LEVELS[1] | {"rule": {"measure": "ferritin", "below": "5 mg/L"}}]
    with pytest.raises(WrongPage, match="stands in `mg/L`"):
        book(page("one", levels=wrong, else_level="NR")).bound("one")


def test_the_laboratorys_limit_fits_every_analyte():
    assert book(page("one", {"measure": "ferritin", "above": "3 ULN"})).bound("one")


# ---- moments and rules


def test_a_moment_takes_the_windows_of_the_page():
    bound = book(page("one", FEVER, window={"from": -3, "to": 1}, baseline_window={"from": -9})).bound("one")
    assert bound.moment(Moment(START, BEFORE)) == Moment(START, BEFORE, (-3, 1), (-9, None))


def test_without_windows_a_page_looks_everywhere_and_at_a_week_before_the_baseline():
    moment = book(page("one", FEVER)).bound("one").moment(Moment(START))
    assert (moment.window, moment.baseline_window) == ((None, None), (-7, 0))


def test_every_rule_is_a_rule_with_all_inside_it():
    rule = tree.RULE.validate_python({"applies_if": FEVER, "then": {"any": [FEVER, {"not": FEVER}]}})
    assert [type(one).__name__ for one in every_rule(rule)] == [
        "AppliesIf",
        "Finding",
        "Any_",
        "Finding",
        "Not",
        "Finding",
    ]


def test_every_shipped_definition_can_be_bound(opened):
    for key in opened.book.pages:
        bound = opened.book.bound(key)
        assert bound.rules()
        for rule in bound.rules():
            assert not any(isinstance(one, tree.Reference) for one in every_rule(rule))


@pytest.mark.parametrize("other", [{"id": "fever", "finding": "splenomegaly"}, {"finding": "splenomegaly"}])
def test_two_different_lines_of_one_name_are_refused(other):
    first = FEVER if "id" in other else {"id": "line_2", "finding": "fever"}
    one = page("one", {"all": [first, other]})
    with pytest.raises(WrongPage, match="two different lines are called"):
        book(one).bound("one")


def test_a_line_that_stands_twice_and_lines_of_different_levels_may_share_their_name():
    twice = page("one", {"all": [FEVER, {"at_least": 1, "of": [FEVER]}]})
    levels = [LEVELS[0], {**LEVELS[1], "rule": {**FEVER, "finding": "splenomegaly"}}]
    graded = page("two", levels=levels, else_level="NR")
    assert book(twice, graded).bound("one").rule
    assert len(book(twice, graded).bound("two").levels) == 2
