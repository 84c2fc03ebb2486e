"""Which proposals are statements: three small networks over the evidence, each with a threshold of probability."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.attribution.passages import OneVoicePassage, find_passages
from reportedly.annotation.reader.labels import YES_NO
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.sources.coreference.names import Article
from reportedly.annotation.sources.from_reading.evidence import (
    ReadingEvidence,
    carried_rows,
    rumour_rows,
    voice_rows,
)
from reportedly.annotation.sources.from_reading.proposals import (
    Proposals,
    ProposedSource,
    propose,
)
from reportedly.annotation.sources.from_reading.unspoken import unspoken, writers_own
from reportedly.annotation.sources.linking.model import Ranker
from reportedly.annotation.sources.reprinted_passages import (
    ReprintedPassage,
    find_reprinted_passages,
)
from reportedly.annotation.tokens.word_features import logistic
from reportedly.datamodel import Attribution
from reportedly.datamodel.arrays import Bools, Floats32, arrays_under

PROPOSAL_PARTS = ("voice", "carried", "rumour")
"""The kinds of proposals: sources with words, sentences that continue somebody's words, sentences without a source."""

_ATTRIBUTED = YES_NO.index("attributed")
_ANNOUNCES = 0.4
"""The least probability of an attributed sentence ending in a colon for it to announce somebody's words."""


_LIKELIEST, _SURELY = 0.4, 0.6
"""In a sentence attributed with at least the second probability, the best source is kept from the first probability on."""


class Chances(NamedTuple):
    """The probabilities that voices, continued sentences and rumours are statements."""

    voice: Floats32
    carried: Floats32
    rumour: Floats32


@dataclass(frozen=True, slots=True)
class Findings:
    """An article with all its proposals, and its passages of one speaker."""

    proposals: Proposals
    evidence: ReadingEvidence
    passages: tuple[OneVoicePassage, ...]
    reprinted: tuple[ReprintedPassage, ...]
    marks: Floats32
    likely: Floats32

    @classmethod
    def of(cls, article: Article, given: Sequence[Attribution], reading: Reading) -> Findings:
        """Return the proposals of an article."""
        likely = reading.answers[:, _ATTRIBUTED].tolist()
        passages = tuple(find_passages(article.segmented, likely, _ANNOUNCES))
        reprinted = _reprinted(article, passages)
        marks = np.zeros((len(article.segmented.sentences), 2), np.float32)
        for passage in passages:
            marks[passage.first : passage.last, 0] = 0.0 if passage.asks else 1.0
        for block in reprinted:
            marks[block.first : block.last, 1] = 1.0
        return cls(
            propose(article, given, reading),
            ReadingEvidence(article, reading),
            passages,
            reprinted,
            marks,
            reading.answers[:, _ATTRIBUTED],
        )

    def voices(self) -> Floats32:
        """Return the rows of the voices."""
        return voice_rows(self.evidence, self.proposals)

    def carried(self, chances: Floats32) -> Floats32:
        """Return the rows of the sentences as continued ones, given the `chances` of the voices."""
        return carried_rows(self.evidence, self.proposals, chances, self.marks)

    def rumours(self, chances: Floats32) -> Floats32:
        """Return the rows of the rumours, given the `chances` of the voices."""
        return rumour_rows(self.evidence, self.proposals, chances)


