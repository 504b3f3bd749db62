"""Reference records for other programs: CSL-JSON, BibTeX and RIS, written by libraries."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Record = Mapping[str, Any]


def as_csl_json(references: list[Record]) -> str:
    """Return the references as CSL-JSON items."""
    return json.dumps([_csl(one) for one in references], ensure_ascii=False, indent=2) + "\n"


def as_bibtex(references: list[Record]) -> str:
    """Return the references as BibTeX entries."""
    from bibtexparser import Library, write_string
    from bibtexparser.model import Entry, Field

    library = Library()
    for one in references:
        fields = {
            "title": f"{{{one['title']}}}",
            "author": " and ".join(_comma_name(name) for name in one["authors"]),
            "journal": one["journal"],
            "year": one["year"],
            "volume": one["volume"],
            "pages": one["pages"],
            "doi": one["doi"],
            "pmid": one["pmid"],
        }
        known = [Field(name, str(value)) for name, value in fields.items() if value]
        library.add(Entry("article" if one["journal"] else "misc", one["key"], known))
    return str(write_string(library))


def as_ris(references: list[Record]) -> str:
    """Return the references as RIS records."""
    import rispy

    entries = []
    for one in references:
        entry = {
            "type_of_reference": "JOUR" if one["journal"] else "GEN",
            "id": one["key"],
            "title": one["title"],
            "authors": [_comma_name(name) for name in one["authors"]],
            "journal_name": one["journal"],
            "year": str(one["year"]) if one["year"] else None,
            "volume": one["volume"],
            "start_page": one["pages"],
            "doi": one["doi"],
        }
        entries.append({name: value for name, value in entry.items() if value})
    return str(rispy.dumps(entries))


WRITERS: dict[str, Callable[[list[Record]], str]] = {".json": as_csl_json, ".bib": as_bibtex, ".ris": as_ris}


def _csl(one: Record) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": one["key"],
        "type": "article-journal" if one["journal"] else "document",
        "title": one["title"],
        "author": [_csl_name(name) for name in one["authors"]],
        "container-title": one["journal"],
        "volume": one["volume"],
        "page": one["pages"],
        "DOI": one["doi"],
        "PMID": one["pmid"],
    }
    if one["year"]:
        item["issued"] = {"date-parts": [[one["year"]]]}
    return {name: value for name, value in item.items() if value}


def _csl_name(name: str) -> dict[str, str]:
    family, _, given = name.rpartition(" ")
    return {"family": family, "given": given} if family else {"family": name}


def _comma_name(name: str) -> str:
    family, _, given = name.rpartition(" ")
    return f"{family}, {given}" if family else name
