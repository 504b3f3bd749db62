"""The analysis page: which arms are pooled for which question, which are not and why, and its proof."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from openhlh.content.study import Count
from openhlh.content.words import (
    AgeGroup,
    Design,
    Etiology,
    Frozen,
    Id,
    Line,
    Page,
    Text,
)

Outcome = Literal["complete", "complete_or_partial", "with_improvement"]
ArmName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$")]
Proportion = Annotated[str, StringConstraints(pattern=r"^[01]\.[0-9]{3,8}$")]
Variance = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]{1,8})?$")]
Filter = Annotated[str, StringConstraints(pattern=r"^[a-z]+=[^=]+$")]
Grouping = Literal["regimen", "line", "age", "etiology", "definition", "design"]


class Candidates(Frozen):
    """Whose arms are looked at: every field that is given has to fit; `arms` names them one by one."""

    family: Id | None = None
    regimens: tuple[Id, ...] = ()
    drugs: tuple[Id, ...] = ()
    etiologies: tuple[Etiology, ...] = ()
    ages: tuple[AgeGroup, ...] = ()
    designs: tuple[Design, ...] = ()
    definitions: tuple[Id, ...] = ()
    arms: tuple[ArmName, ...] = ()


class Chosen(Frozen):
    """An arm, as `study:arm`, and why it is in or out."""

    arm: ArmName
    because: Text


class Allowed(Frozen):
    """A rule of pooling that this analysis sets aside (for one study: `rule:study`), and why."""

    rule: Annotated[str, StringConstraints(pattern=r"^[a-z_]+(:[a-z][a-z0-9_]*)?$")]
    because: Text


class Ends(Frozen):
    """The two ends of an interval of a proportion."""

    low: Proportion
    high: Proportion


class Pooled(Frozen):
    """A pooled proportion computed elsewhere, to the decimals that are written.

    `intervals` holds the 95 % interval by its documented name; `by` says what computed it.
    """

    estimate: Proportion
    intervals: Annotated[dict[str, Ends], Field(min_length=1)]
    tau2: Variance | None = None
    by: Text


class AnalysisCase(Frozen):
    """What the page has to give: studies, events and patients, and the pooled proportion if there is one.

    `within` restricts the case to one group of the analysis: `regimen=dep`.
    """

    name: Text
    within: Filter | None = None
    k: Count
    events: Count
    total: Count
    pooled: Pooled | None = None


class Analysis(Page):
    """One question that is pooled: the candidates follow from rules, the cases prove what comes out."""

    question: Text
    outcome: Outcome
    counts: Text
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]
    of: Candidates = Candidates()
    unit: Literal["patients"] = "patients"
    model: Id = "glmm"
    subgroups: tuple[Grouping, ...] = ()
    taken: Annotated[tuple[Chosen, ...], Field(alias="in")] = ()
    left: Annotated[tuple[Chosen, ...], Field(alias="out")] = ()
    allow: tuple[Allowed, ...] = ()
    cases: Annotated[tuple[AnalysisCase, ...], Field(min_length=1)]
