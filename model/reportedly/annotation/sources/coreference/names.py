"""The names of one article: what each denotes there, and who is named in a sentence.

News introduces a person in full and goes on with the surname, so a bare name is looked up among the
article's other mentions of it (the one-sense-per-discourse rule of Gale, Church and Yarowsky 1992).
Only capitalised words are looked at, each once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from reportedly.annotation.sources.coreference.mentions import SUFFIXES, tells_whence
from reportedly.annotation.sources.word_lists import (
    BODY_WORD,
    FEMALE,
    MALE,
    TITLE,
    NameType,
    grammar,
    lists,
    type_name,
)
from reportedly.annotation.tokens.vocabulary import TokenIds, WordCache, token_ids
from reportedly.datamodel import Segmented
from reportedly.datamodel.arrays import Bools
from reportedly.lexicons.loader import words_of


@dataclass(frozen=True, slots=True)
class Article:
    """The look-up tables of reference resolution: the text's tokens and where its names stand.

    `capital` holds 1 for each token with a capital that is no verb of a title, else 0; `capitals` has the tokens of each capitalised form.
    """

    segmented: Segmented
    words: TokenIds
    capital: bytes
    capitals: dict[str, list[int]]
    sentence_starts: list[int]
    names: dict[tuple[str, ...], tuple[NameType, str, tuple[str, ...]]] = field(
        default_factory=dict
    )
    surnames: dict[tuple[str, int], tuple[bool, str]] = field(default_factory=dict)
    wordings: list[frozenset[str]] = field(default_factory=list)


_CAPITAL = WordCache(
    lambda forms: np.array(
        [form[0].isupper() and not is_title_verb(form) for form in forms], np.bool_
    )
)


def is_title_verb(form: str) -> bool:
    """Tell whether a word with a capital is a verb, as in titles, and in no name: "Ana Moor Pledged To Pay"."""
    verbs = words_of("source_grammar", "title_verb")
    return form in verbs or (form.isupper() and form.capitalize() in verbs)


def index_article(segmented: Segmented, words: TokenIds | None = None) -> Article:
    """Return the article's look-up tables; `words` are its words, if they are already numbered."""
    capitals: defaultdict[str, list[int]] = defaultdict(list)
    forms = segmented.tokens.forms
    words = token_ids(forms) if words is None else words
    capital = _CAPITAL.of(words)
    for i in np.flatnonzero(_MONTH.of(words)).tolist():
        capital[i] &= not _is_date(forms, i)
    for i in np.flatnonzero(capital).tolist():
        capitals[forms[i]].append(i)
    starts = [s.start for s in segmented.sentences]
    return Article(segmented, words, capital.tobytes(), capitals, starts)


_MONTH = WordCache(
    lambda forms: np.array(
        [form in words_of("closed_classes", "month") for form in forms], np.bool_
    )
)


def _is_date(forms: Sequence[str], month: int) -> bool:
    """Tell whether the word for a month is followed by a number: "Jan. 20", and not "Jan said"."""
    behind = [form for form in forms[month + 1 : month + 3] if form != "."]
    return bool(behind) and behind[0][0].isdigit()


def is_written(article: Article, form: str) -> bool:
    """Tell whether an article has a word in exactly this form; the forms are indexed on first use."""
    if not article.wordings:
        article.wordings.append(frozenset(article.segmented.tokens.forms))
    return form in article.wordings[0]


def without_article(name: str) -> str:
    """Return a name without "the", "a" or "an" before it."""
    return _ARTICLE.sub("", name)


_ARTICLE = re.compile(r"\A(?:[Tt]he|[Aa]n?) ")
COMPARED = 12
"""The most names, mentions and statements of one source with which another is compared, so that work is linear in the text."""


def sentence_at(article: Article, offset: int) -> int:
    """Return the index of the sentence that holds `offset`."""
    return bisect_right(article.sentence_starts, offset, 1) - 1


def quoted_tokens(article: Article) -> Bools:
    """Return which tokens stand within a quotation, ``(tokens,)``."""
    starts, quotations = np.array(article.segmented.tokens.starts), article.segmented.quotations
    edges = np.array([(q.start, q.end) for q in quotations], np.int64).reshape(-1, 2)
    inside = np.zeros(len(starts), np.bool_)
    for first, end in np.searchsorted(starts, edges).tolist():
        inside[first:end] = True
    return inside


_PLACES = 4


def look_up(article: Article, name: tuple[str, ...]) -> tuple[NameType, str, tuple[str, ...]]:
    """Return what a name denotes in this article, a gender if known, and the name in full."""
    known = article.names.get(name)
    if known is None:
        known = article.names[name] = _look_up(article, name)
    return known


def _look_up(article: Article, name: tuple[str, ...]) -> tuple[NameType, str, tuple[str, ...]]:
    """Find a name's type from its own words, else from its other mentions in the article."""
    kind, gender = type_name(name)
    if kind != "unknown":
        return kind, gender, name
    return _in_full(article, name, gender) if len(name) > 1 else _by_itself(article, name, gender)


