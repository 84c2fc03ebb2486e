"""Attributions that the tagger passed over, to be weighed by :mod:`reportedly.statements`.

A noun for people, a body or a document beside a reporting verb or "according to", and hearsay without a
source.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reportedly.attribution import FIRST_PERSON, verb_kinds
from reportedly.datamodel import Attribution, Span
from reportedly.forms import Attributes
from reportedly.hearsay import hearsay_patterns
from reportedly.intervals import Intervals
from reportedly.lexicon import load
from reportedly.names import Article, sentence_at
from reportedly.references import Step
from reportedly.source_words import grammar, lists

_SAYING = frozenset({"say", "announce", "ask", "claim", "write", "show", "think"})


_FIRST_PERSON = frozenset(FIRST_PERSON)
_LONGEST_SOURCE = 10


@lru_cache(maxsize=1)
def _reporting_words() -> frozenset[str]:
    """Return the words that candidates are looked for beside; "to" for "according to"."""
    verbs = {word for word, kind in verb_kinds().items() if kind in _SAYING}
    return frozenset(verbs.difference(load("reporting_verbs").of_kind("preposition")) | {"to"})


_REPORTING = Attributes(lambda forms: _listed(forms, _reporting_words()))
_HEARSAY = Attributes(lambda forms: _listed(forms, hearsay_patterns()[1]))


def _listed(forms: Sequence[str], words: frozenset[str]) -> NDArray[np.bool_]:
    """Return which of `forms` are among `words`."""
    return np.array([form in words for form in forms], np.bool_)


def find_candidates(article: Article, attributions: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions that the tagger passed over; most of them are to be thrown away again."""
    return [
        *_verb_candidates(article, attributions),
        *_cited_candidates(article),
        *_hearsay_candidates(article, attributions),
    ]


@lru_cache(maxsize=1)
def _citing() -> frozenset[str]:
    """Return the words with which an outlet or a document names its own source."""
    return frozenset(load("reporting_verbs").of_kind("citing"))


def _cited_candidates(article: Article) -> list[Attribution]:
    """Return those whom another outlet or a document cites: "the Post reported, citing two officials"."""
    forms, starts = article.segmented.tokens.forms, article.segmented.tokens.starts
    found, citing = [], _citing()
    for i in [i for i, form in enumerate(forms) if form in citing]:
        sentence = article.segmented.sentences[sentence_at(article, starts[i])]
        span = None if sentence.furniture else _phrase_after(article, i, sentence.last)
        if span is not None:
            cue = article.segmented.tokens.span(i, i + 1)
            found.append(Attribution((span,), (cue,), (sentence.span,), confidence=0.25))
    return found


def _verb_candidates(article: Article, attributions: Sequence[Attribution]) -> list[Attribution]:
    """Return a noun phrase before or after each reporting verb that is no cue yet."""
    forms, starts = article.segmented.tokens.forms, article.segmented.tokens.starts
    ends = article.segmented.tokens.ends
    taken = sorted((s.start, s.end) for a in attributions for s in (*a.cue, *a.source))
    found: list[Attribution] = []
    for i in np.flatnonzero(_REPORTING.of(article.words)).tolist():
        according = forms[i] == "to"
        if according and (i == 0 or forms[i - 1] not in ("according", "According")):
            continue
        at = starts[i]
        if _inside(taken, at):
            continue
        sentence = article.segmented.sentences[sentence_at(article, at)]
        if sentence.furniture:
            continue
        span = None if according else _phrase_before(article, i, sentence.first)
        if span is None:
            span = _phrase_after(article, i, sentence.last)
        if span is None or _inside(taken, span.end - 1):
            continue
        cue = Span(starts[i - 1] if according else at, ends[i])
        found.append(Attribution((span,), (cue,), (sentence.span,), confidence=0.3))
    return found


def _inside(taken: Sequence[tuple[int, int]], at: int) -> bool:
    """Tell whether `at` lies in one of the ranges of `taken`, which are sorted."""
    before = bisect_right(taken, (at, 1 << 60)) - 1
    return before >= 0 and at < taken[before][1]


