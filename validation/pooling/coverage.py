"""How often do the intervals cover? A simulation on series shaped like the evidence in HLH.

One command: `python validation/pooling/coverage.py [replicates]` writes coverage.json and coverage.md.
The seed is fixed, so the same numbers come back; every figure has its Monte-Carlo standard error.

What is simulated: k studies of n patients each, logit p_i ~ N(logit p, tau^2), x_i ~ Bin(n_i, p_i). What is
counted: does an interval for the mean contain p (the proportion of the median study); for a prediction
interval the probability that a new study's true proportion lies inside, known exactly for each sample.

How it is fast enough: the log-likelihood of every possible study (x of n) is laid out once on one grid of
(mu, tau) by a convolution; the likelihood of a sample is then a sum of k rows, its profile a maximum over tau
(with a parabola through three points), a posterior a weighted sum. So nothing of the model under test is used
here; at the end a sample of the same sets is given to `openhlh.pooling.glmm`, and the largest difference
between its limits and those of the grid is printed.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import betaincinv, expit, gammaln, logit, ndtr
from scipy.stats import t as student

HERE = Path(__file__).parent
SEED, BATCH, LARGEST = 5, 250, 63
Array = np.ndarray
Pair = tuple[Array, Array]
Estimator = Callable[[Array, Array], Array]
Pooler = Callable[[Array, Array, Array], tuple[Array, Array, Array]]

# sizes of the series in relapsed or refractory HLH that state a response (patients evaluable)
OUR_SIZES = np.array(
    [1, 1, 1, 1, 2, 2, 2, 5, 7, 7, 7, 9, 10, 12, 14, 17, 22, 26, 26, 27, 28, 34, 34, 39, 41, 63]
)
MU = np.concatenate([np.arange(-14, -6, 0.5), np.arange(-6, 6.0001, 0.1), np.arange(6.5, 14.01, 0.5)])
TAU = np.concatenate([
    np.arange(0, 1, 0.05), np.arange(1, 2, 0.1), np.arange(2, 4, 0.2), np.arange(4, 8, 0.5), [8, 10, 13, 17]
])  # fmt: skip
THETA = np.linspace(-12, 12, 121)
CHI2 = 3.841458820694124  # the 95 % quantile, one degree of freedom
DEFAULT = "1 + 0.75 / (k - 1)"  # the factor of profile-corrected
FACTORS = {
    "1 + 0.6 / (k - 1)": lambda k: 1 + 0.6 / (k - 1),
    "1 + 0.75 / (k - 1)": lambda k: 1 + 0.75 / (k - 1),
    "1 + 1 / k": lambda k: 1 + 1 / k,
    "1 + 1.25 / k": lambda k: 1 + 1.25 / k,
}
DEFAULT_TAU = "60 %"  # the profile interval whose upper end is the tau of profile-tau
WIDER = {"50 %": 0.454936423119572, "60 %": 0.708326300800768, "68 %": 1.0}  # quantiles of chi-squared
PRIORS = {
    "bayes half-normal(1)": np.exp(-0.5 * TAU**2),
    "bayes half-normal(0.5)": np.exp(-0.5 * (TAU / 0.5) ** 2),
    "bayes half-Cauchy(0.5)": 1 / (1 + (TAU / 0.5) ** 2),
}
MEAN_SD = 1.5


@dataclass(frozen=True)
class Cell:
    """One scenario: k studies, spread tau, median proportion p, and how sizes are drawn."""

    k: int
    tau: float
    p: float
    sizes: str


CORE = [Cell(k, tau, p, "1-40") for k in (3, 5, 8, 15) for tau in (0.0, 0.5, 1.0) for p in (0.1, 0.5, 0.85)]
STEEP = [Cell(k, tau, p, "1-40") for k in (3, 5, 8, 15) for tau in (0.0, 0.5, 1.5) for p in (0.05, 0.5, 0.85)]
WIDE = [
    Cell(k, tau, p, "ours")
    for k in (*range(1, 13), 15)
    for tau in (0.0, 0.5, 1.0, 1.5)
    for p in (0.05, 0.25, 0.5, 0.75, 0.95)
]


def table() -> Array:
    """Return the log-likelihood of x of n for all n up to LARGEST on the grid: (pairs, mu x tau), float32."""
    step = 0.025
    theta = np.arange(-60, 60 + step / 2, step)
    pairs = [(x, n) for n in range(1, LARGEST + 1) for x in range(n + 1)]
    x, n = (np.array(column)[:, None] for column in zip(*pairs, strict=True))
    constant = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)

    def log_binomial(at: Array) -> Array:
        return constant - x * np.logaddexp(0, -at) - (n - x) * np.logaddexp(0, at)

    likelihood = np.exp(log_binomial(theta))
    found = np.empty((len(pairs), len(MU), len(TAU)), np.float32)
    for at, tau in enumerate(TAU):
        if tau == 0:
            found[:, :, at] = log_binomial(MU)
            continue
        kernel = np.exp(-0.5 * ((theta[:, None] - MU) / tau) ** 2) * step / (tau * np.sqrt(2 * np.pi))
        found[:, :, at] = np.log(np.maximum(likelihood @ kernel, 1e-300))
    return found.reshape(len(pairs), -1)


def trapezoid(grid: Array) -> Array:
    """Return the weights of the trapezoidal rule on an uneven grid."""
    gaps = np.diff(grid)
    return np.concatenate([gaps, [0]]) / 2 + np.concatenate([[0], gaps]) / 2


def predictive_kernel() -> Array:
    """Return P(new study's logit <= theta | mu, tau) as (mu x tau, theta)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (THETA - MU[:, None, None]) / TAU[None, :, None]
    filled = np.nan_to_num(z, nan=0.0, posinf=40, neginf=-40)
    return ndtr(filled).reshape(len(MU) * len(TAU), -1).astype(np.float32)


def parabola(grid: Array, height: Array, at: Array) -> Pair:
    """Return place and height of the maximum about index `at` (last axis), by a parabola on an uneven grid."""
    inner = np.clip(at, 1, len(grid) - 2)
    f0, f1, f2 = (
        np.take_along_axis(height, (inner + d)[..., None], -1)[..., 0].astype(float) for d in (-1, 0, 1)
    )
    t0, t1, t2 = grid[inner - 1], grid[inner], grid[inner + 1]
    rise, next_rise = (f1 - f0) / (t1 - t0), (f2 - f1) / (t2 - t1)
    bend = (next_rise - rise) / (t2 - t0)
    place = 0.5 * (t0 + t1) - rise / (2 * np.where(bend < 0, bend, -1.0))
    inside = (at == inner) & (bend < 0) & (place > t0) & (place < t2)
    top = f0 + rise * (place - t0) + bend * (place - t0) * (place - t1)
    held = np.take_along_axis(height, at[..., None], -1)[..., 0].astype(float)
    return np.where(inside, place, grid[at]), np.where(inside, top, held)


def outermost(grid: Array, deviance: Array, critical: float) -> Pair:
    """Return where the deviance last stays below the critical value on either side; open ends are infinite."""
    root, limit = np.sqrt(np.maximum(deviance, 0)), np.sqrt(critical)
    inside = root <= limit
    rows, last = np.arange(len(deviance)), len(grid) - 1

    def end(index: Array, step: int, infinite: float) -> Array:
        beyond = np.clip(index + step, 0, last)
        here, there = root[rows, index], root[rows, beyond]
        part = np.clip((limit - here) / np.maximum(there - here, 1e-9), 0, 1)
        return np.where(beyond == index, infinite, grid[index] + part * (grid[beyond] - grid[index]))

    return end(inside.argmax(1), -1, -np.inf), end(last - inside[:, ::-1].argmax(1), 1, np.inf)


def exact(events: Array, total: Array) -> Pair:
    """Return the Clopper-Pearson interval."""
    low = np.where(events == 0, 0.0, betaincinv(np.maximum(events, 1), total - events + 1, 0.025))
    high = np.where(events == total, 1.0, betaincinv(events + 1, np.maximum(total - events, 1), 0.975))
    return low, high


@dataclass(frozen=True)
class Fitted:
    """A batch of samples fitted on the grid; arrays have one entry per sample."""

    surface: Array  # (samples, mu, tau)
    deviance: Array  # (samples, mu): twice the fall of the profile
    mu: Array
    tau: Array
    se: Array
    fall: Array  # (samples, tau): twice the fall of the profile of tau

    def wide_tau(self, critical: float) -> Array:
        """Return the upper end of a profile interval of tau, at most 40."""
        return np.minimum(outermost(TAU, self.fall, critical)[1], 40.0)


def fitted(rows: Array, x: Array, n: Array) -> Fitted:
    """Return estimates and profiles of a batch: x and n are (samples, k)."""
    surface = np.zeros((len(x), rows.shape[1]), np.float32)
    for column in (n * (n + 1) // 2 - 1 + x).T:
        surface += rows[column]
    surface = surface.reshape(len(x), len(MU), len(TAU))
    tau, profile = parabola(TAU, surface, surface.argmax(2))
    at = profile.argmax(1)
    mu, top = parabola(MU, profile, at)
    top = np.maximum(top, profile.max(1))
    samples, inner = np.arange(len(x)), np.clip(at, 1, len(MU) - 2)
    left, right = MU[inner] - MU[inner - 1], MU[inner + 1] - MU[inner]
    rise = (profile[samples, inner] - profile[samples, inner - 1]) / left
    bend = 2 * ((profile[samples, inner + 1] - profile[samples, inner]) / right - rise) / (left + right)
    estimate, share = np.where(tau[samples, at] < 0.025, 0.0, tau[samples, at]), x.sum(1) / n.sum(1)
    binomial = 1 / np.sqrt(np.maximum(n.sum(1) * share * (1 - share), 1e-4))
    curved = np.where(bend < 0, 1 / np.sqrt(np.where(bend < 0, -bend, 1)), 50.0)
    over_tau = surface.max(1).astype(float)
    fall = 2 * (over_tau.max(1)[:, None] - over_tau)
    return Fitted(
        surface=surface,
        deviance=2 * (top[:, None] - profile),
        mu=mu,
        tau=estimate,
        se=np.where(estimate == 0, binomial, curved),
        fall=fall,
    )


def quantile(cdf: Array, grid: Array, share: float) -> Array:
    """Return the quantile of each row of a distribution function on a grid."""
    index, rows = np.clip((cdf < share).sum(1), 1, len(grid) - 1), np.arange(len(cdf))
    below, above = cdf[rows, index - 1], cdf[rows, index]
    return grid[index - 1] + np.clip((share - below) / np.maximum(above - below, 1e-30), 0, 1) * (
        grid[index] - grid[index - 1]
    )


def posterior(surface: Array, prior: Array, kernel: Array) -> tuple[Pair, Pair]:
    """Return the credible interval of mu and the predictive interval, both on the logit."""
    weight = np.exp(-0.5 * (MU / MEAN_SD) ** 2) * trapezoid(MU)
    mass = np.exp(surface - surface.max((1, 2), keepdims=True)) * np.outer(
        weight, prior * trapezoid(TAU)
    ).astype(np.float32)
    mass /= mass.sum((1, 2), keepdims=True)
    cdf, edges = np.cumsum(mass.sum(2).astype(float), 1), np.append((MU[1:] + MU[:-1]) / 2, MU[-1])
    ahead = mass.reshape(len(mass), -1) @ kernel
    mean = quantile(cdf, edges, 0.025), quantile(cdf, edges, 0.975)
    return mean, (quantile(ahead, THETA, 0.025), quantile(ahead, THETA, 0.975))


def inverse_variance(x: Array, n: Array) -> tuple[dict[str, Pair], dict[str, Pair]]:
    """Return the usual two-step intervals: for the mean as proportions, prediction on the logit."""
    k = x.shape[1]
    added = ((x == 0) | (x == n)) * 0.5
    a, b = x + added, n - x + added
    y, v = np.log(a / b), 1 / a + 1 / b

    def der_simonian_laird(y: Array, v: Array) -> Array:
        w = 1 / v
        mean = (w * y).sum(1) / w.sum(1)
        q = (w * (y - mean[:, None]) ** 2).sum(1)
        return np.maximum(0, (q - (k - 1)) / (w.sum(1) - (w * w).sum(1) / w.sum(1)))

    def pooled(y: Array, v: Array, tau2: Array) -> tuple[Array, Array, Array]:
        w = 1 / (v + tau2[:, None])
        mean = (w * y).sum(1) / w.sum(1)
        return mean, 1 / np.sqrt(w.sum(1)), (w * (y - mean[:, None]) ** 2).sum(1) / (k - 1)

    grid = np.concatenate([[0], np.geomspace(1e-3, 60, 120)])
    w = 1 / (v[:, None, :] + grid[None, :, None])
    mean = (w * y[:, None]).sum(2) / w.sum(2)
    restricted = 0.5 * (
        np.log(w).sum(2) - np.log(w.sum(2)) - (w * (y[:, None] - mean[:, :, None]) ** 2).sum(2)
    )
    reml = grid[restricted.argmax(1)]
    mean, se, _ = pooled(y, v, der_simonian_laird(y, v))
    found = {"logit DL, Wald": (expit(mean - 1.96 * se), expit(mean + 1.96 * se))}
    mean, se, ratio = pooled(y, v, reml)
    quantile_t = student.ppf(0.975, k - 1)
    for name, factor in (
        ("logit REML, HK", np.sqrt(ratio)),
        ("logit REML, HK ad hoc", np.sqrt(np.maximum(1, ratio))),
    ):
        found[name] = expit(mean - quantile_t * se * factor), expit(mean + quantile_t * se * factor)
    reach = student.ppf(0.975, max(k - 2, 1)) * np.sqrt(reml + se**2)
    found["Freeman-Tukey DL, Wald"] = freeman_tukey(x, n, der_simonian_laird, pooled)
    return found, {"logit REML, hts": (mean - reach, mean + reach)}


def freeman_tukey(x: Array, n: Array, tau2_of: Estimator, pooled: Pooler) -> Pair:
    """Return the interval of the double arcsine, back-transformed at the harmonic mean of the sizes."""
    z, v = 0.5 * (np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))), 1 / (4 * n + 2)
    mean, se, _ = pooled(z, v, tau2_of(z, v))
    size = x.shape[1] / (1 / n).sum(1)
    lowest, highest = np.arcsin(np.sqrt(1 / (size + 1))), np.arcsin(np.sqrt(size / (size + 1))) + np.pi / 2

    def back(value: Array) -> Array:
        angle = np.clip(2 * value, lowest, highest)
        inner = np.sin(angle) + (np.sin(angle) - 1 / np.sin(angle)) / size
        found = 0.5 * (1 - np.sign(np.cos(angle)) * np.sqrt(np.maximum(0, 1 - inner**2)))
        return np.where(2 * value <= lowest, 0.0, np.where(2 * value >= highest, 1.0, found))

    return back(mean - 1.96 * se), back(mean + 1.96 * se)


