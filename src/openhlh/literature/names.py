"""Names and words that can hardly be meant: one name in two spellings, one drug as two, a sentence twice.

A name of the study is compared only inside one construction ("the X regimen", "X-HLH"): there, a spelling
that occurs once and differs in one letter from one that occurs often is likely a slip.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from openhlh.claims import Claim, Oddity
from openhlh.literature.document import Document
from openhlh.literature.drug_names import drug_claims
from openhlh.literature.tokens import Sentence

_NAME = re.compile(r"[A-Z][A-Za-z]{0,4}(?:-[A-Z][A-Za-z]{0,4})?$")
_COMPOUND = re.compile(r"([A-Z]{3,5})-([A-Z]{2,6})$")
_KINDS = {"regimen", "protocol"}
_REVIEWED = re.compile(
    r"reviewed (?:for accuracy|by our|by the (?:medical|editorial)|by experts|and approved)"
)
_PENDING = re.compile(
    r"\b(?:pending|awaiting) (?:\w+ )?(?:review|approval)\b|\bnot (?:yet )?been reviewed\b", re.IGNORECASE
)
_COMMON, _SLIP = 5, 3


def name_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield spellings, drugs, sentences and statements of review that contradict the rest of the document."""
    yield from _spellings(document, sentences)
    yield from drug_claims(document, sentences)
    yield from _printed_twice(document, sentences)
    reviewed = _REVIEWED.search(document.text)
    pending = _PENDING.search(document.text) if reviewed else None
    if pending and reviewed:
        yield Oddity(
            pending.start(), pending.end(), pending[0], document.where(pending.start()), "", "status",
            reviewed[0], (reviewed.span(),),
        )  # fmt: skip


def _spellings(document: Document, sentences: Sequence[Sentence]) -> Iterator[Oddity]:
    text = document.text
    found = list(_of_a_kind(sentences))
    heads = Counter((name, kind) for name, kind, _ in found)
    if len(heads) < 2:
        return
    for name, kind, start in found:
        other = _usual(text, name, kind, heads)
        if other:
            at = text.find(other)
            yield Oddity(
                start, start + len(name), name, document.where(start), kind, "spelling", other,
                ((at, at + len(other)),),
            )  # fmt: skip


def _usual(text: str, name: str, kind: str, heads: Counter[tuple[str, str]]) -> str:
    """Return the usual name that a name told once is one slip away from, or nothing."""
    if heads[name, kind] != 1 or len(name) < 3:
        return ""
    for (other, other_kind), times in heads.items():
        swapped = _is_swapped(name, other)
        if other_kind != kind or not (swapped or _is_one_letter_off(name, other)):
            continue
        often = times >= _COMMON or (swapped and _count(text, other) >= _SLIP)
        if often and _count(text, name) == 1:
            return other
    return ""


def _of_a_kind(sentences: Sequence[Sentence]) -> Iterator[tuple[str, str, int]]:
    """Yield names with the word of their construction, such as ("Ru-D", "regimen"), and their place."""
    for sentence in sentences:
        before = None
        for token in sentence.tokens:
            if token.kind != "word":
                before = None
                continue
            if "-" in token.text and (compound := _COMPOUND.match(token.text)):
                yield compound[1], compound[2], token.start
            if before is not None and token.text in _KINDS and _NAME.match(before.text):
                yield before.text, token.text, before.start
            before = token


def _count(text: str, name: str) -> int:
    return len(re.findall(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", text))


def _is_swapped(name: str, other: str) -> bool:
    """True where two neighbouring letters changed places."""
    if len(name) != len(other):
        return False
    differ = [at for at, (a, b) in enumerate(zip(name, other, strict=True)) if a != b]
    return (
        len(differ) == 2 and differ[1] == differ[0] + 1
        and name[differ[0]] == other[differ[1]] and name[differ[1]] == other[differ[0]]
    )  # fmt: skip


def _is_one_letter_off(name: str, other: str) -> bool:
    """True where one letter of a longer name differs, as in Ru-P and Ru-D."""
    return (
        len(name) == len(other) >= 4
        and sum(a != b for a, b in zip(name, other, strict=True)) == 1
        and name[0] == other[0]
    )


def _printed_twice(document: Document, sentences: Sequence[Sentence]) -> Iterator[Oddity]:
    text, previous = document.text, None
    for one in sentences:
        if (
            previous is not None
            and one.end - one.start == previous.end - previous.start
            and one.end - one.start > 60
        ):
            words = text[one.start : one.end]
            if (
                words == text[previous.start : previous.end]
                and words.rstrip().endswith(".")
                and _is_prose(words)
            ):
                yield Oddity(
                    one.start, one.end, words, document.where(one.start), "", "twice", "",
                    ((previous.start, previous.end),),
                )  # fmt: skip
        previous = one


def _is_prose(words: str) -> bool:
    plain = re.findall(r"\b[a-z]{2,}\b", words)
    return len(plain) >= 8
