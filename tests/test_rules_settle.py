"""What would settle an open verdict, and that a decided one survives whatever is learned later.

The oracles stand here: a two-valued evaluator for complete knowledge, and a search through every answer that the
missing tests could give.
"""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations, product
from random import Random

import pytest

from openhlh.rules import settle as module
from openhlh.rules import tree
from openhlh.rules.facts import Facts, Moment, Person, Seen
from openhlh.rules.plain import Plain
from openhlh.rules.settle import Settling, settle, under_policies
from openhlh.rules.verdicts import UNSEEN, Verdict
from tests import rule_vectors
from tests.rule_vectors import ANALYTES, vectors

ON = date(2024, 3, 15)
LETTERS = "abcdefghijklmnop"


def judged(node, **states):
    """Judge a rule about findings, each with its state: True, False, None (pending); others were not looked for."""
    findings = tuple(Seen(name, state, ON) for name, state in states.items())
    return Plain({}, Facts(Person("p"), findings=findings), Moment(ON)).judge(tree.RULE.validate_python(node))


def lines(names):
    return [{"finding": name} for name in names]


def sets(node, **states):
    """Return what would settle as (verdict, facts) pairs."""
    return {(one.verdict.value, "".join(sorted(one.facts))) for one in settle(judged(node, **states))}


COUNT = {"at_least": 3, "of": lines("abcde")}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"a": True, "b": True, "c": False, "d": False}, {("met", "e"), ("not_met", "e")}),
        ({"a": True, "b": True, "c": False}, {("met", "d"), ("met", "e"), ("not_met", "de")}),
        ({"a": True, "c": False}, {("met", "bd"), ("met", "be"), ("met", "de"), ("not_met", "bd"), ("not_met", "be"), ("not_met", "de")}),
        ({"a": True, "b": True, "c": True}, set()),
        ({"a": False, "b": False, "c": False}, set()),
    ],
)  # fmt: skip
def test_a_count_waits_for_as_many_tests_as_could_decide_it(states, expected):
    assert sets(COUNT, **states) == expected


def test_the_verdict_that_is_out_of_reach_has_no_set():
    assert sets({"all": lines("ab")}, a=True) == {("met", "b"), ("not_met", "b")}
    assert sets({"all": [{"any": lines("ab")}, {"not": {"finding": "c"}}]}, a=True) == {
        ("met", "c"),
        ("not_met", "c"),
    }
    assert sets({"any": lines("abc")}, a=False) == {("met", "b"), ("met", "c"), ("not_met", "bc")}


def test_under_a_not_the_absence_helps():
    rule = {"all": [{"finding": "a"}, {"not": {"finding": "b"}}]}
    assert sets(rule, a=True) == {("met", "b"), ("not_met", "b")}
    assert judged(rule, a=True, b=False).verdict is Verdict.MET


def test_one_test_settles_every_line_that_asks_for_it():
    twice = {"all": [{"finding": "a"}, {"any": [{"finding": "a"}, {"finding": "b"}]}]}
    assert sets(twice) == {("met", "a"), ("not_met", "a")}


def test_a_route_that_nobody_tried_is_no_test_to_wait_for_and_a_pending_one_is():
    rule = {"alternative": {"finding": "r"}, "beside": {"all": lines("ab")}}
    assert sets(rule, a=True) == {("met", "b"), ("not_met", "b")}
    assert sets(rule, a=True, b=False) == set()
    assert sets(rule, a=True, b=False, r=None) == {("met", "r"), ("not_met", "r")}


def test_a_pending_route_settles_however_far_away_the_count_is():
    rule = {"alternative": {"finding": "r"}, "beside": {"at_least": 5, "of": lines("abcdefgh")}}
    nothing_seen = dict.fromkeys("abcdefgh", False)
    assert sets(rule, **nothing_seen, r=None) == {("met", "r"), ("not_met", "r")}


def test_nobody_orders_more_tests_than_a_few():
    few, many = module.LARGEST_SET, module.LARGEST_SET + 1
    assert sets({"all": lines(LETTERS[:few])}) >= {("met", LETTERS[:few])}
    assert {verdict for verdict, _ in sets({"all": lines(LETTERS[:many])})} == {"not_met"}


def test_where_too_much_is_missing_nothing_is_proposed():
    enough, too_many = module.MOST_FACTS, module.MOST_FACTS + 1
    assert sets({"any": lines(LETTERS[:enough])})
    assert not sets({"any": lines(LETTERS[:too_many])})


# ---- every answer that the missing tests could give

COUNTING = ("all", "any", "not", "of", "score")


