"""Words, numbers and marks of a text with their offsets, and the sentences that they stand in.

The lexer knows what is not a number: names that carry digits (HLH-94, CD25, IL-2), reference numbers
that hang on a word ("children.1,2"), powers of ten, clock times, ratios such as 1:2, dates written as
2022-06-30, addresses. It knows how numbers are printed: decimal point or middle dot, thousands with a
comma or a thin space, a sign in front, and English number words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from openhlh.claims import Printed

ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_DIGITS = "|".join(list(ONES)[1:10])
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(TENS)})(?:[-\s](?:{_DIGITS}))?|{'|'.join(sorted(ONES, key=len)[::-1])})"
_SPELLED = (
    rf"(?:(?:(?:{_DIGITS})[-\s](?:thousand(?:,?\s(?:and\s)?|\b)|hundred(?:\s(?:and\s)?|\b)))+"
    rf"{_BELOW_HUNDRED}?(?<!\s)|{_BELOW_HUNDRED})"
)
_NOT_AFTER_WORD = (
    "fold|way|year-old|sided|tailed|dimensional|stage|step|thirds?|quarters?|half|hundred|thousand|million"
)
_DIGIT_FIRST = r"""
    (?P<url1>10\.\d{4,}/\S+|[\w.]{1,64}@[\w.-]{1,64}\.\w+)
  | (?P<day>(?:19|20)\d\d-\d\d-\d\d\b)
  | (?P<power1>10\^[-−]?\d{1,2}\b)
  | (?P<ratio>\d+(?:\.\d+)?\s?:\s?\d+(?:\.\d+)?(?:\s?:\s?\d+)*\b)
  | (?P<section>\d+(?:\.\d+){2,}\b)
