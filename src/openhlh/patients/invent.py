"""Invented patients whose count of HLH-2004 items is known because it was planted, not because it was judged.

No real patient stands behind them: values are drawn around the limits of the definition's page.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from openhlh.patients.invent_planting import Planting, State
from openhlh.patients.invent_warehouse import warehouse
from openhlh.rules.facts import Facts, Moment, Person

LINES = (
    "fever",
    "splenomegaly",
    "cytopenia",
    "triglycerides_or_fibrinogen",
    "hemophagocytosis",
    "nk_activity",
    "ferritin",
    "scd25",
)
# how likely a line is met, and not met, in each kind of patient; the rest is untested
KINDS: dict[str, tuple[float, float]] = {"hlh": (0.75, 0.1), "septic": (0.35, 0.45), "normal": (0.06, 0.7)}
SHARES = (0.25, 0.4, 0.35)
FIRST_DAY = date(2015, 1, 1)


@dataclass(frozen=True)
class Invented:
    """A patient with the day of judgement and what was planted.

    `truth`: how many of the eight lines were planted as met, not met and untested; `lines`: each of them.
    """

    facts: Facts
    moment: Moment
    truth: dict[str, int]
    lines: dict[str, State]


def patients(count: int, seed: int) -> Iterator[Invented]:
    """Yield invented patients; the n-th is the same whatever the count."""
    for number in range(1, count + 1):
        chance = random.Random(f"{seed}:{number}")  # noqa: S311 - reproducible, not secret
        yield _patient(number, chance)


def _patient(number: int, chance: random.Random) -> Invented:
    met, not_met = KINDS[chance.choices(list(KINDS), SHARES)[0]]
    states: tuple[State, ...] = ("met", "not_met", "untested")
    lines = {name: chance.choices(states, (met, not_met, 1 - met - not_met))[0] for name in LINES}
    on = FIRST_DAY + timedelta(days=chance.randrange(3650))
    planting = Planting(chance, on)
    person = _person(f"invented-{number:06d}", planting)
    for name, state in lines.items():
        planting.plant(name, state)
    planting.add_course(fever_not_met=lines["fever"] == "not_met")
    facts = Facts(
        person,
        tuple(sorted(planting.measurements, key=lambda row: row.on or on)),
        tuple(planting.findings),
        tuple(planting.exposures),
        ("invented",),
    )
    truth: dict[str, int] = {state: sum(one == state for one in lines.values()) for state in states}
    return Invented(facts, Moment(on, window=planting.limits.window), truth, lines)


def _person(name: str, planting: Planting) -> Person:
    """Return who it is; a few lie at the edge of the newborn rule, of others only the year is known."""
    chance, edge = planting.chance, planting.limits.newborn_days
    kind = chance.random()
    if kind < 0.08:
        days = chance.choice((0, 1, edge - 1, edge, edge + 1))
        planting.newborn = days < edge
        born = planting.on - timedelta(days=days)
        return Person(name, born, born, chance.choice(("female", "male")))
    born = planting.on - timedelta(days=chance.randrange(800, 32000))
    if kind < 0.2:
        return Person(name, date(born.year, 1, 1), date(born.year, 12, 31), chance.choice(("female", "male")))
    return Person(name, born, born, chance.choice(("female", "male", "")))


__all__ = ["LINES", "Invented", "patients", "warehouse"]
