"""Two numbers that bound something, as papers print them: 2–5, 16 to 75, [1.1, 2.0], (-9.1 to -1.3).

The readers of centres and of estimates share these small moves over the tokens of a sentence. A number
that is only a piece of a larger one (aOR1.5 is read as "aOR1", ".", "5") is told apart here as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from openhlh.claims import Printed
from openhlh.literature.tokens import Token, printed

DASHES = frozenset("-–—‐‑−~")
OPENERS = frozenset("([{")
CLOSERS = frozenset(")]}")
LINKS = frozenset({"=", ":", ",", "of", "was", "were", "is", "are", "being"})
_SEPARATORS = DASHES | {",", ";", "/", "to", "and", "through", "till", "until"}
_NOT_UNITS = {
    "a", "an", "and", "as", "at", "by", "for", "from", "had", "has", "have", "in", "is", "it", "of", "on",
    "or", "per", "than", "that", "the", "to", "vs", "versus", "was", "were", "with", "while", "whereas",
    "which", "who", "compared", "respectively", "among", "between", "after", "before", "both", "but",
    "range", "ranged", "ranging", "ranges", "interquartile", "iqr", "mean", "median", "average", "standard",
    "sd", "se", "sem", "ci", "cri", "confidence", "credible", "interval", "p", "n", "males", "females",
    "male", "female", "men", "women", "boys", "girls", "q1", "min", "minimum", "through", "till", "until",
    "up",
}  # fmt: skip
_LITTLE = {
    "a", "an", "and", "as", "at", "be", "been", "by", "for", "from", "had", "has", "have", "in", "into",
    "is", "it", "its", "of", "on", "or", "our", "that", "the", "their", "there", "these", "this", "to",
    "was", "we", "were", "with",
}  # fmt: skip
_SIGNS = {"<", "≤", ">", "≥", "~"}
_BEFORE_LIMITS = {
    "from", "between", ":", "=", "of", "was", "ranging", "ranged", "spanning", "extending", "running",
    "lower", "limit", "bound", "low", "min", "minimum", "lowest", "smallest", "q1", "being", "were",
    "ran", "runs", "extended", "extends", "spanned", "spans", "goes", "went", "lay", "stretched",
} | _SIGNS  # fmt: skip
_BEFORE_UPPER = _SIGNS | {
    "upper", "limit", "bound", "high", "max", "maximum", "highest", "largest", "q3", "quartile", ":", "=",
}  # fmt: skip
_THOUSANDS = re.compile(r"^\[(\d{1,3}(?:,\d{3})*)\s?[–-]\s?(\d{1,3}(?:,\d{3})*)\]$")
_PAIR = re.compile(r"^\[?(\d+(?:\.\d+)?)\s?[,:–-]\s?(\d+(?:\.\d+)?)\]?$")


class Limits(NamedTuple):
    """The two numbers, the index of the token after them, their units, whether percent, what parts them."""

    low: Printed
    high: Printed
    after: int
    units: tuple[str, str] = ("", "")
    percent: bool = False
    separator: str = "-"


def at(tokens: Sequence[Token], index: int) -> str:
    """Return the lower-case words of a token, "" outside the sentence."""
    return tokens[index].text.lower() if 0 <= index < len(tokens) else ""


def number_at(tokens: Sequence[Token], index: int) -> Printed | None:
    """Return the number at an index, None for a piece of one, for 0,05 and for six-minute."""
    if not 0 <= index < len(tokens):
        return None
    token = tokens[index]
    if token.number is None or token.text.startswith("0,") or _is_a_piece(tokens, index):
        return None
    if token.text.isalpha() and at(tokens, index + 1) in DASHES and tokens[index + 1].start == token.end:
        return None
    return token.number


def limits(tokens: Sequence[Token], index: int) -> Limits | None:
    """Return the two numbers that start at an index, in the order printed, None where there are none."""
    while at(tokens, index) in _BEFORE_LIMITS:
        index += 1
    if index < len(tokens) and tokens[index].kind in {"cite", "ratio"}:
        return _in_one_token(tokens[index], index)
    low = number_at(tokens, index)
    if low is None:
        return None
    here, first_unit, first_percent = unit(tokens, index + 1)
    here += at(tokens, here) == "up" and at(tokens, here + 1) == "to"
    separator = at(tokens, here)
    if separator in _SEPARATORS:
        here += 1
        while at(tokens, here) in _BEFORE_UPPER:
            here += 1
        high = _after_two_dashes(tokens, here, low)
        here += high is not None
        high = high or number_at(tokens, here)
    else:
        high = _glued_minus(number_at(tokens, here), low)
    if high is None or _a_list_goes_on(tokens, here, separator):
        return None
    after, second_unit, second_percent = unit(tokens, here + 1)
    return Limits(low, high, after, (first_unit, second_unit), first_percent or second_percent, separator)


def unit(tokens: Sequence[Token], index: int) -> tuple[int, str, bool]:
    """Return the index behind the unit that follows a number, its words, and whether it is percent."""
    if index < len(tokens) and tokens[index].kind == "percent":
        return index + 1, "%", True
    start = index
    words: list[str] = []
    if at(tokens, index) == "°":
        return min(index + 2, len(tokens)), "°" + at(tokens, index + 1), False
    if index < len(tokens) and tokens[index].kind == "power":
        per = at(tokens, index + 1) == "/" and index + 2 < len(tokens)
        return (
            index + (3 if per else 1),
            "".join(token.low for token in tokens[index : index + 3 * per]),
            False,
        )
    if at(tokens, index) in DASHES and index + 1 < len(tokens) and tokens[index + 1].kind == "word":
        index += 1
    while index < len(tokens) and len(words) < 2 and tokens[index].kind == "word":
        if tokens[index].low in _NOT_UNITS and not (not words and _is_minutes(tokens, index)):
            break
        words.append(tokens[index].low)
        index += 1
    return (index if words else start), " ".join(words), False


def _is_minutes(tokens: Sequence[Token], index: int) -> bool:
    """True for the "min" of "36 min in the median", not for that of "36 min-max"."""
    return at(tokens, index) == "min" and not (
        at(tokens, index + 1) in DASHES | {":", "=", "to", "and"} or number_at(tokens, index + 1) is not None
    )


def same_unit(one: str, other: str) -> bool:
    """Say whether two units may be the same: one is missing, or both begin alike (years, yr, y)."""
    letters = min(2, len(one), len(other))
    return one[:letters] == other[:letters]


def wording(tokens: Sequence[Token], index: int, before: int = 30, behind: int = 14) -> str:
    """Return the lower-case content words around a token, in order, each once."""
    near = tokens[max(0, index - before) : index + behind]
    words = dict.fromkeys(
        token.low
        for token in near
        if token.kind == "word" and len(token.text) > 1 and token.low not in _LITTLE
    )
    return " ".join(words)


def _is_a_piece(tokens: Sequence[Token], index: int) -> bool:
    """True where a point or a comma joins the number to digits on its left or right without a space."""
    if index >= 2 and at(tokens, index - 1) in {",", "."} and tokens[index - 2].text in {",", "."}:
        return True
    if _thousands_apart(tokens, index - 1) or _thousands_apart(tokens, index):
        return True
    return any(
        _joined(tokens, first) for first in (index - 2, index) if first >= 0 and first + 2 < len(tokens)
    )


def _thousands_apart(tokens: Sequence[Token], first: int) -> bool:
    """True for "1 290.5", whose thousands are set apart by a space that reads as two numbers."""
    if first < 0 or first + 1 >= len(tokens):
        return False
    left, right = tokens[first : first + 2]
    return (
        right.start - left.end == 1
        and left.text.isdigit()
        and len(left.text) <= 3
        and bool(re.match(r"\d{3}\.\d", right.text))
    )


def _joined(tokens: Sequence[Token], first: int) -> bool:
    left, mark, right = tokens[first : first + 3]
    if mark.text not in {".", ",", "·"} or left.end != mark.start or mark.end != right.start:
        return False
    if not (left.text[-1].isdigit() and right.text[0].isdigit()):
        return left.kind == "cite" and right.text[0].isdigit()
    if mark.text != ",":
        return True
    in_brackets = at(tokens, first - 1) in OPENERS and at(tokens, first + 3) in CLOSERS
    return not in_brackets and left.text.isdigit() and right.text.isdigit()


def _in_one_token(token: Token, index: int) -> Limits | None:
    found = _PAIR.match(token.text) or _THOUSANDS.match(token.text)
    if not found:
        return None
    low = printed(found[1], token.start + found.start(1))
    return Limits(low, printed(found[2], token.start + found.start(2)), index + 1)


def _glued_minus(high: Printed | None, low: Printed) -> Printed | None:
    """Return the number of "4 - 15", whose dash was read as a sign; two signs in a row are not settled."""
    if high is None or high.text[0] not in DASHES or low.text[0] in DASHES:
        return None
    return replace(high, text=high.text[1:].lstrip(), value=-high.value)


def _after_two_dashes(tokens: Sequence[Token], index: int, low: Printed) -> Printed | None:
    """Return the number of "0.7--15.6": two hyphens were typed for one dash; in "-9.1--1.3" one is a sign."""
    if at(tokens, index) not in DASHES or at(tokens, index - 1) not in DASHES:
        return None
    high = number_at(tokens, index + 1)
    if high is None or low.value >= 0:
        return high
    return replace(high, text=f"-{high.text}", value=-high.value)


def _a_list_goes_on(tokens: Sequence[Token], index: int, separator: str) -> bool:
    """True where a comma between two numbers belongs to a list, as in 1, 2, 3 or in 2.8, 1.2-6.4."""
    return (
        separator in {",", ";", "and", "/"}
        and at(tokens, index + 1) in _SEPARATORS - {";"}
        and number_at(tokens, index + 2) is not None
        and at(tokens, index + 3) not in {"=", "%"}
    )
