"""Who each source is: its class, whom it refers back to, and the ledger of the article's sources.

:mod:`reportedly.references` resolves every attribution to an entity by rule; a trained
:class:`~reportedly.source_classes.SourceModel`, where one is given, then decides the entity's class from
all of its mentions. The six classes and the conventions are those of ``docs/signals.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportedly.anonymity import describe_sources
from reportedly.datamodel import Attribution, Segmented, Source
from reportedly.names import index_article
from reportedly.references import Entity, trace
from reportedly.source_classes import SourceModel
from reportedly.sourcing import RULES, sourcing_findings

__all__ = ["RULES", "resolve_sources", "sourcing_findings"]


def resolve_sources(
    segmented: Segmented, attributions: Sequence[Attribution], model: SourceModel | None = None
) -> tuple[tuple[Attribution, ...], tuple[Source, ...]]:
    """Return `attributions` with class and ledger line set, and the ledger.

    Without a `model` the classes are those of the rules. The order of `attributions` is kept. A
    first-person narrator is no source: such an attribution keeps the class None and has no line in the
    ledger.
    """
    if not attributions:
        return (), ()
    article = index_article(segmented)
    steps, entities = trace(article, attributions)
    if model is not None:
        model.classify(article, steps, attributions)
    ledger = [entity for entity in entities if entity.statements]
    ledger.sort(key=lambda entity: entity.first)
    ids = {id(entity): f"s{n}" for n, entity in enumerate(ledger, 1)}
    resolved = tuple(
        [
            a
            if (e := step.entity) is None
            else replace(a, source_class=e.source_class, source_id=ids[id(e)])
            for a, step in zip(attributions, steps, strict=True)
        ]
    )
    readings = [entity.readings for entity in ledger]
    return resolved, describe_sources(segmented, resolved, _lines(ledger), readings)


def _lines(ledger: Sequence[Entity]) -> tuple[Source, ...]:
    """Return the ledger's lines, without what the anonymity rules add."""
    return tuple(
        Source(
            id=f"s{n}",
            label=_short(entity.label),
            source_class=entity.source_class,
            statements=len(entity.statements),
            mentions=tuple(entity.mentions),
            plural=entity.plural,
        )
        for n, entity in enumerate(ledger, 1)
    )


_LABEL_ENDS = (
    " who ",
    ", who",
    " speaking ",
    " on condition",
    " on the condition",
    " which ",
    ", which",
    " whose ",
)


def _short(label: str) -> str:
    """Return a label without the clause that follows the noun phrase."""
    ends = [at for end in _LABEL_ENDS if (at := label.find(end)) > 0]
    return label[: min(ends)] if ends else label.rstrip(",")
