"""A statement as the linker sees it: its analysed mention, and its surroundings in the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportedly.annotation.sources.coreference.mentions import Mention, read_mention
from reportedly.annotation.sources.coreference.names import Article, sentence_at, stand_apart
from reportedly.annotation.sources.linking.figures import HE, SHE, Figures
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.annotation.sources.word_lists import PEOPLE
from reportedly.datamodel import Quotation
from reportedly.lexicons.loader import words_of

KINDS = (
    "carried", "hearsay", "he", "they", "it", "first", "relative", "other", "name", "definite",
    "owned", "indefinite", "bare", "counted",
)  # fmt: skip
"""Kinds of mention: elided without a cue and with one, pronouns, names, and nouns by their determiner."""

ELIDED = frozenset(["carried", "hearsay"])
"""Kinds without the words of a source."""
NOUNS = frozenset(["definite", "owned", "indefinite", "bare", "counted"])
"""Kinds of mention by a noun."""

_PRONOUNS = {
    "first": frozenset(["i", "we", "my", "our", "me", "us", "you", "myself"]),
    "they": frozenset(["they", "them", "their", "both", "themselves"]),
    "it": frozenset(["it", "its", "itself", "this"]),
    "relative": frozenset(["who", "which", "that", "whom", "whose"]),
}
_NOUNS = {
    "definite": "definite", "possessive": "owned", "owned": "owned", "indefinite": "indefinite",
    "sweeping": "counted", "counted": "counted",
}  # fmt: skip
_TITLES = frozenset(["the", "a", "an", "mr", "mrs", "ms"])
_ELIDED = Mention("elided")


@dataclass(frozen=True, slots=True)
class View:
    """A statement as the linker sees it: `kind` of mention, tokens ``[first, end)`` of its source, sentences, paragraph.

    `own`, `principal` and `owner` are the numbers of the figures in the mention: the source itself, whom it speaks for,
    and another; -1 for none. `proper` holds its capitalised words in lower case. `quotation` is the number of the
    quotation that holds most of it, that of the first part if it runs over paragraphs; `quoted` is the share within
    quotations; `inside` is true if the words of its source are within one. `pronouns` are whether its sentence has
    he, she, we and I; only for elided sources.
    """

    place: int
    statement: Statement
    mention: Mention
    kind: str
    first: int
    end: int
    sentence: int
    last_sentence: int
    paragraph: int
    own: int
    principal: int
    owner: int
    proper: frozenset[str]
    quotation: int
    quoted: float
    inside: bool
    pronouns: tuple[bool, bool, bool, bool]

    @property
    def elided(self) -> bool:
        """Whether it has no words for its source."""
        return self.kind in ELIDED

    @property
    def whose(self) -> set[int]:
        """The figures in the mention besides the source itself: whom it speaks for, and another."""
        return {self.principal, self.owner} - {-1}

    @property
    def by_noun(self) -> bool:
        """Whether it calls its source by a noun without the source's name."""
        return self.own < 0 and self.kind in NOUNS


def same_quotation(view: View, other: View) -> bool:
    """Tell whether two statements are in the same quotation."""
    return view.quotation >= 0 and view.quotation == other.quotation


def views(article: Article, figures: Figures, statements: Sequence[Statement]) -> list[View]:
    """Return every statement as the linker sees it."""
    quoted = Quoted(article.segmented.quotations)
    return [_view(article, figures, quoted, *one) for one in enumerate(statements)]


def _view(
    article: Article, figures: Figures, quoted: Quoted, place: int, statement: Statement
) -> View:
    """Return statement number `place` as the linker sees it."""
    sentences = article.segmented.sentences
    number = sentence_at(article, statement.start)
    last = sentence_at(article, max(statement.extent.end - 1, statement.start))
    first, end, mention = _mention(article, statement, number)
    name_end = _bare_name_end(article, figures, mention, first, end)
    if name_end:
        mention = read_mention(article.segmented.tokens.forms[first:name_end])
    apposed = _apposed_name(article, figures, mention, first, end)
    if apposed:
        mention = read_mention(article.segmented.tokens.forms[apposed:end])
    own, principal, owner = _figures(article, figures, mention, first, name_end or end)
    if own < 0:
        own = _named_before(article, figures, mention, first)
    own = _behind_heading(article, figures, first, end, own)
    kind = kind_of(mention, cued=bool(statement.cue))
    whose = _lost_apostrophe(article, figures, mention, first, end) if kind == "bare" else -1
    if whose >= 0:
        kind, owner = "owned", whose
    proper = _proper(article, figures, first, end, sentences[number].first)
    words = _pronouns(article, number) if kind in ELIDED else (False, False, False, False)
    return View(
        place, statement, mention, kind, first, end, number, max(number, last), sentences[number].paragraph,
        own, principal, owner, proper, *quoted.of(statement.extent.start, statement.extent.end),
        kind not in ELIDED and quoted.holds(statement.start), words,
    )  # fmt: skip


