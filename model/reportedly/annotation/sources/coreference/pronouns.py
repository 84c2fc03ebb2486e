"""To whom a pronoun refers: "he", "they", "it", "who", "some".

Recency and agreement in number and gender are what a resolver without a parser can use (after Lappin and
Leass 1994, Kennedy and Boguraev 1996); being a source already counts as salience.
"""

from __future__ import annotations

from itertools import pairwise

from reportedly.annotation.sources.coreference.antecedents import RELATIVES, Phrase, antecedent
from reportedly.annotation.sources.coreference.entities import (
    named,
    new_entity,
    person_called,
    vague_line,
)
from reportedly.annotation.sources.coreference.mentions import Mention, read_mention
from reportedly.annotation.sources.coreference.names import Article, people_in, sentence_at
from reportedly.annotation.sources.coreference.nominals import nominal
from reportedly.annotation.sources.coreference.registry import ENTITY_KINDS, Entity, EntityRegistry
from reportedly.annotation.sources.word_lists import PEOPLE, PLURAL, grammar, lists

_THING_PRONOUNS = frozenset(["it", "its", "itself", "this"])


_PLURAL_PRONOUNS = frozenset(["they", "them", "their", "themselves", "both", "these", "those"])


_LOOK_BACK = 3


def pronoun(
    article: Article, token: int, mention: Mention, entities: EntityRegistry, running: Entity | None
) -> Entity:
    """Return whom a pronoun refers to."""
    head = mention.head
    if head in RELATIVES:
        return _relative(article, token, mention, entities, running)
    if mention.gender:
        return _he_or_she(article, token, mention, entities)
    if head in _THING_PRONOUNS:
        return entities.most_recent(("body", "document", "press")) or vague_line(
            entities, "it", "it"
        )
    if head in ("those", "these", "both", "all", "many", "some") and len(mention.words) > 1:
        return vague_line(entities, head, head)
    if head in _PLURAL_PRONOUNS:
        return _they(article, token, entities, running) or vague_line(entities, "they", "they")
    return _somebody(mention, entities, running)


def _somebody(mention: Mention, entities: EntityRegistry, running: Entity | None) -> Entity:
    """Return the new unnamed source that "someone" is, or "others" after an unnamed one; else nobody in particular."""
    hidden = running is not None and running.kind == "unnamed"
    if mention.head in ("someone", "somebody", "one", "another") or (
        hidden and mention.head in ("neither", "others")
    ):
        return new_entity(entities, "unnamed", "unnamed", mention.head, mention)
    return vague_line(entities, mention.head, mention.head)


def _they(
    article: Article, token: int, entities: EntityRegistry, running: Entity | None
) -> Entity | None:
    """Return the plural source or the body that "they" is: the subject before it, else the last such source."""
    here = sentence_at(article, article.segmented.tokens.starts[token])
    for number in (here, here - 1):
        if number < 0:
            break
        near = _plural_before(article, number, token)
        pair = _pair_before(article, number, token if near is None else near[0])
        if pair is not None:
            label = " and ".join(" ".join(p) for p in pair)
            return entities.enter(Entity("named_person", "person", label, plural=True))
        if near is None:
            continue
        first, mention, label = near
        if running is not None and mention.head in running.heads:
            return running
        return nominal(article, first, mention, entities, label)
    return _last_plural(entities)


def _last_plural(entities: EntityRegistry) -> Entity | None:
    """Return the plural source, body or outlet that was mentioned last; hearsay is none."""
    best: Entity | None = None
    wanted = [(kind, True) for kind in ENTITY_KINDS] + [("body", False), ("press", False)]
    for kind, plural in wanted:
        for entity in entities.backwards(kind, plural=plural):
            if best is not None and (entity.last, entity.place) < (best.last, best.place):
                break
            if "hearsay" not in entity.heads:
                best = entity
                break
    return best


def _pair_before(article: Article, number: int, token: int) -> tuple[tuple[str, ...], ...] | None:
    """Return two persons joined by "and" in a sentence before `token`."""
    forms = article.segmented.tokens.forms
    people = [p for p in people_in(article, number) if p[0] < token]
    for one, two in pairwise(people):
        if two[0] - one[0] <= 6 and "and" in forms[one[0] : two[0]]:
            return one[1], two[1]
    return None