class Simulation:
    """The grid and what is computed on it, made once."""

    def __init__(self) -> None:
        """Lay out the likelihood of every study that can be drawn."""
        self.rows, self.kernel = table(), predictive_kernel()

    def intervals(
        self, cell: Cell, x: Array, n: Array, priors: list[str]
    ) -> tuple[dict[str, Pair], dict[str, Pair]]:
        """Return every interval of a batch: for the mean as proportions, for a new study on the logit."""
        k, whole = cell.k, np.full(len(x), np.inf)
        events, total = x.sum(1), n.sum(1)
        pooled = exact(events, total)
        if k == 1:
            return {"profile-corrected": pooled, "exact": pooled}, {}
        fit = fitted(self.rows, x, n)
        full = (x == n).sum(1)
        each_full = ((x == 0) | (x == n)).all(1) & (events > 0) & (events < total) & (n.max(1) > 1)
        by_study = exact(full, np.full(len(x), k))
        boundary = (events == 0) | (events == total) | each_full | (n.max(1) == 1)
        answer = (
            np.where(each_full, np.minimum(by_study[0], pooled[0]), pooled[0]),
            np.where(each_full, np.maximum(by_study[1], pooled[1]), pooled[1]),
        )

        def settled(pair: Pair) -> Pair:
            return np.where(boundary, answer[0], pair[0]), np.where(boundary, answer[1], pair[1])

        def profile(critical: float) -> Pair:
            low, high = outermost(MU, fit.deviance, critical)
            return settled((expit(low), expit(high)))

        zero = fit.tau == 0
        plain = profile(CHI2)
        quantile_t = student.ppf(0.975, k - 1)

        def corrected(factor: float) -> Pair:
            low, high = profile(CHI2 * factor)
            wider = np.minimum(low, pooled[0]), np.maximum(high, pooled[1])
            return settled((np.where(zero, wider[0], low), np.where(zero, wider[1], high)))

        found = {
            "profile-corrected": corrected(FACTORS[DEFAULT](k)),
            **{f"profile, {name}": corrected(of(k)) for name, of in FACTORS.items() if name != DEFAULT},
            "profile": plain,
            "profile, exact at tau = 0": (
                np.where(zero, pooled[0], plain[0]),
                np.where(zero, pooled[1], plain[1]),
            ),
            "profile, t(k-1) squared": profile(quantile_t**2),
            "wald": settled((expit(fit.mu - 1.96 * fit.se), expit(fit.mu + 1.96 * fit.se))),
            "wald-t": settled((expit(fit.mu - quantile_t * fit.se), expit(fit.mu + quantile_t * fit.se))),
            "exact": pooled,
        }

        def ahead(reach: Array) -> Pair:
            return np.where(boundary, -whole, fit.mu - reach), np.where(boundary, whole, fit.mu + reach)

        def reach_with(critical: float) -> Array:
            return np.asarray(quantile_t * np.sqrt(fit.wide_tau(critical) ** 2 + fit.se**2))

        spread = np.sqrt(fit.tau**2 + fit.se**2)
        new = {
            "profile-tau": ahead(reach_with(WIDER[DEFAULT_TAU])),
            **{
                f"profile-tau, {name}": ahead(reach_with(of))
                for name, of in WIDER.items()
                if name != DEFAULT_TAU
            },
            "t-k-1": ahead(quantile_t * spread),
            "hts": ahead(student.ppf(0.975, max(k - 2, 1)) * spread),
            "normal": ahead(1.96 * spread),
        }
        for name in priors:
            mean, new[name] = posterior(fit.surface, PRIORS[name], self.kernel)
            found[name] = expit(mean[0]), expit(mean[1])
        by_variance, new_by_variance = inverse_variance(x, n)
        return found | by_variance, new | new_by_variance

    def cell(
        self, cell: Cell, replicates: int, rng: np.random.Generator, priors: list[str]
    ) -> dict[str, list[float]]:
        """Return coverage, its Monte-Carlo standard error and mean width of every interval in one scenario."""
        kept: defaultdict[str, list[Array]] = defaultdict(list)
        centre = logit(cell.p)
        for _ in range(replicates // BATCH):
            x, n = drawn(cell, rng)
            mean, new = self.intervals(cell, x, n, priors)
            for name, (low, high) in mean.items():
                kept[name].append(np.stack([(low <= cell.p) & (cell.p <= high), high - low]))
            for name, (low, high) in new.items():
                if cell.tau:
                    inside = ndtr((high - centre) / cell.tau) - ndtr((low - centre) / cell.tau)
                else:
                    inside = ((low <= centre) & (centre <= high)).astype(float)
                kept["new study: " + name].append(np.stack([inside, expit(high) - expit(low)]))
        found = {}
        for name, parts in kept.items():
            inside, width = np.concatenate(parts, 1)
            found[name] = [
                float(inside.mean()),
                float(inside.std() / np.sqrt(len(inside))),
                float(width.mean()),
            ]
        return found


def drawn(cell: Cell, rng: np.random.Generator) -> Pair:
    """Return events and totals of one batch of samples, (BATCH, k) each."""
    shape = (BATCH, cell.k)
    n = rng.integers(1, 41, shape) if cell.sizes == "1-40" else rng.choice(OUR_SIZES, shape)
    return rng.binomial(n, expit(logit(cell.p) + cell.tau * rng.standard_normal(shape))), n


def beside_the_model(simulation: Simulation, rng: np.random.Generator, count: int = 60) -> dict[str, float]:
    """Return the largest difference between the grid's limits and those of openhlh, on drawn sets."""
    from openhlh.pooling.glmm import glmm
    from openhlh.pooling.series import Series

    worst: defaultdict[str, float] = defaultdict(float)
    for at in range(count):
        cell = CORE[at % len(CORE)]
        x, n = (part[:1] for part in drawn(cell, rng))
        mean, new = simulation.intervals(cell, x, n, [])
        fit = glmm(Series(tuple(map(str, range(cell.k))), tuple(map(int, x[0])), tuple(map(int, n[0]))))
        theirs = {one.name: one for one in (fit.interval, *fit.other_intervals, *fit.predictions)}
        ours = {name: (float(a[0]), float(b[0])) for name, (a, b) in mean.items()}
        ours |= {name: (float(expit(a[0])), float(expit(b[0]))) for name, (a, b) in new.items()}
        for name in ("profile-corrected", "profile", "exact", "profile-tau", "t-k-1"):
            if name in theirs:
                low, high = (
                    theirs[name].low or 0.0,
                    theirs[name].high if theirs[name].high is not None else 1.0,
                )
                worst[name] = max(worst[name], abs(low - ours[name][0]), abs(high - ours[name][1]))
    return dict(worst)


def summary(cells: list[Cell], results: list[dict[str, list[float]]]) -> Iterator[str]:
    """Yield a table: per interval the worst and mean coverage, width, and how many scenarios fail."""
    yield "| interval | worst coverage | where (k, tau, p) | mean coverage | mean width | scenarios below 0.92 |"
    yield "|---|---|---|---|---|---|"
    for name in dict.fromkeys(name for one in results for name in one):
        rows = [(one[name], cell) for one, cell in zip(results, cells, strict=True) if name in one]
        (worst, error, _), at = min(rows, key=lambda row: row[0][0])
        means = np.mean([row[0][0] for row in rows]), np.mean([row[0][2] for row in rows])
        below = sum(row[0][0] < 0.92 for row in rows)
        yield (f"| {name} | {worst:.3f} ± {error:.3f} | {at.k}, {at.tau:g}, {at.p:g} | {means[0]:.3f} | {means[1]:.3f} "
               f"| {below} of {len(rows)} |")  # fmt: skip


def failing(cells: list[Cell], results: list[dict[str, list[float]]], name: str) -> Iterator[str]:
    """Yield the scenarios where an interval covers less than 0.92, worst first."""
    rows = [
        (one[name], cell)
        for one, cell in zip(results, cells, strict=True)
        if name in one and one[name][0] < 0.92
    ]
    for (value, error, width), cell in sorted(rows, key=lambda row: row[0][0]):
        yield f"| {cell.k} | {cell.tau:g} | {cell.p:g} | {value:.3f} ± {error:.3f} | {width:.3f} |"


def by_k(cells: list[Cell], results: list[dict[str, list[float]]], names: list[str]) -> Iterator[str]:
    """Yield worst and mean coverage for each number of studies."""
    yield "| k | " + " | ".join(f"{name}: worst, mean, width" for name in names) + " |"
    yield "|---|" + "---|" * len(names)
    for k in sorted({cell.k for cell in cells}):
        parts = []
        for name in names:
            rows = [
                one[name] for one, cell in zip(results, cells, strict=True) if cell.k == k and name in one
            ]
            parts.append(
                f"{min(r[0] for r in rows):.3f}, {np.mean([r[0] for r in rows]):.3f}, {np.mean([r[2] for r in rows]):.3f}"
                if rows else "none offered"
            )  # fmt: skip
        yield f"| {k} | " + " | ".join(parts) + " |"


DEFAULTS = ["profile-corrected", "new study: profile-tau"]
HEAD = """# Coverage of the intervals

Generated by `python validation/pooling/coverage.py {replicates}` (seed {seed}, {seconds:.0f} s). Nominal level 95 %.
± is the Monte-Carlo standard error of that scenario; the worst of many scenarios is by chance a little too low.
*Defaults of `hlh pool`*: `profile-corrected` for the mean, `profile-tau` for a new study. The names without a
prefix are intervals of the binomial-normal model by maximum likelihood; at its boundaries (all events, no
events, every study all or nothing, one patient per study, one study) they are the exact interval, and there the model offers no
prediction interval, which counts as 0 to 1. `logit` and `Freeman-Tukey` are the usual two-step methods with
0.5 added to studies at 0 or 100 %. Bayes: mean ~ normal(0, 1.5) on the logit, prior of tau as named.

Other factors on the critical value of the corrected profile (`profile, 1 + ...`) and other profile intervals of tau
(`profile-tau, ...`) stand beside the default ones.

What was learnt:
- The exact interval of all patients together, which is meant for tau = 0, covers too rarely when only the *estimate* is 0
  (with three studies and tau = 1 it is in 33 to 44 % of samples): `profile, exact at tau = 0`. So the default takes the wider of
  the two at either end there.
- The plain profile interval covers too rarely for few studies; with a squared t quantile it is far too wide. The default's
  critical value, chi-squared times {factor}, is between.
- A prediction interval from the estimated tau covers too rarely, since tau is often estimated near 0; with tau at the
  upper end of its {share} profile interval it covers better.
- One study (k = 1): its exact interval is about that study's own proportion; that studies differ cannot be seen from it, so for
  the proportion of the median study it covers as rarely as tau makes it. No method can do better without a prior.
"""


def main() -> None:
    """Simulate the three families of scenarios and write both files."""
    replicates = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    begun, simulation, rng = time.perf_counter(), Simulation(), np.random.default_rng(SEED)
    families = {
        "36 scenarios, sizes 1 to 40, tau 0 to 1": (CORE, replicates, list(PRIORS)),
        "36 scenarios, sizes 1 to 40, tau 0 to 1.5, p down to 0.05": (STEEP, replicates, list(PRIORS)[:1]),
        f"{len(WIDE)} scenarios, sizes drawn from our series (1 to 63), k 1 to 12 and 15": (
            WIDE,
            max(BATCH, replicates // 4),
            list(PRIORS)[:1],
        ),
    }
    kept, parts = {}, []
    for title, (cells, count, priors) in families.items():
        results = [simulation.cell(cell, count, rng, priors) for cell in cells]
        kept[title] = [
            {**vars(cell), **{name: [round(v, 4) for v in values] for name, values in one.items()}}
            for cell, one in zip(cells, results, strict=True)
        ]
        parts += [
            "",
            f"## {title}",
            "",
            f"{count} samples each.",
            "",
            *summary(cells, results),
            "",
            *by_k(cells, results, DEFAULTS),
        ]
        for name in DEFAULTS:
            bad = list(failing(cells, results, name))
            parts += ["", f"Scenarios where `{name}` covers less than 0.92: {len(bad)}."]
            if bad:
                parts += ["", "| k | tau | p | coverage | width |", "|---|---|---|---|---|", *bad]
        print(title, f"{time.perf_counter() - begun:.0f} s", flush=True)
    worst = beside_the_model(simulation, rng)
    parts += [
        "",
        "## The grid beside the model",
        "",
        "Largest difference of a limit (as a proportion) between this grid and `openhlh.pooling.glmm` on 60 drawn sets (the standard error is a second difference here, which tells in the last two):",
        "",
    ]
    parts += [f"- {name}: {value:.4f}" for name, value in worst.items()]
    seconds = time.perf_counter() - begun
    head = HEAD.format(replicates=replicates, seed=SEED, seconds=seconds, factor=DEFAULT, share=DEFAULT_TAU)
    (HERE / "coverage.md").write_text(head + "\n".join(parts) + "\n")
    (HERE / "coverage.json").write_text(
        json.dumps({"seed": SEED, "columns": ["coverage", "standard error", "width"], "scenarios": kept})
        + "\n"
    )


if __name__ == "__main__":
    main()
