"""The structured outcomes of an arm, said in words; every computed number says what it was computed from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openhlh.answers.phrases import DESIGN, LEVEL, LINE, LINE_PLAIN, SEEN, capital, listed
from openhlh.proportions import interval_percent, percent

if TYPE_CHECKING:
    from openhlh.content.shelves import Shelves
    from openhlh.content.study import Arm, Patient, Response, Study, Survival

_SMALL_GROUP = 30
_UNITS = {
    "_10_9_per_l": "x10*9/L",
    "_mmol_per_l": "mmol/L",
    "_ug_per_l": "ug/L",
    "_g_per_l": "g/L",
    "_copies_per_ml": "copies/mL",
    "_pg_per_ml": "pg/mL",
    "_percent": "%",
}
_LEVELS = ("complete", "partial", "improvement", "none")


@dataclass
class Said:
    """Words being put together, with the numbers in them that were computed and from what."""

    text: str = ""
    computed: dict[str, str] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Add words as they are."""
        self.text += text

    def add_share(self, count: int, total: int, *, interval: bool = False) -> None:
        """Add "(76.2 %, exact 95 % interval 63.8-86.0)" computed from count and total."""
        made_from = f"{count}/{total}"
        share = percent(count, total)
        self.computed[share] = made_from
        self.text += f" ({share} %"
        if interval:
            low, high = interval_percent(count, total)
            self.computed |= {low: f"Clopper-Pearson {made_from}", high: f"Clopper-Pearson {made_from}"}
            self.computed["95"] = "level of the interval"
            self.text += f", exact 95 % interval {low}-{high}"
        self.text += ")"


def treatment_and_arm(arm: Arm) -> str:
    """Return "DEP in adults ... (refractory)" as the head of a statement."""
    name = _short(arm.treatment)
    head = arm.label if name.lower() in arm.label.lower() else f"{name} in {arm.label}"
    return f"{head} ({LINE[arm.line]})"


def short_treatment(arm: Arm) -> str:
    """Return the treatment without its bracketed details."""
    return _short(arm.treatment)


def _short(treatment: str) -> str:
    head, _, _ = treatment.partition(" (")
    return head.partition(":")[0].strip()


def response_said(study: Study, arm: Arm, shelves: Shelves) -> Said | None:
    """Return the response of an arm: counts, exact interval, levels, who judged when and how."""
    response = arm.response
    if response is None:
        return None
    said = Said()
    if not _counts_said(said, arm, response):
        return None
    said.add(f". Judged {_when(response.assessed)}; {_definition(response, shelves)}")
    said.add(f". {capital(design_said(study))}; seen as {seen_said(study, arm)}")
    if arm.etiology.text:
        said.add(f". Causes: {arm.etiology.text}")
    return said


def _counts_said(said: Said, arm: Arm, response: Response) -> bool:
    total = arm.evaluable
    head = f"{capital(treatment_and_arm(arm))}: "
    responders = response.responders
    if total and responders is not None:
        named = dict(response.names).get("responders")
        reached = f"counted as '{named}'" if named else "responded"
        said.add(f"{head}{responders} of {total} {_unit(arm)} {reached}")
        said.add_share(responders, total, interval=True)
    elif total and response.complete is not None:
        said.add(
            f"{head}{response.complete} of {total} {arm.unit} reached {_level_name(response, 'complete')}"
        )
        said.add_share(response.complete, total, interval=True)
    elif "responders" in response.printed:
        said.add(f"{head}{response.printed['responders']} % responded as printed; the counts are not shown")
    else:
        return False
    _levels_said(said, arm, response)
    if response.printed_interval:
        said.add(f"; printed interval {response.printed_interval}")
    if {"responders", "complete"} & set(response.derived):
        names = listed([LEVEL.get(level, "responders") for level in response.derived])
        said.add(f" [derived, not printed: {names}]")
    return True


def _unit(arm: Arm) -> str:
    if arm.unit == "courses" and arm.enrolled:
        return f"courses (given to {arm.enrolled} patients)"
    return arm.unit


def _levels_said(said: Said, arm: Arm, response: Response) -> None:
    parts = []
    for level in _LEVELS:
        count = getattr(response, level)
        if count is None:
            continue
        share = ""
        if arm.evaluable and response.responders is not None:
            value = percent(count, arm.evaluable)
            said.computed[value] = f"{count}/{arm.evaluable}"
            share = f" ({value} %)"
        parts.append(f"{count} {_level_name(response, level)}{share}")
    if parts and response.responders is not None:
        said.add(f": {', '.join(parts)}")


