"""R01 and R02: does a printed percent follow from its count and its total?

Exact fractions only. The closed interval of half a printed unit to either side is accepted, so that
half-up, half-even and half-down never raise a flag. Percents of one total are judged together: one
other total that explains several of them comes before several habits of rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor

from openhlh.claims import Claim, Finding, Proportion, Word, finding
from openhlh.evidence.cells import in_table
from openhlh.evidence.shares import (
    counted,
    difference,
    fits,
    fix,
    holds,
    pool_of,
    printed_pair,
    reachable,
    rounded_otherwise,
    shown,
    telling,
)
from openhlh.evidence.totals import Totals, explained_together, is_whole


def percents_follow(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R01: every printed percent follows from its count and total at its printed precision."""
    told = Totals.of(claims)
    shares = [one for one in claims if isinstance(one, Proportion)]
    explained = explained_together([one for one in shares if is_whole(one)], told)
    for share in shares:
        if share.percent is None:
            yield from _without_percent(share)
        elif share.count is None:
            yield from percent_is_reachable(share, told)
        elif share.total_from in {"row", "column"}:
            yield in_table(share, told, explained.get(id(share)), shares)
        elif share.total is None or share.total_from != "printed":
            yield _loose(share, told, explained.get(id(share)))
        else:
            yield _judged(share, told, explained.get(id(share)))


def percent_is_reachable(share: Proportion, told: Totals) -> Iterator[Finding]:
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


def _judged(share: Proportion, told: Totals, together: int | None) -> Finding:
    """Return the finding about a percent with count and total printed beside it."""
    percent, count, total = counted(share)
    x, n = count.value, total.value
    computed = f"{shown(x, n, percent)} %"
    facts = {"stated": f"{count.text} of {total.text}: {percent.text} %", "computed": computed}
    if fits(percent, x, n):
        return finding("R01", share, "CONSISTENT", f"{x}/{n} is {computed}", **facts)
    word, why, convention = _otherwise(share, told, together)
    facts["difference"] = difference(percent, x, n)
    return finding(
        "R01",
        share,
        word,
        why,
        **facts,
        convention=convention,
        fix=fix(percent, x, n),
        **pool_of(share, word),
    )


def _otherwise(share: Proportion, told: Totals, together: int | None) -> tuple[Word, str, str]:
    """Return the finer word, why, and the reading under which a percent that does not fit would hold."""
    percent, count, total = counted(share)
    x, n = count.value, total.value
    if together:
        why = f"of {together} every percent told here holds, of {n} not; the total beside it is another"
        return "ALT_DENOMINATOR", why, f"of {together}"
    if habit := rounded_otherwise(percent, x, n):
        return "ALT_ROUNDING", f"it holds only {habit}; rounded it is {shown(x, n, percent)} %", habit
    if fits(percent, x, x + n):
        return "CONVENTION", f"{x} and {n} are two groups, and the percent is of both", "share of both counts"
    if x > n and ("/" not in share.text or fits(percent, n, x)):
        return "IMPOSSIBLE", f"{x} cannot be counted out of {n}. Please check.", ""
    if x > n:
        return "TENSION", f"{x}/{n} need not be a count out of a total; as a share it is impossible", ""
    if fits(percent, n - x, n):
        return "TENSION", f"it is the percent of the other {n - x}", "of those not counted"
    if other := next(
        (d for d in told.others(share, int(n)) if holds(share, d) and telling(percent, d)), None
    ):
        return "ALT_DENOMINATOR", f"it holds of {other}, which is stated too, but not of {n}", f"of {other}"
    if not share.tight or percent.bound:
        return "TENSION", "percent and counts may belong to different things; as read, they do not agree", ""
    return "INCONSISTENT", f"{x} of {n} is {shown(x, n, percent)} %, not {percent.text} %. Please check.", ""


def _loose(share: Proportion, told: Totals, together: int | None) -> Finding:
    """Return the finding about a count with its percent whose total stands elsewhere."""
    percent, count = printed_pair(share)
    stated = f"{count.text} ({percent.text} %)"
    own = int(share.total.value) if share.total is not None else 0
    if own and holds(share, own):
        why = f"{count.value}/{own}, as the sentence says"
        return finding(
            "R01", share, "CONSISTENT", why, stated=stated, computed=f"{shown(count.value, own, percent)} %"
        )
    if together:
        why = f"of {together}, the sum of what is told here, every percent holds, of {own} not"
        convention = f"of {together}"
        return finding("R01", share, "ALT_DENOMINATOR", why, stated=stated, convention=convention)
    fitting = [total for total in told.any(share) if holds(share, total)]
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
    total = Fraction(own)
    return finding(
        "R01",
        share,
        word,
        why,
        stated=stated,
        computed=computed,
        convention=habit,
        difference=difference(percent, count.value, total),
        fix=fix(percent, count.value, total),
    )


def _without_total(share: Proportion, told: Totals, stated: str) -> Finding:
    """A count and its percent that fit no number of the document: with one main number, a tension."""
    percent, count = printed_pair(share)
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
