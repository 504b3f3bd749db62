"""Tables of two arms, of counts with totals, and of single patients, right or with one wrong cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from .numbers import rounded
from .proportions import share_slots, shown_share, thing_slots, wrong_percent
from .share_templates import SHARE
from .study import Study
from .wording import Pen, Plant, Said


@dataclass(frozen=True)
class Row:
    """A row of a table, with plants counted in cells (first and last) instead of characters."""

    cells: tuple[str, ...]
    plants: tuple[Plant, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table: its number, caption, head and rows."""

    number: int
    caption: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]


CAPTIONS = (
    "Characteristics of the {people}",
    "Baseline data by group",
    "Clinical findings and events",
    "Who took part",
    "Findings at entry and during follow-up",
    "Main results. Values are n (%)",
)


def _head(pen: Pen, study: Study) -> tuple[str, ...]:
    eq, whole = pen.style.equals, pen.style.whole
    unit = pen.chance.choice(("", " n (%)", ", n (%)"))
    names = [(arm.name, arm.size) for arm in study.arms]
    if len(names) == 1:
        names = [(pen.chance.choice((f"All {study.people}", "Total", "Patients")), study.everyone.size)]
    return (
        pen.chance.choice(("Characteristic", "Variable", "Item", "")),
        *(f"{name[:1].upper()}{name[1:]} (n{eq}{whole(size)}){unit}" for name, size in names),
    )


def by_group(pen: Pen, study: Study, number: int, kind: str = "") -> tuple[Grid, list[Said]] | None:
    """Return a table of counts with percents per column; with a kind, one percent is wrong."""
    sign = pen.chance.choice(("", pen.style.sign))
    places = pen.chance.choice((0, 1, 1))
    sizes = [arm.size for arm in study.arms] if len(study.arms) > 1 else [study.everyone.size]
    rows = []
    spoilt = pen.chance.randrange(6) if kind else -1
    for line in range(pen.chance.randint(6, 11)):
        cells, plants = [_capital(study.thing()[0])], []
        for column, size in enumerate(sizes, 1):
            count = study.count(size)
            shown = shown_share(pen, count, size, places)
            if line == spoilt and column == 1:
                wrong = wrong_percent(pen, study, (count, size), places)
                if wrong is None:
                    return None
                plants.append(Plant(kind, column, column, f"{float(shown)}"))
                shown = wrong
            cells.append(f"{pen.style.whole(count)} ({pen.style.digits(shown, places)}{sign})")
        rows.append(Row(tuple(cells), tuple(plants)))
    caption = pen.chance.choice(CAPTIONS).format(people=study.people)
    return Grid(number, caption, _head(pen, study), tuple(rows)), []


def with_totals(pen: Pen, study: Study, number: int, kind: str = "") -> tuple[Grid, list[Said]] | None:
    """Return counts of four classes by arm with a row of totals; with a kind, one total is wrong."""
    if len(study.arms) < 2 or min(arm.size for arm in study.arms) < 8:
        return None
    names = pen.chance.choice(
        (("Mild", "Moderate", "Severe", "Critical"), ("Site 1", "Site 2", "Site 3", "Site 4"))
    )
    columns = []
    for arm in study.arms:
        cuts = sorted(pen.chance.sample(range(1, arm.size), 3))
        columns.append([b - a for a, b in zip([0, *cuts], [*cuts, arm.size], strict=True)])
    rows = [
        Row((name, *(pen.style.whole(column[at]) for column in columns))) for at, name in enumerate(names)
    ]
    totals = [arm.size for arm in study.arms]
    plants: tuple[Plant, ...] = ()
    if kind:
        columns[0][0] += pen.chance.choice((2, 3, 5, 10))
        rows[0] = Row((names[0], *(pen.style.whole(column[0]) for column in columns)))
        plants = (Plant(kind, 1, 1, str(sum(columns[0]))),)
        rows = [replace(row, plants=(Plant(kind, 1, 1, "a column that adds up"),)) for row in rows]
    rows.append(Row(("Total", *(pen.style.whole(one) for one in totals)), plants))
    head = ("Class", *(f"{arm.name[:1].upper()}{arm.name[1:]}" for arm in study.arms))
    return Grid(number, f"Number of {study.people} by class and group", head, tuple(rows)), []


