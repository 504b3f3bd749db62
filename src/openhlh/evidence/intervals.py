"""R12 and R18: does an interval belong to its estimate, to its counts, and to its p value?

R18 needs only the printed numbers: an estimate lies inside its interval, a ratio in its middle on the log
scale, and the p value on the side of the limit that the interval says. R12 recomputes the interval of a
proportion by every method in use; which one a paper used is told as its convention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import log, sqrt

from openhlh.claims import Claim, Estimate, Finding, Printed, finding
from openhlh.evidence.spread import greatest, least
from openhlh.proportions import EXACT, binomial_intervals

_RATIOS = {"hr", "or", "rr"}
_OTHER_MODEL = re.compile(
    r"\b(?:adjust\w*|cluster\w*|weight\w*|kaplan-meier|bootstrap\w*|pooled|meta\S*|random-effects?|bayes\w*|credible"
    r"|posterior|model\w*|survival|surviving|os|pfs|dfs|efs|rfs|ttp|cumulative|actuarial|estimated?|estimates|gee"
    r"|multilevel|mixed|imput\w*|standardi[sz]ed|simultaneous|heterogeneity|studies|trials|incidence|efficacy"
    r"|effectiveness|year|years|months|one-sided|unbiased|umvue|kappa|auc|pitted|efs)\b"
)
_DOWNWARD = re.compile(
    r"\b(?:decreas|reduc|lower|declin|less|fewer|fell|fall|loss|lost|drop|short|invers|negativ|protect|worse|small|below"
    r"|thin|slow|attenuat|weak|improv|gain|benefit|sav)"
)
_FAR = 20
_LARGEST_SHARE = 3  # limits up to here beside a percent above it are shares or ratios
_PROBLEM_SCALE = (Fraction(100), Fraction(1, 100), Fraction(1000), Fraction(1, 1000))


def estimate_inside_interval(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R18: an estimate lies between the limits of its own interval, and the limits are in order."""
    for claim in claims:
        if not isinstance(claim, Estimate) or claim.low is None or claim.high is None:
            continue
        stated = _stated(claim)
        if least(claim.low) > greatest(claim.high):
            yield _limits_reversed(claim, stated)
        elif claim.estimate is None:
            why = "It could not be told which estimate this interval belongs to."
            yield finding("R18", claim, "NOT_TESTABLE", why, stated=stated)
        elif _inside(claim):
            yield finding("R18", claim, "CONSISTENT", "The estimate lies inside its interval.", stated=stated)
        else:
            yield _outside(claim, stated)


