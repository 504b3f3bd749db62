"""The command `hlh`: arguments in, one journey each, errors as prose with their exit code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from openhlh.cli.pipes import readers_may_leave
from openhlh.cli.pool_command import pool_command
from openhlh.cli.pool_names import CommandWithNames
from openhlh.errors import OpenHLHError

app = typer.Typer(
    name="hlh",
    help="OpenHLH: questions about HLH answered from evidence that can be recomputed. Not a medical device.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)
content = typer.Typer(help="The shelves: pages of facts and figures.", no_args_is_help=True)
app.add_typer(content, name="content")
definition_app = typer.Typer(
    help="Executable definitions: listed, told, proved, compared.", no_args_is_help=True
)
app.add_typer(definition_app, name="definition")
library_app = typer.Typer(
    help="Your own documents and references, searched and quoted word for word.", no_args_is_help=True
)
app.add_typer(library_app, name="library")
app.command("pool", cls=CommandWithNames)(pool_command)
LibraryFile = Annotated[Path | None, typer.Option("--library", help="Another file than the usual one.")]

Audience = Literal["clinician", "researcher", "patient"]


@app.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(help="The question, best in quotes.")] = None,
    audience: Annotated[Audience, typer.Option("--for", help="For whom the answer is worded.")] = "clinician",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object (schema: answer.schema.json).")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown on stdout.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page to this file.")] = None,
    references: Annotated[
        Path | None, typer.Option(help="Write the references: .bib, .ris or .json (CSL).")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Continue the last conversation.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how the question was understood (on stderr).")
    ] = False,
    patient: Annotated[
        Path | None, typer.Option(help="A file with one patient: add what holds for this patient.")
    ] = None,
    library: Annotated[
        Path | None, typer.Option(help="The library to quote from; without: the usual one.")
    ] = None,
) -> None:
    """Answer a clinical question; without one on a terminal, open a dialogue."""
    from openhlh.cli import asking

    wish = asking.Wish(audience, as_json, markdown, html, references, follow, explain, patient, library)
    with readers_may_leave():
        code = asking.run(" ".join(question or []), wish)
    raise typer.Exit(code)


@app.command()
def source(
    key: Annotated[str, typer.Argument(help="A key as it stands behind a statement, such as wang_2015.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show a source: its entry, its studies, their overlaps and doubts."""
    from openhlh.cli import showing

    with readers_may_leave():
        showing.show_source(key, as_json=as_json)


