"""The features of each candidate: named numbers, one row per candidate and one for "new".

A row describes the statement, the candidate, and how the candidate compares with the others.
Every function returns a fixed number of values in a fixed order; a list of their names follows it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from math import log1p
from operator import mul

import numpy as np

from reportedly.annotation.sources.hearsay import is_hearsay_cue
from reportedly.annotation.sources.linking.parties import Candidate, Party, Register
from reportedly.annotation.sources.linking.views import ELIDED, KINDS, View, same_quotation
from reportedly.annotation.sources.word_lists import (
    ANON,
    BODY,
    COLLECTIVE,
    DOCUMENT,
    HEARSAY,
    NOTABLE,
    PRESS,
    SPOKES,
    grammar,
)
from reportedly.datamodel import SOURCE_CLASSES
from reportedly.datamodel.arrays import Floats32

Values = tuple[float, ...]
"""Values in the order of the names given with the function."""

_DETERMINERS = ("", "definite", "possessive", "owned", "indefinite", "sweeping", "counted")
_FLAGS = {
    "anonymous": ANON, "notable": NOTABLE, "collective": COLLECTIVE, "body": BODY, "document": DOCUMENT,
    "hearsay": HEARSAY, "press": PRESS, "spokesperson": SPOKES,
}  # fmt: skip
_NEIGHBOURS = ("none", "elided", *(kind for kind in KINDS if kind not in ELIDED))
_NO_KIND = (0.0,) * len(KINDS)
_NO_CLASS = (0.0,) * len(SOURCE_CLASSES)
_FAR = 10.0
_RECENT = 12
_OPENING_MARKS = frozenset(['"', "“", "``", "'", "‘"])


@cache
def one_of(names: tuple[str, ...], name: str) -> Values:
    """Return 1 for one of `names`, 0 for the others."""
    return tuple(float(other == name) for other in names)


def statement_values(register: Register, view: View) -> Values:
    """Return the features of a statement by itself: its mention, its place, its neighbours."""
    return (
        *_mention(view),
        *_surroundings(register, view),
        *_neighbour(register, view, view.place - 1),
        *_neighbour(register, view, view.place + 1),
    )


def _mention(view: View) -> Values:
    """Return the features of the words of source and cue."""
    mention, classes, cue = view.mention, view.statement.classes, view.statement.cue
    words = cue.split()
    return (
        *one_of(KINDS, view.kind), *one_of(_DETERMINERS, mention.determiner), *_flags(mention.flags),
        *(_NO_CLASS if classes is None else classes), classes is not None,
        mention.plural, mention.gender == "m", mention.gender == "f",
        min(len(mention.words), 8), len(mention.name), mention.titled,
        mention.head in grammar().generic_head, bool(mention.complement),
        view.principal >= 0, view.owner >= 0,
        bool(words), len(words), is_hearsay_cue(cue), "according" in words,
    )  # fmt: skip


_MENTION_NAMES = (
    *(f"kind {kind}" for kind in KINDS), *(f"determiner {name}" for name in _DETERMINERS),
    *(f"noun {name}" for name in _FLAGS), *(f"class {name}" for name in SOURCE_CLASSES), "class known",
    "plural", "he", "she", "words", "name words", "titled", "generic noun", "complement",
    "names a principal", "names another", "has cue", "cue words", "hearsay cue", "according",
)  # fmt: skip


@cache
def _flags(flags: int) -> Values:
    """Return which of ``_FLAGS`` are set."""
    return tuple(float(bool(flags & bit)) for bit in _FLAGS.values())


def _surroundings(register: Register, view: View) -> Values:
    """Return the place of a statement, and, if its source is elided, features of its sentence."""
    segmented = register.article.segmented
    sentence, forms = segmented.sentences[view.sentence], segmented.tokens.forms
    within = view.first - sentence.first
    return (
        view.quoted, view.inside, forms[sentence.first] in _OPENING_MARKS,
        within <= 1, log1p(max(0, within)), view.sentence == 0,
        log1p(view.place), log1p(len(register.parties)), *view.pronouns,
        log1p(sentence.last - sentence.first) if view.elided else 0.0,
        view.elided and view.sentence > 0 and forms[sentence.first - 1] == ":",
    )  # fmt: skip


_SURROUNDINGS_NAMES = (
    "quoted", "within a quotation", "opens with a mark", "subject", "token", "first sentence",
    "statements so far", "sources so far", "sentence has he", "sentence has she", "sentence has we",
    "sentence has I", "sentence length", "announced",
)  # fmt: skip


def _neighbour(register: Register, view: View, place: int) -> Values:
    """Return the distance of the previous or next statement, and the kind of its source."""
    if not 0 <= place < len(register.views):
        return _NO_NEIGHBOUR
    other = register.views[place]
    low, high = (other, view) if place < view.place else (view, other)
    return (
        *one_of(_NEIGHBOURS, "elided" if other.elided else other.kind),
        min(high.sentence - low.last_sentence, 6.0), min(high.paragraph - low.paragraph, 6.0),
        other.sentence == view.sentence, same_quotation(view, other), other.quoted,
    )  # fmt: skip


_NO_NEIGHBOUR = (*one_of(_NEIGHBOURS, "none"), 0.0, 0.0, 0.0, 0.0, 0.0)
_NEIGHBOUR_NAMES = (
    *_NEIGHBOURS, "sentences", "paragraphs", "same sentence", "same quotation", "quoted",
)  # fmt: skip
_STATEMENT_NAMES = (
    *_MENTION_NAMES,
    *_SURROUNDINGS_NAMES,
    *(f"{side}: {name}" for side in ("before", "behind") for name in _NEIGHBOUR_NAMES),
)


class _Comparison:
    """A statement and its candidates; what is common to all of them is computed once."""

    def __init__(self, register: Register, view: View) -> None:
        mention = view.mention
        self._register, self._view = register, view
        self._members = register.figures.members
        self._told = not view.elided and view.kind not in ("first", "relative")
        self._called = {word.lower() for word in mention.name}
        self._noun = mention.kind == "nominal"
        self._by_head = bool(mention.head) and mention.kind in ("nominal", "name")
        self._rest = mention.words - {mention.head} if self._noun else frozenset()
        self._generic = grammar().generic_head

    def values(self, candidate: Candidate) -> Values:
        """Return the features of a candidate for the statement."""
        party = candidate.party
        last = party.before(self._view.place)
        return (
            *self._agreement(party),
            *self._last_statement(party, last),
            *self._last_mention(party, last),
            *self._names(party),
            *self._nouns(party),
            *(self._carried(candidate) if self._view.elided else _NOT_CARRIED),
        )

    def _agreement(self, party: Party) -> Values:
        """Return how class, gender and number of statement and candidate agree."""
        view, members, figures = self._view, self._members, party.figures
        classes, own = view.statement.classes, party.classes
        known = classes is not None and party.weight > 0
        fit = sum(map(mul, classes, own)) if known and classes is not None else 0.0
        femininity, plural = party.femininity(self._register.figures), party.plural
        gender = view.mention.gender
        fits = femininity if gender == "f" else -femininity if gender == "m" else 0.0
        he, she, we, _ = view.pronouns
        numbered = self._told and party.several + party.single > 0
        return (
            bool(party.statements), bool(figures),
            bool(figures) and any(members[place].kind == "person" for place in figures),
            fit, known and fit < 0.1, *(own if party.weight else _NO_CLASS),
            fits, fits < -0.4, fits > 0.4, femininity * (she - he),
            plural, we and plural, numbered and plural != view.mention.plural,
        )  # fmt: skip

    def _last_statement(self, party: Party, last: int) -> Values:
        """Return the distance of a candidate's previous statement, and how often it speaks."""
        said = len(party.statements)
        since = _NEVER if last < 0 else self._since(last)
        return (
            *since, log1p(said), said / max(1, self._register.linked), party.carried, self._speaks_around(party),
        )  # fmt: skip

    def _since(self, last: int) -> Values:
        """Return the distance from a previous statement, and its kind."""
        view, other = self._view, self._register.views[last]
        return (
            last == view.place - 1, 1.0, min(view.place - last, _FAR),
            min(view.sentence - other.last_sentence, _FAR), min(view.paragraph - other.paragraph, _FAR),
            other.sentence == view.sentence, other.paragraph == view.paragraph, same_quotation(view, other),
            *one_of(KINDS, other.kind),
        )  # fmt: skip

    def _speaks_around(self, party: Party) -> bool:
        """Tell whether the statement's source is inside a quotation that the candidate speaks."""
        place = self._register.speaker[self._view.place]
        if place < 0:
            return False
        recent = party.statements[-_RECENT:]
        return place in recent or self._register.views[place].own in party.figures

    def _last_mention(self, party: Party, last: int) -> Values:
        """Return the distance of a candidate's last mention, as a source or by name, and its place in the sentence."""
        view, token = self._view, -1
        for place in party.figures:
            token = max(token, self._members[place].before(view.first))
        if last >= 0 and not self._register.views[last].elided:
            token = max(token, self._register.views[last].first)
        if token < 0:
            return _NO_MENTION
        article = self._register.article
        number = (
            bisect_right(article.sentence_starts, article.segmented.tokens.starts[token], 1) - 1
        )
        within = max(0, token - article.segmented.sentences[number].first)
        since = view.sentence - number
        return 1.0, min(since, _FAR), since == 0, since == 1, log1p(within), within <= 1

    def _names(self, party: Party) -> Values:
        """Return how the names and capitalised words of mention and candidate agree."""
        view, figures, called = self._view, party.figures, self._called
        own, principal, owner = view.own, view.principal, view.owner
        proper, known = view.proper, party.proper
        shared = len(proper & known)
        return (
            own in figures, own >= 0 and bool(figures) and own not in figures, own in party.principals,
            principal in figures, principal in party.principals,
            principal >= 0 and bool(party.principals) and principal not in party.principals,
            owner in figures, owner in party.owners,
            owner >= 0 and bool(party.owners) and owner not in party.owners,
            bool(called) and view.mention.name in party.wordings,
            len(called & party.words) / len(called) if called else 0.0,
            shared, min(4, len(proper) - shared), min(4, len(known) - shared) if proper else 0.0,
            bool(proper) and bool(known) and not shared,
        )  # fmt: skip

    def _nouns(self, party: Party) -> Values:
        """Return how the nouns of mention and candidate agree: head, role, other words."""
        mention, head, noun, by_head = (
            self._view.mention,
            self._view.mention.head,
            self._noun,
            self._by_head,
        )
        figures, rest = party.figures, self._rest
        shared = len(rest & party.words)
        return (
            by_head and head in party.heads,
            by_head and any(head in self._members[place].roles for place in figures),
            noun and head in party.words, noun and bool(party.heads) and head not in party.heads,
            noun and head in party.called, noun and not party.heads.isdisjoint(self._generic),
            noun and not figures, bool(mention.body_noun) and mention.body_noun in party.words,
            shared, shared / max(1, len(rest)), min(len(rest) - shared, 5),
        )  # fmt: skip

    def _carried(self, candidate: Candidate) -> Values:
        """Return features that connect an elided source with a candidate after it, or named in the sentence."""
        register, view = self._register, self._view
        party, number = candidate.party, candidate.number
        after, following = party.after(view.place), register.next_explicit[view.place]
        other = register.views[after] if after >= 0 else view
        sentence = register.article.segmented.sentences[view.sentence]
        inside = [self._members[p].within(sentence.first, sentence.last) for p in party.figures]
        inside = [token for token in inside if token >= 0]
        follows = following >= 0 and register.owner[following] == number and after == following
        return (
            follows, follows and other.sentence == view.sentence,
            follows and other.paragraph == view.paragraph, follows and same_quotation(view, other),
            min(other.sentence - view.sentence, 6.0) if after >= 0 else 0.0,
            after >= 0 and other.sentence == view.sentence,
            _sentences_run(register, view, number),
            bool(inside), bool(inside) and min(inside) - sentence.first <= 1,
        )  # fmt: skip


