"""Where the binomial-normal likelihood is highest: over the means alone, and over means and tau together.

`design` is the matrix (k, p) that gives each study's mean from p coefficients; a column of ones pools. For a
fixed tau the likelihood is log-concave in the coefficients (Prekopa), so that a damped Newton step arrives;
in tau it may have several maxima, so that a grid of tau is searched first and tau = 0 always competes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from openhlh.pooling.likelihood import LADDER, Array, Counts, log_likelihood, pieces, settled_nodes

GRID = np.array([0.0, 0.1, 0.25, 0.5, 0.8, 1.2, 1.8, 2.7, 4.0, 6.0, 9.0, 13.0])
_COARSE = LADDER[0]
_SKETCH = 15  # nodes that find the hill; its top is found with those that the ladder settles on
_SKETCH_STEPS = 6  # from a good first guess; what is left is settled by the climb
_STEPS = 80
_NEAR = 1e-3
_STILL = 1e-8  # a Newton step shorter than this leaves an error of its square


class Maximum(NamedTuple):
    """The best coefficients (p,) and tau >= 0, the log likelihood there, minus its Hessian (p + 1, p + 1)."""

    coefficients: Array
    tau: float
    log_likelihood: float
    information: Array
    nodes: int


def maximise(counts: Counts, design: Array) -> Maximum:
    """Return the highest maximum over coefficients and tau; the data must have one that is finite."""
    start = np.tile(first_guess(counts, design), (GRID.size, 1))
    along, values = best_means(counts, design, GRID, _SKETCH, start, _SKETCH_STEPS)
    level = best_means(counts, design, GRID[:1], _COARSE, along[:1])[0][0]
    found = [_at(counts, design, level, 0.0, _COARSE)]
    peaks = _peaks(counts, design, along, values)
    found += [_polish(counts, design, along[at], float(GRID[at])) for at in peaks]
    best = max(found, key=lambda one: one.log_likelihood)
    # an interior maximum that is no higher than tau = 0 is tau = 0 told with noise
    return found[0] if best.log_likelihood - found[0].log_likelihood < 1e-12 else best


def first_guess(counts: Counts, design: Array) -> Array:
    """Return coefficients (p,) that fit the empirical logits, weighted by study size."""
    share = (counts.events + 0.5) / (counts.totals + 1)
    root = np.sqrt(counts.totals)
    found = np.linalg.lstsq(design * root[:, None], np.log(share / (1 - share)) * root, rcond=None)[0]
    return np.asarray(found)


def best_means(
    counts: Counts, design: Array, taus: Array, nodes: int, start: Array, most: int = _STEPS
) -> tuple[Array, Array]:
    """Return the best coefficients (B, p) for each fixed tau (B,), and the log likelihood (B,) there."""
    at = start.copy()
    for _ in range(most):
        here = pieces(counts, at @ design.T, taus, nodes)
        slope = here.d_mean @ design
        curvature = np.einsum("bk,kp,kq->bpq", -here.h_mean, design, design)
        step = np.linalg.solve(curvature, slope[..., None])[..., 0]
        moved = np.abs(step @ design.T).max(axis=1)
        limit = 1 + taus  # beyond this the curvature here says nothing about the curvature there
        at = at + step * np.minimum(1, limit / np.maximum(moved, 1e-300))[:, None]
        if moved.max() < 1e-9:
            break
    return at, log_likelihood(counts, at @ design.T, taus, nodes)


def _peaks(counts: Counts, design: Array, along: Array, values: Array) -> list[int]:
    """Return the grid points of tau from which to climb: every inner peak, and the first if 0 is no peak."""
    inner = [
        at
        for at in range(1, GRID.size)
        if values[at] >= values[at - 1] and (at + 1 == GRID.size or values[at] > values[at + 1])
    ]
    residual = counts.events - counts.totals * (share := 1 / (1 + np.exp(-(design @ along[0]))))
    # the slope in tau squared at tau = 0; the slope in tau itself is 0 there for every data set
    rises = float(np.sum(residual**2 - counts.totals * share * (1 - share))) > 0
    return [*([1] if rises and 1 not in inner and values[0] >= values[1] else []), *inner]


def _polish(counts: Counts, design: Array, start: Array, tau: float) -> Maximum:
    """Climb to the maximum; the nodes are doubled until neither likelihood nor parameters move."""
    nodes, at = _COARSE, np.append(start, tau)
    while True:
        at = _climb(counts, design, at, nodes)
        settled = settled_nodes(counts, (at[:-1] @ design.T)[None, :], np.abs(at[-1:]), nodes)
        if settled == nodes:
            break
        nodes = settled
    return _at(counts, design, at[:-1], abs(float(at[-1])), nodes)


def _climb(counts: Counts, design: Array, at: Array, nodes: int) -> Array:
    value, slope, bend = _surface(counts, design, at, nodes)
    for _ in range(_STEPS):
        step = _uphill(slope, bend)
        for _ in range(30):
            further = at + step
            beyond = _surface(counts, design, further, nodes)
            # near the top the nodes move with the modes and blur the value, while the slope stays true
            if np.abs(step).max() < _NEAR or beyond[0] >= value - 1e-12 * abs(value):
                break
            step = step / 2
        at = further
        value, slope, bend = beyond
        if np.abs(step).max() < _STILL * (1 + np.abs(at).max()):
            break
    return at


def _uphill(slope: Array, bend: Array) -> Array:
    """Return a Newton step, on a curvature made negative definite where it is not, no longer than 2."""
    values, vectors = np.linalg.eigh(-bend)
    floor = 1e-8 * max(1.0, float(np.abs(values).max()))
    along = vectors.T @ slope / np.maximum(np.abs(values), floor)
    step = vectors @ along
    length = float(np.abs(step).max())
    return np.asarray(step * min(1.0, 2.0 / length) if length > 0 else step)


def _surface(counts: Counts, design: Array, at: Array, nodes: int) -> tuple[float, Array, Array]:
    """Return log likelihood, gradient (p + 1,) and Hessian (p + 1, p + 1) at (coefficients, tau)."""
    here = pieces(counts, (design @ at[:-1])[None, :], at[-1:], nodes)
    size = at.size
    bend = np.empty((size, size))
    bend[:-1, :-1] = design.T @ (here.h_mean[0][:, None] * design)
    bend[:-1, -1] = bend[-1, :-1] = design.T @ here.h_cross[0]
    bend[-1, -1] = here.h_tau[0].sum()
    slope = np.append(design.T @ here.d_mean[0], here.d_tau[0].sum())
    return float(here.value.sum()), slope, bend


def _at(counts: Counts, design: Array, coefficients: Array, tau: float, nodes: int) -> Maximum:
    value, _, bend = _surface(counts, design, np.append(coefficients, tau), nodes)
    return Maximum(coefficients, tau, value, -bend, nodes)
