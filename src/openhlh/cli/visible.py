"""Text of others on a terminal: signs that do not print are shown by their code and do nothing."""

from __future__ import annotations

import json
from collections.abc import Callable


def visible(text: str) -> str:
    r"""Return a text in which control characters and invisible signs are spelled out.

    >>> visible("a\x1b[31mb"), visible("a\u202eb"), visible("Müller 1")
    ('a\\x1b[31mb', 'a\\u202eb', 'Müller 1')
    """
    return _spelled(text, lambda sign: sign.encode("unicode_escape").decode("ascii"))


def json_text(value: object) -> str:
    """Return a value as indented JSON with a line end, in which no sign is left that does not print."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _spelled(text, lambda sign: sign if sign == "\n" else json.dumps(sign)[1:-1]) + "\n"


def _spelled(text: str, spell: Callable[[str], str]) -> str:
    hidden = {ord(sign): spell(sign) for sign in set(text) if not sign.isprintable()}
    return text.translate(hidden) if hidden else text
