"""Truth tables of the verdicts, written out by hand: three values and "not applicable"."""

from itertools import pairwise, permutations, product

import pytest

from openhlh.rules.verdicts import (
    BY_RANK,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNSEEN,
    Reason,
    Ruling,
    Verdict,
    between,
    denied,
    every,
    loudest,
    some,
    unknown,
)

OPEN = unknown(Reason.PENDING)
SHORT = {"T": MET, "F": NOT_MET, "?": OPEN, "-": NOT_APPLICABLE}

#            T  F  ?  -   second rule
EVERY = {
    "T": "T F ? T",
    "F": "F F F F",
    "?": "? F ? ?",
    "-": "T F ? -",
}
SOME = {
    "T": "T T T T",
    "F": "T F ? F",
    "?": "T ? ? ?",
    "-": "T F ? -",
}
DENIED = {"T": "F", "F": "T", "?": "?", "-": "-"}


def cells(table):
    return [
        (first, second, expected)
        for first, row in table.items()
        for second, expected in zip("TF?-", row.split(), strict=True)
    ]


@pytest.mark.parametrize(("first", "second", "expected"), cells(EVERY))
def test_every_of_two(first, second, expected):
    assert every([SHORT[first], SHORT[second]]) == SHORT[expected]


@pytest.mark.parametrize(("first", "second", "expected"), cells(SOME))
def test_some_of_two(first, second, expected):
    assert some([SHORT[first], SHORT[second]]) == SHORT[expected]


@pytest.mark.parametrize(("one", "expected"), DENIED.items())
def test_denied(one, expected):
    assert denied(SHORT[one]) == SHORT[expected]


def test_denying_keeps_the_reason():
    for reason in Reason:
        assert denied(unknown(reason)) == unknown(reason)


@pytest.mark.parametrize("combine", [every, some])
def test_three_rules_are_two_and_one_whatever_their_order(combine):
    for three in product(SHORT.values(), repeat=3):
        whole = combine(list(three))
        assert combine([combine(list(three[:2])), three[2]]) == whole
        assert {combine(list(order)) for order in permutations(three)} == {whole}


def test_de_morgan_holds_where_rules_do_not_apply_too():
    for first, second in product(SHORT.values(), repeat=2):
        assert denied(every([first, second])) == some([denied(first), denied(second)])


@pytest.mark.parametrize("one", "TF?-")
def test_one_rule_alone_is_itself(one):
    assert every([SHORT[one]]) == some([SHORT[one]]) == SHORT[one]


#  rules  needed  verdict: every count of two and of three rules, by hand
BETWEEN = """
TT 1 T
TT 2 T
TF 1 T
TF 2 F
FF 1 F
FF 2 F
T? 1 T
T? 2 ?
F? 1 ?
F? 2 F
?? 1 ?
?? 2 ?
T- 1 T
T- 2 F
F- 1 F
F- 2 F
?- 1 ?
-- 1 -
-- 2 -
TTT 3 T
TT? 2 T
TT? 3 ?
TTF 3 F
TF? 2 ?
TF? 3 F
T?? 2 ?
F?? 2 ?
F?? 3 F
??? 1 ?
??? 3 ?
FF? 1 ?
FF? 2 F
T?- 2 ?
TT- 3 F
T-- 1 T
F-- 1 F
--- 3 -
"""


@pytest.mark.parametrize("line", BETWEEN.split("\n")[1:-1])
def test_a_count_is_given_as_soon_as_both_its_ends_agree(line):
    rules, needed, expected = line.split()
    lower, open_ones = rules.count("T"), rules.count("?")
    got = between(lower, lower + open_ones, int(needed), [SHORT[one] for one in rules])
    assert got == SHORT[expected]


@pytest.mark.parametrize(
    ("lower", "upper", "needed", "expected"),
    [(168, 168, 169, NOT_MET), (169, 169, 169, MET), (168, 169, 169, OPEN), (0, 168, 169, NOT_MET), (169, 337, 169, MET)],
)  # fmt: skip
def test_a_score_is_given_as_soon_as_both_its_ends_agree(lower, upper, needed, expected):
    assert between(lower, upper, needed, [OPEN, MET]) == expected


def test_of_several_reasons_the_most_telling_is_said():
    told = [unknown(reason) for reason in Reason]
    assert [one.reason.value for one in told] == [
        "not_measured",
        "no_baseline",
        "out_of_window",
        "pending",
        "no_laboratory_limit",
        "implausible",
        "unit_not_comparable",
        "censored",
        "confounded",
        "conflicting",
        "age_unclear",
    ]
    for quiet, loud in pairwise(told):
        for combine in (every, some):
            assert combine([quiet, loud]) == combine([loud, quiet]) == loud


def test_among_facts_met_speaks_first_then_what_was_seen_then_not_met_then_nothing():
    nothing = [unknown(reason) for reason in (Reason.NOT_MEASURED, Reason.NO_BASELINE, Reason.OUT_OF_WINDOW)]
    seen = [unknown(reason) for reason in Reason if reason not in UNSEEN]
    for quiet, loud in [
        *((one, NOT_MET) for one in nothing),
        *((NOT_MET, one) for one in seen),
        *((one, MET) for one in (*nothing, NOT_MET, *seen)),
    ]:
        assert loudest([quiet, loud]) == loudest([loud, quiet]) == loud


def test_no_fact_at_all_is_not_measured():
    assert loudest([]) == unknown(Reason.NOT_MEASURED)


def test_a_rank_stands_for_one_ruling_only():
    rulings = [MET, NOT_MET, *(unknown(reason) for reason in Reason)]
    assert len({one.rank for one in rulings}) == len(rulings) == len(BY_RANK)
    assert all(BY_RANK[one.rank] == one for one in rulings)
    assert NOT_APPLICABLE.rank not in BY_RANK
    assert Ruling(Verdict.NOT_APPLICABLE).rank == -1  # the cohort engine writes it so for a change
