"""What a check found in invented papers, held against what was planted in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .paper import Paper, Told
from .skeleton import Bones, bones_of

Span = tuple[int, int]
AROUND = 90


@dataclass(frozen=True)
class Miss:
    """A case to read: what went wrong ("false alarm", "missed", ...), in which paper, with which words."""

    what: str
    kind: str
    paper: str
    words: str


@dataclass
class Score:
    """Counts over papers: alarms right and false, planted errors by kind, printed shares, cases to read.

    `found`, `doubted` and `planted` count errors by kind; `shares`
    counts printed percentages of counts, those with their total beside them and those without, as
    "told", "found" (count, total and percent right), "percent only" or "not read".
    """

    papers: int = 0
    clean: int = 0
    clean_accused: int = 0
    right_alarms: int = 0
    false_alarms: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    doubted: Counter[str] = field(default_factory=Counter)
    unplaced: int = 0
    shares: Counter[str] = field(default_factory=Counter)
    cases: list[Miss] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Add the counts and cases of other papers."""
        for name in ("papers", "clean", "clean_accused", "right_alarms", "unplaced"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("false_alarms", "planted", "found", "doubted", "shares"):
            getattr(self, name).update(getattr(other, name))
        self.cases += other.cases

    @property
    def precision(self) -> Fraction:
        """Return the share of alarms that point at a planted error (1 without alarms)."""
        alarms = self.right_alarms + self.false_alarms.total()
        return Fraction(self.right_alarms, alarms) if alarms else Fraction(1)

    @property
    def recall(self) -> Fraction:
        """Return the share of planted errors at which an alarm points (1 where none is planted)."""
        planted = self.planted.total()
        return Fraction(self.found.total(), planted) if planted else Fraction(1)


def scored(paper: Paper, checked: Any) -> Score:
    """Return the score of one paper; `checked` has `document.text`, `claims` and `findings`."""
    text = checked.document.text
    bones = bones_of(text)
    score = Score(papers=1, clean=int(not paper.planted))
    alarms = [one for one in checked.findings if one.verdict == "does_not_hold"]
    doubts = [one for one in checked.findings if one.verdict == "tension"]
    errors: list[Span] = []
    for planted in paper.planted:
        spans = [span for place in planted.places if (span := bones.place(place))]
        errors += spans
        score.unplaced += not spans
        score.planted[planted.kind] += 1
        if any(_points_at(one, spans) for one in alarms):
            score.found[planted.kind] += 1
            continue
        doubted = any(_points_at(one, spans) for one in doubts)
        score.doubted[planted.kind] += doubted
        words = " // ".join(_around(text, span) for span in spans) or planted.places[0][0]
        what = "only doubted" if doubted else "missed"
        score.cases.append(Miss(what, planted.kind, paper.name, f"{words} (right: {planted.right})"))
    for one in alarms:
        if _points_at(one, errors):
            score.right_alarms += 1
            continue
        score.false_alarms[one.rule] += 1
        words = (
            f"{_around(text, (one.claim.start, one.claim.end))} ({one.why}: {one.stated} / {one.computed})"
        )
        score.cases.append(Miss("false alarm", one.rule, paper.name, words))
    score.clean_accused = int(not paper.planted and bool(alarms))
    _score_shares(score, paper, bones, checked.claims)
    return score


def _points_at(finding: Any, spans: list[Span]) -> bool:
    places = [(finding.claim.start, finding.claim.end), *finding.also]
    return any(start < last and first < end for start, end in places for first, last in spans)


def _around(text: str, span: Span) -> str:
    start, end = span
    before, inside, after = text[max(0, start - AROUND) : start], text[start:end], text[end : end + AROUND]
    return f"{before}\u00ab{inside}\u00bb{after}".replace("\n", " ").replace("\t", " ")


def _score_shares(score: Score, paper: Paper, bones: Bones, claims: Iterable[Any]) -> None:
    """Count which of the printed shares are read with the right count, total and percent."""
    shares = [one for one in claims if one.kind in {"percent", "survival"} and one.percent is not None]
    for told in paper.told:
        span = bones.place(told.place)
        if span is None:
            continue
        near = [one for one in shares if one.start < span[1] and span[0] < one.end]
        near = [one for one in near if one.percent.value == told.percent]
        beside = "with total" if told.beside else "without total"
        score.shares[f"{beside}: told"] += 1
        if any(_same(one, told) for one in near):
            score.shares[f"{beside}: found"] += 1
            continue
        what = "percent only" if near else "not read"
        score.shares[f"{beside}: {what}"] += 1
        score.cases.append(Miss(f"{what}, {beside}", f"{told.count}/{told.total}", paper.name, told.place[0]))


def _same(claim: Any, told: Told) -> bool:
    numbers = (claim.count, claim.total)
    return all(one is not None for one in numbers) and [one.value for one in numbers] == [
        told.count,
        told.total,
    ]
