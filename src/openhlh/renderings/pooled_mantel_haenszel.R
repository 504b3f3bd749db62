own <- rma.mh(measure = measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat, level = 100 * level)
natural <- if (measure == "RD") identity else exp
found <- c(
  "estimate" = natural(own$beta[[1]]), "estimate on the scale" = own$beta[[1]], "standard error" = own$se,
  "tau2" = 0, ends("interval", "wald", natural(c(own$ci.lb, own$ci.ub))), "Q Q" = own$QE, "I2 q" = own$I2
)
if (measure == "OR") {
  found <- c(found, "Q Breslow-Day" = own$BD, "Q Tarone" = own$TA)
  cells <- array(rbind(dat$ai, dat$ci, dat$n1i - dat$ai, dat$n2i - dat$ci), c(2, 2, k))
  exact <- try(mantelhaen.test(cells, exact = TRUE, conf.level = level)$conf.int, silent = TRUE)
  if (!inherits(exact, "try-error")) found <- c(found, ends("interval", "exact-conditional", exact))
}
