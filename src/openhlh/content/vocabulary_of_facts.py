"""What facts are called: analytes with their units, findings, exposures, and their codes elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from openhlh.loaded import Frozen, Id, Text
from openhlh.units import Analyte, Scale

Exact = Annotated[str, StringConstraints(pattern=r"^-?\d+(\.\d+)?(/[1-9]\d*)?$")]
System = Literal["loinc", "omop", "snomed", "rxnorm", "cdisc"]


class UnitEntry(Frozen):
    """A unit of an analyte: canonical = (value - offset) * factor; without a factor it never converts."""

    unit: Text
    factor: Exact | None = None
    offset: Exact = "0"
    spellings: tuple[Text, ...] = ()
    omop: tuple[Annotated[str, StringConstraints(pattern=r"^\d+$")], ...] = ()
    why: Text


class AnalyteEntry(Frozen):
    """A measured quantity; `lowest`, `highest`, `unlikely_*` bound what input is believed."""

    id: Id
    name: Text
    names: tuple[Text, ...] = ()
    unit: Text
    units: Annotated[tuple[UnitEntry, ...], Field(min_length=1)]
    lowest: Exact
    highest: Exact
    unlikely_below: Exact | None = None
    unlikely_above: Exact | None = None
    codes: dict[System, tuple[Text, ...]] = {}
    note: Text | None = None


class FindingEntry(Frozen):
    """Something seen or not; `implies` names the wider findings that its presence proves."""

    id: Id
    name: Text
    names: tuple[Text, ...] = ()
    implies: tuple[Id, ...] = ()
    codes: dict[System, tuple[Text, ...]] = {}
    note: Text | None = None


class ExposureEntry(Frozen):
    """A drug, a class of drugs (`members`) or a regimen that can have been given."""

    id: Id
    name: Text
    names: tuple[Text, ...] = ()
    members: tuple[Id, ...] = ()
    codes: dict[System, tuple[Text, ...]] = {}
    note: Text | None = None


class FactNames(Frozen):
    """The three files of what facts are called."""

    analytes: tuple[AnalyteEntry, ...]
    findings: tuple[FindingEntry, ...]
    exposures: tuple[ExposureEntry, ...]


class AnalyteFile(Frozen):
    """The file of all analytes."""

    source: Id
    analytes: tuple[AnalyteEntry, ...]


class FindingFile(Frozen):
    """The file of all findings."""

    findings: tuple[FindingEntry, ...]


class ExposureFile(Frozen):
    """The file of all drugs, classes and regimens that facts may name."""

    exposures: tuple[ExposureEntry, ...]


def as_analyte(entry: AnalyteEntry) -> Analyte:
    """Return what the engines need of an analyte."""
    return Analyte(
        id=entry.id,
        name=entry.name,
        unit=entry.unit,
        scales={
            one.unit: Scale(Fraction(one.factor), Fraction(one.offset)) for one in entry.units if one.factor
        },
        incomparable=tuple(one.unit for one in entry.units if not one.factor),
        low=Fraction(entry.lowest),
        high=Fraction(entry.highest),
        unlikely_above=Fraction(entry.unlikely_above) if entry.unlikely_above else None,
        unlikely_below=Fraction(entry.unlikely_below) if entry.unlikely_below else None,
        codes={system: tuple(codes) for system, codes in entry.codes.items()},
        unit_codes={one.unit: (*one.spellings, *one.omop) for one in entry.units},
    )


def as_analytes(entries: Iterable[AnalyteEntry]) -> dict[str, Analyte]:
    """Return all analytes by id."""
    return {entry.id: as_analyte(entry) for entry in entries}


def widened(name: str, entries: Mapping[str, FindingEntry]) -> tuple[str, ...]:
    """Return a finding with every wider finding that its presence proves."""
    found = [name]
    for one in found:
        found += [wider for wider in entries[one].implies if wider not in found] if one in entries else []
    return tuple(found)


def classes_of(name: str, entries: Mapping[str, ExposureEntry]) -> tuple[str, ...]:
    """Return a drug with every class and regimen that it is a member of."""
    found = [name]
    for one in found:
        found += [entry.id for entry in entries.values() if one in entry.members and entry.id not in found]
    return tuple(found)
