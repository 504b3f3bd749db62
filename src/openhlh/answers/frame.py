"""The frame: what a question asks for, of which drugs, studies and patients."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

Ids = tuple[str, ...]


@dataclass(frozen=True)
class Frame:
    """A question as ids of the shelves. It holds no word of the asker except unknown drug-like ones."""

    intents: Ids = ()
    about: Ids = ()
    drugs: Ids = ()
    regimens: Ids = ()
    studies: Ids = ()
    definitions: Ids = ()
    genes: Ids = ()
    lines: Ids = ()
    ages: Ids = ()
    etiologies: Ids = ()
    settings: Ids = ()
    topics: Ids = ()
    places: Ids = ()
    references: Ids = ()
    jurisdictions: Ids = ()
    elsewhere: Ids = ()
    cautions: Ids = ()
    fractions: tuple[tuple[int, int], ...] = ()
    percents: Ids = ()
    patients: Ids = ()
    times: Ids = ()
    named_twice: Ids = ()
    foreign: bool = False
    stems: Ids = ()
    said: frozenset[str] = frozenset()
    corrected: tuple[tuple[str, str], ...] = ()
    unknown: Ids = ()
    inherited: Ids = ()

    @property
    def names_a_subject(self) -> bool:
        """True where a drug, regimen, study, definition or gene is named."""
        return bool(self.drugs or self.regimens or self.studies or self.definitions or self.genes)

    @property
    def in_scope(self) -> bool:
        """True where anything in the question belongs to HLH and its treatment."""
        if self.studies or self.definitions or self.genes or "hlh" in self.topics:
            return True
        if self.elsewhere:
            return False
        if self.drugs or self.regimens or self.topics or {"cns", "car_t"} & set(self.settings):
            return True
        return bool((self.etiologies or self.lines) and self.about and not self.unknown)

    @property
    def asks_salvage(self) -> bool:
        """True where refractory or relapsed disease is meant, and first line is not."""
        return "salvage" in self.lines and "first" not in self.lines

    def shown(self) -> dict[str, Any]:
        """Return the parts that are not empty, for --explain."""
        return {key: value for key, value in asdict(self).items() if value and key not in {"stems", "said"}}


def kept(frame: Frame) -> dict[str, Any]:
    """Return what a conversation may keep: ids of the shelves, no word of the asker."""
    return {
        name: list(getattr(frame, name))
        for name in (
            "intents",
            "about",
            "drugs",
            "regimens",
            "studies",
            "definitions",
            "genes",
            "lines",
            "ages",
            "etiologies",
        )
    }


def restored(state: dict[str, Any]) -> Frame:
    """Return the frame that `kept` wrote; unknown or broken parts are left out."""
    names = {field.name for field in fields(Frame)}
    good = {
        name: tuple(one for one in ids if isinstance(one, str))
        for name, ids in state.items()
        if name in names and isinstance(ids, list)
    }
    return Frame(**good)  # type: ignore[arg-type]
