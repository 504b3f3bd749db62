"""The shelves as answers need them: every page, definitions without their executable part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from openhlh.content.analysis import Analysis
from openhlh.content.reader import read_page
from openhlh.content.shelf_pages import (
    Bibliography,
    Caution,
    Described,
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
from openhlh.content.words import Page
from openhlh.errors import MissingPart, WrongPage

HERE = Path(__file__).parent
AnyPage = TypeVar("AnyPage", bound=BaseModel)
FilePage = TypeVar("FilePage", bound=Page)

TOLD: dict[str, type[Page]] = {
    "studies": Study,
    "drugs": Drug,
    "regimens": Regimen,
    "definitions": Described,
    "recommendations": Recommendation,
    "cautions": Caution,
    "notices": Notice,
}
_EXECUTED = ("logic", "cases")


@dataclass(frozen=True)
class Shelves:
    """Every page by id, and `version`, the fingerprint of all of them together.

    Analyses are read from `folder` when they are first asked for: most questions need none.
    """

    folder: Path
    sources: dict[str, Source]
    studies: dict[str, Study]
    drugs: dict[str, Drug]
    regimens: dict[str, Regimen]
    definitions: Mapping[str, Described]
    recommendations: dict[str, Recommendation]
    cautions: dict[str, Caution]
    notices: dict[str, Notice]
    genes: Genes
    gaps: tuple[Gap, ...]
    vocabularies: tuple[Vocabulary, ...]
    everyday: frozenset[str]
    known_words: frozenset[str]
    version: str

    @property
    def analyses(self) -> Mapping[str, Analysis]:
        """The analysis pages by id; WrongPage for the first wrong one."""
        return read_analyses(self.folder)

    def arms(self) -> Iterator[tuple[Study, Arm]]:
        """Yield every arm with its study, in the order of the pages."""
        for study in self.studies.values():
            for arm in study.arms:
                yield study, arm

    def pages(self) -> Iterator[Page]:
        """Yield every page that has a file of its own."""
        for name in TOLD:
            yield from getattr(self, name).values()


@lru_cache(maxsize=4)
def read_described(folder: Path = HERE) -> Shelves:
    """Read what answering needs: definitions without logic and cases; WrongPage for the first wrong page.

    Logic and cases are most of the text on the shelves, and `hlh ask` shows none of it: reading them too
    makes a cold `hlh ask` slower by a third.
    """
    definitions = read_folder(folder, "definitions", Described, without=_EXECUTED)
    return Shelves(definitions=definitions, **pages_beside_definitions(folder))


@lru_cache(maxsize=4)
def read_analyses(folder: Path = HERE) -> dict[str, Analysis]:
    """Read the analysis pages by id, which only pooling needs; WrongPage for the first wrong one."""
    check_shelves(folder)
    return read_folder(folder, "analyses", Analysis)


def pages_beside_definitions(folder: Path) -> dict[str, Any]:
    """Return the fields of Shelves that are read alike for every use; MissingPart without shelves."""
    check_shelves(folder)
    bibliography = read_file(folder, "sources.yaml", Bibliography)
    everyday = read_file(folder, "everyday.yaml", Everyday)
    return {
        **{name: read_folder(folder, name, model) for name, model in TOLD.items() if name != "definitions"},
        "sources": _by_id(bibliography.sources, "sources.yaml"),
        "genes": read_file(folder, "genes.yaml", Genes),
        "gaps": read_file(folder, "gaps.yaml", Gaps).gaps,
        "vocabularies": tuple(
            read_page(path, Vocabulary, _shown(path, folder))
            for path in sorted((folder / "vocabulary").glob("*.yaml"))
        ),
        "everyday": frozenset(everyday.stop.split()),
        "known_words": frozenset(everyday.known.split()),
        "version": fingerprint(folder),
        "folder": folder,
    }


def check_shelves(folder: Path) -> None:
    """Raise MissingPart where a folder holds no shelves."""
    if not (folder / "sources.yaml").is_file():
        raise MissingPart("no shelves here", where=str(folder), remedy="reinstall openhlh")


def read_folder(
    folder: Path, name: str, model: type[FilePage], without: tuple[str, ...] = ()
) -> dict[str, FilePage]:
    """Return the pages of one kind by id; WrongPage for the first wrong one or a file of another name."""
    pages: dict[str, FilePage] = {}
    for path in sorted((folder / name).glob("*.yaml")):
        page = read_page(path, model, _shown(path, folder), without)
        if page.id != path.stem:
            raise WrongPage(
                f"the page calls itself `{page.id}`",
                where=f"{_shown(path, folder)}, line 1",
                why="a page is found by its file name",
                remedy=f"name the file {page.id}.yaml or write `id: {path.stem}`",
            )
        pages[page.id] = page
    return pages


def read_file(folder: Path, name: str, model: type[AnyPage]) -> AnyPage:
    """Return a page that stands for itself; WrongPage where it is wrong."""
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


def fingerprint(folder: Path) -> str:
    """Return the version of the shelves below a folder: it changes with every page."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
