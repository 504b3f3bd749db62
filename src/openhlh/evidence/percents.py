"""R01 and R02: does a printed percent follow from its count and its total?

Exact fractions only. The closed interval of half a printed unit to either side is accepted, so that
half-up, half-even and half-down never raise a flag. Percents of one total are judged together: one
other total that explains several of them comes before several habits of rounding.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from openhlh import proportions
from openhlh.claims import Claim, Finding, Printed, Proportion, Quantity, Word, finding

_NEAR = 300  # characters: what stands in the same sentence or table row
_MAIN = re.compile(r"enrol|includ|random|treat|evaluab|analy|total|recruit|assess|particip|complet")
_OUTCOME = re.compile(r"respon|remission|surviv|death|died|mortality|relapse|\b(?:cr|pr|orr|nr)\b|alive")


def percents_follow(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R01: every printed percent follows from its count and total at its printed precision."""
    told = _Numbers.of(claims)
    shares = [one for one in claims if isinstance(one, Proportion)]
    explained = _explained_together([one for one in shares if _is_whole(one)], told)
    for share in shares:
        if share.percent is None:
            yield from _without_percent(share)
        elif share.count is None:
            yield from percent_is_reachable(share, told)
        elif share.total_from in {"row", "column"}:
            yield _in_table(share, told, explained.get(id(share)), shares)
        elif share.total is None or share.total_from != "printed":
            yield _loose(share, told)
        else:
            yield _judged(share, told, explained.get(id(share)))


def percent_is_reachable(share: Proportion, told: _Numbers) -> Iterator[Finding]:
    """R02: some whole number of the total gives the printed percent."""
    percent, total = share.percent, share.total
    if percent is None or total is None:
        yield finding(
            "R01", share, "NOT_TESTABLE", "no count is printed with this percent", stated=share.text
        )
        return
    n, stated = int(total.value), f"{percent.text} % of {total.text}"
    if n >= 100 * 10**percent.places:
        why = f"with {n} every percent of this precision is possible, so that nothing can be told from it"
        yield finding("R02", share, "NOT_TESTABLE", why, stated=stated)
        return
    below, above = floor(percent.value * n / 100), ceil(percent.value * n / 100)
    near = f"{below}/{n} = {shown(below, n, percent)} %, {above}/{n} = {shown(above, n, percent)} %"
    if fits(percent, below, n) or fits(percent, above, n):
        count = below if fits(percent, below, n) else above
        yield finding(
            "R02", share, "CONSISTENT", f"{count} of {n} gives it", stated=stated, computed=f"{count}/{n}"
        )
    elif percent.bound or not (share.tight or share.total_from == "opening"):
        why = f"no whole number of {n} gives it, but it is told as about or more than so much"
        yield finding("R02", share, "NOT_TESTABLE", why, stated=stated, computed=near)
    elif rounded_otherwise(percent, below, n) or rounded_otherwise(percent, above, n):
        yield finding(
            "R02", share, "ALT_ROUNDING", "only another rounding gives it", stated=stated, computed=near
        )
    elif other := next((d for d in told.mains() if d != n and reachable(percent, d)), None):
        why = f"no whole number of {n} gives it; of {other}, which the document also states, one does"
        yield finding(
            "R02", share, "ALT_DENOMINATOR", why, stated=stated, computed=near, convention=f"of {other}"
        )
    else:
        why = f"no whole number of {n} gives {percent.text} %. Please check."
        yield finding("R02", share, "INCONSISTENT", why, stated=stated, computed=near, fix=near)


def fits(percent: Printed, count: int | Fraction, total: int | Fraction) -> bool:
    """True where the percent is count/total at its printed precision, a tie going either way."""
    return proportions.fits(percent.value, percent.step, count, total)


def reachable(percent: Printed, total: int) -> bool:
    """True where some whole number of the total gives the percent."""
    near = percent.value * total / 100
    return any(fits(percent, count, total) for count in (floor(near), ceil(near)))


def rounded_otherwise(percent: Printed, count: int | Fraction, total: int | Fraction) -> str:
    """Return the other rounding (truncated, rounded up, rounded twice) that gives the percent, or ""."""
    return proportions.rounded_otherwise(percent.value, percent.step, count, total)


def shown(count: int | Fraction, total: int | Fraction, like: Printed) -> str:
    """Return count/total in percent with the decimals of the printed percent, rounded half up."""
    places = like.places
    units = floor(Fraction(100 * count) / Fraction(total) / like.step + Fraction(1, 2))
    return f"{units // 10**places}.{units % 10**places:0{places}d}" if places else str(units)


