"""The names that `hlh pool` knows, printed below its help: every model, measure, estimator and interval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from typer.core import TyperCommand

_WIDTH = 20
_USUAL = defaultdict(
    str,
    {
        "glmm": ", usual: profile-corrected",
        "beta-binomial": ", usual: profile, exact where rho is 0",
        "iv": ", usual: hk-adhoc, wald with --tau2 EE",
        "glmm-conditional": ", usual: profile",
        "glmm-unconditional": ", usual: profile",
    },
)
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
    """Return the names of every option of `hlh pool` that takes a name, and of what the JSON holds."""
    return {**_chosen(), **_predictions(), **_beside()}


def _chosen() -> dict[str, Mapping[str, str]]:
    from openhlh.evidence.pooling_rules import OVERLAP, OVERLAP_WORDS, RULES
    from openhlh.pooling.effects import CONTINUITY
    from openhlh.pooling.inverse_variance import SPREADS
    from openhlh.pooling.models import MODELS, interval_names
    from openhlh.pooling.priors import PRIORS
    from openhlh.pooling.scales import SCALES

    rules = {rule.name: rule.words for rule in RULES if rule.may_be_set_aside}
    return {
        "models (--model)": MODELS,
        "measures (--measure)": {scale.name: scale.words for scale in SCALES.values()},
        "estimators of tau squared (--tau2)": SPREADS,
        "continuity corrections (--continuity)": CONTINUITY,
        **{f"intervals of {model} (--interval){_USUAL[model]}": interval_names(model) for model in MODELS},
        "priors (--prior, --mean-prior)": PRIORS,
        "refusals that can be set aside (--allow)": {**rules, OVERLAP: OVERLAP_WORDS},
    }


def _predictions() -> dict[str, Mapping[str, str]]:
    from openhlh.pooling.beta_binomial import PREDICTIONS as OF_BETA_BINOMIAL
    from openhlh.pooling.glmm import PREDICTIONS
    from openhlh.pooling.inverse_variance import PREDICTIONS as OF_IV
    from openhlh.pooling.two_arm_glmm import TWO_ARM_PREDICTIONS

    return {
        "prediction intervals of glmm": PREDICTIONS,
        "prediction intervals of iv": OF_IV,
        "prediction intervals of glmm-conditional and glmm-unconditional": TWO_ARM_PREDICTIONS,
        "prediction intervals of beta-binomial": OF_BETA_BINOMIAL,
        "prediction intervals of bayes and bayes-normal": _PREDICTIVE,
    }


def _beside() -> dict[str, Mapping[str, str]]:
    from openhlh.pooling.glmm import INCONSISTENCY, TESTS
    from openhlh.pooling.heterogeneity import HETEROGENEITY_TESTS
    from openhlh.pooling.heterogeneity import INCONSISTENCY as OF_IV
    from openhlh.pooling.iv_influence import INFLUENCE as INFLUENCE_OF_IV
    from openhlh.pooling.sensitivity import INFLUENCE
    from openhlh.pooling.small_study import SMALL_STUDY
    from openhlh.pooling.tau2 import TAU2_INTERVALS

    return {
        "intervals of tau squared": TAU2_INTERVALS,
        "I squared and H squared of glmm": INCONSISTENCY,
        "I squared and H squared of iv": OF_IV,
        "tests of glmm": TESTS,
        "tests of iv": HETEROGENEITY_TESTS,
        "influence of a study, every model but iv": INFLUENCE,
        "influence of a study, iv": INFLUENCE_OF_IV,
        "checks for small studies": SMALL_STUDY,
        "intervals of each study's own proportion": _OWN,
        "tests of other models": _OTHER_TESTS,
        "further numbers (extra)": _EXTRA,
    }


_OWN = {
    "clopper-pearson": "exact binomial (Clopper and Pearson 1934)",
    "wilson": "score interval (Wilson 1927); also wilson-with-continuity-correction",
    "wald": "normal quantile times the error of the raw proportion; also wald-with-continuity-correction",
    "jeffreys": "equal tails of a beta posterior, prior beta(1/2, 1/2); ends at 0 or 1 with the count",
    "uniform-prior": "equal tails of the beta posterior, prior beta(1, 1)",
    "agresti-coull": "Wald with z² / 2 events and z² patients added",
    "logit": "Wald on the logit",
    "arcsine": "Wald on the arcsine of the square root",
    "mid-p": "exact with half of the observed count's probability in each tail",
}
_OTHER_TESTS = {
    "lr-rho": "beta-binomial: likelihood ratio of intra-class correlation 0, p halved",
    "Breslow-Day": "mantel-haenszel, OR: odds ratios differ",
    "Tarone": "mantel-haenszel, OR: Breslow-Day with Tarone's correction",
    "lr-groups": "subgroups with glmm: likelihood ratio of one mean per group, tau squared common",
    "q-between": "subgroups, other models: Q between the groups' estimates, each with its own tau squared",
    "moderation": "meta-regression: joint test of all covariates; r2 is the share of tau squared explained",
}
_EXTRA = {
    "se_wald, se_t, se_hk": "iv: the standard error of each interval (also se_hk-adhoc)",
    "hk_q": "iv: the scale that Hartung and Knapp put on the variance",
    "tau2_profile_low": "iv with ML or REML: profile limits of tau squared (also tau2_profile_high)",
    "freeman_tukey_...": "iv on PFT: the way back by other study sizes",
    "cmh, cmh_p": "mantel-haenszel: Cochran-Mantel-Haenszel test, 1/2 off (_uncorrected without)",
    "rho, rho_low, rho_high": "beta-binomial: intra-class correlation with profile limits",
    "new_exceeds_T": "bayes: chance that a new study's true proportion exceeds T",
    "leave_one_out": "the model without each study; of glmm with its Wald interval (exact at tau squared 0)",
    "few_studies, tau_share": "glmm: the factor of profile-corrected and the share of profile-tau",
}
