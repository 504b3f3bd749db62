"""The forest plot of a pooling: numbers that the journey has, words that a reader needs, drawn by figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openhlh.figures.forest_values import Forest, ForestPanel, ForestRow, ForestSummary, Scale

_SCALES: dict[str, Scale] = {
    "proportion": "proportion",
    "odds ratio": "ratio",
    "risk ratio": "ratio",
    "ratio": "ratio",
}
_ANOTHER_QUESTION = {"other_line", "not_hlh"}


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Write the forest plot of a result (the `pool` contract) as .svg or .png; WrongInput for others."""
    from openhlh.figures.forest import write_forest

    write_forest(forest_of(result), path)


def forest_of(result: Mapping[str, Any]) -> Forest:
    """Return what the forest plot of a result shows: one panel, or panels by subgroup.

    Arms that were left out stand greyed below the pooled result; with subgroups they are counted in a note.
    Arms of another question (another line of treatment, not HLH) are not drawn.
    """
    from openhlh.figures.forest_values import Forest

    name = result["estimate"]["natural_name"]
    grouped = bool(result["subgroups"])
    level = result["model"]["options"]["level"]
    return Forest(
        title=result["analysis"]["title"],
        panels=tuple(_groups(result) if grouped else _one_panel(result)),
        summary=_whole(result) if grouped else None,
        axis_label=f"{result['analysis']['outcome']} ({name}), {100 * level:g} % intervals",
        scale=_SCALES.get(name, "difference"),
        notes=tuple(_notes(result, grouped=grouped)),
        footnotes=(*(f"set aside: {one}" for one in result["overrides"]), result["notice"]),
    )


def _one_panel(result: Mapping[str, Any]) -> Iterator[ForestPanel]:
    from openhlh.figures.forest_values import ForestPanel

    yield ForestPanel("", tuple(map(_row, result["studies"])), _whole(result))
    left = tuple(map(_left_out, _drawn(result)))
    if left:
        yield ForestPanel("Left out", left)


def _groups(result: Mapping[str, Any]) -> Iterator[ForestPanel]:
    from openhlh.figures.forest_values import ForestPanel

    rows = {one["label"]: _row(one) for one in result["studies"]}
    for group in result["subgroups"]["groups"]:
        yield ForestPanel(group["name"], tuple(rows[label] for label in group["labels"]), _group(group))


def _drawn(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in result["left_out"] if "events" in one and one["rule"] not in _ANOTHER_QUESTION]


def _notes(result: Mapping[str, Any], *, grouped: bool) -> Iterator[str]:
    yield from result["notes"]
    drawn = 0 if grouped else len(_drawn(result))
    if hidden := len(result["left_out"]) - drawn:
        yield f"{hidden} arms left out are not drawn (another line of treatment, no count, or by group)"


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
        definition=str(one.get("definition_title") or ""),
        line=str(one.get("line") or "").replace("_", " "),
        doubts=tuple(
            f"{doubt['text']} ({doubt['severity']})" for doubt in one["doubts"] if doubt["severity"] != "low"
        ),
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
