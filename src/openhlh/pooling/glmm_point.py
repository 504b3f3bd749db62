"""The binomial-normal model without its profiles, for fits by the dozen (one study left out at a time)."""

from __future__ import annotations

import numpy as np

from openhlh.pooling.boundary import at_the_boundary, exact_limits
from openhlh.pooling.fit import Fit, Spread
from openhlh.pooling.glmm import INTERVALS, logit_limits, standard_errors, weights_of
from openhlh.pooling.likelihood import counts_of
from openhlh.pooling.maximum import maximise
from openhlh.pooling.scales import expit
from openhlh.pooling.series import Series
from openhlh.tails import normal_quantile


def glmm_point(series: Series, level: float = 0.95) -> Fit:
    """Return estimate, standard error and tau squared of `glmm.glmm`, with what costs no further fit.

    The interval is Wald's, or the exact one where tau squared is 0 or the data lie at a boundary; there are
    no tests, no inconsistency, no prediction and no interval of tau squared.
    """
    boundary = at_the_boundary(series, level)
    if boundary is not None:
        return boundary
    counts = counts_of(series)
    best = maximise(counts, np.ones((series.k, 1)))
    mu, se = float(best.coefficients[0]), standard_errors(best)[0]
    reach = normal_quantile(level) * se
    wald = logit_limits("wald", INTERVALS["wald"], level, (mu - reach, mu + reach))
    return Fit(
        model="glmm",
        measure="PLO",
        k=series.k,
        estimate=expit(mu),
        scale_estimate=mu,
        se=se,
        interval=wald if best.tau > 0 else exact_limits(series, level),
        spread=Spread("ML", best.tau**2),
        weights=weights_of(counts, mu, best.tau),
        log_likelihood=best.log_likelihood,
        nodes=best.nodes,
    )
