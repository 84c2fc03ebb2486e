"""To whom each attribution refers: names, pronouns, nominals and elided sources, resolved by rule.

Attributions are read in the order of the text. A pronoun or a nominal ("the official", "the report") goes
to the most recent source or person that agrees with it in number, gender and noun; an attribution
without a source carries on the running one. Recency and agreement are what a parser-free resolver can
use (after Lappin and Leass 1994, Kennedy and Boguraev 1996); being a source already counts as salience.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from reportedly.datamodel import Attribution, SourceClass, Span
from reportedly.lexicon import load
from reportedly.mentions import (
    ANON,
    BODY,
    COLLECTIVE,
    DOCUMENT,
    HEARSAY,
    INDEFINITE_PRONOUNS,
    NOTABLE,
    PEOPLE,
    PLURAL,
    PRESS,
    PRONOUNS,
    Mention,
    lists,
    read_mention,
    type_name,
)
from reportedly.names import Article, look_up, people_in, sentence_at

_FIRST_PERSON = frozenset(
    ["i", "me", "my", "mine", "we", "us", "our", "ours", "myself", "ourselves"]
)
_PERSON_PRONOUNS = frozenset(["he", "him", "his", "himself", "she", "her", "hers", "herself"])
_THING_PRONOUNS = frozenset(["it", "its", "itself", "this"])
_PLURAL_PRONOUNS = frozenset(["they", "them", "their", "themselves", "both", "these", "those"])
_RELATIVES = frozenset(["who", "whom", "whose", "which", "that"])
_LOOK_BACK = 3
"""Sentences before a pronoun in which its antecedent is looked for."""

_GENERIC_HEADS = frozenset(
    [
        "source",
        "person",
        "individual",
        "insider",
        "man",
        "woman",
        "one",
        "informant",
        "whistleblower",
        "witness",
        "people",
    ]
)
_OFFICE_HEADS = frozenset(
    [
        "official",
        "representative",
        "diplomat",
        "officer",
        "aide",
        "adviser",
        "advisor",
        "staffer",
        "operative",
        "executive",
        "employee",
        "commander",
        "agent",
        "investigator",
        "source",
        "insider",
        "ambassador",
        "envoy",
        "spokesman",
        "authority",
        "staff",
        "member",
    ]
)


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


@dataclass(frozen=True, slots=True)
class Step:
    """How one attribution was resolved: its mention, the entity, whether that was new, and its class then."""

    mention: Mention
    entity: Entity | None
    new: bool
    rule_class: SourceClass | None
    token: int
    cue: str


def trace(article: Article, attributions: Sequence[Attribution]) -> tuple[list[Step], list[Entity]]:
    """Return how each attribution is resolved by rule, and the entities met on the way."""
    order = sorted(range(len(attributions)), key=lambda i: attributions[i].start)
    entities: list[Entity] = []
    found: list[Entity | None] = [None] * len(attributions)
    steps: list[Step] = [NO_STEP] * len(attributions)
    text = article.segmented.text
    running: Entity | None = None
    for i in order:
        attribution = attributions[i]
        before = len(entities)
        token, mention, entity = _resolve(article, attributions, i, entities, found, running)
        cue = " ".join(" ".join([s.of(text) for s in attribution.cue]).lower().split())
        new = len(entities) > before
        steps[i] = Step(mention, entity, new, entity.source_class if entity else None, token, cue)
        if entity is None:
            continue
        found[i] = running = entity
        if not entity.statements:
            entity.first = attribution.start
        entity.statements.append(i)
        if attribution.source:
            entity.mentions.append(attribution.source[0])
            entity.last = attribution.source[0].start
        elif attribution.cue:
            entity.last = attribution.cue[0].start
    return steps, entities


_ELIDED = Mention("elided")
NO_STEP = Step(_ELIDED, None, new=False, rule_class=None, token=-1, cue="")


def _resolve(
    article: Article,
    attributions: Sequence[Attribution],
    i: int,
    entities: list[Entity],
    found: Sequence[Entity | None],
    running: Entity | None,
) -> tuple[int, Mention, Entity | None]:
    """Return the first token, the mention and the entity of attribution `i`, entering it if new."""
    attribution = attributions[i]
    if not attribution.source:
        return -1, _ELIDED, _elided(article, attribution, entities, running)
    first, _, mention = read_span(article, attribution.source[0])
    entity: Entity | None
    if mention.kind == "elided":
        return first, mention, _elided(article, attribution, entities, running)
    if mention.kind == "pronoun":
        if mention.head in _FIRST_PERSON:
            quoted = _quoted(article, first)
            entity = _speaker(attributions, i, found, running if quoted else None)
            return first, mention, entity
        entity = _pronoun(article, first, mention, entities, running)
    elif mention.kind == "name":
        entity = _named(article, mention, entities, _label(article, attribution))
    else:
        label = _label(article, attribution)
        entity = _nominal(article, first, mention, entities, running, label, attribution)
    entity.readings.append(mention)
    return first, mention, entity


def read_span(article: Article, span: Span) -> tuple[int, int, Mention]:
    """Return the token range of a source's span and the mention read from it."""
    tokens = article.segmented.tokens
    first = bisect_right(tokens.ends, span.start)
    last = max(first + 1, bisect_left(tokens.starts, span.end))
    sentence = article.segmented.sentences[sentence_at(article, span.start)]
    return (
        first,
        last,
        read_mention(tokens.forms[first:last], opens_sentence=first <= sentence.first + 1),
    )