@dataclass(frozen=True)
class _Numbers:
    """The whole numbers that a document states: (value, offset, counts people, is a main number)."""

    all: tuple[tuple[int, int, bool, bool], ...]

    @classmethod
    def of(cls, claims: Sequence[Claim]) -> _Numbers:
        found: list[tuple[int, int, bool, bool]] = []
        for claim in claims:
            if isinstance(claim, Quantity) and claim.number is not None and claim.number.whole:
                people = claim.unit == "people"
                main = people and bool(_MAIN.search(claim.about))
                found.append((int(claim.number.value), claim.start, people, main))
            elif isinstance(claim, Proportion):
                for number in (claim.total, claim.count):
                    if number is not None and number.whole:
                        found.append((int(number.value), number.start, True, False))
        return cls(tuple(found))

    def others(self, share: Proportion, own: int) -> list[int]:
        """Return other totals that may stand behind a printed fraction: near it, or the study's main numbers."""
        least = int(share.count.value) if share.count is not None else 1
        return _nearest_first(
            (abs(at - share.start), value)
            for value, at, people, main in self.all
            if value != own and value >= max(least, 2) and people and (main or abs(at - share.start) <= _NEAR)
        )

    def mains(self) -> list[int]:
        """Return the numbers of people that the study enrolled, treated or analysed."""
        return sorted({value for value, _, _, main in self.all if main})

    def people(self) -> set[int]:
        """Return every number that counts people or stands in a share."""
        return {value for value, _, people, _ in self.all if people}

    def any(self, share: Proportion) -> list[int]:
        """Return every number of the document that can be the total of a count, the nearest first."""
        least = int(share.count.value) if share.count is not None else 1
        return _nearest_first(
            (abs(at - share.start), value) for value, at, _, _ in self.all if value >= max(least, 2)
        )


def _nearest_first(found: Iterator[tuple[int, int]]) -> list[int]:
    return list(dict.fromkeys(value for _, value in sorted(found)))


def _is_whole(share: Proportion) -> bool:
    return share.count is not None and share.total is not None and share.percent is not None


def _explained_together(shares: Sequence[Proportion], told: _Numbers) -> dict[int, int]:
    """Return {id of a share: other total} where one other total explains all percents of a block."""
    blocks: dict[tuple[int, str], list[Proportion]] = defaultdict(list)
    for share in shares:
        blocks[(_key(share), share.where)].append(share)
    explained: dict[int, int] = {}
    for members in blocks.values():
        own = int(members[0].total.value) if members[0].total else 0
        for block in _neighbours(members):
            wrong = [one for one in block if not _holds(one, own)]
            counted = [one for one in block if one.count and one.count.value > 0]
            if not wrong or len(counted) < 2:
                continue
            other = _common_total(counted, own, told)
            if other:
                explained.update({id(one): other for one in wrong})
    return explained


def _key(share: Proportion) -> int:
    """Return what shares of one block have in common: the same cell of a table, or an equal total."""
    if share.total is None:
        return 0
    return -share.total.start if share.total_from in {"row", "column"} else int(share.total.value)


def _neighbours(members: Sequence[Proportion]) -> Iterator[list[Proportion]]:
    """Yield runs of shares with one total that stand close to each other."""
    run: list[Proportion] = []
    for one in members:
        if run and one.start - run[-1].end > _NEAR:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _common_total(block: Sequence[Proportion], own: int, told: _Numbers) -> int | None:
    """Return the total (sum of the block, or stated near it) under which every percent of the block fits."""
    counts = [int(one.count.value) for one in block if one.count]
    candidates = [sum(counts), *told.others(block[0], own)]
    for total in candidates:
        if total != own and total >= max(counts) and all(_holds(one, total) for one in block):
            return total
    return None


def _holds(share: Proportion, total: int) -> bool:
    return (
        share.percent is not None
        and share.count is not None
        and fits(share.percent, share.count.value, total)
    )


def _judged(share: Proportion, told: _Numbers, together: int | None) -> Finding:
    """Return the finding about a percent with count and total printed beside it."""
    percent, count, total = share.percent, share.count, share.total
    assert percent is not None  # noqa: S101
    assert count is not None  # noqa: S101
    assert total is not None  # noqa: S101
    x, n = count.value, total.value
    computed = f"{shown(x, n, percent)} %"
    facts = {"stated": f"{count.text} of {total.text}: {percent.text} %", "computed": computed}
    if fits(percent, x, n):
        return finding("R01", share, "CONSISTENT", f"{x}/{n} is {computed}", **facts)
    word, why, convention = _otherwise(share, told, together)
    facts["difference"] = difference(percent, x, n)
    return finding(
        "R01", share, word, why, **facts, convention=convention, fix=_fix(percent, x, n), **_pool(share, word)
    )


