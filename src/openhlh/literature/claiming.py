"""Every claim of a document, in the order of its text: all grammars over one pass of sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from openhlh.claims import Claim, Proportion, Quantity
from openhlh.literature.counts import count_claims
from openhlh.literature.document import Document
from openhlh.literature.table_counts import table_count_claims
from openhlh.literature.tokens import Sentence, sentences

Grammar = Callable[[Document, Sequence[Sentence]], Iterator[Claim]]


def claims_of(document: Document) -> list[Claim]:
    """Return the claims of a document in text order; a cell is read as its table has it."""
    read = tuple(sentences(document.text))
    in_tables = list(table_count_claims(document))
    cells = {claim.end for claim in in_tables} | {claim.start for claim in in_tables}
    found: list[Claim] = list(in_tables)
    for grammar in _grammars():
        for claim in grammar(document, read):
            if isinstance(claim, Proportion | Quantity) and (claim.start in cells or claim.end in cells):
                continue
            found.append(claim)
    return sorted(found, key=lambda claim: (claim.start, claim.end))


def _grammars() -> tuple[Grammar, ...]:
    from openhlh.literature.centres import centre_claims
    from openhlh.literature.citations import citation_claims
    from openhlh.literature.dates import day_claims
    from openhlh.literature.doses import dose_claims
    from openhlh.literature.estimates import estimate_claims
    from openhlh.literature.follow_up import follow_up_claims
    from openhlh.literature.names import name_claims
    from openhlh.literature.partitions import partition_claims
    from openhlh.literature.patient_rows import patient_row_claims
    from openhlh.literature.survival import survival_claims
    from openhlh.literature.test_results import p_value_claims
    from openhlh.literature.times import time_claims
    from openhlh.literature.vital_status import vital_status_claims

    return (
        count_claims,
        centre_claims,
        estimate_claims,
        p_value_claims,
        partition_claims,
        day_claims,
        follow_up_claims,
        survival_claims,
        patient_row_claims,
        time_claims,
        vital_status_claims,
        dose_claims,
        citation_claims,
        name_claims,
    )
