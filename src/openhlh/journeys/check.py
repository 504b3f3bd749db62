"""Check a document: read it, find what it states in numbers, and say what holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openhlh.claims import Claim, Finding, Quantity, finding
from openhlh.evidence.checking import judge
from openhlh.literature.claiming import claims_of
from openhlh.literature.document import Document

VERDICTS = ("does_not_hold", "tension", "holds", "cannot_check")


@dataclass(frozen=True)
class CheckedDocument:
    """A document with its claims and what the checks say of them, in the order of the text."""

    document: Document
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]

    @property
    def summary(self) -> dict[str, int]:
        """Return how many findings have each verdict."""
        counted = Counter(one.verdict for one in self.findings)
        return {
            verdict: counted[verdict] for verdict in ("holds", "tension", "does_not_hold", "cannot_check")
        }


def check_file(path: Path) -> CheckedDocument:
    """Return a file's claims with their findings; WrongInput, naming the file, where it cannot be read."""
    from openhlh.literature.reading import read_document

    return check_document(read_document(path))


def check_text(text: str, name: str) -> CheckedDocument:
    """Return the findings about a plain text."""
    from openhlh.literature.plain import structured

    return check_document(structured(Document(name, "text", text)))


def check_document(document: Document) -> CheckedDocument:
    """Return the findings about a document that was read; a claim that no check took is told as such."""
    claims = claims_of(document)
    findings = judge(claims)
    judged = {id(one.claim) for one in findings}
    findings += [_unjudged(claim) for claim in claims if id(claim) not in judged]
    findings.sort(key=lambda one: (one.claim.start, one.claim.end, one.rule))
    return CheckedDocument(document, tuple(claims), tuple(findings))


def _unjudged(claim: Claim) -> Finding:
    why = (
        "a number by itself" if isinstance(claim, Quantity) else "nothing in the document to hold it against"
    )
    return finding("", claim, "NOT_TESTABLE", why, stated=claim.text)


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that a reader must see: what does not hold, then tensions, in text order."""
    return sorted(
        (one for one in findings if one.verdict in {"does_not_hold", "tension"}),
        key=lambda one: (VERDICTS.index(one.verdict), one.claim.start),
    )
