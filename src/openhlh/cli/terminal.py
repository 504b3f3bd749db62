"""An answer on a terminal: coloured and wrapped there, plain text when piped."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_WIDEST = 100
_DEEPEST_HANG = 6


def show(answer: dict[str, Any], corrected: tuple[tuple[str, str], ...] = ()) -> None:
    """Print the contract object of an answer."""
    from rich.console import Console

    tty = sys.stdout.isatty()
    console = Console(highlight=False, soft_wrap=not tty, no_color=not tty, emoji=False, markup=False)
    if tty and console.width > _WIDEST:
        console.width = _WIDEST
    _line(console, answer["question"].strip(), style="bold")
    for typed, read_as in corrected:
        _line(console, f"(read {typed!r} as {read_as!r})", style="dim")
    seen: set[str] = set()
    for section in answer["sections"]:
        alarm = section["title"] == "Before anything else"
        _line(console, f"\n{section['title']}", style="bold red" if alarm else "bold cyan")
        for one in section["statements"]:
            _statement(console, one, seen)
    _tail(console, answer)


def _statement(console: Console, one: dict[str, Any], seen: set[str]) -> None:
    keys = "".join(f" [{key}]" for key in one["citations"])
    _indented(console, "  • ", f"{one['text']}{keys}")
    for doubt in one["doubts"]:
        if doubt not in seen:
            _indented(console, "      ! Doubt: ", doubt, style="yellow")
        seen.add(doubt)


def _tail(console: Console, answer: dict[str, Any]) -> None:
    from openhlh.renderings.markdown import reference_line

    if answer["refusals"]:
        _line(console, "\nNot answered", style="bold yellow")
        for one in answer["refusals"]:
            _indented(console, "  • ", f"{one['text']}. {one['reason']}.")
    if answer["references"]:
        _line(console, "\nReferences", style="bold cyan")
        for one in answer["references"]:
            _indented(console, "  ", f"[{one['key']}] {reference_line(one)}")
    if answer["follow_ups"]:
        _line(console, "\nYou may ask next", style="bold cyan")
        for question in answer["follow_ups"]:
            _indented(console, "  • ", question)
    review = answer["review"]["status"].replace("_", " ")
    _line(
        console,
        f"\nReview of the pages used: {review}. Content version {answer['content_version']}.",
        style="dim",
    )
    _line(console, answer["notice"], style="dim")


def _line(console: Console, text: str, style: str | None = None) -> None:
    console.print(text, style=style)


def _indented(console: Console, mark: str, text: str, style: str | None = None) -> None:
    if sys.stdout.isatty():
        hang = " " * (len(mark) if len(mark) < _DEEPEST_HANG else len(mark) - len(mark.lstrip()) + 2)
        text = textwrap.fill(text, console.width - 1, initial_indent=mark, subsequent_indent=hang)
        mark = ""
    console.print(f"{mark}{text}", style=style)
