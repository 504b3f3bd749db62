"""Tokens gathered into pieces: fractions, percents, counts, intervals, and words of a few kinds.

The kind of a piece is one letter: F fraction (12/34, 12 of the 34), P percent that tells a share, N whole
number, E whole number after "n =", X other number, I interval or p value, "(" and ")" brackets of both
shapes, w word, t counted noun (patients, courses), a article or "total", o of/among, i in/from, v and/vs/or,
h whom/which/them, q share/rate/that is, and the marks , ; : = . as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from openhlh.claims import Printed
from openhlh.literature.subjects import UNITS_COUNTED
from openhlh.literature.tokens import Token

_LABELS = frozenset(
    "grade grades stage stages phase phases type types class classes level levels score scores hpv "
    "serotype serotypes codon exon exons ratio acuity vision bp pressure day days week weeks cycle "
    "cycles table tables fig figure figures page pages visit step pt ct pn cn nyha ecog asa dose doses "
    "item items genotype genotypes version subtype subtypes category categories gleason m/f f/m sex/age "
    "snellen chapter section month months year years arm strain isolate supplement appendix question "
    "protocol no nos influenza line lines panel number group groups cohort cohorts arms period periods "
    "hour hours minute minutes age aged ki-67 mib-1 c-erbb h".split()
)
_TIMES = frozenset("days weeks months years hours minutes".split())
_NOT_ALWAYS_LABELS = _TIMES | frozenset("group groups arm arms cohort cohorts".split())
_UNITS = frozenset(
    "mmhg mg g kg ug µg μg mcg ml l dl mm cm m km min mins minutes hours hour h hr hrs s sec seconds "
    "days day weeks week months month mo years year yr yrs y °c c cm2 mg/dl mmol mmol/l iu u mmol/mol "
    "kilogram kilograms gram grams milligram milligrams pound pounds litre litres liter liters millilitres "
    "milliliters centimetre centimetres centimeters metre metres meters point lb lbs "
    "points °f hz khz kg/m2 mg/kg mg/m2 ng pg pg/ml ng/ml kcal kj bpm copies ppm mm2 m2 items domains".split()
)
_NO_SHARE_AFTER = frozenset(
    "ci cis confidence credible reduction reductions increase increases decrease decreases improvement "
    "decline lower higher more less fewer greater larger smaller drop loss change changes difference "
    "relative absolute predicted power agreement solution ethanol oxygen inspired points point interval "
    "intervals limits limit cri hdi pi bci saline glucose dextrose nacl faster slower longer shorter "
    "humidity purity w/v v/v lidocaine bupivacaine ropivacaine gel cream chlorhexidine accuracy "
    "hypochlorite vol level increment".split()
)
_CHANGED = (
    *("reduc", "increas", "decreas", "declin", "improv", "fell", "fall", "rose", "rise", "drop", "chang"),
    *("differ", "lower", "rais", "higher", "slow", "short", "grew", "great", "less", "more", "cut", "elevat"),
    *("dimin", "prolong", "exceed", "gain", "lost", "surpass", "few", "varied", "vary"),
)
_NO_SHARE_BEFORE = frozenset("by ± + - − – — × sd cv".split())
_OF = frozenset("of among amongst".split())
_IN = frozenset("in from for".split())
_ARTICLES = frozenset(
    "the all this these those our total a only just about approximately nearly study".split()
)
_SERIES = frozenset("total series cohort sample group population number collective set".split())
_JOINS = frozenset("vs versus and or compared against".split())
_SHARE = frozenset(
    "share proportion rate percentage fraction frequency i.e that making giving corresponding "
    "equivalent equal equals amounting incidence prevalence ie".split()
)
_WHO = frozenset("whom which them who".split())
_BRACKETS = {"(": "(", "[": "(", "{": "(", ")": ")", "]": ")", "}": ")"}
_DASHES = frozenset({"-", "–", "—", "−", "‐", "‑", "to", "and", "through"})
_LARGEST = 10**9
_LEAST_COUNT = 10


class Piece(NamedTuple):
    """A piece of a sentence: its kind, the tokens first..last that it spans, and its numbers."""

    kind: str
    first: int
    last: int
    number: Printed | None = None
    total: Printed | None = None
    percent: Printed | None = None


def pieces(tokens: Sequence[Token]) -> list[Piece]:
    """Return the pieces of a sentence, in order."""
    found: list[Piece] = []
    at = 0
    while at < len(tokens):
        piece = _piece(tokens, at)
        if piece is not None:
            found.append(piece)
            at = piece.last + 1
        else:
            at += 1
    return found


def _piece(tokens: Sequence[Token], at: int) -> Piece | None:
    token = tokens[at]
    if token.kind == "number":
        return _number(tokens, at)
    if token.kind == "word":
        return _word(tokens, at)
    if token.text in _BRACKETS:
        return Piece(_BRACKETS[token.text], at, at)
    if token.text == "." and _text(tokens, at - 1).lower() in {"vs", "v"}:
        return None
    if token.text in {",", ";", ":", "=", "."}:
        return Piece(token.text, at, at)
    if token.kind in {"cite", "mark"}:
        return Piece("~", at, at) if token.text in {"~", "≈"} else _other(token, at)
    return Piece("w", at, at)


def _other(token: Token, at: int) -> Piece | None:
    """References and quotation marks are passed over; a slash, a plus or a dash stands between pieces."""
    return (
        Piece("/", at, at) if token.text in {"/", "+", "±", "–", "-", "−", "—", "<", ">", "≤", "≥"} else None
    )


def _word(tokens: Sequence[Token], at: int) -> Piece:
    low = tokens[at].low
    if low == "numerator" and _whole(tokens, at + 1):
        return _named(tokens, at)
    if low == "n/n":
        return Piece("a", at, at + (_text(tokens, at + 1) in {"=", ":"}))
    series = _series_end(tokens, at)
    if series is not None:
        return Piece("o", at, series)
    if low in {"n", "no"} and _text(tokens, at + 1) in {"=", ":"} and _whole(tokens, at + 2):
        return _marked(tokens, at)
    if low == "p" and _text(tokens, at + 1) in {"=", "<", ">", "≤", "≥"} and _is_number(tokens, at + 2):
        return Piece("I", at, at + 2)
    if low == "out" and _text(tokens, at + 1) == "of":
        return Piece("o", at, at + 1)
    if low in _OF:
        return Piece("o", at, at)
    if low == "i" and [_text(tokens, at + step) for step in (1, 2, 3)] == [".", "e", "."]:
        return Piece("q", at, at + 3)
    for kind, words in (
        ("t", UNITS_COUNTED),
        ("a", _ARTICLES),
        ("v", _JOINS),
        ("h", _WHO),
        ("i", _IN),
        ("q", _SHARE),
    ):
        if low in words:
            return Piece(kind, at, at)
    return Piece("w", at, at)


def _named(tokens: Sequence[Token], at: int) -> Piece:
    """Return "numerator 12, denominator 34" as a fraction."""
    last = at + (4 if _text(tokens, at + 2) in {",", ";"} else 3)
    if _text(tokens, last - 1).lower() == "denominator" and _whole(tokens, last):
        return Piece("F", at, last, tokens[at + 1].number, tokens[last].number)
    return Piece("w", at, at)


def _series_end(tokens: Sequence[Token], at: int) -> int | None:
    """Return the last word of "of our series of", "out of a total of", "among the cohort of"."""
    place = at + 1 if _text(tokens, at).lower() == "out" else at
    if _text(tokens, place).lower() not in _OF:
        return None
    place += 1
    while place < len(tokens) and tokens[place].low in _ARTICLES - {"total"}:
        place += 1
    if _text(tokens, place).lower() in _SERIES and _text(tokens, place + 1).lower() == "of":
        return place + 1
    return None


def _marked(tokens: Sequence[Token], at: int) -> Piece:
    """Return "n = 12" as a marked count, "n = 12/34" and "n = 12 of 34" as a fraction."""
    fraction = _fraction(tokens, at + 2)
    if fraction is not None:
        return fraction._replace(first=at)
    return Piece("E", at, at + 2, tokens[at + 2].number)


def _number(tokens: Sequence[Token], at: int) -> Piece:
    if _text(tokens, at + 1) in {"%", "％"} or (at + 1 < len(tokens) and tokens[at + 1].kind == "percent"):
        return _percent(tokens, at)
    fraction = _fraction(tokens, at)
    if fraction is not None:
        return fraction
    number = tokens[at].number
    if _text(tokens, at - 1).lower() in _LABELS and _text(tokens, at + 1) not in {"-", "–", "/"}:
        return Piece("w", at, at)
    if number is None or not number.whole or number.bound or _is_labelled(tokens, at):
        return Piece("X", at, at)
    return Piece("w" if _is_pronoun(tokens, at) else "N", at, at, number)


def _is_pronoun(tokens: Sequence[Token], at: int) -> bool:
    """True for "one" where no bracket, "of" or counted noun makes a count of it."""
    follow = [_text(tokens, at + step).lower() for step in (1, 2, 3)]
    return tokens[at].low == "one" and not (
        follow[0] in {"(", "[", "of", "out"} or bool(UNITS_COUNTED & set(follow))
    )


def _is_labelled(tokens: Sequence[Token], at: int) -> bool:
    """True where the number is part of a range, a unit, a label such as "grade 3", or an address."""
    before, after = _text(tokens, at - 1).lower(), _text(tokens, at + 1).lower()
    if after in _UNITS or before in _LABELS or before in {"/", "±", "#", "$", "€", "£", "§"}:
        return True
    if after in {"/", "±", "^"} or (at + 1 < len(tokens) and tokens[at + 1].kind == "power"):
        return True
    if after in {"-", "–", "−", "‐", "‑"} or before in {"-", "–", "−", "‐", "‑"}:
        return True
    return after == "to" and _is_number(tokens, at + 2)


def _percent(tokens: Sequence[Token], at: int) -> Piece:
    """Return a percent that tells a share as P, any other (a limit of an interval, a change) as X or I."""
    level = _interval(tokens, at)
    if level is not None:
        return level
    number = tokens[at].number
    before, after = _text(tokens, at - 1).lower(), _text(tokens, at + 2).lower()
    ranged = (after in _DASHES - {"and"} and _is_number(tokens, at + 3)) or (
        before in _DASHES - {"and"}
        and at > 1
        and (_is_number(tokens, at - 2) or tokens[at - 2].kind == "percent")
    )
    change = after in _NO_SHARE_AFTER or (before in _NO_SHARE_BEFORE and not _told_by_many(tokens, at))
    if ranged or change or number is None or number.bound in {"<", ">", "≤", "≥"} or number.value < 0:
        return Piece("X", at, at + 1)
    return Piece("P", at, at + 1, percent=number)


def _told_by_many(tokens: Sequence[Token], at: int) -> bool:
    """True for "used by 96% (263/273)" and "anterior — 98% (43/44)", not for "reduced by 12% (3/25)"."""
    if _text(tokens, at + 2) not in {"(", "["} or _text(tokens, at - 1).lower() not in {"by", "—"}:
        return False
    begun = at + 5 if _text(tokens, at + 4) == "=" else at + 3
    words = (_text(tokens, place).lower() for place in range(at - 4, at - 1))
    return _fraction(tokens, begun) is not None and not any(word.startswith(_CHANGED) for word in words)


def _interval(tokens: Sequence[Token], at: int) -> Piece | None:
    """Return "95% CI 20-53" (with "confidence interval", brackets, commas, "to") as one piece."""
    after = _text(tokens, at + 2).lower()
    if after not in {
        "ci",
        "cis",
        "confidence",
        "credible",
        "cri",
        "bci",
        "uncertainty",
        "hdi",
        "bayesian",
        "exact",
    }:
        return None
    last, numbers, place = at + 2, 0, at + 3
    while place < len(tokens) and place < at + 20 and numbers < 2:
        token = tokens[place]
        if token.kind == "number":
            numbers, last = numbers + 1, place
        elif token.kind == "percent" and numbers:
            last = place
        elif token.low not in {
            "interval", "intervals", "limits", "limit", "=", ":", ",", "(", "[", "to", "-", "–", "−", "ci",
            "from", "of",
        }:  # fmt: skip
            break
        place += 1
    if last + 1 < len(tokens) and tokens[last + 1].kind == "percent" and numbers:
        last += 1
    return Piece("I", at, last)


def _fraction(tokens: Sequence[Token], at: int) -> Piece | None:
    """Return "12/34", "12 of the 34", "12 patients out of 34" as one piece where it can be a share."""
    before = _text(tokens, at - 1).lower()
    if not _whole(tokens, at) or before in {"/", "-", "–", "−"}:
        return None
    if before in _LABELS and not _is_count_behind_label(tokens, at):
        return None
    total_at = _total_at(tokens, at)
    if total_at is None or not _whole(tokens, total_at):
        return None
    count, total = tokens[at].number, tokens[total_at].number
    if count is None or total is None or not 0 < total.value < _LARGEST or count.bound or total.bound:
        return None
    if 1900 <= count.value <= 2100 and total.value < 100:
        return None  # the season 2018/19
    named = _text(tokens, at - 2).lower() in _LABELS - _NOT_ALWAYS_LABELS
    if before in {"of", "was", "is"} and named:
        return None  # a ratio of 1/2
    if count.value > total.value and _text(tokens, at + 1).lower() in UNITS_COUNTED:
        return None  # 65 eyes of 49 patients
    after, second = _text(tokens, total_at + 1).lower(), _text(tokens, total_at + 2).lower()
    if after in _UNITS or after in {"/", "^"} or (after in {"-", "–", "−"} and second):
        return None
    if total_at + 1 < len(tokens) and tokens[total_at + 1].kind == "number":
        return None  # a number that was cut, as in 8 of the 1 5
    if after in {"%", "％"} or (
        total_at + 1 < len(tokens) and tokens[total_at + 1].kind in {"percent", "power"}
    ):
        return None
    return Piece("F", at, total_at, count, total)


def _is_count_behind_label(tokens: Sequence[Token], at: int) -> bool:
    """True for "in the drug group 16/32" and "at 12 months 16/32", not for "group 1/2" and "months 12/24"."""
    number, label = tokens[at].number, _text(tokens, at - 1).lower()
    if label not in _NOT_ALWAYS_LABELS or number is None or number.value < _LEAST_COUNT:
        return False
    return label not in _TIMES or _is_number(tokens, at - 2)


def _total_at(tokens: Sequence[Token], at: int) -> int | None:
    """Return the place of the total behind a count, or nothing."""
    after = _text(tokens, at + 1)
    if after == "/" and tokens[at].end - tokens[at].start <= 6:
        return at + 2
    place = at + 1
    if place < len(tokens) and tokens[place].low in UNITS_COUNTED:
        place += 1
    series = _series_end(tokens, place)
    if series is not None:
        return series + 1
    if _text(tokens, place).lower() == "out" and _text(tokens, place + 1).lower() == "of":
        place += 1
    elif _text(tokens, place).lower() not in _OF:
        return None
    place += 1
    while place < len(tokens) and tokens[place].low in _ARTICLES:
        place += 1
    return place


def _text(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def _is_number(tokens: Sequence[Token], at: int) -> bool:
    return 0 <= at < len(tokens) and tokens[at].kind == "number"


def _whole(tokens: Sequence[Token], at: int) -> bool:
    number = tokens[at].number if 0 <= at < len(tokens) else None
    return number is not None and number.whole and number.value >= 0
