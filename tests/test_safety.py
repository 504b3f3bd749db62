"""Safety first: emergencies, personal doses, stopping, vaccines, self-treatment, pregnancy."""

import re

import pytest

from openhlh.journeys.ask import ask

EMERGENCIES = [
    "my daughter has HLH and won't wake up",
    "my 3-year-old is burning up at 40.5, went floppy, keeps staring",
    "his nose has been bleeding for an hour and he has black stools, he is on etoposide",
    "he had a fit an hour ago",
    "my husband is talking nonsense and can't stay awake",
    "she is wheezing and her face is swelling after the drip",
    "patient is in shock with DIC, HLH",
    "our patient is intubated, seizing",
    "he's had a seizure",
    "my son hasn't peed since yesterday and is so sleepy",
]
NOT_EMERGENCIES = [
    "how many died of bleeding in the ATG series?",
    "What share of patients had seizures with HLH?",
    "was septic shock a cause of death in the emapalumab trial?",
    "which patients with bleeding were excluded from the DEP study",
    "CNS HLH with seizures: which treatments were studied?",
]
DOSES = [
    "How many ml of emapalumab should I give my 2-year-old tonight?",
    "dose of anakinra for 20 kilos",
    "Calculate emapalumab 6 mg/kg for 22 kg",
    "6 yr old 20 kg HLH what etoposide dose do I prescribe",
    "what dose dexamethasone shall I give, 14 kg",
]


def first(question, audience="clinician"):
    answer = ask(question, audience).answer
    return answer.sections[0] if answer.sections else None


@pytest.mark.parametrize("question", EMERGENCIES)
@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_signs_of_an_emergency_get_hospital_now_first(question, audience):
    section = first(question, audience)

    assert section.title == "Before anything else"
    assert "go to hospital now" in section.statements[0].text.lower()


@pytest.mark.parametrize("question", NOT_EMERGENCIES)
def test_frightening_words_in_a_study_question_are_no_emergency(question):
    assert "emergency" not in ask(question).frame.cautions


@pytest.mark.parametrize("question", DOSES)
def test_a_personal_dose_is_not_given_and_the_caution_comes_first(question):
    asked = ask(question)
    section = asked.answer.sections[0]

    assert section.title == "Before anything else"
    assert "No personal dose is given here" in section.statements[0].text
    computed = [
        n.text for s in asked.answer.sections for one in s.statements for n in one.numbers if n.recomputed
    ]
    assert not {"132", "28", "140"} & set(computed)


@pytest.mark.parametrize("question", DOSES)
def test_a_patient_sees_no_dose_at_all(question):
    answer = ask(question, "patient").answer
    text = " ".join(one.text for section in answer.sections for one in section.statements)

    assert not re.search(r"\d+(\.\d+)? ?(mg|ml|g/kg|mg/kg|mg/m2|micrograms?)\b", text)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Can I stop my dexamethasone, I feel better?", "not changed without the treating team|keep taking"),
        ("missed two doses of jakavi, should I double up tonight", "team"),
        ("can she have the MMR vaccine while on emapalumab", "No live or live attenuated vaccine"),
        ("can I use turmeric instead of etoposide for my HLH", "cannot be treated at home"),
        ("HLH in pregnancy: etoposide?", "30.8 %"),
    ],
)
def test_other_personal_decisions_get_their_caution_first(question, said):
    section = first(question)

    assert section.title == "Before anything else"
    assert re.search(said, " ".join(one.text for one in section.statements))


def test_immune_is_no_immunisation():
    assert "live_vaccine" not in ask("immune evasion in HLH after anakinra").frame.cautions


def test_an_emergency_answer_does_not_bury_the_banner():
    assert len(ask("my daughter has HLH and won't wake up").answer.sections) == 1
