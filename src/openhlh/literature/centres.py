"""Means and medians with their spread: "median age 48 years (range, 16 to 75)", "37.6 ± 12.1".

From the word (median, mean) the reader walks over what is measured to the value, and from the value over
its unit to what is printed of its spread. A label may stand in the head: "mean (SD) age was 37.6 (12.1)".
Values that follow in the same form are read with the same head. Limits of a confidence interval are left
to the reader of estimates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from openhlh.claims import Centre, Claim, Printed
from openhlh.literature.document import Document
from openhlh.literature.limits import CLOSERS, DASHES, OPENERS, at, number_at, unit, wording
from openhlh.literature.sizes import n_at, n_behind, n_of_sentence, people_at
from openhlh.literature.spreads import (
    LABELS,
    Read,
    add_limits_before,
    closing,
    from_value,
    is_labels_only,
    label_in,
    read_spreads,
)
from openhlh.literature.subjects import PEOPLE, UNITS_COUNTED
from openhlh.literature.tokens import Sentence, Token

_MEASURES = {
    "median": "median", "medians": "median", "mean": "mean", "means": "mean", "average": "mean",
    "averaged": "mean",
}  # fmt: skip
_BEFORE_OTHER_NUMBERS = {
    "at", "after", "within", "day", "days", "week", "month", "year", "grade", "stage", "over", "during",
    "first", "last", "for", "than", "per", "least", "group", "type", "in", "by", "level", "phase", "cycle",
    "every", "only", "past", "previous", "next", "top", "under", "above", "below", "class", "arm", "cohort",
    "visit",
}  # fmt: skip
_STOPS = {";", "median", "medians", "mean", "means", "±", "vs", "versus", "?"}
_NAMED_MEAN = {"arterial", "corpuscular", "cell", "pulmonary", "platelet"}
_LONGEST_HEAD = 22
_FAR = 80
_VERBS = {"was", "were", "is", "are", "being", "had", "came", "has", "have", "stood"}
_TRIGGERS = _MEASURES.keys() | {"±", "+", "iqr", "interquartile"}
_ONE_PERSON = {
    "person",
    "patient",
    "participant",
    "child",
    "subject",
    "woman",
    "man",
    "adult",
    "case",
    "pupil",
}
_PHYSICAL = re.compile(
    r"(?:years?|months?|weeks?|hours?|minutes?|seconds?|mg|kg|points?|mm|cm|degrees?|[munµ]?[lgm]|%|.*/.*)\b"
)
_PER_PERSON = re.compile(r"(\w+) (?:per|for each) (?:person|patient|participant|child|subject|adult|case)\b")
_EVENTS = (UNITS_COUNTED - PEOPLE) | {
    "seizures", "transfusions", "exacerbations", "relapses", "falls", "doses", "injections", "infusions",
    "attacks", "hospitalisations", "drugs", "medications", "complications", "admissions", "tests", "scans",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands between the word and its value: the place of the value, the label, the quantity, n."""

    place: int
    label: str
    quantity: str
    n: Printed | None


