"""Numbers and their classes told in two rows of one order: "12, 14 and 8 had A, B and C, respectively"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from openhlh.claims import Partition
from openhlh.literature.classes import FAMILIES, LEFT_OVER, MEMBERS, member
from openhlh.literature.families import JOINED, exclude_each_other, of_run
from openhlh.literature.frames import Frame, Parts, claim
from openhlh.literature.listed import Item

_GRADED = frozenset({"group", "stage", "grade", "class", "category", "subtype"})
_COMPARES = frozenset({"vs", "versus", "compared", "than", "each", "per", "groups", "arms"})
_ARE = frozenset({"were", "was", "are", "had", "have", "showed", "achieved"})
_FOUND = frozenset({"seen", "found", "present", "reported", "recorded", "noted", "observed", "diagnosed"})
_COMMON = frozenset({"in", "among", "for", "with", "by", "rate", "rates", "from", "after", "at"})
_FEWEST, _LONGEST_LABEL = 3, 5
Labels = list[tuple[str, ...]]


def in_order(frame: Frame) -> Iterator[Partition]:
    """Read such a sentence where its one row of numbers is as long as its row of classes."""
    rows = _number_rows(frame)
    if len(rows) != 1 or not _COMPARES.isdisjoint(frame.lows):
        return
    row = [frame.items[place] for place in rows[0]]
    for labels in (_labels(stretch, len(row)) for stretch in _stretches(frame, row)):
        named = {family for label in labels for low in label for family, _ in MEMBERS.get(low, ())}
        for family in sorted(named & set(FAMILIES)):
            classes = tuple(member(label, family) for label in labels)
            if all(classes) and len(set(classes)) == len(classes) and exclude_each_other(family, classes):
                yield from of_run(frame, rows[0], (family, classes))
                return
        percents = tuple(item.percent for item in row if item.percent is not None)
        if len(percents) == len(row) and _differ(labels):
            parts = Parts(percents, unit="percent", closed=True)
            yield claim(frame, row[0].first, row[-1].last - 1, parts)
            return


def _stretches(frame: Frame, row: Sequence[Item]) -> Iterator[Sequence[str]]:
    """Yield where the classes may stand: behind "... of the patients were", or before "were seen in".

    "Relapse was seen in 30%, 40% and 50% of mild, moderate and severe cases" tells rates, not shares.
    """
    behind = frame.lows[row[-1].last : frame.lows.index("respectively")]
    verb = next((at for at, low in enumerate(behind) if low in _ARE), None)
    ahead = frame.lows[: row[0].first]
    if verb is not None and (_ARE | _FOUND).isdisjoint(ahead) and _COMMON.isdisjoint(behind[verb:]):
        yield behind[verb + 1 :]
    if ahead[-1:] == ("in",) and ahead[-2:-1] and ahead[-2] in _FOUND:
        ahead = ahead[:-2]
    if _COMMON.isdisjoint(ahead):
        yield ahead


def _labels(words: Sequence[str], count: int) -> Labels:
    """Return the last labels of a stretch that commas and "and" part, as many as there are numbers."""
    labels: list[list[str]] = [[]]
    for word in words:
        if word in JOINED:
            labels.append([])
        elif word.isalpha() or "-" in word:
            labels[-1].append(word)
    told = [tuple(label[-_LONGEST_LABEL:]) for label in labels if label]
    return told[-count:] if len(told) >= count else []


def _differ(labels: Labels) -> bool:
    """True for "blood group O, blood group A, ...", and for causes of which the last is "unexplained"."""
    if len(labels) < _FEWEST or len(set(labels)) < len(labels):
        return False
    heads = {label[-2] if len(label) > 1 else "" for label in labels}
    if len(heads) == 1 and heads <= _GRADED:
        return True
    return labels[-1][-1] in LEFT_OVER and all(len(label) == 1 for label in labels[1:])


def _number_rows(frame: Frame) -> list[tuple[int, ...]]:
    """Return the rows of items that only commas and "and" part: "12, 14, and 8"."""
    rows: list[list[int]] = []
    for place, item in enumerate(frame.items):
        before = frame.items[place - 1] if place else None
        if before is not None and _only_joined(frame, before, item):
            rows[-1].append(place)
        else:
            rows.append([place])
    return [tuple(row) for row in rows if len(row) >= 2]


def _only_joined(frame: Frame, before: Item, item: Item) -> bool:
    gap = frame.lows[before.last : item.first]
    return bool(gap) and (before.percent is None) == (item.percent is None) and set(gap) <= JOINED


READERS: tuple[tuple[frozenset[str], Callable[[Frame], Iterator[Partition]]], ...] = (
    (frozenset({"respectively"}), in_order),
)
