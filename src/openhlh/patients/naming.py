"""From what a file calls a test, a finding or a drug to what our pages call it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from openhlh.content.vocabulary_of_facts import FactNames, as_analytes, classes_of, widened
from openhlh.errors import WrongInput

Kind = Literal["analyte", "finding", "exposure"]
_SILENT = re.compile(r"[^\w%]|_")
_LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Named:
    """What a name stands for."""

    kind: Kind
    id: str


def folded_name(name: str) -> str:
    """Return a name without case, blanks and punctuation.

    >>> folded_name("sIL-2R") == folded_name("SIL 2r"), folded_name("neut%")
    (True, 'neut%')
    """
    return _SILENT.sub("", name.casefold())


def shown(name: str) -> str:
    """Return a name as an error message may show it: what does not look like a name is not repeated."""
    looks_like_one = len(name) <= _LONGEST_SHOWN and name[:1].isalpha() and name.isprintable()
    return f"`{name}`" if looks_like_one else "this name"


class Dictionary:
    """All names, ids and codes of analytes, findings and exposures, ready to be looked up."""

    def __init__(self, names: FactNames) -> None:
        """Index the three files of names."""
        self.analytes = as_analytes(names.analytes)
        findings = {one.id: one for one in names.findings}
        exposures = {one.id: one for one in names.exposures}
        self.wider = {one: widened(one, findings)[1:] for one in findings}
        self.classes = {one: classes_of(one, exposures)[1:] for one in exposures}
        self._names: dict[str, Named] = {}
        self._codes: dict[tuple[str, str], Named] = {}
        kinds: list[tuple[Kind, tuple[object, ...]]] = [
            ("analyte", names.analytes), ("finding", names.findings), ("exposure", names.exposures),
        ]  # fmt: skip
        for kind, entries in kinds:  # an id means itself, whatever another entry is called
            for entry in entries:
                self._names[folded_name(entry.id)] = Named(kind, entry.id)  # type: ignore[attr-defined]
        for kind, entries in kinds:
            for entry in entries:
                self._add(Named(kind, entry.id), entry)  # type: ignore[attr-defined]
        self._any_system = {code: named for (_, code), named in self._codes.items()}

    def _add(self, named: Named, entry: object) -> None:
        for name in (entry.name, *entry.names):  # type: ignore[attr-defined]
            self._names.setdefault(folded_name(name), named)
        for system, codes in entry.codes.items():  # type: ignore[attr-defined]
            for code in codes:
                self._codes[system, code.casefold()] = named

    def find(self, name: str) -> Named | None:
        """Return what an id, a name or a code of any system means, or None."""
        return self._any_system.get(name.strip().casefold()) or self._names.get(folded_name(name))

    def find_code(self, system: str, code: str) -> Named | None:
        """Return what a code of one system (loinc, snomed, rxnorm, omop, cdisc) means, or None."""
        return self._codes.get((system, code.strip().casefold()))

    def resolve(self, name: str, where: str, *, of_data: bool = False) -> Named:
        """Return what a name means; WrongInput with the nearest known name where it means nothing.

        `of_data`: the name is a cell of patient data, which may hold anything and is not repeated.
        """
        found = self.find(name)
        if found is None:
            raise WrongInput(
                f"{'this name' if of_data else shown(name)} is no known test, finding or drug",
                where=where,
                why="a name that nobody knows cannot be judged",
                remedy=self.advice(name),
            )
        return found

    def advice(self, name: str) -> str:
        """Return what to write in place of an unknown name."""
        near = get_close_matches(folded_name(name), self._names, 1, 0.6)
        if near:
            return f"did you mean `{self._names[near[0]].id}`?"
        return "write a name, an id or a code (LOINC, SNOMED, RxNorm, OMOP, CDISC) of the vocabulary of facts"


def dictionary(names: FactNames | Dictionary) -> Dictionary:
    """Return the names indexed; indexed ones stay as they are."""
    return names if isinstance(names, Dictionary) else Dictionary(names)
