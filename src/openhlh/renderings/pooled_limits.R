## Names the two ends of an interval, so that they can be compared with what was reported.
ends <- function(kind, name, limits) setNames(as.numeric(limits), paste(kind, name, c("low", "high")))
quantile_z <- qnorm((1 + level) / 2)
quantile_t <- function(df) if (df >= 1) qt((1 + level) / 2, df) else NA
