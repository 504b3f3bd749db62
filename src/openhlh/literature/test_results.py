"""P values, and the counts of two groups or the test statistic that they are printed with.

Read are "12/50 (24%) vs 20/48 (41.7%); p = 0.04", "3 of 3 and 1 of 5 (Fisher p = 0.14)", and statistics
as psychologists print them: t(38) = 2.1, F(1, 28) = 4.3, χ2(1, N = 90) = 3.9, r(58) = .31, z = 2.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from openhlh.claims import Claim, Printed, TestResult
from openhlh.literature.document import Document
from openhlh.literature.interval_labels import is_percent
from openhlh.literature.limits import CLOSERS, DASHES, OPENERS, at, number_at, wording
from openhlh.literature.subjects import PEOPLE
from openhlh.literature.tokens import Sentence, Token

_SIGNS = {"=": "", "<": "<", ">": ">", "≤": "≤", "≥": "≥", "＝": "", "＜": "<", "＞": ">", "⩽": "≤", "⩾": "≥"}
_TESTS = {
    "t": "t", "F": "F", "r": "r", "z": "z", "Z": "z", "χ2": "chi2", "χ²": "chi2", "chi2": "chi2",
    "chi-square": "chi2", "chi-squared": "chi2", "Chi-square": "chi2", "X²": "chi2", "X2": "chi2",
    "χ": "chi2",
}  # fmt: skip
_NAMES = {"p", "p-value", "p-values", "pvalue", "p‑value", "p–value"}
_FARTHEST_P = 16
_COMPARES = {"vs", "versus", "and", "than", "compared", "against", "v", "while", "whereas", "but", "it", ";"}
_NOT_COUNTS = {"snellen", "acuity", "logmar", "strength", "muscle"}


class PartOfWhole(NamedTuple):
    """A count with its total and the indices of the first token and of the token behind."""

    part: Printed
    whole: Printed
    first: int
    after: int


def p_value_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield every p value of the sentences with its counts or its statistic where they stand beside it."""
    for sentence in sentences:
        tokens = sentence.tokens
        places = [index for index, token in enumerate(tokens) if token.low in _NAMES]
        done = 0
        for place in places:
            read = p_at(tokens, place)
            if read is None:
                continue
            p, after = read
            yield _claim(document, tokens, (done, place, after), p)
            done = after


def p_at(tokens: Sequence[Token], index: int) -> tuple[Printed, int] | None:
    """Return the p value that is printed at an index and the index behind it, None where there is none.

    A value with a power of ten behind it is left alone: what is printed is then not the value.
    """
    if at(tokens, index) not in _NAMES:
        return None
    here = index + 1
    while at(tokens, here) in {"-", "–", "value", "values", "for", "trend", "interaction", "was", "of"}:
        here += 1
    bound = _SIGNS.get(at(tokens, here))
    if bound is None and at(tokens, here + 1) == "than":
        bound = {"less": "<", "greater": ">", "more": ">"}.get(at(tokens, here))
        here += 1
    if bound is None:
        if "value" not in at(tokens, here - 1):
            return None
        bound, here = "", here - 1
    while at(tokens, here + 1) in _SIGNS:
        here += 1
        bound = bound or _SIGNS[at(tokens, here)]
    value = number_at(tokens, here + 1)
    if value is None or not value.text[-1].isdigit() or _is_no_probability(tokens, index, here + 2, value):
        return None
    return replace(value, bound=bound), here + 2


def _is_no_probability(tokens: Sequence[Token], index: int, behind: int, value: Printed) -> bool:
    """True for powers of ten (10-5, 4 x 10(-8)), for -log P, and for a density (p = 1.7 g/cm3)."""
    follows = tokens[behind] if behind < len(tokens) else None
    if follows is not None and (follows.kind == "power" or follows.text in {"×", "x"}):
        return True
    if at(tokens, index - 1) == "log" or at(tokens, index - 2) == "log":
        return True
    glued = follows is not None and follows.start == value.end and follows.text in OPENERS | DASHES
    return value.value > 1 and (glued or (follows is not None and follows.kind == "word"))


def fractions(tokens: Sequence[Token], first: int, last: int) -> Iterator[PartOfWhole]:
    """Yield 12/50, 12 of 50, 12 out of 50 and 12 (24%) of 50 between two indices."""
    index = first
    while index < last:
        found = fraction_at(tokens, index)
        if found is not None and found.after <= last:
            yield found
            index = found.after
        else:
            index += 1


