"""Words that look like a source but are not, as ``lexicons/no_sources.toml`` lists them.

"Few tenants who believe", a list of places, a bare "source", "news broke that", "two million followers", the credit of a
book or article in brackets, a heading before a colon, "one" of several things, and the owner of what somebody else scolds: "Moor scolded Lund's office, calling it idle".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from reportedly.annotation.attribution.turns import calls_nobody
from reportedly.annotation.sources.coreference.names import Article, sentence_at
from reportedly.annotation.sources.word_lists import BODY, PEOPLE, lists
from reportedly.datamodel import Attribution, Span
from reportedly.lexicons.loader import matcher_of, words_of

_CLOSES = frozenset("”\"’'.!?…)]")
_OPENS = frozenset('“"‘(')
_LOOKED_AT = 24
"""Code points behind a source among which its relative clause begins."""


def no_sources(article: Article) -> Callable[[Attribution], bool]:
    """Return what tells of an article's attributions whether the words of the source are nobody's."""
    places = sorted([*_listed_places(article), *_credits(article)], key=lambda span: span.start)
    starts = [span.start for span in places]

    def is_none(attribution: Attribution) -> bool:
        """Tell whether the words of a source are nobody's."""
        source = attribution.source[0]
        before = bisect_right(starts, source.start) - 1
        listed = before >= 0 and source.start < places[before].end
        return (
            listed
            or _is_of_nobody(article, source)
            or _is_link(article, attribution)
            or _is_news(article, source)
            or _is_count(article, source)
            or _is_heading(article, source)
            or _is_one_of_things(article, source)
            or _is_owner(article, attribution)
        )

    return is_none


def _listed_places(article: Article) -> list[Span]:
    """Return where lists of places stand that report cases, in order."""
    text = article.segmented.text
    return [
        Span(*match.span("places"))
        for match in matcher_of("no_sources", "place_list").finditer(text)
    ]


def _credits(article: Article) -> list[Span]:
    """Return where brackets name an author, a title, where it appeared and the date, in order."""
    text = article.segmented.text
    return [Span(*match.span()) for match in matcher_of("no_sources", "credit").finditer(text)]


def _is_news(article: Article, source: Span) -> bool:
    """Tell whether a source is the news that broke, which no outlet need have brought: "as news broke that"."""
    text = article.segmented.text
    behind = text[source.end : source.end + _LOOKED_AT]
    return (
        matcher_of("no_sources", "news").fullmatch(source.of(text) + _NEWS_BEHIND + behind)
        is not None
    )


_NEWS_BEHIND = "\t"
"""What stands for the end of a source where a pattern covers the words behind it."""


def _is_count(article: Article, source: Span) -> bool:
    """Tell whether a source is how many follow or like somebody: "her nearly two million followers"."""
    words = source.of(article.segmented.text)
    return matcher_of("no_sources", "count").match(words) is not None


def _is_heading(article: Article, source: Span) -> bool:
    """Tell whether a source is a heading before a colon that calls nobody: "THE FACTS: the pier is open"."""
    text = article.segmented.text
    label = source.of(text).strip(" :")
    sentence = article.segmented.sentences[sentence_at(article, source.start)]
    opens = not text[sentence.start : source.start].strip() and bool(label)
    return (
        opens and text[source.end - 1 : source.end + 1].strip()[-1:] == ":" and calls_nobody(label)
    )


def _is_one_of_things(article: Article, source: Span) -> bool:
    """Tell whether "one" or "another" is one of several things: "misstatements, including one saying that he fought"."""
    text = article.segmented.text
    if source.of(text).strip(" ,").lower() not in _ONE:
        return False
    sentence = article.segmented.sentences[sentence_at(article, source.start)]
    listed = _LISTED_THINGS.search(text, max(sentence.start, source.start - _LIST), source.end)
    return listed is not None and not lists().nouns.get(listed[1].lower(), 0) & (PEOPLE | BODY)


_ONE = frozenset(["one", "another", "others", "some", "two"])
_LISTED_THINGS = re.compile(r"\b([a-z][\w-]{2,30}s),? including (?:one|two|some|several)\b")
_LIST = 300
"""Code points before "another" in which the list of what it belongs to begins."""


def _is_owner(article: Article, attribution: Attribution) -> bool:
    """Tell whether a source only owns what the subject of its sentence speaks of: Lund in "Moor scolded Lund's office, calling it idle"."""
    text, source = article.segmented.text, attribution.source[0]
    if not attribution.cue or attribution.cue[-1].end <= source.end:
        return False
    between = text[source.start : attribution.cue[-1].end]
    sentence = article.segmented.sentences[sentence_at(article, source.start)]
    before = text[sentence.start : source.start]
    return (
        len(between) <= _LONGEST_CLAUSE
        and matcher_of("no_sources", "owner").fullmatch(between) is not None
        and matcher_of("no_sources", "scolds").search(before[-_LOOKED_AT:]) is not None
    )


_LONGEST_CLAUSE = 200
"""Code points from an owner to the verb of the subject's next deed, at most."""


def _is_of_nobody(article: Article, source: Span) -> bool:
    """Tell whether a source is what few or none are said to say: "few tenants who believe"."""
    text = article.segmented.text
    words = source.of(text)
    match = matcher_of("no_sources", "of_nobody").match(words)
    if match is None:
        return False
    return (
        _RELATIVE.search(words + text[source.end : source.end + _LOOKED_AT], match.end())
        is not None
    )


_RELATIVE = re.compile(r"\b(?:who|that)\b")


def _is_link(article: Article, attribution: Attribution) -> bool:
    """Tell whether a source is the bare text of a link: glued to what stands before it, or with no verb before a quotation."""
    text, source = article.segmented.text, attribution.source[0]
    words = " ".join(source.of(text).lower().strip(" :()[]").split())
    if words not in words_of("no_sources", "link_text"):
        return False
    before = text[source.start - 1 : source.start]
    behind = text[source.end : source.end + 3].lstrip(" :")[:1]
    sentence = article.segmented.sentences[sentence_at(article, source.start)]
    alone = sentence.span.of(text).strip(" .:()[]").lower() == words
    return alone or before in _CLOSES or (behind in _OPENS and _opens(article, source))


def _opens(article: Article, source: Span) -> bool:
    """Tell whether a source stands where a sentence begins."""
    text = article.segmented.text[max(0, source.start - 2) : source.start].strip()
    return not text or text[-1] in _CLOSES
