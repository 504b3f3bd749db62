"""`hlh ask` for a pooled number: the pooling that a question asks for, told as a section of the answer.

The question names a treatment, a line, patients and what counts as response; an analysis page that asks the
same is pooled, with the patients as further conditions. What was left out and why stands beside the number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openhlh.answers.answer import Answer, Section, Statement
from openhlh.answers.answering import reference
from openhlh.answers.statements import OURSELVES, numbers_of
from openhlh.evidence.asked import asked_by
from openhlh.evidence.poolable import poolable
from openhlh.evidence.selection import Where

if TYPE_CHECKING:
    from openhlh.answers.answer import Audience
    from openhlh.answers.frame import Frame
    from openhlh.content.analysis import Analysis
    from openhlh.content.described import Shelves
    from openhlh.journeys.pool import Pooled

_TITLE = "Pooled result"
_COMPLETE = {"complet", "remiss", "cr"}
_FEW_LEFT_OUT = 6


def beside_pooled(answer: Answer, frame: Frame, shelves: Shelves) -> Answer:
    """Return the answer with a pooled result in front, where the question asks for one that can be made."""
    if frame.studies or frame.fractions or frame.elsewhere or not frame.in_scope:
        return answer
    page = _page(frame, shelves)
    if page is None:
        return answer
    found = _pooled(page, frame, shelves)
    section = Section(_TITLE, tuple(_statements(found, page, answer.audience, shelves)))
    keys = {key for one in section.statements for key in one.citations}
    known = {one.key for one in answer.references}
    added = tuple(reference(shelves, key) for key in sorted(keys - known) if key in shelves.sources)
    return replace(
        answer,
        answered=True,
        sections=(section, *answer.sections),
        references=tuple(sorted((*answer.references, *added), key=lambda one: one.key)),
        refusals=() if not answer.answered else answer.refusals,
    )


def _page(frame: Frame, shelves: Shelves) -> Analysis | None:
    """Return the analysis page that asks the same: same line, same outcome, same treatment (or none)."""
    line = "first" if frame.lines == ("first",) else "salvage"
    complete = bool(_COMPLETE & frame.said)
    fitting = [
        page
        for page in shelves.analyses.values()
        if (page.lines == ("first",)) == (line == "first")
        and (page.outcome == "complete") == complete
        and page.outcome != "with_improvement"
        and not page.of.arms
    ]
    return next((page for page in fitting if _same_treatment(page, frame, shelves)), None)


def _same_treatment(page: Analysis, frame: Frame, shelves: Shelves) -> bool:
    of = page.of
    families = {shelves.regimens[one].family or one for one in frame.regimens}
    if not frame.drugs and not frame.regimens:
        return not (of.family or of.drugs or of.regimens)
    if of.family:
        return of.family in families
    leading = {shelves.regimens[one].leading_drug for one in of.regimens}
    return bool(set(of.regimens) & set(frame.regimens) or (leading | set(of.drugs)) & set(frame.drugs))


def _pooled(page: Analysis, frame: Frame, shelves: Shelves) -> Pooled:
    from openhlh.journeys.pool import Wanted, pooled
    from openhlh.journeys.pool_from_shelves import prepared_from
    from openhlh.pooling.models import Choice

    asked = asked_by(page)
    given = {"etiology": frame.etiologies, "age": frame.ages}
    asked = replace(asked, where=(*asked.where, *(Where(name, ids) for name, ids in given.items() if ids)))
    prepared = prepared_from(page.title, page.question, poolable(asked, shelves), page.id, shelves)
    return pooled(prepared, Choice(model=page.model), Wanted())


def _statements(found: Pooled, page: Analysis, audience: Audience, shelves: Shelves) -> list[Statement]:
    keys = tuple(dict.fromkeys(line.key for line in found.prepared.lines))
    if audience == "patient":
        return [_said(text, keys, page) for text in _plain(found)]
    first, *further = [_said(text, keys, page) for text in _professional(found)]
    left = [_said(text, sources, page) for text, sources in _left_out(found, shelves)]
    return [replace(first, doubts=_doubts(found)), *further, *left]


def _said(text: str, keys: tuple[str, ...], page: Analysis) -> Statement:
    place = f"hlh pool {page.id}"
    how = f"pooled from the studies cited; `{place}` shows the table"
    numbers = numbers_of(text, OURSELVES, place, {})
    return Statement(
        text, keys or (OURSELVES,), tuple(replace(one, recomputed=how) for one in numbers), at=place
    )


def _professional(found: Pooled) -> list[str]:
    """Return the pooled answer in sentences: the number, a new study, the differences, what is left out."""
    title = found.prepared.title
    if found.fit is None:
        return [f"{title}: no study may be pooled."]
    fit, interval, prediction = found.fit, found.fit.interval, found.fit.prediction
    events, total = _sums(found)
    studies = "1 study" if fit.k == 1 else f"k = {fit.k} studies"
    texts = [
        (
            f"{title}: {_percent(fit.estimate)} % (95 % interval {_percent(interval.low)} to "
            f"{_percent(interval.high)} %, {interval.name}), {studies}, {events} of {total} patients "
            f"({_each(found)}); model: {_words(fit.model)}."
        )
    ]
    if prediction and fit.k > 1:
        texts.append(
            f"In a new study the share may lie between {_percent(prediction.low)} and "
            f"{_percent(prediction.high)} % (95 % prediction interval, {prediction.name})"
            f"{_tau(found)}."
        )
    return [*texts, *(f"{note[0].upper()}{note[1:]}." for note in fit.notes)]


def _plain(found: Pooled) -> list[str]:
    if found.fit is None:
        return ["No studies could be put together for this question. Ask the team what is known."]
    events, total = _sums(found)
    low, high = (100 * (end or 0.0) for end in (found.fit.interval.low, found.fit.interval.high))
    return [
        f"In {found.fit.k} studies put together, {events} of {total} people got better.",
        f"The true share may be anywhere from {low:.0f} to {high:.0f} in 100.",
        "The studies were small and had no control group, so this is a rough guide only.",
    ]


def _sums(found: Pooled) -> tuple[int, int]:
    selection = found.prepared.selection
    return (selection.events, selection.total) if selection else (0, 0)


def _each(found: Pooled) -> str:
    selection = found.prepared.selection
    rows = selection.rows if selection else ()
    return "; ".join(f"{row.label} {row.events} of {row.total}" for row in rows)


def _words(model: str) -> str:
    from openhlh.pooling.models import MODELS

    return MODELS[model].removesuffix(" (default)")


def _tau(found: Pooled) -> str:
    assert found.fit is not None  # noqa: S101 - the caller has looked
    tau2 = found.fit.spread.value
    return "" if tau2 is None else f"; the variance between studies on the logit (tau²) is {tau2:.2g}"


def _left_out(found: Pooled, shelves: Shelves) -> list[tuple[str, tuple[str, ...]]]:
    """Return one sentence for each reason with its sources, the arms by name."""
    selection = found.prepared.selection
    by_rule: Mapping[str, list[Any]] = defaultdict(list)
    for one in selection.left_out if selection else ():
        by_rule[one.rule].append(one)
    return [
        (_left_out_by(rule, ones), tuple(dict.fromkeys(shelves.studies[one.study].source for one in ones)))
        for rule, ones in by_rule.items()
    ]


def _left_out_by(rule: str, ones: list[Any]) -> str:
    from openhlh.evidence.pooling_rules import OVERLAP, OVERLAP_WORDS, RULES

    words = {**{one.name: one.words for one in RULES}, OVERLAP: OVERLAP_WORDS}[rule]
    named = [
        f"{one.label} {one.events} of {one.total}" if one.events is not None and one.total else one.label
        for one in ones[:_FEW_LEFT_OUT]
    ]
    more = f" and {len(ones) - _FEW_LEFT_OUT} more" if len(ones) > _FEW_LEFT_OUT else ""
    return f"Left out ({words}): {'; '.join(named)}{more}."


def _doubts(found: Pooled) -> tuple[str, ...]:
    return tuple(
        f"{line.label}: {text}"
        for line in found.prepared.lines
        for severity, text in line.doubts
        if severity == "high"
    )


def _percent(value: float | None) -> str:
    return "?" if value is None else f"{100 * value:.1f}"
