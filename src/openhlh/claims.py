"""What a document states in numbers, as it was read, and what a check says of it: the words of `check`.

A claim is a number (or several that belong together) with its place. It holds what is printed and
nothing that was computed. A finding is one check's word on one claim. Both rooms that meet over a
document, the one that reads it and the one that checks it, speak in these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

Verdict = Literal["holds", "tension", "does_not_hold", "cannot_check"]
Word = Literal[
    "CONSISTENT",
    "CONVENTION",
    "ALT_ROUNDING",
    "ALT_DENOMINATOR",
    "INCOMPLETE",
    "TENSION",
    "INCONSISTENT",
    "IMPOSSIBLE",
    "NOT_TESTABLE",
]
Severity = Literal["none", "info", "minor", "major"]
VERDICT_OF: dict[Word, Verdict] = {
    "CONSISTENT": "holds",
    "CONVENTION": "holds",
    "ALT_ROUNDING": "tension",
    "ALT_DENOMINATOR": "tension",
    "INCOMPLETE": "tension",
    "TENSION": "tension",
    "INCONSISTENT": "does_not_hold",
    "IMPOSSIBLE": "does_not_hold",
    "NOT_TESTABLE": "cannot_check",
}
SEVERITY_OF: dict[Word, Severity] = {
    "CONSISTENT": "none",
    "CONVENTION": "info",
    "ALT_ROUNDING": "minor",
    "ALT_DENOMINATOR": "minor",
    "INCOMPLETE": "minor",
    "TENSION": "minor",
    "INCONSISTENT": "major",
    "IMPOSSIBLE": "major",
    "NOT_TESTABLE": "none",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed: its exact value, the digits after its decimal mark, its place and its mark.

    `bound` is the sign in front of it ("<", "≤", ">", "≥", "~" or nothing); offsets count characters.
    """

    text: str
    value: Fraction
    places: int
    start: int
    end: int
    bound: str = ""

    @property
    def step(self) -> Fraction:
        """Return one unit of the last printed digit."""
        return Fraction(1, 10**self.places)

    @property
    def whole(self) -> bool:
        """True for a number printed without decimals."""
        return self.places == 0 and self.value.denominator == 1


@dataclass(frozen=True, slots=True)
class Claim:
    """What every claim has: its kind, its words, where they stand, what they are about, in which part.

    `where` is the part of the document ("abstract", "results", "table 2", ... or nothing where it
    has no parts); `about` are the lower-case words that say what is counted or measured.
    """

    start: int
    end: int
    text: str
    where: str = ""
    about: str = ""

    @property
    def kind(self) -> str:
        """Return the name of the kind of claim, as it is told to users."""
        return KIND_OF[type(self).__name__]


@dataclass(frozen=True, slots=True)
class Proportion(Claim):
    """A count, its total, its percent: two or three of them, as printed together.

    `total_from` says where a total comes from that does not stand beside the count: "printed",
    "sentence", "column" (a table's column head), "document" (the only enrolled number), or nothing.
    `tight` is true where the words leave no other reading, as in "6/17 (35.3 %)".
    """

    count: Printed | None = None
    total: Printed | None = None
    percent: Printed | None = None
    total_from: str = "printed"
    tight: bool = True


@dataclass(frozen=True, slots=True)
class Partition(Claim):
    """Parts that are said to make up a whole, in counts or in percent; `closed` where the list is whole.

    Percents without a whole make up 100. `relation` says how the numbers belong together: "parts" of a
    whole, "sum" (the words add them up), "rest" (the last part is what is left), "subgroup" (one part),
    "column" or "row" (of a table, with its total). `exclusive` is true where nobody can be in two parts,
    `sure` where the words leave no other whole and no other part; `others` are numbers nearby that could
    be meant as well.
    """

    parts: tuple[Printed, ...] = ()
    whole: Printed | None = None
    unit: Literal["count", "percent"] = "count"
    closed: bool = False
    relation: Literal["parts", "sum", "rest", "subgroup", "column", "row"] = "parts"
    exclusive: bool = False
    sure: bool = True
    others: tuple[Printed, ...] = ()


@dataclass(frozen=True, slots=True)
class Centre(Claim):
    """A mean or median with what is printed of its spread and of the number of values behind it.

    `quantity` is what is measured ("age", "time to response"), `unit` as printed ("years"). `sd_named`
    is true where the words say that `sd` is a standard deviation: "±" alone may stand for its error.
    """

    measure: Literal["mean", "median"] = "mean"
    centre: Printed | None = None
    sd: Printed | None = None
    low: Printed | None = None
    high: Printed | None = None
    spread: Literal["", "range", "iqr", "ci"] = ""
    n: Printed | None = None
    quantity: str = ""
    unit: str = ""
    sd_named: bool = False


@dataclass(frozen=True, slots=True)
class Estimate(Claim):
    """An estimate with its interval; `measure` is "hr", "or", "rr", "percent", "difference" or "".

    `groups` are the counts with totals of the two groups that a ratio is told of.
    """

    measure: str = ""
    estimate: Printed | None = None
    low: Printed | None = None
    high: Printed | None = None
    level: Fraction = Fraction(95)
    count: Printed | None = None
    total: Printed | None = None
    p: Printed | None = None
    groups: tuple[tuple[Printed, Printed], ...] = ()


@dataclass(frozen=True, slots=True)
class TestResult(Claim):
    """A p value with the 2x2 counts or the test statistic that it is printed with."""

    p: Printed | None = None
    groups: tuple[tuple[Printed, Printed], ...] = ()
    test: str = ""
    statistic: Printed | None = None
    df: tuple[Printed, ...] = ()


