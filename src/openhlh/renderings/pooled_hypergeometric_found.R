found <- c(
  "estimate" = exp(mu), "estimate on the scale" = mu, "standard error" = se, "log likelihood" = height,
  "tau2" = tau^2, "tau2 low" = tau_low^2, "tau2 high" = tau_high^2,
  ends("interval", "profile", exp(profile_mu)), ends("interval", "wald", exp(mu + c(-1, 1) * quantile_z * se)),
  ends("prediction", "t-k-1", exp(mu + c(-1, 1) * quantile_t(k - 1) * sqrt(tau^2 + se^2))),
  ends("prediction", "hts", exp(mu + c(-1, 1) * quantile_t(k - 2) * sqrt(tau^2 + se^2))),
  ends("prediction", "normal", exp(mu + c(-1, 1) * quantile_z * sqrt(tau^2 + se^2))),
  "Q lr-tau" = max(0, 2 * (height - over_mu(0)))
)
## metafor's own fit needs the package BiasedUrn.
own <- try(suppressWarnings(rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat,
                                     model = "CM.EL", method = "ML", level = 100 * level)), silent = TRUE)
if (inherits(own, "try-error")) {
  cat("metafor's rma.glmm stops here:", conditionMessage(attr(own, "condition")), "\n\n")
} else {
  cat(sprintf("metafor's rma.glmm (CM.EL): log odds ratio %.6f, se %.6f, tau2 %.6f\n\n",
              own$beta[1], own$se, own$tau2))
}
