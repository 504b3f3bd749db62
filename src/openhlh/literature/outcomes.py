"""Outcomes that a document tells more than once, each with count and total: "rash in 12 of 34 patients".

A sentence is read only where it holds one fraction and no other number, and no word of time: what is
counted at another time is another quantity. Two sentences tell the same outcome where they share all
their words but those of telling.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from openhlh.claims import Printed, Told
from openhlh.literature.document import Cell, Document
from openhlh.literature.frames import Frame
from openhlh.literature.listed import noun
from openhlh.literature.subjects import PEOPLE
from openhlh.literature.tokens import printed

_TELLING = frozenset(
    {
        "a", "an", "the", "of", "in", "on", "at", "to", "for", "with", "and", "or", "by", "from", "as",
        "that", "this", "those", "these", "were", "was", "is", "are", "be", "been", "had", "has",
        "have", "who", "which", "our", "we", "it", "not", "out", "overall", "total", "altogether",
        "among", "all", "also", "only", "showed", "reported", "observed", "found", "occurred",
        "developed", "recorded", "noted", "seen", "diagnosed", "documented", "confirmed", "detected",
        "present", "told", "rate", "proportion", "share", "percentage", "frequency", "incidence",
        "cases", "came", "most", "common", "frequent", "debated", "finding", "rare", "study", "trial",
        "end", "results", "conclusions", "conclusion", "discussion", "affected", "experienced",
        "suffered", "became", "number", "amounted", "reached", "equal", "experience", "exhibited",
        "manifested", "presented", "encountered", "registered", "displayed", "involved", "complicated",
        "noticed", "identified", "accounted", "turned", "happened", "arose", "emerged", "counted",
        "corresponds", "corresponded", "equals", "equalled", "translates", "represents", "representing",
        "constituted", "comprised", "stood", "summary", "sum", "again", "indeed", "short", "together",
        "taken", "notably", "main", "key", "principal", "important", "striking", "prominent", "result",
        "listed", "table", "data", "text", "per", "cent", "percent", "namely", "sample", "series",
        "population", "entire", "whole", "full", "hence", "thus", "therefore", "figure", "put", "gives",
        "gave", "giving", "shows", "shown", "stands", "ran", "prevalence", "occurrence", "fraction",
        "count", "counts", "met", "true", "case", "about", "so", "one", "some", "into", "closing",
        "conclude", "concluded", "finally", "state", "stated", "states", "report", "describe",
        "described", "recount", "saw", "see", "observe", "affecting", "affects", "concerns", "applied",
        "applies", "afflicted", "its", "established", "ascertained", "verified", "attained", "obtained",
        "achieved", "made", "up", "here", "throughout", "course", "any", "time", "point", "ever",
        "frequently", "commonly", "often", "concerned", "corresponding", "there", "methods",
        "background", "objective", "findings", "interpretation", "did", "do", "does", "i.e",
    }
)  # fmt: skip
_QUALIFIERS = frozenset(
    {
        "baseline", "after", "before", "during", "within", "week", "weeks", "month", "months", "day",
        "days", "year", "years", "initial", "initially", "final", "follow-up", "first", "second",
        "third", "later", "remaining", "other", "another", "group", "arm", "cohort", "previously", "et",
        "vs", "versus", "each", "these", "those", "whom", "subgroup", "compared", "than",
        "respectively", "and/or", "either",
    }
)  # fmt: skip
_SHARE = re.compile(r"\s*(\d[\d,]*)\s*\(\s*(\d+(?:[.·]\d+)?)\s*%?\s*\)\s*$")
_APART, _MOST_WORDS, _MOST_ITEMS = 60, 30, 3


def outcomes_told(document: Document, read: Sequence[Frame]) -> Iterator[Told]:
    """Yield counts of outcomes that are told at least twice of the same total; `what` is "of 34"."""
    told: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for frame in read:
        if len(frame.items) <= _MOST_ITEMS and len(frame.tokens) <= _MOST_WORDS:
            found = _outcome(frame)
            if found is not None:
                told[found.about, found.what].append(found)
    cells = _cells(document)
    for (about, unit), again in told.items():
        tabled = [_in_table(cell, again[0]) for cell in cells.get(about, ()) if _has_base(cell, unit)]
        if tabled or again[-1].start - again[0].end >= _APART:
            yield from again
            yield from tabled


def _cells(document: Document) -> dict[str, list[tuple[Cell, re.Match[str]]]]:
    """Return the cells "23 (52.3)" of tables with one column of numbers, by the words of their row's name."""
    found: dict[str, list[tuple[Cell, re.Match[str]]]] = defaultdict(list)
    for table in document.tables:
        names = {cell.row: cell.text for cell in table.cells if cell.column == 0}
        if {cell.column for cell in table.cells} != {0, 1} or not table.certain:
            continue
        for cell in table.cells:
            share = _SHARE.match(cell.text) if cell.column == 1 else None
            if share:
                words = set(re.findall(r"[a-z][\w-]*", names.get(cell.row, "").lower())) - _TELLING - PEOPLE
                found[" ".join(sorted(words))].append((cell, share))
    return found


def _has_base(found: tuple[Cell, re.Match[str]], unit: str) -> bool:
    """True where the percent of a cell is its count out of the total that the text names."""
    share = found[1]
    count, percent = printed(share[1], 0), printed(share[2], 0)
    return abs(100 * count.value / int(unit.removeprefix("of ")) - percent.value) <= percent.step


def _in_table(found: tuple[Cell, re.Match[str]], told: Told) -> Told:
    cell, share = found
    start, end = cell.start + share.start(1), cell.start + share.end(2)
    number = printed(share[1], start)
    return Told(start, end, share[0].strip(), "table", told.about, number, told.what)


def _outcome(frame: Frame) -> Told | None:
    share = _share(frame)
    numbers = sum(token.number is not None for token in frame.tokens)
    percents = sum(item.percent is not None for item in frame.items)
    words = {token.low for token in frame.tokens if token.kind == "word"} - _TELLING - PEOPLE
    if share is None or numbers != len(share) + percents or not words or words & _QUALIFIERS:
        return None
    count, total = share
    start, end = count.start, total.end
    text, where = frame.document.text[start:end], frame.document.where(start)
    return Told(start, end, text, where, " ".join(sorted(words)), count, f"of {total.value}")


def _share(frame: Frame) -> tuple[Printed, Printed] | None:
    """Return the one count of a sentence with its total: "12 of 34", "12 cases among 34 patients"."""
    counts = [item for item in frame.items if item.number is not None]
    percents = len(frame.items) - len(counts)
    if percents > 1 or not counts or counts[0].number is None:
        return None
    if len(counts) == 1 and counts[0].total is not None:
        return counts[0].number, counts[0].total
    if len(counts) == len(("count", "total")) and counts[0].total is None and counts[1].total is None:
        between = frame.lows[counts[0].last : counts[1].first]
        total = counts[1].number
        if total is not None and {"among", "of"} & set(between) and noun(frame.tokens, counts[1]) in PEOPLE:
            return counts[0].number, total
    return None
