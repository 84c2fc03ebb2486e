"""Undo unusual lettering: digits for letters, spaced-out letters, a text all in capitals or without any.

Each change replaces one character by one, so offsets stay valid; only the spaces between spaced letters are removed, by :mod:`reportedly.reading.disguises`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from string import ascii_lowercase, ascii_uppercase

from reportedly.lexicons.loader import load, names

SPACED = re.compile(
    r"(?<![^\s“\"‘'(\[])[A-Za-z]( {1,3})[a-z](?:\1[a-z]){2,}(?![^\s.,;:!?”\"’')\]])"
)
"""A word of four or more letters with the same number of spaces between them."""
_APART = re.compile(r" [a-z] {1,3}[a-z][^\w]")
"""A quick test: every text with such words matches, and few others."""

_DIGIT_INSIDE = re.compile(r"[013457](?<=[A-Za-z].)(?=[a-z])")
_WORD = re.compile(r"[A-Za-z0-9]++")
_LETTERS_FOR = str.maketrans("013457", "oieast")
_HABIT = 5
"""Number of digits inside words from which digits in any word are taken for letters."""

_LEAST_LETTERS = 200
_NEARLY_ALL = 0.9
_HARDLY_ANY = 0.002
"""Share of capitals below which a text counts as having none; printed text has 0.03 or more."""
_STOPS, _MARKS = frozenset(".!?…"), frozenset("\"”’')]“‘([«»")
_ALWAYS_CAPITAL = re.compile(
    r"\b(?:i|mr|mrs|ms|dr|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|april|june|july|august"
    r"|september|october|november|december)\b"
)


def without_digits(text: str) -> tuple[str, int]:
    """Return `text` with digits inside words replaced by the letters they stand for (s4id, r3portedly), and the number of such words.

    A word is replaced if the result is in a lexicon; if there are many, every word with more letters than
    digits is. Names of things (mp3s, h264, 4th) are kept.
    """
    inside = len(_DIGIT_INSIDE.findall(text))
    if not inside:
        return text, 0
    words, habit = 0, inside >= _HABIT

    def plain(match: re.Match[str]) -> str:
        nonlocal words
        word = match[0]
        digits = sum(map(str.isdigit, word))
        if not 0 < digits < len(word) - digits or (word[0].isdigit() and word[1:2] in "snrt"):
            return word
        form = word.translate(_LETTERS_FOR)
        if not form.isalpha() or not (habit or _is_known(form.lower())):
            return word
        words += 1
        return form

    return _WORD.sub(plain, text), words


def _is_known(word: str) -> bool:
    """Tell whether a word, or its singular, is in a lexicon."""
    return word in _known_words() or word.removesuffix("s") in _known_words()


@cache
def _known_words() -> frozenset[str]:
    """Return the words of four or more letters in all lexicons' terms, in lower case."""
    terms = (term for name in names() for entry in load(name).entries for term in entry.terms)
    return frozenset(w for term in terms for w in term.lower().split() if len(w) > 3)


def in_sentence_case(text: str) -> tuple[str, str]:
    """Return `text` with capitals where sentences begin, if it is all in capitals or has none, and which of the two."""
    kind = _kind(text)
    if kind is None:
        return text, ""
    small = "".join(_sentence_case(text))
    return _ALWAYS_CAPITAL.sub(lambda m: m[0][0].upper() + m[0][1:], small), kind


def _kind(text: str) -> str | None:
    """Return whether the Latin letters of `text` are nearly all capitals, hardly any, or neither."""
    plain = text.encode("ascii", "ignore")
    capitals, small = (len(plain) - len(plain.translate(None, case)) for case in _CASES)
    letters = capitals + small
    if letters < _LEAST_LETTERS:
        return None
    if capitals >= _NEARLY_ALL * letters:
        return "capitals"
    return "small" if capitals <= _HARDLY_ANY * letters else None


_CASES = ascii_uppercase.encode(), ascii_lowercase.encode()


def _sentence_case(text: str) -> Iterator[str]:
    """Yield the characters of `text`, a capital after each full stop and blank line and small letters elsewhere."""
    begins, stopped, breaks = True, False, 0
    for character in text:
        if character.isspace():
            breaks += character == "\n"
            begins |= stopped or breaks > 1
        elif character in _STOPS:
            stopped, breaks = True, 0
        elif character in _MARKS:
            breaks = 0
        else:
            form = character.upper() if begins else character.lower()
            yield form if _is_latin(character) and _is_latin(form) else character
            begins, stopped, breaks = begins and not character.isalnum(), False, 0
            continue
        yield character


def _is_latin(form: str) -> bool:
    """Tell whether `form` is one character of the Latin blocks; a capital of another alphabet may look Latin."""
    return len(form) == 1 and (form < "\u0250" or "\u1e00" <= form < "\u1f00")


def gaps(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of spaces inside words with spaced-out letters."""
    if not _APART.search(text):
        return
    for match in SPACED.finditer(text):
        step = len(match[1]) + 1
        for start in range(match.start() + 1, match.end(), step):
            yield start, start + step - 1
