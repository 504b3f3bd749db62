"""Lists of classes that exclude each other: "10 men and 7 women", "CR in 12, PR in 14 and NR in 8 of 34".

Only the families of words in classes.py are read. A sentence that compares groups, or whose numbers
may belong to another list, is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from openhlh.claims import Partition, Printed
from openhlh.literature.classes import MEMBERS, member, names
from openhlh.literature.frames import ENROLLED, Frame, Parts, claim, counts_people
from openhlh.literature.listed import Item, noun
from openhlh.literature.subjects import PEOPLE

_COMPARES = frozenset({"vs", "versus", "compared", "than", "each", "per", "respectively"})
_OF = frozenset({"of", "in", "among", "for", "from", "between"})
_WHOLE_LISTS = {
    "sex": {"male", "female"},
    "vital": {"alive", "dead"},
    "severity": {"mild", "moderate", "severe"},
    "change": {"better", "same", "worse"},
    "smoking": {"never", "former", "current"},
    "risk": {"low", "intermediate", "high"},
    "kind": {"benign", "malignant"},
}
_SHARES = {
    "sex",
    "vital",
    "severity",
    "change",
    "smoking",
    "response",
    "kind",
    "stage",
    "marital",
    "home",
    "school",
}  # told as shares of one group
_EVERYBODY = {"vital", "sex"}  # nobody is left out of these, so that a part may show its whole wrong
_STATES = {"response", "vital"}  # "35 % in remission" is a part, "35 % in men" a rate
_REACH, _LONGEST_GAP, _ALL = 9, 12, 100
_GROUPS = frozenset(
    {
        "group", "groups", "arm", "arms", "control", "controls", "healthy", "cohorts", "both",
        "respectively",
    }
)  # fmt: skip
_HEADS = frozenset(
    {
        "response", "responses", "remission", "remissions", "disease", "rate", "was", "were", "in",
    }
)  # fmt: skip
_THEMSELVES = {("of", "them"), ("of", "whom"), ("of", "these")}
JOINED = frozenset({",", "and", ";", "or", "&"})


def sums(frame: Frame) -> Iterator[Partition]:
    """Read "8 + 2 + 2 + 5 = 17", "11.1 % + 72.2 % = 83.3 %" and "8 + 2 + 2 + 5 of 17"."""
    at = 0
    while "+" in frame.lows and at < len(frame.tokens):
        numbers, after = _added(frame, at)
        if len(numbers) < 2:
            at += 1
            continue
        whole, last = _after_sum(frame, after)
        if whole is not None:
            parts = Parts(tuple(numbers), whole, "sum", closed=True)
            percent = frame.tokens[last].kind == "percent"
            yield claim(frame, at, last, parts._replace(unit="percent") if percent else parts)
        at = after


def _added(frame: Frame, at: int) -> tuple[list[Printed], int]:
    numbers: list[Printed] = []
    while at < len(frame.tokens):
        number = frame.tokens[at].number
        if number is None or number.bound:
            break
        numbers.append(number)
        at += 1
        if _kind(frame, at) == "percent":
            at += 1
        if _low(frame, at) != "+":
            break
        at += 1
    return numbers, at


def _after_sum(frame: Frame, at: int) -> tuple[Printed | None, int]:
    if _low(frame, at) not in {"=", "of"} or at + 1 >= len(frame.tokens):
        return None, at
    place = at + 2 if _low(frame, at + 1) in {"the", "all"} else at + 1
    number = frame.tokens[place].number if place < len(frame.tokens) else None
    if _kind(frame, place + 1) == "percent":
        place += 1
    return number, place


def lists_of_classes(frame: Frame) -> Iterator[Partition]:
    """Read lists whose classes come from one family of words: sexes, response levels, alive and dead, ..."""
    if len(frame.items) < 2:
        return
    named = {family for low in frame.lows for family, _ in MEMBERS.get(low, ())}
    if not named or _COMPARES & set(frame.lows):
        return
    for family in sorted(named):
        run, classes = family_run(frame, family)
        if run:
            yield from of_run(frame, run, (family, classes))


def family_run(frame: Frame, family: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the longest row of items that name different members, behind ("7 men") or before ("men: 7")."""
    behind = [_behind(frame, place, family) for place in range(len(frame.items))]
    before = [_before(frame, place, family) for place in range(len(frame.items))]
    return max(_row(behind), _row(before), key=lambda row: len(row[0]))


