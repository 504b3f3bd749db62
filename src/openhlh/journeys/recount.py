"""Diagnostic counts printed in a table of patients, recounted from the same table by HLH-2004 (R14).

The columns are found by the names that the vocabulary has for tests and findings, their units stand in the
heads, the laboratory's limits in the notes of the table. What cannot be read is unknown and not negative,
so that every count has a lower and an upper bound; only a printed count outside them is a contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from openhlh.claims import Claim, Finding, PatientRow, Word, finding
from openhlh.errors import WrongInput

if TYPE_CHECKING:
    from openhlh.literature.document import Document
    from openhlh.patients.naming import Dictionary
    from openhlh.patients.sites import Site
    from openhlh.units import Analyte

DEFINITION = "hlh_2004"
_COLUMN = re.compile(r"\bhlh[-\s]?(?:2004\b|criteria)|\bdiagnostic criteria\b|\bcriteria (?:met|fulfilled)\b")
_COUNT = re.compile(r"^([0-8])\s?(?:/|of)\s?8(?:\s?[a-z*†‡§])?$")
_HEAD = re.compile(r"^(?P<name>[^(\[,]+?)\s*[(\[,]\s*(?P<unit>[^()\[\]]+?)\s*[)\]]?$")
_PADDING = re.compile(
    r"\b(?:concentrations?|levels?|values?|serum|plasma|absolute|baseline|peak|at diagnosis)\b|\bcounts?$"
)
_VALUE = re.compile(r"^([<>≤≥]?)\s*(\d{1,3}(?:[ ,\u00a0\u2009]\d{3})+|\d+(?:\.\d+)?)(?:\s?[a-z*†‡§])?$")
_SEEN = {"yes": "present", "y": "present", "+": "present", "present": "present", "positive": "present"} | {
    "no": "absent", "n": "absent", "-": "absent", "−": "absent", "absent": "absent", "negative": "absent",
}  # fmt: skip
_BEHIND = 1500
_MOSTLY = 0.6


@dataclass(frozen=True)
class Recount:
    """One patient: the cell with the printed count, and the bounds that the printed values give."""

    cell: PatientRow
    printed: int
    lower: int
    upper: int
    unknown: tuple[str, ...]

    @property
    def inside(self) -> bool:
        """True where the printed count can follow from the printed values."""
        return self.lower <= self.printed <= self.upper


def counts_follow_rows(document: Document, claims: Sequence[Claim]) -> Iterator[Finding]:
    """Yield what HLH-2004 says of every patient whose count of eight criteria is printed."""
    rows = [one for one in claims if isinstance(one, PatientRow) and _printed(one)]
    for label in dict.fromkeys(one.where for one in rows):
        counts = list(_recounts(document, [one for one in rows if one.where == label]))
        agreeing = sum(one.inside for one in counts)
        for one in counts:
            yield _told(one, sure=agreeing >= _MOSTLY * len(counts) and len(counts) > 2)


def _printed(row: PatientRow) -> tuple[PatientRow, int] | None:
    """Return the cell with the printed count and the count, None where the patient has none."""
    for name, text, start, end in row.cells:
        found = _COUNT.match(text) if _COLUMN.search(name) else None
        if found:
            return replace(row, start=start, end=end, text=text), int(found[1])
    return None


def _recounts(document: Document, rows: Sequence[PatientRow]) -> Iterator[Recount]:
    from openhlh.definitions.assessing import assess
    from openhlh.journeys.assess import book
    from openhlh.journeys.prove import ON
    from openhlh.patients.naming import dictionary
    from openhlh.patients.values import facts_of
    from openhlh.rules.facts import Moment
    from openhlh.rules.verdicts import Verdict

    opened = book()
    names = dictionary(opened.shelves.fact_names)
    site = _site(_note(document, rows[0]), names)
    for row in rows:
        cell = _printed(row)
        if cell is None:
            continue
        facts = facts_of(_readable(row, names, site), names, on=ON, site=site)
        judged = assess(opened.book, opened.book.bound(DEFINITION), facts, Moment(ON), settled=False)
        count = judged.count
        if count is None:
            continue
        unknown = tuple(line.rule.id or "" for line in count.inside if line.verdict is Verdict.UNKNOWN)
        yield Recount(*cell, count.lower or 0, count.upper or 0, unknown)


def _told(one: Recount, *, sure: bool) -> Finding:
    bounds = str(one.lower) if one.lower == one.upper else f"{one.lower} to {one.upper}"
    open_items = ", ".join(name.replace("_", " ") for name in one.unknown if name)
    stated, computed = f"{one.printed} of 8", f"{bounds} of 8"
    if not one.inside:
        word: Word = "INCONSISTENT" if sure else "TENSION"
        why = f"Patient {one.cell.patient}: the values in the table meet {computed} criteria. Please check."
        return finding("R14", one.cell, word, why, stated=stated, computed=computed, fix=f"{one.lower}/8")
    if one.lower == one.upper:
        return finding(
            "R14",
            one.cell,
            "CONSISTENT",
            "The values in the table give this count.",
            stated=stated,
            computed=computed,
        )
    if one.printed == one.lower:
        return finding(
            "R14", one.cell, "CONSISTENT", f"The values give this count; not told: {open_items}.",
            stated=stated, computed=computed, convention="items that were not tested are not counted",
        )  # fmt: skip
    return finding(
        "R14", one.cell, "NOT_TESTABLE", f"The count depends on what is not told: {open_items}.",
        stated=stated, computed=computed,
    )  # fmt: skip


def _readable(row: PatientRow, names: Dictionary, site: Site | None) -> dict[str, str]:
    """Return the cells that name a known test or finding and hold a value with a unit or a yes or no."""
    values: dict[str, str] = {}
    for head, text, _, _ in row.cells:
        named = _named(head, names)
        if named is None or named[0] in values:
            continue
        key, said = named[0], _said(named, head, text, names)
        if said and _is_usable(key, said, names, site):
            values[key] = said
    return values


def _said(named: tuple[str, str], head: str, text: str, names: Dictionary) -> str | None:
    key, kind = named
    if kind == "age":
        found = _VALUE.match(text)
        return f"{found[2]} a" if found and re.search(r"\by(?:ea)?rs?\b|^age$", head) else None
    if kind == "finding":
        return _SEEN.get(text.lower().strip(" ."))
    number, unit = _VALUE.match(text.strip()), _unit(head, names.analytes[key])
    if number is None or unit is None:
        return None
    return f"{number[1]} {re.sub(r'[ ,]|[^0-9.]', '', number[2])} {unit}".strip()


def _is_usable(key: str, said: str, names: Dictionary, site: Site | None) -> bool:
    from openhlh.journeys.prove import ON
    from openhlh.patients.values import facts_of

    try:
        facts_of({key: said}, names, on=ON, site=site)
    except WrongInput:
        return False  # a value that nobody can have is no value: the item stays unknown
    return True


def _named(head: str, names: Dictionary) -> tuple[str, str] | None:
    """Return the id and the kind of what a column's head names, in its words or without their padding."""
    found = _HEAD.match(head)
    name = (found["name"] if found else head).strip()
    if name == "age":
        return "age", "age"
    for wording in (name, _PADDING.sub("", name).strip(), re.sub(r"^absolute ", "", name)):
        known = names.find(wording)
        if known and known.kind in {"analyte", "finding"}:
            return known.id, known.kind
    return None


