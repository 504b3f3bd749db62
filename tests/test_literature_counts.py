"""Counts and percents: which number belongs to which."""

import pytest

from openhlh.claims import Proportion, Quantity
from openhlh.literature.counts import count_claims
from openhlh.literature.document import Document
from openhlh.literature.tokens import sentences


def claims(text):
    return list(count_claims(Document("paper.txt", "text", text), tuple(sentences(text))))


def shares(text):
    """Return (count, total, percent, where the total is from) of every percent and fraction."""

    def word(number):
        return number.text if number is not None else None

    return [
        (word(one.count), word(one.total), word(one.percent), one.total_from)
        for one in claims(text)
        if isinstance(one, Proportion)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "A response was seen in 6/17 (35.3%).",
        "A response was seen in 6 of 17 patients (35.3%).",
        "Of them, 6 of the 17 treated patients with fever responded (35.3 %).",
        "Six out of the 17 (35.3%) responded.".replace("Six", "6"),
        "The rate was 35.3% (6/17).",
        "The rate was 35.3 percent [6 of 17 patients].",
        "Responders (6/17, 35.3%; 95% CI 14.2 to 61.7) went home.",
        "Responders (35.3%, 6 of 17; p = 0.03) went home.",
        "6 patients (35.3%; 95% CI 14.2–61.7) of the 17 responded.",
        "35.3% (6) of 17 patients responded.",
        "35.3% of the 17 patients (n = 6) responded.",
        "A response (n = 6 of 17; 35.3%) was seen.",
        "It was 6/17 = 35.3% then.",
    ],
)
def test_count_total_and_percent_are_found_in_every_order(text):
    assert shares(text) == [("6", "17", "35.3", "printed")]


def test_number_words_count():
    assert shares("Twelve of 34 patients (35%) improved.") == [("Twelve", "34", "35", "printed")]
    assert shares("Twelve (35%) of the thirty-four improved.") == [("Twelve", "thirty-four", "35", "printed")]


@pytest.mark.parametrize(
    "text",
    [
        "Cure was reached in 12/50 vs 20/48 (24% vs 41.7%, respectively).",
        "Cure was reached in 24% vs 41.7% (12/50 vs 20/48).",
        "Cure was reached in 12/50 (24%) vs 20/48 (41.7%).",
        "Cure: 24% (12/50) of one group and 41.7% (20/48) of the other.",
        "Cure was reached by 12 of 50 patients in one group and 20 of 48 in the other (24% and 41.7%).",
    ],
)
def test_two_groups_side_by_side_are_paired_in_their_order(text):
    assert sorted(shares(text)) == [("12", "50", "24", "printed"), ("20", "48", "41.7", "printed")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Of the 34 patients, 12 (35%) improved.", ("12", "34", "35", "opening")),
        ("RESULTS: Of 34 patients who were treated, 12 (35%) improved.", ("12", "34", "35", "opening")),
        ("In the first group (n = 34), 12 (35%) improved.", ("12", "34", "35", "opening")),
        ("Twelve (35%) improved.", ("Twelve", None, "35", "")),
        ("It was 35% (n = 12).", ("12", None, "35", "")),
        ("35% of the 34 patients improved.", (None, "34", "35", "printed")),
    ],
)
def test_a_total_that_stands_elsewhere_is_told_with_its_origin(text, found):
    assert shares(text)[0] == found


def test_the_counts_of_a_list_share_the_total_of_its_first():
    text = "Twelve of 34 patients improved (35%), 14 patients were stable (41%), and 8 patients died (24%)."

    assert shares(text)[1:] == [("14", "34", "41", "list"), ("8", "34", "24", "list")]


def test_of_whom_opens_another_total():
    assert shares("Of 72 patients, 45 had a scan, and of those 22 had it (49%).") == [
        ("22", "72", "49", "sentence")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Grade 3/4 neutropenia (12%) was seen.",
        "A ratio of 1/2 (50%) was set.",
        "Types 16/18 HPV 16/18 (70%) were found.",
        "The 2018/19 season (57%) was mild.",
        "A dose of 12/34 mg (35%) was given.",
        "Visual acuity 20/40 (35%) was read.",
    ],
)
def test_what_is_no_fraction_gets_no_percent(text):
    assert all(count is None for count, _, _, _ in shares(text))


@pytest.mark.parametrize(
    "text",
    [
        "A 35% reduction was seen (12/34).",
        "It fell by 35% (12/34 visits).",
        "Between 30% and 40%, 30–40% and 30 to 40% of them came.",
        "More than >35% came.",
    ],
)
def test_a_percent_that_is_no_share_is_passed_over(text):
    assert all(percent is None or percent in {"30", "40"} for _, _, percent, _ in shares(text))


