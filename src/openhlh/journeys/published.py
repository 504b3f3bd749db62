"""Per-patient tables of publications, judged by the definitions: what was printed beside what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openhlh.content.study import Arm, Patient, Study
from openhlh.content.vocabulary_of_facts import FactNames
from openhlh.definitions.assessing import Assessment, assess
from openhlh.definitions.book import Book
from openhlh.journeys.prove import ON
from openhlh.patients.sites import Site, SiteLine
from openhlh.patients.values import facts_of
from openhlh.rules.facts import Facts, Moment

_UNITS = {
    "10_9_per_l": "10*9/L",
    "g_per_l": "g/L",
    "mmol_per_l": "mmol/L",
    "ug_per_l": "ug/L",
    "percent": "%",
    "pg_per_ml": "pg/mL",
    "copies_per_ml": "{copies}/mL",
}
_KEY = re.compile(rf"^(?P<analyte>\w+?)_(?P<unit>{'|'.join(_UNITS)})$")
_SEEN = {"yes": "present", "no": "absent"}


@dataclass(frozen=True)
class Recomputed:
    """One published patient: the printed count and what the printed values give."""

    study: str
    patient: str
    printed: str | None
    assessment: Assessment

    @property
    def bounds(self) -> tuple[int, int]:
        """The lower and upper bound of the count."""
        count = self.assessment.count
        return (count.lower or 0, count.upper or 0) if count else (0, 0)

    @property
    def agrees(self) -> bool | None:
        """Whether the printed count is the number of items that the values meet; None without a count."""
        return None if self.printed is None else int(self.printed.split("/")[0]) == self.bounds[0]


def recomputed(study: Study, book: Book, names: FactNames) -> Iterator[Recomputed]:
    """Yield every patient that a study prints, judged by HLH-2004."""
    bound = book.bound("hlh_2004")
    for arm in study.arms:
        for patient in arm.patients:
            one = assess(book, bound, facts_of_patient(patient, arm, names), Moment(ON))
            yield Recomputed(study.id, patient.id, patient.hlh_2004_printed, one)


def facts_of_patient(patient: Patient, arm: Arm, names: FactNames) -> Facts:
    """Return the facts of a printed row, with the laboratory limits that the publication names."""
    site = Site(
        {
            one.analyte: SiteLine(
                one.unit, *(Decimal(n) if n else None for n in (one.cutoff, one.low, one.high))
            )
            for one in arm.laboratory_limits
        }
    )
    values = {"age": f"{patient.age_years} a", "sex": patient.sex}
    for key, printed in patient.labs.items():
        found = _KEY.match(key)
        if found and printed[-1:].isdigit():
            values[found["analyte"]] = f"{printed} {_UNITS[found['unit']]}"
    values |= {name: _SEEN[said] for name, said in patient.findings.items() if said in _SEEN}
    return facts_of(values, names, on=ON, site=site)


def unexplained(study: Study, book: Book, names: FactNames) -> list[Recomputed]:
    """Return the printed counts that do not follow and that no doubt of the study's page tells."""
    told = " ".join(doubt.text.lower() for doubt in study.doubts)
    return [
        one
        for one in recomputed(study, book, names)
        if one.agrees is False and f"patient {one.patient.lower()} " not in told
    ]


def as_rows(study: Study, book: Book, names: FactNames) -> list[dict[str, Any]]:
    """Return the published patients of a study as objects: printed, recomputed bounds, whether they agree."""
    return [
        {
            "patient": one.patient,
            "printed": one.printed,
            "met": one.bounds[0],
            "possible": one.bounds[1],
            "agrees": one.agrees,
            "verdict": one.assessment.verdict.value,
        }
        for one in recomputed(study, book, names)
    ]
