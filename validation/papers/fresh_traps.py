"""A third set of traps: statements that look wrong and are right by the total, the date or the overlap they name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from .proportions import Slots, places_of, share_slots, shown_share, thing_slots
from .study import Study
from .wording import Pen, Said

LOOSE = (
    "Snellen acuity of 6/{h} or better in one eye was required.",
    "Capsules of 2{i}/1{i} mg were swallowed whole.",
    "Odds of {h} to 1 had been quoted to {people} by a newspaper.",
    "A {i}:1 allocation was <considered|weighed> and turned down.",
    "Pulse pressure came from readings such as {bp}/{dia} and {bp2}/{dia2} mm Hg.",
    "An ESR of {j}/{k} mm (first/second hour) was called raised.",
    "Loci 10/10, 9/10 and 8/10 matches were all accepted.",
    "Mallampati III/IV airways were left to seniors.",
    "The urine strip ranged from 1+ to 4+, with {i}/4 as the cut point.",
    "Ward rounds took place 5/7 days and the clinic ran 2/7.",
    "We consulted ICD-10 chapter {i}, pages {c}/{c2}.",
    "Room {h}/{j} served as the pharmacy.",
    "Power: {c} {people} per arm, 85%, alpha 0.05 (two-sided), {h}% lost.",
    "A type I error of 2.5% (one-sided) and {k}% power were assumed, with {j}% v {k}% expected to respond.",
    "Drug purity exceeded 99.{i}%, and humidity was held at {e}%.",
    "Ethanol {k}% and povidone-iodine 10% were at hand.",
    "FEV1 was {q}% of predicted, and FEV1/FVC 0.{m}.",
    "Mean transferrin saturation of all {N} {people} was {j}%.",
    "LVEF ({e}% on average in the {N} {people}) was read by echocardiography.",
    "Weight loss averaged {h}.{i}% of body weight in the {N} {people}.",
    "Prices went up by {h}% a year, and rents by {j}%.",
    "Interest was charged at {i}.{h}% on ${c},{c2}.",
    "The I2 statistic of an earlier synthesis had been {q}% (95% CI {e} to {r}).",
    "Of the variance in the score, {j}% was due to the rater.",
    "Hazards fell by {j}% (HR 0.{k}, 95% CI 0.{m} to 0.{n}) in a foreign registry.",
    "NNT {h} (95% CI {i2} to {j}) was taken from that registry too.",
    "The median time to the first visit was not reached by year {h} (95% CI {j} to NE).",
    "In {y}, {c} of every 100,000 residents were on the register; in {y2}, {c2}.",
    "Protocol v{i}.{h} ({y}-0{i}-1{h2}) replaced v1.{i} ({y}-0{i2}-0{h2}).",
    "The safety board sat on days 1/{j}/{k} of the trial.",
    "Cycles ran on days 1\u20135 and 8\u201312, q{j}d, up to {h} cycles.",
    "Tacrolimus troughs of {i}\u2013{j} ng/mL were aimed at (0.0{i} mg/kg/12 h).",
    "Norepinephrine was capped at 0.{m} \u00b5g/kg/min, and PEEP at {j} cm H2O.",
    "Primers spanned exons {i}/{h}; reads of 2 \u00d7 150 bp gave {c}\u00d7 depth.",
    "Chips were read at 260/280 nm, with a ratio of 1.{k} or above accepted.",
    "A score of {j}/{k} on the cognitive test was the entry limit.",
    "The inter-quartile distance of the assay was {i}.{h} units, its range {j} units.",
    "Tablets were taken ac/pc as wished, 1{i} h apart at most.",
    "Spearman's rho was \u22120.{j} (p{eq}0.{k}) between two scales.",
    "After {h} pilot interviews the form was cut from {k} to {j} items, a loss we accepted.",
)
MISSING = (
    "{m} {people} had no record of {noun}; in the {N} who had one, it was positive in {X} ({P}).",
    "{X} of the {N} with data {verb} ({P}); {m} had none.",
    "{noun} (status known in {N}, unknown in {m}): {X}, {P}.",
    "Of {N} {people} tested, {X} ({P}) {verb}; {m} were not tested.",
    "{noun} was assessed in {N} of {all} {people} and found in {X} ({P} of those assessed).",
    "After {m} without data had been left out, {P} ({X} of {N}) {verb}.",
    "{P} of those with data {verb} ({X} of {N}; not known in {m}).",
)
EVENTS = (
    "{K} {people} contributed {E} scans, of which {X} ({P}) were abnormal.",
    "{X} ({P}) of {E} knees in {K} {people} were stiff.",
    "We cultured {E} specimens from {K} {people}; growth was seen in {X} ({P}).",
    "{E} cycles ({K} {people}): {X} delayed ({P}).",
    "Per-lesion analysis: {X} of {E} lesions in {K} {people} shrank ({P}).",
    "{K} {people} were admitted {E} times, {X} times ({P}) by night.",
    "Of the {E} grafts placed in {K} {people}, {X} ({P}) stayed open.",
)
OVERLAP = (
    "Complaints, often several at once: thirst {pa}%, itch {pb}%, cramps {pc}%, giddiness {pd}%.",
    "Reasons given were cost ({pa}%), distance ({pb}%), fear ({pc}%), and want of time ({pd}%).",
    "Fever {pa}%, cough {pb}%, pain {pc}% and malaise {pd}% led the list of symptoms.",
    "At entry {pa}% took aspirin, {pb}% a statin, {pc}% steroids and {pd}% vitamins.",
    "The skin ({pa}%), liver ({pb}%), lung ({pc}%) and kidney ({pd}%) could all be affected.",
    "Devices in use: cane {pa}%, frame {pb}%, brace {pc}%, rail {pd}%.",
    "Asthma, gout, migraine and eczema were on record for {pa}%, {pb}%, {pc}% and {pd}%, respectively.",
)
BOTH = (
    "{Pa} {verb} on {A} and {Pb} on {B}.",
    "{noun} ({A} {Pa}, {B} {Pb}) was less of a worry than we had thought.",
    "The {A} arm came to {Pa}, the {B} arm to {Pb}, as to {noun}.",
    "Percentages with {noun} were {Pa} v {Pb} ({A} v {B}).",
    "While {Pa} of the {A} arm {verb}, {Pb} of the {B} arm did.",
    "{noun} rates of {Pa} and {Pb}, respectively, followed {A} and {B}.",
    "With {B} {Pb} {verb}, with {A} {Pa}.",
)
CHAIN = (
    "Of {N} {people}, {X} ({P}) {verb}; {Y} of those {X} ({Q}) {other}.",
    "{X} of {N} {people} {verb} ({P}), and {Y}/{X} ({Q}) of them {other}.",
    "{noun} was seen in {X}/{N} ({P}), among whom {Y} ({Q} of {X}) {other}.",
    "Of {X} {people} with {noun} ({P} of the {N}), {Y} {other} ({Q} of the {X}).",
    "Among the {N} {people} {X} {verb} ({P}). Of these, {Y} ({Q}) {other}.",
    "{Q} ({Y}) of the {X} {people} with {noun}, who were {P} of the {N}, {other}.",
)
EITHER = (
    "{a} {people} had itch, {b} had cramps and {c} had both, so that {u} of {N} had one or the other.",
    "Itch (n{eq}{a}) and cramps (n{eq}{b}), which overlapped in {c}, affected {u} of the {N} {people}.",
    "Of {N} {people}, {u} had itch ({a}), cramps ({b}) or both ({c} counted in each).",
    "Counting the {c} with both, {a} of {N} {people} had itch and {b} had cramps ({u} had either).",
    "In {u} of {N} {people} there was itch ({a} {people}) or cramps ({b} {people}); {c} had the two together.",
    "{N} {people}: {a} with itch, {b} with cramps, {c} of these with both, {u} with at least one.",
)
FLOW = (
    "Of {Ns} {people} screened, {Nr} ({p}) were eligible, and {N} ({q} of the eligible) joined.",
    "{Ns} {people} were screened; {Nr} ({p}) met the criteria and {N} of those {Nr} ({q}) gave consent.",
    "We screened {Ns} {people}, found {Nr} eligible ({p}) and entered {N} ({q} of {Nr}).",
    "Screened {Ns}; eligible {Nr} ({p} of {Ns}); entered {N} ({q} of {Nr}).",
    "Among {Ns} {people} screened, {Nr} were eligible ({p}); {N}/{Nr} ({q}) agreed to join.",
    "{N} of {Nr} eligible {people} ({q}) joined, the {Nr} being {p} of the {Ns} who were screened.",
)
POINTS = (
    "{noun}: {Xa}/{Na} ({Pa}) on {A}, {Xb}/{Nb} ({Pb}) on {B}, difference {D} percentage points.",
    "{Xa} of {Na} ({Pa}) and {Xb} of {Nb} ({Pb}) {verb} on {A} and {B}, respectively, {D} percentage points apart.",
    "The gap in {noun} between {A} ({Xa}/{Na}, {Pa}) and {B} ({Xb}/{Nb}, {Pb}) was {D} percentage points.",
    "{D} percentage points lay between {A} ({Xa} of {Na}; {Pa}) and {B} ({Xb} of {Nb}; {Pb}) as to {noun}.",
    "{noun} was met in {Xa} of {Na} on {A} ({Pa}) and {Xb} of {Nb} on {B} ({Pb}; risk difference {D} points).",
    "With {A} {Xa}/{Na} ({Pa}) {verb}, with {B} {Xb}/{Nb} ({Pb}): {D} percentage points of difference.",
)
INTERIM = (
    "An interim analysis with a data cutoff in {C} was made while enrollment ({F} to {T}) went on.",
    "The first interim look used data up to {C}; enrollment, open since {F}, went on until {T}.",
    "Halfway through enrollment ({F} to {T}) the board saw an interim report with a data cutoff of {C}.",
    "The interim data cutoff ({C}) came before the last enrollment in {T}; the first had been in {F}.",
    "Interim results (data cutoff {C}) were published while {people} were still being enrolled ({F} to {T}).",
    "A planned interim report closed its data in {C}, when enrollment, begun in {F}, was to go on until {T}.",
)
ABOUT = (
    "Healing took about {W} weeks ({D} days).",
    "The batch was used up after {D} days, roughly {W} weeks.",
    "Approximately {W} weeks ({D} days) went by before the audit.",
    "The audit came {D} days (some {W} weeks) later.",
    "Delivery needed just over {W} weeks ({D1} days).",
    "The strike lasted more than {W} weeks ({D1} days in all).",
)


def _numbers(pen: Pen, **numbers: int) -> Slots:
    return {name: pen.style.whole(one) for name, one in numbers.items()}


def chain(pen: Pen, study: Study) -> Said:
    """Return a share of all people and a share of that share, each with its own total."""
    total, places = study.everyone.size, places_of(pen)
    count = study.count(total)
    part = pen.chance.randint(1, count)
    first, second = shown_share(pen, count, total, places), shown_share(pen, part, count, places)
    slots = thing_slots(pen, study) | _numbers(pen, N=total, X=count, Y=part)
    slots |= {"P": pen.style.percent(first, places), "Q": pen.style.percent(second, places)}
    said = pen.say(CHAIN, slots | {"other": study.thing()[1]})
    return said.told(count, total, first, "X", "N", "P")


def either(pen: Pen, study: Study) -> Said | None:
    """Return two findings, their overlap and their union, which hold together; once in a paper."""
    total = study.everyone.size
    if total < 12 or "either" in study.used:
        return None
    study.used.add("either")
    first, second = pen.chance.randint(2, total // 2), pen.chance.randint(2, total // 2)
    common = pen.chance.randint(1, min(first, second) - 1)
    slots = _numbers(pen, N=total, a=first, b=second, c=common, u=first + second - common)
    return pen.say(EITHER, slots | {"people": study.people, "eq": pen.style.equals})


def flow(pen: Pen, study: Study) -> Said | None:
    """Return who was screened, eligible and entered, each as a share of the step before; once in a paper."""
    if "flow" in study.used:
        return None
    study.used.add("flow")
    total, places = study.everyone.size, places_of(pen)
    eligible = total + pen.chance.randint(1, total)
    screened = eligible + pen.chance.randint(1, eligible)
    first, second = (shown_share(pen, *pair, places) for pair in ((eligible, screened), (total, eligible)))
    slots = _numbers(pen, N=total, Nr=eligible, Ns=screened) | {"people": study.people}
    slots |= {"p": pen.style.percent(first, places), "q": pen.style.percent(second, places)}
    said = pen.say(FLOW, slots, "methods").told(eligible, screened, first, "Nr", "Ns", "p")
    return said.told(total, eligible, second, "N", "Nr", "q")


def points(pen: Pen, study: Study) -> Said | None:
    """Return the shares of both arms and how many points lie between what is printed of them."""
    if len(study.arms) < 2:
        return None
    slots = thing_slots(pen, study) | {"A": study.arms[0].name, "B": study.arms[1].name}
    shares, tells = [], []
    for letter, arm in zip("ab", study.arms, strict=True):
        count = study.count(arm.size)
        shares.append(shown_share(pen, count, arm.size, 1))
        slots |= share_slots(pen, count, arm.size, letter)
        slots[f"P{letter}"] = pen.style.percent(shares[-1], 1)
        tells.append((count, arm.size, shares[-1], f"X{letter}", f"N{letter}", f"P{letter}"))
    said = pen.say(POINTS, slots | {"D": pen.style.digits(abs(shares[0] - shares[1]), 1)})
    for tell in tells:
        said = said.told(*tell)
    return said


def interim(pen: Pen, study: Study) -> Said | None:
    """Return the cut-off of an interim analysis, which lies before the end of enrolment; once in a paper."""
    if "interim" in study.used:
        return None
    study.used.add("interim")
    middle = study.first + timedelta(days=(study.last - study.first).days // 2)
    dates = {"F": study.first, "C": middle, "T": study.last}
    slots = {name: pen.style.month(day) for name, day in dates.items()}
    return pen.say(INTERIM, slots | {"people": study.people}, "methods")


def about(pen: Pen, study: Study) -> Said:
    """Return a duration in days that is told in weeks only about."""
    del study
    weeks = pen.chance.randint(5, 30)
    over = pen.chance.randint(1, 2)
    near = 7 * weeks + pen.chance.choice((-1, 0, 1))
    return pen.say(ABOUT, {"W": str(weeks), "D": str(near), "D1": str(7 * weeks + over)}, "methods")


TRAPS: tuple[Callable[[Pen, Study], Said | None], ...] = (chain, either, flow, points, interim, about)
