"""Maximum likelihood by brute force, to judge `hlh pool`: nothing of src/openhlh is used here.

Binomial-normal model: logit p_i = mu + tau z_i, x_i ~ Bin(n_i, p_i). Each study's integral over z is a sum on
thousands of Gauss-Legendre nodes, laid in panels around its own maximum (found by bisection) and out to where
the integrand is below exp(-90) of it, all in logarithms. No mode-centred Gauss-Hermite rule, no hand-written
gradient: what the model under test does is not repeated. The maximum is searched from many starts and over
tau = 0, then polished by golden section and Brent's method in one dimension at a time inside the other.

Beta-binomial model: p_i ~ Beta(pi phi, (1 - pi) phi), by log-gamma functions, searched in the same way.

One command writes brute_force.json: `python validation/pooling/brute_force.py` (all sets; minutes). A set
whose likelihood has no finite maximum is listed with the reason.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import betaln, gammaln

HERE = Path(__file__).parent
DATA = HERE / "data"
DROP = 3.841458820694124 / 2  # half of the 95 % quantile of chi-squared with one degree of freedom
NODES, PANELS = 16, 24  # Gauss-Legendre nodes in each of the panels of one study's integral
POINTS, WEIGHTS = np.polynomial.legendre.leggauss(NODES)
Array = np.ndarray


def read(name: str) -> tuple[Array, Array]:
    """Return events and totals of a single-arm set."""
    with (DATA / f"{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return np.array([float(r["events"]) for r in rows]), np.array([float(r["total"]) for r in rows])


def names() -> list[str]:
    """Return the names of the single-arm sets."""
    return sorted(path.stem for path in DATA.glob("*.csv"))


def _log_binomial(x: Array, n: Array, theta: Array) -> Array:
    return -x * np.logaddexp(0, -theta) - (n - x) * np.logaddexp(0, theta)


def _constant(x: Array, n: Array) -> Array:
    return gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)


def _modes(x: Array, n: Array, mu: float, tau: float) -> Array:
    """Return where each integrand peaks: the zero of its slope in z, by bisection (the slope falls)."""
    bound = np.abs(mu) / tau + tau * n.max() + 50
    low, high = np.full(x.shape, -bound), np.full(x.shape, bound)
    for _ in range(70):
        mid = (low + high) / 2
        slope = tau * (x - n / (1 + np.exp(-np.clip(mu + tau * mid, -700, 700)))) - mid
        low, high = np.where(slope > 0, mid, low), np.where(slope > 0, high, mid)
    return (low + high) / 2


def log_likelihood(x: Array, n: Array, mu: float, tau: float) -> float:
    """Return the log-likelihood of the binomial-normal model, with the binomial coefficients."""
    tau = abs(tau)
    if tau == 0:
        return float((_constant(x, n) + _log_binomial(x, n, np.full(x.shape, mu))).sum())
    mode = _modes(x, n, mu, tau)
    p = 1 / (1 + np.exp(-np.clip(mu + tau * mode, -700, 700)))
    width = 1 / np.sqrt(1 + tau**2 * n * p * (1 - p))
    # The log integrand falls at least as fast as -(z - mode)^2 / 2, so 13.5 on either side is exp(-91). Panels:
    # fine ones on the scale of the peak, and even ones no wider than 4 / tau, since the logistic function has
    # its nearest pole at pi / tau from the real line (a study at 0 % or 100 % has a wide peak with a step in it).
    peak = np.linspace(-9, 9, PANELS + 1) * np.minimum(width, 1.5)[:, None]
    even = np.linspace(-13.5, 13.5, int(np.ceil(27 / min(1.1, 4 / tau))) + 1)
    ends = np.sort(np.concatenate([peak, np.broadcast_to(even, (len(x), len(even)))], axis=1), axis=1)
    half = np.diff(ends, axis=1) / 2
    z = mode[:, None, None] + (ends[:, :-1] + half)[:, :, None] + half[:, :, None] * POINTS
    log_f = _log_binomial(x[:, None, None], n[:, None, None], mu + tau * z) - z * z / 2
    top = log_f.max(axis=(1, 2), keepdims=True)
    total = (np.exp(log_f - top) * half[:, :, None] * WEIGHTS).sum(axis=(1, 2))
    found = _constant(x, n) + top[:, 0, 0] + np.log(total) - 0.5 * math.log(2 * math.pi)
    return float(found.sum())


def unbounded(x: Array, n: Array) -> str:
    """Say why the likelihood has no finite maximum, or return an empty string."""
    if x.sum() in (0, n.sum()):
        return "all events or none: mu has no finite maximum"
    if len(x) == 1:
        return "one study: tau is not determined"
    if ((x == 0) | (x == n)).all() and n.max() > 1:
        return "every study all or nothing: tau grows without bound"
    if n.max() == 1:
        return "one patient in each study: mu and tau are not both determined"
    return ""


def _best(function: Callable[[float], float], around: float, reach: float) -> tuple[float, float]:
    """Return where a function of one variable peaks near a point, and its height."""
    found = minimize_scalar(
        lambda v: -function(v), bounds=(around - reach, around + reach), method="bounded",
        options={"xatol": 1e-11, "maxiter": 500},
    )  # fmt: skip
    return float(found.x), float(-found.fun)


def _slope(function: Callable[[float], float], at: float, step: float) -> float:
    """Return a derivative by the eight-point central difference (error of order step to the eighth)."""
    c = (4 / 5, -1 / 5, 4 / 105, -1 / 280)
    return (
        sum(w * (function(at + (i + 1) * step) - function(at - (i + 1) * step)) for i, w in enumerate(c))
        / step
    )


def polished(value: Callable[[Array], float], start: Array, step: float = 0.02) -> tuple[Array, Array]:
    """Return the maximum and its Hessian, by Newton's method on eighth-order finite differences."""
    at, unit = start.astype(float), np.eye(len(start))

    def partial(point: Array, axis: int) -> float:
        return _slope(lambda v: value(point + v * unit[axis]), 0.0, step)

    def second(point: Array, axis: int, other: int) -> float:
        return _slope(lambda v: partial(point + v * unit[other], axis), 0.0, step)

    axes = range(len(start))
    hessian = unit
    for _ in range(30):
        gradient = np.array([partial(at, axis) for axis in axes])
        hessian = np.array([[second(at, axis, other) for other in axes] for axis in axes])
        hessian = (hessian + hessian.T) / 2
        move = -np.linalg.solve(hessian, gradient)
        at = at + move
        if np.abs(move).max() < 1e-11:
            break
    return at, hessian


