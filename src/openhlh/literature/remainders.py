"""What is told of a group in steps: "the other 24", "of whom 36", "50 to A and 48 to B", "one died of ...".

Each reader looks only at sentences with its trigger words, and marks a claim as sure only where the
sentence holds no other group and no other number that could be meant.
"""

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


def remainder_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield what is told of groups in steps: rests, subgroups, arms, lists after a colon, causes of death."""
    for frame in frames(document, sentences):
        words = set(frame.lows)
        for triggers, read in _READERS:
            if triggers & words:
                yield from read(frame)


def _rests(frame: Frame) -> Iterator[Partition]:
    """Read "Of 34 patients, 12 responded; the other 22 did not" and "35 % responded, the remaining 65 %"."""
    for place, item in enumerate(frame.items):
        ahead = frame.lows[max(0, item.first - 3) : item.first]
        rest = ahead[-2:-1] == ("the",) and ahead[-1] in _REST or ahead[-1:] == ("leaving",)
        if not rest or item.total is not None:
            continue
        if item.percent is not None and item.number is None:
            yield from _percent_rest(frame, place)
        elif item.number is not None:
            yield from _count_rest(frame, place)
            yield from _of_rest(frame, place)


def _percent_rest(frame: Frame, place: int) -> Iterator[Partition]:
    listed = [one.percent for one in frame.items[:place] if one.percent is not None and one.number is None]
    rest = frame.items[place].percent
    if not listed or rest is None or len(listed) != place:
        return
    sure = not (_VAGUE & set(frame.lows)) and len(listed) == 1
    parts = Parts((*listed, rest), relation="rest", unit="percent", sure=sure)
    yield claim(frame, frame.items[place - 1].first, frame.items[place].last - 1, parts)


def _count_rest(frame: Frame, place: int) -> Iterator[Partition]:
    item = frame.items[place]
    earlier = frame.before.items if frame.before is not None else ()
    told, source = frame.items[:place], frame
    if not told and item.first <= _NEAR_START and frame.before is not None:
        told, source, earlier = earlier, frame.before, ()
    wholes = _wholes(source, told, place or len(told))
    whole = next(iter(wholes.values())) if len(wholes) == 1 else None
    if not wholes and source is frame and frame.before is not None and len(earlier) == 1:
        whole = earlier[0].number if noun(frame.before.tokens, earlier[0]) in PEOPLE else None
        earlier = ()
    listed = [one.number for one in told if one.number is not None and one.number is not whole]
    if whole is None or not listed or item.number is None or item.number.value >= whole.value:
        return
    vague = _VAGUE - (_LEAVERS if frame.lows[item.first - 1] == "leaving" else set())
    words = set(source.lows if source is not frame else frame.lows[: item.first])
    sure = (
        not vague & words
        and frame.lows[max(0, item.first - 3)] not in _COMPARED
        and all(one.percent is None or one.number for one in told)
    )
    sure = (
        sure and all(number.value < whole.value for number in listed) and _counts_alike(frame, place, source)
    )
    others = tuple(number for one in earlier for number in (one.number, one.total) if number is not None)
    parts = Parts((*listed, item.number), whole, relation="rest", sure=sure, others=others)
    yield claim(frame, item.first, item.last - 1, parts)


def _wholes(frame: Frame, told: Sequence[Item], place: int) -> dict[Fraction, Printed]:
    return {whole.value: whole for one in told if (whole := _group(frame, one, place)) is not None}


def _group(frame: Frame, item: Item, place: int) -> Printed | None:
    """Return the whole that an item names: the total of a fraction, or "of (the) 34 patients" at the start."""
    if item.total is not None:
        return item.total
    lead = frame.lows[max(0, item.first - 3) : item.first]
    if (
        {"of", "among"} & set(lead[-2:])
        and noun(frame.tokens, item)
        and item.number
        and item is frame.items[0]
    ):
        return item.number
    opens = item is frame.items[0] and noun(frame.tokens, item) in PEOPLE and place >= 2
    return item.number if opens and ("whom" in frame.lows or ":" in frame.lows or ";" in frame.lows) else None


def _counts_alike(frame: Frame, place: int, source: Frame) -> bool:
    """True where the rest counts what the whole counted, or names nothing."""
    rest = noun(frame.tokens, frame.items[place])
    told = source.items if source is not frame else frame.items[:place]
    wholes = {noun(source.tokens, one) for one in told} - {""}
    return not rest or not wholes or rest in wholes or (rest in PEOPLE and bool(wholes & PEOPLE))


def _of_rest(frame: Frame, place: int) -> Iterator[Partition]:
    """Read "The remaining three included one ... and two ..."."""
    item, behind = frame.items[place], frame.items[place + 1 :]
    starts = frame.items[place].first <= 3
    ahead = frame.lows[item.last : item.last + 4]
    if not (starts and (_LISTS | {":"}) & set(ahead)) or len(behind) < 2 or item.number is None:
        return
    counts = tuple(one.number for one in behind if one.number is not None and one.percent is None)
    if len(counts) == len(behind) and all(count.value <= item.number.value for count in counts):
        exact = sum(count.value for count in counts) == item.number.value
        yield claim(frame, item.first, behind[-1].last - 1, Parts(counts, item.number, exclusive=exact))


def _subgroups(frame: Frame) -> Iterator[Partition]:
    """Read "34 patients, of whom 36 ...", "36 of whom", "34 patients, including 36 children", "Of these, 36"."""
    for place, item in enumerate(frame.items):
        if item.number is None or item.total is not None:
            continue
        ahead, behind = frame.lows[max(0, item.first - 3) : item.first], frame.lows[item.last : item.last + 2]
        if place == 0 and frame.before is not None and _of_these(frame, item):
            group = frame.before.items[0] if len(frame.before.items) == 1 else None
            if group is not None and group.number and noun(frame.before.tokens, group) in PEOPLE:
                yield _subgroup(frame, item, group.number, (frame.before, group))
        elif place and (_WHOM & {ahead[-2:], behind} or _is_of_group(frame, place)):
            group = frame.items[place - 1]
            counted = group.number is not None and group.percent is None and noun(frame.tokens, group)
            if counted and group.number is not None and group.total is None:
                yield _subgroup(frame, item, group.number, (frame, group))


def _subgroup(frame: Frame, item: Item, whole: Printed, source: tuple[Frame, Item]) -> Partition:
    told, group = source
    counts = [one for one in told.items if one.number is not None and one.first <= group.first]
    part = item.number or whole
    same = _is_person(frame, item) and noun(told.tokens, group) in PEOPLE
    sure = len(counts) == 1 and same and not _VAGUE & set(told.lows[: group.last])
    return claim(
        frame,
        min(item.first, group.first) if told is frame else 0,
        item.last - 1,
        Parts((part,), whole, "subgroup", sure=sure),
    )


def _of_these(frame: Frame, item: Item) -> bool:
    lead = frame.lows[: item.first]
    people = {"these", "those", "them", "patients", "participants", "subjects", "the", ",", "whom", "a"}
    restated = bool(noun(frame.tokens, item)) and lead[-1:] != (",",)
    return (
        bool(lead)
        and not restated
        and lead[0] in {"of", "among"}
        and bool({"these", "them", "those"} & set(lead))
        and set(lead[1:]) <= people
    )


def _is_of_group(frame: Frame, place: int) -> bool:
    """True for the second number of "Of the 34 patients, 36 ..." and of "34 patients, including 36 ..."."""
    group, item = frame.items[place - 1], frame.items[place]
    lead, gap = frame.lows[: group.first], frame.lows[group.last : item.first]
    if gap[-1:] == ("including",) and not {"and", "or", ";", "("} & set(gap):
        return frame.lows[item.last : item.last + 1] == ("with",) or noun(frame.tokens, item) in PEOPLE
    of = lead[-1:] in {("of",), ("among",)} or lead[-2:] in {("of", "the"), ("among", "the"), ("of", "these")}
    before = [low for low in lead if low not in {"of", "among", "the", "these"}][-1:]
    opens = (
        of
        and (not before or before[0] in {":", ",", ".", ";", "overall"})
        and ("," in gap[-1:] or gap[-4:] == (",", "a", "subgroup", "of"))
    )
    return opens and place == 1 and len(gap) <= _LABEL


def _is_person(frame: Frame, item: Item) -> bool:
    """True where a number counts people: by its noun, or by a verb that follows it."""
    behind = frame.lows[item.last : item.last + 9]
    if item.percent is not None and ")" in behind:
        behind = behind[behind.index(")") + 1 :]
    return noun(frame.tokens, item) in PEOPLE or behind[:1] in _VERBS or behind[:2] == ("of", "whom")


def _denied(frame: Frame) -> Iterator[Partition]:
    """Read "12 of 34 responded and 24 did not", "the endpoint was met by 12 of 34; 24 failed to meet it"."""
    for one, two in pairwise(frame.items):
        behind = frame.lows[two.last : two.last + 9]
        start = next((at + 1 for at, low in enumerate(behind) if low in {"not", "failed"}), None)
        if (
            one.total is None
            or two.total is not None
            or start is None
            or one.number is None
            or two.number is None
        ):
            continue
        ahead = [low for low in behind[start:] if low != "to"][:1]
        told = {low[:5] for low in frame.lows[max(0, one.first - 6) : two.first] if low.isalpha()}
        same = not ahead or not ahead[0].isalpha() or ahead[0][:5] in told or ahead[0] == "meet"
        if same and set(behind[: start - 1]) <= {
            "patients",
            "participants",
            "subjects",
            "did",
            "were",
            "had",
            "(",
            "%",
            ")",
        } | {token.low for token in frame.tokens if token.number is not None}:
            sure = not (_VAGUE - {"neither"}) & set(frame.lows)
            yield claim(frame, one.first, two.last - 1, Parts((one.number, two.number), one.total, sure=sure))


_LABEL, _NEAR_START = 14, 4
_COMPARED = frozenset({"to", "than", "from", "of", "for", "with", "compared", "between"})
_LEAVERS = frozenset({"excluded", "withdrew", "lost", "all", "other"})
_WHOM = frozenset({("of", "whom"), ("among", "whom")})
_VERBS = frozenset(
    (verb,)
    for verb in """had were was achieved responded developed received died showed experienced met completed survived
    underwent reported required remained presented relapsed improved failed withdrew with did have are""".split()
)
_READERS: tuple[tuple[frozenset[str], Callable[[Frame], Iterator[Partition]]], ...] = (
    (_REST | {"leaving"}, _rests),
    (frozenset({"whom", "these", "them", "of", "among", "including"}), _subgroups),
    (frozenset({"not", "failed"}), _denied),
    (_SPLIT, _arms),
    (_OPENERS | _LISTS, _lists),
    (_DEATH | {"caused", "related", "attributed", "due"}, _deaths),
)
