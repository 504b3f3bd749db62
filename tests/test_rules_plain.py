"""The plain engine, line by line: which fact decides, at which edge, and why a line stays unknown."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from openhlh.rules import tree
from openhlh.rules.facts import Facts, Given, Measurement, Moment, Person, Seen
from openhlh.rules.plain import Plain
from openhlh.rules.verdicts import MET, NOT_APPLICABLE, NOT_MET, Reason, unknown
from tests.conftest import analytes_of_shelves

ON = date(2024, 3, 15)
THEN = ON - timedelta(days=14)


def day(distance):
    return None if distance is None else ON + timedelta(days=distance)


def value(analyte, number, unit=None, at=0, **more):
    known = analytes_of_shelves()[analyte].unit if unit is None else unit
    return Measurement(analyte, None if number is None else Decimal(number), known, day(at), **more)


def seen(finding, present=True, at=0):
    return Seen(finding, present, day(at))


def course(drug, start=0, end=None, *, given=True):
    return Given(drug, day(start), day(end), given)


def person(born=None, latest=None):
    return Person("p", born, latest or born)


def facts_of(*rows, who=None):
    kinds = (Measurement, Seen, Given)
    return Facts(who or person(), *(tuple(one for one in rows if isinstance(one, kind)) for kind in kinds))


def judged(node, *rows, who=None, **moment):
    facts = facts_of(*rows, who=who)
    return Plain(analytes_of_shelves(), facts, Moment(ON, **moment)).judge(tree.RULE.validate_python(node))


def ruling(node, *rows, **more):
    return judged(node, *rows, **more).ruling


FERRITIN = {"measure": "ferritin", "at_least": "500 ug/L"}
FEVER = {"finding": "fever"}


# ---- values


def test_a_value_at_the_limit_meets_it_and_is_named_as_the_fact():
    line = judged(FERRITIN, value("ferritin", "499"), value("ferritin", "500", at=-3))
    assert line.ruling == MET
    assert (line.fact.value, line.fact.on) == (500, day(-3))


def test_the_worst_value_decides_and_the_earliest_of_equals_is_shown():
    rows = [
        value("ferritin", number, at=at)
        for number, at in (("900", -2), ("1200", -1), ("1200", -4), ("20", 0))
    ]
    line = judged(FERRITIN, *rows)
    assert (line.ruling, line.fact.value, line.fact.on) == (MET, 1200, day(-4))


def test_for_a_low_limit_the_lowest_value_is_the_worst():
    rule = {"measure": "hemoglobin", "below": "90 g/L"}
    line = judged(
        rule, value("hemoglobin", "8.9", "g/dL"), value("hemoglobin", "85"), value("hemoglobin", "120")
    )
    assert (line.ruling, line.fact.value) == (MET, 85)


def test_values_in_different_units_are_ordered_by_what_they_mean():
    rule = {"measure": "platelets", "below": "100 10*9/L"}
    rows = [value("platelets", "90000", "/uL", at=-1), value("platelets", "95", at=-2)]
    assert judged(rule, *rows).fact.value == 90000
    assert judged(rule, *reversed(rows)).fact.value == 90000


PICKED = [  # (value, day) of each row, and what first, latest, nearest and worst make of "500 or more"
    ([("600", -5), ("400", -1)], MET, NOT_MET, NOT_MET, MET),
    ([("400", -5), ("600", -1)], NOT_MET, MET, MET, MET),
    ([("400", -5), ("600", 2)], NOT_MET, MET, MET, MET),
    ([("600", -2), ("400", 2)], MET, NOT_MET, MET, MET),  # equally near: the earlier
    ([("400", -2), ("600", 2)], NOT_MET, MET, NOT_MET, MET),
    ([("400", -2), ("600", None)], NOT_MET, MET, MET, MET),  # without a day: the day of judgement
    ([("400", 0), ("400", -2)], NOT_MET, NOT_MET, NOT_MET, NOT_MET),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "first", "latest", "nearest", "worst"), PICKED)
def test_the_day_that_is_picked_decides(rows, first, latest, nearest, worst):
    facts = [value("ferritin", number, at=at) for number, at in rows]
    expected = {"first": first, "latest": latest, "nearest": nearest, "worst": worst}
    assert {pick: ruling(FERRITIN | {"pick": pick}, *facts) for pick in expected} == expected


def test_a_row_that_was_not_done_is_no_day_to_pick():
    rows = (value("ferritin", "600", at=-3), value("ferritin", None, status="not_done"))
    assert ruling(FERRITIN | {"pick": "latest"}, *rows) == MET


def test_a_pending_row_is_the_latest():
    rows = (value("ferritin", "600", at=-3), value("ferritin", None, status="pending"))
    assert ruling(FERRITIN | {"pick": "latest"}, *rows) == unknown(Reason.PENDING)
    assert ruling(FERRITIN, *rows) == MET


def test_two_values_of_the_picked_day_that_disagree_are_conflicting():
    rows = (value("ferritin", "499"), value("ferritin", "500"), value("ferritin", "900", at=-1))
    for pick in ("latest", "nearest"):
        assert ruling(FERRITIN | {"pick": pick}, *rows) == unknown(Reason.CONFLICTING)
    assert ruling(FERRITIN | {"pick": "first"}, *rows) == MET
    assert ruling(FERRITIN, *rows) == MET


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (-7, MET),
        (-8, unknown(Reason.OUT_OF_WINDOW)),
        (7, MET),
        (8, unknown(Reason.OUT_OF_WINDOW)),
        (None, MET),
    ],
)
def test_a_picked_value_is_valid_for_so_many_days(at, expected):
    rule = FERRITIN | {"pick": "nearest", "valid_for": 7}
    assert ruling(rule, value("ferritin", "600", at=at)) == expected


# ---- windows

OUT = unknown(Reason.OUT_OF_WINDOW)
ENDS = [(-8, OUT), (-7, MET), (0, MET), (2, MET), (3, OUT), (None, MET)]


@pytest.mark.parametrize(("at", "expected"), ENDS)
def test_both_ends_of_a_window_belong_to_it(at, expected):
    window = {"window": {"from": -7, "to": 2}}
    assert ruling(FERRITIN | window, value("ferritin", "600", at=at)) == expected
    assert ruling(FEVER | window, seen("fever", at=at)) == expected
    assert ruling({"exposure": "etoposide"} | window, course("etoposide", at)) == expected
    # the same as the window of the page, and the line's own goes before it
    assert ruling(FERRITIN, value("ferritin", "600", at=at), window=(-7, 2)) == expected
    assert ruling(FERRITIN | window, value("ferritin", "600", at=at), window=(0, 0)) == expected


@pytest.mark.parametrize(
    ("window", "inside"),
    [({"to": 0}, {-900, 0}), ({"from": 0}, {0, 900}), ({}, {-900, 0, 900}), ({"from": 0, "to": 0}, {0})],
)
def test_a_missing_end_of_a_window_is_open(window, inside):
    rule = FEVER | {"window": window}
    assert {at for at in (-900, 0, 900) if ruling(rule, seen("fever", at=at)) == MET} == inside


def test_a_fact_outside_the_window_does_not_speak_beside_one_inside():
    rows = (value("ferritin", "600", at=-9), value("ferritin", "400", at=-1))
    assert ruling(FERRITIN, *rows, window=(-7, 0)) == NOT_MET


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(-20, -8, OUT), (-20, -7, MET), (-20, 30, MET), (2, 5, MET), (3, 5, OUT), (-20, None, OUT)],
)
def test_a_course_counts_where_any_of_its_days_lies_in_the_window(start, end, expected):
    rule = {"exposure": "etoposide", "window": {"from": -7, "to": 2}}
    assert ruling(rule, course("etoposide", start, end)) == expected


# ---- findings, exposures, age


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([True], MET),
        ([False], NOT_MET),
        ([None], unknown(Reason.PENDING)),
        ([False, True], MET),
        ([False, None], unknown(Reason.PENDING)),
        ([None, True], MET),
        ([], unknown(Reason.NOT_MEASURED)),
    ],
)
def test_a_finding_is_there_if_it_was_seen_once(rows, expected):
    facts = [seen("fever", present, at=-at) for at, present in enumerate(rows)]
    assert ruling(FEVER, *facts) == expected


def test_any_of_several_findings_is_enough_and_absent_needs_no_other():
    either = {"finding": ["fever", "splenomegaly"]}
    assert ruling(either, seen("fever", False), seen("splenomegaly")) == MET
    assert ruling(either, seen("fever", False)) == NOT_MET
    assert ruling(either, seen("hepatomegaly")) == unknown(Reason.NOT_MEASURED)


def test_an_exposure_is_not_denied_by_silence():
    rule = {"exposure": "etoposide"}
    assert ruling(rule) == unknown(Reason.NOT_MEASURED)
    assert ruling(rule, course("etoposide", given=False)) == NOT_MET
    assert ruling(rule, course("etoposide", given=False), course("etoposide", -3)) == MET


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(-13, 0, NOT_MET), (-14, 0, MET), (-15, -15, MET), (None, None, OUT)],
)
def test_how_long_ago_a_drug_began(start, end, expected):
    rule = {"exposure": "etoposide", "started_at_least": 14}
    assert ruling(rule, course("etoposide", start, end)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (-6, -1, NOT_MET),  # six days
        (-6, 0, MET),  # seven, both ends counted
        (-2, 9, NOT_MET),  # only the days up to the day of judgement
        (-6, 9, MET),
        (-20, None, NOT_MET),  # without an end it is one day
        (None, None, OUT),
    ],
)
def test_how_long_a_drug_was_given(start, end, expected):
    rule = {"exposure": "etoposide", "lasted_at_least": 7}
    assert ruling(rule, course("etoposide", start, end)) == expected


NEWBORN = {"age": {"below": "28 d"}}


@pytest.mark.parametrize(("days", "expected"), [(0, MET), (27, MET), (28, NOT_MET), (29, NOT_MET)])
def test_an_age_in_days(days, expected):
    assert ruling(NEWBORN, who=person(ON - timedelta(days=days))) == expected


def test_an_age_known_between_two_days_counts_where_both_agree():
    born = ON - timedelta(days=28), ON - timedelta(days=27)
    assert ruling(NEWBORN, who=person(*born)) == unknown(Reason.AGE_UNCLEAR)
    assert ruling({"age": {"below": "29 d"}}, who=person(*born)) == MET
    assert ruling({"age": {"below": "27 d"}}, who=person(*born)) == NOT_MET
    assert ruling(NEWBORN) == unknown(Reason.NOT_MEASURED)


# ---- a value known another way

SPLENIC = FERRITIN | {"or_finding": "fever"}


def test_a_finding_that_says_the_same_counts_beside_the_value():
    assert ruling(SPLENIC, seen("fever")) == MET
    assert ruling(SPLENIC, value("ferritin", "400"), seen("fever")) == MET
    assert ruling(SPLENIC, value("ferritin", "600"), seen("fever", False)) == MET
    assert ruling(SPLENIC, value("ferritin", "400"), seen("fever", False)) == NOT_MET
    assert ruling(SPLENIC, seen("fever", False)) == NOT_MET
    assert ruling(SPLENIC, value("ferritin", "400"), seen("fever", None)) == unknown(Reason.PENDING)
    assert ruling(SPLENIC, seen("fever", at=-9), window=(-7, 0)) == OUT


ANC = {
    "measure": "neutrophils",
    "below": "1.0 10*9/L",
    "or_derived": {"product": ["leukocytes", "neutrophil_percent"], "times": "0.01"},
}


@pytest.mark.parametrize(("percent", "expected"), [("24.9", MET), ("25", NOT_MET), ("25.1", NOT_MET)])
def test_a_product_of_two_values_of_one_day_counts_like_a_value(percent, expected):
    rows = (value("leukocytes", "4000", "/uL"), value("neutrophil_percent", percent))
    line = judged(ANC, *rows)
    assert line.ruling == expected
    assert (line.fact.analyte, line.fact.unit) == ("neutrophils", "10*9/L")
    assert line.fact.value == Fraction(percent) * 4 / 100


def test_a_product_needs_both_values_on_one_day():
    rows = (value("leukocytes", "1"), value("neutrophil_percent", "20", at=-1))
    assert ruling(ANC, *rows) == unknown(Reason.NOT_MEASURED)


def test_on_a_day_with_a_measured_value_the_product_is_not_made():
    product = (value("leukocytes", "1"), value("neutrophil_percent", "20"))
    assert ruling(ANC, *product) == MET
    assert ruling(ANC, *product, value("neutrophils", "1.2")) == NOT_MET
    assert ruling(ANC, *product, value("neutrophils", "1.2", at=-1)) == MET


@pytest.mark.parametrize(
    "spoiled",
    [{"comparator": "<"}, {"status": "implausible"}, {"status": "pending"}, {"number": None}, {"unit": "mg"}],
)
def test_a_product_is_not_made_of_what_is_not_known_exactly(spoiled):
    number = spoiled.pop("number", "1")
    unit = spoiled.pop("unit", "10*9/L")
    rows = (value("leukocytes", number, unit, **spoiled), value("neutrophil_percent", "20"))
    assert ruling(ANC, *rows) == unknown(Reason.NOT_MEASURED)


# ---- confounders


def under(hides, days=0, drug="tocilizumab"):
    return FEVER | {"confounded_by": [{"exposure": drug, "days": days, "hides": hides}]}


@pytest.mark.parametrize(
    ("hides", "present", "expected"),
    [
        ("not_met", True, MET),
        ("not_met", False, unknown(Reason.CONFOUNDED)),
        ("met", True, unknown(Reason.CONFOUNDED)),
        ("met", False, NOT_MET),
        ("both", True, unknown(Reason.CONFOUNDED)),
        ("both", False, unknown(Reason.CONFOUNDED)),
        ("both", None, unknown(Reason.PENDING)),
    ],
)
def test_a_drug_hides_the_verdict_that_it_is_said_to_hide(hides, present, expected):
    assert ruling(under(hides), seen("fever", present), course("tocilizumab")) == expected


@pytest.mark.parametrize(("after", "hidden"), [(-1, False), (0, True), (4, True), (7, True), (8, False)])
def test_a_drug_hides_from_its_first_day_to_some_days_after_the_last(after, hidden):
    drug = course("tocilizumab", -after, -after + 4)  # five days, then three more
    got = ruling(under("not_met", 3), seen("fever", False), drug)
    assert got == (unknown(Reason.CONFOUNDED) if hidden else NOT_MET)


def test_a_drug_without_an_end_hides_one_day():
    drug = course("tocilizumab", -1)
    assert ruling(under("not_met"), seen("fever", False), drug) == NOT_MET
    assert ruling(under("not_met", 1), seen("fever", False), drug) == unknown(Reason.CONFOUNDED)


@pytest.mark.parametrize(
    ("fact", "drug"), [(seen("fever", False, at=None), course("tocilizumab", -90)), (seen("fever", False), course("tocilizumab", None))]
)  # fmt: skip
def test_where_a_day_is_not_known_the_drug_is_taken_to_hide(fact, drug):
    assert ruling(under("not_met"), fact, drug) == unknown(Reason.CONFOUNDED)


def test_a_drug_that_was_not_given_hides_nothing():
    refused = course("tocilizumab", given=False)
    assert ruling(under("not_met"), seen("fever", False), refused) == NOT_MET


def test_a_day_without_the_drug_speaks_beside_a_hidden_one():
    rows = (seen("fever", False), seen("fever", True, at=-9), course("tocilizumab"))
    assert ruling(under("not_met"), *rows) == MET
    rows = (seen("fever", False), seen("fever", False, at=-9), course("tocilizumab"))
    assert ruling(under("not_met"), *rows) == unknown(Reason.CONFOUNDED)


def test_a_confounded_value_is_unknown_too():
    rule = {"measure": "platelets", "below": "100 10*9/L", "confounded_by": [{"exposure": "transfusion_platelets", "days": 1}]}  # fmt: skip
    drug = course("transfusion_platelets", -1)
    assert ruling(rule, value("platelets", "120"), drug) == unknown(Reason.CONFOUNDED)
    assert ruling(rule, value("platelets", "80"), drug) == MET
    assert ruling(rule, value("platelets", "120", at=1), drug) == NOT_MET


# ---- every reason has a fact that makes it


REASONS = {
    Reason.NOT_MEASURED: (FERRITIN, []),
    Reason.OUT_OF_WINDOW: (FERRITIN | {"window": {"from": -7}}, [value("ferritin", "600", at=-8)]),
    Reason.PENDING: (FERRITIN, [value("ferritin", None, status="pending")]),
    Reason.NO_LABORATORY_LIMIT: ({"measure": "ast", "above": "3 ULN"}, [value("ast", "500")]),
    Reason.IMPLAUSIBLE: (FERRITIN, [value("ferritin", "600", status="implausible")]),
    Reason.UNIT_NOT_COMPARABLE: (
        {"measure": "scd25", "at_least": "2400 U/mL"},
        [value("scd25", "20000", "pg/mL")],
    ),
    Reason.CENSORED: (FERRITIN, [value("ferritin", "400", comparator=">")]),
    Reason.CONFOUNDED: (under("both"), [seen("fever"), course("tocilizumab")]),
    Reason.CONFLICTING: (FERRITIN | {"pick": "first"}, [value("ferritin", "400"), value("ferritin", "600")]),
    Reason.NO_BASELINE: ({"change": "ferritin", "at_most_times": "0.5"}, [value("ferritin", "600")]),
    Reason.AGE_UNCLEAR: (NEWBORN, [person(ON - timedelta(days=30), ON)]),
}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_for_unknown_can_be_given(reason):
    rule, rows = REASONS[reason]
    who = next((one for one in rows if isinstance(one, Person)), None)
    assert ruling(rule, *rows, who=who) == unknown(reason)


# ---- change from baseline


def changed(before, now, node, **more):
    """Judge a change of ferritin between two weeks ago and today; each value is a number with its unit or not."""
    rows = [value("ferritin", *one.split(), at=at) for told, at in ((before, -14), (now, 0)) for one in told]
    return ruling({"change": "ferritin"} | node, *rows, baseline=THEN, **more)


@pytest.mark.parametrize(
    ("factor", "now", "expected"),
    [
        ({"at_most_times": "0.75"}, "749", MET),
        ({"at_most_times": "0.75"}, "750", MET),
        ({"at_most_times": "0.75"}, "751", NOT_MET),
        ({"below_times": "0.75"}, "749", MET),
        ({"below_times": "0.75"}, "750", NOT_MET),
        ({"at_least_times": "2"}, "1999", NOT_MET),
        ({"at_least_times": "2"}, "2000", MET),
        ({"above_times": "2"}, "2000", NOT_MET),
        ({"above_times": "2"}, "2001", MET),
    ],
)
def test_a_change_is_held_against_the_factor(factor, now, expected):
    assert changed(["1000"], [now], factor) == expected


def test_a_factor_of_two_thirds_is_exact():
    assert changed(["0.3"], ["0.2"], {"at_most_times": "2/3"}) == MET
    assert changed(["0.3"], ["0.2000000001"], {"at_most_times": "2/3"}) == NOT_MET


def test_a_change_across_units_is_exact():
    assert changed(["445 ug/L"], ["500 pmol/L"], {"at_most_times": "0.5"}) == MET
    assert changed(["445 ug/L"], ["500.1 pmol/L"], {"at_most_times": "0.5"}) == NOT_MET


@pytest.mark.parametrize(
    ("before", "now", "factor", "expected"),
    [
        ((">", "40000"), ("", "10000"), {"at_most_times": "0.25"}, MET),  # a fall from more is a larger fall
        ((">", "40000"), ("", "10001"), {"at_most_times": "0.25"}, unknown(Reason.CENSORED)),
        ((">", "40000"), ("", "80000"), {"at_least_times": "2"}, unknown(Reason.CENSORED)),
        ((">", "40000"), ("", "39999"), {"at_least_times": "1"}, NOT_MET),
        (("", "40000"), (">", "80000"), {"at_least_times": "2"}, MET),
        (("", "40000"), (">", "39999"), {"at_least_times": "2"}, unknown(Reason.CENSORED)),
        (("", "40000"), (">", "40000"), {"at_most_times": "0.5"}, NOT_MET),
        (("", "1000"), ("<", "500"), {"at_most_times": "0.5"}, MET),
        (("", "1000"), ("<", "501"), {"at_most_times": "0.5"}, unknown(Reason.CENSORED)),
        ((">", "40000"), (">", "40000"), {"at_most_times": "0.5"}, unknown(Reason.CENSORED)),
        (("<", "100"), ("", "300"), {"at_least_times": "3"}, MET),
    ],
)
def test_a_bound_at_either_end_of_a_change_decides_or_is_censored(before, now, factor, expected):
    rows = [
        value("ferritin", number, at=at, comparator=sign) for (sign, number), at in ((before, -14), (now, 0))
    ]
    assert ruling({"change": "ferritin"} | factor, *rows, baseline=THEN) == expected


FALL = {"at_most_times": "0.75"}


@pytest.mark.parametrize(("now", "expected"), [("150", MET), ("151", NOT_MET)])
def test_a_floor_holds_beside_the_change(now, expected):
    assert changed(["1000"], [now], FALL | {"and_value": {"at_most": "150 ug/L"}}) == expected


@pytest.mark.parametrize(
    ("before", "expected"), [("499", NOT_APPLICABLE), ("500", MET), ("2000", MET), ("2001", NOT_APPLICABLE)]
)
def test_a_change_applies_within_its_band_of_baselines(before, expected):
    band = {"baseline": {"at_least": "500 ug/L", "at_most": "2000 ug/L"}}
    assert changed([before], ["100"], FALL | band) == expected


def test_a_baseline_that_may_lie_on_either_side_of_the_band_leaves_it_open():
    band = {"baseline": {"at_least": "500 ug/L"}}
    rows = (value("ferritin", "400", at=-14, comparator=">"), value("ferritin", "10"))
    rule = {"change": "ferritin"} | FALL | band
    assert ruling(rule, *rows, baseline=THEN) == unknown(Reason.CENSORED)


def test_outside_its_band_a_change_does_not_wait_for_the_value_of_today():
    band = {"baseline": {"at_least": "500 ug/L"}}
    assert changed(["100"], [], FALL | band, window=(0, 0)) == NOT_APPLICABLE
    assert changed(["600"], [], FALL | band, window=(0, 0)) == OUT


def test_without_a_baseline_a_change_is_unknown_for_that_reason():
    rows = (value("ferritin", "1000", at=-14), value("ferritin", "10"))
    assert ruling({"change": "ferritin"} | FALL, *rows) == unknown(Reason.NO_BASELINE)


def test_the_values_nearest_to_both_days_are_compared():
    rows = [
        value("ferritin", number, at=at)
        for number, at in (("1000", -15), ("100", -18), ("700", -1), ("900", -3))
    ]
    line = judged({"change": "ferritin"} | FALL, *rows, baseline=THEN)
    assert (line.ruling, line.baseline.value, line.fact.value) == (MET, 1000, 700)


@pytest.mark.parametrize(("at", "expected"), [(-17, MET), (-18, OUT), (-13, OUT)])
def test_a_baseline_has_a_window_of_its_own(at, expected):
    rule = {"change": "ferritin"} | FALL | {"window": {"from": 0, "to": 0}}
    rows = (value("ferritin", "1000", at=at), value("ferritin", "10"))
    assert ruling(rule, *rows, baseline=THEN, baseline_window=(-3, 0)) == expected
    own = rule | {"baseline_window": {"from": -3, "to": 0}}
    assert ruling(own, *rows, baseline=THEN) == expected


def test_two_values_of_one_day_compare_where_they_agree():
    assert changed(["1000", "900"], ["600"], FALL) == MET
    assert changed(["1000", "700"], ["600"], FALL) == unknown(Reason.CONFLICTING)
    assert changed(["1000", "900"], ["800"], FALL) == NOT_MET


def test_soluble_cd25_in_mass_units_changes_only_within_its_unit():
    rule = {"change": "scd25", "at_most_times": "0.5"}
    before = value("scd25", "20000", "pg/mL", at=-14)
    assert ruling(rule, before, value("scd25", "10000", "pg/mL"), baseline=THEN) == MET
    assert ruling(rule, before, value("scd25", "10001", "pg/mL"), baseline=THEN) == NOT_MET
    for unit in ("U/mL", "ng/mL"):
        got = ruling(rule, before, value("scd25", "10", unit), baseline=THEN)
        assert got == unknown(Reason.UNIT_NOT_COMPARABLE)
    floor = rule | {"and_value": {"at_most": "2400 U/mL"}}
    got = ruling(floor, before, value("scd25", "10", "pg/mL"), baseline=THEN)
    assert got == unknown(Reason.UNIT_NOT_COMPARABLE)


def test_a_hidden_value_is_no_end_of_a_change():
    rule = {"change": "ferritin", "confounded_by": [{"exposure": "tocilizumab"}]} | FALL
    rows = (value("ferritin", "1000", at=-14), value("ferritin", "10"))
    assert ruling(rule, *rows, course("tocilizumab"), baseline=THEN) == unknown(Reason.CONFOUNDED)
    assert ruling(rule, *rows, course("tocilizumab", -14), baseline=THEN) == unknown(Reason.CONFOUNDED)
    assert ruling(rule, *rows, course("tocilizumab", -7), baseline=THEN) == MET


@pytest.mark.parametrize("status", ["pending", "implausible"])
def test_a_value_that_cannot_be_used_is_told_as_such(status):
    reason = {"pending": Reason.PENDING, "implausible": Reason.IMPLAUSIBLE}[status]
    rows = (value("ferritin", "1000", at=-14), value("ferritin", "10", status=status))
    assert ruling({"change": "ferritin"} | FALL, *rows, baseline=THEN, window=(0, 0)) == unknown(reason)


# ---- facts without a day


def test_a_fact_without_a_day_counts_today_and_never_at_the_baseline():
    undated = (value("ferritin", "600", at=None), seen("fever", at=None), course("etoposide", None))
    for node in (FERRITIN, FEVER, {"exposure": "etoposide"}):
        assert ruling(node, *undated, baseline=THEN) == MET
        assert ruling({"at_baseline": node}, *undated, baseline=THEN) == OUT
    change = {"change": "ferritin", "at_least_times": "1"}
    assert ruling(change, *undated, baseline=THEN) == OUT
    assert ruling(change, *undated, value("ferritin", "500", at=-14), baseline=THEN) == MET


# ---- phases and conditions


NORMAL = {"normalised": {"measure": "platelets", "at_least": "100 10*9/L"}}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("99", "100", MET),
        ("99", "99", NOT_MET),
        ("100", "100", NOT_APPLICABLE),
        ("100", "99", NOT_APPLICABLE),
        ("100", None, NOT_APPLICABLE),
        ("99", None, unknown(Reason.OUT_OF_WINDOW)),
        (None, "100", unknown(Reason.OUT_OF_WINDOW)),
    ],
)
def test_normalised_is_abnormal_then_and_normal_now(before, now, expected):
    rows = [value("platelets", number, at=at) for number, at in ((before, -14), (now, 0)) if number]
    windows = {"window": (-1, 0), "baseline_window": (-1, 0)}
    assert ruling(NORMAL, *rows, baseline=THEN, **windows) == expected


def test_without_a_baseline_nothing_normalises():
    assert ruling(NORMAL, value("platelets", "120")) == unknown(Reason.NO_BASELINE)
    assert ruling({"at_baseline": FEVER}, seen("fever")) == unknown(Reason.NO_BASELINE)


def test_a_count_of_which_nothing_is_settled_says_the_loudest_reason():
    nowhere = {"applies_if": {"age": {"above": "90 a"}}, "then": FEVER}
    count = {"at_least": 3, "of": [FERRITIN, FEVER, nowhere]}  # two are left, and may not apply either
    who = person(ON - timedelta(days=41))
    assert ruling(count, seen("fever", present=None), who=who) == unknown(Reason.PENDING)
    assert ruling(count, seen("fever", present=False), who=who) == NOT_MET


def test_at_baseline_looks_at_that_day_with_its_window():
    then = {"at_baseline": FERRITIN}
    windows = {"window": (0, 0), "baseline_window": (-3, 0)}
    for at, expected in ((-14, MET), (-17, MET), (-18, OUT), (0, OUT)):
        assert ruling(then, value("ferritin", "600", at=at), baseline=THEN, **windows) == expected


def test_an_age_at_baseline_is_that_of_then():
    who = person(ON - timedelta(days=41))
    assert ruling({"at_baseline": NEWBORN}, who=who, baseline=THEN) == MET
    assert ruling(NEWBORN, who=who, baseline=THEN) == NOT_MET


CONDITION = {"applies_if": {"finding": "sjia"}, "then": FERRITIN}


@pytest.mark.parametrize(
    ("condition", "then", "expected"),
    [
        (True, "600", MET),
        (True, "400", NOT_MET),
        (True, None, unknown(Reason.NOT_MEASURED)),
        (False, "600", NOT_APPLICABLE),
        (False, None, NOT_APPLICABLE),
        (None, "600", unknown(Reason.PENDING)),
        (None, "400", unknown(Reason.PENDING)),
    ],
)
def test_a_rule_counts_where_its_condition_holds(condition, then, expected):
    rows = [seen("sjia", condition)] + ([value("ferritin", then)] if then else [])
    assert ruling(CONDITION, *rows) == expected


ROUTE = {"alternative": {"finding": "hlh_variant"}, "beside": FERRITIN}


@pytest.mark.parametrize(
    ("route", "main", "expected"),
    [
        ("never tried", "400", NOT_MET),
        ("never tried", "600", MET),
        ("never tried", None, unknown(Reason.NOT_MEASURED)),
        (True, "400", MET),
        (True, None, MET),
        (False, "400", NOT_MET),
        (None, "400", unknown(Reason.PENDING)),
        (None, "600", MET),
    ],
)
def test_a_route_is_enough_and_holds_nothing_up_where_nobody_tried_it(route, main, expected):
    rows = [] if route == "never tried" else [seen("hlh_variant", route)]
    rows += [value("ferritin", main)] if main else []
    assert ruling(ROUTE, *rows) == expected


def test_a_route_recorded_outside_the_window_was_not_tried():
    rows = (seen("hlh_variant", None, at=-30), value("ferritin", "400"))
    assert ruling(ROUTE, *rows, window=(-7, 0)) == NOT_MET


# ---- counts and scores


def counted(needed, *states):
    names = ("fever", "splenomegaly", "hemophagocytosis", "hepatomegaly")
    rule = {"at_least": needed, "of": [{"finding": name} for name in names[: len(states)]]}
    rows = [seen(name, state) for name, state in zip(names, states, strict=False) if state != "-"]
    line = judged(rule, *rows)
    return line.ruling, line.lower, line.upper


def test_a_count_has_a_lower_and_an_upper_bound():
    assert counted(2, True, True, False) == (MET, 2, 2)
    assert counted(2, True, None, False) == (unknown(Reason.PENDING), 1, 2)
    assert counted(3, True, "-", None) == (unknown(Reason.PENDING), 1, 3)
    assert counted(3, True, "-", False) == (NOT_MET, 1, 2)
    assert counted(1, True, "-", "-") == (MET, 1, 3)


SCORE = {
    "score": [
        {
            "id": "temperature",
            "steps": [
                {"points": 33, "when": {"measure": "temperature", "at_least": "38.4 Cel"}},
                {"points": 49, "when": {"measure": "temperature", "above": "39.4 Cel"}},
            ],
        },
        {"id": "fever", "steps": [{"points": 18, "when": FEVER}]},
    ],
    "at_least": 50,
}


@pytest.mark.parametrize(
    ("temperature", "fever", "expected"),
    [
        ("38.3", False, (NOT_MET, 0, 0)),
        ("38.4", False, (NOT_MET, 33, 33)),
        ("39.4", True, (MET, 51, 51)),
        ("39.5", False, (NOT_MET, 49, 49)),
        ("39.5", True, (MET, 67, 67)),
        (None, True, (unknown(Reason.NOT_MEASURED), 18, 67)),
        (None, False, (NOT_MET, 0, 49)),
        ("39.4", None, (unknown(Reason.PENDING), 33, 51)),
        (">39", False, (NOT_MET, 33, 49)),
        (">39", True, (MET, 51, 67)),
    ],
)
def test_a_score_adds_the_highest_step_of_each_item_and_the_most_that_is_open(temperature, fever, expected):
    rows = [seen("fever", fever)]
    if temperature:
        sign = ">" if temperature[0] == ">" else ""
        rows.append(value("temperature", temperature.lstrip(">"), comparator=sign))
    line = judged(SCORE, *rows)
    assert (line.ruling, line.lower, line.upper) == expected


def test_the_score_tells_each_item():
    items = judged(SCORE, value("temperature", "39.5"), seen("fever")).inside
    assert [(one.rule.id, one.lower, one.upper) for one in items] == [
        ("temperature", 49, 49),
        ("fever", 18, 18),
    ]
