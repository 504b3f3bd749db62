"""The forest plot of a pooling: numbers that the journey has, words that a reader needs, drawn by figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openhlh.figures.forest_values import Forest, ForestRow, ForestSummary, Scale

_SCALES: dict[str, Scale] = {
    "proportion": "proportion",
    "odds ratio": "ratio",
    "risk ratio": "ratio",
    "ratio": "ratio",
}


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Write the forest plot of a result (the `pool` contract) as .svg or .png; WrongInput for others."""
    from openhlh.figures.forest import write_forest

    write_forest(forest_of(result), path)


def forest_of(result: Mapping[str, Any]) -> Forest:
    """Return what the forest plot of a result shows: panels by subgroup where there are any."""
    from openhlh.figures.forest_values import Forest

    name = result["estimate"]["natural_name"]
    return Forest(
        title=result["analysis"]["title"],
        panels=tuple(_panels(result)),
        summary=_whole(result),
        axis_label=f"{result['analysis']['outcome']} ({name})",
        scale=_SCALES.get(name, "difference"),
        notes=tuple(result["notes"]),
        footnotes=tuple(_footnotes(result)),
    )


def _panels(result: Mapping[str, Any]) -> Iterator[Any]:
    from openhlh.figures.forest_values import ForestPanel

    rows = {one["label"]: _row(one) for one in result["studies"]}
    groups = (result["subgroups"] or {}).get("groups", ())
    for group in groups:
        yield ForestPanel(group["name"], tuple(rows[label] for label in group["labels"]), _group(group))
    if not groups:
        yield ForestPanel("", tuple(rows.values()))
    left = tuple(_left_out(one) for one in result["left_out"] if "events" in one)
    if left:
        yield ForestPanel("Left out", left)


def _row(one: Mapping[str, Any]) -> ForestRow:
    from openhlh.figures.forest_values import ForestRow

    interval = one.get("interval") or {}
    return ForestRow(
        label=one["label"],
        events=one.get("events", one.get("events_1")),
        total=one.get("total", one.get("total_1")),
        estimate=one.get("proportion", one.get("natural")),
        low=interval.get("low"),
        high=interval.get("high"),
        weight=one["weight"],
        definition=str(one.get("definition") or ""),
        line=str(one.get("line") or "").replace("_", " "),
        doubts=tuple(f"{doubt['text']} ({doubt['severity']})" for doubt in one["doubts"]),
        control_events=one.get("events_2"),
        control_total=one.get("total_2"),
    )


def _left_out(one: Mapping[str, Any]) -> ForestRow:
    from openhlh.figures.forest_values import ForestRow

    return ForestRow(
        label=one["label"],
        events=one["events"],
        total=one["total"],
        estimate=one["proportion"],
        low=one["low"],
        high=one["high"],
        doubts=(f"{one['rule'].replace('_', ' ')}: {one['why']}",),
        left_out=True,
    )


def _whole(result: Mapping[str, Any]) -> ForestSummary | None:
    from openhlh.figures.forest_values import ForestSummary

    interval, prediction = result["interval"], result["prediction"] or {}
    if interval is None:
        return None
    tau2 = result["tau2"]["value"]
    return ForestSummary(
        label=f"Pooled: {result['model']['name']}, {interval['name']} interval",
        estimate=result["estimate"]["natural"],
        low=interval["low"],
        high=interval["high"],
        prediction_low=prediction.get("low"),
        prediction_high=prediction.get("high"),
        tau2="" if tau2 is None else f"tau² {tau2:.3g} on the {result['estimate']['scale_name']}",
        prediction_label=f"Prediction interval ({prediction.get('name', '')})",
    )


def _group(group: Mapping[str, Any]) -> ForestSummary:
    from openhlh.figures.forest_values import ForestSummary

    fit = group["fit"]
    return ForestSummary(
        label=f"{group['name']}: {fit['interval']['name']} interval",
        estimate=fit["estimate"],
        low=fit["interval"]["low"],
        high=fit["interval"]["high"],
        tau2="" if fit["tau2"] is None else f"tau² {fit['tau2']:.3g}",
    )


def _footnotes(result: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"set aside: {one}" for one in result["overrides"])
    yield result["notice"]
