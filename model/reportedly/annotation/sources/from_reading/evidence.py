"""The features of each proposal, as one row of numbers.

A row has the reader's probabilities for the words and the sentence, and features of the words of source and cue.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import chain
from math import log1p

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.attribution.reporting_verbs import REPORTING_KINDS, verb_kinds
from reportedly.annotation.reader.labels import TAGS, WORDS, YES_NO
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.sources.coreference.mentions import Mention, read_mention
from reportedly.annotation.sources.coreference.names import (
    Article,
    quoted_tokens,
    sentence_at,
)
from reportedly.annotation.sources.from_reading.proposals import (
    ORIGINS,
    Proposals,
    ProposedSource,
    Rumour,
)
from reportedly.annotation.sources.hearsay import is_hearsay_cue
from reportedly.annotation.sources.linking.features import one_of
from reportedly.annotation.sources.linking.views import KINDS, kind_of
from reportedly.annotation.sources.word_lists import (
    ANON,
    BODY,
    COLLECTIVE,
    DOCUMENT,
    HEARSAY,
    NOTABLE,
    PRESS,
    SPOKES,
)
from reportedly.datamodel import SOURCE_CLASSES, Span
from reportedly.datamodel.annotation import cue_words
from reportedly.datamodel.arrays import Floats32

_CLASSES = len(SOURCE_CLASSES)
_CUE = WORDS.index("cue")
_ANSWERS = [
    YES_NO.index(name)
    for name in ("attributed", "anonymous", "named", *SOURCE_CLASSES, "carries_on", "furniture", "checkworthy")
]  # fmt: skip
_ATTRIBUTED, _CARRIES_ON = YES_NO.index("attributed"), YES_NO.index("carries_on")
_ROLES = np.array([[float(tag[2:3] == role) for role in "SCK"] for tag in TAGS], np.float32)
"""The tags of a word that is part of a source, cue or content."""
_FLAGS = (ANON, NOTABLE, COLLECTIVE, BODY, DOCUMENT, HEARSAY, PRESS, SPOKES)
_VOICE_KINDS = tuple(kind for kind in KINDS if kind not in ("carried", "hearsay"))


class ReadingEvidence:
    """The reader's probabilities for one article as running sums, so that the mean over any range of words is quick."""

    def __init__(self, article: Article, reading: Reading) -> None:
        segmented = article.segmented
        self.article, self.reading = article, reading
        self.first = np.array([s.first for s in segmented.sentences])
        self.last = np.array([s.last for s in segmented.sentences])
        told = np.empty((len(reading.words), len(WORDS) + _ROLES.shape[1]), np.float32)
        told[:, : len(WORDS)], told[:, len(WORDS) :] = reading.words, reading.tags @ _ROLES
        self.quoted = quoted_tokens(article).astype(np.float32)
        self._sums = np.zeros((len(told) + 1, told.shape[1] + 1))
        self._sums[1:, :-1], self._sums[1:, -1] = told, self.quoted
        np.cumsum(self._sums, axis=0, out=self._sums)
        self.most = np.maximum.reduceat(told, self.first, axis=0)
        self.means = self.mean(self.first, self.last)
        self.answers = reading.answers[:, _ANSWERS].astype(np.float32)
        paragraphs = np.array([s.paragraph for s in segmented.sentences])
        self.same_paragraph = np.zeros(len(paragraphs), np.float32)
        self.same_paragraph[1:] = paragraphs[1:] == paragraphs[:-1]

    def mean(self, first: NDArray[np.int64], end: NDArray[np.int64]) -> Floats32:
        """Return the mean over tokens ``[first, end)`` of words, roles and quotation; 0 where there are none."""
        count = np.maximum(end - first, 1)[:, None]
        means: Floats32 = ((self._sums[end] - self._sums[first]) / count).astype(np.float32)
        return means


def voice_rows(evidence: ReadingEvidence, proposals: Proposals) -> Floats32:
    """Return the features for the decision whether each voice makes a statement, ``(voices, features)``."""
    voices = proposals.voices
    if not voices:
        return np.zeros((0, 0), np.float32)
    sentence = np.array([v.sentence for v in voices])
    first = np.array([v.first for v in voices])
    source = evidence.mean(first, np.array([v.end for v in voices]))
    cue = evidence.mean(
        np.array([v.cue_first for v in voices]), np.array([v.cue_end for v in voices])
    )
    total = source[:, :_CLASSES].sum(axis=1)
    counts = np.bincount(sentence, minlength=len(evidence.first))[sentence]
    best = np.zeros(len(evidence.first), np.float32)
    np.maximum.at(best, sentence, total)
    numbers = np.column_stack([
        source, total, source[:, :_CLASSES].max(axis=1), cue[:, _CLASSES:],
        evidence.answers[sentence], evidence.most[sentence], total - best[sentence], np.minimum(counts, 5),
        np.log1p(first - evidence.first[sentence]),
        [v.attribution.confidence for v in voices],
    ]).astype(np.float32)  # fmt: skip
    told = (_voice_words(evidence.article, voice) for voice in voices)
    words = np.fromiter(chain.from_iterable(told), np.float32).reshape(len(voices), -1)
    return np.hstack([numbers, words])


def mention_of(article: Article, voice: ProposedSource) -> Mention:
    """Return the analysed words of a voice."""
    opens = voice.first <= article.segmented.sentences[voice.sentence].first + 1
    return read_mention(
        article.segmented.tokens.forms[voice.first : voice.end], opens_sentence=opens
    )


def cue_of(article: Article, spans: tuple[Span, ...]) -> str:
    """Return the words of a cue in lower case."""
    return " ".join(cue_words(article.segmented.text, spans))


