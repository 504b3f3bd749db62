"""Which cautions a question calls for, beyond the cues that stand on the pages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openhlh.answers.frame import Frame

_WEIGHT = re.compile(r"(?<![/\d])(\d{1,3}(?:[.,]\d)?)\s*(?:kg|kilos?|kilograms?|lbs?|pounds)\b(?!\s*/)")
_AGE = re.compile(
    r"(?<!\d)(\d{1,2})[ -]?(?:years?|yrs?|yo|y/o|y)[ -]?(?:old)?\b(?!s?[ -]?(?:survival|follow|overall|os))"
    r"|aged (\d{1,2})\b|(\d{1,2})[ -]months?[ -]old"
)
_NO_CLAIM = re.compile(r"\b(?:gestation|pregnan\w*|weeks? pregnant|bp|blood pressure|criteria|vision)\b")


def with_fitting_cautions(frame: Frame, asked: str) -> Frame:
    """Add the dose caution where a dose is asked for one person; drop it where only a relative is named."""
    cautions = [caution for caution in frame.cautions if caution != "personal_dose"]
    one_person = "personal_dose" in frame.cautions or _WEIGHT.search(asked) or _AGE.search(asked)
    asks_dose = {"dosing", "worth_it"} & set(frame.intents)
    if one_person and asks_dose and "emergency" not in cautions:
        cautions.append("personal_dose")
        if "dosing" in frame.intents:
            frame = replace(frame, about=("dosing", "safety"))
    return replace(frame, cautions=tuple(cautions))


def with_stated_age(frame: Frame, asked: str) -> Frame:
    """Read a stated age as child or adult; the age itself is not kept."""
    found = _AGE.search(asked)
    if not found or frame.ages:
        return frame
    years = int(found[1] or found[2] or found[3])
    child = years < 18 or found[3] is not None
    return replace(frame, ages=("child" if child else "adult",))


def without_other_fractions(frame: Frame, asked: str) -> Frame:
    """Weeks of pregnancy, blood pressure and criteria counts look like claims and are none."""
    possible = tuple(pair for pair in frame.fractions if pair[0] <= pair[1])
    if frame.definitions or _NO_CLAIM.search(asked):
        possible = ()
    return replace(frame, fractions=possible)
