"""Statements of dates, follow-up, survival and durations, right or impossible."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from .proportions import places_of, share_slots, shown_share, wrong_percent
from .study import Study
from .wording import Pen, Said

CUTOFF = (
    "{people} were enrolled between {F} and {T}; the data cutoff was {C}.",
    "Between {F} and {T}, {N} {people} were enrolled. The data cut-off date was {C}.",
    "From {F} to {T}, {N} {people} were recruited, with data cutoff on {C}.",
    "Enrollment ran from {F} to {T}, and the data cutoff date was {C}.",
    "We recruited {N} {people} from {F} through {T} (data cutoff, {C}).",
    "Recruitment lasted from {F} until {T}. Data were cut off on {C}.",
    "{N} {people} were randomized from {F} to {T}; the database was cut off at {C}.",
    "The trial enrolled {people} from {F} to {T}. As of the data cutoff ({C}), all had been seen.",
    "{people} were accrued between {F} and {T}; data cutoff: {C}.",
    "Accrual took place from {F} to {T}, and this report uses a data cut-off of {C}.",
    "Enrollment began in {F} and ended in {T}. Data cutoff for this analysis was {C}.",
    "Participants entered between {F} and {T}. The cut-off date for the data was {C}.",
    "The first and last enrollments were from {F} to {T}, with a cutoff date of {C}.",
)
ENROLLED = (
    "Between {F} and {T}, {N} {people} were enrolled.",
    "From {F} to {T}, we enrolled {N} {people}.",
    "{N} {people} were recruited from {F} through {T}.",
    "Enrollment ran from {F} to {T}.",
    "{people} entered the study between {F} and {T}.",
    "We studied {N} {people} seen from {F} to {T}.",
    "The study recruited {N} {people} between {F} and {T}.",
    "A total of {N} {people} were enrolled from {F} until {T}.",
    "{N} {people} were included between {F} and {T}.",
    "Records from {F} to {T} yielded {N} {people}.",
    "{N} consecutive {people} were treated from {F} to {T}.",
    "Recruitment of {N} {people} took from {F} to {T}.",
)
ALLOCATED = (
    "{people} were randomly assigned to {A} (n{eq}{Na}) or {B} (n{eq}{Nb}).",
    "{N} {people} with {disease} received {A} (n{eq}{Na}) or {B} (n{eq}{Nb}).",
    "Of the {N} {people}, {Na} were allotted to {A} and {Nb} to {B}.",
    "We compared {A} ({Na} {people}) with {B} ({Nb} {people}).",
    "The {A} group had {Na} {people} and the {B} group {Nb}.",
    "{N} {people} were randomized: {Na} to {A} and {Nb} to {B}.",
    "In a trial of {N} {people}, {Na} were given {A}, {Nb} were given {B}.",
    "A total of {N} {people} entered, of whom {Na} received {A} and {Nb} received {B}.",
    "Randomization placed {Na} {people} in the {A} group and {Nb} in the {B} group.",
    "{Na} {people} were assigned to {A}; {Nb} were assigned to {B}.",
    "{A} was given to {Na} and {B} to {Nb} of the {N} {people}.",
    "Groups were {A} (n{eq}{Na}) and {B} (n{eq}{Nb}), together {N} {people}.",
)
TREATED = (
    "{N} {people} with {disease} received {A}.",
    "We enrolled {N} {people} with {disease}.",
    "A total of {N} {people} with {disease} were included.",
    "{A} was given to {N} {people} with {disease}.",
    "This study included {N} {people} with {disease}.",
    "In all, {N} {people} with {disease} were treated with {A}.",
    "We treated {N} {people} who had {disease} with {A}.",
    "The analysis covers {N} {people} with {disease}.",
    "All {N} {people} received at least one dose of {A}.",
    "{N} consecutive {people} with {disease} took part.",
    "{people} with {disease} (n{eq}{N}) were given {A}.",
    "Enrolled were {N} {people} with {disease}.",
)
FOLLOWED = (
    "{people} were enrolled from {F} to {T} and followed until {C}; median follow-up was {M} months (range {L}{dash}{H}).",
    "Between {F} and {T}, {people} were enrolled; with follow-up to {C}, the median follow-up was {M} months (range, {L} to {H}).",
    "Enrollment lasted from {F} to {T}, the data cutoff was {C}, and the median follow-up was {M} months (range {L} to {H}).",
    "From {F} to {T} we enrolled {N} {people}. At the data cutoff of {C}, median follow-up was {M} months (range, {L}{dash}{H} months).",
    "Recruitment ran from {F} to {T}. Follow-up ended in {C}. The median duration of follow-up was {M} months (range {L}{dash}{H}).",
    "{N} {people} were enrolled between {F} and {T} and followed up to {C} (median follow-up {M} months, range {L} to {H}).",
    "The study enrolled {people} between {F} and {T}; data cutoff was {C}. Median follow-up came to {M} months, with a range of {L} to {H} months.",
    "Enrollment opened in {F} and closed in {T}; the data cutoff was {C}, with a median follow-up time of {M} months (range: {L}{dash}{H}).",
    "With enrollment from {F} to {T} and data cutoff in {C}, the {people} had been followed for a median of {M} months (range {L}{dash}{H}).",
    "{people} enrolled from {F} to {T} were followed through {C}, for a median of {M} months (range, {L} to {H}).",
    "Enrolled from {F} to {T}, the {N} {people} were observed until {C}: median follow-up {M} months (range {L}{dash}{H} months).",
    "Data cutoff was {C}. {people} had been enrolled from {F} to {T}, and the median follow-up was {M} months (range {L} to {H}).",
)
HISTORY = (
    "Received {F}; accepted {T}; published {C}.",
    "Received: {F}. Accepted: {T}. Published: {C}.",
    "Submitted {F}, accepted {T}, published online {C}.",
    "Article history: received {F}, accepted {T}, published {C}.",
    "Received {F} / Accepted {T} / Published {C}.",
    "Manuscript received {F}; accepted for publication {T}; published {C}.",
    "This article was received on {F}, accepted on {T} and published on {C}.",
    "Received on {F}; accepted on {T}; first published on {C}.",
    "History: Received {F} \u2022 Accepted {T} \u2022 Published {C}.",
    "Received for review {F}, accepted {T}, and published {C}.",
)
APPROVAL = (
    "{A} was approved in {F} and withdrawn from the market in {T}.",
    "{A} was approved in {F}. It was withdrawn in {T}.",
    "Approved in {F}, {A} was withdrawn in {T}.",
    "The agency approved {A} in {F}; the approval was withdrawn in {T}.",
    "{A}, approved in {F}, was withdrawn in {T} in one country.",
    "Approval of {A} dates from {F}, its withdrawal from {T}.",
    "{A} gained approval in {F} and lost it, by withdrawal, in {T}.",
    "One formulation of {A} (approved {F}, withdrawn {T}) was not used.",
    "A form of {A} was licensed in {F} and withdrawn in {T}.",
    "{A} received approval in {F} but was withdrawn in {T}.",
    "The approval of {A} in {F} was followed by its withdrawal in {T}.",
    "Marketing approval of {A} was given in {F}; withdrawal came in {T}.",
)
SURVIVAL = (
    "At {t} months, {X} of {N} {people} ({P}) were alive.",
    "{X} of the {N} {people} ({P}) were alive at {t} months.",
    "The {t}-month survival was {P} ({X}/{N}).",
    "Survival at {t} months was {P} ({X} of {N} {people}).",
    "Of {N} {people}, {X} ({P}) survived to {t} months.",
    "{X} ({P}) of {N} {people} were still alive after {t} months.",
    "After {t} months, {P} ({X}/{N}) of the {people} were alive.",
    "Overall survival at {t} months amounted to {X}/{N} ({P}).",
    "{P} of the {people} ({X} of {N}) lived beyond {t} months.",
    "The crude survival rate at {t} months was {P} [{X}/{N}].",
    "Among {N} {people}, {X} ({P}) had survived at month {t}.",
    "Month {t} was reached alive by {X} of the {N} {people} ({P}).",
)
DEATHS = (
    "At last follow-up, {d} of the {N} {people} had died and {a} were alive{l}.",
    "Of {N} {people}, {d} died and {a} were alive{l}.",
    "Of the {N} {people}, {a} were alive and {d} had died{l}.",
    "{d} of {N} {people} died and {a} survived{l}.",
    "Among the {N} {people}, {d} died, {a} were alive{l}.",
    "By the end, {a} of the {N} {people} were alive and {d} were dead{l}.",
    "Among {N} {people} there were {d} deaths and {a} survivors{l}.",
    "At the last contact, of {N} {people} {a} were alive and {d} dead{l}.",
    "There were {d} deaths and {a} survivors among {N} {people}{l}.",
    "Of all {N} {people}, {a} survived and {d} died{l}.",
    "The {N} {people} ended as follows: {d} dead, {a} alive{l}.",
    "Vital status was known for all {N} {people}: {d} died and {a} were alive{l}.",
)
DURATION = (
    "Treatment lasted {D} days ({W} {unit}).",
    "The course took {D} days ({W} {unit}) and was not extended.",
    "Patches were worn for {D} days ({W} {unit}).",
    "The drug was given for {W} {unit} ({D} days).",
    "After {D} days ({W} {unit}), treatment ended.",
    "Visits were planned up to day {D} ({W} {unit} after entry).",
    "The run-in period was {D} days (i.e., {W} {unit}).",
    "The observation period was {W} {unit}, or {D} days.",
    "Each cycle was {D} days long ({W} {unit}).",
    "The washout lasted {D} days, that is, {W} {unit}.",
    "Samples were kept for {W} {unit} ({D} days).",
    "Follow-up visits stopped after {D} days (= {W} {unit}).",
)
DOSE = (
    "A dose of {d} mg/kg was used ({D} mg for a body weight of {w} kg).",
    "The dose was {d} mg/kg, i.e. {D} mg for a {w}-kg adult.",
    "At {d} mg/kg, a person of {w} kg received {D} mg.",
    "{A} was given at {d} mg/kg ({D} mg in a {w} kg person).",
    "Each {w}-kg person received {D} mg ({d} mg/kg).",
    "We gave {d} mg/kg, which is {D} mg for someone weighing {w} kg.",
    "For a weight of {w} kg, the dose of {d} mg/kg equals {D} mg.",
    "Dosing followed weight ({d} mg/kg; {D} mg at {w} kg).",
    "{D} mg was injected (body weight {w} kg, {d} mg/kg).",
    "The index person weighed {w} kg and received {D} mg ({d} mg/kg).",
    "With {w} kg of body weight, {d} mg/kg came to {D} mg.",
    "The single dose was {d} mg/kg (weight {w} kg, total {D} mg).",
)
WITHDRAWN = ("velotrexin", "mabrafine", "cordazole", "pentoquil", "asterolimus", "ibrasone")  # none exists
MONTH = Fraction(3044, 100)


def _base(pen: Pen, study: Study) -> dict[str, str]:
    month = pen.style.month
    words = {"F": month(study.first), "T": month(study.last), "C": month(study.cutoff)}
    size = pen.style.whole(study.everyone.size)
    return words | {"people": study.people, "N": size, "dash": pen.style.dash}


def enrolled(pen: Pen, study: Study) -> Said:
    """Return when people were enrolled."""
    return pen.say(ENROLLED, _base(pen, study), "methods")


def sizes(pen: Pen, study: Study) -> Said:
    """Return how many people there were, and in each arm."""
    slots = _base(pen, study) | {"disease": study.subject.disease, "eq": pen.style.equals, "A": study.drug}
    if len(study.arms) < 2:
        return pen.say(TREATED, slots, "methods")
    for letter, arm in zip("ab", study.arms, strict=True):
        slots |= {f"N{letter}": pen.style.whole(arm.size), letter.upper(): arm.name}
    return pen.say(ALLOCATED, slots, "methods")


def cutoff(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return enrolment and data cut-off; with a kind, the cut-off lies before the end of enrolment."""
    if "window" in study.used:
        return None
    study.used.add("window")
    slots = _base(pen, study)
    if kind:
        early = study.last - timedelta(days=pen.chance.randint(65, max(70, (study.last - study.first).days)))
        slots["C"] = pen.style.month(early)
    said = pen.say(CUTOFF, slots, "methods")
    return said.planted(kind, f"not before {slots['T']}", *"FTC") if kind else said


