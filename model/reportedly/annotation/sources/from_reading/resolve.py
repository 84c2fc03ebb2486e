"""From a reading to the sources of an article: statements found and linked, each source's class and label."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.sources.bearers import Bearer, asking_clause
from reportedly.annotation.sources.coreference.entities import NO_SOURCE, Entity
from reportedly.annotation.sources.coreference.names import Article, without_article
from reportedly.annotation.sources.from_reading.amended import NOBODY_SAYS, UNCLEAR, amended
from reportedly.annotation.sources.from_reading.choice import Findings
from reportedly.annotation.sources.from_reading.entity_class import (
    GROUP_OF,
    entity_rows,
)
from reportedly.annotation.sources.from_reading.found import Found, class_answers, statements_of
from reportedly.annotation.sources.from_reading.joined import joined
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.annotation.sources.from_reading.nameless_class import is_lore
from reportedly.annotation.sources.from_reading.trust import (
    LineTrust,
    StatedLines,
    statement_chances,
    top_odds,
)
from reportedly.annotation.sources.from_reading.worded_class import class_by_words
from reportedly.annotation.sources.labels import label_of
from reportedly.annotation.sources.linking.linker import linking_run, most_linked
from reportedly.annotation.sources.linking.polls import is_share
from reportedly.annotation.sources.linking.statements import Linked
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import (
    BODY_WORD,
    DOCUMENT,
    HEARSAY,
    PEOPLE,
    TITLE,
    grammar,
    lists,
    type_name,
)
from reportedly.datamodel import SOURCE_CLASSES, Attribution, SourceClass
from reportedly.datamodel.arrays import Floats, Floats32
from reportedly.lexicons.loader import words_of

_OTHER = 3
_NO_SCORES = np.zeros((0, len(SOURCE_CLASSES)), np.float32)
_FLAT = (1.0 / len(SOURCE_CLASSES),) * len(SOURCE_CLASSES)
_VAGUE = SOURCE_CLASSES.index("vague")


@dataclass(frozen=True, slots=True)
class LinkedStatements:
    """The statements of an article with the number of each one's source, and the statements as the linker sees them.

    `names` are the sources' names by number, empty if unnamed; `sure` is the probability that each link is right;
    `classes` are those that the wording decides.
    """

    found: tuple[Found, ...]
    owners: tuple[int, ...]
    views: tuple[View, ...]
    names: tuple[tuple[str, ...], ...]
    sure: tuple[float, ...]
    classes: Mapping[int, SourceClass] = field(default_factory=dict)

    @property
    def sources(self) -> list[list[int]]:
        """The statements of each source by number."""
        said: list[list[int]] = [[] for _ in self.names]
        for number, owner in enumerate(self.owners):
            if owner >= 0:
                said[owner].append(number)
        return said


def link_found(
    article: Article,
    found: Sequence[Found],
    model: LedgerModel,
    withheld: frozenset[int] = frozenset(),
) -> LinkedStatements:
    """Return who makes each statement; the statements of a passage belong to the person who signs or speaks it.

    `withheld` are the first tokens of the words for those granted anonymity. Statements beyond the most that are linked
    stay unclear.
    """
    within = [one for one in found if not one.extra]
    seen = within[: most_linked(article)]
    run = linking_run(article, [one.statement for one in seen], model.linker)
    linked = run.linked()
    given = amended(
        run.register, _owners(linked), [source.name for source in linked.sources], withheld,
        [number for number, one in enumerate(seen) if one.speaker == number],
    )  # fmt: skip
    joined(run.register, given, withheld)
    owners = given.owners
    sure = [link.probability for link in linked.links]
    owners += [UNCLEAR] * (len(within) - len(seen))
    sure += [0.0] * (len(within) - len(seen))
    for one in found[len(within) :]:
        owners.append(owners[one.tied])
        sure.append(sure[one.tied])
    for number, one in enumerate(within):
        if one.tied >= 0:
            owners[number], sure[number] = owners[one.tied], sure[one.tied]
    for number, (one, view) in enumerate(zip(seen, run.register.views, strict=True)):
        if view.kind == "he" and one.speaker >= 0 and owners[number] == owners[one.speaker]:
            owners[number] = UNCLEAR
    speaking = sorted(
        {owner for owner in owners if owner >= 0}
    )  # a source can lose all its statements to a passage's speaker
    number_of = {owner: number for number, owner in enumerate(speaking)}
    return LinkedStatements(
        tuple(found),
        tuple(number_of.get(owner, owner) for owner in owners),
        tuple(run.register.views),
        tuple(given.names[owner] for owner in speaking),
        tuple(sure),
        {number_of[owner]: own for owner, own in given.classes.items() if owner in number_of},
    )


def _owners(linked: Linked) -> list[int]:
    """Return the number of each statement's source, or the codes for no source and for unclear."""
    return [
        UNCLEAR if link.decision == "unclear" else link.source if link.source >= 0 else NOBODY_SAYS
        for link in linked.links
    ]


