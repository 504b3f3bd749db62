"""Statements of an estimate with its interval, right or with an interval that cannot be its own."""

from __future__ import annotations

import math
from fractions import Fraction

from .centres import SPARE
from .numbers import clopper_pearson, rounded, wald, wilson
from .proportions import share_slots, shown_share, thing_slots
from .study import Study
from .wording import Pen, Said

RATIO = (
    "The {measure} for {noun} was {E} (95% CI {L}{dash}{H}).",
    "{A} was associated with {noun} ({measure} {E}, 95% CI {L}{dash}{H}).",
    "For {noun}, the {measure} was {E} (95% confidence interval, {L} to {H}).",
    "The {short} was {E} [95% CI, {L}{dash}{H}] for {noun}.",
    "{noun} was tied to {A} (adjusted {short}{eq}{E}; 95% CI: {L}{dash}{H}).",
    "{noun} ({short} {E}; 95% CI {L}, {H}) was <a predictor|an independent predictor> of admission.",
    "After adjustment, {noun} carried {a_measure} of {E} (CI 95% {L}{dash}{H}).",
    "In the multivariable model, {noun} had {short} {E} (95%CI {L}{dash}{H}; P{p}).",
    "Comparing {A} with the rest gave {a_measure} of {E} for {noun}, with a 95% confidence interval from {L} to {H}.",
    "{short} for {noun}: {E} (95% CI{eq}{L}{dash}{H}).",
    "There was a link with {noun} (unadjusted {short}, {E}; 95% CI, {L} to {H}).",
    "{a_measure} of {E} ({L}{dash}{H}, 95% CI) was obtained for {noun}.",
    "The pooled {measure} for {noun} stood at {E} (95% CI between {L} and {H}).",
)
DIFFERENCE = (
    "The mean difference in {quantity} was {E} {unit} (95% CI {L} to {H}).",
    "{quantity} changed by {E} {unit} (95% CI, {L} to {H}) on {A}.",
    "The adjusted difference in {quantity} amounted to {E} {unit} [95% CI {L} to {H}].",
    "Between-group difference in {quantity}: {E} {unit} (95% confidence interval {L} to {H}).",
    "On {A}, {quantity} differed by {E} {unit} (95% CI: {L}, {H}; P{p}).",
    "For {quantity}, the treatment effect was {E} {unit} (95% CI from {L} to {H}).",
    "A difference of {E} {unit} in {quantity} was estimated (95% CI {L} to {H}).",
    "The least-squares mean change in {quantity} was {E} {unit} (95% CI, {L} to {H}).",
    "We estimated an effect of {E} {unit} on {quantity} (95% CI {L}; {H}).",
    "{quantity} was changed ({E} {unit}, 95% CI {L} to {H}) by {A}.",
    "The regression coefficient for {quantity} was {E} (95% CI {L} to {H}).",
    "Model-based change in {quantity}: {E} (95% CI {L} to {H}) {unit}.",
)
SHARE_CI = (
    "The rate of {noun} was {P} ({X}/{N}; 95% CI {L}{dash}{H}).",
    "{X} of {N} {people} {verb} ({P}; 95% CI, {L} to {H}).",
    "{noun} was seen in {X} of {N} {people} ({P}, 95% CI {L}{dash}{H}).",
    "{noun} was recorded in {X}/{N} ({P} [95% CI {L}{dash}{H}]).",
    "Of the {N} {people}, {X} {verb} ({P}; 95% confidence interval {L}{dash}{H}).",
    "Overall, {P} (95% CI {L} to {H}) {verb}, that is, {X} of {N}.",
    "{noun}: {X}/{N}, {P} (95% CI: {L}{dash}{H}).",
    "The proportion with {noun} came to {P} ({X} of {N}, 95% CI {L}{dash}{H}).",
    "Among {N} {people}, {X} {verb}, for a rate of {P} (95% CI, {L}{dash}{H}).",
    "We recorded {noun} in {X} out of {N} {people} ({P}; CI 95% {L}{dash}{H}).",
    "{P} ({X}/{N}) {verb} (95% CI {L}{dash}{H}).",
    "{X} ({P}; 95% CI {L}{dash}{H}) of {N} {people} {verb}.",
)
MEASURES = (("odds ratio", "OR"), ("hazard ratio", "HR"), ("relative risk", "RR"), ("risk ratio", "RR"))


def _interval(middle: float, half: float, *, ratio: bool) -> tuple[Fraction, Fraction, Fraction]:
    places = 2 if ratio else 1
    if ratio:
        low, high = middle * math.exp(-half), middle * math.exp(half)
    else:
        low, high = middle - half, middle + half
    return rounded(middle, places), rounded(low, places), rounded(high, places)