def _label(article: Article, attribution: Attribution) -> str:
    """Return the words of the source, shortened to one line."""
    words = " ".join(" ".join(s.of(article.segmented.text) for s in attribution.source).split())
    return words if len(words) <= 120 else words[:117] + "..."


def _quoted(article: Article, token: int) -> bool:
    """Tell whether a token stands inside a quotation."""
    at = article.segmented.tokens.starts[min(token, len(article.segmented.tokens) - 1)]
    return any(q.start <= at < q.end for q in article.segmented.quotations)


# --- without words ---------------------------------------------------------------------------


def _elided(
    article: Article, attribution: Attribution, entities: list[Entity], running: Entity | None
) -> Entity | None:
    """Return the running source, or the line of hearsay where the cue says that nobody is named."""
    text = article.segmented.text
    cue = " ".join(" ".join(s.of(text) for s in attribution.cue).lower().split())
    if running is None or is_hearsay_cue(cue):
        return hearsay_line(entities)
    return running


def is_hearsay_cue(cue: str) -> bool:
    """Tell whether the reporting words `cue` (lower case) leave out who says so."""
    words = set(cue.split())
    hearsay, participles = _hearsay_words()
    if words & hearsay:
        return True
    if "by" in words:
        return False
    return (bool(words & participles) and bool(words & _PASSIVE)) or cue in _BARE_PARTICIPLES


_BARE_PARTICIPLES = frozenset(
    [
        "accused",
        "alleged",
        "believed",
        "suspected",
        "rumoured",
        "rumored",
        "understood",
        "estimated",
    ]
)
_PASSIVE = frozenset(["is", "are", "was", "were", "been", "being", "be", "'s", "it’s", "it's"])


