"""One invented paper: a study told as an abstract or a full text, clean or with planted errors."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from . import (
    arms,
    centres,
    estimates,
    fresh_tables,
    fresh_traps,
    partitions,
    proportions,
    prose,
    tables,
    times,
    traps,
)
from .fresh import INSTEAD
from .rendering import FORMS, Draft, rendered
from .skeleton import skeleton
from .study import Study, draw_study
from .style import draw_style
from .twice import twice
from .wording import Pen, Said

Maker = Callable[[Pen, Study, str], Said | None]
GridMaker = Callable[[Pen, Study, int, str], tuple[tables.Grid, list[Said]] | None]
STATEMENTS: dict[str, Maker] = {
    "percent_wrong": proportions.share,
    "percent_decimal": proportions.share,
    "percent_of_all_wrong": proportions.share_of_all,
    "arm_percent_wrong": arms.two_arms,
    "arm_percent_of_all_wrong": arms.arms_of_all,
    "count_over_total": proportions.counted,
    "percent_unreachable": proportions.percent_of,
    "complement_wrong": proportions.complement,
    "part_over_whole": proportions.subgroup,
    "p_wrong": arms.with_p,
    "parts_over_total": partitions.parts,
    "sexes_over_total": partitions.sexes,
    "percents_over_100": partitions.percents,
    "estimate_outside_ci": estimates.ratio,
    "difference_outside_ci": estimates.difference,
    "ci_reversed": estimates.ratio,
    "ci_too_narrow": estimates.share_interval,
    "median_outside_range": centres.median_range,
    "mean_outside_range": centres.mean_range,
    "median_outside_iqr": centres.median_iqr,
    "iqr_outside_range": centres.iqr_in_range,
    "sd_too_large": centres.mean_sd,
    "mean_not_of_whole": centres.whole_mean,
    "median_not_of_whole": centres.whole_median,
    "cutoff_before_end": times.cutoff,
    "followup_too_long": times.followed,
    "history_order": times.history,
    "approval_order": times.approval,
    "survival_percent_wrong": times.survival,
    "deaths_and_alive": times.deaths,
    "duration_units": times.duration,
    "dose_product": times.dose,
    "one_drug_as_two": prose.drug_names,
}
GRIDS: dict[str, GridMaker] = {
    "table_percent_wrong": tables.by_group,
    "table_total_wrong": tables.with_totals,
    "text_and_table": tables.text_and_table,
    "rows_responders": tables.by_patient,
    "rows_median": tables.by_patient,
}
OF_FEW = {"rows_responders", "rows_median", "percent_unreachable", "mean_not_of_whole", "median_not_of_whole"}
RARE = {"history_order": 0.3, "approval_order": 0.3, "one_drug_as_two": 0.3, "dose_product": 0.5}
KINDS = (*STATEMENTS, "told_twice", *GRIDS, "reference_missing")
ONLY_FULL = {*GRIDS, "reference_missing"}


@dataclass(frozen=True)
class Planted:
    """A planted error: kind, right value, and each place as (sentence, start, end) in letters and digits."""

    kind: str
    right: str
    places: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Told:
    """A printed count with its percent, its total (beside it or elsewhere) and its place, as in `Planted`."""

    count: int
    total: int
    percent: Fraction
    beside: bool
    place: tuple[str, int, int]


@dataclass(frozen=True)
class Paper:
    """An invented paper: its file name, whether it is a full text, its source, what is planted and told."""

    name: str
    full: bool
    source: str
    planted: tuple[Planted, ...]
    told: tuple[Told, ...]


@dataclass
class _Making:
    """A paper in the making: the pen, the study, the draft, which errors are wanted, whose wordings are used."""

    pen: Pen
    study: Study
    full: bool
    wanted: list[str]
    references: int
    fresh: bool
    draft: Draft = field(default_factory=Draft)

    @property
    def grids(self) -> dict[str, GridMaker]:
        """Return the makers of tables."""
        return fresh_tables.GRIDS if self.fresh else GRIDS

    @property
    def traps(self) -> tuple[Callable[[Pen, Study], Said | None], ...]:
        """Return the makers of traps."""
        return (*traps.TRAPS, *fresh_traps.TRAPS) if self.fresh else traps.TRAPS

    def add(self, said: Said | list[Said] | None) -> bool:
        """Keep sentences and say whether there were any."""
        for one in said if isinstance(said, list) else [said] if said else []:
            self.draft.sentences.append(one)
        return bool(said)


def make_paper(
    seed: int, number: int, *, full: bool = False, held_out: bool = False, fresh: bool = False
) -> Paper:
    """Return the paper of this seed and number: always the same, clean in half of the cases."""
    key = f"{seed}:{number}:{full}:{held_out}" + (":fresh" if fresh else "")
    wanted = _wanted(random.Random(key), full)  # noqa: S311 - reproducible, not secret
    for attempt in range(90):
        chance = random.Random(f"{key}:{attempt}")  # noqa: S311 - reproducible, not secret
        making = _begin(chance, (full, held_out, fresh), wanted if attempt < 30 else wanted[:1])
        if not _plant(making):
            continue
        _complete(making)
        made = _finished(making, f"paper_{number:05d}")
        if made is not None:
            return made
    raise RuntimeError(  # a template or a study that never fits: a fault of this generator
        f"no paper came of seed {seed}, number {number}: {wanted}"
    )


def _wanted(chance: random.Random, full: bool) -> list[str]:
    """Return the kinds of error that a paper gets: none in half of the papers, else one to three."""
    if chance.random() < 0.5:
        return []
    kinds = [one for one in KINDS if full or one not in ONLY_FULL]
    weights = [RARE.get(one, 4.0 if one in ONLY_FULL else 1.0) for one in kinds]
    return list(dict.fromkeys(chance.choices(kinds, weights, k=chance.choice((1, 1, 2, 2, 3)))))


def _begin(chance: random.Random, how: tuple[bool, bool, bool], wanted: list[str]) -> _Making:
    """Return the pen, the study and the empty draft of a paper (full text, held out, fresh, or not)."""
    full, held_out, fresh = how
    few = bool(OF_FEW & set(wanted)) or (full and chance.random() < 0.15)
    style = draw_style(chance)
    if full:  # a paper that cites in square brackets does not count in them
        style = replace(style, square=False)
    pen = Pen(chance, style, held_out, INSTEAD if fresh else {})
    study = draw_study(chance, few=few)
    return _Making(pen, study, full, wanted, chance.randint(18, 45) if full else 0, fresh)


def _plant(making: _Making) -> bool:
    """Make the statements that are wrong, tables first; False where one of them cannot be made."""
    order = sorted(making.wanted, key=lambda kind: kind not in GRIDS)
    return all(_planted(making, kind) for kind in order)


def _planted(making: _Making, kind: str) -> bool:
    pen, study = making.pen, making.study
    if kind in GRIDS:
        return _add_grid(making, making.grids[kind](pen, study, len(making.draft.grids) + 1, kind))
    if kind == "told_twice":
        sections = ("abstract", "results") if making.full else ("results", "conclusion")
        return making.add(twice(pen, study, sections, kind))
    if kind == "reference_missing":
        return making.add(prose.missing_citation(pen, study, making.references, kind))
    return any(making.add(STATEMENTS[kind](pen, study, kind)) for _ in range(6))


def _add_grid(making: _Making, made: tuple[tables.Grid, list[Said]] | None) -> bool:
    if made is None:
        return False
    making.draft.grids.append(made[0])
    return making.add(made[1]) or True


def _complete(making: _Making) -> None:
    """Add what is right: sizes, dates, statements, traps, and for full texts tables and much prose."""
    pen, study, full = making.pen, making.study, making.full
    making.add(times.sizes(pen, study))
    if full:
        _tables(making)
        for _ in range(3):
            making.add(twice(pen, study, ("abstract", "results")))
    count = pen.chance.randint(55, 80) if full else pen.chance.randint(4, 7)
    makers = list(STATEMENTS.values())
    for _ in range(count):
        making.add(pen.chance.choice(makers)(pen, study, ""))
    if "window" not in study.used:
        making.add(times.enrolled(pen, study))
    for _ in range(pen.chance.randint(25, 45) if full else pen.chance.randint(1, 4)):
        making.add(pen.chance.choice(making.traps)(pen, study))
    _prose(making)


def _tables(making: _Making) -> None:
    """Add tables that are right: of single patients where there are few, of groups, by row."""
    pen, study, grids = making.pen, making.study, making.draft.grids
    if study.everyone.size <= 13 and "age" not in study.used:
        _add_grid(making, making.grids["rows_median"](pen, study, len(grids) + 1, ""))
    for kind in ("table_percent_wrong", "table_total_wrong", "text_and_table"):
        if pen.maybe(0.6):
            _add_grid(making, making.grids[kind](pen, study, len(grids) + 1, ""))
    if pen.maybe(0.3):
        _add_grid(making, tables.by_row(pen, study, len(grids) + 1))


def _prose(making: _Making) -> None:
    """Add the title and the sentences without claims."""
    pen, study = making.pen, making.study
    making.draft.title = prose.filler(pen, study, "title").text
    making.draft.references = making.references
    lengths = {"background": (25, 40), "methods": (40, 65), "discussion": (55, 90), "conclusion": (1, 2)}
    if not making.full:
        lengths = {"background": (1, 3), "methods": (1, 2), "discussion": (0, 0), "conclusion": (1, 2)}
    for section, (least, most) in lengths.items():
        for _ in range(pen.chance.randint(least, most)):
            making.add(prose.filler(pen, study, section, making.references))


def _finished(making: _Making, name: str) -> Paper | None:
    """Return the paper, or nothing where an error cannot be told apart or another reading explains it."""
    draft, full = making.draft, making.full
    form = making.pen.chance.choice(FORMS if full else ("text", "text", "markdown"))
    source = rendered(draft, form, making.pen)
    planted = _errors(draft)
    told = tuple(
        Told(share.count, share.total, share.percent, share.beside, _place(said.text, share.start, share.end))
        for said in draft.sentences
        for share in said.shares
    )
    whole = skeleton("".join(said.text for said in draft.sentences))
    sentences = {
        place[0] for one in planted for place in one.places if not one.kind.startswith(("table", "text_"))
    }
    if any(whole.count(one) != 1 for one in sentences) or any(_explained(one, told) for one in planted):
        return None
    suffix = {"text": "txt", "markdown": "md", "jats": "xml"}[form]
    return Paper(f"{name}.{suffix}", full, source, planted, told)


def _errors(draft: Draft) -> tuple[Planted, ...]:
    """Return the planted errors of the sentences and the tables with their places."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    rights: dict[str, str] = {}
    for said in draft.sentences:
        for plant in said.plants:
            found.setdefault(plant.kind, []).append(_place(said.text, plant.start, plant.end))
            rights[plant.kind] = plant.right
    for grid in draft.grids:
        for row in grid.rows:
            for plant in row.plants:
                found.setdefault(plant.kind, []).append(_row_place(row, plant.start, plant.end))
                rights[plant.kind] = plant.right
    return tuple(Planted(kind, rights[kind], tuple(places)) for kind, places in found.items())


def _place(text: str, start: int, end: int) -> tuple[str, int, int]:
    return skeleton(text), len(skeleton(text[:start])), len(skeleton(text[:end]))


def _row_place(row: tables.Row, first: int, last: int) -> tuple[str, int, int]:
    bones = [skeleton(cell) for cell in row.cells]
    return "".join(bones), len("".join(bones[:first])), len("".join(bones[: last + 1]))


def _explained(planted: Planted, told: tuple[Told, ...]) -> bool:
    """Return true where the total of some other statement explains a percentage that was planted as wrong."""
    if "percent" not in planted.kind or planted.kind in {"percents_over_100", "percent_unreachable"}:
        return False
    bones, start, end = planted.places[0]
    inside = [one for one in told if one.place[0] == bones and one.place[1] < end and one.place[2] > start]
    totals = {one.total for one in told}
    return any(
        abs(Fraction(100 * one.count, total) - one.percent) <= Fraction(1, one.percent.denominator)
        for one in inside
        for total in totals
        if total
        and abs(Fraction(100 * one.count, one.total) - one.percent) > Fraction(1, 2 * one.percent.denominator)
    )
