## The hypergeometric-normal model: each 2x2 table given its margins, the log odds ratio mu + tau z.
tables <- Filter(Negate(is.null), lapply(seq_len(k), function(i) {
  t <- dat$ai[i] + dat$ci[i]
  a <- max(0, t - dat$n2i[i]):min(dat$n1i[i], t)
  if (length(a) == 1) return(NULL)
  list(a = a, logs = lchoose(dat$n1i[i], a) + lchoose(dat$n2i[i], t - a), own = dat$ai[i])
}))
log_sum <- function(terms) max(terms) + log(sum(exp(terms - max(terms))))
of_table <- function(one, theta) {
  terms <- outer(theta, one$a) + rep(one$logs, each = length(theta))
  top <- do.call(pmax, as.data.frame(terms))
  one$own * theta + one$logs[one$a == one$own] - top - log(rowSums(exp(terms - top)))
}
log_likelihood <- function(mu, tau) {
  if (tau == 0) return(sum(vapply(tables, of_table, 0, theta = mu)))
  largest <- max(vapply(tables, function(one) length(one$a), 0))
  step <- min(0.1, 0.5 / sqrt(1 + tau^2 * largest / 4))
  z <- seq(-9, 9, by = step)
  sum(vapply(tables, function(one) log_sum(of_table(one, mu + tau * z) + dnorm(z, log = TRUE)) + log(step), 0))
}
start_mu <- log((sum(dat$ai) + 0.5) / (sum(dat$n1i - dat$ai) + 0.5) *
                (sum(dat$n2i - dat$ci) + 0.5) / (sum(dat$ci) + 0.5))