def by_row(pen: Pen, study: Study, number: int) -> tuple[Grid, list[Said]] | None:
    """Return a table whose percentages run along the rows, as its caption says."""
    if len(study.arms) < 2:
        return None
    rows = []
    for _ in range(6):
        first, second = (study.count(arm.size) for arm in study.arms)
        shares = [shown_share(pen, one, first + second, 1) for one in (first, second)]
        texts = [f"{n} ({pen.style.digits(p, 1)})" for n, p in zip((first, second), shares, strict=True)]
        rows.append(Row((_capital(study.thing()[0]), *texts, str(first + second))))
    head = ("Finding", *(arm.name[:1].upper() + arm.name[1:] for arm in study.arms), "All")
    return Grid(number, "Findings by group; percentages are of the row", head, tuple(rows)), []


def text_and_table(pen: Pen, study: Study, number: int, kind: str = "") -> tuple[Grid, list[Said]] | None:
    """Return a table and a sentence that tells one of its rows again; with a kind, otherwise."""
    total = study.everyone.size
    rows, told = [], []
    for line in range(7):
        slots, count = thing_slots(pen, study), study.count(total)
        shown = shown_share(pen, count, total, 1)
        cell = f"{pen.style.whole(count)} ({pen.style.digits(shown, 1)})"
        plants: tuple[Plant, ...] = ()
        if line == 3:
            other = count
            if kind:
                others = [n for n in range(count - 4, count + 5) if 0 < n < total and n != count]
                other = pen.chance.choice(others)
                plants = (Plant(kind, 1, 1, str(count)),)
            said = _told_again(pen, slots, other, total)
            told = [said.planted(kind, str(count), "X", "Xw", "xw", "N", "P") if kind else said]
        rows.append(Row((_capital(slots["noun"]), cell), plants))
    head = ("Finding", f"All {study.people} (n{pen.style.equals}{pen.style.whole(total)}), n (%)")
    return Grid(number, f"Findings in all {study.people}", head, tuple(rows)), told


def _told_again(pen: Pen, slots: dict[str, str], count: int, total: int) -> Said:
    shown = shown_share(pen, count, total, 1)
    forms = tuple(one for one in SHARE if "{noun}" in one)
    filled = slots | share_slots(pen, count, total) | {"P": pen.style.percent(shown, 1)}
    return pen.say(forms, filled).told(count, total, shown, "X", "Xw", "xw", "N", "P")


LEVELS = ("CR", "PR", "SD", "PD")
RESPONDED = (
    "A complete response (CR) was reached by {X} of {N} {people} ({P}) (Table {t}).",
    "As Table {t} shows, {X} of the {N} {people} ({P}) had a complete response.",
    "Complete response was seen in {X}/{N} ({P}; Table {t}).",
    "{X} of {N} {people} ({P}) achieved CR (Table {t}).",
    "CR was achieved in {X} of the {N} {people} ({P}), as listed in Table {t}.",
    "Of the {N} {people} in Table {t}, {X} ({P}) had CR.",
    "The CR rate was {P} ({X}/{N}).",
    "The rate of complete response was {P} ({X} of {N}; see Table {t}).",
    "Overall, {X} out of {N} {people} ({P}) entered complete response.",
    "Among {N} {people}, {X} ({P}) showed a complete response.",
    "Complete responses numbered {X} in {N} {people} ({P}).",
    "Table {t} lists all {N} {people}, {X} of whom had CR ({P}).",
)
FOLLOW_UP = (
    "The median follow-up of the {N} {people} was {M} days (Table {t}).",
    "Median follow-up was {M} days (range {L}{dash}{H}).",
    "Follow-up of the {people} in Table {t} had a median of {M} days (range {L}{dash}{H}).",
    "{people} were followed for a median of {M} days.",
    "The {N} {people} were followed for a median of {M} days (range, {L} to {H}).",
    "The median duration of follow-up was {M} days.",
    "Follow-up: median {M} days, range {L}{dash}{H} days (Table {t}).",
    "As listed in Table {t}, follow-up was {M} days in the median.",
    "A median follow-up of {M} days (range {L}{dash}{H}) was reached.",
    "The median length of follow-up came to {M} days (Table {t}).",
    "With a range of {L}{dash}{H} days, the median follow-up was {M} days.",
    "Follow-up lasted a median of {M} days in the {N} {people}.",
)


