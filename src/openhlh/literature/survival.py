"""Survival at times: "75% (6/8) at 2 months", "1-, 3- and 5-year OS rates were 90%, 70% and 60%".

Percents and times of a sentence are gathered with what stands in brackets behind them, and paired only
where the words leave one reading: a percent "at" a time, a list of times with as many percents, one time
with one percent. Sentences about predictions, differences or relative survival give none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from openhlh.claims import Claim, Printed, Survival
from openhlh.literature.document import Document
from openhlh.literature.subjects import about
from openhlh.literature.tokens import Sentence, Token

_TRIGGER = re.compile(r"\b(?:surviv|OS\b|[PEDRL]FS\b|alive\b|no (?:recurrence|relapse))", re.IGNORECASE)
_ENDPOINTS = re.compile(
    r"\b(?:(?i:(?:overall|actuarial|cumulative|patient|cancer-specific|disease-specific|cause-specific|graft|implant|"
    r"(?:progression|event|disease|relapse|recurrence|leuk[a]?emia|failure|metastasis|symptom)-free|"
    r"local control) survival|survival)|OS|PFS|EFS|DFS|RFS|LFS|CSS|DSS|MFS)\b"
)
_NOT_SURVIVAL = re.compile(
    r"\b(?:mortality|death|died|recurrence|relapse|incidence|progression|failure|complications?|response|"
    r"probability of (?:death|relapse)|risk)\b(?!-free)",
    re.IGNORECASE,
)
_OTHER_SENSE = re.compile(
    r"\b(?:relative (?:\w+ )?surviv\w*|conditional|AUCs?\b|area under|accuracy|sensitivity|"
    r"specificity|nomogram|concordance|predict\w*|calibration|C-index|differences?|increas\w*|improve\w*|reduc\w*|gain|"
    r"hazard|cells?|embryos?|larvae|seedlings?|net surviv\w*|periods?|eras?|from (?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_GROUPS = re.compile(
    r"\b(?:groups?|arms?|cohorts?|patients|those|for|among|with|without|in|versus|vs|than)\b", re.IGNORECASE
)
_UNITS = {unit + end: unit for unit in ("day", "week", "month", "year") for end in ("", "s")} | {
    "yr": "year", "yrs": "year", "mo": "month", "mos": "month", "wk": "week", "wks": "week", "y": "year",
}  # fmt: skip
_LAST_FOR = re.compile(
    r"\b(?:alive|remain\w*|are|were|stay\w*|surviv\w*)\b[^.;]{0,60}?"
    r"\b(?:CR|complete (?:response|remission)|remission)\b[^.;]{0,20}? for "
    r"(?:more than|over|longer than|at least|>|≥)\s?(?P<time>[\w.]+)\s(?P<unit>days?|weeks?|months?|years?)\b"
)
_NO_RETURN = re.compile(
    r"\bno(?:ne)?\b[^.;,]{0,25}?\b(?:recurrences?|relapses?|relapsed|recurred)\b[^.;]{0,40}", re.IGNORECASE
)
_ASKS = re.compile(r"\b(?:if|when|whether|until|after)\b", re.IGNORECASE)


class Item(NamedTuple):
    """A percent, or a list of times with their units, at tokens first..last; what its brackets hold."""

    kind: str
    numbers: tuple[Printed, ...]
    first: int
    last: int
    units: tuple[str, ...] = ()
    numerator: Printed | None = None
    denominator: Printed | None = None


def survival_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield survival at a time, and statements that nobody relapsed or that a remission lasts."""
    series = 0
    for sentence in sentences:
        words = document.text[sentence.start : sentence.end]
        if not _TRIGGER.search(words):
            continue
        yield from _statements(document, sentence, words)
        if "%" not in words or not _ENDPOINTS.search(words) or _OTHER_SENSE.search(words):
            continue
        series += 1
        for offset, group in _paired(sentence.tokens):
            for time, percent, at in group:
                yield _claim(document, sentence, (time, percent, at), series + offset)
        series += 10


def _claim(
    document: Document, sentence: Sentence, pair: tuple[tuple[Printed, str], Item, int], series: int
) -> Survival:
    (time, unit), percent, at = pair
    tokens = sentence.tokens
    start = min(tokens[percent.first].start, time.start)
    end = max(tokens[percent.last].end, time.end)
    return Survival(
        start, end, document.text[start:end], document.where(start),
        about(tokens, percent.first, percent.last),
        _endpoint(tokens, at), percent.numbers[0], time, unit, percent.numerator, percent.denominator, series,
    )  # fmt: skip


