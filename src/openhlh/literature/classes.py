"""Words that exclude each other: who is a man is no woman, who died is not alive.

A list of numbers may only be held to add up where its classes exclude each other. These families of
words do; symptoms, events, treatments and diseases do not and are never listed here.
"""

from __future__ import annotations

from collections.abc import Sequence

FAMILIES: dict[str, dict[str, str]] = {
    "sex": {
        "male": "male males men man boy boys gentlemen m",
        "female": "female females women woman girl girls ladies f",
    },
    "response": {
        "complete": "complete cr crs",
        "partial": "partial pr prs",
        "improvement": "hi minor improvement",
        "stable": "stable sd",
        "progressive": "progressive pd",
        "none": "no none absent non-response nonresponse non-responders nonresponders non-responder nr",
    },
    "vital": {
        "alive": "alive survived surviving survivors survivor living lived",
        "dead": "died dead deaths deceased death succumbed perished fatalities non-survivors nonsurvivors",
    },
    "severity": {"mild": "mild", "moderate": "moderate", "severe": "severe", "none": "absent none"},
    "change": {
        "better": "improved better",
        "same": "unchanged stable",
        "worse": "worsened deteriorated worse",
    },
    "outcome": {"excellent": "excellent", "good": "good", "fair": "fair", "poor": "poor"},
    "kind": {"benign": "benign", "malignant": "malignant"},
    "stage": {"1": "i", "2": "ii", "3": "iii", "4": "iv"},
    "smoking": {"never": "never non-smokers nonsmokers", "former": "former ex-smokers", "current": "current"},
    "flow": {
        "out": "excluded ineligible",
        "in": "enrolled included eligible randomised randomized recruited analysed analyzed",
    },
    "marital": {
        "married": "married",
        "single": "single unmarried",
        "divorced": "divorced separated",
        "widowed": "widowed widow widows",
    },
    "home": {"urban": "urban", "suburban": "suburban", "rural": "rural", "none": "homeless"},
    "school": {
        "first": "primary",
        "second": "secondary",
        "trade": "vocational",
        "third": "university tertiary",
    },
    "risk": {"low": "low low-risk", "intermediate": "intermediate medium", "high": "high high-risk"},
}
MEMBERS: dict[str, list[tuple[str, str]]] = {}
for _family, _members in FAMILIES.items():
    for _member, _words in _members.items():
        for _word in _words.split():
            MEMBERS.setdefault(_word, []).append((_family, _member))
UNKNOWN = frozenset({"unknown", "unclassified", "assessable", "undetermined"})
LEFT_OVER = UNKNOWN | {"unexplained", "idiopathic"}
OVERLAP = frozenset(
    {
        "both", "also", "each", "either", "some", "several", "multiple", "overlap", "overlapping",
        "simultaneously", "concurrent", "concurrently", "combination", "combined", "more", "events",
        "event", "adverse", "symptom", "symptoms", "complication", "complications", "comorbidity",
        "comorbidities", "toxicity", "toxicities", "infections", "manifestations", "features", "signs",
        "side-effects", "reasons", "respondents", "least", "additionally", "another", "history",
        "mutations", "variants", "genes", "risk", "medications", "drugs", "previously", "prior",
    }
)  # fmt: skip


def names(low: str, family: str) -> bool:
    """True for a word of the family, or one that says that the class is not known."""
    return low in UNKNOWN or any(of == family for of, _ in MEMBERS.get(low, ()))


def member(words: Sequence[str], family: str) -> str:
    """Return the one member of a family that the words name, "" where they name none or several.

    "very severe" is another class than "severe", and "not assessable" one of every family.
    """
    named = {
        ("very " if place and words[place - 1] == "very" else "") + found
        for place, word in enumerate(words)
        for of, found in MEMBERS.get(word, ())
        if of == family
    }
    if not named and not UNKNOWN.isdisjoint(words):
        return "unknown"
    return named.pop() if len(named) == 1 else ""
