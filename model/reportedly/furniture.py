"""Find the page furniture: lines that belong to the page and not to the article.

Furniture is shown and never scored. The patterns are data (``lexicons/furniture.toml``); what a
pattern cannot see, the place and shape of a line tell: a title repeated, a short unfinished line between two
paragraphs. The headline itself is found before (:mod:`reportedly.reading.headlines`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from reportedly.datamodel import Segmented, Sentence
from reportedly.lexicon import load
from reportedly.reading.headlines import is_headline, repeats

_FINISHED = re.compile(r"[.!?…:;,][\"”’')\]]*$|[\"”]$")
_SUBHEAD_WORDS = 9
_OPENING = 3
"""Sentences among which a title may be repeated."""
_LONGEST = 160
"""Code points beyond which a sentence is no furniture, whatever it begins with."""


def find_furniture(segmented: Segmented) -> set[int]:
    """Return the indices of the sentences of `segmented` that are page furniture."""
    alone = _alone_in_paragraph(segmented)
    patterns = _patterns_for(segmented.text)
    marked = {
        number
        for number, sentence in enumerate(segmented.sentences)
        if sentence.end - sentence.start <= _LONGEST
        and _looks_like_furniture(segmented, sentence, patterns, alone=number in alone)
    }
    marked |= _headlines(segmented)
    return marked


@cache
def _opening() -> re.Pattern[str]:
    """Return the patterns of a line's beginning as one.

    It is tried once a line; searched for, it would be tried again at every letter.
    """
    patterns = (entry.pattern or "" for entry in load("furniture").entries)
    return re.compile("|".join(f"(?:{p})" for p in patterns if p.startswith("^")))


@cache
def _anywhere() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    """Return the patterns of any place in a line, each with words of which its matches have one."""
    entries = load("furniture").entries
    return tuple(
        (tuple(entry.attributes["words"]), re.compile(entry.pattern or ""))
        for entry in entries
        if "words" in entry.attributes
    )


def _patterns_for(text: str) -> list[re.Pattern[str]]:
    """Return those patterns of any place in a line that can match in `text`: looking for a word is cheap."""
    return [pattern for words, pattern in _anywhere() if any(word in text for word in words)]


def _alone_in_paragraph(segmented: Segmented) -> set[int]:
    """Return the indices of the sentences that are a whole paragraph of several."""
    if len(segmented.paragraphs) < 2:
        return set()
    sizes: dict[int, int] = {}
    for sentence in segmented.sentences:
        sizes[sentence.paragraph] = sizes.get(sentence.paragraph, 0) + 1
    return {i for i, s in enumerate(segmented.sentences) if sizes[s.paragraph] == 1}


def _looks_like_furniture(
    segmented: Segmented, sentence: Sentence, patterns: Sequence[re.Pattern[str]], *, alone: bool
) -> bool:
    """Tell by its words, or by its shape where it stands alone, whether a short line is furniture.

    `patterns` may match anywhere in it.
    """
    words = segmented.text[sentence.start : sentence.end]
    if _opening().match(words) or any(pattern.search(words) for pattern in patterns):
        return True
    if not words[0].isupper() and not words[0].isdigit():
        return False
    return (
        alone and sentence.last - sentence.first <= _SUBHEAD_WORDS and not _FINISHED.search(words)
    )


def _headlines(segmented: Segmented) -> set[int]:
    """Return the sentences that say the title again, or a part of it, near the beginning of the text."""
    title = segmented.document.title
    if not is_headline(title):
        return set()
    opening = segmented.sentences[:_OPENING]
    return {n for n, s in enumerate(opening) if repeats(s.span.of(segmented.text), title)}
