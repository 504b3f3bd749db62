"""R17: nobody is treated who was not enrolled, nobody enrolled who was not screened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from openhlh.claims import Claim, Finding, Told, Word, finding

_ORDER = ("people screened", "people enrolled", "people randomised", "people treated", "people evaluable")


def people_get_fewer(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R17: from screening to evaluation a study's number of people never grows.

    Only numbers told once and alike everywhere are compared.
    """
    told: dict[str, list[Told]] = defaultdict(list)
    for claim in claims:
        if isinstance(claim, Told) and claim.what in _ORDER and claim.number is not None:
            told[claim.what].append(claim)
    steps = [told[unit] for unit in _ORDER if told[unit]]
    for place, later in enumerate(steps[1:], start=1):
        yield _step(steps[place - 1], later)


def _step(earlier: Sequence[Told], later: Sequence[Told]) -> Finding:
    first, second = earlier[0], later[0]
    before = max(one.number.value for one in earlier if one.number is not None)
    after = min(one.number.value for one in later if one.number is not None)
    shown = {
        "stated": f"{second.text} {second.what.split()[1]}",
        "computed": f"at most {before} {first.what.split()[1]}",
    }
    if after <= before:
        return finding("R17", second, "CONSISTENT", "No more people than in the step before.", **shown)
    alone = (
        len({one.number.value for one in (*earlier, *later) if one.number}) == 2
        and first.about == second.about
    )
    word: Word = "INCONSISTENT" if alone and first.where == second.where else "TENSION"
    why = f"{second.text} {second.what.split()[1]} are more than the {first.text} {first.what.split()[1]}."
    if word == "INCONSISTENT":
        why += " Please check."
    return finding("R17", second, word, why, also=((first.start, first.end),), **shown)


CHECKS = (people_get_fewer,)