@dataclass(frozen=True, slots=True)
class Day(Claim):
    """A date with its role; `first` and `last` are the days between which it lies (a month has 28 to 31).

    Roles: "enrolled_from", "enrolled_to", "followed_from", "followed_to", "from", "to" (of any other period),
    "cutoff", "published", "approved", "withdrawn", "registered", "accepted", "revised", "received", or
    "no_such_day" for a day that the calendar does not have. `series` is the same number for the days that
    are told in a row of one manuscript or of one drug; `about` holds the words that name the event.
    """

    role: str = ""
    first: date = date.min
    last: date = date.max
    series: int = 0


@dataclass(frozen=True, slots=True)
class Survival(Claim):
    """A share alive (or free of an event) at a time: percent, time with unit, counts where printed.

    `series` is the same number for the times that are told together of one group. Without a percent it
    is a statement: endpoint "no recurrence", or "remission" that lasts longer than a time.
    """

    endpoint: str = ""
    percent: Printed | None = None
    time: Printed | None = None
    unit: str = ""
    count: Printed | None = None
    total: Printed | None = None
    series: int = 0


@dataclass(frozen=True, slots=True)
class VitalStatus(Claim):
    """How many died and how many live of how many patients."""

    dead: Printed | None = None
    alive: Printed | None = None
    total: Printed | None = None


@dataclass(frozen=True, slots=True)
class PatientRow(Claim):
    """One patient of a table; `cells` are (column name in lower case, text, start, end).

    `certain` is false where the shape of the table was guessed.
    """

    patient: str = ""
    cells: tuple[tuple[str, str, int, int], ...] = ()
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a reference list as printed: number, words, year (0 where none is told), place."""

    number: int
    text: str
    year: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Citation(Claim):
    """Reference numbers that the text points to, and the entries of the list that stand for them.

    `listed` is the last number of the list: 0 where its heading has nothing under it, None where the
    document has no list that can be told apart. `name` is the author named before "et al", `namesakes`
    are the entries that begin with this name, wherever they stand in the list. `sure` is false where the
    number may count something else.
    """

    numbers: tuple[int, ...] = ()
    entries: tuple[Entry, ...] = ()
    listed: int | None = None
    name: str = ""
    namesakes: tuple[Entry, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Product(Claim):
    """Numbers to be multiplied and what they are said to make: "10 mg/kg (700 mg for a 70 kg patient)".

    `scale` turns the unit of the factors into the unit of the product.
    """

    factors: tuple[Printed, ...] = ()
    product: Printed | None = None
    unit: str = ""
    scale: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Conversion(Claim):
    """One time told in two units, as in "4 weeks (28 days)".

    `link` says how they are joined: "equal" where words say that both are the same ("that is", "="),
    "bracket" where the second stands in brackets, "about" where the second is told as roughly so, "or"
    where it may be another time.
    """

    number: Printed | None = None
    unit: str = ""
    again: Printed | None = None
    again_unit: str = ""
    link: Literal["equal", "bracket", "about", "or"] = "bracket"


@dataclass(frozen=True, slots=True)
class Followed(Claim):
    """A time of follow-up: the longest that is told of it, with its unit ("month")."""

    longest: Printed | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Oddity(Claim):
    """Words that can hardly be meant as printed: of which sort, what is likely meant, other places.

    Sorts: "sign" (1.70 < mmol/L), "powers" (102–106 copies), "spelling" (one name in two spellings),
    "twice" (a sentence printed twice in a row), "status" (reviewed and awaiting review), "reference".
    """

    sort: str = ""
    likely: str = ""
    also: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Told(Claim):
    """A count that the document tells more than once, or in steps: how many are enrolled, or had a rash.

    `what` says of what: "people enrolled", "of 34"; `about` holds the words of an outcome, sorted. `unit`
    is "percent" for a share that is told without its count.
    """

    number: Printed | None = None
    what: str = ""
    unit: Literal["count", "percent"] = "count"


@dataclass(frozen=True, slots=True)
class Quantity(Claim):
    """Any other number with a unit or a word: a dose, a duration, a laboratory value, a bare count."""

    number: Printed | None = None
    unit: str = ""


KIND_OF = {
    "Claim": "number",
    "Proportion": "percent",
    "Partition": "partition",
    "Centre": "centre",
    "Estimate": "interval",
    "TestResult": "p_value",
    "Day": "date",
    "Survival": "survival",
    "PatientRow": "patient_row",
    "Citation": "reference",
    "Product": "dose",
    "Told": "count",
    "Quantity": "quantity",
    "Conversion": "conversion",
    "Oddity": "wording",
    "Followed": "follow_up",
    "VitalStatus": "vital_status",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one claim.

    `rule` is its number in the rule book (R01 ... R20); `stated` and `computed` are shown side by side,
    `difference` says how far they are apart, `convention` names the reading under which it holds,
    `fix` the nearest number that would hold, `moves_pool` whether a pooled number would change,
    `also` further places (start, end) that the judgement rests on.
    """

    rule: str
    claim: Claim
    word: Word
    why: str
    stated: str = ""
    computed: str = ""
    difference: str = ""
    convention: str = ""
    fix: str = ""
    moves_pool: bool = False
    also: tuple[tuple[int, int], ...] = ()
    severity: Severity = "none"

    @property
    def verdict(self) -> Verdict:
        """Return the reader's verdict that the finer word stands for."""
        return VERDICT_OF[self.word]


def finding(rule: str, claim: Claim, word: Word, why: str, **more: object) -> Finding:
    """Return a finding with the severity of its word, unless `severity` says otherwise."""
    more.setdefault("severity", SEVERITY_OF[word])
    return Finding(rule, claim, word, why, **more)  # type: ignore[arg-type]
