"""Which total stands behind a percent: the numbers that a document states, and blocks that share one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openhlh.claims import Claim, Proportion, Quantity
from openhlh.evidence.shares import holds

_NEAR = 300  # characters: what stands in the same sentence or table row
_MAIN = re.compile(r"enrol|includ|random|treat|evaluab|analy|total|recruit|assess|particip|complet")


@dataclass(frozen=True)
class Totals:
    """The whole numbers that a document states: (value, offset, counts people, is a main number)."""

    all: tuple[tuple[int, int, bool, bool], ...]

    @classmethod
    def of(cls, claims: Sequence[Claim]) -> Totals:
        """Return the numbers of a document's claims."""
        found: list[tuple[int, int, bool, bool]] = []
        for claim in claims:
            if isinstance(claim, Quantity) and claim.number is not None and claim.number.whole:
                people = claim.unit == "people"
                main = people and bool(_MAIN.search(claim.about))
                found.append((int(claim.number.value), claim.start, people, main))
            elif isinstance(claim, Proportion):
                numbers = (one for one in (claim.total, claim.count) if one is not None and one.whole)
                found += [(int(one.value), one.start, True, False) for one in numbers]
        return cls(tuple(found))

    def others(self, share: Proportion, own: int) -> list[int]:
        """Return other totals that may stand behind a fraction: numbers near it, or the study's main ones."""
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


def is_whole(share: Proportion) -> bool:
    """True for a share with count, total and percent."""
    return share.count is not None and share.total is not None and share.percent is not None


def explained_together(shares: Sequence[Proportion], told: Totals) -> dict[int, int]:
    """Return {id of a share: other total} where one other total explains all percents of a block."""
    blocks: dict[tuple[int, str], list[Proportion]] = defaultdict(list)
    for share in shares:
        blocks[(block_key(share), share.where)].append(share)
    explained: dict[int, int] = {}
    for members in blocks.values():
        own = int(members[0].total.value) if members[0].total else 0
        for block in _neighbours(members):
            wrong = [one for one in block if not holds(one, own)]
            counted = [one for one in block if one.count and one.count.value > 0]
            if not wrong or len(counted) < 2:
                continue
            other = _common_total(counted, own, told)
            if other:
                explained.update({id(one): other for one in wrong})
    return explained


def block_key(share: Proportion) -> int:
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


def _common_total(block: Sequence[Proportion], own: int, told: Totals) -> int | None:
    """Return the total (sum of the block, or stated near it) under which every percent of the block fits."""
    counts = [int(one.count.value) for one in block if one.count]
    candidates = [sum(counts), *told.others(block[0], own)]
    for total in candidates:
        if total != own and total >= max(counts) and all(holds(one, total) for one in block):
            return total
    return None
