found <- c(
  "estimate" = plogis(mu), "estimate on the scale" = mu, "standard error" = se, "log likelihood" = height,
  "tau2" = plogis(mu) * plogis(-mu) * tau,
  "Q lr-rho" = max(0, 2 * (height - over_mu(0))),
  ends("interval", "profile", ifelse(is.na(profile_mu), c(0, 1), plogis(profile_mu))),
  ends("interval", "wald", plogis(mu + c(-1, 1) * quantile_z * se)),
  ends("interval", "exact", binom.test(sum(dat$xi), sum(dat$ni), conf.level = level)$conf.int)
)
if (tau > 0) {
  shape <- c(plogis(mu), plogis(-mu)) * (1 / tau - 1)
  found <- c(found, ends("prediction", "beta", qbeta(c(1 - level, 1 + level) / 2, shape[1], shape[2])))
}
