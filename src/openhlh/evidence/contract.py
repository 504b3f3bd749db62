"""What `hlh check --json` prints, as plain data (check.schema.json is its contract)."""

from __future__ import annotations

from typing import Any

from openhlh.claims import Finding


def told(one: Finding) -> dict[str, Any]:
    """Return one finding as plain data; offsets count characters of the document's text."""
    claim = one.claim
    return {
        "kind": claim.kind,
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "where": claim.where,
        "rule": one.rule,
        "stated": one.stated,
        "computed": one.computed,
        "difference": one.difference,
        "convention": one.convention,
        "verdict": one.verdict,
        "finding": one.word,
        "why": one.why,
        "severity": one.severity,
        "fix": one.fix,
        "moves_pool": one.moves_pool,
        "also": [list(span) for span in one.also],
    }
