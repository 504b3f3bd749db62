"""How one paper sets its numbers: decimal mark, thousands, percent signs, dashes, spelling, citations."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .lists import entries
from .numbers import rounded, words

BRITISH = {
    "randomiz": "randomis",
    "hemoglobin": "haemoglobin",
    "Hemoglobin": "Haemoglobin",
    "anemia": "anaemia",
    "diarrhea": "diarrhoea",
    "edema": "oedema",
    "pediatric": "paediatric",
    "tumor": "tumour",
    "center": "centre",
    "hospitaliz": "hospitalis",
    "hemorrhage": "haemorrhage",
    "analyze": "analyse",
    "enrollment": "enrolment",
    "Enrollment": "Enrolment",
}
TO_BRITISH = re.compile("|".join(BRITISH))
BESIDE_DIGIT = re.compile(r"(?<=\d) (?=[a-zA-Z%/(=])|(?<=[=(a-z]) (?=\d)")
MONTHS = entries("January February March April May June July August September October November December")
SIGNS = (("%", 62), (" %", 12), ("\u00a0%", 8), ("\u2009%", 3), (" percent", 5), (" per cent", 5))
CITES = ("[{}]", " [{}]", " ({})", "^{}", "{}")


@dataclass(frozen=True)
class Style:
    """The habits of one paper; `cite` is how a reference number is set behind a word."""

    mark: str
    thousands: str
    sign: str
    dash: str
    equals: str
    british: bool
    half_even: bool
    square: bool
    hard_spaces: bool
    day_form: int
    cite: str

    def spelled(self, text: str) -> str:
        """Return the text in the paper's spelling."""
        return TO_BRITISH.sub(lambda found: BRITISH[found[0]], text) if self.british else text

    def spaced(self, text: str, chance: random.Random) -> str:
        """Return the text, as long as before, with some spaces beside digits made non-breaking."""
        if not self.hard_spaces:
            return text
        return BESIDE_DIGIT.sub(lambda found: "\u00a0" if chance.random() < 0.6 else found[0], text)

    def whole(self, number: int) -> str:
        """Return a whole number with the paper's thousands mark."""
        if abs(number) < (10_000 if self.thousands == "\u2009" else 1000):
            return str(number)
        return f"{number:,}".replace(",", self.thousands)

    def number(self, value: Fraction | float, places: int) -> str:
        """Return a value rounded to so many decimals, with the paper's decimal mark."""
        shown = rounded(value, places, half_even=self.half_even)
        return self.digits(shown, places)

    def digits(self, shown: Fraction, places: int) -> str:
        """Return an already rounded value as printed."""
        scaled = abs(int(shown * 10**places))
        whole, rest = divmod(scaled, 10**places)
        tail = f"{self.mark}{rest:0{places}d}" if places else ""
        return ("\u2212" if shown < 0 else "") + self.whole(whole) + tail

    def percent(self, shown: Fraction, places: int) -> str:
        """Return an already rounded percentage with its sign."""
        return self.digits(shown, places) + self.sign

    def words(self, number: int) -> str:
        """Return a whole number in words, or in digits from 1,000 on."""
        return words(number, british=self.british) if number < 1000 else self.whole(number)

    def day(self, day: date) -> str:
        """Return a date as this paper writes it."""
        month = MONTHS[day.month - 1]
        forms = (
            f"{day.day} {month} {day.year}",
            f"{month} {day.day}, {day.year}",
            f"{day.day} {month[:3]} {day.year}",
            day.isoformat(),
        )
        return forms[self.day_form]

    def month(self, day: date) -> str:
        """Return the month of a date as this paper writes it."""
        return f"{MONTHS[day.month - 1][: 3 if self.day_form == 2 else 12]} {day.year}"

    def reference(self, number: str) -> str:
        """Return a reference number as it is set behind a word."""
        return self.cite.format(number)


def draw_style(chance: random.Random) -> Style:
    """Return the habits of one invented paper."""
    signs, weights = zip(*SIGNS, strict=True)
    return Style(
        mark=_one(chance, ".", "\u00b7", 0.08),
        thousands=chance.choice((",", ",", ",", "\u2009", "\u00a0", "")),
        sign=chance.choices(signs, weights)[0],
        dash=chance.choice(("\u2013", "\u2013", "-", " to ", " to ", " \u2013 ", " - ")),
        equals=chance.choice((" = ", " = ", "=", "=", "\u00a0=\u00a0")),
        british=chance.random() < 0.4,
        half_even=chance.random() < 0.15,
        square=chance.random() < 0.1,
        hard_spaces=chance.random() < 0.07,
        day_form=chance.randrange(4),
        cite=chance.choice(CITES),
    )


def _one(chance: random.Random, usual: str, rare: str, share: float) -> str:
    return rare if chance.random() < share else usual


def listed(items: Sequence[str]) -> str:
    """Return items as a list in a sentence."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