def fraction_at(tokens: Sequence[Token], index: int) -> PartOfWhole | None:
    """Return the count and total printed from an index on, None where there are none."""
    count = number_at(tokens, index)
    if count is None or not count.whole or count.value < 0:
        return None
    here = index + 1
    if at(tokens, here) in OPENERS and is_percent(tokens, here + 2) and at(tokens, here + 3) in CLOSERS:
        here += 4
        if at(tokens, here) != "of":
            return None
    if at(tokens, here) == "/" or at(tokens, here) == "of":
        here += 1
    elif at(tokens, here) == "out" and at(tokens, here + 1) == "of":
        here += 2
    else:
        return None
    while at(tokens, here) in {"the", "all"}:
        here += 1
    total = number_at(tokens, here)
    if (
        total is None
        or not total.whole
        or total.value < max(count.value, Fraction(1))
        or at(tokens, here + 1) in {"/", "%"}
    ):
        return None
    return PartOfWhole(count, total, index, here + 1)


def _claim(document: Document, tokens: Sequence[Token], span: tuple[int, int, int], p: Printed) -> TestResult:
    done, place, after = span
    first = place
    words = {"p": p, "where": document.where(p.start), "about": wording(tokens, place, 60, 10)}
    statistic = _statistic(tokens, done, place)
    if statistic is not None:
        test, value, degrees, first = statistic
        words |= {"test": test, "statistic": value, "df": degrees}
    elif not _NOT_COUNTS & set(str(words["about"]).split()):
        groups = _two_groups(tokens, done, place)
        first = groups[0].first if groups else place
        words |= {"groups": tuple((one.part, one.whole) for one in groups)}
    start, end = tokens[first].start, tokens[after - 1].end
    return TestResult(start, end, document.text[start:end], **words)  # type: ignore[arg-type]


def _two_groups(tokens: Sequence[Token], first: int, last: int) -> list[PartOfWhole]:
    """Return the two counts with totals between two indices; nothing for more, or for people and things."""
    found = list(fractions(tokens, first, last))
    if len(found) != 2:
        return _groups_in_words(tokens, first, last)
    between = {at(tokens, index) for index in range(found[0].after, found[1].first)}
    nouns = {at(tokens, one.after) in PEOPLE for one in found if at(tokens, one.after).endswith("s")}
    return found if between & _COMPARES and len(nouns) < 2 else []


def _groups_in_words(tokens: Sequence[Token], first: int, last: int) -> list[PartOfWhole]:
    """Read "among the 47 on A, 32 (68%) ..., among the 43 on B, 28 (65%)" and the like.

    Any other number between the indices leaves it unread.
    """
    counts: list[tuple[int, Printed]] = []
    totals: list[tuple[int, Printed]] = []
    order = ""
    index = first
    while index < last:
        number = number_at(tokens, index)
        if number is not None and not tokens[index].text.isalpha():
            share = at(tokens, index + 1) in OPENERS and is_percent(tokens, index + 3)
            if not number.whole or (not share and not _is_total(tokens, index)):
                return []
            (counts if share else totals).append((index, number))
            order += "k" if share else "N"
            index += 4 if share else 0
        index += 1
    if order not in {"NkNk", "kkNN", "NkkN", "kNkN"}:
        return []
    return [
        PartOfWhole(part, whole, min(place, counts[0][0]), place + 1)
        for (place, part), (_, whole) in zip(counts, totals, strict=True)
        if 0 < part.value <= whole.value
    ]


def _is_total(tokens: Sequence[Token], index: int) -> bool:
    """True after "among the", "of the", "n =" and, for the second of two totals, "and"."""
    if at(tokens, index - 1) in {"=", ":"} and at(tokens, index - 2) == "n":
        return True
    before = index - 1 - (at(tokens, index - 1) == "the")
    return at(tokens, before) in {"among", "of", "and"}


def _statistic(
    tokens: Sequence[Token], first: int, last: int
) -> tuple[str, Printed, tuple[Printed, ...], int] | None:
    """Return the last test statistic before a p value: its name, value, degrees of freedom, and place."""
    for index in range(last - 2, max(first, last - _FARTHEST_P) - 1, -1):
        name = _TESTS.get(tokens[index].text)
        if name is None:
            continue
        degrees, after = _degrees(tokens, index + 1)
        if at(tokens, after) not in {"=", "＝"}:
            continue
        value = number_at(tokens, after + 1)
        if value is not None and (degrees or name == "z"):
            return name, value, degrees, index
        return None
    return None


def _degrees(tokens: Sequence[Token], index: int) -> tuple[tuple[Printed, ...], int]:
    """Return the degrees of freedom in brackets and the index behind them; "N = 90" is passed over."""
    if at(tokens, index) not in OPENERS:
        return (), index
    found: list[Printed] = []
    index += 1
    while index < len(tokens) and at(tokens, index) not in CLOSERS:
        if at(tokens, index) == "n":
            index += 3
            continue
        number = number_at(tokens, index)
        if number is not None:
            found.append(number)
        index += 1
    return tuple(found[:2]), index + 1
