"""Dates of a study with their part in it: when patients came, when data were closed, when it appeared.

A period that is told of patients who were enrolled, treated, diagnosed, ... is the enrolment; any other
period keeps the roles "from" and "to", and only its own order can be judged. A sentence about other
people's work (a search of databases, "et al") and the parts that tell of it give no enrolment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openhlh.claims import Day
from openhlh.literature.calendar import Period, Written, dates_of
from openhlh.literature.document import Document
from openhlh.literature.histories import Told, drug_rows, paper_rows
from openhlh.literature.subjects import about
from openhlh.literature.tokens import Sentence

_TRIGGER = re.compile(r"(?:19|20)\d\d")
_PEOPLE = re.compile(
    r"\b(?:patients?|participants?|subjects|cases|children|adults|wom[ae]n|m[ae]n|individuals|infants|neonates|"
    r"newborns|pregnancies|people|volunteers|recipients|admissions|births|deliveries)\b",
    re.IGNORECASE,
)
_ENROLLED = re.compile(
    r"\b(?:enrol\w*|recruit\w*|includ(?:ed|ing)|treated|diagnosed|admitted|hospitali[sz]ed|underw[eo]nt|"
    r"undergoing|accru\w+|randomi[sz]ed|received|receiving|transplanted|operated|referred|seen|attending|"
    r"presenting|presented|identified|consecutive(?:ly)?|reviewed|registered|entered|entering|assigned|"
    r"consented|joined|joining|inclusion|took part|taking part|started (?:on|treatment)|began treatment|"
    r"were given|came|took in|accepted|signed|gave (?:\w+ )?consent|screened|eligible|participat\w+|entry|"
    r"coming|managed)\b",
    re.IGNORECASE,
)
_ENROLMENT = re.compile(
    r"\b(?:enrol\w*|recruit\w*|accru\w+|intake|inclusion|open (?:to|for) (?:patients|entry|accrual))\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\bet al\b|\b(?:search\w*|pubmed|medline|embase|cochrane|databases|literature|articles|publications?|"
    r"studies|meta-analys[ie]s|will be|planned|previous(?:ly)? (?:stud|report|publi|cohort)\w*|"
    r"in contrast|compared with (?:the )?period|historical|we also|another)\b",
    re.IGNORECASE,
)
_NOT_OWN = {"discussion", "introduction", "background", "references", "conclusions", "conclusion", "funding"}
_FILLER = (
    r"(?:\s+(?:date|day|point|time|for|of|the|this|was|is|were|be|set|as|on|in|at|by|to|present|current|primary|"
    r"final|interim|main|planned|first|second|analys[ie]s|data|study|trial|report|database|patients?|with|a|"
    r"participants?|all|survival|defined|occurred|took|place|performed|completed|ended|closed|until|till|"
    r"through|up|end|period|visit|contact|or|death|and|continued|censored|last|having|been))*"
)
_END = rf"{_FILLER}\s*[:,(=]?\s*(?:on |in |as of |to be |of )?(?:the )?$"
_COMES = r"\b(?:enrol\w*|recruit\w*|accrual|inclusion)"
_ONE = (
    r"(?:patient|participant|subject)\s+(?:was |had been |in )*(?:enrol\w*|recruited|included|treated|dosed)?"
)
_ONES = r"(?:patients|participants|subjects)(?: was| were)?(?: enrol\w*| included| recruited| treated)?"
_FOLLOW_UP = r"follow-?\s?up"
_KNOWN = r"(?:collected|updated|available|ascertained|assessed)"
_UNTIL = r"(?:to|until|till|through)"
_CUT_DATA = (
    r"\b(?:(?:data|date|database|clinical|analysis|study|follow-?up)[- ]cut[-‐‑ ]?off|cut[-‐‑ ]?off date|"
    r"(?:closed|locked|froze|cut|extracted|exported|pulled) (?:the |our )?data(?:base|set| set)?)\b"
)
_DATA = (
    r"\b(?:data|database|results|records)\b(?: (?:are|were|was|is|available|collected|reported|shown))* "
    rf"(?:as (?:of|at)|up {_UNTIL}|{_UNTIL})\b"
)
_WATCHED = rf"(?:followed|{_FOLLOW_UP}|observed|observation|surveillance|monitored|vital status)"
_CLOSED = r"(?:lock|freeze|closure|closing|snapshot|extraction|cut|export)"
_STUDY = r"(?:study|trial|observation|data collection|surveillance)"
_APPEARED = r"first published|(?:^|[.;:]\s*)(?:e?published|epub)|last updated|epub|published online"
# What stands before a date gives it its part: the end of these words is the beginning of the date.
_BEFORE_TEXT: tuple[tuple[str, str], ...] = (
    ("cutoff", r"\bcut[-‐‑\s]?off\b"),
    (
        "cutoff",
        r"\bdata(?:base)? (?:was |were |had been )?(?:lock(?:ed)?|closed|frozen|extracted|censored)\b",
    ),
    ("followed_to", rf"\b(?:last|final|latest|end of|close of|completion of) {_FOLLOW_UP}\b"),
    ("followed_to", rf"\b{_WATCHED}\b[^.;\d]{{0,45}}\b(?:until|till|through|up to)"),
    ("followed_to", rf"\b{_WATCHED}\b{_FILLER}\s+(?:to|end(?:ed)?|closed|completed|censor(?:ed|ing)|last)\b"),
    ("followed_to", rf"\b{_WATCHED}\b[^.;\d]{{0,40}}\b(?:ended|closed|stopped|completed|censored|checked)\b"),
    ("followed_to", r"\b(?:were|was) censored\b"),
    ("cutoff", _DATA),
    ("cutoff", rf"\b(?:data|database|analysis|results) {_CLOSED}\b"),
    ("cutoff", rf"{_CUT_DATA}[^.;\d]{{0,50}}"),
    ("cutoff", r"\b(?:census|censoring|closing|closure|lock) date\b"),
    ("followed_to", rf"\b(?:end|close|closure|completion) of (?:the )?{_STUDY}\b"),
    ("followed_to", rf"\b{_STUDY}(?: was| had)? (?:end|clos|complet)ed\b"),
    ("followed_to", r"\blast (?:study |patient |clinic )?(?:visit|contact|assessment|observation)\b"),
    (
        "followed_to",
        rf"\b(?:survival|{_FOLLOW_UP}|mortality)\b(?: \w+){{0,3}} {_KNOWN}(?: up)? {_UNTIL}\b",
    ),
    (
        "enrolled_from",
        rf"{_COMES}\s+(?:of patients |period |was |were |had )*(?:beg[au]n|opened|commenced)\b",
    ),
    ("enrolled_from", rf"{_COMES}\s+(?:of patients |period |was |were |had )*(?:started|initiated)\b"),
    ("enrolled_to", rf"{_COMES}\b[^.;]{{0,60}}\b(?:ended|closed|finished|stopped|completed)\b"),
    ("enrolled_from", r"\b(?:study|trial|registry) (?:was )?(?:opened|open for accrual)\b"),
    ("enrolled_to", r"\bclosed to (?:accrual|enrol\w+|recruitment|entry)\b"),
    ("enrolled_to", r"\bfirst (?:patient|participant|subject)\b.{0,90}\b(?:the )?last(?: one)?\b"),
    ("enrolled_to", rf"\blast of (?:the |all |our )?(?:\d+ )?{_ONES}"),
    ("enrolled_from", rf"\bfirst {_ONE}"),
    ("enrolled_to", rf"\blast {_ONE}"),
    ("published", rf"(?<![a-z])(?:{_APPEARED})\b(?: online| ahead of print| date)*"),
    ("received", r"(?:^|[.;:)]\s*)received\b"),
    ("accepted", r"(?:^|[.;:)\d]\s*)accepted\b"),
)
_BEFORE = tuple((role, re.compile(rule + _END, re.IGNORECASE)) for role, rule in _BEFORE_TEXT)
_REGISTERED = re.compile(r"\bregistered\b.{0,25}$", re.IGNORECASE)
_AFTER = (
    (
        "cutoff",
        re.compile(
            r"^\s*[(,)]?\s*(?:(?:was|as|is|which was|being|the|a|set as|used as|served as|date of) )*"
            r"(?:pre-?specified )?(?:clinical |analysis )?(?:data(?:base)? )?"
            r"(?:cut[-‐‑\s]?off\b|lock\b|freeze\b|snapshot\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "followed_to",
        re.compile(
            rf"^\s*[(,)]?\s*(?:was |as )?(?:the )?(?:end of|last|date of last) {_FOLLOW_UP}\b", re.IGNORECASE
        ),
    ),
)
_APPROVED = re.compile(
    r"\b(?:approv(?:ed|al)|authori[sz](?:ed|ation)|licensed)\b(?:\s+[\w/&'-]+){0,9}?\s+(?:in|on)$",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(r"\bwithdr(?:awn|ew)\b(?:\s+[\w/&'-]+){0,6}?\s+(?:in|on)$", re.IGNORECASE)
_AGENCY = re.compile(
    r"\b(?:FDA|EMA|NMPA|PMDA|MHRA|TGA|Food and Drug|European Medicines|European Commission|"
    r"European Union|United States)\b"
)
_FOLLOWED = re.compile(r"\b(?:followed|follow-?\s?up)\b", re.IGNORECASE)
_FRONT = 3000


def day_claims(document: Document, sentences: Sequence[Sentence]) -> Iterator[Day]:
    """Yield every date of a document whose part in the study is told, and both ends of every period."""
    text, told = document.text, False
    dated = [
        one
        for one in sentences
        if _TRIGGER.search(text, one.start, one.end) and document.where(one.start) != "references"
    ]
    rows = drug_rows(text, dated) | paper_rows(text, dated) if dated else {}
    for start, row in rows.items():
        told = told or row.role == "published"
        yield _of_row(document, start, row)
    for sentence in dated:
        for one in dates_of(sentence.tokens):
            for claim in _claims_of(document, sentence, one):
                if claim.start not in rows:
                    told = told or claim.role == "published"
                    yield claim
    if document.published and not told:
        yield from _printed_front(document)


def _of_row(document: Document, start: int, row: Told) -> Day:
    first, last = row.written.days
    role = row.role if row.written.exists else "no_such_day"
    text = document.text[start : row.end]
    return Day(start, row.end, text, document.where(start), row.words, role, first, last, row.series)


def _printed_front(document: Document) -> Iterator[Day]:
    """Yield the publication date of the document's own data, where its text has no line for it."""
    year, month, day = (*document.published, 0, 0)[:3]
    if not 1900 <= year <= 2100 or month > 12:
        return
    written = Written(0, 0, year, month or None, day or None)
    first, last = written.days
    yield Day(0, 0, "-".join(f"{part:02d}" for part in document.published), "", "", "published", first, last)


