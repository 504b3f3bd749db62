"""One drug told as two: by its code and by its name in one list, or "unlike NI-0501, emapalumab ...".

Which names are one drug is told by the drug pages or by the document itself ("also
called"). Sentences count only where their words set the two names apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from openhlh.claims import Oddity
from openhlh.literature.document import Document
from openhlh.literature.tokens import Sentence

_CODE_LIKE = re.compile(r"[A-Z]{2,5}-?(?!(?:19|20)\d\d$)\d{2,7}(?:-\d+)?$")
_CODES = re.compile(r"\b[A-Z]{2,6}[- ]?\d{2,7}(?:[,-]\d+)?")
_ITEM = re.compile(r"^[ \t]*(?:[•*▪◦·-]|\d{1,2}[.)])[ \t]+\S.*$", re.MULTILINE)
_EQUATED = 60
# A sentence on names, or on a search for them, may tell both.
_SEARCHED = re.compile(
    r"\b(?:search\w*|keywords?|terms?|mesh|synonyms?|names?|pubmed|medline)\b", re.IGNORECASE
)
_DRUGS = (
    r"(?:drugs|agents|compounds|antibodies|molecules|substances|medicines|inhibitors|products|medications)"
)
_OTHER = r"(?:different|separate|distinct|newer|unrelated|another|independent)"
_N = "§"
_UNLIKE = r"unlike|in contrast to|as opposed to|contrary to"
_FROM = r"(?:different|distinct|separate) from|differs? from|other than|not to be confused with|unrelated to"
_NEW = rf"another|(?:a|the) (?:second|further|newer|new|third|later|{_OTHER})"
_ITS = r"\s(?:the )?(?:\w+ )?"
_NEXT = (
    r"(?:was |were )?(?:compared (?:with|to|against)|versus|vs\.?|plus|followed by|switched to|replaced by|"
    r"(?:combined|together|along|in combination) with|and then|rather than|instead of|as well as|or else)"
)
_BESIDE = r"besides|beyond|apart from|in addition to|aside from|next to|alongside|rather than|instead of"
# Each sets two names apart, which stand as § in the words of one or two sentences.
_TWO = re.compile(
    rf"\b(?:{_UNLIKE}){_ITS}{_N}.*{_N}"
    rf"|{_N}.*\b(?:{_UNLIKE}|{_FROM}|not the same (?:\w+ )?as){_ITS}{_N}"
    rf"|\b(?:two|both|three|several)\s(?:[\w-]+[\s,]+){{0,3}}{_DRUGS}\b[^§]{{0,40}}{_N}"
    rf"\s?(?:and|or|,|&)\s?(?:also )?(?:the \w+ )?{_N}"
    rf"|{_N}\s?(?:and|or){_ITS}{_N}\s?,?\s(?:are|were|being|as)\s(?:\w+\s){{0,2}}(?:two|{_OTHER})\b"
    rf"|{_N}.*\b(?:{_NEW})\b[\w\s,-]{{0,30}}{_N}"
    rf"|{_N}.*{_N}\s?,?\s(?:is|was|being|remains|as)\s(?:(?:an?|the|quite|entirely|wholly)\s)*"
    rf"(?:\w+[\s,]+){{0,2}}?{_OTHER}\b",
    re.IGNORECASE,
)
# These join two names as if they were two drugs: only where no word says that both are names of one.
_JOINED = re.compile(
    rf"\b(?:neither|either|both|combination of|switched (?:\w+ ){{0,3}}from){_ITS}{_N}"
    rf"\s(?:nor|or|and|to){_ITS}{_N}"
    rf"|\b(?:{_BESIDE}){_ITS}{_N}[^§]{{0,60}}{_N}|{_N}\s?,?\s{_NEXT}{_ITS}{_N}",
    re.IGNORECASE,
)
_ALSO = (
    r"also|formerly|previously|earlier|originally|initially|known|called|named|designated|coded|a\.?k\.?a\.?"
)
_SAME = re.compile(
    rf"{_N}\s?[(\[]\s?(?:\w+[\s:]){{0,3}}{_N}|{_N}\s?[,(\[]\s?or\s{_N}"
    rf"|{_N}\s?,?\s?[(\[]?(?:{_ALSO}|now|later|then|marketed|alias|i\.?e\.?,?|code)"
    rf"\s(?:\w+ ){{0,4}}{_N}"
    r"|\b(?:renamed|identical|alias|synonym\w*|codes?|coded|code-named|"
    r"same (?:drug|antibody|compound|molecule|agent|substance)|"
    r"(?:new|old|later|former|generic|brand|trade|international|nonproprietary) names?)\b",
    re.IGNORECASE,
)
_EQUAL_WORDS = re.compile(rf"\b(?:{_ALSO}|name\w*|now)\b", re.IGNORECASE)
_TOLD = re.compile(
    rf"\b(?P<a>[A-Za-z][\w-]{{4,}})\s?,?\s?[(\[]?(?:{_ALSO})"
    r"(?: (?:called|known|named|designated|earlier|before|also))?(?: as)? "
    r"(?P<b>[A-Za-z][\w-]{4,}(?:,\d{3})?)",
)


def drug_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Oddity]:
    """Yield a drug that a document tells as two."""
    yield from _in_one_list(document, sentences)
    yield from _set_apart(document, sentences)


def _set_apart(document: Document, sentences: Sequence[Sentence]) -> Iterator[Oddity]:
    """Yield two names of one drug that a sentence, or two in a row, tell as different drugs."""
    text = document.text
    groups = _told_by_two_names(text)
    for number, sentence in enumerate(sentences if groups else ()):
        if (
            _SEARCHED.search(text, sentence.start, sentence.end)
            or document.where(sentence.start) == "references"
        ):
            continue
        start = sentences[number - 1].start if number else sentence.start
        pair = _pair_apart(text, sentence.start, sentence.end, groups) or _pair_apart(
            text, start, sentence.end, groups
        )
        if pair:
            (a, b), (c, d) = pair
            yield Oddity(a, b, text[a:b], document.where(a), "", "drug", text[c:d], ((c, d),))


def _told_by_two_names(text: str) -> list[tuple[str, ...]]:
    """Return the names of each drug of which the text has a code and another name."""
    found = set(_CODES.findall(text))
    if not found:
        return []
    known = _codes().items() if any(one in _pages() for one in found) else ()
    groups = [(name, *codes) for name, codes in known]
    groups += [
        (one["a"], one["b"]) for one in _TOLD.finditer(text) if _has_digit(one["a"]) != _has_digit(one["b"])
    ]
    low = text.lower()
    return [group for group in groups if sum(name.lower() in low for name in group) > 1]


def _has_digit(name: str) -> bool:
    return any(letter.isdecimal() for letter in name)


@lru_cache(maxsize=1)
def _pages() -> str:
    """Return the drug pages as they are written: enough to see whether a code can be on one."""
    from openhlh.content.described import HERE

    return "\n".join(path.read_text("utf-8") for path in sorted((HERE / "drugs").glob("*.yaml")))


def _pair_apart(
    text: str, start: int, end: int, groups: Sequence[tuple[str, ...]]
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return the places of two names of one drug that the words of a stretch set apart."""
    words = text[start:end]
    for group in groups:
        if not any(name in words for name in group[1:]):
            continue
        rule = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, group)) + r")(?![\w-])", re.IGNORECASE)
        found = list(rule.finditer(words))
        different = next((one for one in found if _letters(one[0]) != _letters(found[0][0])), None)
        if different is None:
            continue
        marked = re.sub(r"\s+", " ", rule.sub(_N, words))
        equated = _SAME.search(marked) or _EQUAL_WORDS.search(marked)
        if (_TWO.search(marked) and not _SAME.search(marked)) or (_JOINED.search(marked) and not equated):
            first, second = found[0].span(), different.span()
            return (start + first[0], start + first[1]), (start + second[0], start + second[1])
    return None


