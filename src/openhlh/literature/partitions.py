"""Every partition that a document states, and its counts of people and outcomes, from one pass of frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openhlh.claims import Claim
from openhlh.literature import classified, families, groups, in_order, remainders, responders
from openhlh.literature.document import Document
from openhlh.literature.frames import frames
from openhlh.literature.outcomes import outcomes_told
from openhlh.literature.people import people_told
from openhlh.literature.tokens import Sentence
from openhlh.literature.totals import table_totals

_READERS = (
    *families.READERS,
    *in_order.READERS,
    *classified.READERS,
    *remainders.READERS,
    *groups.READERS,
    *responders.READERS,
)


def partition_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield the parts of wholes that sentences and tables tell, and the counts that they tell again.

    A reader is called only where one of its trigger words stands.
    """
    read = tuple(frames(document, sentences))
    for frame in read:
        words = set(frame.lows)
        for triggers, reader in _READERS:
            if not triggers.isdisjoint(words):
                yield from reader(frame)
    for table in document.tables:
        yield from table_totals(table)
    yield from people_told(document, read)
    yield from outcomes_told(document, read)
