"""The item: one statement that the shelves can make, with what it is about and where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import log
from typing import TYPE_CHECKING

from openhlh.answers.reading import stems
from openhlh.numerals import numerals

if TYPE_CHECKING:
    from openhlh.content.shelves import Shelves
    from openhlh.content.study import Arm, Study
    from openhlh.content.words import Doubt, Page

Computed = dict[str, str]


@dataclass(frozen=True, eq=False)
class Item:
    """One statement of a page, ready to be chosen.

    `kind` is the kind of page or outcome; `key` the source it cites; `computed` maps each computed
    number to what it was computed from; `doubts` travel with it wherever it goes.
    """

    kind: str
    id: str
    about: tuple[str, ...]
    text: str
    key: str
    at: str
    page: Page | None = None
    study: Study | None = None
    arm: Arm | None = None
    plain: str | None = None
    computed: Computed = field(default_factory=dict)
    plain_computed: Computed = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    drugs: frozenset[str] = frozenset()
    regimens: frozenset[str] = frozenset()
    etiologies: frozenset[str] = frozenset()
    ages: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()

    @cached_property
    def stems(self) -> frozenset[str]:
        """The distinct stems of the text and of what it belongs to."""
        belongs = f"{self.study.title} {' '.join(self.study.known_as)}" if self.study else ""
        arm = self.arm.label if self.arm else ""
        return frozenset(stems(f"{self.text} {belongs} {arm}"))


@dataclass(frozen=True)
class Index:
    """All items, how rare each stem is among them, and the stems that describe each study."""

    items: tuple[Item, ...]
    descriptions: dict[str, frozenset[str]]

    @cached_property
    def rarity(self) -> dict[str, float]:
        """Inverse document frequency of each stem (natural logarithm)."""
        counts = Counter(stem for item in self.items for stem in item.stems)
        return {stem: log(len(self.items) / count) for stem, count in counts.items()}

    def likeness(self, asked: Iterable[str], item: Item) -> float:
        """Return the summed rarity of the asked stems that the item contains."""
        return sum(self.rarity.get(stem, 0.0) for stem in asked if stem in item.stems)


def drugs_of(arm: Arm, shelves: Shelves) -> tuple[str, ...]:
    """Return the drugs of an arm: its own and those of its regimen, the leading one first."""
    regimen = shelves.regimens.get(arm.regimen or "")
    return tuple(dict.fromkeys((*(regimen.drugs if regimen else ()), *arm.drugs)))


def doubts_about(
    doubts: Iterable[Doubt], about: tuple[str, ...], text: str, arm: Arm | None = None
) -> tuple[Doubt, ...]:
    """Return the doubts that touch a statement: its main facet, or a telling number that it repeats."""
    return tuple(
        doubt
        for doubt in doubts
        if (arm is None or not doubt.arms or arm.id in doubt.arms)
        and (doubt.about[0] == about[0] or (set(doubt.about) & set(about) and _repeats(doubt, text)))
    )


def _repeats(doubt: Doubt, text: str) -> bool:
    """True where the text holds a number of the doubt that is no common small count."""
    printed = {one.text for one in numerals(f"{doubt.printed} {doubt.computed}")}
    telling = {number for number in printed if "." in number or len(number) > 2}
    return bool(telling & {one.text for one in numerals(text)})
