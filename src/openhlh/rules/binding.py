"""From a page's rule to one that an engine can judge: parameters filled in, references replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from openhlh.errors import WrongInput
from openhlh.rules import tree

Lookup = Callable[[str, str | None], tree.Rule]


def bind(rule: tree.Rule, parameters: Mapping[str, str], lookup: Lookup | None = None) -> tree.Rule:
    """Return the rule without parameters and references; WrongInput for a name that nobody defines.

    `lookup` gives the bound rule of another definition, and of the level that has to be reached there.
    """
    return tree.RULE.validate_python(_bound(tree.as_tree(rule), parameters, lookup))


def _bound(node: Any, parameters: Mapping[str, str], lookup: Lookup | None) -> Any:  # noqa: ANN401 - a page's mapping
    if isinstance(node, list):
        return [_bound(one, parameters, lookup) for one in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"parameter"}:
        return _value(node["parameter"], parameters)
    if "definition" in node:
        return _referenced(node, lookup)
    return {key: _bound(value, parameters, lookup) for key, value in node.items()}


def _value(name: str, parameters: Mapping[str, str]) -> str:
    if name not in parameters:
        raise WrongInput(
            f"the parameter `{name}` has no value", remedy="list it with its default under `parameters`"
        )
    return parameters[name]


def _referenced(node: dict[str, Any], lookup: Lookup | None) -> dict[str, Any]:
    if lookup is None:
        raise WrongInput(
            f"`{node['definition']}` cannot be looked up here", remedy="bind the rule with its page"
        )
    there = tree.as_tree(lookup(node["definition"], node.get("reaches")))
    shown: dict[str, Any] = {key: node[key] for key in ("id", "text", "at", "source") if key in node}
    if shown:  # the line keeps its own name; what it refers to stands inside
        return {**shown, "all": [there]}
    return there


def leaves(rule: tree.Rule) -> list[tree.Rule]:
    """Return the lines of a rule that look at facts, in the order of the page."""
    inside = tree.inside(rule)
    return [leaf for child in inside for leaf in leaves(child)] if inside else [rule]


def parameters_of(rule: tree.Rule) -> set[str]:
    """Return the names of the parameters that a rule uses."""
    found: set[str] = set()

    def look(node: Any) -> None:  # noqa: ANN401 - a page's mapping
        if isinstance(node, dict):
            if set(node) == {"parameter"}:
                found.add(node["parameter"])
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(tree.as_tree(rule))
    return found
