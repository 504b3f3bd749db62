"""Search in the library: words that may be typed in any way, passages with the hits marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openhlh.errors import WrongInput
from openhlh.literature.library import Entry, Library

MOST_WORDS, MOST_FOUND = 64, 10
_CANDIDATES = 60
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "µ": "mu", "ω": "omega",
}  # fmt: skip
_LETTER = {name: letter for letter, name in _GREEK.items() if letter != "µ"}
_GREEK_NAME = re.compile(rf"(?<![a-z])(?:{'|'.join(_LETTER)})(?![a-z])", re.IGNORECASE)
_OPENS, _CLOSES = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage of the library: its document, part, offsets in that document, words, and marked hits.

    `hits` are (start, end) in the text of the document, as `start` and `end` are.
    """

    key: str
    title: str
    part: str
    start: int
    end: int
    text: str
    hits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The best passages, how many there are in all, and whether each holds every word asked for."""

    hits: tuple[Hit, ...]
    count: int
    every_word: bool


def search(library: Library, typed: str) -> Found:
    """Return the passages that hold every word, or, where there is none, some of the words."""
    words = _words(typed)
    for every_word, joint in ((True, " AND "), (False, " OR ")):
        query = joint.join(map(_quoted, words))
        (count,) = library.connection.execute(
            "select count(*) from words where words match ?", (query,)
        ).fetchone()
        if count:
            return Found(_best(library, query, MOST_FOUND), count, every_word)
    return Found((), 0, every_word=False)


def best_passages(library: Library, weights: Mapping[str, float], enough: float, most: int) -> list[Hit]:
    """Return up to `most` passages that hold the weightiest word and `enough` (0 to 1) of all the weight."""
    asked = {word: weight for word, weight in weights.items() if any(map(str.isalnum, word))}
    if not asked or len(asked) > MOST_WORDS:
        return []
    query = " OR ".join(map(_quoted, asked))
    best = library.connection.execute(
        "select rowid from words where words match ? order by rank limit ?", (query, _CANDIDATES)
    )
    candidates = [number for (number,) in best]
    rarest = max(asked, key=asked.__getitem__)
    holding = {word: _holding(library, word, candidates) for word in asked}
    share = {
        number: sum(weight for word, weight in asked.items() if number in holding[word]) / sum(asked.values())
        for number in candidates
        if number in holding[rarest]
    }
    chosen = sorted((one for one in share if share[one] >= enough), key=lambda one: -share[one])[:most]
    return [_hit(library, number, query) for number in chosen]


def passages_in(library: Library, entry: Entry) -> list[Hit]:
    """Return the passages of a document in order."""
    rows = library.connection.execute(
        "select part, start, stop, text from passages where document = ? order by start", (entry.id,)
    )
    return [Hit(entry.key, entry.title, *row) for row in rows]


def _words(typed: str) -> tuple[str, ...]:
    """Return what was typed as separate words; signs without a letter or digit ask for nothing."""
    clean = typed.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
    words = tuple(dict.fromkeys(word for word in clean.split() if any(map(str.isalnum, word))))
    if not words:
        raise WrongInput(
            "there is no word to search for", where="hlh library search", remedy="type a word or two"
        )
    if len(words) > MOST_WORDS:
        raise WrongInput(
            f"{len(words)} words are too many", where="hlh library search", remedy=f"type up to {MOST_WORDS}"
        )
    return words


def _quoted(word: str) -> str:
    """Return a word as FTS5 takes it: each way of writing it in quotes, in which nothing is a sign."""
    ways = dict.fromkeys((word, _named(word), _lettered(word), word.replace("-", "")))
    quoted = " OR ".join('"' + way.replace('"', '""') + '"' for way in ways)
    return f"({quoted})"


def _named(word: str) -> str:
    return "".join(_GREEK.get(letter, letter) for letter in word)


def _lettered(word: str) -> str:
    return _GREEK_NAME.sub(lambda found: _LETTER[found.group().lower()], word)


def _best(library: Library, query: str, most: int) -> tuple[Hit, ...]:
    rows = library.connection.execute(
        "select rowid from words where words match ? order by rank, rowid limit ?", (query, most)
    ).fetchall()
    return tuple(_hit(library, number, query) for (number,) in rows)


def _holding(library: Library, word: str, candidates: Iterable[int]) -> set[int]:
    """Return which of these passages hold a word."""
    among = ",".join(map(str, candidates)) or "null"
    asked = f"select rowid from words where words match ? and rowid in ({among})"  # noqa: S608 - whole numbers
    return {number for (number,) in library.connection.execute(asked, (_quoted(word),))}


def _hit(library: Library, number: int, query: str) -> Hit:
    row = library.connection.execute(
        "select key, title, part, start, stop, passages.text, highlight(words, 0, ?, ?)"
        " from words join passages on passages.id = words.rowid"
        " join documents on documents.id = passages.document"
        " where words match ? and words.rowid = ?",
        (_OPENS, _CLOSES, query, number),
    ).fetchone()
    key, title, part, start, end, text, marked = row
    return Hit(key, title, part, start, end, text, _marks(marked, start))


def _marks(marked: str, start: int) -> tuple[tuple[int, int], ...]:
    """Return the marked stretches as offsets in the document."""
    found, here = [], start
    for number, piece in enumerate(re.split(f"[{_OPENS}{_CLOSES}]", marked)):
        if number % 2:
            found.append((here, here + len(piece)))
        here += len(piece)
    return tuple(found)
