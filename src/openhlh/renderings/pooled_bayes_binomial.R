log_marginal <- function(mus, tau) {
  Reduce(`+`, Map(function(x, n) integrated(mus, tau, x, n, step = 0.2), dat$xi, dat$ni))
}
back <- plogis
around <- qlogis((sum(dat$xi) + 0.5) / (sum(dat$ni) + 1))
