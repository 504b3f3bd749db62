"""What may be pooled: every refusal, every override, and what a haematologist would see left."""

import pytest

from openhlh.content.described import read_described
from openhlh.content.words import SALVAGE
from openhlh.errors import WrongInput
from openhlh.evidence.asked import asked_ad_hoc, conditions
from openhlh.evidence.poolable import RULE_NAMES, poolable
from openhlh.evidence.pooling_rules import RULES
from openhlh.evidence.selection import Asked, Where


@pytest.fixture(scope="module")
def shelves():
    return read_described()


@pytest.fixture
def choose(shelves):
    def chosen(*arms, outcome="complete_or_partial", lines=SALVAGE, where=(), allow=(), out=()):
        return poolable(Asked("test", outcome, lines, arms, tuple(where), tuple(out)), shelves, allow)

    return chosen


def kept(selection):
    return {row.id: (row.events, row.total) for row in selection.rows}


def rule_of(selection, arm):
    return next(one for one in selection.left_out if one.id == arm)


def drug(name):
    return [Where("drug", (name,))]


# each refusal with an arm to which it applies, and what setting it aside gives
REFUSED = [
    ("ela026_eha_2024:treatment_naive", "no_count", ("first",), None),
    ("song_2023:all", "not_hlh", SALVAGE, None),
    ("zhou_2023:all", "other_line", SALVAGE, (6, 8)),
    ("hu_2012:all", "unclear_line", SALVAGE, (12, 15)),
    ("de_benedetti_2023:all", "other_definition", SALVAGE, None),
    ("etoposide_adults_2020:adults", "other_definition", ("first",), None),
    ("horne_2021:all", "level_unknown", SALVAGE, (7, 7)),
    ("zhang_2022:all", "improvement", ("first",), (36, 52)),
    ("behrens_2006:case", "second_hand", SALVAGE, (1, 1)),
    ("zhou_l_2020:hlh_94", "hard_doubt", ("first",), (17, 31)),
]


@pytest.mark.parametrize(("arm", "rule", "lines", "counts"), REFUSED)
def test_each_rule_refuses_and_may_be_set_aside_by_name(choose, arm, rule, lines, counts):
    refused = choose(arm, lines=lines)

    assert kept(refused) == {}
    assert rule_of(refused, arm).rule == rule
    assert rule_of(refused, arm).reason
    if counts:
        admitted = choose(arm, lines=lines, allow={f"{rule}:{arm.partition(':')[0]}"})
        assert kept(admitted) == {arm: counts}
        assert [one.arms for one in admitted.overrides] == [(arm,)]


def test_every_rule_refuses_something_on_the_shelves(choose):
    every = {
        rule
        for lines in (SALVAGE, ("first",))
        for one in choose(lines=lines, where=[]).left_out
        for rule in (one.rule, *one.also)
    }
    asked = {"by_hand", "mixed_group"}  # these need a page or a condition

    assert every >= {rule.name for rule in RULES} - asked
    assert "overlap" in every


def test_a_count_that_was_not_printed_cannot_be_allowed(choose):
    with pytest.raises(WrongInput, match="second_hand"):
        choose(allow={"no_count"})


def test_unknown_rules_and_studies_in_an_override_are_refused(choose):
    with pytest.raises(WrongInput, match=", ".join(RULE_NAMES)):
        choose(allow={"secondhand"})
    with pytest.raises(WrongInput, match="no study `wang`"):
        choose(allow={"second_hand:wang"})


def test_the_63_and_their_34_are_never_added(choose):
    found = choose("wang_2015")

    assert kept(found) == {"wang_2015:all": (48, 63)}
    assert rule_of(found, "wang_2015:without_lymphoma").rule == "overlap"
    assert "second_hand" in rule_of(found, "wang_2015:without_lymphoma").also
    assert "part of Wang 2015" in rule_of(found, "wang_2015:lymphoma").reason


def test_nested_arms_are_not_added_even_if_second_hand_counts_are_allowed(choose):
    assert kept(choose("wang_2015", allow={"second_hand"})) == {"wang_2015:all": (48, 63)}


def test_setting_aside_overlap_is_named_with_what_it_adds(choose):
    found = choose("wang_2015", allow={"second_hand", "overlap:wang_2015"})

    assert len(found.rows) == 3
    named = {one.name: one.arms for one in found.overrides}
    assert set(named["overlap:wang_2015"]) == {"wang_2015:without_lymphoma", "wang_2015:lymphoma"}


