"""The closed list of rule kinds. A definition is a tree of these, written as YAML or by `rules.build`.

Each kind is known by its first key (`measure:`, `finding:`, `all:` ...). There are no expression strings
and no numbers without a unit. Keys that are not written keep their default, so that YAML → tree → YAML
is identity.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import ConfigDict, Discriminator, Field, Tag, TypeAdapter, model_validator

from openhlh.loaded import Frozen, Id, Text
from openhlh.rules.lines import (
    SIGNS,
    Age,
    Band,
    Change,
    Compared,
    Confounder,
    Derived,
    Exposure,
    Finding,
    Measure,
    Parameter,
    QuantityText,
    Rule,
    Window,
    names_of,
)

__all__ = [
    "KINDS",
    "RULE",
    "SIGNS",
    "Age",
    "All",
    "Alternative",
    "AnyRule",
    "Any_",
    "AppliesIf",
    "AtBaseline",
    "AtLeast",
    "Band",
    "Change",
    "Compared",
    "Confounder",
    "Derived",
    "Exposure",
    "Finding",
    "Measure",
    "Normalised",
    "Not",
    "Parameter",
    "QuantityText",
    "Reference",
    "Rule",
    "Score",
    "ScoreItem",
    "Step",
    "Window",
    "as_tree",
    "inside",
    "is_line",
    "named_lines",
    "names_of",
    "names_of_lines",
]  # the kinds that look at facts live in `lines`; every reader of rules finds all kinds here


Holder = TypeVar("Holder", bound=Rule)


def _without_change(holder: Holder, rule: Rule) -> Holder:
    """A change compares with the baseline, and so has no meaning on the day of the baseline itself."""
    if isinstance(rule, Change) or any(isinstance(one, Change) for one in _everything(rule)):
        raise ValueError("a change from baseline cannot stand inside normalised or at_baseline")
    return holder


def _everything(rule: Rule) -> list[Rule]:
    return [one for child in inside(rule) for one in (child, *_everything(child))]


class Normalised(Rule):
    """Abnormal at baseline and normal now; the rule inside says what normal is. Else not applicable."""

    normalised: AnyRule

    @model_validator(mode="after")
    def _no_change_inside(self) -> Normalised:
        return _without_change(self, self.normalised)


class AtBaseline(Rule):
    """The rule inside, judged on the day of the baseline."""

    at_baseline: AnyRule

    @model_validator(mode="after")
    def _no_change_inside(self) -> AtBaseline:
        return _without_change(self, self.at_baseline)


class All(Rule):
    """Every rule inside is met."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    every: Annotated[tuple[AnyRule, ...], Field(alias="all", min_length=1)]


class Any_(Rule):
    """At least one rule inside is met."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    some: Annotated[tuple[AnyRule, ...], Field(alias="any", min_length=1)]


class Not(Rule):
    """The rule inside is not met."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    denied: Annotated[AnyRule, Field(alias="not")]


