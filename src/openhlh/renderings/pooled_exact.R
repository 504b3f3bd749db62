## The exact binomial interval of all patients together, and with each study as one observation.
full <- sum(dat$xi > 0)
together <- c(sum(dat$xi), sum(dat$ni))
of_patients <- binom.test(together[1], together[2], conf.level = level)$conf.int
of_studies <- binom.test(full, k, conf.level = level)$conf.int
found <- c(
  "estimate" = together[1] / together[2],
  ends("interval", "exact", of_patients),
  ends("interval", "exact-studies", of_studies),
  ends("interval", "exact-widest", c(min(of_patients[1], of_studies[1]), max(of_patients[2], of_studies[2])))
)
if (together[1] > 0 && together[1] < together[2]) {
  found <- c(found, "estimate on the scale" = qlogis(together[1] / together[2]),
             "standard error" = sqrt(sum(1 / c(together[1], diff(together)))))
} else {
  bound <- exp(-quantile_z^2 / 2 / together[2])
  found <- c(found, ends("interval", "profile-one-sided", if (together[1] > 0) c(bound, 1) else c(0, 1 - bound)))
}
