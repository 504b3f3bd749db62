"""A bound rule or a graded definition as a CQL library: one `define` per line, facts as plain records.

Each line is a three-valued Boolean under its own name. A line that may not apply has a second one,
"<name> applies"; where that is false, the line itself is null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from openhlh.errors import WrongInput
from openhlh.rules import cql_changing, cql_facts, tree
from openhlh.rules.binding import parameters_of
from openhlh.rules.cql_facts import BASELINE, Ends, Place, text_of
from openhlh.units import Analyte

_PREAMBLE = Path(__file__).with_name("preamble.cql")


@dataclass(frozen=True)
class Graded:
    """Levels from the best (gravest) down with their bound rules; `lowest` is reached where none is."""

    levels: tuple[tuple[str, tree.Rule], ...]
    lowest: str


@dataclass(frozen=True)
class Line:
    """A line as CQL: its three-valued expression, and whether it applies (None: always)."""

    value: str
    applies: str | None = None


def as_cql(
    definition: tree.Rule | Graded,
    name: str,
    version: str,
    analytes: Mapping[str, Analyte],
    windows: tuple[Ends, Ends],
) -> str:
    """Return a CQL library that judges one patient; WrongInput names a kind that cannot be exported.

    `windows`: the days of the page around the day of judgement and around the baseline; None is open.
    """
    writer = _Writer(analytes, windows)
    if isinstance(definition, Graded):
        writer.grade(definition)
    else:
        writer.judge(definition)
    body = "\n\n".join(writer.parts)
    head = f"library {name} version {text_of(version)}"
    return "\n\n".join([head, _RECORDS, *_functions_for(body), body]) + "\n"


class _Writer:
    """Collects the defines of a library, each line before the lines that need it."""

    def __init__(self, analytes: Mapping[str, Analyte], windows: tuple[Ends, Ends]) -> None:
        self.analytes = analytes
        self.now = Place('"Moment".on', windows[0])
        self.then = Place(BASELINE, windows[1], " at baseline", dated=True)
        self.parts: list[str] = []
        self._names: set[str] = set()
        self._written: dict[tuple[int, str], Line] = {}

    def define(self, name: str, expression: str, comments: list[str]) -> Line:
        """Add a define with its comments; return the reference to it."""
        head = "".join(f"// {' '.join(one.split())}\n" for one in comments)
        self.parts.append(f'{head}define "{name}":\n  {expression}')
        return Line(f'"{name}"')

    def judge(self, rule: tree.Rule) -> None:
        """Write a rule and its verdict."""
        root = self.line(rule, self.now)
        cases = [
            *([f"when not {root.applies} then 'not_applicable'"] if root.applies else []),
            f"when {root.value} then 'met'",
            f"when not {root.value} then 'not_met'",
            "else 'unknown'",
        ]
        self.define("Verdict", _cases(cases), ["The verdict: met, not_met, unknown or not_applicable"])

    def grade(self, graded: Graded) -> None:
        """Write the levels, the levels that are still possible, and the level once it is certain."""
        lines = [self.line(rule, self.now) for _, rule in graded.levels]
        possible = []
        for number, (level, _) in enumerate(graded.levels):
            here = lines[number]
            asked = [f"{here.value} is not false", *([here.applies] if here.applies else [])]
            asked += [f"{better.value} is not true" for better in lines[:number]]
            possible.append(f"if {' and '.join(asked)} then {text_of(level)} else null")
        none = " and ".join(f"{line.value} is not true" for line in lines)
        possible.append(f"if {none} then {text_of(graded.lowest)} else null")
        listed = ",\n    ".join(possible)
        comment = "The levels that are possible, from the best (gravest) down; one: it is certain"
        self.define("Possible levels", f"({{\n    {listed}\n  }}) L where L is not null", [comment])
        applies = _any_applies(lines)
        cases = [
            *([f"when not ({applies}) then 'not_applicable'"] if applies else []),
            "when Count(\"Possible levels\") > 1 then 'unknown'",
            f"when First(\"Possible levels\") = {text_of(graded.lowest)} then 'not_met'",
            "else 'met'",
        ]
        self.define("Verdict", _cases(cases), ["The verdict: met is some level, not_met the lowest"])
        level = "if \"Verdict\" in { 'met', 'not_met' } then First(\"Possible levels\") else null"
        self.define("Level", level, ["The level, once it is certain"])

    def line(self, rule: tree.Rule, place: Place) -> Line:
        """Write a rule with everything inside it, judged at a place; return how to refer to it."""
        if (id(rule), place.suffix) not in self._written:
            self._written[id(rule), place.suffix] = self._line(rule, place)
        return self._written[id(rule), place.suffix]

    def _line(self, rule: tree.Rule, place: Place) -> Line:
        name = self._name(rule, place)
        match rule:
            case tree.Measure() | tree.Finding() | tree.Exposure() | tree.Age() | tree.Change():
                return self._leaf(rule, name, place)
            case tree.Normalised():
                return self._normalised(rule, name, place)
            case tree.AtBaseline():
                then = self.line(rule.at_baseline, self.then)
                applies = f"{BASELINE} is null or {then.applies}" if then.applies else None
                return self._combined(
                    rule, name, f"if {BASELINE} is null then null else {then.value}", applies
                )
            case tree.Not():
                inside = self.line(rule.denied, place)
                return self._combined(rule, name, f"not {inside.value}", inside.applies)
            case tree.Alternative():
                return self._alternative(rule, name, place)
            case tree.All() | tree.Any_():
                return self._junction(rule, name, place)
            case tree.AtLeast():
                return self._count(rule, name, place)
            case tree.Score():
                return self._score(rule, name, place)
            case tree.AppliesIf():
                return self._applies_if(rule, name, place)
        raise _unbound(f"a rule of the kind `{_kind(rule)}`")

    def _name(self, rule: tree.Rule | tree.ScoreItem, place: Place) -> str:
        """Return a free name: the id, else what the rule looks at or how it combines."""
        plain = (rule.id or _subject(rule)) + place.suffix
        name, number = plain, 2
        while name in self._names:
            name, number = f"{plain} {number}", number + 1
        self._names.add(name)
        return name

    def _leaf(self, rule: tree.Rule, name: str, place: Place) -> Line:
        analyte = getattr(rule, "measure", None) or getattr(rule, "change", None)
        if analyte is not None and analyte not in self.analytes:
            raise WrongInput(
                f"the analyte `{analyte}` is not known", remedy="add it to the analytes or correct the id"
            )
        if unfilled := sorted(parameters_of(rule)):
            raise _unbound(f"the parameter `{unfilled[0]}`")
        defines = self._defines(rule, name, place)
        comments = _comments(rule)
        for made, expression in defines:
            self.define(made, expression, comments)
            comments = []
        banded = f"{name} in band" in dict(defines)
        return Line(f'"{name}"', f'("{name} in band" is not false)' if banded else None)

    def _defines(self, rule: tree.Rule, name: str, place: Place) -> cql_facts.Defines:
        match rule:
            case tree.Measure():
                return cql_facts.measure(rule, name, place, self.analytes)
            case tree.Change():
                return cql_changing.change(rule, name, (self.then, place), self.analytes[rule.change])
            case tree.Finding():
                return cql_facts.finding(rule, name, place)
            case tree.Exposure():
                return cql_facts.exposure(rule, name, place)
            case tree.Age():
                return cql_facts.age(rule, name, place)
        raise TypeError(f"{type(rule).__name__} does not look at facts")

    def _combined(self, rule: tree.Rule, name: str, value: str, applies: str | None) -> Line:
        """Write a line that combines others; where it does not apply, it is null."""
        if applies is None:
            return self.define(name, value, _comments(rule))
        self.define(f"{name} applies", applies, [])
        value = f'if not "{name} applies" then null\n  else {value}'
        self.define(name, value, _comments(rule))
        return Line(f'"{name}"', f'"{name} applies"')

    def _junction(self, rule: tree.Rule, name: str, place: Place) -> Line:
        """Write Kleene's "and" or "or"; a line that does not apply is left out."""
        lines = [self.line(inside, place) for inside in tree.inside(rule)]
        if isinstance(rule, tree.All):
            word, shown = (
                "and",
                [f"({one.value} or not {one.applies})" if one.applies else one.value for one in lines],
            )
        else:
            word, shown = (
                "or",
                [f"({one.value} and {one.applies})" if one.applies else one.value for one in lines],
            )
        return self._combined(rule, name, f"\n    {word} ".join(shown), _any_applies(lines))

    def _alternative(self, rule: tree.Alternative, name: str, place: Place) -> Line:
        """Write a route beside the main rule: where nothing was seen of it, it counts as not met."""
        self.line(rule.alternative, place)
        routes = tree.inside(rule.alternative) or (rule.alternative,)
        ranks = [f'"{self.line(one, place).value[1:-1]} rank"' for one in routes]
        main = self.line(rule.beside, place)
        beside = f"({main.value} and {main.applies})" if main.applies else main.value
        return self._combined(
            rule, name, f'"Answer"(Max({{ 1, {", ".join(ranks)} }}))\n    or {beside}', None
        )

    def _count(self, rule: tree.AtLeast, name: str, place: Place) -> Line:
        """Write a count with its bounds: the lines that are met, and those that may still be."""
        lines = [self.line(inside, place) for inside in rule.of]
        self.define(f"{name} lines", f"{{ {', '.join(one.value for one in lines)} }}", _comments(rule))
        self.define(f"{name} met", f'Count("{name} lines" L where L is true return all L)', [])
        always = str(sum(one.applies is None for one in lines))
        applying = " + ".join(
            [always, *(f"(if {one.applies} then 1 else 0)" for one in lines if one.applies)]
        )
        self.define(
            f"{name} possible", f'{applying} - Count("{name} lines" L where L is false return all L)', []
        )
        settled = f'exists ("{name} lines" L where L is not null)'
        value = (
            f'if "{name} met" >= {rule.at_least} then true '
            f'else if "{name} possible" < {rule.at_least} and {settled} then false else null'
        )
        return self._combined(rule, name, value, _any_applies(lines))

    def _score(self, rule: tree.Score, name: str, place: Place) -> Line:
        """Write a score with its bounds: each item gives the highest points of its steps."""
        items = [self._item(item, place) for item in rule.score]
        for end in ("lowest", "highest"):
            total = " + ".join(f'"{item} {end}"' for item in items)
            self.define(f"{name} {end}", total, _comments(rule) if end == "lowest" else [])
        return self._combined(rule, name, _bounded(f"{name} lowest", f"{name} highest", rule.at_least), None)

    def _item(self, item: tree.ScoreItem, place: Place) -> str:
        name = self._name(item, place)
        steps = [(step.points, self.line(step.when, place)) for step in item.steps]
        sure = [f"if {one.value} then {points} else 0" for points, one in steps]
        open_ = [
            f"if {one.value} is not false{f' and {one.applies}' if one.applies else ''} then {points} else 0"
            for points, one in steps
        ]
        self.define(f"{name} lowest", f"Max({{ {', '.join(sure)} }})", _comments(item))
        self.define(f"{name} highest", f"Max({{ {', '.join(open_)} }})", [])
        return name

    def _applies_if(self, rule: tree.AppliesIf, name: str, place: Place) -> Line:
        condition, then = self.line(rule.applies_if, place), self.line(rule.then, place)
        asked = [f"{condition.value} is not false", *([condition.applies] if condition.applies else [])]
        if then.applies:
            asked.append(f"({condition.value} is null or {then.applies})")
        value = f"if {condition.value} then {then.value} else null"
        return self._combined(rule, name, value, " and ".join(asked))

    def _normalised(self, rule: tree.Normalised, name: str, place: Place) -> Line:
        before, now = self.line(rule.normalised, self.then), self.line(rule.normalised, place)
        asked = [f"{before.value} is not true", *([before.applies] if before.applies else [])]
        if now.applies:
            asked.append(f"({before.value} is null or {now.applies})")
        value = _cases(
            [
                f"when {BASELINE} is null then null",
                f"when {before.value} is false then {now.value}",
                "else null",
            ]
        )
        return self._combined(rule, name, value, f"{BASELINE} is null or ({' and '.join(asked)})")


