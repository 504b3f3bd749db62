"""From items to statements: audience wording, numbers with their places, doubts that travel."""

from __future__ import annotations

import re
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
_MARK = re.compile(r" \[([a-z0-9_]+)\]")
_NO_PERSONAL_DOSE = "dosing"
_PLAIN_DOUBT = ("Some numbers in this report do not fit together. Ask the team about it.",)


def statement(item: Item, audience: Audience) -> Statement | None:
    """Return the item as a statement for an audience; None where it has no wording for it."""
    if audience == "patient":
        return _plain(item)
    text = sentence(f"{item.text}{_unconfirmed(item, ' [unverified]')}")
    if audience == "researcher" and item.arm and item.kind == "result" and item.arm.row:
        text = f"{text} Evidence row {item.arm.row}; place: {item.at}."
    return Statement(
        text=text,
        citations=(item.key,),
        numbers=numbers_of(text, item.key, item.at, item.computed),
        doubts=tuple(doubt_said(doubt) for doubt in item.doubts),
        at=item.at,
    )


def _plain(item: Item) -> Statement | None:
    if item.plain is None or item.about[0] == _NO_PERSONAL_DOSE:
        return None
    text = sentence(f"{item.plain}{_unconfirmed(item, ' (not confirmed)')}")
    doubted = item.kind == "result" and any(doubt.severity == "high" for doubt in item.doubts)
    return Statement(
        text=text,
        citations=(item.key,),
        numbers=numbers_of(text, item.key, item.at, item.plain_computed),
        doubts=_PLAIN_DOUBT if doubted else (),
    )


def _unconfirmed(item: Item, mark: str) -> str:
    """Return the mark where the page as a whole is unverified and the words do not say so yet."""
    unverified = item.page is not None and item.page.status == "unverified"
    return mark if unverified and "[unverified]" not in item.text else ""


def computed_statement(
    text: str, keys: tuple[str, ...], made_from: Mapping[str, str] | None = None
) -> Statement:
    """Return a statement that was put together from several pages."""
    said = sentence(text)
    cited = keys or (OURSELVES,)
    return Statement(said, cited, _numbers_by_mark(said, cited, made_from or {}))


def _numbers_by_mark(text: str, cited: tuple[str, ...], computed: Mapping[str, str]) -> tuple[Number, ...]:
    """Return the numbers of a text in which "[key]" follows what comes from that source."""
    found: dict[Number, None] = {}
    pieces = _MARK.split(text)  # words, key, words, key, ..., words
    for place in range(0, len(pieces), 2):
        key = pieces[place + 1] if place + 1 < len(pieces) else cited[-1] if len(pieces) > 1 else cited[0]
        source = key if key in cited else cited[0]
        found.update(dict.fromkeys(numbers_of(pieces[place], source, f"study page of {source}", computed)))
    return tuple(found)


def numbers_of(text: str, source: str, at: str, computed: Mapping[str, str]) -> tuple[Number, ...]:
    """Return every number of a text with its source and place, once each."""
    found = dict.fromkeys(one.text for one in numerals(text))
    return tuple(Number(one, source, at, computed.get(one)) for one in found)


def doubt_said(doubt: Doubt) -> str:
    """Return a doubt with both of its numbers."""
    return f"{sentence(doubt.text)} Printed: {doubt.printed}; computed: {doubt.computed} ({doubt.at})."