def _row(members: Sequence[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the one row of neighbours with different members; nothing where a class is told twice."""
    rows: list[list[int]] = [[]]
    for place, name in enumerate(members):
        if name:
            rows[-1].append(place)
        elif rows[-1]:
            rows.append([])
    rows = [row for row in rows if len(row) >= 2]
    told = [members[place] for place in rows[0]] if len(rows) == 1 else []
    if len({*told} - {"unknown"}) < 2 or len({*told}) < len(told):
        return (), ()
    return tuple(rows[0]), tuple(members[place] for place in rows[0])


def _behind(frame: Frame, place: int, family: str) -> str:
    item = frame.items[place]
    end = frame.items[place + 1].first if place + 1 < len(frame.items) else len(frame.lows)
    label = frame.lows[item.last : min(end, item.last + _REACH)]
    label = label[: label.index(";")] if ";" in label else label
    named = next((at for at, low in enumerate(label) if names(low, family)), None)
    if named is None or _opens_next(frame, place, named):
        return ""
    lead = label[2:named] if label[:2] in _THEMSELVES else label[:named]
    if family == "sex" and (_OF & set(lead) or any(mark in {",", ";", ".", ":"} for mark in lead)):
        return ""
    if item.percent is not None and item.number is None and "in" in lead and family not in _STATES:
        return ""
    if (_OF - {"in"}) & set(lead[-2:]) or ("with" in lead[-1:] and item.percent is not None and "of" in lead):
        return ""
    return member(label[: named + 4] if family == "response" else label[: named + 2], family)


def _opens_next(frame: Frame, place: int, named: int) -> bool:
    """True for the class word of the next number: "12 (35 %), mild (9)", "women: 7"."""
    if place + 1 == len(frame.items):
        return False
    ahead = frame.lows[frame.items[place].last + named + 1 : frame.items[place + 1].first]
    marked = not ahead or ahead[-1] in {"(", "[", ":", "=", "in"} or set(ahead) <= _HEADS
    return len(ahead) <= 3 and marked and ")" not in ahead and "," not in ahead


def _before(frame: Frame, place: int, family: str) -> str:
    item = frame.items[place]
    start = frame.items[place - 1].last if place else 0
    label = frame.lows[max(start, item.first - _REACH) : item.first]
    named = [at for at, low in enumerate(label) if names(low, family)]
    if not named:
        return ""
    gap = label[named[-1] + 1 :]
    if "and" in gap or ";" in gap or gap[-1:] == (",",):
        return ""
    if family == "sex" and (
        (item.percent is not None and item.number is None)
        or any(word.isalpha() and word not in {"n", "in"} for word in gap)
        or _OF & set(label[: named[-1]][-2:])
    ):
        return ""
    return member(label, family)


def of_run(frame: Frame, run: tuple[int, ...], kind: tuple[str, tuple[str, ...]]) -> Iterator[Partition]:
    """Yield what a row of items states as counts and as percents; `kind` is its family with its classes."""
    chosen = [frame.items[place] for place in run]
    if not exclude_each_other(*kind):
        return
    closed = _is_whole_list(*kind)
    counts = tuple(item.number for item in chosen if item.number is not None)
    percents = tuple(item.percent for item in chosen if item.percent is not None)
    first, last = chosen[0].first, chosen[-1].last - 1
    if len(counts) == len(chosen):
        whole, sure = _whole(frame, run, kind[0])
        if whole is not None:
            others = _others(frame, chosen, whole)
            yield claim(frame, first, last, Parts(counts, whole, closed=closed, sure=sure, others=others))
    over = closed or sum(percent.value for percent in percents) > _ALL
    if over and len(percents) == len(chosen) and kind[0] in _SHARES and _is_one_list(frame, chosen):
        shares = tuple(one.percent for one in frame.items if one.percent is not None and one not in chosen)
        yield claim(frame, first, last, Parts(percents, unit="percent", closed=closed, others=shares))


def _others(frame: Frame, chosen: Sequence[Item], whole: Printed) -> tuple[Printed, ...]:
    """Return the other counts of the sentence: what a list leaves out may be told there."""
    return tuple(
        one.number
        for one in frame.items
        if one.number and one not in chosen and one.number.value != whole.value
    )


def _is_one_list(frame: Frame, chosen: Sequence[Item]) -> bool:
    """True where percents stand in one list with one base: short gaps joined by a comma or "and"."""
    bases = {item.total and item.total.value for item in chosen}
    gaps = [frame.lows[one.last : two.first] for one, two in pairwise(chosen)]
    return len(bases) == 1 and all(len(gap) <= _LONGEST_GAP and JOINED & set(gap) for gap in gaps)


def exclude_each_other(family: str, classes: tuple[str, ...]) -> bool:
    """No response holds stable and progressive disease, improvement may hold both responses."""
    return not (family == "response" and "none" in classes and {"stable", "progressive"} & set(classes))


def _is_whole_list(family: str, classes: tuple[str, ...]) -> bool:
    if family == "response":
        return "none" in classes or {"stable", "progressive"} <= set(classes)
    if family in {"stage", "marital", "home", "school"}:
        return len(classes) > 2
    return family in _WHOLE_LISTS and _WHOLE_LISTS[family] <= set(classes)


def _whole(frame: Frame, run: tuple[int, ...], family: str) -> tuple[Printed | None, bool]:
    """Return the whole of a list of counts, and whether no other one stands in the sentence."""
    chosen = [frame.items[place] for place in run]
    largest = max(item.number.value for item in chosen if item.number is not None)
    totals = {item.total.value: item.total for item in chosen if item.total}
    if totals:
        whole = max(totals.values(), key=lambda total: total.value)
        told = all(item.total for item in chosen) or chosen[-1].total is not None
        told = told or (family in _EVERYBODY and chosen[0].total is not None)
        held = whole.value >= largest or (family in _EVERYBODY and whole.value * 2 >= largest)
        return (whole, told) if len(totals) == 1 and held else (None, False)
    if run[0] == 1 and family in _EVERYBODY and frame.items[0].percent is None:
        one = frame.items[0]
        if noun(frame.tokens, one) in PEOPLE and one.total is None and one.number is not None:
            return one.number, one.number.value * 2 >= largest
    for number, one in enumerate(reversed(frame.items[: run[0]])):
        if (
            one.number is not None
            and one.percent is None
            and one.number.value > largest
            and counts_people(frame, one)
        ):
            others = sum(counts_people(frame, other) for other in frame.items[: run[0]])
            return one.total or one.number, others == 1 and number == 0 and one.total is None
    return _whole_behind(frame, run, family, largest)


def _whole_behind(
    frame: Frame, run: tuple[int, ...], family: str, largest: Fraction
) -> tuple[Printed | None, bool]:
    """Return the whole of "30 males and 28 females among the 50 patients"."""
    if run[-1] + 1 == len(frame.items):
        return _whole_before(frame, run, largest)
    one = frame.items[run[-1] + 1]
    named_of = not {"of", "among"}.isdisjoint(frame.lows[max(0, one.first - 3) : one.first])
    least = largest / 2 if named_of and family in _EVERYBODY else largest
    if (
        one.percent is None
        and one.number is not None
        and one.number.value > least
        and (named_of or one.tagged)
    ):
        named = (
            counts_people(frame, one)
            or one.tagged
            or bool({"enrolled", "included", "treated"} & set(frame.lows[one.last : one.last + 2]))
        )
        return one.number, named and run[0] == 0
    return None, False


def _whole_before(frame: Frame, run: tuple[int, ...], largest: Fraction) -> tuple[Printed | None, bool]:
    """Return the enrolled number of the sentence before, where the list is said of the whole cohort."""
    earlier = frame.before
    if earlier is None or run[0] != 0 or _GROUPS & {*frame.lows, *earlier.lows}:
        return None, False
    told = [item for item in earlier.items if counts_people(earlier, item) and item.percent is None]
    if len(told) != 1 or told[0].total is not None or not ENROLLED & set(earlier.lows):
        return None, False
    whole = told[0].number
    generic = bool(
        {"cohort", "patients", "there", "they", "participants", "population"}
        & set(frame.lows[: frame.items[0].first])
    )
    return (whole, generic and len(earlier.items) == 1) if whole and whole.value > largest else (None, False)


def _low(frame: Frame, at: int) -> str:
    return frame.lows[at] if 0 <= at < len(frame.lows) else ""


def _kind(frame: Frame, at: int) -> str:
    return frame.tokens[at].kind if 0 <= at < len(frame.tokens) else ""


READERS: tuple[tuple[frozenset[str], Callable[[Frame], Iterator[Partition]]], ...] = (
    (frozenset("+"), sums),
    (frozenset(MEMBERS), lists_of_classes),
)
