"""People without a name who speak inside another's sentence: "a friend of Rowe, who denied it", "Hale said a clerk had told her".

The tagger often gives such a sentence to the outer voice alone. "Who" behind a name means its bearer. The words are those of ``lexicons/embedded_speech.toml``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.attribution.reporting_verbs import inflections
from reportedly.annotation.sources.coreference.antecedents import RELATIVES, Phrase, antecedent
from reportedly.annotation.sources.coreference.mentions import Mention, read_mention
from reportedly.annotation.sources.coreference.names import (
    Article,
    look_up,
    quoted_tokens,
    sentence_at,
)
from reportedly.annotation.sources.word_lists import (
    ANON,
    COLLECTIVE,
    DOCUMENT,
    PEOPLE,
    PLURAL,
    POSSESSIVES,
    bits_by_word,
    grammar,
    lists,
)
from reportedly.annotation.tokens.vocabulary import WordCache
from reportedly.datamodel import Attribution, Sentence, Span
from reportedly.lexicons.loader import matcher_of, words_of

_CLAUSE, _REPORTED, _OPINION, _PLACING, _CITING = (1 << n for n in range(5))
_NEW = frozenset(["indefinite", "counted", "sweeping", ""])
_SKIPPED = 3
"""Words between a subject and its verb, at most."""
_SHORTEST = 2
_LONGEST = 9
"""Words of a phrase that is cited, at most."""
_SEEN = 80
"""Code points behind a verb that are examined."""


def _is(kind: str, word: str) -> bool:
    """Tell whether a word is listed under `kind` in the lexicon of embedded speech."""
    return word in words_of("embedded_speech", kind)


def find_embedded(article: Article) -> list[Attribution]:
    """Return the statements of people without a name where the form of an inner clause leaves no doubt.

    None is in page furniture or within a quotation.
    """
    bits = _BITS.of(article.words)
    places = np.flatnonzero(bits).tolist()
    if not places:
        return []
    quoted = quoted_tokens(article)
    found = []
    for at in places:
        start = article.segmented.tokens.starts[at]
        sentence = article.segmented.sentences[sentence_at(article, start)]
        if sentence.furniture or quoted[at]:
            continue
        phrase = _speaker(article, sentence, at, int(bits[at]))
        if phrase is not None:
            found.append(_attribution(article, sentence, phrase, at))
    return found


def with_antecedents(
    article: Article, given: Sequence[Attribution], embedded: Sequence[Attribution]
) -> list[Attribution]:
    """Return the attributions `given`; "who" as a source is replaced by whom it means.

    That is the source of the `embedded` one with the same cue, else the person whose name stands directly before it. A
    source such as "including from the surveyor Ada Finch" before "who" is only the name.
    """
    speaker = {one.cue[0].end: one.source for one in embedded}
    result = []
    for one in given:
        source: tuple[Span, ...] | None = None
        words = one.source[0].of(article.segmented.text) if one.source and one.cue else ""
        if words.lower() == "who":
            source = speaker.get(one.cue[-1].end) or _named_before(article, one.source[0].start)
        elif matcher_of("embedded_speech", "listed").match(words):
            source = _named_within(article, one.source[0])
        result.append(one if source is None else replace(one, source=source))
    return result


_NAME = 5
"""Tokens of a name with its title, at most."""


def _named_within(article: Article, source: Span) -> tuple[Span, ...] | None:
    """Return the name with which a source ends if "who" follows it, else None."""
    starts, forms = article.segmented.tokens.starts, article.segmented.tokens.forms
    at = bisect_left(starts, source.end)
    who = next((n for n in range(at, min(len(forms), at + 2)) if forms[n].lower() == "who"), None)
    if who is None:
        return None
    name = _named_before(article, starts[who])
    return name if name is not None and name[0].start >= source.start else None


def _named_before(article: Article, start: int) -> tuple[Span, ...] | None:
    """Return the name of the person directly before the "who" that begins at `start`; None if it may mean another."""
    tokens, capital = article.segmented.tokens, article.capital
    who = bisect_left(tokens.starts, start)
    opening = article.segmented.sentences[sentence_at(article, start)].first
    end = who - 1 if who > opening and tokens.forms[who - 1] == "," else who
    first = end
    while first > max(opening, end - _NAME) and capital[first - 1]:
        first -= 1
    if first == end:
        return None
    name = read_mention(tokens.forms[first:end], opens_sentence=first == opening).name
    full = bool(name) and tokens.forms[end - len(name) : end] == name
    if not full or look_up(article, name)[0] != "person":
        return None
    phrase = antecedent(article, who)
    between = tokens.forms[phrase.core : first] if phrase is not None else ()
    attached = any(_is("attached", form.lower()) for form in between)
    return None if attached else (tokens.span(end - len(name), end),)


def _speaker(article: Article, sentence: Sentence, at: int, kinds: int) -> Phrase | None:
    """Return whose verb stands at token `at` if an embedded clause makes it somebody's without a name."""
    forms = article.segmented.tokens.forms
    if kinds & _CITING:
        return _cited(article, sentence, at)
    subject = _behind_subject(forms, at, sentence.first)
    if subject is None:
        return None
    if forms[subject - 1].lower() == "who":
        if not (kinds & _CLAUSE or (kinds & _PLACING and _is_placing(article, at))):
            return None
        phrase = _trimmed(forms, antecedent(article, subject - 1))
        return phrase if phrase and _is_told(article, sentence, phrase, subject - 1, at) else None
    return _inner(article, sentence, at, subject, kinds)


