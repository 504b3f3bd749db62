"""What is printed of the spread of a mean or median: its range, its quartiles, its standard deviation.

The spread stands behind the value ("48 years (IQR 39-56; range, 16 to 75)"), sometimes before the words
("aged 16 to 75 years (median 48)"). Limits whose units differ from the value's are not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from openhlh.claims import Centre
from openhlh.literature.limits import CLOSERS, DASHES, OPENERS, Limits, at, limits, number_at, same_unit, unit
from openhlh.literature.sizes import n_at
from openhlh.literature.tokens import Token

LABELS = {
    "range": "range", "ranges": "range", "ranging": "range", "ranged": "range", "min-max": "range",
    "min–max": "range", "minimum-maximum": "range", "extremes": "range", "iqr": "iqr", "iqrs": "iqr",
    "interquartile": "iqr", "interquartiles": "iqr", "inter-quartile": "iqr", "quartile": "iqr",
    "quartiles": "iqr", "q1-q3": "iqr", "q1–q3": "iqr", "iq": "iqr", "25th-75th": "iqr", "25th–75th": "iqr",
    "th-75th": "iqr", "th–75th": "iqr", "percentile": "iqr", "percentiles": "iqr", "ci": "ci", "cri": "ci",
    "confidence": "ci", "credible": "ci", "sd": "sd", "sds": "sd", "s.d": "sd", "deviation": "sd",
    "deviations": "sd", "se": "other", "sem": "other", "error": "other", "cv": "other", "p": "other",
    "n": "n", "max": "range", "maximum": "range", "min": "range", "minimum": "range", "lowest": "range",
    "highest": "range", "smallest": "range", "largest": "range", "extreme": "range", "q1": "iqr",
    "spanning": "range", "span": "range", "spread": "range",
}  # fmt: skip
_LABEL_WORDS = {
    "75", "overall", "whole", "entire", "observed", "lower", "upper", "q3", "being", "were", "ran", "limits",
    "range", "iqr", "interquartile", "standard", "percentile", "percentiles", "quartile", "quartiles",
    "min", "max", "interval", "confidence", "deviation", "values", "minimum", "maximum", "ci", "sd", "of",
    "was", "from", "between", "age", "to", "years", "inter-quartile", "and", "with", "a", "an", "the",
    "ages", "total", "full", "credible", "%", "1st", "3rd", "first", "third", "25th", "75th", "th", "st",
    "rd", "25", "1", "3", "–", "-",
}  # fmt: skip
_BEFORE = {
    "aged": "range", "age": "range", "ages": "range", "ranging": "range", "ranged": "range",
    "range": "range", "iqr": "iqr", "lay": "range", "went": "range", "ran": "range", "spanned": "range",
    "extended": "range", "varied": "range",
}  # fmt: skip
_JOINTS = {"(", "[", ")", "]", ",", ";", "had", "with", "a", "an", "the", "and"}
_LITTLE_JOINTS = {
    "a",
    "an",
    "the",
    "and",
    "had",
}  # alone they join nothing: "aged 4-9 had a mean of"
_RUN = {"between", "from", "ranging", "ran", "ranged", "spanning", "lay"}
_FARTHEST_LABEL = 9


@dataclass(slots=True)
class Read:
    """A centre in the making, its first token and the one behind the last, and its other limits.

    `second` is the same centre with its range where its quartiles were read as well, or the reverse.
    """

    claim: Centre
    first: int
    after: int
    second: Centre | None = None


def from_value(tokens: Sequence[Token], place: int, label: str, start: Centre) -> Read | None:
    """Read the value at an index, its unit and its spread; `label` is what the head says of the spread."""
    value = number_at(tokens, place)
    if value is None:
        return None
    after, words, _ = unit(tokens, place + 1)
    one = Read(replace(start, centre=value, unit=words), place, after)
    read_spreads(tokens, one, label)
    return one


def read_spreads(tokens: Sequence[Token], one: Read, label: str) -> None:
    """Add the pieces of spread that stand behind what was read, at most three."""
    for _ in range(3):
        if not _read_one(tokens, one, label):
            return


def closing(tokens: Sequence[Token], opening: int) -> int | None:
    """Return the index of the bracket that closes the one at an index, None where it is far."""
    depth = 0
    for index in range(opening, min(len(tokens), opening + 16)):
        depth += (at(tokens, index) in OPENERS) - (at(tokens, index) in CLOSERS)
        if depth == 0:
            return index
    return None


def is_labels_only(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Say whether the words between two indices hold no number but those of labels (1st, 25th)."""
    return all(
        tokens[index].kind != "number" or at(tokens, index) in _LABEL_WORDS for index in range(first, last)
    )


def label_in(tokens: Sequence[Token], first: int, last: int) -> str:
    """Return the spread that a head announces, as "mean (SD)" does; "" where it announces none."""
    words = [at(tokens, index) for index in range(first, last)]
    found = [LABELS[word] for word in words if word in LABELS]
    if "±" in words and "other" not in found:
        return "sd"
    return found[0] if found else ""


def behind_plus_minus(tokens: Sequence[Token], index: int) -> int:
    """Return the index behind ± or +/- at an index, 0 where there is none."""
    if at(tokens, index) == "±":
        return index + 1
    if at(tokens, index) == "+" and at(tokens, index + 1) == "/":
        return index + 2 + (at(tokens, index + 2) in DASHES)
    return 0


