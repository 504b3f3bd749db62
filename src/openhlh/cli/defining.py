"""`hlh definition`: list, show, check, diff and export on the terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openhlh.cli.assessing import tell_of_reading
from openhlh.cli.visible import json_text, visible
from openhlh.journeys import define

if TYPE_CHECKING:
    from datetime import date


def show_list(*, as_json: bool) -> None:
    """Print every executable definition."""
    from openhlh.cli.tables import console, print_table

    rows = define.listed()
    if as_json:
        _json({"definitions": rows})
        return
    columns = ("id", "title", "kind", "status", "source", "cases")
    table = [[str(row[name]) for name in columns] for row in sorted(rows, key=lambda r: (r["kind"], r["id"]))]
    print_table(console(), columns, table)


def show_page(name: str, *, as_json: bool) -> None:
    """Print a definition as prose for a clinician."""
    from openhlh.definitions.prose import as_prose
    from openhlh.rules.tree import as_tree

    opened, key = define.open_one(name, proved=False)
    page, bound = opened.book.page(key), opened.book.bound(key)
    logic = page.logic
    if as_json:
        rules = {"rule": as_tree(bound.rule)} if bound.rule else {"levels": [
            {"id": level.id, "rule": as_tree(rule)} for level, rule in bound.levels
        ]}  # fmt: skip
        about = {"id": page.id, "title": page.title, "status": logic.status if logic else page.status}
        _json({**about, "source": page.source, **rules})
        return
    flag = " [unverified: rests on memory, off by default]" if logic and logic.status == "unverified" else ""
    _say(f"{page.title} ({page.id}, {page.kind}, version {page.version}) [{page.source}]{flag}")
    _say(f"{page.rule.rstrip('.')}.\n")
    for depth, text in as_prose(bound):
        _say(f"{'  ' * depth}- {text}")
    if logic is None:
        return
    _say("")
    for one in logic.parameters:
        others = "; ".join(f"{other.value} [{other.source}]" for other in one.others)
        _say(f"Parameter {one.id} = {one.default}: {one.text}" + (f" (others: {others})" if others else ""))
    _say(f"Window: {_window(logic.window.start, logic.window.end)} around the day of judgement")
    if logic.window_note:
        _say(f"{logic.window_note.rstrip('.')}.")
    _say(
        "Missing data: unknown, never not met; a verdict is given only where no missing fact could change it."
    )
    for doubt in page.doubts:
        _say(f"! Doubt: {doubt.text}")
    _say(f"Proved by {len(page.cases)} worked cases.")


def _window(start: int | None, end: int | None) -> str:
    if start is None and end is None:
        return "any day"
    before = "any day before" if start is None else f"{-start} days before"
    after = "any day after" if end is None else f"{end} days after"
    return f"{before} to {after}"


def check(names: list[str], *, as_json: bool) -> int:
    """Run the worked cases of pages in both engines and return the exit code."""
    every = tuple(names) or tuple(row["id"] for row in define.listed())
    opened, failures, count = define.checked(every)
    if as_json:
        _json({"definitions": list(opened.keys), "cases": count, "failures": [vars(one) for one in failures]})
    else:
        for one in failures:
            _say(f"{one.page}, case {one.case!r}: {one.what}")
        _say(f"{len(opened.keys)} definitions, {count} cases in two engines, {len(failures)} do not hold")
    return 1 if failures else 0


def diff(first: str, second: str, source: Path, on: date | None, *, as_json: bool) -> None:
    """Print whom two definitions separate, and by which lines."""
    found = define.compared((first, second), source, on)
    if as_json:
        rows: list[dict[str, Any]] = [
            {
                "subject": one.subject,
                "verdicts": dict(zip(found.keys, one.verdicts, strict=True)),
                "why": list(one.reasons),
            }
            for one in found.separated
        ]
        about = {"omitted": [vars(one) for one in found.omitted], "input_notes": list(found.notes)}
        _json({"definitions": list(found.keys), "patients": found.patients, "separated": rows, **about})
        return
    tell_of_reading(found.notes, found.omitted)
    for one in found.separated:
        words = [verdict.replace("_", " ") for verdict in one.verdicts]
        _say(f"{visible(one.subject)}: {found.keys[0]} {words[0]}, {found.keys[1]} {words[1]}")
        for reason in one.reasons:
            _say(f"    {reason}")
    _say(f"{len(found.separated)} of {found.patients} patients are judged differently")


def export(name: str, parameters: dict[str, str], out: Path | None) -> None:
    """Write a definition as CQL to a file or to stdout."""
    from openhlh.files import write_atomically

    text = define.exported(name, parameters)
    if out is None:
        sys.stdout.write(text)
    else:
        write_atomically(out, text)
        sys.stderr.write(f"written: {out}\n")


def _json(value: object) -> None:
    sys.stdout.write(json_text(value))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