def _level_name(response: Response, level: str) -> str:
    return dict(response.names).get(level, LEVEL[level])  # type: ignore[call-overload, no-any-return]


def _when(assessed: str) -> str:
    first = assessed.split(maxsplit=1)[0].lower()
    return (
        f"at {assessed}"
        if first[:1].isdigit() or first in {"week", "day", "days", "month", "end"}
        else f"({assessed})"
    )


def _definition(response: Response, shelves: Shelves) -> str:
    page = shelves.definitions.get(response.definition)
    title = page.title if page else response.definition
    if response.definition == "response_as_reported":
        return "by the authors, criteria not described"
    counted = "counted" if response.improvement_counts else "not counted"
    if response.definition == "response_surrogate":
        return f"definition: {title} (no full HLH response)"
    return f"definition: {title} (improvement short of partial response {counted})"


def design_said(study: Study) -> str:
    """Return "prospective single-arm trial, China"."""
    when = {"yes": "prospective ", "no": "", "not_stated": ""}[study.prospective]
    country = "" if study.country.lower().startswith("not ") else f", {study.country}"
    return f"{when}{DESIGN[study.design]}{country}"


def seen_said(study: Study, arm: Arm | None = None) -> str:
    """Return what was seen: "abstract", or "second-hand (through marsh_2017)"."""
    seen = (arm.seen if arm and arm.seen else None) or study.seen
    through = f" (through {seen.through})" if seen.through else ""
    return f"{SEEN[seen.what]}{through}"


def survival_said(arm: Arm, one: Survival) -> Said:
    """Return one survival figure, with its exact interval where the counts are known."""
    said = Said(f"{capital(treatment_and_arm(arm))}: ")
    if one.alive is not None and one.of:
        said.add(f"{one.alive} of {one.of} alive at {one.time} ({one.what}")
        low, high = interval_percent(one.alive, one.of)
        share = percent(one.alive, one.of)
        said.computed |= {share: f"{one.alive}/{one.of}", low: f"Clopper-Pearson {one.alive}/{one.of}"}
        said.computed |= {high: f"Clopper-Pearson {one.alive}/{one.of}", "95": "level of the interval"}
        said.add(f" {share} %, exact 95 % interval {low}-{high})")
    else:
        said.add(f"{one.what} at {one.time} {one.percent} %")
        if one.interval:
            said.add(f" ({one.interval})")
    if one.derived:
        said.add(" [derived]")
    return said


def spans_said(arm: Arm, about: str) -> Said | None:
    """Return the times of one kind (speed, durability, survival, steroids) of an arm."""
    parts = []
    for span in arm.spans:
        if span.about != about:
            continue
        middle = f"median {span.median}" if span.median else f"mean {span.mean}" if span.mean else ""
        spread = f"range {span.range}" if span.range else ""
        parts.append(f"{span.what} {', '.join(part for part in (middle, spread) if part)}")
    if not parts:
        return None
    return Said(f"{capital(treatment_and_arm(arm))}: {'; '.join(parts)}")


def deaths_said(arm: Arm) -> Said | None:
    """Return the deaths of an arm with their causes."""
    if arm.deaths is None:
        return None
    total = arm.deaths.of or arm.enrolled
    said = Said(f"{capital(treatment_and_arm(arm))}: {arm.deaths.n}")
    if total:
        said.add(f" of {total} died")
        said.add_share(arm.deaths.n, total)
    else:
        said.add(" deaths")
    if arm.deaths.causes:
        said.add(": " + ", ".join(f"{cause.n} {cause.cause}" for cause in arm.deaths.causes))
    if arm.deaths.derived:
        said.add(" [count derived]")
    return said


def adverse_said(arm: Arm) -> Said | None:
    """Return the adverse events of an arm in one statement."""
    if not arm.adverse_events:
        return None
    said = Said(f"{capital(treatment_and_arm(arm))}: ")
    parts = []
    for event in arm.adverse_events:
        count = f"{event.n}" if event.n is not None else ""
        if event.n is not None and event.of:
            share = percent(event.n, event.of)
            said.computed[share] = f"{event.n}/{event.of}"
            count = f"{event.n} of {event.of} ({share} %)"
        elif event.percent:
            of = f" of {event.of}" if event.of else ""
            count = f"{count}, {event.percent} %{of}".removeprefix(", ")
        parts.append(f"{event.event} {count}".strip())
    said.add("; ".join(parts))
    return said


