"""The words of an outcome without those that only tell it: "we saw a rash in 12 of 34" is of "rash".

Two ways of telling the same share their outcome and differ in verbs of seeing and having, in nouns such
as "rate" and "case", and in words for the whole study. Every other word makes another outcome.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from openhlh.literature.subjects import PEOPLE

SHARE = "#"
_SUFFIX = re.compile(r"(?:ing|ed|es|s|e)$")
_LEAST_STEM = 3


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return a word without its ending, in one of its spellings.

    >>> stem("anaemia") == stem("anemia"), stem("relapsed") == stem("relapses"), stem("vomiting")
    (True, True, 'vomit')
    """
    plain = word.lower().replace("ae", "e").replace("oe", "e").replace("our", "or")
    plain = re.sub(r"ie[sd]$", "y", plain)
    if plain.endswith(("ss", "us", "is")):
        return plain
    for _ in range(2):
        cut = _SUFFIX.sub("", plain)
        plain = cut if len(cut) >= _LEAST_STEM else plain
    return plain[:-1] if len(plain) > _LEAST_STEM and plain[-1] == plain[-2] else plain


_STATES = frozenset(  # people that are counted for what befell them
    "survivor survivors responder responders nonresponder nonresponders non-responders death deaths carrier "
    "carriers control controls smokers non-smokers pregnancy pregnancies".split()
)
_FUNCTION = (
    "a an the of in on at to for with and or by from as that this those these were was is are be been being "
    "had has have having who which our we us it its their they them there here he she i not out up down into "
    "onto about so then if do does did any some one both per such than thus hence therefore i.e e.g i e g n "
    "ci confidence interval p among amongst across upon"
)
_VERBS = (
    "show report observe find found occur develop record note see saw seen diagnose document confirm detect "
    "tell told affect experience suffer become became amount reach equal exhibit manifest present encounter "
    "register display involve complicate notice identify account turn happen arise arose emerge count meet "
    "met correspond translate represent constitute comprise stand stood list put give gave given run ran "
    "state describe recount concern apply afflict establish ascertain verify attain obtain achieve make made "
    "conclude come came say said mention chart log tally capture reveal appear surface strike struck befall "
    "befell hit exist contract acquire get got go went undergo underwent undergone incur demonstrate feel "
    "felt complain carry carried express witness recognise recognize face compute calculate total number "
    "call classify know known regard rate prove proved proven seem tabulate enumerate summarise summarize "
    "recall learn discover spot break broke broken write wrote read add name"
)
_NOUNS = (
    "rate proportion share percentage percent cent frequency incidence prevalence occurrence fraction count "
    "number case total overall altogether sum whole full figure finding result conclusion discussion "
    "background objective method interpretation summary study trial end series cohort population sample "
    "table data text course time point evidence sign instance record documentation report observation "
    "presence experience problem picture paper analysis existence diagnosis event episode respect terms "
    "value ratio part majority minority file chart entry"
)
_ADVERBS = (
    "also only most common frequent commonly frequently often rarely rare debated notably namely again "
    "indeed short together taken main key principal important striking prominent finally thereby overall "
    "throughout ever true entire all likewise similarly moreover furthermore however later eventually "
    "ultimately actually exactly precisely least uncommon many few just even merely roughly nearly almost "
    "what how well"
)
TELLING = frozenset(stem(word) for word in f"{_FUNCTION} {_VERBS} {_NOUNS} {_ADVERBS}".split()) | frozenset(
    stem(word) for word in PEOPLE - _STATES
)
QUALIFIERS = frozenset(
    "baseline after before during within until since weeks months days years hours initial initially final "
    "follow-up first second third remaining other another group arm groups arms cohorts previously et vs "
    "versus each these those whom subgroup compared than respectively and/or either without no neither nor "
    "never none excluded excluding except whereas last next if when once twice additional additionally "
    "subset remainder rest".split()
)
NARROWER = frozenset(
    stem(word) for word in ("complete", "partial", "severe", "serious", "fatal", "symptomatic", "persistent")
)
_ALWAYS = {
    "orr": ("overall", "response", "rate"),
    "cr": ("complete", "response"),
    "pr": ("partial", "response"),
}
_DURING = frozenset({"during", "over", "throughout", "in", "within", "at", "across"})
_STUDY = frozenset(
    {
        "the", "this", "our", "whole", "entire", "any", "some", "course", "period", "of", "study", "trial",
        "follow-up", "followup", "observation", "time", "point", "full", "complete", "stage", "all",
    }
)  # fmt: skip
_STUDIES = frozenset({"study", "trial", "follow-up", "followup", "observation", "time", "point"})
_THE = frozenset({"the", "a", "an", "among", "thus", "therefore", "most"})
_WAS = frozenset({"was", "were", "is", "are", "had"})


def outcome(lows: Sequence[str], expanded: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Return the stems of the words that name an outcome; none where a word ties it to a time or group.

    `lows` are the lower-case words of a sentence with SHARE for its share, `expanded` is what the
    document's abbreviations stand for.
    """
    words = _without_verdict(_without_concession(_without_study_time(lows)))
    if not QUALIFIERS.isdisjoint(words):
        return frozenset()
    spelled = (long for word in words for long in expanded.get(word, (word,)))
    stems = {stem(piece) for word in spelled for piece in re.split("[-/]", word) if piece[:1].isalnum()}
    return frozenset(stems - TELLING)


def _without_study_time(lows: Sequence[str]) -> list[str]:
    """Leave out "during the trial", "at any time" and "over the whole course of the study"."""
    kept: list[str] = []
    at = 0
    while at < len(lows):
        end = at + 1
        while lows[at] in _DURING and end < len(lows) and lows[end] in _STUDY:
            end += 1
        if lows[at] in _DURING and not _STUDIES.isdisjoint(lows[at + 1 : end]):
            at = end
            continue
        kept.append(lows[at])
        at += 1
    return kept


def _without_concession(words: Sequence[str]) -> Sequence[str]:
    """Leave out what a "but" takes back: "rash was rare before entry but was found in 12 of 34"."""
    if "but" not in words:
        return words
    but = words.index("but")
    verb = next((at for at, word in enumerate(words[:but]) if word in _WAS), None)
    return [*words[:verb], *words[but + 1 :]] if verb else words


def _without_verdict(words: Sequence[str]) -> Sequence[str]:
    """Leave out what is said of an outcome once it is told: "rash (12 of 34) was the main toxicity"."""
    if SHARE not in words:
        return words
    told = words.index(SHARE)
    if all(stem(word) in TELLING for word in words[:told] if word.isalpha()):
        return words
    for at in range(told, len(words) - 1):
        if words[at] in _WAS and words[at + 1] in _THE:
            return words[:at]
    return words


def abbreviations(text: str) -> dict[str, tuple[str, ...]]:
    """Return the words that bracketed abbreviations stand for, and those of the usual responses.

    >>> abbreviations("The low mood score (LMS) was high.")["lms"]
    ('low', 'mood', 'score')
    """
    found: dict[str, tuple[str, ...]] = {}
    for short in re.finditer(r"\(([A-Z][A-Za-z]?[A-Z]{1,4})s?\)", text):
        words = re.findall(r"[a-z]+", text[max(0, short.start() - 90) : short.start()].lower())
        long = words[-len(short[1]) :]
        if _initials(long) == short[1].lower():
            found.setdefault(short[1].lower(), tuple(long))
    return _ALWAYS | found


def _initials(words: Iterable[str]) -> str:
    return "".join(word[0] for word in words)
