"""Random annotations, for properties that must hold of any annotation; no detector is needed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from reportedly.datamodel import (
    HEDGE_KINDS,
    SOURCE_CLASSES,
    SUPPORTS,
    Annotated,
    Attribution,
    Claim,
    Document,
    Hedge,
    Segmented,
    Source,
    Span,
)
from reportedly.reading.segmentation import segment

SENTENCE = "The mill may close in June, a person said. "
"""The sentence that random articles repeat, so that all sentences have the same length."""


@st.composite
def annotated(draw) -> Annotated:
    """Return an article of a few similar sentences with random annotations."""
    count = draw(st.integers(1, 8))
    parts = segment(Document(SENTENCE * count, "Mill to close", "random"))
    parts = _with_furniture(parts, draw(st.sets(st.integers(0, count - 1))))
    free = [n for n, sentence in enumerate(parts.sentences) if not sentence.furniture]
    many = draw(st.integers(0, 5)) if free else 0
    stated = [
        draw(st.lists(st.sampled_from(free), min_size=1, max_size=4, unique=True))
        for _ in range(many)
    ]
    sources = tuple(draw(_source(number, len(own))) for number, own in enumerate(stated))
    attributions = tuple(
        draw(_attribution(count, source, place))
        for source, own in zip(sources, stated, strict=True)
        for place in own
    )
    attributions += tuple(draw(st.lists(_unclear(count), max_size=3)))
    hedges = tuple(draw(st.lists(_hedge(count), max_size=6)))
    claims = tuple(
        draw(_claim(number, sources) if number in free else _no_claim(number))
        for number in range(count)
    )
    return Annotated(parts, attributions, sources, hedges, claims)


def _with_furniture(parts: Segmented, marked: set[int]) -> Segmented:
    """Return the parts with some sentences marked as furniture."""
    sentences = tuple(replace(s, furniture=i in marked) for i, s in enumerate(parts.sentences))
    return replace(parts, sentences=sentences)


def _source(number: int, statements: int) -> st.SearchStrategy[Source]:
    return st.builds(
        Source,
        id=st.just(f"s{number + 1}"),
        label=st.just(f"source {number + 1}"),
        source_class=st.sampled_from(SOURCE_CLASSES),
        statements=st.just(statements),
        anonymity=st.sampled_from([None, "granted", "granted_with_reason"]),
        reason=st.sampled_from(["none", "boilerplate", "specific"]),
        described=st.booleans(),
        corroborated=st.booleans(),
        chance=st.none() | st.floats(0, 1),
        stance=st.sampled_from(["fact", "opinion", "attack"]),
    )


def _span(count: int, words: str) -> st.SearchStrategy[Span]:
    """Return spans of `words` in any of the sentences."""
    at = SENTENCE.index(words)
    places = [len(SENTENCE) * i + at for i in range(count)]
    return st.sampled_from([Span(p, p + len(words)) for p in places])


def _attribution(count: int, source: Source, place: int) -> st.SearchStrategy[Attribution]:
    content = Span(len(SENTENCE) * place, len(SENTENCE) * place + len("The mill may close in June"))
    return st.builds(
        Attribution,
        source=st.tuples(_span(count, "a person")) | st.just(()),
        cue=st.tuples(_span(count, "said")),
        content=st.just((content,)),
        form=st.sampled_from(["direct", "indirect", "mixed"]),
        source_class=st.just(source.source_class),
        source_id=st.just(source.id),
    )


def _unclear(count: int) -> st.SearchStrategy[Attribution]:
    """Return statements by an unclear source; some have no words for it."""
    return st.builds(
        Attribution,
        source=st.tuples(_span(count, "a person")) | st.just(()),
        cue=st.tuples(_span(count, "said")) | st.just(()),
        content=st.tuples(_span(count, "The mill may close in June")),
        unclear=st.just(True),
    )


def _hedge(count: int) -> st.SearchStrategy[Hedge]:
    return st.builds(
        lambda span, kind, voice: Hedge(span.start, span.end, kind, voice),
        _span(count, "may"),
        st.sampled_from(HEDGE_KINDS),
        st.sampled_from(["reporter", "source"]),
    )


def _claim(number: int, sources: tuple[Source, ...]) -> st.SearchStrategy[Claim]:
    ids = st.sampled_from([(s.id,) for s in sources] or [()])
    worthy = st.builds(
        Claim,
        st.just(number),
        st.floats(0.5, 1),
        st.just(True),
        st.sampled_from(SUPPORTS),
        ids,
        unclear=st.booleans(),
    )
    return worthy | _no_claim(number)


def _no_claim(number: int) -> st.SearchStrategy[Claim]:
    return st.builds(
        Claim,
        st.just(number),
        st.floats(0, 0.5),
        st.just(False),
        st.none(),
    )
