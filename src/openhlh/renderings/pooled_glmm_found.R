saturated <- sum(dbinom(dat$xi, dat$ni, dat$xi / dat$ni, log = TRUE))
common <- sum(dbinom(dat$xi, dat$ni, sum(dat$xi) / sum(dat$ni), log = TRUE))
cells <- cbind(dat$xi, dat$ni - dat$xi) + 0.5 * (dat$xi == 0 | dat$xi == dat$ni)
wi <- 1 / rowSums(1 / cells)
typical <- (k - 1) / (sum(wi) - sum(wi^2) / sum(wi))
few <- drop * (1 + few_studies / (k - 1))
exact <- binom.test(sum(dat$xi), sum(dat$ni), conf.level = level)$conf.int
corrected <- plogis(c(crossing(over_tau, mu, -0.25, 60, few), crossing(over_tau, mu, 0.25, 60, few)))
corrected <- ifelse(is.na(corrected), c(0, 1), corrected)
if (tau == 0) corrected <- c(min(corrected[1], exact[1]), max(corrected[2], exact[2]))
tau_wide <- crossing(over_mu, tau, 0.25, 300, qnorm((1 + tau_share) / 2)^2 / 2)
new_study <- sqrt(tau^2 + se^2)
found <- c(
  "estimate" = plogis(mu), "estimate on the scale" = mu, "standard error" = se,
  "log likelihood" = height, "tau2" = tau^2, "tau2 low" = tau_low^2, "tau2 high" = tau_high^2,
  ends("interval", "profile", ifelse(is.na(profile_mu), c(0, 1), plogis(profile_mu))),
  ends("interval", "wald", plogis(mu + c(-1, 1) * quantile_z * se)),
  ends("interval", "wald-t", plogis(mu + c(-1, 1) * quantile_t(k - 1) * se)),
  ends("interval", "exact", exact), ends("interval", "profile-corrected", corrected),
  ends("prediction", "profile-tau", plogis(mu + c(-1, 1) * quantile_t(k - 1) * sqrt(tau_wide^2 + se^2))),
  ends("prediction", "t-k-1", plogis(mu + c(-1, 1) * quantile_t(k - 1) * new_study)),
  ends("prediction", "hts", plogis(mu + c(-1, 1) * quantile_t(k - 2) * new_study)),
  ends("prediction", "normal", plogis(mu + c(-1, 1) * quantile_z * new_study)),
  "I2 typical" = 100 * tau^2 / (tau^2 + typical),
  "I2 higgins-lr" = 100 * max(0, 1 - (k - 1) / (2 * (saturated - common)), na.rm = TRUE),
  "Q lr-saturated" = 2 * (saturated - common), "Q lr-tau" = max(0, 2 * (height - common))
)
## metafor's own fit with 100 nodes; its default of 7 is often not enough. It offers Wald intervals only.
own <- try(suppressWarnings(rma.glmm(measure = "PLO", xi = xi, ni = ni, data = dat, method = "ML",
                                     nAGQ = 100, level = 100 * level)), silent = TRUE)
if (inherits(own, "try-error")) {
  cat("metafor's rma.glmm stops on these data:", conditionMessage(attr(own, "condition")), "\n\n")
} else {
  cat(sprintf("metafor's rma.glmm, 100 nodes: logit %.6f, se %.6f, tau2 %.6f\n\n", own$beta[1], own$se, own$tau2))
}
