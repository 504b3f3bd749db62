"""Lists that say of themselves that they share people out: "The classes of the 49 women were urban in 18, ...".

Where the words are of classes or categories, or the whole is divided or made up, nobody stands in two
of them, whatever the classes are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openhlh.claims import Partition
from openhlh.literature.frames import VAGUE, Frame, Parts, claim
from openhlh.literature.listed import Item, noun
from openhlh.literature.subjects import PEOPLE

_CLASSED = frozenset(
    {
        "class", "classes", "classed", "classified", "classification", "category", "categories",
        "categorised", "categorized", "divided", "exclusive", "fell", "made", "breakdown",
    }
)  # fmt: skip
_COMPARES = frozenset({"vs", "versus", "compared", "than", "respectively", "both", "or", "mutation", "variants"})
_FEWEST = 3


def classified(frame: Frame) -> Iterator[Partition]:
    """Read the counts or percents of such a list, all numbers of the sentence but the whole."""
    if len(frame.items) < _FEWEST or _COMPARES & set(frame.lows):
        return
    shares = [one for one in frame.items if one.percent is not None and one.number is None]
    if len(shares) == len(frame.items) and len(shares) >= _FEWEST:
        percents = tuple(one.percent for one in shares if one.percent is not None)
        parts = Parts(percents, unit="percent", closed=True)
        yield claim(frame, shares[0].first, shares[-1].last - 1, parts)
        return
    for whole, listed in ((frame.items[0], frame.items[1:]), (frame.items[-1], frame.items[:-1])):
        if len(listed) >= _FEWEST and _is_whole(frame, whole) and all(_is_plain(one) for one in listed):
            counts = tuple(one.number for one in listed if one.number is not None)
            sure = not (VAGUE - {"single", "none", "all"}) & set(frame.lows)
            parts = Parts(counts, whole.number, closed=True, sure=sure)
            yield claim(frame, frame.items[0].first, frame.items[-1].last - 1, parts)
            return


def _is_whole(frame: Frame, item: Item) -> bool:
    counted = noun(frame.tokens, item) in PEOPLE or item.tagged
    return counted and item.number is not None and item.percent is None and item.total is None


def _is_plain(item: Item) -> bool:
    return item.number is not None and item.total is None


READERS: tuple[tuple[frozenset[str], Callable[[Frame], Iterator[Partition]]], ...] = ((_CLASSED, classified),)
