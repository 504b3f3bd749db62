"""The broad answer: which treatments there are, what each was seen to do, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhlh.answers.phrases import LINE, SALVAGE_LINES, listed
from openhlh.answers.premises import comparability
from openhlh.answers.results import short_treatment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openhlh.answers.choosing import Chosen
    from openhlh.answers.draft import Draft
    from openhlh.answers.items import Item
    from openhlh.content.study import Study

_GUIDANCE = {"guideline": 0, "review": 1, "label": 2, "web_answer": 3}
_SHARES_PATIENTS = {"part_of", "same_patients", "earlier_report"}


def write(draft: Draft) -> None:
    """Write the sections of a question for options."""
    salvage = "first" not in draft.frame.lines
    wanted = SALVAGE_LINES if salvage else {"first"}
    _guidelines(draft)
    shown = _research(draft, [one for one in _independent(draft) if one.arm.line in wanted])
    if salvage:
        _other_lines(draft)
    _harm(draft)
    _considerations(draft, shown)
    _unknown(draft)


def _guidelines(draft: Draft) -> None:
    found = [item for item in draft.index.items if item.kind in _GUIDANCE and fits_patients(draft, item)]
    about = [item for item in found if {"options", "efficacy", "combination"} & set(item.about)]
    about.sort(key=lambda item: (-_patients_named(draft, item), _GUIDANCE[item.kind]))
    draft.add("combinations", [item for item in about if item.about[0] == "combination"], 3)
    draft.add("guidelines", about, 9)


def _patients_named(draft: Draft, item: Item) -> int:
    return len(set(draft.frame.etiologies) & item.etiologies) + len(set(draft.frame.ages) & item.ages)


def fits_patients(draft: Draft, item: Item) -> bool:
    """Return False where an item is about other patients than those asked about."""
    frame = draft.frame
    etiologies = not frame.etiologies or not item.etiologies or set(frame.etiologies) & item.etiologies
    ages = not frame.ages or not item.ages or set(frame.ages) & (item.ages | {"mixed"})
    return bool(etiologies and ages)


def _independent(draft: Draft) -> list[Chosen]:
    """Return the arms that do not repeat patients of another arm shown, largest first."""
    asked = set(draft.frame.etiologies)
    whole = [
        one
        for one in draft.chosen
        if one.arm.response
        and one.arm.evaluable
        and (one.arm.part_of is None or asked & set(one.arm.etiology.groups))
        and not _repeats(one.study, {other.study.id for other in draft.chosen})
    ]
    if asked:
        whole = [one for one in whole if asked & set(one.arm.etiology.groups)]
    if draft.frame.ages:
        whole = [one for one in whole if one.arm.age.group in {*draft.frame.ages, "mixed"}]
    return sorted(whole, key=lambda one: -(one.arm.evaluable or 0))


def _repeats(study: Study, others: set[str]) -> bool:
    return any(overlap.kind in _SHARES_PATIENTS and overlap.study in others for overlap in study.overlaps)


def _research(draft: Draft, arms: list[Chosen]) -> list[Chosen]:
    """Show up to two arms of each treatment; combinations have a section of their own."""
    groups: dict[str, list[Chosen]] = {}
    for one in arms:
        groups.setdefault(_group(one), []).append(one)
    shown = []
    for group in groups.values():
        for one in group[:2]:
            regimen = draft.shelves.regimens.get(one.arm.regimen or "")
            section = "combinations" if regimen and regimen.combination else "research"
            if draft.add(section, _responses_of(draft, one), 1):
                shown.append(one)
    return shown


def _group(one: Chosen) -> str:
    return one.arm.regimen or (one.arm.drugs[0] if one.arm.drugs else short_treatment(one.arm))


def _responses_of(draft: Draft, one: Chosen) -> Iterable[Item]:
    return (item for item in draft.index.items if item.arm is one.arm and item.id == "response")


def _other_lines(draft: Draft) -> None:
    mixed = [one for one in _independent(draft) if one.arm.line in {"mixed", "not_stated"}]
    for one in mixed[:8]:
        if (one.arm.evaluable or 0) >= 5 and "not_hlh" not in one.arm.etiology.groups:
            draft.add("mixed", _responses_of(draft, one), 1)
    first = [one for one in _independent(draft) if one.arm.line == "first"]
    if first:
        names = sorted({f"{short_treatment(one.arm)} ({one.study.source})" for one in first})
        draft.say(
            "mixed",
            f"Studied as first treatment, so no evidence for refractory disease: {listed(names)}",
            sorted({one.study.source for one in first}),
        )


def _harm(draft: Draft) -> None:
    relevant = [item for item in draft.index.items if fits_patients(draft, item)]
    without = {id(one.arm) for one in draft.chosen if one.arm.response and one.arm.response.responders == 0}
    failed = [item for item in relevant if item.arm is not None and id(item.arm) in without]
    draft.add("harm", [item for item in failed if item.about[0] in {"survival", "comparison", "deaths", "efficacy"}], 3)
    stopped = [item for item in relevant if item.kind == "fact" and item.about[0] == "trial_status"]
    draft.add("harm", [item for item in stopped if _says(item, ("withdrawn", "terminat", "stopped"))], 3)
    decisions = [item for item in relevant if item.about == ("regulatory",)]
    draft.add("harm", [item for item in decisions if _says(item, (": withdrawn", ": refused"))], 4)


def _says(item: Item, words: tuple[str, ...]) -> bool:
    return any(word in item.text.lower() for word in words)


def _considerations(draft: Draft, shown: list[Chosen]) -> None:
    titles = {page.id: page.title for page in draft.shelves.definitions.values()}
    caution = comparability(shown, titles, LINE)
    if caution and draft.audience != "patient":
        draft.say("considerations", caution, sorted({one.study.source for one in shown}))
    found = [item for item in draft.index.items if item.kind == "consideration" and fits_patients(draft, item)]
    found.sort(key=lambda item: "options" not in item.about)
    draft.add("considerations", found, 8)


def _unknown(draft: Draft) -> None:
    gaps = [item for item in draft.index.items if item.kind == "gap" and fits_patients(draft, item)]
    gaps.sort(key=lambda item: not {"comparison", "options", "survival"} & set(item.about))
    draft.add("unknown", gaps, 6)
