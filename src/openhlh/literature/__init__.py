"""Documents and records of the literature."""
