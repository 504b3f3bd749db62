own <- rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat, level = 100 * level)
found <- c(
  "estimate" = exp(own$beta[[1]]), "estimate on the scale" = own$beta[[1]], "standard error" = own$se,
  "tau2" = 0, ends("interval", "wald", exp(c(own$ci.lb, own$ci.ub))), "Q Q" = own$QE, "I2 q" = own$I2
)
