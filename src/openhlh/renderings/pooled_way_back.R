## From the scale of the measure to the natural scale.
back <- switch(measure,
  PLO = plogis, PLN = function(x) pmin(1, exp(x)), PR = function(x) pmin(1, pmax(0, x)),
  PAS = function(x) sin(pmin(pmax(x, 0), pi / 2))^2,
  PFT = function(x) transf.ipft.hm(x, targs = list(ni = es$ni)),
  CLL = function(x) exp(-exp(x)), OR = exp, RR = exp, GENLOG = exp, RD = function(x) pmin(1, pmax(-1, x)), identity)
