"""The items of drug, regimen, definition, recommendation and gene pages, and of the gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from openhlh.answers.items import Item, doubts_about
from openhlh.answers.phrases import sentence
from openhlh.answers.statements import OURSELVES

if TYPE_CHECKING:
    from openhlh.content.shelf_pages import Described, Drug, Gap, Genes, Recommendation, Regimen
    from openhlh.content.words import Fact

_UNVERIFIED = {"unverified": " [unverified]"}


def of_drug(drug: Drug) -> Iterator[Item]:
    """Yield what a drug is, what authorities decided, its warnings, cautions and facts."""
    blank = Item(
        "drug", drug.id, ("mechanism",), "", drug.source, "drug page", drug, drugs=frozenset({drug.id})
    )
    also = f" (also {', '.join(drug.names[1:8])})" if drug.names[1:] else ""
    targets = f"; acts on {', '.join(drug.targets)}" if drug.targets else ""
    yield replace(blank, text=f"{drug.title}{also}: {drug.kind}{targets}", plain=drug.plain)
    for number, one in enumerate(drug.approvals):
        when = f", {one.date}" if one.date else ""
        decision = f"{one.decision.replace('_', ' ')} ({one.what}{when}){_UNVERIFIED.get(one.confidence, '')}"
        yield replace(
            blank,
            id=f"approval{number}",
            about=("regulatory",),
            text=f"{drug.title}, {one.jurisdiction}: {decision}",
            key=one.source,
            at=one.at,
        )
    for kind, facts in (("boxed", drug.boxed_warnings), ("caution", drug.cautions), ("drug", drug.facts)):
        for number, fact in enumerate(facts):
            item = _of_fact(replace(blank, kind=kind), f"{kind}{number}", fact)
            item = replace(item, doubts=doubts_about(drug.doubts, fact.about, fact.text))
            yield replace(item, text=f"{drug.title}, boxed warning: {fact.text}") if kind == "boxed" else item


def of_regimen(regimen: Regimen, drugs: Mapping[str, Drug]) -> Iterator[Item]:
    """Yield the components of a regimen as published, its rules and facts, and what was not found."""
    blank = Item(
        "regimen",
        regimen.id,
        ("dosing",),
        "",
        regimen.source,
        "regimen page",
        regimen,
        drugs=frozenset(regimen.drugs),
        regimens=frozenset({regimen.id}),
    )
    for number, part in enumerate(regimen.components):
        if part.confidence == "unverified":
            continue
        route = f" {part.route}" if part.route else ""
        text = f"{regimen.title}: {drugs[part.drug].names[0]} {part.dose}{route}, {part.days}"
        yield replace(blank, id=f"part{number}", text=text, key=part.source, at=part.at)
    for number, fact in enumerate((*regimen.rules, *regimen.facts)):
        doubts = doubts_about(regimen.doubts, fact.about, fact.text)
        yield replace(_of_fact(blank, f"fact{number}", fact), doubts=doubts)
    for number, missing in enumerate(regimen.not_found):
        text = f"{regimen.title}: not found in any source seen: {missing}"
        yield replace(blank, id=f"missing{number}", about=("dosing", "gap"), text=text)


def of_definition(definition: Described) -> Iterator[Item]:
    """Yield the rule of a definition, each criterion, and its facts."""
    diagnostic = definition.kind in {"diagnostic", "score"}
    about = ("diagnosis", "definition") if diagnostic else ("definition",)
    blank = Item("definition", "", about, "", definition.source, "definition page", definition)
    head = f"{definition.title}{_UNVERIFIED.get(definition.confidence, '')}"
    yield replace(
        blank,
        id=f"{definition.id}.rule",
        text=f"{head}: {definition.rule}",
        plain=definition.plain,
        doubts=definition.doubts,
    )
    for criterion in definition.criteria:
        text = f"{head}: {criterion.text}"
        yield replace(
            blank, kind="criterion", id=f"{definition.id}.{criterion.id}", text=text, at=criterion.at
        )
    for number, fact in enumerate(definition.facts):
        yield _of_fact(blank, f"{definition.id}.fact{number}", fact)


def of_recommendation(one: Recommendation) -> Item:
    """Return a recommendation with its population, its date and whether it is indirect."""
    indirect = f" Indirect: {one.indirect}." if one.indirect else ""
    date = f", {one.date}" if one.date else ""
    whom = "" if one.kind == "consideration" else f" For: {one.population}{date}."
    return Item(
        one.kind,
        one.id,
        one.about,
        f"{sentence(one.text)}{whom}{indirect}{_UNVERIFIED.get(one.confidence, '')}",
        one.source,
        one.at,
        one,
        plain=one.plain,
        doubts=one.doubts,
        drugs=frozenset(one.drugs),
        regimens=frozenset(one.regimens),
        etiologies=frozenset(one.etiologies),
        ages=frozenset(one.ages),
    )


def of_genes(genes: Genes) -> Iterator[Item]:
    """Yield each confirmed gene and the facts about genetic and cellular testing."""
    for gene in genes.genes:
        if gene.confidence == "unverified":
            continue
        also = f" (also {', '.join(gene.aliases)})" if gene.aliases else ""
        where = f", {gene.locus}" if gene.locus else ""
        text = f"{gene.symbol}{also}: {gene.protein}; {gene.disease}; {gene.inheritance}{where}"
        yield Item("gene", gene.symbol, ("mechanism", "diagnosis"), text, gene.source, gene.at)
    for number, fact in enumerate(genes.facts):
        blank = Item("gene", "", (), "", "hlh_genes_table", "")
        yield _of_fact(blank, f"fact{number}", fact)


def of_gap(gap: Gap) -> Item:
    """Return what is not known, with what was looked at."""
    return Item(
        "gap",
        gap.id,
        gap.about,
        f"{sentence(gap.text)} Looked at: {gap.looked_at}",
        OURSELVES,
        "page on gaps",
        plain=gap.plain,
        drugs=frozenset(gap.drugs),
        etiologies=frozenset(gap.etiologies),
        ages=frozenset(gap.ages),
        topics=frozenset(gap.topics),
    )


def _of_fact(blank: Item, name: str, fact: Fact) -> Item:
    return replace(
        blank,
        id=name,
        about=fact.about,
        text=fact.text,
        plain=fact.plain,
        key=fact.source or blank.key,
        at=fact.at,
    )
