"""Invented papers with planted errors: the examination that `hlh check` sits.

How they are made: a seed draws an invented study (a field of medicine, one group or two, numbers of
people, dates, patients one by one where few) whose numbers follow from each other in exact fractions.
Sentence templates of our own wording (some 20 kinds of statement with 12 and more surface forms each,
alternatives inside them, and one typographic style per paper) tell it as an abstract or as a full text, in
plain text, Markdown or JATS XML, among statements that only look like fractions. Half of the papers are
left clean; in the others one to three statements are made with one wrong number each, by the same
templates, and the place, kind and right value are recorded. A third of the templates of each kind, chosen
by a hash of their words, is used only with `held_out`, so that a grammar can be measured on wording that
its author has not looked at. A third set of wordings, traps and tables, by a writer who has not seen the
grammar (the `fresh` modules), is used alone and only with `fresh`. Nothing here imports the package that is
examined.
"""
