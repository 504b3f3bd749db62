"""Estimates with their confidence intervals: HR 0.75 (95% CI 0.60 to 0.93; p = 0.01), 83% (95% CI 59-96).

The label of the interval is found first; the limits stand behind it and the estimate before it, or behind
it where the label is a head, as in "HR (95% CI) 2.8 (1.2-6.4)". A ratio with two limits in brackets is
read without a label. Between two numbers that are compared ("45% vs 60% (95% CI 5 to 25)") no estimate
is read: the interval may belong to the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from openhlh.claims import Claim, Estimate, Printed
from openhlh.literature.document import Document
from openhlh.literature.estimate_places import (
    error_begins,
    is_compared,
    is_its_error,
    is_no_estimate,
    number_ending,
    opening_of,
    ratio_before,
    with_its_sign,
)
from openhlh.literature.interval_counts import (
    counts_around,
    fraction_before_words,
    fraction_behind,
    fraction_ending,
)
from openhlh.literature.interval_labels import RATIOS, is_label, is_percent, label_at, measure_of
from openhlh.literature.limits import (
    CLOSERS,
    OPENERS,
    Limits,
    at,
    limits,
    number_at,
    same_unit,
    unit,
    wording,
)
from openhlh.literature.part_of_whole import PartOfWhole, fraction_at
from openhlh.literature.test_results import p_at
from openhlh.literature.tokens import Sentence, Token
from openhlh.literature.two_groups import two_groups

_BETWEEN = {",", ";", ":", "(", "[", "with", "a", "an", "its", "the", "at", "=", "two-sided", "corresponding"}
_NAMED_FAR = {"hr", "or", "rr", "difference"}
_FARTHEST = 12
_TELL = {"was", "is", "were", "ran", "extended"}


@dataclass(slots=True)
class _Found:
    """What has been gathered of one estimate: its first, last and own token, and its numbers."""

    first: int
    last: int
    place: int = 0
    parts: dict[str, object] = field(default_factory=dict)


def estimate_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield every estimate that is printed with an interval, in the order of the text."""
    for sentence in sentences:
        tokens = sentence.tokens
        if not any(_may_begin(tokens, index) for index in range(len(tokens))):
            continue
        taken: set[int] = set()
        found = list(_labelled(tokens, taken))
        found += list(_ratios_without_label(tokens, taken))
        done = 0
        for one in sorted(found, key=lambda one: one.first):
            if one.parts.get("measure") in {"or", "rr"}:
                groups = two_groups(tokens, done, one.first)
                one.parts["groups"] = tuple((each.part, each.whole) for each in groups)
            yield _claim(document, tokens, one)
            done = one.last + 1


def _may_begin(tokens: Sequence[Token], index: int) -> bool:
    return (
        is_label(tokens, index)
        or tokens[index].text in RATIOS
        or tokens[index].low in {"ratio", "ratios", "risk"}
    )


def _claim(document: Document, tokens: Sequence[Token], found: _Found) -> Estimate:
    start, end = tokens[found.first].start, tokens[found.last].end
    near = (40, found.last - found.first + 12)
    return Estimate(
        start,
        end,
        document.text[start:end],
        document.where(start),
        wording(tokens, found.first, *((len(tokens), len(tokens)) if _signs_differ(found) else near)),
        **found.parts,  # type: ignore[arg-type]
    )


def _signs_differ(found: _Found) -> bool:
    """True where an estimate above zero has limits below it: any word of the sentence may say why."""
    estimate, high = found.parts.get("estimate"), found.parts.get("high")
    return isinstance(estimate, Printed) and isinstance(high, Printed) and estimate.value > 0 > high.value


def _labelled(tokens: Sequence[Token], taken: set[int]) -> Iterator[_Found]:
    for index in range(len(tokens)):
        if not is_label(tokens, index):
            continue
        first, after, level = label_at(tokens, index)
        bounds = limits(tokens, _skip(tokens, after, {")", "]", ":", "=", ",", "was", "range", "(", "["}))
        if bounds is None and at(tokens, after) in CLOSERS and (ahead := _limits_ending(tokens, first - 1)):
            first, bounds = ahead[0], ahead[1]._replace(after=after)
        if bounds is not None and at(tokens, bounds.after) not in OPENERS and bounds.low.start not in taken:
            found = _before(tokens, first)
            _add_limits(tokens, found, bounds, level)
            if "estimate" not in found.parts:
                _told_ahead(tokens, found)
            taken |= {bounds.low.start}
            yield found
        elif (apart := _limits_further_on(tokens, after)) is not None:
            found = _before(tokens, apart[0])
            _add_limits(tokens, found, apart[1], level)
            taken |= {apart[1].low.start}
            yield found
        else:
            yield from _under_a_head(tokens, (first, after), level, taken)


