"""R22: doses with their factors, in sentences of our own; every product is a line of mental arithmetic."""

from __future__ import annotations

import pytest

from openhlh.evidence.doses import dose_is_its_product
from openhlh.literature.document import Document
from openhlh.literature.doses import dose_claims
from openhlh.literature.tokens import sentences


def judged(text):
    return list(
        dose_is_its_product(list(dose_claims(Document("invented", "text", text), tuple(sentences(text)))))
    )


@pytest.mark.parametrize(
    "text",
    [
        "They had 8 mg/kg (480 mg for a 60 kg adult).",
        "A 60-kg adult had 8 mg/kg (480 mg).",
        "For a 60 kg adult, 8 mg/kg corresponds to 480 mg.",
        "480 mg was given (body weight 60 kg, 8 mg/kg).",
        "They took 15 mg twice daily (30 mg/day).",
        "They took 15 mg twice daily (total daily dose 30 mg).",
        "They took 100 mg every 8 hours (300 mg daily).",
        "They had 25 mg weekly for 4 weeks (total 100 mg).",
        "They had 150 mg twice weekly for 2 weeks (total dose 600 mg).",
        "Six doses of 25 mg were given (total 150 mg).",
        "They had 40 mg daily for 2 weeks (total dose 560 mg).",
        "They had 500 mg daily for 4 days (2 g in total).",
    ],
)
def test_a_dose_and_its_product_hold(text):
    assert [one.word for one in judged(text)] == ["CONSISTENT"]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("They had 8 mg/kg (720 mg for a 60 kg adult).", "480"),
        ("4800 mg was given (body weight 60 kg, 8 mg/kg).", "480"),
        ("They took 15 mg twice daily (60 mg/day).", "30"),
        ("They had 25 mg weekly for 4 weeks (total 150 mg).", "100"),
        ("Six doses of 25 mg were given (total 250 mg).", "150"),
        ("They had 500 mg daily for 4 days (20 g in total).", "2"),
    ],
)
def test_a_product_that_is_plainly_off_does_not_hold(text, made):
    (one,) = judged(text)
    assert one.word == "INCONSISTENT"
    assert one.fix == made


def test_a_dose_rounded_to_a_vial_is_no_error():
    assert [one.word for one in judged("They had 8 mg/kg (500 mg for a 60 kg adult).")] == ["CONSISTENT"]
    assert [one.word for one in judged("They had 8 mg/kg (540 mg for a 60 kg adult).")] == ["TENSION"]


@pytest.mark.parametrize(
    "text",
    [
        "They took 15 mg twice daily (maximum 60 mg/day).",
        "They took 8 mg/kg (up to 300 mg) at 60 kg.",
        "They took 10 mg daily, then 20 mg daily.",
        "They had 25 mg weekly for 4 weeks, increased to a total of 150 mg.",
        "They took 10 mg of the drug (200 IU).",
        "They had 8 mg/kg (480 mg).",
    ],
)
def test_limits_steps_and_other_units_are_left_alone(text):
    assert judged(text) == []