def rows_of_sources(linked: LinkedStatements, reading: Reading) -> Floats32:
    """Return the features for the class of each source, ``(sources, evidence)``."""
    views, found = linked.views, linked.found
    nothing = np.zeros(len(SOURCE_CLASSES), np.float32)
    words = np.array([nothing if f.words is None else f.words for f in found])
    starts: list[int] = []
    mentions: list[int] = []
    for said in linked.sources:
        own = [n for n in said if n < len(views)]
        if not own:
            own = [n for n in range(len(views)) if linked.owners[n] >= 0][:1]
        starts.append(len(mentions))
        mentions += own
    if not starts:
        return np.zeros((0, 0), np.float32)
    return entity_rows(
        np.array(starts),
        np.array([GROUP_OF.get(views[n].kind, _OTHER) for n in mentions]),
        np.array([found[n].statement.classes or _FLAT for n in mentions]),
        words[mentions],
        class_answers(reading, [found[n].sentence for n in mentions]),
        np.array([views[n].mention.plural for n in mentions]),
    )


def find_statements(
    article: Article,
    attributions: Sequence[Attribution],
    reading: Reading,
    model: LedgerModel,
    bearers: Sequence[Bearer] = (),
) -> tuple[list[Found], Floats]:
    """Return the statements of an article and the probability of each; a clause that only asks for anonymity is not a statement."""
    findings = Findings.of(article, attributions, reading)
    chances = model.choice.chances(findings)
    if bearers:
        chances = chances._replace(voice=_granted(article, findings, chances.voice, bearers))
    kept = model.choice.keeps(findings, chances)
    found = statements_of(article, findings, kept, reading, model.classes)
    return found, statement_chances(findings, chances, found)


def _granted(
    article: Article, findings: Findings, chances: Floats32, bearers: Sequence[Bearer]
) -> Floats32:
    """Return the probabilities of voices: 1 for whoever is granted anonymity, 0 for a clause that only asks for it."""
    chances = chances.copy()
    cues: list[tuple[int, int]] = []
    by_first: defaultdict[int, list[int]] = defaultdict(list)
    by_cue: defaultdict[int, list[int]] = defaultdict(list)
    voices = findings.proposals.voices
    for number, one in enumerate(voices):
        if one.attribution.cue:
            cues.append((one.attribution.cue[0].start, number))
            by_cue[one.cue_first].append(number)
        if one.given >= 0:
            by_first[one.first].append(number)
    cues.sort()
    for bearer in bearers:
        clause = asking_clause(article, bearer)
        low, high = (
            (0, 0)
            if clause is None
            else (bisect_left(cues, (at, -1)) for at in (clause.start, clause.end))
        )
        own = by_first[bearer.phrase.first]
        taken = {voices[number].cue_first for number in own if voices[number].attribution.cue}
        chances[[n for at in taken for n in by_cue[at]]] = 0.0  # one cue has one source
        chances[own] = 1.0
        chances[[number for _, number in cues[low:high]]] = 0.0
    return chances


def entities_of(
    article: Article, linked: LinkedStatements, columns: Sequence[int], withheld: frozenset[int]
) -> list[Entity]:
    """Return the sources as entities, by number, of the classes `columns`; `withheld` are the first tokens of the words for those granted anonymity."""
    return [
        _entity(article, linked, number, said, column, withheld)
        for number, (said, column) in enumerate(zip(linked.sources, columns, strict=True))
    ]


