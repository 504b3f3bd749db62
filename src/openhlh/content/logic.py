"""The executable part of a definition: parameters, rule or levels, and the cases that prove it."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from openhlh.content.shelf_pages import Described
from openhlh.loaded import Frozen, Id, Text, YesNo
from openhlh.rules.tree import AnyRule, QuantityText, Window


class OtherValue(Frozen):
    """Another value of a parameter that some source uses."""

    value: QuantityText
    source: Id
    at: Text


class Parameter(Frozen):
    """A limit that sources or readers set differently; the default is named in every result."""

    id: Id
    text: Text
    default: QuantityText
    source: Id
    at: Text
    others: tuple[OtherValue, ...] = ()


class Level(Frozen):
    """One level of a graded definition; levels are listed from the best (or gravest) down."""

    id: Text
    text: Text
    rule: AnyRule
    at: Text


class BandOfScore(Frozen):
    """What a score from `above` (exclusive) to `up_to` (inclusive) is said to mean; an end may be open."""

    above: int | None = None
    up_to: int | None = None
    text: Text
    status: Literal["confirmed", "one_source", "unverified"]
    source: Id


class WorkedCase(Frozen):
    """Facts with the verdict that the definition has to give; a page without cases does not load.

    `facts` and `baseline` are written as on the command line: `ferritin: 500 ug/L`, `fever: present`,
    `age: 27 d`, `etoposide: given`.
    """

    name: Text
    facts: dict[str, str | dict[str, str]]
    baseline: dict[str, str | dict[str, str]] | None = None
    set: dict[str, str] = {}
    verdict: Literal["met", "not_met", "unknown", "not_applicable"] | None = None
    level: Text | None = None
    met: int | None = None
    possible: int | None = None
    settled_by: tuple[Text, ...] | None = None
    because: Text | None = None

    @model_validator(mode="after")
    def _expects_something(self) -> WorkedCase:
        if (self.verdict is None) == (self.level is None):
            raise ValueError("a case expects either a verdict or a level")
        return self


class Logic(Frozen):
    """A rule or levels, with windows in days around the day of judgement and around the baseline.

    `else_level`: the level of a patient who reaches none. `qualitative`: the source gives no numbers, so
    that the level is recorded by the treating team and not computed. `status` unverified: the logic rests on
    memory, is off by default and labelled wherever it is shown.
    """

    status: Literal["accepted", "unverified"] = "accepted"
    window: Window = Window()
    baseline_window: Window = Window(start=-7, end=0)
    window_note: Text | None = None
    parameters: tuple[Parameter, ...] = ()
    rule: AnyRule | None = None
    levels: tuple[Level, ...] = ()
    else_level: Text | None = None
    bands: tuple[BandOfScore, ...] = ()
    highest: int | None = None
    qualitative: YesNo = False
    needs_baseline: YesNo = False

    @model_validator(mode="after")
    def _rule_or_levels(self) -> Logic:
        if (self.rule is None) == (not self.levels):
            raise ValueError("either rule or levels is needed")
        return self


class Definition(Described):
    """A definition: described for readers (`rule`, `criteria`) and, with `logic`, executed.

    A page with logic proves itself by its `cases`, and a page with cases has logic.
    """

    logic: Logic | None = None
    cases: tuple[WorkedCase, ...] = ()

    @model_validator(mode="after")
    def _proved_by_cases(self) -> Definition:
        if (self.logic is None) != (not self.cases):
            raise ValueError("logic and cases belong together: neither stands without the other")
        return self
