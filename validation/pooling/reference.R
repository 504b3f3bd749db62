# Reference values of R for `hlh pool`, with tight settings: writes references.json beside this file.
# One command: make references   (Debian: r-cran-metafor, r-cran-lme4, r-cran-jsonlite, r-cran-biasedurn)
# An error of a function is recorded in its words: that a peer stops is a finding, too.
suppressMessages({library(metafor); library(lme4); library(jsonlite)})
argument <- commandArgs(FALSE)
here <- dirname(normalizePath(sub("^--file=", "", argument[grep("^--file=", argument)][1])))
quietly <- function(code) {
  said <- character(0)
  value <- tryCatch(
    withCallingHandlers(code,
      warning = function(w) { said <<- c(said, conditionMessage(w)); invokeRestart("muffleWarning") },
      message = function(m) { said <<- c(said, conditionMessage(m)); invokeRestart("muffleMessage") }),
    error = function(e) list(error = trimws(conditionMessage(e))))
  if (length(said)) value$warnings <- unique(trimws(said))
  value
}
finite <- function(x) if (is.null(x) || length(x) == 0 || is.na(x[1])) NULL else as.numeric(x[1])

METHODS <- c("DL", "PM", "REML", "ML", "EB", "SJ", "HE", "HS")
ALL_MEASURES <- c("table4_orr", "table4_cr", "dep_orr", "ruxolitinib_orr", "salvage_orr", "first_line_orr",
                  "edge_four_halves", "edge_discordant", "sparse", "pritz1997", "debruin2009", "hannum2020_subjective")
TIGHT <- list(threshold = 1e-13, maxiter = 100000, tol = 1e-13, stepadj = 0.5)

glmm <- function(d, nodes, control = list()) quietly({
  fit <- rma.glmm(measure = "PLO", xi = d$events, ni = d$total, nAGQ = nodes, control = control)
  if (is.null(fit$tau2)) stop("no fit")
  pi <- predict(fit)
  list(mu = fit$b[1], se = fit$se, low = fit$ci.lb, high = fit$ci.ub, tau2 = fit$tau2, i2 = fit$I2, h2 = fit$H2,
       log_likelihood = fit$fit.stats["ll", "ML"], qe_wald = fit$QE.Wld, qe_lrt = fit$QE.LRT,
       pi_low = finite(pi$pi.lb), pi_high = finite(pi$pi.ub))
})

lme <- function(d, nodes, control = list(), profiled = FALSE) quietly({
  d$study <- factor(seq_len(nrow(d)))
  fit <- glmer(cbind(events, total - events) ~ 1 + (1 | study), data = d, family = binomial, nAGQ = nodes,
               control = do.call(glmerControl, control))
  found <- list(mu = unname(fixef(fit)), se = unname(sqrt(diag(as.matrix(vcov(fit))))), tau2 = VarCorr(fit)$study[1],
                log_likelihood = as.numeric(logLik(fit)))
  if (profiled) {
    limits <- quietly(list(ci = suppressMessages(confint(fit, method = "profile", quiet = TRUE))))
    if (is.null(limits$error)) found$profile <- list(
      tau_low = finite(limits$ci[1, 1]), tau_high = finite(limits$ci[1, 2]),
      mu_low = finite(limits$ci[2, 1]), mu_high = finite(limits$ci[2, 2])) else found$profile <- limits
  }
  found
})

# the first setting that does not stop: tight ones, a looser inner tolerance, the defaults; `setting` says which
first_of <- function(run) {
  for (setting in names(SETTINGS)) {
    found <- run(SETTINGS[[setting]])
    if (is.null(found$error)) return(c(found, list(setting = setting)))
  }
  found
}
SETTINGS <- list(tight = list(optimizer = "bobyqa", tolPwrss = 1e-13, optCtrl = list(maxfun = 1e5, rhoend = 1e-11)),
                 looser = list(optimizer = "bobyqa", tolPwrss = 1e-10, optCtrl = list(maxfun = 1e5, rhoend = 1e-11)),
                 default = list())

one_iv <- function(d, measure, method) quietly({
  run <- function(test) suppressWarnings(
    rma.uni(measure = measure, xi = d$events, ni = d$total, method = method, test = test, control = TIGHT))
  z <- run("z"); hk <- run("knha"); floor <- run("adhoc")
  pz <- predict(z); ph <- predict(hk); pr <- predict(z, pi.type = "riley")
  list(mu = z$b[1], se = z$se, tau2 = z$tau2, se_tau2 = finite(z$se.tau2), i2 = z$I2, h2 = z$H2, q = z$QE, q_p = z$QEp,
       z_low = z$ci.lb, z_high = z$ci.ub, hk_se = hk$se, hk_low = hk$ci.lb, hk_high = hk$ci.ub,
       adhoc_se = floor$se, adhoc_low = floor$ci.lb, adhoc_high = floor$ci.ub,
       pi_z_low = finite(pz$pi.lb), pi_z_high = finite(pz$pi.ub), pi_hk_low = finite(ph$pi.lb), pi_hk_high = finite(ph$pi.ub),
       pi_riley_low = finite(pr$pi.lb), pi_riley_high = finite(pr$pi.ub))
})

