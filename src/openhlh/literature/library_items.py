"""What the library keeps of a document or of a reference record, and how two of them are told apart."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import Literal
from urllib.parse import unquote

from openhlh.errors import WrongInput
from openhlh.literature.document import Document, Part
from openhlh.literature.library_passages import Passage, passages_of

TITLE_ONLY, ABSTRACT, WHOLE = 0, 1, 2  # how much of a publication is there
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_WORD = re.compile(r"[a-z0-9]+")
_LONGEST_TITLE, _WORDS_IN_KEY, _LONGEST_OPENING, _SPACES_OF_A_TITLE = 200, 4, 5000, 2
_EMPTY_WORDS = {"a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"}
# SQLite ends a text at a NUL, cannot write half of a surrogate pair, and the two others mark hits.
_UNFIT = re.compile("[\x00\x02\x03\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Record:
    """A reference record as read from a file; `at` says which one, `remark` what was left out."""

    title: str
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    doi: str = ""
    pmid: str = ""
    abstract: str = ""
    at: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A document or record made ready for the library; `digest` is the fingerprint of its words."""

    kind: Literal["document", "record"]
    name: str
    format: str
    title: str
    authors: tuple[str, ...]
    journal: str
    doi: str
    pmid: str
    year: int | None
    text: str
    digest: str
    shape: str
    passages: tuple[Passage, ...]
    extent: int

    @property
    def key(self) -> str:
        """Return a readable key that is the same whenever and wherever this is added."""
        words = [word for word in _plain_words(self.title) if word not in _EMPTY_WORDS][:_WORDS_IN_KEY]
        return "-".join([*words, *([str(self.year)] if self.year else [])]) or self.kind

    @property
    def mark(self) -> str:
        """Return the fingerprint that tells its key from the keys of others."""
        return hashlib.sha256((self.doi or self.pmid or self.digest).encode()).hexdigest()


def item_of_document(document: Document) -> Item:
    """Return a document as an item; WrongInput where it holds no word."""
    text = _UNFIT.sub(" ", document.text)
    digest = digest_of(text)
    if not digest:
        raise WrongInput(
            "the document holds no text",
            where=f"file {document.name}",
            why="there is nothing to search or to show",
            remedy="add a version of it with text, such as a PDF that was not only scanned",
        )
    return Item(
        kind="document",
        name=document.name,
        format=document.format,
        title=_one_line(document.title) or _first_line(text) or document.name,
        authors=(),
        journal="",
        doi=plain_doi(document.doi),
        pmid=plain_pmid(document.pmid),
        year=document.year or next(iter(document.published), None),
        text=text,
        digest=digest,
        shape=_shape(document),
        passages=passages_of(document),
        extent=WHOLE,
    )


def item_of_record(record: Record, name: str, form: str) -> Item:
    """Return a reference record as an item: its title, and its abstract where it has one, are its text."""
    title, abstract = (_UNFIT.sub(" ", part).strip() for part in (record.title, record.abstract))
    text = f"{title}\n\n{abstract}" if abstract else title
    parts = [Part("title", "", 0, len(title))]
    parts += [Part("abstract", "", len(title) + 2, len(text))] if abstract else []
    document = Document(name, "text", text, tuple(parts), title=title)
    told_apart_by = "" if abstract else f" {record.year or ''} {' '.join(record.authors)}"
    return Item(
        kind="record",
        name=name,
        format=form,
        title=_one_line(title),
        authors=record.authors,
        journal=record.journal,
        doi=plain_doi(record.doi),
        pmid=plain_pmid(record.pmid),
        year=record.year,
        text=text,
        digest=digest_of(text + told_apart_by),
        shape=_shape(document),
        passages=passages_of(document),
        extent=ABSTRACT if abstract else TITLE_ONLY,
    )


def plain_doi(text: str) -> str:
    """Return the DOI that a text names, in lower case and without its address; "" where there is none.

    >>> plain_doi("https://doi.org/10.1000/ABC.7"), plain_doi("doi: 10.1000/abc.7."), plain_doi("abc")
    ('10.1000/abc.7', '10.1000/abc.7', '')
    """
    found = _DOI.search(unquote(text))
    return _UNFIT.sub("", found.group()).lower().rstrip(".,;") if found else ""


def plain_pmid(text: str) -> str:
    """Return the PubMed number that a text names, without leading zeros; "" where there is none.

    >>> plain_pmid("PMID: 00123"), plain_pmid("12a")
    ('123', '')
    """
    found = re.fullmatch(r"(?i)\s*(?:pmid:?)?\s*0*([1-9][0-9]{0,7})(?:\.0)?\s*", text)
    return found[1] if found else ""


def digest_of(text: str) -> str:
    """Return the fingerprint of a text's letters and digits, whatever stands between; "" for none."""
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
    return hashlib.sha256(letters.encode()).hexdigest() if letters else ""


def _shape(document: Document) -> str:
    """Return parts, tables and references as JSON: what they are called and where they lie."""
    tables = [
        {"label": one.label, "caption": one.caption, "start": one.start, "end": one.end}
        | {"certain": one.certain}
        for one in document.tables
    ]
    shape = {
        "parts": [asdict(one) for one in document.parts],
        "tables": tables,
        "references": [asdict(one) for one in document.references],
        "pages": list(document.pages),
    }
    return json.dumps(shape)


def _first_line(text: str) -> str:
    """Return the first line that is more than a heading such as "Abstract"."""
    lines = (_one_line(line).lstrip("#* ") for line in text[:_LONGEST_OPENING].split("\n"))
    return next((line for line in lines if line.count(" ") >= _SPACES_OF_A_TITLE), "")


def _one_line(text: str) -> str:
    line = " ".join(_UNFIT.sub(" ", text).split())
    return line if len(line) <= _LONGEST_TITLE else f"{line[: _LONGEST_TITLE - 1].rstrip()}…"


def _plain_words(text: str) -> list[str]:
    split = unicodedata.normalize("NFKD", text.lower())
    return _WORD.findall("".join(sign for sign in split if not unicodedata.combining(sign)))
