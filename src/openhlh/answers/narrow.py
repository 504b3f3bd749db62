"""The narrow answer: the statements that answer first, then what supports and what limits them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhlh.answers import facets, ruling
from openhlh.answers.choosing import Order, rank_for
from openhlh.answers.options import fits_patients
from openhlh.answers.phrases import SALVAGE_LINES, listed
from openhlh.answers.premises import comparability
from openhlh.answers.results import short_treatment

if TYPE_CHECKING:
    from openhlh.answers.draft import Draft
    from openhlh.answers.frame import Frame
    from openhlh.answers.items import Item
    from openhlh.content.study import Arm

MOST_ARMS = 8
_MOST_DIRECT, _PER_FACET_AND_STUDY, _MOST_SUPPORT = 16, 4, 10
# Times the usual closeness, and how many: where no facet is named, the question's own words lead.
_CLOSEST_FIRST = {True: (1.0, 3), False: (1.5, 2)}
_FIRST_ONLY_PLAIN = (
    "Some studies here gave this as a first treatment. They do not tell how well it works after "
    "another treatment has failed"
)
_FACET_SAID = {
    "survival": "survival figures",
    "deaths": "counts of deaths",
    "durability": "durations of response",
    "speed": "times to response",
    "transplant": "figures on transplantation",
    "safety": "adverse events",
    "steroids": "figures on glucocorticoids",
    "markers": "figures on markers",
    "regulatory": "decisions of authorities",
}
_GUIDANCE = {"guideline", "review", "label", "consideration", "web_answer"}
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


def write(draft: Draft) -> None:
    """Write the sections of a question about named drugs, studies, definitions, genes or facets."""
    order = study_order(draft)
    asked = facets.asked(draft)
    ruling.rule(draft)
    _line_guard(draft)
    if "gap" in draft.frame.about:
        _unknown(draft, asked)
    _patients(draft)
    _gap_first(draft)
    if not {"population", "eligibility"} & set(draft.frame.about):
        _settings(draft)
    facets.add_named_pages(draft)
    if not facets.is_guarded(draft.frame):
        _close_in_words(draft, *_CLOSEST_FIRST[bool(facets.names_no_facet(draft.frame))])
    _direct(draft, asked, order)
    if facets.is_guarded(draft.frame):
        return
    _close_in_words(draft, 1.0, 3 if draft.parts.get("answer") else 8)
    if draft.frame.names_a_subject and set(asked) & facets.OUTCOMES:
        _support(draft, order)
    _compare(draft, asked)
    if not draft.parts.get("answer") and draft.parts.get("research"):
        draft.parts["answer"] = draft.parts.pop("research")
    _say_what_is_absent(draft, asked)
    _guidance(draft, asked)
    _unknown(draft, asked)


def study_order(draft: Draft) -> Order:
    """Return where an item's study and arm stand among the chosen ones; named studies come first."""
    studies: dict[str, int] = dict.fromkeys(draft.frame.studies, -1)
    for one in draft.chosen:
        studies.setdefault(one.study.id, len(studies))
    arms = {id(one.arm): place for place, one in enumerate(draft.chosen)}
    general = 0 if not draft.frame.names_a_subject and "prognosis" in draft.frame.about else 99

    def order(item: Item) -> tuple[int, int]:
        study = studies.get(item.study.id, 99) if item.study else general
        return study, arms.get(id(item.arm), 99)

    return order


def _patients(draft: Draft) -> None:
    """A patient of a published table, named by number, answers with its row."""
    wanted = {f"patient {number}" for number in draft.frame.patients}
    rows = [item for item in draft.index.items if item.kind == "patient" and item.id in wanted]
    if draft.frame.names_a_subject:
        rows = [item for item in rows if _is_named(draft, item)]
    draft.add("answer", rows, 8)


def _gap_first(draft: Draft) -> None:
    """Where what is asked is known to be unknown for these patients or topics, say so first."""
    frame = draft.frame
    topics = set(frame.topics)
    draft.add(
        "answer", [item for item in draft.index.items if item.kind == "gap" and item.topics & topics], 2
    )
    wanted = set(frame.etiologies) | set(frame.ages)
    if not frame.drugs or not (wanted or frame.settings):
        return
    gaps = [item for item in draft.index.items if item.kind == "gap" and item.drugs & set(frame.drugs)]
    if "first" not in frame.lines:
        gaps = [item for item in gaps if "first-line" not in item.text]
    fitting = [
        item
        for item in gaps
        if wanted & (item.etiologies | item.ages) or set(frame.settings) & set(item.about)
    ]
    if any(_gives(frame, one.arm) for one in draft.chosen):
        enough = facets.close_enough(draft)
        fitting = [item for item in fitting if draft.index.likeness(frame.stems, item) >= enough]
    draft.add("answer", fitting, 1)


