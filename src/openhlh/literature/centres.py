"""Means and medians with their spread: "median age 48 years (range, 16 to 75)", "37.6 ± 12.1".

From the word (median, mean) the reader walks over what is measured to the value, and from the value over
its unit to what is printed of its spread. A label may stand in the head: "mean (SD) age was 37.6 (12.1)".
Values that follow in the same form are read with the same head. Limits of a confidence interval are left
to the reader of estimates; limits whose units differ from the value's are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from openhlh.claims import Centre, Claim, Printed
from openhlh.literature.document import Document
from openhlh.literature.limits import (
    CLOSERS,
    DASHES,
    OPENERS,
    at,
    limits,
    number_at,
    same_unit,
    unit,
    wording,
)
from openhlh.literature.subjects import PEOPLE
from openhlh.literature.tokens import Sentence, Token

_MEASURES = {"median": "median", "medians": "median", "mean": "mean", "means": "mean", "average": "mean"}
_BEFORE_OTHER_NUMBERS = {
    "at", "after", "within", "day", "days", "week", "month", "year", "grade", "stage", "over", "during",
    "first", "last", "for", "than", "per", "least", "group", "type", "in", "by", "level", "phase", "cycle",
    "every", "only", "past", "previous", "next", "top", "under", "above", "below", "class", "arm", "cohort",
    "visit",
}  # fmt: skip
_STOPS = {";", "median", "medians", "mean", "means", "±", "vs", "versus", "?"}
_LABELS = {
    "range": "range", "ranges": "range", "ranging": "range", "ranged": "range", "min-max": "range",
    "minimum-maximum": "range", "extremes": "range", "iqr": "iqr", "interquartile": "iqr",
    "interquartiles": "iqr", "inter-quartile": "iqr", "quartile": "iqr", "quartiles": "iqr", "q1-q3": "iqr",
    "iqrs": "iqr", "iq": "iqr", "q1–q3": "iqr", "25th-75th": "iqr", "th-75th": "iqr", "25th–75th": "iqr",
    "th–75th": "iqr", "percentile": "iqr", "percentiles": "iqr", "ci": "ci", "cri": "ci",
    "confidence": "ci", "credible": "ci", "sd": "sd", "sds": "sd", "s.d": "sd", "deviation": "sd",
    "deviations": "sd", "se": "other", "sem": "other", "error": "other", "cv": "other", "p": "other",
    "n": "n",
}  # fmt: skip
_LABEL_WORDS = {
    "range", "iqr", "interquartile", "standard", "percentile", "percentiles", "quartile", "quartiles",
    "min", "max", "interval", "confidence", "deviation", "values", "minimum", "maximum", "ci", "sd", "of",
    "was", "from", "between", "age", "to", "years", "inter-quartile", "and", "with", "a", "the", "ages",
    "total", "full", "credible", "%", "1st", "3rd", "first", "third", "25th", "75th", "th", "st", "rd",
    "25", "1", "3",
}  # fmt: skip
_SPREAD_BEFORE = {"aged", "ranging", "ranged", "range", "age", "ages"}
_LONGEST_HEAD = 22
_VERBS = {"was", "were", "is", "are", "being"}
_TRIGGERS = _MEASURES.keys() | {"±", "+", "iqr", "interquartile"}


@dataclass(slots=True)
class _Read:
    """A centre in the making, with the first token and the one behind the last."""

    claim: Centre
    first: int
    after: int


def centre_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield every mean and median of the sentences with its spread and its number of values."""
    for sentence in sentences:
        tokens = sentence.tokens
        words = {token.low for token in tokens}
        if not words & _TRIGGERS:
            continue
        found: dict[Printed | None, _Read] = {}
        for index, token in enumerate(tokens):
            if token.low in _MEASURES:
                for one in _from_word(tokens, index):
                    found.setdefault(one.claim.centre, one)
            elif token.text in {"±", "+"} and (signed := _from_sign(tokens, index)):
                found.setdefault(signed.claim.centre, signed)
            elif _LABELS.get(token.low) in {"range", "iqr"} and (labelled := _from_label(tokens, index)):
                found.setdefault(labelled.claim.centre, labelled)
        for one in sorted(found.values(), key=lambda one: one.first):
            yield _finished(document, tokens, one)


def _finished(document: Document, tokens: Sequence[Token], one: _Read) -> Centre:
    start, end = tokens[one.first].start, tokens[one.after - 1].end
    number = one.claim.n or _n_behind(tokens, one.after) or _n_of_sentence(tokens, one.first)
    return replace(
        one.claim,
        start=start,
        end=end,
        text=document.text[start:end],
        where=document.where(start),
        about=wording(tokens, one.first, 30, one.after - one.first + 10),
        n=number,
    )


