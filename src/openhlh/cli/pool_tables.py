"""Tables of `hlh pool` that are printed only when asked for: subgroups and meta-regression."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from openhlh.cli.tables import console, print_table
from openhlh.cli.visible import visible


def show_groups(found: Mapping[str, Any], *, percent: bool) -> None:
    """Print the fit of every group and the test of their differences."""
    rows = [
        (
            visible(one["name"]),
            str(one["fit"]["k"]),
            shown(one["fit"]["estimate"], percent=percent),
            between(one["fit"]["interval"], percent=percent),
            one["fit"]["interval"]["name"],
        )
        for one in found["groups"]
    ]
    sys.stdout.write("\ngroups:\n")
    print_table(console(), ("group", "k", "estimate", "interval", "method"), rows)
    test = found["test"]
    if test is not None:
        p = "" if test["p"] is None else f", p = {test['p']:.3g}"
        sys.stdout.write(
            f"{test['name']}: {test['statistic']:.2f} on {test['df']} df{p} ({test['definition']})\n"
        )
    for note in found["notes"]:
        sys.stdout.write(f"note: {visible(note)}\n")


def show_steps(steps: Sequence[Mapping[str, Any]], *, percent: bool) -> None:
    """Print the estimate after each step of a cumulation."""
    rows = [
        (
            str(one["at"]),
            visible("; ".join(one["added"])),
            str(one["k"]),
            shown(one["estimate"], percent=percent),
            between(one["interval"], percent=percent),
        )
        for one in steps
    ]
    sys.stdout.write("\nstudy by study:\n")
    print_table(console(), ("at", "added", "k", "estimate", "interval"), rows)


def show_regression(found: Mapping[str, Any]) -> None:
    """Print the coefficients of a meta-regression."""
    heads = ("coefficient", "estimate", "se", "interval", "p")
    rows = [
        (
            visible(one["name"]),
            shown(one["estimate"]),
            shown(one["se"]),
            f"{shown(one['low'])} to {shown(one['high'])}",
            "" if one["p"] is None else f"{one['p']:.3g}",
        )
        for one in found["coefficients"]
    ]
    sys.stdout.write("\nmeta-regression, on the scale of the model:\n")
    print_table(console(), heads, rows)
    for note in found["notes"]:
        sys.stdout.write(f"note: {visible(note)}\n")


def between(limits: Mapping[str, Any], *, percent: bool) -> str:
    """Return the ends of an interval in words."""
    return f"{shown(limits['low'], percent=percent)} to {shown(limits['high'], percent=percent)}"


def shown(value: float | None, *, percent: bool = False) -> str:
    """Return a number as it is printed; None is an open end."""
    if value is None:
        return "open"
    return f"{100 * value:.1f} %" if percent else f"{value:.3g}"
