"""The closed word lists and small values that every kind of page shares."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from openhlh.loaded import Frozen, Id, Text, YesNo

__all__ = ["Frozen", "Id", "Text", "YesNo"]  # every page's module finds its words here

Printed = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)?$")]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]

About = Literal[
    "design",
    "population",
    "eligibility",
    "dosing",
    "efficacy",
    "speed",
    "durability",
    "survival",
    "deaths",
    "safety",
    "transplant",
    "steroids",
    "markers",
    "definition",
    "diagnosis",
    "comparison",
    "conclusion",
    "mechanism",
    "regulatory",
    "trial_status",
    "prognosis",
    "options",
    "combination",
    "trigger",
    "cns",
    "pregnancy",
    "gap",
]
Line = Literal["first", "refractory", "relapsed", "relapsed_or_refractory", "mixed", "not_stated"]
AgeGroup = Literal["child", "adult", "mixed", "not_stated"]
Etiology = Literal[
    "primary",
    "ebv",
    "malignancy",
    "rheumatologic",
    "infection",
    "secondary",
    "unknown",
    "mixed",
    "not_hlh",
    "not_stated",
]
Design = Literal[
    "single_arm_trial",
    "randomised_trial_post_hoc",
    "pooled_post_hoc",
    "retrospective",
    "prospective_registry",
    "case_series",
    "case_report",
    "systematic_review",
    "narrative_review",
    "web_answer",
    "statement",
]
Seen = Literal[
    "full_text", "abstract", "part_of_abstract", "registry", "second_hand", "label", "news", "preprint"
]
Status = Literal["draft", "accepted", "superseded", "unverified"]
Severity = Literal["low", "medium", "high"]


SALVAGE: tuple[Line, ...] = ("refractory", "relapsed", "relapsed_or_refractory")
OVERLAP_IN_WORDS = {  # said of one report, the other behind it
    "contains": "contains the patients of",
    "part_of": "is part of",
    "same_patients": "reports the same patients as",
    "earlier_report": "is an earlier report of",
    "later_report": "is a later report of",
    "probable": "probably shares patients with",
}


class Review(Frozen):
    """Who has reviewed a page; nothing is approved unless a named person approved it."""

    status: Literal["unreviewed", "under_review", "approved"] = "unreviewed"
    by: Text | None = None
    on: Day | None = None


class Fact(Frozen):
    """One statement in our own words, with what it is about and its place in the source."""

    about: Annotated[tuple[About, ...], Field(min_length=1)]
    text: Text
    at: Text
    plain: Text | None = None
    source: Id | None = None


class Doubt(Frozen):
    """A known inconsistency: both numbers stay, and it travels with every answer that uses them."""

    id: Id
    about: Annotated[tuple[About, ...], Field(min_length=1)]
    text: Text
    printed: Text
    computed: Text
    severity: Severity
    at: Text
    arms: tuple[Id, ...] = ()


class Page(Frozen):
    """What every page of its own file carries."""

    id: Id
    title: Text
    status: Status
    review: Review = Review()
