"""Who each source is: its class, whom it refers back to, and the ledger of the article's sources.

:mod:`reportedly.annotation.sources.coreference.resolution` resolves every attribution to an entity by rule; a trained
:class:`~reportedly.annotation.sources.source_class.SourceModel`, where one is given, then decides the entity's class from
all of its mentions. The six classes and the conventions are those of ``docs/signals.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.sources.anonymity import Grant, describe_sources, find_grants
from reportedly.annotation.sources.bearers import Bearer, asks_only, find_bearers, settle
from reportedly.annotation.sources.candidates import find_attribution_candidates, find_hearsay
from reportedly.annotation.sources.coreference.entities import NO_SOURCE, by_name, hearsay_line
from reportedly.annotation.sources.coreference.mentions import Mention
from reportedly.annotation.sources.coreference.names import Article, index_article, sentence_at
from reportedly.annotation.sources.coreference.registry import Entity, EntityRegistry
from reportedly.annotation.sources.coreference.resolution import NO_STEP, Step, resolve_coreference
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.annotation.sources.from_reading.resolve import resolve_with_reader
from reportedly.annotation.sources.labels import label_of
from reportedly.annotation.sources.reprinted_passages import find_reprinted_passages
from reportedly.annotation.sources.source_class import SourceModel
from reportedly.annotation.tokens.vocabulary import TokenIds
from reportedly.datamodel import Attribution, Segmented, Source, Span


def resolve_sources(
    segmented: Segmented,
    attributions: Sequence[Attribution],
    model: SourceModel | LedgerModel | None = None,
    *,
    only_given: bool = False,
    words: TokenIds | None = None,
    reading: Reading | None = None,
) -> tuple[tuple[Attribution, ...], tuple[Source, ...]]:
    """Return `attributions` with class and ledger line set, and the ledger.

    Without a `model` the classes are those of the rules, and every attribution is taken for a statement.
    With one, attributions of attitudes and deeds ("wants", "voted") keep the class None and have no line
    in the ledger, like a first-person narrator, who is no source; and statements that the tagger passed
    over are added, "reportedly" without a source among them. Attributions are in the order of the text.
    A :class:`LedgerModel` makes the ledger from a `reading` of the same document; a statement that nobody can be
    shown to have made is then unclear. With `only_given`, none is added or demoted, and the order is kept. `words` are those of the document, where
    they are numbered already.
    """
    article = index_article(segmented, words)
    grants = find_grants(segmented, article.words)
    bearers = find_bearers(article, grants)
    steps: Sequence[Step]
    if not only_given:
        attributions = settle(article, attributions, bearers)
    if isinstance(model, LedgerModel):
        assert reading is not None, "a ledger learnt from readings needs one"
        if not segmented.sentences:
            return (), ()
        return _by_reader(article, attributions, reading, model, grants, bearers)
    if only_given:
        steps, entities = resolve_coreference(article, attributions)
        if model is not None:
            model.classify(article, steps, attributions)
    elif model is not None and model.statements is not None:
        attributions, steps, entities = _statements(
            article, attributions, model, bearers, {grant.sentence for grant in grants}
        )
    else:
        steps, entities = resolve_coreference(article, attributions, _first_tokens(bearers))
        if model is not None:
            model.classify(article, steps, attributions)
        attributions, steps = _with_hearsay(article, attributions, steps, entities)
    steps, labels = _labelled(article, steps, entities)
    ledger = [e for e in entities.members if e.statements and e.place in labels]
    ledger.sort(key=lambda entity: entity.first)
    ids = {id(entity): f"s{n}" for n, entity in enumerate(ledger, 1)}
    resolved = tuple(
        [
            a
            if (e := step.entity) is None
            else Attribution(  # three times as fast as dataclasses.replace
                a.source, a.cue, a.content, a.form, a.confidence, e.source_class, ids.get(id(e))
            )
            for a, step in zip(attributions, steps, strict=True)
        ]
    )
    readings = [entity.readings for entity in ledger]
    lines = _lines(ledger, labels)
    held = {b.grant.sentence: segmented.tokens.span(b.phrase.first, b.phrase.end) for b in bearers}
    return resolved, describe_sources(segmented, resolved, lines, readings, grants, held)


def sources_part(arrays: Mapping[str, NDArray[Any]]) -> SourceModel | LedgerModel:
    """Return the part of a bundle that makes the ledger, of either kind."""
    if "choice_least" in arrays:
        return LedgerModel.from_arrays(arrays)
    return SourceModel.from_arrays(arrays)


def _by_reader(
    article: Article,
    given: Sequence[Attribution],
    reading: Reading,
    model: LedgerModel,
    grants: Sequence[Grant],
    bearers: Sequence[Bearer],
) -> tuple[tuple[Attribution, ...], tuple[Source, ...]]:
    """Return attributions and ledger as the reader and what was learnt from it have them."""
    attributions, owners = resolve_with_reader(
        article, given, reading, model, bearers, _first_tokens(bearers)
    )
    members = {id(entity): entity for entity in owners if entity is not None}
    ledger = sorted(members.values(), key=lambda entity: entity.first)
    ids = {id(entity): f"s{n}" for n, entity in enumerate(ledger, 1)}
    resolved = tuple(
        a if e is None else replace(a, source_class=e.source_class, source_id=ids[id(e)])
        for a, e in zip(attributions, owners, strict=True)
    )
    for place, entity in enumerate(ledger):
        entity.place = place
    lines = _lines(ledger, {entity.place: entity.label for entity in ledger})
    segmented, readings = article.segmented, [entity.readings for entity in ledger]
    held = {b.grant.sentence: segmented.tokens.span(b.phrase.first, b.phrase.end) for b in bearers}
    return resolved, describe_sources(segmented, resolved, lines, readings, grants, held)


def _first_tokens(bearers: Sequence[Bearer]) -> frozenset[int]:
    """Return where the words for those begin whom the text grants anonymity, names apart that are real."""
    return frozenset(
        b.phrase.first
        for b in bearers
        if b.grant.renamed or b.mention.kind != "name" or b.mention.determiner == "indefinite"
    )


def _correct(
    article: Article,
    steps: Sequence[Step],
    attributions: Sequence[Attribution],
    entities: EntityRegistry,
    hidden: Collection[int],
) -> None:
    """Correct classes that the words rule out.

    Whoever was granted anonymity and does not speak for a body is unnamed; what goes on with ", which" is no
    person. In sentences of `hidden`, or right before, somebody's name is withheld: "a clerk" there is unnamed.
    """
    for step, attribution in zip(steps, attributions, strict=True):
        entity = step.entity
        if entity is None or entity.source_class != "named_person" or not attribution.source:
            continue
        behind = attribution.source[0].end
        if article.segmented.text.startswith(", which ", behind) and step.mention.kind == "name":
            entity.source_class = "named_organisation"
        elif entity.kind == "unnamed" and step.mention.determiner == "indefinite":
            number = sentence_at(article, behind)
            entity.withheld |= number in hidden or number + 1 in hidden
    for entity in entities.members:
        spokes = any(reading.spokes for reading in entity.readings)
        if entity.withheld and not (spokes and entity.source_class == "named_organisation"):
            entity.source_class = "unnamed"


def _statements(
    article: Article,
    given: Sequence[Attribution],
    model: SourceModel,
    bearers: Sequence[Bearer],
    grants: AbstractSet[int],
) -> tuple[Sequence[Attribution], Sequence[Step], EntityRegistry]:
    """Return attributions and candidates in order, those that are no statements without an entity."""
    assert model.statements is not None
    added = [
        candidate
        for candidate in find_attribution_candidates(article, given)
        if not any(asks_only(article, candidate, bearer) for bearer in bearers)
    ]
    everything = [*given, *added]
    withheld = _first_tokens(bearers)
    steps, entities = resolve_coreference(article, everything, withheld)
    model.classify(article, steps, everything)
    _correct(article, steps, everything, entities, grants - {b.grant.sentence for b in bearers})
    kept = model.statements.keeps(article, steps, everything)
    kept = [
        keep or (i < len(given) and step.token in withheld and step.entity is not None)
        for i, (keep, step) in enumerate(zip(kept, steps, strict=True))
    ]
    dropped: dict[int, list[int]] = {}
    for i, (step, keep) in enumerate(zip(steps, kept, strict=True)):
        if not keep and step.entity is not None:
            dropped.setdefault(step.entity.place, []).append(i)
            steps[i] = NO_STEP
    for place, numbers in dropped.items():
        _forget(entities.members[place], numbers, everything)
    places = [i for i in range(len(everything)) if i < len(given) or kept[i]]
    attributions = [everything[i] for i in places]
    chosen = [steps[i] for i in places]
    _add_blocks(article, attributions, chosen, entities)
    starts = [attribution.start for attribution in attributions]
    order = sorted(range(len(attributions)), key=starts.__getitem__)
    return [attributions[i] for i in order], [chosen[i] for i in order], entities


def _add_blocks(
    article: Article, attributions: list[Attribution], steps: list[Step], entities: EntityRegistry
) -> None:
    """Add the outlet's word for every sentence of a passage that the article takes over from it."""
    sentences = article.segmented.sentences
    blocks = find_reprinted_passages(article)
    if not blocks:
        return
    covered = {
        sentence_at(article, span.start)
        for attribution, step in zip(attributions, steps, strict=True)
        if step.entity is not None and step.entity.source_class == "press"
        for span in (*attribution.cue, *attribution.content)
    }
    for block in blocks:
        outlet = by_name(entities, "press", "press", block.name, " ".join(block.name), _OUTLET)
        for number in range(block.first, block.last):
            if number not in covered:
                source = (block.span,) if number == block.first else ()
                outlet.mentions += source
                outlet.statements.append(len(attributions))
                attributions.append(
                    Attribution(source, (), (sentences[number].span,), confidence=0.5)
                )
                steps.append(NO_STEP._replace(entity=outlet))
                if outlet.source_class == "press":
                    covered.add(number)
        outlet.first = min(outlet.first or block.span.start, block.span.start)