def _phrase_before(article: Article, verb: int, first: int) -> Span | None:
    """Return the noun phrase before a verb, if it can be a source."""
    forms, tokens = article.segmented.tokens.forms, article.segmented.tokens
    end = verb
    while end > first and forms[end - 1].lower() in grammar().skipped:
        end -= 1
    begin = end
    while (
        begin > max(first, end - _LONGEST_SOURCE)
        and forms[begin - 1].lower() not in grammar().candidate_end
    ):
        begin -= 1
    return tokens.span(begin, end) if begin < end and _speaks(forms[begin:end]) else None


def _phrase_after(article: Article, verb: int, last: int) -> Span | None:
    """Return the noun phrase after a verb, if it can be a source."""
    forms, tokens = article.segmented.tokens.forms, article.segmented.tokens
    end = verb + 1
    while (
        end < min(last, verb + 1 + _LONGEST_SOURCE)
        and forms[end].lower() not in grammar().candidate_end
    ):
        end += 1
    return tokens.span(verb + 1, end) if end > verb + 1 and _speaks(forms[verb + 1 : end]) else None


def _speaks(words: Sequence[str]) -> bool:
    """Tell whether a phrase holds a name or a noun that can be a source."""
    nouns = lists().nouns
    if not _FIRST_PERSON.isdisjoint(words):
        return False
    return any(word in nouns or word[0].isupper() for word in words)


def _hearsay_candidates(article: Article, attributions: Sequence[Attribution]) -> list[Attribution]:
    """Return an attribution to nobody for each sentence with "reportedly" and its like."""
    sentences = _hearsay_sentences(article)
    if not sentences:
        return []
    pattern, text = hearsay_patterns()[0], article.segmented.text
    nobody = Intervals.of((s.start, s.end, 0) for a in attributions if not a.source for s in a.cue)
    found = []
    for number in sentences:
        sentence = article.segmented.sentences[number]
        match = pattern.search(text, sentence.start, sentence.end)
        if match is None:
            continue
        cue = Span(*match.span())
        if nobody.touches(cue.start, cue.end):
            continue
        around = (Span(sentence.start, cue.start), Span(cue.end, sentence.end))
        content = tuple(s for s in around if s.end - s.start > 2)
        found.append(Attribution((), (cue,), content, confidence=0.2))
    return found


def _hearsay_sentences(article: Article) -> list[int]:
    """Return the sentences, furniture apart, with a word without which there is no hearsay."""
    sentences = article.segmented.sentences
    places = np.flatnonzero(_HEARSAY.of(article.words)).tolist()
    numbers = dict.fromkeys(
        bisect_right(sentences, place, key=lambda s: s.first) - 1 for place in places
    )
    return [number for number in numbers if not sentences[number].furniture]


def find_hearsay(
    article: Article, attributions: Sequence[Attribution], steps: Sequence[Step]
) -> list[Attribution]:
    """Return an attribution to nobody for each sentence that says "reportedly" and names no source.

    With a source in the same sentence the word is its hedge, and no attribution of its own.
    """
    telling = _hearsay_sentences(article)
    if not telling:
        return []
    pattern = hearsay_patterns()[0]
    text, sentences = article.segmented.text, article.segmented.sentences
    covered: set[int] = set()
    for attribution, step in zip(attributions, steps, strict=True):
        if step.entity is not None:
            for span in (*attribution.source, *attribution.cue, *attribution.content):
                first = sentence_at(article, span.start)
                covered.update(
                    range(first, sentence_at(article, max(span.start, span.end - 1)) + 1)
                )
    found = []
    for number in telling:
        if number in covered:
            continue
        sentence = sentences[number]
        match = pattern.search(text, sentence.start, sentence.end)
        if match is not None:
            cue = Span(*match.span())
            around = (Span(sentence.start, cue.start), Span(cue.end, sentence.end))
            content = tuple(s for s in around if s.end - s.start > 2)
            found.append(Attribution((), (cue,), content, confidence=0.9, source_class="vague"))
    return found