def _unit(head: str, analyte: Analyte) -> str | None:
    """Return the unit of a head as the analyte writes it; heads are in lower case."""
    found = _HEAD.match(head)
    if found is None:
        return None
    spelled = {unit: unit for unit in (*analyte.scales, *analyte.incomparable)}
    spelled |= {code: unit for unit, codes in analyte.unit_codes.items() for code in codes}
    wanted = _folded_unit(found["unit"])
    return next((unit for spelling, unit in spelled.items() if _folded_unit(spelling) == wanted), None)


def _folded_unit(unit: str) -> str:
    plain = (
        unit.lower().replace("μ", "u").replace("µ", "u").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
    )
    plain = re.sub(r"[\s×^*]|^x(?=10)|cells", "", plain)
    return plain.replace("mcg", "ug")


def _note(document: Document, row: PatientRow) -> str:
    """Return the text of the row's table with its notes."""
    for table in document.tables:
        if table.label == row.where and table.start <= row.start <= table.end:
            notes = " ".join(words for _, words in table.footnotes)
            return f"{document.text[row.start : table.end + _BEHIND]} {notes}"
    return ""


def _site(note: str, names: Dictionary) -> Site | None:
    """Return the laboratory's limits of natural killer cells and soluble CD25, where a note prints them."""
    from openhlh.patients.sites import Site, SiteLine

    lines: dict[str, SiteLine] = {}
    for key, side in (("nk_activity", "low"), ("scd25", "cutoff")):
        limit = _limit(note, names.analytes[key], side)
        if limit:
            number, unit = limit
            lines[key] = SiteLine(unit, **{side: number})
    return Site(lines) if lines else None


def _limit(note: str, analyte: Analyte, side: str) -> tuple[Decimal, str] | None:
    """Return the printed limit of normal: at least for "low", at most for "cutoff"."""
    signs = "[≥>]" if side == "low" else "[≤<]"
    spellings: Mapping[str, str] = {
        _folded_unit(unit): unit for unit in (*analyte.scales, *analyte.incomparable)
    }
    for name in _names_of(analyte):
        found = re.search(
            rf"{re.escape(name)}\s*\(?\s*{signs}=?\s*(\d+(?:[ ,]\d{{3}})*(?:\.\d+)?)\s*([^\s,;.)]+)",
            note,
            re.IGNORECASE,
        )
        if found and (unit := spellings.get(_folded_unit(found[2]))):
            return Decimal(re.sub(r"[ ,]", "", found[1])), unit
    return None


def _names_of(analyte: Analyte) -> tuple[str, ...]:
    own = {
        "nk_activity": ("NK cell activity", "NK-cell activity", "NK activity"),
        "scd25": ("sCD25", "sIL-2R", "sIL2R", "soluble IL-2 receptor"),
    }
    return (analyte.name, *own.get(analyte.id, ()))
