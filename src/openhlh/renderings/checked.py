"""A checked document as one self-contained HTML page: its text with every judged number marked in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template

_WORST_FIRST = ("does_not_hold", "tension", "holds")
SAID = {
    "does_not_hold": "does not hold",
    "tension": "tension",
    "holds": "holds",
    "cannot_check": "can't be checked",
}


def as_checked_page(checked: dict[str, Any], text: str) -> str:
    """Return the contract object of a check, with the text that its offsets count in, as an HTML document."""
    claims = [dict(one, number=number) for number, one in enumerate(checked["claims"])]
    seen = [one for verdict in _WORST_FIRST[:2] for one in claims if one["verdict"] == verdict]
    pieces = list(_pieces(text, [one for one in claims if one["verdict"] in _WORST_FIRST]))
    return _template().render(checked=checked, seen=seen, pieces=pieces, said=SAID) + "\n"


def _pieces(text: str, claims: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield stretches of the text, each with the worst claim that lies over it (or none), in order."""
    edges = sorted({0, len(text), *(one["start"] for one in claims), *(one["end"] for one in claims)})
    waiting = sorted(claims, key=lambda one: int(one["start"]))
    open_now: list[dict[str, Any]] = []
    told: set[int] = set()
    for start, end in pairwise(edges):
        while waiting and waiting[0]["start"] <= start:
            open_now.append(waiting.pop(0))
        open_now = [one for one in open_now if one["end"] > start]
        over = min(open_now, key=lambda one: _WORST_FIRST.index(one["verdict"]), default=None)
        first = over is not None and over["number"] not in told
        if over is not None:
            told.add(over["number"])
        yield {"text": text[start:end], "claim": over, "first": first}


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("checked.html")