def profile_over_tau(x: Array, n: Array, mu: float) -> float:
    """Return the greatest log-likelihood over tau >= 0 for one mu."""
    grid = np.concatenate([[0.0], np.geomspace(0.02, 2000, 36)])
    heights = [log_likelihood(x, n, mu, t) for t in grid]
    at = int(np.argmax(heights))
    low, high = grid[max(at - 1, 0)], grid[min(at + 1, len(grid) - 1)]
    found = minimize_scalar(
        lambda t: -log_likelihood(x, n, mu, t), bounds=(low, high), method="bounded",
        options={"xatol": 1e-10, "maxiter": 200},
    )  # fmt: skip
    return max(*heights, float(-found.fun))


def profile_over_mu(x: Array, n: Array, tau: float, start: float) -> float:
    """Return the greatest log-likelihood over mu for one tau."""
    reach = 3.0 + 2 * tau
    grid = np.linspace(start - reach, start + reach, 17)
    heights = [log_likelihood(x, n, m, tau) for m in grid]
    at = int(np.argmax(heights))
    return _best(lambda m: log_likelihood(x, n, m, tau), float(grid[at]), float(grid[1] - grid[0]))[1]


def _crossing(
    height: Callable[[float], float], target: float, inside: float, stride: float, end: float
) -> float | None:
    """Walk from inside towards the end until the profile falls below the target; None where it never does."""
    at = inside
    while abs(at - inside) < abs(end - inside):
        step = at + stride
        step = min(step, end) if stride > 0 else max(step, end)
        if height(step) < target:
            return float(brentq(lambda v: height(v) - target, at, step, xtol=1e-11, rtol=1e-14))
        at, stride = step, stride * 1.5
    return None


