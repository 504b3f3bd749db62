"""The JSON form of a pooling: every study, what was left out, the fit, and what it would be otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any

from openhlh import __version__
from openhlh.journeys.pool import Pooled
from openhlh.journeys.pool_again import own_effects
from openhlh.journeys.pool_prepared import StudyLine
from openhlh.pooling.contract import NUMPY_VERSION, fit_contract, limits_contract
from openhlh.pooling.fit import Fit
from openhlh.pooling.models import MODELS, Data
from openhlh.pooling.scales import scale_of
from openhlh.pooling.sensitivity import Step
from openhlh.pooling.series import Comparison, Effects, Series
from openhlh.proportions import binomial_intervals, clopper_pearson


def as_contract(found: Pooled, notice: str, *, every_interval: bool = True) -> dict[str, Any]:
    """Return the one JSON object of `hlh pool --json`; what is only shown needs the exact intervals alone."""
    prepared = found.prepared
    fit = fit_contract(found.fit) if found.fit else _nothing(found)
    return {
        "analysis": {
            "id": prepared.analysis,
            "title": prepared.title,
            "question": prepared.question,
            "outcome": prepared.outcome,
        },
        "k": fit.pop("k"),
        **_sums(prepared.data),
        "studies": list(_studies(found, fit.pop("weights"), every_interval)),
        "left_out": _left_out(found),
        "overrides": _overrides(found),
        "offers": _offers(found),
        **fit,
        "model": {**fit["model"], "options": _options(found)},
        "leave_one_out": [_short(label, one) for label, one in found.left_one_out],
        "influence": [_plain(one) for one in found.influence],
        "cumulative": list(map(_step, found.cumulative)),
        "subgroups": _plain(found.subgroups),
        "regression": _plain(found.regression),
        "sensitivity": [dict(row) for row in found.sensitivity],
        "small_study": _plain(found.small_study),
        "doubts": list(doubts_of(found)),
        "notes": [*found.notes, *fit["notes"]],
        "versions": versions(from_shelves=prepared.selection is not None),
        "notice": notice,
    }


def doubts_of(found: Pooled) -> tuple[str, ...]:
    """Return what a reader must know before trusting the number: doubts of studies, rules set aside."""
    told = [
        f"{line.label}: {text}"
        for line in found.prepared.lines
        for severity, text in line.doubts
        if severity in {"high", "medium"}
    ]
    told += [f"set aside: {name}" for name in _overrides(found)]
    return tuple(told)


def versions(*, from_shelves: bool) -> dict[str, str]:
    """Return the versions that a reader needs to get the same numbers again."""
    found = {"openhlh": __version__, "numpy": NUMPY_VERSION}
    if from_shelves:
        from openhlh.content.described import HERE, fingerprint

        found["content"] = fingerprint(HERE)
    return found


def _nothing(found: Pooled) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(("interval", "prediction", "tau2", "posterior", "log_likelihood"))
    listed: dict[str, Any] = {name: [] for name in ("other_intervals", "predictions", "i2", "q", "weights")}
    name = found.choice.model or "glmm"
    return {
        **empty,
        **listed,
        "model": {"name": name, "words": MODELS.get(name, ""), "measure": "PLO"},
        "k": 0,
        "estimate": {"natural": None, "natural_name": "proportion", "scale": None, "se": None},
        "notes": ["nothing may be pooled: the studies' own counts and exact intervals are the answer"],
    }


def _sums(data: Data | None) -> dict[str, int | None]:
    if isinstance(data, Series):
        return {"events": sum(data.events), "total": sum(data.totals)}
    if isinstance(data, Comparison):
        return {
            "events": sum(data.events_1) + sum(data.events_2),
            "total": sum(data.totals_1) + sum(data.totals_2),
        }
    return {"events": None, "total": None}


def _studies(found: Pooled, weights: Sequence[float], every_interval: bool) -> Iterator[dict[str, Any]]:
    data = found.prepared.data
    level = found.choice.level
    effects = own_effects(data, found.choice)
    for at, line in enumerate(found.prepared.lines):
        assert data is not None  # noqa: S101 - lines stand only where there are data
        yield {
            "label": line.label,
            "key": line.key,
            **own_numbers(data, at, level),
            **(_own_effect(data, effects, at, level) if effects else {}),
            **(_every_interval(data, at, level) if every_interval and isinstance(data, Series) else {}),
            "weight": weights[at] if weights else None,
            **_facts(found, line, at),
            "doubts": [{"severity": severity, "text": text} for severity, text in line.doubts],
        }


def _facts(found: Pooled, line: StudyLine, at: int) -> dict[str, Any]:
    columns = {name: cells[at] for name, cells in found.prepared.extra.items()}
    return {**{name: _plain(value) for name, value in line.facts.items()}, "columns": columns}


def own_numbers(data: Data, at: int, level: float) -> dict[str, Any]:
    """Return one study's own numbers: counts with every interval in use, two arms, or an effect."""
    if isinstance(data, Series):
        return _counted(data.events[at], data.totals[at], level)
    if isinstance(data, Comparison):
        return {
            "events_1": data.events_1[at],
            "total_1": data.totals_1[at],
            "events_2": data.events_2[at],
            "total_2": data.totals_2[at],
        }
    return _effect(data, at, level)


