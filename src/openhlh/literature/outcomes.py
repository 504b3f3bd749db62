"""Outcomes that a document tells more than once, each with count and total: "rash in 12 of 34 patients".

A sentence (or a part of one that tells several) is read where it holds one share and no other number,
and no word of time or group: what is counted at another time is another quantity. Two of them tell the
same outcome where they share all their words but those of telling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from openhlh.claims import Partition, Printed, Told
from openhlh.literature.document import Document
from openhlh.literature.frames import Frame
from openhlh.literature.listed import Item, noun
from openhlh.literature.outcome_cells import Share, shares_in_tables
from openhlh.literature.outcome_words import NARROWER, QUALIFIERS, SHARE, abbreviations, outcome
from openhlh.literature.subjects import PEOPLE

_GROUPS = frozenset(
    "group groups arm arms placebo control controls assigned randomised randomized randomly vs versus".split()
)
_ANYBODY = frozenset(
    "patient patients participant participants subject subjects case cases person persons people "
    "individual individuals".split()
)
_HAD = frozenset("had have were was reported developed experienced showed suffered achieved".split())
_OF = frozenset({"among", "of", "in"})
_JOINTS = frozenset({",", ";", "and", "while"})
_INTERVAL = frozenset({"ci", "cis", "confidence", "p", "credible"})
_APART, _MOST_WORDS, _MOST_ITEMS = 60, 70, 8


class Mention(NamedTuple):
    """A share with the words of its outcome; `total` is None where only count and percent are printed."""

    outcome: frozenset[str]
    told: Told
    total: int | None
    people: str = ""
    percent: Printed | None = None


def outcomes_told(document: Document, read: Sequence[Frame]) -> Iterator[Told | Partition]:
    """Yield counts of outcomes that are told at least twice of one total (`what` is "of 34"), or in part."""
    by_outcome: dict[frozenset[str], list[Mention]] = defaultdict(list)
    short: Mapping[str, tuple[str, ...]] | None = None
    for frame in read:
        short_enough = 0 < len(frame.items) <= _MOST_ITEMS and len(frame.tokens) <= _MOST_WORDS
        if short_enough and not _in_some_table(document, frame):
            if short is None:
                short = abbreviations(document.text)
            for mention in _mentions(frame, short):
                by_outcome[mention.outcome].append(mention)
    if not by_outcome:
        return
    arms = _sizes_of_groups(read)
    for words, mentions in by_outcome.items():
        totals = {mention.total for mention in mentions if mention.total is not None} - arms
        for total in sorted(totals):
            alike = [one for one in mentions if _is_of(one, total)]
            yield from _again(document, words, alike, total)
            for word in words & NARROWER:
                yield from _narrower(
                    alike, [m for m in by_outcome.get(words - {word}, ()) if m.total == total]
                )


def _in_some_table(document: Document, frame: Frame) -> bool:
    return any(table.start <= frame.tokens[0].start < table.end for table in document.tables)


def _again(
    document: Document, words: frozenset[str], mentions: Sequence[Mention], total: int
) -> Iterator[Told]:
    """Yield the tellings of one outcome of one total, where they stand apart and tell of the same people."""
    named = {one.people for one in mentions} - _ANYBODY - {""}
    if len(named) > 1:
        return
    shares = shares_in_tables(document.tables, words, total)
    told = [one.told for one in mentions]
    if shares or told[-1].start - told[0].end >= _APART:
        yield from (_of(one, " ".join(sorted(words)), total) for one in told)
        yield from (_in_table(share, " ".join(sorted(words)), total) for share in shares)


def _narrower(narrow: Sequence[Mention], wide: Sequence[Mention]) -> Iterator[Partition]:
    """Yield "complete response in 20 of 34" as a part of "response in 15 of 34", where each has one count."""
    small = {one.told.number.value: one for one in narrow if one.told.number and one.told.unit == "count"}
    large = {one.told.number.value: one for one in wide if one.told.number and one.told.unit == "count"}
    people = {one.people for one in (*narrow, *wide)} - _ANYBODY - {""}
    if len(small) != 1 or len(large) != 1 or len(people) > 1:
        return
    part, whole = next(iter(small.values())).told, next(iter(large.values())).told
    if part.number is not None:
        yield Partition(
            part.start, part.end, part.text, part.where, part.about, (part.number,), whole.number,
            relation="subgroup", exclusive=True,
        )  # fmt: skip


def _of(told: Told, about: str, total: int) -> Told:
    return Told(told.start, told.end, told.text, told.where, about, told.number, f"of {total}", told.unit)


def _in_table(share: Share, about: str, total: int) -> Told:
    number = share.number
    return Told(number.start, share.end, share.text, "table", about, number, f"of {total}")


def _is_of(mention: Mention, total: int) -> bool:
    """True for a share of the total, and for a count whose percent is that of the total."""
    count, percent = mention.told.number, mention.percent
    if mention.total is not None or count is None or percent is None:
        return mention.total == total
    return count.value <= total and abs(100 * count.value / total - percent.value) <= percent.step / 2


def _sizes_of_groups(read: Sequence[Frame]) -> set[int]:
    """Return the sizes that two groups share: "50 to A and 50 to B"; each has outcomes of its own."""
    alike: set[int] = set()
    named: set[int] = set()
    for frame in read:
        if not _GROUPS.isdisjoint(frame.lows):
            counts = [int(one.value) for item in frame.items if (one := item.total or _people(frame, item))]
            named |= set(counts)
            alike |= {size for size in counts if counts.count(size) > 1}
    return alike | {size // groups for size in named for groups in (2, 3) if size % groups == 0}


def _people(frame: Frame, item: Item) -> Printed | None:
    counted = item.tagged or noun(frame.tokens, item) in PEOPLE
    return item.number if counted and item.percent is None else None


def _mentions(frame: Frame, short: Mapping[str, tuple[str, ...]]) -> Iterator[Mention]:
    """Yield the one share of a sentence, or one share for each of its parts."""
    if not any(item.total or item.number for item in frame.items):
        return
    for first, last, held in _stretches(frame):
        share = _share(frame, held)
        if share is None or _borrows(frame, first, last, held):
            continue
        count, total, percent, people = share
        words = outcome(_words(frame, (first, last), [one for one in share[:3] if one is not None]), short)
        if not words or not (QUALIFIERS - {"before", "after", "during"}).isdisjoint(frame.lows[:first]):
            continue
        printed = [one for one in (count, total, percent) if one is not None]
        start, end = min(one.start for one in printed), max(one.end for one in printed)
        number, unit = (count, "count") if count is not None else (percent, "percent")
        told = Told(
            start, end, frame.document.text[start:end], frame.document.where(start), "", number, "",
            unit,  # type: ignore[arg-type]
        )  # fmt: skip
        yield Mention(words, told, int(total.value) if total is not None else None, people, percent)


def _stretches(frame: Frame) -> Iterator[tuple[int, int, Sequence[Item]]]:
    """Yield first and last token and the items of each part of a sentence that holds a total of its own."""
    held = [item for item in frame.items if item.total is not None]
    if len(held) < len(("one", "two")):
        yield 0, len(frame.lows), frame.items
        return
    first = 0
    for one, two in zip(held, [*held[1:], None], strict=True):
        last = _joint(frame, one, two) if two is not None else len(frame.lows)
        yield first, last, [item for item in frame.items if first <= item.first < last]
        first = last


def _borrows(frame: Frame, first: int, last: int, held: Sequence[Item]) -> bool:
    """True for "... and 2 of 7 controls", which takes its outcome from the part before it."""
    return (
        first > 0 and held[0].first - first <= len(("and", "in")) and _HAD.isdisjoint(frame.lows[first:last])
    )


def _joint(frame: Frame, one: Item, two: Item) -> int:
    """Return the place of the last comma or "and" between two shares."""
    places = (at for at in range(two.first - 1, one.last - 1, -1) if frame.lows[at] in _JOINTS)
    return next(places, two.first)


def _share(
    frame: Frame, held: Sequence[Item]
) -> tuple[Printed | None, Printed | None, Printed | None, str] | None:
    """Return the one share of a stretch: count, total, percent and the word for its people."""
    shares = [item for item in held if item.percent is not None]
    counts = [item for item in held if item.number is not None and frame.lows[item.first] != "one"]
    whole = [item for item in counts if item.total is not None]
    percent = shares[0].percent if shares else None
    if len(shares) > 1 or len(whole) > 1 or not counts:
        return None
    if whole:
        return whole[0].number, whole[0].total, percent, noun(frame.tokens, whole[0])
    one, people = counts[-1], noun(frame.tokens, counts[-1])
    if len(counts) == 1 and percent is not None and one is not shares[0]:  # 54 % of the 12 patients
        lead = frame.lows[shares[0].last : one.first]
        of_all = lead[:1] == ("of",) and set(lead[1:]) <= {"the", "our", "all", "these"}
        return (None, one.number, percent, people) if of_all and people in PEOPLE else None
    if len(counts) == 1:
        return (one.number, None, percent, people) if percent is not None else None
    if len(counts) > len(("count", "total")):
        return None
    first = counts[0]
    counted = {people, noun(frame.tokens, first)} - {""}
    if not counted or not counted <= PEOPLE:
        return None
    opens = not _OF.isdisjoint(frame.lows[max(0, first.first - 3) : first.first])
    if first.number is not None and one.number is not None and first.number.value > one.number.value:
        return (one.number, first.number, percent, noun(frame.tokens, first)) if opens else None
    told_of = not _OF.isdisjoint(frame.lows[first.last : one.first][-3:])
    return (first.number, one.number, percent, people) if told_of else None


def _words(frame: Frame, stretch: tuple[int, int], told: Sequence[Printed]) -> list[str]:
    """Return the words of a stretch, its share as SHARE, and its numbers but those of intervals."""
    shares = {number.start for number in told}
    kept: list[str] = []
    opened: list[int] = []
    for token in frame.tokens[slice(*stretch)]:
        if token.text in {"(", "["}:
            opened.append(len(kept))
        elif token.text in {")", "]"} and opened:
            start = opened.pop()
            if not _INTERVAL.isdisjoint(kept[start:]):
                del kept[start:]
        elif token.start in shares:
            kept.append(SHARE)
        elif token.kind not in {"percent", "cite"}:
            kept.append(token.low)
    return kept
