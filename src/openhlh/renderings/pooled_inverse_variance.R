## metafor's own fits, one per kind of interval.
tight <- list(threshold = 1e-14, maxiter = 100000, tau2.max = 1e6, tol = 1e-14)
fitted_by <- function(test) {
  rma(yi, vi, data = es, method = tau2_method, test = test, level = 100 * level, control = tight)
}
tests <- c("wald" = "z", "t" = "t", "hk" = "knha", "hk-adhoc" = "adhoc")
own <- suppressWarnings(lapply(tests, function(test) try(fitted_by(test), silent = TRUE)))
works <- !vapply(own, inherits, TRUE, "try-error")
plain <- own[["wald"]]
found <- c("estimate" = back(plain$beta[1]), "estimate on the scale" = plain$beta[1],
           "tau2" = plain$tau2, "Q Q" = plain$QE, "I2 metafor" = plain$I2,
           "I2 higgins" = max(0, 100 * (1 - (k - 1) / plain$QE), na.rm = TRUE),
           "log likelihood" = plain$fit.stats["ll", if (tau2_method == "REML") "REML" else "ML"])
for (name in names(tests)[works]) {
  found <- c(found, ends("interval", name, sort(back(c(own[[name]]$ci.lb, own[[name]]$ci.ub)))))
}
if (interval_name %in% names(tests)[works]) found <- c(found, "standard error" = own[[interval_name]]$se)
if (tau2_method %in% c("ML", "REML")) {
  none <- rma(yi, vi, data = es, tau2 = 0, method = tau2_method)$fit.stats["ll", tau2_method]
  found <- c(found, "Q LRT" = max(0, 2 * (found[["log likelihood"]] - none)))
}
if (k > 1 && tau2_method != "EE") {
  limits <- confint(plain, control = list(tau2.max = 1e6, tol = 1e-12))$random["tau^2", c("ci.lb", "ci.ub")]
  found <- c(found, "tau2 low" = limits[[1]], "tau2 high" = limits[[2]])
  wide <- function(one, quantile) sort(back(plain$beta[1] + c(-1, 1) * quantile * sqrt(plain$tau2 + one$se^2)))
  found <- c(found, ends("prediction", "hts", wide(plain, quantile_t(k - 2))),
             ends("prediction", "t-k-1", wide(plain, quantile_t(k - 1))),
             ends("prediction", "normal", wide(plain, quantile_z)))
  for (name in intersect(c("hk", "hk-adhoc"), names(tests)[works])) {
    found <- c(found, ends("prediction", name, wide(own[[name]], quantile_t(k - 1))))
  }
}
