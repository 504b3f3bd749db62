"""The small language of one fact, as written on the command line, in a page's cases and in wide tables.

`ferritin: 500 ug/L`, `fever: present`, `nk_activity: {value: 16.44 %, low: 15.11 %}`,
`etoposide: given since 14 d`, `age: 27 d`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from openhlh.content.vocabulary_of_facts import FactNames
from openhlh.errors import WrongInput
from openhlh.patients.days import ISO, born, born_between, duration, parse_birth, parse_day, with_sex
from openhlh.patients.measuring import NOT_DONE, PENDING, Said, is_nothing, measured, status_word, unlikely
from openhlh.patients.naming import Dictionary, dictionary, folded_name
from openhlh.patients.sites import Site
from openhlh.rules.facts import Facts, Given, Measurement, Person, Seen

Fact = Measurement | Seen | Given
YES = {"present", "yes", "y", "positive", "true", "1", "given", "seen"}
NO = {"absent", "no", "n", "negative", "false", "0", "not given", "not seen"}
OPEN = PENDING | {"unknown", "not evaluable", "equivocal", "indeterminate"}
BIRTHDAY = {"birthdate", "dateofbirth", "dob", "birthday", "born", "brthdt", "brthdtc"}
SEX = {"sex", "gender"}
_PARTS = ("value", "unit", "comparator", "low", "high", "cutoff", "flag", "status")
_SINCE = re.compile(r"^(?:given )?since (.+)$")
_SPAN = re.compile(r"^(?:given )?(?:from )?([0-9]{4}-\S+)(?: (?:to|until) ([0-9]{4}-\S+))?$")


@dataclass(frozen=True)
class Context:
    """What a fact is read with: the names, the site, and the day on which it counts (None: not known)."""

    names: Dictionary
    site: Site | None = None
    on: date | None = None


def parse_fact(
    name: str, said: str | Mapping[str, str], context: Context, row: str
) -> Measurement | Seen | Given | None:
    """Return the fact that a name and its text state; None for "not done" of a finding or a drug.

    WrongInput for an unknown name, a value without unit and everything else that cannot be used.
    """
    named = context.names.resolve(name, row)
    if named.kind == "analyte":
        parts = _said(said, row)
        return measured(context.names.analytes[named.id], parts, context.on, row, context.site)
    if not isinstance(said, str):
        raise WrongInput(f"{named.id} takes one word", where=row, remedy="write present, absent or pending")
    if named.kind == "finding":
        return parse_seen(named.id, said, context.on, row)
    return parse_given(named.id, said, context.on, row)


def _said(said: str | Mapping[str, str], row: str) -> Said:
    if isinstance(said, str):
        return Said(value=said)
    unknown = [key for key in said if key not in _PARTS]
    if unknown:
        raise WrongInput("this part of a result is not known", where=row, remedy=f"use {', '.join(_PARTS)}")
    return Said(**{key: str(value) for key, value in said.items()})


def parse_seen(finding: str, text: str, on: date | None, row: str) -> Seen | None:
    """Return what is written of a finding; None where nothing was recorded."""
    word = status_word(text)
    if is_nothing(text) or word in NOT_DONE:
        return None
    if word in OPEN:
        return Seen(finding, None, on, row)
    if word in YES or word in NO:
        return Seen(finding, word in YES, on, row)
    raise WrongInput(
        f"{finding} is neither present nor absent here",
        where=row,
        remedy="write present, absent, pending or not done",
    )


def parse_given(exposure: str, text: str, on: date | None, row: str) -> Given | None:
    """Return what is written of a drug: given, not given, given since 14 d, given 2024-01-02 to 2024-01-09.

    A plain "given" has no day: how long ago the drug began is not known then. None: nothing was recorded.
    """
    word = text.strip().casefold()
    if is_nothing(text) or status_word(text) in NOT_DONE | OPEN:
        return None
    if status_word(text) in YES | NO:
        return Given(exposure, given=status_word(text) in YES, row=row)
    since, span = _SINCE.match(word), _SPAN.match(word)
    if span:
        end = parse_day(span[2].upper(), row) if span[2] else None
        return course(exposure, parse_day(span[1].upper(), row), end, row)
    if since and ISO.match(since[1].upper()):
        return course(exposure, parse_day(since[1].upper(), row), on, row)
    if since and on is not None:
        count, unit = duration(since[1], row)
        return course(exposure, born_between(f"{count} {unit}", on, row)[1], on, row)
    raise WrongInput(
        f"it is not said whether {exposure} was given",
        where=row,
        why="`since 14 d` needs the day of judgement" if since else "",
        remedy="write given, not given, given since 14 d or given 2024-01-02 to 2024-01-09",
    )


def course(exposure: str, start: date, end: date | None, row: str) -> Given:
    """Return a drug given from a day to a day; WrongInput where it ends before it starts."""
    if end is not None and end < start:
        raise WrongInput(f"{exposure} ends before it starts", where=row, remedy="correct one of the days")
    return Given(exposure, start, end, row=row)


def about_person(person: Person, name: str, text: str, on: date | None, row: str) -> Person | None:
    """Return the person with an age, birthday or sex added; None where the name is none of these."""
    key = folded_name(name)
    if key not in {"age", *BIRTHDAY, *SEX}:
        return None
    if is_nothing(text):
        return person
    if key in SEX:
        return with_sex(person, text, row)
    if key in BIRTHDAY:
        return born(person, parse_birth(text, row), row)
    if on is None:
        raise WrongInput(
            "the day on which this was the age is not known", where=row, remedy="give the day or the birthday"
        )
    return born(person, born_between(text, on, row), row)


def facts_of(
    facts: Mapping[str, str | Mapping[str, str]],
    names: FactNames | Dictionary,
    *,
    on: date,
    baseline: tuple[Mapping[str, str | Mapping[str, str]], date] | None = None,
    site: Site | None = None,
) -> Facts:
    """Return all facts about one patient; those of the baseline get its day, the others the day of judgement.

    A drug that is just "given" has no day there, and counts for the day of judgement.
    """
    known = dictionary(names)
    person, rows, notes = Person("patient"), list[Fact](), list[str]()
    parts = [(facts, on, "")] + ([(*baseline, "baseline ")] if baseline else [])
    for mapping, day, prefix in parts:
        for name, said in mapping.items():
            row = f"{prefix}{name}" if folded_name(name).isalnum() else f"{prefix}fact"
            if isinstance(said, str) and (told := about_person(person, name, said, day, row)):
                person = told
                continue
            fact = parse_fact(name, said, Context(known, site, day), row)
            if prefix and isinstance(fact, Given) and fact.start is None:
                fact = replace(fact, start=day)
            if fact is not None:
                rows.append(fact)
            if isinstance(fact, Measurement) and (note := unlikely(known.analytes[fact.analyte], fact)):
                notes.append(note)
    return gathered(person, rows, tuple(notes), known)


def gathered(person: Person, rows: list[Fact], notes: tuple[str, ...], names: Dictionary) -> Facts:
    """Return the facts of one patient sorted by kind, with what they imply."""
    return with_implied(
        Facts(
            person,
            tuple(one for one in rows if isinstance(one, Measurement)),
            tuple(one for one in rows if isinstance(one, Seen)),
            tuple(one for one in rows if isinstance(one, Given)),
            notes,
        ),
        names,
    )


def with_implied(facts: Facts, names: FactNames | Dictionary) -> Facts:
    """Return the facts with every wider finding that a present one proves, and every class of a given drug.

    An absent finding says nothing of a wider one, nor a drug that was not given of its class.
    """
    known = dictionary(names)
    seen = [
        replace(one, finding=wider)
        for one in facts.findings
        if one.present
        for wider in known.wider.get(one.finding, ())
    ]
    given = [
        replace(one, exposure=wider)
        for one in facts.exposures
        if one.given
        for wider in known.classes.get(one.exposure, ())
    ]
    return replace(
        facts,
        findings=tuple(dict.fromkeys((*facts.findings, *seen))),
        exposures=tuple(dict.fromkeys((*facts.exposures, *given))),
        _index={},
    )
