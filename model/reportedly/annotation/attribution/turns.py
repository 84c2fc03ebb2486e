"""Turns of transcripts and interviews: who says the words after a label, or between questions.

A label is recognised by its form (capitals), or because it occurs repeatedly at the start of paragraphs; "Q:" and "A:" and paragraphs that are
questions identify an interview, whose answers are those of the one person whom the introduction names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from reportedly.annotation.attribution.askers import LabelledTurn, askers, asks_by_name, surname
from reportedly.datamodel import Segmented, Span
from reportedly.lexicons.loader import words_of

_CAPITALS = re.compile(
    r"([A-ZÀ-Þ][A-ZÀ-Þ.'’-]{2,20}(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]{0,20}){0,4}):\s+(?=\S)"
)
"""A speaker before a turn: "MAYOR ANN LUND: I never said that."."""

_TAG = re.compile(
    r"(?<![\w'’-])([A-ZÀ-Þ](?:[A-ZÀ-Þ'’-]|\.(?![A-ZÀ-Þ]{2})){1,20}+(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]{0,20}+){0,4}+)"
    r"((?:[ ]\([^()\n]{1,20}\))?(?:,[A-ZÀ-Þ0-9.,&/'’ -]{2,60}+)?+):(?=[\sA-Z(])"
)
"""A speaker in a transcript that has lost its paragraphs, with party and office: "bank.BO LIND (D), MAYOR: Well", "No!LIND: The"."""

_LABEL = re.compile(
    r"(?:([QA])\s?[.:]|((?:[A-ZÀ-Þ][\w.'’-]{0,20} ){0,4}[A-ZÀ-Þ][\w'’-]{0,20})(?: \([^()\n]{1,40}\))?\s?:)\s{1,3}(?=\S)"
)
"""A speaker in small letters, perhaps with what he does, "Lund (laughs):", or "Q." and "A."; it counts only if it occurs repeatedly."""

_NAME = re.compile(
    r"(?<![\w.])(?!The )(?:[A-ZÀ-Þ][\w'’-]{1,20} (?:[A-ZÀ-Þ]\. )?){1,3}[A-ZÀ-Þ][\w'’-]{1,20}"
)
"""A name of two to four words; "The Echo" is nobody's."""

_WITHIN = re.compile(r"(?<=[\w,] )[^\W\d_a-z]\w*")

_TURN = 60
"""The most sentences of a turn: after the last one there may be the writer's own words."""

_LONGEST = 120
"""The most characters of a label with the opening of the turn."""

_LABELS, _QUESTIONS = 3, 2
"""The least labels of a conversation, and questions of an interview."""

_TAGS, _SURELY = 2, 4
"""The least labels within paragraphs, or with an office, of a transcript, and of one that is surely nothing else."""

_STOPS = frozenset('.!?…)]”"')
"""Marks after which a label may stand within a sentence."""

_PARAGRAPHS = 4
"""A turn of more paragraphs is not surely one speaker's."""

_INTRODUCTION = 8
"""How many sentences before the first question are searched for the person who answers."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Sentences ``[first, last)`` of one speaker, and where the speaker is named.

    `sure` tells whether the form is unambiguous; `introduced` whether the name is before the turn and not in it; `asks`
    whether it is a presenter's or interviewer's, who is no source; `rest` whether it is what follows the paragraph with the label.
    """

    first: int
    last: int
    speaker: Span
    sure: bool = True
    introduced: bool = False
    asks: bool = False
    rest: bool = False


def find_turns(segmented: Segmented) -> list[Turn]:
    """Return the turns of a document in order: by labels in capitals, else by repeated labels, else of an interview."""
    starts = _paragraphs(segmented)
    run_in = _run_in(segmented, starts)
    if run_in:
        return run_in
    in_capitals = list(_in_capitals(segmented, starts))
    if in_capitals:
        return in_capitals
    return _conversation(segmented, starts) or _between_questions(segmented, starts)


def spoken_lines(segmented: Segmented) -> set[int]:
    """Return the sentences that open turns, and all sentences of unambiguous turns: they are not page furniture."""
    turns = find_turns(segmented)
    turns = [turn for turn in turns if turn.sure or not turn.rest]
    ends = (turn.last if turn.sure else turn.first + 1 for turn in turns)
    return {n for turn, end in zip(turns, ends, strict=True) for n in range(turn.first, end)}


def _paragraphs(segmented: Segmented) -> list[int]:
    """Return the first sentence of each paragraph."""
    paragraphs = [sentence.paragraph for sentence in segmented.sentences]
    return [
        n
        for n, (own, before) in enumerate(zip(paragraphs, [-1, *paragraphs], strict=False))
        if own != before
    ]


