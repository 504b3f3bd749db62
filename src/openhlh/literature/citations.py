"""Reference numbers in the running text, the author named beside them, and the entries that they point to.

Read are raised numbers ("children.1,2", "al^5", "therapy.¹⁴") and numbers in square brackets; numbers in
round brackets and those that lost their height ("shown28") only where they cover at least half of the list.
Powers, units (m², I²) and isotopes are none. Numbers that end sentences without any mark ("... profile 1.")
are read only where a heading "References" has nothing under it and they count up from 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from openhlh.claims import Citation, Claim, Entry
from openhlh.literature.document import Document
from openhlh.literature.tokens import Sentence, Token

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RUN = re.compile(r"(\d{1,3})(?:\s?[-–˒⁻]\s?(\d{1,3}))?")
_UNIT = {"mg/m", "kg/m", "g/m", "mg", "kg", "cm", "mm", "km", "nm", "µm", "μm", "cells/mm", "log", "chi"}
_HEADING = re.compile(
    r"^[#\s*]*(?:references|bibliography|literature cited)[\s*:]*$", re.IGNORECASE | re.MULTILINE
)
_LOOSE = re.compile(r"(?<=[a-z)\]]) (\d{1,2})(?=\.(?:\s|$)|[ \t]*\n|[ \t]*$)")
_NOT_BEFORE = {
    "grade", "stage", "type", "day", "week", "month", "year", "phase", "table", "figure", "level", "cycle",
    "than", "of", "to", "and", "or", "at", "group", "cohort", "section", "page", "step", "class", "is", "was",
    "by",
}  # fmt: skip
_NUMBERED = {"no", "nos", "nr", "vs", "fig", "figs", "ref", "refs", "tab", "vol", "pp", "approx", "ca", "cat"}
_EMPTY_FOR, _TELLS = 600, 60
_GLUED = re.compile(r"al\.?(\d{1,3})$")
_HANGS = re.compile(r"[a-z]{4,}(\d{1,3})$")
# Words of sentences that tell of other papers: there, a lone number in round brackets is a reference.
_OF_PAPERS = frozenset(
    "review reviews study studies report reports reported published publication trial trials series "
    "literature meta-analysis meta-analyses guideline guidelines authors previously described demonstrated "
    "according consensus recommendations evidence work earlier colleagues al registry figures recent "
    "investigators recommended suggested standards elsewhere commentaries editorial".split()
)
_LIST = r"\d{1,3}(?:[,–-]\d{1,3})*"


def citation_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield every place where the text points to numbered entries of its reference list."""
    entries = _entries(document)
    listed = max(entries, default=0) if entries or _has_empty_list(document) else None
    if listed is None:
        return
    found = [
        _claim(document, sentence.tokens, at, numbers, entries)
        for sentence in _body(document, sentences)
        for at, token in enumerate(sentence.tokens)
        if _may_cite(token) and (numbers := _numbers(document.text, sentence.tokens, at))
    ]
    if not found and listed == 0:
        yield from _loose(document)
    yield from _of_one_style(found, listed)


def _of_one_style(found: list[Citation], listed: int) -> list[Citation]:
    """Return the citations in the style of most: where most stand in brackets, raised numbers are none."""
    styles: dict[str, list[Citation]] = {"[": [], "(": [], "glued": [], "raised": []}
    for one in found:
        glued = one.text[0].isalpha() and not _GLUED.match(one.text.lower())
        styles["glued" if glued else one.text[0] if one.text[0] in "[(" else "raised"].append(one)
    for style in ("(", "glued"):
        told = {number for one in styles[style] for number in one.numbers if number <= listed}
        others = max(len(styles[other]) for other in styles if other != style)
        if listed and 2 * len(told) >= listed and len(styles[style]) > 3 * others:
            return styles[style]
    in_brackets, raised = styles["["], styles["raised"]
    if len(in_brackets) > 3 * len(raised):
        return in_brackets
    if len(raised) > 3 * len(in_brackets):
        return raised
    return sorted([*in_brackets, *raised], key=lambda one: one.start)


def _may_cite(token: Token) -> bool:
    return (
        token.kind == "cite"
        or token.text in {"[", "("}
        or (token.kind == "word" and (token.low.startswith("al") or token.text[-1].isdecimal()))
    )


def _entries(document: Document) -> dict[int, Entry]:
    """Return the numbered entries, only where they run from 1 to the last without a gap."""
    found = {
        one.number: Entry(one.number, one.text, one.year or 0, one.start, one.end)
        for one in document.references
        if one.number
    }
    return found if found and sorted(found) == list(range(1, len(found) + 1)) else {}


def _has_empty_list(document: Document) -> bool:
    """True where a heading for references is followed by nothing that looks like an entry."""
    if document.references or document.format == "jats":
        return False
    headings = list(_HEADING.finditer(document.text))
    if not headings:
        return False
    heading = headings[-1]
    return not re.search(
        r"\b(?:19|20)\d\d\b|\bet al\b", document.text[heading.end() : heading.end() + _EMPTY_FOR]
    )