def _counted(events: int, total: int, level: float) -> dict[str, Any]:
    low, high = clopper_pearson(events, total, level)
    return {
        "events": events,
        "total": total,
        "proportion": events / total,
        "interval": {"name": "clopper-pearson", "level": level, "low": low, "high": high},
    }


def _every_interval(series: Series, at: int, level: float) -> dict[str, Any]:
    found = binomial_intervals(series.events[at], series.totals[at], level)
    slugs = {name: name.lower().replace(" ", "-") for name in found}
    return {"intervals": {slugs[name]: {"low": low, "high": high} for name, (low, high) in found.items()}}


def _own_effect(data: Data, effects: Effects, at: int, level: float) -> dict[str, Any]:
    """Return a study's effect on the scale of the model; counts keep their exact interval."""
    if isinstance(data, Series):
        return {"value": effects.values[at], "variance": effects.variances[at]}
    return _effect(effects, at, level)


def _effect(data: Effects, at: int, level: float) -> dict[str, Any]:
    from openhlh.tails import normal_quantile

    scale = scale_of(data.measure)
    value, half = data.values[at], normal_quantile(level) * data.variances[at] ** 0.5
    ends = sorted((scale.natural_of(value - half), scale.natural_of(value + half)))
    return {
        "value": value,
        "variance": data.variances[at],
        "natural": scale.natural_of(value),
        "interval": {"name": "wald", "level": level, "low": ends[0], "high": ends[1]},
    }


def _left_out(found: Pooled) -> list[dict[str, Any]]:
    selection = found.prepared.selection
    rows = []
    for one in selection.left_out if selection else ():
        counted = one.events is not None and one.total and one.events <= one.total
        rows.append(
            {
                "study": one.id,
                "label": one.label,
                "rule": one.rule,
                "why": one.reason,
                "also": list(one.also),
                **(_short_count(one.events, one.total, found.choice.level) if counted else {}),
            }
        )
    return rows


def _short_count(events: int | None, total: int | None, level: float) -> dict[str, Any]:
    assert events is not None  # noqa: S101 - the caller has looked
    assert total is not None  # noqa: S101
    low, high = clopper_pearson(events, total, level)
    return {"events": events, "total": total, "proportion": events / total, "low": low, "high": high}


def _overrides(found: Pooled) -> list[str]:
    selection = found.prepared.selection
    return [
        f"{one.name} ({one.words}): {', '.join(one.arms) or 'changes nothing'}"
        for one in (selection.overrides if selection else ())
    ]


def _offers(found: Pooled) -> list[dict[str, Any]]:
    selection = found.prepared.selection
    return [
        {"allow": list(one.names), "arms": list(one.arms), "patients": one.patients}
        for one in (selection.offers if selection else ())
    ]


def _options(found: Pooled) -> dict[str, Any]:
    choice, fit = found.choice, found.fit
    every = {
        "measure": choice.measure,
        "tau2": choice.tau2,
        "interval": fit.interval.name if fit else choice.interval,
        "continuity": choice.continuity,
        "prior": choice.prior.words if choice.prior else "",
    }
    return {**{name: value for name, value in every.items() if value}, "level": choice.level}


def _short(label: str, fit: Fit) -> dict[str, Any]:
    return {
        "label": label,
        "k": fit.k,
        "estimate": fit.estimate,
        "scale": fit.scale_estimate,
        "se": fit.se,
        "interval": limits_contract(fit.interval),
        "tau2": fit.spread.value,
        "notes": list(fit.notes),
    }


def _step(step: Step) -> dict[str, Any]:
    return {**_short("", step.fit), "at": step.at, "added": list(step.added)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever stands in a result
    """Return a value as JSON knows it; a fit inside is told in short."""
    if isinstance(value, Fit):
        return _short("", value)
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
