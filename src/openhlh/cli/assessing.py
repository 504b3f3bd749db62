"""`hlh assess`: patients from a file, stdin or values, as tables or as JSON."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openhlh.cli.visible import json_text, visible
from openhlh.definitions.contract import counted
from openhlh.errors import WrongInput
from openhlh.journeys.assess import (
    Subjects,
    Wish,
    assessed,
    has_patients,
    published,
    responded,
    subject_of_values,
    subjects_of,
)
from openhlh.patients import days
from openhlh.patients.reading import text_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from openhlh.patients.rows import Omission

_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_UNDER = "· "
_MOST_SHOWN = 8


@dataclass(frozen=True)
class Shown:
    """How the result is wanted."""

    as_json: bool
    brief: bool


def parse_day(text: str, where: str) -> date:
    """Read the day of an option."""
    return days.parse_day(text, where)


def parse_pairs(pairs: list[str], where: str) -> dict[str, str]:
    """Read `name=value` pairs."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise WrongInput(
                "this is no pair of name and value", where=where, remedy="write it as name=value"
            )
        if name.strip() in found:
            raise WrongInput(f"`{name.strip()}` is given twice", where=where, remedy="give it once")
        found[name.strip()] = value.strip()
    return found


def run(items: list[str], wish: Wish, respond: str | None, shown: Shown) -> int:
    """Assess what the items name and return the exit code."""
    later = [item for item in items if _DAY.match(item)] if respond else []
    sources = [item for item in items if item not in later]
    if respond:
        response_on = tuple(parse_day(day, "--respond") for day in later)
        wish = replace(wish, baseline=parse_day(respond, "--respond"), response_on=response_on)
    if len(sources) == 1 and not _exists(sources[0]) and has_patients(sources[0]):
        return _published(sources[0], shown)
    subjects = _subjects(sources, wish)
    made = [responded(facts, wish) if respond else assessed(facts, wish) for facts in subjects.facts]
    about = {
        "omitted": [vars(one) for one in subjects.omitted],
        "input_notes": list(subjects.notes),
    }
    if shown.as_json:
        whole = {**made[0], **about} if len(made) == 1 else {"patients": made, **about}
        sys.stdout.write(json_text(whole))
        return 0
    tell_of_reading(subjects.notes, subjects.omitted)
    _print(made, respond is not None, shown)
    return 0


def tell_of_reading(notes: tuple[str, ...], omitted: tuple[Omission, ...]) -> None:
    """Say on stderr what a reader of the results should know of the input."""
    for note in notes:
        sys.stderr.write(f"note: {visible(note)}\n")
    for one in omitted:
        sys.stderr.write(visible(f"left out: {one.where}: {one.what}: {one.why}") + "\n")


def _published(study: str, shown: Shown) -> int:
    """Print the patients that a study prints, with the counts that follow from its values."""
    from openhlh.cli.tables import console, print_table, verdict_text

    rows = published(study)
    if shown.as_json:
        sys.stdout.write(json_text({"study": study, "definition": "hlh_2004", "patients": rows}))
        return 0
    out = console()
    out.print(f"{study}: HLH-2004 from the printed values", style="bold")
    table = []
    for row in rows:
        between = f"{row['met']}" if row["met"] == row["possible"] else f"{row['met']} to {row['possible']}"
        agrees = {True: "agrees", False: "does not agree, please check", None: ""}[row["agrees"]]
        table.append(
            [
                str(row["patient"]),
                row["printed"] or "",
                f"{between} of 8",
                verdict_text(row["verdict"]),
                agrees,
            ]
        )
    print_table(out, ("patient", "printed", "recomputed", "verdict", ""), table)
    return 0


def _subjects(sources: list[str], wish: Wish) -> Subjects:
    values = [item for item in sources if "=" in item and not _exists(item)]
    if values and len(values) == len(sources):
        return subject_of_values(parse_pairs(values, "hlh assess"), wish)
    if len(sources) == 1 and sources[0] not in ("", "-"):
        return subjects_of(Path(sources[0]), wish)
    if sources in (["-"], []) and sys.stdin is not None and not sys.stdin.isatty():
        return subjects_of(text_of(sys.stdin.buffer), wish)
    raise WrongInput(
        "one file or folder is needed, or values",
        where="hlh assess",
        remedy='write: hlh assess FILE, or: hlh assess "ferritin=9000 ug/L" "platelets=45 10*9/L"',
    )


def _exists(item: str) -> bool:
    try:
        return bool(item) and Path(item).exists()
    except OSError:  # too long for a name, or in a folder that may not be looked into
        return False


def _print(made: list[dict[str, Any]], responses: bool, shown: Shown) -> None:
    from openhlh.cli.tables import console
    from openhlh.journeys.assess import book

    out = console()
    for number, one in enumerate(made):
        if number:
            out.print()
        if responses:
            _print_response(out, one)
        else:
            _print_subject(out, one, brief=shown.brief or len(made) > 1)
    out.print()
    for notice in book().shelves.notices.values():
        out.print(f"{notice.text.rstrip('.')}.", style="dim")


