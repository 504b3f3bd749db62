"""Groups that a whole is shared out to: arms of a trial, lists behind a colon, causes of death, sexes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from openhlh.claims import Partition
from openhlh.literature.classes import LEFT_OVER, OVERLAP
from openhlh.literature.frames import ENROLLED, VAGUE, Frame, Parts, claim
from openhlh.literature.listed import Item, noun
from openhlh.literature.subjects import PEOPLE

_SPLIT = frozenset(
    {
        "randomized", "randomised", "randomly", "randomisation", "randomization", "allocated",
        "assigned", "divided", "split", "stratified", "categorized", "categorised",
    }
)  # fmt: skip
_SENT = frozenset({"to", "received", "assigned", "allocated", "receiving"})
_CAUSE = frozenset(
    {
        "due", "from", "of", "related", "caused", "attributed", "attributable", "because", "resulted",
        "secondary", "to", "with", "causes",
    }
)  # fmt: skip
_DEATH = frozenset({"died", "deaths", "death"})
_OPENERS = frozenset({":", "(", "[", "—", "–"})
_LISTS = frozenset({"including", "comprising"})
_SEXES = re.compile(
    r"(?:m|f|males?|females?|men|women|boys|girls)/(?:m|f|males?|females?|men|women|boys|girls)"
)
_LABEL = 14


def arms(frame: Frame) -> Iterator[Partition]:
    """Read "100 patients were randomised to A (n = 50) or B (n = 48)" and "(50 to A, 48 to B)"."""
    trigger = next(at for at, low in enumerate(frame.lows) if low in _SPLIT)
    tagged = [one for one in frame.items if one.first > trigger and one.tagged]
    sent = [one for one in frame.items[1:] if _is_sent(frame, one)]
    shared = tagged if len(tagged) >= 2 else sent
    if len(shared) < 2:
        return
    counts = tuple(one.number for one in shared if one.number is not None)
    largest = max(count.value for count in counts)
    groups = [one for one in frame.items if one.first < shared[0].first and one.number]
    groups = [one for one in groups if one.number and one.number.value > largest and one not in shared]
    if not groups or groups[-1].number is None:
        return
    whole = groups[-1]
    between = [one for one in frame.items if whole.first < one.first < shared[-1].first and one not in shared]
    counted = noun(frame.tokens, whole) in PEOPLE or whole.tagged
    sure = counted and not between and len(groups) == 1 and not {"then", "further"} & set(frame.lows)
    yield claim(frame, whole.first, shared[-1].last - 1, Parts(counts, whole.number, closed=True, sure=sure))


def _is_sent(frame: Frame, item: Item) -> bool:
    """True for "50 to A", "48 received B", "50 were assigned to B" and "50 in the A group"."""
    behind = frame.lows[item.last : item.last + 7]
    if item.number is None or item.tagged or not behind:
        return False
    if frame.lows[item.first - 1] == "(" and noun(frame.tokens, item) in PEOPLE:
        return True
    if behind[0] in {"were", "was"} and behind[1:2] and behind[1] in _SENT:
        return True
    grouped = behind[0] == "in" and {"group", "arm"} & set(behind)
    return behind[0] in _SENT or bool(grouped) or behind[1:2] == ("to",)


def lists(frame: Frame) -> Iterator[Partition]:
    """Read "17 patients were enrolled: 8 cases of A, 2 cases of B and 7 with C"."""
    for place, item in enumerate(frame.items[:-2]):
        opener = frame.items[place + 1].first - 1
        opens = opener >= item.last and frame.lows[opener] in _OPENERS | _LISTS
        if not opens or item.number is None or noun(frame.tokens, item) not in PEOPLE or item.total:
            continue
        listed = _listed(frame, place, opener)
        counts = tuple(one.number for one in listed if one.number is not None and one.total is None)
        joined = all(frame.lows[one.first - 1] in {",", ";", "and", "plus", "&"} for one in listed[1:])
        if len(listed) < 2 or len(counts) < len(listed) or not joined:
            continue
        whole, told = item.number, sum(count.value for count in counts)
        exclusive = _exclude(frame, item, listed, opener)
        if max(count.value for count in counts) < whole.value and (told >= whole.value or exclusive):
            sure = place == 0 and bool((ENROLLED | {"there"}) & set(frame.lows[:opener]))
            parts = Parts(counts, whole, closed=True, exclusive=exclusive, sure=sure)
            yield claim(frame, item.first, listed[-1].last - 1, parts)
            return


def _listed(frame: Frame, place: int, opener: int) -> list[Item]:
    """Return the items of a list up to its closing bracket, without those in brackets of their own."""
    mark = {"(": ")", "[": "]"}.get(frame.lows[opener], "")
    depth, close = 0, len(frame.lows)
    inside: set[int] = set()
    for at in range(opener + 1, len(frame.lows)):
        low = frame.lows[at]
        if mark and low == mark and depth == 0:
            close = at
            break
        depth += (low == "(") - (low == ")")
        if depth > 0:
            inside.add(at)
    return [one for one in frame.items[place + 1 :] if one.first < close and one.first not in inside]


def _exclude(frame: Frame, whole: Item, listed: Sequence[Item], opener: int) -> bool:
    """True where the words say that the listed cases differ: "8 cases of A, 2 cases of B"."""
    words = set(frame.lows[whole.last : listed[-1].last + _LABEL])
    if words & (OVERLAP | VAGUE) or frame.lows[opener] in _LISTS:
        return False
    labels = [frame.lows[one.last : one.last + 4] for one in listed]
    if len(listed) > 2 and not LEFT_OVER.isdisjoint(labels[-1][:3]):
        return True
    return all({"case", "cases", "patient", "patients"} & set(label) for label in labels)


def deaths(frame: Frame) -> Iterator[Partition]:
    """Read "Of those who died (n = 25), 20 were related to disease and 4 to toxicity"."""
    whole, first = _died(frame), 0
    if whole is not None:
        first = frame.items.index(whole) + 1
    elif frame.before is not None and frame.before.items and frame.lows[0] in {"one", "two", "three", "four"}:
        whole = _died(frame.before)
        whole = whole if whole is frame.before.items[-1] else None
    causes = frame.items[first:]
    counts = tuple(one.number for one in causes if one.number is not None and one.percent is None)
    if whole is None or whole.number is None or len(counts) < 2 or len(counts) < len(causes):
        return
    if max(count.value for count in counts) >= whole.number.value or not _have_causes(frame, causes):
        return
    sure = not (VAGUE | {"also"}) - {"all"} & set(frame.lows)
    yield claim(frame, causes[0].first, causes[-1].last - 1, Parts(counts, whole.number, sure=sure))


def _died(frame: Frame) -> Item | None:
    """Return the item that counts the dead: "25 patients died", "25 deaths", "who died (n = 25)"."""
    for item in frame.items:
        behind = frame.lows[item.last : item.last + 4]
        ahead = frame.lows[max(0, item.first - _LABEL) : item.first]
        died = next((at for at, low in enumerate(behind) if low in _DEATH), None)
        direct = died is not None and not {",", ";", "(", "of", "and"} & set(behind[:died])
        if (
            item.number is not None
            and item.number.value > 1
            and (direct or (item.tagged and _DEATH & set(ahead)))
        ):
            return item
    return None


def _have_causes(frame: Frame, causes: Sequence[Item]) -> bool:
    """True where each number has a cause behind it, or follows one: "infection in 9", "infection (n = 9)"."""
    behind = [frame.lows[one.last : one.last + 6] for one in causes]
    named = all(_CAUSE & set(words) and words[:2] not in _NOT_CAUSES for words in behind)
    led = bool(_CAUSE & set(frame.lows[: causes[0].first]))
    placed = all(one.tagged or frame.lows[one.first - 1] == "in" for one in causes)
    return named or (led and placed)


def sex_ratios(frame: Frame) -> Iterator[Partition]:
    """Read "61 patients (M/F: 35/26)"; a ratio that is smaller than its group may have been reduced."""
    for at, low in enumerate(frame.lows):
        if not _SEXES.fullmatch(low):
            continue
        item = next((one for one in frame.items if at < one.first <= at + 3 and one.total is not None), None)
        groups = [one for one in frame.items if one.first < at and noun(frame.tokens, one) in PEOPLE]
        if item is None or item.number is None or item.total is None or len(groups) != 1:
            continue
        whole = groups[0].number
        if whole is not None and item.number.value + item.total.value >= whole.value > item.number.value:
            close = at - groups[0].last <= _LABEL and not VAGUE & set(frame.lows[:at])
            yield claim(
                frame, groups[0].first, item.last - 1, Parts((item.number, item.total), whole, sure=close)
            )


_NOT_CAUSES = frozenset({("of", "the"), ("of", "these"), ("of", "them")})
READERS: tuple[tuple[frozenset[str], Callable[[Frame], Iterator[Partition]]], ...] = (
    (_SPLIT, arms),
    (_OPENERS | _LISTS, lists),
    (_DEATH | _CAUSE, deaths),
    (frozenset({"/", ":", "(", ","}), sex_ratios),
)
