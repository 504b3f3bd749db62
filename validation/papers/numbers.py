"""Exact rounding, number words, and the intervals and tests that a clean paper prints."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

from scipy.special import betaincinv

from .lists import entries

ONES = entries(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
TENS = entries("x x twenty thirty forty fifty sixty seventy eighty ninety")
Pair = tuple[float, float]


def rounded(value: Fraction | float, places: int, *, half_even: bool = False) -> Fraction:
    """Return the value at so many decimals, halves away from zero (or to the even digit)."""
    scaled = abs(Fraction(value)) * 10**places
    whole, rest = divmod(scaled, 1)
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (not half_even or whole % 2 == 1))
    sign = -1 if value < 0 else 1
    return sign * Fraction(int(whole) + up, 10**places)


def words(number: int, *, british: bool = True) -> str:
    """Return a whole number below 1,000 in words."""
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    rest = number % 100
    link = " and " if british else " "
    return f"{ONES[number // 100]} hundred" + (link + words(rest, british=british) if rest else "")


def wilson(count: int, total: int, z: float = 1.959964) -> Pair:
    """Return the Wilson score interval as shares."""
    share, square = count / total, z * z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = z / (1 + square / total) * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def wald(count: int, total: int, z: float = 1.959964) -> Pair:
    """Return the Wald interval as shares, cut at 0 and 1."""
    share = count / total
    half = z * math.sqrt(share * (1 - share) / total)
    return max(0.0, share - half), min(1.0, share + half)


def clopper_pearson(count: int, total: int) -> Pair:
    """Return the exact interval as shares."""
    low = 0.0 if count == 0 else float(betaincinv(count, total - count + 1, 0.025))
    high = 1.0 if count == total else float(betaincinv(count + 1, total - count, 0.975))
    return low, high


@cache
def fisher(a: int, n: int, b: int, m: int) -> float:
    """Return Fisher's two-sided p of a/n against b/m."""
    events, total = a + b, n + m

    def weight(x: int) -> int:
        return math.comb(n, x) * math.comb(m, events - x)

    seen = weight(a)
    whole = math.comb(total, events)
    tail = sum(w for x in range(max(0, events - m), min(n, events) + 1) if (w := weight(x)) <= seen)
    return float(Fraction(tail, whole))


def chi_square(table: tuple[int, int, int, int], *, yates: bool = False) -> float:
    """Return the p of a/n against b/m by chi square with one degree of freedom."""
    a, n, b, m = table
    cells = (a, n - a, b, m - b)
    columns = (a + b, n + m - a - b)
    if 0 in columns:
        return 1.0
    expected = [rows * column / (n + m) for rows in (n, m) for column in columns]
    off = 0.5 if yates else 0.0
    statistic = sum(max(0.0, abs(o - e) - off) ** 2 / e for o, e in zip(cells, expected, strict=True))
    return math.erfc(math.sqrt(statistic / 2))
