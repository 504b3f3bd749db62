"""From the words of a question to its frame, and from one question to the next."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from openhlh.answers.cautious import with_fitting_cautions, with_stated_age, without_other_fractions
from openhlh.answers.frame import Frame, Ids
from openhlh.answers.reading import LONGEST_QUESTION, stem, words
from openhlh.numerals import fractions, percents

if TYPE_CHECKING:
    from openhlh.answers.lexicon import Found, Lexicon
    from openhlh.content.shelves import Shelves
    from openhlh.content.vocabulary import Term

_SHORTEST_UNKNOWN, _MOST_UNKNOWN, _SHORTEST_NAME = 4, 3, 6
_DRUG_LIKE = re.compile(
    r"(?:mab|nib|nibs|cept|kinra|stat|platin|mycin|vir|imod|limus|zole|statin|taxel|rubicin|leukin|cine|mide)$"
)
_AFTER_NAMING_WORD = re.compile(
    r"\b(?:with|of|for|about|on|use|using|give|giving|try|add|adding|does|is|vs|versus|or|called|against) "
    r"(?:the |a |an )?([a-z]{4,})"
)
_WITHOUT_HLH = re.compile(
    r"\b(?:without|no|not) (?:any )?(?:hlh|mas|macrophage activation)\b(?! (?:gene|treatment|therapy))"
)
_TWO_FIGURES = re.compile(r"(?<![\d/.])(\d{1,3}(?:\.\d+)?) or (\d{1,3}(?:\.\d+)?) ?%")
_TIME = re.compile(r"(?<!\d)(\d{1,2})[ -]?(weeks?|months?|years?)(?!s?[ -]old)")
_ABOUT_ORDER_BONUS = 10
_PATIENT = re.compile(
    r"\b(?:patient|pt|case|subject)s?\.? ?(?:no\.? ?|number |#)?(\d{1,2})\b"
    r"(?! ?(?:%|of|mg|years|kg|out))"
)
_COMES_BEFORE = {"after", "despite", "failed", "failing", "beyond"}
_HAS_FAILED = {"failure", "failed", "fails", "refractory", "resistant"}
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
    asked = _TWO_FIGURES.sub(r"\1% or \2%", question[:LONGEST_QUESTION])
    typed = words(asked)
    tokens = tuple(lexicon.corrected(token) for token in typed)
    found = tuple(one for one in lexicon.find(tokens) if not _describes_patients(one, tokens))
    found = _without_prior_therapy(found, tokens)
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
        times=tuple(dict.fromkeys(_times(asked.lower()))),
        named_twice=_named_twice(found, tokens),
        foreign=_is_foreign(tokens, lexicon),
        patients=tuple(dict.fromkeys(_PATIENT.findall(asked.lower()))),
        said=frozenset(stem(token) for token in tokens),
        stems=tuple(dict.fromkeys(stem(token) for token in tokens if token not in shelves.everyday)),
        corrected=tuple((a, b) for a, b in zip(typed, tokens, strict=True) if a != b),
        unknown=_unknown(asked, tokens, lexicon),
    )
    lowered = asked.lower()
    frame = with_stated_age(with_fitting_cautions(frame, lowered, shelves), lowered)
    frame = without_other_fractions(_without_idle_definitions(frame, shelves), lowered)
    if "regulatory" in frame.intents:
        frame = replace(frame, places=())
    if frame.jurisdictions and ("regulatory" in frame.intents or {"ema", "fda", "nmpa"} & set(tokens)):
        frame = replace(frame, about=("regulatory", *(one for one in frame.about if one != "regulatory")))
    if any(_asks_what_it_is(one, tokens) for one in found):
        frame = replace(frame, about=("mechanism", *(one for one in frame.about if one != "mechanism")))
    if _WITHOUT_HLH.search(lowered):
        frame = replace(frame, elsewhere=("without_hlh",), topics=(), definitions=(), studies=())
    if "eligibility" in frame.intents and "diagnosis" in frame.intents:
        frame = _without(frame, "diagnosis", {"diagnosis", "definition"})
    return _without_background_drugs(frame, shelves)


def _asks_what_it_is(one: Found, tokens: Ids) -> bool:
    """ "What is emapalumab": the drug itself is asked about, before anything else."""
    two_before = tokens[max(0, one.start - 2) : one.start]
    return one.meaning.kind in {"drug", "regimen"} and two_before in {("what", "is"), ("what", "are")}


def _describes_patients(one: Found, tokens: Ids) -> bool:
    """ "Relapsed HLH" describes patients; it does not ask how long responses last."""
    return one.meaning.id == "durability" and tokens[one.start : one.end] in {("relapsed",), ("relapsing",)}


def _without_prior_therapy(found: tuple[Found, ...], tokens: Ids) -> tuple[Found, ...]:
    """Drop the treatments that are said to have failed or come before, where another one is asked about."""
    treatments = [one for one in found if one.meaning.kind in {"drug", "regimen"}]
    prior = [one for one in treatments if _is_prior(one, tokens)]
    others = {one.meaning.id for one in treatments if one not in prior} - {"allo_hsct"}
    names = {one.meaning.id for one in prior}
    if not prior or not others - names:
        return found
    return tuple(one for one in found if one not in prior)


def _is_prior(one: Found, tokens: Ids) -> bool:
    before = tokens[max(0, one.start - 2) : one.start]
    after = tokens[one.end : one.end + 1]
    if before[-1:] and before[-1] in _COMES_BEFORE:
        return True
    return before == ("refractory", "to") or bool(after and after[0] in _HAS_FAILED)


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
    if frame.drugs == ("allo_hsct",) and _only_as_outcome(frame, before):
        taken |= {name: getattr(before, name) for name in ("drugs", "regimens", "studies")}
    inherited = tuple(name for name, ids in taken.items() if ids and name != "topics")
    return replace(frame, **taken, inherited=inherited)  # type: ignore[arg-type]


def _only_as_outcome(frame: Frame, before: Frame) -> bool:
    """True where a follow-up names transplantation as what came of the treatment asked about before."""
    others = {*before.drugs, *before.regimens} - {"allo_hsct"}
    return "transplant" in frame.about and not frame.studies and bool(others or before.studies)


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


def _unknown(asked: str, tokens: Ids, lexicon: Lexicon) -> Ids:
    """Return words that stand on no page and look like the name of a treatment or disease."""
    strange = {
        token
        for token in tokens
        if token.isalpha() and len(token) >= _SHORTEST_UNKNOWN and stem(token) not in lexicon.known
    }
    after = {found for found in _AFTER_NAMING_WORD.findall(asked.lower()) if found in strange}
    named = tuple(token for token in dict.fromkeys(tokens) if token in after or _is_drug_like(token, strange))
    return named if len(named) <= _MOST_UNKNOWN else ()


def _is_drug_like(token: str, strange: set[str]) -> bool:
    return token in strange and _DRUG_LIKE.search(token) is not None


def _is_foreign(tokens: Ids, lexicon: Lexicon) -> bool:
    """True where most words are on no page and in no English list."""
    strange = [token for token in tokens if token.isalpha() and stem(token) not in lexicon.known]
    return len(tokens) > 3 and 2 * len(strange) > len(tokens)


def _times(asked: str) -> Ids:
    """Return the times that a question names, in the words of the pages: "12 months", "5 years"."""
    return tuple(f"{number} {unit.rstrip('s')}" for number, unit in _TIME.findall(asked))


def _named_twice(found: tuple[Found, ...], tokens: Ids) -> Ids:
    """Return the drugs that the question calls by two different names."""
    names: dict[str, set[Ids]] = {}
    for one in found:
        if one.meaning.kind == "drug" and len("".join(tokens[one.start : one.end])) >= _SHORTEST_NAME:
            names.setdefault(one.meaning.id, set()).add(tokens[one.start : one.end])
    return tuple(drug for drug, said in names.items() if len(said) > 1)


def _without(frame: Frame, intent: str, facets: set[str]) -> Frame:
    """Return the frame without an intent and its facets."""
    return replace(
        frame,
        intents=tuple(one for one in frame.intents if one != intent),
        about=tuple(facet for facet in frame.about if facet not in facets),
    )
