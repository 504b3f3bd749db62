"""All executable definitions together: each bound to its parameters, references followed, circles refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openhlh.content.logic import Definition, Level
from openhlh.errors import WrongInput, WrongPage
from openhlh.rules import tree
from openhlh.rules.binding import bind, parameters_of
from openhlh.rules.facts import Moment
from openhlh.units import Analyte, quantity


@dataclass(frozen=True)
class Bound:
    """A definition ready to be judged: one rule, or levels from the best (gravest) down."""

    page: Definition
    rule: tree.Rule | None
    levels: tuple[tuple[Level, tree.Rule], ...]
    parameters: dict[str, str]

    def rules(self) -> tuple[tree.Rule, ...]:
        """Return the rule, or the rules of the levels."""
        return (self.rule,) if self.rule else tuple(rule for _, rule in self.levels)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What has to stand beside every result: that the definition rests on memory."""
        logic = self.page.logic
        if logic is None or logic.status != "unverified":
            return ()
        return ("unverified: this definition rests on memory and is not to be relied on",)

    def moment(self, on: Moment) -> Moment:
        """Return the moment with the windows of the page."""
        logic = self.page.logic
        if logic is None:
            raise TypeError(f"{self.page.id} has no logic")
        window, before = logic.window, logic.baseline_window
        start = window.start
        if on.baseline is not None and on.baseline < on.on:
            since = (on.baseline - on.on).days + 1  # the baseline itself is no answer to what came after it
            start = since if start is None else max(start, since)
        return Moment(on.on, on.baseline, (start, window.end), (before.start, before.end))


class Book:
    """The definitions that can be executed, by id."""

    def __init__(self, pages: Mapping[str, Definition], analytes: Mapping[str, Analyte]) -> None:
        """Keep the pages that have logic; nothing is bound before it is asked for."""
        self.pages = {key: page for key, page in pages.items() if page.logic}
        self.analytes = analytes
        self._kept: dict[tuple[str, tuple[tuple[str, str], ...]], Bound] = {}

    def page(self, key: str) -> Definition:
        """Return an executable page; WrongInput names those that there are."""
        if key not in self.pages:
            raise WrongInput(
                f"there is no executable definition `{key}`",
                where="--definition",
                remedy="choose one of those that `hlh definition list` shows",
            )
        return self.pages[key]

    def bound(self, key: str, parameters: Mapping[str, str] | None = None) -> Bound:
        """Return a definition bound to its defaults, or to other values of its parameters."""
        given = tuple(sorted((parameters or {}).items()))
        if (key, given) not in self._kept:
            self._kept[key, given] = self._bind(key, dict(given), ())
        return self._kept[key, given]

    def _bind(self, key: str, given: dict[str, str], above: tuple[str, ...]) -> Bound:
        page = self.page(key)
        logic = page.logic
        if logic is None or key in above:
            raise WrongPage(
                f"`{key}` refers to itself",
                where=f"content/definitions/{key}.yaml",
                why=f"the references go in a circle: {' → '.join((*above, key))}",
                remedy="take one of the references out",
            )
        values = self._values(page, given)

        def look_up(name: str, level: str | None) -> tree.Rule:
            return self._reached(self._bind(name, {}, (*above, key)), level)

        rule = bind(logic.rule, values, look_up) if logic.rule else None
        levels = tuple((level, bind(level.rule, values, look_up)) for level in logic.levels)
        bound = Bound(page, rule, levels, values)
        self._check(bound)
        return bound

    @staticmethod
    def _values(page: Definition, given: dict[str, str]) -> dict[str, str]:
        known = {one.id: one.default for one in page.logic.parameters} if page.logic else {}
        unknown_names = sorted(set(given) - set(known))
        if unknown_names:
            raise WrongInput(
                f"{page.id} has no parameter `{unknown_names[0]}`",
                where="--set",
                remedy=f"its parameters are: {', '.join(known) or 'none'}",
            )
        for name, value in given.items():
            quantity(value)
            known[name] = value
        return known

    @staticmethod
    def _reached(bound: Bound, level: str | None) -> tree.Rule:
        if bound.rule:
            return bound.rule
        names = [one.id.lower() for one, _ in bound.levels]
        if level is None or level not in names:
            raise WrongPage(
                f"`{bound.page.id}` has levels; which one has to be reached is not said",
                where=f"content/definitions/{bound.page.id}.yaml",
                remedy=f"write `reaches:` with one of {', '.join(names)}",
            )
        enough = tuple(rule for _, rule in bound.levels[: names.index(level) + 1])
        return tree.Any_(some=enough)

    def _check(self, bound: Bound) -> None:
        """Every analyte must be known, every limit stand in one of its units, every name mean one line."""
        for rule in bound.rules():
            _check_names(rule, f"content/definitions/{bound.page.id}.yaml")
            for line in every_rule(rule):
                name = getattr(line, "measure", None) or getattr(line, "change", None)
                if name is None:
                    continue
                where = f"content/definitions/{bound.page.id}.yaml"
                if name not in self.analytes:
                    raise WrongPage(
                        f"it measures `{name}`, which no shelf knows",
                        where=where,
                        remedy="correct the id or add the analyte to analytes.yaml",
                    )
                self._check_units(line, self.analytes[name], where)

    @staticmethod
    def _check_units(line: tree.Rule, analyte: Analyte, where: str) -> None:
        bands = [band for key in ("baseline", "and_value") if (band := getattr(line, key, None))]
        limits = [getattr(one, name, None) for one in (line, *bands) for name in tree.SIGNS]
        limits += list(getattr(line, "printed_also", ()))
        for limit in limits:
            asked = quantity(str(limit)) if limit is not None else None
            if asked and asked.is_laboratory_limit and isinstance(line, tree.Change):
                raise WrongPage(
                    f"a band of the change of {analyte.id} stands in {asked.unit}",
                    where=where,
                    why="a change has values of two days, perhaps of two laboratories",
                    remedy=f"write it in {', '.join(analyte.scales)}, or put an applies_if beside the change",
                )
            if asked and not asked.is_laboratory_limit and asked.unit not in analyte.scales:
                raise WrongPage(
                    f"a limit of {analyte.id} stands in `{asked.unit}`",
                    where=where,
                    why="no factor leads from it to the unit of the analyte",
                    remedy=f"write it in {', '.join(analyte.scales)}, LLN or ULN",
                )


def _check_names(rule: tree.Rule, where: str) -> None:
    seen: dict[str, tree.Rule] = {}
    for name, line in tree.names_of_lines(rule):
        if seen.setdefault(name, line) != line:
            raise WrongPage(
                f"two different lines are called `{name}`",
                where=where,
                why="each is a column of that name when a warehouse is screened",
                remedy="give one of them another id",
            )


def every_rule(rule: tree.Rule) -> list[tree.Rule]:
    """Return a rule and all rules inside it."""
    return [rule, *(one for child in tree.inside(rule) for one in every_rule(child))]


def unknown_parameters(page: Definition) -> set[str]:
    """Return the parameters that a page's rules use and its list lacks."""
    logic = page.logic
    if logic is None:
        return set()
    rules = [logic.rule] if logic.rule else [level.rule for level in logic.levels]
    used = {name for rule in rules if rule for name in parameters_of(rule)}
    return used - {one.id for one in logic.parameters}
