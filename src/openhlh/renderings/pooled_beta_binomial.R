## The beta-binomial model: the proportions of the studies follow a beta distribution with this mean.
## Here tau stands for rho, the correlation within studies: a + b = 1 / rho - 1; 0 is the binomial.
log_likelihood <- function(mu, tau) {
  if (tau >= 1) return(-1e10 * tau)
  if (tau < 1e-9) return(sum(lchoose(dat$ni, dat$xi) + dat$xi * plogis(mu, log.p = TRUE) +
                             (dat$ni - dat$xi) * plogis(-mu, log.p = TRUE)))
  a <- plogis(mu) * (1 / tau - 1)
  b <- plogis(-mu) * (1 / tau - 1)
  sum(lchoose(dat$ni, dat$xi) + lbeta(dat$xi + a, dat$ni - dat$xi + b) - lbeta(a, b))
}
start_mu <- qlogis(sum(dat$xi) / sum(dat$ni))
