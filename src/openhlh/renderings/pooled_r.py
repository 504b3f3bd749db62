"""A pooled result as an R script: the data inline, the same model, and every number side by side.

The script needs R and metafor, no file and no other package. Where metafor has no such model or no such
interval (profile limits of the binomial-normal model, the exact interval at a boundary) it is written out in
base R, so that a statistician reads what was computed instead of believing it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_LIBRARY = "suppressPackageStartupMessages(library(metafor))"
_LINE = 96
_PRIOR = re.compile(
    r"tau ~ (half-normal|half-cauchy)\(([\d.e+-]+)\), mean ~ (?:flat|normal\(([\d.e+-]+), ([\d.e+-]+)\))"
)


def r_code(result: Mapping[str, Any]) -> str:
    """Return the R script (ASCII) for the contract object of a pooled result."""
    if not result.get("studies"):
        return "\n".join([*_header(result), "", 'cat("Nothing was pooled.\\n")']) + "\n"
    parts = [*_header(result), "", *_data(result), "", *_reported(result), "", _part("limits")]
    parts += [*_model(result), _part("compared")]
    return "\n".join(parts).rstrip("\n") + "\n"


def _header(result: Mapping[str, Any]) -> Iterator[str]:
    analysis, model = result.get("analysis") or {}, result.get("model") or {}
    versions = result.get("versions") or {}
    said = [
        analysis.get("title") or analysis.get("question") or "Pooled result",
        f"model: {model.get('name', '')} ({model.get('words', '')})",
        *(f"{name} {version}" for name, version in versions.items()),
        "Written by OpenHLH; run it with Rscript. Tested with R 4.2.2 and its package metafor 3.8-1.",
        *(f"note: {note}" for note in result.get("notes") or ()),
        *(f"left out: {one.get('label', '')}: {one.get('why', '')}" for one in result.get("left_out") or ()),
    ]
    for line in said:
        yield f"## {_comment(line)}"


def _comment(words: object) -> str:
    """Return words as one line of ASCII, so that nothing of them can leave the comment."""
    flat = " ".join(str(words).split())
    return "".join(sign if " " <= sign <= "~" else f"<{ord(sign):X}>" for sign in flat)


def r_string(words: str) -> str:
    r"""Return words as a string of R: ASCII, whatever quotes, backslashes or line ends they hold.

    >>> print(r_string('a "b" \\ é'))
    "a \"b\" \\ \u00e9"
    """
    return '"' + "".join(_r_sign(sign) for sign in words) + '"'


def _r_sign(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if " " <= sign <= "~":
        return sign
    code = ord(sign)
    if code == 0 or 0xD800 <= code <= 0xDFFF:  # R's strings hold neither
        return "?"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _vector(values: Sequence[str]) -> str:
    """Return c(...) over as many lines as it needs."""
    lines, line = [], "  "
    for at, value in enumerate(values, start=1):
        word = value + ("," if at < len(values) else "")
        if len(line) + len(word) > _LINE and line.strip():
            lines.append(line.rstrip())
            line = "  "
        line += f"{word} "
    return "c(\n" + "\n".join([*lines, line.rstrip()]) + "\n)"


def _number(value: float | None) -> str:
    return "NA" if value is None else repr(value)


def _data(result: Mapping[str, Any]) -> Iterator[str]:
    studies = result["studies"]
    yield f"level <- {_number(_level(result))}"
    yield f"k <- {len(studies)}"
    names = {
        "counts": {"xi": "events", "ni": "total"},
        "arms": {"ai": "events_1", "n1i": "total_1", "ci": "events_2", "n2i": "total_2"},
        "effects": {"yi": "value", "vi": "variance"},
    }[kind_of(result)]
    columns = [f"study = {_vector([r_string(str(one.get('label', ''))) for one in studies])}"]
    columns += [
        f"{ours} = {_vector([_number(one[theirs]) for one in studies])}" for ours, theirs in names.items()
    ]
    yield "dat <- data.frame(" + ", ".join(columns) + ")"


def kind_of(result: Mapping[str, Any]) -> str:
    """Return what the studies of a result give: "arms" (two), "counts" (one arm) or "effects"."""
    first = result["studies"][0]
    if first.get("events_1") is not None:
        return "arms"
    return "counts" if first.get("events") is not None else "effects"


def _level(result: Mapping[str, Any]) -> float:
    return float((result.get("interval") or {}).get("level") or 0.95)


def _reported(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield the reported numbers as a named vector; its names are those that the parts in R find."""
    pairs = [f"{r_string(name)} = {_number(value)}" for name, value in _numbers(result) if value is not None]
    yield "reported <- " + (_vector(pairs) if pairs else "c()")


def _numbers(result: Mapping[str, Any]) -> Iterator[tuple[str, float | None]]:
    estimate, tau2 = result.get("estimate") or {}, result.get("tau2") or {}
    yield "estimate", estimate.get("natural")
    yield "estimate on the scale", estimate.get("scale")
    yield "standard error", estimate.get("se")
    yield from _ends("interval", _limits(result))
    yield from _ends("prediction", result.get("predictions") or filter(None, [result.get("prediction")]))
    yield "tau2", tau2.get("value")
    if tau2.get("interval_name"):
        yield "tau2 low", tau2.get("low")
        yield "tau2 high", tau2.get("high")
    yield "log likelihood", result.get("log_likelihood")
    for one in result.get("q") or ():
        yield f"Q {one.get('name')}", one.get("statistic")
    for one in result.get("i2") or ():
        yield f"I2 {one.get('name')}", one.get("i2")
    yield "posterior median of tau", (result.get("posterior") or {}).get("tau_median")