@dataclass(frozen=True, slots=True)
class _Tag:
    """A label in capitals: the first sentence of its turn, its speaker, its party and office, and whether it opens a paragraph."""

    number: int
    speaker: Span
    office: str
    opens: bool


def _in_capitals(segmented: Segmented, starts: Sequence[int]) -> Iterator[Turn]:
    """Yield the turns of a transcript, from one label to the next; a label that is not a name ends a turn.

    Labels that are repeated in turn are names. Of many turns the first paragraph is surely the speaker's; the writer may speak behind it.
    """
    text, end_of_text = segmented.text, len(segmented.sentences)
    tags = list(_opening_tags(segmented, starts))
    told = [tag for tag in tags if tag.office or not calls_nobody(tag.speaker.of(text))]
    if not told:
        return
    names = _names(text)
    named = _with_unnamed(
        text, told, {tag for tag in told if tag.office or surname(tag.speaker.of(text)) in names}
    )
    ends = [*(tag.number for tag in tags[1:]), end_of_text]
    spoken = [(tag, end) for tag, end in zip(tags, ends, strict=True) if tag in named]
    asking = askers(segmented, [_labelled(segmented, *one) for one in spoken])
    many = bool(_repeated(text, [tag for tag, _ in spoken]))
    for tag, end in spoken:
        asks, last = surname(tag.speaker.of(text)) in asking, min(end, tag.number + _TURN)
        sure = bool(tag.office) and end < end_of_text  # the writer may go on behind the last turn
        part = last if sure or not many else min(last, _end_of_paragraph(segmented, tag.number))
        yield from _parted(Turn(tag.number, last, tag.speaker, sure=sure or many, asks=asks), part)


def _opening_tags(segmented: Segmented, starts: Sequence[int]) -> Iterator[_Tag]:
    """Yield the labels in capitals at the beginnings of paragraphs; of offices only those with an article are told apart."""
    for number in starts:
        sentence = segmented.sentences[number]
        match = _CAPITALS.match(segmented.text, sentence.start, sentence.end)
        if match is not None and not sentence.furniture:
            office = match[1] if _is_office(match[1]) else ""
            yield _Tag(number, Span(*match.span(1)), office, opens=True)


def _repeated(text: str, tags: Sequence[_Tag]) -> set[_Tag]:
    """Return the labels that occur again, if there are two of them at least and enough for a conversation."""
    counts = Counter(surname(tag.speaker.of(text)) for tag in tags)
    again = [tag for tag in tags if counts[surname(tag.speaker.of(text))] > 1]
    speakers = {surname(tag.speaker.of(text)) for tag in again}
    return set(again) if len(speakers) > 1 and len(again) >= _SURELY else set()


def _with_unnamed(text: str, told: Sequence[_Tag], named: set[_Tag]) -> set[_Tag]:
    """Return the labels that are `named` in sentences and, if there are any, those that are repeated or whose name tells that they ask."""
    if not named:
        return named
    return (
        named | _repeated(text, told) | {tag for tag in told if asks_by_name(tag.speaker.of(text))}
    )


def _labelled(segmented: Segmented, tag: _Tag, end: int) -> LabelledTurn:
    """Return a label's turn, up to sentence `end`, for telling who asks."""
    return LabelledTurn(
        tag.number, min(end, tag.number + _TURN), tag.speaker.of(segmented.text), tag.office
    )


def _run_in(segmented: Segmented, starts: Sequence[int]) -> list[Turn]:
    """Return the turns of a transcript whose labels have an office or stand within paragraphs; none if there are too few.

    A label that is nobody's name, and a stage direction like "(END VIDEO CLIP)", end a turn.
    """
    text = segmented.text
    tags = list({tag.number: tag for tag in _tags(segmented, frozenset(starts))}.values())
    told = [tag for tag in tags if not calls_nobody(tag.speaker.of(text))]
    if sum(bool(tag.office) or not tag.opens for tag in told) < _TAGS:
        return []
    names = _names(text) | {surname(tag.speaker.of(text)) for tag in told if tag.office}
    named = _with_unnamed(
        text, told, {tag for tag in told if surname(tag.speaker.of(text)) in names}
    )
    if sum(bool(tag.office) or not tag.opens for tag in named) < _TAGS:
        return []
    sure = len(named) >= _SURELY
    limits = [
        *sorted([*(t.number for t in tags), *_directions(segmented)]),
        len(segmented.sentences),
    ]
    ends = [limits[bisect_right(limits, tag.number, hi=len(limits) - 1)] for tag in tags]
    spoken = [(tag, end) for tag, end in zip(tags, ends, strict=True) if tag in named]
    asking = askers(segmented, [_labelled(segmented, *one) for one in spoken])
    turns = []
    for tag, end in spoken:
        own = sure and end < len(segmented.sentences)  # the writer may go on behind the last
        asks = surname(tag.speaker.of(text)) in asking
        last = min(end, tag.number + _TURN)
        part = tag.number + 1 if sure and not own else last
        turns += _parted(Turn(tag.number, last, tag.speaker, sure=sure, asks=asks), part)
    return turns


