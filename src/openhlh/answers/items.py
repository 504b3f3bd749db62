"""The index: every statement that the shelves can make, with what it is about and where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import log
from typing import TYPE_CHECKING

from openhlh.answers import results
from openhlh.answers.phrases import OVERLAP, sentence
from openhlh.answers.reading import stems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openhlh.content.shelf_pages import Definition, Drug, Recommendation, Regimen
    from openhlh.content.shelves import Shelves
    from openhlh.content.study import Arm, Study
    from openhlh.content.words import Doubt, Fact, Page


@dataclass(frozen=True)
class Item:
    """One statement of a page, ready to be chosen.

    `kind` is the kind of page or outcome; `key` the source it cites; `computed` maps each computed
    number to what it was computed from; `doubts` travel with it wherever it goes.
    """

    kind: str
    id: str
    about: tuple[str, ...]
    text: str
    key: str
    at: str
    page: Page | None = None
    study: Study | None = None
    arm: Arm | None = None
    plain: str | None = None
    computed: dict[str, str] = field(default_factory=dict, compare=False, hash=False)
    plain_computed: dict[str, str] = field(default_factory=dict, compare=False, hash=False)
    doubts: tuple[Doubt, ...] = ()
    drugs: frozenset[str] = frozenset()
    regimens: frozenset[str] = frozenset()
    etiologies: frozenset[str] = frozenset()
    ages: frozenset[str] = frozenset()

    @cached_property
    def stems(self) -> frozenset[str]:
        """The distinct stems of the text and of what it belongs to."""
        belongs = f"{self.study.title} {' '.join(self.study.known_as)}" if self.study else ""
        arm = self.arm.label if self.arm else ""
        return frozenset(stems(f"{self.text} {belongs} {arm}"))


@dataclass(frozen=True)
class Index:
    """All items, how rare each stem is among them, and the stems that describe each study."""

    items: tuple[Item, ...]
    descriptions: dict[str, frozenset[str]]

    @cached_property
    def rarity(self) -> dict[str, float]:
        """Inverse document frequency of each stem (natural logarithm)."""
        counts = Counter(stem for item in self.items for stem in item.stems)
        return {stem: log(len(self.items) / count) for stem, count in counts.items()}

    def likeness(self, asked: Iterable[str], item: Item) -> float:
        """Return the summed rarity of the asked stems that the item contains."""
        return sum(self.rarity.get(stem, 0.0) for stem in asked if stem in item.stems)


def build(shelves: Shelves) -> Index:
    """Return the index of these shelves, in the order of the pages."""
    described = {study.id: _description(study) for study in shelves.studies.values()}
    return Index(tuple(_all(shelves)), described)


def _description(study: Study) -> frozenset[str]:
    arms = " ".join(f"{arm.label} {arm.etiology.text} {arm.age.text}" for arm in study.arms)
    return frozenset(
        stems(f"{study.title} {' '.join(study.known_as)} {study.country} {study.setting} {arms}")
    )


def _all(shelves: Shelves) -> Iterator[Item]:
    for study in shelves.studies.values():
        yield from _study_items(study, shelves)
    for drug in shelves.drugs.values():
        yield from _drug_items(drug)
    for regimen in shelves.regimens.values():
        yield from _regimen_items(regimen)
    for definition in shelves.definitions.values():
        yield from _definition_items(definition)
    for recommendation in shelves.recommendations.values():
        yield _recommendation_item(recommendation)
    yield from _gene_items(shelves)
    for gap in shelves.gaps:
        yield Item(
            "gap", gap.id, gap.about, f"{sentence(gap.text)} Looked at: {gap.looked_at}", "", "gaps", plain=gap.plain,
            drugs=frozenset(gap.drugs), etiologies=frozenset(gap.etiologies), ages=frozenset(gap.ages),
        )  # fmt: skip


def _study_items(study: Study, shelves: Shelves) -> Iterator[Item]:
    for number, fact in enumerate((*study.eligibility, *study.facts)):
        yield _study_fact(study, None, fact, f"{study.id}.fact{number}", shelves)
    for arm in study.arms:
        yield from _outcome_items(study, arm, shelves)
        for number, fact in enumerate(arm.facts):
            yield _study_fact(study, arm, fact, f"{study.id}.{arm.id}.fact{number}", shelves)
    for doubt in study.doubts:
        text = f"{sentence(doubt.text)} Printed: {doubt.printed}; computed: {doubt.computed}"
        yield _study_item(study, None, ("doubt", doubt.id, ("doubts", *doubt.about), text, doubt.at), shelves)
    for overlap in study.overlaps:
        other = shelves.studies.get(overlap.study)
        text = f"This study {OVERLAP[overlap.kind]} {overlap.study}: {overlap.reason}; never add the two"
        if other is not None:
            yield _study_item(study, None, ("overlap", overlap.study, ("pooling",), text, "page"), shelves)


def _study_fact(study: Study, arm: Arm | None, fact: Fact, name: str, shelves: Shelves) -> Item:
    return _study_item(
        study, arm, ("fact", name, fact.about, fact.text, fact.at), shelves, plain=fact.plain, key=fact.source
    )


def _outcome_items(study: Study, arm: Arm, shelves: Shelves) -> Iterator[Item]:
    response = results.response_said(study, arm, shelves)
    if response and arm.response:
        plain = results.response_plain(arm)
        yield _study_item(
            study, arm, ("result", "response", ("efficacy",), response.text, arm.response.at), shelves,
            said=response, plain_said=plain,
        )  # fmt: skip
    for one in arm.survival:
        said = results.survival_said(arm, one)
        yield _study_item(study, arm, ("result", f"survival {one.time}", ("survival",), said.text, one.at), shelves, said=said)
    for about in ("speed", "durability", "survival", "steroids"):
        times = results.spans_said(arm, about)
        if times:
            at = next(span.at for span in arm.spans if span.about == about)
            yield _study_item(study, arm, ("result", about, (about,), times.text, at), shelves, said=times)
    deaths = results.deaths_said(arm)
    if deaths and arm.deaths:
        yield _study_item(study, arm, ("result", "deaths", ("deaths",), deaths.text, arm.deaths.at), shelves, said=deaths)
    adverse = results.adverse_said(arm)
    if adverse:
        at = arm.adverse_events[0].at
        yield _study_item(study, arm, ("result", "adverse", ("safety",), adverse.text, at), shelves, said=adverse)
    people = results.population_said(study, arm)
    yield _study_item(study, arm, ("result", "population", ("population", "design"), people.text, arm.at), shelves, said=people)


def _study_item(
    study: Study,
    arm: Arm | None,
    parts: tuple[str, str, tuple[str, ...], str, str],
    shelves: Shelves,
    *,
    plain: str | None = None,
    key: str | None = None,
    said: results.Said | None = None,
    plain_said: results.Said | None = None,
) -> Item:
    kind, name, about, text, at = parts
    arms = (arm,) if arm else study.arms
    return Item(
        kind, name, about, text, key or study.source, at, study, study, arm,
        plain=plain_said.text if plain_said else plain,
        computed=said.computed if said else {},
        plain_computed=plain_said.computed if plain_said else {},
        doubts=_doubts_of(study, arm, about) if kind != "doubt" else (),
        drugs=frozenset(drug for one in arms for drug in drugs_of(one, shelves)),
        regimens=frozenset(one.regimen for one in arms if one.regimen),
        etiologies=frozenset(group for one in arms for group in one.etiology.groups),
        ages=frozenset(one.age.group for one in arms),
    )  # fmt: skip


def drugs_of(arm: Arm, shelves: Shelves) -> tuple[str, ...]:
    """Return the drugs of an arm: its own and those of its regimen, the leading one first."""
    regimen = shelves.regimens.get(arm.regimen or "")
    return tuple(dict.fromkeys((*(regimen.drugs if regimen else ()), *arm.drugs)))


def _doubts_of(study: Study, arm: Arm | None, about: tuple[str, ...]) -> tuple[Doubt, ...]:
    return tuple(
        doubt
        for doubt in study.doubts
        if doubt.about[0] in about[:2] and (arm is None or not doubt.arms or arm.id in doubt.arms)
    )


def _drug_items(drug: Drug) -> Iterator[Item]:
    about_drug = {"page": drug, "drugs": frozenset({drug.id})}
    targets = f"; acts on {', '.join(drug.targets)}" if drug.targets else ""
    names = ", ".join(drug.names[1:])
    also = f" (also: {names})" if names else ""
    text = f"{drug.title}{also}: {drug.kind}{targets}"
    yield Item("drug", f"{drug.id}.kind", ("mechanism",), text, drug.source, "drug page", plain=drug.plain, **about_drug)  # type: ignore[arg-type]
    for number, one in enumerate(drug.approvals):
        when = f", {one.date}" if one.date else ""
        unverified = " [unverified]" if one.confidence == "unverified" else ""
        decision = one.decision.replace("_", " ")
        text = f"{drug.title}, {one.jurisdiction}: {decision} ({one.what}{when}){unverified}"
        yield Item("drug", f"{drug.id}.approval{number}", ("regulatory",), text, one.source, one.at, **about_drug)  # type: ignore[arg-type]
    facts = [("boxed", fact) for fact in drug.boxed_warnings] + [("caution", fact) for fact in drug.cautions]
    for number, (kind, fact) in enumerate([*facts, *(("drug", fact) for fact in drug.facts)]):
        prefix = f"{drug.title}, boxed warning: " if kind == "boxed" else ""
        yield Item(
            kind, f"{drug.id}.fact{number}", fact.about, prefix + fact.text, fact.source or drug.source, fact.at,
            plain=fact.plain, doubts=tuple(d for d in drug.doubts if d.about[0] in fact.about), **about_drug,  # type: ignore[arg-type]
        )  # fmt: skip


def _regimen_items(regimen: Regimen) -> Iterator[Item]:
    of = {"page": regimen, "drugs": frozenset(regimen.drugs), "regimens": frozenset({regimen.id})}
    for number, part in enumerate(regimen.components):
        if part.confidence == "unverified":
            continue
        route = f" {part.route}" if part.route else ""
        text = f"{regimen.title}: {part.drug.replace('_', ' ')} {part.dose}{route}, {part.days}"
        yield Item("regimen", f"{regimen.id}.part{number}", ("dosing",), text, part.source, part.at, **of)  # type: ignore[arg-type]
    for number, fact in enumerate((*regimen.rules, *regimen.facts)):
        yield Item(
            "regimen", f"{regimen.id}.fact{number}", fact.about, fact.text, fact.source or regimen.source, fact.at,
            plain=fact.plain, doubts=tuple(d for d in regimen.doubts if d.about[0] in fact.about), **of,  # type: ignore[arg-type]
        )  # fmt: skip
    for number, missing in enumerate(regimen.not_found):
        text = f"{regimen.title}: not found in any source seen: {missing}"
        yield Item("regimen", f"{regimen.id}.missing{number}", ("dosing", "gap"), text, regimen.source, "page", **of)  # type: ignore[arg-type]


def _definition_items(definition: Definition) -> Iterator[Item]:
    unverified = " [unverified]" if definition.confidence == "unverified" else ""
    about = ("diagnosis", "definition") if definition.kind in {"diagnostic", "score"} else ("definition",)
    head = f"{definition.title}{unverified}: {definition.rule}"
    yield Item("definition", f"{definition.id}.rule", about, head, definition.source, "page", definition, plain=definition.plain, doubts=definition.doubts)
    for criterion in definition.criteria:
        text = f"{definition.title}: {criterion.text}"
        yield Item("criterion", f"{definition.id}.{criterion.id}", about, text, definition.source, criterion.at, definition)
    for number, fact in enumerate(definition.facts):
        yield Item("definition", f"{definition.id}.fact{number}", fact.about, fact.text, fact.source or definition.source, fact.at, definition, plain=fact.plain)


def _recommendation_item(one: Recommendation) -> Item:
    indirect = f" Indirect: {one.indirect}." if one.indirect else ""
    date = f", {one.date}" if one.date else ""
    unverified = " [unverified]" if one.confidence == "unverified" else ""
    whom = "" if one.kind == "consideration" else f" For: {one.population}{date}."
    text = f"{sentence(one.text)}{whom}{indirect}{unverified}"
    return Item(
        one.kind, one.id, one.about, text, one.source, one.at, one, plain=one.plain, doubts=one.doubts,
        drugs=frozenset(one.drugs), regimens=frozenset(one.regimens), etiologies=frozenset(one.etiologies),
        ages=frozenset(one.ages),
    )  # fmt: skip


def _gene_items(shelves: Shelves) -> Iterator[Item]:
    for gene in shelves.genes.genes:
        if gene.confidence == "unverified":
            continue
        also = f" (also {', '.join(gene.aliases)})" if gene.aliases else ""
        where = f", {gene.locus}" if gene.locus else ""
        text = f"{gene.symbol}{also}: {gene.protein}; {gene.disease}; {gene.inheritance}{where}"
        yield Item("gene", gene.symbol, ("mechanism", "diagnosis"), text, gene.source, gene.at)
    for number, fact in enumerate(shelves.genes.facts):
        yield Item("gene", f"fact{number}", fact.about, fact.text, fact.source or "hlh_genes_table", fact.at, plain=fact.plain)