def _limits(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in (result.get("interval"), *(result.get("other_intervals") or ())) if one]


def _ends(what: str, limits: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, float | None]]:
    for one in limits:
        yield f"{what} {one['name']} low", one.get("low")
        yield f"{what} {one['name']} high", one.get("high")


def _part(name: str) -> str:
    return (Path(__file__).parent / f"pooled_{name}.R").read_text(encoding="utf-8")


def _model(result: Mapping[str, Any]) -> list[str]:
    model, kind = result["model"]["name"], kind_of(result)
    if kind == "counts" and model in {"glmm", "beta-binomial", "common"}:
        return _of_counts(result, model)
    if model in {"bayes", "bayes-normal"}:
        posterior = _bayes(result, model)
        found = '"estimate" = back(of_mu[1]), "estimate on the scale" = of_mu[1], "tau2" = tau_median^2'
        return [
            _part("integrated"),
            *posterior,
            f"found <- c(posterior, {found})" if posterior else "found <- c()",
            "",
        ]
    if model == "iv":
        return [_LIBRARY, *_effects(result), *_options(result), _part("way_back"), _part("inverse_variance")]
    if model == "glmm-conditional":
        return [_LIBRARY, *(_part(name) for name in ("hypergeometric", "profile", "hypergeometric_found"))]
    if model in {"mantel-haenszel", "peto", "glmm-unconditional"}:
        measure = f"measure <- {r_string(result['model'].get('measure') or 'OR')}"
        return [_LIBRARY, measure, _part(model.removeprefix("glmm-").replace("-", "_"))]
    return [f"## There is no R code for the model {_comment(model)}: the data stand above.", "found <- c()"]


def _of_counts(result: Mapping[str, Any], model: str) -> list[str]:
    why = "" if model == "common" else boundary_of(result)
    posterior = _bayes(result, model)
    if posterior:
        posterior = [_part("integrated"), *posterior, "found <- c(found, posterior)", ""]
    if why or model == "common":
        said = f"## {why or 'All studies share one proportion'}: the exact binomial interval is the answer."
        warned = ["## (R's rma.glmm and glmer stop here, or print an interval from 0 to 1.)"] if why else []
        return [said, *warned, _part("exact"), *posterior]
    if model == "beta-binomial":
        return [_LIBRARY, *map(_part, ("beta_binomial", "profile", "beta_binomial_found")), *posterior]
    chosen = [f"{name} <- {result['extra'][name]!r}" for name in ("few_studies", "tau_share")]
    parts = ("integrated", "glmm", "profile", "glmm_found")
    return [_LIBRARY, *chosen, *map(_part, parts), *posterior[1:]]


def boundary_of(result: Mapping[str, Any]) -> str:
    """Return why the likelihood of the counts has no finite maximum, "" where it has one."""
    pairs = [(one["events"], one["total"]) for one in result["studies"]]
    events, total = (sum(column) for column in zip(*pairs, strict=True))
    if len(pairs) == 1:
        return "One study, which shows nothing of a spread between studies"
    if events in {0, total}:
        return "Every patient had the event" if events else "No patient had the event"
    if max(size for _, size in pairs) == 1:
        return "One patient per study, so that spread and chance cannot be told apart"
    if all(count in {0, size} for count, size in pairs):
        return "In every study all or none had the event, so that a pooled proportion says little"
    return ""


def _effects(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield how the effects are made from the counts, with the correction that was chosen."""
    measure = str(result["model"].get("measure") or "PLO")
    options = result["model"].get("options") or {}
    yield f"measure <- {r_string(measure)}"
    rule = "none" if measure in {"PAS", "PFT"} else str(options.get("continuity") or "only0")
    add = f"add = {'0' if rule == 'none' else '1/2'}, to = {r_string(rule)}"
    calls = {
        "effects": "es <- dat",
        "counts": f"es <- escalc(measure = measure, xi = xi, ni = ni, data = dat, {add})",
        "arms": "es <- escalc(measure = measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat,\n"
        f"             {add}, drop00 = FALSE)",
    }
    yield calls[kind_of(result)]


def _options(result: Mapping[str, Any]) -> Iterator[str]:
    options, tau2 = result["model"].get("options") or {}, result.get("tau2") or {}
    method = (
        str(options.get("tau2") or tau2.get("estimator") or "REML") if len(result["studies"]) > 1 else "EE"
    )
    yield f"tau2_method <- {r_string(method)}"
    yield f"interval_name <- {r_string(str((result.get('interval') or {}).get('name') or 'wald'))}"


def _bayes(result: Mapping[str, Any], model: str) -> list[str]:
    """Return the posterior in R, where the result has one whose prior is told."""
    prior = _PRIOR.match(str((result.get("posterior") or {}).get("prior") or ""))
    if prior is None:
        return []
    spread, scale, mean, sd = prior.groups()
    said = [
        f"prior_spread <- {r_string(spread)}",
        f"prior_scale <- {scale}",
        f"prior_mean <- {mean or 'NA'}",
        f"prior_sd <- {sd or 'NA'}",
    ]
    if model == "bayes-normal":
        return [_LIBRARY, *_effects(result), *said, _part("way_back"), _part("bayes_normal"), _part("bayes")]
    return [*said, _part("bayes_binomial"), _part("bayes")]
