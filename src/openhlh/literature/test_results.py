"""P values, and the counts of two groups or the test statistic that they are printed with.

Read are "12/50 (24%) vs 20/48 (41.7%); p = 0.04", "3 of 3 and 1 of 5 (Fisher p = 0.14)", and statistics
as psychologists print them: t(38) = 2.1, F(1, 28) = 4.3, χ2(1, N = 90) = 3.9, r(58) = .31, z = 2.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from openhlh.claims import Claim, Printed, TestResult
from openhlh.literature.document import Document
from openhlh.literature.limits import CLOSERS, DASHES, OPENERS, at, number_at, wording
from openhlh.literature.part_of_whole import PartOfWhole
from openhlh.literature.tokens import Sentence, Token
from openhlh.literature.two_groups import two_groups

_SIGNS = {"=": "", "<": "<", ">": ">", "≤": "≤", "≥": "≥", "＝": "", "＜": "<", "＞": ">", "⩽": "≤", "⩾": "≥"}
_TESTS = {
    "t": "t", "F": "F", "r": "r", "z": "z", "Z": "z", "χ2": "chi2", "χ²": "chi2", "chi2": "chi2",
    "chi-square": "chi2", "chi-squared": "chi2", "Chi-square": "chi2", "X²": "chi2", "X2": "chi2",
    "χ": "chi2",
}  # fmt: skip
_NAMES = {"p", "p-value", "p-values", "pvalue", "p‑value", "p–value"}
_P_WORDS = {
    "-", "–", "value", "values", "for", "trend", "interaction", "was", "is", "of", "being", "at", ":", "a",
}  # fmt: skip
_BOUND_WORDS = {
    "less": "<", "lower": "<", "smaller": "<", "below": "<", "under": "<", "greater": ">", "more": ">",
    "higher": ">", "larger": ">", "above": ">", "over": ">", "equal": "", "equals": "", "equalled": "",
}  # fmt: skip
_FARTHEST_P = 16
_FIRST_WORDS = 2  # a sentence that begins with its p value tells the counts behind it
_NEAREST_GROUPS = 5  # tokens from a p value to the counts that are told behind it, as in "p = 0.04: 12/50"
_NOT_COUNTS = {"snellen", "acuity", "logmar", "strength", "muscle"}


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
            yield _claim(document, tokens, (done, place, after), p, alone=len(places) == 1)
            done = after


def p_at(tokens: Sequence[Token], index: int) -> tuple[Printed, int] | None:
    """Return the p value that is printed at an index and the index behind it, None where there is none.

    A value with a power of ten behind it is left alone: what is printed is then not the value.
    """
    if at(tokens, index) not in _NAMES:
        return None
    here = index + 1
    while at(tokens, here) in _P_WORDS:
        here += 1
    bound = ""
    while (sign := at(tokens, here)) in _SIGNS or sign in _BOUND_WORDS:
        bound = bound or _SIGNS.get(sign) or _BOUND_WORDS.get(sign, "")
        here += 1 + (at(tokens, here + 1) in {"than", "to"})
    value = number_at(tokens, here)
    if value is None or not value.text[-1].isdigit() or _is_no_probability(tokens, index, here + 1, value):
        return None
    if here == index + 1 and value.text[0] not in "0.":
        return None
    return replace(value, bound=bound), here + 1


def _is_no_probability(tokens: Sequence[Token], index: int, behind: int, value: Printed) -> bool:
    """True for powers of ten (10-5, 4 x 10(-8)), for -log P, and for a density (p = 1.7 g/cm3)."""
    follows = tokens[behind] if behind < len(tokens) else None
    if follows is not None and (follows.kind == "power" or follows.text in {"×", "x"}):
        return True
    if at(tokens, index - 1) == "log" or at(tokens, index - 2) == "log":
        return True
    glued = follows is not None and follows.start == value.end and follows.text in OPENERS | DASHES
    return value.value > 1 and (glued or (follows is not None and follows.kind == "word"))


def _claim(
    document: Document, tokens: Sequence[Token], span: tuple[int, int, int], p: Printed, *, alone: bool
) -> TestResult:
    done, place, after = span
    first = place
    words = {"p": p, "where": document.where(p.start), "about": wording(tokens, place, 60, 10)}
    statistic = _statistic(tokens, done, place)
    if statistic is not None:
        test, value, degrees, first = statistic
        words |= {"test": test, "statistic": value, "df": degrees}
    elif not _NOT_COUNTS & set(str(words["about"]).split()):
        groups = two_groups(tokens, done, place) or (_groups_behind(tokens, place, after) if alone else [])
        first = min((one.first for one in groups), default=place)
        first, after = min(first, place), max([after, *(one.after for one in groups)])
        words |= {"groups": tuple((one.part, one.whole) for one in groups)}
    start, end = tokens[first].start, tokens[after - 1].end
    return TestResult(start, end, document.text[start:end], **words)  # type: ignore[arg-type]


def _groups_behind(tokens: Sequence[Token], place: int, after: int) -> list[PartOfWhole]:
    """Return the groups of "(p = 0.04; 12/50 vs 20/48)" and of "12/50 on A (p = 0.04) than 20/48 on B"."""
    found = two_groups(tokens, after, len(tokens))
    if found:
        set_apart = {at(tokens, after), at(tokens, after + 1)} & {":", ";", ",", "(", "["}
        near = _FARTHEST_P if place <= _FIRST_WORDS else _NEAREST_GROUPS if set_apart else 0
        return found if found[0].first - after <= near else []
    found = two_groups(tokens, 0, len(tokens))
    around = found and found[0].after <= place and found[1].first >= after
    words = {at(tokens, index) for index in range(after, found[1].first)} if around else set()
    return found if words & {"vs", "versus", "than", "compared", "against", "opposed"} else []


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
