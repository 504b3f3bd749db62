"""Statements of means and medians with spread and range, right or impossible."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from fractions import Fraction

from .numbers import rounded
from .study import Study
from .wording import Pen, Said

MEDIAN_RANGE = (
    "The median {quantity} was {M} {unit} (range {L}{dash}{H}).",
    "Median {quantity} was {M} {unit} (range, {L} to {H}).",
    "{quantity} had a median of {M} {unit} [range {L}{dash}{H}].",
    "The median {quantity} was {M} (range {L}{dash}{H}) {unit}.",
    "{quantity}: median {M} {unit}, range {L}{dash}{H}.",
    "At entry, the median {quantity} was {M} {unit} (range: {L}{dash}{H} {unit}).",
    "The {people} had a median {quantity} of {M} {unit} (range {L}{dash}{H}).",
    "With a range from {L} to {H}, the median {quantity} was {M} {unit}.",
    "{quantity} ranged from {L} to {H} {unit} with a median of {M}.",
    "A median {quantity} of {M} {unit} (range{eq}{L}{dash}{H}) was recorded.",
    "The median value of {quantity} stood at {M} {unit} (min{dash}max, {L}{dash}{H}).",
    "For {quantity}, we recorded a median of {M} {unit} (range {L} to {H}).",
    "Median ({w_range}) {quantity} was {M} ({L}{dash}{H}) {unit}.",
)
MEAN_RANGE = (
    "The mean {quantity} was {M} {unit} (range {L}{dash}{H}).",
    "Mean {quantity} was {M} {unit} (range, {L} to {H}).",
    "{quantity} averaged {M} {unit} (range {L}{dash}{H}).",
    "The {people} had a mean {quantity} of {M} {unit} (range: {L}{dash}{H}).",
    "{quantity} ranged from {L} to {H} {unit}, with a mean of {M}.",
    "On average, {quantity} was {M} {unit} (range {L}{dash}{H}).",
    "The average {quantity} came to {M} {unit} [range {L}{dash}{H}].",
    "A mean {quantity} of {M} {unit} (range{eq}{L}{dash}{H}) was measured.",
    "{quantity}: mean {M} {unit}, range {L}{dash}{H}.",
    "Mean ({w_range}) {quantity} was {M} ({L}{dash}{H}) {unit}.",
    "Values of {quantity} lay between {L} and {H} {unit} with a mean of {M}.",
    "For {quantity} the mean was {M} {unit} (range {L} to {H}).",
)
MEDIAN_IQR = (
    "The median {quantity} was {M} {unit} (interquartile range {L}{dash}{H}).",
    "Median {quantity} was {M} {unit} (IQR {L}{dash}{H}).",
    "Median {quantity} {M} {unit} (IQR, {L} to {H}) was recorded at entry.",
    "{quantity} had a median of {M} {unit} [IQR {L}{dash}{H}].",
    "The median [IQR] {quantity} was {M} [{L}{dash}{H}] {unit}.",
    "Median (IQR) {quantity}: {M} ({L}{dash}{H}) {unit}.",
    "The {people} had a median {quantity} of {M} {unit} (IQR{eq}{L}{dash}{H}).",
    "{quantity} was {M} {unit} in the median (interquartile range, {L} to {H}).",
    "With an interquartile range of {L} to {H}, the median {quantity} was {M} {unit}.",
    "A median of {M} {unit} (IQR: {L}{dash}{H}) was found for {quantity}.",
    "The median {quantity} was {M} (IQR {L}, {H}) {unit}.",
    "Median {quantity}, {M} {unit} (quartiles {L} and {H}), did not differ by site.",
)
IQR_RANGE = (
    "The median {quantity} was {M} {unit} (IQR {Q1}{dash}{Q3}; range {L}{dash}{H}).",
    "Median {quantity} was {M} {unit} (interquartile range {Q1} to {Q3}, range {L} to {H}).",
    "{quantity}: median {M} {unit}, IQR {Q1}{dash}{Q3}, range {L}{dash}{H}.",
    "The median {quantity} was {M} {unit} [IQR {Q1}{dash}{Q3}, range {L}{dash}{H}].",
    "{quantity} had a median of {M} {unit}, an interquartile range of {Q1}{dash}{Q3} and a range of {L}{dash}{H}.",
    "With a median of {M} {unit}, {quantity} had an IQR of {Q1} to {Q3} and a range of {L} to {H}.",
    "Median {quantity} {M} {unit} (IQR, {Q1}{dash}{Q3}; range, {L}{dash}{H}) did not differ by sex.",
    "The {people} had a median {quantity} of {M} {unit} (range {L}{dash}{H}; IQR {Q1}{dash}{Q3}).",
    "{quantity} ranged from {L} to {H} {unit} (median {M}, IQR {Q1}{dash}{Q3}).",
    "For {quantity}, the median was {M} {unit} (IQR: {Q1}{dash}{Q3}, range: {L}{dash}{H}).",
    "A median {quantity} of {M} {unit} was found (range {L} to {H}, interquartile range {Q1} to {Q3}).",
    "The median was {M} {unit} for {quantity}, with IQR {Q1}{dash}{Q3} and range {L}{dash}{H}.",
)
MEAN_SD_RANGE = (
    "Among {N} {people}, the mean {quantity} was {M} {unit} (SD {S}; range {L}{dash}{H}).",
    "The mean {quantity} of the {N} {people} was {M} {unit} (SD {S}, range {L}{dash}{H}).",
    "In {N} {people}, mean {quantity} was {M} \u00b1 {S} {unit} (range {L}{dash}{H}).",
    "{quantity} was {M} \u00b1 {S} {unit} (range {L} to {H}; n{eq}{N}).",
    "The {N} {people} had a mean (SD) {quantity} of {M} ({S}) {unit}, range {L} to {H}.",
    "Mean {quantity} (n{eq}{N}) was {M} {unit} with a standard deviation of {S} and a range of {L}{dash}{H}.",
    "For {N} {people}, {quantity} averaged {M} {unit} (standard deviation {S}, range {L}{dash}{H}).",
    "{quantity} in the {N} {people}: mean {M} {unit}, SD {S}, range {L}{dash}{H}.",
    "Mean\u00b1SD {quantity} was {M}\u00b1{S} {unit} (range, {L}{dash}{H}) in {N} {people}.",
    "With n{eq}{N}, the mean {quantity} was {M} {unit} (SD{eq}{S}; range{eq}{L}{dash}{H}).",
    "The mean {quantity} was {M} (SD {S}) {unit} and ranged from {L} to {H} in {N} {people}.",
    "Across {N} {people}, we measured a mean {quantity} of {M} {unit} (SD {S}; range {L} to {H}).",
)
WHOLE_MEAN = (
    "The mean number of {things} was {M} in the {N} {people}.",
    "The {N} {people} had a mean number of {things} of {M}.",
    "The mean number of {things} per person was {M} (n{eq}{N}).",
    "On average, each of the {N} {people} had {M} {things}.",
    "The average number of {things} in the {N} {people} was {M}.",
    "Among {N} {people}, the mean number of {things} came to {M}.",
    "In {N} {people}, {things} numbered {M} on average.",
    "For {N} {people}, the mean count of {things} was {M}.",
    "The number of {things} averaged {M} per person among {N} {people}.",
    "With {N} {people}, a mean number of {things} of {M} was recorded.",
    "Across the {N} {people}, the mean number of {things} was {M}.",
    "A mean of {M} {things} per person was counted in {N} {people}.",
)
WHOLE_MEDIAN = tuple(
    one.replace("On average, each", "In the median, each")
    .replace("averaged {M} per person", "had a median of {M} per person")
    .replace("on average", "in the median")
    .replace("average", "median")
    .replace("mean", "median")
    for one in WHOLE_MEAN
)


SPARE = (
    ("diastolic pressure", "mmHg", 72, 12),
    ("resting heart rate", "beats/min", 76, 13),
    ("waist", "cm", 88, 14),
    ("travel time", "min", 64, 15),
    ("hand grip", "kg", 61, 12),
    ("step count", "per h", 70, 14),
)


@dataclass(frozen=True)
class Sample:
    """Whole values that were really drawn, in order."""

    values: tuple[int, ...]

    @property
    def mean(self) -> Fraction:
        """Return the exact mean."""
        return Fraction(sum(self.values), len(self.values))

    @property
    def median(self) -> Fraction:
        """Return the exact median."""
        return Fraction(statistics.median(Fraction(one) for one in self.values))

    @property
    def quarters(self) -> tuple[int, int]:
        """Return the quartiles as values at a quarter and three quarters of the order."""
        last = len(self.values) - 1
        return self.values[last // 4], self.values[last - last // 4]

    @property
    def sd(self) -> float:
        """Return the standard deviation with n - 1."""
        return statistics.stdev(self.values)


def draw(pen: Pen, size: int, mean: float, spread: float) -> Sample:
    """Return a sample of whole values, none below zero."""
    size = min(size, 400)
    return Sample(tuple(sorted(max(0, round(pen.chance.gauss(mean, spread))) for _ in range(size))))


def _measured(pen: Pen, study: Study) -> tuple[str, str, float, float]:
    """Return a quantity that the study has not told of yet: age or one of the field's."""
    ages = ("age", "years", pen.chance.randint(30, 68), pen.chance.randint(8, 15))
    if study.people == "children":
        ages = ("age", "months", pen.chance.randint(30, 90), 17)
    rest = [one for one in (ages, *study.subject.measured) if one[0] not in study.used]
    spare = (*SPARE, (f"scale {chr(65 + len(study.used) % 26)} score", "points", 50, 12))
    chosen = pen.chance.choice(rest or [one for one in spare if one[0] not in study.used] or [spare[-1]])
    study.used.add(chosen[0])
    return chosen


