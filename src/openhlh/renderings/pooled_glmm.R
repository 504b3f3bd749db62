## The binomial-normal model: logit(p) = mu + tau z in each study.
log_likelihood <- function(mu, tau) sum(mapply(function(x, n) integrated(mu, tau, x, n), dat$xi, dat$ni))
start_mu <- qlogis(sum(dat$xi) / sum(dat$ni))
