"""The frame: what is asked, of whom; what a follow-up inherits; what is kept of a conversation."""

import json

import pytest

from openhlh.answers.frame import Frame, kept, restored


@pytest.mark.parametrize(
    ("question", "facets"),
    [
        ("How long did remissions on anakinra last?", {"durability"}),
        ("who coudnt get into the dacluzimab hlh study?", {"eligibility"}),
        ("How quickly did temperatures come down?", {"speed"}),
        ("Which harms were seen with alemtuzumab?", {"safety"}),
        ("How many made it to transplant on emapalumab?", {"transplant"}),
        ("Was emapalumab approved in Europe?", {"regulatory"}),
        ("How was partial response defined?", {"definition"}),
        ("What happened to the steroids?", {"steroids"}),
        ("why were lymphomas in it if malignancy was an exclusion criterion", {"eligibility"}),
    ],
)
def test_a_question_is_understood_by_its_facets(answerer, question, facets):
    assert facets <= set(answerer.frame(question).about)


def test_populations_lines_and_ages_are_read(answerer):
    frame = answerer.frame("L-DEP for refractory EBV-HLH, grown-ups vs kids?")

    assert frame.regimens == ("l_dep",)
    assert frame.etiologies == ("ebv",)
    assert set(frame.ages) == {"adult", "child"}
    assert frame.asks_salvage


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("a 2-year-old", "child"),
        ("17 yo", "child"),
        ("18 years old", "adult"),
        ("aged 61", "adult"),
        ("8 months old", "child"),
    ],
)
def test_a_stated_age_is_a_group(answerer, text, age):
    assert answerer.frame(f"emapalumab for {text} with HLH").ages == (age,)


def test_five_year_survival_is_no_age(answerer):
    assert answerer.frame("5-year survival on HLH-94").ages == ()


def test_a_follow_up_inherits_the_subject_it_does_not_name(answerer):
    first = answerer.frame("Write out the Ru-D regimen from the Zhejiang pilot.")
    second = answerer.frame("And how did it do in the lymphoma patients compared with the others?", first)
    third = answerer.frame("how many were still alive at 2, 6 and 12 months?", second)

    assert second.studies == third.studies == ("zhou_2023",)
    assert second.etiologies == ("malignancy",)
    assert "survival" in third.about


def test_a_follow_up_with_a_new_subject_keeps_the_patients(answerer):
    first = answerer.frame("anakinra in children with refractory EBV-HLH")
    second = answerer.frame("and ruxolitinib?", first)

    assert second.drugs == ("ruxolitinib",) or "ruxolitinib_mono" in second.regimens
    assert second.ages == ("child",)
    assert second.etiologies == ("ebv",)


def test_transplantation_in_a_follow_up_is_what_came_of_the_treatment(answerer):
    first = answerer.frame("response to alemtuzumab in the Marsh series")
    second = answerer.frame("and how many reached transplant?", first)

    assert (second.drugs, second.regimens, second.studies) == (first.drugs, first.regimens, first.studies)


def test_what_is_kept_holds_no_word_of_the_asker(answerer):
    frame = answerer.frame(
        "My daughter Annabel Smithers, 3 years, 14 kg, at St Elsewhere: emapalumab for her HLH?"
    )

    text = json.dumps(kept(frame)).lower()

    assert not any(word in text for word in ("annabel", "smithers", "elsewhere", "14", "daughter"))


def test_a_kept_frame_is_restored_and_a_broken_one_is_empty(answerer):
    frame = answerer.frame("survival on L-DEP in adults with EBV-HLH")

    assert kept(restored(kept(frame))) == kept(frame)
    assert restored({"drugs": 3, "nonsense": ["x"], "ages": [1, "child"]}) == Frame(ages=("child",))


def test_weeks_of_pregnancy_and_blood_pressure_are_no_claims(answerer):
    assert answerer.frame("pregnant 20/40 with refractory HLH").fractions == ()
    assert answerer.frame("HLH, bp 80/40, on etoposide").fractions == ()
    assert answerer.frame("alemtuzumab responses 14/22?").fractions == ((14, 22),)


@pytest.mark.parametrize("name", ["colchicine", "thalidomide", "bortezomib", "zanubrutinib"])
def test_a_treatment_that_is_on_no_page_is_named_as_unknown(answerer, name):
    assert name in answerer.frame(f"is there any role for {name} in HLH?").unknown