class _Small:
    """Makes small rules in which every line asks for a fact of its own."""

    def __init__(self, seed, kinds):
        self.kinds, self.names = kinds, iter(LETTERS)
        self.dice = Random(seed)  # noqa: S311 - test data, not secrets

    def node(self, depth=2):
        if depth == 0 or self.dice.random() < 0.2:
            return {"finding": next(self.names)}
        kind, several = self.dice.choice(self.kinds), range(self.dice.randint(1, 3))
        inside = (self.node(depth - 1) for _ in several)
        match kind:
            case "not":
                return {"not": self.node(depth - 1)}
            case "of":
                of = list(inside)
                return {"of": of, "at_least": self.dice.randint(1, len(of))}
            case "score":
                items = [
                    {"id": f"item_{at}", "steps": [{"points": self.dice.randint(1, 3), "when": one}]}
                    for at, one in enumerate(inside)
                ]
                return {"score": items, "at_least": self.dice.randint(1, 5)}
            case "alternative":
                return {"alternative": {"finding": next(self.names)}, "beside": self.node(depth - 1)}
            case "applies_if":
                return {"applies_if": self.node(depth - 1), "then": self.node(depth - 1)}
        return {kind: list(inside)}

    def states(self, node):
        """Return what is known of each finding of a rule; some of them nothing."""
        options = {"present": True, "absent": False, "pending": None}
        drawn = {name: self.dice.choice((*options, "not seen", "not seen")) for name in findings_of(node)}
        return {name: options[word] for name, word in drawn.items() if word in options}


def findings_of(node):
    return [line["finding"] for line in _maps(node) if "finding" in line]


def _maps(node):
    if isinstance(node, dict):
        yield node
    for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _maps(one)


def untried(node, states):
    """Return the routes that nobody tried."""
    return {one["alternative"]["finding"] for one in _maps(node) if "alternative" in one} - set(states)


def small_cases(seed, kinds, wanted):
    """Yield rules with states whose verdict is open and waits for at most five facts."""
    for at in range(seed, seed + 10_000):
        made = _Small(at, kinds)
        try:
            node = made.node()
        except StopIteration:
            continue  # more lines than letters
        states = made.states(node)
        waiting = [
            one for one in findings_of(node) if states.get(one) is None and one not in untried(node, states)
        ]
        if judged(node, **states).verdict is Verdict.UNKNOWN and len(waiting) <= 5:
            yield node, states, waiting
            wanted -= 1
        if not wanted:
            return


def by_every_answer(node, states, waiting, verdict):
    """Return the smallest sets of waiting facts that some answers of theirs make decide, from new judgements."""
    for size in range(1, len(waiting) + 1):
        found = {
            "".join(sorted(names))
            for names in combinations(waiting, size)
            for answers in product((True, False), repeat=size)
            if judged(node, **states | dict(zip(names, answers, strict=True))).verdict is verdict
        }
        if found:
            return found if size <= module.LARGEST_SET else set()
    return set()


@pytest.mark.parametrize("kinds", [COUNTING, (*COUNTING, "alternative")])
def test_the_sets_are_the_smallest_that_decide_and_none_is_missing(kinds):
    sizes = Counter()
    for node, states, waiting in small_cases(0, kinds, 120):
        for verdict in (Verdict.MET, Verdict.NOT_MET):
            expected = by_every_answer(node, states, waiting, verdict)
            got = {facts for said, facts in sets(node, **states) if said == verdict}
            assert got == expected, (node, states, verdict)
            sizes.update(map(len, got))
    assert {1, 2, 3} <= set(sizes)


def test_a_set_that_is_returned_decides_also_where_rules_have_conditions():
    seen = 0
    for node, states, waiting in small_cases(0, (*COUNTING, "alternative", "applies_if", "applies_if"), 120):
        for one in settle(judged(node, **states)):
            answers = product((True, False), repeat=len(one.facts) + len(one.given))
            later = (states | dict(zip((*one.facts, *one.given), some, strict=True)) for some in answers)
            assert any(judged(node, **told).verdict is one.verdict for told in later), (node, states, one)
            assert set(one.facts) <= set(waiting)
            seen += "applies_if" in str(node)
    assert seen > 20


# ---- what is decided stays decided

NUMBER = {Verdict.MET: 1, Verdict.NOT_MET: 0, Verdict.UNKNOWN: None, Verdict.NOT_APPLICABLE: "-"}


