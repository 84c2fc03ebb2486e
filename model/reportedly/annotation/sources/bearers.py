"""The bearer of a grant of anonymity: the noun phrase for whoever is granted it.

"An official at the ministry, who asked not to be named, said the fund was empty": the official is the source
of the sentence, even if the tagger found another, and "who asked" is neither a second source nor a statement.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from reportedly.annotation.attribution.reporting_verbs import verb_kinds
from reportedly.annotation.sources.anonymity import Grant
from reportedly.annotation.sources.coreference.antecedents import RELATIVES, Phrase, antecedent
from reportedly.annotation.sources.coreference.mentions import Mention, read_mention
from reportedly.annotation.sources.coreference.names import Article, sentence_at
from reportedly.annotation.sources.word_lists import PEOPLE
from reportedly.datamodel import Attribution, Span
from reportedly.lexicons.loader import words_of

_RELATIVE = RELATIVES - {"which", "that"}
_LOOK_BACK = 18
"""The relative pronoun is within this many tokens before a grant."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who bears a grant: the noun phrase, and the tokens of the clause that states the grant."""

    grant: Grant
    phrase: Phrase
    mention: Mention
    clause: tuple[int, int]


def find_bearers(article: Article, grants: Sequence[Grant]) -> list[Bearer]:
    """Return the bearer of each grant whose sentence has a noun phrase for one."""
    found = (_bearer(article, grant) for grant in grants)
    return [bearer for bearer in found if bearer is not None]


def _bearer(article: Article, grant: Grant) -> Bearer | None:
    """Return the noun phrase to which a grant belongs."""
    segmented = article.segmented
    tokens, sentence = segmented.tokens, segmented.sentences[grant.sentence]
    at = bisect_right(tokens.ends, grant.span.start)
    end = bisect_left(tokens.starts, grant.span.end)
    clause = _clause_start(tokens.forms, at, sentence.first)
    if grant.renamed:
        phrase = _name_before(tokens.forms, at, sentence.first)
    elif clause <= sentence.first:
        return None
    else:
        phrase = antecedent(article, clause, people=True)
    if phrase is None:
        return None
    words = tokens.forms[phrase.first : phrase.end]
    mention = read_mention(words, opens_sentence=phrase.first == sentence.first)
    relative = tokens.forms[clause].lower() in _RELATIVE
    participle = tokens.forms[clause].lower() in words_of("anonymity", "grant_participle")
    called = mention.kind == "name" and (participle or grant.renamed)
    if relative or called or (mention.kind != "name" and mention.flags & PEOPLE):
        return Bearer(grant, phrase, mention, (clause, end))
    return None


def spoken_of(article: Article, grants: Sequence[Grant]) -> frozenset[int]:
    """Return the first tokens of the phrases that introduce who is granted anonymity as "he", "she" or "they".

    "A player said the squad knew; he asked not to be named": the player has no name, however often players are given by name.
    """
    found = (_introduced(article, grant) for grant in grants)
    return frozenset(phrase.first for phrase in found if phrase is not None)


def _introduced(article: Article, grant: Grant) -> Phrase | None:
    """Return the phrase for somebody without a name who speaks first in the sentence of a grant by a pronoun, or in the one before."""
    tokens, sentences = article.segmented.tokens, article.segmented.sentences
    own = sentences[grant.sentence]
    subject = (
        _clause_start(tokens.forms, bisect_right(tokens.ends, grant.span.start), own.first) - 1
    )
    if subject > own.first and tokens.forms[subject].lower() in _saying():
        subject -= 1  # "he spoke on condition of anonymity"
    if subject < own.first or tokens.forms[subject].lower() not in _SOMEBODY:
        return None
    place = own if subject > own.first or not grant.sentence else sentences[grant.sentence - 1]
    verb = _verb_behind(tokens.forms, place.first + 1, min(place.last, subject))
    phrase = None if verb is None else antecedent(article, verb[0], people=True)
    if phrase is None:
        return None
    words = tokens.forms[phrase.first : phrase.end]
    mention = read_mention(words, opens_sentence=phrase.first == place.first)
    introduces = mention.determiner in ("indefinite", "counted") and mention.flags & PEOPLE
    return phrase if introduces and not mention.name and not mention.spokes else None