def _inner(
    article: Article, sentence: Sentence, at: int, subject: int, kinds: int
) -> Phrase | None:
    """Return the people without a name who are the subject, which ends at `subject`, of an inner clause."""
    phrase = _trimmed(article.segmented.tokens.forms, antecedent(article, subject, people=True))
    if phrase is None or phrase.end != subject or phrase.first <= sentence.first:
        return None
    mention = _mention(article, sentence, phrase)
    before = article.segmented.tokens.forms[phrase.first - 1].lower()
    new = mention.determiner in _NEW
    opinion = kinds & _OPINION and _is("opens_opinion", before) and new
    reported = kinds & _REPORTED and _is("reports_clause", before) and new and _goes_on(article, at)
    placing = kinds & _PLACING and mention.flags & ANON and _is_placing(article, at)
    told = opinion or reported or placing
    return phrase if told and _is_nameless(article, phrase, mention) else None


def _trimmed(forms: Sequence[str], phrase: Phrase | None) -> Phrase | None:
    """Return a phrase without the verb or pronoun before it: "met residents", "what aides"."""
    if phrase is None:
        return None
    first = phrase.first
    while first + 1 < phrase.core and _precedes(forms[first].lower()):
        first += 1
    return phrase._replace(first=first)


def _precedes(word: str) -> bool:
    """Tell whether a word stands before a noun phrase without being part of it: a verb in the past, "what"."""
    past = word.endswith("ed") and word not in lists().nouns
    return past or _is("opens_opinion", word) or _is("before", word)


def _cited(article: Article, sentence: Sentence, at: int) -> Phrase | None:
    """Return the people without a name whom another source cites."""
    forms = article.segmented.tokens.forms
    end = at + 1
    while end < min(sentence.last - 1, at + 1 + _LONGEST) and _belongs(forms[end]):
        end += 1
    core = next(
        (n for n in range(at + 1, end) if forms[n].lower() in grammar().noun_join and n > at + 1),
        end,
    )
    if core <= at + 1 or forms[end] in POSSESSIVES:
        return None
    phrase = Phrase(at + 1, core, end)
    return phrase if _is_nameless(article, phrase, _mention(article, sentence, phrase)) else None


def _belongs(word: str) -> bool:
    """Tell whether a word goes on with a noun phrase."""
    lower = word.lower()
    return word[0].isalnum() and lower not in RELATIVES and not _is("not_of_phrase", lower)


def _behind_subject(forms: Sequence[str], at: int, start: int) -> int | None:
    """Return the token behind the subject of an active verb, skipping auxiliaries and adverbs; None if there is none."""
    subject = at
    while subject > start and at - subject < _SKIPPED and _is_skipped(forms[subject - 1]):
        subject -= 1
    if subject <= start or _is("no_subject", forms[subject - 1].lower()):
        return None
    return subject


