"""Every model by its documented name, and the one function that fits whichever was chosen.

The names stand in `hlh pool --help`, in the JSON and in docs; R users know most of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from openhlh.errors import WrongInput
from openhlh.pooling.fit import Fit
from openhlh.pooling.glmm import INTERVALS, glmm
from openhlh.pooling.priors import DEFAULT, FLAT_MEAN, Prior
from openhlh.pooling.scales import scale_of
from openhlh.pooling.series import Comparison, Effects, Series

Data = Series | Comparison | Effects

MODELS = {
    "glmm": "random-intercept logistic regression, exact binomial likelihood, maximum likelihood (default)",
    "common": "one proportion for all studies, exact binomial interval of all patients together",
    "beta-binomial": "proportions vary by a beta distribution, maximum likelihood",
    "bayes": "binomial-normal hierarchical model with priors, by quadrature; posterior median",
    "bayes-normal": "normal-normal hierarchical model with priors, on effects with known variances",
    "iv": "inverse variance on the scale of the measure, with the tau² estimator of --tau2",
    "glmm-conditional": "two arms: hypergeometric-normal model, exact conditional likelihood (odds ratio)",
    "glmm-unconditional": "two arms: logistic model with a fixed intercept per study (odds ratio)",
    "mantel-haenszel": "two arms: Mantel-Haenszel, one effect for all studies (OR, RR, RD)",
    "peto": "two arms: Peto's one-step odds ratio, one effect for all studies",
}
OF_COUNTS = ("glmm", "common", "beta-binomial", "bayes", "bayes-normal", "iv")
OF_COMPARISON = ("glmm-conditional", "glmm-unconditional", "mantel-haenszel", "peto", "iv", "bayes-normal")
OF_EFFECTS = ("iv", "bayes-normal")


@dataclass(frozen=True)
class Choice:
    """What was chosen; an empty name (None for the prior) means the model's own default."""

    model: str = ""
    measure: str = ""
    tau2: str = ""
    interval: str = ""
    continuity: str = ""
    prior: Prior | None = None
    level: float = 0.95
    thresholds: tuple[float, ...] = ()


def settled(data: Data, choice: Choice) -> Choice:
    """Return the choice with model and measure named; WrongInput where a model does not fit the data."""
    offered = _offered(data)
    model = choice.model.lower() or _default_model(data, choice.measure)
    if model not in MODELS:
        raise WrongInput(f"`{model}` is no model", where="--model", remedy=f"use one of {', '.join(offered)}")
    if model not in offered:
        raise WrongInput(
            f"{model} does not fit these data",
            where="--model",
            why=f"{model}: {MODELS[model]}",
            remedy=f"use one of {', '.join(offered)}",
        )
    if not 0.5 <= choice.level <= 0.9999:
        raise WrongInput(
            f"{choice.level:g} is no confidence level",
            where="--level",
            remedy="write it as 0.95",
        )
    names = interval_names(model)
    if choice.interval and choice.interval not in names:
        raise WrongInput(
            f"`{choice.interval}` is no interval of {model}",
            where="--interval",
            remedy=f"use one of {', '.join(names)}",
        )
    _refuse_idle(data, model, choice)
    return replace(
        choice,
        model=model,
        measure=_measure(data, model, choice.measure.upper()),
        tau2=choice.tau2 or ("REML" if model == "iv" else ""),
        continuity=choice.continuity or ("only0" if _has_effects(data, model) else ""),
        prior=choice.prior or _PRIORS.get(model),
    )


def _has_effects(data: Data, model: str) -> bool:
    """True where counts become effects with variances, to which 1/2 may be added."""
    return model in OF_EFFECTS and not isinstance(data, Effects)


def _refuse_idle(data: Data, model: str, choice: Choice) -> None:
    """Raise WrongInput for an option that the model would silently pass over."""
    idle = (
        (choice.tau2 and model != "iv", "--tau2", "only iv estimates tau squared by a chosen method"),
        (
            choice.continuity and not _has_effects(data, model),
            "--continuity",
            "only effects made from counts use it",
        ),
        (choice.prior is not None and model not in _PRIORS, "--prior", "the model has no prior"),
        (
            choice.thresholds and model not in _PRIORS,
            "--threshold",
            "only Bayesian models give such a chance",
        ),
    )
    for given, option, why in idle:
        if given:
            raise WrongInput(
                f"{model} does not use it",
                where=option,
                why=why,
                remedy=f"leave {option} out, or name another --model",
            )


_PRIORS = {"glmm": DEFAULT, "bayes": DEFAULT, "bayes-normal": FLAT_MEAN}  # glmm shows the posterior beside


def _prior(choice: Choice) -> Prior:
    return choice.prior or _PRIORS[choice.model]


def pool(data: Data, choice: Choice) -> Fit:
    """Fit the chosen model to the data; the choice must be settled."""
    if isinstance(data, Series):
        fit = _of_counts(data, choice)
    elif isinstance(data, Comparison):
        fit = _of_comparison(data, choice)
    else:
        fit = _of_effects(data, choice)
    return with_interval(fit, choice.interval)


def with_interval(fit: Fit, name: str) -> Fit:
    """Return the fit with the interval of a name in front; a note says where these data have none."""
    if not name or name == fit.interval.name:
        return fit
    others = {one.name: one for one in fit.other_intervals}
    if name not in others:
        note = f"these data have no `{name}` interval; `{fit.interval.name}` stands in its place"
        return replace(fit, notes=(*fit.notes, note))
    rest = tuple(one for one in fit.other_intervals if one.name != name)
    chosen, notes = others[name], fit.notes
    if fit.estimate is not None and not (chosen.low or 0.0) <= fit.estimate <= (chosen.high or fit.estimate):
        notes = (*notes, f"the `{name}` interval is not about this estimate: {chosen.method}")
    return replace(fit, interval=chosen, other_intervals=(fit.interval, *rest), notes=notes)


