"""How a patient compares with the patients of a study, item by item, from the study's own pages.

Four answers: `same` (such patients were among those of the study), `different` (they were not),
`not_reported` (the study's pages do not say) and `unknown` (the patient's facts do not say, or the page says
it only in words). Nothing is taken as absent because nobody recorded it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Literal

from openhlh.content.study import Arm, Study
from openhlh.definitions.assessing import Assessment
from openhlh.definitions.wording import name_of
from openhlh.rules import tree
from openhlh.rules.binding import leaves
from openhlh.rules.facts import Facts, Given, Moment
from openhlh.rules.plain import Judged, Plain
from openhlh.rules.reading import age_holds, age_range
from openhlh.rules.verdicts import MET, NOT_MET, Reason, Ruling, Verdict, denied, every, unknown

Comparison = Literal["same", "different", "not_reported", "unknown"]
Item = Literal["age", "trigger", "line", "cns", "prior_therapy", "exclusions"]
_SAID: dict[Verdict, Comparison] = {
    Verdict.MET: "same",
    Verdict.NOT_MET: "different",
    Verdict.UNKNOWN: "unknown",
    Verdict.NOT_APPLICABLE: "same",
}
_TRIGGERS = {  # the finding that proves a cause, and what has to be absent beside it to deny the cause
    "primary": ("primary_hlh",),
    "ebv": ("ebv_hlh",),
    "malignancy": ("malignancy",),
    "rheumatologic": ("sjia", "autoimmune_disease"),
    "infection": ("transient_infection_only", "uncontrolled_infection"),
}
_VAGUE = {"mixed", "not_stated"}
_SALVAGE = {
    "refractory": ("no_response", "progression"),
    "relapsed": ("relapse",),
    "relapsed_or_refractory": ("no_response", "progression", "relapse"),
}
_CONVENTIONAL = ("conventional_therapy", "chemotherapy")  # the second holds all of the first
_SUPPORTIVE = {"antipyretic", "transfusion_platelets", "transfusion_red_cells", "g_csf", "splenectomy"}
_GROWN_UP = "18"  # what pages mean by child and adult where they print no age
_NUMBER = r"(\d+(?:\.\d+)?)"
_RANGE = re.compile(
    rf"(?:^|(?<!interquartile )\brange ){_NUMBER} ?(months|years)?(?:-| to ){_NUMBER} ?(months|years)?"
)
_OPEN = {
    re.compile(rf"^{_NUMBER} years (?:and older|or more)$"): ">=",
    re.compile(rf"^up to {_NUMBER} years$"): "<=",
    re.compile(rf"^{_NUMBER} years or younger$"): "<=",
    re.compile(rf"^under {_NUMBER} years$"): "<",
}
_UNRECORDED, _SILENT, _IN_WORDS = "not recorded", "not reported", "in words only"


@dataclass(frozen=True)
class Card:
    """One item of a comparison: what is known of the patient, what of the study, and how they compare."""

    item: Item
    this_patient: str
    study: str
    comparison: Comparison


@dataclass(frozen=True)
class Beside:
    """A patient's facts on a day, as they are held against a study.

    `refractory` has the verdict of each study's own definition of refractory disease, by its source;
    `names` says what drugs are called.
    """

    facts: Facts
    on: date
    refractory: Mapping[str, Verdict]
    names: Mapping[str, str]

    def seen(self, names: tuple[str, ...]) -> Verdict:
        """Return whether one of some findings was seen up to the day."""
        findings = tuple(tree.Finding(finding=name) for name in names)
        engine = Plain({}, self.facts, Moment(self.on, window=(None, 0)))
        return engine.judge(tree.Any_(some=findings)).verdict

    def caused_by(self, trigger: str) -> Verdict:
        """Return whether a trigger is recorded; an infection may be a complication and no cause."""
        proof = _TRIGGERS[trigger][:1]
        if self.seen(proof) is Verdict.MET:
            return Verdict.MET
        return Verdict.NOT_MET if self.seen(_TRIGGERS[trigger]) is Verdict.NOT_MET else Verdict.UNKNOWN

    @property
    def treatments(self) -> list[str]:
        """The drugs and regimens against HLH that began before the day, without the classes they imply."""
        as_recorded: dict[str, str] = {}
        for one in self.facts.exposures:  # what a row implies follows it and names the same row
            if self._began(one):
                as_recorded.setdefault(one.row or one.exposure, one.exposure)
        return list(dict.fromkeys(as_recorded.values()))

    def _began(self, one: Given) -> bool:
        before = one.start is None or one.start < self.on
        return one.given and before and one.exposure not in _SUPPORTIVE

    @property
    def treated(self) -> Verdict:
        """Whether conventional treatment was given before; steroids or single drugs alone leave it open."""
        rows = self.facts.given(_CONVENTIONAL)
        if any(self._began(one) for one in rows):
            return Verdict.MET
        refused = any(not one.given for one in rows)
        return Verdict.NOT_MET if refused and not self.treatments else Verdict.UNKNOWN


def cards(study: Study, patient: Beside, entry: Assessment | None) -> tuple[Card, ...]:
    """Return the comparison of a patient with a study; `entry` is its page of eligibility, judged."""
    arms = tuple(arm for arm in study.arms if arm.part_of is None)
    lines = entry_lines(entry) if entry else []
    return (
        _age(arms, patient),
        _trigger(arms, patient),
        _line(study, arms, patient),
        _cns(study, lines, patient),
        _prior_therapy(study, lines, patient),
        _exclusions(study, lines, has_page=entry is not None),
    )


def entry_lines(entry: Assessment) -> list[Judged]:
    """Return the lines of a page of eligibility, each of which has to hold."""
    return _required(entry.judged) if entry.judged else []


def _required(judged: Judged) -> list[Judged]:
    if not isinstance(judged.rule, tree.All):
        return [judged]
    return [line for child in judged.inside for line in ([child] if child.rule.id else _required(child))]


def said_of(lines: Iterable[Judged], verdict: Verdict) -> list[str]:
    """Return how the lines with a verdict are called."""
    return [name_of(line.rule) for line in lines if line.verdict is verdict]


def _among(answers: list[Comparison]) -> Comparison:
    """Return the answer for several groups of one study: the same as one of them is enough."""
    order: tuple[Comparison, ...] = ("same", "unknown", "not_reported", "different")
    return next((one for one in order if one in answers), "not_reported")


def _words(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))


def _age(arms: tuple[Arm, ...], patient: Beside) -> Card:
    groups = {"child": "children", "adult": "adults", "mixed": "children and adults"}
    study = _words(
        ": ".join(filter(None, (groups.get(one.age.group), one.age.text))) or _SILENT for one in arms
    )
    return Card("age", _age_said(patient), study, _among([_age_of(arm, patient) for arm in arms]))


def _age_said(patient: Beside) -> str:
    """Return the age in completed years, for the first two of them in months."""
    person = patient.facts.person
    if person.born_earliest is None or person.born_latest is None:
        return _UNRECORDED
    unit = "a" if age_range(person.born_earliest, patient.on, "a") > 1 else "mo"
    ages = [str(age_range(born, patient.on, unit)) for born in (person.born_latest, person.born_earliest)]
    return f"{' to '.join(dict.fromkeys(ages))} {'years' if unit == 'a' else 'months'}"


def _age_of(arm: Arm, patient: Beside) -> Comparison:
    limits, person = _age_limits(arm), patient.facts.person
    if limits is None:
        return "not_reported"
    if person.born_earliest is None or person.born_latest is None or _is_vague(arm, limits):
        return "unknown"
    rulings = [MET]
    for sign, number, unit in limits:
        ends = {
            age_holds(sign, *_aged(born, patient.on, number, unit))
            for born in (person.born_earliest, person.born_latest)
        }
        rulings.append(unknown(Reason.AGE_UNCLEAR) if len(ends) == 2 else MET if True in ends else NOT_MET)
    return _SAID[every(rulings).verdict]


def _age_limits(arm: Arm) -> list[tuple[str, str, str]] | None:
    """Return the limits of age of an arm (sign, number, unit), as printed or by its group; None for none."""
    text = arm.age.text or ""
    if found := _RANGE.search(text):
        low, low_unit, high, high_unit = found.groups()
        units = {"months": "mo", "years": "a", None: "a"}
        return [(">=", low, units[low_unit or high_unit]), ("<=", high, units[high_unit])]
    for pattern, sign in _OPEN.items():
        if found := pattern.match(text):
            return [(sign, found[1], "a")]
    group = {"child": [("<", _GROWN_UP, "a")], "adult": [(">=", _GROWN_UP, "a")], "mixed": []}
    return group.get(arm.age.group)


def _is_vague(arm: Arm, limits: list[tuple[str, str, str]]) -> bool:
    """Say whether the ages of a mixed group stand only in words ("children and young adults")."""
    return not limits and arm.age.text is not None


def _aged(born: date, on: date, number: str, unit: str) -> tuple[int, int]:
    """Return an age and a printed limit as whole counts of the limit's last printed digit.

    >>> _aged(date(2020, 1, 1), date(2021, 7, 1), "1.4", "a")
    (14, 14)
    """
    digits = len(number.partition(".")[2])
    limit = int(number.replace(".", ""))
    if not digits:
        return age_range(born, on, unit), limit
    year = Fraction(1461, 4) / (12 if unit == "mo" else 1)
    return floor((on - born).days / year * 10**digits), limit


def _trigger(arms: tuple[Arm, ...], patient: Beside) -> Card:
    groups = list(dict.fromkeys(group for arm in arms for group in arm.etiology.groups))
    seen = {name: patient.caused_by(name) for name in _TRIGGERS}
    own = [name for name, verdict in seen.items() if verdict is Verdict.MET]
    absent = [name for name, verdict in seen.items() if verdict is Verdict.NOT_MET]
    asked = [name for name in groups if name in seen and name not in (*own, *absent)]
    said = [*map(_cause, own), *(f"not {_cause(name)}" for name in absent)]
    said += [f"{_cause(name)} {_UNRECORDED}" for name in asked]
    texts = list(dict.fromkeys(arm.etiology.text for arm in arms if arm.etiology.text))
    study = texts[0] if len(texts) == 1 else ", ".join(map(_cause, groups))
    return Card(
        "trigger", "; ".join(said) or _UNRECORDED, study or _SILENT, _trigger_of(groups, seen, patient)
    )


def _cause(name: str) -> str:
    return {"primary": "primary HLH", "ebv": "EBV", "not_hlh": "not HLH"}.get(name, name.replace("_", " "))


def _trigger_of(groups: Sequence[str], seen: dict[str, Verdict], patient: Beside) -> Comparison:
    """Compare the recorded causes with the groups of a study; one cause does not rule out another."""
    stated = [name for name in groups if name not in _VAGUE]
    own = {name for name, verdict in seen.items() if verdict is Verdict.MET}
    if own and own <= set(stated):
        return "same"
    if not stated or own & set(stated):
        return "not_reported"  # whether patients with both causes were among them is not said
    wider = {
        "secondary": denied(Ruling(seen["primary"])).verdict,
        "unknown": Verdict.NOT_MET if own else Verdict.UNKNOWN,
        "not_hlh": denied(Ruling(patient.seen(("hlh_diagnosis",)))).verdict,
    }
    verdicts = {name: (seen | wider)[name] for name in stated}
    if verdicts.get("secondary") is Verdict.MET:
        return "not_reported" if own else "same"
    if Verdict.UNKNOWN in verdicts.values():
        return "unknown"
    return "not_reported" if _VAGUE & set(groups) else "different"


def _line(study: Study, arms: tuple[Arm, ...], patient: Beside) -> Card:
    treated = patient.treated
    said = {
        Verdict.MET: "treated before",
        Verdict.NOT_MET: "not treated before",
        Verdict.UNKNOWN: f"earlier conventional treatment {_UNRECORDED}",
    }[treated]
    salvage = next((arm.line for arm in arms if arm.line in _SALVAGE), None)
    if salvage and treated is Verdict.MET:
        said = f"{said}, {_failure_said(study, salvage, patient)}"
    lines = _words(one.line.replace("_", " ") for one in arms) or _SILENT
    return Card("line", said, lines, _among([_line_of(study, arm, patient) for arm in arms]))


def _failed(study: Study, line: str, patient: Beside) -> Verdict:
    """Return whether treatment failed: by the study's own definition, else by what the team recorded."""
    own = _own_rule(study, patient)
    return patient.seen(_SALVAGE[line]) if own is None else own


