"""The lexicon: misspelt names are mended, everyday words are left alone, the longest name wins."""

import random
import string

import pytest

from openhlh.answers.reading import stems, words


def found(answerer, text):
    tokens = tuple(answerer.lexicon.corrected(token) for token in words(text))
    return {(one.meaning.kind, one.meaning.id) for one in answerer.lexicon.find(tokens)}


@pytest.mark.parametrize(
    ("typed", "drug"),
    [
        ("dacluzimab", "daclizumab"),
        ("anakirna", "anakinra"),
        ("ruxolitinb", "ruxolitinib"),
        ("emapalumap", "emapalumab"),
        ("alemtuzmab", "alemtuzumab"),
        ("etopside", "etoposide"),
        ("toclizumab", "tocilizumab"),
        ("NI-0501", "emapalumab"),
        ("Gamifant", "emapalumab"),
        ("anti-IFN-γ antibody", "emapalumab"),
        ("Kineret", "anakinra"),
        ("anti-CD25", "daclizumab"),
        ("toci", "tocilizumab"),
        ("cyclosporine", "ciclosporin"),
        ("bone marrow transplant", "allo_hsct"),
    ],
)
def test_a_drug_is_known_by_all_its_names_and_slips(answerer, typed, drug):
    assert ("drug", drug) in found(answerer, typed)


def test_one_letter_slips_of_the_drug_names_are_mended(answerer, shelves):
    chance = random.Random(7)  # noqa: S311 - a seeded generator of test inputs
    names = [
        drug.names[0].lower()
        for drug in shelves.drugs.values()
        if drug.names[0].isalpha() and len(drug.names[0]) > 7
    ]
    slips = [slip(chance.choice(names), chance) for _ in range(400)]

    mended = sum(answerer.lexicon.corrected(typed) == name for name, typed in slips)

    assert mended / len(slips) >= 0.95


def slip(name, chance):
    """Return the name and a copy with one letter swapped, left out, doubled or replaced (not the first)."""
    place = chance.randrange(1, len(name) - 1)
    kinds = [
        name[:place] + name[place + 1] + name[place] + name[place + 2 :],
        name[:place] + name[place + 1 :],
        name[:place] + name[place] + name[place:],
        name[:place] + chance.choice(string.ascii_lowercase) + name[place + 1 :],
    ]
    return name, chance.choice(kinds)


def test_no_everyday_word_is_mended_into_a_name(answerer, shelves):
    wrong = {word: answerer.lexicon.corrected(word) for word in shelves.everyday | shelves.known_words}

    assert {word: read for word, read in wrong.items() if word != read} == {}


def test_was_is_a_word_and_not_a_gene(answerer):
    assert not any(kind == "gene" for kind, _ in found(answerer, "how was it given, and what was seen"))
    assert ("gene", "UNC13D") in found(answerer, "which disease comes with UNC13D")


def test_the_name_of_a_study_asks_for_nothing_of_its_own(answerer):
    kinds = {kind for kind, _ in found(answerer, "the salvage review")}

    assert ("study", "marsh_2017") in found(answerer, "the salvage review")
    assert "line" not in kinds


@pytest.mark.parametrize(
    ("asked", "study"),
    [
        ("Zhou paper", "zhou_2023"),
        ("Marsh review", "marsh_2017"),
        ("Locatelli 2020", "locatelli_2020"),
        ("10.1002/ajh.26877", "zhou_2023"),
        ("NCT02007239", "nct02007239"),
        ("S000-DAC", "anti_cd25_2025"),
    ],
)
def test_a_study_is_known_by_author_identifier_and_row(answerer, asked, study):
    assert {one for kind, one in found(answerer, asked) if kind == "study"} == {study}


def test_stems_ignore_case_hyphens_greek_and_accents():
    assert stems("Anti-IFN-γ, Études") == stems("anti ifn gamma etudes")
