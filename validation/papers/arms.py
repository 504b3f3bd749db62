"""Statements that set two groups side by side, with percentages or with a test, right or wrong."""

from __future__ import annotations

from fractions import Fraction

from .numbers import chi_square, fisher
from .proportions import Slots, places_of, share_slots, shown_share, thing_slots, wrong_percent
from .study import Study
from .wording import Pen, Said

TWO_ARMS = (
    "{noun} occurred in {Xa}/{Na} ({Pa}) {people} given {A} and in {Xb}/{Nb} ({Pb}) given {B}{tail}.",
    "{noun} was <more|less> often seen after {A} than after {B} in this sample: {Xa} of {Na} ({Pa}) <versus|vs|against> {Xb} of {Nb} ({Pb}){tail}.",
    "{Pa} ({Xa}/{Na}) in the {A} group and {Pb} ({Xb}/{Nb}) in the {B} group {verb}{tail}.",
    "{noun}: {A} {Xa}/{Na} ({Pa}), {B} {Xb}/{Nb} ({Pb}){tail}.",
    "{Xa} of {Na} ({Pa}) and {Xb} of {Nb} ({Pb}) {people} in the {A} and {B} groups, respectively, {verb}{tail}.",
    "{noun} was recorded in {Xa} ({Pa}) of the {Na} {people} on {A} and in {Xb} ({Pb}) of the {Nb} on {B}{tail}.",
    "In the {A} group (n{eq}{Na}), {Xa} ({Pa}) {verb}, <against|compared with> {Xb} ({Pb}) in the {B} group (n{eq}{Nb}){tail}.",
    "With {A}, {Xa} of {Na} {people} {verb} ({Pa}); with {B}, {Xb} of {Nb} did ({Pb}){tail}.",
    "The rate of {noun} was {Pa} ({Xa}/{Na}) with {A} vs {Pb} ({Xb}/{Nb}) with {B}{tail}.",
    "The <primary|secondary> end point, {noun}, was met by {Xa} of the {Na} {people} assigned to {A} ({Pa}) and by {Xb} of the {Nb} assigned to {B} ({Pb}){tail}.",
    "{noun} was noted in {Pa} [{Xa} of {Na}] of those who received {A}, as opposed to {Pb} [{Xb} of {Nb}] of those who received {B}{tail}.",
    "Rates of {noun} did <not |>differ between {A} and {B} ({Xa}/{Na}, {Pa}, vs {Xb}/{Nb}, {Pb}{tail}).",
    "A total of {Xa} out of {Na} {people} ({Pa}) {verb} under {A}; under {B} it was {Xb} out of {Nb} ({Pb}){tail}.",
    "Among the {Na} allotted to {A}, {Xa} ({Pa}) {verb}, while among the {Nb} allotted to {B}, {Xb} ({Pb}) did so{tail}.",
    "{noun} was reported by {Xa} ({Pa}) and {Xb} ({Pb}) of the {Na} and {Nb} {people} given {A} and {B}, respectively{tail}.",
    "Compared with {B} ({Xb}/{Nb}, {Pb}), {A} ({Xa}/{Na}, {Pa}) had its own rate of {noun}{tail}.",
    "{verb_s}: {Xa}/{Na} ({Pa}) on {A}; {Xb}/{Nb} ({Pb}) on {B}{tail}.",
    "{noun} was found in {Xa} of {Na} cases in one group ({A}; {Pa}) and {Xb} of {Nb} in the other ({B}; {Pb}){tail}.",
)
ARMS_OF_ALL = (
    "{noun} occurred in {Xa} ({Pa}) {people} in the {A} group and {Xb} ({Pb}) in the {B} group.",
    "{Xa} {people} ({Pa}) on {A} and {Xb} ({Pb}) on {B} {verb}.",
    "{noun} was seen in {Xa} ({Pa}) with {A} versus {Xb} ({Pb}) with {B}.",
    "In the {A} group, {Xa} {people} ({Pa}) {verb}; in the {B} group, {Xb} ({Pb}).",
    "{noun} was reported in {Pa} (n{eq}{Xa}) and {Pb} (n{eq}{Xb}) of the {A} and {B} groups, respectively.",
    "There were {Xa} ({Pa}) cases of {noun} on {A} and {Xb} ({Pb}) on {B}.",
    "{noun}: {Xa} ({Pa}) with {A}, {Xb} ({Pb}) with {B}.",
    "Under {A}, {Xa} ({Pa}) {verb}, and under {B}, {Xb} ({Pb}).",
    "{Xa} ({Pa}) vs {Xb} ({Pb}) {people} {verb} ({A} vs {B}).",
    "On {A} {Xa} {people} ({Pa}) and on {B} {Xb} {people} ({Pb}) {verb}.",
    "{noun} rates were {Pa} ({Xa} {people}) for {A} and {Pb} ({Xb} {people}) for {B}.",
    "Those on {A} more or less matched those on {B} in {noun} ({Xa} [{Pa}] vs {Xb} [{Pb}]).",
)
P_VALUE = (
    "; p{eq}{p}",
    ", p{eq}{p}",
    " (p{eq}{p})",
    ", P{eq}{p}",
    "; P value {p}",
    " (P{eq}{p}, {test})",
    "; {test}, p{eq}{p}",
    ", p-value{eq}{p}",
    " (p value {p}; {test})",
    ", with p{eq}{p} by {test}",
    "; p{eq}{p} ({test})",
    " [p{eq}{p}]",
)
OTHER_P = (
    "; p for noninferiority{eq}{p}",
    "; P{eq}{p} after adjustment for site and age",
    " (adjusted p{eq}{p})",
    "; log-rank p{eq}{p}",
    "; p for interaction with sex{eq}{p}",
    ", P for trend over visits{eq}{p}",
)