def _endpoint(tokens: Sequence[Token], at: int) -> str:
    """Return the endpoint told last before a token, else the first of the sentence, in lower case."""
    before = " ".join(token.text for token in tokens[:at])
    found = _ENDPOINTS.findall(before) or _ENDPOINTS.findall(" ".join(token.text for token in tokens))
    return found[-1 if _ENDPOINTS.search(before) else 0].lower() if found else ""


def _paired(tokens: Sequence[Token]) -> Iterator[tuple[int, list[tuple[tuple[Printed, str], Item, int]]]]:
    """Yield the groups of (time, percent) that belong together, numbered from 0."""
    items = _items(tokens)
    behind = _percent_at_time(tokens, items)
    if behind:
        yield 0, behind
        return
    last, series = None, 0
    for number, (one, rest) in enumerate(zip(items, _tails(items), strict=True)):
        if one.kind != "time":
            continue
        follow = _run_of_percents(tokens, rest)
        between = " ".join(t.text for t in tokens[one.last + 1 : follow[0].first]) if follow else ""
        if (
            not follow
            or len(follow) != len(one.numbers)
            or _NOT_SURVIVAL.search(between)
            or len(between) > 110
        ):
            continue
        if _ENDPOINTS.search(between) or _ENDPOINTS.search(" ".join(t.text for t in tokens[: one.first])):
            pairs = zip(one.numbers, one.units, follow, strict=True)
            group = [((time, unit), percent, percent.first) for time, unit, percent in pairs]
            goes_on = last is not None and not _GROUPS.search(
                " ".join(t.text for t in tokens[last : one.first])
            )
            series = series if goes_on else number
            last = follow[-1].last + 1
            yield series, group


def _tails(items: list[Item]) -> list[list[Item]]:
    return [items[number + 1 :] for number in range(len(items))]


def _percent_at_time(
    tokens: Sequence[Token], items: list[Item]
) -> list[tuple[tuple[Printed, str], Item, int]]:
    """Return pairs "75% (6/8) at 2 months", told one after the other of one endpoint."""
    found: list[tuple[tuple[Printed, str], Item, int]] = []
    for one, after in pairwise(items):
        between = [token.low for token in tokens[one.last + 1 : after.first]]
        if one.kind == "percent" and after.kind == "time" and len(after.numbers) == 1 and _is_at(between):
            lead = " ".join(t.text for t in tokens[(found[-1][1].last if found else 0) : one.first])
            if found and (_ENDPOINTS.search(lead) or len(lead) > 40):
                return found  # another endpoint or group begins
            if not found and (not _ENDPOINTS.search(lead) or _NOT_SURVIVAL.search(lead)):
                return []
            found.append(((after.numbers[0], after.units[0]), one, one.first))
    return found if len(found) > 1 or (found and sum(i.kind == "percent" for i in items) == 1) else []


def _is_at(between: list[str]) -> bool:
    return between[:1] in (["at"], ["after"]) and len(between) <= 2


def _run_of_percents(tokens: Sequence[Token], items: list[Item]) -> list[Item]:
    """Return the percents that follow at once, joined only by commas and "and"."""
    run: list[Item] = []
    for one in items:
        if one.kind != "percent":
            break
        if (
            run
            and run[-1].last < one.first
            and any(t.low not in {",", "and", ";"} for t in tokens[run[-1].last + 1 : one.first])
        ):
            break
        run.append(one)
    return run


def _items(tokens: Sequence[Token]) -> list[Item]:
    found: list[Item] = []
    at = 0
    while at < len(tokens):
        if tokens[at].text in {"(", "["}:  # what a bracket holds belongs to what stands before it
            at = _closing(tokens, at) + 1
            continue
        time = _times(tokens, at) or _days_named(tokens, at)
        read = [time] if time else _percents(tokens, at)
        found += read
        at = read[-1].last + 1 if read else at + 1
    return found