def _is_skipped(word: str) -> bool:
    return _is("between", word) or (len(word) > _SHORTEST + 2 and word.endswith("ly"))


def _mention(article: Article, sentence: Sentence, phrase: Phrase) -> Mention:
    forms = article.segmented.tokens.forms[phrase.first : phrase.core]
    return read_mention(forms, opens_sentence=phrase.first == sentence.first)


def _is_nameless(article: Article, phrase: Phrase, mention: Mention) -> bool:
    """Tell whether a phrase denotes people and holds no name of theirs; nor is it a spokesperson's or a share of people."""
    forms = article.segmented.tokens.forms[phrase.first : phrase.core]
    people = mention.kind == "nominal" and mention.flags & PEOPLE and not mention.name
    people = people and not mention.flags & DOCUMENT  # "specific figures"
    counted = any(
        _is("compared", form) or form in grammar().share or form.endswith("%") for form in forms[:3]
    )
    head = forms[-1]
    listed = head[0].islower() or lists().nouns.get(head.lower(), 0) & COLLECTIVE
    return bool(people) and not mention.spokes and not counted and bool(listed)


def _is_told(
    article: Article, sentence: Sentence, phrase: Phrase, relative: int, verb: int
) -> bool:
    """Tell whether a relative clause says what people without a name said: not what any such person would say."""
    mention, forms = _mention(article, sentence, phrase), article.segmented.tokens.forms
    if not _is_nameless(article, phrase, mention) or not _goes_on(article, verb):
        return False
    if forms[relative - 1] == ",":
        return mention.determiner != "definite" or bool(mention.flags & (ANON | COLLECTIVE))
    if mention.determiner == "definite":
        return False
    generic = _is("generic", mention.head)
    denies = _is("opposing", forms[verb].lower())
    bare = mention.flags & PLURAL and not mention.determiner
    return not (generic or (bare and denies))


def _goes_on(article: Article, verb: int) -> bool:
    """Tell whether what somebody said, or to whom, stands behind a verb."""
    tokens = article.segmented.tokens
    if verb + 1 >= len(tokens.forms):
        return False
    word, end = tokens.forms[verb + 1], tokens.ends[verb]
    goes_on = word[0].isalnum() or word in ("“", '"')
    nothing = matcher_of("embedded_speech", "tells_nothing")
    return goes_on and nothing.match(article.segmented.text[end : end + _SEEN]) is None


def _is_placing(article: Article, verb: int) -> bool:
    """Tell whether a verb of placing gives a date, a figure or a culprit: "puts it at June"."""
    end = article.segmented.tokens.ends[verb]
    placed = matcher_of("embedded_speech", "placed")
    return placed.match(article.segmented.text[end : end + _SEEN]) is not None


def _attribution(article: Article, sentence: Sentence, phrase: Phrase, verb: int) -> Attribution:
    """Return the statement of a phrase by the verb at a token, whose content follows it."""
    tokens = article.segmented.tokens
    cue = tokens.span(verb, verb + 1)
    content = Span(cue.end, sentence.end)
    spans = (content,) if content.end - content.start > _SHORTEST else (sentence.span,)
    source = tokens.span(phrase.first, phrase.end)
    return Attribution((source,), (cue,), spans, confidence=0.6)


@cache
def _verbs() -> Mapping[str, int]:
    """Return the kinds of each verb form, as bits."""
    kinds = {
        _CLAUSE: "clause_verb", _REPORTED: "reported_verb", _OPINION: "opinion_verb", _PLACING: "placing",
    }  # fmt: skip
    return bits_by_word(
        {_CITING: ("citing", "Citing")}
        | {
            bit: {
                form
                for lemma in words_of("embedded_speech", kind)
                for form in inflections(lemma)
                if not form.endswith("ing")
            }
            for bit, kind in kinds.items()
        }
    )


def _bits_of(forms: Sequence[str]) -> NDArray[np.uint8]:
    """Return the kinds of verb that each of `forms` is."""
    known = _verbs()
    return np.array([known.get(form, 0) for form in forms], np.uint8)


_BITS = WordCache(_bits_of)
