"""To whom a common noun refers: "the official", "a spokeswoman for the port", "the report", "critics".

A definite noun goes to the most recent source that agrees with it in number, gender and noun; an indefinite
one is new; nouns for people in general are nobody in particular.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import merge

from reportedly.annotation.sources.coreference.entities import (
    by_name,
    new_entity,
    person_called,
    vague_line,
)
from reportedly.annotation.sources.coreference.mentions import Mention
from reportedly.annotation.sources.coreference.names import (
    Article,
    first_places,
    look_up,
    people_in,
    sentence_at,
)
from reportedly.annotation.sources.coreference.registry import (
    ENTITY_KINDS,
    SPOKESMEN,
    Entity,
    EntityRegistry,
)
from reportedly.annotation.sources.word_lists import (  # fmt: skip
    ANON,
    BODY,
    COLLECTIVE,
    DOCUMENT,
    HEARSAY,
    NOTABLE,
    PEOPLE,
    PRESS,
    grammar,
    lists,
    type_name,
)


def nominal(
    article: Article,
    first: int,
    mention: Mention,
    entities: EntityRegistry,
    label: str,
) -> Entity:
    """Return whom a common noun refers to."""
    flags = mention.flags
    if mention.name:
        return _apposed(article, mention, entities)
    if mention.spokes:
        return _spokesperson(article, mention, entities, label)
    if flags & (HEARSAY | DOCUMENT | PRESS) and not flags & PEOPLE:
        return _thing(mention, entities, label)
    if flags & BODY and not flags & (ANON | NOTABLE):
        return _body(mention, entities, label)
    if flags & PEOPLE or not flags:
        return _people(article, first, mention, entities, label)
    return _body(mention, entities, label)


def nameless(mention: Mention, entities: EntityRegistry, label: str) -> Entity:
    """Return the unnamed source that the text grants anonymity: one met before if the noun is definite, else new."""
    earlier = None
    if mention.determiner == "definite":
        earlier = _unnamed_before(mention, entities)
    return earlier or new_entity(entities, "unnamed", "unnamed", label, mention)


def _apposed(article: Article, mention: Mention, entities: EntityRegistry) -> Entity:
    """Return the person whose name follows in apposition."""
    gender = type_name(mention.name)[1] or mention.gender
    entity = person_called(article, entities, mention.name, gender, mention)
    if mention.spokes and not entity.statements:
        principal = tuple(w for w in mention.principal if w not in mention.name)
        if principal and look_up(article, principal)[0] in ("body", "place"):
            entity.source_class = "named_organisation"
    return entity


def _spokesperson(
    article: Article, mention: Mention, entities: EntityRegistry, label: str
) -> Entity:
    """Return the body or person for whom a spokesperson speaks."""
    if mention.principal:
        return _principal(article, mention, entities, label)
    if mention.determiner == "definite":
        heads = {mention.head, "spokesperson", *SPOKESMEN}
        entity = entities.newest_said(ENTITY_KINDS, heads, SPOKESMEN)
        if entity is not None:
            return entity
    if mention.determiner in ("possessive", "owned"):
        return new_entity(entities, "named_person", "spokes", label, mention)
    body = entities.most_recent(("body",))
    if body is not None:
        return body
    if mention.body_noun or mention.complement == "for":
        return new_entity(entities, "named_organisation", "body", label, mention)
    return new_entity(
        entities,
        "named_organisation" if mention.determiner == "definite" else "unnamed",
        "unnamed",
        label,
        mention,
    )


def _principal(article: Article, mention: Mention, entities: EntityRegistry, label: str) -> Entity:
    """Return the body whose name a spokesperson bears, or the spokesperson of a person."""
    kind = look_up(article, mention.principal)[0]
    if kind in ("person", "unknown") and mention.body_noun not in lists().run_by_person:
        heads = {mention.head, "spokesperson"}
        return entities.enter(
            Entity("named_person", "spokes", label, heads=heads, words=set(mention.words))
        )
    name = mention.principal
    return by_name(entities, "named_organisation", "body", name, " ".join(name), mention)


def _thing(mention: Mention, entities: EntityRegistry, label: str) -> Entity:
    """Return the document or outlet that a common noun refers to."""
    flags = mention.flags
    if flags & PRESS and not flags & DOCUMENT:
        return _press(mention, entities, label)
    if flags & HEARSAY and not flags & DOCUMENT:
        return vague_line(entities, mention.head, label)
    if mention.head in lists().press_items and mention.words & lists().press_words:
        return new_entity(entities, "press", "press", label, mention)
    if (
        mention.head == "report"
        and mention.plural
        and not mention.determiner
        and len(mention.words) == 1
    ):
        return vague_line(entities, mention.head, label)
    if mention.determiner == "definite":
        known = entities.newest(("document",), (mention.head,))
        if known is not None:
            return known
    return new_entity(entities, "document", "document", label, mention)


def _press(mention: Mention, entities: EntityRegistry, label: str) -> Entity:
    """Return the outlet that a common noun refers to; a reporter of none is an unnamed source."""
    if (
        mention.head in lists().press_people
        and mention.determiner in ("indefinite", "counted")
        and not mention.principal
    ):
        return new_entity(entities, "unnamed", "unnamed", label, mention)
    earlier = (
        entities.most_recent(("press",))
        if mention.determiner == "definite" and not mention.plural
        else None
    )
    return earlier or new_entity(entities, "press", "press", label, mention)


def _body(mention: Mention, entities: EntityRegistry, label: str) -> Entity:
    """Return the body that a common noun refers to."""
    if mention.determiner == "sweeping" or (
        mention.plural
        and mention.head not in lists().plural_bodies
        and not mention.principal
        and mention.determiner in ("", "counted")
    ):
        return vague_line(entities, mention.head, label)
    if mention.determiner in ("definite", "possessive", "") and not mention.principal:
        known = entities.newest_said(("body",), (mention.head,), (mention.head,))
        if known is not None:
            return known
        if mention.determiner == "definite" and not mention.plural:
            recent = entities.most_recent(("body",))
            if recent is not None:
                entities.describe(recent, (mention.head,))
                return recent
    if (
        mention.determiner == "indefinite"
        and not mention.principal
        and mention.head in lists().hidden_bodies
    ):
        return new_entity(entities, "unnamed", "unnamed", label, mention)
    return new_entity(entities, "named_organisation", "body", label, mention)


def _people(
    article: Article, first: int, mention: Mention, entities: EntityRegistry, label: str
) -> Entity:
    """Return the person or persons that a common noun refers to."""
    owned = mention.determiner in ("possessive", "owned")
    if mention.head in grammar().share:
        return vague_line(entities, "percent", label)
    if mention.plural:
        definite = owned or mention.determiner == "definite"
        return _several(mention, entities, label, definite=definite)
    if mention.determiner == "definite" or (not mention.determiner and mention.flags & NOTABLE):
        entity = _pointed_at(article, first, mention, entities)
        return entity or _unknown(mention, entities, label)
    if owned and mention.flags & NOTABLE:
        return _same_head(mention, entities) or new_entity(
            entities, "named_person", "person", label, mention
        )
    nobody = _nobody(mention)
    if nobody is not None:
        return vague_line(entities, nobody, label)
    known = mention.determiner == "possessive" and mention.flags & ANON
    return (_same_head(mention, entities) if known else None) or new_entity(
        entities, "unnamed", "unnamed", label, mention
    )


def _unknown(mention: Mention, entities: EntityRegistry, label: str) -> Entity:
    """Return the new source that a definite noun is: unnamed if it means a person, else a body ("the brewery")."""
    if mention.flags:
        return new_entity(entities, "unnamed", "unnamed", label, mention)
    return new_entity(entities, "named_organisation", "body", label, mention)


def _pointed_at(
    article: Article, first: int, mention: Mention, entities: EntityRegistry
) -> Entity | None:
    """Return the person that a definite noun points at: called so, unnamed and fitting, or of that role."""
    return (
        _same_head(mention, entities)
        or (_unnamed_before(mention, entities) if mention.flags & ANON else None)
        or _by_role(article, first, mention, entities)
    )


def _nobody(mention: Mention) -> str | None:
    """Return the head under which a noun that means nobody in particular is kept; None if it means somebody."""
    words, head = grammar(), mention.head
    if head in ("someone", "somebody"):
        return None
    sweeping = mention.determiner == "sweeping" and not mention.flags & ANON
    if sweeping or head in words.indefinite_pronoun:
        return head
    if mention.flags:
        return None
    if head in words.pronoun:
        return head
    return "percent" if head in words.fraction or head.isdigit() else None


def _several(mention: Mention, entities: EntityRegistry, label: str, *, definite: bool) -> Entity:
    """Return the persons that a plural noun refers to."""
    if definite or mention.determiner == "counted":
        entity = _same_head(mention, entities, plural=True)
        if entity is not None and mention.determiner != "counted":
            return entity
    flags = mention.flags
    if mention.determiner == "sweeping" or mention.head in grammar().share:
        return vague_line(entities, mention.head, label)
    if flags & BODY and mention.determiner != "counted":
        return _body(mention, entities, label)
    if mention.determiner == "counted" and flags & (ANON | COLLECTIVE):
        return new_entity(entities, "unnamed", "unnamed", label, mention)
    in_view = flags & ANON and (definite or (mention.head == "people" and mention.complement))
    if (flags & COLLECTIVE and not in_view) or not flags & (ANON | NOTABLE):
        return vague_line(entities, mention.head or label, label)
    return entities.group(mention.head, mention.words) or new_entity(
        entities, "unnamed", "unnamed", label, mention
    )


def _same_head(
    mention: Mention, entities: EntityRegistry, *, plural: bool = False
) -> Entity | None:
    """Return the most recent person called by the same noun, preferring shared modifiers."""
    return _likeliest(mention, entities.called(mention.head), plural=plural)


def _unnamed_before(mention: Mention, entities: EntityRegistry) -> Entity | None:
    """Return the unnamed source that "the official" or "the representative" can refer to."""
    unnamed = merge(
        *(entities.backwards("unnamed", plural=plural) for plural in (False, True)),
        key=lambda entity: (entity.last, entity.place),
        reverse=True,
    )
    fitting = (entity for entity in unnamed if _compatible(mention.head, entity.heads))
    return _likeliest(mention, fitting, plural=False)


def _likeliest(mention: Mention, entities: Iterable[Entity], *, plural: bool) -> Entity | None:
    """Return whom of `entities`, the one mentioned last first, a noun refers to.

    Words in common count most, then number, then how lately: a point for a million characters. The older
    entity wins a tie.
    """
    best: Entity | None = None
    best_score = -1.0
    rest = mention.words - {mention.head}
    for entity in entities:
        recency = entity.last * 1e-6
        if len(rest) + recency + 0.5 < best_score:
            break
        if mention.gender and entity.gender and mention.gender != entity.gender:
            continue
        score = len(rest & entity.words) + recency + (0.5 if entity.plural == plural else 0.0)
        older = best is not None and entity.place < best.place
        if score > best_score or (score == best_score and older):
            best, best_score = entity, score
    return best


def _compatible(head: str, heads: set[str]) -> bool:
    """Tell whether two nouns can call the same person."""
    if head in grammar().generic_head or heads & grammar().generic_head:
        return True
    return head in grammar().office_head and bool(heads & grammar().office_head)


def _by_role(
    article: Article, first: int, mention: Mention, entities: EntityRegistry
) -> Entity | None:
    """Return the named person whom "the senator" can refer to: so called before, else the last one named."""
    for form in (mention.head, mention.head.capitalize(), mention.head.title()):
        for at in first_places(article, form):
            if at >= first:
                break
            number = sentence_at(article, article.segmented.tokens.starts[at])
            wide = not mention.flags & ANON or mention.flags & NOTABLE
            near = [
                p
                for p in people_in(article, number)
                if (-6 <= p[0] - at <= 5 if wide else p[0] == at + 1)
            ]
            if near:
                return person_called(article, entities, near[0][1], near[0][2], mention)
    if mention.flags & ANON and not mention.flags & NOTABLE:
        return None
    if not mention.flags & PEOPLE:  # "the brewery" is no person
        return None
    person = entities.most_recent(("person",))
    if person is not None and not (
        mention.gender and person.gender and mention.gender != person.gender
    ):
        entities.describe(person, (mention.head,))
        return person
    here = sentence_at(article, article.segmented.tokens.starts[first])
    for number in range(here, max(-1, here - 8), -1):
        near = [p for p in people_in(article, number) if p[0] < first]
        if near:
            return person_called(article, entities, near[0][1], near[0][2], mention)
    return None