def _print_subject(out: Console, one: dict[str, Any], *, brief: bool) -> None:
    out.print(f"Patient {visible(one['subject'])}, judged on {one['on']}", style="bold")
    if not brief:
        for definition in one["definitions"]:
            _print_definition(out, definition)
        out.print("\nSide by side", style="bold cyan")
    _side_by_side(out, one["definitions"])


def _print_definition(out: Console, one: dict[str, Any]) -> None:
    from openhlh.cli.tables import print_table, verdict_text

    flag = " [unverified]" if one["status"] == "unverified" else ""
    out.print(f"\n{one['title']} [{one['source']}]{flag}", style="bold cyan")
    out.print(verdict_text(one["verdict"], summary(one)))
    rows: list[list[str | Text]] = []
    for line in one["criteria"]:
        rows += _rows(line, "")
    print_table(out, ("", "criterion", "value", "date", "limit", "why"), rows)
    for text in settling(one):
        out.print(f"  {text}")
    if one["parameters"]:
        out.print(f"  taken as: {', '.join(f'{k} {v}' for k, v in one['parameters'].items())}", style="dim")
    for note in one["notes"]:
        out.print(f"  note: {note}", style="dim")
    for doubt in one["doubts"]:
        out.print(f"  ! doubt: {doubt['text']}", style="yellow")


def _rows(line: dict[str, Any], indent: str) -> list[list[str | Text]]:
    from openhlh.cli.tables import verdict_text

    own: list[str | Text] = [
        verdict_text(line["verdict"]),
        f"{indent}{line['text']}",
        line["value"] or "",
        line["date"] or "",
        line["limit"] or "",
        "" if line["why"] == line["verdict"].replace("_", " ") else line["why"],
    ]
    inside = [row for child in line["inside"] for row in _rows(child, indent + _UNDER)]
    return [own, *inside]


def summary(one: dict[str, Any]) -> str:
    """Return the verdict of a definition in one line: level, count with bounds, band."""
    word = str(one["verdict"]).replace("_", " ")
    if "level" in one:
        word = str(one["level"] or f"open: {' or '.join(one['possible_levels'])}")
    if one["met"] is None:
        return word
    text = f"{word}: {counted(one)}"
    bands = one.get("band", ())
    if bands:
        ends = [bands[0], *bands[-1:]] if len(bands) > 1 else bands
        said = " to ".join(f"{band['text']} ({band['status'].replace('_', ' ')})" for band in ends)
        text += f"; published probability {said}"
    return text


def settling(one: dict[str, Any]) -> list[str]:
    """Return what would settle an open verdict, one line for each way."""
    lines = []
    for verdict, phrase in (("met", "would be met"), ("not_met", "could no longer be met")):
        sets = [way for way in one["settled_by"] if way["verdict"] == verdict]
        if sets:
            word = "positive" if verdict == "met" else "negative"
            named = [way["facts"] for way in sets if way["facts"]]
            given = [name.replace("_", " ") for name in sets[0]["given"]]
            where = f" where there is {' and '.join(given)}" if given else ""
            lines.append(f"{phrase}{f' with {_ways(named, word)}' if named else ''}{where}")
    if one["verdict"] == "unknown" and not lines:
        lines.append("too much is missing to list what would settle it")
    return lines


def _ways(sets: list[list[str]], word: str) -> str:
    """Return the sets in words; of very many only what they are made of."""
    if len(sets) > _MOST_SHOWN:
        names = ", ".join(dict.fromkeys(name.replace("_", " ") for one in sets for name in one))
        return f"{len(sets[0])} {word} among {names} ({len(sets)} combinations; --json lists them)"
    named = "; ".join(" and ".join(name.replace("_", " ") for name in one) for one in sets)
    if len(sets) == 1:
        return f"{word} {named}"
    return f"{word} {'any one of' if len(sets[0]) == 1 else 'one of these sets:'} {named}"


def _side_by_side(out: Console, definitions: list[dict[str, Any]]) -> None:
    from openhlh.cli.tables import print_table, verdict_text

    rows = [
        [
            verdict_text(one["verdict"], summary(one)),
            one["title"],
            _policy(one, "untested_as_not_met"),
            _policy(one, "worst_case"),
        ]
        for one in definitions
    ]
    print_table(out, ("verdict", "definition", "if untested counts as not met", "worst case"), rows)


def _policy(one: dict[str, Any], name: str) -> str:
    verdict: str = one["policies"].get(name, "")
    return verdict.replace("_", " ") if verdict != one["verdict"] else ""


def _print_response(out: Console, one: dict[str, Any]) -> None:
    from openhlh.cli.tables import print_table, verdict_text

    out.print(f"Patient {visible(one['subject'])}, response against {one['baseline']}", style="bold")
    days = one["responses"]
    rows: list[list[str | Text]] = []
    for number, definition in enumerate(days[0]["definitions"]):
        cells = [day["definitions"][number] for day in days]
        rows.append([definition["title"], *(verdict_text(cell["verdict"], summary(cell)) for cell in cells)])
    print_table(out, ("definition", *(day["on"] for day in days)), rows)
    for one_day in one["disagreements"]:
        levels = ", ".join(f"{name}: {level}" for name, level in one_day["levels"].items())
        out.print(f"  definitions disagree on {one_day['on']}: {levels}", style="yellow")
