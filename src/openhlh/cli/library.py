"""`hlh library`: what was added, what is there, and where words stand."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from openhlh.cli.visible import json_text, visible
from openhlh.journeys import library

FAILED = 2
_SAID = {"stored": "stored", "completed": "completed", "already_there": "already there", "failed": "failed"}


def add(paths: list[Path], place: Path | None, *, as_json: bool) -> int:
    """Add files and folders, progress on stderr; return the exit code: 0, or 2 where something failed."""
    report = library.add(paths, place, _progress)
    if as_json:
        sys.stdout.write(json_text(report.contract()))
    else:
        _show_added(report)
    return FAILED if report.counts["failed"] else 0


def _progress(text: str) -> None:
    sys.stderr.write(f"{visible(text)}\n")


def _show_added(report: library.Report) -> None:
    of_records = {Path(one["file"]).name for one in report.files if one["records"] is not None}
    for one in report.added:
        is_record = one.name.rpartition(", ")[0] in of_records
        if one.outcome != "stored" or one.why or not is_record:
            words = [_SAID[one.outcome], one.name if is_record or not one.key else "", one.key, one.title]
            _say(": ".join(filter(None, words)) + (f" ({one.why})" if one.why else ""))
    for file in report.files:
        if file["records"] is not None:
            told = ", ".join(f"{file[outcome]} {_SAID[outcome]}" for outcome in library.OUTCOMES)
            _say(f"{file['file']}: {file['records']} records: {told}")
    for skipped in report.skipped:
        _say(f"passed over: {skipped['file']} ({skipped['why']})")
    counts = ", ".join(f"{count} {_SAID[outcome]}" for outcome, count in report.counts.items())
    _say(f"{counts}; library: {report.library}")


def show_list(place: Path | None, *, as_json: bool) -> None:
    """Print every entry of the library."""
    entries = library.listed(place)
    if as_json:
        sys.stdout.write(json_text({"entries": entries}))
        return
    for entry in entries:
        _say(_line(entry))
    _say(f"{len(entries)} in the library")


def remove(name: str, place: Path | None, *, as_json: bool) -> None:
    """Take one entry out and print what it was."""
    entry = library.remove(name, place)
    if as_json:
        sys.stdout.write(json_text({"removed": entry}))
    else:
        _say(f"removed: {_line(entry)}")


def search(words: str, place: Path | None, *, as_json: bool) -> None:
    """Print the best passages with their hits marked."""
    found = library.search(words, place)
    if as_json:
        sys.stdout.write(json_text(found))
        return
    if found["count"] and not found["every_word"]:
        _say("No passage holds every word; these hold some:\n")
    for hit in found["passages"]:
        part = f", {hit['part']}" if hit["part"] else ""
        _say(f"{hit['key']}{part}, characters {hit['start']}-{hit['end']}: {hit['title']}")
        sys.stdout.write(f"    {_marked(hit)}\n\n")
    shown = len(found["passages"])
    _say(f"{shown} of {found['count']} passages" if found["count"] else "no passage holds any of these words")


def _marked(hit: dict[str, Any]) -> str:
    """Return the passage on one line, hits in bold on a terminal and between stars in a pipe."""
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    opens, closes = ("\x1b[1m", "\x1b[0m") if coloured else ("**", "**")
    pieces, here = [], hit["start"]
    for start, end in hit["hits"]:
        pieces += [_flat(hit, here, start), opens, _flat(hit, start, end), closes]
        here = end
    return "".join([*pieces, _flat(hit, here, hit["end"])])


def _flat(hit: dict[str, Any], start: int, end: int) -> str:
    piece = hit["text"][start - hit["start"] : end - hit["start"]]
    return visible("".join(" " if sign.isspace() else sign for sign in piece))


def _line(entry: dict[str, Any]) -> str:
    numbers = [
        f"doi {entry['doi']}" if entry["doi"] else "",
        f"PMID {entry['pmid']}" if entry["pmid"] else "",
    ]
    year = f" ({entry['year']})" if entry["year"] else ""
    held = [entry["format"], "" if entry["extent"] == "whole" else f"{entry['extent']} only"]
    known = "; ".join(filter(None, [f"{entry['title']}{year}", *numbers, *held]))
    return f"{entry['key']}: {known}"


def _say(text: str) -> None:
    sys.stdout.write("\n".join(map(visible, text.split("\n"))) + "\n")