def _entity(
    article: Article,
    linked: LinkedStatements,
    number: int,
    said: Sequence[int],
    column: int,
    withheld: frozenset[int],
) -> Entity:
    """Return one source as an entity, with the label that fits its class."""
    views = [linked.views[n] for n in said if n < len(linked.views)]
    voiced = [view for view in views if not view.elided]
    hidden = any(view.first in withheld for view in voiced)
    source_class = linked.classes.get(number) or class_by_words(
        article, SOURCE_CLASSES[column], linked.names[number], voiced, hidden=hidden
    )
    entity = Entity(
        source_class, _KINDS[source_class], "", names=linked.names[number],
        gender=next((v.mention.gender for v in voiced if v.mention.gender), ""),
        plural=sum(v.mention.plural for v in voiced) * 2 > len(voiced),
        readings=[view.mention for view in voiced],
        mentions=[span for view in voiced if (span := view.statement.source) is not None],
        statements=list(said), first=min(linked.found[n].attribution.start for n in said), withheld=hidden,
    )  # fmt: skip
    for label in _labels(article, entity, voiced):
        entity.label = _UNFINISHED.sub("", label)
        short = label_of(article, entity)
        if short is not None:
            person = source_class == "named_person"
            entity.label = _in_small_letters(short) if person else short
            return entity
    entity.label = ""
    return entity


def _as_written(article: Article, name: Sequence[str]) -> str:
    """Return a name, without spaces around "+" and "&" if the text has none: "R+M"."""
    spaced = " ".join(name)
    glued = re.sub(r" ([&+]) ", r"\1", spaced)
    return glued if glued != spaced and glued in article.segmented.text else spaced


def _outlet(name: Sequence[str]) -> str:
    """Return the listed outlet that ends a name which begins with a place, a comma lost between them: "Lund SANA"; empty if none does."""
    known = lists()
    if len(name) < _PAIR or name[0] not in known.places or " ".join(name) in known.outlets:
        return ""
    rest = " ".join(name[1:])
    return rest if rest in known.outlets else ""


_PAIR = 2


def _in_small_letters(name: str) -> str:
    """Return a person's name of two words or more as it is written in sentences, if it is in capitals: "S.E. LUND" as "S.E. Lund"."""
    words = name.split()
    if len(words) < _PAIR or not all(word.isupper() for word in words):
        return name
    return " ".join(word if "." in word else _LETTERS.sub(_capital, word) for word in words)


def _capital(letters: re.Match[str]) -> str:
    return letters[0].capitalize()


_LETTERS = re.compile(r"[^\W\d_]+")


def _in_full(name: str, words: Sequence[str]) -> str:
    """Return an organisation's longest mention that is a name throughout and holds its name, with "National" or words joined by "and"."""
    whole = (without_article(one.rstrip(" ,;:")) for one in words if name in one)
    return max((one for one in whole if _ALL_NAME.fullmatch(one)), key=len, default=name)


_ALL_NAME = re.compile(
    r"[A-Z][\w&.'’-]{0,30}(?: (?:(?:of|for|and|on|in|the|&) ){0,2}[A-Z][\w&.'’-]{0,30}){0,7}"
)
_UNFINISHED = re.compile(
    r"(?<![\s:;,–—-])(?:[\s:;,–—-]++(?:of|the|an?|in|at|on|for|by|to|with|and|from)){0,8}[\s:;,–—-]*+$"
)
"""Function words, at most eight, and marks at the end of a label, left over where the source's words are cut off."""


_KINDS = {
    "named_person": "person", "named_organisation": "body", "document": "document", "press": "press",
    "unnamed": "unnamed", "vague": "vague",
}  # fmt: skip


def _labels(article: Article, entity: Entity, voiced: Sequence[View]) -> list[str]:
    """Return the possible labels of a source, the best first: its name if it has one, then its words."""
    text = article.segmented.text
    nouns = [v for v in voiced if v.mention.kind in ("name", "nominal")]
    named = [v for v in nouns if v.mention.kind == "name" or v.mention.name]
    asked = words_of("source_documents", "asks_people")
    if entity.source_class == "document" and any(v.mention.head in asked for v in nouns):
        named = []  # a poll is called as it is called first
    name = _as_written(article, entity.names)
    words = [said for view in (*named, *nouns) if (said := _words(text, view))]
    if entity.source_class == "document":
        words.sort(key=lambda one: is_share(one.split()))
    if entity.source_class == "press" and name:
        name = _outlet(entity.names) or name
    if entity.source_class in _WITH_NAME and words and _is_adjective(entity.names):
        return words  # "The Russian" is not called "Russian"
    if entity.source_class in ("press", "named_organisation") and name:
        return [_in_full(name, words), name, *words]
    if entity.source_class == "named_person" and name:
        office = all(lists().nouns.get(word.lower(), 0) & PEOPLE for word in entity.names)
        both = _couple(named, words)
        return [*words, name] if office else [*both, name, *words]  # "Minister" is no name
    if entity.source_class == "vague" and is_lore(entity.names):
        return [f"the {name}", name] if f"the {name}" in article.segmented.text else [name]
    if entity.source_class in ("unnamed", "vague"):
        return [said for view in (*nouns, *voiced) if (said := _words(text, view))]
    return [*words, name] if asked.isdisjoint(entity.names) else [name, *words]


