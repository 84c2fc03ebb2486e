"""What counts as a statement, the same in every report: a sentence in which a source says something.

Two reporting verbs of one source in one sentence are one statement; page furniture has no statements.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportedly.datamodel.annotation import Annotated, Attribution
from reportedly.datamodel.text import Segmented, Sentence, Span

_EMPTY_WORDS = frozenset(["a", "an", "the", "that", "this", "just", "only", "and", "as", "so", ""])
"""Words that alone do not name anybody."""


@dataclass(frozen=True, slots=True)
class UnclearStatement:
    """A statement whose source cannot be determined from the text.

    `words` are those for its source, None if it continues an earlier statement; `sentence` is the sentence's number.
    """

    sentence: int
    words: Span | None
    shown: str


def sentence_of(attribution: Attribution, sentences: Sequence[Sentence]) -> int:
    """Return the number of the sentence of a statement: where its content begins, else its source or cue."""
    return sentence_holding(
        (attribution.content or attribution.source or attribution.cue)[0].start, sentences
    )


def sentence_holding(offset: int, sentences: Sequence[Sentence]) -> int:
    """Return the number of the sentence at `offset`, or of the last one before it."""
    return max(0, bisect_right(sentences, offset, key=lambda sentence: sentence.start) - 1)


def statement_places(
    attributions: Iterable[Attribution], segmented: Segmented
) -> Mapping[str, tuple[int, ...]]:
    """Return the sentences in which each source states something, sorted, by the source's id."""
    places: dict[str, set[int]] = {}
    for attribution in attributions:
        if attribution.source_id is None:
            continue
        number = sentence_of(attribution, segmented.sentences)
        if not segmented.sentences[number].furniture:
            places.setdefault(attribution.source_id, set()).add(number)
    return {source: tuple(sorted(numbers)) for source, numbers in places.items()}


def unclear_statements(annotated: Annotated) -> tuple[UnclearStatement, ...]:
    """Return the statements whose source cannot be determined, in the order of the text."""
    sentences = annotated.segmented.sentences
    found: dict[tuple[int, str], UnclearStatement] = {}
    for attribution in annotated.attributions:
        number = sentence_of(attribution, sentences) if attribution.unclear else -1
        if number < 0 or sentences[number].furniture:
            continue
        words = attribution.source[0] if attribution.source else None
        shown = _shown(attribution, annotated.text)
        found.setdefault((number, shown), UnclearStatement(number, words, shown))
    return tuple(sorted(found.values(), key=lambda one: one.sentence))


def _shown(attribution: Attribution, text: str) -> str:
    """Return how reports show the source of an unclear statement: by its words, never by a guess who it is."""
    words = " ".join(" ".join(span.of(text) for span in attribution.source).split()).strip(
        ",;:“”\"'"
    )
    if words.lower() not in _EMPTY_WORDS:
        return f"{words}, unclear who"
    told = attribution.source or attribution.cue
    return "somebody, unclear who" if told else "continues, unclear whose words"
