"""Statements of one count of one total, right or with one wrong number."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from . import share_templates as forms
from .numbers import rounded
from .study import Group, Study
from .wording import Pen, Said

Slots = dict[str, str]


def places_of(pen: Pen) -> int:
    """Return how many decimals a percentage gets."""
    return pen.chance.choices((0, 1, 2), (30, 62, 8))[0]


def shown_share(pen: Pen, count: int, total: int, places: int) -> Fraction:
    """Return the percentage of a share as this paper rounds it."""
    return rounded(Fraction(100 * count, total), places, half_even=pen.style.half_even)


def share_slots(pen: Pen, count: int, total: int, suffix: str = "") -> Slots:
    """Return the slots of a count and its total, in digits and in words."""
    style = pen.style
    low = style.words(count) if count <= 12 else style.whole(count)
    capital = style.words(count) if count < 100 or pen.maybe(0.5) else style.whole(count)
    names = {"X": style.whole(count), "N": style.whole(total), "Xw": capital, "xw": low}
    return {f"{name}{suffix}": text for name, text in names.items()}


def thing_slots(pen: Pen, study: Study) -> Slots:
    """Return the slots of one feature or event of the people."""
    noun, verb = study.thing()
    return {"noun": noun, "verb": verb, "people": study.people, "eq": pen.style.equals}


def wrong_percent(pen: Pen, study: Study, share: tuple[int, int], places: int) -> Fraction | None:
    """Return a wrong percentage that no group of the study explains, or nothing if none is found."""
    count, total = share
    unit = Fraction(1, 10**places)
    right = Fraction(100 * count, total)
    shown = shown_share(pen, count, total, places)
    for _ in range(40):
        step = pen.chance.choice((2, 3, 5, 7, 9, 10, 11, 18, 20, 27, 30, 90, 100))
        ways: tuple[Callable[[], Fraction], ...] = (
            lambda step=step: shown + pen.chance.choice((-1, 1)) * step * unit,  # type: ignore[misc]
            lambda: _swapped(pen, shown, places),
            lambda: rounded(Fraction(100 * (count + pen.chance.choice((-2, -1, 1, 2))), total), places),
            lambda: rounded(Fraction(100 * count, total + pen.chance.choice((-3, -2, 2, 3, 5))), places),
            lambda: shown + pen.chance.choice((-10, 10)),
        )
        wrong = pen.chance.choice(ways)()
        if (
            0 < wrong <= 100
            and abs(wrong - right) >= unit * 3 / 2
            and not study.explained(wrong, count, unit)
        ):
            return wrong
    return None


def _swapped(pen: Pen, shown: Fraction, places: int) -> Fraction:
    digits = list(str(int(shown * 10**places)))
    at = pen.chance.randrange(max(1, len(digits) - 1))
    digits[at : at + 2] = reversed(digits[at : at + 2])
    return Fraction(int("".join(digits)), 10**places)


def told_share(
    pen: Pen, study: Study, templates: tuple[str, ...], group: Group, kind: str = ""
) -> Said | None:
    """Return a statement of a share of a group; with a kind, its percent is wrong (or nothing fits)."""
    total, places = group.size, places_of(pen)
    count = study.count(total)
    shown = right = shown_share(pen, count, total, places)
    if kind.startswith("percent_decimal"):
        shown, places = _shifted(pen, right, places)
        if abs(shown - Fraction(100 * count, total)) < 2 or study.explained(shown, count, Fraction(1)):
            return None
    elif kind:
        wrong = wrong_percent(pen, study, (count, total), places)
        if wrong is None:
            return None
        shown = wrong
    slots = {
        **thing_slots(pen, study),
        **share_slots(pen, count, total),
        "P": pen.style.percent(shown, places),
        "group": group.name,
    }
    said = pen.say(templates, slots)
    if kind:
        said = said.planted(kind, f"{float(right)}", "X", "Xw", "xw", "N", "P")
    return said.told(count, total, shown, "X", "Xw", "xw", "N", "P")


def _shifted(pen: Pen, shown: Fraction, places: int) -> tuple[Fraction, int]:
    if shown < 10 and pen.maybe(0.7):
        return shown * 10, max(0, places - 1)
    return shown / 10, places + 1


def share(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a share of all people, or of one arm's or subgroup's where its size is printed."""
    if pen.maybe(0.3):
        group = pen.chance.choice(study.named)
        if group.size > 3:
            return told_share(pen, study, forms.GROUP_SHARE, group, kind)
    return told_share(pen, study, forms.SHARE, study.everyone, kind)


def share_of_all(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a count with its percent of all people, whose number stands elsewhere."""
    return told_share(pen, study, forms.OF_ALL, study.everyone, kind)


def counted(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a count of a total; with a kind, more are counted than there are."""
    total = study.everyone.size
    count = study.count(total)
    if kind:
        count = total + pen.chance.randint(1, max(3, total // 4))
    said = pen.say(forms.COUNTED, {**thing_slots(pen, study), **share_slots(pen, count, total)})
    return said.planted(kind, f"at most {total}", "X", "Xw", "N") if kind else said


def percent_of(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a percentage of a small printed number; with a kind, no count gives it."""
    total = study.everyone.size
    if total > 45:
        return None
    places = 0 if total <= 22 or not kind else 1
    shown = shown_share(pen, study.count(total), total, places)
    if kind:
        unit = Fraction(1, 10**places)
        near = [shown + step * unit for step in range(-40, 41)]
        far = [p for p in near if 1 < p < 99 and _distance(p, total) >= unit * 3 / 2]
        if not far:
            return None
        shown = pen.chance.choice(far)
    slots = thing_slots(pen, study) | {
        "N": pen.style.whole(total),
        "P": pen.style.percent(shown, places),
    }
    said = pen.say(forms.PERCENT_OF, slots)
    return said.planted(kind, f"a multiple of 100/{total}", "N", "P") if kind else said


def _distance(percent: Fraction, total: int) -> Fraction:
    """Return how far a percentage lies from the nearest that whole people can give."""
    low = int(percent * total / 100)
    return min(abs(Fraction(100 * one, total) - percent) for one in (low, low + 1))


def complement(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a count and the others of the same total; with a kind, the two are not the total."""
    total = study.everyone.size
    count = study.count(total)
    rest = total - count
    if kind:
        rest += pen.chance.choice([one for one in (-3, -2, -1, 1, 2, 3, 5) if rest + one > 0])
    slots = thing_slots(pen, study) | share_slots(pen, count, total) | {"Y": pen.style.whole(rest)}
    said = pen.say(forms.COMPLEMENT, slots)
    return said.planted(kind, str(total - count), "X", "Xw", "N", "Y") if kind else said


def subgroup(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a count and a part of it; with a kind, the part is larger than its whole."""
    total = study.everyone.size
    count = study.count(total)
    part = pen.chance.randint(1, count)
    if kind:
        part = count + pen.chance.randint(1, max(2, count // 3))
    slots = thing_slots(pen, study) | share_slots(pen, count, total)
    slots |= {"Y": pen.style.whole(part), "other": study.thing()[1]}
    said = pen.say(forms.SUBGROUP, slots)
    return said.planted(kind, f"at most {count}", "X", "Xw", "Y") if kind else said
