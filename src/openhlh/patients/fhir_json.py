"""FHIR as plain JSON: bundles and lines to resources, and ways into a resource that never fail."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openhlh.errors import WrongInput
from openhlh.patients.days import parse_day
from openhlh.patients.naming import Named
from openhlh.patients.rows import Gathering

SYSTEMS = {
    "http://loinc.org": "loinc",
    "http://snomed.info/sct": "snomed",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
}
_CODE = re.compile(r"^[0-9A-Za-z.\-]{1,20}$")
_NO_DAY = "a fact without its day could count on any"


@dataclass(frozen=True)
class Resource:
    """One resource, where it stands (its position, never its id), its patient, and where its facts go."""

    body: dict[str, Any]
    where: str
    person: str
    into: Gathering

    @property
    def type(self) -> str:
        """The kind of resource."""
        return text(self.body, "resourceType")

    @property
    def status(self) -> str:
        """The status of the resource."""
        return text(self.body, "status")

    def day(self, *fields: str) -> date | None:
        """Return the day in the first field that has one: a day, or the start or end of a period."""
        for one in fields:
            value = self.body.get(one)
            written = value if isinstance(value, str) else text(value, "start") or text(value, "end")
            if written:
                return parse_day(written, f"{self.where}, {one}")
        return None

    def needed_day(self, *fields: str) -> date:
        """Return the day in the first field that has one; WrongInput where none has."""
        found = self.day(*fields)
        if found is None:
            raise WrongInput(
                f"this {self.type} has no day", where=self.where, why=_NO_DAY, remedy=f"fill in {fields[0]}"
            )
        return found

    def omit(self, what: str, why: str) -> None:
        """Count this resource among those that are left out."""
        self.into.omit_counted(self.where, what, why)

    def named(self, concept: object, kinds: tuple[str, ...]) -> Named | None:
        """Return what a concept's codes mean; one that means nothing is counted by its code."""
        found = find(concept, self.into)
        if found is not None and found.kind in kinds:
            return found
        codes = [text(one, "code") for one in several(concept, "coding")]
        code = next((one for one in codes if _CODE.match(one)), "")
        what = f"{self.type} with the code {code}" if code else f"{self.type} without a code that is known"
        self.omit(what, "no definition asks for it" if code else "only LOINC, SNOMED and RxNorm codes count")
        return None


def find(concept: object, into: Gathering) -> Named | None:
    """Return what the codes of a concept mean, or None."""
    for one in several(concept, "coding"):
        system = SYSTEMS.get(text(one, "system"))
        found = into.how.names.find_code(system, text(one, "code")) if system else None
        if found:
            return found
    return None


def text(node: object, *path: str) -> str:
    """Return the text or number at a path as text; empty where there is none."""
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    if isinstance(node, bool) or node is None:
        return ""
    return str(node) if isinstance(node, str | Decimal) else ""


def several(node: object, key: str) -> list[dict[str, Any]]:
    """Return the objects in the list at a key; empty where there is none."""
    found = node.get(key) if isinstance(node, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def codes_of(concept: object) -> list[str]:
    """Return all codes of a concept."""
    return [text(one, "code") for one in several(concept, "coding")]


def words_of(concept: object) -> list[str]:
    """Return the text, the displays and the codes of a concept, in this order."""
    displays = [text(one, "display") for one in several(concept, "coding")]
    return [one for one in (text(concept, "text"), *displays, *codes_of(concept)) if one]


def parsed(raw: str, source: str, first_line: int = 1) -> Any:  # noqa: ANN401 - JSON is anything
    """Return JSON with exact decimals; WrongInput with line and column, and nothing of the content."""

    def refuse(_: str) -> None:
        raise ValueError

    try:
        return json.loads(raw, parse_float=Decimal, parse_int=Decimal, parse_constant=refuse)
    except json.JSONDecodeError as error:
        line = error.lineno + first_line - 1
        raise WrongInput(
            "this is no JSON", where=f"{source}, line {line}, column {error.colno}", remedy="write it again"
        ) from None
    except (ValueError, ArithmeticError, RecursionError):
        raise WrongInput(
            "this JSON cannot be read",
            where=source,
            why="it holds NaN, infinity or is nested too deeply",
            remedy="write it again",
        ) from None


def resources(
    raw: str, source: str, note: Callable[[str], None] = lambda _: None
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the place, the full address and the body of every resource of a bundle or of JSON lines.

    `note` is told of a bundle that is only one page of several.
    """
    if is_lines(raw):
        for number, line in enumerate(raw.split("\n"), start=1):
            if line.strip():
                where = f"{source}, line {number}"
                yield where, "", _resource(parsed(line, source, number), where)
        return
    whole = _resource(parsed(raw, source), source)
    if text(whole, "resourceType") != "Bundle":
        yield source, "", whole
        return
    if any(text(link, "relation") == "next" for link in several(whole, "link")):
        note("a bundle has a `next` link: what stands on its further pages is not read unless given too")
    entries = whole.get("entry", [])
    if not isinstance(entries, list):
        raise WrongInput("the entries are no list", where=source, remedy="write the Bundle again")
    for number, entry in enumerate(entries, start=1):
        where = f"{source}, entry {number}"
        yield where, text(entry, "fullUrl"), _resource(_inside(entry), where)


def _inside(entry: object) -> object:
    return entry.get("resource") if isinstance(entry, dict) else None


def is_lines(raw: str) -> bool:
    """Say whether every line is a JSON object of its own."""
    lines = [line for line in raw.split("\n") if line.strip()]
    if len(lines) < 2 or not lines[0].lstrip().startswith("{"):
        return False
    try:
        parsed(lines[0], "")
    except WrongInput:
        return False
    return True


def _resource(node: object, where: str) -> dict[str, Any]:
    if not isinstance(node, dict) or not text(node, "resourceType"):
        raise WrongInput(
            "this is no FHIR resource", where=where, remedy="give a Bundle or one resource on each line"
        )
    return node