def _percents(tokens: Sequence[Token], at: int) -> list[Item]:
    """Return the percents that begin at a token: one, or the list "90, 70 and 60%"."""
    bare: list[Printed] = []
    here = at
    while (number := tokens[here].number if here < len(tokens) else None) is not None:
        one = _percent(tokens, here)
        if one is not None:
            return [*(Item("percent", (each,), at, here - 1) for each in bare), one]
        bare.append(number)
        here += 1
        if here < len(tokens) and tokens[here].text == "±":
            return []
        while here < len(tokens) and tokens[here].text in {",", "and"}:
            here += 1
    return []


def _percent(tokens: Sequence[Token], at: int) -> Item | None:
    number = tokens[at].number
    if number is None or at + 1 >= len(tokens) or tokens[at + 1].kind != "percent":
        return None
    if at and tokens[at - 1].text == "±":
        return None
    last, count, total = at + 1, None, None
    while last + 1 < len(tokens) and tokens[last + 1].text in {"(", "[", "±"}:
        close = _closing(tokens, last + 1) if tokens[last + 1].text != "±" else last + 2
        if close <= last + 1 or close >= len(tokens):
            break
        inside = tokens[last + 2 : close]
        if len(inside) >= 3 and inside[0].number and inside[1].text == "/" and inside[2].number:
            count, total = inside[0].number, inside[2].number
        last = close + 1 if close + 1 < len(tokens) and tokens[close + 1].kind == "percent" else close
    return Item("percent", (number,), at, last, (), count, total)


def _times(tokens: Sequence[Token], at: int) -> Item | None:
    """Return "1-, 3- and 5-year" or "1, 3 and 5 years" as one list."""
    numbers: list[Printed] = []
    here = at
    while here < len(tokens) and tokens[here].number is not None:
        number = tokens[here].number
        numbers.append(number)  # type: ignore[arg-type]
        here += 1
        while here < len(tokens) and tokens[here].text in {"-", "–", "‐", "‑"}:
            here += 1
        if here < len(tokens) and tokens[here].low in _UNITS:
            follow = tokens[here + 1].low if here + 1 < len(tokens) else ""
            if follow in {"old", "of"}:
                return None
            unit = _UNITS[tokens[here].low]
            return _with_next(tokens, Item("time", tuple(numbers), at, here, (unit,) * len(numbers)))
        while here < len(tokens) and tokens[here].text in {",", "and", "/", "&"}:
            here += 1
    return None


def _with_next(tokens: Sequence[Token], one: Item) -> Item:
    """Return the times with those that a comma or "and" joins to them: "1-year and 3-year"."""
    here = one.last + 1
    while here < len(tokens) and tokens[here].text in {",", "and"}:
        here += 1
    after = _times(tokens, here) if here > one.last + 1 else None
    if after is None:
        return one
    return Item("time", one.numbers + after.numbers, one.first, after.last, one.units + after.units)


def _days_named(tokens: Sequence[Token], at: int) -> Item | None:
    """Return "day 30, day 60 and day 90" as one list."""
    numbers: list[Printed] = []
    here, last = at, at
    while (
        here + 1 < len(tokens)
        and tokens[here].low in {"day", "month", "year", "week"}
        and tokens[here + 1].number
    ):
        numbers.append(tokens[here + 1].number)  # type: ignore[arg-type]
        last = here + 1
        here += 2
        while here < len(tokens) and tokens[here].text in {",", "and"}:
            here += 1
    return Item("time", tuple(numbers), at, last, (tokens[at].low,) * len(numbers)) if numbers else None


def _closing(tokens: Sequence[Token], at: int) -> int:
    close = ")" if tokens[at].text == "(" else "]"
    for index in range(at + 1, min(len(tokens), at + 40)):
        if tokens[index].text == close:
            return index
    return at


def _statements(document: Document, sentence: Sentence, words: str) -> Iterator[Survival]:
    lasts = _LAST_FOR.search(words)
    if lasts:
        start = sentence.start + lasts.start("time")
        token = next((t for t in sentence.tokens if t.start == start and t.number), None)
        if token:
            end = sentence.start + lasts.end()
            text = document.text[start:end]
            yield Survival(
                start, end, text, document.where(start), lasts[0].lower(), "remission", time=token.number,
                unit=_UNITS[lasts["unit"]],
            )  # fmt: skip
    none = _NO_RETURN.search(words)
    if none and not _ASKS.search(words[: none.start()]):
        start, end = sentence.start + none.start(), sentence.start + none.end()
        yield Survival(start, end, document.text[start:end], document.where(start), "", "no recurrence")