def _from_word(tokens: Sequence[Token], index: int) -> Iterator[_Read]:
    head = _head(tokens, index)
    if head is None:
        return
    place, label, words, number = head
    start = Centre(0, 0, "", measure=_MEASURES[at(tokens, index)], n=number, quantity=words)  # type: ignore[arg-type]
    one = _from_value(tokens, place, label, start)
    if one is not None and one.claim.low is None and set(words.split()) <= {"age", "ages"}:
        _add_limits_before(tokens, one, index)
    while one is not None:
        yield one
        if one.claim.low is None and one.claim.sd is None:
            return
        here = one.after
        while at(tokens, here) in CLOSERS | {",", "and", "vs", "versus", "or", "."}:
            here += 1
        follows = number_at(tokens, here) is not None and here > one.after
        one = _from_value(tokens, here, label, start) if follows else None
        if one is not None and one.claim.low is None and one.claim.sd is None:
            return


def _head(tokens: Sequence[Token], index: int) -> tuple[int, str, str, Printed | None] | None:
    """Walk from the word to its value: the place, the label in brackets, what is measured, and n."""
    label, number, here = "", None, index + 1
    words: list[str] = []
    while here < min(len(tokens), index + _LONGEST_HEAD):
        text = at(tokens, here)
        if text in OPENERS:
            closing = _closing(tokens, here)
            if closing is None:
                return None
            if not _is_labels_only(tokens, here + 1, closing) and number_at(tokens, here + 1) is not None:
                return here + 1, label, _quantity(words), number
            number = number or _n_at(tokens, here + 1)
            label = label or _label_in(tokens, here + 1, closing)
            here = closing + 1
            continue
        if text in _STOPS or text in CLOSERS:
            return None
        if number_at(tokens, here) is not None and not _is_other_number(tokens, here, index):
            return here, label, _quantity(words), number
        if tokens[here].kind == "word":
            words.append(text)
        here += 1
    return None


def _quantity(words: Sequence[str]) -> str:
    """Return the words of the head without the verb, and without a link at either end."""
    return re.sub(r"^(?:of )+|(?: of)+$", "", " ".join(word for word in words if word not in _VERBS))


def _is_other_number(tokens: Sequence[Token], place: int, word: int) -> bool:
    """True for a number of the head that is not the value, as in "mean score at 12 months was 3.4"."""
    before = place - 1
    while at(tokens, before) in {"the", "a", "=", ":"} | DASHES:
        before -= 1
    return before > word and at(tokens, before) in _BEFORE_OTHER_NUMBERS


def _closing(tokens: Sequence[Token], opening: int) -> int | None:
    depth = 0
    for index in range(opening, min(len(tokens), opening + 16)):
        depth += (at(tokens, index) in OPENERS) - (at(tokens, index) in CLOSERS)
        if depth == 0:
            return index
    return None


def _is_labels_only(tokens: Sequence[Token], first: int, last: int) -> bool:
    return all(
        tokens[index].kind != "number" or at(tokens, index) in _LABEL_WORDS for index in range(first, last)
    )


def _label_in(tokens: Sequence[Token], first: int, last: int) -> str:
    found = [_LABELS[at(tokens, index)] for index in range(first, last) if at(tokens, index) in _LABELS]
    if "±" in {at(tokens, index) for index in range(first, last)} and "other" not in found:
        return "sd"
    return found[0] if found else ""


def _n_at(tokens: Sequence[Token], index: int) -> Printed | None:
    """Return the number of "n = 20" at an index."""
    if at(tokens, index) == "n" and at(tokens, index + 1) in {"=", ":"}:
        found = number_at(tokens, index + 2)
        return found if found is not None and found.whole and found.value > 0 else None
    return None


def _from_value(tokens: Sequence[Token], place: int, label: str, start: Centre) -> _Read | None:
    value = number_at(tokens, place)
    if value is None:
        return None
    after, words, _ = unit(tokens, place + 1)
    one = _Read(replace(start, centre=value, unit=words), place, after)
    for _ in range(3):
        if not _read_spread(tokens, one, label):
            break
    return one


def _read_spread(tokens: Sequence[Token], one: _Read, label: str) -> bool:
    """Add the next piece of spread behind what was read; False where there is none."""
    here = one.after
    deviation = _behind_plus_minus(tokens, here)
    if deviation:
        return _add_deviation(tokens, one, deviation, named=label == "sd")
    opened = at(tokens, here) in OPENERS
    while at(tokens, here) in OPENERS | CLOSERS | {",", ";"}:
        opened = opened or at(tokens, here) in OPENERS
        here += 1
    own, here = _own_label(tokens, here)
    if label and here < len(tokens) and tokens[here].kind == "cite" and at(tokens, here).startswith("["):
        return _add_limits(tokens, one, here, label)
    kind = own or (label if opened else "")
    if own in {"ci", "other"} or (not own and not opened):
        return False
    if own == "n":
        number = _n_at(tokens, here - 1)
        if number is not None:
            one.claim, one.after = replace(one.claim, n=one.claim.n or number), here + 2
        return number is not None
    if kind == "sd":
        return _add_deviation(tokens, one, here, named=True)
    if kind in {"ci", "other"}:
        return False
    return _add_limits(tokens, one, here, kind)