def _tags(segmented: Segmented, starts: frozenset[int]) -> Iterator[_Tag]:
    """Yield the labels at the beginnings of sentences and behind a stop within them; one sentence has the turn that most of it is in."""
    text = segmented.text
    for number, sentence in enumerate(segmented.sentences):
        found = [
            match
            for match in _TAG.finditer(text, sentence.start, sentence.end)
            if match.start() == sentence.start
            or text[match.start() - 2 : match.start()].rstrip()[-1:] in _STOPS
        ]
        if not found or sentence.furniture:
            continue
        ends = [*(match.start() for match in found[1:]), sentence.end]
        longest = max(range(len(found)), key=lambda n: ends[n] - found[n].end())
        before = found[0].start() - sentence.start
        if before <= ends[longest] - found[longest].end():
            match = found[longest]
            opens = number in starts and match.start() == sentence.start
            yield _Tag(number, Span(*match.span(1)), match[2], opens)
        last = found[-1]
        if number + 1 < len(segmented.sentences) and last is not found[longest]:
            yield _Tag(number + 1, Span(*last.span(1)), last[2], opens=False)


def _directions(segmented: Segmented) -> Iterator[int]:
    """Yield the sentences that are stage directions at which a turn ends."""
    text, ending = segmented.text, words_of("interviews", "direction")
    for number, sentence in enumerate(segmented.sentences):
        if text[sentence.start] == "(" and sentence.end - sentence.start < _LONGEST:
            words = text[sentence.start + 1 : sentence.end].split(maxsplit=1)
            if words and words[0].isupper() and words[0].lower() in ending:
                yield number


def _is_office(label: str) -> bool:
    """Tell whether a label in capitals is an office with its article: "THE PRESIDENT"."""
    article, _, office = label.partition(" ")
    return article == "THE" and office.lower() in words_of("interviews", "office")


def calls_nobody(label: str) -> bool:
    """Tell whether a label is no speaker's: "FROM PEN", "Update", "THE FACTS"."""
    words = label.split()
    word = words[1] if len(words) > 1 and words[0].lower() == "the" else words[0]
    nobody = words_of("interviews", "no_speaker")
    return word.capitalize() in nobody or words[-1].capitalize() in _NO_SURNAMES


_NO_SURNAMES = frozenset(["Claim", "Claims", "Fact", "Facts", "News", "More"])
"""Last words of labels that are nobody's: "CITY CLAIM"."""


def _names(text: str) -> frozenset[str]:
    """Return the capitalised words inside sentences of `text`."""
    return frozenset(_WITHIN.findall(text))


def _conversation(segmented: Segmented, starts: Sequence[int]) -> list[Turn]:
    """Return the turns after repeated labels: "Lund: No.", "Q: Why?"."""
    text, sentences = segmented.text, segmented.sentences
    found = (
        (number, _LABEL.match(text, sentences[number].start, sentences[number].start + _LONGEST))
        for number in starts
    )
    labels = [
        (number, Span(*match.span(match.lastindex or 0)))
        for number, match in found
        if match is not None
    ]
    labels = [(number, span) for number, span in labels if not calls_nobody(span.of(text))]
    counts = Counter(span.of(text) for _, span in labels)
    if len(labels) < _LABELS or len(counts) < 2 or counts.most_common(1)[0][1] < 2:
        return []
    ends = [number for number, _ in labels[1:]] + [_end_of_paragraph(segmented, labels[-1][0])]
    answering = words_of("interviews", "answerer")
    names = _names(text)
    asking = askers(
        segmented,
        [
            LabelledTurn(number, min(end, number + _TURN), span.of(text))
            for (number, span), end in zip(labels, ends, strict=True)
        ],
    )
    answerer = _introduced(segmented, labels[0][0]) if asking else None
    turns = []
    for (number, span), end in zip(labels, ends, strict=True):
        label, last = span.of(text), min(end, number + _TURN)
        if surname(label) in asking:
            turns.append(Turn(number, last, span, asks=True))
        elif label.lower() in answering:
            if answerer is not None:
                turns.append(Turn(number, last, answerer, introduced=True))
        elif label.rsplit(" ", 1)[-1] in names:
            turns += _with_rest(segmented, Turn(number, last, span))
    return turns