def maximum(x: Array, n: Array) -> dict[str, float]:
    """Return mu, tau2, the log-likelihood and the standard error of mu of the binomial-normal model."""
    centre = math.log(x.sum() / (n - x).sum())

    def value(at: Array) -> float:
        return log_likelihood(x, n, at[0], at[1])

    best, top = np.array([centre, 0.0]), log_likelihood(x, n, centre, 0.0)
    for tau in (0.05, 0.2, 0.6, 1.2, 2.5, 5.0):
        for shift in (-1.0, 0.0, 1.0):
            found = minimize(
                lambda at: -value(at), np.array([centre + shift * tau, tau]), method="Nelder-Mead",
                options={"xatol": 1e-7, "fatol": 1e-12, "maxiter": 2000},
            )  # fmt: skip
            if -found.fun > top + 1e-12:
                top, best = float(-found.fun), np.array([found.x[0], abs(found.x[1])])
    if best[1] < 1e-3:
        p = x.sum() / n.sum()
        return {"mu": centre, "tau2": 0.0, "log_likelihood": log_likelihood(x, n, centre, 0.0),
                "se": 1 / math.sqrt(n.sum() * p * (1 - p))}  # fmt: skip
    step = min(0.05, best[1] / 12)
    at, hessian = polished(value, best, step)
    # once more with a step that is small beside the standard errors: the differences are of eighth order in it
    finer = min(step, math.sqrt(float(np.diag(np.linalg.inv(-hessian)).min())) / 15)
    at, hessian = polished(value, at, finer)
    return {"mu": float(at[0]), "tau2": float(at[1] ** 2), "log_likelihood": value(at),
            "se": math.sqrt(float(np.linalg.inv(-hessian)[0, 0]))}  # fmt: skip


def profile_limits(x: Array, n: Array, best: dict[str, float]) -> dict[str, float | None]:
    """Return the 95 % profile limits of mu and of tau2; None is a limit that the data leave open."""
    target, mu, tau = best["log_likelihood"] - DROP, best["mu"], math.sqrt(best["tau2"])
    stride = max(best["se"], 1e-4)

    def of_mu(at: float) -> float:
        return profile_over_tau(x, n, at)

    def of_tau(at: float) -> float:
        return profile_over_mu(x, n, at, mu)

    low, high = (
        _crossing(of_mu, target, mu, -stride, mu - 2000),
        _crossing(of_mu, target, mu, stride, mu + 2000),
    )
    upper = _crossing(of_tau, target, tau, max(0.2 * tau, 0.01), 2000.0)
    lower = 0.0
    if tau > 0 and of_tau(0.0) < target:
        lower = float(brentq(lambda v: of_tau(v) - target, 0.0, tau, xtol=1e-11, rtol=1e-14))
    return {
        "mu_low": low,
        "mu_high": high,
        "tau2_low": lower**2,
        "tau2_high": None if upper is None else upper**2,
    }


def beta_binomial(x: Array, n: Array) -> dict[str, float] | None:
    """Return mean proportion, rho = 1 / (1 + a + b) and log-likelihood; None where rho runs to 0 or 1."""

    def value(at: Array) -> float:
        mean, phi = 1 / (1 + math.exp(-at[0])), math.exp(at[1])
        a, b = mean * phi, (1 - mean) * phi
        return float((_constant(x, n) + betaln(x + a, n - x + b) - betaln(a, b)).sum())

    centre = math.log((x.sum() + 0.5) / ((n - x).sum() + 0.5))
    tops = []
    for shift in (-1.0, 0.0, 1.0):
        for phi in (-2.0, 0.0, 2.0, 4.0, 6.0):
            found = minimize(lambda at: -value(at), np.array([centre + shift, phi]), method="Nelder-Mead",
                             options={"xatol": 1e-8, "fatol": 1e-13, "maxiter": 4000})  # fmt: skip
            tops.append((float(-found.fun), found.x))
    _top, best = max(tops, key=lambda one: one[0])
    if not -14 < best[1] < 14:
        return None
    at, _ = polished(value, best, 0.03)
    return {"logit_mean": float(at[0]), "rho": 1 / (1 + math.exp(at[1])), "log_likelihood": value(at)}


def reference(name: str) -> dict[str, object]:
    """Return everything about one set, or the reason why there is no finite maximum."""
    x, n = read(name)
    why = unbounded(x, n)
    if why:
        return {"no_finite_maximum": why}
    best = maximum(x, n)
    return {"glmm": {**best, **profile_limits(x, n, best)}, "beta_binomial": beta_binomial(x, n)}


def main() -> None:
    """Write brute_force.json for all sets, or print the sets that are named."""
    asked = sys.argv[1:] or names()
    found: dict[str, object] = {}
    for name in asked:
        found[name] = reference(name)
        print(name, json.dumps(found[name]), flush=True)
        if not sys.argv[1:]:
            versions = {"numpy": np.__version__, "scipy": scipy.__version__}
            text = json.dumps({"versions": versions, "sets": found}, indent=1)
            (HERE / "brute_force.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
