
## Side by side: what was reported and what R finds.
digits <- function(x) ifelse(is.na(x), "-", formatC(x, digits = 7, format = "g"))
cat(sprintf("%-34s %14s %14s %12s\n", "quantity", "reported", "R", "difference"))
for (name in names(reported)) {
  other <- if (name %in% names(found)) found[[name]] else NA
  gap <- if (is.na(other) || is.na(reported[[name]])) "" else formatC(other - reported[[name]], digits = 1, format = "e")
  cat(sprintf("%-34s %14s %14s %12s\n", name, digits(reported[[name]]), digits(other), gap))
}
