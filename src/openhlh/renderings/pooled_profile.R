## Maximum and profiles of log_likelihood(mu, tau), tau >= 0: metafor has no profile interval for these models.
over_tau <- function(mu) {
  grid <- c(0, exp(seq(log(0.02), log(300), length.out = 36)))
  heights <- sapply(grid, function(tau) log_likelihood(mu, tau))
  at <- which.max(heights)
  span <- c(grid[max(1, at - 1)], grid[min(length(grid), at + 1)])
  max(heights[at], optimize(function(tau) log_likelihood(mu, tau), span, maximum = TRUE, tol = 1e-9)$objective)
}
over_mu <- function(tau) {
  grid <- best$par[1] + seq(-1, 1, length.out = 21) * (8 + 4 * tau)
  heights <- sapply(grid, function(mu) log_likelihood(mu, tau))
  at <- which.max(heights)
  span <- c(grid[max(1, at - 1)], grid[min(21, at + 1)])
  max(heights[at], optimize(function(mu) log_likelihood(mu, tau), span, maximum = TRUE, tol = 1e-9)$objective)
}
fits <- lapply(c(0, 0.1, 0.3, 0.6, 1, 1.8, 3, 5, 8), function(tau) {
  nlminb(c(start_mu, tau), function(at) -log_likelihood(at[1], at[2]),
         lower = c(-Inf, 0), control = list(rel.tol = 1e-14, x.tol = 1e-10, iter.max = 500))
})
best <- fits[[which.min(sapply(fits, `[[`, "objective"))]]
height <- -best$objective
drop <- quantile_z^2 / 2
crossing <- function(profile, from, step, furthest, fall = drop) {
  inside <- from
  repeat {
    outside <- from + step
    if (abs(step) > furthest) return(NA)
    if (profile(outside) < height - fall) break
    inside <- outside
    step <- 2 * step
  }
  uniroot(function(at) profile(at) - height + fall, sort(c(inside, outside)), tol = 1e-10)$root
}
mu <- best$par[1]
tau <- best$par[2]
if (tau < 1e-5) tau <- 0
information <- if (tau == 0) {
  matrix(optimHess(mu, function(at) -log_likelihood(at, 0), control = list(ndeps = 1e-3)), 1)
} else {
  optimHess(c(mu, tau), function(at) -log_likelihood(at[1], at[2]), control = list(ndeps = c(1e-3, 1e-3)))
}
se <- sqrt(solve(information)[1, 1])
profile_mu <- c(crossing(over_tau, mu, -0.25, 60), crossing(over_tau, mu, 0.25, 60))
tau_low <- if (over_mu(0) >= height - drop) 0 else {
  uniroot(function(at) over_mu(at) - height + drop, c(0, tau), tol = 1e-10)$root
}
tau_high <- crossing(over_mu, tau, 0.25, 300)
