"""Proposals of statements: sources found by the tagger, the rules or the reader's words, and sentences without a source.

Everything that could be a statement is proposed; :mod:`reportedly.annotation.sources.from_reading.choice` decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.reader.labels import WORDS, YES_NO
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.sources.candidates import find_attribution_candidates
from reportedly.annotation.sources.coreference.names import Article, sentence_at
from reportedly.annotation.sources.embedded import find_embedded, with_antecedents
from reportedly.annotation.sources.forms import find_forms
from reportedly.annotation.sources.hearsay import heard_of, is_hearsay_cue, sure_hearsay
from reportedly.annotation.sources.no_source import no_sources
from reportedly.datamodel import SOURCE_CLASSES, Attribution, Span
from reportedly.lexicons.loader import matcher_of

ORIGINS = ("tagger", "rule", "words")
"""How a source was found: by the tagger's attributions, as a noun beside a reporting verb, or only by the reader's words."""

_CLASSES = len(SOURCE_CLASSES)
_CUE = WORDS.index("cue")
_VAGUE = YES_NO.index("vague")

_WORD = 0.2
"""The least probability that a single word belongs to a source or a cue."""

_HEARSAY = 0.15
"""The least probability of a vague source for a sentence without other signs to be proposed as hearsay."""


class ProposedSource(NamedTuple):
    """A source that may say something: tokens ``[first, end)`` of its words, those of its cue, and more.

    `attribution` has its spans; `given` is its number among the given attributions, -1 if it is not one of them.
    """

    sentence: int
    first: int
    end: int
    cue_first: int
    cue_end: int
    attribution: Attribution
    given: int
    origin: str

    @property
    def source(self) -> Span:
        """The words of the source."""
        return self.attribution.source[0]


class Rumour(NamedTuple):
    """A sentence that may be hearsay without a source, and the tokens of its hearsay words."""

    sentence: int
    cue_first: int
    cue_end: int
    attribution: Attribution
    by_words: bool
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Proposals:
    """The proposals of an article; in addition, any sentence may continue a statement.

    `contents` are the tokens ``[first, end)`` of each voice's content, by voice; `unsourced` the tagger's cues
    without a source, by sentence; `sure` those voices that the form of their sentence makes sure.
    """

    voices: tuple[ProposedSource, ...]
    rumours: tuple[Rumour, ...]
    unsourced: dict[int, Attribution]
    sure: frozenset[int] = frozenset()


def propose(article: Article, given: Sequence[Attribution], reading: Reading) -> Proposals:
    """Return the proposals, in the order of the text."""
    embedded = find_embedded(article)
    given = with_antecedents(article, given, embedded)
    talked = frozenset(n for n, a in enumerate(given) if _is_heard_of(article, a))
    cued = [
        replace(a, source=()) if n in talked else a
        for n, a in enumerate(given)
        if a.cue and (n in talked or not a.source)
    ]
    rules = find_attribution_candidates(article, given)
    voices: list[ProposedSource] = []
    taken = _Taken()
    for number, attribution in enumerate(given):
        if attribution.source and number not in talked:
            voices += _voice(article, attribution, number, "tagger")
    for voice in voices:
        taken.add(voice.first, voice.end)
    certain = [*find_forms(article), *embedded]
    formed = [v for a in certain for v in _voice(article, a, -1, "rule")]
    voices += [v for v in formed if taken.add_new(v.first, v.end)]
    for attribution in rules:
        if attribution.source:
            voices += [
                v for v in _voice(article, attribution, -1, "rule") if taken.add_new(v.first, v.end)
            ]
    voices += [
        v
        for a in _shown(article, reading)
        for v in _voice(article, a, -1, "words")
        if taken.add_new(v.first, v.end)
    ]
    is_none = no_sources(article)
    voices = [
        v for v in voices if not (_is_heard_of(article, v.attribution) or is_none(v.attribution))
    ]
    voices.sort(key=lambda voice: (voice.first, voice.cue_first))
    rumours = _rumours(article, [*cued, *(a for a in rules if not a.source)], reading)
    unsourced = {sentence_at(article, a.cue[0].start): a for a in reversed(cued)}
    return Proposals(tuple(voices), tuple(rumours), unsourced, _sure(voices, formed))


def _is_heard_of(article: Article, attribution: Attribution) -> bool:
    """Tell whether an attribution's source is talked about and does not speak: "She is said to have fled"."""
    if not attribution.source or not attribution.cue:
        return False
    cue = " ".join(span.of(article.segmented.text) for span in attribution.cue)
    if attribution.source[0].end > attribution.cue[0].start:
        return False
    return heard_of(" ".join(cue.lower().split())) or is_hearer(article, attribution)