"""
_LETTER_FIRST = rf"""
    (?P<url2>(?:https?://|www\.|doi:\s?)\S+|[\w.+-]{{1,64}}@[\w.-]{{1,64}}\.\w+)
  | (?P<power2>x\s?10(?:\s?[\^*]\s?[-−]?\d{{1,2}}|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d\d?)?(?=\s?/|\b))
  | (?P<percent1>per\s?cent\b(?!age|\spoint|ile)|percent\b(?!\spoint))
  | (?P<spelled>(?i:{_SPELLED})\b(?!\s?[-–]?(?:{_NOT_AFTER_WORD})\b))
  | (?P<word>[^\W\d_](?:[\w'’]|[-‐‑/+&](?=\w))*\+?)
"""
_LEXER = re.compile(
    rf"""
    \x20*(?:  # most of a text is words: those that begin like no other token are tried first
      (?P<plain>[abcgijklmqruvyABCGIJKLMQRUVY](?:[\w'’]|[-‐‑/+&](?=\w))*\+?(?!\w|[\w.+-]{{0,64}}@))
    | (?P<sign>[()=:/"“”'’&?!](?!\d)|[()=:"“”?!])
    | (?<!\w)(?=\d)(?:{_DIGIT_FIRST})
    | (?=[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹])(?:{_LETTER_FIRST})
    | (?P<power>[×*·]\s?10(?:\s?[\^*]\s?[-−]?\d{{1,2}}|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d\d?)?(?=\s?/|\b))
    | (?P<cite>(?<=[A-Za-z)\]])[.,;]\d{{1,3}}(?:\s?[,–-]\s?\d{{1,3}})*(?=[\s,;)]|\.(?!\d)|$)
        |\^?\{{[\d,–\s-]+\}}|\^\d{{1,3}}(?:\s?[,–-]\s?\d{{1,3}})*|[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[,–⁻˒-][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*
        |(?<![\d%])(?<![\d%]\s)\[\d{{1,3}}(?:\s?[,–-]\s?\d{{1,3}})+\])
    | (?P<percent>%|％)
    | (?P<number>(?:(?<![\w).%\]\-–−])(?<![\d%]\ )[-−])?(?:
          \d{{1,3}}(?:,\d{{3}})+(?![\d,]\d)(?:[.·]\d+)?
        | \d{{1,3}}(?:[\u2009\u202f\u00a0]\d{{3}})+(?!\d)(?:[.·]\d+)?
        | (?<!\d\ )[1-9]\d{{0,2}}(?:\ \d{{3}})+(?![\d.]|\ \d)
        | \d+[.·]\d+ | \d+,\d{{1,2}}(?=\s?%) | \d+ | (?<![\w)])[.·]\d+
        )(?!\d))
    | (?P<break>\n[ \r]*\n\s*|\t|\n)
    | (?P<mark>[^\s\w])
    )
    """,
    re.VERBOSE,
)
_KINDS = {
    "plain": "word",
    "sign": "mark",
    **{f"{kind}{n}": kind for kind in ("url", "power", "percent") for n in "12"},
}
_TRAILING_LETTERS = re.compile(r"(?:st|nd|rd|th)\b|[A-Za-z]")
_ABBREVIATED = {
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "al", "vs", "fig", "figs", "no", "nos", "i.e", "e.g", "eg", "ie", "cf", "ca", "approx", "dr",
    "st", "resp",
    "ref", "refs", "eq", "tab", "vol", "etc", "inc", "jr", "mr", "ms", "prof", "sp", "spp", "incl",
}  # fmt: skip
_LONGEST = 1000  # tokens: what has no full stop in so many is no sentence
_BOUNDS = {"<": "<", "≤": "≤", ">": ">", "≥": "≥", "~": "~", "≈": "~"}


class Token(NamedTuple):
    """A piece of text: kind, words, offsets, words in lower case, and its number where it is one."""

    kind: str
    text: str
    start: int
    end: int
    low: str
    number: Printed | None = None


class Sentence(NamedTuple):
    """The tokens between two full stops (or cells of a table line), with their offsets in the text."""

    tokens: tuple[Token, ...]
    start: int
    end: int


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Yield the tokens of a text (or of the stretch between two offsets).

    >>> [(t.kind, t.text) for t in tokens("HLH-94: Twelve of 34 (35·3%)")][:4]
    [('word', 'HLH-94'), ('mark', ':'), ('number', 'Twelve'), ('word', 'of')]
    """
    for found in _LEXER.finditer(text, start, len(text) if end is None else end):
        kind = found.lastgroup or ""
        words, (first, last) = found[kind], found.span(kind)
        if kind == "number":
            yield _number(text, words, first, last)
        elif kind == "spelled":
            number = Printed(words, spelled(words), 0, first, last)
            yield Token("number", words, first, last, words.lower(), number)
        else:
            yield Token(_KINDS.get(kind, kind), words, first, last, words.lower())


def spelled(words: str) -> Fraction:
    """Return the value of English number words.

    >>> spelled("Twenty-two"), spelled("two thousand one hundred and ten")
    (Fraction(22, 1), Fraction(2110, 1))
    """
    total = held = 0
    for piece in re.split(r"[-,\s]+", words.lower()):
        if piece == "thousand":
            total, held = total + 1000 * held, 0
        elif piece == "hundred":
            held *= 100
        else:
            held += TENS.get(piece, ONES.get(piece, 0))
    return Fraction(total + held)


def printed(text: str, start: int, bound: str = "") -> Printed:
    """Return a number as printed: thousands marks taken out, middle dot and decimal comma read as a point.

    >>> printed("1,234.50", 0).value, printed("35·3", 0).places
    (Fraction(2469, 2), 1)
    """
    plain = text.replace("·", ".").replace("−", "-")
    if re.fullmatch(r"-?\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    plain = re.sub(r"[,\s]", "", plain)
    whole, _, decimals = plain.partition(".")
    sign = -1 if whole.startswith("-") else 1
    digits = (whole.lstrip("-") or "0") + decimals
    value = (
        Fraction(sign * int(digits), 10 ** len(decimals)) if len(digits) <= 30 else Fraction(sign * 10**30)
    )
    return Printed(text, value, len(decimals), start, start + len(text), bound)


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Sentence]:
    """Yield the sentences of a text; a blank line and a tab end one as a full stop does."""
    held: list[Token] = []
    for token in tokens(text, start, end):
        if token.kind == "break":
            if token.text == "\n" and not _ends_line(held):
                continue
            if held:
                yield _sentence(held)
                held = []
            continue
        held.append(token)
        if len(held) >= _LONGEST:
            yield _sentence(held)
            held = []
            continue
        if (token.text in {".", "?", "!"} and _stops(text, token, held)) or (
            token.kind == "cite" and token.text[0] == "." and _next_is_upper(text, token.end)
        ):
            yield _sentence(held)
            held = []
    if held:
        yield _sentence(held)


def _number(text: str, words: str, start: int, end: int) -> Token:
    if _TRAILING_LETTERS.match(text, end) and not _is_unit_after(text, end):
        return Token("word", words, start, end, words)
    before = text[start - 1] if start else ""
    bound = _BOUNDS.get(before) or (_BOUNDS.get(text[start - 2], "") if before == " " and start > 1 else "")
    return Token("number", words, start, end, words, printed(words, start, bound))


def _is_unit_after(text: str, end: int) -> bool:
    """True where letters glued to a number are a unit, as in 10mg or 5y, not a name such as 3D or 1st."""
    return bool(
        re.match(
            r"(?:[µμ]?g|mg|kg|ml|m[Ll]|d[Ll]|mm|cm|m|s|h|hr|hrs|min|y|yr|yrs|years?|d|days?|wk|mo|x|U|IU|patients?|mmHg|vs)\b",
            text[end : end + 9],
        )
    )


def _sentence(held: Sequence[Token]) -> Sentence:
    return Sentence(tuple(held), held[0].start, held[-1].end)


def _ends_line(held: Sequence[Token]) -> bool:
    """True where a single line break ends a heading or a list item (short line without a verb's comma)."""
    return bool(held) and held[-1].text in {":", ";"}


def _stops(text: str, token: Token, held: Sequence[Token]) -> bool:
    if token.text != ".":
        return True
    before = held[-2] if len(held) > 1 else token
    if before.end == token.start and before.kind == "word":
        initial = len(before.text) == 1 and (
            before.text.isupper() or held[-3:-2] == [] or held[-3].text == "."
        )
        if initial or before.low in _ABBREVIATED:
            return False
    return _next_is_upper(text, token.end)


def _next_is_upper(text: str, end: int) -> bool:
    rest = text[end : end + 3].lstrip(")]\"”’'")
    if not rest:
        return True
    if not rest[0].isspace():
        return False
    follow = text[end : end + 40].lstrip(")]\"”’' \n\t")
    return not follow or not follow[0].islower()
