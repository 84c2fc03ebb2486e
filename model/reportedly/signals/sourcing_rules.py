"""Findings on sourcing: one for each place to which a newsroom rule on unnamed sources applies.

The rules, their wording, default levels and W3C CredWeb ids are data: ``policies/rules.toml``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from reportedly.annotation.sources.coreference.entities import NO_SOURCE
from reportedly.annotation.sources.coreference.mentions import read_mention
from reportedly.datamodel import (
    ANONYMOUS_CLASSES,
    BACKING_CLASSES,
    Annotated,
    Attribution,
    Finding,
    Source,
    Span,
)
from reportedly.lexicons.loader import matcher_of
from reportedly.signals.policy import rules

RULES: tuple[str, ...] = (
    "sourcing.unnamed",
    "sourcing.bare",
    "sourcing.no-reason",
    "sourcing.boilerplate-reason",
    "sourcing.sole",
    "sourcing.opinion",
    "sourcing.attack",
    "sourcing.plural-of-one",
    "sourcing.vague",
    "sourcing.press-unchecked",
    "sourcing.declined-clash",
    "sourcing.premise",
)
"""The ids of all findings on sourcing; a test compares them with the catalogue."""

_PREMISE_SHARE = 0.5


def sourcing_findings(annotated: Annotated) -> tuple[Finding, ...]:
    """Return the findings on the article's unnamed, vague and second-hand sources, in order of the text."""
    if not annotated.sources:
        return ()
    statements: dict[str, list[Attribution]] = {}
    for attribution in annotated.attributions:
        if attribution.source_id is not None:
            statements.setdefault(attribution.source_id, []).append(attribution)
    starts = [attribution.start for attribution in annotated.attributions]
    places = zip(starts, annotated.attributions, strict=True)
    backing = sorted([start for start, a in places if a.source_class in BACKING_CLASSES])
    found: list[Finding] = []
    for source in annotated.sources:
        own = statements.get(source.id, [])
        if not own:
            continue
        if source.source_class == "unnamed":
            found += _unnamed(annotated, source, own)
        elif source.source_class == "vague":
            found += (
                _finding("sourcing.vague", source, span, words=span.of(annotated.text))
                for span in map(_where, own)
            )
        elif source.source_class == "press":
            found += _press(source, own, annotated, backing)
    found += _premise(annotated, statements, starts)
    found.sort(key=lambda finding: finding.span.start)
    return tuple(found)


def _where(attribution: Attribution) -> Span:
    """Return the span to show for an attribution: its source, else its cue, else its content."""
    return (attribution.source or attribution.cue or attribution.content)[0]


def _finding(rule: str, source: Source, span: Span, words: str = "") -> Finding:
    """Return a finding of `rule` about `source`, with the catalogue's wording; hearsay that names nobody goes by its own `words`."""
    entry, words = rules()[rule], " ".join(words.split())
    label = words if source.label == NO_SOURCE and words else source.label
    count = f"{source.statements} statement" + ("" if source.statements == 1 else "s")
    return Finding(
        rule=rule,
        signal="anonymous_sourcing",
        span=span,
        message=entry.message.format(label=label, statements=count, words=words),
        level=entry.level,
        credweb=entry.credweb,
        guidance=entry.guidance,
        source_id=source.id,
    )


def _unnamed(annotated: Annotated, source: Source, own: Sequence[Attribution]) -> Iterator[Finding]:
    """Yield the findings on one unnamed source, at its first mention or at the words in question."""
    first = _where(own[0])
    yield _finding("sourcing.unnamed", source, first)
    if not source.described:
        yield _finding("sourcing.bare", source, first)
    if source.reason == "none":
        yield _finding("sourcing.no-reason", source, first)
    elif source.reason == "boilerplate":
        yield _finding("sourcing.boilerplate-reason", source, source.reason_span or first)
    if not source.corroborated:
        yield _finding("sourcing.sole", source, first)
    if source.stance != "fact":
        yield _finding(f"sourcing.{source.stance}", source, first)
    if source.plural and _later_one(annotated.text, source):
        yield _finding("sourcing.plural-of-one", source, first)
    declined = [a for a in own if _declines(annotated.text, a)]
    if declined and len(declined) < len(own):
        yield _finding("sourcing.declined-clash", source, _where(declined[0]))


def _later_one(text: str, source: Source) -> bool:
    """Tell whether a source that is first plural is later referred to by a singular noun or pronoun."""
    if len(source.mentions) < 2:
        return False
    first, *later = (read_mention(span.of(text).split()) for span in source.mentions)
    if not first.plural or first.determiner == "counted":
        return False
    return any(
        (m.kind == "nominal" and not m.plural and m.determiner == "definite") or m.gender
        for m in later
    )


def _declines(text: str, attribution: Attribution) -> bool:
    """Tell whether an attribution only says that the source would not speak."""
    words = " ".join(s.of(text) for s in (*attribution.cue, *attribution.content))
    return matcher_of("anonymity", "declined_comment").search(words) is not None


def _press(
    source: Source, own: Sequence[Attribution], annotated: Annotated, backing: Sequence[int]
) -> Iterator[Finding]:
    """Yield a finding where the article takes something from another outlet without other support.

    `backing` has the offsets at which statements of people, organisations and documents begin, sorted.
    """
    sentences = annotated.segmented.sentences
    for attribution in own:
        number = bisect_right(sentences, attribution.start, key=lambda sentence: sentence.end)
        if number == len(sentences):
            continue
        low = sentences[max(0, number - 1)].start
        high = sentences[min(len(sentences) - 1, number + 1)].end
        if bisect_left(backing, low) == bisect_left(backing, high):
            yield _finding("sourcing.press-unchecked", source, _where(attribution))
            return


def _premise(
    annotated: Annotated, statements: Mapping[str, Sequence[Attribution]], starts: Sequence[int]
) -> Iterator[Finding]:
    """Yield a finding if the article opens with an anonymous source and mostly rests on such sources.

    `starts` has the offset at which each attribution begins.
    """
    if not annotated.attributions:
        return
    opening = annotated.attributions[starts.index(min(starts))]
    by_id = {source.id: source for source in annotated.sources}
    source = by_id.get(opening.source_id or "")
    if source is None or source.source_class not in ANONYMOUS_CLASSES:
        return
    hidden = sum(
        len(own) for key, own in statements.items() if by_id[key].source_class in ANONYMOUS_CLASSES
    )
    total = sum(map(len, statements.values()))
    if total >= 2 and hidden > _PREMISE_SHARE * total:
        where = _where(opening)
        yield _finding("sourcing.premise", source, where, where.of(annotated.text))
