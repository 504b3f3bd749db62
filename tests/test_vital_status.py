"""The dead and the living against everybody."""

import pytest

from openhlh.evidence.vital_status import nobody_is_dead_and_alive
from openhlh.literature.document import Document
from openhlh.literature.tokens import sentences
from openhlh.literature.vital_status import vital_status_claims


def words(text):
    claims = list(vital_status_claims(Document("invented", "text", text), list(sentences(text))))
    return [one.word for one in nobody_is_dead_and_alive(claims)]


@pytest.mark.parametrize(
    "text",
    [
        "Of 96 pupils seen as patients, {} survived and 33 died.",
        "There were 33 deaths among 96 patients, leaving {} alive.",
        "33 (34.4%) of the 96 patients died and {} survived.",
        "By May, 33 of 96 had died and {} were alive.",
        "{} patients were alive, 33 dead (n = 96).",
        "Thirty-three deaths and {} survivors were counted in the 96 patients.",
    ],
)
def test_more_dead_and_living_than_patients_are_impossible(text):
    assert words(text.format(63)) == ["CONSISTENT"]
    assert words(text.format(73)) == ["IMPOSSIBLE"]
    assert words(text.format(53)) == ["NOT_TESTABLE"]


@pytest.mark.parametrize(
    "text",
    [
        "Of 96 patients, 73 were alive at 1 year and 33 died later.",
        "Of 96 patients, 73 survived the operation and 33 died.",
        "In the first group 73 of 96 survived, in the second 33 of 96 died.",
        "Of 96 patients 73 survived, of whom 33 died in May.",
        "Of 96 mothers and 96 infants, 73 survived and 33 died.",
    ],
)
def test_times_and_groups_are_left_alone(text):
    assert words(text) == []
