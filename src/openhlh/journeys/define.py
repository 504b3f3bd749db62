"""`hlh definition`: executable pages, shipped or a user's own: listed, proved, compared, exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from openhlh.content.logic import Definition
from openhlh.content.shelves import HERE, DefinitionShelf, read_definitions
from openhlh.content.vocabulary_of_facts import as_analytes
from openhlh.definitions.assessing import Assessment, assess
from openhlh.definitions.book import Book
from openhlh.definitions.wording import name_of, value_of, why
from openhlh.errors import OpenHLHError, WrongInput, WrongPage
from openhlh.journeys.own_pages import own_pages
from openhlh.journeys.prove import CaseFailure, prove, prove_over_cohort
from openhlh.patients.days import day_of_judgement
from openhlh.patients.reading import read_patients
from openhlh.patients.rows import Omission
from openhlh.patients.warehouse import in_memory
from openhlh.rules import tree
from openhlh.rules.facts import Facts, Moment
from openhlh.rules.plain import Judged


@dataclass(frozen=True)
class Opened:
    """The shelves, a book of their definitions and a user's own, and the ids of those that were asked for.

    `files` has the file of each of the user's own pages.
    """

    shelves: DefinitionShelf
    book: Book
    keys: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> tuple[Definition, ...]:
        """The pages that were asked for."""
        return tuple(self.book.page(key) for key in self.keys)

    @contextmanager
    def told_by_file(self) -> Iterator[None]:
        """Let an error about a user's own page name its file."""
        try:
            yield
        except OpenHLHError as error:
            for key, file in self.files.items():
                error.where = error.where.replace(f"content/definitions/{key}.yaml", file)
            raise


def open_definitions(names: tuple[str, ...]) -> Opened:
    """Return definitions by id, file or folder; a user's own page is read as strictly as a shipped one."""
    shelves = read_definitions(HERE)
    pages: dict[str, Definition] = dict(shelves.definitions)
    keys: list[str] = []
    files: dict[str, str] = {}
    for name in names:
        own = {} if name in shelves.definitions else dict(own_pages(name, shelves.fact_names))
        for file, page in own.items():
            shipped = pages.get(page.id)
            if shipped is not None and shipped != page:
                raise WrongPage(
                    f"the id `{page.id}` is taken by another page",
                    where=file,
                    why="a result names the definition by its id",
                    remedy=f"give the page an id of its own, such as {page.id}_local",
                )
            pages[page.id] = page
            files[page.id] = file
        keys += [page.id for page in own.values()] or [name]
    book = Book(pages, as_analytes(shelves.fact_names.analytes))
    opened = Opened(shelves, book, tuple(dict.fromkeys(keys)), files)
    with opened.told_by_file():
        for key in opened.keys:
            book.bound(key)
    return opened


def open_proved(names: tuple[str, ...]) -> Opened:
    """Return definitions ready to be used: a user's own page whose cases do not hold is refused."""
    opened = open_definitions(names)
    with opened.told_by_file():
        for key, file in opened.files.items():
            for one in prove(opened.book.page(key), opened.book, opened.shelves.fact_names):
                raise WrongPage(
                    f"case {one.case!r} does not hold: {one.what}",
                    where=file,
                    why="a definition that does not do what its page says is not used",
                    remedy="correct the rule or the case; `hlh definition check` shows all",
                )
    return opened


def open_one(name: str, *, proved: bool = True) -> tuple[Opened, str]:
    """Return one definition and its id; WrongInput for a folder of several."""
    opened = open_proved((name,)) if proved else open_definitions((name,))
    if len(opened.keys) > 1:
        raise WrongInput(
            "there are several pages in this folder", where=name, remedy="name the file of one page"
        )
    return opened, opened.keys[0]


def listed() -> list[dict[str, Any]]:
    """Return every executable definition on the shelves: id, title, kind, status, source, cases."""
    return [
        {
            "id": page.id,
            "title": page.title,
            "kind": page.kind,
            "status": page.logic.status,
            "version": page.version,
            "source": page.source,
            "cases": len(page.cases),
            "parameters": [one.id for one in page.logic.parameters],
        }
        for page in read_definitions(HERE).definitions.values()
        if page.logic
    ]


