"""`hlh screen`: counts on stdout, rows in a folder, progress on stderr."""

from __future__ import annotations

import json
import sys
import time

from openhlh.journeys.screen import Wish, screen


def run(source: str, wish: Wish, *, as_json: bool) -> int:
    """Screen a source and return the exit code."""
    started = time.monotonic()

    def say(text: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - started:6.1f} s] {text}\n")
        sys.stderr.flush()

    found = screen(source, wish, say)
    say("done")
    for note in found.notes:
        sys.stderr.write(f"note: {note}\n")
    total = sum(found.counts.values())
    if as_json:
        whole = {
            "definition": wish.definition,
            "parameters": found.parameters,
            "admissions": total,
            "verdicts": dict(sorted(found.counts.items())),
            "out": str(wish.out) if wish.out else None,
            "notes": list(found.notes),
            "content_version": found.content_version,
        }
        sys.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
        return 0
    sys.stdout.write(f"{wish.definition}: {total} admissions\n")
    for verdict, count in sorted(found.counts.items()):
        sys.stdout.write(f"  {verdict.replace('_', ' '):<15} {count:>10}\n")
    if wish.out:
        sys.stdout.write(f"rows: {wish.out}\n")
    return 0