def _otherwise(share: Proportion, told: _Numbers, together: int | None) -> tuple[Word, str, str]:
    """Return the finer word, why, and the reading under which a percent that does not fit would hold."""
    percent, count, total = share.percent, share.count, share.total
    assert percent is not None  # noqa: S101
    assert count is not None  # noqa: S101
    assert total is not None  # noqa: S101
    x, n = count.value, total.value
    if together:
        why = f"of {together} every percent told here holds, of {n} not; the total beside it is another"
        return "ALT_DENOMINATOR", why, f"of {together}"
    if habit := rounded_otherwise(percent, x, n):
        return "ALT_ROUNDING", f"it holds only {habit}; rounded it is {shown(x, n, percent)} %", habit
    if fits(percent, x, x + n):
        return "CONVENTION", f"{x} and {n} are two groups, and the percent is of both", "share of both counts"
    if x > n:
        return "IMPOSSIBLE", f"{x} cannot be counted out of {n}. Please check.", ""
    if fits(percent, n - x, n):
        return "TENSION", f"it is the percent of the other {n - x}", "of those not counted"
    if other := next(
        (d for d in told.others(share, int(n)) if _holds(share, d) and _telling(percent, d)), None
    ):
        return "ALT_DENOMINATOR", f"it holds of {other}, which is stated too, but not of {n}", f"of {other}"
    if not share.tight or percent.bound:
        return "TENSION", "percent and counts may belong to different things; as read, they do not agree", ""
    return "INCONSISTENT", f"{x} of {n} is {shown(x, n, percent)} %, not {percent.text} %. Please check.", ""


def _telling(percent: Printed, total: int) -> bool:
    """True where a fit says something: few whole percents are possible with a small total by chance."""
    return percent.places > 0 or total <= 200


def difference(percent: Printed, count: Fraction, total: Fraction) -> str:
    """Return how far printed and computed percent are apart, in percentage points."""
    apart = abs(Fraction(100 * count) / total - percent.value)
    return f"{float(apart):.2f} percentage points"


def _fix(percent: Printed, x: Fraction, n: Fraction) -> str:
    """Return the nearest numbers that would hold: another percent, or another count."""
    fixes = [f"{shown(x, n, percent)} %"] if x <= n else []
    near = percent.value * n / 100
    fixes += [
        f"{count} of {n}"
        for count in {floor(near), ceil(near)}
        if 0 <= count <= n and fits(percent, count, n)
    ]
    return " or ".join(fixes)


def _loose(share: Proportion, told: _Numbers) -> Finding:
    """Return the finding about a count with its percent whose total stands elsewhere."""
    percent, count = share.percent, share.count
    assert percent is not None  # noqa: S101
    assert count is not None  # noqa: S101
    stated = f"{count.text} ({percent.text} %)"
    own = int(share.total.value) if share.total is not None else 0
    if own and _holds(share, own):
        why = f"{count.value}/{own}, as the sentence says"
        return finding(
            "R01", share, "CONSISTENT", why, stated=stated, computed=f"{shown(count.value, own, percent)} %"
        )
    fitting = [total for total in told.any(share) if _holds(share, total)]
    if fitting:
        why = f"it is {count.value} of {fitting[0]}, which the document states"
        return finding("R01", share, "CONSISTENT", why, stated=stated, convention=f"of {fitting[0]}")
    if not own:
        return _without_total(share, told, stated)
    computed = f"{shown(count.value, own, percent)} %"
    habit = rounded_otherwise(percent, count.value, own)
    sure = share.total_from in {"opening", "list"} and not percent.bound
    word: Word = "ALT_ROUNDING" if habit else "INCONSISTENT" if sure else "TENSION"
    why = f"it holds only {habit}" if habit else f"{count.value} of {own} is {computed}. Please check."
    return finding(
        "R01", share, word, why, stated=stated, computed=computed, convention=habit,
        difference=difference(percent, count.value, Fraction(own)), fix=_fix(percent, count.value, Fraction(own)),
    )  # fmt: skip


