"""A user's own pages: read as strictly as the shipped ones, every name in them held against the shelves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openhlh.content.logic import Definition
from openhlh.content.reader import Where, as_model, read_tree
from openhlh.content.vocabulary_of_facts import FactNames
from openhlh.definitions.book import unknown_parameters
from openhlh.errors import WrongInput, WrongPage

_NAMES_IN = {
    "measure": "analytes",
    "change": "analytes",
    "product": "analytes",
    "finding": "findings",
    "or_finding": "findings",
    "exposure": "exposures",
}


def own_pages(name: str, facts: FactNames) -> Iterator[tuple[str, Definition]]:
    """Yield the pages of a file or folder, each with its file; none where the name is that of no file."""
    path = Path(name)
    try:
        is_folder, is_page = path.is_dir(), path.suffix in (".yaml", ".yml") or path.is_file()
    except OSError:  # too long for the name of a file
        return
    if is_folder:
        found = sorted(path.glob("*.yaml"))
        if not found:
            raise WrongInput(
                "there is no page in this folder", where=name, remedy="name a folder of .yaml pages"
            )
        yield from ((str(one), _executable(one, facts)) for one in found)
    elif is_page:
        yield name, _executable(path, facts)


def _executable(path: Path, facts: FactNames) -> Definition:
    tree, lines = read_tree(path)
    page = as_model(tree, lines, Definition, str(path))
    if page.logic is None:
        raise WrongPage(
            "the page has no `logic`",
            where=str(path),
            remedy="add logic and cases, as hlh_2004.yaml has them",
        )
    missing = sorted(unknown_parameters(page))
    if missing:
        raise WrongPage(
            f"the parameter `{missing[0]}` is used and not listed",
            where=str(path),
            remedy="add it under logic: parameters",
        )
    _check_names(tree["logic"], lines, facts, path)
    return page


def _check_names(logic: object, lines: Mapping[Where, int], facts: FactNames, path: Path) -> None:
    """Raise for the first fact that no shelf knows: a misspelt one would stay unknown for everybody."""
    known = {kind: {one.id for one in getattr(facts, kind)} for kind in set(_NAMES_IN.values())}
    for kind, named, place in _facts_of(logic, ("logic",)):
        if named not in known[kind]:
            raise WrongPage(
                f"`{named}` is none of the {kind} on the shelves",
                where=f"{path}, line {lines[place]}",
                why="a line about a fact that nobody knows would stay unknown for every patient",
                remedy=f"correct the id, or choose one of {kind}.yaml",
            )


def _facts_of(node: Any, place: Where) -> Iterator[tuple[str, str, Where]]:  # noqa: ANN401 - a page's text tree
    if isinstance(node, list):
        for number, child in enumerate(node):
            yield from _facts_of(child, (*place, number))
    elif isinstance(node, dict):
        for key, child in node.items():
            here = (*place, key)
            if key in _NAMES_IN:
                names = child if isinstance(child, list) else [child]
                yield from ((_NAMES_IN[key], one, here) for one in names)
            else:
                yield from _facts_of(child, here)
