"""What is to be pooled, from an analysis page or from what a reader typed; unknown values name the known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, get_args

from openhlh.content.words import SALVAGE, AgeGroup, Design, Etiology, Line
from openhlh.errors import WrongInput
from openhlh.evidence.candidates import drugs_of
from openhlh.evidence.selection import Asked, Where

if TYPE_CHECKING:
    from openhlh.content.analysis import Analysis, Outcome
    from openhlh.content.described import Shelves

FIELDS = ("line", "etiology", "age", "definition", "regimen", "family", "drug", "design", "year")
_WORDS: dict[str, tuple[str, ...]] = {
    "line": ("salvage", *get_args(Line)),
    "etiology": get_args(Etiology),
    "age": get_args(AgeGroup),
    "design": get_args(Design),
}
_YEAR = re.compile(r"^(\d{4}|\d{4}-|-\d{4}|\d{4}-\d{4})$")


def asked_by(page: Analysis) -> Asked:
    """Return what an analysis page asks to be pooled."""
    of = page.of
    given = {
        "family": (of.family,) if of.family else (),
        "regimen": of.regimens,
        "drug": of.drugs,
        "etiology": of.etiologies,
        "age": of.ages,
        "design": of.designs,
        "definition": of.definitions,
    }
    return Asked(
        name=page.id,
        outcome=page.outcome,
        lines=page.lines,
        arms=of.arms,
        where=tuple(Where(field, tuple(values)) for field, values in given.items() if values),
        out=tuple((one.arm, one.because) for one in page.left),
        allow=frozenset(one.rule for one in page.allow),
    )


def asked_ad_hoc(
    outcome: Outcome, studies: Sequence[str], where: Iterable[tuple[str, str]], shelves: Shelves
) -> Asked:
    """Return what a reader asks for by `--studies` and `--where` (field, value) pairs.

    Values of one field are alternatives, different fields all have to hold; `line=salvage` stands for
    refractory, relapsed and relapsed or refractory. WrongInput names the fields or values that exist.
    """
    values: dict[str, list[str]] = {}
    for field, value in where:
        values.setdefault(_field(field), []).append(_value(_field(field), value, shelves))
    lines = [one for value in values.pop("line", []) for one in (SALVAGE if value == "salvage" else (value,))]
    return Asked(
        name="ad hoc",
        outcome=outcome,
        lines=tuple(dict.fromkeys(lines)),
        arms=tuple(dict.fromkeys(studies)),
        where=tuple(Where(field, tuple(dict.fromkeys(given))) for field, given in values.items()),
    )


def conditions(text: str) -> tuple[str, str]:
    """Return field and value of one `--where`; WrongInput where it is not `field=value`.

    >>> conditions("etiology = ebv")
    ('etiology', 'ebv')
    """
    field, sign, value = text.partition("=")
    if not sign or not field.strip() or not value.strip():
        raise WrongInput(
            f"`{text}` is no condition",
            where="--where",
            why="a condition is a field and a value",
            remedy=f"write field=value, such as etiology=ebv; fields are {', '.join(FIELDS)}",
        )
    return field.strip().lower(), value.strip()


def _field(field: str) -> str:
    if field not in FIELDS:
        raise WrongInput(
            f"studies have no field `{field}`", where="--where", remedy=f"use one of {', '.join(FIELDS)}"
        )
    return field


def _value(field: str, value: str, shelves: Shelves) -> str:
    if field == "year":
        if not _YEAR.match(value):
            raise WrongInput(
                f"`{value}` is no year or span of years",
                where="--where year",
                remedy="write 2015, 2015-2020, 2015- or -2020",
            )
        return value
    known = _WORDS.get(field) or tuple(_ids(field, shelves))
    names = {_plain(one): one for one in known} | _names(field, shelves)
    found = names.get(_plain(value))
    if found not in known:
        raise WrongInput(
            f"no study has the {field} `{value}`",
            where=f"--where {field}",
            why="a value that nothing has would silently select nothing",
            remedy=f"use one of {', '.join(known)}",
        )
    return found


def _ids(field: str, shelves: Shelves) -> list[str]:
    """Return the ids of a field that arms with response counts have."""
    arms = [arm for _, arm in shelves.arms() if arm.response]
    found: set[str] = set()
    for arm in arms:
        regimen = shelves.regimens.get(arm.regimen or "")
        match field:
            case "definition":
                found |= {arm.response.definition} if arm.response else set()
            case "drug":
                found |= set(drugs_of(arm, shelves))
            case "regimen":
                found |= {regimen.id} if regimen else set()
            case "family":
                found |= {regimen.family} if regimen and regimen.family else set()
    return sorted(found)


def _names(field: str, shelves: Shelves) -> dict[str, str]:
    """Return what readers call the drugs, regimens or definitions, each with its id."""
    pages: dict[str, Iterable[tuple[str, Sequence[str]]]] = {
        "drug": ((one.id, (*one.names, *one.abbreviations)) for one in shelves.drugs.values()),
        "regimen": ((one.id, one.names) for one in shelves.regimens.values()),
        "definition": ((one.id, one.names) for one in shelves.definitions.values()),
    }
    return {_plain(name): one for one, names in pages.get(field, ()) for name in names}


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
