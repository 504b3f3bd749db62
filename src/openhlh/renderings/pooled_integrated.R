## The log likelihood of x of n at logits mu + tau z, integrated over a standard normal z: a trapezoid about the
## mode of each integrand, stretched by sinh, so that narrow peaks and wide tails cost no more than others.
integrated <- function(mus, tau, x, n, step = 0.1) {
  logs <- function(eta) lchoose(n, x) + x * plogis(eta, log.p = TRUE) + (n - x) * plogis(-eta, log.p = TRUE)
  if (tau == 0) return(logs(mus))
  low <- rep(-1e4, length(mus))
  high <- -low
  for (halving in 1:70) {
    mode <- (low + high) / 2
    rising <- (x - n * plogis(mus + tau * mode)) * tau > mode
    low[rising] <- mode[rising]
    high[!rising] <- mode[!rising]
  }
  width <- 1 / sqrt(1 + n * tau^2 * plogis(mus + tau * mode) * plogis(-mus - tau * mode))
  t <- seq(-asinh(14 / min(width)), asinh(14 / min(width)), by = step)
  z <- mode + outer(width, sinh(t))
  terms <- logs(mus + tau * z) + dnorm(z, log = TRUE) + outer(log(width), log(cosh(t)), `+`)
  top <- do.call(pmax, as.data.frame(terms))
  top + log(rowSums(exp(terms - top)) * step)
}
