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
from reportedly.names import Article, index_article
from reportedly.references import NO_STEP, Entity, Step, find_hearsay, hearsay_line, trace
from reportedly.source_classes import SourceModel
from reportedly.sourcing import RULES, sourcing_findings

__all__ = ["RULES", "resolve_sources", "sourcing_findings"]


def resolve_sources(
    segmented: Segmented,
    attributions: Sequence[Attribution],
    model: SourceModel | None = None,
    *,
    hearsay: bool = True,
) -> tuple[tuple[Attribution, ...], tuple[Source, ...]]:
    """Return `attributions` with class and ledger line set, and the ledger.

    Without a `model` the classes are those of the rules. With `hearsay`, sentences that say "reportedly"
    and their like without any source gain an attribution of class vague; the attributions are then in
    the order of the text, else in the order given. A first-person narrator is no source: such an
    attribution keeps the class None and has no line in the ledger.
    """
    article = index_article(segmented)
    steps, entities = trace(article, attributions)
    if model is not None:
        model.classify(article, steps, attributions)
    if hearsay:
        attributions, steps = _with_hearsay(article, attributions, steps, entities)
    ledger = [entity for entity in entities if entity.statements]
    ledger.sort(key=lambda entity: entity.first)
    ids = {id(entity): f"s{n}" for n, entity in enumerate(ledger, 1)}
    resolved = tuple(
        [
            a
            if (e := step.entity) is None
            else Attribution(  # three times as fast as dataclasses.replace
                a.source, a.cue, a.content, a.form, a.confidence, e.source_class, ids[id(e)]
            )
            for a, step in zip(attributions, steps, strict=True)
        ]
    )
    readings = [entity.readings for entity in ledger]
    return resolved, describe_sources(segmented, resolved, _lines(ledger), readings)


def _with_hearsay(
    article: Article,
    attributions: Sequence[Attribution],
    steps: Sequence[Step],
    entities: list[Entity],
) -> tuple[Sequence[Attribution], Sequence[Step]]:
    """Return attributions and steps with those to nobody added, in the order of the text."""
    added = find_hearsay(article, attributions, steps)
    if not added:
        return attributions, steps
    nobody = hearsay_line(entities)
    nobody.first = min(nobody.first or added[0].start, added[0].start)
    nobody.statements += range(len(attributions), len(attributions) + len(added))
    extra = [replace(NO_STEP, entity=nobody) for _ in added]
    both = sorted(
        zip([*attributions, *added], [*steps, *extra], strict=True), key=lambda pair: pair[0].start
    )
    return [a for a, _ in both], [step for _, step in both]


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
