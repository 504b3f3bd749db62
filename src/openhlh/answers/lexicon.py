"""The lexicon: every way of naming a thing on the shelves, and the words that may be misspelt for it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from openhlh.answers.reading import stem, words
from openhlh.content.study import Study

if TYPE_CHECKING:
    from openhlh.content.shelves import Shelves

# Measured on 400 one-letter slips of the drug names: 84 corrects 97 % of them, and it turns none of
# the everyday words into a name (tests/test_lexicon.py).
ALIKE_ENOUGH = 84
SHORTEST_CORRECTED = 5
_SHORTEST_SURNAME = 5  # a shorter one alone may be a word or many people
_LONGEST_PHRASE = 7
# Inside the name of a study, other words do not ask for anything of their own.
_SILENT_INSIDE_STUDY = frozenset({"intent", "line", "age", "etiology", "reference", "place", "elsewhere"})
_SILENT_INSIDE_NAME = frozenset({"intent", "reference"})
_REVIEWS = frozenset({"systematic_review", "narrative_review"})
_REVIEW_NOUNS = ("review", "paper", "authors")
_STUDY_NOUNS = (
    "study",
    "trial",
    "series",
    "paper",
    "cohort",
    "report",
    "patients",
    "pts",
    "data",
    "authors",
    "pilot",
)
_SEEN_BEST = ("full_text", "abstract", "part_of_abstract")
_NAMES = frozenset({"definition", "regimen", "gene"})


@dataclass(frozen=True)
class Meaning:
    """What a phrase means: a kind of thing and its id."""

    kind: str
    id: str


Phrase = tuple[str, Meaning, bool]  # what is said, what it means, and whether a slip of it may be mended


@dataclass(frozen=True)
class Found:
    """A meaning found in a question between two token positions."""

    start: int
    end: int
    meaning: Meaning


@dataclass(frozen=True)
class Lexicon:
    """Phrases by their stems, cues of cautions by their words, spellings to correct to, known stems."""

    phrases: dict[tuple[str, ...], tuple[Meaning, ...]]
    cues: dict[tuple[str, ...], tuple[Meaning, ...]]
    spellings: tuple[str, ...]
    known: frozenset[str]

    def corrected(self, token: str) -> str:
        """Return the token, or the one spelling on the shelves that it is a slip of."""
        if len(token) < SHORTEST_CORRECTED or stem(token) in self.known or not token.isalpha():
            return token
        return _nearest(token, self.spellings)

    def find(self, tokens: tuple[str, ...]) -> tuple[Found, ...]:
        """Return every meaning in order; within one kind the longest phrase wins."""
        keys = tuple(stem(token) for token in tokens)
        found = [
            Found(start, start + length, meaning)
            for start in range(len(keys))
            for length in range(1, min(_LONGEST_PHRASE, len(keys) - start) + 1)
            for meaning in (
                *self.phrases.get(keys[start : start + length], ()),
                *self.cues.get(tokens[start : start + length], ()),
            )
        ]
        return tuple(one for one in found if not any(_silences(other, one) for other in found))


def _silences(other: Found, one: Found) -> bool:
    inside = other.start <= one.start and one.end <= other.end
    longer = other.end - other.start > one.end - one.start
    if not inside or not longer:
        return False
    if other.meaning.kind == one.meaning.kind:
        return True
    if other.meaning.kind == "study":
        return one.meaning.kind in _SILENT_INSIDE_STUDY
    if other.meaning.kind == "regimen" and one.meaning.kind == "intent":
        return False  # "anakinra dosing" names the regimen and asks for its doses
    return other.meaning.kind in _NAMES and one.meaning.kind in _SILENT_INSIDE_NAME


@lru_cache(maxsize=8192)
def _nearest(token: str, spellings: tuple[str, ...]) -> str:
    best = process.extractOne(token, spellings, scorer=fuzz.ratio, score_cutoff=ALIKE_ENOUGH)
    return str(best[0]) if best else token


def build(shelves: Shelves, page_stems: Iterable[str]) -> Lexicon:
    """Return the lexicon of these shelves; `page_stems` are all stems that stand on pages."""
    phrases: dict[tuple[str, ...], dict[Meaning, None]] = defaultdict(dict)
    spellings: dict[str, None] = {}
    for phrase, meaning, correctable in _all_phrases(shelves):
        said = words(phrase)
        if not said or len(said) > _LONGEST_PHRASE:
            continue
        phrases[tuple(stem(word) for word in said)][meaning] = None
        if correctable:
            spellings.update(
                (word, None) for word in said if len(word) >= SHORTEST_CORRECTED and word.isalpha()
            )
    known = {part for phrase in phrases for part in phrase} | {
        stem(word) for word in shelves.everyday | shelves.known_words
    }
    known.update(page_stems)
    return Lexicon(
        {key: tuple(meanings) for key, meanings in phrases.items()},
        _cues(shelves),
        tuple(sorted(spellings)),
        frozenset(known),
    )


def _all_phrases(shelves: Shelves) -> Iterator[Phrase]:
    yield from _page_phrases(shelves)
    yield from _study_phrases(shelves)
    for vocabulary in shelves.vocabularies:
        for term in vocabulary.terms:
            for says in term.says:
                yield says, Meaning(vocabulary.kind, term.id), vocabulary.kind != "intent" or len(says) > 6


def _cues(shelves: Shelves) -> dict[tuple[str, ...], tuple[Meaning, ...]]:
    """Return the cues of cautions by their very words: "immunisation" is one, "immune" is not."""
    cues: dict[tuple[str, ...], tuple[Meaning, ...]] = {}
    for caution in shelves.cautions.values():
        for cue in caution.cues:
            cues[words(cue)] = (*cues.get(words(cue), ()), Meaning("caution", caution.id))
    return cues


def _page_phrases(shelves: Shelves) -> Iterator[Phrase]:
    for drug in shelves.drugs.values():
        for name in drug.names:
            yield name, Meaning("drug", drug.id), True
        for name in (*drug.abbreviations, *drug.misspelt):
            yield name, Meaning("drug", drug.id), False
    for regimen in shelves.regimens.values():
        for name in regimen.names:
            yield name, Meaning("regimen", regimen.id), False
    for definition in shelves.definitions.values():
        for name in definition.names:
            yield name, Meaning("definition", definition.id), False
    for gene in shelves.genes.genes:
        for name in (gene.symbol, *gene.aliases):
            if name.lower() not in shelves.everyday:  # WAS is a gene, "was" is not
                yield name, Meaning("gene", gene.symbol), False


def _study_phrases(shelves: Shelves) -> Iterator[Phrase]:
    leading = _leading_studies(shelves)
    for study in shelves.studies.values():
        meaning = Meaning("study", study.id)
        for name in study.known_as:
            yield name, meaning, False
        for arm in study.arms:
            if arm.row:
                yield arm.row, meaning, False
        source = shelves.sources[study.source]
        for identifier in (source.doi, source.pmid, source.registration):
            if identifier and study.design != "statement":
                yield identifier, meaning, False
        yield from _author_phrases(study, source.authors, source.year, leads=study.id in leading)


def _author_phrases(
    study: Study, authors: tuple[str, ...], year: int | None, *, leads: bool
) -> Iterator[Phrase]:
    """Yield the names by first author; without a year only the best-seen study of a surname answers."""
    if not authors or study.design == "statement":
        return
    surname = re.sub(r" [A-Z]{1,3}$", "", authors[0])
    meaning = Meaning("study", study.id)
    if year:
        yield f"{surname} {year}", meaning, False
        yield f"{surname} et al {year}", meaning, False
    if not leads:
        return
    yield f"{surname} et al", meaning, False
    for noun in _REVIEW_NOUNS if study.design in _REVIEWS else _STUDY_NOUNS:
        yield f"{surname} {noun}", meaning, False
        yield f"{surname}s {noun}", meaning, False
    if len(surname) >= _SHORTEST_SURNAME:
        yield surname, meaning, False


def _leading_studies(shelves: Shelves) -> frozenset[str]:
    """Return the studies that a bare surname means: the one seen best, reviews apart."""
    best: dict[tuple[str, bool], list[tuple[int, str]]] = defaultdict(list)
    for study in shelves.studies.values():
        for author in shelves.sources[study.source].authors[:1]:
            surname = re.sub(r" [A-Z]{1,3}$", "", author)
            rank = _SEEN_BEST.index(study.seen.what) if study.seen.what in _SEEN_BEST else len(_SEEN_BEST)
            best[surname, study.design in _REVIEWS].append((rank, study.id))
    return frozenset(name for ranked in best.values() for rank, name in ranked if rank == min(ranked)[0])
