"""What a plain text says of itself: title line, DOI, PMID and dates of publication."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from openhlh.literature.document import Part
from openhlh.literature.headings import role_of

_HEAD = 8_000
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = re.compile(
    rf"(?:(?P<day>\d{{1,2}})\s+)?(?P<month>{_MONTH})(?:\s+(?P<after>\d{{1,2}}),)?\s+(?P<year>{_YEAR})"
    rf"|(?P<iso>{_YEAR}-\d\d(?:-\d\d)?)|(?P<alone>{_YEAR})",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"(?:[Pp]ublished|PUBLISHED|[Pp]ublication [Dd]ate|[Ee]pub)(?: [Oo]nline)?(?: [Ff]irst)?"
    r"(?: ahead of print)?(?: on)?\s{0,3}:?\s{0,3}"
)
_ISO_LINE = re.compile(rf"^({_YEAR}-\d\d-\d\d)$", re.MULTILINE)
_COPYRIGHT = re.compile(rf"(?:©|\(c\)|copyright)\D{{0,20}}({_YEAR})", re.IGNORECASE)
_DOI = re.compile(
    r"\bdoi(?:\.org/|[:\s]{1,3}(?:https?://(?:dx\.)?doi\.org/)?)(10\.\d{4,9}/[^\s\"<>]{1,200})", re.IGNORECASE
)
_PMID = re.compile(r"\bPMID:?\s{0,3}(\d{5,9})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Printed:
    """DOI, PMID, year and the day of publication, as far as they are printed."""

    doi: str
    pmid: str
    year: int | None
    published: tuple[int, ...]


def title_line(text: str) -> tuple[int, int] | None:
    """Return the stretch of the title: a short line near the top that is no heading and no address."""
    at = 0
    for line in text[:3_000].split("\n")[:14]:
        words = line.strip(" #*\t")
        start = at + line.find(words)
        at += len(line) + 1
        if role_of(words.split(":")[0]) or len(words) > 300:
            return None
        if len(words.split()) >= 4 and not re.match(
            r"\W|doi|https?:|www\.|pmid|\d{4}\b", words, re.IGNORECASE
        ):
            ends = words.rstrip(".")
            single = ". " not in ends and "\t" not in words and text[at:].strip()
            return (start, start + len(words)) if single else None
    return None


def facts_in(text: str, parts: Iterable[Part]) -> Printed:
    """Return what the text prints of its own identifiers and dates, outside of its reference list."""
    listed = min((part.start for part in parts if part.name == "references"), default=len(text))
    head = text[: min(listed, _HEAD)]
    doi, pmids = _DOI.search(head), _PMID.findall(text[:listed]) if "PMID" in text else []
    published = _published(text[:listed], head)
    copied = _COPYRIGHT.search(head)
    year = published[0] if published else int(copied[1]) if copied else None
    pmid = pmids[0] if len(set(pmids)) == 1 else ""
    return Printed(doi[1].rstrip(".,;)") if doi else "", pmid, year, published)


def _published(text: str, head: str) -> tuple[int, ...]:
    found = [_day(text, one.end()) for one in _PUBLISHED.finditer(text)]
    full = sorted(day for day in found if len(day) > 1)
    if full:
        return full[0]
    line = _ISO_LINE.search(head)
    return _day(line[1], 0) if line else ()


def _day(text: str, at: int) -> tuple[int, ...]:
    """Return year, month and day of the date that begins at `at`, () where none does."""
    found = _DAY.match(text, at)
    if not found:
        return ()
    if found["iso"]:
        return tuple(int(part) for part in found["iso"].split("-"))
    if found["alone"]:
        return (int(found["alone"]),)
    day = found["day"] or found["after"]
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    return (int(found["year"]), month, int(day)) if day else (int(found["year"]), month)