@pytest.mark.parametrize(
    ("arms", "expected", "left"),
    [
        # the meeting abstract has all 53, the full report the same in two groups
        (("ru_dep_2019", "ru_dep_wang"), {"ru_dep_2019:all"}, "reports the same patients"),
        # probably the same centre and years
        (("wang_2015:all", "ldep_ash_2016"), {"wang_2015:all"}, "probably shares patients"),
        (("locatelli_2020",), {"locatelli_2020:previously_treated"}, "contains Locatelli 2020"),
    ],
)
def test_studies_that_share_patients_give_one_row(choose, arms, expected, left):
    found = choose(*arms)

    assert set(kept(found)) == expected
    assert any(left in one.reason for one in found.left_out if one.rule == "overlap")


def test_the_whole_is_kept_before_its_part_when_both_are_allowed(choose):
    both = {"other_definition", "second_hand"}
    found = choose("grom_2024", "de_benedetti_2023", outcome="complete", allow=both)

    assert kept(found) == {"grom_2024:all": (21, 39)}
    assert "more patients (39 against 14)" in rule_of(found, "de_benedetti_2023:all").reason


def test_what_is_kept_does_not_depend_on_the_order_asked(choose):
    names = ["wang_2015", "ldep_ash_2016", "wang_j_2016", "ru_dep_wang", "ru_dep_2019"]

    assert kept(choose(*names)) == kept(choose(*reversed(names)))


def test_parts_of_a_series_of_courses_may_share_patients(choose):
    found = choose("mahlaoui_2007", allow={"second_hand"})

    assert kept(found) == {"mahlaoui_2007:second_line": (9, 10)}
    assert "counted in courses" in rule_of(found, "mahlaoui_2007:repeated").reason
    assert {"courses", "hard_doubt"} <= {
        rule_of(found, "mahlaoui_2007:all").rule,
        *rule_of(found, "mahlaoui_2007:all").also,
    }


def test_a_partial_response_printed_only_in_a_review_is_second_hand(choose):
    assert kept(choose("liu_2020", outcome="complete")) == {"liu_2020:all": (5, 7)}
    assert rule_of(choose("liu_2020"), "liu_2020:all").rule == "second_hand"


def test_improvement_is_counted_only_where_it_is_asked_and_printed_apart(choose):
    arm = "locatelli_2020:previously_treated"

    assert kept(choose(arm, outcome="complete")) == {arm: (7, 27)}
    assert kept(choose(arm)) == {arm: (15, 27)}
    assert kept(choose(arm, outcome="with_improvement")) == {arm: (17, 27)}
    assert rule_of(choose("wang_2015:all", outcome="with_improvement"), "wang_2015:all").rule == "improvement"


def test_a_grave_doubt_on_another_arm_of_the_page_does_not_refuse(choose):
    found = choose("zhou_l_2020", lines=("first",))

    assert kept(found) == {"zhou_l_2020:r_ded": (30, 36)}
    assert rule_of(found, "zhou_l_2020:hlh_94").rule == "hard_doubt"


def test_a_denominator_in_doubt_is_refused_and_its_doubt_is_the_reason(choose):
    found = choose("henter_2002", lines=("first",), allow={"second_hand"})

    assert "113" in rule_of(found, "henter_2002:two_months").reason


def test_doubts_about_efficacy_travel_with_the_row_gravest_first(choose):
    (row,) = choose("wei_2020").rows

    assert [severity for severity, _ in row.doubts] == ["medium", "low"]
    assert all(text for _, text in row.doubts)


@pytest.mark.parametrize(
    ("where", "outcome", "expected"),
    [
        (
            [Where("family", ("dep",))],
            "complete_or_partial",
            {
                "wang_2015:all": (48, 63),
                "wang_j_2016:all": (24, 28),
                "ru_dep_2019:all": (39, 53),
                "ldep_children_2020:all": (16, 26),
            },
        ),
        (drug("emapalumab"), "complete_or_partial", {"locatelli_2020:previously_treated": (15, 27)}),
        (drug("alemtuzumab"), "complete_or_partial", {"marsh_2013:all": (14, 22)}),
        (drug("alemtuzumab"), "complete", {"marsh_2013:all": (0, 22)}),
        (drug("daclizumab"), "complete_or_partial", {"anti_cd25_2025:all": (14, 17)}),
        (drug("rabbit_atg"), "complete_or_partial", {}),
        (drug("anakinra"), "complete_or_partial", {}),
        (drug("tocilizumab"), "complete_or_partial", {}),
    ],
)
def test_what_is_left_for_each_drug(choose, where, outcome, expected):
    assert kept(choose(where=where, outcome=outcome)) == expected


@pytest.mark.parametrize(
    ("name", "offer", "arms"),
    [
        ("rabbit_atg", ("second_hand",), {"mahlaoui_2007:second_line"}),
        ("anakinra", ("second_hand",), {"behrens_2006:case", "miettunen_2011:after_etoposide"}),
        ("tocilizumab", ("unclear_line",), {"tocilizumab_2022:tocilizumab"}),
    ],
)
def test_where_nothing_is_left_the_overrides_that_give_more_are_told(choose, name, offer, arms):
    found = choose(where=drug(name))

    assert {one.names: set(one.arms) for one in found.offers}[offer] == arms
    assert any("may not be pooled" in note or "none may be pooled" in note for note in found.notes)
    assert all(one.total for one in found.left_out)
    taken = choose(where=drug(name), allow=offer)
    assert set(kept(taken)) == arms


