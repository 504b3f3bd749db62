"""`hlh source` and `hlh content check` on the terminal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def show_source(key: str, *, as_json: bool) -> None:
    """Print what the shelves know of a source."""
    from openhlh.journeys.source import source
    from openhlh.renderings.markdown import reference_line

    known = source(key)
    if as_json:
        _json(known)
        return
    entry = known["source"]
    _say(f"{entry['key']}: {reference_line(entry)}")
    for name in ("type", "registration", "note"):
        if entry[name]:
            _say(f"  {name}: {entry[name]}")
    for page in known["pages"]:
        _show_page(page)
    if known["cited_by"]:
        _say(f"cited by: {', '.join(known['cited_by'])}")


def _show_page(page: dict[str, Any]) -> None:
    _say(f"\n{page['kind']} {page['id']}: {page['title']} (status {page['status']}, {page['review']})")
    for arm in page.get("arms", ()):
        size = f"line {arm['line']}; {arm['enrolled']} enrolled, {arm['evaluable']} {arm['unit']} evaluable"
        row = f" [row {arm['row']}]" if arm["row"] else ""
        _say(f"  arm {arm['id']}{row}: {arm['label']}; {size.replace('None', 'number not shown')}")
    for overlap in page.get("overlaps", ()):
        _say(f"  overlap: {overlap['kind'].replace('_', ' ')} {overlap['study']}: {overlap['reason']}")
    for doubt in page["doubts"]:
        _say(f"  ! doubt ({doubt['severity']}): {doubt['text']}")
        _say(f"      printed: {doubt['printed']}; computed: {doubt['computed']}; at: {doubt['at']}")


def check_content(folder: Path | None, *, as_json: bool) -> int:
    """Print what the check of the pages found and return the exit code: 0 holds, 1 does not."""
    from openhlh.journeys.check_content import check_content as check

    report = check(folder)
    if as_json:
        _json(report)
    else:
        for one in report["findings"]:
            _say(f"{one['page']}: {one['what']}. {one['why']}. To do: {one['remedy']}.")
        counts = ", ".join(f"{count} {name}" for name, count in report["pages"].items())
        _say(f"{counts}; {report['doubts']} recorded doubts; {len(report['findings'])} findings")
    return 1 if report["findings"] else 0


def _json(value: object) -> None:
    _say(json.dumps(value, ensure_ascii=False, indent=2))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
