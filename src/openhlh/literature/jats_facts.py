"""What a JATS article says of itself: title, identifiers, and the dates of its way into print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openhlh.literature.xml_door import local, plain_words

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ISSUE = {"ppub", "collection"}


@dataclass(frozen=True, slots=True)
class Facts:
    """Title, DOI, PMID, year of the issue, and the day of first publication as far as it is printed."""

    title: str
    doi: str
    pmid: str
    year: int | None
    published: tuple[int, ...]


def facts_of(article: Element) -> Facts:
    """Return the facts from an article's front matter; empty where it has none."""
    meta = next(article.iter("{*}article-meta"), None)
    if meta is None:
        return Facts("", "", "", None, ())
    ids = {one.get("pub-id-type"): plain_words(one) for one in meta if local(one) == "article-id"}
    title = next((plain_words(one) for one in meta.iter("{*}article-title")), "")
    printed = [(_kind(one), _date(one)) for one in meta if local(one) == "pub-date"]
    printed = [(kind, day) for kind, day in printed if day]
    first = min((day for _, day in printed), key=lambda day: (*day, 99, 99)[:3], default=())
    issue = next((day[0] for kind, day in printed if kind in _ISSUE), first[0] if first else None)
    return Facts(title, ids.get("doi", ""), ids.get("pmid", ""), issue, first)


def history_of(meta: Element) -> str:
    """Return "Received 2011-03-02. Accepted 2011-06-30. Published 2011-08-01." as far as it is known."""
    said = [
        (one.get("date-type").title(), _date(one))
        for one in meta.iter("{*}date")
        if local(one.getparent()) == "history" and one.get("date-type") in {"received", "accepted"}
    ]
    first = facts_of(meta.getparent()).published
    said.append(("Published", first))
    return " ".join(f"{word} {'-'.join(f'{part:02d}' for part in day)}." for word, day in said if day)


def _kind(node: Element) -> str:
    return str(node.get("pub-type") or node.get("date-type") or node.get("publication-format") or "")


def _date(node: Element) -> tuple[int, ...]:
    """Return year, month and day as far as each is printed and the one before it is."""
    found = {local(one): plain_words(one).lower() for one in node}
    parts: list[int] = []
    for name, most in (("year", 2100), ("month", 12), ("day", 31)):
        word = found.get(name, "")
        if name == "month" and word[:3] in _MONTHS:
            word = str(_MONTHS.index(word[:3]) + 1)
        if not (word.isascii() and word.isdigit() and 1 <= int(word[:5]) <= most):
            break
        parts.append(int(word))
    return tuple(parts)