class AtLeast(Rule):
    """At least so many of the rules inside are met."""

    at_least: Annotated[int, Field(ge=1)]
    of: Annotated[tuple[AnyRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _reachable(self) -> AtLeast:
        if self.at_least > len(self.of):
            raise ValueError(f"at least {self.at_least} of {len(self.of)} can never be met")
        return self


class Step(Frozen):
    """The points that are given when a rule is met."""

    points: Annotated[int, Field(ge=1)]
    when: AnyRule


class ScoreItem(Frozen):
    """One item of a score: the highest points among its met steps, else none."""

    id: Id
    text: Text | None = None
    at: Text | None = None
    source: Id | None = None
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class Score(Rule):
    """A sum of points held against a cut-off."""

    score: Annotated[tuple[ScoreItem, ...], Field(min_length=1)]
    at_least: Annotated[int, Field(ge=1)]


class AppliesIf(Rule):
    """A rule that only counts where a condition holds; elsewhere it is not applicable."""

    applies_if: AnyRule
    then: AnyRule


class Alternative(Rule):
    """A route that is enough on its own beside the main rule (a molecular diagnosis).

    It is sufficient, not necessary: where nobody tried it, the main rule alone decides.
    """

    alternative: AnyRule
    beside: AnyRule

    @model_validator(mode="after")
    def _route_is_plain(self) -> Alternative:
        route = self.alternative
        lines = route.some if isinstance(route, Any_) else (route,)
        if not all(isinstance(line, Measure | Finding) for line in lines):
            raise ValueError("the alternative route is a measure or finding, or any of several")
        return self


class Reference(Rule):
    """Another definition by its id; `reaches` names the level that has to be reached, or a better one."""

    definition: Id
    reaches: Id | None = None


KINDS: dict[str, type[Rule]] = {
    "measure": Measure,
    "finding": Finding,
    "exposure": Exposure,
    "age": Age,
    "change": Change,
    "normalised": Normalised,
    "at_baseline": AtBaseline,
    "all": All,
    "any": Any_,
    "not": Not,
    "of": AtLeast,
    "score": Score,
    "applies_if": AppliesIf,
    "alternative": Alternative,
    "definition": Reference,
}
_ATTRIBUTES = {"every": "all", "some": "any", "denied": "not"}


def _kind(value: Any) -> str | None:  # noqa: ANN401 - pydantic hands over anything
    keys = value if isinstance(value, dict) else type(value).model_fields if isinstance(value, Rule) else ()
    found = [name for name in KINDS if name in keys]
    found += [name for attribute, name in _ATTRIBUTES.items() if attribute in keys and name not in found]
    return found[0] if len(found) == 1 else None


AnyRule = Annotated[
    Annotated[Measure, Tag("measure")]
    | Annotated[Finding, Tag("finding")]
    | Annotated[Exposure, Tag("exposure")]
    | Annotated[Age, Tag("age")]
    | Annotated[Change, Tag("change")]
    | Annotated[Normalised, Tag("normalised")]
    | Annotated[AtBaseline, Tag("at_baseline")]
    | Annotated[All, Tag("all")]
    | Annotated[Any_, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[AtLeast, Tag("of")]
    | Annotated[Score, Tag("score")]
    | Annotated[AppliesIf, Tag("applies_if")]
    | Annotated[Alternative, Tag("alternative")]
    | Annotated[Reference, Tag("definition")],
    Discriminator(
        _kind,
        custom_error_type="rule_kind",
        custom_error_message=f"a rule has exactly one of the keys {', '.join(KINDS)}",
    ),
]
for _model in (
    Normalised,
    AtBaseline,
    All,
    Any_,
    Not,
    AtLeast,
    Step,
    ScoreItem,
    Score,
    AppliesIf,
    Alternative,
):
    _model.model_rebuild()
RULE: TypeAdapter[AnyRule] = TypeAdapter(AnyRule)


def as_tree(rule: Rule) -> dict[str, Any]:
    """Return a rule as the mapping that its page holds: only what was written."""
    shown: dict[str, Any] = rule.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return shown


def inside(rule: Rule) -> tuple[Rule, ...]:
    """Return the rules directly inside a rule, in the order of the page."""
    match rule:
        case All():
            return rule.every
        case Any_():
            return rule.some
        case AtLeast():
            return rule.of
        case Not():
            return (rule.denied,)
        case Normalised():
            return (rule.normalised,)
        case AtBaseline():
            return (rule.at_baseline,)
        case AppliesIf():
            return (rule.applies_if, rule.then)
        case Alternative():
            return (rule.alternative, rule.beside)
        case Score():
            return tuple(step.when for item in rule.score for step in item.steps)
    return ()


def is_line(rule: Rule) -> bool:
    """Say whether a rule is a line of its own: it looks at facts, or at the baseline beside today."""
    return isinstance(rule, Normalised | AtBaseline) or not inside(rule)


def named_lines(rule: Rule) -> list[Rule]:
    """Return the topmost named lines inside a rule, and the unnamed ones that look at facts."""
    found: list[Rule] = []
    for child in inside(rule):
        found += [child] if child.id or is_line(child) else named_lines(child)
    return found or [rule]


def names_of_lines(rule: Rule) -> list[tuple[str, Rule]]:
    """Return `named_lines`, each with its id, or with its number where it has none."""
    return [(line.id or f"line_{number}", line) for number, line in enumerate(named_lines(rule), start=1)]
