"""Who each source is: its class, and the ledger of the article's sources.

:mod:`reportedly.annotation.sources.from_reading` finds the statements and their sources in a reading; the anonymity rules add
what the text says about why a source is unnamed. The six classes and the conventions are those of ``docs/signals.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.sources.anonymity import declines, describe_sources, find_grants
from reportedly.annotation.sources.bearers import Bearer, find_bearers, settle, spoken_of
from reportedly.annotation.sources.coreference.entities import Entity
from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.annotation.sources.from_reading.resolve import resolve_with_reader
from reportedly.annotation.tokens.vocabulary import TokenIds
from reportedly.datamodel import Attribution, Segmented, Source
from reportedly.datamodel.statements import sentence_of, statement_places


def resolve_sources(
    segmented: Segmented,
    attributions: Sequence[Attribution],
    model: LedgerModel,
    *,
    reading: Reading,
    words: TokenIds | None = None,
) -> tuple[tuple[Attribution, ...], tuple[Source, ...]]:
    """Return `attributions` with class and ledger line set, and the ledger.

    The model builds the ledger from a `reading` of the same document. Attributions of attitudes and deeds ("wants",
    "voted") keep the class None and have no line in the ledger, and neither has a first-person narrator, who is not a source; statements
    that the tagger missed are added, including "reportedly" without a source; a statement whose source cannot be
    determined is unclear. Attributions are in the order of the text. `words` are the document's words, if they
    are already numbered. Attributions in sentences beyond the most that are read are unclear.
    """
    if not segmented.sentences:
        return (), ()
    if len(segmented.sentences) > (most := _most_sentences(segmented)):
        read = segmented.until(most)
        near = [a for a in attributions if a.start < len(read.text)]
        far = (replace(a, unclear=True) for a in attributions if a.start >= len(read.text))
        part = reading.until(most, len(read.tokens))
        resolved, lines = resolve_sources(read, near, model, reading=part)
        return (*resolved, *far), lines
    article = index_article(segmented, words)
    grants = find_grants(segmented, article.words)
    bearers = find_bearers(article, grants)
    given, owners = resolve_with_reader(
        article,
        settle(article, attributions, bearers),
        reading,
        model,
        bearers,
        _first_tokens(bearers) | spoken_of(article, grants),
    )
    owners = [
        e if e is not None and _states(segmented, a, e) else None
        for a, e in zip(given, owners, strict=True)
    ]
    members = {id(entity): entity for entity in owners if entity is not None}
    ledger = sorted(members.values(), key=lambda entity: entity.first)
    ids = {id(entity): f"s{n}" for n, entity in enumerate(ledger, 1)}
    resolved = tuple(
        a if e is None else replace(a, source_class=e.source_class, source_id=ids[id(e)])
        for a, e in zip(given, owners, strict=True)
    )
    readings = [entity.readings for entity in ledger]
    held = {b.grant.sentence: segmented.tokens.span(b.phrase.first, b.phrase.end) for b in bearers}
    lines = _lines(ledger, statement_places(resolved, segmented))
    return resolved, describe_sources(segmented, resolved, lines, readings, grants, held)


def _most_sentences(segmented: Segmented) -> int:
    """Return how many sentences are read for the ledger at most: no news has so many, and time and memory stay bounded."""
    return max(_MOST_SENTENCES, len(segmented.text) // _CHARACTERS_EACH)


_MOST_SENTENCES, _CHARACTERS_EACH = 10_000, 40
"""Sentences that are read of any text at most; of a longer one, one for so many characters."""


def _states(segmented: Segmented, attribution: Attribution, entity: Entity) -> bool:
    """Tell whether an attribution is a statement: in page furniture none is, and declining to comment is not one.

    An unnamed source's declining is kept, because newsrooms object to quoting anonymously somebody who is said to
    have declined.
    """
    number = sentence_of(attribution, segmented.sentences)
    if segmented.sentences[number].furniture:
        return False
    return entity.source_class == "unnamed" or not declines(segmented.text, attribution)


def _first_tokens(bearers: Sequence[Bearer]) -> frozenset[int]:
    """Return the first token of each phrase for somebody who is granted anonymity; real names are left out."""
    return frozenset(
        b.phrase.first
        for b in bearers
        if b.grant.renamed or b.mention.kind != "name" or b.mention.determiner == "indefinite"
    )


def _lines(ledger: Sequence[Entity], places: Mapping[str, Sequence[int]]) -> tuple[Source, ...]:
    """Return the ledger's lines, without what the anonymity rules add."""
    return tuple(
        Source(
            id=f"s{n}",
            label=entity.label,
            source_class=entity.source_class,
            statements=len(places[f"s{n}"]),
            mentions=tuple(entity.mentions),
            plural=entity.plural,
            chance=entity.chance,
        )
        for n, entity in enumerate(ledger, 1)
    )