def by_patient(pen: Pen, study: Study, number: int, kind: str = "") -> tuple[Grid, list[Said]] | None:
    """Return a table of single patients and sentences that count it; with a kind, one of them is wrong."""
    size, chance = study.everyone.size, pen.chance
    if size > 13:
        return None
    study.used |= {
        "window",
        "age",
        "survival",
    }  # the rows tell these; a statement of its own would contradict them
    levels = [name for name, n in zip(LEVELS, study.levels, strict=True) for _ in range(n)]
    chance.shuffle(levels)
    ages = (1, 17) if study.people == "children" else (19, 80)
    sexes = ["F"] * study.women + ["M"] * (size - study.women)
    chance.shuffle(sexes)
    dead = set(chance.sample(range(size), study.died))
    least, most = (study.cutoff - study.last).days, (study.cutoff - study.first).days
    days = [chance.randint(5, least) if one in dead else chance.randint(least, most) for one in range(size)]
    rows = tuple(
        Row(
            (
                str(one + 1),
                f"{chance.randint(*ages)}/{sexes[one]}",
                chance.choice(("viral", "bacterial", "lymphoma", "unknown")),
                levels[one],
                str(days[one]),
                "dead" if one in dead else "alive",
            ),
        )
        for one in range(size)
    )
    told = _counted_rows(pen, study, number, days, kind)
    if told is None:
        return None
    head = ("Patient", "Age/sex", "Trigger", "Best response", "Follow-up (days)", "Status")
    return Grid(number, f"Course of the {size} {study.people}, one by one", head, rows), told


def _counted_rows(pen: Pen, study: Study, number: int, days: list[int], kind: str) -> list[Said] | None:
    """Return the sentences that count the responders and take the median of the days."""
    size, count = study.everyone.size, study.levels[0]
    if kind == "rows_responders":
        count = pen.chance.choice([n for n in (count - 2, count - 1, count + 1, count + 2) if 0 < n <= size])
    slots = share_slots(pen, count, size) | {"people": study.people, "t": str(number), "dash": pen.style.dash}
    shown = shown_share(pen, count, size, 1)
    said = pen.say(RESPONDED, slots | {"P": pen.style.percent(shown, 1)}).told(
        count, size, shown, "X", "N", "P"
    )
    ordered = sorted(days)
    median = Fraction(ordered[(size - 1) // 2] + ordered[size // 2], 2)
    printed = median
    if kind == "rows_median":
        far = [
            n for n in range(ordered[0], ordered[-1]) if abs(n - median) > 40 + median / 4 and n not in days
        ]
        if not far:
            return None
        printed = Fraction(pen.chance.choice(far))
    limits = {"L": str(ordered[0]), "H": str(ordered[-1])}
    limits["M"] = pen.style.digits(rounded(printed, 1), 0 if printed.denominator == 1 else 1)
    follow = pen.say(FOLLOW_UP, slots | limits)
    if kind == "rows_responders":
        said = said.planted(kind, str(study.levels[0]), "X", "P")
    if kind == "rows_median":
        follow = follow.planted(kind, f"{float(median)}", "M")
    return [said, follow]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