def add_limits_before(tokens: Sequence[Token], one: Read, index: int) -> None:
    """Add limits that stand before the word at an index, as in "aged 23 to 77 years (median 48)".

    Where it is told what the centre is of, only "With a range from 4 to 9, the median stay was 6" is read:
    in "aged 45-54 years, mean experience 13 years" the limits are those of another quantity.
    """
    last = index
    while at(tokens, last - 1) in _JOINTS:
        last -= 1
    parted = {at(tokens, place) for place in range(last, index)} & (_JOINTS - _LITTLE_JOINTS)
    if not parted or at(tokens, one.after) not in CLOSERS | {",", ";", ".", ""}:
        return
    for first in range(last - 3, max(0, last - 10), -1):
        kind = _BEFORE.get(at(tokens, first - 1), "")
        found = limits(tokens, first) if kind else None
        if found is None or found.after != last or found.separator in {",", ";"}:
            continue
        begins = first - 1 - (at(tokens, first - 2) in {"interquartile", "inter-quartile"})
        kind = kind if begins == first - 1 else "iqr"
        opened_with = "with" in {at(tokens, begins - 1), at(tokens, begins - 2)}
        if opened_with or set(one.claim.quantity.split()) <= {"age", "ages"}:
            _keep(one, found, kind)
            one.first = first
        return


def _read_one(tokens: Sequence[Token], one: Read, label: str) -> bool:
    here = one.after
    deviation = behind_plus_minus(tokens, here)
    if deviation:
        return _add_deviation(tokens, one, deviation, named=label == "sd")
    opened = at(tokens, here) in OPENERS
    while at(tokens, here) in OPENERS | CLOSERS | {",", ";"}:
        opened = opened or at(tokens, here) in OPENERS
        here += 1
    own, here = _own_label(tokens, _over_words(tokens, here))
    if label and here < len(tokens) and tokens[here].kind == "cite" and at(tokens, here).startswith("["):
        return _add_limits(tokens, one, here, label)
    kind = own or (label if opened else "")
    if kind in {"ci", "other"} or own == "other" or (not own and not opened):
        return False
    if own == "n":
        number = n_at(tokens, here - 1)
        if number is not None:
            one.claim, one.after = replace(one.claim, n=one.claim.n or number), here + 2
        return number is not None
    if kind == "sd":
        return _add_deviation(tokens, one, here, named=True)
    return _add_limits(tokens, one, here, kind)


def _over_words(tokens: Sequence[Token], index: int) -> int:
    """Return where the label stands in "31 years for age, with IQR 24-84" and in "31 years was found (IQR
    24-84)", else the index itself."""
    passed: set[str] = set()
    for here in range(index, min(len(tokens), index + _FARTHEST_LABEL)):
        word = at(tokens, here)
        if LABELS.get(word) in {"range", "iqr"} and at(tokens, here - 1) in {"a", "an", "with", "and", "the"}:
            return here
        if word in OPENERS and "," not in passed and _own_label(tokens, here + 1)[0] in {"range", "iqr"}:
            return here + 1
        passed.add(word)
        if word in {"ranged", "ranging"} and all(
            at(tokens, place) in {"and", "which"} for place in range(index, here)
        ):
            return here
        if number_at(tokens, here) is not None or word in OPENERS | CLOSERS | {".", ";", ":"}:
            break
        if word in {"median", "mean", "average", "vs", "versus"}:
            break
    return index


def _own_label(tokens: Sequence[Token], index: int) -> tuple[str, int]:
    """Return the kind of spread that is named at an index and the index of its number."""
    kind, here = "", index
    while here < len(tokens) and here < index + _FARTHEST_LABEL:
        word = at(tokens, here)
        if word == "n" and at(tokens, here + 1) in {"=", ":"} and not kind:
            return "n", here + 1
        if (
            word not in LABELS
            and word not in _LABEL_WORDS
            and word not in OPENERS | CLOSERS | {",", "=", ":"}
        ):
            break
        if number_at(tokens, here) is not None and not (tokens[here].text in {"25", "1", "3"} and not kind):
            break
        if word == "values" and at(tokens, here + 1) in _RUN:
            kind = kind or "range"
        if word in LABELS:
            kind = kind if kind in {"iqr", "ci"} else LABELS[word]
        here += 1
    return (kind, here) if kind else ("", index)


def _add_deviation(tokens: Sequence[Token], one: Read, index: int, *, named: bool) -> bool:
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
    _add_unit_behind(tokens, one)
    return True


def _add_limits(tokens: Sequence[Token], one: Read, index: int, kind: str) -> bool:
    found = limits(tokens, index)
    if found is None:
        return False
    if not kind and (at(tokens, found.after) not in CLOSERS | {",", ";"} or found.separator == "and"):
        return False
    if not _keep(one, found, kind):
        return False
    one.after = found.after
    _add_unit_behind(tokens, one)
    return True


def _add_unit_behind(tokens: Sequence[Token], one: Read) -> None:
    """Add the unit of "37.6 (12.1) years", which stands behind the bracket."""
    if not one.claim.unit and at(tokens, one.after) in CLOSERS:
        behind, words, _ = unit(tokens, one.after + 1)
        one.claim = replace(one.claim, unit=words)
        one.after = behind if words else one.after


def _keep(one: Read, found: Limits, kind: str) -> bool:
    """Keep limits as the centre's, or as its second ones of another kind; False where they do not fit."""
    if not all(same_unit(one.claim.unit, words) for words in found.units) or not same_unit(*found.units):
        return False
    fresh = replace(one.claim, low=found.low, high=found.high, spread=kind)  # type: ignore[arg-type]
    if one.claim.low is None:
        one.claim = fresh
    elif one.second is None and {kind, one.claim.spread} == {"range", "iqr"}:
        one.second = fresh
    else:
        return False
    return True
