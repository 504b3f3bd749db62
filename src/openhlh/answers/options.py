"""The broad answer: which treatments there are, what each was seen to do, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhlh.answers.items import drugs_of
from openhlh.answers.phrases import SALVAGE_LINES, listed
from openhlh.answers.premises import comparability
from openhlh.answers.results import short_treatment
from openhlh.content.shelf_pages import Recommendation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openhlh.answers.choosing import Chosen
    from openhlh.answers.draft import Draft
    from openhlh.answers.items import Item
    from openhlh.content.study import Study

_GUIDANCE = {"guideline": 0, "review": 1, "label": 2, "web_answer": 3}
_GLUCOCORTICOIDS = {"dexamethasone", "methylprednisolone", "prednisolone", "hydrocortisone_it"}
_SMALL = 5  # below five patients an interval says nothing; such cases are listed, not presented
_MOST_ADVICE = 16


def write(draft: Draft) -> None:
    """Write the sections of a question for options."""
    salvage = "first" not in draft.frame.lines
    wanted = SALVAGE_LINES if salvage else frozenset({"first"})
    _guidelines(draft, wanted)
    arms = _independent(draft, wanted)
    shown = _research(draft, arms)
    _small_series(draft, arms)
    if salvage:
        _other_lines(draft)
    _harm(draft)
    _considerations(draft, shown, wanted)
    _unknown(draft)


def _guidelines(draft: Draft, wanted: frozenset[str]) -> None:
    found = [item for item in draft.index.items if item.kind in _GUIDANCE and fits_patients(draft, item)]
    about = [item for item in found if {"options", "efficacy", "combination"} & set(item.about)]
    about = sorted((item for item in about if _fits_line(item, wanted) < 2), key=_advice_order(draft, wanted))
    draft.add("combinations", [item for item in about if "combination" in item.about[:2]], 3)
    draft.add("guidelines", about, _MOST_ADVICE)


def _advice_order(draft: Draft, wanted: frozenset[str]) -> Callable[[Item], tuple[int, ...]]:
    """Order advice: for the patients named, for this line, on options themselves, guidelines first."""
    frame = draft.frame

    def order(item: Item) -> tuple[int, ...]:
        named = len(set(frame.etiologies) & item.etiologies) + len(set(frame.ages) & item.ages)
        special = not named and bool(item.etiologies or item.ages)
        main = item.about[0] != "options" and "transplant" not in item.about
        return (-named, _fits_line(item, wanted), main, special, _GUIDANCE.get(item.kind, 9))

    return order


def _fits_line(item: Item, wanted: frozenset[str]) -> int:
    """Return 0 where advice is for this line, 1 where it names none, 2 where it is for another."""
    lines = set(item.page.lines) if isinstance(item.page, Recommendation) else set()
    return 0 if lines & wanted else 2 if lines else 1


def fits_patients(draft: Draft, item: Item) -> bool:
    """Return False where an item is about other patients than those asked about."""
    frame = draft.frame
    etiologies = not frame.etiologies or not item.etiologies or set(frame.etiologies) & item.etiologies
    ages = not frame.ages or not item.ages or set(frame.ages) & item.ages or "mixed" in item.ages
    return bool(etiologies and ages)


def _independent(draft: Draft, lines: frozenset[str]) -> list[Chosen]:
    """Return arms with a response in these lines that share no patients with each other, largest first."""
    frame = draft.frame
    asked = set(frame.etiologies)
    arms = [
        one
        for one in draft.chosen
        if one.arm.line in lines
        and one.arm.response
        and one.arm.evaluable
        and (one.arm.regimen or one.arm.drugs)
        and "not_hlh" not in one.arm.etiology.groups
        and (not asked or asked & set(one.arm.etiology.groups))
        and (not frame.ages or one.arm.age.group in {*frame.ages, "mixed"})
    ]
    whole = {(one.study.id, one.arm.id) for one in arms}
    arms = [one for one in arms if one.arm.part_of is None or (one.study.id, one.arm.part_of) not in whole]
    return sorted(_sharing_no_patients(arms), key=lambda one: -(one.arm.evaluable or 0))


def _sharing_no_patients(arms: list[Chosen]) -> list[Chosen]:
    """Keep the better report of the same patients: prospective, with a named definition, larger."""
    kept: list[Chosen] = []
    for one in sorted(arms, key=_quality):
        if not any(_share_patients(one.study, other.study) for other in kept):
            kept.append(one)
    return kept


def _quality(one: Chosen) -> tuple[bool, bool, int]:
    response = one.arm.response
    vague = response is None or response.definition in {"response_as_reported", "response_surrogate"}
    return one.study.prospective != "yes", vague, -(one.arm.evaluable or 0)


def _share_patients(study: Study, other: Study) -> bool:
    named = {overlap.study for overlap in study.overlaps}, {overlap.study for overlap in other.overlaps}
    return study.id != other.id and (other.id in named[0] or study.id in named[1])


def _research(draft: Draft, arms: list[Chosen]) -> list[Chosen]:
    """Show up to two arms of each treatment; combinations have a section of their own."""
    groups: dict[str, list[Chosen]] = {}
    for one in arms:
        if (one.arm.evaluable or 0) >= _SMALL:
            groups.setdefault(_group(one), []).append(one)
    shown = []
    for group in groups.values():
        for one in group[:2]:
            section = "combinations" if _is_combination(draft, one) else "research"
            if draft.add(section, _responses_of(draft, one), 1):
                shown.append(one)
    return shown


def _is_combination(draft: Draft, one: Chosen) -> bool:
    return len(set(drugs_of(one.arm, draft.shelves)) - _GLUCOCORTICOIDS) > 1


def _small_series(draft: Draft, arms: list[Chosen]) -> None:
    small = [one for one in arms if 0 < (one.arm.evaluable or 0) < _SMALL]
    if not small or draft.audience == "patient":
        return
    said = [
        f"{short_treatment(one.arm)} {one.arm.response.responders} of {one.arm.evaluable}"
        f" [{one.study.source}]"
        for one in small
        if one.arm.response and one.arm.response.responders is not None
    ]
    if said:
        keys = sorted({one.study.source for one in small})
        draft.say(
            "research", f"Single cases and very small series, responders of treated: {'; '.join(said)}", keys
        )


def _group(one: Chosen) -> str:
    return one.arm.regimen or (one.arm.drugs[0] if one.arm.drugs else short_treatment(one.arm))


def _responses_of(draft: Draft, one: Chosen) -> Iterable[Item]:
    return (item for item in draft.index.items if item.arm is one.arm and item.id == "response")


def _other_lines(draft: Draft) -> None:
    mixed = _independent(draft, frozenset({"mixed", "not_stated"}))
    for one in mixed[:8]:
        if (one.arm.evaluable or 0) >= _SMALL:
            draft.add("mixed", _responses_of(draft, one), 1)
    first = _independent(draft, frozenset({"first"}))
    if first and draft.audience != "patient":
        names = sorted({f"{short_treatment(one.arm)} [{one.study.source}]" for one in first})
        keys = sorted({one.study.source for one in first})
        draft.say(
            "mixed",
            f"Studied as first treatment, so no evidence for refractory disease: {listed(names)}",
            keys,
        )


def _harm(draft: Draft) -> None:
    relevant = [item for item in draft.index.items if fits_patients(draft, item)]
    without = {id(one.arm) for one in draft.chosen if one.arm.response and one.arm.response.responders == 0}
    failed = [
        item for item in relevant if item.arm is not None and id(item.arm) in without and item.kind != "doubt"
    ]
    worse = [
        item for item in failed if item.about[0] in {"efficacy", "survival", "deaths", "comparison", "safety"}
    ]
    draft.add(
        "harm", sorted(worse, key=lambda item: ("comparison" not in item.about, item.id != "response")), 4
    )
    stopped = [item for item in relevant if item.kind == "fact" and item.about[0] == "trial_status"]
    draft.add("harm", [item for item in stopped if _says(item, ("withdrawn", "terminat"))], 3)
    decisions = [item for item in relevant if item.about == ("regulatory",)]
    draft.add("harm", [item for item in decisions if _says(item, (": withdrawn", ": refused"))], 4)


def _says(item: Item, words: tuple[str, ...]) -> bool:
    return any(word in item.text.lower() for word in words)


def _considerations(draft: Draft, shown: list[Chosen], wanted: frozenset[str]) -> None:
    titles = {page.id: page.title for page in draft.shelves.definitions.values()}
    caution = comparability(shown, titles)
    if caution and draft.audience != "patient":
        draft.say("considerations", caution, sorted({one.study.source for one in shown}))
    found = [
        item for item in draft.index.items if item.kind == "consideration" and fits_patients(draft, item)
    ]
    found = [item for item in found if _fits_line(item, wanted) < 2]
    draft.add("considerations", sorted(found, key=_advice_order(draft, wanted)), 9)


def _unknown(draft: Draft) -> None:
    gaps = [item for item in draft.index.items if item.kind == "gap" and fits_patients(draft, item)]
    asked = set(draft.frame.etiologies)
    gaps.sort(
        key=lambda item: (
            not (asked & item.etiologies),
            not {"comparison", "options", "survival"} & set(item.about),
        )
    )
    draft.add("unknown", gaps, 6)
