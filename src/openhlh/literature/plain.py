"""Plain text and Markdown: the text as it stands in the file, and what its shape tells.

Offsets count in the text as an editor shows it (line ends are "\\n", a byte order mark is not counted).
Nothing of the text is changed. `raised` holds what is marked as raised: "¹²", "^{13,14}", "10^9".
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from openhlh.literature.decoding import decode
from openhlh.literature.document import Document, Format, Part, Reference, Table
from openhlh.literature.flat_table import flat_tables
from openhlh.literature.printed_facts import facts_in, title_line
from openhlh.literature.reference_list import read_list
from openhlh.literature.sections import find_parts
from openhlh.literature.text_tables import find_tables, with_footnotes

LARGEST_STRUCTURED = 8 * 1024 * 1024
_RAISED = re.compile(
    r"[⁰¹²³⁴-⁹⁺⁻⁽⁾]+(?:[,–-][⁰¹²³⁴-⁹]+)*|\^\{[^{}\n]{1,40}\}|\^[\w,–-]{1,12}\^|<sup>[^<\n]{1,40}</sup>"
    r"|\^[-−+]?\d{1,3}(?:,\d{1,3})*|\^[a-zA-Z*†‡§](?!\w)"
)


def read_plain(data: bytes, path: Path, kind: Format) -> Document:
    """Return a text or Markdown file as a document."""
    text, notes = decode(data, path)
    return structured(Document(path.name, kind, text, notes=notes))


def structured(bare: Document) -> Document:
    """Return a document that has its text with all that the text's shape tells.

    What the document already has (tables, raised stretches, a title, facts) stays.
    """
    text = bare.text
    if len(text) > LARGEST_STRUCTURED:
        told = "too long for an article: no parts, tables or references were looked for"
        return replace(bare, notes=(*bare.notes, told))
    tables, told_of_tables = _tables(bare)
    parts = find_parts(text, tables)
    title = title_line(text)
    if title:
        parts = (Part("title", "", *title), *parts)
    facts = facts_in(text, parts)
    return replace(
        bare,
        notes=(*bare.notes, *told_of_tables),
        parts=tuple(sorted(parts, key=lambda part: (part.start, -part.end))),
        tables=tables,
        references=_references(text, parts),
        raised=bare.raised or tuple(one.span() for one in _RAISED.finditer(text)),
        title=bare.title or (text[slice(*title)].strip(" #*") if title else ""),
        doi=bare.doi or facts.doi,
        pmid=bare.pmid or facts.pmid,
        year=bare.year or facts.year,
        published=bare.published or facts.published,
    )


def _tables(bare: Document) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    if bare.tables:
        return tuple(with_footnotes(bare.text, table) for table in bare.tables), ()
    marked, notes = find_tables(bare.text)
    return tuple(sorted((*marked, *flat_tables(bare.text)), key=lambda table: table.start)), notes


def _references(text: str, parts: tuple[Part, ...]) -> tuple[Reference, ...]:
    """Return the entries of the last reference list that has any."""
    for part in reversed(parts):
        if part.name == "references":
            found = read_list(text, part.start + len(part.heading), part.end)
            if found:
                return found
    return ()
