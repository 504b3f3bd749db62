"""The names that `hlh pool` knows, printed below its help: every model, measure, estimator and interval."""

from __future__ import annotations

from collections.abc import Mapping

from typer.core import TyperCommand

_WIDTH = 20
_PREDICTIVE = {"predictive": "posterior predictive, true value of a new study"}


class CommandWithNames(TyperCommand):
    """A command whose help ends with the names; they are collected only when the help is asked for."""

    def get_help(self, ctx):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - click's signature
        """Return the usual help with the names below."""
        return f"{super().get_help(ctx)}\n\n{names_told()}"


def names_told() -> str:
    """Return every name with its words, by what it names."""
    blocks = []
    for head, names in all_names().items():
        lines = [f"  {name:<{_WIDTH}} {words}" for name, words in names.items()]
        blocks.append("\n".join([f"{head}:", *lines]))
    return "\n\n".join(blocks)


def all_names() -> dict[str, Mapping[str, str]]:
    """Return the names of every option of `hlh pool` that takes a name."""
    from openhlh.evidence.pooling_rules import OVERLAP, OVERLAP_WORDS, RULES
    from openhlh.pooling.beta_binomial import PREDICTIONS as OF_BETA_BINOMIAL
    from openhlh.pooling.glmm import PREDICTIONS
    from openhlh.pooling.inverse_variance import PREDICTIONS as IV_PREDICTIONS
    from openhlh.pooling.inverse_variance import SPREADS
    from openhlh.pooling.models import MODELS, interval_names
    from openhlh.pooling.priors import PRIORS
    from openhlh.pooling.scales import SCALES
    from openhlh.pooling.two_arm_glmm import TWO_ARM_PREDICTIONS

    rules = {rule.name: rule.words for rule in RULES if rule.may_be_set_aside}
    return {
        "models (--model)": MODELS,
        "measures (--measure)": {scale.name: scale.words for scale in SCALES.values()},
        "estimators of tau squared (--tau2)": SPREADS,
        **{f"intervals of {model} (--interval)": interval_names(model) for model in MODELS},
        "prediction intervals of glmm": PREDICTIONS,
        "prediction intervals of iv": IV_PREDICTIONS,
        "prediction intervals of glmm-conditional and glmm-unconditional": TWO_ARM_PREDICTIONS,
        "prediction intervals of beta-binomial": OF_BETA_BINOMIAL,
        "prediction intervals of bayes and bayes-normal": _PREDICTIVE,
        "priors (--prior, --mean-prior)": PRIORS,
        "refusals that can be set aside (--allow)": {**rules, OVERLAP: OVERLAP_WORDS},
    }
