"""Definitions executed: a page bound to its parameters, a patient assessed, and what would settle it."""