def centre_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield every mean and median of the sentences with its spread and its number of values."""
    for sentence in sentences:
        tokens = sentence.tokens
        if not {token.low for token in tokens} & _TRIGGERS:
            continue
        found: dict[Printed | None, Read] = {}
        for index in range(len(tokens)):
            for one in _at_word(tokens, index):
                found.setdefault(one.claim.centre, one)
        for one in sorted(found.values(), key=lambda one: one.first):
            yield from _finished(document, tokens, one)


def _at_word(tokens: Sequence[Token], index: int) -> Iterator[Read]:
    word = tokens[index].low
    if word == "mean" and at(tokens, index + 1) in _NAMED_MEAN and _has_median(tokens):
        return
    if word in _MEASURES:
        behind = _said_behind(tokens, index)
        if behind is not None:
            yield behind
        else:
            yield from _from_word(tokens, index)
        return
    if word in {"±", "+"}:
        one = _from_sign(tokens, index)
    elif LABELS.get(word) in {"range", "iqr"}:
        one = _from_label(tokens, index)
    else:
        return
    if one is not None:
        yield one


def _has_median(tokens: Sequence[Token]) -> bool:
    return any(token.low in {"median", "medians"} for token in tokens)


def _finished(document: Document, tokens: Sequence[Token], one: Read) -> Iterator[Centre]:
    start, end = tokens[one.first].start, tokens[one.after - 1].end
    number = one.claim.n or n_behind(tokens, one.after) or n_of_sentence(tokens, one.first)
    for claim in (one.claim, one.second):
        if claim is not None:
            yield replace(
                claim,
                start=start,
                end=end,
                text=document.text[start:end],
                where=document.where(start),
                about=wording(tokens, one.first, 30, one.after - one.first + 10),
                n=number,
                quantity=_counted(tokens, one),
            )


def _counted(tokens: Sequence[Token], one: Read) -> str:
    """Return what is measured; things counted for each person are told as their number."""
    words, quantity = one.claim.unit.removesuffix(" each"), one.claim.quantity
    place = next(index for index in range(one.first, one.after) if tokens[index].number == one.claim.centre)
    after, *_ = unit(tokens, place + 1)
    per_person = at(tokens, after) == "per" and at(tokens, after + 1) in _ONE_PERSON
    person_first = set(quantity.split()[:1]) <= PEOPLE
    event = bool(set(words.split()) & _EVENTS) and at(tokens, after) != "per"
    each = words != one.claim.unit or quantity.startswith("each") or (per_person and not quantity)
    if words and not _PHYSICAL.match(words) and (each or (event and person_first)):
        return f"number of {words}"
    told = _PER_PERSON.match(quantity)
    if told and told[1] in _EVENTS:
        return f"number of {told[1]}"
    return f"number of {quantity}" if per_person and not words and quantity in _EVENTS else quantity


def _from_word(tokens: Sequence[Token], index: int) -> Iterator[Read]:
    head = _head(tokens, index)
    if head is None:
        return
    quantity = head.quantity
    start = Centre(0, 0, "", measure=_MEASURES[at(tokens, index)], n=head.n, quantity=quantity)  # type: ignore[arg-type]
    one = from_value(tokens, head.place, head.label, start)
    if one is not None:
        add_limits_before(tokens, one, index)
    if not quantity:
        start = replace(start, quantity=_words_before(tokens, index))
    if one is not None:
        one.claim = replace(one.claim, quantity=start.quantity)
    while one is not None:
        yield one
        if one.claim.low is None and one.claim.sd is None:
            return
        here = one.after
        while at(tokens, here) in CLOSERS | {",", "and", "vs", "versus", "or", "."}:
            here += 1
        follows = number_at(tokens, here) is not None and here > one.after
        one = from_value(tokens, here, head.label, start) if follows else None
        if one is not None and one.claim.low is None and one.claim.sd is None:
            return


def _head(tokens: Sequence[Token], index: int) -> _Head | None:
    """Walk from the word to its value."""
    label, number, here = "", None, index + 1
    words: list[str] = []
    while here < min(len(tokens), index + _LONGEST_HEAD):
        text = at(tokens, here)
        if text in OPENERS:
            last = closing(tokens, here)
            if last is None:
                return None
            if not is_labels_only(tokens, here + 1, last) and number_at(tokens, here + 1) is not None:
                return _Head(here + 1, label, _quantity(words), number)
            number = number or n_at(tokens, here + 1)
            label = label or label_in(tokens, here + 1, last)
            here = last + 1
            continue
        if (text in _STOPS and at(tokens, here + 1) not in _NAMED_MEAN) or text in CLOSERS:
            return None
        if people_at(tokens, here) and at(tokens, here - 1) in {"the", "all", "these", "our", "in", "among"}:
            number = number or people_at(tokens, here)
        elif number_at(tokens, here) is not None and not _is_other_number(tokens, here, index):
            return _Head(here, label, _quantity(words), number)
        if tokens[here].kind == "word":
            words.append(text)
        here += 1
    return None


def _quantity(words: Sequence[str]) -> str:
    """Return the words of the head without the verb, and without a link at either end."""
    told = " ".join(word for word in words if word not in _VERBS)
    ends = r"^(?:(?:of|the) )+|(?: (?:of|to|the|a|with|in|per|person))+$|^(?:of|a|an|with|the)$"
    told = re.sub(ends, "", told)
    return "" if told == "value" else told


def _is_other_number(tokens: Sequence[Token], place: int, word: int) -> bool:
    """True for a number of the head that is not the value, as in "mean score at 12 months was 3.4"."""
    before = place - 1
    while at(tokens, before) in {"the", "a", "=", ":"} | DASHES:
        before -= 1
    return before > word and at(tokens, before) in _BEFORE_OTHER_NUMBERS


def _words_before(tokens: Sequence[Token], index: int) -> str:
    """Return the words before an index up to the comma, full stop or number that they follow.

    "(n = 9)" and the colon of "visits per child: median 3" are passed over.
    """
    words: list[str] = []
    index -= at(tokens, index - 1) == ":"
    while index > 0 and len(words) < 8:
        if at(tokens, index - 1) in CLOSERS and n_at(tokens, index - 4) is not None:
            index -= 5
        if index <= 0 or tokens[index - 1].kind != "word":
            break
        index -= 1
        words.append(tokens[index].low)
    return _quantity(words[::-1])


def _said_behind(tokens: Sequence[Token], index: int) -> Read | None:
    """Read "52 years in the median (IQR 30-48)" and "dose delays numbered 7.6 on average"."""
    led = at(tokens, index - 1) in {"the", "a"} and at(tokens, index - 2) in {"in", "was", "is"}
    first = index - 1 - led
    bracketed = at(tokens, first) in OPENERS and at(tokens, index + 1) in CLOSERS | {",", ";"}
    bracketed = bracketed and number_at(tokens, index + 2) is None
    if not bracketed and at(tokens, first) not in ({"in", "was", "is"} if led else {"on", "in"}):
        return None
    place = next((first - back for back in (1, 2, 3, 4) if number_at(tokens, first - back)), None)
    if place is None or unit(tokens, place + 1)[0] != first or people_at(tokens, place):
        return None
    quantity = _words_before(tokens, place)
    if quantity.endswith(" numbered"):
        quantity = f"number of {quantity.removesuffix(' numbered')}"
    claim = Centre(
        0,
        0,
        "",
        measure=_MEASURES[at(tokens, index)],  # type: ignore[arg-type]
        centre=number_at(tokens, place),
        quantity=quantity,
        unit=unit(tokens, place + 1)[1],
    )
    one = Read(claim, place, index + 1)
    read_spreads(tokens, one, "")
    return one


def _from_sign(tokens: Sequence[Token], index: int) -> Read | None:
    """Read "37.6 years ± 12.1" where no word announced it: a mean with a spread of unsaid kind."""
    for place in (index - 1, index - 2, index - 3):
        if number_at(tokens, place) is not None:
            one = from_value(tokens, place, "", Centre(0, 0, "", measure="mean"))
            return one if one is not None and one.claim.sd is not None else None
    return None


def _from_label(tokens: Sequence[Token], index: int) -> Read | None:
    """Read a further value of the sentence, "985 s (range 493-2353)": its measure was told before.

    A range without such a word is not read: it may be that of a scale or of healthy people.
    """
    if at(tokens, index - 1) not in OPENERS:
        return None
    near = range(max(0, index - _FAR), index)
    told = [_MEASURES[at(tokens, place)] for place in near if at(tokens, place) in _MEASURES]
    if not told and LABELS[at(tokens, index)] != "iqr":
        return None
    measure = told[-1] if told else "median"
    for place in range(index - 2, index - 5, -1):
        if number_at(tokens, place) is None:
            continue
        if at(tokens, place - 1) in {"/", "±", "in"} | DASHES:
            return None
        one = from_value(tokens, place, "", Centre(0, 0, "", measure=measure))  # type: ignore[arg-type]
        return one if one is not None and one.claim.low is not None else None
    return None
