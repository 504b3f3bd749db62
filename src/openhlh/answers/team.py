"""For patients and families: what to ask the team that treats them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openhlh.answers.draft import Draft

_QUESTIONS = (
    "What set off the HLH, and can that be treated too?",
    "Which treatment do you advise now, and why this one?",
    "How will we know that it works, and how soon?",
    "What side effects should we watch for, and whom do we call day and night?",
    "Is a stem cell transplant an option, and when?",
    "Is there a study that could be joined?",
)


def write_questions_for_the_team(draft: Draft) -> None:
    """Write the questions; they are no evidence and answer nothing by themselves."""
    draft.warn("team", "If the person is getting worse now, go to hospital and do not wait")
    if {"dosing", "steroids"} & set(draft.frame.about):
        draft.warn("team", "Only the treating team can set or change a dose; ask them before any change")
    for question in _QUESTIONS:
        draft.warn("team", question)
