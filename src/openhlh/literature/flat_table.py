"""Per-patient tables that lost their lines: "Features Patient 1 Patient 2 ... Age 37 39 ... Fever Yes No".

The head tells how many columns there are (k numbered names). Then every row is a name followed by k
cells; a cell is a number, a sign, a word of a small vocabulary, or a phrase that begins with a capital.
The rows are found together, so that the words which fit no row are left out and shift no other row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from openhlh.literature.document import Cell, Table
from openhlh.literature.flat_rows import Item, Row, best_rows

_NAMES = re.compile(
    r"\b(patient|case|pt|subject|participant|child|p|case no|patient no|no)\.?\s?#?1\s+"
    r"(?:\1\.?\s?#?)?2\s+(?:\1\.?\s?#?)?3\b",
    re.IGNORECASE,
)
# A first look for "1 ... 2 ... 3" that is quick, since nearly all texts have none.
_COUNTED = re.compile(r"1\s{1,3}[A-Za-z. #]{0,14}2\s{1,3}[A-Za-z. #]{0,14}3\b")
_CORNER = re.compile(r"(?:^|[.\n])\s*([A-Z][\w ]{2,40})\s*$")
_END = re.compile(
    r"\b(?:notes?|abbreviations?)\s?[:.]|\n[ \t]*\n|\n(?:table|fig(?:ure)?\.?) ?\d"
    r"|\n(?:references|results|discussion|conclusions?|methods|acknowledge?ments?)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\b(table\s?[A-Z]?\d{1,3})\b[.:\s|]{0,4}", re.IGNORECASE)
_TOKEN = re.compile(r"\S+")
_SIGN = re.compile(r"[—–\-−+±]|[<>≤≥~≈]?[-−+]?\d+(?:[.,·]\d+)?%?")
_WORDS = frozenset({
    "yes", "no", "y", "n", "male", "female", "m", "f", "cr", "pr", "nr", "sd", "pd", "vgpr", "npr",
    "negative", "positive", "neg", "pos", "na", "n/a", "nd", "nt", "nr.", "none", "normal", "abnormal",
    "alive", "dead", "died", "death", "present", "absent", "unknown", "never", "high", "low",
    "elevated", "done",
})  # fmt: skip
_NUMBER = re.compile(r"[<>≤≥~≈]?[-−+]?\d+(?:[.,·]\d+)*(?:/\d+)?%?[a-e*†‡§]{0,2}")
_NOTE = re.compile(r"(?<=[\d%])([a-e]|[*†‡§]{1,2})$")
_FOOT = re.compile(r"(?:^|(?<=[.:;\n]\s)|(?<=\n))([a-e*†‡§])\s(?=[A-Z])([^.]{5,300}\.)")
_POWER = re.compile(r"10(?:\^?[-−]?\d{1,2})")
_JOINING = frozenset({
    "of", "in", "with", "for", "the", "and", "to", "by", "at", "on", "or", "a", "an", "from",
})  # fmt: skip
_LONGEST, _MOST_TABLES = 20_000, 20


def flat_tables(text: str) -> tuple[Table, ...]:
    """Return the per-patient tables that stand in running text; `certain` is false for each."""
    found: list[Table] = []
    at = 0
    while len(found) < _MOST_TABLES and (count := _COUNTED.search(text, at)):
        at = count.end()
        names = _NAMES.search(text, max(0, count.start() - 16), count.end())
        table = _table(text, names) if names else None
        if table:
            found.append(table)
            at = table.end
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Head:
    """The head: its columns (start, end) and where the rows begin."""

    columns: tuple[tuple[int, int], ...]
    end: int


def _table(text: str, names: re.Match[str]) -> Table | None:
    head = _columns(text, names)
    stop = _END.search(text, head.end, head.end + _LONGEST)
    until = stop.start() if stop else min(len(text), head.end + _LONGEST)
    rows = best_rows(_items(text, head.end, until), len(head.columns))
    if len(rows) < 3:
        return None
    corner = _CORNER.search(text, max(0, names.start() - 60), names.start())
    top = corner.start(1) if corner else names.start()
    label, caption, start = _caption(text, top)
    notes, end = _notes(text, until if stop else rows[-1].cells[-1][1])
    cells = [
        Cell(
            0, 0, text[top : names.start()].strip(), top, top + len(text[top : names.start()].rstrip()), True
        )
    ]
    cells += [Cell(0, column, text[a:b], a, b, True) for column, (a, b) in enumerate(head.columns, 1)]
    for number, row in enumerate(rows, 1):
        cells += _cells(text, number, row)
    return Table(label, caption, tuple(cells), notes, start, end, certain=False)


def _columns(text: str, names: re.Match[str]) -> _Head:
    """Return the numbered columns from the first name on, as far as the numbers go on."""
    word = re.escape(names[1])
    columns: list[tuple[int, int]] = []
    at = names.start()
    while found := re.compile(rf"\s*((?:{word}\.?\s?#?)?{len(columns) + 1})(?![\w.,/])", re.IGNORECASE).match(
        text, at
    ):
        columns.append(found.span(1))
        at = found.end()
    return _Head(tuple(columns), at)


def _items(text: str, start: int, end: int) -> list[Item]:
    """Return the words from start to end as cells (atoms) and phrases, with their places."""
    items: list[Item] = []
    tokens = list(_TOKEN.finditer(text, start, end))
    skip = 0
    for number, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        word = token.group()
        skip = _power_ahead(tokens, number)
        if skip:
            items.append(Item(token.start(), tokens[number + skip].end(), True))
        elif _is_atom(word) and not _follows_of(text, items, word):
            items.append(Item(token.start(), token.end(), True, word))
        elif items and not items[-1].atom and _goes_on(text[items[-1].start : items[-1].end], word):
            items[-1] = Item(items[-1].start, token.end(), False, words=items[-1].words + 1)
        else:
            items.append(Item(token.start(), token.end(), False))
    return items


def _power_ahead(tokens: list[re.Match[str]], number: int) -> int:
    """Return 2 where "3.29 × 106" begins: a number, a times sign, and ten with its raised digits."""
    if number + 2 >= len(tokens) or tokens[number + 1].group() not in {"×", "x", "*", "·", "⨯"}:
        return 0
    ends = _NUMBER.fullmatch(tokens[number].group()) and _POWER.fullmatch(tokens[number + 2].group())
    return 2 if ends else 0


def _is_atom(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word) or _SIGN.fullmatch(word) or word.lower() in _WORDS)


def _follows_of(text: str, items: list[Item], word: str) -> bool:
    """True for a word of the vocabulary within a phrase, as in "Reason for death"."""
    if not items or items[-1].atom or not word.isalpha():
        return False
    return text[items[-1].start : items[-1].end].rpartition(" ")[2].lower() in _JOINING


def _goes_on(phrase: str, word: str) -> bool:
    """True where the word belongs to the phrase before it: not a capital, or behind "of", "with", ..."""
    first = word[0]
    return not first.isupper() or phrase.rpartition(" ")[2].lower() in _JOINING or phrase.endswith(",")


def _cells(text: str, number: int, row: Row) -> list[Cell]:
    start, end = row.name
    cells = [Cell(number, 0, text[start:end], start, end, True)]
    for column, (first, last) in enumerate(row.cells, 1):
        mark = _NOTE.search(text, first, last)
        stop = mark.start() if mark else last
        cells.append(Cell(number, column, text[first:stop], first, stop, False, (mark[1],) if mark else ()))
    return cells


def _caption(text: str, top: int) -> tuple[str, str, int]:
    labels = list(_LABEL.finditer(text, max(0, top - 400), top))
    if not labels:
        return "table", "", top
    return (
        " ".join(labels[-1][1].lower().split()),
        text[labels[-1].end() : top].strip(" .\n"),
        labels[-1].start(),
    )


def _notes(text: str, at: int) -> tuple[tuple[tuple[str, str], ...], int]:
    """Return the marked notes right behind the rows, and where they end."""
    found: list[tuple[str, str]] = []
    end = at
    for note in _FOOT.finditer(text, at, at + 3_000):
        if found and note.start() - end > 5:
            break
        found.append((note[1], note[2].strip()))
        end = note.end()
    return tuple(found), end
