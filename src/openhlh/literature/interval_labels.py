"""The label of an interval ("95% CI", "99 % confidence interval"), and what is estimated (HR, OR, mean)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from openhlh.literature.limits import CLOSERS, LINKS, OPENERS, at, number_at
from openhlh.literature.tokens import Token

_SHORT = {"ci", "cis", "cri", "ci95", "crl"}
_LONG = {"confidence", "credible", "credibility"}
_INTERVALS = {"interval", "intervals", "limit", "limits", "range"}
LEVELS = {Fraction(level) for level in (80, 90, 95, 99)} | {Fraction("97.5"), Fraction("99.9")}
RATIOS = {
    "HR": "hr", "aHR": "hr", "AHR": "hr", "sHR": "hr", "SHR": "hr", "csHR": "hr", "HRs": "hr", "cHR": "hr",
    "OR": "or", "aOR": "or", "AOR": "or", "cOR": "or", "COR": "or", "ORs": "or", "aORs": "or", "uOR": "or",
    "RR": "rr", "aRR": "rr", "ARR": "rr", "IRR": "rr", "aIRR": "rr", "PR": "rr", "aPR": "rr", "SIR": "rr",
    "SMR": "rr", "RRs": "rr", "APR": "rr", "POR": "or", "ROR": "or",
}  # fmt: skip
_RATIO_NAMES = {"hr", "or", "rr"}
_NAMED = (
    (r"hazards? ratios?$", "hr"), (r"odds ratios?$", "or"),
    (r"relative risks?$", "rr"),
    (r"(?:risk|rate|prevalence|incidence) ratios?$", "rr"),
    (r"difference(?: in \w+)?s?$|\b(?:smd|md|wmd|rd|ard|b|beta|coefficient|change|effect)$|β$", "difference"),
    (r"\b(?:changed|differed|decreased|increased|reduced) by$", "difference"),
    (r"\bmean$|\baverage$", "mean"), (r"\bmedian\b", "median"),
)  # fmt: skip


def is_label(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a label of an interval stands at an index."""
    word = at(tokens, index)
    return word in _SHORT or (word in _LONG and at(tokens, index + 1) in _INTERVALS)


def label_at(tokens: Sequence[Token], index: int) -> tuple[int, int, Fraction]:
    """Return where the label begins, the index behind it, and its level (95 where none is printed).

    "95% confidence interval (" before "95% CI" is part of the label.
    """
    first, after, level = _one_label(tokens, index)
    before = first - 1 - (at(tokens, first - 1) in OPENERS | {","})
    if at(tokens, before) in _INTERVALS and at(tokens, before - 1) in _LONG:
        first, _, level = _one_label(tokens, before - 1)
    return first, after, level


def _one_label(tokens: Sequence[Token], index: int) -> tuple[int, int, Fraction]:
    after = index + (1 if at(tokens, index) in _SHORT else 2)
    if at(tokens, after) in OPENERS and at(tokens, after + 1) in _SHORT and at(tokens, after + 2) in CLOSERS:
        after += 3
    first, level = index, Fraction(95)
    back = index - 1 if at(tokens, index - 1) in {"-", "–"} else index
    back -= 1 + is_percent(tokens, back - 1)
    if (number := number_at(tokens, back)) and number.value in LEVELS:
        first, level = back, number.value
    ahead = after + (at(tokens, after) in OPENERS | {"of"})
    if (number := number_at(tokens, ahead)) and number.value in LEVELS and is_percent(tokens, ahead + 1):
        after, level = ahead + 2, number.value
    elif is_percent(tokens, after):
        after += 1
    return first, after, level


def is_percent(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a percent sign or word stands at an index."""
    return 0 <= index < len(tokens) and tokens[index].kind == "percent"


def measure_of(tokens: Sequence[Token], place: int) -> str:
    """Return what is estimated, read from the words before a number; "" where they do not say."""
    index = place - 1
    words: list[str] = []
    while index >= 0 and len(words) < 12:
        text = tokens[index].text
        if text in RATIOS and not words:
            return RATIOS[text]
        if tokens[index].number is not None or text in {".", ";", "vs", "versus"}:
            break
        if text.lower() not in LINKS | OPENERS | CLOSERS and tokens[index].kind in {"word", "percent"}:
            words.append(text)
        index -= 1
    return _named(words[::-1])


def _named(words: Sequence[str]) -> str:
    for last in range(len(words), max(0, len(words) - 4), -1):
        if words[last - 1] in RATIOS:
            return RATIOS[words[last - 1]]
        phrase = " ".join(words[:last]).lower()
        for pattern, name in _NAMED:
            if re.search(pattern, phrase):
                return name
    short = [RATIOS[word] for word in words if word in RATIOS]
    phrase = " ".join(words).lower()
    told = [name for pattern, name in _NAMED if name in _RATIO_NAMES and re.search(pattern[:-1], phrase)]
    return next(iter(short + told), "")
