"""Statements of parts that make up a whole, in counts or in percent, right or with one part too much."""

from __future__ import annotations

from fractions import Fraction

from .numbers import rounded
from .proportions import places_of
from .study import Study
from .wording import Pen, Said

KINDS = (
    ("complete response", "partial response", "stable disease", "progressive disease"),
    ("mild", "moderate", "severe", "very severe"),
    ("viral", "bacterial", "malignant", "unexplained"),
    ("stage I", "stage II", "stage III", "stage IV"),
    ("improved", "unchanged", "worse", "not assessable"),
    ("blood group O", "blood group A", "blood group B", "blood group AB"),
    ("never smokers", "former smokers", "current smokers", "smokers of unknown status"),
    ("urban", "suburban", "rural", "homeless"),
    ("primary school", "secondary school", "vocational training", "university"),
    ("married", "single", "divorced", "widowed"),
)
COUNTS = (
    "Of the {N} {people}, {a} were classed as {ka}, {b} as {kb}, {c} as {kc} and {d} as {kd}.",
    "The {N} {people} were grouped as {ka} (n{eq}{a}), {kb} (n{eq}{b}), {kc} (n{eq}{c}) and {kd} (n{eq}{d}).",
    "Of {N} {people}, {a} fell under {ka}, {b} under {kb}, {c} under {kc}, and {d} under {kd}.",
    "All {N} {people} were classified: {a} {ka}, {b} {kb}, {c} {kc}, {d} {kd}.",
    "The classes of the {N} {people} were {ka} in {a}, {kb} in {b}, {kc} in {c} and {kd} in {d}.",
    "{ka} ({a}), {kb} ({b}), {kc} ({c}) and {kd} ({d}) together made up the {N} {people}.",
    "Classification of the {N} {people} gave: {ka}, {a}; {kb}, {b}; {kc}, {c}; {kd}, {d}.",
    "There were {N} {people}: {a} with {ka}, {b} with {kb}, {c} with {kc} and {d} with {kd}.",
    "Each of the {N} {people} was assigned to one class only ({ka} {a}, {kb} {b}, {kc} {c}, {kd} {d}).",
    "Among {N} {people}, the only classes were {ka} (n{eq}{a}), {kb} (n{eq}{b}), {kc} (n{eq}{c}) and {kd} (n{eq}{d}).",
    "We divided the {N} {people} into {a} {ka}, {b} {kb}, {c} {kc} and {d} {kd}.",
    "By class, the {N} {people} comprised {a} {ka}, {b} {kb}, {c} {kc}, and {d} {kd}.",
    "The {N} {people} consisted of {a} labelled {ka}, {b} labelled {kb}, {c} labelled {kc} and {d} labelled {kd}.",
)
SEXES = (
    "There were {a} {men} and {b} {women} among the {N} {people}.",
    "The {N} {people} were {a} {men} and {b} {women}.",
    "We enrolled {N} {people} ({a} {men}, {b} {women}).",
    "{N} {people}, {a} male and {b} female, took part.",
    "Of the {N} {people}, {a} were male and {b} were female.",
    "Of {N} {people}, {b} were female and {a} were male.",
    "A total of {N} {people} ({a} males and {b} females) were <studied|followed>.",
    "The sample of {N} {people} comprised {b} {women} and {a} {men}.",
    "{N} {people} entered: {b} females and {a} males.",
    "The {N} {people} included ({men} {a}, {women} {b}) came from one region.",
    "All {N} {people} ({b} {women} and {a} {men}) gave consent.",
    "Data came from {N} {people}: {a} {men}; {b} {women}.",
)
PERCENTS = (
    "The distribution was {ka} {a}, {kb} {b}, {kc} {c} and {kd} {d}.",
    "All {people} fell into one of four classes: {ka} ({a}), {kb} ({b}), {kc} ({c}) and {kd} ({d}).",
    "In terms of class, {a} were {ka}, {b} {kb}, {c} {kc} and the remaining {d} {kd}.",
    "The whole sample divided into {ka} ({a}), {kb} ({b}), {kc} ({c}), and {kd} ({d}).",
    "Classes were exclusive: {a} {ka}, {b} {kb}, {c} {kc}, {d} {kd}.",
    "Of all {people}, {a} were {ka}, {b} were {kb}, {c} were {kc} and the rest, {d}, were {kd}.",
    "The sample was made up of {ka} in {a}, {kb} in {b}, {kc} in {c} and {kd} in {d}.",
    "Every one of the {people} was given one class: {ka}, {a}; {kb}, {b}; {kc}, {c}; {kd}, {d}.",
    "{a}, {b}, {c} and {d} of all {people} were {ka}, {kb}, {kc} and {kd}, respectively.",
    "Four exclusive classes were used ({ka} {a}; {kb} {b}; {kc} {c}; {kd} {d}).",
    "By class the {people} divided as follows: {a} {ka}, {b} {kb}, {c} {kc} and {d} {kd}.",
    "One class was recorded for each person: {ka} for {a}, {kb} for {b}, {kc} for {c} and {kd} for {d}.",
)


def parts(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return four classes that make up all people; with a kind, they exceed them."""
    total = study.everyone.size
    if all(one[0] in study.used for one in KINDS):
        return None
    slots, counts = _classes(pen, study)
    if kind:
        counts[pen.chance.randrange(4)] += pen.chance.randint(1, max(2, total // 8))
    slots |= {"N": pen.style.whole(total)}
    slots |= {letter: pen.style.whole(count) for letter, count in zip("abcd", counts, strict=True)}
    said = pen.say(COUNTS, slots)
    return said.planted(kind, f"parts that add up to {total}", "N", *"abcd") if kind else said


def sexes(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return men and women among all people; with a kind, they are more than all."""
    if study.people == "women":
        return None
    total = study.everyone.size
    men, women = total - study.women, study.women
    if kind:
        men += pen.chance.randint(1, max(2, total // 8))
    slots = {"N": total, "a": men, "b": women}
    shown = {name: pen.style.whole(number) for name, number in slots.items()}
    names = ("boys", "girls") if study.people == "children" else ("men", "women")
    said = pen.say(SEXES, shown | {"people": study.people, "men": names[0], "women": names[1]})
    return said.planted(kind, str(total - women), "N", "a", "b") if kind else said


def percents(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return the percentages of four exclusive classes; with a kind, they are well above 100 together."""
    places = min(1, places_of(pen))
    if all(one[0] in study.used for one in KINDS):
        return None
    slots, counts = _classes(pen, study)
    shares = [rounded(Fraction(100 * one, sum(counts)), places) for one in counts]
    if kind:
        at = pen.chance.randrange(4)
        shares[at] = min(Fraction(99), shares[at] + pen.chance.choice((9, 10, 12, 18, 20)))
        if sum(shares) < 106:
            return None
    slots |= {letter: pen.style.percent(one, places) for letter, one in zip("abcd", shares, strict=True)}
    said = pen.say(PERCENTS, slots)
    return said.planted(kind, "percentages that add up to 100", *"abcd") if kind else said


def _classes(pen: Pen, study: Study) -> tuple[dict[str, str], list[int]]:
    """Return the slots of four class names not used before, and how many people are in each."""
    names = pen.chance.choice([one for one in KINDS if one[0] not in study.used])
    study.used.add(names[0])
    total = study.everyone.size
    cuts = sorted(pen.chance.sample(range(1, total), 3))
    counts = [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]
    slots = {f"k{letter}": name for letter, name in zip("abcd", names, strict=True)}
    slots |= {"people": study.people, "eq": pen.style.equals}
    return slots, list(study.levels) if names is KINDS[0] else counts
