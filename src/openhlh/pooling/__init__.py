"""Pooling: effects in, one fit out; numpy and scipy live here, study pages do not.

Every model is a function from counts or effects to a `Fit`. What is computed is plain Python numbers, so
that nothing outside this room needs numpy. A boundary (all events, no events, one study) is an answer with
its reason in `notes`, never an error and never a number that is not finite.
"""
