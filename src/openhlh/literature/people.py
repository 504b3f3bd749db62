"""How many people were screened, enrolled, randomised, treated or evaluable, as the study says of itself.

Sentences that speak of a group, a subset or another study are left alone: what they count is not the
study's own number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openhlh.claims import Told
from openhlh.literature.document import Document
from openhlh.literature.frames import Frame
from openhlh.literature.listed import Item, noun
from openhlh.literature.subjects import PEOPLE

ROLES = {
    "screened": "screened",
    "enrolled": "enrolled",
    "recruited": "enrolled",
    "included": "included",
    "randomised": "randomised",
    "randomized": "randomised",
    "randomly": "randomised",
    "treated": "treated",
    "evaluable": "evaluable",
}
_OTHERS = frozenset(
    {
        "group", "groups", "arm", "arms", "cohort", "cohorts", "control", "controls", "healthy",
        "additional", "another", "these", "those", "excluded", "subset", "subgroup", "previous",
        "previously", "already", "respectively", "vs", "versus", "compared", "et", "study's", "trials",
        "studies", "meta", "each", "per", "remaining", "other", "review", "pilot", "validation",
        "derivation", "training", "historical", "only", "will", "planned", "target", "required",
        "sample-size", "power", "centres", "centers", "sites", "first", "second", "phase", "part",
        "stage", "earlier", "whom", "age-matched", "matched", "plus", "prior", "them", "further",
        "later", "substudy", "sub-study", "expected", "aimed", "calculated", "needed", "withdrew",
        "not", "until", "least", "approximately", "about", "nearly", "over", "after", "half",
        "were/was", "initially", "never", "yet", "hundred", "thousand",
    }
)  # fmt: skip
_LEAD = frozenset(
    {
        "a", "total", "of", "the", "we", "have", "all", "data", "from", "on", "in", "with",
        "consecutive", "and",
    }
)  # fmt: skip
_ELSEWHERE = frozenset(
    {
        "introduction", "discussion", "references", "background", "conclusion", "conclusions",
    }
)  # fmt: skip
_REACH = 8


def people_told(document: Document, read: Sequence[Frame]) -> Iterator[Told]:
    """Yield the study's own numbers of people where it tells several; `what` is "people enrolled", ..."""
    roles = set(ROLES)
    found: list[Told] = []
    for frame in read:
        words = set(frame.lows)
        if not roles & words or _OTHERS & words or document.where(frame.tokens[0].start) in _ELSEWHERE:
            continue
        people = [item for item in frame.items if item.number and noun(frame.tokens, item) in PEOPLE]
        if len(people) == 1 and people[0].percent is None and people[0].total is None:
            found.extend(_told(frame, people[0]))
    if len(found) > 1:
        yield from found


def _told(frame: Frame, item: Item) -> Iterator[Told]:
    role = _role_behind(frame, item) or _role_ahead(frame, item)
    if not role or item.number is None:
        return
    start, end = frame.tokens[item.first].start, frame.tokens[item.last].end
    text, where = frame.document.text[start:end], frame.document.where(start)
    about = noun(frame.tokens, item)
    yield Told(start, end, text, where, about, item.number, f"people {role}")


def _role_behind(frame: Frame, item: Item) -> str:
    """Return the role in "34 patients with HLH were enrolled" and "34 evaluable patients"."""
    behind = frame.lows[item.last : item.last + 2 * _REACH]
    verb = next((at for at, low in enumerate(behind) if low in {"were", "was", "had"}), None)
    if verb is None or {",", ";", "(", ")"} & set(behind[:verb]):
        return ""
    told = [ROLES[low] for low in behind[verb + 1 : verb + 4] if low in ROLES]
    return told[0] if len(told) == 1 else ""


def _role_ahead(frame: Frame, item: Item) -> str:
    """Return the role in "We enrolled 34 patients" and "The study included a total of 34 patients"."""
    for at in range(item.first - 1, max(-1, item.first - _REACH), -1):
        low = frame.lows[at]
        if low in ROLES:
            return ROLES[low] if frame.lows[max(0, at - 1)] not in {"were", "was", "be", "been"} else ""
        if low not in _LEAD:
            return ""
    return ""