def _body(document: Document, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Yield the sentences between the authors and the reference list."""
    starts = [
        part.start for part in document.parts if part.name in {"abstract", "introduction", "background"}
    ]
    first = min(starts, default=0)
    end = min((entry.start for entry in document.references), default=len(document.text))
    for sentence in sentences:
        if sentence.start >= first and sentence.end <= end:
            yield sentence


def _numbers(text: str, tokens: Sequence[Token], at: int) -> tuple[int, ...]:
    token = tokens[at]
    if token.text == "[":
        inside = at + 2 < len(tokens) and tokens[at + 1].text.isdecimal() and tokens[at + 2].text == "]"
        return (int(tokens[at + 1].text),) if inside and len(tokens[at + 1].text) <= 3 else ()
    if token.text == "(":
        inside_round = "".join(one.text for one in tokens[at + 1 : _last(tokens, at)])
        hangs = at and tokens[at - 1].kind not in {"number", "percent"}
        return _expanded(inside_round) if hangs and re.fullmatch(_LIST, inside_round) else ()
    if token.kind == "word" and token.text.rstrip("0123456789").lower().rstrip("s") not in _NOT_BEFORE:
        glued = _GLUED.match(token.low) if at and tokens[at - 1].low == "et" else _HANGS.match(token.text)
        start = token.start + glued.start(1) if glued else token.end
        told = re.match(_LIST, text[start : start + 12])
        return _expanded(told[0]) if told else ()
    if token.kind == "word":
        return ()
    if _is_power(text, tokens, at):
        return ()
    return _expanded(token.text.translate(_RAISED))


def _last(tokens: Sequence[Token], at: int) -> int:
    """Return the last token of a citation."""
    close = {"[": "]", "(": ")"}.get(tokens[at].text)
    return next((here for here in range(at + 1, min(len(tokens), at + 12)) if tokens[here].text == close), at)


def _is_power(text: str, tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if text[token.end : token.end + 1].isalpha():
        return True  # ^18F, ²H
    if token.text[0] in ".,;[":
        return bool(at) and tokens[at - 1].low in _NUMBERED
    before = tokens[at - 1] if at and tokens[at - 1].end == token.start else None
    if before is None:
        return True  # nothing that it hangs on
    return before.kind == "number" or (
        before.kind == "word" and (len(before.text) == 1 or before.low in _UNIT)
    )


def _expanded(words: str) -> tuple[int, ...]:
    """Return the numbers of "1,2", "3–5": a run counts all that lie between.

    >>> _expanded("^{2-4,7}")
    (2, 3, 4, 7)
    """
    numbers: list[int] = []
    for first, last in _RUN.findall(words):
        if last and 0 < int(last) - int(first) < 60:
            numbers += range(int(first), int(last) + 1)
        else:
            numbers += [int(one) for one in (first, last) if one]
    return tuple(number for number in numbers if number)


def _claim(
    document: Document, tokens: Sequence[Token], at: int, numbers: tuple[int, ...], entries: dict[int, Entry]
) -> Citation:
    last = _last(tokens, at)
    name, words = _author(tokens, at), _words_before(tokens, at)
    in_round = [here for here, token in enumerate(tokens) if token.text == "(" and _numbers("", tokens, here)]
    told = {token.low for token in tokens}
    return Citation(
        tokens[at].start,
        tokens[last].end,
        document.text[tokens[at].start : tokens[last].end],
        document.where(tokens[at].start),
        words,
        numbers,
        tuple(entries[number] for number in numbers if number in entries),
        max(entries, default=0),
        name,
        tuple(one for one in entries.values() if name and _first_author(one.text).startswith(_folded(name))),
        tokens[at].text != "(" or (len(in_round) == 1 and bool(told & _OF_PAPERS)),
    )


def _words_before(tokens: Sequence[Token], at: int) -> str:
    """Return the words of the sentence since its last citation: what the cited entry is said to tell."""
    words: list[str] = []
    for token in reversed(tokens[:at]):
        if token.kind == "cite" or len(words) == _TELLS:
            break
        if token.kind == "word":
            words.append(token.low)
    return " ".join(reversed(words))


def _author(tokens: Sequence[Token], at: int) -> str:
    """Return the name before "et al" or "and colleagues" that stands right before the number."""
    back = at - (0 if tokens[at].low.startswith("al") else 1)
    while back > 0 and tokens[back].text in {".", ",", "(", "'s", "’s"}:
        back -= 1
    if back < 2:
        return ""
    pair = (tokens[back - 1].low, tokens[back].low.rstrip("0123456789"))
    if pair != ("et", "al") and not (
        pair[0] == "and" and pair[1] in {"colleagues", "coworkers", "co-workers"}
    ):
        return ""
    name = tokens[back - 2]
    return name.text if name.kind == "word" and name.text[0].isupper() and len(name.text) > 2 else ""


def _first_author(entry: str) -> str:
    return _folded(re.sub(r"^[\W\d_]*", "", entry)[:40])


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("’", "'")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", plain.lower())


def _loose(document: Document) -> Iterator[Claim]:
    """Yield numbers that end sentences, where together they count up from 1 without a gap."""
    found = [
        one
        for one in _LOOSE.finditer(document.text)
        if document.text[max(0, one.start() - 20) : one.start()].lower().split()[-1] not in _NOT_BEFORE
    ]
    told = {int(one[1]) for one in found}
    if len(found) < 4 or len(told) < 3 or told != set(range(1, len(told) + 1)):
        return
    for one in found:
        yield Citation(
            one.start(1), one.end(1), one[1], document.where(one.start(1)), "", (int(one[1]),), listed=0
        )
