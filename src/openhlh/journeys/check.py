"""Check a document: read it, find what it states in numbers, and say what holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openhlh.claims import Claim, Finding, Quantity, finding
from openhlh.evidence.checking import judge
from openhlh.evidence.contract import told
from openhlh.journeys.notices import notice
from openhlh.journeys.recount import counts_follow_rows
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
    from openhlh.literature.reading import read_text

    return check_document(read_text(text, name))


def check_document(document: Document) -> CheckedDocument:
    """Return the findings about a document that was read; a claim that no check took is told as such."""
    claims = claims_of(document)
    findings = judge(claims)
    findings += counts_follow_rows(document, claims)
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


def as_contract(checked: CheckedDocument, path: Path | None = None) -> dict[str, Any]:
    """Return what `hlh check --json` prints of a document; pages and boxes where it is a PDF."""
    document = checked.document
    guessed = [(table.start, table.end) for table in document.tables if not table.certain]
    claims = []
    for one in checked.findings:
        entry = told(one)
        page = document.page(one.claim.start)
        if page is not None:
            entry["page"] = page
            if path is not None and one.verdict in {"does_not_hold", "tension"}:
                entry["boxes"] = _boxes(path, document, one)
        if any(start <= one.claim.start < end for start, end in guessed):
            entry["guessed"] = True
        claims.append(entry)
    about = {
        "name": document.name,
        "format": document.format,
        "title": document.title,
        "doi": document.doi,
        "pmid": document.pmid,
        "characters": len(document.text),
        "notes": list(document.notes),
    }
    return {"document": about, "claims": claims, "summary": checked.summary, "notice": notice()}


def _boxes(path: Path, document: Document, one: Finding) -> list[list[float]]:
    from openhlh.literature.pdf import boxes

    places = boxes(path, document, one.claim.start, one.claim.end)
    return [[round(side, 1) for side in box] for place in places for box in place.boxes]
