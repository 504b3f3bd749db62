"""How a number of a pooled result is said: proportions in percent, other effects as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def shown(value: float | None, natural: str) -> str:
    """Return a value on the natural scale in words.

    >>> shown(0.5, "proportion"), shown(1.234, "odds ratio"), shown(None, "proportion")
    ('50.0 %', '1.23', 'not determined')
    """
    if value is None:
        return "not determined"
    return f"{100 * value:.1f} %" if natural == "proportion" else f"{value:.3g}"


def interval_words(limits: Mapping[str, Any], natural: str) -> str:
    """Return an interval as "low to high"; an end that the data leave open is called so.

    >>> interval_words({"low": 0.25, "high": 1.0}, "proportion"), interval_words({"low": 1.5}, "odds ratio")
    ('25.0 % to 100.0 %', '1.5 to open')
    """
    low, high = limits.get("low"), limits.get("high")
    ends = ("open" if end is None else shown(end, natural) for end in (low, high))
    return " to ".join(ends)


def natural_name(result: Mapping[str, Any]) -> str:
    """Return what the estimate of a result is (proportion, odds ratio, ...)."""
    return str((result.get("estimate") or {}).get("natural_name") or "proportion")


def counted(words: Sequence[str]) -> str:
    """Return words with how often each occurs, the most frequent first.

    >>> counted(["retrospective", "single_arm_trial", "retrospective"])
    '2 retrospective, 1 single arm trial'
    """
    order = sorted(set(words), key=lambda word: (-words.count(word), word))
    return ", ".join(f"{words.count(word)} {word.replace('_', ' ')}" for word in order)


def plural(count: int, noun: str, many: str = "") -> str:
    """Return a count with its noun.

    >>> plural(1, "study", "studies"), plural(3, "study", "studies")
    ('1 study', '3 studies')
    """
    return f"{count} {noun if count == 1 else many or f'{noun}s'}"
