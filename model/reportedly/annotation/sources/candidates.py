"""Attributions that the tagger missed, as candidates for :mod:`reportedly.annotation.sources.from_reading`.

A noun for people, an organisation or a document beside a reporting verb or "according to", and hearsay without a
source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.attribution.reporting_verbs import FIRST_PERSON_FORMS, verb_kinds
from reportedly.annotation.sources.coreference.antecedents import antecedent
from reportedly.annotation.sources.coreference.names import Article, sentence_at
from reportedly.annotation.sources.hearsay import hearsay_pattern, hearsay_triggers
from reportedly.annotation.sources.word_lists import bits_by_word, grammar, lists
from reportedly.annotation.tokens.vocabulary import WordCache
from reportedly.datamodel import Attribution, Span
from reportedly.lexicons.loader import load

_SAYING = frozenset({"say", "announce", "ask", "claim", "write", "show", "think"})
_ACCORDING = frozenset({"according", "According"})
_LONGEST_SOURCE = 10

_REPORTS, _CITES, _SKIPPED, _ENDS, _SOURCE, _NO_SOURCE = (1 << n for n in range(6))
"""Bits of a word: it is beside a candidate; in candidates it is skipped, ends them, or decides whether they can be sources."""


def _bits_of(forms: Sequence[str]) -> NDArray[np.uint8]:
    """Return the bits of each of `forms`."""
    written, lower = _bits_of_words()
    bits = [
        written.get(form, 0) | lower.get(form.lower(), 0) | _SOURCE * form[0].isupper()
        for form in forms
    ]
    return np.array(bits, np.uint8)


@lru_cache(maxsize=1)
def _bits_of_words() -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return the bits of words as written, and of words in lower case."""
    verbs = {word for word, kind in verb_kinds().items() if kind in _SAYING}
    verbs.difference_update(load("reporting_verbs").of_kind("preposition"))
    citing = load("reporting_verbs").of_kind("citing")
    written = {
        _REPORTS: _ACCORDING | verbs, _CITES: citing, _SOURCE: lists().nouns, _NO_SOURCE: FIRST_PERSON_FORMS,
    }  # fmt: skip
    return bits_by_word(written), bits_by_word(
        {_SKIPPED: grammar().skipped, _ENDS: grammar().candidate_end}
    )


_BITS = WordCache(_bits_of)


def find_attribution_candidates(
    article: Article, attributions: Sequence[Attribution]
) -> list[Attribution]:
    """Return attributions that the tagger may have missed; most of them are later rejected."""
    bits = _BITS.of(article.words)
    return [
        *_verb_candidates(article, attributions, bits),
        *_cited_candidates(article, bits),
        *_hearsay_candidates(article, attributions),
    ]


def _cited_candidates(article: Article, bits: NDArray[np.uint8]) -> list[Attribution]:
    """Return the sources that another outlet or a document cites: "the Post reported, citing two officials"."""
    tokens, words, found = article.segmented.tokens, bits.tobytes(), []
    for i in np.flatnonzero(bits & _CITES).tolist():
        sentence = article.segmented.sentences[sentence_at(article, tokens.starts[i])]
        phrase = None if sentence.furniture else _phrase_after(words, i, sentence.last)
        if phrase is not None:
            span, cue = tokens.span(*phrase), tokens.span(i, i + 1)
            found.append(Attribution((span,), (cue,), (sentence.span,), confidence=0.25))
    return found


def _verb_candidates(
    article: Article, attributions: Sequence[Attribution], bits: NDArray[np.uint8]
) -> list[Attribution]:
    """Return a noun phrase before or after each reporting verb that is not a cue yet."""
    tokens, words = article.segmented.tokens, bits.tobytes()
    taken = sorted([(s.start, s.end) for a in attributions for s in (*a.cue, *a.source)])
    found: list[Attribution] = []
    for i in np.flatnonzero(bits & _REPORTS).tolist():
        last = i
        if tokens.forms[i] in _ACCORDING:
            last += 1
            if tokens.forms[last : last + 1] != ("to",):
                continue
        at = tokens.starts[last]
        if _inside(taken, at):
            continue
        sentence = article.segmented.sentences[sentence_at(article, at)]
        if sentence.furniture:
            continue
        phrase = _phrase_before(words, i, sentence.first) if last == i else None
        phrase = phrase or _before_clause(article, i, sentence.first)
        phrase = phrase or _phrase_after(words, last, sentence.last)
        if phrase is None or _inside(taken, tokens.ends[phrase[1] - 1] - 1):
            continue
        span, cue = tokens.span(*phrase), tokens.span(i, last + 1)
        found.append(Attribution((span,), (cue,), (sentence.span,), confidence=0.3))
    return found


