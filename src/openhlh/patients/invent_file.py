"""Invented patients as a table with one row per fact, as `hlh assess` reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date

from openhlh.patients.invent import Invented
from openhlh.rules.facts import Facts, Given, Measurement, Seen

HEAD = ("patient", "test", "value", "unit", "date", "end", "low", "high", "cutoff", "flag", "status")

_WRITTEN = {"measured": "", "pending": "pending", "not_done": "not done"}


def as_csv(patients: Iterable[Invented]) -> str:
    """Return the patients as CSV text; those with a row that no file could hold are left out."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for one in patients:
        if any(row.status not in _WRITTEN for row in one.facts.measurements):
            continue
        for row in _rows(one.facts):
            writer.writerow([row.get(column, "") for column in HEAD])
    return text.getvalue()


def _rows(facts: Facts) -> Iterator[dict[str, str]]:
    who = {"patient": facts.person.id}
    for one in facts.measurements:
        yield who | _measured(one)
    for seen in facts.findings:
        yield who | _seen(seen)
    for given in facts.exposures:
        yield who | _given(given)


def _measured(one: Measurement) -> dict[str, str]:
    numbers = {"low": one.low, "high": one.high, "cutoff": one.cutoff}
    return {
        "test": one.analyte,
        "value": "" if one.value is None else f"{one.comparator}{one.value}",
        "unit": one.unit or "",
        "date": _day(one.on),
        "flag": one.flag,
        "status": _WRITTEN[one.status],
        **{name: "" if number is None else str(number) for name, number in numbers.items()},
    }


def _seen(one: Seen) -> dict[str, str]:
    word = {True: "present", False: "absent", None: "pending"}[one.present]
    return {"test": one.finding, "value": word, "date": _day(one.on)}


def _given(one: Given) -> dict[str, str]:
    word = "given" if one.given else "not given"
    return {"test": one.exposure, "value": word, "date": _day(one.start), "end": _day(one.end)}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