@dataclass(frozen=True, slots=True)
class StatementChoice:
    """The networks of ``PROPOSAL_PARTS``, and the threshold of each, ``(parts,)``."""

    rankers: tuple[Ranker, Ranker, Ranker]
    least: Floats32

    def chances(self, findings: Findings) -> Chances:
        """Return the probability that each proposal is a statement."""
        voice, carried, rumour = self.rankers
        voices = chances_of(voice, findings.voices())
        return Chances(
            voices,
            chances_of(carried, findings.carried(voices)),
            chances_of(rumour, findings.rumours(voices)),
        )

    def keeps(self, findings: Findings, chances: Chances) -> tuple[Bools, Bools, Bools]:
        """Return which voices, continued sentences and rumours are statements.

        A sentence that might continue somebody's words but has a more likely source of its own belongs to that source.
        """
        voice, carried, rumour = (c >= t for c, t in zip(chances, self.least, strict=True))
        by_sentence: dict[int, int] = {}
        for number, one in enumerate(findings.proposals.voices):
            best = by_sentence.get(one.sentence)
            if best is None or chances.voice[number] > chances.voice[best]:
                by_sentence[one.sentence] = number
        for sentence, number in by_sentence.items():
            unsure = chances.voice[number] >= max(_LIKELIEST, chances.carried[sentence])
            if unsure and not voice[number] and findings.likely[sentence] >= _SURELY:
                voice[number] = True
                carried[sentence] = False
        for passage in findings.passages:
            if passage.sure and not passage.asks:
                carried[passage.first : passage.last] = True
        article, voices = findings.evidence.article, findings.proposals.voices
        voice[list(unspoken(article, voices, chances.voice, voice))] = False
        _keep_sure(article, findings.proposals, voice, carried, rumour)
        spoken = {n for passage in findings.passages for n in range(passage.first, passage.last)}
        own = [n for n in writers_own(article, voices, voice, carried) if n not in spoken]
        carried[own] = False
        rumour[told_by_voices(findings.proposals, voice)] = False
        voice[list(_of_labels(article, findings))] = False
        for passage in findings.passages:
            if passage.asks:
                carried[passage.first : passage.last] = False
        return voice, carried, rumour

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as plain arrays."""
        arrays: dict[str, NDArray[Any]] = {"least": self.least}
        for part, ranker in zip(PROPOSAL_PARTS, self.rankers, strict=True):
            arrays |= {f"{part}_{name}": array for name, array in ranker.to_arrays().items()}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> StatementChoice:
        """Return the choice from the arrays of :meth:`to_arrays`."""
        voice, carried, rumour = (
            Ranker.from_arrays(arrays_under(f"{part}_", arrays)) for part in PROPOSAL_PARTS
        )
        return cls((voice, carried, rumour), np.asarray(arrays["least"], np.float32))


def _reprinted(
    article: Article, passages: Sequence[OneVoicePassage]
) -> tuple[ReprintedPassage, ...]:
    """Return the passages from other outlets; an outlet's name that labels a turn of a conversation opens none."""
    labels = {p.first for p in passages if p.labelled and (p.asks or p.sure)}
    found = find_reprinted_passages(article)
    return tuple(block for block in found if block.first not in labels)


def _of_labels(article: Article, findings: Findings) -> Iterator[int]:
    """Yield the voices of presenters, their labels and "I"; and those of any other label but the first that is the label alone."""
    text = article.segmented.text
    turns = [(p.source, p) for p in findings.passages if p.source and p.labelled]
    ends = {source.start: source.end for source, _ in turns}
    asking = {n for _, p in turns if p.asks for n in range(p.first, p.last)}
    silent = {source.of(text) for source, p in turns if p.asks}
    seen = set()
    for number, voice in enumerate(findings.proposals.voices):
        source = voice.source
        end = ends.get(source.start)
        label = source.of(text) if end is None else text[source.start : end]
        asks = label in silent and (end is not None or text[source.end : source.end + 1] == ":")
        narrates = voice.sentence in asking and label in _NARRATOR
        again = end is not None and (voice.first in seen or source.end > end + 1)
        if asks or narrates or again:
            yield number
        else:
            seen.add(voice.first)


_NARRATOR = frozenset(["I", "We", "we"])


def _keep_sure(
    article: Article, proposals: Proposals, voice: Bools, carried: Bools, rumour: Bools
) -> None:
    """Keep proposals whose wording is unambiguous: voices, and hearsay in clauses without other signs of a source."""
    voices = proposals.voices
    for number in proposals.sure:
        voice[number] = True
        carried[voices[number].sentence] = False
    kept = _kept_by_sentence(proposals, voice)
    for number, told in enumerate(proposals.rumours):
        if told.sure and all(
            _in_next_clause(article, one.first, told.cue_end) for one in kept[told.sentence]
        ):
            rumour[number] = True
            carried[told.sentence] = False


def told_by_voices(proposals: Proposals, voice: Bools) -> list[int]:
    """Return the rumours that a kept voice tells already: "rumours of a leak" are one vague source, not also hearsay without one."""
    kept = _kept_by_sentence(proposals, voice)
    return [
        number
        for number, told in enumerate(proposals.rumours)
        if any(one.first <= told.cue_first < one.end for one in kept[told.sentence])
    ]


def _kept_by_sentence(proposals: Proposals, voice: Bools) -> defaultdict[int, list[ProposedSource]]:
    """Return the voices that are kept, by sentence."""
    kept: defaultdict[int, list[ProposedSource]] = defaultdict(list)
    for one in compress(proposals.voices, voice.tolist()):
        kept[one.sentence].append(one)
    return kept


def _in_next_clause(article: Article, first: int, cue_end: int) -> bool:
    """Tell whether a source at token `first` speaks in a separate clause after hearsay: "it is said that …, and sources say"."""
    forms = article.segmented.tokens.forms
    return (
        first - 2 > cue_end
        and forms[first - 1] in ("and", "but", "while")
        and forms[first - 2] == ","
    )


def chances_of(ranker: Ranker, rows: Floats32) -> Floats32:
    """Return the probability of each row."""
    return logistic(ranker(rows)) if len(rows) else np.zeros(0, np.float32)