def _plural_before(article: Article, number: int, token: int) -> tuple[int, Mention, str] | None:
    """Return the first noun phrase of a sentence, before `token`, that means several people."""
    forms = article.segmented.tokens.forms
    sentence = article.segmented.sentences[number]
    nouns = lists().nouns
    for i in range(sentence.first, min(token, sentence.last)):
        bits = nouns.get(forms[i].lower(), 0)
        if bits & PLURAL and bits & PEOPLE:
            first = i
            while (
                first > sentence.first
                and i - first < 4
                and forms[first - 1].isalpha()
                and forms[first - 1].lower() not in grammar().clause_word
            ):
                first -= 1
            words = forms[first : i + 1]
            mention = read_mention(words, opens_sentence=first == sentence.first)
            if mention.kind == "nominal":
                return first, mention, " ".join(words)
    return None


def _he_or_she(article: Article, token: int, mention: Mention, entities: EntityRegistry) -> Entity:
    """Return the person that "he" or "she" is: near, of that gender, best a source already."""
    at = article.segmented.tokens.starts[token]
    here = sentence_at(article, at)
    best: Entity | tuple[tuple[str, ...], str] | None
    best, best_score = _person_before(article, here, mention, entities)
    for number in range(max(0, here - _LOOK_BACK), here + 1):
        for rank, (where, name, gender) in enumerate(people_in(article, number)):
            if where >= token or (gender and gender != mention.gender):
                continue
            score = (
                -_SENTENCE * (here - number)
                + (0.4 if gender else 0.0)
                + (0.5 if rank == 0 else 0.0)
            )
            if score > best_score:
                best, best_score = (name, gender), score
    if isinstance(best, Entity):
        best.gender = best.gender or mention.gender
        return best
    if best is not None:
        return person_called(article, entities, best[0], best[1] or mention.gender, None)
    return new_entity(entities, "named_person", "person", mention.head, mention)


def _person_before(
    article: Article, here: int, mention: Mention, entities: EntityRegistry
) -> tuple[Entity | None, float]:
    """Return the person on the roster that "he" or "she" in sentence `here` is likeliest to be, and the score.

    A sentence of distance costs more than all else together can give, so that nobody counts who was
    mentioned in an earlier sentence than somebody else who fits.
    """
    best: Entity | None = None
    best_score = _LEAST_SCORE
    nearest = here - int(-_LEAST_SCORE / _SENTENCE) - 3
    for kind, plural in (("person", False), ("person", True), ("unnamed", False)):
        for entity in entities.backwards(kind, plural=plural):
            number = sentence_at(article, entity.last)
            if number < nearest:
                break
            if entity.gender and entity.gender != mention.gender:
                continue
            score = 1.2 - _SENTENCE * (here - number) + (0.4 if entity.gender else 0.0)
            if kind == "unnamed":
                score -= 0.3
            later = best is None or entity.place > best.place
            if score > best_score or (score == best_score and later):
                best, best_score, nearest = entity, score, number
    return best, best_score


_SENTENCE = 0.8
_LEAST_SCORE = -99.0


def _relative(
    article: Article, token: int, mention: Mention, entities: EntityRegistry, running: Entity | None
) -> Entity:
    """Return whom "who", "which" or "that" refers to: the head of the noun phrase before it."""
    tokens = article.segmented.tokens
    phrase = antecedent(article, token)
    if phrase is None:
        return running or vague_line(entities, mention.head, mention.head)
    known = entities.standing(phrase.first, phrase.core)
    if known is not None:
        return known
    number = sentence_at(article, tokens.starts[token])
    found = _antecedent(article, phrase, mention, entities, number)
    if found is None:
        return running or vague_line(entities, mention.head, mention.head)
    entities.stand(found, phrase.first, phrase.core)
    return found


def _antecedent(
    article: Article, phrase: Phrase, mention: Mention, entities: EntityRegistry, number: int
) -> Entity | None:
    """Return whom a noun phrase in sentence `number` means, before the relative pronoun `mention`."""
    tokens = article.segmented.tokens
    words = tokens.forms[phrase.first : phrase.end]
    opens = phrase.first == article.segmented.sentences[number].first
    label = tokens.span(phrase.first, phrase.end).of(article.segmented.text)
    read = read_mention(words, opens_sentence=opens)
    of_people = mention.head in ("who", "whom")
    if read.kind == "name":
        return named(article, read, entities, label)
    if read.kind == "nominal" and (read.flags or (of_people and read.determiner == "indefinite")):
        return nominal(article, phrase.first, read, entities, " ".join(label.split()))
    near = [p for p in people_in(article, number) if p[0] < phrase.end] if of_people else []
    return person_called(article, entities, near[-1][1], near[-1][2], None) if near else None
