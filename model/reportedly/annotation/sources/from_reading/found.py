"""The statements of an article in the order of the text: kept proposals, passages, and blocks from other outlets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np

from reportedly.annotation.attribution.askers import one_bearer, surname
from reportedly.annotation.attribution.passages import OneVoicePassage, announcer
from reportedly.annotation.reader.labels import YES_NO
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.sources.coreference.names import Article, sentence_at
from reportedly.annotation.sources.from_reading.choice import Findings
from reportedly.annotation.sources.from_reading.entity_class import (
    EntityClasses,
    mixed,
    word_key,
)
from reportedly.annotation.sources.from_reading.evidence import cue_of, mention_of
from reportedly.annotation.sources.from_reading.proposals import ProposedSource, token_range
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.datamodel import SOURCE_CLASSES, Attribution, Span
from reportedly.datamodel.arrays import Bools, Floats32

_CLASSES = len(SOURCE_CLASSES)
_CLASS_ANSWERS = [YES_NO.index(name) for name in SOURCE_CLASSES]
_PRESS = SOURCE_CLASSES.index("press")
_LITTLE = 0.005
"""Added to each class before probabilities are normalised, so that none is 0 or 1."""


@dataclass(frozen=True, slots=True)
class Found:
    """One found statement: what the linker sees of it, what goes into the ledger, and how it was found.

    `voice` is None if it has no words for its source; `tied` is the number of the statement whose source it
    shares because both are in one passage, -1 if the linker decides; `speaker` that of the label in whose turn it stands, -1 for none: "he"
    in it is somebody else; `extra` is true if the linker does not see it, `silent` if
    it only names somebody who speaks elsewhere.
    """

    sentence: int
    statement: Statement
    attribution: Attribution
    voice: ProposedSource | None = None
    tied: int = -1
    speaker: int = -1
    extra: bool = False
    silent: bool = False
    words: Floats32 | None = None


def statements_of(
    article: Article,
    findings: Findings,
    kept: tuple[Bools, Bools, Bools],
    reading: Reading,
    classes: EntityClasses,
) -> list[Found]:
    """Return the statements of an article in the order of the text; `extra` ones come last."""
    builder = _Builder(article, findings, reading, classes)
    voices, carried, rumours = kept
    builder.voices(voices)
    for passage in findings.passages:
        builder.passage(passage, carried)
    builder.carried(np.flatnonzero(carried).tolist())
    builder.rumours(rumours)
    return builder.ordered()


def class_answers(reading: Reading, sentences: Sequence[int]) -> Floats32:
    """Return the reader's probability of a source of each class in each of `sentences`, ``(sentences, classes)``."""
    told: Floats32 = reading.answers[np.asarray(sentences, np.intp)[:, None], _CLASS_ANSWERS]
    return told


def class_chances(values: Floats32) -> tuple[float, ...]:
    """Return class probabilities that sum to 1."""
    given = np.maximum(values, 0.0) + _LITTLE
    return tuple((given / given.sum()).tolist())


