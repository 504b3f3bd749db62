"""What the answer would be otherwise: other models, other definitions, the patients not evaluable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openhlh.errors import Refusal
from openhlh.journeys.pool_again import again
from openhlh.journeys.pool_prepared import Prepared
from openhlh.pooling.models import Choice, Data, effects_of, pool, settled
from openhlh.pooling.priors import HALF_CAUCHY, Prior
from openhlh.pooling.sensitivity import worst_and_best_case
from openhlh.pooling.series import Series

if TYPE_CHECKING:
    from openhlh.pooling.fit import Fit

_NEAR: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("common", "all studies one proportion", {}),
    ("bayes", "Bayesian, tau ~ half-normal(1)", {}),
    ("iv", "two-step: logits, REML, Hartung-Knapp with floor", {"measure": "PLO", "tau2": "REML"}),
)
_FAR: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("beta-binomial", "proportions vary by a beta distribution", {}),
    ("bayes", "Bayesian, tau ~ half-normal(0.5)", {"prior": Prior(scale=0.5)}),
    ("bayes", "Bayesian, tau ~ half-Cauchy(0.5)", {"prior": Prior(HALF_CAUCHY, 0.5)}),
    (
        "iv",
        "two-step: logits, DerSimonian-Laird, Wald (too narrow here)",
        {"measure": "PLO", "tau2": "DL", "interval": "wald"},
    ),
    (
        "iv",
        "two-step: Freeman-Tukey (only to reproduce others)",
        {"measure": "PFT", "tau2": "DL", "interval": "wald"},
    ),
)


def other_answers(
    prepared: Prepared, data: Data, choice: Choice, *, every_model: bool
) -> tuple[Mapping[str, Any], ...]:
    """Return the answers of other models, definitions and cases, each a row with its name in words."""
    if not isinstance(data, Series):
        return ()
    rows = [*_models(data, choice, (*_NEAR, *_FAR) if every_model else _NEAR)]
    rows += _not_evaluable(prepared, data, choice)
    rows += _definitions(prepared, choice)
    return tuple(rows)


def _models(
    data: Series, choice: Choice, others: tuple[tuple[str, str, dict[str, Any]], ...]
) -> Iterator[dict[str, Any]]:
    for model, words, changes in others:
        other = settled(data, replace(Choice(model=model, level=choice.level), **changes))
        if other == replace(choice, thresholds=()):
            continue
        yield _row("model", words, pool(data, other))


def _not_evaluable(prepared: Prepared, data: Series, choice: Choice) -> Iterator[dict[str, Any]]:
    """Yield the worst and the best case for patients who were enrolled and not judged."""
    missing = [
        max(0, (line.facts.get("enrolled") or total) - total)
        for line, total in zip(prepared.lines, data.totals, strict=True)
    ]
    if not any(missing):
        return
    worst, best = worst_and_best_case(data, missing)
    patients = sum(missing)
    yield _row("worst case", f"{patients} not evaluable patients as failures", again(worst, choice))
    yield _row("best case", f"{patients} not evaluable patients as responders", again(best, choice))


def _definitions(prepared: Prepared, choice: Choice) -> Iterator[dict[str, Any]]:
    """Yield the same question by the other definitions of response."""
    if prepared.selection is None:
        return
    from openhlh.content.described import read_described
    from openhlh.evidence.poolable import poolable
    from openhlh.journeys.pool_from_shelves import OUTCOMES, series_of

    asked = prepared.selection.asked
    for outcome, words in OUTCOMES.items():
        if outcome == asked.outcome:
            continue
        found = poolable(replace(asked, outcome=outcome), read_described())
        series = series_of(found.rows)
        if series is not None:
            yield _row("definition", words, again(series, choice))


def _row(name: str, words: str, fit: Fit) -> dict[str, Any]:
    return {
        "name": name,
        "words": words,
        "model": fit.model,
        "k": fit.k,
        "estimate": fit.estimate,
        "low": fit.interval.low,
        "high": fit.interval.high,
        "interval": fit.interval.name,
        "tau2": fit.spread.value,
        "note": fit.notes[0] if fit.notes else "",
    }


def small_study(data: Data, choice: Choice) -> Mapping[str, Any]:
    """Return the check for small-study effects, or why it was refused."""
    from openhlh.pooling.small_study import egger, peters_type

    try:
        if isinstance(data, Series):
            return vars(peters_type(data, choice.level))
        return vars(egger(effects_of(data, choice), choice.level))
    except Refusal as refusal:
        return {"refused": str(refusal)}