def _voice_words(article: Article, voice: ProposedSource) -> list[float]:
    """Return the features of the words of a voice and of its cue."""
    mention, cue = mention_of(article, voice), cue_of(article, voice.attribution.cue)
    verb, words, hearsay = _cue_words(cue)
    content = sum([span.end - span.start for span in voice.attribution.content])
    after = voice.attribution.cue[-1].end if words else voice.source.end
    text = article.segmented.text
    return [
        *one_of(ORIGINS, voice.origin), *one_of(_VOICE_KINDS, kind_of(mention, cued=words > 0)),
        *_flags(mention.flags), *verb, words > 0, words, hearsay,
        voice.cue_first < voice.first, min(abs(voice.cue_first - voice.first), 12.0) if words else 0.0,
        mention.plural, voice.end - voice.first, log1p(content),
        text[after : after + 6].strip()[:4] == "that",
    ]  # fmt: skip


@cache
def _flags(flags: int) -> tuple[float, ...]:
    """Return which of ``_FLAGS`` are set."""
    return tuple(float(bool(flags & bit)) for bit in _FLAGS)


@lru_cache(maxsize=4096)
def _cue_words(cue: str) -> tuple[tuple[float, ...], int, bool]:
    """Return the kind of a cue's last reporting verb, its number of words, and whether it is hearsay."""
    words, known = cue.split(), verb_kinds()
    verb = next((k for w in reversed(words) if (k := known.get(w))), "")
    return one_of(REPORTING_KINDS, verb), len(words), is_hearsay_cue(cue)


def carried_rows(
    evidence: ReadingEvidence,
    proposals: Proposals,
    chances: Floats32,
    passages: NDArray[np.float32],
) -> Floats32:
    """Return the features for the decision whether each sentence continues somebody's words, ``(sentences, features)``.

    `chances` are the probabilities of the voices, ``(voices,)``; `passages` ``(sentences, kinds)`` marks passages of one speaker.
    """
    own = _best_voices(evidence, proposals, chances)
    base = np.hstack([evidence.answers, own, evidence.means, evidence.most[:, :_CUE]])
    wide = np.hstack(
        [evidence.answers[:, :3], evidence.answers[:, 9:10], own, evidence.means[:, -1:]]
    )
    before, twice, behind = (_shifted(wide, by) for by in (1, 2, -1))
    covered = _covered(evidence, proposals, chances)
    length = np.log1p(evidence.last - evidence.first)
    number = np.arange(len(length))
    edges = np.column_stack([
        evidence.same_paragraph, _shifted(evidence.same_paragraph[:, None], -1), length, np.log1p(number),
        evidence.quoted[evidence.first], evidence.quoted[evidence.last - 1],
        [float(n in proposals.unsourced) for n in number],
    ])  # fmt: skip
    rows: Floats32 = np.hstack([base, before, twice, behind, covered, edges, passages])
    return rows.astype(np.float32)


def _best_voices(evidence: ReadingEvidence, proposals: Proposals, chances: Floats32) -> Floats32:
    """Return for each sentence the highest probability of its voices and how many are likely, ``(sentences, 2)``."""
    best = np.zeros((len(evidence.first), 2), np.float32)
    places = np.array([v.sentence for v in proposals.voices], np.int64)
    np.maximum.at(best[:, 0], places, chances)
    np.add.at(best[:, 1], places, chances)
    return best


def _shifted(rows: NDArray[np.float32], by: int) -> NDArray[np.float32]:
    """Return the rows of the sentence `by` places before, 0 beyond the text."""
    out = np.zeros_like(rows)
    if by > 0:
        out[by:] = rows[:-by]
    else:
        out[:by] = rows[-by:]
    return out


def _covered(evidence: ReadingEvidence, proposals: Proposals, chances: Floats32) -> Floats32:
    """Return the probability that a voice before, and one after, has its tagged content in each sentence."""
    sentences, article = evidence.article.segmented.sentences, evidence.article
    found = np.zeros((len(sentences), 2), np.float32)
    for voice, chance in zip(proposals.voices, chances.tolist(), strict=True):
        if voice.origin != "tagger":
            continue
        for span in voice.attribution.content:
            low = sentence_at(article, span.start)
            high = sentence_at(article, max(span.start, span.end - 1))
            if low < voice.sentence:
                part = found[low : min(high + 1, voice.sentence), 1]
                np.maximum(part, chance, out=part)
            if high > voice.sentence:
                part = found[max(low, voice.sentence + 1) : high + 1, 0]
                np.maximum(part, chance, out=part)
    return found


def rumour_rows(evidence: ReadingEvidence, proposals: Proposals, chances: Floats32) -> Floats32:
    """Return the features for the decision whether each rumour is a statement without a source, ``(rumours, features)``."""
    rumours = proposals.rumours
    sentence = np.array([r.sentence for r in rumours], np.int64)
    own = _best_voices(evidence, proposals, chances)
    cue = evidence.mean(
        np.array([r.cue_first for r in rumours], np.int64),
        np.array([r.cue_end for r in rumours], np.int64),
    )
    told = np.array([_rumour_words(evidence.article, r) for r in rumours], np.float32)
    return np.hstack([
        evidence.answers[sentence], evidence.most[sentence], own[sentence], cue[:, _CLASSES - 1 :],
        told.reshape(len(rumours), 3 + len(REPORTING_KINDS)),
    ]).astype(np.float32)  # fmt: skip


def _rumour_words(article: Article, rumour: Rumour) -> list[float]:
    """Return the features of the words of a rumour's cue."""
    verb, words, hearsay = _cue_words(cue_of(article, rumour.attribution.cue))
    return [rumour.by_words, hearsay, words, *verb]