def test_a_confidence_level_is_no_share():
    assert shares("HR 0.7 (95% CI 0.5 to 0.9)") == []


def test_eyes_of_patients_are_no_share_of_them():
    assert shares("Sixty-five eyes of 49 patients were seen.") == []
    assert shares("Sixty-five eyes (44.5%) of 49 patients were seen.")[0][1] is None


@pytest.mark.parametrize("word", ["about", "approximately", "more than", "nearly", "at least"])
def test_a_number_told_as_about_so_much_is_not_held_tight(word):
    assert not next(one for one in claims(f"It was {word} 60% (13/21).") if isinstance(one, Proportion)).tight


def test_a_modelled_percent_is_not_held_tight():
    text = "By Kaplan-Meier the 12/34 (40%) were alive."

    assert not next(one for one in claims(text) if isinstance(one, Proportion)).tight


def test_people_are_counted_with_their_words():
    found = [
        one for one in claims("We enrolled 34 adult patients (n = 36 screened).") if isinstance(one, Quantity)
    ]

    assert [(one.number.text, one.unit) for one in found] == [("34", "people"), ("36", "people")]
    assert "enrolled" in found[0].about


def test_offsets_point_at_the_words():
    text = "A sentence. The rate was 35.3% (6/17) then."

    assert [text[one.start : one.end] for one in claims(text)] == ["35.3% (6/17"]


@pytest.mark.parametrize(
    "text",
    [
        "The sprays were kept by 35.3% (6/17) of the cooks.",
        "The rate (35.3%) (6/17) was low.",
        "The rate was 35.3% ([6/17], 95% CI 14.2 to 61.7).",
        "The rate was 35.3% [95% CI 14.2 to 61.7] (6/17).",
        "The rate was 35.3% (95% CI 14.2 to 61.7, 6/17).",
        "The rate was low (35.3%, 6/17; mean 4.1 points).",
        "A rash came in 35.3% (in 6 cases of 17 bakers).",
        "A rash came in 6 of 17 cases, i.e. 35.3%.",
        "In the spray group 12/34 (35.3%) had a rash.",
        "At 12 weeks 12/34 (35.3%) had a rash.",
    ],
)
def test_more_ways_to_print_a_share_are_read(text):
    count, total, percent, origin = shares(text)[0]

    assert (percent, origin) == ("35.3", "printed")
    assert (count, total) in {("6", "17"), ("12", "34")}


@pytest.mark.parametrize(
    "text",
    [
        "Rash was rarer (12/34, 35% vs. 20/36, 56%; p = 0.1).",
        "Rash was rarer (35%, 12/34 versus 56%, 20/36, p = 0.1).",
        "Rash differed (sprays: 35%, n = 12/34, creams: 56%, n = 20/36).",
        "Rash was seen in 12/34 vs. 20/36 (35% vs. 56%).",
    ],
)
def test_fractions_and_percents_told_by_turns_are_paired(text):
    assert [one[:3] for one in shares(text)] == [("12", "34", "35"), ("20", "36", "56")]


@pytest.mark.parametrize(
    "text",
    [
        "A 10/10 matched donor (45%) was found.",
        "Pain was 7/10 (35%) on arrival.",
        "They met 4 of 11 criteria (20%).",
        "They came to 5 of 6 sessions (35%).",
        "They inhaled salmeterol/fluticasone 50/500 (35%).",
        "Up to 1/3 (30%) were late, and one of four cooks (28%) left.",
        "The incidence was 12/1000 (5%).",
        "Of 12/34 patients (power 80%) we know.",
    ],
)
def test_a_grade_a_match_two_doses_or_a_rate_is_not_held_tight(text):
    assert not [one for one in claims(text) if isinstance(one, Proportion) and one.tight]


@pytest.mark.parametrize(
    "text",
    [
        "Weight was reduced by 12% (3/25).",
        "At months 12/24 (35%) tests were done.",
        "In group 1/2 (35%) tests were done.",
        "They lost five kilograms (32%).",
    ],
)
def test_changes_visits_and_weights_are_no_shares(text):
    assert not [one for one in shares(text) if one[0] is not None and one[2] is not None]


def test_a_count_told_again_as_a_percent_is_not_the_total_of_that_percent():
    assert shares("In 243 cases, i.e. 23.7% of all, it grew.")[0][:2] == (None, None)
