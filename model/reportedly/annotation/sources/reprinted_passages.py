"""Passages that an article reprints from another outlet: "From the Harbour Post:" and what follows.

By the conventions of ``docs/signals.md`` the outlet vouches for every sentence of such a passage, and so does
anybody who speaks in it. A passage begins with an outlet's name and a colon or dots; it continues as long as the
quotation does or, if it is not quoted, for a limited number of sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

import numpy as np

from reportedly.annotation.attribution.reporting_verbs import verb_kinds
from reportedly.annotation.sources.coreference.names import Article, look_up, sentence_at
from reportedly.annotation.sources.word_lists import DOMAINS, lists, type_name
from reportedly.annotation.tokens.vocabulary import WordCache
from reportedly.datamodel import Segmented, Span
from reportedly.lexicons.loader import load

_LONGEST = 15
"""The most sentences of an unquoted passage; chosen on annotated news."""

_LEAD, _VERB, _HEAD = "passage_lead", "passage_verb", "passage_head"
"""Kinds of sentences that begin a passage, in ``lexicons/source_outlets.toml``."""

_NO_PART = frozenset(["The", "the", "From", "As", "And", "But"])
"""How many words before an outlet's name these patterns include."""


@dataclass(frozen=True, slots=True)
class ReprintedPassage:
    """A passage from another outlet: the outlet's name, its place, and the sentences ``[first, last)``."""

    name: tuple[str, ...]
    span: Span
    first: int
    last: int


def find_reprinted_passages(article: Article) -> tuple[ReprintedPassage, ...]:
    """Return the passages that the article reprints from other outlets, in order."""
    openers = list(_openers(article))
    if not openers:
        return ()
    ends = [number for number, *_ in openers[1:]] + [len(article.segmented.sentences)]
    return tuple(
        ReprintedPassage(name, span, number, _end(article.segmented, number, limit, alone=alone))
        for (number, name, span, alone), limit in zip(openers, ends, strict=True)
    )


def _openers(article: Article) -> Iterator[tuple[int, tuple[str, ...], Span, bool]]:
    """Yield each sentence that begins a passage: its number, the outlet, its span, and whether the passage is one sentence only."""
    text, sentences = article.segmented.text, article.segmented.sentences
    tokens, known = article.segmented.tokens, -1
    says = _VERBS.of(article.words).tobytes()
    for i in np.flatnonzero(_MARKS.of(article.words)).tolist():
        mark = _MARK.search(text, max(0, tokens.starts[i] - 1), tokens.ends[i] + 1)
        number = -1 if mark is None else sentence_at(article, mark.start())
        if number <= known or sentences[number].furniture:
            continue
        known = number
        sentence = sentences[number]
        words = text[sentence.start : sentence.end].rstrip()
        for kind, pattern in _openings().items():
            told = kind != _VERB or says.find(1, sentence.first, sentence.last) >= 0
            match = pattern.search(words) if told else None
            if match is None:
                continue
            name = tuple(w for w in match["name"].split() if w not in _NO_PART)
            if name and _is_outlet(article, name, kind):
                span = Span(
                    sentence.start + match.start("name"), sentence.start + match.end("name")
                )
                inline = match.end() < len(words) - 1 and "." not in name[-1]
                yield number, name, span, kind == _VERB and inline
                break


_MARK = re.compile(r":(?=\s|$)|…|\.\.\.")
_MARKS = WordCache(
    lambda forms: np.array([form[0] in ":…" or form[:2] == ".." for form in forms], np.bool_)
)
"""Which tokens are, or end in, such a mark: the first dot may belong to the token before, as in "U.S…"."""


_VERBS = WordCache(
    lambda forms: np.fromiter(map(verb_kinds().__contains__, forms), np.bool_, len(forms))
)
"""Which tokens are reporting words: without one, no sentence begins a passage with a verb of reporting."""


@lru_cache(maxsize=1)
def _openings() -> dict[str, re.Pattern[str]]:
    """Return the patterns of sentences that begin a passage, by kind, the surest first."""
    entries = load("source_outlets").entries
    patterns = {str(e.attributes["kind"]): e.pattern for e in entries if e.pattern}
    return {kind: re.compile(patterns[kind]) for kind in (_LEAD, _VERB, _HEAD)}


def _is_outlet(article: Article, name: tuple[str, ...], kind: str) -> bool:
    """Tell whether a name before a colon is an outlet's; after "from" every name counts that is not a person's."""
    if kind == _HEAD:
        return " ".join(name) in lists().outlets
    if look_up(article, name)[0] == "press" or name[-1].rsplit(".", 1)[-1] in DOMAINS:
        return True
    return kind == _LEAD and type_name(name)[0] != "person"


def _end(segmented: Segmented, number: int, limit: int, *, alone: bool) -> int:
    """Return the sentence before which the passage that begins in sentence `number` ends."""
    if alone:
        return number + 1
    sentences = segmented.sentences
    closing = _closing(segmented, number)
    if closing >= 0:
        return min(limit, closing + 1)
    quoted = number + 1 < limit and _opens_quoted(segmented, number + 1)
    last = number + 1
    while last < min(limit, number + 1 + _LONGEST) and not sentences[last].furniture:
        if quoted and not _opens_quoted(segmented, last):
            break
        last += 1
    return last


def _closing(segmented: Segmented, number: int) -> int:
    """Return the sentence that ends the quotation which begins within sentence `number`, behind its colon; -1 if none does."""
    sentence, text = segmented.sentences[number], segmented.text
    for quotation in segmented.quotations:
        if quotation.start >= sentence.end:
            break
        begins = quotation.start > sentence.start and not quotation.depth and quotation.closed
        if begins and text[sentence.start : quotation.start].rstrip().endswith(":"):
            ends = [one.end for one in segmented.sentences]
            return bisect_left(ends, quotation.end)
    return -1


def _opens_quoted(segmented: Segmented, number: int) -> bool:
    """Tell whether a sentence begins within a quotation or with one."""
    start = segmented.sentences[number].start + 1
    quotations = segmented.quotations
    at = bisect_left(quotations, (start, start), key=attrgetter("start", "end")) - 1
    return any(q.start <= start < q.end for q in quotations[max(0, at - 2) : at + 1])
