"""Wording that contradicts the rest of a document: spellings, one drug as two, a sentence twice (R20)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openhlh.claims import Claim, Finding, Oddity, finding


def spellings_agree(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A name that occurs once is not one letter away from the name used everywhere else."""
    for one in _odd(claims, "spelling"):
        why = f"{one.text} is probably a misprint of {one.likely}. Please check."
        yield finding("R20", one, "TENSION", why, stated=one.text, fix=one.likely, also=one.also)


def drugs_are_told_once(claims: Sequence[Claim]) -> Iterator[Finding]:
    """One drug is not told under two names as if these were two drugs."""
    for one in _odd(claims, "drug"):
        why = f"{one.text} and {one.likely} are one drug, but two items of one list. Please check."
        yield finding("R20", one, "INCONSISTENT", why, stated=one.text, fix=one.likely, also=one.also)


def sentences_stand_once(claims: Sequence[Claim]) -> Iterator[Finding]:
    """No sentence is printed twice in a row."""
    for one in _odd(claims, "twice"):
        why = "This sentence is printed twice in a row; another one may be missing. Please check."
        yield finding("R20", one, "TENSION", why, stated=one.text, also=one.also)


def review_is_told_once(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A document is not said to be reviewed and to await its review."""
    for one in _odd(claims, "status"):
        why = f'The document says "{one.text}" and "{one.likely}" of itself. Please check.'
        yield finding("R20", one, "TENSION", why, stated=one.text, computed=one.likely, also=one.also)


def _odd(claims: Sequence[Claim], sort: str) -> list[Oddity]:
    return [one for one in claims if isinstance(one, Oddity) and one.sort == sort]
