"""Who or what is counted: nouns for people and other units, and the words that say what a number is about."""

from __future__ import annotations

from collections.abc import Sequence

from openhlh.literature.tokens import Token

PEOPLE = frozenset(
    "patient patients participant participants subject subjects case cases child children adult adults "
    "infant infants neonate neonates newborn newborns woman women man men male males female females boy "
    "boys girl girls person persons people individual individuals volunteer volunteers survivor "
    "survivors responder responders respondent respondents student students adolescent adolescents "
    "pregnancy pregnancies mother mothers recipient recipients donor donors carrier carriers control "
    "controls nonresponder nonresponders non-responders death deaths household households nurse nurses "
    "physician physicians worker workers veteran veterans resident residents inpatient inpatients "
    "outpatient outpatients elderly members smokers non-smokers caregivers couples clinicians doctors "
    "employees workers teachers users".split()
)
UNITS_COUNTED = PEOPLE | frozenset(
    "course courses episode episodes eye eyes tooth teeth limb limbs knee knees hip hips sample samples "
    "specimen specimens lesion lesions biopsy biopsies procedure procedures cycle cycles visit visits "
    "admission admissions isolate isolates study studies trial trials centre centres center centers "
    "tumour tumours tumor tumors site sites event events family families birth births delivery "
    "deliveries embryos implants fractures wounds ulcers ears kidneys lungs grafts shoulders practices "
    "hospitals schools clinics patients/controls hospitalizations operations surgeries articles reports "
    "items calls questions infections lobes breasts feet hands nodules vessels stents joints sessions "
    "attempts isolates".split()
)
_EMPTY = frozenset(
    "a an the of in on at to for with and or by from as that this these those was were is are be been "
    "had has have who whom which we our their its his her they it not no all after before during within "
    "among between than then also only both either each per vs versus respectively overall total group "
    "groups did while whereas had there out into over under received showed reported observed found "
    "occurred developed achieved patients patient participants subjects cases years months weeks days "
    "one two three".split()
)
_REACH = 9


def about(tokens: Sequence[Token], first: int, last: int) -> str:
    """Return the content words around tokens first..last of a sentence, in lower case, in their order."""
    before = [
        t.low for t in tokens[max(0, first - _REACH) : first] if t.kind == "word" and t.low not in _EMPTY
    ]
    after = [t.low for t in tokens[last + 1 : last + 1 + _REACH] if t.kind == "word" and t.low not in _EMPTY]
    return " ".join((before + after)[:12])
