"""All shelves at once: every page that ships, by kind and id, with what definitions execute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from openhlh.content.analysis import Analysis
from openhlh.content.described import (
    HERE,
    TOLD,
    Shelves,
    check_shelves,
    fingerprint,
    pages_beside_definitions,
    read_analyses,
    read_file,
    read_folder,
)
from openhlh.content.logic import Definition
from openhlh.content.shelf_pages import Bibliography, Gaps, Genes, Notice
from openhlh.content.vocabulary import Everyday
from openhlh.content.vocabulary_of_facts import AnalyteFile, ExposureFile, FactNames, FindingFile
from openhlh.content.words import Page

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

__all__ = [
    "FILES",
    "FOLDERS",
    "HERE",
    "DefinitionShelf",
    "Everything",
    "Shelves",
    "read",
    "read_definitions",
    "read_fact_names",
]

FOLDERS: dict[str, type[Page]] = {**TOLD, "definitions": Definition, "analyses": Analysis}
FILES: dict[str, type[BaseModel]] = {
    "sources.yaml": Bibliography,
    "genes.yaml": Genes,
    "gaps.yaml": Gaps,
    "everyday.yaml": Everyday,
    "analytes.yaml": AnalyteFile,
    "findings.yaml": FindingFile,
    "exposures.yaml": ExposureFile,
}


@dataclass(frozen=True)
class Everything(Shelves):
    """The shelves with what is executed: definitions with logic and cases, and the names of facts."""

    definitions: Mapping[str, Definition]
    fact_names: FactNames


@dataclass(frozen=True)
class DefinitionShelf:
    """The definitions with the names of facts, and `version`, the fingerprint of all shelves."""

    definitions: dict[str, Definition]
    fact_names: FactNames
    notices: dict[str, Notice]
    version: str


@lru_cache(maxsize=4)
def read(folder: Path = HERE) -> Everything:
    """Read every shelf below a folder; the first wrong page raises WrongPage with file and line."""
    read_analyses(folder)
    return Everything(
        **pages_beside_definitions(folder),
        definitions=read_folder(folder, "definitions", Definition),
        fact_names=read_fact_names(folder),
    )


@lru_cache(maxsize=4)
def read_definitions(folder: Path = HERE) -> DefinitionShelf:
    """Read what judging needs and nothing else: the definitions, the names of facts, the notices."""
    check_shelves(folder)
    return DefinitionShelf(
        read_folder(folder, "definitions", Definition),
        read_fact_names(folder),
        read_folder(folder, "notices", Notice),
        fingerprint(folder),
    )


def read_fact_names(folder: Path = HERE) -> FactNames:
    """Read what facts are called: analytes with their units, findings, exposures."""
    return FactNames(
        analytes=read_file(folder, "analytes.yaml", AnalyteFile).analytes,
        findings=read_file(folder, "findings.yaml", FindingFile).findings,
        exposures=read_file(folder, "exposures.yaml", ExposureFile).exposures,
    )
