"""The fixed words of answers: how the closed word lists of the shelves are said aloud."""

from __future__ import annotations

from openhlh.content.words import SALVAGE

LINE = {
    "first": "first line",
    "refractory": "refractory",
    "relapsed": "relapsed",
    "relapsed_or_refractory": "relapsed or refractory",
    "mixed": "first and later lines mixed",
    "not_stated": "line of therapy not stated",
}
LINE_PLAIN = {
    "first": "as a first treatment",
    "refractory": "after earlier treatment had failed",
    "relapsed": "after HLH had come back",
    "relapsed_or_refractory": "after earlier treatment had failed or HLH had come back",
    "mixed": "in people with and without earlier treatment",
    "not_stated": "in people with HLH",
}
DESIGN = {
    "single_arm_trial": "single-arm trial",
    "randomised_trial_post_hoc": "later re-analysis of a randomised trial",
    "pooled_post_hoc": "trials pooled afterwards",
    "retrospective": "retrospective series",
    "prospective_registry": "registry",
    "case_series": "case series",
    "case_report": "case report",
    "systematic_review": "systematic review",
    "narrative_review": "narrative review",
    "web_answer": "web answer",
    "statement": "background statement",
}
SEEN = {
    "full_text": "full text",
    "abstract": "abstract",
    "part_of_abstract": "part of the abstract",
    "registry": "registry entry",
    "second_hand": "second-hand",
    "label": "label",
    "news": "news report",
    "preprint": "preprint, not peer reviewed",
}
ETIOLOGY = {
    "primary": "primary (genetic) HLH",
    "ebv": "EBV-associated HLH",
    "malignancy": "malignancy-associated HLH",
    "rheumatologic": "rheumatologic HLH (MAS)",
    "infection": "infection-associated HLH",
    "secondary": "secondary HLH",
    "unknown": "HLH of unknown cause",
    "mixed": "mixed causes",
    "not_hlh": "not HLH",
    "not_stated": "cause not stated",
}
AGE = {"child": "children", "adult": "adults", "mixed": "children and adults", "not_stated": "age not stated"}
LEVEL = {
    "complete": "complete response",
    "partial": "partial response",
    "improvement": "improvement short of partial response",
    "none": "no response",
}
SALVAGE_LINES = frozenset(SALVAGE)


def listed(parts: list[str], last: str = "and") -> str:
    """Return the parts as a list in words.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def capital(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return the text as a sentence: capital first, one full stop last."""
    said = capital(text.strip())
    return said if said.endswith(("?", "!")) else said.rstrip(".") + "."
