"""What is told of a group in steps: "the other 24", "of whom 36", "and 24 did not".

A claim is sure only where the sentences hold no other group and no other number that could be meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from openhlh.claims import Partition, Printed
from openhlh.literature.frames import VAGUE, Frame, Parts, claim
from openhlh.literature.listed import Item, noun
from openhlh.literature.subjects import PEOPLE, UNITS_COUNTED

_REST = frozenset({"remaining", "other", "rest", "remainder"})
_INCLUDES = frozenset(
    {
        "including", "comprising", "comprised", "consisting", "consisted", "included", "were", ":",
    }
)  # fmt: skip
_COMPARED = frozenset({"to", "than", "from", "of", "for", "with", "compared", "between"})
_LEAVERS = frozenset({"excluded", "withdrew", "lost", "all", "other"})
_WHOM = frozenset({("of", "whom"), ("among", "whom")})
_THESE = frozenset({("of", "these"), ("of", "those"), ("of", "them"), ("among", "these"), ("among", "them")})
_THOSE = frozenset({"these", "those", "them", "patients", "participants", "subjects", "the", ",", "whom"})
_VERBS = frozenset(
    {
        "had", "were", "was", "achieved", "responded", "developed", "received", "died", "showed",
        "experienced", "met", "completed", "survived", "underwent", "reported", "required", "remained",
        "presented", "relapsed", "improved", "failed", "withdrew", "with", "did", "have", "are", "took",
        "became", "felt", "went", "lived", "carried", "who",
        "fell", "broke", "gave", "grew", "slept", "lost", "left", "chose", "got", "kept", "came", "saw",
        "made", "bled", "held", "found", "began", "knew", "ate", "drank", "stood", "drove", "ran", "said",
    }
)  # fmt: skip
_BESIDE_NOT = frozenset(
    {
        "patients", "participants", "subjects", "did", "were", "had", "was", "(", ")", "%",
    }
)  # fmt: skip
_OPENING = frozenset({"of", "among", "amongst", "in", "within", "from"})
_ARTICLES = frozenset({"the", "these", "those", "out", "our", "all", "group", "subgroup", "subset"})
_ALSO = frozenset({"also", "later", "then", "again", "still", "never", "additionally"})
_OF_WITH = frozenset({"with", "who", ","})
_LABEL, _NEAR_START = 14, 4


def rests(frame: Frame) -> Iterator[Partition]:
    """Read "Of 34 patients, 12 responded; the other 22 did not" and "35 % responded, the remaining 65 %"."""
    for place, item in enumerate(frame.items):
        ahead = frame.lows[max(0, item.first - 2) : item.first]
        rest = (ahead[:1] == ("the",) and ahead[-1] in _REST) or ahead[-1:] == ("leaving",)
        rest = rest or ahead == ("rest", ",")
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
    sure = not (VAGUE - {"all"}) & set(frame.lows)
    parts = Parts((*listed, rest), relation="rest", unit="percent", sure=sure)
    yield claim(frame, frame.items[place - 1].first, frame.items[place].last - 1, parts)


def _count_rest(frame: Frame, place: int) -> Iterator[Partition]:
    item = frame.items[place]
    source, told, earlier = _told_before(frame, place)
    wholes = {whole.value: whole for one in told if (whole := _group(source, one, place)) is not None}
    whole = next(iter(wholes.values())) if len(wholes) == 1 else None
    if not wholes and source is frame and frame.before is not None and len(earlier) == 1:
        whole = earlier[0].number if noun(frame.before.tokens, earlier[0]) in PEOPLE else None
        earlier = ()
    listed = tuple(one.number for one in told if one.number is not None and one.number is not whole)
    if whole is None or not listed or item.number is None or item.number.value > whole.value:
        return
    sure = all(number.value < whole.value for number in listed) and _is_plain(frame, item, (source, told))
    others = tuple(number for one in earlier for number in (one.number, one.total) if number is not None)
    parts = Parts((*listed, item.number), whole, relation="rest", sure=sure, others=others)
    yield claim(frame, item.first, item.last - 1, parts)


def _told_before(frame: Frame, place: int) -> tuple[Frame, Sequence[Item], Sequence[Item]]:
    """Return where the numbers stand that a rest leaves out, those numbers, and those before them.

    "The remaining 24" at the start of a sentence looks back at the one before.
    """
    earlier = frame.before.items if frame.before is not None else ()
    if place == 0 and frame.before is not None and frame.items[0].first <= _NEAR_START:
        return frame.before, earlier, ()
    return frame, frame.items[:place], () if place == 1 and frame.items[0].total is not None else earlier


def _group(frame: Frame, item: Item, place: int) -> Printed | None:
    """Return the whole that an item names: the total of a fraction, or "of the 34 patients" at the start."""
    if item.total is not None or item is not frame.items[0] or not noun(frame.tokens, item):
        return item.total
    if {"of", "among"} & set(frame.lows[max(0, item.first - 2) : item.first]):
        return item.number
    opens = place != 1 and noun(frame.tokens, item) in PEOPLE
    return item.number if opens and {"whom", ":", ";"} & set(frame.lows) else None


def _is_plain(frame: Frame, item: Item, source: tuple[Frame, Sequence[Item]]) -> bool:
    """True where nothing near is told in words only, and the rest counts what the whole counts."""
    held, told = source
    vague = VAGUE - (_LEAVERS if frame.lows[item.first - 1] == "leaving" else frozenset())
    if len(told) == 1 and told[0].total is not None:
        vague -= {"excluded"}
    words = set(held.lows if held is not frame else frame.lows[: item.first])
    if vague & words or frame.lows[max(0, item.first - 3)] in _COMPARED:
        return False
    if any(one.percent is not None and one.number is None for one in told):
        return False
    rest = noun(frame.tokens, item)
    wholes = {noun(held.tokens, one) for one in told} - {""}
    return not rest or not wholes or rest in wholes or (rest in PEOPLE and bool(wholes & PEOPLE))


def _of_rest(frame: Frame, place: int) -> Iterator[Partition]:
    """Read "The remaining three included one ... and two ..."; the list need not be whole."""
    item, behind = frame.items[place], frame.items[place + 1 :]
    ahead = frame.lows[item.last : item.last + 4]
    if item.first > _NEAR_START or not _INCLUDES & set(ahead) or len(behind) < 2 or item.number is None:
        return
    counts = tuple(one.number for one in behind if one.number is not None and one.percent is None)
    if len(counts) == len(behind) and sum(count.value for count in counts) == item.number.value:
        yield claim(frame, item.first, behind[-1].last - 1, Parts(counts, item.number))


def subgroups(frame: Frame) -> Iterator[Partition]:
    """Read "34 patients, of whom 36", "36 of whom", "34 patients, including 36 children", "Of these, 36"."""
    for place, item in enumerate(frame.items):
        if item.number is None or item.total is not None:
            continue
        if place == 0 and frame.before is not None and _of_these(frame, item):
            if len(frame.before.items) == 1:
                yield from _subgroup(frame, item, (frame.before, frame.before.items[0]))
        elif place and (_is_of_whom(frame, place) or _is_of_group(frame, place)):
            group = _outside_brackets(frame, place)
            if group is not None and frame.lows[group.last : group.last + 2] not in _WHOM:
                yield from _subgroup(frame, item, (frame, group))


def _outside_brackets(frame: Frame, place: int) -> Item | None:
    """Return the nearest number before this one that stands in no bracket closed in between."""
    for before in range(place - 1, -1, -1):
        between = frame.lows[frame.items[before].last : frame.items[place].first]
        closed = sum((low in {")", "]"}) - (low in {"(", "["}) for low in between)
        if closed <= 0:
            return frame.items[before]
    return None


def _subgroup(frame: Frame, item: Item, source: tuple[Frame, Item]) -> Iterator[Partition]:
    told, group = source
    if group.number is None or item.number is None:
        return
    counted = {noun(told.tokens, group), noun(frame.tokens, item)} - {""}
    if not counted <= PEOPLE:
        return
    larger = [one for one in told.items if one.first < group.first and one.number is not None]
    largest = max([one.number.value for one in larger if one.number], default=group.number.value)
    same = _is_person(frame, item) and (_is_person(told, group) or told.lows[group.last] in _OF_WITH)
    sure = same and not (VAGUE - {"all"}) & set(told.lows[: group.last])
    sure = sure and (group.total is not None or len(larger) <= 1)
    if not noun(told.tokens, group) and not larger and group.total is None and not _opens(told, group):
        return
    first = group.first if told is frame else 0
    parts = Parts((item.number,), group.number, "subgroup", sure=sure and largest >= group.number.value)
    yield claim(frame, first, item.last - 1, parts)


def _opens(frame: Frame, group: Item) -> bool:
    """True for "Of the 14 with nausea" at the start of a sentence."""
    return frame.lows[: group.first][-2:-1] in {("of",), ("among",)} or frame.lows[group.first - 1] in {
        "of",
        "among",
    }


def _is_of_whom(frame: Frame, place: int) -> bool:
    """True for the number in "of whom 36", "36 of whom", "36 of these relapsed" and "of these 34, 36"."""
    before, item = frame.items[place - 1], frame.items[place]
    behind = frame.lows[item.last : item.last + 2]
    if behind in _THESE:
        verb, after = (*frame.lows[item.last + 2 : item.last + 4], "", "")[:2]
        plain = verb in _VERBS or (verb.endswith("ed") and after not in UNITS_COUNTED)
        return plain or not verb.isalpha() or behind[1] == "them"
    end = item.first - 1 if frame.lows[item.first - 1] == "," else item.first
    ahead = frame.lows[max(0, end - 2) : end]
    repeated = frame.lows[max(0, before.first - 2) : before.first] in _THESE and end < item.first
    named = behind == ("of", "the") and frame.lows[item.last + 2] in frame.lows[before.last : before.last + 1]
    return ahead in _WHOM | _THESE or behind in _WHOM or repeated or named


def _of_these(frame: Frame, item: Item) -> bool:
    """True for "Of these, 36", not for "Of these 36 patients", which may point further back."""
    lead = frame.lows[: item.first]
    if not lead or lead[0] not in {"of", "among"} or not {"these", "them", "those"} & set(lead):
        return False
    restated = bool(noun(frame.tokens, item)) and lead[-1] != ","
    return not restated and set(lead[1:]) <= _THOSE


def _is_of_group(frame: Frame, place: int) -> bool:
    """True for the second number of "Of the 34 patients, 36 ..." and of "34 patients, including 36 ..."."""
    group, item = frame.items[place - 1], frame.items[place]
    lead, gap = frame.lows[: group.first], frame.lows[group.last : item.first]
    if gap[-1:] == ("including",) and not {"and", "or", ";", "("} & set(gap):
        return (
            frame.lows[item.last : item.last + 1] in {("with",), ("who",)}
            or noun(frame.tokens, item) in PEOPLE
        )
    if len(gap) > _LABEL or not _OPENING & set(lead[-2:]):
        return False
    before = [low for low in lead if low not in _OPENING | _ARTICLES][-1:]
    opens = not before or before[0] in {":", ",", ".", ";", "overall"}
    return opens and (gap[-1:] == (",",) or gap[-4:] == (",", "a", "subgroup", "of") or _is_found_in(gap))


def _is_found_in(gap: Sequence[str]) -> bool:
    """True for what stands between the numbers of "Of the 34 patients with rash, fever was seen in 36"."""
    said = gap[len(gap) - gap[::-1].index(",") :] if "," in gap else ()
    return said[-1:] == ("in",) and said[-3:-2] in {("was",), ("were",)} and gap.count(",") == 1


def _is_person(frame: Frame, item: Item) -> bool:
    """True where a number counts people: by its noun, or by a verb that follows it."""
    behind = frame.lows[item.last : item.last + 9]
    if item.percent is not None and ")" in behind:
        behind = behind[behind.index(")") + 1 :]
    counted = noun(frame.tokens, item)
    if counted:
        return counted in PEOPLE
    ahead = frame.lows[max(0, item.first - 2) : item.first]
    if ahead in _WHOM and behind[:1] and behind[0].isalpha():
        return behind[0] not in UNITS_COUNTED
    if ahead[-1:] == ("in",):
        return behind[:1] in {(".",), ("(",), (",",), (";",), ()}
    behind = behind[1:] if behind[:1] and (behind[0] in _ALSO or behind[0].endswith("ly")) else behind
    return behind[:2] in _WHOM | _THESE | {("of", "the")} or (
        behind[:1] != () and (behind[0] in _VERBS or behind[0].endswith("ed"))
    )


def denials(frame: Frame) -> Iterator[Partition]:
    """Read "12 of 34 responded and 24 did not", "the endpoint was met by 12 of 34; 24 failed to meet it"."""
    for one, two in pairwise(frame.items):
        whole = one.total or _first_group(frame, one)
        if whole is None or one.number is None or two.number is None or two.total is not None:
            continue
        if one.number.value < whole.value and _is_denied(frame, one, two):
            sure = not (VAGUE - {"neither"}) & set(frame.lows)
            yield claim(frame, one.first, two.last - 1, Parts((one.number, two.number), whole, sure=sure))


def _first_group(frame: Frame, item: Item) -> Printed | None:
    """Return the 80 of "Of the 80 patients, 50 recovered ..." for its second number."""
    return _group(frame, frame.items[0], 1) if len(frame.items) > 2 and item is frame.items[1] else None


def _is_denied(frame: Frame, one: Item, two: Item) -> bool:
    """True where the second number is followed by "did not" and the verb of the first, or by nothing more."""
    behind = frame.lows[two.last : two.last + 9]
    start = next((at + 1 for at, low in enumerate(behind) if low in {"not", "failed"}), None)
    if start is None or not all(low in _BESIDE_NOT or low[0].isdigit() for low in behind[: start - 1]):
        return False
    verb = next((low for low in behind[start:] if low != "to"), "")
    told = {low[:5] for low in frame.lows[max(0, one.first - 6) : two.first] if low.isalpha()}
    return not verb.isalpha() or verb[:5] in told or verb == "meet"


READERS: tuple[tuple[frozenset[str], Callable[[Frame], Iterator[Partition]]], ...] = (
    (_REST | {"leaving"}, rests),
    (frozenset({"whom", "these", "them", "those", "including"}) | _OPENING, subgroups),
    (frozenset({"not", "failed"}), denials),
)
