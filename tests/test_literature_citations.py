"""Reference numbers in running text, and what they point to."""

import pytest

from openhlh.literature.citations import citation_claims
from openhlh.literature.document import Document, Reference
from openhlh.literature.tokens import sentences

LIST = (
    "Moss AB, Fern C. On ponds. J Ponds. 2001;1:2-3.",
    "Oak D, Elm E. On trees. J Trees. 2002;1:2-3.",
    "Reed F. On reeds. J Reeds. 2003;1:2-3.",
)


def document(text, entries=LIST):
    start = len(text) + 1
    references = tuple(
        Reference(number, words, start, start + 9, 2001) for number, words in enumerate(entries, 1)
    )
    return Document("invented", "text", text, references=references)


def read(text, entries=LIST):
    one = document(text, entries)
    return list(citation_claims(one, list(sentences(text))))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Ponds are deep.1,2 So they say.", [(1, 2)]),
        ("Ponds are deep,3 they say.", [(3,)]),
        ("Ponds are deep.¹⁻³", [(1, 2, 3)]),
        ("Ponds are deep.^{1,3}", [(1, 3)]),
        ("Ponds are deep [2].", [(2,)]),
        ("Ponds are deep [1-3].", [(1, 2, 3)]),
        ("As told by Moss et al1 they are deep.", [(1,)]),
        ("An area of 10 m² and 5 mg/m² and R² of 0.3", []),
        ("A volume of 10^9 and ^18F were used", []),
        ("At No.79 Long Road they live.", []),
    ],
)
def test_reference_numbers_are_told_from_powers_units_and_addresses(text, numbers):
    assert [one.numbers for one in read(text)] == numbers


def test_the_author_before_et_al_and_the_entries_of_this_name_are_kept():
    (one,) = read("As Oak et al.^1 wrote, it is so.")
    assert (one.name, [entry.number for entry in one.entries], [entry.number for entry in one.namesakes]) == (
        "Oak",
        [1],
        [2],
    )


def test_a_list_with_a_gap_is_no_list_to_judge_by():
    text = "Ponds are deep.1"
    one = Document(
        "invented",
        "text",
        text,
        references=(Reference(1, "Moss A.", 90, 99), Reference(3, "Oak B.", 99, 120)),
    )
    assert list(citation_claims(one, list(sentences(text)))) == []


def test_an_empty_list_lets_bare_numbers_at_the_ends_of_sentences_count():
    text = "Ponds are deep 1.\n\n• Trees are high 2\n• Reeds are thin 3\n• They bend 3\n\nReferences\n\nAbout us\nWe write."
    assert [
        one.numbers for one in citation_claims(Document("invented", "text", text), list(sentences(text)))
    ] == [(1,), (2,), (3,), (3,)]
    assert all(
        one.listed == 0 for one in citation_claims(Document("invented", "text", text), list(sentences(text)))
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ponds are deep 1.\n\nReferences\n\nMoss A. On ponds. 2001.",
        "Stage 1.\nGrade 2.\nGrade 3.\nStage 3.\n\nReferences\n\nAbout us",
        "Ponds are deep 7.\nTrees are high 9.\nReeds bend 12.\nThey do 13.\n\nReferences\n\nAbout us",
    ],
)
def test_a_list_with_entries_or_numbers_that_do_not_count_up_are_not_judged(text):
    assert list(citation_claims(Document("invented", "text", text), list(sentences(text)))) == []


def test_where_most_numbers_stand_in_brackets_raised_ones_are_none():
    text = "A [1] b [2] c [3] d [1] e and strain xyz^2 too."
    assert [one.text for one in read(text)] == ["[1]", "[2]", "[3]", "[1]"]


def test_numbers_in_round_brackets_count_where_they_cover_half_of_the_list():
    text = "Ponds are deep (1). Trees are high (2,3). A recent review (7) says so. Of all, five were old (9)."
    found = read(text)
    assert [(one.numbers, one.sure) for one in found] == [
        ((1,), False), ((2, 3), False), ((7,), True), ((9,), False),
    ]  # fmt: skip
    assert read("Ponds are deep (1). They are old (7).") == []


def test_numbers_that_lost_their_height_count_where_they_cover_half_of_the_list():
    text = "Ponds are deep1. Trees are high2,3. Reviews said so later9. On week12 and in grade3 it rained."
    assert [one.numbers for one in read(text)] == [(1,), (2, 3), (9,)]
