"""From a page's rule to one that can be judged: parameters filled in, other definitions put in their place."""

import pytest

from openhlh.errors import WrongInput
from openhlh.rules import tree
from openhlh.rules.binding import bind, leaves, parameters_of

FEVER = {"id": "fever", "finding": "fever"}
OPEN = {"id": "ferritin", "measure": "ferritin", "at_least": {"parameter": "limit"}}


def rule(node):
    return tree.RULE.validate_python(node)


def written(bound):
    return tree.as_tree(bound)


def test_a_parameter_becomes_its_value_wherever_a_limit_may_stand():
    change = {
        "change": "neutrophils",
        "at_least_times": "2",
        "and_value": {"above": {"parameter": "target"}},
        "baseline": {"at_least": {"parameter": "floor"}, "at_most": {"parameter": "target"}},
    }
    whole = {"all": [OPEN, {"applies_if": FEVER, "then": {"any": [change]}}]}
    bound = bind(rule(whole), {"limit": "500 ug/L", "target": "2.0 10*9/L", "floor": "0.5 10*9/L"})
    first, second = written(bound)["all"]
    assert first == {"id": "ferritin", "measure": "ferritin", "at_least": "500 ug/L"}
    assert second["then"]["any"][0] == change | {
        "and_value": {"above": "2.0 10*9/L"},
        "baseline": {"at_least": "0.5 10*9/L", "at_most": "2.0 10*9/L"},
    }


def test_a_rule_without_parameters_stays_as_it_is():
    assert bind(rule(FEVER), {"limit": "500 ug/L"}) == rule(FEVER)


def test_a_parameter_without_value_is_an_error_that_names_it():
    with pytest.raises(WrongInput, match="the parameter `limit` has no value"):
        bind(rule({"not": OPEN}), {"limits": "500 ug/L"})


def test_parameters_are_found_at_any_depth():
    deep = {"score": [{"id": "a", "steps": [{"points": 1, "when": {"normalised": OPEN}}]}], "at_least": 1}
    assert parameters_of(rule(deep)) == {"limit"}
    assert parameters_of(rule(FEVER)) == set()


def test_a_reference_becomes_the_rule_of_the_other_definition():
    asked = []

    def lookup(name, level):
        asked.append((name, level))
        return rule(FEVER)

    whole = {"all": [{"definition": "other"}, {"definition": "graded", "reaches": "pr"}]}
    assert written(bind(rule(whole), {}, lookup)) == {"all": [FEVER, FEVER]}
    assert asked == [("other", None), ("graded", "pr")]


def test_a_reference_with_a_name_keeps_it_around_what_it_refers_to():
    named = {
        "id": "entry",
        "text": "HLH by the criteria",
        "at": "Table 1",
        "source": "a",
        "definition": "other",
    }
    bound = bind(rule(named), {}, lambda *_: rule(FEVER))
    assert written(bound) == {
        "id": "entry",
        "text": "HLH by the criteria",
        "at": "Table 1",
        "source": "a",
        "all": [FEVER],
    }


def test_a_reference_cannot_be_followed_without_the_other_pages():
    with pytest.raises(WrongInput, match="`other` cannot be looked up here"):
        bind(rule({"not": {"definition": "other"}}), {})


def test_leaves_are_the_lines_that_look_at_facts_in_their_order():
    age = {"age": {"below": "28 d"}}
    whole = {"alternative": FEVER, "beside": {"at_least": 1, "of": [age, {"not": OPEN}]}}
    assert [written(leaf) for leaf in leaves(rule(whole))] == [FEVER, age, OPEN]
    assert leaves(rule(FEVER)) == [rule(FEVER)]