def checked(names: tuple[str, ...]) -> tuple[Opened, list[CaseFailure], int]:
    """Return the cases of pages that either engine does not confirm, and how many cases were judged."""
    opened = open_definitions(names)
    names_of_facts = opened.shelves.fact_names
    failures: list[CaseFailure] = []
    with opened.told_by_file():
        for page in opened.pages:
            failures += prove(page, opened.book, names_of_facts)
        failures += prove_over_cohort(list(opened.pages), opened.book, names_of_facts, in_memory())
    return opened, failures, sum(len(page.cases) for page in opened.pages)


@dataclass(frozen=True)
class Separated:
    """A patient whom two definitions judge differently, and the lines that make the difference."""

    subject: str
    verdicts: tuple[str, str]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """Whom two definitions separate, among how many patients, and what the reader of the file has to say."""

    keys: tuple[str, ...]
    separated: tuple[Separated, ...]
    patients: int
    omitted: tuple[Omission, ...]
    notes: tuple[str, ...]


def compared(names: tuple[str, str], source: Path, on: date | None = None) -> Compared:
    """Return whom two definitions separate among the patients of a file."""
    opened = open_proved(names)
    if len(opened.keys) != 2:
        raise WrongInput(
            "two different definitions are needed", where="hlh definition diff", remedy="name two"
        )
    found = read_patients(source, opened.shelves.fact_names, on=on)
    separated = []
    for facts in found.patients:
        first, second = (_judged(opened.book, key, facts, on) for key in opened.keys)
        verdicts = tuple(one.level or one.verdict.value for one in (first, second))
        if verdicts[0] != verdicts[1]:
            separated.append(
                Separated(facts.person.id, (verdicts[0], verdicts[1]), tuple(_reasons(first, second)))
            )
    return Compared(opened.keys, tuple(separated), len(found.patients), found.omitted, found.notes)


def _judged(book: Book, key: str, facts: Facts, on: date | None) -> Assessment:
    return assess(book, book.bound(key), facts, Moment(day_of_judgement(facts, on)), settled=False)


def _reasons(first: Assessment, second: Assessment) -> Iterator[str]:
    """Yield the lines that two judgements see differently, paired by id or by what they measure."""
    before, after = (dict(_lines(one)) for one in (first, second))
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if one is None or other is None:
            here, page = (other, second.page.id) if one is None else (one, first.page.id)
            if here is not None:
                yield f"{name_of(here.rule)}: only in {page} ({here.verdict.value.replace('_', ' ')})"
        elif one.verdict != other.verdict:
            said = value_of(one.fact) or value_of(other.fact) or why(one)
            words = [verdict.verdict.value.replace("_", " ") for verdict in (one, other)]
            yield f"{name_of(one.rule)}: {words[0]} against {words[1]} ({said})"
    counts = [one.count for one in (first, second)]
    if all(counts):
        needed = [c.rule.at_least for c in counts if c and isinstance(c.rule, tree.AtLeast | tree.Score)]
        if len(set(needed)) > 1:
            yield f"needed: {needed[0]} against {needed[1]}"


def _lines(one: Assessment) -> Iterator[tuple[str, Judged]]:
    for line in one.lines:
        yield line.rule.id or name_of(line.rule), line


def exported(name: str, parameters: Mapping[str, str]) -> str:
    """Return a definition as CQL text."""
    from openhlh.rules.cql import Graded, as_cql

    opened, key = open_one(name)
    bound = opened.book.bound(key, dict(parameters))
    logic = bound.page.logic
    if logic is None:
        raise TypeError(f"{bound.page.id} has no logic")
    windows = (
        (logic.window.start, logic.window.end),
        (logic.baseline_window.start, logic.baseline_window.end),
    )
    levels = tuple((level.id, rule) for level, rule in bound.levels)
    definition = bound.rule if bound.rule is not None else Graded(levels, logic.else_level or "none")
    return as_cql(definition, bound.page.id, bound.page.version, opened.book.analytes, windows)