_SOMEBODY = frozenset(["he", "she", "they"])


def _clause_start(forms: Sequence[str], at: int, start: int) -> int:
    """Return the token at which the clause of a grant at token `at` begins: its pronoun, participle or verb."""
    for i in range(at, max(start, at - _LOOK_BACK) - 1, -1):
        word = forms[i].lower()
        if word in _RELATIVE or word in words_of("anonymity", "grant_participle"):
            return i
        if word in words_of("anonymity", "grant_stop"):
            break
    while at > start and forms[at - 1].lower() in words_of("anonymity", "grant_auxiliary"):
        at -= 1
    return at


def _name_before(forms: Sequence[str], at: int, start: int) -> Phrase | None:
    """Return the name directly before words like "not her real name", in brackets or not."""
    end = at
    while end > start and forms[end - 1] in ("(", ",", "—", "–", "-", "["):
        end -= 1
    first = end
    while first > start and forms[first - 1][0].isupper():
        first -= 1
    return Phrase(first, end, end) if first < end else None


def settle(
    article: Article, attributions: Sequence[Attribution], bearers: Sequence[Bearer]
) -> list[Attribution]:
    """Return the attributions with each bearer as the source of its sentence, and with a noun phrase wherever the source was a relative clause.

    An attribution that only says that somebody asked for anonymity is dropped; a bearer who is not a source yet
    gets the sentence as a statement.
    """
    given: list[Attribution | None] = [_of_antecedent(article, one) for one in attributions]
    places: defaultdict[int, list[int]] = defaultdict(list)
    if bearers:
        for place, attribution in enumerate(given):
            if attribution is not None:
                places[sentence_at(article, _where(attribution))].append(place)
    for bearer in bearers:
        added = _settle(article, given, places[bearer.grant.sentence], bearer)
        if added is not None:
            places[sentence_at(article, _where(added))].append(len(given))
            given.append(added)
    return [attribution for attribution in given if attribution is not None]


def _where(attribution: Attribution) -> int:
    """Return the offset of an attribution: of its cue, else its source, else its content."""
    return (attribution.cue or attribution.source or attribution.content)[0].start


def _of_antecedent(article: Article, attribution: Attribution) -> Attribution:
    """Return an attribution whose source is a relative clause with the noun phrase before it as the source."""
    if not attribution.source:
        return attribution
    tokens, span = article.segmented.tokens, attribution.source[0]
    first = bisect_right(tokens.ends, span.start)
    if first >= len(tokens) or tokens.forms[first].lower() not in ("who", "which"):
        return attribution
    phrase = antecedent(article, first) if span.end > tokens.ends[first] else None
    if phrase is None:
        return attribution
    return replace(attribution, source=(tokens.span(phrase.first, phrase.end),))


def _settle(
    article: Article, given: list[Attribution | None], places: Sequence[int], bearer: Bearer
) -> Attribution | None:
    """Make a bearer the source of its sentence, whose attributions are at `places` in `given`; return an attribution to add, if any.

    Attributions that are not statements become None.
    """
    tokens, sentences = article.segmented.tokens, article.segmented.sentences
    sentence = sentences[bearer.grant.sentence]
    own = Span(
        tokens.starts[bearer.phrase.first],
        tokens.ends[(bearer.phrase.core if bearer.mention.name else bearer.phrase.end) - 1],
    )
    asking, settled = asking_clause(article, bearer), False
    for place in places:
        attribution = given[place]
        if attribution is None or not sentence.start <= _where(attribution) < sentence.end:
            continue
        if attribution.cue and _holds(asking, attribution.cue[0].start):
            given[place] = None
        elif _is_of(article, attribution, bearer, own):
            settled = True
            given[place] = replace(attribution, source=(own,))
    return None if settled else _added(article, bearer, own)


