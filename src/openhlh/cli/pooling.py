"""`hlh pool`: the studies, what was left out, the pooled answer and how far it can be trusted."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from openhlh.cli.pool_targets import check_targets
from openhlh.cli.visible import json_text, visible
from openhlh.errors import WrongInput

if TYPE_CHECKING:
    from openhlh.journeys.pool import Pooled, Wanted
    from openhlh.journeys.pool_prepared import Prepared
    from openhlh.pooling.models import Choice

REFUSED = 3


@dataclass(frozen=True)
class Source:
    """Where the studies come from: an analysis page, a table, or a choice from the shelves."""

    analysis: str | None
    csv: Path | None
    kind: Literal["counts", "comparison", "effects", "survival"] | None
    studies: str | None
    where: tuple[str, ...]
    outcome: Literal["complete", "complete_or_partial", "with_improvement"] | None
    allow: tuple[str, ...]


@dataclass(frozen=True)
class Output:
    """What is written or printed of the result."""

    forest: Path | None
    r_code: Path | None
    methods: bool
    certainty: bool
    as_json: bool


def choice_of(*, prior: str, mean_prior: str, **names: Any) -> Choice:  # noqa: ANN401 - the options as typed
    """Return the chosen model from the options as typed.

    The mean of effects on a scale that nobody stated has no prior that fits: flat for bayes-normal.
    """
    usual = "flat" if names["model"] == "bayes-normal" else "normal(0, 1.5)"
    from openhlh.pooling.models import Choice
    from openhlh.pooling.priors import parse_prior

    chosen = parse_prior(prior or "half-normal(1)", mean_prior or usual) if prior or mean_prior else None
    return Choice(prior=chosen, **names)


def wanted_of(subgroup: str, covariates: tuple[str, ...], order: str, *, every_model: bool) -> Wanted:
    """Return what is wanted beside the pooled result."""
    from openhlh.journeys.pool import Wanted

    return Wanted(subgroup, covariates, order, every_model)


def run(source: Source, choice: Choice, wanted: Wanted, output: Output) -> int:
    """Pool and show; return 3 where nothing may be pooled, else 0."""
    from openhlh.journeys.pool import Wanted, pooled
    from openhlh.pooling.models import Choice

    bare = output == Output(None, None, False, False, output.as_json)
    bare = bare and wanted == Wanted()
    if bare and source == Source(None, None, None, None, (), None, ()) and choice == Choice():
        return _list(as_json=output.as_json)
    check_targets(output.forest, output.r_code, source.csv)
    if output.as_json and (output.methods or output.certainty):
        raise WrongInput(
            "these are texts", where="--methods and --certainty with --json", remedy="run them without --json"
        )
    from openhlh.journeys.notices import notice
    from openhlh.journeys.pool_contract import as_contract

    found = pooled(_prepared(source, choice), choice, wanted)
    result = as_contract(found, notice(), every_interval=output.as_json)
    _write(result, output)
    if output.as_json:
        sys.stdout.write(json_text(result))
    else:
        _show(found, result, output)
    return REFUSED if found.fit is None else 0


def _prepared(source: Source, choice: Choice) -> Prepared:
    given = [
        source.analysis,
        source.csv,
        source.studies if source.studies is not None else source.where or None,
    ]
    if given == [None, None, None]:
        raise WrongInput(
            "there is nothing to pool", where="hlh pool", remedy="name an analysis, or --csv, or --studies"
        )
    if sum(one is not None for one in given) != 1:
        raise WrongInput(
            "studies from more than one place",
            where="hlh pool",
            why="one pooling has one source",
            remedy="name an analysis, or --csv, or --studies and --where",
        )
    if source.csv is not None:
        _refuse_shelf_options(source)
        from openhlh.journeys.pool_from_table import from_table

        return from_table(source.csv, choice.measure, source.kind)
    from openhlh.journeys.pool_from_shelves import from_analysis, from_choice

    if source.analysis is not None:
        return from_analysis(source.analysis, source.allow)
    studies = [name.strip() for name in (source.studies or "").split(",")] if source.studies else []
    if source.studies is not None and not all(studies or [""]):
        raise WrongInput(
            "a name is empty", where=f"--studies {source.studies!r}", remedy="name studies, joined by commas"
        )
    return from_choice(source.outcome or "complete_or_partial", studies, source.where, source.allow)


def _refuse_shelf_options(source: Source) -> None:
    given = [option for option, value in (("--allow", source.allow), ("--outcome", source.outcome)) if value]
    if given:
        raise WrongInput(
            "this belongs to the studies of the shelves",
            where=" and ".join(given),
            why="a table of your own is pooled as it stands",
            remedy="leave it out, or name an analysis or --where in place of --csv",
        )


def _list(*, as_json: bool) -> int:
    from openhlh.cli.tables import console, print_table
    from openhlh.journeys.pool_from_shelves import analyses

    pages = analyses()
    if as_json:
        rows = [{"id": page.id, "title": page.title, "question": page.question} for page in pages]
        sys.stdout.write(json_text({"analyses": rows}))
    else:
        print_table(console(), ("analysis", "question"), [(page.id, page.question) for page in pages])
        sys.stdout.write("\nhlh pool ANALYSIS, or --csv FILE, or --studies, --where; see hlh pool --help\n")
    return 0


def _write(result: dict[str, Any], output: Output) -> None:
    """Write the files that were asked for."""
    if output.forest is not None:
        os.environ["MPLBACKEND"] = "agg"  # a notebook names one of its own, which would stop the import
        from openhlh.journeys.pool_forest import draw

        draw(result, output.forest)
    if output.r_code is not None:
        from openhlh.files import write_atomically
        from openhlh.renderings.pooled_r import r_code

        write_atomically(output.r_code, r_code(result))
    for path in (output.forest, output.r_code):
        if path is not None:
            sys.stderr.write(f"written: {visible(str(path))}\n")


def _show(found: Pooled, result: dict[str, Any], output: Output) -> None:
    from openhlh.cli import pool_showing

    pool_showing.show(found, result)
    if output.methods:
        from openhlh.renderings.pooled_methods import methods_paragraph

        sys.stdout.write(f"\n{methods_paragraph(result)}\n")
    if output.certainty:
        from openhlh.renderings.certainty import certainty_text

        sys.stdout.write(f"\n{certainty_text(result)}\n")
