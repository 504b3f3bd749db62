"""The draft: sections filled with chosen items, each statement once, the sources remembered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openhlh.answers.answer import Refusal, Section, Statement
from openhlh.answers.statements import computed_statement, statement

if TYPE_CHECKING:
    from openhlh.answers.answer import Audience
    from openhlh.answers.choosing import Chosen
    from openhlh.answers.frame import Frame
    from openhlh.answers.items import Index, Item
    from openhlh.content.shelves import Shelves

_NUMBERS_THAT_TELL = 3  # a statement whose three numbers all stand in another one repeats it

TITLES = {
    "first": ("Before anything else", "Before anything else"),
    "answer": ("Answer", "The short answer"),
    "guidelines": ("From the guidelines", "What guidelines and experts say"),
    "research": ("From the research", "What studies found"),
    "mixed": ("Studied, but not only after failure of earlier treatment", "Studied in other situations"),
    "harm": ("Harm signals, failed and stopped trials", "Warnings from studies"),
    "combinations": ("Combinations", "Treatments used together"),
    "web": ("From a web answer (not reviewed)", "What a website says (not checked)"),
    "considerations": ("Key considerations", "Good to know"),
    "unknown": ("What is not known", "What nobody knows yet"),
    "methods": ("Methods and comparability", ""),
    "team": ("", "What to ask your team"),
}


@dataclass
class Draft:
    """An answer being written: statements by section, and everything already said."""

    frame: Frame
    shelves: Shelves
    index: Index
    audience: Audience
    chosen: tuple[Chosen, ...] = ()
    parts: dict[str, list[Statement]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    evidence: int = 0

    def add(self, section: str, items: Iterable[Item], most: int) -> int:
        """Add up to `most` items that are not said yet to a section; return how many were added."""
        added = 0
        for item in items:
            if added >= most:
                break
            if id(item) in self.used:
                continue
            self.used.add(id(item))
            one = statement(item, self.audience)
            if section == "guidelines" and item.kind == "web_answer":
                section = "web"
            if one and not (item.kind == "fact" and self._repeats(one)):
                added += self._put(section, one)
        self.evidence += added
        return added

    def say(
        self, section: str, text: str, keys: Iterable[str] = (), made_from: dict[str, str] | None = None
    ) -> None:
        """Add a statement that was put together from several pages."""
        self.evidence += self._put(section, computed_statement(text, tuple(keys), made_from))

    def warn(self, section: str, text: str, keys: Iterable[str] = ()) -> None:
        """Add a caution; it is no evidence and answers nothing by itself."""
        self._put(section, computed_statement(text, tuple(keys)))

    def lead(self, text: str) -> None:
        """Put a statement of ours before the rest of the answer; it is no evidence."""
        if self._put("answer", computed_statement(text, ())):
            self.parts["answer"].insert(0, self.parts["answer"].pop())

    def refuse(self, text: str, reason: str) -> None:
        """Note what is not answered and why."""
        self.refusals.append(Refusal(text, reason))

    def sections(self) -> tuple[Section, ...]:
        """Return the filled sections in the order in which readers know them."""
        plain = self.audience == "patient"
        return tuple(
            Section(titles[plain] or titles[0], tuple(self.parts[name]))
            for name, titles in TITLES.items()
            if self.parts.get(name)
        )

    def items_of_chosen(self) -> list[Item]:
        """Return the items of the chosen arms and of their studies as a whole, by study order."""
        arms = {id(one.arm) for one in self.chosen}
        studies = {one.study.id for one in self.chosen} | set(self.frame.studies)
        return [
            item
            for item in self.index.items
            if item.study and item.study.id in studies and (item.arm is None or id(item.arm) in arms)
        ]

    def cited(self) -> set[str]:
        """Return the citation keys of everything said so far."""
        return {key for part in self.parts.values() for one in part for key in one.citations}

    def _repeats(self, one: Statement) -> bool:
        """True where one statement of the same source already holds every number of this one."""
        new = {number.text for number in one.numbers}
        return len(new) >= _NUMBERS_THAT_TELL and any(
            new <= {number.text for number in other.numbers} and set(one.citations) & set(other.citations)
            for part in self.parts.values()
            for other in part
        )

    def _put(self, section: str, one: Statement | None) -> int:
        if one is None or one.text in self.said:
            return 0
        self.said.add(one.text)
        self.parts.setdefault(section, []).append(one)
        return 1