def _claims_of(document: Document, sentence: Sentence, one: Written | Period) -> Iterator[Day]:
    if isinstance(one, Period):
        role = _period_role(document, sentence, one)
        since, until = (role + "_from", role + "_to") if role else ("from", "to")
        yield _claim(document, sentence, one.since, since)
        yield _claim(document, sentence, one.until, until)
        return
    role = _role(document, sentence, one)
    if role or not one.exists:
        yield _claim(document, sentence, one, role)


def _claim(document: Document, sentence: Sentence, written: Written, role: str) -> Day:
    start, end = sentence.tokens[written.first].start, sentence.tokens[written.last].end
    first, last = written.days
    return Day(
        start, end, document.text[start:end], document.where(start),
        about(sentence.tokens, written.first, written.last),
        role if written.exists else "no_such_day", first, last,
    )  # fmt: skip


def _period_role(document: Document, sentence: Sentence, period: Period) -> str:
    start = sentence.tokens[period.since.first].start
    words = document.text[sentence.start : sentence.end]
    if document.where(start) in _NOT_OWN or _OTHERS.search(words):
        return ""
    near = document.text[max(sentence.start, start - 60) : start]
    if _FOLLOWED.search(near):
        return "followed"
    told = _ENROLMENT.search(words) or (_PEOPLE.search(words) and _ENROLLED.search(words))
    return "enrolled" if told else ""