_OUTLET = Mention("name")


def _forget(entity: Entity, numbers: Sequence[int], attributions: Sequence[Attribution]) -> None:
    """Take the attributions `numbers` off an entity's record."""
    if len(numbers) == len(entity.statements):
        entity.statements, entity.mentions = [], []
        return
    gone = set(numbers)
    entity.statements = [i for i in entity.statements if i not in gone]
    spans = Counter(a.source[0] for i in numbers if (a := attributions[i]).source)
    left: list[Span] = []
    for span in entity.mentions:
        if spans[span]:
            spans[span] -= 1
        else:
            left.append(span)
    entity.mentions = left


def _with_hearsay(
    article: Article,
    attributions: Sequence[Attribution],
    steps: Sequence[Step],
    entities: EntityRegistry,
) -> tuple[Sequence[Attribution], Sequence[Step]]:
    """Return attributions and steps with those to nobody added, in the order of the text."""
    added = find_hearsay(article, attributions, steps)
    if not added:
        return attributions, steps
    nobody = hearsay_line(entities)
    nobody.first = min(nobody.first or added[0].start, added[0].start)
    nobody.statements += range(len(attributions), len(attributions) + len(added))
    extra = [NO_STEP._replace(entity=nobody) for _ in added]
    both = sorted(
        zip([*attributions, *added], [*steps, *extra], strict=True), key=lambda pair: pair[0].start
    )
    return [a for a, _ in both], [step for _, step in both]


