"""The narrow answer: the statements that answer first, then what supports and what limits them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhlh.answers.choosing import rank_for
from openhlh.answers.options import fits_patients
from openhlh.answers.phrases import LINE, SALVAGE_LINES, listed
from openhlh.answers.premises import asked_level, comparability, rule_on_numbers
from openhlh.answers.results import short_treatment

if TYPE_CHECKING:
    from collections.abc import Callable

    from openhlh.answers.choosing import Chosen
    from openhlh.answers.draft import Draft
    from openhlh.answers.items import Item

_MOST_ARMS, _MOST_DIRECT, _PER_FACET_AND_STUDY = 8, 16, 4
_CLOSE_IN_WORDS = 7.0
_MOST_SUPPORT = 10
_SUPPORT = (
    ("efficacy", 3),
    ("survival", 1),
    ("deaths", 1),
    ("durability", 1),
    ("transplant", 1),
    ("safety", 1),
    ("conclusion", 2),
    ("population", 1),
)
_SIDE_BY_SIDE = ("efficacy", "conclusion", "survival", "deaths", "transplant", "safety")
_AT_LARGE = ("efficacy", "survival", "deaths", "durability", "transplant", "safety", "regulatory")
_GUIDANCE = {"guideline", "review", "label", "consideration", "web_answer"}
_OF_PAGES = {
    "definition": {"definition", "criterion"},
    "diagnosis": {"definition", "criterion"},
    "regulatory": {"drug"},
    "mechanism": {"drug", "gene"},
    "safety": {"boxed", "caution", "drug", "regimen"},
    "dosing": {"regimen", "drug", "caution"},
    "pregnancy": {"caution", "drug"},
    "trial_status": {"drug"},
    "cns": {"regimen", "drug"},
    "markers": {"definition"},
}


def write(draft: Draft) -> None:
    """Write the sections of a question about named drugs, studies, definitions, genes or facets."""
    _rule_on_premises(draft)
    _named_pages(draft)
    _direct(draft)
    _close_in_words(draft)
    _support(draft)
    _compare(draft)
    _line_guard(draft)
    _guidance(draft)
    _unknown(draft)


def _order(draft: Draft) -> Callable[[Item], int]:
    """Return where an item's study and arm stand among the chosen ones."""
    studies: dict[str, int] = {study: -1 for study in draft.frame.studies}
    for one in draft.chosen:
        studies.setdefault(one.study.id, len(studies))
    return lambda item: studies.get(item.study.id, 99) if item.study else 99


def _rule_on_premises(draft: Draft) -> None:
    frame = draft.frame
    if "randomised" in frame.references:
        _no_randomised_trial(draft)
    if not draft.chosen:
        return
    items = tuple(draft.items_of_chosen())
    ruling = rule_on_numbers(frame, draft.chosen[:_MOST_ARMS], items)
    if ruling == "nothing_claimed" or (ruling == "holds" and "confirm" not in frame.intents):
        return
    right = _of_level(draft, asked_level(frame))
    said = {
        "holds": "The figure in the question stands on the shelves; what it counts is this",
        "other_outcome": "Not correct as put: the figure in the question belongs to another outcome. The shelves say",
        "does_not_hold": "Not correct: the figure in the question does not agree with the shelves, and it cannot be "
        "confirmed. The shelves say",
    }[ruling]
    draft.say("answer", said, sorted({item.key for item in right[:3] if item.key}))
    draft.add("answer", right, 3)


def _of_level(draft: Draft, level: str | None) -> list[Item]:
    facet = {"deaths": "deaths", "alive": "survival"}.get(level or "", "efficacy")
    order = _order(draft)
    found = rank_for(facet, draft.items_of_chosen(), draft.frame, draft.index, order)
    return [item for item in found if item.kind == "result"] + [item for item in found if item.kind == "doubt"]


def _no_randomised_trial(draft: Draft) -> None:
    designs = [one.study.design for one in draft.chosen] or [study.design for study in draft.shelves.studies.values()]
    if "randomised_trial_post_hoc" not in designs:
        keys = sorted({one.study.source for one in draft.chosen[:_MOST_ARMS]})
        named = sorted({short_treatment(one.arm) for one in draft.chosen[:3]})
        what = f" of {listed(named)}" if named else ""
        draft.say(
            "answer",
            f"No randomised trial{what} was found on the shelves; the studies there have no randomised control group",
            keys,
        )
    gaps = [item for item in draft.index.items if item.kind == "gap" and "comparison" in item.about]
    draft.add("answer", [item for item in gaps if "random" in item.text.lower()], 1)
    facts = [item for item in draft.index.items if item.study and "comparison" in item.about and "randomised" in item.text]
    chosen = {one.study.id for one in draft.chosen} | set(draft.frame.studies)
    draft.add("answer", [item for item in facts if item.study and item.study.id in chosen or _is_about(draft, item)], 2)


def _is_about(draft: Draft, item: Item) -> bool:
    frame = draft.frame
    words = {word for regimen in frame.regimens for word in draft.shelves.regimens[regimen].names}
    words |= {word for drug in frame.drugs for word in draft.shelves.drugs[drug].names}
    return any(word in item.text for word in words if len(word) > 2)


