"""Where the likelihood has no finite maximum, or nothing to say about spread: exact binomial answers."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

from openhlh.pooling.fit import Fit, HeterogeneityTest, Limits, Spread
from openhlh.pooling.scales import logit
from openhlh.pooling.series import Series
from openhlh.proportions import clopper_pearson
from openhlh.tails import chi2_upper, normal_quantile

EXACT = "Clopper-Pearson interval of all events in all patients (all studies one proportion)"
LR_SATURATED = "likelihood ratio of one proportion per study against one for all (metafor: QE.LRT)"
BY_STUDY = "Clopper-Pearson interval with each study as one observation, since each is all or nothing"
ONE_SIDED = (
    "one-sided profile likelihood: the proportion whose likelihood has fallen by half the critical value"
)
WIDEST = "at either end the wider of the exact interval of all patients and that of the studies"
NO_SPREAD = (
    "tau² is estimated 0: the studies differ no more than chance makes them, which few small studies cannot "
    "show to be true; the upper limit of tau² says what they leave possible"
)
_ALL_OR_NOTHING = (
    "in every study all patients or none had the event (all in {full} of {k} studies): tau² grows without "
    "bound, and a pooled proportion says little; read the studies"
)


def at_the_boundary(series: Series, level: float) -> Fit | None:
    """Return the exact answer where the random-effects likelihood has none that is finite, else None."""
    events, total = sum(series.events), sum(series.totals)
    if series.k == 1:
        return _exact_fit(
            series, level, "one study: its exact interval is the answer; spread between studies is unknown"
        )
    if events in {0, total}:
        what = "every patient" if events else "no patient"
        return _exact_fit(
            series,
            level,
            f"{what} in every study had the event: no finite maximum exists, and the exact interval of "
            "all patients together takes over; spread between studies cannot be estimated",
            (_one_sided(events, total, level),),
        )
    if max(series.totals) == 1:
        return _exact_fit(
            series,
            level,
            "one patient per study: spread between studies and chance cannot be told apart, and the exact "
            "interval of all patients together takes over",
        )
    if all(count in {0, size} for count, size in zip(series.events, series.totals, strict=True)):
        return _all_or_nothing(series, level)
    return None


def exact_limits(series: Series, level: float) -> Limits:
    """Return the Clopper-Pearson interval of all studies as one."""
    return _clopper_pearson("exact", EXACT, sum(series.events), sum(series.totals), level)


def saturated_statistic(series: Series) -> float:
    """Return twice the log likelihood of one proportion per study less that of one for all, not below 0."""
    events, total = sum(series.events), sum(series.totals)
    own = sum(_x_log_p(x, n) + _x_log_p(n - x, n) for x, n in zip(series.events, series.totals, strict=True))
    return max(0.0, 2 * (own - _x_log_p(events, total) - _x_log_p(total - events, total)))


def _x_log_p(x: int, n: int) -> float:
    return x * log(x / n) if x else 0.0


def saturated_tests(series: Series) -> tuple[HeterogeneityTest, ...]:
    """Return the likelihood ratio of one proportion per study against one for all; nothing for one study."""
    if series.k == 1:
        return ()
    statistic, df = saturated_statistic(series), series.k - 1
    return (HeterogeneityTest("lr-saturated", LR_SATURATED, statistic, df, chi2_upper(statistic, df)),)


def _exact_fit(series: Series, level: float, note: str, others: tuple[Limits, ...] = ()) -> Fit:
    events, total = sum(series.events), sum(series.totals)
    return Fit(
        model="glmm",
        measure="PLO",
        k=series.k,
        estimate=events / total,
        scale_estimate=logit(events / total) if 0 < events < total else None,
        se=(total / (events * (total - events))) ** 0.5 if 0 < events < total else None,
        interval=exact_limits(series, level),
        other_intervals=others,
        spread=Spread("ML", None),
        weights=tuple(100 * size / total for size in series.totals),
        tests=saturated_tests(series),
        notes=(note,),
    )


def _all_or_nothing(series: Series, level: float) -> Fit:
    """Answer studies that are all 0 % or 100 %: the likelihood rises with tau without end.

    In the limit each study is one toss of a coin. So the interval is never narrower than the exact one of
    full studies among studies, nor than that of all patients; the estimate is that of all patients.
    """
    full = sum(count > 0 for count in series.events)
    patients = exact_limits(series, level)
    studies = _clopper_pearson("exact-studies", BY_STUDY, full, series.k, level)
    low, high = min((patients, studies), key=_low), max((patients, studies), key=_high)
    widest = Limits("exact-widest", WIDEST, level, low.low, high.high, low.scale_low, high.scale_high)
    fit = _exact_fit(series, level, _ALL_OR_NOTHING.format(full=full, k=series.k), (patients, studies))
    return replace(
        fit,
        interval=widest,
        scale_estimate=None,
        se=None,
        spread=Spread("ML", None, interval_name="unbounded"),
    )


def _low(limits: Limits) -> float:
    return limits.low or 0.0


def _high(limits: Limits) -> float:
    return 1.0 if limits.high is None else limits.high


def _one_sided(events: int, total: int, level: float) -> Limits:
    bound = exp(-(normal_quantile(level) ** 2) / 2 / total)
    ends = (bound, 1.0) if events else (0.0, 1 - bound)
    return Limits("profile-one-sided", ONE_SIDED, level, *ends)


def _clopper_pearson(name: str, method: str, count: int, total: int, level: float) -> Limits:
    low, high = clopper_pearson(count, total, level)
    return Limits(
        name, method, level, low, high, logit(low) if low > 0 else None, logit(high) if high < 1 else None
    )


def common(series: Series, level: float) -> Fit:
    """Return all studies as one proportion, with its exact interval: right only if they do not differ."""
    note = "all studies are taken to share one proportion; differences between them are ignored"
    return replace(_exact_fit(series, level, note), model="common", spread=Spread("none", 0.0))