def _lines(ledger: Sequence[Entity], labels: Mapping[int, str]) -> tuple[Source, ...]:
    """Return the ledger's lines, without what the anonymity rules add."""
    return tuple(
        Source(
            id=f"s{n}",
            label=labels[entity.place],
            source_class=entity.source_class,
            statements=len(entity.statements),
            mentions=tuple(entity.mentions),
            plural=entity.plural,
        )
        for n, entity in enumerate(ledger, 1)
    )


def _labelled(
    article: Article, steps: Sequence[Step], entities: EntityRegistry
) -> tuple[Sequence[Step], dict[int, str]]:
    """Return the steps and the labels of entities by place; whom no words call has none.

    Nobody in particular without a noun ("they", "some") is on the line of those for whom no source is given.
    """
    labels: dict[int, str] = {}
    nobody: list[Entity] = []
    for entity in entities.members:
        if entity.statements and (label := label_of(article, entity)) is not None:
            labels[entity.place] = label
        elif entity.statements and entity.source_class == "vague":
            nobody.append(entity)
    if not nobody:
        return steps, labels
    line = hearsay_line(entities)
    labels[line.place] = NO_SOURCE
    line.first = min(e.first for e in (*nobody, line) if e.statements)
    for entity in nobody:
        line.statements += entity.statements
        line.mentions += entity.mentions
        entity.statements, entity.mentions = [], []
    places = {entity.place for entity in nobody}
    line.mentions.sort(key=lambda span: span.start)
    return [
        step._replace(entity=line) if step.entity and step.entity.place in places else step
        for step in steps
    ], labels
