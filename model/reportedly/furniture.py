"""Find the page furniture: lines that belong to the page and not to the article.

Furniture is shown and never scored. The patterns are data (``lexicons/furniture.toml``); what a
pattern cannot see, the place and shape of a line tell: a title repeated, a headline without a full
stop before the first sentence, a short unfinished line between two paragraphs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from reportedly.datamodel import Segmented, Sentence
from reportedly.lexicon import load

_FINISHED = re.compile(r"[.!?…:;,][\"”’')\]]*$|[\"”]$")
_BULLETS = frozenset("•·▪–*-")
_SUBHEAD_WORDS = 9
_HEADLINE_WORDS = 18
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
    for first, last in lines:
        for number in range(first, last):
            sentence = segmented.sentences[number]
            if number in marked or sentence.end - sentence.start > _LONGEST:
                continue
            if _inside_quotation(segmented, sentence):
                continue
            words = segmented.text[sentence.start : sentence.end]
            opens = number == first
            if last - first <= _LINE_SENTENCES and _is_whole(words, opens_line=opens):
                back = number == last - 1 and words[0] == "("  # a credit takes its caption along
                marked.update(range(first if back else number, last if opens else number + 1))
            elif words[0] in _BULLETS and number - 1 in marked and number in alone:
                if not _FINISHED.search(words):  # headlines that a label announces
                    marked.add(number)
            elif _looks_like_furniture(
                sentence, words, patterns, opens_line=opens, alone=number in alone
            ) and (number in alone or not _runs_on(words)):
                marked.add(number)
    marked |= _headlines(segmented, alone)
    return marked


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
    return bool(
        _opening("", whole=True).match(words)
        or (opens_line and _opening("line", whole=True).match(words))
    )


def _runs_on(words: str) -> bool:
    """Tell whether a label with a headline ends as a sentence does: one of the article is glued to it."""
    return words.endswith(".") and ":" in words and _open_label().match(words) is not None


@cache
def _open_label() -> re.Pattern[str]:
    """Return the pattern of labels behind which a headline stands."""
    entries = (e for e in load("furniture").entries if e.attributes.get("open"))
    return re.compile("|".join(e.pattern or "" for e in entries))


@cache
def _opening(place: str, *, whole: bool) -> re.Pattern[str]:
    """Return the patterns of a line's beginning as one: those of a `place`, taking the line or not.

    It is tried once a line; searched for, it would be tried again at every letter.
    """
    patterns = (
        entry.pattern or ""
        for entry in load("furniture").entries
        if entry.attributes.get("place", "") == place
        and entry.attributes.get("whole", False) is whole
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
    opens_line: bool,
    alone: bool,
) -> bool:
    """Tell by its words, or by its shape where it stands alone, whether a short line is furniture.

    `patterns` may match anywhere in it.
    """
    if any(_opening("", whole=whole).match(words) for whole in (False, True)):
        return True
    if opens_line and any(_opening("line", whole=whole).match(words) for whole in (False, True)):
        return True
    if any(pattern.search(words) for pattern in patterns):
        return True
    if not words[0].isupper() and not words[0].isdigit():
        return False
    return (
        alone and sentence.last - sentence.first <= _SUBHEAD_WORDS and not _FINISHED.search(words)
    )


def _headlines(segmented: Segmented, alone: set[int]) -> set[int]:
    """Return the title where the text repeats it, or a headline that opens the text."""
    marked = set()
    title = _letters(segmented.document.title)
    for number, sentence in enumerate(segmented.sentences[:3]):
        words = sentence.span.of(segmented.text)
        if title and _letters(words) == title:
            marked.add(number)
        elif number == 0 and 0 in alone:
            short = sentence.last - sentence.first <= _HEADLINE_WORDS
            if short and not _FINISHED.search(words):
                marked.add(number)
    return marked


def _letters(text: str) -> str:
    """Return the letters and digits of `text` in lower case: what two spellings of a title share."""
    return "".join(c for c in text.lower() if c.isalnum())
