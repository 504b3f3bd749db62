"""The cases of an analysis page: does the selection, and what is pooled from it, come out as written?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openhlh.errors import OpenHLHError
from openhlh.evidence.asked import asked_by
from openhlh.evidence.checks import Finding
from openhlh.evidence.poolable import poolable

if TYPE_CHECKING:
    from openhlh.content.analysis import Analysis, AnalysisCase
    from openhlh.content.described import Shelves
    from openhlh.evidence.selection import Row, Selection


@dataclass(frozen=True)
class Answer:
    """What a model says of a case: the proportion, 95 % intervals by their documented names, tau squared."""

    estimate: float | None
    intervals: Mapping[str, tuple[float | None, float | None]]
    tau2: float | None = None


Pool = Callable[["Analysis", Sequence["Row"]], Answer]


def check_analysis(page: Analysis, shelves: Shelves, pool: Pool) -> list[Finding]:
    """Return every way in which an analysis does not come out as its page says.

    `pool` fits the page's model to the rows of a case.
    """
    try:
        selection = poolable(asked_by(page), shelves)
    except OpenHLHError as error:
        return [_finding(page, f"it cannot be selected ({error.what})")]
    found = [*_arms_that_differ(page, selection), *_idle(page, selection)]
    for case in page.cases:
        rows = rows_within(selection.rows, case.within)
        found += [_finding(page, f"case {case.name!r}: {said}") for said in _counts_that_differ(case, rows)]
        if case.pooled is not None and rows:
            answer = pool(page, rows)
            found += [
                _finding(page, f"case {case.name!r}: {said}") for said in _pooled_that_differs(case, answer)
            ]
    return found


def rows_within(rows: Sequence[Row], within: str | None) -> tuple[Row, ...]:
    """Return the rows of one group of an analysis (`regimen=dep`), or all of them."""
    if within is None:
        return tuple(rows)
    field, _, value = within.partition("=")
    return tuple(row for row in rows if value in groups_of(row, field))


def groups_of(row: Row, field: str) -> tuple[str, ...]:
    """Return the group of a row by a field of `Grouping` or by drug; several only for drugs."""
    if field == "etiology":
        return ("+".join(row.etiologies),)
    if field == "drug":
        return row.drugs
    return (str(getattr(row, field, None) or "not stated"),)


def _arms_that_differ(page: Analysis, selection: Selection) -> Iterator[Finding]:
    rows, named = {row.id for row in selection.rows}, {one.arm for one in page.taken}
    for one in sorted(rows - named):
        yield _finding(
            page,
            f"the rules take in `{one}`, which the page does not name",
            "name it under `in`, or under `out` with the reason, and renew the cases",
        )
    reasons = {left.id: f"{left.rule}: {left.reason}" for left in selection.left_out}
    for one in sorted(named - rows):
        why = reasons.get(one, "no arm of this name is a candidate")
        yield _finding(
            page, f"it names `{one}`, which is not pooled ({why})", "take it off, or allow the rule"
        )


def _idle(page: Analysis, selection: Selection) -> Iterator[Finding]:
    """Tell of arms left out by hand that are no candidates, and of rules set aside without effect."""
    candidates = {row.id for row in selection.rows} | {left.id for left in selection.left_out}
    for hand in page.left:
        if hand.arm not in candidates:
            yield _finding(page, f"it leaves out `{hand.arm}`, which is no candidate", "take it off")
    for override in selection.overrides:
        if not override.arms:
            yield _finding(page, f"it sets aside `{override.name}`, which changes nothing", "take it off")


def _counts_that_differ(case: AnalysisCase, rows: Sequence[Row]) -> Iterator[str]:
    got = {"k": len(rows), "events": sum(row.events for row in rows), "total": sum(row.total for row in rows)}
    for name, count in got.items():
        if count != (expected := getattr(case, name)):
            yield f"{name} is {count}, the page says {expected}"
    if rows and case.pooled is None:
        yield "there are rows, but the page says no pooled proportion"
    if not rows and case.pooled is not None:
        yield "there are no rows, but the page says a pooled proportion"


def _pooled_that_differs(case: AnalysisCase, answer: Answer) -> Iterator[str]:
    assert case.pooled is not None  # noqa: S101 - asked for before
    said = [("the proportion", case.pooled.estimate, answer.estimate)]
    if case.pooled.tau2 is not None:
        said.append(("tau squared", case.pooled.tau2, answer.tau2))
    for name, ends in case.pooled.intervals.items():
        if name not in answer.intervals:
            yield f"the model gives no interval `{name}`, only {', '.join(answer.intervals)}"
            continue
        low, high = answer.intervals[name]
        said += [
            (f"the {name} interval starts", ends.low, low),
            (f"the {name} interval ends", ends.high, high),
        ]
    for what, expected, got in said:
        if got is None or not agrees(expected, got):
            yield f"{what}: {got}, the page says {expected}"


def agrees(written: str, value: float) -> bool:
    """True where a value is the written number at the decimals that are written.

    >>> agrees("0.747", 0.7474), agrees("0.747", 0.7476)
    (True, False)
    """
    decimals = len(written.partition(".")[2])
    return abs(value - float(written)) <= 0.5 * 10.0**-decimals * (1 + 1e-6)


def _finding(
    page: Analysis, what: str, remedy: str = "correct the page, or what changed on the shelves"
) -> Finding:
    return Finding(
        f"content/analyses/{page.id}.yaml",
        what,
        "A page's cases are its own proof, and a new study must not change an analysis unnoticed",
        remedy,
    )
