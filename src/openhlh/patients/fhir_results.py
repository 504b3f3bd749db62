"""FHIR Observation: results with comparator, unit, limits and flag, findings, and what is missing and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from openhlh.errors import WrongInput
from openhlh.patients.fhir_json import Resource, codes_of, find, several, text, words_of
from openhlh.patients.measuring import FLAGS, Said, status_word
from openhlh.patients.naming import Named
from openhlh.patients.values import NO, OPEN, YES, parse_seen
from openhlh.units import Analyte

_ABSENT = {
    "not-performed": "not done",
    "unknown": "not done",
    "asked-unknown": "not done",
    "not-asked": "not done",
    "temp-unknown": "pending",
}
_UNFINISHED = {"preliminary", "registered", "partial"}
_DAYS = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")


def read_observation(one: Resource) -> None:
    """Read an observation and its components; WrongInput for an unknown unit or a missing day."""
    if one.status in ("entered-in-error", "cancelled"):
        one.into.tally("observations are entered in error or cancelled and do not count")
        return
    components = several(one.body, "component")
    for part in components:
        _read(one, part)
    holds_value = any(key.startswith("value") for key in one.body)
    if find(one.body.get("code"), one.into) or holds_value or not components:
        _read(one, one.body)


def _read(one: Resource, part: dict[str, Any]) -> None:
    named = one.named(part.get("code"), ("analyte", "finding"))
    if named is None:
        return
    missing = _missing(one, part)
    if missing is None:
        return
    on = one.needed_day(*_DAYS)
    if named.kind == "finding":
        one.into.fact(one.person, parse_seen(named.id, missing or _word(part), on, one.where))
        return
    _result(one, part, named, (on, missing))


def _missing(one: Resource, part: dict[str, Any]) -> str | None:
    """Return "" for a value, "pending" or "not done" for none, and None for one that is left out."""
    if any(key.startswith("value") and key[5:6].isupper() for key in part):
        return ""
    reasons = codes_of(part.get("dataAbsentReason"))
    known = next((_ABSENT[reason] for reason in reasons if reason in _ABSENT), None)
    if known:
        return known
    if not reasons and one.status in _UNFINISHED:
        return "pending"
    one.omit("observations without a value", "no value and no reason that says not done or pending")
    return None


def _word(part: dict[str, Any]) -> str:
    """Return the word of a finding: yes, no, or one that says neither."""
    if isinstance(part.get("valueBoolean"), bool):
        return "yes" if part["valueBoolean"] else "no"
    words = [*words_of(part.get("valueCodeableConcept")), text(part, "valueString")]
    known = [one for one in words if status_word(one) in YES | NO | OPEN]
    return known[0] if known else "neither"


def _result(one: Resource, part: dict[str, Any], named: Named, told: tuple[date, str]) -> None:
    on, missing = told
    analyte = one.into.how.names.analytes[named.id]
    if missing:
        one.into.measurement(one.person, named.id, Said(status=missing), on, one.where)
        return
    with one.into.row(one.where):
        said = _said(part, analyte, one)
        one.into.measurement(one.person, named.id, said, on, one.where)


def _said(part: dict[str, Any], analyte: Analyte, one: Resource) -> Said:
    flag = next((code for code in _interpretations(part) if code.casefold() in FLAGS), "")
    low, high = _limits(part, analyte, one)
    quantity = part.get("valueQuantity")
    if quantity is None:
        words = words_of(part.get("valueCodeableConcept"))
        value = text(part, "valueString") or text(part, "valueInteger") or next(iter(words), "")
        return Said(value or "?", low=low, high=high, flag=flag)
    value = text(quantity, "value") or "?"  # a quantity without a number is no number, not "not done"
    unit = _unit(quantity, analyte, one.where)
    return Said(value, unit, text(quantity, "comparator"), low, high, flag=flag)


def _interpretations(part: dict[str, Any]) -> list[str]:
    return [code for concept in several(part, "interpretation") for code in codes_of(concept)]


def _unit(quantity: object, analyte: Analyte, where: str) -> str:
    """Return the unit, by its code or as printed; Doubtful where the two are known and differ."""
    written = [one for one in (text(quantity, "code"), text(quantity, "unit")) if one]
    known = {unit: one for one in written if (unit := analyte.known_unit(one))}
    if len(known) > 1:
        raise WrongInput(
            f"{analyte.id} has two units",
            where=where,
            why="code and unit differ",
            remedy="correct one of them",
        )
    return next(iter(known.values()), written[0] if written else "")


def _limits(part: dict[str, Any], analyte: Analyte, one: Resource) -> tuple[str, str]:
    """Return the laboratory's limits of normal with their unit; of several ranges only a normal one."""
    ranges = several(part, "referenceRange")
    if len(ranges) > 1:
        ranges = [one for one in ranges if "normal" in codes_of(one.get("type"))]
    if len(ranges) != 1:
        if several(part, "referenceRange"):
            one.omit("reference ranges", "it is not said which of several is the normal one")
        return "", ""
    ends = []
    for end in ("low", "high"):
        quantity = ranges[0].get(end)
        unit = _unit(quantity, analyte, one.where)
        ends.append(f"{text(quantity, 'value')} {unit}".strip() if text(quantity, "value") else "")
    return ends[0], ends[1]