def _inside(taken: Sequence[tuple[int, int]], at: int) -> bool:
    """Tell whether `at` is in one of the ranges of `taken`, which are sorted."""
    before = bisect_right(taken, (at, 1 << 60)) - 1
    return before >= 0 and at < taken[before][1]


def _phrase_before(bits: bytes, verb: int, first: int) -> tuple[int, int] | None:
    """Return the tokens of the noun phrase before a verb, if it can be a source."""
    end = verb
    while end > first and bits[end - 1] & _SKIPPED:
        end -= 1
    begin, farthest, seen = end, max(first, end - _LONGEST_SOURCE), 0
    while begin > farthest and not bits[begin - 1] & _ENDS:
        begin -= 1
        seen |= bits[begin]
    return (begin, end) if _speaks(seen) else None


def _before_clause(article: Article, verb: int, first: int) -> tuple[int, int] | None:
    """Return the tokens of the noun phrase that a relative clause separates from a verb: "Lund, who owns it, said"."""
    forms = article.segmented.tokens.forms
    if verb - 1 <= first or forms[verb - 1] != ",":
        return None
    for at in range(verb - 2, max(first + 1, verb - _LONGEST_CLAUSE), -1):
        if forms[at - 1] == "," and forms[at] in ("who", "which"):
            phrase = antecedent(article, at)
            return None if phrase is None else (phrase.first, phrase.end)
    return None


_LONGEST_CLAUSE = 20


def _phrase_after(bits: bytes, verb: int, last: int) -> tuple[int, int] | None:
    """Return the tokens of the noun phrase after a verb, if it can be a source."""
    end, farthest, seen = verb + 1, min(last, verb + 1 + _LONGEST_SOURCE), 0
    while end < farthest and not bits[end] & _ENDS:
        seen |= bits[end]
        end += 1
    return (verb + 1, end) if _speaks(seen) else None


def _speaks(seen: int) -> bool:
    """Tell whether words with these bits have a name or a noun that can be a source other than the writer."""
    return bool(seen & _SOURCE) and not seen & _NO_SOURCE


def _hearsay_candidates(article: Article, attributions: Sequence[Attribution]) -> list[Attribution]:
    """Return an attribution without a source for each sentence with "reportedly" or a similar word."""
    sentences = _hearsay_sentences(article)
    if not sentences:
        return []
    pattern, text = hearsay_pattern(), article.segmented.text
    nobody: defaultdict[int, list[Span]] = defaultdict(list)
    for span in (s for a in attributions if not a.source for s in a.cue):
        nobody[sentence_at(article, span.start)].append(span)
    found = []
    for number in sentences:
        sentence = article.segmented.sentences[number]
        match = pattern.search(text, sentence.start, sentence.end)
        if match is None:
            continue
        cue = Span(*match.span())
        if any(map(cue.overlaps, nobody[number])):
            continue
        around = (Span(sentence.start, cue.start), Span(cue.end, sentence.end))
        content = tuple(s for s in around if s.end - s.start > 2)
        found.append(Attribution((), (cue,), content, confidence=0.2))
    return found


_SURE, _FIRST, _SECOND = (1 << n for n in range(3))
"""Bits of words that hearsay must have; of the last two kinds it needs both, the first shortly before the second."""


def _hearsay_bits(forms: Sequence[str]) -> NDArray[np.uint8]:
    """Return the bits of each of `forms`."""
    known = _bits_of_hearsay()
    bits = np.fromiter(map(known.get, forms, repeat(0)), np.uint8, len(forms))
    for i, form in enumerate(forms):
        if not form.isalpha():  # "long-rumoured" is recognised by its parts
            for part in _PART.findall(form):
                bits[i] |= known.get(part, 0)
    return bits


@lru_cache(maxsize=1)
def _bits_of_hearsay() -> Mapping[str, int]:
    """Return the bits of the words that hearsay must have."""
    return bits_by_word(dict(zip((_SURE, _FIRST, _SECOND), hearsay_triggers(), strict=True)))


_PART = re.compile(r"\w+")


_HEARSAY = WordCache(_hearsay_bits)


def _hearsay_sentences(article: Article) -> list[int]:
    """Return the sentences, except furniture, with words that hearsay must have."""
    bits = _HEARSAY.of(article.words)
    first = bits & _FIRST > 0
    telling = bits & _SURE > 0
    second = bits & _SECOND > 0
    telling[1:] |= second[1:] & first[:-1]
    telling[2:] |= second[2:] & first[:-2]
    sentences = article.segmented.sentences
    places = np.flatnonzero(telling).tolist()
    numbers = dict.fromkeys(
        bisect_right(sentences, place, key=lambda s: s.first) - 1 for place in places
    )
    return [number for number in numbers if not sentences[number].furniture]