_AGREEMENT_NAMES = (
    "is a source", "is named", "is a person", "class fits", "class clashes",
    *(f"its class {name}" for name in SOURCE_CLASSES),
    "gender fits", "gender clashes", "gender surely fits", "sentence's gender fits",
    "is several", "we of several", "number clashes",
)  # fmt: skip
_LAST_STATEMENT_NAMES = (
    "spoke last", "spoke before", "statements since", "sentences since", "paragraphs since",
    "spoke in this sentence", "spoke in this paragraph", "spoke in this quotation",
    *(f"was last {kind}" for kind in KINDS),
    "its statements", "its share", "runs on elsewhere", "speaks the quotation",
)  # fmt: skip
_LAST_MENTION_NAMES = (
    "mentioned", "sentences since mention", "mentioned in this sentence", "mentioned in the sentence before",
    "mentioned at token", "mentioned as subject",
)  # fmt: skip
_NAMES_NAMES = (
    "same name", "another name", "names its principal", "speaks for it", "same principal",
    "another principal", "is its owner", "same owner", "another owner", "worded the same",
    "share of the name", "capitals shared", "capitals missed", "capitals lacking", "capitals clash",
)  # fmt: skip
_NOUNS_NAMES = (
    "same noun", "has the role", "noun in its words", "another noun", "noun in its name",
    "called by a generic noun", "noun for a nameless", "kind of body in its words",
    "words shared", "share of words", "words missed",
)  # fmt: skip
_CARRIED_NAMES = (
    "speaks next", "speaks next in this sentence", "speaks next in this paragraph",
    "speaks next in this quotation", "sentences until", "speaks later in this sentence",
    "turns since in other sentences", "named inside", "named first",
)  # fmt: skip
_CANDIDATE_NAMES = (
    *_AGREEMENT_NAMES, *_LAST_STATEMENT_NAMES, *_LAST_MENTION_NAMES, *_NAMES_NAMES, *_NOUNS_NAMES,
    *_CARRIED_NAMES,
)  # fmt: skip
_NEVER = (*(0.0,) * 8, *_NO_KIND)
_NO_MENTION = (0.0,) * len(_LAST_MENTION_NAMES)
_NOT_CARRIED = (0.0,) * len(_CARRIED_NAMES)

