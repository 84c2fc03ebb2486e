"""The sources of one article under construction: who they are so far, and how a name finds its own.

Names join by their words: a surname the full name, initials the body (Kennedy and Boguraev 1996 show how
far such shallow evidence carries).
"""

from __future__ import annotations

from reportedly.annotation.sources.coreference.mentions import Mention
from reportedly.annotation.sources.coreference.names import Article, look_up
from reportedly.annotation.sources.coreference.registry import Entity, EntityRegistry
from reportedly.annotation.sources.word_lists import ANON, NOTABLE, PEOPLE, PLURAL, lists
from reportedly.datamodel import SourceClass

NO_SOURCE = "(no source given)"
"""Label of the ledger's line for what is ascribed to nobody at all."""


def hearsay_line(entities: EntityRegistry) -> Entity:
    """Return the ledger's line for what is ascribed to nobody at all."""
    return vague_line(entities, "hearsay", NO_SOURCE)


def vague_line(entities: EntityRegistry, head: str, label: str) -> Entity:
    """Return the ledger's line for a vague source of this kind."""
    return entities.vague(head) or entities.enter(
        Entity("vague", "vague", label, heads={head}, plural=True)
    )


def new_entity(
    entities: EntityRegistry, source_class: SourceClass, kind: str, label: str, mention: Mention
) -> Entity:
    """Enter a new entity that has no name."""
    return entities.enter(
        Entity(
            source_class, kind, label, gender=mention.gender, plural=mention.plural,
            heads={mention.head} if mention.head else set(), words=set(mention.words),
        )
    )  # fmt: skip


def named(article: Article, mention: Mention, entities: EntityRegistry, label: str) -> Entity:
    """Return the entity of a name."""
    kind, gender, full = look_up(article, mention.name)
    gender = mention.gender or gender
    if mention.titled and kind in ("unknown", "place"):
        kind = "person"
    if kind == "unknown":
        kind = "person"
    if (
        kind == "person"
        and mention.determiner == "definite"
        and len(mention.name) == 1
        and not mention.titled
    ):
        kind = "body"
    if mention.flags & PEOPLE and mention.flags & PLURAL and kind != "person":
        return new_entity(entities, "unnamed", "unnamed", label, mention)
    if kind == "person":
        return person_called(
            article,
            entities,
            full if len(full) >= len(mention.name) else mention.name,
            gender,
            mention,
        )
    if kind == "press":
        return by_name(entities, "press", "press", mention.name, label, mention)
    return by_name(entities, "named_organisation", "body", mention.name, label, mention)


def person_called(
    article: Article,
    entities: EntityRegistry,
    name: tuple[str, ...],
    gender: str,
    mention: Mention | None,
) -> Entity:
    """Return the person called `name`, entering them if new."""
    entity = entities.person(name, gender)
    if entity is None:
        entity = entities.enter(
            Entity("named_person", "person", " ".join(name), names=name, gender=gender)
        )
    else:
        if len(name) > len(entity.names):
            entities.rename(entity, name)
        entity.gender = entity.gender or gender
    if mention is not None:
        nouns = lists().nouns
        heads = [w for w in mention.words if nouns.get(w, 0) & (ANON | NOTABLE)]
        if mention.head:
            heads.append(mention.head)
        entities.describe(entity, heads, mention.words)
        if mention.spokes and mention.principal and not entity.statements:
            kind, _, _ = look_up(article, mention.principal)
            if kind in ("body", "place"):
                entity.source_class = "named_organisation"
    return entity


def by_name(
    entities: EntityRegistry,
    source_class: SourceClass,
    kind: str,
    name: tuple[str, ...],
    label: str,
    mention: Mention,
) -> Entity:
    """Return the body or outlet called `name`, entering it if new."""
    bare = tuple(w for w in name if w not in ("The", "the", "of", "and", "for"))
    return entities.body(kind, bare) or entities.enter(
        Entity(
            source_class, kind, " ".join(name) or label, names=bare,
            heads={bare[-1].lower() if bare else ""}, words=set(mention.words),
        )
    )  # fmt: skip
