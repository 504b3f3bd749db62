"""Verdicts: met, not met, unknown with its reason, not applicable; and how they combine (Kleene)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a rule says about a patient."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Reason(StrEnum):
    """Why a verdict is unknown; the order is the rank in which several reasons are told (last wins)."""

    NOT_MEASURED = "not_measured"
    NO_BASELINE = "no_baseline"
    OUT_OF_WINDOW = "out_of_window"
    PENDING = "pending"
    NO_LABORATORY_LIMIT = "no_laboratory_limit"
    IMPLAUSIBLE = "implausible"
    UNIT_NOT_COMPARABLE = "unit_not_comparable"
    CENSORED = "censored"
    CONFOUNDED = "confounded"
    CONFLICTING = "conflicting"
    AGE_UNCLEAR = "age_unclear"


UNSEEN = (Reason.NOT_MEASURED, Reason.NO_BASELINE, Reason.OUT_OF_WINDOW)


@dataclass(frozen=True)
class Ruling:
    """A verdict, and the reason where it is unknown."""

    verdict: Verdict
    reason: Reason | None = None

    @property
    def rank(self) -> int:
        """Where several facts say something of one line, the highest rank speaks.

        Nothing seen < not met < unknown although something was seen < met: Kleene's "or" over the facts,
        in which what was not seen does not count against what was.
        """
        return RANKS[self.verdict, self.reason]


MET, NOT_MET, NOT_APPLICABLE = (Ruling(one) for one in (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE))


def unknown(reason: Reason) -> Ruling:
    """Return the unknown verdict with its reason."""
    return Ruling(Verdict.UNKNOWN, reason)


_ORDER = [
    *(Ruling(Verdict.UNKNOWN, reason) for reason in UNSEEN),
    NOT_MET,
    *(Ruling(Verdict.UNKNOWN, reason) for reason in Reason if reason not in UNSEEN),
    MET,
]
RANKS: dict[tuple[Verdict, Reason | None], int] = {
    (one.verdict, one.reason): rank for rank, one in enumerate(_ORDER)
} | {(Verdict.NOT_APPLICABLE, None): -1}
BY_RANK: dict[int, Ruling] = dict(enumerate(_ORDER))


def loudest(rulings: Iterable[Ruling]) -> Ruling:
    """Return what several facts about one line say together; not measured where there is none."""
    return max(rulings, key=lambda one: one.rank, default=unknown(Reason.NOT_MEASURED))


def every(rulings: list[Ruling]) -> Ruling:
    """Return Kleene's "and"; rules that do not apply are left out, and if none applies, neither does this."""
    applying = [one for one in rulings if one.verdict is not Verdict.NOT_APPLICABLE]
    if not applying:
        return NOT_APPLICABLE
    if any(one.verdict is Verdict.NOT_MET for one in applying):
        return NOT_MET
    return _unknown_among(applying) or MET


def some(rulings: list[Ruling]) -> Ruling:
    """Return Kleene's "or"; rules that do not apply are left out, and if none applies, neither does this."""
    applying = [one for one in rulings if one.verdict is not Verdict.NOT_APPLICABLE]
    if not applying:
        return NOT_APPLICABLE
    if any(one.verdict is Verdict.MET for one in applying):
        return MET
    return _unknown_among(applying) or NOT_MET


def denied(ruling: Ruling) -> Ruling:
    """Return Kleene's "not"."""
    return {Verdict.MET: NOT_MET, Verdict.NOT_MET: MET}.get(ruling.verdict, ruling)


def between(lower: int, upper: int, needed: int, rulings: list[Ruling]) -> Ruling:
    """Return the verdict of a count or score from its bounds: given when both ends agree."""
    if rulings and all(one.verdict is Verdict.NOT_APPLICABLE for one in rulings):
        return NOT_APPLICABLE
    if lower >= needed:
        return MET
    if upper < needed:
        return NOT_MET
    return _unknown_among(rulings) or NOT_MET


def _unknown_among(rulings: list[Ruling]) -> Ruling | None:
    open_ones = [one for one in rulings if one.verdict is Verdict.UNKNOWN]
    return max(open_ones, key=lambda one: one.rank) if open_ones else None