def resolve_with_reader(
    article: Article,
    attributions: Sequence[Attribution],
    reading: Reading,
    model: LedgerModel,
    bearers: Sequence[Bearer],
    withheld: frozenset[int],
) -> tuple[list[Attribution], list[Entity | None]]:
    """Return the attributions in the order of the text and the source of each one, None if it has none.

    Attributions that are not statements have no source; unclear statements are marked.
    """
    found, chances = find_statements(article, attributions, reading, model, bearers)
    linked = link_found(article, found, model, withheld)
    scores = (
        model.classes.classify(rows_of_sources(linked, reading)) if linked.names else _NO_SCORES
    )
    entities = by_label(entities_of(article, linked, scores.argmax(axis=1).tolist(), withheld))
    line = Entity("vague", "vague", NO_SOURCE, heads={"hearsay"}, plural=True)
    result: list[tuple[Attribution, Entity | None]] = []
    used = set()
    owners = _shown(linked, entities, line)
    if model.trust is not None:
        _trusted(article, linked, owners, chances, scores, model.trust)
    narrated = {view.place for view in linked.views if view.kind == "first"}
    for number, (one, entity) in enumerate(zip(found, owners, strict=True)):
        if one.silent:
            continue
        attribution = one.attribution
        if entity is None:  # "I" is often the narrator, who is not a source
            known = None if number in narrated else _surely(one.statement.classes)
            attribution = replace(attribution, unclear=True, source_class=known)
        result.append((attribution, entity))
        if one.voice is not None:
            used.add(one.voice.given)
    result += [
        (attribution, None)
        for number, attribution in enumerate(attributions)
        if number not in used and attribution.source
    ]
    result.sort(key=lambda pair: pair[0].start)
    return _recorded(result)


def by_label(entities: Sequence[Entity]) -> list[Entity]:
    """Return the sources, each with a name that an earlier one of its class has replaced by that one: one name is one line, however its letters are written."""
    known: dict[tuple[str, str], Entity] = {}
    return [
        known.setdefault((one.label.casefold(), one.source_class), one)
        if one.label and one.source_class in _WITH_NAME
        else one
        for one in entities
    ]


def _couple(named: Sequence[View], words: Sequence[str]) -> list[str]:
    """Return the words for two people by name who speak together throughout: "Ivo Holm and Ada Finch"."""
    together = bool(named) and all(view.mention.plural for view in named)
    parts = _AND.split(words[0].rstrip(" ,")) if together else []
    names = [_past_office(part.split()) for part in parts]
    if len(names) != _PAIR or not all(map(_is_in_capitals, names)):
        return []
    if any(type_name(tuple(name))[0] in _NO_PERSON for name in names):
        return []
    return [" and ".join(map(" ".join, names))]


_AND = re.compile(" (?:and|&) ")
_NO_PERSON = frozenset(["body", "press", "place"])


def _is_in_capitals(name: Sequence[str]) -> bool:
    """Tell whether a name has words and all of them are capitalised."""
    return bool(name) and all(word[0].isupper() for word in name)


def _past_office(words: Sequence[str]) -> list[str]:
    """Return the words of a name without the offices before it: "Senators Ivo Holm"."""
    capitals, nouns = lists().capitals, lists().nouns
    offices = [
        n
        for n, word in enumerate(words)
        if capitals.get(word, 0) & TITLE or nouns.get(word.lower(), 0) & PEOPLE
    ]
    return list(words[offices[-1] + 1 :] if offices else words)


