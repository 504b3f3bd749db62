"""What `hlh pool` prints on a terminal: studies, refusals, the answer in words, and what moves it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from openhlh.cli.pool_tables import between, show_groups, show_regression, show_steps, shown
from openhlh.cli.tables import console, print_table
from openhlh.cli.visible import visible

if TYPE_CHECKING:
    from openhlh.journeys.pool import Pooled

_TOO_WIDE, _APART = 0.6, 0.1
_ANOTHER_QUESTION = {"other_line": "another line of treatment", "not_hlh": "not HLH"}


def show(found: Pooled, result: Mapping[str, Any]) -> None:
    """Print the answer first, then its studies, how it would be otherwise, the doubts, what was left out."""
    out = console()
    out.print(visible(result["analysis"]["title"]), style="bold")
    if result["analysis"]["question"]:
        out.print(visible(result["analysis"]["question"]), style="dim")
    sys.stdout.write("\n")
    for line, style in _answer(result):
        out.print(visible(line), style=style)
    sys.stdout.write("\n")
    _studies(result)
    _groups(found, result)
    _otherwise(result)
    _left_out(result)
    sys.stdout.write("\n")
    for mark, style, lines in (("doubt", "yellow", result["doubts"]), ("note", "", result["notes"])):
        for line in lines:
            out.print(f"{mark}: {visible(line)}", style=style)
    for offer in result["offers"]:
        names = " ".join(f"--allow {name}" for name in offer["allow"])
        arms = "1 arm" if len(offer["arms"]) == 1 else f"{len(offer['arms'])} arms"
        out.print(f"{names} would add {arms}, {offer['patients']} patients", style="dim")
    out.print(visible(result["notice"]), style="dim")


def _studies(result: Mapping[str, Any]) -> None:
    rows = [_study(one) for one in result["studies"]]
    if rows:
        heads = ("study", "n/N", "own value", "interval", "weight %", "definition", "line", "doubts")
        print_table(console(), heads, rows)


def _study(one: Mapping[str, Any]) -> tuple[str, ...]:
    limits, percent = one.get("interval"), "proportion" in one
    own = one.get("proportion", one.get("natural"))
    return (
        visible(one["label"]),
        _counts(one),
        "" if own is None else shown(own, percent=percent),
        between(limits, percent=percent) if limits else "",
        "" if one["weight"] is None else f"{one['weight']:.1f}",
        visible(str(one.get("definition_title") or "")),
        str(one.get("line") or "").replace("_", " "),
        " ".join(doubt["severity"] for doubt in one["doubts"]),
    )


def _counts(one: Mapping[str, Any]) -> str:
    if "events" in one:
        return f"{one['events']}/{one['total']}"
    if "events_1" in one:
        return f"{one['events_1']}/{one['total_1']} v {one['events_2']}/{one['total_2']}"
    return ""


def _left_out(result: Mapping[str, Any]) -> None:
    """Print what was left out with its reason; arms of another question (first line) on one line."""
    apart = [one for one in result["left_out"] if one["rule"] in _ANOTHER_QUESTION]
    rows = [
        (
            visible(one["label"]),
            f"{one['events']}/{one['total']}" if "events" in one else "",
            between(one, percent=True) if "low" in one else "",
            one["rule"],
            visible(one["why"]),
        )
        for one in result["left_out"]
        if one not in apart
    ]
    if rows:
        sys.stdout.write("\nleft out:\n")
        print_table(console(), ("study", "n/N", "exact interval", "rule", "why"), rows)
    for rule in dict.fromkeys(one["rule"] for one in apart):
        labels = "; ".join(visible(one["label"]) for one in apart if one["rule"] == rule)
        sys.stdout.write(f"{_ANOTHER_QUESTION[rule]} ({rule}): {labels}\n")
    for override in result["overrides"]:
        sys.stdout.write(f"set aside: {visible(override)}\n")


def _answer(result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the pooled answer in a few lines with their styles, the number first."""
    estimate, interval = result["estimate"], result["interval"]
    percent = _is_percent(result)
    if interval is None:
        yield (
            "Nothing may be pooled: the studies' own counts and exact intervals are the answer.",
            "bold yellow",
        )
        return
    events = f", {result['events']} of {result['total']} patients" if result["events"] is not None else ""
    studies = f"{result['k']} {'study' if result['k'] == 1 else 'studies'}{events}"
    level = f"{100 * interval['level']:g} %"
    said = shown(estimate["natural"], percent=percent)
    said = f"{said} ({level} interval {between(interval, percent=percent)})"
    head = "one study, nothing to pool" if result["k"] == 1 else f"pooled {estimate['natural_name']}"
    yield f"{head}: {said}; {studies}", "bold"
    yield from ((line, "bold yellow") for line in _warnings(result))
    prediction = result["prediction"] if result["k"] > 1 else None
    if prediction:
        yield f"in a new study: {between(prediction, percent=percent)} ({level} prediction interval)", "bold"
    if result["k"] > 1:
        yield f"    model: {result['model']['name']}, {result['model']['words']}", "dim"
    yield f"    interval: {interval['name']}, {interval['method']}", "dim"
    if prediction:
        yield f"    prediction: {prediction['name']}, {prediction['method']}", "dim"
    yield from (
        (line, "dim" if line.startswith(" ") else "") for line in (*_spread(result), *_exceeds(result))
    )


