"""The study page: one publication, its arms and subsets, its facts and its doubts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from openhlh.content.words import (
    AgeGroup,
    Design,
    Doubt,
    Etiology,
    Fact,
    Frozen,
    Id,
    Line,
    Page,
    Printed,
    Seen,
    Text,
    YesNo,
)

Count = Annotated[int, Field(ge=0)]
Level = Literal["complete", "partial", "improvement", "none", "responders"]


class SeenAs(Frozen):
    """What of the publication was seen, and through whom if second-hand."""

    what: Seen
    through: Id | None = None
    note: Text | None = None


class Age(Frozen):
    """The age group and what is printed about age."""

    group: AgeGroup
    text: Text | None = None


class Mix(Frozen):
    """The etiologies of an arm: groups for matching, the counts in words for reading."""

    groups: Annotated[tuple[Etiology, ...], Field(min_length=1)]
    text: Text | None = None


class Response(Frozen):
    """Response counts by the source's own definition; empty levels were not reported.

    `derived` levels were calculated and not printed; `second_hand` levels stand only in another publication
    than the one that was seen for the rest.
    """

    definition: Id
    assessed: Text
    at: Text
    complete: Count | None = None
    partial: Count | None = None
    improvement: Count | None = None
    none: Count | None = None
    responders: Count | None = None
    improvement_counts: YesNo
    names: dict[Level, Text] = {}
    printed: dict[Level, Printed] = {}
    printed_interval: Text | None = None
    derived: tuple[Level, ...] = ()
    second_hand: tuple[Level, ...] = ()
    best: YesNo = False


class Survival(Frozen):
    """Survival at a time: a fraction where counts are known, else the printed percent."""

    time: Text
    what: Text = "overall survival"
    alive: Count | None = None
    of: Count | None = None
    percent: Printed | None = None
    interval: Text | None = None
    at: Text
    derived: YesNo = False


class Span(Frozen):
    """A duration or a time to an event, as printed with its unit."""

    what: Text
    about: Literal["speed", "durability", "survival", "steroids"]
    median: Text | None = None
    mean: Text | None = None
    range: Text | None = None
    at: Text


class Cause(Frozen):
    """One cause of death and its count."""

    cause: Text
    n: Count


class Deaths(Frozen):
    """Deaths of an arm, with causes where printed."""

    n: Count
    of: Count | None = None
    causes: tuple[Cause, ...] = ()
    at: Text
    derived: YesNo = False


class AdverseEvent(Frozen):
    """One kind of adverse event: a count, a percent, or both."""

    event: Text
    n: Count | None = None
    of: Count | None = None
    percent: Printed | None = None
    at: Text


class FollowUp(Frozen):
    """How long an arm was followed, as printed."""

    text: Text
    at: Text


class Patient(Frozen):
    """One published row of a per-patient table; laboratory values as printed, unit in the key."""

    id: Text
    age_years: Count
    sex: Literal["female", "male"]
    etiology: Text
    labs: dict[str, Text] = {}
    findings: dict[str, Literal["yes", "no", "not_tested"]] = {}
    hlh_2004_printed: Text | None = None
    best_response: Literal["complete", "partial", "improvement", "none"]
    treatment_days: Count
    response_days: Count | None = None
    alive: YesNo
    survival_days: Count
    cause_of_death: Text | None = None


class LaboratoryLimit(Frozen):
    """What a publication calls normal, or its own cut-off, for an analyte: in the unit of its table."""

    analyte: Id
    unit: Text
    low: Printed | None = None
    high: Printed | None = None
    cutoff: Printed | None = None
    at: Text


class Arm(Frozen):
    """One arm, subset or cohort of a publication: a row of the evidence."""

    id: Id
    row: Text | None = None
    part_of: Id | None = None
    label: Text
    regimen: Id | None = None
    drugs: tuple[Id, ...] = ()
    treatment: Text
    line: Line
    line_note: Text | None = None
    age: Age
    etiology: Mix
    country: Text | None = None
    enrolled: Count | None = None
    evaluable: Count | None = None
    unit: Literal["patients", "courses"] = "patients"
    response: Response | None = None
    survival: tuple[Survival, ...] = ()
    spans: tuple[Span, ...] = ()
    deaths: Deaths | None = None
    adverse_events: tuple[AdverseEvent, ...] = ()
    follow_up: FollowUp | None = None
    seen: SeenAs | None = None
    patients: tuple[Patient, ...] = ()
    laboratory_limits: tuple[LaboratoryLimit, ...] = ()
    facts: tuple[Fact, ...] = ()
    at: Text


class Overlap(Frozen):
    """Another study or arm that shares patients with this one, and why we say so."""

    study: Id
    arm: Id | None = None
    kind: Literal["contains", "part_of", "same_patients", "earlier_report", "later_report", "probable"]
    reason: Text


class Study(Page):
    """One publication with its arms; facts and doubts may belong to the whole or to one arm."""

    source: Id
    known_as: tuple[Text, ...] = ()
    design: Design
    prospective: Literal["yes", "no", "not_stated"]
    country: Text
    setting: Text | None = None
    seen: SeenAs
    eligibility: tuple[Fact, ...] = ()
    arms: tuple[Arm, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    facts: tuple[Fact, ...] = ()
    doubts: tuple[Doubt, ...] = ()
