"""Reference lists in plain text: numbered or bulleted lines, and numbers glued to the first author."""

from __future__ import annotations

import re

from openhlh.literature.document import Reference

_BULLET = re.compile(r"\s{0,8}[-*•–]\s{1,4}(?=\S)")
_NUMBER = re.compile(
    r"\s{0,8}\[?\(?(\d{1,3})(?:[\].):]{1,2}\s{0,4}(?=[^\W\d_]|[\"“‘'(])|\s{0,4}(?=[A-Z]|[a-z]{1,3} [A-Z]))"
)
_GLUED = re.compile(
    r"(?:^\s?|(?<=[.;)\]\d]\s)|(?<=\s\s))\[?(\d{1,3})[\].)]?\s?(?=[A-Z\"“‘]|[a-z]{1,3} [A-Z])", re.MULTILINE
)
_YEAR_IN_PLACE = re.compile(
    r"\b((?:19\d|20[0-4])\d)[a-z]?(?=\s*[;:)]|\s*[A-Z][a-z]{2}\b[^.]{0,8};)|\(((?:19\d|20[0-4])\d)"
)
_YEAR = re.compile(r"\b(?:19\d|20[0-4])\d\b")
_PAGES = re.compile(r"\d(?:\([^)\n]{1,20}\))?:\s?\w{1,12}\s?[-–]\s?\w{1,12}\.")


def read_list(text: str, start: int, end: int) -> tuple[Reference, ...]:
    """Return the entries of the list in text[start:end], in order, each with its number and year."""
    stretches = _by_lines(text, start, end) or _glued(text, start, end) or _paragraphs(text, start, end)
    numbers = _numbered([number for number, _, _ in stretches])
    entries = zip(numbers, stretches, strict=True)
    return tuple(_reference(text, number, first, last) for number, (_, first, last) in entries)


def _reference(text: str, number: int | None, first: int, last: int) -> Reference:
    while last > first and text[last - 1].isspace():
        last -= 1
    words = " ".join(text[first:last].split())
    return Reference(number, words, first, last, _year(words))


def _year(words: str) -> int | None:
    placed = _YEAR_IN_PLACE.search(words)
    if placed:
        return int(placed[1] or placed[2])
    years = _YEAR.findall(words)
    return int(years[-1]) if years else None


def _numbered(printed: list[int | None]) -> list[int | None]:
    """Return the numbers: as printed, and by order between them where that agrees with every printed one.

    A printed 0 stands for an entry of which it is known that it has no number.
    """
    if any(number == 0 for number in printed):
        return [None for _ in printed]
    agrees = all(number in {None, place} for place, number in enumerate(printed, 1))
    return [place if agrees else number for place, number in enumerate(printed, 1)]


def _by_lines(text: str, start: int, end: int) -> list[tuple[int | None, int, int]]:
    """Read a list whose entries begin on lines of their own with a bullet or the next number."""
    found: list[tuple[int | None, int, int]] = []
    heads, at = 0, start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        bullet = _BULLET.match(text, at, stop)
        number = _NUMBER.match(text, bullet.end() if bullet else at, stop)
        told = int(number[1]) if number else None
        if bullet or (told is not None and told == (found[-1][0] or 0) + 1 if found else told == 1):
            begin = number.end() if number else bullet.end() if bullet else at
            found.append((told, begin, stop))
            heads += 1
        elif found and text[at:stop].strip():
            found[-1] = (*found[-1][:2], stop)
        at = stop + 1
    return found if heads > 1 else []


def _glued(text: str, start: int, end: int) -> list[tuple[int | None, int, int]]:
    """Read a list in running text, where each number stands right before its entry."""
    heads: list[tuple[int, int, int]] = []
    for found in _GLUED.finditer(text[start:end].rstrip()):
        if int(found[1]) == len(heads) + 1:
            heads.append((int(found[1]), start + found.start(), start + found.end()))
    if len(heads) < 2:
        return []
    ends = [head[1] for head in heads[1:]]
    last = _PAGES.search(text, heads[-1][2], end)
    ends.append(last.end() if last else end)
    return [(number, begin, stop) for (number, _, begin), stop in zip(heads, ends, strict=True)]


def _paragraphs(text: str, start: int, end: int) -> list[tuple[int | None, int, int]]:
    """Read a list without bullets or numbers: each line with a year is an entry, and has no number."""
    found: list[tuple[int | None, int, int]] = []
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if stop - at > 30 and _YEAR.search(text, at, stop):
            found.append((0, at, stop))
        at = stop + 1
    return found
