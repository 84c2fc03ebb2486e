"""Find the page furniture: lines that belong to the page and not to the article.

Furniture is shown and never scored. The patterns are data (``lexicons/furniture.toml``); other furniture is recognised
by its place and shape: a repeated title, a short unfinished line between two paragraphs. The headline itself is found
before (:mod:`reportedly.reading.headlines`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from reportedly.datamodel import Segmented, Sentence
from reportedly.lexicons.loader import load
from reportedly.reading.headlines import is_headline, repeats

_FINISHED = re.compile(r"[.!?…:;,–—-][\"”’')\]]*$|[\"”]$|''$")
_FIGURE = re.compile(r"\d\s?%|^\W{0,3}\d+ [a-z]")
"""A row of figures, which is not a subhead."""
_DAY = re.compile(
    r"(?:[A-Z][a-z]{2,5}day,? )?(?:\d{1,2} [A-Z][a-z]{2,8} \d{4}|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4})"
    r"(?: \d{1,2}[.:]\d\d)? (?=[A-Z\d])"
)
"""The date before a repetition of the title."""
_BULLETS = frozenset("•·▪–*-")
_SUBHEAD_WORDS = 9
_TITLE_WORDS = 14
"""The most tokens of a subhead, and of one in which nearly all long words have a capital."""
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_TITLE_CASE = 0.8
_OPENING = 3
"""The title may be repeated among so many sentences."""
_LINE_SENTENCES = 3
"""In a line of at most so many sentences, the first can make the others furniture."""
_LONGEST = 200
"""A sentence of more code points is never furniture."""


def find_furniture(segmented: Segmented) -> set[int]:
    """Return the indices of the sentences of `segmented` that are page furniture."""
    lines = _lines(segmented)
    alone = {first for first, last in lines if last - first == 1} if len(lines) > 1 else set()
    patterns = _worded_in(segmented.text)
    marked: set[int] = set()
    for line in lines:
        for number in range(*line):
            sentence = segmented.sentences[number]
            if number not in marked and _may_be_furniture(segmented, sentence):
                marked |= _marked_at(segmented, number, line, marked, alone, patterns)
    marked |= _headlines(segmented)
    return marked


def _may_be_furniture(segmented: Segmented, sentence: Sentence) -> bool:
    """Tell whether a sentence is short and not quoted."""
    return sentence.end - sentence.start <= _LONGEST and not _inside_quotation(segmented, sentence)


def _marked_at(
    segmented: Segmented,
    number: int,
    line: tuple[int, int],
    marked: AbstractSet[int],
    alone: AbstractSet[int],
    patterns: Sequence[_Worded],
) -> set[int]:
    """Return the sentences of a `line` (a range of indices) that are furniture because of sentence `number`.

    `marked` are those found before, `alone` the sentences that are whole lines, `patterns` those with words that
    occur in the text.
    """
    (first, last), sentence = line, segmented.sentences[number]
    words = segmented.text[sentence.start : sentence.end]
    opens, own = number == first, number in alone
    place = "line" if opens else ""
    named = _opens_as_furniture(words, place)
    if named and last - first <= _LINE_SENTENCES and _opens_as_furniture(words, place, whole=True):
        back = number == last - 1 and words[0] == "("  # a credit makes its caption furniture too
        return set(range(first if back else number, last if opens else number + 1))
    if words[0] in _BULLETS and number - 1 in marked and own:  # headlines after a label
        return set() if _FINISHED.search(words) else {number}
    found = named or _looks_like_furniture(sentence, words, patterns, alone=own)
    return {number} if found and (own or not _runs_on(words)) else set()


def _lines(segmented: Segmented) -> list[tuple[int, int]]:
    """Return the sentences of each paragraph as a range of their indices."""
    lines: list[tuple[int, int]] = []
    paragraph = -1
    for number, sentence in enumerate(segmented.sentences):
        if sentence.paragraph != paragraph:
            lines.append((number, number + 1))
            paragraph = sentence.paragraph
        else:
            lines[-1] = (lines[-1][0], number + 1)
    return lines


def _inside_quotation(segmented: Segmented, sentence: Sentence) -> bool:
    """Tell whether a quotation holds the beginning of the sentence."""
    around = bisect_right(segmented.quotations, sentence.start, key=lambda q: q.start) - 1
    return around >= 0 and segmented.quotations[around].end > sentence.start


def _runs_on(words: str) -> bool:
    """Tell whether a label with a headline ends like a sentence: then a sentence of the article has run into it."""
    return words.endswith(".") and ":" in words and _open_label().match(words) is not None


@cache
def _open_label() -> re.Pattern[str]:
    """Return the pattern of labels that a headline follows."""
    entries = (e for e in load("furniture").entries if e.attributes.get("open"))
    return re.compile("|".join(e.pattern or "" for e in entries))


def _opens_as_furniture(words: str, place: str, *, whole: bool = False) -> bool:
    """Tell whether a sentence begins with a furniture pattern, of any place or only of the `place` given.

    With `whole`, only patterns count that make the whole line furniture.
    """
    return _opening(place, whole=whole).match(words) is not None


@cache
def _opening(place: str, *, whole: bool) -> re.Pattern[str]:
    """Return as one the patterns of how a sentence begins."""
    patterns = (
        entry.pattern or ""
        for entry in load("furniture").entries
        if "words" not in entry.attributes
        and entry.attributes.get("place", "") in {"", place}
        and (not whole or entry.attributes.get("whole", False))
    )
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_Worded = tuple[Sequence[str], re.Pattern[str]]
"""Words, and a pattern whose matches have one of them."""


@cache
def _worded() -> tuple[_Worded, ...]:
    """Return the patterns that have words."""
    return tuple(
        (words, re.compile(entry.pattern or ""))
        for entry in load("furniture").entries
        if (words := entry.attributes.get("words"))
    )


def _worded_in(text: str) -> list[_Worded]:
    """Return the patterns of which `text` has words, with these words."""
    found = (([word for word in words if word in text], pattern) for words, pattern in _worded())
    return [(had, pattern) for had, pattern in found if had]


def _looks_like_furniture(
    sentence: Sentence,
    words: str,
    patterns: Sequence[_Worded],
    *,
    alone: bool,
) -> bool:
    """Tell by its words, or by its shape where it stands alone, whether a short line is furniture.

    `patterns` are those with words that occur in the text.
    """
    for had, pattern in patterns:
        if any(word in words for word in had) and pattern.search(words):
            return True
    if not words[0].isupper() and not words[0].isdigit():
        return False
    return (
        alone
        and _is_brief(words, sentence.last - sentence.first)
        and not _FINISHED.search(words)
        and not _FIGURE.search(words)
    )


def _is_brief(words: str, tokens: int) -> bool:
    """Tell whether a line of so many tokens is short, or somewhat longer and capitalised like a title."""
    if tokens <= _SUBHEAD_WORDS or tokens > _TITLE_WORDS:
        return tokens <= _SUBHEAD_WORDS
    long = _LONG_WORD.findall(words)
    return bool(long) and sum(word[0].isupper() for word in long) >= _TITLE_CASE * len(long)


def _headlines(segmented: Segmented) -> set[int]:
    """Return the sentences near the beginning of the text that repeat the title or a part of it."""
    title = segmented.document.title
    if not is_headline(title):
        return set()
    opening = [s.span.of(segmented.text) for s in segmented.sentences[:_OPENING]]
    return {n for n, words in enumerate(opening) if repeats(_DAY.sub("", words, count=1), title)}
