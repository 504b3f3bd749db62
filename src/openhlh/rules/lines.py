"""The kinds of rule that look at facts: values, findings, exposures, age, and change from baseline."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from openhlh.errors import WrongInput
from openhlh.loaded import Frozen, Id, Text, YesNo
from openhlh.units import quantity


def _has_number_and_unit(text: str) -> str:
    try:
        quantity(text)
    except WrongInput as error:
        raise ValueError(f"{error.what}: {error.remedy}") from None
    return text


QuantityText = Annotated[str, AfterValidator(_has_number_and_unit)]
AgeText = Annotated[str, StringConstraints(pattern=r"^\d+ (d|wk|mo|a)$")]
FractionText = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+|/[1-9]\d*)?$")]
Names = Id | Annotated[tuple[Id, ...], Field(min_length=1)]
Days = Annotated[int, Field(ge=-36500, le=36500)]
SIGNS: dict[str, str] = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}


def names_of(names: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return one or several names as several."""
    return (names,) if isinstance(names, str) else names


class Parameter(Frozen):
    """A limit that readers of the source may set differently; its default stands on the page."""

    parameter: Id


Limit = QuantityText | Parameter


class Window(Frozen):
    """Days before (negative) and after the day of judgement; a missing end is open."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    start: Annotated[Days | None, Field(alias="from")] = None
    end: Annotated[Days | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError("the window ends before it starts")
        return self


class Confounder(Frozen):
    """A drug or class under which a fact cannot be read: its verdict `hides` becomes unknown.

    `days`: how long after the last dose it still confounds.
    """

    exposure: Names
    days: Annotated[int, Field(ge=0)] = 0
    hides: Literal["met", "not_met", "both"] = "not_met"


class Rule(Frozen):
    """What every rule may carry: its id, its line in our words, and its place in the source."""

    id: Id | None = None
    text: Text | None = None
    at: Text | None = None
    source: Id | None = None


class Compared(Rule):
    """A rule with exactly one limit."""

    at_least: Limit | None = None
    above: Limit | None = None
    at_most: Limit | None = None
    below: Limit | None = None

    @model_validator(mode="after")
    def _one_limit(self) -> Compared:
        if sum(getattr(self, name) is not None for name in SIGNS) != 1:
            raise ValueError("exactly one of at_least, above, at_most, below is needed")
        return self

    @property
    def sign(self) -> str:
        """The comparison: >=, >, <= or <."""
        return next(sign for name, sign in SIGNS.items() if getattr(self, name) is not None)

    @property
    def limit(self) -> str | Parameter:
        """The limit as it stands on the page."""
        limits = (self.at_least, self.above, self.at_most, self.below)
        return next(limit for limit in limits if limit is not None)


class Derived(Frozen):
    """A value made from two others of the same day: their product times a factor."""

    product: Annotated[tuple[Id, ...], Field(min_length=2, max_length=2)]
    times: FractionText


class Measure(Compared):
    """A laboratory value or vital sign held against a limit.

    `pick` worst: any value in the window on the wrong side of the limit decides; first, latest, nearest:
    the values of that one day. `printed_also`: the same limit as the source prints it in another unit.
    `or_finding`: a recorded finding that says the same. `or_derived`: for days without a measured value.
    `laboratory_cutoff`: a value in a unit without conversion is judged by the cut-off that its own
    laboratory gives. `valid_for`: days after which a latest or nearest value is too old.
    """

    measure: Id
    printed_also: tuple[QuantityText, ...] = ()
    pick: Literal["worst", "first", "latest", "nearest"] = "worst"
    window: Window | None = None
    valid_for: Annotated[int, Field(ge=0)] | None = None
    or_finding: Names | None = None
    or_derived: Derived | None = None
    laboratory_cutoff: YesNo = False
    confounded_by: tuple[Confounder, ...] = ()

    @model_validator(mode="after")
    def _derived_only_for_the_worst(self) -> Measure:
        if self.or_derived is not None and self.pick != "worst":
            raise ValueError("a derived value has no day of its own: or_derived needs pick worst")
        return self


class Finding(Rule):
    """Something seen or not seen: present on any day of the window meets it, absent does not."""

    finding: Names
    window: Window | None = None
    confounded_by: tuple[Confounder, ...] = ()


class Exposure(Rule):
    """A drug, class or regimen that was given; `started_at_least` and `lasted_at_least` are days.

    `started_at_least`: days between its first dose and the day of judgement.
    """

    exposure: Names
    window: Window | None = None
    started_at_least: Annotated[int, Field(ge=0)] | None = None
    lasted_at_least: Annotated[int, Field(ge=1)] | None = None


class AgeLimit(Frozen):
    """One limit of age."""

    at_least: AgeText | None = None
    above: AgeText | None = None
    at_most: AgeText | None = None
    below: AgeText | None = None

    @model_validator(mode="after")
    def _one_limit(self) -> AgeLimit:
        if sum(getattr(self, name) is not None for name in SIGNS) != 1:
            raise ValueError("exactly one of at_least, above, at_most, below is needed")
        return self

    @property
    def sign_and_limit(self) -> tuple[str, str]:
        """The comparison and the age."""
        return next((sign, value) for name, sign in SIGNS.items() if (value := getattr(self, name)))


class Age(Rule):
    """Age on the day of judgement: completed days, weeks, months or years (d, wk, mo, a)."""

    age: AgeLimit


class Band(Frozen):
    """The range of baseline values to which a change applies."""

    at_least: Limit | None = None
    above: Limit | None = None
    at_most: Limit | None = None
    below: Limit | None = None


class Change(Rule):
    """A value against the same patient's baseline: multiplicative, with a floor, within a baseline band.

    `at_most_times: 0.75` is a fall by a quarter or more; a fraction such as `2/3` stays exact.
    Outside `baseline` the rule is not applicable.
    """

    change: Id
    at_least_times: FractionText | None = None
    above_times: FractionText | None = None
    at_most_times: FractionText | None = None
    below_times: FractionText | None = None
    and_value: Band | None = None
    baseline: Band | None = None
    window: Window | None = None
    baseline_window: Window | None = None
    confounded_by: tuple[Confounder, ...] = ()

    @model_validator(mode="after")
    def _one_factor(self) -> Change:
        if sum(getattr(self, f"{name}_times") is not None for name in SIGNS) != 1:
            raise ValueError(
                "exactly one of at_least_times, above_times, at_most_times, below_times is needed"
            )
        return self

    @property
    def sign_and_factor(self) -> tuple[str, str]:
        """The comparison and the factor."""
        return next(
            (sign, value) for name, sign in SIGNS.items() if (value := getattr(self, f"{name}_times"))
        )