def _words(text: str, view: View) -> str:
    """Return the words of a statement's source, empty if it has none, with the noun that they were cut before: "a leaked field report"."""
    source = view.statement.source
    if source is None:
        return ""
    words = source.of(text).split()
    behind = _NEXT.match(text, source.end)
    if not (words and behind) or view.statement.cue.split()[:1] == [behind[1]]:
        return " ".join(words)
    noun, last = behind[1], words[-1]
    if last[0].isupper() and noun[0].isupper():
        cut = lists().capitals.get(noun, 0) & BODY_WORD
    else:
        cut = (
            len(words) > 1
            and last.isalpha() and last.islower() and noun.islower()
            and last not in lists().nouns
            and not last.endswith(("ed", "s"))
            and last not in grammar().determiners
            and last not in grammar().phrase_end
            and lists().nouns.get(noun, 0) & (PEOPLE | DOCUMENT | HEARSAY)
        )  # fmt: skip
    return " ".join([*words, noun] if cut else words)


_NEXT = re.compile(r" ([A-Za-z]{2,20})\b")


def _is_adjective(name: Sequence[str]) -> bool:
    """Tell whether a name is an adjective of nations or parties, or a place before a noun: "Norwegian"."""
    return bool(name) and all(word in words_of("source_bodies", "demonym") for word in name)


_WITH_NAME = frozenset(["named_person", "named_organisation", "press"])


def _surely(chances: Sequence[float] | None) -> SourceClass | None:
    """Return the class of a statement's source by its words alone, None if they leave it open."""
    if chances is None or (likely := max(chances)) < _SURE_CLASS:
        return None
    return SOURCE_CLASSES[chances.index(likely)]


_SURE_CLASS = 0.6
"""The least probability of a class for it to be known although the source is unclear: "she said" is a named person."""


def _shown(
    linked: LinkedStatements, entities: Sequence[Entity], line: Entity
) -> list[Entity | None]:
    """Return the ledger line of each statement; None if it is unclear or has none. `line` is the line of statements without a source."""
    shown: list[Entity | None] = []
    for one, owner in zip(linked.found, linked.owners, strict=True):
        if one.silent:
            shown.append(None)
            continue
        entity = entities[owner] if owner >= 0 else line if owner == NOBODY_SAYS else None
        if entity is not None and not entity.label:
            entity = line if entity.source_class == "vague" else None
        shown.append(entity)
    return shown


def _trusted(
    article: Article,
    linked: LinkedStatements,
    owners: Sequence[Entity | None],
    chances: Floats,
    scores: Floats32,
    trust: LineTrust,
) -> None:
    """Set the probability of each ledger line to be right."""
    said: dict[int, list[int]] = defaultdict(list)
    lines = {id(entity): entity for entity in owners if entity is not None}
    number_of = {}
    for number, (entity, owner) in enumerate(zip(owners, linked.owners, strict=True)):
        if entity is not None:
            said[id(entity)].append(number)
            number_of[id(entity)] = owner if entity.label != NO_SOURCE else NOBODY_SAYS
    odds = top_odds(scores)
    numbers = [number_of[key] for key in lines]
    stated = StatedLines(
        lines=[said[key] for key in lines],
        columns=[SOURCE_CLASSES.index(entity.source_class) for entity in lines.values()],
        odds=[odds[n] if n >= 0 else 0.0 for n in numbers],
        named=[n >= 0 and bool(linked.names[n]) for n in numbers],
        nobody=[n < 0 for n in numbers],
        choice=chances,
        links=np.array(linked.sure, np.float64),
        carried=[one.voice is None for one in linked.found],
        unclear=sum(e is None and not f.silent for e, f in zip(owners, linked.found, strict=True)),
        sentences=len(article.segmented.sentences),
    )
    for entity, chance in zip(lines.values(), trust.chances(stated.rows()).tolist(), strict=True):
        entity.chance = chance


def _recorded(
    result: Sequence[tuple[Attribution, Entity | None]],
) -> tuple[list[Attribution], list[Entity | None]]:
    """Return attributions and sources, each source with the final numbers of its statements."""
    for _, entity in result:
        if entity is not None:
            entity.statements, entity.mentions = [], []
    for number, (attribution, entity) in enumerate(result):
        if entity is not None:
            if not entity.statements:
                entity.first = attribution.start
            entity.statements.append(number)
            entity.mentions += attribution.source[:1]
    return [a for a, _ in result], [e for _, e in result]
