"""Train the choice of statements on annotated articles that the reader was not trained on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import fbeta_score
from sklearn.model_selection import GroupKFold

from reportedly.annotation.reader.decisions import smoothed
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.sources.coreference.names import Article
from reportedly.annotation.sources.from_reading.choice import (
    Chances,
    Findings,
    StatementChoice,
    chances_of,
)
from reportedly.annotation.sources.linking.learning import RankerRecipe, fit_ranker, locate_words
from reportedly.annotation.sources.linking.model import Ranker
from reportedly.corpora.gold import NOBODY, GoldArticle, GoldAttribution, overlaps, within_marks
from reportedly.datamodel import Attribution, Span
from reportedly.datamodel.arrays import Bools, Floats32

_RECIPE = RankerRecipe(units=16, networks=4, passes=15, decay=1.0, rate=3e-3, batch=64)
"""Chosen by cross-validation on held-out readings."""

CHOICE_FOLDS = 4
_GRID = np.arange(0.2, 0.8, 0.025)
_BETAS = (1.0, 0.7, 1.0)
"""Beta of the F that chooses each part's threshold: to credit somebody with a sentence that he did not say is worse than to leave it out."""


@dataclass(frozen=True)
class SourceExample:
    """An annotated article as the reader and the tagger read it; `group` is shared with near duplicates.

    `part` numbers the readers: each read articles from which it has not learnt, and part 0 was read by the reader that scores.
    """

    gold: GoldArticle
    article: Article
    given: Sequence[Attribution]
    reading: Reading
    group: int = 0
    part: int = 0


@dataclass(frozen=True)
class ProposalTruth:
    """Which of an article's proposals are right by the annotation.

    `keys` has the source of each voice, None if it is not one; `carried` the sources of each sentence that have no
    words there, by sentence; `rumours` whether each rumour is one.
    """

    keys: tuple[str | None, ...]
    carried: tuple[tuple[str, ...], ...]
    rumours: tuple[bool, ...]

    def marks(self, part: int) -> Bools:
        """Return which proposals of a part are right."""
        of = (
            [key is not None for key in self.keys],
            [bool(keys) for keys in self.carried],
            list(self.rumours),
        )
        return np.array(of[part], np.bool_)


def key_of(attribution: GoldAttribution) -> str:
    """Return the key of an annotated source; its class if the annotation has no keys."""
    if attribution.entity is not None:
        return attribution.entity
    nobody = attribution.source_class == "vague" and not attribution.source
    return NOBODY if nobody else attribution.source_class


def truth_of(read: SourceExample, findings: Findings) -> ProposalTruth:
    """Return which proposals of an article are right by the annotation."""
    text, proposals = read.gold.document.text, findings.proposals
    spans, called = _sources(read.gold)
    own = [s.span for s in read.article.segmented.sentences]
    rows = overlaps(own, [within_marks(text, s.span) for s in read.gold.sentences])
    there = [{key_of(a) for i in r for a in read.gold.sentences[i].attributions} for r in rows]
    keys = []
    for voice in proposals.voices:
        own_span = voice.source
        key = next((k for span, k in spans if span.overlaps(own_span)), None)
        if key is None:
            among = called.get(own_span.of(text).lower(), set()) & there[voice.sentence]
            key = min(among, default=None)
        keys.append(key)
    voiced: defaultdict[int, set[str]] = defaultdict(set)
    for voice, key in zip(proposals.voices, keys, strict=True):
        if key is not None:
            voiced[voice.sentence].add(key)
    carried = tuple(
        tuple(sorted(known - voiced[n] - {NOBODY})) if not s.furniture else ()
        for n, (known, s) in enumerate(zip(there, read.article.segmented.sentences, strict=True))
    )
    rumours = tuple(NOBODY in there[rumour.sentence] for rumour in proposals.rumours)
    return ProposalTruth(tuple(keys), carried, rumours)


def _sources(gold: GoldArticle) -> tuple[list[tuple[Span, str]], dict[str, set[str]]]:
    """Return the places of the annotated sources with their keys, and the keys by wording."""
    spans: list[tuple[Span, str]] = []
    called: defaultdict[str, set[str]] = defaultdict(set)
    for sentence in gold.sentences:
        words = sentence.span.of(gold.document.text)
        for attribution in sentence.attributions:
            cue = locate_words(words, attribution.cue)
            source = locate_words(words, attribution.source, 0 if cue is None else cue.start)
            if source is not None:
                start = sentence.span.start
                spans.append((Span(start + source.start, start + source.end), key_of(attribution)))
                called[attribution.source.lower()].add(key_of(attribution))
    return spans, called


@dataclass(frozen=True)
class Chosen:
    """A trained choice of statements, and for each article the probabilities of its proposals by choices not trained on it."""

    choice: StatementChoice
    unseen: tuple[Chances, ...]


def learn_choice(reads: Sequence[SourceExample], *, seed: int = 0) -> Chosen:
    """Return a choice of statements trained on articles; near duplicates share a group."""
    found = [Findings.of(r.article, r.given, r.reading) for r in reads]
    truths = [truth_of(r, f) for r, f in zip(reads, found, strict=True)]
    folds = list(_folds([r.group for r in reads]))
    chances: list[list[Floats32]] = [[] for _ in reads]
    rankers = []
    for part in range(3):
        rows = [_rows(part, f, c[0] if c else None) for f, c in zip(found, chances, strict=True)]
        marks = [t.marks(part) for t in truths]
        out: list[Floats32] = [np.zeros(0, np.float32)] * len(reads)
        for train, test in folds:
            ranker = _fit([rows[i] for i in train], [marks[i] for i in train], seed)
            for i in test:
                out[i] = chances_of(ranker, rows[i])
        rankers.append(_fit(rows, marks, seed))
        for own, new in zip(chances, out, strict=True):
            own.append(new)
    unseen = tuple(Chances(*c) for c in chances)
    least = [
        threshold_of(
            np.concatenate([c[part] for c in chances]),
            np.concatenate([t.marks(part) for t in truths]),
            _BETAS[part],
        )
        for part in range(3)
    ]
    voice, carried, rumour = rankers
    return Chosen(StatementChoice((voice, carried, rumour), np.array(least, np.float32)), unseen)


def _rows(part: int, findings: Findings, chances: Floats32 | None) -> Floats32:
    """Return the rows of a part of an article's proposals."""
    if part == 0 or chances is None:
        return findings.voices()
    return findings.carried(chances) if part == 1 else findings.rumours(chances)


def _folds(groups: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield training and test articles, with near duplicates on one side."""
    folds = GroupKFold(min(CHOICE_FOLDS, len(set(groups))), shuffle=True, random_state=0)
    for train, test in folds.split(groups, groups=groups):
        yield train.tolist(), test.tolist()


def _fit(rows: Sequence[Floats32], marks: Sequence[Bools], seed: int) -> Ranker:
    """Return a ranker trained on the rows of articles."""
    table = np.concatenate([r for r in rows if len(r)])
    return fit_ranker(table, np.concatenate(marks), _RECIPE, seed)


def threshold_of(chances: Floats32, right: Bools, beta: float = 1.0) -> float:
    """Return the threshold of the probability at which F-beta, averaged over neighbouring thresholds, is highest."""
    scores = smoothed(
        [fbeta_score(right, chances >= least, beta=beta, zero_division=0.0) for least in _GRID]
    )
    return float(_GRID[int(scores.argmax())])