details <- function(d) quietly({  # REML on the logit: intervals of tau2 and I2, influence, leave one out, cumulative
  fit <- rma.uni(measure = "PLO", xi = d$events, ni = d$total, method = "REML", control = TIGHT)
  spread <- confint(fit, control = list(tol = 1e-12, maxiter = 1e5, tau2.max = 1e7))$random
  found <- list(tau2_low = spread["tau^2", "ci.lb"], tau2_high = spread["tau^2", "ci.ub"],
                i2_low = spread["I^2(%)", "ci.lb"], i2_high = spread["I^2(%)", "ci.ub"],
                h2_low = spread["H^2", "ci.lb"], h2_high = spread["H^2", "ci.ub"],
                yi = as.numeric(fit$yi), vi = as.numeric(fit$vi), weights = as.numeric(weights(fit)))
  if (fit$k > 2) {
    inf <- influence(fit)$inf
    found$influence <- lapply(unclass(inf)[c("rstudent", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat")], as.numeric)
    out <- leave1out(fit); found$leave_one_out <- list(mu = out$estimate, se = out$se, tau2 = out$tau2, q = out$Q)
    cum <- cumul(fit); found$cumulative <- list(mu = cum$estimate, se = cum$se, tau2 = cum$tau2)
  }
  found
})

freeman_tukey <- function(d) quietly({  # back-transformed with the harmonic mean of the sizes
  fit <- rma.uni(measure = "PFT", xi = d$events, ni = d$total, method = "DL")
  back <- predict(fit, transf = transf.ipft.hm, targs = list(ni = d$total))
  list(estimate = back$pred, low = back$ci.lb, high = back$ci.ub)
})

single <- function(name) {
  d <- read.csv(file.path(here, "data", paste0(name, ".csv")))
  cat(name, "\n")
  measures <- if (name %in% ALL_MEASURES) c("PLO", "PLN", "PR", "PAS", "PFT") else "PLO"
  iv <- sapply(measures, function(m) sapply(METHODS, function(t) one_iv(d, m, t), simplify = FALSE), simplify = FALSE)
  list(metafor_glmm_default = glmm(d, 7),
       metafor_glmm_100 = first_of(function(setting) glmm(d, 100, list(glmerCtrl = setting))),
       lme4_1 = lme(d, 1), lme4_7 = lme(d, 7), lme4_100 = first_of(function(setting) lme(d, 100, setting, TRUE)),
       iv = iv, reml = details(d), freeman_tukey = freeman_tukey(d))
}

pick <- function(fit) list(mu = finite(fit$beta), se = finite(fit$se), low = finite(fit$ci.lb), high = finite(fit$ci.ub),
                           tau2 = finite(fit$tau2), q = finite(fit$QE), q_p = finite(fit$QEp), i2 = finite(fit$I2))

two <- function(name) {
  d <- read.csv(file.path(here, "data", "two_arm", paste0(name, ".csv")))
  cat(name, "\n")
  a <- list(ai = d$events_1, n1i = d$total_1, ci = d$events_2, n2i = d$total_2)
  mh <- function(m, correct = TRUE) quietly(pick(do.call(rma.mh, c(a, list(measure = m, correct = correct)))))
  exact <- function(model, ...) quietly({
    fit <- do.call(rma.glmm, c(a, list(measure = "OR", model = model, ...)))
    c(pick(fit), list(log_likelihood = fit$fit.stats["ll", "ML"], qe_lrt = fit$QE.LRT, qe_wald = fit$QE.Wld))
  })
  iv <- sapply(c("OR", "RR", "RD"), function(m) sapply(c("DL", "REML", "PM"), function(t) quietly(
    pick(do.call(rma.uni, c(a, list(measure = m, method = t, control = TIGHT))))), simplify = FALSE), simplify = FALSE)
  list(mh_or = mh("OR"), mh_rr = mh("RR"), mh_rd = mh("RD"), peto = quietly(pick(do.call(rma.peto, a))),
       cm_el = exact("CM.EL", control = list(optCtrl = list(reltol = 1e-13, maxit = 1e5), hessianCtrl = list(r = 8))),
       um_fs_7 = exact("UM.FS"), um_fs_100 = exact("UM.FS", nAGQ = 100), iv = iv)
}

names_in <- function(folder) sub("\\.csv$", "", sort(list.files(folder, "\\.csv$")))
versions <- list(R = paste(R.version$major, R.version$minor, sep = "."), metafor = as.character(packageVersion("metafor")),
                 lme4 = as.character(packageVersion("lme4")), Matrix = as.character(packageVersion("Matrix")))
found <- list(versions = versions,
              single_arm = sapply(names_in(file.path(here, "data")), single, simplify = FALSE),
              two_arm = sapply(names_in(file.path(here, "data", "two_arm")), two, simplify = FALSE))
write(toJSON(found, auto_unbox = TRUE, digits = I(15), null = "null", na = "null", pretty = FALSE), file.path(here, "references.json"))