def ratio_in_the_middle(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R18: the estimate of a ratio lies half way between its limits on the log scale."""
    for claim in claims:
        if not isinstance(claim, Estimate) or claim.measure not in _RATIOS or claim.estimate is None:
            continue
        if claim.low is None or claim.high is None or not _inside(claim) or claim.low.value <= 0:
            continue
        yield _symmetric(claim, claim.estimate, (claim.low, claim.high))


def p_value_agrees_with_interval(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R18: p is below 0.05 exactly where the 95 % interval excludes no effect (1 for a ratio, else 0)."""
    for claim in claims:
        if not isinstance(claim, Estimate) or claim.p is None or claim.low is None or claim.high is None:
            continue
        if claim.measure not in _RATIOS | {"difference"} or claim.low.value > claim.high.value:
            continue
        yield _p_against_interval(claim, claim.p, (claim.low, claim.high))


def interval_of_counts(claims: Sequence[Claim]) -> Iterator[Finding]:
    """R12: the interval printed with n/N is one that a method in use gives for n/N."""
    for claim in claims:
        if not isinstance(claim, Estimate) or claim.count is None or claim.total is None:
            continue
        if claim.low is not None and claim.high is not None and claim.low.value <= claim.high.value:
            yield _against_counts(claim, (claim.low, claim.high))


def _stated(claim: Estimate) -> str:
    assert claim.low is not None  # noqa: S101 - the callers have looked
    assert claim.high is not None  # noqa: S101
    shown = claim.estimate.text if claim.estimate else ""
    return f"{shown} ({float(claim.level):g} % CI {claim.low.text} to {claim.high.text})".strip()


def _inside(claim: Estimate) -> bool:
    if claim.estimate is None or claim.low is None or claim.high is None:
        return False
    low, high = least(claim.low), greatest(claim.high)
    return greatest(claim.estimate) >= low and least(claim.estimate) <= high


def _limits_reversed(claim: Estimate, stated: str) -> Finding:
    assert claim.low is not None  # noqa: S101 - the caller has looked
    assert claim.high is not None  # noqa: S101
    if claim.low.value < 0 or claim.high.value < 0 or _may_be_a_decrease(claim):
        why = "The first limit is larger than the second: a sign was lost, or the order is not as usual."
        return finding("R18", claim, "TENSION", why, stated=stated)
    why = "The lower limit is larger than the upper limit. Please check."
    return finding("R18", claim, "INCONSISTENT", why, stated=stated)


def _may_be_a_decrease(claim: Estimate) -> bool:
    """True where limits told as a decrease, or one lost minus, put what is no ratio inside."""
    if claim.measure in _RATIOS:
        return False
    if claim.estimate is None or claim.low is None or claim.high is None:
        return True
    value, low, high = claim.estimate.value, claim.low.value, claim.high.value
    return high <= value <= low or -low <= value <= high


def _outside(claim: Estimate, stated: str) -> Finding:
    assert claim.estimate is not None  # noqa: S101 - the caller has looked
    assert claim.low is not None  # noqa: S101
    assert claim.high is not None  # noqa: S101
    value, low, high = claim.estimate.value, claim.low.value, claim.high.value
    if "std" in claim.about or "standardi" in claim.about or _on_another_scale(claim, value, (low, high)):
        why = "The estimate lies outside its interval unless they are told on different scales."
        return finding("R18", claim, "TENSION", why, stated=stated)
    beyond = low if value < low else high
    why = "The estimate lies outside its own interval, which cannot be. Please check."
    return finding(
        "R18", claim, "IMPOSSIBLE", why, stated=stated, difference=f"{float(abs(value - beyond)):.6g}"
    )


def _on_another_scale(claim: Estimate, value: Fraction, bounds: tuple[Fraction, Fraction]) -> bool:
    """True where it fits with the other sign, shifted by two or three digits, or as a percent change."""
    low, high = bounds
    sign_is_wrong = (value < 0 < low or value > 0 > high) and not _DOWNWARD.search(claim.about)
    if not sign_is_wrong and (low <= -value <= high or low <= value <= -high):
        return True
    if claim.measure == "percent" and abs(value) > _LARGEST_SHARE >= max(abs(low), abs(high)):
        return True
    near, distant = sorted((abs(low), abs(high)))
    far = abs(value) > _FAR * distant or (low * high > 0 and _FAR * abs(value) < near)
    return far and any(low <= sign * value * factor <= high for factor in _PROBLEM_SCALE for sign in (1, -1))


def _symmetric(claim: Estimate, estimate: Printed, bounds: tuple[Printed, Printed]) -> Finding:
    low, high = bounds
    stated = _stated(claim)
    if least(low) <= 0 or least(estimate) <= 0:
        why = "The lower limit is printed too coarsely to judge where the middle lies."
        return finding("R18", claim, "NOT_TESTABLE", why, stated=stated)
    first = (log(least(low)) + log(least(high))) / 2
    last = (log(greatest(low)) + log(greatest(high))) / 2
    middle = f"{sqrt(float(low.value * high.value)):.{max(estimate.places, 1) + 1}f}"
    allowed = 0.15 * (log(high.value) - log(low.value)) / 2
    if first - allowed <= log(greatest(estimate)) and log(least(estimate)) <= last + allowed:
        why = "The ratio lies in the middle of its interval on the log scale."
        return finding("R18", claim, "CONSISTENT", why, stated=stated, computed=middle)
    why = "The ratio does not lie in the middle of its interval on the log scale, as most methods have it."
    return finding("R18", claim, "TENSION", why, stated=stated, computed=f"middle {middle}")


def _p_against_interval(claim: Estimate, p: Printed, bounds: tuple[Printed, Printed]) -> Finding:
    low, high = bounds
    no_effect = Fraction(1 if claim.measure in _RATIOS else 0)
    alpha = 1 - claim.level / 100
    stated = f"{_stated(claim)}, p {p.bound or '='} {p.text}"
    excludes = low.value > no_effect or high.value < no_effect
    touches = any(abs(limit.value - no_effect) <= limit.step for limit in bounds)
    significant = p.value <= alpha if p.bound in {"<", "≤"} else (p.value < alpha if not p.bound else None)
    near = not p.bound and abs(p.value - alpha) <= max(p.step, alpha / 5)
    not_significant = p.bound in {">", "≥"} or (not p.bound and p.value > alpha)
    if touches or near or not (significant or not_significant):
        why = "The limit or the p value lies too near to the border to tell."
        return finding("R18", claim, "NOT_TESTABLE", why, stated=stated)
    if (excludes and significant) or (not excludes and not_significant):
        why = "The p value and the interval say the same."
        return finding("R18", claim, "CONSISTENT", why, stated=stated)
    says = "excludes" if excludes else "includes"
    why = f"The interval {says} {no_effect}, and the p value says the opposite."
    return finding("R18", claim, "TENSION", why, stated=stated)


def _against_counts(claim: Estimate, bounds: tuple[Printed, Printed]) -> Finding:
    assert claim.count is not None  # noqa: S101 - the caller has looked
    assert claim.total is not None  # noqa: S101
    count, total = int(claim.count.value), int(claim.total.value)
    stated = f"{count}/{total}, {_stated(claim)}"
    scale = 1 if bounds[1].value <= 1 and bounds[1].places > 0 else 100
    if not _is_of_counts(claim, Fraction(scale * count, total), scale):
        why = "The estimate is not this count out of this total, so the interval was not recomputed."
        return finding("R12", claim, "NOT_TESTABLE", why, stated=stated)
    level = float(claim.level / 100)
    exact = binomial_intervals(count, total, level)[EXACT]
    computed = f"{EXACT} {_shown(exact, scale, bounds)}"
    for slack, word in ((Fraction(1, 2), "CONVENTION"), (Fraction(1), "ALT_ROUNDING")):
        name = _method(count, total, level, (bounds, scale, slack))
        if name == EXACT and word == "CONVENTION":
            why = "The exact binomial interval of these counts is the one printed."
            return finding("R12", claim, "CONSISTENT", why, stated=stated, computed=computed)
        if name:
            why = f"The interval is {name}'s for these counts" + (
                "." if word == "CONVENTION" else ", but for the last digit."
            )
            more = {"stated": stated, "computed": computed, "convention": name}
            return finding("R12", claim, word, why, **more)  # type: ignore[arg-type]
    return _by_no_method(claim, bounds, scale, {"stated": stated, "computed": computed})


def _is_of_counts(claim: Estimate, share: Fraction, scale: int) -> bool:
    if claim.estimate is None:
        return True
    return abs(claim.estimate.value - share) <= max(claim.estimate.step, Fraction(scale, 200))


def _method(
    count: int, total: int, level: float, asked: tuple[tuple[Printed, Printed], int, Fraction]
) -> str:
    (low, high), scale, slack = asked
    for name, limits in binomial_intervals(count, total, level).items():
        if all(
            abs(scale * limit - float(number.value)) <= float(slack * number.step) + 1e-9
            for limit, number in zip(limits, (low, high), strict=True)
        ):
            return name
    return ""


def _by_no_method(
    claim: Estimate, bounds: tuple[Printed, Printed], scale: int, more: dict[str, object]
) -> Finding:
    assert claim.count is not None  # noqa: S101 - the caller has looked
    assert claim.total is not None  # noqa: S101
    count, total = int(claim.count.value), int(claim.total.value)
    for level in (90, 95, 99):
        name = _method(count, total, level / 100, (bounds, scale, Fraction(1, 2)))
        if level != claim.level and name:
            why = f"The limits are those of a {level} % interval ({name}), not of the level that is said."
            return finding("R12", claim, "TENSION", why, convention=f"{level} % {name}", **more)
    low, high = bounds
    share = Fraction(scale * count, total)
    if share < low.value - low.step or share > high.value + high.step:
        why = "The count out of its total lies outside the interval printed for it. Please check."
        return finding("R12", claim, "IMPOSSIBLE", why, **more)
    if _OTHER_MODEL.search(claim.about) or not _far_from_all(claim, bounds, scale):
        why = "No usual method gives this interval for the counts; a model may explain it."
        return finding("R12", claim, "TENSION", why, **more)
    why = "No method gives this interval for these counts. Please check."
    return finding("R12", claim, "INCONSISTENT", why, **more)


def _far_from_all(claim: Estimate, bounds: tuple[Printed, Printed], scale: int) -> bool:
    """True where a limit lies further outside all methods' limits than a quarter of the half-width."""
    assert claim.count is not None  # noqa: S101 - the caller has looked
    assert claim.total is not None  # noqa: S101
    methods = binomial_intervals(int(claim.count.value), int(claim.total.value), float(claim.level / 100))
    low, high = methods[EXACT]
    margin = scale * (high - low) / 8
    for side, number in enumerate(bounds):
        limits = [scale * pair[side] for pair in methods.values()]
        slack = margin + float(2 * number.step)
        if not min(limits) - slack <= float(number.value) <= max(limits) + slack:
            return True
    return False


def _shown(limits: tuple[float, float], scale: int, bounds: tuple[Printed, Printed]) -> str:
    places = max(bounds[0].places, bounds[1].places)
    return f"{scale * limits[0]:.{places}f} to {scale * limits[1]:.{places}f}"