def _named_pages(draft: Draft) -> None:
    """A named definition or gene answers by its page."""
    frame = draft.frame
    for definition in frame.definitions:
        pages = [item for item in draft.index.items if item.page and item.page.id == definition]
        likely = sorted(pages, key=lambda item: (not item.id.endswith(".rule"), item.kind != "criterion"))
        draft.add("answer", likely, 14 if len(frame.definitions) < 3 else 6)
    for gene in frame.genes:
        draft.add("answer", [item for item in draft.index.items if item.kind == "gene" and item.id == gene], 1)
    if "gene" in frame.intents and not frame.genes:
        draft.add("answer", [item for item in draft.index.items if item.kind == "gene"], 30)


def _direct(draft: Draft) -> None:
    order = _order(draft)
    items = draft.items_of_chosen() if draft.frame.names_a_subject or draft.frame.references else _of_patients(draft)
    facets = _facets(draft)
    room, share = _MOST_DIRECT, max(4, min(10, 2 + _MOST_DIRECT // len(facets)))
    for facet in facets:
        room -= draft.add("answer", _page_items(draft, facet), min(room, share))
        ranked = rank_for(facet, items, draft.frame, draft.index, order)
        ranked.sort(key=lambda item: _other_population(draft, item))
        room -= draft.add("answer", _evenly(ranked), min(room, share))
        if room <= 0:
            return


def _facets(draft: Draft) -> tuple[str, ...]:
    frame = draft.frame
    asked = [facet for facet in frame.about if facet not in {"options", "comparison", "gap", "combination"}]
    if "doubts" in frame.intents:
        asked.insert(0, "doubts")
    if "pooling" in frame.intents:
        asked.insert(0, "pooling")
    if "comparison" in frame.about:
        asked = [*(asked if set(asked) - {"efficacy"} else _SIDE_BY_SIDE), "comparison"]
        asked.insert(0 if _several_treatments(draft) else 1, "comparison")
    if "definition" in asked and _linked_definitions(draft):
        asked = [facet for facet in asked if facet == "definition"]
    return tuple(dict.fromkeys(asked))[:7] or _AT_LARGE


def _several_treatments(draft: Draft) -> bool:
    return len(draft.frame.drugs) + len(draft.frame.regimens) > 1 or not (draft.frame.drugs or draft.frame.regimens)


def _linked_definitions(draft: Draft) -> list[str]:
    """Return the definitions by which the chosen arms were judged."""
    ids = [one.arm.response.definition for one in draft.chosen if one.arm.response]
    return list(dict.fromkeys(ids))


def _page_items(draft: Draft, facet: str) -> list[Item]:
    """Return the items of drug, regimen and definition pages that are about the facet."""
    frame = draft.frame
    kinds = _OF_PAGES.get(facet, set())
    about = [item for item in draft.index.items if item.kind in kinds and facet in item.about]
    if facet == "definition" and not frame.definitions:
        linked = _linked_definitions(draft) if frame.names_a_subject or frame.references else []
        return _definition_pages(draft, about, linked)
    if facet == "diagnosis" and not frame.names_a_subject:
        pages = ("hlh_2004", "hscore") if "rheumatologic" not in frame.etiologies else ("mas_sjia_2016",)
        return [item for item in about if item.page and item.page.id in pages]
    named = set(frame.drugs)
    regimens = set(frame.regimens)
    if facet == "regulatory" and not (named or regimens) and not frame.references:
        return _by_likeness(draft, about)[:8]
    of_regimen = [item for item in about if item.regimens & regimens]
    of_drug = [item for item in about if item.drugs & named and (not item.regimens or _leading(item, named))]
    return of_regimen + _by_jurisdiction(draft, of_drug)


def _leading(item: Item, named: set[str]) -> bool:
    drugs = getattr(item.page, "drugs", ())
    return bool(drugs) and drugs[0] in named


def _by_jurisdiction(draft: Draft, items: list[Item]) -> list[Item]:
    names = {"us": ("US", "United States"), "eu": ("EU", "Europe"), "china": ("China",), "england": ("England", "UK", "NHS")}
    wanted = [name for one in draft.frame.jurisdictions for name in names.get(one, ())]
    return sorted(items, key=lambda item: not any(name in item.text for name in wanted))


def _definition_pages(draft: Draft, about: list[Item], linked: list[str]) -> list[Item]:
    frame = draft.frame
    if "salvage" in frame.lines and not (linked and {"partial", "complet", "respons"} & frame.said):
        refractory = [item for item in about if item.page and item.page.id.startswith("refractory")]
        return [item for item in refractory if item.id.endswith(".rule")] + refractory
    asked = linked[:3]
    return [item for page in asked for item in about if item.page and item.page.id == page]


def _by_likeness(draft: Draft, items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda item: -draft.index.likeness(draft.frame.stems, item))


def _of_patients(draft: Draft) -> list[Item]:
    """Return the items that fit the patients asked about, where no drug or study is named."""
    frame = draft.frame
    wanted = SALVAGE_LINES if frame.asks_salvage else None
    return [
        item
        for item in draft.index.items
        if item.study
        and fits_patients(draft, item)
        and (wanted is None or item.arm is None or item.arm.line in wanted)
        and draft.index.likeness(frame.stems, item) > 0
    ]


def _other_population(draft: Draft, item: Item) -> bool:
    """True where the question names patients and the item is about an arm of others."""
    frame = draft.frame
    if item.arm is None or not frame.etiologies or "comparison" in frame.about:
        return False
    return not set(frame.etiologies) & set(item.arm.etiology.groups)


def _evenly(items: list[Item]) -> list[Item]:
    """Return the items with at most a few of one study, so that none fills the answer alone."""
    studies = {item.study.id for item in items if item.study}
    most = 12 if len(studies) <= 2 else _PER_FACET_AND_STUDY
    counts: dict[str, int] = {}
    kept = []
    for item in items:
        name = item.study.id if item.study else ""
        counts[name] = counts.get(name, 0) + 1
        if counts[name] <= most:
            kept.append(item)
    return kept


def _close_in_words(draft: Draft) -> None:
    """Add what is close to the question's own rare words, within its subject where it names one."""
    frame = draft.frame
    chosen = {one.study.id for one in draft.chosen}
    pool = [
        item
        for item in draft.index.items
        if not frame.names_a_subject
        or (item.study and item.study.id in chosen)
        or (item.drugs & set(frame.drugs))
        or (item.regimens & set(frame.regimens))
    ]
    scored = [(draft.index.likeness(frame.stems, item), item) for item in pool]
    close = [item for score, item in sorted(scored, key=lambda pair: -pair[0]) if score >= _CLOSE_IN_WORDS]
    draft.add("answer", close, 4 if draft.parts.get("answer") else 6)


def _support(draft: Draft) -> None:
    order = _order(draft)
    items = draft.items_of_chosen() if draft.frame.names_a_subject else []
    if not items:
        return
    room = _MOST_SUPPORT
    for facet, most in _SUPPORT:
        ranked = rank_for(facet, items, draft.frame, draft.index, order)
        room -= draft.add("research", ranked, min(most, room))


def _compare(draft: Draft) -> None:
    frame = draft.frame
    if not {"comparison", "combination"} & set(frame.about) and len(draft.chosen) < 3:
        return
    titles = {page.id: page.title for page in draft.shelves.definitions.values()}
    caution = comparability(list(draft.chosen[:_MOST_ARMS]), titles, LINE)
    if caution is None or draft.audience == "patient":
        return
    section = "answer" if "comparison" in frame.about else "considerations"
    draft.say(section, caution, sorted({one.study.source for one in draft.chosen[:_MOST_ARMS]}))


def _line_guard(draft: Draft) -> None:
    """Say plainly that first-line evidence is none for refractory disease."""
    first = [one for one in draft.chosen[:_MOST_ARMS] if one.arm.line == "first"]
    if not first or not draft.frame.asks_salvage:
        return
    names = sorted({f"{short_treatment(one.arm)} ({one.study.source})" for one in first})
    draft.say(
        "answer",
        f"{listed(names)}: studied in newly diagnosed patients as first treatment; this is no evidence for refractory "
        "disease",
        sorted({one.study.source for one in first}),
    )


def _guidance(draft: Draft) -> None:
    frame = draft.frame
    wanted = set(frame.about)
    found = [item for item in draft.index.items if item.kind in _GUIDANCE and fits_patients(draft, item)]
    named = [item for item in found if item.drugs & set(frame.drugs) or item.regimens & set(frame.regimens)]
    general = not frame.names_a_subject or "comparison" in wanted
    about = [item for item in found if not item.drugs and not item.regimens and wanted & set(item.about[:1])]
    about = [item for item in about if general or _is_close(draft, item)]
    settings = [item for item in found if set(frame.settings) & set(item.about)]
    if settings:
        draft.add("answer", settings, 6)
    draft.add("guidelines", [item for item in [*named, *about] if item.kind != "consideration"], 5)
    draft.add("considerations", [item for item in [*named, *about] if item.kind == "consideration"], 3)
    if frame.drugs or frame.regimens:
        cautions = [item for item in draft.index.items if item.kind in {"boxed", "caution"} and item.drugs & set(frame.drugs)]
        draft.add("considerations", cautions, 4)


def _is_close(draft: Draft, item: Item) -> bool:
    return draft.index.likeness(draft.frame.stems, item) >= _CLOSE_IN_WORDS


def _unknown(draft: Draft) -> None:
    frame = draft.frame
    gaps = [item for item in draft.index.items if item.kind == "gap" and fits_patients(draft, item)]
    named = [item for item in gaps if item.drugs & set(frame.drugs)]
    asked = [item for item in gaps if not item.drugs and set(frame.about) & set(item.about)]
    close = [item for item in _by_likeness(draft, gaps) if _is_close(draft, item)]
    section = "answer" if "gap" in frame.about else "unknown"
    if section == "answer":
        draft.add(section, [*close, *named, *asked], 8)
        return
    draft.add(section, [*named, *close], 2)
    if "comparison" in frame.about:
        draft.add(section, asked, 1)
