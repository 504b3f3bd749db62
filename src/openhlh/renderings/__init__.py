"""Answers on paper and screen: the contract object in, Markdown or a self-contained page out."""
