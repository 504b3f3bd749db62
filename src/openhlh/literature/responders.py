"""Responders and the levels they are made of: "ORR 83 % (15/18), including 2 CR and 13 PR"."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openhlh.claims import Partition
from openhlh.literature.classes import member
from openhlh.literature.families import family_run
from openhlh.literature.frames import Frame, Parts, claim
from openhlh.literature.listed import Item

_RESPONSE = frozenset(
    {
        "response", "responses", "responded", "responders", "responder", "orr", "remission",
        "remissions", "rr", "improved", "cr", "pr",
    }
)  # fmt: skip
_MADE_OF = frozenset(
    {
        "including", "comprising", "consisting", "with", ":", "(", "included", "composed", "i.e",
    }
)  # fmt: skip
_OTHER = frozenset({"vs", "versus", "compared", "respectively", "group", "arm", "per"})


def levels(frame: Frame) -> Iterator[Partition]:
    """Read a number of responders (or a response rate) with the response levels that make it up."""
    if _OTHER & set(frame.lows):
        return
    run, classes = family_run(frame, "response")
    if not run or run[0] == 0 or not {"complete", "partial"} <= set(classes):
        return
    if {"none", "stable", "progressive"} & set(classes):
        return
    whole, chosen = frame.items[run[0] - 1], [frame.items[place] for place in run]
    gap = frame.lows[whole.last : chosen[0].first]
    if not _is_overall(frame, whole) or not _MADE_OF & set(gap):
        return
    counts = tuple(one.number for one in chosen if one.number is not None)
    percents = tuple(one.percent for one in chosen if one.percent is not None)
    last = chosen[-1].last - 1
    if whole.number is not None and len(counts) == len(chosen):
        yield claim(frame, whole.first, last, Parts(counts, whole.number, closed=True))
    if whole.percent is not None and len(percents) == len(chosen):
        parts = Parts(percents, whole.percent, unit="percent", closed=True)
        yield claim(frame, whole.first, last, parts)


def _is_overall(frame: Frame, item: Item) -> bool:
    """True for a number of responders: its words name a response, but no level of it."""
    ahead = frame.lows[max(0, item.first - 7) : item.first]
    behind = frame.lows[item.last : item.last + 5]
    behind = behind[: next((at for at, low in enumerate(behind) if low in _MADE_OF), len(behind))]
    if member(ahead, "response") or not _RESPONSE & set(ahead + behind):
        return False
    return not member(behind[:2], "response")


READERS: tuple[tuple[frozenset[str], Callable[[Frame], Iterator[Partition]]], ...] = ((_RESPONSE, levels),)
