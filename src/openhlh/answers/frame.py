"""The frame: what a question asks for, of which drugs, studies and patients."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from openhlh.answers.cautious import with_fitting_cautions, with_stated_age, without_other_fractions
from openhlh.answers.reading import LONGEST_QUESTION, stem, words
from openhlh.numerals import fractions, percents

if TYPE_CHECKING:
    from openhlh.answers.lexicon import Found, Lexicon
    from openhlh.content.shelves import Shelves
    from openhlh.content.vocabulary import Term

Ids = tuple[str, ...]
_SHORTEST_UNKNOWN, _MOST_UNKNOWN = 4, 3
_ABOUT_ORDER_BONUS = 10
_PATIENT = re.compile(
    r"\b(?:patient|pt|case|subject)s?\.? ?(?:no\.? ?|number |#)?(\d{1,2})\b(?! ?(?:%|of|mg|years|kg|out))"
)


@dataclass(frozen=True)
class Frame:
    """A question as ids of the shelves. It holds no word of the asker except unknown drug-like ones."""

    intents: Ids = ()
    about: Ids = ()
    drugs: Ids = ()
    regimens: Ids = ()
    studies: Ids = ()
    definitions: Ids = ()
    genes: Ids = ()
    lines: Ids = ()
    ages: Ids = ()
    etiologies: Ids = ()
    settings: Ids = ()
    topics: Ids = ()
    places: Ids = ()
    references: Ids = ()
    jurisdictions: Ids = ()
    elsewhere: Ids = ()
    cautions: Ids = ()
    fractions: tuple[tuple[int, int], ...] = ()
    percents: Ids = ()
    patients: Ids = ()
    stems: Ids = ()
    said: frozenset[str] = frozenset()
    corrected: tuple[tuple[str, str], ...] = ()
    unknown: Ids = ()
    inherited: Ids = ()

    @property
    def names_a_subject(self) -> bool:
        """True where a drug, regimen, study, definition or gene is named."""
        return bool(self.drugs or self.regimens or self.studies or self.definitions or self.genes)

    @property
    def in_scope(self) -> bool:
        """True where anything in the question belongs to HLH and its treatment."""
        if self.studies or self.definitions or self.genes or "hlh" in self.topics:
            return True
        if self.elsewhere:
            return False
        if self.drugs or self.regimens or self.topics or {"cns", "car_t"} & set(self.settings):
            return True
        return bool((self.etiologies or self.lines) and self.about and not self.unknown)

    @property
    def asks_salvage(self) -> bool:
        """True where refractory or relapsed disease is meant, and first line is not."""
        return "salvage" in self.lines and "first" not in self.lines

    def shown(self) -> dict[str, Any]:
        """Return the parts that are not empty, for --explain."""
        return {key: value for key, value in asdict(self).items() if value and key not in {"stems", "said"}}


_FIELD_OF_KIND = {
    "intent": "intents",
    "drug": "drugs",
    "regimen": "regimens",
    "study": "studies",
    "definition": "definitions",
    "gene": "genes",
    "line": "lines",
    "age": "ages",
    "etiology": "etiologies",
    "setting": "settings",
    "topic": "topics",
    "place": "places",
    "reference": "references",
    "jurisdiction": "jurisdictions",
    "elsewhere": "elsewhere",
    "caution": "cautions",
}


def understand(question: str, lexicon: Lexicon, shelves: Shelves) -> Frame:
    """Return the frame of one question, misspelt names corrected."""
    asked = question[:LONGEST_QUESTION]
    typed = words(asked)
    tokens = tuple(lexicon.corrected(token) for token in typed)
    found = lexicon.find(tokens)
    collected: dict[str, list[str]] = {name: [] for name in _FIELD_OF_KIND.values()}
    for one in found:
        ids = collected[_FIELD_OF_KIND[one.meaning.kind]]
        if one.meaning.id not in ids:
            ids.append(one.meaning.id)
    frame = Frame(
        **{name: tuple(ids) for name, ids in collected.items()},
        about=_asked_about(found, shelves),
        fractions=fractions(asked),
        percents=percents(asked),
        patients=tuple(dict.fromkeys(_PATIENT.findall(asked.lower()))),
        said=frozenset(stem(token) for token in tokens),
        stems=tuple(dict.fromkeys(stem(token) for token in tokens if token not in shelves.everyday)),
        corrected=tuple((a, b) for a, b in zip(typed, tokens, strict=True) if a != b),
        unknown=_unknown(tokens, lexicon),
    )
    lowered = asked.lower()
    frame = without_other_fractions(with_stated_age(with_fitting_cautions(frame, lowered), lowered), lowered)
    if "regulatory" in frame.intents:
        frame = replace(frame, places=())
    if "eligibility" in frame.intents and "diagnosis" in frame.intents:
        frame = _without(frame, "diagnosis", {"diagnosis", "definition"})
    return _without_background_drugs(_without_idle_definitions(frame, shelves), shelves)


def follow(frame: Frame, before: Frame | None) -> Frame:
    """Return the frame with what it does not name taken over from the question before.

    A new subject keeps the patients of the conversation; new patients keep its subject.
    """
    if before is None or frame.elsewhere:
        return frame
    taken: dict[str, Ids] = {}
    if not frame.names_a_subject:
        for name in ("drugs", "regimens", "studies", "definitions", "genes", "lines"):
            if not getattr(frame, name):
                taken[name] = getattr(before, name)
    else:
        for name in ("lines", "ages", "etiologies"):
            if not getattr(frame, name) and not frame.studies:
                taken[name] = getattr(before, name)
    if not frame.about:
        taken["about"], taken["intents"] = before.about, before.intents
    if "hlh" not in frame.topics:
        taken["topics"] = (*frame.topics, "hlh")
    inherited = tuple(name for name, ids in taken.items() if ids and name != "topics")
    return replace(frame, **taken, inherited=inherited)  # type: ignore[arg-type]


def kept(frame: Frame) -> dict[str, Any]:
    """Return what a conversation may keep: ids of the shelves, no word of the asker."""
    return {
        name: list(getattr(frame, name))
        for name in (
            "intents",
            "about",
            "drugs",
            "regimens",
            "studies",
            "definitions",
            "genes",
            "lines",
            "ages",
            "etiologies",
        )
    }


def restored(state: dict[str, Any]) -> Frame:
    """Return the frame that `kept` wrote; unknown or broken parts are left out."""
    names = {field.name for field in fields(Frame)}
    good = {
        name: tuple(one for one in ids if isinstance(one, str))
        for name, ids in state.items()
        if name in names and isinstance(ids, list)
    }
    return Frame(**good)  # type: ignore[arg-type]


def _asked_about(found: tuple[Found, ...], shelves: Shelves) -> Ids:
    """Return the facets asked for: longer phrases first, then the order of the question."""
    terms: dict[tuple[str, str], Term] = {
        (v.kind, one.id): one for v in shelves.vocabularies for one in v.terms
    }
    weights: dict[str, float] = {}
    for one in found:
        term = terms.get((one.meaning.kind, one.meaning.id))
        for rank, facet in enumerate(term.about if term else ()):
            weight = (one.end - one.start) * _ABOUT_ORDER_BONUS - one.start - 6 * rank
            weights[facet] = max(weights.get(facet, weight), weight)
    return tuple(sorted(weights, key=lambda facet: -weights[facet]))


def _without_background_drugs(frame: Frame, shelves: Shelves) -> Frame:
    """A drug that is only a part of a named regimen is not asked for by itself."""
    frame = _transplant_as_outcome(frame, shelves)
    if not frame.regimens:
        return frame
    parts = {drug for regimen in frame.regimens for drug in shelves.regimens[regimen].drugs}
    return replace(frame, drugs=tuple(drug for drug in frame.drugs if drug not in parts))


def _without_idle_definitions(frame: Frame, shelves: Shelves) -> Frame:
    """The words for refractory and response name a definition only where one is asked for."""
    if {"definition", "diagnosis"} & set(frame.intents):
        return frame
    kept_ones = (
        one for one in frame.definitions if shelves.definitions[one].kind not in {"refractory", "response"}
    )
    return replace(frame, definitions=tuple(kept_ones))


def _transplant_as_outcome(frame: Frame, shelves: Shelves) -> Frame:
    """Beside another treatment or a study, transplantation is what came of it, not the subject."""
    protocols = {name for name in frame.regimens if shelves.regimens[name].family == "histiocyte_society"}
    others = {*frame.drugs, *frame.regimens} - {"allo_hsct"} - protocols
    if not others and not frame.studies:
        return frame
    return replace(
        frame,
        drugs=tuple(drug for drug in frame.drugs if drug != "allo_hsct"),
        regimens=tuple(regimen for regimen in frame.regimens if regimen != "allo_hsct"),
    )


def _unknown(tokens: Ids, lexicon: Lexicon) -> Ids:
    """Return the words that stand on no page; none where most words are unknown (another language, noise)."""
    strange = [
        token for token in dict.fromkeys(tokens) if token.isalpha() and stem(token) not in lexicon.known
    ]
    if 2 * len(strange) > len(set(tokens)):
        return ()
    long = [token for token in strange if len(token) >= _SHORTEST_UNKNOWN]
    return tuple(long) if len(long) <= _MOST_UNKNOWN else ()


def _without(frame: Frame, intent: str, facets: set[str]) -> Frame:
    """Return the frame without an intent and its facets."""
    return replace(
        frame,
        intents=tuple(one for one in frame.intents if one != intent),
        about=tuple(facet for facet in frame.about if facet not in facets),
    )
