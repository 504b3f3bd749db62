"""Choosing: which arms a frame means, and which items say what it asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import log10
from typing import TYPE_CHECKING

from openhlh.answers.items import Index, Item, drugs_of
from openhlh.answers.phrases import SALVAGE_LINES

if TYPE_CHECKING:
    from openhlh.answers.frame import Frame
    from openhlh.content.shelves import Shelves
    from openhlh.content.study import Arm, Study

# The weights order evidence; they never reach an answer as a number. They are chosen so that what the
# asker names outweighs what we infer: a study > a regimen > a drug > patients > wording > size.
_STUDY, _THROUGH, _REGIMEN, _FAMILY, _LEADING_DRUG, _PART_DRUG = 20.0, 14.0, 12.0, 4.0, 10.0, 4.0
_PATIENTS, _PLACE, _OTHER_PATIENTS, _FIRST_FOR_SALVAGE = 4.0, 4.0, -3.0, -4.0
_NO_RESPONSE_COUNT = 1.5
_TOGETHER = 6.0  # for each further named drug that the same arm was given
_WORDING_CAP, _CLEARLY_AHEAD = 9.0, 3.0
_PLACES = {
    "china": ("china",),
    "usa": ("usa", "us"),
    "france": ("france",),
    "japan": ("japan",),
    "sweden": ("sweden",),
    "international": ("international", "countries"),
    "europe": ("europe", "france", "sweden"),
}
_DESIGNS = {
    "trial": {"single_arm_trial": 1.0, "case_report": -2.0},
    "review": {"systematic_review": 4.0, "narrative_review": 3.0},
    "registry": {"prospective_registry": 4.0, "retrospective": 1.0},
    "case_report": {"case_report": 4.0, "case_series": 3.0},
    "real_world": {"retrospective": 3.0},
    "multicentre": {},
    "randomised": {"randomised_trial_post_hoc": 3.0},
    "web_answer": {"web_answer": 9.0},
}


Order = Callable[[Item], tuple[int, int]]  # where an item's study and its arm stand among the chosen ones


@dataclass(frozen=True, eq=False)
class Chosen:
    """An arm that a frame means, with the score by which it was chosen."""

    study: Study
    arm: Arm
    score: float


def choose_arms(frame: Frame, shelves: Shelves, index: Index) -> tuple[Chosen, ...]:
    """Return the arms that the frame means, best first; empty where it names no subject that has any."""
    scored = _scored(frame, shelves)
    if frame.studies and (others := _not_of_named_studies(frame, scored, shelves)):
        scored += _scored(others, shelves)
    if not scored:
        return ()
    wording = _wording(frame, scored, index)
    ranked = sorted(
        (Chosen(one.study, one.arm, one.score + wording[one.study.id]) for one in scored),
        key=lambda one: -one.score,
    )
    return _narrowed(frame, _side_by_side(frame, _exact_regimen(frame, ranked), shelves))


def _side_by_side(frame: Frame, ranked: list[Chosen], shelves: Shelves) -> list[Chosen]:
    """Where several treatments are named, let each come to word before any comes again."""
    named = [*frame.regimens, *frame.drugs]
    if len(named) < 2 or frame.studies:
        return ranked
    seen: Counter[str] = Counter()
    turns: list[tuple[int, int, Chosen]] = []
    for place, one in enumerate(ranked):
        given = {one.arm.regimen or "", *drugs_of(one.arm, shelves)}
        subject = next((name for name in named if name in given), "")
        family = _family(one.arm.regimen, shelves)
        mixes = (
            subject in frame.drugs
            and family
            and any(_family(name, shelves) == family for name in frame.regimens)
        )
        subject = "mixed" if mixes and "comparison" in frame.about else subject
        turns.append((seen[subject] + (9 if subject == "mixed" else 0), place, one))
        seen[subject] += 1
    return [one for _, _, one in sorted(turns, key=lambda turn: turn[:2])]


def _family(regimen: str | None, shelves: Shelves) -> str | None:
    page = shelves.regimens.get(regimen or "")
    return page.family if page else None


def _scored(frame: Frame, shelves: Shelves) -> list[Chosen]:
    return [
        Chosen(study, arm, score)
        for study, arm in shelves.arms()
        if (score := _score(frame, study, arm, shelves)) is not None
    ]


def _not_of_named_studies(frame: Frame, scored: list[Chosen], shelves: Shelves) -> Frame | None:
    """Return the frame of the drugs and regimens that the named studies did not give, if there are any."""
    given = {drug for one in scored for drug in drugs_of(one.arm, shelves)}
    regimens = {one.arm.regimen for one in scored}
    drugs = tuple(drug for drug in frame.drugs if drug not in given)
    others = tuple(regimen for regimen in frame.regimens if regimen not in regimens)
    if not (drugs or others):
        return None
    return replace(frame, studies=(), drugs=drugs, regimens=others)


def _score(frame: Frame, study: Study, arm: Arm, shelves: Shelves) -> float | None:
    named = _named(frame, study, arm, shelves)
    if named is None:
        return None
    return named + _patients(frame, arm) + _setting(frame, study, arm)


def _named(frame: Frame, study: Study, arm: Arm, shelves: Shelves) -> float | None:
    """Score what is named; None where the arm is not what was named."""
    score = 0.0
    if frame.studies:
        through = arm.seen.through if arm.seen else study.seen.through
        if study.id in frame.studies:
            score += _STUDY
        elif through in frame.studies:
            score += _THROUGH
        elif not (frame.drugs or frame.regimens):
            return None
    if frame.drugs or frame.regimens:
        treated = _treated_with(frame, arm, shelves)
        if treated is None and score < _STUDY:
            return None
        if treated is None and _some_arm_is_treated(frame, study, shelves):
            return None
        score += treated or 0.0
        if frame.studies and score < _THROUGH:
            return None
    return score


def _some_arm_is_treated(frame: Frame, study: Study, shelves: Shelves) -> bool:
    return any(_treated_with(frame, arm, shelves) is not None for arm in study.arms)


def _treated_with(frame: Frame, arm: Arm, shelves: Shelves) -> float | None:
    if arm.regimen in frame.regimens:
        return _REGIMEN
    given = drugs_of(arm, shelves)
    scores = [score for drug in frame.drugs if (score := _drug_score(drug, given))]
    if scores:
        return max(scores) + (0.0 if "comparison" in frame.about else _TOGETHER) * (len(scores) - 1)
    families = {shelves.regimens[regimen].family for regimen in frame.regimens} - {None}
    regimen = shelves.regimens.get(arm.regimen or "")
    return _FAMILY if regimen and regimen.family in families else None


def _drug_score(drug: str, given: tuple[str, ...]) -> float:
    if drug not in given:
        return 0.0
    return _LEADING_DRUG if given[0] == drug else _PART_DRUG


def _patients(frame: Frame, arm: Arm) -> float:
    score = 0.0
    for etiology in frame.etiologies:
        if etiology in arm.etiology.groups:
            score += _PATIENTS
        elif not {"mixed", "not_stated", "secondary"} & set(arm.etiology.groups):
            score += _OTHER_PATIENTS
    if frame.ages and arm.age.group != "not_stated":
        wanted = {"mixed": 1.0}.get(arm.age.group, _OTHER_PATIENTS)
        score += _PATIENTS if arm.age.group in frame.ages else wanted
    if frame.asks_salvage:
        score += (
            _PATIENTS if arm.line in SALVAGE_LINES else _FIRST_FOR_SALVAGE if arm.line == "first" else 0.0
        )
    elif "first" in frame.lines:
        score += _PATIENTS if arm.line == "first" else -1.0
    if arm.part_of:
        score -= 1.0
    if arm.response is None:
        score -= _NO_RESPONSE_COUNT
    if "not_hlh" in arm.etiology.groups and "not_hlh" not in frame.etiologies:
        score -= _PATIENTS
    return score + log10(1 + (arm.evaluable or arm.enrolled or 0))


def _setting(frame: Frame, study: Study, arm: Arm) -> float:
    country = (arm.country or study.country).lower()
    score = 0.0
    for place in frame.places:
        score += _PLACE if any(name in country for name in _PLACES.get(place, ())) else -1.0
    for reference in frame.references:
        score += _DESIGNS.get(reference, {}).get(study.design, 0.0)
    if "multicentre" in frame.references and "centre" in f"{study.setting} {study.title}":
        score += 2.0
    if study.design in {"narrative_review", "systematic_review", "web_answer", "statement"}:
        score -= 0.0 if {"review", "web_answer"} & set(frame.references) or frame.studies else 4.0
    return score


def _wording(frame: Frame, scored: list[Chosen], index: Index) -> dict[str, float]:
    """Score how much the question's rare words describe each study."""
    likeness: dict[str, float] = {}
    for one in scored:
        if one.study.id not in likeness:
            described = index.descriptions[one.study.id]
            shared = sum(index.rarity.get(stem, 0.0) for stem in frame.stems if stem in described)
            likeness[one.study.id] = min(_WORDING_CAP, 0.6 * shared)
    return likeness


