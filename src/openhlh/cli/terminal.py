"""An answer on a terminal: coloured and wrapped there, plain lines when piped."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.text import Text

_WIDEST, _NARROWEST = 100, 40
_DEEPEST_HANG = 6

Say = Callable[[str, str], None]  # a line and its style


def show(answer: dict[str, Any], corrected: tuple[tuple[str, str], ...] = ()) -> None:
    """Print the contract object of an answer."""
    say = _coloured() if sys.stdout.isatty() else _plain
    say(answer["question"].strip(), "bold")
    for typed, read_as in corrected:
        say(f"(read {typed!r} as {read_as!r})", "dim")
    seen: set[str] = set()
    for section in answer["sections"]:
        alarm = section["title"] == "Before anything else"
        say(f"\n{section['title']}", "bold red" if alarm else "bold cyan")
        for one in section["statements"]:
            _statement(say, one, seen)
    _passages(say, answer)
    if "patient" in answer:
        _patient(say, answer)
    _tail(say, answer)


def _plain(line: str, _style: str) -> None:
    sys.stdout.write(f"{line}\n")


def _coloured() -> Say:
    """Return how to say a line on a terminal: wrapped with a hanging indent, in its style."""
    from rich.console import Console

    console = Console(highlight=False, emoji=False, markup=False)
    console.width = max(_NARROWEST, min(console.width, _WIDEST))  # a terminal may claim no width at all
    width = console.width - 1

    def say(line: str, style: str) -> None:
        body = line.lstrip("\n")
        mark = len(body) - len(body.lstrip(" •!"))
        hang = " " * (mark if mark <= _DEEPEST_HANG else _DEEPEST_HANG + 2)
        wrapped = textwrap.fill(body, width, subsequent_indent=hang) if body else ""
        console.print("\n" * (len(line) - len(body)) + wrapped, style=style, soft_wrap=True)

    return say


def _statement(say: Say, one: dict[str, Any], seen: set[str]) -> None:
    keys = "".join(f" [{key}]" for key in one["citations"])
    say(f"  • {one['text']}{keys}", "")
    for doubt in one["doubts"]:
        if doubt not in seen:
            say(f"      ! Doubt: {doubt}", "yellow")
        seen.add(doubt)


def _passages(say: Say, answer: dict[str, Any]) -> None:
    from openhlh.cli.visible import visible
    from openhlh.renderings.markdown import passage_place, passages_title

    if answer.get("passages"):
        say(f"\n{passages_title(answer)}", "bold cyan" if answer["answered"] else "bold yellow")
    for one in answer.get("passages", ()):
        say(f"  • {visible(passage_place(one))}:", "")
        say(f"      “{visible(' '.join(one['text'].split()))}”", "")


def _patient(say: Say, answer: dict[str, Any]) -> None:
    from openhlh.cli.tables import console, print_table, verdict_text
    from openhlh.renderings.markdown import omission_line, patient_title, study_line, verdict_rows

    part = answer["patient"]
    say(f"\n{patient_title(answer)}", "bold cyan")
    rows: list[list[str | Text]] = [
        [verdict_text(verdict.replace(" ", "_")), title, because]
        for verdict, title, because in verdict_rows(part)
    ]
    if rows:
        print_table(console(), ("verdict", "definition", "because"), rows)
    for one in part["studies"]:
        say(f"  • [{one['study']}] {one['title']}: {study_line(one)}", "")
    for note in (*part["notes"], *map(omission_line, part["omitted"])):
        say(f"  • {note}", "dim" if rows else "")


def _tail(say: Say, answer: dict[str, Any]) -> None:
    from openhlh.renderings.markdown import reference_line

    if answer["refusals"]:
        say("\nNot answered", "bold yellow")
        for one in answer["refusals"]:
            say(f"  • {one['text']}. {one['reason']}.", "")
    if answer["references"]:
        say("\nReferences", "bold cyan")
        for one in answer["references"]:
            say(f"  [{one['key']}] {reference_line(one)}", "")
    if answer["follow_ups"]:
        say("\nYou may ask next", "bold cyan")
        for question in answer["follow_ups"]:
            say(f"  • {question}", "")
    review = answer["review"]["status"].replace("_", " ")
    say(f"\nReview of the pages used: {review}. Content version {answer['content_version']}.", "dim")
    say(f"{answer['notice'].rstrip('.')}.", "dim")
