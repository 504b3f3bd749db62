"""The dead and the living are no more than there were patients (R15)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openhlh.claims import Claim, Finding, Partition, VitalStatus, finding


def nobody_is_dead_and_alive(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Those who died and those who live are together at most everybody; judged where no sum was."""
    summed = [one for one in claims if isinstance(one, Partition) and len(one.parts) > 1]
    for claim in claims:
        if not isinstance(claim, VitalStatus) or not (claim.dead and claim.alive and claim.total):
            continue
        numbers = {claim.dead.start, claim.alive.start}
        if any(numbers <= {part.start for part in one.parts} for one in summed):
            continue
        both, total = claim.dead.value + claim.alive.value, claim.total.value
        stated = f"{claim.dead.text} dead, {claim.alive.text} alive, of {claim.total.text}"
        if both > total:
            yield finding(
                "R15", claim, "IMPOSSIBLE",
                f"The dead and the living are {both}, more than the {total} patients. Please check.",
                stated=stated, computed=f"at most {total}", difference=f"{both - total} too many",
            )  # fmt: skip
        elif both == total:
            yield finding("R15", claim, "CONSISTENT", "The dead and the living are everybody.", stated=stated)
        else:
            why = f"{total - both} patients are told neither dead nor alive."
            yield finding("R15", claim, "NOT_TESTABLE", why, stated=stated)
