"""All shelves at once: every page that ships, by kind and id, with the version of the whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from openhlh.content.reader import read_page
from openhlh.content.shelf_pages import (
    Bibliography,
    Caution,
    Definition,
    Drug,
    Gap,
    Gaps,
    Genes,
    Notice,
    Recommendation,
    Regimen,
    Source,
)
from openhlh.content.study import Arm, Study
from openhlh.content.vocabulary import Everyday, Vocabulary
from openhlh.content.vocabulary_of_facts import AnalyteFile, ExposureFile, FactNames, FindingFile
from openhlh.content.words import Page
from openhlh.errors import MissingPart, WrongPage

HERE = Path(__file__).parent
AnyPage = TypeVar("AnyPage", bound=BaseModel)
FilePage = TypeVar("FilePage", bound=Page)

FOLDERS: dict[str, type[Page]] = {
    "studies": Study,
    "drugs": Drug,
    "regimens": Regimen,
    "definitions": Definition,
    "recommendations": Recommendation,
    "cautions": Caution,
    "notices": Notice,
}
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
class Shelves:
    """Every page by id, and `version`, the fingerprint of all of them together."""

    sources: dict[str, Source]
    studies: dict[str, Study]
    drugs: dict[str, Drug]
    regimens: dict[str, Regimen]
    definitions: dict[str, Definition]
    recommendations: dict[str, Recommendation]
    cautions: dict[str, Caution]
    notices: dict[str, Notice]
    genes: Genes
    gaps: tuple[Gap, ...]
    vocabularies: tuple[Vocabulary, ...]
    everyday: frozenset[str]
    known_words: frozenset[str]
    fact_names: FactNames
    version: str

    def arms(self) -> Iterator[tuple[Study, Arm]]:
        """Yield every arm with its study, in the order of the pages."""
        for study in self.studies.values():
            for arm in study.arms:
                yield study, arm

    def pages(self) -> Iterator[Page]:
        """Yield every page that has a file of its own."""
        for name in FOLDERS:
            yield from getattr(self, name).values()


@dataclass(frozen=True)
class DefinitionShelf:
    """The definitions with the names of facts, and `version`, the fingerprint of all shelves."""

    definitions: dict[str, Definition]
    fact_names: FactNames
    notices: dict[str, Notice]
    version: str


@lru_cache(maxsize=4)
def read(folder: Path = HERE) -> Shelves:
    """Read every shelf below a folder; the first wrong page raises WrongPage with file and line."""
    if not (folder / "sources.yaml").is_file():
        raise MissingPart("no shelves here", where=str(folder), remedy="reinstall openhlh")
    folders = {name: _read_folder(folder, name, model) for name, model in FOLDERS.items()}
    bibliography = _read_file(folder, "sources.yaml", Bibliography)
    everyday = _read_file(folder, "everyday.yaml", Everyday)
    vocabularies = tuple(
        read_page(path, Vocabulary, _shown(path, folder))
        for path in sorted((folder / "vocabulary").glob("*.yaml"))
    )
    return Shelves(
        sources=_by_id(bibliography.sources, "sources.yaml"),
        **folders,  # type: ignore[arg-type]
        genes=_read_file(folder, "genes.yaml", Genes),
        gaps=_read_file(folder, "gaps.yaml", Gaps).gaps,
        vocabularies=vocabularies,
        everyday=frozenset(everyday.stop.split()),
        known_words=frozenset(everyday.known.split()),
        fact_names=read_fact_names(folder),
        version=_fingerprint(folder),
    )


@lru_cache(maxsize=4)
def read_definitions(folder: Path = HERE) -> DefinitionShelf:
    """Read what judging needs and nothing else: the definitions, the names of facts, the notices."""
    if not (folder / "sources.yaml").is_file():
        raise MissingPart("no shelves here", where=str(folder), remedy="reinstall openhlh")
    return DefinitionShelf(
        _read_folder(folder, "definitions", Definition),
        read_fact_names(folder),
        _read_folder(folder, "notices", Notice),
        _fingerprint(folder),
    )


def read_fact_names(folder: Path = HERE) -> FactNames:
    """Read what facts are called: analytes with their units, findings, exposures."""
    return FactNames(
        analytes=_read_file(folder, "analytes.yaml", AnalyteFile).analytes,
        findings=_read_file(folder, "findings.yaml", FindingFile).findings,
        exposures=_read_file(folder, "exposures.yaml", ExposureFile).exposures,
    )


def _read_folder(folder: Path, name: str, model: type[FilePage]) -> dict[str, FilePage]:
    pages: dict[str, FilePage] = {}
    for path in sorted((folder / name).glob("*.yaml")):
        page = read_page(path, model, _shown(path, folder))
        if page.id != path.stem:
            raise WrongPage(
                f"the page calls itself `{page.id}`",
                where=f"{_shown(path, folder)}, line 1",
                why="a page is found by its file name",
                remedy=f"name the file {page.id}.yaml or write `id: {path.stem}`",
            )
        pages[page.id] = page
    return pages


def _read_file(folder: Path, name: str, model: type[AnyPage]) -> AnyPage:
    return read_page(folder / name, model, _shown(folder / name, folder))


def _shown(path: Path, folder: Path) -> str:
    return f"content/{path.relative_to(folder).as_posix()}"


def _by_id(sources: tuple[Source, ...], name: str) -> dict[str, Source]:
    known: dict[str, Source] = {}
    for source in sources:
        if source.id in known:
            raise WrongPage(
                f"`{source.id}` stands twice", where=f"content/{name}", remedy="merge the two entries"
            )
        known[source.id] = source
    return known


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
