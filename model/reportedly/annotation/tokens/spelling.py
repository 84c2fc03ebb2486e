"""How words are spelt: their normal form, and the outline of their letters."""

from __future__ import annotations

import re
from string import ascii_letters, digits

_DIGIT = re.compile(r"\d")
_SHAPES = (
    (re.compile(r"[A-ZÀ-Þ]"), "X"),
    (re.compile(r"[^\W\d_A-Z]"), "x"),
    (re.compile(r"\d"), "0"),
)
_RUN = re.compile(r"(.)\1+")
_PLAIN = str.maketrans(ascii_letters + digits, "x" * 26 + "X" * 26 + "0" * 10)
_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
_DOUBLED_MARKS = {"``": '"', "''": '"'}


def normal(form: str) -> str:
    """Return `form` in lower case, its quotation marks straight and its digits as 0."""
    if form.isalpha():  # most words are already normal
        return form.lower()
    return _DOUBLED_MARKS.get(form) or _DIGIT.sub("0", form.translate(_MARKS).lower())


def shape(form: str) -> str:
    """Return the outline of `form`: ``Xxx`` for Smith, ``XX`` for USA, ``00,00`` for 3,000."""
    if form.isascii():
        if form.isalpha() and form[1:].islower():
            return "xx" if form[0].islower() else "Xxx"[: len(form)]
        return _RUN.sub(r"\1\1", form.translate(_PLAIN))[:6]
    outline = form.translate(_MARKS)
    for pattern, replacement in _SHAPES:
        outline = pattern.sub(replacement, outline)
    return _RUN.sub(r"\1\1", outline)[:6]
