"""Lists that say themselves that they share people out: "The classes of the 49 women were urban in 18, ...".

Where the words are of classes or categories, or the whole is divided or made up, nobody stands in two
of them, whatever the classes are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from openhlh.claims import Partition, Printed
from openhlh.literature.classes import OVERLAP
from openhlh.literature.frames import VAGUE, Frame, Parts, claim, counts_people
from openhlh.literature.listed import Item
from openhlh.literature.subjects import PEOPLE

_CLASSED = frozenset(
    {
        "class", "classes", "classed", "classified", "classification", "category", "categories",
        "categorised", "categorized", "divided", "exclusive", "fell", "made", "breakdown",
        "distributed", "distribution", "comprised", "consisted", "composed", "split", "sorted",
        "belonged", "stratified", "subtypes", "grouped", "assigned", "allotted", "placed",
    }
)  # fmt: skip
_COMPARES = frozenset({"vs", "versus", "compared", "than", "respectively", "both", "mutation", "variants"})
_GROUPS = frozenset(
    {
        "groups", "classes", "categories", "subgroups", "strata", "cohorts", "arms", "periods", "eras",
        "phases", "subtypes", "types", "clusters", "sets", "parts", "stages",
    }
)  # fmt: skip
_EVERY = frozenset({"each", "every", "everybody", "everyone", "all", "nobody", "none"})
_ONE = frozenset({"one", "single", "only", "once", "exactly"})
_MAIN = frozenset({"main", "principal", "predominant", "best"})
_JOINED = frozenset({",", ";", "and"})
_FEWEST, _LONGEST_GAP, _LABEL = 3, 9, 3


def classified(frame: Frame) -> Iterator[Partition]:
    """Read the counts or percents of such a list, all numbers of the sentence but the whole."""
    told = [one for one in frame.items if _is_told(frame, one)]
    if len(told) < _FEWEST or not _COMPARES.isdisjoint(frame.lows):
        return
    trigger = next((at for at, low in enumerate(frame.lows) if low in _CLASSED), len(frame.lows))
    shares = tuple(one.percent for one in told if one.percent is not None and one.number is None)
    if len(shares) == len(told):
        shared = trigger < told[0].first or "made" in frame.lows or _one_each(frame, told)
        if shared and _is_list(frame, told):
            parts = Parts(shares, unit="percent", closed=True)
            yield claim(frame, told[0].first, told[-1].last - 1, parts)
        return
    if _CLASSED.isdisjoint(set(frame.lows) - {"class"}) and not _one_each(frame, told):
        return
    whole, listed = _shared_out(frame, told)
    counts = tuple(one.number for one in listed if one.number is not None and one.total is None)
    if whole is None or len(counts) < max(len(listed), _FEWEST) or not _is_list(frame, listed):
        return
    sure = max(count.value for count in counts) <= whole.value
    sure = sure and not (VAGUE - {"single", "none", "all", "each"}) & set(frame.lows)
    parts = Parts(counts, whole, closed=True, sure=sure)
    yield claim(frame, told[0].first, told[-1].last - 1, parts)


def _shared_out(frame: Frame, told: Sequence[Item]) -> tuple[Printed | None, Sequence[Item]]:
    """Return the whole and the list: "50 patients: 20, 15 and 15", "20, 15 and 15 of the 50"."""
    last = told[-1]
    if last.total is not None and all(one.total is None for one in told[:-1]):
        return last.total, (*told[:-1], last._replace(total=None))
    whole, listed = (last, told[:-1]) if "made" in frame.lows[told[-2].last :] else (told[0], told[1:])
    return whole.number if _is_whole(frame, whole) else None, listed


def _one_each(frame: Frame, told: Sequence[Item]) -> bool:
    """True where the words put everybody into one class: "each ... exactly one", "the main cause was"."""
    lead = frame.lows[: told[0].first]
    singular = not _MAIN.isdisjoint(lead) and "was" in lead and OVERLAP.isdisjoint(lead)
    return singular or (not _EVERY.isdisjoint(lead) and not _ONE.isdisjoint(frame.lows[: told[1].first]))


def _is_told(frame: Frame, item: Item) -> bool:
    """False for the "three" of "three groups" and the "one" of "one class was given to each"."""
    word = item.number is not None and item.number.text.lower() == "one"
    spread = tuple(token.kind for token in frame.tokens[item.last : item.last + 3])
    ranged = spread == ("mark", "number", "mark") and frame.lows[item.last + 2] in {"-", "–", "to"}
    return not word and not ranged and _GROUPS.isdisjoint(frame.lows[item.last : item.last + _LABEL])


def _is_whole(frame: Frame, item: Item) -> bool:
    if item.tagged and PEOPLE.isdisjoint(frame.lows[max(0, item.first - _LABEL - 1) : item.first]):
        return False
    return counts_people(frame, item) and item.percent is None and item.total is None


def _is_list(frame: Frame, listed: Sequence[Item]) -> bool:
    """True where numbers follow each other with a short label between, joined by a comma or "and"."""
    gaps = [frame.lows[one.last : two.first] for one, two in pairwise(listed)]
    return all(len(gap) <= _LONGEST_GAP and not _JOINED.isdisjoint(gap) for gap in gaps)


READERS: tuple[tuple[frozenset[str], Callable[[Frame], Iterator[Partition]]], ...] = (
    (_CLASSED | _EVERY | _MAIN, classified),
)