def _limits_ending(tokens: Sequence[Token], index: int) -> tuple[int, Limits] | None:
    """Return the limits before the comma at an index, as in "1.2 (0.9-1.6, 95% CI)", and where they begin."""
    for first in range(index - 3, max(0, index - 6), -1):
        found = limits(tokens, first) if at(tokens, first - 1) in OPENERS else None
        if found is not None and found.after == index and at(tokens, index) in {",", ";"}:
            return first, found
    return None


def _limits_further_on(tokens: Sequence[Token], after: int) -> tuple[int, Limits] | None:
    """Return the limits of "the 95% CI for the rate of 24% was 22% to 26%" and where their verb stands."""
    if at(tokens, after) not in {"for", "of", "around", "about"}:
        return None
    for verb in range(after, min(len(tokens), after + 2 * _FARTHEST)):
        if at(tokens, verb) in {";", "."}:
            return None
        if (
            at(tokens, verb) in {"was", "is", "ran", "were", "extended"}
            and number_at(tokens, verb - 1) is None
        ):
            found = limits(tokens, verb)
            return (verb, found) if found is not None else None
    return None


def _skip(tokens: Sequence[Token], index: int, words: set[str]) -> int:
    while at(tokens, index) in words:
        index += 1
    return index


def _add_limits(tokens: Sequence[Token], found: _Found, bounds: Limits, level: Fraction) -> None:
    found.last = bounds.after - 1
    found.parts |= {"low": bounds.low, "high": bounds.high, "level": level}
    here = _skip(tokens, bounds.after, {",", ";", ")", "]", "("})
    behind = p_at(tokens, here)
    if "estimate" in found.parts and not same_unit(unit(tokens, found.place + 1)[1], bounds.units[1]):
        found.parts.pop("estimate", None)
    if behind is not None and "p" not in found.parts:
        found.parts["p"], found.last = behind[0], behind[1] - 1
    fraction = fraction_at(tokens, here)
    if fraction is not None and "count" not in found.parts and at(tokens, here - 1) in OPENERS | {";", ","}:
        _add_fraction(found, fraction)
        found.last = fraction.after - 1
    if bounds.percent and found.parts.get("measure") == "":
        found.parts["measure"] = "percent"
    if found.parts.get("measure") == "percent" and "count" not in found.parts:
        _add_counts_around(tokens, found)


def _add_counts_around(tokens: Sequence[Token], found: _Found) -> None:
    """Add the counts of a percent that stand behind its interval, or apart from it on either side."""
    fraction = fraction_behind(tokens, found.last + 1)
    if fraction is not None:
        _add_fraction(found, fraction)
        found.last = fraction.after - 1
    elif "estimate" in found.parts and (pair := counts_around(tokens, found.place, found.last)):
        found.parts |= {"count": pair[0], "total": pair[1]}


def _add_fraction(found: _Found, fraction: PartOfWhole) -> None:
    found.parts |= {"count": fraction.part, "total": fraction.whole}


def _before(tokens: Sequence[Token], index: int) -> _Found:
    """Walk back from the label of an interval over brackets, a p value and a fraction to the estimate."""
    found = _Found(index, index, parts={"measure": ""})
    here = index - 1
    while here >= 0:
        if at(tokens, here) in CLOSERS:
            opening = opening_of(tokens, here)
            if opening is not None and here - opening == 3 and is_percent(tokens, here - 1):
                break  # "12 of 50 (24%), with a 95% CI": the estimate is what stands in the bracket
            if opening is None or not _take(tokens, found, opening + 1):
                return found
            here = opening - 1
        elif at(tokens, here) in _BETWEEN:
            here -= 1
        elif number_at(tokens, here) and at(tokens, here - 1) in {"=", ":"} and at(tokens, here - 2) == "n":
            here -= 3
        elif (place := _p_ending(tokens, here)) is not None:
            found.parts["p"], here = p_at(tokens, place)[0], place - 1  # type: ignore[index]
        elif (fraction := fraction_ending(tokens, here)) is not None:
            _add_fraction(found, fraction)
            here = fraction.first - 1
        else:
            break
    place = number_ending(tokens, here)
    if place is None:
        place = _told_further_back(tokens, here, found)
    while place is not None and is_its_error(tokens, place):
        place = number_ending(tokens, error_begins(tokens, place))
    if place is not None and not is_no_estimate(tokens, place, index):
        _add_estimate(tokens, found, place)
    return found


def _told_further_back(tokens: Sequence[Token], index: int, found: _Found) -> int | None:
    """Return where the estimate stands in "a risk ratio of 1.2 for death, with a 95% CI", None elsewhere.

    Only what is named as a ratio or difference is looked for so far, and "44% (11/25) had it (95% CI ...".
    """
    for place in range(index, max(-1, index - _FARTHEST), -1):
        if at(tokens, place) in {".", ";", "=", "vs", "versus"} or tokens[place].kind == "ratio":
            return None
        if number_at(tokens, place) is not None:
            return place if measure_of(tokens, place) in _NAMED_FAR and index > place else None
        if at(tokens, place) in CLOSERS:
            opening = opening_of(tokens, place)
            if (
                opening is None
                or not is_percent(tokens, opening - 1)
                or not _take(tokens, found, opening + 1)
            ):
                return None
            return opening - 2 if number_at(tokens, opening - 2) is not None else None
    return None


