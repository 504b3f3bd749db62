"""Tables on a terminal (boxed, coloured) and in a pipe (plain columns, no wrapping)."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

MARKS = {"met": "✓", "not_met": "✗", "unknown": "?", "not_applicable": "–"}
STYLES = {"met": "green", "not_met": "red", "unknown": "yellow", "not_applicable": "dim"}
_PIPED_WIDTH = 4000  # a table that is wider would be cut


def console() -> Console:
    """Return the console of stdout."""
    if sys.stdout.isatty():
        return Console(highlight=False, emoji=False, markup=False)
    return Console(highlight=False, emoji=False, markup=False, width=_PIPED_WIDTH, color_system=None)


def verdict_text(verdict: str, said: str = "") -> Text:
    """Return a verdict with its mark, in its colour."""
    words = said or verdict.replace("_", " ")
    return Text(f"{MARKS[verdict]} {words}", style=STYLES[verdict])


def print_table(out: Console, heads: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> None:
    """Print rows under heads; columns without any entry are left out."""
    used = [n for n in range(len(heads)) if any(str(row[n]) for row in rows)]
    piped = not sys.stdout.isatty()
    table = Table(box=None if piped else box.SIMPLE, pad_edge=False, header_style="" if piped else "bold")
    for n in used:
        table.add_column(heads[n], no_wrap=piped)
    for row in rows:
        table.add_row(*(row[n] for n in used))
    with out.capture() as captured:
        out.print(table)
    for line in captured.get().splitlines():
        sys.stdout.write(f"{line.rstrip()}\n")