def _unbound(what: str) -> WrongInput:
    return WrongInput(
        f"{what} cannot be exported to CQL",
        why="the library has to stand on its own",
        remedy="bind the rule first: fill in parameters and references",
    )


def _bounded(lower: str, upper: str, needed: int) -> str:
    return f'if "{lower}" >= {needed} then true else if "{upper}" < {needed} then false else null'


def _cases(cases: list[str]) -> str:
    return "case\n" + "".join(f"    {one}\n" for one in cases) + "  end"


def _any_applies(lines: list[Line]) -> str | None:
    """Return the condition under which at least one of some lines applies; None where one always does."""
    asked = [line.applies for line in lines if line.applies]
    return " or ".join(asked) if len(asked) == len(lines) else None


def _subject(rule: tree.Rule | tree.ScoreItem) -> str:
    """Return what to call a line without an id: what it looks at, or how it combines."""
    match rule:
        case tree.Measure():
            limit = next(f"{key} {getattr(rule, key)}" for key in tree.SIGNS if getattr(rule, key))
            return f"{rule.measure} {limit.replace('_', ' ')}"
        case tree.Finding():
            return " or ".join(tree.names_of(rule.finding))
        case tree.Exposure():
            return " or ".join(tree.names_of(rule.exposure))
        case tree.Change():
            return f"change of {rule.change}"
        case tree.AtLeast():
            return f"at least {rule.at_least} of {len(rule.of)}"
    return _kind(rule).replace("_", " ")