def _mention(article: Article, statement: Statement, number: int) -> tuple[int, int, Mention]:
    """Return the tokens of the source and the mention analysed from them; elided if there are none."""
    tokens = article.segmented.tokens
    if statement.source is None:
        first = bisect_left(tokens.starts, statement.extent.start)
        return first, first, _ELIDED
    first = bisect_right(tokens.ends, statement.source.start)
    end = max(first + 1, bisect_left(tokens.starts, statement.source.end))
    glued = (
        at
        for at in range(min(end, first + _GLUED) - 1, first, -1)
        if article.capital[at] and stand_apart(article, at)
    )
    first = next(glued, first)
    opens = first <= article.segmented.sentences[number].first + 1
    return first, end, read_mention(tokens.forms[first:end], opens_sentence=opens)


_GLUED = 8
"""After a photo credit, the source's own words begin within so many tokens."""


def kind_of(mention: Mention, *, cued: bool) -> str:
    """Return the kind of a mention, one of ``KINDS``; `cued` tells whether a cue stands with it."""
    if mention.kind == "elided":
        return "hearsay" if cued else "carried"
    if mention.kind == "name" or (mention.kind == "nominal" and mention.name):
        return "name"
    if mention.kind == "nominal":
        return _NOUNS.get(mention.determiner, "bare")
    if mention.gender:
        return "he"
    return next((kind for kind, words in _PRONOUNS.items() if mention.head in words), "other")


def _figures(
    article: Article, figures: Figures, mention: Mention, first: int, end: int
) -> tuple[int, int, int]:
    """Return the figures within a mention: itself, for whom it speaks, the first other; -1 for none."""
    forms = article.segmented.tokens.forms
    own = figures.at_token.get(_name_at(forms, figures.at_token, first, end, mention.name), -1)
    principal = owner = -1
    for token in range(first, end):
        place = figures.at_token.get(token, -1)
        if place < 0:
            continue
        if own < 0 and forms[token] in mention.name:
            own = place
        elif principal < 0 and forms[token] in mention.principal:
            principal = place
        elif owner < 0 and place != own:
            owner = place
    return own, principal, owner


def _bare_name_end(
    article: Article, figures: Figures, mention: Mention, first: int, end: int
) -> int:
    """Return where the full name ends that opens a mention without a comma behind it, 0 if none does: "Ada Finch a retired pilot"."""
    forms, place = article.segmented.tokens.forms, figures.at_token.get(first, -1)
    if mention.kind != "nominal" or mention.name or place < 0 or not figures.members[place].person:
        return 0
    at = first
    while at < end and figures.at_token.get(at) == place:
        at += 1
    return at if at - first > 1 and at < end - 1 and forms[at] in ("a", "an") else 0


def _apposed_name(
    article: Article, figures: Figures, mention: Mention, first: int, end: int
) -> int:
    """Return where the full name begins that ends a mention of one of several, 0 if none does: "one of her lawyers, Tom Lund,"."""
    forms = article.segmented.tokens.forms
    several = forms[first].lower() == "another" or (
        forms[first].lower() == "one" and forms[first + 1 : first + 2] == ("of",)
    )
    if not several or mention.name:
        return 0
    last = end - 1 if forms[end - 1] == "," else end
    place = figures.at_token.get(last - 1, -1)
    at = last
    while at > first and figures.at_token.get(at - 1) == place >= 0:
        at -= 1
    person = place >= 0 and figures.members[place].kind == "person"
    return at if person and last - at > 1 and forms[at - 1] not in ("of", "for", "to") else 0


def _named_before(article: Article, figures: Figures, mention: Mention, first: int) -> int:
    """Return the person whose name stands before a description in apposition, -1 if none: "Ana Moor, the woman now married to Ivo Holm,"."""
    anybody = mention.head in words_of("source_people", "anyone")
    if not (anybody and mention.determiner == "definite" and mention.complement):
        return -1
    if first < 2 or article.segmented.tokens.forms[first - 1] != ",":
        return -1
    place = figures.at_token.get(first - 2, -1)
    return place if place >= 0 and figures.members[place].person else -1