def _gives(frame: Frame, arm: Arm) -> bool:
    """True where an arm treated the very patients asked about, of every kind that the question names."""
    groups, ages = set(arm.etiology.groups), {arm.age.group}
    return (
        set(frame.etiologies) <= groups
        and (not frame.ages or bool(ages & set(frame.ages)))
        and not frame.settings
        and ("first" in frame.lines or arm.line != "first")
    )


def _settings(draft: Draft) -> None:
    """What is said for the setting itself (CNS, pregnancy, intensive care) answers first."""
    wanted = set(draft.frame.settings)
    if not wanted:
        return
    about = [item for item in draft.index.items if wanted & set(item.about) and item.kind != "doubt"]
    about = [item for item in about if fits_patients(draft, item)]
    rank = {
        "guideline": 0,
        "review": 1,
        "regimen": 2,
        "caution": 2,
        "web_answer": 3,
        "consideration": 3,
        "gap": 4,
    }
    about.sort(key=lambda item: (rank.get(item.kind, 5), item.about[0] not in wanted))
    if draft.frame.names_a_subject:
        about = [item for item in about if _is_named(draft, item)]
    draft.add("answer", about, 12)


def _is_named(draft: Draft, item: Item) -> bool:
    frame = draft.frame
    chosen = {one.study.id for one in draft.chosen}
    return bool(
        item.drugs & set(frame.drugs)
        or item.regimens & set(frame.regimens)
        or (item.study and item.study.id in chosen)
    )