def _kind(rule: tree.Rule | tree.ScoreItem) -> str:
    return next((kind for kind, model in tree.KINDS.items() if isinstance(rule, model)), "rule")


def _comments(rule: tree.Rule | tree.ScoreItem) -> list[str]:
    """Return the line in our words with its place in the source, and for a line on facts all that it asks."""
    told = [f"{rule.text or ''}{f' ({rule.at})' if rule.at else ''}".strip()]
    if isinstance(rule, tree.Rule) and not tree.inside(rule):
        asked = tree.as_tree(rule)
        told.append(
            "; ".join(f"{key} {value}" for key, value in asked.items() if key not in tree.Rule.model_fields)
        )
    return [one for one in told if one]


def _functions_for(body: str) -> list[str]:
    """Return the functions that a body calls, and those that they call, in the order of the preamble."""
    kept: list[str] = []
    for block in reversed(_PREAMBLE.read_text(encoding="utf-8").strip().split("\n\n")):
        name = re.search(r'define function ("[^"]+"\()', block)
        if name and name[1] in "\n".join([body, *kept]):
            kept.insert(0, block)
    return kept


_RECORDS = """\
// One patient is judged on one day. No data model is needed: the facts are handed over as records.
// Every line is true (met), false (not met) or null (unknown). What was not recorded is unknown, not absent.

// Moment: the day of judgement, and the baseline with which changes are compared, or null.
parameter "Moment" Tuple{on Date, baseline Date}

// Measurements: one record for each reported value.
//   analyte, unit: spelled as in the lines below. dated: null counts for the day of judgement only.
//   comparator: '', '<', '<=', '>' or '>='. low, high: the laboratory's limits of normal.
//   cutoff: its own cut-off for this disease, in the reported unit. flag: 'L', 'N', 'H' or ''.
//   status: 'measured', 'pending', 'not_done', 'implausible' or 'unit_unknown'.
parameter "Measurements" List<Tuple{
  analyte String, dated Date, value Decimal, comparator String, unit String,
  low Decimal, high Decimal, cutoff Decimal, flag String, status String}>

// Findings: present is null while a result is pending. What proves a wider finding stands here as both.
parameter "Findings" List<Tuple{finding String, dated Date, present Boolean}>

// Exposures: drugs, classes and regimens; a drug stands here under its classes too. given is false where it
//   is recorded that it was not given. ended: null for one day or still going on.
parameter "Exposures" List<Tuple{exposure String, started Date, ended Date, given Boolean}>

// Person: the first and the last possible birthday, the same where it is known.
parameter "Person" Tuple{bornEarliest Date, bornLatest Date}

context Unfiltered"""
