"""To whom each attribution refers: names, pronouns, nominals and elided sources, resolved by rule.

Attributions are read in the order of the text. :mod:`reportedly.annotation.sources.coreference.entities` finds whom a name means,
:mod:`reportedly.annotation.sources.coreference.nominals` a common noun, :mod:`reportedly.annotation.sources.coreference.pronouns` a pronoun; an attribution without a
source carries on the running one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import NamedTuple

from reportedly.annotation.sources.coreference.entities import (
    hearsay_line,
    named,
    new_entity,
    person_called,
)
from reportedly.annotation.sources.coreference.mentions import Mention, read_mention
from reportedly.annotation.sources.coreference.names import Article, opens
from reportedly.annotation.sources.coreference.nominals import nameless, nominal
from reportedly.annotation.sources.coreference.pronouns import pronoun
from reportedly.annotation.sources.coreference.registry import Entity, EntityRegistry
from reportedly.annotation.sources.hearsay import is_hearsay_cue
from reportedly.annotation.sources.word_lists import GIVEN_NAME, grammar, lists, own_outlet
from reportedly.annotation.tokens.intervals import Intervals
from reportedly.datamodel import Attribution, SourceClass, Span
from reportedly.lexicons.loader import words_of


class Step(NamedTuple):
    """How one attribution was resolved: its mention, the entity, whether that was new, and its class then."""

    mention: Mention
    entity: Entity | None
    new: bool
    rule_class: SourceClass | None
    token: int
    cue: str


class _Speech:
    """Who can say "I" at an offset: the attributions whose content holds it, and the quotations.

    Few articles ask.
    """

    def __init__(self, article: Article, attributions: Sequence[Attribution]) -> None:
        self._quotations = article.segmented.quotations
        self._attributions = attributions

    @cached_property
    def contents(self) -> Intervals:
        """The contents of the attributions."""
        given = enumerate(self._attributions)
        return Intervals.of((s.start, s.end, i) for i, a in given for s in a.content)

    @cached_property
    def quotations(self) -> Intervals:
        """The quotations."""
        return Intervals.of((q.start, q.end, i) for i, q in enumerate(self._quotations))


def resolve_coreference(
    article: Article, attributions: Sequence[Attribution], withheld: Collection[int] = ()
) -> tuple[list[Step], EntityRegistry]:
    """Return how each attribution is resolved by rule, and the entities met on the way.

    `withheld` holds the first tokens of noun phrases whose bearers the text grants anonymity.
    """
    starts = [attribution.start for attribution in attributions]
    order = sorted(range(len(starts)), key=starts.__getitem__)
    entities = EntityRegistry()
    found: list[Entity | None] = [None] * len(attributions)
    steps: list[Step] = [NO_STEP] * len(attributions)
    text = article.segmented.text
    speech = _Speech(article, attributions)
    running: Entity | None = None
    for i in order:
        attribution = attributions[i]
        before = len(entities.members)
        cue = " ".join(" ".join([s.of(text) for s in attribution.cue]).lower().split())
        token, mention, entity = _resolve(
            article, attribution, cue, entities, found, running, speech, withheld
        )
        new = len(entities.members) > before
        steps[i] = Step(mention, entity, new, entity.source_class if entity else None, token, cue)
        if entity is None:
            continue
        found[i] = running = entity
        if not entity.statements:
            entity.first = starts[i]
        where = attribution.source or attribution.cue
        entities.mention(entity, where[0].start if where else entity.last)
        entity.statements.append(i)
        entity.mentions += attribution.source[:1]
    return steps, entities


_ELIDED = Mention("elided")


NO_STEP = Step(_ELIDED, None, new=False, rule_class=None, token=-1, cue="")


def _resolve(
    article: Article,
    attribution: Attribution,
    cue: str,
    entities: EntityRegistry,
    found: Sequence[Entity | None],
    running: Entity | None,
    speech: _Speech,
    withheld: Collection[int],
) -> tuple[int, Mention, Entity | None]:
    """Return the first token, the mention and the entity of an attribution with these cue words, entering it if new."""
    if not attribution.source:
        return -1, _ELIDED, _elided(cue, entities, running)
    first, last, mention = read_span(article, attribution.source[0])
    entity: Entity | None
    if mention.kind == "elided":
        return first, mention, _elided(cue, entities, running)
    if mention.kind == "pronoun":
        if mention.head in words_of("closed_classes", "first_person"):
            quoted = _quoted(article, first, speech)
            at = attribution.source[0].start
            return first, mention, _speaker(at, found, speech) or (running if quoted else None)
        entity = pronoun(article, first, mention, entities, running)
    else:
        label = _label(article, attribution)
        if mention.kind == "nominal" and own_outlet().search(label):
            return first, mention, None
        entity = _called(article, (first, last), mention, entities, label, first in withheld)
    entity.readings.append(mention)
    return first, mention, entity


def _called(
    article: Article,
    tokens: tuple[int, int],
    mention: Mention,
    entities: EntityRegistry,
    label: str,
    withheld: bool,  # noqa: FBT001 - one of two
) -> Entity:
    """Return whom a name or a common noun at `tokens` means; the same words always mean the same."""
    first, last = tokens
    ends, forms = grammar().phrase_end, article.segmented.tokens.forms
    core = next((i for i in range(first + 1, last) if forms[i].lower() in ends), last)
    entity = entities.standing(first, core)
    called = mention.kind == "name" and not (withheld and mention.determiner == "indefinite")
    if entity is None and called:
        entity = named(article, mention, entities, label)
    elif entity is None and withheld and not mention.spokes:
        entity = nameless(mention, entities, label)
    elif entity is None:
        entity = nominal(article, first, mention, entities, label)
        entity = _apart(article, tokens, mention, entities, entity, label)
    entity.withheld |= withheld
    entities.stand(entity, first, core)
    return entity


def _apart(
    article: Article,
    tokens: tuple[int, int],
    mention: Mention,
    entities: EntityRegistry,
    entity: Entity,
    label: str,
) -> Entity:
    """Return the source of a common noun, apart from a person with whose name a full name in the words shares nothing."""
    forms, (first, last) = article.segmented.tokens.forms, tokens
    run = _full_name(forms, first, last)
    if run is None or not entity.names or entity.kind != "person":
        return entity
    name = tuple(forms[run[0] : run[1]])
    if set(name) & set(entity.names):
        return entity
    before = forms[run[0] - 1].lower() if run[0] > first else ""
    of_another = before in grammar().phrase_end - {","} or (
        run[1] < last and forms[run[1]][0].isalpha()
    )
    if of_another or forms[run[1] : run[1] + 1] in (("'s",), ("’s",)):
        return new_entity(entities, "unnamed", "unnamed", label, mention)
    return person_called(article, entities, name, "", mention)


def _full_name(forms: Sequence[str], first: int, last: int) -> tuple[int, int] | None:
    """Return the tokens of the first given name with a surname among tokens ``[first, last)``."""
    capitals = lists().capitals
    for at in range(first, last - 1):
        if capitals.get(forms[at], 0) & GIVEN_NAME and forms[at + 1][0].isupper():
            end = at + 2
            while end < last and forms[end][0].isupper():
                end += 1
            return at, end
    return None


def read_span(article: Article, span: Span) -> tuple[int, int, Mention]:
    """Return the token range of a source's span and the mention read from it."""
    tokens = article.segmented.tokens
    first = bisect_right(tokens.ends, span.start)
    last = max(first + 1, bisect_left(tokens.starts, span.end))
    opening = first < len(tokens) and opens(article, first)
    return (
        first,
        last,
        read_mention(tokens.forms[first:last], opens_sentence=opening),
    )


def _label(article: Article, attribution: Attribution) -> str:
    """Return the words of the source, shortened to one line."""
    words = " ".join(" ".join(s.of(article.segmented.text) for s in attribution.source).split())
    return words if len(words) <= 120 else words[:117] + "..."


def _quoted(article: Article, token: int, speech: _Speech) -> bool:
    """Tell whether a token stands inside a quotation."""
    at = article.segmented.tokens.starts[min(token, len(article.segmented.tokens) - 1)]
    return any(True for _ in speech.quotations.holding(at))


def _elided(cue: str, entities: EntityRegistry, running: Entity | None) -> Entity | None:
    """Return the running source, or the line of hearsay where the cue says that nobody is named."""
    if running is None or is_hearsay_cue(cue):
        return hearsay_line(entities)
    return running


def _speaker(at: int, found: Sequence[Entity | None], speech: _Speech) -> Entity | None:
    """Return who speaks where a quotation says "I" at offset `at`, if anybody does."""
    first = min((i for i in speech.contents.holding(at) if found[i] is not None), default=None)
    return None if first is None else found[first]
