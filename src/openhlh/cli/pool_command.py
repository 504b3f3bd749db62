"""The options of `hlh pool`: many, since every model and variant is chosen by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from openhlh.cli.pipes import readers_may_leave


def pool_command(
    analysis: Annotated[
        str | None, typer.Argument(help="An analysis page, such as salvage_response; without: the list.")
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(help="Your own table: label,events,total (or two arms, effects, survival)."),
    ] = None,
    kind: Annotated[
        Literal["counts", "comparison", "effects", "survival"] | None,
        typer.Option(help="What the table holds, where its columns fit more than one kind."),
    ] = None,
    studies: Annotated[
        str | None, typer.Option(help="Studies of the shelves: id[,id...], an arm as study:arm.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="Choose arms: line=salvage, etiology=ebv, age=adult, drug=...")
    ] = None,
    outcome: Annotated[
        Literal["complete", "complete_or_partial", "with_improvement"] | None,
        typer.Option(help="With --studies or --where: what counts as response (usual: complete or partial)."),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(help="Set a refusal aside: rule or rule:study."),
    ] = None,
    model: Annotated[str, typer.Option(help="A model by its name (below).")] = "",
    measure: Annotated[str, typer.Option(help="The scale of the effects (below).")] = "",
    tau2: Annotated[str, typer.Option(help="iv: the estimator of tau squared (usual: REML).")] = "",
    interval: Annotated[str, typer.Option(help="The interval of the mean; se follows it (below).")] = "",
    continuity: Annotated[
        Literal["only0", "all", "none"] | None,
        typer.Option(help="iv: where 1/2 is added (usual: only0)."),
    ] = None,
    prior: Annotated[str, typer.Option(help="bayes: the prior of tau (usual: half-normal(1)).")] = "",
    mean_prior: Annotated[
        str, typer.Option(help="bayes: the prior of the mean; usual: normal(0, 1.5), bayes-normal: flat.")
    ] = "",
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    threshold: Annotated[
        list[float] | None, typer.Option(help="The chance that the mean exceeds this proportion.")
    ] = None,
    subgroup: Annotated[str, typer.Option(help="A column (or fact of the shelves) that makes groups.")] = "",
    covariate: Annotated[
        list[str] | None, typer.Option(help="A column of numbers for meta-regression.")
    ] = None,
    cumulative: Annotated[str, typer.Option(help="Add study by study in the order of a column: year.")] = "",
    sensitivity: Annotated[bool, typer.Option("--sensitivity", help="Every other model beside.")] = False,
    forest: Annotated[Path | None, typer.Option(help="Write a forest plot: .svg or .png.")] = None,
    methods: Annotated[bool, typer.Option("--methods", help="Print a methods paragraph.")] = False,
    r_code: Annotated[Path | None, typer.Option("--r", help="Write R code (metafor) for the same.")] = None,
    certainty: Annotated[
        bool, typer.Option("--certainty", help="Print a GRADE-style table; judgements are yours.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object (schema: pool.schema.json).")
    ] = False,
) -> None:
    """Pool few, small studies by their exact likelihood; refuse what must not be pooled."""
    from openhlh.cli import pooling

    source = pooling.Source(analysis, csv, kind, studies, tuple(where or ()), outcome, tuple(allow or ()))
    asked = pooling.choice_of(
        model=model, measure=measure, tau2=tau2, interval=interval, continuity=continuity or "", level=level,
        prior=prior, mean_prior=mean_prior, thresholds=tuple(threshold or ()),
    )  # fmt: skip
    output = pooling.Output(forest, r_code, methods, certainty, as_json)
    wanted = pooling.wanted_of(subgroup, tuple(covariate or ()), cumulative, every_model=sensitivity)
    with readers_may_leave():
        code = pooling.run(source, asked, wanted, output)
    raise typer.Exit(code)
