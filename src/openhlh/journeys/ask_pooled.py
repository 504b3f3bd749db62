"""`hlh ask` for a pooled number: the pooling that a question asks for, told as a section of the answer.

The question names a treatment, a line, patients and what counts as response; an analysis page that asks the
same is pooled, with the patients as further conditions. What was left out and why stands beside the number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from openhlh.answers.answer import Answer, Refusal, Section, Statement
from openhlh.answers.answering import reference
from openhlh.answers.statements import OURSELVES, numbers_of
from openhlh.evidence.asked import asked_by
from openhlh.evidence.poolable import poolable
from openhlh.evidence.selection import LeftOut, Where
from openhlh.proportions import interval_percent

if TYPE_CHECKING:
    from openhlh.answers.answer import Audience
    from openhlh.answers.frame import Frame
    from openhlh.content.analysis import Analysis
    from openhlh.content.described import Shelves
    from openhlh.journeys.pool import Pooled

_TITLE = "Pooled result"
_COMPLETE = {"complet", "cr", "complete"}
_ABOUT_RESPONSE = {"efficacy", "comparison", "options", "combination"}
_NOT_POOLED = {
    "survival": "survival",
    "deaths": "deaths",
    "safety": "harms",
    "transplant": "transplantation",
    "durability": "the duration of responses",
    "speed": "the time to response",
}
_IS_IT_ALLOWED = {"can", "may", "should", "could", "allow", "legitim"}  # asks whether, not how much
_FEW_LEFT_OUT = 6
_TOO_WIDE = 60.0  # percentage points


def beside_pooled(answer: Answer, frame: Frame, shelves: Shelves) -> Answer:
    """Return the answer with pooled results in front, where the question asks for those of a response."""
    if not _asks_for_a_response(frame):
        return _with_what_is_not_pooled(answer, frame)
    found = [_pooled(*one) for one in _questions(frame, shelves)]
    if answer.audience == "patient":
        found = [one for one in found if one.fit is not None]
    section = Section(
        _TITLE, tuple(said for one in found for said in _statements(one, answer.audience, shelves))
    )
    if not section.statements:
        return answer
    keys = {key for one in section.statements for key in one.citations}
    known = {one.key for one in answer.references}
    added = tuple(reference(shelves, key) for key in sorted(keys - known) if key in shelves.sources)
    return replace(
        answer,
        answered=True,
        sections=(section, *answer.sections),
        references=tuple(sorted((*answer.references, *added), key=lambda one: one.key)),
        refusals=answer.refusals if answer.answered else (),
    )


def _with_what_is_not_pooled(answer: Answer, frame: Frame) -> Answer:
    """Say that survival, harms and the like are not pooled, where a pooled number of them is asked."""
    asked = [one for one in frame.about if one in _NOT_POOLED]
    if not asked or frame.studies or not frame.in_scope or answer.audience == "patient":
        return answer
    said = Refusal(
        f"A pooled number for {_NOT_POOLED[asked[0]]}",
        "only responses are pooled here; what single studies report stands in the answer",
    )
    return replace(answer, refusals=(*answer.refusals, said))


def _asks_for_a_response(frame: Frame) -> bool:
    """True where a share of responders is asked: not survival, harm, a test, or whether one may pool."""
    if frame.studies or frame.fractions or frame.elsewhere or not frame.in_scope:
        return False
    if frame.definitions or frame.genes or frame.settings or set(frame.topics) - {"hlh"}:
        return False
    if frame.said & _IS_IT_ALLOWED and "you" not in frame.said:
        return False
    return set(frame.about) <= _ABOUT_RESPONSE


def _questions(frame: Frame, shelves: Shelves) -> Iterator[tuple[Analysis, tuple[Where, ...], Shelves]]:
    """Yield the page of each treatment that is named with what narrows it; the page of all where none is."""
    pages = [page for page in shelves.analyses.values() if _same_line_and_outcome(page, frame)]
    whole = next((page for page in pages if not (page.of.family or page.of.drugs or page.of.regimens)), None)
    patients = tuple(
        Where(name, ids) for name, ids in (("etiology", frame.etiologies), ("age", frame.ages)) if ids
    )
    if not frame.drugs and not frame.regimens:
        if whole is not None:
            yield whole, patients, shelves
        return
    for kind, name in (
        *(("regimen", one) for one in frame.regimens),
        *(("drug", one) for one in frame.drugs),
    ):
        page = next((page for page in pages if _is_page_of(page, kind, name, shelves)), None)
        narrow = () if page and _names_the_whole(page, kind, name) else _narrowed(kind, name, page, shelves)
        if (page or whole) and narrow is not None:
            yield (page or whole), (*narrow, *patients), shelves  # type: ignore[misc]


def _narrowed(kind: str, name: str, page: Analysis | None, shelves: Shelves) -> tuple[Where, ...] | None:
    """Return what narrows a page to a treatment; None for a drug that only goes with others.

    The response to a regimen is no response to methylprednisolone, although that is a part of it.
    """
    if kind == "regimen" or page:
        return (Where(kind, (name,)),)
    led = tuple(one.id for one in shelves.regimens.values() if one.leading_drug == name)
    return (Where("regimen", led),) if led else None


def _same_line_and_outcome(page: Analysis, frame: Frame) -> bool:
    first = frame.lines == ("first",)
    outcome = "complete" if _COMPLETE & frame.said else "complete_or_partial"
    return (page.lines == ("first",)) == first and page.outcome == outcome and not page.of.arms


def _is_page_of(page: Analysis, kind: str, name: str, shelves: Shelves) -> bool:
    of = page.of
    if kind == "regimen":
        return name in of.regimens or bool(of.family and shelves.regimens[name].family == of.family)
    return name in {*of.drugs, *(shelves.regimens[one].leading_drug for one in of.regimens)}


def _names_the_whole(page: Analysis, kind: str, name: str) -> bool:
    """True where the treatment that is named is what the whole page is about."""
    if kind == "regimen":
        return name == page.of.family or page.of.regimens == (name,)
    return page.of.drugs in {(), (name,)}


def _pooled(page: Analysis, where: tuple[Where, ...], shelves: Shelves) -> Pooled:
    from openhlh.journeys.pool import fitted
    from openhlh.journeys.pool_from_shelves import prepared_from
    from openhlh.pooling.models import Choice

    asked = asked_by(page)
    asked = replace(asked, where=(*asked.where, *where))
    narrowed = "; ".join(f"{one.field} {_of_words(one, shelves)}" for one in where)
    title = f"{page.title} (only {narrowed})" if narrowed else page.title
    prepared = prepared_from(title, page.question, poolable(asked, shelves), page.id, shelves)
    return fitted(prepared, Choice(model=page.model))


def _of_words(where: Where, shelves: Shelves) -> str:
    titles = {one.id: one.title for one in (*shelves.drugs.values(), *shelves.regimens.values())}
    return ", ".join(titles.get(one, one.replace("_", " ")) for one in where.values)


def _statements(found: Pooled, audience: Audience, shelves: Shelves) -> list[Statement]:
    keys = tuple(dict.fromkeys(line.key for line in found.prepared.lines))
    page = found.prepared.analysis or ""
    if audience == "patient":
        return [_said(text, keys, page) for text in _plain(found)]
    first, *further = [_said(text, keys, page) for text in _professional(found)]
    left = [_said(text, sources, page) for text, sources in _left_out(found, shelves)]
    return [replace(first, doubts=_doubts(found)), *further, *left]


def _said(text: str, keys: tuple[str, ...], page: str) -> Statement:
    place = f"hlh pool {page}"
    how = f"pooled from the studies cited; `{place}` shows the table"
    numbers = numbers_of(text, OURSELVES, place, {})
    return Statement(
        text, keys or (OURSELVES,), tuple(replace(one, recomputed=how) for one in numbers), at=place
    )


def _professional(found: Pooled) -> list[str]:
    """Return the pooled answer in sentences: the number, a new study, the differences, what is left out."""
    title = found.prepared.title
    if found.fit is None:
        return [
            f"{title}: no study may be pooled by the strict rules; what is known stands below, not pooled."
        ]
    fit, interval, prediction = found.fit, found.fit.interval, found.fit.prediction
    events, total = _sums(found)
    if fit.k == 1:
        said = f"{_percent(fit.estimate)} %, exact 95 % interval {_percent(interval.low)} to "
        said += f"{_percent(interval.high)} % ({_each(found)})"
        return [f"{title}: one study, so that nothing is pooled: {said}."]
    studies = f"k = {fit.k} studies"
    texts = [
        (
            f"{title}: {_percent(fit.estimate)} % (95 % interval {_percent(interval.low)} to "
            f"{_percent(interval.high)} %, {interval.name}), {studies}, {events} of {total} patients "
            f"({_each(found)}); model: {_words(fit.model)}."
        )
    ]
    if prediction:
        texts.append(
            f"In a new study the share may lie between {_percent(prediction.low)} and "
            f"{_percent(prediction.high)} % (95 % prediction interval, {prediction.name})"
            f"{_tau(found)}."
        )
    return [*texts, *(f"{note[0].upper()}{note[1:]}." for note in fit.notes)]


def _plain(found: Pooled) -> list[str]:
    """Return the pooled answer for patients: counts in people, and how little it may mean."""
    assert found.fit is not None  # noqa: S101 - the caller has looked
    events, total = _sums(found)
    k, complete = (
        found.fit.k,
        "complete" in found.prepared.outcome and "partial" not in found.prepared.outcome,
    )
    studies = "one study" if k == 1 else f"{k} studies put together"
    people = f"{events} of {total} people"
    said = f"all signs of HLH went away in {people}" if complete else f"{people} got better"
    said = f"In {studies}, {said}."
    low, high = (100 * (end or 0.0) for end in (found.fit.interval.low, found.fit.interval.high))
    more = [f"The true share may be anywhere from {low:.0f} to {high:.0f} in 100."]
    if high - low > _TOO_WIDE:
        more = ["This is too little to tell how often it happens."]
    if complete:
        more.append("Others may have got better in part; they are not counted here.")
    return [said, *more, "The studies were small and had no control group, so this is a rough guide only."]


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
    by_rule: Mapping[str, list[LeftOut]] = defaultdict(list)
    for one in selection.left_out if selection else ():
        by_rule[one.rule].append(one)
    return [
        (_left_out_by(rule, ones), tuple(dict.fromkeys(shelves.studies[one.study].source for one in ones)))
        for rule, ones in by_rule.items()
    ]


def _left_out_by(rule: str, ones: list[LeftOut]) -> str:
    from openhlh.evidence.pooling_rules import OVERLAP, OVERLAP_WORDS, RULES

    words = {**{one.name: one.words for one in RULES}, OVERLAP: OVERLAP_WORDS}[rule]
    named = [
        f"{one.label} {one.events} of {one.total}{_exact(one)}"
        if one.events is not None and one.total
        else one.label
        for one in ones[:_FEW_LEFT_OUT]
    ]
    more = f" and {len(ones) - _FEW_LEFT_OUT} more" if len(ones) > _FEW_LEFT_OUT else ""
    return f"Left out ({words}): {'; '.join(named)}{more}."


def _exact(one: LeftOut) -> str:
    """Return the exact interval of an arm's own counts, for those that stand in place of a pooled result."""
    if one.events is None or not one.total or one.events > one.total:
        return ""
    low, high = interval_percent(one.events, one.total)
    return f" (exact 95 % interval {low}-{high} %)"


def _doubts(found: Pooled) -> tuple[str, ...]:
    return tuple(
        f"{line.label}: {text}"
        for line in found.prepared.lines
        for severity, text in line.doubts
        if severity == "high"
    )


def _percent(value: float | None) -> str:
    return "?" if value is None else f"{100 * value:.1f}"