def _behind_heading(article: Article, figures: Figures, first: int, end: int, own: int) -> int:
    """Return the person whose surname is glued to the heading before it, else `own`: "‘NO MORE BOATS’Finch"."""
    glued = _GLUED_NAME.fullmatch(article.segmented.tokens.forms[end - 1]) if end > first else None
    known = figures.bearers(glued[1]) if glued else ()
    return known[0] if len(known) == 1 else own


_GLUED_NAME = re.compile(r"[A-Z]{3,30}[’'”\"]([A-Z][a-z]{2,30})")


def _lost_apostrophe(
    article: Article, figures: Figures, mention: Mention, first: int, end: int
) -> int:
    """Return the person whose surname opens a mention with an "s" for "'s", -1 if none: "Finchs lawyer"."""
    forms = article.segmented.tokens.forms
    word = forms[first]
    if (
        end - first < _OWNED
        or not mention.flags & PEOPLE
        or not (word.istitle() and word.endswith("s"))
    ):
        return -1
    if not forms[first + 1].islower() or first in figures.at_token:
        return -1
    known = figures.bearers(word[:-1])
    return known[0] if len(known) == 1 else -1


_OWNED = 2
"""The fewest words of a mention that says whose somebody is."""


def _name_at(
    forms: Sequence[str], at_token: Mapping[int, int], first: int, end: int, name: Sequence[str]
) -> int:
    """Return the last token in ``[first, end)`` at which a whole name of several words begins, -1 if there is none.

    In "Lund's mother, Ada Lund" it is the second "Lund" that belongs to the name; "Ada Lund Motors" is another name.
    """
    size = len(name)
    places = range(end - size, first - 1, -1) if size > 1 else ()
    whole = (at for at in places if at_token.get(at + size) != at_token.get(at, -1))
    return next((at for at in whole if tuple(forms[at : at + size]) == tuple(name)), -1)


def _proper(
    article: Article, figures: Figures, first: int, end: int, opening: int
) -> frozenset[str]:
    """Return the capitalised words of a mention; a sentence's first word only if it is in a figure's name."""
    forms = article.segmented.tokens.forms
    words = (
        forms[token].lower()
        for token in range(first, end)
        if forms[token][0].isupper() and (token > opening or token in figures.at_token)
    )
    return frozenset(words) - _TITLES


def _pronouns(article: Article, number: int) -> tuple[bool, bool, bool, bool]:
    """Return whether a sentence has he, she, we and I."""
    sentence = article.segmented.sentences[number]
    words = {
        form.lower() for form in article.segmented.tokens.forms[sentence.first : sentence.last]
    }
    return (
        not words.isdisjoint(HE),
        not words.isdisjoint(SHE),
        not words.isdisjoint(("we", "our")),
        not words.isdisjoint(("i", "my")),
    )


_AROUND = 8
"""The quotation that contains a place is searched among so many quotations before it."""


class Quoted:
    """The quotations of an article, with those that run over several paragraphs joined."""

    def __init__(self, quotations: Sequence[Quotation]) -> None:
        self._outer = [q for q in quotations if q.depth == 0]
        self._starts = [q.start for q in self._outer]
        self._first: list[int] = []
        running = (
            0  # the last one without a closing mark: a quotation inside it may have closed since
        )
        for number, quotation in enumerate(self._outer):
            joined = quotation.continues and number > 0
            self._first.append(self._first[running] if joined else number)
            if joined or not quotation.closed:
                running = number

    def holds(self, at: int) -> bool:
        """Tell whether an offset stands within a quotation."""
        before = bisect_right(self._starts, at) - 1
        return before >= 0 and at < self._outer[before].end

    def start(self, number: int) -> int:
        """Return where quotation `number` begins."""
        return self._starts[number]

    def of(self, start: int, end: int) -> tuple[int, float]:
        """Return the quotation with most of a range, -1 if none, and the share of it that is quoted."""
        at = bisect_left(self._starts, end)
        best, most, total = -1, 0, 0
        for number in range(max(0, at - _AROUND), at):
            quotation = self._outer[number]
            shared = min(end, quotation.end) - max(start, quotation.start)
            if shared > 0:
                total += shared
                if shared > most:
                    best, most = self._first[number], shared
        return best, total / max(end - start, 1)
