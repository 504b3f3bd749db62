"""What may be asked next: only questions that the shelves can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhlh.answers.results import short_treatment

if TYPE_CHECKING:
    from openhlh.answers.draft import Draft

_MOST = 5
_TEMPLATES = {
    "durability": "How long did responses to {name} last?",
    "safety": "What harms were seen with {name}?",
    "survival": "How many patients survived on {name}?",
    "eligibility": "Who was left out of the {name} studies?",
    "dosing": "How was {name} dosed in the studies?",
}


def follow_ups(draft: Draft) -> tuple[str, ...]:
    """Return up to five questions about the treatments shown that have statements waiting."""
    asked = set(draft.frame.about[:2])
    questions: list[str] = []
    for one in draft.chosen[:6]:
        if not one.arm.regimen and not one.arm.drugs:
            continue
        name = short_treatment(one.arm)
        waiting = {facet for item in draft.items_of_chosen() if item.arm is one.arm for facet in item.about}
        facets = [facet for facet in _TEMPLATES if facet in waiting and facet not in asked]
        for facet in facets[:2]:
            question = _TEMPLATES[facet].format(name=name)
            if question not in questions:
                questions.append(question)
    if "gap" not in draft.frame.about:
        questions.append("What is not known about refractory HLH?")
    return tuple(questions[: _MOST - 1] + questions[-1:]) if len(questions) > _MOST else tuple(questions)