def population_said(study: Study, arm: Arm) -> Said:
    """Return who was treated: numbers, age, causes, line, country."""
    enrolled = f"{arm.enrolled} enrolled" if arm.enrolled is not None else "number not shown"
    evaluable = ""
    if arm.evaluable is not None and (arm.evaluable != arm.enrolled or arm.unit == "courses"):
        evaluable = f", {arm.evaluable} {arm.unit} evaluable"
    said = Said(f"{capital(treatment_and_arm(arm))}: {enrolled}{evaluable}")
    if arm.age.text:
        said.add(f"; age: {arm.age.text}")
    if arm.etiology.text:
        said.add(f"; causes: {arm.etiology.text}")
    if arm.line_note:
        said.add(f"; line: {arm.line_note}")
    if arm.follow_up:
        said.add(f"; follow-up: {arm.follow_up.text}")
    said.add(f". {capital(design_said(study))}; seen as {seen_said(study, arm)}")
    return said


def survival_plain(arm: Arm, one: Survival, shelves: Shelves) -> Said | None:
    """Return one survival figure in plain language, where the counts are known."""
    if one.alive is None or not one.of:
        return None
    name = capital(plain_treatment(arm, shelves))
    alive = f"{one.alive} of {one.of} people were alive at {one.time}"
    return Said(f"{name} was studied {LINE_PLAIN[arm.line]}. {alive}")


def response_plain(arm: Arm, shelves: Shelves) -> Said | None:
    """Return the response of an arm in plain language; none where only a blood marker was judged."""
    response = arm.response
    if response is None or not arm.evaluable or response.definition == "response_surrogate":
        return None
    count = response.responders if response.responders is not None else response.complete
    if count is None:
        return None
    what = "got better" if response.responders is not None else "had no more signs of HLH"
    unit = "people" if arm.unit == "patients" else "courses of treatment"
    said = Said(f"{capital(plain_treatment(arm, shelves))} was studied {LINE_PLAIN[arm.line]}")
    said.add(f". Of {arm.evaluable} {unit}, {count} {what}")
    if 0 < count < arm.evaluable:
        in_hundred = percent(count, arm.evaluable, places=0)
        said.computed |= {in_hundred: f"{count}/{arm.evaluable}", "100": "per hundred"}
        said.add(f". That is about {in_hundred} in 100")
    if arm.evaluable < _SMALL_GROUP:
        said.add(". The group was small, so the true number could be quite different")
    return said


def plain_treatment(arm: Arm, shelves: Shelves) -> str:
    """Return the treatment by the names of its regimen or drugs, without any dose."""
    regimen = shelves.regimens.get(arm.regimen or "")
    if regimen:
        return regimen.names[0]
    names = [shelves.drugs[drug].names[0] for drug in arm.drugs if drug in shelves.drugs]
    return listed(names) if names else "the treatment"


def _lab_said(name: str, value: str) -> str:
    """Return "ferritin 1151.8 ug/L" from a key that ends in its unit."""
    for ending, unit in _UNITS.items():
        if name.endswith(ending):
            return f"{name.removesuffix(ending).replace('_', ' ')} {value} {unit}"
    return f"{name.replace('_', ' ')} {value}"


def patient_said(study: Study, patient: Patient) -> str:
    """Return one published row of a patient table in words; values as printed, unit in their name."""
    known = [_lab_said(name, value) for name, value in patient.labs.items()]
    found = [
        f"{name.replace('_', ' ')} {value.replace('_', ' ')}" for name, value in patient.findings.items()
    ]
    criteria = (
        f"; HLH-2004 criteria as printed {patient.hlh_2004_printed}" if patient.hlh_2004_printed else ""
    )
    response = LEVEL.get(patient.best_response, patient.best_response)
    lasting = f" for {patient.response_days} days" if patient.response_days is not None else ""
    state = "alive" if patient.alive else "died"
    cause = f" of {patient.cause_of_death}" if patient.cause_of_death else ""
    return (
        f"Patient {patient.id} of {study.title}: {patient.age_years} years, {patient.sex}, "
        f"{patient.etiology}; "
        f"best response: {response}{lasting}; treated {patient.treatment_days} days; {state}{cause}, "
        f"survival {patient.survival_days} days{criteria}. At entry: {', '.join([*found, *known])}"
    )