def _spoilt(
    pen: Pen, kind: str, three: tuple[Fraction, Fraction, Fraction], places: int
) -> tuple[Fraction, Fraction, Fraction] | None:
    """Return the estimate and limits with the estimate outside or the limits exchanged."""
    middle, low, high = three
    if kind == "ci_reversed":
        return (middle, high, low) if high - low >= Fraction(3, 10**places) else None
    away = (high - low) * Fraction(pen.chance.randint(15, 60), 100) + Fraction(3, 10**places)
    outside = rounded(high + away if pen.maybe(0.6) or low - away <= 0 else low - away, places)
    return outside, low, high


def ratio(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a ratio with its interval; with a kind, one that does not hold the ratio or is reversed."""
    middle = math.exp(pen.chance.gauss(0, 0.6))
    half = pen.chance.uniform(0.15, 0.9)
    three = _interval(middle, half, ratio=True)
    if three[1] == three[2]:
        return None
    wrong = _spoilt(pen, kind, three, 2) if kind else three
    if wrong is None:
        return None
    measure, short = pen.chance.choice(MEASURES)
    slots = thing_slots(pen, study) | _shown(pen, wrong, 2)
    article = "an" if measure[0] == "o" else "a"
    slots |= {"measure": measure, "a_measure": f"{article} {measure}", "short": short, "A": study.drug}
    slots["p"] = _p(pen, math.log(middle) / half)
    said = pen.say(RATIO, slots)
    return said.planted(kind, "estimate between ascending limits", *"ELH") if kind else said


def _p(pen: Pen, halves: float) -> str:
    """Return the p, with its sign, of an estimate so many half intervals away from no effect."""
    p = math.erfc(abs(halves) * 1.959964 / math.sqrt(2))
    if p < 0.001:
        return pen.style.equals.replace("=", "<") + pen.style.number(0.001, 3)
    return pen.style.equals + pen.style.number(p, 3 if p < 0.1 else 2)


def _shown(pen: Pen, three: tuple[Fraction, Fraction, Fraction], places: int) -> dict[str, str]:
    slots = {name: pen.style.digits(one, places) for name, one in zip("ELH", three, strict=True)}
    return slots | {"dash": pen.style.dash}


def difference(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return a difference with its interval; with a kind, one that does not hold it."""
    free = [one for one in (*study.subject.measured, *SPARE) if f"effect on {one[0]}" not in study.used]
    if not free:
        return None
    quantity, unit, mean, spread = pen.chance.choice(free)
    study.used.add(f"effect on {quantity}")
    half, middle = pen.chance.uniform(0.2, 0.9) * spread, pen.chance.uniform(-0.4, 0.4) * mean
    three = _interval(middle, half, ratio=False)
    if three[1] == three[2]:
        return None
    if kind:
        _, low, high = three
        away = max(high - low, Fraction(1)) * pen.chance.randint(12, 40) / 10
        three = (rounded(high + away if pen.maybe(0.5) else low - away, 1), low, high)
    slots = _shown(pen, three, 1) | {"quantity": quantity, "unit": unit, "A": study.drug}
    slots |= {"eq": pen.style.equals, "p": _p(pen, middle / half)}
    said = pen.say(DIFFERENCE, slots)
    return said.planted(kind, "an estimate between its limits", *"ELH") if kind else said


def share_interval(pen: Pen, study: Study, kind: str = "") -> Said | None:
    """Return n/N, percent and its interval; with a kind, an interval far narrower than any method's."""
    total = study.everyone.size
    if total > 900:
        return None
    count = study.count(total)
    method = pen.chance.choice((wilson, wald, clopper_pearson))
    low, high = (Fraction(one) * 100 for one in method(count, total))
    places = 0 if total < 60 and pen.maybe(0.4) else 1
    shown = shown_share(pen, count, total, places)
    if kind:
        if not 3 <= count <= total - 3 or total < 15:
            return None
        shrink = Fraction(pen.chance.randint(15, 35), 100)
        low, high = shown - (shown - low) * shrink, shown + (high - shown) * shrink
        if high - low < Fraction(8, 10**places):
            return None
    slots = thing_slots(pen, study) | share_slots(pen, count, total)
    slots |= {
        "P": pen.style.percent(shown, places),
        "L": pen.style.number(low, places),
        "H": pen.style.number(high, places) + ("%" if pen.maybe(0.4) else ""),
        "dash": pen.style.dash,
    }
    said = pen.say(SHARE_CI, slots).told(count, total, shown, "X", "N", "P")
    right = "{:.3f}-{:.3f} (Wilson)".format(*wilson(count, total))
    return said.planted(kind, right, "X", "N", "P", "L", "H") if kind else said
