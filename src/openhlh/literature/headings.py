"""The roles of sections by the words of their headings, the same for every format."""

from __future__ import annotations

import re

_WORDS = {
    "abstract": "abstract; summary; synopsis; structured abstract; author summary; plain language summary",
    "background": "introduction; intro; background; objective; objectives; aim; aims; purpose; "
    "importance; context; rationale; goal; goals; hypothesis; study objective; study "
    "objectives; aim of the study; aims of the study; purpose of the study; objective of "
    "the study; purpose of review; research question",
    "methods": "method; methods; material; materials; methodology; subjects; patients; participants; "
    "design; study design; trial design; research design; setting; interventions; "
    "intervention; statistical analysis; statistical analyses; statistics; statistical "
    "methods; main outcome measures; main outcome measure; main outcomes; outcome "
    "measures; measures; measurements; primary outcome measures; exposures; exposure; "
    "data sources; data source; data extraction; data collection; study selection; "
    "eligibility criteria; search strategy; experimental section; experimental "
    "procedures; analysis; population; study population; methods of study; patient(s); "
    "intervention(s); main outcome measure(s); sample; procedures; procedure",
    "results": "result; results; findings; main results; principal findings; key results; main "
    "findings; data synthesis; outcomes; outcome; result(s); recent findings",
    "cases": "case report; case reports; case presentation; case presentations; case series; case "
    "description; case; cases; patient presentation; case history; case summary; clinical "
    "presentation; presentation of case",
    "discussion": "discussion; comment; comments; general discussion; strengths; limitations; "
    "limitation; study limitations; limitations of the study",
    "conclusions": "conclusion; conclusions; concluding remarks; interpretation; relevance; "
    "implications; summary and conclusion; summary and conclusions; conclusion(s); "
    "significance; clinical implications; meaning; clinical relevance; clinical "
    "significance",
    "references": "references; reference; bibliography; literature cited; works cited; reference list; "
    "cited literature; notes and references; references and notes",
    "funding": "funding; financial support; funding information; funding sources; funding source; "
    "funding statement; source of funding; sources of funding; role of the funding "
    "source; role of funding source; grant support; support; financial disclosure",
    "acknowledgements": "acknowledgements; acknowledgments; acknowledgement; acknowledgment",
    "declarations": "conflict of interest; conflicts of interest; conflict of interest statement; "
    "disclosure; conflict of interests; declaration of interests; declaration of "
    "competing interest; disclosures; data availability statement; data availability; "
    "data sharing statement; ethics statement; orcid; ethics approval; ethical approval; "
    "author contributions; authors' contributions; authors’ contributions; contributors; "
    "declarations; competing interests; competing interest; declaration of conflicting "
    "interests; availability of data and materials; ethics approval and consent to "
    "participate; consent for publication",
    "keywords": "keywords; key words; keyword; index terms; mesh terms",
    "abbreviations": "abbreviations; list of abbreviations; nonstandard abbreviations",
    "registration": "trial registration; clinical trial registration; registration; trial registration "
    "number; systematic review registration; registration number; clinical trial "
    "registration number",
    "supplement": "supporting information; supplementary material; supplementary materials; appendix; "
    "supplementary information; supplemental material; supplementary data; additional "
    "file; additional files",
}
_ROLES = {phrase.strip(): role for role, phrases in _WORDS.items() for phrase in phrases.split(";")}
_NUMBERING = re.compile(r"[\s#*_>|]*(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5})[.)]?\s*[|:]?\s+)?[*_|]{0,3}")
_LAST_WORDS = frozenset(phrase.split()[-1] for phrase in _ROLES)
_MAIN = {"methods", "results", "discussion"}
_JOINED = re.compile(r"\s*(?:/|&|,? and |, )\s*")
LONGEST_HEADING, _FEW_WORDS = 90, 5


def may_be_heading(line: str) -> bool:
    """True where the last word is the last of a heading that is known: a quick first look."""
    words = line[-40:].rstrip(" \t*_#:.|—–-").split()
    return bool(words) and words[-1].strip("*_#|").lower().rpartition("/")[2] in _LAST_WORDS


def role_of(heading: str) -> str:
    """Return the role that a heading's words stand for ("2 | METHODS" gives "methods"), "" for others.

    A heading that joins several ("Patients and methods") has the role of the first; where others are
    unknown ("Model and results") that of a main section among them.
    """
    if len(heading) > LONGEST_HEADING:
        return ""
    words = _NUMBERING.sub("", heading, count=1).strip(" \t*_#:.|—–-").lower()
    known = _ROLES.get(" ".join(words.split()))
    if known or not words:
        return known or ""
    roles = [_ROLES.get(one, "") for one in _JOINED.split(words)]
    if all(roles) or len(words.split()) > _FEW_WORDS:
        return roles[0] if all(roles) else ""
    return next((one for one in roles[1:] if one in _MAIN), "")


def begins_like_one(line: str) -> bool:
    """True where the first letter of a line is a capital, as it is in a heading but not in broken prose."""
    first = next((sign for sign in line if sign.isalpha()), "")
    return first.isupper()


def is_numbered(heading: str) -> bool:
    """True for a heading with a section number in front ("3.2 | Response", "II. Methods")."""
    found = _NUMBERING.match(heading)
    return bool(found and any(sign.isalnum() for sign in found.group()))
