"""Groups that a whole is shared out to: arms of a trial, lists behind a colon, causes of death, sex ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from openhlh.claims import Claim, Partition, Printed
from openhlh.literature.classes import OVERLAP
from openhlh.literature.document import Document
from openhlh.literature.listed import Item, noun
from openhlh.literature.partitions import Frame, Parts, claim, frames
from openhlh.literature.subjects import PEOPLE
from openhlh.literature.tokens import Sentence

_REST = frozenset({"remaining", "other", "rest", "remainder"})
_VAGUE = frozenset(
    """half third thirds quarter quarters most majority another both single pair none neither all every except
    many few couple twice double vs versus each respectively hundred thousand excluded withdrew lost
    """.split()
)
_SPLIT = frozenset(
    "randomized randomised randomly allocated assigned divided split stratified categorized".split()
)
_CAUSE = frozenset(
    "due from of related caused attributed because resulted secondary attributable to with".split()
)
_DEATH = frozenset("died deaths death".split())
_OPENERS = frozenset({":", "(", "[", "—", "–"})
_LISTS = frozenset("including comprising comprised consisting consisted included".split())
_ENROLLED = frozenset(
    """enrolled included recruited studied analysed analyzed evaluated randomized randomised treated registered
    identified reviewed entered participated examined assessed screened investigated
    """.split()
)


def _arms(frame: Frame) -> Iterator[Partition]:
    """Read "100 patients were randomised to A (n = 50) or B (n = 48)" and "(50 to A, 48 to B)"."""
    trigger = next(at for at, low in enumerate(frame.lows) if low in _SPLIT)
    tagged = [one for one in frame.items if one.first > trigger and one.tagged]
    sent = [
        one
        for one in frame.items
        if _is_sent(frame, one) and (one.first > trigger or one is not frame.items[0])
    ]
    arms = tagged if len(tagged) >= 2 else sent
    if len(arms) < 2:
        return
    largest = max(one.number.value for one in arms if one.number is not None)
    groups = [
        one
        for one in frame.items
        if one.first < arms[0].first and one.number and not one.tagged and one.number.value > largest
    ]
    if not groups or groups[-1].number is None:
        return
    whole, counts = groups[-1].number, tuple(one.number for one in arms if one.number is not None)
    between = [
        one for one in frame.items if groups[-1].first < one.first < arms[-1].first and one not in arms
    ]
    sure = not between and len(groups) == 1 and not {"then", "further"} & set(frame.lows)
    sure = sure and noun(frame.tokens, groups[-1]) in PEOPLE
    yield claim(frame, groups[-1].first, arms[-1].last - 1, Parts(counts, whole, closed=True, sure=sure))


def _is_sent(frame: Frame, item: Item) -> bool:
    """True for "50 to A", "48 received B" and "50 in the A group"."""
    behind = frame.lows[item.last : item.last + 7]
    if item.number is None or item.tagged:
        return False
    if frame.lows[item.first - 1] == "(" and noun(frame.tokens, item) in PEOPLE:
        return True
    if behind[:1] in {("to",), ("received",), ("assigned",), ("allocated",)}:
        return True
    return behind[:1] in {("in",)} and bool({"group", "arm"} & set(behind)) or behind[1:2] == ("to",)


def _lists(frame: Frame) -> Iterator[Partition]:
    """Read "17 patients were enrolled: 8 cases of A, 2 cases of B and 7 with C"."""
    for place, item in enumerate(frame.items[:-2]):
        opener = _opener(frame, item, frame.items[place + 1])
        if opener is None or item.number is None or noun(frame.tokens, item) not in PEOPLE or item.total:
            continue
        close = _closes(frame, opener)
        listed = [
            one
            for one in frame.items[place + 1 :]
            if one.first < close and not _is_inside(frame, opener, one)
        ]
        counts = tuple(one.number for one in listed if one.number is not None and one.total is None)
        if len(listed) < 2 or len(counts) < len(listed) or not _all_joined(frame, listed):
            continue
        if any(number.value >= item.number.value for number in counts):
            continue
        exclusive = _exclude(frame, item, (listed, opener))
        excess = sum(number.value for number in counts) - item.number.value
        if excess < 0 and not exclusive:
            continue
        parts = Parts(
            counts, item.number, closed=True, exclusive=exclusive, sure=_is_enrolment(frame, item, opener)
        )
        yield claim(frame, item.first, listed[-1].last - 1, parts)
        return


def _opener(frame: Frame, whole: Item, first: Item) -> int | None:
    gap = frame.lows[whole.last : first.first]
    if gap[-1:] and (gap[-1] in _OPENERS or gap[-1] in _LISTS):
        return first.first - 1
    return None


def _closes(frame: Frame, opener: int) -> int:
    """Return the place where a list ends: its closing bracket, a semicolon behind brackets, or the sentence."""
    mark = {"(": ")", "[": "]"}.get(frame.lows[opener], "")
    depth = 0
    for at in range(opener + 1, len(frame.lows)):
        low = frame.lows[at]
        if mark and low == mark and depth == 0:
            return at
        depth += (low == "(") - (low == ")")
    return len(frame.lows)


def _is_inside(frame: Frame, opener: int, item: Item) -> bool:
    """True for a number in brackets of its own inside the list: "5 of unknown cause (3 lymphomas found later)"."""
    between = frame.lows[opener + 1 : item.first]
    return between.count("(") > between.count(")")


def _all_joined(frame: Frame, listed: Sequence[Item]) -> bool:
    """True where every number but the first stands behind a comma, a semicolon or "and"."""
    return all(frame.lows[one.first - 1] in {",", ";", "and", "plus", "&"} for one in listed[1:])


def _exclude(frame: Frame, whole: Item, rest: tuple[Sequence[Item], int]) -> bool:
    """True where the words say that the listed cases differ: "8 cases of A, 2 cases of B", nothing that overlaps."""
    listed, opener = rest
    last = listed[-1].last + _LABEL
    words = set(frame.lows[whole.last : last])
    if words & (OVERLAP | _VAGUE) or frame.lows[opener] in _LISTS:
        return False
    labels = [frame.lows[one.last : one.last + 4] for one in listed]
    return all({"case", "cases", "patient", "patients"} & set(label) for label in labels)


def _is_enrolment(frame: Frame, whole: Item, opener: int) -> bool:
    others = [one for one in frame.items if one.first < whole.first and one.number is not None]
    return not others and bool(_ENROLLED & set(frame.lows[:opener]))


def _deaths(frame: Frame) -> Iterator[Partition]:
    """Read "Of those who died (n = 25), 20 were related to disease and 4 to toxicity", also over two sentences."""
    whole, first = _died(frame), 0
    held = frame
    if whole is None and frame.before is not None and len(frame.before.items) >= 1:
        whole, held = _died(frame.before), frame.before
        if (
            whole is None
            or whole is not held.items[-1]
            or frame.lows[0] not in {"one", "two", "three", "four", "five"}
        ):
            return
    elif whole is not None:
        first = frame.items.index(whole) + 1
    causes = [one for one in frame.items[first:] if one.number is not None and one.percent is None]
    if whole is None or whole.number is None or len(causes) < 2 or len(causes) < len(frame.items[first:]):
        return
    if not all(_has_cause(frame, one) for one in causes) or any(
        one.number.value >= whole.number.value for one in causes if one.number
    ):
        return
    sure = not (_VAGUE | {"also"}) & set(frame.lows)
    counts = tuple(one.number for one in causes if one.number is not None)
    yield claim(frame, causes[0].first, causes[-1].last - 1, Parts(counts, whole.number, sure=sure))


def _died(frame: Frame) -> Item | None:
    """Return the item that counts the dead: "25 patients died", "25 deaths", "who died (n = 25)"."""
    for item in frame.items:
        behind = frame.lows[item.last : item.last + 4]
        ahead = frame.lows[max(0, item.first - _LABEL) : item.first]
        if (
            item.number is not None
            and item.number.value > 1
            and (
                (_DEATH & set(behind) and not {",", ";", "(", "of"} & set(behind[:2]))
                or (item.tagged and _DEATH & set(ahead))
            )
        ):
            return item
    return None


def _has_cause(frame: Frame, item: Item) -> bool:
    behind = frame.lows[item.last : item.last + 6]
    return bool(_CAUSE & set(behind)) and behind[:2] not in {("of", "the"), ("of", "these"), ("of", "them")}


