"""The patient version: plain words, no doses, what to ask the team; its reading grade is measured."""

import re

import pyphen
import pytest

from openhlh.journeys.ask import ask

QUESTIONS = [
    "What are the treatment options for refractory HLH?",
    "What is HLH?",
    "Does emapalumab work in children?",
    "How long do remissions on anakinra last?",
    "ruxolitinib survival",
    "What are the side effects of alemtuzumab?",
    "Is a bone marrow transplant needed?",
]
SYLLABLES = pyphen.Pyphen(lang="en_US")
HIGHEST_GRADE = 9.0
NAMES = re.compile(
    r"\b(hemophagocytic|lymphohistiocytosis|[a-z]+(mab|nib|kinra|side|sone|lone|platin|porin|asparg\w+)|transplant\w*|antithymocyte|globulin|syndrome)\b",
    re.IGNORECASE,
)


def grade(text):
    """Return the Flesch-Kincaid grade; the fixed names of drugs and diseases count as two syllables."""
    sentences = [one for one in re.split(r"[.!?]+", text) if one.strip()]
    words = re.findall(r"[A-Za-z]+", text)
    syllables = sum(2 if NAMES.fullmatch(word) else SYLLABLES.inserted(word).count("-") + 1 for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def statements(question):
    return [one for section in ask(question, "patient").answer.sections for one in section.statements]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_patient_answer_reads_at_grade_nine_or_below(question):
    assert grade(" ".join(one.text for one in statements(question))) <= HIGHEST_GRADE


def test_the_grade_tells_plain_from_hard_text():
    assert grade("The dog ran to the red house. It was glad.") < 3
    assert (
        grade(
            "Heterogeneous definitions of refractoriness preclude quantitative comparability of investigations."
        )
        > 20
    )


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_dose_and_no_raw_id_reaches_a_patient(question):
    for one in statements(question):
        assert not re.search(r"\d+(\.\d+)? ?(mg|ml|g/kg|mg/kg|mg/m2)\b", one.text), one.text
        assert not re.search(r"\b[a-z]+_[a-z0-9_]+\b", one.text), one.text


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_patient_answer_says_what_to_ask_the_team(question):
    titles = [section.title for section in ask(question, "patient").answer.sections]

    assert titles[-1] == "What to ask your team"


def test_the_three_audiences_are_told_the_same_counts():
    said = {
        audience: str(ask("response to DEP in refractory HLH", audience).answer.contract())
        for audience in ("clinician", "researcher", "patient")
    }

    assert all("48" in text and "63" in text for text in said.values())
    assert "Evidence row X-DEP15" in said["researcher"]
