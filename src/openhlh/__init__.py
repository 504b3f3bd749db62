"""OpenHLH: clinical questions about HLH, answered from evidence that can be recomputed."""

__version__ = "0.1.0"
