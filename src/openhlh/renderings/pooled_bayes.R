## The posterior on a grid of tau (by the quantiles of its prior) and mu, exact to three digits or more.
shares <- (seq_len(200) - 0.5) / 200
taus <- if (prior_spread == "half-cauchy") prior_scale * tan(pi * shares / 2) else {
  prior_scale * qnorm((1 + shares) / 2)
}
heights_at <- function(mus, taus) {
  prior <- if (is.na(prior_mean)) 0 else dnorm(mus, prior_mean, prior_sd, log = TRUE)
  t(vapply(taus, function(tau) log_marginal(mus, tau) + prior, mus))
}
coarse <- around + seq(-25, 25, length.out = 401)
seen <- apply(heights_at(coarse, taus[seq(1, 200, by = 18)]), 2, max)
window <- range(which(seen > max(seen) - 30)) + c(-1, 1)
mus <- seq(coarse[max(1, window[1])], coarse[min(401, window[2])], length.out = 301)
heights <- heights_at(mus, taus)
weights <- exp(heights - max(heights))
weights <- weights / sum(weights)
fine <- seq(min(mus), max(mus), length.out = 40001)
density <- pmax(0, splinefun(mus, colSums(weights))(fine))
cdf_mu <- approxfun(fine, (cumsum(density) - density / 2) / sum(density))
cdf_new <- function(at) sum(weights * pnorm(outer(taus, mus, function(tau, mu) (at - mu) / tau)))
quantile_of <- function(cdf, p, span) uniroot(function(at) cdf(at) - p, span, tol = 1e-9)$root
tails <- c((1 - level) / 2, (1 + level) / 2)
of_mu <- vapply(c(0.5, tails), function(p) quantile_of(cdf_mu, p, range(mus)), 0)
of_new <- vapply(tails, function(p) quantile_of(cdf_new, p, c(-1e3, 1e3)), 0)
cdf_tau <- splinefun(c(0, shares), c(0, cumsum(rowSums(weights)) - rowSums(weights) / 2), method = "monoH.FC")
share <- quantile_of(cdf_tau, 0.5, c(0, max(shares)))
tau_median <- if (prior_spread == "half-cauchy") prior_scale * tan(pi * share / 2) else {
  prior_scale * qnorm((1 + share) / 2)
}
posterior <- c(
  ends("interval", "credible", sort(back(of_mu[2:3]))), ends("prediction", "predictive", sort(back(of_new))),
  "posterior median of tau" = tau_median
)