def _take(tokens: Sequence[Token], found: _Found, index: int) -> bool:
    """Take a p value or a fraction that stands alone in brackets; False where something else stands there."""
    fraction, p = fraction_at(tokens, index), p_at(tokens, index)
    if fraction is not None:
        _add_fraction(found, fraction)
    elif p is not None:
        found.parts["p"] = p[0]
    return fraction is not None or p is not None


def _p_ending(tokens: Sequence[Token], index: int) -> int | None:
    """Return where the p value begins that ends at an index."""
    for first in range(index - 2, max(-1, index - 6), -1):
        found = p_at(tokens, first)
        if found is not None and found[1] == index + 1:
            return first
    return None


def _add_estimate(tokens: Sequence[Token], found: _Found, place: int) -> None:
    measure = measure_of(tokens, place)
    percent = is_percent(tokens, place + 1)
    if percent and not _is_difference_in_percent(tokens, place):
        measure = ""
    if measure == "" and is_compared(tokens, place):
        return
    found.first = found.place = place
    found.parts |= {
        "estimate": with_its_sign(tokens, place),
        "measure": measure or ("percent" if percent else ""),
    }
    if "count" not in found.parts:
        back = place - 1 - (at(tokens, place - 1) in OPENERS | {",", ";"})
        fraction = fraction_ending(tokens, back)
        if fraction is None and percent and at(tokens, place - 1) in OPENERS:
            fraction = fraction_before_words(tokens, place - 2)
        if fraction is not None:
            _add_fraction(found, fraction)
            found.first = fraction.first


def _is_difference_in_percent(tokens: Sequence[Token], place: int) -> bool:
    """True for "a risk difference of 5%"; "decreased by 17%" may have the limits of a ratio."""
    near = {at(tokens, index) for index in range(place - 6, place)}
    return bool(near & {"difference", "differences"}) and at(tokens, place + 2) != "of"


def _under_a_head(
    tokens: Sequence[Token], label: tuple[int, int], level: Fraction, taken: set[int]
) -> Iterator[_Found]:
    """Read "HR (95% CI) 2.8 (1.2-6.4)" and the like that follow it: the label stands before the estimate."""
    first, after = label
    here = _skip(tokens, after, {")", "]", ":", "=", ",", "was", "were", "of", "is", "are"})
    measure = measure_of(tokens, first)
    while (estimate := number_at(tokens, here)) is not None:
        opening = here + 1 + is_percent(tokens, here + 1)
        opening = opening if at(tokens, opening) in OPENERS else opening + 1
        bounds = limits(tokens, opening + 1) if at(tokens, opening) in OPENERS else None
        if bounds is None or not {at(tokens, bounds.after)} & (CLOSERS | {",", ";"}):
            return
        found = _Found(here, here, here, {"measure": measure, "estimate": estimate})
        _add_limits(tokens, found, bounds, level)
        taken |= {bounds.low.start}
        yield found
        here = _skip(tokens, found.last + 1, {")", "]", ",", ";", "and", "vs", "versus"})


def _told_ahead(tokens: Sequence[Token], found: _Found) -> None:
    """Add the ratio of "With a 95% CI of 1.2 to 3.6, the odds ratio was 2.1", where none stands before."""
    if any(token.number is not None for token in tokens[: found.first]):
        return
    for place in range(found.last + 1, min(len(tokens), found.last + _FARTHEST)):
        if number_at(tokens, place) is not None or at(tokens, place) in {";", "."}:
            measure = measure_of(tokens, place)
            if measure in _NAMED_FAR and not is_percent(tokens, place + 1) and number_at(tokens, place):
                found.parts |= {"estimate": number_at(tokens, place), "measure": measure}
                found.place = found.last = place
            return


def _ratios_without_label(tokens: Sequence[Token], taken: set[int]) -> Iterator[_Found]:
    """Read "HR 0.75 (0.60-0.93)" and "an odds ratio of 2.1 [1.2, 3.6]", whose interval is not named."""
    for index in range(2, len(tokens)):
        opened = at(tokens, index) in OPENERS
        if not opened and at(tokens, index) not in {";", ","}:
            continue
        estimate = number_at(tokens, index - 1)
        measure = ratio_before(tokens, index - 1) if estimate is not None else ""
        bounds = limits(tokens, index + 1) if measure else None
        if bounds is None or bounds.low.start in taken:
            continue
        if at(tokens, bounds.after) not in CLOSERS | ({",", ";"} if opened else set()):
            continue
        if not opened and bounds.separator in {",", ";", "/", "and"}:
            continue
        found = _Found(index - 1, 0, index - 1, {"measure": measure, "estimate": estimate})
        _add_limits(tokens, found, bounds, Fraction(95))
        taken |= {bounds.low.start}
        yield found
