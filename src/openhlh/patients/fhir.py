"""FHIR R4: bundles and bulk data (one resource per line) to facts, read as plain JSON by path.

A hospital's bundle always carries tests, conditions and drugs that no definition asks for: an unknown code
is no error, it is listed as omitted with its count. An unknown unit of a known test is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from openhlh.errors import WrongInput
from openhlh.patients.days import parse_day
from openhlh.patients.fhir_json import Resource, codes_of, find, resources, several, text
from openhlh.patients.fhir_results import read_observation
from openhlh.patients.rows import Gathering
from openhlh.patients.values import course
from openhlh.rules.facts import Given, Seen

_GIVEN = {
    "MedicationAdministration": {"completed", "in-progress", "stopped", "on-hold"},
    "MedicationStatement": {"completed", "active", "stopped", "on-hold"},
    "MedicationRequest": {"completed", "active"},
    "Procedure": {"completed", "in-progress", "stopped"},
}
_NOT_GIVEN = {"not-done", "not-taken"}
_ONGOING = {"active", "in-progress"}
_DRUG_DAYS = {
    "MedicationAdministration": ("effectivePeriod", "effectiveDateTime"),
    "MedicationStatement": ("effectivePeriod", "effectiveDateTime"),
    "MedicationRequest": ("authoredOn",),
    "Procedure": ("performedPeriod", "performedDateTime"),
}
_ABSENT_NOW = {"resolved", "remission", "inactive"}
_ABATEMENT = ("abatementDateTime", "abatementPeriod")


class _Reader:
    """Reads resources in the order of their source, and remembers what others refer to."""

    def __init__(self, into: Gathering) -> None:
        self.into = into
        self.by_address: dict[str, str] = {}
        self.patients: list[str] = []
        self.drugs: dict[str, object] = {}
        self.seen: dict[tuple[str, str], int] = {}

    def look_around(self, found: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
        """Learn which patients and drugs there are."""
        for where, address, body in found:
            kind, name = text(body, "resourceType"), text(body, "id")
            if kind == "Patient":
                name = name or address.rsplit("/", 1)[-1].rsplit(":", 1)[-1] or f"patient at {where}"
                self.patients.append(name)
                self.by_address |= {one: name for one in (address, f"Patient/{name}") if one}
            elif kind == "Medication":
                self.drugs |= {one: body.get("code") for one in (address, f"Medication/{name}") if one}

    def read(self, where: str, address: str, body: dict[str, Any]) -> None:
        """Read one resource; WrongInput for what cannot be used."""
        kind = text(body, "resourceType")
        if self._is_repeated(kind, body, where):
            return
        if kind == "Patient":
            name = text(body, "id") or self.by_address.get(address) or f"patient at {where}"
            _patient(Resource(body, where, name, self.into))
            return
        reader = _READERS.get(kind)
        if kind == "Medication":
            return
        if reader is None and kind not in _GIVEN:
            shown = kind if kind.isalpha() and kind.isascii() else "resources of another kind"
            self.into.omit_counted(where, shown, "no definition asks for this kind of resource")
            return
        one = Resource(body, where, self._person(body, where), self.into)
        self.into.patient(one.person)
        if reader is None:
            _drug(one, body.get("code") if kind == "Procedure" else self._drug_code(body))
        else:
            reader(one)

    def _is_repeated(self, kind: str, body: dict[str, Any], where: str) -> bool:
        name = text(body, "id")
        if not name:
            return False
        content = hash(json.dumps(body, sort_keys=True, default=str))
        before = self.seen.get((kind, name))
        if before is None:
            self.seen[kind, name] = content
            return False
        if before != content:
            raise WrongInput(
                f"this {kind if kind.isalpha() else 'resource'} has the id of another one",
                where=where,
                why="it is not known which of the two versions holds",
                remedy="keep the current version",
            )
        self.into.tally("resources repeat another one exactly and count once")
        return True

    def _person(self, body: dict[str, Any], where: str) -> str:
        reference = text(body, "subject", "reference") or text(body, "patient", "reference")
        if reference in self.by_address:
            return self.by_address[reference]
        if "/" in reference and not reference.startswith(("#", "Group/")):
            return reference.split("/_history/")[0].rsplit("/", 1)[-1]
        if not reference and len(self.patients) == 1:
            return self.patients[0]
        raise WrongInput(
            "it is not said which patient this is about",
            where=where,
            remedy="fill in `subject` with a reference to a Patient",
        )

    def _drug_code(self, body: dict[str, Any]) -> object:
        reference = text(body, "medicationReference", "reference")
        contained = body.get("contained")
        if reference.startswith("#") and isinstance(contained, list):
            inside = [one for one in contained if text(one, "id") == reference[1:]]
            return inside[0].get("code") if inside else None
        return self.drugs.get(reference, body.get("medicationCodeableConcept"))


def read_fhir(texts: Iterable[tuple[str, str]], into: Gathering) -> None:
    """Read files, each with its name and its text; WrongInput with the position of what cannot be used."""
    files = list(texts)
    reader = _Reader(into)
    for name, raw in files:
        reader.look_around(resources(raw, name))
    for name, raw in files:
        for where, address, body in resources(raw, name, into.note):
            with into.row(where):
                reader.read(where, address, body)


def _patient(one: Resource) -> None:
    one.into.patient(one.person)
    with one.into.row(one.where):
        one.into.about(one.person, "birth_date", text(one.body, "birthDate"), None, f"{one.where}, birthDate")
    with one.into.row(one.where):
        one.into.about(one.person, "sex", text(one.body, "gender"), None, f"{one.where}, gender")


def _condition(one: Resource) -> None:
    """A refuted condition is absent; one that only may be is neither; a resolved one ends."""
    verified = codes_of(one.body.get("verificationStatus"))
    if "entered-in-error" in verified:
        one.into.tally("conditions are entered in error and do not count")
        return
    named = one.named(one.body.get("code"), ("finding",))
    if named is None:
        return
    present = None if {"unconfirmed", "differential"} & {*verified} else "refuted" not in verified
    days = {
        one.day("onsetDateTime", "onsetPeriod", "recordedDate"),
        one.day("recordedDate", "onsetDateTime", "onsetPeriod"),
    }
    ended = _end(one, *_ABATEMENT)
    gone = bool({*codes_of(one.body.get("clinicalStatus"))} & _ABSENT_NOW)
    if days == {None}:
        one.into.note("conditions without a day count for the day of judgement")
    for day in sorted(days, key=str):
        if not (present and gone and (day is None or (ended and day >= ended))):
            one.into.fact(one.person, Seen(named.id, present, day, one.where))
    if present and gone and ended:
        one.into.fact(one.person, Seen(named.id, False, ended, one.where))


def _end(one: Resource, *fields: str) -> date | None:
    """Return the last day that the first field with one tells; a period ends at its end."""
    for name in fields:
        value = one.body.get(name)
        written = value if isinstance(value, str) else text(value, "end")
        if written:
            return parse_day(written, f"{one.where}, {name}")
    return None


def _drug(one: Resource, code: object) -> None:
    """A drug or procedure: given, not given, or ordered; an order counts as given, and that is told."""
    if one.status == "entered-in-error":
        one.into.tally("drug records are entered in error and do not count")
        return
    named = one.named(code, ("exposure",))
    if named is None:
        return
    denied = one.body.get("doNotPerform") is True
    if not (denied or one.status in _GIVEN[one.type] | _NOT_GIVEN):
        one.omit(f"{one.type} of {named.id}", "its status does not say that it was given")
        return
    if one.type == "MedicationRequest":
        if text(one.body, "intent") != "order":
            one.omit(f"{one.type} of {named.id}", "its intent is not an order")
            return
        one.into.note("orders of drugs (MedicationRequest) count as given on their day")
    start = one.needed_day(*_DRUG_DAYS[one.type])
    end = _end(one, _DRUG_DAYS[one.type][0]) if "Period" in _DRUG_DAYS[one.type][0] else None
    if denied or one.status in _NOT_GIVEN:
        one.into.fact(one.person, Given(named.id, start, end, given=False, row=one.where))
        return
    if end is None and one.status in _ONGOING and text(one.body, "effectivePeriod", "start"):
        end = max(one.into.how.on, start)
    one.into.fact(one.person, course(named.id, start, end, one.where))


def _report(one: Resource) -> None:
    """The coded conclusions of a report, such as one on bone marrow."""
    if one.status in ("entered-in-error", "cancelled"):
        one.into.tally("reports are entered in error or cancelled and do not count")
        return
    concluded = several(one.body, "conclusionCode")
    known = [found for concept in concluded if (found := find(concept, one.into))]
    findings = [found for found in known if found.kind == "finding"]
    if not findings:
        one.omit("DiagnosticReport without a coded finding", "its conclusion is text or another code")
        return
    on = one.needed_day("effectiveDateTime", "effectivePeriod", "issued")
    present = None if one.status in ("registered", "partial", "preliminary") else True
    for found in findings:
        one.into.fact(one.person, Seen(found.id, present, on, one.where))


_READERS = {
    "Observation": read_observation,
    "Condition": _condition,
    "DiagnosticReport": _report,
}