def is_hearer(article: Article, attribution: Attribution) -> bool:
    """Tell whether an attribution's source only hears what somebody unnamed says: "Lund has now been told that"."""
    source, cue = attribution.source[0], attribution.cue[-1]
    if cue.end - source.end > _HEARS:
        return False
    return _HEARD.fullmatch(article.segmented.text, source.end, cue.end) is not None


_HEARS = 60
"""Code points from a hearer to the end of the cue, at most."""
_HEARD = re.compile(
    r",? ?(?:who )?(?:(?:has|have|had|now|also|later|then|once|already|just|\w{2,20}ly) ){0,4}(?:was|were|is|are|been|being) (?:(?:now|also|later|then|once|already|just|\w{2,20}ly) ){0,2}(?:told|informed)"
)


def _sure(voices: Sequence[ProposedSource], formed: Sequence[ProposedSource]) -> frozenset[int]:
    """Return for each attribution that is certain by its wording the first voice that shares words with it."""
    found = set()
    for form in formed:
        at = bisect_right(voices, form.first, key=lambda voice: voice.first)
        near = range(max(0, at - _BESIDE), min(len(voices), at + _BESIDE))
        met = (n for n in near if voices[n].first < form.end and form.first < voices[n].end)
        found |= {number for number in [next(met, None)] if number is not None}
    return frozenset(found)


_BESIDE = 3
"""How many voices on either side of a place are searched for one there."""


class _Taken:
    """Token ranges of the sources so far."""

    def __init__(self) -> None:
        self._tokens: set[int] = set()

    def add(self, first: int, end: int) -> None:
        """Mark tokens ``[first, end)`` as taken."""
        self._tokens.update(range(first, end))

    def add_new(self, first: int, end: int) -> bool:
        """Mark tokens as taken if none of them is; tell whether they were marked."""
        if not self._tokens.isdisjoint(range(first, end)):
            return False
        self.add(first, end)
        return True


def token_range(article: Article, span: Span) -> tuple[int, int]:
    """Return the tokens ``[first, end)`` that a span overlaps, at least one."""
    tokens = article.segmented.tokens
    first = bisect_right(tokens.ends, span.start)
    return first, max(first + 1, bisect_left(tokens.starts, span.end))


def _voice(
    article: Article, attribution: Attribution, number: int, origin: str
) -> Iterator[ProposedSource]:
    """Yield the voice of an attribution with a source, unless its sentence is page furniture."""
    attribution = _behind_dateline(article, attribution)
    first, end = token_range(article, attribution.source[0])
    sentence = sentence_at(article, attribution.source[0].start)
    if first >= len(article.segmented.tokens) or article.segmented.sentences[sentence].furniture:
        return
    cue = token_range(article, attribution.cue[-1]) if attribution.cue else (0, 0)
    yield ProposedSource(sentence, first, end, *cue, attribution, number, origin)


_DATELINE = re.compile(
    r"[A-ZÀ-Þ][A-ZÀ-Þ.’'-]{2,30}(?:,? [A-ZÀ-Þ][\w.’'-]{1,30}){0,3}(?: \([^()\n]{2,30}\))? ?[—–-]{1,2} (?=\S)"
)
"""The place of a report, before its first words: "GORTON, Marsh (Echo) — "."""


