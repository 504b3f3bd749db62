"""Statements that look like fractions, percentages or intervals and are none, or are right by another reading."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .numbers import rounded
from .proportions import places_of, share_slots, shown_share, thing_slots
from .study import Study
from .wording import Pen, Said

LOOSE = (
    "In the district, the male to female ratio of new cases was {i}/{h}.",
    "Elsewhere, an M/F ratio of {j}/{i} was reported.",
    "In earlier series the M:F ratio was {g1}:1.",
    "Blood pressure at entry was {bp}/{dia} mmHg.",
    "The first blood pressure was {bp}/{dia}, and the second was {bp2}/{dia2} mmHg.",
    "Visual acuity improved from 20/{c} to 20/{j}.",
    "Visual acuity was 20/16 in the better eye and {h}/10 in the other.",
    "A regimen of {h}/{i} mg per day was used.",
    "Two tablets of 250/100 mg were taken with food.",
    "Children above {j} kg received half a tablet (1/2) twice daily.",
    "Lopinavir/ritonavir was dosed at 400/100 mg every 12 h.",
    "Inhalers delivered 500/50 \u00b5g per puff.",
    "Grade 3/4 events were reviewed by two assessors, and grade 1/2 events by one.",
    "Stage II/III disease and stage IIIB/IV disease were analyzed apart.",
    "T1/T2 lesions were resected, T3/T4 lesions were not.",
    "HLA matching was 9/10 or better in all donors.",
    "Donors were matched at 7/8 or 8/8 HLA loci (A*02:01, B*07:02, DRB1*15:01).",
    "All had at least 5/8 criteria at diagnosis.",
    "The Apgar score was at least 8/10 at five minutes.",
    "Pain on movement fell from 7/10 to 3/10.",
    "Muscle power was 4/5 on the left and 5/5 on the right.",
    "The Glasgow Coma Scale was 13/15 on arrival.",
    "BRCA1/2 and ERK1/2 were not examined.",
    "Serotypes HPV 16/18 and 31/33 were typed.",
    "Care was available 24/7 on 365/365 days.",
    "The committee met on 12/03/{y} and on 9/11/{y}.",
    "The trial was registered as NCT0{c}{c2}{i} on 2{i}/0{h}/{y}.",
    "The protocol (EudraCT {y}-00{c}{i}-{j}; ISRCTN{c}{c2}{j}) was published earlier.",
    "Approval number {c}/{y} was given by the ethics board (ref {j}/{h}).",
    "Samples were diluted 1/{j} and again 1/{c}.",
    "The CD4/CD8 ratio was {i}/{h} before and {g1} after treatment.",
    "PaO2/FiO2 was {c}/1 at the worst moment.",
    "Expression of CD25, CD107a and IL-2 was measured in lot {c}-{j}.",
    "Cells were cultured with IL-7/15 for {h} days at 37 \u00b0C in 5% CO2.",
    "We used HLH-94 and HLH-2004 criteria, with a 3+3 design in the dose finding part.",
    "A 2 x 2 factorial design was used, with blocks of 4 and 6.",
    "A 2 \u00d7 2 table was drawn up for each of {h} sites.",
    "Wounds were closed with 3/0 and 4/0 sutures.",
    "A needle of 0.{j} mm and a 10/0 nylon thread were used.",
    "Infusions of 0.9% saline or 5% dextrose ({c} mL) were given over {h} h.",
    "The skin was cleaned with 2% chlorhexidine in 70% alcohol.",
    "Lidocaine 1% ({j} mL) was infiltrated, with adrenaline 1/200,000.",
    "HbA1c was {i}.{i}% at entry and 7.{i}% at week {j}.",
    "The mean ejection fraction was {e}%, and the mean oxygen saturation was 9{h2}%.",
    "The median ejection fraction of the {N} {people} was {e}%.",
    "Hematocrit in the {N} {people} averaged {e}%.",
    "Burns covered {j}% of the body surface.",
    "With 80% power and a two-sided alpha of 5%, {c} {people} per group were needed.",
    "The calculation assumed rates of {j}% and {k}%, a power of 90% and a drop-out of 10%.",
    "The noninferiority margin was 10 percentage points.",
    "The rate rose by {h} percentage points between {y} and {y2}.",
    "Prevalence in the country rose from {h}% in {y} to {j}% in {y2}.",
    "Symptoms fell by {j}% on {drug} and by {h}% on control.",
    "There was a {j}% relative reduction in admissions (HR 0.{k}; 95% CI 0.{m} to 0.{n}).",
    "Vaccine efficacy was {q}% (95% CI {e} to {r}).",
    "The response was {j}% higher than in the previous decade.",
    "Costs were {h}% lower, at ${c},{c2} per person.",
    "The incidence was {i}.{i} per 1000 person-years, or {h} per 100,000.",
    "Agreement between raters was good (kappa 0.{k}, {k}% raw agreement).",
    "Sensitivity/specificity of the test were {k}/{q}% in earlier work.",
    "The area under the curve was 0.{k} (95% CI 0.{m}\u20130.{n}).",
    "Median survival was not reached (95% CI {i}.{i}\u2013NR).",
    "Median time to event was {j}.{i} months (95% CI, {i}.{i} to not estimable).",
    "Temperatures of 38.{i} \u00b0C or more were called fever.",
    "The week {h} visit and the day {j} visit could be merged.",
    "Doses were given on days 1, 8, 15 and 22 of each 28-day cycle.",
    "Dose levels were 3, {h2} and 1{i} mg/kg, with at most 6 {people} each.",
    "Infusions took place on days \u22127/\u22121 and 0/+1.",
    "A window of \u00b13 days was allowed around each visit.",
    "{people} aged 18\u2013{k} years, weighing 40\u201390 kg, were eligible.",
    "Exclusion criteria were a platelet count below {j} x 10^9/L and a creatinine above {g1} mg/dL.",
    "P < 0.05 was taken as significant, and no correction for {h} comparisons was made.",
    "Quality of life rose from {j}.{i} to {k}.{i} points (p{eq}0.0{j}).",
    "The correlation was weak (r{eq}0.{j}, p{eq}0.{k}).",
    "The F test gave F(2,{c}){eq}{g1}.",
    "The questionnaire has {j} items scored from 0 to 4 (range 0\u2013100).",
    "The kit (lot {c}{j}, catalog {i}{c}-{h}) had an intra-assay variation of {h}%.",
    "The laboratory's coefficient of variation was {h}.{i}%.",
    "The first author read all {c} records, the second 10% of them.",
    "Of every 10 invitations, about 3 were answered.",
    "Some 1 in {h} adults is thought to be affected.",
    "One third of visits took place by telephone.",
    "About half of the sites were rural.",
    "Sites in {h} countries took part, {i} of them in Europe.",
    "Grants {c}-{j} and {c2}/{h} supported the work.",
    "Version {i}.{i} of the software and R 4.{i}.1 were used.",
    "Rates were given with 95% confidence intervals (Wilson).",
    "Cronbach's alpha was 0.{k} for the {j}-item scale.",
    "The number needed to treat was {h} (95% CI {i2} to {j}).",
    "At 12 and 24 months, scores were {j} and {k}, respectively.",
    "Adherence above 80% was called sufficient, above 95% excellent.",
    "The upper limit was 2.5 times normal ({j}\u2013{k} U/L).",
    "Ferritin fell from {c},{c2} to {c} \u00b5g/L, a drop that {drug} may explain.",
    "Plates of 96 wells and 24/7 monitoring were used.",
    "Virus copies were 10^2\u201310^6 per mL.",
    "Tidal volume was 6 mL/kg, with a plateau below 30 cmH2O and FiO2 at 0.{k}.",
    "Half-life is {j} h, protein binding {q}% and oral bioavailability {e}%.",
    "Interviews took {j}\u2013{k} min; 1 in {h2} was by video.",
)


def loose(pen: Pen, study: Study) -> Said | None:
    """Return a statement with numbers that are no share of people; each is made once in a paper."""
    if not pen.fresh(LOOSE):
        return None
    chance = pen.chance
    diastolic = chance.randint(60, 95)
    numbers = {
        "i": chance.randint(2, 7),
        "i2": chance.randint(2, 3),
        "h": chance.randint(4, 9),
        "h2": chance.randint(3, 8),
        "j": chance.randint(11, 39),
        "k": chance.randint(71, 84),
        "m": chance.randint(51, 69),
        "n": chance.randint(86, 97),
        "e": chance.randint(33, 58),
        "q": chance.randint(61, 79),
        "r": chance.randint(82, 93),
        "c": chance.randint(112, 989),
        "c2": chance.randint(112, 989),
        "y": chance.randint(2001, 2011),
        "y2": chance.randint(2012, 2022),
        "bp": diastolic + chance.randint(30, 60),
        "dia": diastolic,
        "bp2": diastolic + chance.randint(30, 60),
        "dia2": diastolic - 4,
    }
    slots = {name: str(number) for name, number in numbers.items()}
    slots |= {"g1": f"{chance.randint(11, 39) / 10:.1f}", "drug": study.drug, "people": study.people}
    slots |= {"eq": pen.style.equals, "N": pen.style.whole(study.everyone.size)}
    return pen.say(LOOSE, slots, chance.choice(("methods", "results")))


MISSING = (
    "Data on {noun} were missing in {m}; of the {N} with data, {X} ({P}) {verb}.",
    "{noun} was not recorded in {m} {people}; among the other {N}, {X} ({P}) {verb}.",
    "{X} of {N} {people} with known status {verb} ({P}; {m} missing).",
    "Excluding {m} without data, {X}/{N} ({P}) {verb}.",
    "{noun} was seen in {P} ({X}/{N}), with data lacking for {m}.",
    "In {m} {people} {noun} could not be judged; it was present in {X} ({P}) of {N}.",
    "With {m} missing values, {noun} stood at {X}/{N} ({P}).",
    "Information was available for {N} {people} (missing: {m}), of whom {X} ({P}) {verb}.",
    "{m} {people} gave no answer, and {X} of the {N} who did ({P}) {verb}.",
    "Among {N} evaluable {people} ({m} were not evaluable), {X} ({P}) {verb}.",
    "{X} ({P}) of the {N} evaluable {people} {verb}; {m} could not be assessed.",
    "Of {all} {people}, {N} were evaluable, and {X} of these ({P}) {verb}.",
)
EVENTS = (
    "There were {E} infections in {K} {people}; {X} of the {E} infections ({P}) were bacterial.",
    "We recorded {E} adverse events in {K} {people}, of which {X} ({P}) were mild.",
    "{E} eyes of {K} {people} were treated, and {X} eyes ({P}) improved.",
    "A total of {E} courses were given to {K} {people}; {X}/{E} courses ({P}) were complete.",
    "Among {E} samples from {K} {people}, {X} ({P}) were positive.",
    "{K} {people} had {E} procedures, {X} ({P}) of them under local anesthesia.",
    "In {K} {people}, {E} lesions were biopsied and {X} ({P}) were benign.",
    "{X} of {E} admissions ({P}) by {K} {people} were unplanned.",
    "The {K} {people} made {E} calls; {X} of these ({P}) came at night.",
    "{E} visits by {K} {people} were analyzed, and in {X} ({P}) the pressure was high.",
    "Of {E} teeth in {K} {people}, {X} ({P}) were mobile.",
    "{E} events occurred in {K} {people}: {X} ({P}) within a week.",
)
OVERLAP = (
    "More than one answer could be given: {pa}% named cost, {pb}% distance, {pc}% fear and {pd}% time.",
    "Symptoms were fever ({pa}%), cough ({pb}%), pain ({pc}%) and fatigue ({pd}%).",
    "Comorbidities included asthma ({pa}%), gout ({pb}%), migraine ({pc}%) and eczema ({pd}%).",
    "{people} reported thirst ({pa}%), itch ({pb}%), cramps ({pc}%) and dizziness ({pd}%).",
    "The commonest findings were fever in {pa}%, rash in {pb}%, and nodes in {pc}% and {pd}% by touch and scan.",
    "Drugs taken at entry were aspirin ({pa}%), statins ({pb}%), steroids ({pc}%) and vitamins ({pd}%).",
    "Organs involved: skin {pa}%, liver {pb}%, lung {pc}%, kidney {pd}%.",
    "Risk factors were age ({pa}%), weight ({pb}%), smoking ({pc}%) and family ({pd}%), often combined.",
    "Tests were done for iron ({pa}%), zinc ({pb}%), folate ({pc}%) and copper ({pd}%).",
    "Barriers were travel ({pa}%), cost ({pb}%), work ({pc}%) and stigma ({pd}%).",
    "Reactions included flushing ({pa}%), chills ({pb}%), nausea ({pc}%) and headache ({pd}%).",
    "Help came from partners ({pa}%), children ({pb}%), friends ({pc}%) and nurses ({pd}%).",
)
BOTH = (
    "{Pa} and {Pb} of {people} given {A} and {B}, respectively, {verb}.",
    "{noun} was seen in {Pa} with {A} and {Pb} with {B}.",
    "{noun} rates were {Pa} vs {Pb} for {A} vs {B}.",
    "{A} and {B} led to {noun} in {Pa} and {Pb}, respectively.",
    "{Pa} of those on {A} {verb}, compared with {Pb} on {B}.",
    "Under {A}, {Pa} {verb} and, under {B}, {Pb} did.",
    "{noun}: {Pa} ({A}), {Pb} ({B}).",
    "{verb_s} made up {Pa} of the {A} group and {Pb} of the {B} group.",
    "The figures for {noun} ({Pa} and {Pb}) were alike on {A} and {B}.",
    "In the {A} group {Pa}, in the {B} group {Pb} {verb}.",
    "Fewer or more, {Pa} versus {Pb}, {verb} on {A} versus {B}.",
    "{noun} came to {Pa} on {A}; on {B}, to {Pb}.",
)


def missing(pen: Pen, study: Study) -> Said:
    """Return a share of those with data, the others being named as missing."""
    total, places = study.everyone.size - study.missing, places_of(pen)
    count = study.count(total)
    shown = shown_share(pen, count, total, places)
    slots = thing_slots(pen, study) | share_slots(pen, count, total)
    slots |= {"P": pen.style.percent(shown, places), "m": pen.style.whole(study.missing)}
    said = pen.say(MISSING, slots | {"all": pen.style.whole(study.everyone.size)})
    return said.told(count, total, shown, "X", "N", "P")


def events(pen: Pen, study: Study) -> Said | None:
    """Return a share of events (eyes, courses, samples), which may be more than the people."""
    if not pen.fresh(EVENTS):
        return None
    people = study.count(study.everyone.size)
    total = people + pen.chance.randint(1, people)
    count, places = study.count(total), places_of(pen)
    shown = shown_share(pen, count, total, places)
    style = pen.style
    slots = {"X": style.whole(count), "E": style.whole(total), "K": style.whole(people)}
    said = pen.say(EVENTS, slots | {"P": style.percent(shown, places), "people": study.people})
    return said.told(count, total, shown, "X", "P")


def overlap(pen: Pen, study: Study) -> Said | None:
    """Return percentages of findings that go together and are not meant to add up."""
    if not pen.fresh(OVERLAP):
        return None
    size = study.everyone.size
    slots = {
        f"p{letter}": pen.style.number(Fraction(100 * study.count(size), size), int(size >= 100))
        for letter in "abcd"
    }
    return pen.say(OVERLAP, slots | {"people": study.people})


def both(pen: Pen, study: Study) -> Said | None:
    """Return the percentages of both arms without counts."""
    if len(study.arms) < 2:
        return None
    slots = thing_slots(pen, study)
    slots |= {"verb_s": f"people who {slots['verb']}", "A": study.arms[0].name, "B": study.arms[1].name}
    for letter, arm in zip("ab", study.arms, strict=True):
        shown = rounded(Fraction(100 * study.count(arm.size), arm.size), 1)
        slots[f"P{letter}"] = pen.style.percent(shown, 1)
    return pen.say(BOTH, slots)


TRAPS: tuple[Callable[[Pen, Study], Said | None], ...] = (loose, loose, loose, missing, events, overlap, both)
