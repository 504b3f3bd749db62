"""Which cautions a question calls for, beyond the cues that stand on the pages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from openhlh.answers.reading import words

if TYPE_CHECKING:
    from openhlh.answers.frame import Frame
    from openhlh.content.shelves import Shelves

_WEIGHT = re.compile(r"(?<![/\d])(\d{1,3}(?:[.,]\d)?)\s*(?:kg|kilos?|kilograms?|lbs?|pounds)\b(?!\s*/)")
_AGE = re.compile(
    r"(?<!\d)(\d{1,2})[ -]?(?:years?|yrs?|yo|y/o|y)[ -]?(?:old)?\b(?!s?[ -]?(?:survival|follow|overall|os))"
    r"|aged (\d{1,2})\b|(\d{1,2})[ -]months?[ -]old"
)
_NO_CLAIM = re.compile(r"\b(?:gestation|pregnan\w*|weeks? pregnant|bp|blood pressure|criteria|vision)\b")
_OF_A_STUDY = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|series|cohort|criteri\w+|share|percent\w*|proportion|how many|rates?|"
    r"incidence|reported|patients (?:had|have|with|who)|papers?)\b"
)


def with_fitting_cautions(frame: Frame, asked: str, shelves: Shelves) -> Frame:
    """Add what signs, weight or age call for; drop what only a study or a relative's mention set off."""
    cautions = [caution for caution in frame.cautions if caution not in {"personal_dose", "emergency"}]
    if _is_emergency(frame, asked, shelves):
        return replace(frame, cautions=("emergency", *cautions))
    one_person = "personal_dose" in frame.cautions or _WEIGHT.search(asked) or _AGE.search(asked)
    here = bool(_WEIGHT.search(asked) or _AGE.search(asked))
    if one_person and ("dosing" in frame.intents or ("worth_it" in frame.intents and here)):
        cautions.append("personal_dose")
        if "dosing" in frame.intents:
            frame = replace(frame, about=("dosing", "safety"))
    return replace(frame, cautions=tuple(cautions))


def _is_emergency(frame: Frame, asked: str, shelves: Shelves) -> bool:
    """True where a sign of an emergency is said of a person present, not of the patients of a study."""
    if _OF_A_STUDY.search(asked) or frame.studies:
        return False
    if "emergency" in frame.cautions:
        return True
    page = shelves.cautions.get("emergency")
    if page is None:
        return False
    said = f" {' '.join(words(asked))} "
    has_sign = any(f" {' '.join(words(sign))} " in said for sign in page.signs)
    return has_sign and any(f" {' '.join(words(person))} " in said for person in page.persons)


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