def _holds(span: Span | None, at: int) -> bool:
    """Tell whether an offset is inside a span."""
    return span is not None and span.start <= at < span.end


def asking_clause(article: Article, bearer: Bearer) -> Span | None:
    """Return the relative clause that states a grant, or None; an attribution with its cue in the clause is not a statement."""
    tokens, (first, last) = article.segmented.tokens, bearer.clause
    if tokens.forms[first].lower() not in _RELATIVE | words_of("anonymity", "grant_participle"):
        return None
    high, reason = tokens.ends[last - 1], bearer.grant.reason_span
    if reason is not None and reason.of(article.segmented.text).startswith("to "):
        high = max(high, reason.start + _INFINITIVE)  # "to describe the talks"
    return Span(tokens.starts[first], high)


def _is_of(article: Article, attribution: Attribution, bearer: Bearer, own: Span) -> bool:
    """Tell whether an attribution in the sentence is the bearer's: by its source, or by the place of its cue."""
    tokens, (first, last) = article.segmented.tokens, bearer.clause
    core = Span(own.start, tokens.ends[bearer.phrase.core - 1])
    clause = Span(tokens.starts[first], max(tokens.ends[last - 1], own.end))
    source = attribution.source[0] if attribution.source else None
    if source is not None and (source.overlaps(core) or source.overlaps(clause)):
        return True
    if not attribution.cue:
        return False
    cue, text = attribution.cue[-1], article.segmented.text
    if cue.end <= own.start:
        return not text[cue.end : own.start].strip()
    empty = source is None or not any(letter.isalpha() for letter in source.of(text))
    return cue.start >= clause.end and (empty or (source is not None and source.overlaps(own)))


def _added(article: Article, bearer: Bearer, own: Span) -> Attribution | None:
    """Return the statement of a bearer who has none yet; None for a silent donor, winner or victim."""
    tokens, sentences = article.segmented.tokens, article.segmented.sentences
    sentence, forms = sentences[bearer.grant.sentence], article.segmented.tokens.forms
    (first, last), phrase = bearer.clause, bearer.phrase
    cue = _verb_before(forms, phrase.first, sentence.first)
    asking = asking_clause(article, bearer)
    behind = last if asking is None else max(last, bisect_left(tokens.starts, asking.end))
    cue = cue or _verb_behind(forms, behind, sentence.last)
    if cue is None and (
        bearer.mention.head in words_of("anonymity", "silent")
        or forms[first].lower() not in _RELATIVE
    ):
        return None
    around = (Span(sentence.start, own.start), Span(tokens.ends[last - 1], sentence.end))
    content = tuple(span for span in around if span.end - span.start > _SHORTEST)
    cues = () if cue is None else (tokens.span(*cue),)
    return Attribution((own,), cues, content or (sentence.span,), confidence=0.5)


_SHORTEST = 2
_INFINITIVE = 16
"""The verb of a reason is within this many characters."""


def _verb_before(forms: Sequence[str], first: int, start: int) -> tuple[int, int] | None:
    """Return the reporting words directly before a phrase: "said", "according to"."""
    if first - 1 < start:
        return None
    if forms[first - 1].lower() in _saying():
        return first - 1, first
    if first - 2 >= start and forms[first - 2].lower() == "according":
        return first - 2, first
    return None


def _verb_behind(forms: Sequence[str], last: int, end: int) -> tuple[int, int] | None:
    """Return the first reporting verb after a clause that ends at `last`."""
    for i in range(last, end):
        if forms[i].lower() in _saying() and forms[i - 1].lower() not in words_of(
            "anonymity", "subject_pronoun"
        ):
            return i, i + 1
    return None


@cache
def _saying() -> frozenset[str]:
    """Return the verbs of speech in all forms."""
    kinds = {"say", "write", "announce", "claim", "ask"}
    return frozenset(word for word, kind in verb_kinds().items() if kind in kinds)
