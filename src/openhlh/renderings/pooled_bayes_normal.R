## The log likelihood of the effects at many values of mu, each with its own variance and tau squared.
log_marginal <- function(mus, tau) {
  colSums(dnorm(matrix(es$yi, k, length(mus)), rep(mus, each = k), sqrt(es$vi + tau^2), log = TRUE))
}
around <- sum(es$yi / es$vi) / sum(1 / es$vi)