def _own_rule(study: Study, patient: Beside) -> Verdict | None:
    verdict = patient.refractory.get(study.source)
    return None if verdict is Verdict.NOT_APPLICABLE else verdict


def _failure_said(study: Study, line: str, patient: Beside) -> str:
    failed = _failed(study, line, patient)
    if _own_rule(study, patient) is not None:
        word = {Verdict.MET: "refractory", Verdict.NOT_MET: "not refractory"}.get(
            failed, "not known whether refractory"
        )
        return f"{word} by the study's own definition"
    word = {Verdict.MET: "recorded", Verdict.NOT_MET: "recorded as absent"}.get(failed, _UNRECORDED)
    return f"failure or relapse {word}"


def _line_of(study: Study, arm: Arm, patient: Beside) -> Comparison:
    treated = patient.treated
    if arm.line == "not_stated":
        return "not_reported"
    if treated is Verdict.UNKNOWN:
        return "unknown"
    if arm.line == "mixed":
        return "same"
    if (arm.line == "first") is (treated is Verdict.MET):
        return "different"
    return "same" if arm.line == "first" else _SAID[_failed(study, arm.line, patient)]


def _cns(study: Study, lines: list[Judged], patient: Beside) -> Card:
    said = {
        Verdict.MET: "CNS involvement",
        Verdict.NOT_MET: "no CNS involvement",
        Verdict.UNKNOWN: f"CNS involvement {_UNRECORDED}",
    }[patient.seen(("cns_involvement",))]
    about = [line for line in lines if _asks(line, {"cns_involvement"})]
    arms_facts = (fact for arm in study.arms for fact in arm.facts)
    words = [
        fact.text
        for fact in (*study.eligibility, *study.facts, *arms_facts)
        if "cns" in fact.about and {"eligibility", "population"} & set(fact.about)
    ]
    return _held("cns", said, about, words)


