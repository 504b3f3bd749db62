"""Which facets a narrow question asks for, and which pages answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhlh.content.shelf_pages import Regimen

if TYPE_CHECKING:
    from openhlh.answers.draft import Draft
    from openhlh.answers.frame import Frame
    from openhlh.answers.items import Item

OUTCOMES = frozenset(
    {
        "efficacy",
        "speed",
        "durability",
        "survival",
        "deaths",
        "safety",
        "transplant",
        "steroids",
        "markers",
        "dosing",
        "eligibility",
        "population",
        "conclusion",
        "comparison",
        "design",
        "prognosis",
        "doubts",
        "pooling",
    }
)
_OUTCOMES_OF_PATIENTS = {
    "efficacy",
    "survival",
    "deaths",
    "durability",
    "transplant",
    "safety",
    "dosing",
    "comparison",
}
_AT_LARGE = ("efficacy", "survival", "deaths", "durability", "transplant", "safety", "regulatory")
_SIDE_BY_SIDE = ("efficacy", "conclusion", "survival", "deaths", "transplant", "safety")
_NOT_SAID_OF_A_STUDY = frozenset({"options", "comparison", "gap", "combination"})
_GUARDED = {"stopping_treatment", "self_treatment", "live_vaccine", "personal_dose"}
_CLOSE_IN_WORDS, _SHARE_OF_WORDS = 7.0, 0.45
_KINDS_OF_PAGES = {
    "definition": {"definition", "criterion"},
    "diagnosis": {"definition", "criterion"},
    "regulatory": {"drug"},
    "mechanism": {"drug"},
    "safety": {"boxed", "caution", "drug", "regimen"},
    "dosing": {"regimen", "drug", "caution"},
    "steroids": {"caution", "drug"},
    "pregnancy": {"caution", "drug"},
    "trial_status": {"drug"},
    "cns": {"regimen", "drug"},
    "markers": {"definition"},
}
_JURISDICTIONS = {
    "us": ("United States", "US"),
    "eu": ("European Union", "EU"),
    "china": ("China",),
    "england": ("England", "NHS"),
    "japan": ("Japan",),
    "elsewhere": ("Switzerland", "Canada", "Australia", "India", "Korea", "Brazil"),
}


def is_guarded(frame: Frame) -> bool:
    """True where the question asks for a personal decision: it gets cautions and what is published."""
    return bool(_GUARDED & set(frame.cautions))


def asked(draft: Draft) -> tuple[str, ...]:  # noqa: PLR0912 - one rule after another, each with its reason
    """Return the facets to answer, most asked first."""
    frame = draft.frame
    wanted = [facet for facet in frame.about if facet not in _NOT_SAID_OF_A_STUDY]
    if {"deaths", "survival"} & set(wanted):  # "how many patients died" asks for deaths
        wanted.sort(key=lambda facet: facet == "population")
    if is_guarded(frame):
        lead = ("regulatory",) if "regulatory" in frame.intents else ()
        return (*lead, "dosing", "safety") if "dosing" in frame.about else (*lead, "steroids", "safety")
    if "what_is" in frame.intents and not frame.names_a_subject:
        return ()
    if "gene" in frame.intents or frame.genes:
        return ()
    if frame.definitions and not (frame.drugs or frame.studies or set(frame.about) & _OUTCOMES_OF_PATIENTS):
        return ()
    if frame.settings and not frame.names_a_subject:
        return tuple(facet for facet in wanted if facet in {*frame.settings, "safety", "deaths"})
    if "comparison" in frame.about:
        wanted = [*(wanted if set(wanted) - {"efficacy"} else _SIDE_BY_SIDE)]
        wanted.insert(1 if frame.drugs or frame.regimens else 0, "comparison")
    if (
        "definition" not in frame.intents
        and frame.names_a_subject
        and set(wanted) - {"definition", "diagnosis"}
    ):
        wanted = [facet for facet in wanted if facet not in {"definition", "diagnosis"}]
    if "definition" in wanted or "diagnosis" in wanted:
        return tuple(facet for facet in wanted if facet in {"definition", "diagnosis"})
    if "nonresponders" in frame.intents:
        wanted.sort(key=lambda facet: facet not in {"deaths", "survival"})
    if "allo_hsct" in {*frame.drugs, *frame.regimens}:
        wanted.sort(key=lambda facet: facet not in {"transplant", "survival"})
    if frame.patients and not frame.about:
        return ()
    first = [intent for intent in ("doubts", "pooling") if intent in frame.intents]
    if not wanted and not first:
        return _AT_LARGE if frame.names_a_subject else ()
    return tuple(dict.fromkeys([*first, *wanted]))[:7]


def names_no_facet(frame: Frame) -> bool:
    """True where the question names what it is about, and nothing that it asks of it."""
    return frame.names_a_subject and not set(frame.about) - _NOT_SAID_OF_A_STUDY


def close_enough(draft: Draft) -> float:
    """Return how close in words an item has to be: enough in itself, and of what was asked."""
    asked_for = sum(draft.index.rarity.get(stem, 0.0) for stem in draft.frame.stems)
    return max(_CLOSE_IN_WORDS, _SHARE_OF_WORDS * asked_for)


def add_named_pages(draft: Draft) -> None:
    """A named definition or gene answers by its own page."""
    frame = draft.frame
    asks_rule = bool({"definition", "diagnosis"} & set(frame.intents)) or not (
        frame.drugs or frame.studies or set(frame.about) & _OUTCOMES_OF_PATIENTS
    )
    for definition in frame.definitions if asks_rule else ():
        pages = [item for item in draft.index.items if item.page and item.page.id == definition]
        enough = close_enough(draft)
        pages.sort(
            key=lambda item: (
                not item.id.endswith(".rule"),
                draft.index.likeness(frame.stems, item) < enough,
                item.kind != "criterion",
            )
        )
        draft.add("answer", pages, 16 if len(frame.definitions) < 3 else 6)
    for gene in frame.genes:
        draft.add(
            "answer", [item for item in draft.index.items if item.kind == "gene" and item.id == gene], 1
        )
    if "gene" in frame.intents and not frame.genes:
        genes = [item for item in draft.index.items if item.kind == "gene"]
        draft.add("answer", sorted(genes, key=lambda item: -draft.index.likeness(frame.stems, item)), 30)


def page_items(draft: Draft, facet: str) -> list[Item]:
    """Return the items of drug, regimen and definition pages that are about the facet."""
    frame = draft.frame
    kinds = _KINDS_OF_PAGES.get(facet, set())
    about = [item for item in draft.index.items if item.kind in kinds and facet in item.about]
    if facet in {"definition", "diagnosis"}:
        return [] if frame.definitions else _definition_pages(draft, about, facet)
    named, regimens = set(frame.drugs), set(frame.regimens)
    if facet == "regulatory" and not (named or regimens) and not frame.references:
        return _by_jurisdiction(
            draft, sorted(about, key=lambda item: -draft.index.likeness(frame.stems, item))
        )[:8]
    of_regimen = [item for item in about if item.regimens & regimens]
    if not frame.drugs and not of_regimen:
        named |= {draft.shelves.regimens[regimen].leading_drug for regimen in regimens}
    of_drug = [item for item in about if item.drugs & named and (not item.regimens or _leads(item, named))]
    found = of_regimen + _by_jurisdiction(draft, of_drug)
    if frame.references and len({one.study.id for one in draft.chosen}) == 1:
        about_study = {draft.chosen[0].study.source, *(draft.shelves.drugs[drug].source for drug in named)}
        other_studies = {study.source for study in draft.shelves.studies.values()} - about_study
        found = [item for item in found if item.key not in other_studies]
    enough = close_enough(draft)
    return sorted(found, key=lambda item: draft.index.likeness(frame.stems, item) < enough)


def _leads(item: Item, named: set[str]) -> bool:
    return isinstance(item.page, Regimen) and item.page.leading_drug in named


def of_jurisdiction(draft: Draft, items: list[Item]) -> list[Item]:
    """Return the decisions that name a jurisdiction of the question."""
    wanted = [name for one in draft.frame.jurisdictions for name in _JURISDICTIONS.get(one, ())]
    return [item for item in items if any(name in item.text for name in wanted)]


def _by_jurisdiction(draft: Draft, items: list[Item]) -> list[Item]:
    first = {id(item) for item in of_jurisdiction(draft, items)}
    return sorted(items, key=lambda item: id(item) not in first)


def _definition_pages(draft: Draft, about: list[Item], facet: str) -> list[Item]:
    """Return the pages of the definitions that the question means without naming one."""
    frame = draft.frame
    if facet == "diagnosis":
        if frame.names_a_subject:
            return []
        pages = ("mas_sjia_2016",) if "rheumatologic" in frame.etiologies else ("hlh_2004", "hscore")
        close = close_enough(draft)
        near = [item for item in about if draft.index.likeness(frame.stems, item) >= close]
        return near or [item for item in about if item.page and item.page.id in pages]
    asks_response = bool({"partial", "complet", "respons", "remiss", "improv"} & frame.said)
    if "salvage" in frame.lines and not asks_response:
        refractory = [item for item in about if item.page and item.page.id.startswith("refractory")]
        return sorted(refractory, key=lambda item: not item.id.endswith(".rule"))
    linked = [one.arm.response.definition for one in draft.chosen if one.arm.response]
    if not (frame.names_a_subject or frame.references):
        linked = [page for page in draft.shelves.definitions if page.startswith("response_")]
    pages_linked = list(dict.fromkeys(linked))[:4]
    return [item for page in pages_linked for item in about if item.page and item.page.id == page]