_TURNS = 6


def _sentences_run(register: Register, view: View, number: int) -> int:
    """Return how many statements back a candidate last spoke, not counting this sentence's; 0 if not within seven."""
    turns = 0
    for place in range(view.place - 1, max(-1, view.place - 20), -1):
        if register.views[place].sentence == view.sentence:
            continue
        turns += 1
        if register.owner[place] == number:
            return turns
        if turns > _TURNS:
            break
    return 0


_COMPARED = (
    "same name", "same noun", "gender fits", "gender surely fits", "class fits", "has the role", "words shared",
    "share of the name", "worded the same", "same principal", "spoke last", "capitals shared",
)  # fmt: skip
"""Values of a candidate that are compared with the best among the others."""

_RANKED = (
    "rank",
    "rank among fitting",
    "rank by mention",
    "is last",
    "is last fitting",
    "is last mentioned",
)
_COUNTED = ("candidates", "fitting candidates", "fitting people")


_STEPPED = (
    "words", "name words", "cue words", "quoted", "token", "statements so far", "sources so far",
    "sentence length", "before: sentences", "before: paragraphs", "before: quoted", "behind: sentences",
    "behind: paragraphs", "behind: quoted", "gender fits", "sentence's gender fits", "statements since",
    "sentences since", "paragraphs since", "its statements", "its share", "sentences since mention",
    "mentioned at token", "share of the name", "capitals shared", "capitals missed", "capitals lacking",
    "words shared", "share of words", "words missed", "sentences until", "turns since in other sentences",
    *(f"ahead: {name}" for name in _COMPARED), *_COUNTED, *_RANKED[:3],
)  # fmt: skip
"""Values that also have step features: whether they pass a threshold."""