def _with_rest(segmented: Segmented, turn: Turn) -> list[Turn]:
    """Return a turn; one of many paragraphs in two parts: behind the paragraph with the label the writer may speak."""
    own, behind = (segmented.sentences[n].paragraph for n in (turn.first, turn.last - 1))
    if behind - own < _PARAGRAPHS:
        return [turn]
    return _parted(turn, min(turn.last, _end_of_paragraph(segmented, turn.first)))


def _parted(turn: Turn, part: int) -> list[Turn]:
    """Return a turn up to sentence `part`, and what is left of it, where the writer may speak."""
    if part >= turn.last:
        return [turn]
    return [replace(turn, last=part), replace(turn, first=part, sure=False, rest=True)]


def _end_of_paragraph(segmented: Segmented, number: int) -> int:
    """Return the sentence after the paragraph that sentence `number` begins."""
    paragraph, end = segmented.sentences[number].paragraph, number
    while end < len(segmented.sentences) and segmented.sentences[end].paragraph == paragraph:
        end += 1
    return end


def _between_questions(segmented: Segmented, starts: Sequence[int]) -> list[Turn]:
    """Return the answers of an interview whose questions are paragraphs of their own.

    The person who answers says "I"; the introduction mentions the interview and names one person.
    """
    text, sentences = segmented.text, segmented.sentences
    ends = [*starts[1:], len(sentences)]
    questions = [
        n for n, (first, end) in enumerate(zip(starts, ends, strict=True))
        if end == first + 1 and _QUESTION.match(text[sentences[first].start : sentences[first].end])
    ]  # fmt: skip
    if len(questions) < _QUESTIONS or not 0 < starts[questions[0]] <= _INTRODUCTION:
        return []
    answerer = _introduced(segmented, starts[questions[0]], told=True)
    if answerer is None:
        return []
    turns = [
        Turn(starts[one + 1], starts[other], answerer, introduced=True)
        for one, other in pairwise(questions)
        if other > one + 1
    ]
    if questions[-1] + 1 < len(starts):
        last = questions[-1] + 1
        turns.append(Turn(starts[last], ends[last], answerer, introduced=True))
    first_person = sum(
        _FIRST_PERSON.search(text, sentences[t.first].start, sentences[t.last - 1].end) is not None
        for t in turns
    )
    return turns if first_person * 2 >= len(turns) > 1 else []


_QUESTION = re.compile(r"[^“”\"]{8,300}\?\s*$")
_FIRST_PERSON = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|[Mm]y|[Ww]e|[Oo]ur)\b")


def _introduced(segmented: Segmented, first: int, *, told: bool = False) -> Span | None:
    """Return the name of the one person whom the sentences before `first` introduce; None if there is not exactly one.

    With `told`, they or the title must say that somebody was asked.
    """
    text, sentences = segmented.text, segmented.sentences
    asked = _ASKED.search(segmented.document.title) is not None
    found: list[tuple[Span, bool]] = []
    for sentence in sentences[max(0, first - _INTRODUCTION) : first]:
        asks = _ASKED.search(text, sentence.start, sentence.end) is not None
        asked |= asks
        found += [
            (Span(*m.span()), asks)
            for m in _NAME.finditer(text, sentence.start, sentence.end)
            if text[max(0, m.start() - 4) : m.start()].lower() not in ("the ", " the")
        ]
    people = _distinct(text, [span for span, _ in found])
    if len(people) > 1:
        people = _distinct(text, [span for span, asks in found if asks])
    return people[0] if len(people) == 1 and (asked or not told) else None


_ASKED = re.compile(
    r"\b[Ii]nterview(?:ed|s)?\b|\bQ ?& ?A\b|\b(?:spoke|speaks|talked|talks|chatted|chats|sat down|sits down|met|meets|caught up)"
    r" (?:with|to|us|me|up|her|him|them)\b"
)
"""Words by which an introduction or a title says that somebody was interviewed."""


def _distinct(text: str, names: Sequence[Span]) -> list[Span]:
    """Return the first place of each name; names with the same surname count as one person."""
    first: dict[str, Span] = {}
    for span in names:
        first.setdefault(span.of(text).rsplit(" ", 1)[-1], span)
    return list(first.values())
