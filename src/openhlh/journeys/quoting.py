"""The passage behind a statement: found by the place that the page names, by its numbers and its words.

What a number or word tells is measured in the document itself: one that stands in every passage tells
nothing, one of our own wording that stands in none does not count. Single letters and digits count little.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING, Any

from openhlh.answers.answer import Passage
from openhlh.answers.reading import stem, words
from openhlh.literature.library import Entry, Library
from openhlh.literature.library_items import TITLE_ONLY
from openhlh.literature.library_search import Hit, passages_in
from openhlh.numerals import numerals

if TYPE_CHECKING:
    from openhlh.answers.answer import Statement
    from openhlh.answers.answering import Answerer

# Share of a statement's weight that a passage has to hold, and least weight that it holds: where the page
# names its part or table, elsewhere, and of its decimal numbers alone (three of them, each in few passages).
_ENOUGH_IN_PLACE, _ENOUGH_ANYWHERE, _ENOUGH_EXACT = (0.4, 9.0), (0.6, 9.0), (0.7, 7.5)
_LEAST_TOLD = 0.33  # of the whole statement; of 164 statements held against another paper, 5 reach all this
_WEIGHT_OF_ONE_SIGN, _WEIGHT_OF_NUMBER = 0.3, 4.0
_FEWEST_PASSAGES = 12  # an abstract has few, and a word of it tells more than that it stands in one of them
_THROUGH = re.compile(r"^([A-Z][a-z]+) ((?:19|20)\d\d), ")
_TABLE = re.compile(r"\btables? (s?\d+)(?: and (s?\d+))?")
_SECTION = re.compile(r"\bsections? (\d+(?:\.\d+)*)")
_ROLES = {
    "abstract": "abstract",
    "introduction": "introduction",
    "background": "background",
    "method": "methods",
    "methods": "methods",
    "result": "results",
    "results": "results",
    "discussion": "discussion",
    "conclusion": "conclusion",
    "conclusions": "conclusion",
}


@dataclass(frozen=True)
class _Held:
    """A document of the library with what each of its passages says, and how telling each token is in it."""

    entry: Entry
    shape: dict[str, Any]
    said: tuple[tuple[Hit, frozenset[str]], ...]
    weights: dict[str, float]


@dataclass
class Quoter:
    """A library and the shelves; each document is opened once."""

    library: Library
    asker: Answerer
    held: dict[str, _Held | None] = field(default_factory=dict)

    def behind(self, statement: Statement) -> Passage | None:
        """Return the passage that a statement rests on; None where no document or no passage fits."""
        key = self._key_of(statement)
        held = self._held(key) if key else None
        if held is None:
            return None
        regions = _regions(statement.at, held.shape)
        in_place = [one for one in held.said if _lies_in(one[0], regions)]
        asked = self._tokens(statement.text)
        weights = {one: held.weights[one] for one in asked if one in held.weights}
        exact = {one: weight for one, weight in weights.items() if "." in one}
        best = _best(weights, in_place, _ENOUGH_IN_PLACE) or _best(weights, held.said, _ENOUGH_ANYWHERE)
        if best is None or self._share_told(statement, best) < _LEAST_TOLD:
            best = _best(exact, held.said, _ENOUGH_EXACT)
        if best is None:
            return None
        return Passage(key, best.title, best.part, best.text, best.start, best.end, best.key, "quotation")

    def _key_of(self, statement: Statement) -> str:
        """Return the key of the publication that holds the place, as "Marsh 2017, Table 2" names one."""
        through = _THROUGH.match(statement.at)
        if through and f"{through[1].lower()}_{through[2]}" in self.asker.shelves.sources:
            return f"{through[1].lower()}_{through[2]}"
        return statement.citations[0] if statement.at and statement.citations else ""

    def _held(self, key: str) -> _Held | None:
        if key not in self.held:
            source = self.asker.shelves.sources.get(key)
            names = (source.doi, source.pmid) if source else ()
            found = (self.library.entry(name) for name in names if name)
            entry = next(filter(None, found), None)
            self.held[key] = self._opened(entry) if entry and entry.extent != TITLE_ONLY else None
        return self.held[key]

    def _opened(self, entry: Entry) -> _Held:
        hits = [one for one in passages_in(self.library, entry) if one.part != "references"]
        said = tuple((one, self._tokens(one.text)) for one in hits)
        counts = Counter(token for _, tokens in said for token in tokens)
        weights = {
            token: log(1 + max(len(said), _FEWEST_PASSAGES) / count)
            * (_WEIGHT_OF_ONE_SIGN if len(token) == 1 else 1.0)
            for token, count in counts.items()
        }
        return _Held(entry, self.library.shape(entry), said, weights)

    def _share_told(self, statement: Statement, hit: Hit) -> float:
        """Return how much of what a statement says, by what is rare on the shelves, stands in a passage.

        Numbers that the shelves computed are left out.
        """
        computed = {one.text for one in statement.numbers if one.recomputed is not None}
        rarity = self.asker.index.rarity
        weights = {
            one: (_WEIGHT_OF_NUMBER if one[0].isdigit() else rarity.get(one, _WEIGHT_OF_NUMBER))
            * (_WEIGHT_OF_ONE_SIGN if len(one) == 1 else 1.0)
            for one in self._tokens(statement.text) - computed
        }
        told = self._tokens(hit.text)
        return sum(weights[one] for one in weights if one in told) / (sum(weights.values()) or 1.0)

    def _tokens(self, text: str) -> frozenset[str]:
        everyday = self.asker.shelves.everyday
        said = (word for word in words(text) if not word.isdigit() and word not in everyday)
        return frozenset((*map(stem, said), *(one.text for one in numerals(text))))


def _best(
    weights: dict[str, float], said: Iterable[tuple[Hit, frozenset[str]]], enough: tuple[float, float]
) -> Hit | None:
    """Return the passage that holds most of the weight, if it holds enough."""
    share, least = enough
    needed = max(share * sum(weights.values()), least)
    found = [(sum(weights[one] for one in weights if one in tokens), hit) for hit, tokens in said]
    weight, hit = max(found, key=lambda one: one[0], default=(0.0, None))
    return hit if weight >= needed else None


def _lies_in(hit: Hit, regions: list[tuple[int, int]]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in regions)


def _regions(at: str, shape: dict[str, Any]) -> list[tuple[int, int]]:
    """Return the stretches that a page's place names: tables and sections by number, parts by role."""
    low = at.lower()
    roles = {_ROLES[word] for word in re.findall(r"[a-z]+", low) if word in _ROLES}
    if "abstract" in roles:
        roles = {"abstract"}  # "abstract, results" lies in the abstract
    tables = {f"table {number}" for both in _TABLE.findall(low) for number in both if number}
    sections = set(_SECTION.findall(low))
    return [
        *((one["start"], one["end"]) for one in shape["tables"] if one["label"].lower() in tables),
        *(
            (one["start"], one["end"])
            for one in shape["parts"]
            if one["name"] in roles or one["heading"].partition(" ")[0].rstrip(".") in sections
        ),
    ]