def _direct(draft: Draft, asked: tuple[str, ...], order: Order) -> None:
    if not asked:
        return
    items = _pool(draft)
    room, share = _MOST_DIRECT, max(4, min(12, _MOST_DIRECT // len(asked) + len(asked) // 2))
    studies_first = bool(draft.frame.studies or draft.frame.references or draft.frame.percents)
    for facet in asked:
        ranked = rank_for(facet, items, draft.frame, draft.index, order)
        if not (draft.frame.names_a_subject or draft.frame.references):
            ranked.sort(key=lambda item: -draft.index.likeness(draft.frame.stems, item))
        ranked.sort(key=lambda item: _other_population(draft, item))
        of_pages = facets.page_items(draft, facet)
        both = (
            [*_evenly(draft, ranked), *of_pages]
            if studies_first and facet == "safety"
            else [*of_pages, *_evenly(draft, ranked)]
        )
        room -= draft.add("answer", both, min(room, share))
        if room <= 0:
            return


def _say_what_is_absent(draft: Draft, asked: tuple[str, ...]) -> None:
    """Where a subject is named and nothing about what is asked of it stands on its pages, say so first."""
    frame, facet = draft.frame, asked[0] if asked else ""
    if not frame.names_a_subject or facet not in frame.about or facet not in _FACET_SAID:
        return
    if facets.is_guarded(frame) or not draft.parts.get("answer"):
        return
    items = [*_pool(draft), *facets.page_items(draft, facet)]
    about = [item for item in items if facet in item.about and item.kind not in {"doubt", "patient"}]
    if not about:
        draft.lead(f"No {_FACET_SAID[facet]} of what is asked stand on the shelves")
    elif facet == "survival" and frame.times and not _timed(frame, about):
        draft.lead(f"No survival at {' or '.join(frame.times)} of what is asked is on the shelves")
    elif facet == "regulatory" and frame.jurisdictions and not facets.of_jurisdiction(draft, about):
        draft.lead("No decision of an authority there is on the shelves; others follow")


def _timed(frame: Frame, about: list[Item]) -> bool:
    """True where an item names the very time that is asked for."""
    return any(time in item.text.replace("-", " ") for item in about for time in frame.times)


def _pool(draft: Draft) -> list[Item]:
    if facets.is_guarded(draft.frame):
        return []
    if draft.frame.names_a_subject or draft.frame.references:
        return draft.items_of_chosen()
    return _of_patients(draft)


def _of_patients(draft: Draft) -> list[Item]:
    """Return the items that fit the patients asked about, where no drug or study is named."""
    frame = draft.frame
    wanted = SALVAGE_LINES if frame.asks_salvage and "prognosis" not in frame.about else None
    return [
        item
        for item in draft.index.items
        if (item.study or item.kind in _GUIDANCE)
        and fits_patients(draft, item)
        and (wanted is None or item.arm is None or item.arm.line in wanted)
    ]


def _other_population(draft: Draft, item: Item) -> bool:
    """True where the question names patients and the item is about an arm of others."""
    frame = draft.frame
    if item.arm is None or not frame.etiologies or "comparison" in frame.about:
        return False
    return not set(frame.etiologies) & set(item.arm.etiology.groups)


def _evenly(draft: Draft, items: list[Item]) -> list[Item]:
    """Return the items with at most a few of one study; in a comparison the studies take turns."""
    studies = {item.study.id for item in items if item.study}
    most = 12 if len(studies) <= 2 else _PER_FACET_AND_STUDY
    counts: dict[str, int] = {}
    kept: list[tuple[int, Item]] = []
    for item in items:
        name = item.study.id if item.study else ""
        counts[name] = counts.get(name, 0) + 1
        if counts[name] <= most:
            kept.append((counts[name], item))
    if "comparison" in draft.frame.about and not draft.frame.studies:
        kept.sort(key=lambda pair: pair[0])
    return [item for _, item in kept]


def _close_in_words(draft: Draft, times: float, most: int) -> None:
    """Add what is close to the question's own rare words, within its subject where it names one.

    `times` the usual closeness is asked for.
    """
    frame = draft.frame
    subject = bool(frame.drugs or frame.regimens or frame.studies)
    pool = [item for item in draft.index.items if not subject or _is_named(draft, item)]
    scored = [(draft.index.likeness(frame.stems, item), item) for item in pool if item.kind != "doubt"]
    enough = times * facets.close_enough(draft)
    close = [item for score, item in sorted(scored, key=lambda pair: -pair[0]) if score >= enough]
    draft.add("answer", close, most)


def _support(draft: Draft, order: Order) -> None:
    items = draft.items_of_chosen()
    room = _MOST_SUPPORT
    for facet, most in _SUPPORT:
        ranked = rank_for(facet, items, draft.frame, draft.index, order)
        room -= draft.add("research", ranked, min(most, room))


def _compare(draft: Draft, asked: tuple[str, ...]) -> None:
    if not {"comparison", "efficacy", "survival"} & set(asked) or draft.audience == "patient":
        return
    titles = {page.id: page.title for page in draft.shelves.definitions.values()}
    shown = [one for one in draft.chosen[:MOST_ARMS] if one.study.source in draft.cited()]
    caution = comparability(shown, titles)
    if caution:
        section = "answer" if "comparison" in asked else "considerations"
        draft.say(section, caution, sorted({one.study.source for one in shown}))


def _line_guard(draft: Draft) -> None:
    """Say plainly that first-line evidence is none for refractory disease."""
    first = [one for one in draft.chosen if one.arm.line == "first" and one.arm.response]
    if not first or not draft.frame.asks_salvage:
        return
    keys = sorted({one.study.source for one in first})
    if draft.audience == "patient":
        draft.say("answer", _FIRST_ONLY_PLAIN, keys)
        return
    names = sorted({f"{short_treatment(one.arm)} [{one.study.source}]" for one in first})
    draft.say(
        "answer",
        "Studied as first treatment in new disease, which is no evidence for refractory disease: "
        + listed(names),
        keys,
    )


def _guidance(draft: Draft, asked: tuple[str, ...]) -> None:
    frame = draft.frame
    wanted = set(asked) | set(frame.about)
    found = [item for item in draft.index.items if item.kind in _GUIDANCE and fits_patients(draft, item)]
    found = [item for item in found if wanted & set(item.about)]
    if not {"options", "combination"} & set(frame.about):
        found = [item for item in found if item.kind != "web_answer"]
    named = [item for item in found if item.drugs & set(frame.drugs) or item.regimens & set(frame.regimens)]
    named = [item for item in named if item.about[0] in wanted or "efficacy" in wanted]
    close = (
        []
        if frame.settings or (frame.names_a_subject and "comparison" not in wanted)
        else [item for item in found if not item.drugs and not item.regimens and item.about[0] in wanted]
    )
    both = sorted([*named, *close], key=lambda item: -draft.index.likeness(frame.stems, item))
    draft.add("guidelines", [item for item in both if item.kind != "consideration"], 4)
    draft.add("considerations", [item for item in both if item.kind == "consideration"], 2)
    if {"safety", "efficacy", "dosing", "options"} & wanted:
        _cautions(draft)


def _cautions(draft: Draft) -> None:
    named = set(draft.frame.drugs)
    found = [item for item in draft.index.items if item.kind in {"boxed", "caution"} and item.drugs & named]
    draft.add(
        "considerations", sorted(found, key=lambda item: -draft.index.likeness(draft.frame.stems, item)), 4
    )


def _unknown(draft: Draft, asked: tuple[str, ...]) -> None:
    frame = draft.frame
    gaps = [item for item in draft.index.items if item.kind == "gap" and fits_patients(draft, item)]
    enough = facets.close_enough(draft)
    close = [item for item in gaps if draft.index.likeness(frame.stems, item) >= enough]
    named = [item for item in gaps if item.drugs & set(frame.drugs) and set(item.about) & set(asked)]
    at_large = [item for item in gaps if not item.drugs and set(asked) & set(item.about)]
    if "gap" in frame.about:
        rest = [item for item in gaps if item.drugs & set(frame.drugs)] if frame.drugs else gaps
        draft.add("answer", [*close, *named, *rest], 12)
        return
    draft.add("unknown", [*close, *named], 2)
    if "comparison" in asked:
        draft.add("unknown", at_large, 1)