def completely(line, told):
    """Evaluate a judged rule once every line is known: 1, 0, "-" (not applicable); points for items of a score."""
    if id(line) in told:
        return told[id(line)]
    if not line.inside:
        return NUMBER[line.verdict]
    rule, inside = line.rule, [completely(one, told) for one in line.inside]
    applying = [one for one in inside if one != "-"]
    match rule:
        case tree.Score():
            return int(sum(inside) >= rule.at_least)
        case tree.ScoreItem():
            return max(
                (step.points for step, one in zip(rule.steps, inside, strict=True) if one == 1), default=0
            )
        case tree.Normalised():
            return "-" if inside[0] != 0 else inside[1]
        case tree.AppliesIf():
            return inside[1] if inside[0] == 1 else "-"
    if not applying:
        return "-"
    match rule:
        case tree.All():
            return min(applying)
        case tree.Any_() | tree.Alternative():
            return max(applying)
        case tree.Not():
            return 1 - applying[0]
        case tree.AtLeast():
            return int(applying.count(1) >= rule.at_least)
    return inside[0]


def still_open(line, *, of_route=False):
    """Yield every line that is unknown, with what it may turn out to be."""
    if isinstance(line.rule, tree.Alternative):
        yield from still_open(line.inside[0], of_route=True)
        yield from still_open(line.inside[1])
    elif line.inside:
        for one in line.inside:
            yield from still_open(one, of_route=of_route)
    elif line.verdict is Verdict.UNKNOWN:
        banded = isinstance(line.rule, tree.Change) and line.rule.baseline
        untested = of_route and line.ruling.reason in UNSEEN  # by contract this holds nothing up
        yield line, (0,) if untested else (0, 1, "-") if banded else (0, 1)


def test_a_decided_verdict_survives_everything_that_may_be_learned_later(monkeypatch):
    monkeypatch.setattr(rule_vectors, "PATIENTS_PER_RULE", 4)
    dice, decided = Random(11), Counter()  # noqa: S311 - test data, not secrets
    for rule, facts, moment in vectors(11, 4000):
        line = Plain(ANALYTES, facts, moment).judge(rule)
        open_lines = list(still_open(line))
        if line.verdict is Verdict.UNKNOWN or not moment.baseline or not open_lines:
            continue
        for _ in range(6):
            later = {id(one): dice.choice(answers) for one, answers in open_lines}
            assert completely(line, later) == NUMBER[line.verdict], (tree.as_tree(rule), facts, later)
            decided[line.verdict] += 1
    assert min(decided[one] for one in (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE)) > 100


def condition(name, then):
    return {"applies_if": {"finding": name}, "then": {"finding": then}}


def test_a_count_is_open_while_all_of_its_rules_may_turn_out_not_to_apply():
    rule = {"all": [{"at_least": 2, "of": [condition("a", "b"), condition("c", "d")]}, {"finding": "e"}]}
    assert judged(rule, c=False, e=True, a=False).verdict is Verdict.MET  # nothing is left to count
    assert judged(rule, c=False, e=True).verdict is Verdict.UNKNOWN


def test_normalised_is_open_while_the_baseline_may_have_been_normal():
    then = ON - timedelta(days=14)
    rule = tree.RULE.validate_python({"all": [{"normalised": {"finding": "a"}}, {"finding": "b"}]})
    moment = Moment(ON, then, (0, 0), (0, 0))

    def verdict(*rows):
        return Plain({}, Facts(Person("p"), findings=rows), moment).judge(rule).verdict

    now = (Seen("a", False, ON), Seen("b", True, ON))
    assert verdict(*now, Seen("a", True, then)) is Verdict.MET  # was normal: the line falls away
    assert verdict(*now) is Verdict.UNKNOWN


# ---- policies


def test_the_policies_by_hand():
    assert under_policies(judged(COUNT, a=True, b=True, c=False)) == {
        "strict": "unknown",
        "untested_as_not_met": "not_met",
        "worst_case": "met",
    }
    denying = {"all": [{"finding": "a"}, {"not": {"finding": "b"}}]}
    assert under_policies(judged(denying, a=True)) == {
        "strict": "unknown",
        "untested_as_not_met": "met",
        "worst_case": "met",
    }
    route = {"alternative": {"finding": "r"}, "beside": {"finding": "a"}}
    assert set(under_policies(judged(route, a=False)).values()) == {"not_met"}


def test_met_and_not_met_are_the_same_under_all_policies(monkeypatch):
    monkeypatch.setattr(rule_vectors, "PATIENTS_PER_RULE", 4)
    seen = Counter()
    for rule, facts, moment in vectors(12, 3000):
        line = Plain(ANALYTES, facts, moment).judge(rule)
        policies = under_policies(line)
        assert policies["strict"] is line.verdict
        if line.verdict is not Verdict.UNKNOWN:
            assert set(policies.values()) == {line.verdict}, tree.as_tree(rule)
        seen[tuple(policies.values())] += 1
    assert len(seen) > 6


def test_settling_names_facts_in_the_order_of_the_page():
    first = settle(judged({"all": lines("ba")}))[0]
    assert first == Settling(Verdict.MET, ("b", "a"))
