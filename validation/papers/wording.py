"""The small language of sentence templates, and the pen that fills them and remembers what stands where.

A template holds slots in braces and alternatives between angle brackets, one of which is taken.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache

from .style import Style

SLOT = re.compile(r"\{(\w+)\}")
CHOICE = re.compile(r"<([^<>]*\|[^<>]*)>")
SQUARE = str.maketrans("()", "[]")
SINGULAR = {
    "patients": "patient",
    "participants": "participant",
    "children": "child",
    "adults": "adult",
    "women": "woman",
}
Span = tuple[int, int]


@dataclass(frozen=True)
class Plant:
    """A wrong number: its kind, where it stands in its sentence, what would be right."""

    kind: str
    start: int
    end: int
    right: str


@dataclass(frozen=True)
class ShareAt:
    """A printed count with its percent, its total (beside it or elsewhere) and its place in the sentence."""

    count: int
    total: int
    percent: Fraction
    start: int
    end: int
    beside: bool


@dataclass(frozen=True)
class Said:
    """A sentence (or a table row): its text, the section it belongs to, what is planted and told in it."""

    text: str
    section: str = "results"
    plants: tuple[Plant, ...] = ()
    shares: tuple[ShareAt, ...] = ()
    places: Mapping[str, tuple[Span, ...]] = field(default_factory=dict, compare=False)

    def over(self, *slots: str) -> Span:
        """Return the stretch from the first to the last of these slots (those that the template has)."""
        spans = [span for slot in slots for span in self.places.get(slot, ())]
        return min(start for start, _ in spans), max(end for _, end in spans)

    def planted(self, kind: str, right: str, *slots: str) -> Said:
        """Return the sentence with a wrong number recorded over these slots."""
        return replace(self, plants=(*self.plants, Plant(kind, *self.over(*slots), right)))

    def told(self, count: int, total: int, percent: Fraction, *slots: str) -> Said:
        """Return the sentence with an n/N and its percent recorded over these slots."""
        beside = any(slot.startswith("N") and slot in self.places for slot in slots)
        share = ShareAt(count, total, percent, *self.over(*slots), beside)
        return replace(self, shares=(*self.shares, share))

    def at(self, section: str) -> Said:
        """Return the sentence for another section."""
        return replace(self, section=section)


@cache
def family(templates: tuple[str, ...], held_out: bool) -> tuple[str, ...]:
    """Return the third of the templates that is held out (chosen by a hash of the words), or the rest."""
    ranked = sorted(templates, key=lambda one: hashlib.sha256(one.encode()).hexdigest())
    cut = -(-len(ranked) // 3)
    return tuple(ranked[:cut] if held_out else ranked[cut:])


def _agreeing(slot: str, slots: Mapping[str, str], before: list[str]) -> str:
    """Return what fills a slot: one patient was, two patients were."""
    text = slots[slot]
    if slot == "people" and len(before) > 1 and before[-1] == " " and before[-2].lower() in {"1", "one"}:
        return SINGULAR[text]
    if slot == "verb" and text.startswith("were ") and slots.get("X") == "1":
        return f"was {text.removeprefix('were ')}"
    return text


@dataclass
class Pen:
    """Who writes a paper: its chance, its typographic style and which family of templates it may use.

    `instead` names the lists that are put in the place of others, and are used whole.
    """

    chance: random.Random
    style: Style
    held_out: bool = False
    instead: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)

    def family(self, templates: Sequence[str]) -> tuple[str, ...]:
        """Return the templates that this pen may use of a list."""
        return self.instead.get(tuple(templates)) or family(tuple(templates), self.held_out)

    def fresh(self, templates: Sequence[str]) -> list[str]:
        """Return the templates of the family that this paper has not used."""
        return [one for one in self.family(templates) if one not in self.spent]

    def pick(self, templates: Sequence[str]) -> str:
        """Return one template of the family, if possible a fresh one, with one of each alternative taken."""
        template = self.chance.choice(self.fresh(templates) or self.family(templates))
        self.spent.add(template)
        while CHOICE.search(template):
            template = CHOICE.sub(lambda found: self.chance.choice(found[1].split("|")), template)
        return self.style.spelled(template)

    def say(self, templates: Sequence[str], slots: Mapping[str, str], section: str = "results") -> Said:
        """Return a sentence: one of the templates with its slots filled and their places remembered."""
        pieces: list[str] = []
        places: dict[str, list[Span]] = {}
        length = 0
        for number, piece in enumerate(SLOT.split(self.pick(templates))):
            text = self.style.spelled(_agreeing(piece, slots, pieces)) if number % 2 else piece
            if number % 2:
                places.setdefault(piece, []).append((length, length + len(text)))
            pieces.append(text)
            length += len(text)
        text = self.style.spaced("".join(pieces), self.chance)
        if self.style.square and self.maybe(0.7):
            text = text.translate(SQUARE)
        return Said(text[:1].upper() + text[1:], section, places={k: tuple(v) for k, v in places.items()})

    def maybe(self, share: float) -> bool:
        """Return true that often."""
        return self.chance.random() < share