def _arm_slots(pen: Pen, study: Study) -> Slots:
    slots = thing_slots(pen, study)
    slots["verb_s"] = f"people who {slots['verb']}"
    return slots | {"A": study.arms[0].name, "B": study.arms[1].name}


def _two(pen: Pen, study: Study, kind: str, templates: tuple[str, ...]) -> Said | None:
    """Return both arms told of one feature; with a kind, the percent of one of them is wrong."""
    if len(study.arms) < 2:
        return None
    places = places_of(pen)
    slots, tells = _arm_slots(pen, study), []
    wrong_one = pen.chance.choice("ab") if kind else ""
    rights = {}
    for letter, arm in zip("ab", study.arms, strict=True):
        count = study.count(arm.size)
        shown = rights[letter] = shown_share(pen, count, arm.size, places)
        if letter == wrong_one:
            wrong = wrong_percent(pen, study, (count, arm.size), places)
            if wrong is None:
                return None
            shown = wrong
        slots |= share_slots(pen, count, arm.size, letter)
        slots[f"P{letter}"] = pen.style.percent(shown, places)
        tells.append((count, arm.size, shown, f"X{letter}", f"N{letter}", f"P{letter}"))
    said = pen.say(templates, slots | {"tail": ""})
    for tell in tells:
        said = said.told(*tell)
    if not kind:
        return said
    ends = (f"X{wrong_one}", f"P{wrong_one}")
    return said.planted(kind, f"{float(rights[wrong_one])}", *ends)


def two_arms(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return n/N and percent of both arms."""
    return _two(pen, study, kind, TWO_ARMS)


def arms_of_all(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return counts and percents of both arms, whose sizes stand elsewhere."""
    return _two(pen, study, kind, ARMS_OF_ALL)


def with_p(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return both arms with the p of a test; with a kind, a p that no test of the table is near."""
    if len(study.arms) < 2:
        return None
    (n, m), places = (arm.size for arm in study.arms), places_of(pen)
    a, b = study.count(n), study.count(m)
    table = (a, n, b, m)
    if n + m > 1200:
        return None
    exact, plain, yates = fisher(*table), chi_square(table), chi_square(table, yates=True)
    slots = _arm_slots(pen, study)
    for letter, count, total in (("a", a, n), ("b", b, m)):
        slots |= share_slots(pen, count, total, letter)
        slots[f"P{letter}"] = pen.style.percent(shown_share(pen, count, total, places), places)
    name, p = pen.chance.choice(
        (("Fisher's exact test", exact), ("chi-square test", plain), ("Yates-corrected test", yates))
    )
    tails = OTHER_P if not kind and pen.maybe(0.15) else P_VALUE
    if tails is OTHER_P:  # another test of the same people: a p of its own, of a like size
        p = exact ** pen.chance.uniform(0.3, 1.7)
    if kind:
        wrong = _far(pen, (exact, plain, yates))
        if wrong is None:
            return None
        p = wrong
    tail = _filled_p(pen, pen.pick(tails), p, name)
    said = pen.say(TWO_ARMS, slots | {"tail": tail})
    for letter, count, total in (("a", a, n), ("b", b, m)):
        shown = shown_share(pen, count, total, places)
        said = said.told(count, total, shown, f"X{letter}", f"N{letter}", f"P{letter}")
    return said.planted(kind, f"{exact:.4f} (Fisher)", "Xa", "Xb", "tail") if kind else said


def _filled_p(pen: Pen, tail: str, p: float, test: str) -> str:
    """Return the tail with its p, as small as this paper prints."""
    least = pen.chance.choice((0.001, 0.001, 0.0001, 0.01))
    slots = {"eq": pen.style.equals, "p": pen.style.number(p, 3 if p < 0.1 else 2), "test": test}
    if p < least:
        digits = pen.style.number(Fraction(str(least)), 4 if least < 0.001 else 3 if least < 0.01 else 2)
        slots |= {"eq": slots["eq"].replace("=", "<"), "p": digits}
        tail = tail.replace("value {p}", f"value {slots['eq'].strip()}{digits}")
    return tail.format(**slots)


def _far(pen: Pen, values: tuple[float, ...]) -> float | None:
    """Return a p that is far from all of these and decides otherwise, or nothing where none is clear."""
    if min(values) > 0.3:
        return pen.chance.choice((0.0004, 0.001, 0.003, 0.004))
    if max(values) < 0.002:
        return pen.chance.choice((0.21, 0.34, 0.47, 0.62, 0.88))
    return None