_STEPS = (0.5, 1.5)


_PLAIN_NAMES = (
    *_STATEMENT_NAMES, *_CANDIDATE_NAMES, "new", *(f"best: {name}" for name in _COMPARED),
    *(f"ahead: {name}" for name in _COMPARED), *_COUNTED, *_RANKED,
)  # fmt: skip
"""Names of the columns before the steps."""

_FEATURE_NAMES = (*_PLAIN_NAMES, *(f"{name} > {step}" for step in _STEPS for name in _STEPPED))
_OWN = slice(len(_STATEMENT_NAMES), len(_STATEMENT_NAMES) + len(_CANDIDATE_NAMES))
_BEST = slice(_OWN.stop + 1, _OWN.stop + 1 + len(_COMPARED))
_AHEAD = slice(_BEST.stop, _BEST.stop + len(_COMPARED))
_COUNTS = slice(_AHEAD.stop, _AHEAD.stop + len(_COUNTED))
_RANKS = slice(_COUNTS.stop, _COUNTS.stop + len(_RANKED))
_COMPARED_COLUMNS = np.array([_PLAIN_NAMES.index(name) for name in _COMPARED])
_STEPPED_COLUMNS = np.array([_PLAIN_NAMES.index(name) for name in _STEPPED])
_IS_SOURCE, _IS_PERSON, _CLASS_CLASHES, _GENDER_CLASHES, _SINCE_MENTION, _AT_TOKEN = (
    _CANDIDATE_NAMES.index(name)
    for name in (
        "is a source", "is a person", "class clashes", "gender clashes", "sentences since mention",
        "mentioned at token",
    )
)  # fmt: skip