def interval_names(model: str) -> dict[str, str]:
    """Return the intervals that a model offers, by name, in words."""
    if model == "glmm":
        return INTERVALS
    if model == "iv":
        from openhlh.pooling.inverse_variance import IV_INTERVALS

        return IV_INTERVALS
    if model == "beta-binomial":
        from openhlh.pooling.beta_binomial import INTERVALS as OF_BETA_BINOMIAL

        return OF_BETA_BINOMIAL
    if model.startswith("glmm-"):
        from openhlh.pooling.two_arm_glmm import TWO_ARM_INTERVALS

        return TWO_ARM_INTERVALS
    return _ONE_INTERVAL[model]


_ONE_INTERVAL = {
    "common": {"exact": "Clopper-Pearson interval of all events in all patients"},
    "bayes": {"credible": "equal-tailed credible interval"},
    "bayes-normal": {"credible": "equal-tailed credible interval"},
    "mantel-haenszel": {"wald": "normal quantile times the standard error"},
    "peto": {"wald": "normal quantile times the standard error"},
}


def _offered(data: Data) -> tuple[str, ...]:
    if isinstance(data, Series):
        return OF_COUNTS
    return OF_COMPARISON if isinstance(data, Comparison) else OF_EFFECTS


def _default_model(data: Data, measure: str) -> str:
    if isinstance(data, Comparison) and measure.upper() in {"RR", "RD"}:
        return "mantel-haenszel"
    return _offered(data)[0]


_MEASURES = {
    "glmm": ("PLO",),
    "common": ("PLO",),
    "beta-binomial": ("PLO",),
    "bayes": ("PLO",),
    "glmm-conditional": ("OR",),
    "glmm-unconditional": ("OR",),
    "peto": ("OR",),
    "mantel-haenszel": ("OR", "RR", "RD"),
}


def _measure(data: Data, model: str, measure: str) -> str:
    if isinstance(data, Effects):
        return measure or data.measure
    two_arm = isinstance(data, Comparison)
    offered = _MEASURES.get(model, ("OR", "RR", "RD") if two_arm else ("PLO", "PLN", "PR", "PAS", "PFT"))
    measure = measure or offered[0]
    scale_of(measure)
    if measure not in offered:
        raise WrongInput(
            f"{model} does not take {measure}",
            where="--measure",
            remedy=f"use one of {', '.join(offered)}",
        )
    return measure


def _of_counts(series: Series, choice: Choice) -> Fit:
    if choice.model == "glmm":
        return _with_predictive(series, choice)
    if choice.model == "common":
        from openhlh.pooling.boundary import common

        return common(series, choice.level)
    if choice.model == "beta-binomial":
        from openhlh.pooling.beta_binomial import beta_binomial

        return beta_binomial(series, choice.level)
    if choice.model == "bayes":
        from openhlh.pooling.bayes_binomial import bayes_binomial

        return bayes_binomial(series, _prior(choice), choice.level, choice.thresholds)
    return _of_effects(effects_of(series, choice), choice)


def _with_predictive(series: Series, choice: Choice) -> Fit:
    """Fit the GLMM, and show the posterior of the Bayesian model beside it."""
    from openhlh.pooling.bayes_binomial import bayes_binomial

    fit = glmm(series, choice.level)
    bayes = bayes_binomial(series, _prior(choice), choice.level, choice.thresholds)
    return replace(fit, predictions=(*fit.predictions, *bayes.predictions), posterior=bayes.posterior)


def _of_effects(effects: Effects, choice: Choice) -> Fit:
    if choice.model == "bayes-normal":
        from openhlh.pooling.bayes_normal import bayes_normal

        return bayes_normal(effects, _prior(choice), choice.level, choice.thresholds)
    from openhlh.pooling.inverse_variance import inverse_variance

    return inverse_variance(effects, choice.tau2 or "REML", choice.interval or None, choice.level)


def _of_comparison(comparison: Comparison, choice: Choice) -> Fit:
    if choice.model == "glmm-conditional":
        from openhlh.pooling.hypergeometric import conditional_glmm

        return conditional_glmm(comparison, choice.level)
    if choice.model == "glmm-unconditional":
        from openhlh.pooling.unconditional import unconditional_glmm

        return unconditional_glmm(comparison, choice.level)
    if choice.model == "mantel-haenszel":
        from openhlh.pooling.mantel_haenszel import mantel_haenszel

        return mantel_haenszel(comparison, choice.measure, choice.level)
    if choice.model == "peto":
        from openhlh.pooling.peto import peto

        return peto(comparison, choice.level)
    return _of_effects(effects_of(comparison, choice), choice)


def effects_of(data: Data, choice: Choice) -> Effects:
    """Return the data as effects with variances, for the models and checks that work on these."""
    if isinstance(data, Effects):
        return data
    if isinstance(data, Comparison):
        from openhlh.pooling.comparison_effects import comparison_effects

        return comparison_effects(data, choice.measure, choice.continuity or "only0")
    from openhlh.pooling.effects import single_arm_effects

    return single_arm_effects(data, choice.measure, choice.continuity or "only0")
