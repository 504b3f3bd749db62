"""A question as words: normalised tokens and their stems, the same for pages and for questions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

LONGEST_QUESTION = 2000
_GREEK = str.maketrans(
    {"α": "alpha", "β": "beta", "γ": "gamma", "κ": "kappa", "µ": "u", "μ": "u", "²": "2", "⁹": "9"}
)
_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile(r"(?<=[a-z])['’`](?=[a-z])")
_stemmer = Stemmer.Stemmer("english")


def words(text: str) -> tuple[str, ...]:
    """Return the lower-case words and numbers of a text; hyphens and signs separate.

    >>> words("Ru-D: couldn't 15 mg/m² anti-IFN-γ")
    ('ru', 'd', 'couldnt', '15', 'mg', 'm2', 'anti', 'ifn', 'gamma')
    """
    lowered = text[: 4 * LONGEST_QUESTION].lower()
    if not lowered.isascii():
        lowered = _without_accents(unicodedata.normalize("NFC", lowered).translate(_GREEK))
    return tuple(_WORD.findall(_APOSTROPHE.sub("", lowered)))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of one lower-case word."""
    stemmed: str = _stemmer.stemWord(word)
    return stemmed


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text's words in order."""
    return tuple(stem(word) for word in words(text))


def _without_accents(text: str) -> str:
    split = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in split if not unicodedata.combining(letter))
