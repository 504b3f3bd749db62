## The logistic model with a fixed intercept per study and a random log odds ratio, 100 nodes.
own <- rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat, model = "UM.FS",
                method = "ML", nAGQ = 100, level = 100 * level)
found <- c(
  "estimate" = exp(own$beta[[1]]), "estimate on the scale" = own$beta[[1]], "standard error" = own$se,
  "tau2" = own$tau2, ends("interval", "wald", exp(c(own$ci.lb, own$ci.ub))),
  ends("prediction", "t-k-1", exp(own$beta[[1]] + c(-1, 1) * quantile_t(k - 1) * sqrt(own$tau2 + own$se^2))),
  ends("prediction", "normal", exp(own$beta[[1]] + c(-1, 1) * quantile_z * sqrt(own$tau2 + own$se^2)))
)
