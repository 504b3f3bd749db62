"""The rules of pooling, one function each: why an arm is not pooled with the others, or nothing.

Every rule speaks before any statistics. A reader may set a rule aside by its name (see `poolable`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openhlh.content.words import SALVAGE
from openhlh.evidence.candidates import Candidate
from openhlh.evidence.pooling_doubts import hard_doubt
from openhlh.evidence.selection import Asked

_LINE = {
    "first": "first line",
    "refractory": "refractory disease",
    "relapsed": "relapse",
    "relapsed_or_refractory": "relapsed or refractory disease",
    "mixed": "first and later lines together",
    "not_stated": "line not stated",
}
_REVIEWS = {"systematic_review", "narrative_review", "pooled_post_hoc", "web_answer", "statement"}


@dataclass(frozen=True)
class Rule:
    """A rule of pooling: `words` say what it refuses, `why` gives the reason against one arm or "".

    `may_be_set_aside` is False where there is no number to pool; `is_offered` is False where setting the rule
    aside would answer another question, so that nobody is invited to do it.
    """

    name: str
    words: str
    why: Callable[[Candidate, Asked], str]
    may_be_set_aside: bool = True
    is_offered: bool = True


def no_count(one: Candidate, _asked: Asked) -> str:
    """Refuse an arm without the count that is asked, or without the number of patients judged."""
    if one.counted.rule == "no_count":
        return one.counted.reason
    if not one.total:
        return "the number of patients in whom response was judged was not seen"
    events = one.counted.events or 0
    return f"{events} events of {one.total} are no proportion" if events > one.total else ""


def not_hlh(one: Candidate, _asked: Asked) -> str:
    """Refuse patients who had another disease."""
    return "the patients did not have HLH" if "not_hlh" in one.arm.etiology.groups else ""


def other_line(one: Candidate, asked: Asked) -> str:
    """Refuse first line beside salvage and salvage beside first line."""
    line = one.arm.line
    settled = line == "first" or line in SALVAGE
    return (
        _not_asked(line, asked) if settled and not _within(line, asked) and not _partly(line, asked) else ""
    )


def unclear_line(one: Candidate, asked: Asked) -> str:
    """Refuse lines that are mixed, not stated, or wider than what is asked."""
    line = one.arm.line
    unsettled = line in {"mixed", "not_stated"} or _partly(line, asked)
    return _not_asked(line, asked) if unsettled and not _within(line, asked) else ""


def _within(line: str, asked: Asked) -> bool:
    return line in asked.lines


def _partly(line: str, asked: Asked) -> bool:
    return line == "relapsed_or_refractory" and bool({"relapsed", "refractory"} & set(asked.lines))


def _not_asked(line: str, asked: Asked) -> str:
    wanted = (
        "salvage" if set(SALVAGE) <= set(asked.lines) else " or ".join(map(_LINE.__getitem__, asked.lines))
    )
    return f"{_LINE[line]}; asked is {wanted}"


def other_definition(one: Candidate, _asked: Asked) -> str:
    """Refuse what is no response of HLH: a surrogate, or remission of MAS by its own criteria."""
    return _OTHER.get(one.measures, "")


_OTHER = {
    "surrogate": "a surrogate is counted, not a response of HLH",
    "mas": "remission of MAS by its own criteria is counted, not a response by HLH criteria",
}


def level_unknown(one: Candidate, _asked: Asked) -> str:
    """Refuse responders that the source names in words of its own and does not split into levels."""
    return one.counted.reason if one.counted.rule == "level_unknown" else ""


def improvement(one: Candidate, _asked: Asked) -> str:
    """Refuse definitions that count improvement beside those that do not."""
    return one.counted.reason if one.counted.rule == "improvement" else ""


def courses(one: Candidate, _asked: Asked) -> str:
    """Refuse courses of treatment beside patients."""
    if one.arm.unit == "patients":
        return ""
    return f"{one.total} courses in {one.arm.enrolled or 'fewer'} patients: courses are not patients"


def mixed_group(one: Candidate, asked: Asked) -> str:
    """Refuse an arm that fits the asked etiology or age only in part."""
    for where in asked.where:
        if where.field == "etiology" and not set(one.arm.etiology.groups) <= set(where.values):
            return f"etiologies are not reported apart: {', '.join(one.arm.etiology.groups)}"
        if where.field == "age" and one.arm.age.group not in where.values:
            return f"age group {one.arm.age.group.replace('_', ' ')}: not reported apart"
    return ""


def review(one: Candidate, _asked: Asked) -> str:
    """Refuse reviews and later poolings, which hold the patients of studies that stand here themselves."""
    if one.study.design not in _REVIEWS:
        return ""
    return f"{one.study.design.replace('_', ' ')}: its patients belong to other publications"


def unverified(one: Candidate, _asked: Asked) -> str:
    """Refuse pages that are not accepted."""
    status = one.study.status
    return "" if status == "accepted" else f"the page of this study is {status}"


def second_hand(one: Candidate, _asked: Asked) -> str:
    """Refuse counts that were seen only in a publication by others or in the news."""
    if not one.is_second_hand:
        return ""
    through = (one.arm.seen or one.study.seen).through
    return f"the counts were seen second-hand ({one.arm.response.at if one.arm.response else through})"


def doubted(one: Candidate, _asked: Asked) -> str:
    """Refuse a number with a doubt of high severity on it."""
    return hard_doubt(one)


def by_hand(one: Candidate, asked: Asked) -> str:
    """Refuse what the analysis page leaves out, with its reason."""
    return dict(asked.out).get(one.id, "")


RULES: tuple[Rule, ...] = (
    Rule("not_hlh", "patients who did not have HLH", not_hlh, is_offered=False),
    Rule("other_line", "first line together with salvage", other_line, is_offered=False),
    Rule("no_count", "arms without the count that is asked", no_count, may_be_set_aside=False),
    Rule("unclear_line", "mixed lines, or lines that are not stated", unclear_line),
    Rule("by_hand", "arms that the analysis page leaves out, with its reason", by_hand),
    Rule(
        "other_definition", "surrogates and remission of MAS, which are no response of HLH", other_definition
    ),
    Rule("level_unknown", "responders in the source's own words, without levels", level_unknown),
    Rule("improvement", "definitions that count improvement with those that do not", improvement),
    Rule("courses", "courses together with patients", courses),
    Rule("mixed_group", "arms that fit the asked etiology or age only in part", mixed_group),
    Rule("review", "reviews and later poolings beside single studies", review),
    Rule("unverified", "pages that are not accepted", unverified),
    Rule("hard_doubt", "numbers with a doubt of high severity", doubted),
    Rule("second_hand", "counts seen only in a publication by others", second_hand),
)
OVERLAP = "overlap"
OVERLAP_WORDS = "arms that share patients, or may share them, with another"
RULE_NAMES = (*(rule.name for rule in RULES if rule.may_be_set_aside), OVERLAP)
