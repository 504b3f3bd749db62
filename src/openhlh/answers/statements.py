"""From items to statements: audience wording, numbers with their places, doubts that travel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openhlh.answers.answer import Number, Statement
from openhlh.answers.phrases import sentence
from openhlh.numerals import numerals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openhlh.answers.answer import Audience
    from openhlh.answers.items import Item
    from openhlh.content.words import Doubt

OURSELVES = "openhlh_editors"  # what we say from several pages, or of what is on none
_NO_PERSONAL_DOSE = "dosing"
_PLAIN_DOUBT = ("Some numbers in this report do not fit together. Ask the team about it.",)


def statement(item: Item, audience: Audience) -> Statement | None:
    """Return the item as a statement for an audience; None where it has no wording for it."""
    if audience == "patient":
        return _plain(item)
    text = sentence(item.text)
    if audience == "researcher" and item.arm and item.kind == "result" and item.arm.row:
        text = f"{text} Evidence row {item.arm.row}; place: {item.at}."
    return Statement(
        text=text,
        citations=(item.key,),
        numbers=numbers_of(text, item.key, item.at, item.computed),
        doubts=tuple(doubt_said(doubt) for doubt in item.doubts),
    )


def _plain(item: Item) -> Statement | None:
    if item.plain is None or item.about[0] == _NO_PERSONAL_DOSE:
        return None
    text = sentence(item.plain)
    doubted = item.kind == "result" and any(doubt.severity == "high" for doubt in item.doubts)
    return Statement(
        text=text,
        citations=(item.key,),
        numbers=numbers_of(text, item.key, item.at, item.plain_computed),
        doubts=_PLAIN_DOUBT if doubted else (),
    )


def computed_statement(
    text: str, keys: tuple[str, ...], made_from: Mapping[str, str] | None = None
) -> Statement:
    """Return a statement that was put together from several pages."""
    said = sentence(text)
    cited = keys or (OURSELVES,)
    return Statement(said, cited, numbers_of(said, cited[0], "shelves", made_from or {}))


def numbers_of(text: str, source: str, at: str, computed: Mapping[str, str]) -> tuple[Number, ...]:
    """Return every number of a text with its source and place, once each."""
    found = dict.fromkeys(one.text for one in numerals(text))
    return tuple(Number(one, source, at, computed.get(one)) for one in found)


def doubt_said(doubt: Doubt) -> str:
    """Return a doubt with both of its numbers."""
    return f"{sentence(doubt.text)} Printed: {doubt.printed}; computed: {doubt.computed} ({doubt.at})."