def _own_label(tokens: Sequence[Token], index: int) -> tuple[str, int]:
    """Return the kind of spread that is named at an index and the index of its number."""
    kind, here = "", index
    while here < len(tokens) and here < index + 9:
        word = at(tokens, here)
        if word == "n" and at(tokens, here + 1) in {"=", ":"} and not kind:
            return "n", here + 1
        if (
            word not in _LABELS
            and word not in _LABEL_WORDS
            and word not in OPENERS | CLOSERS | {",", "=", ":", "-"}
        ):
            break
        if number_at(tokens, here) is not None and not (tokens[here].text in {"25", "1", "3"} and not kind):
            break
        if word in _LABELS:
            kind = kind if kind in {"iqr", "ci"} else _LABELS[word]
        here += 1
    return (kind, here) if kind else ("", index)


def _add_deviation(tokens: Sequence[Token], one: _Read, index: int, *, named: bool) -> bool:
    while at(tokens, index) in {"±", ",", "="}:
        index += 1
    value = number_at(tokens, index)
    if value is None or one.claim.sd is not None:
        return False
    if value.text[0] in DASHES:
        value = replace(value, text=value.text[1:].strip(), value=-value.value)
    after, words, _ = unit(tokens, index + 1)
    if at(tokens, after) in DASHES | {"to"} and number_at(tokens, after + 1) is not None:
        return False
    one.claim = replace(one.claim, sd=value, sd_named=named, unit=one.claim.unit or words)
    one.after = after
    return True


def _add_limits(tokens: Sequence[Token], one: _Read, index: int, kind: str) -> bool:
    found = limits(tokens, index)
    if found is None or one.claim.low is not None:
        return False
    if not kind and (at(tokens, found.after) not in CLOSERS | {",", ";"} or found.separator == "and"):
        return False
    if not all(same_unit(one.claim.unit, words) for words in found.units) or not same_unit(*found.units):
        return False
    one.claim = replace(
        one.claim,
        low=found.low,
        high=found.high,
        spread=kind,  # type: ignore[arg-type]
        unit=one.claim.unit or found.units[1],
    )
    one.after = found.after
    return True


def _behind_plus_minus(tokens: Sequence[Token], index: int) -> int:
    """Return the index behind ± or +/- at an index, 0 where there is none."""
    if at(tokens, index) == "±":
        return index + 1
    if at(tokens, index) == "+" and at(tokens, index + 1) == "/":
        return index + 2 + (at(tokens, index + 2) in DASHES)
    return 0


def _from_sign(tokens: Sequence[Token], index: int) -> _Read | None:
    """Read "37.6 years ± 12.1" where no word announced it: a mean with a spread of unsaid kind."""
    for place in (index - 1, index - 2, index - 3):
        if number_at(tokens, place) is not None:
            one = _from_value(tokens, place, "", Centre(0, 0, "", measure="mean"))
            return one if one is not None and one.claim.sd is not None else None
    return None


def _from_label(tokens: Sequence[Token], index: int) -> _Read | None:
    """Read a further value of the sentence, "985 s (range 493-2353)": its measure was told before.

    A range without such a word is not read: it may be that of a scale or of healthy people.
    """
    if at(tokens, index - 1) not in OPENERS:
        return None
    told = [_MEASURES[at(tokens, place)] for place in range(index) if at(tokens, place) in _MEASURES]
    if not told and _LABELS[at(tokens, index)] != "iqr":
        return None
    measure = told[-1] if told else "median"
    for place in range(index - 2, index - 5, -1):
        if number_at(tokens, place) is None:
            continue
        if at(tokens, place - 1) in {"/", "±", "in"} | DASHES:
            return None
        one = _from_value(tokens, place, "", Centre(0, 0, "", measure=measure))  # type: ignore[arg-type]
        return one if one is not None and one.claim.low is not None else None
    return None


def _add_limits_before(tokens: Sequence[Token], one: _Read, index: int) -> None:
    """Add the range that stands before the words, as in "aged 23 to 77 years (median 48)"."""
    if at(tokens, index - 1) not in OPENERS | {",", ";"} or at(tokens, one.after) not in CLOSERS | {",", ";"}:
        return
    for first in range(index - 3, max(-1, index - 9), -1):
        if at(tokens, first - 1) not in _SPREAD_BEFORE:
            continue
        found = limits(tokens, first)
        if found is None or found.after != index - 1 or found.separator in {",", ";"}:
            continue
        if all(same_unit(one.claim.unit, words) for words in found.units) and same_unit(*found.units):
            one.claim, one.first = replace(one.claim, low=found.low, high=found.high, spread="range"), first
        return


def _n_behind(tokens: Sequence[Token], index: int) -> Printed | None:
    while at(tokens, index) in CLOSERS | OPENERS | {",", ";", "in", "for"}:
        index += 1
    return _n_at(tokens, index)


def _n_of_sentence(tokens: Sequence[Token], place: int) -> Printed | None:
    """Return the one number of people that a sentence begins with: "In 20 patients the mean number ..."."""
    found = []
    for index in range(place):
        number = number_at(tokens, index)
        if number is None or not number.whole or number.value <= 0:
            continue
        if {at(tokens, index + 1), at(tokens, index + 2)} & PEOPLE:
            found.append((index, number))
    if len(found) == 1 and at(tokens, found[0][0] - 1) in {"in", "among", "for", "of", "all", "the", "from"}:
        return found[0][1]
    return None