@app.command()
def assess(
    items: Annotated[
        list[str] | None,
        typer.Argument(
            help='A file or folder, "-" for stdin, or values: "ferritin=9000 ug/L" fever=present.'
        ),
    ] = None,
    definition: Annotated[
        list[str] | None,
        typer.Option(help="A definition; several times for several. Without: all diagnostic."),
    ] = None,
    on: Annotated[
        str | None, typer.Option(help="The day of judgement; without: the last day recorded.")
    ] = None,
    respond: Annotated[
        str | None, typer.Option(help="The baseline: response on the days that follow as arguments.")
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--set", help='A parameter: "fever_threshold=38.3 Cel".')
    ] = None,
    site: Annotated[
        Path | None, typer.Option(help="CSV of analyte,unit[,cutoff,low,high]: what the site reports in.")
    ] = None,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="List what cannot be read instead of stopping.")
    ] = False,
    brief: Annotated[bool, typer.Option("--brief", help="Only the verdicts side by side.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Judge a patient by executable definitions: every criterion with its value, date, limit and reason."""
    from openhlh.cli import assessing
    from openhlh.journeys.assess import Wish

    wish = Wish(
        tuple(definition or ()),
        assessing.parse_pairs(parameter or [], "--set"),
        assessing.parse_day(on, "--on") if on else None,
        site=site,
        lenient=lenient,
    )
    with readers_may_leave():
        code = assessing.run(items or [], wish, respond, assessing.Shown(as_json, brief))
    raise typer.Exit(code)


@app.command("screen")
def screen_command(
    source: Annotated[
        str,
        typer.Argument(help="A folder of Parquet, a DuckDB file, postgres://… or spark:FOLDER (OMOP CDM)."),
    ],
    definition: Annotated[str, typer.Option(help="A definition, or the file of your own page.")] = "hlh_2004",
    out: Annotated[Path | None, typer.Option(help="A folder for the rows (Parquet); resumes there.")] = None,
    first_days: Annotated[int | None, typer.Option(help="Only the first days of each stay.")] = None,
    trailing: Annotated[int | None, typer.Option(help="Any window of so many days within the stay.")] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Add the deciding value and day of each analyte.")
    ] = False,
    parameter: Annotated[list[str] | None, typer.Option("--set", help="A parameter: name=value.")] = None,
    unit: Annotated[
        list[str] | None, typer.Option(help="Unit of rows without one: ferritin=ug/L; several times.")
    ] = None,
    cohort_id: Annotated[
        int | None, typer.Option(help="Write the OMOP cohort table of those met under this id.")
    ] = None,
    part_size: Annotated[int, typer.Option(help="Admissions in each part of the output.")] = 1_000_000,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Judge every admission of an OMOP warehouse by a definition, in the warehouse's own engine."""
    from openhlh.cli import assessing, screening
    from openhlh.journeys.screen import Wish

    wish = Wish(
        definition,
        assessing.parse_pairs(parameter or [], "--set"),
        first_days,
        trailing,
        evidence,
        assessing.parse_pairs(unit or [], "--unit"),
        out,
        part_size,
        cohort_id,
    )
    with readers_may_leave():
        code = screening.run(source, wish, as_json=as_json)
    raise typer.Exit(code)


@app.command("check")
def check_command(
    files: Annotated[
        list[Path], typer.Argument(help="Papers or folders: text, Markdown, HTML, JATS XML, PDF, Word.")
    ],
    against: Annotated[
        str | None, typer.Option(help="A study page: list its numbers that the document does not state.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with the findings in place in the text.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the text that offsets count in.")] = False,
    every: Annotated[
        bool, typer.Option("--all", help="List what holds and what can't be checked too.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object (schema: check.schema.json).")
    ] = False,
) -> None:
    """Say which numbers of a paper hold, which do not, and which can't be checked."""
    from openhlh.cli import checking

    wish = checking.Wish(against, html, text, every, as_json)
    with readers_may_leave():
        code = checking.run(files, wish)
    raise typer.Exit(code)


@app.command("invent")
def invent_command(
    target: Annotated[
        Path, typer.Argument(help="A new folder for a warehouse, or a .csv file for patients.")
    ],
    count: Annotated[int, typer.Option(help="How many admissions, or patients.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed invents the same.")] = 1,
) -> None:
    """Invent an OMOP warehouse (a folder of Parquet) or patients (a .csv file): nobody real."""
    from openhlh.journeys.invent import invent_patients, invent_warehouse

    if target.suffix == ".csv":
        invent_patients(target, count, seed)
    else:
        invent_warehouse(target, count, seed, lambda text: print(text, file=sys.stderr))  # noqa: T201
    sys.stderr.write(f"written: {target}\n")


@definition_app.command("list")
def definition_list(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """List every executable definition."""
    from openhlh.cli import defining

    with readers_may_leave():
        defining.show_list(as_json=as_json)


@definition_app.command("show")
def definition_show(
    name: Annotated[str, typer.Argument(help="An id, or the file of your own page.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Tell a definition as prose for a clinician."""
    from openhlh.cli import defining

    with readers_may_leave():
        defining.show_page(name, as_json=as_json)


@definition_app.command("check")
def definition_check(
    names: Annotated[list[str] | None, typer.Argument(help="Ids, files or folders; without: all.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Run the worked cases of pages in both engines; exit 1 if one does not hold."""
    from openhlh.cli import defining

    with readers_may_leave():
        code = defining.check(names or [], as_json=as_json)
    raise typer.Exit(code)


@definition_app.command("diff")
def definition_diff(
    first: Annotated[str, typer.Argument(help="An id or a file.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    source: Annotated[Path, typer.Argument(help="Patients: a file or folder as for `hlh assess`.")],
    on: Annotated[str | None, typer.Option(help="The day of judgement.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """List whom two definitions separate among the same patients, and why."""
    from openhlh.cli import assessing, defining

    with readers_may_leave():
        day = assessing.parse_day(on, "--on") if on else None
        defining.diff(first, second, source, day, as_json=as_json)


@definition_app.command("export")
def definition_export(
    name: Annotated[str, typer.Argument(help="An id, or the file of your own page.")],
    cql: Annotated[bool, typer.Option("--cql", help="As CQL text (the only format so far).")] = False,
    parameter: Annotated[list[str] | None, typer.Option("--set", help="A parameter: name=value.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file instead of stdout.")] = None,
) -> None:
    """Write a definition in another language."""
    from openhlh.cli import assessing, defining
    from openhlh.errors import WrongInput

    if not cql:
        raise WrongInput("no format is named", where="hlh definition export", remedy="add --cql")
    with readers_may_leave():
        defining.export(name, assessing.parse_pairs(parameter or [], "--set"), out)


@library_app.command("add")
def library_add(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Documents, reference files (.ris, .nbib, .bib, .csv, EndNote .xml), folders."),
    ],
    library: LibraryFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Add documents and reference records; exit 2 if one could not be added."""
    from openhlh.cli import library as shelf

    with readers_may_leave():
        code = shelf.add(paths, library, as_json=as_json)
    raise typer.Exit(code)


@library_app.command("list")
def library_list(
    library: LibraryFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """List everything in the library with its key."""
    from openhlh.cli import library as shelf

    with readers_may_leave():
        shelf.show_list(library, as_json=as_json)


@library_app.command("remove")
def library_remove(
    name: Annotated[str, typer.Argument(metavar="KEY", help="A key, a DOI or a PubMed number.")],
    library: LibraryFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Take one document or record out of the library."""
    from openhlh.cli import library as shelf

    with readers_may_leave():
        shelf.remove(name, library, as_json=as_json)


@library_app.command("search", context_settings={"ignore_unknown_options": True})
def library_search(
    words: Annotated[list[str], typer.Argument(help="Words, typed in any way.")],
    library: LibraryFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show the passages of the library that hold the words best."""
    from openhlh.cli import library as shelf

    with readers_may_leave():
        shelf.search(" ".join(words), library, as_json=as_json)


@content.command("check")
def content_check(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder of shelves; without one, those that ship.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Check every page: form, ids, sums, percents, subsets; exit 1 if something does not hold."""
    from openhlh.cli import showing

    with readers_may_leave():
        code = showing.check_content(folder, as_json=as_json)
    raise typer.Exit(code)


def run() -> None:
    """Run the command line; every error of ours is prose, never a traceback."""
    if sys.argv[1:] == ["--version"]:
        from openhlh import __version__

        sys.stdout.write(f"hlh {__version__}\n")
        return
    try:
        app()
    except OpenHLHError as error:
        from openhlh.cli.visible import visible

        sys.stderr.write(f"hlh: {visible(str(error))}\n")
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        _say_that_we_failed(error)
        raise SystemExit(70) from None


def _say_that_we_failed(error: Exception) -> None:
    """Tell a mistake of ours as prose: a traceback may hold values of a patient; HLH_DEBUG=1 shows it."""
    import os

    if os.environ.get("HLH_DEBUG"):
        raise error
    sys.stderr.write(
        f"hlh: this is a mistake of OpenHLH itself ({type(error).__name__}), not of your input. What it was "
        "to write may be missing or incomplete. To do: report the command without patient data; HLH_DEBUG=1 "
        "shows where it happened.\n"
    )
