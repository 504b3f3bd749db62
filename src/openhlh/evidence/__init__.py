"""The study page and the checks on its numbers: one function each, study in, findings out."""