def _letters(name: str) -> str:
    """Return a name without the marks in which its spellings differ."""
    return re.sub(r"\W", "", name.lower())


def _in_one_list(document: Document, sentences: Sequence[Sentence]) -> Iterator[Oddity]:
    """Yield a drug that is one item of a list by its code and another by its name, nowhere by both."""
    text = document.text
    end = min((one.start for one in document.references), default=len(text))
    codes = {
        token.text
        for sentence in sentences
        for token in sentence.tokens
        if token.kind == "word" and token.text[-1].isdecimal() and _CODE_LIKE.match(token.text)
    }
    for name, known in _codes().items() if any(code in _pages() for code in codes) else ():
        used = [code for code in known if code in codes]
        if not used:
            continue
        coded = list(re.finditer(rf"\b{re.escape(used[0])}\b", text[:end]))
        named = list(re.finditer(rf"\b{re.escape(name)}\b", text[:end], re.IGNORECASE))
        if not named or any(_equated(text, a.start(), b.start()) for a in coded for b in named):
            continue
        pair = next(((a, b) for a in coded for b in named if _of_one_list(text, a.start(), b.start())), None)
        if pair:
            one, other = pair
            place = document.where(one.start())
            yield Oddity(one.start(), one.end(), one[0], place, "", "drug", name, (other.span(),))


@lru_cache(maxsize=1)
def _codes() -> dict[str, tuple[str, ...]]:
    """Return the development codes of every drug of the shelves, by its name."""
    from openhlh.content.described import HERE
    from openhlh.content.reader import read_page
    from openhlh.content.shelf_pages import Drug

    unread = ("facts", "cautions", "approvals", "boxed_warnings", "doubts")
    pages = [read_page(path, Drug, path.name, unread) for path in sorted((HERE / "drugs").glob("*.yaml"))]
    return {
        page.names[0]: codes
        for page in pages
        if (codes := tuple(n for n in page.names if _CODE_LIKE.match(n.replace(" ", ""))))
    }


def _equated(text: str, first: int, second: int) -> bool:
    """True where two names stand so close in one line that the text may say that they are one."""
    low, high = sorted((first, second))
    return high - low < _EQUATED and "\n" not in text[low:high]


def _of_one_list(text: str, first: int, second: int) -> bool:
    """True where two places lie in different items of one list of marked lines."""
    low, high = sorted((first, second))
    start = text.rfind("\n", 0, low) + 1
    stop = text.find("\n", high)
    lines = text[start : len(text) if stop < 0 else stop].split("\n")
    return 1 < len(lines) < 40 and all(_ITEM.match(line) for line in lines if line.strip())