@lru_cache(maxsize=1)
def _hearsay_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the hearsay words and the participles that make a passive of saying."""
    by_kind = {e.attributes["kind"]: e.terms for e in load("source_vague").entries if e.terms}
    return (
        frozenset(t for t in by_kind["hearsay"] if " " not in t),
        frozenset(by_kind["participle"]),
    )


@lru_cache(maxsize=1)
def hearsay_patterns() -> tuple[re.Pattern[str], frozenset[str]]:
    """Return one pattern for hearsay without a source, and the words without which it cannot match."""
    entries = load("source_vague").entries
    patterns = [f"(?:{e.pattern})" for e in entries if e.attributes["kind"] == "hearsay_pattern"]
    triggers = [t for e in entries if e.attributes["kind"] == "hearsay_trigger" for t in e.terms]
    return re.compile("|".join(patterns)), frozenset(triggers)


def find_hearsay(
    article: Article, attributions: Sequence[Attribution], steps: Sequence[Step]
) -> list[Attribution]:
    """Return an attribution to nobody for each sentence that says "reportedly" and names no source.

    With a source in the same sentence the word is its hedge, and no attribution of its own.
    """
    pattern, triggers = hearsay_patterns()
    forms = article.segmented.tokens.forms
    if triggers.isdisjoint(forms):
        return []
    text, sentences = article.segmented.text, article.segmented.sentences
    covered: set[int] = set()
    for attribution, step in zip(attributions, steps, strict=True):
        if step.entity is not None:
            for span in (*attribution.source, *attribution.cue, *attribution.content):
                first = sentence_at(article, span.start)
                covered.update(
                    range(first, sentence_at(article, max(span.start, span.end - 1)) + 1)
                )
    found = []
    for number, sentence in enumerate(sentences):
        if number in covered or sentence.furniture:
            continue
        if triggers.isdisjoint(forms[sentence.first : sentence.last]):
            continue
        match = pattern.search(text, sentence.start, sentence.end)
        if match is not None:
            cue = Span(*match.span())
            around = (Span(sentence.start, cue.start), Span(cue.end, sentence.end))
            content = tuple(s for s in around if s.end - s.start > 2)
            found.append(Attribution((), (cue,), content, confidence=0.9, source_class="vague"))
    return found


def hearsay_line(entities: list[Entity]) -> Entity:
    """Return the ledger's line for what is ascribed to nobody at all."""
    return _vague_line(entities, "hearsay", "(no source given)")


def _vague_line(entities: list[Entity], head: str, label: str) -> Entity:
    """Return the ledger's line for a vague source of this kind."""
    for entity in entities:
        if entity.kind == "vague" and head in entity.heads:
            return entity
    entity = Entity("vague", "vague", label, heads={head}, plural=True)
    entities.append(entity)
    return entity


def _speaker(
    attributions: Sequence[Attribution],
    i: int,
    found: Sequence[Entity | None],
    running: Entity | None,
) -> Entity | None:
    """Return who speaks where a quotation says "I", or None for the narrator."""
    at = attributions[i].source[0].start
    for j, other in enumerate(attributions):
        if j != i and found[j] is not None and any(c.start <= at < c.end for c in other.content):
            return found[j]
    return running


# --- names ------------------------------------------------------------------------------------


def _named(article: Article, mention: Mention, entities: list[Entity], label: str) -> Entity:
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
        return _new(entities, "unnamed", "unnamed", label, mention)
    if kind == "person":
        return _person(
            article,
            entities,
            full if len(full) >= len(mention.name) else mention.name,
            gender,
            mention,
        )
    if kind == "press":
        return _by_name(entities, "press", "press", mention.name, label, mention)
    return _by_name(entities, "named_organisation", "body", mention.name, label, mention)


