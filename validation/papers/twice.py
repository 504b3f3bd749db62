"""One quantity told in two parts of a paper, alike or differently."""

from __future__ import annotations

from .proportions import share_slots, shown_share, thing_slots
from .share_templates import SHARE
from .study import Study
from .wording import Pen, Said

NAMED = tuple(one for one in SHARE if "{noun}" in one)


def twice(pen: Pen, study: Study, sections: tuple[str, str], kind: str = "") -> list[Said] | None:
    """Return one share told in two sections; with a kind, the second tells another count."""
    total = study.everyone.size
    if total < 8:
        return None
    slots, first = thing_slots(pen, study), study.count(total)
    second = first
    if kind:
        reach = max(2, total // 10)
        others = [n for n in range(first - reach, first + reach + 1) if 0 < n < total and n != first]
        second = pen.chance.choice(others)
    places = 1 if total < 1000 or not kind else 2
    told = []
    for section, count in zip(sections, (first, second), strict=True):
        shown = shown_share(pen, count, total, places)
        filled = slots | share_slots(pen, count, total) | {"P": pen.style.percent(shown, places)}
        said = pen.say(NAMED, filled, section).told(count, total, shown, "X", "Xw", "xw", "N", "P")
        told.append(said.planted(kind, str(first), "X", "Xw", "xw", "N", "P") if kind else said)
    return told
