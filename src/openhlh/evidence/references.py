"""Reference numbers against the list: entries that are missing, names and years that differ (R19)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from openhlh.claims import Citation, Claim, Day, Entry, Finding, finding

_CLEAR = re.compile(r"^[\W\d_]*(?:[a-z]{1,3} )?[A-Z][\w'’-]+(?:[ -][A-Z][\w'’-]+)? [A-Z]{1,3}\b[,.;]")
_FAR, _RUN = 30, 3  # more than three numbers beyond the list are a range of values
_AUTHORS = 250
_TRIAL = re.compile(r"\b(?:trial|open-label|randomi[sz]ed|prospective)\b", re.IGNORECASE)
_SECOND = re.compile(r"\bthe second (?:case )?(?:report|study|series|trial|case)\b")
_LOOKS_BACK = re.compile(r"\bretrospective|\bcase series\b|\breview\b", re.IGNORECASE)


def references_exist(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Every number that the text cites has an entry in the list."""
    cited = [claim for claim in claims if isinstance(claim, Citation) and claim.listed is not None]
    if cited and cited[0].listed == 0:
        numbers = sorted({number for claim in cited for number in claim.numbers})
        yield finding(
            "R19", cited[0], "INCONSISTENT",
            f"The text cites {_span(numbers)}, but the list of references is empty. Please check.",
            stated=f"cites {_span(numbers)}", computed="0 entries",
            also=tuple((one.start, one.end) for one in cited[1:]),
        )  # fmt: skip
        return
    used = {number for claim in cited for number in claim.numbers}
    for claim in cited:
        listed = claim.listed or 0
        beyond = [number for number in claim.numbers if number > listed]
        if not beyond:
            yield finding(
                "R19", claim, "CONSISTENT", "The list has these entries.", stated=_span(list(claim.numbers))
            )
        elif (
            not claim.sure
            or len(beyond) > _RUN
            or max(beyond) > listed + _FAR
            or len([n for n in used if n <= listed]) * 2 < listed
        ):
            yield finding(
                "R19",
                claim,
                "NOT_TESTABLE",
                "It is not certain that this number points to the reference list.",
            )
        else:
            yield finding(
                "R19", claim, "INCONSISTENT",
                f"The text cites {_span(beyond)}, but the list ends with {listed}. Please check.",
                stated=f"cites {_span(beyond)}", computed=f"{listed} entries",
            )  # fmt: skip


def names_stand_in_entries(claims: Sequence[Claim]) -> Iterator[Finding]:
    """An author named before "et al" stands in the entry that the number points to."""
    for claim in claims:
        if not isinstance(claim, Citation) or not claim.name or not claim.entries:
            continue
        if any(_stands_in(claim.name, entry) for entry in claim.entries):
            yield finding("R19", claim, "CONSISTENT", f"{claim.name} stands in the entry that is cited.")
            continue
        first = claim.entries[0]
        if not all(_CLEAR.match(entry.text) for entry in claim.entries):
            yield finding(
                "R19", claim, "NOT_TESTABLE", f"The authors of entry {first.number} could not be told apart."
            )
            continue
        other = claim.namesakes[0] if claim.namesakes else None
        tail = (
            f", {claim.name} stands in entry {other.number}"
            if other
            else ", and no entry begins with this name"
        )
        yield finding(
            "R19", claim, "INCONSISTENT",
            f"The text names {claim.name}, but entry {first.number} is by {_authors(first)}{tail}. "
            "Please check.",
            stated=f"{claim.name} et al, {first.number}", computed=f"entry {first.number}: {_authors(first)}",
            fix=str(other.number) if other else "",
            also=tuple((entry.start, entry.end) for entry in (*claim.entries, *claim.namesakes)),
        )  # fmt: skip


def kinds_of_study_agree(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A study told as retrospective is not cited with an entry that calls itself a trial."""
    for claim in claims:
        if (
            not isinstance(claim, Citation)
            or len(claim.entries) != 1
            or "retrospective" not in claim.about.split()
        ):
            continue
        entry = claim.entries[0]
        if _TRIAL.search(entry.text) and not _LOOKS_BACK.search(entry.text):
            yield finding(
                "R19", claim, "TENSION",
                f"A retrospective study is told, entry {entry.number} calls itself a trial. Please check.",
                stated=f"retrospective, {entry.number}",
                computed=f"entry {entry.number}: {_TRIAL.findall(entry.text)[0]}",
                also=((entry.start, entry.end),),
            )  # fmt: skip


def second_reports_are_those_introduced(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Of two reports that are introduced together, the second is cited with one of their numbers."""
    cited = [claim for claim in claims if isinstance(claim, Citation) and claim.numbers]
    for at, claim in enumerate(cited):
        if not _SECOND.search(claim.about):
            continue
        before = at - 1
        while before > 0 and len(cited[before].numbers) == 1:
            before -= 1
        pair, between = set(cited[before].numbers), cited[before + 1 : at]
        if before < 0 or len(pair) != 2 or not between or not all(set(one.numbers) < pair for one in between):
            continue
        if not pair & set(claim.numbers):
            both = _span(sorted(pair))
            left = pair - {number for one in between for number in one.numbers}
            yield finding(
                "R19", claim, "TENSION",
                f"Two reports are introduced with {both}, the second is cited as {claim.text}. Please check.",
                stated=_span(list(claim.numbers)), computed=both, fix=_span(sorted(left)),
                also=((cited[before].start, cited[before].end),),
            )  # fmt: skip


def entries_are_not_later(claims: Sequence[Claim]) -> Iterator[Finding]:
    """No entry has a year after the paper's own publication (the next year may be an issue's year)."""
    published = [claim for claim in claims if isinstance(claim, Day) and claim.role == "published"]
    if not published:
        return
    year = max(one.last.year for one in published)
    seen: set[int] = set()
    for claim in claims:
        for entry in claim.entries if isinstance(claim, Citation) else ():
            if entry.number in seen or entry.year <= year + 1:
                continue
            seen.add(entry.number)
            yield finding(
                "R19", claim, "TENSION",
                f"Entry {entry.number} is of {entry.year}, the paper itself of {year}. Please check.",
                stated=str(entry.year), computed=f"at most {year}", also=((entry.start, entry.end),),
            )  # fmt: skip


def _stands_in(name: str, entry: Entry) -> bool:
    """True where the name, or one spelt nearly so, is a word among the authors."""
    wanted = _folded(name)
    words = [_folded(word) for word in re.findall(r"[^\W\d_][^\W\d_'’-]*", entry.text[:_AUTHORS])]
    joined = _folded(entry.text[:_AUTHORS])
    return wanted in joined or any(
        len(word) > 3 and SequenceMatcher(None, wanted, word).ratio() >= 0.8 for word in words
    )


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", plain.lower())


def _authors(entry: Entry) -> str:
    found = re.match(r"[\W\d_]*([^,.;]{2,40})", entry.text)
    return found[1].strip() if found else entry.text[:30]


def _span(numbers: list[int]) -> str:
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, numbers))
