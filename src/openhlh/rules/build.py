"""Building rules in Python: the same tree that a page holds, with the same checks.

>>> rule = at_least(2, measure("ferritin") >= "500 ug/L", finding("fever"), finding("splenomegaly"))
>>> as_tree(rule)["at_least"]
2
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openhlh.rules import tree
from openhlh.rules.tree import RULE, as_tree


@dataclass(frozen=True)
class Open:
    """A measure or a change that still needs its limit: compare it with a quantity or a factor."""

    keys: Mapping[str, Any]
    suffix: str = ""

    def __ge__(self, limit: object) -> tree.Rule:
        """At least this much."""
        return self._with("at_least", limit)

    def __gt__(self, limit: object) -> tree.Rule:
        """More than this."""
        return self._with("above", limit)

    def __le__(self, limit: object) -> tree.Rule:
        """At most this much."""
        return self._with("at_most", limit)

    def __lt__(self, limit: object) -> tree.Rule:
        """Less than this."""
        return self._with("below", limit)

    def _with(self, sign: str, limit: object) -> tree.Rule:
        return _made({**self.keys, f"{sign}{self.suffix}": limit})


def _made(keys: Mapping[str, Any]) -> tree.Rule:
    return RULE.validate_python({key: _plain(value) for key, value in keys.items()})


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a page may hold
    if isinstance(value, tree.Rule):
        return as_tree(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def measure(analyte: str, **keys: Any) -> Open:  # noqa: ANN401 - the keys of a page
    """Start a measure: `measure("ferritin") >= "500 ug/L"`; keywords are the keys of a page."""
    return Open({"measure": analyte, **keys})


def change(analyte: str, **keys: Any) -> Open:  # noqa: ANN401 - the keys of a page
    """Start a change from baseline: `change("ferritin") <= "0.75"` is a fall by a quarter or more."""
    return Open({"change": analyte, **keys}, "_times")


def finding(*names: str, **keys: Any) -> tree.Rule:  # noqa: ANN401 - the keys of a page
    """Return that something was seen."""
    return _made({"finding": names[0] if len(names) == 1 else names, **keys})


def exposure(*names: str, **keys: Any) -> tree.Rule:  # noqa: ANN401 - the keys of a page
    """Return that a drug, class or regimen was given."""
    return _made({"exposure": names[0] if len(names) == 1 else names, **keys})


def age(**limit: str) -> tree.Rule:
    """Return a limit of age: `age(below="28 d")`."""
    return _made({"age": limit})


def all_of(*rules: tree.Rule, **keys: str) -> tree.Rule:
    """Return that every rule is met."""
    return _made({"all": rules, **keys})


def any_of(*rules: tree.Rule, **keys: str) -> tree.Rule:
    """Return that some rule is met."""
    return _made({"any": rules, **keys})


def not_(rule: tree.Rule, **keys: str) -> tree.Rule:
    """Return that a rule is not met."""
    return _made({"not": rule, **keys})


def at_least(count: int, *rules: tree.Rule, **keys: str) -> tree.Rule:
    """Return that so many of the rules are met."""
    return _made({"at_least": count, "of": rules, **keys})


def item(name: str, *steps: tuple[int, tree.Rule], **keys: str) -> dict[str, Any]:
    """Return an item of a score: its points, each with the rule that earns them."""
    return {
        "id": name,
        "steps": [{"points": points, "when": as_tree(rule)} for points, rule in steps],
        **keys,
    }


def score(cutoff: int, *items: Mapping[str, Any], **keys: str) -> tree.Rule:
    """Return that the points of the items reach a cut-off."""
    return _made({"score": list(items), "at_least": cutoff, **keys})


def applies_if(condition: tree.Rule, then: tree.Rule, **keys: str) -> tree.Rule:
    """Return a rule that counts only where a condition holds."""
    return _made({"applies_if": condition, "then": then, **keys})


def alternative(route: tree.Rule, beside: tree.Rule, **keys: str) -> tree.Rule:
    """Return a rule beside which another route is enough on its own."""
    return _made({"alternative": route, "beside": beside, **keys})


def normalised(normal: tree.Rule, **keys: str) -> tree.Rule:
    """Return that what was abnormal at baseline is normal now."""
    return _made({"normalised": normal, **keys})


def at_baseline(rule: tree.Rule, **keys: str) -> tree.Rule:
    """Return a rule judged on the day of the baseline."""
    return _made({"at_baseline": rule, **keys})


def definition(name: str, **keys: str) -> tree.Rule:
    """Return a reference to another definition."""
    return _made({"definition": name, **keys})


def parameter(name: str) -> dict[str, str]:
    """Return a limit that stands under `parameters` of the page."""
    return {"parameter": name}
