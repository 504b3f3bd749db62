"""The development questions, scored: every nugget found, no must-not said."""

import re
from pathlib import Path

import pytest
import yaml

from openhlh.journeys.ask import ask
from tests.conftest import text_of

QUESTIONS = yaml.safe_load((Path(__file__).parent / "development_questions.yaml").read_text())


@pytest.fixture(scope="module")
def asked():
    answers = {}
    for one in QUESTIONS:
        before = answers[one["follows"]].frame if "follows" in one else None
        answers[one["id"]] = ask(one["ask"], before=before)
    return answers


@pytest.mark.parametrize("one", QUESTIONS, ids=lambda one: one["id"])
def test_every_nugget_is_in_the_answer(asked, one):
    text = text_of(asked[one["id"]].answer.contract())

    missing = [
        name
        for name, pattern in one["nuggets"].items()
        if not re.search(pattern, text, re.IGNORECASE | re.DOTALL)
    ]

    assert missing == []


@pytest.mark.parametrize("one", QUESTIONS, ids=lambda one: one["id"])
def test_nothing_is_said_that_must_not_be(asked, one):
    text = text_of(asked[one["id"]].answer.contract())

    assert [pattern for pattern in one.get("must_not", []) if re.search(pattern, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("one", QUESTIONS, ids=lambda one: one["id"])
def test_only_what_is_out_of_scope_is_refused(asked, one):
    assert asked[one["id"]].answer.answered is not one.get("refused", False)


def test_all_eighteen_development_questions_are_here(shared):
    listed = re.findall(
        r"^### (Q\d+)", (shared / "data" / "questions-development.md").read_text(), re.MULTILINE
    )

    assert [one["id"] for one in QUESTIONS] == listed
