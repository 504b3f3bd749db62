"""The doubts that travel with a pooled count, and the one that forbids to use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhlh.numerals import numerals

if TYPE_CHECKING:
    from openhlh.content.words import Doubt, Severity
    from openhlh.evidence.candidates import Candidate

_ABOUT = {"efficacy", "definition"}
_GRAVEST_FIRST = {"high": 0, "medium": 1, "low": 2}


def doubts_of(one: Candidate) -> tuple[tuple[Severity, str], ...]:
    """Return the doubts about efficacy or its definition that concern an arm, gravest first."""
    found = [
        (doubt.severity, f"{doubt.text.rstrip('.')} (printed: {doubt.printed}; computed: {doubt.computed})")
        for doubt in one.study.doubts
        if _concerns(doubt, one) and _ABOUT & set(doubt.about)
    ]
    return tuple(sorted(found, key=lambda doubt: _GRAVEST_FIRST[doubt[0]]))


def hard_doubt(one: Candidate) -> str:
    """Return the words of a doubt of high severity on the very number that is used, or "".

    A doubt about efficacy is on the number if it names the events, the total or a printed percent of the
    levels used, or if it names no number at all and so means all of them.
    """
    for doubt in one.study.doubts:
        if doubt.severity == "high" and "efficacy" in doubt.about and _concerns(doubt, one):
            named = {number.text for number in numerals(f"{doubt.printed} {doubt.computed}")}
            if not named or named & _used(one):
                return f"{doubt.text.rstrip('.')} (printed: {doubt.printed}; computed: {doubt.computed})"
    return ""


def _concerns(doubt: Doubt, one: Candidate) -> bool:
    return not doubt.arms or one.arm.id in doubt.arms


def _used(one: Candidate) -> set[str]:
    """Return the numbers that a count rests on, as they are printed."""
    response = one.arm.response
    if response is None:
        return set()
    printed = {response.printed[level] for level in one.counted.levels if level in response.printed}
    parts = {str(getattr(response, level)) for level in one.counted.levels}
    return printed | parts | {str(one.total), str(one.counted.events)}
