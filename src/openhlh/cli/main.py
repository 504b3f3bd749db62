"""The command `hlh`: arguments in, one journey each, errors as prose with their exit code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from openhlh.cli.pipes import readers_may_leave
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
) -> None:
    """Answer a clinical question; without one on a terminal, open a dialogue."""
    from openhlh.cli import asking

    wish = asking.Wish(audience, as_json, markdown, html, references, follow, explain)
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
        sys.stderr.write(f"hlh: {error}\n")
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
