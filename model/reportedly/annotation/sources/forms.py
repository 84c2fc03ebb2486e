"""Statements whose wording alone shows their source: "as the engineer put it", "per the contract", "— No, said Lund".

The patterns are those of ``lexicons/attribution_forms.toml``; each names its source and its cue.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache

from reportedly.annotation.sources.coreference.mentions import read_mention
from reportedly.annotation.sources.coreference.names import Article
from reportedly.annotation.sources.word_lists import PEOPLE
from reportedly.datamodel import Attribution, Sentence, Span
from reportedly.lexicons.loader import load

_SOMEBODY = frozenset(["he", "she", "they", "one", "another", "others", "some", "many", "most"])
_SHORTEST = 2


def find_forms(article: Article) -> list[Attribution]:
    """Return the attributions that are certain by the wording of their sentence, except in page furniture."""
    text = article.segmented.text
    patterns = [
        (pattern, people)
        for words, pattern, people in _forms()
        if any(word in text for word in words)
    ]
    if not patterns:
        return []
    return [
        found
        for sentence in article.segmented.sentences
        if not sentence.furniture
        for found in _in_sentence(article, sentence, patterns)
    ]


@cache
def _forms() -> tuple[tuple[tuple[str, ...], re.Pattern[str], bool], ...]:
    """Return each pattern with words of which every match has one, and whether its source must be a person."""
    return tuple(
        (
            tuple(entry.attributes["words"]),
            re.compile(entry.pattern or ""),
            bool(entry.attributes.get("people")),
        )
        for entry in load("attribution_forms").entries
    )


def _in_sentence(
    article: Article, sentence: Sentence, patterns: list[tuple[re.Pattern[str], bool]]
) -> Iterator[Attribution]:
    """Yield the attributions that the patterns find in one sentence."""
    text = article.segmented.text
    words = text[sentence.start : sentence.end]
    for pattern, people in patterns:
        match = pattern.search(words)
        if match is None:
            continue
        source, cue = (
            Span(sentence.start + match.start(group), sentence.start + match.end(group))
            for group in ("source", "cue")
        )
        if not people or _denotes_people(article, source, sentence):
            around = (
                Span(sentence.start, min(source.start, cue.start)),
                Span(max(source.end, cue.end), sentence.end),
            )
            content = tuple(span for span in around if span.end - span.start > _SHORTEST)
            yield Attribution((source,), (cue,), content or (sentence.span,), confidence=0.8)


def _denotes_people(article: Article, span: Span, sentence: Sentence) -> bool:
    """Tell whether words denote people: by a name, a noun for people or a pronoun."""
    tokens = article.segmented.tokens
    first, end = bisect_right(tokens.ends, span.start), bisect_left(tokens.starts, span.end)
    mention = read_mention(tokens.forms[first:end], opens_sentence=first == sentence.first)
    if mention.kind == "pronoun":
        return mention.head in _SOMEBODY
    return mention.kind == "name" or bool(mention.flags & PEOPLE)
