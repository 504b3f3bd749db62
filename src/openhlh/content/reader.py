"""One strict reader for shelf pages: YAML whose scalars stay text, with the line of every value.

Nothing is guessed: `no` is not false, `1.10` is not 1.1, a date is not a date until a page's model
says so. Anchors, duplicate keys, empty values and more than one document are refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from openhlh.errors import WrongPage

if TYPE_CHECKING:
    from collections.abc import Mapping

Where = tuple[str | int, ...]
PageModel = TypeVar("PageModel", bound=BaseModel)
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_TOP_LEVEL = re.compile(r"^(?=[A-Za-z_]+:)", re.MULTILINE)
_MAY_BE_ANCHOR = re.compile(r"(?:^|[\s\[{,:])[&*]\S", re.MULTILINE)  # the unit 10*9/L is none


def read_tree(path: Path, shown_as: str = "", without: tuple[str, ...] = ()) -> tuple[Any, dict[Where, int]]:
    """Return the page's text tree and the line on which each value stands.

    The blocks of the top-level keys `without` are not even parsed: most of a definition is worked cases.
    """
    name = shown_as or str(path)
    lines: dict[Where, int] = {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise WrongPage(
            "not UTF-8 text", where=name, why=f"byte {error.start} cannot be read", remedy="save it as UTF-8"
        ) from None
    except OSError as error:
        raise WrongPage(
            "the page cannot be read",
            where=name,
            why=str(error.strerror or "the system refused"),
            remedy="put the file there, or remove what stands in its place",
        ) from None
    try:
        text = _blanked(text, without) if without else text
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise _not_yaml(name, error) from None
    except RecursionError:
        raise WrongPage(
            "the page is nested too deeply", where=name, remedy="write it flat, as the shipped pages are"
        ) from None
    if node is None:
        raise WrongPage("the page is empty", where=name, remedy="fill it, or remove the file")
    if _MAY_BE_ANCHOR.search(text):
        _refuse_anchors(name, text)
    return _build(node, (), lines, name), lines


def read_page(
    path: Path, model: type[PageModel], shown_as: str = "", without: tuple[str, ...] = ()
) -> PageModel:
    """Return the page, `without` some top-level keys, as its model, or raise WrongPage with file and line."""
    name = shown_as or str(path)
    tree, lines = read_tree(path, name, without)
    return as_model(tree, lines, model, name)


def as_model(tree: object, lines: Mapping[Where, int], model: type[PageModel], name: str) -> PageModel:
    """Return the tree as the model, or raise WrongPage for its first wrong value."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = tuple(part for part in first["loc"] if isinstance(part, str | int))
        raise WrongPage(
            f"`{_dotted(place)}`: {_said(first)}",
            where=f"{name}, line {_nearest_line(place, lines)}",
            why=_why(str(first["type"])),
            remedy=_remedy(str(first["type"]), place),
        ) from None


def _blanked(text: str, keys: tuple[str, ...]) -> str:
    """Return the text with the blocks of some top-level keys as empty lines: the other lines stay."""
    starts = tuple(f"{key}:" for key in keys)
    blocks = _TOP_LEVEL.split(text)
    return "".join("\n" * one.count("\n") if one.startswith(starts) else one for one in blocks)


def _build(node: yaml.Node, place: Where, lines: dict[Where, int], name: str) -> Any:  # noqa: ANN401 - YAML holds anything
    line = node.start_mark.line + 1
    lines[place] = line
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(node, place, lines, name)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*place, index), lines, name) for index, child in enumerate(node.value)]
    if not node.value.strip():
        raise WrongPage(
            f"`{_dotted(place)}` has no value",
            where=f"{name}, line {line}",
            why="an empty value cannot be told from a forgotten one",
            remedy="write the value, or leave the whole line out where nothing was reported",
        )
    return node.value


def _build_mapping(
    node: yaml.MappingNode, place: Where, lines: dict[Where, int], name: str
) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in built:
            raise WrongPage(
                f"`{_dotted((*place, key))}` stands twice",
                where=f"{name}, line {key_node.start_mark.line + 1}",
                why="the second value would silently replace the first",
                remedy="keep one of the two",
            )
        built[key] = _build(value_node, (*place, key), lines, name)
        lines[(*place, key)] = key_node.start_mark.line + 1
    return built


def _refuse_anchors(name: str, text: str) -> None:
    for token in yaml.scan(text, Loader=_Loader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            raise WrongPage(
                "anchors and aliases are not used on pages",
                where=f"{name}, line {token.start_mark.line + 1}",
                why="a reader must see each value where it counts",
                remedy="write the value out",
            )


def _not_yaml(name: str, error: yaml.YAMLError) -> WrongPage:
    mark = getattr(error, "problem_mark", None)
    line = f", line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or "not YAML"
    return WrongPage(
        f"this is not YAML ({problem})",
        where=f"{name}{line}",
        why="a text with a colon, or one that starts with a quote or bracket, has to be quoted",
        remedy="put the value in quotes or mend the indentation",
    )


def _dotted(place: Where) -> str:
    return ".".join(str(part) for part in place) or "the page"


def _nearest_line(place: Where, lines: Mapping[Where, int]) -> int:
    """Return the line of the innermost value on the way to a place, or 1.

    Within a rule the place names each kind of rule once more than the page does, so that some of its parts
    stand for no value: every reading of the place is followed.
    """
    line = 1
    here: set[Where] = {()}
    for part in place:
        found = {(*before, part) for before in here} & lines.keys()
        if found:
            line = lines[max(found, key=len)]
        here |= found
    return line


def _said(problem: Mapping[str, Any]) -> str:
    message = str(problem["msg"]).removeprefix("Value error, ")
    message = _WHAT.get(str(problem["type"]), message)
    given = problem.get("input")
    if isinstance(given, str):
        shown = given if len(given) <= 60 else given[:57] + "..."
        return f"{message} (it says `{shown}`)"
    return message


_WHAT = {
    "missing": "the key is missing",
    "extra_forbidden": "this key is not known here",
    "int_parsing": "a whole number is needed",
    "greater_than_equal": "the number is too small",
    "string_pattern_mismatch": "the text does not have its form",
    "too_short": "at least one entry is needed",
}
_WHY = {
    "missing": "this key is mandatory on this kind of page",
    "extra_forbidden": "unknown keys are refused, so that a typing error cannot hide a fact",
    "literal_error": "only the listed words have a meaning here",
    "int_parsing": "counts are computed with",
    "greater_than_equal": "there is no count below 0 and no source before 1980",
    "too_short": "a statement that is about nothing would never be found",
}
_REMEDY = {
    "missing": "add the key with its value",
    "extra_forbidden": "correct the spelling of the key or remove it; the page's JSON Schema lists the keys",
    "literal_error": "use one of the listed words",
    "int_parsing": "write digits only, and leave the line out where nothing was reported",
}
_FORMS = {
    "printed": 'write it as printed, without the sign: "47.0"',
    "percent": 'write it as printed, without the sign: "47.0"',
    "limit": 'write comparison and number: ">= 500"',
    "id": "write lower-case letters, digits and underscores: hlh_2004",
    "date": 'write the year, month and day that are known: "2018-11-20"',
}


def _why(kind: str) -> str:
    return _WHY.get(kind, "the value does not have the form that this key needs")


def _remedy(kind: str, place: Where) -> str:
    form = next((_FORMS[part] for part in reversed(place) if part in _FORMS), None)
    if kind == "string_pattern_mismatch" and form:
        return form
    return _REMEDY.get(kind, "correct the value; CONTRIBUTING.md shows a whole page")