def test_two_rules_together_are_offered_where_one_alone_gives_nothing(choose):
    found = choose("boonstra", "ahmed_2019")

    assert ("unclear_line", "level_unknown") in [one.names for one in found.offers]
    assert ("unclear_line", "second_hand") in [one.names for one in found.offers]


def test_an_override_without_effect_is_told(choose):
    found = choose("wang_2015:all", allow={"courses"})

    assert "Setting aside `courses` changes nothing here" in found.notes


def test_an_arm_left_out_by_hand_keeps_its_reason(choose):
    found = choose("wang_2015:all", out=[("wang_2015:all", "for the test")])

    assert (rule_of(found, "wang_2015:all").rule, rule_of(found, "wang_2015:all").reason) == (
        "by_hand",
        "for the test",
    )


def test_without_a_line_salvage_is_kept_and_first_line_only_where_there_is_no_salvage(shelves):
    both = poolable(Asked("x", "complete_or_partial", (), ("zhou_2023:all", "wang_2015:all")), shelves)
    first = poolable(Asked("x", "complete_or_partial", (), ("zhou_2023:all",)), shelves)

    assert set(kept(both)) == {"wang_2015:all"}
    assert set(kept(first)) == {"zhou_2023:all"}


def test_labels_are_unique_and_short(choose):
    for outcome in ("complete", "complete_or_partial"):
        found = choose(outcome=outcome)
        labels = [one.label for one in (*found.rows, *found.left_out)]
        assert len(labels) == len(set(labels))
        assert "Wang 2015" in labels
        assert "Locatelli 2020, previously treated" in labels


def ad_hoc(shelves, *where, studies=()):
    asked = asked_ad_hoc("complete_or_partial", studies, [conditions(one) for one in where], shelves)
    return poolable(asked, shelves)


def test_conditions_of_one_field_are_alternatives_and_fields_all_hold(shelves):
    found = ad_hoc(shelves, "line=salvage", "regimen=DEP", "regimen=L-DEP", "age=adult")

    assert found.asked.lines == SALVAGE
    assert {row.regimen for row in found.rows} == {"dep"}
    assert rule_of(found, "wang_j_2016:all").rule == "mixed_group"


def test_an_etiology_takes_only_arms_in_which_it_stands_alone(shelves):
    found = ad_hoc(shelves, "line=salvage", "etiology=ebv")

    assert all(row.etiologies == ("ebv",) for row in found.rows)
    assert rule_of(found, "marsh_2013:all").rule == "mixed_group"


@pytest.mark.parametrize(
    ("where", "years"), [("year=2015", {2015}), ("year=2015-2016", {2015, 2016}), ("year=-2013", {2013})]
)
def test_years_are_asked_singly_or_as_a_span(shelves, where, years):
    assert {row.year for row in ad_hoc(shelves, "line=salvage", where).rows} == years


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("etiology", "fields are line, etiology"),
        ("=ebv", "field=value"),
        ("colour=red", "use one of line, etiology"),
        ("etiology=lymphoma", "primary, ebv, malignancy"),
        ("line=third", "salvage, first, refractory"),
        ("regimen=CHOP", "atg_mp"),
        ("drug=aspirin", "alemtuzumab"),
        ("design=rct", "single_arm_trial"),
        ("definition=recist", "response_wang_2015"),
        ("year=recent", "2015-2020"),
    ],
)
def test_a_condition_that_nothing_has_names_what_exists(shelves, where, said):
    with pytest.raises(WrongInput, match=said):
        ad_hoc(shelves, where)


def test_names_that_readers_use_find_drugs_and_regimens(shelves):
    assert ad_hoc(shelves, "drug=Gamifant").asked.where == (Where("drug", ("emapalumab",)),)
    assert ad_hoc(shelves, "regimen=Ru-DEP").asked.where == (Where("regimen", ("ru_dep",)),)


@pytest.mark.parametrize(
    ("study", "said"),
    [
        ("wang", "no study `wang`"),
        ("wangg_2015", "use wang_2015"),
        ("wang_2015:adults", "all, without_lymphoma, lymphoma"),
        ("wang_2015:", "has no arm"),
    ],
)
def test_unknown_studies_and_arms_are_refused(shelves, study, said):
    with pytest.raises(WrongInput, match=said):
        ad_hoc(shelves, studies=[study])


def test_a_study_is_found_however_its_id_is_typed(shelves):
    assert kept(ad_hoc(shelves, studies=[" Wang 2015 : all "])) == {"wang_2015:all": (48, 63)}
