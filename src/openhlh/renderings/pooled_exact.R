## The exact binomial interval of all patients together, and with each study as one observation.
full <- sum(dat$xi > 0)
together <- if (binomial_by_study) c(full, k) else c(sum(dat$xi), sum(dat$ni))
found <- c(
  "estimate" = together[1] / together[2],
  ends("interval", "exact", binom.test(sum(dat$xi), sum(dat$ni), conf.level = level)$conf.int),
  ends("interval", "exact-studies", binom.test(full, k, conf.level = level)$conf.int)
)
if (together[1] > 0 && together[1] < together[2]) {
  found <- c(found, "estimate on the scale" = qlogis(together[1] / together[2]),
             "standard error" = sqrt(sum(1 / c(together[1], diff(together)))))
} else {
  bound <- exp(-quantile_z^2 / 2 / together[2])
  found <- c(found, ends("interval", "profile-one-sided", if (together[1] > 0) c(bound, 1) else c(0, 1 - bound)))
}
