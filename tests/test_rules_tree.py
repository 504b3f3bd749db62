"""The grammar: what a rule may be, what is refused, and that nothing changes between a page and its tree."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from openhlh.content.reader import read_tree
from openhlh.content.shelves import HERE
from openhlh.rules import tree

FEVER = {"finding": "fever"}
FERRITIN = {"measure": "ferritin", "at_least": "500 ug/L"}
EXAMPLES = {  # one of every kind, as short as it can be
    "measure": FERRITIN,
    "finding": FEVER,
    "exposure": {"exposure": "etoposide"},
    "age": {"age": {"below": "28 d"}},
    "change": {"change": "ferritin", "at_most_times": "2/3"},
    "normalised": {"normalised": FERRITIN},
    "at_baseline": {"at_baseline": FEVER},
    "all": {"all": [FEVER]},
    "any": {"any": [FEVER]},
    "not": {"not": FEVER},
    "of": {"at_least": 1, "of": [FEVER]},
    "score": {"score": [{"id": "one", "steps": [{"points": 18, "when": FEVER}]}], "at_least": 1},
    "applies_if": {"applies_if": FEVER, "then": FERRITIN},
    "alternative": {"alternative": FEVER, "beside": FERRITIN},
    "definition": {"definition": "hlh_2004"},
}


def rule(node):
    return tree.RULE.validate_python(node)


def as_written(node):
    """Return a tree as the text that a page holds."""
    if isinstance(node, dict):
        return {key: as_written(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_written(value) for value in node]
    return {True: "yes", False: "no"}.get(node, str(node)) if isinstance(node, bool) else str(node)


# ---- from page to tree and back


def shipped():
    for path in sorted((HERE / "definitions").glob("*.yaml")):
        logic = read_tree(path)[0].get("logic")
        if logic:
            written = [logic["rule"]] if "rule" in logic else [level["rule"] for level in logic["levels"]]
            yield from (pytest.param(one, id=f"{path.stem}-{at}") for at, one in enumerate(written))


@pytest.mark.parametrize("written", list(shipped()))
def test_every_shipped_rule_comes_back_as_it_was_written(written):
    assert as_written(tree.as_tree(rule(written))) == written


names = st.sampled_from(["ferritin", "platelets", "fever", "a1_b2"])
limits = st.sampled_from(["500 ug/L", "1.5 g/L", "38.5 Cel", "3 ULN", "-3 [degF]", "0.5 10*9/L"])
bounds = st.sampled_from(sorted(tree.SIGNS))
day = st.integers(-36500, 36500)
window = st.one_of(
    st.just({}),
    st.builds(lambda one: {"from": one}, day),
    st.builds(lambda one: {"to": one}, day),
    st.lists(day, min_size=2, max_size=2).map(sorted).map(lambda ends: {"from": ends[0], "to": ends[1]}),
)
confounder = st.fixed_dictionaries(
    {"exposure": names | st.lists(names, min_size=1, max_size=2)},
    optional={"days": st.integers(0, 90), "hides": st.sampled_from(["met", "not_met", "both"])},
)
told = {
    "id": names,
    "text": st.sampled_from(["Fever", "Low blood counts: two of three", "yes", "12"]),
    "at": st.just("Table 2"),
    "source": st.just("henter_2007"),
}
seen = {"window": window, "confounded_by": st.lists(confounder, max_size=2)}


def one_limit(values, suffix=""):
    return st.builds(lambda bound, limit: {f"{bound}{suffix}": limit}, bounds, values)


def joined(*parts):
    return st.tuples(*parts).map(lambda maps: {key: value for one in maps for key, value in one.items()})


band = st.dictionaries(bounds, limits, max_size=2)
line = st.one_of(
    joined(
        one_limit(limits | st.fixed_dictionaries({"parameter": names})),
        st.fixed_dictionaries(
            {"measure": names},
            optional={
                **told,
                **seen,
                "printed_also": st.lists(limits, max_size=2),
                "pick": st.sampled_from(["worst", "first", "latest", "nearest"]),
                "valid_for": st.integers(0, 30),
                "or_finding": names | st.lists(names, min_size=1, max_size=2),
                "laboratory_cutoff": st.booleans(),
            },
        ),
    ),
    st.just(
        FERRITIN | {"or_derived": {"product": ["leukocytes", "neutrophil_percent"], "times": "0.01"}, "id": "a"}
    ),
    st.fixed_dictionaries(
        {"finding": names | st.lists(names, min_size=1, max_size=3)}, optional={**told, **seen}
    ),
    st.fixed_dictionaries(
        {"exposure": names},
        optional={
            **told,
            "window": window,
            "started_at_least": st.integers(0, 99),
            "lasted_at_least": st.integers(1, 99),
        },
    ),
    st.fixed_dictionaries({"age": one_limit(st.sampled_from(["28 d", "4 wk", "6 mo", "18 a"]))}, optional=told),
    joined(
        one_limit(st.sampled_from(["0.75", "2/3", "2"]), "_times"),
        st.fixed_dictionaries(
            {"change": names},
            optional={**told, **seen, "baseline_window": window, "and_value": band, "baseline": band},
        ),
    ),
    st.fixed_dictionaries({"definition": names}, optional={**told, "reaches": names}),
)  # fmt: skip


def has_no_change(node):
    return "'change'" not in str(node)


def around(rules):
    several = st.lists(rules, min_size=1, max_size=3)
    of_one_day = rules.filter(has_no_change)
    step = st.fixed_dictionaries({"points": st.integers(1, 64), "when": rules})
    item = st.fixed_dictionaries({"id": names, "steps": st.lists(step, min_size=1, max_size=2)})
    route = st.sampled_from([FEVER, FERRITIN, {"any": [FEVER, FERRITIN]}])
    return st.one_of(
        st.fixed_dictionaries({"all": several}, optional=told),
        st.fixed_dictionaries({"any": several}, optional=told),
        st.fixed_dictionaries({"not": rules}, optional=told),
        st.fixed_dictionaries({"normalised": of_one_day}, optional=told),
        st.fixed_dictionaries({"at_baseline": of_one_day}, optional=told),
        several.flatmap(lambda of: st.integers(1, len(of)).map(lambda least: {"at_least": least, "of": of})),
        st.fixed_dictionaries(
            {"score": st.lists(item, min_size=1, max_size=3), "at_least": st.integers(1, 400)}, optional=told
        ),
        st.fixed_dictionaries({"applies_if": rules, "then": rules}, optional=told),
        st.fixed_dictionaries({"alternative": route, "beside": rules}, optional=told),
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("rules") / "rule.yaml"


@st.composite
def rules_up_to(draw, depth):
    return draw(line if depth == 0 else line | around(rules_up_to(depth - 1)))


@given(node=rules_up_to(3))
@settings(derandomize=True, max_examples=80, deadline=None)
def test_any_rule_comes_back_from_yaml_as_it_was(path, node):
    path.write_text(yaml.safe_dump(as_written(node), sort_keys=False))
    written = read_tree(path)[0]
    made = rule(written)
    assert as_written(tree.as_tree(made)) == written == as_written(node)
    assert rule(tree.as_tree(made)) == made == rule(node)  # text and numbers mean the same


def test_there_is_an_example_of_every_kind():
    assert set(EXAMPLES) == set(tree.KINDS)
    for kind, node in EXAMPLES.items():
        assert type(rule(node)) is tree.KINDS[kind]


# ---- what is refused

WRONG = [
    ({}, "a rule has exactly one of the keys measure, finding"),
    ({"fever": "present"}, "a rule has exactly one of the keys"),
    (FEVER | FERRITIN, "a rule has exactly one of the keys"),
    ("ferritin >= 500", "a rule has exactly one of the keys"),
    ({"measure": "ferritin"}, "exactly one of at_least, above, at_most, below is needed"),
    (FERRITIN | {"below": "900 ug/L"}, "exactly one of at_least, above, at_most, below is needed"),
    ({"measure": "ferritin", "at_least": ""}, 'write number and unit: "500 ug/L"'),
    ({"measure": "ferritin", "at_least": "about 500 ug/L"}, "is no quantity"),
    ({"measure": "ferritin", "at_least": "500"}, "is no quantity"),
    ({"measure": "ferritin", "at_least": "1,5 g/L"}, "is no quantity"),
    ({"measure": "ferritin", "at_least": 500}, "at_least"),
    ({"measure": "Ferritin", "at_least": "500 ug/L"}, "measure"),
    (FERRITIN | {"pick": "mean"}, "'worst', 'first', 'latest' or 'nearest'"),
    (FERRITIN | {"valid_for": -1}, "greater than or equal to 0"),
    (FERRITIN | {"laboratory_cutoff": "maybe"}, "write yes or no"),
    (FERRITIN | {"window": {"from": 3, "to": -3}}, "the window ends before it starts"),
    (FERRITIN | {"window": {"from": -40000}}, "-36500"),
    (FERRITIN | {"or_derived": {"product": ["leukocytes"], "times": "0.01"}}, "at least 2 items"),
    (FERRITIN | {"or_derived": {"product": ["a", "b"], "times": "1/0"}}, "pattern"),
    (FERRITIN | {"confounded_by": [{"exposure": "etoposide", "hides": "all"}]}, "'met', 'not_met' or 'both'"),
    (FERRITIN | {"confounded_by": [{"days": 3}]}, "Field required"),
    ({"finding": []}, "finding"),
    ({"exposure": "etoposide", "lasted_at_least": 0}, "greater than or equal to 1"),
    ({"age": {}}, "exactly one of at_least, above, at_most, below is needed"),
    ({"age": {"below": "28 days"}}, "pattern"),
    ({"age": {"below": "1.5 a"}}, "pattern"),
    ({"change": "ferritin"}, "exactly one of at_least_times, above_times, at_most_times, below_times is needed"),
    ({"change": "ferritin", "at_most_times": "75 %"}, "pattern"),
    ({"change": "ferritin", "at_most_times": "-1"}, "pattern"),
    ({"all": []}, "at least 1 item"),
    ({"any": []}, "at least 1 item"),
    ({"all": FEVER}, "all"),
    ({"at_least": 3, "of": [FEVER, FEVER]}, "at least 3 of 2 can never be met"),
    ({"at_least": 0, "of": [FEVER]}, "greater than or equal to 1"),
    ({"at_least": 1, "of": []}, "at least 1 item"),
    ({"of": [FEVER]}, "Field required"),
    ({"score": [], "at_least": 1}, "at least 1 item"),
    ({"score": [{"id": "one", "steps": []}], "at_least": 1}, "at least 1 item"),
    ({"score": [{"id": "one", "steps": [{"points": 0, "when": FEVER}]}], "at_least": 1}, "greater than or equal to 1"),
    ({"applies_if": FEVER}, "Field required"),
    ({"alternative": {"not": FEVER}, "beside": FEVER}, "the alternative route is a measure or finding"),
    ({"alternative": {"all": [FEVER]}, "beside": FEVER}, "the alternative route is a measure or finding"),
    ({"all": [{"any": [FEVER, {"measure": "ferritin"}]}]}, "exactly one of at_least"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "message"), WRONG)
def test_a_wrong_rule_is_refused_with_what_is_wrong(node, message):
    with pytest.raises(ValidationError) as error:
        rule(node)
    assert message in str(error.value)


def test_a_derived_value_has_no_day_to_pick():
    derived = {"or_derived": {"product": ["leukocytes", "neutrophil_percent"], "times": "0.01"}}
    assert rule(FERRITIN | derived)
    with pytest.raises(ValidationError, match="or_derived needs pick worst"):
        rule(FERRITIN | derived | {"pick": "latest"})


@pytest.mark.parametrize("key", ["normalised", "at_baseline"])
def test_a_change_already_looks_at_both_days(key):
    for node in (EXAMPLES["change"], {"any": [FEVER, {"not": EXAMPLES["change"]}]}):
        with pytest.raises(ValidationError, match="a change from baseline cannot stand inside"):
            rule({key: node})


INNER = {  # places inside a rule that hold a mapping of their own
    "window": (FERRITIN | {"window": {}}, ["window"]),
    "limit": ({"measure": "ferritin", "at_least": {"parameter": "limit"}}, ["at_least"]),
    "confounder": (FERRITIN | {"confounded_by": [{"exposure": "etoposide"}]}, ["confounded_by", 0]),
    "derived": (FERRITIN | {"or_derived": {"product": ["a", "b"], "times": "1"}}, ["or_derived"]),
    "age": (EXAMPLES["age"], ["age"]),
    "band": (EXAMPLES["change"] | {"baseline": {"above": "3 g/L"}}, ["baseline"]),
    "floor": (EXAMPLES["change"] | {"and_value": {"above": "3 g/L"}}, ["and_value"]),
    "item": (EXAMPLES["score"], ["score", 0]),
    "step": (EXAMPLES["score"], ["score", 0, "steps", 0]),
}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_no_kind_takes_a_key_that_it_does_not_know(kind):
    for key, value in (("weight", 3), ("Text", "a"), ("or_findings", "fever"), ("window_note", "a")):
        with pytest.raises(ValidationError):
            rule(EXAMPLES[kind] | {key: value})


@pytest.mark.parametrize("place", INNER)
def test_nothing_inside_a_rule_takes_a_key_that_it_does_not_know(place):
    whole, path = INNER[place]

    def with_key(node, rest):
        if not rest:
            return node | {"unheard_of": "1 g/L"}
        if isinstance(node, list):
            return [with_key(one, rest[1:]) if at == rest[0] else one for at, one in enumerate(node)]
        return node | {rest[0]: with_key(node[rest[0]], rest[1:])}

    assert rule(whole)
    with pytest.raises(ValidationError):
        rule(with_key(whole, path))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_rule_cannot_be_changed_and_can_be_a_key(kind):
    made = rule(EXAMPLES[kind])
    for name in type(made).model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(made, name, None)
    assert {made: 1}[rule(EXAMPLES[kind])] == 1


# ---- what a rule says of itself


@pytest.mark.parametrize(
    ("name", "sign"), [("at_least", ">="), ("above", ">"), ("at_most", "<="), ("below", "<")]
)
def test_a_rule_knows_its_sign_and_limit(name, sign):
    measure, age = rule({"measure": "ferritin", name: "3 g/L"}), rule({"age": {name: "18 a"}})
    change = rule({"change": "ferritin", f"{name}_times": "2/3"})
    assert (measure.sign, measure.limit) == (sign, "3 g/L")
    assert age.age.sign_and_limit == (sign, "18 a")
    assert change.sign_and_factor == (sign, "2/3")


def test_the_rules_inside_stand_in_the_order_of_the_page():
    three = [{"finding": name} for name in ("fever", "splenomegaly", "hiv")]
    a, b, c = map(rule, three)
    steps = [
        {"id": name, "steps": [{"points": 1, "when": one}]} for name, one in zip("xyz", three, strict=True)
    ]
    assert tree.inside(rule({"all": three})) == tree.inside(rule({"any": three})) == (a, b, c)
    assert tree.inside(rule({"at_least": 2, "of": three})) == (a, b, c)
    assert tree.inside(rule({"score": steps, "at_least": 1})) == (a, b, c)
    assert tree.inside(rule({"applies_if": three[0], "then": three[1]})) == (a, b)
    assert tree.inside(rule({"alternative": three[0], "beside": three[1]})) == (a, b)
    for key in ("not", "normalised", "at_baseline"):
        assert tree.inside(rule({key: three[0]})) == (a,)
    assert tree.inside(a) == ()


def test_named_lines_are_the_topmost_with_a_name_and_those_that_look_at_facts():
    named = {"id": "cytopenia", "at_least": 1, "of": [{"id": "hemoglobin"} | FERRITIN, FEVER]}
    whole = rule(
        {"alternative": {"id": "genes", "finding": "hlh_variant"}, "beside": {"all": [named, FEVER]}}
    )
    assert [one.id for one in tree.named_lines(whole)] == ["genes", "cytopenia", None]
    assert tree.named_lines(rule(FEVER)) == [rule(FEVER)]
