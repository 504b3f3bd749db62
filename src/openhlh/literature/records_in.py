"""Reference records read from files of other programs, none lost: each is read or listed with its reason.

The records of a file are counted by their marks (`TY  -`, `PMID-`, `@article{`, `<record>`, rows), without
the library that reads them; where the two counts differ, nothing of the file is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from openhlh.errors import WrongInput
from openhlh.literature.library_items import Record, plain_doi, plain_pmid
from openhlh.literature.reading import bytes_of

_RIS_LINE = re.compile(r"^([A-Z][A-Z0-9])  -(?: (.*))?$")
_NBIB_TAG = re.compile(r"^([A-Z]{2,4}) *-(?: |$)")
_NBIB_WANTED = {"PMID", "TI", "BTI", "AB", "FAU", "AU", "CN", "TA", "JT", "DP", "AID", "LID"}
_NBIB_EMPTY = 5  # a tag without a value, whose last space an editor took off
_BIB_ENTRY = re.compile(
    r"^[ \t]*@[ \t]*(?!comment|preamble|string)\w+[ \t]*[{(]", re.IGNORECASE | re.MULTILINE
)
_ENDNOTE_RECORD = re.compile(r"<record[\s>/]")
_OF_PUBMED = re.compile(r"(?i)\b(?:nlm|pubmed|medline)\b")
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_MARK_OF_BYTES = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_COLUMNS = ("title", "doi", "pmid", "year", "authors", "journal", "abstract")
_NAME_COLUMNS = f"name the columns {', '.join(_COLUMNS)}, each once"
_LONGEST_CELL = 10_000_000


@dataclass(frozen=True, slots=True)
class Unread:
    """A record of a file that could not be read: which one, and why."""

    at: str
    why: str


@dataclass(frozen=True, slots=True)
class Import:
    """Everything that a file of records holds; `count` is the number of records by their marks."""

    format: str
    records: tuple[Record, ...]
    unread: tuple[Unread, ...]
    count: int


def form_of(path: Path) -> str:
    """Return which form of records a file holds ("ris", "nbib", "bibtex", "csv", "endnote"), "" for none."""
    if path.exists() and not path.is_file():
        return ""  # a pipe, which would wait for its writer
    suffix = path.suffix.lower()
    known = {".ris": "ris", ".nbib": "nbib", ".bib": "bibtex", ".bibtex": "bibtex", ".csv": "csv"}
    if suffix in known:
        return known[suffix]
    if suffix not in (".txt", ".xml"):
        return ""
    with path.open("rb") as file:
        head = file.read(4096)
    if suffix == ".xml":
        return "endnote" if re.search(rb"<xml>\s*<records>", head) else ""
    if re.match(rb"(?:\xef\xbb\xbf)?\s*TY  - ", head):
        return "ris"
    return "nbib" if re.match(rb"(?:\xef\xbb\xbf)?\s*PMID- ?\d", head) else ""


def read_records(path: Path, form: str) -> Import:
    """Return every record of a file; WrongInput where it holds none or where the counts differ."""
    text = _decoded(path)
    found = Import(form, *_READERS[form](text, path))
    if not found.count:
        raise _wrong(path, "there is no record in this file", "is it the file that you meant?")
    told = len(found.records) + len(found.unread)
    if told != found.count:
        raise _wrong(
            path,
            f"the file holds {found.count} records by their marks, {told} could be told apart",
            "export the records again, or correct the file",
        )
    return found


def _decoded(path: Path) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 where it is marked so."""
    raw = bytes_of(path)
    coding = next((name for mark, name in _MARK_OF_BYTES if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(coding).replace("\r\n", "\n")
        return text if "\n" in text else text.replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _wrong(
            path, f"line {line} is not in {coding.removesuffix('-sig').upper()}", "save the file as UTF-8"
        ) from None


Chunk = TypeVar("Chunk")
Read = tuple[tuple[Record, ...], tuple[Unread, ...], int]


def _each(chunks: Iterable[tuple[str, Chunk]], read: Callable[[Chunk], Record | str], count: int) -> Read:
    """Read chunks, each with its place, one by one; a reader returns a record, or why it is none."""
    records, unread = [], []
    for at, chunk in chunks:
        one = read(chunk)
        if isinstance(one, str):
            unread.append(Unread(at, one))
        else:
            records.append(replace(one, at=at))
    return tuple(records), tuple(unread), count


def _record(authors: Iterable[object] = (), **known: object) -> Record | str:
    """Return a record from what a library gave, or why it is none: a record without a title is told."""
    plain = {name: " ".join(str(value or "").split()) for name, value in known.items()}
    if not plain["title"]:
        return "it has no title"
    doi, pmid = plain_doi(plain.get("doi", "")), plain_pmid(plain.get("pmid", ""))
    printed = {"DOI": (plain.get("doi", ""), doi), "PMID": (plain.get("pmid", ""), pmid)}
    remarks = [
        f"its {name} is none and was left out: {said[:60]}"
        for name, (said, number) in printed.items()
        if said and not number
    ]
    year = _YEAR.search(plain.get("year", ""))
    return Record(
        title=plain["title"],
        authors=tuple(filter(None, (" ".join(str(one or "").split()) for one in authors))),
        journal=plain.get("journal", ""),
        year=int(year.group()) if year else None,
        doi=doi,
        pmid=pmid,
        abstract=plain.get("abstract", ""),
        remark="; ".join(remarks),
    )


def _ris(text: str, _path: Path) -> Read:
    """Read RIS: from each `TY` to its `ER`; tags outside of a record are told as a record unread."""
    chunks = list(_ris_chunks(text.split("\n")))
    starts = len(re.findall(r"^\ufeff?TY  -", text, re.MULTILINE))
    outside = sum(not chunk.startswith("TY  -") for _, chunk in chunks)
    return _each(chunks, _one_ris, starts + outside)


def _ris_chunks(lines: list[str]) -> Iterator[tuple[str, str]]:
    held: list[str] = []
    begun = 0
    for number, line in enumerate([*(line.lstrip("\ufeff").rstrip() for line in lines), "TY  -"], start=1):
        if line.startswith("TY  -") and held:
            yield f"line {begun}", "\n".join(held)
            held = []
        if not held and not _RIS_LINE.match(line):
            continue
        begun = begun if held else number
        held.append(line)
        if line.startswith("ER  -"):
            yield f"line {begun}", "\n".join(held)
            held = []


def _one_ris(chunk: str) -> Record | str:
    import rispy

    if not chunk.startswith("TY  -"):
        return "lines stand outside of a record: TY is missing"
    if not chunk.rpartition("\n")[2].startswith("ER  -"):
        return "the record does not end: ER is missing"
    found = rispy.loads(chunk)
    if len(found) != 1:
        return "the record cannot be read"
    one = found[0]
    named = f"{_first(one, 'name_of_database')} {_first(one, 'database_provider')}"
    number = _first(one, "accession_number") if _OF_PUBMED.search(named) else ""
    return _record(
        title=_first(one, "title", "primary_title", "translated_title"),
        authors=one.get("authors") or one.get("first_authors") or (),
        journal=_first(one, "journal_name", "alternate_title3", "secondary_title", "alternate_title1"),
        year=_first(one, "year", "publication_year", "date"),
        doi=_first(one, "doi"),
        pmid=number,
        abstract=_first(one, "abstract", "notes_abstract"),
    )


def _first(one: Any, *names: str) -> str:  # noqa: ANN401 - a mapping as the libraries give it
    """Return the first of these fields that is there; of several values the first."""
    for name in names:
        value = one.get(name)
        if value:
            return str(value[0] if isinstance(value, list) else value)
    return ""


def _nbib(text: str, _path: Path) -> Read:
    """Read nbib: a record goes from one `PMID-` to the next."""
    lines = [line.lstrip("\ufeff").rstrip() for line in text.split("\n")]
    starts = [number for number, line in enumerate(lines) if line.startswith("PMID-")]
    chunks = [
        (f"line {start + 1}", "\n".join(lines[start:end])) for start, end in pairwise([*starts, len(lines)])
    ]
    before = [line for line in lines[: starts[0] if starts else None] if line]
    chunks = [("line 1", "\n".join(before)), *chunks] if before else chunks
    return _each(chunks, _one_nbib, len(re.findall(r"^\ufeff?PMID-", text, re.MULTILINE)) + bool(before))


def _one_nbib(chunk: str) -> Record | str:
    import nbib
    from nbib.exceptions import MalformedLine, UnknownTagFormat

    if not chunk.startswith("PMID-"):
        return "lines stand before the first record: PMID is missing"
    try:
        found = nbib.read(_wanted_of_nbib(chunk))
    except (MalformedLine, UnknownTagFormat, ValueError) as error:
        return f"the record cannot be read ({' '.join(str(error).split())[:120]})"
    if len(found) != 1:
        return "the record cannot be read"
    one = found[0]
    people = [name.get("author") or name.get("author_abbreviated") for name in one.get("authors", ())]
    return _record(
        title=one.get("title"),
        authors=[name for name in people if name] or [one.get("corporate_author", "")],
        journal=one.get("journal_abbreviated") or one.get("journal"),
        year=one.get("publication_date"),
        doi=one.get("doi"),
        pmid=one.get("pubmed_id"),
        abstract=one.get("abstract"),
    )


def _wanted_of_nbib(chunk: str) -> str:
    """Keep the fields of the library: the reader gives up a record for a strange form of any other."""
    kept: list[str] = []
    wanted = False
    for line in filter(None, chunk.split("\n")):
        tag = _NBIB_TAG.match(line)
        if tag:
            wanted = tag[1] in _NBIB_WANTED and (tag[1] not in ("AID", "LID") or line.endswith("[doi]"))
            line = re.sub(r"^LID -", "AID -", re.sub(r"^BTI -", "TI  -", line))  # noqa: PLW2901
        elif not line.startswith("      "):
            wanted = True  # no tag and no continuation: the reader says what is wrong with it
        if wanted:
            kept.append(f"{line} " if line.endswith("-") and len(line) == _NBIB_EMPTY else line)
    return "\n".join(kept) + "\n\n"


def _bibtex(text: str, _path: Path) -> Read:
    """Read BibTeX; an entry that the parser gives up is told with its line."""
    import logging

    import bibtexparser

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it is said by us, with the line
    found = bibtexparser.parse_string(text)
    _decode_latex(found.entries)
    entries = [(f"line {(one.start_line or 0) + 1}", one) for one in found.entries]
    failed = tuple(
        Unread(f"line {(one.start_line or 0) + 1}", _why_failed(one)) for one in found.failed_blocks
    )
    records, unread, count = _each(entries, _one_bibtex, len(_BIB_ENTRY.findall(text)))
    return records, unread + failed, count


def _decode_latex(entries: Iterable[Any]) -> None:
    """Spell out commands such as accents, in place; a bare percent sign is no comment in an abstract."""
    from bibtexparser import Library
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.model import Block, Entry

    spelled: list[Block] = []
    for number, entry in enumerate(entries):
        fields = [field for field in entry.fields if "\\" in str(field.value)]
        for field in fields:
            field.value = re.sub(r"(?<!\\)%", r"\\%", field.value)
        spelled += [Entry(entry.entry_type, str(number), fields)] if fields else []
    LatexDecodingMiddleware(allow_inplace_modification=True).transform(Library(spelled))


def _one_bibtex(entry: Any) -> Record | str:  # noqa: ANN401 - an entry of bibtexparser
    fields = {name.lower(): field.value for name, field in entry.fields_dict.items()}
    bare = {name: str(value).replace("{", "").replace("}", "") for name, value in fields.items()}
    return _record(
        title=bare.get("title"),
        authors=re.split(r"\s+and\s+", bare.get("author", "")),
        journal=bare.get("journal") or bare.get("journaltitle") or bare.get("booktitle"),
        year=fields.get("year") or fields.get("date"),
        doi=fields.get("doi"),
        pmid=fields.get("pmid"),
        abstract=fields.get("abstract"),
    )


def _why_failed(block: Any) -> str:  # noqa: ANN401 - a failed block of bibtexparser
    said = getattr(block.error, "abort_reason", "") or str(block.error).partition(" Note:")[0]
    return f"the entry cannot be read ({' '.join(said.split())[:160]})"


def _csv(text: str, path: Path) -> Read:
    """Read CSV with a head; a row of another length than the head is told."""
    import csv

    csv.field_size_limit(_LONGEST_CELL)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        head = [name.strip().lower() for name in next(rows, [])]
        ours = [name for name in head if name in _COLUMNS]
        if head and ("title" not in ours or len(set(ours)) < len(ours)):
            raise _wrong(path, "the head does not name `title`, or names a column twice", _NAME_COLUMNS)
        chunks = [(f"line {rows.line_num}", row) for row in rows if any(map(str.strip, row))]
    except csv.Error as error:
        raise _wrong(path, f"line {rows.line_num}: {error}", "correct the quotes of that line") from None
    return _each(chunks, partial(_one_row, head), len(chunks))


def _one_row(head: list[str], row: list[str]) -> Record | str:
    if len(row) != len(head):
        return f"the row has {len(row)} cells, the head has {len(head)}"
    known = {name: cell for name, cell in zip(head, row, strict=True) if name in _COLUMNS}
    people = known.pop("authors", "")
    return _record(**known, authors=re.split(r";" if ";" in people else r"\s*,\s*(?=\S+\s)", people))


def _endnote(text: str, path: Path) -> Read:
    """Read EndNote's XML without entities or network."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        tree = etree.fromstring(_XML_HEAD.sub("", text).encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _wrong(path, f"this is no XML: {error}", "export the records again") from None
    if tree.getroottree().docinfo.internalDTD is not None:
        raise _wrong(path, "the file defines entities of its own", "export the records again")
    chunks = [(f"record {number}", one) for number, one in enumerate(tree.iter("record"), start=1)]
    return _each(chunks, _one_endnote, len(_ENDNOTE_RECORD.findall(text)))


def _one_endnote(element: Any) -> Record | str:  # noqa: ANN401 - an element of lxml
    def text(path: str) -> str:
        found = element.find(path)
        return "" if found is None else "".join(found.itertext())

    people = ["".join(one.itertext()) for one in element.findall("contributors/authors/author")]
    named = f"{text('remote-database-name')} {text('remote-database-provider')}"
    number = text("accession-num") if _OF_PUBMED.search(named) else ""
    return _record(
        title=text("titles/title"),
        authors=people,
        journal=text("periodical/full-title") or text("titles/secondary-title"),
        year=text("dates/year"),
        doi=text("electronic-resource-num"),
        pmid=number,
        abstract=text("abstract"),
    )


def _wrong(path: Path, what: str, remedy: str) -> WrongInput:
    return WrongInput(what, where=f"file {path.name}", why="nothing of it was stored", remedy=remedy)


_READERS: dict[str, Callable[[str, Path], Read]] = {
    "ris": _ris,
    "nbib": _nbib,
    "bibtex": _bibtex,
    "csv": _csv,
    "endnote": _endnote,
}
