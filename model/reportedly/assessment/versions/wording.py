"""Words of a sentence as two versions compare them: without case and house style, with figures and names marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from reportedly.lexicons.loader import words_of

_WORD = re.compile(
    r"(?P<figure>[£$€]?(?P<digits>\d[\d,]*(?:\.\d+)?)(?:\s{0,2}(?P<unit>%|per\s?cent\b|percent\b|trillion\b|billion\b|million\b|thousand\b|(?:tn|bn|m|k)\b))?)"
    r"|(?P<word>[^\W\d]+(?:['’][^\W\d]+)*)"
)
_UNITS = {
    "%": 1.0, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6,
    "billion": 1e9, "bn": 1e9, "trillion": 1e12, "tn": 1e12,
}  # fmt: skip
_SMALL = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
_NUMBERS = {word: float(n) for n, word in enumerate(_SMALL.split(), 2)}
_IZE = re.compile(r"(?<=\w{4})is(?=(?:e|ed|es|ing|ation|ations)$)")
_SHORTENED = {"can't": ("can", "not"), "cannot": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not")}  # fmt: skip
_LONG = 400
"""Number of words in a passage above which the most frequent words do not anchor the comparison, to keep it fast."""
_MISSPELT = 0.84
"""Similarity above which two words are spellings of one word; *could* and *would* have 0.8."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word: the key by which it is compared, its place, and whether it is a figure, a name, or quoted.

    A figure is compared by its value: *80 per cent*, *80%* and *eighty per cent* are equal.
    """

    key: str
    start: int
    end: int
    figure: bool = False
    digits: bool = False
    name: bool = False
    quoted: bool = False
    capital: bool = False


def compared_words(text: str, start: int, end: int) -> Iterator[Word]:
    """Yield the words of ``text[start:end]``; capitalised words other than the first are names."""
    first = True
    for match in _WORD.finditer(text, start, end):
        if match["figure"]:
            yield Word(_figure(match), match.start(), match.end(), figure=True, digits=True)
        else:
            yield from _plain(match["word"], match.start(), match.end(), first=first)
        first = False


def _figure(match: re.Match[str]) -> str:
    """Return the key of a figure: its value, and whether it is a share."""
    unit = "".join((match["unit"] or "").split()).replace("percent", "%")
    value = float(match["digits"].replace(",", "").rstrip(".")) * _UNITS.get(unit, 1.0)
    return f"#{value:.12g}{'%' if unit == '%' else ''}"


def _plain(form: str, start: int, end: int, *, first: bool) -> Iterator[Word]:
    lower = form.casefold().replace("’", "'")
    if lower in _NUMBERS:
        yield Word(f"#{_NUMBERS[lower]:.12g}", start, end, figure=True)
        return
    if lower in words_of("revisions", "day"):
        yield Word(lower, start, end, figure=True)
        return
    name = form[0].isupper() and not first and lower != "i" and not lower.startswith("i'")
    for key in _keys(lower):
        yield Word(key, start, end, name=name, capital=form[0].isupper())


def _keys(lower: str) -> tuple[str, ...]:
    """Return the keys by which a word is compared: *n't* is *not*, *organise* is *organize*, a genitive is its word."""
    if lower in _SHORTENED:
        return _SHORTENED[lower]
    if lower.endswith("n't"):
        return lower[:-3], "not"
    return (_IZE.sub("iz", lower.removesuffix("'s").removesuffix("s'") or lower),)


@cache
def _function_words() -> frozenset[str]:
    return words_of("revisions", "function")


def content_of(words: Sequence[Word]) -> list[str]:
    """Return the keys of the content words, which are all but function words."""
    return [w.key for w in words if w.key not in _function_words()]


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of the old version that are replaced by words of the new one at one place; either may be empty.

    `inside` tells whether it is between equal quoted words, or whether a quotation that it
    opens now begins with another word: *Every* became *Almost every*.
    """

    old: tuple[Word, ...]
    new: tuple[Word, ...]
    inside: bool = False

    @property
    def respelled(self) -> bool:
        """Whether both are the same words in another spelling or with other white space."""
        old, new = ("".join(w.key for w in side) for side in (self.old, self.new))
        if old == new:
            return True
        if any(w.figure for w in (*self.old, *self.new)) or min(len(old), len(new)) < 4:
            return False
        return len(self.old) == len(self.new) and all(
            _same_word(a.key, b.key) for a, b in zip(self.old, self.new, strict=True)
        )


def _same_word(a: str, b: str) -> bool:
    return a == b or SequenceMatcher(None, a, b).ratio() >= _MISSPELT


def edits_between(old: Sequence[Word], new: Sequence[Word]) -> tuple[list[Edit], float]:
    """Return the edits that turn one sequence of words into another, and their similarity, from 0 to 1."""
    keys = [w.key for w in old], [w.key for w in new]
    if keys[0] == keys[1]:
        return [], 1.0
    matcher = SequenceMatcher(None, *keys, autojunk=len(new) > _LONG)
    found = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        inside = _quoted_at(old, a - 1, b) and _quoted_at(new, c - 1, d)
        opened = b < len(old) and d < len(new) and old[b].quoted and new[d].quoted
        recased = opened and old[b].capital != new[d].capital
        found.append(Edit(tuple(old[a:b]), tuple(new[c:d]), inside or recased))
    return found, matcher.ratio()


def _quoted_at(words: Sequence[Word], *places: int) -> bool:
    return all(0 <= i < len(words) and words[i].quoted for i in places)


def likeness(a: Sequence[str], b: Sequence[str]) -> float:
    """Return the Dice coefficient of two sentences' words: 1 if they are the same, 0 if they share none."""
    if not a or not b:
        return 0.0
    return 2 * shared(a, b) / (len(a) + len(b))


def shared(a: Sequence[str], b: Sequence[str]) -> int:
    """Return how many words two sentences share; a repeated word counts as often as both have it."""
    left: dict[str, int] = {}
    for key in a:
        left[key] = left.get(key, 0) + 1
    count = 0
    for key in b:
        if left.get(key, 0):
            left[key] -= 1
            count += 1
    return count


def covered(part: Sequence[str], whole: Sequence[str]) -> float:
    """Return the share of the words of `part` that `whole` has; 0 if `part` is empty."""
    return shared(part, whole) / len(part) if part else 0.0