def _slots(pen: Pen, study: Study, quantity: str, unit: str) -> dict[str, str]:
    words = {"quantity": quantity, "unit": unit, "people": study.people, "w_range": "range"}
    return words | {"eq": pen.style.equals, "dash": pen.style.dash, "N": pen.style.whole(study.everyone.size)}


def _centre(pen: Pen, study: Study, kind: str, what: str) -> Said | None:
    """Return a median or mean with range or quartiles; with a kind, the centre lies outside."""
    quantity, unit, mean, spread = _measured(pen, study)
    sample = draw(pen, study.everyone.size, mean, spread)
    low, high = sample.quarters if what == "iqr" else (sample.values[0], sample.values[-1])
    if high - low < 4:
        return None
    centre = sample.mean if what == "mean" else sample.median
    places = 1 if what == "mean" or centre.denominator > 1 else 0
    if kind:
        away = pen.chance.randint(2, max(3, (high - low) // 2))
        centre = Fraction(high + away if low - away < 1 or pen.maybe(0.5) else low - away)
    limits = {"L": pen.style.whole(low), "H": pen.style.whole(high), "M": pen.style.number(centre, places)}
    forms = {"mean": MEAN_RANGE, "median": MEDIAN_RANGE, "iqr": MEDIAN_IQR}[what]
    said = pen.say(forms, _slots(pen, study, quantity, unit) | limits)
    return said.planted(kind, f"between {low} and {high}", *"MLH") if kind else said


def median_range(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a median with its range; with a kind, outside it."""
    return _centre(pen, study, kind, "median")


def mean_range(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a mean with its range; with a kind, outside it."""
    return _centre(pen, study, kind, "mean")


def median_iqr(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a median with its quartiles; with a kind, outside them."""
    return _centre(pen, study, kind, "iqr")


def iqr_in_range(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a median with quartiles and range; with a kind, a quartile lies outside the range."""
    quantity, unit, mean, spread = _measured(pen, study)
    sample = draw(pen, study.everyone.size, mean, spread)
    (q1, q3), low, high = sample.quarters, sample.values[0], sample.values[-1]
    if high - low < 6:
        return None
    if kind:
        q3 = high + pen.chance.randint(2, max(3, high - low))
    numbers = {"Q1": q1, "Q3": q3, "L": low, "H": high}
    limits = {name: pen.style.whole(one) for name, one in numbers.items()}
    limits["M"] = pen.style.number(sample.median, int(sample.median.denominator > 1))
    said = pen.say(IQR_RANGE, _slots(pen, study, quantity, unit) | limits)
    return said.planted(kind, f"at most {high}", "M", "Q1", "Q3", "L", "H") if kind else said


def mean_sd(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return mean, SD, range and n; with a kind, an SD that the range does not allow."""
    if study.everyone.size > 400:
        return None
    quantity, unit, mean, spread = _measured(pen, study)
    sample = draw(pen, study.everyone.size, mean, spread)
    low, high, n = sample.values[0], sample.values[-1], len(sample.values)
    if high - low < 6:
        return None
    sd = Fraction(sample.sd)
    if kind:
        bound = (n / (n - 1) * float((high - sample.mean) * (sample.mean - low))) ** 0.5
        sd = Fraction(bound * pen.chance.uniform(1.15, 1.9))
    limits = {"L": pen.style.whole(low), "H": pen.style.whole(high)}
    limits |= {"M": pen.style.number(sample.mean, 1), "S": pen.style.number(sd, 1)}
    said = pen.say(MEAN_SD_RANGE, _slots(pen, study, quantity, unit) | limits)
    return said.planted(kind, f"{sample.sd:.1f}", *"NMSLH") if kind else said


def whole_mean(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return the mean of whole counts in few people; with a kind, one that no whole sum gives."""
    size = study.everyone.size
    if size > 60:
        return None
    sample = draw(pen, size, pen.chance.uniform(2, 8), 2)
    places = 1 if size <= 6 else 2
    shown = rounded(sample.mean, places)
    if kind:
        unit = Fraction(1, 10**places)
        near = [shown + step * unit for step in range(-60, 61)]
        far = [one for one in near if one > 1 and abs(one * size - round(one * size)) > unit * size * 11 / 10]
        if not far:
            return None
        shown = pen.chance.choice(far)
    return _whole(pen, study, WHOLE_MEAN, pen.style.digits(shown, places), kind)


def whole_median(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return the median of whole counts; with a kind, one that is neither whole nor a half."""
    size = study.everyone.size
    if size > 60:
        return None
    median = draw(pen, size, pen.chance.uniform(2, 8), 2).median
    if kind:
        median = int(median) + 1 + Fraction(pen.chance.choice((1, 2, 3, 4, 6, 7, 8, 9)), 10)
    places = 0 if median.denominator == 1 else 1
    return _whole(pen, study, WHOLE_MEDIAN, pen.style.digits(median, places), kind)


def _whole(pen: Pen, study: Study, forms: tuple[str, ...], shown: str, kind: str) -> Said | None:
    free = [one for one in study.subject.counted if one not in study.used]
    if not free:
        return None
    things = pen.chance.choice(free)
    study.used.add(things)
    slots = _slots(pen, study, "", "") | {"things": things, "M": shown}
    said = pen.say(forms, slots)
    right = "a whole number or a half" if forms is WHOLE_MEDIAN else "a whole sum divided by n"
    return said.planted(kind, right, "N", "M") if kind else said
