"""Find the page furniture: lines that belong to the page and not to the article.

Furniture is shown and never scored. The patterns are data (``lexicons/furniture.toml``); what a
pattern cannot see, the place and shape of a line tell: a title repeated, a short unfinished line between two
paragraphs. The headline itself is found before (:mod:`reportedly.reading.headlines`).
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

_FINISHED = re.compile(r"[.!?…:;,–—-][\"”’')\]]*$|[\"”]$")
_FIGURE = re.compile(r"\d\s?%|^\W{0,3}\d+ [a-z]")
"""A row of figures, which is no subhead."""
_BULLETS = frozenset("•·▪–*-")
_SUBHEAD_WORDS = 9
_OPENING = 3
"""Sentences among which a title may be repeated."""
_LINE_SENTENCES = 3
"""Sentences of a line up to which the first takes the rest along."""
_LONGEST = 200
"""Code points beyond which a sentence is no furniture, whatever it begins with."""


def find_furniture(segmented: Segmented) -> set[int]:
    """Return the indices of the sentences of `segmented` that are page furniture."""
    lines = _lines(segmented)
    alone = {first for first, last in lines if last - first == 1} if len(lines) > 1 else set()
    patterns = _patterns_for(segmented.text)
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
    patterns: Sequence[re.Pattern[str]],
) -> set[int]:
    """Return the sentences of a `line`, a range of indices, that are furniture by what sentence `number` says.

    `marked` are those found before, `alone` the sentences that are lines of their own, `patterns` may match anywhere.
    """
    (first, last), sentence = line, segmented.sentences[number]
    words = segmented.text[sentence.start : sentence.end]
    opens, own = number == first, number in alone
    named = _opening("line" if opens else "").match(words) is not None
    if named and last - first <= _LINE_SENTENCES and _is_whole(words, opens_line=opens):
        back = number == last - 1 and words[0] == "("  # a credit takes its caption along
        return set(range(first if back else number, last if opens else number + 1))
    if words[0] in _BULLETS and number - 1 in marked and own:  # headlines that a label announces
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


def _is_whole(words: str, *, opens_line: bool) -> bool:
    """Tell whether a sentence is furniture and takes the rest of a short line along."""
    return _opening("line" if opens_line else "", whole=True).match(words) is not None


def _runs_on(words: str) -> bool:
    """Tell whether a label with a headline ends as a sentence does: one of the article is glued to it."""
    return words.endswith(".") and ":" in words and _open_label().match(words) is not None


@cache
def _open_label() -> re.Pattern[str]:
    """Return the pattern of labels behind which a headline stands."""
    entries = (e for e in load("furniture").entries if e.attributes.get("open"))
    return re.compile("|".join(e.pattern or "" for e in entries))


@cache
def _opening(place: str, *, whole: bool = False) -> re.Pattern[str]:
    """Return the patterns of a sentence's beginning as one: of any place, and of `place` "line" if given.

    With `whole`, only those that take the line along. It is tried once a sentence; searched for, it
    would be tried again at every letter.
    """
    patterns = (
        entry.pattern or ""
        for entry in load("furniture").entries
        if entry.attributes.get("place", "") in {"", place}
        and (not whole or entry.attributes.get("whole", False))
    )
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


def _looks_like_furniture(
    sentence: Sentence,
    words: str,
    patterns: Sequence[re.Pattern[str]],
    *,
    alone: bool,
) -> bool:
    """Tell by its words, or by its shape where it stands alone, whether a short line is furniture.

    `patterns` may match anywhere in it.
    """
    if any(pattern.search(words) for pattern in patterns):
        return True
    if not words[0].isupper() and not words[0].isdigit():
        return False
    return (
        alone
        and sentence.last - sentence.first <= _SUBHEAD_WORDS
        and not _FINISHED.search(words)
        and not _FIGURE.search(words)
    )


def _headlines(segmented: Segmented) -> set[int]:
    """Return the sentences that say the title again, or a part of it, near the beginning of the text."""
    title = segmented.document.title
    if not is_headline(title):
        return set()
    opening = segmented.sentences[:_OPENING]
    return {n for n, s in enumerate(opening) if repeats(s.span.of(segmented.text), title)}