def feature_names() -> tuple[str, ...]:
    """Return the name of each column of the rows."""
    return _FEATURE_NAMES


def rows_of(register: Register, view: View, candidates: Sequence[Candidate]) -> Floats32:
    """Return the features of each candidate, and a last row for "new", ``(candidates + 1, features)``."""
    comparison = _Comparison(register, view)
    table = [comparison.values(candidate) for candidate in candidates]
    rows = np.zeros((len(table) + 1, len(_FEATURE_NAMES)), np.float32)
    rows[:, : _OWN.start] = statement_values(register, view)
    rows[-1, _OWN.stop] = 1.0  # "new"
    if table:
        rows[:-1, _OWN] = table
        _compare(rows)
        rows[:, _COUNTS] = _counts(table)
        rows[:-1, _RANKS] = _ranks(table)
    stepped = rows.take(_STEPPED_COLUMNS, axis=1)
    begin = len(_PLAIN_NAMES)
    for step in _STEPS:
        rows[:, begin : begin + len(_STEPPED)] = stepped > step
        begin += len(_STEPPED)
    return rows


def _compare(rows: Floats32) -> None:
    """Write the best of each compared value, and how far each candidate is ahead of the others.

    A single candidate is compared with 0.
    """
    compared = rows[:-1].take(_COMPARED_COLUMNS, axis=1)
    ordered = np.sort(compared, axis=0)
    best = ordered[-1]
    rows[:, _BEST] = best
    others = np.where(compared == best, ordered[-2], best) if len(compared) > 1 else 0.0
    rows[:-1, _AHEAD] = compared - others


def _fits(values: Values) -> bool:
    """Tell whether neither class nor gender of a candidate conflicts."""
    return not values[_CLASS_CLASHES] and not values[_GENDER_CLASHES]


def _counts(table: Sequence[Values]) -> Values:
    """Return how many candidates there are, and how many fit."""
    fitting = [values for values in table if _fits(values)]
    return (
        len(table),
        sum([values[_IS_SOURCE] for values in fitting]),
        sum([values[_IS_PERSON] for values in fitting]),
    )


def _ranks(table: Sequence[Values]) -> list[Values]:
    """Return the candidates' ranks by last statement, among those that fit, and by last mention."""
    fitting = [i for i, values in enumerate(table) if _fits(values)]
    sources = [i for i in fitting if table[i][_IS_SOURCE]]
    fitting.sort(key=lambda i: (table[i][_SINCE_MENTION], table[i][_AT_TOKEN]))
    by_source, by_mention = (_places(order, len(table)) for order in (sources, fitting))
    return [
        (i, *ranks, i == 0, *(rank == 0 for rank in ranks))
        for i, ranks in enumerate(zip(by_source, by_mention, strict=True))
    ]


def _places(order: Sequence[int], count: int) -> list[float]:
    """Return the rank of each of `count` candidates in an order, at most 6; 8 for those that are not in it."""
    places = [8.0] * count
    for place, i in enumerate(order):
        places[i] = min(place, 6)
    return places