def _person(
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


def _by_name(
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


def _new(
    entities: list[Entity], source_class: SourceClass, kind: str, label: str, mention: Mention
) -> Entity:
    """Enter a new entity that has no name."""
    entity = Entity(
        source_class, kind, label, gender=mention.gender, plural=mention.plural,
        heads={mention.head} if mention.head else set(), words=set(mention.words),
    )  # fmt: skip
    entities.append(entity)
    return entity


# --- pronouns ---------------------------------------------------------------------------------


def _pronoun(  # noqa: PLR0911
    article: Article, token: int, mention: Mention, entities: list[Entity], running: Entity | None
) -> Entity:
    """Return whom a pronoun refers to."""
    head = mention.head
    if head in _RELATIVES:
        return _relative(article, token, mention, entities, running)
    if head in _PERSON_PRONOUNS:
        return _he_or_she(article, token, mention, entities)
    if head in _THING_PRONOUNS:
        return _recent(entities, ("body", "document", "press")) or _vague_line(entities, "it", "it")
    if head in ("those", "these", "both", "all", "many", "some") and len(mention.words) > 1:
        return _vague_line(entities, head, head)
    if head in _PLURAL_PRONOUNS:
        return _they(article, token, entities, running) or _vague_line(entities, "they", "they")
    if (
        head in ("another", "one", "both", "neither", "others")
        and running is not None
        and running.kind == "unnamed"
    ):
        if head == "both":
            return running
        return _new(entities, "unnamed", "unnamed", head, mention)
    if head in ("someone", "somebody", "one", "another"):
        return _new(entities, "unnamed", "unnamed", head, mention)
    return _vague_line(entities, head, head)


def _recent(
    entities: Sequence[Entity], kinds: tuple[str, ...], *, plural: bool | None = None
) -> Entity | None:
    """Return the entity of one of `kinds` that was mentioned last."""
    best: Entity | None = None
    for entity in entities:
        fits = entity.kind in kinds and (plural is None or entity.plural == plural)
        if fits and (best is None or entity.last >= best.last):
            best = entity
    return best


def _they(
    article: Article, token: int, entities: list[Entity], running: Entity | None
) -> Entity | None:
    """Return the plural source or the body that "they" is: the subject before it, else the last such source."""
    here = sentence_at(article, article.segmented.tokens.starts[token])
    for number in (here, here - 1):
        if number < 0:
            break
        near = _plural_before(article, number, token)
        pair = _pair_before(article, number, token if near is None else near[0])
        if pair is not None:
            entity = Entity(
                "named_person", "person", " and ".join(" ".join(p) for p in pair), plural=True
            )
            entities.append(entity)
            return entity
        if near is None:
            continue
        first, mention, label = near
        if running is not None and mention.head in running.heads:
            return running
        return _nominal(article, first, mention, entities, running, label, None)
    best: Entity | None = None
    for entity in entities:
        fits = entity.plural or entity.kind in ("body", "press")
        if fits and "hearsay" not in entity.heads and (best is None or entity.last >= best.last):
            best = entity
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
                and forms[first - 1].lower() not in _VERBS
            ):
                first -= 1
            words = forms[first : i + 1]
            mention = read_mention(words, opens_sentence=first == sentence.first)
            if mention.kind == "nominal":
                return first, mention, " ".join(words)
    return None


def _he_or_she(article: Article, token: int, mention: Mention, entities: list[Entity]) -> Entity:  # noqa: C901
    """Return the person that "he" or "she" is: near, of that gender, best a source already."""
    at = article.segmented.tokens.starts[token]
    here = sentence_at(article, at)
    best: Entity | tuple[tuple[str, ...], str] | None = None
    best_score = -99.0
    for entity in entities:
        if entity.kind not in ("person", "unnamed") or (entity.plural and entity.kind != "person"):
            continue
        if entity.gender and entity.gender != mention.gender:
            continue
        distance = here - sentence_at(article, entity.last)
        score = 1.2 - 0.8 * distance + (0.4 if entity.gender else 0.0)
        if entity.kind == "unnamed":
            score -= 0.3
        if score >= best_score:
            best, best_score = entity, score
    for number in range(max(0, here - _LOOK_BACK), here + 1):
        for rank, (where, name, gender) in enumerate(people_in(article, number)):
            if where >= token or (gender and gender != mention.gender):
                continue
            score = -0.8 * (here - number) + (0.4 if gender else 0.0) + (0.5 if rank == 0 else 0.0)
            if score > best_score:
                best, best_score = (name, gender), score
    if isinstance(best, Entity):
        best.gender = best.gender or mention.gender
        return best
    if best is not None:
        return _person(article, entities, best[0], best[1] or mention.gender, None)
    return _new(entities, "named_person", "person", mention.head, mention)


def _relative(
    article: Article, token: int, mention: Mention, entities: list[Entity], running: Entity | None
) -> Entity:
    """Return whom "who", "which" or "that" refers to: the noun phrase right before it."""
    forms = article.segmented.tokens.forms
    sentence = article.segmented.sentences[
        sentence_at(article, article.segmented.tokens.starts[token])
    ]
    end = token
    while end > sentence.first and forms[end - 1] in (
        ",",
        "of",
        "—",
        "–",
        "-",
        "all",
        "some",
        "one",
        "both",
        "in",
        "to",
        "for",
        "with",
        "and",
    ):
        end -= 1
    first = end
    while (
        first > max(sentence.first, end - 10)
        and forms[first - 1] not in (",", ";", ":", "“", "”", '"', "—", "–", "(")
        and forms[first - 1].lower() not in _VERBS
    ):
        first -= 1
        if forms[first].lower() in (
            "the",
            "a",
            "an",
            "some",
            "many",
            "his",
            "her",
            "their",
            "those",
        ):
            break
    if first == end:
        return running or _vague_line(entities, mention.head, mention.head)
    words = forms[first:end]
    antecedent = read_mention(words, opens_sentence=first == sentence.first)
    if antecedent.kind == "name":
        return _named(article, antecedent, entities, " ".join(words))
    if antecedent.kind == "nominal" and antecedent.flags:
        return _nominal(article, first, antecedent, entities, running, " ".join(words), None)
    if mention.head in ("who", "whom"):
        near = [
            p
            for p in people_in(
                article, sentence_at(article, article.segmented.tokens.starts[token])
            )
            if p[0] < token
        ]
        if near:
            return _person(article, entities, near[-1][1], near[-1][2], None)
    return running or _vague_line(entities, mention.head, mention.head)


_VERBS = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "said",
        "says",
        "told",
        "or",
        "but",
        "that",
        "by",
        "from",
        "to",
        "with",
        "as",
        "than",
    ]
)