def _role(document: Document, sentence: Sentence, written: Written) -> str:
    text, tokens = document.text, sentence.tokens
    start, end = tokens[written.first].start, tokens[written.last].end
    if start < _FRONT and _own_line(text, start, end):
        return "published"
    part = document.where(start)
    before, after = text[max(sentence.start, start - 110) : start], text[end : min(sentence.end, end + 50)]
    before, after = re.sub(r"\s+", " ", before), re.sub(r"\s+", " ", after)
    for role, rule in _BEFORE:
        if rule.search(before):
            return role if part not in _NOT_OWN or role in {"published", "received", "accepted"} else ""
    for role, rule in _AFTER:
        if rule.search(after):
            return role if part not in _NOT_OWN else ""
    near = before.rstrip()
    if _REGISTERED.search(before):
        return "registered"
    if _AGENCY.search(text, sentence.start, sentence.end):
        return "approved" if _APPROVED.search(near) else "withdrawn" if _WITHDRAWN.search(near) else ""
    return ""


def _own_line(text: str, start: int, end: int) -> bool:
    """True where a day in figures fills a line, as in the data that a site prints above an article."""
    return (
        end - start == 10
        and text[max(0, start - 1) : start] in {"", "\n"}
        and text[end : end + 1] in {"", "\n"}
    )