def _behind_dateline(article: Article, attribution: Attribution) -> Attribution:
    """Return an attribution without the dateline that the words of its source begin with."""
    source = attribution.source[0]
    match = _DATELINE.match(article.segmented.text, source.start, source.end)
    if match is None:
        return attribution
    return replace(attribution, source=(Span(match.end(), source.end), *attribution.source[1:]))


def _shown(article: Article, reading: Reading) -> Iterator[Attribution]:
    """Yield each run of words that the reader marks as a source, with the nearest words that it marks as a cue."""
    tokens, sentences = article.segmented.tokens, article.segmented.sentences
    starts = [sentence.first for sentence in sentences]
    cues = list(_runs(reading.words[:, _CUE] >= _WORD, starts))
    heads = [first for first, _ in cues]
    for first, end in _runs(reading.words[:, :_CLASSES].sum(axis=1) >= _WORD, starts):
        sentence = sentences[bisect_right(starts, first) - 1]
        low, high = bisect_left(heads, sentence.first), bisect_left(heads, sentence.last)
        near = min(cues[low:high], key=lambda cue: max(cue[0] - end, first - cue[1]), default=None)
        cue = () if near is None else (tokens.span(*near),)
        yield Attribution((tokens.span(first, end),), cue, (sentence.span,), confidence=0.3)


def _runs(marks: NDArray[np.bool_], starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of marked tokens ``[first, end)``; none crosses the `starts` of sentences."""
    edge = np.zeros(len(marks) + 1, np.bool_)
    edge[list(starts)] = True
    edge[1:-1] |= marks[1:] != marks[:-1]
    edge[-1] = True
    places = np.flatnonzero(edge)
    for first, end in zip(places[:-1].tolist(), places[1:].tolist(), strict=True):
        if marks[first]:
            yield first, end


def _rumours(article: Article, cued: Sequence[Attribution], reading: Reading) -> list[Rumour]:
    """Return the sentences that may be hearsay: those with a hearsay cue, and those that the reader marks."""
    text, sentences = article.segmented.text, article.segmented.sentences
    found: dict[int, Rumour] = {}
    for attribution in cued:
        number = sentence_at(article, attribution.cue[0].start)
        if number in found or _is_case_report(article, number, attribution.cue[-1]):
            continue
        sentence = sentences[number]
        sure = sure_hearsay().search(text, sentence.start, sentence.end) is not None
        if sure or is_hearsay_cue(attribution.cue[-1].of(text).lower()):
            cue = token_range(article, attribution.cue[-1])
            found[number] = Rumour(number, *cue, attribution, by_words=True, sure=sure)
    for number in np.flatnonzero(reading.answers[:, _VAGUE] >= _HEARSAY).tolist():
        if number not in found:
            sentence = sentences[number]
            at = sentence.first + int(reading.words[sentence.first : sentence.last, _CUE].argmax())
            span = article.segmented.tokens.span(at, _past_auxiliaries(article, at, sentence.last))
            if _is_case_report(article, number, span):
                continue
            attribution = Attribution((), (span,), (sentence.span,), confidence=0.3)
            found[number] = Rumour(number, at, at + 1, attribution, by_words=False)
    return [found[n] for n in sorted(found) if not sentences[n].furniture]


def _past_auxiliaries(article: Article, at: int, last: int) -> int:
    """Return the end of a cue that begins at a token: "been" alone is none, "been reported" is."""
    forms = article.segmented.tokens.forms
    end = at + 1
    while end < min(last, at + _LONGEST_CUE) and forms[end - 1].lower() in _AUXILIARIES:
        end += 1
    return end


_LONGEST_CUE = 4
_AUXILIARIES = frozenset(["is", "are", "was", "were", "be", "been", "being", "has", "have", "had"])


def _is_case_report(article: Article, number: int, cue: Span) -> bool:
    """Tell whether a cue says that cases were reported, which counts them and passes on no rumour: "deaths have also been reported"."""
    text, sentence = article.segmented.text, article.segmented.sentences[number]
    match = matcher_of("no_sources", "case_report").search(text, sentence.start, sentence.end)
    return match is not None and match.start() <= cue.start < match.end()