# --- nominals ---------------------------------------------------------------------------------


def _nominal(
    article: Article,
    first: int,
    mention: Mention,
    entities: list[Entity],
    running: Entity | None,  # noqa: ARG001
    label: str,
    attribution: Attribution | None,  # noqa: ARG001
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


def _apposed(article: Article, mention: Mention, entities: list[Entity]) -> Entity:
    """Return the person whose name follows in apposition."""
    gender = type_name(mention.name)[1] or mention.gender
    entity = _person(article, entities, mention.name, gender, mention)
    if mention.spokes and not entity.statements:
        principal = tuple(w for w in mention.principal if w not in mention.name)
        if principal and look_up(article, principal)[0] in ("body", "place"):
            entity.source_class = "named_organisation"
    return entity


def _spokesperson(article: Article, mention: Mention, entities: list[Entity], label: str) -> Entity:  # noqa: PLR0911
    """Return the body or person for whom a spokesperson speaks."""
    if mention.principal:
        kind = look_up(article, mention.principal)[0]
        if kind in ("person", "unknown") and mention.body_noun not in (
            "campaign",
            "office",
            "company",
        ):
            entity = Entity(
                "named_person",
                "spokes",
                label,
                heads={mention.head, "spokesperson"},
                words=set(mention.words),
            )
            entities.append(entity)
            return entity
        if kind == "press":
            kind = "body"
        return _by_name(
            entities,
            "named_organisation",
            "body",
            mention.principal,
            " ".join(mention.principal),
            mention,
        )
    if mention.determiner == "definite":
        for entity in reversed(entities):
            if (
                entity.heads & {mention.head, "spokesperson", "spokesman", "spokeswoman"}
                or "spokesman" in entity.words
                or "spokeswoman" in entity.words
            ):
                return entity
    if mention.determiner in ("possessive", "owned"):
        return _new(entities, "named_person", "spokes", label, mention)
    body = _recent(entities, ("body",))
    if body is not None:
        return body
    if mention.body_noun or mention.complement == "for":
        return _new(entities, "named_organisation", "body", label, mention)
    return _new(
        entities,
        "named_organisation" if mention.determiner == "definite" else "unnamed",
        "unnamed",
        label,
        mention,
    )


def _thing(mention: Mention, entities: list[Entity], label: str) -> Entity:  # noqa: PLR0911
    """Return the document or outlet that a common noun refers to."""
    flags = mention.flags
    if flags & PRESS and not flags & DOCUMENT:
        if (
            mention.head
            in ("reporter", "journalist", "correspondent", "photographer", "editor", "columnist")
            and mention.determiner in ("indefinite", "counted")
            and not mention.principal
        ):
            return _new(entities, "unnamed", "unnamed", label, mention)
        earlier = (
            _recent(entities, ("press",))
            if mention.determiner == "definite" and not mention.plural
            else None
        )
        return earlier or _new(entities, "press", "press", label, mention)
    if flags & HEARSAY and not flags & DOCUMENT:
        return _vague_line(entities, mention.head, label)
    if mention.words & {"media", "news", "press", "newspaper"} and mention.head in (
        "report",
        "story",
        "article",
    ):
        return _new(entities, "press", "press", label, mention)
    if (
        mention.head == "report"
        and mention.plural
        and not mention.determiner
        and len(mention.words) == 1
    ):
        return _vague_line(entities, mention.head, label)
    if mention.determiner == "definite":
        for entity in reversed(entities):
            if entity.kind == "document" and mention.head in entity.heads:
                return entity
    return _new(entities, "document", "document", label, mention)


def _body(mention: Mention, entities: list[Entity], label: str) -> Entity:
    """Return the body that a common noun refers to."""
    if mention.determiner == "sweeping" or (
        mention.plural
        and mention.head not in ("police", "prosecutor", "law enforcement", "force", "troop")
        and not mention.principal
        and mention.determiner in ("", "counted")
    ):
        return _vague_line(entities, mention.head, label)
    if mention.determiner in ("definite", "possessive", "") and not mention.principal:
        for entity in reversed(entities):
            if entity.kind == "body" and (
                mention.head in entity.heads or mention.head in entity.words
            ):
                return entity
        if mention.determiner == "definite" and not mention.plural:
            recent = _recent(entities, ("body",))
            if recent is not None:
                recent.heads.add(mention.head)
                return recent
    if (
        mention.determiner == "indefinite"
        and not mention.principal
        and mention.head in ("pac", "super pac", "company", "firm")
    ):
        return _new(entities, "unnamed", "unnamed", label, mention)
    return _new(entities, "named_organisation", "body", label, mention)


def _people(  # noqa: C901, PLR0911, PLR0912
    article: Article, first: int, mention: Mention, entities: list[Entity], label: str
) -> Entity:
    """Return the person or persons that a common noun refers to."""
    definite = mention.determiner in ("definite", "possessive", "owned")
    if mention.head in _SHARES:
        return _vague_line(entities, "percent", label)
    if mention.plural:
        return _several(mention, entities, label, definite=definite)
    if mention.determiner == "definite" or (not mention.determiner and mention.flags & NOTABLE):
        entity = _same_head(mention, entities)
        if entity is not None:
            return entity
        if mention.flags & ANON:
            entity = _unnamed_before(mention, entities)
            if entity is not None:
                return entity
        entity = _by_role(article, first, mention, entities)
        if entity is not None:
            return entity
        return _new(entities, "unnamed", "unnamed", label, mention)
    if definite and mention.flags & NOTABLE:
        return _same_head(mention, entities) or _new(
            entities, "named_person", "person", label, mention
        )
    if mention.head in ("someone", "somebody"):
        return _new(entities, "unnamed", "unnamed", label, mention)
    if (
        mention.determiner == "sweeping" and not mention.flags & ANON
    ) or mention.head in INDEFINITE_PRONOUNS:
        return _vague_line(entities, mention.head, label)
    if not mention.flags and mention.head in PRONOUNS:
        return _vague_line(entities, mention.head, label)
    if not mention.flags and (mention.head in ("percent", "%", "half") or mention.head.isdigit()):
        return _vague_line(entities, "percent", label)
    if mention.determiner == "possessive" and mention.flags & ANON:
        entity = _same_head(mention, entities)
        return entity or _new(entities, "unnamed", "unnamed", label, mention)
    return _new(entities, "unnamed", "unnamed", label, mention)


def _several(mention: Mention, entities: list[Entity], label: str, *, definite: bool) -> Entity:  # noqa: PLR0911
    """Return the persons that a plural noun refers to."""
    if definite or mention.determiner == "counted":
        entity = _same_head(mention, entities, plural=True)
        if entity is not None and mention.determiner != "counted":
            return entity
    flags = mention.flags
    if mention.determiner == "sweeping" or mention.head in _SHARES:
        return _vague_line(entities, mention.head, label)
    if flags & BODY and mention.determiner != "counted":
        return _body(mention, entities, label)
    if mention.determiner == "counted" and flags & (ANON | COLLECTIVE):
        return _new(entities, "unnamed", "unnamed", label, mention)
    in_view = flags & ANON and (definite or (mention.head == "people" and mention.complement))
    if (flags & COLLECTIVE and not in_view) or not flags & (ANON | NOTABLE):
        return _vague_line(entities, mention.head or label, label)
    for entity in entities:
        if (
            entity.kind == "unnamed"
            and entity.plural
            and mention.head in entity.heads
            and entity.words == set(mention.words)
        ):
            return entity
    return _new(entities, "unnamed", "unnamed", label, mention)


_SHARES = frozenset(
    ["percent", "%", "half", "third", "quarter", "majority", "number", "share", "minority"]
)


def _same_head(
    mention: Mention, entities: Sequence[Entity], *, plural: bool = False
) -> Entity | None:
    """Return the most recent person called by the same noun, preferring shared modifiers."""
    best: Entity | None = None
    best_score = -1.0
    rest = mention.words - {mention.head}
    for entity in entities:
        if (
            entity.kind not in ("person", "unnamed", "vague", "spokes")
            or mention.head not in entity.heads
        ):
            continue
        if mention.gender and entity.gender and mention.gender != entity.gender:
            continue
        score = (
            len(rest & entity.words)
            + entity.last * 1e-6
            + (0.5 if entity.plural == plural else 0.0)
        )
        if score > best_score:
            best, best_score = entity, score
    return best


def _unnamed_before(mention: Mention, entities: Sequence[Entity]) -> Entity | None:
    """Return the unnamed source that "the official" or "the representative" can refer to."""
    best: Entity | None = None
    best_score = -1.0
    rest = mention.words - {mention.head}
    for entity in entities:
        if entity.kind != "unnamed" or not entity.statements:
            continue
        if not _compatible(mention.head, entity.heads):
            continue
        if mention.gender and entity.gender and mention.gender != entity.gender:
            continue
        score = len(rest & entity.words) + entity.last * 1e-6 + (0.5 if not entity.plural else 0.0)
        if score > best_score:
            best, best_score = entity, score
    return best


def _compatible(head: str, heads: set[str]) -> bool:
    """Tell whether two nouns can call the same person."""
    if head in _GENERIC_HEADS or heads & _GENERIC_HEADS:
        return True
    return head in _OFFICE_HEADS and bool(heads & _OFFICE_HEADS)


def _by_role(
    article: Article, first: int, mention: Mention, entities: list[Entity]
) -> Entity | None:
    """Return the named person whom "the senator" can refer to: so called before, else the last one named."""
    forms = article.segmented.tokens.forms
    for form in (mention.head, mention.head.capitalize(), mention.head.title()):
        at = -1
        for _ in range(4):
            try:
                at = forms.index(form, at + 1, first)
            except ValueError:
                break
            number = sentence_at(article, article.segmented.tokens.starts[at])
            wide = not mention.flags & ANON or mention.flags & NOTABLE
            near = [
                p
                for p in people_in(article, number)
                if (-6 <= p[0] - at <= 5 if wide else p[0] == at + 1)
            ]
            if near:
                return _person(article, entities, near[0][1], near[0][2], mention)
    if mention.flags & ANON and not mention.flags & NOTABLE:
        return None
    person = _recent(entities, ("person",))
    if person is not None and not (
        mention.gender and person.gender and mention.gender != person.gender
    ):
        person.heads.add(mention.head)
        return person
    here = sentence_at(article, article.segmented.tokens.starts[first])
    for number in range(here, max(-1, here - 8), -1):
        near = [p for p in people_in(article, number) if p[0] < first]
        if near:
            return _person(article, entities, near[0][1], near[0][2], mention)
    return None
