"""Ruling on what a question takes for granted: its figures, and a randomised trial that it supposes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhlh.answers.choosing import rank_for
from openhlh.answers.phrases import listed
from openhlh.answers.premises import asked_level, rule_on_numbers
from openhlh.answers.results import short_treatment

if TYPE_CHECKING:
    from collections.abc import Callable

    from openhlh.answers.draft import Draft
    from openhlh.answers.items import Item

_MOST_ARMS = 8
_SAID = {
    "holds": "The figure in the question stands on the shelves; what it counts is this",
    "other_outcome": (
        "Not correct as put: the figure in the question belongs to another outcome. The shelves say"
    ),
    "does_not_hold": (
        "Not correct: the figure in the question does not agree with the shelves, and it cannot be "
        "confirmed. The shelves say"
    ),
}


def rule(draft: Draft, order: Callable[[Item], int]) -> None:
    """Write the correction or confirmation first, with the figures that the shelves hold."""
    frame = draft.frame
    if "randomised" in frame.references:
        _no_randomised_trial(draft)
    if not draft.chosen:
        return
    claims = (
        "confirm" in frame.intents
        or asked_level(frame)
        or {"efficacy", "survival", "deaths"} & set(frame.about)
    )
    if not claims or _several_subjects(draft):
        return
    said = rule_on_numbers(frame, draft.chosen[:_MOST_ARMS], tuple(draft.items_of_chosen()))
    if said == "nothing_claimed" or (said == "holds" and "confirm" not in frame.intents):
        return
    right = _of_level(draft, asked_level(frame), order)
    draft.say("answer", _SAID[said], sorted({item.key for item in right[:3] if item.key}))
    draft.add("answer", right, 3)


def _several_subjects(draft: Draft) -> bool:
    """Where treatments are set side by side, each figure is shown with its own arm instead."""
    return len(draft.frame.drugs) + len(draft.frame.regimens) > 1 and not draft.frame.fractions


def _of_level(draft: Draft, level: str | None, order: Callable[[Item], int]) -> list[Item]:
    facet = {"deaths": "deaths", "alive": "survival"}.get(level or "", "efficacy")
    found = rank_for(facet, draft.items_of_chosen(), draft.frame, draft.index, order)
    return [item for item in found if item.kind == "result"]


def _no_randomised_trial(draft: Draft) -> None:
    designs = {one.study.design for one in draft.chosen} or {
        study.design for study in draft.shelves.studies.values()
    }
    if "randomised_trial_post_hoc" not in designs:
        named = sorted({short_treatment(one.arm) for one in draft.chosen[:3]})
        what = f" of {listed(named)}" if named else ""
        designs_said = sorted({one.study.design.replace("_", "-") for one in draft.chosen[:_MOST_ARMS]})
        draft.say(
            "answer",
            f"No randomised trial{what} was found on the shelves; what is there is {listed(designs_said)}",
            sorted({one.study.source for one in draft.chosen[:_MOST_ARMS]}),
        )
    gaps = [item for item in draft.index.items if item.kind == "gap" and "comparison" in item.about]
    draft.add("answer", [item for item in gaps if "random" in item.text.lower()], 1)
    facts = [
        item for item in draft.index.items if item.study and item.kind == "fact" and "randomised" in item.text
    ]
    facts += [
        item for item in draft.index.items if item.kind == "gap" and item.drugs & set(draft.frame.drugs)
    ]
    draft.add("answer", [item for item in facts if _is_about(draft, item)], 3)


def _is_about(draft: Draft, item: Item) -> bool:
    frame = draft.frame
    if item.study and item.study.id in {*frame.studies, *(one.study.id for one in draft.chosen)}:
        return True
    words = {word for regimen in frame.regimens for word in draft.shelves.regimens[regimen].names}
    words |= {word for drug in frame.drugs for word in draft.shelves.drugs[drug].names}
    return any(word in item.text for word in words if len(word) > 2)