def _by_itself(
    article: Article, name: tuple[str, ...], gender: str
) -> tuple[NameType, str, tuple[str, ...]]:
    """Find a single word's type, gender and full name from its mentions in the article."""
    known = lists()
    capitals, nouns = known.capitals, known.nouns
    forms = article.segmented.tokens.forms
    articles = people = 0
    best: tuple[str, ...] = name
    for at in article.capitals.get(name[-1], ()):
        before = forms[at - 1] if at else ""
        after = forms[at + 1] if at + 1 < len(forms) else ""
        if after in known.company_marks:
            return "body", "", name
        if capitals.get(after, 0) & BODY_WORD and after[0].isupper():
            continue
        if capitals.get(before, 0) & TITLE:
            people += 2
            bits = capitals[before]
            gender = gender or ("m" if bits & MALE else "f" if bits & FEMALE else "")
        elif before.lower() == "the":
            articles += not nouns.get(
                after, 0
            )  # "the Marsh campaign" does not call anybody "the Marsh"
        elif before[:1].isupper():
            full = _run_before(article, at)
            full_kind, full_gender = type_name(full)
            if full_kind == "person" and not _goes_on(article, at):
                return "person", full_gender or gender, full
            if full_kind == "unknown" and len(full) > len(best):
                best = full
                people += 1
            articles += full_kind in ("press", "body") and len(full) > 1
    if articles >= people and name[0] in known.outlets:
        return "press", "", name
    return ("body", "", name) if articles > people else _person(article, name, gender, best)


def _person(
    article: Article, name: tuple[str, ...], gender: str, best: tuple[str, ...]
) -> tuple[NameType, str, tuple[str, ...]]:
    """Return the person of the `best` name found, or else the one whose name continues after the word: "Khan" of "Omar Khan Malik"."""
    for at in article.capitals.get(name[-1], ()) if best == name else ():
        if _goes_on(article, at):
            full = _run_before(article, at)
            kind, known = type_name(full)
            if kind == "person":
                return "person", known or gender, full
    return "person", gender, best


def _goes_on(article: Article, at: int) -> bool:
    """Tell whether the name continues after its word at token `at`: "Khan" in "Omar Khan Malik"."""
    forms, known = article.segmented.tokens.forms, grammar()
    if at + 1 >= len(forms) or not forms[at + 1][0].isupper():
        return False
    if forms[at + 1] in known.no_name or forms[at + 1] in known.calendar:
        return False
    if forms[at + 1].rstrip(".") in SUFFIXES:
        return False
    return not (stand_apart(article, at + 1) or opens(article, at + 1))


def _in_full(
    article: Article, name: tuple[str, ...], gender: str
) -> tuple[NameType, str, tuple[str, ...]]:
    """Find the type and gender of several words from the mentions of the last."""
    key = name[-1], len(name)
    known = article.surnames.get(key)
    if known is None:
        known = article.surnames[key] = _surname(article, *key)
    is_company, title_gender = known
    return ("body", "", name) if is_company else ("person", gender or title_gender, name)


def _surname(article: Article, last: str, length: int) -> tuple[bool, str]:
    """Tell whether a name of `length` words that ends in `last` is a company's, and the gender of a title before one.

    The result is cached for all such names: a text of megabytes has thousands with the same surname.
    """
    capitals, forms = lists().capitals, article.segmented.tokens.forms
    marks, gender = lists().company_marks, ""
    for at in article.capitals.get(last, ()):
        after = forms[at + 1] if at + 1 < len(forms) else ""
        if after in marks:
            return True, gender
        if gender or (capitals.get(after, 0) & BODY_WORD and after[0].isupper()):
            continue
        bits = capitals.get(forms[at - length], 0) if at >= length else 0
        if bits & TITLE:
            gender = "m" if bits & MALE else "f" if bits & FEMALE else ""
    return False, gender


def stand_apart(article: Article, token: int) -> bool:
    """Tell whether several spaces stand before a token, as between a photo credit and the text that follows it; a line break does not count."""
    tokens = article.segmented.tokens
    if token == 0 or tokens.starts[token] - tokens.ends[token - 1] < _APART:
        return False
    return "\n" not in article.segmented.text[tokens.ends[token - 1] : tokens.starts[token]]


_APART = 2
"""The least number of spaces between two words that are not in one phrase."""


def _run_before(article: Article, at: int) -> tuple[str, ...]:
    """Return the run of at most four capitalised words that ends at token `at`."""
    forms, capitals = article.segmented.tokens.forms, lists().capitals
    first = at
    while (
        first > max(0, at - 3)
        and forms[first - 1][0].isupper()
        and not is_title_verb(forms[first - 1])
        and not tells_whence(forms[first - 1])
        and not capitals.get(forms[first - 1], 0) & TITLE
        and not stand_apart(article, first)
        and not _begins_anew(article, first)
    ):
        first -= 1
    while first < at and forms[first] in grammar().no_name:  # "When Lund"
        first += 1
    return tuple(forms[first : at + 1])


def _begins_anew(article: Article, token: int) -> bool:
    """Tell whether a capitalised word begins a sentence, follows a word that begins a clause, or repeats the one before it: "While Moor", "Moor Moor was"."""
    tokens, sentences = article.segmented.tokens, article.segmented.sentences
    forms = tokens.forms
    if forms[token] == forms[token - 1] or forms[token - 1] in words_of(
        "source_grammar", "clause_start"
    ):
        return True
    starts = token == sentences[sentence_at(article, tokens.starts[token])].first
    return starts and not forms[token - 1].endswith(".")  # "A.D. Moor"


_OPENERS = frozenset(["“", '"', "‘", "'", "(", "[", ":", "—", "–", "-", "--", "...", "…", "*", "•"])
"""Marks after which a word has a capital because a sentence begins."""


def opens(article: Article, token: int) -> bool:
    """Tell whether a word would have a capital in any case: it is first in its sentence or follows an opening mark."""
    tokens, sentences = article.segmented.tokens, article.segmented.sentences
    if token == 0 or tokens.forms[token - 1] in _OPENERS:
        return True
    return token == sentences[sentence_at(article, tokens.starts[token])].first


def stands_within(article: Article, form: str) -> bool:
    """Tell whether a capitalised form stands anywhere within a sentence, which only names do."""
    return any(not opens(article, at) for at in article.capitals.get(form, ())[:_LOOKED_AT])


_LOOKED_AT = 50