def _prior_therapy(study: Study, lines: list[Judged], patient: Beside) -> Card:
    given = [patient.names.get(name, name) for name in patient.treatments]
    said = f"given: {', '.join(given)}" if given else f"earlier treatment {_UNRECORDED}"
    if not given and patient.treated is Verdict.NOT_MET:
        said = "not treated before"
    about = [line for line in lines if any(isinstance(leaf, tree.Exposure) for leaf in leaves(_rule(line)))]
    told = [arm for arm in study.arms if arm.part_of is None and arm.line != "not_stated"]
    notes = [arm.line_note for arm in told if arm.line_note]
    return _held("prior_therapy", said, about, notes)


def _exclusions(study: Study, lines: list[Judged], *, has_page: bool) -> Card:
    about = [line for line in lines if isinstance(line.rule, tree.Not)]
    failed, open_ones = said_of(about, Verdict.NOT_MET), said_of(about, Verdict.UNKNOWN)
    said = [f"does not hold: {', '.join(failed)}"] if failed else []
    said += [f"{_UNRECORDED}: {', '.join(open_ones)}"] if open_ones else []
    words = () if has_page else [fact.text for fact in study.eligibility]
    return _held("exclusions", "; ".join(said) or ("all hold" if about else _UNRECORDED), about, words)


def _held(item: Item, said: str, lines: list[Judged], words: Sequence[str]) -> Card:
    """Return the card of the lines of eligibility about an item; what stands only in words stays open."""
    if lines:
        verdicts = {line.verdict for line in lines}
        worst = next(one for one in (Verdict.NOT_MET, Verdict.UNKNOWN, *Verdict) if one in verdicts)
        return Card(item, said, _words(name_of(line.rule) for line in lines), _SAID[worst])
    if words:
        return Card(item, said, f"{_IN_WORDS}: {_words(words)}", "unknown")
    return Card(item, said, _SILENT, "not_reported")


def _asks(line: Judged, findings: set[str]) -> bool:
    """Say whether a line looks at one of some findings."""
    looked_at = (leaf for leaf in leaves(_rule(line)) if isinstance(leaf, tree.Finding))
    return any(findings & set(tree.names_of(leaf.finding)) for leaf in looked_at)


def _rule(line: Judged) -> tree.Rule:
    if isinstance(line.rule, tree.ScoreItem):
        raise TypeError("an item of a score is no line of eligibility")
    return line.rule
