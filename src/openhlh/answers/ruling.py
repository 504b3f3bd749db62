"""Ruling on what a question takes for granted: figures, a randomised trial, a guideline, two names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhlh.answers.phrases import DESIGN, ETIOLOGY, listed
from openhlh.answers.premises import Verdict, nearest, rule_on_numbers
from openhlh.numerals import numerals
from openhlh.proportions import percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openhlh.answers.draft import Draft
    from openhlh.answers.frame import Frame
    from openhlh.answers.items import Item
    from openhlh.answers.premises import Outcome

_MOST_ARMS, _TWO_FIGURES = 8, 2
_SAID = {
    "other_line": "Not as put: this is no result in refractory or relapsed disease; the figure is that of ",
    "one_arm": "Not in general: the figure in the question is that of a smaller arm, ",
    "one_of_two": "Of the figures in the question the shelves hold ",
    "without_the_addition": "Not as put: without what the question adds, the figure is that of ",
    "holds": "Confirmed: the figure in the question is that of ",
    "other_outcome": (
        "Not correct as put: the figure in the question is that of another outcome, time or group, "
    ),
    "elsewhere": (
        "Cannot be confirmed as put: the figure in the question is printed on the shelves, but for another "
        "group, time or outcome than asked"
    ),
    "does_not_hold": (
        "Not correct: the figure in the question does not agree with the shelves, and it cannot be confirmed"
    ),
}


def rule(draft: Draft) -> None:
    """Write the corrections and confirmations first, with the figures that the shelves hold."""
    _one_drug(draft)
    _no_guideline(draft)
    if "randomised" in draft.frame.references:
        _no_randomised_trial(draft)
    _other_causes(draft)
    if _settled_by_a_doubt(draft):
        return
    if draft.chosen and _makes_a_claim(draft):
        if draft.frame.percents:
            draft.add("answer", _doubts_with(draft, draft.frame.percents), 1)
        verdict = rule_on_numbers(draft.frame, draft.chosen[:_MOST_ARMS], tuple(draft.items_of_chosen()))
        if verdict:
            _write_verdict(draft, verdict)


def _doubts_with(draft: Draft, figures: Iterable[str]) -> list[Item]:
    """Return the doubts in which a telling figure of the question stands: whoever asks must see them."""
    telling = {figure for figure in figures if "." in figure}
    return [item for item, numbers in _doubts(draft) if telling & numbers]


def _doubts(draft: Draft) -> list[tuple[Item, set[str]]]:
    """Return the recorded doubts of the chosen studies, each with its numbers."""
    doubts = (item for item in draft.items_of_chosen() if item.kind == "doubt")
    return [(item, {number.text for number in numerals(item.text)}) for item in doubts]


def _settled_by_a_doubt(draft: Draft) -> bool:
    """Where a recorded doubt holds all the figures that a question sets against each other, it answers."""
    stated = set(draft.frame.percents)
    if len(stated) < _TWO_FIGURES or "or" not in draft.frame.said:
        return False
    both = [item for item, numbers in _doubts(draft) if stated <= numbers]
    return draft.add("answer", both, 2) > 0


def _other_causes(draft: Draft) -> None:
    """Say where the treatment was studied, but in none of the patients asked about."""
    frame = draft.frame
    asked = set(frame.etiologies)
    groups = {group for one in draft.chosen for group in one.arm.etiology.groups} - {"not_stated"}
    named = frame.drugs or frame.regimens
    if not (asked and named and groups) or asked & groups or groups & {"mixed", "secondary"}:
        return
    titles = [draft.shelves.drugs[drug].names[0] for drug in frame.drugs]
    titles += [draft.shelves.regimens[regimen].names[0] for regimen in frame.regimens]
    draft.say(
        "answer",
        f"No arm of {listed(titles)} on the shelves is of {_causes(asked)}; "
        f"the arms there are of {_causes(groups)}",
        sorted({one.study.source for one in draft.chosen[:_MOST_ARMS]}),
    )


def _causes(groups: Iterable[str]) -> str:
    return listed([ETIOLOGY[one] for one in sorted(groups)])


def _makes_a_claim(draft: Draft) -> bool:
    frame = draft.frame
    outcome = {"efficacy", "survival", "deaths", "safety", "transplant"} & set(frame.about)
    several = len(frame.drugs) + len(frame.regimens) > 1 and not frame.fractions
    return bool("confirm" in frame.intents or outcome or frame.fractions) and not several


def _write_verdict(draft: Draft, verdict: Verdict) -> None:
    text = _SAID[_opening(draft.frame, verdict)]
    if verdict.outcomes and verdict.ruling in {"holds", "one_arm", "other_outcome"}:
        text += listed([one.said for one in verdict.outcomes])
    right = nearest(draft.frame, draft.chosen[:_MOST_ARMS])
    if verdict.ruling != "holds" and right:
        text += f". The shelves hold: {'; '.join(one.said for one in right)}"
    elif verdict.ruling != "holds":
        text += ". What is asked has no such figure on the shelves"
    shown = [*verdict.outcomes, *(right if verdict.ruling != "holds" else ())]
    draft.say("answer", text, _keys(shown), _made_from(shown))
    arms = {id(one.chosen.arm) for one in shown}
    draft.add("answer", [item for item in draft.items_of_chosen() if _is_result(item, arms)], 2)
    if verdict.ruling == "elsewhere":
        draft.add("answer", _stating(draft), 3)


def _opening(frame: Frame, verdict: Verdict) -> str:
    """Return how a verdict opens; two figures set against each other are never both confirmed."""
    if verdict.ruling != "holds":
        return verdict.ruling
    if verdict.other_line:
        return "other_line"
    if len(frame.percents) > 1 and "or" in frame.said:
        return "one_of_two"
    added = {"combination", "transplant"} & set(frame.intents) and "plus" in frame.said
    alone = not any(
        "allo_hsct" in {*one.chosen.arm.drugs, one.chosen.arm.regimen} for one in verdict.outcomes
    )
    return "without_the_addition" if added and alone else "holds"


def _is_result(item: Item, arms: set[int]) -> bool:
    return item.kind == "result" and item.id == "response" and id(item.arm) in arms


def _stating(draft: Draft) -> list[Item]:
    """Return the statements in which the figures of the question stand."""
    stated = set(draft.frame.percents) | {f"{count} of {total}" for count, total in draft.frame.fractions}
    return [
        item
        for item in draft.items_of_chosen()
        if item.kind in {"fact", "result"} and any(figure in item.text for figure in stated)
    ]


def _keys(shown: Iterable[Outcome]) -> list[str]:
    return sorted({one.chosen.study.source for one in shown})


def _made_from(shown: Iterable[Outcome]) -> dict[str, str]:
    return {percent(one.count, one.total): f"{one.count}/{one.total}" for one in shown}


def _one_drug(draft: Draft) -> None:
    if not {"mechanism", "comparison"} & set(draft.frame.about):
        return
    for drug in set(draft.frame.named_twice) - {"allo_hsct"}:
        page = draft.shelves.drugs[drug]
        draft.say(
            "answer",
            f"The names in the question mean one and the same drug: {', '.join(page.names[:5])}",
            [page.source],
        )


def _no_guideline(draft: Draft) -> None:
    frame = draft.frame
    if "recommendation" not in frame.intents or not (frame.drugs or frame.regimens):
        return
    named = [
        item
        for item in draft.index.items
        if item.kind == "guideline" and (item.drugs & set(frame.drugs) or item.regimens & set(frame.regimens))
    ]
    if not named:
        titles = [draft.shelves.drugs[drug].title for drug in frame.drugs]
        titles += [draft.shelves.regimens[regimen].title for regimen in frame.regimens]
        draft.say("answer", f"No guideline statement that names {listed(titles)} is on the shelves")


def _no_randomised_trial(draft: Draft) -> None:
    designs = {one.study.design for one in draft.chosen} or {
        study.design for study in draft.shelves.studies.values()
    }
    if "randomised_trial_post_hoc" not in designs:
        named = [draft.shelves.drugs[drug].names[0] for drug in draft.frame.drugs]
        named += [draft.shelves.regimens[regimen].names[0] for regimen in draft.frame.regimens]
        what = f" of {listed(named)}" if named else ""
        kinds = sorted({DESIGN[one.study.design] for one in draft.chosen[:_MOST_ARMS]})
        there = f"; what is there is {listed(kinds)}" if kinds else ""
        draft.say(
            "answer",
            f"No randomised trial{what} was found on the shelves{there}",
            sorted({one.study.source for one in draft.chosen[:_MOST_ARMS]}),
        )
    gaps = [item for item in draft.index.items if item.kind == "gap" and "comparison" in item.about]
    draft.add("answer", [item for item in gaps if "random" in item.text.lower()], 1)
    facts = [item for item in draft.index.items if item.kind == "fact" and "randomised" in item.text]
    facts += [item for item in gaps if item.drugs & set(draft.frame.drugs)]
    draft.add("answer", [item for item in facts if _is_about(draft, item)], 3)


def _is_about(draft: Draft, item: Item) -> bool:
    frame = draft.frame
    if item.study and item.study.id in {*frame.studies, *(one.study.id for one in draft.chosen)}:
        return True
    words = {word for regimen in frame.regimens for word in draft.shelves.regimens[regimen].names}
    words |= {word for drug in frame.drugs for word in draft.shelves.drugs[drug].names}
    return any(word in item.text for word in words if len(word) > 2)