class _Builder:
    """Collects the statements of an article."""

    def __init__(
        self, article: Article, findings: Findings, reading: Reading, classes: EntityClasses
    ) -> None:
        self._classes = classes
        self._article, self._findings, self._reading = article, findings, reading
        self._found: list[Found] = []
        self._ties: dict[int, int] = {}
        self._at_source: dict[int, int] = {}
        self._last_voice: dict[int, int] = {}
        self._carried: set[int] = set()
        self._labels: dict[str, int] = {}
        self._turns: dict[int, int] = {}
        text = article.segmented.text
        labels = (p.source.of(text) for p in findings.passages if p.labelled and p.source)
        self._one_bearer = one_bearer(labels)
        sums = np.zeros((len(reading.words) + 1, _CLASSES), np.float32)
        np.cumsum(reading.words[:, :_CLASSES], axis=0, out=sums[1:])
        self._sums = sums

    def voices(self, kept: Bools) -> None:
        """Add the voices that are kept."""
        self._add_voices(list(compress(self._findings.proposals.voices, kept.tolist())))

    def _add_voices(self, voices: Sequence[ProposedSource]) -> None:
        """Add voices, each with the likely class of its source."""
        article, sentences = self._article, self._article.segmented.sentences
        cues = [cue_of(article, voice.attribution.cue) for voice in voices]
        keys = [
            word_key(article, mention_of(article, voice), cue, opens=voice.sentence == 0)
            for voice, cue in zip(voices, cues, strict=True)
        ]
        words = self._classes.of_words(keys)
        first = np.array([voice.first for voice in voices], np.int64)
        end = np.array([voice.end for voice in voices], np.int64)
        length = (end - first).astype(np.float32)[:, None]
        told = mixed((self._sums[end] - self._sums[first]) / length, words).tolist()
        for voice, cue, own, likely in zip(voices, cues, words, told, strict=True):
            sentence = sentences[voice.sentence].span
            statement = Statement(sentence, voice.source, cue, tuple(likely))
            attribution = _within(voice.attribution, sentence)
            self._at_source.setdefault(voice.first, len(self._found))
            self._last_voice[voice.sentence] = len(self._found)
            self._found.append(Found(voice.sentence, statement, attribution, voice, words=own))

    def passage(self, passage: OneVoicePassage, kept: Bools) -> None:
        """Add the kept sentences of a passage, tied to the person who signs, speaks or is announced."""
        if passage.asks or not kept[passage.first : passage.last].any():
            return
        speaker = self._speaker(passage)
        if passage.labelled and speaker >= 0:
            self._tie_label(speaker)
            last = passage.last if passage.sure else passage.first + 1
            self._turns.update(dict.fromkeys(range(passage.first, last), speaker))
        for number in range(passage.first, passage.last):
            sentence = self._article.segmented.sentences[number]
            spoken = speaker >= 0 and self._found[speaker].sentence == number
            if spoken and (passage.sure or passage.labelled) and not passage.introduced:
                self._carried.add(number)  # its label is the statement
            elif kept[number] and not (sentence.furniture or spoken or number in self._carried):
                self._add_carried(number, speaker)

    def _tie_label(self, number: int) -> None:
        """Tie the statement of a label to that of the speaker's first label: "ADA LUND" and "LUND", if no other Lund speaks."""
        source = self._found[number].statement.source
        if source is None:
            return
        name = surname(source.of(self._article.segmented.text))
        first = self._labels.setdefault(name, number)
        if first != number and name in self._one_bearer:
            self._found[number] = replace(self._found[number], tied=first)

    def _speaker(self, passage: OneVoicePassage) -> int:
        """Return the statement of a passage's speaker, added if there is none yet; -1 if nobody is named."""
        spans: tuple[Span, ...] = () if passage.source is None else (passage.source,)
        if not spans and passage.opener is not None:
            announcing = self._last_voice.get(passage.opener)
            if announcing is not None:
                return announcing
            spans = announcer(self._article.segmented, passage.opener)
        return self._voice_at(spans[0], silent=passage.introduced) if spans else -1

    def _voice_at(self, span: Span, *, silent: bool = False) -> int:
        """Return the statement whose source is at a span, added if there is none, `silent` or not."""
        first, end = token_range(self._article, span)
        for token in range(first, end):
            if token in self._at_source:
                return self._at_source[token]
        number = sentence_at(self._article, span.start)
        attribution = Attribution((span,), (), (), "direct", 0.9)
        self._add_voices([ProposedSource(number, first, end, 0, 0, attribution, -1, "rule")])
        if silent:
            self._found[-1] = replace(self._found[-1], silent=True)
        return len(self._found) - 1

    def carried(self, numbers: Sequence[int]) -> None:
        """Add the sentences that continue somebody's words."""
        for number in numbers:
            furniture = self._article.segmented.sentences[number].furniture
            if number not in self._carried and not furniture:
                self._add_carried(number, -1)

    def _add_carried(self, number: int, speaker: int) -> None:
        """Add one sentence without words for its source."""
        sentence = self._article.segmented.sentences[number].span
        given = self._findings.proposals.unsourced.get(number)
        cue = () if given is None else given.cue
        quoted = float(self._findings.evidence.means[number, -1])
        form = "direct" if quoted > 0.9 else "mixed" if quoted > 0.0 else "indirect"
        attribution = Attribution((), cue, (sentence,), form)  # type: ignore[arg-type] # one of three
        classes = class_chances(self._reading.answers[number, _CLASS_ANSWERS])
        statement = Statement(sentence, None, cue_of(self._article, cue), classes)
        self._carried.add(number)
        self._found.append(Found(number, statement, attribution, None, speaker))

    def rumours(self, kept: Bools) -> None:
        """Add the rumours that are kept."""
        for rumour, keep in zip(self._findings.proposals.rumours, kept.tolist(), strict=True):
            if not keep or rumour.sentence in self._carried:
                continue
            sentence = self._article.segmented.sentences[rumour.sentence].span
            cue = cue_of(self._article, rumour.attribution.cue)
            classes = class_chances(self._reading.answers[rumour.sentence, _CLASS_ANSWERS])
            statement = Statement(sentence, None, cue, classes)
            attribution = replace(_within(rumour.attribution, sentence), source_class="vague")
            self._found.append(Found(rumour.sentence, statement, attribution))

    def blocks(self) -> None:
        """Add a statement of the outlet for each sentence of a block that is reprinted from it."""
        pressed = {
            found.sentence
            for found in self._found
            if found.voice is not None and _is_press(found.statement)
        }
        for block in self._findings.reprinted:
            outlet = self._voice_at(block.span)
            for number in range(block.first, block.last):
                sentence = self._article.segmented.sentences[number]
                if (
                    number in pressed
                    or sentence.furniture
                    or number == self._found[outlet].sentence
                ):
                    continue
                statement = Statement(sentence.span, None, "", None)
                attribution = Attribution((), (), (sentence.span,), confidence=0.5)
                self._found.append(Found(number, statement, attribution, None, outlet, extra=True))

    def ordered(self) -> list[Found]:
        """Return the statements in order, ties renumbered."""
        self.blocks()
        keys = [
            (found.extra, found.statement.start, found.voice is None, number)
            for number, found in enumerate(self._found)
        ]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        place = {number: at for at, number in enumerate(order)} | {-1: -1}
        return [
            replace(
                found, tied=place[found.tied], speaker=place[self._turns.get(found.sentence, -1)]
            )
            for found in (self._found[number] for number in order)
        ]


def _is_press(statement: Statement) -> bool:
    """Tell whether a statement's source is most likely an outlet."""
    classes = statement.classes
    return classes is not None and max(classes) == classes[_PRESS]


def _within(attribution: Attribution, sentence: Span) -> Attribution:
    """Return an attribution with the part of its content that is in a sentence."""
    content = tuple(
        Span(max(span.start, sentence.start), min(span.end, sentence.end))
        for span in attribution.content
        if span.overlaps(sentence)
    )
    return attribution if content == attribution.content else replace(attribution, content=content)


def by_source(found: Sequence[Found]) -> dict[int, list[int]]:
    """Return the statements by the start of their source span: two cues of one source are one statement."""
    shared: defaultdict[int, list[int]] = defaultdict(list)
    for number, one in enumerate(found):
        if one.voice is not None:
            shared[one.voice.first].append(number)
    return shared
