"""One invented study: its numbers follow from each other, and every paper about it draws on them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from .fields import COMMON, FIELDS, Field, Thing
from .lists import entries

KINDS = entries(
    "transient recurrent nocturnal painful painless unilateral persistent early late mild marked seasonal "
    "unexplained isolated intermittent prolonged reversible new-onset"
)
SIGNS = entries(
    "tinnitus,cough,vertigo,pruritus,epistaxis,constipation,dry mouth,myalgia,flushing,tremor,palpitations,"
    "hoarseness,night sweats,ankle swelling,blurred vision,abdominal pain,sore throat,dyspepsia,hiccups,"
    "limb weakness,hair loss,joint pain,dysuria,low mood,restlessness,syncope",
    ",",
)


@dataclass(frozen=True)
class Group:
    """A group of people: how it is called and how many they are."""

    name: str
    size: int


@dataclass
class Study:
    """What is true in one study; `things` are the features not yet told of."""

    chance: random.Random
    subject: Field
    everyone: Group
    arms: tuple[Group, ...]
    first: date
    last: date
    cutoff: date
    died: int
    lost: int
    women: int
    levels: tuple[int, int, int, int]
    things: list[Thing]
    missing: int
    used: set[str] = field(default_factory=set)

    @property
    def people(self) -> str:
        """Return what the people are called."""
        return self.subject.people

    @property
    def drug(self) -> str:
        """Return the treatment under study."""
        return self.arms[0].name

    @property
    def groups(self) -> tuple[Group, ...]:
        """Return every group that the paper may speak of."""
        size = self.everyone.size
        subject = (
            Group("girls" if self.people == "children" else "women", self.women),
            Group("boys" if self.people == "children" else "men", size - self.women),
            Group("responders", self.responders),
            Group("survivors", size - self.died - self.lost),
            Group("evaluable", size - self.missing),
        )
        told = subject[2:] if self.people == "women" else subject
        return (*(one for one in told if one.size > 1), *self.arms, self.everyone)

    @property
    def named(self) -> tuple[Group, ...]:
        """Return the subgroups that have a name of their own."""
        names = {"women", "men", "girls", "boys", "responders", "survivors"}
        return tuple(one for one in self.groups if one.name in names) or (self.everyone,)

    @property
    def totals(self) -> frozenset[int]:
        """Return the sizes of every group, and what remains of all when one is taken away."""
        size = self.everyone.size
        return frozenset({one.size for one in self.groups} | {size - one.size for one in self.groups})

    @property
    def responders(self) -> int:
        """Return how many responded: complete and partial."""
        return self.levels[0] + self.levels[1]

    def thing(self) -> Thing:
        """Return a feature or event that no statement has told of yet."""
        if self.things:
            return self.things.pop()
        while True:
            noun = f"{self.chance.choice(KINDS)} {self.chance.choice(SIGNS)}"
            if noun not in self.used:
                self.used.add(noun)
                return noun, f"had {noun}"

    def count(self, size: int) -> int:
        """Return a count of a group, seldom none and seldom all."""
        share = self.chance.betavariate(1.1, 1.6)
        return min(size - 1, max(1, round(share * size)))

    def explained(self, percent: Fraction, count: int, unit: Fraction) -> bool:
        """Return true where another group of this study would explain the percent of this count."""
        return any(abs(Fraction(100 * count, n) - percent) <= unit for n in self.totals if n)


def sizes(chance: random.Random, *, few: bool = False) -> int:
    """Return a number of people: few, some, many."""
    if few:
        return chance.randint(6, 13)
    return chance.choices(
        (
            chance.randint(9, 40),
            chance.randint(41, 160),
            chance.randint(161, 990),
            chance.randint(1_000, 18_000),
        ),
        (35, 35, 22, 8),
    )[0]


def draw_study(chance: random.Random, *, few: bool = False) -> Study:
    """Return one study; `few` makes it small enough to tell of each patient."""
    subject = chance.choice(FIELDS)
    size = sizes(chance, few=few)
    arms = _arms(chance, subject, size)
    first = date(chance.randint(1998, 2014), chance.randint(1, 12), chance.randint(1, 28))
    last = first + timedelta(days=chance.randint(120, 1300))
    died = chance.randint(1, max(1, size // 4))
    complete = chance.randint(1, max(1, size // 3))
    partial = chance.randint(1, max(1, size // 3))
    stable = chance.randint(0, max(0, (size - complete - partial) // 2))
    things = [*COMMON, *subject.things]
    chance.shuffle(things)
    return Study(
        chance=chance,
        subject=subject,
        everyone=Group("all", size),
        arms=arms,
        first=first,
        last=last,
        cutoff=last + timedelta(days=chance.randint(60, 900)),
        died=died,
        lost=chance.choice((0, 0, 1, 2)) if size > 13 else 0,
        women=chance.randint(1, size - 1),
        levels=(complete, partial, stable, size - complete - partial - stable),
        things=things,
        missing=chance.randint(1, max(1, size // 12)),
    )


def _arms(chance: random.Random, subject: Field, size: int) -> tuple[Group, ...]:
    """Return one group, or two of about the same size."""
    drug = chance.choice(subject.drugs)
    if size < 14 or chance.random() < 0.4:
        return (Group(drug, size),)
    part = size // 2 + chance.randint(-max(1, size // 25), max(1, size // 25))
    return Group(drug, part), Group(chance.choice(subject.controls), size - part)
