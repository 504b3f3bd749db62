"""What may be pooled, what not and why: decided from the shelves, before any statistics.

A reader may set a rule aside by its name, for all studies (`second_hand`) or for one
(`second_hand:wang_2015`); what that admits is named on the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from openhlh.content.words import SALVAGE
from openhlh.errors import WrongInput
from openhlh.evidence.candidates import Candidate, candidates
from openhlh.evidence.overlap import kept, shared, why_kept
from openhlh.evidence.pooling_doubts import doubts_of
from openhlh.evidence.pooling_rules import OVERLAP, OVERLAP_WORDS, RULE_NAMES, RULES
from openhlh.evidence.selection import Asked, LeftOut, Offer, Override, Row, Selection

if TYPE_CHECKING:
    from openhlh.content.described import Shelves

__all__ = ["RULE_NAMES", "poolable"]

_DECISIVE = {"no_count", "not_hlh", "other_line"}  # told before an overlap: another question


@dataclass(frozen=True)
class _Judged:
    """An arm with every rule against it and the reason, whether or not the rule is set aside."""

    arm: Candidate
    against: Mapping[str, str]

    def faults(self, allow: Collection[str]) -> dict[str, str]:
        """Return the rules against the arm that are not set aside."""
        return {
            rule: why
            for rule, why in self.against.items()
            if rule == "no_count" or not _is_allowed(rule, self.arm, allow)
        }


def poolable(asked: Asked, shelves: Shelves, allow: Collection[str] = ()) -> Selection:
    """Return what may be pooled for a question, what not and why, before any statistics.

    `allow` (with `asked.allow`) holds the rules that are set aside, as `rule` or `rule:study`. WrongInput
    names the rules and ids that exist where one is not known.
    """
    found = candidates(asked, shelves)
    said = asked.lines
    asked = replace(_with_line(asked, found), allow=asked.allow | frozenset(allow))
    _check_allowed(asked.allow, shelves)
    judged = [_judged(one, asked) for one in found]
    chosen = _choose(judged, asked.allow)
    rows = sorted((_row(one) for one in chosen), key=lambda row: (row.year or 9999, row.label))
    overrides = tuple(_overrides(judged, chosen, asked.allow))
    return Selection(
        asked=asked,
        rows=tuple(rows),
        left_out=tuple(_left_out(one, chosen, asked.allow) for one in judged if one.arm not in chosen),
        overrides=overrides,
        offers=tuple(_offers(judged, chosen, asked.allow)),
        notes=(*_line_taken(said, asked), *_notes(found, chosen, asked), *_idle(overrides)),
    )


def _judged(one: Candidate, asked: Asked) -> _Judged:
    return _Judged(one, {rule.name: why for rule in RULES if (why := rule.why(one, asked))})


def _with_line(asked: Asked, found: Sequence[Candidate]) -> Asked:
    """Return the question with its lines: salvage where nothing is said and any arm is, else first line."""
    if asked.lines:
        return _with_one_line(asked)
    salvage = any(one.arm.line in SALVAGE and one.counted.events is not None for one in found)
    return replace(asked, lines=SALVAGE if salvage else ("first",))


def _with_one_line(asked: Asked) -> Asked:
    """Return salvage alone where first line is asked with it: `other_line`, set aside, lets it in."""
    both = "first" in asked.lines and set(asked.lines) & set(SALVAGE)
    return replace(asked, lines=tuple(one for one in asked.lines if one != "first")) if both else asked


def _check_allowed(allow: Collection[str], shelves: Shelves) -> None:
    for name in sorted(allow):
        rule, _, study = name.partition(":")
        if rule not in RULE_NAMES:
            raise WrongInput(
                f"`{rule}` is no rule that can be set aside",
                where="--allow",
                why="every rule that is set aside is named on the result",
                remedy=f"use one of {', '.join(RULE_NAMES)}, or one with a study: second_hand:wang_2015",
            )
        if (study or ":" in name) and study not in shelves.studies:
            raise WrongInput(
                f"there is no study `{study}`", where="--allow", remedy="write rule:study with a study's id"
            )


def _is_allowed(rule: str, one: Candidate, allow: Collection[str]) -> bool:
    return rule in allow or f"{rule}:{one.study.id}" in allow


def _choose(judged: Sequence[_Judged], allow: Collection[str]) -> list[Candidate]:
    sound = [one.arm for one in judged if not one.faults(allow)]
    free = {one.study.id for one in sound if _is_allowed(OVERLAP, one, allow)}
    # an arm that only a rule set aside lets in does not push out one that needs none
    return kept(sound, free, {one.arm.id for one in judged if not one.against})


def _row(one: Candidate) -> Row:
    arm, response, seen = one.arm, one.arm.response, one.arm.seen or one.study.seen
    assert response is not None  # noqa: S101 - no_count speaks first
    assert one.counted.events is not None  # noqa: S101 - no_count speaks first
    notes = ["best response at any time"] if response.best else []
    if one.is_second_hand:
        notes.append(f"the counts were seen second-hand ({response.at})")
    return Row(
        study=one.study.id,
        arm=arm.id,
        label=one.label,
        words=arm.label,
        treatment=arm.treatment,
        events=one.counted.events,
        total=one.total,
        enrolled=arm.enrolled,
        definition=response.definition,
        line=arm.line,
        age=arm.age.group,
        etiologies=arm.etiology.groups,
        regimen=arm.regimen,
        drugs=one.drugs,
        design=one.study.design,
        year=one.year,
        seen=seen.what,
        through=seen.through,
        source=one.study.source,
        at=response.at,
        derived=one.is_derived,
        doubts=doubts_of(one),
        notes=(*notes, *(["a count was calculated and is not printed"] if one.is_derived else [])),
    )


def _left_out(one: _Judged, chosen: Sequence[Candidate], allow: Collection[str]) -> LeftOut:
    faults = one.faults(allow)
    partner = next((other for other in chosen if shared(one.arm, other)), None)
    if partner and not _is_allowed(OVERLAP, one.arm, allow):
        why = f": {why_kept(partner, one.arm)}" if not faults else ""
        reason = f"{shared(one.arm, partner)}; {partner.label} is kept{why}"
        first = {rule: why for rule, why in faults.items() if rule in _DECISIVE}
        faults = {**first, OVERLAP: reason, **faults}
    (rule, reason), *_ = faults.items()
    return LeftOut(
        study=one.arm.study.id,
        arm=one.arm.arm.id,
        label=one.arm.label,
        rule=rule,
        reason=reason,
        also=tuple(faults)[1:],
        events=one.arm.counted.events,
        total=one.arm.total or None,
    )


def _overrides(
    judged: Sequence[_Judged], chosen: Sequence[Candidate], allow: frozenset[str]
) -> Iterator[Override]:
    words = {**{rule.name: rule.words for rule in RULES}, OVERLAP: OVERLAP_WORDS}
    for name in sorted(allow):
        without = _choose(judged, allow - {name})
        added = tuple(one.id for one in chosen if one not in without)
        yield Override(name, words[name.partition(":")[0]], added)


def _offers(judged: Sequence[_Judged], chosen: Sequence[Candidate], allow: frozenset[str]) -> Iterator[Offer]:
    """Yield the rules that would add arms if set aside; pairs of rules only where nothing else adds any."""
    names = [rule.name for rule in RULES if rule.may_be_set_aside and rule.is_offered]
    blocking = [name for name in names if any(name in one.faults(allow) for one in judged)]
    tried = [_offer((name,), judged, chosen, allow) for name in blocking]
    if not chosen and not any(tried):
        tried = [_offer(pair, judged, chosen, allow) for pair in combinations(blocking, 2)]
    yield from (offer for offer in tried if offer)


def _offer(
    names: tuple[str, ...], judged: Sequence[_Judged], chosen: Sequence[Candidate], allow: frozenset[str]
) -> Offer | None:
    added = [one for one in _choose(judged, allow | set(names)) if one not in chosen]
    if not added:
        return None
    patients = sum(one.total if one.arm.unit == "patients" else one.arm.enrolled or 0 for one in added)
    return Offer(names, tuple(one.id for one in added), patients)


def _idle(overrides: Sequence[Override]) -> Iterator[str]:
    if any(one.arms and one.name.partition(":")[0] == OVERLAP for one in overrides):
        yield COUNTED_TWICE
    for one in overrides:
        if not one.arms:
            yield f"Setting aside `{one.name}` changes nothing here"


def _line_taken(said: Sequence[str], asked: Asked) -> Iterator[str]:
    taken = "first line" if asked.lines == ("first",) else "relapsed or refractory disease"
    if not said:
        yield f"No line of treatment was asked: {taken} was taken (--where line=first, --where line=salvage)"
    elif set(said) != set(asked.lines) and "other_line" not in asked.allow:
        yield "First line and salvage are not pooled together: first line is left out (--allow other_line)"


def _notes(found: Sequence[Candidate], chosen: Sequence[Candidate], asked: Asked) -> Iterator[str]:
    if not found:
        yield "No arm with response counts fits what is asked"
    elif not chosen:
        arms = "One arm is known, and it may not be pooled"
        arms = arms if len(found) == 1 else f"Of {len(found)} arms none may be pooled"
        yield f"{arms}; their own counts and exact intervals are the answer"
    elif len(chosen) == 1:
        yield "One arm is left: its own exact interval is the answer"
    for study, count in Counter(one.study.id for one in chosen).items():
        if count > 1:
            yield f"{study} gives {count} arms; arms of one study are not independent of each other"
    small = [one for one in chosen if one.study.design == "case_report" or one.total <= _FEW]
    if small:
        yield (
            f"{len(small)} of {len(chosen)} arms are reports of up to {_FEW} patients; cases are published"
            " more often when treatment worked"
        )
    if any(where.field == "year" for where in asked.where):
        yield "Studies whose year was not seen are left aside where a year is asked"


_FEW = 3
COUNTED_TWICE = "Patients may be counted more than once: the refusal of overlapping reports was set aside"