def _exact_regimen(frame: Frame, ranked: list[Chosen]) -> list[Chosen]:
    """Where the named regimen itself was studied, its relatives are not what was asked."""
    exact = [one for one in ranked if one.arm.regimen in frame.regimens]
    if not exact or frame.studies or frame.drugs:
        return ranked
    return exact


def _narrowed(frame: Frame, ranked: list[Chosen]) -> tuple[Chosen, ...]:
    """Keep one study where the question speaks of one and it is clearly ahead."""
    if frame.studies or not frame.references or len({one.study.id for one in ranked}) < 2:
        return tuple(ranked)
    if {"review", "randomised"} & set(frame.references) or not (frame.drugs or frame.regimens):
        return tuple(ranked)
    best = ranked[0]
    second = next(one for one in ranked if one.study.id != best.study.id)
    if best.score - second.score < _CLEARLY_AHEAD:
        return tuple(ranked)
    return tuple(one for one in ranked if one.study.id == best.study.id)


def rank_for(facet: str, items: Iterable[Item], frame: Frame, index: Index, order: Order) -> list[Item]:
    """Return the items about a facet: outcomes first, then by study order, closeness and wording."""
    hidden = {"patient"} if facet == "doubts" else {"patient", "doubt"}
    about = [item for item in items if facet in item.about and item.kind not in hidden]
    return sorted(
        about,
        key=lambda item: (
            order(item)[0],
            item.kind != "result",
            item.about.index(facet) > 0,
            order(item)[1],
            -index.likeness(frame.stems, item),
        ),
    )
