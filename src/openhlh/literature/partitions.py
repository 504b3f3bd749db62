"""Every partition that a document states: lists, rests, subgroups, arms, causes of death, totals of tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openhlh.claims import Claim
from openhlh.literature import classified, families, groups, remainders, responders
from openhlh.literature.document import Document
from openhlh.literature.frames import frames
from openhlh.literature.tokens import Sentence
from openhlh.literature.totals import table_totals

_READERS = (*families.READERS, *classified.READERS, *remainders.READERS, *groups.READERS, *responders.READERS)


def partition_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield the parts of wholes that sentences and tables tell; a reader sees only its trigger words."""
    for frame in frames(document, sentences):
        words = set(frame.lows)
        for triggers, read in _READERS:
            if not triggers.isdisjoint(words):
                yield from read(frame)
    for table in document.tables:
        yield from table_totals(table)
