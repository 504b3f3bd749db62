"""The vocabulary: which words of a question mean which thing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from openhlh.content.words import About, Frozen, Id, Text

Kind = Literal[
    "intent", "line", "age", "etiology", "setting", "topic", "place", "elsewhere", "reference", "jurisdiction"
]


class Term(Frozen):
    """One meaning with all the ways of saying it (lower case; misspellings that matter included)."""

    id: Id
    says: Annotated[tuple[Text, ...], Field(min_length=1)]
    about: tuple[About, ...] = ()
    answer: Text | None = None


class Vocabulary(Frozen):
    """One file of terms of one kind."""

    kind: Kind
    terms: tuple[Term, ...]


class Everyday(Frozen):
    """Common words, split by white space: `stop` carries no meaning in a question, `known` is English."""

    stop: Text
    known: Text