def _warnings(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield what stands directly below the number, where it would be misread without."""
    interval, estimate = result["interval"], result["estimate"]["natural"]
    if not _is_percent(result) or estimate is None:
        return
    overlaps = [one for one in result["overrides"] if one.startswith("overlap")]
    if any(not one.endswith("changes nothing") for one in overlaps):
        yield "patients may be counted more than once: overlapping reports were let in"
    if not interval["low"] <= estimate <= interval["high"]:
        yield f"the interval is not about this number: {interval['method']}"
    if interval["high"] - interval["low"] > _TOO_WIDE:
        yield "too little to say: the interval spans most of what is possible"
    crude = result["events"] / result["total"] if result["total"] else estimate
    if result["model"]["name"] == "glmm" and abs(crude - estimate) > _APART:
        of_all = shown(crude, percent=True)
        yield f"this is the proportion of the median study; of all patients it is {of_all}"


def _exceeds(result: Mapping[str, Any]) -> Iterator[str]:
    for one in (result["posterior"] or {}).get("exceeds", ()):
        chance, threshold = f"{100 * one['probability']:.0f} %", shown(one["threshold"], percent=True)
        yield f"chance that the mean exceeds {threshold}: {chance} (Bayesian model)"


def _spread(result: Mapping[str, Any]) -> Iterator[str]:
    tau2 = result["tau2"]
    value = "not determined by these data" if tau2["value"] is None else shown(tau2["value"])
    limits = (
        f" ({tau2['interval_name']} {shown(tau2['low'])} to {_open(tau2['high'])})"
        if tau2["low"] is not None
        else ""
    )
    yield f"differences between studies: tau² {value}{limits}, {tau2['estimator']}"
    for one in result["i2"]:
        limits = f" ({one['i2_low']:.0f} to {one['i2_high']:.0f})" if one["i2_low"] is not None else ""
        yield f"    I² {one['i2']:.0f} %{limits}: {one['name']}, {one['definition']}"
    for one in result["q"]:
        p = "" if one["p"] is None else f", p {_p(one['p'])}"
        yield f"    {one['name']}: {one['statistic']:.2f} on {one['df']} df{p} ({one['definition']})"


def _groups(found: Pooled, result: Mapping[str, Any]) -> None:
    if found.subgroups is not None:
        show_groups(result["subgroups"], percent=_is_percent(result))
    if found.cumulative:
        show_steps(result["cumulative"], percent=_is_percent(result))
    if found.regression is not None:
        show_regression(result["regression"])


def _otherwise(result: Mapping[str, Any]) -> None:
    """Print how the answer would be otherwise: other models and definitions, each study left out."""
    percent = _is_percent(result)
    rows = [
        (
            one["name"],
            visible(one["words"]),
            str(one["k"]),
            shown(one["estimate"], percent=percent),
            between(one, percent=percent),
        )
        for one in result["sensitivity"]
    ]
    left = [one["estimate"] for one in result["leave_one_out"] if one["estimate"] is not None]
    if left:
        ends = {"low": min(left), "high": max(left)}
        rows.append(
            (
                "one left out",
                "lowest and highest estimate",
                str(result["k"] - 1),
                "",
                between(ends, percent=percent),
            )
        )
    if rows:
        sys.stdout.write("\notherwise:\n")
        print_table(console(), ("what", "how", "k", "estimate", "interval"), rows)


def _open(value: float | None) -> str:
    return "no bound" if value is None else shown(value)


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _is_percent(result: Mapping[str, Any]) -> bool:
    return bool(result["estimate"]["natural_name"] == "proportion")
