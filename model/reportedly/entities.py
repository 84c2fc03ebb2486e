"""The sources of one article under construction: who they are so far, and how a name finds its own.

Names join by their words: a surname the full name, initials the body (Kennedy and Boguraev 1996 show how
far such shallow evidence carries).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reportedly.datamodel import SourceClass, Span
from reportedly.mentions import Mention
from reportedly.names import Article, look_up
from reportedly.source_words import ANON, NOTABLE, PEOPLE, PLURAL, lists


@dataclass(slots=True)
class Entity:
    """A source under construction: what is known of it so far."""

    source_class: SourceClass
    kind: str
    label: str
    names: tuple[str, ...] = ()
    gender: str = ""
    plural: bool = False
    heads: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    last: int = 0
    first: int = 0
    statements: list[int] = field(default_factory=list)
    mentions: list[Span] = field(default_factory=list)
    readings: list[Mention] = field(default_factory=list)


def hearsay_line(entities: list[Entity]) -> Entity:
    """Return the ledger's line for what is ascribed to nobody at all."""
    return vague_line(entities, "hearsay", "(no source given)")


def vague_line(entities: list[Entity], head: str, label: str) -> Entity:
    """Return the ledger's line for a vague source of this kind."""
    for entity in entities:
        if entity.kind == "vague" and head in entity.heads:
            return entity
    entity = Entity("vague", "vague", label, heads={head}, plural=True)
    entities.append(entity)
    return entity


def new_entity(
    entities: list[Entity], source_class: SourceClass, kind: str, label: str, mention: Mention
) -> Entity:
    """Enter a new entity that has no name."""
    entity = Entity(
        source_class, kind, label, gender=mention.gender, plural=mention.plural,
        heads={mention.head} if mention.head else set(), words=set(mention.words),
    )  # fmt: skip
    entities.append(entity)
    return entity


def most_recent(
    entities: Sequence[Entity], kinds: tuple[str, ...], *, plural: bool | None = None
) -> Entity | None:
    """Return the entity of one of `kinds` that was mentioned last."""
    best: Entity | None = None
    for entity in entities:
        fits = entity.kind in kinds and (plural is None or entity.plural == plural)
        if fits and (best is None or entity.last >= best.last):
            best = entity
    return best


def named(article: Article, mention: Mention, entities: list[Entity], label: str) -> Entity:
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
    entities: list[Entity],
    name: tuple[str, ...],
    gender: str,
    mention: Mention | None,
) -> Entity:
    """Return the person called `name`, entering them if new."""
    for entity in reversed(entities):
        if entity.kind == "person" and entity.names and _same_person(entity.names, name):
            if gender and entity.gender and gender != entity.gender and len(name) == 1:
                continue
            if len(name) > len(entity.names):
                entity.names, entity.label = name, " ".join(name)
            entity.gender = entity.gender or gender
            break
    else:
        entity = Entity("named_person", "person", " ".join(name), names=name, gender=gender)
        entities.append(entity)
    if mention is not None:
        entity.heads.update(w for w in (mention.head,) if w)
        entity.heads.update(w for w in mention.words if lists().nouns.get(w, 0) & (ANON | NOTABLE))
        entity.words |= mention.words
        if mention.spokes and mention.principal and not entity.statements:
            kind, _, _ = look_up(article, mention.principal)
            if kind in ("body", "place"):
                entity.source_class = "named_organisation"
    return entity


def _same_person(known: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Tell whether two names can be one person's: equal, or a part of the other."""
    if known == name:
        return True
    if len(name) == 1:
        return name[0] == known[-1] or name[0] == known[0]
    if len(known) == 1:
        return known[0] == name[-1] or known[0] == name[0]
    return known[-1] == name[-1] and known[0] == name[0]


def by_name(
    entities: list[Entity],
    source_class: SourceClass,
    kind: str,
    name: tuple[str, ...],
    label: str,
    mention: Mention,
) -> Entity:
    """Return the body or outlet called `name`, entering it if new."""
    bare = tuple(w for w in name if w not in ("The", "the", "of", "and", "for"))
    for entity in reversed(entities):
        if entity.kind == kind and entity.names and _same_body(entity.names, bare):
            return entity
    entity = Entity(
        source_class, kind, " ".join(name) or label, names=bare, words=set(mention.words)
    )
    entity.heads.add(bare[-1].lower() if bare else "")
    entities.append(entity)
    return entity


def _same_body(known: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Tell whether two names can be one body's: a part of the other, or its initials."""
    if set(name) <= set(known) or set(known) <= set(name):
        return True
    short, long = sorted((known, name), key=len)
    return len(short) == 1 and short[0].replace(".", "") == "".join(w[0] for w in long)