def followed(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return enrolment, end and median follow-up; with a kind, longer than the dates allow."""
    if "window" in study.used:
        return None
    study.used.add("window")
    least = Fraction((study.cutoff - study.last).days) / MONTH
    most = Fraction((study.cutoff - study.first).days) / MONTH
    middle = (least + most) / 2
    longest = (middle + most) / 2
    low = min(least, middle) / 2
    if kind:
        middle = most + pen.chance.randint(4, 20)
        longest = middle + pen.chance.randint(2, 12)
    numbers = {"M": middle, "L": low, "H": longest}
    slots = _base(pen, study) | {name: pen.style.number(one, 1) for name, one in numbers.items()}
    said = pen.say(FOLLOWED, slots, "methods")
    return said.planted(kind, f"at most {float(most):.1f} months", *"FTCMLH") if kind else said


def history(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return the dates of a manuscript; with a kind, it was accepted or published before it was received."""
    if "history" in study.used:
        return None
    study.used.add("history")
    first = study.cutoff + timedelta(days=200)
    days = [first, first + timedelta(days=pen.chance.randint(40, 200)), first + timedelta(days=260)]
    if kind:
        at = pen.chance.randint(1, 2)
        days[at] = first - timedelta(days=pen.chance.randint(30, 300))
    slots = {name: pen.style.day(day) for name, day in zip("FTC", days, strict=True)}
    said = pen.say(HISTORY, slots, "history")
    return said.planted(kind, "received, accepted, published in this order", *"FTC") if kind else said


def approval(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return when a drug was approved and withdrawn; with a kind, withdrawn first."""
    if "approval" in study.used:
        return None
    study.used.add("approval")
    first = study.first - timedelta(days=pen.chance.randint(1500, 3000))
    last = first + timedelta(days=pen.chance.randint(400, 1400))
    if kind:
        first, last = last, first
    slots = {"A": pen.chance.choice(WITHDRAWN), "F": pen.style.month(first)}
    said = pen.say(APPROVAL, slots | {"T": pen.style.month(last)}, "background")
    return said.planted(kind, "approved before withdrawn", "F", "T") if kind else said


def survival(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a share alive at a time; with a kind, its percentage is wrong."""
    if "survival" in study.used:
        return None
    study.used.add("survival")
    total, places = study.everyone.size, places_of(pen)
    count = total - study.died - study.lost
    shown = right = shown_share(pen, count, total, places)
    if kind:
        wrong = wrong_percent(pen, study, (count, total), places)
        if wrong is None:
            return None
        shown = wrong
    slots = share_slots(pen, count, total) | {"people": study.people, "t": "3"}
    slots["P"] = pen.style.percent(shown, places)
    said = pen.say(SURVIVAL, slots).told(count, total, shown, "X", "N", "P")
    return said.planted(kind, f"{float(right)}", "X", "N", "P") if kind else said


def deaths(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return the dead and the living (and the lost); with a kind, they are more than all."""
    if "deaths" in study.used:
        return None
    study.used.add("deaths")
    total = study.everyone.size
    alive = total - study.died - study.lost
    if kind:
        alive = total - study.died + pen.chance.randint(1, max(2, total // 8))
    lost = f", and {study.lost} {'was' if study.lost == 1 else 'were'} lost to follow-up"
    numbers = {"N": total, "d": study.died, "a": alive}
    slots = {name: pen.style.whole(one) for name, one in numbers.items()} | {"people": study.people}
    said = pen.say(DEATHS, slots | {"l": lost if study.lost and not kind else ""})
    return said.planted(kind, str(total - study.died), *"Nda") if kind else said


def duration(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a duration in days and in weeks or months; with a kind, the two are not the same."""
    del study
    unit = pen.chance.choice(("weeks", "weeks", "months"))
    length = pen.chance.randint(2, 26)
    days = length * 7 if unit == "weeks" else length * 30
    shown = length
    if kind:
        shown = pen.chance.choice([n for n in range(2, 40) if abs(n - length) >= max(2, length // 3)])
    slots = {"D": str(days), "W": str(shown), "unit": unit}
    said = pen.say(DURATION, slots, "methods")
    return said.planted(kind, f"{length} {unit}", "D", "W") if kind else said


def dose(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a dose per kilogram, a weight and their product; with a kind, another product."""
    if "dose" in study.used:
        return None
    study.used.add("dose")
    per, weight = pen.chance.choice((1, 2, 3, 4, 5, 6, 8, 10, 15, 20)), pen.chance.randint(8, 18) * 5
    total = per * weight
    if kind:
        total = pen.chance.choice(
            [n for n in (total * 10, total * 2, total + 150, total * 3 // 2) if n != total]
        )
    slots = {"d": str(per), "w": str(weight), "D": pen.style.whole(total), "A": study.drug}
    said = pen.say(DOSE, slots, "methods")
    return said.planted(kind, f"{per * weight} mg", *"dwD") if kind else said