def _without_total(share: Proportion, told: _Numbers, stated: str) -> Finding:
    """A count and its percent that fit no number of the document: with one main number, a tension."""
    percent, count = share.percent, share.count
    assert percent is not None  # noqa: S101
    assert count is not None  # noqa: S101
    mains = told.mains()
    if (
        len(mains) != 1
        or mains[0] < count.value
        or any(count.value < other < mains[0] for other in told.people())
    ):
        return finding("R01", share, "NOT_TESTABLE", "no total is stated that would give it", stated=stated)
    computed = f"{shown(count.value, mains[0], percent)} %"
    habit = rounded_otherwise(percent, count.value, mains[0])
    why = f"it holds of {mains[0]} only {habit}" if habit else f"of {mains[0]} it would be {computed}"
    word: Word = "ALT_ROUNDING" if habit else "TENSION"
    return finding("R01", share, word, why, stated=stated, computed=computed, convention=habit)


def _in_table(
    share: Proportion, told: _Numbers, together: int | None, shares: Sequence[Proportion]
) -> Finding:
    """Return the finding about a cell "12 (35)" whose total stands in the head of its column or row."""
    percent, count, total = share.percent, share.count, share.total
    assert percent is not None  # noqa: S101
    assert count is not None  # noqa: S101
    assert total is not None  # noqa: S101
    x, own = count.value, int(total.value)
    facts = {"stated": f"{count.text} ({percent.text} %), total {total.text}"}
    if own > 0:
        facts["computed"] = f"{shown(x, own, percent)} %"
    if _holds(share, own):
        return finding("R01", share, "CONSISTENT", f"{x}/{own}, the total of its {share.total_from}", **facts)
    word, why, convention = _cell_otherwise(share, told, together)
    if word == "INCONSISTENT" and sum(_holds(one, own) for one in shares if _key(one) == _key(share)) < 3:
        word, why = (
            "TENSION",
            f"{why} Few cells of this {share.total_from} hold, so that its total is unsure.",
        )
    fix = _fix(percent, x, Fraction(own)) if own > 0 else ""
    return finding("R01", share, word, why, **facts, convention=convention, fix=fix, **_pool(share, word))


def _pool(share: Proportion, word: Word) -> dict[str, object]:
    """Say whether a pooled number would move; another total of an outcome then weighs as a contradiction does."""
    moves = word in {"INCONSISTENT", "IMPOSSIBLE", "ALT_DENOMINATOR"} and bool(_OUTCOME.search(share.about))
    return {"moves_pool": moves, **({"severity": "major"} if moves else {})}


def _cell_otherwise(share: Proportion, told: _Numbers, together: int | None) -> tuple[Word, str, str]:
    """Return the reading of a cell that does not fit its total: another total, missing values, or none."""
    percent, count, total = share.percent, share.count, share.total
    assert percent is not None  # noqa: S101
    assert count is not None  # noqa: S101
    assert total is not None  # noqa: S101
    x, own = count.value, int(total.value)
    if together:
        return (
            "ALT_DENOMINATOR",
            f"of {together} every percent of this row holds, of {own} not",
            f"of {together}",
        )
    if habit := rounded_otherwise(percent, x, own):
        return "ALT_ROUNDING", f"it holds only {habit}", habit
    if other := next(
        (one for one in told.others(share, own) if _holds(share, one) and _telling(percent, one)), None
    ):
        return "ALT_DENOMINATOR", f"it holds of {other}, which is stated too, but not of {own}", f"of {other}"
    if x <= own and fits(percent, own - x, own):
        return "TENSION", f"it is the percent of the other {own - x}", "of those not counted"
    least = 100 * x / (percent.value + percent.step / 2)
    most = (
        100 * x / (percent.value - percent.step / 2) if percent.value > percent.step / 2 else Fraction(10**12)
    )
    if ceil(least) > floor(most):
        return "INCONSISTENT", f"{x} is {percent.text} % of no whole number. Please check.", ""
    if x <= own and least < own:
        return "TENSION", f"it holds of {ceil(least)} to {floor(most)}, as where values are missing", ""
    return "INCONSISTENT", f"{x} of {own} is not {percent.text} %. Please check.", ""


def _without_percent(share: Proportion) -> Iterator[Finding]:
    """A count is not larger than the total that it is counted out of."""
    if share.count is None or share.total is None:
        return
    x, n = share.count.value, share.total.value
    stated = f"{share.count.text} of {share.total.text}"
    if x <= n:
        yield finding("R01", share, "NOT_TESTABLE", "no percent is printed with it", stated=stated)
    elif " of " in share.text:
        why = f"{x} cannot be counted out of {n}. Please check."
        yield finding("R01", share, "IMPOSSIBLE", why, stated=stated)
    else:
        yield finding("R01", share, "NOT_TESTABLE", "it need not be a count out of a total", stated=stated)
