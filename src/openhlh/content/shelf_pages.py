"""The other kinds of page: drugs, regimens, definitions, recommendations, gaps, genes, cautions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from openhlh.content.words import (
    About,
    AgeGroup,
    Day,
    Doubt,
    Etiology,
    Fact,
    Frozen,
    Id,
    Line,
    Page,
    Text,
    YesNo,
)

Confidence = Literal["confirmed", "one_source", "unverified"]


class Source(Frozen):
    """One entry of the bibliography."""

    id: Id
    type: Literal["article", "abstract", "label", "registry", "web", "preprint", "report", "protocol"]
    authors: tuple[Text, ...] = ()
    title: Text
    journal: Text | None = None
    year: Annotated[int, Field(ge=1980, le=2100)] | None = None
    volume: Text | None = None
    pages: Text | None = None
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    pmid: Annotated[str, StringConstraints(pattern=r"^\d{1,8}$")] | None = None
    registration: Text | None = None
    note: Text | None = None


class Bibliography(Frozen):
    """The file of all sources."""

    sources: tuple[Source, ...]


class Approval(Frozen):
    """What an authority decided about a drug, and when."""

    jurisdiction: Text
    decision: Literal["approved", "refused", "withdrawn", "commissioned", "not_approved"]
    what: Text
    date: Day | None = None
    source: Id
    at: Text
    confidence: Confidence


class Drug(Page):
    """One drug, one identity over time, whatever it was called."""

    names: Annotated[tuple[Text, ...], Field(min_length=1)]
    abbreviations: tuple[Text, ...] = ()
    misspelt: tuple[Text, ...] = ()
    kind: Text
    targets: tuple[Text, ...] = ()
    source: Id
    plain: Text
    approvals: tuple[Approval, ...] = ()
    boxed_warnings: tuple[Fact, ...] = ()
    cautions: tuple[Fact, ...] = ()
    facts: tuple[Fact, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Component(Frozen):
    """One drug of a regimen as published: dose with its unit and basis, days, route."""

    drug: Id
    dose: Text
    basis: Literal["per_m2", "per_kg", "fixed", "target_level", "not_stated"]
    route: Text | None = None
    days: Text
    source: Id
    at: Text
    confidence: Confidence = "confirmed"


class Regimen(Page):
    """A regimen as published; a description, never a prescription."""

    names: Annotated[tuple[Text, ...], Field(min_length=1)]
    family: Id | None = None
    combination: YesNo
    drugs: Annotated[tuple[Id, ...], Field(min_length=1)]
    source: Id
    plain: Text
    components: tuple[Component, ...] = ()
    rules: tuple[Fact, ...] = ()
    not_found: tuple[Text, ...] = ()
    facts: tuple[Fact, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def leading_drug(self) -> str:
        """The drug that the regimen is named after."""
        return next(iter(self.drugs))


class Limit(Frozen):
    """One number that a definition uses: comparison, value and unit are all mandatory."""

    analyte: Id
    limit: Annotated[str, StringConstraints(pattern=r"^(>=|>|<=|<|=) ?[0-9]+(\.[0-9]+)?$")]
    unit: Annotated[str, StringConstraints(min_length=1)]


class Criterion(Frozen):
    """One line of a definition, in our own words, with its limits."""

    id: Id
    text: Text
    limits: tuple[Limit, ...] = ()
    at: Text


class Described(Page):
    """A definition as readers are told it, in words; `logic.Definition` adds what is executed.

    `measures` says whose response a definition of the kind response judges: a surrogate is none of HLH.
    """

    kind: Literal["diagnostic", "score", "refractory", "response", "severity", "eligibility", "escalation"]
    version: Text = "1"
    supersedes: Id | None = None
    names: Annotated[tuple[Text, ...], Field(min_length=1)]
    source: Id
    confidence: Confidence
    rule: Text
    criteria: tuple[Criterion, ...] = ()
    improvement_counts: Literal["yes", "no", "not_applicable", "not_stated"] = "not_applicable"
    measures: Literal["hlh", "mas", "surrogate"] = "hlh"
    plain: Text | None = None
    facts: tuple[Fact, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Recommendation(Page):
    """What a guideline, label, review or the field's practice says, in our own words."""

    kind: Literal["guideline", "review", "consideration", "label", "web_answer"]
    about: Annotated[tuple[About, ...], Field(min_length=1)]
    text: Text
    plain: Text | None = None
    population: Text
    date: Day | None = None
    drugs: tuple[Id, ...] = ()
    regimens: tuple[Id, ...] = ()
    etiologies: tuple[Etiology, ...] = ()
    ages: tuple[AgeGroup, ...] = ()
    lines: tuple[Line, ...] = ()
    indirect: Text | None = None
    source: Id
    at: Text
    confidence: Confidence
    doubts: tuple[Doubt, ...] = ()


class Gap(Frozen):
    """What is not known, and what was looked at to say so."""

    id: Id
    about: Annotated[tuple[About, ...], Field(min_length=1)]
    text: Text
    plain: Text | None = None
    looked_at: Text
    topics: tuple[Id, ...] = ()
    drugs: tuple[Id, ...] = ()
    etiologies: tuple[Etiology, ...] = ()
    ages: tuple[AgeGroup, ...] = ()


class Gaps(Frozen):
    """The file of all gaps."""

    gaps: tuple[Gap, ...]


class Gene(Frozen):
    """A gene whose variants cause HLH or a predisposition to it."""

    symbol: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]+$")]
    aliases: tuple[Text, ...] = ()
    protein: Text
    disease: Text
    inheritance: Text
    locus: Text | None = None
    source: Id
    at: Text
    confidence: Confidence


class Genes(Frozen):
    """The file of all genes, with the facts about genetic testing."""

    genes: tuple[Gene, ...]
    facts: tuple[Fact, ...] = ()


class Caution(Page):
    """Something that has to be said first when a question shows signs of it."""

    kind: Literal["emergency", "personal_dose", "stopping", "self_treatment", "vaccine", "pregnancy"]
    cues: Annotated[tuple[Text, ...], Field(min_length=1)]
    signs: tuple[Text, ...] = ()
    persons: tuple[Text, ...] = ()
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]
    text: Text
    plain: Text
    about: tuple[About, ...] = ()


class Notice(Page):
    """The notice that stands on every answer."""

    text: Text
    plain: Text
